/*
 * planner.c - statements, their CTEs and subplans.
 */
#include "executor/plan/planner.h"

#include "executor/analyze/analyze.h"
#include "executor/plan/plan_internal.h"

noreturn void plan_not_supported(const char *what)
{
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "%s is not supported", what);
}

Plan *plan_new(Planner *planner, PlanKind kind, int32_t column_count)
{
    Plan *plan = ARENA_NEW(planner->arena, Plan);

    plan->kind = kind;
    plan->id = planner->next_id++;
    plan->column_count = column_count;
    plan->columns = ARENA_ARRAY_ZEROED(planner->arena, (size_t)column_count + 1, PlanColumn);
    return plan;
}

const TypeInfo *plan_type(Planner *planner, Oid type)
{
    const TypeInfo *info = type_by_oid(type);

    return info != NULL ? info : type_lookup(planner->session, planner->arena, type);
}

PhysType plan_phys(Planner *planner, Oid type)
{
    const TypeInfo *info = plan_type(planner, type);

    return info != NULL ? info->phys : PHYS_BYTES;
}

void plan_column_set(Planner *planner, PlanColumn *column, const Expr *expr, const char *name)
{
    *column = (PlanColumn){.type = expr->type, .typmod = expr->typmod, .phys = plan_phys(planner, expr->type), .name = name};
}

int32_t plan_param_new(Planner *planner)
{
    return ++planner->next_param;
}

void plan_lock_table(Planner *planner, const RelationDesc *table, TableLock mode)
{
    PlannedStatement *out = planner->out;

    if (table->group_count == 0)
        return;
    for (int32_t i = 0; i < out->table_count; i++) {
        if (planner->locks[i].relation == table->head.oid) {
            planner->locks[i].mode = MAX(planner->locks[i].mode, mode);
            return;
        }
    }
    if (out->table_count == planner->lock_capacity) {
        int32_t wider = planner->lock_capacity == 0 ? 4 : planner->lock_capacity * 2;

        planner->locks = arena_grow(planner->arena, planner->locks, sizeof *planner->locks * (size_t)planner->lock_capacity,
                                    sizeof *planner->locks * (size_t)wider);
        planner->lock_capacity = wider;
    }
    planner->locks[out->table_count++] = (struct PlannedTableLock){table->head.oid, mode};
}

/* ---- queries ------------------------------------------------------------------------------------------------------------------------ */

static void collect_dependencies(Planner *planner, const Query *query)
{
    PlannedStatement *out = planner->out;

    for (int32_t i = 0; i < query->dependency_count; i++) {
        bool known = false;

        for (int32_t k = 0; k < out->dependency_count && !known; k++)
            known = planner->dependencies[k].oid == query->dependencies[i].oid && planner->dependencies[k].kind == query->dependencies[i].kind;
        if (known)
            continue;
        if (out->dependency_count == planner->dependency_capacity) {
            int32_t wider = planner->dependency_capacity == 0 ? 8 : planner->dependency_capacity * 2;

            planner->dependencies = arena_grow(planner->arena, planner->dependencies, sizeof *planner->dependencies * (size_t)planner->dependency_capacity,
                                               sizeof *planner->dependencies * (size_t)wider);
            planner->dependency_capacity = wider;
        }
        planner->dependencies[out->dependency_count++] = query->dependencies[i];
    }
}

static void lock_tables(Planner *planner, const Query *query)
{
    for (int32_t i = 0; i < query->range_count; i++) {
        const RangeEntry *entry = query->ranges[i];
        TableLock         mode = TABLE_LOCK_ACCESS_SHARE;

        if (entry->kind != RANGE_TABLE || entry->table == NULL)
            continue;
        if (query->result_range == i + 1)
            mode = TABLE_LOCK_ROW_EXCLUSIVE;
        for (int32_t k = 0; k < query->mark_count; k++) {
            if (query->marks[k].range == i + 1)
                mode = TABLE_LOCK_ROW_SHARE;
        }
        plan_lock_table(planner, entry->table, mode);
    }
}

/* MERGE reads its source joined to the target: by a left join when rows without a match have something to do. */
static void join_merge_target(Planner *planner, Query *query)
{
    JoinTree *join = ARENA_NEW(planner->arena, JoinTree);
    JoinTree *target = ARENA_NEW(planner->arena, JoinTree);

    target->range = query->result_range;
    join->type = JOIN_INNER;
    for (int32_t i = 0; i < query->merge_count; i++) {
        if (!query->merge_actions[i].matched)
            join->type = JOIN_LEFT;
    }
    join->left = query->from[0];
    join->right = target;
    join->condition = query->merge_condition;
    query->from[0] = join;
}

Rel *plan_level(Planner *planner, Level *parent, Query *query, double fraction)
{
    Level *level = ARENA_NEW(planner->arena, Level);

    check_stack_depth();
    level->planner = planner;
    level->arena = planner->arena;
    level->parent = parent;
    level->query = query;
    level->fraction = fraction;
    collect_dependencies(planner, query);
    lock_tables(planner, query);
    plan_ctes(level);
    if (query->command == QUERY_MERGE)
        join_merge_target(planner, query);
    prep_pull_up(planner, query);
    prep_query(planner, query);
    if (query->command != QUERY_SELECT) {
        planner->out->writes = true;
        return plan_modify(level);
    }
    if (query->set_op != NULL)
        return plan_set_operation(level);
    return plan_select(level);
}

Rel *plan_sub_query(Planner *planner, Level *parent, Query *query, double fraction, OuterRefs *outers)
{
    plan_bind_outer(planner, query, outers);
    return plan_level(planner, parent, query, fraction);
}

/* ---- CTEs ------------------------------------------------------------------------------------------------------------------------------ */

CommonTable *plan_find_cte(Level *level, const RangeEntry *entry)
{
    (void)level;
    return entry->cte;
}

static int32_t add_cte(Planner *planner, CommonTable *cte)
{
    PlannedStatement *out = planner->out;

    if (out->cte_count == planner->cte_capacity) {
        int32_t wider = planner->cte_capacity == 0 ? 4 : planner->cte_capacity * 2;

        planner->ctes = arena_grow(planner->arena, planner->ctes, sizeof *planner->ctes * (size_t)planner->cte_capacity, sizeof *planner->ctes * (size_t)wider);
        planner->cte_info = arena_grow(planner->arena, planner->cte_info, sizeof *planner->cte_info * (size_t)planner->cte_capacity,
                                       sizeof *planner->cte_info * (size_t)wider);
        planner->cte_capacity = wider;
    }
    planner->cte_info[out->cte_count].cte = cte;
    planner->cte_info[out->cte_count].work = NULL;
    planner->cte_info[out->cte_count].rows = 1000;
    planner->ctes[out->cte_count] = (PlannedCte){.name = cte->name};
    return out->cte_count++;
}

/* WITH RECURSIVE: the start, then the step over the work table until it gives nothing. */
static Rel *plan_recursive(Level *level, CommonTable *cte)
{
    Planner   *planner = level->planner;
    Query     *query = cte->query;
    SetOpTree *tree = query->set_op;
    Plan      *plan = plan_new(planner, PLAN_RECURSIVE_UNION, cte->column_count);
    Level     *inner = ARENA_NEW(planner->arena, Level);
    Rel       *start;
    Rel       *step;
    Expr     **exprs = ARENA_ARRAY_ZEROED(planner->arena, (size_t)cte->column_count + 1, Expr *);
    OuterRefs  outers = {0};

    *inner = (Level){.planner = planner, .arena = planner->arena, .parent = level, .query = query};
    plan_ctes(inner);
    if (tree == NULL || tree->kind != SET_UNION || tree->left->range == 0 || tree->right->range == 0)
        plan_not_supported("this form of WITH RECURSIVE");
    collect_dependencies(planner, query);
    planner->cte_info[cte->plan].work = plan;
    start = plan_sub_query(planner, inner, query->ranges[tree->left->range - 1]->subquery, 0, &outers);
    planner->cte_info[cte->plan].rows = start->plan->rows * 10;
    for (int32_t i = 0; i < cte->column_count; i++) {
        plan->columns[i] = start->plan->columns[i];
        plan->columns[i].type = cte->columns[i].type;
        plan->columns[i].typmod = cte->columns[i].typmod;
        plan->columns[i].phys = plan_phys(planner, cte->columns[i].type);
        plan->columns[i].name = cte->columns[i].name;
    }
    step = plan_sub_query(planner, inner, query->ranges[tree->right->range - 1]->subquery, 0, &outers);
    plan->left = start->plan;
    plan->right = step->plan;
    plan->recursive.all = tree->all;
    plan->rows = start->plan->rows + 10 * step->plan->rows;
    plan->startup_cost = start->plan->startup_cost;
    plan->total_cost = start->plan->total_cost + 10 * step->plan->total_cost + plan->rows * COST_ROW;
    plan->width = start->plan->width;
    planner->cte_info[cte->plan].rows = plan->rows;
    return rel_make(level, plan, exprs);
}

/* A CTE with one reference is a subquery, as PostgreSQL 12 and later have it. */
static bool inlined(const CommonTable *cte)
{
    const Query *query = cte->query;

    if (cte->recursive || query->command != QUERY_SELECT || query->has_volatile || query->modifies_in_cte || query->mark_count > 0)
        return false;
    if (cte->materialized >= 0)
        return cte->materialized == 0;
    return cte->references <= 1;
}

typedef struct Inline {
    Level         *level;
    CommonTable   *cte;
    int32_t        depth;
} Inline;

static void inline_in(Inline *job, Query *query);

static Expr *inline_in_expr(Expr *expr, void *context)
{
    Inline *job = context;

    if (expr->kind == EXPR_SUBQUERY) {
        job->depth++;
        inline_in(job, expr->subquery.query);
        job->depth--;
    }
    return expr_mutate(job->level->arena, expr, inline_in_expr, job);
}

static bool inline_below(Query *query, void *context)
{
    Inline *job = context;

    job->depth++;
    inline_in(job, query);
    job->depth--;
    return false;
}

static void inline_in(Inline *job, Query *query)
{
    for (int32_t i = 0; i < query->range_count; i++) {
        RangeEntry *entry = query->ranges[i];

        if (entry->kind != RANGE_CTE || entry->cte != job->cte)
            continue;
        entry->kind = RANGE_SUBQUERY;
        entry->subquery = job->cte->references <= 1 ? job->cte->query : query_copy(job->level->arena, job->cte->query);
        if (job->depth > 0) /* its references outward cross as many levels more */
            query_shift_levels(entry->subquery, job->depth, 1);
    }
    query_mutate(query, inline_in_expr, job);
    query_walk_subqueries(query, inline_below, job);
}

/* Plans (or inlines) the WITH queries of a level before anything that may read them. */
void plan_ctes(Level *level)
{
    Planner *planner = level->planner;
    Query   *query = level->query;

    for (int32_t i = 0; i < query->cte_count; i++) {
        CommonTable *cte = query->ctes[i];
        OuterRefs    outers = {0};
        Rel         *rel;

        if (inlined(cte)) {
            Inline job = {level, cte, 0};

            if (cte->references > 0)
                inline_in(&job, query);
            continue;
        }
        if (cte->references == 0 && cte->query->command == QUERY_SELECT)
            continue; /* PG15: a SELECT that nobody reads is not run */
        cte->plan = add_cte(planner, cte);
        if (cte->recursive) {
            plan_bind_outer(planner, cte->query, &outers);
            rel = plan_recursive(level, cte);
        } else {
            rel = plan_sub_query(planner, level, cte->query, 0, &outers);
        }
        if (outers.count > 0 && level->parent == NULL)
            raise_error(SQLSTATE_INTERNAL_ERROR, "WITH query refers to its own level");
        planner->ctes[cte->plan].plan = rel->plan;
        planner->ctes[cte->plan].column_count = rel->plan->column_count;
        planner->ctes[cte->plan].columns = rel->plan->columns;
        planner->cte_info[cte->plan].rows = rel->plan->rows;
        planner->cte_info[cte->plan].work = NULL;
    }
}

/* ---- subplans ---------------------------------------------------------------------------------------------------------------------------- */

static void remember_subplan(Planner *planner, const Query *query, const Rel *input, int32_t plan)
{
    if (planner->made_count == planner->made_capacity) {
        int32_t wider = planner->made_capacity == 0 ? 4 : planner->made_capacity * 2;

        planner->made = arena_grow(planner->arena, planner->made, sizeof *planner->made * (size_t)planner->made_capacity, sizeof *planner->made * (size_t)wider);
        planner->made_capacity = wider;
    }
    planner->made[planner->made_count].query = query;
    planner->made[planner->made_count].input = input;
    planner->made[planner->made_count++].plan = plan;
}

/* Whether the test of an ANY is = on each column, over types that can be hashed. */
static bool can_hash(Planner *planner, const Expr *test, int32_t columns)
{
    if (test->kind == EXPR_AND) {
        for (int32_t i = 0; i < test->list.args.count; i++) {
            if (!can_hash(planner, test->list.args.items[i], 1))
                return false;
        }
        return test->list.args.count == columns;
    }
    if (test->kind != EXPR_CALL || columns != 1 || test->call.op == NULL || strcmp(test->call.op->name, "=") != 0 || !test->call.op->hashes ||
        test->call.op->left != test->call.op->right)
        return false;
    if (test->call.args.items[1]->kind != EXPR_PARAM || test->call.args.items[0]->type != test->call.args.items[1]->type)
        return false; /* a cast between: not plain equality of the columns */
    return plan_type(planner, test->call.op->left) != NULL && plan_type(planner, test->call.op->left)->hash != NULL;
}

int32_t plan_subplan(Level *level, Expr *subquery, const Rel *input)
{
    Planner          *planner = level->planner;
    PlannedStatement *out = planner->out;
    Query            *query = subquery->subquery.query;
    OuterRefs         outers = {0};
    bool              first_row = subquery->subquery.kind == SUBQUERY_EXISTS || subquery->subquery.kind == SUBQUERY_SCALAR;
    OuterRefs        *sink = level->sink;
    Subplan          *subplan;
    int32_t           index;
    Rel              *rel;

    for (int32_t i = 0; i < planner->made_count; i++) {
        if (planner->made[i].query == query && planner->made[i].input == input)
            return planner->made[i].plan;
    }
    query = query_copy(planner->arena, query); /* planning changes it, and another input may need it as it was */
    rel = plan_sub_query(planner, level, query, first_row ? 1 : 0, &outers);
    if (out->subplan_count == planner->subplan_capacity) {
        int32_t wider = planner->subplan_capacity == 0 ? 4 : planner->subplan_capacity * 2;

        planner->subplans = arena_grow(planner->arena, planner->subplans, sizeof *planner->subplans * (size_t)planner->subplan_capacity,
                                       sizeof *planner->subplans * (size_t)wider);
        planner->subplan_capacity = wider;
    }
    index = out->subplan_count++;
    remember_subplan(planner, subquery->subquery.query, input, index);
    subplan = &planner->subplans[index];
    *subplan = (Subplan){.plan = rel->plan, .param_count = outers.count};
    subplan->params = ARENA_ARRAY(planner->arena, (size_t)outers.count + 1, int32_t);
    subplan->param_values = expr_list(planner->arena, outers.count);
    for (int32_t i = 0; i < outers.count; i++) {
        Expr *value;

        level->sink = sink;
        value = plan_compile(level, outers.items[i].value, input);
        planner->subplans[index].params[i] = outers.items[i].number; /* the array may have moved */
        planner->subplans[index].param_values.items[i] = value;
    }
    planner->subplans[index].hashed = subquery->subquery.kind == SUBQUERY_ANY && outers.count == 0 &&
                                      can_hash(planner, subquery->subquery.test, subquery->subquery.lefts.count);
    return index;
}

/* ---- statements ------------------------------------------------------------------------------------------------------------------------------ */

/* Tests of ANY and ALL number their own parameters from 1: ours start above the longest of them. */
static bool widest_test(Expr *expr, void *context)
{
    int32_t *widest = context;

    if (expr->kind == EXPR_SUBQUERY) {
        *widest = MAX(*widest, expr->subquery.lefts.count);
        query_walk(expr->subquery.query, widest_test, context);
    }
    return expr_walk(expr, widest_test, context);
}

static bool widest_below(Query *query, void *context)
{
    query_walk(query, widest_test, context);
    query_walk_subqueries(query, widest_below, context);
    return false;
}

static void set_results(PlannedStatement *out, Planner *planner, const Query *query)
{
    bool          returning = query->command != QUERY_SELECT;
    int32_t       count = returning ? query->returning_count : query->target_count;
    const Target *targets = returning ? query->returning : query->targets;

    out->results = ARENA_ARRAY_ZEROED(planner->arena, (size_t)count + 1, ResultColumn);
    for (int32_t i = 0; i < count; i++) {
        if (targets[i].junk)
            continue;
        out->results[out->result_count++] = (ResultColumn){
            .name = targets[i].name, .type = targets[i].expr->type, .typmod = targets[i].expr->typmod,
            .origin_table = targets[i].origin_table, .origin_column = targets[i].origin_column,
        };
    }
    out->returns_rows = query->command == QUERY_SELECT || query->returning != NULL;
}

const PlannedStatement *plan_query(Session *session, Arena *arena, Query *query)
{
    PlannedStatement *out = ARENA_NEW(arena, PlannedStatement);
    Planner           planner = {.session = session, .arena = arena, .out = out};
    int32_t           widest = 0;
    Rel              *rel;

    if (query->has_subqueries || query->range_count > 1 || query->cte_count > 0)
        widest_below(query, &widest);
    planner.next_param = widest;
    out->command = query->command;
    out->query = query;
    set_results(out, &planner, query);
    rel = plan_level(&planner, NULL, query, 0);
    out->root = rel->plan;
    out->node_count = planner.next_id;
    out->subplans = planner.subplans;
    out->ctes = planner.ctes;
    out->table_locks = planner.locks;
    out->dependencies = planner.dependencies;
    out->internal_params = planner.next_param;
    out->param_count = query->param_count;
    out->param_types = query->param_types;
    if (query->has_for_update || query->mark_count > 0 || query->modifies_in_cte)
        out->writes = true;
    return out;
}
