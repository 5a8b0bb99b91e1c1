/*
 * numeric_big.c - see numeric_big.h.
 */
#include "types/numeric_big.h"

#include "base/error.h"

#include <limits.h>

_Static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "limbs are 64 bits, as in a Numeric");

const uint64_t pow10_u64[20] = {
    1ull,
    10ull,
    100ull,
    1000ull,
    10000ull,
    100000ull,
    1000000ull,
    10000000ull,
    100000000ull,
    1000000000ull,
    10000000000ull,
    100000000000ull,
    1000000000000ull,
    10000000000000ull,
    100000000000000ull,
    1000000000000000ull,
    10000000000000000ull,
    100000000000000000ull,
    1000000000000000000ull,
    10000000000000000000ull,
};

void big_load(Arena *arena, const Numeric *value, Big *big)
{
    big->scale = value->scale;
    if (value->kind == NUMERIC_SMALL) {
        big->negative = value->small < 0;
        big->small_limb = value->small < 0 ? -(uint64_t)value->small : (uint64_t)value->small;
        big->limbs = &big->small_limb;
        big->count = value->small != 0;
        return;
    }
    big->negative = value->kind == NUMERIC_BIG_NEGATIVE;
    big->count = (mp_size_t)(value->size / 8);
    if ((uintptr_t)value->big % _Alignof(mp_limb_t) == 0) {
        big->limbs = (mp_limb_t *)(uintptr_t)value->big; /* never written through */
    } else {
        big->limbs = arena_alloc(arena, value->size);
        memcpy(big->limbs, value->big, value->size);
    }
}

void big_set_u128(Arena *arena, Big *big, unsigned __int128 magnitude, bool negative, int scale)
{
    big->limbs = ARENA_ARRAY(arena, 2, mp_limb_t);
    big->limbs[0] = (mp_limb_t)magnitude;
    big->limbs[1] = (mp_limb_t)(magnitude >> 64);
    big->count = 2;
    big->scale = scale;
    big->negative = negative;
    big_trim(big);
}

/* Whether more digits than the format has stand before the point. Exact only near the limit, where it costs a conversion. */
static bool has_too_many_digits(Arena *arena, const Big *big)
{
    const double digits_per_limb = 19.265919722494797;
    double       most = (double)big->count * digits_per_limb - big->scale;
    size_t       count;
    ArenaMark    mark;

    if (most <= NUMERIC_MAX_INTEGER_DIGITS)
        return false;
    if (most - digits_per_limb - 1 > NUMERIC_MAX_INTEGER_DIGITS)
        return true;
    mark = arena_mark(arena);
    big_to_digits(arena, big, 10, &count);
    arena_rewind(arena, mark);
    return (int64_t)count - big->scale > NUMERIC_MAX_INTEGER_DIGITS;
}

void big_store(Arena *arena, const Big *big, Numeric *out)
{
    if (big->scale > NUMERIC_MAX_SCALE || has_too_many_digits(arena, big))
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    *out = (Numeric){.scale = (uint16_t)big->scale, .kind = NUMERIC_SMALL};
    if (big->count == 0)
        return;
    if (big->count == 1 && big->limbs[0] <= INT64_MAX) {
        out->small = big->negative ? -(int64_t)big->limbs[0] : (int64_t)big->limbs[0];
        return;
    }
    out->kind = big->negative ? NUMERIC_BIG_NEGATIVE : NUMERIC_BIG_POSITIVE;
    out->size = (uint32_t)(big->count * 8);
    if (big->limbs == &big->small_limb) {
        mp_limb_t *copy = ARENA_ARRAY(arena, 1, mp_limb_t);

        *copy = big->small_limb;
        out->big = (const uint8_t *)copy;
    } else {
        out->big = (const uint8_t *)big->limbs;
    }
}

void big_multiply_pow10(Arena *arena, Big *big, int64_t digits)
{
    mp_limb_t *limbs;

    if (digits <= 0 || big->count == 0)
        return;
    if (digits > NUMERIC_MAX_INTEGER_DIGITS + 4 * NUMERIC_MAX_SCALE)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    limbs = ARENA_ARRAY(arena, (size_t)(big->count + digits / POW10_LIMB_DIGITS + 1), mp_limb_t);
    memcpy(limbs, big->limbs, (size_t)big->count * sizeof *limbs);
    for (; digits > 0; digits -= POW10_LIMB_DIGITS) {
        mp_limb_t carry = mpn_mul_1(limbs, limbs, big->count, pow10_u64[MIN(digits, POW10_LIMB_DIGITS)]);

        if (carry != 0)
            limbs[big->count++] = carry;
    }
    big->limbs = limbs;
}

void big_divide_pow10(Arena *arena, Big *big, int64_t digits, BigRounding rounding)
{
    mp_limb_t *limbs;
    mp_limb_t  last_digit = 0;
    int64_t    whole = rounding == BIG_HALF_AWAY ? digits - 1 : digits;

    if (digits <= 0 || big->count == 0)
        return;
    limbs = ARENA_ARRAY(arena, (size_t)big->count + 1, mp_limb_t);
    memcpy(limbs, big->limbs, (size_t)big->count * sizeof *limbs);
    big->limbs = limbs;
    for (; whole > 0 && big->count > 0; whole -= POW10_LIMB_DIGITS) {
        mpn_divrem_1(limbs, 0, limbs, big->count, pow10_u64[MIN(whole, POW10_LIMB_DIGITS)]);
        while (big->count > 0 && limbs[big->count - 1] == 0)
            big->count--;
    }
    if (rounding == BIG_HALF_AWAY && big->count > 0)
        last_digit = mpn_divrem_1(limbs, 0, limbs, big->count, 10);
    if (last_digit >= 5 && mpn_add_1(limbs, limbs, big->count, 1) != 0)
        limbs[big->count++] = 1;
    big_trim(big);
}

void big_rescale(Arena *arena, Big *big, int scale, BigRounding rounding)
{
    if (scale > big->scale)
        big_multiply_pow10(arena, big, scale - big->scale);
    else if (scale < big->scale)
        big_divide_pow10(arena, big, big->scale - scale, rounding);
    big->scale = scale;
}

int big_compare_magnitude(const Big *a, const Big *b)
{
    if (a->count != b->count)
        return a->count > b->count ? 1 : -1;
    return a->count == 0 ? 0 : mpn_cmp(a->limbs, b->limbs, a->count);
}

/* A copy whose limbs can be replaced, with small_limb its own. */
static void copy_big(const Big *from, Big *to)
{
    *to = *from;
    if (from->limbs == &from->small_limb)
        to->limbs = &to->small_limb;
}

void big_add(Arena *arena, const Big *a, const Big *b, bool subtract, Big *out)
{
    Big        left;
    Big        right;
    const Big *larger = &left;
    const Big *smaller = &right;
    int        scale = MAX(a->scale, b->scale);

    copy_big(a, &left);
    copy_big(b, &right);
    big_rescale(arena, &left, scale, BIG_TRUNCATE);
    big_rescale(arena, &right, scale, BIG_TRUNCATE);
    right.negative ^= subtract;
    if (big_compare_magnitude(&left, &right) < 0) {
        larger = &right;
        smaller = &left;
    }
    out->limbs = ARENA_ARRAY(arena, (size_t)larger->count + 1, mp_limb_t);
    out->negative = larger->negative;
    out->scale = scale;
    out->count = larger->count;
    if (smaller->count == 0) {
        memcpy(out->limbs, larger->limbs, (size_t)larger->count * sizeof *out->limbs);
    } else if (larger->negative == smaller->negative) {
        mp_limb_t carry = mpn_add(out->limbs, larger->limbs, larger->count, smaller->limbs, smaller->count);

        if (carry != 0)
            out->limbs[out->count++] = carry;
    } else {
        mpn_sub(out->limbs, larger->limbs, larger->count, smaller->limbs, smaller->count);
    }
    big_trim(out);
}

void big_multiply(Arena *arena, const Big *a, const Big *b, Big *out)
{
    const Big *longer = a->count >= b->count ? a : b;
    const Big *shorter = a->count >= b->count ? b : a;

    out->scale = a->scale + b->scale;
    out->negative = a->negative != b->negative;
    out->count = 0;
    out->limbs = &out->small_limb;
    if (shorter->count == 0) {
        out->negative = false;
        return;
    }
    out->limbs = ARENA_ARRAY(arena, (size_t)(longer->count + shorter->count), mp_limb_t);
    mpn_mul(out->limbs, longer->limbs, longer->count, shorter->limbs, shorter->count);
    out->count = longer->count + shorter->count;
    big_trim(out);
}

/* Quotient and remainder of the bare coefficients; out arrays are fresh. */
static void divide_limbs(Arena *arena, const Big *a, const Big *b, Big *quotient, Big *remainder)
{
    quotient->small_limb = 0;
    if (a->count < b->count) {
        quotient->limbs = ARENA_ARRAY(arena, 1, mp_limb_t);
        quotient->count = 0;
        remainder->limbs = a->limbs;
        remainder->count = a->count;
        return;
    }
    quotient->limbs = ARENA_ARRAY(arena, (size_t)(a->count - b->count + 2), mp_limb_t);
    remainder->limbs = ARENA_ARRAY(arena, (size_t)b->count + 1, mp_limb_t);
    mpn_tdiv_qr(quotient->limbs, remainder->limbs, 0, a->limbs, a->count, b->limbs, b->count);
    quotient->count = a->count - b->count + 1;
    remainder->count = b->count;
    big_trim(remainder);
}

void big_divide(Arena *arena, const Big *a, const Big *b, int scale, BigRounding rounding, Big *out)
{
    Big     dividend;
    Big     divisor;
    Big     remainder = {0};
    int64_t shift = (int64_t)scale - a->scale + b->scale;

    copy_big(a, &dividend);
    copy_big(b, &divisor);
    if (shift > 0)
        big_multiply_pow10(arena, &dividend, shift);
    else
        big_multiply_pow10(arena, &divisor, -shift);
    divide_limbs(arena, &dividend, &divisor, out, &remainder);
    out->scale = scale;
    out->negative = a->negative != b->negative;
    if (rounding == BIG_HALF_AWAY && remainder.count > 0) {
        Big twice = {.limbs = ARENA_ARRAY(arena, (size_t)remainder.count + 1, mp_limb_t), .count = remainder.count + 1};

        twice.limbs[remainder.count] = mpn_lshift(twice.limbs, remainder.limbs, remainder.count, 1);
        big_trim(&twice);
        if (big_compare_magnitude(&twice, &divisor) >= 0) {
            if (out->count == 0)
                out->limbs[out->count++] = 1;
            else if (mpn_add_1(out->limbs, out->limbs, out->count, 1) != 0)
                out->limbs[out->count++] = 1;
        }
    }
    big_trim(out);
}

void big_modulo(Arena *arena, const Big *a, const Big *b, Big *out)
{
    Big dividend;
    Big divisor;
    Big quotient;
    Big remainder = {0};
    int scale = MAX(a->scale, b->scale);

    copy_big(a, &dividend);
    copy_big(b, &divisor);
    big_rescale(arena, &dividend, scale, BIG_TRUNCATE);
    big_rescale(arena, &divisor, scale, BIG_TRUNCATE);
    divide_limbs(arena, &dividend, &divisor, &quotient, &remainder);
    out->limbs = ARENA_ARRAY(arena, (size_t)remainder.count + 1, mp_limb_t);
    memcpy(out->limbs, remainder.limbs, (size_t)remainder.count * sizeof *out->limbs);
    out->count = remainder.count;
    out->negative = a->negative;
    out->scale = scale;
    big_trim(out);
}

bool big_from_digits(Arena *arena, const uint8_t *digits, size_t count, Big *out)
{
    *out = (Big){.limbs = &out->small_limb};
    while (count > 0 && *digits == 0) {
        digits++;
        count--;
    }
    if (count <= POW10_LIMB_DIGITS) {
        for (size_t i = 0; i < count; i++)
            out->small_limb = out->small_limb * 10 + digits[i];
        out->count = out->small_limb != 0;
        return true;
    }
    out->limbs = arena_try_alloc(arena, (count / POW10_LIMB_DIGITS + 2) * sizeof *out->limbs);
    if (out->limbs == NULL)
        return false;
    out->count = mpn_set_str(out->limbs, digits, count, 10);
    big_trim(out);
    return true;
}

uint8_t *big_to_digits(Arena *arena, const Big *big, int base, size_t *count_out)
{
    uint8_t   *digits;
    mp_limb_t *copy;
    size_t     bound;
    size_t     count;
    size_t     zeros = 0;

    *count_out = 0;
    if (big->count == 0)
        return arena_alloc(arena, 0);
    bound = mpn_sizeinbase(big->limbs, big->count, base) + 2;
    digits = arena_alloc(arena, bound);
    copy = ARENA_ARRAY(arena, (size_t)big->count + 1, mp_limb_t); /* mpn_get_str destroys its input */
    memcpy(copy, big->limbs, (size_t)big->count * sizeof *copy);
    count = mpn_get_str(digits, base, copy, big->count);
    while (zeros < count && digits[zeros] == 0)
        zeros++;
    *count_out = count - zeros;
    return digits + zeros;
}
