/*
 * txn_test.c - transactions: snapshots by isolation level, savepoints, xids, hooks.
 */
#include "storage/txn/txn.h"

#include "storage/lsm/test_store.h"

enum { T = 20000 };

static Fault               fault;
static Engine             *engine;
static TransactionManager *manager;

static int setup(void **state)
{
    if (make_test_directory(state) != 0)
        return -1;
    engine = open_store(NULL);
    return txn_manager_open(engine, &manager, &fault) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    txn_manager_close(manager);
    close_store(engine);
    return drop_test_directory(state);
}

static Transaction *begin(Isolation isolation)
{
    TransactionOptions options = {.isolation = isolation};
    Transaction       *txn;

    assert_ok(transaction_begin(manager, &options, &txn, &fault));
    transaction_start_statement(txn);
    return txn;
}

static void put(Transaction *txn, const char *key, const char *value)
{
    assert_ok(writeset_put(transaction_writes(txn), T, text(key), text(value), &fault));
}

static void see(Transaction *txn, const char *key, const char *expected)
{
    ReadView view = transaction_read_view(txn);

    assert_visible(engine, &view, T, key, expected);
}

static void commit(Transaction *txn)
{
    assert_ok(transaction_commit(txn, COMMIT_SYNC, &fault));
}

static void snapshots_are_per_statement_or_per_transaction(void **state)
{
    Transaction *rc = begin(READ_COMMITTED);
    Transaction *rr = begin(REPEATABLE_READ);
    Transaction *writer = begin(READ_COMMITTED);

    (void)state;
    put(writer, "a", "1");
    see(writer, "a", NULL); /* not by the statement that wrote it */
    transaction_start_statement(writer);
    see(writer, "a", "1");
    see(rc, "a", NULL);
    commit(writer);
    see(rc, "a", NULL);
    see(rr, "a", NULL);
    transaction_start_statement(rc);
    transaction_start_statement(rr);
    see(rc, "a", "1");
    see(rr, "a", NULL);
    transaction_rollback(rc);
    commit(rr);
}

static void a_kept_view_outlives_its_statement(void **state)
{
    Transaction *txn = begin(READ_COMMITTED);
    Transaction *writer;
    ReadViewKeep keep;
    ReadView     view;

    (void)state;
    view = transaction_read_view(txn);
    read_view_keep(txn, &keep);
    writer = begin(READ_COMMITTED);
    put(writer, "a", "1");
    commit(writer);
    transaction_start_statement(txn);
    put(txn, "b", "2");
    transaction_start_statement(txn);
    see(txn, "a", "1");
    see(txn, "b", "2");
    assert_visible(engine, &view, T, "a", NULL);
    assert_visible(engine, &view, T, "b", NULL);
    read_view_release(&keep);
    transaction_rollback(txn);
}

static void savepoints_undo_writes_and_locks(void **state)
{
    Transaction *txn = begin(READ_COMMITTED);
    Transaction *other;
    Savepoint    empty = transaction_savepoint(txn);
    Savepoint    savepoint;
    bool         waited;

    (void)state;
    put(txn, "a", "1");
    savepoint = transaction_savepoint(txn);
    put(txn, "a", "2");
    put(txn, "b", "2");
    assert_ok(lock_row(transaction_locks(txn), T, text("b"), ROW_LOCK_UPDATE, LOCK_NOWAIT, 0, &waited, &fault));
    transaction_start_statement(txn);
    see(txn, "b", "2");
    transaction_rollback_to(txn, &savepoint);
    transaction_start_statement(txn);
    see(txn, "a", "1");
    see(txn, "b", NULL);
    other = begin(READ_COMMITTED);
    assert_ok(lock_row(transaction_locks(other), T, text("b"), ROW_LOCK_UPDATE, LOCK_NOWAIT, 0, &waited, &fault));
    transaction_rollback(other);
    transaction_rollback_to(txn, &empty);
    transaction_start_statement(txn);
    see(txn, "a", NULL);
    put(txn, "c", "3");
    commit(txn);
    txn = begin(READ_COMMITTED);
    see(txn, "a", NULL);
    see(txn, "c", "3");
    transaction_rollback(txn);
}

static void xids_are_fresh_also_after_a_restart(void **state)
{
    Transaction *txn = begin(READ_COMMITTED);
    uint64_t     first;
    uint64_t     again;
    uint64_t     later;

    (void)state;
    assert_false(transaction_has_xid(txn));
    assert_ok(transaction_xid(txn, &first, &fault));
    assert_ok(transaction_xid(txn, &again, &fault));
    assert_int_equal(first, again);
    assert_true((uint32_t)first >= 3);
    put(txn, "a", "1");
    commit(txn);
    txn_manager_close(manager);
    close_store(engine);
    engine = open_store(NULL);
    assert_ok(txn_manager_open(engine, &manager, &fault));
    txn = begin(READ_COMMITTED);
    assert_ok(transaction_xid(txn, &later, &fault));
    assert_true(later > first);
    transaction_rollback(txn);
}

static char  hook_order[8];
static char *hook_at;

static void note(void *arg, bool committed, Csn csn)
{
    *hook_at++ = committed ? *(const char *)arg : '-';
    assert_int_equal(csn != 0, committed);
}

static void hooks_run_newest_first_and_say_how_it_ended(void **state)
{
    TransactionHook first = {.run = note, .arg = "1"};
    TransactionHook second = {.run = note, .arg = "2"};
    Transaction    *txn = begin(READ_COMMITTED);

    (void)state;
    hook_at = hook_order;
    transaction_at_end(txn, &first);
    transaction_at_end(txn, &second);
    put(txn, "a", "1");
    commit(txn);
    assert_memory_equal(hook_order, "21", 2);
    txn = begin(READ_COMMITTED);
    transaction_at_end(txn, &first);
    transaction_rollback(txn);
    assert_memory_equal(hook_order, "21-", 3);
}

static void locks_are_free_once_the_writes_are_visible(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        Transaction *txn = begin(READ_COMMITTED);
        bool         waited;

        assert_ok(lock_row(transaction_locks(txn), T, text("a"), ROW_LOCK_UPDATE, LOCK_NOWAIT, 0, &waited, &fault));
        put(txn, "a", "1");
        if (i == 1)
            transaction_rollback(txn);
        else
            commit(txn);
    }
}

#define TXN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_MAIN(TXN_TEST(snapshots_are_per_statement_or_per_transaction), TXN_TEST(a_kept_view_outlives_its_statement),
          TXN_TEST(savepoints_undo_writes_and_locks), TXN_TEST(xids_are_fresh_also_after_a_restart),
          TXN_TEST(hooks_run_newest_first_and_say_how_it_ended), TXN_TEST(locks_are_free_once_the_writes_are_visible))
