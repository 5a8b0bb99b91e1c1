/*
 * store_nexadb.c - the engine of this tree under the storage benchmark.
 */
#include "bench/storage/store.h"
#include "storage/engine.h"

#include <stdio.h>
#include <stdlib.h>

enum { RELATION = 20000, BATCH = 256 };

typedef struct Worker {
    Engine   *engine;
    WriteSet *writes;
} Worker;

static void check(Status status, const Fault *fault)
{
    if (status == STATUS_OK)
        return;
    fprintf(stderr, "nexadb: %s: %s\n", status_name(status), fault->text);
    exit(1);
}

static void *open_store(const StoreSettings *settings)
{
    EngineOptions options = {.directory = settings->directory,
                             .memtable_bytes = settings->memtable_bytes,
                             .block_cache_bytes = settings->cache_bytes};
    Engine       *engine;
    Fault         fault;

    check(engine_open(&options, &engine, &fault), &fault);
    return engine;
}

static void close_store(void *store)
{
    Fault fault;

    check(engine_close(store, &fault), &fault);
}

static void *new_worker(void *store)
{
    Worker *worker = calloc(1, sizeof *worker);
    Fault   fault;

    worker->engine = store;
    check(writeset_new(store, &worker->writes, &fault), &fault);
    return worker;
}

static void end_worker(void *arg)
{
    Worker *worker = arg;

    writeset_free(worker->writes);
    free(worker);
}

static void put(void *arg, const uint8_t *key, const void *value, size_t size, bool sync)
{
    Worker       *worker = arg;
    CommitOptions options = {.sync = sync ? COMMIT_SYNC : COMMIT_NO_SYNC};
    Fault         fault;

    check(writeset_put(worker->writes, RELATION, slice_of(key, KEY_BYTES), slice_of(value, size), &fault), &fault);
    check(engine_commit(worker->engine, worker->writes, &options, NULL, &fault), &fault);
}

static bool get(void *arg, const uint8_t *key, size_t *size_out)
{
    Worker     *worker = arg;
    ReadView    view = {.csn = CSN_MAX};
    PinnedValue found;
    Fault       fault;
    Status      status = engine_get(worker->engine, &view, RELATION, slice_of(key, KEY_BYTES), &found, &fault);

    if (status == STATUS_NOT_FOUND)
        return false;
    check(status, &fault);
    *size_out = found.value.size;
    engine_unpin(&found);
    return true;
}

static size_t scan(void *arg, const uint8_t *key, size_t count, uint64_t *bytes)
{
    Worker         *worker = arg;
    ReadView        view = {.csn = CSN_MAX};
    IteratorOptions options = {.storage_id = RELATION, .scan = count > 10000};
    IteratorEntry   entries[BATCH];
    Iterator       *iterator;
    size_t          done = 0;
    int             got;
    Fault           fault;

    if (key != NULL)
        options.lower = slice_of(key, KEY_BYTES);
    check(iterator_open(worker->engine, &view, &options, &iterator, &fault), &fault);
    while (done < count) {
        check(iterator_next(iterator, entries, (int)(count - done < BATCH ? count - done : BATCH), &got, &fault), &fault);
        for (int i = 0; i < got; i++)
            *bytes += entries[i].key.size + entries[i].value.size;
        done += (size_t)got;
        if (got == 0)
            break;
    }
    iterator_close(iterator);
    return done;
}

static void settle(void *store)
{
    Fault fault;

    check(engine_compact(store, 0, &fault), &fault);
}

const Store nexadb_store = {"nexadb", open_store, close_store, new_worker, end_worker, put, get, scan, settle};
