/*
 * relation_store.h - the storage of relations, for DDL: making it, dropping it, locking relations, sequence values.
 *
 * Raises      what a Status stands for, by store_check().
 */
#ifndef EXECUTOR_STORE_RELATION_STORE_H
#define EXECUTOR_STORE_RELATION_STORE_H

#include "executor/store/store.h"

/* A fresh storage id: what a new, truncated or rewritten relation takes. */
StorageId store_new_storage_id(Session *session);

/* Make and drop the storage of a table (its groups and chunks) or an index, in the session's transaction. */
void store_table_create(Session *session, const RelationDesc *table);
void store_table_drop(Session *session, const RelationDesc *table);
void store_index_create(Session *session, const RelationDesc *index);
void store_index_drop(Session *session, const RelationDesc *index);

/* Takes a relation lock and keeps it to the end of the transaction. Waits as lock_timeout allows. */
void store_lock_relation(Session *session, Oid relation, TableLock mode);

/* Sequences, outside transactions. */
void          store_sequence_set(Session *session, const RelationDesc *sequence, SequenceState state);
SequenceState store_sequence_read(Session *session, const RelationDesc *sequence);

#endif
