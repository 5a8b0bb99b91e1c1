/*
 * split.c - cuts a range into parts of similar size, by the tables' indexes and a sample of the memtables.
 */
#include "storage/lsm/engine_state.h"
#include "storage/lsm/table.h"

#include <stdlib.h>

enum { SAMPLES_PER_PART = 32 };

typedef struct Sample {
    Slice    key; /* without the storage id, in the sample's source */
    uint64_t weight;
} Sample;

typedef struct Samples {
    Sample      *items;
    int          count, capacity;
    StorageId    id;
    Slice        lower, upper;
    TableReader **readers; /* whose separators the samples point into */
    int          reader_count, reader_capacity;
} Samples;

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for splitting a range");
}

static bool inside(const Samples *samples, Slice key)
{
    return slice_compare(key, samples->lower) > 0 && (samples->upper.data == NULL || slice_compare(key, samples->upper) < 0);
}

static Status add_sample(Samples *samples, Slice key, uint64_t weight, Fault *fault)
{
    if (!inside(samples, key))
        return STATUS_OK;
    if (samples->count == samples->capacity) {
        int     capacity = MAX(256, samples->capacity * 2);
        Sample *items = realloc(samples->items, (size_t)capacity * sizeof *items);

        if (items == NULL)
            return no_memory(fault);
        samples->items = items;
        samples->capacity = capacity;
    }
    samples->items[samples->count++] = (Sample){key, weight};
    return STATUS_OK;
}

/* Every stride-th separator of a table. */
static Status sample_table(Engine *engine, FileMeta *meta, uint64_t stride_bytes, Samples *samples, Fault *fault)
{
    TableReader *reader;
    uint64_t     weight = 0;

    if (samples->reader_count == samples->reader_capacity) {
        int           capacity = MAX(16, samples->reader_capacity * 2);
        TableReader **readers = realloc(samples->readers, (size_t)capacity * sizeof *readers);

        if (readers == NULL)
            return no_memory(fault);
        samples->readers = readers;
        samples->reader_capacity = capacity;
    }
    TRY(table_cache_acquire(engine->tables, meta, &reader, fault));
    samples->readers[samples->reader_count++] = reader;
    for (uint32_t i = 0; i < reader->block_count; i++) {
        Slice separator = table_reader_separator(reader, i);

        weight += table_reader_block_size(reader, i);
        if (get_be32(separator.data) != samples->id || (weight < stride_bytes && i + 1 < reader->block_count))
            continue;
        TRY(add_sample(samples, slice_of(separator.data + 4, separator.size - 4), weight, fault));
        weight = 0;
    }
    return STATUS_OK;
}

/* Nodes of a level of the skip list that has enough of them. */
static Status sample_memtable(const Memtable *memtable, int wanted, Samples *samples, Fault *fault)
{
    SkipPosition from = skip_position(samples->id, samples->lower, UINT64_MAX);
    uint64_t     entries, bytes;
    int          level = 0;

    skiplist_estimate(&memtable->list, samples->id, &entries, &bytes);
    while (level < SKIP_MAX_HEIGHT - 1 && (entries >> (2 * (level + 1))) >= (uint64_t)wanted)
        level++;
    for (SkipNode *node = skiplist_seek(&memtable->list, &from); node != NULL && node->storage_id == samples->id;) {
        if (samples->upper.data != NULL && slice_compare(skip_key(node), samples->upper) >= 0)
            break;
        if (node->height > level) {
            TRY(add_sample(samples, skip_key(node), (skip_node_size(node->height, node->key_size, node->value_size) << (2 * level)) / 2, fault));
            node = atomic_load_explicit(&node->next[level], memory_order_acquire);
        } else {
            node = skip_next(node);
        }
    }
    return STATUS_OK;
}

static Status sample_all(Engine *engine, const Sources *sources, int parts, Samples *samples, Fault *fault)
{
    uint64_t bytes = 0;

    for (int level = 0; level < ENGINE_LEVELS; level++)
        for (int i = 0; i < sources->version->levels[level].count; i++)
            if (file_meta_relation(sources->version->levels[level].files[i], samples->id) != NULL)
                bytes += sources->version->levels[level].files[i]->size;
    for (int i = 0; i < sources->memtable_count; i++)
        TRY(sample_memtable(sources->memtables[i], parts * SAMPLES_PER_PART, samples, fault));
    for (int level = 0; level < ENGINE_LEVELS; level++) {
        for (int i = 0; i < sources->version->levels[level].count; i++) {
            FileMeta *meta = sources->version->levels[level].files[i];

            if (file_meta_relation(meta, samples->id) == NULL || engine_key_compare(meta->largest, samples->id, samples->lower) < 0 ||
                (samples->upper.data != NULL && engine_key_compare(meta->smallest, samples->id, samples->upper) >= 0))
                continue;
            TRY(sample_table(engine, meta, bytes / (uint64_t)(parts * SAMPLES_PER_PART) + 1, samples, fault));
        }
    }
    return STATUS_OK;
}

static int by_key(const void *a, const void *b)
{
    return slice_compare(((const Sample *)a)->key, ((const Sample *)b)->key);
}

/* Picks the samples at even distances of weight; copies their keys behind the array. */
static Status pick(const Samples *samples, int parts, Slice **boundaries_out, int *count_out, Fault *fault)
{
    uint64_t total = 0, passed = 0;
    size_t   size = (size_t)parts * sizeof(Slice);
    Slice   *boundaries;
    uint8_t *at;
    int      count = 0;

    for (int i = 0; i < samples->count; i++) {
        total += samples->items[i].weight;
        size += samples->items[i].key.size;
    }
    boundaries = malloc(size);
    if (boundaries == NULL)
        return no_memory(fault);
    at = (uint8_t *)(boundaries + parts);
    for (int i = 0; i < samples->count && count < parts - 1; i++) {
        Slice key = samples->items[i].key;

        passed += samples->items[i].weight;
        if (passed < total / (uint64_t)parts * (uint64_t)(count + 1) || i + 1 == samples->count ||
            (count > 0 && slice_equal(key, boundaries[count - 1])))
            continue;
        if (key.size != 0)
            memcpy(at, key.data, key.size);
        boundaries[count++] = slice_of(at, key.size);
        at += key.size;
    }
    *boundaries_out = boundaries;
    *count_out = count;
    return STATUS_OK;
}

Status engine_split(Engine *engine, StorageId id, Slice lower, Slice upper, int parts, Slice **boundaries_out, int *count_out,
                    Fault *fault)
{
    Samples  samples = {.id = id, .lower = lower, .upper = upper};
    Sources *sources = sources_acquire(engine);
    Status   status = sample_all(engine, sources, MAX(parts, 1), &samples, fault);

    if (status == STATUS_OK) {
        if (samples.count > 1)
            qsort(samples.items, (size_t)samples.count, sizeof *samples.items, by_key);
        status = pick(&samples, MAX(parts, 1), boundaries_out, count_out, fault);
    }
    for (int i = 0; i < samples.reader_count; i++)
        table_reader_unref(samples.readers[i]);
    free(samples.readers);
    free(samples.items);
    sources_release(sources);
    return status;
}

void engine_free_boundaries(Slice *boundaries, int count)
{
    (void)count;
    free(boundaries);
}
