/*
 * batch.h - what operators exchange and storage fills: up to BATCH_ROWS rows as typed column vectors.
 *
 * A vector is an array of elements of its physical type with a validity bitmap (1 = not NULL). A batch is a set of
 * vectors of the same row numbering and a selection: the rows that are live, in order. Rows outside the selection
 * are never computed and never looked at.
 *
 * Ownership   a vector's arrays belong to whoever made the vector (an operator, a scan) and stay valid until that one's
 *             next call; strings are views into memory pinned as long. Who keeps rows copies them.
 * Invariants  1. data has room for capacity elements; validity, when not NULL, has BATCH_WORDS(capacity) words.
 *             2. validity NULL means no row is NULL. The element of a NULL row is unspecified but may be read.
 *             3. sel is ascending unless the batch's maker says otherwise; sel NULL means rows 0 .. count-1.
 * Raises      never (vector_load() passes on what its loader does; storage's loaders set an error instead)
 */
#ifndef TYPES_BATCH_H
#define TYPES_BATCH_H

#include "base/common.h"
#include "types/datum.h"

/* Rows in a batch at most. The hostile build has tiny batches, to reach every boundary. */
#ifdef NEXA_HOSTILE
enum { BATCH_ROWS = 3 };
#else
enum { BATCH_ROWS = 1024 };
#endif
enum { BATCH_BYTES = 1 << 20 }; /* a batch also ends at about this many bytes of values */

#define BATCH_WORDS(rows) (((size_t)(rows) + 63) / 64)

typedef uint32_t Oid;

static inline size_t phys_width(PhysType phys)
{
    static const uint8_t widths[] = {
        [PHYS_BOOL] = 1, [PHYS_INT16] = 2, [PHYS_INT32] = 4, [PHYS_INT64] = 8, [PHYS_FLOAT32] = 4, [PHYS_FLOAT64] = 8,
        [PHYS_BYTES] = 16, [PHYS_NUMERIC] = 16, [PHYS_INTERVAL] = 16, [PHYS_UUID] = 16, [PHYS_TIMETZ] = 16,
    };

    return widths[phys];
}

typedef struct Vector Vector;
struct Vector {
    void     *data;     /* capacity elements of phys */
    uint64_t *validity; /* bit 1: not NULL; NULL pointer: no NULLs at all */
    Oid       type;     /* SQL type; the arrays' owner knows the typmod where it matters */
    PhysType  phys;
    int32_t   capacity;
    /*
     * Three-valued path vectors only (a JSON path read as a typed value): bit 1 = "present, but not of this type: see the
     * document". Such a row is NULL in validity until the executor finishes it. NULL pointer: no such rows.
     */
    uint64_t *misfit;
    /*
     * A column that is read only when asked for: load(vector, sel, count) fills the rows of sel (NULL: 0 .. count-1) that are not
     * there yet. NULL once everything the batch needs is loaded. Use vector_load().
     */
    void (*load)(Vector *vector, const int32_t *sel, int32_t count);
    void *load_arg;
};

typedef struct Batch {
    int32_t        column_count;
    int32_t        row_count; /* rows that the vectors hold: row numbers are below this */
    int32_t        count;     /* live rows: entries of sel, or rows 0 .. count-1 when sel is NULL */
    const int32_t *sel;
    Vector       **columns;
} Batch;

static ALWAYS_INLINE void vector_load(Vector *vector, const int32_t *sel, int32_t count)
{
    if (UNLIKELY(vector->load != NULL))
        vector->load(vector, sel, count);
}

static ALWAYS_INLINE bool bitmap_get(const uint64_t *bitmap, int32_t row)
{
    return (bitmap[(uint32_t)row >> 6] >> ((uint32_t)row & 63)) & 1;
}

static ALWAYS_INLINE void bitmap_set(uint64_t *bitmap, int32_t row)
{
    bitmap[(uint32_t)row >> 6] |= 1ull << ((uint32_t)row & 63);
}

static ALWAYS_INLINE void bitmap_clear(uint64_t *bitmap, int32_t row)
{
    bitmap[(uint32_t)row >> 6] &= ~(1ull << ((uint32_t)row & 63));
}

static inline void bitmap_fill(uint64_t *bitmap, int32_t rows, bool value)
{
    memset(bitmap, value ? 0xff : 0, BATCH_WORDS(rows) * sizeof *bitmap);
}

static ALWAYS_INLINE bool vector_is_valid(const Vector *vector, int32_t row)
{
    return vector->validity == NULL || bitmap_get(vector->validity, row);
}

static ALWAYS_INLINE void *vector_element(const Vector *vector, int32_t row)
{
    return (char *)vector->data + (size_t)row * phys_width(vector->phys);
}

/* Typed views of a vector's data: int64_t *values = VECTOR_DATA(vector, int64_t). */
#define VECTOR_DATA(vector, ctype) ((ctype *)(vector)->data)

/* Row number of the i-th live row. */
static ALWAYS_INLINE int32_t sel_row(const int32_t *sel, int32_t i)
{
    return sel == NULL ? i : sel[i];
}

/*
 * One loop over live rows for kernels: the body is compiled twice, without indirection for the dense case.
 *     FOR_EACH_ROW(sel, count, row) { out[row] = a[row] + b[row]; }
 * is written as FOR_EACH_ROW(sel, count, row, { out[row] = a[row] + b[row]; });
 */
#define FOR_EACH_ROW(sel, count, row, ...)                              \
    do {                                                                \
        if ((sel) == NULL) {                                            \
            for (int32_t row = 0; row < (count); row++)                 \
                __VA_ARGS__                                             \
        } else {                                                        \
            for (int32_t row##_at_ = 0; row##_at_ < (count); row##_at_++) { \
                int32_t row = (sel)[row##_at_];                         \
                __VA_ARGS__                                             \
            }                                                           \
        }                                                               \
    } while (0)

#endif
