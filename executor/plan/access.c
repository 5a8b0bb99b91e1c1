/*
 * access.c - ways to read one relation: whole, by an index, by row id; and the scans made of them.
 */
#include "executor/plan/plan_internal.h"
#include "executor/plan/match.h"
#include "executor/plan/stats.h"

#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

#include <math.h>

/* ---- indexes of a table ------------------------------------------------------------------------------------------------------------------ */

typedef struct Retarget {
    Level  *level;
    int32_t range;
} Retarget;

/* Stored expressions speak of range entry 1. */
static Expr *retarget(Expr *expr, void *context)
{
    Retarget *job = context;

    if (expr->kind == EXPR_COLUMN) {
        Expr *moved = ARENA_NEW(job->level->arena, Expr);

        *moved = *expr;
        moved->column.relation = job->range;
        return moved;
    }
    return expr_mutate(job->level->arena, expr, retarget, job);
}

static Expr *stored(Level *level, BaseRel *rel, Slice bytes)
{
    Retarget job = {level, rel->range};

    return prep_simplify(level->planner, retarget(deserialize_expr(level->planner->session, level->arena, bytes), &job));
}

/* Whether the conditions on the relation make sure that the index's predicate is true. */
static bool implied(Level *level, BaseRel *rel, Expr *predicate)
{
    ExprVec parts = {0};

    prep_conjuncts(level->arena, predicate, &parts);
    for (int32_t i = 0; i < parts.count; i++) {
        Expr *part = parts.items[i];
        bool  found = false;

        for (int32_t k = 0; k < rel->quals.count && !found; k++) {
            Expr *qual = rel->quals.items[k]->expr;

            found = expr_equal(qual, part);
            if (!found && part->kind == EXPR_IS_NULL && part->unary.negated && qual->kind == EXPR_CALL && qual->call.proc->strict) {
                for (int32_t a = 0; a < qual->call.args.count && !found; a++)
                    found = expr_equal(qual->call.args.items[a], part->unary.arg); /* a strict condition on it rules NULL out */
            }
        }
        if (!found)
            return false;
    }
    return true;
}

static void find_indexes(Level *level, BaseRel *rel)
{
    const RelationDesc *table = rel->entry->table;

    rel->indexes = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->index_count + 1, IndexInfo);
    for (int16_t i = 0; i < table->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(level->planner->session, level->arena, table->indexes[i]);
        IndexInfo          *info = &rel->indexes[rel->index_count];

        if (index == NULL || index->index->method != INDEX_ORDERED || index->index->state != INDEX_READY)
            continue;
        info->index = index;
        info->keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)index->index->column_count, Expr *);
        for (int16_t k = 0; k < index->index->column_count; k++) {
            const IndexColumnDesc *column = &index->index->columns[k];

            info->keys[k] = column->column > 0 ? expr_column(level->arena, level->query, rel->range, column->column) : stored(level, rel, column->expr);
        }
        if (index->index->predicate.size > 0)
            info->predicate = stored(level, rel, index->index->predicate);
        info->usable = info->predicate == NULL || implied(level, rel, info->predicate);
        rel->index_count++;
    }
}

/* ---- sizes and sources ----------------------------------------------------------------------------------------------------------------------- */

static void prepare_table(Level *level, BaseRel *rel)
{
    TableStats stats = stats_table(level->planner->session, rel->entry->table);

    rel->tuples = MAX(stats.rows, 1);
    rel->pages = MAX(stats.pages, 10); /* PG15: a table that is small now is planned for as if it had ten pages */
    if (rel->entry->table->group_count > 0 && rel->entry->table->index_count > 0)
        find_indexes(level, rel);
}

static double values_width(const RangeEntry *entry)
{
    double width = 0;

    for (int32_t i = 0; i < entry->column_count; i++)
        width += type_by_oid(entry->columns[i].type) == NULL || type_by_oid(entry->columns[i].type)->phys == PHYS_BYTES ? 32 : 8;
    return width;
}

static Expr **source_layout(Level *level, BaseRel *rel, int32_t count)
{
    Expr **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)count + 1, Expr *);

    for (int32_t i = 0; i < count; i++)
        exprs[i] = i < rel->entry->column_count ? expr_column(level->arena, level->query, rel->range, i + 1) : NULL;
    return exprs;
}

/* A target that nobody reads is NULL: what only it needs is not computed. */
static void drop_unused_targets(Level *level, BaseRel *rel, Query *sub)
{
    int32_t column = 0;

    if (sub->distinct || sub->set_op != NULL || sub->command != QUERY_SELECT || rel->row_ids)
        return;
    for (int32_t i = 0; i < sub->target_count; i++) {
        Target *target = &sub->targets[i];
        bool    used = false;

        if (target->junk)
            continue;
        column++;
        for (int32_t k = 0; k < rel->items.count && !used; k++)
            used = rel->items.items[k]->kind != EXPR_COLUMN || rel->items.items[k]->column.column == column;
        for (int32_t k = 0; k < sub->group_count && !used; k++)
            used = sub->group[k].target == i;
        for (int32_t k = 0; k < sub->order_count && !used; k++)
            used = sub->order[k].target == i;
        for (int32_t w = 0; w < sub->window_count && !used; w++) {
            for (int32_t k = 0; k < sub->windows[w].partition_count && !used; k++)
                used = sub->windows[w].partition[k].target == i;
            for (int32_t k = 0; k < sub->windows[w].order_count && !used; k++)
                used = sub->windows[w].order[k].target == i;
        }
        if (!used && !expr_is_volatile(target->expr) && !expr_contains(target->expr, EXPR_SET_CALL))
            target->expr = expr_null(level->arena, target->expr->type, target->expr->typmod);
    }
}

static void prepare_subquery(Level *level, BaseRel *rel)
{
    Query *sub = rel->entry->subquery;

    prep_push_down(level, rel);
    drop_unused_targets(level, rel, sub);
    rel->source = plan_sub_query(level->planner, level, sub, 0, &rel->outers);
    rel->tuples = rel->source->plan->rows;
    rel->source = rel_make(level, rel->source->plan, source_layout(level, rel, rel->source->plan->column_count));
    for (int32_t i = 0; i < rel->source->plan->column_count && i < rel->entry->column_count; i++)
        rel->source->plan->columns[i].name = rel->entry->columns[i].name;
}

void base_prepare(Level *level, BaseRel *rel)
{
    RangeEntry *entry = rel->entry;

    switch (entry->kind) {
    case RANGE_TABLE:
        prepare_table(level, rel);
        break;
    case RANGE_SUBQUERY:
        prepare_subquery(level, rel);
        break;
    case RANGE_FUNCTION:
        rel->tuples = 1;
        for (int32_t i = 0; i < entry->function_count; i++) {
            if (entry->functions[i]->kind == EXPR_SET_CALL || (entry->functions[i]->kind == EXPR_CALL && entry->functions[i]->call.proc->returns_set))
                rel->tuples = 1000;
        }
        break;
    case RANGE_VALUES:
        rel->tuples = entry->values_count;
        break;
    case RANGE_CTE:
        rel->tuples = level->planner->cte_info[entry->cte->plan].rows;
        break;
    case RANGE_JOIN:
    default:
        raise_error(SQLSTATE_INTERNAL_ERROR, "unexpected kind of relation in FROM");
    }
    rel->tuples = MAX(rel->tuples, 1);
    rel->rows = clamp_rows(rel->tuples * quals_selectivity(level, &rel->quals));
    rel->width = 0;
    for (int32_t i = 0; i < rel->items.count; i++)
        rel->width += plan_phys(level->planner, rel->items.items[i]->type) == PHYS_BYTES ? 32 : (double)phys_width(plan_phys(level->planner, rel->items.items[i]->type));
    if (rel->width == 0)
        rel->width = entry->kind == RANGE_VALUES ? values_width(entry) : 8;
}

/* Fills a path's keys from conditions; false when the first column has none. */
static bool match_index(Level *level, BaseRel *rel, IndexInfo *info, const QualList *own, const QualList *joins, RelSet outer, Path *path, double *selectivity)
{
    const IndexDesc *index = info->index->index;
    QualList         matched = {0};

    path->keys = ARENA_ARRAY_ZEROED(level->arena, (size_t)index->key_count, PlanIndexKey);
    *selectivity = 1;
    for (int16_t k = 0; k < index->key_count; k++) {
        PlanIndexKey *key = &path->keys[path->key_count];
        bool          any = false;

        *key = (PlanIndexKey){.column = k};
        for (int pass = 0; pass < 2; pass++) {
            const QualList *list = pass == 0 ? own : joins;

            for (int32_t i = 0; list != NULL && i < list->count; i++) {
                Qual *qual = list->items[i];

                if (!match_key(level, rel, info->keys[k], index->columns[k].type, qual->expr, outer, key))
                    continue;
                any = true;
                quals_push(level->arena, &matched, qual);
                quals_push(level->arena, &path->used, qual);
                if (pass == 1)
                    quals_push(level->arena, &path->parameterised, qual);
            }
        }
        for (int32_t i = 0; i < own->count; i++) {
            if (match_like(level, info->keys[k], index->columns[k].type, own->items[i]->expr, key)) {
                any = true;
                quals_push(level->arena, &matched, own->items[i]);
            }
        }
        if (!any)
            break;
        path->key_count++;
        if (key->equal != NULL) { /* an equality makes bounds beside it redundant; they stay conditions */
            if (key->lower != NULL || key->upper != NULL || key->in_array != NULL) {
                key->lower = key->upper = key->in_array = NULL;
                path->used.count = 0;
                path->key_count = 0;
                *key = (PlanIndexKey){0};
                return false; /* contradictory or repeated: rare, and a scan answers it */
            }
            continue;
        }
        if (key->in_array == NULL && !key->is_null)
            break; /* a range: the columns behind it cannot narrow further */
        if (key->in_array != NULL && (key->lower != NULL || key->upper != NULL)) {
            path->key_count--;
            return path->key_count > 0;
        }
    }
    *selectivity = quals_selectivity(level, &matched);
    if (index->unique && path->key_count == index->key_count) {
        bool all_equal = true;

        for (int32_t i = 0; i < path->key_count; i++)
            all_equal &= path->keys[i].equal != NULL;
        if (all_equal)
            *selectivity = 1 / rel->tuples;
    }
    return path->key_count > 0;
}

/* ---- paths --------------------------------------------------------------------------------------------------------------------------------------- */

/* A path is kept unless another is no worse in cost and order. */
void add_path(Level *level, JoinRel *rel, Path *path)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < rel->path_count; i++) {
        Path *old = rel->paths[i];
        bool  old_order = order_contains(level, &old->order, &path->order);
        bool  new_order = order_contains(level, &path->order, &old->order);

        if (old->total <= path->total * 1.0000001 && old->startup <= path->startup * 1.0000001 + 0.01 && old_order)
            return;
        if (!(path->total <= old->total && path->startup <= old->startup && new_order))
            rel->paths[kept++] = old;
    }
    rel->path_count = kept;
    if (rel->path_count == rel->path_capacity) {
        int32_t wider = rel->path_capacity == 0 ? 4 : rel->path_capacity * 2;

        rel->paths = arena_grow(level->arena, rel->paths, sizeof *rel->paths * (size_t)rel->path_capacity, sizeof *rel->paths * (size_t)wider);
        rel->path_capacity = wider;
    }
    rel->paths[rel->path_count++] = path;
    if (rel->cheapest == NULL || path->total < rel->cheapest->total)
        rel->cheapest = path;
    else {
        for (int32_t i = 0; i < rel->path_count; i++) {
            if (rel->paths[i]->total < rel->cheapest->total)
                rel->cheapest = rel->paths[i];
        }
    }
}

static const Expr *bare(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->unary.arg;
    return expr;
}

static double quals_cost(const QualList *quals)
{
    double cost = 0;

    for (int32_t i = 0; i < quals->count; i++)
        cost += expr_cost(quals->items[i]->expr);
    return cost;
}

/* The order of an index's entries; columns fixed by an equality are no part of it. */
static SortOrder index_order(Level *level, const IndexInfo *info, const Path *path, bool backward)
{
    const IndexDesc *index = info->index->index;
    SortOrder        order = {0, ARENA_ARRAY_ZEROED(level->arena, (size_t)index->key_count, SortKey)};

    for (int16_t k = 0; k < index->key_count; k++) {
        const IndexColumnDesc *column = &index->columns[k];

        if (k < path->key_count && (path->keys[k].equal != NULL || path->keys[k].is_null))
            continue;
        order.keys[order.count++] = (SortKey){
            .expr = info->keys[k], .descending = column->descending != backward, .nulls_first = column->nulls_first != backward,
        };
    }
    return order;
}

/* Whether every item asked for stands in the index's entries. */
static bool covers(const BaseRel *rel, const IndexInfo *info)
{
    const IndexDesc *index = info->index->index;

    for (int32_t i = 0; i < rel->items.count; i++) {
        const Expr *item = rel->items.items[i];
        bool        found = item->kind == EXPR_COLUMN && item->column.column == COLUMN_ROW_ID;

        for (int16_t k = 0; k < index->column_count && !found; k++)
            found = index->columns[k].column > 0 && expr_equal(info->keys[k], item);
        if (!found)
            return false;
    }
    return true;
}

static Path *index_path(Level *level, BaseRel *rel, IndexInfo *info, const QualList *joins, RelSet outer, bool backward)
{
    Path  *path = ARENA_NEW(level->arena, Path);
    double selectivity = 1;
    double entries;
    double depth = 0.05 * log2(rel->tuples + 2);
    bool   has_keys = match_index(level, rel, info, &rel->quals, joins, outer, path, &selectivity);

    path->kind = PATH_INDEX;
    path->base = rel;
    path->rels = rel->self;
    path->index = info;
    path->backward = backward;
    if (!has_keys) {
        path->key_count = 0;
        path->used = path->parameterised = (QualList){0};
        selectivity = 1;
    }
    for (int32_t i = 0; i < path->parameterised.count; i++)
        path->params |= path->parameterised.items[i]->rels & ~rel->self;
    entries = MAX(rel->tuples * selectivity, 1);
    path->order = index_order(level, info, path, backward);
    path->rows = clamp_rows(path->params != 0 ? MIN(rel->rows, rel->rows * quals_selectivity(level, &path->parameterised)) : rel->rows);
    if (path->params != 0 && info->index->index->unique && entries <= 1)
        path->rows = 1;
    path->width = rel->width;
    path->startup = COST_INDEX_START + depth;
    if (path->key_count == info->index->index->key_count && info->index->index->unique && entries <= 1)
        path->startup = 0; /* one row by its key: right however small the table is now, since plans are kept while tables grow */
    path->total = path->startup + entries * (COST_INDEX_ROW + (covers(rel, info) ? COST_ROW : COST_FETCH)) + entries * quals_cost(&rel->quals);
    return path;
}

static Path *row_id_path(Level *level, BaseRel *rel)
{
    for (int32_t i = 0; i < rel->quals.count; i++) {
        Expr *expr = rel->quals.items[i]->expr;
        Path *path;
        Expr *value = NULL;

        if (expr->kind == EXPR_CALL && expr->call.op != NULL && strcmp(expr->call.op->name, "=") == 0 && expr->call.args.count == 2) {
            for (int side = 0; side < 2; side++) {
                Expr *column = expr->call.args.items[side];

                if (column->kind == EXPR_COLUMN && column->column.column == COLUMN_CTID && column->column.relation == rel->range)
                    value = expr->call.args.items[1 - side];
            }
        }
        if (value == NULL || !match_usable_value(level, rel, value, 0))
            continue;
        path = ARENA_NEW(level->arena, Path);
        *path = (Path){.kind = PATH_ROW_ID, .base = rel, .rels = rel->self, .row_id = value, .rows = 1, .width = rel->width,
                       .total = COST_FETCH};
        quals_push(level->arena, &path->used, rel->quals.items[i]);
        return path;
    }
    return NULL;
}

void base_paths(Level *level, BaseRel *rel, JoinRel *out)
{
    Path *path = ARENA_NEW(level->arena, Path);
    double per_row = COST_ROW + quals_cost(&rel->quals);

    *path = (Path){.kind = PATH_BASE, .base = rel, .rels = rel->self, .rows = rel->rows, .width = rel->width};
    if (rel->source != NULL) {
        path->startup = rel->source->plan->startup_cost;
        path->total = rel->source->plan->total_cost + rel->tuples * quals_cost(&rel->quals);
    } else {
        path->total = (rel->entry->kind == RANGE_TABLE ? rel->pages * COST_PAGE * 0.5 : 0) + rel->tuples * per_row;
    }
    add_path(level, out, path);
    if (rel->entry->kind != RANGE_TABLE || rel->entry->table->group_count == 0)
        return;
    path = row_id_path(level, rel);
    if (path != NULL)
        add_path(level, out, path);
    for (int32_t i = 0; i < rel->index_count; i++) {
        IndexInfo *info = &rel->indexes[i];

        if (!info->usable)
            continue;
        path = index_path(level, rel, info, NULL, 0, false);
        if (path->key_count > 0 || info->predicate != NULL || order_contains(level, &path->order, &level->wanted) || covers(rel, info))
            add_path(level, out, path);
        if (level->wanted.count > 0) {
            Path *back = index_path(level, rel, info, NULL, 0, true);

            if (order_contains(level, &back->order, &level->wanted))
                add_path(level, out, back);
        }
    }
}

Path *base_parameterised_path(Level *level, BaseRel *rel, RelSet outer, const QualList *joins)
{
    Path *best = NULL;

    for (int32_t i = 0; i < rel->index_count; i++) {
        Path *path;

        if (!rel->indexes[i].usable)
            continue;
        path = index_path(level, rel, &rel->indexes[i], joins, outer, false);
        if (path->params != 0 && (best == NULL || path->total < best->total))
            best = path;
    }
    return best;
}

/* Whether equalities among the conditions pin a unique key of the relation: at most one row matches. */
bool base_unique_for(Level *level, BaseRel *rel, const QualList *quals)
{
    (void)level;
    if (rel->entry->kind != RANGE_TABLE)
        return false;
    for (int32_t i = 0; i < rel->index_count; i++) {
        const IndexDesc *index = rel->indexes[i].index->index;
        bool             all = index->unique && rel->indexes[i].predicate == NULL;

        for (int16_t k = 0; all && k < index->key_count; k++) {
            bool found = false;

            for (int32_t q = 0; q < quals->count && !found; q++) {
                const Qual *qual = quals->items[q];

                found = qual->is_equality && ((qual->left_rels == rel->self && expr_equal(bare(qual->left), bare(rel->indexes[i].keys[k]))) ||
                                              (qual->right_rels == rel->self && expr_equal(bare(qual->right), bare(rel->indexes[i].keys[k]))));
            }
            all = found;
        }
        if (all)
            return true;
    }
    return false;
}
