/*
 * expr_slots.h - the child pointers of expressions and queries, for the files behind expr_tree.h and for planner passes that change
 * trees they own in place.
 */
#ifndef EXECUTOR_EXPR_SLOTS_H
#define EXECUTOR_EXPR_SLOTS_H

#include "executor/query.h"

/* Gets the address of a child pointer, which it may change; true ends the walk. */
typedef bool (*ExprSlotVisit)(Expr **slot, void *context);

/* Every child pointer of expr that is not NULL; true as soon as a call returns true. Subqueries are not entered. */
bool expr_each_slot(Expr *expr, ExprSlotVisit visit, void *context);

/* Every expression pointer that stands directly in query. */
bool query_each_slot(Query *query, ExprSlotVisit visit, void *context);

/* A copy of the node with lists of its own; children are shared. */
Expr *expr_shallow_copy(Arena *arena, const Expr *expr);

#endif
