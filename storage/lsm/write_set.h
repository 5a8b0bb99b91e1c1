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

/* A finished sorted table of one relation, written by a bulk writer or a spill and not yet committed. */
typedef struct WriteSetTable WriteSetTable;

struct WriteSet {
    Engine                 *engine;
    void                   *owner; /* writeset_set_owner() */
    Arena                  *arena;
    SkipList                list;
    SkipSplice              splice;
    uint64_t                random;
    LocalSeq                sequence;
    uint32_t                counter; /* writes so far */
    size_t                  bytes;   /* of nodes */
    uint64_t                entries;
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

/* The newest live version of a key below limit; NULL: the write set says nothing about it. */
SkipNode *writeset_find(const WriteSet *writes, StorageId id, Slice key, LocalSeq limit);

/*
 * The live entries at the end of the transaction, one per key, in order: start with NULL.
 * NULL at the end.
 */
SkipNode *writeset_next_live(const WriteSet *writes, SkipNode *node);

/* The options of a storage that this transaction made; false: it did not. */
bool writeset_created_options(const WriteSet *writes, StorageId id, RelationOptions *options_out);

/* Empties it after a commit; memory stays warm. */
void writeset_clear(WriteSet *writes);

#endif
