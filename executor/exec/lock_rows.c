/*
 * lock_rows.c - FOR UPDATE, FOR SHARE and their kin: locks the rows that pass, in the order and to the number demanded.
 */
#include "executor/dml/recheck.h"
#include "executor/dml/table_writer.h"

typedef struct LockRows {
    ExecOperator op;
    RowStore    *changed;   /* rows that were judged again; given after the batch they were in */
    int64_t      changed_at;
    int32_t     *sel;
    Arena       *arena;
    Batch        batch;
    int32_t      range_count;
} LockRows;

/* What one mark says of one row. */
static RowLockResult lock_mark(LockRows *lock, const struct PlanRowMark *mark, const Batch *input, int32_t row, RowId *id_out)
{
    Vector *ids = input->columns[mark->row_id_column];

    *id_out = 0;
    if (!vector_is_valid(ids, row))
        return ROW_LOCKED; /* the nullable side of an outer join */
    *id_out = VECTOR_DATA(ids, int64_t)[row];
    return lock_table_row(lock->op.state, mark->table, *id_out, mark->strength, mark->wait);
}

static bool lock_one(LockRows *lock, const Batch *input, int32_t row)
{
    const Plan *plan = lock->op.plan;
    RowId      *rows = NULL;
    bool       *newest = NULL, any_changed = false;

    for (int32_t i = 0; i < plan->lock_rows.count; i++) {
        const struct PlanRowMark *mark = &plan->lock_rows.marks[i];
        RowId                     id;
        RowLockResult             result = lock_mark(lock, mark, input, row, &id);

        if (result == ROW_GONE || result == ROW_SKIPPED)
            return false;
        if (rows == NULL) {
            rows = ARENA_ARRAY_ZEROED(lock->arena, (size_t)lock->range_count, RowId);
            newest = ARENA_ARRAY_ZEROED(lock->arena, (size_t)lock->range_count, bool);
        }
        rows[mark->range - 1] = id;
        if (result == ROW_CHANGED) {
            newest[mark->range - 1] = true;
            any_changed = true;
        }
    }
    if (!any_changed)
        return true;
    recheck_row(lock->op.state, plan->left, lock->range_count, rows, newest, lock->changed);
    return false;
}

static Batch *lock_rows_next(ExecOperator *op, int32_t max_rows)
{
    LockRows *lock = (LockRows *)op;

    if (op->state->recheck != NULL)
        return operator_next(op->left, max_rows); /* locked already */
    if (lock->arena == NULL) {
        lock->arena = arena_new(op->state->arena, NULL, "lock rows");
        lock->changed = row_store_new(op->state->arena, op->plan->column_count, op->plan->columns);
        for (int32_t i = 0; i < op->plan->lock_rows.count; i++)
            lock->range_count = MAX(lock->range_count, op->plan->lock_rows.marks[i].range);
    }
    for (;;) {
        Batch  *out = row_store_batch(lock->changed, lock->changed_at), *input;
        int32_t kept = 0;

        if (out != NULL) { /* at most as many as were demanded: each replaces one row */
            lock->changed_at++;
            return out;
        }
        input = operator_next(op->left, max_rows);
        if (input == NULL)
            return NULL;
        check_cancel();
        arena_reset(lock->arena);
        row_store_reset(lock->changed);
        lock->changed_at = 0;
        batch_load(input, input->column_count);
        lock->sel = ARENA_ARRAY(lock->arena, (size_t)input->count, int32_t);
        for (int32_t i = 0; i < input->count; i++)
            if (lock_one(lock, input, sel_row(input->sel, i)))
                lock->sel[kept++] = sel_row(input->sel, i);
        if (kept == 0)
            continue;
        lock->batch = *input;
        lock->batch.sel = lock->sel;
        lock->batch.count = kept;
        return &lock->batch;
    }
}

static void lock_rows_rescan(ExecOperator *op)
{
    LockRows *lock = (LockRows *)op;

    if (lock->changed != NULL)
        row_store_reset(lock->changed);
    lock->changed_at = 0;
    operator_rescan(op->left);
}

ExecOperator *lock_rows_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {lock_rows_next, lock_rows_rescan};
    LockRows                  *lock = operator_new(state, plan, sizeof(LockRows), &class);

    lock->op.left = operator_open(state, plan->left);
    return &lock->op;
}
