/*
 * maintenance.h - LOCK, DISCARD, VACUUM, ANALYZE, CHECKPOINT and what else keeps house.
 *
 * Raises      everything.
 */
#ifndef EXECUTOR_SESSION_MAINTENANCE_H
#define EXECUTOR_SESSION_MAINTENANCE_H

#include "executor/session/portal.h"

/* Runs portal->stmt and sets the tag; 0A000 for a statement that NexaDB does not have. */
void maintenance_run(Session *session, Portal *portal);

#endif
