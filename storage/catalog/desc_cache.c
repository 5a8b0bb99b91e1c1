/*
 * desc_cache.c - see desc_cache.h.
 */
#include "storage/catalog/desc_cache.h"

#include "base/hash.h"

#include <stdlib.h>

static uint64_t key_hash(const DescKey *key)
{
    uint64_t hash = hash_combine((uint64_t)key->database << 8 | key->kind, key->id);

    return key->name == NULL ? hash : hash_combine(hash, hash_bytes(key->name, strlen(key->name)));
}

static bool key_equal(const DescKey *a, const DescKey *b)
{
    return a->kind == b->kind && a->database == b->database && a->id == b->id && (a->name == NULL) == (b->name == NULL) &&
           (a->name == NULL || strcmp(a->name, b->name) == 0);
}

static DescEntry *find(const DescCache *cache, const DescKey *key, uint64_t hash)
{
    DescEntry *entry = cache->buckets == NULL ? NULL : cache->buckets[hash & cache->mask];

    while (entry != NULL && (entry->hash != hash || !key_equal(&entry->key, key)))
        entry = entry->next;
    return entry;
}

DescEntry *desc_cache_find(const DescCache *cache, const DescKey *key)
{
    return find(cache, key, key_hash(key));
}

static bool grow(DescCache *cache)
{
    size_t      mask = cache->buckets == NULL ? 63 : cache->mask * 2 + 1;
    DescEntry **buckets;

    if (cache->buckets != NULL && cache->count <= cache->mask)
        return true;
    buckets = calloc(mask + 1, sizeof *buckets);
    if (buckets == NULL)
        return false;
    for (size_t i = 0; cache->buckets != NULL && i <= cache->mask; i++) {
        for (DescEntry *entry = cache->buckets[i], *next; entry != NULL; entry = next) {
            next = entry->next;
            entry->next = buckets[entry->hash & mask];
            buckets[entry->hash & mask] = entry;
        }
    }
    free(cache->buckets);
    cache->buckets = buckets;
    cache->mask = mask;
    return true;
}

DescEntry *desc_cache_enter(DescCache *cache, const DescKey *key)
{
    uint64_t   hash = key_hash(key);
    DescEntry *entry = find(cache, key, hash);
    size_t     name_bytes = key->name == NULL ? 0 : strlen(key->name) + 1;

    if (entry != NULL || !grow(cache))
        return entry;
    entry = malloc(sizeof *entry + name_bytes);
    if (entry == NULL)
        return NULL;
    *entry = (DescEntry){.next = cache->buckets[hash & cache->mask], .hash = hash, .key = *key};
    if (key->name != NULL)
        entry->key.name = memcpy(entry + 1, key->name, name_bytes);
    cache->buckets[hash & cache->mask] = entry;
    cache->count++;
    return entry;
}

void desc_entry_set(DescEntry *entry, const Desc *desc)
{
    if (desc != NULL)
        desc_ref(desc);
    desc_unref(entry->desc);
    entry->desc = desc;
}

void desc_cache_remove(DescCache *cache, const DescKey *key)
{
    DescEntry  *entry = desc_cache_find(cache, key);
    DescEntry **at;

    if (entry == NULL)
        return;
    at = &cache->buckets[entry->hash & cache->mask];
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    cache->count--;
    desc_unref(entry->desc);
    free(entry);
}

void desc_cache_free(DescCache *cache)
{
    for (size_t i = 0; cache->buckets != NULL && i <= cache->mask; i++) {
        for (DescEntry *entry = cache->buckets[i], *next; entry != NULL; entry = next) {
            next = entry->next;
            desc_unref(entry->desc);
            free(entry);
        }
    }
    free(cache->buckets);
    *cache = (DescCache){0};
}

DescEntry *desc_cache_next(const DescCache *cache, const DescEntry *entry)
{
    size_t bucket = 0;

    if (cache->buckets == NULL)
        return NULL;
    if (entry != NULL) {
        if (entry->next != NULL)
            return entry->next;
        bucket = (entry->hash & cache->mask) + 1;
    }
    for (; bucket <= cache->mask; bucket++) {
        if (cache->buckets[bucket] != NULL)
            return cache->buckets[bucket];
    }
    return NULL;
}
