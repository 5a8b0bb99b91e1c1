/*
 * backends.h - all sessions of the process: for cancel requests, pg_stat_activity, pg_terminate_backend, shutdown.
 *
 * A backend is entered when its connection starts and left when it ends; its id is pg_backend_pid() and, with the key, the client's
 * right to cancel.
 *
 * Threads     any. What is shown of a session is copied into its entry by the session's own thread under the lock.
 * Raises      never
 */
#ifndef EXECUTOR_SESSION_BACKENDS_H
#define EXECUTOR_SESSION_BACKENDS_H

#include "base/cancel.h"
#include "base/common.h"
#include "types/batch.h"

typedef enum BackendState { BACKEND_IDLE, BACKEND_ACTIVE, BACKEND_IDLE_IN_TRANSACTION, BACKEND_IDLE_IN_FAILED, BACKEND_STARTING } BackendState;

enum { BACKEND_QUERY_BYTES = 1024, BACKEND_NAME_BYTES = NAME_MAX_BYTES + 1 };

typedef struct Backend Backend;
struct Backend {
    Backend     *next, *previous;
    int32_t      id;
    uint32_t     key;
    CancelToken *token;   /* the session's, or the connection's before there is a session */
    void       (*wake)(void *arg); /* interrupts a blocking read of its connection: for terminate */
    void        *wake_arg;
    /* what pg_stat_activity shows */
    BackendState state;
    Oid          database, user;
    char         database_name[BACKEND_NAME_BYTES];
    char         user_name[BACKEND_NAME_BYTES];
    char         application_name[BACKEND_NAME_BYTES];
    char         client_address[64]; /* "" for none */
    int32_t      client_port;
    int64_t      started_at, transaction_start, query_start, state_change; /* microseconds since 2000-01-01; 0: none */
    char         query[BACKEND_QUERY_BYTES]; /* cut at a character */
};

/* Enters a zeroed backend of the caller's; sets id and key. */
void backend_enter(Backend *backend);
void backend_leave(Backend *backend);
/* The session's token goes away; the backend stays until its connection ends. */
void backend_detach(Backend *backend);

/* Changes what is shown, under the lock. query NULL: left as it is. */
void backend_report(Backend *backend, BackendState state, int64_t transaction_start, const char *query, int64_t now);
void backend_set_application_name(Backend *backend, const char *name);

/* False when there is no such backend (or the key is wrong). */
bool backend_cancel(int32_t id, uint32_t key);
bool backend_signal(int32_t id, CancelReason reason); /* pg_cancel_backend, pg_terminate_backend: no key */
int  backend_count(void);
void backend_terminate_all(void);

/* Copies of all entries, malloc'd, *count_out of them; NULL when there is no memory. */
Backend *backend_list(int *count_out);

#endif
