/*
 * recheck.c - running a plan again over single rows.
 */
#include "executor/dml/recheck.h"

bool recheck_row(ExecState *state, const Plan *plan, int32_t range_count, const RowId *rows, const bool *newest, RowStore *out)
{
    Arena              *arena = arena_new(state->arena, NULL, "recheck");
    ExecState          *again = ARENA_NEW(arena, ExecState);
    struct RecheckRows *fixed = ARENA_NEW(arena, struct RecheckRows);
    Batch              *batch;
    bool                found;

    *again = *state;
    again->arena = arena;
    again->counters = NULL;
    again->subplans = NULL;
    again->work_tables = ARENA_ARRAY_ZEROED(arena, (size_t)state->planned->node_count + 1, struct WorkTable *);
    if (state->planned->cte_count > 0) /* what CTEs gave stays: they are shared with the first run */
        again->ctes = state->ctes;
    *fixed = (struct RecheckRows){range_count, rows, newest};
    again->recheck = fixed;
    batch = operator_next(operator_open(again, plan), 1);
    found = batch != NULL;
    if (found) {
        int32_t row = sel_row(batch->sel, 0);

        row_store_append(out, batch->columns, &row, 1);
    }
    state->param_version = again->param_version;
    arena_free(arena);
    return found;
}
