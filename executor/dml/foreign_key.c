/*
 * foreign_key.c - foreign keys of a table in both directions.
 *
 * Referring rows: the distinct keys written by the statement are looked up in the referenced index at its end; the row found is locked
 * FOR KEY SHARE. Referred-to rows: old keys are kept (with the new ones for ON UPDATE CASCADE); at the end the referring rows are found, by
 * an index whose leading columns are the key or by a scan, and the constraint's action runs through a writer of the referring table.
 */
#include "executor/dml/foreign_key.h"

#include "executor/dml/row_errors.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

enum { KEY_COLUMNS_MAX = 32 }; /* PostgreSQL's INDEX_MAX_KEYS */

/* A foreign key of this table. */
typedef struct Referring {
    const ConstraintDesc *constraint;
    const RelationDesc   *parent;
    const RelationDesc   *parent_index;
    Evaluator           **casts;   /* to the referenced columns' types; over a batch of the key columns */
    RowStore             *keys;
} Referring;

/* A foreign key of another table (or this one) that refers to this. */
typedef struct Referred {
    const ConstraintDesc *constraint;
    const RelationDesc   *child;
    RowStore             *changes; /* old key columns, then the new ones, then: deleted (bool) */
    TableWriter          *writer;
} Referred;

struct ForeignKeys {
    TableWriter *writer;
    ExecState   *state;
    int32_t      referring_count, referred_count;
    Referring   *referring;
    Referred    *referred;
    Arena       *arena; /* of one check */
};

static PlanColumn *key_columns(Arena *arena, const RelationDesc *table, const int16_t *attributes, int32_t count)
{
    PlanColumn *columns = ARENA_ARRAY_ZEROED(arena, (size_t)count, PlanColumn);

    for (int32_t i = 0; i < count; i++) {
        const ColumnDesc *column = &table->columns[attributes[i] - 1];

        columns[i] = (PlanColumn){.type = column->type, .typmod = column->typmod, .phys = column->phys};
    }
    return columns;
}

/* The key column of one side as the other side's type. */
static Evaluator *cast_key(ExecState *state, int32_t column, Oid from, Oid to)
{
    Expr       *input = expr_new(state->arena, EXPR_INPUT, from, -1);
    const Cast *cast;

    input->input.index = column;
    if (from != to) {
        cast = cast_find(from, to);
        if (cast != NULL && cast->method == 'f') {
            Expr *call = expr_new(state->arena, EXPR_CALL, to, -1);

            call->call.proc = proc_by_oid(cast->function);
            call->call.args = expr_list_append(state->arena, (ExprList){0}, input);
            input = call;
        } else {
            Expr *relabel = expr_new(state->arena, EXPR_RELABEL, to, -1);

            relabel->unary.arg = input;
            input = relabel;
        }
    }
    return eval_compile(state, state->arena, input);
}

static void open_referring(ForeignKeys *keys, Referring *out, const ConstraintDesc *constraint)
{
    ExecState          *state = keys->state;
    const RelationDesc *table = keys->writer->table;

    out->constraint = constraint;
    out->parent = constraint->foreign_table == table->head.oid ? table : store_relation_by_oid(state->session, state->arena, constraint->foreign_table);
    out->parent_index = store_relation_by_oid(state->session, state->arena, constraint->index);
    if (out->parent == NULL || out->parent_index == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "foreign key \"%s\" refers to a table that is gone", constraint->name);
    out->keys = row_store_new(state->arena, constraint->column_count, key_columns(state->arena, table, constraint->columns, constraint->column_count));
    out->casts = ARENA_ARRAY(state->arena, (size_t)constraint->column_count, Evaluator *);
    for (int32_t i = 0; i < constraint->column_count; i++)
        out->casts[i] = cast_key(state, i, table->columns[constraint->columns[i] - 1].type, out->parent->columns[constraint->foreign_columns[i] - 1].type);
}

static void open_referred(ForeignKeys *keys, Referred *out, const RelationDesc *child, const ConstraintDesc *constraint)
{
    ExecState  *state = keys->state;
    int32_t     count = constraint->column_count;
    PlanColumn *old = key_columns(state->arena, keys->writer->table, constraint->foreign_columns, count);
    PlanColumn *columns = ARENA_ARRAY_ZEROED(state->arena, (size_t)count * 2 + 1, PlanColumn);

    memcpy(columns, old, (size_t)count * sizeof *old);
    memcpy(columns + count, old, (size_t)count * sizeof *old);
    columns[2 * count] = (PlanColumn){.type = TYPE_BOOL, .typmod = -1, .phys = PHYS_BOOL};
    out->constraint = constraint;
    out->child = child;
    out->changes = row_store_new(state->arena, 2 * count + 1, columns);
}

ForeignKeys *foreign_keys_new(TableWriter *writer)
{
    const RelationDesc *table = writer->table;
    ExecState          *state = writer->state;
    ForeignKeys        *keys;
    int32_t             own = 0;

    for (int32_t i = 0; i < table->constraint_count; i++)
        own += table->constraints[i].kind == CONSTRAINT_FOREIGN;
    if (own == 0 && table->referenced_by_count == 0)
        return NULL;
    keys = ARENA_NEW(state->arena, ForeignKeys);
    keys->writer = writer;
    keys->state = state;
    keys->arena = arena_new(state->arena, NULL, "foreign keys");
    keys->referring = ARENA_ARRAY_ZEROED(state->arena, (size_t)own, Referring);
    for (int32_t i = 0; i < table->constraint_count; i++)
        if (table->constraints[i].kind == CONSTRAINT_FOREIGN)
            open_referring(keys, &keys->referring[keys->referring_count++], &table->constraints[i]);
    for (int32_t i = 0; i < table->referenced_by_count; i++) {
        const RelationDesc *child = table->referenced_by[i] == table->head.oid ? table : store_relation_by_oid(state->session, state->arena, table->referenced_by[i]);

        for (int32_t k = 0; child != NULL && k < child->constraint_count; k++)
            if (child->constraints[k].kind == CONSTRAINT_FOREIGN && child->constraints[k].foreign_table == table->head.oid) {
                keys->referred = arena_grow(state->arena, keys->referred, (size_t)keys->referred_count * sizeof(Referred), ((size_t)keys->referred_count + 1) * sizeof(Referred));
                memset(&keys->referred[keys->referred_count], 0, sizeof(Referred));
                open_referred(keys, &keys->referred[keys->referred_count++], child, &child->constraints[k]);
            }
    }
    return keys;
}

static bool any_changed(const int16_t *attributes, int32_t count, const uint64_t *changed)
{
    for (int32_t i = 0; i < count; i++)
        if (changed == NULL || bitmap_get(changed, attributes[i] - 1))
            return true;
    return false;
}

bool foreign_keys_referenced(const ForeignKeys *keys, const uint64_t *changed)
{
    for (int32_t i = 0; i < keys->referred_count; i++)
        if (any_changed(keys->referred[i].constraint->foreign_columns, keys->referred[i].constraint->column_count, changed))
            return true;
    return false;
}

bool foreign_keys_any_referenced(const ForeignKeys *keys)
{
    return keys->referred_count > 0;
}

/* ---- during the statement ----------------------------------------------------------------------------------------------------------- */

static void raise_match_full(ForeignKeys *keys, const Referring *referring)
{
    const char *schema = relation_schema_name(keys->state, keys->writer->table, keys->arena);
    Error      *err = error_new(SQLSTATE_FOREIGN_KEY_VIOLATION, "insert or update on table \"%s\" violates foreign key constraint \"%s\"",
                                keys->writer->table->head.name, referring->constraint->name);

    error_detail(err, "MATCH FULL does not allow mixing of null and nonnull key values.");
    error_object(err, schema, keys->writer->table->head.name, NULL, referring->constraint->name);
    error_raise(err);
}

void foreign_keys_added(ForeignKeys *keys, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, const uint64_t *changed)
{
    (void)row_count;
    for (int32_t f = 0; f < keys->referring_count; f++) {
        Referring            *referring = &keys->referring[f];
        const ConstraintDesc *constraint = referring->constraint;
        Vector              **parts;
        int32_t              *rows, kept = 0;

        if (!any_changed(constraint->columns, constraint->column_count, changed))
            continue;
        arena_reset(keys->arena);
        parts = ARENA_ARRAY(keys->arena, (size_t)constraint->column_count, Vector *);
        rows = ARENA_ARRAY(keys->arena, (size_t)count, int32_t);
        for (int32_t i = 0; i < constraint->column_count; i++)
            parts[i] = columns[constraint->columns[i] - 1];
        for (int32_t i = 0; i < count; i++) {
            int32_t row = sel_row(sel, i), nulls = 0;

            for (int32_t k = 0; k < constraint->column_count; k++)
                nulls += !vector_is_valid(parts[k], row);
            if (nulls > 0 && nulls < constraint->column_count && constraint->match == 'f')
                raise_match_full(keys, referring);
            rows[kept] = row;
            kept += nulls == 0;
        }
        if (kept > 0)
            row_store_append(referring->keys, parts, rows, kept);
    }
}

void foreign_keys_removed(ForeignKeys *keys, Vector *const *old, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count,
                          const uint64_t *changed)
{
    for (int32_t f = 0; f < keys->referred_count; f++) {
        Referred             *referred = &keys->referred[f];
        const ConstraintDesc *constraint = referred->constraint;
        int32_t               n = constraint->column_count, kept = 0;
        Vector              **parts;
        int32_t              *rows;
        VectorBuffer          deleted;
        Datum                 is_deleted = {.boolean = columns == NULL};

        if (!any_changed(constraint->foreign_columns, n, changed))
            continue;
        arena_reset(keys->arena);
        parts = ARENA_ARRAY(keys->arena, (size_t)n * 2 + 1, Vector *);
        rows = ARENA_ARRAY(keys->arena, (size_t)count, int32_t);
        for (int32_t i = 0; i < n; i++) {
            parts[i] = old[constraint->foreign_columns[i] - 1];
            parts[n + i] = columns == NULL ? parts[i] : columns[constraint->foreign_columns[i] - 1];
        }
        vector_buffer_init(&deleted, TYPE_BOOL, PHYS_BOOL);
        vector_buffer_reserve(&deleted, keys->arena, row_count);
        vector_splat(&deleted.vector, &is_deleted, 0, row_count);
        parts[2 * n] = &deleted.vector;
        for (int32_t i = 0; i < count; i++) {
            int32_t row = sel_row(sel, i);
            bool    any_null = false, same = columns != NULL;

            for (int32_t k = 0; k < n; k++) {
                const TypeInfo *type = exec_type(keys->state, keys->writer->table->columns[constraint->foreign_columns[k] - 1].type);

                any_null = any_null || !vector_is_valid(parts[k], row);
                same = same && type != NULL && element_equal(type, parts[k], row, parts[n + k], row);
            }
            rows[kept] = row;
            kept += !any_null && !same;
        }
        if (kept > 0)
            row_store_append(referred->changes, parts, rows, kept);
    }
}

/* ---- referring rows: is the key there? --------------------------------------------------------------------------------------------------- */

static void put_key_column(ForeignKeys *keys, StrBuf *key, const IndexColumnDesc *column, const Datum *value)
{
    const TypeInfo *type = exec_type(keys->state, column->type);

    index_key_put(key, type, column->descending, column->nulls_first, value);
}

/* Key columns stand in the constraint's order; the index has its own. */
static Slice encode_parent_key(ForeignKeys *keys, const RelationDesc *index, const int16_t *attributes, int32_t count, Vector *const *values, int32_t row)
{
    StrBuf key;

    strbuf_init(&key, keys->arena);
    for (int32_t i = 0; i < index->index->key_count; i++) {
        Datum value = {0};

        for (int32_t k = 0; k < count; k++)
            if (attributes[k] == index->index->columns[i].column)
                vector_get(values[k], row, &value);
        put_key_column(keys, &key, &index->index->columns[i], &value);
    }
    return strbuf_slice(&key);
}

/* The row that holds a key in the newest state, or 0. */
static RowId find_row(ForeignKeys *keys, const RelationDesc *index, Slice key)
{
    ReadView   view = newest_view(keys->state);
    StrBuf     upper;
    IndexRange range = {.lower = key};
    IndexScan *scan;
    RowId      row = 0;
    int32_t    count = 0;
    Fault      fault;
    Status     status;

    strbuf_init(&upper, keys->arena);
    strbuf_append_slice(&upper, key);
    index_key_successor(&upper);
    range.upper = strbuf_slice(&upper);
    status = index_scan_open(keys->state->session->engine, index, &view, &range, 1, SCAN_FORWARD, &scan, &fault);
    store_check(status, &fault);
    status = index_scan_next(scan, &row, NULL, NULL, 1, &count, &fault);
    index_scan_close(scan);
    store_check(status, &fault);
    return count > 0 ? row : 0;
}

static noreturn void raise_missing(ForeignKeys *keys, const Referring *referring, Vector *const *values, int32_t row)
{
    const ConstraintDesc *constraint = referring->constraint;
    const char *key = describe_key(keys->state, keys->writer->table, constraint->columns, constraint->column_count, values, row, keys->arena);
    const char *schema = relation_schema_name(keys->state, keys->writer->table, keys->arena);
    Error      *err = error_new(SQLSTATE_FOREIGN_KEY_VIOLATION, "insert or update on table \"%s\" violates foreign key constraint \"%s\"",
                                keys->writer->table->head.name, constraint->name);

    error_detail(err, "Key %s is not present in table \"%s\".", key, referring->parent->head.name);
    error_object(err, schema, keys->writer->table->head.name, NULL, constraint->name);
    error_raise(err);
}

/* The parent row must still be there once it is locked: it may have gone while we waited. */
static bool parent_exists(ForeignKeys *keys, const Referring *referring, Slice key)
{
    for (;;) {
        RowId         row = find_row(keys, referring->parent_index, key);
        RowLockResult result;
        ReadView      view = newest_view(keys->state);
        Fault         fault;
        Status        status;

        if (row == 0)
            return false;
        status = table_lock_row(keys->state->txn, referring->parent, &view, row, ROW_LOCK_KEY_SHARE, LOCK_WAIT,
                                (uint32_t)session_lock_timeout_ms(keys->state->session), &result, &fault);
        store_check(status, &fault);
        if (result == ROW_LOCKED || find_row(keys, referring->parent_index, key) == row)
            return true;
        check_cancel();
    }
}

static void check_referring(ForeignKeys *keys, Referring *referring)
{
    const ConstraintDesc *constraint = referring->constraint;
    int32_t               n = constraint->column_count;
    const TypeInfo      **types = ARENA_ARRAY(keys->state->arena, (size_t)n, const TypeInfo *);
    Oid                  *oids = ARENA_ARRAY(keys->state->arena, (size_t)n, Oid);
    PhysType             *phys = ARENA_ARRAY(keys->state->arena, (size_t)n, PhysType);
    KeyTable             *seen;
    Batch                *chunk;

    for (int32_t i = 0; i < n; i++) {
        oids[i] = referring->keys->types[i];
        phys[i] = referring->keys->phys[i];
        types[i] = exec_type(keys->state, oids[i]);
    }
    seen = key_table_new(keys->state->arena, n, oids, phys, types);
    for (int64_t c = 0; (chunk = row_store_batch(referring->keys, c)) != NULL; c++) {
        uint64_t *hashes;
        uint32_t *numbers;
        bool     *is_new;
        Vector  **cast;

        check_cancel();
        arena_reset(keys->arena);
        hashes = ARENA_ARRAY(keys->arena, (size_t)chunk->count, uint64_t);
        numbers = ARENA_ARRAY(keys->arena, (size_t)chunk->count, uint32_t);
        is_new = ARENA_ARRAY(keys->arena, (size_t)chunk->count, bool);
        cast = ARENA_ARRAY(keys->arena, (size_t)n, Vector *);
        hash_rows(chunk->columns, types, n, NULL, chunk->count, hashes);
        key_table_lookup(seen, chunk->columns, hashes, NULL, chunk->count, true, numbers, is_new);
        for (int32_t i = 0; i < n; i++)
            cast[i] = eval_run(referring->casts[i], chunk->columns, chunk->row_count, NULL, chunk->count, keys->arena);
        for (int32_t row = 0; row < chunk->count; row++)
            if (is_new[row] && !parent_exists(keys, referring, encode_parent_key(keys, referring->parent_index, constraint->foreign_columns, n, cast, row)))
                raise_missing(keys, referring, chunk->columns, row);
    }
    row_store_reset(referring->keys);
    key_table_reset(seen);
}

/* ---- referred-to rows: who refers? ------------------------------------------------------------------------------------------------------------ */

/* Referring rows: columns by attribute (dropped ones NULL), then the row id. */
static RowStore *children_store(ForeignKeys *keys, const RelationDesc *child)
{
    PlanColumn *columns = ARENA_ARRAY_ZEROED(keys->arena, (size_t)child->column_count + 1, PlanColumn);

    for (int32_t i = 0; i < child->column_count; i++)
        columns[i] = (PlanColumn){.type = child->columns[i].dropped ? TYPE_BOOL : child->columns[i].type,
                                  .phys = child->columns[i].dropped ? PHYS_BOOL : child->columns[i].phys};
    columns[child->column_count] = (PlanColumn){.type = TYPE_INT8, .phys = PHYS_INT64};
    return row_store_new(keys->arena, child->column_count + 1, columns);
}

static void keep_children(ForeignKeys *keys, const RelationDesc *child, RowStore *rows, Batch *batch, const int32_t *sel, int32_t count)
{
    Vector     **columns = ARENA_ARRAY(keys->arena, (size_t)child->column_count + 1, Vector *);
    VectorBuffer dropped;
    int32_t      at = 0;

    vector_buffer_init(&dropped, TYPE_BOOL, PHYS_BOOL);
    vector_buffer_reserve(&dropped, keys->arena, batch->row_count);
    memset(dropped.vector.data, 0, (size_t)batch->row_count);
    vector_buffer_set_validity(&dropped, batch->row_count, false);
    for (int32_t i = 0; i < child->column_count; i++)
        columns[i] = child->columns[i].dropped ? &dropped.vector : batch->columns[at++];
    columns[child->column_count] = batch->columns[at];
    row_store_append(rows, columns, sel, count);
}

/* An index of the child whose leading columns are the key's, in some order. */
static const RelationDesc *child_index(ForeignKeys *keys, const RelationDesc *child, const ConstraintDesc *constraint)
{
    for (int32_t i = 0; i < child->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(keys->state->session, keys->arena, child->indexes[i]);
        int32_t             matched = 0;

        if (index == NULL || index->index == NULL || index->index->method != INDEX_ORDERED || index->index->state != INDEX_READY ||
            index->index->predicate.size > 0 || index->index->key_count < constraint->column_count)
            continue;
        for (int32_t k = 0; k < constraint->column_count; k++)
            for (int32_t m = 0; m < constraint->column_count; m++)
                matched += index->index->columns[k].column == constraint->columns[m];
        if (matched == constraint->column_count)
            return index;
    }
    return NULL;
}

static ScanColumn *child_columns(ForeignKeys *keys, const RelationDesc *child, int32_t *count_out)
{
    ScanColumn *columns = ARENA_ARRAY_ZEROED(keys->arena, (size_t)child->column_count + 1, ScanColumn);
    int32_t     n = 0;

    for (int32_t i = 0; i < child->column_count; i++)
        if (!child->columns[i].dropped)
            columns[n++] = (ScanColumn){.kind = SCAN_COLUMN, .column = (int16_t)(i + 1)};
    columns[n++] = (ScanColumn){.kind = SCAN_ROW_ID};
    *count_out = n;
    return columns;
}

/* Rows of a batch whose key columns equal the wanted values. */
static int32_t matching_rows(ForeignKeys *keys, const RelationDesc *child, const ConstraintDesc *constraint, Batch *batch, Vector *const *wanted, int32_t *out)
{
    int32_t positions[KEY_COLUMNS_MAX], kept = 0;

    for (int32_t k = 0; k < constraint->column_count; k++) {
        positions[k] = 0;
        for (int32_t i = 0; i < constraint->columns[k] - 1; i++)
            positions[k] += !child->columns[i].dropped;
        vector_load(batch->columns[positions[k]], batch->sel, batch->count);
    }
    for (int32_t i = 0; i < batch->count; i++) {
        int32_t row = sel_row(batch->sel, i);
        bool    same = true;

        for (int32_t k = 0; k < constraint->column_count && same; k++) {
            Vector         *value = batch->columns[positions[k]];
            const TypeInfo *type = exec_type(keys->state, value->type);

            same = vector_is_valid(value, row) && vector_is_valid(wanted[k], 0) && element_equal(type, value, row, wanted[k], 0);
        }
        out[kept] = row;
        kept += same;
    }
    return kept;
}

static void scan_children(ForeignKeys *keys, const RelationDesc *child, const ConstraintDesc *constraint, Vector *const *wanted, RowStore *rows)
{
    ReadView         view = newest_view(keys->state);
    TableScanOptions options = {.account = &keys->state->session->account};
    TableScan       *scan;
    Batch           *batch;
    Fault            fault;
    Status           status;
    int32_t         *sel = ARENA_ARRAY(keys->arena, BATCH_ROWS, int32_t);

    options.columns = child_columns(keys, child, &options.column_count);
    status = table_scan_open(keys->state->session->engine, child, &view, &options, &scan, &fault);
    store_check(status, &fault);
    for (;;) {
        int32_t kept;

        status = table_scan_next(scan, BATCH_ROWS, &batch, &fault);
        if (status != STATUS_OK || batch->count == 0 || cancel_pending())
            break;
        kept = matching_rows(keys, child, constraint, batch, wanted, sel);
        if (kept > 0)
            keep_children(keys, child, rows, batch, sel, kept);
    }
    table_scan_close(scan);
    store_check(status, &fault);
    check_cancel();
}

static void look_up_children(ForeignKeys *keys, const RelationDesc *child, const RelationDesc *index, const ConstraintDesc *constraint, Vector *const *wanted, RowStore *rows)
{
    ReadView         view = newest_view(keys->state);
    TableScanOptions options = {.account = &keys->state->session->account};
    IndexRange       range;
    IndexScan       *scan;
    TableFetch      *fetch;
    RowId           *ids = ARENA_ARRAY(keys->arena, BATCH_ROWS, RowId);
    StrBuf           lower, upper;
    Batch           *batch;
    int32_t          count = 0;
    Fault            fault;
    Status           status;

    strbuf_init(&lower, keys->arena);
    strbuf_init(&upper, keys->arena);
    for (int32_t k = 0; k < constraint->column_count; k++)
        for (int32_t m = 0; m < constraint->column_count; m++)
            if (index->index->columns[k].column == constraint->columns[m]) {
                Datum value = {0};

                vector_get(wanted[m], 0, &value);
                put_key_column(keys, &lower, &index->index->columns[k], &value);
            }
    strbuf_append_slice(&upper, strbuf_slice(&lower));
    index_key_successor(&upper);
    range = (IndexRange){strbuf_slice(&lower), strbuf_slice(&upper)};
    options.columns = child_columns(keys, child, &options.column_count);
    status = index_scan_open(keys->state->session->engine, index, &view, &range, 1, SCAN_FORWARD, &scan, &fault);
    store_check(status, &fault);
    status = table_fetch_open(keys->state->session->engine, child, &view, &options, &fetch, &fault);
    if (status != STATUS_OK)
        index_scan_close(scan);
    store_check(status, &fault);
    while (!cancel_pending() && (status = index_scan_next(scan, ids, NULL, NULL, BATCH_ROWS, &count, &fault)) == STATUS_OK && count > 0) {
        status = table_fetch(fetch, ids, count, &batch, &fault);
        if (status != STATUS_OK)
            break;
        if (batch->count > 0)
            keep_children(keys, child, rows, batch, batch->sel, batch->count);
    }
    table_fetch_close(fetch);
    index_scan_close(scan);
    store_check(status, &fault);
    check_cancel();
}

static noreturn void raise_referenced(ForeignKeys *keys, const Referred *referred, Vector *const *old)
{
    const ConstraintDesc *constraint = referred->constraint;
    const RelationDesc   *parent = keys->writer->table;
    const char *key = describe_key(keys->state, parent, constraint->foreign_columns, constraint->column_count, old, 0, keys->arena);
    const char *schema = relation_schema_name(keys->state, referred->child, keys->arena);
    Error      *err = error_new(SQLSTATE_FOREIGN_KEY_VIOLATION, "update or delete on table \"%s\" violates foreign key constraint \"%s\" on table \"%s\"",
                                parent->head.name, constraint->name, referred->child->head.name);

    error_detail(err, "Key %s is still referenced from table \"%s\".", key, referred->child->head.name);
    error_object(err, schema, referred->child->head.name, NULL, constraint->name);
    error_raise(err);
}

/* New values of the key columns in referring rows: the parent's new key, NULL, or the column's default. */
static Vector *action_value(ForeignKeys *keys, Referred *referred, char action, int32_t k, Vector *const *new_key, int32_t rows)
{
    const ColumnDesc *column = &referred->child->columns[referred->constraint->columns[k] - 1];
    VectorBuffer     *buffer = ARENA_NEW(keys->arena, VectorBuffer);
    Datum             value = {0};
    bool              valid = false;

    if (action == 'c') {
        valid = vector_get(new_key[k], 0, &value);
    } else if (action == 'd' && column->default_expr.size > 0) {
        valid = eval_scalar_expr(keys->state, keys->arena, deserialize_expr(keys->state->session, keys->arena, column->default_expr), &value);
    }
    vector_buffer_init(buffer, column->type, column->phys);
    vector_buffer_reserve(buffer, keys->arena, rows);
    vector_splat(&buffer->vector, &value, 0, rows);
    if (!valid)
        vector_buffer_set_validity(buffer, rows, false);
    return &buffer->vector;
}

static void act_on_rows(ForeignKeys *keys, Referred *referred, RowStore *rows, char action, bool deleted, Vector *const *new_key)
{
    const RelationDesc   *child = referred->child;
    const ConstraintDesc *constraint = referred->constraint;
    Batch                *chunk;

    if (referred->writer == NULL)
        referred->writer = table_writer_new(keys->state, child, NULL, NULL, 0);
    for (int64_t c = 0; (chunk = row_store_batch(rows, c)) != NULL; c++) {
        const RowId *ids = chunk->columns[child->column_count]->data;

        for (int32_t i = 0; i < chunk->count; i++)
            lock_table_row(keys->state, child, ids[i], deleted && action == 'c' ? ROW_LOCK_UPDATE : ROW_LOCK_NO_KEY_UPDATE, LOCK_WAIT);
        if (deleted && action == 'c') {
            table_writer_delete(referred->writer, chunk->columns, chunk->count, NULL, chunk->count, ids, true);
        } else {
            Vector  **columns = ARENA_ARRAY(keys->arena, (size_t)child->column_count, Vector *);
            uint64_t *changed = ARENA_ARRAY_ZEROED(keys->arena, BATCH_WORDS(child->column_count), uint64_t);

            memcpy(columns, chunk->columns, (size_t)child->column_count * sizeof *columns);
            for (int32_t k = 0; k < constraint->column_count; k++) {
                columns[constraint->columns[k] - 1] = action_value(keys, referred, action, k, new_key, chunk->count);
                bitmap_set(changed, constraint->columns[k] - 1);
            }
            table_writer_update(referred->writer, columns, chunk->columns, chunk->count, NULL, chunk->count, ids, changed, true);
        }
    }
}

/* One changed parent row. */
static void act(ForeignKeys *keys, Referred *referred, Batch *chunk, int32_t row)
{
    const ConstraintDesc *constraint = referred->constraint;
    int32_t               n = constraint->column_count;
    Vector              **old = ARENA_ARRAY(keys->arena, (size_t)n, Vector *), **wanted = ARENA_ARRAY(keys->arena, (size_t)n, Vector *),
                        **new_key = ARENA_ARRAY(keys->arena, (size_t)n, Vector *);
    bool                  deleted = VECTOR_DATA(chunk->columns[2 * n], uint8_t)[row] != 0;
    char                  action = deleted ? constraint->on_delete : constraint->on_update;
    const RelationDesc   *index;
    RowStore             *rows;

    for (int32_t k = 0; k < n; k++) {
        VectorBuffer *value = ARENA_ARRAY_ZEROED(keys->arena, 2, VectorBuffer);
        Oid           child_type = referred->child->columns[constraint->columns[k] - 1].type;

        vector_buffer_init(&value[0], chunk->columns[k]->type, chunk->columns[k]->phys);
        vector_buffer_gather(&value[0], keys->arena, chunk->columns[k], &row, 1);
        old[k] = &value[0].vector;
        vector_buffer_init(&value[1], chunk->columns[n + k]->type, chunk->columns[n + k]->phys);
        vector_buffer_gather(&value[1], keys->arena, chunk->columns[n + k], &row, 1);
        wanted[k] = eval_run(cast_key(keys->state, 0, old[k]->type, child_type), &old[k], 1, NULL, 1, keys->arena);
        new_key[k] = &value[1].vector;
        new_key[k] = eval_run(cast_key(keys->state, 0, new_key[k]->type, child_type), &new_key[k], 1, NULL, 1, keys->arena);
    }
    if (action == 'a') { /* another row may have the key by now */
        const RelationDesc *parent_index = store_relation_by_oid(keys->state->session, keys->arena, constraint->index);

        if (parent_index != NULL && find_row(keys, parent_index, encode_parent_key(keys, parent_index, constraint->foreign_columns, n, old, 0)) != 0)
            return;
    }
    rows = children_store(keys, referred->child);
    index = child_index(keys, referred->child, constraint);
    if (index != NULL)
        look_up_children(keys, referred->child, index, constraint, wanted, rows);
    else
        scan_children(keys, referred->child, constraint, wanted, rows);
    if (rows->row_count == 0)
        return;
    if (action == 'a' || action == 'r')
        raise_referenced(keys, referred, old);
    act_on_rows(keys, referred, rows, action, deleted, new_key);
}

static void act_on_changes(ForeignKeys *keys, Referred *referred)
{
    RowStore *changes = referred->changes;
    Batch    *chunk;

    for (int64_t c = 0; (chunk = row_store_batch(changes, c)) != NULL; c++)
        for (int32_t row = 0; row < chunk->count; row++) {
            check_cancel();
            arena_reset(keys->arena);
            act(keys, referred, chunk, row);
        }
    row_store_reset(changes);
    if (referred->writer != NULL)
        table_writer_finish(referred->writer);
}

void foreign_keys_finish(ForeignKeys *keys)
{
    check_stack_depth();
    for (int32_t i = 0; i < keys->referring_count; i++)
        if (keys->referring[i].keys->row_count > 0)
            check_referring(keys, &keys->referring[i]);
    /* actions before checks: ON DELETE CASCADE of one constraint may clear what another would complain about */
    for (int32_t pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < keys->referred_count; i++) {
            const ConstraintDesc *constraint = keys->referred[i].constraint;
            bool                  checks = constraint->on_delete == 'a' && constraint->on_update == 'a';

            if (keys->referred[i].changes->row_count > 0 && checks == (pass == 1))
                act_on_changes(keys, &keys->referred[i]);
        }
}
