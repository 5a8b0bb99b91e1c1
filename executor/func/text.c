/*
 * text.c - kernels of text: length, case, parts, padding, trimming, replacing, searching.
 *
 * Positions and lengths are in characters, from 1. Where a text is ASCII they are bytes, which the UTF-8 helpers do not know but
 * are quick about.
 */
#include "executor/func/text.h"

#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "types/text.h"
#include "types/utf8.h"

/* ---- helpers ---------------------------------------------------------------------------------------------------- */

Slice text_part(Slice text, int64_t start, int64_t length)
{
    int64_t end = length < 0 || start > INT64_MAX - length ? INT64_MAX : start + length;
    size_t  from;
    size_t  size;

    start = MAX(start, 1);
    if (end <= start)
        return slice_of(text.data, 0);
    from = utf8_offset(text, (size_t)start - 1);
    text = slice_of(text.data + from, text.size - from);
    size = (uint64_t)(end - start) >= text.size ? text.size : utf8_offset(text, (size_t)(end - start));
    return slice_of(text.data, size);
}

noreturn void raise_negative_substring(void)
{
    raise_error(SQLSTATE_SUBSTRING_ERROR, "negative substring length not allowed");
}

noreturn void raise_too_large(void)
{
    raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "requested length too large");
}

const uint8_t *find_bytes(Slice text, Slice needle)
{
    return needle.size == 0 ? text.data : memmem(text.data, text.size, needle.data, needle.size);
}

Slice join_bytes(Arena *arena, Slice a, Slice b)
{
    uint8_t *joined;

    if (a.size + b.size > STRBUF_MAX_BYTES)
        raise_too_large();
    joined = arena_alloc(arena, a.size + b.size);
    if (a.size > 0)
        memcpy(joined, a.data, a.size);
    if (b.size > 0)
        memcpy(joined + a.size, b.data, b.size);
    return slice_of(joined, a.size + b.size);
}

/* ---- loops ------------------------------------------------------------------------------------------------------ */

/* A kernel whose one statement sets out[row]; arguments are a, b, c by position, their types as named. */
#define DEFINE_1(kernel, A, RESULT, statement)                                       \
    static void kernel(KernelCall *call)                                             \
    {                                                                                \
        const A *a = call->args[0]->data;                                            \
        RESULT  *out = call->result->data;                                           \
                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, { statement; });                   \
    }
#define DEFINE_2(kernel, A, B, RESULT, statement)                                    \
    static void kernel(KernelCall *call)                                             \
    {                                                                                \
        const A *a = call->args[0]->data;                                            \
        const B *b = call->args[1]->data;                                            \
        RESULT  *out = call->result->data;                                           \
                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, { statement; });                   \
    }
#define DEFINE_3(kernel, A, B, C, RESULT, statement)                                 \
    static void kernel(KernelCall *call)                                             \
    {                                                                                \
        const A *a = call->args[0]->data;                                            \
        const B *b = call->args[1]->data;                                            \
        const C *c = call->args[2]->data;                                            \
        RESULT  *out = call->result->data;                                           \
                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, { statement; });                   \
    }

/* ---- length, case ------------------------------------------------------------------------------------------------ */

DEFINE_1(length, Slice, int32_t, out[row] = (int32_t)utf8_length(a[row]))
DEFINE_1(bpchar_length, Slice, int32_t, out[row] = (int32_t)utf8_length(bpchar_trim(a[row])))
DEFINE_1(octet_length, Slice, int32_t, out[row] = (int32_t)a[row].size)
DEFINE_1(bits_of_text, Slice, int32_t, out[row] = (int32_t)a[row].size * 8)
DEFINE_1(upper, Slice, Slice, out[row] = utf8_change_case(call->ctx->arena, a[row], UTF8_UPPER))
DEFINE_1(lower, Slice, Slice, out[row] = utf8_change_case(call->ctx->arena, a[row], UTF8_LOWER))
DEFINE_1(initcap, Slice, Slice, out[row] = utf8_change_case(call->ctx->arena, a[row], UTF8_INITCAP))

/* ---- parts ------------------------------------------------------------------------------------------------------- */

static Slice substring_of(Slice text, int32_t start, int32_t length)
{
    if (length < 0)
        raise_negative_substring();
    return text_part(text, start, length);
}

/* n below 0: all but the last -n */
static Slice left_of(Slice text, int32_t n)
{
    if (n >= 0)
        return slice_of(text.data, utf8_offset(text, (size_t)n));
    return slice_of(text.data, utf8_offset_from_end(text, (size_t)-(int64_t)n));
}

static Slice right_of(Slice text, int32_t n)
{
    size_t from = n >= 0 ? utf8_offset_from_end(text, (size_t)n) : utf8_offset(text, (size_t)-(int64_t)n);

    return slice_of(text.data + from, text.size - from);
}

DEFINE_2(substring_from, Slice, int32_t, Slice, out[row] = text_part(a[row], b[row], -1))
DEFINE_3(substring, Slice, int32_t, int32_t, Slice, out[row] = substring_of(a[row], b[row], c[row]))
DEFINE_2(left, Slice, int32_t, Slice, out[row] = left_of(a[row], b[row]))
DEFINE_2(right, Slice, int32_t, Slice, out[row] = right_of(a[row], b[row]))

static Slice overlay_text(Arena *arena, Slice text, Slice with, int64_t start, int64_t length)
{
    int64_t end;

    if (start <= 0)
        raise_negative_substring();
    end = start + length;
    if (end > INT32_MAX || end < INT32_MIN)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    return join_bytes(arena, join_bytes(arena, text_part(text, 1, start - 1), with), text_part(text, end, -1));
}

DEFINE_3(overlay_whole, Slice, Slice, int32_t, Slice,
         out[row] = overlay_text(call->ctx->arena, a[row], b[row], c[row], (int64_t)utf8_length(b[row])))

static void overlay(KernelCall *call)
{
    const Slice   *text = call->args[0]->data;
    const Slice   *with = call->args[1]->data;
    const int32_t *start = call->args[2]->data;
    const int32_t *length = call->args[3]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = overlay_text(call->ctx->arena, text[row], with[row], start[row], length[row]);
    });
}

/* Field n of the text between delimiters, from the end when n is below 0. */
static Slice split_part_of(Slice text, Slice delimiter, int64_t n)
{
    Slice rest = text;

    if (n == 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "field position must not be zero");
    if (delimiter.size == 0 || text.size == 0)
        return n == 1 || n == -1 ? text : slice_of(text.data, 0);
    if (n < 0) {
        int64_t fields = 1;

        for (const uint8_t *at; (at = find_bytes(rest, delimiter)) != NULL; fields++)
            rest = slice_of(at + delimiter.size, (size_t)(text.data + text.size - at) - delimiter.size);
        n += fields + 1;
        if (n <= 0)
            return slice_of(text.data, 0);
        rest = text;
    }
    for (;; n--) {
        const uint8_t *at = find_bytes(rest, delimiter);

        if (n == 1)
            return at != NULL ? slice_of(rest.data, (size_t)(at - rest.data)) : rest;
        if (at == NULL)
            return slice_of(text.data, 0);
        rest = slice_of(at + delimiter.size, (size_t)(text.data + text.size - at) - delimiter.size);
    }
}

DEFINE_3(split_part, Slice, Slice, int32_t, Slice, out[row] = split_part_of(a[row], b[row], c[row]))

/* ---- padding ----------------------------------------------------------------------------------------------------- */

/* The text padded or cut to length characters; filler repeats. */
static Slice pad(Arena *arena, Slice text, int32_t length, Slice filler, bool at_left)
{
    size_t   wanted = length < 0 ? 0 : (size_t)length;
    size_t   characters = utf8_length(text);
    StrBuf   out;
    size_t   missing;
    size_t   filler_length = utf8_length(filler);

    if (characters >= wanted)
        return slice_of(text.data, utf8_offset(text, wanted));
    if (filler_length == 0)
        return text;
    if (wanted * UTF8_MAX_BYTES > STRBUF_MAX_BYTES)
        raise_too_large();
    missing = wanted - characters;
    strbuf_init(&out, arena);
    if (!at_left)
        strbuf_append_slice(&out, text);
    for (; missing >= filler_length; missing -= filler_length)
        strbuf_append_slice(&out, filler);
    strbuf_append(&out, filler.data, utf8_offset(filler, missing));
    if (at_left)
        strbuf_append_slice(&out, text);
    return strbuf_slice(&out);
}

static Slice blank(void)
{
    return slice_of(" ", 1);
}

DEFINE_2(lpad_blank, Slice, int32_t, Slice, out[row] = pad(call->ctx->arena, a[row], b[row], blank(), true))
DEFINE_2(rpad_blank, Slice, int32_t, Slice, out[row] = pad(call->ctx->arena, a[row], b[row], blank(), false))
DEFINE_3(lpad, Slice, int32_t, Slice, Slice, out[row] = pad(call->ctx->arena, a[row], b[row], c[row], true))
DEFINE_3(rpad, Slice, int32_t, Slice, Slice, out[row] = pad(call->ctx->arena, a[row], b[row], c[row], false))

static Slice repeat_text(Arena *arena, Slice text, int64_t count)
{
    size_t   size;
    uint8_t *out;

    if (count <= 0 || text.size == 0)
        return slice_of("", 0);
    if (!size_multiply(text.size, (size_t)count, &size) || size > STRBUF_MAX_BYTES - 4)
        raise_too_large();
    out = arena_alloc(arena, size);
    memcpy(out, text.data, text.size);
    for (size_t done = text.size; done < size;) { /* doubles what is there */
        size_t more = MIN(done, size - done);

        memcpy(out + done, out, more);
        done += more;
    }
    return slice_of(out, size);
}

DEFINE_2(repeat, Slice, int32_t, Slice, out[row] = repeat_text(call->ctx->arena, a[row], b[row]))

/* ---- trimming ---------------------------------------------------------------------------------------------------- */

static bool set_has(Slice set, const uint8_t *character, size_t size)
{
    for (size_t at = 0; at < set.size;) {
        size_t member = utf8_sequence_size(set.data[at]);

        if (member == size && memcmp(set.data + at, character, size) == 0)
            return true;
        at += member;
    }
    return false;
}

typedef enum TrimSide { TRIM_LEFT = 1, TRIM_RIGHT = 2, TRIM_BOTH = 3 } TrimSide;

static Slice trim(Slice text, Slice set, TrimSide side)
{
    while ((side & TRIM_LEFT) && text.size > 0) {
        size_t size = MIN(utf8_sequence_size(text.data[0]), text.size);

        if (!set_has(set, text.data, size))
            break;
        text = slice_of(text.data + size, text.size - size);
    }
    while ((side & TRIM_RIGHT) && text.size > 0) {
        size_t from = utf8_offset_from_end(text, 1);

        if (!set_has(set, text.data + from, text.size - from))
            break;
        text.size = from;
    }
    return text;
}

DEFINE_1(ltrim_blank, Slice, Slice, out[row] = trim(a[row], blank(), TRIM_LEFT))
DEFINE_1(rtrim_blank, Slice, Slice, out[row] = trim(a[row], blank(), TRIM_RIGHT))
DEFINE_1(btrim_blank, Slice, Slice, out[row] = trim(a[row], blank(), TRIM_BOTH))
DEFINE_2(ltrim, Slice, Slice, Slice, out[row] = trim(a[row], b[row], TRIM_LEFT))
DEFINE_2(rtrim, Slice, Slice, Slice, out[row] = trim(a[row], b[row], TRIM_RIGHT))
DEFINE_2(btrim, Slice, Slice, Slice, out[row] = trim(a[row], b[row], TRIM_BOTH))

/* ---- replacing --------------------------------------------------------------------------------------------------- */

static Slice replace_all(Arena *arena, Slice text, Slice from, Slice to)
{
    const uint8_t *at = from.size > 0 ? find_bytes(text, from) : NULL;
    StrBuf         out;

    if (at == NULL)
        return text;
    strbuf_init(&out, arena);
    for (; at != NULL; at = find_bytes(text, from)) {
        strbuf_append(&out, text.data, (size_t)(at - text.data));
        strbuf_append_slice(&out, to);
        text = slice_of(at + from.size, (size_t)(text.data + text.size - at) - from.size);
    }
    strbuf_append_slice(&out, text);
    return strbuf_slice(&out);
}

DEFINE_3(replace, Slice, Slice, Slice, Slice, out[row] = replace_all(call->ctx->arena, a[row], b[row], c[row]))

/* Each character of text that is in from becomes the one at its place in to, or nothing. */
static Slice translate_text(Arena *arena, Slice text, Slice from, Slice to)
{
    StrBuf out;

    strbuf_init(&out, arena);
    for (size_t at = 0; at < text.size;) {
        size_t size = MIN(utf8_sequence_size(text.data[at]), text.size - at);
        size_t from_at = 0;
        size_t to_at = 0;
        bool   found = false;

        while (from_at < from.size && !found) {
            size_t member = MIN(utf8_sequence_size(from.data[from_at]), from.size - from_at);

            found = member == size && memcmp(from.data + from_at, text.data + at, size) == 0;
            if (!found) {
                from_at += member;
                to_at += to_at < to.size ? utf8_sequence_size(to.data[to_at]) : 0;
            }
        }
        if (!found)
            strbuf_append(&out, text.data + at, size);
        else if (to_at < to.size)
            strbuf_append(&out, to.data + to_at, MIN(utf8_sequence_size(to.data[to_at]), to.size - to_at));
        at += size;
    }
    return strbuf_slice(&out);
}

DEFINE_3(translate, Slice, Slice, Slice, Slice, out[row] = translate_text(call->ctx->arena, a[row], b[row], c[row]))

static Slice reverse_text(Arena *arena, Slice text)
{
    uint8_t *out = arena_alloc(arena, text.size);
    uint8_t *to = out + text.size;

    for (size_t at = 0; at < text.size;) {
        size_t size = MIN(utf8_sequence_size(text.data[at]), text.size - at);

        to -= size;
        memcpy(to, text.data + at, size);
        at += size;
    }
    return slice_of(out, text.size);
}

DEFINE_1(reverse, Slice, Slice, out[row] = reverse_text(call->ctx->arena, a[row]))

/* ---- searching --------------------------------------------------------------------------------------------------- */

/* The character position of needle, 0 when it is not there. */
static int32_t position_of(Slice text, Slice needle)
{
    const uint8_t *at = find_bytes(text, needle);

    return at == NULL ? 0 : (int32_t)utf8_length(slice_of(text.data, (size_t)(at - text.data))) + 1;
}

DEFINE_2(position, Slice, Slice, int32_t, out[row] = position_of(a[row], b[row]))
DEFINE_2(starts_with, Slice, Slice, uint8_t, out[row] = slice_starts_with(a[row], b[row]))

/* ---- characters and numbers ----------------------------------------------------------------------------------------- */

static int32_t code_of(Slice text)
{
    size_t size;

    return text.size == 0 ? 0 : (int32_t)utf8_decode(text, &size);
}

static Slice character_of(Arena *arena, int32_t code)
{
    uint8_t *out = arena_alloc(arena, UTF8_MAX_BYTES);

    if (code < 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "character number must be positive");
    if (code == 0)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    if (code > 0x10ffff)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: %u", (unsigned)code);
    if (code >= 0xd800 && code <= 0xdfff)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: %u", (unsigned)code);
    return slice_of(out, utf8_put((uint32_t)code, out));
}

static Slice hex_of(Arena *arena, uint64_t value)
{
    char *out = arena_alloc(arena, 16);
    int   digits = value == 0 ? 1 : (67 - __builtin_clzll(value)) / 4;

    for (int i = digits; i-- > 0; value >>= 4)
        out[i] = "0123456789abcdef"[value & 15];
    return slice_of(out, (size_t)digits);
}

DEFINE_1(ascii, Slice, int32_t, out[row] = code_of(a[row]))
DEFINE_1(chr, int32_t, Slice, out[row] = character_of(call->ctx->arena, a[row]))
DEFINE_1(to_hex_int4, uint32_t, Slice, out[row] = hex_of(call->ctx->arena, a[row]))
DEFINE_1(to_hex_int8, uint64_t, Slice, out[row] = hex_of(call->ctx->arena, a[row]))

/* ---- joining, larger and smaller ------------------------------------------------------------------------------------- */

DEFINE_2(text_cat, Slice, Slice, Slice, out[row] = join_bytes(call->ctx->arena, a[row], b[row]))
DEFINE_2(text_larger, Slice, Slice, Slice, out[row] = slice_compare(a[row], b[row]) > 0 ? a[row] : b[row])
DEFINE_2(text_smaller, Slice, Slice, Slice, out[row] = slice_compare(a[row], b[row]) < 0 ? a[row] : b[row])
DEFINE_2(bpchar_larger, Slice, Slice, Slice,
         out[row] = slice_compare(bpchar_trim(a[row]), bpchar_trim(b[row])) >= 0 ? a[row] : b[row])
DEFINE_2(bpchar_smaller, Slice, Slice, Slice,
         out[row] = slice_compare(bpchar_trim(a[row]), bpchar_trim(b[row])) <= 0 ? a[row] : b[row])

/* What a cast of any value to text gives: its text form, but whole words for booleans. */
static Slice text_of(const KernelCall *call, int arg, int32_t row)
{
    const TypeInfo *type = type_by_oid(call->args[arg]->type);
    StrBuf          text;

    if (type->oid == TYPE_BOOL)
        return slice_from_cstring(VECTOR_DATA(call->args[arg], uint8_t)[row] ? "true" : "false");
    strbuf_init(&text, call->ctx->arena);
    type->output(type, vector_element(call->args[arg], row), call->ctx, &text);
    return slice_of(strbuf_cstring(&text), text.size);
}

static void text_any_cat(KernelCall *call)
{
    const Slice *text = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = join_bytes(call->ctx->arena, text[row], text_of(call, 1, row));
    });
}

static void any_text_cat(KernelCall *call)
{
    const Slice *text = call->args[1]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = join_bytes(call->ctx->arena, text_of(call, 0, row), text[row]);
    });
}

const KernelEntry text_kernels[] = {
    {.proc = 1257, .run = length},
    {.proc = 1317, .run = length},
    {.proc = 1369, .run = length},
    {.proc = 1381, .run = length},
    {.proc = 1318, .run = bpchar_length},
    {.proc = 1367, .run = bpchar_length},
    {.proc = 1372, .run = bpchar_length},
    {.proc = 1374, .run = octet_length},
    {.proc = 1375, .run = octet_length},
    {.proc = 720, .run = octet_length},
    {.proc = 2010, .run = octet_length},
    {.proc = 1810, .run = bits_of_text},
    {.proc = 1811, .run = bits_of_text},
    {.proc = 871, .run = upper},
    {.proc = 870, .run = lower},
    {.proc = 872, .run = initcap},
    {.proc = 883, .run = substring_from},
    {.proc = 937, .run = substring_from},
    {.proc = 877, .run = substring},
    {.proc = 936, .run = substring},
    {.proc = 3060, .run = left},
    {.proc = 3061, .run = right},
    {.proc = 1405, .run = overlay_whole},
    {.proc = 1404, .run = overlay},
    {.proc = 2088, .run = split_part},
    {.proc = 879, .run = lpad_blank},
    {.proc = 880, .run = rpad_blank},
    {.proc = 873, .run = lpad},
    {.proc = 874, .run = rpad},
    {.proc = 1622, .run = repeat},
    {.proc = 881, .run = ltrim_blank},
    {.proc = 882, .run = rtrim_blank},
    {.proc = 885, .run = btrim_blank},
    {.proc = 875, .run = ltrim},
    {.proc = 876, .run = rtrim},
    {.proc = 884, .run = btrim},
    {.proc = 2087, .run = replace},
    {.proc = 878, .run = translate},
    {.proc = 3062, .run = reverse},
    {.proc = 868, .run = position},
    {.proc = 849, .run = position},
    {.proc = 3696, .run = starts_with},
    {.proc = 1620, .run = ascii},
    {.proc = 1621, .run = chr},
    {.proc = 2089, .run = to_hex_int4},
    {.proc = 2090, .run = to_hex_int8},
    {.proc = 1258, .run = text_cat},
    {.proc = 2011, .run = text_cat}, /* bytea */
    {.proc = 458, .run = text_larger},
    {.proc = 459, .run = text_smaller},
    {.proc = 2795, .run = text_larger}, /* tid */
    {.proc = 2796, .run = text_smaller},
    {.proc = 1063, .run = bpchar_larger},
    {.proc = 1064, .run = bpchar_smaller},
    {.proc = 2003, .run = text_any_cat},
    {.proc = 2004, .run = any_text_cat},
    {0},
};
