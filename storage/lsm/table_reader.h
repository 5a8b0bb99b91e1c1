/*
 * table_reader.h - one sorted table open for reading: its index in memory, its filter when first asked, its blocks cached.
 *
 * Ownership   made and counted by the table cache; users hold references.
 * Threads     any.
 * Errors      STATUS_CORRUPT names file and offset; what does not match the manifest's description is corrupt too.
 */
#ifndef STORAGE_LSM_TABLE_READER_H
#define STORAGE_LSM_TABLE_READER_H

#include "base/file.h"
#include "storage/lsm/block_cache.h"
#include "storage/lsm/table.h"
#include "storage/lsm/version.h"

struct TableReader {
    _Atomic int            references;
    File                  *file;
    Account               *account;
    BlockCache            *cache;
    uint64_t               number;
    uint64_t               identity;
    uint64_t               size;
    Csn                    stamp; /* 0: entries carry their own csn */
    size_t                 charge;
    uint64_t               filter_offset, properties_offset;
    uint32_t               filter_size, properties_size;
    _Atomic(CachedBlock *) filter; /* NULL: not read yet */
    uint64_t               index_end; /* offset behind the last block of entries */

    /* the index: block i is [offsets[i], offsets[i + 1]), its keys are at or before separator i */
    uint32_t  block_count;
    uint32_t  common; /* bytes that all separators share */
    uint64_t *offsets;
    uint64_t *prefixes; /* the eight bytes behind the common ones, big-endian */
    uint32_t *key_ends; /* separator i is keys[key_ends[i - 1] .. key_ends[i]) */
    uint8_t  *keys;
};

/* Opens the file that meta describes; *reader_out has one reference. */
MUST_CHECK Status table_reader_open(const char *directory, const FileMeta *meta, BlockCache *cache, Account *account,
                                    TableReader **reader_out, Fault *fault);
void              table_reader_unref(TableReader *reader);

static inline void table_reader_ref(TableReader *reader)
{
    atomic_fetch_add_explicit(&reader->references, 1, memory_order_relaxed);
}

/*
 * What the file says of itself, for a table that a commit record names and the manifest does not have yet. expected: number,
 * identity, size and stamp. *meta_out has one reference.
 */
MUST_CHECK Status table_describe(const char *directory, const FileMeta *expected, BlockCache *cache, Account *account,
                                 FileMeta **meta_out, Fault *fault);

/* The first block whose separator is at or after key; block_count: key is behind all. */
uint32_t table_reader_find(const TableReader *reader, Slice engine_key);

/* Block number i, decompressed and verified, with one reference. */
MUST_CHECK Status table_reader_block(TableReader *reader, uint32_t i, CacheUse use, CachedBlock **block_out, Fault *fault);

/* The same from bytes that were read ahead: [offset, offset + size) of the file. Enters the cache as a scan's. */
MUST_CHECK Status table_reader_block_from(TableReader *reader, uint32_t i, const uint8_t *bytes, CachedBlock **block_out,
                                          Fault *fault);

/* The payload of a block into *buffer, which grows by realloc, without the cache: for compaction and checks. */
MUST_CHECK Status table_reader_decode(TableReader *reader, uint32_t i, const uint8_t *framed, size_t available,
                                      uint8_t **buffer, size_t *capacity, Slice *payload_out, Fault *fault);

/* Whether the table may have a key of this hash. Reads the filter when first asked. */
MUST_CHECK Status table_reader_may_contain(TableReader *reader, uint64_t hash, bool *may_out, Fault *fault);

static inline uint32_t table_reader_block_size(const TableReader *reader, uint32_t i)
{
    return (uint32_t)(reader->offsets[i + 1] - reader->offsets[i]);
}

static inline Slice table_reader_separator(const TableReader *reader, uint32_t i)
{
    uint32_t start = i == 0 ? 0 : reader->key_ends[i - 1];

    return slice_of(reader->keys + start, reader->key_ends[i] - start);
}

#endif
