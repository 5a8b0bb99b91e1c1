/*
 * session.h - one client's session: who it is, its settings, its transaction, its prepared statements and portals.
 *
 * wire/ (and HTTP) make a session and hand it messages; executor/ runs them. Between two messages nothing of a session lives on a
 * stack or in a thread-local, so any thread may serve the next one.
 *
 * Ownership   session_open() returns a session ended by session_close(). All its memory hangs on session->arena.
 * Threads     one at a time, but session->cancel may be raised from any.
 */
#ifndef EXECUTOR_SESSION_H
#define EXECUTOR_SESSION_H

#include "base/cancel.h"
#include "base/error.h"
#include "storage/catalog/catalog.h"
#include "storage/txn/txn.h"
#include "types/type.h"

typedef struct Session  Session;
typedef struct Store    Store;    /* executor/store/store.h: the open engine, catalog and managers of the process */
typedef struct Settings Settings; /* executor/session/settings.h */
typedef struct Session  Session;

typedef enum TransactionState {
    TRANSACTION_IDLE,   /* 'I': no transaction block */
    TRANSACTION_BLOCK,  /* 'T' */
    TRANSACTION_FAILED, /* 'E': only ROLLBACK and kin are accepted (25P02) */
} TransactionState;

typedef enum NoticeSeverity { NOTICE_DEBUG, NOTICE_LOG, NOTICE_INFO, NOTICE_NOTICE, NOTICE_WARNING } NoticeSeverity;

struct Session {
    Store       *store;
    Catalog     *catalog;
    Engine      *engine;
    Arena       *arena;
    Account      account;
    CancelToken  cancel;
    int32_t      backend_id;       /* pg_backend_pid() */
    uint32_t     cancel_key;

    Oid          database;
    const char  *database_name;
    Oid          session_user;     /* who logged in */
    Oid          current_user;     /* after SET ROLE */
    const char  *login_user_name;  /* as authenticated; SET SESSION AUTHORIZATION changes session_user only */
    const char  *session_user_name;
    const char  *current_user_name;
    bool         is_superuser;

    Settings    *settings;
    TypeContext  ctx;              /* settings as the types need them; ctx.arena is set by whoever calls */
    int32_t      search_path_count;
    Oid         *search_path;      /* schema oids, existing ones only, pg_catalog included at its place */
    size_t       search_path_capacity;
    uint64_t     search_path_version; /* of the catalog, when it was computed */
    Oid          temp_schema;      /* schema of temporary relations, searched first; 0: none yet */
    bool         search_path_valid; /* false: recompute before use, see session_search_path() */
    uint64_t     catalog_changes;   /* counts what this session did to descriptors, undone or not: cached plans look again */

    Transaction *txn;              /* NULL outside transactions */
    Arena       *txn_arena;
    TransactionState state;
    int64_t      transaction_start; /* microseconds since 2000-01-01 UTC: now() */
    int64_t      statement_start;
    int64_t      rows_affected;    /* of the statement that ran last */

    /* How notices reach the client; NULL: dropped. */
    void       (*send_notice)(void *arg, NoticeSeverity severity, const Error *notice);
    void        *send_notice_arg;
    /* Called when a reported setting changed (ParameterStatus). */
    void       (*report_setting)(void *arg, const char *name, const char *value);
    void        *report_setting_arg;

    struct PreparedStatement *prepared; /* executor/session/prepared.h */
    struct Portal            *portals;  /* executor/session/portal.h */
    void                     *temp;     /* temporary relations of this session */
    void                     *internal; /* executor/session/state.h */
    int64_t                   last_sequence_value; /* lastval() */
    Oid                       last_sequence;
};

/* Sends a NOTICE or WARNING to the client if client_min_messages lets it. */
void session_notice(Session *session, NoticeSeverity severity, Sqlstate sqlstate, const char *format, ...) PRINTF_LIKE(4, 5);

/* Schema oids to search, in order; pg_catalog first unless the path names it, temporary schema before all. */
const Oid *session_search_path(Session *session, int32_t *count_out);

/* A setting's current text ("on", "UTC"), or NULL when there is no such setting. */
const char *session_setting(Session *session, const char *name);

/* Settings that code asks for often, already parsed. */
int64_t session_work_mem_bytes(Session *session);
int32_t session_lock_timeout_ms(Session *session);

#endif
