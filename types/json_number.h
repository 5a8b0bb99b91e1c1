/*
 * json_number.h - JSON's number grammar, and short decimals to and from digits.
 *
 * Raises  never
 */
#ifndef TYPES_JSON_NUMBER_H
#define TYPES_JSON_NUMBER_H

#include "base/common.h"

/* A number as scanned: value = coefficient * 10^-scale when it is small, else only its extent is known. */
typedef struct JsonNumber {
    int64_t  coefficient;
    uint32_t scale;
    bool     small; /* at most 18 digits, no exponent */
} JsonNumber;

static ALWAYS_INLINE bool json_is_digit(uint8_t c)
{
    return (uint8_t)(c - '0') <= 9;
}

/*
 * Reads the longest number of JSON's grammar at `at`: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
 * Returns the byte after it, or NULL when there is none.
 */
static ALWAYS_INLINE const uint8_t *json_scan_number(const uint8_t *at, const uint8_t *end, JsonNumber *out)
{
    uint64_t       value = 0;
    bool           negative = at < end && *at == '-';
    const uint8_t *start, *point;
    ptrdiff_t      digits;

    at += negative;
    start = at;
    while (at < end && json_is_digit(*at))
        value = value * 10 + (uint64_t)(*at++ - '0');
    digits = at - start;
    if (digits == 0 || (*start == '0' && digits > 1))
        return NULL;
    out->scale = 0;
    if (at < end && *at == '.') {
        point = ++at;
        while (at < end && json_is_digit(*at))
            value = value * 10 + (uint64_t)(*at++ - '0');
        if (at == point)
            return NULL;
        digits += at - point;
        out->scale = (uint32_t)MIN(at - point, UINT32_MAX);
    }
    out->coefficient = (int64_t)(negative ? -value : value);
    out->small = digits <= 18;
    if (at < end && (*at | 0x20) == 'e') {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        if (at == end || !json_is_digit(*at))
            return NULL;
        while (at < end && json_is_digit(*at))
            at++;
        out->small = false;
    }
    return at;
}

/* Room that json_put_decimal() needs for a scale up to 255. */
enum { JSON_DECIMAL_MAX = 288 };

/* Writes coefficient * 10^-scale as numeric prints it ("1.10", "-0.05"); returns the end. */
char *json_put_decimal(char *at, int64_t coefficient, unsigned scale);

#endif
