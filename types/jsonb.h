/*
 * jsonb.h - binary JSON: how a jsonb value stands in memory and on disk, and how it is read without decoding it.
 *
 * A value is a run of bytes that begins with a tag; its size is known from outside (the Slice, or the offset table
 * of the container around it). Every value inside a document is itself a complete document, so extraction gives a
 * view into the same bytes and copies nothing. Objects have their keys sorted (shorter first, then by bytes, as
 * PostgreSQL's) beside tables of end offsets; any key is found in O(log n), any index of an array in O(1).
 * docs/formats/jsonb.md has the byte table and a worked dump.
 *
 *     tag           value                              bytes after the tag
 *     0x40          null
 *     0x41, 0x42    false, true
 *     0x43          string                             its UTF-8 bytes, no zero byte
 *     0x44          number beyond the two forms below  numeric_pack()
 *     0x45          decimal                            scale (1 .. 255), coefficient in 0 .. 8 bytes, two's complement
 *     0x48 .. 0x50  integer of tag - 0x48 bytes        two's complement, little-endian, as few bytes as it takes
 *     0x60 + w      array                              count, ends[count], values; each offset in 1 << w bytes
 *     0x70 + 4k + w object                             count, key ends[count] in 1 << k bytes,
 *                                                      value ends[count] in 1 << w bytes, keys, values
 *
 * The two high bits of the first byte are the format's version (01); other values belong to no format yet.
 *
 * Ownership   everything here borrows the document's bytes; views point into them.
 * Threads     pure functions of their arguments.
 * Invariants  functions other than jsonb_validate() and jsonb_kind() take valid documents only: built by this program, or read from
 *             elsewhere and checked by jsonb_validate(). Nesting is at most JSONB_MAX_DEPTH, which bounds recursion.
 * Raises      never
 */
#ifndef TYPES_JSONB_H
#define TYPES_JSONB_H

#include "base/bytes.h"
#include "base/common.h"
#include "types/datum.h"

enum {
    JSONB_TAG_NULL = 0x40,
    JSONB_TAG_FALSE = 0x41,
    JSONB_TAG_TRUE = 0x42,
    JSONB_TAG_STRING = 0x43,
    JSONB_TAG_BIG = 0x44,
    JSONB_TAG_DECIMAL = 0x45,
    JSONB_TAG_INT0 = 0x48, /* .. 0x50: 8 bytes */
    JSONB_TAG_INT8 = 0x50,
    JSONB_TAG_ARRAY = 0x60,  /* .. 0x63 */
    JSONB_TAG_OBJECT = 0x70, /* .. 0x7f */
};

/* Containers within containers, at most. PostgreSQL ends at the depth of its stack, some 9,000. */
enum { JSONB_MAX_DEPTH = 5000 };

/* In the order in which PostgreSQL sorts values of different kinds. */
typedef enum JsonbKind {
    JSONB_NULL = 0,
    JSONB_STRING,
    JSONB_NUMBER,
    JSONB_BOOL,
    JSONB_ARRAY,
    JSONB_OBJECT,
    JSONB_INVALID = 0xff, /* not the first byte of any value */
} JsonbKind;

extern const uint8_t jsonb_kinds[256];

/* What kind of value begins with this tag. Of any bytes; JSONB_INVALID for an empty slice. */
static ALWAYS_INLINE JsonbKind jsonb_kind(Slice value)
{
    return value.size == 0 ? JSONB_INVALID : (JsonbKind)jsonb_kinds[value.data[0]];
}

static ALWAYS_INLINE bool jsonb_is_container(Slice value)
{
    return value.data[0] >= JSONB_TAG_ARRAY;
}

/*
 * True when bytes are one valid document of this format: offsets ascend and end at the end, keys sorted and unique,
 * strings valid UTF-8 without zero bytes, numbers in their shortest form, nesting within JSONB_MAX_DEPTH.
 * Safe on any bytes.
 */
bool jsonb_validate(Slice bytes);

/* "null", "string", "number", "boolean", "array", "object": what jsonb_typeof() says. */
const char *jsonb_type_name(JsonbKind kind);

/* Containers nested in value, itself included; 0 for a scalar. */
int jsonb_depth(Slice value);

/* ---- containers -------------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE uint64_t jsonb_offset(const uint8_t *table, unsigned width_log2, size_t at)
{
    switch (width_log2) {
    case 0:
        return table[at];
    case 1:
        return get_le16(table + 2 * at);
    case 2:
        return get_le32(table + 4 * at);
    default:
        return get_le64(table + 8 * at);
    }
}

/* A container opened for reading: its tables found once. */
typedef struct JsonbArray {
    size_t         count;
    const uint8_t *ends;   /* of values, each 1 << width bytes, counted from values */
    const uint8_t *values;
    uint8_t        width;
} JsonbArray;

typedef struct JsonbObject {
    size_t         count;
    const uint8_t *key_ends;
    const uint8_t *value_ends;
    const uint8_t *keys;
    const uint8_t *values;
    const uint8_t *end; /* of the object */
    uint8_t        key_width;
    uint8_t        value_width;
} JsonbObject;

static ALWAYS_INLINE JsonbArray jsonb_array_open(Slice array)
{
    JsonbArray opened;

    opened.width = array.data[0] & 3;
    opened.count = jsonb_offset(array.data + 1, opened.width, 0);
    opened.ends = array.data + 1 + ((size_t)1 << opened.width);
    opened.values = opened.ends + (opened.count << opened.width);
    return opened;
}

static ALWAYS_INLINE Slice jsonb_array_at(const JsonbArray *array, size_t index)
{
    size_t start = index == 0 ? 0 : jsonb_offset(array->ends, array->width, index - 1);

    return slice_of(array->values + start, jsonb_offset(array->ends, array->width, index) - start);
}

static ALWAYS_INLINE JsonbObject jsonb_object_open(Slice object)
{
    JsonbObject opened;

    opened.key_width = (object.data[0] >> 2) & 3;
    opened.value_width = object.data[0] & 3;
    opened.count = jsonb_offset(object.data + 1, opened.key_width, 0);
    opened.key_ends = object.data + 1 + ((size_t)1 << opened.key_width);
    opened.value_ends = opened.key_ends + (opened.count << opened.key_width);
    opened.keys = opened.value_ends + (opened.count << opened.value_width);
    opened.values = opened.keys + (opened.count == 0 ? 0 : jsonb_offset(opened.key_ends, opened.key_width, opened.count - 1));
    opened.end = object.data + object.size;
    return opened;
}

static ALWAYS_INLINE Slice jsonb_object_key(const JsonbObject *object, size_t index)
{
    size_t start = index == 0 ? 0 : jsonb_offset(object->key_ends, object->key_width, index - 1);

    return slice_of(object->keys + start, jsonb_offset(object->key_ends, object->key_width, index) - start);
}

static ALWAYS_INLINE Slice jsonb_object_value(const JsonbObject *object, size_t index)
{
    size_t start = index == 0 ? 0 : jsonb_offset(object->value_ends, object->value_width, index - 1);

    return slice_of(object->values + start, jsonb_offset(object->value_ends, object->value_width, index) - start);
}

/* Elements of an array, pairs of an object; 0 for a scalar. */
size_t jsonb_count(Slice value);

/* A key prepared for look-ups. bytes is kept: it must outlive the key. */
typedef struct JsonbKey {
    Slice    bytes;
    uint64_t head;      /* the first 8 bytes, zeroes behind a shorter key */
    uint64_t head_mask; /* which bytes of head count */
} JsonbKey;

static inline JsonbKey jsonb_key(Slice bytes)
{
    JsonbKey key = {.bytes = bytes};

    if (bytes.size > 0)
        memcpy(&key.head, bytes.data, MIN(bytes.size, 8));
    key.head_mask = bytes.size >= 8 ? UINT64_MAX : (1ull << (8 * bytes.size)) - 1;
    return key;
}

/* The order of keys in an object: shorter first, then bytes. */
static inline int jsonb_key_compare(Slice a, Slice b)
{
    if (a.size != b.size)
        return a.size < b.size ? -1 : 1;
    return a.size == 0 ? 0 : memcmp(a.data, b.data, a.size);
}

/* The position of a key, or -1. The _plain form is the same without SIMD, for machines that lack it, and for tests. */
int64_t jsonb_object_find(const JsonbObject *object, const JsonbKey *key);
int64_t jsonb_object_find_plain(const JsonbObject *object, const JsonbKey *key);

/*
 * The value under a key, data NULL when there is none or when value is not an object.
 *   hint  in: where the key stood in the last document, tried first; out: where it stands. May be NULL.
 */
Slice jsonb_get_key(Slice value, const JsonbKey *key, uint32_t *hint);

/* The element at an index, counted from the end when negative; data NULL when there is none or it is not an array. */
Slice jsonb_get_index(Slice value, int64_t index);

/* ---- scalars ----------------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE Slice jsonb_string(Slice value)
{
    return slice_of(value.data + 1, value.size - 1);
}

static ALWAYS_INLINE bool jsonb_bool(Slice value)
{
    return value.data[0] == JSONB_TAG_TRUE;
}

/* A little-endian two's complement integer of size (0 .. 8) bytes. */
static ALWAYS_INLINE int64_t jsonb_load_int(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    switch (size) {
    case 0:
        return 0;
    case 1:
        return (int8_t)at[0];
    case 2:
        return (int16_t)get_le16(at);
    case 4:
        return (int32_t)get_le32(at);
    case 8:
        return (int64_t)get_le64(at);
    default:
        memcpy(&value, at, size & 7);
        return (int64_t)(value << (64 - 8 * size)) >> (64 - 8 * size);
    }
}

/* How many bytes jsonb_load_int() needs for a value. */
static ALWAYS_INLINE size_t jsonb_int_bytes(int64_t value)
{
    uint64_t magnitude = (uint64_t)(value ^ (value >> 63));

    return value == 0 ? 0 : magnitude == 0 ? 1 : (size_t)(64 - __builtin_clzll(magnitude)) / 8 + 1;
}

static ALWAYS_INLINE bool jsonb_is_int(Slice value)
{
    return (uint8_t)(value.data[0] - JSONB_TAG_INT0) <= 8;
}

/* The value of a number; a big one points into its bytes. */
void jsonb_number(Slice value, Numeric *out);

/* ---- whole values ------------------------------------------------------------------------------------------------ */

/*
 * PostgreSQL's btree order (compareJsonbContainers): Object > Array > Boolean > Number > String > Null; objects and arrays with fewer
 * members first; then members in turn (key, value, key ...), keys and strings by bytes. PG15: an empty array at the
 * top sorts before every scalar (pinned by a test).
 */
int jsonb_compare(Slice a, Slice b);
bool jsonb_equal(Slice a, Slice b);

/* Equal values hash alike, 1.0 and 1.00 included. */
uint64_t jsonb_hash(Slice value);

/* The @> operator: every part of inner is found at its place in outer. */
bool jsonb_contains(Slice outer, Slice inner);

#endif
