/*
 * json_object.c - objects from text[]: json_object, jsonb_object.
 */
#include "base/error.h"
#include "executor/func/json_texts.h"
#include "executor/func/kernels.h"
#include "types/jsonb_build.h"
#include "types/jsonb_type.h"

/* Pairs from one array (keys and values alternating, or two columns) or from two. */
typedef struct Pairs {
    int32_t      count;
    const Slice *keys, *values;
    int32_t      step;
} Pairs;

static noreturn void raise_subscripts(const char *message)
{
    raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "%s", message);
}

static Pairs pairs_of_one(const TextList *list)
{
    if (list->dimensions > 2)
        raise_subscripts("wrong number of array subscripts");
    if (list->dimensions == 2 && list->columns != 2)
        raise_subscripts("array must have two columns");
    if (list->dimensions == 1 && list->count % 2 != 0)
        raise_subscripts("array must have even number of elements");
    return (Pairs){list->count / 2, list->items, list->items + 1, 2};
}

static Pairs pairs_of_two(const TextList *keys, const TextList *values)
{
    if (keys->dimensions > 1 || keys->dimensions != values->dimensions)
        raise_subscripts("wrong number of array subscripts");
    if (keys->count != values->count)
        raise_subscripts("mismatched array dimensions");
    return (Pairs){keys->count, keys->items, values->items, 1};
}

static Slice key_of(const Pairs *pairs, int32_t at)
{
    Slice key = pairs->keys[at * pairs->step];

    if (key.data == NULL)
        raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "null value not allowed for object key");
    return key;
}

static Pairs pairs_of_row(const KernelCall *call, int32_t row)
{
    TextList first = text_list_of(VECTOR_DATA(call->args[0], Slice)[row], call->ctx->arena);
    TextList second;

    if (call->arg_count == 1)
        return pairs_of_one(&first);
    second = text_list_of(VECTOR_DATA(call->args[1], Slice)[row], call->ctx->arena);
    return pairs_of_two(&first, &second);
}

static void jsonb_object_run(KernelCall *call)
{
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        Pairs pairs = pairs_of_row(call, row);

        jsonb_begin_object(&builder);
        for (int32_t i = 0; i < pairs.count; i++) {
            Slice value = pairs.values[i * pairs.step];

            jsonb_add_key(&builder, key_of(&pairs, i));
            if (value.data == NULL)
                jsonb_add_null(&builder);
            else
                jsonb_add_string(&builder, value);
        }
        jsonb_end_object(&builder);
        out[row] = jsonb_finish(&builder);
    });
}

static void json_object_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        Pairs  pairs = pairs_of_row(call, row);
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        strbuf_append_char(&text, '{');
        for (int32_t i = 0; i < pairs.count; i++) {
            Slice value = pairs.values[i * pairs.step];

            if (i > 0)
                strbuf_append_cstring(&text, ", ");
            json_append_string(key_of(&pairs, i), &text);
            strbuf_append_cstring(&text, " : ");
            if (value.data == NULL)
                strbuf_append_cstring(&text, "null");
            else
                json_append_string(value, &text);
        }
        strbuf_append_char(&text, '}');
        out[row] = strbuf_slice(&text);
    });
}

const KernelEntry json_object_kernels[] = {
    {3202, json_object_run, NULL},  {3203, json_object_run, NULL}, {3263, jsonb_object_run, NULL},
    {3264, jsonb_object_run, NULL}, {0, NULL, NULL},
};
