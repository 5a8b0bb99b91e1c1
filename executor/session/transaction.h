/*
 * transaction.h - a session's transactions: implicit ones around statements, blocks, savepoints, and what ends them.
 *
 * A statement outside a block runs in a transaction of its own that session_finish() commits. Several statements of one simple
 * query share one implicit transaction, which BEGIN turns into a block.
 *
 * Raises      as noted; session_abort() and session_rollback() never raise.
 */
#ifndef EXECUTOR_SESSION_TRANSACTION_H
#define EXECUTOR_SESSION_TRANSACTION_H

#include "executor/session.h"
#include "parser/ast.h"

/* Begins the storage transaction with the options that apply now, if there is none. Raises when storage cannot. */
void session_begin(Session *session);

/* Called as each statement starts: 25P02 in a failed block; takes the statement's time and (when a transaction runs) the next snapshot. */
void session_start_statement(Session *session);

/* Commits unless in a block. Called at the end of a simple query, at Sync, and before statements that need a commit of their own. */
void session_finish(Session *session);

/* After an error: rolls back outside a block, marks the block failed inside. */
void session_abort(Session *session);

/* Undoes and ends whatever runs, and leaves the block: disconnects, FATAL errors. */
void session_rollback(Session *session);

/* BEGIN, COMMIT, ROLLBACK, SAVEPOINT ...; returns the command tag. */
const char *session_transaction_command(Session *session, const TransactionStmt *stmt);

/* Whether the statement may run in a failed block: COMMIT, ROLLBACK, ROLLBACK TO. */
bool session_is_transaction_exit(const Node *stmt);

/* True inside BEGIN ... COMMIT. */
bool session_in_block(const Session *session);

/* Several statements of one simple query share the transaction that now begins. */
void session_set_implicit_block(Session *session, bool implicit);

/* For statements that cannot be undone (CREATE DATABASE): raises 25001 inside a block. what: "CREATE DATABASE". */
void session_prevent_in_block(Session *session, const char *what);

/* SET TRANSACTION: what the settings transaction_isolation, transaction_read_only stand for. */
void session_set_isolation(Session *session, Isolation isolation);
void session_set_read_only(Session *session, bool read_only);
void session_set_deferrable(Session *session, bool deferrable);
/* Raise 25001 when the transaction has run a query already (or is read-only by its parent). */
void session_check_isolation_change(Session *session);
void session_check_read_write_change(Session *session);

/* Raises 25006 "cannot execute %s in a read-only transaction" when the transaction is read-only. */
void session_require_writable(Session *session, const char *command);

/* Microseconds since 2000-01-01 UTC by the system's clock. */
int64_t session_clock(void);

#endif
