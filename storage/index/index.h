/*
 * index.h - ordered indexes: key -> row id entries, written in the same commit as the row.
 *
 * An entry's key is the encoded columns followed by the big-endian row id, always; its value holds INCLUDE columns and the exact form of
 * every key column whose encoding is lossy. Descending columns are complemented by the encoder (executor/store), which also
 * evaluates expressions and predicates: storage gets bytes. Column encoding: one byte NULL marker (order per NULLS FIRST/LAST), then the
 * type's encode_key. docs/formats/index.md has the bytes.
 *
 * Raises      never
 */
#ifndef STORAGE_INDEX_INDEX_H
#define STORAGE_INDEX_INDEX_H

#include "storage/table/table.h"

MUST_CHECK Status index_create_storage(Transaction *txn, const RelationDesc *index, Fault *fault);
MUST_CHECK Status index_drop_storage(Transaction *txn, const RelationDesc *index, Fault *fault);

/* What a unique insert met. */
typedef struct IndexConflict {
    bool  found;
    RowId row; /* the row that holds the key */
} IndexConflict;

/*
 * Adds an entry. With unique (and no NULL in the key unless nulls_not_distinct, which the caller decides), the key prefix is locked and looked up
 * in the newest committed state plus own writes: STATUS_EXISTS and *conflict_out when another row holds it.
 */
MUST_CHECK Status index_insert(Transaction *txn, const RelationDesc *index, Slice key, RowId row, Slice value, bool unique, uint32_t lock_timeout_ms, IndexConflict *conflict_out, Fault *fault);
MUST_CHECK Status index_delete(Transaction *txn, const RelationDesc *index, Slice key, RowId row, Fault *fault);

/* Looks a unique key up in the newest committed state plus own writes without writing: ON CONFLICT's probe. Locks the prefix. */
MUST_CHECK Status index_probe_unique(Transaction *txn, const RelationDesc *index, Slice key, uint32_t lock_timeout_ms, IndexConflict *conflict_out, Fault *fault);

/* One range of encoded keys (without row ids): lower inclusive, upper exclusive; upper.data NULL: open. */
typedef struct IndexRange {
    Slice lower;
    Slice upper;
} IndexRange;

typedef struct IndexScan IndexScan;

/* Scans ranges in order (ascending and disjoint; backward: reversed by the scan). ranges are copied. */
MUST_CHECK Status index_scan_open(Engine *engine, const RelationDesc *index, const ReadView *view, const IndexRange *ranges, int32_t range_count, ScanDirection direction, IndexScan **scan_out, Fault *fault);
/*
 * Up to max entries: row ids, and views of keys (without the row id) and values, valid until the next call; keys and values may be NULL pointers
 * when they are not wanted. *count_out 0 at the end.
 */
MUST_CHECK Status index_scan_next(IndexScan *scan, RowId *rows, Slice *keys, Slice *values, int32_t max, int32_t *count_out, Fault *fault);
/* Starts over with other ranges: for index nested loops. */
MUST_CHECK Status index_scan_restart(IndexScan *scan, const IndexRange *ranges, int32_t range_count, Fault *fault);
void              index_scan_close(IndexScan *scan);

/*
 * Builds an index over what the view sees: the caller feeds entries in any order, they are sorted (spilling) and written as sorted
 * tables. STATUS_EXISTS at finish: a unique key occurs twice (*duplicate_out gets the key, in arena-free memory of the builder).
 */
typedef struct IndexBuilder IndexBuilder;
MUST_CHECK Status index_builder_open(Transaction *txn, const RelationDesc *index, bool unique, IndexBuilder **builder_out, Fault *fault);
/* key_has_null: such keys are never duplicates of each other unless the index says NULLS NOT DISTINCT. */
MUST_CHECK Status index_builder_add(IndexBuilder *builder, Slice key, bool key_has_null, RowId row, Slice value, Fault *fault);
MUST_CHECK Status index_builder_finish(IndexBuilder *builder, RowId *duplicate_out, Fault *fault);
void              index_builder_close(IndexBuilder *builder);

#endif
