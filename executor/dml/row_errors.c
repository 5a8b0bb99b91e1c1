/*
 * row_errors.c - wording errors about rows.
 */
#include "executor/dml/row_errors.h"

#include "executor/exec/vector_buffer.h"
#include "executor/store/store.h"

enum { MAX_VALUE_BYTES = 64 }; /* PostgreSQL's maxfieldlen */

static void append_value(const ExecState *state, StrBuf *out, const Vector *vector, int32_t row, const TypeContext *ctx)
{
    const TypeInfo *type = exec_type(state, vector->type);
    StrBuf          text;
    size_t          size;

    if (!vector_is_valid(vector, row)) {
        strbuf_append_cstring(out, "null");
        return;
    }
    strbuf_init(&text, out->arena);
    if (type != NULL && type->output != NULL)
        type->output(type, vector_element(vector, row), ctx, &text);
    size = text.size;
    if (size <= MAX_VALUE_BYTES) {
        strbuf_append(out, strbuf_cstring(&text), size);
        return;
    }
    size = MAX_VALUE_BYTES;
    while (size > 0 && ((uint8_t)text.data[size] & 0xc0) == 0x80)
        size--;
    strbuf_append(out, text.data, size);
    strbuf_append_cstring(out, "...");
}

void error_failing_row(Error *err, ExecState *state, const RelationDesc *table, Vector *const *columns, int32_t row, Arena *arena)
{
    TypeContext ctx = state->ctx;
    StrBuf      text;
    bool        first = true;

    ctx.arena = arena;
    strbuf_init(&text, arena);
    for (int32_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].dropped)
            continue;
        if (!first)
            strbuf_append_cstring(&text, ", ");
        first = false;
        append_value(state, &text, columns[i], row, &ctx);
    }
    error_detail(err, "Failing row contains (%s).", strbuf_cstring(&text));
}

const char *relation_schema_name(ExecState *state, const RelationDesc *table, Arena *arena)
{
    const Desc *schema = state->session == NULL ? NULL : store_desc_by_oid(state->session, arena, DESC_SCHEMA, table->head.parent);

    return schema == NULL ? NULL : schema->name;
}

void raise_not_null(ExecState *state, const RelationDesc *table, int32_t column, Vector *const *columns, int32_t row, Arena *arena)
{
    const char *schema = relation_schema_name(state, table, arena);
    Error      *err;

    err = error_new(SQLSTATE_NOT_NULL_VIOLATION, "null value in column \"%s\" of relation \"%s\" violates not-null constraint",
                    table->columns[column].name, table->head.name);
    error_failing_row(err, state, table, columns, row, arena);
    error_object(err, schema, table->head.name, table->columns[column].name, NULL);
    error_raise(err);
}

void raise_check(ExecState *state, const RelationDesc *table, const char *name, Vector *const *columns, int32_t row, Arena *arena)
{
    const char *schema = relation_schema_name(state, table, arena);
    Error      *err = error_new(SQLSTATE_CHECK_VIOLATION, "new row for relation \"%s\" violates check constraint \"%s\"", table->head.name, name);

    error_failing_row(err, state, table, columns, row, arena);
    error_object(err, schema, table->head.name, NULL, name);
    error_raise(err);
}

const char *describe_key(ExecState *state, const RelationDesc *table, const int16_t *attributes, int32_t count, Vector *const *values, int32_t row, Arena *arena)
{
    TypeContext ctx = state->ctx;
    StrBuf      text;

    ctx.arena = arena;
    strbuf_init(&text, arena);
    strbuf_append_cstring(&text, "(");
    for (int32_t i = 0; i < count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? ", " : "", table->columns[attributes[i] - 1].name);
    strbuf_append_cstring(&text, ")=(");
    for (int32_t i = 0; i < count; i++) {
        const TypeInfo *type = exec_type(state, values[i]->type);

        if (i > 0)
            strbuf_append_cstring(&text, ", ");
        if (!vector_is_valid(values[i], row))
            strbuf_append_cstring(&text, "null");
        else if (type != NULL && type->output != NULL)
            type->output(type, vector_element(values[i], row), &ctx, &text);
    }
    strbuf_append_cstring(&text, ")");
    return strbuf_cstring(&text);
}
