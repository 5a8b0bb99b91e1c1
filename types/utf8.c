/*
 * utf8.c - see utf8.h.
 */
#include "types/utf8.h"

#include "base/bytes.h"
#include "base/error.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <wctype.h>

/* ---- validity -------------------------------------------------------------------------------------------------- */

/* Bytes of the valid character at the start of at, or 0. RFC 3629: no overlong forms, no surrogates, below 0x110000. */
static size_t valid_sequence(const uint8_t *at, size_t left)
{
    uint8_t first = at[0];
    uint8_t least = 0x80;
    uint8_t most = 0xbf;
    size_t  size;

    if (first < 0x80)
        return first != 0;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    size = utf8_sequence_size(first);
    if (left < size)
        return 0;
    if (first == 0xe0)
        least = 0xa0;
    else if (first == 0xed)
        most = 0x9f;
    else if (first == 0xf0)
        least = 0x90;
    else if (first == 0xf4)
        most = 0x8f;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < size; i++) {
        if (!utf8_is_continuation(at[i]))
            return 0;
    }
    return size;
}

size_t utf8_valid_prefix(Slice text)
{
    size_t at = 0;

    while (at < text.size) {
        size_t size;

        /* eight bytes of ASCII without a zero at a time */
        while (text.size - at >= 8) {
            uint64_t word = get_le64(text.data + at);

            if (((word | (word - 0x0101010101010101ull)) & 0x8080808080808080ull) != 0)
                break;
            at += 8;
        }
        if (at == text.size)
            break;
        size = valid_sequence(text.data + at, text.size - at);
        if (size == 0)
            break;
        at += size;
    }
    return at;
}

void utf8_require(Slice text)
{
    size_t at = utf8_valid_prefix(text);
    char   bytes[UTF8_MAX_BYTES * 5 + 1];
    size_t size;

    if (LIKELY(at == text.size))
        return;
    size = MIN(utf8_sequence_size(text.data[at]), text.size - at);
    snprintf(bytes, sizeof bytes, "0x%02x", text.data[at]);
    for (size_t i = 1; i < size; i++)
        snprintf(bytes + 5 * i - 1, 6, " 0x%02x", text.data[at + i]);
    raise_error(SQLSTATE_CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"%s\": %s", "UTF8", bytes);
}

/* ---- characters ------------------------------------------------------------------------------------------------ */

size_t utf8_length(Slice text)
{
    size_t count = 0;
    size_t at = 0;

    /* characters are the bytes that continue none */
    for (; text.size - at >= 8; at += 8) {
        uint64_t word = get_le64(text.data + at);
        uint64_t continues = (word & ~(word << 1)) & 0x8080808080808080ull;

        count += 8 - (size_t)__builtin_popcountll(continues);
    }
    for (; at < text.size; at++)
        count += !utf8_is_continuation(text.data[at]);
    return count;
}

size_t utf8_offset(Slice text, size_t index)
{
    size_t at = 0;

    while (index > 0 && at < text.size) {
        at += utf8_sequence_size(text.data[at]);
        index--;
    }
    return MIN(at, text.size);
}

size_t utf8_offset_from_end(Slice text, size_t index)
{
    size_t at = text.size;

    while (index > 0 && at > 0) {
        do
            at--;
        while (at > 0 && utf8_is_continuation(text.data[at]));
        index--;
    }
    return at;
}

size_t utf8_clip(Slice text, size_t limit)
{
    if (text.size <= limit)
        return text.size;
    while (limit > 0 && utf8_is_continuation(text.data[limit]))
        limit--;
    return limit;
}

uint32_t utf8_decode(Slice text, size_t *size_out)
{
    uint8_t  first = text.data[0];
    size_t   size = MIN(utf8_sequence_size(first), text.size);
    uint32_t code;

    *size_out = size;
    if (size == 1)
        return first;
    code = first & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++)
        code = code << 6 | (text.data[i] & 0x3f);
    return code;
}

size_t utf8_put(uint32_t code, uint8_t out[UTF8_MAX_BYTES])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xc0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xe0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (code & 0x3f));
    return 4;
}

/* ---- case ------------------------------------------------------------------------------------------------------ */

/* The C library's tables; a locale object is read-only once made. Without one (no such locale installed) only ASCII has case. */
static locale_t       unicode;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

static void make_unicode(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (unicode == (locale_t)0)
        unicode = newlocale(LC_CTYPE_MASK, "C", (locale_t)0);
}

static locale_t unicode_locale(void)
{
    pthread_once(&unicode_once, make_unicode);
    return unicode;
}

uint32_t utf8_upper_code(uint32_t code)
{
    if (code < 0x80)
        return code - 'a' < 26 ? code - 32 : code;
    return (uint32_t)towupper_l((wint_t)code, unicode_locale());
}

uint32_t utf8_lower_code(uint32_t code)
{
    if (code < 0x80)
        return code - 'A' < 26 ? code + 32 : code;
    return (uint32_t)towlower_l((wint_t)code, unicode_locale());
}

bool utf8_is_alnum(uint32_t code)
{
    if (code < 0x80)
        return (code | 32) - 'a' < 26 || code - '0' < 10;
    return iswalnum_l((wint_t)code, unicode_locale()) != 0;
}

/* Whether all bytes are ASCII and already in the case. */
static bool is_unchanged(Slice text, Utf8Case to)
{
    uint8_t first = to == UTF8_UPPER ? 'a' : 'A';
    bool    changes = to == UTF8_INITCAP;

    for (size_t i = 0; i < text.size; i++)
        changes |= text.data[i] >= 0x80 || (uint8_t)(text.data[i] - first) < 26;
    return !changes;
}

Slice utf8_change_case(Arena *arena, Slice text, Utf8Case to)
{
    uint8_t *out;
    size_t   size = 0;
    bool     in_word = false;

    if (is_unchanged(text, to))
        return text;
    out = arena_alloc(arena, text.size * 2); /* a character never grows by more than half: U+0250 and the like */
    for (size_t at = 0; at < text.size;) {
        uint8_t byte = text.data[at];

        if (byte < 0x80) {
            bool upper = to == UTF8_UPPER || (to == UTF8_INITCAP && !in_word);

            out[size++] = (uint8_t)(upper ? utf8_upper_code(byte) : utf8_lower_code(byte));
            in_word = utf8_is_alnum(byte);
            at++;
        } else {
            size_t   used;
            uint32_t code = utf8_decode(slice_of(text.data + at, text.size - at), &used);
            bool     upper = to == UTF8_UPPER || (to == UTF8_INITCAP && !in_word);

            size += utf8_put(upper ? utf8_upper_code(code) : utf8_lower_code(code), out + size);
            in_word = utf8_is_alnum(code);
            at += used;
        }
    }
    return slice_of(out, size);
}
