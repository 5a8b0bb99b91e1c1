/*
 * numeric_type.c - the type numeric: its text and binary forms, its typmod.
 */
#include "types/io.h"
#include "types/numeric.h"
#include "types/numeric_big.h"
#include "types/numeric_math.h"

enum {
    NUMERIC_MAX_PRECISION = 1000,
    NUMERIC_LIMIT_SCALE = 1000, /* of a typmod, either way */
    WIRE_BASE = 10000,
    WIRE_DIGITS = 4, /* decimal digits in one */
    WIRE_HEADER = 8,
};

/* The sign field of the wire form. */
enum {
    WIRE_POSITIVE = 0x0000,
    WIRE_NEGATIVE = 0x4000,
    WIRE_NAN = 0xc000,
    WIRE_INFINITY = 0xd000,
    WIRE_NEGATIVE_INFINITY = 0xf000,
    WIRE_INFINITY_SCALE = 0x20, /* PG15: what the scale field of an infinity happens to hold */
};

/* ---- text ------------------------------------------------------------------------------------------------------ */

static bool read_special(Slice text, Numeric *out)
{
    static const struct {
        const char *word;
        NumericKind kind;
    } words[] = {
        {"nan", NUMERIC_NAN},
        {"infinity", NUMERIC_POSITIVE_INFINITY},
        {"inf", NUMERIC_POSITIVE_INFINITY},
        {"+infinity", NUMERIC_POSITIVE_INFINITY},
        {"+inf", NUMERIC_POSITIVE_INFINITY},
        {"-infinity", NUMERIC_NEGATIVE_INFINITY},
        {"-inf", NUMERIC_NEGATIVE_INFINITY},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        if (text_equals_ignoring_case(text, words[i].word)) {
            *out = (Numeric){.kind = (uint8_t)words[i].kind};
            return true;
        }
    }
    return false;
}

static void numeric_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    Slice trimmed = trim_spaces(text);

    switch (numeric_try_parse(trimmed, ctx->arena, &out->numeric)) {
    case NUMERIC_PARSE_OK:
        break;
    case NUMERIC_PARSE_SYNTAX:
        if (!read_special(trimmed, &out->numeric))
            raise_bad_text(type->sql_name, text);
        break;
    case NUMERIC_PARSE_OVERFLOW:
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    case NUMERIC_PARSE_NO_MEMORY:
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    }
    if (typmod >= NUMERIC_TYPMOD_HEADER)
        numeric_apply_typmod(ctx->arena, typmod, &out->numeric);
}

static void numeric_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    numeric_format(element, out);
}

/* ---- wire ------------------------------------------------------------------------------------------------------ */

static void send_header(StrBuf *out, unsigned count, int weight, unsigned sign, unsigned scale)
{
    send_u16(out, (uint16_t)count);
    send_u16(out, (uint16_t)weight);
    send_u16(out, (uint16_t)sign);
    send_u16(out, (uint16_t)scale);
}

/* Sends decimal digits, of which decimals stand after the point (a multiple of 4), as base-10000 ones. */
static void send_digits(StrBuf *out, const uint8_t *digits, size_t count, size_t decimals, bool negative, unsigned scale)
{
    size_t lead = (WIRE_DIGITS - count % WIRE_DIGITS) % WIRE_DIGITS; /* zeros that fill up the first */
    size_t groups = (count + lead) / WIRE_DIGITS;
    int    weight = (int)groups - (int)(decimals / WIRE_DIGITS) - 1;
    size_t sent = 0;
    size_t at_count = out->size;

    send_header(out, 0, weight, negative ? WIRE_NEGATIVE : WIRE_POSITIVE, scale);
    for (size_t group = 0; group < groups; group++) {
        unsigned value = 0;

        for (size_t i = 0; i < WIRE_DIGITS; i++) {
            size_t at = group * WIRE_DIGITS + i;

            value = value * 10 + (at < lead ? 0 : digits[at - lead]);
        }
        send_u16(out, (uint16_t)value);
        if (value != 0)
            sent = group + 1;
    }
    out->size -= (groups - sent) * 2; /* no zeros at the end */
    put_be16(out->data + at_count, (uint16_t)sent);
}

static void numeric_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    const Numeric *value = element;
    Big            big;
    uint8_t       *digits;
    size_t         count;
    int            pad;

    (void)type;
    switch ((NumericKind)value->kind) {
    case NUMERIC_NAN:
        send_header(out, 0, 0, WIRE_NAN, 0);
        return;
    case NUMERIC_POSITIVE_INFINITY:
        send_header(out, 0, 0, WIRE_INFINITY, WIRE_INFINITY_SCALE);
        return;
    case NUMERIC_NEGATIVE_INFINITY:
        send_header(out, 0, 0, WIRE_NEGATIVE_INFINITY, WIRE_INFINITY_SCALE);
        return;
    default:
        break;
    }
    if (numeric_sign(value) == 0) {
        send_header(out, 0, 0, WIRE_POSITIVE, value->scale);
        return;
    }
    pad = (WIRE_DIGITS - value->scale % WIRE_DIGITS) % WIRE_DIGITS;
    big_load(ctx->arena, value, &big);
    big_multiply_pow10(ctx->arena, &big, pad);
    digits = big_to_digits(ctx->arena, &big, 10, &count);
    send_digits(out, digits, count, (size_t)(value->scale + pad), numeric_sign(value) < 0, value->scale);
}

static noreturn void raise_bad_wire(const char *what)
{
    raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "invalid %s in external \"numeric\" value", what);
}

static bool receive_special(unsigned sign, Numeric *out)
{
    switch (sign) {
    case WIRE_NAN:
        *out = (Numeric){.kind = NUMERIC_NAN};
        return true;
    case WIRE_INFINITY:
        *out = (Numeric){.kind = NUMERIC_POSITIVE_INFINITY};
        return true;
    case WIRE_NEGATIVE_INFINITY:
        *out = (Numeric){.kind = NUMERIC_NEGATIVE_INFINITY};
        return true;
    case WIRE_POSITIVE:
    case WIRE_NEGATIVE:
        return false;
    default:
        raise_bad_wire("sign");
    }
}

/* The decimal digits of the wire form from the first on, up to scale digits after the point. */
static void receive_digits(Arena *arena, const uint8_t *wire, size_t groups, int weight, unsigned scale, bool negative,
                           Numeric *out)
{
    int64_t  integers = ((int64_t)weight + 1) * WIRE_DIGITS; /* digits before the point; below 0: zeros after it */
    int64_t  wanted = integers + scale;                      /* digits that are kept or filled up to */
    uint8_t *digits;
    Big      big;

    if (wanted <= 0 || groups == 0) {
        *out = numeric_from_small(0, (int)scale);
        return;
    }
    if (integers > NUMERIC_MAX_INTEGER_DIGITS)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    digits = arena_alloc_zeroed(arena, (size_t)wanted, 1);
    for (int64_t i = 0; i < wanted && i < (int64_t)groups * WIRE_DIGITS; i++) {
        static const unsigned powers[] = {1000, 100, 10, 1};
        unsigned              group = get_be16(wire + i / WIRE_DIGITS * 2);

        digits[i] = (uint8_t)(group / powers[i % WIRE_DIGITS] % 10);
    }
    if (!big_from_digits(arena, digits, (size_t)wanted, &big))
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    big.scale = (int)scale;
    big.negative = negative && big.count > 0;
    big_store(arena, &big, out);
}

static void numeric_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    unsigned groups;
    unsigned sign;
    unsigned scale;

    (void)type;
    if (wire.size < WIRE_HEADER)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
    groups = get_be16(wire.data);
    sign = get_be16(wire.data + 4);
    scale = get_be16(wire.data + 6);
    if (groups > INT16_MAX)
        raise_bad_wire("length");
    require_wire_size(wire, WIRE_HEADER + (size_t)groups * 2);
    if (!receive_special(sign, &out->numeric)) {
        if (scale > NUMERIC_MAX_SCALE)
            raise_bad_wire("scale");
        for (unsigned i = 0; i < groups; i++) {
            if (get_be16(wire.data + WIRE_HEADER + 2 * i) >= WIRE_BASE)
                raise_bad_wire("digit");
        }
        receive_digits(ctx->arena, wire.data + WIRE_HEADER, groups, (int16_t)get_be16(wire.data + 2), scale,
                       sign == WIRE_NEGATIVE, &out->numeric);
    }
    numeric_apply_typmod(ctx->arena, typmod, &out->numeric);
}

/* ---- order, typmod --------------------------------------------------------------------------------------------- */

static int numeric_type_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return numeric_compare(a, b);
}

static uint64_t numeric_type_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return numeric_hash(element);
}

static void numeric_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    numeric_encode_key(element, out);
}

static int32_t numeric_typmod_in(const TypeInfo *type, const int32_t *arguments, int count)
{
    int32_t scale = count == 2 ? arguments[1] : 0;

    (void)type;
    if (count < 1 || count > 2)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid NUMERIC type modifier");
    if (arguments[0] < 1 || arguments[0] > NUMERIC_MAX_PRECISION)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "NUMERIC precision %d must be between 1 and %d", arguments[0],
                    NUMERIC_MAX_PRECISION);
    if (scale < -NUMERIC_LIMIT_SCALE || scale > NUMERIC_LIMIT_SCALE)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "NUMERIC scale %d must be between %d and %d", scale,
                    -NUMERIC_LIMIT_SCALE, NUMERIC_LIMIT_SCALE);
    return (arguments[0] << 16 | (scale & 0x7ff)) + NUMERIC_TYPMOD_HEADER;
}

static void numeric_typmod_out(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    int32_t bits = typmod - NUMERIC_TYPMOD_HEADER;

    (void)type;
    if (bits >= 0)
        strbuf_printf(out, "(%d,%d)", bits >> 16 & 0xffff, ((bits & 0x7ff) ^ 1024) - 1024);
}

static void numeric_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type, (void)explicit_cast;
    numeric_apply_typmod(ctx->arena, typmod, &value->numeric);
}

/* Keys are not exact: 1.10 and 1.1 encode alike. */
const TypeInfo numeric_types[] = {
    {.oid = TYPE_NUMERIC, .input = numeric_in, .output = numeric_out, .receive = numeric_receive, .send = numeric_send,
     .compare = numeric_type_compare, .hash = numeric_type_hash, .encode_key = numeric_key,
     .typmod_in = numeric_typmod_in, .typmod_out = numeric_typmod_out, .coerce_typmod = numeric_coerce},
    {0},
};
