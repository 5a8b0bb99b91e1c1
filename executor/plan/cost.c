/*
 * cost.c - how many rows a condition leaves, and what work costs.
 *
 * Costs are in PostgreSQL's unit, a sequentially read page, so that numbers in EXPLAIN look familiar; the constants of reading rows are ours.
 */
#include "executor/plan/plan_internal.h"
#include "executor/plan/stats.h"

#include <math.h>

double clamp_rows(double rows)
{
    if (!(rows > 1))
        return 1;
    return rows > 1e15 ? 1e15 : rint(rows);
}

TableStats stats_table(Session *session, const RelationDesc *table)
{
    TableStats stats;
    TableSize  size;

    if (table->group_count == 0 || (table->relkind != 'r' && table->relkind != 'm'))
        return (TableStats){1000, 10};
    size = table_size(session->engine, table);
    stats.rows = (double)size.row_estimate;
    stats.pages = ceil((double)size.main_bytes / 8192);
    return stats;
}

double stats_distinct(Session *session, const RelationDesc *table, int16_t column, double rows)
{
    (void)session;
    for (int16_t i = 0; i < table->constraint_count; i++) {
        const ConstraintDesc *constraint = &table->constraints[i];

        if ((constraint->kind == CONSTRAINT_PRIMARY || constraint->kind == CONSTRAINT_UNIQUE) && constraint->column_count == 1 && constraint->columns[0] == column)
            return rows;
    }
    return 0;
}

/* ---- selectivity ---------------------------------------------------------------------------------------------------------------------------- */

double distinct_values(Level *level, const Expr *expr, double rows)
{
    const Expr *at = expr;

    while (at->kind == EXPR_RELABEL || at->kind == EXPR_COERCE_TYPMOD)
        at = at->unary.arg;
    if (at->type == TYPE_BOOL)
        return MIN(2, rows);
    if (at->kind == EXPR_COLUMN && at->column.levels_up == 0 && at->column.relation > 0 && at->column.relation <= level->query->range_count) {
        const RangeEntry *entry = level->query->ranges[at->column.relation - 1];
        int32_t           number = level->rel_of_range == NULL ? -1 : level->rel_of_range[at->column.relation - 1];
        double            tuples = number >= 0 ? level->rels[number]->tuples : rows;

        if (entry->kind == RANGE_TABLE && at->column.column > 0) {
            double known = stats_distinct(level->planner->session, entry->table, (int16_t)at->column.column, MAX(tuples, 1));

            if (known > 0)
                return known;
        }
        if (entry->kind == RANGE_TABLE && at->column.column == COLUMN_ROW_ID)
            return MAX(tuples, 1);
        return MAX(1, MIN(STATS_DEFAULT_DISTINCT, tuples));
    }
    return MAX(1, MIN(STATS_DEFAULT_DISTINCT, rows));
}

static double rows_of(Level *level, const Expr *expr)
{
    RelSet rels = level->rel_of_range == NULL ? 0 : level_rels_of(level, expr);

    for (int32_t i = 0; i < level->rel_count; i++) {
        if (rels == level->rels[i]->self)
            return MAX(level->rels[i]->tuples, 1);
    }
    return 1000;
}

static double selectivity_of(Level *level, Expr *expr);

static double equal_selectivity(Level *level, const Expr *expr)
{
    const Expr *left = expr->call.args.items[0];
    const Expr *right = expr->call.args.items[1];
    RelSet      left_rels = level->rel_of_range == NULL ? 0 : level_rels_of(level, left);
    RelSet      right_rels = level->rel_of_range == NULL ? 0 : level_rels_of(level, right);

    if (left_rels != 0 && right_rels != 0)
        return 1 / MAX(distinct_values(level, left, rows_of(level, left)), distinct_values(level, right, rows_of(level, right)));
    if (left_rels == 0 && right_rels != 0)
        left = right;
    return 1 / distinct_values(level, left, rows_of(level, left));
}

static double call_selectivity(Level *level, Expr *expr)
{
    const char *estimator = expr->call.op == NULL ? "" : expr->call.op->restrict_estimator;

    if (strcmp(estimator, "eqsel") == 0 && expr->call.args.count == 2)
        return equal_selectivity(level, expr);
    if (strcmp(estimator, "neqsel") == 0 && expr->call.args.count == 2)
        return 1 - equal_selectivity(level, expr);
    if (strncmp(estimator, "scalar", 6) == 0)
        return STATS_INEQUALITY;
    if (strcmp(estimator, "likesel") == 0 || strcmp(estimator, "iclikesel") == 0 || strcmp(estimator, "regexeqsel") == 0 || strcmp(estimator, "icregexeqsel") == 0)
        return STATS_MATCH;
    if (strncmp(estimator, "n", 1) == 0 && strstr(estimator, "likesel") != NULL)
        return 1 - STATS_MATCH;
    if (strcmp(estimator, "contsel") == 0 || strcmp(estimator, "matchingsel") == 0 || strcmp(estimator, "arraycontsel") == 0)
        return 0.001;
    return expr->call.op != NULL ? STATS_UNKNOWN : STATS_INEQUALITY;
}

/* A lower and an upper bound on the same expression are one range. */
static double and_selectivity(Level *level, ExprList list)
{
    double selectivity = 1;

    for (int32_t i = 0; i < list.count; i++) {
        Expr *expr = list.items[i];
        bool  paired = false;

        if (expr->kind == EXPR_CALL && expr->call.op != NULL && strncmp(expr->call.op->restrict_estimator, "scalar", 6) == 0) {
            for (int32_t k = 0; k < list.count && !paired; k++) {
                Expr *other = list.items[k];

                paired = k != i && other->kind == EXPR_CALL && other->call.op != NULL && strncmp(other->call.op->restrict_estimator, "scalar", 6) == 0 &&
                         other->call.op->restrict_estimator[6] != expr->call.op->restrict_estimator[6] &&
                         expr_equal(other->call.args.items[0], expr->call.args.items[0]);
                if (paired && k < i)
                    break;
                if (paired)
                    selectivity *= STATS_RANGE;
            }
        }
        if (!paired)
            selectivity *= selectivity_of(level, expr);
    }
    return selectivity;
}

static double selectivity_of(Level *level, Expr *expr)
{
    double selectivity;

    switch (expr->kind) {
    case EXPR_CONST:
        return !expr->constant.is_null && expr->constant.value.boolean ? 1 : 0;
    case EXPR_CALL:
        return call_selectivity(level, expr);
    case EXPR_AND:
        return and_selectivity(level, expr->list.args);
    case EXPR_OR:
        selectivity = 0;
        for (int32_t i = 0; i < expr->list.args.count; i++) {
            double one = selectivity_of(level, expr->list.args.items[i]);

            selectivity = selectivity + one - selectivity * one;
        }
        return selectivity;
    case EXPR_NOT:
        return 1 - selectivity_of(level, expr->list.args.items[0]);
    case EXPR_IS_NULL:
        return expr->unary.negated ? 1 - STATS_NULL : STATS_NULL;
    case EXPR_BOOLEAN_TEST:
        return expr->unary.negated ? 0.99 : STATS_UNKNOWN;
    case EXPR_ANY_ALL: {
        double one = 1 / distinct_values(level, expr->any_all.left, rows_of(level, expr->any_all.left));
        double count = expr->any_all.right->kind == EXPR_ARRAY ? expr->any_all.right->list.args.count : 10;

        if (expr->any_all.op != NULL && strcmp(expr->any_all.op->name, "=") != 0)
            return expr->any_all.all ? 1 - MIN(one * count, 0.9) : STATS_UNKNOWN;
        return expr->any_all.all ? one : MIN(one * count, 1);
    }
    case EXPR_COLUMN:
        return STATS_UNKNOWN;
    case EXPR_SUBQUERY:
        return STATS_UNKNOWN;
    default:
        return STATS_UNKNOWN;
    }
}

double qual_selectivity(Level *level, Qual *qual)
{
    if (qual->selectivity < 0)
        qual->selectivity = selectivity_of(level, qual->expr);
    return qual->selectivity;
}

double quals_selectivity(Level *level, const QualList *quals)
{
    ExprList list = {quals->count, ARENA_ARRAY(level->arena, (size_t)quals->count + 1, Expr *)};

    if (quals->count == 1)
        return qual_selectivity(level, quals->items[0]);
    for (int32_t i = 0; i < quals->count; i++)
        list.items[i] = quals->items[i]->expr;
    return and_selectivity(level, list);
}

/* ---- costs --------------------------------------------------------------------------------------------------------------------------------------- */

static bool add_cost(Expr *expr, void *context)
{
    double *cost = context;

    switch (expr->kind) {
    case EXPR_CALL:
    case EXPR_ANY_ALL:
    case EXPR_COERCE_IO:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_ROW_COMPARE:
        *cost += COST_OPERATOR;
        break;
    case EXPR_SUBQUERY:
        *cost += 1;
        break;
    default:
        break;
    }
    return expr_walk(expr, add_cost, context);
}

double expr_cost(const Expr *expr)
{
    double cost = 0;

    if (expr != NULL)
        add_cost((Expr *)expr, &cost);
    return cost;
}

/* limit < 0: all rows are wanted. */
void cost_sort(double rows, double width, double limit, double *startup, double *run)
{
    double compare = 2 * COST_OPERATOR;

    (void)width;
    rows = MAX(rows, 2);
    if (limit >= 0 && limit * 2 < rows)
        *startup = compare * rows * log2(MAX(2 * limit, 2));
    else
        *startup = compare * rows * log2(rows);
    *run = COST_OPERATOR * (limit >= 0 ? limit : rows);
}
