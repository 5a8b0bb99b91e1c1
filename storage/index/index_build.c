/*
 * index_build.c - index_builder_*() of index.h: the entries of a new index, sorted and written in one go.
 *
 * The entries go through the transaction's write set, which makes sorted files of what is large.
 *
 * A build beside writers (CREATE INDEX CONCURRENTLY) is the executor's protocol over these parts: the descriptor is committed as
 * INDEX_BUILDING, from then on everyone writes the index; once the transactions of the older descriptor have ended, a builder
 * adds what a snapshot sees, and the descriptor becomes INDEX_READY with valid_from.
 */
#include "storage/index/index_key.h"
#include "storage/index/index_sort.h"

#include "base/cancel.h"

enum { FLAG_HAS_NULL = 1 };

struct IndexBuilder {
    Transaction *txn;
    StorageId    storage;
    bool         unique;
    bool         nulls_not_distinct;
    IndexSort   *sort;
    uint8_t     *previous; /* the last key without row id, for unique indexes */
    size_t       previous_bytes;
    size_t       previous_capacity;
    bool         has_previous;
};

Status index_builder_open(Transaction *txn, const RelationDesc *index, bool unique, IndexBuilder **builder_out, Fault *fault)
{
    IndexBuilder *builder = calloc(1, sizeof *builder);
    Status        status;

    if (builder == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index build");
    builder->txn = txn;
    builder->storage = index->groups[0].storage_id;
    builder->unique = unique;
    builder->nulls_not_distinct = index->index != NULL && index->index->nulls_not_distinct;
    status = index_sort_new(engine_directory(transaction_engine(txn)), 0, &builder->sort, fault);
    if (status != STATUS_OK) {
        free(builder);
        return status;
    }
    *builder_out = builder;
    return STATUS_OK;
}

void index_builder_close(IndexBuilder *builder)
{
    if (builder == NULL)
        return;
    index_sort_free(builder->sort);
    free(builder->previous);
    free(builder);
}

Status index_builder_add(IndexBuilder *builder, Slice key, bool key_has_null, RowId row, Slice value, Fault *fault)
{
    IndexKey  whole;
    SortEntry entry = {.value = value, .flags = key_has_null ? FLAG_HAS_NULL : 0};
    Status    status;

    if (key.size + INDEX_ROW_ID_BYTES > ENGINE_MAX_KEY_BYTES)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "index row size %zu exceeds maximum %d", key.size,
                     ENGINE_MAX_KEY_BYTES - INDEX_ROW_ID_BYTES);
    TRY(index_key_make(&whole, key, row, fault));
    entry.key = whole.bytes;
    status = index_sort_add(builder->sort, &entry, fault);
    index_key_free(&whole);
    return status;
}

/* Is the entry's key the one before? Remembers it. */
static Status check_unique(IndexBuilder *builder, const SortEntry *entry, RowId *duplicate_out, Fault *fault)
{
    Slice key = slice_of(entry->key.data, entry->key.size - INDEX_ROW_ID_BYTES);
    bool  same = builder->has_previous && slice_equal(key, slice_of(builder->previous, builder->previous_bytes));

    if ((entry->flags & FLAG_HAS_NULL) != 0 && !builder->nulls_not_distinct) {
        builder->has_previous = false;
        return STATUS_OK;
    }
    if (same) {
        *duplicate_out = (RowId)get_be64(key.data + key.size);
        return FAULT(fault, STATUS_EXISTS, 0, "row %lld has a key that another row has", (long long)*duplicate_out);
    }
    if (key.size > builder->previous_capacity) {
        uint8_t *grown = realloc(builder->previous, key.size * 2);

        if (grown == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index build");
        builder->previous = grown;
        builder->previous_capacity = key.size * 2;
    }
    if (key.size != 0)
        memcpy(builder->previous, key.data, key.size);
    builder->previous_bytes = key.size;
    builder->has_previous = true;
    return STATUS_OK;
}

Status index_builder_finish(IndexBuilder *builder, RowId *duplicate_out, Fault *fault)
{
    WriteSet *writes = transaction_writes(builder->txn);
    SortEntry entry;
    bool      found;

    if (writes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
    TRY(index_sort_finish(builder->sort, fault));
    for (;;) {
        if (cancel_pending())
            return FAULT(fault, STATUS_CANCELLED, 0, "cancelled while building an index");
        TRY(index_sort_next(builder->sort, &entry, &found, fault));
        if (!found)
            return STATUS_OK;
        if (builder->unique)
            TRY(check_unique(builder, &entry, duplicate_out, fault));
        TRY(writeset_put(writes, builder->storage, entry.key, entry.value, fault));
    }
}
