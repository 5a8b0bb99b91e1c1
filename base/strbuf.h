/*
 * strbuf.h - a string that grows, in an arena.
 *
 * The bytes are always followed by a zero that is not counted, so data can serve as a C string when it holds none.
 *
 * Ownership   the buffer's memory belongs to its arena; growing leaves the old copy there.
 * Raises      53200 without memory, 54000 beyond 1 GB, the largest value PostgreSQL clients can take.
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include "base/arena.h"

#include <stdarg.h>

#define STRBUF_MAX_BYTES ((size_t)0x3fffffff)

typedef struct StrBuf {
    Arena *arena;
    char  *data; /* NULL until the first byte */
    size_t size; /* bytes in use, without the closing zero */
    size_t capacity;
} StrBuf;

static inline void strbuf_init(StrBuf *buf, Arena *arena)
{
    *buf = (StrBuf){.arena = arena};
}

/* Makes room for extra more bytes and the zero; returns where they go. size is not changed. */
char *strbuf_reserve(StrBuf *buf, size_t extra);

void strbuf_append(StrBuf *buf, const void *bytes, size_t size);
void strbuf_append_cstring(StrBuf *buf, const char *text);
void strbuf_printf(StrBuf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void strbuf_vprintf(StrBuf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static inline void strbuf_append_slice(StrBuf *buf, Slice bytes)
{
    strbuf_append(buf, bytes.data, bytes.size);
}

static inline void strbuf_append_char(StrBuf *buf, char c)
{
    if (UNLIKELY(buf->size + 1 >= buf->capacity))
        strbuf_reserve(buf, 1);
    buf->data[buf->size++] = c;
    buf->data[buf->size] = '\0';
}

static inline void strbuf_clear(StrBuf *buf)
{
    buf->size = 0;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

static inline Slice strbuf_slice(const StrBuf *buf)
{
    return slice_of(buf->data, buf->size);
}

/* The text so far, zero-terminated; "" when nothing was appended. */
static inline const char *strbuf_cstring(const StrBuf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

#endif
