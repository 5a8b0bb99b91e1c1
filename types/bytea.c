/*
 * bytea.c - the type bytea.
 */
#include "types/bytea.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"
#include "types/utf8.h"

static noreturn void raise_bad_digit(Slice text, size_t at)
{
    Slice rest = slice_of(text.data + at, text.size - at);

    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid hexadecimal digit: \"%.*s\"",
                (int)MIN(utf8_sequence_size(rest.data[0]), rest.size), (const char *)rest.data);
}

static bool is_hex_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

Slice hex_parse(Arena *arena, Slice text)
{
    uint8_t *bytes = arena_alloc(arena, text.size / 2 + 1);
    size_t   size = 0;

    for (size_t at = 0; at < text.size;) {
        int high;
        int low;

        if (is_hex_blank(text.data[at])) {
            at++;
            continue;
        }
        high = hex_value(text.data[at]);
        if (high < 0)
            raise_bad_digit(text, at);
        if (++at == text.size)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
        low = hex_value(text.data[at]);
        if (low < 0)
            raise_bad_digit(text, at);
        bytes[size++] = (uint8_t)(high << 4 | low);
        at++;
    }
    return slice_of(bytes, size);
}

Slice escape_parse(Arena *arena, Slice text)
{
    uint8_t *bytes = arena_alloc(arena, text.size);
    size_t   size = 0;

    for (size_t at = 0; at < text.size;) {
        const uint8_t *c = text.data + at;

        if (c[0] != '\\') {
            bytes[size++] = c[0];
            at++;
        } else if (text.size - at >= 4 && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' && c[3] >= '0' &&
                   c[3] <= '7') {
            bytes[size++] = (uint8_t)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
            at += 4;
        } else if (text.size - at >= 2 && c[1] == '\\') {
            bytes[size++] = '\\';
            at += 2;
        } else {
            raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s", "bytea");
        }
    }
    return slice_of(bytes, size);
}

Slice bytea_parse(Arena *arena, Slice text)
{
    if (text.size >= 2 && text.data[0] == '\\' && text.data[1] == 'x')
        return hex_parse(arena, slice_of(text.data + 2, text.size - 2));
    return escape_parse(arena, text);
}

void hex_format(Slice bytes, StrBuf *out)
{
    static const char digits[] = "0123456789abcdef";
    char             *at = strbuf_reserve(out, bytes.size * 2);

    for (size_t i = 0; i < bytes.size; i++) {
        *at++ = digits[bytes.data[i] >> 4];
        *at++ = digits[bytes.data[i] & 15];
    }
    out->size += bytes.size * 2;
    out->data[out->size] = '\0';
}

void escape_format(Slice bytes, StrBuf *out)
{
    strbuf_reserve(out, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t c = bytes.data[i];

        if (c == '\\')
            strbuf_append(out, "\\\\", 2);
        else if (c < 0x20 || c > 0x7e)
            strbuf_printf(out, "\\%03o", c);
        else
            strbuf_append_char(out, (char)c);
    }
}

static void bytea_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod;
    out->bytes = bytea_parse(ctx->arena, text);
}

static void bytea_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice bytes = *(const Slice *)element;

    (void)type;
    if (ctx->bytea_escape) {
        escape_format(bytes, out);
    } else {
        strbuf_append(out, "\\x", 2);
        hex_format(bytes, out);
    }
}

static void bytea_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    out->bytes = wire;
}

static void bytea_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    strbuf_append_slice(out, *(const Slice *)element);
}

static int bytea_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return slice_compare(*(const Slice *)a, *(const Slice *)b);
}

static uint64_t bytea_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_slice(*(const Slice *)element);
}

static void bytea_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_bytes(out, *(const Slice *)element);
}

static const uint8_t *bytea_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type;
    return key_get_bytes(at, end, arena, &out->bytes);
}

const TypeInfo bytea_types[] = {
    {.oid = TYPE_BYTEA, .input = bytea_in, .output = bytea_out, .receive = bytea_receive, .send = bytea_send,
     .compare = bytea_compare, .hash = bytea_hash, .encode_key = bytea_key, .key_exact = true, .decode_key = bytea_from_key},
    {0},
};
