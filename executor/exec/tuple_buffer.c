/*
 * tuple_buffer.c - rows kept to be read again.
 */
#include "executor/exec/tuple_buffer.h"

TupleBuffer *tuple_buffer_new(ExecState *state, int32_t column_count, const PlanColumn *columns)
{
    TupleBuffer *buffer = ARENA_NEW(state->arena, TupleBuffer);

    buffer->state = state;
    buffer->column_count = column_count;
    buffer->columns = columns;
    buffer->store = row_store_new(state->arena, column_count, columns);
    return buffer;
}

void tuple_buffer_reset(TupleBuffer *buffer)
{
    row_store_reset(buffer->store);
    spill_free(buffer->file);
    buffer->file = NULL;
}

void tuple_buffer_append(TupleBuffer *buffer, const Batch *batch)
{
    if (buffer->file == NULL && row_store_bytes(buffer->store) > buffer->state->work_mem)
        buffer->file = spill_new(buffer->state, buffer->column_count, buffer->columns);
    if (buffer->file != NULL)
        spill_write(buffer->file, batch->columns, batch->sel, batch->count);
    else
        row_store_append_batch(buffer->store, batch);
}

int64_t tuple_buffer_rows(const TupleBuffer *buffer)
{
    return buffer->store->row_count + (buffer->file != NULL ? spill_rows(buffer->file) : 0);
}

Batch *tuple_buffer_read(TupleBuffer *buffer, TupleCursor *cursor)
{
    Batch *batch = row_store_batch(buffer->store, cursor->chunk);

    if (batch != NULL) {
        cursor->chunk++;
        return batch;
    }
    if (buffer->file == NULL)
        return NULL;
    if (cursor->reader == NULL)
        cursor->reader = spill_read(buffer->file);
    return spill_read_next(cursor->reader);
}

void tuple_cursor_rewind(TupleCursor *cursor)
{
    if (cursor->reader != NULL)
        spill_read_end(cursor->reader);
    *cursor = (TupleCursor){0};
}
