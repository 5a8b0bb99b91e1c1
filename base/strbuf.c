/*
 * strbuf.c - see strbuf.h.
 */
#include "base/strbuf.h"

#include "base/error.h"

#include <stdio.h>

char *strbuf_reserve(StrBuf *buf, size_t extra)
{
    size_t wanted;
    size_t capacity;

    if (!size_add(buf->size, extra, &wanted) || wanted > STRBUF_MAX_BYTES) {
        Error *err = error_new(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "out of memory");

        error_detail(err, "Cannot enlarge string buffer containing %zu bytes by %zu more bytes.", buf->size, extra);
        error_raise(err);
    }
    wanted++;
    if (wanted <= buf->capacity)
        return buf->data + buf->size;
    capacity = buf->capacity < 64 ? 64 : buf->capacity * 2;
    capacity = MAX(capacity, wanted);
    buf->data = arena_grow(buf->arena, buf->data, buf->capacity, capacity);
    buf->capacity = capacity;
    buf->data[buf->size] = '\0';
    return buf->data + buf->size;
}

void strbuf_append(StrBuf *buf, const void *bytes, size_t size)
{
    char *to = strbuf_reserve(buf, size);

    if (size != 0)
        memcpy(to, bytes, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
}

void strbuf_append_cstring(StrBuf *buf, const char *text)
{
    strbuf_append(buf, text, strlen(text));
}

void strbuf_printf(StrBuf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    strbuf_vprintf(buf, format, args);
    va_end(args);
}

void strbuf_vprintf(StrBuf *buf, const char *format, va_list args)
{
    va_list again;
    int     needed;

    va_copy(again, args);
    strbuf_reserve(buf, 32);
    needed = vsnprintf(buf->data + buf->size, buf->capacity - buf->size, format, args);
    ASSERT(needed >= 0);
    if ((size_t)needed >= buf->capacity - buf->size) {
        strbuf_reserve(buf, (size_t)needed);
        vsnprintf(buf->data + buf->size, buf->capacity - buf->size, format, again);
    }
    va_end(again);
    buf->size += (size_t)needed;
}
