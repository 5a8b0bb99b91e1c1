/*
 * make_join.c - joins as plan nodes.
 */
#include "executor/plan/plan_internal.h"

static Expr *conjunction(Level *level, const QualList *quals, const QualList *without, const QualList *without_too)
{
    Expr *test = NULL;

    for (int32_t i = 0; i < quals->count; i++) {
        bool skip = false;

        for (int32_t k = 0; without != NULL && k < without->count && !skip; k++)
            skip = without->items[k] == quals->items[i];
        for (int32_t k = 0; without_too != NULL && k < without_too->count && !skip; k++)
            skip = without_too->items[k] == quals->items[i];
        if (!skip)
            test = expr_and(level->arena, test, quals->items[i]->expr);
    }
    return test;
}

/* The columns of both sides, or of the left alone. */
static Rel *join_rel(Level *level, Plan *plan, const Rel *left, const Rel *right)
{
    Expr **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)plan->column_count + 1, Expr *);

    for (int32_t i = 0; i < plan->column_count; i++) {
        int32_t at = i - left->plan->column_count;

        plan->columns[i] = at < 0 ? left->plan->columns[i] : right->plan->columns[at];
        exprs[i] = at < 0 ? left->exprs[i] : right->exprs[at];
    }
    return rel_make(level, plan, exprs);
}

/* Integers of different widths hash alike once the narrower is widened. */
static Expr *widen(Level *level, Expr *expr, Oid type)
{
    const Cast *cast = expr->type == type ? NULL : cast_find(expr->type, type);
    Expr       *call;

    if (cast == NULL || cast->function == 0)
        return expr;
    call = expr_new(level->arena, EXPR_CALL, type, -1);
    call->call.proc = proc_by_oid(cast->function);
    call->call.args = expr_list_append(level->arena, (ExprList){0}, expr);
    call->call.cast_form = call->call.implicit = true;
    return call;
}

static Oid wider(Planner *planner, Oid a, Oid b)
{
    return phys_width(plan_phys(planner, a)) >= phys_width(plan_phys(planner, b)) ? a : b;
}

static void set_common(Plan *plan, const Path *path, const Rel *left, const Rel *right)
{
    plan->left = left->plan;
    plan->right = right->plan;
    plan->join.type = path->type;
    plan->join.unique_inner = path->unique_inner;
    plan->join.null_aware = path->join != NULL && path->join->null_aware;
    plan->startup_cost = path->startup;
    plan->total_cost = path->total;
    plan->rows = path->rows;
    plan->width = (int32_t)path->width;
}

static int32_t output_columns(const Path *path, const Rel *left, const Rel *right)
{
    return left->plan->column_count + (path->type == JOIN_SEMI || path->type == JOIN_ANTI ? 0 : right->plan->column_count);
}

static Rel *make_hash_join(Level *level, const Path *path)
{
    Rel     *left = make_plan(level, path->outer);
    Rel     *right = make_plan(level, path->inner);
    Plan    *plan = plan_new(level->planner, PLAN_HASH_JOIN, output_columns(path, left, right));
    int32_t  keys = path->hash_quals.count;
    Expr    *residual;

    set_common(plan, path, left, right);
    plan->join.key_count = keys;
    plan->join.left_keys = expr_list(level->arena, keys);
    plan->join.right_keys = expr_list(level->arena, keys);
    plan->join.key_types = ARENA_ARRAY_ZEROED(level->arena, (size_t)keys, const TypeInfo *);
    for (int32_t i = 0; i < keys; i++) {
        const Qual *qual = path->hash_quals.items[i];
        bool        straight = rels_subset(qual->left_rels, path->outer->rels);
        Expr       *outer = straight ? qual->left : qual->right;
        Expr       *inner = straight ? qual->right : qual->left;
        Oid         type = qual->op->left == qual->op->right ? outer->type : wider(level->planner, outer->type, inner->type);

        if (qual->op->left != qual->op->right) {
            outer = widen(level, outer, type);
            inner = widen(level, inner, type);
        }
        plan->join.left_keys.items[i] = plan_compile(level, outer, left);
        plan->join.right_keys.items[i] = plan_compile(level, inner, right);
        plan->join.key_types[i] = plan_type(level->planner, type);
    }
    residual = conjunction(level, &path->conditions, &path->hash_quals, NULL);
    plan->join.residual = plan_compile_pair(level, residual, left, right);
    return rel_filter(level, join_rel(level, plan, left, right), conjunction(level, &path->filters, NULL, NULL));
}

static Rel *materialized(Level *level, Rel *rel)
{
    Plan *plan = plan_new(level->planner, PLAN_MATERIALIZE, rel->plan->column_count);

    plan_copy(plan->columns, rel->plan->columns, sizeof(PlanColumn) * (size_t)plan->column_count);
    plan->left = rel->plan;
    plan->rows = rel->plan->rows;
    plan->width = rel->plan->width;
    plan->startup_cost = rel->plan->startup_cost;
    plan->total_cost = rel->plan->total_cost + rel->plan->rows * COST_OPERATOR;
    return rel_make(level, plan, rel->exprs);
}

static Rel *make_nested_loop(Level *level, const Path *path)
{
    Rel       *left = make_plan(level, path->outer);
    OuterRefs *above = level->sink;
    OuterRefs  given = {0};
    OuterRefs  kept = {0};
    Rel       *right;
    Plan      *plan;
    Expr      *residual;

    level->sink = &given;
    right = make_plan(level, path->inner);
    level->sink = above;
    if (path->materialize_inner && given.count == 0)
        right = materialized(level, right);
    plan = plan_new(level->planner, PLAN_NESTED_LOOP, output_columns(path, left, right));
    set_common(plan, path, left, right);
    /* what the left side does not have comes from further out */
    for (int32_t i = 0; i < given.count; i++) {
        if (rels_subset(level_rels_of(level, given.items[i].value), path->outer->rels)) {
            if (kept.count == kept.capacity) {
                int32_t room = kept.capacity == 0 ? 4 : kept.capacity * 2;

                kept.items = arena_grow(level->arena, kept.items, sizeof *kept.items * (size_t)kept.capacity, sizeof *kept.items * (size_t)room);
                kept.capacity = room;
            }
            kept.items[kept.count++] = given.items[i];
        } else if (above != NULL) {
            if (above->count == above->capacity) {
                int32_t room = above->capacity == 0 ? 4 : above->capacity * 2;

                above->items = arena_grow(level->arena, above->items, sizeof *above->items * (size_t)above->capacity, sizeof *above->items * (size_t)room);
                above->capacity = room;
            }
            above->items[above->count++] = given.items[i];
        } else {
            raise_error(SQLSTATE_INTERNAL_ERROR, "a value for the inner side of a join is nowhere to be had");
        }
    }
    plan->join.param_count = kept.count;
    plan->join.params = ARENA_ARRAY_ZEROED(level->arena, (size_t)kept.count + 1, int32_t);
    plan->join.param_values = expr_list(level->arena, kept.count);
    for (int32_t i = 0; i < kept.count; i++) {
        plan->join.params[i] = kept.items[i].number;
        plan->join.param_values.items[i] = plan_compile(level, kept.items[i].value, left);
    }
    residual = conjunction(level, &path->conditions, path->inner->params != 0 ? &path->inner->parameterised : NULL, NULL);
    plan->join.residual = plan_compile_pair(level, residual, left, right);
    return rel_filter(level, join_rel(level, plan, left, right), conjunction(level, &path->filters, NULL, NULL));
}

Rel *make_plan(Level *level, const Path *path)
{
    switch (path->kind) {
    case PATH_JOIN_HASH:
        return make_hash_join(level, path);
    case PATH_JOIN_NESTED:
        return make_nested_loop(level, path);
    default:
        return make_base_plan(level, path);
    }
}
