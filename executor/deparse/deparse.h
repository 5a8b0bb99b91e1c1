/*
 * deparse.h - bound expressions and queries as SQL text, letter for letter as PostgreSQL's ruleutils writes it.
 *
 * Ownership   texts live in the arena given.
 * Raises      as name lookups do
 */
#ifndef EXECUTOR_DEPARSE_H
#define EXECUTOR_DEPARSE_H

#include "executor/query.h"
#include "executor/session.h"

typedef enum DeparseStyle {
    DEPARSE_PLAIN,  /* pg_get_expr(e, rel): every parenthesis */
    DEPARSE_PRETTY, /* pg_get_expr(e, rel, true): only needed parentheses, indented queries */
} DeparseStyle;

/* "name" quoted where SQL needs it. */
const char *deparse_identifier(Arena *arena, const char *name);
/* 'text' as a literal. */
const char *deparse_literal(Arena *arena, Slice text);

/* The columns are those of relation (may be NULL), unqualified. */
const char *deparse_expression(Session *session, Arena *arena, const Expr *expr, const RelationDesc *relation, DeparseStyle style);

/* The same with columns qualified by the names that resolve_name gives: for EXPLAIN. resolve may return NULL: "?column?". */
typedef const char *(*DeparseColumn)(const Expr *column, Arena *arena, void *context);
const char *deparse_expression_with(Session *session, Arena *arena, const Expr *expr, DeparseStyle style, DeparseColumn resolve, void *context);

/* A query: a leading blank, a semicolon at the end, a line for each target. */
const char *deparse_query(Session *session, Arena *arena, const Query *query, DeparseStyle style);

/* pg_get_viewdef: the same with the view's own column names. query is what the view stores, deserialized. */
const char *deparse_view(Session *session, Arena *arena, const RelationDesc *view, const Query *query, DeparseStyle style);

/* pg_get_indexdef(oid), and with a column number from 1 its one key. */
const char *deparse_index(Session *session, Arena *arena, const RelationDesc *index, int column, DeparseStyle style);

/* pg_get_constraintdef of a table's constraint. */
const char *deparse_constraint(Session *session, Arena *arena, const RelationDesc *relation, const ConstraintDesc *constraint, DeparseStyle style);

/* Type name as format_type_be says it: schema-qualified unless visible. */
const char *deparse_type(Session *session, Arena *arena, Oid type, int32_t typmod);

/* A relation's name, schema-qualified unless it is found along the search path (regclass output). */
const char *deparse_relation_name(Session *session, Arena *arena, const RelationDesc *relation);

#endif
