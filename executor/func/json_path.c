/*
 * json_path.c - paths given as text[]: #>, #>>, their typed readings, ?| and ?&.
 */
#include "base/error.h"
#include "executor/func/json_get.h"
#include "executor/func/json_texts.h"
#include "executor/func/kernels.h"
#include "types/array.h"
#include "types/json_text.h"

TextList text_list_of(Slice array, Arena *arena)
{
    ArrayView view;
    TextList  list = {0};

    if (!array_open(array, &view))
        raise_error(SQLSTATE_DATA_CORRUPTED, "array of damaged bytes");
    list.count = view.count;
    list.dimensions = view.dimension_count;
    list.columns = view.dimension_count > 1 ? view.lengths[1] : 0;
    list.items = ARENA_ARRAY(arena, (size_t)view.count + 1, Slice);
    for (int32_t i = 0; i < view.count; i++) {
        Datum item;

        if (array_get(&view, i, &item)) {
            list.items[i] = item.bytes.size > 0 ? item.bytes : slice_of("", 0); /* no text is a NULL pointer */
        } else {
            list.items[i] = slice_of(NULL, 0);
            list.has_null = true;
        }
    }
    return list;
}

bool json_path_of(Slice array, Arena *arena, JsonbPath *out)
{
    TextList   list = text_list_of(array, arena);
    JsonbStep *steps;

    if (list.has_null)
        return false;
    steps = ARENA_ARRAY(arena, (size_t)list.count + 1, JsonbStep);
    for (int32_t i = 0; i < list.count; i++)
        steps[i] = jsonb_step_text(list.items[i]);
    *out = (JsonbPath){.count = list.count, .steps = steps};
    return true;
}

/* ---- #> and #>> -------------------------------------------------------------------------------------------------- */

/* hopeless: a NULL in the path. */
typedef struct PathState {
    JsonbPath path;
    bool      hopeless;
    uint32_t *hints;
} PathState;

void *json_path_prepare(const KernelPrepare *prepare)
{
    PathState *state;

    if (prepare->constants[1] == NULL)
        return NULL;
    state = ARENA_NEW(prepare->arena, PathState);
    state->hopeless = !json_path_of(arena_copy(prepare->arena, prepare->constants[1]->bytes), prepare->arena, &state->path);
    if (!state->hopeless)
        state->hints = ARENA_ARRAY_ZEROED(prepare->arena, (size_t)state->path.count + 1, uint32_t);
    return state;
}

/* The path of a row; NULL when there is none. */
static const JsonbPath *path_of_row(const KernelCall *call, int32_t row, JsonbPath *space)
{
    const PathState *state = call->state;

    if (LIKELY(state != NULL))
        return state->hopeless ? NULL : &state->path;
    return json_path_of(VECTOR_DATA(call->args[1], Slice)[row], call->ctx->arena, space) ? space : NULL;
}

Slice jsonb_at_path(const KernelCall *call, int32_t row)
{
    const PathState *state = call->state;
    JsonbPath        space;
    const JsonbPath *path = path_of_row(call, row, &space);

    if (path == NULL)
        return slice_of(NULL, 0);
    return jsonb_get_path(VECTOR_DATA(call->args[0], Slice)[row], path, state != NULL ? state->hints : NULL);
}

Slice json_at_path(const KernelCall *call, int32_t row)
{
    Slice            value = json_text_trim(VECTOR_DATA(call->args[0], Slice)[row]);
    JsonbPath        space;
    const JsonbPath *path = path_of_row(call, row, &space);

    if (path == NULL)
        return slice_of(NULL, 0);
    for (int32_t i = 0; i < path->count && value.data != NULL; i++)
        value = json_text_get_step(value, &path->steps[i], call->ctx->arena);
    return value;
}

static void jsonb_path_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = jsonb_at_path(call, row);
        if (out[row].data == NULL)
            kernel_set_null(call, row);
    });
}

static void jsonb_path_text_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!json_read_text(jsonb_at_path(call, row), call->ctx->arena, &out[row]))
            kernel_set_null(call, row);
    });
}

static void json_path_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = json_at_path(call, row);
        if (out[row].data == NULL)
            kernel_set_null(call, row);
    });
}

static void json_path_text_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!json_text_as_text(json_at_path(call, row), call->ctx->arena, &out[row]))
            kernel_set_null(call, row);
    });
}

static void jsonb_path_typed_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        Datum value;

        if (json_read_typed(jsonb_at_path(call, row), call->proc->result, call->ctx, &value))
            datum_store(call->result->phys, vector_element(call->result, row), &value);
        else
            kernel_set_null(call, row);
    });
}

static void json_path_typed_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice part = json_scalar_of_text(json_at_path(call, row), call->ctx->arena);
        Datum value;

        if (json_read_typed(part, call->proc->result, call->ctx, &value))
            datum_store(call->result->phys, vector_element(call->result, row), &value);
        else
            kernel_set_null(call, row);
    });
}

/* ---- ?| and ?& --------------------------------------------------------------------------------------------------- */

/* NULLs in the list are passed over. */
static void exists_run(KernelCall *call, bool all)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    const Slice *lists = VECTOR_DATA(call->args[1], Slice);
    uint8_t     *out = VECTOR_DATA(call->result, uint8_t);
    TextList     keys = {0};
    Slice        known = {0};

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (known.data != lists[row].data || known.data == NULL) {
            known = lists[row];
            keys = text_list_of(known, call->ctx->arena);
        }
        out[row] = all;
        for (int32_t i = 0; i < keys.count && out[row] == all; i++)
            if (keys.items[i].data != NULL)
                out[row] = jsonb_exists(values[row], keys.items[i]);
    });
}

static void exists_any_run(KernelCall *call)
{
    exists_run(call, false);
}

static void exists_all_run(KernelCall *call)
{
    exists_run(call, true);
}

const KernelEntry json_path_kernels[] = {
    {3217, jsonb_path_run, json_path_prepare},
    {3940, jsonb_path_text_run, json_path_prepare},
    {3951, json_path_run, json_path_prepare},
    {3953, json_path_text_run, json_path_prepare},
    {4048, exists_any_run, NULL},
    {4049, exists_all_run, NULL},
    {8102, jsonb_path_typed_run, json_path_prepare}, /* jsonb_number(jsonb, text[]) */
    {8105, json_path_typed_run, json_path_prepare},
    {8108, jsonb_path_typed_run, json_path_prepare}, /* jsonb_boolean(jsonb, text[]) */
    {8111, json_path_typed_run, json_path_prepare},
    {0, NULL, NULL},
};
