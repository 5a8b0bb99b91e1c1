/*
 * float.h - float4 and float8: reading and writing their text forms, order, hash.
 *
 * Raises  never
 */
#ifndef TYPES_FLOAT_H
#define TYPES_FLOAT_H

#include "base/common.h"

#include <math.h>

enum { FLOAT_TEXT_MAX = 32 }; /* characters of any text form */

/*
 * Writes the text form of PostgreSQL: NaN, Infinity, the shortest digits that read back the same, 1e+15 and above and below 1e-04
 * with an exponent (float4: 1e+06). extra_float_digits <= 0 asks for 15 (6) plus that many significant digits instead.
 * Returns the length; not terminated.
 */
size_t float8_format(double value, int extra_float_digits, char out[FLOAT_TEXT_MAX]);
size_t float4_format(float value, int extra_float_digits, char out[FLOAT_TEXT_MAX]);

typedef enum FloatParse { FLOAT_PARSE_OK, FLOAT_PARSE_SYNTAX, FLOAT_PARSE_RANGE } FloatParse;

/* Reads what strtod reads, NaN and Infinity in any case included, blanks around it allowed. */
MUST_CHECK FloatParse float8_parse(Slice text, double *out);
MUST_CHECK FloatParse float4_parse(Slice text, float *out);

/* NaN equals itself and is above all others; -0 equals 0. */
static inline int float8_compare(double a, double b)
{
    if (UNLIKELY(isnan(a) || isnan(b)))
        return (isnan(a) != 0) - (isnan(b) != 0);
    return (a > b) - (a < b);
}

uint64_t float8_hash(double value);

#endif
