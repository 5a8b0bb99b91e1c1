/*
 * write_set.c - see write_set.h.
 */
#include "storage/lsm/write_set.h"

#include "storage/lsm/engine_state.h"

#include <stdlib.h>

Status writeset_new(Engine *engine, WriteSet **writes_out, Fault *fault)
{
    WriteSet *writes = calloc(1, sizeof *writes);

    if (writes != NULL)
        writes->arena = arena_try_new(NULL, engine->account, "write set");
    if (writes == NULL || writes->arena == NULL) {
        free(writes);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a write set");
    }
    writes->engine = engine;
    writes->random = hash_u64((uintptr_t)writes) | 1;
    writes->sequence = 1;
    skiplist_init(&writes->list);
    writes->changes_end = &writes->changes;
    *writes_out = writes;
    return STATUS_OK;
}

void writeset_free(WriteSet *writes)
{
    if (writes == NULL)
        return;
    writeset_clear(writes);
    arena_free(writes->arena);
    free(writes->body);
    free(writes);
}

void writeset_clear(WriteSet *writes)
{
    enum { BODY_KEPT_BYTES = 64 << 10 };

    writeset_drop_tables(writes);
    arena_reset(writes->arena);
    skiplist_init(&writes->list);
    writes->splice.height = 0;
    writes->sequence = 1;
    writes->counter = 0;
    writes->bytes = 0;
    writes->entries = 0;
    writes->doomed = false;
    atomic_store_explicit(&writes->dead, NULL, memory_order_relaxed);
    writes->changes = NULL;
    writes->changes_end = &writes->changes;
    if (writes->body_capacity > BODY_KEPT_BYTES) {
        free(writes->body);
        writes->body = NULL;
        writes->body_capacity = 0;
    }
}

bool writeset_is_empty(const WriteSet *writes)
{
    return writes->entries == 0 && writes->changes == NULL && writes->tables == NULL;
}

void writeset_set_owner(WriteSet *writes, void *owner)
{
    writes->owner = owner;
}

void *writeset_owner(const WriteSet *writes)
{
    return writes->owner;
}

LocalSeq writeset_sequence(const WriteSet *writes)
{
    return writes->sequence;
}

LocalSeq writeset_advance(WriteSet *writes)
{
    return ++writes->sequence;
}

void writeset_rollback_to(WriteSet *writes, LocalSeq mark)
{
    DeadRanges *old = atomic_load_explicit(&writes->dead, memory_order_relaxed);
    DeadRanges *dead;
    int         count = old != NULL ? old->count : 0;

    while (count > 0 && old->range[count - 1].from >= mark)
        count--; /* swallowed by the new range */
    dead = arena_try_alloc(writes->arena, sizeof *dead + (size_t)(count + 1) * sizeof dead->range[0]);
    if (dead == NULL) {
        writes->doomed = true; /* what should be dead is not: such a transaction must not commit */
        return;
    }
    if (count > 0)
        memcpy(dead->range, old->range, (size_t)count * sizeof dead->range[0]);
    dead->range[count].from = mark;
    dead->range[count].to = writes->sequence + 1;
    if (count > 0 && dead->range[count - 1].to >= mark) {
        dead->range[count - 1].to = writes->sequence + 1; /* adjacent: one range */
        count--;
    }
    dead->count = count + 1;
    atomic_store_explicit(&writes->dead, dead, memory_order_release);
    writes->sequence++;
}

static Status add_entry(WriteSet *writes, StorageId id, Slice key, EntryKind kind, Slice value, Fault *fault)
{
    int       height = skip_random_height(&writes->random);
    size_t    size = skip_node_size(height, key.size, value.size);
    uint64_t  version = (uint64_t)writes->sequence << 32 | writes->counter;
    SkipNode *node;
    void     *memory;

    if (key.size > ENGINE_MAX_KEY_BYTES)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "key of %zu bytes exceeds the limit of %d", key.size, ENGINE_MAX_KEY_BYTES);
    if (value.size > ENGINE_MAX_VALUE_BYTES)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "value of %zu bytes exceeds the limit of %d", value.size,
                     ENGINE_MAX_VALUE_BYTES);
    memory = arena_try_alloc(writes->arena, size);
    if (memory == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the writes of a transaction");
    node = skip_node_init(memory, height, id, key, version, kind, value);
    skiplist_insert(&writes->list, node, &writes->splice);
    writes->counter++;
    writes->entries++;
    writes->bytes += size;
    return STATUS_OK;
}

Status writeset_put(WriteSet *writes, StorageId id, Slice key, Slice value, Fault *fault)
{
    return add_entry(writes, id, key, ENTRY_PUT, value, fault);
}

Status writeset_delete(WriteSet *writes, StorageId id, Slice key, Fault *fault)
{
    return add_entry(writes, id, key, ENTRY_TOMBSTONE, slice_of(NULL, 0), fault);
}

static Status add_change(WriteSet *writes, StorageChangeKind kind, StorageId id, const RelationOptions *options, Fault *fault)
{
    StorageChange *change = arena_try_alloc(writes->arena, sizeof *change);

    if (change == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the writes of a transaction");
    *change = (StorageChange){.kind = kind, .sequence = writes->sequence, .id = id};
    if (options != NULL)
        change->options = *options;
    *writes->changes_end = change;
    writes->changes_end = &change->next;
    return STATUS_OK;
}

Status writeset_create_storage(WriteSet *writes, StorageId id, const RelationOptions *options, Fault *fault)
{
    return add_change(writes, STORAGE_CREATED, id, options, fault);
}

Status writeset_drop_storage(WriteSet *writes, StorageId id, Fault *fault)
{
    return add_change(writes, STORAGE_DROPPED, id, NULL, fault);
}

bool writeset_created_options(const WriteSet *writes, StorageId id, RelationOptions *options_out)
{
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_acquire);

    for (const StorageChange *change = writes->changes; change != NULL; change = change->next) {
        if (change->kind == STORAGE_CREATED && change->id == id && !dead_ranges_contain(dead, change->sequence)) {
            *options_out = change->options;
            return true;
        }
    }
    return false;
}

static inline bool same_key(const SkipNode *a, const SkipNode *b)
{
    return a->storage_id == b->storage_id && a->prefix == b->prefix && slice_equal(skip_key(a), skip_key(b));
}

SkipNode *writeset_live_version(const WriteSet *writes, SkipNode *node)
{
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_acquire);
    const SkipNode   *first = node;

    if (LIKELY(dead == NULL))
        return node;
    while (dead_ranges_contain(dead, version_sequence(node->version))) {
        node = skip_next(node);
        if (node == NULL || !same_key(first, node))
            return NULL;
    }
    return node;
}

SkipNode *writeset_find(const WriteSet *writes, StorageId id, Slice key, LocalSeq limit)
{
    SkipPosition at = skip_position(id, key, version_below(limit));
    SkipNode    *node;

    if (skiplist_first(&writes->list) == NULL)
        return NULL;
    node = skiplist_seek(&writes->list, &at);
    if (node == NULL || !skip_same_key(node, &at))
        return NULL;
    return writeset_live_version(writes, node);
}

SkipNode *writeset_next_live(const WriteSet *writes, SkipNode *node)
{
    SkipNode *next = node == NULL ? skiplist_first(&writes->list) : skip_next(node);

    while (next != NULL) {
        SkipNode *live;

        if (node != NULL && same_key(node, next)) {
            next = skip_next(next);
            continue;
        }
        live = writeset_live_version(writes, next);
        if (live != NULL)
            return live;
        for (node = next; next != NULL && same_key(node, next);)
            next = skip_next(next); /* all versions of this key are dead */
    }
    return NULL;
}

void writeset_drop_tables(WriteSet *writes)
{
    (void)writes;
}

void writeset_visit_keys(const WriteSet *writes, void (*visit)(void *arg, StorageId id, Slice key), void *arg)
{
    for (SkipNode *node = writeset_next_live(writes, NULL); node != NULL; node = writeset_next_live(writes, node))
        visit(arg, node->storage_id, skip_key(node));
    for (const StorageChange *change = writes->changes; change != NULL; change = change->next) {
        if (change->kind == STORAGE_DROPPED && !dead_ranges_contain(atomic_load(&writes->dead), change->sequence))
            visit(arg, change->id, slice_of(NULL, 0));
    }
    if (writes->tables != NULL)
        visit(arg, 0, slice_of(NULL, 0)); /* sorted tables, spilled or bulk: storage id 0 stands for any relation */
}
