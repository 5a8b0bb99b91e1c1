/*
 * alter_rewrite.c - writing a table's rows anew for ALTER TABLE.
 */
#include "executor/ddl/alter_table.h"
#include "executor/ddl/rows.h"

#include "executor/exec/eval.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

void alter_set_value(Alter *alter, int16_t number, Expr *value)
{
    if (number > alter->value_capacity) {
        int32_t wider = alter->value_capacity == 0 ? 32 : alter->value_capacity;
        Expr  **values;

        while (wider < number)
            wider *= 2;
        values = ARENA_ARRAY_ZEROED(alter->ddl->arena, (size_t)wider, Expr *);
        if (alter->value_capacity > 0)
            ddl_copy(values, alter->values, sizeof *values * (size_t)alter->value_capacity);
        alter->values = values;
        alter->value_capacity = wider;
    }
    alter->values[number - 1] = value;
}

/* What each column of the new rows comes from. */
typedef struct Rewrite {
    Alter        *alter;
    RowEvaluator *values;    /* over old rows */
    int32_t      *value_of;  /* by attribute - 1: expression, -1: the old column, -2: generated, -3: NULL */
    RowEvaluator *generated; /* over new rows */
    int32_t      *generated_of;
} Rewrite;

static void plan_rewrite(Rewrite *rewrite)
{
    Alter              *alter = rewrite->alter;
    const RelationDesc *rel = alter->rel;
    Arena              *arena = alter->ddl->arena;
    size_t              room = (size_t)rel->column_count + 1;
    Expr              **values = ARENA_ARRAY_ZEROED(arena, room, Expr *);
    Expr              **generated = ARENA_ARRAY_ZEROED(arena, room, Expr *);
    int32_t             value_count = 0;
    int32_t             generated_count = 0;

    rewrite->value_of = ARENA_ARRAY_ZEROED(arena, room, int32_t);
    rewrite->generated_of = ARENA_ARRAY_ZEROED(arena, room, int32_t);
    for (int16_t i = 0; i < rel->column_count; i++) {
        Expr *value = i < alter->value_capacity ? alter->values[i] : NULL;

        rewrite->value_of[i] = i < alter->old->column_count ? -1 : -3;
        if (rel->columns[i].dropped)
            continue;
        if (rel->columns[i].generated != 0) {
            rewrite->value_of[i] = -2;
            rewrite->generated_of[i] = generated_count;
            generated[generated_count++] = deserialize_expr(alter->ddl->session, arena, rel->columns[i].default_expr);
        } else if (value != NULL) {
            rewrite->value_of[i] = value_count;
            values[value_count++] = value;
        }
    }
    if (value_count > 0)
        rewrite->values = row_evaluator_new(alter->ddl->session, arena, values, value_count);
    if (generated_count > 0)
        rewrite->generated = row_evaluator_new(alter->ddl->session, arena, generated, generated_count);
}

static Vector *null_vector(Arena *arena, const ColumnDesc *column, int32_t rows)
{
    Vector *vector = ARENA_NEW(arena, Vector);

    vector->type = column->type;
    vector->phys = column->phys;
    vector->capacity = rows;
    vector->data = arena_alloc_zeroed(arena, (size_t)rows + 1, phys_width(column->phys));
    vector->validity = ARENA_ARRAY_ZEROED(arena, BATCH_WORDS(rows) + 1, uint64_t);
    return vector;
}

static void rewrite_batch(Rewrite *rewrite, const Batch *old, Arena *arena)
{
    const RelationDesc *rel = rewrite->alter->rel;
    Batch               new = *old;

    new.column_count = rel->column_count;
    new.columns = ARENA_ARRAY_ZEROED(arena, (size_t)rel->column_count + 1, Vector *);
    for (int16_t i = 0; i < rel->column_count; i++) {
        int32_t from = rewrite->value_of[i];

        if (rel->columns[i].dropped)
            continue;
        if (from >= 0)
            new.columns[i] = row_evaluator_run(rewrite->values, from, old, arena);
        else if (from == -1)
            new.columns[i] = old->columns[i];
        else if (from == -3)
            new.columns[i] = null_vector(arena, &rel->columns[i], old->row_count);
    }
    for (int16_t i = 0; i < rel->column_count; i++) {
        if (!rel->columns[i].dropped && rewrite->value_of[i] == -2)
            new.columns[i] = row_evaluator_run(rewrite->generated, rewrite->generated_of[i], &new, arena);
    }
    for (int16_t i = 0; i < rel->column_count; i++) {
        if (!rel->columns[i].not_null || rel->columns[i].dropped)
            continue;
        for (int32_t k = 0; k < new.count; k++) {
            if (!vector_is_valid(new.columns[i], sel_row(new.sel, k))) {
                Error *err = error_new(SQLSTATE_NOT_NULL_VIOLATION, "column \"%s\" of relation \"%s\" contains null values", rel->columns[i].name, rel->head.name);

                error_object(err, ddl_schema_name(rewrite->alter->ddl, rel->head.parent), rel->head.name, rel->columns[i].name, NULL);
                error_raise(err);
            }
        }
    }
    rows_insert(rewrite->alter->ddl, rel, &new);
}

void alter_rewrite(Alter *alter)
{
    Ddl             *ddl = alter->ddl;
    RelationDesc    *rel = alter->rel;
    Rewrite          rewrite = {.alter = alter};
    Arena           *batch_arena = arena_new(ddl->arena, NULL, "table rewrite");
    ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)rel->group_count, ColumnGroupDesc);
    RowPass         *pass;
    Batch           *batch;

    ddl_copy(groups, rel->groups, sizeof *groups * (size_t)rel->group_count);
    for (int16_t i = 0; i < rel->group_count; i++)
        groups[i].storage_id = store_new_storage_id(ddl->session);
    rel->groups = groups;
    rel->chunk_storage = store_new_storage_id(ddl->session);
    for (int16_t i = 0; i < rel->column_count; i++)
        ((ColumnDesc *)rel->columns)[i].missing_value = (Slice){0}; /* every new row has every column */
    store_table_create(ddl->session, rel);
    plan_rewrite(&rewrite);
    pass = row_pass_open(ddl->session, ddl->arena, alter->old, NULL);
    while ((batch = row_pass_next(pass)) != NULL) {
        rewrite_batch(&rewrite, batch, batch_arena);
        arena_reset(batch_arena);
    }
    row_pass_close(pass);
    store_table_drop(ddl->session, alter->old);
    for (int16_t i = 0; i < rel->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, rel->indexes[i]);
        bool                made_now = false;

        for (int32_t k = 0; k < alter->build.index_count; k++)
            made_now |= alter->build.indexes[k]->head.oid == rel->indexes[i];
        if (index != NULL && !made_now)
            renew_storage(ddl, ddl_edit(ddl, index));
    }
    for (int16_t i = 0; i < rel->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, rel->indexes[i]);

        if (index != NULL)
            fill_index(ddl, rel, index);
    }
    alter->build.index_count = 0;
}
