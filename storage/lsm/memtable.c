/*
 * memtable.c - see memtable.h.
 */
#include "storage/lsm/memtable.h"

#include <stdlib.h>

Memtable *memtable_new(Account *account, uint64_t epoch)
{
    Memtable *memtable = calloc(1, sizeof *memtable);

    if (memtable == NULL)
        return NULL;
    memtable->arena = arena_try_new(NULL, account, "memtable");
    if (memtable->arena == NULL) {
        free(memtable);
        return NULL;
    }
    skiplist_init(&memtable->list);
    atomic_init(&memtable->references, 1);
    memtable->epoch = epoch;
    return memtable;
}

void memtable_ref(Memtable *memtable)
{
    atomic_fetch_add_explicit(&memtable->references, 1, memory_order_relaxed);
}

void memtable_unref(Memtable *memtable)
{
    if (memtable == NULL || atomic_fetch_sub_explicit(&memtable->references, 1, memory_order_acq_rel) != 1)
        return;
    arena_free(memtable->arena);
    free(memtable);
}

void *memtable_reserve(Memtable *memtable, size_t bytes)
{
    void *space = arena_try_alloc(memtable->arena, bytes);

    if (space != NULL)
        atomic_fetch_add_explicit(&memtable->bytes, bytes, memory_order_relaxed);
    return space;
}
