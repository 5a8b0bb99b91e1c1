/* query_tree.c - walking, copying and re-levelling whole queries. */
#include "executor/expr_slots.h"
#include "executor/expr_tree.h"

static bool one(Expr **slot, ExprSlotVisit visit, void *context)
{
    return *slot != NULL && visit(slot, context);
}

static bool each_target(Target *targets, int32_t count, ExprSlotVisit visit, void *context)
{
    for (int32_t i = 0; i < count; i++) {
        if (one(&targets[i].expr, visit, context))
            return true;
    }
    return false;
}

static bool each_condition(JoinTree *tree, ExprSlotVisit visit, void *context)
{
    if (tree == NULL || tree->range != 0)
        return false;
    return each_condition(tree->left, visit, context) || each_condition(tree->right, visit, context) ||
           one(&tree->condition, visit, context);
}

static bool each_in_range(RangeEntry *entry, ExprSlotVisit visit, void *context)
{
    for (int32_t i = 0; i < entry->function_count; i++) {
        if (one(&entry->functions[i], visit, context))
            return true;
    }
    for (int32_t i = 0; i < entry->values_count; i++) {
        for (int32_t k = 0; k < entry->values[i].count; k++) {
            if (one(&entry->values[i].items[k], visit, context))
                return true;
        }
    }
    for (int32_t i = 0; entry->join_columns != NULL && i < entry->column_count; i++) {
        if (one(&entry->join_columns[i], visit, context))
            return true;
    }
    return false;
}

static bool each_action(Query *query, ExprSlotVisit visit, void *context)
{
    if (query->on_conflict != NULL) {
        OnConflict *conflict = query->on_conflict;

        if (each_target(conflict->sets, conflict->set_count, visit, context) || one(&conflict->where, visit, context))
            return true;
    }
    for (int32_t i = 0; i < query->merge_count; i++) {
        MergeAction *action = &query->merge_actions[i];

        if (one(&action->condition, visit, context) || each_target(action->targets, action->target_count, visit, context))
            return true;
    }
    return one(&query->merge_condition, visit, context) || each_target(query->returning, query->returning_count, visit, context);
}

bool query_each_slot(Query *query, ExprSlotVisit visit, void *context)
{
    for (int32_t i = 0; i < query->range_count; i++) {
        if (each_in_range(query->ranges[i], visit, context))
            return true;
    }
    for (int32_t i = 0; i < query->from_count; i++) {
        if (each_condition(query->from[i], visit, context))
            return true;
    }
    if (one(&query->where, visit, context) || each_target(query->targets, query->target_count, visit, context) ||
        one(&query->having, visit, context))
        return true;
    for (int32_t i = 0; i < query->window_count; i++) {
        if (one(&query->windows[i].start_offset, visit, context) || one(&query->windows[i].end_offset, visit, context))
            return true;
    }
    return one(&query->limit, visit, context) || one(&query->offset, visit, context) || each_action(query, visit, context);
}

typedef struct Walk {
    ExprVisit visit;
    void     *context;
} Walk;

static bool visit_slot(Expr **slot, void *context)
{
    const Walk *walk = context;

    return walk->visit(*slot, walk->context);
}

bool query_walk(const Query *query, ExprVisit visit, void *context)
{
    Walk walk = {visit, context};

    return query_each_slot((Query *)query, visit_slot, &walk);
}

bool query_walk_subqueries(const Query *query, bool (*subquery)(Query *query, void *context), void *context)
{
    for (int32_t i = 0; i < query->range_count; i++) {
        if (query->ranges[i]->kind == RANGE_SUBQUERY && subquery(query->ranges[i]->subquery, context))
            return true;
    }
    for (int32_t i = 0; i < query->cte_count; i++) {
        if (subquery(query->ctes[i]->query, context))
            return true;
    }
    return false;
}

typedef struct Mutation {
    ExprChange change;
    void      *context;
} Mutation;

static bool change_slot(Expr **slot, void *context)
{
    const Mutation *mutation = context;

    *slot = mutation->change(*slot, mutation->context);
    return false;
}

void query_mutate(Query *query, ExprChange change, void *context)
{
    Mutation mutation = {change, context};

    query_each_slot(query, change_slot, &mutation);
}

/* ---- copying ------------------------------------------------------------------------------------------------------------ */

static void *copy_array(Arena *arena, const void *items, int32_t count, size_t width)
{
    void *copy;

    if (items == NULL || count == 0)
        return (void *)items;
    copy = arena_alloc_array(arena, (size_t)count, width);
    memcpy(copy, items, (size_t)count * width);
    return copy;
}

#define COPY_ARRAY(arena, items, count) ((items) = copy_array((arena), (items), (count), sizeof *(items)))

static JoinTree *copy_join_tree(Arena *arena, const JoinTree *tree)
{
    JoinTree *copy;

    if (tree == NULL)
        return NULL;
    copy = copy_array(arena, tree, 1, sizeof *tree);
    copy->left = copy_join_tree(arena, tree->left);
    copy->right = copy_join_tree(arena, tree->right);
    return copy;
}

static CommonTable *find_copied_cte(const Query *from, const Query *to, const CommonTable *cte)
{
    for (int32_t i = 0; i < from->cte_count; i++) {
        if (from->ctes[i] == cte)
            return to->ctes[i];
    }
    return NULL;
}

/* The queries being copied, innermost first: references to a CTE must point to the copy of the CTE. */
typedef struct CopyLevel CopyLevel;
struct CopyLevel {
    const CopyLevel *outer;
    const Query     *from;
    Query           *to;
};

static Query *copy_query_at(Arena *arena, const Query *query, const CopyLevel *outer);

typedef struct CopyContext {
    Arena           *arena;
    const CopyLevel *level;
} CopyContext;

static bool copy_slot_at(Expr **slot, void *context)
{
    const CopyContext *copying = context;

    *slot = expr_shallow_copy(copying->arena, *slot);
    expr_each_slot(*slot, copy_slot_at, context);
    if ((*slot)->kind == EXPR_SUBQUERY)
        (*slot)->subquery.query = copy_query_at(copying->arena, (*slot)->subquery.query, copying->level);
    return false;
}

static RangeEntry *copy_range(Arena *arena, const RangeEntry *entry, const CopyLevel *level)
{
    RangeEntry *copy = copy_array(arena, entry, 1, sizeof *entry);

    COPY_ARRAY(arena, copy->functions, copy->function_count);
    if (copy->values_count > 0) {
        ExprList *rows = copy_array(arena, copy->values, copy->values_count, sizeof *rows);

        for (int32_t i = 0; i < copy->values_count; i++)
            COPY_ARRAY(arena, rows[i].items, rows[i].count);
        copy->values = rows;
    }
    COPY_ARRAY(arena, copy->join_columns, copy->column_count);
    if (copy->kind == RANGE_SUBQUERY)
        copy->subquery = copy_query_at(arena, copy->subquery, level);
    if (copy->kind == RANGE_CTE) {
        for (const CopyLevel *at = level; at != NULL; at = at->outer) {
            CommonTable *cte = find_copied_cte(at->from, at->to, copy->cte);

            if (cte != NULL) {
                copy->cte = cte;
                break;
            }
        }
    }
    return copy;
}

static Query *copy_query_at(Arena *arena, const Query *query, const CopyLevel *outer)
{
    Query      *copy = copy_array(arena, query, 1, sizeof *query);
    CopyLevel   level = {outer, query, copy};
    CopyContext context = {arena, &level};

    /* the CTEs' structs first: queries refer to them, their own among them when recursive */
    COPY_ARRAY(arena, copy->ctes, copy->cte_count);
    for (int32_t i = 0; i < copy->cte_count; i++)
        copy->ctes[i] = copy_array(arena, copy->ctes[i], 1, sizeof *copy->ctes[i]);
    for (int32_t i = 0; i < copy->cte_count; i++)
        copy->ctes[i]->query = copy_query_at(arena, copy->ctes[i]->query, &level);
    COPY_ARRAY(arena, copy->ranges, copy->range_count);
    for (int32_t i = 0; i < copy->range_count; i++)
        copy->ranges[i] = copy_range(arena, copy->ranges[i], &level);
    COPY_ARRAY(arena, copy->from, copy->from_count);
    for (int32_t i = 0; i < copy->from_count; i++)
        copy->from[i] = copy_join_tree(arena, copy->from[i]);
    COPY_ARRAY(arena, copy->targets, copy->target_count);
    COPY_ARRAY(arena, copy->returning, copy->returning_count);
    COPY_ARRAY(arena, copy->windows, copy->window_count);
    COPY_ARRAY(arena, copy->distincts, copy->distinct_count);
    COPY_ARRAY(arena, copy->group, copy->group_count);
    COPY_ARRAY(arena, copy->order, copy->order_count);
    COPY_ARRAY(arena, copy->marks, copy->mark_count);
    COPY_ARRAY(arena, copy->merge_actions, copy->merge_count);
    for (int32_t i = 0; i < copy->merge_count; i++)
        COPY_ARRAY(arena, copy->merge_actions[i].targets, copy->merge_actions[i].target_count);
    if (copy->on_conflict != NULL) {
        copy->on_conflict = copy_array(arena, copy->on_conflict, 1, sizeof *copy->on_conflict);
        COPY_ARRAY(arena, copy->on_conflict->sets, copy->on_conflict->set_count);
    }
    query_each_slot(copy, copy_slot_at, &context);
    return copy;
}

Query *query_copy(Arena *arena, const Query *query)
{
    return copy_query_at(arena, query, NULL);
}

/* ---- moving between levels ------------------------------------------------------------------------------------------------ */

typedef struct Shift {
    int32_t delta;
    int32_t min_levels;
} Shift;

static bool shift_expr(Expr *expr, void *context);

static bool shift_query(Query *query, void *context)
{
    const Shift *shift = context;
    Shift        deeper = {shift->delta, shift->min_levels + 1};

    for (int32_t i = 0; i < query->range_count; i++) {
        RangeEntry *entry = query->ranges[i];

        if (entry->kind == RANGE_CTE && entry->cte_levels_up >= deeper.min_levels)
            entry->cte_levels_up += shift->delta;
    }
    query_walk(query, shift_expr, &deeper);
    query_walk_subqueries(query, shift_query, &deeper);
    return false;
}

static bool shift_expr(Expr *expr, void *context)
{
    const Shift *shift = context;

    if ((expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) && expr->column.levels_up >= shift->min_levels)
        expr->column.levels_up += shift->delta;
    if (expr->kind == EXPR_AGG && expr->agg.levels_up >= shift->min_levels)
        expr->agg.levels_up += shift->delta;
    if (expr->kind == EXPR_SUBQUERY)
        shift_query(expr->subquery.query, context);
    return expr_walk(expr, shift_expr, context);
}

void expr_shift_levels(Expr *expr, int32_t delta, int32_t min_levels)
{
    Shift shift = {delta, min_levels};

    if (expr != NULL && delta != 0)
        shift_expr(expr, &shift);
}

void query_shift_levels(Query *query, int32_t delta, int32_t min_levels)
{
    Shift shift = {delta, min_levels - 1};

    if (delta != 0)
        shift_query(query, &shift);
}

typedef struct RangeShift {
    int32_t delta;
    int32_t levels_up;
} RangeShift;

static bool shift_ranges(Expr *expr, void *context);

static bool shift_query_ranges(Query *query, void *context)
{
    const RangeShift *shift = context;
    RangeShift        deeper = {shift->delta, shift->levels_up + 1};

    query_walk(query, shift_ranges, &deeper);
    return query_walk_subqueries(query, shift_query_ranges, &deeper);
}

static bool shift_ranges(Expr *expr, void *context)
{
    const RangeShift *shift = context;

    if ((expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) && expr->column.levels_up == shift->levels_up)
        expr->column.relation += shift->delta;
    if (expr->kind == EXPR_SUBQUERY)
        shift_query_ranges(expr->subquery.query, context);
    return expr_walk(expr, shift_ranges, context);
}

void expr_shift_ranges(Expr *expr, int32_t delta, int32_t levels_up)
{
    RangeShift shift = {delta, levels_up};

    if (expr != NULL && delta != 0)
        shift_ranges(expr, &shift);
}
