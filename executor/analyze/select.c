/* select.c - SELECT and VALUES. */
#include "executor/analyze/binder.h"

/* ---- FOR UPDATE ------------------------------------------------------------------------------------------------------------------ */

static const char *strength_name(LockClauseStrength strength)
{
    static const char *const names[] = {
        [LCS_FORKEYSHARE] = "FOR KEY SHARE", [LCS_FORSHARE] = "FOR SHARE", [LCS_FORNOKEYUPDATE] = "FOR NO KEY UPDATE", [LCS_FORUPDATE] = "FOR UPDATE",
    };

    return names[strength];
}

static void refuse_locking(const Query *query, LockClauseStrength strength, bool has_set_calls)
{
    const char *why = NULL;

    if (query->set_op != NULL)
        why = "UNION/INTERSECT/EXCEPT";
    else if (query->distinct)
        why = "DISTINCT clause";
    else if (query->group_count > 0 || query->grouping_sets.count > 0)
        why = "GROUP BY clause";
    else if (query->having != NULL)
        why = "HAVING clause";
    else if (query->has_aggregates)
        why = "aggregate functions";
    else if (query->has_windows)
        why = "window functions";
    else if (has_set_calls)
        why = "set-returning functions in the target list";
    if (why != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "%s is not allowed with %s", strength_name(strength), why);
}

static void add_mark(Binder *b, Query *query, int32_t range, const LockingClause *clause)
{
    static const RowLock  strengths[] = {[LCS_FORKEYSHARE] = ROW_LOCK_KEY_SHARE, [LCS_FORSHARE] = ROW_LOCK_SHARE,
                                         [LCS_FORNOKEYUPDATE] = ROW_LOCK_NO_KEY_UPDATE, [LCS_FORUPDATE] = ROW_LOCK_UPDATE};
    static const LockWait waits[] = {[LOCK_WAIT_BLOCK] = LOCK_WAIT, [LOCK_WAIT_SKIP] = LOCK_SKIP, [LOCK_WAIT_ERROR] = LOCK_NOWAIT};
    static const int      firmness[] = {[LOCK_WAIT] = 0, [LOCK_SKIP] = 1, [LOCK_NOWAIT] = 2};
    LockWait wait = waits[clause->wait_policy];

    for (int32_t i = 0; i < query->mark_count; i++) {
        RowMark *mark = &query->marks[i];

        if (mark->range != range)
            continue;
        mark->strength = MAX(mark->strength, strengths[clause->strength]);
        if (firmness[wait] > firmness[mark->wait])
            mark->wait = wait;
        return;
    }
    query->marks = arena_grow(b->arena, query->marks, (size_t)query->mark_count * sizeof(RowMark), (size_t)(query->mark_count + 1) * sizeof(RowMark));
    query->marks[query->mark_count++] = (RowMark){range, strengths[clause->strength], wait};
    query->has_for_update = true;
}

static void lock_all(Binder *b, Query *query, const LockingClause *clause);

static void lock_range(Binder *b, Query *query, int32_t range, const LockingClause *clause)
{
    RangeEntry *entry = query->ranges[range - 1];

    if (entry->kind == RANGE_TABLE && entry->table->group_count > 0)
        add_mark(b, query, range, clause);
    else if (entry->kind == RANGE_SUBQUERY)
        lock_all(b, entry->subquery, clause); /* PG15: the rows below are what is locked */
}

static void lock_all(Binder *b, Query *query, const LockingClause *clause)
{
    refuse_locking(query, clause->strength, query->has_set_calls);
    for (int32_t i = 1; i <= query->range_count; i++) {
        if (query->ranges[i - 1]->in_from)
            lock_range(b, query, i, clause);
    }
}

static void lock_named(Scope *scope, const RangeVar *name, const LockingClause *clause)
{
    Query *query = scope->query;

    if (name->catalogname != NULL || name->schemaname != NULL)
        bind_error(SQLSTATE_SYNTAX_ERROR, name->node.location, "%s must specify unqualified relation names", strength_name(clause->strength));
    for (int32_t i = 1; i <= query->range_count; i++) {
        const RangeEntry *entry = query->ranges[i - 1];
        const char       *what = NULL;

        if (!entry->in_from || entry->alias == NULL || strcmp(entry->alias, name->relname) != 0)
            continue;
        switch (entry->kind) {
        case RANGE_JOIN:
            what = "a join";
            break;
        case RANGE_FUNCTION:
            what = "a function";
            break;
        case RANGE_VALUES:
            what = "VALUES";
            break;
        case RANGE_CTE:
            what = "a WITH query";
            break;
        default:
            break;
        }
        if (what != NULL)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, name->node.location, "%s cannot be applied to %s", strength_name(clause->strength), what);
        lock_range(scope->b, query, i, clause);
        return;
    }
    bind_error(SQLSTATE_UNDEFINED_TABLE, name->node.location, "relation \"%s\" in %s clause not found in FROM clause", name->relname, strength_name(clause->strength));
}

static void bind_locking(Scope *scope, const NodeList *clauses)
{
    LIST_FOREACH(LockingClause, clause, clauses)
    {
        refuse_locking(scope->query, clause->strength, scope->has_set_calls);
        if (clause->locked_rels == NULL) {
            for (int32_t i = 1; i <= scope->query->range_count; i++) {
                if (scope->query->ranges[i - 1]->in_from)
                    lock_range(scope->b, scope->query, i, clause);
            }
        } else {
            LIST_FOREACH(RangeVar, name, clause->locked_rels)
            {
                lock_named(scope, name, clause);
            }
        }
    }
}

/* ---- LIMIT --------------------------------------------------------------------------------------------------------------------------- */

static void bind_limits(Scope *scope, const SelectStmt *stmt)
{
    const Node *count = stmt->limit_count;
    Query      *query = scope->query;
    bool        all = count != NULL && count->tag == NODE_A_CONST && ((const A_Const *)count)->kind == CONST_NULL;

    query->with_ties = stmt->limit_option == LIMIT_OPTION_WITH_TIES;
    query->offset = bind_limit(scope, stmt->limit_offset, CLAUSE_OFFSET, "OFFSET");
    if (all && query->with_ties)
        raise_error(SQLSTATE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "row count cannot be null in FETCH FIRST ... WITH TIES clause");
    query->limit = all ? NULL : bind_limit(scope, count, CLAUSE_LIMIT, "LIMIT");
}

static void take_targets(Query *query, const TargetList *targets, const SortList *order)
{
    query->targets = targets->items;
    query->target_count = targets->count;
    query->order = order->items;
    query->order_count = order->count;
}

/* ---- SELECT --------------------------------------------------------------------------------------------------------------------------- */

static Query *bind_plain(Scope *scope, const SelectStmt *stmt)
{
    Query     *query = scope->query;
    TargetList targets;
    SortList   order, distinct = {0};

    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    LIST_FOREACH(WindowDef, window, stmt->window_clause)
    {
        scope->windows = arena_grow(scope->b->arena, scope->windows, (size_t)scope->window_count * sizeof(WindowDef *),
                                    (size_t)(scope->window_count + 1) * sizeof(WindowDef *));
        scope->windows[scope->window_count++] = window;
    }
    bind_from(scope, stmt->from_clause);
    targets = bind_target_list(scope, stmt->target_list, CLAUSE_SELECT_TARGET);
    mark_origins(query, targets);
    query->where = bind_where(scope, stmt->where_clause, CLAUSE_WHERE, "WHERE");
    query->having = bind_where(scope, stmt->having_clause, CLAUSE_HAVING, "HAVING");
    order = bind_sort(scope, stmt->sort_clause, &targets, CLAUSE_ORDER_BY, false);
    query->group_distinct = stmt->group_distinct;
    bind_group(scope, stmt->group_clause, &targets, &order);
    if (stmt->distinct)
        distinct = bind_distinct(scope, &targets, &order, false, "SELECT DISTINCT");
    else if (stmt->distinct_on != NULL)
        distinct = bind_distinct_on(scope, stmt->distinct_on, &targets, &order);
    query->distinct = stmt->distinct || stmt->distinct_on != NULL;
    query->distinct_on = stmt->distinct_on != NULL;
    query->distincts = distinct.items;
    query->distinct_count = distinct.count;
    bind_limits(scope, stmt);
    bind_windows(scope, &targets);
    if (!scope->keep_unknown)
        resolve_unknown_targets(scope, &targets);
    take_targets(query, &targets, &order);
    query->has_aggregates = scope->has_aggregates;
    query->has_windows = scope->has_windows;
    bind_locking(scope, stmt->locking_clause);
    check_aggregates(scope);
    return scope_close(scope);
}

Query *bind_select(Scope *scope, const SelectStmt *stmt)
{
    if (stmt->into_clause != NULL && scope->parent != NULL)
        bind_error(SQLSTATE_SYNTAX_ERROR, stmt->into_clause->rel->node.location, "SELECT ... INTO is not allowed here");
    if (stmt->values_lists != NULL)
        return bind_values(scope, stmt);
    if (stmt->op != SETOP_NONE)
        return bind_set_operation(scope, stmt);
    return bind_plain(scope, stmt);
}

/* ---- VALUES --------------------------------------------------------------------------------------------------------------------------- */

Query *bind_values(Scope *scope, const SelectStmt *stmt)
{
    Binder    *b = scope->b;
    int32_t    rows = list_count(stmt->values_lists), range;
    ExprList  *lists = ARENA_ARRAY_ZEROED(b->arena, (size_t)rows, ExprList);
    TargetList targets = {0};
    SortList   order;
    NameItem  *item;

    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    for (int32_t i = 0; i < rows; i++) {
        lists[i] = bind_expr_list(scope, (const NodeList *)list_at(stmt->values_lists, i), CLAUSE_VALUES, false);
        if (lists[i].count != lists[0].count)
            bind_error(SQLSTATE_SYNTAX_ERROR, node_location(list_at(stmt->values_lists, i)), "VALUES lists must all be the same length");
    }
    for (int32_t column = 0; column < lists[0].count; column++) {
        ExprList whole = {0};
        Oid      type;

        for (int32_t i = 0; i < rows; i++)
            whole = expr_list_append(b->arena, whole, lists[i].items[column]);
        type = common_type(scope, whole, "VALUES", NULL);
        for (int32_t i = 0; i < rows; i++)
            lists[i].items[column] = coerce_to_common(scope, lists[i].items[column], type, "VALUES");
    }
    range = add_values_range(scope, rows, lists, NULL, true);
    item = name_item_new(b, "*VALUES*", range, scope->query->ranges[range - 1]);
    add_name_item(scope, item);
    scope->query->from = ARENA_ARRAY(b->arena, 1, JoinTree *);
    scope->query->from[0] = leaf_of(b, range);
    scope->query->from_count = 1;
    for (int32_t i = 0; i < item->column_count; i++)
        add_target(b, &targets, column_of_item(scope, item, i + 1, 0, -1), item->columns[i].name, false);
    order = bind_sort(scope, stmt->sort_clause, &targets, CLAUSE_ORDER_BY, false);
    bind_limits(scope, stmt);
    if (stmt->locking_clause != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "%s cannot be applied to VALUES", strength_name(((const LockingClause *)list_first(stmt->locking_clause))->strength));
    take_targets(scope->query, &targets, &order);
    return scope_close(scope);
}
