/*
 * scan_filter.c - see scan_filter.h.
 */
#include "storage/table/scan_filter.h"

#include "types/numeric.h"

#include <math.h>

/* The oids of types.def, without the operations of type.h, which may raise. */
enum {
#define TYPE(symbol, oid, ...) TYPE_##symbol = (oid),
#include "types/types.def"
#undef TYPE
};

/* ---- one comparison --------------------------------------------------------------------------------------------------- */

/* PG15: NaN equals itself and is greater than every other number; -0.0 equals 0.0. */
static ALWAYS_INLINE bool float_less(double a, double b)
{
    return isnan(b) ? !isnan(a) : a < b;
}

static ALWAYS_INLINE bool float_equal(double a, double b)
{
    return isnan(b) ? isnan(a) : a == b;
}

/* PG15: a month counts 30 days, a day 24 hours. */
static __int128 interval_span(const Interval *interval)
{
    return (__int128)interval->microseconds + ((__int128)interval->days + (__int128)interval->months * 30) * 86400000000;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int timetz_order(const TimeTz *a, const TimeTz *b)
{
    int64_t x = a->microseconds + (int64_t)a->zone * 1000000; /* in UTC */
    int64_t y = b->microseconds + (int64_t)b->zone * 1000000;

    return x != y ? ORDER(x, y) : ORDER(a->zone, b->zone);
}

/* Elements of narrow types are only as wide and as aligned as themselves. */
#define COMPARE(type) ORDER(*(const type *)a, *(const type *)b)
#define COMPARE_FLOATS(type) \
    (float_equal(*(const type *)a, *(const type *)b) ? 0 : float_less(*(const type *)a, *(const type *)b) ? -1 : 1)

int scan_value_compare(PhysType phys, const void *a, const void *b)
{
    __int128 spans[2];

    switch (phys) {
    case PHYS_BOOL:
        return COMPARE(uint8_t);
    case PHYS_INT16:
        return COMPARE(int16_t);
    case PHYS_INT32:
        return COMPARE(int32_t);
    case PHYS_INT64:
        return COMPARE(int64_t);
    case PHYS_FLOAT32:
        return COMPARE_FLOATS(float);
    case PHYS_FLOAT64:
        return COMPARE_FLOATS(double);
    case PHYS_BYTES:
        return slice_compare(*(const Slice *)a, *(const Slice *)b);
    case PHYS_NUMERIC:
        return numeric_compare(a, b);
    case PHYS_INTERVAL:
        spans[0] = interval_span(a);
        spans[1] = interval_span(b);
        return ORDER(spans[0], spans[1]);
    case PHYS_UUID:
        return memcmp(a, b, sizeof(Uuid));
    case PHYS_TIMETZ:
        return timetz_order(a, b);
    }
    return 0;
}

/* ---- loops over vectors ------------------------------------------------------------------------------------------------- */

#define KERNEL filter_uint8
#define TYPE uint8_t
#define LESS(a, b) ((a) < (b))
#define EQUAL(a, b) ((a) == (b))
#include "storage/table/scan_compare.tmpl.h"

#define KERNEL filter_int16
#define TYPE int16_t
#define LESS(a, b) ((a) < (b))
#define EQUAL(a, b) ((a) == (b))
#include "storage/table/scan_compare.tmpl.h"

#define KERNEL filter_int32
#define TYPE int32_t
#define LESS(a, b) ((a) < (b))
#define EQUAL(a, b) ((a) == (b))
#include "storage/table/scan_compare.tmpl.h"

#define KERNEL filter_int64
#define TYPE int64_t
#define LESS(a, b) ((a) < (b))
#define EQUAL(a, b) ((a) == (b))
#include "storage/table/scan_compare.tmpl.h"

#define KERNEL filter_float32
#define TYPE float
#define LESS(a, b) float_less(a, b)
#define EQUAL(a, b) float_equal(a, b)
#include "storage/table/scan_compare.tmpl.h"

#define KERNEL filter_float64
#define TYPE double
#define LESS(a, b) float_less(a, b)
#define EQUAL(a, b) float_equal(a, b)
#include "storage/table/scan_compare.tmpl.h"

#define KERNEL filter_bytes
#define TYPE Slice
#define LESS(a, b) (slice_compare(a, b) < 0)
#define EQUAL(a, b) slice_equal(a, b)
#include "storage/table/scan_compare.tmpl.h"

static ALWAYS_INLINE int numeric_order(const Numeric *a, const Numeric *b)
{
    return numeric_compare(a, b);
}

#define KERNEL filter_numeric
#define TYPE Numeric
#define LESS(a, b) (numeric_order(&(a), &(b)) < 0)
#define EQUAL(a, b) (numeric_order(&(a), &(b)) == 0)
#include "storage/table/scan_compare.tmpl.h"

static bool passes(ScanCompare compare, int order)
{
    switch (compare) {
    case SCAN_EQ:
        return order == 0;
    case SCAN_NE:
        return order != 0;
    case SCAN_LT:
        return order < 0;
    case SCAN_LE:
        return order <= 0;
    case SCAN_GT:
        return order > 0;
    case SCAN_GE:
        return order >= 0;
    default:
        return false;
    }
}

/* The types without a loop of their own. */
static int32_t filter_generic(const ScanFilter *filter, const Vector *vector, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        out[kept] = row;
        kept += passes(filter->compare, scan_value_compare(vector->phys, vector_element(vector, row), filter->values));
    }
    return kept;
}

static bool in_list(const ScanFilter *filter, const void *element)
{
    int32_t low = 0;
    int32_t high = filter->value_count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        int     order = scan_value_compare(filter->phys, element, &filter->values[middle]);

        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static int32_t filter_in(const ScanFilter *filter, const Vector *vector, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        out[kept] = row;
        kept += in_list(filter, vector_element(vector, row));
    }
    return kept;
}

static int32_t filter_values(const ScanFilter *filter, const Vector *vector, const int32_t *sel, int32_t count, int32_t *out)
{
    if (filter->compare == SCAN_IN)
        return filter_in(filter, vector, sel, count, out);
    switch (vector->phys) {
    case PHYS_BOOL:
        return filter_uint8(filter->compare, vector->data, filter->values->boolean, sel, count, out);
    case PHYS_INT16:
        return filter_int16(filter->compare, vector->data, filter->values->int16, sel, count, out);
    case PHYS_INT32:
        return filter_int32(filter->compare, vector->data, filter->values->int32, sel, count, out);
    case PHYS_INT64:
        return filter_int64(filter->compare, vector->data, filter->values->int64, sel, count, out);
    case PHYS_FLOAT32:
        return filter_float32(filter->compare, vector->data, filter->values->float32, sel, count, out);
    case PHYS_FLOAT64:
        return filter_float64(filter->compare, vector->data, filter->values->float64, sel, count, out);
    case PHYS_BYTES:
        return filter_bytes(filter->compare, vector->data, filter->values->bytes, sel, count, out);
    case PHYS_NUMERIC:
        return filter_numeric(filter->compare, vector->data, filter->values->numeric, sel, count, out);
    case PHYS_INTERVAL:
    case PHYS_UUID:
    case PHYS_TIMETZ:
        break;
    }
    return filter_generic(filter, vector, sel, count, out);
}

/* ---- NULLs and misfits ------------------------------------------------------------------------------------------------------ */

static int32_t keep_by_validity(const Vector *vector, bool wanted, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        out[kept] = row;
        kept += vector_is_valid(vector, row) == wanted;
    }
    return kept;
}

/* Misfits are few: one row at a time, so that they stay in their place. */
static int32_t filter_with_misfits(const ScanFilter *filter, const Vector *vector, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);
        int32_t passed = row;
        bool    pass = bitmap_get(vector->misfit, row);

        if (!pass && (filter->compare == SCAN_IS_NULL || filter->compare == SCAN_IS_NOT_NULL))
            pass = vector_is_valid(vector, row) == (filter->compare == SCAN_IS_NOT_NULL);
        else if (!pass && vector_is_valid(vector, row))
            pass = filter_values(filter, vector, &row, 1, &passed) == 1;
        out[kept] = row;
        kept += pass;
    }
    return kept;
}

int32_t scan_filter_apply(const ScanFilter *filter, const Vector *vector, const int32_t *sel, int32_t count, int32_t *out)
{
    if (vector->misfit != NULL)
        return filter_with_misfits(filter, vector, sel, count, out);
    if (filter->compare == SCAN_IS_NULL)
        return keep_by_validity(vector, false, sel, count, out);
    if (filter->compare == SCAN_IS_NOT_NULL)
        return keep_by_validity(vector, true, sel, count, out);
    if (vector->validity != NULL) {
        count = keep_by_validity(vector, true, sel, count, out);
        sel = out;
    }
    return filter_values(filter, vector, sel, count, out);
}

/* ---- preparing ------------------------------------------------------------------------------------------------------------------ */

/* Whether equality (ordered: also the order) of the SQL type is that of scan_value_compare(). */
static bool type_is_plain(Oid type, PhysType phys, bool ordered)
{
    switch (phys) {
    case PHYS_BOOL:
        return type == TYPE_BOOL;
    case PHYS_INT16:
        return type == TYPE_INT2;
    case PHYS_INT32:
        return !ordered || type == TYPE_INT4 || type == TYPE_DATE; /* oids are unsigned, enums have an order of their own */
    case PHYS_INT64:
        return !ordered || type == TYPE_INT8 || type == TYPE_TIME || type == TYPE_TIMESTAMP || type == TYPE_TIMESTAMPTZ;
    case PHYS_FLOAT32:
        return type == TYPE_FLOAT4;
    case PHYS_FLOAT64:
        return type == TYPE_FLOAT8;
    case PHYS_BYTES:
        return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BYTEA || type == TYPE_NAME;
    case PHYS_NUMERIC:
        return type == TYPE_NUMERIC;
    case PHYS_INTERVAL:
        return type == TYPE_INTERVAL;
    case PHYS_UUID:
        return type == TYPE_UUID;
    case PHYS_TIMETZ:
        return type == TYPE_TIMETZ;
    }
    return false;
}

/* Few values come in an IN list often, many rarely: a shell sort needs no recursion and no memory. */
static void sort_values(PhysType phys, Datum *values, int32_t count)
{
    for (int32_t gap = count / 2; gap > 0; gap /= 2) {
        for (int32_t i = gap; i < count; i++) {
            Datum   moved = values[i];
            int32_t at = i;

            for (; at >= gap && scan_value_compare(phys, &moved, &values[at - gap]) < 0; at -= gap)
                values[at] = values[at - gap];
            values[at] = moved;
        }
    }
}

Status scan_filter_prepare(ScanFilter *filter, const ScanPredicate *predicate, Oid type, PhysType phys, Arena *arena,
                           bool *usable_out, Fault *fault)
{
    bool   about_null = predicate->compare == SCAN_IS_NULL || predicate->compare == SCAN_IS_NOT_NULL;
    bool   ordered = predicate->compare >= SCAN_LT && predicate->compare <= SCAN_GE;
    Datum *sorted;

    *filter = (ScanFilter){.compare = predicate->compare, .phys = phys, .value_count = predicate->value_count, .values = predicate->values};
    *usable_out = about_null || type_is_plain(type, phys, ordered);
    if (!*usable_out || about_null)
        return STATUS_OK;
    sorted = arena_try_alloc(arena, (size_t)predicate->value_count * sizeof *sorted);
    if (sorted == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a scan's predicates");
    memcpy(sorted, predicate->values, (size_t)predicate->value_count * sizeof *sorted);
    if (predicate->compare == SCAN_IN)
        sort_values(phys, sorted, predicate->value_count);
    filter->values = sorted;
    return STATUS_OK;
}
