/*
 * store.h - what the storage benchmark asks of an engine; one implementation for each.
 *
 * Keys are 16 bytes. Calls end the program on a failure. Threads: put, get and scan from several at once, each with a
 * worker of its own.
 */
#ifndef BENCH_STORAGE_STORE_H
#define BENCH_STORAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_BYTES = 16 };

typedef struct StoreSettings {
    const char *directory;
    size_t      memtable_bytes;
    size_t      cache_bytes;
} StoreSettings;

typedef struct Store {
    const char *name;
    void *(*open)(const StoreSettings *settings);
    void (*close)(void *store);
    void *(*worker)(void *store);
    void (*worker_end)(void *worker);
    void (*put)(void *worker, const uint8_t *key, const void *value, size_t size, bool sync);
    bool (*get)(void *worker, const uint8_t *key, size_t *size_out);
    /* Reads up to count entries from key on (NULL: the first); returns how many, adds their bytes. */
    size_t (*scan)(void *worker, const uint8_t *key, size_t count, uint64_t *bytes);
    void (*settle)(void *store); /* flushes and compacts everything */
} Store;

extern const Store nexadb_store;
extern const Store rocksdb_store;

#endif
