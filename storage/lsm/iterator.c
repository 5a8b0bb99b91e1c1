/*
 * iterator.c - the merge of all sources of a relation, newest first, in batches without copies.
 *
 * The sources stand in a heap by key. While the first one's keys come before every other's, its entries are taken in one
 * run (SourceOps.take); only where two sources meet in a key does the merge look at single entries: the newest source's
 * entry counts and the others' are passed over.
 */
#include "storage/lsm/source.h"

#include "base/cancel.h"
#include "storage/lsm/engine_state.h"
#include "storage/lsm/table_source.h"

#include <stdlib.h>

struct KeyChunk {
    KeyChunk *older;
    size_t    size;
    uint8_t   bytes[];
};

struct Iterator {
    Engine        *engine;
    Sources       *sources;
    WriteRun      *run; /* of the view's write set; NULL: it has none */
    IteratorOptions options;
    Slice          low, high; /* the bounds, in this allocation; high.data NULL: none */
    bool           backward;
    bool           placed; /* the sources stand somewhere */
    Source       **heap;
    int            heap_count;
    Source       **all;
    int            count;
    SkipSource    *skips;
    LevelSource   *tables;
    KeySpace       keys;
    Pins           pins;
};

/* ---- memory for keys ------------------------------------------------------------------------------------------------- */

bool keyspace_grow(KeySpace *space, size_t size)
{
    size_t    wanted = MAX(size + 32, space->chunk != NULL ? space->chunk->size * 2 : (size_t)1024);
    KeyChunk *chunk = malloc(sizeof *chunk + wanted);

    if (chunk == NULL)
        return false;
    chunk->older = space->chunk;
    chunk->size = wanted;
    space->chunk = chunk;
    space->at = chunk->bytes;
    space->end = chunk->bytes + wanted;
    return true;
}

void keyspace_reset(KeySpace *space)
{
    KeyChunk *chunk = space->chunk;

    if (chunk == NULL)
        return;
    while (chunk->older != NULL) {
        KeyChunk *older = chunk->older;

        chunk->older = older->older;
        free(older);
    }
    space->at = chunk->bytes;
}

void keyspace_free(KeySpace *space)
{
    keyspace_reset(space);
    free(space->chunk);
    *space = (KeySpace){0};
}

static void drop_pins(Iterator *iterator)
{
    for (int i = 0; i < iterator->pins.count; i++)
        block_cache_release(iterator->pins.blocks[i]);
    iterator->pins.count = 0;
}

/* ---- the heap -------------------------------------------------------------------------------------------------------- */

/* Whether a comes before b: by key in the direction, then the newer source first. */
static inline bool comes_before(const Iterator *iterator, const Source *a, const Source *b)
{
    int order = slice_compare(a->key, b->key);

    if (order == 0)
        return a->rank < b->rank;
    return iterator->backward ? order > 0 : order < 0;
}

static void sift_down(Iterator *iterator, int at)
{
    Source *moved = iterator->heap[at];

    for (;;) {
        int child = 2 * at + 1;

        if (child >= iterator->heap_count)
            break;
        if (child + 1 < iterator->heap_count && comes_before(iterator, iterator->heap[child + 1], iterator->heap[child]))
            child++;
        if (!comes_before(iterator, iterator->heap[child], moved))
            break;
        iterator->heap[at] = iterator->heap[child];
        at = child;
    }
    iterator->heap[at] = moved;
}

static bool out_of_bounds(const Iterator *iterator, Slice key)
{
    if (iterator->backward)
        return slice_compare(key, iterator->low) < 0;
    return iterator->high.data != NULL && slice_compare(key, iterator->high) >= 0;
}

/* After the first source has moved: back into order, or out when it has nothing more within the bounds. */
static void settle_top(Iterator *iterator)
{
    Source *top = iterator->heap[0];

    if (!top->valid || out_of_bounds(iterator, top->key)) {
        iterator->heap[0] = iterator->heap[--iterator->heap_count];
        if (iterator->heap_count == 0)
            return;
    }
    sift_down(iterator, 0);
}

static void build_heap(Iterator *iterator)
{
    iterator->heap_count = 0;
    for (int i = 0; i < iterator->count; i++) {
        Source *source = iterator->all[i];

        if (source->valid && !out_of_bounds(iterator, source->key))
            iterator->heap[iterator->heap_count++] = source;
    }
    for (int i = iterator->heap_count / 2 - 1; i >= 0; i--)
        sift_down(iterator, i);
}

/* ---- opening --------------------------------------------------------------------------------------------------------- */

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for an iterator");
}

/* Iterator, bounds and sources in one allocation. */
static Iterator *iterator_allocate(const IteratorOptions *options, int skip_count, int table_count)
{
    int       count = skip_count + table_count;
    size_t    size = sizeof(Iterator) + (size_t)skip_count * sizeof(SkipSource) + (size_t)table_count * sizeof(LevelSource) +
                  2 * (size_t)count * sizeof(Source *) + options->lower.size + options->upper.size;
    Iterator *iterator = malloc(size);
    uint8_t  *at;

    if (iterator == NULL)
        return NULL;
    *iterator = (Iterator){.options = *options, .backward = options->direction == SCAN_BACKWARD};
    at = (uint8_t *)(iterator + 1);
    iterator->skips = (SkipSource *)at;
    at += (size_t)skip_count * sizeof(SkipSource);
    iterator->tables = (LevelSource *)at;
    at += (size_t)table_count * sizeof(LevelSource);
    iterator->heap = (Source **)at;
    at += (size_t)count * sizeof(Source *);
    iterator->all = (Source **)at;
    at += (size_t)count * sizeof(Source *);
    if (options->lower.size != 0)
        memcpy(at, options->lower.data, options->lower.size);
    iterator->low = slice_of(at, options->lower.size);
    at += options->lower.size;
    if (options->upper.data != NULL) {
        if (options->upper.size != 0)
            memcpy(at, options->upper.data, options->upper.size);
        iterator->high = slice_of(at, options->upper.size);
    }
    return iterator;
}

static void add_source(Iterator *iterator, Source *source)
{
    source->rank = iterator->count;
    iterator->all[iterator->count++] = source;
}

Status iterator_open(Engine *engine, const ReadView *view, const IteratorOptions *options, Iterator **iterator_out,
                     Fault *fault)
{
    Sources   *sources = sources_acquire(engine);
    Csn        csn = view->csn == CSN_MAX ? engine_visible_csn(engine) : view->csn; /* after the sources: see engine_get() */
    TableRange range = {options->storage_id, options};
    int        own = view->writes != NULL ? 1 : 0;
    WriteRun  *run = own ? writeset_run(view->writes) : NULL; /* before its tables: what is spilled between is in both */
    int        own_tables = own ? write_sources_needed(view->writes) : 0;
    int        table_count = table_sources_needed(sources->version, &range) + own_tables;
    Iterator  *iterator = iterator_allocate(options, sources->memtable_count + own, table_count);
    int        skip = 0, table = 0;

    if (iterator == NULL) {
        sources_release(sources);
        write_run_unref(run);
        return no_memory(fault);
    }
    iterator->engine = engine;
    iterator->sources = sources;
    iterator->run = run;
    if (own) {
        skip_source_open(&iterator->skips[skip], &run->list, view->writes, options->storage_id,
                         version_below(view->local_limit), iterator->backward);
        add_source(iterator, &iterator->skips[skip++].source);
        table = write_sources_open(engine, view->writes, view->local_limit, &range, &iterator->pins, iterator->tables, own_tables);
        for (int i = 0; i < table; i++)
            add_source(iterator, &iterator->tables[i].source);
    }
    for (int i = 0; i < sources->memtable_count; i++) {
        skip_source_open(&iterator->skips[skip], &sources->memtables[i]->list, NULL, options->storage_id, csn,
                         iterator->backward);
        add_source(iterator, &iterator->skips[skip++].source);
    }
    table_count = table + table_sources_open(engine, sources->version, &range, csn, &iterator->pins, iterator->tables + table);
    for (int i = table; i < table_count; i++)
        add_source(iterator, &iterator->tables[i].source);
    *iterator_out = iterator;
    return STATUS_OK;
}

void iterator_close(Iterator *iterator)
{
    if (iterator == NULL)
        return;
    for (int i = 0; i < iterator->count; i++)
        iterator->all[i]->ops->close(iterator->all[i]);
    drop_pins(iterator);
    free(iterator->pins.blocks);
    keyspace_free(&iterator->keys);
    write_run_unref(iterator->run);
    sources_release(iterator->sources);
    free(iterator);
}

/* ---- moving ---------------------------------------------------------------------------------------------------------- */

static Status place_all(Iterator *iterator, Slice key, bool inclusive, bool at_end, Fault *fault)
{
    for (int i = 0; i < iterator->count; i++) {
        Source *source = iterator->all[i];

        TRY(at_end ? source->ops->seek_end(source, fault) : source->ops->seek(source, key, inclusive, fault));
    }
    build_heap(iterator);
    iterator->placed = true;
    return STATUS_OK;
}

static Status place_at_start(Iterator *iterator, Fault *fault)
{
    if (!iterator->backward)
        return place_all(iterator, iterator->low, true, false, fault);
    return place_all(iterator, iterator->high, false, iterator->high.data == NULL, fault);
}

Status iterator_seek(Iterator *iterator, Slice key, Fault *fault)
{
    if (iterator->backward) {
        if (iterator->high.data != NULL && slice_compare(key, iterator->high) >= 0)
            return place_all(iterator, iterator->high, false, false, fault);
    } else if (slice_compare(key, iterator->low) < 0) {
        key = iterator->low;
    }
    return place_all(iterator, key, true, false, fault);
}

/* The newest source has an entry for a key, others have older ones: takes the one, passes over all. */
static Status take_shared_key(Iterator *iterator, EntryBatch *batch, Fault *fault)
{
    Source *top = iterator->heap[0];
    Slice   key = keyspace_copy(&iterator->keys, top->key); /* outlives the sources' moves, and may go into the batch */

    if (key.data == NULL && top->key.size != 0)
        return no_memory(fault);
    if (top->kind == ENTRY_PUT) {
        batch->entries[batch->count++] = (IteratorEntry){key, top->value};
        batch->bytes += key.size + top->value.size;
        top->emitted = true;
    }
    do {
        TRY(iterator->heap[0]->ops->advance(iterator->heap[0], fault));
        settle_top(iterator);
    } while (iterator->heap_count > 0 && slice_equal(iterator->heap[0]->key, key));
    return STATUS_OK;
}

/* Up to where the first source's entries come before everybody else's: the second's key, or the iterator's bound. */
static Slice run_bound(const Iterator *iterator, EntryBatch *batch, bool *shared_out)
{
    Source *second;

    *shared_out = false;
    batch->take_bound = iterator->heap_count < 2; /* only then it is the lower one, which belongs to the range */
    if (iterator->heap_count < 2) {
        if (!iterator->backward)
            return iterator->high;
        return iterator->low.size != 0 ? iterator->low : slice_of(NULL, 0);
    }
    second = iterator->heap[1];
    if (iterator->heap_count > 2 && comes_before(iterator, iterator->heap[2], second))
        second = iterator->heap[2];
    *shared_out = slice_equal(second->key, iterator->heap[0]->key);
    return second->key; /* within the bounds, or it would not be in the heap */
}

Status iterator_next(Iterator *iterator, IteratorEntry *entries, int max_entries, int *count_out, Fault *fault)
{
    EntryBatch batch = {.entries = entries, .capacity = max_entries, .keys = &iterator->keys, .pins = &iterator->pins};

    *count_out = 0;
    drop_pins(iterator);
    keyspace_reset(&iterator->keys);
    if (!iterator->placed)
        TRY(place_at_start(iterator, fault));
    for (unsigned steps = 1; iterator->heap_count > 0 && !batch_is_full(&batch); steps++) {
        Source *top = iterator->heap[0];
        bool    shared;
        Slice   bound = run_bound(iterator, &batch, &shared);

        if (UNLIKELY(steps % 1024 == 0) && cancel_pending())
            return FAULT(fault, STATUS_CANCELLED, 0, "cancelled");
        if (shared) {
            TRY(take_shared_key(iterator, &batch, fault));
            continue;
        }
        TRY(top->ops->take(top, bound, &batch, fault));
        settle_top(iterator);
    }
    *count_out = batch.count;
    return STATUS_OK;
}
