/*
 * chunk.h - values too large for their row: cut into chunks of their own relation, each compressed by itself.
 *
 * Key: row id (8 bytes), attribute number (2), chunk number (4), big-endian; value: one byte (0: raw, 1: LZ4 block), then the
 * bytes. Chunks are versioned by the engine like rows, so they are simply overwritten; docs/formats/row.md.
 *
 * Raises      never
 */
#ifndef STORAGE_TABLE_CHUNK_H
#define STORAGE_TABLE_CHUNK_H

#include "base/arena.h"
#include "storage/engine.h"
#include "storage/table/table.h"

typedef struct ChunkKey {
    StorageId storage;
    RowId     row;
    int16_t   attribute;
} ChunkKey;

/* The whole value, in arena. STATUS_CORRUPT when a chunk is missing, damaged or of another size. */
MUST_CHECK Status chunk_read(Engine *engine, const ReadView *view, const ChunkKey *key, size_t value_bytes, size_t chunk_bytes,
                             Arena *arena, Slice *value_out, Fault *fault);

/* Writes a value's chunks, and deletes those of an older value of old_bytes (0: none) that are beyond its end. */
MUST_CHECK Status chunk_write(WriteSet *writes, const ChunkKey *key, Slice value, size_t old_bytes, Fault *fault);

/* Deletes the chunks of a value. */
MUST_CHECK Status chunk_delete(WriteSet *writes, const ChunkKey *key, size_t value_bytes, size_t chunk_bytes, Fault *fault);

#endif
