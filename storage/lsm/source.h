/*
 * source.h - one ordered stream of visible entries, as the merge of an iterator takes them: a write set, a memtable, a table.
 *
 * A source gives at most one entry per key: the newest version that the read view sees in it, tombstones included. The
 * direction is fixed when it is opened.
 *
 * Ownership   opened into memory of the caller, ended by close().
 * Lifetimes   the current entry's value stays readable until the iterator drops its pins (pins.h); its key only until the
 *             source moves, unless stable_keys.
 */
#ifndef STORAGE_LSM_SOURCE_H
#define STORAGE_LSM_SOURCE_H

#include "storage/engine.h"
#include "storage/lsm/skiplist.h"

typedef struct Source     Source;
typedef struct EntryBatch EntryBatch;

typedef struct SourceOps {
    /* To the first entry at or after key; backward: to the last one before key, or at it when inclusive. */
    Status (*seek)(Source *source, Slice key, bool inclusive, Fault *fault);
    /* Backward only: to the last entry of the relation. */
    Status (*seek_end)(Source *source, Fault *fault);
    Status (*advance)(Source *source, Fault *fault);
    /*
     * Moves entries as long as they come before bound (backward: after it; data NULL: no bound) into the batch while it has
     * room, leaving tombstones out. The source stands on the first entry not taken, or at its end. The same as testing
     * and advancing one by one, without the calls.
     */
    Status (*take)(Source *source, Slice bound, EntryBatch *batch, Fault *fault);
    void (*close)(Source *source);
} SourceOps;

struct Source {
    const SourceOps *ops;
    bool             valid;
    bool             backward;
    bool             emitted; /* entries of the block it stands in are in the caller's batch */
    EntryKind        kind;
    int              rank;  /* among the iterator's sources: lower is newer */
    Slice            key;   /* of the current entry, without the storage id */
    Slice            value;
};

/* What must stay in place until the iterator's next call: each is released by its kind's function. */
typedef struct Pins {
    void **blocks; /* cache handles */
    int    count, capacity;
} Pins;

/* A batch being filled. */
struct EntryBatch {
    IteratorEntry *entries;
    int            count, capacity;
    bool           take_bound; /* backward: an entry at the bound itself is taken too */
    size_t         bytes; /* pinned or copied so far: a batch also ends at about a megabyte */
    struct KeySpace *keys;
    Pins          *pins;
};

enum { BATCH_BYTES = 1 << 20 };

static inline bool batch_is_full(const EntryBatch *batch)
{
    return batch->count == batch->capacity || batch->bytes >= BATCH_BYTES;
}

/* Memory for the keys of one batch: chunks that are kept from call to call. */
typedef struct KeyChunk KeyChunk;
typedef struct KeySpace {
    uint8_t  *at, *end;
    KeyChunk *chunk; /* the one in use; older ones behind it */
} KeySpace;

void keyspace_reset(KeySpace *space); /* takes everything back, keeps the largest chunk */
void keyspace_free(KeySpace *space);
bool keyspace_grow(KeySpace *space, size_t size); /* room for size bytes and a slack of 32 */

/* Copies a key; data NULL without memory. Short keys are copied with two moves: there is always slack behind. */
static inline Slice keyspace_copy(KeySpace *space, Slice key)
{
    uint8_t *to;

    if (UNLIKELY((size_t)(space->end - space->at) < key.size + 32) && !keyspace_grow(space, key.size))
        return slice_of(NULL, 0);
    to = space->at;
    memcpy(to, key.data, key.size);
    space->at += key.size;
    return slice_of(to, key.size);
}

/* ---- a skip list as a source: a memtable, a write set ----------------------------------------------------------------- */

typedef struct SkipSource {
    Source                 source;
    const SkipList        *list;
    const struct WriteSet *writes; /* whose dead ranges count; NULL: a memtable */
    StorageId              id;
    uint64_t               limit;  /* the highest version that is seen */
    SkipNode              *node;
} SkipSource;

void skip_source_open(SkipSource *skip, const SkipList *list, const struct WriteSet *writes, StorageId id, uint64_t limit,
                      bool backward);

#endif
