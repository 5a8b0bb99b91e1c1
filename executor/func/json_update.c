/*
 * json_update.c - documents changed at a path: jsonb_set, jsonb_set_lax, jsonb_insert, #-, and - with a list of keys.
 *
 * The containers along the path are made anew; all else is copied in whole pieces.
 */
#include "base/error.h"
#include "executor/func/json_texts.h"
#include "executor/func/kernels.h"
#include "types/jsonb_build.h"

typedef enum UpdateAction {
    UPDATE_REPLACE = 1,  /* only what is there */
    UPDATE_CREATE,       /* replaced, or added where the last step leads nowhere */
    UPDATE_DELETE,
    UPDATE_INSERT_BEFORE,
    UPDATE_INSERT_AFTER,
} UpdateAction;

typedef struct Update {
    JsonbBuilder *builder;
    TextList      path;
    UpdateAction  action;
    Slice         value;
    Arena        *arena;
} Update;

static void update_at(const Update *update, Slice value, int32_t level);

static bool adds(const Update *update)
{
    return update->action == UPDATE_CREATE || update->action == UPDATE_INSERT_BEFORE ||
           update->action == UPDATE_INSERT_AFTER;
}

static noreturn void raise_key_exists(void)
{
    Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot replace existing key");

    error_hint(err, "Try using the function jsonb_set to replace key value.");
    error_raise(err);
}

static void update_object(const Update *update, Slice value, int32_t level)
{
    JsonbObject object = jsonb_object_open(value);
    Slice       wanted = update->path.items[level];
    bool        last = level == update->path.count - 1;
    bool        found = false;

    jsonb_begin_object(update->builder);
    for (size_t i = 0; i < object.count; i++) {
        Slice key = jsonb_object_key(&object, i);

        if (!slice_equal(key, wanted)) {
            jsonb_add_key(update->builder, key);
            jsonb_add_node_in_place(update->builder, jsonb_object_value(&object, i));
            continue;
        }
        found = true;
        if (last && (update->action == UPDATE_INSERT_BEFORE || update->action == UPDATE_INSERT_AFTER))
            raise_key_exists();
        if (last && update->action == UPDATE_DELETE)
            continue;
        jsonb_add_key(update->builder, key);
        if (last)
            jsonb_add_node(update->builder, update->value);
        else
            update_at(update, jsonb_object_value(&object, i), level + 1);
    }
    if (last && !found && adds(update)) {
        jsonb_add_key(update->builder, wanted);
        jsonb_add_node(update->builder, update->value);
    }
    jsonb_end_object(update->builder);
}

/* Where a path element points in an array of count elements: count for beyond the end, -1 for before the start. */
static int64_t index_of(const Update *update, int32_t level, int64_t count)
{
    JsonbStep step = jsonb_step_text(update->path.items[level]);

    if (!step.by_index)
        raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "path element at position %d is not an integer: \"%.*s\"", level + 1,
                    (int)update->path.items[level].size, (const char *)update->path.items[level].data);
    if (step.index < 0)
        return MAX(step.index + count, -1);
    return MIN(step.index, count);
}

static void update_element(const Update *update, Slice element)
{
    JsonbBuilder *builder = update->builder;

    switch (update->action) {
    case UPDATE_REPLACE:
    case UPDATE_CREATE:
        jsonb_add_node(builder, update->value);
        break;
    case UPDATE_INSERT_BEFORE:
        jsonb_add_node(builder, update->value);
        jsonb_add_node_in_place(builder, element);
        break;
    case UPDATE_INSERT_AFTER:
        jsonb_add_node_in_place(builder, element);
        jsonb_add_node(builder, update->value);
        break;
    case UPDATE_DELETE:
        break;
    }
}

static void update_array(const Update *update, Slice value, int32_t level)
{
    JsonbArray array = jsonb_array_open(value);
    int64_t    at = index_of(update, level, (int64_t)array.count);
    bool       last = level == update->path.count - 1;

    jsonb_begin_array(update->builder);
    if (at < 0 && last && adds(update)) /* before the start: in front */
        jsonb_add_node(update->builder, update->value);
    for (size_t i = 0; i < array.count; i++) {
        Slice element = jsonb_array_at(&array, i);

        if ((int64_t)i != at)
            jsonb_add_node_in_place(update->builder, element);
        else if (last)
            update_element(update, element);
        else
            update_at(update, element, level + 1);
    }
    if (at == (int64_t)array.count && last && adds(update))
        jsonb_add_node(update->builder, update->value);
    jsonb_end_array(update->builder);
}

static void update_at(const Update *update, Slice value, int32_t level)
{
    if (update->path.items[level].data == NULL)
        raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "path element at position %d is null", level + 1);
    switch (jsonb_kind(value)) {
    case JSONB_OBJECT:
        update_object(update, value, level);
        break;
    case JSONB_ARRAY:
        update_array(update, value, level);
        break;
    default:
        jsonb_add_node_in_place(update->builder, value);
    }
}

static Slice run_update(JsonbBuilder *builder, Slice document, Slice path, UpdateAction action, Slice value, Arena *arena)
{
    Update update = {.builder = builder, .path = text_list_of(path, arena), .action = action, .value = value, .arena = arena};

    if (update.path.dimensions > 1)
        raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    if (jsonb_kind(document) < JSONB_ARRAY)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE,
                    action == UPDATE_DELETE ? "cannot delete path in scalar" : "cannot set path in scalar");
    if (update.path.count == 0 || (jsonb_count(document) == 0 && !adds(&update)))
        return document;
    update_at(&update, document, 0);
    return jsonb_finish(builder);
}

/* ---- kernels ----------------------------------------------------------------------------------------------------- */

static void change_run(KernelCall *call, UpdateAction without, UpdateAction with)
{
    const Slice   *documents = VECTOR_DATA(call->args[0], Slice);
    const Slice   *paths = VECTOR_DATA(call->args[1], Slice);
    const Slice   *values = VECTOR_DATA(call->args[2], Slice);
    const uint8_t *flags = VECTOR_DATA(call->args[3], uint8_t);
    Slice         *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder   builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = run_update(&builder, documents[row], paths[row], flags[row] ? with : without, values[row], call->ctx->arena);
    });
}

static void jsonb_set_run(KernelCall *call)
{
    change_run(call, UPDATE_REPLACE, UPDATE_CREATE);
}

static void jsonb_insert_run(KernelCall *call)
{
    change_run(call, UPDATE_INSERT_BEFORE, UPDATE_INSERT_AFTER);
}

static void jsonb_delete_path_run(KernelCall *call)
{
    const Slice *documents = VECTOR_DATA(call->args[0], Slice);
    const Slice *paths = VECTOR_DATA(call->args[1], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = run_update(&builder, documents[row], paths[row], UPDATE_DELETE, jsonb_make_null(), call->ctx->arena);
    });
}

static noreturn void raise_null_replacement(void)
{
    Error *err = error_new(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "JSON value must not be null");

    error_detail(err, "Exception was raised because null_value_treatment is \"raise_exception\".");
    error_hint(err, "To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.");
    error_raise(err);
}

/* A replacement that is NULL, by the treatment asked for. */
static Slice set_null(JsonbBuilder *builder, Slice document, Slice path, UpdateAction action, Slice treatment, Arena *arena)
{
    if (slice_equal(treatment, slice_from_cstring("use_json_null")))
        return run_update(builder, document, path, action, jsonb_make_null(), arena);
    if (slice_equal(treatment, slice_from_cstring("delete_key")))
        return run_update(builder, document, path, UPDATE_DELETE, jsonb_make_null(), arena);
    if (slice_equal(treatment, slice_from_cstring("return_target")))
        return document;
    if (slice_equal(treatment, slice_from_cstring("raise_exception")))
        raise_null_replacement();
    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE,
                "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
}

static void jsonb_set_lax_run(KernelCall *call)
{
    const Slice   *documents = VECTOR_DATA(call->args[0], Slice);
    const Slice   *paths = VECTOR_DATA(call->args[1], Slice);
    const Slice   *values = VECTOR_DATA(call->args[2], Slice);
    const uint8_t *creates = VECTOR_DATA(call->args[3], uint8_t);
    const Slice   *treatments = VECTOR_DATA(call->args[4], Slice);
    Slice         *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder   builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        UpdateAction action;
        Slice        treatment = slice_of(NULL, 0);

        if (!vector_is_valid(call->args[0], row) || !vector_is_valid(call->args[1], row) || !vector_is_valid(call->args[3], row)) {
            kernel_set_null(call, row);
            continue;
        }
        action = creates[row] ? UPDATE_CREATE : UPDATE_REPLACE;
        if (vector_is_valid(call->args[4], row))
            treatment = treatments[row];
        if (treatment.data == NULL)
            set_null(&builder, documents[row], paths[row], action, treatment, call->ctx->arena); /* raises */
        if (vector_is_valid(call->args[2], row))
            out[row] = run_update(&builder, documents[row], paths[row], action, values[row], call->ctx->arena);
        else
            out[row] = set_null(&builder, documents[row], paths[row], action, treatment, call->ctx->arena);
    });
}

/* ---- - text[] ---------------------------------------------------------------------------------------------------- */

static bool is_listed(const TextList *list, Slice text)
{
    for (int32_t i = 0; i < list->count; i++)
        if (list->items[i].data != NULL && slice_equal(list->items[i], text))
            return true;
    return false;
}

static Slice delete_keys(JsonbBuilder *builder, Slice value, const TextList *keys)
{
    if (keys->dimensions > 1)
        raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");
    if (jsonb_kind(value) < JSONB_ARRAY)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot delete from scalar");
    if (jsonb_kind(value) == JSONB_OBJECT) {
        JsonbObject object = jsonb_object_open(value);

        jsonb_begin_object(builder);
        for (size_t i = 0; i < object.count; i++) {
            Slice key = jsonb_object_key(&object, i);

            if (is_listed(keys, key))
                continue;
            jsonb_add_key(builder, key);
            jsonb_add_node_in_place(builder, jsonb_object_value(&object, i));
        }
        jsonb_end_object(builder);
    } else {
        JsonbArray array = jsonb_array_open(value);

        jsonb_begin_array(builder);
        for (size_t i = 0; i < array.count; i++) {
            Slice element = jsonb_array_at(&array, i);

            if (jsonb_kind(element) != JSONB_STRING || !is_listed(keys, jsonb_string(element)))
                jsonb_add_node_in_place(builder, element);
        }
        jsonb_end_array(builder);
    }
    return jsonb_finish(builder);
}

static void jsonb_delete_keys_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    const Slice *lists = VECTOR_DATA(call->args[1], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        TextList keys = text_list_of(lists[row], call->ctx->arena);

        out[row] = delete_keys(&builder, values[row], &keys);
    });
}

const KernelEntry json_update_kernels[] = {
    {3305, jsonb_set_run, NULL},         {3579, jsonb_insert_run, NULL},      {5054, jsonb_set_lax_run, NULL},
    {3304, jsonb_delete_path_run, NULL}, {3343, jsonb_delete_keys_run, NULL}, {0, NULL, NULL},
};
