/*
 * lock_test.c - the lock table: the matrices, queues, savepoints, time limits, cancellation, deadlocks, a stress run.
 */
#include "storage/txn/lock.h"

#include "base/account.h"
#include "base/bytes.h"
#include "base/cancel.h"
#include "base/test.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { STORAGE = 16384, DATABASE = 6 };

static LockTable *table;

static LockOwner *owner_new(void)
{
    LockOwner *owner;

    assert_int_equal(lock_owner_new(table, &owner, NULL), STATUS_OK);
    return owner;
}

static int setup(void **state)
{
    (void)state;
    return lock_table_open(&table, NULL) == STATUS_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    lock_table_close(table);
    return 0;
}

static Status row(LockOwner *owner, uint64_t id, RowLock mode, LockWait wait, uint32_t timeout_ms)
{
    uint8_t key[8];
    bool    waited;

    put_be64(key, id);
    return lock_row(owner, STORAGE, slice_of(key, 8), mode, wait, timeout_ms, &waited, NULL);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void the_row_matrix_is_postgresql_s(void **state)
{
    static const char *const matrix[4] = {"...x", "..xx", ".xxx", "xxxx"}; /* held down, wanted across */
    LockOwner               *a = owner_new();
    LockOwner               *b = owner_new();

    (void)state;
    for (int held = 0; held < 4; held++) {
        for (int wanted = 0; wanted < 4; wanted++) {
            assert_int_equal(row(a, 1, (RowLock)held, LOCK_NOWAIT, 0), STATUS_OK);
            assert_int_equal(row(b, 1, (RowLock)wanted, LOCK_NOWAIT, 0),
                             matrix[held][wanted] == 'x' ? STATUS_LOCK_NOT_AVAILABLE : STATUS_OK);
            assert_int_equal(row(b, 2, (RowLock)wanted, LOCK_NOWAIT, 0), STATUS_OK);
            lock_release_all(a);
            lock_release_all(b);
        }
    }
    lock_owner_free(a);
    lock_owner_free(b);
}

static void the_relation_matrix_is_postgresql_s(void **state)
{
    static const char *const matrix[8] = {".......x", "......xx", "....xxxx", "...xxxxx", "..xx.xxx", "..xxxxxx", ".xxxxxxx", "xxxxxxxx"};
    LockOwner               *a = owner_new();
    LockOwner               *b = owner_new();

    (void)state;
    for (int held = 0; held < 8; held++) {
        for (int wanted = 0; wanted < 8; wanted++) {
            assert_int_equal(lock_relation(a, DATABASE, 1, (TableLock)(held + 1), LOCK_NOWAIT, 0, NULL), STATUS_OK);
            assert_int_equal(lock_relation(b, DATABASE, 1, (TableLock)(wanted + 1), LOCK_NOWAIT, 0, NULL),
                             matrix[held][wanted] == 'x' ? STATUS_LOCK_NOT_AVAILABLE : STATUS_OK);
            lock_release_all(a);
            lock_release_all(b);
        }
    }
    lock_owner_free(a);
    lock_owner_free(b);
}

static void going_back_to_a_mark_releases_what_came_after(void **state)
{
    LockOwner *a = owner_new();
    LockOwner *b = owner_new();
    uint64_t   mark;

    (void)state;
    assert_int_equal(row(a, 1, ROW_LOCK_SHARE, LOCK_NOWAIT, 0), STATUS_OK);
    mark = lock_owner_mark(a);
    assert_int_equal(row(a, 1, ROW_LOCK_UPDATE, LOCK_NOWAIT, 0), STATUS_OK);
    assert_int_equal(row(a, 2, ROW_LOCK_UPDATE, LOCK_NOWAIT, 0), STATUS_OK);
    assert_int_equal(row(b, 1, ROW_LOCK_KEY_SHARE, LOCK_NOWAIT, 0), STATUS_LOCK_NOT_AVAILABLE);
    lock_release_to(a, mark);
    assert_int_equal(row(b, 1, ROW_LOCK_SHARE, LOCK_NOWAIT, 0), STATUS_OK);
    assert_int_equal(row(b, 1, ROW_LOCK_UPDATE, LOCK_SKIP, 0), STATUS_LOCK_NOT_AVAILABLE); /* a still shares it */
    assert_int_equal(row(b, 2, ROW_LOCK_UPDATE, LOCK_NOWAIT, 0), STATUS_OK);
    lock_owner_free(a);
    assert_int_equal(row(b, 1, ROW_LOCK_UPDATE, LOCK_NOWAIT, 0), STATUS_OK);
    lock_owner_free(b);
    assert_int_equal(account_used(&server_account), 0);
}

static void session_locks_count_and_survive_transactions(void **state)
{
    LockOwner *a = owner_new();
    LockOwner *b = owner_new();

    (void)state;
    assert_int_equal(lock_advisory(a, DATABASE, 1, 42, false, ADVISORY_SESSION, LOCK_NOWAIT, 0, NULL), STATUS_OK);
    assert_int_equal(lock_advisory(a, DATABASE, 1, 42, false, ADVISORY_SESSION, LOCK_NOWAIT, 0, NULL), STATUS_OK);
    assert_int_equal(lock_advisory(a, DATABASE, 1, 42, true, ADVISORY_TRANSACTION, LOCK_NOWAIT, 0, NULL), STATUS_OK);
    assert_int_equal(lock_advisory(b, DATABASE, 2, 42, false, ADVISORY_SESSION, LOCK_NOWAIT, 0, NULL), STATUS_OK);
    lock_release_all(a);
    assert_int_equal(lock_advisory(b, DATABASE, 1, 42, true, ADVISORY_SESSION, LOCK_NOWAIT, 0, NULL), STATUS_LOCK_NOT_AVAILABLE);
    assert_true(lock_advisory_unlock(a, DATABASE, 1, 42, false));
    assert_int_equal(lock_advisory(b, DATABASE, 1, 42, true, ADVISORY_SESSION, LOCK_NOWAIT, 0, NULL), STATUS_LOCK_NOT_AVAILABLE);
    assert_true(lock_advisory_unlock(a, DATABASE, 1, 42, false));
    assert_false(lock_advisory_unlock(a, DATABASE, 1, 42, false));
    assert_int_equal(lock_advisory(b, DATABASE, 1, 42, true, ADVISORY_SESSION, LOCK_NOWAIT, 0, NULL), STATUS_OK);
    lock_advisory_unlock_all(b);
    assert_int_equal(lock_advisory(a, DATABASE, 1, 42, false, ADVISORY_TRANSACTION, LOCK_NOWAIT, 0, NULL), STATUS_OK);
    lock_owner_free(a);
    lock_owner_free(b);
}

/* A thread that takes one row lock and reports. */
typedef struct Taker {
    pthread_t   thread;
    LockOwner  *owner;
    uint64_t    id;
    RowLock     mode;
    uint32_t    timeout_ms;
    CancelToken cancel;
    _Atomic int done;
    Status      status;
    int         rank; /* in which order the grants came */
} Taker;

static _Atomic int grants;

static void *take(void *arg)
{
    Taker *taker = arg;

    cancel_attach(&taker->cancel);
    taker->status = row(taker->owner, taker->id, taker->mode, LOCK_WAIT, taker->timeout_ms);
    taker->rank = atomic_fetch_add(&grants, 1);
    atomic_store(&taker->done, 1);
    cancel_attach(NULL);
    return NULL;
}

static void taker_start(Taker *taker, uint64_t id, RowLock mode, uint32_t timeout_ms)
{
    if (taker->owner == NULL)
        taker->owner = owner_new();
    taker->id = id;
    taker->mode = mode;
    taker->timeout_ms = timeout_ms;
    atomic_store(&taker->done, 0);
    pthread_create(&taker->thread, NULL, take, taker);
    usleep(30000); /* until it waits: the order of the queue is the order of the starts */
}

static void queues_are_first_come_first_served(void **state)
{
    LockOwner *a = owner_new();
    Taker      takers[4] = {0};

    (void)state;
    atomic_store(&grants, 0);
    assert_int_equal(row(a, 1, ROW_LOCK_KEY_SHARE, LOCK_WAIT, 0), STATUS_OK);
    taker_start(&takers[0], 1, ROW_LOCK_UPDATE, 0);
    taker_start(&takers[1], 1, ROW_LOCK_KEY_SHARE, 0); /* could share with a, but does not overtake */
    taker_start(&takers[2], 1, ROW_LOCK_UPDATE, 0);
    taker_start(&takers[3], 1, ROW_LOCK_SHARE, 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(atomic_load(&takers[i].done), 0);
    lock_release_all(a);
    for (int i = 0; i < 4; i++) {
        pthread_join(takers[i].thread, NULL);
        assert_int_equal(takers[i].status, STATUS_OK);
        assert_int_equal(takers[i].rank, i);
        lock_release_all(takers[i].owner);
        lock_owner_free(takers[i].owner);
    }
    lock_owner_free(a);
}

static void waits_end_with_their_limit_and_with_cancellation(void **state)
{
    LockOwner *a = owner_new();
    Taker      limited = {0};
    Taker      cancelled = {0};
    Taker      behind = {0};

    (void)state;
    assert_int_equal(row(a, 1, ROW_LOCK_SHARE, LOCK_WAIT, 0), STATUS_OK);
    taker_start(&limited, 1, ROW_LOCK_UPDATE, 1500); /* long enough for a busy machine to queue `behind` meanwhile */
    taker_start(&behind, 1, ROW_LOCK_SHARE, 0);
    assert_int_equal(atomic_load(&behind.done), 0);
    pthread_join(limited.thread, NULL);
    assert_int_equal(limited.status, STATUS_LOCK_NOT_AVAILABLE);
    pthread_join(behind.thread, NULL); /* waited for limited only */
    assert_int_equal(behind.status, STATUS_OK);
    taker_start(&cancelled, 1, ROW_LOCK_UPDATE, 0);
    cancel_request(&cancelled.cancel, CANCEL_USER_REQUEST);
    pthread_join(cancelled.thread, NULL);
    assert_int_equal(cancelled.status, STATUS_CANCELLED);
    lock_owner_free(limited.owner);
    lock_owner_free(cancelled.owner);
    lock_owner_free(behind.owner);
    lock_owner_free(a);
}

static void a_deadlock_has_one_victim_within_a_second(void **state)
{
    (void)state;
    for (int size = 2; size <= 5; size++) {
        Taker   takers[5] = {0};
        int64_t start;
        int     victims = 0;

        for (int i = 0; i < size; i++) {
            takers[i].owner = owner_new();
            assert_int_equal(row(takers[i].owner, (uint64_t)i, ROW_LOCK_UPDATE, LOCK_WAIT, 0), STATUS_OK);
        }
        for (int i = 0; i < size; i++)
            taker_start(&takers[i], (uint64_t)((i + 1) % size), ROW_LOCK_UPDATE, 0);
        start = now_ms();
        for (int ended = 0; ended < size;) {
            for (int i = 0; i < size; i++) {
                if (atomic_load(&takers[i].done) != 1)
                    continue;
                atomic_store(&takers[i].done, 2);
                pthread_join(takers[i].thread, NULL);
                victims += takers[i].status == STATUS_DEADLOCK;
                assert_true(takers[i].status == STATUS_DEADLOCK || takers[i].status == STATUS_OK);
                lock_owner_free(takers[i].owner);
                ended++;
            }
            usleep(1000);
        }
        assert_int_equal(victims, 1);
        assert_true(now_ms() - start < 1000);
    }
}

static void two_sharers_that_both_want_more_are_a_deadlock(void **state)
{
    Taker takers[2] = {0};
    int   ok;

    (void)state;
    for (int i = 0; i < 2; i++) {
        takers[i].owner = owner_new();
        assert_int_equal(row(takers[i].owner, 1, ROW_LOCK_SHARE, LOCK_WAIT, 0), STATUS_OK);
    }
    taker_start(&takers[0], 1, ROW_LOCK_UPDATE, 0);
    taker_start(&takers[1], 1, ROW_LOCK_UPDATE, 0);
    while (atomic_load(&takers[0].done) + atomic_load(&takers[1].done) == 0)
        usleep(1000);
    ok = atomic_load(&takers[0].done) ? 1 : 0; /* the one that still waits */
    pthread_join(takers[!ok].thread, NULL);
    assert_int_equal(takers[!ok].status, STATUS_DEADLOCK);
    lock_owner_free(takers[!ok].owner);
    pthread_join(takers[ok].thread, NULL);
    assert_int_equal(takers[ok].status, STATUS_OK);
    lock_owner_free(takers[ok].owner);
}

enum { STRESS_THREADS = 6, STRESS_ROUNDS = 300, STRESS_ROWS = 24 };

static int         guarded[STRESS_ROWS]; /* written only under an UPDATE lock of the row */
static _Atomic int stress_deadlocks;

static void *stress(void *arg)
{
    uint64_t   random = (uintptr_t)arg * 77777 + 1;
    LockOwner *owner = owner_new();

    for (int round = 0; round < STRESS_ROUNDS; round++) {
        for (int i = 0; i < 3; i++) {
            uint64_t id;
            RowLock  mode;
            Status   status;

            random = random * 6364136223846793005u + 1442695040888963407u;
            id = (random >> 33) % STRESS_ROWS;
            mode = (RowLock)((random >> 50) % 4);
            status = row(owner, id, mode, round % 7 == 0 ? LOCK_NOWAIT : LOCK_WAIT, 2000);
            if (status == STATUS_DEADLOCK)
                atomic_fetch_add(&stress_deadlocks, 1);
            if (status != STATUS_OK)
                break;
            if (mode == ROW_LOCK_UPDATE)
                guarded[id]++;
        }
        lock_release_all(owner);
    }
    lock_owner_free(owner);
    return NULL;
}

static void many_threads_leave_a_clean_table(void **state)
{
    pthread_t threads[STRESS_THREADS];

    (void)state;
    for (uintptr_t i = 0; i < STRESS_THREADS; i++)
        pthread_create(&threads[i], NULL, stress, (void *)i);
    for (int i = 0; i < STRESS_THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(account_used(&server_account), 0);
    printf("# %d deadlocks, row 0 written %d times\n", atomic_load(&stress_deadlocks), guarded[0]);
}

#define LOCK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_MAIN(LOCK_TEST(the_row_matrix_is_postgresql_s), LOCK_TEST(the_relation_matrix_is_postgresql_s),
          LOCK_TEST(going_back_to_a_mark_releases_what_came_after), LOCK_TEST(session_locks_count_and_survive_transactions),
          LOCK_TEST(queues_are_first_come_first_served), LOCK_TEST(waits_end_with_their_limit_and_with_cancellation),
          LOCK_TEST(a_deadlock_has_one_victim_within_a_second), LOCK_TEST(two_sharers_that_both_want_more_are_a_deadlock),
          LOCK_TEST(many_threads_leave_a_clean_table))
