/*
 * numeric_sum.h - adding up many decimals exactly: the state of sum(), avg(), variance() and their kin.
 *
 * Values go into a 128-bit accumulator at the largest scale seen; only when that is full do they spill into limbs that grow
 * in place. Zeroed memory is an empty sum. NaN and infinities are counted beside.
 *
 * Ownership   limbs live in the arena passed to the adding calls, always the same one for a sum.
 * Raises      53200; numeric_sum_result() 22003 beyond the format
 */
#ifndef TYPES_NUMERIC_SUM_H
#define TYPES_NUMERIC_SUM_H

#include "base/arena.h"
#include "types/numeric.h"

/* States of aggregates are aligned to 8 bytes only. */
typedef __int128 Int128 __attribute__((aligned(8)));

typedef struct NumericSum {
    Int128    value;     /* at scale */
    int64_t   nan_count;
    int64_t   infinity_count;
    int64_t   negative_infinity_count;
    uint64_t *limbs;     /* what has spilled, at limb_scale; NULL: nothing */
    uint32_t  limb_count;
    uint32_t  limb_capacity;
    int32_t   limb_scale;
    int32_t   scale;     /* the largest of all values added */
    bool      limbs_negative;
} NumericSum;

void numeric_sum_add_slow(NumericSum *sum, Arena *arena, const Numeric *value);
void numeric_sum_add_int128(NumericSum *sum, Arena *arena, __int128 value, int scale);

static ALWAYS_INLINE void numeric_sum_add(NumericSum *sum, Arena *arena, const Numeric *value)
{
    Int128 total;

    if (LIKELY(value->kind == NUMERIC_SMALL && value->scale == sum->scale &&
               !__builtin_add_overflow(sum->value, (__int128)value->small, &total)))
        sum->value = total;
    else
        numeric_sum_add_slow(sum, arena, value);
}

/* Adds value squared. */
void numeric_sum_add_square(NumericSum *sum, Arena *arena, const Numeric *value);

/* Adds what another sum holds. */
void numeric_sum_merge(NumericSum *sum, Arena *arena, const NumericSum *other);

/* The sum at its scale, in arena. */
void numeric_sum_result(const NumericSum *sum, Arena *arena, Numeric *out);

#endif
