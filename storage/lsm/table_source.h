/*
 * table_source.h - tables as sources of an iterator: one of level 0, or a whole level; and the search for one key in them.
 *
 * A source decodes the entries between two restarts at a time, with versions already resolved, and hands them on straight
 * out of the pinned block.
 */
#ifndef STORAGE_LSM_TABLE_SOURCE_H
#define STORAGE_LSM_TABLE_SOURCE_H

#include "storage/lsm/block.h"
#include "storage/lsm/block_cache.h"
#include "storage/lsm/source.h"
#include "storage/lsm/table_cache.h"
#include "storage/lsm/version.h"

/* Which part of the tables an iterator wants. */
typedef struct TableRange {
    StorageId              id;
    const IteratorOptions *options;
} TableRange;

typedef struct LevelSource {
    Source        source;
    TableCache   *tables;
    FileMeta    **files; /* of the version: one, or a level's */
    int           file_count;
    StorageId     id;
    Csn           csn;
    const struct WriteSet *writes; /* whose spilled table it is: entries carry versions, dead ones are passed over */
    FileMeta     *own;   /* of a write set: one reference; files points here */
    CacheUse      use;
    Pins         *pins;

    /* where it stands */
    int           file;
    TableReader  *reader;  /* of files[file]; NULL: none */
    bool          check_csn; /* the file has entries above csn */
    uint32_t      block_number;
    CachedBlock  *block;
    BlockView     view;
    uint32_t      restart; /* whose entries are decoded */

    /* the visible entries of the restart, in key order */
    int           count, at;
    struct {
        uint32_t  key_start, key_size; /* in key_bytes, engine key */
        EntryKind kind;
        Slice     value;
    } window[BLOCK_RESTART_KEYS];
    uint8_t      *key_bytes;
    size_t        key_capacity;
    bool          beyond; /* in the direction nothing of the relation follows the window */
    uint8_t      *seek_bytes;
    size_t        seek_capacity;

    uint8_t      *ahead; /* a scan's blocks, read several at once */
    uint64_t      ahead_offset;
    size_t        ahead_size, ahead_capacity;
    uint32_t      in_row; /* blocks read one behind the other */
} LevelSource;

/* How many sources the range needs at most, and opening them: as many as it says, in memory of the caller. */
int table_sources_needed(const Version *version, const TableRange *range);
int table_sources_open(Engine *engine, Version *version, const TableRange *range, Csn csn, Pins *pins, LevelSource *sources);

/* How many tables of a write set a view's iterator reads at most, and opening them, newest first. */
int write_sources_needed(const struct WriteSet *writes);
int write_sources_open(Engine *engine, const struct WriteSet *writes, LocalSeq limit, const TableRange *range, Pins *pins,
                       LevelSource *sources, int capacity);

/* A version of a key in a table, its block pinned. */
typedef struct TableEntry {
    EntryKind    kind;
    Csn          csn;
    Slice        value;
    CachedBlock *block;
} TableEntry;

/* The newest version at or below csn of a key, tombstones included. STATUS_NOT_FOUND: no table knows of one. */
MUST_CHECK Status version_get(Engine *engine, Version *version, StorageId id, Slice key, Csn csn, TableEntry *entry_out,
                              Fault *fault);

/* The same in one table that no version has yet; csn: the highest version wanted, as its entries carry them. */
MUST_CHECK Status table_get(Engine *engine, FileMeta *meta, StorageId id, Slice key, uint64_t csn, TableEntry *entry_out,
                            Fault *fault);

#endif
