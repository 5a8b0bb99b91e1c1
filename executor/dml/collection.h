/*
 * collection.h - documents on their way into a collection: the _id member moves to the column.
 */
#ifndef EXECUTOR_DML_COLLECTION_H
#define EXECUTOR_DML_COLLECTION_H

#include "executor/exec/vector_buffer.h"

/*
 * For every document of sel that is an object with an _id member: the member's text (as ->> gives it) becomes the _id column and the
 * document goes without it. Columns are replaced by the buffers when that happens.
 *   batch  where buffers and strings made here go
 */
void collection_take_ids(Vector **id, Vector **doc, VectorBuffer *id_buffer, VectorBuffer *doc_buffer, Arena *batch, int32_t row_count,
                         const int32_t *sel, int32_t count);

#endif
