/*
 * background.h - the engine's own threads: the log's keeper, flush, compaction; and what they ask of writers.
 *
 * Threads     background_start() and background_stop() by whoever opens and closes; the rest from any thread.
 */
#ifndef STORAGE_LSM_BACKGROUND_H
#define STORAGE_LSM_BACKGROUND_H

#include "storage/engine.h"
#include "storage/lsm/memtable.h"

MUST_CHECK Status background_start(Engine *engine, Fault *fault);
void              background_stop(Engine *engine); /* interrupts compactions; waits until every thread has ended */

/* There may be something to flush, compact or free. Cheap, never waits. */
void background_wake(Engine *engine);

/* After each commit: the log may want a new segment, or a sync behind the acknowledgement. Cheap, never waits. */
void background_after_commit(Engine *engine);

/* Whether the next commit should go to a fresh memtable. Under the commit latch. */
bool background_memtable_is_full(Engine *engine, const Memtable *memtable);

/* Before a commit of about this size: waits, if it must, until flush and compaction have caught up. */
MUST_CHECK Status background_throttle(Engine *engine, size_t bytes, Fault *fault);

/* Seals the memtable and waits until every sealed one is flushed. */
MUST_CHECK Status background_flush(Engine *engine, Fault *fault);

/* The same for what is sealed already; may be called under the commit latch. */
MUST_CHECK Status background_flush_sealed(Engine *engine, Fault *fault);

/* Runs a full compaction in the calling thread, apart from the background's. */
MUST_CHECK Status background_compact(Engine *engine, StorageId id, Fault *fault);

#endif
