/*
 * push_down.c - conditions on a derived table's columns, moved into its query.
 *
 * Allowed where filtering first changes nothing but the work: not below LIMIT, windows whose partitions the condition would cut,
 * DISTINCT ON, set-returning targets or aggregation (there it becomes HAVING, which goes on down to WHERE when it is over group keys).
 */
#include "executor/plan/plan_internal.h"

static const Target *column_target(const Query *sub, int32_t column)
{
    for (int32_t i = 0; i < sub->target_count; i++) {
        if (!sub->targets[i].junk && --column == 0)
            return &sub->targets[i];
    }
    return NULL;
}

typedef struct Inspect {
    const Query *sub;
    int32_t      range;
    bool         safe;
} Inspect;

static bool in_clauses(const Query *sub, const Target *target, const SortClause *clauses, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (&sub->targets[clauses[i].target] == target)
            return true;
    }
    return false;
}

static bool inspect(Expr *expr, void *context)
{
    Inspect *look = context;

    if (expr->kind == EXPR_SUBQUERY || expr->kind == EXPR_WHOLE_ROW) {
        look->safe = false;
        return true;
    }
    if (expr->kind == EXPR_COLUMN) {
        const Target *target = expr->column.column > 0 ? column_target(look->sub, expr->column.column) : NULL;

        if (expr->column.relation != look->range || target == NULL || expr_is_volatile(target->expr) || expr_contains(target->expr, EXPR_SET_CALL) ||
            expr_contains(target->expr, EXPR_SUBQUERY)) {
            look->safe = false;
            return true;
        }
        if (look->sub->distinct && !in_clauses(look->sub, target, look->sub->distincts, look->sub->distinct_count))
            look->safe = false;
        for (int32_t w = 0; w < look->sub->window_count; w++) {
            if (!in_clauses(look->sub, target, look->sub->windows[w].partition, look->sub->windows[w].partition_count))
                look->safe = false;
        }
        if (look->sub->grouping_sets.count > 0)
            look->safe = false;
        return !look->safe;
    }
    return expr_walk(expr, inspect, context);
}

typedef struct Substitute {
    Arena       *arena;
    const Query *sub;
} Substitute;

static Expr *substitute(Expr *expr, void *context)
{
    Substitute *job = context;

    if (expr->kind == EXPR_COLUMN)
        return expr_copy(job->arena, column_target(job->sub, expr->column.column)->expr);
    return expr_mutate(job->arena, expr, substitute, job);
}

static bool group_only(const Query *sub, Expr *expr);

static bool not_group_key(Expr *expr, void *context)
{
    return !group_only(context, expr);
}

/* Whether an expression is made of group keys alone: then it can be tested before grouping. */
static bool group_only(const Query *sub, Expr *expr)
{
    for (int32_t i = 0; i < sub->group_count; i++) {
        if (expr_equal(sub->targets[sub->group[i].target].expr, expr))
            return true;
    }
    if (expr->kind == EXPR_COLUMN || expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW || expr->kind == EXPR_GROUPING)
        return false;
    return !expr_walk(expr, not_group_key, (void *)sub);
}

static bool takes_conditions(const Query *sub)
{
    return sub->command == QUERY_SELECT && sub->limit == NULL && sub->offset == NULL && !sub->has_set_calls && sub->mark_count == 0 && !sub->distinct_on &&
           sub->from_count > 0;
}

static bool is_safe(const Query *sub, int32_t range, Expr *expr)
{
    Inspect look = {sub, range, true};

    inspect(expr, &look);
    return look.safe && !expr_is_volatile(expr);
}

static void push_into(Planner *planner, Query *sub, Expr *expr)
{
    Substitute job = {planner->arena, sub};
    Expr      *moved = substitute(expr, &job);

    if ((sub->has_aggregates || sub->group_count > 0 || sub->having != NULL) && !group_only(sub, moved))
        sub->having = expr_and(planner->arena, sub->having, moved);
    else
        sub->where = expr_and(planner->arena, sub->where, moved);
}

/* Every leaf of UNION [ALL], INTERSECT, EXCEPT can take the condition when the leaves themselves can. */
static bool set_op_safe(const Query *sub, const SetOpTree *tree, int32_t range, Expr *expr)
{
    const Query *leaf;

    if (tree->range == 0)
        return set_op_safe(sub, tree->left, range, expr) && set_op_safe(sub, tree->right, range, expr);
    leaf = sub->ranges[tree->range - 1]->subquery;
    return leaf->set_op == NULL && takes_conditions(leaf) && is_safe(leaf, range, expr);
}

static void push_into_leaves(Planner *planner, Query *sub, const SetOpTree *tree, Expr *expr)
{
    if (tree->range == 0) {
        push_into_leaves(planner, sub, tree->left, expr);
        push_into_leaves(planner, sub, tree->right, expr);
        return;
    }
    push_into(planner, sub->ranges[tree->range - 1]->subquery, expr);
}

void prep_push_down(Level *level, BaseRel *rel)
{
    Query   *sub = rel->entry->subquery;
    QualList kept = {0};

    for (int32_t i = 0; i < rel->quals.count; i++) {
        Qual *qual = rel->quals.items[i];
        bool  pushed = false;

        if (rel->lateral == 0 && qual->rels == rel->self && expr_has_columns(qual->expr, 0)) {
            if (sub->set_op != NULL && sub->limit == NULL && sub->offset == NULL && set_op_safe(sub, sub->set_op, rel->range, qual->expr)) {
                push_into_leaves(level->planner, sub, sub->set_op, qual->expr);
                pushed = true;
            } else if (sub->set_op == NULL && takes_conditions(sub) && is_safe(sub, rel->range, qual->expr)) {
                push_into(level->planner, sub, qual->expr);
                pushed = true;
            }
        }
        if (!pushed)
            quals_push(level->arena, &kept, qual);
    }
    rel->quals = kept;
}
