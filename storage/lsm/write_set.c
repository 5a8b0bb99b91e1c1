/*
 * write_set.c - see write_set.h.
 */
#include "storage/lsm/write_set.h"

#include "storage/lsm/engine_state.h"
#include "storage/lsm/table_source.h"

#include <stdlib.h>

WriteRun *write_run_new(Engine *engine)
{
    WriteRun *run = calloc(1, sizeof *run);

    if (run == NULL)
        return NULL;
    run->arena = arena_try_new(NULL, engine->account, "write set");
    if (run->arena == NULL) {
        free(run);
        return NULL;
    }
    atomic_init(&run->references, 1);
    skiplist_init(&run->list);
    return run;
}

void write_run_unref(WriteRun *run)
{
    if (run == NULL || atomic_fetch_sub_explicit(&run->references, 1, memory_order_acq_rel) != 1)
        return;
    arena_free(run->arena);
    free(run);
}

WriteRun *writeset_run(const WriteSet *const_writes)
{
    WriteSet *writes = (WriteSet *)(uintptr_t)const_writes; /* the mutex of a borrowed write set is no part of its value */
    WriteRun *run;

    pthread_mutex_lock(&writes->mutex);
    run = writes->run;
    atomic_fetch_add_explicit(&run->references, 1, memory_order_relaxed);
    pthread_mutex_unlock(&writes->mutex);
    return run;
}

Status writeset_new(Engine *engine, WriteSet **writes_out, Fault *fault)
{
    WriteSet *writes = calloc(1, sizeof *writes);

    if (writes != NULL) {
        writes->run = write_run_new(engine);
        writes->arena = arena_try_new(NULL, engine->account, "write set");
    }
    if (writes == NULL || writes->run == NULL || writes->arena == NULL) {
        if (writes != NULL) {
            write_run_unref(writes->run);
            arena_free(writes->arena);
        }
        free(writes);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a write set");
    }
    writes->engine = engine;
    writes->random = hash_u64((uintptr_t)writes) | 1;
    writes->sequence = 1;
    pthread_mutex_init(&writes->mutex, NULL);
    writes->changes_end = &writes->changes;
    *writes_out = writes;
    return STATUS_OK;
}

void writeset_free(WriteSet *writes)
{
    if (writes == NULL)
        return;
    writeset_drop_tables(writes);
    write_run_unref(writes->run);
    arena_free(writes->arena);
    pthread_mutex_destroy(&writes->mutex);
    free(writes->body);
    free(writes);
}

void writeset_clear(WriteSet *writes)
{
    enum { BODY_KEPT_BYTES = 64 << 10 };

    writeset_drop_tables(writes);
    arena_reset(writes->run->arena); /* nobody reads a transaction that has ended */
    skiplist_init(&writes->run->list);
    arena_reset(writes->arena);
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
    if (writes->bytes + size > writes->engine->options.write_set_bytes && writes->entries != 0)
        TRY(writeset_spill(writes, fault));
    memory = arena_try_alloc(writes->run->arena, size);
    if (memory == NULL && writes->entries != 0) {
        TRY(writeset_spill(writes, fault)); /* the server's budget is used up: ours goes to disk */
        memory = arena_try_alloc(writes->run->arena, size);
    }
    if (memory == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the writes of a transaction");
    node = skip_node_init(memory, height, id, key, version, kind, value);
    skiplist_insert(&writes->run->list, node, &writes->splice);
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

void writeset_options(const WriteSet *writes, StorageId id, RelationOptions *options_out)
{
    Relation relation;

    if (writeset_created_options(writes, id, options_out))
        return;
    relations_get(&writes->engine->relations, id, &relation);
    *options_out = relation.options;
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

static Status find_in_tables(const WriteSet *writes, StorageId id, Slice key, LocalSeq limit, OwnEntry *entry_out, Fault *fault)
{
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_acquire);

    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next) {
        uint64_t   version = version_below(limit);
        TableEntry entry;
        Status     status;

        if (!table->spilled && (table->sequence >= limit || dead_ranges_contain(dead, table->sequence)))
            continue;
        for (;;) {
            status = table_get(writes->engine, table->meta, id, key, version, &entry, fault);
            if (status != STATUS_OK || !table->spilled || !dead_ranges_contain(dead, version_sequence(entry.csn)))
                break;
            block_cache_release(entry.block);
            version = entry.csn - 1;
        }
        if (status == STATUS_OK)
            *entry_out = (OwnEntry){.kind = entry.kind, .value = entry.value, .block = entry.block};
        if (status != STATUS_NOT_FOUND)
            return status;
    }
    return STATUS_NOT_FOUND;
}

Status writeset_find(const WriteSet *const_writes, StorageId id, Slice key, LocalSeq limit, OwnEntry *entry_out, Fault *fault)
{
    WriteSet    *writes = (WriteSet *)(uintptr_t)const_writes;
    SkipPosition at = skip_position(id, key, version_below(limit));
    SkipNode    *node;
    Status       status = STATUS_NOT_FOUND;

    pthread_mutex_lock(&writes->mutex);
    node = skiplist_first(&writes->run->list) == NULL ? NULL : skiplist_seek(&writes->run->list, &at);
    if (node != NULL && skip_same_key(node, &at))
        node = writeset_live_version(writes, node);
    else
        node = NULL;
    if (node != NULL) {
        atomic_fetch_add_explicit(&writes->run->references, 1, memory_order_relaxed);
        *entry_out = (OwnEntry){.kind = (EntryKind)node->kind, .value = skip_value(node), .run = writes->run};
        status = STATUS_OK;
    } else if (writes->tables != NULL) {
        status = find_in_tables(writes, id, key, limit, entry_out, fault);
    }
    pthread_mutex_unlock(&writes->mutex);
    return status;
}

SkipNode *writeset_next_live(const WriteSet *writes, SkipNode *node)
{
    SkipNode *next = node == NULL ? skiplist_first(&writes->run->list) : skip_next(node);

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
    for (WriteSetTable *table = writes->tables; table != NULL; table = table->next)
        file_meta_unref(table->meta);
    writes->tables = NULL;
}

Status writeset_attach(WriteSet *writes, FileMeta *meta, bool spilled, Fault *fault)
{
    WriteSetTable *table = arena_try_alloc(writes->arena, sizeof *table);

    atomic_store_explicit(&meta->obsolete, true, memory_order_relaxed); /* the commit enters a copy of meta that is not */
    if (table == NULL) {
        file_meta_unref(meta);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the writes of a transaction");
    }
    *table = (WriteSetTable){.meta = meta, .spilled = spilled, .sequence = writes->sequence, .counter = writes->counter++};
    pthread_mutex_lock(&writes->mutex);
    table->next = writes->tables;
    writes->tables = table;
    pthread_mutex_unlock(&writes->mutex);
    return STATUS_OK;
}

void writeset_visit_keys(const WriteSet *writes, void (*visit)(void *arg, StorageId id, Slice key), void *arg)
{
    for (SkipNode *node = writeset_next_live(writes, NULL); node != NULL; node = writeset_next_live(writes, node))
        visit(arg, node->storage_id, skip_key(node));
    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next)
        for (int i = 0; i < table->meta->relation_count && table_is_live(table, atomic_load(&writes->dead)); i++)
            visit(arg, table->meta->relations[i].id, slice_of(NULL, 0)); /* its keys are on disk: the relation stands for them */
    for (const StorageChange *change = writes->changes; change != NULL; change = change->next) {
        if (change->kind == STORAGE_DROPPED && !dead_ranges_contain(atomic_load(&writes->dead), change->sequence))
            visit(arg, change->id, slice_of(NULL, 0));
    }
    if (writes->tables != NULL)
        visit(arg, 0, slice_of(NULL, 0)); /* sorted tables, spilled or bulk: storage id 0 stands for any relation */
}
