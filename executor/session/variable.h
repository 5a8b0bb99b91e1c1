/*
 * variable.h - SET and RESET in all their spellings, roles included.
 *
 * Raises      as settings.h; 22023, 42501 for roles.
 */
#ifndef EXECUTOR_SESSION_VARIABLE_H
#define EXECUTOR_SESSION_VARIABLE_H

#include "executor/session.h"
#include "parser/ast.h"

/* Returns the command tag. */
const char *variable_set(Session *session, Arena *arena, const VariableSetStmt *stmt);

/* The text that a list of SET arguments stands for: words joined, quoted where the setting is a list of names. */
const char *variable_text(Arena *arena, const char *name, const NodeList *args);

#endif
