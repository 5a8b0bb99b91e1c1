/*
 * jsonb_validate.c - whether bytes from outside are a document of the binary JSON format.
 */
#include "types/jsonb.h"

#include "types/json_utf8.h"
#include "types/numeric.h"

static bool valid_value(Slice value, int depth);

/* A table of count end offsets in [at, end): ascending, the last one no more than room. Sets *total to it. */
static bool valid_ends(const uint8_t *table, unsigned width, uint64_t count, uint64_t room, uint64_t *total)
{
    uint64_t before = 0;

    for (uint64_t i = 0; i < count; i++) {
        uint64_t end = jsonb_offset(table, width, i);

        if (end < before || end > room)
            return false;
        before = end;
    }
    *total = before;
    return true;
}

/* Whether width is what a builder would have chosen for offsets up to largest. */
static bool width_is_least(unsigned width, uint64_t largest)
{
    return width == 0 || largest >> (8u << (width - 1)) != 0;
}

static bool valid_array(Slice value, int depth)
{
    unsigned   width = value.data[0] & 3;
    size_t     offset_size = (size_t)1 << width;
    uint64_t   count, total;
    JsonbArray array;

    if (value.size < 1 + offset_size)
        return false;
    count = jsonb_offset(value.data + 1, width, 0);
    if (count > (value.size - 1 - offset_size) / offset_size)
        return false;
    array = jsonb_array_open(value);
    if (!valid_ends(array.ends, width, count, value.size - (size_t)(array.values - value.data), &total))
        return false;
    if (array.values + total != value.data + value.size || !width_is_least(width, MAX(total, count)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!valid_value(jsonb_array_at(&array, i), depth + 1))
            return false;
    return true;
}

static bool valid_keys(const JsonbObject *object)
{
    for (size_t i = 0; i < object->count; i++) {
        Slice key = jsonb_object_key(object, i);

        if (i > 0 && jsonb_key_compare(jsonb_object_key(object, i - 1), key) >= 0)
            return false;
        if (!json_utf8_valid(key, NULL))
            return false;
    }
    return true;
}

static bool valid_object(Slice value, int depth)
{
    unsigned    key_width = (value.data[0] >> 2) & 3;
    unsigned    value_width = value.data[0] & 3;
    size_t      entry_size = ((size_t)1 << key_width) + ((size_t)1 << value_width);
    uint64_t    count, key_total, value_total;
    JsonbObject object;
    size_t      left;

    if (value.size < 1 + ((size_t)1 << key_width))
        return false;
    left = value.size - 1 - ((size_t)1 << key_width);
    count = jsonb_offset(value.data + 1, key_width, 0);
    if (count > left / entry_size)
        return false;
    left -= count * entry_size;
    /* the tables are within the value now; the key area is known to be before jsonb_object_open() trusts it */
    if (!valid_ends(value.data + 1 + ((size_t)1 << key_width), key_width, count, left, &key_total))
        return false;
    object = jsonb_object_open(value);
    if (!valid_ends(object.value_ends, value_width, count, left - key_total, &value_total))
        return false;
    if (object.values + value_total != value.data + value.size || !width_is_least(key_width, MAX(key_total, count)) ||
        !width_is_least(value_width, value_total) || !valid_keys(&object))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!valid_value(jsonb_object_value(&object, i), depth + 1))
            return false;
    return true;
}

static bool valid_int(Slice bytes)
{
    int64_t value;

    if (bytes.size > 8)
        return false;
    value = jsonb_load_int(bytes.data, bytes.size);
    return value != INT64_MIN && jsonb_int_bytes(value) == bytes.size; /* INT64_MIN is no small coefficient: numeric.h */
}

static bool valid_number(Slice value)
{
    Numeric number;

    if (jsonb_is_int(value))
        return value.size == 1 + (size_t)(value.data[0] - JSONB_TAG_INT0) && valid_int(slice_of(value.data + 1, value.size - 1));
    if (value.data[0] == JSONB_TAG_DECIMAL)
        return value.size >= 2 && value.data[1] != 0 && valid_int(slice_of(value.data + 2, value.size - 2));
    if (!numeric_unpack(slice_of(value.data + 1, value.size - 1), &number))
        return false;
    return number.kind == NUMERIC_BIG_POSITIVE || number.kind == NUMERIC_BIG_NEGATIVE ||
           (number.kind == NUMERIC_SMALL && number.scale > UINT8_MAX);
}

static bool valid_value(Slice value, int depth)
{
    switch (jsonb_kind(value)) {
    case JSONB_NULL:
    case JSONB_BOOL:
        return value.size == 1;
    case JSONB_STRING:
        return json_utf8_valid(jsonb_string(value), NULL);
    case JSONB_NUMBER:
        return valid_number(value);
    case JSONB_ARRAY:
        return depth < JSONB_MAX_DEPTH && valid_array(value, depth);
    case JSONB_OBJECT:
        return depth < JSONB_MAX_DEPTH && valid_object(value, depth);
    default:
        return false;
    }
}

bool jsonb_validate(Slice bytes)
{
    return valid_value(bytes, 0);
}
