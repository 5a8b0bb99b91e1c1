/*
 * cursor.h - SQL cursors: DECLARE, FETCH, MOVE, CLOSE; and the parameters of EXECUTE.
 *
 * Raises      everything.
 */
#ifndef EXECUTOR_SESSION_CURSOR_H
#define EXECUTOR_SESSION_CURSOR_H

#include "executor/session/portal.h"

/* portal is the one that runs the statement; each sets its tag, cursor_fetch() its rows. */
void cursor_declare(Session *session, Portal *portal);
void cursor_fetch(Session *session, Portal *portal);
void cursor_close(Session *session, Portal *portal);

#endif
