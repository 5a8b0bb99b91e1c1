/*
 * json_change.c - documents made from documents: ||, - by key and index, strip_nulls, pretty.
 *
 * Unchanged parts are copied as they are, in one piece each; nothing is decoded.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/json_text.h"
#include "types/jsonb_build.h"
#include "types/jsonb_type.h"

/* ---- || ---------------------------------------------------------------------------------------------------------- */

static void add_members(JsonbBuilder *builder, Slice value)
{
    JsonbObject object = jsonb_object_open(value);

    for (size_t i = 0; i < object.count; i++) {
        jsonb_add_key(builder, jsonb_object_key(&object, i));
        jsonb_add_node_in_place(builder, jsonb_object_value(&object, i));
    }
}

/* The elements of an array; anything else is one element, and goes one level down. */
static void add_elements(JsonbBuilder *builder, Slice value)
{
    JsonbArray array;

    if (jsonb_kind(value) != JSONB_ARRAY) {
        jsonb_add_node(builder, value);
        return;
    }
    array = jsonb_array_open(value);
    for (size_t i = 0; i < array.count; i++)
        jsonb_add_node_in_place(builder, jsonb_array_at(&array, i));
}

static Slice concat(JsonbBuilder *builder, Slice a, Slice b)
{
    if (jsonb_kind(a) == JSONB_OBJECT && jsonb_kind(b) == JSONB_OBJECT) {
        jsonb_begin_object(builder);
        add_members(builder, a);
        add_members(builder, b);
        jsonb_end_object(builder);
    } else {
        jsonb_begin_array(builder);
        add_elements(builder, a);
        add_elements(builder, b);
        jsonb_end_array(builder);
    }
    return jsonb_finish(builder);
}

static void jsonb_concat_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    const Slice *b = VECTOR_DATA(call->args[1], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = concat(&builder, a[row], b[row]); });
}

/* ---- - ----------------------------------------------------------------------------------------------------------- */

/* The kind of a container that parts can be taken from. */
static JsonbKind check_container(Slice value)
{
    JsonbKind kind = jsonb_kind(value);

    if (kind < JSONB_ARRAY)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot delete from scalar");
    return kind;
}

static Slice delete_key(JsonbBuilder *builder, Slice value, Slice key)
{
    if (check_container(value) == JSONB_OBJECT) {
        JsonbObject object = jsonb_object_open(value);
        JsonbKey    wanted = jsonb_key(key);
        int64_t     at = jsonb_object_find(&object, &wanted);

        if (at < 0)
            return value;
        jsonb_begin_object(builder);
        for (size_t i = 0; i < object.count; i++) {
            if ((int64_t)i == at)
                continue;
            jsonb_add_key(builder, jsonb_object_key(&object, i));
            jsonb_add_node_in_place(builder, jsonb_object_value(&object, i));
        }
        jsonb_end_object(builder);
    } else {
        JsonbArray array = jsonb_array_open(value);

        jsonb_begin_array(builder);
        for (size_t i = 0; i < array.count; i++) {
            Slice element = jsonb_array_at(&array, i);

            if (jsonb_kind(element) != JSONB_STRING || !slice_equal(jsonb_string(element), key))
                jsonb_add_node_in_place(builder, element);
        }
        jsonb_end_array(builder);
    }
    return jsonb_finish(builder);
}

static Slice delete_index(JsonbBuilder *builder, Slice value, int64_t index)
{
    JsonbArray array;

    if (check_container(value) == JSONB_OBJECT)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot delete from object using integer index");
    array = jsonb_array_open(value);
    if (index < 0)
        index += (int64_t)array.count;
    if (index < 0 || (uint64_t)index >= array.count)
        return value;
    jsonb_begin_array(builder);
    for (size_t i = 0; i < array.count; i++)
        if ((int64_t)i != index)
            jsonb_add_node_in_place(builder, jsonb_array_at(&array, i));
    jsonb_end_array(builder);
    return jsonb_finish(builder);
}

static void jsonb_delete_key_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    const Slice *keys = VECTOR_DATA(call->args[1], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = delete_key(&builder, values[row], keys[row]); });
}

static void jsonb_delete_index_run(KernelCall *call)
{
    const Slice   *values = VECTOR_DATA(call->args[0], Slice);
    const int32_t *indexes = VECTOR_DATA(call->args[1], int32_t);
    Slice         *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder   builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = delete_index(&builder, values[row], indexes[row]); });
}

/* ---- strip_nulls ------------------------------------------------------------------------------------------------- */

static void add_stripped(JsonbBuilder *builder, Slice value)
{
    switch (jsonb_kind(value)) {
    case JSONB_OBJECT: {
        JsonbObject object = jsonb_object_open(value);

        jsonb_begin_object(builder);
        for (size_t i = 0; i < object.count; i++) {
            Slice member = jsonb_object_value(&object, i);

            if (jsonb_kind(member) == JSONB_NULL)
                continue;
            jsonb_add_key(builder, jsonb_object_key(&object, i));
            add_stripped(builder, member);
        }
        jsonb_end_object(builder);
        break;
    }
    case JSONB_ARRAY: {
        JsonbArray array = jsonb_array_open(value);

        jsonb_begin_array(builder);
        for (size_t i = 0; i < array.count; i++)
            add_stripped(builder, jsonb_array_at(&array, i));
        jsonb_end_array(builder);
        break;
    }
    default:
        jsonb_add_node_in_place(builder, value);
    }
}

static void jsonb_strip_nulls_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        add_stripped(&builder, values[row]);
        out[row] = jsonb_finish(&builder);
    });
}

/* The json form keeps duplicate keys, their order and the numbers' text; strings are written anew. */
static void append_stripped(Slice value, Arena *arena, StrBuf *out)
{
    JsonbKind kind = json_text_kind(value);
    JsonWalk  walk;
    Slice     key, part;
    bool      first = true;

    if (kind == JSONB_STRING) {
        json_append_string(json_text_string(json_text_trim(value), arena), out);
        return;
    }
    if (kind < JSONB_ARRAY) {
        strbuf_append_slice(out, json_text_trim(value));
        return;
    }
    walk = json_walk_open(value);
    strbuf_append_char(out, kind == JSONB_OBJECT ? '{' : '[');
    while (kind == JSONB_OBJECT ? json_walk_member(&walk, &key, &part) : json_walk_element(&walk, &part)) {
        if (kind == JSONB_OBJECT && json_text_kind(part) == JSONB_NULL)
            continue;
        if (!first)
            strbuf_append_char(out, ',');
        first = false;
        if (kind == JSONB_OBJECT) {
            json_append_string(json_text_string(slice_of(key.data - 1, key.size + 2), arena), out);
            strbuf_append_char(out, ':');
        }
        append_stripped(part, arena, out);
    }
    strbuf_append_char(out, kind == JSONB_OBJECT ? '}' : ']');
}

static void json_strip_nulls_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        append_stripped(values[row], call->ctx->arena, &text);
        out[row] = strbuf_slice(&text);
    });
}

static void jsonb_pretty_run(KernelCall *call)
{
    const Slice *values = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        jsonb_append_pretty(values[row], &text);
        out[row] = strbuf_slice(&text);
    });
}

const KernelEntry json_change_kernels[] = {
    {3301, jsonb_concat_run, NULL},      {3302, jsonb_delete_key_run, NULL}, {3303, jsonb_delete_index_run, NULL},
    {3262, jsonb_strip_nulls_run, NULL}, {3261, json_strip_nulls_run, NULL}, {3306, jsonb_pretty_run, NULL},
    {0, NULL, NULL},
};
