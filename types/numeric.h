/*
 * numeric.h - exact decimals: reading, writing, order, hash, and the compact stored form.
 *
 * value = coefficient * 10^-scale (datum.h). Coefficients below 2^63 in size stand in place and never touch memory; larger
 * ones are little-endian 64-bit limbs that a Numeric borrows. Arithmetic, which can fail, is in numeric_math.h.
 *
 * Ownership   results that need limbs take them from the arena that was passed; numeric_unpack() views the packed bytes.
 * Invariants  1. a coefficient that fits in place stands in place (so INT64_MIN, whose size does not, is big).
 *             2. scale is 0 for NaN and the infinities; zero has no sign.
 *             3. at most NUMERIC_MAX_INTEGER_DIGITS digits stand before the point.
 * On disk     the packed form (docs/formats/numeric.md); byte 0 is a header:
 *                 low four bits   0 .. 8: that many bytes of two's complement coefficient follow, little-endian, the fewest
 *                                 that hold it; 9, 10: the magnitude of a positive, negative coefficient follows as whole
 *                                 8-byte limbs up to the end; 11, 12, 13: NaN, Infinity, -Infinity, nothing follows
 *                 high four bits  0 .. 13: the scale; 14: the scale is the next byte; 15: the next two, little-endian
 * Raises      never, except numeric_format(), which raises what StrBuf does
 */
#ifndef TYPES_NUMERIC_H
#define TYPES_NUMERIC_H

#include "base/strbuf.h"
#include "types/datum.h"

typedef enum NumericParse {
    NUMERIC_PARSE_OK,
    NUMERIC_PARSE_SYNTAX,
    NUMERIC_PARSE_OVERFLOW,  /* more digits before or after the point than a numeric can have */
    NUMERIC_PARSE_NO_MEMORY,
} NumericParse;

/*
 * Reads an optional sign, digits with an optional point (at least one digit), an optional exponent; nothing around them and no
 * NaN. JSON's number grammar is part of it. Up to 18 digits need no memory; arena may then be NULL.
 */
MUST_CHECK NumericParse numeric_try_parse(Slice text, Arena *arena, Numeric *out);

static inline bool numeric_parse(Slice text, Arena *arena, Numeric *out)
{
    return numeric_try_parse(text, arena, out) == NUMERIC_PARSE_OK;
}

/* Appends the text form: 1.10, -5, NaN, Infinity. Scratch memory comes from out's arena. */
void numeric_format(const Numeric *value, StrBuf *out);

/* The btree order: -Infinity < numbers < Infinity < NaN, NaN equal to itself; 1.0 equals 1.00. */
int numeric_compare_slow(const Numeric *a, const Numeric *b);

static inline int numeric_compare(const Numeric *a, const Numeric *b)
{
    if (LIKELY(a->kind == NUMERIC_SMALL && b->kind == NUMERIC_SMALL && a->scale == b->scale))
        return (a->small > b->small) - (a->small < b->small);
    return numeric_compare_slow(a, b);
}

/* Equal values hash alike whatever their scale. */
uint64_t numeric_hash(const Numeric *value);

/* ---- the packed form ------------------------------------------------------------------------------------------- */

/* Bytes that numeric_pack() writes: 1 for 0, 2 for -128 .. 127 with up to 13 decimals. */
size_t numeric_pack_size(const Numeric *value);

/* Writes the packed form; returns the byte after it. */
uint8_t *numeric_pack(const Numeric *value, uint8_t *at);

/* Reads exactly the bytes of one packed value; *out may view them. False for bytes that are no packed value. */
MUST_CHECK bool numeric_unpack(Slice packed, Numeric *out);

/* ---- to and from other numbers --------------------------------------------------------------------------------- */

typedef enum NumericFit { NUMERIC_FITS, NUMERIC_OUT_OF_RANGE, NUMERIC_IS_NAN, NUMERIC_IS_INFINITE } NumericFit;

static inline Numeric numeric_from_small(int64_t coefficient, int scale)
{
    return (Numeric){.small = coefficient, .scale = (uint16_t)scale, .kind = NUMERIC_SMALL};
}

Numeric numeric_from_int64(int64_t value);

/* The nearest integer, halves away from zero. */
MUST_CHECK NumericFit numeric_to_int64(const Numeric *value, int64_t *out);

/* The nearest double; infinity beyond the range. Correctly rounded. */
double numeric_to_double(const Numeric *value);

/* ---- questions ------------------------------------------------------------------------------------------------- */

static inline bool numeric_is_finite(const Numeric *value)
{
    return value->kind <= NUMERIC_BIG_NEGATIVE;
}

/* -1, 0 or 1; NaN counts as 1, as it sorts. */
static inline int numeric_sign(const Numeric *value)
{
    if (value->kind == NUMERIC_SMALL)
        return (value->small > 0) - (value->small < 0);
    return value->kind == NUMERIC_BIG_NEGATIVE || value->kind == NUMERIC_NEGATIVE_INFINITY ? -1 : 1;
}

/* How many decimal digits the coefficient has; 0 for zero. Finite values only. */
int numeric_digit_count(const Numeric *value);

/* Appends the order-preserving key (docs/formats/key.md). Equal values have equal keys. Raises what StrBuf does. */
void numeric_encode_key(const Numeric *value, StrBuf *out);

#endif
