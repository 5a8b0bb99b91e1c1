/*
 * block_cache.c - see block_cache.h.
 */
#include "storage/lsm/block_cache.h"

#include "base/hash.h"
#include "storage/lsm/block.h"

#include <pthread.h>
#include <stdlib.h>

enum { SHARDS = 16, FIRST_BUCKETS = 256 };

typedef struct BlockList {
    CachedBlock *oldest, *newest;
    size_t       bytes;
} BlockList;

typedef struct Shard {
    _Alignas(64) pthread_mutex_t mutex;
    CachedBlock **buckets;
    size_t        bucket_count, block_count;
    BlockList     probation, guarded;
    uint64_t      hits, misses;
} Shard;

struct BlockCache {
    Account *account;
    size_t   shard_budget;
    Shard    shards[SHARDS];
};

BlockCache *block_cache_new(Account *account, size_t budget_bytes)
{
    BlockCache *cache = aligned_alloc(64, sizeof *cache);

    if (cache == NULL)
        return NULL;
    memset(cache, 0, sizeof *cache);
    cache->account = account;
    cache->shard_budget = budget_bytes / SHARDS;
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&cache->shards[i].mutex, NULL);
    return cache;
}

static void free_block(CachedBlock *block)
{
    account_release(block->cache->account, block->charge);
    free(block);
}

void block_cache_free(BlockCache *cache)
{
    if (cache == NULL)
        return;
    for (int i = 0; i < SHARDS; i++) {
        Shard *shard = &cache->shards[i];

        for (size_t bucket = 0; bucket < shard->bucket_count; bucket++) {
            while (shard->buckets[bucket] != NULL) {
                CachedBlock *block = shard->buckets[bucket];

                shard->buckets[bucket] = block->hash_next;
                ASSERT(atomic_load(&block->references) == 1);
                free_block(block);
            }
        }
        free(shard->buckets);
        pthread_mutex_destroy(&shard->mutex);
    }
    free(cache);
}

static inline uint64_t hash_place(uint64_t file, uint64_t offset)
{
    return hash_u64(file * 0x9e3779b97f4a7c15ull + offset);
}

static inline Shard *shard_of(BlockCache *cache, uint64_t hash)
{
    return &cache->shards[hash >> 60];
}

/* ---- lists; all under the shard's mutex ------------------------------------------------------------------------------ */

static void list_append(BlockList *list, CachedBlock *block)
{
    block->older = list->newest;
    block->newer = NULL;
    *(list->newest != NULL ? &list->newest->newer : &list->oldest) = block;
    list->newest = block;
    list->bytes += block->charge;
}

static void list_remove(BlockList *list, CachedBlock *block)
{
    *(block->older != NULL ? &block->older->newer : &list->oldest) = block->newer;
    *(block->newer != NULL ? &block->newer->older : &list->newest) = block->older;
    list->bytes -= block->charge;
}

static CachedBlock **find_in_bucket(Shard *shard, uint64_t hash, uint64_t file, uint64_t offset)
{
    CachedBlock **at = &shard->buckets[hash & (shard->bucket_count - 1)];

    while (*at != NULL && ((*at)->offset != offset || (*at)->file != file))
        at = &(*at)->hash_next;
    return at;
}

static void grow_buckets(Shard *shard)
{
    size_t        count = MAX((size_t)FIRST_BUCKETS, shard->bucket_count * 2);
    CachedBlock **buckets;

    if (shard->block_count < shard->bucket_count)
        return;
    buckets = calloc(count, sizeof *buckets);
    if (buckets == NULL)
        return; /* longer chains are only slower */
    for (size_t i = 0; i < shard->bucket_count; i++) {
        while (shard->buckets[i] != NULL) {
            CachedBlock  *block = shard->buckets[i];
            CachedBlock **head = &buckets[hash_place(block->file, block->offset) & (count - 1)];

            shard->buckets[i] = block->hash_next;
            block->hash_next = *head;
            *head = block;
        }
    }
    free(shard->buckets);
    shard->buckets = buckets;
    shard->bucket_count = count;
}

/* Takes a block out of the shard; true: nobody uses it, and the caller frees it. */
static bool unlink_block(Shard *shard, CachedBlock *block)
{
    CachedBlock **at = find_in_bucket(shard, hash_place(block->file, block->offset), block->file, block->offset);

    *at = block->hash_next;
    list_remove(block->is_protected ? &shard->guarded : &shard->probation, block);
    block->cached = 0;
    shard->block_count--;
    return atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1;
}

/* The next victim of a list, second chances given; NULL: all of it is in use. */
static CachedBlock *find_victim(BlockList *list)
{
    CachedBlock *block = list->oldest;

    for (int tries = 0; block != NULL && tries < 64; tries++) {
        CachedBlock *newer = block->newer;

        if (!block->used && atomic_load_explicit(&block->references, memory_order_relaxed) == 1)
            return block;
        block->used = 0;
        list_remove(list, block);
        list_append(list, block);
        block = newer;
    }
    return NULL;
}

/* Evicts until `wanted` more bytes fit; the victims come back as a chain to be freed outside the mutex. */
static CachedBlock *make_room(BlockCache *cache, Shard *shard, size_t wanted)
{
    CachedBlock *doomed = NULL;

    while (shard->probation.bytes + shard->guarded.bytes + wanted > cache->shard_budget) {
        bool         guarded_first = shard->guarded.bytes > cache->shard_budget / 5 * 4 || shard->probation.oldest == NULL;
        CachedBlock *victim = find_victim(guarded_first ? &shard->guarded : &shard->probation);

        if (victim == NULL)
            victim = find_victim(guarded_first ? &shard->probation : &shard->guarded);
        if (victim == NULL)
            break; /* all in use: over the budget for a while */
        if (unlink_block(shard, victim)) {
            victim->hash_next = doomed;
            doomed = victim;
        }
    }
    return doomed;
}

static void free_chain(CachedBlock *doomed)
{
    while (doomed != NULL) {
        CachedBlock *next = doomed->hash_next;

        free_block(doomed);
        doomed = next;
    }
}

/* ---- interface ------------------------------------------------------------------------------------------------------- */

CachedBlock *block_cache_find(BlockCache *cache, uint64_t file, uint64_t offset, CacheUse use)
{
    uint64_t     hash = hash_place(file, offset);
    Shard       *shard = shard_of(cache, hash);
    CachedBlock *block = NULL;

    pthread_mutex_lock(&shard->mutex);
    if (shard->bucket_count != 0)
        block = *find_in_bucket(shard, hash, file, offset);
    if (block == NULL) {
        shard->misses++;
    } else {
        shard->hits++;
        atomic_fetch_add_explicit(&block->references, 1, memory_order_relaxed);
        if (use == CACHE_POINT) {
            if (!block->is_protected) {
                list_remove(&shard->probation, block);
                block->is_protected = 1;
                list_append(&shard->guarded, block);
            } else {
                block->used = 1;
            }
        }
    }
    pthread_mutex_unlock(&shard->mutex);
    return block;
}

CachedBlock *block_cache_allocate(BlockCache *cache, size_t size)
{
    size_t       charge = sizeof(CachedBlock) + size + BLOCK_SLACK_BYTES;
    CachedBlock *block;

    while (!account_reserve(cache->account, charge)) {
        CachedBlock *doomed = NULL;

        for (int i = 0; i < SHARDS && doomed == NULL; i++) { /* the server's budget is smaller than ours: give back */
            pthread_mutex_lock(&cache->shards[i].mutex);
            if (cache->shards[i].block_count != 0)
                doomed = make_room(cache, &cache->shards[i], cache->shard_budget);
            pthread_mutex_unlock(&cache->shards[i].mutex);
        }
        if (doomed == NULL)
            return NULL;
        free_chain(doomed);
    }
    block = malloc(charge);
    if (block == NULL) {
        account_release(cache->account, charge);
        return NULL;
    }
    *block = (CachedBlock){.cache = cache, .charge = charge, .size = size};
    atomic_init(&block->references, 1);
    memset(block->data + size, 0, BLOCK_SLACK_BYTES);
    return block;
}

CachedBlock *block_cache_insert(BlockCache *cache, CachedBlock *block, uint64_t file, uint64_t offset, CacheUse use)
{
    uint64_t     hash = hash_place(file, offset);
    Shard       *shard = shard_of(cache, hash);
    CachedBlock *present = NULL, *doomed = NULL;

    (void)use;
    block->file = file;
    block->offset = offset;
    pthread_mutex_lock(&shard->mutex);
    grow_buckets(shard);
    if (shard->bucket_count != 0)
        present = *find_in_bucket(shard, hash, file, offset);
    if (present != NULL) {
        atomic_fetch_add_explicit(&present->references, 1, memory_order_relaxed);
    } else if (shard->bucket_count != 0 && block->charge <= cache->shard_budget) {
        CachedBlock **head = &shard->buckets[hash & (shard->bucket_count - 1)];

        doomed = make_room(cache, shard, block->charge);
        block->hash_next = *head;
        *head = block;
        block->cached = 1;
        atomic_fetch_add_explicit(&block->references, 1, memory_order_relaxed);
        list_append(&shard->probation, block);
        shard->block_count++;
    }
    pthread_mutex_unlock(&shard->mutex);
    free_chain(doomed);
    if (present == NULL)
        return block;
    block_cache_release(block);
    return present;
}

void block_cache_release(void *pinned)
{
    CachedBlock *block = pinned;

    if (block != NULL && atomic_fetch_sub_explicit(&block->references, 1, memory_order_acq_rel) == 1)
        free_block(block);
}

void block_cache_stats(BlockCache *cache, BlockCacheStats *stats_out)
{
    *stats_out = (BlockCacheStats){0};
    for (int i = 0; i < SHARDS; i++) {
        Shard *shard = &cache->shards[i];

        pthread_mutex_lock(&shard->mutex);
        stats_out->bytes += shard->probation.bytes + shard->guarded.bytes;
        stats_out->hits += shard->hits;
        stats_out->misses += shard->misses;
        pthread_mutex_unlock(&shard->mutex);
    }
}
