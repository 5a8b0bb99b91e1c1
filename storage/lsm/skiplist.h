/*
 * skiplist.h - the ordered map in memory behind memtables and write sets: readers take no locks.
 *
 * Entries order by (storage id, key, version descending). They are only added, never moved or removed, and live as
 * long as the memory they were given. Several threads may insert at once.
 *
 * Ownership   nodes live in memory of the caller, who lays them out with skip_node_init().
 * Threads     any number of readers beside any number of inserters.
 * Source      Pugh 1990; lock-free insertion as in Herlihy and Shavit, without deletion.
 */
#ifndef STORAGE_LSM_SKIPLIST_H
#define STORAGE_LSM_SKIPLIST_H

#include "base/bytes.h"
#include "base/common.h"

#include <stdatomic.h>

enum { SKIP_MAX_HEIGHT = 12 }; /* a quarter of the nodes goes one level up: 4^12 entries */

/* Kinds of entries, in memory and on disk. IN STEP WITH: entry kinds (log_record.h, block.h) */
typedef enum EntryKind { ENTRY_PUT = 0, ENTRY_TOMBSTONE = 1 } EntryKind;

typedef struct SkipNode SkipNode;
struct SkipNode {
    uint64_t prefix;  /* the key's first eight bytes as a big-endian number, zeros behind a shorter key */
    uint64_t version; /* memtable: the csn; write set: local sequence and a counter */
    uint32_t storage_id;
    uint32_t value_size;
    uint16_t key_size;
    uint8_t  height;
    uint8_t  kind;                /* EntryKind */
    uint32_t reserved;
    _Atomic(SkipNode *) next[]; /* height of them; then the key's bytes, then the value's */
};

/* Where to look: the first entry at or after (storage id, key, version descending). */
typedef struct SkipPosition {
    uint64_t prefix;
    uint64_t version;
    uint32_t storage_id;
    Slice    key;
} SkipPosition;

typedef struct SkipList {
    _Atomic int height; /* levels in use */
    _Atomic(SkipNode *) head[SKIP_MAX_HEIGHT];
} SkipList;

/* What an insertion learnt about its surroundings; makes the next one of a near key cheap. All zero: nothing. */
typedef struct SkipSplice {
    int                  height;
    _Atomic(SkipNode *) *before[SKIP_MAX_HEIGHT]; /* the tower (head or next[]) that the level is reached from */
    SkipNode            *before_node[SKIP_MAX_HEIGHT]; /* NULL: the head */
    SkipNode            *after[SKIP_MAX_HEIGHT];  /* NULL: the end */
} SkipSplice;

static inline uint64_t skip_prefix(Slice key)
{
    uint8_t padded[8] = {0};

    if (LIKELY(key.size >= 8))
        return get_be64(key.data);
    if (key.size != 0)
        memcpy(padded, key.data, key.size);
    return get_be64(padded);
}

static inline SkipPosition skip_position(uint32_t storage_id, Slice key, uint64_t version)
{
    return (SkipPosition){skip_prefix(key), version, storage_id, key};
}

static inline uint8_t *skip_key_bytes(const SkipNode *node)
{
    return (uint8_t *)(uintptr_t)&node->next[node->height];
}

static inline Slice skip_key(const SkipNode *node)
{
    return slice_of(skip_key_bytes(node), node->key_size);
}

static inline Slice skip_value(const SkipNode *node)
{
    return slice_of(skip_key_bytes(node) + node->key_size, node->value_size);
}

/* Bytes of a node, a multiple of 8. */
static inline size_t skip_node_size(int height, size_t key_size, size_t value_size)
{
    return (sizeof(SkipNode) + (size_t)height * sizeof(SkipNode *) + key_size + value_size + 7) & ~(size_t)7;
}

/* A random height: 1 in 3 of 4 cases. state is the caller's, any value but 0. */
static inline int skip_random_height(uint64_t *state)
{
    int height = 1;

    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    for (uint64_t bits = *state >> 8; (bits & 3) == 0 && height < SKIP_MAX_HEIGHT; bits >>= 2)
        height++;
    return height;
}

void skiplist_init(SkipList *list);

/* Lays a node out in memory of skip_node_size() bytes aligned to 8, copying key and value. */
SkipNode *skip_node_init(void *memory, int height, uint32_t storage_id, Slice key, uint64_t version, EntryKind kind,
                         Slice value);

/* Enters a node; an entry of the same position must not be there. splice NULL: without one. */
void skiplist_insert(SkipList *list, SkipNode *node, SkipSplice *splice);

/* The first node at or after the position, the last one before it; NULL: none. */
SkipNode *skiplist_seek(const SkipList *list, const SkipPosition *at);
SkipNode *skiplist_seek_before(const SkipList *list, const SkipPosition *at);
SkipNode *skiplist_first(const SkipList *list);

static inline SkipNode *skip_next(const SkipNode *node)
{
    return atomic_load_explicit(&node->next[0], memory_order_acquire);
}

/* How node stands to a position: below 0 when it comes before it. */
static inline int skip_compare(const SkipNode *node, const SkipPosition *at)
{
    if (node->storage_id != at->storage_id)
        return node->storage_id < at->storage_id ? -1 : 1;
    if (node->prefix != at->prefix)
        return node->prefix < at->prefix ? -1 : 1;
    if (node->key_size > 8 && at->key.size > 8) {
        size_t shared = MIN((size_t)node->key_size, at->key.size) - 8;
        int    order = memcmp(skip_key_bytes(node) + 8, at->key.data + 8, shared);

        if (order != 0)
            return order;
    }
    if (node->key_size != at->key.size)
        return node->key_size < at->key.size ? -1 : 1;
    return (node->version < at->version) - (node->version > at->version);
}

/* Same storage id and key, whatever the version. */
static inline bool skip_same_key(const SkipNode *node, const SkipPosition *at)
{
    return node->storage_id == at->storage_id && node->prefix == at->prefix && slice_equal(skip_key(node), at->key);
}

/* About how many entries, and bytes with the nodes' overhead, a storage id has: sampled at an upper level. */
void skiplist_estimate(const SkipList *list, uint32_t storage_id, uint64_t *entries_out, uint64_t *bytes_out);

#endif
