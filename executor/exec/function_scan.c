/*
 * function_scan.c - set-returning functions in FROM and in target lists.
 */
#include "executor/exec/set_call.h"

SetRunner *set_runner_new(ExecState *state, const Expr *expr, const PlanColumn *columns, int32_t column_count)
{
    SetRunner *runner = ARENA_NEW(state->arena, SetRunner);
    Arena     *arena = state->arena;

    runner->state = state;
    runner->expr = expr;
    runner->column_count = column_count;
    runner->arena = arena_new(arena, NULL, "set");
    runner->batch_arena = arena_new(arena, NULL, "set part");
    batch_buffer_init(&runner->out, arena, column_count);
    for (int32_t i = 0; i < column_count; i++)
        vector_buffer_init(&runner->out.columns[i], columns[i].type, columns[i].phys);
    if (expr->kind != EXPR_SET_CALL) {
        runner->scalar = eval_compile(state, arena, expr);
        return runner;
    }
    runner->proc = expr->call.proc;
    if (runner->proc->set == NULL) {
        if (runner->proc->kernel == NULL)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "function %s is not supported", runner->proc->name);
        raise_error(SQLSTATE_INTERNAL_ERROR, "function %s does not return a set", runner->proc->name);
    }
    runner->arg_count = expr->call.args.count;
    runner->args = eval_compile_list(state, arena, &expr->call.args);
    runner->values = ARENA_ARRAY(arena, (size_t)runner->arg_count, Datum);
    runner->nulls = ARENA_ARRAY(arena, (size_t)runner->arg_count, bool);
    runner->types = ARENA_ARRAY(arena, (size_t)runner->arg_count, Oid);
    for (int32_t i = 0; i < runner->arg_count; i++)
        runner->types[i] = expr->call.args.items[i]->type;
    return runner;
}

static void clear_part(SetRunner *runner, int32_t rows)
{
    arena_reset(runner->batch_arena);
    for (int32_t c = 0; c < runner->column_count; c++) {
        vector_buffer_reserve(&runner->out.columns[c], runner->state->arena, rows);
        vector_buffer_set_validity(&runner->out.columns[c], rows, true);
    }
}

void set_runner_start(SetRunner *runner, Vector *const *columns, int32_t row_count, int32_t row)
{
    bool any_null = false;

    arena_reset(runner->arena);
    runner->at = runner->count = 0;
    runner->active = true;
    if (runner->proc == NULL) {
        Vector *value;
        Datum   datum = {0};
        bool    valid;

        clear_part(runner, 1);
        value = eval_run(runner->scalar, columns, row_count, &row, 1, runner->batch_arena);
        valid = vector_get(value, row, &datum);
        vector_set(&runner->out.columns[0].vector, 0, &datum, !valid);
        runner->count = 1;
        runner->active = false;
        return;
    }
    for (int32_t i = 0; i < runner->arg_count; i++) {
        Vector *value = eval_run(runner->args[i], columns, row_count, &row, 1, runner->arena);
        Datum   datum = {0};

        runner->nulls[i] = !vector_get(value, row, &datum);
        datum_copy(value->phys, runner->arena, &datum, &runner->values[i]);
        any_null = any_null || runner->nulls[i];
    }
    runner->call = (SetCall){
        .proc = runner->proc,
        .arg_count = runner->arg_count,
        .args = runner->values,
        .arg_nulls = runner->nulls,
        .arg_types = runner->types,
        .ctx = &runner->state->ctx,
        .session = runner->state->session,
        .arena = runner->arena,
    };
    if (any_null && runner->proc->strict) {
        runner->active = false;
        return;
    }
    runner->state->ctx.arena = runner->arena;
    if (runner->proc->set->start != NULL)
        runner->proc->set->start(&runner->call);
}

bool set_runner_fill(SetRunner *runner, int32_t max_rows)
{
    TypeContext ctx = runner->state->ctx;

    if (runner->at < runner->count)
        return true;
    if (!runner->active)
        return false;
    check_cancel();
    clear_part(runner, max_rows);
    ctx.arena = runner->batch_arena;
    runner->call.ctx = &ctx;
    runner->count = runner->proc->set->next(&runner->call, runner->batch_arena, runner->out.batch.columns, runner->column_count, max_rows);
    runner->at = 0;
    for (int32_t c = 0; c < runner->column_count; c++)
        vector_buffer_trim_validity(&runner->out.columns[c], runner->count);
    if (runner->count == 0)
        runner->active = false;
    return runner->count > 0;
}

/* ---- FROM f(...) ---------------------------------------------------------------------------------------------------------------- */

typedef struct FunctionScan {
    ExecOperator op;
    SetRunner  **runners;
    bool         started;
    int64_t      ordinal;
    BatchBuffer  out;
    BatchSlice   slice;
} FunctionScan;

static void function_scan_start(FunctionScan *scan)
{
    const Plan *plan = scan->op.plan;
    ExecState  *state = scan->op.state;
    int32_t     at = 0;

    if (scan->runners == NULL) {
        scan->runners = ARENA_ARRAY(state->arena, (size_t)plan->function.count, SetRunner *);
        for (int32_t i = 0; i < plan->function.count; i++) {
            scan->runners[i] = set_runner_new(state, plan->function.functions[i], plan->columns + at, plan->function.column_counts[i]);
            at += plan->function.column_counts[i];
        }
        batch_buffer_init(&scan->out, state->arena, plan->column_count);
        for (int32_t c = 0; c < plan->column_count; c++)
            vector_buffer_init(&scan->out.columns[c], plan->columns[c].type, plan->columns[c].phys);
    }
    for (int32_t i = 0; i < plan->function.count; i++)
        set_runner_start(scan->runners[i], NULL, 1, 0);
    scan->started = true;
    scan->ordinal = 0;
}

/* One function without ordinality: its parts go up as they are. */
static Batch *single_next(FunctionScan *scan, int32_t max_rows)
{
    SetRunner *runner = scan->runners[0];

    if (!set_runner_fill(runner, max_rows))
        return NULL;
    runner->out.batch.row_count = runner->out.batch.count = runner->count;
    runner->at = runner->count;
    if (runner->count <= max_rows)
        return &runner->out.batch;
    batch_slice_set(&scan->slice, &runner->out.batch, NULL, runner->count);
    return batch_slice_take(&scan->slice, scan->op.state->arena, max_rows);
}

/* Several in step: a batch is as long as the longest part, exhausted ones are NULL. */
static Batch *joined_next(FunctionScan *scan, int32_t max_rows)
{
    const Plan *plan = scan->op.plan;
    Arena      *arena = scan->op.state->arena;
    int32_t     rows = max_rows, at = 0;
    bool        any = false;

    for (int32_t i = 0; i < plan->function.count; i++)
        if (set_runner_fill(scan->runners[i], max_rows)) {
            any = true;
            rows = MIN(rows, scan->runners[i]->count - scan->runners[i]->at);
        }
    if (!any)
        return NULL;
    for (int32_t i = 0; i < plan->function.count; i++) {
        SetRunner *runner = scan->runners[i];
        int32_t    have = MIN(rows, runner->count - runner->at);

        for (int32_t c = 0; c < plan->function.column_counts[i]; c++, at++) {
            VectorBuffer *to = &scan->out.columns[at];

            vector_buffer_reserve(to, arena, rows);
            vector_buffer_set_validity(to, rows, true);
            for (int32_t row = 0; row < rows; row++) {
                Datum value = {0};
                bool  valid = row < have && vector_get(&runner->out.columns[c].vector, runner->at + row, &value);

                vector_set(&to->vector, row, &value, !valid);
            }
            vector_buffer_trim_validity(to, rows);
        }
        runner->at += have;
    }
    if (plan->function.ordinality) {
        vector_buffer_reserve(&scan->out.columns[at], arena, rows);
        for (int32_t row = 0; row < rows; row++)
            VECTOR_DATA(&scan->out.columns[at].vector, int64_t)[row] = ++scan->ordinal;
    }
    scan->out.batch.row_count = scan->out.batch.count = rows;
    return &scan->out.batch;
}

static Batch *function_scan_next(ExecOperator *op, int32_t max_rows)
{
    FunctionScan *scan = (FunctionScan *)op;
    Batch        *out = batch_slice_take(&scan->slice, op->state->arena, max_rows);

    if (out != NULL)
        return out;
    if (!scan->started)
        function_scan_start(scan);
    if (op->plan->function.count == 1 && !op->plan->function.ordinality)
        return single_next(scan, max_rows);
    return joined_next(scan, max_rows);
}

static void function_scan_rescan(ExecOperator *op)
{
    FunctionScan *scan = (FunctionScan *)op;

    scan->started = false;
    scan->slice.count = 0;
}

ExecOperator *function_scan_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {function_scan_next, function_scan_rescan};

    return operator_new(state, plan, sizeof(FunctionScan), &class);
}

/* ---- sets in the target list ------------------------------------------------------------------------------------------------------- */

/*
 * For each input row the functions run in step until the longest is exhausted. A function within an expression
 * has been split off by the planner: every item is either a set call or free of them.
 */
typedef struct SetProject {
    ExecOperator op;
    SetRunner  **runners;  /* NULL entries: plain expressions */
    Evaluator  **exprs;
    Vector     **vectors;
    Batch       *input;
    int32_t      input_at;
    bool         row_open;
    Arena       *arena;    /* of one input batch */
    Arena       *out_arena;
    BatchBuffer  out;
} SetProject;

static void set_project_start(SetProject *project)
{
    const ExprList *exprs = &project->op.plan->project.exprs;
    ExecState      *state = project->op.state;

    project->runners = ARENA_ARRAY_ZEROED(state->arena, (size_t)exprs->count, SetRunner *);
    project->exprs = ARENA_ARRAY_ZEROED(state->arena, (size_t)exprs->count, Evaluator *);
    project->vectors = ARENA_ARRAY_ZEROED(state->arena, (size_t)exprs->count, Vector *);
    project->arena = arena_new(state->arena, NULL, "set project");
    project->out_arena = arena_new(state->arena, NULL, "set project output");
    batch_buffer_init(&project->out, state->arena, exprs->count);
    for (int32_t i = 0; i < exprs->count; i++) {
        const PlanColumn *column = &project->op.plan->columns[i];

        vector_buffer_init(&project->out.columns[i], column->type, column->phys);
        if (exprs->items[i]->kind == EXPR_SET_CALL)
            project->runners[i] = set_runner_new(state, exprs->items[i], column, 1);
        else
            project->exprs[i] = eval_compile(state, state->arena, exprs->items[i]);
    }
}

static bool next_input(SetProject *project, int32_t max_rows)
{
    const ExprList *exprs = &project->op.plan->project.exprs;

    project->input = operator_next(project->op.left, max_rows);
    project->input_at = 0;
    project->row_open = false;
    if (project->input == NULL)
        return false;
    arena_reset(project->arena);
    for (int32_t i = 0; i < exprs->count; i++)
        if (project->exprs[i] != NULL)
            project->vectors[i] = eval_run(project->exprs[i], project->input->columns, project->input->row_count, project->input->sel,
                                           project->input->count, project->arena);
    return true;
}

/* One row of output from the row that is open; false when its sets are exhausted. */
static bool produce_row(SetProject *project, int32_t to, int32_t row, int32_t ask)
{
    const ExprList *exprs = &project->op.plan->project.exprs;
    bool            any = false;

    for (int32_t i = 0; i < exprs->count; i++)
        if (project->runners[i] != NULL && set_runner_fill(project->runners[i], ask))
            any = true;
    if (!any)
        return false;
    for (int32_t i = 0; i < exprs->count; i++) {
        SetRunner *runner = project->runners[i];
        Datum      value = {0}, kept;
        bool       valid;

        if (runner == NULL)
            valid = vector_get(project->vectors[i], row, &value);
        else
            valid = runner->at < runner->count && vector_get(&runner->out.columns[0].vector, runner->at++, &value);
        if (valid && runner != NULL) /* the runner's next part reuses its memory */
            datum_copy(project->out.columns[i].vector.phys, project->out_arena, &value, &kept);
        else
            kept = value;
        vector_set(&project->out.columns[i].vector, to, &kept, !valid);
    }
    return true;
}

static Batch *set_project_next(ExecOperator *op, int32_t max_rows)
{
    SetProject     *project = (SetProject *)op;
    const ExprList *exprs = &op->plan->project.exprs;
    int32_t         n = 0;

    if (project->exprs == NULL)
        set_project_start(project);
    arena_reset(project->out_arena);
    for (int32_t i = 0; i < exprs->count; i++) {
        vector_buffer_reserve(&project->out.columns[i], op->state->arena, max_rows);
        vector_buffer_set_validity(&project->out.columns[i], max_rows, true);
    }
    while (n < max_rows) {
        int32_t row;

        if (project->input == NULL || project->input_at >= project->input->count) {
            if (n > 0)
                break; /* what was given out may still refer to the old input */
            check_cancel();
            if (!next_input(project, max_rows))
                return NULL;
        }
        row = sel_row(project->input->sel, project->input_at);
        if (!project->row_open) {
            for (int32_t i = 0; i < exprs->count; i++)
                if (project->runners[i] != NULL)
                    set_runner_start(project->runners[i], project->input->columns, project->input->row_count, row);
            project->row_open = true;
        }
        if (produce_row(project, n, row, max_rows - n)) {
            n++;
        } else {
            project->row_open = false;
            project->input_at++;
        }
    }
    for (int32_t i = 0; i < exprs->count; i++)
        vector_buffer_trim_validity(&project->out.columns[i], n);
    project->out.batch.row_count = project->out.batch.count = n;
    return &project->out.batch;
}

static void set_project_rescan(ExecOperator *op)
{
    SetProject *project = (SetProject *)op;

    project->input = NULL;
    project->row_open = false;
    operator_rescan(op->left);
}

ExecOperator *set_project_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {set_project_next, set_project_rescan};
    SetProject                *project = operator_new(state, plan, sizeof(SetProject), &class);

    project->op.left = operator_open(state, plan->left);
    return &project->op;
}
