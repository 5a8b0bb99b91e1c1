/*
 * expr.h - bound expressions: what the analyzer makes of the parse tree, and the evaluator runs over batches.
 *
 * Every node knows its type. Names are gone: columns are (range table index, column number), functions are Proc
 * pointers. Trees are immutable once the analyzer is done; the planner copies what it changes (expr_copy in expr_tree.h).
 *
 * Ownership   nodes live in the arena of the statement or prepared statement that they belong to.
 */
#ifndef EXECUTOR_EXPR_H
#define EXECUTOR_EXPR_H

#include "executor/func/registry.h"
#include "types/batch.h"

typedef struct Query Query; /* executor/query.h */

typedef enum ExprKind {
    EXPR_CONST = 1,
    EXPR_COLUMN,
    EXPR_PARAM,
    EXPR_CALL,          /* function, operator or cast by function */
    EXPR_AND,           /* args, at least one */
    EXPR_OR,
    EXPR_NOT,
    EXPR_IS_NULL,       /* negated: IS NOT NULL; of a row value: row_semantics */
    EXPR_BOOLEAN_TEST,
    EXPR_DISTINCT_FROM, /* IS [NOT] DISTINCT FROM: call holds the = operator's function */
    EXPR_NULLIF,        /* likewise */
    EXPR_CASE,
    EXPR_COALESCE,
    EXPR_MIN_MAX,       /* GREATEST, LEAST */
    EXPR_ANY_ALL,       /* scalar op ANY/ALL (array); IN (list) of constants too */
    EXPR_ARRAY,         /* ARRAY[...] */
    EXPR_ROW,           /* ROW(...); of a composite type when cast to one */
    EXPR_ROW_COMPARE,   /* (a, b) < (c, d) */
    EXPR_SUBSCRIPT,     /* a[1], a[1:2], and jsonb['key'] */
    EXPR_FIELD,         /* (composite).field */
    EXPR_RELABEL,       /* binary coercible cast: same bytes, other type */
    EXPR_COERCE_IO,     /* cast through the text form */
    EXPR_COERCE_ARRAY,  /* element-wise cast of an array: element is an expression over EXPR_CASE_VALUE */
    EXPR_COERCE_TYPMOD, /* varchar(5), numeric(10,2), char(3), vector(3): TypeInfo.coerce_typmod */
    EXPR_CASE_VALUE,    /* the value under CASE x WHEN, or the element under EXPR_COERCE_ARRAY */
    EXPR_SQL_VALUE,     /* CURRENT_DATE, CURRENT_USER ... */
    EXPR_AGG,           /* above the aggregation they are columns of its output */
    EXPR_GROUPING,
    EXPR_WINDOW,
    EXPR_SUBQUERY,      /* scalar, EXISTS, IN/ANY, ALL, ARRAY(...) */
    EXPR_SET_CALL,      /* a set-returning function, in the target list or in FROM */
    EXPR_DEFAULT,       /* DEFAULT in VALUES or UPDATE, gone after rewriting */
    EXPR_WHOLE_ROW,     /* the row of a range table entry as a composite value */
    EXPR_NEXTVAL,       /* nextval of a known sequence: identity columns, serial defaults */
    EXPR_INPUT,         /* made by the planner: column `input.index` of the operator's input batch */
} ExprKind;

typedef struct Expr Expr;

typedef struct ExprList {
    int32_t count;
    Expr  **items;
} ExprList;

/* System columns, as PostgreSQL numbers them; NexaDB stores the row id behind ctid. */
enum {
    COLUMN_CTID = -1,
    COLUMN_XMIN = -2,
    COLUMN_CMIN = -3,
    COLUMN_XMAX = -4,
    COLUMN_CMAX = -5,
    COLUMN_TABLEOID = -6,
    COLUMN_ROW_ID = -100, /* internal: the row id as an int8, carried by plans that modify or lock */
};

struct Expr {
    ExprKind kind;
    Oid      type;
    int32_t  typmod;    /* -1: none */
    Oid      collation; /* 0: not collatable; else 100 (default) or 950 (C): all compare bytes */
    int32_t  location;  /* byte offset in the statement, -1: unknown */
    union {
        struct { /* EXPR_CONST */
            Datum value;
            bool  is_null;
        } constant;
        struct { /* EXPR_COLUMN, EXPR_WHOLE_ROW */
            int32_t relation; /* range table index, from 1; gone after planning (EXPR_INPUT) */
            int32_t column;   /* attribute number from 1; system columns below 0; 0 whole row */
            int32_t levels_up; /* 0: this query; 1: the query around it ... */
        } column;
        struct { /* EXPR_PARAM */
            int32_t number; /* from 1: $1 */
            bool    internal; /* a value passed into a subplan or a parameterised scan, numbered apart */
        } param;
        struct { /* EXPR_CALL, EXPR_DISTINCT_FROM, EXPR_NULLIF, EXPR_SET_CALL */
            const Proc     *proc;
            const Operator *op;  /* how it was written; NULL for f(x) */
            ExprList        args; /* defaults and variadic arrays filled in */
            bool            negated; /* IS NOT DISTINCT FROM */
            bool            cast_form; /* was written or inserted as a cast: for deparsing */
            bool            implicit;  /* inserted by the analyzer: not deparsed */
            bool            variadic;  /* VARIADIC was written, or arguments were gathered into an array */
            bool            sql_syntax; /* EXTRACT, OVERLAY, AT TIME ZONE and kin: deparsed as they were written */
        } call;
        struct { /* EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_COALESCE, EXPR_ARRAY, EXPR_ROW */
            ExprList args;
            bool     multidimensional; /* EXPR_ARRAY: the elements are arrays */
        } list;
        struct { /* EXPR_IS_NULL, EXPR_BOOLEAN_TEST, EXPR_RELABEL, EXPR_COERCE_IO, EXPR_COERCE_TYPMOD, EXPR_COERCE_ARRAY, EXPR_FIELD */
            Expr   *arg;
            bool    negated;
            bool    row_semantics;
            int8_t  truth;    /* EXPR_BOOLEAN_TEST: 1 IS TRUE, 0 IS FALSE, -1 IS UNKNOWN */
            bool    explicit_cast;
            bool    implicit; /* inserted by the analyzer */
            int32_t field;    /* EXPR_FIELD: attribute number from 1 */
            Expr   *element;  /* EXPR_COERCE_ARRAY; EXPR_FIELD: the new value of the field (UPDATE SET c.f = x), else NULL */
        } unary;
        struct { /* EXPR_CASE */
            Expr    *value;    /* CASE value WHEN ...; tests then contain EXPR_CASE_VALUE. NULL without */
            ExprList tests;
            ExprList results;  /* beside tests */
            Expr    *otherwise; /* never NULL: a NULL constant where there is no ELSE */
        } cases;
        struct { /* EXPR_MIN_MAX */
            ExprList args;
            bool     greatest;
        } minmax;
        struct { /* EXPR_ANY_ALL, EXPR_ROW_COMPARE */
            const Operator *op;    /* EXPR_ROW_COMPARE: ops beside the columns */
            const Operator *const *ops;
            const Proc     *proc;
            Expr           *left;
            Expr           *right; /* an array */
            ExprList        lefts, rights; /* EXPR_ROW_COMPARE */
            char            comparison;    /* EXPR_ROW_COMPARE: '<' 'l'(<=) 'g'(>=) '>'; = and <> become AND/OR */
            bool            all;
        } any_all;
        struct { /* EXPR_SUBSCRIPT */
            Expr    *container;
            ExprList upper; /* items may be NULL in a slice */
            ExprList lower; /* count 0: no slice */
            bool     slice;
            Expr    *assigned; /* UPDATE SET a[1] = x: the value is container with this element or slice replaced; NULL: a fetch */
        } subscript;
        struct { /* EXPR_SQL_VALUE */
            int32_t which; /* a SQLValueFunctionOp of parser/ast.h */
        } sql_value;
        struct { /* EXPR_AGG */
            const Proc *proc;
            ExprList    args;         /* the function's arguments, then keys that are there for order only */
            int32_t     arg_count;    /* how many of args are the function's */
            ExprList    direct_args;  /* of ordered-set aggregates */
            struct SortClause *order; /* within the call; NULL: none */
            int32_t     order_count;
            bool        order_written; /* ORDER BY was written; else the order is only what DISTINCT needs */
            Expr       *filter;
            bool        distinct;
            bool        star;
            int32_t     levels_up;
        } agg;
        struct { /* EXPR_WINDOW */
            const Proc *proc; /* a window function or an aggregate */
            ExprList    args;
            Expr       *filter;
            int32_t     window; /* index into Query.windows */
            bool        star;
        } window;
        struct { /* EXPR_SUBQUERY */
            enum { SUBQUERY_SCALAR = 1, SUBQUERY_EXISTS, SUBQUERY_ANY, SUBQUERY_ALL, SUBQUERY_ARRAY } kind;
            Query   *query;
            ExprList lefts;  /* ANY, ALL: the left operand's columns */
            Expr    *test;   /* ANY, ALL: comparison of lefts with the subquery's columns, as EXPR_PARAM internal 1 .. n */
            int32_t  plan;   /* set by the planner: index of the subplan */
        } subquery;
        struct { /* EXPR_GROUPING */
            ExprList args;
            int32_t *refs;   /* positions in the group clause */
        } grouping;
        struct { /* EXPR_NEXTVAL */
            Oid sequence;
        } nextval;
        struct { /* EXPR_INPUT */
            int32_t index; /* from 0 */
        } input;
    };
};

/* ORDER BY, DISTINCT, GROUP BY and window keys: the order of one column. */
typedef struct SortClause {
    int32_t target;      /* index into the target list, from 0 */
    Oid     equal_op;    /* = of the type */
    Oid     order_op;    /* < or > used; 0 when only hashable */
    bool    descending;
    bool    nulls_first;
} SortClause;

#endif
