/*
 * vector_array.c - casts between vectors and arrays of numbers.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/array.h"
#include "types/numeric.h"
#include "types/type.h"
#include "types/vector_type.h"

#include <math.h>

static noreturn void raise_out_of_range(const Numeric *value, Arena *arena)
{
    StrBuf text;

    strbuf_init(&text, arena);
    numeric_format(value, &text);
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%s\" is out of range for type real", strbuf_cstring(&text));
}

static float element_as_float(Oid type, const Datum *element, Arena *arena)
{
    float value;

    switch (type) {
    case TYPE_INT4:
        return (float)element->int32;
    case TYPE_FLOAT4:
        return element->float32;
    case TYPE_FLOAT8:
        return (float)element->float64;
    case TYPE_NUMERIC:
        value = (float)numeric_to_double(&element->numeric);
        if (numeric_is_finite(&element->numeric) && (isinf(value) || (value == 0 && numeric_sign(&element->numeric) != 0)))
            raise_out_of_range(&element->numeric, arena);
        return value;
    default:
        raise_error(SQLSTATE_DATA_EXCEPTION, "unsupported array type");
    }
}

/* PostgreSQL's order of checks: dimensions of the array, NULLs, number of elements, the elements. */
static Slice vector_of_array(Slice bytes, int32_t typmod, Arena *arena)
{
    ArrayView array;
    Slice     vector;
    float    *to;
    Datum     element;

    if (!array_open(bytes, &array))
        raise_error(SQLSTATE_DATA_CORRUPTED, "array of damaged bytes");
    if (array.dimension_count > 1)
        raise_error(SQLSTATE_DATA_EXCEPTION, "array must be 1-D");
    for (int32_t i = 0; array.nulls != NULL && i < array.count; i++)
        if (!array_get(&array, i, &element))
            raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "array must not contain nulls");
    to = vector_new(arena, array.count, &vector);
    vector_check_expected(typmod, array.count);
    for (int32_t i = 0; i < array.count; i++) {
        array_get(&array, i, &element);
        to[i] = element_as_float(array.element, &element, arena);
    }
    vector_check_elements(vector);
    return vector;
}

static void array_to_vector_run(KernelCall *call)
{
    const Slice   *arrays = VECTOR_DATA(call->args[0], Slice);
    const int32_t *typmods = VECTOR_DATA(call->args[1], int32_t);
    Slice         *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = vector_of_array(arrays[row], typmods[row], call->ctx->arena); });
}

static void vector_to_float4_run(KernelCall *call)
{
    const Slice *vectors = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t dimensions = vector_dimensions(vectors[row]);
        Datum  *elements = ARENA_ARRAY(call->ctx->arena, (size_t)dimensions, Datum);

        for (int32_t i = 0; i < dimensions; i++)
            elements[i].float32 = vector_at(vectors[row], (size_t)i);
        out[row] = array_build_list(call->ctx->arena, TYPE_FLOAT4, PHYS_FLOAT32, elements, NULL, dimensions);
    });
}

const KernelEntry vector_array_kernels[] = {
    {8226, array_to_vector_run, NULL}, {8227, array_to_vector_run, NULL}, {8228, array_to_vector_run, NULL},
    {8229, array_to_vector_run, NULL}, {8230, vector_to_float4_run, NULL}, {0, NULL, NULL},
};
