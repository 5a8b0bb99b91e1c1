/* view.c - views, replaced by their stored queries. */
#include "executor/analyze/binder.h"
#include "executor/serialize/serialize.h"

static bool depend_on_ranges(Query *query, void *context);

static bool depend_in_expr(Expr *expr, void *context)
{
    if (expr->kind == EXPR_SUBQUERY)
        depend_on_ranges(expr->subquery.query, context);
    return expr_walk(expr, depend_in_expr, context);
}

static bool depend_on_ranges(Query *query, void *context)
{
    Binder *b = context;

    for (int32_t i = 0; i < query->range_count; i++) {
        if (query->ranges[i]->table != NULL)
            binder_depend(b, &query->ranges[i]->table->head);
    }
    query_walk(query, depend_in_expr, b);
    return query_walk_subqueries(query, depend_on_ranges, b);
}

Query *view_query(Binder *b, const RelationDesc *view)
{
    Query *query;

    if (++b->view_depth > 100)
        raise_error(SQLSTATE_INVALID_OBJECT_DEFINITION, "infinite recursion detected in rules for relation \"%s\"", view->head.name);
    query = deserialize_query(b->session, b->arena, view->view_query);
    depend_on_ranges(query, b);
    b->view_depth--;
    return query;
}
