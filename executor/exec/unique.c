/*
 * unique.c - DISTINCT over sorted input, materialisation, concatenation: operators that pass rows on or keep them.
 */
#include "executor/exec/operator_internal.h"

/* ---- unique ----------------------------------------------------------------------------------------------------------------- */

typedef struct UniqueOperator {
    ExecOperator op;
    RowStore    *last; /* the row given before, of the batch before */
    Arena       *arena;
    int32_t     *sel;
    Batch        batch;
} UniqueOperator;

static Batch *unique_next(ExecOperator *op, int32_t max_rows)
{
    UniqueOperator *unique = (UniqueOperator *)op;
    const Plan     *plan = op->plan;

    if (unique->arena == NULL) {
        unique->arena = arena_new(op->state->arena, NULL, "unique");
        unique->last = row_store_new(op->state->arena, plan->column_count, plan->columns);
    }
    for (;;) {
        Batch  *input = operator_next(op->left, max_rows);
        Batch  *last = row_store_batch(unique->last, 0);
        int32_t kept = 0, previous = -1;

        if (input == NULL)
            return NULL;
        check_cancel();
        arena_reset(unique->arena);
        unique->sel = ARENA_ARRAY(unique->arena, (size_t)input->count, int32_t);
        for (int32_t k = 0; k < plan->unique.key_count; k++)
            vector_load(input->columns[plan->unique.keys[k].column], input->sel, input->count);
        for (int32_t i = 0; i < input->count; i++) {
            int32_t row = sel_row(input->sel, i);
            bool    same = previous >= 0 ? sort_compare_vectors(input->columns, row, input->columns, previous, plan->unique.keys, plan->unique.key_count) == 0
                           : last != NULL ? sort_compare_vectors(input->columns, row, last->columns, 0, plan->unique.keys, plan->unique.key_count) == 0
                                          : false;

            if (!same)
                unique->sel[kept++] = row;
            previous = row;
        }
        if (kept == 0)
            continue;
        row_store_reset(unique->last);
        row_store_append(unique->last, input->columns, &unique->sel[kept - 1], 1);
        unique->batch = *input;
        unique->batch.sel = unique->sel;
        unique->batch.count = kept;
        return &unique->batch;
    }
}

static void unique_rescan(ExecOperator *op)
{
    UniqueOperator *unique = (UniqueOperator *)op;

    if (unique->last != NULL)
        row_store_reset(unique->last);
    operator_rescan(op->left);
}

ExecOperator *unique_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {unique_next, unique_rescan};
    UniqueOperator            *unique = operator_new(state, plan, sizeof(UniqueOperator), &class);

    unique->op.left = operator_open(state, plan->left);
    return &unique->op;
}

/* ---- append ------------------------------------------------------------------------------------------------------------------ */

typedef struct AppendOperator {
    ExecOperator   op;
    ExecOperator **children;
    int32_t        at;
} AppendOperator;

static Batch *append_next(ExecOperator *op, int32_t max_rows)
{
    AppendOperator *append = (AppendOperator *)op;

    for (; append->at < op->plan->append.count; append->at++) {
        Batch *batch;

        if (append->children[append->at] == NULL)
            append->children[append->at] = operator_open(op->state, op->plan->append.children[append->at]);
        batch = operator_next(append->children[append->at], max_rows);
        if (batch != NULL)
            return batch;
    }
    return NULL;
}

static void append_rescan(ExecOperator *op)
{
    AppendOperator *append = (AppendOperator *)op;

    append->at = 0;
    for (int32_t i = 0; i < op->plan->append.count; i++)
        if (append->children[i] != NULL)
            operator_rescan(append->children[i]);
}

ExecOperator *append_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {append_next, append_rescan};
    AppendOperator            *append = operator_new(state, plan, sizeof(AppendOperator), &class);

    append->children = ARENA_ARRAY_ZEROED(state->arena, (size_t)plan->append.count, ExecOperator *);
    return &append->op;
}
