/*
 * set_call.h - one set-returning function being run: its arguments for one row, its rows in parts.
 */
#ifndef EXECUTOR_EXEC_SET_CALL_H
#define EXECUTOR_EXEC_SET_CALL_H

#include "executor/exec/operator_internal.h"

typedef struct SetRunner {
    ExecState     *state;
    const Expr    *expr;
    const Proc    *proc;         /* NULL: any scalar expression, a set of one row */
    int32_t        arg_count;
    Evaluator    **args;
    Evaluator     *scalar;
    int32_t        column_count;
    BatchBuffer    out;          /* rows of the current part */
    int32_t        at, count;    /* the next row to take, rows in the part */
    bool           active;
    SetCall        call;
    Datum         *values;
    bool          *nulls;
    Oid           *types;
    Arena         *arena;        /* of one set */
    Arena         *batch_arena;  /* of one part */
} SetRunner;

/* columns: what the function's outputs are; column_count of them. */
SetRunner *set_runner_new(ExecState *state, const Expr *expr, const PlanColumn *columns, int32_t column_count);

/* Begins the set of one input row (columns may be NULL when the arguments read none). */
void set_runner_start(SetRunner *runner, Vector *const *columns, int32_t row_count, int32_t row);

/* Makes sure that a row is there: false when the set is exhausted. Rows at .. count-1 of out.batch may be taken by advancing at. */
bool set_runner_fill(SetRunner *runner, int32_t max_rows);

#endif
