/*
 * modify.c - INSERT, UPDATE and DELETE: input batches to the table writer, rows judged again, RETURNING.
 *
 * The whole command runs before its first returned row is given, so that a portal that reads only some of them changes nothing.
 */
#include "executor/dml/modify.h"

#include "executor/dml/recheck.h"

void modify_count(ModifyOperator *modify, int64_t rows)
{
    if (modify->counts)
        modify->op.state->rows += rows;
}

bool modify_touch(ModifyOperator *modify, RowId row)
{
    Oid                    oid = TYPE_INT8;
    PhysType               phys = PHYS_INT64;
    Vector                 vector = {.data = &row, .type = TYPE_INT8, .phys = PHYS_INT64, .capacity = 1};
    Vector                *key = &vector;
    uint64_t               hash;
    uint32_t               number;
    bool                   is_new;

    if (modify->touched == NULL) {
        const TypeInfo **types = ARENA_ARRAY(modify->op.state->arena, 1, const TypeInfo *);

        types[0] = type_by_oid(TYPE_INT8);
        modify->touched = key_table_new(modify->op.state->arena, 1, &oid, &phys, types);
    }
    hash_rows(&key, modify->touched->types, 1, NULL, 1, &hash);
    key_table_lookup(modify->touched, &key, &hash, NULL, 1, true, &number, &is_new);
    return is_new;
}

void modify_return(ModifyOperator *modify, Vector *const *row_columns, const Batch *input, int32_t row_count, const int32_t *sel, int32_t count)
{
    const Plan *plan = modify->op.plan;
    int32_t     attributes = plan->modify.table->column_count, inputs = input == NULL ? 0 : input->column_count;
    Vector    **columns, **results;
    Batch       out = {.column_count = plan->modify.returning_count, .row_count = row_count, .count = count, .sel = sel};

    if (plan->modify.returning_count == 0 || count == 0)
        return;
    columns = ARENA_ARRAY(modify->arena, (size_t)(attributes + inputs), Vector *);
    results = ARENA_ARRAY(modify->arena, (size_t)plan->modify.returning_count, Vector *);
    memcpy(columns, row_columns, (size_t)attributes * sizeof *columns);
    for (int32_t i = 0; i < inputs; i++)
        columns[attributes + i] = input->columns[i];
    if (modify->returning == NULL) {
        modify->returning = eval_compile_list(modify->op.state, modify->op.state->arena, &plan->modify.returning);
        modify->returned = tuple_buffer_new(modify->op.state, plan->column_count, plan->columns);
    }
    for (int32_t i = 0; i < plan->modify.returning_count; i++)
        results[i] = eval_run(modify->returning[i], columns, row_count, sel, count, modify->arena);
    out.columns = results;
    tuple_buffer_append(modify->returned, &out);
}

/* ---- INSERT -------------------------------------------------------------------------------------------------------------------------- */

static Vector **row_columns(ModifyOperator *modify, const Batch *input)
{
    int32_t  count = modify->op.plan->modify.table->column_count;
    Vector **columns = ARENA_ARRAY(modify->arena, (size_t)count, Vector *);

    memcpy(columns, input->columns, (size_t)count * sizeof *columns);
    return columns;
}

static void insert_batch(ModifyOperator *modify, Batch *input)
{
    const Plan *plan = modify->op.plan;
    Vector    **columns = row_columns(modify, input);
    RowId      *ids;

    table_writer_hold(modify->writer, true); /* _id columns made here are read by RETURNING */
    table_writer_prepare_insert(modify->writer, columns, input->row_count, input->sel, input->count);
    if (plan->modify.conflict.do_nothing || plan->modify.conflict.do_update) {
        conflict_insert(modify, input, columns);
    } else {
        ids = ARENA_ARRAY(modify->arena, (size_t)input->row_count, RowId);
        table_writer_insert(modify->writer, columns, input->row_count, input->sel, input->count, ids);
        modify_return(modify, columns, input, input->row_count, input->sel, input->count);
        modify_count(modify, input->count);
    }
    table_writer_hold(modify->writer, false);
}

/* ---- UPDATE, DELETE -------------------------------------------------------------------------------------------------------------------- */

/* The rows that are locked and unchanged, in out; changed ones are judged again into modify->again. */
static int32_t lock_rows(ModifyOperator *modify, const Batch *input, RowLock mode, int32_t *out)
{
    const Plan *plan = modify->op.plan;
    Vector     *ids = input->columns[plan->modify.row_id_column];
    int32_t     kept = 0;

    vector_load(ids, input->sel, input->count);
    for (int32_t i = 0; i < input->count; i++) {
        int32_t row = sel_row(input->sel, i);
        RowId   id;

        if (!vector_is_valid(ids, row))
            continue;
        id = VECTOR_DATA(ids, int64_t)[row];
        if (!modify_touch(modify, id))
            continue; /* PG15: a row joined twice is changed once */
        switch (lock_table_row(modify->op.state, plan->modify.table, id, mode, LOCK_WAIT)) {
        case ROW_LOCKED:
            out[kept++] = row;
            break;
        case ROW_CHANGED: {
            int32_t ranges = MAX(modify->target_range, 1);
            RowId  *rows = ARENA_ARRAY_ZEROED(modify->arena, (size_t)ranges, RowId);
            bool   *newest = ARENA_ARRAY_ZEROED(modify->arena, (size_t)ranges, bool);

            rows[ranges - 1] = id;
            newest[ranges - 1] = true;
            recheck_row(modify->op.state, plan->left, ranges, rows, newest, modify->again);
            break;
        }
        case ROW_GONE:
        case ROW_SKIPPED:
            break;
        }
    }
    return kept;
}

static RowId *row_ids(ModifyOperator *modify, const Batch *input)
{
    return input->columns[modify->op.plan->modify.row_id_column]->data;
}

/* Old values where the plan has them all; else NULL: the writer fetches. */
static Vector **old_columns(ModifyOperator *modify, const Batch *input, const int32_t *sel, int32_t count)
{
    const Plan *plan = modify->op.plan;
    int32_t     attributes = plan->modify.table->column_count;
    Vector    **old;

    if (plan->modify.old_columns == NULL)
        return NULL;
    old = ARENA_ARRAY_ZEROED(modify->arena, (size_t)attributes, Vector *);
    for (int32_t i = 0; i < attributes; i++) {
        if (plan->modify.table->columns[i].dropped)
            continue;
        if (plan->modify.old_columns[i] < 0)
            return NULL;
        old[i] = input->columns[plan->modify.old_columns[i]];
        vector_load(old[i], sel, count);
    }
    return old;
}

static void update_rows(ModifyOperator *modify, Batch *input, const int32_t *sel, int32_t count, bool newest)
{
    const Plan *plan = modify->op.plan;
    Vector    **columns = row_columns(modify, input);
    size_t      words = BATCH_WORDS(plan->modify.table->column_count);

    if (count == 0)
        return;
    memcpy(modify->changed, plan->modify.changed, words * sizeof *modify->changed);
    table_writer_hold(modify->writer, true);
    table_writer_update(modify->writer, columns, old_columns(modify, input, sel, count), input->row_count, sel, count, row_ids(modify, input), modify->changed, newest);
    modify_return(modify, columns, input, input->row_count, sel, count);
    table_writer_hold(modify->writer, false);
    modify_count(modify, count);
}

static void delete_rows(ModifyOperator *modify, Batch *input, const int32_t *sel, int32_t count, bool newest)
{
    Vector **old = old_columns(modify, input, sel, count);

    if (count == 0)
        return;
    table_writer_hold(modify->writer, true);
    if (old == NULL && (modify->op.plan->modify.returning_count > 0 || table_writer_needs_old(modify->writer)))
        old = table_writer_old_rows(modify->writer, row_ids(modify, input), input->row_count, sel, count, newest);
    if (modify->op.plan->modify.returning_count > 0)
        modify_return(modify, old, input, input->row_count, sel, count);
    table_writer_delete(modify->writer, old, input->row_count, sel, count, row_ids(modify, input), newest);
    table_writer_hold(modify->writer, false);
    modify_count(modify, count);
}

static void change_batch(ModifyOperator *modify, Batch *input)
{
    const Plan *plan = modify->op.plan;
    bool        is_update = plan->modify.command == QUERY_UPDATE;
    RowLock     mode = is_update ? table_writer_update_lock(modify->writer, plan->modify.changed) : ROW_LOCK_UPDATE;
    int32_t    *sel = ARENA_ARRAY(modify->arena, (size_t)input->count, int32_t);
    int32_t     count;
    Batch      *again;

    if (modify->again == NULL)
        modify->again = row_store_new(modify->op.state->arena, plan->left->column_count, plan->left->columns);
    count = lock_rows(modify, input, mode, sel);
    if (is_update)
        update_rows(modify, input, sel, count, false);
    else
        delete_rows(modify, input, sel, count, false);
    for (int64_t c = 0; (again = row_store_batch(modify->again, c)) != NULL; c++) {
        if (is_update)
            update_rows(modify, again, NULL, again->count, true);
        else
            delete_rows(modify, again, NULL, again->count, true);
    }
    row_store_reset(modify->again);
}

/* ---- the operator ------------------------------------------------------------------------------------------------------------------------ */

static void find_target_range(const Plan *plan, const RelationDesc *table, const char *alias, int32_t *out)
{
    if (plan == NULL || *out != 0)
        return;
    if ((plan->kind == PLAN_TABLE_SCAN || plan->kind == PLAN_INDEX_SCAN || plan->kind == PLAN_ROW_ID_SCAN) && plan->scan.table->head.oid == table->head.oid &&
        (alias == NULL || plan->scan.alias == NULL || strcmp(alias, plan->scan.alias) == 0))
        *out = plan->scan.range;
    find_target_range(plan->left, table, alias, out);
    find_target_range(plan->right, table, alias, out);
}

static void modify_start(ModifyOperator *modify)
{
    const Plan *plan = modify->op.plan;
    ExecState  *state = modify->op.state;
    const Plan *root = state->planned->root;

    modify->writer = table_writer_new(state, plan->modify.table, plan->modify.checks, plan->modify.check_names, plan->modify.check_count);
    modify->arena = arena_new(state->arena, NULL, "modify");
    modify->changed = ARENA_ARRAY_ZEROED(state->arena, BATCH_WORDS(plan->modify.table->column_count), uint64_t);
    modify->counts = root == plan || (root->kind == PLAN_PROJECT && root->left == plan);
    find_target_range(plan->left, plan->modify.table, plan->modify.alias, &modify->target_range);
}

static void modify_run(ModifyOperator *modify)
{
    Batch *input;

    modify_start(modify);
    while ((input = operator_next(modify->op.left, BATCH_ROWS)) != NULL) {
        check_cancel();
        arena_reset(modify->arena);
        batch_load(input, input->column_count);
        switch (modify->op.plan->modify.command) {
        case QUERY_INSERT:
            insert_batch(modify, input);
            break;
        case QUERY_MERGE:
            merge_batch(modify, input);
            break;
        default:
            change_batch(modify, input);
            break;
        }
    }
    table_writer_finish(modify->writer);
}

static Batch *modify_next(ExecOperator *op, int32_t max_rows)
{
    ModifyOperator *modify = (ModifyOperator *)op;
    Batch          *batch = batch_slice_take(&modify->slice, op->state->arena, max_rows);

    if (batch != NULL)
        return batch;
    if (!modify->done) {
        modify->done = true;
        modify_run(modify);
    }
    if (modify->returned == NULL)
        return NULL;
    batch = tuple_buffer_read(modify->returned, &modify->cursor);
    if (batch == NULL)
        return NULL;
    batch_slice_set(&modify->slice, batch, NULL, batch->count);
    return batch_slice_take(&modify->slice, op->state->arena, max_rows);
}

static void modify_rescan(ExecOperator *op)
{
    (void)op;
    raise_error(SQLSTATE_INTERNAL_ERROR, "a data-modifying operator cannot run twice");
}

ExecOperator *modify_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {modify_next, modify_rescan};
    ModifyOperator            *modify = operator_new(state, plan, sizeof(ModifyOperator), &class);

    modify->op.left = operator_open(state, plan->left);
    return &modify->op;
}
