/*
 * vector_type.c - the type vector: text form, binary form, order, hash, key, modifiers.
 */
#include "types/vector_type.h"

#include "base/error.h"
#include "base/hash.h"
#include "types/float.h"
#include "types/io.h"
#include "types/type.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define VALUE(element) (*(const Slice *)(element))

/* ---- checks -------------------------------------------------------------------------------------------------------- */

static void check_dimensions(int64_t dimensions)
{
    if (dimensions < 1)
        raise_error(SQLSTATE_DATA_EXCEPTION, "vector must have at least 1 dimension");
    if (dimensions > VECTOR_MAX_DIMENSIONS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "vector cannot have more than %d dimensions", VECTOR_MAX_DIMENSIONS);
}

static ALWAYS_INLINE void check_element(float value)
{
    if (UNLIKELY(isnan(value)))
        raise_error(SQLSTATE_DATA_EXCEPTION, "NaN not allowed in vector");
    if (UNLIKELY(isinf(value)))
        raise_error(SQLSTATE_DATA_EXCEPTION, "infinite value not allowed in vector");
}

void vector_check_elements(Slice vector)
{
    for (int32_t i = 0; i < vector_dimensions(vector); i++)
        check_element(vector_at(vector, (size_t)i));
}

void vector_check_expected(int32_t typmod, int32_t dimensions)
{
    if (typmod != -1 && typmod != dimensions)
        raise_error(SQLSTATE_DATA_EXCEPTION, "expected %d dimensions, not %d", typmod, dimensions);
}

void vector_check_same(Slice a, Slice b)
{
    if (UNLIKELY(a.size != b.size))
        raise_error(SQLSTATE_DATA_EXCEPTION, "different vector dimensions %d and %d", vector_dimensions(a),
                    vector_dimensions(b));
}

float *vector_new(Arena *arena, int64_t dimensions, Slice *out)
{
    float *elements;

    check_dimensions(dimensions);
    elements = ARENA_ARRAY(arena, (size_t)dimensions, float);
    *out = slice_of(elements, (size_t)dimensions * sizeof *elements);
    return elements;
}

/* ---- text form ----------------------------------------------------------------------------------------------------- */

static noreturn void raise_bad_vector(Slice text, const char *detail)
{
    Error *err = error_new(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type vector: \"%.*s\"",
                           (int)text.size, (const char *)text.data);

    if (detail != NULL)
        error_detail(err, "%s", detail);
    error_raise(err);
}

static const uint8_t *skip_blanks(const uint8_t *at, const uint8_t *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/*
 * Short decimals by one exact division or multiplication of doubles. The result, rounded to double, rounds on to the right
 * float unless it lies within the last bit of halfway between two floats; that, and anything unusual, is left to strtof:
 * NULL then.
 */
static const uint8_t *fast_float(const uint8_t *at, const uint8_t *end, float *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    bool     negative = at < end && *at == '-';
    uint64_t digits = 0, bits;
    int      count = 0, exponent = 0;
    double   value;

    at += negative;
    for (; at < end && (uint8_t)(*at - '0') <= 9; at++, count++)
        digits = digits * 10 + (uint64_t)(*at - '0');
    if (at < end && *at == '.')
        for (at++; at < end && (uint8_t)(*at - '0') <= 9; at++, count++, exponent--)
            digits = digits * 10 + (uint64_t)(*at - '0');
    if (count == 0 || count > 15)
        return NULL;
    if (at < end && (*at | 0x20) == 'e') {
        int  power = 0, power_digits = 0;
        bool below = false;

        at++;
        if (at < end && (*at == '-' || *at == '+'))
            below = *at++ == '-';
        for (; at < end && (uint8_t)(*at - '0') <= 9 && power_digits < 4; at++, power_digits++)
            power = power * 10 + (*at - '0');
        if (power_digits == 0 || power_digits == 4)
            return NULL;
        exponent += below ? -power : power;
    }
    if (exponent < -22 || exponent > 22 || (at < end && *at != ',' && *at != ']' && !is_space(*at)))
        return NULL;
    value = exponent < 0 ? (double)digits / powers[-exponent] : (double)digits * powers[exponent];
    memcpy(&bits, &value, sizeof bits);
    bits &= 0x1fffffff; /* what a float does not keep */
    if (digits != 0 && (value < 1e-37 || value > 1e38 || (bits >= 0x0fffffff && bits <= 0x10000001)))
        return NULL;
    *out = (float)(negative ? -value : value);
    return at;
}

/* What strtof reads at `at`, which ends at the next delimiter at the latest. Returns the byte behind. */
static const uint8_t *slow_float(Slice text, const uint8_t *at, const uint8_t *end, Arena *arena, float *out)
{
    const uint8_t *stop = at;
    char          *copy, *behind;

    while (stop < end && *stop != ',' && *stop != ']' && !is_space(*stop))
        stop++;
    copy = arena_strndup(arena, (const char *)at, (size_t)(stop - at));
    errno = 0;
    *out = strtof(copy, &behind);
    if (behind == copy)
        raise_bad_vector(text, NULL);
    if (errno == ERANGE && isinf(*out))
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%.*s\" is out of range for type vector", (int)(behind - copy), copy);
    return at + (behind - copy);
}

static void vector_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    const uint8_t *end = text.data + text.size;
    const uint8_t *at = skip_blanks(text.data, end);
    int64_t        capacity = typmod > 0 ? typmod : 64;
    int64_t        count = 0;
    float         *elements;

    (void)type;
    if (at == end || *at != '[')
        raise_bad_vector(text, "Vector contents must start with \"[\".");
    at = skip_blanks(at + 1, end);
    if (at < end && *at == ']')
        check_dimensions(0);
    elements = ARENA_ARRAY(ctx->arena, (size_t)capacity, float);
    for (;;) {
        const uint8_t *behind;

        if (count == VECTOR_MAX_DIMENSIONS)
            check_dimensions(count + 1);
        if (count == capacity) {
            elements = arena_grow(ctx->arena, elements, (size_t)capacity * sizeof *elements, 2 * (size_t)capacity * sizeof *elements);
            capacity *= 2;
        }
        at = skip_blanks(at, end);
        if (at == end)
            raise_bad_vector(text, NULL);
        behind = fast_float(at, end, &elements[count]);
        at = behind != NULL ? behind : slow_float(text, at, end, ctx->arena, &elements[count]);
        check_element(elements[count++]);
        at = skip_blanks(at, end);
        if (at == end || (*at != ',' && *at != ']'))
            raise_bad_vector(text, NULL);
        if (*at++ == ']')
            break;
    }
    if (skip_blanks(at, end) != end)
        raise_bad_vector(text, "Junk after closing right brace.");
    vector_check_expected(typmod, (int32_t)count);
    out->bytes = slice_of(elements, (size_t)count * sizeof *elements);
}

static void vector_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice  value = VALUE(element);
    size_t count = (size_t)vector_dimensions(value);
    char  *at = strbuf_reserve(out, count * (FLOAT_TEXT_MAX + 1) + 2);
    char  *start = at;

    (void)type;
    (void)ctx;
    *at++ = '[';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *at++ = ',';
        at += float4_format(vector_at(value, i), 1, at);
    }
    *at++ = ']';
    *at = '\0';
    out->size += (size_t)(at - start);
}

/* ---- binary form: int16 dimensions, int16 zero, then the elements, all big-endian ------------------------------------- */

static void vector_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    int16_t dimensions, unused;
    float  *elements;

    (void)type;
    if (wire.size < 4)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
    dimensions = (int16_t)get_be16(wire.data);
    unused = (int16_t)get_be16(wire.data + 2);
    check_dimensions(dimensions);
    vector_check_expected(typmod, dimensions);
    if (unused != 0)
        raise_error(SQLSTATE_DATA_EXCEPTION, "expected unused to be 0, not %d", unused);
    if (wire.size - 4 < 4 * (size_t)dimensions)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
    if (wire.size - 4 > 4 * (size_t)dimensions)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "incorrect binary data format");
    elements = vector_new(ctx->arena, dimensions, &out->bytes);
    for (size_t i = 0; i < (size_t)dimensions; i++) {
        uint32_t bits = get_be32(wire.data + 4 + 4 * i);

        memcpy(&elements[i], &bits, sizeof bits);
        check_element(elements[i]);
    }
}

static void vector_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice  value = VALUE(element);
    size_t count = (size_t)vector_dimensions(value);
    char  *at = strbuf_reserve(out, 4 + value.size);

    (void)type;
    (void)ctx;
    put_be16(at, (uint16_t)count);
    put_be16(at + 2, 0);
    for (size_t i = 0; i < count; i++)
        put_be32(at + 4 + 4 * i, get_le32(value.data + 4 * i));
    out->size += 4 + value.size;
    out->data[out->size] = '\0';
}

/* ---- order, hash, key ------------------------------------------------------------------------------------------------ */

int vector_compare(Slice a, Slice b)
{
    size_t shared = MIN(a.size, b.size) / sizeof(float);

    for (size_t i = 0; i < shared; i++) {
        float x = vector_at(a, i), y = vector_at(b, i);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.size > b.size) - (a.size < b.size);
}

static int compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return vector_compare(VALUE(a), VALUE(b));
}

static uint64_t hash(const TypeInfo *type, const void *element)
{
    Slice    value = VALUE(element);
    uint64_t sum = value.size;

    (void)type;
    for (size_t i = 0; i < value.size / 4; i++) {
        float    one = vector_at(value, i) + 0.0f; /* -0 becomes 0, which it equals */
        uint32_t bits;

        memcpy(&bits, &one, sizeof bits);
        sum = hash_combine(sum, bits);
    }
    return sum;
}

/* Each element is a 1 and its bits, turned so that bytes sort as numbers; a 0 ends the vector, so that it sorts before longer ones. */
static void encode_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    Slice    value = VALUE(element);
    size_t   count = value.size / 4;
    uint8_t *at = (uint8_t *)strbuf_reserve(out, 5 * count + 1);

    (void)type;
    for (size_t i = 0; i < count; i++) {
        float    one = vector_at(value, i) + 0.0f;
        uint32_t bits;

        memcpy(&bits, &one, sizeof bits);
        bits ^= (bits >> 31) != 0 ? UINT32_MAX : 0x80000000u;
        *at++ = 1;
        put_be32(at, bits);
        at += 4;
    }
    *at++ = 0;
    out->size += 5 * count + 1;
    out->data[out->size] = '\0';
}

/* ---- modifiers ------------------------------------------------------------------------------------------------------- */

static int32_t typmod_in(const TypeInfo *type, const int32_t *arguments, int count)
{
    (void)type;
    if (count != 1)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid type modifier");
    if (arguments[0] < 1)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "dimensions for type vector must be at least 1");
    if (arguments[0] > VECTOR_MAX_DIMENSIONS)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "dimensions for type vector cannot exceed %d", VECTOR_MAX_DIMENSIONS);
    return arguments[0];
}

static void typmod_out(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    (void)type;
    strbuf_printf(out, "(%d)", typmod);
}

static void coerce_typmod(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type;
    (void)explicit_cast;
    (void)ctx;
    vector_check_expected(typmod, vector_dimensions(value->bytes));
}

const TypeInfo vector_type_ops[] = {
    {.oid = TYPE_VECTOR,
     .input = vector_in,
     .output = vector_out,
     .receive = vector_receive,
     .send = vector_send,
     .compare = compare,
     .hash = hash,
     .encode_key = encode_key,
     .typmod_in = typmod_in,
     .typmod_out = typmod_out,
     .coerce_typmod = coerce_typmod},
    {.oid = 0},
};
