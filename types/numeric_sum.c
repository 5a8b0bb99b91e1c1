/*
 * numeric_sum.c - see numeric_sum.h.
 */
#include "types/numeric_sum.h"

#include "types/numeric_big.h"
#include "types/numeric_math.h"

_Static_assert(sizeof(mp_limb_t) == sizeof(uint64_t), "limbs of sums are GMP's");

/* value * 10^digits; true on overflow */
static bool multiply_pow10(__int128 value, int digits, __int128 *out)
{
    for (; digits > 0; digits -= 18) {
        if (__builtin_mul_overflow(value, (__int128)pow10_u64[MIN(digits, 18)], &value))
            return true;
    }
    *out = value;
    return false;
}

static void reserve_limbs(NumericSum *sum, Arena *arena, size_t count)
{
    if (count <= sum->limb_capacity)
        return;
    count = MAX(count, 2 * (size_t)sum->limb_capacity);
    sum->limbs = arena_grow(arena, sum->limbs, sum->limb_capacity * sizeof *sum->limbs, count * sizeof *sum->limbs);
    sum->limb_capacity = (uint32_t)count;
}

static void scale_limbs(NumericSum *sum, Arena *arena, int digits)
{
    sum->limb_scale += digits;
    if (sum->limb_count == 0)
        return;
    reserve_limbs(sum, arena, sum->limb_count + (size_t)digits / POW10_LIMB_DIGITS + 1);
    for (; digits > 0; digits -= POW10_LIMB_DIGITS) {
        mp_limb_t carry = mpn_mul_1(sum->limbs, sum->limbs, sum->limb_count, pow10_u64[MIN(digits, POW10_LIMB_DIGITS)]);

        if (carry != 0)
            sum->limbs[sum->limb_count++] = carry;
    }
}

/* Adds a magnitude to the limbs in place. Its scale is at most the limbs', so that nothing but the limbs need scaling up. */
static void add_limbs(NumericSum *sum, Arena *arena, Big *big)
{
    mp_size_t count;

    if (big->count == 0)
        return;
    if (big->scale > sum->limb_scale)
        scale_limbs(sum, arena, big->scale - sum->limb_scale);
    else
        big_rescale(arena, big, sum->limb_scale, BIG_TRUNCATE);
    count = (mp_size_t)MAX((size_t)sum->limb_count, (size_t)big->count);
    reserve_limbs(sum, arena, (size_t)count + 1);
    memset(sum->limbs + sum->limb_count, 0, ((size_t)count + 1 - sum->limb_count) * sizeof *sum->limbs);
    if (sum->limb_count == 0 || sum->limbs_negative == big->negative) {
        sum->limbs_negative = big->negative;
        mpn_add(sum->limbs, sum->limbs, count + 1, big->limbs, big->count);
    } else if (mpn_sub(sum->limbs, sum->limbs, count + 1, big->limbs, big->count) != 0) {
        mpn_neg(sum->limbs, sum->limbs, count + 1); /* the new one was larger */
        sum->limbs_negative = big->negative;
    }
    sum->limb_count = (uint32_t)count + 1;
    while (sum->limb_count > 0 && sum->limbs[sum->limb_count - 1] == 0)
        sum->limb_count--;
}

/* Moves the accumulator into the limbs. */
static void spill(NumericSum *sum, Arena *arena)
{
    unsigned __int128 magnitude = sum->value < 0 ? -(unsigned __int128)sum->value : (unsigned __int128)sum->value;
    mp_limb_t         limbs[2] = {(mp_limb_t)magnitude, (mp_limb_t)(magnitude >> 64)};
    Big               big = {.limbs = limbs, .count = 2, .scale = sum->scale, .negative = sum->value < 0};

    big_trim(&big);
    add_limbs(sum, arena, &big);
    sum->value = 0;
}

/* Raises the accumulator's scale. */
static void raise_scale(NumericSum *sum, Arena *arena, int scale)
{
    __int128 scaled;

    if (scale <= sum->scale)
        return;
    if (multiply_pow10(sum->value, scale - sum->scale, &scaled))
        spill(sum, arena);
    else
        sum->value = scaled;
    sum->scale = scale;
}

void numeric_sum_add_int128(NumericSum *sum, Arena *arena, __int128 value, int scale)
{
    __int128 scaled;
    Int128   total;

    raise_scale(sum, arena, scale);
    if (multiply_pow10(value, sum->scale - scale, &scaled)) {
        unsigned __int128 magnitude = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
        mp_limb_t         limbs[2] = {(mp_limb_t)magnitude, (mp_limb_t)(magnitude >> 64)};
        Big               big = {.limbs = limbs, .count = 2, .scale = scale, .negative = value < 0};

        big_trim(&big);
        add_limbs(sum, arena, &big);
        return;
    }
    if (__builtin_add_overflow(sum->value, scaled, &total)) {
        spill(sum, arena);
        total = scaled;
    }
    sum->value = total;
}

void numeric_sum_add_slow(NumericSum *sum, Arena *arena, const Numeric *value)
{
    Big big;

    switch ((NumericKind)value->kind) {
    case NUMERIC_SMALL:
        numeric_sum_add_int128(sum, arena, value->small, value->scale);
        return;
    case NUMERIC_NAN:
        sum->nan_count++;
        return;
    case NUMERIC_POSITIVE_INFINITY:
        sum->infinity_count++;
        return;
    case NUMERIC_NEGATIVE_INFINITY:
        sum->negative_infinity_count++;
        return;
    default:
        break;
    }
    raise_scale(sum, arena, value->scale);
    big_load(arena, value, &big);
    add_limbs(sum, arena, &big);
}

void numeric_sum_add_square(NumericSum *sum, Arena *arena, const Numeric *value)
{
    Numeric square;

    if (value->kind == NUMERIC_SMALL) {
        numeric_sum_add_int128(sum, arena, (__int128)value->small * value->small, 2 * value->scale);
        return;
    }
    numeric_multiply(arena, value, value, &square);
    numeric_sum_add(sum, arena, &square);
}

void numeric_sum_merge(NumericSum *sum, Arena *arena, const NumericSum *other)
{
    sum->nan_count += other->nan_count;
    sum->infinity_count += other->infinity_count;
    sum->negative_infinity_count += other->negative_infinity_count;
    numeric_sum_add_int128(sum, arena, other->value, other->scale);
    if (other->limb_count > 0) {
        Big big = {.limbs = ARENA_ARRAY(arena, other->limb_count, mp_limb_t), .count = other->limb_count,
                   .scale = other->limb_scale, .negative = other->limbs_negative};

        memcpy(big.limbs, other->limbs, other->limb_count * sizeof *big.limbs);
        add_limbs(sum, arena, &big);
    }
}

void numeric_sum_result(const NumericSum *sum, Arena *arena, Numeric *out)
{
    Big spilled;
    Big rest;
    Big total;

    if (sum->nan_count > 0 || (sum->infinity_count > 0 && sum->negative_infinity_count > 0)) {
        *out = (Numeric){.kind = NUMERIC_NAN};
        return;
    }
    if (sum->infinity_count > 0 || sum->negative_infinity_count > 0) {
        *out = (Numeric){.kind = sum->infinity_count > 0 ? NUMERIC_POSITIVE_INFINITY : NUMERIC_NEGATIVE_INFINITY};
        return;
    }
    if (sum->limb_count == 0) {
        numeric_from_int128(arena, sum->value, sum->scale, out);
        return;
    }
    spilled = (Big){.limbs = sum->limbs, .count = sum->limb_count, .scale = sum->limb_scale, .negative = sum->limbs_negative};
    big_set_u128(arena, &rest, sum->value < 0 ? -(unsigned __int128)sum->value : (unsigned __int128)sum->value,
                 sum->value < 0, sum->scale);
    big_add(arena, &spilled, &rest, false, &total);
    big_rescale(arena, &total, sum->scale, BIG_TRUNCATE);
    big_store(arena, &total, out);
}
