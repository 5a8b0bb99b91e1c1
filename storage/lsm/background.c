/*
 * background.c - see background.h.
 */
#include "storage/lsm/background.h"

#include "base/thread.h"
#include "storage/lsm/compaction.h"
#include "storage/lsm/engine_state.h"
#include "storage/lsm/flush.h"
#include "storage/lsm/version_set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    STACK_BYTES = 1 << 20,
    SYNC_WITHIN_MS = 100,   /* COMMIT_NO_SYNC: what a power cut may take */
    RETRY_MS = 1000,        /* after a failed flush or compaction: the disk may have room again */
    MAX_SLOWDOWN_US = 1000, /* per commit, while compaction is behind */
};

typedef struct Background {
    Engine         *engine;
    pthread_mutex_t mutex;
    pthread_cond_t  log_work;
    pthread_cond_t  flush_work;
    pthread_cond_t  compaction_work;
    pthread_cond_t  progress; /* a flush or compaction has ended, in whatever way */
    bool            log_called, flush_called, compaction_called;
    _Atomic bool    stopping;
    Status          flush_status; /* of the last try; STATUS_OK while all is well */
    Fault           flush_fault;
    pthread_mutex_t compaction_mutex; /* one compaction at a time; taken before version_mutex */
    _Atomic int     level0_runs;      /* as of the last change, for throttling */
    pthread_t       threads[3];
    int             thread_count;
} Background;

static void wait_ms(pthread_cond_t *condition, pthread_mutex_t *mutex, long ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(condition, mutex, &until);
}

static bool stopping(const Background *background)
{
    return atomic_load_explicit(&background->stopping, memory_order_relaxed);
}

static void call(Background *background, bool *called, pthread_cond_t *work)
{
    pthread_mutex_lock(&background->mutex);
    if (!*called) {
        *called = true;
        pthread_cond_signal(work);
    }
    pthread_mutex_unlock(&background->mutex);
}

/* ---- the log's keeper ------------------------------------------------------------------------------------------------ */

/* Prepares segments and syncs what was acknowledged without. */
static void *keep_log(void *arg)
{
    Background *background = arg;
    Engine     *engine = background->engine;

    pthread_mutex_lock(&background->mutex);
    while (!stopping(background)) {
        Fault fault;

        if (!background->log_called)
            pthread_cond_wait(&background->log_work, &background->mutex);
        if (stopping(background))
            break;
        background->log_called = false;
        pthread_mutex_unlock(&background->mutex);
        if (wal_wants_preparation(engine->wal) && wal_prepare(engine->wal, &fault) != STATUS_OK)
            fprintf(stderr, "nexadb: no log segment could be prepared: %s\n", fault.text);
        pthread_mutex_lock(&background->mutex);
        if (!stopping(background) && wal_durable_lsn(engine->wal) < wal_written_lsn(engine->wal) && !wal_failed(engine->wal)) {
            wait_ms(&background->log_work, &background->mutex, SYNC_WITHIN_MS);
            pthread_mutex_unlock(&background->mutex);
            if (!wal_failed(engine->wal) && wal_sync(engine->wal, &fault) != STATUS_OK)
                fprintf(stderr, "nexadb: the log could not be synced: %s\n", fault.text);
            pthread_mutex_lock(&background->mutex);
        }
    }
    pthread_mutex_unlock(&background->mutex);
    return NULL;
}

void background_after_commit(Engine *engine)
{
    Background *background = engine->background;

    if (wal_durable_lsn(engine->wal) < wal_written_lsn(engine->wal) || wal_wants_preparation(engine->wal))
        call(background, &background->log_called, &background->log_work);
}

/* ---- flush ------------------------------------------------------------------------------------------------------------- */

static void note_version(Background *background)
{
    Version *version = version_set_current(background->engine);

    atomic_store_explicit(&background->level0_runs, version_level0_runs(version), memory_order_relaxed);
    version_unref(version);
}

static void *flush_loop(void *arg)
{
    Background *background = arg;
    Engine     *engine = background->engine;

    pthread_mutex_lock(&background->mutex);
    while (!stopping(background)) {
        Fault  fault = {.status = STATUS_OK};
        Status status;
        bool   flushed = false;

        if (!background->flush_called) {
            if (background->flush_status == STATUS_OK)
                pthread_cond_wait(&background->flush_work, &background->mutex);
            else
                wait_ms(&background->flush_work, &background->mutex, RETRY_MS);
        }
        if (stopping(background))
            break;
        background->flush_called = false;
        pthread_mutex_unlock(&background->mutex);
        status = flush_sealed(engine, &flushed, &fault);
        if (status != STATUS_OK)
            fprintf(stderr, "nexadb: a memtable could not be flushed: %s\n", fault.text);
        note_version(background);
        pthread_mutex_lock(&background->mutex);
        background->flush_status = status;
        background->flush_fault = fault;
        if (flushed)
            background->flush_called |= status == STATUS_OK; /* more may have been sealed meanwhile */
        background->compaction_called = true;
        pthread_cond_signal(&background->compaction_work);
        pthread_cond_broadcast(&background->progress);
    }
    pthread_mutex_unlock(&background->mutex);
    return NULL;
}

/* ---- compaction -------------------------------------------------------------------------------------------------------- */

/* Does one piece of work; *worked_out: there was some. */
static Status compact_or_reap(Background *background, bool *worked_out, Fault *fault)
{
    Engine *engine = background->engine;
    Status  status;

    pthread_mutex_lock(&background->compaction_mutex);
    status = version_set_reap(engine, worked_out, fault);
    if (status == STATUS_OK && !*worked_out)
        status = compaction_run(engine, &background->stopping, worked_out, fault);
    pthread_mutex_unlock(&background->compaction_mutex);
    return status;
}

static void *compaction_loop(void *arg)
{
    Background *background = arg;
    bool        failed = false;

    pthread_mutex_lock(&background->mutex);
    while (!stopping(background)) {
        Fault  fault = {.status = STATUS_OK};
        bool   worked = false;
        Status status;

        if (!background->compaction_called) {
            if (!failed)
                pthread_cond_wait(&background->compaction_work, &background->mutex);
            else
                wait_ms(&background->compaction_work, &background->mutex, RETRY_MS);
        }
        if (stopping(background))
            break;
        background->compaction_called = false;
        pthread_mutex_unlock(&background->mutex);
        status = compact_or_reap(background, &worked, &fault);
        failed = status != STATUS_OK && status != STATUS_CLOSED;
        if (failed)
            fprintf(stderr, "nexadb: tables could not be compacted: %s\n", fault.text);
        note_version(background);
        pthread_mutex_lock(&background->mutex);
        background->compaction_called |= worked && !failed;
        pthread_cond_broadcast(&background->progress);
    }
    pthread_mutex_unlock(&background->mutex);
    return NULL;
}

void background_wake(Engine *engine)
{
    Background *background = engine->background;

    if (background == NULL)
        return;
    call(background, &background->flush_called, &background->flush_work);
    call(background, &background->compaction_called, &background->compaction_work);
}

void engine_snapshot_moved(Engine *engine)
{
    Background *background = engine->background;

    if (background != NULL && atomic_load_explicit(&engine->relations.dropped, memory_order_relaxed) != 0)
        call(background, &background->compaction_called, &background->compaction_work);
}

/* ---- what is asked of writers -------------------------------------------------------------------------------------------- */

bool background_memtable_is_full(Engine *engine, const Memtable *memtable)
{
    return memtable_bytes(memtable) >= engine->options.memtable_bytes / 2 || wal_bytes(engine->wal) >= engine->options.wal_limit_bytes;
}

static size_t all_memtable_bytes(Engine *engine)
{
    size_t bytes = 0;

    pthread_mutex_lock(&engine->sources_mutex);
    for (int i = 0; i < engine->sources->memtable_count; i++)
        bytes += memtable_bytes(engine->sources->memtables[i]);
    pthread_mutex_unlock(&engine->sources_mutex);
    return bytes;
}

static Status seal(void *arg, Fault *fault)
{
    Engine *engine = arg;

    return sources_active(engine)->last_csn != 0 ? sources_seal(engine, fault) : STATUS_OK;
}

/* Waits until the memtables are within their budget, or a flush has failed. */
static Status wait_for_memory(Background *background, Fault *fault)
{
    Engine *engine = background->engine;
    int64_t start = monotonic_us();
    Status  status = STATUS_OK;

    pthread_mutex_lock(&background->mutex);
    while (status == STATUS_OK && all_memtable_bytes(engine) >= engine->options.memtable_bytes) {
        if (background->flush_status != STATUS_OK) {
            status = background->flush_status;
            if (fault != NULL)
                *fault = background->flush_fault;
            break;
        }
        if (!background->flush_called) {
            bool sealed;

            pthread_mutex_unlock(&background->mutex);
            pthread_mutex_lock(&engine->sources_mutex);
            sealed = engine->sources->memtable_count > 1;
            pthread_mutex_unlock(&engine->sources_mutex);
            if (!sealed) /* a single large commit filled the budget at once */
                status = commit_under_latch(engine, seal, engine, fault);
            background_wake(engine);
            pthread_mutex_lock(&background->mutex);
            if (status != STATUS_OK)
                break;
        }
        wait_ms(&background->progress, &background->mutex, RETRY_MS);
    }
    pthread_mutex_unlock(&background->mutex);
    atomic_fetch_add_explicit(&engine->stall_us, (uint64_t)(monotonic_us() - start), memory_order_relaxed);
    return status;
}

static void wait_for_level0(Background *background)
{
    Engine *engine = background->engine;
    int64_t start = monotonic_us();
    int     runs = atomic_load_explicit(&background->level0_runs, memory_order_relaxed);

    if (runs < LEVEL0_STOP) {
        int64_t         us = (int64_t)MAX_SLOWDOWN_US * (runs - LEVEL0_SLOWDOWN + 1) / (LEVEL0_STOP - LEVEL0_SLOWDOWN);
        struct timespec pause = {.tv_nsec = us * 1000};

        nanosleep(&pause, NULL);
    } else {
        pthread_mutex_lock(&background->mutex);
        while (atomic_load_explicit(&background->level0_runs, memory_order_relaxed) >= LEVEL0_STOP && !stopping(background))
            wait_ms(&background->progress, &background->mutex, RETRY_MS);
        pthread_mutex_unlock(&background->mutex);
    }
    atomic_fetch_add_explicit(&engine->stall_us, (uint64_t)(monotonic_us() - start), memory_order_relaxed);
}

Status background_throttle(Engine *engine, size_t bytes, Fault *fault)
{
    Background *background = engine->background;

    (void)bytes;
    if (all_memtable_bytes(engine) >= engine->options.memtable_bytes)
        TRY(wait_for_memory(background, fault));
    if (atomic_load_explicit(&background->level0_runs, memory_order_relaxed) >= LEVEL0_SLOWDOWN)
        wait_for_level0(background);
    return STATUS_OK;
}

/* ---- on request ---------------------------------------------------------------------------------------------------------- */

Status background_flush(Engine *engine, Fault *fault)
{
    TRY(commit_under_latch(engine, seal, engine, fault));
    return background_flush_sealed(engine, fault);
}

Status background_flush_sealed(Engine *engine, Fault *fault)
{
    Background *background = engine->background;
    Status      status = STATUS_OK;

    pthread_mutex_lock(&background->mutex);
    background->flush_status = STATUS_OK; /* whatever failed before is tried once more */
    for (;;) {
        bool sealed;

        pthread_mutex_lock(&engine->sources_mutex);
        sealed = engine->sources->memtable_count > 1;
        pthread_mutex_unlock(&engine->sources_mutex);
        if (!sealed)
            break;
        if (background->flush_status != STATUS_OK) {
            status = background->flush_status;
            if (fault != NULL)
                *fault = background->flush_fault;
            break;
        }
        background->flush_called = true;
        pthread_cond_signal(&background->flush_work);
        wait_ms(&background->progress, &background->mutex, RETRY_MS);
    }
    pthread_mutex_unlock(&background->mutex);
    return status;
}

Status background_compact(Engine *engine, StorageId id, Fault *fault)
{
    Background *background = engine->background;
    bool        reaped;
    Status      status;

    pthread_mutex_lock(&background->compaction_mutex);
    status = version_set_reap(engine, &reaped, fault);
    if (status == STATUS_OK)
        status = compaction_full(engine, id, &background->stopping, fault);
    pthread_mutex_unlock(&background->compaction_mutex);
    note_version(background);
    return status;
}

/* ---- starting and stopping ------------------------------------------------------------------------------------------------ */

Status background_start(Engine *engine, Fault *fault)
{
    static const struct {
        const char *name;
        void *(*body)(void *arg);
    } threads[] = {{"nexadb log", keep_log}, {"nexadb flush", flush_loop}, {"nexadb compact", compaction_loop}};

    Background        *background = calloc(1, sizeof *background);
    pthread_condattr_t attributes;

    if (background == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the background threads");
    background->engine = engine;
    pthread_mutex_init(&background->mutex, NULL);
    pthread_mutex_init(&background->compaction_mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&background->log_work, &attributes);
    pthread_cond_init(&background->flush_work, &attributes);
    pthread_cond_init(&background->compaction_work, &attributes);
    pthread_cond_init(&background->progress, &attributes);
    pthread_condattr_destroy(&attributes);
    engine->background = background;
    background->log_called = background->flush_called = background->compaction_called = true;
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
        TRY(thread_start(&background->threads[i], threads[i].name, STACK_BYTES, threads[i].body, background, fault));
        background->thread_count++;
    }
    return STATUS_OK;
}

void background_stop(Engine *engine)
{
    Background *background = engine->background;

    if (background == NULL)
        return;
    pthread_mutex_lock(&background->mutex);
    atomic_store_explicit(&background->stopping, true, memory_order_relaxed);
    pthread_cond_broadcast(&background->log_work);
    pthread_cond_broadcast(&background->flush_work);
    pthread_cond_broadcast(&background->compaction_work);
    pthread_cond_broadcast(&background->progress);
    pthread_mutex_unlock(&background->mutex);
    for (int i = 0; i < background->thread_count; i++)
        pthread_join(background->threads[i], NULL);
    pthread_cond_destroy(&background->log_work);
    pthread_cond_destroy(&background->flush_work);
    pthread_cond_destroy(&background->compaction_work);
    pthread_cond_destroy(&background->progress);
    pthread_mutex_destroy(&background->mutex);
    pthread_mutex_destroy(&background->compaction_mutex);
    free(background);
    engine->background = NULL;
}
