/*
 * index.c - index_create_storage(), _insert(), _delete(), _probe_unique() of index.h.
 */
#include "storage/index/index_key.h"

#include "storage/txn/txn_parts.h"

static StorageId index_storage(const RelationDesc *index)
{
    return index->groups[0].storage_id;
}

static Status no_write_set(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
}

Status index_create_storage(Transaction *txn, const RelationDesc *index, Fault *fault)
{
    WriteSet       *writes = transaction_writes(txn);
    RelationOptions options = {.kind = RELATION_INDEX, .filter_suffix_bytes = INDEX_ROW_ID_BYTES};

    if (writes == NULL)
        return no_write_set(fault);
    return writeset_create_storage(writes, index_storage(index), &options, fault);
}

Status index_drop_storage(Transaction *txn, const RelationDesc *index, Fault *fault)
{
    WriteSet *writes = transaction_writes(txn);

    if (writes == NULL)
        return no_write_set(fault);
    return writeset_drop_storage(writes, index_storage(index), fault);
}

/* Looks for an entry of the key that is not `self`'s (0: any), in the newest committed state and the transaction's own. */
static Status find_other(Transaction *txn, StorageId storage, Slice key, RowId self, IndexConflict *conflict, Fault *fault)
{
    ReadView        view = transaction_newest_view(txn);
    IndexKey        upper;
    IteratorOptions options = {.storage_id = storage, .lower = key};
    Iterator       *iterator;
    IteratorEntry   entries[2]; /* at most one other than self, or the key was not unique before */
    int             count;
    Status          status;

    *conflict = (IndexConflict){.found = false};
    TRY(index_key_end(&upper, key, fault));
    options.upper = upper.bytes;
    status = iterator_open(transaction_engine(txn), &view, &options, &iterator, fault);
    if (status == STATUS_OK) {
        status = iterator_next(iterator, entries, ARRAY_LENGTH(entries), &count, fault);
        for (int i = 0; i < count && status == STATUS_OK && !conflict->found; i++) {
            status = index_entry_row(&entries[i], &conflict->row, fault);
            conflict->found = status == STATUS_OK && conflict->row != self;
        }
        iterator_close(iterator);
    }
    index_key_free(&upper);
    return status;
}

static Status lock_and_find(Transaction *txn, const RelationDesc *index, Slice key, RowId self, uint32_t lock_timeout_ms,
                            IndexConflict *conflict, Fault *fault)
{
    bool waited;

    TRY(lock_unique_key(transaction_locks(txn), index_storage(index), key, lock_timeout_ms, &waited, fault));
    return find_other(txn, index_storage(index), key, self, conflict, fault);
}

Status index_insert(Transaction *txn, const RelationDesc *index, Slice key, RowId row, Slice value, bool unique, uint32_t lock_timeout_ms,
                    IndexConflict *conflict_out, Fault *fault)
{
    WriteSet     *writes = transaction_writes(txn);
    IndexConflict conflict = {.found = false};
    IndexKey      whole;
    Status        status;

    if (writes == NULL)
        return no_write_set(fault);
    if (unique)
        TRY(lock_and_find(txn, index, key, row, lock_timeout_ms, &conflict, fault));
    if (conflict_out != NULL)
        *conflict_out = conflict;
    if (conflict.found)
        return FAULT(fault, STATUS_EXISTS, 0, "row %lld holds the key", (long long)conflict.row);
    TRY(index_key_make(&whole, key, row, fault));
    status = writeset_put(writes, index_storage(index), whole.bytes, value, fault);
    index_key_free(&whole);
    return status;
}

Status index_delete(Transaction *txn, const RelationDesc *index, Slice key, RowId row, Fault *fault)
{
    WriteSet *writes = transaction_writes(txn);
    IndexKey  whole;
    Status    status;

    if (writes == NULL)
        return no_write_set(fault);
    TRY(index_key_make(&whole, key, row, fault));
    status = writeset_delete(writes, index_storage(index), whole.bytes, fault);
    index_key_free(&whole);
    return status;
}

Status index_probe_unique(Transaction *txn, const RelationDesc *index, Slice key, uint32_t lock_timeout_ms, IndexConflict *conflict_out,
                          Fault *fault)
{
    return lock_and_find(txn, index, key, 0, lock_timeout_ms, conflict_out, fault);
}
