/*
 * scan_table.c - sequential scans, scans by row id.
 */
#include "executor/exec/scan.h"
#include "types/array.h"

/* ---- all rows of a table -------------------------------------------------------------------------------------------------------- */

typedef struct TableScanOperator {
    ScanBase base;
    bool     open, done;
} TableScanOperator;

static void open_scan(TableScanOperator *scan)
{
    TableScanOptions options;
    Fault            fault;
    Status           status;

    scan_options(&scan->base, &options);
    scan->open = true;
    if (scan->base.never) {
        scan->done = true;
        return;
    }
    status = table_scan_open(scan->base.op.state->session->engine, scan->base.op.plan->scan.table, &scan->base.view, &options, &scan->base.scan, &fault);
    store_check(status, &fault);
}

static Batch *table_scan_operator_next(ExecOperator *op, int32_t max_rows)
{
    TableScanOperator *scan = (TableScanOperator *)op;
    Batch             *out;

    scan_init(&scan->base);
    if (scan->base.recheck_row != 0)
        return scan_recheck_next(&scan->base);
    if (!scan->open)
        open_scan(scan);
    out = batch_slice_take(&scan->base.slice, op->state->arena, max_rows);
    while (out == NULL && !scan->done) {
        Batch *batch;
        Fault  fault;
        Status status;

        check_cancel();
        arena_reset(scan->base.batch_arena);
        status = table_scan_next(scan->base.scan, max_rows, &batch, &fault);
        store_check(status, &fault);
        if (batch == NULL || batch->count == 0) {
            scan->done = true;
            break;
        }
        batch = scan_deliver(&scan->base, batch);
        if (batch != NULL) {
            if (batch->count <= max_rows)
                return batch;
            batch_slice_set(&scan->base.slice, batch, batch->sel, batch->count);
            out = batch_slice_take(&scan->base.slice, op->state->arena, max_rows);
        }
    }
    return out;
}

static void table_scan_operator_rescan(ExecOperator *op)
{
    TableScanOperator *scan = (TableScanOperator *)op;

    scan_close(&scan->base);
    scan->open = scan->done = scan->base.recheck_done = false;
    scan->base.slice.count = 0;
}

ExecOperator *table_scan_operator_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {table_scan_operator_next, table_scan_operator_rescan};

    return operator_new(state, plan, sizeof(TableScanOperator), &class);
}

/* ---- rows by ctid ------------------------------------------------------------------------------------------------------------------ */

typedef struct RowIdScan {
    ScanBase base;
    bool     computed;
    RowId   *ids;
    int32_t  count, at;
} RowIdScan;

/* A tid value carries the row id: 32 + 16 bits, the offset never 0. */
static void add_id(RowIdScan *scan, const Datum *tid)
{
    for (int32_t i = 0; i < scan->count; i++)
        if (scan->ids[i] == tid->int64)
            return;
    scan->ids[scan->count++] = tid->int64;
}

static void compute_ids(RowIdScan *scan)
{
    ExecState      *state = scan->base.op.state;
    const ExprList *list = &scan->base.op.plan->scan.row_ids;
    int32_t         room = list->count;
    Datum           value;
    ArrayView       array = {0};

    scan->computed = true;
    if (list->count == 1 && list->items[0]->type == TYPE_TID_ARRAY) {
        if (!eval_scalar_expr(state, scan->base.arena, list->items[0], &value) || !array_open(value.bytes, &array))
            return;
        room = array.count;
    }
    scan->ids = ARENA_ARRAY(state->arena, (size_t)MAX(room, 1), RowId);
    if (array.count > 0) {
        for (int32_t i = 0; i < array.count; i++)
            if (array_get(&array, i, &value))
                add_id(scan, &value);
        return;
    }
    for (int32_t i = 0; i < list->count && list->items[i]->type != TYPE_TID_ARRAY; i++)
        if (eval_scalar_expr(state, scan->base.arena, list->items[i], &value))
            add_id(scan, &value);
}

static Batch *row_id_scan_next(ExecOperator *op, int32_t max_rows)
{
    RowIdScan *scan = (RowIdScan *)op;

    scan_init(&scan->base);
    if (scan->base.recheck_row != 0)
        return scan_recheck_next(&scan->base);
    if (!scan->computed)
        compute_ids(scan);
    while (scan->at < scan->count) {
        TableFetch *fetch = scan_fetch(&scan->base);
        int32_t     count = MIN(max_rows, scan->count - scan->at);
        Batch      *batch;
        Fault       fault;
        Status      status;

        if (fetch == NULL)
            return NULL;
        arena_reset(scan->base.batch_arena);
        status = table_fetch(fetch, scan->ids + scan->at, count, &batch, &fault);
        store_check(status, &fault);
        scan->at += count;
        if (batch->count > 0 && (batch = scan_deliver(&scan->base, batch)) != NULL)
            return batch;
    }
    return NULL;
}

static void row_id_scan_rescan(ExecOperator *op)
{
    RowIdScan *scan = (RowIdScan *)op;

    scan_close(&scan->base);
    scan->computed = scan->base.recheck_done = false;
    scan->count = scan->at = 0;
}

ExecOperator *row_id_scan_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {row_id_scan_next, row_id_scan_rescan};

    return operator_new(state, plan, sizeof(RowIdScan), &class);
}
