/*
 * result_rows.h - rows kept in memory: results of utility statements, and what scrollable and held cursors have seen.
 *
 * Ownership   everything lives in the arena given to result_rows_new(); appended values are copied.
 * Raises      53200
 */
#ifndef EXECUTOR_SESSION_RESULT_ROWS_H
#define EXECUTOR_SESSION_RESULT_ROWS_H

#include "base/arena.h"
#include "types/batch.h"

typedef struct ResultRows ResultRows;

ResultRows *result_rows_new(Arena *arena, int32_t column_count, const PhysType *types);
int64_t   result_rows_count(const ResultRows *store);

/* Appends the live rows of a batch; its first column_count columns. */
void result_rows_append(ResultRows *store, const Batch *batch);
/* Appends one row; nulls may be NULL when there are none. */
void result_rows_append_row(ResultRows *store, const Datum *values, const bool *nulls);

/*
 * Up to max_rows rows from row `first` on (ascending), as a batch that is valid until the next call.
 * step -1: descending, from `first` down.
 */
Batch *result_rows_read(ResultRows *store, int64_t first, int32_t step, int32_t max_rows);

#endif
