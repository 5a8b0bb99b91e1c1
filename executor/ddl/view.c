/*
 * view.c - CREATE VIEW; CREATE TABLE AS, SELECT INTO and materialized views.
 */
#include "executor/ddl/drop.h"
#include "executor/ddl/rows.h"
#include "executor/ddl/run_query.h"
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/serialize/serialize.h"
#include "executor/session/prepared.h"

#include <inttypes.h>

/* Columns of the relation from the query's targets, renamed by names as far as these go. */
static void set_columns(Ddl *ddl, RelationDesc *rel, Query *query, const NodeList *names)
{
    int32_t at = 0;

    for (int32_t i = 0; i < query->target_count; i++) {
        Target         *target = &query->targets[i];
        const TypeInfo *info;
        ColumnDesc      column = {.statistics_target = -1};

        if (target->junk)
            continue;
        if (at < list_count(names))
            target->name = string_at(names, at);
        at++;
        column.name = arena_strdup(ddl->arena, target->name);
        if (ddl_find_column(rel, column.name) != NULL)
            raise_error(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", column.name);
        column.type = target->expr->type == TYPE_UNKNOWN ? TYPE_TEXT : target->expr->type;
        column.typmod = target->expr->typmod;
        column.collation = target->expr->collation;
        info = type_lookup(ddl->session, ddl->arena, column.type);
        if (info == NULL || info->kind == 'p')
            raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "column \"%s\" has pseudo-type %s", column.name, deparse_type(ddl->session, ddl->arena, column.type, -1));
        column.phys = info->phys;
        if (column.type == TYPE_VECTOR && column.typmod > 0 && rel->relkind == 'r') {
            ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)rel->group_count + 1, ColumnGroupDesc);

            ddl_copy(groups, rel->groups, sizeof *groups * (size_t)rel->group_count);
            groups[rel->group_count] = (ColumnGroupDesc){store_new_storage_id(ddl->session), (uint32_t)column.typmod * 4};
            column.group = (uint16_t)rel->group_count++;
            rel->groups = groups;
        }
        ddl_append_column(ddl, rel, &column);
    }
    if (list_count(names) > at)
        raise_error(SQLSTATE_SYNTAX_ERROR, "%s", rel->relkind == 'v' ? "CREATE VIEW specifies more column names than columns" : "too many column names were specified");
}

static void set_query(Ddl *ddl, RelationDesc *rel, Query *query)
{
    int32_t           count;
    const Dependency *list = serialize_dependencies_of_query(ddl->arena, query, &count);

    for (int32_t i = 0; i < count; i++)
        ddl_append_dependency(ddl, rel, list[i]);
    rel->view_query = serialize_query(ddl->arena, query);
    rel->view_text = deparse_query(ddl->session, ddl->arena, query, DEPARSE_PLAIN);
}

/* CREATE OR REPLACE VIEW: the old columns must stand first, with their names and types. */
static void check_replacement(Ddl *ddl, const RelationDesc *old, const RelationDesc *new)
{
    if (old->relkind != 'v')
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a view", old->head.name);
    ddl_check_owner(ddl, &old->head, "view");
    if (new->column_count < old->column_count)
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "cannot drop columns from view");
    for (int16_t i = 0; i < old->column_count; i++) {
        const ColumnDesc *before = &old->columns[i];
        const ColumnDesc *after = &new->columns[i];

        if (strcmp(before->name, after->name) != 0) {
            Error *err = error_new(SQLSTATE_INVALID_TABLE_DEFINITION, "cannot change name of view column \"%s\" to \"%s\"", before->name, after->name);

            error_hint(err, "Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
            error_raise(err);
        }
        if (before->type != after->type || before->typmod != after->typmod)
            raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "cannot change data type of view column \"%s\" from %s to %s", before->name,
                        deparse_type(ddl->session, ddl->arena, before->type, before->typmod), deparse_type(ddl->session, ddl->arena, after->type, after->typmod));
    }
}

const char *ddl_create_view(Ddl *ddl, const ViewStmt *stmt)
{
    RelationDesc       *view = build_relation(ddl, stmt->view, 'v');
    ParamTypes          none = {0};
    Query              *query;
    const RelationDesc *old;

    if (stmt->with_check_option != VIEW_NO_CHECK_OPTION)
        ddl_not_supported("WITH CHECK OPTION");
    if (((const SelectStmt *)stmt->query)->into_clause != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "views must not contain SELECT INTO");
    query = analyze_statement(ddl->session, ddl->arena, stmt->query, &none);
    if (query->modifies_in_cte)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "views must not contain data-modifying statements in WITH");
    if (none.count > 0)
        raise_error(SQLSTATE_UNDEFINED_PARAMETER, "there is no parameter $1");
    set_columns(ddl, view, query, stmt->aliases);
    if (view->column_count == 0)
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "view must have at least one column");
    view->options = ddl_options_text(ddl, stmt->options);
    old = (const RelationDesc *)store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, view->head.parent, view->head.name);
    if (old != NULL && !stmt->replace)
        raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", view->head.name);
    for (int32_t i = 0; i < query->range_count && view->persistence == 'p'; i++) {
        if (query->ranges[i]->kind == RANGE_TABLE && query->ranges[i]->table->persistence == 't') {
            RangeVar name = *stmt->view; /* PG15: a view over a temporary table is temporary */

            ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "view \"%s\" will be a temporary view", view->head.name);
            name.relpersistence = RELPERSISTENCE_TEMP;
            view->head.parent = ddl_creation_schema(ddl, &name);
            view->persistence = 't';
        }
    }
    if (old != NULL) {
        check_replacement(ddl, old, view);
        store_lock_relation(ddl->session, old->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
        view->head.oid = old->head.oid;
        view->head.owner = old->head.owner;
        view->head.acl = old->head.acl;
        view->row_type = old->row_type;
        view->row_type_array = old->row_type_array;
    } else {
        build_row_type(ddl, view);
    }
    set_query(ddl, view, query);
    ddl_new_relation(ddl, view);
    ddl_flush(ddl);
    return "CREATE VIEW";
}

/* ---- CREATE TABLE AS ----------------------------------------------------------------------------------------------------------------- */

static Query *query_of(Ddl *ddl, const Node *stmt)
{
    ParamTypes none = {0};

    if (stmt->tag == NODE_EXECUTE_STMT) {
        PreparedStatement *prepared = prepared_get(ddl->session, ((const ExecuteStmt *)stmt)->name);

        if (((const ExecuteStmt *)stmt)->params != NULL)
            ddl_not_supported("CREATE TABLE AS EXECUTE with parameters");
        return analyze_statement(ddl->session, ddl->arena, prepared->stmt, &none);
    }
    return analyze_statement(ddl->session, ddl->arena, stmt, &none);
}

static RelationDesc *new_table(Ddl *ddl, const IntoClause *into, Query *query, char relkind)
{
    RelationDesc    *rel = build_relation(ddl, into->rel, 'r');
    ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, 1, ColumnGroupDesc);

    groups[0].storage_id = store_new_storage_id(ddl->session);
    rel->groups = groups;
    rel->group_count = 1;
    rel->chunk_storage = store_new_storage_id(ddl->session);
    rel->options = ddl_options_text(ddl, into->options);
    set_columns(ddl, rel, query, into->col_names);
    rel->relkind = relkind;
    build_row_type(ddl, rel);
    store_table_create(ddl->session, rel);
    return rel;
}

static int64_t fill_from_query(Ddl *ddl, const RelationDesc *rel, Query *query)
{
    const PlannedStatement *planned;
    Execution              *execution = run_query(ddl, query, &planned);
    int64_t                 rows = 0;
    Batch                  *batch;

    while ((batch = execution_next(execution, BATCH_ROWS)) != NULL) {
        if (batch->count > 0)
            rows += rows_insert(ddl, rel, batch);
    }
    execution_end(execution);
    return rows;
}

const char *ddl_create_table_as(Ddl *ddl, const CreateTableAsStmt *stmt)
{
    bool          view = stmt->objtype == OBJECT_MATVIEW;
    RangeVar     *name = stmt->into->rel;
    Oid           schema = ddl_creation_schema(ddl, name);
    Query        *query;
    RelationDesc *rel;
    int64_t       rows = 0;

    if (store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, schema, name->relname) != NULL) {
        if (!stmt->if_not_exists)
            raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", name->relname);
        ddl_notice(ddl, SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping", name->relname);
        return view ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    }
    query = query_of(ddl, stmt->query);
    rel = new_table(ddl, stmt->into, query, view ? 'm' : 'r');
    if (view)
        set_query(ddl, rel, query);
    ddl_new_relation(ddl, rel);
    ddl_flush(ddl);
    if (stmt->into->skip_data)
        return view ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    rows = fill_from_query(ddl, rel, query);
    ddl->session->rows_affected = rows;
    return arena_printf(ddl->arena, "SELECT %" PRId64, rows);
}

const char *ddl_refresh_view(Ddl *ddl, const RefreshMatViewStmt *stmt)
{
    const RelationDesc *found = ddl_relation(ddl, stmt->relation, false);
    RelationDesc       *rel;

    if (found->relkind != 'm')
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "\"%s\" is not a materialized view", found->head.name);
    ddl_check_owner(ddl, &found->head, "materialized view");
    store_lock_relation(ddl->session, found->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
    ddl_truncate_relation(ddl, ddl_relation_by_oid(ddl, found->head.oid));
    rel = ddl_edit(ddl, found);
    ddl_flush(ddl);
    if (!stmt->skip_data) {
        fill_from_query(ddl, rel, deserialize_query(ddl->session, ddl->arena, rel->view_query));
        for (int16_t i = 0; i < rel->index_count; i++)
            fill_index(ddl, rel, ddl_relation_by_oid(ddl, rel->indexes[i]));
    }
    return "REFRESH MATERIALIZED VIEW";
}
