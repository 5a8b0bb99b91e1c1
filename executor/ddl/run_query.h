/*
 * run_query.h - queries that DDL runs for its own ends: tests of existing rows, CREATE TABLE AS.
 */
#ifndef EXECUTOR_DDL_RUN_QUERY_H
#define EXECUTOR_DDL_RUN_QUERY_H

#include "executor/ddl/ddl_context.h"
#include "executor/exec/execute.h"
#include "executor/query.h"

/* Starts a query over what this statement has written so far. Ends with the arena. */
Execution *run_query(Ddl *ddl, Query *query, const PlannedStatement **planned_out);

/*
 * Runs SQL text and gives its first row as texts, one per column (NULL: the SQL NULL), or NULL when it has no row.
 */
const char *const *run_first_row(Ddl *ddl, const char *sql);

#endif
