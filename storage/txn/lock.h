/*
 * lock.h - the lock table: rows, unique keys, relations and advisory locks, with queues and deadlock detection.
 *
 * Resources are named by (storage id or class, bytes). Row locks have PostgreSQL's four modes, relations its eight; the matrices
 * are those of its manual, chapter 13.3. Waiters queue first come first served. A wait that lasts looks for a cycle
 * and makes itself the victim (STATUS_DEADLOCK). Locks are held to the end of the transaction or ROLLBACK TO.
 *
 * Threads     any; a LockOwner has one user at a time. Waits test cancel_pending().
 * Raises      never
 */
#ifndef STORAGE_TXN_LOCK_H
#define STORAGE_TXN_LOCK_H

#include "storage/engine.h"
#include "types/batch.h"

typedef enum RowLock { ROW_LOCK_KEY_SHARE, ROW_LOCK_SHARE, ROW_LOCK_NO_KEY_UPDATE, ROW_LOCK_UPDATE } RowLock;

typedef enum TableLock {
    TABLE_LOCK_ACCESS_SHARE = 1,
    TABLE_LOCK_ROW_SHARE,
    TABLE_LOCK_ROW_EXCLUSIVE,
    TABLE_LOCK_SHARE_UPDATE_EXCLUSIVE,
    TABLE_LOCK_SHARE,
    TABLE_LOCK_SHARE_ROW_EXCLUSIVE,
    TABLE_LOCK_EXCLUSIVE,
    TABLE_LOCK_ACCESS_EXCLUSIVE,
} TableLock;

typedef enum LockWait { LOCK_WAIT, LOCK_NOWAIT, LOCK_SKIP } LockWait; /* SKIP: STATUS_LOCK_NOT_AVAILABLE at once, as NOWAIT */

typedef struct LockTable LockTable;
typedef struct LockOwner LockOwner;

MUST_CHECK Status lock_table_open(LockTable **table_out, Fault *fault);
void              lock_table_close(LockTable *table);

MUST_CHECK Status lock_owner_new(LockTable *table, LockOwner **owner_out, Fault *fault);
void              lock_owner_free(LockOwner *owner); /* releases everything */
uint64_t          lock_owner_mark(const LockOwner *owner);
void              lock_release_to(LockOwner *owner, uint64_t mark);
void              lock_release_all(LockOwner *owner);

/*
 * Takes (or strengthens) a lock. *waited_out tells whether somebody else had to finish first: the caller then re-reads the newest version.
 * timeout_ms 0: no limit. An owner that is NULL (memory ended when it was made) gives STATUS_NO_MEMORY. STATUS_LOCK_NOT_AVAILABLE, STATUS_DEADLOCK, STATUS_CANCELLED, STATUS_NO_MEMORY.
 */
MUST_CHECK Status lock_row(LockOwner *owner, StorageId storage, Slice key, RowLock mode, LockWait wait, uint32_t timeout_ms, bool *waited_out, Fault *fault);
/* An index key prefix: exclusive for the writer of a unique key. */
MUST_CHECK Status lock_unique_key(LockOwner *owner, StorageId index_storage, Slice key_prefix, uint32_t timeout_ms, bool *waited_out, Fault *fault);
MUST_CHECK Status lock_relation(LockOwner *owner, Oid database, Oid relation, TableLock mode, LockWait wait, uint32_t timeout_ms, Fault *fault);

/* Advisory: class 1 one 64-bit key, class 2 two 32-bit ones. Session locks count and survive transactions. */
typedef enum AdvisoryScope { ADVISORY_TRANSACTION, ADVISORY_SESSION } AdvisoryScope;
MUST_CHECK Status lock_advisory(LockOwner *owner, Oid database, uint8_t class, uint64_t key, bool shared, AdvisoryScope scope, LockWait wait, uint32_t timeout_ms, Fault *fault);
bool              lock_advisory_unlock(LockOwner *owner, Oid database, uint8_t class, uint64_t key, bool shared); /* false: not held */
void              lock_advisory_unlock_all(LockOwner *owner);

#endif
