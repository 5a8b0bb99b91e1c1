/*
 * operator_internal.h - what the files of operators share: makers by kind, small helpers.
 */
#ifndef EXECUTOR_EXEC_OPERATOR_INTERNAL_H
#define EXECUTOR_EXEC_OPERATOR_INTERNAL_H

#include "base/cancel.h"
#include "executor/exec/eval.h"
#include "executor/exec/hash_rows.h"
#include "executor/exec/operator.h"
#include "executor/exec/row_store.h"
#include "executor/exec/sort_rows.h"
#include "executor/exec/vector_buffer.h"

/* A zeroed operator of size bytes; children are opened by the caller. */
void *operator_new(ExecState *state, const Plan *plan, size_t size, const OperatorClass *class);

/* Makers, one per file. */
ExecOperator *result_open(ExecState *state, const Plan *plan);
ExecOperator *filter_open(ExecState *state, const Plan *plan);
ExecOperator *project_open(ExecState *state, const Plan *plan);
ExecOperator *values_open(ExecState *state, const Plan *plan);
ExecOperator *limit_open(ExecState *state, const Plan *plan);
ExecOperator *sort_open(ExecState *state, const Plan *plan);
ExecOperator *aggregate_open(ExecState *state, const Plan *plan);
ExecOperator *unique_open(ExecState *state, const Plan *plan);
ExecOperator *window_open(ExecState *state, const Plan *plan);
ExecOperator *hash_join_open(ExecState *state, const Plan *plan);
ExecOperator *nested_loop_open(ExecState *state, const Plan *plan);
ExecOperator *materialize_open(ExecState *state, const Plan *plan);
ExecOperator *append_open(ExecState *state, const Plan *plan);
ExecOperator *set_op_open(ExecState *state, const Plan *plan);
ExecOperator *cte_scan_open(ExecState *state, const Plan *plan);
ExecOperator *work_table_scan_open(ExecState *state, const Plan *plan);
ExecOperator *recursive_union_open(ExecState *state, const Plan *plan);
ExecOperator *function_scan_open(ExecState *state, const Plan *plan);
ExecOperator *set_project_open(ExecState *state, const Plan *plan);
ExecOperator *table_scan_operator_open(ExecState *state, const Plan *plan);
ExecOperator *index_scan_operator_open(ExecState *state, const Plan *plan);
ExecOperator *row_id_scan_open(ExecState *state, const Plan *plan);
ExecOperator *catalog_scan_open(ExecState *state, const Plan *plan);
ExecOperator *lock_rows_open(ExecState *state, const Plan *plan);
ExecOperator *modify_open(ExecState *state, const Plan *plan);

/* Reads a CTE to its end: for those that modify data. */
void cte_complete(ExecState *state, int32_t cte);

/* Evaluators of a list of expressions. */
Evaluator **eval_compile_list(ExecState *state, Arena *arena, const ExprList *exprs);

/* Gives out parts of a batch: for operators whose child gave more rows than they may pass on. */
typedef struct BatchSlice {
    Batch          batch;   /* handed out */
    const int32_t *sel;     /* rows not yet handed out; NULL: next, next + 1 ... */
    int32_t        next;    /* index of the first of them */
    int32_t        count;   /* how many are left */
    int32_t       *dense;   /* row numbers when the source has no selection */
    int32_t        dense_capacity;
} BatchSlice;

void   batch_slice_set(BatchSlice *slice, const Batch *source, const int32_t *sel, int32_t count);
Batch *batch_slice_take(BatchSlice *slice, Arena *arena, int32_t max_rows); /* NULL when none is left */

/* The rows of a batch that an expression is true for, as an expression without side effects over a plain scan may be asked ahead of demand. */
bool eval_is_harmless(const Expr *expr);
bool plan_is_plain_scan(const Plan *plan);

/* Whether rows of a plan depend on internal parameters or volatile functions: what a rescan has to run again. plan_params.c */
bool plan_reads_params(const Plan *plan);

/* Loads the lazy columns of a batch for its live rows. */
void batch_load(const Batch *batch, int32_t column_count);

#endif
