#ifndef STORAGE_LSM_TABLE_SOURCE_H
#define STORAGE_LSM_TABLE_SOURCE_H
#include "storage/lsm/block_cache.h"
#include "storage/lsm/source.h"
#include "storage/lsm/version.h"
typedef struct LevelSource { Source source; struct { Pins *pins; } table; } LevelSource;
typedef struct TableRange { int none; } TableRange;
static inline TableRange table_range(const IteratorOptions *options) { (void)options; return (TableRange){0}; }
static inline int table_sources_needed(Version *v, const TableRange *range) { (void)v; (void)range; return 0; }
static inline int table_sources_open(Engine *engine, Version *v, const TableRange *range, Csn csn, LevelSource *s) { (void)engine; (void)v; (void)range; (void)csn; (void)s; return 0; }
typedef struct TableEntry { EntryKind kind; Csn csn; Slice value; void *block; } TableEntry;
static inline Status version_get(Version *v, StorageId id, Slice key, Csn csn, TableEntry *e, Fault *fault) { (void)v; (void)id; (void)key; (void)csn; (void)e; (void)fault; return STATUS_NOT_FOUND; }
#endif
