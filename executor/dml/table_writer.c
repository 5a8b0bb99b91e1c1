/*
 * table_writer.c - writing rows with their indexes and constraints.
 */
#include "executor/dml/table_writer.h"

#include "executor/dml/collection.h"
#include "executor/dml/foreign_key.h"
#include "executor/dml/row_errors.h"
#include "executor/serialize/serialize.h"

static void end_writer(void *object)
{
    TableWriter *writer = object;

    table_fetch_close(writer->old_fetch);
    writer->old_fetch = NULL;
}

static void open_indexes(TableWriter *writer)
{
    ExecState *state = writer->state;

    writer->indexes = ARENA_ARRAY_ZEROED(state->arena, (size_t)writer->table->index_count, WriterIndex);
    for (int32_t i = 0; i < writer->table->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(state->session, state->arena, writer->table->indexes[i]);

        if (index == NULL || index->index == NULL || index->index->method != INDEX_ORDERED)
            continue;
        writer->indexes[writer->index_count].desc = index;
        writer->indexes[writer->index_count++].keys = index_keys_new(state, writer->table, index);
    }
}

static void open_checks(TableWriter *writer, Expr *const *checks, const char *const *names, int32_t count)
{
    ExecState *state = writer->state;

    if (checks == NULL) {
        writer->checks = ARENA_ARRAY(state->arena, (size_t)writer->table->constraint_count, Evaluator *);
        writer->check_names = ARENA_ARRAY(state->arena, (size_t)writer->table->constraint_count, const char *);
        for (int32_t i = 0; i < writer->table->constraint_count; i++) {
            const ConstraintDesc *constraint = &writer->table->constraints[i];

            if (constraint->kind != CONSTRAINT_CHECK)
                continue;
            writer->checks[writer->check_count] = eval_compile(state, state->arena, deserialize_expr(state->session, state->arena, constraint->check_expr));
            writer->check_names[writer->check_count++] = constraint->name;
        }
        return;
    }
    writer->checks = ARENA_ARRAY(state->arena, (size_t)count, Evaluator *);
    writer->check_names = ARENA_ARRAY(state->arena, (size_t)count, const char *);
    writer->check_count = count;
    for (int32_t i = 0; i < count; i++) {
        writer->checks[i] = eval_compile(state, state->arena, checks[i]);
        writer->check_names[i] = names[i];
    }
}

TableWriter *table_writer_new(ExecState *state, const RelationDesc *table, Expr *const *checks, const char *const *check_names, int32_t check_count)
{
    TableWriter *writer = ARENA_NEW(state->arena, TableWriter);

    writer->state = state;
    writer->table = table;
    writer->column_count = table->column_count;
    writer->error_row = -1;
    writer->arena = arena_new(state->arena, NULL, "table writer");
    writer->id_column = writer->doc_column = writer->updated_column = -1;
    if (table->is_collection) {
        writer->id_column = 0;
        writer->doc_column = 1;
        writer->updated_column = 3;
    }
    open_indexes(writer);
    open_checks(writer, checks, check_names, check_count);
    writer->foreign = foreign_keys_new(writer);
    arena_defer(state->arena, &writer->on_end, end_writer, writer);
    return writer;
}

static void release(TableWriter *writer)
{
    if (writer->held == 0)
        arena_reset(writer->arena);
}

void table_writer_hold(TableWriter *writer, bool hold)
{
    writer->held += hold ? 1 : -1;
    release(writer);
}

bool table_writer_needs_old(const TableWriter *writer)
{
    return writer->index_count > 0 || (writer->foreign != NULL && foreign_keys_any_referenced(writer->foreign));
}

ReadView newest_view(ExecState *state)
{
    ReadView view = transaction_read_view(state->txn);

    view.csn = CSN_MAX;
    view.writes = transaction_writes(state->txn);
    view.local_limit = UINT32_MAX;
    return view;
}

/* ---- old rows ------------------------------------------------------------------------------------------------------------------- */

Batch *table_writer_fetch(TableWriter *writer, const RowId *ids, int32_t count, bool newest)
{
    ExecState *state = writer->state;
    Batch     *batch, *out;
    Fault      fault;
    Status     status;
    int32_t    at = 0;

    if (writer->old_fetch != NULL && (writer->own_rows_fetch != newest || newest)) {
        /* the newest state is a view taken now: own writes have come since the last one */
        table_fetch_close(writer->old_fetch);
        writer->old_fetch = NULL;
    }
    if (writer->old_fetch == NULL) {
        TableScanOptions options = {.account = &state->session->account};

        if (writer->old_columns == NULL)
            writer->old_columns = ARENA_ARRAY_ZEROED(state->arena, (size_t)writer->column_count, ScanColumn);
        for (int32_t i = 0; i < writer->column_count; i++)
            if (!writer->table->columns[i].dropped)
                writer->old_columns[options.column_count++] = (ScanColumn){.kind = SCAN_COLUMN, .column = (int16_t)(i + 1)};
        options.columns = writer->old_columns;
        writer->old_view = newest ? newest_view(state) : state->view;
        writer->own_rows_fetch = newest;
        status = table_fetch_open(state->session->engine, writer->table, &writer->old_view, &options, &writer->old_fetch, &fault);
        store_check(status, &fault);
    }
    status = table_fetch(writer->old_fetch, ids, count, &batch, &fault);
    store_check(status, &fault);
    out = ARENA_NEW(writer->arena, Batch);
    *out = *batch;
    out->column_count = writer->column_count;
    out->columns = ARENA_ARRAY_ZEROED(writer->arena, (size_t)writer->column_count, Vector *);
    for (int32_t i = 0; i < writer->column_count; i++)
        if (!writer->table->columns[i].dropped) {
            out->columns[i] = batch->columns[at++];
            vector_load(out->columns[i], batch->sel, batch->count);
        }
    return out;
}

/*
 * Old rows beside new ones: fetched batches are numbered by position, the caller's by row. Gathers them at the caller's row numbers. sel is
 * cut to the rows that exist.
 */
Vector **table_writer_old_rows(TableWriter *writer, const RowId *ids, int32_t row_count, const int32_t *sel, int32_t count, bool newest)
{
    Vector **old = ARENA_ARRAY_ZEROED(writer->arena, (size_t)writer->column_count, Vector *);

    for (int32_t c = 0; c < writer->column_count; c++) {
        const ColumnDesc *column = &writer->table->columns[c];
        VectorBuffer     *buffer;

        if (column->dropped)
            continue;
        buffer = ARENA_NEW(writer->arena, VectorBuffer);
        vector_buffer_init(buffer, column->type, column->phys);
        vector_buffer_reserve(buffer, writer->arena, row_count);
        vector_buffer_set_validity(buffer, row_count, false);
        old[c] = &buffer->vector;
    }
    for (int32_t from = 0; from < count; from += BATCH_ROWS) {
        int32_t part = MIN(count - from, BATCH_ROWS);
        RowId  *wanted = ARENA_ARRAY(writer->arena, (size_t)part, RowId);
        Batch  *batch;

        for (int32_t i = 0; i < part; i++)
            wanted[i] = ids[sel_row(sel, from + i)];
        batch = table_writer_fetch(writer, wanted, part, newest);
        for (int32_t k = 0; k < batch->count; k++) {
            int32_t at = sel_row(batch->sel, k), to = sel_row(sel, from + at);

            for (int32_t c = 0; c < writer->column_count; c++) {
                Datum value = {0}, kept = {0};
                bool  valid;

                if (old[c] == NULL)
                    continue;
                valid = vector_get(batch->columns[c], at, &value);
                if (valid)
                    datum_copy(old[c]->phys, writer->arena, &value, &kept);
                vector_set(old[c], to, &kept, !valid);
            }
        }
    }
    return old;
}

/* ---- constraints of a row ---------------------------------------------------------------------------------------------------------- */

typedef struct RowFailure {
    int32_t at;         /* position in sel of the first failing row; count: none */
    int32_t not_null;   /* column, or -1 */
    int32_t check;
} RowFailure;

static RowFailure find_failure(TableWriter *writer, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, const uint64_t *changed)
{
    RowFailure failure = {count, -1, -1};

    for (int32_t c = 0; c < writer->column_count; c++) {
        const ColumnDesc *column = &writer->table->columns[c];

        if (!column->not_null || column->dropped || columns[c]->validity == NULL || (changed != NULL && !bitmap_get(changed, c)))
            continue;
        for (int32_t i = 0; i < failure.at; i++)
            if (!vector_is_valid(columns[c], sel_row(sel, i))) {
                failure = (RowFailure){i, c, -1};
                break;
            }
    }
    for (int32_t k = 0; k < writer->check_count && failure.at > 0; k++) {
        Vector *result = eval_run(writer->checks[k], columns, row_count, sel, failure.at, writer->arena);

        for (int32_t i = 0; i < failure.at; i++) {
            int32_t row = sel_row(sel, i);

            if (vector_is_valid(result, row) && !VECTOR_DATA(result, uint8_t)[row]) {
                failure = (RowFailure){i, -1, k};
                break;
            }
        }
    }
    return failure;
}

static noreturn void raise_failure(TableWriter *writer, const RowFailure *failure, Vector *const *columns, const int32_t *sel)
{
    int32_t row = sel_row(sel, failure->at);

    writer->error_row = row;
    if (failure->not_null >= 0)
        raise_not_null(writer->state, writer->table, failure->not_null, columns, row, writer->arena);
    raise_check(writer->state, writer->table, writer->check_names[failure->check], columns, row, writer->arena);
}

/* ---- indexes -------------------------------------------------------------------------------------------------------------------------- */

bool index_is_unique_for(const WriterIndex *index, const IndexEntry *entry)
{
    const IndexDesc *desc = index->desc->index;

    return desc->unique && (!entry->has_null || desc->nulls_not_distinct);
}

void raise_unique_violation(TableWriter *writer, WriterIndex *index, Vector *const *columns, int32_t row_count, int32_t row)
{
    const char *key = index_keys_describe(index->keys, columns, row_count, row, writer->arena);
    const char *schema = relation_schema_name(writer->state, writer->table, writer->arena);
    Error      *err = error_new(SQLSTATE_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%s\"", index->desc->head.name);

    writer->error_row = row;
    error_detail(err, "Key %s already exists.", key);
    error_object(err, schema, writer->table->head.name, NULL, index->desc->head.name);
    error_raise(err);
}

static void insert_entry(TableWriter *writer, WriterIndex *index, const IndexEntry *entry, RowId row, Vector *const *columns, int32_t row_count)
{
    IndexConflict conflict = {0};
    Fault         fault;
    Status        status = index_insert(writer->state->txn, index->desc, entry->key, row, entry->value, index_is_unique_for(index, entry),
                                        (uint32_t)session_lock_timeout_ms(writer->state->session), &conflict, &fault);

    if (status == STATUS_EXISTS)
        raise_unique_violation(writer, index, columns, row_count, entry->row);
    store_check(status, &fault);
}

static void delete_entry(TableWriter *writer, WriterIndex *index, const IndexEntry *entry, RowId row)
{
    Fault  fault;
    Status status = index_delete(writer->state->txn, index->desc, entry->key, row, &fault);

    store_check(status, &fault);
}

static void insert_entries(TableWriter *writer, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, const RowId *ids)
{
    for (int32_t i = 0; i < writer->index_count; i++) {
        IndexEntry *entries = ARENA_ARRAY(writer->arena, (size_t)count, IndexEntry);
        int32_t     n = index_keys_encode(writer->indexes[i].keys, columns, row_count, sel, count, writer->arena, entries);

        for (int32_t k = 0; k < n; k++)
            insert_entry(writer, &writer->indexes[i], &entries[k], ids[entries[k].row], columns, row_count);
    }
}

/* Entries that stay the same are left alone; the others go out first, so that values may move between rows of one batch. */
static void update_entries(TableWriter *writer, WriterIndex *index, Vector *const *columns, Vector *const *old, int32_t row_count,
                           const int32_t *sel, int32_t count, const RowId *ids)
{
    IndexEntry *before = ARENA_ARRAY(writer->arena, (size_t)count, IndexEntry), *after = ARENA_ARRAY(writer->arena, (size_t)count, IndexEntry);
    int32_t     before_count = index_keys_encode(index->keys, old, row_count, sel, count, writer->arena, before);
    int32_t     after_count = index_keys_encode(index->keys, columns, row_count, sel, count, writer->arena, after);
    int32_t    *old_of = ARENA_ARRAY(writer->arena, (size_t)row_count, int32_t); /* by row: its old entry, -1 none */
    int32_t     kept = 0;

    for (int32_t i = 0; i < count; i++)
        old_of[sel_row(sel, i)] = -1;
    for (int32_t i = 0; i < before_count; i++)
        old_of[before[i].row] = i;
    for (int32_t i = 0; i < after_count; i++) {
        int32_t at = old_of[after[i].row];

        if (at >= 0 && slice_equal(after[i].key, before[at].key) && slice_equal(after[i].value, before[at].value))
            old_of[after[i].row] = -1;
        else
            after[kept++] = after[i];
    }
    for (int32_t i = 0; i < before_count; i++)
        if (old_of[before[i].row] >= 0)
            delete_entry(writer, index, &before[i], ids[before[i].row]);
    for (int32_t k = 0; k < kept; k++)
        insert_entry(writer, index, &after[k], ids[after[k].row], columns, row_count);
}

/* ---- writing ----------------------------------------------------------------------------------------------------------------------------- */

void table_writer_prepare_insert(TableWriter *writer, Vector **columns, int32_t row_count, const int32_t *sel, int32_t count)
{
    if (writer->doc_column >= 0)
        collection_take_ids(&columns[writer->id_column], &columns[writer->doc_column], &writer->id_buffer, &writer->doc_buffer,
                            writer->arena, row_count, sel, count);
}

static Batch batch_of(TableWriter *writer, Vector **columns, int32_t row_count, const int32_t *sel, int32_t count)
{
    for (int32_t c = 0; c < writer->column_count; c++)
        if (!writer->table->columns[c].dropped)
            vector_load(columns[c], sel, count);
    return (Batch){.column_count = writer->column_count, .row_count = row_count, .count = count, .sel = sel, .columns = columns};
}

void table_writer_insert(TableWriter *writer, Vector **columns, int32_t row_count, const int32_t *sel, int32_t count, RowId *ids)
{
    ExecState *state = writer->state;
    Batch      batch = batch_of(writer, columns, row_count, sel, count);
    RowFailure failure;
    Fault      fault;
    Status     status;
    RowId      first;

    failure = find_failure(writer, columns, row_count, sel, count, NULL);
    batch.count = failure.at;
    if (batch.count > 0) {
        status = table_new_row_ids(state->session->engine, writer->table, batch.count, &first, &fault);
        store_check(status, &fault);
        for (int32_t i = 0; i < batch.count; i++)
            ids[sel_row(sel, i)] = first + i;
        status = table_insert(state->txn, writer->table, &batch, ids, &fault);
        store_check(status, &fault);
        insert_entries(writer, columns, row_count, sel, batch.count, ids);
        if (writer->foreign != NULL)
            foreign_keys_added(writer->foreign, columns, row_count, sel, batch.count, NULL);
    }
    if (failure.at < count)
        raise_failure(writer, &failure, columns, sel);
    release(writer);
}

static bool any_touched(const TableWriter *writer, const uint64_t *changed)
{
    for (int32_t i = 0; i < writer->index_count; i++)
        if (index_keys_touched(writer->indexes[i].keys, changed))
            return true;
    return writer->foreign != NULL && foreign_keys_referenced(writer->foreign, changed);
}

RowLock table_writer_update_lock(const TableWriter *writer, const uint64_t *changed)
{
    for (int32_t i = 0; i < writer->index_count; i++) {
        const IndexDesc *index = writer->indexes[i].desc->index;

        if (index->unique && index->predicate.size == 0 && index_keys_touched(writer->indexes[i].keys, changed))
            return ROW_LOCK_UPDATE;
    }
    return ROW_LOCK_NO_KEY_UPDATE;
}

void table_writer_update(TableWriter *writer, Vector **columns, Vector **old, int32_t row_count, const int32_t *sel, int32_t count,
                         const RowId *ids, uint64_t *changed, bool newest)
{
    ExecState *state = writer->state;
    Batch      batch;
    RowFailure failure;
    Fault      fault;
    Status     status;

    if (writer->updated_column >= 0) {
        Datum now = {.int64 = state->ctx.transaction_time};

        vector_buffer_init(&writer->now_buffer, TYPE_TIMESTAMPTZ, PHYS_INT64);
        vector_buffer_reserve(&writer->now_buffer, writer->arena, row_count); /* gone with the scratch: made anew each time */
        vector_splat(&writer->now_buffer.vector, &now, 0, row_count);
        columns[writer->updated_column] = &writer->now_buffer.vector;
        bitmap_set(changed, writer->updated_column);
    }
    batch = batch_of(writer, columns, row_count, sel, count);
    if (old == NULL && any_touched(writer, changed))
        old = table_writer_old_rows(writer, ids, row_count, sel, count, newest);
    failure = find_failure(writer, columns, row_count, sel, count, writer->check_count > 0 ? NULL : changed);
    batch.count = failure.at;
    if (batch.count > 0) {
        status = table_update(state->txn, writer->table, &batch, ids, changed, &fault);
        store_check(status, &fault);
        for (int32_t i = 0; i < writer->index_count; i++)
            if (index_keys_touched(writer->indexes[i].keys, changed))
                update_entries(writer, &writer->indexes[i], columns, old, row_count, sel, batch.count, ids);
        if (writer->foreign != NULL) {
            foreign_keys_added(writer->foreign, columns, row_count, sel, batch.count, changed);
            if (foreign_keys_referenced(writer->foreign, changed))
                foreign_keys_removed(writer->foreign, old, columns, row_count, sel, batch.count, changed);
        }
    }
    if (failure.at < count)
        raise_failure(writer, &failure, columns, sel);
    release(writer);
}

void table_writer_delete(TableWriter *writer, Vector **old, int32_t row_count, const int32_t *sel, int32_t count, const RowId *ids, bool newest)
{
    ExecState *state = writer->state;
    Fault      fault;
    Status     status;

    if (count == 0)
        return;
    if (old == NULL && table_writer_needs_old(writer))
        old = table_writer_old_rows(writer, ids, row_count, sel, count, newest);
    status = table_delete(state->txn, writer->table, ids, sel, count, &fault);
    store_check(status, &fault);
    for (int32_t i = 0; i < writer->index_count; i++) {
        IndexEntry *entries = ARENA_ARRAY(writer->arena, (size_t)count, IndexEntry);
        int32_t     n = index_keys_encode(writer->indexes[i].keys, old, row_count, sel, count, writer->arena, entries);

        for (int32_t k = 0; k < n; k++)
            delete_entry(writer, &writer->indexes[i], &entries[k], ids[entries[k].row]);
    }
    if (writer->foreign != NULL && foreign_keys_any_referenced(writer->foreign))
        foreign_keys_removed(writer->foreign, old, NULL, row_count, sel, count, NULL);
    release(writer);
}

void table_writer_finish(TableWriter *writer)
{
    if (writer->foreign != NULL)
        foreign_keys_finish(writer->foreign);
}

RowLockResult lock_table_row(ExecState *state, const RelationDesc *table, RowId row, RowLock mode, LockWait wait)
{
    RowLockResult result = ROW_LOCKED;
    Fault         fault;
    Status        status = table_lock_row(state->txn, table, &state->view, row, mode, wait, (uint32_t)session_lock_timeout_ms(state->session), &result, &fault);

    if (status == STATUS_LOCK_NOT_AVAILABLE && wait == LOCK_NOWAIT)
        raise_error(SQLSTATE_LOCK_NOT_AVAILABLE, "could not obtain lock on row in relation \"%s\"", table->head.name);
    store_check(status, &fault);
    return result;
}
