/*
 * transaction.h - a session's transactions: implicit ones around statements, blocks, savepoints, what ends them.
 *
 * Raises      as noted; session_rollback() and session_end_transaction() never raise.
 */
#ifndef EXECUTOR_SESSION_TRANSACTION_H
#define EXECUTOR_SESSION_TRANSACTION_H

#include "executor/session.h"
#include "parser/ast.h"

/* Begins the session's transaction with the options that apply now. Raises when storage cannot. */
void session_begin(Session *session);

/* Called as each statement starts: begins a transaction where none is, takes the statement's snapshot and time. Raises 25P02 in a failed block. */
void session_start_statement(Session *session);

/* Commits the transaction if it is not in a block; the end of every statement that succeeded outside one. Raises what commit raises. */
void session_finish_statement(Session *session);

/* After an error: rolls back outside a block, marks the block failed inside. */
void session_abort_statement(Session *session);

/* Runs BEGIN, COMMIT, ROLLBACK, SAVEPOINT ... and sets the command tag (a literal). */
void session_transaction_command(Session *session, const TransactionStmt *stmt, const char **tag);

/* Ends whatever runs, undone: disconnects, FATAL errors. Never raises. */
void session_rollback(Session *session);

/* SET TRANSACTION / SET SESSION CHARACTERISTICS apply here. */
void session_set_isolation(Session *session, Isolation isolation);

#endif
