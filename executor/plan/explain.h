/*
 * explain.h - EXPLAIN in PostgreSQL's layout: text, JSON, and the other formats.
 *
 * Raises      what planning and, with ANALYZE, running the statement raises.
 */
#ifndef EXECUTOR_PLAN_EXPLAIN_H
#define EXECUTOR_PLAN_EXPLAIN_H

#include "executor/exec/execute.h"
#include "executor/plan/plan.h"
#include "parser/ast.h"

typedef enum ExplainFormat { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_XML, EXPLAIN_YAML } ExplainFormat;

typedef struct ExplainOptions {
    bool          analyze, verbose, costs, settings, buffers, wal, timing, summary;
    ExplainFormat format;
} ExplainOptions;

/* The statement that is explained, looked through: a SelectStmt, an ExecuteStmt ... */
static inline const Node *explain_query(const ExplainStmt *stmt)
{
    return stmt->query;
}

/* Reads the statement's options, with PostgreSQL's defaults and errors. */
ExplainOptions explain_options(const ExplainStmt *stmt);

/*
 * Explains a plan; with analyze it is run first (its rows are thrown away, its effects stay). Returns the lines of the "QUERY PLAN" column: one
 * per line of text, one in all for the other formats.
 */
const char *const *explain_plan(Session *session, Arena *arena, const PlannedStatement *planned, const ParamValues *params,
                                const ExplainOptions *options, double planning_ms, int32_t *line_count_out);

#endif
