/*
 * numeric_math.h - arithmetic of decimals with PostgreSQL's result scales, digit for digit.
 *
 * NaN and the infinities propagate as in PostgreSQL. Results larger than 64 bits take their limbs from the arena.
 *
 * Raises  22003 "value overflows numeric format", 22012 "division by zero", and what each function says
 */
#ifndef TYPES_NUMERIC_MATH_H
#define TYPES_NUMERIC_MATH_H

#include "base/arena.h"
#include "types/numeric.h"

enum {
    NUMERIC_MAX_DISPLAY_SCALE = 1000, /* of results of division and functions */
    NUMERIC_MIN_SIG_DIGITS = 16,
    NUMERIC_TYPMOD_HEADER = 4,
};

void numeric_add_slow(Arena *arena, const Numeric *a, const Numeric *b, bool subtract, Numeric *out);
void numeric_multiply_slow(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out);

static ALWAYS_INLINE void numeric_add(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    int64_t sum;

    if (LIKELY(a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && a->scale == b->scale &&
               !__builtin_add_overflow(a->small, b->small, &sum) && sum != INT64_MIN))
        *out = numeric_from_small(sum, a->scale);
    else
        numeric_add_slow(arena, a, b, false, out);
}

static ALWAYS_INLINE void numeric_subtract(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    int64_t difference;

    if (LIKELY(a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && a->scale == b->scale &&
               !__builtin_sub_overflow(a->small, b->small, &difference) && difference != INT64_MIN))
        *out = numeric_from_small(difference, a->scale);
    else
        numeric_add_slow(arena, a, b, true, out);
}

static ALWAYS_INLINE void numeric_multiply(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    int64_t product;

    if (LIKELY(a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && a->scale + b->scale <= NUMERIC_MAX_SCALE &&
               !__builtin_mul_overflow(a->small, b->small, &product) && product != INT64_MIN))
        *out = numeric_from_small(product, a->scale + b->scale);
    else
        numeric_multiply_slow(arena, a, b, out);
}

/* a / b with at least 16 significant digits; numeric_divide_at() with this many decimals, rounded. */
void numeric_divide(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out);
void numeric_divide_at(Arena *arena, const Numeric *a, const Numeric *b, int scale, Numeric *out);

/* div(): the quotient cut to an integer. */
void numeric_divide_whole(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out);

/* The remainder, with the sign of a. */
void numeric_modulo(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out);

void numeric_negate(const Numeric *value, Numeric *out);
void numeric_absolute(const Numeric *value, Numeric *out);

/* Rounded (halves away from zero) or cut to digits after the point; negative digits count before it. */
void numeric_round(Arena *arena, const Numeric *value, int digits, Numeric *out);
void numeric_truncate(Arena *arena, const Numeric *value, int digits, Numeric *out);
void numeric_ceil(Arena *arena, const Numeric *value, Numeric *out);
void numeric_floor(Arena *arena, const Numeric *value, Numeric *out);

/* The fewest decimals that hold the value; and the value with just those. */
int  numeric_min_scale(Arena *arena, const Numeric *value);
void numeric_trim_scale(Arena *arena, const Numeric *value, Numeric *out);

/* Greatest common divisor, least common multiple; factorial raises 22003 below zero and beyond 32177. */
void numeric_gcd(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out);
void numeric_lcm(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out);
void numeric_factorial(Arena *arena, int64_t n, Numeric *out);

/* numeric(precision, scale): rounds, then raises 22003 "numeric field overflow" when too many digits stay. */
void numeric_apply_typmod(Arena *arena, int32_t typmod, Numeric *value);

/* From floating point: 15 significant digits of a double, 6 of a float, as PostgreSQL's casts give. */
void numeric_from_double(Arena *arena, double value, Numeric *out);
void numeric_from_float(Arena *arena, float value, Numeric *out);

void numeric_from_int128(Arena *arena, __int128 value, int scale, Numeric *out);

/* Square root, exponential, logarithms, power: see numeric_functions.c. Raise 2201E, 2201F of their domains. */
void numeric_sqrt(Arena *arena, const Numeric *value, Numeric *out);
void numeric_sqrt_at(Arena *arena, const Numeric *value, int scale, Numeric *out);
void numeric_exp(Arena *arena, const Numeric *value, Numeric *out);
void numeric_ln(Arena *arena, const Numeric *value, Numeric *out);
void numeric_log(Arena *arena, const Numeric *base, const Numeric *value, Numeric *out);
void numeric_power(Arena *arena, const Numeric *base, const Numeric *exponent, Numeric *out);

/*
 * Where the leading digit stands, in base 10000 as PostgreSQL stores decimals: value = digit * 10000^weight + less. PostgreSQL's
 * scales depend on it. For zero: weight 0, digit 0.
 */
typedef struct NumericLead {
    int weight;
    int digit;
} NumericLead;

NumericLead numeric_lead(Arena *arena, const Numeric *value);

/* The scale that numeric_divide() gives. */
int numeric_divide_scale(Arena *arena, const Numeric *a, const Numeric *b);

#endif
