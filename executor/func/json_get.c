/*
 * json_get.c - one step into a document: -> and ->> by key and by index, and the typed readings of ->>.
 *
 * A constant key is prepared once per call site. Documents of one table mostly have the same keys, so the place where the key
 * stood in the last document is tried first.
 */
#include "base/error.h"
#include "executor/func/json_get.h"
#include "executor/func/kernels.h"
#include "types/json_parse.h"
#include "types/json_text.h"

/* ---- what is asked for ------------------------------------------------------------------------------------------ */

void *json_step_prepare(const KernelPrepare *prepare)
{
    const Datum *constant = prepare->constants[1];
    JsonbStep   *step;
    JsonbPath   *path;

    if (constant == NULL)
        return NULL;
    step = ARENA_NEW(prepare->arena, JsonbStep);
    *step = prepare->arg_types[1] == TYPE_INT4 ? jsonb_step_index(constant->int32)
                                               : jsonb_step_key(arena_copy(prepare->arena, constant->bytes));
    path = ARENA_NEW(prepare->arena, JsonbPath);
    *path = (JsonbPath){.count = 1, .steps = step};
    return path;
}

static JsonbStep step_of_row(const KernelCall *call, int32_t row)
{
    if (call->args[1]->phys == PHYS_INT32)
        return jsonb_step_index(VECTOR_DATA(call->args[1], int32_t)[row]);
    return jsonb_step_key(VECTOR_DATA(call->args[1], Slice)[row]);
}

Slice jsonb_part(const KernelCall *call, int32_t row, uint32_t *hints)
{
    Slice     document = VECTOR_DATA(call->args[0], Slice)[row];
    JsonbStep step;
    JsonbPath path = {.count = 1, .steps = &step};

    if (LIKELY(call->state != NULL))
        return jsonb_get_path(document, call->state, hints);
    step = step_of_row(call, row);
    return jsonb_get_path(document, &path, NULL);
}

/*
 * PG15: reaching into a json value decodes every string on the way, so an escape that text cannot hold raises even when it
 * stands in another member. Only \u0000 and surrogates can be such.
 */
static void check_escapes(Slice document, Arena *arena)
{
    const uint8_t *at = document.data;
    const uint8_t *end = at + document.size;

    while ((at = memmem(at, (size_t)(end - at), "\\u", 2)) != NULL && end - at > 5) {
        if (memcmp(at + 2, "0000", 4) == 0 || (at[2] | 0x20) == 'd') {
            jsonb_parse(document, arena);
            return;
        }
        at += 2;
    }
}

Slice json_text_get_step(Slice document, const JsonbStep *step, Arena *arena)
{
    check_escapes(document, arena);
    switch (json_text_kind(document)) {
    case JSONB_OBJECT:
        return step->by_key ? json_text_get_key(document, step->key.bytes, arena) : slice_of(NULL, 0);
    case JSONB_ARRAY:
        return step->by_index ? json_text_get_index(document, step->index) : slice_of(NULL, 0);
    default:
        return slice_of(NULL, 0);
    }
}

Slice json_part(const KernelCall *call, int32_t row)
{
    Slice            document = VECTOR_DATA(call->args[0], Slice)[row];
    const JsonbPath *path = call->state;
    JsonbStep        step = path != NULL ? path->steps[0] : step_of_row(call, row);

    return json_text_get_step(document, &step, call->ctx->arena);
}

bool json_text_as_text(Slice value, Arena *arena, Slice *out)
{
    if (value.data == NULL)
        return false;
    switch (json_text_kind(value)) {
    case JSONB_NULL:
        return false;
    case JSONB_STRING:
        *out = json_text_string(value, arena);
        return true;
    default:
        *out = value;
        return true;
    }
}

/* ---- -> and ->> -------------------------------------------------------------------------------------------------- */

static void jsonb_get_run(KernelCall *call)
{
    Slice   *out = VECTOR_DATA(call->result, Slice);
    uint32_t hint = 0;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = jsonb_part(call, row, &hint);
        if (out[row].data == NULL)
            kernel_set_null(call, row);
    });
}

static void jsonb_get_text_run(KernelCall *call)
{
    Slice   *out = VECTOR_DATA(call->result, Slice);
    uint32_t hint = 0;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!json_read_text(jsonb_part(call, row, &hint), call->ctx->arena, &out[row]))
            kernel_set_null(call, row);
    });
}

bool json_read_text(Slice value, Arena *arena, Slice *out)
{
    switch (jsonb_read_text(value, arena, out)) {
    case JSONB_READ_VALUE:
        return true;
    case JSONB_READ_MISFIT:
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    default:
        return false;
    }
}

static void json_get_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = json_part(call, row);
        if (out[row].data == NULL)
            kernel_set_null(call, row);
    });
}

static void json_get_text_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!json_text_as_text(json_part(call, row), call->ctx->arena, &out[row]))
            kernel_set_null(call, row);
    });
}

/* ---- typed readings ---------------------------------------------------------------------------------------------- */

/* The value of a json text as binary, when it is a scalar: only those can be read as a type. */
Slice json_scalar_of_text(Slice text, Arena *arena)
{
    if (text.data == NULL || json_text_kind(text) >= JSONB_ARRAY)
        return slice_of(NULL, 0);
    return jsonb_parse(text, arena);
}

bool json_read_typed(Slice value, Oid type, const TypeContext *ctx, Datum *out)
{
    bool flag = false;

    if (value.data == NULL)
        return false;
    switch (type) {
    case TYPE_NUMERIC:
        return jsonb_read_numeric(value, ctx->arena, &out->numeric) == JSONB_READ_VALUE;
    case TYPE_BOOL:
        if (jsonb_read_bool(value, &flag) != JSONB_READ_VALUE)
            return false;
        out->boolean = flag;
        return true;
    default:
        return false;
    }
}

static void jsonb_number_run(KernelCall *call)
{
    Numeric *out = VECTOR_DATA(call->result, Numeric);
    uint32_t hint = 0;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (jsonb_read_numeric(jsonb_part(call, row, &hint), call->ctx->arena, &out[row]) != JSONB_READ_VALUE)
            kernel_set_null(call, row);
    });
}

static void jsonb_typed_run(KernelCall *call)
{
    uint32_t hint = 0;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Datum value;

        if (json_read_typed(jsonb_part(call, row, &hint), call->proc->result, call->ctx, &value))
            datum_store(call->result->phys, vector_element(call->result, row), &value);
        else
            kernel_set_null(call, row);
    });
}

static void json_typed_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice part = json_scalar_of_text(json_part(call, row), call->ctx->arena);
        Datum value;

        if (json_read_typed(part, call->proc->result, call->ctx, &value))
            datum_store(call->result->phys, vector_element(call->result, row), &value);
        else
            kernel_set_null(call, row);
    });
}

const KernelEntry json_get_kernels[] = {
    {3478, jsonb_get_run, json_step_prepare},        /* jsonb -> text */
    {3215, jsonb_get_run, json_step_prepare},        /* jsonb -> int */
    {3214, jsonb_get_text_run, json_step_prepare},   /* jsonb ->> text */
    {3216, jsonb_get_text_run, json_step_prepare},   /* jsonb ->> int */
    {3947, json_get_run, json_step_prepare},         /* json -> text */
    {3949, json_get_run, json_step_prepare},         /* json -> int */
    {3948, json_get_text_run, json_step_prepare},    /* json ->> text */
    {3950, json_get_text_run, json_step_prepare},    /* json ->> int */
    {8100, jsonb_number_run, json_step_prepare},     /* jsonb_number(jsonb, text) */
    {8101, jsonb_number_run, json_step_prepare},
    {8103, json_typed_run, json_step_prepare},       /* json_number */
    {8104, json_typed_run, json_step_prepare},
    {8106, jsonb_typed_run, json_step_prepare},      /* jsonb_boolean */
    {8107, jsonb_typed_run, json_step_prepare},
    {8109, json_typed_run, json_step_prepare},
    {8110, json_typed_run, json_step_prepare},
    {0, NULL, NULL},
};
