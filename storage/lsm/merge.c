/*
 * merge.c - see merge.h.
 */
#include "storage/lsm/merge.h"

#include <stdlib.h>

enum {
    LARGE_RELATION_BYTES = 16 << 20, /* from here on a relation has files of its own */
    LARGE_IN_FILE_BYTES = 4 << 20,   /* or when it has this much in the output being written */
    STOP_CHECK_ENTRIES = 1024,
};

typedef struct RelationBytes {
    StorageId id;
    uint64_t  bytes;
} RelationBytes;

typedef struct Merge {
    MergeJob     *job;
    MergeInput  **heap;
    int           heap_count;
    SnapshotList  snapshots;
    RelationBytes *large; /* ascending by id */
    int           large_count;

    /* the relation of the present entries */
    StorageId     id;
    bool          relation_gone;
    uint8_t       suffix;
    uint64_t      relation_bytes; /* of it in the present output */

    /* the key of the present entries */
    uint8_t      *key; /* ENGINE_MAX_KEY_BYTES */
    size_t        key_size;
    uint64_t      prefix;
    Csn           newer;         /* csn of the version before; UINT64_MAX: none */
    bool          has_key;
    bool          pending;       /* a tombstone of the key that is needed if an older version follows */
    Csn           pending_csn;

    TableBuilder *builder;
    uint8_t      *output_key; /* the last key written, to know where outputs may be cut */
    size_t        output_key_size;
    StorageId     output_id;
    int           neighbour;  /* the first whose smallest key is behind the output's first */
    int           older_at[ENGINE_LEVELS]; /* where the search for older sources stands; keys ascend */
} Merge;

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a flush or compaction");
}

/* ---- the heap of inputs ---------------------------------------------------------------------------------------------- */

static inline bool comes_before(const MergeInput *a, const MergeInput *b)
{
    int order;

    if (a->id != b->id)
        return a->id < b->id;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    order = slice_compare(a->key, b->key);
    if (order != 0)
        return order < 0;
    return a->csn > b->csn;
}

static void sift_down(Merge *merge, int at)
{
    MergeInput *moved = merge->heap[at];

    for (;;) {
        int child = 2 * at + 1;

        if (child >= merge->heap_count)
            break;
        if (child + 1 < merge->heap_count && comes_before(merge->heap[child + 1], merge->heap[child]))
            child++;
        if (!comes_before(merge->heap[child], moved))
            break;
        merge->heap[at] = merge->heap[child];
        at = child;
    }
    merge->heap[at] = moved;
}

static Status start_heap(Merge *merge, Fault *fault)
{
    MergeJob *job = merge->job;

    merge->heap = malloc(((size_t)job->input_count + 1) * sizeof(MergeInput *));
    if (merge->heap == NULL)
        return no_memory(fault);
    for (int i = 0; i < job->input_count; i++) {
        TRY(job->inputs[i]->next(job->inputs[i], fault));
        if (job->inputs[i]->valid)
            merge->heap[merge->heap_count++] = job->inputs[i];
    }
    for (int i = merge->heap_count / 2 - 1; i >= 0; i--)
        sift_down(merge, i);
    return STATUS_OK;
}

static Status advance_top(Merge *merge, Fault *fault)
{
    MergeInput *top = merge->heap[0];

    TRY(top->next(top, fault));
    if (!top->valid)
        merge->heap[0] = merge->heap[--merge->heap_count];
    if (merge->heap_count > 1)
        sift_down(merge, 0);
    return STATUS_OK;
}

/* ---- large relations ------------------------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    StorageId left = ((const RelationBytes *)a)->id;
    StorageId right = ((const RelationBytes *)b)->id;

    return (left > right) - (left < right);
}

/* Adds up what the version holds of each relation; keeps the large ones. */
static Status find_large(Merge *merge, Fault *fault)
{
    const Version *version = merge->job->version;
    int            total = 0, count = 0;
    RelationBytes *all;

    for (int level = 0; level < ENGINE_LEVELS; level++)
        for (int i = 0; i < version->levels[level].count; i++)
            total += version->levels[level].files[i]->relation_count;
    all = malloc(((size_t)total + 1) * sizeof *all);
    if (all == NULL)
        return no_memory(fault);
    for (int level = 0; level < ENGINE_LEVELS; level++) {
        for (int i = 0; i < version->levels[level].count; i++) {
            const FileMeta *meta = version->levels[level].files[i];

            for (int j = 0; j < meta->relation_count; j++)
                all[count++] = (RelationBytes){meta->relations[j].id, meta->relations[j].bytes};
        }
    }
    qsort(all, (size_t)count, sizeof *all, by_id);
    for (int i = 0; i < count;) {
        RelationBytes sum = all[i++];

        while (i < count && all[i].id == sum.id)
            sum.bytes += all[i++].bytes;
        if (sum.bytes >= LARGE_RELATION_BYTES)
            all[merge->large_count++] = sum;
    }
    merge->large = all;
    return STATUS_OK;
}

static bool is_large(const Merge *merge, StorageId id)
{
    RelationBytes wanted = {.id = id};

    return merge->large_count != 0 &&
           bsearch(&wanted, merge->large, (size_t)merge->large_count, sizeof wanted, by_id) != NULL;
}

/* ---- outputs --------------------------------------------------------------------------------------------------------- */

static Status finish_output(Merge *merge, Fault *fault)
{
    MergeJob     *job = merge->job;
    TableBuilder *builder = merge->builder;
    FileMeta     *meta;

    if (builder == NULL)
        return STATUS_OK;
    merge->builder = NULL;
    if (job->output_count == job->output_capacity) {
        int        capacity = MAX(8, job->output_capacity * 2);
        FileMeta **outputs = realloc(job->outputs, (size_t)capacity * sizeof *outputs);

        if (outputs == NULL) {
            table_builder_abandon(builder);
            return no_memory(fault);
        }
        job->outputs = outputs;
        job->output_capacity = capacity;
    }
    TRY(table_builder_finish(builder, &meta, fault));
    meta->cache = job->engine->tables;
    job->outputs[job->output_count++] = meta;
    job->bytes_written += meta->size;
    return STATUS_OK;
}

static Status start_output(Merge *merge, Fault *fault)
{
    MergeJob           *job = merge->job;
    TableBuilderOptions options = {
        .directory = job->engine->directory,
        .number = atomic_fetch_add_explicit(&job->engine->next_file, 1, memory_order_relaxed),
        .epoch = job->epoch,
        .compression = job->compression,
    };

    merge->relation_bytes = 0;
    return table_builder_open(&options, &merge->builder, fault);
}

/* Whether the output that is being written must end before this key. */
static bool must_cut(Merge *merge, StorageId id, Slice key)
{
    MergeJob *job = merge->job;

    if (table_builder_bytes(merge->builder) >= job->target_bytes)
        return true;
    if (id != merge->output_id && (merge->relation_bytes >= LARGE_IN_FILE_BYTES || is_large(merge, id) ||
                                   is_large(merge, merge->output_id)))
        return true;
    return merge->neighbour < job->neighbour_count &&
           engine_key_compare(job->neighbours[merge->neighbour]->smallest, id, key) <= 0;
}

static Status write_entry(Merge *merge, StorageId id, Slice key, Csn csn, EntryKind kind, Slice value, Fault *fault)
{
    MergeJob *job = merge->job;

    if (merge->builder != NULL) {
        bool same_key = id == merge->output_id && slice_equal(key, slice_of(merge->output_key, merge->output_key_size));

        if (!same_key && must_cut(merge, id, key))
            TRY(finish_output(merge, fault));
    }
    if (merge->builder == NULL) {
        while (merge->neighbour < job->neighbour_count &&
               engine_key_compare(job->neighbours[merge->neighbour]->smallest, id, key) <= 0)
            merge->neighbour++;
        TRY(start_output(merge, fault));
    }
    if (id != merge->output_id)
        merge->relation_bytes = 0;
    TRY(table_builder_add(merge->builder, id, key, csn, kind, value, merge->suffix, fault));
    merge->relation_bytes += key.size + value.size;
    merge->output_id = id;
    if (key.size != 0)
        memcpy(merge->output_key, key.data, key.size);
    merge->output_key_size = key.size;
    job->entries_written++;
    return STATUS_OK;
}

/* ---- which versions stay ----------------------------------------------------------------------------------------------- */

static bool file_may_hold(const FileMeta *meta, StorageId id, Slice key)
{
    return engine_key_compare(meta->smallest, id, key) <= 0 && engine_key_compare(meta->largest, id, key) >= 0 &&
           file_meta_relation(meta, id) != NULL;
}

/* Whether a source older than the inputs, outside of them, may hold the present key. */
static bool older_may_exist(Merge *merge)
{
    const Version *version = merge->job->version;
    Slice          key = slice_of(merge->key, merge->key_size);

    if (merge->job->older_level0)
        for (int i = 0; i < version->levels[0].count; i++)
            if (file_may_hold(version->levels[0].files[i], merge->id, key))
                return true;
    for (int at = merge->job->output_level + 1; at < ENGINE_LEVELS; at++) {
        const VersionLevel *level = &version->levels[at];
        int                *file = &merge->older_at[at];

        while (*file < level->count && engine_key_compare(level->files[*file]->largest, merge->id, key) < 0)
            ++*file;
        if (*file < level->count && file_may_hold(level->files[*file], merge->id, key))
            return true;
    }
    return false;
}

static Status write_pending(Merge *merge, Fault *fault)
{
    merge->pending = false;
    return write_entry(merge, merge->id, slice_of(merge->key, merge->key_size), merge->pending_csn, ENTRY_TOMBSTONE,
                       slice_of(NULL, 0), fault);
}

/* The versions of the present key are all seen: a tombstone left over goes where nothing older can exist. */
static Status end_key(Merge *merge, Fault *fault)
{
    if (!merge->pending)
        return STATUS_OK;
    if (older_may_exist(merge))
        return write_pending(merge, fault);
    merge->pending = false;
    return STATUS_OK;
}

static void enter_relation(Merge *merge, StorageId id)
{
    Relation relation;

    merge->id = id;
    if (merge->job->writes != NULL) {
        RelationOptions options;

        writeset_options(merge->job->writes, id, &options);
        merge->suffix = options.filter_suffix_bytes;
        return;
    }
    relations_get(&merge->job->engine->relations, id, &relation);
    merge->suffix = relation.options.filter_suffix_bytes;
    merge->relation_gone = relation.dropped != 0 && relation.dropped <= merge->snapshots.csns[0];
}

static bool is_needed(const Merge *merge, Csn csn)
{
    const SnapshotList *list = &merge->snapshots;
    int                 i = 0;

    if (csn > list->csns[list->count - 1])
        return true; /* readers to come will start between visible and this */
    while (list->csns[i] < csn)
        i++;
    return list->csns[i] < merge->newer; /* else that reader sees the newer one */
}

/* Of a write set's versions of a key the first that is not dead goes out, without a csn: the commit stamps the table. */
static Status take_own(Merge *merge, const MergeInput *top, Fault *fault)
{
    const DeadRanges *dead = atomic_load_explicit(&merge->job->writes->dead, memory_order_relaxed);

    if (merge->newer != UINT64_MAX || dead_ranges_contain(dead, version_sequence(top->csn)))
        return STATUS_OK;
    merge->newer = 0;
    return write_entry(merge, top->id, top->key, 0, top->kind, top->value, fault);
}

static Status take_entry(Merge *merge, const MergeInput *top, Fault *fault)
{
    bool needed;

    if (!merge->has_key || top->id != merge->id || top->prefix != merge->prefix ||
        !slice_equal(top->key, slice_of(merge->key, merge->key_size))) {
        TRY(end_key(merge, fault));
        if (top->id != merge->id || !merge->has_key)
            enter_relation(merge, top->id);
        merge->has_key = true;
        merge->prefix = top->prefix;
        merge->key_size = top->key.size;
        if (top->key.size != 0)
            memcpy(merge->key, top->key.data, top->key.size);
        merge->newer = UINT64_MAX;
    }
    if (merge->job->writes != NULL)
        return take_own(merge, top, fault);
    if (merge->relation_gone)
        return STATUS_OK;
    needed = is_needed(merge, top->csn);
    merge->newer = top->csn;
    if (!needed)
        return STATUS_OK;
    if (merge->pending)
        TRY(write_pending(merge, fault));
    if (top->kind == ENTRY_TOMBSTONE) {
        merge->pending = true;
        merge->pending_csn = top->csn;
        return STATUS_OK;
    }
    return write_entry(merge, top->id, top->key, top->csn, ENTRY_PUT, top->value, fault);
}

static Status merge_all(Merge *merge, Fault *fault)
{
    MergeJob *job = merge->job;

    TRY(snapshots_list(&job->engine->snapshots, &merge->snapshots, fault));
    TRY(find_large(merge, fault));
    merge->key = malloc(TABLE_KEY_BYTES);
    merge->output_key = malloc(TABLE_KEY_BYTES);
    if (merge->key == NULL || merge->output_key == NULL)
        return no_memory(fault);
    TRY(start_heap(merge, fault));
    while (merge->heap_count > 0) {
        TRY(take_entry(merge, merge->heap[0], fault));
        TRY(advance_top(merge, fault));
        if (++job->entries_read % STOP_CHECK_ENTRIES == 0 && job->stopping != NULL &&
            atomic_load_explicit(job->stopping, memory_order_relaxed))
            return FAULT(fault, STATUS_CLOSED, 0, "the engine is closing");
    }
    TRY(end_key(merge, fault));
    TRY(finish_output(merge, fault));
    return job->output_count != 0 ? path_sync_directory(job->engine->directory, fault) : STATUS_OK;
}

Status merge_run(MergeJob *job, Fault *fault)
{
    Merge  merge = {.job = job};
    Status status = merge_all(&merge, fault);

    if (status != STATUS_OK) {
        table_builder_abandon(merge.builder);
        merge_discard(job);
    }
    for (int i = 0; i < job->input_count; i++)
        job->inputs[i]->close(job->inputs[i]);
    job->input_count = 0;
    free(merge.heap);
    free(merge.snapshots.csns);
    free(merge.large);
    free(merge.key);
    free(merge.output_key);
    return status;
}

void merge_discard(MergeJob *job)
{
    for (int i = 0; i < job->output_count; i++) {
        atomic_store_explicit(&job->outputs[i]->obsolete, true, memory_order_release);
        file_meta_unref(job->outputs[i]);
    }
    free(job->outputs);
    job->outputs = NULL;
    job->output_count = job->output_capacity = 0;
}
