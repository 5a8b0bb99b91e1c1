/*
 * row_decode.h - rows to column vectors: any column of a run of rows, without touching the others.
 *
 * row_set_parse() checks the head of every row once; row_decode() then fills one vector. Text, jsonb and the like become
 * views into the row's bytes; an out-of-line value is fetched through the caller's reader.
 *
 * Ownership   a RowSet's views point into the rows' bytes, which the caller keeps pinned.
 * Hostile     row bytes may be anything: what does not add up is STATUS_CORRUPT, and nothing outside them is read.
 * Raises      never
 */
#ifndef STORAGE_TABLE_ROW_DECODE_H
#define STORAGE_TABLE_ROW_DECODE_H

#include "base/status.h"
#include "storage/table/row_layout.h"
#include "types/batch.h"

typedef struct RowView {
    const uint8_t *fixed;
    const uint8_t *ends;
    const uint8_t *values;
    const uint8_t *nulls;       /* NULL: no NULLs */
    const uint8_t *out_of_line; /* NULL: none */
    uint32_t       values_bytes;
    uint16_t       count;       /* columns that the row has */
    uint8_t        end_log2;
    uint64_t       xid;
} RowView;

typedef struct RowSet {
    RowView *rows;  /* the caller's array */
    bool     plain; /* every row has every column, no NULLs and nothing out of line */
} RowSet;

/* Reads the head of one row. */
MUST_CHECK Status row_view_parse(const RowLayout *layout, Slice row, RowView *out, Fault *fault);

/*
 * Reads the heads of rows, the values of entries, into set->rows (room for as many): those of sel, NULL: 0 .. count-1.
 */
MUST_CHECK Status row_set_parse(const RowLayout *layout, const IteratorEntry *entries, const int32_t *sel, int32_t count, RowSet *set,
                                Fault *fault);

/* How an out-of-line value is fetched. *value_out must live as long as the set's rows. */
typedef struct OutOfLineReader {
    Status (*read)(void *arg, int32_t row, int16_t attribute, size_t value_bytes, size_t chunk_bytes, Slice *value_out, Fault *fault);
    void *arg;
} OutOfLineReader;

/*
 * Fills the rows of sel (NULL: 0 .. count-1) of a vector with the column at a position of the main group.
 *   validity  BATCH_WORDS(capacity) words; becomes vector->validity where the set may have NULLs, which else becomes NULL
 */
MUST_CHECK Status row_decode(const RowLayout *layout, const RowSet *set, int32_t position, const int32_t *sel, int32_t count,
                             Vector *vector, uint64_t *validity, const OutOfLineReader *reader, Fault *fault);

/* Of one row: is the column at this position out of line, and how large? For updates and deletes. */
bool row_out_of_line(const RowLayout *layout, const RowView *row, int32_t position, size_t *value_bytes, size_t *chunk_bytes);

#endif
