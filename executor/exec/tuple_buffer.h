/*
 * tuple_buffer.h - rows kept to be read again: in memory up to work_mem, beyond it in a file. Batches come back in the order they went in.
 */
#ifndef EXECUTOR_EXEC_TUPLE_BUFFER_H
#define EXECUTOR_EXEC_TUPLE_BUFFER_H

#include "executor/exec/row_store.h"
#include "executor/exec/spill.h"

typedef struct TupleBuffer {
    ExecState        *state;
    int32_t           column_count;
    const PlanColumn *columns;
    RowStore         *store;
    SpillFile        *file;  /* rows behind those of the store; NULL: none */
} TupleBuffer;

/* A place in a buffer; several may read side by side. */
typedef struct TupleCursor {
    int64_t      chunk;
    SpillReader *reader;
} TupleCursor;

TupleBuffer *tuple_buffer_new(ExecState *state, int32_t column_count, const PlanColumn *columns);
void         tuple_buffer_reset(TupleBuffer *buffer);
void         tuple_buffer_append(TupleBuffer *buffer, const Batch *batch);
int64_t      tuple_buffer_rows(const TupleBuffer *buffer);
/* The next whole batch, NULL at the end. All appending is over. */
Batch       *tuple_buffer_read(TupleBuffer *buffer, TupleCursor *cursor);
void         tuple_cursor_rewind(TupleCursor *cursor);

#endif
