/*
 * array.h - arrays in memory: one run of bytes with element type, dimensions, NULL bitmap and elements, of any alignment.
 *
 * Layout, little-endian:
 *     offset  size  field
 *          0     4  oid of the element type
 *          4     1  dimensions, 0 .. 6; 0: the empty array
 *          5     1  1: there is a NULL bitmap
 *          6     1  PhysType of the elements
 *          7     1  0
 *          8   8*n  per dimension: length, lower bound (4 bytes each)
 *          -     -  with NULLs: one bit per element, 1 = not NULL, padded to bytes
 *          -     -  fixed-width types: the elements as in a vector, NULLs included. PHYS_BYTES: end offset of each element within the bytes
 *                   that follow (4 bytes each), then the bytes. PHYS_NUMERIC: likewise, elements packed as numeric_pack() does.
 *
 * Ownership   a view borrows the bytes; elements read from it point into them.
 * Raises      array_build() raises 53200, 54000; array_open() and the readers never.
 */
#ifndef TYPES_ARRAY_H
#define TYPES_ARRAY_H

#include "base/arena.h"
#include "types/batch.h"
#include "types/datum.h"

enum { ARRAY_MAX_DIMENSIONS = 6 };

typedef struct ArrayView {
    Oid            element;
    PhysType       phys;
    int32_t        dimension_count;
    int32_t        lengths[ARRAY_MAX_DIMENSIONS];
    int32_t        lower[ARRAY_MAX_DIMENSIONS];
    int32_t        count;    /* of all elements */
    const uint8_t *nulls;    /* the bitmap, or NULL */
    const uint8_t *elements; /* or the end offsets */
    const uint8_t *bytes;    /* behind the end offsets */
    size_t         byte_count;
} ArrayView;

/* Checks the bytes and fills *out; false when they are no array. */
MUST_CHECK bool array_open(Slice array, ArrayView *out);

/* Element number at (from 0, row-major); false for NULL. */
bool array_get(const ArrayView *array, int32_t at, Datum *out);

/*
 * An array of count elements; nulls may be NULL. dimension_count 0 with count 0 is the empty array.
 *   lengths, lower  per dimension; their product is count
 */
Slice array_build(Arena *arena, Oid element, PhysType phys, int32_t dimension_count, const int32_t *lengths, const int32_t *lower,
                  const Datum *values, const bool *nulls, int32_t count);

/* A one-dimensional array with lower bound 1; the empty array when count is 0. */
Slice array_build_list(Arena *arena, Oid element, PhysType phys, const Datum *values, const bool *nulls, int32_t count);

#endif
