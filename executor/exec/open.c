/*
 * open.c - from plan nodes to operators; helpers that operators share.
 */
#include "base/error.h"
#include "executor/exec/operator_internal.h"

#include <time.h>

ExecOperator *operator_open(ExecState *state, const Plan *plan)
{
    check_stack_depth();
    switch (plan->kind) {
    case PLAN_RESULT:
        return result_open(state, plan);
    case PLAN_TABLE_SCAN:
        return table_scan_operator_open(state, plan);
    case PLAN_INDEX_SCAN:
        return index_scan_operator_open(state, plan);
    case PLAN_ROW_ID_SCAN:
        return row_id_scan_open(state, plan);
    case PLAN_CATALOG_SCAN:
        return catalog_scan_open(state, plan);
    case PLAN_VALUES:
        return values_open(state, plan);
    case PLAN_FUNCTION_SCAN:
        return function_scan_open(state, plan);
    case PLAN_CTE_SCAN:
        return cte_scan_open(state, plan);
    case PLAN_WORK_TABLE_SCAN:
        return work_table_scan_open(state, plan);
    case PLAN_FILTER:
        return filter_open(state, plan);
    case PLAN_PROJECT:
        return project_open(state, plan);
    case PLAN_SET_PROJECT:
        return set_project_open(state, plan);
    case PLAN_SORT:
        return sort_open(state, plan);
    case PLAN_LIMIT:
        return limit_open(state, plan);
    case PLAN_AGGREGATE:
        return aggregate_open(state, plan);
    case PLAN_UNIQUE:
        return unique_open(state, plan);
    case PLAN_WINDOW:
        return window_open(state, plan);
    case PLAN_HASH_JOIN:
    case PLAN_MERGE_JOIN: /* the hash join keeps the order of its left input, which is what a merge join promises */
        return hash_join_open(state, plan);
    case PLAN_NESTED_LOOP:
        return nested_loop_open(state, plan);
    case PLAN_MATERIALIZE:
        return materialize_open(state, plan);
    case PLAN_APPEND:
        return append_open(state, plan);
    case PLAN_SET_OP:
        return set_op_open(state, plan);
    case PLAN_RECURSIVE_UNION:
        return recursive_union_open(state, plan);
    case PLAN_LOCK_ROWS:
        return lock_rows_open(state, plan);
    case PLAN_MODIFY:
        return modify_open(state, plan);
    }
    raise_error(SQLSTATE_INTERNAL_ERROR, "unknown plan node %d", (int)plan->kind);
}

void *operator_new(ExecState *state, const Plan *plan, size_t size, const OperatorClass *class)
{
    ExecOperator *op = arena_alloc_zeroed(state->arena, 1, size);

    op->class = class;
    op->plan = plan;
    op->state = state;
    return op;
}

static int64_t now_ns(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000ll + at.tv_nsec;
}

Batch *operator_next_counted(ExecOperator *op, int32_t max_rows)
{
    OperatorCounters *counters = &op->state->counters[op->plan->id];
    int64_t           start = now_ns(), took;
    Batch            *batch = op->class->next(op, max_rows);

    took = now_ns() - start;
    counters->total_ns += took;
    if (!counters->running) {
        counters->running = true;
        counters->loops++;
        counters->startup_ns += took;
    }
    if (batch != NULL)
        counters->rows += batch->count;
    return batch;
}

void operator_rescan(ExecOperator *op)
{
    if (op->state->counters != NULL)
        op->state->counters[op->plan->id].running = false;
    op->class->rescan(op);
}

void operator_count_memory(ExecOperator *op, size_t memory_bytes, size_t disk_bytes)
{
    if (op->state->counters != NULL) {
        OperatorCounters *counters = &op->state->counters[op->plan->id];

        counters->memory_bytes = MAX(counters->memory_bytes, (int64_t)memory_bytes);
        counters->disk_bytes = MAX(counters->disk_bytes, (int64_t)disk_bytes);
    }
}

Evaluator **eval_compile_list(ExecState *state, Arena *arena, const ExprList *exprs)
{
    Evaluator **evaluators = ARENA_ARRAY(arena, (size_t)exprs->count, Evaluator *);

    for (int32_t i = 0; i < exprs->count; i++)
        evaluators[i] = eval_compile(state, arena, exprs->items[i]);
    return evaluators;
}

void batch_slice_set(BatchSlice *slice, const Batch *source, const int32_t *sel, int32_t count)
{
    slice->batch = *source;
    slice->sel = sel;
    slice->next = 0;
    slice->count = count;
}

Batch *batch_slice_take(BatchSlice *slice, Arena *arena, int32_t max_rows)
{
    int32_t count = MIN(max_rows, slice->count);

    if (count == 0)
        return NULL;
    if (slice->sel != NULL) {
        slice->batch.sel = slice->sel + slice->next;
    } else if (slice->next == 0 && count == slice->batch.row_count) {
        slice->batch.sel = NULL;
    } else if (slice->next == 0) {
        slice->batch.sel = NULL; /* rows 0 .. count-1 */
    } else {
        if (slice->dense_capacity < count) {
            slice->dense = ARENA_ARRAY(arena, BATCH_ROWS, int32_t);
            slice->dense_capacity = BATCH_ROWS;
        }
        for (int32_t i = 0; i < count; i++)
            slice->dense[i] = slice->next + i;
        slice->batch.sel = slice->dense;
    }
    slice->batch.count = count;
    slice->next += count;
    slice->count -= count;
    return &slice->batch;
}

bool eval_is_harmless(const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_CONST:
    case EXPR_INPUT:
    case EXPR_PARAM:
        return true;
    case EXPR_RELABEL:
    case EXPR_IS_NULL:
    case EXPR_BOOLEAN_TEST:
        return eval_is_harmless(expr->unary.arg);
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
        for (int32_t i = 0; i < expr->list.args.count; i++)
            if (!eval_is_harmless(expr->list.args.items[i]))
                return false;
        return true;
    case EXPR_CALL:
        if (!expr->call.proc->leakproof) /* PostgreSQL's word for: says nothing about its arguments, errors included */
            return false;
        for (int32_t i = 0; i < expr->call.args.count; i++)
            if (!eval_is_harmless(expr->call.args.items[i]))
                return false;
        return true;
    default:
        return false;
    }
}

bool plan_is_plain_scan(const Plan *plan)
{
    return plan->kind == PLAN_TABLE_SCAN || plan->kind == PLAN_INDEX_SCAN || plan->kind == PLAN_CATALOG_SCAN ||
           plan->kind == PLAN_MATERIALIZE || plan->kind == PLAN_CTE_SCAN;
}

void batch_load(const Batch *batch, int32_t column_count)
{
    for (int32_t i = 0; i < column_count; i++)
        vector_load(batch->columns[i], batch->sel, batch->count);
}
