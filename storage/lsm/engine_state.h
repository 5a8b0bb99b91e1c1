/*
 * engine_state.h - the engine's state, shared by the files of this folder and by nobody else.
 *
 * Locking order (a thread takes them downwards only):
 *     commit latch        who assigns csns and appends to the log; not a mutex: see commit.h
 *     version_mutex       who makes the next version and writes the manifest
 *     commit_queue.mutex, publish mutex, background.mutex, sources_mutex, snapshots.mutex, relations.lock,
 *     counters.mutex, the log's, the caches': leaves, nothing is taken under them
 */
#ifndef STORAGE_LSM_ENGINE_STATE_H
#define STORAGE_LSM_ENGINE_STATE_H

#include "base/account.h"
#include "base/file.h"
#include "base/hash.h"
#include "storage/engine.h"
#include "storage/lsm/commit.h"
#include "storage/lsm/counters.h"
#include "storage/lsm/manifest.h"
#include "storage/lsm/memtable.h"
#include "storage/lsm/relations.h"
#include "storage/lsm/snapshots.h"
#include "storage/lsm/table_cache.h"
#include "storage/lsm/version.h"
#include "storage/lsm/wal.h"
#include "storage/lsm/write_set.h"

#include <time.h>

enum { ENGINE_MAX_MEMTABLES = 16 };

/*
 * What a reader reads, newest first: memtables (the first one still takes commits), then the version's tables. Never
 * changes; sealing a memtable and installing a version make the next one. Counted.
 */
typedef struct Sources {
    _Atomic int references;
    int         memtable_count;
    Version    *version;
    Memtable   *memtables[ENGINE_MAX_MEMTABLES];
} Sources;

struct Engine {
    EngineOptions options; /* defaults filled in */
    char         *directory;
    Account      *account;
    uint64_t      identity;
    File         *lock;
    WalWriter    *wal;      /* NULL when read-only */
    Manifest     *manifest; /* under version_mutex */
    BlockCache   *blocks;
    TableCache   *tables;

    CommitQueue commits;
    Snapshots   snapshots;
    Counters    counters;
    Relations   relations;

    pthread_mutex_t sources_mutex;
    Sources        *sources;
    uint64_t        next_epoch; /* under the commit latch */

    pthread_mutex_t  version_mutex;
    _Atomic uint64_t next_file;
    _Atomic Csn      flushed;   /* tables hold everything up to here */
    bool             manifest_behind; /* readers have tables that the manifest lacks; under version_mutex */
    uint64_t         first_log; /* as the manifest has it; under version_mutex */

    _Atomic uint64_t next_storage_id;
    struct Background *background; /* flush and compaction threads; NULL when read-only */

    _Atomic uint64_t commit_count, user_bytes, flush_bytes, compaction_bytes, stall_us;
};

static inline int64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- sources (sources.c) ------------------------------------------------------------------------------------------- */

Sources *sources_acquire(Engine *engine);
void     sources_ref(Sources *sources);
void     sources_release(Sources *sources);

/* The memtable that commits go to. Under the commit latch; no reference. */
Memtable *sources_active(Engine *engine);

/* Puts a fresh memtable in front, if there is room for one more. Under the commit latch. */
MUST_CHECK Status sources_seal(Engine *engine, Fault *fault);

/* Replaces the version, and drops the `flushed` oldest memtables in the same step. Takes a reference of its own. */
MUST_CHECK Status sources_install(Engine *engine, Version *version, int flushed, Fault *fault);

/* ---- elsewhere ----------------------------------------------------------------------------------------------------- */

/* The oldest snapshot has been released: dropped relations and old versions may be free now. Cheap. */
void engine_snapshot_moved(Engine *engine);

/* Closes and deletes the tables that a write set holds and that did not enter. */
void writeset_drop_tables(WriteSet *writes);

/* Reads the manifest and the log; makes a store where there is none. Fills what engine_open() needs (recovery.c). */
MUST_CHECK Status engine_recover(Engine *engine, Fault *fault);

/* Random and not 0. */
uint64_t engine_random(void);

#endif
