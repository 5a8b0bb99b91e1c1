/* aggregate.c - aggregate calls: which query they belong to, where they may stand. */
#include "executor/analyze/binder.h"

/* ---- searching ---------------------------------------------------------------------------------------------------------------- */

typedef struct LevelSearch {
    int32_t level;     /* of the query searched, counted from where the search began */
    int32_t min_column; /* the innermost level that a column comes from; INT32_MAX: none */
    int32_t min_agg;
    int32_t agg_location;
    int32_t window_location;
    int32_t set_location;
} LevelSearch;

enum { NO_LEVEL = INT32_MAX, NO_LOCATION = -2 };

static bool search_levels(Expr *expr, void *context);

static bool search_query(Query *query, void *context)
{
    LevelSearch *search = context;

    search->level++;
    query_walk(query, search_levels, search);
    query_walk_subqueries(query, search_query, search);
    search->level--;
    return false;
}

static bool search_levels(Expr *expr, void *context)
{
    LevelSearch *search = context;
    int32_t      level;

    switch (expr->kind) {
    case EXPR_COLUMN:
    case EXPR_WHOLE_ROW:
        level = expr->column.levels_up - search->level;
        if (level >= 0)
            search->min_column = MIN(search->min_column, level);
        return false;
    case EXPR_AGG:
        level = expr->agg.levels_up - search->level;
        if (level >= 0 && level < search->min_agg) {
            search->min_agg = level;
            search->agg_location = expr->location;
        }
        break;
    case EXPR_GROUPING:
        if (search->level == 0 && search->min_agg > 0) {
            search->min_agg = 0;
            search->agg_location = expr->location;
        }
        break;
    case EXPR_WINDOW:
        if (search->level == 0 && search->window_location == NO_LOCATION)
            search->window_location = expr->location;
        break;
    case EXPR_SET_CALL:
        if (search->level == 0 && search->set_location == NO_LOCATION)
            search->set_location = expr->location;
        break;
    case EXPR_SUBQUERY:
        search_query(expr->subquery.query, search);
        break;
    default:
        break;
    }
    expr_walk(expr, search_levels, context);
    return false;
}

static void search_list(LevelSearch *search, ExprList list)
{
    for (int32_t i = 0; i < list.count; i++) {
        if (list.items[i] != NULL)
            search_levels(list.items[i], search);
    }
}

static const LevelSearch empty_search = {.min_column = NO_LEVEL, .min_agg = NO_LEVEL, .window_location = NO_LOCATION, .set_location = NO_LOCATION};

typedef struct AggregateSearch {
    int32_t level;
    int32_t location;
    bool    found;
} AggregateSearch;

static bool find_aggregate(Expr *expr, void *context);

static bool find_aggregate_in_query(Query *query, void *context)
{
    AggregateSearch *search = context;
    bool             found;

    search->level++;
    found = query_walk(query, find_aggregate, search) || query_walk_subqueries(query, find_aggregate_in_query, search);
    search->level--;
    return found;
}

static bool find_aggregate(Expr *expr, void *context)
{
    AggregateSearch *search = context;

    if ((expr->kind == EXPR_AGG && expr->agg.levels_up == search->level) || (expr->kind == EXPR_GROUPING && search->level == 0)) {
        search->found = true;
        search->location = expr->location;
        return true;
    }
    if (expr->kind == EXPR_SUBQUERY && find_aggregate_in_query(expr->subquery.query, search))
        return true;
    return expr_walk(expr, find_aggregate, context);
}

bool contains_aggregate_of_level(const Expr *expr, int32_t level)
{
    AggregateSearch search = {.level = level};

    return find_aggregate((Expr *)expr, &search);
}

int32_t locate_aggregate_of_level(const Expr *expr, int32_t level)
{
    AggregateSearch search = {.level = level, .location = -1};

    find_aggregate((Expr *)expr, &search);
    return search.location;
}

int32_t locate_window(const Expr *expr)
{
    LevelSearch search = empty_search;

    search_levels((Expr *)expr, &search);
    return search.window_location == NO_LOCATION ? -1 : search.window_location;
}

/* ---- where they may stand -------------------------------------------------------------------------------------------------------- */

/* The place in the words of "... are not allowed in"; NULL: allowed there. */
static const char *aggregate_refusal(Clause clause)
{
    switch (clause) {
    case CLAUSE_NONE:
    case CLAUSE_HAVING:
    case CLAUSE_WINDOW_PARTITION:
    case CLAUSE_WINDOW_ORDER:
    case CLAUSE_SELECT_TARGET:
    case CLAUSE_ORDER_BY:
    case CLAUSE_DISTINCT_ON:
        return NULL;
    case CLAUSE_FROM_SUBSELECT:
        return "FROM clause of their own query level";
    case CLAUSE_WINDOW_FRAME_RANGE:
        return "window RANGE";
    case CLAUSE_WINDOW_FRAME_ROWS:
        return "window ROWS";
    case CLAUSE_WINDOW_FRAME_GROUPS:
        return "window GROUPS";
    default:
        return clause_name(clause);
    }
}

static const char *clause_words(Clause clause)
{
    switch (clause) {
    case CLAUSE_JOIN_ON:
    case CLAUSE_JOIN_USING:
        return "JOIN conditions";
    case CLAUSE_FROM_FUNCTION:
        return "functions in FROM";
    case CLAUSE_MERGE_WHEN:
        return "MERGE WHEN conditions";
    case CLAUSE_CHECK:
    case CLAUSE_DOMAIN_CHECK:
        return "check constraints";
    case CLAUSE_DEFAULT:
        return "DEFAULT expressions";
    case CLAUSE_INDEX_EXPRESSION:
        return "index expressions";
    case CLAUSE_INDEX_PREDICATE:
        return "index predicates";
    case CLAUSE_ALTER_TYPE:
        return "transform expressions";
    case CLAUSE_EXECUTE:
        return "EXECUTE parameters";
    case CLAUSE_POLICY:
        return "policy expressions";
    case CLAUSE_PARTITION_BOUND:
        return "partition bound";
    case CLAUSE_CALL:
        return "CALL arguments";
    case CLAUSE_COPY_WHERE:
        return "COPY FROM WHERE conditions";
    case CLAUSE_GENERATED:
        return "column generation expressions";
    default:
        return NULL;
    }
}

static void check_aggregate_place(Clause clause, const char *what, int32_t location)
{
    const char *words = clause_words(clause), *place = words != NULL ? words : aggregate_refusal(clause);

    if (place != NULL)
        bind_error(SQLSTATE_GROUPING_ERROR, location, "%s are not allowed in %s", what, place);
}

static void check_window_place(Clause clause, int32_t location)
{
    const char *words = clause_words(clause);

    switch (clause) {
    case CLAUSE_NONE:
    case CLAUSE_SELECT_TARGET:
    case CLAUSE_ORDER_BY:
    case CLAUSE_DISTINCT_ON:
        return;
    case CLAUSE_WINDOW_PARTITION:
    case CLAUSE_WINDOW_ORDER:
    case CLAUSE_WINDOW_FRAME_RANGE:
    case CLAUSE_WINDOW_FRAME_ROWS:
    case CLAUSE_WINDOW_FRAME_GROUPS:
        words = "window definitions";
        break;
    default:
        break;
    }
    bind_error(SQLSTATE_WINDOWING_ERROR, location, "window functions are not allowed in %s", words != NULL ? words : clause_name(clause));
}

void check_set_call_place(Scope *scope, const Expr *expr, int32_t location)
{
    const char *words = clause_words(scope->clause);

    switch (scope->clause) {
    case CLAUSE_NONE:
    case CLAUSE_FROM_SUBSELECT:
    case CLAUSE_SELECT_TARGET:
    case CLAUSE_INSERT_TARGET:
    case CLAUSE_GROUP_BY:
    case CLAUSE_ORDER_BY:
    case CLAUSE_DISTINCT_ON:
    case CLAUSE_VALUES_SINGLE:
    case CLAUSE_WINDOW_PARTITION:
    case CLAUSE_WINDOW_ORDER:
        scope->has_set_calls = true;
        scope->last_set_call = expr;
        return;
    case CLAUSE_FROM_FUNCTION:
        scope->last_set_call = expr;
        words = NULL;
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "set-returning functions must appear at top level of FROM");
    case CLAUSE_WINDOW_FRAME_RANGE:
    case CLAUSE_WINDOW_FRAME_ROWS:
    case CLAUSE_WINDOW_FRAME_GROUPS:
        words = "window definitions";
        break;
    default:
        break;
    }
    bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "set-returning functions are not allowed in %s", words != NULL ? words : clause_name(scope->clause));
}

/* ---- finishing a call ------------------------------------------------------------------------------------------------------------- */

static Scope *scope_at(Scope *scope, int32_t levels)
{
    for (; levels > 0 && scope->parent != NULL; levels--)
        scope = scope->parent;
    return scope;
}

/* The level whose rows an aggregate gathers: the innermost one that a column of its arguments comes from. */
static int32_t aggregate_level(const Expr *agg)
{
    LevelSearch search = empty_search, direct = empty_search;
    int32_t     level;

    search_list(&search, agg->agg.args);
    if (agg->agg.filter != NULL)
        search_levels(agg->agg.filter, &search);
    if (search.window_location != NO_LOCATION)
        bind_error(SQLSTATE_GROUPING_ERROR, search.window_location, "aggregate function calls cannot contain window function calls");
    if (search.set_location != NO_LOCATION)
        bind_error_hint(SQLSTATE_FEATURE_NOT_SUPPORTED, search.set_location, "You might be able to move the set-returning function into a LATERAL FROM item.",
                        "aggregate function calls cannot contain set-returning function calls");
    level = MIN(search.min_column, search.min_agg);
    if (level == NO_LEVEL)
        level = 0;
    if (search.min_agg == level)
        bind_error(SQLSTATE_GROUPING_ERROR, search.agg_location, "aggregate function calls cannot be nested");
    search_list(&direct, agg->agg.direct_args);
    if (direct.min_column < level)
        bind_error(SQLSTATE_GROUPING_ERROR, agg->location, "outer-level aggregate cannot contain a lower-level variable in its direct arguments");
    if (direct.min_agg <= level)
        bind_error(SQLSTATE_GROUPING_ERROR, direct.agg_location, "aggregate function calls cannot be nested");
    return level;
}

/* ORDER BY and DISTINCT within the call: keys are among the arguments, those only ordered by after them. */
static void bind_aggregate_order(Scope *scope, Expr *agg, const FuncCall *call)
{
    TargetList targets = {0};
    SortList   order = {0};

    for (int32_t i = 0; i < agg->agg.args.count; i++)
        add_target(scope->b, &targets, agg->agg.args.items[i], "", false);
    if (call->agg_within_group) {
        /* the keys are the aggregated arguments themselves, in order */
        LIST_FOREACH(SortBy, sort, call->agg_order)
        {
            Target    *target = &targets.items[sort_index];
            SortClause clause;

            if (target->expr->type == TYPE_UNKNOWN)
                target->expr = coerce_type(scope, target->expr, TYPE_TEXT, -1, CAST_IMPLICIT, true, -1);
            clause = default_sort_clause(scope, target->expr, sort_index, -1, true);
            clause.descending = sort->sortby_dir == SORTBY_DESC;
            if (clause.descending)
                clause.order_op = type_compare_operator(scope->b, target->expr->type, ">")->oid;
            clause.nulls_first = sort->sortby_nulls == SORTBY_NULLS_DEFAULT ? clause.descending : sort->sortby_nulls == SORTBY_NULLS_FIRST;
            order.items = arena_grow(scope->b->arena, order.items, (size_t)order.count * sizeof clause, (size_t)(order.count + 1) * sizeof clause);
            order.items[order.count++] = clause;
        }
    } else if (call->agg_order != NULL) {
        order = bind_sort(scope, call->agg_order, &targets, CLAUSE_ORDER_BY, true);
    }
    if (call->agg_distinct) {
        for (int32_t i = 0; i < targets.count; i++) {
            if (!targets.items[i].junk && targets.items[i].expr->type != TYPE_UNKNOWN && type_compare_operator(scope->b, targets.items[i].expr->type, "<") == NULL)
                bind_error_detail(SQLSTATE_UNDEFINED_FUNCTION, expr_location(targets.items[i].expr), "Aggregates with DISTINCT must be able to sort their inputs.",
                                  "could not identify an ordering operator for type %s", type_text(scope->b, targets.items[i].expr->type));
        }
        order = bind_distinct(scope, &targets, &order, true, "DISTINCT");
    }
    agg->agg.args = (ExprList){0};
    for (int32_t i = 0; i < targets.count; i++)
        agg->agg.args = expr_list_append(scope->b->arena, agg->agg.args, targets.items[i].expr);
    agg->agg.order = order.items;
    agg->agg.order_count = order.count;
    agg->agg.order_written = call->agg_order != NULL;
}

void finish_aggregate(Scope *scope, Expr *agg, const FuncCall *call)
{
    Scope *owner;

    bind_aggregate_order(scope, agg, call);
    if (call->agg_filter != NULL)
        agg->agg.filter = bind_where(scope, call->agg_filter, CLAUSE_FILTER, "FILTER");
    agg->agg.levels_up = aggregate_level(agg);
    owner = scope_at(scope, agg->agg.levels_up);
    check_aggregate_place(owner->clause, "aggregate functions", agg->location);
    owner->has_aggregates = true;
}

void finish_window(Scope *scope, Expr *window, const FuncCall *call)
{
    const WindowDef *over = call->over;
    LevelSearch      search = empty_search;

    search_list(&search, window->window.args);
    if (search.window_location != NO_LOCATION)
        bind_error(SQLSTATE_WINDOWING_ERROR, search.window_location, "window function calls cannot be nested");
    if (search.set_location != NO_LOCATION)
        bind_error_hint(SQLSTATE_FEATURE_NOT_SUPPORTED, search.set_location, "You might be able to move the set-returning function into a LATERAL FROM item.",
                        "window function calls cannot contain set-returning function calls");
    if (call->agg_filter != NULL)
        window->window.filter = bind_where(scope, call->agg_filter, CLAUSE_FILTER, "FILTER");
    check_window_place(scope->clause, window->location);
    scope->has_windows = true;
    window->window.window = -1;
    for (int32_t i = 0; i < scope->window_count; i++) {
        const WindowDef *known = scope->windows[i];

        if (over->name != NULL) {
            if (known->name != NULL && strcmp(known->name, over->name) == 0)
                window->window.window = i;
        } else if (known->name == NULL && strcmp(ast_print(scope->b->arena, &known->node, AST_PRINT_PLAIN), ast_print(scope->b->arena, &over->node, AST_PRINT_PLAIN)) == 0) {
            window->window.window = i;
        }
    }
    if (window->window.window >= 0)
        return;
    if (over->name != NULL)
        bind_error(SQLSTATE_UNDEFINED_OBJECT, over->node.location, "window \"%s\" does not exist", over->name);
    scope->windows = arena_grow(scope->b->arena, scope->windows, (size_t)scope->window_count * sizeof(WindowDef *), (size_t)(scope->window_count + 1) * sizeof(WindowDef *));
    window->window.window = scope->window_count;
    scope->windows[scope->window_count++] = over;
}

Expr *bind_grouping(Scope *scope, const GroupingFunc *func)
{
    Expr *expr = expr_new(scope->b->arena, EXPR_GROUPING, TYPE_INT4, func->node.location);

    if (list_count(func->args) > 31)
        bind_error(SQLSTATE_TOO_MANY_ARGUMENTS, func->node.location, "GROUPING must have fewer than 32 arguments");
    for (int32_t i = 0; i < list_count(func->args); i++)
        expr->grouping.args = expr_list_append(scope->b->arena, expr->grouping.args, bind_expr_inner(scope, list_at(func->args, i)));
    check_aggregate_place(scope->clause, "grouping operations", func->node.location);
    scope->has_aggregates = true;
    return expr;
}
