/*
 * engine_test.c - the engine through its interface: visibility, write sets, iterators, commits, restarts.
 */
#include "base/thread.h"
#include "storage/lsm/test_store.h"

enum { T = 20000, U = 20001 };

static void a_snapshot_sees_what_was_committed_before_it(void **state)
{
    Engine  *engine = open_store(NULL);
    Snapshot before, after;
    ReadView view = {0};

    (void)state;
    put_one(engine, T, "a", "1");
    engine_snapshot_acquire(engine, &before);
    put_one(engine, T, "a", "2");
    put_one(engine, T, "b", "3");
    engine_snapshot_acquire(engine, &after);
    view.csn = before.csn;
    assert_visible(engine, &view, T, "a", "1");
    assert_visible(engine, &view, T, "b", NULL);
    view.csn = after.csn;
    assert_visible(engine, &view, T, "a", "2");
    assert_visible(engine, &view, T, "b", "3");
    assert_visible(engine, &view, U, "a", NULL);
    put_one(engine, T, "a", NULL);
    assert_visible(engine, &view, T, "a", "2");
    view.csn = CSN_MAX;
    assert_visible(engine, &view, T, "a", NULL);
    engine_snapshot_release(engine, &before);
    engine_snapshot_release(engine, &after);
    close_store(engine);
}

static void a_write_set_shows_its_writes_by_sequence(void **state)
{
    Engine  *engine = open_store(NULL);
    Snapshot snapshot;
    WriteSet *writes;
    Fault     fault;
    LocalSeq  first, mark;

    (void)state;
    put_one(engine, T, "a", "old");
    engine_snapshot_acquire(engine, &snapshot);
    assert_ok(writeset_new(engine, &writes, &fault));
    first = writeset_sequence(writes);
    assert_ok(writeset_put(writes, T, text("a"), text("new"), &fault));
    assert_visible(engine, &(ReadView){snapshot.csn, writes, first}, T, "a", "old");
    mark = writeset_advance(writes);
    assert_visible(engine, &(ReadView){snapshot.csn, writes, mark}, T, "a", "new");
    assert_ok(writeset_put(writes, T, text("a"), text("newer"), &fault));
    assert_ok(writeset_delete(writes, T, text("a"), &fault));
    assert_ok(writeset_put(writes, T, text("b"), text("lost"), &fault));
    writeset_advance(writes);
    assert_visible(engine, &(ReadView){snapshot.csn, writes, writeset_sequence(writes)}, T, "a", NULL);
    writeset_rollback_to(writes, mark);
    assert_visible(engine, &(ReadView){snapshot.csn, writes, writeset_sequence(writes)}, T, "a", "new");
    assert_visible(engine, &(ReadView){snapshot.csn, writes, writeset_sequence(writes)}, T, "b", NULL);
    commit_writes(engine, writes, COMMIT_SYNC);
    assert_true(writeset_is_empty(writes));
    assert_visible(engine, &(ReadView){.csn = CSN_MAX}, T, "a", "new");
    assert_visible(engine, &(ReadView){.csn = CSN_MAX}, T, "b", NULL);
    writeset_free(writes);
    engine_snapshot_release(engine, &snapshot);
    close_store(engine);
}

static void taken_numbers_never_come_again(void **state)
{
    Engine  *engine = open_store(NULL);
    Fault    fault;
    uint64_t first, before;

    (void)state;
    assert_ok(engine_counter_take(engine, 9, 10, &first, &fault));
    assert_int_equal(first, 1);
    assert_ok(engine_counter_take(engine, 9, 5000, &first, &fault));
    assert_int_equal(first, 11);
    assert_ok(engine_counter_take(engine, 9, 1, &first, &fault));
    assert_int_equal(first, 5011);
    put_one(engine, T, "a", "1");
    before = first;
    close_store(engine);
    engine = open_store(NULL);
    assert_ok(engine_counter_take(engine, 9, 1, &first, &fault));
    assert_true(first > before);
    close_store(engine);
}

static void expect_scan(Engine *engine, const ReadView *view, IteratorOptions options, const char *expected)
{
    for (int batch = 1; batch <= 4; batch++) {
        char *found = scan_text(engine, view, &options, batch);

        assert_string_equal(found, expected);
        free(found);
    }
}

static void iterators_merge_own_and_committed_writes(void **state)
{
    Engine   *engine = open_store(NULL);
    Snapshot  snapshot;
    WriteSet *writes;
    Fault     fault;
    ReadView  view;

    (void)state;
    put_one(engine, T, "a", "1");
    put_one(engine, T, "b", "2");
    put_one(engine, T, "b", "2b");
    put_one(engine, T, "c", "3");
    put_one(engine, T, "d", "4");
    put_one(engine, T, "d", NULL);
    put_one(engine, T - 1, "z", "other");
    put_one(engine, U, "a", "other");
    engine_snapshot_acquire(engine, &snapshot);
    put_one(engine, T, "b", "later");
    assert_ok(writeset_new(engine, &writes, &fault));
    assert_ok(writeset_put(writes, T, text("aa"), text("own"), &fault));
    assert_ok(writeset_delete(writes, T, text("c"), &fault));
    assert_ok(writeset_put(writes, T, text("e"), text("own"), &fault));
    assert_ok(writeset_put(writes, T, text("b"), text("mine"), &fault));
    writeset_advance(writes);
    view = (ReadView){snapshot.csn, NULL, 0};
    expect_scan(engine, &view, (IteratorOptions){.storage_id = T}, "a=1 b=2b c=3 ");
    expect_scan(engine, &view, (IteratorOptions){.storage_id = T, .direction = SCAN_BACKWARD}, "c=3 b=2b a=1 ");
    view = (ReadView){snapshot.csn, writes, writeset_sequence(writes)};
    expect_scan(engine, &view, (IteratorOptions){.storage_id = T}, "a=1 aa=own b=mine e=own ");
    expect_scan(engine, &view, (IteratorOptions){.storage_id = T, .direction = SCAN_BACKWARD}, "e=own b=mine aa=own a=1 ");
    expect_scan(engine, &view, (IteratorOptions){.storage_id = T, .lower = text("aa"), .upper = text("e")}, "aa=own b=mine ");
    expect_scan(engine, &view,
                (IteratorOptions){.storage_id = T, .lower = text("aa"), .upper = text("e"), .direction = SCAN_BACKWARD},
                "b=mine aa=own ");
    writeset_free(writes);
    engine_snapshot_release(engine, &snapshot);
    close_store(engine);
}

static void seeks_place_an_iterator_in_both_directions(void **state)
{
    Engine       *engine = open_store(NULL);
    ReadView      view = {.csn = CSN_MAX};
    IteratorEntry entry;
    Iterator     *iterator;
    Fault         fault;
    int           count;

    (void)state;
    put_one(engine, T, "b", "1");
    put_one(engine, T, "d", "2");
    put_one(engine, T, "f", "3");
    assert_ok(iterator_open(engine, &view, &(IteratorOptions){.storage_id = T, .lower = text("c")}, &iterator, &fault));
    assert_ok(iterator_seek(iterator, text("a"), &fault));
    assert_ok(iterator_next(iterator, &entry, 1, &count, &fault));
    assert_int_equal(count, 1);
    assert_memory_equal(entry.key.data, "d", 1);
    assert_ok(iterator_seek(iterator, text("e"), &fault));
    assert_ok(iterator_next(iterator, &entry, 1, &count, &fault));
    assert_memory_equal(entry.key.data, "f", 1);
    assert_ok(iterator_next(iterator, &entry, 1, &count, &fault));
    assert_int_equal(count, 0);
    iterator_close(iterator);
    assert_ok(iterator_open(engine, &view, &(IteratorOptions){.storage_id = T, .direction = SCAN_BACKWARD}, &iterator, &fault));
    assert_ok(iterator_seek(iterator, text("d"), &fault));
    assert_ok(iterator_next(iterator, &entry, 1, &count, &fault));
    assert_memory_equal(entry.key.data, "d", 1);
    assert_ok(iterator_seek(iterator, text("c"), &fault));
    assert_ok(iterator_next(iterator, &entry, 1, &count, &fault));
    assert_memory_equal(entry.key.data, "b", 1);
    iterator_close(iterator);
    close_store(engine);
}

static void commits_and_counters_survive_a_restart(void **state)
{
    Engine   *engine = open_store(NULL);
    uint64_t  identity = engine_identity(engine);
    StorageId id, later;
    Fault     fault;

    (void)state;
    assert_ok(engine_new_storage_id(engine, &id, &fault));
    assert_ok(engine_counter_reserve(engine, 7, 100, &fault));
    put_one(engine, id, "a", "1");
    put_one(engine, id, "b", "2");
    close_store(engine);
    for (int i = 0; i < 3; i++) {
        engine = open_store(NULL);
        assert_true(engine_identity(engine) == identity);
        assert_visible(engine, &(ReadView){.csn = CSN_MAX}, id, "a", "1");
        assert_visible(engine, &(ReadView){.csn = CSN_MAX}, id, "b", i == 0 ? "2" : "again");
        assert_int_equal(engine_counter_get(engine, 7), 100);
        assert_ok(engine_new_storage_id(engine, &later, &fault));
        assert_true(later > id);
        put_one(engine, id, "b", "again");
        close_store(engine);
    }
}

static void a_large_commit_takes_several_records(void **state)
{
    Engine   *engine = open_store(NULL);
    size_t    size = 9 << 20;
    uint8_t  *value = malloc(size);
    WriteSet *writes;
    Fault     fault;

    (void)state;
    for (size_t i = 0; i < size; i++)
        value[i] = (uint8_t)(i * 7 >> 3);
    assert_ok(writeset_new(engine, &writes, &fault));
    assert_ok(writeset_put(writes, T, text("big"), slice_of(value, size), &fault));
    assert_ok(writeset_put(writes, T, text("big2"), slice_of(value, size), &fault));
    commit_writes(engine, writes, COMMIT_SYNC);
    writeset_free(writes);
    put_one(engine, T, "small", "1");
    for (int i = 0; i < 2; i++) {
        PinnedValue found;

        assert_ok(engine_get(engine, &(ReadView){.csn = CSN_MAX}, T, text("big2"), &found, &fault));
        assert_int_equal(found.value.size, size);
        assert_memory_equal(found.value.data, value, size);
        engine_unpin(&found);
        assert_visible(engine, &(ReadView){.csn = CSN_MAX}, T, "small", "1");
        close_store(engine);
        engine = open_store(NULL);
    }
    close_store(engine);
    free(value);
}

static void a_second_opener_is_refused(void **state)
{
    Engine       *engine = open_store(NULL);
    Engine       *second;
    EngineOptions options = {.directory = test_directory};
    Fault         fault;

    (void)state;
    assert_int_equal(engine_open(&options, &second, &fault), STATUS_BUSY);
    assert_non_null(strstr(fault.text, "in use"));
    close_store(engine);
}

static Status refuse(void *arg, Fault *fault)
{
    (void)arg;
    return FAULT(fault, STATUS_CONFLICT, 0, "no");
}

static void a_refused_commit_leaves_nothing(void **state)
{
    Engine       *engine = open_store(NULL);
    CommitOptions options = {.validate = refuse};
    WriteSet     *writes;
    Fault         fault;

    (void)state;
    assert_ok(writeset_new(engine, &writes, &fault));
    assert_ok(writeset_put(writes, T, text("a"), text("1"), &fault));
    assert_int_equal(engine_commit(engine, writes, &options, NULL, &fault), STATUS_CONFLICT);
    assert_visible(engine, &(ReadView){.csn = CSN_MAX}, T, "a", NULL);
    writeset_free(writes);
    close_store(engine);
}

/* ---- concurrent commits ---------------------------------------------------------------------------------------------- */

enum { WRITERS = 8, COMMITS = 60 };

typedef struct Writer {
    pthread_t thread;
    Engine   *engine;
    int       number;
    Csn       last;
} Writer;

static void note_csn(void *arg, Csn csn)
{
    Writer *writer = arg;

    if (csn <= writer->last || engine_visible_csn(writer->engine) < csn)
        abort();
    writer->last = csn;
}

/* Adds one to two counters in one commit: both are always equal to every reader. */
static void *write_pairs(void *arg)
{
    Writer   *writer = arg;
    WriteSet *writes;
    Fault     fault;
    char      key[16], value[16];

    if (writeset_new(writer->engine, &writes, &fault) != STATUS_OK)
        abort();
    for (int i = 0; i < COMMITS; i++) {
        CommitOptions options = {.sync = i % 4 == 0 ? COMMIT_SYNC : COMMIT_NO_SYNC, .published = note_csn, .published_arg = writer};
        Snapshot      snapshot;
        PinnedValue   first, second;

        snprintf(value, sizeof value, "%d", i);
        snprintf(key, sizeof key, "x%d", writer->number);
        if (writeset_put(writes, T, text(key), text(value), &fault) != STATUS_OK)
            abort();
        key[0] = 'y';
        if (writeset_put(writes, T, text(key), text(value), &fault) != STATUS_OK)
            abort();
        if (engine_commit(writer->engine, writes, &options, NULL, &fault) != STATUS_OK)
            abort();
        engine_snapshot_acquire(writer->engine, &snapshot);
        for (int other = 0; other < WRITERS; other++) {
            ReadView view = {snapshot.csn, NULL, 0};
            Status   status;

            snprintf(key, sizeof key, "x%d", other);
            status = engine_get(writer->engine, &view, T, text(key), &first, &fault);
            key[0] = 'y';
            if (engine_get(writer->engine, &view, T, text(key), &second, &fault) != status)
                abort();
            if (status == STATUS_OK && (first.csn != second.csn || !slice_equal(first.value, second.value)))
                abort();
            engine_unpin(&first);
            engine_unpin(&second);
        }
        engine_snapshot_release(writer->engine, &snapshot);
    }
    writeset_free(writes);
    return NULL;
}

static void concurrent_commits_are_atomic_and_ordered(void **state)
{
    Engine *engine = open_store(NULL);
    Writer  writers[WRITERS];
    char    key[16], value[16];

    (void)state;
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (Writer){.engine = engine, .number = i};
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_pairs, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i].thread, NULL);
    close_store(engine);
    engine = open_store(NULL);
    snprintf(value, sizeof value, "%d", COMMITS - 1);
    for (int i = 0; i < WRITERS; i++) {
        snprintf(key, sizeof key, "y%d", i);
        assert_visible(engine, &(ReadView){.csn = CSN_MAX}, T, key, value);
    }
    close_store(engine);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_test_directory, drop_test_directory)

TEST_MAIN(TEST(a_snapshot_sees_what_was_committed_before_it), TEST(a_write_set_shows_its_writes_by_sequence),
          TEST(iterators_merge_own_and_committed_writes), TEST(seeks_place_an_iterator_in_both_directions),
          TEST(commits_and_counters_survive_a_restart), TEST(taken_numbers_never_come_again), TEST(a_large_commit_takes_several_records),
          TEST(a_second_opener_is_refused), TEST(a_refused_commit_leaves_nothing),
          TEST(concurrent_commits_are_atomic_and_ordered))
