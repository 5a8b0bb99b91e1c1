/*
 * analyze.h - from the raw parse tree to bound trees: names are looked up, types are known, views are expanded.
 *
 * The behaviour is PostgreSQL 15's: resolution rules, message texts, SQLSTATEs and positions. What differs is DESIGN section 3:
 * `->>` and `#>>` compared with a number, boolean or timestamp read the JSON value as that type (json_reading.c).
 *
 * What the trees look like:
 *   - a column is EXPR_COLUMN of the relation that stores it, never of a RANGE_JOIN entry: columns merged by USING are
 *     replaced by what they stand for. RANGE_JOIN entries are there for names only (deparsing);
 *   - literals are EXPR_CONST of their final type; casts that need a function stay calls (the planner folds);
 *   - IN (list) is EXPR_ANY_ALL over EXPR_ARRAY or a constant array where PostgreSQL does so, else OR / AND of comparisons;
 *   - INSERT has one target per assigned column with its default filled in; the source of INSERT ... VALUES with several rows is a
 *     RANGE_VALUES entry, of INSERT ... SELECT a RANGE_SUBQUERY one, each the only item of from;
 *   - UPDATE has one target per changed column; generated columns are added. Targets of UPDATE t SET (a, b) = (SELECT x, y ...)
 *     are EXPR_FIELD 1, 2 over one EXPR_SUBQUERY whose type is record: fields of the same subquery node share one evaluation;
 *   - views are RANGE_SUBQUERY entries with from_view set, table held beside.
 *
 * Ownership   trees live in the arena given; descriptors that they point to are held by that arena. The parse tree is borrowed.
 * Threads     any number of sessions at once.
 * Raises      42xxx with positions, and whatever type input raises for literals.
 */
#ifndef EXECUTOR_ANALYZE_H
#define EXECUTOR_ANALYZE_H

#include "executor/query.h"
#include "executor/session.h"
#include "parser/ast.h"

/*
 * The types of $1 .. $n: those that Parse gave on entry (0: not said), all that the statement uses on return. count may grow;
 * types is then moved to the arena of the call. A NULL ParamTypes means that parameters are refused (42P02).
 */
typedef struct ParamTypes {
    int32_t count;
    Oid    *types;
} ParamTypes;

/* SELECT, VALUES, TABLE, INSERT, UPDATE, DELETE or MERGE (a RawStmt around it is looked through). */
Query *analyze_statement(Session *session, Arena *arena, const Node *stmt, ParamTypes *params);

/* True for the statements that analyze_statement() takes. */
bool analyze_is_query(const Node *stmt);

/* ---- expressions outside queries ------------------------------------------------------------------------------------- */

/* Where an expression stands: decides what is refused in it, and the words of the refusal. */
typedef enum ExpressionUse {
    EXPRESSION_DEFAULT,         /* column DEFAULT: no columns */
    EXPRESSION_GENERATED,       /* GENERATED ALWAYS AS: immutable */
    EXPRESSION_CHECK,           /* CHECK of a table: boolean */
    EXPRESSION_DOMAIN_CHECK,    /* CHECK of a domain: boolean; VALUE is EXPR_CASE_VALUE of the domain's base type */
    EXPRESSION_INDEX,           /* index column: immutable */
    EXPRESSION_INDEX_PREDICATE, /* WHERE of an index: boolean, immutable */
    EXPRESSION_ALTER_TYPE,      /* ALTER COLUMN TYPE ... USING */
    EXPRESSION_POLICY,          /* row security: boolean; subqueries are allowed */
    EXPRESSION_COPY_WHERE,      /* boolean */
    EXPRESSION_EXECUTE,         /* an argument of EXECUTE */
    EXPRESSION_CALL,            /* an argument of CALL, SET and kin */
    EXPRESSION_PARTITION_BOUND,
} ExpressionUse;

typedef struct ExpressionContext {
    ExpressionUse       use;
    const RelationDesc *relation; /* its columns are in scope as range entry 1; NULL: none. Need not be stored yet */
    const char         *column;   /* the column the value is for, in messages; NULL: none */
    Oid                 type;     /* the value is coerced to this as by assignment; 0: left as it is. Domain: the base type */
    int32_t             typmod;   /* beside type; -1: none */
    ParamTypes         *params;   /* NULL: none allowed */
} ExpressionContext;

Expr *analyze_expression(Session *session, Arena *arena, const Node *expr, const ExpressionContext *context);

/*
 * Coerces a bound expression to a column's type as an assignment does. NULL when there is no assignment cast: the caller
 * words the 42804. typmod -1: none.
 */
Expr *coerce_to(Session *session, Arena *arena, Expr *expr, Oid type, int32_t typmod);

/* The same as an explicit cast does (CAST, ::). */
Expr *coerce_to_explicit(Session *session, Arena *arena, Expr *expr, Oid type, int32_t typmod);

/* ---- types -------------------------------------------------------------------------------------------------------------- */

/* The type that a TypeName means. Raises 42704 when there is none. typmod_out may be NULL. */
Oid analyze_type(Session *session, Arena *arena, const TypeName *name, int32_t *typmod_out);

/* The same without raising for a type that does not exist: 0. */
Oid analyze_type_or_none(Session *session, Arena *arena, const TypeName *name, int32_t *typmod_out);

/*
 * The TypeInfo of any type: a built-in one, or one made in arena for an enum, domain, composite or array type of the catalog.
 * NULL when there is no such type.
 */
const TypeInfo *type_lookup(Session *session, Arena *arena, Oid type);

/* The oid of the collation that names mean: default 100, C 950 and kin. Raises 42704; 0A000 for those that need ICU. */
Oid analyze_collation(const NodeList *names, int32_t location);

/* The relation that a RangeVar names. Raises 42P01 at its location; NULL instead when missing_ok. */
const RelationDesc *analyze_relation(Session *session, Arena *arena, const RangeVar *name, bool missing_ok);

/* A default as it would be inserted into this column: its default, identity or NULL, of the column's type. Never generated columns. */
Expr *analyze_column_default(Session *session, Arena *arena, const RelationDesc *relation, int16_t column);

/* Unique indexes of a relation over exactly these columns, in any order: for REFERENCES. 0 when there is none. */
Oid analyze_unique_index(Session *session, Arena *arena, const RelationDesc *relation, const int16_t *columns, int16_t count);

#endif
