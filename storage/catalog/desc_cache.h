/*
 * desc_cache.h - descriptors in memory, found by oid or by name.
 *
 * The catalog has one of what is committed, a transaction one of what it changed itself. An entry without a descriptor says
 * that the key is known but what stands under it has to be read.
 *
 * Ownership   a cache holds a reference to each of its descriptors.
 * Threads     the owner's business.
 * Raises      never
 */
#ifndef STORAGE_CATALOG_DESC_CACHE_H
#define STORAGE_CATALOG_DESC_CACHE_H

#include "storage/catalog/catalog.h"

/* What an entry is found by: (kind, database, oid) with name NULL, or (kind, database, parent, name). */
typedef struct DescKey {
    DescKind    kind;
    Oid         database;
    Oid         id; /* oid, or parent of the name */
    const char *name;
} DescKey;

typedef struct DescEntry DescEntry;
struct DescEntry {
    DescEntry  *next;
    uint64_t    hash;
    DescKey     key; /* name is a copy that ends with the entry */
    const Desc *desc;
};

typedef struct DescCache {
    DescEntry **buckets;
    size_t      mask;
    size_t      count;
} DescCache;

/* NULL when there is no entry. */
DescEntry *desc_cache_find(const DescCache *cache, const DescKey *key);

/* Finds or makes the entry; NULL without memory. */
DescEntry *desc_cache_enter(DescCache *cache, const DescKey *key);

/* Replaces the entry's descriptor (NULL: none), taking a reference of its own. */
void desc_entry_set(DescEntry *entry, const Desc *desc);

void desc_cache_remove(DescCache *cache, const DescKey *key);
void desc_cache_free(DescCache *cache);

/* Every entry: start with NULL; no entry may come or go meanwhile. */
DescEntry *desc_cache_next(const DescCache *cache, const DescEntry *entry);

#endif
