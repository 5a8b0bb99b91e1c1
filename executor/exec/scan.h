/*
 * scan.h - what table, index and row id scans share: predicates, lazy columns, rows of re-checks.
 */
#ifndef EXECUTOR_EXEC_SCAN_H
#define EXECUTOR_EXEC_SCAN_H

#include "executor/exec/operator_internal.h"
#include "executor/store/store.h"
#include "storage/table/table.h"

/* A column of the scan as operators see it: loading it reports what storage met. */
typedef struct ScanVector {
    Vector           vector;
    Vector          *source;
    struct ScanBase *scan;
} ScanVector;

typedef struct ScanBase {
    ExecOperator     op;
    Arena           *arena;         /* of one opening: predicate values */
    ScanPredicate   *predicates;
    bool             never;         /* a predicate compares with NULL: no rows */
    Evaluator      **tests;         /* by predicate, compiled when storage leaves one to us */
    TableScan       *scan;
    TableFetch      *fetch;
    ArenaDefer       on_end;
    ScanVector      *vectors;
    Batch            batch;
    Arena           *batch_arena;
    BatchSlice       slice;
    ReadView         view;
    RowId            recheck_row;   /* not 0: the one row of a re-check */
    bool             recheck_done;
    uint64_t         version;       /* of the parameters the predicates were computed with */
} ScanBase;

/* Computes predicate values and fills options; sets scan->never when nothing can match. */
void scan_options(ScanBase *scan, TableScanOptions *options);

/* A fetch of rows by id with the scan's columns and predicates, opened at first use. */
TableFetch *scan_fetch(ScanBase *scan);

/* Wraps storage's batch and applies the predicates that storage left. NULL when no row is left. The caller has reset batch_arena. */
Batch *scan_deliver(ScanBase *scan, Batch *source);

/* The row of a re-check, once; called first by next when scan->recheck_row is set. */
Batch *scan_recheck_next(ScanBase *scan);

void scan_init(ScanBase *scan);
void scan_close(ScanBase *scan);

#endif
