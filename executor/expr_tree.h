/*
 * expr_tree.h - walking, copying, changing and comparing bound expressions, and making the common ones.
 *
 * One place knows which children each kind of node has: expr_mutate_children(). Walks over queries come in two depths, since
 * EXPR_COLUMN.levels_up and EXPR_AGG.levels_up count queries.
 *
 * Ownership   what is made lives in the arena given and shares what did not change with its source.
 * Raises      53200; 54001 when a tree is too deep
 */
#ifndef EXECUTOR_EXPR_TREE_H
#define EXECUTOR_EXPR_TREE_H

#include "executor/query.h"

/* ---- making nodes ----------------------------------------------------------------------------------------------------- */

Expr *expr_new(Arena *arena, ExprKind kind, Oid type, int32_t location);
Expr *expr_const(Arena *arena, Oid type, Datum value);
Expr *expr_null(Arena *arena, Oid type, int32_t typmod);
Expr *expr_bool(Arena *arena, bool value);
Expr *expr_int4(Arena *arena, int32_t value);
Expr *expr_int8(Arena *arena, int64_t value);
Expr *expr_text(Arena *arena, const char *value);
/* Column of a range entry, with the entry's type, typmod and collation; column 0 is the whole row, below 0 a system column. */
Expr *expr_column(Arena *arena, const Query *query, int32_t range, int32_t column);
/* left op right over two expressions whose types are the operator's. */
Expr *expr_operator(Arena *arena, const Operator *op, Expr *left, Expr *right);
/* AND of two conditions; either may be NULL. Flattens nested ANDs. */
Expr *expr_and(Arena *arena, Expr *left, Expr *right);
Expr *expr_or(Arena *arena, Expr *left, Expr *right);
Expr *expr_not(Arena *arena, Expr *arg);

ExprList expr_list(Arena *arena, int32_t count);
ExprList expr_list_append(Arena *arena, ExprList list, Expr *item);

/* ---- walking ------------------------------------------------------------------------------------------------------------ */

typedef bool (*ExprVisit)(Expr *expr, void *context);

/*
 * Calls visit for each direct child expression (never NULL); true as soon as a call returns true. Of EXPR_SUBQUERY the children are
 * lefts and test, not what is in its query: use query_walk() on that. Order keys inside aggregates are among the args.
 */
bool expr_walk(const Expr *expr, ExprVisit visit, void *context);

/* Every expression that stands directly in a query: targets, conditions, functions and values of its range table, limits ... */
bool query_walk(const Query *query, ExprVisit visit, void *context);

/* query_walk() and the queries below: calls subquery for each (range table, CTEs); NULL: not entered. Subqueries in expressions are not entered. */
bool query_walk_subqueries(const Query *query, bool (*subquery)(Query *query, void *context), void *context);

typedef Expr *(*ExprChange)(Expr *expr, void *context);

/* A copy of expr in which each child is replaced by change(child); expr itself where none differed. */
Expr *expr_mutate(Arena *arena, Expr *expr, ExprChange change, void *context);

/* Replaces every expression that query_walk() visits, in place. */
void query_mutate(Query *query, ExprChange change, void *context);

/* A deep copy, subqueries included. Descriptors, Procs and Datum bytes are shared. */
Expr  *expr_copy(Arena *arena, const Expr *expr);
Query *query_copy(Arena *arena, const Query *query);

/* ---- questions ---------------------------------------------------------------------------------------------------------- */

/* The same expression, locations and how casts were written aside. Constants compare by bytes. NULL equals NULL. */
bool expr_equal(const Expr *a, const Expr *b);
bool expr_list_equal(ExprList a, ExprList b);
uint64_t expr_hash(const Expr *expr); /* equal expressions hash alike */

bool expr_contains(const Expr *expr, ExprKind kind);  /* expr itself included; not inside subqueries */
bool expr_is_volatile(const Expr *expr);              /* a volatile function anywhere, subqueries included */
bool expr_is_stable_or_immutable(const Expr *expr);
bool expr_is_immutable(const Expr *expr);
/* Has a column of this query level (levels deep: 0) anywhere, subqueries included. */
bool expr_has_columns(const Expr *expr, int32_t levels_up);

/* Adds delta to levels_up of the columns and aggregates that point at least min_levels up: for moving expressions between levels. In place. */
void expr_shift_levels(Expr *expr, int32_t delta, int32_t min_levels);
void query_shift_levels(Query *query, int32_t delta, int32_t min_levels);

/* Adds delta to the range table indexes of columns of the given level, subqueries included. In place. */
void expr_shift_ranges(Expr *expr, int32_t delta, int32_t levels_up);

#endif
