/*
 * project.c - result, filter, projection: operators that compute expressions over each batch as it passes.
 */
#include "executor/exec/operator_internal.h"

/* ---- result: one row without columns ------------------------------------------------------------------------------------ */

typedef struct ResultOperator {
    ExecOperator op;
    Batch        batch;
    bool         done;
} ResultOperator;

static Batch *result_next(ExecOperator *op, int32_t max_rows)
{
    ResultOperator *result = (ResultOperator *)op;

    (void)max_rows;
    if (result->done)
        return NULL;
    result->done = true;
    if (op->plan->result.test != NULL) {
        Datum value;

        if (!eval_scalar_expr(op->state, op->state->arena, op->plan->result.test, &value) || !value.boolean)
            return NULL;
    }
    result->batch.row_count = result->batch.count = 1;
    return &result->batch;
}

static void result_rescan(ExecOperator *op)
{
    ((ResultOperator *)op)->done = false;
}

ExecOperator *result_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {result_next, result_rescan};

    return operator_new(state, plan, sizeof(ResultOperator), &class);
}

/* ---- filter ------------------------------------------------------------------------------------------------------------- */

typedef struct FilterOperator {
    ExecOperator op;
    Evaluator   *test;
    Arena       *arena;  /* of one batch */
    bool         ahead;  /* rows beyond the demand may be tested: nothing can be seen of it */
    int32_t      asked;  /* of the child, last time */
    int32_t     *sel;
    BatchSlice   slice;
} FilterOperator;

static Batch *filter_next(ExecOperator *op, int32_t max_rows)
{
    FilterOperator *filter = (FilterOperator *)op;
    Batch          *out = batch_slice_take(&filter->slice, op->state->arena, max_rows);
    int32_t         ask = max_rows;

    if (filter->test == NULL) {
        filter->test = eval_compile(op->state, op->state->arena, op->plan->filter.test);
        filter->arena = arena_new(op->state->arena, NULL, "filter");
    }
    while (out == NULL) {
        Batch  *input = operator_next(op->left, ask);
        int32_t kept;

        if (input == NULL)
            return NULL;
        check_cancel();
        arena_reset(filter->arena);
        filter->sel = ARENA_ARRAY(filter->arena, (size_t)input->count, int32_t);
        kept = eval_filter(filter->test, input->columns, input->row_count, input->sel, input->count, filter->sel, filter->arena);
        operator_count_removed(op, input->count - kept);
        batch_slice_set(&filter->slice, input, filter->sel, kept);
        out = batch_slice_take(&filter->slice, op->state->arena, max_rows);
        if (filter->ahead)
            ask = MIN(ask * 2, BATCH_ROWS);
    }
    return out;
}

static void filter_rescan(ExecOperator *op)
{
    FilterOperator *filter = (FilterOperator *)op;

    filter->slice.count = 0;
    operator_rescan(op->left);
}

ExecOperator *filter_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {filter_next, filter_rescan};
    FilterOperator            *filter = operator_new(state, plan, sizeof(FilterOperator), &class);

    filter->op.left = operator_open(state, plan->left);
    filter->ahead = plan_is_plain_scan(plan->left) && eval_is_harmless(plan->filter.test);
    return &filter->op;
}

/* ---- projection ------------------------------------------------------------------------------------------------------------ */

typedef struct ProjectOperator {
    ExecOperator op;
    Evaluator  **exprs; /* NULL entries: input columns passed through as they are, lazy ones too */
    Arena       *arena;
    Batch        batch;
} ProjectOperator;

static void project_compile(ProjectOperator *project)
{
    ExecState      *state = project->op.state;
    const ExprList *exprs = &project->op.plan->project.exprs;

    project->exprs = ARENA_ARRAY_ZEROED(state->arena, (size_t)exprs->count, Evaluator *);
    for (int32_t i = 0; i < exprs->count; i++)
        if (exprs->items[i]->kind != EXPR_INPUT)
            project->exprs[i] = eval_compile(state, state->arena, exprs->items[i]);
    project->batch.column_count = exprs->count;
    project->batch.columns = ARENA_ARRAY(state->arena, (size_t)exprs->count, Vector *);
    project->arena = arena_new(state->arena, NULL, "project");
}

static Batch *project_next(ExecOperator *op, int32_t max_rows)
{
    ProjectOperator *project = (ProjectOperator *)op;
    const ExprList  *exprs = &op->plan->project.exprs;
    Batch           *input = operator_next(op->left, max_rows);

    if (input == NULL)
        return NULL;
    if (project->exprs == NULL)
        project_compile(project);
    else
        arena_reset(project->arena);
    for (int32_t i = 0; i < exprs->count; i++)
        project->batch.columns[i] =
            project->exprs[i] == NULL
                ? input->columns[exprs->items[i]->input.index]
                : eval_run(project->exprs[i], input->columns, input->row_count, input->sel, input->count, project->arena);
    project->batch.row_count = input->row_count;
    project->batch.count = input->count;
    project->batch.sel = input->sel;
    return &project->batch;
}

static void project_rescan(ExecOperator *op)
{
    operator_rescan(op->left);
}

ExecOperator *project_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {project_next, project_rescan};
    ProjectOperator           *project = operator_new(state, plan, sizeof(ProjectOperator), &class);

    project->op.left = operator_open(state, plan->left);
    return &project->op;
}
