/*
 * jsonb.c - reading binary JSON: look-ups, comparison, hashing, containment.
 */
#include "types/jsonb.h"

#include "base/hash.h"
#include "types/numeric.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define EIGHT(kind) kind, kind, kind, kind, kind, kind, kind, kind
#define INVALID_64                                                                                           \
    EIGHT(JSONB_INVALID), EIGHT(JSONB_INVALID), EIGHT(JSONB_INVALID), EIGHT(JSONB_INVALID), EIGHT(JSONB_INVALID), \
        EIGHT(JSONB_INVALID), EIGHT(JSONB_INVALID), EIGHT(JSONB_INVALID)

/* clang-format off */
const uint8_t jsonb_kinds[256] = {
    INVALID_64,
    /* 0x40 */ JSONB_NULL, JSONB_BOOL, JSONB_BOOL, JSONB_STRING, JSONB_NUMBER, JSONB_NUMBER, JSONB_INVALID, JSONB_INVALID,
    /* 0x48 */ EIGHT(JSONB_NUMBER),
    /* 0x50 */ JSONB_NUMBER, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID,
    /* 0x58 */ EIGHT(JSONB_INVALID),
    /* 0x60 */ JSONB_ARRAY, JSONB_ARRAY, JSONB_ARRAY, JSONB_ARRAY, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID, JSONB_INVALID,
    /* 0x68 */ EIGHT(JSONB_INVALID),
    /* 0x70 */ EIGHT(JSONB_OBJECT), EIGHT(JSONB_OBJECT),
    INVALID_64, INVALID_64,
};
/* clang-format on */

const char *jsonb_type_name(JsonbKind kind)
{
    static const char *const names[] = {
        [JSONB_NULL] = "null",    [JSONB_STRING] = "string", [JSONB_NUMBER] = "number",
        [JSONB_BOOL] = "boolean", [JSONB_ARRAY] = "array",   [JSONB_OBJECT] = "object",
    };

    return (unsigned)kind < ARRAY_LENGTH(names) ? names[kind] : "unknown jsonb value";
}

size_t jsonb_count(Slice value)
{
    switch (jsonb_kind(value)) {
    case JSONB_ARRAY:
        return jsonb_array_open(value).count;
    case JSONB_OBJECT:
        return jsonb_object_open(value).count;
    default:
        return 0;
    }
}

int jsonb_depth(Slice value)
{
    int deepest = 0;

    if (jsonb_kind(value) == JSONB_ARRAY) {
        JsonbArray array = jsonb_array_open(value);

        for (size_t i = 0; i < array.count; i++) {
            int depth = jsonb_depth(jsonb_array_at(&array, i));

            deepest = MAX(deepest, depth);
        }
    } else if (jsonb_kind(value) == JSONB_OBJECT) {
        JsonbObject object = jsonb_object_open(value);

        for (size_t i = 0; i < object.count; i++) {
            int depth = jsonb_depth(jsonb_object_value(&object, i));

            deepest = MAX(deepest, depth);
        }
    } else {
        return 0;
    }
    return deepest + 1;
}

/* ---- look-up ----------------------------------------------------------------------------------------------------- */

/* Whether the key at `at`, known to have the length of key, is key. Reads 8 bytes at once where the object has them. */
static ALWAYS_INLINE bool key_matches(const uint8_t *at, const uint8_t *end, const JsonbKey *key)
{
    if (LIKELY(end - at >= 8)) {
        if (((get_le64(at) ^ key->head) & key->head_mask) != 0)
            return false;
        return key->bytes.size <= 8 || memcmp(at + 8, key->bytes.data + 8, key->bytes.size - 8) == 0;
    }
    return key->bytes.size == 0 || memcmp(at, key->bytes.data, key->bytes.size) == 0;
}

/* Binary search among the keys low .. high-1 by (length, bytes). */
static int64_t find_between(const JsonbObject *object, const JsonbKey *key, size_t low, size_t high)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int    order = jsonb_key_compare(key->bytes, jsonb_object_key(object, middle));

        if (order == 0)
            return (int64_t)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

int64_t jsonb_object_find_plain(const JsonbObject *object, const JsonbKey *key)
{
    return find_between(object, key, 0, object->count);
}

#ifdef __SSE2__
/*
 * Small objects have one-byte key ends: 16 lengths at a time come out of one subtraction. Keys of the wanted length
 * stand together, since keys are sorted by length first; within a long run of them the search is binary.
 */
static int64_t find_narrow(const JsonbObject *object, const JsonbKey *key)
{
    const __m128i wanted = _mm_set1_epi8((char)key->bytes.size);
    const size_t  count = object->count;

    if (key->bytes.size > UINT8_MAX)
        return -1;
    for (size_t base = 0; base < count; base += 16) {
        __m128i  ends, before;
        uint32_t mask;
        size_t   first, run;

        if (UNLIKELY(object->end - (object->key_ends + base) < 16))
            return find_between(object, key, base, count);
        ends = _mm_loadu_si128((const __m128i *)(object->key_ends + base));
        before = base == 0 ? _mm_slli_si128(ends, 1) : _mm_loadu_si128((const __m128i *)(object->key_ends + base - 1));
        mask = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_sub_epi8(ends, before), wanted));
        if (count - base < 16)
            mask &= (1u << (count - base)) - 1;
        if (mask == 0)
            continue;
        first = base + (size_t)__builtin_ctz(mask);
        run = (size_t)__builtin_popcount(mask);
        if (UNLIKELY(run > 4 || mask >> 15 != 0))
            return find_between(object, key, first, mask >> 15 != 0 ? count : first + run);
        for (size_t start = first == 0 ? 0 : object->key_ends[first - 1]; run > 0; first++, run--, start += key->bytes.size)
            if (key_matches(object->keys + start, object->end, key))
                return (int64_t)first;
        return -1;
    }
    return -1;
}
#endif

int64_t jsonb_object_find(const JsonbObject *object, const JsonbKey *key)
{
#ifdef __SSE2__
    if (object->key_width == 0)
        return find_narrow(object, key);
#endif
    return find_between(object, key, 0, object->count);
}

Slice jsonb_get_key(Slice value, const JsonbKey *key, uint32_t *hint)
{
    JsonbObject object;
    int64_t     at;

    if (value.data[0] < JSONB_TAG_OBJECT)
        return slice_of(NULL, 0);
    object = jsonb_object_open(value);
    if (hint != NULL && *hint < object.count) {
        Slice guess = jsonb_object_key(&object, *hint);

        if (guess.size == key->bytes.size && key_matches(guess.data, object.end, key))
            return jsonb_object_value(&object, *hint);
    }
    at = jsonb_object_find(&object, key);
    if (at < 0)
        return slice_of(NULL, 0);
    if (hint != NULL)
        *hint = (uint32_t)at;
    return jsonb_object_value(&object, (size_t)at);
}

Slice jsonb_get_index(Slice value, int64_t index)
{
    JsonbArray array;

    if (jsonb_kind(value) != JSONB_ARRAY)
        return slice_of(NULL, 0);
    array = jsonb_array_open(value);
    if (index < 0)
        index += (int64_t)array.count;
    if (index < 0 || (uint64_t)index >= array.count)
        return slice_of(NULL, 0);
    return jsonb_array_at(&array, (size_t)index);
}

void jsonb_number(Slice value, Numeric *out)
{
    if (jsonb_is_int(value)) {
        *out = (Numeric){.small = jsonb_load_int(value.data + 1, value.size - 1), .kind = NUMERIC_SMALL};
    } else if (value.data[0] == JSONB_TAG_DECIMAL) {
        *out = (Numeric){
            .small = jsonb_load_int(value.data + 2, value.size - 2), .scale = value.data[1], .kind = NUMERIC_SMALL};
    } else {
        bool read = numeric_unpack(slice_of(value.data + 1, value.size - 1), out);

        ASSERT(read);
        (void)read;
    }
}

/* ---- comparison -------------------------------------------------------------------------------------------------- */

static int compare_numbers(Slice a, Slice b)
{
    Numeric left, right;

    if (jsonb_is_int(a) && jsonb_is_int(b)) {
        int64_t x = jsonb_load_int(a.data + 1, a.size - 1);
        int64_t y = jsonb_load_int(b.data + 1, b.size - 1);

        return (x > y) - (x < y);
    }
    jsonb_number(a, &left);
    jsonb_number(b, &right);
    return numeric_compare(&left, &right);
}

static int compare_nested(Slice a, Slice b);

static int compare_arrays(Slice a, Slice b)
{
    JsonbArray left = jsonb_array_open(a);
    JsonbArray right = jsonb_array_open(b);

    if (left.count != right.count)
        return left.count > right.count ? 1 : -1;
    for (size_t i = 0; i < left.count; i++) {
        int order = compare_nested(jsonb_array_at(&left, i), jsonb_array_at(&right, i));

        if (order != 0)
            return order;
    }
    return 0;
}

static int compare_objects(Slice a, Slice b)
{
    JsonbObject left = jsonb_object_open(a);
    JsonbObject right = jsonb_object_open(b);

    if (left.count != right.count)
        return left.count > right.count ? 1 : -1;
    for (size_t i = 0; i < left.count; i++) {
        int order = slice_compare(jsonb_object_key(&left, i), jsonb_object_key(&right, i));

        if (order == 0)
            order = compare_nested(jsonb_object_value(&left, i), jsonb_object_value(&right, i));
        if (order != 0)
            return order;
    }
    return 0;
}

static int compare_nested(Slice a, Slice b)
{
    JsonbKind kind = jsonb_kind(a);
    JsonbKind other = jsonb_kind(b);

    if (kind != other)
        return kind > other ? 1 : -1;
    switch (kind) {
    case JSONB_STRING:
        return slice_compare(jsonb_string(a), jsonb_string(b));
    case JSONB_NUMBER:
        return compare_numbers(a, b);
    case JSONB_BOOL:
        return (int)jsonb_bool(a) - (int)jsonb_bool(b);
    case JSONB_ARRAY:
        return compare_arrays(a, b);
    case JSONB_OBJECT:
        return compare_objects(a, b);
    default:
        return 0;
    }
}

static bool is_empty_array(Slice value)
{
    return jsonb_kind(value) == JSONB_ARRAY && jsonb_array_open(value).count == 0;
}

int jsonb_compare(Slice a, Slice b)
{
    /*
     * PG15: a scalar at the top counts as an array of one element, so that an empty array comes before it. All other
     * arrays still follow the scalars, and objects both.
     */
    if (!jsonb_is_container(a) && is_empty_array(b))
        return 1;
    if (!jsonb_is_container(b) && is_empty_array(a))
        return -1;
    return compare_nested(a, b);
}

bool jsonb_equal(Slice a, Slice b)
{
    return slice_equal(a, b) || jsonb_compare(a, b) == 0;
}

/* ---- hashing ----------------------------------------------------------------------------------------------------- */

uint64_t jsonb_hash(Slice value)
{
    JsonbKind kind = jsonb_kind(value);
    uint64_t  hash = hash_u64((uint64_t)kind + 1);

    switch (kind) {
    case JSONB_STRING:
        return hash_combine(hash, hash_slice(jsonb_string(value)));
    case JSONB_BOOL:
        return hash_combine(hash, jsonb_bool(value));
    case JSONB_NUMBER: {
        Numeric number;

        jsonb_number(value, &number);
        return hash_combine(hash, numeric_hash(&number));
    }
    case JSONB_ARRAY: {
        JsonbArray array = jsonb_array_open(value);

        for (size_t i = 0; i < array.count; i++)
            hash = hash_combine(hash, jsonb_hash(jsonb_array_at(&array, i)));
        return hash;
    }
    case JSONB_OBJECT: {
        JsonbObject object = jsonb_object_open(value);

        for (size_t i = 0; i < object.count; i++) {
            hash = hash_combine(hash, hash_slice(jsonb_object_key(&object, i)));
            hash = hash_combine(hash, jsonb_hash(jsonb_object_value(&object, i)));
        }
        return hash;
    }
    default:
        return hash;
    }
}

/* ---- containment ------------------------------------------------------------------------------------------------- */

static bool contains_nested(Slice outer, Slice inner)
{
    return jsonb_is_container(inner) ? jsonb_kind(outer) == jsonb_kind(inner) && jsonb_contains(outer, inner)
                                     : compare_nested(outer, inner) == 0;
}

static bool object_contains(Slice outer, Slice inner)
{
    JsonbObject whole = jsonb_object_open(outer);
    JsonbObject part = jsonb_object_open(inner);

    if (whole.count < part.count)
        return false;
    for (size_t i = 0; i < part.count; i++) {
        JsonbKey key = jsonb_key(jsonb_object_key(&part, i));
        int64_t  at = jsonb_object_find(&whole, &key);

        if (at < 0 || !contains_nested(jsonb_object_value(&whole, (size_t)at), jsonb_object_value(&part, i)))
            return false;
    }
    return true;
}

static bool array_contains_element(const JsonbArray *whole, Slice wanted)
{
    for (size_t i = 0; i < whole->count; i++)
        if (contains_nested(jsonb_array_at(whole, i), wanted))
            return true;
    return false;
}

bool jsonb_contains(Slice outer, Slice inner)
{
    JsonbKind kind = jsonb_kind(outer);
    JsonbKind wanted = jsonb_kind(inner);

    if (kind == JSONB_OBJECT || wanted == JSONB_OBJECT)
        return kind == wanted && object_contains(outer, inner);
    if (kind != JSONB_ARRAY)
        return wanted != JSONB_ARRAY && compare_nested(outer, inner) == 0;

    JsonbArray whole = jsonb_array_open(outer);

    /* PG15: an array contains a scalar that is one of its elements, but only at the top: contains_nested() sees to that. */
    if (wanted != JSONB_ARRAY)
        return array_contains_element(&whole, inner);

    JsonbArray part = jsonb_array_open(inner);

    for (size_t i = 0; i < part.count; i++)
        if (!array_contains_element(&whole, jsonb_array_at(&part, i)))
            return false;
    return true;
}
