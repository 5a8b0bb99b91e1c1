/*
 * row_reader.h - from rows to the output columns of a scan or fetch: predicates, lazy columns, JSON paths.
 *
 * The owner (table_scan.c, table_fetch.c) brings the rows of the main group, pinned; the reader applies the predicates and fills
 * the vectors that are not lazy. Everything of a batch is allocated once and reused.
 *
 * Ownership   the reader's memory is in reader->arena; row_reader_close() ends it.
 * Threads     one user at a time.
 * Raises      never. What fails in a lazy load is kept in reader->fault and the rows become NULL.
 */
#ifndef STORAGE_TABLE_ROW_READER_H
#define STORAGE_TABLE_ROW_READER_H

#include "base/arena.h"
#include "storage/table/group_reader.h"
#include "storage/table/row_decode.h"
#include "storage/table/scan_filter.h"
#include "types/jsonb_extract.h"

typedef struct RowReader    RowReader;
typedef struct ReaderColumn ReaderColumn;

typedef struct ReaderFilter {
    ScanFilter    filter;
    ReaderColumn *column;
} ReaderFilter;

struct RowReader {
    Engine             *engine;
    ReadView            view;
    const RelationDesc *table;
    RowLayout           layout;
    ScanDirection       direction;
    bool                ordered;       /* rows come in the order of their ids */
    bool                needs_rows;    /* some column is in the main group's bytes */
    uint32_t            outside_bytes; /* per row in other groups, for the size of batches */
    Arena              *arena;
    Arena              *batch_arena;   /* values made for one batch; NULL until the first */
    int32_t             capacity;      /* rows that the arrays below have room for */
    IteratorEntry      *entries;
    RowView            *views;
    RowId              *row_ids;
    RowSet              set;
    int32_t            *sel;
    int32_t            *partial;       /* rows of a lazy load that are not there yet */
    int32_t            *document_partial; /* the same of the documents that such a load needs */
    const int32_t      *live;          /* rows that passed; NULL: all */
    int32_t             live_count;
    int32_t             row_count;
    bool                has_row_ids;   /* row_ids is filled for these rows */
    int32_t             column_count;  /* outputs; documents of paths stand behind them */
    int32_t             all_count;
    ReaderColumn       *columns;
    int32_t             filter_count;
    ReaderFilter       *filters;
    Batch               batch;
    Status              status;        /* of lazy loads */
    Fault               fault;
};

/* options->columns and predicates are read and `applied` is set; predicate values and path keys must outlive the reader. */
MUST_CHECK Status row_reader_open(RowReader *reader, Engine *engine, const RelationDesc *table, const ReadView *view,
                                  const TableScanOptions *options, Arena *arena, Fault *fault);
void              row_reader_close(RowReader *reader);

/* Room for rows of them. Between batches only. */
MUST_CHECK Status row_reader_reserve(RowReader *reader, int32_t rows, Fault *fault);

/* Lets go of what belongs to the batch before. */
void row_reader_next(RowReader *reader);

/*
 * New rows: reader->entries[row] for the rows of sel (NULL: all of row_count), pinned by the owner. Entries of a scan have their keys;
 * a fetch has filled row_ids and set has_row_ids. Afterwards live and live_count are the rows that passed.
 */
MUST_CHECK Status row_reader_fill(RowReader *reader, const int32_t *sel, int32_t count, int32_t row_count, Fault *fault);

/* Makes reader->batch of count live rows from number `from` on. */
void row_reader_deliver(RowReader *reader, int32_t from, int32_t count);

#endif
