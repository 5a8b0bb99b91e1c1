/*
 * spill.c - write sets larger than their budget: runs on disk, and one table per key range before the commit.
 */
#include "storage/lsm/engine_state.h"
#include "storage/lsm/merge.h"

#include <stdlib.h>

/* Every live version goes out: earlier commands' cursors may still want an older one. */
static Status write_run(WriteSet *writes, TableBuilder *builder, Fault *fault)
{
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_relaxed);
    RelationOptions   options = {0};
    StorageId         id = 0;

    for (SkipNode *node = skiplist_first(&writes->run->list); node != NULL; node = skip_next(node)) {
        if (dead_ranges_contain(dead, version_sequence(node->version)))
            continue;
        if (node->storage_id != id) {
            id = node->storage_id;
            writeset_options(writes, id, &options);
        }
        TRY(table_builder_add(builder, id, skip_key(node), node->version, (EntryKind)node->kind, skip_value(node),
                              options.filter_suffix_bytes, fault));
    }
    return STATUS_OK;
}

/* The run is spilled: a fresh one takes its place. Readers of the old one keep it. */
static void replace_run(WriteSet *writes, WriteRun *fresh)
{
    WriteRun *old;

    pthread_mutex_lock(&writes->mutex);
    old = writes->run;
    writes->run = fresh;
    pthread_mutex_unlock(&writes->mutex);
    write_run_unref(old);
    writes->splice.height = 0;
    writes->bytes = 0;
    writes->entries = 0;
}

Status writeset_spill(WriteSet *writes, Fault *fault)
{
    Engine             *engine = writes->engine;
    TableBuilderOptions options = {
        .directory = engine->directory,
        .number = atomic_fetch_add_explicit(&engine->next_file, 1, memory_order_relaxed),
        .compression = COMPRESSION_LZ4,
    };
    WriteRun     *fresh = write_run_new(engine);
    TableBuilder *builder = NULL;
    FileMeta     *meta;
    Status        status;

    if (fresh == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the writes of a transaction");
    status = table_builder_open(&options, &builder, fault);
    if (status == STATUS_OK)
        status = write_run(writes, builder, fault);
    if (status == STATUS_OK && table_builder_entries(builder) == 0) {
        table_builder_abandon(builder); /* everything in memory was rolled back */
        replace_run(writes, fresh);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = table_builder_finish(builder, &meta, fault);
        builder = NULL;
    }
    if (status == STATUS_OK) {
        meta->cache = engine->tables;
        status = writeset_attach(writes, meta, true, fault);
    }
    if (status != STATUS_OK) {
        table_builder_abandon(builder);
        write_run_unref(fresh);
        return status;
    }
    replace_run(writes, fresh);
    return STATUS_OK;
}

/* ---- before the commit ------------------------------------------------------------------------------------------------- */

bool writeset_memory_meets(const WriteSet *writes, const FileMeta *meta)
{
    for (int i = 0; i < meta->relation_count; i++) {
        StorageId    id = meta->relations[i].id;
        Slice        low = get_be32(meta->smallest.data) == id ? slice_of(meta->smallest.data + 4, meta->smallest.size - 4)
                                                               : slice_of("", 0);
        SkipPosition at = skip_position(id, low, UINT64_MAX);
        SkipNode    *node = skiplist_seek(&writes->run->list, &at);

        if (node != NULL && node->storage_id == id && engine_key_compare(meta->largest, id, skip_key(node)) >= 0)
            return true;
    }
    return false;
}

static bool must_merge(const WriteSet *writes, const DeadRanges *dead)
{
    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next) {
        if (!table_is_live(table, dead))
            continue;
        if (table->spilled || writeset_memory_meets(writes, table->meta))
            return true;
        for (const WriteSetTable *other = table->next; other != NULL; other = other->next)
            if (table_is_live(other, dead) && file_meta_overlap(table->meta, other->meta))
                return true;
    }
    return false;
}

/* A bulk table's entries carry no version of their own: they get their command's. */
typedef struct BulkInput {
    MergeInput  input;
    MergeInput *inner;
    uint64_t    version;
} BulkInput;

static Status bulk_next(MergeInput *input, Fault *fault)
{
    BulkInput  *bulk = (BulkInput *)input;
    MergeInput *inner = bulk->inner;

    TRY(inner->next(inner, fault));
    input->valid = inner->valid;
    input->id = inner->id;
    input->prefix = inner->prefix;
    input->key = inner->key;
    input->csn = bulk->version;
    input->kind = inner->kind;
    input->value = inner->value;
    return STATUS_OK;
}

static void bulk_close(MergeInput *input)
{
    BulkInput *bulk = (BulkInput *)input;

    bulk->inner->close(bulk->inner);
    free(bulk);
}

static MergeInput *bulk_input(MergeInput *inner, uint64_t version)
{
    BulkInput *bulk = inner != NULL ? calloc(1, sizeof *bulk) : NULL;

    if (bulk == NULL) {
        if (inner != NULL)
            inner->close(inner);
        return NULL;
    }
    bulk->input.next = bulk_next;
    bulk->input.close = bulk_close;
    bulk->inner = inner;
    bulk->version = version;
    return &bulk->input;
}

static Status open_tables(WriteSet *writes, const DeadRanges *dead, MergeJob *job, Fault *fault)
{
    for (WriteSetTable *table = writes->tables; table != NULL; table = table->next) {
        MergeInput *input;

        if (!table_is_live(table, dead))
            continue;
        input = merge_input_tables(writes->engine->tables, &table->meta, 1);
        if (!table->spilled)
            input = bulk_input(input, (uint64_t)table->sequence << 32 | table->counter);
        if (input == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for merging the writes of a transaction");
        job->inputs[job->input_count++] = input;
    }
    return STATUS_OK;
}

static Status merge_tables(WriteSet *writes, const DeadRanges *dead, Fault *fault)
{
    int         table_count = 0;
    MergeInput **inputs;
    Version     *empty = version_new();
    MergeJob     job;
    Status       status;

    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next)
        table_count++;
    inputs = malloc((size_t)(table_count + 1) * sizeof *inputs);
    if (inputs == NULL || empty == NULL) {
        free(inputs);
        version_unref(empty);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for merging the writes of a transaction");
    }
    job = (MergeJob){
        .engine = writes->engine,
        .version = empty,
        .inputs = inputs,
        .output_level = ENGINE_LEVELS - 1,
        .target_bytes = (uint64_t)32 << 20,
        .compression = COMPRESSION_LZ4,
        .writes = writes,
    };
    status = open_tables(writes, dead, &job, fault);
    if (status == STATUS_OK) {
        status = merge_run(&job, fault);
    } else {
        for (int i = 0; i < job.input_count; i++)
            inputs[i]->close(inputs[i]);
    }
    free(inputs);
    version_unref(empty);
    if (status != STATUS_OK)
        return status;
    pthread_mutex_lock(&writes->mutex);
    writeset_drop_tables(writes);
    pthread_mutex_unlock(&writes->mutex);
    for (int i = 0; i < job.output_count; i++) {
        if (status == STATUS_OK) {
            status = writeset_attach(writes, job.outputs[i], false, fault);
        } else {
            atomic_store_explicit(&job.outputs[i]->obsolete, true, memory_order_relaxed);
            file_meta_unref(job.outputs[i]);
        }
    }
    free(job.outputs);
    if (status != STATUS_OK)
        writes->doomed = true; /* the tables that held its writes are gone */
    return status;
}

Status writeset_settle_tables(WriteSet *writes, Fault *fault)
{
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_relaxed);

    if (writes->tables == NULL || !must_merge(writes, dead))
        return STATUS_OK;
    if (writes->entries != 0)
        TRY(writeset_spill(writes, fault));
    return merge_tables(writes, dead, fault);
}
