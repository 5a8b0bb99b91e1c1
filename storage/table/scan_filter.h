/*
 * scan_filter.h - one pushed-down predicate: which rows of a vector pass `column op constant`.
 *
 * Only comparisons whose meaning is plain from the bytes are taken on: numbers, dates, text in byte order, uuids. The rest
 * (char(n), jsonb, arrays, ordering of unsigned and user-defined types) is left to the executor.
 *
 * Ownership   a filter keeps the predicate's values, which must outlive it, and memory in the arena it was prepared in.
 * Threads     constant once prepared.
 * Raises      never
 */
#ifndef STORAGE_TABLE_SCAN_FILTER_H
#define STORAGE_TABLE_SCAN_FILTER_H

#include "base/arena.h"
#include "storage/table/table.h"

typedef struct ScanFilter {
    ScanCompare  compare;
    PhysType     phys;
    int32_t      value_count;
    const Datum *values; /* of IN: sorted */
} ScanFilter;

/*
 * Prepares a predicate about a vector of this SQL and physical type. *usable_out false: storage does not take it on.
 * STATUS_NO_MEMORY.
 */
MUST_CHECK Status scan_filter_prepare(ScanFilter *filter, const ScanPredicate *predicate, Oid type, PhysType phys, Arena *arena,
                                      bool *usable_out, Fault *fault);

/*
 * Writes the rows of sel (NULL: 0 .. count-1) that pass to out (room for count; may be sel itself) and returns how many. Rows with the
 * misfit bit pass: they are undecided.
 */
int32_t scan_filter_apply(const ScanFilter *filter, const Vector *vector, const int32_t *sel, int32_t count, int32_t *out);

/* The order of two values of a physical type: PostgreSQL's where scan_filter_prepare() takes the type on. */
int scan_value_compare(PhysType phys, const void *a, const void *b);

#endif
