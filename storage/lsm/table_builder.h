/*
 * table_builder.h - writes one sorted table: blocks, index, filter, properties, footer, and what the manifest says of it.
 *
 * Ownership   table_builder_open() returns a builder owned by the caller, ended by finish or abandon.
 * Threads     one at a time per builder.
 * Errors      after a failed call only table_builder_abandon() is left, which removes the file.
 */
#ifndef STORAGE_LSM_TABLE_BUILDER_H
#define STORAGE_LSM_TABLE_BUILDER_H

#include "storage/lsm/table.h"
#include "storage/lsm/version.h"

typedef struct TableBuilder TableBuilder;

typedef struct TableBuilderOptions {
    const char      *directory;
    uint64_t         number;
    uint64_t         epoch;
    BlockCompression compression;
    size_t           block_bytes; /* blocks end at about this; 0: 8 KiB */
    uint64_t         identity;    /* of the file; 0: a random one */
} TableBuilderOptions;

MUST_CHECK Status table_builder_open(const TableBuilderOptions *options, TableBuilder **builder_out, Fault *fault);

/*
 * Adds an entry: ascending by (storage id, key), csns of a key descending.
 *   suffix  filter_suffix_bytes of the relation
 */
MUST_CHECK Status table_builder_add(TableBuilder *builder, StorageId id, Slice key, Csn csn, EntryKind kind, Slice value,
                                    uint8_t suffix, Fault *fault);

uint64_t table_builder_bytes(const TableBuilder *builder); /* on disk, about, if it were finished now */
uint64_t table_builder_entries(const TableBuilder *builder);

/*
 * Writes the rest and syncs the file (not its directory). Gives its description with one reference, cache NULL, and frees
 * the builder, also on failure.
 */
MUST_CHECK Status table_builder_finish(TableBuilder *builder, FileMeta **meta_out, Fault *fault);
void              table_builder_abandon(TableBuilder *builder); /* NULL is allowed */

#endif
