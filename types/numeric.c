/*
 * numeric.c - reading, writing, order, hash and conversions of decimals.
 */
#include "types/numeric.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "types/numeric_big.h"

#include <math.h>
#include <stdlib.h>

enum { SMALL_DIGITS = 18 }; /* any number of so many digits is below 2^63 */

/* ---- reading --------------------------------------------------------------------------------------------------- */

typedef struct Scanned {
    const uint8_t *integer; /* digits before the point */
    size_t         integer_count;
    const uint8_t *fraction;
    size_t         fraction_count;
    int64_t        exponent;
    bool           negative;
} Scanned;

static inline bool is_digit(uint8_t c)
{
    return (unsigned)(c - '0') < 10;
}

static bool scan_exponent(const uint8_t *at, const uint8_t *end, int64_t *exponent)
{
    bool    negative = false;
    int64_t value = 0;

    if (at < end && (*at == '+' || *at == '-'))
        negative = *at++ == '-';
    if (at == end)
        return false;
    for (; at < end && is_digit(*at); at++) {
        if (value < INT32_MAX) /* enough to overflow whatever the digits are */
            value = value * 10 + (*at - '0');
    }
    *exponent = negative ? -value : value;
    return at == end;
}

static bool scan(Slice text, Scanned *out)
{
    const uint8_t *at = text.data;
    const uint8_t *end = text.data + text.size;

    *out = (Scanned){0};
    if (at < end && (*at == '+' || *at == '-'))
        out->negative = *at++ == '-';
    out->integer = at;
    while (at < end && is_digit(*at))
        at++;
    out->integer_count = (size_t)(at - out->integer);
    if (at < end && *at == '.') {
        out->fraction = ++at;
        while (at < end && is_digit(*at))
            at++;
        out->fraction_count = (size_t)(at - out->fraction);
    }
    if (out->integer_count + out->fraction_count == 0)
        return false;
    if (at == end)
        return true;
    if (*at != 'e' && *at != 'E')
        return false;
    return scan_exponent(at + 1, end, &out->exponent);
}

/* The general path: digits as an array of numbers, exponent applied, then limbs. */
static NumericParse parse_big(const Scanned *scanned, Arena *arena, Numeric *out)
{
    size_t  leading = 0;
    int64_t scale = (int64_t)scanned->fraction_count - scanned->exponent;
    int64_t zeros = scale < 0 ? -scale : 0; /* digits that the exponent appends */
    size_t  count = scanned->integer_count + scanned->fraction_count;
    uint8_t *digits;
    Big      big;

    scale = MAX(scale, 0);
    while (leading < scanned->integer_count && scanned->integer[leading] == '0')
        leading++;
    if (leading == scanned->integer_count) {
        size_t at = 0;

        while (at < scanned->fraction_count && scanned->fraction[at] == '0')
            at++;
        leading += at;
    }
    if (leading == count)
        zeros = 0; /* 0e1000 is 0 */
    if (scale > NUMERIC_MAX_SCALE || (int64_t)(count - leading) + zeros - scale > NUMERIC_MAX_INTEGER_DIGITS)
        return NUMERIC_PARSE_OVERFLOW;
    digits = arena != NULL ? arena_try_alloc(arena, count - leading + (size_t)zeros + 1) : NULL;
    if (digits == NULL)
        return NUMERIC_PARSE_NO_MEMORY;
    for (size_t i = leading; i < count; i++)
        digits[i - leading] = (i < scanned->integer_count ? scanned->integer[i]
                                                         : scanned->fraction[i - scanned->integer_count]) - '0';
    memset(digits + (count - leading), 0, (size_t)zeros);
    if (!big_from_digits(arena, digits, count - leading + (size_t)zeros, &big))
        return NUMERIC_PARSE_NO_MEMORY;
    *out = (Numeric){.scale = (uint16_t)scale, .kind = NUMERIC_SMALL};
    if (big.count == 0)
        return NUMERIC_PARSE_OK;
    if (big.count == 1 && big.limbs[0] <= INT64_MAX) {
        out->small = scanned->negative ? -(int64_t)big.limbs[0] : (int64_t)big.limbs[0];
        return NUMERIC_PARSE_OK;
    }
    if (big.limbs == &big.small_limb) {
        mp_limb_t *limb = arena_try_alloc(arena, sizeof *limb);

        if (limb == NULL)
            return NUMERIC_PARSE_NO_MEMORY;
        *limb = big.small_limb;
        big.limbs = limb;
    }
    out->kind = scanned->negative ? NUMERIC_BIG_NEGATIVE : NUMERIC_BIG_POSITIVE;
    out->size = (uint32_t)(big.count * 8);
    out->big = (const uint8_t *)big.limbs;
    return NUMERIC_PARSE_OK;
}

NumericParse numeric_try_parse(Slice text, Arena *arena, Numeric *out)
{
    Scanned scanned;
    int64_t value = 0;
    int64_t scale;

    if (!scan(text, &scanned))
        return NUMERIC_PARSE_SYNTAX;
    scale = (int64_t)scanned.fraction_count - scanned.exponent;
    if (scanned.integer_count + scanned.fraction_count > SMALL_DIGITS || scale < 0 || scale > NUMERIC_MAX_SCALE)
        return parse_big(&scanned, arena, out);
    for (size_t i = 0; i < scanned.integer_count; i++)
        value = value * 10 + (scanned.integer[i] - '0');
    for (size_t i = 0; i < scanned.fraction_count; i++)
        value = value * 10 + (scanned.fraction[i] - '0');
    *out = numeric_from_small(scanned.negative ? -value : value, (int)scale);
    return NUMERIC_PARSE_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

/* Digits of a coefficient as characters with the point put in. */
static void append_with_point(StrBuf *out, bool negative, const uint8_t *digits, size_t count, size_t scale, int add)
{
    size_t integers = count > scale ? count - scale : 0;
    size_t zeros = count > scale ? 0 : scale - count; /* after the point, before the first digit */
    char  *at = strbuf_reserve(out, count + zeros + 4);
    char  *start = at;

    if (negative)
        *at++ = '-';
    if (integers == 0)
        *at++ = '0';
    for (size_t i = 0; i < integers; i++)
        *at++ = (char)(digits[i] + add);
    if (scale > 0) {
        *at++ = '.';
        memset(at, '0', zeros);
        at += zeros;
        for (size_t i = integers; i < count; i++)
            *at++ = (char)(digits[i] + add);
    }
    out->size += (size_t)(at - start);
    out->data[out->size] = '\0';
}

static void format_small(const Numeric *value, StrBuf *out)
{
    uint8_t  digits[20];
    size_t   at = sizeof digits;
    uint64_t magnitude = value->small < 0 ? -(uint64_t)value->small : (uint64_t)value->small;

    while (magnitude != 0) {
        digits[--at] = (uint8_t)('0' + magnitude % 10);
        magnitude /= 10;
    }
    append_with_point(out, value->small < 0, digits + at, sizeof digits - at, value->scale, 0);
}

void numeric_format(const Numeric *value, StrBuf *out)
{
    Big       big;
    uint8_t  *digits;
    size_t    count;
    ArenaMark mark;

    switch ((NumericKind)value->kind) {
    case NUMERIC_SMALL:
        format_small(value, out);
        return;
    case NUMERIC_NAN:
        strbuf_append_cstring(out, "NaN");
        return;
    case NUMERIC_POSITIVE_INFINITY:
        strbuf_append_cstring(out, "Infinity");
        return;
    case NUMERIC_NEGATIVE_INFINITY:
        strbuf_append_cstring(out, "-Infinity");
        return;
    case NUMERIC_BIG_POSITIVE:
    case NUMERIC_BIG_NEGATIVE:
        break;
    }
    /* room first, so that the scratch memory can be taken back from behind it */
    strbuf_reserve(out, (size_t)value->size * 2 + value->size / 2 + value->scale + 8);
    mark = arena_mark(out->arena);
    big_load(out->arena, value, &big);
    digits = big_to_digits(out->arena, &big, 10, &count);
    append_with_point(out, big.negative, digits, count, value->scale, '0');
    arena_rewind(out->arena, mark);
}

/* ---- order ----------------------------------------------------------------------------------------------------- */

static int special_rank(const Numeric *value)
{
    switch ((NumericKind)value->kind) {
    case NUMERIC_NEGATIVE_INFINITY:
        return -1;
    case NUMERIC_POSITIVE_INFINITY:
        return 1;
    case NUMERIC_NAN:
        return 2;
    default:
        return 0;
    }
}

static size_t limbs_of(const Numeric *value, uint64_t *small, const uint8_t **limbs)
{
    if (value->kind == NUMERIC_SMALL) {
        *small = value->small < 0 ? -(uint64_t)value->small : (uint64_t)value->small;
        *limbs = (const uint8_t *)small;
        return value->small != 0;
    }
    *limbs = value->big;
    return value->size / 8;
}

/* base-2 logarithm of the magnitude, within about 2 */
static double rough_log2(const uint8_t *limbs, size_t count, int scale)
{
    return (double)count * 64 - (double)__builtin_clzll(get_le64(limbs + 8 * (count - 1))) - scale * 3.321928094887362;
}

/*
 * Exact order of two magnitudes of different scale: the one of smaller scale is brought up on the stack, which has room for
 * the largest numeric, so that a comparison can neither fail nor allocate.
 */
static NEVER_INLINE int compare_scaled(const uint8_t *coarse, size_t coarse_count, int digits, const uint8_t *fine,
                                       size_t fine_count)
{
    mp_limb_t scaled[BIG_MAX_LIMBS + 4];
    mp_size_t count = (mp_size_t)coarse_count;

    memcpy(scaled, coarse, coarse_count * 8);
    for (; digits > 0; digits -= POW10_LIMB_DIGITS) {
        mp_limb_t carry = mpn_mul_1(scaled, scaled, count, pow10_u64[MIN(digits, POW10_LIMB_DIGITS)]);

        if (carry != 0)
            scaled[count++] = carry;
        if ((size_t)count > fine_count)
            return 1;
    }
    if ((size_t)count != fine_count)
        return (size_t)count > fine_count ? 1 : -1;
    while (count-- > 0) {
        uint64_t limb = get_le64(fine + 8 * count);

        if (scaled[count] != limb)
            return scaled[count] > limb ? 1 : -1;
    }
    return 0;
}

static int compare_magnitudes(const Numeric *a, const Numeric *b)
{
    uint64_t       small_a;
    uint64_t       small_b;
    const uint8_t *limbs_a;
    const uint8_t *limbs_b;
    size_t         count_a = limbs_of(a, &small_a, &limbs_a);
    size_t         count_b = limbs_of(b, &small_b, &limbs_b);
    double         difference;

    if (count_a == 0 || count_b == 0)
        return (count_a != 0) - (count_b != 0);
    difference = rough_log2(limbs_a, count_a, a->scale) - rough_log2(limbs_b, count_b, b->scale);
    if (difference > 4 || difference < -4)
        return difference > 0 ? 1 : -1;
    if (a->scale <= b->scale)
        return compare_scaled(limbs_a, count_a, b->scale - a->scale, limbs_b, count_b);
    return -compare_scaled(limbs_b, count_b, a->scale - b->scale, limbs_a, count_a);
}

int numeric_compare_slow(const Numeric *a, const Numeric *b)
{
    int sign_a;
    int sign_b;

    if (UNLIKELY(!numeric_is_finite(a) || !numeric_is_finite(b)))
        return (special_rank(a) > special_rank(b)) - (special_rank(a) < special_rank(b));
    if (a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL) {
        int      digits = a->scale - b->scale;
        __int128 left = a->small;
        __int128 right = b->small;

        if (digits <= POW10_LIMB_DIGITS && digits >= -POW10_LIMB_DIGITS) {
            if (digits < 0)
                left *= (__int128)pow10_u64[-digits];
            else
                right *= (__int128)pow10_u64[digits];
            return (left > right) - (left < right);
        }
    }
    sign_a = numeric_sign(a);
    sign_b = numeric_sign(b);
    if (sign_a != sign_b)
        return sign_a > sign_b ? 1 : -1;
    return sign_a < 0 ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}

/* ---- hash ------------------------------------------------------------------------------------------------------ */

/*
 * The value itself modulo the prime 2^61 - 1: coefficient times the inverse of 10 to the scale. So 1.0 and 1.00 agree
 * without stripping zeros.
 */
#define HASH_PRIME ((1ull << 61) - 1)

static inline uint64_t multiply_modulo(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t          sum = (uint64_t)(product & HASH_PRIME) + (uint64_t)(product >> 61);

    return sum >= HASH_PRIME ? sum - HASH_PRIME : sum;
}

/* inverse of 10 modulo the prime, to the power: 10 * 2075258708292324556 = 9 * (2^61 - 1) + 1 */
static uint64_t inverse_power_of_ten(unsigned power)
{
    uint64_t result = 1;

    for (uint64_t base = 2075258708292324556ull; power != 0; power >>= 1) {
        if (power & 1)
            result = multiply_modulo(result, base);
        base = multiply_modulo(base, base);
    }
    return result;
}

uint64_t numeric_hash(const Numeric *value)
{
    uint64_t       residue = 0;
    uint64_t       small;
    const uint8_t *limbs;
    size_t         count;

    if (!numeric_is_finite(value))
        return hash_u64(HASH_PRIME + value->kind);
    count = limbs_of(value, &small, &limbs);
    while (count-- > 0) {
        uint64_t limb = get_le64(limbs + 8 * count);

        residue = multiply_modulo(residue, 8) + limb % HASH_PRIME; /* 2^64 is 8 modulo 2^61 - 1 */
        if (residue >= HASH_PRIME)
            residue -= HASH_PRIME;
    }
    if (value->scale != 0)
        residue = multiply_modulo(residue, inverse_power_of_ten(value->scale));
    if (residue != 0 && numeric_sign(value) < 0)
        residue = HASH_PRIME - residue;
    return hash_u64(residue);
}

/* ---- the packed form ------------------------------------------------------------------------------------------- */

enum {
    PACKED_BIG_POSITIVE = 9,
    PACKED_BIG_NEGATIVE = 10,
    PACKED_NAN = 11,
    PACKED_POSITIVE_INFINITY = 12,
    PACKED_NEGATIVE_INFINITY = 13,
    PACKED_SCALE_BYTE = 14,
    PACKED_SCALE_TWO_BYTES = 15,
};

/* Bytes of the shortest two's complement form; 0 for 0. */
static inline size_t signed_size(int64_t value)
{
    uint64_t bits = value < 0 ? ~(uint64_t)value : (uint64_t)value;

    if (value == 0)
        return 0;
    return (size_t)(64 - __builtin_clzll(bits | 1)) / 8 + 1;
}

static inline size_t scale_size(unsigned scale)
{
    return scale < PACKED_SCALE_BYTE ? 0 : scale <= UINT8_MAX ? 1 : 2;
}

size_t numeric_pack_size(const Numeric *value)
{
    if (value->kind == NUMERIC_SMALL)
        return 1 + scale_size(value->scale) + signed_size(value->small);
    if (numeric_is_finite(value))
        return 1 + scale_size(value->scale) + value->size;
    return 1;
}

uint8_t *numeric_pack(const Numeric *value, uint8_t *at)
{
    static const uint8_t kinds[] = {
        [NUMERIC_BIG_POSITIVE] = PACKED_BIG_POSITIVE,           [NUMERIC_BIG_NEGATIVE] = PACKED_BIG_NEGATIVE,
        [NUMERIC_NAN] = PACKED_NAN,                             [NUMERIC_POSITIVE_INFINITY] = PACKED_POSITIVE_INFINITY,
        [NUMERIC_NEGATIVE_INFINITY] = PACKED_NEGATIVE_INFINITY,
    };
    size_t   size = value->kind == NUMERIC_SMALL ? signed_size(value->small) : 0;
    uint8_t *header = at++;
    unsigned scale_nibble = value->scale;

    if (value->scale >= PACKED_SCALE_BYTE) {
        if (value->scale <= UINT8_MAX) {
            *at++ = (uint8_t)value->scale;
            scale_nibble = PACKED_SCALE_BYTE;
        } else {
            put_le16(at, value->scale);
            at += 2;
            scale_nibble = PACKED_SCALE_TWO_BYTES;
        }
    }
    *header = (uint8_t)(scale_nibble << 4 | (value->kind == NUMERIC_SMALL ? size : kinds[value->kind]));
    if (value->kind == NUMERIC_SMALL) {
        memcpy(at, &value->small, size);
        return at + size;
    }
    if (value->size != 0)
        memcpy(at, value->big, value->size);
    return at + value->size;
}

static bool unpack_big(const uint8_t *at, size_t size, Numeric *out)
{
    if (size == 0 || size % 8 != 0 || size / 8 > BIG_MAX_LIMBS || get_le64(at + size - 8) == 0)
        return false;
    if (size == 8 && get_le64(at) <= INT64_MAX)
        return false;
    out->big = at;
    out->size = (uint32_t)size;
    return true;
}

bool numeric_unpack(Slice packed, Numeric *out)
{
    const uint8_t *at = packed.data + 1;
    const uint8_t *end = packed.data + packed.size;
    unsigned       kind;
    unsigned       scale;
    uint64_t       bits = 0;

    *out = (Numeric){.kind = NUMERIC_SMALL};
    if (packed.size == 0)
        return false;
    kind = packed.data[0] & 15;
    scale = packed.data[0] >> 4;
    if (scale == PACKED_SCALE_BYTE) {
        if (at == end)
            return false;
        scale = *at++;
    } else if (scale == PACKED_SCALE_TWO_BYTES) {
        if (end - at < 2)
            return false;
        scale = get_le16(at);
        at += 2;
    }
    if (scale > NUMERIC_MAX_SCALE)
        return false;
    out->scale = (uint16_t)scale;
    switch (kind) {
    case PACKED_BIG_POSITIVE:
        out->kind = NUMERIC_BIG_POSITIVE;
        return unpack_big(at, (size_t)(end - at), out);
    case PACKED_BIG_NEGATIVE:
        out->kind = NUMERIC_BIG_NEGATIVE;
        return unpack_big(at, (size_t)(end - at), out);
    case PACKED_NAN:
        out->kind = NUMERIC_NAN;
        return at == end && scale == 0;
    case PACKED_POSITIVE_INFINITY:
        out->kind = NUMERIC_POSITIVE_INFINITY;
        return at == end && scale == 0;
    case PACKED_NEGATIVE_INFINITY:
        out->kind = NUMERIC_NEGATIVE_INFINITY;
        return at == end && scale == 0;
    default:
        if (kind > 8 || (size_t)(end - at) != kind)
            return false;
        memcpy(&bits, at, kind);
        if (kind != 0) /* extends the sign */
            bits = (uint64_t)((int64_t)(bits << (64 - 8 * kind)) >> (64 - 8 * kind));
        out->small = (int64_t)bits;
        return out->small != INT64_MIN;
    }
}

/* ---- to and from other numbers --------------------------------------------------------------------------------- */

Numeric numeric_from_int64(int64_t value)
{
    static const uint64_t two_to_63 = 1ull << 63;

    if (UNLIKELY(value == INT64_MIN))
        return (Numeric){.big = (const uint8_t *)&two_to_63, .size = 8, .kind = NUMERIC_BIG_NEGATIVE};
    return numeric_from_small(value, 0);
}

/* Rounds a magnitude of several limbs at the scale into 64 bits; false when it does not fit. */
static NEVER_INLINE bool big_to_u64(const Numeric *value, uint64_t *out)
{
    mp_limb_t scaled[BIG_MAX_LIMBS + 1];
    mp_size_t count = (mp_size_t)(value->size / 8);
    mp_limb_t last_digit = 0;

    memcpy(scaled, value->big, value->size);
    for (int digits = value->scale - 1; digits > 0 && count > 0; digits -= POW10_LIMB_DIGITS) {
        mpn_divrem_1(scaled, 0, scaled, count, pow10_u64[MIN(digits, POW10_LIMB_DIGITS)]);
        while (count > 0 && scaled[count - 1] == 0)
            count--;
    }
    if (value->scale > 0 && count > 0)
        last_digit = mpn_divrem_1(scaled, 0, scaled, count, 10);
    while (count > 0 && scaled[count - 1] == 0)
        count--;
    if (count > 1)
        return false;
    *out = count == 0 ? 0 : scaled[0];
    return last_digit < 5 || !__builtin_add_overflow(*out, 1, out);
}

NumericFit numeric_to_int64(const Numeric *value, int64_t *out)
{
    uint64_t magnitude;
    bool     negative = numeric_sign(value) < 0;

    if (value->kind == NUMERIC_SMALL) {
        uint64_t power;

        if (value->scale == 0) {
            *out = value->small;
            return NUMERIC_FITS;
        }
        magnitude = negative ? -(uint64_t)value->small : (uint64_t)value->small;
        if (value->scale > POW10_LIMB_DIGITS) {
            *out = 0;
            return NUMERIC_FITS;
        }
        power = pow10_u64[value->scale];
        magnitude = magnitude / power + (magnitude % power >= power - power / 2);
    } else if (value->kind == NUMERIC_NAN) {
        return NUMERIC_IS_NAN;
    } else if (!numeric_is_finite(value)) {
        return NUMERIC_IS_INFINITE;
    } else if (!big_to_u64(value, &magnitude)) {
        return NUMERIC_OUT_OF_RANGE;
    }
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return NUMERIC_OUT_OF_RANGE;
    *out = (int64_t)(negative ? -magnitude : magnitude);
    return NUMERIC_FITS;
}

/*
 * A big value's nearest double: its leading 64 bits and a sticky bit make a short decimal problem for strtod only when the
 * scale is not zero; so the text goes through strtod in a bounded form of at most 800 digits, beyond which no digit can
 * change the result except by being there.
 */
static NEVER_INLINE double big_to_double(const Numeric *value)
{
    enum { KEPT_LIMBS = 44 }; /* 847 digits: more than the 767 that a double's decision can need, and a sticky one */
    mp_limb_t      limbs[KEPT_LIMBS + 1];
    unsigned char  digits[KEPT_LIMBS * 20 + 32];
    char           text[KEPT_LIMBS * 20 + 64];
    size_t         count = value->size / 8;
    size_t         digit_count;
    size_t         at = 0;
    int            exponent = -(int)value->scale;
    mp_limb_t      whole[BIG_MAX_LIMBS + 1];
    bool           sticky = false;

    memcpy(whole, value->big, value->size);
    while (count > KEPT_LIMBS) {
        sticky |= mpn_divrem_1(whole, 0, whole, (mp_size_t)count, pow10_u64[POW10_LIMB_DIGITS]) != 0;
        exponent += POW10_LIMB_DIGITS;
        while (whole[count - 1] == 0)
            count--;
    }
    memcpy(limbs, whole, count * 8);
    digit_count = mpn_get_str(digits, 10, limbs, (mp_size_t)count);
    if (value->kind == NUMERIC_BIG_NEGATIVE)
        text[at++] = '-';
    for (size_t i = 0; i < digit_count; i++)
        text[at++] = (char)('0' + digits[i]);
    if (sticky) {
        text[at++] = '1';
        exponent--;
    }
    text[at++] = 'e';
    if (exponent < 0)
        text[at++] = '-';
    exponent = abs(exponent);
    for (int power = 100000; power > 0; power /= 10)
        text[at++] = (char)('0' + exponent / power % 10);
    text[at] = '\0';
    return strtod(text, NULL);
}

double numeric_to_double(const Numeric *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    uint64_t            magnitude;
    Numeric             wide;

    switch ((NumericKind)value->kind) {
    case NUMERIC_NAN:
        return (double)NAN;
    case NUMERIC_POSITIVE_INFINITY:
        return (double)INFINITY;
    case NUMERIC_NEGATIVE_INFINITY:
        return -(double)INFINITY;
    case NUMERIC_SMALL:
        break;
    default:
        return big_to_double(value);
    }
    /* both exact, so one correctly rounded division (Clinger 1990) */
    if (value->scale == 0 || (value->scale < ARRAY_LENGTH(powers) && llabs(value->small) <= 1ll << 53))
        return (double)value->small / powers[value->scale];
    magnitude = value->small < 0 ? -(uint64_t)value->small : (uint64_t)value->small;
    wide = (Numeric){.big = (const uint8_t *)&magnitude, .size = 8, .scale = value->scale,
                     .kind = value->small < 0 ? NUMERIC_BIG_NEGATIVE : NUMERIC_BIG_POSITIVE};
    return magnitude == 0 ? 0 : big_to_double(&wide);
}

/* ---- questions ------------------------------------------------------------------------------------------------- */

int numeric_digit_count(const Numeric *value)
{
    if (value->kind == NUMERIC_SMALL) {
        uint64_t magnitude = value->small < 0 ? -(uint64_t)value->small : (uint64_t)value->small;
        int      count = 0;

        while (count < POW10_LIMB_DIGITS && magnitude >= pow10_u64[count])
            count++;
        return count;
    } else {
        mp_limb_t limbs[BIG_MAX_LIMBS + 1];
        mp_size_t count = (mp_size_t)(value->size / 8);
        int       digits = 0;

        memcpy(limbs, value->big, value->size);
        /* whole limbs of 19 digits are divided away until one is left: exact, unlike an estimate from the bits */
        while (count > 1) {
            mpn_divrem_1(limbs, 0, limbs, count, pow10_u64[POW10_LIMB_DIGITS]);
            digits += POW10_LIMB_DIGITS;
            while (count > 1 && limbs[count - 1] == 0)
                count--;
        }
        for (int i = 0; i < 20 && limbs[0] >= pow10_u64[i]; i++)
            digits++;
        return digits;
    }
}

/* ---- keys ------------------------------------------------------------------------------------------------------ */

/*
 * Class byte, then for numbers other than zero: the exponent e with value = 0.d1 d2 ... * 100^e (d1 not 0), then the base-100
 * digits as d + 1, then 0. A negative number has every byte after the class complemented.
 */
enum {
    KEY_NEGATIVE_INFINITY = 0x10,
    KEY_NEGATIVE = 0x20,
    KEY_ZERO = 0x30,
    KEY_POSITIVE = 0x40,
    KEY_INFINITY = 0x50,
    KEY_NAN = 0x60,
    KEY_EXPONENT_BIAS = 0x80,
    KEY_EXPONENT_LARGE = 0xc0, /* exponents above 63: this byte, then three */
    KEY_EXPONENT_SMALL = 0x3f, /* exponents below -64: this byte, then three */
};

static uint8_t *put_key_exponent(uint8_t *at, int exponent)
{
    if (exponent >= -64 && exponent <= 63) {
        *at++ = (uint8_t)(KEY_EXPONENT_BIAS + exponent);
        return at;
    }
    *at++ = exponent > 0 ? KEY_EXPONENT_LARGE : KEY_EXPONENT_SMALL;
    exponent += 1 << 23;
    *at++ = (uint8_t)(exponent >> 16);
    *at++ = (uint8_t)(exponent >> 8);
    *at++ = (uint8_t)exponent;
    return at;
}

/* digits: base 100, most significant first, the last one ending at 100^-(pairs after the point). */
static void put_key(StrBuf *out, bool negative, const uint8_t *digits, size_t count, int pairs_after_point)
{
    uint8_t *start = (uint8_t *)strbuf_reserve(out, count + 8);
    uint8_t *at = start;
    int      exponent = (int)count - pairs_after_point;

    while (count > 0 && digits[count - 1] == 0)
        count--;
    *at++ = negative ? KEY_NEGATIVE : KEY_POSITIVE;
    at = put_key_exponent(at, exponent);
    for (size_t i = 0; i < count; i++)
        *at++ = (uint8_t)(digits[i] + 1);
    *at++ = 0;
    if (negative) {
        for (uint8_t *byte = start + 1; byte < at; byte++)
            *byte = (uint8_t)~*byte;
    }
    out->size += (size_t)(at - start);
    out->data[out->size] = '\0';
}

static void encode_small_key(const Numeric *value, StrBuf *out)
{
    uint8_t           digits[12];
    size_t            at = sizeof digits;
    unsigned __int128 magnitude = value->small < 0 ? -(uint64_t)value->small : (uint64_t)value->small;

    if (value->scale & 1)
        magnitude *= 10;
    while (magnitude > UINT64_MAX) {
        digits[--at] = (uint8_t)(magnitude % 100);
        magnitude /= 100;
    }
    for (uint64_t rest = (uint64_t)magnitude; rest != 0; rest /= 100)
        digits[--at] = (uint8_t)(rest % 100);
    put_key(out, value->small < 0, digits + at, sizeof digits - at, (value->scale + 1) / 2);
}

void numeric_encode_key(const Numeric *value, StrBuf *out)
{
    Big       big;
    uint8_t  *digits;
    size_t    count;
    ArenaMark mark;

    switch ((NumericKind)value->kind) {
    case NUMERIC_NAN:
        strbuf_append_char(out, KEY_NAN);
        return;
    case NUMERIC_POSITIVE_INFINITY:
        strbuf_append_char(out, KEY_INFINITY);
        return;
    case NUMERIC_NEGATIVE_INFINITY:
        strbuf_append_char(out, KEY_NEGATIVE_INFINITY);
        return;
    case NUMERIC_SMALL:
        if (value->small == 0)
            strbuf_append_char(out, KEY_ZERO);
        else
            encode_small_key(value, out);
        return;
    case NUMERIC_BIG_POSITIVE:
    case NUMERIC_BIG_NEGATIVE:
        break;
    }
    strbuf_reserve(out, (size_t)value->size * 2 + 16);
    mark = arena_mark(out->arena);
    big_load(out->arena, value, &big);
    if (value->scale & 1)
        big_multiply_pow10(out->arena, &big, 1);
    digits = big_to_digits(out->arena, &big, 100, &count);
    put_key(out, big.negative, digits, count, (value->scale + 1) / 2);
    arena_rewind(out->arena, mark);
}
