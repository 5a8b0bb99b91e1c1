/*
 * window.c - window functions.
 */
#include "executor/exec/operator_internal.h"

ExecOperator *window_open(ExecState *state, const Plan *plan)
{
    (void)state;
    (void)plan;
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "window functions are not supported");
}
