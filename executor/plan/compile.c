/*
 * compile.c - from expressions over a level to expressions over a plan's batches; the small plan nodes.
 */
#include "executor/plan/plan_internal.h"

void exprs_push(Arena *arena, ExprVec *list, Expr *item)
{
    if (list->count == list->capacity) {
        int32_t wider = list->capacity == 0 ? 8 : list->capacity * 2;

        list->items = arena_grow(arena, list->items, sizeof *list->items * (size_t)list->capacity, sizeof *list->items * (size_t)wider);
        list->capacity = wider;
    }
    list->items[list->count++] = item;
}

static inline bool same_column(const Expr *a, const Expr *b)
{
    return a->column.relation == b->column.relation && a->column.column == b->column.column && a->column.levels_up == b->column.levels_up;
}

static bool same_expr(const Expr *a, const Expr *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->kind != b->kind || a->type != b->type)
        return false;
    return a->kind == EXPR_COLUMN ? same_column(a, b) : expr_equal(a, b);
}

int32_t exprs_find(const ExprVec *list, const Expr *item)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (same_expr(list->items[i], item))
            return i;
    }
    return -1;
}

void exprs_add(Arena *arena, ExprVec *list, Expr *item)
{
    if (exprs_find(list, item) < 0)
        exprs_push(arena, list, item);
}

void quals_push(Arena *arena, QualList *list, Qual *qual)
{
    if (list->count == list->capacity) {
        int32_t wider = list->capacity == 0 ? 4 : list->capacity * 2;

        list->items = arena_grow(arena, list->items, sizeof *list->items * (size_t)list->capacity, sizeof *list->items * (size_t)wider);
        list->capacity = wider;
    }
    list->items[list->count++] = qual;
}

int32_t rel_find(const Rel *rel, const Expr *expr)
{
    for (int32_t i = 0; i < rel->plan->column_count; i++) {
        if (rel->exprs[i] != NULL && same_expr(rel->exprs[i], expr))
            return i;
    }
    return -1;
}

Expr *plan_input(Arena *arena, const PlanColumn *column, int32_t index)
{
    Expr *input = expr_new(arena, EXPR_INPUT, column->type, -1);

    input->typmod = column->typmod;
    input->input.index = index;
    return input;
}

/* ---- compiling ------------------------------------------------------------------------------------------------------------------- */

typedef struct Compile {
    Level     *level;
    const Rel *left, *right; /* right NULL: one input */
    const Rel *whole;        /* what subplans are told apart by */
} Compile;

static Expr *change(Expr *expr, void *context);

static Expr *found(Compile *compile, const Rel *rel, int32_t offset, const Expr *expr)
{
    int32_t at = rel_find(rel, expr);
    Expr   *input;

    if (at < 0)
        return NULL;
    input = plan_input(compile->level->arena, &rel->plan->columns[at], at + offset);
    input->type = expr->type;
    input->typmod = expr->typmod;
    input->collation = expr->collation;
    return input;
}

void outer_refs_push(Arena *arena, OuterRefs *outers, OuterRef ref)
{
    if (outers->count == outers->capacity) {
        int32_t wider = outers->capacity == 0 ? 4 : outers->capacity * 2;

        outers->items = arena_grow(arena, outers->items, sizeof *outers->items * (size_t)outers->capacity, sizeof *outers->items * (size_t)wider);
        outers->capacity = wider;
    }
    outers->items[outers->count++] = ref;
}

static Expr *outer_param(Level *level, Expr *column)
{
    OuterRefs *sink = level->sink;
    Expr      *param = expr_new(level->arena, EXPR_PARAM, column->type, -1);

    param->typmod = column->typmod;
    param->collation = column->collation;
    param->param.internal = true;
    for (int32_t i = 0; i < sink->count; i++) {
        if (same_expr(sink->items[i].value, column)) {
            param->param.number = sink->items[i].number;
            return param;
        }
    }
    param->param.number = plan_param_new(level->planner);
    outer_refs_push(level->arena, sink, (OuterRef){param->param.number, column});
    return param;
}

/* The columns of a stored relation or other source as one composite value. */
static Expr *whole_row(Compile *compile, Expr *expr)
{
    Level            *level = compile->level;
    const RangeEntry *entry = level->query->ranges[expr->column.relation - 1];
    Expr             *row = expr_new(level->arena, EXPR_ROW, expr->type, expr->location);

    for (int32_t i = 0; i < entry->column_count; i++) {
        Expr *column;

        if (entry->columns[i].hidden)
            continue;
        column = expr_column(level->arena, level->query, expr->column.relation, i + 1);
        row->list.args = expr_list_append(level->arena, row->list.args, change(column, compile));
    }
    return row;
}

static Expr *constant_system_column(Level *level, Expr *expr)
{
    const RangeEntry *entry = level->query->ranges[expr->column.relation - 1];
    Datum             value = {0};

    if (expr->column.column == COLUMN_TABLEOID && entry->kind == RANGE_TABLE)
        value.oid = entry->table->head.oid;
    return expr_const(level->arena, expr->type, value);
}

static Expr *compile_subquery(Compile *compile, Expr *expr)
{
    Expr *copy = ARENA_NEW(compile->level->arena, Expr);

    *copy = *expr;
    copy->subquery.plan = plan_subplan(compile->level, expr, compile->whole);
    copy->subquery.lefts = expr_list(compile->level->arena, expr->subquery.lefts.count);
    for (int32_t i = 0; i < expr->subquery.lefts.count; i++)
        copy->subquery.lefts.items[i] = change(expr->subquery.lefts.items[i], compile);
    if (expr->subquery.test != NULL)
        copy->subquery.test = change(expr->subquery.test, compile);
    return copy;
}

/* A JSON path below a column of a neighbour: the path is handed in, since the neighbour's scan may not give the whole document. */
static bool is_neighbour_path(Compile *compile, Expr *expr)
{
    Expr *root = expr;

    if (compile->level->sink == NULL || !item_is_path(expr))
        return false;
    while (root->kind == EXPR_CALL)
        root = root->call.args.items[0];
    return found(compile, compile->left, 0, root) == NULL &&
           (compile->right == NULL || found(compile, compile->right, compile->left->plan->column_count, root) == NULL);
}

static Expr *change(Expr *expr, void *context)
{
    Compile *compile = context;
    Expr    *input;

    switch (expr->kind) {
    case EXPR_CONST:
    case EXPR_PARAM:
    case EXPR_CASE_VALUE:
        return expr;
    default:
        break;
    }
    input = found(compile, compile->left, 0, expr);
    if (input == NULL && compile->right != NULL)
        input = found(compile, compile->right, compile->left->plan->column_count, expr);
    if (input != NULL)
        return input;
    if (is_neighbour_path(compile, expr))
        return outer_param(compile->level, expr);
    switch (expr->kind) {
    case EXPR_COLUMN:
        if (expr->column.column == 0)
            return whole_row(compile, expr);
        if (expr->column.column < 0 && expr->column.column != COLUMN_CTID && expr->column.column != COLUMN_XMIN &&
            expr->column.column != COLUMN_ROW_ID)
            return constant_system_column(compile->level, expr);
        if (compile->level->sink != NULL)
            return outer_param(compile->level, expr);
        raise_error(SQLSTATE_INTERNAL_ERROR, "column %d of range table entry %d is not in the plan below it", expr->column.column,
                    expr->column.relation);
    case EXPR_WHOLE_ROW:
        return whole_row(compile, expr);
    case EXPR_SUBQUERY:
        return compile_subquery(compile, expr);
    case EXPR_AGG:
    case EXPR_WINDOW:
    case EXPR_GROUPING:
        raise_error(SQLSTATE_INTERNAL_ERROR, "an aggregate or window call is not in the plan below it");
    default:
        return expr_mutate(compile->level->arena, expr, change, compile);
    }
}

Expr *plan_compile(Level *level, Expr *expr, const Rel *input)
{
    Compile compile = {level, input, NULL, input};

    return expr == NULL ? NULL : change(expr, &compile);
}

Expr *plan_compile_pair(Level *level, Expr *expr, const Rel *left, const Rel *right)
{
    Compile compile = {level, left, right, NULL};
    Rel    *whole;

    if (expr == NULL)
        return NULL;
    if (expr_contains(expr, EXPR_SUBQUERY)) { /* the subquery's parameters are computed over both sides */
        int32_t left_count = left->plan->column_count;
        int32_t count = left_count + right->plan->column_count;

        whole = ARENA_NEW(level->arena, Rel);
        whole->plan = ARENA_NEW(level->arena, Plan);
        whole->plan->column_count = count;
        whole->plan->columns = ARENA_ARRAY(level->arena, (size_t)count + 1, PlanColumn);
        whole->exprs = ARENA_ARRAY(level->arena, (size_t)count + 1, Expr *);
        for (int32_t i = 0; i < count; i++) {
            whole->plan->columns[i] = i < left_count ? left->plan->columns[i] : right->plan->columns[i - left_count];
            whole->exprs[i] = i < left_count ? left->exprs[i] : right->exprs[i - left_count];
        }
        compile.whole = whole;
    }
    return change(expr, &compile);
}

ExprList plan_compile_list(Level *level, ExprList list, const Rel *input)
{
    ExprList out = expr_list(level->arena, list.count);

    for (int32_t i = 0; i < list.count; i++)
        out.items[i] = plan_compile(level, list.items[i], input);
    return out;
}

/* ---- references to outer queries --------------------------------------------------------------------------------------------------- */

typedef struct BindOuter {
    Planner   *planner;
    OuterRefs *outers;
    int32_t    depth; /* of the query being walked below the one that is bound */
} BindOuter;

static void bind_query(BindOuter *bind, Query *query);

static Expr *outer_value(BindOuter *bind, Expr *expr)
{
    OuterRefs *outers = bind->outers;
    Arena     *arena = bind->planner->arena;
    Expr      *value = expr_copy(arena, expr);
    Expr      *param = expr_new(arena, EXPR_PARAM, expr->type, -1);

    expr_shift_levels(value, -(bind->depth + 1), bind->depth + 1);
    param->typmod = expr->typmod;
    param->collation = expr->collation;
    param->param.internal = true;
    for (int32_t i = 0; i < outers->count; i++) {
        if (same_expr(outers->items[i].value, value)) {
            param->param.number = outers->items[i].number;
            return param;
        }
    }
    param->param.number = plan_param_new(bind->planner);
    outer_refs_push(arena, outers, (OuterRef){param->param.number, value});
    return param;
}

static bool is_outer_column(const Expr *expr, int32_t depth)
{
    return (expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) && expr->column.levels_up > depth;
}

static Expr *bind_change(Expr *expr, void *context)
{
    BindOuter *bind = context;

    if (is_outer_column(expr, bind->depth) || (expr->kind == EXPR_AGG && expr->agg.levels_up > bind->depth))
        return outer_value(bind, expr);
    if (item_is_path(expr)) { /* the path is handed in rather than the document */
        const Expr *root = expr;

        while (root->kind == EXPR_CALL)
            root = root->call.args.items[0];
        if (is_outer_column(root, bind->depth))
            return outer_value(bind, expr);
    }
    if (expr->kind == EXPR_SUBQUERY) {
        bind->depth++;
        bind_query(bind, expr->subquery.query);
        bind->depth--;
    }
    return expr_mutate(bind->planner->arena, expr, bind_change, bind);
}

static bool bind_below(Query *query, void *context)
{
    BindOuter *bind = context;

    bind->depth++;
    bind_query(bind, query);
    bind->depth--;
    return false;
}

static void bind_query(BindOuter *bind, Query *query)
{
    query_mutate(query, bind_change, bind);
    query_walk_subqueries(query, bind_below, bind);
}

void plan_bind_outer(Planner *planner, Query *query, OuterRefs *outers)
{
    BindOuter bind = {planner, outers, 0};

    bind_query(&bind, query);
}

/* ---- small nodes ----------------------------------------------------------------------------------------------------------------------- */

Rel *rel_make(Level *level, Plan *plan, Expr **exprs)
{
    Rel *rel = ARENA_NEW(level->arena, Rel);

    rel->plan = plan;
    rel->exprs = exprs;
    return rel;
}

double plan_width(const Rel *rel)
{
    double width = 0;

    for (int32_t i = 0; i < rel->plan->column_count; i++)
        width += rel->plan->columns[i].phys == PHYS_BYTES ? 32 : (double)phys_width(rel->plan->columns[i].phys);
    return width;
}

static void cost_above(Plan *plan, const Plan *below, double per_row)
{
    plan->startup_cost = below->startup_cost;
    plan->rows = below->rows;
    plan->total_cost = below->total_cost + per_row * below->rows;
}

Rel *rel_project(Level *level, const Rel *input, Expr *const *exprs, const char *const *names, int32_t count)
{
    Plan   *plan = plan_new(level->planner, PLAN_PROJECT, count);
    Expr  **layout = ARENA_ARRAY(level->arena, (size_t)count + 1, Expr *);
    double  cost = 0;
    Rel    *rel;

    plan->left = input->plan;
    plan->project.exprs = expr_list(level->arena, count);
    for (int32_t i = 0; i < count; i++) {
        layout[i] = exprs[i];
        plan->project.exprs.items[i] = plan_compile(level, exprs[i], input);
        plan_column_set(level->planner, &plan->columns[i], exprs[i], names == NULL ? NULL : names[i]);
        if (names == NULL && plan->project.exprs.items[i]->kind == EXPR_INPUT)
            plan->columns[i].name = input->plan->columns[plan->project.exprs.items[i]->input.index].name;
        cost += expr_cost(plan->project.exprs.items[i]);
    }
    cost_above(plan, input->plan, cost);
    rel = rel_make(level, plan, layout);
    plan->width = (int32_t)plan_width(rel);
    return rel;
}

Rel *rel_filter(Level *level, Rel *input, Expr *test)
{
    Plan  *plan;
    double selectivity = 1;

    if (test == NULL)
        return input;
    plan = plan_new(level->planner, PLAN_FILTER, input->plan->column_count);
    plan->left = input->plan;
    plan_copy(plan->columns, input->plan->columns, sizeof(PlanColumn) * (size_t)plan->column_count);
    plan->filter.test = plan_compile(level, test, input);
    cost_above(plan, input->plan, expr_cost(test));
    selectivity = qual_selectivity(level, &(Qual){.expr = test, .selectivity = -1});
    plan->rows = clamp_rows(plan->rows * selectivity);
    plan->width = input->plan->width;
    return rel_make(level, plan, input->exprs);
}

/* The input with more columns behind its own. */
Rel *rel_append_columns(Level *level, Rel *input, const ExprVec *extra)
{
    int32_t count = input->plan->column_count + extra->count;
    Expr  **exprs;
    Rel    *rel;

    if (extra->count == 0)
        return input;
    exprs = ARENA_ARRAY(level->arena, (size_t)count, Expr *);
    for (int32_t i = 0; i < input->plan->column_count; i++) /* columns without a name in the layout still pass through by position */
        exprs[i] = input->exprs[i] != NULL ? input->exprs[i] : plan_input(level->arena, &input->plan->columns[i], i);
    plan_copy(exprs + input->plan->column_count, extra->items, sizeof *exprs * (size_t)extra->count);
    rel = rel_project(level, input, exprs, NULL, count);
    return rel;
}

Rel *rel_sort(Level *level, Rel *input, const SortOrder *order, Expr *limit)
{
    Plan   *plan;
    ExprVec missing = {0};
    int32_t kept = 0;
    double  startup;
    double  run;

    if (order->count == 0)
        return input;
    for (int32_t i = 0; i < order->count; i++) {
        if (rel_find(input, order->keys[i].expr) < 0)
            exprs_add(level->arena, &missing, order->keys[i].expr);
    }
    input = rel_append_columns(level, input, &missing);
    plan = plan_new(level->planner, PLAN_SORT, input->plan->column_count);
    plan->left = input->plan;
    plan_copy(plan->columns, input->plan->columns, sizeof(PlanColumn) * (size_t)plan->column_count);
    plan->sort.keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)order->count, PlanSortKey);
    for (int32_t i = 0; i < order->count; i++) {
        int32_t column = rel_find(input, order->keys[i].expr);
        bool    seen = false;

        for (int32_t k = 0; k < kept; k++)
            seen |= plan->sort.keys[k].column == column;
        if (seen)
            continue;
        plan->sort.keys[kept++] = (PlanSortKey){
            .column = column, .type = plan_type(level->planner, order->keys[i].expr->type),
            .descending = order->keys[i].descending, .nulls_first = order->keys[i].nulls_first,
        };
    }
    plan->sort.key_count = kept;
    plan->sort.limit = limit;
    plan->rows = input->plan->rows;
    plan->width = input->plan->width;
    if (limit != NULL && limit->kind == EXPR_CONST && !limit->constant.is_null)
        plan->rows = MIN(plan->rows, clamp_rows((double)limit->constant.value.int64));
    cost_sort(input->plan->rows, plan->width, limit != NULL ? plan->rows : -1, &startup, &run);
    plan->startup_cost = input->plan->total_cost + startup;
    plan->total_cost = plan->startup_cost + run;
    return rel_make(level, plan, input->exprs);
}
