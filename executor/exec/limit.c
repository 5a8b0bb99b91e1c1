/*
 * limit.c - LIMIT, OFFSET and WITH TIES: passes the demand down exactly, so that nothing below runs for rows not wanted.
 */
#include "executor/exec/operator_internal.h"

typedef struct LimitOperator {
    ExecOperator op;
    bool         started, done;
    int64_t      skip;  /* rows still to be dropped */
    int64_t      left;  /* rows still to be given; -1: all */
    BatchSlice   slice;
    RowStore    *last;  /* WITH TIES: the last row within the limit */
    bool         in_ties;
} LimitOperator;

static int64_t bound_of(ExecState *state, const Expr *expr, int64_t when_null, const char *what, Sqlstate sqlstate)
{
    Datum value;

    if (expr == NULL || !eval_scalar_expr(state, state->arena, expr, &value))
        return when_null;
    if (value.int64 < 0)
        raise_error(sqlstate, "%s must not be negative", what);
    return value.int64;
}

static void limit_start(LimitOperator *limit)
{
    const Plan *plan = limit->op.plan;
    ExecState  *state = limit->op.state;

    limit->started = true;
    limit->skip = bound_of(state, plan->limit.offset, 0, "OFFSET", SQLSTATE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE);
    limit->left = bound_of(state, plan->limit.limit, -1, "LIMIT", SQLSTATE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE);
}

/* Remembers the row that ties are compared with. */
static void keep_last(LimitOperator *limit, const Batch *batch)
{
    int32_t row = sel_row(batch->sel, batch->count - 1);

    if (limit->last == NULL)
        limit->last = row_store_new(limit->op.state->arena, limit->op.plan->column_count, limit->op.plan->columns);
    else
        row_store_reset(limit->last);
    row_store_append(limit->last, batch->columns, &row, 1);
}

/* The leading rows of the slice that tie with the last one. */
static Batch *take_ties(LimitOperator *limit, int32_t max_rows)
{
    const Plan *plan = limit->op.plan;
    Batch      *whole = batch_slice_take(&limit->slice, limit->op.state->arena, max_rows);
    Batch      *last = row_store_batch(limit->last, 0);
    int32_t     count = 0;

    if (whole == NULL)
        return NULL;
    batch_load(whole, plan->column_count);
    while (count < whole->count && sort_compare_vectors(whole->columns, sel_row(whole->sel, count), last->columns, 0, plan->limit.keys, plan->limit.key_count) == 0)
        count++;
    if (count < whole->count) {
        limit->done = true;
        whole->count = count;
    }
    return count > 0 ? whole : NULL;
}

static Batch *limit_next(ExecOperator *op, int32_t max_rows)
{
    LimitOperator *limit = (LimitOperator *)op;

    if (!limit->started)
        limit_start(limit);
    while (!limit->done) {
        Batch *out;

        if (limit->slice.count == 0) {
            int64_t want = limit->skip > 0 ? limit->skip : max_rows;
            Batch  *input;

            if (limit->left == 0 && !limit->in_ties)
                break;
            if (!limit->in_ties && limit->left > 0 && limit->skip == 0)
                want = MIN(want, limit->left);
            input = operator_next(op->left, (int32_t)MIN(want, BATCH_ROWS));
            if (input == NULL)
                break;
            batch_slice_set(&limit->slice, input, input->sel, input->count);
            while (limit->skip > 0 && limit->slice.count > 0) {
                Batch *skipped = batch_slice_take(&limit->slice, op->state->arena, (int32_t)MIN(limit->skip, limit->slice.count));

                limit->skip -= skipped->count;
            }
            if (limit->slice.count == 0)
                continue;
        }
        if (limit->in_ties)
            out = take_ties(limit, max_rows);
        else
            out = batch_slice_take(&limit->slice, op->state->arena, (int32_t)(limit->left < 0 ? max_rows : MIN(max_rows, limit->left)));
        if (out == NULL)
            continue;
        if (limit->left > 0) {
            limit->left -= out->count;
            if (limit->left == 0 && op->plan->limit.with_ties) {
                batch_load(out, op->plan->column_count);
                keep_last(limit, out);
                limit->in_ties = true;
            }
        }
        return out;
    }
    limit->done = true;
    return NULL;
}

static void limit_rescan(ExecOperator *op)
{
    LimitOperator *limit = (LimitOperator *)op;

    limit->started = limit->done = limit->in_ties = false;
    limit->slice.count = 0;
    operator_rescan(op->left);
}

ExecOperator *limit_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {limit_next, limit_rescan};
    LimitOperator             *limit = operator_new(state, plan, sizeof(LimitOperator), &class);

    limit->op.left = operator_open(state, plan->left);
    return &limit->op;
}
