/* setop.c - UNION, INTERSECT, EXCEPT: a tree of subqueries with one row type. */
#include "executor/analyze/binder.h"

typedef struct SetOp {
    Scope             *scope;
    int32_t            count;   /* columns */
    const char       **names;   /* of the leftmost query */
} SetOp;

/* One side: the tree, and an expression of each column's type for the choice of the common type. */
typedef struct Side {
    SetOpTree *tree;
    ExprList   columns;
} Side;

static bool is_leaf(const SelectStmt *stmt)
{
    return stmt->op == SETOP_NONE || stmt->sort_clause != NULL || stmt->limit_offset != NULL || stmt->limit_count != NULL ||
           stmt->locking_clause != NULL || stmt->with_clause != NULL;
}

static const char *context_name(SetOperation op)
{
    return op == SETOP_UNION ? "UNION" : op == SETOP_INTERSECT ? "INTERSECT" : "EXCEPT";
}

static Query *leaf_query(SetOp *setop, const SetOpTree *leaf)
{
    return setop->scope->query->ranges[leaf->range - 1]->subquery;
}

static Side bind_leaf(SetOp *setop, const SelectStmt *stmt)
{
    Scope *scope = setop->scope;
    Side   side = {.tree = ARENA_NEW(scope->b->arena, SetOpTree)};
    Query *query;

    if (stmt->into_clause != NULL)
        bind_error(SQLSTATE_SYNTAX_ERROR, stmt->into_clause->rel->node.location, "INTO is only allowed on first SELECT of UNION/INTERSECT/EXCEPT");
    query = bind_subquery(scope, &stmt->node, NULL, NULL, true);
    side.tree->range = add_subquery_range(scope, query, NULL, arena_printf(scope->b->arena, "*SELECT* %d", scope->query->range_count + 1), false, false);
    for (int32_t i = 0; i < query->target_count; i++) {
        if (!query->targets[i].junk)
            side.columns = expr_list_append(scope->b->arena, side.columns, query->targets[i].expr);
    }
    return side;
}

/* The columns that a recursive reference has: those of the term without one. */
static void settle_recursive_columns(SetOp *setop, Side *left)
{
    Scope       *scope = setop->scope;
    CommonTable *cte = scope->building_cte;
    const Query *query = leaf_query(setop, left->tree);
    RangeColumn *columns = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)MAX(left->columns.count, 1), RangeColumn);
    int32_t      kept = 0;

    for (int32_t i = 0; i < query->target_count; i++) {
        Target *target = &query->targets[i];

        if (target->junk)
            continue;
        if (target->expr->type == TYPE_UNKNOWN)
            target->expr = coerce_type(scope, target->expr, TYPE_TEXT, -1, CAST_IMPLICIT, true, -1);
        left->columns.items[kept] = target->expr;
        columns[kept] = (RangeColumn){kept < cte->column_count ? cte->columns[kept].name : target->name, target->expr->type, target->expr->typmod, target->expr->collation, false};
        kept++;
    }
    if (cte->column_count > kept)
        bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, -1, "WITH query \"%s\" has %d columns available but %d columns specified", cte->name, kept, cte->column_count);
    cte->columns = columns;
    cte->column_count = kept;
    cte->plan = -2; /* references from here on are recursive */
}

static void check_recursive_types(const CommonTable *cte, Binder *b, ExprList types)
{
    for (int32_t i = 0; i < cte->column_count; i++) {
        if (cte->columns[i].type != types.items[i]->type)
            bind_error_hint(SQLSTATE_DATATYPE_MISMATCH, expr_location(types.items[i]), "Cast the output of the non-recursive term to the correct type.",
                            "recursive query \"%s\" column %d has type %s in non-recursive term but type %s overall", cte->name, i + 1,
                            type_text(b, cte->columns[i].type), type_text(b, types.items[i]->type));
    }
}

/* An expression that says no more than the type of a column. */
static Expr *typed_column(Scope *scope, ExprList pair, Oid type)
{
    Expr *expr = expr_new(scope->b->arena, EXPR_CASE_VALUE, type, expr_location(pair.items[0]));

    expr->typmod = common_typmod(pair, type);
    expr->collation = type_collation(scope->b, type) != 0 ? MAX(common_collation(pair), type_collation(scope->b, type)) : 0;
    return expr;
}

/* An untyped literal of a leaf takes the common type at once, so that it is read as such. */
static void type_literal(SetOp *setop, const Side *side, int32_t column, Oid type, const char *context)
{
    Query  *query;
    int32_t at = 0;

    if (side->columns.items[column]->type != TYPE_UNKNOWN)
        return;
    side->columns.items[column] = coerce_to_common(setop->scope, side->columns.items[column], type, context);
    if (side->tree->range == 0)
        return;
    query = leaf_query(setop, side->tree);
    for (int32_t i = 0; i < query->target_count; i++) {
        if (!query->targets[i].junk && at++ == column)
            query->targets[i].expr = side->columns.items[column];
    }
}

static Side bind_tree(SetOp *setop, const SelectStmt *stmt, bool top)
{
    Scope      *scope = setop->scope;
    Side        left, right, side = {0};
    const char *context = context_name(stmt->op);

    if (!top && is_leaf(stmt))
        return bind_leaf(setop, stmt);
    binder_enter(scope->b);
    if (top && scope->building_cte != NULL && scope->building_cte->recursive) {
        /* the term without recursion is one leaf, even when it is a set operation itself */
        left = bind_leaf(setop, stmt->larg);
        settle_recursive_columns(setop, &left);
    } else {
        left = bind_tree(setop, stmt->larg, false);
    }
    right = bind_tree(setop, stmt->rarg, false);
    if (left.columns.count != right.columns.count)
        bind_error(SQLSTATE_SYNTAX_ERROR, list_count(stmt->rarg->target_list) > 0 ? node_location(((const ResTarget *)list_first(stmt->rarg->target_list))->val) : -1,
                   "each %s query must have the same number of columns", context);
    side.tree = ARENA_NEW(scope->b->arena, SetOpTree);
    side.tree->kind = stmt->op == SETOP_UNION ? SET_UNION : stmt->op == SETOP_INTERSECT ? SET_INTERSECT : SET_EXCEPT;
    side.tree->all = stmt->all;
    side.tree->left = left.tree;
    side.tree->right = right.tree;
    for (int32_t i = 0; i < left.columns.count; i++) {
        Expr    *pair[2] = {left.columns.items[i], right.columns.items[i]};
        ExprList both = {2, pair};
        Oid      type = common_type(scope, both, context, NULL);
        Expr    *column;

        type_literal(setop, &left, i, type, context);
        type_literal(setop, &right, i, type, context);
        pair[0] = left.columns.items[i];
        pair[1] = right.columns.items[i];
        (void)coerce_to_common(scope, pair[0], type, context);
        (void)coerce_to_common(scope, pair[1], type, context);
        column = typed_column(scope, both, type);
        if (!stmt->all)
            (void)default_sort_clause(scope, column, i, column->location, false);
        side.columns = expr_list_append(scope->b->arena, side.columns, column);
    }
    binder_leave(scope->b);
    return side;
}

/* ---- giving every leaf the final types ----------------------------------------------------------------------------------------------- */

static bool target_is_key(const Query *query, int32_t target)
{
    bool in_windows = false;

    for (int32_t i = 0; i < query->window_count; i++) {
        in_windows |= target_in_sort(target, query->windows[i].partition, query->windows[i].partition_count) ||
                      target_in_sort(target, query->windows[i].order, query->windows[i].order_count);
    }
    return in_windows || target_in_sort(target, query->order, query->order_count) || target_in_sort(target, query->distincts, query->distinct_count) ||
           target_in_sort(target, query->group, query->group_count);
}

/* SELECT column casts FROM (leaf): where the leaf's own targets are keys of its own clauses. */
static Query *wrap_leaf(Scope *scope, Query *leaf)
{
    Scope      outer;
    TargetList targets = {0};
    int32_t    range, count;
    const RangeColumn *columns;

    scope_open(&outer, scope->b, scope, QUERY_SELECT);
    query_shift_levels(leaf, 1, 1);
    range = add_subquery_range(&outer, leaf, NULL, "*SELECT*", false, true);
    columns = query_columns(scope->b, leaf, &count);
    for (int32_t i = 0; i < count; i++)
        add_target(scope->b, &targets, expr_column(scope->b->arena, outer.query, range, i + 1), columns[i].name, false);
    outer.query->targets = targets.items;
    outer.query->target_count = targets.count;
    outer.query->from = ARENA_ARRAY(scope->b->arena, 1, JoinTree *);
    outer.query->from[0] = leaf_of(scope->b, range);
    outer.query->from_count = 1;
    mark_origins(outer.query, targets);
    return scope_close(&outer);
}

static void coerce_leaf(SetOp *setop, const SetOpTree *leaf, ExprList types, const char *context)
{
    Scope      *scope = setop->scope;
    RangeEntry *entry = scope->query->ranges[leaf->range - 1];
    Query      *query = entry->subquery;
    int32_t     at = 0;
    bool        wrap = false;

    for (int32_t i = 0; i < query->target_count; i++) {
        if (query->targets[i].junk)
            continue;
        if (query->targets[i].expr->type != types.items[at++]->type)
            wrap |= query->set_op != NULL || target_is_key(query, i);
    }
    if (wrap)
        query = entry->subquery = wrap_leaf(scope, query);
    at = 0;
    for (int32_t i = 0; i < query->target_count; i++) {
        Target *target = &query->targets[i];

        if (target->junk)
            continue;
        if (target->expr->type != types.items[at]->type) {
            target->expr = coerce_to_common(scope, target->expr, types.items[at]->type, context);
            target->origin_table = 0;
            target->origin_column = 0;
        }
        at++;
    }
    entry->columns = query_columns(scope->b, query, &entry->column_count);
}

static void coerce_leaves(SetOp *setop, const SetOpTree *tree, ExprList types, const char *context)
{
    if (tree->range != 0) {
        coerce_leaf(setop, tree, types, context);
        return;
    }
    coerce_leaves(setop, tree->left, types, context);
    coerce_leaves(setop, tree->right, types, context);
}

/* ---- the query ------------------------------------------------------------------------------------------------------------------------- */

static void bind_order_and_limits(Scope *scope, const SelectStmt *stmt, TargetList *targets)
{
    int32_t  before = targets->count;
    SortList order = bind_sort(scope, stmt->sort_clause, targets, CLAUSE_ORDER_BY, false);
    Query   *query = scope->query;

    if (targets->count != before) {
        Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause");

        error_detail(err, "Only result column names can be used, not expressions or functions.");
        error_hint(err, "Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
        error_position(err, expr_location(targets->items[before].expr));
        error_raise(err);
    }
    query->order = order.items;
    query->order_count = order.count;
    query->with_ties = stmt->limit_option == LIMIT_OPTION_WITH_TIES;
    query->offset = bind_limit(scope, stmt->limit_offset, CLAUSE_OFFSET, "OFFSET");
    if (stmt->limit_count != NULL && !(stmt->limit_count->tag == NODE_A_CONST && ((const A_Const *)stmt->limit_count)->kind == CONST_NULL))
        query->limit = bind_limit(scope, stmt->limit_count, CLAUSE_LIMIT, "LIMIT");
}

Query *bind_set_operation(Scope *scope, const SelectStmt *stmt)
{
    Query      *query = scope->query, *leftmost_query;
    SetOp       setop = {.scope = scope};
    TargetList  targets = {0};
    Side        side;
    SetOpTree  *leftmost;
    NameItem   *item;
    RangeColumn *columns;
    int32_t     at = 0;

    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    side = bind_tree(&setop, stmt, true);
    if (scope->building_cte != NULL && scope->building_cte->recursive)
        check_recursive_types(scope->building_cte, scope->b, side.columns);
    query->set_op = side.tree;
    coerce_leaves(&setop, side.tree, side.columns, context_name(stmt->op));
    for (leftmost = side.tree; leftmost->range == 0; leftmost = leftmost->left)
        continue;
    leftmost_query = leaf_query(&setop, leftmost);
    columns = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)MAX(side.columns.count, 1), RangeColumn);
    for (int32_t i = 0; i < leftmost_query->target_count; i++) {
        Expr *column;

        if (leftmost_query->targets[i].junk)
            continue;
        column = expr_column(scope->b->arena, query, leftmost->range, at + 1);
        column->typmod = side.columns.items[at]->typmod;
        column->collation = side.columns.items[at]->collation;
        columns[at] = (RangeColumn){leftmost_query->targets[i].name, column->type, column->typmod, column->collation, false};
        add_target(scope->b, &targets, column, leftmost_query->targets[i].name, false);
        at++;
    }
    /* ORDER BY may name result columns, by expressions that are nothing more */
    item = name_item_new(scope->b, "*SELECT*", leftmost->range, NULL);
    item->column_count = at;
    item->columns = columns;
    add_name_item(scope, item);
    bind_order_and_limits(scope, stmt, &targets);
    if (stmt->locking_clause != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT");
    query->targets = targets.items;
    query->target_count = targets.count;
    return scope_close(scope);
}
