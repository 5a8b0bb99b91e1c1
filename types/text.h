/*
 * text.h - what functions over character types need of their types' rules.
 *
 * Raises  never, except char_internal_format() what StrBuf does
 */
#ifndef TYPES_TEXT_H
#define TYPES_TEXT_H

#include "base/strbuf.h"

/* A char(n) without its trailing blanks: its meaning. */
Slice bpchar_trim(Slice text);

/* Cut to NAME_MAX_BYTES at a character's start, as input of name does. */
Slice name_clip(Slice text);

/* The text form of a "char": \ooo for bytes beyond ASCII. */
void char_internal_format(Slice value, StrBuf *out);

#endif
