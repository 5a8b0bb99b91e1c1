/*
 * store.h - the boundary to storage: the one folder that calls it, and that turns its status values into errors.
 *
 * Raises      store_check() and all that use it; the rest as their comments say.
 */
#ifndef EXECUTOR_STORE_STORE_H
#define EXECUTOR_STORE_STORE_H

#include "base/error.h"
#include "executor/session.h"
#include "storage/catalog/catalog.h"
#include "storage/engine.h"
#include "storage/txn/txn.h"

struct Store {
    Engine             *engine;
    Catalog            *catalog;
    TransactionManager *transactions;
};

/* Raises the error that a status stands for; returns on STATUS_OK. NOT_FOUND and EXISTS are answers: the caller handles them before. */
void store_check(Status status, const Fault *fault);

/* The SQLSTATE of a status, by the table of STYLE section 4. */
Sqlstate store_sqlstate(Status status);

/* Opens and closes the store of a data directory, for `nexadb serve` and the tools. Returned, not raised: there is no session yet. */
MUST_CHECK Status store_open(const EngineOptions *options, Store *store, Fault *fault);
Status            store_close(Store *store, Fault *fault);

/* ---- descriptors: references that live as long as arena -------------------------------------------------------------- */

/* NULL when there is none. The session's own transaction's changes are seen. */
const Desc *store_desc_by_oid(Session *session, Arena *arena, DescKind kind, Oid oid);
const Desc *store_desc_by_name(Session *session, Arena *arena, DescKind kind, Oid parent, const char *name);
/* Every descriptor of a kind (in a parent, 0: all) of the session's database, in oid order. */
const Desc *const *store_desc_list(Session *session, Arena *arena, DescKind kind, Oid parent, int *count_out);

/* Computed relations of pg_catalog and information_schema included. schema NULL: along the search path. NULL when there is none. */
const RelationDesc *store_relation_by_name(Session *session, Arena *arena, const char *schema, const char *name);
const RelationDesc *store_relation_by_oid(Session *session, Arena *arena, Oid oid);

/* The session's transaction, begun if there is none. */
Transaction *store_transaction(Session *session);

/* Writes a descriptor in the session's transaction; raises 42P07, 42710 ... by kind when the name is taken. */
void store_desc_put(Session *session, const Desc *desc);
void store_desc_delete(Session *session, const Desc *desc);
Oid  store_new_oid(Session *session);

#endif
