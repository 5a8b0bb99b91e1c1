/*
 * io.h - what the text and binary forms of many types share: blanks, wire integers, the errors of bad input.
 *
 * Raises  where it says so
 */
#ifndef TYPES_IO_H
#define TYPES_IO_H

#include "base/bytes.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "types/type.h"

/* What C's isspace() accepts, whatever the locale. */
static inline bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline Slice trim_spaces(Slice text)
{
    while (text.size > 0 && is_space(text.data[0]))
        text = slice_of(text.data + 1, text.size - 1);
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    return text;
}

/* ASCII letters in either case; other is lower case. */
static inline bool text_equals_ignoring_case(Slice text, const char *other)
{
    if (text.size != strlen(other))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + 32);
        if (c != (uint8_t)other[i])
            return false;
    }
    return true;
}

/* The value of a hexadecimal digit, -1 for others. */
static inline int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* 22P02: invalid input syntax for type %s: "%s". */
noreturn void raise_bad_text(const char *type_name, Slice text);
/* 22003: value "%s" is out of range for type %s. */
noreturn void raise_out_of_range(const char *type_name, Slice text);

/* Raises 08P01 or 22P03 unless the wire form has exactly this many bytes. */
void require_wire_size(Slice wire, size_t size);

static inline void send_u16(StrBuf *out, uint16_t value)
{
    put_be16(strbuf_reserve(out, 2), value);
    out->size += 2;
}

static inline void send_u32(StrBuf *out, uint32_t value)
{
    put_be32(strbuf_reserve(out, 4), value);
    out->size += 4;
}

static inline void send_u64(StrBuf *out, uint64_t value)
{
    put_be64(strbuf_reserve(out, 8), value);
    out->size += 8;
}

/* Appends a decimal integer. */
void append_int64(StrBuf *out, int64_t value);
void append_uint64(StrBuf *out, uint64_t value);

/* The one typmod argument of varchar(n), char(n), bit(n): 22023 unless it is one number from 1 to most. */
int32_t length_typmod(const char *type_name, const int32_t *arguments, int count, int32_t most);

#endif
