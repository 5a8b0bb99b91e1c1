/*
 * flush.c - see flush.h.
 */
#include "storage/lsm/flush.h"

#include "storage/lsm/merge.h"
#include "storage/lsm/version_set.h"

#include <stdlib.h>

/* Commits that went into a sealed memtable may still be inserting: they are done when their csn is visible. */
static void wait_for_inserts(Engine *engine, const Memtable *newest)
{
    while (engine_visible_csn(engine) < newest->last_csn && engine->wal != NULL && !wal_failed(engine->wal)) {
        struct timespec pause = {.tv_nsec = 200000};

        nanosleep(&pause, NULL);
    }
}

static Status install(Engine *engine, MergeJob *job, Csn flushed, int count, Fault *fault)
{
    VersionEdit edit = {.flushed = flushed, .first_log = engine->wal != NULL ? wal_first_needed(engine->wal, flushed) : 0};
    Status      status = version_set_describe(engine, &edit, flushed, fault);

    for (int i = 0; i < job->output_count && status == STATUS_OK; i++) {
        file_meta_ref(job->outputs[i]);
        status = version_edit_add(&edit, 0, job->outputs[i], fault);
    }
    if (status == STATUS_OK)
        status = version_set_apply(engine, &edit, count, fault);
    version_edit_free(&edit);
    return status;
}

static Status flush_memtables(Engine *engine, Sources *sources, int count, Fault *fault)
{
    MergeInput *inputs[ENGINE_MAX_MEMTABLES];
    Memtable   *newest = sources->memtables[sources->memtable_count - count];
    MergeJob    job = {
           .engine = engine,
           .version = sources->version,
           .inputs = inputs,
           .output_level = 0,
           .older_level0 = true,
           .epoch = newest->epoch,
           .target_bytes = (uint64_t)1 << 40,
           .compression = COMPRESSION_LZ4,
    };
    Status status;

    wait_for_inserts(engine, newest);
    /* tables must not be ahead of what the log holds for good: a power cut would leave half of a commit */
    if (engine->wal != NULL) /* recovery flushes before it starts a log: what it read is on disk */
        TRY(wal_sync(engine->wal, fault));
    for (int i = 0; i < count; i++) {
        inputs[i] = merge_input_memtable(sources->memtables[sources->memtable_count - count + i]);
        if (inputs[i] == NULL) {
            while (i-- > 0)
                inputs[i]->close(inputs[i]);
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a flush");
        }
    }
    job.input_count = count;
    TRY(merge_run(&job, fault));
    status = install(engine, &job, newest->last_csn, count, fault);
    if (status == STATUS_OK) {
        atomic_fetch_add_explicit(&engine->flush_bytes, job.bytes_written, memory_order_relaxed);
        if (engine->wal != NULL)
            wal_release(engine->wal, newest->last_csn);
    } else if (status == STATUS_NO_SPACE || status == STATUS_NO_MEMORY) {
        merge_discard(&job); /* the edit did not count; after other failures it might, and its files stay */
    }
    for (int i = 0; i < job.output_count; i++)
        file_meta_unref(job.outputs[i]);
    free(job.outputs);
    return status;
}

Status flush_sealed(Engine *engine, bool *flushed_out, Fault *fault)
{
    Sources *sources = sources_acquire(engine);
    int      sealed = sources->memtable_count - 1;
    Status   status = STATUS_OK;

    *flushed_out = sealed > 0;
    if (sealed > 0)
        status = flush_memtables(engine, sources, sealed, fault);
    sources_release(sources);
    return status;
}
