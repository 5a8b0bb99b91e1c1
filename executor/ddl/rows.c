/*
 * rows.c - passes over a table's rows, bulk inserts, index builds.
 */
#include "executor/ddl/rows.h"

#include "base/cancel.h"
#include "executor/ddl/table_build.h"
#include "executor/exec/eval.h"
#include "executor/serialize/serialize.h"
#include "executor/store/index_key.h"
#include "storage/index/index.h"

struct RowPass {
    ArenaDefer  defer;
    Session    *session;
    TableScan  *scan;
    int32_t     column_count;
    int32_t    *places;  /* scan column of each attribute, -1: none */
    int32_t     scanned; /* scan columns */
    Vector    **columns; /* column_count + 1 */
    Batch       batch;
};

static void close_pass(void *object)
{
    RowPass *pass = object;

    table_scan_close(pass->scan);
    pass->scan = NULL;
}

RowPass *row_pass_open(Session *session, Arena *arena, const RelationDesc *table, const bool *wanted)
{
    RowPass         *pass = ARENA_NEW(arena, RowPass);
    ScanColumn      *columns = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, ScanColumn);
    Transaction     *txn = store_transaction(session);
    TableScanOptions options = {.columns = columns, .account = &session->account};
    ReadView         view;
    Fault            fault;

    pass->session = session;
    pass->column_count = table->column_count;
    pass->places = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, int32_t);
    pass->columns = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, Vector *);
    for (int16_t i = 0; i < table->column_count; i++) {
        pass->places[i] = -1;
        if (table->columns[i].dropped || (wanted != NULL && !wanted[i]))
            continue;
        pass->places[i] = options.column_count;
        columns[options.column_count++] = (ScanColumn){.kind = SCAN_COLUMN, .column = (int16_t)(i + 1)};
    }
    columns[options.column_count++] = (ScanColumn){.kind = SCAN_ROW_ID};
    pass->scanned = options.column_count;
    transaction_start_statement(txn); /* what this statement wrote before is seen */
    view = transaction_read_view(txn);
    store_check(table_scan_open(session->engine, table, &view, &options, &pass->scan, &fault), &fault);
    arena_defer(arena, &pass->defer, close_pass, pass);
    return pass;
}

Batch *row_pass_next(RowPass *pass)
{
    Batch *batch = NULL;
    Fault  fault;

    check_cancel();
    store_check(table_scan_next(pass->scan, BATCH_ROWS, &batch, &fault), &fault);
    if (batch == NULL || batch->count == 0)
        return NULL;
    for (int32_t i = 0; i < pass->scanned; i++)
        vector_load(batch->columns[i], batch->sel, batch->count);
    store_check(table_scan_fault(pass->scan, &fault), &fault);
    for (int32_t i = 0; i < pass->column_count; i++)
        pass->columns[i] = pass->places[i] < 0 ? NULL : batch->columns[pass->places[i]];
    pass->columns[pass->column_count] = batch->columns[pass->scanned - 1];
    pass->batch = (Batch){
        .column_count = pass->column_count + 1, .row_count = batch->row_count, .count = batch->count, .sel = batch->sel, .columns = pass->columns,
    };
    return &pass->batch;
}

void row_pass_close(RowPass *pass)
{
    table_scan_close(pass->scan);
    pass->scan = NULL;
}

int64_t rows_insert(Ddl *ddl, const RelationDesc *table, const Batch *batch)
{
    RowId *ids = ARENA_ARRAY(ddl->arena, (size_t)batch->row_count, RowId);
    RowId  first = 0;
    Fault  fault;

    for (int32_t i = 0; i < batch->column_count; i++) {
        if (batch->columns[i] != NULL)
            vector_load(batch->columns[i], batch->sel, batch->count);
    }
    store_check(table_new_row_ids(ddl->session->engine, table, batch->count, &first, &fault), &fault);
    for (int32_t i = 0; i < batch->count; i++)
        ids[sel_row(batch->sel, i)] = first + i;
    store_check(table_insert(store_transaction(ddl->session), table, batch, ids, &fault), &fault);
    return batch->count;
}

/* ---- index builds ---------------------------------------------------------------------------------------------------------- */

typedef struct Build {
    ArenaDefer    defer;
    IndexBuilder *builder;
} Build;

static void close_build(void *object)
{
    index_builder_close(((Build *)object)->builder);
}

/* 23505 as PostgreSQL words it for a build: the key that the row has. */
static noreturn void raise_duplicate(Ddl *ddl, const RelationDesc *table, const RelationDesc *index, RowId row)
{
    IndexEncoder *encoder = index_encoder_new(ddl->session, ddl->arena, table, index);
    RowPass      *pass = row_pass_open(ddl->session, ddl->arena, table, index_encoder_columns(encoder));
    Error        *err;
    Batch        *batch;
    StrBuf        names;
    StrBuf        values;

    strbuf_init(&names, ddl->arena);
    strbuf_init(&values, ddl->arena);
    for (int16_t i = 0; i < index->index->key_count; i++)
        strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", index->index->columns[i].column > 0
                                                             ? table->columns[index->index->columns[i].column - 1].name
                                                             : index->index->columns[i].expr_text);
    while (values.size == 0 && (batch = row_pass_next(pass)) != NULL) {
        int32_t *rows = ARENA_ARRAY(ddl->arena, (size_t)batch->count, int32_t);
        int32_t  count = index_encoder_start(encoder, batch, ddl->arena, rows);

        for (int32_t i = 0; i < count; i++) {
            if (VECTOR_DATA(batch->columns[table->column_count], int64_t)[rows[i]] != row)
                continue;
            for (int16_t k = 0; k < index->index->key_count; k++) {
                const Vector *vector = index_encoder_vector(encoder, k);
                TypeContext   ctx = ddl->session->ctx;
                StrBuf        text;

                ctx.arena = ddl->arena;
                strbuf_init(&text, ddl->arena);
                if (vector_is_valid(vector, rows[i])) {
                    const TypeInfo *type = type_by_oid(index->index->columns[k].type);

                    if (type != NULL)
                        type->output(type, vector_element(vector, rows[i]), &ctx, &text);
                }
                strbuf_printf(&values, "%s%s", k > 0 ? ", " : "", vector_is_valid(vector, rows[i]) ? strbuf_cstring(&text) : "null");
            }
        }
    }
    err = error_new(SQLSTATE_UNIQUE_VIOLATION, "could not create unique index \"%s\"", index->head.name);
    error_detail(err, "Key (%s)=(%s) is duplicated.", strbuf_cstring(&names), strbuf_cstring(&values));
    error_object(err, ddl_schema_name(ddl, table->head.parent), table->head.name, NULL, index->head.name);
    error_raise(err);
}

static void add_batch(Build *build, IndexEncoder *encoder, const RelationDesc *table, const Batch *batch, Arena *arena)
{
    int32_t       *rows = ARENA_ARRAY(arena, (size_t)batch->count + 1, int32_t);
    int32_t        count = index_encoder_start(encoder, batch, arena, rows);
    const int64_t *ids = VECTOR_DATA(batch->columns[table->column_count], int64_t);
    StrBuf         key;
    StrBuf         value;
    Fault          fault;

    strbuf_init(&key, arena);
    strbuf_init(&value, arena);
    for (int32_t i = 0; i < count; i++) {
        bool has_null;

        strbuf_clear(&key);
        strbuf_clear(&value);
        has_null = index_encoder_entry(encoder, rows[i], &key, &value);
        store_check(index_builder_add(build->builder, strbuf_slice(&key), has_null, ids[rows[i]], strbuf_slice(&value), &fault), &fault);
    }
}

void fill_index(Ddl *ddl, const RelationDesc *table, const RelationDesc *index)
{
    Build        *build = ARENA_NEW(ddl->arena, Build);
    IndexEncoder *encoder = index_encoder_new(ddl->session, ddl->arena, table, index);
    Arena        *batch_arena = arena_new(ddl->arena, NULL, "index build");
    RowPass      *pass;
    Batch        *batch;
    RowId         duplicate = 0;
    Status        status;
    Fault         fault;

    ddl_flush(ddl);
    pass = row_pass_open(ddl->session, ddl->arena, table, index_encoder_columns(encoder));
    store_check(index_builder_open(store_transaction(ddl->session), index, index->index->unique, &build->builder, &fault), &fault);
    arena_defer(ddl->arena, &build->defer, close_build, build);
    while ((batch = row_pass_next(pass)) != NULL) {
        add_batch(build, encoder, table, batch, batch_arena);
        arena_reset(batch_arena);
    }
    row_pass_close(pass);
    status = index_builder_finish(build->builder, &duplicate, &fault);
    if (status == STATUS_EXISTS)
        raise_duplicate(ddl, table, index, duplicate);
    store_check(status, &fault);
}

/* ---- new storage -------------------------------------------------------------------------------------------------------------- */

void renew_storage(Ddl *ddl, RelationDesc *rel)
{
    RelationDesc     before = *rel;
    ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)rel->group_count, ColumnGroupDesc);

    ddl_copy(groups, rel->groups, sizeof *groups * (size_t)rel->group_count);
    for (int16_t i = 0; i < rel->group_count; i++)
        groups[i].storage_id = store_new_storage_id(ddl->session);
    if (rel->relkind == 'i')
        store_index_drop(ddl->session, &before);
    else
        store_table_drop(ddl->session, &before);
    rel->groups = groups;
    if (rel->chunk_storage != 0)
        rel->chunk_storage = store_new_storage_id(ddl->session);
    if (rel->relkind == 'i')
        store_index_create(ddl->session, rel);
    else
        store_table_create(ddl->session, rel);
}

void ddl_truncate_relation(Ddl *ddl, const RelationDesc *rel)
{
    RelationDesc *edited = ddl_edit(ddl, rel);

    renew_storage(ddl, edited);
    for (int16_t i = 0; i < edited->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, edited->indexes[i]);

        if (index != NULL)
            renew_storage(ddl, ddl_edit(ddl, index));
    }
}
