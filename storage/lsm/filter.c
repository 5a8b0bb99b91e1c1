/*
 * filter.c - see filter.h.
 */
#include "storage/lsm/filter.h"

#include "base/bytes.h"

#include <stdlib.h>

void filter_builder_free(FilterBuilder *builder)
{
    free(builder->hashes);
    *builder = (FilterBuilder){0};
}

bool filter_builder_add(FilterBuilder *builder, uint64_t hash)
{
    if (builder->count != 0 && builder->hashes[builder->count - 1] == hash)
        return true;
    if (builder->count == builder->capacity) {
        size_t    capacity = MAX((size_t)1024, builder->capacity * 2);
        uint64_t *hashes = realloc(builder->hashes, capacity * sizeof *hashes);

        if (hashes == NULL)
            return false;
        builder->hashes = hashes;
        builder->capacity = capacity;
    }
    builder->hashes[builder->count++] = hash;
    return true;
}

static size_t line_count(const FilterBuilder *builder)
{
    return builder->count * FILTER_BITS_PER_KEY / (FILTER_LINE_BYTES * 8) + 1;
}

size_t filter_builder_bytes(const FilterBuilder *builder)
{
    return line_count(builder) * FILTER_LINE_BYTES + FILTER_TRAILER_BYTES;
}

void filter_builder_write(const FilterBuilder *builder, uint8_t *payload)
{
    size_t lines = line_count(builder);

    memset(payload, 0, lines * FILTER_LINE_BYTES);
    for (size_t i = 0; i < builder->count; i++) {
        uint64_t hash = builder->hashes[i];
        uint8_t *line = payload + (((hash >> 32) * lines) >> 32) * FILTER_LINE_BYTES;
        uint64_t bits = hash_u64(hash);

        for (int probe = 0; probe < 6; probe++, bits >>= 9)
            line[(bits & 511) >> 3] |= (uint8_t)(1u << (bits & 7));
    }
    put_le32(payload + lines * FILTER_LINE_BYTES, (uint32_t)lines);
    put_le32(payload + lines * FILTER_LINE_BYTES + 4, FILTER_FORMAT);
}

bool filter_verify(Slice payload)
{
    return payload.size >= FILTER_LINE_BYTES + FILTER_TRAILER_BYTES &&
           (payload.size - FILTER_TRAILER_BYTES) % FILTER_LINE_BYTES == 0 &&
           get_le32(payload.data + payload.size - 8) == (payload.size - FILTER_TRAILER_BYTES) / FILTER_LINE_BYTES &&
           get_le32(payload.data + payload.size - 4) == FILTER_FORMAT;
}
