/*
 * stats.c - the numbers behind nexadb_lsm.
 */
#include "storage/lsm/engine_state.h"

void engine_stats(Engine *engine, EngineStats *out)
{
    Sources        *sources = sources_acquire(engine);
    BlockCacheStats cache;

    *out = (EngineStats){0};
    for (int level = 0; level < ENGINE_LEVELS; level++) {
        out->level_files[level] = (uint64_t)sources->version->levels[level].count;
        out->level_bytes[level] = sources->version->levels[level].bytes;
    }
    for (int i = 0; i < sources->memtable_count; i++)
        out->memtable_bytes += memtable_bytes(sources->memtables[i]);
    sources_release(sources);
    block_cache_stats(engine->blocks, &cache);
    out->cache_bytes = cache.bytes;
    out->cache_hits = cache.hits;
    out->cache_misses = cache.misses;
    out->commits = atomic_load_explicit(&engine->commit_count, memory_order_relaxed);
    out->user_bytes_written = atomic_load_explicit(&engine->user_bytes, memory_order_relaxed);
    out->flush_bytes_written = atomic_load_explicit(&engine->flush_bytes, memory_order_relaxed);
    out->compaction_bytes_written = atomic_load_explicit(&engine->compaction_bytes, memory_order_relaxed);
    out->stall_us = atomic_load_explicit(&engine->stall_us, memory_order_relaxed);
    out->oldest_snapshot_us = snapshots_oldest_age_us(&engine->snapshots);
    out->visible_csn = engine_visible_csn(engine);
    out->durable_csn = out->visible_csn;
    if (engine->wal == NULL)
        return;
    out->wal_bytes = wal_bytes(engine->wal);
    out->wal_bytes_written = wal_bytes_written(engine->wal);
    out->syncs = wal_syncs(engine->wal);
    out->durable_csn = MIN(out->visible_csn, wal_durable_lsn(engine->wal));
}
