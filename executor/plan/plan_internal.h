/*
 * plan_internal.h - what the planner's files share.
 *
 * A statement is planned level by level: a Level is one query with its range table. Until a node is made, expressions speak of
 * EXPR_COLUMN; a Rel pairs a made plan with its layout, the expression that each of its columns holds, and plan_compile() turns an
 * expression over the level into one over the plan's batch by finding its parts in the layout. So a path extracted by a scan, a
 * group key, an aggregate and a window call are all found the same way.
 *
 * Ownership   everything lives in planner->arena.
 */
#ifndef EXECUTOR_PLAN_PLAN_INTERNAL_H
#define EXECUTOR_PLAN_PLAN_INTERNAL_H

#include "executor/expr_tree.h"
#include "executor/plan/plan.h"
#include "executor/session.h"

/* Relations of one FROM, as bits by their number. */
typedef unsigned __int128 RelSet;
enum { MAX_RELATIONS = 128 };

#define REL_BIT(number) ((RelSet)1 << (number))
static inline bool rels_subset(RelSet part, RelSet whole)
{
    return (part & ~whole) == 0;
}
static inline bool rels_overlap(RelSet a, RelSet b)
{
    return (a & b) != 0;
}
static inline int rels_count(RelSet set)
{
    return __builtin_popcountll((uint64_t)set) + __builtin_popcountll((uint64_t)(set >> 64));
}

/* memcpy() that takes NULL for an array of no elements. */
static inline void plan_copy(void *to, const void *from, size_t size)
{
    if (size > 0)
        memcpy(to, from, size);
}

typedef struct Planner Planner;
typedef struct Level   Level;

/* A list of expressions that grows. */
typedef struct ExprVec {
    int32_t count, capacity;
    Expr  **items;
} ExprVec;
void    exprs_push(Arena *arena, ExprVec *list, Expr *item);
int32_t exprs_find(const ExprVec *list, const Expr *item);  /* index of an equal expression, -1 */
void    exprs_add(Arena *arena, ExprVec *list, Expr *item); /* once */

/* A made plan and what its columns hold. */
typedef struct Rel {
    Plan  *plan;
    Expr **exprs; /* plan->column_count; NULL: nothing that can be asked for */
} Rel;

/* A value handed into a subplan or an inner side: internal parameter `number` is set from `value`, over the level outside. */
typedef struct OuterRef {
    int32_t number;
    Expr   *value;
} OuterRef;
typedef struct OuterRefs {
    int32_t   count, capacity;
    OuterRef *items;
} OuterRefs;

typedef struct SortKey {
    Expr *expr;
    bool  descending, nulls_first;
} SortKey;
typedef struct SortOrder {
    int32_t  count;
    SortKey *keys;
} SortOrder;

/* ---- FROM: relations, conditions, joins ---------------------------------------------------------------------------------- */

typedef struct EquivClass {
    int32_t         count, capacity;
    Expr          **members;
    RelSet         *rels;     /* beside members */
    Expr           *constant; /* NULL: none */
    const Operator *op;       /* = of the members' type */
    bool            gone;     /* merged into another */
} EquivClass;

typedef struct Qual {
    Expr           *expr;
    RelSet          rels;        /* that it speaks of */
    RelSet          required;    /* that must be joined before it is evaluated */
    bool            pushed_down; /* of WHERE or of an inner join; else it belongs to outer join `join` */
    int32_t         join;        /* index into level->joins, -1 */
    bool            is_equality; /* left = right by a hashable operator, each side over relations of its own */
    Expr           *left, *right;
    RelSet          left_rels, right_rels;
    const Operator *op;
    double          selectivity; /* -1: not known yet */
    EquivClass     *derived_from;
} Qual;
typedef struct QualList {
    int32_t count, capacity;
    Qual  **items;
} QualList;
void quals_push(Arena *arena, QualList *list, Qual *qual);

/* A join whose order matters: LEFT, FULL, SEMI, ANTI (RIGHT is turned around). */
typedef struct SpecialJoin {
    JoinType type;
    RelSet   syn_left, syn_right; /* as written */
    RelSet   min_left, min_right; /* what must be on each side at least */
    bool     lhs_strict;          /* a condition is strict in the left side */
    bool     null_aware;          /* ANTI of NOT IN */
    QualList quals;
} SpecialJoin;

typedef struct IndexInfo {
    const RelationDesc *index;
    Expr              **keys;      /* key columns as expressions over the level */
    Expr               *predicate; /* NULL: not partial */
    bool                usable;    /* not partial, or its predicate is implied */
} IndexInfo;

typedef struct BaseRel {
    int32_t       number;
    int32_t       range;
    RangeEntry   *entry;
    RelSet        self;
    RelSet        lateral;  /* relations that its source refers to */
    ExprVec       items;    /* what is asked of it: columns and JSON paths */
    QualList      quals;    /* on it alone */
    double        tuples, rows, width;
    double        pages;    /* of 8 kB, main group */
    Rel          *source;   /* planned subquery */
    OuterRefs     outers;   /* of source: lateral references */
    int32_t       index_count;
    IndexInfo    *indexes;
    bool          row_ids;  /* DML target or locked: the row id is carried */
} BaseRel;

typedef enum PathKind {
    PATH_BASE = 1, /* sequential scan, or the relation's source */
    PATH_INDEX,
    PATH_ROW_ID,
    PATH_JOIN_HASH,
    PATH_JOIN_NESTED,
    PATH_JOIN_MERGE,
    PATH_SORT,
} PathKind;

typedef struct Path Path;
struct Path {
    PathKind       kind;
    RelSet         rels;
    double         startup, total, rows, width;
    SortOrder      order;
    RelSet         params;   /* relations whose rows must be given from outside */
    BaseRel       *base;
    /* PATH_INDEX */
    IndexInfo     *index;
    PlanIndexKey  *keys;     /* values over the level */
    int32_t        key_count;
    QualList       used;     /* conditions that the keys answer in full */
    QualList       parameterised; /* join conditions among them */
    bool           backward;
    Expr          *row_id;   /* PATH_ROW_ID: a tid */
    /* joins */
    JoinType       type;
    SpecialJoin   *join;
    Path          *outer, *inner;
    QualList       hash_quals;
    QualList       conditions; /* of the join */
    QualList       filters;    /* above it */
    bool           unique_inner;
    bool           materialize_inner;
};

typedef struct JoinRel {
    RelSet   set;
    double   rows, width;
    int32_t  path_count, path_capacity;
    Path   **paths; /* none is better than another in every respect */
    Path    *cheapest;
} JoinRel;

/* ---- one query ------------------------------------------------------------------------------------------------------------ */

struct Level {
    Planner      *planner;
    Arena        *arena;
    Level        *parent;
    Query        *query;
    int32_t       rel_count;
    BaseRel     **rels;
    int32_t      *rel_of_range;  /* by range - 1; -1: not in FROM */
    RelSet        all_rels;
    QualList      quals;         /* over several relations, or none */
    int32_t       join_count, join_capacity;
    SpecialJoin **joins;
    RelSet        nullable;      /* on the nullable side of some outer join */
    int32_t       class_count, class_capacity;
    EquivClass  **classes;
    SortOrder     wanted;        /* what an order of the joined rows would save sorting for */
    double        fraction;      /* rows wanted: 0 all, >= 1 that many, else the share */
    OuterRefs    *sink;          /* while an inner side is made: columns of the outer side become parameters here */
    ExprVec       aggregates;
    bool          never;         /* WHERE is constantly false */
};

struct Planner {
    Session          *session;
    Arena            *arena;
    PlannedStatement *out;
    int32_t           next_id;
    int32_t           next_param;
    int32_t           subplan_capacity, cte_capacity, lock_capacity;
    Subplan          *subplans;
    PlannedCte       *ctes;
    struct {
        CommonTable *cte;
        Plan        *work;        /* the recursive union under which it is being planned */
        double       rows;
    } *cte_info;
    struct PlannedTableLock *locks;
    int32_t           dependency_capacity;
    struct QueryDependency *dependencies;
    struct {
        const Query *query;
        const Rel   *input;
        int32_t      plan;
    } *made;                      /* subplans by query and input, so that one subquery is one subplan */
    int32_t           made_count, made_capacity;
};

/* ---- planner.c: levels, subplans ------------------------------------------------------------------------------------------- */

Plan *plan_new(Planner *planner, PlanKind kind, int32_t column_count);
/* Plans a query below `parent` (NULL: on its own): references to the levels above become parameters, listed in outers. Only visible targets. */
Rel *plan_sub_query(Planner *planner, Level *parent, Query *query, double fraction, OuterRefs *outers);
/* Any command of a query: the plan and its visible columns. */
Rel *plan_level(Planner *planner, Level *parent, Query *query, double fraction);
/* The subplan of an EXPR_SUBQUERY whose expression runs over input. */
int32_t plan_subplan(Level *level, Expr *subquery, const Rel *input);
int32_t plan_param_new(Planner *planner);
void    plan_ctes(Level *level);
CommonTable *plan_find_cte(Level *level, const RangeEntry *entry);
PhysType plan_phys(Planner *planner, Oid type);
const TypeInfo *plan_type(Planner *planner, Oid type);
void    plan_column_set(Planner *planner, PlanColumn *column, const Expr *expr, const char *name);
void    plan_lock_table(Planner *planner, const RelationDesc *table, TableLock mode);
noreturn void plan_not_supported(const char *what);

/* ---- compile.c ---------------------------------------------------------------------------------------------------------------- */

/* expr over the level's columns -> over the batches of input. */
Expr *plan_compile(Level *level, Expr *expr, const Rel *input);
/* The same where input is left's columns followed by right's. */
Expr *plan_compile_pair(Level *level, Expr *expr, const Rel *left, const Rel *right);
ExprList plan_compile_list(Level *level, ExprList list, const Rel *input);
Expr *plan_input(Arena *arena, const PlanColumn *column, int32_t index);
/* Appends one; the list grows in arena. */
void outer_refs_push(Arena *arena, OuterRefs *outers, OuterRef ref);
/* Replaces references of a query to the levels above it by parameters. */
void plan_bind_outer(Planner *planner, Query *query, OuterRefs *outers);
Rel *rel_make(Level *level, Plan *plan, Expr **exprs);
Rel *rel_project(Level *level, const Rel *input, Expr *const *exprs, const char *const *names, int32_t count);
Rel *rel_filter(Level *level, Rel *input, Expr *test);
Rel *rel_sort(Level *level, Rel *input, const SortOrder *order, Expr *limit);
Rel *rel_append_columns(Level *level, Rel *input, const ExprVec *extra);
int32_t rel_find(const Rel *rel, const Expr *expr);

/* ---- prep*.c: rewriting before planning ---------------------------------------------------------------------------------------- */

Expr *prep_simplify(Planner *planner, Expr *expr);   /* folds constants, flattens AND and OR, pushes NOT down */
void  prep_query(Planner *planner, Query *query);    /* simplifies every expression of the query itself */
void  prep_pull_up(Planner *planner, Query *query);  /* CTEs and subqueries into their parent */
void  prep_sublinks(Planner *planner, Query *query); /* EXISTS, IN: to semi and anti joins */
void  prep_push_down(Level *level, BaseRel *rel);    /* conditions on a subquery into it */
/* The conditions that an AND consists of. */
void  prep_conjuncts(Arena *arena, Expr *expr, ExprVec *out);
RelSet prep_nonnullable(Level *level, Expr *expr);   /* relations whose NULL row makes the condition not true */

/* ---- join_tree.c --------------------------------------------------------------------------------------------------------------- */

/* Makes level->rels, quals, joins and classes out of FROM and WHERE. */
void   join_tree_split(Level *level);
RelSet level_rels_of(const Level *level, const Expr *expr);
Qual  *qual_new(Level *level, Expr *expr);
EquivClass *class_of(Level *level, const Expr *expr);
bool   same_sort_key(Level *level, const SortKey *a, const SortKey *b);
/* Whether an input in this order is in that one too; constants are ignored. */
bool   order_contains(Level *level, const SortOrder *order, const SortOrder *wanted);
/* The clause that a class gives between two sides, NULL when it has none. */
Qual  *class_join_qual(Level *level, EquivClass *class, RelSet left, RelSet right);

/* ---- scan_items.c ---------------------------------------------------------------------------------------------------------------- */

/* Notes the columns and paths of this level that expr reads, on their relations; also inside subqueries. */
void note_items(Level *level, Expr *expr);
/* A JSON path over a stored column: fills column; false when it is not one. */
bool item_scan_column(Level *level, const Expr *item, ScanColumn *column);
bool item_is_path(const Expr *expr);

/* ---- access.c, cost.c ------------------------------------------------------------------------------------------------------------ */

void  base_prepare(Level *level, BaseRel *rel);           /* sizes, indexes, sources */
void  base_paths(Level *level, BaseRel *rel, JoinRel *out);
/* The best index path for the relation with conditions against other relations given; NULL: none. */
Path *base_parameterised_path(Level *level, BaseRel *rel, RelSet outer, const QualList *joins);
void  add_path(Level *level, JoinRel *rel, Path *path);
Rel  *make_base_plan(Level *level, const Path *path);
bool  base_unique_for(Level *level, BaseRel *rel, const QualList *quals);

#define COST_ROW 0.01
#define COST_OPERATOR 0.0025
#define COST_PAGE 1.0
#define COST_INDEX_ROW 0.005
#define COST_FETCH 0.2 /* a row by its id: some twenty rows of a scan */
#define COST_INDEX_START 0.3

double qual_selectivity(Level *level, Qual *qual);
double quals_selectivity(Level *level, const QualList *quals);
double expr_cost(const Expr *expr);
double distinct_values(Level *level, const Expr *expr, double rows);
double clamp_rows(double rows);
double plan_width(const Rel *rel);
void   cost_sort(double rows, double width, double limit, double *startup, double *run);

/* ---- join_order.c, create.c ---------------------------------------------------------------------------------------------------------- */

/* All relations of the level joined. */
JoinRel *join_search(Level *level);
Rel     *make_plan(Level *level, const Path *path);
Rel     *plan_from(Level *level, JoinRel **joined_out);

/* ---- upper.c, window.c, set_op.c, modify.c ------------------------------------------------------------------------------------------- */

Rel *plan_select(Level *level);
Rel *plan_set_operation(Level *level);
Rel *plan_modify(Level *level);
Rel *plan_windows(Level *level, Rel *input);
Rel *plan_grouping(Level *level, Rel *input, bool sorted);
Rel *plan_limit(Level *level, Rel *input, const SortOrder *order);
SortOrder query_order(Level *level, const SortClause *clauses, int32_t count);

#endif
