/*
 * block.h - the blocks of a table: their frame on disk and the layout of entries in them.
 *
 * On disk     a frame of 16 bytes, then the payload, little-endian; docs/formats/block.md has a worked dump:
 *                 offset  size  field
 *                      0     4  low half of XXH3-64 of bytes 4 .. 16+stored-1, xor a mix of the table's identity and the
 *                               block's offset, so that a block of another place does not pass
 *                      4     4  stored: bytes of the payload as it stands
 *                      8     4  bytes of the payload decompressed, at most BLOCK_MAX_BYTES
 *                     12     1  kind (BlockKind)
 *                     13     1  compression (BlockCompression)
 *                     14     2  zero
 *             A payload of entries: entries, then 4 bytes offset for each restart, then the trailer: 8 bytes base csn,
 *             4 bytes count of restarts. An entry: varint bytes shared with the key before, varint bytes of the key that
 *             follow, varint value size * 4 + older * 2 + tombstone, zigzag varint csn - base, key bytes, value bytes.
 * Invariants  1. Keys ascend; versions of one key stand together, csn descending; all but the first are marked older.
 *             2. All versions of a key stand in one block, behind one restart: no search has to look further.
 *             3. At a restart nothing is shared; at most BLOCK_RESTART_KEYS distinct keys follow each.
 *             block_verify() checks all of this once, when a block is read; the other functions rely on it.
 * Raises      never
 */
#ifndef STORAGE_LSM_BLOCK_H
#define STORAGE_LSM_BLOCK_H

#include "base/bytes.h"
#include "base/common.h"
#include "base/status.h"
#include "storage/engine.h"
#include "storage/lsm/skiplist.h"

/* Numbers are on disk: never reused. 16 and above are set aside for columnar row groups. */
typedef enum BlockKind {
    BLOCK_ENTRIES = 1,
    BLOCK_INDEX = 2,      /* entries: last key of each block of entries or a separator behind it -> varint its size on disk */
    BLOCK_FILTER = 3,     /* filter.h */
    BLOCK_PROPERTIES = 4, /* table.md */
    BLOCK_SECTIONS = 5,   /* the list of the other blocks */
} BlockKind;

typedef enum BlockCompression { COMPRESSION_NONE = 0, COMPRESSION_LZ4 = 1, COMPRESSION_ZSTD = 2 } BlockCompression;

enum {
    BLOCK_FRAME_BYTES = 16,
    BLOCK_TRAILER_BYTES = 12,
    BLOCK_RESTART_KEYS = 16,
    BLOCK_MAX_BYTES = 1 << 30,
    BLOCK_SLACK_BYTES = 32, /* readable bytes that memory of a decompressed block has behind its end */
    TABLE_KEY_BYTES = ENGINE_MAX_KEY_BYTES + 4, /* the longest engine key: storage id, key */
};

/* ---- building -------------------------------------------------------------------------------------------------------- */

typedef struct BlockBuilder {
    uint8_t  *data;
    size_t    size, capacity;
    uint32_t *restarts;
    uint32_t  restart_count, restart_capacity;
    int       keys; /* distinct ones since the last restart */
    Csn       base;
    uint32_t  entries;
    uint8_t  *last_key; /* TABLE_KEY_BYTES of memory */
    size_t    last_size;
} BlockBuilder;

MUST_CHECK bool block_builder_init(BlockBuilder *builder); /* false without memory */
void            block_builder_free(BlockBuilder *builder);
void            block_builder_reset(BlockBuilder *builder);

/* Adds an entry; keys ascend, versions of a key come newest first. false without memory. */
MUST_CHECK bool block_builder_add(BlockBuilder *builder, Slice key, Csn csn, EntryKind kind, Slice value);

/* Appends restarts and trailer; the payload stays the builder's until the reset. Empty data: no memory. */
MUST_CHECK Slice block_builder_finish(BlockBuilder *builder);

static inline size_t block_builder_size(const BlockBuilder *builder)
{
    return builder->size + builder->restart_count * sizeof(uint32_t) + BLOCK_TRAILER_BYTES;
}

/* ---- frames ---------------------------------------------------------------------------------------------------------- */

typedef struct BlockFrame {
    uint32_t         stored, size;
    BlockKind        kind;
    BlockCompression compression;
} BlockFrame;

/* Fills the 16 bytes in front of a payload that stands behind them. */
void block_frame_seal(uint8_t *framed, const BlockFrame *frame, uint64_t identity, uint64_t offset);

/* Checks a frame with its payload of `available` bytes in all. STATUS_CORRUPT names path and offset. */
MUST_CHECK Status block_frame_open(const uint8_t *framed, size_t available, BlockKind expected, uint64_t identity,
                                   uint64_t offset, const char *path, BlockFrame *frame_out, Fault *fault);

/* The most bytes that block_compress() may need for a payload. */
size_t block_compress_bound(BlockCompression compression, size_t size);

/* Compressed into out; 0: it does not pay, store it as it is. */
size_t block_compress(BlockCompression compression, Slice payload, uint8_t *out, size_t capacity);

/* Decompresses exactly frame->size bytes into out. */
MUST_CHECK Status block_decompress(const BlockFrame *frame, const uint8_t *stored, uint8_t *out, const char *path,
                                   uint64_t offset, Fault *fault);

/* ---- reading --------------------------------------------------------------------------------------------------------- */

/* A verified payload of entries; BLOCK_SLACK_BYTES readable behind it. */
typedef struct BlockView {
    const uint8_t *data;
    const uint8_t *entries_end;
    const uint8_t *restarts; /* 4 bytes each */
    uint32_t       restart_count;
    Csn            base;
} BlockView;

/* Checks invariants and bounds, every entry once. false: these bytes are not a payload of entries. */
bool block_verify(Slice payload);

static inline BlockView block_view(Slice payload)
{
    const uint8_t *trailer = payload.data + payload.size - BLOCK_TRAILER_BYTES;
    uint32_t       count = get_le32(trailer + 8);
    const uint8_t *restarts = trailer - (size_t)count * 4;

    return (BlockView){payload.data, restarts, restarts, count, get_le64(trailer)};
}

typedef struct BlockEntry {
    const uint8_t *suffix; /* key bytes behind the shared ones */
    uint32_t       shared, unshared;
    bool           older;
    EntryKind      kind;
    Csn            csn;
    Slice          value;
} BlockEntry;

/* LEB128 in bytes known to be good. */
static inline const uint8_t *block_varint(const uint8_t *at, uint64_t *value)
{
    uint64_t result = *at++;

    if (LIKELY(result < 0x80)) {
        *value = result;
        return at;
    }
    result &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint64_t byte = *at++;

        result |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    *value = result;
    return at;
}

/* Decodes the entry at `at`; returns where the next one starts. */
static ALWAYS_INLINE const uint8_t *block_decode(const uint8_t *at, Csn base, BlockEntry *entry)
{
    uint64_t shared, unshared, size_and_flags, delta;

    at = block_varint(at, &shared);
    at = block_varint(at, &unshared);
    at = block_varint(at, &size_and_flags);
    at = block_varint(at, &delta);
    entry->shared = (uint32_t)shared;
    entry->unshared = (uint32_t)unshared;
    entry->older = (size_and_flags & 2) != 0;
    entry->kind = (EntryKind)(size_and_flags & 1);
    entry->csn = base + (uint64_t)zigzag_decode(delta);
    entry->suffix = at;
    at += unshared;
    entry->value = slice_of(at, size_and_flags >> 2);
    return at + entry->value.size;
}

static inline const uint8_t *block_restart(const BlockView *view, uint32_t restart)
{
    return view->data + get_le32(view->restarts + (size_t)restart * 4);
}

static inline const uint8_t *block_restart_end(const BlockView *view, uint32_t restart)
{
    return restart + 1 < view->restart_count ? block_restart(view, restart + 1) : view->entries_end;
}

/* The last restart whose key is at or before key; 0 when all come after it. */
uint32_t block_find_restart(const BlockView *view, Slice key);

/* The newest version at or below csn of a key. false: there is none. */
bool block_get(const BlockView *view, Slice key, Csn csn, BlockEntry *entry_out);

#endif
