/*
 * plan.h - physical plans: what the planner makes and executor/exec runs. Immutable; execution state is apart.
 *
 * A plan node turns the batches of its children into batches of its own columns. Expressions of a node see one input batch:
 * EXPR_INPUT index; for a node with two children the input is the left child's columns followed by the right's, except where a member's
 * comment says otherwise. EXPR_PARAM with internal set reads ExecState.params: values handed into subplans and inner scans.
 * PLAN_PROJECT and PLAN_FILTER are nodes of their own; EXPLAIN folds them into the node below, as PostgreSQL shows it.
 *
 * Ownership   plans live in the arena of their statement or prepared statement, which also holds the descriptors.
 */
#ifndef EXECUTOR_PLAN_PLAN_H
#define EXECUTOR_PLAN_PLAN_H

#include "executor/expr.h"
#include "executor/query.h"
#include "storage/index/index.h"
#include "storage/table/table.h"

typedef enum PlanKind {
    PLAN_RESULT = 1,     /* one row without columns */
    PLAN_TABLE_SCAN,
    PLAN_INDEX_SCAN,
    PLAN_ROW_ID_SCAN,
    PLAN_CATALOG_SCAN,
    PLAN_VALUES,
    PLAN_FUNCTION_SCAN,
    PLAN_CTE_SCAN,
    PLAN_WORK_TABLE_SCAN,
    PLAN_FILTER,
    PLAN_PROJECT,
    PLAN_SET_PROJECT,    /* project with set-returning functions */
    PLAN_SORT,           /* with a limit: top-N */
    PLAN_LIMIT,
    PLAN_AGGREGATE,
    PLAN_UNIQUE,         /* over sorted input */
    PLAN_WINDOW,
    PLAN_HASH_JOIN,
    PLAN_MERGE_JOIN,
    PLAN_NESTED_LOOP,
    PLAN_MATERIALIZE,
    PLAN_APPEND,
    PLAN_SET_OP,         /* INTERSECT, EXCEPT by hashing */
    PLAN_RECURSIVE_UNION,
    PLAN_LOCK_ROWS,
    PLAN_MODIFY,
} PlanKind;

typedef struct PlanColumn {
    Oid         type;
    int32_t     typmod;
    PhysType    phys;
    const char *name; /* for EXPLAIN and RowDescription; may be NULL */
} PlanColumn;

typedef struct PlanSortKey {
    int32_t         column; /* of the input */
    const TypeInfo *type;
    bool            descending, nulls_first;
} PlanSortKey;

/* A predicate pushed into a scan: scan column op value. values are constants or parameters, evaluated when the scan opens; a NULL value matches nothing. */
typedef struct PlanPredicate {
    int32_t     output;  /* index of the scan column */
    ScanCompare compare;
    ExprList    values;
    Expr       *original; /* as SQL sees it: run over the scan's output when storage did not apply it */
} PlanPredicate;

/* One key column of an index scan, from the first on: equalities, then at most one range. */
typedef struct PlanIndexKey {
    int32_t column;      /* index column, from 0 */
    Expr   *equal;       /* = value, or NULL */
    Expr   *in_array;    /* = ANY (array), or NULL */
    bool    is_null;     /* IS NULL */
    bool    not_null;    /* IS NOT NULL */
    Expr   *lower, *upper; /* >= > and <= <: either may be NULL */
    bool    lower_inclusive, upper_inclusive;
} PlanIndexKey;

typedef struct PlanAggregate {
    const Proc   *proc;
    ExprList      args;        /* over the input */
    ExprList      direct_args;
    Expr         *filter;
    bool          distinct;
    int32_t       order_count; /* ORDER BY within the call: over args, then extra_args */
    PlanSortKey  *order;       /* column: index into args + order_args */
    ExprList      order_args;  /* sort expressions that are not arguments */
    Oid           result_type;
} PlanAggregate;

typedef enum AggregateStrategy { AGGREGATE_PLAIN = 1, AGGREGATE_HASHED, AGGREGATE_SORTED } AggregateStrategy;

typedef struct PlanWindowCall {
    const Proc *proc;
    ExprList    args;
    Expr       *filter;
    Oid         result_type;
} PlanWindowCall;

typedef struct Plan Plan;
struct Plan {
    PlanKind    kind;
    int32_t     column_count;
    PlanColumn *columns;
    Plan       *left;  /* the only child of unary nodes; outer side of joins */
    Plan       *right; /* inner, hashed side of joins */
    double      startup_cost, total_cost, rows;
    int32_t     width;
    int32_t     id;    /* unique in the statement: indexes execution state and EXPLAIN ANALYZE's counters */
    union {
        struct { /* PLAN_RESULT: no row when the test is not true; NULL: always one */
            Expr *test;
        } result;
        struct { /* PLAN_TABLE_SCAN, PLAN_INDEX_SCAN, PLAN_ROW_ID_SCAN */
            const RelationDesc *table;
            int32_t             range;        /* range table index: for row marks and EXPLAIN */
            const char         *alias;
            int32_t             scan_column_count; /* == column_count */
            ScanColumn         *scan_columns;
            int32_t             predicate_count;
            PlanPredicate      *predicates;
            ScanDirection       direction;
            const RelationDesc *index;        /* PLAN_INDEX_SCAN */
            int32_t             key_count;
            PlanIndexKey       *keys;
            bool                index_only;   /* every scan column comes from the index entry */
            ExprList            row_ids;      /* PLAN_ROW_ID_SCAN: tid values, or one tid[] */
            int32_t             parallel;     /* workers worth using; 0: none */
        } scan;
        struct { /* PLAN_CATALOG_SCAN: a computed relation; lookups are equalities it can use */
            const RelationDesc *table;
            const char         *alias;
            int32_t             scan_column_count;
            int16_t            *attributes;   /* attribute numbers delivered */
            int32_t             lookup_count;
            int16_t            *lookup_attributes;
            Expr              **lookup_values;
        } catalog;
        struct { /* PLAN_VALUES */
            int32_t   row_count;
            ExprList *rows;
        } values;
        struct { /* PLAN_FUNCTION_SCAN: several run in step, shorter ones padded with NULL */
            int32_t        count;
            Expr         **functions;
            const int32_t *column_counts;
            bool           ordinality;
            const char    *alias;
        } function;
        struct { /* PLAN_CTE_SCAN, PLAN_WORK_TABLE_SCAN */
            int32_t     cte; /* index into PlannedStatement.ctes; a work table: the id of its PLAN_RECURSIVE_UNION */
            const char *alias;
        } cte;
        struct { /* PLAN_FILTER */
            Expr *test;
        } filter;
        struct { /* PLAN_PROJECT, PLAN_SET_PROJECT: one expression per column */
            ExprList exprs;
        } project;
        struct { /* PLAN_SORT; limit: only the first rows are wanted (top-N), evaluated at open; NULL: all */
            int32_t      key_count;
            PlanSortKey *keys;
            Expr        *limit;  /* limit + offset */
            int32_t      presorted; /* leading keys the input is sorted by already */
        } sort;
        struct { /* PLAN_LIMIT */
            Expr        *limit, *offset;
            bool         with_ties;
            int32_t      key_count; /* the order, for ties */
            PlanSortKey *keys;
        } limit;
        struct { /* PLAN_AGGREGATE: columns are the group columns, then the aggregates, then GROUPING() bits with grouping sets */
            AggregateStrategy strategy;
            int32_t           group_count;
            ExprList          groups;      /* over the input */
            const TypeInfo  **group_types;
            int32_t           call_count;
            PlanAggregate    *calls;
            int32_t           set_count;   /* grouping sets; 0: one, all of groups */
            int32_t          *set_sizes;
            int32_t         **sets;        /* indexes into groups */
            bool              set_mask;    /* one more int8 column: bit g set = group g is not in the set */
        } aggregate;
        struct { /* PLAN_UNIQUE: rows equal in keys are one */
            int32_t      key_count;
            PlanSortKey *keys;
        } unique;
        struct { /* PLAN_WINDOW: input sorted by partition and order keys; columns are the input's, then the calls' */
            int32_t         partition_count;
            PlanSortKey    *partition;
            int32_t         order_count;
            PlanSortKey    *order;
            FrameMode       mode;
            FrameBound      start, end;
            Expr           *start_offset, *end_offset;
            FrameExclude    exclude;
            int32_t         call_count;
            PlanWindowCall *calls;
            const Window   *window; /* its name and so on, for EXPLAIN */
        } window;
        struct { /* joins. Output: left columns then right columns (SEMI, ANTI: left only) */
            JoinType         type;
            int32_t          key_count;
            ExprList         left_keys;   /* over the left child alone */
            ExprList         right_keys;  /* over the right child alone */
            const TypeInfo **key_types;
            bool            *nulls_equal; /* per key: IS NOT DISTINCT FROM; NULL: none */
            Expr            *residual;    /* over both; part of the join condition. NULL: none */
            bool             null_aware;  /* ANTI join of NOT IN: a NULL on the right or left rules rows out */
            int32_t          param_count; /* PLAN_NESTED_LOOP: values of the left row handed to the right side, per outer row */
            int32_t         *params;      /* internal parameter numbers */
            ExprList         param_values;/* over the left child */
            bool             unique_inner;/* at most one right row matches */
            PlanSortKey     *merge_keys;  /* PLAN_MERGE_JOIN: order of both inputs, over left_keys */
        } join;
        struct { /* PLAN_APPEND: concatenation */
            int32_t count;
            Plan  **children;
        } append;
        struct { /* PLAN_SET_OP: left and right children; UNION is APPEND + AGGREGATE */
            SetOpKind kind;
            bool      all;
        } set_op;
        struct { /* PLAN_RECURSIVE_UNION: left is the start, right the step */
            bool all;
        } recursive;
        struct { /* PLAN_LOCK_ROWS */
            int32_t count;
            struct PlanRowMark {
                const RelationDesc *table;
                int32_t             range;
                int32_t             row_id_column; /* of the input */
                RowLock             strength;
                LockWait            wait;
            } *marks;
        } lock_rows;
        struct { /* PLAN_MODIFY */
            QueryCommand        command;
            const RelationDesc *table;
            const char         *alias;
            int32_t             row_id_column;  /* UPDATE, DELETE: of the input */
            /*
             * INSERT: the input has one column per attribute (dropped ones NULL), new values complete.
             * UPDATE: the input has one column per attribute with the new row, then row_id_column, then what RETURNING needs of other tables;
             *         changed has a bit per attribute number - 1.
             * DELETE: old_columns of the input give the old row where RETURNING, indexes or foreign keys need it.
             */
            uint64_t           *changed;
            int32_t            *old_columns;    /* UPDATE, DELETE: input column of each attribute's old value, -1: not there */
            int32_t             returning_count;
            ExprList            returning;      /* over: new (old for DELETE) row by attribute number - 1, then the input's columns */
            Expr              **checks;         /* CHECK constraints over the new row (input by attribute), parallel to check_names */
            const char        **check_names;
            int32_t             check_count;
            struct {
                bool                do_nothing, do_update;
                int32_t             arbiter_count;
                const Oid          *arbiters;
                ExprList            new_row;    /* DO UPDATE: one per attribute; over existing row columns, then EXCLUDED columns */
                Expr               *where;      /* same input */
                uint64_t           *changed;
            } conflict;
            int32_t             merge_count;
            struct PlanMergeAction {
                bool         matched;
                QueryCommand command;
                Expr        *condition; /* over the input */
                ExprList     new_row;   /* over the input */
                uint64_t    *changed;
            } *merge_actions;
        } modify;
    };
};

/* A subquery in an expression (EXPR_SUBQUERY.plan indexes these). */
typedef struct Subplan {
    Plan    *plan;
    int32_t  param_count;   /* correlation: internal params set from outer expressions before each run */
    int32_t *params;
    ExprList param_values;  /* over the input batch of the expression that holds the subquery */
    bool     hashed;        /* uncorrelated IN: evaluated once into a hash table; EXPR_SUBQUERY.test is then plain equality */
} Subplan;

typedef struct PlannedCte {
    Plan       *plan;
    const char *name;
    int32_t     column_count;
    PlanColumn *columns;
} PlannedCte;

typedef struct ResultColumn {
    const char *name;
    Oid         type;
    int32_t     typmod;
    Oid         origin_table;
    int16_t     origin_column;
} ResultColumn;

typedef struct PlannedStatement {
    QueryCommand        command;
    Plan               *root;
    int32_t             node_count;      /* ids are below this */
    int32_t             subplan_count;
    Subplan            *subplans;
    int32_t             cte_count;
    PlannedCte         *ctes;
    int32_t             param_count;     /* $1 .. $n */
    const Oid          *param_types;
    int32_t             internal_params; /* how many internal parameters */
    int32_t             result_count;    /* columns sent to the client; the root's first columns. 0: none */
    ResultColumn       *results;
    bool                returns_rows;
    bool                writes;          /* modifies or locks: needs a transaction that may write */
    int32_t             dependency_count;
    const struct QueryDependency *dependencies;
    int32_t             table_count;     /* tables to lock before execution, with mode */
    struct PlannedTableLock {
        Oid       relation;
        TableLock mode;
    } *table_locks;
    const Query        *query;           /* for EXPLAIN VERBOSE and deparsing */
} PlannedStatement;

#endif
