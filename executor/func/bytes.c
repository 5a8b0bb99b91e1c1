/*
 * bytes.c - kernels of bytea: parts, bits, encode and decode, digests; making uuids.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "executor/func/text.h"
#include "types/bytea.h"
#include "types/io.h"
#include "types/utf8.h"
#include "types/uuid.h"

#include <openssl/evp.h>

/* ---- parts -------------------------------------------------------------------------------------------------------- */

/* length bytes from start (from 1); length below 0: to the end. */
static Slice byte_part(Slice bytes, int64_t start, int64_t length)
{
    int64_t end = length < 0 ? INT64_MAX : start + length;

    start = MAX(start, 1);
    end = MIN(end, (int64_t)bytes.size + 1);
    if (end <= start)
        return slice_of(bytes.data, 0);
    return slice_of(bytes.data + start - 1, (size_t)(end - start));
}

static void substring_from_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *start = call->args[1]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = byte_part(in[row], start[row], -1); });
}

static void substring_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *start = call->args[1]->data;
    const int32_t *length = call->args[2]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (length[row] < 0)
            raise_negative_substring();
        out[row] = byte_part(in[row], start[row], length[row]);
    });
}

/* (bytes, with, start [, length]) */
static void overlay_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const Slice   *with = call->args[1]->data;
    const int32_t *start = call->args[2]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t length = call->arg_count > 3 ? VECTOR_DATA(call->args[3], const int32_t)[row] : (int64_t)with[row].size;
        Slice   head;

        if (start[row] <= 0)
            raise_negative_substring();
        if (start[row] + length > INT32_MAX || start[row] + length < INT32_MIN)
            raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
        head = join_bytes(call->ctx->arena, byte_part(in[row], 1, start[row] - 1), with[row]);
        out[row] = join_bytes(call->ctx->arena, head, byte_part(in[row], start[row] + length, -1));
    });
}

static void position_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    const Slice *needle = call->args[1]->data;
    int32_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        const uint8_t *at = find_bytes(in[row], needle[row]);

        out[row] = at == NULL ? 0 : (int32_t)(at - in[row].data) + 1;
    });
}

static void run_trim(KernelCall *call, bool left, bool right)
{
    const Slice *in = call->args[0]->data;
    const Slice *set = call->args[1]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice bytes = in[row];

        while (left && bytes.size > 0 && memchr(set[row].data, bytes.data[0], set[row].size) != NULL)
            bytes = slice_of(bytes.data + 1, bytes.size - 1);
        while (right && bytes.size > 0 && memchr(set[row].data, bytes.data[bytes.size - 1], set[row].size) != NULL)
            bytes.size--;
        out[row] = bytes;
    });
}

static void btrim_run(KernelCall *call)
{
    run_trim(call, true, true);
}

static void ltrim_run(KernelCall *call)
{
    run_trim(call, true, false);
}

static void rtrim_run(KernelCall *call)
{
    run_trim(call, false, true);
}

/* ---- single bytes and bits ------------------------------------------------------------------------------------------ */

static void require_index(int64_t index, int64_t limit)
{
    if (index < 0 || index >= limit)
        raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "index %ld out of valid range, 0..%ld", (long)index, (long)limit - 1);
}

static void get_byte_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *index = call->args[1]->data;
    int32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        require_index(index[row], (int64_t)in[row].size);
        out[row] = in[row].data[index[row]];
    });
}

static void set_byte_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *index = call->args[1]->data;
    const int32_t *value = call->args[2]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        require_index(index[row], (int64_t)in[row].size);
        out[row] = arena_copy(call->ctx->arena, in[row]);
        ((uint8_t *)(uintptr_t)out[row].data)[index[row]] = (uint8_t)value[row];
    });
}

/* Bits count from the lowest of each byte. */
static void get_bit_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int64_t *index = call->args[1]->data;
    int32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        require_index(index[row], (int64_t)in[row].size * 8);
        out[row] = in[row].data[index[row] / 8] >> (index[row] % 8) & 1;
    });
}

static void set_bit_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int64_t *index = call->args[1]->data;
    const int32_t *value = call->args[2]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        uint8_t *byte;

        require_index(index[row], (int64_t)in[row].size * 8);
        if (value[row] != 0 && value[row] != 1)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
        out[row] = arena_copy(call->ctx->arena, in[row]);
        byte = (uint8_t *)(uintptr_t)out[row].data + index[row] / 8;
        *byte = (uint8_t)((*byte & ~(1u << (index[row] % 8))) | (unsigned)value[row] << (index[row] % 8));
    });
}

static void bit_count_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int64_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = 0;
        for (size_t i = 0; i < in[row].size; i++)
            out[row] += __builtin_popcount(in[row].data[i]);
    });
}

/* ---- encode, decode -------------------------------------------------------------------------------------------------- */

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 2045: lines of 76 characters. */
static void append_base64(StrBuf *out, Slice bytes)
{
    size_t line = 0;

    for (size_t at = 0; at < bytes.size; at += 3) {
        size_t   left = MIN(bytes.size - at, 3);
        unsigned group = (unsigned)bytes.data[at] << 16 | (left > 1 ? (unsigned)bytes.data[at + 1] << 8 : 0) |
                         (left > 2 ? bytes.data[at + 2] : 0u);
        char     digits[4] = {base64_digits[group >> 18], base64_digits[group >> 12 & 63],
                              left > 1 ? base64_digits[group >> 6 & 63] : '=', left > 2 ? base64_digits[group & 63] : '='};

        if (line == 76) {
            strbuf_append_char(out, '\n');
            line = 0;
        }
        strbuf_append(out, digits, sizeof digits);
        line += sizeof digits;
    }
}

static int base64_value(uint8_t c)
{
    const char *at = c == 0 ? NULL : strchr(base64_digits, c);

    return at == NULL ? -1 : (int)(at - base64_digits);
}

static noreturn void raise_base64_end(void)
{
    Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid base64 end sequence");

    error_hint(err, "Input data is missing padding, is truncated, or is otherwise corrupted.");
    error_raise(err);
}

static Slice decode_base64(Arena *arena, Slice text)
{
    uint8_t *out = arena_alloc(arena, text.size / 4 * 3 + 3);
    size_t   size = 0;
    unsigned group = 0;
    int      digits = 0;
    int      padding = 0;

    for (size_t at = 0; at < text.size; at++) {
        uint8_t c = text.data[at];
        int     value;

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            continue;
        if (c == '=') {
            if (padding == 0 && digits < 2)
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unexpected \"=\" while decoding base64 sequence");
            padding++;
            value = 0;
        } else {
            value = base64_value(c);
            if (value < 0)
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid symbol \"%.*s\" found while decoding base64 sequence",
                            (int)MIN(utf8_sequence_size(c), text.size - at), (const char *)text.data + at);
        }
        group = group << 6 | (unsigned)value;
        if (++digits == 4) {
            out[size++] = (uint8_t)(group >> 16);
            if (padding < 2)
                out[size++] = (uint8_t)(group >> 8);
            if (padding == 0)
                out[size++] = (uint8_t)group;
            digits = 0;
            group = 0;
        }
    }
    if (digits != 0)
        raise_base64_end();
    return slice_of(out, size);
}

typedef enum Encoding { ENCODING_HEX, ENCODING_BASE64, ENCODING_ESCAPE } Encoding;

static Encoding encoding_of(Slice name)
{
    if (text_equals_ignoring_case(name, "hex"))
        return ENCODING_HEX;
    if (text_equals_ignoring_case(name, "base64"))
        return ENCODING_BASE64;
    if (text_equals_ignoring_case(name, "escape"))
        return ENCODING_ESCAPE;
    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unrecognized encoding: \"%.*s\"", (int)name.size, (const char *)name.data);
}

/* PG15: encode's escape form writes only zero and bytes beyond ASCII as \ooo. */
static void append_escaped(StrBuf *out, Slice bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t c = bytes.data[i];

        if (c == 0 || c >= 0x80)
            strbuf_printf(out, "\\%03o", c);
        else if (c == '\\')
            strbuf_append(out, "\\\\", 2);
        else
            strbuf_append_char(out, (char)c);
    }
}

static void encode_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    const Slice *name = call->args[1]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        strbuf_append(&text, "", 0);
        switch (encoding_of(name[row])) {
        case ENCODING_HEX:
            hex_format(in[row], &text);
            break;
        case ENCODING_BASE64:
            append_base64(&text, in[row]);
            break;
        case ENCODING_ESCAPE:
            append_escaped(&text, in[row]);
            break;
        }
        out[row] = strbuf_slice(&text);
    });
}

static void decode_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    const Slice *name = call->args[1]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        switch (encoding_of(name[row])) {
        case ENCODING_HEX:
            out[row] = hex_parse(call->ctx->arena, in[row]);
            break;
        case ENCODING_BASE64:
            out[row] = decode_base64(call->ctx->arena, in[row]);
            break;
        case ENCODING_ESCAPE:
            out[row] = escape_parse(call->ctx->arena, in[row]);
            break;
        }
    });
}

/* ---- digests ---------------------------------------------------------------------------------------------------------- */

static Slice digest(Arena *arena, Slice bytes, const EVP_MD *kind)
{
    uint8_t *out = arena_alloc(arena, EVP_MAX_MD_SIZE);
    unsigned size = 0;

    if (EVP_Digest(bytes.data, bytes.size, out, &size, kind, NULL) != 1)
        raise_error(SQLSTATE_INTERNAL_ERROR, "could not compute %s hash", EVP_MD_get0_name(kind));
    return slice_of(out, size);
}

static void md5_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        hex_format(digest(call->ctx->arena, in[row], EVP_md5()), &text);
        out[row] = strbuf_slice(&text);
    });
}

#define DEFINE_DIGEST(kernel, kind)                                                              \
    static void kernel(KernelCall *call)                                                         \
    {                                                                                            \
        const Slice *in = call->args[0]->data;                                                   \
        Slice       *out = call->result->data;                                                   \
                                                                                                 \
        FOR_EACH_ROW(call->sel, call->count, row, {                                              \
            out[row] = digest(call->ctx->arena, in[row], kind());                                \
        });                                                                                      \
    }
DEFINE_DIGEST(sha224_run, EVP_sha224)
DEFINE_DIGEST(sha256_run, EVP_sha256)
DEFINE_DIGEST(sha384_run, EVP_sha384)
DEFINE_DIGEST(sha512_run, EVP_sha512)
#undef DEFINE_DIGEST

/* ---- text and encodings ------------------------------------------------------------------------------------------------ */

static void require_utf8_name(Slice name)
{
    if (!text_equals_ignoring_case(name, "utf8") && !text_equals_ignoring_case(name, "utf-8") &&
        !text_equals_ignoring_case(name, "unicode"))
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "encoding conversion from or to \"%.*s\" is not supported", (int)name.size,
                    (const char *)name.data);
}

/* convert_from() and convert_to(): the database's encoding is UTF8, and so is the only other one. */
static void convert_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    const Slice *name = call->args[1]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        require_utf8_name(name[row]);
        utf8_require(in[row]);
        out[row] = in[row];
    });
}

/* ---- uuid --------------------------------------------------------------------------------------------------------------- */

static void uuid_v4_run(KernelCall *call)
{
    Uuid *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { uuid_make_v4(&out[row]); });
}

static void uuid_v7_run(KernelCall *call)
{
    Uuid *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { uuid_make_v7(&out[row]); });
}

const KernelEntry bytes_kernels[] = {
    {.proc = 2013, .run = substring_from_run},
    {.proc = 2086, .run = substring_from_run},
    {.proc = 2012, .run = substring_run},
    {.proc = 2085, .run = substring_run},
    {.proc = 749, .run = overlay_run},
    {.proc = 752, .run = overlay_run},
    {.proc = 2014, .run = position_run},
    {.proc = 2015, .run = btrim_run},
    {.proc = 6195, .run = ltrim_run},
    {.proc = 6196, .run = rtrim_run},
    {.proc = 721, .run = get_byte_run},
    {.proc = 722, .run = set_byte_run},
    {.proc = 723, .run = get_bit_run},
    {.proc = 724, .run = set_bit_run},
    {.proc = 6163, .run = bit_count_run},
    {.proc = 1946, .run = encode_run},
    {.proc = 1947, .run = decode_run},
    {.proc = 2311, .run = md5_run},
    {.proc = 2321, .run = md5_run},
    {.proc = 3419, .run = sha224_run},
    {.proc = 3420, .run = sha256_run},
    {.proc = 3421, .run = sha384_run},
    {.proc = 3422, .run = sha512_run},
    {.proc = 1714, .run = convert_run}, /* convert_from */
    {.proc = 1717, .run = convert_run}, /* convert_to */
    {.proc = 3432, .run = uuid_v4_run},
    {.proc = 8030, .run = uuid_v7_run},
    {0},
};
