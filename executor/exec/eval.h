/*
 * eval.h - bound expressions over batches.
 *
 * eval_compile() turns an Expr into a tree of nodes that hold their result vectors; eval_run() computes it for the live rows of a batch,
 * eval_filter() keeps the rows for which it is true. Kernels see whole vectors and a selection: strict functions the rows without
 * NULL arguments, the branches of CASE, COALESCE, AND and OR only the rows that PostgreSQL would evaluate, so that an error is
 * raised for exactly those. Constants and parameters are spread into vectors once per execution.
 *
 * EXPR_INPUT n reads column n of the input. EXPR_COLUMN reads column - 1: stored expressions (defaults, checks, index expressions) run
 * over a batch whose columns are the relation's by attribute number.
 *
 * Ownership   an Evaluator lives in the arena it was compiled in. A result vector is the evaluator's (or the input's column itself) and
 *             valid until its next run and as long as the batch arena given.
 * Raises      everything: what the functions raise.
 */
#ifndef EXECUTOR_EXEC_EVAL_H
#define EXECUTOR_EXEC_EVAL_H

#include "executor/exec/operator.h"

typedef struct Evaluator Evaluator;

Evaluator *eval_compile(ExecState *state, Arena *arena, const Expr *expr);

/*
 * Values for the rows of sel (NULL: 0 .. count-1) of the input's vectors; elements of other rows are unspecified.
 *   columns, row_count   the input: vectors of row_count rows
 *   arena                where strings of the result go, at least as long-lived as the use of the result
 */
Vector *eval_run(Evaluator *evaluator, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, Arena *arena);

/* Writes the rows of sel for which the expression is true to out (room for count; may be sel itself); returns how many. */
int32_t eval_filter(Evaluator *evaluator, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, int32_t *out,
                    Arena *arena);

/* The value without any input: limits, scan keys, parameters. Returns false for NULL. Bytes go to arena. */
bool eval_scalar(Evaluator *evaluator, Arena *arena, Datum *out);

/* eval_compile() and eval_scalar() in one. */
bool eval_scalar_expr(ExecState *state, Arena *arena, const Expr *expr, Datum *out);

/*
 * For the planner: computes an expression of constants with immutable functions only (with stable: stable ones too). Returns false, and
 * raises nothing, when it is not constant; errors of evaluation are raised. The value's bytes go to arena.
 */
bool eval_constant(Session *session, Arena *arena, const Expr *expr, Datum *out, bool *is_null);

/* Expressions over rows of a relation outside any plan: index builds, column defaults, USING of ALTER TABLE, COPY ... WHERE. */
typedef struct RowEvaluator RowEvaluator;
RowEvaluator *row_evaluator_new(Session *session, Arena *arena, Expr *const *exprs, int32_t count);
/* Runs expression number `which` over a batch; see eval_run(). */
Vector *row_evaluator_run(RowEvaluator *evaluator, int32_t which, const Batch *batch, Arena *arena);
int32_t row_evaluator_filter(RowEvaluator *evaluator, int32_t which, const Batch *batch, int32_t *out, Arena *arena);

#endif
