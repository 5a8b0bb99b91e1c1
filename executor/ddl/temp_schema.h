/*
 * temp_schema.h - the schema of a session's temporary relations: pg_temp_<backend id>, made at the first CREATE TEMP.
 *
 * Its descriptors are ordinary ones (relpersistence 't') that other sessions never search; session->temp points to its state.
 *
 * Threads     the session's.
 */
#ifndef EXECUTOR_DDL_TEMP_SCHEMA_H
#define EXECUTOR_DDL_TEMP_SCHEMA_H

#include "executor/session.h"

/* The schema's oid, or 0 while the session has none: the search path puts it before all others. */
Oid temp_schema(const Session *session);

/* The same, made when it is missing. Raises. */
Oid temp_schema_make(Session *session, Arena *arena);

/* ON COMMIT DROP and DELETE ROWS of temporary tables: remembered here, done by temp_before_commit(). */
void temp_on_commit(Session *session, Oid relation, bool drop);

/* Called as a transaction commits, while it can still write. Raises. */
void temp_before_commit(Session *session, Arena *arena);

/* Drops every temporary relation, inside the session's transaction: DISCARD TEMP, and the end of the session. Raises. */
void temp_drop_all(Session *session, Arena *arena);

#endif
