/*
 * json_sets.c - documents as rows: json[b]_array_elements[_text], json[b]_each[_text], json[b]_object_keys.
 *
 * Each set is produced in batches from a position in the document; values of jsonb are views into it.
 */
#include "base/error.h"
#include "executor/func/json_get.h"
#include "executor/func/kernels.h"
#include "types/json_parse.h"
#include "types/json_text.h"

/* ---- jsonb ------------------------------------------------------------------------------------------------------- */

typedef struct BinarySet {
    JsonbArray  array;
    JsonbObject object;
    size_t      at, count;
} BinarySet;

static void start_elements(SetCall *call)
{
    Slice      value = call->args[0].bytes;
    BinarySet *set = ARENA_NEW(call->arena, BinarySet);

    if (jsonb_kind(value) != JSONB_ARRAY)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot extract elements from %s",
                    jsonb_kind(value) == JSONB_OBJECT ? "an object" : "a scalar");
    set->array = jsonb_array_open(value);
    set->count = set->array.count;
    call->state = set;
}

static void open_object(SetCall *call)
{
    BinarySet *set = ARENA_NEW(call->arena, BinarySet);

    set->object = jsonb_object_open(call->args[0].bytes);
    set->count = set->object.count;
    call->state = set;
}

static void start_each(SetCall *call)
{
    if (jsonb_kind(call->args[0].bytes) != JSONB_OBJECT)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot call %s on a non-object", call->proc->name);
    open_object(call);
}

static void raise_no_keys(const SetCall *call, JsonbKind kind)
{
    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot call %s on %s", call->proc->name,
                kind == JSONB_ARRAY ? "an array" : "a scalar");
}

static void start_keys(SetCall *call)
{
    if (jsonb_kind(call->args[0].bytes) != JSONB_OBJECT)
        raise_no_keys(call, jsonb_kind(call->args[0].bytes));
    open_object(call);
}

/* A value into row of an output of jsonb, or as text when the output is text. */
static void store_value(Vector *output, int32_t row, Slice value, Arena *arena)
{
    if (output->type == TYPE_JSONB)
        VECTOR_DATA(output, Slice)[row] = value;
    else if (!json_read_text(value, arena, &VECTOR_DATA(output, Slice)[row]))
        bitmap_clear(output->validity, row);
}

static int32_t next_elements(SetCall *call, Arena *arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    BinarySet *set = call->state;
    int32_t    rows = 0;

    (void)output_count;
    for (; rows < max_rows && set->at < set->count; rows++)
        store_value(outputs[0], rows, jsonb_array_at(&set->array, set->at++), arena);
    return rows;
}

static int32_t next_each(SetCall *call, Arena *arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    BinarySet *set = call->state;
    int32_t    rows = 0;

    (void)output_count;
    for (; rows < max_rows && set->at < set->count; rows++, set->at++) {
        VECTOR_DATA(outputs[0], Slice)[rows] = jsonb_object_key(&set->object, set->at);
        store_value(outputs[1], rows, jsonb_object_value(&set->object, set->at), arena);
    }
    return rows;
}

static int32_t next_keys(SetCall *call, Arena *arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    BinarySet *set = call->state;
    int32_t    rows = 0;

    (void)arena;
    (void)output_count;
    for (; rows < max_rows && set->at < set->count; rows++)
        VECTOR_DATA(outputs[0], Slice)[rows] = jsonb_object_key(&set->object, set->at++);
    return rows;
}

/* ---- json -------------------------------------------------------------------------------------------------------- */

static void open_walk(SetCall *call)
{
    JsonWalk *walk = ARENA_NEW(call->arena, JsonWalk);

    *walk = json_walk_open(call->args[0].bytes);
    call->state = walk;
}

static void start_text_elements(SetCall *call)
{
    JsonbKind kind = json_text_kind(call->args[0].bytes);

    if (kind != JSONB_ARRAY)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot call %s on a %s", call->proc->name,
                    kind == JSONB_OBJECT ? "non-array" : "scalar");
    open_walk(call);
}

static void start_text_each(SetCall *call)
{
    JsonbKind kind = json_text_kind(call->args[0].bytes);

    if (kind != JSONB_OBJECT)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot deconstruct %s",
                    kind == JSONB_ARRAY ? "an array as an object" : "a scalar");
    open_walk(call);
}

static void start_text_keys(SetCall *call)
{
    if (json_text_kind(call->args[0].bytes) != JSONB_OBJECT)
        raise_no_keys(call, json_text_kind(call->args[0].bytes));
    open_walk(call);
}

static void store_text_value(Vector *output, int32_t row, Slice value, Arena *arena)
{
    if (output->type == TYPE_JSON)
        VECTOR_DATA(output, Slice)[row] = value;
    else if (!json_text_as_text(value, arena, &VECTOR_DATA(output, Slice)[row]))
        bitmap_clear(output->validity, row);
}

static int32_t next_text_elements(SetCall *call, Arena *arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    int32_t rows = 0;
    Slice   value;

    (void)output_count;
    for (; rows < max_rows && json_walk_element(call->state, &value); rows++)
        store_text_value(outputs[0], rows, value, arena);
    return rows;
}

static int32_t next_text_each(SetCall *call, Arena *arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    int32_t rows = 0;
    Slice   key, value;

    for (; rows < max_rows && json_walk_member(call->state, &key, &value); rows++) {
        VECTOR_DATA(outputs[0], Slice)[rows] = json_unescape(key, arena);
        if (output_count > 1)
            store_text_value(outputs[1], rows, value, arena);
    }
    return rows;
}

const SetEntry json_sets[] = {
    {3219, start_elements, next_elements},           /* jsonb_array_elements */
    {3465, start_elements, next_elements},           /* jsonb_array_elements_text */
    {3208, start_each, next_each},                   /* jsonb_each */
    {3932, start_each, next_each},                   /* jsonb_each_text */
    {3931, start_keys, next_keys},                   /* jsonb_object_keys */
    {3955, start_text_elements, next_text_elements}, /* json_array_elements */
    {3969, start_text_elements, next_text_elements}, /* json_array_elements_text */
    {3958, start_text_each, next_text_each},         /* json_each */
    {3959, start_text_each, next_text_each},         /* json_each_text */
    {3957, start_text_keys, next_text_each},         /* json_object_keys */
    {0},
};
