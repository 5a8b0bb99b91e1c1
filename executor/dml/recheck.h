/*
 * recheck.h - READ COMMITTED: a row that changed since the statement's snapshot is judged again in its newest version.
 *
 * The plan below the locking operator runs again as an instance of its own, in which the scans of the locked relations deliver the
 * one row each that was locked, the changed ones as they are now.
 */
#ifndef EXECUTOR_DML_RECHECK_H
#define EXECUTOR_DML_RECHECK_H

#include "executor/exec/operator_internal.h"

/*
 * Runs plan with the given rows fixed (rows and newest: by range table index - 1) and appends its first row to out. Returns false when no row
 * comes out any more.
 */
bool recheck_row(ExecState *state, const Plan *plan, int32_t range_count, const RowId *rows, const bool *newest, RowStore *out);

#endif
