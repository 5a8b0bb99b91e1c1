/*
 * locks.h - table and advisory locks, checkpoints: what sessions ask of storage beside rows and descriptors.
 *
 * Raises      55P03, 40P01, 57014, and what else a Status stands for.
 */
#ifndef EXECUTOR_STORE_LOCKS_H
#define EXECUTOR_STORE_LOCKS_H

#include "executor/store/store.h"

/* LOCK TABLE: held to the end of the transaction. */
void store_lock_table(Session *session, const RelationDesc *relation, TableLock mode, LockWait wait);

/* Session-level advisory locks of this session, all of them. */
void store_unlock_all_advisory(Session *session);

/* CHECKPOINT: what is in memory goes to tables. */
void store_checkpoint(Session *session);

#endif
