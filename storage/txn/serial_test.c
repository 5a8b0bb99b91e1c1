/*
 * serial_test.c - SERIALIZABLE: anomalies that REPEATABLE READ has are refused, and nothing else is, as far as keys tell.
 */
#include "storage/index/index_key.h"
#include "storage/table/test_table.h"

#include <pthread.h>

/* Reads every row of t, or one; answers the sum of k. */
static int32_t sum_of(Transaction *txn, RowId only)
{
    ScanColumn       k = {.kind = SCAN_COLUMN, .column = T_K};
    TableScanOptions options = {.column_count = 1, .columns = &k};
    ReadView         view;
    int32_t          sum = 0;
    Batch           *batch;

    transaction_start_statement(txn);
    view = transaction_read_view(txn);
    if (only != 0) {
        TableFetch *fetch;

        assert_ok(table_fetch_open(engine, &t, &view, &options, &fetch, &fault));
        assert_ok(table_fetch(fetch, &only, 1, &batch, &fault));
        sum = VECTOR_DATA(batch->columns[0], int32_t)[0];
        table_fetch_close(fetch);
    } else {
        TableScan *scan;

        assert_ok(table_scan_open(engine, &t, &view, &options, &scan, &fault));
        do {
            assert_ok(table_scan_next(scan, BATCH_ROWS, &batch, &fault));
            for (int32_t i = 0; i < batch->count; i++)
                sum += VECTOR_DATA(batch->columns[0], int32_t)[i];
        } while (batch->count > 0);
        table_scan_close(scan);
    }
    return sum;
}

static void set_k(Transaction *txn, RowId id, int32_t k)
{
    TestRow       row = {.id = id, .k = k};
    ReadView      view;
    RowLockResult result;

    transaction_start_statement(txn);
    view = transaction_read_view(txn);
    assert_ok(table_lock_row(txn, &t, &view, id, ROW_LOCK_NO_KEY_UPDATE, LOCK_WAIT, 0, &result, &fault));
    update_rows(txn, &row, 1, 1);
}

static void insert_two(TestRow *rows)
{
    Transaction *txn = begin();

    rows[0] = (TestRow){.k = 1};
    rows[1] = (TestRow){.k = 1};
    insert_rows(txn, rows, 2);
    commit(txn);
}

static Status end(Transaction *txn)
{
    return transaction_commit(txn, COMMIT_NO_SYNC, NULL);
}

/* Both see two on call and each takes one off. */
static void write_skew_has_one_victim(void **state)
{
    TestRow rows[2];

    (void)state;
    for (int serializable = 0; serializable < 2; serializable++) {
        Isolation    isolation = serializable ? SERIALIZABLE : REPEATABLE_READ;
        Transaction *a;
        Transaction *b;

        insert_two(rows);
        a = begin_as(isolation);
        b = begin_as(isolation);
        assert_int_equal(sum_of(a, rows[0].id) + sum_of(a, rows[1].id), 2);
        assert_int_equal(sum_of(b, 0) >= 2, 1);
        set_k(a, rows[0].id, 0);
        set_k(b, rows[1].id, 0);
        assert_int_equal(end(a), STATUS_OK);
        assert_int_equal(end(b), serializable ? STATUS_CONFLICT : STATUS_OK);
    }
}

static void a_phantom_is_a_conflict_also_from_read_committed(void **state)
{
    Transaction *serial = begin_as(SERIALIZABLE);
    Transaction *writer = begin();
    TestRow      row = {.k = 5};
    TestRow      own = {.k = 6};

    (void)state;
    assert_int_equal(sum_of(serial, 0), 0);
    insert_rows(writer, &row, 1);
    commit(writer);
    insert_rows(serial, &own, 1);
    assert_int_equal(end(serial), STATUS_CONFLICT);
    serial = begin_as(SERIALIZABLE); /* tried again it goes through */
    assert_int_equal(sum_of(serial, 0), 5);
    insert_rows(serial, &own, 1);
    assert_int_equal(end(serial), STATUS_OK);
}

static void who_reads_other_rows_or_only_reads_is_left_alone(void **state)
{
    TestRow      rows[2];
    Transaction *a;
    Transaction *b;
    Transaction *reader;

    (void)state;
    insert_two(rows);
    a = begin_as(SERIALIZABLE);
    b = begin_as(SERIALIZABLE);
    reader = begin_as(SERIALIZABLE);
    sum_of(reader, 0);
    set_k(a, rows[0].id, sum_of(a, rows[0].id) + 1);
    set_k(b, rows[1].id, sum_of(b, rows[1].id) + 1);
    assert_int_equal(end(a), STATUS_OK);
    assert_int_equal(end(b), STATUS_OK);
    assert_int_equal(sum_of(reader, 0), 2);
    assert_int_equal(end(reader), STATUS_OK);
}

static void an_index_range_that_was_empty_is_guarded(void **state)
{
    ColumnGroupDesc group;
    RelationDesc    index = {.relkind = 'i', .persistence = 'p', .group_count = 1, .groups = &group};
    uint8_t         keys[][2] = {{1, 1}, {1, 3}, {1, 2}, {1, 9}};
    IndexRange      range = {slice_of(keys[0], 2), slice_of(keys[1], 2)};
    Transaction    *txn = begin();

    (void)state;
    assert_ok(engine_new_storage_id(engine, &group.storage_id, &fault));
    assert_ok(index_create_storage(txn, &index, &fault));
    commit(txn);
    for (int inside = 0; inside < 2; inside++) {
        Transaction *serial = begin_as(SERIALIZABLE);
        ReadView     view = transaction_read_view(serial);
        TestRow      own = {.k = 1};
        IndexScan   *scan;
        RowId        row;
        int32_t      count;

        assert_ok(index_scan_open(engine, &index, &view, &range, 1, SCAN_FORWARD, &scan, &fault));
        assert_ok(index_scan_next(scan, &row, NULL, NULL, 1, &count, &fault));
        assert_int_equal(count, 0);
        index_scan_close(scan);
        txn = begin();
        assert_ok(index_insert(txn, &index, slice_of(keys[inside ? 2 : 3], 2), 77, slice_of("", 0), false, 0, NULL, &fault));
        commit(txn);
        insert_rows(serial, &own, 1);
        assert_int_equal(end(serial), inside ? STATUS_CONFLICT : STATUS_OK);
    }
}

enum { THREADS = 4, ROUNDS = 100 };

static RowId   pair[2];
static int64_t conflicts_met;

/* Takes one off one of two rows when their sum allows it: the sum must never go below zero. */
static void *take_off(void *arg)
{
    for (int round = 0; round < ROUNDS; round++) {
        Transaction *txn = begin_as(SERIALIZABLE);
        int32_t      first = sum_of(txn, pair[0]);
        int32_t      second = sum_of(txn, pair[1]);
        int          which = (int)((uintptr_t)arg + (unsigned)round) % 2;
        TestRow      row = {.id = pair[which], .k = (which == 0 ? first : second) - 1};
        ReadView     view;
        RowLockResult result;
        Status        status;

        if (first + second <= 0)
            row.k += 3;
        transaction_start_statement(txn);
        view = transaction_read_view(txn);
        status = table_lock_row(txn, &t, &view, row.id, ROW_LOCK_NO_KEY_UPDATE, LOCK_WAIT, 0, &result, NULL);
        if (status == STATUS_OK) {
            update_rows(txn, &row, 1, 1);
            status = end(txn);
        } else {
            transaction_rollback(txn);
        }
        if (status == STATUS_CONFLICT)
            __atomic_fetch_add(&conflicts_met, 1, __ATOMIC_RELAXED);
        else
            assert_int_equal(status, STATUS_OK);
    }
    return NULL;
}

static void the_sum_of_two_rows_never_goes_below_zero(void **state)
{
    TestRow      rows[2];
    pthread_t    threads[THREADS];
    Transaction *txn;

    (void)state;
    insert_two(rows);
    pair[0] = rows[0].id;
    pair[1] = rows[1].id;
    for (uintptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, take_off, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    txn = begin();
    assert_true(sum_of(txn, pair[0]) + sum_of(txn, pair[1]) >= 0);
    transaction_rollback(txn);
    printf("# %d conflicts in %d transactions\n", (int)conflicts_met, THREADS * ROUNDS);
}

#define SERIAL_TEST(name) cmocka_unit_test_setup_teardown(name, make_table, drop_table)
TEST_MAIN(SERIAL_TEST(write_skew_has_one_victim), SERIAL_TEST(a_phantom_is_a_conflict_also_from_read_committed),
          SERIAL_TEST(who_reads_other_rows_or_only_reads_is_left_alone), SERIAL_TEST(an_index_range_that_was_empty_is_guarded),
          SERIAL_TEST(the_sum_of_two_rows_never_goes_below_zero))
