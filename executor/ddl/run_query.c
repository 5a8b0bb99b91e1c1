/*
 * run_query.c - queries that DDL runs.
 */
#include "executor/ddl/run_query.h"

#include "executor/analyze/analyze.h"
#include "executor/plan/planner.h"
#include "parser/parser.h"

Execution *run_query(Ddl *ddl, Query *query, const PlannedStatement **planned_out)
{
    *planned_out = plan_query(ddl->session, ddl->arena, query);
    transaction_start_statement(store_transaction(ddl->session)); /* sees what was written before */
    return execution_start(ddl->session, ddl->arena, *planned_out, NULL);
}

static const char *text_of(Ddl *ddl, const Vector *vector, int32_t row)
{
    const TypeInfo *type = type_lookup(ddl->session, ddl->arena, vector->type);
    TypeContext     ctx = ddl->session->ctx;
    StrBuf          text;

    if (!vector_is_valid(vector, row))
        return NULL;
    ctx.arena = ddl->arena;
    strbuf_init(&text, ddl->arena);
    type->output(type, vector_element(vector, row), &ctx, &text);
    return strbuf_cstring(&text);
}

const char *const *run_first_row(Ddl *ddl, const char *sql)
{
    NodeList               *parsed = parse_sql(ddl->arena, slice_from_cstring(sql));
    ParamTypes              none = {0};
    const PlannedStatement *planned;
    Execution              *execution = run_query(ddl, analyze_statement(ddl->session, ddl->arena, list_at(parsed, 0), &none), &planned);
    Batch                  *batch = execution_next(execution, 1);
    const char            **row = NULL;

    while (batch != NULL && batch->count == 0)
        batch = execution_next(execution, 1);
    if (batch != NULL) {
        int32_t at = sel_row(batch->sel, 0);

        row = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)planned->result_count + 1, const char *);
        for (int32_t i = 0; i < planned->result_count; i++) {
            vector_load(batch->columns[i], batch->sel, batch->count);
            row[i] = text_of(ddl, batch->columns[i], at);
        }
    }
    execution_end(execution);
    return row;
}
