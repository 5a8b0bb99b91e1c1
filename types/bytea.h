/*
 * bytea.h - the text forms of bytea: hex and escape.
 *
 * Raises  bytea_parse() 22P02 and 22023; the others what StrBuf does
 */
#ifndef TYPES_BYTEA_H
#define TYPES_BYTEA_H

#include "base/strbuf.h"

/* Reads either text form; the result is in arena. */
Slice bytea_parse(Arena *arena, Slice text);

/* Reads pairs of hexadecimal digits with blanks between pairs. Raises 22023. */
Slice hex_parse(Arena *arena, Slice text);

/* Reads the escape form: a doubled backslash, \ooo. Raises 22P02. */
Slice escape_parse(Arena *arena, Slice text);

/* Appends two lower-case digits per byte, without a prefix. */
void hex_format(Slice bytes, StrBuf *out);

/* Appends the escape form: backslash doubled, bytes outside printable ASCII as \ooo. */
void escape_format(Slice bytes, StrBuf *out);

#endif
