/*
 * table_fetch.c - table_fetch*() of table.h: rows by id.
 */
#include "storage/table/row_reader.h"

#include "storage/txn/txn_parts.h"

struct TableFetch {
    RowReader    reader;
    Arena       *arena;
    PinnedValue *pins; /* reader.capacity of them; the first pin_count hold something */
    int32_t      pin_count;
    int32_t     *found;
    int32_t      capacity;
};

Status table_fetch_open(Engine *engine, const RelationDesc *table, const ReadView *view, const TableScanOptions *options,
                        TableFetch **fetch_out, Fault *fault)
{
    Arena      *arena = arena_try_new(NULL, options->account, "table fetch");
    TableFetch *fetch = arena == NULL ? NULL : arena_try_alloc(arena, sizeof *fetch);
    Status      status;

    if (fetch == NULL) {
        arena_free(arena);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a table fetch");
    }
    *fetch = (TableFetch){.arena = arena};
    status = row_reader_open(&fetch->reader, engine, table, view, options, arena, fault);
    if (status != STATUS_OK) {
        table_fetch_close(fetch);
        return status;
    }
    *fetch_out = fetch;
    return STATUS_OK;
}

static void unpin_all(TableFetch *fetch)
{
    for (int32_t i = 0; i < fetch->pin_count; i++)
        engine_unpin(&fetch->pins[i]);
    fetch->pin_count = 0;
}

void table_fetch_close(TableFetch *fetch)
{
    if (fetch == NULL)
        return;
    unpin_all(fetch);
    row_reader_close(&fetch->reader);
    arena_free(fetch->arena);
}

static Status reserve(TableFetch *fetch, int32_t count, Fault *fault)
{
    TRY(row_reader_reserve(&fetch->reader, count, fault));
    if (fetch->capacity == fetch->reader.capacity)
        return STATUS_OK;
    fetch->pins = arena_try_alloc(fetch->arena, (size_t)fetch->reader.capacity * sizeof *fetch->pins);
    fetch->found = arena_try_alloc(fetch->arena, (size_t)fetch->reader.capacity * sizeof *fetch->found);
    if (fetch->pins == NULL || fetch->found == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a table fetch");
    fetch->capacity = fetch->reader.capacity;
    return STATUS_OK;
}

static Status record_reads(const TableFetch *fetch, StorageId storage, const RowId *ids, int32_t count, Fault *fault)
{
    uint8_t lower[ROW_KEY_BYTES];
    uint8_t upper[ROW_KEY_BYTES];

    for (int32_t i = 0; i < count; i++) {
        row_key_put(lower, ids[i]);
        row_key_put(upper, ids[i] + 1);
        TRY(read_view_record(&fetch->reader.view, storage, slice_of(lower, sizeof lower), slice_of(upper, sizeof upper), fault));
    }
    return STATUS_OK;
}

Status table_fetch(TableFetch *fetch, const RowId *ids, int32_t count, Batch **batch_out, Fault *fault)
{
    RowReader *reader = &fetch->reader;
    StorageId  storage = reader->table->groups[COLUMN_GROUP_MAIN].storage_id;
    int32_t    found = 0;

    ASSERT(count <= BATCH_ROWS);
    row_reader_next(reader);
    unpin_all(fetch);
    TRY(reserve(fetch, count, fault));
    if (reader->view.writes != NULL)
        TRY(record_reads(fetch, storage, ids, count, fault));
    reader->ordered = true;
    for (int32_t i = 0; i < count; i++) {
        uint8_t     key[ROW_KEY_BYTES];
        PinnedValue value = {0};
        Status      status;

        reader->row_ids[i] = ids[i];
        reader->ordered = reader->ordered && (i == 0 || ids[i - 1] < ids[i]);
        row_key_put(key, ids[i]);
        status = engine_get(reader->engine, &reader->view, storage, slice_of(key, sizeof key), &value, fault);
        if (status == STATUS_NOT_FOUND)
            continue;
        if (status != STATUS_OK)
            return status;
        fetch->pins[fetch->pin_count++] = value;
        fetch->found[found++] = i;
        reader->entries[i] = (IteratorEntry){.value = value.value};
    }
    reader->has_row_ids = true;
    TRY(row_reader_fill(reader, found == count ? NULL : fetch->found, found, count, fault));
    row_reader_deliver(reader, 0, reader->live_count);
    *batch_out = &reader->batch;
    return STATUS_OK;
}
