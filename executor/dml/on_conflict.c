/*
 * on_conflict.c - INSERT ... ON CONFLICT: each row is looked up in the arbiter indexes before it is inserted.
 *
 * Rows go one after the other, since a row may meet one that the same command inserted before it.
 */
#include "executor/dml/modify.h"

struct ConflictState {
    int32_t       index_count;
    WriterIndex **indexes;   /* arbiters, or every unique index */
    Evaluator   **new_row;   /* over existing columns, then EXCLUDED columns */
    Evaluator    *where;
};

static void start(ModifyOperator *modify)
{
    const Plan           *plan = modify->op.plan;
    ExecState            *state = modify->op.state;
    struct ConflictState *conflict = ARENA_NEW(state->arena, struct ConflictState);

    conflict->indexes = ARENA_ARRAY(state->arena, (size_t)modify->writer->index_count, WriterIndex *);
    for (int32_t i = 0; i < modify->writer->index_count; i++) {
        WriterIndex *index = &modify->writer->indexes[i];
        bool         arbiter = plan->modify.conflict.arbiter_count == 0 && index->desc->index->unique;

        for (int32_t k = 0; k < plan->modify.conflict.arbiter_count; k++)
            arbiter = arbiter || plan->modify.conflict.arbiters[k] == index->desc->head.oid;
        if (arbiter)
            conflict->indexes[conflict->index_count++] = index;
    }
    if (plan->modify.conflict.do_update) {
        conflict->new_row = eval_compile_list(state, state->arena, &plan->modify.conflict.new_row);
        if (plan->modify.conflict.where != NULL)
            conflict->where = eval_compile(state, state->arena, plan->modify.conflict.where);
    }
    modify->conflict = conflict;
}

/* The row that stands in the way, or 0. The keys looked up are locked, so what is free now stays free. */
static RowId find_conflict(ModifyOperator *modify, Vector *const *columns, int32_t row_count, int32_t row)
{
    ExecState *state = modify->op.state;

    for (int32_t i = 0; i < modify->conflict->index_count; i++) {
        WriterIndex  *index = modify->conflict->indexes[i];
        IndexEntry    entry;
        IndexConflict conflict = {0};
        Fault         fault;
        Status        status;

        if (index_keys_encode(index->keys, columns, row_count, &row, 1, modify->arena, &entry) == 0 || !index_is_unique_for(index, &entry))
            continue;
        status = index_probe_unique(state->txn, index->desc, entry.key, (uint32_t)session_lock_timeout_ms(state->session), &conflict, &fault);
        if (status != STATUS_EXISTS)
            store_check(status, &fault);
        if (conflict.found)
            return conflict.row;
    }
    return 0;
}

static void raise_twice(void)
{
    Error *err = error_new(SQLSTATE_CARDINALITY_VIOLATION, "ON CONFLICT DO UPDATE command cannot affect row a second time");

    error_hint(err, "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.");
    error_raise(err);
}

/* EXCLUDED: the proposed row as one-row vectors. */
static Vector **single_row(ModifyOperator *modify, Vector *const *columns, int32_t row)
{
    int32_t  count = modify->op.plan->modify.table->column_count;
    Vector **out = ARENA_ARRAY_ZEROED(modify->arena, (size_t)count, Vector *);

    for (int32_t i = 0; i < count; i++) {
        VectorBuffer *buffer = ARENA_NEW(modify->arena, VectorBuffer);

        vector_buffer_init(buffer, columns[i]->type, columns[i]->phys);
        vector_buffer_gather(buffer, modify->arena, columns[i], &row, 1);
        out[i] = &buffer->vector;
    }
    return out;
}

/* Dropped attributes have no vector in a fetched row; expressions do not read them, but arrays are indexed by attribute. */
static Vector *null_vector(Arena *arena)
{
    VectorBuffer *buffer = ARENA_NEW(arena, VectorBuffer);

    vector_buffer_init(buffer, TYPE_BOOL, PHYS_BOOL);
    vector_buffer_reserve(buffer, arena, 1);
    memset(buffer->vector.data, 0, 1);
    vector_buffer_set_validity(buffer, 1, false);
    return &buffer->vector;
}

/* Updates the existing row; false when it has gone meanwhile and the insert is to be tried again. */
static bool update_existing(ModifyOperator *modify, Batch *input, Vector *const *columns, int32_t row, RowId existing)
{
    const Plan   *plan = modify->op.plan;
    ExecState    *state = modify->op.state;
    int32_t       count = plan->modify.table->column_count;
    Vector      **excluded, **both, **fresh, **old;
    Batch        *found, row_input;
    RowLockResult result;
    int32_t       first = 0;

    if (!modify_touch(modify, existing))
        raise_twice();
    result = lock_table_row(state, plan->modify.table, existing, table_writer_update_lock(modify->writer, plan->modify.conflict.changed), LOCK_WAIT);
    if (result == ROW_GONE)
        return false;
    table_writer_hold(modify->writer, true);
    found = table_writer_fetch(modify->writer, &existing, 1, true);
    if (found->count == 0) {
        table_writer_hold(modify->writer, false);
        return false;
    }
    old = ARENA_ARRAY(modify->arena, (size_t)count, Vector *);
    for (int32_t i = 0; i < count; i++)
        old[i] = found->columns[i] != NULL ? found->columns[i] : null_vector(modify->arena);
    old = single_row(modify, old, sel_row(found->sel, 0));
    excluded = single_row(modify, columns, row);
    both = ARENA_ARRAY(modify->arena, (size_t)count * 2, Vector *);
    memcpy(both, old, (size_t)count * sizeof *both);
    memcpy(both + count, excluded, (size_t)count * sizeof *both);
    if (modify->conflict->where == NULL || eval_filter(modify->conflict->where, both, 1, NULL, 1, &first, modify->arena) == 1) {
        fresh = ARENA_ARRAY(modify->arena, (size_t)count, Vector *);
        for (int32_t i = 0; i < count; i++)
            fresh[i] = eval_run(modify->conflict->new_row[i], both, 1, NULL, 1, modify->arena);
        memcpy(modify->changed, plan->modify.conflict.changed, BATCH_WORDS(count) * sizeof *modify->changed);
        table_writer_update(modify->writer, fresh, old, 1, NULL, 1, &existing, modify->changed, true);
        row_input = *input;
        row_input.columns = ARENA_ARRAY(modify->arena, (size_t)input->column_count, Vector *);
        for (int32_t i = 0; i < input->column_count; i++) {
            VectorBuffer *buffer = ARENA_NEW(modify->arena, VectorBuffer);

            vector_buffer_init(buffer, input->columns[i]->type, input->columns[i]->phys);
            vector_buffer_gather(buffer, modify->arena, input->columns[i], &row, 1);
            row_input.columns[i] = &buffer->vector;
        }
        modify_return(modify, fresh, &row_input, 1, NULL, 1);
        modify_count(modify, 1);
    }
    table_writer_hold(modify->writer, false);
    return true;
}

static void insert_row(ModifyOperator *modify, Batch *input, Vector **columns, int32_t row)
{
    const Plan *plan = modify->op.plan;

    for (;;) {
        RowId  existing = find_conflict(modify, columns, input->row_count, row);
        RowId *ids;

        check_cancel();
        if (existing == 0) {
            ids = ARENA_ARRAY(modify->arena, (size_t)input->row_count, RowId);
            table_writer_hold(modify->writer, true);
            table_writer_insert(modify->writer, columns, input->row_count, &row, 1, ids);
            modify_touch(modify, ids[row]);
            modify_return(modify, columns, input, input->row_count, &row, 1);
            table_writer_hold(modify->writer, false);
            modify_count(modify, 1);
            return;
        }
        if (plan->modify.conflict.do_nothing || update_existing(modify, input, columns, row, existing))
            return;
    }
}

void conflict_insert(ModifyOperator *modify, Batch *input, Vector **columns)
{
    if (modify->conflict == NULL)
        start(modify);
    for (int32_t i = 0; i < input->count; i++)
        insert_row(modify, input, columns, sel_row(input->sel, i));
}
