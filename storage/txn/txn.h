/*
 * txn.h - transactions: snapshot, write set, locks and savepoints of one session's unit of work.
 *
 * READ COMMITTED takes a snapshot per statement, REPEATABLE READ and SERIALIZABLE one at their first. A write first locks what it
 * changes (lock.h), then re-checks the newest committed version. Commit and rollback go through the engine; locks are
 * released after the writes are visible and before the commit is acknowledged. What a SERIALIZABLE transaction's views read is recorded by
 * scans and fetches and checked when it commits writes (serial.h): STATUS_CONFLICT then.
 *
 * Ownership   transaction_begin() returns a Transaction ended by commit or rollback, which frees it.
 * Threads     one thread at a time; cancellation reaches waiting locks through base/cancel.h.
 * Raises      never
 */
#ifndef STORAGE_TXN_TXN_H
#define STORAGE_TXN_TXN_H

#include "storage/engine.h"
#include "storage/txn/lock.h"

typedef enum Isolation { READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE } Isolation;

typedef struct TransactionManager TransactionManager;
typedef struct Transaction        Transaction;

typedef struct TransactionOptions {
    Isolation isolation;
    bool      read_only;
    bool      deferrable;
    /*
     * The session's lock owner, kept by its transactions one after the other, so that session-level advisory locks and transactions do
     * not block each other; its transaction locks are released when a transaction ends. NULL: the transaction has one of its own.
     */
    LockOwner *locks;
} TransactionOptions;

MUST_CHECK Status txn_manager_open(Engine *engine, TransactionManager **manager_out, Fault *fault);
void              txn_manager_close(TransactionManager *manager);
LockTable        *txn_manager_locks(TransactionManager *manager); /* for lock_owner_new() */

MUST_CHECK Status transaction_begin(TransactionManager *manager, const TransactionOptions *options, Transaction **txn_out, Fault *fault);

/* Makes the writes durable and visible and frees the transaction, also on failure (nothing is visible then, unless the Fault says unknown). */
MUST_CHECK Status transaction_commit(Transaction *txn, CommitSync sync, Fault *fault);
void              transaction_rollback(Transaction *txn);

/* Called as a statement starts: a new snapshot under READ COMMITTED, the next local sequence always. */
void transaction_start_statement(Transaction *txn);

/*
 * The view of the statement that runs now: its snapshot and the transaction's own earlier writes. Statements, cursors and portals copy
 * it when they open; one that outlives its statement registers it with read_view_keep().
 */
ReadView transaction_read_view(Transaction *txn);

/* Keeps a view valid beyond its statement. keep is the caller's; released by read_view_release() before the transaction ends. */
typedef struct ReadViewKeep {
    Snapshot     snapshot;
    Transaction *txn;
} ReadViewKeep;
void read_view_keep(Transaction *txn, ReadViewKeep *keep);
void read_view_release(ReadViewKeep *keep);

/* 64-bit transaction id, assigned at the first write or when asked for. Its low 32 bits are never 0 to 2. */
MUST_CHECK Status transaction_xid(Transaction *txn, uint64_t *xid_out, Fault *fault);
bool              transaction_has_xid(const Transaction *txn);
WriteSet         *transaction_writes(Transaction *txn); /* made at first use; NULL when memory ends */
bool              transaction_has_writes(const Transaction *txn);
Isolation         transaction_isolation(const Transaction *txn);
bool              transaction_is_read_only(const Transaction *txn);
void              transaction_set_options(Transaction *txn, const TransactionOptions *options); /* before its first snapshot */
bool              transaction_has_snapshot(const Transaction *txn);
Engine           *transaction_engine(Transaction *txn);
LockOwner        *transaction_locks(Transaction *txn); /* made at first use; NULL when memory ends, which every lock_*() reports */

/* Savepoints: marks of the local sequence and of the locks held. Names are the session's affair. */
typedef struct Savepoint {
    LocalSeq mark;
    uint64_t lock_mark;
} Savepoint;
Savepoint transaction_savepoint(Transaction *txn);
void      transaction_rollback_to(Transaction *txn, const Savepoint *savepoint);

/* Actions to run when the transaction has ended; committed tells how. Newest last. They must not fail. */
typedef struct TransactionHook TransactionHook;
struct TransactionHook {
    TransactionHook *next_;
    void (*run)(void *arg, bool committed, Csn csn);
    void *arg;
};
void transaction_at_end(Transaction *txn, TransactionHook *hook);

#endif
