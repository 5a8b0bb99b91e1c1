/*
 * memtable.h - committed entries in memory, ordered by (storage id, key, csn descending), until they are flushed.
 *
 * Ownership   counted: memtable_new() gives one reference to its caller.
 * Threads     space is reserved by one thread at a time (the commit latch); insertions and reads run freely.
 * Memory      an arena of its own, charged to the account given; warm chunks are reused by the next memtable.
 */
#ifndef STORAGE_LSM_MEMTABLE_H
#define STORAGE_LSM_MEMTABLE_H

#include "base/account.h"
#include "base/arena.h"
#include "storage/engine.h"
#include "storage/lsm/skiplist.h"

typedef struct Memtable Memtable;
struct Memtable {
    SkipList       list;
    Arena         *arena;
    _Atomic int    references;
    _Atomic size_t bytes;     /* reserved so far */
    Csn            first_csn; /* of the oldest and newest commit in it; 0 while empty. Set under the commit latch */
    Csn            last_csn;
    uint64_t       epoch;     /* order among sources: later memtables have higher ones */
};

/* NULL without memory. */
Memtable *memtable_new(Account *account, uint64_t epoch);
void      memtable_ref(Memtable *memtable);
void      memtable_unref(Memtable *memtable);

/* Memory for the nodes of one commit, aligned to 16; NULL when the account or malloc refuses. */
void *memtable_reserve(Memtable *memtable, size_t bytes);

static inline size_t memtable_bytes(const Memtable *memtable)
{
    return atomic_load_explicit(&memtable->bytes, memory_order_relaxed);
}

/* The newest entry of a key at or below csn, tombstones included; NULL: none. */
static inline SkipNode *memtable_find(const Memtable *memtable, StorageId id, Slice key, Csn csn)
{
    SkipPosition at = skip_position(id, key, csn);
    SkipNode    *node = skiplist_seek(&memtable->list, &at);

    return node != NULL && skip_same_key(node, &at) ? node : NULL;
}

#endif
