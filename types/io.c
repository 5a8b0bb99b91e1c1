/*
 * io.c - see io.h.
 */
#include "types/io.h"

void raise_bad_text(const char *type_name, Slice text)
{
    raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s: \"%.*s\"", type_name,
                (int)MIN(text.size, (size_t)INT32_MAX), (const char *)text.data);
}

void raise_out_of_range(const char *type_name, Slice text)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value \"%.*s\" is out of range for type %s",
                (int)MIN(text.size, (size_t)INT32_MAX), (const char *)text.data, type_name);
}

void require_wire_size(Slice wire, size_t size)
{
    if (wire.size < size)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
    if (wire.size > size)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "incorrect binary data format");
}

void append_uint64(StrBuf *out, uint64_t value)
{
    char   digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    strbuf_append(out, digits + at, sizeof digits - at);
}

void append_int64(StrBuf *out, int64_t value)
{
    if (value < 0)
        strbuf_append_char(out, '-');
    append_uint64(out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

int32_t length_typmod(const char *type_name, const int32_t *arguments, int count, int32_t most)
{
    if (count != 1)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid type modifier");
    if (arguments[0] < 1)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "length for type %s must be at least 1", type_name);
    if (arguments[0] > most)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "length for type %s cannot exceed %d", type_name, most);
    return arguments[0];
}
