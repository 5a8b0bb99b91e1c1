/*
 * row_store.h - rows kept in memory: results of utility statements, and what scrollable and held cursors have seen.
 *
 * Ownership   everything lives in the arena given to row_store_new(); appended values are copied.
 * Raises      53200
 */
#ifndef EXECUTOR_SESSION_ROW_STORE_H
#define EXECUTOR_SESSION_ROW_STORE_H

#include "base/arena.h"
#include "types/batch.h"

typedef struct RowStore RowStore;

RowStore *row_store_new(Arena *arena, int32_t column_count, const PhysType *types);
int64_t   row_store_count(const RowStore *store);

/* Appends the live rows of a batch; its first column_count columns. */
void row_store_append(RowStore *store, const Batch *batch);
/* Appends one row; nulls may be NULL when there are none. */
void row_store_append_row(RowStore *store, const Datum *values, const bool *nulls);

/*
 * Up to max_rows rows from row `first` on (ascending), as a batch that is valid until the next call.
 * step -1: descending, from `first` down.
 */
Batch *row_store_read(RowStore *store, int64_t first, int32_t step, int32_t max_rows);

#endif
