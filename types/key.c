/*
 * key.c - see key.h.
 */
#include "types/key.h"

#include <math.h>

void key_put_bytes(StrBuf *out, Slice bytes)
{
    const uint8_t *at = bytes.data;
    size_t         left = bytes.size;

    strbuf_reserve(out, bytes.size + 2);
    while (left > 0) {
        const uint8_t *zero = memchr(at, 0, left);
        size_t         run = zero != NULL ? (size_t)(zero - at) : left;

        strbuf_append(out, at, run);
        if (zero == NULL)
            break;
        strbuf_append(out, "\0\xff", 2);
        at += run + 1;
        left -= run + 1;
    }
    strbuf_append(out, "\0\0", 2);
}

const uint8_t *key_get_bytes(const uint8_t *at, const uint8_t *end, Arena *arena, Slice *bytes)
{
    const uint8_t *start = at;
    size_t         size = 0;
    bool           escaped = false;

    for (;;) {
        const uint8_t *zero = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;

        if (zero == NULL || end - zero < 2)
            return NULL;
        size += (size_t)(zero - at);
        at = zero + 2;
        if (zero[1] == 0x00)
            break;
        if (zero[1] != 0xff)
            return NULL;
        size++;
        escaped = true;
    }
    *bytes = slice_of(start, size);
    if (escaped) {
        uint8_t *copy = arena_alloc(arena, size);

        for (size_t i = 0; i < size; i++) {
            copy[i] = *start++;
            start += copy[i] == 0;
        }
        bytes->data = copy;
    }
    return at;
}

void key_put_double(StrBuf *out, double value)
{
    uint64_t bits;

    if (isnan(value)) {
        key_put_u64(out, UINT64_MAX);
        return;
    }
    value += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &value, sizeof bits);
    key_put_u64(out, bits >> 63 ? ~bits : bits | 1ull << 63);
}

void key_put_float(StrBuf *out, float value)
{
    uint32_t bits;

    if (isnan(value)) {
        key_put_u32(out, UINT32_MAX);
        return;
    }
    value += 0.0f;
    memcpy(&bits, &value, sizeof bits);
    key_put_u32(out, bits >> 31 ? ~bits : bits | 1u << 31);
}
