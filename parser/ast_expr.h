/*
 * ast_expr.h - expressions and type names as they were written, before names and types are looked up.
 *
 * Shapes are those of PostgreSQL 15's raw parse tree. Where SQL has special syntax for a function, the tree has a
 * FuncCall of the pg_catalog function with funcformat COERCE_SQL_SYNTAX: EXTRACT(f FROM x) is
 * pg_catalog.extract('f', x), x AT TIME ZONE z is pg_catalog.timezone(z, x), and so on (grammar/func.y).
 */
#ifndef PARSER_AST_EXPR_H
#define PARSER_AST_EXPR_H

#include "parser/ast_node.h"

typedef struct SelectStmt SelectStmt;
typedef struct WindowDef  WindowDef;

/* ---- names ------------------------------------------------------------------------------------------------ */

/* a, t.a, s.t.a, db.s.t.a, t.*, * : Strings, the last item may be an A_Star. Subscripts make an A_Indirection. */
typedef struct ColumnRef {
    Node      node;
    NodeList *fields;
} ColumnRef;

/* The `*` of a target list, a ColumnRef or an indirection. */
typedef struct A_Star {
    Node node;
} A_Star;

/* $n */
typedef struct ParamRef {
    Node    node;
    int32_t number; /* from 1 */
} ParamRef;

/* arg.name, arg[i], arg[i:j], (arg).*: what follows an expression. */
typedef struct A_Indirection {
    Node      node;
    Node     *arg;
    NodeList *indirection; /* String (field), A_Star, A_Indices */
} A_Indirection;

/* One [...] of an indirection. */
typedef struct A_Indices {
    Node  node;
    bool  is_slice; /* a colon was written */
    Node *lidx;     /* lower bound of a slice; NULL when absent, and in a plain subscript */
    Node *uidx;     /* the subscript, or the upper bound; NULL when absent */
} A_Indices;

/* ---- constants ---------------------------------------------------------------------------------------------- */

typedef enum ConstKind {
    CONST_INTEGER,   /* fits int4: ival */
    CONST_FLOAT,     /* any other number, int8 and numeric alike: sval, as written */
    CONST_STRING,    /* of type unknown until the context decides: sval */
    CONST_BITSTRING, /* sval: `b` or `x`, then the digits */
    CONST_BOOLEAN,   /* TRUE, FALSE: bval */
    CONST_NULL,
} ConstKind;

/* A literal. A minus sign directly before a number (spaces aside) is folded into it, and is then its location. */
typedef struct A_Const {
    Node        node;
    ConstKind   kind;
    int32_t     ival;
    bool        bval;
    const char *sval;
} A_Const;

/* ---- operators ---------------------------------------------------------------------------------------------- */

typedef enum A_Expr_Kind {
    AEXPR_OP,              /* an operator; lexpr is NULL for a prefix one */
    AEXPR_OP_ANY,          /* lexpr op ANY/SOME (rexpr array) */
    AEXPR_OP_ALL,          /* lexpr op ALL (rexpr array) */
    AEXPR_DISTINCT,        /* IS DISTINCT FROM; name is `=` */
    AEXPR_NOT_DISTINCT,    /* IS NOT DISTINCT FROM; name is `=` */
    AEXPR_NULLIF,          /* NULLIF(lexpr, rexpr); name is `=` */
    AEXPR_IN,              /* [NOT] IN (rexpr list): name is `=` or `<>`, rexpr a NodeList */
    AEXPR_LIKE,            /* [NOT] LIKE: name is `~~` or `!~~`; ESCAPE makes rexpr a FuncCall like_escape */
    AEXPR_ILIKE,           /* [NOT] ILIKE: `~~*` or `!~~*` */
    AEXPR_SIMILAR,         /* [NOT] SIMILAR TO: `~` or `!~`, rexpr a FuncCall similar_to_escape */
    AEXPR_BETWEEN,         /* rexpr is a NodeList of the two bounds in these four; name is the words */
    AEXPR_NOT_BETWEEN,
    AEXPR_BETWEEN_SYM,
    AEXPR_NOT_BETWEEN_SYM,
} A_Expr_Kind;

/* Location: the operator. */
typedef struct A_Expr {
    Node        node;
    A_Expr_Kind kind;
    NodeList   *name;  /* Strings: the operator, perhaps after its schema: OPERATOR(pg_catalog.+) */
    Node       *lexpr; /* NULL: prefix */
    Node       *rexpr;
} A_Expr;

typedef enum BoolExprType {
    AND_EXPR, /* a AND b AND c is one node of three args */
    OR_EXPR,
    NOT_EXPR,
} BoolExprType;

typedef struct BoolExpr {
    Node         node;
    BoolExprType boolop;
    NodeList    *args;
} BoolExpr;

typedef enum NullTestType {
    IS_NULL,
    IS_NOT_NULL,
} NullTestType;

typedef struct NullTest {
    Node         node;
    Node        *arg;
    NullTestType nulltesttype;
} NullTest;

typedef enum BoolTestType {
    IS_TRUE,
    IS_NOT_TRUE,
    IS_FALSE,
    IS_NOT_FALSE,
    IS_UNKNOWN,
    IS_NOT_UNKNOWN,
} BoolTestType;

typedef struct BooleanTest {
    Node         node;
    Node        *arg;
    BoolTestType booltesttype;
} BooleanTest;

typedef enum SubLinkType {
    EXISTS_SUBLINK, /* EXISTS (select) */
    ALL_SUBLINK,    /* testexpr op ALL (select) */
    ANY_SUBLINK,    /* testexpr op ANY (select); IN (select) when oper_name is NULL. NOT IN is a NOT around it */
    EXPR_SUBLINK,   /* (select) as a value */
    ARRAY_SUBLINK,  /* ARRAY(select) */
} SubLinkType;

typedef struct SubLink {
    Node        node;
    SubLinkType sub_link_type;
    Node       *testexpr;  /* left side of ALL and ANY, a RowExpr for several columns; else NULL */
    NodeList   *oper_name; /* Strings; NULL for IN */
    Node       *subselect; /* SelectStmt */
} SubLink;

/* ---- compound expressions ----------------------------------------------------------------------------------- */

/* CASE [arg] WHEN ... THEN ... [ELSE defresult] END */
typedef struct CaseExpr {
    Node      node;
    Node     *arg;       /* NULL: each WHEN is a condition */
    NodeList *args;      /* CaseWhen */
    Node     *defresult; /* NULL: ELSE NULL */
} CaseExpr;

typedef struct CaseWhen {
    Node  node;
    Node *expr; /* the condition, or the value to compare with arg */
    Node *result;
} CaseWhen;

typedef struct CoalesceExpr {
    Node      node;
    NodeList *args;
} CoalesceExpr;

typedef enum MinMaxOp {
    IS_GREATEST,
    IS_LEAST,
} MinMaxOp;

typedef struct MinMaxExpr {
    Node      node;
    MinMaxOp  op;
    NodeList *args;
} MinMaxExpr;

typedef enum CoercionForm {
    COERCE_EXPLICIT_CALL, /* f(x) */
    COERCE_EXPLICIT_CAST, /* ROW(...) written with the word ROW */
    COERCE_IMPLICIT_CAST, /* (a, b) without it */
    COERCE_SQL_SYNTAX,    /* a function behind special syntax */
} CoercionForm;

/* ROW(a, b) or (a, b). */
typedef struct RowExpr {
    Node         node;
    NodeList    *args;       /* NULL: ROW() */
    CoercionForm row_format; /* COERCE_EXPLICIT_CALL for ROW(...), COERCE_IMPLICIT_CAST for (...) */
} RowExpr;

/* ARRAY[...]; elements may be A_ArrayExpr for inner [...]. */
typedef struct A_ArrayExpr {
    Node      node;
    NodeList *elements; /* NULL: ARRAY[] */
} A_ArrayExpr;

/* Location: the start of the name. */
typedef struct FuncCall {
    Node         node;
    NodeList    *funcname;         /* Strings: the name, perhaps after its schema */
    NodeList    *args;             /* expressions, NamedArgExpr among the last; NULL: none */
    NodeList    *agg_order;        /* SortBy: ORDER BY inside the parentheses, or WITHIN GROUP's */
    Node        *agg_filter;       /* FILTER (WHERE ...) */
    WindowDef   *over;             /* OVER; only name is set for OVER name */
    bool         agg_within_group; /* agg_order came from WITHIN GROUP */
    bool         agg_star;         /* f(*) */
    bool         agg_distinct;     /* f(DISTINCT ...) */
    bool         func_variadic;    /* the last argument was marked VARIADIC */
    CoercionForm funcformat;       /* COERCE_EXPLICIT_CALL or COERCE_SQL_SYNTAX */
} FuncCall;

/* name => arg, name := arg */
typedef struct NamedArgExpr {
    Node        node;
    const char *name;
    Node       *arg;
} NamedArgExpr;

typedef enum SQLValueFunctionOp {
    SVFOP_CURRENT_DATE,
    SVFOP_CURRENT_TIME, /* the _N forms have a precision in typmod */
    SVFOP_CURRENT_TIME_N,
    SVFOP_CURRENT_TIMESTAMP,
    SVFOP_CURRENT_TIMESTAMP_N,
    SVFOP_LOCALTIME,
    SVFOP_LOCALTIME_N,
    SVFOP_LOCALTIMESTAMP,
    SVFOP_LOCALTIMESTAMP_N,
    SVFOP_CURRENT_ROLE,
    SVFOP_CURRENT_USER,
    SVFOP_USER,
    SVFOP_SESSION_USER,
    SVFOP_CURRENT_CATALOG,
    SVFOP_CURRENT_SCHEMA,
} SQLValueFunctionOp;

typedef struct SQLValueFunction {
    Node               node;
    SQLValueFunctionOp op;
    int32_t            typmod; /* digits of the seconds in the _N forms; -1 otherwise */
} SQLValueFunction;

/* GROUPING(a, b) */
typedef struct GroupingFunc {
    Node      node;
    NodeList *args;
} GroupingFunc;

/* The DEFAULT of VALUES and SET. */
typedef struct SetToDefault {
    Node node;
} SetToDefault;

/* WHERE CURRENT OF cursor */
typedef struct CurrentOfExpr {
    Node        node;
    const char *cursor_name;
} CurrentOfExpr;

/* ---- types -------------------------------------------------------------------------------------------------- */

/* Words of INTERVAL's field list; a mask of these is the first typmod of an interval type that has one. */
typedef enum IntervalField {
    INTERVAL_MONTH = 1 << 1, /* the bits of PostgreSQL's INTERVAL_MASK, which typmods store */
    INTERVAL_YEAR = 1 << 2,
    INTERVAL_DAY = 1 << 3,
    INTERVAL_HOUR = 1 << 10,
    INTERVAL_MINUTE = 1 << 11,
    INTERVAL_SECOND = 1 << 12,
    INTERVAL_FULL_RANGE = 0x7fff, /* no fields, but a precision */
} IntervalField;

/*
 * A type as written. SQL's own spellings are already the catalog's: INTEGER is pg_catalog.int4, DOUBLE PRECISION
 * pg_catalog.float8, CHAR(n) pg_catalog.bpchar with typmod n (1 when CHAR stands alone), TIMESTAMP WITH TIME ZONE
 * pg_catalog.timestamptz, INTERVAL YEAR TO MONTH pg_catalog.interval with typmods (mask) or (mask, precision).
 */
typedef struct TypeName {
    Node      node;
    NodeList *names;        /* Strings */
    bool      setof;        /* SETOF */
    bool      pct_type;     /* names is table.column of %TYPE */
    NodeList *typmods;      /* expressions in the parentheses; A_Const integers for SQL's own types. NULL: none */
    NodeList *array_bounds; /* an Integer for each [], -1 when no length was written. NULL: not an array */
} TypeName;

/* x::type, CAST(x AS type), type 'literal'. Location: of `::`, of CAST; -1 for type 'literal', as PostgreSQL has it. */
typedef struct TypeCast {
    Node      node;
    Node     *arg;
    TypeName *type_name;
} TypeCast;

/* x COLLATE name; arg is NULL where a column's collation is declared. */
typedef struct CollateClause {
    Node      node;
    Node     *arg;
    NodeList *collname; /* Strings */
} CollateClause;

/* ---- ordering and windows ----------------------------------------------------------------------------------- */

typedef enum SortByDir {
    SORTBY_DEFAULT,
    SORTBY_ASC,
    SORTBY_DESC,
    SORTBY_USING, /* USING operator */
} SortByDir;

typedef enum SortByNulls {
    SORTBY_NULLS_DEFAULT, /* last for ASC, first for DESC */
    SORTBY_NULLS_FIRST,
    SORTBY_NULLS_LAST,
} SortByNulls;

/* One item of ORDER BY. Location: of the operator after USING, else -1. */
typedef struct SortBy {
    Node        node;
    Node       *expr; /* a bare integer constant is an ordinal, a bare name may be an output column */
    SortByDir   sortby_dir;
    SortByNulls sortby_nulls;
    NodeList   *use_op; /* Strings: the operator of SORTBY_USING */
} SortBy;

typedef enum FrameOption {
    FRAMEOPTION_NONDEFAULT = 1 << 0, /* a frame clause was written */
    FRAMEOPTION_RANGE = 1 << 1,      /* exactly one of these three */
    FRAMEOPTION_ROWS = 1 << 2,
    FRAMEOPTION_GROUPS = 1 << 3,
    FRAMEOPTION_BETWEEN = 1 << 4, /* BETWEEN was written */
    FRAMEOPTION_START_UNBOUNDED_PRECEDING = 1 << 5,
    FRAMEOPTION_END_UNBOUNDED_PRECEDING = 1 << 6, /* refused by the parser */
    FRAMEOPTION_START_UNBOUNDED_FOLLOWING = 1 << 7, /* refused by the parser */
    FRAMEOPTION_END_UNBOUNDED_FOLLOWING = 1 << 8,
    FRAMEOPTION_START_CURRENT_ROW = 1 << 9,
    FRAMEOPTION_END_CURRENT_ROW = 1 << 10,
    FRAMEOPTION_START_OFFSET_PRECEDING = 1 << 11, /* start_offset PRECEDING */
    FRAMEOPTION_END_OFFSET_PRECEDING = 1 << 12,
    FRAMEOPTION_START_OFFSET_FOLLOWING = 1 << 13,
    FRAMEOPTION_END_OFFSET_FOLLOWING = 1 << 14,
    FRAMEOPTION_EXCLUDE_CURRENT_ROW = 1 << 15,
    FRAMEOPTION_EXCLUDE_GROUP = 1 << 16,
    FRAMEOPTION_EXCLUDE_TIES = 1 << 17,
    FRAMEOPTION_START_OFFSET = FRAMEOPTION_START_OFFSET_PRECEDING | FRAMEOPTION_START_OFFSET_FOLLOWING,
    FRAMEOPTION_END_OFFSET = FRAMEOPTION_END_OFFSET_PRECEDING | FRAMEOPTION_END_OFFSET_FOLLOWING,
    /* no frame clause: RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW */
    FRAMEOPTION_DEFAULTS = FRAMEOPTION_RANGE | FRAMEOPTION_START_UNBOUNDED_PRECEDING | FRAMEOPTION_END_CURRENT_ROW,
} FrameOption;

/* An item of the WINDOW clause, or what follows OVER. */
struct WindowDef {
    Node        node;
    const char *name;             /* the name it gets in WINDOW; for OVER name that name; else NULL */
    const char *refname;          /* the window it copies: OVER (name ...), WINDOW w AS (name ...); else NULL */
    NodeList   *partition_clause; /* expressions */
    NodeList   *order_clause;     /* SortBy */
    uint32_t    frame_options;    /* FrameOption bits */
    Node       *start_offset;     /* of FRAMEOPTION_START_OFFSET; else NULL */
    Node       *end_offset;
};

#endif
