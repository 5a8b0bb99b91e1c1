/*
 * text.c - character types: text, varchar, char(n), name, "char", cstring, unknown, pg_node_tree, void.
 *
 * char(n) keeps its padding, as PostgreSQL does; its comparison ignores trailing blanks. "char" is one byte, or none for the
 * zero byte. All text compares by bytes.
 */
#include "types/text.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"
#include "types/utf8.h"

enum {
    TYPMOD_HEADER = 4, /* PG15: the typmod of varchar(n) is n + 4 */
    LENGTH_LIMIT = 10485760,
};

/* ---- order, hash, keys: shared --------------------------------------------------------------------------------- */

static int bytes_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return slice_compare(*(const Slice *)a, *(const Slice *)b);
}

static uint64_t bytes_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_slice(*(const Slice *)element);
}

static void bytes_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_bytes(out, *(const Slice *)element);
}

static const uint8_t *bytes_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type;
    return key_get_bytes(at, end, arena, &out->bytes);
}

static void bytes_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    strbuf_append_slice(out, *(const Slice *)element);
}

/* ---- text, cstring, unknown ------------------------------------------------------------------------------------ */

static void text_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    utf8_require(text);
    out->bytes = text;
}

static void text_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    text_in(type, wire, typmod, ctx, out);
}

/* ---- varchar(n) ------------------------------------------------------------------------------------------------ */

static bool is_blank(Slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != ' ')
            return false;
    }
    return true;
}

/* Cuts text to limit characters. What goes must be blank unless cutting was asked for. */
static Slice cut_to(Slice text, size_t limit, bool silently, const char *type_name)
{
    size_t keep;

    if (text.size <= limit)
        return text;
    keep = utf8_offset(text, limit);
    if (keep < text.size && !silently && !is_blank(slice_of(text.data + keep, text.size - keep)))
        raise_error(SQLSTATE_STRING_DATA_RIGHT_TRUNCATION, "value too long for type %s(%zu)", type_name, limit);
    return slice_of(text.data, keep);
}

static void varchar_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)ctx;
    if (typmod >= TYPMOD_HEADER)
        value->bytes = cut_to(value->bytes, (size_t)typmod - TYPMOD_HEADER, explicit_cast, type->sql_name);
}

static void varchar_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    text_in(type, text, typmod, ctx, out);
    varchar_coerce(type, typmod, false, ctx, out);
}

static int32_t varchar_typmod(const TypeInfo *type, const int32_t *arguments, int count)
{
    (void)type;
    return TYPMOD_HEADER + length_typmod("varchar", arguments, count, LENGTH_LIMIT);
}

static void length_typmod_out(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    (void)type;
    if (typmod > TYPMOD_HEADER)
        strbuf_printf(out, "(%d)", typmod - TYPMOD_HEADER);
}

/* ---- char(n) --------------------------------------------------------------------------------------------------- */

Slice bpchar_trim(Slice text)
{
    while (text.size > 0 && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

static void bpchar_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    size_t   wanted = (size_t)typmod - TYPMOD_HEADER;
    size_t   characters;
    Slice    text = value->bytes;
    uint8_t *padded;

    if (typmod < TYPMOD_HEADER)
        return;
    characters = utf8_length(text);
    if (characters >= wanted) {
        value->bytes = cut_to(text, wanted, explicit_cast, type->sql_name);
        return;
    }
    padded = arena_alloc(ctx->arena, text.size + wanted - characters);
    if (text.size > 0)
        memcpy(padded, text.data, text.size);
    memset(padded + text.size, ' ', wanted - characters);
    value->bytes = slice_of(padded, text.size + wanted - characters);
}

static void bpchar_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    text_in(type, text, typmod, ctx, out);
    bpchar_coerce(type, typmod, false, ctx, out);
}

static int bpchar_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return slice_compare(bpchar_trim(*(const Slice *)a), bpchar_trim(*(const Slice *)b));
}

static uint64_t bpchar_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_slice(bpchar_trim(*(const Slice *)element));
}

static void bpchar_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_bytes(out, bpchar_trim(*(const Slice *)element));
}

static int32_t bpchar_typmod(const TypeInfo *type, const int32_t *arguments, int count)
{
    (void)type;
    return TYPMOD_HEADER + length_typmod("char", arguments, count, LENGTH_LIMIT);
}

/* ---- name ------------------------------------------------------------------------------------------------------ */

Slice name_clip(Slice text)
{
    return slice_of(text.data, utf8_clip(text, NAME_MAX_BYTES));
}

static void name_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    text_in(type, text, typmod, ctx, out);
    out->bytes = name_clip(text);
}

static void name_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    text_in(type, wire, typmod, ctx, out);
    if (wire.size > NAME_MAX_BYTES) {
        Error *err = error_new(SQLSTATE_NAME_TOO_LONG, "identifier too long");

        error_detail(err, "Identifier must be less than %d characters.", NAME_MAX_BYTES + 1);
        error_raise(err);
    }
}

/* ---- "char" ---------------------------------------------------------------------------------------------------- */

static bool is_octal(uint8_t c)
{
    return c >= '0' && c <= '7';
}

static void char_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod;
    if (text.size == 4 && text.data[0] == '\\' && is_octal(text.data[1]) && is_octal(text.data[2]) && is_octal(text.data[3])) {
        uint8_t *byte = arena_alloc(ctx->arena, 1);

        *byte = (uint8_t)((text.data[1] - '0') << 6 | (text.data[2] - '0') << 3 | (text.data[3] - '0'));
        out->bytes = slice_of(byte, *byte != 0);
        return;
    }
    out->bytes = slice_of(text.data, text.size > 0 && text.data[0] != 0);
}

void char_internal_format(Slice value, StrBuf *out)
{
    if (value.size > 0 && value.data[0] >= 0x80)
        strbuf_printf(out, "\\%03o", value.data[0]);
    else
        strbuf_append_slice(out, value);
}

static void char_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    char_internal_format(*(const Slice *)element, out);
}

static void char_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 1);
    out->bytes = slice_of(wire.data, wire.data[0] != 0);
}

static void char_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice value = *(const Slice *)element;

    (void)type, (void)ctx;
    strbuf_append_char(out, value.size > 0 ? (char)value.data[0] : '\0');
}

static void char_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    Slice value = *(const Slice *)element;

    (void)type;
    key_put_u8(out, value.size > 0 ? value.data[0] : 0);
}

static const uint8_t *char_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (at == end)
        return NULL;
    out->bytes = slice_of(at, *at != 0);
    return at + 1;
}

/* ---- void, pg_node_tree ---------------------------------------------------------------------------------------- */

static void void_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)text, (void)typmod, (void)ctx;
    out->bytes = slice_of("", 0);
}

static void void_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)element, (void)ctx;
    strbuf_append(out, "", 0);
}

static void node_tree_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)text, (void)typmod, (void)ctx, (void)out;
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot accept a value of type %s", type->sql_name);
}

/* ---- the types ------------------------------------------------------------------------------------------------- */

#define BY_BYTES                                                                     \
    .compare = bytes_compare, .hash = bytes_hash, .encode_key = bytes_key,           \
    .key_exact = true, .decode_key = bytes_from_key

const TypeInfo text_types[] = {
    {.oid = TYPE_TEXT, .input = text_in, .output = bytes_out, .receive = text_receive, .send = bytes_out, BY_BYTES},
    {.oid = TYPE_UNKNOWN, .input = text_in, .output = bytes_out, .receive = text_receive, .send = bytes_out, BY_BYTES},
    {.oid = TYPE_CSTRING, .input = text_in, .output = bytes_out, .receive = text_receive, .send = bytes_out, BY_BYTES},
    {.oid = TYPE_VARCHAR, .input = varchar_in, .output = bytes_out, .receive = varchar_in, .send = bytes_out, BY_BYTES,
     .typmod_in = varchar_typmod, .typmod_out = length_typmod_out, .coerce_typmod = varchar_coerce},
    {.oid = TYPE_BPCHAR, .input = bpchar_in, .output = bytes_out, .receive = bpchar_in, .send = bytes_out,
     .compare = bpchar_compare, .hash = bpchar_hash, .encode_key = bpchar_key,
     .typmod_in = bpchar_typmod, .typmod_out = length_typmod_out, .coerce_typmod = bpchar_coerce},
    {.oid = TYPE_NAME, .input = name_in, .output = bytes_out, .receive = name_receive, .send = bytes_out, BY_BYTES},
    {.oid = TYPE_CHAR_INTERNAL, .input = char_in, .output = char_out, .receive = char_receive, .send = char_send,
     .compare = bytes_compare, .hash = bytes_hash, .encode_key = char_key, .key_exact = true, .decode_key = char_from_key},
    {.oid = TYPE_VOID, .input = void_in, .output = void_out, .receive = void_in, .send = void_out},
    /* as the catalogs write it, "grantee=letters/grantor" */
    {.oid = TYPE_ACLITEM, .input = text_in, .output = bytes_out, .receive = text_receive, .send = bytes_out},
    {.oid = TYPE_PG_NODE_TREE, .input = node_tree_in, .output = bytes_out, .receive = node_tree_in, .send = bytes_out},
    {0},
};
