/*
 * table_scan.c - table_scan_*() of table.h: the rows of a range of row ids in order, as batches.
 *
 * The iterator over the main group brings chunks of rows, as many as were asked for, or more when predicates drop most of them; what
 * passed and was not asked for yet is delivered by the next call. The row reader does the rest.
 */
#include "storage/table/row_reader.h"

#include "base/cancel.h"
#include "storage/txn/txn_parts.h"

enum { FILTERED_ROWS = 64 }; /* read at least, when predicates may drop rows */

struct TableScan {
    RowReader reader;
    Arena    *arena;
    Iterator *iterator;
    int32_t   delivered;  /* of reader.live_count */
    int32_t   chunk_rows; /* to read at a time */
    int32_t   most_rows;  /* never more: groups of wide values */
    RowId     position;
};

Status table_scan_open(Engine *engine, const RelationDesc *table, const ReadView *view, const TableScanOptions *options,
                       TableScan **scan_out, Fault *fault)
{
    Arena          *arena = arena_try_new(NULL, options->account, "table scan");
    TableScan      *scan = arena == NULL ? NULL : arena_try_alloc(arena, sizeof *scan);
    IteratorOptions range = {.storage_id = table->groups[COLUMN_GROUP_MAIN].storage_id, .direction = options->direction};
    uint8_t         lower[ROW_KEY_BYTES];
    uint8_t         upper[ROW_KEY_BYTES];
    Status          status;

    if (scan == NULL) {
        arena_free(arena);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a table scan");
    }
    *scan = (TableScan){.arena = arena, .most_rows = BATCH_ROWS};
    row_key_put(lower, options->lower);
    row_key_put(upper, options->upper);
    if (options->lower > 0)
        range.lower = slice_of(lower, sizeof lower);
    if (options->upper > 0)
        range.upper = slice_of(upper, sizeof upper);
    range.scan = options->upper == 0 || options->upper - options->lower > BATCH_ROWS;
    status = row_reader_open(&scan->reader, engine, table, view, options, arena, fault);
    scan->reader.ordered = true;
    if (scan->reader.outside_bytes > 0) /* so that one sweep of a group's iterator holds a chunk's values */
        scan->most_rows = (int32_t)MAX((uint32_t)1, MIN((uint32_t)BATCH_ROWS, BATCH_BYTES / (scan->reader.outside_bytes + 32)));
    if (status == STATUS_OK)
        status = read_view_record(view, range.storage_id, range.lower, range.upper, fault);
    if (status == STATUS_OK)
        status = iterator_open(engine, view, &range, &scan->iterator, fault);
    if (status != STATUS_OK) {
        table_scan_close(scan);
        return status;
    }
    *scan_out = scan;
    return STATUS_OK;
}

void table_scan_close(TableScan *scan)
{
    if (scan == NULL)
        return;
    row_reader_close(&scan->reader);
    iterator_close(scan->iterator);
    arena_free(scan->arena);
}

/* How many rows to read for a demand of max_rows. */
static int32_t rows_to_read(TableScan *scan, int32_t max_rows)
{
    int32_t rows = max_rows;

    if (scan->reader.filter_count > 0) {
        rows = MAX(rows, MAX(scan->chunk_rows, (int32_t)FILTERED_ROWS));
        scan->chunk_rows = MIN(rows * 4, (int32_t)BATCH_ROWS); /* predicates that drop most rows pay for larger chunks */
    }
    return MIN(rows, scan->most_rows);
}

/* Reads chunks until some row passes; live_count 0 at the end. */
static Status next_chunk(TableScan *scan, int32_t max_rows, Fault *fault)
{
    RowReader *reader = &scan->reader;
    int        count;

    scan->delivered = 0;
    do {
        int32_t rows = rows_to_read(scan, max_rows);

        if (cancel_pending())
            return FAULT(fault, STATUS_CANCELLED, 0, "cancelled while reading a table");
        row_reader_next(reader);
        TRY(row_reader_reserve(reader, rows, fault));
        TRY(iterator_next(scan->iterator, reader->entries, rows, &count, fault));
        TRY(row_reader_fill(reader, NULL, count, count, fault));
    } while (count > 0 && reader->live_count == 0);
    return STATUS_OK;
}

Status table_scan_next(TableScan *scan, int32_t max_rows, Batch **batch_out, Fault *fault)
{
    RowReader *reader = &scan->reader;
    int32_t    count;

    max_rows = MAX(1, MIN(max_rows, (int32_t)BATCH_ROWS));
    if (scan->delivered == reader->live_count)
        TRY(next_chunk(scan, max_rows, fault));
    count = MIN(max_rows, reader->live_count - scan->delivered);
    row_reader_deliver(reader, scan->delivered, count);
    scan->delivered += count;
    if (count > 0) {
        Slice key = reader->entries[sel_row(reader->batch.sel, count - 1)].key;

        if (key.size != ROW_KEY_BYTES)
            return FAULT(fault, STATUS_CORRUPT, 0, "a row key of %zu bytes", key.size);
        scan->position = row_key_get(key.data);
    }
    *batch_out = &reader->batch;
    return STATUS_OK;
}

Status table_scan_fault(const TableScan *scan, Fault *fault)
{
    if (scan->reader.status != STATUS_OK && fault != NULL)
        *fault = scan->reader.fault;
    return scan->reader.status;
}

RowId table_scan_position(const TableScan *scan)
{
    return scan->position;
}
