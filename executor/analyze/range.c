/* range.c - entries of the range table, and the scopes they are seen from. */
#include "executor/analyze/binder.h"
#include "executor/store/store.h"

/* ---- scopes ----------------------------------------------------------------------------------------------------------------- */

void scope_open(Scope *scope, Binder *b, Scope *parent, QueryCommand command)
{
    *scope = (Scope){.b = b, .parent = parent};
    scope->query = ARENA_NEW(b->arena, Query);
    scope->query->command = command;
}

static bool is_volatile_slot(Expr *expr, void *context)
{
    (void)context;
    return expr_is_volatile(expr);
}

Query *scope_close(Scope *scope)
{
    Query *query = scope->query;

    query->has_aggregates = scope->has_aggregates;
    query->has_windows = scope->has_windows;
    query->has_set_calls = scope->has_set_calls;
    query->has_subqueries = scope->has_subqueries;
    query->has_for_update = query->mark_count > 0;
    query->has_volatile = query_walk(query, is_volatile_slot, NULL);
    return query;
}

/* ---- entries ------------------------------------------------------------------------------------------------------------------ */

RangeEntry *range_entry_new(Binder *b, RangeKind kind, const char *alias)
{
    RangeEntry *entry = ARENA_NEW(b->arena, RangeEntry);

    entry->kind = kind;
    entry->alias = alias;
    return entry;
}

int32_t add_range(Scope *scope, RangeEntry *entry)
{
    Query *query = scope->query;
    size_t count = (size_t)query->range_count;

    if ((count & (count - 1)) == 0)
        query->ranges = arena_grow(scope->b->arena, query->ranges, count * sizeof(RangeEntry *), MAX(count * 2, 1) * sizeof(RangeEntry *));
    query->ranges[query->range_count++] = entry;
    return query->range_count;
}

void apply_column_aliases(Binder *b, RangeEntry *entry, const Alias *alias, const char *what)
{
    int32_t      given = alias != NULL ? list_count(alias->colnames) : 0, available = 0, used = 0;
    RangeColumn *columns;

    if (given == 0)
        return;
    for (int32_t i = 0; i < entry->column_count; i++)
        available += !entry->columns[i].hidden;
    if (given > available)
        bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, -1, "%s \"%s\" has %d columns available but %d columns specified", what, alias->aliasname, available, given);
    columns = ARENA_ARRAY(b->arena, (size_t)MAX(entry->column_count, 1), RangeColumn);
    memcpy(columns, entry->columns, (size_t)entry->column_count * sizeof *columns);
    for (int32_t i = 0; i < entry->column_count && used < given; i++) {
        if (!columns[i].hidden)
            columns[i].name = string_at(alias->colnames, used++);
    }
    entry->columns = columns;
}

static const RangeColumn *table_columns(Binder *b, const RelationDesc *table)
{
    RangeColumn *columns = ARENA_ARRAY(b->arena, (size_t)MAX(table->column_count, 1), RangeColumn);

    for (int16_t i = 0; i < table->column_count; i++) {
        const ColumnDesc *column = &table->columns[i];

        columns[i] = (RangeColumn){column->name, column->type, column->typmod, column->collation, column->dropped};
    }
    return columns;
}

int32_t add_table_range(Scope *scope, const RelationDesc *table, const Alias *alias, bool in_from, int32_t location)
{
    bool        is_view = table->relkind == 'v' && table->view_query.size > 0;
    RangeEntry *entry = range_entry_new(scope->b, is_view ? RANGE_SUBQUERY : RANGE_TABLE, alias != NULL ? alias->aliasname : table->head.name);

    (void)location;
    entry->table = table;
    entry->in_from = in_from;
    entry->column_count = table->column_count;
    entry->columns = table_columns(scope->b, table);
    if (is_view) {
        entry->from_view = true;
        entry->subquery = view_query(scope->b, table);
    }
    apply_column_aliases(scope->b, entry, alias, "table");
    return add_range(scope, entry);
}

const RangeColumn *query_columns(Binder *b, const Query *query, int32_t *count_out)
{
    const Target *targets = query->command == QUERY_SELECT ? query->targets : query->returning;
    int32_t       count = query->command == QUERY_SELECT ? query->target_count : query->returning_count, kept = 0;
    RangeColumn  *columns = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(count, 1), RangeColumn);

    for (int32_t i = 0; i < count; i++) {
        if (!targets[i].junk)
            columns[kept++] = (RangeColumn){targets[i].name, targets[i].expr->type, targets[i].expr->typmod, targets[i].expr->collation, false};
    }
    *count_out = kept;
    return columns;
}

int32_t add_subquery_range(Scope *scope, Query *query, const Alias *alias, const char *name, bool lateral, bool in_from)
{
    RangeEntry *entry = range_entry_new(scope->b, RANGE_SUBQUERY, alias != NULL ? alias->aliasname : name);

    entry->subquery = query;
    entry->lateral = lateral;
    entry->in_from = in_from;
    entry->columns = query_columns(scope->b, query, &entry->column_count);
    apply_column_aliases(scope->b, entry, alias, "table");
    return add_range(scope, entry);
}

int32_t add_values_range(Scope *scope, int32_t count, const ExprList *rows, const Alias *alias, bool in_from)
{
    RangeEntry  *entry = range_entry_new(scope->b, RANGE_VALUES, alias != NULL ? alias->aliasname : "*VALUES*");
    RangeColumn *columns = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)MAX(rows[0].count, 1), RangeColumn);

    entry->values = rows;
    entry->values_count = count;
    entry->in_from = in_from;
    entry->column_count = rows[0].count;
    for (int32_t i = 0; i < rows[0].count; i++) {
        const Expr *first = rows[0].items[i];

        columns[i] = (RangeColumn){arena_printf(scope->b->arena, "column%d", i + 1), first->type, first->typmod, first->collation, false};
        for (int32_t row = 1; row < count; row++) {
            if (rows[row].items[i]->typmod != columns[i].typmod)
                columns[i].typmod = -1;
            if (columns[i].collation == 0)
                columns[i].collation = rows[row].items[i]->collation;
        }
    }
    entry->columns = columns;
    apply_column_aliases(scope->b, entry, alias, "table");
    return add_range(scope, entry);
}

/* ---- relations by name ---------------------------------------------------------------------------------------------------------- */

const RelationDesc *open_relation(Binder *b, const RangeVar *name, bool missing_ok)
{
    const RelationDesc *relation;

    if (name->catalogname != NULL && strcmp(name->catalogname, b->session->database_name) != 0)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, name->node.location, "cross-database references are not implemented: \"%s.%s.%s\"", name->catalogname,
                   name->schemaname, name->relname);
    relation = store_relation_by_name(b->session, b->arena, name->schemaname, name->relname);
    if (relation == NULL) {
        if (missing_ok)
            return NULL;
        if (name->schemaname != NULL)
            bind_error(SQLSTATE_UNDEFINED_TABLE, name->node.location, "relation \"%s.%s\" does not exist", name->schemaname, name->relname);
        bind_error(SQLSTATE_UNDEFINED_TABLE, name->node.location, "relation \"%s\" does not exist", name->relname);
    }
    binder_depend(b, &relation->head);
    return relation;
}

const RelationDesc *analyze_relation(Session *session, Arena *arena, const RangeVar *name, bool missing_ok)
{
    Binder b = {.session = session, .arena = arena};

    return open_relation(&b, name, missing_ok);
}

const char *schema_name_of(Binder *b, Oid schema)
{
    const Desc *desc;

    switch (schema) {
    case OID_SCHEMA_PG_CATALOG:
        return "pg_catalog";
    case OID_SCHEMA_PUBLIC:
        return "public";
    case OID_SCHEMA_INFORMATION_SCHEMA:
        return "information_schema";
    default:
        desc = store_desc_by_oid(b->session, b->arena, DESC_SCHEMA, schema);
        return desc != NULL ? desc->name : NULL;
    }
}
