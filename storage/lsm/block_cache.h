/*
 * block_cache.h - decompressed blocks of tables in memory, within a budget in bytes.
 *
 * Sharded by block. A block enters on probation; a second use protects it, up to four fifths of the budget. Evicted are
 * blocks on probation, oldest first, then protected ones that were not used lately: so a large scan, whose uses protect
 * nothing, displaces only what is on probation.
 *
 * Ownership   counted: find and insert give a reference, block_cache_release() takes it back. Blocks may outlive their
 *             place in the cache, not the cache itself.
 * Threads     any.
 * Memory      charged to the account given; within the budget unless everything is in use.
 */
#ifndef STORAGE_LSM_BLOCK_CACHE_H
#define STORAGE_LSM_BLOCK_CACHE_H

#include "base/account.h"
#include "base/common.h"

#include <stdatomic.h>

typedef struct BlockCache BlockCache;
typedef struct CachedBlock CachedBlock;

struct CachedBlock {
    CachedBlock     *hash_next;
    CachedBlock     *older, *newer; /* in its list */
    BlockCache      *cache;
    uint64_t         file, offset;
    _Atomic uint32_t references; /* users, and one for the cache while it is there */
    uint8_t          used;       /* since it was protected, or last passed over */
    uint8_t          is_protected;
    uint8_t          cached;
    size_t           charge;
    size_t           size;
    uint8_t          data[]; /* the payload, and BLOCK_SLACK_BYTES */
};

typedef enum CacheUse { CACHE_POINT, CACHE_SCAN } CacheUse;

BlockCache *block_cache_new(Account *account, size_t budget_bytes); /* NULL without memory */
void        block_cache_free(BlockCache *cache);                    /* no block may be in use */

/* The block if it is there; NULL: not. */
CachedBlock *block_cache_find(BlockCache *cache, uint64_t file, uint64_t offset, CacheUse use);

/* Memory for a block of size bytes, in nobody's list yet; NULL without memory. Filled, it is inserted or released. */
CachedBlock *block_cache_allocate(BlockCache *cache, size_t size);

/* Enters a filled block; gives back the one to use, which is another's if that was faster. */
CachedBlock *block_cache_insert(BlockCache *cache, CachedBlock *block, uint64_t file, uint64_t offset, CacheUse use);

void block_cache_release(void *block); /* NULL is allowed */

static inline void block_cache_ref(CachedBlock *block)
{
    atomic_fetch_add_explicit(&block->references, 1, memory_order_relaxed);
}

typedef struct BlockCacheStats {
    uint64_t bytes, hits, misses;
} BlockCacheStats;
void block_cache_stats(BlockCache *cache, BlockCacheStats *stats_out);

#endif
