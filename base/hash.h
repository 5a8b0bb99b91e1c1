/*
 * hash.h - hashing and checksums: XXH3 of xxHash, under our names.
 *
 * Hashes live in memory only, except where a format says so; they may be salted by the caller's seed.
 *
 * Raises  never
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/common.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t hash_bytes(const void *data, size_t size)
{
    return XXH3_64bits(data, size);
}

static inline uint64_t hash_slice(Slice bytes)
{
    return XXH3_64bits(bytes.data, bytes.size);
}

/* A finalizer for integers (splitmix64, Steele, Lea and Flood 2014): every input bit moves every output bit. */
static inline uint64_t hash_u64(uint64_t value)
{
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9ull;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebull;
    return value ^ (value >> 31);
}

/* Folds the hash of one more column into a row's. Depends on the order. */
static inline uint64_t hash_combine(uint64_t row, uint64_t column)
{
    return hash_u64(row * 0x9e3779b97f4a7c15ull + column);
}

/* The checksum of every file format: the low half of XXH3-64. */
static inline uint32_t checksum32(const void *data, size_t size)
{
    return (uint32_t)XXH3_64bits(data, size);
}

#endif
