/*
 * test_table.h - what the tests of tables and indexes share: a store with transactions, a table, batches of rows.
 *
 * The table t (k int4, name text, doc jsonb, price numeric, embedding vector(4) in a group of its own).
 */
#ifndef STORAGE_TABLE_TEST_TABLE_H
#define STORAGE_TABLE_TEST_TABLE_H

#include "storage/lsm/test_store.h"
#include "storage/table/table.h"
#include "types/json_parse.h"

enum { T_K = 1, T_NAME, T_DOC, T_PRICE, T_EMBEDDING, T_COLUMNS = 5, EMBEDDING_BYTES = 16 };

static Fault               fault;
static Engine             *engine;
static TransactionManager *manager;
static RelationDesc        t;
static ColumnGroupDesc     t_groups[2];
static ColumnDesc          t_columns[T_COLUMNS] = {
    {.name = "k", .number = 1, .type = 23, .phys = PHYS_INT32},
    {.name = "name", .number = 2, .type = 25, .phys = PHYS_BYTES},
    {.name = "doc", .number = 3, .type = 3802, .phys = PHYS_BYTES},
    {.name = "price", .number = 4, .type = 1700, .phys = PHYS_NUMERIC},
    {.name = "embedding", .number = 5, .type = 8010, .phys = PHYS_BYTES, .group = 1},
};

static inline __attribute__((unused)) void open_table_store(void)
{
    engine = open_store(NULL);
    assert_ok(txn_manager_open(engine, &manager, &fault));
}

static inline __attribute__((unused)) void close_table_store(void)
{
    txn_manager_close(manager);
    close_store(engine);
}

static inline __attribute__((unused)) Transaction *begin_as(Isolation isolation)
{
    TransactionOptions options = {.isolation = isolation};
    Transaction       *txn;

    assert_ok(transaction_begin(manager, &options, &txn, &fault));
    transaction_start_statement(txn);
    return txn;
}

static inline __attribute__((unused)) Transaction *begin(void)
{
    return begin_as(READ_COMMITTED);
}

static inline __attribute__((unused)) void commit(Transaction *txn)
{
    assert_ok(transaction_commit(txn, COMMIT_NO_SYNC, &fault));
}

static inline __attribute__((unused)) int make_table(void **state)
{
    Transaction *txn;

    if (make_test_directory(state) != 0)
        return -1;
    open_table_store();
    assert_ok(engine_new_storage_id(engine, &t_groups[0].storage_id, &fault));
    assert_ok(engine_new_storage_id(engine, &t_groups[1].storage_id, &fault));
    t_groups[1].fixed_bytes = EMBEDDING_BYTES;
    t = (RelationDesc){.head = {.kind = DESC_RELATION, .oid = 16384, .name = "t"}, .relkind = 'r', .persistence = 'p',
                       .column_count = T_COLUMNS, .columns = t_columns, .group_count = 2, .groups = t_groups};
    assert_ok(engine_new_storage_id(engine, &t.chunk_storage, &fault));
    txn = begin();
    assert_ok(table_create_storage(txn, &t, &fault));
    commit(txn);
    return 0;
}

static inline __attribute__((unused)) int drop_table(void **state)
{
    close_table_store();
    return drop_test_directory(state);
}

/* One row of t as a test keeps it. data NULL: NULL. */
typedef struct TestRow {
    RowId   id;
    bool    k_null;
    int32_t k;
    Slice   name, doc;
    bool    price_null;
    Numeric price;
    Slice   embedding;
} TestRow;

/* A batch over count rows, in vectors of its own. */
typedef struct TestBatch {
    Batch    batch;
    Vector   vectors[T_COLUMNS];
    Vector  *columns[T_COLUMNS];
    int32_t  k[BATCH_ROWS];
    Slice    bytes[3][BATCH_ROWS];
    Numeric  price[BATCH_ROWS];
    uint64_t validity[T_COLUMNS][BATCH_WORDS(BATCH_ROWS)];
    RowId    ids[BATCH_ROWS];
} TestBatch;

static inline __attribute__((unused)) void set_bytes(TestBatch *batch, int column, int32_t at, Slice value)
{
    ((Slice *)batch->vectors[column - 1].data)[at] = value;
    if (value.data == NULL)
        bitmap_clear(batch->validity[column - 1], at);
}

static inline __attribute__((unused)) TestBatch *batch_of(const TestRow *rows, int32_t count)
{
    TestBatch *batch = calloc(1, sizeof *batch);
    void      *data[T_COLUMNS] = {batch->k, batch->bytes[0], batch->bytes[1], batch->price, batch->bytes[2]};

    batch->batch = (Batch){.column_count = T_COLUMNS, .row_count = count, .count = count, .columns = batch->columns};
    for (int i = 0; i < T_COLUMNS; i++) {
        batch->columns[i] = &batch->vectors[i];
        batch->vectors[i] = (Vector){.data = data[i], .validity = batch->validity[i], .type = t_columns[i].type, .phys = t_columns[i].phys,
                                     .capacity = BATCH_ROWS};
        bitmap_fill(batch->validity[i], BATCH_ROWS, true);
    }
    for (int32_t i = 0; i < count; i++) {
        batch->ids[i] = rows[i].id;
        batch->k[i] = rows[i].k;
        batch->price[i] = rows[i].price;
        if (rows[i].k_null)
            bitmap_clear(batch->validity[T_K - 1], i);
        if (rows[i].price_null)
            bitmap_clear(batch->validity[T_PRICE - 1], i);
        set_bytes(batch, T_NAME, i, rows[i].name);
        set_bytes(batch, T_DOC, i, rows[i].doc);
        set_bytes(batch, T_EMBEDDING, i, rows[i].embedding);
    }
    return batch;
}

/* Gives the rows fresh ids and inserts them, a batch at a time. */
static inline __attribute__((unused)) void insert_rows(Transaction *txn, TestRow *rows, int32_t count)
{
    RowId first;

    assert_ok(table_new_row_ids(engine, &t, count, &first, &fault));
    for (int32_t i = 0; i < count; i++)
        rows[i].id = first + i;
    for (int32_t from = 0; from < count; from += BATCH_ROWS) {
        TestBatch *batch = batch_of(rows + from, MIN(count - from, (int32_t)BATCH_ROWS));

        assert_ok(table_insert(txn, &t, &batch->batch, batch->ids, &fault));
        free(batch);
    }
}

static inline __attribute__((unused)) void update_rows(Transaction *txn, const TestRow *rows, int32_t count, uint64_t changed)
{
    TestBatch *batch = batch_of(rows, count);

    assert_ok(table_update(txn, &t, &batch->batch, batch->ids, &changed, &fault));
    free(batch);
}

/* A document that lives for the rest of the test program. */
static inline __attribute__((unused)) Slice json(const char *text_of)
{
    static Arena *arena;

    if (arena == NULL)
        arena = arena_new(NULL, NULL, "test documents");
    return jsonb_parse(text(text_of), arena);
}

#endif
