/* update.c - UPDATE, DELETE and MERGE. */
#include "executor/analyze/binder.h"

/* The table changed: in the range table, and first among the names. */
static const RelationDesc *bind_target(Scope *scope, const RangeVar *var, const char *verb, bool in_from)
{
    const RelationDesc *table = open_target(scope, var, verb);
    NameItem           *item;

    scope->target_range = add_table_range(scope, table, var->alias, in_from, var->node.location);
    scope->query->result_range = scope->target_range;
    item = name_item_new(scope->b, scope->query->ranges[scope->target_range - 1]->alias, scope->target_range, scope->query->ranges[scope->target_range - 1]);
    if (var->alias == NULL) {
        item->schema = table->head.parent;
        item->schema_name = schema_name_of(scope->b, table->head.parent);
    }
    add_name_item(scope, item);
    return table;
}

static void add_from_leaf(Scope *scope, int32_t range)
{
    scope->query->from = ARENA_ARRAY(scope->b->arena, 1, JoinTree *);
    scope->query->from[0] = leaf_of(scope->b, range);
    scope->query->from_count = 1;
}

/* FROM and USING see the target only laterally while they are analyzed: not at all, in fact. */
static void bind_other_tables(Scope *scope, const NodeList *from)
{
    NameItem *target = scope->names.items[0];

    target->lateral_only = true;
    target->lateral_ok = false;
    bind_from(scope, from);
    target->lateral_only = false;
    target->lateral_ok = true;
}

Query *bind_update(Scope *scope, const UpdateStmt *stmt)
{
    const RelationDesc *table;
    TargetList          targets;

    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    table = bind_target(scope, stmt->relation, "update", true);
    add_from_leaf(scope, scope->target_range);
    bind_other_tables(scope, stmt->from_clause);
    scope->query->where = bind_where(scope, stmt->where_clause, CLAUSE_WHERE, "WHERE");
    bind_returning(scope, stmt->returning_list);
    targets = bind_update_targets(scope, stmt->target_list, table, scope->target_range, CLAUSE_UPDATE_SOURCE);
    scope->query->targets = targets.items;
    scope->query->target_count = targets.count;
    return scope_close(scope);
}

Query *bind_delete(Scope *scope, const DeleteStmt *stmt)
{
    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    bind_target(scope, stmt->relation, "delete from", true);
    add_from_leaf(scope, scope->target_range);
    bind_other_tables(scope, stmt->using_clause);
    scope->query->where = bind_where(scope, stmt->where_clause, CLAUSE_WHERE, "WHERE");
    bind_returning(scope, stmt->returning_list);
    return scope_close(scope);
}

/* ---- MERGE -------------------------------------------------------------------------------------------------------------------------- */

static void check_reachable(const NodeList *clauses)
{
    bool closed[2] = {false, false};

    LIST_FOREACH(MergeWhenClause, when, clauses)
    {
        if (closed[when->matched])
            bind_error(SQLSTATE_SYNTAX_ERROR, -1, "unreachable WHEN clause specified after unconditional WHEN clause");
        closed[when->matched] = when->condition == NULL;
    }
}

static TargetList bind_merge_insert(Scope *scope, const RelationDesc *table, const MergeWhenClause *when)
{
    TargetList list = {0};
    ExprList   values = bind_expr_list(scope, when->values, CLAUSE_VALUES_SINGLE, true);
    int32_t    columns = list_count(when->target_list);

    for (int32_t i = 0; i < values.count; i++) {
        const ResTarget *target = columns > 0 && i < columns ? (const ResTarget *)list_at(when->target_list, i) : NULL;
        int16_t          number = 0;
        Expr            *value;

        if (target != NULL) {
            number = find_table_column(table, target->name);
            if (number == 0)
                bind_error(SQLSTATE_UNDEFINED_COLUMN, target->node.location, "column \"%s\" of relation \"%s\" does not exist", target->name, table->head.name);
        } else if (columns == 0) {
            int32_t at = 0;

            for (int16_t k = 1; k <= table->column_count && number == 0; k++) {
                if (!table->columns[k - 1].dropped && at++ == i)
                    number = k;
            }
        }
        if (number == 0)
            bind_error(SQLSTATE_SYNTAX_ERROR, expr_location(values.items[i]), "INSERT has more expressions than target columns");
        value = bind_assignment(scope, values.items[i], table, number, NULL, CLAUSE_INSERT_TARGET, expr_location(values.items[i]));
        if (value->kind == EXPR_DEFAULT)
            continue;
        if (table->columns[number - 1].generated != 0 || (table->columns[number - 1].identity == 'a' && when->override != OVERRIDING_SYSTEM_VALUE)) {
            Error *err = error_new(SQLSTATE_GENERATED_ALWAYS, "cannot insert a non-DEFAULT value into column \"%s\"", table->columns[number - 1].name);

            if (table->columns[number - 1].generated != 0)
                error_detail(err, "Column \"%s\" is a generated column.", table->columns[number - 1].name);
            else
                error_detail(err, "Column \"%s\" is an identity column defined as GENERATED ALWAYS.", table->columns[number - 1].name);
            error_raise(err);
        }
        add_target(scope->b, &list, value, table->columns[number - 1].name, false);
        list.items[list.count - 1].attribute = number;
    }
    if (columns > 0 && values.count > 0 && values.count < columns)
        bind_error(SQLSTATE_SYNTAX_ERROR, list_at(when->target_list, values.count)->location, "INSERT has more target columns than expressions");
    return finish_insert_targets(scope, table, list, when->override);
}

static void bind_action(Scope *scope, const RelationDesc *table, const MergeWhenClause *when, MergeAction *action)
{
    TargetList targets = {0};

    action->matched = when->matched;
    action->condition = bind_where(scope, when->condition, CLAUSE_MERGE_WHEN, "WHEN");
    switch (when->command_type) {
    case MERGE_INSERT:
        action->command = QUERY_INSERT;
        targets = bind_merge_insert(scope, table, when);
        break;
    case MERGE_UPDATE:
        action->command = QUERY_UPDATE;
        targets = bind_update_targets(scope, when->target_list, table, scope->target_range, CLAUSE_UPDATE_SOURCE);
        break;
    case MERGE_DELETE:
        action->command = QUERY_DELETE;
        break;
    default:
        break;
    }
    action->targets = targets.items;
    action->target_count = targets.count;
}

Query *bind_merge(Scope *scope, const MergeStmt *stmt)
{
    Query              *query = scope->query;
    const RelationDesc *table;
    NameItem           *target;
    NameList            source;

    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    check_reachable(stmt->merge_when_clauses);
    table = bind_target(scope, stmt->relation, "merge into", false);
    target = scope->names.items[0];
    target->lateral_only = true;
    target->lateral_ok = false;
    query->from = ARENA_ARRAY(scope->b->arena, 1, JoinTree *);
    query->from[0] = bind_from_item(scope, stmt->source_relation, &source);
    query->from_count = 1;
    target->lateral_only = false;
    target->lateral_ok = true;
    for (int32_t i = 0; i < source.count; i++) {
        if (source.items[i]->name != NULL && strcmp(source.items[i]->name, target->name) == 0)
            bind_error_detail(SQLSTATE_DUPLICATE_ALIAS, -1, "The name is used both as MERGE target table and data source.", "name \"%s\" specified more than once", target->name);
        add_name_item(scope, source.items[i]);
    }
    query->merge_condition = bind_where(scope, stmt->join_condition, CLAUSE_JOIN_ON, "JOIN/ON");
    query->merge_count = list_count(stmt->merge_when_clauses);
    query->merge_actions = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)MAX(query->merge_count, 1), MergeAction);
    LIST_FOREACH(MergeWhenClause, when, stmt->merge_when_clauses)
    {
        /* a row without match has no target to speak of */
        target->relation_visible = target->columns_visible = when->matched;
        bind_action(scope, table, when, &query->merge_actions[when_index]);
    }
    return scope_close(scope);
}
