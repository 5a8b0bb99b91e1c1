/*
 * session.h - opening and closing sessions: who connects to which database.
 *
 * Raises      3D000 no such database, 28000 no such role or one that may not log in, 22023 bad settings.
 */
#ifndef EXECUTOR_SESSION_SESSION_H
#define EXECUTOR_SESSION_SESSION_H

#include "executor/session.h"
#include "executor/store/store.h"

typedef struct SessionOptions {
    const char        *user;
    const char        *database;      /* NULL: named like the user */
    int32_t            backend_id;
    uint32_t           cancel_key;
    int32_t            setting_count; /* of the start-up message, "options" taken apart */
    const char *const *setting_names;
    const char *const *setting_values;
} SessionOptions;

/* What authentication needs to know of a role, in arena. NULL: there is no such role. */
const RoleDesc *session_find_role(Store *store, Arena *arena, const char *name);

/* A session for a user that has been authenticated. Nothing is left behind when it raises. */
Session *session_open(Store *store, const SessionOptions *options);
/* Rolls back what runs and frees everything. */
void     session_close(Session *session);

/* Memory above a small floor goes back to the pool: called when a session has been idle for a while. */
void session_trim(Session *session);

/* SET ROLE and SET SESSION AUTHORIZATION take effect. Raise 22023 and 42501. */
void session_set_role(Session *session, const char *name);
void session_set_authorization(Session *session, const char *name);

#endif
