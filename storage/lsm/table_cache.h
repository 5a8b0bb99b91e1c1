/*
 * table_cache.h - the open tables: opened when first read, closed when too many are open, deleted when nothing names them.
 *
 * Threads     any.
 */
#ifndef STORAGE_LSM_TABLE_CACHE_H
#define STORAGE_LSM_TABLE_CACHE_H

#include "storage/lsm/block_cache.h"
#include "storage/lsm/table_reader.h"
#include "storage/lsm/version.h"

/*
 *   directory   kept
 *   open_limit  how many files may be open at once, roughly
 */
TableCache *table_cache_new(const char *directory, BlockCache *blocks, Account *account, int open_limit);
void        table_cache_free(TableCache *cache); /* every FileMeta must be gone */
BlockCache *table_cache_blocks(TableCache *cache);

/* The reader of a file, opened if need be, with one reference. */
MUST_CHECK Status table_cache_acquire(TableCache *cache, FileMeta *meta, TableReader **reader_out, Fault *fault);

/* From file_meta_unref(): closes the reader, and deletes the file if it is obsolete. */
void table_cache_forget(TableCache *cache, FileMeta *meta);

#endif
