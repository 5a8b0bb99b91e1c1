/*
 * user_type.h - TypeInfo of types that the catalog defines: enums, domains, composite types and arrays of these.
 *
 * Enum values are 32-bit label oids (PHYS_INT32), ordered by their place in the descriptor; domains are their base types under another
 * name (their constraints are checked where a value becomes one); composite types are records; arrays are as all arrays.
 *
 * Raises      22P02 from the input of an enum
 */
#ifndef EXECUTOR_ANALYZE_USER_TYPE_H
#define EXECUTOR_ANALYZE_USER_TYPE_H

#include "executor/session.h"

/* In arena, like what it refers to; desc must be held by the same arena. */
const TypeInfo *user_type_info(Session *session, Arena *arena, const TypeDesc *desc);

#endif
