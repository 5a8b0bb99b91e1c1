/*
 * skiplist.c - see skiplist.h.
 */
#include "storage/lsm/skiplist.h"

void skiplist_init(SkipList *list)
{
    atomic_init(&list->height, 1);
    for (int level = 0; level < SKIP_MAX_HEIGHT; level++)
        atomic_init(&list->head[level], NULL);
}

SkipNode *skip_node_init(void *memory, int height, uint32_t storage_id, Slice key, uint64_t version, EntryKind kind,
                         Slice value)
{
    SkipNode *node = memory;

    node->prefix = skip_prefix(key);
    node->version = version;
    node->storage_id = storage_id;
    node->value_size = (uint32_t)value.size;
    node->key_size = (uint16_t)key.size;
    node->height = (uint8_t)height;
    node->kind = (uint8_t)kind;
    node->reserved = 0;
    if (key.size != 0)
        memcpy(skip_key_bytes(node), key.data, key.size);
    if (value.size != 0)
        memcpy(skip_key_bytes(node) + key.size, value.data, value.size);
    return node;
}

/* Walks along one level from a tower; leaves the last tower before the position and the node behind it. */
static void walk_level(_Atomic(SkipNode *) *tower, SkipNode *tower_node, int level, const SkipPosition *at,
                       SkipSplice *splice)
{
    for (;;) {
        SkipNode *next = atomic_load_explicit(&tower[level], memory_order_acquire);

        if (next != NULL)
            __builtin_prefetch(atomic_load_explicit(&next->next[level], memory_order_relaxed));
        if (next == NULL || skip_compare(next, at) >= 0) {
            splice->before[level] = tower;
            splice->before_node[level] = tower_node;
            splice->after[level] = next;
            return;
        }
        tower = next->next;
        tower_node = next;
    }
}

/* Whether the position lies between what the splice remembers for a level. */
static bool brackets(const SkipSplice *splice, int level, const SkipPosition *at)
{
    const SkipNode *before = splice->before_node[level];
    const SkipNode *after = splice->after[level];

    return (before == NULL || skip_compare(before, at) < 0) && (after == NULL || skip_compare(after, at) > 0);
}

/* Brings the splice up to date for a position, reusing the levels that still bracket it. */
static void find_splice(SkipList *list, const SkipPosition *at, SkipSplice *splice)
{
    int height = atomic_load_explicit(&list->height, memory_order_acquire);
    int level = 0;

    while (level < splice->height && !brackets(splice, level, at))
        level++;
    if (level == splice->height || splice->height < height) {
        level = height;
        splice->height = height;
        walk_level(list->head, NULL, level - 1, at, splice);
        level--;
    }
    while (level-- > 0)
        walk_level(splice->before[level + 1], splice->before_node[level + 1], level, at, splice);
}

void skiplist_insert(SkipList *list, SkipNode *node, SkipSplice *splice)
{
    SkipPosition at = {node->prefix, node->version, node->storage_id, skip_key(node)};
    SkipSplice   own = {.height = 0};
    int          height = atomic_load_explicit(&list->height, memory_order_relaxed);

    if (splice == NULL)
        splice = &own;
    while (height < node->height &&
           !atomic_compare_exchange_weak_explicit(&list->height, &height, node->height, memory_order_acq_rel,
                                                  memory_order_relaxed))
        continue;
    find_splice(list, &at, splice);
    for (int level = 0; level < node->height; level++) {
        SkipNode *after = splice->after[level];

        for (;;) {
            atomic_store_explicit(&node->next[level], after, memory_order_relaxed);
            if (atomic_compare_exchange_strong_explicit(&splice->before[level][level], &after, node, memory_order_acq_rel,
                                                        memory_order_acquire))
                break;
            walk_level(splice->before[level], splice->before_node[level], level, &at, splice); /* someone came between */
            after = splice->after[level];
        }
        splice->before[level] = node->next;
        splice->before_node[level] = node;
    }
}

SkipNode *skiplist_seek(const SkipList *list, const SkipPosition *at)
{
    const _Atomic(SkipNode *) *tower = list->head;
    const SkipNode            *known_after = NULL;
    SkipNode                  *next = NULL;

    for (int level = atomic_load_explicit(&list->height, memory_order_acquire) - 1; level >= 0; level--) {
        for (;;) {
            next = atomic_load_explicit(&tower[level], memory_order_acquire);
            if (next == NULL || next == known_after)
                break;
            __builtin_prefetch(atomic_load_explicit(&next->next[level], memory_order_relaxed));
            if (skip_compare(next, at) >= 0) {
                known_after = next; /* saves the same comparison one level down */
                break;
            }
            tower = next->next;
        }
    }
    return next;
}

SkipNode *skiplist_seek_before(const SkipList *list, const SkipPosition *at)
{
    const _Atomic(SkipNode *) *tower = list->head;
    SkipNode                  *before = NULL;

    for (int level = atomic_load_explicit(&list->height, memory_order_acquire) - 1; level >= 0; level--) {
        for (;;) {
            SkipNode *next = atomic_load_explicit(&tower[level], memory_order_acquire);

            if (next == NULL || skip_compare(next, at) >= 0)
                break;
            before = next;
            tower = next->next;
        }
    }
    return before;
}

SkipNode *skiplist_first(const SkipList *list)
{
    return atomic_load_explicit(&list->head[0], memory_order_acquire);
}

void skiplist_estimate(const SkipList *list, uint32_t storage_id, uint64_t *entries_out, uint64_t *bytes_out)
{
    enum { ENOUGH = 64 };
    SkipPosition               from = skip_position(storage_id, slice_of("", 0), UINT64_MAX);
    const _Atomic(SkipNode *) *tower = list->head;
    uint64_t                   entries = 0, bytes = 0;

    for (int level = atomic_load_explicit(&list->height, memory_order_acquire) - 1; level >= 0; level--) {
        uint64_t  count = 0, size = 0;
        SkipNode *next = atomic_load_explicit(&tower[level], memory_order_acquire);

        while (next != NULL && skip_compare(next, &from) < 0) {
            tower = next->next;
            next = atomic_load_explicit(&tower[level], memory_order_acquire);
        }
        for (; next != NULL && next->storage_id == storage_id;
             next = atomic_load_explicit(&next->next[level], memory_order_acquire)) {
            count++;
            size += skip_node_size(next->height, next->key_size, next->value_size);
        }
        entries = count << (2 * level);
        bytes = size << (2 * level);
        if (count >= ENOUGH)
            break;
    }
    *entries_out = entries;
    *bytes_out = bytes;
}
