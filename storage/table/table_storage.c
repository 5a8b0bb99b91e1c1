/*
 * table_storage.c - the relations behind a table: made, dropped, measured, split; row ids.
 */
#include "storage/table/row_layout.h"
#include "storage/table/table.h"

#include "base/bytes.h"

/* A table's row ids are numbers of the counter with its oid below this: they survive TRUNCATE, which takes new storage. */
#define COUNTER_ROW_IDS ((uint64_t)1 << 32)

Status table_create_storage(Transaction *txn, const RelationDesc *table, Fault *fault)
{
    WriteSet       *writes = transaction_writes(txn);
    RelationOptions options = {.kind = RELATION_ROWS};

    if (writes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
    for (int16_t i = 0; i < table->group_count; i++)
        TRY(writeset_create_storage(writes, table->groups[i].storage_id, &options, fault));
    if (table->chunk_storage == 0)
        return STATUS_OK;
    return writeset_create_storage(writes, table->chunk_storage, &options, fault);
}

Status table_drop_storage(Transaction *txn, const RelationDesc *table, Fault *fault)
{
    WriteSet *writes = transaction_writes(txn);

    if (writes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
    for (int16_t i = 0; i < table->group_count; i++)
        TRY(writeset_drop_storage(writes, table->groups[i].storage_id, fault));
    return table->chunk_storage == 0 ? STATUS_OK : writeset_drop_storage(writes, table->chunk_storage, fault);
}

Status table_new_row_ids(Engine *engine, const RelationDesc *table, int32_t count, RowId *first_out, Fault *fault)
{
    uint64_t first;

    TRY(engine_counter_take(engine, COUNTER_ROW_IDS | table->head.oid, (uint64_t)count, &first, fault));
    if (first + (uint64_t)count - 1 > (uint64_t)ROW_ID_MAX)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "all row ids of table %u are used up", table->head.oid);
    *first_out = (RowId)first;
    return STATUS_OK;
}

TableSize table_size(Engine *engine, const RelationDesc *table)
{
    TableSize size = {0};

    for (int16_t i = 0; i < table->group_count; i++) {
        RelationSize group = engine_relation_size(engine, table->groups[i].storage_id);

        if (i == COLUMN_GROUP_MAIN) {
            size.main_bytes = group.disk_bytes + group.memory_bytes;
            size.row_estimate = group.entries;
        }
        size.total_bytes += group.disk_bytes + group.memory_bytes;
    }
    if (table->chunk_storage != 0) {
        RelationSize chunks = engine_relation_size(engine, table->chunk_storage);

        size.total_bytes += chunks.disk_bytes + chunks.memory_bytes;
    }
    return size;
}
