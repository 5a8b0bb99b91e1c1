/*
 * scan.c - what scans share.
 */
#include "executor/exec/scan.h"

static void load_column(Vector *vector, const int32_t *sel, int32_t count)
{
    ScanVector *column = CONTAINER_OF(vector, ScanVector, vector);
    Fault       fault;
    Status      status;

    vector_load(column->source, sel, count);
    if (column->scan->scan != NULL) {
        status = table_scan_fault(column->scan->scan, &fault);
        store_check(status, &fault);
    }
    column->vector = *column->source;
    column->vector.load = column->source->load != NULL ? load_column : NULL;
}

static void end_scan(void *object)
{
    ScanBase *scan = object;

    table_scan_close(scan->scan);
    table_fetch_close(scan->fetch);
    scan->scan = NULL;
    scan->fetch = NULL;
}

void scan_init(ScanBase *scan)
{
    ExecState  *state = scan->op.state;
    const Plan *plan = scan->op.plan;

    if (scan->arena != NULL)
        return;
    scan->arena = arena_new(state->arena, NULL, "scan");
    scan->batch_arena = arena_new(state->arena, NULL, "scan batch");
    scan->predicates = ARENA_ARRAY_ZEROED(state->arena, (size_t)plan->scan.predicate_count, ScanPredicate);
    scan->tests = ARENA_ARRAY_ZEROED(state->arena, (size_t)plan->scan.predicate_count, Evaluator *);
    scan->vectors = ARENA_ARRAY_ZEROED(state->arena, (size_t)plan->column_count, ScanVector);
    scan->batch.column_count = plan->column_count;
    scan->batch.columns = ARENA_ARRAY(state->arena, (size_t)plan->column_count, Vector *);
    for (int32_t i = 0; i < plan->column_count; i++) {
        scan->vectors[i].scan = scan;
        scan->batch.columns[i] = &scan->vectors[i].vector;
    }
    scan->view = state->view;
    if (state->recheck != NULL && plan->scan.range > 0 && plan->scan.range <= state->recheck->range_count) {
        scan->recheck_row = state->recheck->rows[plan->scan.range - 1];
        if (scan->recheck_row != 0 && state->recheck->newest[plan->scan.range - 1])
            scan->view.csn = CSN_MAX;
    }
    arena_defer(state->arena, &scan->on_end, end_scan, scan);
}

void scan_close(ScanBase *scan)
{
    table_scan_close(scan->scan);
    scan->scan = NULL;
    table_fetch_close(scan->fetch);
    scan->fetch = NULL;
}

/* Values of one predicate; NULLs of an IN list match nothing and are left out. */
static void predicate_values(ScanBase *scan, const PlanPredicate *plan, ScanPredicate *out)
{
    Datum  *values = ARENA_ARRAY(scan->arena, (size_t)MAX(plan->values.count, 1), Datum);
    int32_t count = 0;

    for (int32_t i = 0; i < plan->values.count; i++)
        if (eval_scalar_expr(scan->op.state, scan->arena, plan->values.items[i], &values[count]))
            count++;
    *out = (ScanPredicate){.output = plan->output, .compare = plan->compare, .value_count = count, .values = values};
    if (count == 0 && plan->compare != SCAN_IS_NULL && plan->compare != SCAN_IS_NOT_NULL)
        scan->never = true;
}

void scan_options(ScanBase *scan, TableScanOptions *options)
{
    const Plan *plan = scan->op.plan;

    arena_reset(scan->arena);
    scan->never = false;
    for (int32_t i = 0; i < plan->scan.predicate_count; i++)
        predicate_values(scan, &plan->scan.predicates[i], &scan->predicates[i]);
    scan->version = scan->op.state->param_version;
    *options = (TableScanOptions){
        .column_count = plan->scan.scan_column_count,
        .columns = plan->scan.scan_columns,
        .predicate_count = plan->scan.predicate_count,
        .predicates = scan->predicates,
        .direction = plan->scan.direction,
        .account = &scan->op.state->session->account,
    };
}

TableFetch *scan_fetch(ScanBase *scan)
{
    TableScanOptions options;
    Fault            fault;
    Status           status;

    if (scan->fetch == NULL) {
        scan_options(scan, &options);
        if (scan->never)
            return NULL;
        status = table_fetch_open(scan->op.state->session->engine, scan->op.plan->scan.table, &scan->view, &options, &scan->fetch, &fault);
        store_check(status, &fault);
    }
    return scan->fetch;
}

static int32_t apply_rest(ScanBase *scan, const Batch *source, int32_t *sel)
{
    const Plan    *plan = scan->op.plan;
    const int32_t *from = source->sel;
    int32_t        count = source->count;

    for (int32_t i = 0; i < plan->scan.predicate_count && count > 0; i++) {
        int32_t kept;

        if (scan->predicates[i].applied)
            continue;
        if (scan->tests[i] == NULL)
            scan->tests[i] = eval_compile(scan->op.state, scan->op.state->arena, plan->scan.predicates[i].original);
        kept = eval_filter(scan->tests[i], scan->batch.columns, source->row_count, from, count, sel, scan->batch_arena);
        operator_count_removed(&scan->op, count - kept);
        count = kept;
        from = sel;
    }
    return count;
}

Batch *scan_deliver(ScanBase *scan, Batch *source)
{
    bool rest = false;

    for (int32_t i = 0; i < scan->batch.column_count; i++) {
        ScanVector *column = &scan->vectors[i];

        column->source = source->columns[i];
        column->vector = *column->source;
        if (column->source->load != NULL)
            column->vector.load = load_column;
    }
    scan->batch.row_count = source->row_count;
    scan->batch.count = source->count;
    scan->batch.sel = source->sel;
    for (int32_t i = 0; i < scan->op.plan->scan.predicate_count; i++)
        rest = rest || !scan->predicates[i].applied;
    if (rest && source->count > 0) {
        int32_t *sel = ARENA_ARRAY(scan->batch_arena, (size_t)source->count, int32_t);

        scan->batch.count = apply_rest(scan, source, sel);
        scan->batch.sel = sel;
    }
    return scan->batch.count > 0 ? &scan->batch : NULL;
}

Batch *scan_recheck_next(ScanBase *scan)
{
    TableFetch *fetch;
    Batch      *batch;
    Fault       fault;
    Status      status;

    if (scan->recheck_done)
        return NULL;
    scan->recheck_done = true;
    fetch = scan_fetch(scan);
    if (fetch == NULL)
        return NULL;
    arena_reset(scan->batch_arena);
    status = table_fetch(fetch, &scan->recheck_row, 1, &batch, &fault);
    store_check(status, &fault);
    return batch->count > 0 ? scan_deliver(scan, batch) : NULL;
}
