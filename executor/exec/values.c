/*
 * values.c - VALUES: rows of expressions without input.
 */
#include "executor/exec/operator_internal.h"

typedef struct ValuesOperator {
    ExecOperator op;
    int32_t      next;
    Arena       *arena; /* of one batch: evaluators too, since each row is computed once per scan */
    BatchBuffer  out;
} ValuesOperator;

static Batch *values_next(ExecOperator *op, int32_t max_rows)
{
    ValuesOperator *values = (ValuesOperator *)op;
    const Plan     *plan = op->plan;
    int32_t         count = MIN(max_rows, plan->values.row_count - values->next);

    if (count <= 0)
        return NULL;
    check_cancel();
    if (values->arena == NULL) {
        values->arena = arena_new(op->state->arena, NULL, "values");
        batch_buffer_init(&values->out, op->state->arena, plan->column_count);
        for (int32_t c = 0; c < plan->column_count; c++)
            vector_buffer_init(&values->out.columns[c], plan->columns[c].type, plan->columns[c].phys);
    } else {
        arena_reset(values->arena);
    }
    for (int32_t c = 0; c < plan->column_count; c++) {
        vector_buffer_reserve(&values->out.columns[c], op->state->arena, count);
        vector_buffer_set_validity(&values->out.columns[c], count, true);
    }
    for (int32_t i = 0; i < count; i++) {
        const ExprList *row = &plan->values.rows[values->next + i];

        for (int32_t c = 0; c < plan->column_count; c++) {
            Datum value;
            bool  valid = eval_scalar_expr(op->state, values->arena, row->items[c], &value);

            vector_set(&values->out.columns[c].vector, i, &value, !valid);
        }
    }
    for (int32_t c = 0; c < plan->column_count; c++)
        vector_buffer_trim_validity(&values->out.columns[c], count);
    values->next += count;
    values->out.batch.row_count = values->out.batch.count = count;
    return &values->out.batch;
}

static void values_rescan(ExecOperator *op)
{
    ((ValuesOperator *)op)->next = 0;
}

ExecOperator *values_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {values_next, values_rescan};

    return operator_new(state, plan, sizeof(ValuesOperator), &class);
}
