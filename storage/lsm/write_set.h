/*
 * write_set.h - a transaction's own writes: versions by local sequence, savepoints as marks, dead ranges.
 *
 * The interface for the rest of storage is in engine.h (writeset_*); this is what the engine's other files need.
 *
 * Version of a node: local sequence << 32 | running number, so that a later write of one command comes first too.
 * Threads     one writer; readers without locks. Dead ranges are replaced as a whole, never changed in place.
 */
#ifndef STORAGE_LSM_WRITE_SET_H
#define STORAGE_LSM_WRITE_SET_H

#include "base/arena.h"
#include "storage/engine.h"
#include "storage/lsm/skiplist.h"

#include <pthread.h>

/* Sequences [from, to) that a rollback to a savepoint killed. Ranges are disjoint and ascending. */
typedef struct DeadRanges {
    int count;
    struct {
        LocalSeq from, to;
    } range[];
} DeadRanges;

typedef enum StorageChangeKind { STORAGE_CREATED, STORAGE_DROPPED } StorageChangeKind;

typedef struct StorageChange StorageChange;
struct StorageChange {
    StorageChange    *next; /* in the order they were made */
    StorageChangeKind kind;
    LocalSeq          sequence;
    StorageId         id;
    RelationOptions   options; /* STORAGE_CREATED */
};

/*
 * A sorted table that is not committed yet. Spilled: the run of an earlier part of the write set, all live versions, each
 * with its version (see above) where committed tables have the csn. Bulk: one relation's, every entry of one sequence.
 * Tables are older than what stands in memory, later tables newer than earlier ones.
 */
typedef struct WriteSetTable WriteSetTable;
struct WriteSetTable {
    WriteSetTable   *next; /* the one before it */
    struct FileMeta *meta; /* one reference; obsolete until it is committed, so that it goes with the write set */
    bool             spilled;
    LocalSeq         sequence; /* of a bulk table, which counts as one write at the moment it is attached */
    uint32_t         counter;
};

/* The part in memory; counted, because readers may still look at it when it has been spilled. */
typedef struct WriteRun {
    _Atomic int references;
    Arena      *arena;
    SkipList    list;
} WriteRun;

struct WriteSet {
    Engine                 *engine;
    void                   *owner; /* writeset_set_owner() */
    WriteRun               *run;     /* replaced under the mutex */
    Arena                  *arena;   /* changes, dead ranges, the list of tables */
    pthread_mutex_t         mutex;   /* run and tables */
    SkipSplice              splice;
    uint64_t                random;
    LocalSeq                sequence;
    uint32_t                counter; /* writes so far */
    size_t                  bytes;   /* of nodes in memory */
    uint64_t                entries; /* in memory */
    bool                    doomed;  /* a rollback to a savepoint failed for want of memory: commit refuses */
    _Atomic(DeadRanges *)   dead;    /* NULL: none */
    StorageChange          *changes;
    StorageChange         **changes_end;
    WriteSetTable          *tables;  /* newest first */
    uint8_t                *body;    /* the commit record's stream, kept warm between commits */
    size_t                  body_capacity;
};

static inline bool dead_ranges_contain(const DeadRanges *dead, LocalSeq sequence)
{
    if (LIKELY(dead == NULL))
        return false;
    for (int i = 0; i < dead->count; i++)
        if (sequence >= dead->range[i].from && sequence < dead->range[i].to)
            return true;
    return false;
}

static inline LocalSeq version_sequence(uint64_t version)
{
    return (LocalSeq)(version >> 32);
}

/* The highest node version that a read view with this limit sees. */
static inline uint64_t version_below(LocalSeq limit)
{
    return limit == 0 ? 0 : ((uint64_t)limit << 32) - 1;
}

/* Starting at the newest version of a key that a limit allows: the first that is not dead; NULL: no such version. */
SkipNode *writeset_live_version(const WriteSet *writes, SkipNode *node);

/* What a write set knows of a key. */
typedef struct OwnEntry {
    EntryKind kind;
    Slice     value;
    WriteRun *run;   /* holds the value in place, one reference; or */
    void     *block; /* a block of the cache does */
} OwnEntry;

/* The newest live version of a key below limit. STATUS_NOT_FOUND: the write set says nothing about it. */
MUST_CHECK Status writeset_find(const WriteSet *writes, StorageId id, Slice key, LocalSeq limit, OwnEntry *entry_out, Fault *fault);

WriteRun *write_run_new(Engine *engine); /* NULL without memory */
void      write_run_unref(WriteRun *run);

/* The run in memory, with one reference. */
WriteRun *writeset_run(const WriteSet *writes);

/* Whether the part in memory has a key within a table's range. */
bool writeset_memory_meets(const WriteSet *writes, const struct FileMeta *meta);

/* Writes the part in memory out as a spilled table. The write set's owner only (spill.c). */
MUST_CHECK Status writeset_spill(WriteSet *writes, Fault *fault);

/*
 * Before a commit: afterwards the tables hold one version of each key that is in none of the others nor in memory, ready
 * to enter as they are (spill.c). May write everything anew.
 */
MUST_CHECK Status writeset_settle_tables(WriteSet *writes, Fault *fault);

/* Enters a finished table as the newest one; takes the reference. */
MUST_CHECK Status writeset_attach(WriteSet *writes, struct FileMeta *meta, bool spilled, Fault *fault);

/* The options of a storage as this transaction sees them. */
void writeset_options(const WriteSet *writes, StorageId id, RelationOptions *options_out);

static inline bool table_is_live(const WriteSetTable *table, const DeadRanges *dead)
{
    return table->spilled || !dead_ranges_contain(dead, table->sequence);
}

/*
 * The live entries in memory at the end of the transaction, one per key, in order: start with NULL.
 * NULL at the end.
 */
SkipNode *writeset_next_live(const WriteSet *writes, SkipNode *node);

/* The options of a storage that this transaction made; false: it did not. */
bool writeset_created_options(const WriteSet *writes, StorageId id, RelationOptions *options_out);

/* Empties it after a commit; memory stays warm. */
void writeset_clear(WriteSet *writes);

#endif
