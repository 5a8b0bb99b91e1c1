/*
 * query.h - a bound query: what the analyzer makes of one SELECT, INSERT, UPDATE, DELETE or MERGE.
 *
 * Names are resolved and types are known. The planner turns a Query into a plan (plan.h); views have been replaced by
 * their queries, `*` and NATURAL are expanded, defaults are filled in.
 *
 * Ownership   everything lives in the arena of the statement or prepared statement; descriptors are held by that arena.
 */
#ifndef EXECUTOR_QUERY_H
#define EXECUTOR_QUERY_H

#include "executor/expr.h"
#include "storage/catalog/descriptor.h"
#include "storage/txn/lock.h"

typedef enum QueryCommand { QUERY_SELECT = 1, QUERY_INSERT, QUERY_UPDATE, QUERY_DELETE, QUERY_MERGE } QueryCommand;

/* ---- the range table ---------------------------------------------------------------------------------------------- */

typedef enum RangeKind {
    RANGE_TABLE = 1, /* a stored table, or a relation computed by executor/catalog (desc->group_count == 0) */
    RANGE_SUBQUERY,
    RANGE_JOIN,      /* the merged columns of a JOIN with USING, or with an alias */
    RANGE_FUNCTION,
    RANGE_VALUES,
    RANGE_CTE,
} RangeKind;

typedef struct RangeColumn {
    const char *name;
    Oid         type;
    int32_t     typmod;
    Oid         collation;
    bool        hidden; /* dropped column: keeps attribute numbers */
} RangeColumn;

typedef struct RangeEntry {
    RangeKind           kind;
    const char         *alias;        /* the name that columns are qualified with */
    int32_t             column_count; /* by attribute number - 1 */
    const RangeColumn  *columns;
    bool                lateral;
    bool                in_from;      /* false: NEW/EXCLUDED and target relations not joined */
    const RelationDesc *table;        /* RANGE_TABLE: held */
    Query              *subquery;     /* RANGE_SUBQUERY */
    bool                from_view;
    int32_t             function_count; /* RANGE_FUNCTION: ROWS FROM (...) */
    Expr              **functions;    /* EXPR_SET_CALL, or any scalar expression */
    const int32_t      *function_columns; /* how many columns each gives */
    bool                ordinality;
    int32_t             values_count; /* RANGE_VALUES */
    const ExprList     *values;
    struct CommonTable *cte;          /* RANGE_CTE */
    int32_t             cte_levels_up;
    bool                cte_self_reference; /* the recursive reference: reads the work table */
    Expr              **join_columns; /* RANGE_JOIN: what each column stands for (COLUMN, or COALESCE for FULL) */
    struct TableSampleClause *sample;
} RangeEntry;

typedef struct CommonTable {
    const char         *name;
    Query              *query;
    bool                recursive;    /* its query refers to itself: query->set_op is UNION [ALL] */
    int8_t              materialized; /* 1 MATERIALIZED, 0 NOT MATERIALIZED, -1 not said */
    int32_t             references;
    int32_t             column_count;
    const RangeColumn  *columns;
    int32_t             plan; /* the planner's */
} CommonTable;

/* ---- FROM --------------------------------------------------------------------------------------------------------- */

typedef enum JoinType { JOIN_INNER = 1, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL, JOIN_SEMI, JOIN_ANTI } JoinType;

/* A leaf names a range table entry; an inner node joins two. */
typedef struct JoinTree JoinTree;
struct JoinTree {
    int32_t   range;     /* leaf: index from 1; 0: a join */
    JoinType  type;
    JoinTree *left, *right;
    Expr     *condition; /* NULL: cross join */
    int32_t   join_range; /* the RANGE_JOIN entry of this join, or 0 */
    int32_t   using_count; /* how many of its first columns USING or NATURAL merged; condition says the same in operators */
    const char *using_alias; /* USING (...) AS name; NULL: none */
};

/* ---- the rest ------------------------------------------------------------------------------------------------------ */

typedef struct Target {
    Expr       *expr;
    const char *name;
    bool        junk;          /* not in the result: sort keys, row ids */
    int32_t     attribute;     /* INSERT, UPDATE: the attribute number assigned */
    bool        generated;     /* GENERATED ALWAYS AS: the columns of result_range in expr are the new row's, the other targets applied */
    Oid         origin_table;  /* RowDescription: the table and column it comes straight from, or 0 */
    int16_t     origin_column;
} Target;

typedef enum GroupingKind { GROUPING_NONE, GROUPING_SETS } GroupingKind;

/* One grouping set: positions in Query.group. Without grouping sets there are none, and all of group is the set. */
typedef struct GroupingSetList {
    int32_t   count;
    int32_t  *sizes;
    int32_t **sets;
} GroupingSetList;

typedef enum FrameBound { FRAME_UNBOUNDED_PRECEDING, FRAME_OFFSET_PRECEDING, FRAME_CURRENT_ROW, FRAME_OFFSET_FOLLOWING, FRAME_UNBOUNDED_FOLLOWING } FrameBound;
typedef enum FrameMode { FRAME_RANGE, FRAME_ROWS, FRAME_GROUPS } FrameMode;
typedef enum FrameExclude { EXCLUDE_NO_OTHERS, EXCLUDE_CURRENT_ROW, EXCLUDE_GROUP, EXCLUDE_TIES } FrameExclude;

typedef struct Window {
    const char  *name;
    int32_t      partition_count;
    SortClause  *partition;
    int32_t      order_count;
    SortClause  *order;
    FrameMode    mode;
    FrameBound   start, end;
    Expr        *start_offset, *end_offset;
    FrameExclude exclude;
} Window;

typedef enum SetOpKind { SET_UNION = 1, SET_INTERSECT, SET_EXCEPT } SetOpKind;

/* A leaf names a RANGE_SUBQUERY entry of the query. All nodes have the query's column types. */
typedef struct SetOpTree SetOpTree;
struct SetOpTree {
    int32_t    range; /* leaf; 0: an operation */
    SetOpKind  kind;
    bool       all;
    SetOpTree *left, *right;
};

typedef struct RowMark { /* FOR UPDATE and kin, one per relation locked */
    int32_t  range;
    RowLock  strength;
    LockWait wait;
} RowMark;

typedef struct OnConflict {
    bool                do_update;
    int32_t             arbiter_count; /* unique indexes that decide; 0 with DO NOTHING: any */
    const Oid          *arbiters;
    int32_t             excluded_range; /* range entry of EXCLUDED */
    int32_t             set_count;
    Target             *sets;
    Expr               *where;
} OnConflict;

typedef struct MergeAction {
    bool         matched;
    QueryCommand command; /* QUERY_INSERT, _UPDATE, _DELETE; 0: DO NOTHING */
    Expr        *condition;
    int32_t      target_count;
    Target      *targets;
} MergeAction;

struct Query {
    QueryCommand     command;
    int32_t          range_count;
    RangeEntry     **ranges;       /* ranges[i - 1] is entry i */
    int32_t          cte_count;
    CommonTable    **ctes;
    int32_t          from_count;
    JoinTree       **from;         /* joined by commas */
    Expr            *where;        /* NULL: none */
    int32_t          target_count;
    Target          *targets;
    bool             distinct;     /* SELECT DISTINCT [ON] */
    bool             distinct_on;
    int32_t          distinct_count;
    SortClause      *distincts;
    int32_t          group_count;
    SortClause      *group;        /* targets that are grouped by (junk ones added) */
    GroupingSetList  grouping_sets;
    bool             group_distinct;
    Expr            *having;
    int32_t          window_count;
    Window          *windows;
    int32_t          order_count;
    SortClause      *order;
    Expr            *limit;        /* int8; NULL: none */
    Expr            *offset;
    bool             with_ties;
    SetOpTree       *set_op;       /* NULL: a plain query. targets are then columns of the leftmost leaf */
    int32_t          mark_count;
    RowMark         *marks;

    int32_t          result_range; /* INSERT, UPDATE, DELETE, MERGE: the table changed; not 0 */
    OnConflict      *on_conflict;
    bool             overriding_system_value, overriding_user_value;
    int32_t          returning_count;
    Target          *returning;    /* NULL without RETURNING */
    int32_t          merge_count;
    MergeAction     *merge_actions;
    Expr            *merge_condition;
    int32_t          check_count;  /* checks of views WITH CHECK OPTION */

    bool has_aggregates, has_windows, has_subqueries, has_set_calls, has_volatile, has_for_update, has_recursive, modifies_in_cte;

    int32_t          param_count;  /* types of $1 .. $n as inferred */
    Oid             *param_types;
    int32_t          dependency_count; /* descriptors the query rests on, with the versions seen */
    struct QueryDependency {
        DescKind kind;
        Oid      oid;
        uint64_t version;
    } *dependencies;
};

#endif
