/*
 * table_write.c - table_insert(), _update(), _delete() and _lock_row() of table.h.
 */
#include "storage/table/chunk.h"
#include "storage/table/row_decode.h"
#include "storage/table/row_encode.h"
#include "storage/txn/txn_parts.h"

#include <stdlib.h>

/* A transaction's TXN_PART_TABLE: buffers that stay warm from statement to statement. */
typedef struct TableWriter {
    RowEncoder encoder;
    void      *layout;
    size_t     layout_bytes;
} TableWriter;

enum { WARM_ROWS = 64 }; /* buffers for more rows are not kept beyond the transaction */

static void writer_free(void *data)
{
    TableWriter *writer = data;

    row_encoder_free(&writer->encoder);
    free(writer->layout);
    free(writer);
}

static bool writer_end(void *data)
{
    return ((TableWriter *)data)->encoder.rows_capacity_ <= WARM_ROWS;
}

/* What every write needs. */
typedef struct WriteTarget {
    const RelationDesc *table;
    WriteSet           *writes;
    TableWriter        *writer;
    RowLayout           layout;
    StorageId           main;
    uint64_t            xid;
} WriteTarget;

static Status open_target(Transaction *txn, const RelationDesc *table, WriteTarget *target, Fault *fault)
{
    TransactionPart *part = transaction_part(txn, TXN_PART_TABLE);
    TableWriter     *writer = part->data;
    size_t           bytes = row_layout_bytes(table);

    *target = (WriteTarget){.table = table, .writes = transaction_writes(txn), .main = table->groups[COLUMN_GROUP_MAIN].storage_id};
    if (target->writes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
    TRY(transaction_xid(txn, &target->xid, fault));
    if (writer == NULL) {
        writer = calloc(1, sizeof *writer);
        if (writer == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory to write rows");
        *part = (TransactionPart){.data = writer, .end = writer_end, .free = writer_free};
    }
    if (bytes > writer->layout_bytes) {
        void *layout = realloc(writer->layout, bytes);

        if (layout == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory to write rows");
        writer->layout = layout;
        writer->layout_bytes = bytes;
    }
    row_layout_init(&target->layout, writer->layout, table);
    target->writer = writer;
    return STATUS_OK;
}

/* ---- the other column groups -------------------------------------------------------------------------------------------- */

static Status put_group_value(const WriteTarget *target, const ColumnDesc *column, const Vector *vector, int32_t from, RowId row, bool fresh,
                              Fault *fault)
{
    const ColumnGroupDesc *group = &target->table->groups[column->group];
    bool                   null = vector == NULL || !vector_is_valid(vector, from);
    uint8_t                key[ROW_KEY_BYTES];
    Slice                  value;

    row_key_put(key, row);
    if (null && column->missing_value.size == 0)
        return fresh ? STATUS_OK : writeset_delete(target->writes, group->storage_id, slice_of(key, sizeof key), fault);
    value = null ? slice_of("", 0) : VECTOR_DATA(vector, Slice)[from];
    if (!null && group->fixed_bytes != 0 && value.size != group->fixed_bytes)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "a value of %zu bytes for column \"%s\", which has %u", value.size, column->name,
                     group->fixed_bytes);
    return writeset_put(target->writes, group->storage_id, slice_of(key, sizeof key), value, fault);
}

/* changed NULL: all of them, into rows that nobody has seen. */
static Status write_groups(const WriteTarget *target, const Batch *batch, const RowId *row_ids, const uint64_t *changed, Fault *fault)
{
    if (target->table->group_count <= 1)
        return STATUS_OK;
    for (int32_t at = 0; at < target->table->column_count; at++) {
        const ColumnDesc *column = &target->table->columns[at];

        if (column->group == COLUMN_GROUP_MAIN || column->dropped || (changed != NULL && !bitmap_get(changed, at)))
            continue;
        for (int32_t i = 0; i < batch->count; i++) {
            int32_t row = sel_row(batch->sel, i);

            TRY(put_group_value(target, column, batch->columns[at], row, row_ids[row], changed == NULL, fault));
        }
    }
    return STATUS_OK;
}

/* ---- insert ---------------------------------------------------------------------------------------------------------------- */

static Status put_rows(const WriteTarget *target, const Batch *batch, const RowId *row_ids, Fault *fault)
{
    const RowEncoder *encoder = &target->writer->encoder;

    for (int32_t i = 0; i < encoder->count; i++) {
        uint8_t key[ROW_KEY_BYTES];

        row_key_put(key, row_ids[sel_row(batch->sel, i)]);
        TRY(writeset_put(target->writes, target->main, slice_of(key, sizeof key), encoder->rows[i], fault));
    }
    return STATUS_OK;
}

Status table_insert(Transaction *txn, const RelationDesc *table, const Batch *batch, const RowId *row_ids, Fault *fault)
{
    WriteTarget       target;
    const RowEncoder *encoder;

    TRY(open_target(txn, table, &target, fault));
    TRY(row_encode(&target.writer->encoder, &target.layout, batch, target.xid, fault));
    TRY(put_rows(&target, batch, row_ids, fault));
    encoder = &target.writer->encoder;
    for (int32_t i = 0; i < encoder->out_of_line_count; i++) {
        const OutOfLineValue *value = &encoder->out_of_line[i];
        ChunkKey              key = {table->chunk_storage, row_ids[sel_row(batch->sel, value->at)], value->attribute};

        TRY(chunk_write(target.writes, &key, value->value, 0, fault));
    }
    return write_groups(&target, batch, row_ids, NULL, fault);
}

/* ---- update and delete ------------------------------------------------------------------------------------------------------- */

static bool may_have_chunks(const RelationDesc *table, const RowLayout *layout)
{
    return table->chunk_storage != 0 && layout->columns[layout->count].var_index > 0;
}

/* The row as it is for this transaction now. *pinned holds its bytes; STATUS_NOT_FOUND when it has none. */
static Status read_present(Transaction *txn, const WriteTarget *target, RowId row, PinnedValue *pinned, RowView *view_out, Fault *fault)
{
    ReadView view = transaction_newest_view(txn);
    uint8_t  key[ROW_KEY_BYTES];
    Status   status;

    row_key_put(key, row);
    *pinned = (PinnedValue){0};
    TRY(engine_get(transaction_engine(txn), &view, target->main, slice_of(key, sizeof key), pinned, fault));
    status = row_view_parse(&target->layout, pinned->value, view_out, fault);
    if (status != STATUS_OK)
        engine_unpin(pinned);
    return status;
}

/* The size of the new value that a row's column has out of line; 0: it has none. */
static size_t new_chunks(const WriteTarget *target, int32_t at, int16_t attribute, Slice *value_out)
{
    const RowEncoder *encoder = &target->writer->encoder;

    for (int32_t i = 0; i < encoder->out_of_line_count; i++) {
        if (encoder->out_of_line[i].at == at && encoder->out_of_line[i].attribute == attribute) {
            *value_out = encoder->out_of_line[i].value;
            return value_out->size;
        }
    }
    return 0;
}

/*
 * Brings the chunks of one row (number `at` of those encoded; -1: it is deleted) from what the old row has to what the new one
 * needs. Unchanged values keep theirs.
 */
static Status replace_chunks(const WriteTarget *target, const RowView *old, int32_t at, RowId row, const uint64_t *changed, Fault *fault)
{
    for (int32_t position = 0; position < target->layout.count; position++) {
        int16_t  attribute = target->layout.columns[position].attribute;
        ChunkKey key = {target->table->chunk_storage, row, attribute};
        size_t   old_bytes = 0;
        size_t   chunk_bytes = ROW_CHUNK_BYTES;
        Slice    value;
        bool     had = old != NULL && row_out_of_line(&target->layout, old, position, &old_bytes, &chunk_bytes);
        bool     has = at >= 0 && new_chunks(target, at, attribute, &value) != 0;

        if (had && has && !bitmap_get(changed, attribute - 1) && old_bytes == value.size && chunk_bytes == ROW_CHUNK_BYTES)
            continue;
        if (had && (!has || chunk_bytes != ROW_CHUNK_BYTES)) {
            TRY(chunk_delete(target->writes, &key, old_bytes, chunk_bytes, fault));
            old_bytes = 0;
        }
        if (has)
            TRY(chunk_write(target->writes, &key, value, had ? old_bytes : 0, fault));
    }
    return STATUS_OK;
}

static bool row_has_new_chunks(const WriteTarget *target, int32_t at)
{
    const RowEncoder *encoder = &target->writer->encoder;

    for (int32_t i = 0; i < encoder->out_of_line_count; i++) {
        if (encoder->out_of_line[i].at == at)
            return true;
    }
    return false;
}

/* Before the row itself is written: its present version says what chunks it has. */
static Status change_chunks(Transaction *txn, const WriteTarget *target, int32_t at, RowId row, const uint64_t *changed, Fault *fault)
{
    PinnedValue pinned;
    RowView     old;
    Status      status = read_present(txn, target, row, &pinned, &old, fault);
    bool        found = status == STATUS_OK;

    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    status = STATUS_OK;
    if ((found && old.out_of_line != NULL) || (at >= 0 && row_has_new_chunks(target, at)))
        status = replace_chunks(target, found ? &old : NULL, at, row, changed, fault);
    if (found)
        engine_unpin(&pinned);
    return status;
}

Status table_update(Transaction *txn, const RelationDesc *table, const Batch *batch, const RowId *row_ids, const uint64_t *changed, Fault *fault)
{
    WriteTarget target;

    TRY(open_target(txn, table, &target, fault));
    TRY(row_encode(&target.writer->encoder, &target.layout, batch, target.xid, fault));
    if (may_have_chunks(table, &target.layout)) {
        for (int32_t i = 0; i < batch->count; i++)
            TRY(change_chunks(txn, &target, i, row_ids[sel_row(batch->sel, i)], changed, fault));
    }
    TRY(put_rows(&target, batch, row_ids, fault));
    return write_groups(&target, batch, row_ids, changed, fault);
}

static Status delete_row(Transaction *txn, const WriteTarget *target, RowId row, Fault *fault)
{
    uint8_t key[ROW_KEY_BYTES];

    if (may_have_chunks(target->table, &target->layout))
        TRY(change_chunks(txn, target, -1, row, NULL, fault));
    row_key_put(key, row);
    for (int16_t i = 0; i < target->table->group_count; i++)
        TRY(writeset_delete(target->writes, target->table->groups[i].storage_id, slice_of(key, sizeof key), fault));
    return STATUS_OK;
}

Status table_delete(Transaction *txn, const RelationDesc *table, const RowId *row_ids, const int32_t *sel, int32_t count, Fault *fault)
{
    WriteTarget target;

    TRY(open_target(txn, table, &target, fault));
    target.writer->encoder.out_of_line_count = 0;
    for (int32_t i = 0; i < count; i++)
        TRY(delete_row(txn, &target, row_ids[sel_row(sel, i)], fault));
    return STATUS_OK;
}

/* ---- row locks ------------------------------------------------------------------------------------------------------------------ */

/* Somebody committed a version after the view: what does that mean here? */
static Status row_has_changed(Transaction *txn, StorageId storage, Slice key, RowLockResult *result_out, Fault *fault)
{
    ReadView    newest = {.csn = CSN_MAX};
    PinnedValue pinned = {0};
    Status      status;

    if (transaction_isolation(txn) != READ_COMMITTED)
        return FAULT(fault, STATUS_CONFLICT, 0, "could not serialize access due to concurrent update");
    status = engine_get(transaction_engine(txn), &newest, storage, key, &pinned, fault);
    if (status == STATUS_OK) {
        engine_unpin(&pinned);
        *result_out = ROW_CHANGED;
    } else if (status == STATUS_NOT_FOUND) {
        *result_out = ROW_GONE;
        status = STATUS_OK;
    }
    return status;
}

Status table_lock_row(Transaction *txn, const RelationDesc *table, const ReadView *view, RowId row, RowLock mode, LockWait wait,
                      uint32_t timeout_ms, RowLockResult *result_out, Fault *fault)
{
    StorageId storage = table->groups[COLUMN_GROUP_MAIN].storage_id;
    uint8_t   bytes[ROW_KEY_BYTES];
    Slice     key = slice_of(bytes, sizeof bytes);
    bool      waited;
    Csn       newest;
    Status    status;

    row_key_put(bytes, row);
    status = lock_row(transaction_locks(txn), storage, key, mode, wait, timeout_ms, &waited, fault);
    if (status == STATUS_LOCK_NOT_AVAILABLE && wait == LOCK_SKIP) {
        *result_out = ROW_SKIPPED;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    *result_out = ROW_LOCKED;
    /* locks go after their writes are visible: whoever had this one is seen by now, so nothing new means no change */
    if (view->csn == CSN_MAX || engine_visible_csn(transaction_engine(txn)) == view->csn)
        return STATUS_OK;
    TRY(engine_newest_csn(transaction_engine(txn), storage, key, &newest, fault));
    return newest > view->csn ? row_has_changed(txn, storage, key, result_out, fault) : STATUS_OK;
}
