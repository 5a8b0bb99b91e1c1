/*
 * window.c - window functions: one node per window, each over rows sorted for it.
 */
#include "executor/plan/plan_internal.h"

typedef struct WindowCalls {
    Level  *level;
    int32_t window;
    ExprVec calls;
} WindowCalls;

static bool find_calls(Expr *expr, void *context)
{
    WindowCalls *find = context;

    if (expr->kind == EXPR_WINDOW) {
        if (expr->window.window == find->window)
            exprs_add(find->level->arena, &find->calls, expr);
        return false;
    }
    return expr_walk(expr, find_calls, context);
}

static PlanSortKey *keys_of(Level *level, const Rel *input, const SortClause *clauses, int32_t count)
{
    PlanSortKey *keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)count + 1, PlanSortKey);

    for (int32_t i = 0; i < count; i++) {
        Expr *expr = level->query->targets[clauses[i].target].expr;

        keys[i] = (PlanSortKey){
            .column = rel_find(input, expr), .type = plan_type(level->planner, expr->type), .descending = clauses[i].descending, .nulls_first = clauses[i].nulls_first,
        };
    }
    return keys;
}

static SortOrder window_order(Level *level, const Window *window)
{
    SortOrder partition = query_order(level, window->partition, window->partition_count);
    SortOrder order = query_order(level, window->order, window->order_count);
    SortOrder both = {partition.count + order.count, ARENA_ARRAY_ZEROED(level->arena, (size_t)(partition.count + order.count) + 1, SortKey)};

    plan_copy(both.keys, partition.keys, sizeof(SortKey) * (size_t)partition.count);
    plan_copy(both.keys + partition.count, order.keys, sizeof(SortKey) * (size_t)order.count);
    return both;
}

static Rel *plan_window(Level *level, Rel *input, const Window *window, const ExprVec *calls)
{
    SortOrder order = window_order(level, window);
    Plan     *plan;
    Expr    **exprs;
    int32_t   before;

    input = rel_sort(level, input, &order, NULL);
    before = input->plan->column_count;
    plan = plan_new(level->planner, PLAN_WINDOW, before + calls->count);
    exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)(before + calls->count) + 1, Expr *);
    plan->left = input->plan;
    plan_copy(plan->columns, input->plan->columns, sizeof(PlanColumn) * (size_t)before);
    plan_copy(exprs, input->exprs, sizeof *exprs * (size_t)before);
    plan->window.partition_count = window->partition_count;
    plan->window.partition = keys_of(level, input, window->partition, window->partition_count);
    plan->window.order_count = window->order_count;
    plan->window.order = keys_of(level, input, window->order, window->order_count);
    plan->window.mode = window->mode;
    plan->window.start = window->start;
    plan->window.end = window->end;
    plan->window.start_offset = plan_compile(level, window->start_offset, input);
    plan->window.end_offset = plan_compile(level, window->end_offset, input);
    plan->window.exclude = window->exclude;
    plan->window.window = window;
    plan->window.call_count = calls->count;
    plan->window.calls = ARENA_ARRAY_ZEROED(level->arena, (size_t)calls->count + 1, PlanWindowCall);
    for (int32_t i = 0; i < calls->count; i++) {
        Expr *call = calls->items[i];

        plan->window.calls[i] = (PlanWindowCall){
            .proc = call->window.proc, .args = plan_compile_list(level, call->window.args, input), .filter = plan_compile(level, call->window.filter, input),
            .result_type = call->type,
        };
        exprs[before + i] = call;
        plan_column_set(level->planner, &plan->columns[before + i], call, NULL);
    }
    plan->rows = input->plan->rows;
    plan->startup_cost = input->plan->startup_cost;
    plan->total_cost = input->plan->total_cost + plan->rows * (COST_ROW + COST_OPERATOR * calls->count);
    plan->width = input->plan->width + 8 * calls->count;
    return rel_make(level, plan, exprs);
}

Rel *plan_windows(Level *level, Rel *input)
{
    Query *query = level->query;

    for (int32_t i = 0; i < query->window_count; i++) {
        WindowCalls find = {level, i, {0}};

        for (int32_t k = 0; k < query->target_count; k++)
            find_calls(query->targets[k].expr, &find);
        if (find.calls.count > 0)
            input = plan_window(level, input, &query->windows[i], &find.calls);
    }
    return input;
}
