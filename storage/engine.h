/*
 * engine.h - the LSM engine as the rest of storage sees it: one versioned, durable, ordered key space.
 *
 * A key is (storage id, key bytes); each write of it makes a version stamped with the csn of its commit. Readers see,
 * per key, the newest version at or below their read view's csn, overlaid by their own transaction's writes.
 * Keys arrive encoded so that byte order is sort order; the engine knows nothing of SQL, rows or types.
 *
 * Commit      WriteSets collect a transaction's puts and tombstones in memory (and in sorted runs on disk beyond a
 *             budget); engine_commit() makes them durable and visible in one step, sharing an fdatasync with the
 *             other commits of the moment. One 64-bit number is csn, lsn of the commit record and pg_lsn.
 * Ownership   engine_open() returns the engine, ended by engine_close(). Snapshots, iterators, pinned values and
 *             write sets belong to their opener and must be gone before engine_close().
 * Threads     every engine_*() call may be made from any thread. A WriteSet, an Iterator has one user at a time;
 *             readers of a WriteSet (iterators of the same transaction) may run in other threads beside its writer.
 * Memory      memtables, block cache and write sets charge EngineOptions.account.
 * Errors      Status and Fault; nothing here raises. After a failed log write or sync the engine is read-only:
 *             STATUS_READ_ONLY for every later commit, reads go on.
 */
#ifndef STORAGE_ENGINE_H
#define STORAGE_ENGINE_H

#include "base/account.h"
#include "base/common.h"
#include "base/status.h"

typedef uint64_t Csn; /* 0: before everything; CSN_MAX: newer than everything */
#define CSN_MAX UINT64_MAX

/* A relation's storage: pg_class.relfilenode. 1 .. 2^32-1; ids below ENGINE_FIRST_STORAGE_ID belong to the catalog. */
typedef uint32_t StorageId;

enum {
    ENGINE_MAX_KEY_BYTES = 16 << 10,   /* longer keys: STATUS_TOO_LARGE */
    ENGINE_MAX_VALUE_BYTES = 16 << 20, /* longer values are cut into chunks by storage/table */
    ENGINE_FIRST_STORAGE_ID = 16384,
};

typedef struct Engine Engine;

typedef struct EngineOptions {
    const char *directory;          /* made when it does not exist */
    Account    *account;            /* NULL: server_account */
    size_t      memtable_bytes;     /* budget over all memtables; 0: 64 MiB */
    size_t      block_cache_bytes;  /* 0: 256 MiB */
    size_t      write_set_bytes;    /* a write set beyond this spills sorted runs and commits as files; 0: 4 MiB */
    uint64_t    wal_limit_bytes;    /* the log is kept below this by flushing; 0: 200 MiB */
    int         background_threads; /* flush and compaction; 0: 2 */
    bool        read_only;          /* nexadb check, inspect: nothing is written, no recovery beyond memory */
} EngineOptions;

/*
 * Opens or makes a store and recovers it: everything committed is there, nothing else is.
 * STATUS_BUSY when another process has it open, STATUS_FORMAT for another version or not a store,
 * STATUS_CORRUPT with file and offset for damage below what was durable.
 */
MUST_CHECK Status engine_open(const EngineOptions *options, Engine **engine_out, Fault *fault);

/* A clean stop: background work ends, memtables are flushed so that the next start replays nothing. */
Status engine_close(Engine *engine, Fault *fault);

/* The random identity given to the store when it was made: pg_control's system identifier. */
uint64_t engine_identity(const Engine *engine);

/* The store's directory: where temporary files of other parts of storage go, which unlink them as soon as they are open. */
const char *engine_directory(const Engine *engine);

/* ---- relations --------------------------------------------------------------------------------------------- */

typedef enum RelationKind {
    RELATION_ROWS = 1,   /* keyed by row id, dense: a column group or chunk store of a table */
    RELATION_INDEX = 2,  /* keyed by encoded columns + 8-byte row id */
    RELATION_CATALOG = 3,
} RelationKind;

typedef struct RelationOptions {
    RelationKind kind;
    uint8_t      filter_suffix_bytes; /* trailing key bytes that filters leave out: 8 (the row id) for an index, else 0 */
    bool         temporary;           /* lives in memory and spill files only, never in the log; gone at restart */
} RelationOptions;

/* A fresh storage id, never used before in this store. Durable when a commit that uses it is. */
MUST_CHECK Status engine_new_storage_id(Engine *engine, StorageId *id_out, Fault *fault);

/* Bytes on disk and in memtables that the relation occupies, approximately; entries likewise. Never fails. */
typedef struct RelationSize {
    uint64_t disk_bytes;
    uint64_t memory_bytes;
    uint64_t entries; /* versions and tombstones included */
} RelationSize;
RelationSize engine_relation_size(Engine *engine, StorageId id);

/*
 * Durable counters: row ids, sequences, oids, xids. Outside MVCC: a reservation is logged, never undone.
 * engine_counter_reserve() makes sure that after any restart engine_counter_get() answers at least value; it does not
 * wait for the disk: its record precedes in the log any commit that uses what it reserved.
 */
MUST_CHECK Status engine_counter_reserve(Engine *engine, uint64_t counter_id, uint64_t value, Fault *fault);
/* The next count consecutive numbers of a counter, from 1: never handed out again, in blocks that it reserves by itself. */
MUST_CHECK Status engine_counter_take(Engine *engine, uint64_t counter_id, uint64_t count, uint64_t *first_out, Fault *fault);
uint64_t          engine_counter_get(Engine *engine, uint64_t counter_id); /* 0 when never reserved */

/* ---- snapshots --------------------------------------------------------------------------------------------- */

/* A registered csn: versions that it sees are kept. The struct is the caller's, linked while registered. */
typedef struct Snapshot Snapshot;
struct Snapshot {
    Csn       csn;
    Snapshot *newer;
    Snapshot *older;
    int64_t   taken_at_us; /* CLOCK_MONOTONIC, for the age of the oldest */
};

/* The newest visible csn, registered. Never waits for writers. */
void engine_snapshot_acquire(Engine *engine, Snapshot *snapshot);
/* Registers the csn of another registered snapshot (a cursor that outlives its statement). */
void engine_snapshot_copy(Engine *engine, Snapshot *snapshot, const Snapshot *from);
void engine_snapshot_release(Engine *engine, Snapshot *snapshot);
Csn  engine_visible_csn(Engine *engine);

/* ---- write sets -------------------------------------------------------------------------------------------- */

/*
 * A transaction's own writes, versioned by a local sequence that advances with each command. A savepoint is a
 * mark of that sequence; rolling back to it adds the range to the dead ranges that readers and commit skip.
 */
typedef struct WriteSet WriteSet;
typedef uint32_t        LocalSeq; /* 1 ..; a read view with limit n sees local writes of sequence < n */

MUST_CHECK Status writeset_new(Engine *engine, WriteSet **writes_out, Fault *fault);
void              writeset_free(WriteSet *writes); /* undoes everything not committed, created storage and files included */
bool              writeset_is_empty(const WriteSet *writes);

/* A pointer of the caller's, carried by every view of this write set; NULL at first. */
void              writeset_set_owner(WriteSet *writes, void *owner);
void             *writeset_owner(const WriteSet *writes);

LocalSeq writeset_sequence(const WriteSet *writes); /* the sequence that writes now get */
LocalSeq writeset_advance(WriteSet *writes);        /* the next command; returns its sequence */
void     writeset_rollback_to(WriteSet *writes, LocalSeq mark); /* kills every write of sequence >= mark, advances */

MUST_CHECK Status writeset_put(WriteSet *writes, StorageId id, Slice key, Slice value, Fault *fault);
MUST_CHECK Status writeset_delete(WriteSet *writes, StorageId id, Slice key, Fault *fault);

/*
 * Calls visit with every key that a commit would write now, in order of storage id and key, and with data NULL for a relation
 * that it writes as a whole (dropped, or written in bulk). By the writer's thread.
 */
void writeset_visit_keys(const WriteSet *writes, void (*visit)(void *arg, StorageId id, Slice key), void *arg);

/* Storage made and freed by this transaction. What is dropped is freed once the commit is durable and no iterator or snapshot holds it. */
MUST_CHECK Status writeset_create_storage(WriteSet *writes, StorageId id, const RelationOptions *options, Fault *fault);
MUST_CHECK Status writeset_drop_storage(WriteSet *writes, StorageId id, Fault *fault);

/*
 * Bulk: keys of one relation in ascending order written straight to a sorted table of that relation, entered by the commit.
 * The writer is finished (attached to the write set) or abandoned. Reads of this transaction see what finished writers hold.
 */
typedef struct BulkWriter BulkWriter;
MUST_CHECK Status bulk_writer_open(WriteSet *writes, StorageId id, BulkWriter **writer_out, Fault *fault);
MUST_CHECK Status bulk_writer_add(BulkWriter *writer, Slice key, Slice value, Fault *fault);
MUST_CHECK Status bulk_writer_finish(BulkWriter *writer, Fault *fault); /* frees the writer, also on failure */
void              bulk_writer_abandon(BulkWriter *writer);

/* ---- reading ----------------------------------------------------------------------------------------------- */

typedef struct ReadView {
    Csn             csn;         /* of a registered snapshot; CSN_MAX: newest committed (lock re-checks) */
    const WriteSet *writes;      /* the transaction's own, or NULL */
    LocalSeq        local_limit; /* own writes of sequence < this are seen */
} ReadView;

/* Bytes held in place: in the block cache, a memtable or a write set. Zero-initialised holds nothing. */
typedef struct PinnedValue {
    Slice value;
    Csn   csn;  /* of the version's commit; 0 for an own, uncommitted write */
    void *pin_;
    void *pin_kind_;
} PinnedValue;

/* The visible value of one key. STATUS_NOT_FOUND when there is none. out must hold nothing; unpin it after STATUS_OK. */
MUST_CHECK Status engine_get(Engine *engine, const ReadView *view, StorageId id, Slice key, PinnedValue *out, Fault *fault);
void              engine_unpin(PinnedValue *pinned);

/*
 * The csn of the newest committed version or tombstone of a key, whatever the snapshot; 0 when it never existed
 * or all trace is gone. For first-updater-wins and validation.
 */
MUST_CHECK Status engine_newest_csn(Engine *engine, StorageId id, Slice key, Csn *csn_out, Fault *fault);

typedef enum ScanDirection { SCAN_FORWARD, SCAN_BACKWARD } ScanDirection;

typedef struct IteratorOptions {
    StorageId     storage_id;
    Slice         lower;     /* inclusive; empty: from the first key */
    Slice         upper;     /* exclusive; data NULL: to the last key */
    ScanDirection direction;
    Slice         filter_prefix; /* data not NULL: every key of the range is this and filter_suffix_bytes more, as in a
                                    unique probe; tables whose filters rule it out are not read */
    bool          scan;      /* a large scan: read ahead, enter the cache without displacing what is hot */
} IteratorOptions;

typedef struct Iterator Iterator;

/* Opens before the first entry in its direction. The bounds are copied; the view's snapshot and write set must outlive it. */
MUST_CHECK Status iterator_open(Engine *engine, const ReadView *view, const IteratorOptions *options, Iterator **iterator_out, Fault *fault);
void              iterator_close(Iterator *iterator); /* NULL is allowed */

/* Makes the next entry the first at or after key (at or before it backward), within the bounds. */
MUST_CHECK Status iterator_seek(Iterator *iterator, Slice key, Fault *fault);

typedef struct IteratorEntry {
    Slice key;   /* without the storage id */
    Slice value;
} IteratorEntry;

/*
 * Up to max_entries visible entries; *count_out 0 at the end. Keys and values stay valid (pinned) until the next call or
 * close. Costs no copy: where only one source holds the range, entries come straight out of its blocks.
 */
MUST_CHECK Status iterator_next(Iterator *iterator, IteratorEntry *entries, int max_entries, int *count_out, Fault *fault);

/*
 * Cuts [lower, upper) of a relation into about `parts` ranges of similar size: fills boundaries (owned by the caller,
 * freed with engine_free_boundaries) with up to parts-1 ascending keys. For parallel scans and statistics.
 */
MUST_CHECK Status engine_split(Engine *engine, StorageId id, Slice lower, Slice upper, int parts, Slice **boundaries_out, int *count_out, Fault *fault);
void              engine_free_boundaries(Slice *boundaries, int count);

/* ---- commit ------------------------------------------------------------------------------------------------ */

typedef enum CommitSync { COMMIT_SYNC, COMMIT_NO_SYNC } CommitSync;

typedef struct CommitOptions {
    uint64_t   xid;
    CommitSync sync; /* COMMIT_NO_SYNC: acknowledged before the disk has it; lost at a power cut within the bounded window */
    /*
     * Runs under the commit latch just before the csn is assigned, with every commit before it decided (SERIALIZABLE
     * validation). Anything but STATUS_OK refuses the commit. NULL: nothing to validate. Must be short; must not raise.
     */
    Status (*validate)(void *arg, Fault *fault);
    void *validate_arg;
    /* Runs once the writes are visible and before the commit returns: release of locks, catalog caches. Must not fail. */
    void (*published)(void *arg, Csn csn);
    void *published_arg;
} CommitOptions;

/*
 * Makes the write set durable (with COMMIT_SYNC) and visible, in csn order. On STATUS_OK the write set is empty again.
 * On a failure nothing of it is visible, now or after a restart - except STATUS_READ_ONLY after an unfinished sync, where
 * the outcome is decided by recovery and the client must be told that it is unknown (Fault says so).
 */
MUST_CHECK Status engine_commit(Engine *engine, WriteSet *writes, const CommitOptions *options, Csn *csn_out, Fault *fault);

/* Waits until everything acknowledged without sync is on disk. */
MUST_CHECK Status engine_sync(Engine *engine, Fault *fault);

/* Flushes memtables; with compact, merges the relation (0: all) down to one level. For tests, benchmarks and CHECKPOINT. */
MUST_CHECK Status engine_flush(Engine *engine, Fault *fault);
MUST_CHECK Status engine_compact(Engine *engine, StorageId id, Fault *fault);

/* ---- what is going on: feeds nexadb_lsm and nexadb check ----------------------------------------------------- */

enum { ENGINE_LEVELS = 7 };

typedef struct EngineStats {
    uint64_t level_files[ENGINE_LEVELS];
    uint64_t level_bytes[ENGINE_LEVELS];
    uint64_t memtable_bytes;
    uint64_t wal_bytes;
    uint64_t cache_bytes, cache_hits, cache_misses;
    uint64_t commits, syncs;
    uint64_t user_bytes_written, wal_bytes_written, flush_bytes_written, compaction_bytes_written;
    uint64_t stall_us;
    int64_t  oldest_snapshot_us; /* age; 0: none */
    Csn      visible_csn, durable_csn;
} EngineStats;
void engine_stats(Engine *engine, EngineStats *stats_out);

/* Called once per finding; path and offset say where. */
typedef void (*CheckReport)(void *arg, const Fault *finding);

/* Verifies every checksum, key order, the csn order between sources and the manifest of an open store. Counts findings. */
MUST_CHECK Status engine_check(Engine *engine, CheckReport report, void *report_arg, uint64_t *findings_out, Fault *fault);

#endif
