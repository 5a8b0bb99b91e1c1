/*
 * verify.c - testing rows that exist against a new constraint.
 *
 * The test is a query over the table, as an administrator would write it.
 */
#include "executor/ddl/run_query.h"
#include "executor/ddl/table_build.h"

/* schema.table, quoted. */
static const char *full_name(Ddl *ddl, const RelationDesc *rel)
{
    return arena_printf(ddl->arena, "%s.%s", ddl_quote(ddl->arena, ddl_schema_name(ddl, rel->head.parent)), ddl_quote(ddl->arena, rel->head.name));
}

/* The edits become visible to queries of this statement, and stay editable. */
static void publish(Ddl *ddl)
{
    for (int32_t i = 0; i < ddl->edit_count; i++) {
        if (!ddl->edits[i].dropped)
            store_desc_put(ddl->session, &ddl->edits[i].rel->head);
    }

}

void verify_not_null(Ddl *ddl, const RelationDesc *rel, const ColumnDesc *column)
{
    const char *name = column->name;

    publish(ddl);
    if (run_first_row(ddl, arena_printf(ddl->arena, "SELECT 1 FROM ONLY %s WHERE %s IS NULL LIMIT 1", full_name(ddl, rel), ddl_quote(ddl->arena, name))) != NULL) {
        Error *err = error_new(SQLSTATE_NOT_NULL_VIOLATION, "column \"%s\" of relation \"%s\" contains null values", name, rel->head.name);

        error_object(err, ddl_schema_name(ddl, rel->head.parent), rel->head.name, name, NULL);
        error_raise(err);
    }
}

static void verify_check(Ddl *ddl, const RelationDesc *rel, const ConstraintDesc *constraint)
{
    const char *sql = arena_printf(ddl->arena, "SELECT 1 FROM ONLY %s WHERE NOT (%s) LIMIT 1", full_name(ddl, rel), constraint->check_text);

    if (run_first_row(ddl, sql) != NULL) {
        Error *err = error_new(SQLSTATE_CHECK_VIOLATION, "check constraint \"%s\" of relation \"%s\" is violated by some row", constraint->name, rel->head.name);

        error_object(err, ddl_schema_name(ddl, rel->head.parent), rel->head.name, NULL, constraint->name);
        error_raise(err);
    }
}

static void verify_foreign(Ddl *ddl, const RelationDesc *rel, const ConstraintDesc *constraint)
{
    const RelationDesc *parent = ddl_relation_by_oid(ddl, constraint->foreign_table);
    StrBuf              sql;
    StrBuf              keys;
    StrBuf              values;
    const char *const  *row;

    strbuf_init(&sql, ddl->arena);
    strbuf_append_cstring(&sql, "SELECT ");
    for (int16_t i = 0; i < constraint->column_count; i++)
        strbuf_printf(&sql, "%sfk.%s", i > 0 ? ", " : "", ddl_quote(ddl->arena, rel->columns[constraint->columns[i] - 1].name));
    strbuf_printf(&sql, " FROM ONLY %s fk LEFT OUTER JOIN ONLY %s pk ON (", full_name(ddl, rel), full_name(ddl, parent));
    for (int16_t i = 0; i < constraint->column_count; i++)
        strbuf_printf(&sql, "%spk.%s = fk.%s", i > 0 ? " AND " : "", ddl_quote(ddl->arena, parent->columns[constraint->foreign_columns[i] - 1].name),
                      ddl_quote(ddl->arena, rel->columns[constraint->columns[i] - 1].name));
    strbuf_printf(&sql, ") WHERE pk.%s IS NULL AND (", ddl_quote(ddl->arena, parent->columns[constraint->foreign_columns[0] - 1].name));
    for (int16_t i = 0; i < constraint->column_count; i++)
        strbuf_printf(&sql, "%sfk.%s IS NOT NULL", i == 0 ? "" : constraint->match == 'f' ? " OR " : " AND ",
                      ddl_quote(ddl->arena, rel->columns[constraint->columns[i] - 1].name));
    strbuf_append_cstring(&sql, ") LIMIT 1");
    row = run_first_row(ddl, strbuf_cstring(&sql));
    if (row != NULL) {
        Error *err = error_new(SQLSTATE_FOREIGN_KEY_VIOLATION, "insert or update on table \"%s\" violates foreign key constraint \"%s\"", rel->head.name, constraint->name);

        strbuf_init(&keys, ddl->arena);
        strbuf_init(&values, ddl->arena);
        for (int16_t i = 0; i < constraint->column_count; i++) {
            strbuf_printf(&keys, "%s%s", i > 0 ? ", " : "", rel->columns[constraint->columns[i] - 1].name);
            strbuf_printf(&values, "%s%s", i > 0 ? ", " : "", row[i] != NULL ? row[i] : "null");
        }
        error_detail(err, "Key (%s)=(%s) is not present in table \"%s\".", strbuf_cstring(&keys), strbuf_cstring(&values), parent->head.name);
        error_object(err, ddl_schema_name(ddl, rel->head.parent), rel->head.name, NULL, constraint->name);
        error_raise(err);
    }
}

void verify_constraint(Ddl *ddl, const RelationDesc *rel, const ConstraintDesc *constraint)
{
    publish(ddl);
    if (constraint->kind == CONSTRAINT_CHECK)
        verify_check(ddl, rel, constraint);
    else if (constraint->kind == CONSTRAINT_FOREIGN)
        verify_foreign(ddl, rel, constraint);
}
