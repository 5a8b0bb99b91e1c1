/*
 * skip_source.c - a memtable or a write set as a source of an iterator.
 */
#include "storage/lsm/source.h"

#include "storage/lsm/write_set.h"

static inline bool same_key(const SkipNode *a, const SkipNode *b)
{
    return a->storage_id == b->storage_id && a->prefix == b->prefix && slice_equal(skip_key(a), skip_key(b));
}

static void set_entry(SkipSource *skip, SkipNode *node)
{
    skip->node = node;
    skip->source.valid = node != NULL;
    if (node == NULL)
        return;
    skip->source.kind = (EntryKind)node->kind;
    skip->source.key = skip_key(node);
    skip->source.value = skip_value(node);
}

/* The newest version of the node's key that is seen, node being its newest of all; NULL: none. */
static SkipNode *visible_version(const SkipSource *skip, SkipNode *node)
{
    if (node->version > skip->limit) {
        SkipPosition at = {node->prefix, skip->limit, node->storage_id, skip_key(node)};
        SkipNode    *next = skip_next(node);

        /* usually the next one; a hot key may have many that are too new */
        if (next != NULL && next->version > skip->limit && same_key(node, next))
            next = skiplist_seek(skip->list, &at);
        if (next == NULL || !same_key(node, next))
            return NULL;
        node = next;
    }
    return skip->writes != NULL ? writeset_live_version(skip->writes, node) : node;
}

/* The first node behind all versions of this one's key. */
static SkipNode *next_key(SkipNode *node)
{
    SkipNode *next = skip_next(node);

    while (next != NULL && same_key(node, next))
        next = skip_next(next);
    return next;
}

/* Settles on the first visible entry from node, the newest version of its key, on. */
static void settle_forward(SkipSource *skip, SkipNode *node)
{
    while (node != NULL && node->storage_id == skip->id) {
        SkipNode *seen = visible_version(skip, node);

        if (seen != NULL) {
            set_entry(skip, seen);
            return;
        }
        node = next_key(node);
    }
    set_entry(skip, NULL);
}

/* Settles on the last visible entry with a key at or before node's. */
static void settle_backward(SkipSource *skip, SkipNode *node)
{
    while (node != NULL && node->storage_id == skip->id) {
        SkipPosition newest = {node->prefix, UINT64_MAX, node->storage_id, skip_key(node)};
        SkipNode    *first = skiplist_seek(skip->list, &newest);
        SkipNode    *seen = visible_version(skip, first);

        if (seen != NULL) {
            set_entry(skip, seen);
            return;
        }
        node = skiplist_seek_before(skip->list, &newest);
    }
    set_entry(skip, NULL);
}

static Status seek(Source *source, Slice key, bool inclusive, Fault *fault)
{
    SkipSource *skip = (SkipSource *)source;

    (void)fault;
    if (source->backward) {
        /* versions of the key itself stand from UINT64_MAX down: version 0 is behind all of them */
        SkipPosition at = skip_position(skip->id, key, inclusive ? 0 : UINT64_MAX);

        settle_backward(skip, skiplist_seek_before(skip->list, &at));
    } else {
        SkipPosition at = skip_position(skip->id, key, UINT64_MAX);

        settle_forward(skip, skiplist_seek(skip->list, &at));
    }
    return STATUS_OK;
}

static Status seek_end(Source *source, Fault *fault)
{
    SkipSource  *skip = (SkipSource *)source;
    SkipPosition at = skip_position(skip->id + 1, slice_of("", 0), UINT64_MAX);
    SkipPosition last = {.storage_id = UINT32_MAX, .prefix = UINT64_MAX};

    (void)fault;
    if (skip->id == UINT32_MAX) { /* no id above it to stand before: keys of 0xff longer than any */
        static const uint8_t high[ENGINE_MAX_KEY_BYTES + 1] = {[0 ... ENGINE_MAX_KEY_BYTES] = 0xff};

        last.key = slice_of(high, sizeof high);
        at = last;
    }
    settle_backward(skip, skiplist_seek_before(skip->list, &at));
    return STATUS_OK;
}

static Status advance(Source *source, Fault *fault)
{
    SkipSource *skip = (SkipSource *)source;

    (void)fault;
    if (source->backward) {
        SkipPosition newest = {skip->node->prefix, UINT64_MAX, skip->node->storage_id, skip_key(skip->node)};

        settle_backward(skip, skiplist_seek_before(skip->list, &newest));
    } else {
        settle_forward(skip, next_key(skip->node));
    }
    return STATUS_OK;
}

static Status take(Source *source, Slice bound, EntryBatch *batch, Fault *fault)
{
    while (source->valid && !batch_is_full(batch)) {
        if (bound.data != NULL) {
            int order = slice_compare(source->key, bound);

            if (source->backward ? order < !batch->take_bound : order >= 0)
                break;
        }
        if (source->kind == ENTRY_PUT) {
            batch->entries[batch->count++] = (IteratorEntry){source->key, source->value};
            batch->bytes += source->key.size + source->value.size;
        }
        TRY(advance(source, fault));
    }
    return STATUS_OK;
}

static void close_source(Source *source)
{
    (void)source;
}

static const SourceOps skip_source_ops = {seek, seek_end, advance, take, close_source};

void skip_source_open(SkipSource *skip, const SkipList *list, const WriteSet *writes, StorageId id, uint64_t limit,
                      bool backward)
{
    *skip = (SkipSource){.source = {.ops = &skip_source_ops, .backward = backward},
                         .list = list,
                         .writes = writes,
                         .id = id,
                         .limit = limit};
}
