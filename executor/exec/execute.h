/*
 * execute.h - runs a planned statement: what sessions, portals and utility statements call.
 *
 * Ownership   an Execution lives in an arena of its own below the portal's; execution_end() or the end of the portal's arena frees it.
 *             Batches are valid until the next execution_next().
 * Threads     the session's.
 * Raises      everything.
 */
#ifndef EXECUTOR_EXEC_EXECUTE_H
#define EXECUTOR_EXEC_EXECUTE_H

#include "executor/exec/operator.h"

typedef struct Execution Execution;

/*
 * Makes ready to run: begins the session's transaction if there is none, takes the statement's read view and the table locks the plan
 * names. Nothing runs yet. params are kept: they live as long as the portal.
 */
Execution *execution_start(Session *session, Arena *portal_arena, const PlannedStatement *planned, const ParamValues *params);

/*
 * The next rows, at most max_rows of them (1 .. BATCH_ROWS); NULL at the end. The first planned->result_count columns are the result.
 * A statement that returns no rows runs to its end in one call and gives NULL.
 */
Batch *execution_next(Execution *execution, int32_t max_rows);

/* Rows inserted, updated, deleted, or returned so far: the number of the command tag. */
int64_t execution_rows(const Execution *execution);

/* Keeps the read view valid beyond the statement: for cursors and suspended portals. */
void execution_keep_view(Execution *execution);

/* Counts rows and times per plan node from now on: EXPLAIN ANALYZE. Before the first execution_next(). */
void                    execution_instrument(Execution *execution);
const OperatorCounters *execution_counters(const Execution *execution); /* by plan id; NULL without execution_instrument() */

/* Counters of a plan node of a subplan or CTE are in the same array: plan ids are unique in the statement. */
void execution_end(Execution *execution); /* NULL is allowed */

/* The table locks a plan needs, as execution_start() takes them. */
void execution_lock_tables(Session *session, const PlannedStatement *planned);

#endif
