/*
 * make_scan.c - scans and other sources as plan nodes, with the conditions they can test themselves.
 */
#include "executor/plan/plan_internal.h"

#include "executor/plan/match.h"
#include "types/array.h"

/* ---- predicates that storage understands ------------------------------------------------------------------------------------------------------ */

static ScanCompare compare_of(const PlanIndexKey *key, ExprList *values, Arena *arena)
{
    *values = (ExprList){0};
    if (key->is_null)
        return SCAN_IS_NULL;
    if (key->not_null)
        return SCAN_IS_NOT_NULL;
    *values = expr_list_append(arena, *values, key->equal != NULL ? key->equal : key->lower != NULL ? key->lower : key->upper);
    if (key->equal != NULL)
        return SCAN_EQ;
    if (key->lower != NULL)
        return key->lower_inclusive ? SCAN_GE : SCAN_GT;
    return key->upper_inclusive ? SCAN_LE : SCAN_LT;
}

/* The elements of an IN list as values; false when they are not to be had one by one. */
static bool list_values(Level *level, const Expr *array, Oid type, ExprList *values)
{
    ArrayView view;

    *values = (ExprList){0};
    if (array->kind == EXPR_ARRAY && !array->list.multidimensional) {
        for (int32_t i = 0; i < array->list.args.count; i++)
            *values = expr_list_append(level->arena, *values, array->list.args.items[i]);
        return true;
    }
    if (array->kind != EXPR_CONST || array->constant.is_null || !array_open(array->constant.value.bytes, &view))
        return false;
    for (int32_t i = 0; i < view.count; i++) {
        Datum value;

        if (array_get(&view, i, &value)) /* a NULL in the list matches nothing */
            *values = expr_list_append(level->arena, *values, expr_const(level->arena, type, value));
    }
    return values->count > 0;
}

/* A condition as a predicate on one of the scan's columns; the values are not compiled yet. */
static bool predicate_of(Level *level, const BaseRel *rel, const ExprVec *items, Expr *qual, PlanPredicate *out)
{
    for (int32_t i = 0; i < items->count; i++) {
        Expr        *item = items->items[i];
        PlanIndexKey key = {0};

        if (item->kind == EXPR_COLUMN && item->column.column <= 0)
            continue;
        *out = (PlanPredicate){.output = i};
        if (qual->kind == EXPR_CALL && qual->call.op != NULL && strcmp(qual->call.op->name, "<>") == 0 && match_not_equal(level, rel, item, qual, &key)) {
            out->compare = SCAN_NE;
            out->values = expr_list_append(level->arena, (ExprList){0}, key.equal);
            return true;
        }
        if (!match_key(level, rel, item, item->type, qual, 0, &key))
            continue;
        if (key.in_array != NULL) {
            out->compare = SCAN_IN;
            return list_values(level, key.in_array, item->type, &out->values);
        }
        out->compare = compare_of(&key, &out->values, level->arena);
        return true;
    }
    return false;
}

static bool was_used(const Path *path, const Qual *qual)
{
    for (int32_t i = 0; i < path->used.count; i++) {
        if (path->used.items[i] == qual)
            return true;
    }
    return false;
}

static Rel *no_input(Level *level)
{
    Plan *none = ARENA_NEW(level->arena, Plan);

    none->columns = ARENA_ARRAY_ZEROED(level->arena, 1, PlanColumn);
    return rel_make(level, none, NULL);
}

/* Splits the relation's conditions into predicates of the scan and a test above it. */
static Expr *set_predicates(Level *level, Path const *path, Plan *plan, const Rel *scan)
{
    BaseRel *rel = path->base;
    ExprVec  items = {scan->plan->column_count, scan->plan->column_count, scan->exprs};
    Rel     *none = no_input(level);
    Expr    *rest = NULL;

    plan->scan.predicates = ARENA_ARRAY_ZEROED(level->arena, (size_t)rel->quals.count + 1, PlanPredicate);
    for (int32_t i = 0; i < rel->quals.count; i++) {
        Qual         *qual = rel->quals.items[i];
        PlanPredicate predicate;

        if (was_used(path, qual))
            continue;
        if (!predicate_of(level, rel, &items, qual->expr, &predicate)) {
            rest = expr_and(level->arena, rest, qual->expr);
            continue;
        }
        predicate.original = plan_compile(level, qual->expr, scan);
        predicate.values = plan_compile_list(level, predicate.values, none);
        plan->scan.scan_columns[predicate.output].lazy = false;
        plan->scan.predicates[plan->scan.predicate_count++] = predicate;
    }
    return rest;
}

/* ---- stored tables ------------------------------------------------------------------------------------------------------------------------------ */

static void set_keys(Level *level, const Path *path, Plan *plan)
{
    Rel *none = no_input(level);

    plan->scan.index = path->index->index;
    plan->scan.key_count = path->key_count;
    plan->scan.keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)path->key_count + 1, PlanIndexKey);
    for (int32_t i = 0; i < path->key_count; i++) {
        PlanIndexKey *key = &plan->scan.keys[i];

        *key = path->keys[i];
        key->equal = plan_compile(level, key->equal, none);
        key->in_array = plan_compile(level, key->in_array, none);
        key->lower = plan_compile(level, key->lower, none);
        key->upper = plan_compile(level, key->upper, none);
    }
    plan->scan.direction = path->backward ? SCAN_BACKWARD : SCAN_FORWARD;
}

static bool index_has(const IndexInfo *info, const Expr *item)
{
    for (int16_t k = 0; k < info->index->index->column_count; k++) {
        if (info->index->index->columns[k].column > 0 && expr_equal(info->keys[k], item))
            return true;
    }
    return false;
}

static bool is_index_only(const Path *path)
{
    const BaseRel *rel = path->base;

    for (int32_t i = 0; i < rel->items.count; i++) {
        const Expr *item = rel->items.items[i];

        if (!(item->kind == EXPR_COLUMN && item->column.column == COLUMN_ROW_ID) && !index_has(path->index, item))
            return false;
    }
    return true;
}

/* ctid is made of the row id by a function of ours; the scan itself delivers row ids. */
enum { PROC_ROW_ID_TID = 8900, PROC_TID_ROW_ID = 8901 };

/* A tid as the row id that it stands for. */
static Expr *row_id_value(Level *level, Expr *tid)
{
    Expr *call = expr_new(level->arena, EXPR_CALL, TYPE_INT8, -1);

    call->call.proc = proc_by_oid(PROC_TID_ROW_ID);
    call->call.args = expr_list_append(level->arena, (ExprList){0}, tid);
    return call;
}

static Rel *add_ctid(Level *level, Rel *rel, Expr *ctid, int32_t row_id)
{
    const Proc *proc = proc_by_oid(PROC_ROW_ID_TID);
    Expr       *call = expr_new(level->arena, EXPR_CALL, TYPE_TID, -1);
    Plan       *plan;
    Expr      **exprs;
    int32_t     count = rel->plan->column_count + 1;

    if (proc == NULL || proc->kernel == NULL)
        plan_not_supported("reading ctid");
    call->call.proc = proc;
    call->call.args = expr_list_append(level->arena, (ExprList){0}, plan_input(level->arena, &rel->plan->columns[row_id], row_id));
    plan = plan_new(level->planner, PLAN_PROJECT, count);
    plan->left = rel->plan;
    plan->project.exprs = expr_list(level->arena, count);
    exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)count, Expr *);
    for (int32_t i = 0; i < count - 1; i++) {
        plan->columns[i] = rel->plan->columns[i];
        plan->project.exprs.items[i] = plan_input(level->arena, &rel->plan->columns[i], i);
        exprs[i] = rel->exprs[i];
    }
    plan_column_set(level->planner, &plan->columns[count - 1], call, "ctid");
    plan->project.exprs.items[count - 1] = call;
    exprs[count - 1] = ctid;
    plan->rows = rel->plan->rows;
    plan->startup_cost = rel->plan->startup_cost;
    plan->total_cost = rel->plan->total_cost + plan->rows * COST_OPERATOR;
    plan->width = rel->plan->width + 6;
    return rel_make(level, plan, exprs);
}

static Rel *make_table_scan(Level *level, const Path *path)
{
    BaseRel *base = path->base;
    Plan    *plan = plan_new(level->planner, path->kind == PATH_INDEX ? PLAN_INDEX_SCAN : path->kind == PATH_ROW_ID ? PLAN_ROW_ID_SCAN : PLAN_TABLE_SCAN,
                             base->items.count);
    Expr   **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)base->items.count + 1, Expr *);
    Rel     *rel = rel_make(level, plan, exprs);
    Expr    *ctid = NULL;
    int32_t  row_id = -1;
    Expr    *rest;

    plan->scan.table = base->entry->table;
    plan->scan.range = base->range;
    plan->scan.alias = base->entry->alias;
    plan->scan.scan_column_count = base->items.count;
    plan->scan.scan_columns = ARENA_ARRAY_ZEROED(level->arena, (size_t)base->items.count + 1, ScanColumn);
    for (int32_t i = 0; i < base->items.count; i++) {
        Expr *item = base->items.items[i];

        if (!item_scan_column(level, item, &plan->scan.scan_columns[i]))
            raise_error(SQLSTATE_INTERNAL_ERROR, "a scan cannot deliver what is asked of it");
        plan->scan.scan_columns[i].lazy = plan->scan.scan_columns[i].kind == SCAN_COLUMN || plan->scan.scan_columns[i].kind == SCAN_PATH;
        exprs[i] = item;
        plan_column_set(level->planner, &plan->columns[i], item, item->kind == EXPR_COLUMN && item->column.column > 0
                                                                     ? base->entry->columns[item->column.column - 1].name : NULL);
        if (item->kind == EXPR_COLUMN && item->column.column == COLUMN_CTID) {
            ctid = item;
            row_id = i;
            exprs[i] = NULL;
            plan->columns[i] = (PlanColumn){.type = TYPE_INT8, .typmod = -1, .phys = PHYS_INT64};
        }
    }
    if (path->kind == PATH_INDEX) {
        set_keys(level, path, plan);
        plan->scan.index_only = is_index_only(path);
    } else if (path->kind == PATH_ROW_ID) {
        plan->scan.row_ids = expr_list_append(level->arena, (ExprList){0}, plan_compile(level, row_id_value(level, path->row_id), no_input(level)));
    }
    rest = set_predicates(level, path, plan, rel);
    plan->startup_cost = path->startup;
    plan->total_cost = path->total;
    plan->rows = path->rows;
    plan->width = (int32_t)base->width;
    if (ctid != NULL)
        rel = add_ctid(level, rel, ctid, row_id);
    if (rest != NULL) {
        rel = rel_filter(level, rel, rest);
        rel->plan->rows = path->rows;
    }
    return rel;
}

/* ---- computed relations ---------------------------------------------------------------------------------------------------------------------------- */

static Rel *make_catalog_scan(Level *level, const Path *path)
{
    BaseRel *base = path->base;
    Plan    *plan = plan_new(level->planner, PLAN_CATALOG_SCAN, base->items.count);
    Expr   **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)base->items.count + 1, Expr *);
    Rel     *none = no_input(level);

    plan->catalog.table = base->entry->table;
    plan->catalog.alias = base->entry->alias;
    plan->catalog.scan_column_count = base->items.count;
    plan->catalog.attributes = ARENA_ARRAY_ZEROED(level->arena, (size_t)base->items.count + 1, int16_t);
    plan->catalog.lookup_attributes = ARENA_ARRAY_ZEROED(level->arena, (size_t)base->quals.count + 1, int16_t);
    plan->catalog.lookup_values = ARENA_ARRAY_ZEROED(level->arena, (size_t)base->quals.count + 1, Expr *);
    for (int32_t i = 0; i < base->items.count; i++) {
        Expr *item = base->items.items[i];

        plan->catalog.attributes[i] = (int16_t)item->column.column;
        exprs[i] = item;
        plan_column_set(level->planner, &plan->columns[i], item, item->column.column > 0 ? base->entry->columns[item->column.column - 1].name : NULL);
    }
    for (int32_t i = 0; i < base->quals.count; i++) {
        for (int32_t k = 0; k < base->items.count; k++) {
            Expr        *item = base->items.items[k];
            PlanIndexKey key = {0};

            if (item->kind != EXPR_COLUMN || item->column.column <= 0 || !match_key(level, base, item, item->type, base->quals.items[i]->expr, 0, &key) || key.equal == NULL)
                continue;
            plan->catalog.lookup_attributes[plan->catalog.lookup_count] = (int16_t)item->column.column;
            plan->catalog.lookup_values[plan->catalog.lookup_count++] = plan_compile(level, key.equal, none);
            break;
        }
    }
    plan->rows = base->tuples;
    plan->total_cost = path->total;
    plan->width = (int32_t)base->width;
    return rel_make(level, plan, exprs);
}

/* ---- functions, VALUES, CTEs ---------------------------------------------------------------------------------------------------------------------------- */

static Expr **column_layout(Level *level, const BaseRel *base, int32_t count)
{
    Expr **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)count + 1, Expr *);

    for (int32_t i = 0; i < count; i++)
        exprs[i] = i < base->entry->column_count ? expr_column(level->arena, level->query, base->range, i + 1) : NULL;
    return exprs;
}

static void entry_columns(Level *level, const BaseRel *base, Plan *plan)
{
    for (int32_t i = 0; i < plan->column_count; i++) {
        const RangeColumn *column = &base->entry->columns[i];

        plan->columns[i] = (PlanColumn){.type = column->type, .typmod = column->typmod, .phys = plan_phys(level->planner, column->type), .name = column->name};
    }
}

static Rel *make_function_scan(Level *level, const Path *path)
{
    BaseRel    *base = path->base;
    RangeEntry *entry = base->entry;
    Plan       *plan = plan_new(level->planner, PLAN_FUNCTION_SCAN, entry->column_count);
    Rel        *none = no_input(level);

    entry_columns(level, base, plan);
    plan->function.count = entry->function_count;
    plan->function.functions = ARENA_ARRAY_ZEROED(level->arena, (size_t)entry->function_count + 1, Expr *);
    for (int32_t i = 0; i < entry->function_count; i++)
        plan->function.functions[i] = plan_compile(level, entry->functions[i], none);
    plan->function.column_counts = entry->function_columns;
    plan->function.ordinality = entry->ordinality;
    plan->function.alias = entry->alias;
    plan->rows = base->tuples;
    plan->total_cost = path->total;
    plan->width = (int32_t)base->width;
    return rel_make(level, plan, column_layout(level, base, entry->column_count));
}

static Rel *make_values(Level *level, const Path *path)
{
    BaseRel    *base = path->base;
    RangeEntry *entry = base->entry;
    Plan       *plan = plan_new(level->planner, PLAN_VALUES, entry->column_count);
    Rel        *none = no_input(level);

    entry_columns(level, base, plan);
    plan->values.row_count = entry->values_count;
    plan->values.rows = ARENA_ARRAY_ZEROED(level->arena, (size_t)entry->values_count + 1, ExprList);
    for (int32_t i = 0; i < entry->values_count; i++)
        plan->values.rows[i] = plan_compile_list(level, entry->values[i], none);
    plan->rows = base->tuples;
    plan->total_cost = path->total;
    plan->width = (int32_t)base->width;
    return rel_make(level, plan, column_layout(level, base, entry->column_count));
}

static Rel *make_cte_scan(Level *level, const Path *path)
{
    BaseRel    *base = path->base;
    RangeEntry *entry = base->entry;
    Planner    *planner = level->planner;
    Plan       *work = entry->cte_self_reference ? planner->cte_info[entry->cte->plan].work : NULL;
    Plan       *plan = plan_new(planner, work != NULL ? PLAN_WORK_TABLE_SCAN : PLAN_CTE_SCAN, entry->column_count);

    entry_columns(level, base, plan);
    plan->cte.cte = work != NULL ? work->id : entry->cte->plan;
    plan->cte.alias = entry->alias;
    plan->rows = base->tuples;
    plan->total_cost = path->total;
    plan->width = (int32_t)base->width;
    return rel_make(level, plan, column_layout(level, base, entry->column_count));
}

static Expr *all_quals(Level *level, const BaseRel *base)
{
    Expr *test = NULL;

    for (int32_t i = 0; i < base->quals.count; i++)
        test = expr_and(level->arena, test, base->quals.items[i]->expr);
    return test;
}

Rel *make_base_plan(Level *level, const Path *path)
{
    BaseRel *base = path->base;
    Rel     *rel;

    switch (base->entry->kind) {
    case RANGE_TABLE:
        if (base->entry->table->group_count > 0 && base->entry->table->relkind != 'S')
            return make_table_scan(level, path);
        rel = make_catalog_scan(level, path);
        break;
    case RANGE_SUBQUERY:
        rel = base->source;
        for (int32_t i = 0; i < base->outers.count; i++) { /* lateral: what the subquery asks of its neighbours */
            OuterRefs *sink = level->sink;

            if (sink == NULL)
                raise_error(SQLSTATE_INTERNAL_ERROR, "a lateral subquery without its neighbour");
            outer_refs_push(level->arena, sink, base->outers.items[i]);
        }
        break;
    case RANGE_FUNCTION:
        rel = make_function_scan(level, path);
        break;
    case RANGE_VALUES:
        rel = make_values(level, path);
        break;
    default:
        rel = make_cte_scan(level, path);
        break;
    }
    if (base->quals.count > 0) {
        rel = rel_filter(level, rel, all_quals(level, base));
        rel->plan->rows = path->rows;
    }
    return rel;
}
