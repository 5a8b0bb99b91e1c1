/*
 * subplan.h - running the plan of a subquery in an expression, with its correlation parameters.
 */
#ifndef EXECUTOR_EXEC_SUBPLAN_H
#define EXECUTOR_EXEC_SUBPLAN_H

#include "executor/exec/operator.h"
#include "executor/exec/row_store.h"

typedef struct SubplanState {
    const Subplan *subplan;
    ExecOperator  *op;
    bool           used;     /* has run: rescan before running again */
    bool           loaded;   /* uncorrelated: rows are complete */
    RowStore      *rows;
} SubplanState;

/* A fresh state per compiled expression: two expressions may run the same subplan at the same time. */
SubplanState *subplan_new(ExecState *state, int32_t index);

#endif
