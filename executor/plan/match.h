/*
 * match.h - whether a condition compares one thing with a value in a way that a key or a scan understands.
 */
#ifndef EXECUTOR_PLAN_MATCH_H
#define EXECUTOR_PLAN_MATCH_H

#include "executor/plan/plan_internal.h"

/*
 * Reads `qual` as a bound on key_expr (of key_type) and adds it to *key; false when it is none. Values may speak of the relations of
 * outer, never of rel itself.
 */
bool match_key(Level *level, const BaseRel *rel, const Expr *key_expr, Oid key_type, Expr *qual, RelSet outer, PlanIndexKey *key);

/* A value that a scan of rel can be given: of the relations of outer only, not volatile, no subquery. */
bool match_usable_value(Level *level, const BaseRel *rel, const Expr *value, RelSet outer);

/* The same for <>: the value goes to key->equal. */
bool match_not_equal(Level *level, const BaseRel *rel, const Expr *key_expr, Expr *qual, PlanIndexKey *key);

/* LIKE 'abc%' as a range of text; the condition must still be tested. */
bool match_like(Level *level, const Expr *key_expr, Oid key_type, const Expr *qual, PlanIndexKey *key);

#endif
