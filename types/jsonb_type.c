/*
 * jsonb_type.c - the operations of the types json and jsonb.
 */
#include "types/jsonb_type.h"

#include "types/json_parse.h"
#include "types/json_utf8.h"
#include "types/jsonb_text.h"
#include "types/numeric.h"

#define BYTES(element) (*(const Slice *)(element))

/* ---- text ---------------------------------------------------------------------------------------------------------- */

static noreturn void raise_no_room(const StrBuf *out)
{
    if (out->size > STRBUF_MAX_BYTES / 2)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "out of memory: JSON text beyond 1 GB");
    raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
}

void jsonb_append(Slice value, StrBuf *out)
{
    if (UNLIKELY(!jsonb_text_append(value, out)))
        raise_no_room(out);
}

void jsonb_append_pretty(Slice value, StrBuf *out)
{
    if (UNLIKELY(!jsonb_text_append_pretty(value, out)))
        raise_no_room(out);
}

void json_append_string(Slice text, StrBuf *out)
{
    if (UNLIKELY(!json_string_append(text, out)))
        raise_no_room(out);
}

Slice jsonb_to_text(Slice value, Arena *arena)
{
    StrBuf text;

    strbuf_init(&text, arena);
    jsonb_append(value, &text);
    return strbuf_slice(&text);
}

/* ---- keys ------------------------------------------------------------------------------------------------------------ */

/* The first byte of each value's key. KEY_EMPTY_ARRAY only at the top, where an empty array sorts first: see jsonb_compare(). */
enum { KEY_EMPTY_ARRAY = 1, KEY_NULL = 2, KEY_STRING, KEY_NUMBER, KEY_BOOL, KEY_ARRAY, KEY_OBJECT };

static void encode_text(Slice text, StrBuf *out)
{
    strbuf_append_slice(out, text);
    strbuf_append_char(out, '\0');
}

static void encode_count(uint64_t count, StrBuf *out)
{
    uint8_t bytes[8];
    size_t  size = count == 0 ? 0 : (size_t)(71 - __builtin_clzll(count)) / 8;

    put_be64(bytes, count);
    strbuf_append_char(out, (char)size);
    strbuf_append(out, bytes + 8 - size, size);
}

static void encode_nested(Slice value, StrBuf *out)
{
    JsonbKind kind = jsonb_kind(value);

    strbuf_append_char(out, (char)(KEY_NULL + (int)kind));
    switch (kind) {
    case JSONB_STRING:
        encode_text(jsonb_string(value), out);
        break;
    case JSONB_NUMBER: {
        Numeric number;

        jsonb_number(value, &number);
        numeric_encode_key(&number, out);
        break;
    }
    case JSONB_BOOL:
        strbuf_append_char(out, jsonb_bool(value));
        break;
    case JSONB_ARRAY: {
        JsonbArray array = jsonb_array_open(value);

        encode_count(array.count, out);
        for (size_t i = 0; i < array.count; i++)
            encode_nested(jsonb_array_at(&array, i), out);
        break;
    }
    case JSONB_OBJECT: {
        JsonbObject object = jsonb_object_open(value);

        encode_count(object.count, out);
        for (size_t i = 0; i < object.count; i++) {
            encode_text(jsonb_object_key(&object, i), out);
            encode_nested(jsonb_object_value(&object, i), out);
        }
        break;
    }
    default:
        break;
    }
}

void jsonb_encode_key(Slice value, StrBuf *out)
{
    if (jsonb_kind(value) == JSONB_ARRAY && jsonb_array_open(value).count == 0)
        strbuf_append_char(out, KEY_EMPTY_ARRAY);
    else
        encode_nested(value, out);
}

/* ---- TypeInfo -------------------------------------------------------------------------------------------------------- */

static void jsonb_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    (void)typmod;
    out->bytes = jsonb_parse(text, ctx->arena);
}

static void jsonb_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type;
    (void)ctx;
    jsonb_append(BYTES(element), out);
}

static void jsonb_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    (void)typmod;
    if (wire.size == 0)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "no data left in message");
    if (wire.data[0] != 1)
        raise_error(SQLSTATE_INTERNAL_ERROR, "unsupported jsonb version number %d", wire.data[0]);
    out->bytes = jsonb_parse(slice_of(wire.data + 1, wire.size - 1), ctx->arena);
}

static void jsonb_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type;
    (void)ctx;
    strbuf_append_char(out, 1);
    jsonb_append(BYTES(element), out);
}

static int compare_jsonb(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return jsonb_compare(BYTES(a), BYTES(b));
}

static uint64_t hash_jsonb(const TypeInfo *type, const void *element)
{
    (void)type;
    return jsonb_hash(BYTES(element));
}

static void encode_jsonb(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    jsonb_encode_key(BYTES(element), out);
}

static void json_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    (void)typmod;
    (void)ctx;
    json_check(text);
    out->bytes = text;
}

static void json_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type;
    (void)ctx;
    strbuf_append_slice(out, BYTES(element));
}

const TypeInfo json_type_ops[] = {
    {.oid = TYPE_JSON, .input = json_in, .output = json_out, .receive = json_in, .send = json_out},
    {.oid = TYPE_JSONB,
     .input = jsonb_in,
     .output = jsonb_out,
     .receive = jsonb_receive,
     .send = jsonb_send,
     .compare = compare_jsonb,
     .hash = hash_jsonb,
     .encode_key = encode_jsonb},
    {.oid = 0},
};
