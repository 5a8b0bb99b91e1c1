/*
 * engine.c - opening and closing a store.
 */
#include "storage/lsm/engine_state.h"

#include "storage/lsm/background.h"
#include "storage/lsm/version_set.h"

#include <stdlib.h>
#include <sys/resource.h>

static void set_defaults(EngineOptions *options)
{
    if (options->account == NULL)
        options->account = &server_account;
    if (options->memtable_bytes == 0)
        options->memtable_bytes = (size_t)64 << 20;
    if (options->block_cache_bytes == 0)
        options->block_cache_bytes = (size_t)256 << 20;
    if (options->write_set_bytes == 0)
        options->write_set_bytes = (size_t)4 << 20;
    if (options->wal_limit_bytes == 0)
        options->wal_limit_bytes = (uint64_t)200 << 20;
    if (options->background_threads == 0)
        options->background_threads = 2;
}

/* How many tables may be open at once: most of what the process may open, less what sessions and logs need. */
static int open_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return 1024;
    return (int)MIN(limit.rlim_cur / 2, (rlim_t)4096);
}

static Status lock_store(Engine *engine, Fault *fault)
{
    char  *path;
    Status status = STATUS_OK;

    if (!engine->options.read_only)
        status = path_make_directory(engine->directory, fault);
    if (status != STATUS_OK && status != STATUS_EXISTS)
        return status;
    path = path_join(engine->directory, "lock");
    if (path == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while opening the store");
    status = file_lock(path, &engine->lock, fault);
    if (status == STATUS_BUSY)
        status = FAULT(fault, STATUS_BUSY, 0, "the store in \"%s\" is in use by another process", engine->directory);
    free(path);
    return status;
}

/* Ends whatever has been started, in the order that its users demand. */
static void engine_free(Engine *engine)
{
    background_stop(engine);
    wal_close(engine->wal);
    manifest_close(engine->manifest);
    sources_release(engine->sources);
    table_cache_free(engine->tables);
    block_cache_free(engine->blocks);
    relations_destroy(&engine->relations);
    counters_destroy(&engine->counters);
    snapshots_destroy(&engine->snapshots);
    commit_queue_destroy(&engine->commits);
    pthread_mutex_destroy(&engine->sources_mutex);
    pthread_mutex_destroy(&engine->version_mutex);
    file_close(engine->lock);
    free(engine->directory);
    free(engine);
}

Status engine_open(const EngineOptions *options, Engine **engine_out, Fault *fault)
{
    Engine *engine = calloc(1, sizeof *engine);
    Status  status;

    if (engine == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while opening the store");
    engine->options = *options;
    set_defaults(&engine->options);
    engine->account = engine->options.account;
    commit_queue_init(&engine->commits);
    snapshots_init(&engine->snapshots, 0);
    counters_init(&engine->counters);
    relations_init(&engine->relations);
    pthread_mutex_init(&engine->sources_mutex, NULL);
    pthread_mutex_init(&engine->version_mutex, NULL);
    engine->next_epoch = 1;
    engine->directory = strdup(options->directory);
    engine->blocks = block_cache_new(engine->account, engine->options.block_cache_bytes);
    if (engine->directory != NULL && engine->blocks != NULL)
        engine->tables = table_cache_new(engine->directory, engine->blocks, engine->account, open_file_limit());
    status = engine->tables == NULL ? FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while opening the store")
                                    : lock_store(engine, fault);
    if (status == STATUS_OK)
        status = engine_recover(engine, fault);
    if (status == STATUS_OK && !engine->options.read_only)
        status = background_start(engine, fault);
    if (status != STATUS_OK) {
        engine_free(engine);
        return status;
    }
    *engine_out = engine;
    return STATUS_OK;
}

/* Says in the manifest that the log is not needed, so that the next start reads nothing of it. */
static Status mark_clean(Engine *engine, Fault *fault)
{
    Lsn         last = wal_written_lsn(engine->wal);
    VersionEdit edit = {.flushed = last, .first_log = engine->first_log, .clean_lsn = last};
    Status      status = version_set_describe(engine, &edit, last, fault);

    if (status == STATUS_OK)
        status = version_set_apply(engine, &edit, 0, fault);
    version_edit_free(&edit);
    return status;
}

Status engine_close(Engine *engine, Fault *fault)
{
    Status status = STATUS_OK;

    if (engine->wal != NULL) {
        status = engine_flush(engine, fault);
        background_stop(engine);
        if (status == STATUS_OK)
            status = mark_clean(engine, fault);
    }
    engine_free(engine);
    return status;
}

Status engine_flush(Engine *engine, Fault *fault)
{
    if (engine->wal == NULL)
        return STATUS_OK;
    if (wal_failed(engine->wal))
        return wal_refuse(engine->wal, fault);
    return background_flush(engine, fault);
}

Status engine_compact(Engine *engine, StorageId id, Fault *fault)
{
    TRY(engine_flush(engine, fault));
    return engine->wal != NULL ? background_compact(engine, id, fault) : STATUS_OK;
}

const char *engine_directory(const Engine *engine)
{
    return engine->directory;
}

uint64_t engine_identity(const Engine *engine)
{
    return engine->identity;
}
