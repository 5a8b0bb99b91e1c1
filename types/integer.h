/*
 * integer.h - reading the text form of integers.
 *
 * Raises  never
 */
#ifndef TYPES_INTEGER_H
#define TYPES_INTEGER_H

#include "base/common.h"

typedef enum IntegerParse { INTEGER_PARSE_OK, INTEGER_PARSE_SYNTAX, INTEGER_PARSE_RANGE } IntegerParse;

/* An optional sign and digits, blanks around. */
MUST_CHECK IntegerParse int64_parse(Slice text, int64_t *out);

#endif
