/*
 * prep_subquery.c - subqueries in FROM and in WHERE that become part of the query around them.
 *
 * A simple subquery (no aggregation, DISTINCT, LIMIT ...) gives its FROM to its parent and its targets take the place of the columns
 * that read them. EXISTS and IN in WHERE become semi joins, NOT EXISTS and NOT IN anti joins, scalar aggregates that
 * are correlated by equality a join with a grouped subquery where nothing can tell the difference.
 */
#include "executor/plan/plan_internal.h"

/* ---- moving a query's range table into another ------------------------------------------------------------------------------------------ */

static void add_range(Planner *planner, Query *query, RangeEntry *entry)
{
    RangeEntry **wider = ARENA_ARRAY(planner->arena, (size_t)query->range_count + 1, RangeEntry *);

    plan_copy(wider, query->ranges, sizeof *wider * (size_t)query->range_count);
    wider[query->range_count++] = entry;
    query->ranges = wider;
}

typedef struct ShiftRanges {
    Planner *planner;
    int32_t  delta;
    int32_t  depth;
} ShiftRanges;

static void shift_tree(JoinTree *tree, int32_t delta)
{
    if (tree->range > 0) {
        tree->range += delta;
        return;
    }
    if (tree->join_range > 0)
        tree->join_range += delta;
    shift_tree(tree->left, delta);
    shift_tree(tree->right, delta);
}

static bool shift_one(Expr *expr, void *context)
{
    expr_shift_ranges(expr, *(int32_t *)context, 0);
    return false;
}

typedef struct ShiftBelow {
    int32_t delta;
    int32_t depth;
} ShiftBelow;

static bool shift_in_sub(Expr *expr, void *context)
{
    ShiftBelow *shift = context;

    expr_shift_ranges(expr, shift->delta, shift->depth);
    return false;
}

static bool shift_subquery(Query *query, void *context)
{
    ShiftBelow *shift = context;

    shift->depth++;
    query_walk(query, shift_in_sub, shift);
    query_walk_subqueries(query, shift_subquery, shift);
    shift->depth--;
    return false;
}

/* Moves the subquery's entries behind the query's own. Every reference to them, from wherever, follows. */
static int32_t merge_ranges(Planner *planner, Query *query, Query *sub)
{
    int32_t    delta = query->range_count;
    ShiftBelow below = {delta, 0};

    query_walk(sub, shift_one, &delta);
    query_walk_subqueries(sub, shift_subquery, &below); /* lateral references inside derived tables */
    for (int32_t i = 0; i < sub->from_count; i++)
        shift_tree(sub->from[i], delta);
    for (int32_t i = 0; i < sub->range_count; i++)
        add_range(planner, query, sub->ranges[i]);
    return delta;
}

/* ---- substituting targets ------------------------------------------------------------------------------------------------------------------ */

typedef struct Substitute {
    Planner      *planner;
    int32_t       range;
    const Target *targets; /* visible ones come first, in column order */
    int32_t       depth;
} Substitute;

static bool substitute_below(Query *query, void *context);
static Expr *substitute(Expr *expr, void *context);

static void substitute_query(Substitute *job, Query *query)
{
    query_mutate(query, substitute, job);
    query_walk_subqueries(query, substitute_below, job);
}

static bool substitute_below(Query *query, void *context)
{
    Substitute *job = context;

    job->depth++;
    substitute_query(job, query);
    job->depth--;
    return false;
}

static const Target *visible_target(const Target *targets, int32_t column)
{
    for (int32_t i = 0;; i++) {
        if (targets[i].junk)
            continue;
        if (--column == 0)
            return &targets[i];
    }
}

static Expr *substitute(Expr *expr, void *context)
{
    Substitute *job = context;

    if (expr->kind == EXPR_COLUMN && expr->column.relation == job->range && expr->column.levels_up == job->depth && expr->column.column > 0) {
        Expr *value = visible_target(job->targets, expr->column.column)->expr;

        value = expr_copy(job->planner->arena, value);
        if (job->depth > 0)
            expr_shift_levels(value, job->depth, 0);
        return value;
    }
    if (expr->kind == EXPR_SUBQUERY) {
        job->depth++;
        substitute_query(job, expr->subquery.query);
        job->depth--;
    }
    return expr_mutate(job->planner->arena, expr, substitute, job);
}

/* ---- what can be pulled up -------------------------------------------------------------------------------------------------------------------- */

static bool is_simple(const Query *sub)
{
    return sub->command == QUERY_SELECT && sub->set_op == NULL && !sub->has_aggregates && !sub->has_windows && !sub->has_set_calls &&
           sub->group_count == 0 && sub->grouping_sets.count == 0 && sub->having == NULL && !sub->distinct && sub->order_count == 0 &&
           sub->limit == NULL && sub->offset == NULL && sub->mark_count == 0 && !sub->has_for_update && sub->cte_count == 0 && sub->from_count > 0;
}

static bool targets_are_plain(const Query *sub)
{
    for (int32_t i = 0; i < sub->target_count; i++) {
        const Expr *expr = sub->targets[i].expr;

        if (expr->kind != EXPR_COLUMN || expr->column.levels_up != 0 || expr->column.column <= 0)
            return false;
    }
    return true;
}

static bool targets_are_stable(const Query *sub)
{
    for (int32_t i = 0; i < sub->target_count; i++) {
        if (expr_is_volatile(sub->targets[i].expr) || expr_contains(sub->targets[i].expr, EXPR_SUBQUERY))
            return false;
    }
    return true;
}

static bool has_outer_join(const JoinTree *tree)
{
    return tree->range == 0 && (tree->type != JOIN_INNER || has_outer_join(tree->left) || has_outer_join(tree->right));
}

static bool wants_whole_row(Expr *expr, void *context)
{
    int32_t range = *(int32_t *)context;

    if ((expr->kind == EXPR_WHOLE_ROW || (expr->kind == EXPR_COLUMN && expr->column.column <= 0)) && expr->column.relation == range)
        return true;
    if (expr->kind == EXPR_SUBQUERY && query_walk(expr->subquery.query, wants_whole_row, context))
        return true;
    return expr_walk(expr, wants_whole_row, context);
}

/* The subquery's FROM as one tree, its WHERE as the condition of what is returned by *where. */
static JoinTree *from_as_tree(Planner *planner, Query *sub)
{
    JoinTree *tree = sub->from[0];

    for (int32_t i = 1; i < sub->from_count; i++) {
        JoinTree *join = ARENA_NEW(planner->arena, JoinTree);

        join->type = JOIN_INNER;
        join->left = tree;
        join->right = sub->from[i];
        tree = join;
    }
    return tree;
}

typedef struct PullUp {
    Planner *planner;
    Query   *query;
} PullUp;

/* nullable: some outer join above may make the rows NULL. below_full and so on keep conditions where they were. */
static JoinTree *pull_up_tree(PullUp *job, JoinTree *tree, bool nullable, Expr **where_out)
{
    RangeEntry *entry;
    Query      *sub;
    int32_t     range = tree->range;

    if (tree->range == 0) {
        bool  left_null = nullable || tree->type == JOIN_RIGHT || tree->type == JOIN_FULL;
        bool  right_null = nullable || tree->type == JOIN_LEFT || tree->type == JOIN_FULL;
        Expr *left_where = NULL;
        Expr *right_where = NULL;

        tree->left = pull_up_tree(job, tree->left, left_null, &left_where);
        if (tree->join_range != -1) /* NOT IN compares with the subquery as it is */
            tree->right = pull_up_tree(job, tree->right, right_null, &right_where);
        /* a condition of the side that is kept whole may go up; of the other it belongs to the join's own condition */
        if (tree->type == JOIN_INNER) {
            *where_out = expr_and(job->planner->arena, *where_out, expr_and(job->planner->arena, left_where, right_where));
        } else if (tree->type == JOIN_LEFT || tree->type == JOIN_SEMI || tree->type == JOIN_ANTI) {
            *where_out = expr_and(job->planner->arena, *where_out, left_where);
            tree->condition = expr_and(job->planner->arena, tree->condition, right_where);
        } else if (tree->type == JOIN_RIGHT) {
            *where_out = expr_and(job->planner->arena, *where_out, right_where);
            tree->condition = expr_and(job->planner->arena, tree->condition, left_where);
        }
        return tree;
    }
    entry = job->query->ranges[range - 1];
    sub = entry->subquery;
    if (entry->kind != RANGE_SUBQUERY)
        return tree;
    prep_pull_up(job->planner, sub);
    if (!is_simple(sub) || job->query->range_count + sub->range_count > MAX_RELATIONS || !targets_are_stable(sub) ||
        (nullable && (!targets_are_plain(sub) || sub->from_count > 1 || has_outer_join(sub->from[0]))) || entry->lateral)
        return tree;
    if (query_walk(job->query, wants_whole_row, &range))
        return tree;
    merge_ranges(job->planner, job->query, sub);
    {
        Substitute substitution = {job->planner, range, sub->targets, 0};

        substitute_query(&substitution, job->query);
        if (*where_out != NULL)
            *where_out = substitute(*where_out, &substitution);
    }
    for (int32_t i = 0; i < job->query->mark_count; i++) {
        if (job->query->marks[i].range == range)
            job->query->marks[i].range = 0; /* its relations are marked by the analyzer themselves */
    }
    job->query->has_subqueries |= sub->has_subqueries;
    job->query->has_volatile |= sub->has_volatile;
    *where_out = expr_and(job->planner->arena, *where_out, sub->where);
    return from_as_tree(job->planner, sub);
}

static bool full_join_above(const JoinTree *tree)
{
    return tree->range == 0 && (tree->type == JOIN_FULL || full_join_above(tree->left) || full_join_above(tree->right));
}

void prep_pull_up(Planner *planner, Query *query)
{
    PullUp job = {planner, query};

    if (query->set_op != NULL)
        return;
    for (int32_t i = 0; i < query->from_count; i++) {
        Expr *where = NULL;

        if (full_join_above(query->from[i]))
            continue; /* a condition from below a FULL join has no place to go */
        query->from[i] = pull_up_tree(&job, query->from[i], false, &where);
        if (where != NULL)
            query->where = expr_and(planner->arena, query->where, where);
    }
    prep_sublinks(planner, query);
}

/* ---- EXISTS and IN --------------------------------------------------------------------------------------------------------------------------- */

typedef struct SublinkUse {
    int32_t  delta;    /* of the subquery's ranges in the parent */
    bool     outer;    /* speaks of the parent's columns */
    bool     inner;
    bool     deeper;   /* of levels above the parent */
} SublinkUse;

static bool see_levels(Expr *expr, void *context)
{
    SublinkUse *use = context;

    if (expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) {
        if (expr->column.levels_up == 0)
            use->inner = true;
        else if (expr->column.levels_up == 1)
            use->outer = true;
        else
            use->deeper = true;
        return false;
    }
    if (expr->kind == EXPR_SUBQUERY)
        use->deeper = true; /* not looked into: such conditions are left as they are */
    return expr_walk(expr, see_levels, context);
}

/* Whether anything but WHERE refers to the parent: then the subquery must stay one. */
static bool from_is_correlated(Query *sub)
{
    for (int32_t i = 0; i < sub->range_count; i++) {
        const RangeEntry *entry = sub->ranges[i];

        if (entry->lateral || entry->kind == RANGE_CTE)
            return entry->lateral;
        if (entry->kind == RANGE_SUBQUERY || entry->kind == RANGE_FUNCTION || entry->kind == RANGE_VALUES) {
            for (int32_t k = 0; k < entry->function_count; k++) {
                if (expr_has_columns(entry->functions[k], 1))
                    return true;
            }
            if (entry->kind == RANGE_SUBQUERY)
                return true; /* it could speak of the parent deep inside: judged too costly to find out */
        }
    }
    return false;
}

static bool tree_condition_correlated(const JoinTree *tree)
{
    if (tree->range > 0)
        return false;
    return (tree->condition != NULL && expr_has_columns(tree->condition, 1)) || tree_condition_correlated(tree->left) || tree_condition_correlated(tree->right);
}

/* Joins the subquery's FROM to the query's as the right side of a semi or anti join. */
static void attach(Planner *planner, Query *query, JoinType type, JoinTree *right, Expr *condition, bool null_aware)
{
    JoinTree *join = ARENA_NEW(planner->arena, JoinTree);

    join->type = type;
    join->left = from_as_tree(planner, query);
    join->right = right;
    join->condition = condition;
    join->join_range = null_aware ? -1 : 0; /* -1 marks NOT IN: see join_tree.c */
    query->from = ARENA_ARRAY(planner->arena, 1, JoinTree *);
    query->from[0] = join;
    query->from_count = 1;
}

static bool pull_exists(Planner *planner, Query *query, Expr *sublink, bool negated)
{
    Query     *sub = sublink->subquery.query;
    SublinkUse use = {0};
    Expr      *condition;
    JoinTree  *tree;

    if (sub->command != QUERY_SELECT || sub->set_op != NULL || sub->has_aggregates || sub->has_windows || sub->has_set_calls || sub->group_count > 0 ||
        sub->grouping_sets.count > 0 || sub->having != NULL || sub->limit != NULL || sub->offset != NULL || sub->cte_count > 0 || sub->mark_count > 0 ||
        sub->from_count == 0 || sub->where == NULL || query->from_count == 0 || query->range_count + sub->range_count > MAX_RELATIONS)
        return false;
    if (from_is_correlated(sub))
        return false;
    for (int32_t i = 0; i < sub->from_count; i++) {
        if (tree_condition_correlated(sub->from[i]))
            return false;
    }
    see_levels(sub->where, &use);
    if (!use.outer || !use.inner || use.deeper || expr_is_volatile(sub->where))
        return false;
    merge_ranges(planner, query, sub);
    condition = sub->where;
    expr_shift_levels(condition, -1, 1);
    tree = from_as_tree(planner, sub);
    attach(planner, query, negated ? JOIN_ANTI : JOIN_SEMI, tree, condition, false);
    return true;
}

typedef struct TestColumns {
    Planner *planner;
    Query   *query;
    int32_t  range;
    const Expr *sublink;
} TestColumns;

/* The test's parameters become columns of the subquery's range entry. */
static Expr *test_column(Expr *expr, void *context)
{
    TestColumns *job = context;

    if (expr->kind == EXPR_PARAM && expr->param.internal) {
        Expr *column = expr_column(job->planner->arena, job->query, job->range, expr->param.number);

        return column;
    }
    return expr_mutate(job->planner->arena, expr, test_column, job);
}

static bool has_any_outer(Expr *expr, void *context)
{
    int32_t depth = *(int32_t *)context;

    if ((expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) && expr->column.levels_up > depth)
        return true;
    if (expr->kind == EXPR_AGG && expr->agg.levels_up > depth)
        return true;
    if (expr->kind == EXPR_SUBQUERY) {
        int32_t below = depth + 1;

        if (query_walk(expr->subquery.query, has_any_outer, &below))
            return true;
    }
    return expr_walk(expr, has_any_outer, context);
}

static bool query_has_outer(Query *query, void *context)
{
    int32_t depth = *(int32_t *)context + 1;

    return query_walk(query, has_any_outer, &depth) || query_walk_subqueries(query, query_has_outer, &depth);
}

static bool is_correlated(Query *query)
{
    int32_t depth = -1;

    return query_has_outer(query, &depth);
}

static RangeEntry *subquery_entry(Planner *planner, Query *sub, const char *alias)
{
    RangeEntry  *entry = ARENA_NEW(planner->arena, RangeEntry);
    RangeColumn *columns = ARENA_ARRAY_ZEROED(planner->arena, (size_t)sub->target_count + 1, RangeColumn);
    int32_t      count = 0;

    for (int32_t i = 0; i < sub->target_count; i++) {
        const Target *target = &sub->targets[i];

        if (!target->junk)
            columns[count++] = (RangeColumn){target->name, target->expr->type, target->expr->typmod, target->expr->collation, false};
    }
    *entry = (RangeEntry){.kind = RANGE_SUBQUERY, .alias = alias, .column_count = count, .columns = columns, .in_from = true, .subquery = sub};
    return entry;
}

/* x IN (SELECT y ...): a semi join on the test. NOT IN: an anti join that knows about NULLs. */
static bool pull_in(Planner *planner, Query *query, Expr *sublink, bool negated)
{
    Query      *sub = sublink->subquery.query;
    TestColumns job = {planner, query, 0, sublink};
    JoinTree   *leaf;
    Expr       *test;

    if (query->from_count == 0 || query->range_count >= MAX_RELATIONS || sub->command != QUERY_SELECT || is_correlated(sub) || expr_is_volatile(sublink->subquery.test))
        return false;
    if (!expr_has_columns(sublink->subquery.test, 0) || sublink->subquery.lefts.count == 0)
        return false;
    for (int32_t i = 0; i < sublink->subquery.lefts.count; i++) {
        if (expr_contains(sublink->subquery.lefts.items[i], EXPR_SUBQUERY))
            return false;
    }
    if (negated && sublink->subquery.lefts.count > 1)
        return false; /* NULLs in rows of several columns are not all or nothing */
    if (negated && (sublink->subquery.test->kind != EXPR_CALL || sublink->subquery.test->call.op == NULL || strcmp(sublink->subquery.test->call.op->name, "=") != 0 ||
                    !sublink->subquery.test->call.op->hashes || sublink->subquery.test->call.args.items[0]->type != sublink->subquery.test->call.args.items[1]->type))
        return false;
    add_range(planner, query, subquery_entry(planner, sub, "ANY_subquery"));
    job.range = query->range_count;
    test = test_column(sublink->subquery.test, &job);
    leaf = ARENA_NEW(planner->arena, JoinTree);
    leaf->range = job.range;
    attach(planner, query, negated ? JOIN_ANTI : JOIN_SEMI, leaf, test, negated);
    return true;
}

void prep_sublinks(Planner *planner, Query *query)
{
    ExprVec conjuncts = {0};
    Expr   *kept = NULL;
    bool    pulled = false;

    if (!query->has_subqueries || query->where == NULL)
        return;
    if (query->command != QUERY_SELECT && query->result_range > 0 && query->from_count == 0)
        return;
    query->where = prep_simplify(planner, query->where);
    prep_conjuncts(planner->arena, query->where, &conjuncts);
    for (int32_t i = 0; i < conjuncts.count; i++) {
        Expr *part = conjuncts.items[i];
        bool  negated = part->kind == EXPR_NOT;
        Expr *sublink = negated ? part->list.args.items[0] : part;
        bool  done = false;

        if (sublink->kind == EXPR_SUBQUERY && sublink->subquery.kind == SUBQUERY_EXISTS)
            done = pull_exists(planner, query, sublink, negated);
        else if (sublink->kind == EXPR_SUBQUERY && sublink->subquery.kind == SUBQUERY_ANY)
            done = pull_in(planner, query, sublink, negated);
        if (done)
            pulled = true;
        else
            kept = expr_and(planner->arena, kept, part);
    }
    query->where = kept;
    if (pulled) { /* what was pulled up may itself be simple */
        PullUp job = {planner, query};
        Expr  *where = NULL;

        query->from[0] = pull_up_tree(&job, query->from[0], false, &where);
        query->where = expr_and(planner->arena, query->where, where);
    }
}
