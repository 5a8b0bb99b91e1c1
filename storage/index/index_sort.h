/*
 * index_sort.h - sorts index entries of any number: in memory, beyond a budget in runs on disk that are merged.
 *
 * Entries are added in any order, then read once in the order of their keys.
 *
 * Ownership   index_sort_new() returns a sorter owned by the caller, ended by index_sort_free().
 * On disk     temporary files in the store's directory, unlinked as soon as they are open: a crash leaves nothing. Each holds one
 *             run: per entry varint key size, varint value size, flags, key, value; checksums are not needed in a file that nobody
 *             reads after this process.
 * Memory      charged to the server's account; a refused charge makes a run earlier.
 * Raises      never
 */
#ifndef STORAGE_INDEX_INDEX_SORT_H
#define STORAGE_INDEX_INDEX_SORT_H

#include "base/status.h"

typedef struct IndexSort IndexSort;

typedef struct SortEntry {
    Slice   key;
    Slice   value;
    uint8_t flags; /* the caller's */
} SortEntry;

/* budget_bytes 0: 32 MiB. directory is kept. */
MUST_CHECK Status index_sort_new(const char *directory, size_t budget_bytes, IndexSort **sort_out, Fault *fault);
void              index_sort_free(IndexSort *sort);
MUST_CHECK Status index_sort_add(IndexSort *sort, const SortEntry *entry, Fault *fault);

/* Bytes added so far. */
uint64_t index_sort_bytes(const IndexSort *sort);

/* No more entries: sorts. Then index_sort_next() gives them; found false at the end. An entry is valid until the next call. */
MUST_CHECK Status index_sort_finish(IndexSort *sort, Fault *fault);
MUST_CHECK Status index_sort_next(IndexSort *sort, SortEntry *entry_out, bool *found_out, Fault *fault);

#endif
