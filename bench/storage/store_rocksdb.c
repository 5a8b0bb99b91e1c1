/*
 * store_rocksdb.c - RocksDB under the storage benchmark: LZ4, ten filter bits a key, the same cache and memtables.
 */
#include "bench/storage/store.h"

#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Rocks {
    rocksdb_t                           *db;
    rocksdb_options_t                   *options;
    rocksdb_cache_t                     *cache;
    rocksdb_block_based_table_options_t *table_options;
    rocksdb_writeoptions_t              *no_sync, *sync;
    rocksdb_readoptions_t               *read, *scan;
} Rocks;

static void check(char *error)
{
    if (error == NULL)
        return;
    fprintf(stderr, "rocksdb: %s\n", error);
    exit(1);
}

static void *open_store(const StoreSettings *settings)
{
    Rocks *rocks = calloc(1, sizeof *rocks);
    char  *error = NULL;

    rocks->options = rocksdb_options_create();
    rocks->cache = rocksdb_cache_create_lru(settings->cache_bytes);
    rocks->table_options = rocksdb_block_based_options_create();
    rocksdb_block_based_options_set_block_cache(rocks->table_options, rocks->cache);
    rocksdb_block_based_options_set_filter_policy(rocks->table_options, rocksdb_filterpolicy_create_bloom_full(10));
    rocksdb_options_set_block_based_table_factory(rocks->options, rocks->table_options);
    rocksdb_options_set_create_if_missing(rocks->options, 1);
    rocksdb_options_set_compression(rocks->options, rocksdb_lz4_compression);
    rocksdb_options_set_write_buffer_size(rocks->options, settings->memtable_bytes / 2);
    rocksdb_options_set_max_write_buffer_number(rocks->options, 2);
    rocksdb_options_set_level_compaction_dynamic_level_bytes(rocks->options, 1);
    rocks->no_sync = rocksdb_writeoptions_create();
    rocks->sync = rocksdb_writeoptions_create();
    rocksdb_writeoptions_set_sync(rocks->sync, 1);
    rocks->read = rocksdb_readoptions_create();
    rocks->scan = rocksdb_readoptions_create();
    rocks->db = rocksdb_open(rocks->options, settings->directory, &error);
    check(error);
    return rocks;
}

static void close_store(void *store)
{
    Rocks *rocks = store;

    rocksdb_close(rocks->db);
    rocksdb_readoptions_destroy(rocks->read);
    rocksdb_readoptions_destroy(rocks->scan);
    rocksdb_writeoptions_destroy(rocks->sync);
    rocksdb_writeoptions_destroy(rocks->no_sync);
    rocksdb_options_destroy(rocks->options);
    rocksdb_block_based_options_destroy(rocks->table_options);
    rocksdb_cache_destroy(rocks->cache);
    free(rocks);
}

static void *new_worker(void *store)
{
    return store;
}

static void end_worker(void *worker)
{
    (void)worker;
}

static void put(void *arg, const uint8_t *key, const void *value, size_t size, bool sync)
{
    Rocks *rocks = arg;
    char  *error = NULL;

    rocksdb_put(rocks->db, sync ? rocks->sync : rocks->no_sync, (const char *)key, KEY_BYTES, value, size, &error);
    check(error);
}

static bool get(void *arg, const uint8_t *key, size_t *size_out)
{
    Rocks                   *rocks = arg;
    char                    *error = NULL;
    rocksdb_pinnableslice_t *value = rocksdb_get_pinned(rocks->db, rocks->read, (const char *)key, KEY_BYTES, &error);

    check(error);
    if (value == NULL)
        return false;
    rocksdb_pinnableslice_value(value, size_out);
    rocksdb_pinnableslice_destroy(value);
    return true;
}

static size_t scan(void *arg, const uint8_t *key, size_t count, uint64_t *bytes)
{
    Rocks              *rocks = arg;
    rocksdb_iterator_t *iterator = rocksdb_create_iterator(rocks->db, rocks->scan);
    size_t              done = 0;

    if (key != NULL)
        rocksdb_iter_seek(iterator, (const char *)key, KEY_BYTES);
    else
        rocksdb_iter_seek_to_first(iterator);
    for (; done < count && rocksdb_iter_valid(iterator); rocksdb_iter_next(iterator), done++) {
        size_t key_size, value_size;

        (void)rocksdb_iter_key(iterator, &key_size);
        (void)rocksdb_iter_value(iterator, &value_size);
        *bytes += key_size + value_size;
    }
    rocksdb_iter_destroy(iterator);
    return done;
}

static void settle(void *store)
{
    Rocks                  *rocks = store;
    rocksdb_flushoptions_t *flush = rocksdb_flushoptions_create();
    char                   *error = NULL;

    rocksdb_flush(rocks->db, flush, &error);
    check(error);
    rocksdb_flushoptions_destroy(flush);
    rocksdb_compact_range(rocks->db, NULL, 0, NULL, 0);
}

const Store rocksdb_store = {"rocksdb", open_store, close_store, new_worker, end_worker, put, get, scan, settle};
