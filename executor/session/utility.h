/*
 * utility.h - statements without a plan: SET, SHOW, transactions, cursors, EXPLAIN, DDL, maintenance.
 *
 * Raises      everything.
 */
#ifndef EXECUTOR_SESSION_UTILITY_H
#define EXECUTOR_SESSION_UTILITY_H

#include "executor/session/portal.h"

/* The result columns of a utility statement, for Describe; *count_out 0: it returns no rows. */
const ResultColumn *utility_results(Session *session, Arena *arena, const Node *stmt, int32_t *count_out);

/*
 * Runs portal->stmt: sets portal->tag, and portal->rows when it returns rows. COPY FROM STDIN and TO STDOUT are the protocol's:
 * they are run by whoever speaks it (utility_copy() tells), never here.
 */
void utility_run(Session *session, Portal *portal);

/* The COPY statement that wants the client's data stream, or NULL. */
const struct CopyStmt *utility_copy(const Node *stmt);

/* SELECT ... INTO as the CREATE TABLE AS that it stands for, made in arena; any other statement as it is. */
const Node *utility_translate(Arena *arena, const Node *stmt);

/* The statement, or the query inside PREPARE or DECLARE, parsed again into another arena: parse trees are not copied. text is the whole. */
const Node *utility_keep(Arena *arena, const char *text, const Node *stmt);

/* The values of EXECUTE's arguments, in arena. Raises 42601 when their number is wrong. */
ParamValues execute_params(Session *session, Arena *arena, const PreparedStatement *prepared, const ExecuteStmt *stmt);

/* "INSERT", "SELECT FOR UPDATE" ...: for messages about read-only transactions. */
const char *query_command_name(const PlannedStatement *planned);

#endif
