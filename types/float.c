/*
 * float.c - the types float4 and float8.
 */
#include "types/float.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>

/* ---- reading --------------------------------------------------------------------------------------------------- */

/*
 * Digits that fit a double exactly with a power of ten that does: one rounding, so the result is strtod's (Clinger 1990).
 * False for everything else.
 */
static bool parse_simple(Slice text, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    size_t              at = 0;
    size_t              decimals = 0;
    uint64_t            digits = 0;
    bool                negative = false;
    bool                point = false;
    size_t              first;

    if (text.size > 0 && text.data[0] == '-') {
        negative = true;
        at = 1;
    }
    first = at;
    if (text.size - at > 16 || at == text.size)
        return false;
    for (; at < text.size; at++) {
        uint8_t c = text.data[at];

        if (c == '.' && !point && at > first) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            digits = digits * 10 + (c - '0');
            decimals += point;
        } else {
            return false;
        }
    }
    if (digits > 1ull << 53)
        return false;
    *out = (double)digits / powers[decimals];
    if (negative)
        *out = -*out;
    return true;
}

enum { TEXT_ON_STACK = 128 };

/* strtod and strtof want a terminated text; a long one is copied to the heap. Returns false for syntax. */
static FloatParse parse_by_library(Slice text, bool single, double *out)
{
    char       on_stack[TEXT_ON_STACK];
    char      *copy = on_stack;
    char      *end;
    FloatParse result = FLOAT_PARSE_OK;

    if (text.size == 0 || is_space(text.data[0]))
        return FLOAT_PARSE_SYNTAX;
    if (text.size >= TEXT_ON_STACK && (copy = malloc(text.size + 1)) == NULL)
        return FLOAT_PARSE_SYNTAX;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    errno = 0;
    *out = single ? (double)strtof(copy, &end) : strtod(copy, &end);
    if (end != copy + text.size || end == copy)
        result = FLOAT_PARSE_SYNTAX;
    else if (errno == ERANGE && (*out == 0 || isinf(*out)))
        result = FLOAT_PARSE_RANGE;
    if (copy != on_stack)
        free(copy);
    return result;
}

FloatParse float8_parse(Slice text, double *out)
{
    text = trim_spaces(text);
    if (parse_simple(text, out))
        return FLOAT_PARSE_OK;
    return parse_by_library(text, false, out);
}

FloatParse float4_parse(Slice text, float *out)
{
    double     value;
    FloatParse result = parse_by_library(trim_spaces(text), true, &value);

    *out = (float)value;
    return result;
}

/* ---- float8 ---------------------------------------------------------------------------------------------------- */

static noreturn void raise_float_range(const char *type_name, Slice text)
{
    text = trim_spaces(text);
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%.*s\" is out of range for type %s", (int)text.size,
                (const char *)text.data, type_name);
}

static void float8_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    FloatParse result = float8_parse(text, &out->float64);

    (void)typmod, (void)ctx;
    if (result == FLOAT_PARSE_SYNTAX)
        raise_bad_text(type->sql_name, text);
    if (result == FLOAT_PARSE_RANGE)
        raise_float_range(type->sql_name, text);
}

static void float8_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    char *at = strbuf_reserve(out, FLOAT_TEXT_MAX);

    (void)type;
    out->size += float8_format(*(const double *)element, ctx->extra_float_digits, at);
    out->data[out->size] = '\0';
}

static void float8_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 8);
    out->int64 = (int64_t)get_be64(wire.data);
}

static void float8_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    uint64_t bits;

    (void)type, (void)ctx;
    memcpy(&bits, element, sizeof bits);
    send_u64(out, bits);
}

static int float8_type_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return float8_compare(*(const double *)a, *(const double *)b);
}

uint64_t float8_hash(double value)
{
    uint64_t bits;

    if (isnan(value))
        return hash_u64(UINT64_MAX);
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return hash_u64(bits + 1);
}

static uint64_t float8_type_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return float8_hash(*(const double *)element);
}

static void float8_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_double(out, *(const double *)element);
}

/* ---- float4 ---------------------------------------------------------------------------------------------------- */

static void float4_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    FloatParse result = float4_parse(text, &out->float32);

    (void)typmod, (void)ctx;
    if (result == FLOAT_PARSE_SYNTAX)
        raise_bad_text(type->sql_name, text);
    if (result == FLOAT_PARSE_RANGE)
        raise_float_range(type->sql_name, text);
}

static void float4_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    char *at = strbuf_reserve(out, FLOAT_TEXT_MAX);

    (void)type;
    out->size += float4_format(*(const float *)element, ctx->extra_float_digits, at);
    out->data[out->size] = '\0';
}

static void float4_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 4);
    out->int32 = (int32_t)get_be32(wire.data);
}

static void float4_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    uint32_t bits;

    (void)type, (void)ctx;
    memcpy(&bits, element, sizeof bits);
    send_u32(out, bits);
}

static int float4_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return float8_compare((double)*(const float *)a, (double)*(const float *)b);
}

/* Hashes as float8, since float4 = float8 can be a hash join. */
static uint64_t float4_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return float8_hash((double)*(const float *)element);
}

static void float4_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_float(out, *(const float *)element);
}

/* Keys are not exact: -0 and 0 are equal and encode alike. */
const TypeInfo float_types[] = {
    {.oid = TYPE_FLOAT4, .input = float4_in, .output = float4_out, .receive = float4_receive, .send = float4_send,
     .compare = float4_compare, .hash = float4_hash, .encode_key = float4_key},
    {.oid = TYPE_FLOAT8, .input = float8_in, .output = float8_out, .receive = float8_receive, .send = float8_send,
     .compare = float8_type_compare, .hash = float8_type_hash, .encode_key = float8_key},
    {0},
};
