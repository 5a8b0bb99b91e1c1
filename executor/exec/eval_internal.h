/*
 * eval_internal.h - what the files of the evaluator share: nodes, how they run, how they are made.
 *
 * A node's run gives the vector of its values for the rows of sel; its filter, where it has a shorter way, the rows that are true.
 * Each kind of expression has a file that makes its nodes: eval_call.c, eval_logic.c, eval_case.c, eval_array.c, eval_subquery.c.
 */
#ifndef EXECUTOR_EXEC_EVAL_INTERNAL_H
#define EXECUTOR_EXEC_EVAL_INTERNAL_H

#include "base/cancel.h"
#include "executor/exec/eval.h"
#include "executor/exec/vector_buffer.h"

typedef struct EvalInput {
    Vector *const *columns;
    int32_t        row_count; /* row numbers are below this */
    Arena         *arena;
} EvalInput;

typedef struct EvalNode EvalNode;

/* What the nodes of one compiled expression share. */
typedef struct EvalContext {
    ExecState *state;
    Arena     *arena;      /* nodes and their buffers */
    Vector   **case_value; /* while compiling: where EXPR_CASE_VALUE finds its vector */
    ExecParam *test_params; /* while compiling SUBQUERY.test: internal parameters 1 .. test_param_count are the subquery's columns */
    int32_t    test_param_count;
} EvalContext;

struct EvalNode {
    Vector *(*run)(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count);
    int32_t (*filter)(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, int32_t *out); /* NULL: by run */
    EvalContext  *context;
    const Expr   *expr;
    EvalNode    **args;
    int32_t       arg_count;
    bool          is_constant; /* the same value for the whole execution */
    bool          is_null;     /* of a constant */
    Datum         constant;
    VectorBuffer  result;
};

struct Evaluator {
    EvalNode   *root;
    EvalContext context;
};

/* Makes the node of an expression. Recursion checks the stack. */
EvalNode *eval_node(EvalContext *context, const Expr *expr);

/* For the files of kinds: a zeroed node of size bytes with run, context, expr and result type set. */
EvalNode *eval_node_new(EvalContext *context, const Expr *expr, size_t size,
                        Vector *(*run)(EvalNode *, const EvalInput *, const int32_t *, int32_t));
void      eval_node_args(EvalNode *node, const ExprList *args);

static inline Vector *node_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    return node->run(node, input, sel, count);
}

/* The rows of sel that are true. */
int32_t node_filter(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, int32_t *out);

/* Selection scratch, in the input's arena. */
static inline int32_t *sel_scratch(const EvalInput *input, int32_t count)
{
    return ARENA_ARRAY(input->arena, (size_t)MAX(count, 1), int32_t);
}

/* The rows of sel that are not in part (ascending, a subset): returns how many. */
int32_t sel_subtract(const int32_t *sel, int32_t count, const int32_t *part, int32_t part_count, int32_t *out);

/* Rows of sel at which none of the vectors is NULL. Returns count and *out_sel = sel when that is all of them. */
int32_t sel_narrow_valid(Vector *const *vectors, int32_t vector_count, const EvalInput *input, const int32_t *sel, int32_t count,
                         const int32_t **out_sel);

/* Room for the input's rows with a bitmap of all ones; trims it afterwards. */
static inline Vector *result_begin(EvalNode *node, const EvalInput *input)
{
    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    vector_buffer_set_validity(&node->result, input->row_count, true);
    return &node->result.vector;
}

static inline Vector *result_end(EvalNode *node, const EvalInput *input)
{
    vector_buffer_trim_validity(&node->result, input->row_count);
    return &node->result.vector;
}

/* A constant node. value is copied into the context's arena. */
EvalNode *eval_constant_node(EvalContext *context, const Expr *expr, Oid type, const Datum *value, bool is_null);

/* Turns a node whose arguments are all constant into a constant, by running it once; only where it cannot raise or was asked for. */
bool eval_args_constant(const EvalNode *node);

/* A node that reads a vector computed elsewhere. */
EvalNode *eval_slot_node(EvalContext *context, const Expr *expr, Vector **from);

/* Makers by kind. */
EvalNode *eval_call_node(EvalContext *context, const Expr *expr);
EvalNode *eval_proc_node(EvalContext *context, const Expr *expr, const Proc *proc, EvalNode **args, int32_t arg_count);
EvalNode *eval_distinct_node(EvalContext *context, const Expr *expr);
EvalNode *eval_nullif_node(EvalContext *context, const Expr *expr);
EvalNode *eval_and_node(EvalContext *context, const Expr *expr);
EvalNode *eval_or_node(EvalContext *context, const Expr *expr);
EvalNode *eval_not_node(EvalContext *context, const Expr *expr);
EvalNode *eval_is_null_node(EvalContext *context, const Expr *expr);
EvalNode *eval_boolean_test_node(EvalContext *context, const Expr *expr);
EvalNode *eval_case_node(EvalContext *context, const Expr *expr);
EvalNode *eval_coalesce_node(EvalContext *context, const Expr *expr);
EvalNode *eval_min_max_node(EvalContext *context, const Expr *expr);
EvalNode *eval_row_compare_node(EvalContext *context, const Expr *expr);
EvalNode *eval_any_all_node(EvalContext *context, const Expr *expr);
EvalNode *eval_array_node(EvalContext *context, const Expr *expr);
EvalNode *eval_subscript_node(EvalContext *context, const Expr *expr);
EvalNode *eval_row_node(EvalContext *context, const Expr *expr);
EvalNode *eval_field_node(EvalContext *context, const Expr *expr);
EvalNode *eval_coerce_array_node(EvalContext *context, const Expr *expr);
EvalNode *eval_coerce_io_node(EvalContext *context, const Expr *expr);
EvalNode *eval_coerce_typmod_node(EvalContext *context, const Expr *expr);
EvalNode *eval_sql_value_node(EvalContext *context, const Expr *expr);
EvalNode *eval_nextval_node(EvalContext *context, const Expr *expr);
EvalNode *eval_subquery_node(EvalContext *context, const Expr *expr);
EvalNode *eval_subquery_field_node(EvalContext *context, const Expr *expr);

/* A filter of column op constant that compares whole vectors without a kernel call; NULL when there is no such loop. */
typedef int32_t (*CompareFilter)(const void *data, const Datum *constant, const int32_t *sel, int32_t count, int32_t *out);
CompareFilter compare_filter_find(const Proc *proc, PhysType column_phys, bool column_is_left, Datum *constant);

#endif
