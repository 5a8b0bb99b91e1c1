/*
 * background.c - see background.h.
 */
#include "storage/lsm/background.h"

#include "base/thread.h"
#include "storage/lsm/engine_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    STACK_BYTES = 1 << 20,
    SYNC_WITHIN_MS = 100, /* COMMIT_NO_SYNC: what a power cut may take */
};

typedef struct Background {
    Engine         *engine;
    pthread_mutex_t mutex;
    pthread_cond_t  log_work;
    bool            log_called;
    bool            stopping;
    pthread_t       keeper;
    bool            keeper_started;
} Background;

static void wait_until_ms(pthread_cond_t *condition, pthread_mutex_t *mutex, long ms)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(condition, mutex, &until);
}

/* Prepares segments and syncs what was acknowledged without. */
static void *keep_log(void *arg)
{
    Background *background = arg;
    Engine     *engine = background->engine;

    pthread_mutex_lock(&background->mutex);
    while (!background->stopping) {
        Fault fault;

        if (!background->log_called)
            pthread_cond_wait(&background->log_work, &background->mutex);
        if (background->stopping)
            break;
        background->log_called = false;
        pthread_mutex_unlock(&background->mutex);
        if (wal_wants_preparation(engine->wal) && wal_prepare(engine->wal, &fault) != STATUS_OK)
            fprintf(stderr, "nexadb: no log segment could be prepared: %s\n", fault.text);
        pthread_mutex_lock(&background->mutex);
        if (!background->stopping && wal_durable_lsn(engine->wal) < wal_written_lsn(engine->wal) && !wal_failed(engine->wal)) {
            wait_until_ms(&background->log_work, &background->mutex, SYNC_WITHIN_MS);
            pthread_mutex_unlock(&background->mutex);
            if (wal_sync(engine->wal, &fault) != STATUS_OK)
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

    if (background == NULL || (wal_durable_lsn(engine->wal) >= wal_written_lsn(engine->wal) && !wal_wants_preparation(engine->wal)))
        return;
    pthread_mutex_lock(&background->mutex);
    if (!background->log_called) {
        background->log_called = true;
        pthread_cond_signal(&background->log_work);
    }
    pthread_mutex_unlock(&background->mutex);
}

void background_wake(Engine *engine)
{
    (void)engine;
}

bool background_memtable_is_full(Engine *engine, const Memtable *memtable)
{
    (void)engine;
    (void)memtable;
    return false;
}

Status background_throttle(Engine *engine, size_t bytes, Fault *fault)
{
    (void)engine;
    (void)bytes;
    (void)fault;
    return STATUS_OK;
}

void engine_snapshot_moved(Engine *engine)
{
    (void)engine;
}

Status background_start(Engine *engine, Fault *fault)
{
    Background        *background = calloc(1, sizeof *background);
    pthread_condattr_t attributes;
    Status             status;

    if (background == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the background threads");
    background->engine = engine;
    pthread_mutex_init(&background->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&background->log_work, &attributes);
    pthread_condattr_destroy(&attributes);
    engine->background = background;
    background->log_called = true;
    status = thread_start(&background->keeper, "nexadb log", STACK_BYTES, keep_log, background, fault);
    background->keeper_started = status == STATUS_OK;
    return status;
}

void background_stop(Engine *engine)
{
    Background *background = engine->background;

    if (background == NULL)
        return;
    pthread_mutex_lock(&background->mutex);
    background->stopping = true;
    pthread_cond_broadcast(&background->log_work);
    pthread_mutex_unlock(&background->mutex);
    if (background->keeper_started)
        pthread_join(background->keeper, NULL);
    pthread_cond_destroy(&background->log_work);
    pthread_mutex_destroy(&background->mutex);
    free(background);
    engine->background = NULL;
}
