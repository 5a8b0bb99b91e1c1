/*
 * json_compare.c - jsonb compared, contained, asked for keys, measured; casts of its scalars.
 */
#include "base/error.h"
#include "executor/func/json_get.h"
#include "executor/func/kernels.h"
#include "types/json_text.h"
#include "types/jsonb.h"
#include "types/jsonb_type.h"
#include "types/numeric.h"

/* ---- comparison -------------------------------------------------------------------------------------------------- */

#define COMPARE_KERNEL(name, test)                                          \
    static void name(KernelCall *call)                                      \
    {                                                                       \
        const Slice *a = VECTOR_DATA(call->args[0], Slice);                 \
        const Slice *b = VECTOR_DATA(call->args[1], Slice);                 \
        uint8_t     *out = VECTOR_DATA(call->result, uint8_t);              \
                                                                            \
        FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (test); });  \
    }
COMPARE_KERNEL(jsonb_eq_run, jsonb_equal(a[row], b[row]))
COMPARE_KERNEL(jsonb_ne_run, !jsonb_equal(a[row], b[row]))
COMPARE_KERNEL(jsonb_lt_run, jsonb_compare(a[row], b[row]) < 0)
COMPARE_KERNEL(jsonb_le_run, jsonb_compare(a[row], b[row]) <= 0)
COMPARE_KERNEL(jsonb_gt_run, jsonb_compare(a[row], b[row]) > 0)
COMPARE_KERNEL(jsonb_ge_run, jsonb_compare(a[row], b[row]) >= 0)
COMPARE_KERNEL(jsonb_contains_run, jsonb_contains(a[row], b[row]))
COMPARE_KERNEL(jsonb_contained_run, jsonb_contains(b[row], a[row]))

static void jsonb_cmp_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    const Slice *b = VECTOR_DATA(call->args[1], Slice);
    int32_t     *out = VECTOR_DATA(call->result, int32_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        int order = jsonb_compare(a[row], b[row]);

        out[row] = (order > 0) - (order < 0);
    });
}

static void jsonb_hash_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    int32_t     *out = VECTOR_DATA(call->result, int32_t);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (int32_t)jsonb_hash(a[row]); });
}

/* ---- key existence ----------------------------------------------------------------------------------------------- */

bool jsonb_exists(Slice value, Slice wanted)
{
    switch (jsonb_kind(value)) {
    case JSONB_OBJECT: {
        JsonbObject object = jsonb_object_open(value);
        JsonbKey    key = jsonb_key(wanted);

        return jsonb_object_find(&object, &key) >= 0;
    }
    case JSONB_ARRAY: {
        JsonbArray array = jsonb_array_open(value);

        for (size_t i = 0; i < array.count; i++) {
            Slice element = jsonb_array_at(&array, i);

            if (jsonb_kind(element) == JSONB_STRING && slice_equal(jsonb_string(element), wanted))
                return true;
        }
        return false;
    }
    case JSONB_STRING:
        return slice_equal(jsonb_string(value), wanted);
    default:
        return false;
    }
}

static void jsonb_exists_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    const Slice *wanted = VECTOR_DATA(call->args[1], Slice);
    uint8_t     *out = VECTOR_DATA(call->result, uint8_t);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = jsonb_exists(values[row], wanted[row]); });
}

/* ---- kind and length --------------------------------------------------------------------------------------------- */

static void jsonb_typeof_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row,
                 { out[row] = slice_from_cstring(jsonb_type_name(jsonb_kind(values[row]))); });
}

static void json_typeof_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row,
                 { out[row] = slice_from_cstring(jsonb_type_name(json_text_kind(values[row]))); });
}

static void check_length_of(JsonbKind kind)
{
    if (kind != JSONB_ARRAY)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot get array length of a %s",
                    kind == JSONB_OBJECT ? "non-array" : "scalar");
}

static void jsonb_array_length_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    int32_t     *out = VECTOR_DATA(call->result, int32_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        check_length_of(jsonb_kind(values[row]));
        out[row] = (int32_t)jsonb_count(values[row]);
    });
}

static void json_array_length_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    int32_t     *out = VECTOR_DATA(call->result, int32_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        check_length_of(json_text_kind(values[row]));
        out[row] = (int32_t)json_text_count(values[row]);
    });
}

/* ---- casts of scalars -------------------------------------------------------------------------------------------- */

static noreturn void raise_cannot_cast(Slice value, const char *type)
{
    JsonbKind kind = jsonb_kind(value);

    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot cast jsonb %s to type %s",
                kind == JSONB_NUMBER ? "numeric" : jsonb_type_name(kind), type);
}

static void jsonb_to_bool_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    uint8_t     *out = VECTOR_DATA(call->result, uint8_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (jsonb_kind(values[row]) != JSONB_BOOL)
            raise_cannot_cast(values[row], "boolean");
        out[row] = jsonb_bool(values[row]);
    });
}

static Numeric number_of(Slice value, const char *type)
{
    Numeric number;

    if (jsonb_kind(value) != JSONB_NUMBER)
        raise_cannot_cast(value, type);
    jsonb_number(value, &number);
    return number;
}

static void jsonb_to_numeric_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    Numeric     *out = VECTOR_DATA(call->result, Numeric);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = number_of(values[row], "numeric"); });
}

/* Rounds to the nearest integer, as numeric's casts do. */
static int64_t integer_of(Slice value, const char *type, int64_t low, int64_t high)
{
    Numeric number = number_of(value, type);
    int64_t integer;

    if (numeric_to_int64(&number, &integer) != NUMERIC_FITS || integer < low || integer > high)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type);
    return integer;
}

#define INTEGER_CAST(name, ctype, type, low, high)                                                                       \
    static void name(KernelCall *call)                                                                                   \
    {                                                                                                                    \
        const Slice *values = VECTOR_DATA(call->args[0], Slice);                                                         \
        ctype       *out = VECTOR_DATA(call->result, ctype);                                                             \
                                                                                                                         \
        FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (ctype)integer_of(values[row], type, low, high); });       \
    }
INTEGER_CAST(jsonb_to_int2_run, int16_t, "smallint", INT16_MIN, INT16_MAX)
INTEGER_CAST(jsonb_to_int4_run, int32_t, "integer", INT32_MIN, INT32_MAX)
INTEGER_CAST(jsonb_to_int8_run, int64_t, "bigint", INT64_MIN, INT64_MAX)

/* As numeric's casts to floats: through its text, so range errors name the text. */
static noreturn void raise_out_of_range(Slice value, const char *type, Arena *arena)
{
    Slice text = jsonb_to_text(value, arena);

    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%.*s\" is out of range for type %s", (int)text.size,
                (const char *)text.data, type);
}

static void jsonb_to_float8_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    double      *out = VECTOR_DATA(call->result, double);

    FOR_EACH_ROW(call->sel, call->count, row, {
        Numeric number = number_of(values[row], "double precision");

        out[row] = numeric_to_double(&number);
        if (UNLIKELY(__builtin_isinf(out[row]) || (out[row] == 0 && numeric_sign(&number) != 0)))
            raise_out_of_range(values[row], "double precision", call->ctx->arena);
    });
}

static void jsonb_to_float4_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    float       *out = VECTOR_DATA(call->result, float);

    FOR_EACH_ROW(call->sel, call->count, row, {
        Numeric number = number_of(values[row], "real");

        out[row] = (float)numeric_to_double(&number);
        if (UNLIKELY(__builtin_isinf(out[row]) || (out[row] == 0 && numeric_sign(&number) != 0)))
            raise_out_of_range(values[row], "real", call->ctx->arena);
    });
}

const KernelEntry json_compare_kernels[] = {
    {4043, jsonb_eq_run, NULL},
    {4038, jsonb_ne_run, NULL},
    {4039, jsonb_lt_run, NULL},
    {4041, jsonb_le_run, NULL},
    {4040, jsonb_gt_run, NULL},
    {4042, jsonb_ge_run, NULL},
    {4044, jsonb_cmp_run, NULL},
    {4045, jsonb_hash_run, NULL},
    {4046, jsonb_contains_run, NULL},
    {4050, jsonb_contained_run, NULL},
    {4047, jsonb_exists_run, NULL},
    {3210, jsonb_typeof_run, NULL},
    {3968, json_typeof_run, NULL},
    {3207, jsonb_array_length_run, NULL},
    {3956, json_array_length_run, NULL},
    {3556, jsonb_to_bool_run, NULL},
    {3449, jsonb_to_numeric_run, NULL},
    {3450, jsonb_to_int2_run, NULL},
    {3451, jsonb_to_int4_run, NULL},
    {3452, jsonb_to_int8_run, NULL},
    {3453, jsonb_to_float4_run, NULL},
    {2580, jsonb_to_float8_run, NULL},
    {0, NULL, NULL},
};
