/*
 * numeric_math.c - see numeric_math.h. Each operation: special values, 64- or 128-bit path, general path on limbs.
 */
#include "types/numeric_math.h"

#include "base/error.h"
#include "types/float.h"
#include "types/numeric_big.h"

#include <float.h>
#include <stdio.h>

typedef unsigned __int128 u128;

static noreturn void raise_overflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
}

static noreturn void raise_division_by_zero(void)
{
    raise_error(SQLSTATE_DIVISION_BY_ZERO, "division by zero");
}

static Numeric special(NumericKind kind)
{
    return (Numeric){.kind = (uint8_t)kind};
}

static inline bool both_finite(const Numeric *a, const Numeric *b)
{
    return numeric_is_finite(a) && numeric_is_finite(b);
}

static inline bool either_nan(const Numeric *a, const Numeric *b)
{
    return a->kind == NUMERIC_NAN || b->kind == NUMERIC_NAN;
}

static Numeric infinity_of_sign(int sign)
{
    return special(sign > 0 ? NUMERIC_POSITIVE_INFINITY : sign < 0 ? NUMERIC_NEGATIVE_INFINITY : NUMERIC_NAN);
}

static inline uint64_t magnitude_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static void store_u128(Arena *arena, u128 magnitude, bool negative, int scale, Numeric *out)
{
    Big big;

    if (magnitude <= INT64_MAX && scale <= NUMERIC_MAX_SCALE) {
        *out = numeric_from_small(negative ? -(int64_t)magnitude : (int64_t)magnitude, scale);
        return;
    }
    big_set_u128(arena, &big, magnitude, negative, scale);
    big_store(arena, &big, out);
}

void numeric_from_int128(Arena *arena, __int128 value, int scale, Numeric *out)
{
    store_u128(arena, value < 0 ? -(u128)value : (u128)value, value < 0, scale, out);
}

/* ---- sums and products ----------------------------------------------------------------------------------------- */

void numeric_add_slow(Arena *arena, const Numeric *a, const Numeric *b, bool subtract, Numeric *out)
{
    Big left;
    Big right;
    Big sum;

    if (UNLIKELY(!both_finite(a, b))) {
        int sign_a = numeric_is_finite(a) ? 0 : numeric_sign(a);
        int sign_b = numeric_is_finite(b) ? 0 : subtract ? -numeric_sign(b) : numeric_sign(b);

        if (either_nan(a, b) || sign_a + sign_b == 0)
            *out = special(NUMERIC_NAN);
        else
            *out = infinity_of_sign(sign_a + sign_b);
        return;
    }
    if (a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL) {
        int scale = MAX(a->scale, b->scale);

        if (scale - a->scale <= POW10_LIMB_DIGITS - 1 && scale - b->scale <= POW10_LIMB_DIGITS - 1) {
            __int128 x = (__int128)a->small * (__int128)pow10_u64[scale - a->scale];
            __int128 y = (__int128)b->small * (__int128)pow10_u64[scale - b->scale];

            numeric_from_int128(arena, subtract ? x - y : x + y, scale, out);
            return;
        }
    }
    big_load(arena, a, &left);
    big_load(arena, b, &right);
    big_add(arena, &left, &right, subtract, &sum);
    big_store(arena, &sum, out);
}

void numeric_multiply_slow(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    Big left;
    Big right;
    Big product;

    if (UNLIKELY(!both_finite(a, b))) {
        *out = either_nan(a, b) ? special(NUMERIC_NAN) : infinity_of_sign(numeric_sign(a) * numeric_sign(b));
        return;
    }
    if (a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && a->scale + b->scale <= NUMERIC_MAX_SCALE) {
        numeric_from_int128(arena, (__int128)a->small * b->small, a->scale + b->scale, out);
        return;
    }
    big_load(arena, a, &left);
    big_load(arena, b, &right);
    big_multiply(arena, &left, &right, &product);
    if (product.scale > NUMERIC_MAX_SCALE) /* PG15: a product of too many decimals is rounded */
        big_rescale(arena, &product, NUMERIC_MAX_SCALE, BIG_HALF_AWAY);
    big_store(arena, &product, out);
}

/* ---- quotients ------------------------------------------------------------------------------------------------- */

/* floor(n / 4), also below zero */
static int floor_quarter(int n)
{
    return n >= 0 ? n / 4 : -((3 - n) / 4);
}

NumericLead numeric_lead(Arena *arena, const Numeric *value)
{
    NumericLead lead = {0, 0};
    int         count = numeric_digit_count(value);
    int         exponent = count - 1 - value->scale; /* of the leading decimal digit */
    int         wanted;                              /* decimal digits in the leading base-10000 digit */

    if (count == 0)
        return lead;
    lead.weight = floor_quarter(exponent);
    wanted = exponent - 4 * lead.weight + 1;
    if (value->kind == NUMERIC_SMALL) {
        uint64_t magnitude = magnitude_of(value->small);

        lead.digit = (int)(count >= wanted ? magnitude / pow10_u64[count - wanted] : magnitude * pow10_u64[wanted - count]);
    } else {
        Big       big;
        ArenaMark mark = arena_mark(arena);

        big_load(arena, value, &big);
        big_divide_pow10(arena, &big, count - wanted, BIG_TRUNCATE);
        lead.digit = (int)big.limbs[0];
        arena_rewind(arena, mark);
    }
    return lead;
}

int numeric_divide_scale(Arena *arena, const Numeric *a, const Numeric *b)
{
    NumericLead lead_a = numeric_lead(arena, a);
    NumericLead lead_b = numeric_lead(arena, b);
    int         weight = lead_a.weight - lead_b.weight - (lead_a.digit <= lead_b.digit);
    int         scale = NUMERIC_MIN_SIG_DIGITS - weight * 4;

    scale = MAX(scale, a->scale);
    scale = MAX(scale, b->scale);
    scale = MAX(scale, 0);
    return MIN(scale, NUMERIC_MAX_DISPLAY_SCALE);
}

/* a / b where one is not finite; false when both are. */
static bool divide_special(const Numeric *a, const Numeric *b, Numeric *out)
{
    if (LIKELY(both_finite(a, b)))
        return false;
    if (either_nan(a, b))
        *out = special(NUMERIC_NAN);
    else if (numeric_is_finite(a))
        *out = numeric_from_small(0, 0);
    else if (!numeric_is_finite(b))
        *out = special(NUMERIC_NAN);
    else if (numeric_sign(b) == 0)
        raise_division_by_zero();
    else
        *out = infinity_of_sign(numeric_sign(a) * numeric_sign(b));
    return true;
}

static void divide(Arena *arena, const Numeric *a, const Numeric *b, int scale, BigRounding rounding, Numeric *out)
{
    int shift = scale - a->scale + b->scale;
    Big dividend;
    Big divisor;
    Big quotient;

    if (numeric_sign(b) == 0)
        raise_division_by_zero();
    if (a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && shift >= 0 && shift <= 2 * POW10_LIMB_DIGITS) {
        u128 x = magnitude_of(a->small);
        u128 y = magnitude_of(b->small);
        int  first = MIN(shift, POW10_LIMB_DIGITS);

        x *= pow10_u64[first];
        if (!__builtin_mul_overflow(x, (u128)pow10_u64[shift - first], &x)) {
            u128 whole = x / y;

            if (rounding == BIG_HALF_AWAY && x - whole * y >= y - (x - whole * y))
                whole++;
            store_u128(arena, whole, (a->small < 0) != (b->small < 0), scale, out);
            return;
        }
    }
    big_load(arena, a, &dividend);
    big_load(arena, b, &divisor);
    big_divide(arena, &dividend, &divisor, scale, rounding, &quotient);
    big_store(arena, &quotient, out);
}

void numeric_divide_at(Arena *arena, const Numeric *a, const Numeric *b, int scale, Numeric *out)
{
    if (!divide_special(a, b, out))
        divide(arena, a, b, scale, BIG_HALF_AWAY, out);
}

void numeric_divide(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    if (!divide_special(a, b, out))
        divide(arena, a, b, numeric_divide_scale(arena, a, b), BIG_HALF_AWAY, out);
}

void numeric_divide_whole(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    if (!divide_special(a, b, out))
        divide(arena, a, b, 0, BIG_TRUNCATE, out);
}

void numeric_modulo(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    Big left;
    Big right;
    Big remainder;

    if (!both_finite(a, b)) {
        if (either_nan(a, b)) {
            *out = special(NUMERIC_NAN);
        } else if (!numeric_is_finite(a)) {
            if (numeric_is_finite(b) && numeric_sign(b) == 0)
                raise_division_by_zero();
            *out = special(NUMERIC_NAN);
        } else {
            *out = *a;
        }
        return;
    }
    if (numeric_sign(b) == 0)
        raise_division_by_zero();
    if (a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && a->scale == b->scale) {
        *out = numeric_from_small(b->small == -1 ? 0 : a->small % b->small, a->scale);
        return;
    }
    big_load(arena, a, &left);
    big_load(arena, b, &right);
    big_modulo(arena, &left, &right, &remainder);
    big_store(arena, &remainder, out);
}

/* ---- sign, rounding -------------------------------------------------------------------------------------------- */

void numeric_negate(const Numeric *value, Numeric *out)
{
    *out = *value;
    switch ((NumericKind)value->kind) {
    case NUMERIC_SMALL:
        out->small = -value->small;
        break;
    case NUMERIC_BIG_POSITIVE:
        out->kind = NUMERIC_BIG_NEGATIVE;
        break;
    case NUMERIC_BIG_NEGATIVE:
        out->kind = NUMERIC_BIG_POSITIVE;
        break;
    case NUMERIC_POSITIVE_INFINITY:
        out->kind = NUMERIC_NEGATIVE_INFINITY;
        break;
    case NUMERIC_NEGATIVE_INFINITY:
        out->kind = NUMERIC_POSITIVE_INFINITY;
        break;
    case NUMERIC_NAN:
        break;
    }
}

void numeric_absolute(const Numeric *value, Numeric *out)
{
    if (numeric_sign(value) < 0)
        numeric_negate(value, out);
    else
        *out = *value;
}

/* Rounds or cuts at digits after the point; the result has MAX(digits, 0) decimals. */
static void to_digits(Arena *arena, const Numeric *value, int digits, BigRounding rounding, Numeric *out)
{
    int scale = MAX(digits, 0);
    Big big;

    if (!numeric_is_finite(value) || value->scale == digits) {
        *out = *value;
        return;
    }
    if (value->kind == NUMERIC_SMALL) {
        int      drop = value->scale - digits;
        uint64_t magnitude = magnitude_of(value->small);

        if (drop > 0 && drop < POW10_LIMB_DIGITS && (digits >= 0 || -digits < POW10_LIMB_DIGITS)) {
            uint64_t power = pow10_u64[drop];
            uint64_t whole = magnitude / power;

            if (rounding == BIG_HALF_AWAY && magnitude % power >= power / 2)
                whole++;
            store_u128(arena, (u128)whole * pow10_u64[scale - digits], value->small < 0, scale, out);
            return;
        }
        if (drop < 0 && -drop < POW10_LIMB_DIGITS) {
            store_u128(arena, (u128)magnitude * pow10_u64[-drop], value->small < 0, scale, out);
            return;
        }
    }
    big_load(arena, value, &big);
    if (digits > value->scale) {
        big_multiply_pow10(arena, &big, digits - value->scale);
    } else {
        big_divide_pow10(arena, &big, value->scale - digits, rounding);
        big_multiply_pow10(arena, &big, scale - digits);
    }
    big.scale = scale;
    big_store(arena, &big, out);
}

void numeric_round(Arena *arena, const Numeric *value, int digits, Numeric *out)
{
    digits = MAX(digits, -(int)NUMERIC_MAX_INTEGER_DIGITS);
    to_digits(arena, value, MIN(digits, NUMERIC_MAX_SCALE), BIG_HALF_AWAY, out);
}

void numeric_truncate(Arena *arena, const Numeric *value, int digits, Numeric *out)
{
    digits = MAX(digits, -(int)NUMERIC_MAX_INTEGER_DIGITS);
    to_digits(arena, value, MIN(digits, NUMERIC_MAX_SCALE), BIG_TRUNCATE, out);
}

/* The integer next to the cut value in this direction, where something was cut off on that side. */
static void to_integer(Arena *arena, const Numeric *value, int direction, Numeric *out)
{
    Numeric cut;
    Numeric step = numeric_from_small(direction, 0);

    to_digits(arena, value, 0, BIG_TRUNCATE, &cut);
    if (numeric_is_finite(value) && numeric_compare(value, &cut) == direction)
        numeric_add(arena, &cut, &step, out);
    else
        *out = cut;
}

void numeric_ceil(Arena *arena, const Numeric *value, Numeric *out)
{
    to_integer(arena, value, 1, out);
}

void numeric_floor(Arena *arena, const Numeric *value, Numeric *out)
{
    to_integer(arena, value, -1, out);
}

int numeric_min_scale(Arena *arena, const Numeric *value)
{
    int       scale = value->scale;
    Big       big;
    size_t    count;
    uint8_t  *digits;
    ArenaMark mark;

    if (value->kind == NUMERIC_SMALL) {
        for (int64_t rest = value->small; scale > 0 && rest % 10 == 0; scale--) {
            if (rest == 0)
                return 0;
            rest /= 10;
        }
        return scale;
    }
    if (!numeric_is_finite(value))
        return 0;
    mark = arena_mark(arena);
    big_load(arena, value, &big);
    digits = big_to_digits(arena, &big, 10, &count);
    while (scale > 0 && digits[count - 1] == 0) {
        count--;
        scale--;
    }
    arena_rewind(arena, mark);
    return scale;
}

void numeric_trim_scale(Arena *arena, const Numeric *value, Numeric *out)
{
    to_digits(arena, value, numeric_min_scale(arena, value), BIG_TRUNCATE, out);
}

/* ---- whole-number functions ------------------------------------------------------------------------------------ */

void numeric_gcd(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    Numeric x;
    Numeric y;
    int     scale = MAX(a->scale, b->scale);

    if (!both_finite(a, b)) {
        *out = special(NUMERIC_NAN);
        return;
    }
    numeric_absolute(a, &x);
    numeric_absolute(b, &y);
    while (numeric_sign(&y) != 0) { /* Euclid */
        Numeric rest;

        numeric_modulo(arena, &x, &y, &rest);
        x = y;
        y = rest;
    }
    to_digits(arena, &x, scale, BIG_TRUNCATE, out);
}

void numeric_lcm(Arena *arena, const Numeric *a, const Numeric *b, Numeric *out)
{
    Numeric divisor;
    Numeric factor;
    Numeric product;
    int     scale = MAX(a->scale, b->scale);

    if (!both_finite(a, b)) {
        *out = special(NUMERIC_NAN);
        return;
    }
    if (numeric_sign(a) == 0 || numeric_sign(b) == 0) {
        *out = numeric_from_small(0, scale);
        return;
    }
    numeric_gcd(arena, a, b, &divisor);
    divide(arena, a, &divisor, 0, BIG_TRUNCATE, &factor);
    numeric_multiply(arena, b, &factor, &product);
    numeric_absolute(&product, &product);
    to_digits(arena, &product, scale, BIG_TRUNCATE, out);
}

void numeric_factorial(Arena *arena, int64_t n, Numeric *out)
{
    Big        product;
    mp_size_t  limit;
    mp_limb_t *limbs;

    if (n < 0)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
    if (n > 32177)
        raise_overflow();
    limit = (mp_size_t)(n * 15 / 64 + 2); /* every factor is below 2^15 */
    limbs = ARENA_ARRAY(arena, (size_t)limit, mp_limb_t);
    limbs[0] = 1;
    product = (Big){.limbs = limbs, .count = 1};
    for (int64_t factor = 2; factor <= n; factor++) {
        mp_limb_t carry = mpn_mul_1(limbs, limbs, product.count, (mp_limb_t)factor);

        if (carry != 0)
            limbs[product.count++] = carry;
    }
    big_store(arena, &product, out);
}

/* ---- typmod ---------------------------------------------------------------------------------------------------- */

static noreturn void raise_field_overflow(int precision, int scale, bool infinite)
{
    Error *err = error_new(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
    int    digits = precision - scale;

    if (infinite)
        error_detail(err, "A field with precision %d, scale %d cannot hold an infinite value.", precision, scale);
    else if (digits != 0)
        error_detail(err, "A field with precision %d, scale %d must round to an absolute value less than 10^%d.", precision,
                     scale, digits);
    else
        error_detail(err, "A field with precision %d, scale %d must round to an absolute value less than 1.", precision, scale);
    error_raise(err);
}

void numeric_apply_typmod(Arena *arena, int32_t typmod, Numeric *value)
{
    int     precision = (typmod - NUMERIC_TYPMOD_HEADER) >> 16 & 0xffff;
    int     scale = (((typmod - NUMERIC_TYPMOD_HEADER) & 0x7ff) ^ 1024) - 1024;
    Numeric rounded;

    if (typmod < NUMERIC_TYPMOD_HEADER || value->kind == NUMERIC_NAN)
        return;
    if (!numeric_is_finite(value))
        raise_field_overflow(precision, scale, true);
    to_digits(arena, value, scale, BIG_HALF_AWAY, &rounded);
    if (numeric_sign(&rounded) != 0 && numeric_digit_count(&rounded) - rounded.scale > precision - scale)
        raise_field_overflow(precision, scale, false);
    *value = rounded;
}

/* ---- from floating point --------------------------------------------------------------------------------------- */

static void from_digits(Arena *arena, double value, int digits, Numeric *out)
{
    char text[64];
    int  size;

    if (isnan(value)) {
        *out = special(NUMERIC_NAN);
        return;
    }
    if (isinf(value)) {
        *out = infinity_of_sign(value > 0 ? 1 : -1);
        return;
    }
    /* a whole number of few digits is its own decimal */
    if (fabs(value) < 1e6 && value == (double)(int32_t)value) {
        *out = numeric_from_small((int32_t)value, 0);
        return;
    }
    size = snprintf(text, sizeof text, "%.*g", digits, value);
    if (!numeric_parse(slice_of(text, (size_t)size), arena, out))
        raise_overflow();
}

void numeric_from_double(Arena *arena, double value, Numeric *out)
{
    from_digits(arena, value, DBL_DIG, out);
}

void numeric_from_float(Arena *arena, float value, Numeric *out)
{
    from_digits(arena, (double)value, FLT_DIG, out);
}
