/*
 * table_cache.c - see table_cache.h.
 */
#include "storage/lsm/table_cache.h"

#include "base/file.h"

#include <pthread.h>
#include <stdlib.h>

enum { STRIPES = 64 };

/* Metas with an open reader stand in a ring, in the order of opening; the hand goes round to close what was not used. */
typedef struct OpenFile {
    FileMeta *meta;
} OpenFile;

struct TableCache {
    const char     *directory;
    BlockCache     *blocks;
    Account        *account;
    int             open_limit;
    pthread_mutex_t stripes[STRIPES]; /* by file number: guard FileMeta.reader */
    pthread_mutex_t ring_mutex;       /* taken under no stripe's */
    OpenFile       *ring;
    int             ring_count, ring_capacity, hand;
};

TableCache *table_cache_new(const char *directory, BlockCache *blocks, Account *account, int open_limit)
{
    TableCache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        return NULL;
    cache->directory = directory;
    cache->blocks = blocks;
    cache->account = account;
    cache->open_limit = MAX(open_limit, 16);
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_init(&cache->stripes[i], NULL);
    pthread_mutex_init(&cache->ring_mutex, NULL);
    return cache;
}

void table_cache_free(TableCache *cache)
{
    if (cache == NULL)
        return;
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_destroy(&cache->stripes[i]);
    pthread_mutex_destroy(&cache->ring_mutex);
    free(cache->ring);
    free(cache);
}

BlockCache *table_cache_blocks(TableCache *cache)
{
    return cache->blocks;
}

static inline pthread_mutex_t *stripe_of(TableCache *cache, const FileMeta *meta)
{
    return &cache->stripes[meta->number % STRIPES];
}

/* Takes the reader away from a meta; NULL: it has none. */
static TableReader *detach(TableCache *cache, FileMeta *meta)
{
    TableReader *reader;

    pthread_mutex_lock(stripe_of(cache, meta));
    reader = atomic_exchange_explicit(&meta->reader, NULL, memory_order_acq_rel);
    pthread_mutex_unlock(stripe_of(cache, meta));
    return reader;
}

/* Notes a file as open and closes another when there are too many. */
static void note_open(TableCache *cache, FileMeta *meta)
{
    TableReader *closing = NULL;

    pthread_mutex_lock(&cache->ring_mutex);
    if (cache->ring_count == cache->ring_capacity) {
        int       capacity = MAX(64, cache->ring_capacity * 2);
        OpenFile *ring = realloc(cache->ring, (size_t)capacity * sizeof *ring);

        if (ring == NULL) { /* it stays open as long as its meta lives */
            pthread_mutex_unlock(&cache->ring_mutex);
            return;
        }
        cache->ring = ring;
        cache->ring_capacity = capacity;
    }
    cache->ring[cache->ring_count++] = (OpenFile){meta};
    for (int tries = 0; cache->ring_count > cache->open_limit && closing == NULL && tries < 2 * cache->ring_count; tries++) {
        FileMeta *candidate;

        if (cache->hand >= cache->ring_count)
            cache->hand = 0;
        candidate = cache->ring[cache->hand].meta;
        if (candidate == meta || atomic_exchange_explicit(&candidate->used_at, 0, memory_order_relaxed) != 0) {
            cache->hand++;
            continue;
        }
        cache->ring[cache->hand] = cache->ring[--cache->ring_count];
        closing = detach(cache, candidate); /* the meta is alive: table_cache_forget() takes it off the ring first */
    }
    pthread_mutex_unlock(&cache->ring_mutex);
    table_reader_unref(closing);
}

Status table_cache_acquire(TableCache *cache, FileMeta *meta, TableReader **reader_out, Fault *fault)
{
    pthread_mutex_t *stripe = stripe_of(cache, meta);
    TableReader     *reader;
    Status           status = STATUS_OK;
    bool             opened = false;

    pthread_mutex_lock(stripe);
    reader = atomic_load_explicit(&meta->reader, memory_order_relaxed);
    if (reader == NULL) {
        status = table_reader_open(cache->directory, meta, cache->blocks, cache->account, &reader, fault);
        if (status == STATUS_OK) {
            atomic_store_explicit(&meta->reader, reader, memory_order_release);
            opened = true;
        }
    }
    if (status == STATUS_OK)
        table_reader_ref(reader);
    pthread_mutex_unlock(stripe);
    if (status != STATUS_OK)
        return status;
    if (atomic_load_explicit(&meta->used_at, memory_order_relaxed) == 0)
        atomic_store_explicit(&meta->used_at, 1, memory_order_relaxed);
    if (opened)
        note_open(cache, meta);
    *reader_out = reader;
    return STATUS_OK;
}

void table_cache_forget(TableCache *cache, FileMeta *meta)
{
    pthread_mutex_lock(&cache->ring_mutex);
    if (atomic_load_explicit(&meta->reader, memory_order_acquire) != NULL) {
        for (int i = 0; i < cache->ring_count; i++) {
            if (cache->ring[i].meta == meta) {
                cache->ring[i] = cache->ring[--cache->ring_count];
                break;
            }
        }
    }
    pthread_mutex_unlock(&cache->ring_mutex);
    table_reader_unref(detach(cache, meta));
    if (atomic_load_explicit(&meta->obsolete, memory_order_acquire)) {
        char  name[TABLE_NAME_BYTES];
        char *path;

        table_name(meta->number, name);
        path = path_join(cache->directory, name);
        if (path != NULL)
            (void)path_unlink(path, NULL); /* what stays behind is cleaned at the next start */
        free(path);
    }
}
