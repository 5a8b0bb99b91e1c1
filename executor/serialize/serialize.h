/*
 * serialize.h - bound trees as bytes: what descriptors keep of defaults, checks, index expressions, predicates and views.
 *
 * The form holds oids, column numbers and values, no names that could change; its first byte is the version (docs/formats/expr.md).
 * Reading looks functions, operators and relations up again, so a tree read back is bound to the current descriptors.
 *
 * Ownership   bytes and trees live in the arena given; descriptors are held by it.
 * Raises      XX001 for bytes that no version wrote; 42P01 and kin when an object it names is gone
 */
#ifndef EXECUTOR_SERIALIZE_H
#define EXECUTOR_SERIALIZE_H

#include "executor/query.h"
#include "executor/session.h"

Slice serialize_expr(Arena *arena, const Expr *expr);
Slice serialize_query(Arena *arena, const Query *query);

/* session may be NULL when the bytes name no relation. Empty bytes give NULL. */
Expr  *deserialize_expr(Session *session, Arena *arena, Slice bytes);
Query *deserialize_query(Session *session, Arena *arena, Slice bytes);

/*
 * The objects that an expression or query depends on (relations with columns, user types, functions, sequences), each once: for
 * Desc.dependencies. Type 'n'. self, when not 0, is the relation whose own columns range entry 1 stands for in an expression.
 */
const Dependency *serialize_dependencies_of_expr(Arena *arena, const Expr *expr, Oid self, int32_t *count_out);
const Dependency *serialize_dependencies_of_query(Arena *arena, const Query *query, int32_t *count_out);

#endif
