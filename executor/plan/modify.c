/*
 * modify.c - INSERT, UPDATE, DELETE, MERGE: the rows to write, and the node that writes them.
 */
#include "executor/plan/plan_internal.h"

#include "executor/serialize/serialize.h"

static const RelationDesc *target_table(const Level *level)
{
    return level->query->ranges[level->query->result_range - 1]->table;
}

static Expr *row_id_expr(Level *level)
{
    Expr *expr = expr_new(level->arena, EXPR_COLUMN, TYPE_INT8, -1);

    expr->column.relation = level->query->result_range;
    expr->column.column = COLUMN_ROW_ID;
    return expr;
}

static uint64_t *bits_new(Level *level, const RelationDesc *table)
{
    return ARENA_ARRAY_ZEROED(level->arena, BATCH_WORDS(table->column_count) + 1, uint64_t);
}

static Expr *attribute_expr(Level *level, const RelationDesc *table, int32_t range, int16_t attribute)
{
    const ColumnDesc *column = &table->columns[attribute - 1];

    if (column->dropped)
        return expr_null(level->arena, TYPE_INT4, -1);
    return expr_column(level->arena, level->query, range, attribute);
}

/* A layout in which column i is attribute i + 1 of a range entry: rows as storage gives them. */
static Rel *row_rel(Level *level, const RelationDesc *table, int32_t range)
{
    Plan  *plan = ARENA_NEW(level->arena, Plan);
    Expr **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, Expr *);

    plan->column_count = table->column_count;
    plan->columns = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, PlanColumn);
    for (int16_t i = 0; i < table->column_count; i++) {
        plan->columns[i] = (PlanColumn){.type = table->columns[i].type, .typmod = table->columns[i].typmod, .phys = table->columns[i].phys, .name = table->columns[i].name};
        exprs[i] = table->columns[i].dropped ? NULL : attribute_expr(level, table, range, (int16_t)(i + 1));
    }
    return rel_make(level, plan, exprs);
}

/* A stored expression over the table's columns, as one over its range entry. */
typedef struct Retarget {
    Level  *level;
    int32_t range;
} Retarget;

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

static Expr *stored(Level *level, Slice bytes, int32_t range)
{
    Retarget job = {level, range};

    return prep_simplify(level->planner, retarget(deserialize_expr(level->planner->session, level->arena, bytes), &job));
}

static bool has_generated(const RelationDesc *table)
{
    for (int16_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].generated != 0 && !table->columns[i].dropped)
            return true;
    }
    return false;
}

/* Column values of a new row; the targets assigned, and for the rest what `other` gives. */
static void row_values(Level *level, const RelationDesc *table, const Target *targets, int32_t count, bool keep_old, int32_t old_range, Expr **values, uint64_t *changed)
{
    for (int16_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].dropped || !keep_old)
            values[i] = expr_null(level->arena, table->columns[i].dropped ? TYPE_INT4 : table->columns[i].type, table->columns[i].dropped ? -1 : table->columns[i].typmod);
        else
            values[i] = attribute_expr(level, table, old_range, (int16_t)(i + 1));
    }
    for (int32_t i = 0; i < count; i++) {
        if (targets[i].attribute <= 0)
            continue;
        values[targets[i].attribute - 1] = targets[i].expr;
        if (changed != NULL)
            bitmap_set(changed, targets[i].attribute - 1);
    }
    for (int16_t i = 0; changed != NULL && i < table->column_count; i++) {
        if (table->columns[i].generated != 0 && !table->columns[i].dropped)
            bitmap_set(changed, i);
    }
}

static void set_checks(Level *level, Plan *plan, const RelationDesc *table)
{
    Rel *row = row_rel(level, table, level->query->result_range);

    plan->modify.checks = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->constraint_count + 1, Expr *);
    plan->modify.check_names = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->constraint_count + 1, const char *);
    for (int16_t i = 0; i < table->constraint_count; i++) {
        const ConstraintDesc *constraint = &table->constraints[i];

        if (constraint->kind != CONSTRAINT_CHECK)
            continue;
        plan->modify.checks[plan->modify.check_count] = plan_compile(level, stored(level, constraint->check_expr, level->query->result_range), row);
        plan->modify.check_names[plan->modify.check_count++] = constraint->name;
    }
}

/* Over the written row, then the input's columns; what the input holds of the table itself is the old row, and not meant. */
static void set_returning(Level *level, Plan *plan, const RelationDesc *table, const Rel *input)
{
    Query  *query = level->query;
    Rel    *row = row_rel(level, table, query->result_range);
    Rel    *others = rel_make(level, input->plan, ARENA_ARRAY_ZEROED(level->arena, (size_t)input->plan->column_count + 1, Expr *));
    RelSet  self = 0;
    int32_t number = level->rel_of_range == NULL ? -1 : level->rel_of_range[query->result_range - 1];

    if (number >= 0)
        self = REL_BIT(number);
    for (int32_t i = 0; i < input->plan->column_count; i++) {
        bool own = input->exprs[i] == NULL || (level->rel_of_range != NULL && rels_overlap(level_rels_of(level, input->exprs[i]), self));

        others->exprs[i] = own ? NULL : input->exprs[i];
        if (input->exprs[i] != NULL && input->exprs[i]->kind == EXPR_COLUMN && input->exprs[i]->column.column == COLUMN_ROW_ID)
            others->exprs[i] = input->exprs[i];
    }
    plan->modify.returning_count = query->returning == NULL ? 0 : query->returning_count;
    plan->modify.returning = expr_list(level->arena, plan->modify.returning_count);
    for (int32_t i = 0; i < plan->modify.returning_count; i++)
        plan->modify.returning.items[i] = plan_compile_pair(level, query->returning[i].expr, row, others);
}

static Plan *modify_new(Level *level, QueryCommand command, const Rel *input)
{
    Query *query = level->query;
    int32_t columns = query->returning == NULL ? 0 : query->returning_count;
    Plan  *plan = plan_new(level->planner, PLAN_MODIFY, columns);

    plan->left = input->plan;
    plan->modify.command = command;
    plan->modify.table = target_table(level);
    plan->modify.alias = query->ranges[query->result_range - 1]->alias;
    plan->modify.row_id_column = -1;
    for (int32_t i = 0; i < columns; i++)
        plan_column_set(level->planner, &plan->columns[i], query->returning[i].expr, query->returning[i].name);
    plan->rows = columns > 0 ? input->plan->rows : 0;
    plan->startup_cost = input->plan->startup_cost;
    plan->total_cost = input->plan->total_cost + input->plan->rows * COST_ROW;
    plan->width = input->plan->width;
    return plan;
}

static Rel *modify_rel(Level *level, Plan *plan)
{
    Expr **exprs = ARENA_ARRAY_ZEROED(level->arena, (size_t)plan->column_count + 1, Expr *);

    for (int32_t i = 0; i < plan->column_count; i++)
        exprs[i] = level->query->returning[i].expr;
    return rel_make(level, plan, exprs);
}

/*
 * Stored generated columns are computed over the new row, which is the input's first columns. The layout names these as the columns of the
 * target, so that only this step sees them so.
 */
static Rel *compute_generated(Level *level, Rel *input, const RelationDesc *table)
{
    Rel   *row = row_rel(level, table, level->query->result_range);
    Plan  *plan;
    int32_t count = input->plan->column_count;

    if (!has_generated(table))
        return input;
    plan = plan_new(level->planner, PLAN_PROJECT, count);
    plan->left = input->plan;
    plan->project.exprs = expr_list(level->arena, count);
    for (int32_t i = 0; i < count; i++) {
        plan->columns[i] = input->plan->columns[i];
        plan->project.exprs.items[i] = plan_input(level->arena, &input->plan->columns[i], i);
        if (i < table->column_count && table->columns[i].generated != 0 && !table->columns[i].dropped) {
            plan->project.exprs.items[i] = plan_compile(level, stored(level, table->columns[i].default_expr, level->query->result_range), row);
            plan->columns[i] = row->plan->columns[i];
        }
    }
    plan->rows = input->plan->rows;
    plan->startup_cost = input->plan->startup_cost;
    plan->total_cost = input->plan->total_cost + plan->rows * COST_OPERATOR;
    plan->width = input->plan->width;
    return rel_make(level, plan, input->exprs);
}

/* ---- INSERT --------------------------------------------------------------------------------------------------------------------------------- */

/* Puts the new row's values in place of the columns of the target. */
typedef struct NewRow {
    Level *level;
    Expr **values;
} NewRow;

static Expr *put_new_value(Expr *expr, void *context)
{
    NewRow *row = context;

    if (expr->kind == EXPR_COLUMN && expr->column.relation == row->level->query->result_range && expr->column.levels_up == 0 && expr->column.column > 0)
        return row->values[expr->column.column - 1];
    return expr_mutate(row->level->arena, expr, put_new_value, row);
}

static void generated_values(Level *level, const RelationDesc *table, Expr **values)
{
    NewRow row = {level, values};

    for (int16_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].generated != 0 && !table->columns[i].dropped)
            values[i] = put_new_value(stored(level, table->columns[i].default_expr, level->query->result_range), &row);
    }
}

static void set_conflict(Level *level, Plan *plan, const RelationDesc *table)
{
    Query      *query = level->query;
    OnConflict *conflict = query->on_conflict;
    Expr      **values;
    Rel        *existing;
    Rel        *excluded;

    if (conflict == NULL)
        return;
    plan->modify.conflict.do_nothing = !conflict->do_update;
    plan->modify.conflict.do_update = conflict->do_update;
    plan->modify.conflict.arbiter_count = conflict->arbiter_count;
    plan->modify.conflict.arbiters = conflict->arbiters;
    if (!conflict->do_update)
        return;
    existing = row_rel(level, table, query->result_range);
    excluded = row_rel(level, table, conflict->excluded_range);
    values = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, Expr *);
    plan->modify.conflict.changed = bits_new(level, table);
    row_values(level, table, conflict->sets, conflict->set_count, true, query->result_range, values, plan->modify.conflict.changed);
    generated_values(level, table, values);
    plan->modify.conflict.new_row = expr_list(level->arena, table->column_count);
    for (int16_t i = 0; i < table->column_count; i++)
        plan->modify.conflict.new_row.items[i] = plan_compile_pair(level, values[i], existing, excluded);
    plan->modify.conflict.where = plan_compile_pair(level, conflict->where, existing, excluded);
}

static Rel *plan_insert(Level *level)
{
    Query              *query = level->query;
    const RelationDesc *table = target_table(level);
    Rel                *input = plan_from(level, NULL);
    Expr              **values = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, Expr *);
    const char        **names = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, const char *);
    Plan               *plan;

    row_values(level, table, query->targets, query->target_count, false, 0, values, NULL);
    for (int16_t i = 0; i < table->column_count; i++) {
        names[i] = table->columns[i].name;
        if (table->columns[i].generated != 0 && !table->columns[i].dropped)
            values[i] = expr_null(level->arena, table->columns[i].type, table->columns[i].typmod);
    }
    input = rel_project(level, input, values, names, table->column_count);
    input = compute_generated(level, input, table);
    plan = modify_new(level, QUERY_INSERT, input);
    set_checks(level, plan, table);
    set_conflict(level, plan, table);
    set_returning(level, plan, table, rel_make(level, input->plan, ARENA_ARRAY_ZEROED(level->arena, (size_t)input->plan->column_count + 1, Expr *)));
    return modify_rel(level, plan);
}

/* ---- UPDATE, DELETE --------------------------------------------------------------------------------------------------------------------------- */

static Rel *plan_update(Level *level)
{
    Query              *query = level->query;
    const RelationDesc *table = target_table(level);
    Rel                *input = plan_from(level, NULL);
    ExprVec             exprs = {0};
    uint64_t           *changed = bits_new(level, table);
    int32_t            *old = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, int32_t);
    Expr              **values = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, Expr *);
    int32_t             number = level->rel_of_range[query->result_range - 1];
    int32_t             row_id;
    Plan               *plan;

    row_values(level, table, query->targets, query->target_count, true, query->result_range, values, changed);
    for (int16_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].generated != 0 && !table->columns[i].dropped)
            values[i] = attribute_expr(level, table, query->result_range, (int16_t)(i + 1));
        exprs_push(level->arena, &exprs, values[i]);
    }
    row_id = exprs.count;
    exprs_push(level->arena, &exprs, row_id_expr(level));
    for (int16_t i = 0; i < table->column_count; i++) {
        old[i] = table->columns[i].dropped ? -1 : i;
        if (!table->columns[i].dropped && bitmap_get(changed, i)) {
            old[i] = exprs.count;
            exprs_push(level->arena, &exprs, attribute_expr(level, table, query->result_range, (int16_t)(i + 1)));
        }
    }
    for (int32_t i = 0; i < input->plan->column_count; i++) { /* other tables' columns, for RETURNING; row ids of all, for re-checks */
        if (input->exprs[i] != NULL && !rels_overlap(level_rels_of(level, input->exprs[i]), REL_BIT(number)))
            exprs_push(level->arena, &exprs, input->exprs[i]);
    }
    input = rel_project(level, input, exprs.items, NULL, exprs.count);
    input = compute_generated(level, input, table);
    plan = modify_new(level, QUERY_UPDATE, input);
    plan->modify.row_id_column = row_id;
    plan->modify.changed = changed;
    plan->modify.old_columns = old;
    set_checks(level, plan, table);
    set_returning(level, plan, table, input);
    return modify_rel(level, plan);
}

static Rel *plan_delete(Level *level)
{
    Query              *query = level->query;
    const RelationDesc *table = target_table(level);
    Rel                *input = plan_from(level, NULL);
    Plan               *plan = modify_new(level, QUERY_DELETE, input);

    plan->modify.row_id_column = rel_find(input, row_id_expr(level));
    plan->modify.old_columns = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, int32_t);
    for (int16_t i = 0; i < table->column_count; i++)
        plan->modify.old_columns[i] = table->columns[i].dropped ? -1 : rel_find(input, attribute_expr(level, table, query->result_range, (int16_t)(i + 1)));
    set_returning(level, plan, table, input);
    return modify_rel(level, plan);
}

/* ---- MERGE -------------------------------------------------------------------------------------------------------------------------------------- */

static Rel *plan_merge(Level *level)
{
    Query              *query = level->query;
    const RelationDesc *table = target_table(level);
    Rel                *input = plan_from(level, NULL);
    Plan               *plan = modify_new(level, QUERY_MERGE, input);

    plan->modify.row_id_column = rel_find(input, row_id_expr(level));
    plan->modify.old_columns = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, int32_t);
    for (int16_t i = 0; i < table->column_count; i++)
        plan->modify.old_columns[i] = table->columns[i].dropped ? -1 : rel_find(input, attribute_expr(level, table, query->result_range, (int16_t)(i + 1)));
    plan->modify.merge_count = query->merge_count;
    plan->modify.merge_actions = ARENA_ARRAY_ZEROED(level->arena, (size_t)query->merge_count + 1, struct PlanMergeAction);
    for (int32_t i = 0; i < query->merge_count; i++) {
        MergeAction            *from = &query->merge_actions[i];
        struct PlanMergeAction *to = &plan->modify.merge_actions[i];
        Expr                  **values = ARENA_ARRAY_ZEROED(level->arena, (size_t)table->column_count + 1, Expr *);

        to->matched = from->matched;
        to->command = from->command;
        to->condition = plan_compile(level, from->condition, input);
        if (from->command != QUERY_INSERT && from->command != QUERY_UPDATE)
            continue;
        to->changed = bits_new(level, table);
        row_values(level, table, from->targets, from->target_count, from->command == QUERY_UPDATE, query->result_range, values, to->changed);
        generated_values(level, table, values);
        to->new_row = expr_list(level->arena, table->column_count);
        for (int16_t k = 0; k < table->column_count; k++)
            to->new_row.items[k] = plan_compile(level, values[k], input);
    }
    set_checks(level, plan, table);
    set_returning(level, plan, table, input);
    return modify_rel(level, plan);
}

Rel *plan_modify(Level *level)
{
    switch (level->query->command) {
    case QUERY_INSERT:
        return plan_insert(level);
    case QUERY_UPDATE:
        return plan_update(level);
    case QUERY_DELETE:
        return plan_delete(level);
    case QUERY_MERGE:
    default:
        return plan_merge(level);
    }
}
