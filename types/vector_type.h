/*
 * vector_type.h - the type vector(n), as pgvector's: elements as little-endian floats, nothing else; the dimension is size / 4.
 *
 * Elements are finite. At most VECTOR_MAX_DIMENSIONS of them, at least one. Bytes may stand at any alignment.
 *
 * Raises  vector_check_*() and vector_new() the errors they name; the others never
 */
#ifndef TYPES_VECTOR_TYPE_H
#define TYPES_VECTOR_TYPE_H

#include "base/arena.h"
#include "types/vector_distance.h"

static ALWAYS_INLINE int32_t vector_dimensions(Slice vector)
{
    return (int32_t)(vector.size / sizeof(float));
}

static ALWAYS_INLINE float vector_at(Slice vector, size_t index)
{
    float value;

    memcpy(&value, vector.data + index * sizeof value, sizeof value);
    return value;
}

/* Room for a vector of so many dimensions: 22000 for none, 54000 for too many. Aligned to 16. */
float *vector_new(Arena *arena, int64_t dimensions, Slice *out);

/* 22000 when an element is NaN or infinite. */
void vector_check_elements(Slice vector);

/* 22000 "expected %d dimensions, not %d"; a typmod of -1 expects nothing. */
void vector_check_expected(int32_t typmod, int32_t dimensions);

/* 22000 "different vector dimensions %d and %d". */
void vector_check_same(Slice a, Slice b);

/* By elements, then the shorter first. */
int vector_compare(Slice a, Slice b);

#endif
