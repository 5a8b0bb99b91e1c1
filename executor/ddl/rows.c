/*
 * rows.c - passes over a table's rows, bulk inserts, index builds.
 */
#include "executor/ddl/rows.h"

#include "base/cancel.h"
#include "executor/ddl/table_build.h"
#include "executor/exec/eval.h"
#include "executor/serialize/serialize.h"
#include "executor/store/index_key.h"
#include "storage/index/index.h"

struct RowPass {
    ArenaDefer  defer;
    Session    *session;
    TableScan  *scan;
    int32_t     column_count;
    int32_t    *places;  /* scan column of each attribute, -1: none */
    int32_t     scanned; /* scan columns */
    Vector    **columns; /* column_count + 1 */
    Batch       batch;
};

static void close_pass(void *object)
{
    RowPass *pass = object;

    table_scan_close(pass->scan);
    pass->scan = NULL;
}

RowPass *row_pass_open(Session *session, Arena *arena, const RelationDesc *table, const bool *wanted)
{
    RowPass         *pass = ARENA_NEW(arena, RowPass);
    ScanColumn      *columns = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, ScanColumn);
    Transaction     *txn = store_transaction(session);
    TableScanOptions options = {.columns = columns, .account = &session->account};
    ReadView         view;
    Fault            fault;

    pass->session = session;
    pass->column_count = table->column_count;
    pass->places = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, int32_t);
    pass->columns = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, Vector *);
    for (int16_t i = 0; i < table->column_count; i++) {
        pass->places[i] = -1;
        if (table->columns[i].dropped || (wanted != NULL && !wanted[i]))
            continue;
        pass->places[i] = options.column_count;
        columns[options.column_count++] = (ScanColumn){.kind = SCAN_COLUMN, .column = (int16_t)(i + 1)};
    }
    columns[options.column_count++] = (ScanColumn){.kind = SCAN_ROW_ID};
    pass->scanned = options.column_count;
    transaction_start_statement(txn); /* what this statement wrote before is seen */
    view = transaction_read_view(txn);
    store_check(table_scan_open(session->engine, table, &view, &options, &pass->scan, &fault), &fault);
    arena_defer(arena, &pass->defer, close_pass, pass);
    return pass;
}

Batch *row_pass_next(RowPass *pass)
{
    Batch *batch = NULL;
    Fault  fault;

    check_cancel();
    store_check(table_scan_next(pass->scan, BATCH_ROWS, &batch, &fault), &fault);
    if (batch == NULL || batch->count == 0)
        return NULL;
    for (int32_t i = 0; i < pass->scanned; i++)
        vector_load(batch->columns[i], batch->sel, batch->count);
    store_check(table_scan_fault(pass->scan, &fault), &fault);
    for (int32_t i = 0; i < pass->column_count; i++)
        pass->columns[i] = pass->places[i] < 0 ? NULL : batch->columns[pass->places[i]];
    pass->columns[pass->column_count] = batch->columns[pass->scanned - 1];
    pass->batch = (Batch){
        .column_count = pass->column_count + 1, .row_count = batch->row_count, .count = batch->count, .sel = batch->sel, .columns = pass->columns,
    };
    return &pass->batch;
}

void row_pass_close(RowPass *pass)
{
    table_scan_close(pass->scan);
    pass->scan = NULL;
}

int64_t rows_insert(Ddl *ddl, const RelationDesc *table, const Batch *batch)
{
    RowId *ids = ARENA_ARRAY(ddl->arena, (size_t)batch->row_count, RowId);
    RowId  first = 0;
    Fault  fault;

    for (int32_t i = 0; i < batch->column_count; i++) {
        if (batch->columns[i] != NULL)
            vector_load(batch->columns[i], batch->sel, batch->count);
    }
    store_check(table_new_row_ids(ddl->session->engine, table, batch->count, &first, &fault), &fault);
    for (int32_t i = 0; i < batch->count; i++)
        ids[sel_row(batch->sel, i)] = first + i;
    store_check(table_insert(store_transaction(ddl->session), table, batch, ids, &fault), &fault);
    return batch->count;
}
