/*
 * catalog.h - finding and changing descriptors, transactionally.
 *
 * Descriptors are rows in the catalog relation (storage ids below ENGINE_FIRST_STORAGE_ID), keyed by (kind, database, oid) with an
 * index by (kind, database, parent, name), written through the transaction's write set: DDL commits and rolls back like DML.
 * A cache shared by all sessions holds the newest committed version of each descriptor that was asked for.
 *
 * Lookups answer the transaction's own uncommitted descriptor, else the newest committed one, whatever the snapshot: that is
 * what name resolution wants (ENGINE.md section 9). The caller locks the object and asks again when the version changed.
 *
 * Ownership   a lookup returns a reference: desc_unref() it, or hang it on an arena with the executor's store_hold().
 * Threads     lookups from any thread; changes by the transaction's thread.
 * Raises      never
 */
#ifndef STORAGE_CATALOG_CATALOG_H
#define STORAGE_CATALOG_CATALOG_H

#include "storage/catalog/descriptor.h"
#include "storage/txn/txn.h"

typedef struct Catalog Catalog;

/* Opens the catalog of a store; on an empty store writes the first databases, schemas and the superuser role (nexadb). */
MUST_CHECK Status catalog_open(Engine *engine, Catalog **catalog_out, Fault *fault);
void              catalog_close(Catalog *catalog);

void desc_ref(const Desc *desc);
void desc_unref(const Desc *desc); /* NULL is allowed */

/* STATUS_NOT_FOUND when there is none. txn may be NULL: committed ones only. */
MUST_CHECK Status catalog_by_oid(Catalog *catalog, const Transaction *txn, DescKind kind, Oid database, Oid oid, const Desc **out, Fault *fault);
MUST_CHECK Status catalog_by_name(Catalog *catalog, const Transaction *txn, DescKind kind, Oid database, Oid parent, const char *name, const Desc **out, Fault *fault);

/*
 * Every descriptor of a kind in a database (and parent, 0: all), newest committed plus the transaction's own, in oid order.
 * The array is malloc'd; catalog_list_free() releases the references too.
 */
MUST_CHECK Status catalog_list(Catalog *catalog, const Transaction *txn, DescKind kind, Oid database, Oid parent, const Desc ***out, int *count_out, Fault *fault);
void              catalog_list_free(const Desc **list, int count);

/*
 * Writes a descriptor: a new one, or the next version of one with this oid (its name and parent may change). The caller keeps
 * what it passes. STATUS_EXISTS when another object of the kind holds the name; STATUS_CONFLICT when a concurrent transaction
 * changed the object since it was looked up.
 */
MUST_CHECK Status catalog_put(Catalog *catalog, Transaction *txn, const Desc *desc, Fault *fault);
MUST_CHECK Status catalog_delete(Catalog *catalog, Transaction *txn, const Desc *desc, Fault *fault);

/* A fresh oid, never used before in this store. */
MUST_CHECK Status catalog_new_oid(Catalog *catalog, Oid *oid_out, Fault *fault);

/* Changes whenever any committed descriptor changes; cached plans compare it first and then their (oid, version) pairs. */
uint64_t catalog_version(const Catalog *catalog);

/* Sequences: outside MVCC. nextval reserves in the log ahead (cache + 32). */
typedef struct SequenceState {
    int64_t last_value;
    bool    is_called;
} SequenceState;
MUST_CHECK Status sequence_next(Catalog *catalog, const RelationDesc *sequence, int64_t *value_out, Fault *fault); /* STATUS_NOT_FOUND: reached its limit (2200H) */
MUST_CHECK Status sequence_set(Catalog *catalog, const RelationDesc *sequence, SequenceState state, Fault *fault);
MUST_CHECK Status sequence_read(Catalog *catalog, const RelationDesc *sequence, SequenceState *state_out, Fault *fault);

#endif
