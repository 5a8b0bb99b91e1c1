/*
 * ast_query.h - SELECT, VALUES, INSERT, UPDATE, DELETE, MERGE, and what their clauses are made of.
 */
#ifndef PARSER_AST_QUERY_H
#define PARSER_AST_QUERY_H

#include "parser/ast_expr.h"

/* ---- relations ---------------------------------------------------------------------------------------------- */

/* A table's durability, as pg_class.relpersistence has it. */
typedef enum RelPersistence {
    RELPERSISTENCE_PERMANENT = 'p',
    RELPERSISTENCE_UNLOGGED = 'u',
    RELPERSISTENCE_TEMP = 't',
} RelPersistence;

/* The name and columns after AS: FROM t AS name (a, b). */
typedef struct Alias {
    Node        node;
    const char *aliasname;
    NodeList   *colnames; /* Strings; NULL: none */
} Alias;

/* A relation by name: [[catalog.]schema.]name. */
typedef struct RangeVar {
    Node           node;
    const char    *catalogname; /* NULL: not written; so schemaname */
    const char    *schemaname;
    const char    *relname;
    bool           inh;            /* false: ONLY was written */
    RelPersistence relpersistence; /* TEMP and UNLOGGED of CREATE and SELECT INTO */
    Alias         *alias;
} RangeVar;

/* [LATERAL] (select) [AS] alias. PostgreSQL 15 demands the alias. */
typedef struct RangeSubselect {
    Node   node;
    bool   lateral;
    Node  *subquery; /* SelectStmt */
    Alias *alias;
} RangeSubselect;

/* One function of a RangeFunction. */
typedef struct RangeFunctionItem {
    Node      node;
    Node     *func;       /* a FuncCall, or another node for special syntax (SQLValueFunction, TypeCast, ...) */
    NodeList *coldeflist; /* ColumnDef: ROWS FROM (f() AS (a int)); NULL: none */
} RangeFunctionItem;

/* [LATERAL] f(...) | ROWS FROM (f(...), ...) [WITH ORDINALITY] [alias | AS alias (a int, ...)] */
typedef struct RangeFunction {
    Node      node;
    bool      lateral;
    bool      ordinality;
    bool      is_rowsfrom;
    NodeList *functions; /* RangeFunctionItem; one unless is_rowsfrom */
    Alias    *alias;
    NodeList *coldeflist; /* ColumnDef: the columns of a function that returns record; NULL: none */
} RangeFunction;

/* relation TABLESAMPLE method (args) [REPEATABLE (seed)] */
typedef struct RangeTableSample {
    Node      node;
    Node     *relation; /* RangeVar */
    NodeList *method;   /* Strings */
    NodeList *args;
    Node     *repeatable; /* NULL: none */
} RangeTableSample;

/* Named apart from the executor's JoinType (query.h), which has semi and anti joins too. */
typedef enum JoinExprType {
    JOIN_EXPR_INNER, /* also CROSS: no quals, not natural */
    JOIN_EXPR_LEFT,
    JOIN_EXPR_FULL,
    JOIN_EXPR_RIGHT,
} JoinExprType;

typedef struct JoinExpr {
    Node         node;
    JoinExprType jointype;
    bool         is_natural;
    Node        *larg;
    Node        *rarg;
    NodeList    *using_clause;     /* Strings; NULL: no USING */
    Alias       *join_using_alias; /* USING (...) AS alias */
    Node        *quals;            /* ON; NULL for CROSS, NATURAL and USING */
    Alias       *alias;            /* (a JOIN b) AS alias (...) */
} JoinExpr;

/* ---- targets ------------------------------------------------------------------------------------------------ */

/*
 * One item of a target list. In SELECT and RETURNING: val [AS name], name NULL without a label. In INSERT's column
 * list: name and indirection, val NULL. In SET: name, indirection and val, which may be a MultiAssignRef.
 */
typedef struct ResTarget {
    Node        node;
    const char *name;
    NodeList   *indirection; /* String, A_Star, A_Indices after the column's name */
    Node       *val;         /* may be a SetToDefault outside SELECT */
} ResTarget;

/* SET (a, b) = source: each of the columns has one of these, all with the same source. */
typedef struct MultiAssignRef {
    Node    node;
    Node   *source;   /* RowExpr, SubLink EXPR, or any expression */
    int32_t colno;    /* from 1 */
    int32_t ncolumns; /* columns in the parentheses */
} MultiAssignRef;

/* ---- SELECT ------------------------------------------------------------------------------------------------- */

typedef enum SetOperation {
    SETOP_NONE,
    SETOP_UNION,
    SETOP_INTERSECT,
    SETOP_EXCEPT,
} SetOperation;

typedef enum LimitOption {
    LIMIT_OPTION_COUNT,     /* LIMIT n, FETCH FIRST n ROWS ONLY, or no limit */
    LIMIT_OPTION_WITH_TIES, /* FETCH FIRST n ROWS WITH TIES */
} LimitOption;

typedef struct IntoClause IntoClause;
typedef struct WithClause WithClause;

/*
 * Three shapes: a plain SELECT (op is SETOP_NONE, values_lists NULL), VALUES (values_lists), a set operation (op,
 * larg, rarg). TABLE t is SELECT * FROM t. The clauses from sort_clause on belong to each of them.
 * Location: the first word of the SELECT or VALUES, the operator's word for a set operation.
 */
struct SelectStmt {
    Node        node;
    bool        distinct;        /* DISTINCT without ON */
    NodeList   *distinct_on;     /* expressions of DISTINCT ON; NULL: none */
    IntoClause *into_clause;     /* SELECT INTO */
    NodeList   *target_list;     /* ResTarget; NULL: SELECT without columns */
    NodeList   *from_clause;     /* RangeVar, RangeSubselect, RangeFunction, RangeTableSample, JoinExpr */
    Node       *where_clause;
    NodeList   *group_clause;    /* expressions, GroupingSet */
    bool        group_distinct;  /* GROUP BY DISTINCT */
    Node       *having_clause;
    NodeList   *window_clause;   /* WindowDef */
    NodeList   *values_lists;    /* VALUES: a NodeList of expressions and SetToDefault for each row */
    NodeList   *sort_clause;     /* SortBy */
    Node       *limit_offset;    /* OFFSET; NULL: none */
    Node       *limit_count;     /* LIMIT; a NULL constant for LIMIT ALL; NULL: none */
    LimitOption limit_option;
    NodeList   *locking_clause;  /* LockingClause, in the order written */
    WithClause *with_clause;
    SetOperation op;
    bool        all;             /* UNION ALL and so on */
    SelectStmt *larg;
    SelectStmt *rarg;
};

typedef enum GroupingSetKind {
    GROUPING_SET_EMPTY, /* () */
    GROUPING_SET_ROLLUP,
    GROUPING_SET_CUBE,
    GROUPING_SET_SETS, /* GROUPING SETS (...): content may hold GroupingSets */
} GroupingSetKind;

/* A parenthesised list in GROUP BY is a RowExpr, also as an item of content. */
typedef struct GroupingSet {
    Node            node;
    GroupingSetKind kind;
    NodeList       *content; /* NULL for GROUPING_SET_EMPTY */
} GroupingSet;

typedef enum LockClauseStrength {
    LCS_FORKEYSHARE,
    LCS_FORSHARE,
    LCS_FORNOKEYUPDATE,
    LCS_FORUPDATE,
} LockClauseStrength;

typedef enum LockWaitPolicy {
    LOCK_WAIT_BLOCK,
    LOCK_WAIT_SKIP,  /* SKIP LOCKED */
    LOCK_WAIT_ERROR, /* NOWAIT */
} LockWaitPolicy;

typedef struct LockingClause {
    Node               node;
    NodeList          *locked_rels; /* RangeVar of OF; NULL: all relations of FROM */
    LockClauseStrength strength;
    LockWaitPolicy     wait_policy;
} LockingClause;

typedef enum OnCommitAction {
    ONCOMMIT_NOOP, /* not written */
    ONCOMMIT_PRESERVE_ROWS,
    ONCOMMIT_DELETE_ROWS,
    ONCOMMIT_DROP,
} OnCommitAction;

/* The target of SELECT INTO, CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
struct IntoClause {
    Node           node;
    RangeVar      *rel;
    NodeList      *col_names;     /* Strings; NULL: none */
    const char    *access_method; /* USING; NULL: none */
    NodeList      *options;       /* DefElem of WITH */
    OnCommitAction on_commit;
    const char    *table_space_name;
    bool           skip_data; /* WITH NO DATA */
};

struct WithClause {
    Node      node;
    NodeList *ctes; /* CommonTableExpr */
    bool      recursive;
};

typedef enum CTEMaterialize {
    CTE_MATERIALIZE_DEFAULT,
    CTE_MATERIALIZE_ALWAYS,
    CTE_MATERIALIZE_NEVER,
} CTEMaterialize;

typedef struct CTESearchClause CTESearchClause;
typedef struct CTECycleClause  CTECycleClause;

typedef struct CommonTableExpr {
    Node             node;
    const char      *ctename;
    NodeList        *aliascolnames; /* Strings; NULL: none */
    CTEMaterialize   ctematerialized;
    Node            *ctequery; /* SelectStmt, InsertStmt, UpdateStmt, DeleteStmt */
    CTESearchClause *search_clause;
    CTECycleClause  *cycle_clause;
} CommonTableExpr;

/* SEARCH DEPTH|BREADTH FIRST BY columns SET column */
struct CTESearchClause {
    Node        node;
    NodeList   *search_col_list; /* Strings */
    bool        search_breadth_first;
    const char *search_seq_column;
};

/* CYCLE columns SET mark [TO value DEFAULT default] USING path */
struct CTECycleClause {
    Node        node;
    NodeList   *cycle_col_list; /* Strings */
    const char *cycle_mark_column;
    Node       *cycle_mark_value; /* TRUE and FALSE when TO was not written */
    Node       *cycle_mark_default;
    const char *cycle_path_column;
};

/* ---- INSERT, UPDATE, DELETE, MERGE -------------------------------------------------------------------------- */

typedef enum OverridingKind {
    OVERRIDING_NOT_SET,
    OVERRIDING_USER_VALUE,
    OVERRIDING_SYSTEM_VALUE,
} OverridingKind;

typedef enum OnConflictAction {
    ONCONFLICT_NOTHING,
    ONCONFLICT_UPDATE,
} OnConflictAction;

/* (columns or expressions) [WHERE] or ON CONSTRAINT name, of ON CONFLICT. */
typedef struct InferClause {
    Node        node;
    NodeList   *index_elems; /* IndexElem; NULL with conname */
    Node       *where_clause;
    const char *conname;
} InferClause;

typedef struct OnConflictClause {
    Node             node;
    OnConflictAction action;
    InferClause     *infer;       /* NULL: any conflict, DO NOTHING only */
    NodeList        *target_list; /* ResTarget of DO UPDATE SET */
    Node            *where_clause;
} OnConflictClause;

typedef struct InsertStmt {
    Node              node;
    RangeVar         *relation; /* alias: INSERT INTO t AS a */
    NodeList         *cols;     /* ResTarget without val; NULL: all columns */
    Node             *select_stmt; /* SelectStmt, also for VALUES; NULL: DEFAULT VALUES */
    OnConflictClause *on_conflict_clause;
    NodeList         *returning_list; /* ResTarget */
    WithClause       *with_clause;
    OverridingKind    override;
} InsertStmt;

typedef struct UpdateStmt {
    Node        node;
    RangeVar   *relation;
    NodeList   *target_list; /* ResTarget */
    Node       *where_clause; /* may be a CurrentOfExpr */
    NodeList   *from_clause;
    NodeList   *returning_list;
    WithClause *with_clause;
} UpdateStmt;

typedef struct DeleteStmt {
    Node        node;
    RangeVar   *relation;
    NodeList   *using_clause; /* like from_clause */
    Node       *where_clause; /* may be a CurrentOfExpr */
    NodeList   *returning_list;
    WithClause *with_clause;
} DeleteStmt;

typedef struct MergeStmt {
    Node        node;
    RangeVar   *relation;
    Node       *source_relation; /* an item of a from_clause */
    Node       *join_condition;
    NodeList   *merge_when_clauses; /* MergeWhenClause */
    WithClause *with_clause;
} MergeStmt;

typedef enum MergeCommand {
    MERGE_NOTHING,
    MERGE_INSERT,
    MERGE_UPDATE,
    MERGE_DELETE,
} MergeCommand;

typedef struct MergeWhenClause {
    Node           node;
    bool           matched; /* WHEN MATCHED, not WHEN NOT MATCHED */
    MergeCommand   command_type;
    OverridingKind override;    /* of INSERT */
    Node          *condition;   /* AND condition; NULL: none */
    NodeList      *target_list; /* ResTarget: SET's, or INSERT's columns */
    NodeList      *values;      /* of INSERT; NULL: DEFAULT VALUES */
} MergeWhenClause;

/* Anywhere in the text: one statement of parse_sql()'s list. */
typedef struct RawStmt {
    Node    node;   /* location: the statement's first byte */
    Node   *stmt;
    int32_t length; /* bytes up to the end of its last token */
} RawStmt;

#endif
