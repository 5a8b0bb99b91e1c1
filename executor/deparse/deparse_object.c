/* deparse_object.c - definitions of indexes and constraints. */
#include "executor/deparse/deparse_context.h"

#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

static const char *method_name(IndexMethod method)
{
    return method == INDEX_HNSW ? "hnsw" : method == INDEX_INVERTED ? "gin" : "btree";
}

static const char *column_name(const RelationDesc *table, int16_t number)
{
    return table != NULL && number > 0 && number <= table->column_count ? table->columns[number - 1].name : "?";
}

/* A key of an index; functions go without parentheses, other expressions in them. */
static const char *index_key(Session *session, Arena *arena, const RelationDesc *table, const IndexColumnDesc *column, DeparseStyle style)
{
    const Expr *expr;
    const char *text;

    if (column->column != 0)
        return deparse_identifier(arena, column_name(table, column->column));
    expr = deserialize_expr(session, arena, column->expr);
    text = deparse_expression(session, arena, expr, table, style);
    if (expr->kind == EXPR_CALL && expr->call.op == NULL && !expr->call.cast_form && !expr->call.sql_syntax)
        return text;
    return arena_printf(arena, "(%s)", text);
}

const char *deparse_index(Session *session, Arena *arena, const RelationDesc *index, int column, DeparseStyle style)
{
    const IndexDesc    *desc = index->index;
    const RelationDesc *table = store_relation_by_oid(session, arena, desc->table);
    StrBuf              text;

    if (column > 0)
        return column <= desc->column_count ? index_key(session, arena, table, &desc->columns[column - 1], style) : "";
    strbuf_init(&text, arena);
    strbuf_printf(&text, "CREATE %sINDEX %s ON ", desc->unique ? "UNIQUE " : "", deparse_identifier(arena, index->head.name));
    if (table != NULL) {
        /* PG15: pg_get_indexdef always names the schema, its pretty form where needed */
        const Desc *schema = table->head.parent == OID_SCHEMA_PUBLIC ? NULL : store_desc_by_oid(session, arena, DESC_SCHEMA, table->head.parent);

        if (style == DEPARSE_PRETTY)
            strbuf_append_cstring(&text, deparse_relation_name(session, arena, table));
        else
            strbuf_printf(&text, "%s.%s", deparse_identifier(arena, schema != NULL ? schema->name : "public"), deparse_identifier(arena, table->head.name));
    }
    strbuf_printf(&text, " USING %s (", method_name(desc->method));
    for (int16_t i = 0; i < desc->key_count; i++) {
        const IndexColumnDesc *key = &desc->columns[i];
        const TypeInfo        *type = type_by_oid(key->type);
        bool                   own = key->column > 0 && table != NULL && key->column <= table->column_count;
        Oid                    usual = own ? table->columns[key->column - 1].collation : type != NULL ? type->collation : 0;

        strbuf_printf(&text, "%s%s", i > 0 ? ", " : "", index_key(session, arena, table, key, style));
        if (key->collation != 0 && type != NULL && key->collation != usual && key->collation != 100)
            strbuf_append_cstring(&text, " COLLATE \"C\"");
        if (desc->method != INDEX_ORDERED)
            continue;
        if (key->descending)
            strbuf_append_cstring(&text, key->nulls_first ? " DESC" : " DESC NULLS LAST");
        else if (key->nulls_first)
            strbuf_append_cstring(&text, " NULLS FIRST");
    }
    strbuf_append_char(&text, ')');
    for (int16_t i = desc->key_count; i < desc->column_count; i++)
        strbuf_printf(&text, "%s%s%s", i == desc->key_count ? " INCLUDE (" : ", ", deparse_identifier(arena, column_name(table, desc->columns[i].column)),
                      i == desc->column_count - 1 ? ")" : "");
    if (desc->nulls_not_distinct)
        strbuf_append_cstring(&text, " NULLS NOT DISTINCT");
    if (index->options != NULL && *index->options != '\0')
        strbuf_printf(&text, " WITH (%s)", index->options);
    if (desc->predicate.size > 0) {
        const Expr *predicate = deserialize_expr(session, arena, desc->predicate);

        strbuf_printf(&text, " WHERE %s", deparse_expression(session, arena, predicate, table, style));
    }
    return strbuf_cstring(&text);
}

/* ---- constraints --------------------------------------------------------------------------------------------------------------- */

static void append_columns(Arena *arena, StrBuf *text, const RelationDesc *table, const int16_t *columns, int16_t count)
{
    strbuf_append_char(text, '(');
    for (int16_t i = 0; i < count; i++)
        strbuf_printf(text, "%s%s", i > 0 ? ", " : "", deparse_identifier(arena, column_name(table, columns[i])));
    strbuf_append_char(text, ')');
}

static void append_action(StrBuf *text, const char *when, char action)
{
    const char *words = action == 'r' ? "RESTRICT" : action == 'c' ? "CASCADE" : action == 'n' ? "SET NULL" : action == 'd' ? "SET DEFAULT" : NULL;

    if (words != NULL)
        strbuf_printf(text, " ON %s %s", when, words);
}

static void append_foreign_key(Session *session, Arena *arena, StrBuf *text, const RelationDesc *relation, const ConstraintDesc *constraint)
{
    const RelationDesc *foreign = store_relation_by_oid(session, arena, constraint->foreign_table);

    strbuf_append_cstring(text, "FOREIGN KEY ");
    append_columns(arena, text, relation, constraint->columns, constraint->column_count);
    strbuf_printf(text, " REFERENCES %s", foreign != NULL ? deparse_relation_name(session, arena, foreign) : "?");
    append_columns(arena, text, foreign, constraint->foreign_columns, constraint->column_count);
    if (constraint->match == 'f')
        strbuf_append_cstring(text, " MATCH FULL");
    append_action(text, "UPDATE", constraint->on_update);
    append_action(text, "DELETE", constraint->on_delete);
}

static void append_key(Session *session, Arena *arena, StrBuf *text, const RelationDesc *relation, const ConstraintDesc *constraint)
{
    const RelationDesc *index = constraint->index != 0 ? store_relation_by_oid(session, arena, constraint->index) : NULL;

    strbuf_append_cstring(text, constraint->kind == CONSTRAINT_PRIMARY ? "PRIMARY KEY " : "UNIQUE ");
    if (constraint->kind == CONSTRAINT_UNIQUE && index != NULL && index->index != NULL && index->index->nulls_not_distinct)
        strbuf_append_cstring(text, "NULLS NOT DISTINCT ");
    append_columns(arena, text, relation, constraint->columns, constraint->column_count);
    if (index == NULL || index->index == NULL)
        return;
    for (int16_t i = index->index->key_count; i < index->index->column_count; i++)
        strbuf_printf(text, "%s%s%s", i == index->index->key_count ? " INCLUDE (" : ", ",
                      deparse_identifier(arena, column_name(relation, index->index->columns[i].column)), i == index->index->column_count - 1 ? ")" : "");
}

const char *deparse_constraint(Session *session, Arena *arena, const RelationDesc *relation, const ConstraintDesc *constraint, DeparseStyle style)
{
    StrBuf      text;
    const char *check;

    strbuf_init(&text, arena);
    switch (constraint->kind) {
    case CONSTRAINT_CHECK:
        /* PG15: the outer parentheses stay even where the pretty form needs none inside */
        check = deparse_expression(session, arena, deserialize_expr(session, arena, constraint->check_expr), relation, style);
        strbuf_printf(&text, "CHECK (%s)%s", check, constraint->no_inherit ? " NO INHERIT" : "");
        break;
    case CONSTRAINT_FOREIGN:
        append_foreign_key(session, arena, &text, relation, constraint);
        break;
    case CONSTRAINT_PRIMARY:
    case CONSTRAINT_UNIQUE:
        append_key(session, arena, &text, relation, constraint);
        break;
    default:
        break;
    }
    if (constraint->deferrable)
        strbuf_append_cstring(&text, " DEFERRABLE");
    if (constraint->deferred)
        strbuf_append_cstring(&text, " INITIALLY DEFERRED");
    if (!constraint->validated)
        strbuf_append_cstring(&text, " NOT VALID");
    return strbuf_cstring(&text);
}
