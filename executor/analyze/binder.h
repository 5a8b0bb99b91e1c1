/*
 * binder.h - what the files of executor/analyze share: the state of one analysis, scopes of names, and who does what.
 *
 * A Binder is one analysis (a statement or an expression); a Scope is one query level in it, with the query being built and the
 * names that its expressions may use. Scopes nest on the C stack and end with their query.
 */
#ifndef EXECUTOR_ANALYZE_BINDER_H
#define EXECUTOR_ANALYZE_BINDER_H

#include "executor/analyze/analyze.h"
#include "executor/expr_slots.h"
#include "executor/expr_tree.h"

/* Where an expression stands: decides whether aggregates, windows, sets and subqueries are allowed, and the words of refusals. */
typedef enum Clause {
    CLAUSE_NONE,
    CLAUSE_JOIN_ON,
    CLAUSE_JOIN_USING,
    CLAUSE_FROM_SUBSELECT,
    CLAUSE_FROM_FUNCTION,
    CLAUSE_WHERE,
    CLAUSE_HAVING,
    CLAUSE_FILTER,
    CLAUSE_WINDOW_PARTITION,
    CLAUSE_WINDOW_ORDER,
    CLAUSE_WINDOW_FRAME_RANGE,
    CLAUSE_WINDOW_FRAME_ROWS,
    CLAUSE_WINDOW_FRAME_GROUPS,
    CLAUSE_SELECT_TARGET,
    CLAUSE_INSERT_TARGET,
    CLAUSE_UPDATE_SOURCE,
    CLAUSE_UPDATE_TARGET,
    CLAUSE_MERGE_WHEN,
    CLAUSE_GROUP_BY,
    CLAUSE_ORDER_BY,
    CLAUSE_DISTINCT_ON,
    CLAUSE_LIMIT,
    CLAUSE_OFFSET,
    CLAUSE_RETURNING,
    CLAUSE_VALUES,
    CLAUSE_VALUES_SINGLE,
    CLAUSE_CHECK,
    CLAUSE_DOMAIN_CHECK,
    CLAUSE_DEFAULT,
    CLAUSE_INDEX_EXPRESSION,
    CLAUSE_INDEX_PREDICATE,
    CLAUSE_ALTER_TYPE,
    CLAUSE_EXECUTE,
    CLAUSE_POLICY,
    CLAUSE_PARTITION_BOUND,
    CLAUSE_CALL,
    CLAUSE_COPY_WHERE,
    CLAUSE_GENERATED,
} Clause;

/* A name that columns can be qualified with, and its columns: a range table entry, or a JOIN. */
typedef struct NameItem {
    const char *name;        /* NULL: a join without alias, whose columns count for * and unqualified names only */
    Oid         schema;      /* of a table that has no alias: schema.table.column; else 0 */
    const char *schema_name;
    int32_t     range;       /* its entry; of a join the RANGE_JOIN entry or 0 */
    int32_t     column_count;
    const RangeColumn *columns;
    Expr      **stands_for;  /* per column; NULL: a column of range itself */
    bool        relation_visible; /* by its name */
    bool        columns_visible;  /* by their names alone */
    bool        lateral_only;     /* seen by LATERAL items only */
    bool        lateral_ok;       /* false: LATERAL may not use it (the nullable side of a RIGHT or FULL join) */
} NameItem;

typedef struct NameList {
    int32_t    count;
    NameItem **items;
} NameList;

typedef struct Binder {
    Session    *session;
    Arena      *arena;
    ParamTypes *params;
    bool        infer_params;    /* types of parameters may be set */
    const char *stack_base;      /* where the analysis began: 54001 before the stack ends */
    int32_t     depth;
    int32_t     dependency_count;
    struct QueryDependency *dependencies;
    int32_t     view_depth;
} Binder;

typedef struct Scope Scope;
struct Scope {
    Binder        *b;
    Scope         *parent;
    Query         *query;
    NameList       names;
    Clause         clause;
    bool           lateral_active;  /* inside a LATERAL item: lateral_only names are visible */
    int32_t        cte_count;       /* WITH of this level that may be referenced */
    CommonTable  **ctes;
    const NodeList *future_ctes;    /* CommonTableExpr not yet analyzed, for the hint */
    CommonTable   *building_cte;    /* the one this query is the text of, for data-modifying rules */
    const NodeList *window_defs;    /* WINDOW clause, then those of OVER (...), as raw WindowDefs */
    int32_t        window_count;
    const WindowDef **windows;
    bool           has_aggregates, has_windows, has_set_calls, has_subqueries;
    const Expr    *last_set_call;
    const LockingClause *locking_all;   /* FOR UPDATE without OF seen from outside */
    Expr          *domain_value;    /* what VALUE means */
    int32_t        target_range;    /* INSERT, UPDATE, DELETE, MERGE */
    int32_t        excluded_range;
    int32_t        multi_count;     /* SET (a, b) = (SELECT ...): sources already analyzed */
    const Node   **multi_nodes;
    Expr         **multi_exprs;
    bool           keep_unknown;    /* leave untyped literals of the target list alone: INSERT ... SELECT, set operations */
};

/* ---- errors ------------------------------------------------------------------------------------------------------------- */

noreturn void bind_error(Sqlstate sqlstate, int32_t location, const char *format, ...) PRINTF_LIKE(3, 4);
noreturn void bind_error_hint(Sqlstate sqlstate, int32_t location, const char *hint, const char *format, ...) PRINTF_LIKE(4, 5);
noreturn void bind_error_detail(Sqlstate sqlstate, int32_t location, const char *detail, const char *format, ...) PRINTF_LIKE(4, 5);

/* The leftmost position among an expression's nodes, as PostgreSQL points at expressions. */
int32_t expr_location(const Expr *expr);
int32_t node_location(const Node *node);
int32_t node_list_location(const NodeList *list);

const char *clause_name(Clause clause);
const char *type_text(Binder *b, Oid type); /* format_type_be() */
void        binder_depend(Binder *b, const Desc *desc);
void        binder_enter(Binder *b);
void        binder_leave(Binder *b);
/* a.b.c as it was written, for messages */
const char *name_list_text(Arena *arena, const NodeList *names);
TypeContext binder_type_context(Binder *b);

/* ---- types (type_name.c) -------------------------------------------------------------------------------------------------- */

const TypeInfo *binder_type(Binder *b, Oid type); /* never NULL: XX000 for a type that is gone */
Oid  binder_type_name(Binder *b, const TypeName *name, int32_t *typmod_out, bool missing_ok);
Oid  type_base(Binder *b, Oid type);
Oid  type_base_typmod(Binder *b, Oid type, int32_t *typmod);
Oid  type_element(Binder *b, Oid type);       /* of a true array type, domains looked through; else 0 */
Oid  type_array_of(Binder *b, Oid type);      /* 0: none */
bool type_is_polymorphic(Oid type);
bool type_is_composite(Binder *b, Oid type);  /* a row type, not record */
bool type_is_enum(Binder *b, Oid type);
Oid  type_collation(Binder *b, Oid type);
const RelationDesc *type_relation(Binder *b, Oid type); /* of a composite type; NULL for others */
const Operator *type_compare_operator(Binder *b, Oid type, const char *name); /* "=", "<", ">"; NULL: none */

/* ---- coercion (coerce.c, common_type.c, polymorphic.c) -------------------------------------------------------------------- */

typedef enum CastContext { CAST_IMPLICIT, CAST_ASSIGNMENT, CAST_EXPLICIT } CastContext;
typedef enum CoercionPath { PATH_NONE, PATH_FUNCTION, PATH_RELABEL, PATH_ARRAY, PATH_IO } CoercionPath;

CoercionPath find_coercion(Binder *b, Oid target, Oid source, CastContext context, const Proc **proc_out);
bool  can_coerce(Binder *b, int32_t count, const Oid *inputs, const Oid *targets, CastContext context);
bool  is_binary_coercible(Binder *b, Oid source, Oid target);
/* The expression as target, whose possibility is known (can_coerce). typmod is that of the target, for literals; the length is not yet applied. */
Expr *coerce_type(Scope *scope, Expr *expr, Oid target, int32_t typmod, CastContext context, bool implicit, int32_t location);
/* Type and length; NULL when impossible. */
Expr *coerce_to_target(Scope *scope, Expr *expr, Oid target, int32_t typmod, CastContext context, bool implicit, int32_t location);
Expr *coerce_to_boolean(Scope *scope, Expr *expr, const char *construct);
Expr *coerce_to_specific(Scope *scope, Expr *expr, Oid type, const char *construct);
Expr *coerce_typmod(Scope *scope, Expr *expr, Oid type, int32_t typmod, bool explicit_cast, bool implicit, int32_t location);
bool  resolve_reg_literal(Binder *b, Oid type, Slice text, int32_t location, Oid *out); /* reg_name.c */
Expr *bind_literal(Scope *scope, const char *text, Oid type, int32_t typmod, int32_t location);

/* context NULL: 0 instead of an error. which_out may be NULL: the expression that decided. */
Oid     common_type(Scope *scope, ExprList exprs, const char *context, Expr **which_out);
int32_t common_typmod(ExprList exprs, Oid type);
Oid     common_collation(ExprList exprs);
Expr   *coerce_to_common(Scope *scope, Expr *expr, Oid type, const char *context);

bool polymorphic_consistent(Binder *b, const Oid *actual, const Oid *declared, int32_t count);
/* Replaces declared's polymorphic types by real ones; returns the result type. */
Oid  polymorphic_resolve(Binder *b, const Oid *actual, Oid *declared, int32_t count, Oid result, bool allow_poly);

/* ---- functions and operators ------------------------------------------------------------------------------------------------ */

typedef struct Candidate {
    const Proc *proc;
    const Operator *op;
    int32_t     arg_count;     /* effective: variadic ones expanded, defaults added */
    Oid        *args;
    int32_t     variadic_count; /* how many arguments the variadic one took; 0: none */
    int32_t     default_count;  /* how many are filled in */
    int32_t    *positions;      /* named notation: where each call argument goes; NULL: in order */
} Candidate;

int32_t match_candidates(Binder *b, int32_t count, const Oid *inputs, int32_t candidate_count, Candidate **candidates);
Candidate *select_candidate(Binder *b, int32_t count, const Oid *inputs, int32_t candidate_count, Candidate **candidates);

typedef struct CallSite {
    const FuncCall *call;       /* NULL: made by the analyzer */
    const NodeList *name;
    ExprList        args;
    const char    **arg_names;  /* beside args; NULL items: positional */
    int32_t         location;
    bool            column_notation; /* f of (row).f: no error, NULL when there is no such function */
    bool            in_from;         /* a set in FROM */
    bool            variadic;
} CallSite;

Expr *bind_function(Scope *scope, const CallSite *site);
Expr *bind_call(Scope *scope, const FuncCall *call, bool in_from);
Expr *bind_operator(Scope *scope, const NodeList *name, Expr *left, Expr *right, int32_t location);
Expr *bind_operator_named(Scope *scope, const char *name, Expr *left, Expr *right, int32_t location);
Expr *bind_array_operator(Scope *scope, const NodeList *name, Expr *left, Expr *right, bool all, int32_t location);
/* Operators found for two types, as bind_operator does; raises 42883 or 42725, or NULL when missing_ok. */
const Operator *resolve_operator(Scope *scope, const NodeList *name, Oid left, Oid right, bool missing_ok, int32_t location);
void require_code(const Proc *proc, int32_t location);
extern bool analyze_without_code; /* tests only: functions without kernels are bound too */
/* doc->>'a' compared with a number, boolean or timestamp: both sides may be replaced. */
void read_json_as_other_side(Scope *scope, const NodeList *name, Expr **left, Expr **right, bool right_is_array);
Oid  json_reading_type(Binder *b, const Expr *extraction, Oid other);
Expr *json_reading(Scope *scope, Expr *extraction, Oid as);

/* ---- expressions (expr.c and kin) --------------------------------------------------------------------------------------------- */

Expr *bind_expr(Scope *scope, const Node *node, Clause clause);
Expr *bind_expr_inner(Scope *scope, const Node *node);
ExprList bind_expr_list(Scope *scope, const NodeList *list, Clause clause, bool allow_default);
Expr *bind_where(Scope *scope, const Node *node, Clause clause, const char *construct);
Expr *bind_limit(Scope *scope, const Node *node, Clause clause, const char *construct);
Expr *bind_sublink(Scope *scope, const SubLink *link);
Expr *bind_constant(Scope *scope, const A_Const *constant);
Expr *bind_row_compare(Scope *scope, const NodeList *name, ExprList lefts, ExprList rights, int32_t location);
Expr *bind_row_distinct(Scope *scope, const NodeList *name, const Expr *left, const Expr *right, int32_t location);
Expr *bind_subscripts(Scope *scope, Expr *container, const NodeList *indirection, int32_t first, int32_t count);
Expr *bind_indirection(Scope *scope, const A_Indirection *indirection);
Expr *bind_in(Scope *scope, const A_Expr *expr);
Expr *bind_array(Scope *scope, const A_ArrayExpr *array, Oid array_type, Oid element_type, int32_t typmod);
Expr *bind_type_cast(Scope *scope, const TypeCast *cast);
Expr *bind_param(Scope *scope, const ParamRef *ref);
Expr *make_null_bool_test(Scope *scope, Expr *arg, bool negated, int32_t location);
Expr *field_select(Scope *scope, Expr *row, const char *name, int32_t location);
const RangeColumn *row_columns(Scope *scope, const Expr *row, int32_t *count_out);
void  set_param_type(Scope *scope, Expr *param, Oid type, int32_t location);
bool  json_is_extraction(const Expr *expr);

/* ---- names (names.c) ------------------------------------------------------------------------------------------------------------ */

Expr *bind_column_ref(Scope *scope, const ColumnRef *ref);
NameItem *find_name_item(Scope *scope, const char *schema, const char *name, int32_t location, int32_t *levels_out);
Expr *column_of_item(Scope *scope, const NameItem *item, int32_t column, int32_t levels_up, int32_t location);
Expr *whole_row_of_item(Scope *scope, NameItem *item, int32_t levels_up, int32_t location);
noreturn void raise_missing_range(Scope *scope, const char *schema, const char *name, int32_t location);
NameItem *name_item_new(Binder *b, const char *name, int32_t range, const RangeEntry *entry);
void  add_name_item(Scope *scope, NameItem *item);
CommonTable *find_cte(Scope *scope, const char *name, int32_t *levels_out);
bool  is_future_cte(Scope *scope, const char *name);

/* ---- range table and FROM (range.c, from.c, join.c, range_function.c) ---------------------------------------------------------- */

void  scope_open(Scope *scope, Binder *b, Scope *parent, QueryCommand command);
Query *scope_close(Scope *scope); /* sets the flags of the query */
int32_t add_range(Scope *scope, RangeEntry *entry);
RangeEntry *range_entry_new(Binder *b, RangeKind kind, const char *alias);
/* Names of alias columns put over columns; raises 42P10 when there are too many. */
void  apply_column_aliases(Binder *b, RangeEntry *entry, const Alias *alias, const char *what);
int32_t add_table_range(Scope *scope, const RelationDesc *table, const Alias *alias, bool in_from, int32_t location);
int32_t add_subquery_range(Scope *scope, Query *query, const Alias *alias, const char *name, bool lateral, bool in_from);
int32_t add_values_range(Scope *scope, int32_t count, const ExprList *rows, const Alias *alias, bool in_from);
const RangeColumn *query_columns(Binder *b, const Query *query, int32_t *count_out);
const char *schema_name_of(Binder *b, Oid schema); /* NULL: gone */
const RelationDesc *open_relation(Binder *b, const RangeVar *name, bool missing_ok);
void  bind_from(Scope *scope, const NodeList *from);
int32_t bind_range_function(Scope *scope, const RangeFunction *function, NameItem **item_out);
JoinTree *bind_join(Scope *scope, const JoinExpr *join, NameList *names_out);
JoinTree *bind_from_item(Scope *scope, const Node *node, NameList *names_out);
JoinTree *leaf_of(Binder *b, int32_t range);
void  check_name_conflicts(Scope *scope, NameList a, NameList b, int32_t location);
const RangeColumn *columns_of_definitions(Scope *scope, const NodeList *coldeflist, int32_t *count_out);

/* ---- queries -------------------------------------------------------------------------------------------------------------------- */

Query *bind_statement(Binder *b, Scope *parent, const Node *stmt, CommonTable *cte);
Query *bind_subquery(Scope *parent, const Node *stmt, CommonTable *cte, const LockingClause *locking, bool keep_unknown);
Query *bind_select(Scope *scope, const SelectStmt *stmt);
Query *bind_values(Scope *scope, const SelectStmt *stmt);
Query *bind_set_operation(Scope *scope, const SelectStmt *stmt);
void   bind_with(Scope *scope, const WithClause *with);
Query *bind_insert(Scope *scope, const InsertStmt *stmt);
Query *bind_update(Scope *scope, const UpdateStmt *stmt);
Query *bind_delete(Scope *scope, const DeleteStmt *stmt);
Query *bind_merge(Scope *scope, const MergeStmt *stmt);
Query *view_query(Binder *b, const RelationDesc *view);

typedef struct TargetList {
    int32_t count;
    Target *items;
} TargetList;

int32_t     add_target(Binder *b, TargetList *list, Expr *expr, const char *name, bool junk);
TargetList  bind_target_list(Scope *scope, const NodeList *list, Clause clause);
void        resolve_unknown_targets(Scope *scope, TargetList *list);
const char *column_name_of(const Node *node); /* FigureColname */
void        bind_returning(Scope *scope, const NodeList *list);
void        mark_origins(Query *query, TargetList list);
ExprList    expand_star(Scope *scope, const ColumnRef *ref, const char ***names_out);
ExprList    expand_row_star(Scope *scope, const A_Indirection *indirection, const char ***names_out);
ExprList    columns_of_item(Scope *scope, NameItem *item, int32_t levels_up, int32_t location, const char ***names_out);

/* ORDER BY, GROUP BY, DISTINCT (sort_group.c, group.c) */
typedef struct SortList {
    int32_t     count;
    SortClause *items;
} SortList;
SortList bind_sort(Scope *scope, const NodeList *sort, TargetList *targets, Clause clause, bool sql99);
void     bind_group(Scope *scope, const NodeList *group, TargetList *targets, const SortList *order);
SortList bind_distinct(Scope *scope, TargetList *targets, const SortList *order, bool is_agg, const char *what);
SortList bind_distinct_on(Scope *scope, const NodeList *exprs, TargetList *targets, const SortList *order);
int32_t  find_target_sql92(Scope *scope, const Node *node, TargetList *targets, Clause clause);
int32_t  find_target_sql99(Scope *scope, const Node *node, TargetList *targets, Clause clause);
SortList add_group_clause(Scope *scope, int32_t target, TargetList *targets, SortList list, int32_t location);
bool     target_in_sort(int32_t target, const SortClause *items, int32_t count);
SortClause default_sort_clause(Scope *scope, const Expr *expr, int32_t target, int32_t location, bool need_order);

/* aggregates, windows (aggregate.c, group_check.c, window.c) */
void  finish_aggregate(Scope *scope, Expr *agg, const FuncCall *call);
void  finish_window(Scope *scope, Expr *window, const FuncCall *call);
Expr *bind_grouping(Scope *scope, const GroupingFunc *func);
void  check_set_call_place(Scope *scope, const Expr *expr, int32_t location);
void  check_aggregates(Scope *scope);
void  bind_windows(Scope *scope, TargetList *targets);
bool  contains_aggregate_of_level(const Expr *expr, int32_t level);
int32_t locate_aggregate_of_level(const Expr *expr, int32_t level);
int32_t locate_window(const Expr *expr);

/* assignments (assign.c) */
const RelationDesc *open_target(Scope *scope, const RangeVar *var, const char *verb);
Expr *bind_assignment(Scope *scope, Expr *value, const RelationDesc *table, int16_t column, const NodeList *indirection,
                      Clause clause, int32_t location);
Expr *column_default(Binder *b, const RelationDesc *table, int16_t column);
int16_t find_table_column(const RelationDesc *table, const char *name);
Expr *generated_value(Scope *scope, const RelationDesc *table, int16_t column, int32_t range);
void  add_generated_columns(Scope *scope, const RelationDesc *table, TargetList *list, bool updating);
TargetList bind_update_targets(Scope *scope, const NodeList *list, const RelationDesc *table, int32_t range, Clause clause);
TargetList finish_insert_targets(Scope *scope, const RelationDesc *table, TargetList list, OverridingKind override);

#endif
