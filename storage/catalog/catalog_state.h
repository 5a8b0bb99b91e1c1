/*
 * catalog_state.h - inside the catalog: what catalog.c (descriptors), catalog_write.c (changes) and sequence.c share.
 *
 * Relations of the engine, all of kind RELATION_CATALOG (docs/formats/catalog.md):
 *     1  descriptors   key: kind (1 byte), database (4), oid (4), big-endian; value: descriptor_codec.h
 *     2  names         key: kind, database, parent, then the name; functions, which may share names, have a zero byte and their oid
 *                      behind it; value: oid (4, little-endian)
 *     3  sequences     key: oid, storage id; value: sequence.c
 *
 * Latch order: Catalog.mutex is taken last and held for moments; a sequence's mutex is held over a commit.
 * Raises      never
 */
#ifndef STORAGE_CATALOG_CATALOG_STATE_H
#define STORAGE_CATALOG_CATALOG_STATE_H

#include "storage/catalog/desc_cache.h"
#include "storage/txn/txn_parts.h"

#include <pthread.h>
#include <stdatomic.h>

enum { CATALOG_DESCRIPTORS = 1, CATALOG_NAMES = 2, CATALOG_SEQUENCES = 3 };
enum { COUNTER_OID = 2 };
enum { DESC_KEY_BYTES = 9, NAME_KEY_MAX_BYTES = 1024 };

typedef struct Sequence Sequence;

struct Catalog {
    Engine          *engine;
    pthread_mutex_t  mutex;
    DescCache        cache;   /* newest committed */
    uint64_t         changes; /* publications so far: what was read before one must not enter the cache after it */
    _Atomic uint64_t version;
    uint64_t         next_oid;
    uint64_t         reserved_oid;
    Sequence       **sequences; /* hash by (oid, storage id) */
    size_t           sequence_mask;
    size_t           sequence_count;
};

/* What a transaction changed: its TXN_PART_CATALOG. Entries without a descriptor are read through its write set. */
typedef struct CatalogChanges {
    Catalog        *catalog;
    TransactionHook hook;
    DescCache       touched;
} CatalogChanges;

/* NULL when the transaction changed nothing, or there is none. */
CatalogChanges *catalog_changes(const Transaction *txn);

/* Databases and roles belong to no database. */
static inline Oid desc_database(DescKind kind, Oid database)
{
    return kind == DESC_DATABASE || kind == DESC_ROLE ? 0 : database;
}

static inline DescKey desc_key_of(const Desc *desc)
{
    return (DescKey){.kind = desc->kind, .database = desc_database(desc->kind, desc->database), .id = desc->oid};
}

static inline DescKey desc_name_key_of(const Desc *desc)
{
    return (DescKey){.kind = desc->kind, .database = desc_database(desc->kind, desc->database), .id = desc->parent, .name = desc->name};
}

Slice desc_key_bytes(const DescKey *key, uint8_t *bytes); /* DESC_KEY_BYTES */
/* oid: of the function whose entry it is; 0: the start of all functions of the name. STATUS_TOO_LARGE for a name without end. */
MUST_CHECK Status name_key_bytes(const DescKey *key, Oid oid, uint8_t *bytes, Slice *out, Fault *fault);

/* The oid under a name by a view: STATUS_NOT_FOUND when there is none. */
MUST_CHECK Status catalog_read_name(Catalog *catalog, const ReadView *view, const DescKey *key, Oid *oid_out, Fault *fault);

/* Adds the puts of a descriptor and its name to a write set. */
MUST_CHECK Status catalog_write(WriteSet *writes, const Desc *desc, Fault *fault);

/* sequence.c: at the close of the catalog; the key of its state. */
void sequences_close(Catalog *catalog);
Slice sequence_key_bytes(const RelationDesc *sequence, uint8_t *bytes); /* 8 */

#endif
