/*
 * upper.c - above the joins: grouping, targets, DISTINCT, ORDER BY, row locks, LIMIT.
 */
#include "executor/plan/plan_internal.h"

#include <math.h>

SortOrder query_order(Level *level, const SortClause *clauses, int32_t count)
{
    SortOrder order = {0, ARENA_ARRAY_ZEROED(level->arena, (size_t)count + 1, SortKey)};

    for (int32_t i = 0; i < count; i++)
        order.keys[order.count++] = (SortKey){level->query->targets[clauses[i].target].expr, clauses[i].descending, clauses[i].nulls_first};
    return order;
}

static Expr *row_id_of(Level *level, int32_t range)
{
    Expr *expr = expr_new(level->arena, EXPR_COLUMN, TYPE_INT8, -1);

    expr->column.relation = range;
    expr->column.column = COLUMN_ROW_ID;
    return expr;
}

/* ---- FROM ------------------------------------------------------------------------------------------------------------------------------------------- */

static bool note_visit(Expr *expr, void *context)
{
    note_items(context, expr);
    return false;
}

static bool note_subquery(Query *query, void *context)
{
    Level *level = context;
    Expr   wrapper = {.kind = EXPR_SUBQUERY, .subquery = {.query = query}};

    note_items(level, &wrapper);
    return false;
}

/*
 * The old row of a table being changed: an update writes every column anew; a delete needs those of indexes and foreign keys,
 * which are rarely vectors.
 */
static void note_old_row(Level *level, BaseRel *rel)
{
    const RelationDesc *table = rel->entry->table;
    bool                needed = level->query->command != QUERY_DELETE || table->index_count > 0 || table->referenced_by_count > 0;

    for (int16_t i = 0; needed && i < table->column_count; i++) {
        const ColumnDesc *column = &table->columns[i];

        if (column->dropped || (level->query->command == QUERY_DELETE && column->group != COLUMN_GROUP_MAIN))
            continue;
        exprs_add(level->arena, &rel->items, expr_column(level->arena, level->query, rel->range, i + 1));
    }
}

static void note_everything(Level *level)
{
    Query *query = level->query;

    query_walk(query, note_visit, level);
    query_walk_subqueries(query, note_subquery, level);
    for (int32_t i = 0; i < query->mark_count; i++) {
        int32_t number = query->marks[i].range > 0 ? level->rel_of_range[query->marks[i].range - 1] : -1;

        if (number >= 0 && level->rels[number]->entry->kind == RANGE_TABLE) {
            level->rels[number]->row_ids = true;
            exprs_add(level->arena, &level->rels[number]->items, row_id_of(level, query->marks[i].range));
        }
    }
    if (query->command == QUERY_UPDATE || query->command == QUERY_DELETE || query->command == QUERY_MERGE) {
        int32_t number = level->rel_of_range[query->result_range - 1];

        if (number >= 0) {
            level->rels[number]->row_ids = true;
            exprs_add(level->arena, &level->rels[number]->items, row_id_of(level, query->result_range));
            note_old_row(level, level->rels[number]);
        }
    }
}

static Rel *one_row(Level *level)
{
    Plan *plan = plan_new(level->planner, PLAN_RESULT, 0);

    plan->rows = 1;
    plan->total_cost = COST_ROW;
    return rel_make(level, plan, ARENA_ARRAY_ZEROED(level->arena, 1, Expr *));
}

/* WHERE can never be true: no rows, but of the right columns. */
static Rel *no_rows(Level *level)
{
    Rel    *rel = one_row(level);
    ExprVec items = {0};
    Plan   *plan;

    rel->plan->result.test = expr_bool(level->arena, false);
    rel->plan->rows = 1;
    for (int32_t i = 0; i < level->rel_count; i++) {
        BaseRel *base = level->rels[i];

        for (int32_t k = 0; k < base->items.count; k++)
            exprs_push(level->arena, &items, base->items.items[k]);
    }
    plan = plan_new(level->planner, PLAN_PROJECT, items.count);
    plan->left = rel->plan;
    plan->project.exprs = expr_list(level->arena, items.count);
    for (int32_t i = 0; i < items.count; i++) {
        plan->project.exprs.items[i] = expr_null(level->arena, items.items[i]->type, items.items[i]->typmod);
        plan_column_set(level->planner, &plan->columns[i], items.items[i], NULL);
    }
    plan->rows = 1;
    plan->total_cost = COST_ROW;
    exprs_push(level->arena, &items, NULL);
    return rel_make(level, plan, items.items);
}

static double path_cost(const Path *path, double fraction)
{
    if (fraction >= 1)
        fraction = path->rows > 0 ? MIN(1, fraction / path->rows) : 1;
    return fraction > 0 ? path->startup + (path->total - path->startup) * fraction : path->total;
}

/* The path to use: an order that saves a sort may be worth more than the cheapest. */
static Path *choose_path(Level *level, const JoinRel *joined)
{
    Path  *best = joined->cheapest;
    double best_cost = -1;
    double fraction = level->fraction;

    for (int32_t i = 0; i < joined->path_count; i++) {
        Path  *path = joined->paths[i];
        double cost = path_cost(path, fraction);

        if (level->wanted.count > 0 && !order_contains(level, &path->order, &level->wanted)) {
            double startup;
            double run;

            cost_sort(path->rows, path->width, fraction >= 1 ? fraction : -1, &startup, &run);
            cost = path->total + startup + run * (fraction > 0 && fraction < 1 ? fraction : 1);
        }
        if (best_cost < 0 || cost < best_cost) {
            best = path;
            best_cost = cost;
        }
    }
    return best;
}

/* The joined rows; *ordered_out whether they come in level->wanted's order. */
static Rel *plan_joined(Level *level, bool *ordered_out)
{
    JoinRel *joined;
    Path    *path;
    Rel     *rel;
    Expr    *rest = NULL;

    *ordered_out = false;
    joined = join_search(level);
    path = choose_path(level, joined);
    *ordered_out = level->wanted.count > 0 && order_contains(level, &path->order, &level->wanted);
    rel = make_plan(level, path);
    for (int32_t i = 0; level->rel_count == 1 && i < level->quals.count; i++)
        rest = expr_and(level->arena, rest, level->quals.items[i]->expr);
    return rel_filter(level, rel, rest);
}

static void set_wanted(Level *level)
{
    Query *query = level->query;

    if (query->has_windows || query->has_set_calls)
        return;
    if (query->group_count > 0 && query->grouping_sets.count == 0) {
        level->wanted = query_order(level, query->group, query->group_count);
        for (int32_t i = 0; i < query->group_count; i++) {
            if (query->group[i].order_op == 0)
                level->wanted.count = 0;
        }
    } else if (!query->has_aggregates && query->having == NULL && !query->distinct && query->grouping_sets.count == 0) {
        level->wanted = query_order(level, query->order, query->order_count);
    }
}

static double limit_rows(const Query *query)
{
    double rows = 0;

    if (query->limit == NULL)
        return 0;
    if (query->limit->kind != EXPR_CONST)
        return 100;
    if (query->limit->constant.is_null)
        return 0;
    rows = (double)MAX(query->limit->constant.value.int64, 1);
    if (query->offset != NULL && query->offset->kind == EXPR_CONST && !query->offset->constant.is_null)
        rows += (double)MAX(query->offset->constant.value.int64, 0);
    return rows;
}

static Rel *from_rel(Level *level, bool *ordered_out)
{
    Query *query = level->query;

    *ordered_out = false;
    if (query->from_count == 0)
        return rel_filter(level, one_row(level), query->where);
    join_tree_split(level);
    note_everything(level);
    if (level->never)
        return no_rows(level);
    if (query->limit != NULL && !query->has_aggregates && query->group_count == 0 && !query->distinct && !query->has_windows && query->grouping_sets.count == 0)
        level->fraction = limit_rows(query);
    else if (query->has_aggregates || query->group_count > 0 || query->distinct || query->has_windows)
        level->fraction = 0;
    set_wanted(level);
    for (int32_t i = 0; i < level->rel_count; i++)
        base_prepare(level, level->rels[i]);
    return plan_joined(level, ordered_out);
}

Rel *plan_from(Level *level, JoinRel **joined_out)
{
    bool ordered;

    if (joined_out != NULL)
        *joined_out = NULL;
    return from_rel(level, &ordered);
}

/* ---- grouping ------------------------------------------------------------------------------------------------------------------------------------------ */

typedef struct Collect {
    Level  *level;
    ExprVec aggregates;
    ExprVec groupings;
} Collect;

static bool collect_aggregate(Expr *expr, void *context)
{
    Collect *collect = context;

    if (expr->kind == EXPR_AGG && expr->agg.levels_up == 0) {
        exprs_add(collect->level->arena, &collect->aggregates, expr);
        return false;
    }
    if (expr->kind == EXPR_GROUPING)
        exprs_add(collect->level->arena, &collect->groupings, expr);
    return expr_walk(expr, collect_aggregate, context);
}

static void set_call(Level *level, PlanAggregate *call, const Expr *expr, const Rel *input)
{
    int32_t real = expr->agg.args.count;

    if (expr->agg.direct_args.count == 0 && expr->agg.proc->variadic == 0 && real > expr->agg.proc->arg_count)
        real = expr->agg.proc->arg_count; /* the rest are sort keys */
    call->proc = expr->agg.proc;
    call->args = expr_list(level->arena, real);
    for (int32_t i = 0; i < real; i++)
        call->args.items[i] = plan_compile(level, expr->agg.args.items[i], input);
    call->order_args = expr_list(level->arena, expr->agg.args.count - real);
    for (int32_t i = real; i < expr->agg.args.count; i++)
        call->order_args.items[i - real] = plan_compile(level, expr->agg.args.items[i], input);
    call->direct_args = plan_compile_list(level, expr->agg.direct_args, input);
    call->filter = plan_compile(level, expr->agg.filter, input);
    call->distinct = expr->agg.distinct;
    call->result_type = expr->type;
    call->order_count = expr->agg.order_count;
    call->order = ARENA_ARRAY_ZEROED(level->arena, (size_t)expr->agg.order_count + 1, PlanSortKey);
    for (int32_t i = 0; i < expr->agg.order_count; i++) {
        const SortClause *clause = &expr->agg.order[i];

        call->order[i] = (PlanSortKey){
            .column = clause->target, .type = plan_type(level->planner, expr->agg.args.items[clause->target]->type),
            .descending = clause->descending, .nulls_first = clause->nulls_first,
        };
    }
}

static bool all_hashable(Level *level, const ExprVec *exprs)
{
    for (int32_t i = 0; i < exprs->count; i++) {
        const TypeInfo *type = plan_type(level->planner, exprs->items[i]->type);

        if (type == NULL || type->hash == NULL)
            return false;
    }
    return true;
}

static double group_rows(Level *level, const ExprVec *groups, double rows)
{
    double count = 1;

    for (int32_t i = 0; i < groups->count; i++)
        count *= distinct_values(level, groups->items[i], rows);
    return clamp_rows(MIN(count, rows));
}

static Rel *sorted_by(Level *level, Rel *input, const ExprVec *exprs)
{
    SortOrder order = {0, ARENA_ARRAY_ZEROED(level->arena, (size_t)exprs->count + 1, SortKey)};

    for (int32_t i = 0; i < exprs->count; i++)
        order.keys[order.count++] = (SortKey){exprs->items[i], false, false};
    return rel_sort(level, input, &order, NULL);
}

static Expr *binary(Level *level, const char *name, Oid left_type, Oid right_type, Expr *left, Expr *right)
{
    int                    count;
    const Operator *const *list = operator_by_name(name, &count);

    for (int i = 0; i < count; i++) {
        if (list[i]->left == left_type && list[i]->right == right_type)
            return expr_operator(level->arena, list[i], left, right);
    }
    raise_error(SQLSTATE_INTERNAL_ERROR, "operator %s is missing", name);
}

/* GROUPING(a, b) out of the mask of the aggregation: bit g set says that group key g is not in the set. */
static Expr *grouping_value(Level *level, const Expr *grouping, Expr *mask)
{
    Expr       *value = NULL;
    const Cast *cast = cast_find(TYPE_INT8, TYPE_INT4);
    Expr       *call = expr_new(level->arena, EXPR_CALL, TYPE_INT4, -1);
    int32_t     count = grouping->grouping.args.count;

    for (int32_t i = 0; i < count; i++) {
        Expr *bit = binary(level, ">>", TYPE_INT8, TYPE_INT4, mask, expr_int4(level->arena, grouping->grouping.refs[i]));

        bit = binary(level, "&", TYPE_INT8, TYPE_INT8, bit, expr_int8(level->arena, 1));
        bit = binary(level, "<<", TYPE_INT8, TYPE_INT4, bit, expr_int4(level->arena, count - 1 - i));
        value = value == NULL ? bit : binary(level, "|", TYPE_INT8, TYPE_INT8, value, bit);
    }
    call->call.proc = proc_by_oid(cast->function);
    call->call.args = expr_list_append(level->arena, (ExprList){0}, value);
    return call;
}

static Rel *add_groupings(Level *level, Rel *rel, const ExprVec *groupings, bool has_mask)
{
    int32_t count = rel->plan->column_count;
    int32_t visible = has_mask ? count - 1 : count;
    Plan   *plan = plan_new(level->planner, PLAN_PROJECT, visible + groupings->count);
    Expr  **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)(visible + groupings->count) + 1, Expr *);

    plan->left = rel->plan;
    plan->project.exprs = expr_list(level->arena, visible + groupings->count);
    for (int32_t i = 0; i < visible; i++) {
        plan->columns[i] = rel->plan->columns[i];
        plan->project.exprs.items[i] = plan_input(level->arena, &rel->plan->columns[i], i);
        exprs[i] = rel->exprs[i];
    }
    for (int32_t i = 0; i < groupings->count; i++) {
        Expr *mask = has_mask ? plan_input(level->arena, &rel->plan->columns[count - 1], count - 1) : NULL;

        exprs[visible + i] = groupings->items[i];
        plan->project.exprs.items[visible + i] = has_mask ? grouping_value(level, groupings->items[i], mask) : expr_int4(level->arena, 0);
        plan->columns[visible + i] = (PlanColumn){.type = TYPE_INT4, .typmod = -1, .phys = PHYS_INT32};
    }
    plan->rows = rel->plan->rows;
    plan->startup_cost = rel->plan->startup_cost;
    plan->total_cost = rel->plan->total_cost + plan->rows * COST_OPERATOR;
    plan->width = rel->plan->width;
    return rel_make(level, plan, exprs);
}

Rel *plan_grouping(Level *level, Rel *input, bool sorted)
{
    Query  *query = level->query;
    Collect collect = {.level = level};
    ExprVec groups = {0};
    Plan   *plan;
    Expr  **exprs;
    bool    sets = query->grouping_sets.count > 0;
    bool    hashable;
    int32_t count;
    Rel    *rel;

    for (int32_t i = 0; i < query->target_count; i++)
        collect_aggregate(query->targets[i].expr, &collect);
    if (query->having != NULL)
        collect_aggregate(query->having, &collect);
    for (int32_t i = 0; i < query->group_count; i++) /* positions matter to grouping sets: equal keys stay apart there */
        sets ? exprs_push(level->arena, &groups, query->targets[query->group[i].target].expr)
             : exprs_add(level->arena, &groups, query->targets[query->group[i].target].expr);
    hashable = all_hashable(level, &groups);
    if (!hashable && !sorted)
        input = sorted_by(level, input, &groups);
    count = groups.count + collect.aggregates.count + (sets ? 1 : 0);
    plan = plan_new(level->planner, PLAN_AGGREGATE, count);
    exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)count + 1, Expr *);
    plan->left = input->plan;
    plan->aggregate.strategy = groups.count == 0 && !sets ? AGGREGATE_PLAIN : (sorted && !sets) || !hashable ? AGGREGATE_SORTED : AGGREGATE_HASHED;
    plan->aggregate.group_count = groups.count;
    plan->aggregate.groups = expr_list(level->arena, groups.count);
    plan->aggregate.group_types = ARENA_ARRAY_ZEROED(level->arena, (size_t)groups.count + 1, const TypeInfo *);
    for (int32_t i = 0; i < groups.count; i++) {
        exprs[i] = groups.items[i];
        plan->aggregate.groups.items[i] = plan_compile(level, groups.items[i], input);
        plan->aggregate.group_types[i] = plan_type(level->planner, groups.items[i]->type);
        plan_column_set(level->planner, &plan->columns[i], groups.items[i], NULL);
    }
    plan->aggregate.call_count = collect.aggregates.count;
    plan->aggregate.calls = ARENA_ARRAY_ZEROED(level->arena, (size_t)collect.aggregates.count + 1, PlanAggregate);
    for (int32_t i = 0; i < collect.aggregates.count; i++) {
        exprs[groups.count + i] = collect.aggregates.items[i];
        set_call(level, &plan->aggregate.calls[i], collect.aggregates.items[i], input);
        plan_column_set(level->planner, &plan->columns[groups.count + i], collect.aggregates.items[i], NULL);
    }
    if (sets) {
        plan->aggregate.set_count = query->grouping_sets.count;
        plan->aggregate.set_sizes = query->grouping_sets.sizes;
        plan->aggregate.sets = query->grouping_sets.sets;
        plan->aggregate.set_mask = true;
        plan->columns[count - 1] = (PlanColumn){.type = TYPE_INT8, .typmod = -1, .phys = PHYS_INT64};
    }
    plan->rows = groups.count == 0 ? 1 : group_rows(level, &groups, input->plan->rows);
    if (sets)
        plan->rows *= MAX(1, query->grouping_sets.count);
    plan->startup_cost = input->plan->total_cost + input->plan->rows * COST_OPERATOR * (groups.count + collect.aggregates.count);
    plan->total_cost = plan->startup_cost + plan->rows * COST_ROW;
    if (plan->aggregate.strategy == AGGREGATE_SORTED)
        plan->startup_cost = input->plan->startup_cost;
    rel = rel_make(level, plan, exprs);
    plan->width = (int32_t)plan_width(rel);
    if (collect.groupings.count > 0)
        rel = add_groupings(level, rel, &collect.groupings, sets);
    return rel_filter(level, rel, query->having);
}

/* ---- set-returning targets ----------------------------------------------------------------------------------------------------------------------------------- */

typedef struct SetCalls {
    Level     *level;
    const Rel *have;
    ExprVec    found; /* innermost ones that are not computed yet */
} SetCalls;

static bool has_pending(Expr *expr, void *context)
{
    SetCalls *calls = context;

    if (expr->kind == EXPR_SET_CALL)
        return rel_find(calls->have, expr) < 0;
    return expr_walk(expr, has_pending, context);
}

static bool find_set_calls(Expr *expr, void *context)
{
    SetCalls *calls = context;

    if (rel_find(calls->have, expr) >= 0)
        return false;
    if (expr->kind == EXPR_SET_CALL && !expr_walk(expr, has_pending, context)) {
        exprs_add(calls->level->arena, &calls->found, expr);
        return false;
    }
    return expr_walk(expr, find_set_calls, context);
}

/* Calls nested in others' arguments are computed first, level by level. */
static Rel *plan_set_calls(Level *level, Rel *rel)
{
    Query *query = level->query;

    for (;;) {
        SetCalls calls = {level, rel, {0}};
        Rel     *next;

        for (int32_t i = 0; i < query->target_count; i++)
            find_set_calls(query->targets[i].expr, &calls);
        if (calls.found.count == 0)
            return rel;
        next = rel_append_columns(level, rel, &calls.found);
        next->plan->kind = PLAN_SET_PROJECT;
        next->plan->rows = clamp_rows(rel->plan->rows * 10);
        rel = next;
    }
}

/* ---- targets, order, limit ------------------------------------------------------------------------------------------------------------------------------------- */

typedef struct Needed {
    Level     *level;
    const Rel *input;
    ExprVec    items;
} Needed;

static bool need(Expr *expr, void *context)
{
    Needed *needed = context;

    if (rel_find(needed->input, expr) >= 0) {
        exprs_add(needed->level->arena, &needed->items, expr);
        return false;
    }
    if (expr->kind == EXPR_SUBQUERY || expr->kind == EXPR_WHOLE_ROW || (expr->kind == EXPR_COLUMN && expr->column.column == 0)) {
        /* what it reads inside is not looked for: everything stays */
        for (int32_t i = 0; i < needed->input->plan->column_count; i++) {
            if (needed->input->exprs[i] != NULL)
                exprs_add(needed->level->arena, &needed->items, needed->input->exprs[i]);
        }
    }
    return expr_walk(expr, need, context);
}

/* Only the columns that the targets read, so that sorts and hash tables carry no more. */
static Rel *prune(Level *level, Rel *input, const ExprVec *carry, const SortOrder *order)
{
    Query *query = level->query;
    Needed needed = {level, input, {0}};

    for (int32_t i = 0; i < query->target_count; i++) {
        bool is_key = false;

        for (int32_t k = 0; k < order->count && !is_key; k++)
            is_key = order->keys[k].expr == query->targets[i].expr;
        if (!is_key)
            need(query->targets[i].expr, &needed);
    }
    for (int32_t i = 0; i < carry->count; i++)
        exprs_add(level->arena, &needed.items, carry->items[i]);
    for (int32_t i = 0; i < order->count; i++)
        exprs_add(level->arena, &needed.items, order->keys[i].expr);
    return rel_project(level, input, needed.items.items, NULL, needed.items.count);
}

static Expr *top_n(Level *level)
{
    Query *query = level->query;

    if (query->limit == NULL || query->with_ties || (query->limit->kind == EXPR_CONST && query->limit->constant.is_null))
        return NULL;
    if (query->offset == NULL || (query->offset->kind == EXPR_CONST && query->offset->constant.is_null))
        return query->limit;
    return prep_simplify(level->planner, binary(level, "+", TYPE_INT8, TYPE_INT8, query->limit, query->offset));
}

Rel *plan_limit(Level *level, Rel *input, const SortOrder *order)
{
    Query *query = level->query;
    Plan  *plan;
    double rows = input->plan->rows;
    double offset = 0;

    if (query->limit == NULL && query->offset == NULL)
        return input;
    plan = plan_new(level->planner, PLAN_LIMIT, input->plan->column_count);
    plan_copy(plan->columns, input->plan->columns, sizeof(PlanColumn) * (size_t)plan->column_count);
    plan->left = input->plan;
    plan->limit.limit = plan_compile(level, query->limit, input);
    plan->limit.offset = plan_compile(level, query->offset, input);
    plan->limit.with_ties = query->with_ties;
    plan->limit.keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)order->count + 1, PlanSortKey);
    for (int32_t i = 0; query->with_ties && i < order->count; i++) {
        plan->limit.keys[plan->limit.key_count++] = (PlanSortKey){
            .column = rel_find(input, order->keys[i].expr), .type = plan_type(level->planner, order->keys[i].expr->type),
            .descending = order->keys[i].descending, .nulls_first = order->keys[i].nulls_first,
        };
    }
    if (query->offset != NULL && query->offset->kind == EXPR_CONST && !query->offset->constant.is_null)
        offset = MIN(rows, (double)MAX(query->offset->constant.value.int64, 0));
    rows -= offset;
    if (query->limit != NULL && query->limit->kind == EXPR_CONST && !query->limit->constant.is_null)
        rows = MIN(rows, (double)MAX(query->limit->constant.value.int64, 0));
    else if (query->limit != NULL && query->limit->kind != EXPR_CONST)
        rows = rows * 0.1;
    plan->rows = clamp_rows(rows);
    plan->width = input->plan->width;
    plan->startup_cost = input->plan->startup_cost + (input->plan->total_cost - input->plan->startup_cost) * offset / MAX(input->plan->rows, 1);
    plan->total_cost = input->plan->startup_cost + (input->plan->total_cost - input->plan->startup_cost) * MIN(1, (offset + plan->rows) / MAX(input->plan->rows, 1));
    return rel_make(level, plan, input->exprs);
}

static Rel *plan_locks(Level *level, Rel *input)
{
    Query *query = level->query;
    Plan  *plan;

    if (query->mark_count == 0)
        return input;
    plan = plan_new(level->planner, PLAN_LOCK_ROWS, input->plan->column_count);
    plan_copy(plan->columns, input->plan->columns, sizeof(PlanColumn) * (size_t)plan->column_count);
    plan->left = input->plan;
    plan->lock_rows.marks = ARENA_ARRAY_ZEROED(level->arena, (size_t)query->mark_count, struct PlanRowMark);
    for (int32_t i = 0; i < query->mark_count; i++) {
        const RowMark *mark = &query->marks[i];
        int32_t        number = mark->range > 0 ? level->rel_of_range[mark->range - 1] : -1;

        if (number < 0 || level->rels[number]->entry->kind != RANGE_TABLE)
            continue;
        plan->lock_rows.marks[plan->lock_rows.count++] = (struct PlanRowMark){
            .table = level->rels[number]->entry->table, .range = mark->range, .row_id_column = rel_find(input, row_id_of(level, mark->range)),
            .strength = mark->strength, .wait = mark->wait,
        };
    }
    plan->rows = input->plan->rows;
    plan->width = input->plan->width;
    plan->startup_cost = input->plan->startup_cost;
    plan->total_cost = input->plan->total_cost + plan->rows * COST_ROW;
    return rel_make(level, plan, input->exprs);
}

/* Visible targets first and in their order, then junk that is still asked for. */
static Rel *project_targets(Level *level, Rel *input, const ExprVec *extra)
{
    Query       *query = level->query;
    int32_t      room = query->target_count + extra->count;
    Expr       **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)room + 1, Expr *);
    const char **names = ARENA_ARRAY_ZEROED(level->arena, (size_t)room + 1, const char *);
    int32_t      count = 0;
    bool         same = true;

    for (int32_t i = 0; i < query->target_count; i++) {
        if (query->targets[i].junk)
            continue;
        names[count] = query->targets[i].name;
        exprs[count++] = query->targets[i].expr;
    }
    for (int32_t i = 0; i < extra->count; i++)
        exprs[count++] = extra->items[i];
    same = count == input->plan->column_count && input->plan->kind == PLAN_PROJECT;
    for (int32_t i = 0; same && i < count; i++)
        same = input->exprs[i] != NULL && expr_equal(input->exprs[i], exprs[i]);
    if (same)
        return input;
    return rel_project(level, input, exprs, names, count);
}

static Rel *plan_distinct(Level *level, Rel *rel, SortOrder *order)
{
    Query    *query = level->query;
    ExprVec   keys = {0};
    Plan     *plan;
    SortOrder sort = *order;

    for (int32_t i = 0; i < query->distinct_count; i++)
        exprs_add(level->arena, &keys, query->targets[query->distincts[i].target].expr);
    if (!query->distinct_on && all_hashable(level, &keys)) {
        Expr **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)keys.count + 1, Expr *);

        plan = plan_new(level->planner, PLAN_AGGREGATE, keys.count);
        plan->left = rel->plan;
        plan->aggregate.strategy = AGGREGATE_HASHED;
        plan->aggregate.group_count = keys.count;
        plan->aggregate.groups = expr_list(level->arena, keys.count);
        plan->aggregate.group_types = ARENA_ARRAY_ZEROED(level->arena, (size_t)keys.count + 1, const TypeInfo *);
        for (int32_t i = 0; i < keys.count; i++) {
            exprs[i] = keys.items[i];
            plan->aggregate.groups.items[i] = plan_compile(level, keys.items[i], rel);
            plan->aggregate.group_types[i] = plan_type(level->planner, keys.items[i]->type);
            plan_column_set(level->planner, &plan->columns[i], keys.items[i], NULL);
        }
        plan->rows = group_rows(level, &keys, rel->plan->rows);
        plan->startup_cost = rel->plan->total_cost + rel->plan->rows * COST_OPERATOR * keys.count;
        plan->total_cost = plan->startup_cost + plan->rows * COST_ROW;
        plan->width = rel->plan->width;
        return rel_make(level, plan, exprs);
    }
    /* sorted by ORDER BY as far as it goes, then by the keys that it does not name */
    sort.keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)(order->count + keys.count) + 1, SortKey);
    plan_copy(sort.keys, order->keys, sizeof *sort.keys * (size_t)order->count);
    for (int32_t i = 0; i < keys.count; i++) {
        bool named = false;

        for (int32_t k = 0; k < order->count && !named; k++)
            named = expr_equal(order->keys[k].expr, keys.items[i]);
        if (!named)
            sort.keys[sort.count++] = (SortKey){keys.items[i], false, false};
    }
    rel = rel_sort(level, rel, &sort, NULL);
    plan = plan_new(level->planner, PLAN_UNIQUE, rel->plan->column_count);
    plan_copy(plan->columns, rel->plan->columns, sizeof(PlanColumn) * (size_t)plan->column_count);
    plan->left = rel->plan;
    plan->unique.keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)keys.count + 1, PlanSortKey);
    for (int32_t i = 0; i < keys.count; i++)
        plan->unique.keys[plan->unique.key_count++] = (PlanSortKey){.column = rel_find(rel, keys.items[i]), .type = plan_type(level->planner, keys.items[i]->type)};
    plan->rows = group_rows(level, &keys, rel->plan->rows);
    plan->startup_cost = rel->plan->startup_cost;
    plan->total_cost = rel->plan->total_cost + rel->plan->rows * COST_OPERATOR * keys.count;
    plan->width = rel->plan->width;
    order->count = 0; /* the rows are in order */
    return rel_make(level, plan, rel->exprs);
}

static bool has_volatile_target(const Query *query)
{
    for (int32_t i = 0; i < query->target_count; i++) {
        if (expr_is_volatile(query->targets[i].expr))
            return true;
    }
    return false;
}

static void junk_targets(Level *level, ExprVec *out)
{
    for (int32_t i = 0; i < level->query->target_count; i++) {
        if (level->query->targets[i].junk)
            exprs_add(level->arena, out, level->query->targets[i].expr);
    }
}

Rel *plan_select(Level *level)
{
    Query    *query = level->query;
    ExprVec   carry = {0};
    ExprVec   none = {0};
    SortOrder order;
    bool      ordered;
    bool      grouped = query->has_aggregates || query->group_count > 0 || query->having != NULL || query->grouping_sets.count > 0;
    Rel      *rel = from_rel(level, &ordered);

    if (grouped) {
        rel = plan_grouping(level, rel, ordered);
        ordered = false;
    }
    if (query->has_windows)
        rel = plan_windows(level, rel);
    if (query->has_set_calls)
        rel = plan_set_calls(level, rel);
    for (int32_t i = 0; i < query->mark_count; i++) {
        int32_t number = query->marks[i].range > 0 ? level->rel_of_range[query->marks[i].range - 1] : -1;

        if (number >= 0 && level->rels[number]->entry->kind == RANGE_TABLE)
            exprs_add(level->arena, &carry, row_id_of(level, query->marks[i].range));
    }
    order = query_order(level, query->order, query->order_count);
    if (query->distinct) {
        ExprVec junk = {0};

        junk_targets(level, &junk);
        rel = project_targets(level, rel, &junk);
        rel = plan_distinct(level, rel, &order);
        rel = rel_sort(level, rel, &order, top_n(level));
        rel = plan_limit(level, rel, &order);
        return project_targets(level, rel, &none);
    }
    if (order.count > 0 && !ordered) {
        if (query->limit != NULL || has_volatile_target(query) || carry.count > 0) {
            rel = rel_sort(level, prune(level, rel, &carry, &order), &order, carry.count > 0 ? NULL : top_n(level));
        } else {
            ExprVec junk = {0};

            junk_targets(level, &junk);
            rel = rel_sort(level, project_targets(level, rel, &junk), &order, NULL);
        }
    }
    rel = plan_locks(level, rel);
    if (query->with_ties) {
        rel = plan_limit(level, rel, &order);
        return project_targets(level, rel, &none);
    }
    if (order.count > 0 && !ordered) {
        rel = plan_limit(level, rel, &order);
        return project_targets(level, rel, &none);
    }
    return plan_limit(level, project_targets(level, rel, &none), &order);
}
