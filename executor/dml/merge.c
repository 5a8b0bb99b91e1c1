/*
 * merge.c - MERGE: each source row takes the first action whose kind and condition fit.
 */
#include "executor/dml/modify.h"

struct MergeState {
    Evaluator **conditions; /* by action; NULL: none */
    Evaluator ***rows;      /* by action: new row expressions */
};

static void start(ModifyOperator *modify)
{
    const Plan        *plan = modify->op.plan;
    ExecState         *state = modify->op.state;
    struct MergeState *merge = ARENA_NEW(state->arena, struct MergeState);

    merge->conditions = ARENA_ARRAY_ZEROED(state->arena, (size_t)plan->modify.merge_count, Evaluator *);
    merge->rows = ARENA_ARRAY_ZEROED(state->arena, (size_t)plan->modify.merge_count, Evaluator **);
    for (int32_t i = 0; i < plan->modify.merge_count; i++) {
        const struct PlanMergeAction *action = &plan->modify.merge_actions[i];

        if (action->condition != NULL)
            merge->conditions[i] = eval_compile(state, state->arena, action->condition);
        merge->rows[i] = eval_compile_list(state, state->arena, &action->new_row);
    }
    modify->merge = merge;
}

static void lock_target(ModifyOperator *modify, RowId id, RowLock mode)
{
    if (!modify_touch(modify, id)) {
        Error *err = error_new(SQLSTATE_CARDINALITY_VIOLATION, "MERGE command cannot affect row a second time");

        error_hint(err, "Ensure that not more than one source row matches any one target row.");
        error_raise(err);
    }
    /* a row that changed meanwhile would have to be matched again: as under REPEATABLE READ, the statement gives up */
    if (lock_table_row(modify->op.state, modify->op.plan->modify.table, id, mode, LOCK_WAIT) != ROW_LOCKED)
        raise_error(SQLSTATE_T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
}

static void run_action(ModifyOperator *modify, Batch *input, int32_t at, const int32_t *sel, int32_t count)
{
    const Plan                   *plan = modify->op.plan;
    const struct PlanMergeAction *action = &plan->modify.merge_actions[at];
    int32_t                       attributes = plan->modify.table->column_count;
    Vector                      **columns = ARENA_ARRAY_ZEROED(modify->arena, (size_t)attributes, Vector *);
    RowId                        *ids = input->columns[plan->modify.row_id_column]->data;

    if (action->command == 0 || count == 0)
        return;
    for (int32_t i = 0; i < action->new_row.count; i++)
        columns[i] = eval_run(modify->merge->rows[at][i], input->columns, input->row_count, sel, count, modify->arena);
    table_writer_hold(modify->writer, true);
    if (action->command == QUERY_INSERT) {
        RowId *fresh = ARENA_ARRAY(modify->arena, (size_t)input->row_count, RowId);

        table_writer_prepare_insert(modify->writer, columns, input->row_count, sel, count);
        table_writer_insert(modify->writer, columns, input->row_count, sel, count, fresh);
    } else if (action->command == QUERY_UPDATE) {
        for (int32_t i = 0; i < count; i++)
            lock_target(modify, ids[sel_row(sel, i)], table_writer_update_lock(modify->writer, action->changed));
        memcpy(modify->changed, action->changed, BATCH_WORDS(attributes) * sizeof *modify->changed);
        table_writer_update(modify->writer, columns, NULL, input->row_count, sel, count, ids, modify->changed, false);
    } else {
        for (int32_t i = 0; i < count; i++)
            lock_target(modify, ids[sel_row(sel, i)], ROW_LOCK_UPDATE);
        table_writer_delete(modify->writer, NULL, input->row_count, sel, count, ids, false);
    }
    table_writer_hold(modify->writer, false);
    modify_count(modify, count);
}

void merge_batch(ModifyOperator *modify, Batch *input)
{
    const Plan *plan = modify->op.plan;
    Vector     *ids = input->columns[plan->modify.row_id_column];
    int32_t    *open = ARENA_ARRAY(modify->arena, (size_t)input->count, int32_t);
    int32_t     open_count = input->count;

    if (modify->merge == NULL)
        start(modify);
    for (int32_t i = 0; i < input->count; i++)
        open[i] = sel_row(input->sel, i);
    for (int32_t a = 0; a < plan->modify.merge_count && open_count > 0; a++) {
        int32_t *fitting = ARENA_ARRAY(modify->arena, (size_t)open_count, int32_t), *rest = ARENA_ARRAY(modify->arena, (size_t)open_count, int32_t);
        int32_t  count = 0, rest_count = 0, at = 0;

        for (int32_t i = 0; i < open_count; i++)
            if (vector_is_valid(ids, open[i]) == plan->modify.merge_actions[a].matched)
                fitting[count++] = open[i];
        if (modify->merge->conditions[a] != NULL)
            count = eval_filter(modify->merge->conditions[a], input->columns, input->row_count, fitting, count, fitting, modify->arena);
        for (int32_t i = 0; i < open_count; i++) {
            if (at < count && fitting[at] == open[i])
                at++;
            else
                rest[rest_count++] = open[i];
        }
        run_action(modify, input, a, fitting, count);
        open = rest;
        open_count = rest_count;
    }
}
