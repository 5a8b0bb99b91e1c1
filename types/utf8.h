/*
 * utf8.h - UTF-8: validity, characters, case.
 *
 * Functions other than the validating ones take valid UTF-8, which every text value is; on other bytes they do not read beyond
 * the end, and what they return is unspecified.
 *
 * Raises  never, except utf8_require()
 */
#ifndef TYPES_UTF8_H
#define TYPES_UTF8_H

#include "base/strbuf.h"

enum { UTF8_MAX_BYTES = 4 };

/* How many leading bytes are valid UTF-8 without a zero byte: size when all are. */
size_t utf8_valid_prefix(Slice text);

/* Raises 22021 "invalid byte sequence for encoding "UTF8": 0x.." at the first bad byte. */
void utf8_require(Slice text);

/* Bytes of the character that starts with this byte: 1 for bytes that start none. */
static inline size_t utf8_sequence_size(uint8_t first)
{
    if (first < 0xc0)
        return 1;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf8 ? 4 : 1;
}

static inline bool utf8_is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The number of characters. */
size_t utf8_length(Slice text);

/* The byte offset of character number index (from 0), or size when there are fewer. */
size_t utf8_offset(Slice text, size_t index);

/* The byte offset of the start of the index-th character from the end (1: the last), or 0. */
size_t utf8_offset_from_end(Slice text, size_t index);

/* The largest offset <= limit that starts a character: where to cut. */
size_t utf8_clip(Slice text, size_t limit);

/* Decodes the character at the start of text (size > 0); *size_out is how many bytes it has. */
uint32_t utf8_decode(Slice text, size_t *size_out);

/* Writes a code point below 0x110000; returns the bytes written. */
size_t utf8_put(uint32_t code, uint8_t out[UTF8_MAX_BYTES]);

/* Case as the C.UTF-8 locale has it: one character to one. */
uint32_t utf8_upper_code(uint32_t code);
uint32_t utf8_lower_code(uint32_t code);
bool     utf8_is_alnum(uint32_t code);

typedef enum Utf8Case { UTF8_UPPER, UTF8_LOWER, UTF8_INITCAP } Utf8Case;

/* The text in another case, in arena; text itself when nothing changes. Raises 53200. */
Slice utf8_change_case(Arena *arena, Slice text, Utf8Case to);

#endif
