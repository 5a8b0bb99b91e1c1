/*
 * filter.h - which keys a table may have: a Bloom filter in lines of 64 bytes, ten bits a key.
 *
 * What is hashed is the engine key less the suffix that its relation leaves out. One probe touches one cache line.
 * On disk     the payload of a BLOCK_FILTER: lines of 64 bytes, then 4 bytes count of lines, 4 bytes format (1).
 *             Line = high half of the hash * lines / 2^32; bits = six fields of nine bits of hash_u64(hash), low first.
 * Source      Bloom 1970; one line per key: Putze, Sanders, Singler 2007. About 1 % of absent keys pass.
 */
#ifndef STORAGE_LSM_FILTER_H
#define STORAGE_LSM_FILTER_H

#include "base/common.h"
#include "base/hash.h"

enum { FILTER_BITS_PER_KEY = 10, FILTER_LINE_BYTES = 64, FILTER_TRAILER_BYTES = 8, FILTER_FORMAT = 1 };

typedef struct FilterBuilder {
    uint64_t *hashes;
    size_t    count, capacity;
} FilterBuilder;

void            filter_builder_free(FilterBuilder *builder);
MUST_CHECK bool filter_builder_add(FilterBuilder *builder, uint64_t hash); /* a repeated neighbour is ignored; false: no memory */
size_t          filter_builder_bytes(const FilterBuilder *builder);        /* of the payload */
void            filter_builder_write(const FilterBuilder *builder, uint8_t *payload);

static inline uint64_t filter_hash(Slice engine_key, size_t suffix)
{
    return hash_bytes(engine_key.data, engine_key.size - MIN(suffix, engine_key.size - 4));
}

/* Whether a payload has the right shape. */
bool filter_verify(Slice payload);

static inline bool filter_may_contain(Slice payload, uint64_t hash)
{
    uint32_t       lines = (uint32_t)((payload.size - FILTER_TRAILER_BYTES) / FILTER_LINE_BYTES);
    const uint8_t *line = payload.data + (((hash >> 32) * lines) >> 32) * FILTER_LINE_BYTES;
    uint64_t       bits = hash_u64(hash);
    unsigned       present = 1;

    for (int i = 0; i < 6; i++, bits >>= 9)
        present &= (unsigned)line[(bits & 511) >> 3] >> (bits & 7);
    return present & 1;
}

#endif
