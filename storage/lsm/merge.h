/*
 * merge.h - from several sorted inputs to new tables: what flush and compaction have in common.
 *
 * Entries come out by (storage id, key, csn descending). A version goes in the output if a snapshot needs it: it is newer
 * than the visible csn, or the newest at or below some registered csn. A tombstone that no older version follows is left
 * out where no older source outside the merge may hold its key. Entries of dropped relations vanish once no snapshot
 * is older than the drop.
 */
#ifndef STORAGE_LSM_MERGE_H
#define STORAGE_LSM_MERGE_H

#include "storage/lsm/engine_state.h"
#include "storage/lsm/table_builder.h"

/* One sorted stream of raw entries, all versions. */
typedef struct MergeInput MergeInput;
struct MergeInput {
    Status (*next)(MergeInput *input, Fault *fault); /* to the next entry; valid false at the end */
    void (*close)(MergeInput *input);                /* frees it */
    bool      valid;
    StorageId id;
    uint64_t  prefix; /* skip_prefix() of key */
    Slice     key;    /* until the next call */
    Csn       csn;
    EntryKind kind;
    Slice     value;
};

/* Both give an input that stands before its first entry; NULL without memory. */
MergeInput *merge_input_memtable(Memtable *memtable);
MergeInput *merge_input_tables(TableCache *tables, FileMeta **files, int count); /* ascending, disjoint; borrowed */

typedef struct MergeJob {
    Engine       *engine;
    const Version *version;    /* base: where older sources are looked up */
    MergeInput  **inputs;      /* owned: closed by merge_run() */
    int           input_count;
    int           output_level;
    bool          older_level0; /* level 0 of the base version is older than the inputs: a flush */
    uint64_t      epoch;
    uint64_t      target_bytes; /* outputs end at about this */
    BlockCompression compression;
    FileMeta     *const *neighbours; /* files of the output level that are no inputs, ascending: outputs do not span them */
    int           neighbour_count;
    const WriteSet *writes;    /* inputs are a write set's: the newest live version of a key stays, stamped later; NULL: not */
    _Atomic bool *stopping;    /* STATUS_CLOSED when it becomes true; NULL: never */

    /* results, in key order; one reference each, owned by the caller. On a failure none. */
    FileMeta    **outputs;
    int           output_count, output_capacity;
    uint64_t      entries_read, entries_written, bytes_written;
} MergeJob;

MUST_CHECK Status merge_run(MergeJob *job, Fault *fault);

/* Gives the outputs up: deletes their files. After a failure behind merge_run(). */
void merge_discard(MergeJob *job);

#endif
