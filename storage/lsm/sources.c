/*
 * sources.c - what a reader reads: the list of memtables and the version, replaced as a whole.
 */
#include "storage/lsm/engine_state.h"

#include <stdlib.h>

Sources *sources_acquire(Engine *engine)
{
    Sources *sources;

    pthread_mutex_lock(&engine->sources_mutex);
    sources = engine->sources;
    atomic_fetch_add_explicit(&sources->references, 1, memory_order_relaxed);
    pthread_mutex_unlock(&engine->sources_mutex);
    return sources;
}

void sources_ref(Sources *sources)
{
    atomic_fetch_add_explicit(&sources->references, 1, memory_order_relaxed);
}

void sources_release(Sources *sources)
{
    if (sources == NULL || atomic_fetch_sub_explicit(&sources->references, 1, memory_order_acq_rel) != 1)
        return;
    for (int i = 0; i < sources->memtable_count; i++)
        memtable_unref(sources->memtables[i]);
    version_unref(sources->version);
    free(sources);
}

Memtable *sources_active(Engine *engine)
{
    /* only the holder of the latch changes which one comes first, but installs replace the list meanwhile */
    Memtable *active;

    pthread_mutex_lock(&engine->sources_mutex);
    active = engine->sources->memtables[0];
    pthread_mutex_unlock(&engine->sources_mutex);
    return active;
}

/* Makes `next` the current one. Under the mutex; returns what it replaced, to be released outside. */
static Sources *replace(Engine *engine, Sources *next)
{
    Sources *old = engine->sources;

    for (int i = 0; i < next->memtable_count; i++)
        memtable_ref(next->memtables[i]);
    if (next->version != NULL) /* none only while the store is being opened */
        version_ref(next->version);
    engine->sources = next;
    return old;
}

Status sources_seal(Engine *engine, Fault *fault)
{
    Memtable *memtable = memtable_new(engine->account, engine->next_epoch);
    Sources  *next = calloc(1, sizeof *next);
    Sources  *old = NULL;

    if (memtable == NULL || next == NULL) {
        memtable_unref(memtable);
        free(next);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a memtable");
    }
    atomic_init(&next->references, 1);
    pthread_mutex_lock(&engine->sources_mutex);
    if (engine->sources == NULL || engine->sources->memtable_count < ENGINE_MAX_MEMTABLES) {
        next->memtables[0] = memtable;
        next->memtable_count = 1;
        for (int i = 0; engine->sources != NULL && i < engine->sources->memtable_count; i++)
            next->memtables[next->memtable_count++] = engine->sources->memtables[i];
        next->version = engine->sources != NULL ? engine->sources->version : NULL;
        old = replace(engine, next);
        engine->next_epoch++;
        next = NULL;
    }
    pthread_mutex_unlock(&engine->sources_mutex);
    memtable_unref(memtable);
    sources_release(old);
    free(next);
    return STATUS_OK;
}

Status sources_install(Engine *engine, Version *version, int flushed, Fault *fault)
{
    Sources *next = calloc(1, sizeof *next);
    Sources *old;

    if (next == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a version");
    atomic_init(&next->references, 1);
    pthread_mutex_lock(&engine->sources_mutex);
    next->memtable_count = engine->sources->memtable_count - flushed;
    memcpy(next->memtables, engine->sources->memtables, (size_t)next->memtable_count * sizeof next->memtables[0]);
    next->version = version;
    old = replace(engine, next);
    pthread_mutex_unlock(&engine->sources_mutex);
    sources_release(old);
    return STATUS_OK;
}
