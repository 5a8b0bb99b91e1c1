/*
 * jsonb_build.c - making binary JSON.
 *
 * Values go onto a stack. When a container ends, its members are sorted, counted and moved off the stack as a row of
 * closed children, and the size of the container is known. jsonb_finish() then writes the tree top down into memory of exactly
 * that size: every byte of a document is copied once, however deep it stands.
 */
#include "types/jsonb_build.h"

#include "types/numeric.h"

/* A finished value of another document: bytes are copied as they are. Not a tag of the format. */
enum { ITEM_NODE = 0xf0 };

enum { MAX_DOCUMENT_BYTES = 0x3fffffff };

void jsonb_builder_init(JsonbBuilder *builder, Arena *arena)
{
    builder->arena = arena;
    builder->stack = builder->stack_space;
    builder->stack_capacity = ARRAY_LENGTH(builder->stack_space);
    builder->closed = builder->closed_space;
    builder->closed_capacity = ARRAY_LENGTH(builder->closed_space);
    jsonb_builder_clear(builder);
}

void jsonb_builder_clear(JsonbBuilder *builder)
{
    builder->top = 0;
    builder->open = 0;
    builder->depth = 0;
    builder->closed_used = 0;
    builder->key = NULL;
    builder->key_size = 0;
    builder->key_order = 0;
}

void jsonb_raise_too_deep(void)
{
    Error *err = error_new(SQLSTATE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");

    error_hint(err, "JSON values can be nested %d levels deep.", JSONB_MAX_DEPTH);
    error_raise(err);
}

static NEVER_INLINE void grow_stack(JsonbBuilder *builder)
{
    size_t     capacity = builder->stack_capacity * 2;
    JsonbItem *stack = ARENA_ARRAY(builder->arena, capacity, JsonbItem);

    memcpy(stack, builder->stack, builder->top * sizeof *stack);
    builder->stack = stack;
    builder->stack_capacity = capacity;
}

/* A fresh item on the stack that has taken the pending key. */
static ALWAYS_INLINE JsonbItem *push(JsonbBuilder *builder, uint8_t tag)
{
    JsonbItem *item;

    if (UNLIKELY(builder->top == builder->stack_capacity))
        grow_stack(builder);
    item = &builder->stack[builder->top++];
    item->tag = tag;
    item->key = builder->key;
    item->key_size = builder->key_size;
    item->key_order = builder->key_order;
    return item;
}

void jsonb_add_key(JsonbBuilder *builder, Slice key)
{
    jsonb_set_key(builder, key.data, key.size, jsonb_key_order(key.data, key.size, key.data + key.size));
}

void jsonb_add_null(JsonbBuilder *builder)
{
    push(builder, JSONB_TAG_NULL)->size = 1;
}

void jsonb_add_bool(JsonbBuilder *builder, bool value)
{
    push(builder, value ? JSONB_TAG_TRUE : JSONB_TAG_FALSE)->size = 1;
}

void jsonb_add_string(JsonbBuilder *builder, Slice text)
{
    JsonbItem *item = push(builder, JSONB_TAG_STRING);

    item->bytes = text.data;
    item->size = 1 + text.size;
}

void jsonb_add_decimal(JsonbBuilder *builder, int64_t coefficient, uint32_t scale)
{
    size_t bytes = jsonb_int_bytes(coefficient);

    if (LIKELY(scale == 0)) {
        JsonbItem *item = push(builder, (uint8_t)(JSONB_TAG_INT0 + bytes));

        item->integer = coefficient;
        item->size = 1 + bytes;
    } else if (scale <= UINT8_MAX) {
        JsonbItem *item = push(builder, JSONB_TAG_DECIMAL);

        item->integer = coefficient;
        item->scale = (uint8_t)scale;
        item->size = 2 + bytes;
    } else {
        Numeric value = numeric_from_small(coefficient, (int)scale);

        jsonb_add_numeric(builder, &value);
    }
}

void jsonb_add_int64(JsonbBuilder *builder, int64_t value)
{
    if (UNLIKELY(value == INT64_MIN)) {
        Numeric big = numeric_from_int64(value);

        jsonb_add_numeric(builder, &big);
        return;
    }
    jsonb_add_decimal(builder, value, 0);
}

void jsonb_add_numeric(JsonbBuilder *builder, const Numeric *value)
{
    JsonbItem *item;

    if (value->kind == NUMERIC_SMALL && value->scale <= UINT8_MAX) {
        jsonb_add_decimal(builder, value->small, value->scale);
        return;
    }
    item = push(builder, JSONB_TAG_BIG);
    item->numeric = ARENA_NEW(builder->arena, Numeric);
    *item->numeric = *value;
    item->size = 1 + numeric_pack_size(value);
}

void jsonb_add_node_in_place(JsonbBuilder *builder, Slice value)
{
    JsonbItem *item = push(builder, ITEM_NODE);

    item->bytes = value.data;
    item->size = value.size;
}

void jsonb_add_node(JsonbBuilder *builder, Slice value)
{
    if (jsonb_is_container(value) && builder->depth + jsonb_depth(value) > JSONB_MAX_DEPTH)
        jsonb_raise_too_deep();
    jsonb_add_node_in_place(builder, value);
}

static ALWAYS_INLINE void begin(JsonbBuilder *builder, uint8_t tag)
{
    JsonbItem *item = push(builder, tag);

    if (UNLIKELY(++builder->depth > JSONB_MAX_DEPTH))
        jsonb_raise_too_deep();
    item->size = builder->open;
    builder->open = builder->top;
}

void jsonb_begin_object(JsonbBuilder *builder)
{
    begin(builder, JSONB_TAG_OBJECT);
}

void jsonb_begin_array(JsonbBuilder *builder)
{
    begin(builder, JSONB_TAG_ARRAY);
}

/* ---- closing a container ----------------------------------------------------------------------------------------- */

/* Room for the children of a container; it stays where it is until the document is finished. */
static ALWAYS_INLINE JsonbItem *take_closed(JsonbBuilder *builder, size_t count)
{
    JsonbItem *row;

    if (UNLIKELY(builder->closed_capacity - builder->closed_used < count)) {
        builder->closed_capacity = MAX(builder->closed_capacity * 2, count);
        builder->closed = ARENA_ARRAY(builder->arena, builder->closed_capacity, JsonbItem);
        builder->closed_used = 0;
    }
    row = builder->closed + builder->closed_used;
    builder->closed_used += count;
    return row;
}

/* The least width code whose offsets reach largest. */
static ALWAYS_INLINE unsigned width_for(uint64_t largest)
{
    return largest <= UINT8_MAX ? 0 : largest <= UINT16_MAX ? 1 : largest <= UINT32_MAX ? 2 : 3;
}

static ALWAYS_INLINE JsonbItem *end(JsonbBuilder *builder)
{
    JsonbItem *container = &builder->stack[builder->open - 1];

    builder->depth--;
    builder->top = builder->open;
    builder->open = (size_t)container->size;
    return container;
}

static void check_size(uint64_t size)
{
    if (UNLIKELY(size > MAX_DOCUMENT_BYTES))
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "total size of jsonb value exceeds the maximum of %d bytes",
                    MAX_DOCUMENT_BYTES);
}

void jsonb_end_array(JsonbBuilder *builder)
{
    size_t     count = builder->top - builder->open;
    JsonbItem *members = builder->stack + builder->open;
    JsonbItem *container = end(builder);
    uint64_t   total = 0;
    unsigned   width;

    container->children = take_closed(builder, count);
    for (size_t i = 0; i < count; i++) {
        container->children[i] = members[i];
        total += members[i].size;
    }
    check_size(total);
    width = width_for(MAX(total, count));
    container->count = (uint32_t)count;
    container->tag = (uint8_t)(JSONB_TAG_ARRAY + width);
    container->size = 1 + ((uint64_t)1 << width) * (1 + count) + total;
}

/* Where a member stands in the order of its object: the number breaks ties, so that the last of equal keys comes last. */
typedef struct Rank {
    uint64_t order;
    uint32_t member;
} Rank;

static ALWAYS_INLINE int compare_ranks(const JsonbItem *members, const Rank *a, const Rank *b)
{
    const JsonbItem *left, *right;

    if (LIKELY(a->order != b->order))
        return a->order < b->order ? -1 : 1;
    left = &members[a->member];
    right = &members[b->member];
    if (left->key_size != right->key_size)
        return left->key_size < right->key_size ? -1 : 1;
    return left->key_size <= 7 ? 0 : memcmp(left->key, right->key, left->key_size);
}

enum { INSERTION_SORT_MAX = 24 };

static void sort_few(const JsonbItem *members, Rank *ranks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        Rank   moved = ranks[i];
        size_t at = i;

        for (; at > 0 && compare_ranks(members, &ranks[at - 1], &moved) > 0; at--)
            ranks[at] = ranks[at - 1];
        ranks[at] = moved;
    }
}

/* A stable merge sort: spare is as long as ranks. */
static void sort_many(const JsonbItem *members, Rank *ranks, Rank *spare, size_t count)
{
    size_t half = count / 2;
    size_t left = 0, right = half, to = 0;

    if (count <= INSERTION_SORT_MAX) {
        sort_few(members, ranks, count);
        return;
    }
    sort_many(members, ranks, spare, half);
    sort_many(members, ranks + half, spare + half, count - half);
    if (compare_ranks(members, &ranks[half - 1], &ranks[half]) <= 0)
        return;
    memcpy(spare, ranks, half * sizeof *ranks);
    while (left < half && right < count)
        ranks[to++] = compare_ranks(members, &spare[left], &ranks[right]) <= 0 ? spare[left++] : ranks[right++];
    memcpy(ranks + to, spare + left, (half - left) * sizeof *ranks);
}

void jsonb_end_object(JsonbBuilder *builder)
{
    size_t     count = builder->top - builder->open;
    JsonbItem *members = builder->stack + builder->open;
    JsonbItem *container = end(builder);
    Rank       few[INSERTION_SORT_MAX];
    Rank      *ranks = few;
    JsonbItem *children;
    size_t     kept = 0;
    uint64_t   keys = 0, values = 0;
    unsigned   key_width, value_width;

    if (count > INSERTION_SORT_MAX)
        ranks = ARENA_ARRAY(builder->arena, 2 * count, Rank);
    for (size_t i = 0; i < count; i++)
        ranks[i] = (Rank){members[i].key_order, (uint32_t)i};
    if (count > INSERTION_SORT_MAX)
        sort_many(members, ranks, ranks + count, count);
    else
        sort_few(members, ranks, count);

    children = take_closed(builder, count);
    for (size_t i = 0; i < count; i++) {
        const JsonbItem *member = &members[ranks[i].member];

        if (i + 1 < count && UNLIKELY(compare_ranks(members, &ranks[i], &ranks[i + 1]) == 0))
            continue; /* a later value has the same key */
        children[kept++] = *member;
        keys += member->key_size;
        values += member->size;
    }
    check_size(keys + values);
    key_width = width_for(MAX(keys, kept));
    value_width = width_for(values);
    container->children = children;
    container->count = (uint32_t)kept;
    container->tag = (uint8_t)(JSONB_TAG_OBJECT + 4 * key_width + value_width);
    container->size =
        1 + ((uint64_t)1 << key_width) * (1 + kept) + ((uint64_t)1 << value_width) * kept + keys + values;
}

/* ---- layout ------------------------------------------------------------------------------------------------------ */

static ALWAYS_INLINE void put_offset(uint8_t *table, unsigned width, size_t at, uint64_t value)
{
    switch (width) {
    case 0:
        table[at] = (uint8_t)value;
        break;
    case 1:
        put_le16(table + 2 * at, (uint16_t)value);
        break;
    case 2:
        put_le32(table + 4 * at, (uint32_t)value);
        break;
    default:
        put_le64(table + 8 * at, value);
        break;
    }
}

static void put_item(const JsonbItem *item, uint8_t *at);

static void put_array(const JsonbItem *item, uint8_t *at)
{
    unsigned width = item->tag & 3;
    uint8_t *ends = at + 1 + ((size_t)1 << width);
    uint8_t *values = ends + ((size_t)item->count << width);
    uint64_t end_at = 0;

    *at = item->tag;
    put_offset(at + 1, width, 0, item->count);
    for (size_t i = 0; i < item->count; i++) {
        put_item(&item->children[i], values + end_at);
        end_at += item->children[i].size;
        put_offset(ends, width, i, end_at);
    }
}

/* Copies of a few bytes, which keys and strings mostly are, without a call. */
static ALWAYS_INLINE void put_bytes(uint8_t *to, const uint8_t *from, size_t size)
{
    if (size >= 8 && size <= 16) {
        uint64_t first = get_le64(from);
        uint64_t last = get_le64(from + size - 8);

        put_le64(to, first);
        put_le64(to + size - 8, last);
    } else if (size >= 4 && size < 8) {
        uint32_t first = get_le32(from);
        uint32_t last = get_le32(from + size - 4);

        put_le32(to, first);
        put_le32(to + size - 4, last);
    } else if (size > 0) {
        memcpy(to, from, size);
    }
}

static void put_object(const JsonbItem *item, uint8_t *at)
{
    unsigned key_width = (item->tag >> 2) & 3;
    unsigned value_width = item->tag & 3;
    uint8_t *key_ends = at + 1 + ((size_t)1 << key_width);
    uint8_t *value_ends = key_ends + ((size_t)item->count << key_width);
    uint8_t *keys = value_ends + ((size_t)item->count << value_width);
    uint64_t key_end = 0, value_end = 0;
    uint8_t *values;

    *at = item->tag;
    put_offset(at + 1, key_width, 0, item->count);
    for (size_t i = 0; i < item->count; i++) {
        put_bytes(keys + key_end, item->children[i].key, item->children[i].key_size);
        key_end += item->children[i].key_size;
        put_offset(key_ends, key_width, i, key_end);
    }
    values = keys + key_end;
    for (size_t i = 0; i < item->count; i++) {
        put_item(&item->children[i], values + value_end);
        value_end += item->children[i].size;
        put_offset(value_ends, value_width, i, value_end);
    }
}

static ALWAYS_INLINE void put_int(uint8_t *at, int64_t value, size_t bytes)
{
    for (; bytes > 0; bytes--, value >>= 8)
        *at++ = (uint8_t)value;
}

static void put_item(const JsonbItem *item, uint8_t *at)
{
    switch (item->tag) {
    case ITEM_NODE:
        memcpy(at, item->bytes, item->size);
        break;
    case JSONB_TAG_NULL:
    case JSONB_TAG_FALSE:
    case JSONB_TAG_TRUE:
        *at = item->tag;
        break;
    case JSONB_TAG_STRING:
        *at = item->tag;
        put_bytes(at + 1, item->bytes, item->size - 1);
        break;
    case JSONB_TAG_BIG:
        *at = item->tag;
        numeric_pack(item->numeric, at + 1);
        break;
    case JSONB_TAG_DECIMAL:
        *at = item->tag;
        at[1] = item->scale;
        put_int(at + 2, item->integer, item->size - 2);
        break;
    default:
        if (item->tag >= JSONB_TAG_OBJECT) {
            put_object(item, at);
        } else if (item->tag >= JSONB_TAG_ARRAY) {
            put_array(item, at);
        } else {
            *at = item->tag;
            put_int(at + 1, item->integer, item->size - 1);
        }
        break;
    }
}

Slice jsonb_finish(JsonbBuilder *builder)
{
    const JsonbItem *root = builder->stack;
    uint8_t         *bytes;

    ASSERT(builder->top == 1 && builder->open == 0);
    check_size(root->size);
    bytes = arena_alloc(builder->arena, root->size);
    put_item(root, bytes);
    jsonb_builder_clear(builder);
    return slice_of(bytes, (size_t)(root->size));
}

Slice jsonb_make_string(Arena *arena, Slice text)
{
    uint8_t *bytes = arena_alloc(arena, 1 + text.size);

    bytes[0] = JSONB_TAG_STRING;
    if (text.size > 0)
        memcpy(bytes + 1, text.data, text.size);
    return slice_of(bytes, 1 + text.size);
}

Slice jsonb_make_numeric(Arena *arena, const Numeric *value)
{
    JsonbBuilder builder;

    jsonb_builder_init(&builder, arena);
    jsonb_add_numeric(&builder, value);
    return jsonb_finish(&builder);
}
