/* group_check.c - after grouping, columns may be used only where they are grouped by, or depend on what is. */
#include "executor/analyze/binder.h"

typedef struct Check {
    Scope   *scope;
    int32_t  level;         /* how many queries below the grouped one */
    bool     has_expressions; /* some group key is not a plain column */
    bool     in_direct_args;
} Check;

static const Expr *group_key(const Query *query, int32_t index)
{
    return query->targets[query->group[index].target].expr;
}

static bool column_is_grouped(const Query *query, int32_t relation, int32_t column)
{
    for (int32_t i = 0; i < query->group_count; i++) {
        const Expr *key = group_key(query, i);

        if ((key->kind == EXPR_COLUMN || key->kind == EXPR_WHOLE_ROW) && key->column.levels_up == 0 && key->column.relation == relation &&
            key->column.column == column)
            return true;
    }
    return false;
}

/* The other columns of a row depend on its primary key when all of that is grouped by. */
static bool depends_on_grouped(Scope *scope, int32_t relation)
{
    const Query      *query = scope->query;
    const RangeEntry *entry = query->ranges[relation - 1];

    if (entry->kind != RANGE_TABLE || query->grouping_sets.count > 0)
        return false;
    for (int16_t i = 0; i < entry->table->constraint_count; i++) {
        const ConstraintDesc *constraint = &entry->table->constraints[i];
        bool                  all = constraint->kind == CONSTRAINT_PRIMARY && !constraint->deferrable;

        for (int16_t k = 0; all && k < constraint->column_count; k++)
            all = column_is_grouped(query, relation, constraint->columns[k]);
        if (all)
            return true;
    }
    return false;
}

static noreturn void raise_ungrouped(const Check *check, const Expr *column)
{
    const RangeEntry *entry = check->scope->query->ranges[column->column.relation - 1];
    const char       *name;

    if (column->column.column > 0)
        name = entry->columns[column->column.column - 1].name;
    else
        name = column->column.column == 0 ? "*" : column->column.column == COLUMN_CTID ? "ctid" : column->column.column == COLUMN_XMIN ? "xmin" : "tableoid";
    if (check->level > 0)
        bind_error(SQLSTATE_GROUPING_ERROR, column->location, "subquery uses ungrouped column \"%s.%s\" from outer query", entry->alias, name);
    if (check->in_direct_args)
        bind_error_detail(SQLSTATE_GROUPING_ERROR, column->location, "Direct arguments of an ordered-set aggregate must use only grouped columns.",
                          "column \"%s.%s\" must appear in the GROUP BY clause or be used in an aggregate function", entry->alias, name);
    bind_error(SQLSTATE_GROUPING_ERROR, column->location, "column \"%s.%s\" must appear in the GROUP BY clause or be used in an aggregate function",
               entry->alias, name);
}

static void check_grouping_call(const Check *check, Expr *expr)
{
    const Query *query = check->scope->query;

    expr->grouping.refs = ARENA_ARRAY(check->scope->b->arena, (size_t)MAX(expr->grouping.args.count, 1), int32_t);
    for (int32_t i = 0; i < expr->grouping.args.count; i++) {
        int32_t found = -1;

        for (int32_t k = 0; k < query->group_count && found < 0; k++) {
            if (expr_equal(expr->grouping.args.items[i], group_key(query, k)))
                found = k;
        }
        if (found < 0)
            bind_error(SQLSTATE_GROUPING_ERROR, expr_location(expr->grouping.args.items[i]), "arguments to GROUPING must be grouping expressions of the associated query level");
        expr->grouping.refs[i] = found;
    }
}

static bool check_expr(Expr *expr, void *context);

static bool check_query(Query *query, void *context)
{
    Check *check = context;

    check->level++;
    query_walk(query, check_expr, check);
    query_walk_subqueries(query, check_query, check);
    check->level--;
    return false;
}

static bool check_expr(Expr *expr, void *context)
{
    Check *check = context;
    Query *query = check->scope->query;

    if (expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM)
        return false;
    if (expr->kind == EXPR_AGG && expr->agg.levels_up == check->level) {
        check->in_direct_args = true;
        for (int32_t i = 0; i < expr->agg.direct_args.count; i++)
            check_expr(expr->agg.direct_args.items[i], check);
        check->in_direct_args = false;
        return false;
    }
    if (expr->kind == EXPR_AGG && expr->agg.levels_up > check->level)
        return false;
    if (expr->kind == EXPR_GROUPING && check->level == 0) {
        check_grouping_call(check, expr);
        return false;
    }
    if (check->has_expressions && check->level == 0) {
        for (int32_t i = 0; i < query->group_count; i++) {
            if (expr_equal(expr, group_key(query, i)))
                return false;
        }
    }
    if (expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) {
        if (expr->column.levels_up != check->level || column_is_grouped(query, expr->column.relation, expr->column.column) ||
            depends_on_grouped(check->scope, expr->column.relation))
            return false;
        raise_ungrouped(check, expr);
    }
    if (expr->kind == EXPR_SUBQUERY)
        check_query(expr->subquery.query, check);
    expr_walk(expr, check_expr, context);
    return false;
}

void check_aggregates(Scope *scope)
{
    Query *query = scope->query;
    Check  check = {.scope = scope};

    if (!scope->has_aggregates && query->group_count == 0 && query->grouping_sets.count == 0 && query->having == NULL)
        return;
    for (int32_t i = 0; i < query->group_count; i++)
        check.has_expressions |= group_key(query, i)->kind != EXPR_COLUMN;
    for (int32_t i = 0; i < query->target_count; i++)
        check_expr(query->targets[i].expr, &check);
    if (query->having != NULL)
        check_expr(query->having, &check);
}
