/*
 * numeric_big.h - decimals as GMP limbs: the general path of numeric arithmetic, internal to the numeric files.
 *
 * A Big is finite, value = +-limbs * 10^-scale, with no zero limb on top; zero has count 0. The limbs may be those of a
 * Numeric, of the Big itself (small_limb) or in an arena. scale may exceed what a Numeric allows until big_store().
 *
 * Sizes are bounded by the digits of a Numeric (about 8000 limbs), so powers of ten are multiplied in limb by limb.
 *
 * Raises      53200; big_store() 22003 for values beyond the format
 */
#ifndef TYPES_NUMERIC_BIG_H
#define TYPES_NUMERIC_BIG_H

#include "base/arena.h"
#include "types/datum.h"

#include <gmp.h>

enum {
    POW10_LIMB_DIGITS = 19, /* 10^19 is the largest power of ten in a limb */
    BIG_MAX_LIMBS = (NUMERIC_MAX_INTEGER_DIGITS + NUMERIC_MAX_SCALE) / 19 + 2,
};

extern const uint64_t pow10_u64[20];

typedef struct Big {
    mp_limb_t *limbs;
    mp_size_t  count;
    int32_t    scale;
    bool       negative;
    mp_limb_t  small_limb;
} Big;

/* The limbs of a finite value, copied to arena only when they are not aligned. *big must not move afterwards. */
void big_load(Arena *arena, const Numeric *value, Big *big);

/* Makes a Numeric of it, which borrows the limbs. Raises "value overflows numeric format". */
void big_store(Arena *arena, const Big *big, Numeric *out);

void big_set_u128(Arena *arena, Big *big, unsigned __int128 magnitude, bool negative, int scale);

/* Multiplies the coefficient by 10^digits, keeping scale: the caller adjusts it. */
void big_multiply_pow10(Arena *arena, Big *big, int64_t digits);

typedef enum BigRounding { BIG_TRUNCATE, BIG_HALF_AWAY } BigRounding;

/* Divides the coefficient by 10^digits, keeping scale. */
void big_divide_pow10(Arena *arena, Big *big, int64_t digits, BigRounding rounding);

/* Brings the value to this scale, by either of the two above. */
void big_rescale(Arena *arena, Big *big, int scale, BigRounding rounding);

void big_add(Arena *arena, const Big *a, const Big *b, bool subtract, Big *out);
void big_multiply(Arena *arena, const Big *a, const Big *b, Big *out);

/* quotient of a / b at the scale, b not zero. */
void big_divide(Arena *arena, const Big *a, const Big *b, int scale, BigRounding rounding, Big *out);

/* a - b * trunc(a / b), with the sign of a and the larger scale; b not zero. */
void big_modulo(Arena *arena, const Big *a, const Big *b, Big *out);

/* -1, 0, 1 by size alone, scales being equal. */
int big_compare_magnitude(const Big *a, const Big *b);

/* The value of decimal digits 0 .. 9 (as numbers, not characters). Raises nothing; false: no memory. */
MUST_CHECK bool big_from_digits(Arena *arena, const uint8_t *digits, size_t count, Big *out);

/* The digits of the coefficient in a base from 2 to 256, as numbers, most significant first; 0 digits for zero. */
uint8_t *big_to_digits(Arena *arena, const Big *big, int base, size_t *count_out);

static inline void big_trim(Big *big)
{
    while (big->count > 0 && big->limbs[big->count - 1] == 0)
        big->count--;
    if (big->count == 0)
        big->negative = false;
}

#endif
