/*
 * float_format.c - binary to decimal: the shortest digits that read back the same (Giulietti 2021, "The Schubfach way to render
 * doubles"), laid out as PostgreSQL does.
 *
 * The idea: let v = c * 2^q. Scale v and the two ends of the interval that rounds to it by a power of ten so that the interval
 * holds one or two integers; one of them, or a multiple of ten, is the shortest decimal. The scaled values are computed
 * to four times the unit with a sticky bit, which the paper proves to be enough.
 */
#include "types/float.h"

#include <stdio.h>

static const struct {
    uint64_t high;
    uint64_t low;
} pow10_table[] = {
#define POW10(high_, low_) {(high_), (low_)},
#include "types/float_pow10.def"
#undef POW10
};

enum { POW10_MIN = -292 };

typedef struct Decimal {
    uint64_t digits;
    int      exponent; /* value = digits * 10^exponent */
} Decimal;

static inline int floor_log2_pow10(int k)
{
    return (k * 1741647) >> 19;
}

/* floor(log10(2^q)), or of 3/4 * 2^q where the interval is shorter below */
static inline int floor_log10_pow2(int q, bool three_quarters)
{
    return (q * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

/* the top bits of factor * power, the last one set when anything was cut off */
static inline uint64_t scale_double(uint64_t high, uint64_t low, uint64_t factor)
{
    unsigned __int128 below = (unsigned __int128)low * factor;
    unsigned __int128 above = (unsigned __int128)high * factor + (uint64_t)(below >> 64);

    return (uint64_t)(above >> 64) | ((uint64_t)above > 1);
}

static inline uint64_t scale_float(uint64_t high, uint64_t low, uint64_t factor)
{
    unsigned __int128 product = (unsigned __int128)(high + (low != 0)) * factor;

    return (uint64_t)(product >> 64) | ((uint32_t)((uint64_t)product >> 32) > 1);
}

/* c * 2^q with c not 0. closer_below: c is a power of two, so the next value below is half as far away. */
static ALWAYS_INLINE Decimal shortest(uint64_t c, int q, bool closer_below, bool is_double)
{
    int      k = floor_log10_pow2(q, closer_below);
    int      h = q + floor_log2_pow10(-k) + 1;
    uint64_t high = pow10_table[-k - POW10_MIN].high;
    uint64_t low = pow10_table[-k - POW10_MIN].low;
    uint64_t left = (4 * c - 2 + closer_below) << h;
    uint64_t middle = (4 * c) << h;
    uint64_t right = (4 * c + 2) << h;
    uint64_t lower = (is_double ? scale_double(high, low, left) : scale_float(high, low, left)) + 1; /* PG15: */
    uint64_t value = is_double ? scale_double(high, low, middle) : scale_float(high, low, middle);
    uint64_t upper = (is_double ? scale_double(high, low, right) : scale_float(high, low, right)) - 1; /* the ends do not count: 9.999999999999999e+22 */
    uint64_t whole = value / 4;
    bool     below_inside;
    bool     above_inside;

    if (whole >= 10) {
        uint64_t tens = whole / 10;

        below_inside = lower <= 40 * tens;
        above_inside = 40 * tens + 40 <= upper;
        if (below_inside != above_inside)
            return (Decimal){tens + above_inside, k + 1};
    }
    below_inside = lower <= 4 * whole;
    above_inside = 4 * whole + 4 <= upper;
    if (below_inside != above_inside)
        return (Decimal){whole + above_inside, k};
    return (Decimal){whole + (value > 4 * whole + 2 || (value == 4 * whole + 2 && (whole & 1) != 0)), k};
}

static Decimal shortest_double(uint64_t bits)
{
    uint64_t fraction = bits & 0xfffffffffffffull;
    int      exponent = (int)(bits >> 52 & 0x7ff);
    uint64_t c = exponent != 0 ? fraction | 1ull << 52 : fraction;
    int      q = (exponent != 0 ? exponent : 1) - 1075;

    if (q <= 0 && q > -53 && (c & ((1ull << -q) - 1)) == 0)
        return (Decimal){c >> -q, 0}; /* a whole number of at most 53 bits */
    return shortest(c, q, fraction == 0 && exponent > 1, true);
}

static Decimal shortest_float(uint32_t bits)
{
    uint32_t fraction = bits & 0x7fffff;
    int      exponent = (int)(bits >> 23 & 0xff);
    uint32_t c = exponent != 0 ? fraction | 1u << 23 : fraction;
    int      q = (exponent != 0 ? exponent : 1) - 150;

    if (q <= 0 && q > -24 && (c & ((1u << -q) - 1)) == 0)
        return (Decimal){c >> -q, 0};
    return shortest(c, q, fraction == 0 && exponent > 1, false);
}

static size_t put_exponent(char *at, int exponent)
{
    char *start = at;

    *at++ = 'e';
    *at++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100)
        *at++ = (char)('0' + exponent / 100);
    *at++ = (char)('0' + exponent / 10 % 10);
    *at++ = (char)('0' + exponent % 10);
    return (size_t)(at - start);
}

/* Lays digits out with a point or an exponent; precision decides as %g does. */
static size_t lay_out(Decimal decimal, bool negative, int precision, char *out)
{
    char   digits[20];
    int    count = 0;
    int    exponent; /* of the first digit */
    char  *at = out;
    size_t start;

    while (decimal.digits % 10 == 0 && decimal.digits != 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    start = sizeof digits;
    do {
        digits[--start] = (char)('0' + decimal.digits % 10);
        decimal.digits /= 10;
        count++;
    } while (decimal.digits != 0);
    exponent = decimal.exponent + count - 1;
    if (negative)
        *at++ = '-';
    if (exponent < -4 || exponent >= precision) {
        *at++ = digits[start];
        if (count > 1) {
            *at++ = '.';
            memcpy(at, digits + start + 1, (size_t)count - 1);
            at += count - 1;
        }
        at += put_exponent(at, exponent);
    } else if (exponent < 0) {
        memcpy(at, "0.0000", 6);
        at += 1 - exponent;
        memcpy(at, digits + start, (size_t)count);
        at += count;
    } else if (count <= exponent + 1) {
        memcpy(at, digits + start, (size_t)count);
        memset(at + count, '0', (size_t)(exponent + 1 - count));
        at += exponent + 1;
    } else {
        memcpy(at, digits + start, (size_t)exponent + 1);
        at += exponent + 1;
        *at++ = '.';
        memcpy(at, digits + start + exponent + 1, (size_t)(count - exponent - 1));
        at += count - exponent - 1;
    }
    return (size_t)(at - out);
}

static size_t put_text(char *out, const char *text)
{
    size_t size = strlen(text);

    memcpy(out, text, size);
    return size;
}

size_t float8_format(double value, int extra_float_digits, char out[FLOAT_TEXT_MAX])
{
    uint64_t bits;
    Decimal  decimal = {0, 0};

    memcpy(&bits, &value, sizeof bits);
    if (isnan(value))
        return put_text(out, "NaN");
    if (isinf(value))
        return put_text(out, value < 0 ? "-Infinity" : "Infinity");
    if (extra_float_digits <= 0)
        return (size_t)snprintf(out, FLOAT_TEXT_MAX, "%.*g", MAX(15 + extra_float_digits, 1), value);
    if (value != 0)
        decimal = shortest_double(bits);
    return lay_out(decimal, bits >> 63, 15, out);
}

size_t float4_format(float value, int extra_float_digits, char out[FLOAT_TEXT_MAX])
{
    uint32_t bits;
    Decimal  decimal = {0, 0};

    memcpy(&bits, &value, sizeof bits);
    if (isnan(value))
        return put_text(out, "NaN");
    if (isinf(value))
        return put_text(out, value < 0 ? "-Infinity" : "Infinity");
    if (extra_float_digits <= 0)
        return (size_t)snprintf(out, FLOAT_TEXT_MAX, "%.*g", MAX(6 + extra_float_digits, 1), (double)value);
    if (value != 0)
        decimal = shortest_float(bits);
    return lay_out(decimal, bits >> 31, 6, out);
}
