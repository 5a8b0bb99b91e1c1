/*
 * json_utf8.h - whether the bytes of a JSON string are UTF-8 text.
 *
 * Raises  never
 */
#ifndef TYPES_JSON_UTF8_H
#define TYPES_JSON_UTF8_H

#include "base/bytes.h"
#include "base/common.h"

/*
 * The length of the UTF-8 sequence that begins at `at`, or 0 when it is not one: cut off, overlong, a surrogate,
 * beyond U+10FFFF, or a zero byte, which text cannot hold.
 */
static inline size_t json_utf8_length(const uint8_t *at, const uint8_t *end)
{
    size_t  room = (size_t)(end - at);
    uint8_t lead = at[0];

    if (lead < 0x80)
        return lead != 0;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    if (room < 2 || (at[1] & 0xc0) != 0x80)
        return 0;
    if (lead < 0xe0)
        return 2;
    if (room < 3 || (at[2] & 0xc0) != 0x80)
        return 0;
    if (lead < 0xf0)
        return (lead == 0xe0 && at[1] < 0xa0) || (lead == 0xed && at[1] >= 0xa0) ? 0 : 3;
    if (room < 4 || (at[3] & 0xc0) != 0x80)
        return 0;
    return (lead == 0xf0 && at[1] < 0x90) || (lead == 0xf4 && at[1] >= 0x90) ? 0 : 4;
}

/* True when text is UTF-8 without zero bytes; else *bad, when not NULL, is where the first bad sequence begins. */
static inline bool json_utf8_valid(Slice text, const uint8_t **bad)
{
    const uint8_t *at = text.data;
    const uint8_t *end = at + text.size;

    while (at < end) {
        size_t length;

        if (end - at >= 8) {
            uint64_t eight = get_le64(at);

            /* ASCII without zeroes: no high bit, and no borrow out of any byte */
            if (((eight | (eight - 0x0101010101010101ull)) & 0x8080808080808080ull) == 0) {
                at += 8;
                continue;
            }
        }
        length = json_utf8_length(at, end);
        if (length == 0) {
            if (bad != NULL)
                *bad = at;
            return false;
        }
        at += length;
    }
    return true;
}

#endif
