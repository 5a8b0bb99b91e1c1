/*
 * json_aggregates.c - json_agg, jsonb_agg, json_object_agg, jsonb_object_agg.
 *
 * The json forms gather text. The jsonb forms keep each value as a finished document of its own and lay the whole out at the end.
 */
#include "base/error.h"
#include "executor/func/json_make.h"
#include "executor/func/kernels.h"
#include "types/jsonb_type.h"

/* A state's arena is the aggregate's; what only one batch needs goes to the batch's. */

/* ---- json: text -------------------------------------------------------------------------------------------------- */

static void append_or_null(const Vector *values, int32_t row, const TypeContext *ctx, StrBuf *out)
{
    if (vector_is_valid(values, row))
        json_append_value(values->type, vector_element(values, row), ctx, out);
    else
        strbuf_append_cstring(out, "null");
}

static void json_agg_update(AggCall *call)
{
    const Vector *values = call->args[0];
    JsonForm      form = json_form_of(values->type);
    bool          structured = form == JSON_FORM_ARRAY || form == JSON_FORM_RECORD;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf *text = agg_state(call, row);

        if (text->size == 0) {
            text->arena = call->arena;
            strbuf_append_char(text, '[');
        } else {
            strbuf_append_cstring(text, ", ");
            if (structured && vector_is_valid(values, row))
                strbuf_append_cstring(text, "\n "); /* PG15 */
        }
        append_or_null(values, row, call->ctx, text);
    });
}

static void json_agg_combine(AggCall *call, void *into, const void *from)
{
    StrBuf       *text = into;
    const StrBuf *more = from;

    if (more->size == 0)
        return;
    text->arena = call->arena;
    if (text->size == 0) {
        strbuf_append(text, more->data, more->size);
    } else {
        strbuf_append_char(text, ',');
        strbuf_append_char(text, ' ');
        strbuf_append(text, more->data + 1, more->size - 1);
    }
}

static bool text_finish(void *state, Arena *arena, const char *closing, Datum *out)
{
    StrBuf *text = state;
    StrBuf  copy;

    if (text->size == 0)
        return false;
    strbuf_init(&copy, arena);
    strbuf_reserve(&copy, text->size + 2);
    strbuf_append(&copy, text->data, text->size);
    strbuf_append_cstring(&copy, closing);
    out->bytes = strbuf_slice(&copy);
    return true;
}

static bool json_agg_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return text_finish(state, arena, "]", out);
}

static void json_object_agg_update(AggCall *call)
{
    const Vector *keys = call->args[0];

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf *text = agg_state(call, row);

        if (!vector_is_valid(keys, row))
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "field name must not be null");
        text->arena = call->arena;
        strbuf_append_cstring(text, text->size == 0 ? "{ " : ", ");
        json_append_string(json_key_text(keys->type, vector_element(keys, row), call->ctx), text);
        strbuf_append_cstring(text, " : ");
        append_or_null(call->args[1], row, call->ctx, text);
    });
}

static void json_object_agg_combine(AggCall *call, void *into, const void *from)
{
    StrBuf       *text = into;
    const StrBuf *more = from;

    if (more->size == 0)
        return;
    text->arena = call->arena;
    strbuf_append_cstring(text, text->size == 0 ? "{ " : ", ");
    strbuf_append(text, more->data + 2, more->size - 2);
}

static bool json_object_agg_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return text_finish(state, arena, " }", out);
}

/* ---- jsonb: documents -------------------------------------------------------------------------------------------- */

/* keys stays NULL for jsonb_agg. */
typedef struct Gathered {
    Slice *values;
    Slice *keys;
    size_t count, capacity;
} Gathered;

static void gather(AggCall *call, Gathered *state, Slice value, const Slice *key)
{
    if (state->count == state->capacity) {
        size_t capacity = MAX(state->capacity * 2, (size_t)8);
        size_t old = state->capacity * sizeof(Slice);

        state->values = arena_grow(call->arena, state->values, old, capacity * sizeof(Slice));
        if (key != NULL)
            state->keys = arena_grow(call->arena, state->keys, old, capacity * sizeof(Slice));
        state->capacity = capacity;
    }
    state->values[state->count] = arena_copy(call->arena, value);
    if (key != NULL)
        state->keys[state->count] = arena_copy(call->arena, *key);
    state->count++;
}

/* The value of a row as a document in the batch's arena, or a view. */
static Slice document_of(JsonbBuilder *builder, const Vector *values, int32_t row, const TypeContext *ctx)
{
    if (!vector_is_valid(values, row))
        return jsonb_make_null();
    if (values->type == TYPE_JSONB)
        return VECTOR_DATA(values, Slice)[row];
    jsonb_add_value(builder, values->type, vector_element(values, row), ctx);
    return jsonb_finish(builder);
}

static void jsonb_agg_update(AggCall *call)
{
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row,
                 { gather(call, agg_state(call, row), document_of(&builder, call->args[0], row, call->ctx), NULL); });
}

static void jsonb_object_agg_update(AggCall *call)
{
    const Vector *keys = call->args[0];
    JsonbBuilder  builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice key;

        if (!vector_is_valid(keys, row))
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "field name must not be null");
        key = json_key_text(keys->type, vector_element(keys, row), call->ctx);
        gather(call, agg_state(call, row), document_of(&builder, call->args[1], row, call->ctx), &key);
    });
}

static void gathered_combine(AggCall *call, void *into, const void *from)
{
    const Gathered *more = from;

    for (size_t i = 0; i < more->count; i++)
        gather(call, into, more->values[i], more->keys != NULL ? &more->keys[i] : NULL);
}

static bool gathered_finish(const Gathered *state, Arena *arena, Datum *out)
{
    JsonbBuilder builder;

    if (state->count == 0)
        return false;
    jsonb_builder_init(&builder, arena);
    if (state->keys != NULL)
        jsonb_begin_object(&builder);
    else
        jsonb_begin_array(&builder);
    for (size_t i = 0; i < state->count; i++) {
        if (state->keys != NULL)
            jsonb_add_key(&builder, state->keys[i]);
        jsonb_add_node(&builder, state->values[i]);
    }
    if (state->keys != NULL)
        jsonb_end_object(&builder);
    else
        jsonb_end_array(&builder);
    out->bytes = jsonb_finish(&builder);
    return true;
}

static bool jsonb_gathered_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return gathered_finish(state, arena, out);
}

const AggEntry json_aggregates[] = {
    {3175, sizeof(StrBuf), NULL, json_agg_update, json_agg_combine, json_agg_finish},
    {3197, sizeof(StrBuf), NULL, json_object_agg_update, json_object_agg_combine, json_object_agg_finish},
    {3267, sizeof(Gathered), NULL, jsonb_agg_update, gathered_combine, jsonb_gathered_finish},
    {3270, sizeof(Gathered), NULL, jsonb_object_agg_update, gathered_combine, jsonb_gathered_finish},
    {0},
};
