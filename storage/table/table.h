/*
 * table.h - rows of a table, in and out, as batches. Maintains the column groups; indexes are maintained beside (index.h).
 *
 * A row has an immutable row id (1 .. 2^47-1). Its columns stand in column groups, each a relation keyed by the big-endian
 * row id; docs/formats/row.md gives the bytes. An update writes only the groups that changed, a scan opens only those it needs.
 *
 * Scans       table_scan_open() takes what the query needs: columns, JSON paths with the type they are read as, simple
 *             predicates, an optional range of row ids, a direction. It returns batches; each predicate is answered for:
 *             applied exactly or left to the executor. Paths are three-valued (batch.h: misfit).
 * Ownership   a scan and its batches belong to the scan's opener; a batch is valid until the next table_scan_next().
 * Threads     one user at a time for a scan; any number of scans.
 * Raises      never
 */
#ifndef STORAGE_TABLE_TABLE_H
#define STORAGE_TABLE_TABLE_H

#include "storage/catalog/descriptor.h"
#include "storage/txn/txn.h"
#include "types/batch.h"

typedef int64_t RowId;
#define ROW_ID_MAX (((int64_t)1 << 47) - 1)

/* What a scan delivers as one output column. */
typedef enum ScanColumnKind {
    SCAN_COLUMN = 1, /* the table's column `column` */
    SCAN_PATH,       /* JSON path below jsonb column `column`, read as `read_as` */
    SCAN_ROW_ID,     /* int8 */
    SCAN_XMIN,       /* xid, as int4 */
} ScanColumnKind;

/* One step of a JSON path: a key, or an array index (negative from the end). As in jsonb ->. A text[] path step that is a number is both. */
typedef struct PathStep {
    Slice   key;       /* data NULL: only an index */
    int32_t index;
    bool    is_index;  /* index may be used when the container is an array */
} PathStep;

/*
 * How a path is read. Not of this type (misfit) never occurs for TEXT and JSONB.
 *   PATH_NUMERIC/_FLOAT8/_INT8/_BOOL  the numeric (boolean) reading of ->> : numbers and numeric strings; all else NULL (never misfit)
 *   PATH_TEXT                          what ->> gives
 *   PATH_JSONB                         what -> gives: a view into the block
 */
typedef enum PathRead { PATH_TEXT = 1, PATH_JSONB, PATH_NUMERIC, PATH_FLOAT8, PATH_INT8, PATH_BOOL } PathRead;

typedef struct ScanColumn {
    ScanColumnKind  kind;
    int16_t         column; /* attribute number */
    int16_t         step_count;
    const PathStep *steps;
    PathRead        read_as;
    bool            lazy;   /* load only for rows that survive: set for columns that no pushed predicate needs */
} ScanColumn;

typedef enum ScanCompare { SCAN_EQ = 1, SCAN_NE, SCAN_LT, SCAN_LE, SCAN_GT, SCAN_GE, SCAN_IN, SCAN_IS_NULL, SCAN_IS_NOT_NULL } ScanCompare;

typedef struct ScanPredicate {
    int32_t      output;      /* index of the scan column it is about */
    ScanCompare  compare;
    int32_t      value_count; /* 1, or the length of an IN list, or 0 for IS NULL */
    const Datum *values;      /* of the column's read type, never NULL values */
    bool         applied;     /* out: storage applied it exactly; else the executor must */
} ScanPredicate;

typedef struct TableScanOptions {
    int32_t           column_count;
    const ScanColumn *columns;
    int32_t           predicate_count;
    ScanPredicate    *predicates;  /* `applied` is filled in by the open */
    RowId             lower;       /* inclusive; 0: from the first */
    RowId             upper;       /* exclusive; 0: to the last */
    ScanDirection     direction;
    Account          *account;
} TableScanOptions;

typedef struct TableScan TableScan;

MUST_CHECK Status table_scan_open(Engine *engine, const RelationDesc *table, const ReadView *view, const TableScanOptions *options, TableScan **scan_out, Fault *fault);
/* The next batch of at most max_rows live rows (fewer when predicates drop some); count 0 at the end. Rows come in row id order. */
MUST_CHECK Status table_scan_next(TableScan *scan, int32_t max_rows, Batch **batch_out, Fault *fault);
/* Lazy columns report here what failed while loading: checked by the executor after vector_load(). STATUS_OK: nothing. */
Status            table_scan_fault(const TableScan *scan, Fault *fault);
void              table_scan_close(TableScan *scan); /* NULL is allowed */
RowId             table_scan_position(const TableScan *scan); /* the last row id delivered: to park and re-open */

/* About `parts` ranges of row ids, for parallel scans: fills up to parts-1 ascending boundaries. */
MUST_CHECK Status table_split(Engine *engine, const RelationDesc *table, int parts, RowId *boundaries, int *count_out, Fault *fault);

/*
 * Fetches rows by id (from an index or a lock): one batch with the same output columns as a scan. ids in any order; rows that are not visible
 * are absent from the batch's selection; row i of the batch is ids[i]. count <= BATCH_ROWS. A TableFetch is reused across calls.
 */
typedef struct TableFetch TableFetch;
MUST_CHECK Status table_fetch_open(Engine *engine, const RelationDesc *table, const ReadView *view, const TableScanOptions *options, TableFetch **fetch_out, Fault *fault);
MUST_CHECK Status table_fetch(TableFetch *fetch, const RowId *ids, int32_t count, Batch **batch_out, Fault *fault);
void              table_fetch_close(TableFetch *fetch);

/* ---- writing -------------------------------------------------------------------------------------------------------- */

/* Fresh row ids for a table: count consecutive ones. */
MUST_CHECK Status table_new_row_ids(Engine *engine, const RelationDesc *table, int32_t count, RowId *first_out, Fault *fault);

/*
 * Inserts the live rows of a batch whose columns stand in attribute order (one vector per non-dropped attribute number: columns[number-1];
 * dropped ones may be NULL pointers). row_ids[row] for the rows of sel, fresh. Values above the chunk limit go out of line.
 */
MUST_CHECK Status table_insert(Transaction *txn, const RelationDesc *table, const Batch *batch, const RowId *row_ids, Fault *fault);

/*
 * Replaces rows: batch holds the new values of all columns; changed has a bit per attribute number-1: groups without a changed column
 * are not written. The caller holds the row locks.
 */
MUST_CHECK Status table_update(Transaction *txn, const RelationDesc *table, const Batch *batch, const RowId *row_ids, const uint64_t *changed, Fault *fault);
MUST_CHECK Status table_delete(Transaction *txn, const RelationDesc *table, const RowId *row_ids, const int32_t *sel, int32_t count, Fault *fault);

typedef enum RowLockResult { ROW_LOCKED, ROW_CHANGED, ROW_GONE, ROW_SKIPPED } RowLockResult;

/*
 * Locks one row, then looks at its newest committed version. ROW_LOCKED: unchanged since the view. ROW_CHANGED / ROW_GONE: updated or deleted by
 * a transaction committed after the view's snapshot (READ COMMITTED re-checks; REPEATABLE READ: STATUS_CONFLICT instead). ROW_SKIPPED: SKIP LOCKED.
 */
MUST_CHECK Status table_lock_row(Transaction *txn, const RelationDesc *table, const ReadView *view, RowId row, RowLock mode, LockWait wait, uint32_t timeout_ms, RowLockResult *result_out, Fault *fault);

/* Makes (drops) the storage of a new (dead) table in the transaction: its groups and chunks. */
MUST_CHECK Status table_create_storage(Transaction *txn, const RelationDesc *table, Fault *fault);
MUST_CHECK Status table_drop_storage(Transaction *txn, const RelationDesc *table, Fault *fault);

typedef struct TableSize {
    uint64_t main_bytes, total_bytes; /* pg_relation_size, pg_table_size */
    uint64_t row_estimate;
} TableSize;
TableSize table_size(Engine *engine, const RelationDesc *table);

#endif
