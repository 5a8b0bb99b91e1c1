/* sort_group.c - ORDER BY and DISTINCT: finding the targets that they mean, and the operators that order them. */
#include "executor/analyze/binder.h"

static void append_clause(Binder *b, SortList *list, SortClause clause)
{
    size_t count = (size_t)list->count;

    if ((count & (count - 1)) == 0)
        list->items = arena_grow(b->arena, list->items, count * sizeof(SortClause), MAX(count * 2, 1) * sizeof(SortClause));
    list->items[list->count++] = clause;
}

bool target_in_sort(int32_t target, const SortClause *items, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (items[i].target == target)
            return true;
    }
    return false;
}

/* ---- finding targets ---------------------------------------------------------------------------------------------------------- */

/* An implicit cast around a target is looked through: ORDER BY means what was written. */
static const Expr *strip_implicit(const Expr *expr)
{
    for (;;) {
        switch (expr->kind) {
        case EXPR_CALL:
            if (!expr->call.cast_form || !expr->call.implicit)
                return expr;
            expr = expr->call.args.items[0];
            break;
        case EXPR_RELABEL:
        case EXPR_COERCE_IO:
        case EXPR_COERCE_TYPMOD:
        case EXPR_COERCE_ARRAY:
            if (!expr->unary.implicit)
                return expr;
            expr = expr->unary.arg;
            break;
        default:
            return expr;
        }
    }
}

int32_t find_target_sql99(Scope *scope, const Node *node, TargetList *targets, Clause clause)
{
    Expr *expr = bind_expr(scope, node, clause);

    for (int32_t i = 0; i < targets->count; i++) {
        if (expr_equal(strip_implicit(targets->items[i].expr), expr) || expr_equal(targets->items[i].expr, expr))
            return i;
    }
    return add_target(scope->b, targets, expr, NULL, true);
}

static void check_target(Scope *scope, const Expr *expr, Clause clause)
{
    if (clause != CLAUSE_GROUP_BY)
        return;
    if (scope->has_aggregates && contains_aggregate_of_level(expr, 0))
        bind_error(SQLSTATE_GROUPING_ERROR, locate_aggregate_of_level(expr, 0), "aggregate functions are not allowed in %s", clause_name(clause));
    if (scope->has_windows && expr_contains(expr, EXPR_WINDOW))
        bind_error(SQLSTATE_WINDOWING_ERROR, locate_window(expr), "window functions are not allowed in %s", clause_name(clause));
}

/* Does a name alone mean a column of FROM? GROUP BY prefers that to an output column. */
static bool is_input_column(Scope *scope, const char *name)
{
    for (int32_t i = 0; i < scope->names.count; i++) {
        const NameItem *item = scope->names.items[i];

        for (int32_t k = 0; item->columns_visible && k < item->column_count; k++) {
            if (!item->columns[k].hidden && strcmp(item->columns[k].name, name) == 0)
                return true;
        }
    }
    return false;
}

static int32_t find_by_name(Scope *scope, const char *name, int32_t location, const TargetList *targets, Clause clause)
{
    int32_t found = -1;

    for (int32_t i = 0; i < targets->count; i++) {
        const Target *target = &targets->items[i];

        if (target->junk || strcmp(target->name, name) != 0)
            continue;
        if (found >= 0 && !expr_equal(targets->items[found].expr, target->expr))
            bind_error(SQLSTATE_AMBIGUOUS_COLUMN, location, "%s \"%s\" is ambiguous", clause_name(clause), name);
        if (found < 0)
            found = i;
    }
    if (found >= 0)
        check_target(scope, targets->items[found].expr, clause);
    return found;
}

int32_t find_target_sql92(Scope *scope, const Node *node, TargetList *targets, Clause clause)
{
    if (node->tag == NODE_COLUMN_REF && list_count(((const ColumnRef *)node)->fields) == 1 && list_first(((const ColumnRef *)node)->fields)->tag == NODE_STRING) {
        const char *name = string_at(((const ColumnRef *)node)->fields, 0);

        if (clause != CLAUSE_GROUP_BY || !is_input_column(scope, name)) {
            int32_t found = find_by_name(scope, name, node->location, targets, clause);

            if (found >= 0)
                return found;
        }
    }
    if (node->tag == NODE_A_CONST) {
        const A_Const *constant = (const A_Const *)node;
        int32_t        position = 0;

        if (constant->kind != CONST_INTEGER)
            bind_error(SQLSTATE_SYNTAX_ERROR, node->location, "non-integer constant in %s", clause_name(clause));
        for (int32_t i = 0; i < targets->count; i++) {
            if (!targets->items[i].junk && ++position == constant->ival) {
                check_target(scope, targets->items[i].expr, clause);
                return i;
            }
        }
        bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, node->location, "%s position %d is not in select list", clause_name(clause), constant->ival);
    }
    return find_target_sql99(scope, node, targets, clause);
}

/* ---- operators -------------------------------------------------------------------------------------------------------------------- */

/* Arrays compare when their elements do. */
static const Operator *comparison(Scope *scope, Oid type, const char *name)
{
    Oid element = type_element(scope->b, type);

    if (element != 0 && type != TYPE_RECORD_ARRAY && type_compare_operator(scope->b, element, name) == NULL)
        return NULL;
    return type_compare_operator(scope->b, type, name);
}

static noreturn void raise_no_order(Scope *scope, Oid type, int32_t location)
{
    bind_error_hint(SQLSTATE_UNDEFINED_FUNCTION, location, "Use an explicit ordering operator or modify the query.",
                    "could not identify an ordering operator for type %s", type_text(scope->b, type));
}

SortClause default_sort_clause(Scope *scope, const Expr *expr, int32_t target, int32_t location, bool need_order)
{
    const Operator *equal = comparison(scope, expr->type, "="), *less = comparison(scope, expr->type, "<");

    if (need_order && less == NULL)
        raise_no_order(scope, expr->type, location >= 0 ? location : expr_location(expr));
    if (equal == NULL)
        bind_error(SQLSTATE_UNDEFINED_FUNCTION, location >= 0 ? location : expr_location(expr), "could not identify an equality operator for type %s",
                   type_text(scope->b, expr->type));
    return (SortClause){.target = target, .equal_op = equal->oid, .order_op = less != NULL ? less->oid : 0};
}

static void untyped_to_text(Scope *scope, Target *target)
{
    if (target->expr->type == TYPE_UNKNOWN)
        target->expr = coerce_type(scope, target->expr, TYPE_TEXT, -1, CAST_IMPLICIT, true, -1);
}

static SortClause using_operator(Scope *scope, const SortBy *sort, const Expr *expr, int32_t target)
{
    const Operator *op = resolve_operator(scope, sort->use_op, expr->type, expr->type, false, sort->node.location);
    const Operator *less = comparison(scope, expr->type, "<"), *greater = comparison(scope, expr->type, ">"), *equal = comparison(scope, expr->type, "=");

    if ((op != less && op != greater) || equal == NULL)
        bind_error_hint(SQLSTATE_WRONG_OBJECT_TYPE, sort->node.location, "Ordering operators must be \"<\" or \">\" members of btree operator families.",
                        "operator %s is not a valid ordering operator", string_at(sort->use_op, list_count(sort->use_op) - 1));
    return (SortClause){.target = target, .equal_op = equal->oid, .order_op = op->oid, .descending = op == greater};
}

SortList bind_sort(Scope *scope, const NodeList *nodes, TargetList *targets, Clause clause, bool sql99)
{
    SortList list = {0};

    LIST_FOREACH(SortBy, sort, nodes)
    {
        int32_t    target = sql99 ? find_target_sql99(scope, sort->expr, targets, clause) : find_target_sql92(scope, sort->expr, targets, clause);
        int32_t    location;
        Expr      *expr;
        SortClause item;
        bool       duplicate = false;

        untyped_to_text(scope, &targets->items[target]);
        expr = targets->items[target].expr;
        location = node_location(sort->expr);
        if (sort->sortby_dir == SORTBY_USING) {
            item = using_operator(scope, sort, expr, target);
        } else {
            item = default_sort_clause(scope, expr, target, location, true);
            if (sort->sortby_dir == SORTBY_DESC) {
                item.order_op = comparison(scope, expr->type, ">")->oid;
                item.descending = true;
            }
        }
        item.nulls_first = sort->sortby_nulls == SORTBY_NULLS_DEFAULT ? item.descending : sort->sortby_nulls == SORTBY_NULLS_FIRST;
        for (int32_t i = 0; i < list.count; i++)
            duplicate |= list.items[i].target == target && (list.items[i].order_op == item.order_op || list.items[i].descending != item.descending);
        if (!duplicate)
            append_clause(scope->b, &list, item);
    }
    return list;
}

SortList add_group_clause(Scope *scope, int32_t target, TargetList *targets, SortList list, int32_t location)
{
    if (target_in_sort(target, list.items, list.count))
        return list;
    untyped_to_text(scope, &targets->items[target]);
    append_clause(scope->b, &list, default_sort_clause(scope, targets->items[target].expr, target, location, false));
    return list;
}

/* ---- DISTINCT --------------------------------------------------------------------------------------------------------------------- */

SortList bind_distinct(Scope *scope, TargetList *targets, const SortList *order, bool is_agg, const char *what)
{
    SortList list = {0};

    (void)what;
    for (int32_t i = 0; i < order->count; i++) {
        const Target *target = &targets->items[order->items[i].target];

        if (target->junk)
            bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, expr_location(target->expr), "%s",
                       is_agg ? "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list"
                              : "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
        append_clause(scope->b, &list, order->items[i]);
    }
    for (int32_t i = 0; i < targets->count; i++) {
        if (!targets->items[i].junk)
            list = add_group_clause(scope, i, targets, list, expr_location(targets->items[i].expr));
    }
    if (list.count == 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "%s", is_agg ? "an aggregate with DISTINCT must have at least one argument" : "SELECT DISTINCT must have at least one column");
    return list;
}

SortList bind_distinct_on(Scope *scope, const NodeList *exprs, TargetList *targets, const SortList *order)
{
    SortList list = {0};
    int32_t  count = list_count(exprs);
    int32_t *wanted = ARENA_ARRAY(scope->b->arena, (size_t)MAX(count, 1), int32_t);
    bool     skipped = false;

    for (int32_t i = 0; i < count; i++)
        wanted[i] = find_target_sql92(scope, list_at(exprs, i), targets, CLAUSE_DISTINCT_ON);
    /* the first keys of ORDER BY, in its order, must be these */
    for (int32_t i = 0; i < order->count; i++) {
        bool is_wanted = false;

        for (int32_t k = 0; k < count; k++)
            is_wanted |= wanted[k] == order->items[i].target;
        if (is_wanted) {
            if (skipped)
                bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, expr_location(targets->items[order->items[i].target].expr),
                           "SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
            append_clause(scope->b, &list, order->items[i]);
        } else {
            skipped = true;
        }
    }
    for (int32_t i = 0; i < count; i++) {
        if (target_in_sort(wanted[i], list.items, list.count))
            continue;
        if (skipped)
            bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, node_location(list_at(exprs, i)), "SELECT DISTINCT ON expressions must match initial ORDER BY expressions");
        list = add_group_clause(scope, wanted[i], targets, list, node_location(list_at(exprs, i)));
    }
    return list;
}
