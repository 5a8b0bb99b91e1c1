/*
 * jsonb_build.h - making binary JSON: values are added in any order of keys, and laid out when the document is finished.
 *
 *     JsonbBuilder builder;
 *     jsonb_builder_init(&builder, arena);
 *     jsonb_begin_object(&builder);
 *     jsonb_add_key(&builder, slice_from_cstring("age"));
 *     jsonb_add_int64(&builder, 42);
 *     jsonb_end_object(&builder);
 *     Slice document = jsonb_finish(&builder);
 *
 * Within an object every value is preceded by its key; the last of equal keys wins. A builder makes one document after
 * another and keeps its scratch memory between them.
 *
 * Ownership   bytes added (strings, keys, nodes, big numbers) are borrowed until jsonb_finish(), which returns memory of the arena.
 *             The builder itself is a plain value, a few kB: on the C stack, or in an arena.
 * Raises      54001 when containers nest deeper than JSONB_MAX_DEPTH, 54000 beyond 1 GB, 53200 without memory
 */
#ifndef TYPES_JSONB_BUILD_H
#define TYPES_JSONB_BUILD_H

#include "base/arena.h"
#include "base/error.h"
#include "types/jsonb.h"

enum { JSONB_BUILDER_INLINE = 48 };

/* One value being built. */
typedef struct JsonbItem JsonbItem;
struct JsonbItem {
    uint64_t size; /* of the encoded value; while a container is open, the position of the one around it */
    union {
        const uint8_t *bytes;    /* of a string, or of a whole node when tag is ITEM_NODE */
        int64_t        integer;  /* coefficient */
        Numeric       *numeric;  /* JSONB_TAG_BIG */
        JsonbItem     *children; /* sorted members or elements, once the container is closed */
    };
    const uint8_t *key;
    uint64_t       key_order; /* sorts as (length, first 7 bytes) */
    uint32_t       key_size;
    uint32_t       count;     /* of children */
    uint8_t        tag;
    uint8_t        scale;
};

typedef struct JsonbBuilder {
    Arena         *arena;
    JsonbItem     *stack; /* values not yet gathered into a closed container, each container before its members */
    size_t         top, stack_capacity;
    size_t         open;  /* position of the innermost open container + 1; 0: none */
    int            depth;
    const uint8_t *key;   /* of the next value */
    uint64_t       key_order;
    uint32_t       key_size;
    JsonbItem     *closed; /* room for children of closed containers */
    size_t         closed_used, closed_capacity;
    JsonbItem      stack_space[JSONB_BUILDER_INLINE];
    JsonbItem      closed_space[JSONB_BUILDER_INLINE];
} JsonbBuilder;

void jsonb_builder_init(JsonbBuilder *builder, Arena *arena);

void jsonb_begin_object(JsonbBuilder *builder);
void jsonb_end_object(JsonbBuilder *builder);
void jsonb_begin_array(JsonbBuilder *builder);
void jsonb_end_array(JsonbBuilder *builder);

/* The key of the value added next. */
void jsonb_add_key(JsonbBuilder *builder, Slice key);

void jsonb_add_null(JsonbBuilder *builder);
void jsonb_add_bool(JsonbBuilder *builder, bool value);
void jsonb_add_string(JsonbBuilder *builder, Slice text);
void jsonb_add_int64(JsonbBuilder *builder, int64_t value);
/* A finite number. */
void jsonb_add_numeric(JsonbBuilder *builder, const Numeric *value);
/* A short decimal, |coefficient| < 2^63. */
void jsonb_add_decimal(JsonbBuilder *builder, int64_t coefficient, uint32_t scale);
/* A finished document as a part of this one. */
void jsonb_add_node(JsonbBuilder *builder, Slice value);
/* The same for a part of a document that stays at its depth, which then need not be measured. */
void jsonb_add_node_in_place(JsonbBuilder *builder, Slice value);

/* The key and the order of keys, for builders of text that know 8 bytes may be read at the key: see json_parse.c. */
static inline uint64_t jsonb_key_order(const uint8_t *key, size_t size, const uint8_t *readable_end)
{
    uint64_t head = 0;

    if (LIKELY(readable_end - key >= 8)) {
        head = get_be64(key);
        head &= size >= 8 ? UINT64_MAX : ~(UINT64_MAX >> (8 * size));
    } else {
        for (size_t i = 0; i < MIN(size, 8); i++)
            head |= (uint64_t)key[i] << (56 - 8 * i);
    }
    return (uint64_t)MIN(size, UINT8_MAX) << 56 | head >> 8;
}

static inline void jsonb_set_key(JsonbBuilder *builder, const uint8_t *key, size_t size, uint64_t order)
{
    builder->key = key;
    builder->key_size = (uint32_t)size;
    builder->key_order = order;
}

/* Lays the document out. The builder is empty again afterwards. Exactly one value must have been added at the top. */
Slice jsonb_finish(JsonbBuilder *builder);

/* Forgets what was added. */
void jsonb_builder_clear(JsonbBuilder *builder);

/* Documents of one scalar. */
Slice jsonb_make_string(Arena *arena, Slice text);
Slice jsonb_make_numeric(Arena *arena, const Numeric *value);
static inline Slice jsonb_make_null(void)
{
    return slice_of("\x40", 1);
}
static inline Slice jsonb_make_bool(bool value)
{
    return value ? slice_of("\x42", 1) : slice_of("\x41", 1);
}

noreturn void jsonb_raise_too_deep(void);

#endif
