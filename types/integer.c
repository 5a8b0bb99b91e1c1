/*
 * integer.c - the types int2, int4, int8.
 */
#include "types/integer.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"

IntegerParse int64_parse(Slice text, int64_t *out)
{
    const uint8_t *at;
    const uint8_t *end;
    bool           negative = false;
    bool           overflow = false;
    uint64_t       value = 0;

    text = trim_spaces(text);
    at = text.data;
    end = at + text.size;
    if (at < end && (*at == '-' || *at == '+'))
        negative = *at++ == '-';
    if (at == end)
        return INTEGER_PARSE_SYNTAX;
    for (; at < end; at++) {
        unsigned digit = (unsigned)*at - '0';

        if (digit > 9)
            return INTEGER_PARSE_SYNTAX;
        overflow |= __builtin_mul_overflow(value, 10u, &value);
        overflow |= __builtin_add_overflow(value, digit, &value);
    }
    if (overflow || value > (uint64_t)INT64_MAX + negative)
        return INTEGER_PARSE_RANGE;
    *out = (int64_t)(negative ? -value : value);
    return INTEGER_PARSE_OK;
}

static int64_t read_integer(const TypeInfo *type, Slice text, int64_t least, int64_t most)
{
    int64_t      value = 0;
    IntegerParse result = int64_parse(text, &value);

    if (result == INTEGER_PARSE_SYNTAX)
        raise_bad_text(type->sql_name, text);
    if (result == INTEGER_PARSE_RANGE || value < least || value > most)
        raise_out_of_range(type->sql_name, text);
    return value;
}

#define BITS 16
#include "types/integer.tmpl.h"
#define BITS 32
#include "types/integer.tmpl.h"
#define BITS 64
#include "types/integer.tmpl.h"

#define INTEGER_TYPE(oid_, bits)                                                                                 \
    {.oid = (oid_), .input = int##bits##_in, .output = int##bits##_out, .receive = int##bits##_receive,          \
     .send = int##bits##_send, .compare = int##bits##_compare, .hash = int##bits##_hash,                         \
     .encode_key = int##bits##_key, .key_exact = true, .decode_key = int##bits##_from_key}

const TypeInfo integer_types[] = {
    INTEGER_TYPE(TYPE_INT2, 16),
    INTEGER_TYPE(TYPE_INT4, 32),
    INTEGER_TYPE(TYPE_INT8, 64),
    {0},
};
