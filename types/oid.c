/*
 * oid.c - unsigned identifiers: oid, the reg* types, xid, cid, xid8, pg_lsn, tid.
 *
 * tid is six bytes, block and offset big-endian, so that its bytes order as it does.
 */
#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"
#include "types/regtype.h"

RegHooks reg_hooks;

/* ---- text forms ------------------------------------------------------------------------------------------------ */

/* An oid as strtoul reads it: a sign is allowed and wraps around. */
static Oid read_oid(const TypeInfo *type, Slice text)
{
    Slice    digits = trim_spaces(text);
    uint64_t value = 0;
    bool     negative = false;
    size_t   at = 0;

    if (digits.size > 0 && (digits.data[0] == '-' || digits.data[0] == '+'))
        negative = digits.data[at++] == '-';
    if (at == digits.size)
        raise_bad_text("oid", text);
    for (; at < digits.size; at++) {
        if (digits.data[at] < '0' || digits.data[at] > '9')
            raise_bad_text("oid", text);
        if (value <= UINT32_MAX)
            value = value * 10 + (digits.data[at] - '0');
    }
    /* PG15: -1 is read as 4294967295; numbers below -2147483648 are out of range */
    if (value > UINT32_MAX || (negative && value > (uint64_t)INT32_MAX + 1))
        raise_out_of_range("oid", text);
    (void)type;
    return negative ? (Oid)-value : (Oid)value;
}

/* PG15: xid, cid and xid8 are read by strtoul with base 0, which never fails: what is no number is 0. */
static uint64_t read_loosely(Slice text)
{
    uint64_t value = 0;
    uint64_t base = 10;
    bool     negative = false;
    size_t   at = 0;

    while (at < text.size && is_space(text.data[at]))
        at++;
    if (at < text.size && (text.data[at] == '-' || text.data[at] == '+'))
        negative = text.data[at++] == '-';
    if (at < text.size && text.data[at] == '0') {
        base = 8;
        if (at + 2 < text.size && (text.data[at + 1] | 0x20) == 'x' && hex_value(text.data[at + 2]) >= 0) {
            base = 16;
            at += 2;
        }
    }
    for (; at < text.size; at++) {
        int digit = hex_value(text.data[at]);

        if (digit < 0 || (uint64_t)digit >= base)
            break;
        if (__builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, (uint64_t)digit, &value))
            return UINT64_MAX;
    }
    return negative ? -value : value;
}

static void oid_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)typmod, (void)ctx;
    out->oid = read_oid(type, text);
}

static void xid_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    out->oid = (Oid)read_loosely(text);
}

static void oid_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    append_uint64(out, *(const uint32_t *)element);
}

static bool is_all_digits(Slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.size > 0;
}

static void reg_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)typmod;
    if (text.size == 1 && text.data[0] == '-')
        out->oid = 0;
    else if (is_all_digits(text) || reg_hooks.resolve == NULL)
        out->oid = read_oid(type, text);
    else
        out->oid = reg_hooks.resolve(type->oid, text, ctx);
}

static void reg_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Oid object = *(const uint32_t *)element;

    /* PG15: operators show 0 as "0", the others as "-" */
    if (object == 0)
        strbuf_append_char(out, type->oid == TYPE_REGOPER || type->oid == TYPE_REGOPERATOR ? '0' : '-');
    else if (reg_hooks.name == NULL || !reg_hooks.name(type->oid, object, ctx, out))
        append_uint64(out, object);
}

/* ---- four bytes ------------------------------------------------------------------------------------------------ */

static void oid_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 4);
    out->oid = get_be32(wire.data);
}

static void oid_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    send_u32(out, *(const uint32_t *)element);
}

static int oid_compare(const TypeInfo *type, const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;

    (void)type;
    return (left > right) - (left < right);
}

static uint64_t oid_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_u64(*(const uint32_t *)element);
}

static void oid_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_u32(out, *(const uint32_t *)element);
}

static const uint8_t *oid_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (end - at < 4)
        return NULL;
    out->oid = get_be32(at);
    return at + 4;
}

/* ---- eight bytes: xid8, pg_lsn --------------------------------------------------------------------------------- */

static void xid8_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    out->int64 = (int64_t)read_loosely(text);
}

static void xid8_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    append_uint64(out, *(const uint64_t *)element);
}

/* One to eight hexadecimal digits from *at on. */
static bool read_hex32(Slice text, size_t *at, uint64_t *value)
{
    size_t start = *at;

    *value = 0;
    while (*at < text.size && *at - start < 8 && hex_value(text.data[*at]) >= 0)
        *value = *value << 4 | (uint64_t)hex_value(text.data[(*at)++]);
    return *at > start;
}

static void lsn_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    uint64_t high;
    uint64_t low;
    size_t   at = 0;

    (void)typmod, (void)ctx;
    if (!read_hex32(text, &at, &high) || at == text.size || text.data[at++] != '/' || !read_hex32(text, &at, &low) ||
        at != text.size)
        raise_bad_text(type->sql_name, text);
    out->int64 = (int64_t)(high << 32 | low);
}

static void lsn_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    uint64_t lsn = *(const uint64_t *)element;

    (void)type, (void)ctx;
    strbuf_printf(out, "%X/%X", (unsigned)(lsn >> 32), (unsigned)lsn);
}

static void u64_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 8);
    out->int64 = (int64_t)get_be64(wire.data);
}

static void u64_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    send_u64(out, *(const uint64_t *)element);
}

static int u64_compare(const TypeInfo *type, const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    (void)type;
    return (left > right) - (left < right);
}

static uint64_t u64_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_u64(*(const uint64_t *)element);
}

static void u64_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_u64(out, *(const uint64_t *)element);
}

static const uint8_t *u64_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (end - at < 8)
        return NULL;
    out->int64 = (int64_t)get_be64(at);
    return at + 8;
}

/* ---- tid ------------------------------------------------------------------------------------------------------- */

enum { TID_SIZE = 6 };

static bool read_number(Slice text, size_t *at, uint64_t most, uint64_t *value)
{
    bool   negative = *at < text.size && text.data[*at] == '-';
    size_t start = *at + negative;

    *value = 0;
    for (*at = start; *at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9'; (*at)++) {
        *value = *value * 10 + (text.data[*at] - '0');
        if (*value > most)
            return false;
    }
    if (negative)
        *value = (uint32_t)-*value;
    return *at > start;
}

static void tid_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    Slice    trimmed = trim_spaces(text);
    uint64_t block;
    uint64_t offset;
    size_t   at = 1;
    uint8_t *bytes;

    (void)typmod;
    if (trimmed.size == 0 || trimmed.data[0] != '(' || !read_number(trimmed, &at, UINT32_MAX, &block) ||
        at == trimmed.size || trimmed.data[at++] != ',' || !read_number(trimmed, &at, UINT16_MAX, &offset) ||
        offset > UINT16_MAX || at + 1 != trimmed.size || trimmed.data[at] != ')')
        raise_bad_text(type->sql_name, text);
    bytes = arena_alloc(ctx->arena, TID_SIZE);
    put_be32(bytes, (uint32_t)block);
    put_be16(bytes + 4, (uint16_t)offset);
    out->bytes = slice_of(bytes, TID_SIZE);
}

static void tid_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    const uint8_t *bytes = ((const Slice *)element)->data;

    (void)type, (void)ctx;
    strbuf_append_char(out, '(');
    append_uint64(out, get_be32(bytes));
    strbuf_append_char(out, ',');
    append_uint64(out, get_be16(bytes + 4));
    strbuf_append_char(out, ')');
}

static void tid_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod;
    require_wire_size(wire, TID_SIZE);
    out->bytes = arena_copy(ctx->arena, wire);
}

static void tid_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    strbuf_append_slice(out, *(const Slice *)element);
}

static int tid_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return slice_compare(*(const Slice *)a, *(const Slice *)b);
}

static uint64_t tid_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_slice(*(const Slice *)element);
}

static void tid_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    strbuf_append_slice(out, *(const Slice *)element);
}

static const uint8_t *tid_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (end - at < TID_SIZE)
        return NULL;
    out->bytes = slice_of(at, TID_SIZE);
    return at + TID_SIZE;
}

/* ---- the types ------------------------------------------------------------------------------------------------- */

#define FOUR_BYTES                                                                                        \
    .receive = oid_receive, .send = oid_send, .compare = oid_compare, .hash = oid_hash,                   \
    .encode_key = oid_key, .key_exact = true, .decode_key = oid_from_key
#define EIGHT_BYTES                                                                                       \
    .receive = u64_receive, .send = u64_send, .compare = u64_compare, .hash = u64_hash,                   \
    .encode_key = u64_key, .key_exact = true, .decode_key = u64_from_key
#define REG_TYPE(oid_) {.oid = (oid_), .input = reg_in, .output = reg_out, FOUR_BYTES}

const TypeInfo oid_types[] = {
    {.oid = TYPE_OID, .input = oid_in, .output = oid_out, FOUR_BYTES},
    {.oid = TYPE_XID, .input = xid_in, .output = oid_out, FOUR_BYTES},
    {.oid = TYPE_CID, .input = xid_in, .output = oid_out, FOUR_BYTES},
    REG_TYPE(TYPE_REGPROC),
    REG_TYPE(TYPE_REGPROCEDURE),
    REG_TYPE(TYPE_REGOPER),
    REG_TYPE(TYPE_REGOPERATOR),
    REG_TYPE(TYPE_REGCLASS),
    REG_TYPE(TYPE_REGTYPE),
    REG_TYPE(TYPE_REGNAMESPACE),
    REG_TYPE(TYPE_REGROLE),
    REG_TYPE(TYPE_REGCOLLATION),
    {.oid = TYPE_XID8, .input = xid8_in, .output = xid8_out, EIGHT_BYTES},
    {.oid = TYPE_PG_LSN, .input = lsn_in, .output = lsn_out, EIGHT_BYTES},
    {.oid = TYPE_TID, .input = tid_in, .output = tid_out, .receive = tid_receive, .send = tid_send,
     .compare = tid_compare, .hash = tid_hash, .encode_key = tid_key, .key_exact = true, .decode_key = tid_from_key},
    {0},
};
