/*
 * numeric_functions.c - square root, exponential, logarithms and power of decimals.
 *
 * PostgreSQL's rules give the number of decimals (at least 16 significant digits, from an estimate of the result's size); the
 * digits come from MPFR with enough guard bits and are rounded half away from zero. The square root is exact on integers.
 * MPFR numbers live in the arena, so that a raised error leaves nothing behind.
 */
#include "types/numeric_math.h"

#include "base/error.h"
#include "types/numeric_big.h"

#include <math.h>
#include <mpfr.h>
#include <stdlib.h>

enum {
    EXP_LIMIT = 6000,        /* exp() of more overflows, of less than minus that is zero */
    RESULT_SCALE_LIMIT = 2000,
    GUARD_BITS = 96,
};

#define BITS_PER_DIGIT 3.3219280948873626

static Numeric special(NumericKind kind)
{
    return (Numeric){.kind = (uint8_t)kind};
}

static noreturn void raise_overflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
}

static int clamp_scale(int scale, int least)
{
    scale = MAX(scale, least);
    scale = MAX(scale, 0);
    return MIN(scale, NUMERIC_MAX_DISPLAY_SCALE);
}

/* ---- between decimals and MPFR --------------------------------------------------------------------------------- */

static mpfr_prec_t precision_for(double decimal_digits)
{
    return (mpfr_prec_t)(MAX(decimal_digits, 1) * BITS_PER_DIGIT) + GUARD_BITS;
}

static void init_real(Arena *arena, mpfr_ptr real, mpfr_prec_t precision)
{
    void *limbs = arena_alloc(arena, mpfr_custom_get_size(precision));

    mpfr_custom_init(limbs, precision);
    mpfr_custom_init_set(real, MPFR_ZERO_KIND, 0, precision, limbs);
}

/* The coefficient alone, without its sign when magnitude_only. */
static void load_coefficient(Arena *arena, const Numeric *value, mpfr_ptr real, mpfr_prec_t precision)
{
    Big   big;
    mpz_t integer;

    big_load(arena, value, &big);
    init_real(arena, real, precision);
    mpz_roinit_n(integer, big.limbs, big.negative ? -big.count : big.count);
    mpfr_set_z(real, integer, MPFR_RNDN);
}

static void load_power_of_ten(Arena *arena, unsigned long digits, mpfr_ptr real, mpfr_prec_t precision)
{
    init_real(arena, real, precision);
    mpfr_ui_pow_ui(real, 10, digits, MPFR_RNDN);
}

static void load_real(Arena *arena, const Numeric *value, mpfr_ptr real, mpfr_prec_t precision)
{
    mpfr_t power;

    load_coefficient(arena, value, real, precision);
    if (value->scale == 0)
        return;
    load_power_of_ten(arena, value->scale, power, precision);
    mpfr_div(real, real, power, MPFR_RNDN);
}

/* Rounds to the scale, halves away from zero. real is changed. */
static void store_real(Arena *arena, mpfr_ptr real, int scale, Numeric *out)
{
    Big              big = {.scale = scale};
    mpfr_t           power;
    mpfr_exp_t       exponent;
    mpfr_prec_t      precision = mpfr_get_prec(real);
    mp_size_t        limbs = (mp_size_t)((precision + GMP_LIMB_BITS - 1) / GMP_LIMB_BITS);
    int64_t          shift;
    const mp_limb_t *significand;

    if (!mpfr_number_p(real))
        raise_overflow();
    if (scale > 0) {
        load_power_of_ten(arena, (unsigned long)scale, power, precision);
        mpfr_mul(real, real, power, MPFR_RNDN);
    }
    mpfr_round(real, real);
    if (mpfr_zero_p(real)) {
        *out = numeric_from_small(0, scale);
        return;
    }
    exponent = mpfr_get_exp(real);
    if (exponent > (mpfr_exp_t)((NUMERIC_MAX_INTEGER_DIGITS + NUMERIC_MAX_SCALE) * BITS_PER_DIGIT) + 64)
        raise_overflow();
    /* a whole number: the significand's leading exponent bits */
    significand = mpfr_custom_get_significand(real);
    shift = (int64_t)limbs * GMP_LIMB_BITS - exponent;
    big.negative = mpfr_signbit(real);
    if (shift >= 0) {
        mp_size_t skip = (mp_size_t)(shift / GMP_LIMB_BITS);

        big.count = limbs - skip;
        big.limbs = ARENA_ARRAY(arena, (size_t)big.count + 1, mp_limb_t);
        if (shift % GMP_LIMB_BITS != 0)
            mpn_rshift(big.limbs, significand + skip, big.count, (unsigned)(shift % GMP_LIMB_BITS));
        else
            memcpy(big.limbs, significand + skip, (size_t)big.count * sizeof *big.limbs);
    } else {
        mp_size_t zeros = (mp_size_t)(-shift / GMP_LIMB_BITS);

        big.count = limbs + zeros + 1;
        big.limbs = arena_alloc_zeroed(arena, (size_t)big.count, sizeof *big.limbs);
        if (-shift % GMP_LIMB_BITS != 0)
            big.limbs[big.count - 1] =
                mpn_lshift(big.limbs + zeros, significand, limbs, (unsigned)(-shift % GMP_LIMB_BITS));
        else
            memcpy(big.limbs + zeros, significand, (size_t)limbs * sizeof *big.limbs);
    }
    big_trim(&big);
    big_store(arena, &big, out);
    mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE); /* threads come and go with sessions */
}

/* ---- estimates ------------------------------------------------------------------------------------------------- */

/* The first two base-10000 digits as one number: value is about *digits * 10^*exponent, cut off. */
static void leading_digits(Arena *arena, const Numeric *value, double *digits, int *exponent)
{
    NumericLead lead = numeric_lead(arena, value);
    int         wanted = lead.digit >= 1000 ? 8 : lead.digit >= 100 ? 7 : lead.digit >= 10 ? 6 : 5;
    int         count = numeric_digit_count(value);
    Big         big;

    *exponent = lead.weight * 4 - 4;
    big_load(arena, value, &big);
    if (count >= wanted)
        big_divide_pow10(arena, &big, count - wanted, BIG_TRUNCATE);
    else
        big_multiply_pow10(arena, &big, wanted - count);
    *digits = (double)big.limbs[0];
}

/* PG15: the decimal weight of ln(value), estimated; it decides scales, so it is followed exactly. */
static int estimate_ln_weight(Arena *arena, const Numeric *value)
{
    Numeric low = numeric_from_small(9, 1);
    Numeric high = numeric_from_small(11, 1);
    double  digits;
    int     exponent;

    if (numeric_sign(value) <= 0)
        return 0;
    if (numeric_compare(value, &low) >= 0 && numeric_compare(value, &high) <= 0) {
        Numeric     one = numeric_from_small(1, 0);
        Numeric     difference;
        NumericLead lead;

        numeric_subtract(arena, value, &one, &difference);
        lead = numeric_lead(arena, &difference);
        return lead.digit == 0 ? 0 : lead.weight * 4 + (int)log10((double)lead.digit);
    }
    leading_digits(arena, value, &digits, &exponent);
    return (int)log10(fabs(log(digits) + exponent * 2.302585092994046));
}

static void require_log_domain(const Numeric *value)
{
    int sign = value->kind == NUMERIC_NAN ? 1 : numeric_sign(value);

    if (sign < 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
    if (sign == 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
}

/* ---- square root ----------------------------------------------------------------------------------------------- */

void numeric_sqrt_at(Arena *arena, const Numeric *value, int scale, Numeric *out)
{
    Big       big;
    Big       root = {.scale = scale};
    mp_limb_t *rest;
    mp_size_t rest_count;
    int64_t   shift = 2 * (int64_t)scale - value->scale;

    big_load(arena, value, &big);
    if (big.count == 0) {
        *out = numeric_from_small(0, scale);
        return;
    }
    if (shift >= 0)
        big_multiply_pow10(arena, &big, shift);
    else
        big_divide_pow10(arena, &big, -shift, BIG_TRUNCATE);
    if (big.count == 0) {
        *out = numeric_from_small(0, scale);
        return;
    }
    root.count = (big.count + 1) / 2;
    root.limbs = ARENA_ARRAY(arena, (size_t)root.count + 1, mp_limb_t);
    rest = ARENA_ARRAY(arena, (size_t)big.count, mp_limb_t);
    rest_count = mpn_sqrtrem(root.limbs, rest, big.limbs, big.count);
    big_trim(&root);
    /* with n = r^2 + rest the root is above r + 1/2 exactly when rest > r */
    if (rest_count > root.count || (rest_count == root.count && mpn_cmp(rest, root.limbs, root.count) > 0)) {
        if (mpn_add_1(root.limbs, root.limbs, root.count, 1) != 0)
            root.limbs[root.count++] = 1;
    }
    big_store(arena, &root, out);
}

void numeric_sqrt(Arena *arena, const Numeric *value, Numeric *out)
{
    int weight;
    int digits;

    if (value->kind == NUMERIC_NAN || value->kind == NUMERIC_POSITIVE_INFINITY) {
        *out = *value;
        return;
    }
    if (numeric_sign(value) < 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number");
    weight = numeric_lead(arena, value).weight;
    digits = weight >= 0 ? weight * 2 + 1 : 1 - (1 - weight * 4) / 2;
    numeric_sqrt_at(arena, value, clamp_scale(NUMERIC_MIN_SIG_DIGITS - digits, value->scale), out);
}

/* ---- exponential and logarithms -------------------------------------------------------------------------------- */

void numeric_exp(Arena *arena, const Numeric *value, Numeric *out)
{
    double approximate;
    double weight;
    int    scale;
    mpfr_t real;

    if (!numeric_is_finite(value)) {
        *out = value->kind == NUMERIC_NEGATIVE_INFINITY ? numeric_from_small(0, 0) : *value;
        return;
    }
    approximate = numeric_to_double(value);
    weight = MIN(MAX(approximate * 0.434294481903252, -RESULT_SCALE_LIMIT), RESULT_SCALE_LIMIT);
    scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - (int)weight, value->scale);
    if (fabs(approximate) >= EXP_LIMIT) {
        if (approximate > 0)
            raise_overflow();
        *out = numeric_from_small(0, scale);
        return;
    }
    load_real(arena, value, real, precision_for(scale + fabs(approximate) * 0.4343 + numeric_digit_count(value)));
    mpfr_exp(real, real, MPFR_RNDN);
    store_real(arena, real, scale, out);
}

void numeric_ln(Arena *arena, const Numeric *value, Numeric *out)
{
    int    scale;
    mpfr_t real;

    require_log_domain(value);
    if (!numeric_is_finite(value)) {
        *out = *value;
        return;
    }
    scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - estimate_ln_weight(arena, value), value->scale);
    load_real(arena, value, real, precision_for(scale + 10));
    mpfr_log(real, real, MPFR_RNDN);
    store_real(arena, real, scale, out);
}

void numeric_log(Arena *arena, const Numeric *base, const Numeric *value, Numeric *out)
{
    int         base_weight;
    int         value_weight;
    int         scale;
    mpfr_prec_t precision;
    mpfr_t      ln_base;
    mpfr_t      ln_value;

    if (base->kind == NUMERIC_NAN || value->kind == NUMERIC_NAN) {
        *out = special(NUMERIC_NAN);
        return;
    }
    require_log_domain(base);
    require_log_domain(value);
    if (!numeric_is_finite(base)) {
        *out = numeric_is_finite(value) ? numeric_from_small(0, 0) : special(NUMERIC_NAN);
        return;
    }
    if (!numeric_is_finite(value)) {
        *out = *value;
        return;
    }
    base_weight = estimate_ln_weight(arena, base);
    value_weight = estimate_ln_weight(arena, value);
    scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - (value_weight - base_weight), MAX(base->scale, value->scale));
    precision = precision_for(scale + 20 + 2 * abs(base_weight) + abs(value_weight));
    load_real(arena, base, ln_base, precision);
    load_real(arena, value, ln_value, precision);
    mpfr_log(ln_base, ln_base, MPFR_RNDN);
    mpfr_log(ln_value, ln_value, MPFR_RNDN);
    if (mpfr_zero_p(ln_base))
        raise_error(SQLSTATE_DIVISION_BY_ZERO, "division by zero");
    mpfr_div(ln_value, ln_value, ln_base, MPFR_RNDN);
    store_real(arena, ln_value, scale, out);
}

/* ---- power ----------------------------------------------------------------------------------------------------- */

static bool is_whole(Arena *arena, const Numeric *value)
{
    return !numeric_is_finite(value) || numeric_min_scale(arena, value) == 0;
}

static bool is_odd(Arena *arena, const Numeric *whole)
{
    Numeric two = numeric_from_small(2, 0);
    Numeric rest;

    numeric_modulo(arena, whole, &two, &rest);
    return numeric_sign(&rest) != 0;
}

static void require_power_domain(Arena *arena, const Numeric *base, const Numeric *exponent)
{
    if (numeric_sign(base) == 0 && numeric_sign(exponent) < 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined");
    if (numeric_sign(base) < 0 && !is_whole(arena, exponent))
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "a negative number raised to a non-integer power yields a complex result");
}

/* Where base or exponent is not finite. */
static void power_special(Arena *arena, const Numeric *base, const Numeric *exponent, Numeric *out)
{
    Numeric one = numeric_from_small(1, 0);
    Numeric zero = numeric_from_small(0, 0);

    if (numeric_is_finite(base) && numeric_compare(base, &one) == 0) {
        *out = one; /* even to NaN */
        return;
    }
    if (base->kind != NUMERIC_NAN || numeric_is_finite(exponent)) {
        if (exponent->kind != NUMERIC_NAN && numeric_sign(exponent) == 0) {
            *out = one; /* even of NaN */
            return;
        }
    }
    if (base->kind == NUMERIC_NAN || exponent->kind == NUMERIC_NAN) {
        *out = special(NUMERIC_NAN);
        return;
    }
    require_power_domain(arena, base, exponent);
    if (numeric_sign(base) == 0) {
        *out = zero;
    } else if (!numeric_is_finite(exponent)) {
        Numeric size;
        int     order;

        numeric_absolute(base, &size);
        order = numeric_compare(&size, &one);
        if (order == 0)
            *out = one; /* -1 */
        else
            *out = (order > 0) == (numeric_sign(exponent) > 0) ? special(NUMERIC_POSITIVE_INFINITY) : zero;
    } else if (numeric_sign(exponent) < 0) {
        *out = zero;
    } else if (base->kind == NUMERIC_POSITIVE_INFINITY || !is_odd(arena, exponent)) {
        *out = special(NUMERIC_POSITIVE_INFINITY);
    } else {
        *out = special(NUMERIC_NEGATIVE_INFINITY);
    }
}

/* log10 of a positive size, roughly */
static double rough_log10(Arena *arena, const Numeric *value)
{
    double digits;
    int    exponent;

    leading_digits(arena, value, &digits, &exponent);
    return log10(digits) + exponent;
}

/* base^n: coefficient^n / 10^(scale * n), or its reciprocal, each of them exact while the precision holds it. */
static void power_whole(Arena *arena, const Numeric *base, int64_t n, int scale, Numeric *out)
{
    uint64_t    count = n < 0 ? -(uint64_t)n : (uint64_t)n;
    double      weight;
    mpfr_prec_t precision;
    mpfr_t      power;
    mpfr_t      tens;

    if (n == 0) {
        *out = numeric_from_small(1, 0);
        numeric_round(arena, out, scale, out);
        return;
    }
    if (n == 1) {
        numeric_round(arena, base, scale, out);
        return;
    }
    if (numeric_sign(base) == 0) {
        *out = numeric_from_small(0, scale);
        return;
    }
    weight = rough_log10(arena, base) * (double)n;
    if (weight > NUMERIC_MAX_INTEGER_DIGITS + 4)
        raise_overflow();
    if (weight + 1 < -scale || weight + 1 < -NUMERIC_MAX_DISPLAY_SCALE) {
        *out = numeric_from_small(0, scale);
        return;
    }
    precision = precision_for(scale + MAX(weight, 0) + log10((double)count + 1) + 10);
    load_coefficient(arena, base, power, precision);
    mpfr_pow_ui(power, power, count, MPFR_RNDN);
    if (base->scale > 0) {
        load_power_of_ten(arena, base->scale, tens, precision);
        mpfr_pow_ui(tens, tens, count, MPFR_RNDN);
        if (n > 0)
            mpfr_div(power, power, tens, MPFR_RNDN);
        else
            mpfr_div(power, tens, power, MPFR_RNDN);
    } else if (n < 0) {
        mpfr_ui_div(power, 1, power, MPFR_RNDN);
    }
    store_real(arena, power, scale, out);
}

/* PG15: exponent * ln(size) to about eight digits, rounded as PostgreSQL does, since the scale follows from it. */
static double estimate_ln_power(Arena *arena, const Numeric *size, const Numeric *exponent)
{
    int     scale = MAX(8 - estimate_ln_weight(arena, size), 0);
    mpfr_t  real;
    Numeric ln_size;
    Numeric product;

    load_real(arena, size, real, precision_for(scale + 20));
    mpfr_log(real, real, MPFR_RNDN);
    store_real(arena, real, MIN(scale, NUMERIC_MAX_SCALE), &ln_size);
    numeric_multiply(arena, &ln_size, exponent, &product);
    numeric_round(arena, &product, MIN(scale, NUMERIC_MAX_SCALE), &product);
    return numeric_to_double(&product);
}

/* The general case: a positive size to any power. */
static void power_real(Arena *arena, const Numeric *base, const Numeric *exponent, Numeric *out)
{
    Numeric     size;
    double      ln_result;
    double      weight;
    int         scale;
    mpfr_prec_t precision;
    mpfr_t      real;
    mpfr_t      power;

    if (numeric_sign(base) == 0) {
        *out = numeric_from_small(0, NUMERIC_MIN_SIG_DIGITS);
        return;
    }
    numeric_absolute(base, &size);
    ln_result = estimate_ln_power(arena, &size, exponent);
    if (fabs(ln_result) > RESULT_SCALE_LIMIT * 3.01) {
        if (ln_result > 0)
            raise_overflow();
        *out = numeric_from_small(0, NUMERIC_MAX_DISPLAY_SCALE);
        return;
    }
    weight = ln_result * 0.434294481903252;
    scale = clamp_scale(NUMERIC_MIN_SIG_DIGITS - (int)weight, MAX(base->scale, exponent->scale));
    precision = precision_for(scale + fabs(weight) + numeric_digit_count(exponent) + 10);
    load_real(arena, &size, real, precision);
    load_real(arena, exponent, power, precision);
    mpfr_pow(real, real, power, MPFR_RNDN);
    if (fabs(ln_result) >= EXP_LIMIT) {
        if (ln_result > 0)
            raise_overflow();
        *out = numeric_from_small(0, scale);
        return;
    }
    store_real(arena, real, scale, out);
    if (numeric_sign(base) < 0 && is_odd(arena, exponent))
        numeric_negate(out, out);
}

void numeric_power(Arena *arena, const Numeric *base, const Numeric *exponent, Numeric *out)
{
    int64_t n;

    if (!numeric_is_finite(base) || !numeric_is_finite(exponent)) {
        power_special(arena, base, exponent, out);
        return;
    }
    require_power_domain(arena, base, exponent);
    if (is_whole(arena, exponent) && numeric_to_int64(exponent, &n) == NUMERIC_FITS && n >= INT32_MIN && n <= INT32_MAX)
        power_whole(arena, base, n, clamp_scale(NUMERIC_MIN_SIG_DIGITS, base->scale), out);
    else
        power_real(arena, base, exponent, out);
}
