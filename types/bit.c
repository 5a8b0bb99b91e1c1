/*
 * bit.c - the types bit and varbit.
 */
#include "types/bit.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"
#include "types/utf8.h"

enum { BIT_LENGTH_LIMIT = 83886080 };

Slice bit_new(Arena *arena, size_t length, uint8_t **bytes_out)
{
    size_t   size = (length + 7) / 8;
    uint8_t *value = arena_alloc_zeroed(arena, size + 1, 1);

    value[0] = (uint8_t)(size * 8 - length);
    *bytes_out = value + 1;
    return slice_of(value, size + 1);
}

void bit_clear_unused(Slice value)
{
    if (value.size > 1)
        ((uint8_t *)(uintptr_t)value.data)[value.size - 1] &= (uint8_t)(0xffu << value.data[0]);
}

int bit_compare(Slice a, Slice b)
{
    size_t shared = MIN(a.size, b.size) - 1;
    int    order = shared > 0 ? memcmp(a.data + 1, b.data + 1, shared) : 0;

    if (order != 0)
        return order;
    return (bit_length(a) > bit_length(b)) - (bit_length(a) < bit_length(b));
}

Slice bit_part(Arena *arena, Slice value, size_t start, size_t length)
{
    uint8_t *bytes;
    Slice    part = bit_new(arena, length, &bytes);
    size_t   shift = start % 8;

    for (size_t i = 0; i < part.size - 1; i++) {
        size_t   from = 1 + start / 8 + i;
        unsigned pair = (unsigned)value.data[from] << 8 | (from + 1 < value.size ? value.data[from + 1] : 0u);

        bytes[i] = (uint8_t)(pair >> (8 - shift));
    }
    bit_clear_unused(part);
    return part;
}

/* ---- text ------------------------------------------------------------------------------------------------------ */

static noreturn void raise_bad_bit(Slice text, size_t at, const char *kind)
{
    Slice rest = slice_of(text.data + at, text.size - at);

    raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "\"%.*s\" is not a valid %s digit",
                (int)MIN(utf8_sequence_size(rest.data[0]), rest.size), (const char *)rest.data, kind);
}

/* 0101, b0101 or x5 */
static Slice read_bits(Arena *arena, Slice text)
{
    uint8_t *bytes;
    size_t   first = 0;
    bool     hex = false;
    Slice    value;

    if (text.size > 0 && (text.data[0] == 'b' || text.data[0] == 'B' || text.data[0] == 'x' || text.data[0] == 'X')) {
        hex = (text.data[0] | 0x20) == 'x';
        first = 1;
    }
    value = bit_new(arena, (text.size - first) * (hex ? 4 : 1), &bytes);
    for (size_t i = 0; first + i < text.size; i++) {
        uint8_t c = text.data[first + i];

        if (hex) {
            int digit = hex_value(c);

            if (digit < 0)
                raise_bad_bit(text, first + i, "hexadecimal");
            bytes[i / 2] |= (uint8_t)(digit << (i % 2 == 0 ? 4 : 0));
        } else {
            if (c != '0' && c != '1')
                raise_bad_bit(text, first + i, "binary");
            bytes[i / 8] |= (uint8_t)((c - '0') << (7 - i % 8));
        }
    }
    return value;
}

static void require_length(Slice value, int32_t typmod)
{
    if (typmod > 0 && bit_length(value) != (size_t)typmod)
        raise_error(SQLSTATE_STRING_DATA_LENGTH_MISMATCH, "bit string length %zu does not match type bit(%d)",
                    bit_length(value), typmod);
}

static void require_at_most(Slice value, int32_t typmod)
{
    if (typmod > 0 && bit_length(value) > (size_t)typmod)
        raise_error(SQLSTATE_STRING_DATA_RIGHT_TRUNCATION, "bit string too long for type bit varying(%d)", typmod);
}

static void bit_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    out->bytes = read_bits(ctx->arena, text);
    require_length(out->bytes, typmod);
}

static void varbit_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    out->bytes = read_bits(ctx->arena, text);
    require_at_most(out->bytes, typmod);
}

static void bit_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice  value = *(const Slice *)element;
    size_t length = bit_length(value);
    char  *at = strbuf_reserve(out, length);

    (void)type, (void)ctx;
    for (size_t i = 0; i < length; i++)
        *at++ = bit_at(value, i) ? '1' : '0';
    out->size += length;
    out->data[out->size] = '\0';
}

/* ---- wire ------------------------------------------------------------------------------------------------------ */

static Slice receive_bits(Slice wire, const TypeContext *ctx)
{
    int32_t  length;
    uint8_t *bytes;
    Slice    value;

    if (wire.size < 4)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
    length = (int32_t)get_be32(wire.data);
    if (length < 0 || length > INT32_MAX - 7)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "invalid length in external bit string");
    require_wire_size(wire, 4 + ((size_t)length + 7) / 8);
    value = bit_new(ctx->arena, (size_t)length, &bytes);
    memcpy(bytes, wire.data + 4, wire.size - 4);
    bit_clear_unused(value);
    return value;
}

static void bit_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    out->bytes = receive_bits(wire, ctx);
    require_length(out->bytes, typmod);
}

static void varbit_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    out->bytes = receive_bits(wire, ctx);
    require_at_most(out->bytes, typmod);
}

static void bit_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice value = *(const Slice *)element;

    (void)type, (void)ctx;
    send_u32(out, (uint32_t)bit_length(value));
    strbuf_append_slice(out, bit_bytes(value));
}

/* ---- order, hash, key ------------------------------------------------------------------------------------------ */

static int bit_type_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return bit_compare(*(const Slice *)a, *(const Slice *)b);
}

static uint64_t bit_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_slice(*(const Slice *)element);
}

static void bit_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    Slice value = *(const Slice *)element;

    (void)type;
    key_put_bytes(out, bit_bytes(value));
    key_put_u8(out, (uint8_t)(8 - value.data[0])); /* the longer of two with the same bytes has fewer unused bits */
}

static const uint8_t *bit_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    Slice    bytes;
    uint8_t *value;

    (void)type;
    at = key_get_bytes(at, end, arena, &bytes);
    if (at == NULL || at == end || *at < 1 || *at > 8)
        return NULL;
    value = arena_alloc(arena, bytes.size + 1);
    value[0] = (uint8_t)(8 - *at);
    memcpy(value + 1, bytes.data, bytes.size);
    out->bytes = slice_of(value, bytes.size + 1);
    return at + 1;
}

/* ---- typmod ---------------------------------------------------------------------------------------------------- */

static int32_t bit_typmod(const TypeInfo *type, const int32_t *arguments, int count)
{
    return length_typmod(type->oid == TYPE_BIT ? "bit" : "varbit", arguments, count, BIT_LENGTH_LIMIT);
}

static void bit_typmod_out(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    (void)type;
    if (typmod >= 0)
        strbuf_printf(out, "(%d)", typmod);
}

/* Cut, or filled with zeros at the end. */
static Slice fit_bits(const TypeContext *ctx, Slice value, size_t length)
{
    uint8_t *bytes;
    Slice    fitted = bit_new(ctx->arena, length, &bytes);

    memcpy(bytes, value.data + 1, MIN(fitted.size, value.size) - 1);
    bit_clear_unused(fitted);
    return fitted;
}

static void bit_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type;
    if (typmod <= 0 || bit_length(value->bytes) == (size_t)typmod)
        return;
    if (!explicit_cast)
        require_length(value->bytes, typmod);
    value->bytes = fit_bits(ctx, value->bytes, (size_t)typmod);
}

static void varbit_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type;
    if (typmod <= 0 || bit_length(value->bytes) <= (size_t)typmod)
        return;
    if (!explicit_cast)
        require_at_most(value->bytes, typmod);
    value->bytes = fit_bits(ctx, value->bytes, (size_t)typmod);
}

#define SHARED                                                                                             \
    .output = bit_out, .send = bit_send, .compare = bit_type_compare, .hash = bit_hash,                    \
    .encode_key = bit_key, .key_exact = true, .decode_key = bit_from_key, .typmod_in = bit_typmod,         \
    .typmod_out = bit_typmod_out

const TypeInfo bit_types[] = {
    {.oid = TYPE_BIT, .input = bit_in, .receive = bit_receive, .coerce_typmod = bit_coerce, SHARED},
    {.oid = TYPE_VARBIT, .input = varbit_in, .receive = varbit_receive, .coerce_typmod = varbit_coerce, SHARED},
    {0},
};
