/*
 * group_reader.h - the values of one column group other than the main one (vectors), for given rows.
 *
 * Rows that stand close together are read in one sweep of an iterator, others one by one. Values are views, pinned until
 * group_reader_next().
 *
 * Ownership   the reader's memory is in the arena it was made in; group_reader_close() lets go of what it pins.
 * Raises      never
 */
#ifndef STORAGE_TABLE_GROUP_READER_H
#define STORAGE_TABLE_GROUP_READER_H

#include "base/arena.h"
#include "storage/table/table.h"

typedef struct GroupReader {
    Engine         *engine;
    ReadView        view;
    StorageId       storage;
    uint32_t        fixed_bytes; /* every value's size; 0: any */
    Slice           missing;     /* packed value of rows without an entry; empty: NULL */
    Arena          *arena;
    Iterator       *iterator;
    ScanDirection   direction;
    bool            swept;       /* the iterator's pins hold values of these rows */
    IteratorEntry  *entries;
    int32_t         entry_capacity;
    PinnedValue    *pins;
    int32_t         pin_count;
    int32_t         pin_capacity;
} GroupReader;

/* Other rows come: what was read for the ones before is let go. */
void group_reader_next(GroupReader *reader);

/*
 * Fills vector (PHYS_BYTES) for the rows of sel (NULL: 0 .. count-1), whose row ids are ids[row].
 *   ordered   the ids of sel ascend, descending when the reader's direction is backward
 *   validity  becomes vector->validity; the bits of these rows are set
 */
MUST_CHECK Status group_reader_load(GroupReader *reader, const RowId *ids, const int32_t *sel, int32_t count, bool ordered,
                                    Vector *vector, uint64_t *validity, Fault *fault);
void              group_reader_close(GroupReader *reader);

#endif
