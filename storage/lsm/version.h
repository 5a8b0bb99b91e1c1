/*
 * version.h - which tables the store consists of, level by level, and what is known of each without opening it.
 *
 * A Version never changes: flush, compaction and ingestion make the next one from an edit. Readers hold the version that
 * they started with; a file is deleted when the last version that names it goes.
 *
 * Order       Level 0 has files that may overlap, newest epoch first; for one key an entry of a higher epoch has a higher
 *             csn. Levels 1 to 6 have files ascending by key that share no key; a lower level is newer.
 * Ownership   counted, both Version and FileMeta.
 * Threads     reads need no lock; references are atomic.
 */
#ifndef STORAGE_LSM_VERSION_H
#define STORAGE_LSM_VERSION_H

#include "base/common.h"
#include "base/status.h"
#include "storage/engine.h"
#include "storage/lsm/log_record.h"

#include <stdatomic.h>

typedef struct TableReader TableReader;
typedef struct TableCache TableCache;

/* What a file holds of one relation. */
typedef struct FileRelation {
    StorageId id;
    uint64_t  entries;
    uint64_t  bytes; /* of keys and values */
    uint8_t   filter_suffix; /* key bytes that the file's filter leaves out */
} FileRelation;

/* Keys here are engine keys: the storage id in four bytes, big-endian, then the key. */
typedef struct FileMeta {
    _Atomic int             references;
    TableCache             *cache;     /* where its reader is, if it is open; deletes the file in the end */
    _Atomic(TableReader *)  reader;    /* owned by the cache */
    _Atomic uint64_t        used_at;   /* the cache's clock at the last use */
    _Atomic bool            obsolete;  /* no longer in the newest version: unlinked with its last reference */
    bool                    compacting; /* an input of a running compaction; under the version mutex */
    uint64_t                number;    /* of the file's name */
    uint64_t                identity;  /* as in its footer */
    uint32_t                checksum;  /* of its footer; only between building and the commit that names it */
    uint64_t                size;
    uint64_t                epoch;     /* of the memtable it was flushed from, or of the ingestion */
    Csn                     min_csn, max_csn;
    Csn                     stamp;     /* every entry has this csn; 0: they carry their own */
    uint64_t                entries, tombstones;
    Slice                   smallest, largest; /* first and last engine key */
    int                     relation_count;
    FileRelation           *relations; /* ascending by id */
} FileMeta;

/* A copy of meta with its keys and relations in memory of its own; one reference. NULL without memory. */
FileMeta *file_meta_new(const FileMeta *meta);
void      file_meta_ref(FileMeta *meta);
void      file_meta_unref(FileMeta *meta);

/* What the file holds of a relation; NULL: nothing. */
const FileRelation *file_meta_relation(const FileMeta *meta, StorageId id);

/* Whether two files could hold a common key: their ranges meet in a relation that both have. */
bool file_meta_overlap(const FileMeta *a, const FileMeta *b);

typedef struct VersionLevel {
    FileMeta **files;
    int        count;
    uint64_t   bytes;
} VersionLevel;

typedef struct Version {
    _Atomic int  references;
    VersionLevel levels[ENGINE_LEVELS];
} Version;

Version *version_new(void); /* empty, one reference; NULL without memory */
void     version_ref(Version *version);
void     version_unref(Version *version);

/* Index of the first file of a level above 0 whose largest key is at or above key; count when there is none. */
int version_find(const VersionLevel *level, Slice engine_key);

/* Depth of level 0: how many files may have to be asked for one key, counted by epochs. */
int version_level0_runs(const Version *version);

/* ---- edits --------------------------------------------------------------------------------------------------------- */

typedef struct EditFile {
    int       level;
    FileMeta *meta; /* added: one reference is the edit's */
} EditFile;

typedef struct EditRelation {
    StorageId       id;
    RelationOptions options;
    Csn             dropped; /* 0: it lives */
} EditRelation;

/* One atomic change of the store's state. All zero: no change. Arrays from malloc, freed by version_edit_free(). */
typedef struct VersionEdit {
    Csn           flushed;      /* tables hold everything up to here; 0: as before */
    uint64_t      first_log;    /* the lowest log segment that recovery needs; 0: as before */
    Lsn           clean_lsn;    /* a clean stop: the log ended with this lsn and nothing of it is needed; 0: not */
    bool          running;      /* takes a clean stop back */
    uint64_t      next_file;    /* file numbers below are used; 0: as before */
    EditFile     *added;
    int           added_count, added_capacity;
    EditFile     *deleted;      /* meta borrowed while in memory; from disk only its number is known */
    int           deleted_count, deleted_capacity;
    EditRelation *relations;    /* created or dropped, in their present state */
    int           relation_count, relation_capacity;
    StorageId    *forgotten;    /* dropped relations of which nothing is left */
    int           forgotten_count, forgotten_capacity;
    uint8_t      *counters;     /* as counters_encode_all() makes them; NULL: as before */
    size_t        counters_size;
} VersionEdit;

MUST_CHECK Status version_edit_add(VersionEdit *edit, int level, FileMeta *meta, Fault *fault); /* takes one reference of the caller's */
MUST_CHECK Status version_edit_delete(VersionEdit *edit, int level, FileMeta *meta, Fault *fault);
MUST_CHECK Status version_edit_relation(VersionEdit *edit, const EditRelation *relation, Fault *fault);
MUST_CHECK Status version_edit_forget(VersionEdit *edit, StorageId id, Fault *fault);
void              version_edit_free(VersionEdit *edit);

/* The version after an edit, with one reference. STATUS_CORRUPT where the edit does not fit: from a damaged manifest. */
MUST_CHECK Status version_apply(const Version *base, const VersionEdit *edit, Version **version_out, Fault *fault);

/* The bytes of an edit in the manifest, from malloc, and back. IN STEP WITH: docs/formats/manifest.md */
MUST_CHECK Status version_edit_encode(const VersionEdit *edit, uint8_t **data_out, size_t *size_out, Fault *fault);
MUST_CHECK Status version_edit_decode(Slice data, TableCache *cache, VersionEdit *edit_out, Fault *fault);

#endif
