/*
 * state.h - what only the files of executor/session share of a session.
 */
#ifndef EXECUTOR_SESSION_STATE_H
#define EXECUTOR_SESSION_STATE_H

#include "executor/session.h"
#include "parser/ast.h"

/* A constraint check put off to the end of the transaction. Lives in session->txn_arena. */
typedef struct DeferredCheck DeferredCheck;
struct DeferredCheck {
    DeferredCheck *next;
    void (*run)(Session *session, void *arg); /* raises when the constraint is violated */
    void *arg;
};

typedef struct SessionState {
    TransactionOptions     options;             /* of the transaction that runs, or of the next */
    bool                   transaction_started; /* a statement has started since the last end; session->txn may still be NULL */
    bool                   implicit_block;      /* several statements of one simple query share a transaction */
    bool                   in_reset;            /* settings change because a transaction begins or ends */
    struct NamedSavepoint *savepoints;          /* newest first; in session->txn_arena */
    uint64_t               portals_made;        /* numbers portals */
    DeferredCheck         *deferred_checks;
    struct SequenceValue  *sequence_values;     /* sequence_values.c; in session->arena */
} SessionState;

/* Options of BEGIN and SET TRANSACTION (DefElem). */
void session_apply_transaction_modes(Session *session, const NodeList *options);

/* Runs what constraints deferred to the end of the transaction; raises 23503, 23505. */
void session_run_deferred_checks(Session *session);

#endif
