/*
 * block.c - see block.h.
 */
#include "storage/lsm/block.h"

#include "base/hash.h"

#include <lz4.h>
#include <stdlib.h>
#include <zstd.h>

/* ---- building -------------------------------------------------------------------------------------------------------- */

bool block_builder_init(BlockBuilder *builder)
{
    *builder = (BlockBuilder){.last_key = malloc(TABLE_KEY_BYTES)};
    return builder->last_key != NULL;
}

void block_builder_free(BlockBuilder *builder)
{
    free(builder->data);
    free(builder->restarts);
    free(builder->last_key);
    *builder = (BlockBuilder){0};
}

void block_builder_reset(BlockBuilder *builder)
{
    builder->size = 0;
    builder->restart_count = 0;
    builder->keys = 0;
    builder->entries = 0;
    builder->last_size = 0;
}

static bool reserve(BlockBuilder *builder, size_t extra)
{
    size_t   capacity = MAX(builder->capacity * 2, builder->size + extra);
    uint8_t *data;

    if (LIKELY(builder->capacity - builder->size >= extra))
        return true;
    data = realloc(builder->data, capacity);
    if (data == NULL)
        return false;
    builder->data = data;
    builder->capacity = capacity;
    return true;
}

static bool add_restart(BlockBuilder *builder)
{
    if (builder->restart_count == builder->restart_capacity) {
        uint32_t  capacity = MAX(64u, builder->restart_capacity * 2);
        uint32_t *restarts = realloc(builder->restarts, capacity * sizeof *restarts);

        if (restarts == NULL)
            return false;
        builder->restarts = restarts;
        builder->restart_capacity = capacity;
    }
    builder->restarts[builder->restart_count++] = (uint32_t)builder->size;
    builder->keys = 0;
    return true;
}

static inline size_t shared_prefix(const uint8_t *a, const uint8_t *b, size_t size)
{
    size_t at = 0;

    while (at + 8 <= size) {
        uint64_t difference = get_le64(a + at) ^ get_le64(b + at);

        if (difference != 0)
            return at + (size_t)__builtin_ctzll(difference) / 8;
        at += 8;
    }
    while (at < size && a[at] == b[at])
        at++;
    return at;
}

bool block_builder_add(BlockBuilder *builder, Slice key, Csn csn, EntryKind kind, Slice value)
{
    size_t   shared = shared_prefix(builder->last_key, key.data, MIN(builder->last_size, key.size));
    bool     older = builder->entries != 0 && shared == key.size && shared == builder->last_size;
    uint8_t *at;

    if (!reserve(builder, 4 * VARINT_MAX_BYTES + key.size + value.size))
        return false;
    if (builder->entries == 0)
        builder->base = csn;
    if (!older) {
        if (builder->entries == 0 || builder->keys == BLOCK_RESTART_KEYS) {
            if (!add_restart(builder))
                return false;
            shared = 0;
        }
        builder->keys++;
    }
    at = builder->data + builder->size;
    at = put_varint(at, shared);
    at = put_varint(at, key.size - shared);
    at = put_varint(at, (uint64_t)value.size << 2 | (uint64_t)older << 1 | (uint64_t)kind);
    at = put_varint(at, zigzag_encode((int64_t)(csn - builder->base)));
    memcpy(at, key.data + shared, key.size - shared);
    at += key.size - shared;
    if (value.size != 0)
        memcpy(at, value.data, value.size);
    builder->size = (size_t)(at - builder->data) + value.size;
    if (!older) {
        memcpy(builder->last_key + shared, key.data + shared, key.size - shared);
        builder->last_size = key.size;
    }
    builder->entries++;
    return true;
}

Slice block_builder_finish(BlockBuilder *builder)
{
    uint8_t *at;

    if (!reserve(builder, (size_t)builder->restart_count * 4 + BLOCK_TRAILER_BYTES))
        return slice_of(NULL, 0);
    at = builder->data + builder->size;
    for (uint32_t i = 0; i < builder->restart_count; i++, at += 4)
        put_le32(at, builder->restarts[i]);
    put_le64(at, builder->base);
    put_le32(at + 8, builder->restart_count);
    builder->size = (size_t)(at - builder->data) + BLOCK_TRAILER_BYTES;
    return slice_of(builder->data, builder->size);
}

/* ---- frames ---------------------------------------------------------------------------------------------------------- */

static uint32_t frame_checksum(const uint8_t *framed, size_t stored, uint64_t identity, uint64_t offset)
{
    return checksum32(framed + 4, BLOCK_FRAME_BYTES - 4 + stored) ^ (uint32_t)hash_u64(identity + offset);
}

void block_frame_seal(uint8_t *framed, const BlockFrame *frame, uint64_t identity, uint64_t offset)
{
    put_le32(framed + 4, frame->stored);
    put_le32(framed + 8, frame->size);
    framed[12] = (uint8_t)frame->kind;
    framed[13] = (uint8_t)frame->compression;
    put_le16(framed + 14, 0);
    put_le32(framed, frame_checksum(framed, frame->stored, identity, offset));
}

Status block_frame_open(const uint8_t *framed, size_t available, BlockKind expected, uint64_t identity, uint64_t offset,
                        const char *path, BlockFrame *frame_out, Fault *fault)
{
    BlockFrame frame;

    if (available < BLOCK_FRAME_BYTES)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: a block is cut off", path, (unsigned long long)offset);
    frame = (BlockFrame){get_le32(framed + 4), get_le32(framed + 8), (BlockKind)framed[12], (BlockCompression)framed[13]};
    if (frame.stored > available - BLOCK_FRAME_BYTES || frame.size > BLOCK_MAX_BYTES)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: a block's length is wrong", path, (unsigned long long)offset);
    if (get_le32(framed) != frame_checksum(framed, frame.stored, identity, offset))
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: a block's checksum is wrong", path,
                     (unsigned long long)offset);
    if (frame.kind != expected || frame.compression > COMPRESSION_ZSTD ||
        (frame.compression == COMPRESSION_NONE && frame.stored != frame.size))
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: a block of kind %d, compression %d was not expected", path,
                     (unsigned long long)offset, (int)frame.kind, (int)frame.compression);
    *frame_out = frame;
    return STATUS_OK;
}

size_t block_compress_bound(BlockCompression compression, size_t size)
{
    return compression == COMPRESSION_ZSTD ? ZSTD_compressBound(size) : (size_t)LZ4_COMPRESSBOUND(size);
}

size_t block_compress(BlockCompression compression, Slice payload, uint8_t *out, size_t capacity)
{
    size_t worthwhile = payload.size - payload.size / 8;
    size_t result;

    if (compression == COMPRESSION_LZ4) {
        int size = payload.size > LZ4_MAX_INPUT_SIZE
                       ? 0
                       : LZ4_compress_default((const char *)payload.data, (char *)out, (int)payload.size, (int)capacity);

        result = size > 0 ? (size_t)size : 0;
    } else if (compression == COMPRESSION_ZSTD) {
        result = ZSTD_compress(out, capacity, payload.data, payload.size, 1);
        if (ZSTD_isError(result))
            result = 0;
    } else {
        result = 0;
    }
    return result < worthwhile ? result : 0;
}

Status block_decompress(const BlockFrame *frame, const uint8_t *stored, uint8_t *out, const char *path, uint64_t offset,
                        Fault *fault)
{
    bool good;

    if (frame->compression == COMPRESSION_NONE) {
        memcpy(out, stored, frame->size);
        good = true;
    } else if (frame->compression == COMPRESSION_LZ4) {
        good = LZ4_decompress_safe((const char *)stored, (char *)out, (int)frame->stored, (int)frame->size) == (int)frame->size;
    } else {
        good = ZSTD_decompress(out, frame->size, stored, frame->stored) == frame->size;
    }
    if (!good)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: a block cannot be decompressed", path,
                     (unsigned long long)offset);
    return STATUS_OK;
}

/* ---- verifying ------------------------------------------------------------------------------------------------------- */

typedef struct Verifier {
    const uint8_t *at, *end;
    uint8_t       *key; /* the last one, rebuilt */
    size_t         key_size;
    Csn            csn;
    int            keys;
} Verifier;

static bool take_varint(Verifier *verifier, uint64_t *value)
{
    verifier->at = get_varint(verifier->at, verifier->end, value);
    return verifier->at != NULL;
}

/* One entry against the one before it. */
static bool verify_entry(Verifier *verifier, bool at_restart, bool first)
{
    uint64_t shared, unshared, size_and_flags, delta;
    size_t   rest;
    bool     older;

    if (!take_varint(verifier, &shared) || !take_varint(verifier, &unshared) || !take_varint(verifier, &size_and_flags) ||
        !take_varint(verifier, &delta))
        return false;
    rest = (size_t)(verifier->end - verifier->at);
    older = (size_and_flags & 2) != 0;
    if (shared > verifier->key_size || unshared > TABLE_KEY_BYTES || shared + unshared > TABLE_KEY_BYTES ||
        shared + unshared < 4 || unshared > rest || size_and_flags >> 2 > rest - unshared)
        return false;
    if (at_restart && (shared != 0 || older))
        return false;
    if (older) {
        if (first || unshared != 0 || shared != verifier->key_size ||
            (Csn)zigzag_decode(delta) - verifier->csn < (Csn)1 << 63)
            return false; /* csns, as differences to one base, must descend */
    } else if (!first) {
        size_t old_rest = verifier->key_size - shared;
        int    order = memcmp(verifier->at, verifier->key + shared, MIN(old_rest, unshared));

        if (order < 0 || (order == 0 && unshared <= old_rest))
            return false;
    }
    if (!older && ++verifier->keys > BLOCK_RESTART_KEYS && !at_restart)
        return false;
    memcpy(verifier->key + shared, verifier->at, unshared);
    verifier->key_size = shared + unshared;
    verifier->csn = (Csn)zigzag_decode(delta);
    verifier->at += unshared + (size_and_flags >> 2);
    return true;
}

bool block_verify(Slice payload)
{
    uint8_t        key[TABLE_KEY_BYTES];
    Verifier       verifier = {.at = payload.data, .key = key};
    const uint8_t *restarts;
    uint32_t       count, next = 0;

    if (payload.size < BLOCK_TRAILER_BYTES)
        return false;
    count = get_le32(payload.data + payload.size - 4);
    if (count == 0 || count > (payload.size - BLOCK_TRAILER_BYTES) / 4)
        return false;
    restarts = payload.data + payload.size - BLOCK_TRAILER_BYTES - (size_t)count * 4;
    verifier.end = restarts;
    while (verifier.at < verifier.end) {
        bool at_restart = next < count && get_le32(restarts + (size_t)next * 4) == (uint32_t)(verifier.at - payload.data);

        if (at_restart) {
            verifier.keys = 0;
            next++;
        }
        if ((verifier.at == payload.data && !at_restart) || !verify_entry(&verifier, at_restart, verifier.at == payload.data))
            return false;
    }
    return next == count;
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

static inline Slice restart_key(const BlockView *view, uint32_t restart)
{
    BlockEntry entry;

    block_decode(block_restart(view, restart), 0, &entry);
    return slice_of(entry.suffix, entry.unshared);
}

uint32_t block_find_restart(const BlockView *view, Slice key)
{
    uint32_t low = 0, high = view->restart_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (slice_compare(restart_key(view, middle), key) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool block_get(const BlockView *view, Slice key, Csn csn, BlockEntry *entry_out)
{
    uint32_t       restart = block_find_restart(view, key);
    const uint8_t *at = block_restart(view, restart);
    const uint8_t *end = block_restart_end(view, restart);
    size_t         matched = 0; /* bytes that the target shares with the key before, which is smaller */

    while (at < end) {
        BlockEntry entry;

        at = block_decode(at, view->base, &entry);
        if (entry.older || entry.shared > matched)
            continue; /* differs from the target where the key before did */
        if (entry.shared < matched)
            return false; /* beyond the target */
        {
            size_t rest = key.size - matched;
            size_t same = shared_prefix(entry.suffix, key.data + matched, MIN(rest, entry.unshared));

            if (same == entry.unshared && same == rest) {
                while (entry.csn > csn) {
                    if (at == end)
                        return false;
                    at = block_decode(at, view->base, &entry);
                    if (!entry.older)
                        return false;
                }
                *entry_out = entry;
                return true;
            }
            if (same == rest || (same < entry.unshared && entry.suffix[same] > key.data[matched + same]))
                return false;
            matched += same;
        }
    }
    return false;
}
