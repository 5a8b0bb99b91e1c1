/*
 * key.h - the pieces of order-preserving keys: byte order of the encodings is the order of the values, and no encoding is a
 * prefix of another. docs/formats/key.md has the table of types and a worked dump.
 *
 * Raises  what StrBuf does; reading never raises: it returns NULL for bytes that no encoder wrote
 */
#ifndef TYPES_KEY_H
#define TYPES_KEY_H

#include "base/bytes.h"
#include "base/strbuf.h"
#include "types/datum.h"

static inline void key_put_u8(StrBuf *out, uint8_t value)
{
    strbuf_append_char(out, (char)value);
}

static inline void key_put_u16(StrBuf *out, uint16_t value)
{
    put_be16(strbuf_reserve(out, 2), value);
    out->size += 2;
}

static inline void key_put_u32(StrBuf *out, uint32_t value)
{
    put_be32(strbuf_reserve(out, 4), value);
    out->size += 4;
}

static inline void key_put_u64(StrBuf *out, uint64_t value)
{
    put_be64(strbuf_reserve(out, 8), value);
    out->size += 8;
}

/* Signed integers: the sign bit flipped. */
static inline void key_put_i16(StrBuf *out, int16_t value)
{
    key_put_u16(out, (uint16_t)value ^ 0x8000u);
}

static inline void key_put_i32(StrBuf *out, int32_t value)
{
    key_put_u32(out, (uint32_t)value ^ 0x80000000u);
}

static inline void key_put_i64(StrBuf *out, int64_t value)
{
    key_put_u64(out, (uint64_t)value ^ (1ull << 63));
}

/* Bytes of any length: 00 becomes 00 FF, the end is 00 00. */
void key_put_bytes(StrBuf *out, Slice bytes);

/*
 * Reads bytes back. *bytes views the key where nothing was escaped, else it is a copy in arena (raises 53200).
 * Returns the byte after the end mark, or NULL.
 */
const uint8_t *key_get_bytes(const uint8_t *at, const uint8_t *end, Arena *arena, Slice *bytes);

/* Doubles: NaN above all, -0 as 0, the bits of negative ones complemented, the sign of others set. */
void key_put_double(StrBuf *out, double value);
void key_put_float(StrBuf *out, float value);

#endif
