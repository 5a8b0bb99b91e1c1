/*
 * vector_buffer.h - a vector whose arrays an operator owns, grows on demand and reuses for every batch.
 *
 * Ownership   arrays are taken from the arena given to vector_buffer_reserve(); grown ones leave the old there.
 * Raises      53200 when memory ends.
 */
#ifndef EXECUTOR_EXEC_VECTOR_BUFFER_H
#define EXECUTOR_EXEC_VECTOR_BUFFER_H

#include "base/arena.h"
#include "types/batch.h"
#include "types/type.h"

typedef struct VectorBuffer {
    Vector    vector;
    uint64_t *bitmap; /* capacity bits, for validity when it is needed */
} VectorBuffer;

void vector_buffer_init(VectorBuffer *buffer, Oid type, PhysType phys);

/* Room for rows elements; validity becomes NULL: nothing is NULL. Old contents stay up to the old capacity. */
void vector_buffer_reserve(VectorBuffer *buffer, Arena *arena, int32_t rows);

/* Points validity to the bitmap with the first rows bits set (or clear). */
void vector_buffer_set_validity(VectorBuffer *buffer, int32_t rows, bool value);

/* Drops a validity bitmap that has all of the first rows bits set. */
void vector_buffer_trim_validity(VectorBuffer *buffer, int32_t rows);

/* Elements rows[0 .. count-1] of source, densely from element 0 on. source is loaded for these rows. Strings are shared. */
void vector_buffer_gather(VectorBuffer *buffer, Arena *arena, const Vector *source, const int32_t *rows, int32_t count);

/* The elements of the rows of sel, at the same row numbers. validity of target must be a bitmap. */
void vector_copy_rows(Vector *target, const Vector *source, const int32_t *sel, int32_t count);

/* One element; NULL rows set the validity bit accordingly. validity of target must be a bitmap when value may be NULL. */
void vector_set(Vector *target, int32_t row, const Datum *value, bool is_null);

/* value in elements 0 .. rows-1. */
void vector_splat(Vector *target, const Datum *value, int32_t from, int32_t rows);

/* Reads one row: false for NULL. */
static inline bool vector_get(const Vector *vector, int32_t row, Datum *out)
{
    if (!vector_is_valid(vector, row))
        return false;
    memcpy(out, vector_element(vector, row), phys_width(vector->phys));
    return true;
}

/* A batch of column_count buffers, all empty. Columns are made as their types say. */
typedef struct BatchBuffer {
    Batch         batch;
    VectorBuffer *columns;
} BatchBuffer;

void batch_buffer_init(BatchBuffer *buffer, Arena *arena, int32_t column_count);

/* physical type of any type oid: built-in ones from the table; enums are oids, domains must be resolved before; all else is bytes. */
PhysType type_phys(Oid type);

#endif
