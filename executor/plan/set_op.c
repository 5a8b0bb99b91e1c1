/*
 * set_op.c - UNION, INTERSECT, EXCEPT.
 */
#include "executor/plan/plan_internal.h"

static Rel *plan_tree(Level *level, SetOpTree *tree);

static Plan *like(Level *level, PlanKind kind, const Plan *from)
{
    Plan *plan = plan_new(level->planner, kind, from->column_count);

    plan_copy(plan->columns, from->columns, sizeof(PlanColumn) * (size_t)from->column_count);
    plan->width = from->width;
    return plan;
}

static Rel *plan_leaf(Level *level, int32_t range)
{
    OuterRefs outers = {0};
    Rel      *rel = plan_sub_query(level->planner, level, level->query->ranges[range - 1]->subquery, 0, &outers);

    return rel_make(level, rel->plan, ARENA_ARRAY_ZEROED(level->arena, (size_t)rel->plan->column_count + 1, Expr *));
}

/* Children of UNION ALLs below each other are one list. */
static void flatten(Level *level, SetOpTree *tree, bool all, Plan ***children, int32_t *count)
{
    Plan **wider;

    if (tree->range == 0 && tree->kind == SET_UNION && (tree->all || !all)) { /* below a UNION, whether duplicates go early is the same */
        flatten(level, tree->left, all, children, count);
        flatten(level, tree->right, all, children, count);
        return;
    }
    wider = ARENA_ARRAY(level->arena, (size_t)*count + 1, Plan *);
    if (*count > 0)
        plan_copy(wider, *children, sizeof *wider * (size_t)*count);
    wider[(*count)++] = plan_tree(level, tree)->plan;
    *children = wider;
}

static Rel *without_duplicates(Level *level, Rel *rel)
{
    Plan *plan = like(level, PLAN_AGGREGATE, rel->plan);
    bool  hashable = true;

    plan->left = rel->plan;
    plan->aggregate.group_count = plan->column_count;
    plan->aggregate.groups = expr_list(level->arena, plan->column_count);
    plan->aggregate.group_types = ARENA_ARRAY_ZEROED(level->arena, (size_t)plan->column_count + 1, const TypeInfo *);
    for (int32_t i = 0; i < plan->column_count; i++) {
        plan->aggregate.groups.items[i] = plan_input(level->arena, &plan->columns[i], i);
        plan->aggregate.group_types[i] = plan_type(level->planner, plan->columns[i].type);
        hashable &= plan->aggregate.group_types[i] != NULL && plan->aggregate.group_types[i]->hash != NULL;
    }
    if (!hashable)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "could not implement UNION");
    plan->aggregate.strategy = AGGREGATE_HASHED;
    plan->rows = rel->plan->rows;
    plan->startup_cost = rel->plan->total_cost + plan->rows * COST_OPERATOR * plan->column_count;
    plan->total_cost = plan->startup_cost + plan->rows * COST_ROW;
    return rel_make(level, plan, rel->exprs);
}

static Rel *plan_union(Level *level, SetOpTree *tree)
{
    Plan  **children = NULL;
    int32_t count = 0;
    Plan   *plan;
    Rel    *rel;

    flatten(level, tree, tree->all, &children, &count);
    plan = like(level, PLAN_APPEND, children[0]);
    plan->append.count = count;
    plan->append.children = children;
    for (int32_t i = 0; i < count; i++) {
        plan->rows += children[i]->rows;
        plan->total_cost += children[i]->total_cost;
        for (int32_t c = 0; c < plan->column_count; c++) {
            if (children[i]->columns[c].typmod != plan->columns[c].typmod)
                plan->columns[c].typmod = -1;
        }
    }
    plan->startup_cost = children[0]->startup_cost;
    plan->total_cost += plan->rows * COST_OPERATOR;
    rel = rel_make(level, plan, ARENA_ARRAY_ZEROED(level->arena, (size_t)plan->column_count + 1, Expr *));
    return tree->all ? rel : without_duplicates(level, rel);
}

static Rel *plan_tree(Level *level, SetOpTree *tree)
{
    Rel  *left;
    Rel  *right;
    Plan *plan;

    check_stack_depth();
    if (tree->range > 0)
        return plan_leaf(level, tree->range);
    if (tree->kind == SET_UNION)
        return plan_union(level, tree);
    left = plan_tree(level, tree->left);
    right = plan_tree(level, tree->right);
    plan = like(level, PLAN_SET_OP, left->plan);
    plan->left = left->plan;
    plan->right = right->plan;
    plan->set_op.kind = tree->kind;
    plan->set_op.all = tree->all;
    plan->rows = tree->kind == SET_INTERSECT ? MIN(left->plan->rows, right->plan->rows) : left->plan->rows;
    plan->startup_cost = left->plan->total_cost + right->plan->total_cost + (left->plan->rows + right->plan->rows) * COST_OPERATOR * plan->column_count;
    plan->total_cost = plan->startup_cost + plan->rows * COST_ROW;
    return rel_make(level, plan, left->exprs);
}

Rel *plan_set_operation(Level *level)
{
    Query    *query = level->query;
    Rel      *rel = plan_tree(level, query->set_op);
    Expr    **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)rel->plan->column_count + 1, Expr *);
    Expr    **visible = ARENA_ARRAY_ZEROED(level->arena, (size_t)query->target_count + 1, Expr *);
    const char **names = ARENA_ARRAY_ZEROED(level->arena, (size_t)query->target_count + 1, const char *);
    SortOrder order;
    int32_t   count = 0;

    for (int32_t i = 0; i < query->target_count; i++) {
        if (query->targets[i].junk)
            continue;
        exprs[count] = query->targets[i].expr;
        names[count] = query->targets[i].name;
        rel->plan->columns[count].name = query->targets[i].name;
        visible[count] = query->targets[i].expr;
        count++;
    }
    rel = rel_make(level, rel->plan, exprs);
    order = query_order(level, query->order, query->order_count);
    rel = rel_sort(level, rel, &order, query->with_ties ? NULL : query->limit != NULL && query->offset == NULL ? query->limit : NULL);
    rel = plan_limit(level, rel, &order);
    if (rel->plan->column_count > count)
        rel = rel_project(level, rel, visible, names, count);
    return rel;
}
