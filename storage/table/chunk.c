/*
 * chunk.c - see chunk.h.
 */
#include "storage/table/chunk.h"

#include "base/bytes.h"
#include "storage/table/row_layout.h"

#include <lz4.h>
#include <stdlib.h>

enum { CHUNK_KEY_BYTES = 14, CHUNK_RAW = 0, CHUNK_LZ4 = 1 };

static Slice key_bytes(const ChunkKey *key, uint32_t number, uint8_t *bytes)
{
    row_key_put(bytes, key->row);
    put_be16(bytes + 8, (uint16_t)key->attribute);
    put_be32(bytes + 10, number);
    return slice_of(bytes, CHUNK_KEY_BYTES);
}

static uint32_t chunk_count(size_t value_bytes, size_t chunk_bytes)
{
    return (uint32_t)((value_bytes + chunk_bytes - 1) / chunk_bytes);
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

static Status unpack(const ChunkKey *key, uint32_t number, Slice stored, uint8_t *to, size_t size, Fault *fault)
{
    bool good = false;

    if (stored.size > 0 && stored.data[0] == CHUNK_RAW) {
        good = stored.size - 1 == size;
        if (good)
            memcpy(to, stored.data + 1, size);
    } else if (stored.size > 0 && stored.size <= INT32_MAX && stored.data[0] == CHUNK_LZ4) {
        good = LZ4_decompress_safe((const char *)stored.data + 1, (char *)to, (int)stored.size - 1, (int)size) == (int)size;
    }
    if (!good)
        return FAULT(fault, STATUS_CORRUPT, 0, "chunk %u of column %d of row %lld cannot be unpacked to %zu bytes", number,
                     key->attribute, (long long)key->row, size);
    return STATUS_OK;
}

static Status read_chunk(Engine *engine, const ReadView *view, const ChunkKey *key, uint32_t number, uint8_t *to, size_t size,
                         Fault *fault)
{
    uint8_t     bytes[CHUNK_KEY_BYTES];
    PinnedValue pinned = {0};
    Status      status = engine_get(engine, view, key->storage, key_bytes(key, number, bytes), &pinned, fault);

    if (status == STATUS_NOT_FOUND)
        return FAULT(fault, STATUS_CORRUPT, 0, "chunk %u of column %d of row %lld is missing", number, key->attribute,
                     (long long)key->row);
    if (status != STATUS_OK)
        return status;
    status = unpack(key, number, pinned.value, to, size, fault);
    engine_unpin(&pinned);
    return status;
}

Status chunk_read(Engine *engine, const ReadView *view, const ChunkKey *key, size_t value_bytes, size_t chunk_bytes, Arena *arena,
                  Slice *value_out, Fault *fault)
{
    uint8_t *value;
    uint32_t count;

    if (chunk_bytes > ENGINE_MAX_VALUE_BYTES)
        return FAULT(fault, STATUS_CORRUPT, 0, "chunks of %zu bytes", chunk_bytes);
    count = chunk_count(value_bytes, chunk_bytes);
    value = arena_try_alloc(arena, value_bytes);
    if (value == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a value of %zu bytes", value_bytes);
    for (uint32_t i = 0; i < count; i++) {
        size_t start = i * chunk_bytes;

        TRY(read_chunk(engine, view, key, i, value + start, MIN(chunk_bytes, value_bytes - start), fault));
    }
    *value_out = slice_of(value, value_bytes);
    return STATUS_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

Status chunk_write(WriteSet *writes, const ChunkKey *key, Slice value, size_t old_bytes, Fault *fault)
{
    uint32_t count = chunk_count(value.size, ROW_CHUNK_BYTES);
    uint8_t *packed = malloc(1 + (size_t)ROW_CHUNK_BYTES);
    uint8_t  bytes[CHUNK_KEY_BYTES];
    Status   status = STATUS_OK;

    if (packed == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a chunk");
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++) {
        const uint8_t *from = value.data + (size_t)i * ROW_CHUNK_BYTES;
        size_t         size = MIN((size_t)ROW_CHUNK_BYTES, value.size - (size_t)i * ROW_CHUNK_BYTES);
        /* less than an eighth saved is not worth unpacking it at every read */
        int packed_size = LZ4_compress_default((const char *)from, (char *)packed + 1, (int)size, (int)(size - size / 8));

        packed[0] = packed_size > 0 ? CHUNK_LZ4 : CHUNK_RAW;
        if (packed_size <= 0) {
            memcpy(packed + 1, from, size);
            packed_size = (int)size;
        }
        status = writeset_put(writes, key->storage, key_bytes(key, i, bytes), slice_of(packed, 1 + (size_t)packed_size), fault);
    }
    free(packed);
    for (uint32_t i = count; i < chunk_count(old_bytes, ROW_CHUNK_BYTES) && status == STATUS_OK; i++)
        status = writeset_delete(writes, key->storage, key_bytes(key, i, bytes), fault);
    return status;
}

Status chunk_delete(WriteSet *writes, const ChunkKey *key, size_t value_bytes, size_t chunk_bytes, Fault *fault)
{
    uint8_t bytes[CHUNK_KEY_BYTES];

    for (uint32_t i = 0; i < chunk_count(value_bytes, chunk_bytes); i++)
        TRY(writeset_delete(writes, key->storage, key_bytes(key, i, bytes), fault));
    return STATUS_OK;
}
