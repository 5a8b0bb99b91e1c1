/*
 * model_test.c - random operations against a model in memory: commits, savepoints, snapshots, scans, flushes, compactions,
 * clean restarts and crashes. The seed is printed; NEXADB_SEED sets it, NEXADB_STEPS makes the walk longer.
 */
#include "base/test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* The walk runs in child processes, which are killed now and then: a failure ends the child. */
#undef fail_msg
#define fail_msg(...)                     \
    do {                                  \
        fprintf(stderr, "# " __VA_ARGS__); \
        fputc('\n', stderr);              \
        _exit(1);                         \
    } while (0)

#include "storage/lsm/test_store.h"

#include "base/hash.h"

enum { RELATIONS = 3, KEYS = 400, SNAPSHOTS = 4, MAX_VALUE = 600, MODEL_BYTES = 512 << 20 };

typedef struct Version {
    Csn      csn;
    uint32_t value; /* 0: a tombstone; else the seed that the value is made from */
} Version;

typedef struct Key {
    Version *versions; /* ascending by csn */
    int      count, capacity;
} Key;

typedef struct Model {
    Key      keys[RELATIONS][KEYS];
    uint64_t random;
    uint32_t next_value;
    Csn      last;
    size_t   used; /* of MODEL_BYTES, in which the versions stand behind this */
} Model;

/* Shared with the children. */
static Model *model_memory;
#define model (*model_memory)

static uint64_t next_random(uint64_t below)
{
    model.random = hash_u64(model.random + 0x9e3779b97f4a7c15ull);
    return model.random % below;
}

static StorageId relation_id(int relation)
{
    return (StorageId)(20000 + relation * 3);
}

/* Keys of different lengths, some with long common prefixes, in the order of their numbers. */
static Slice make_key(int number, char *buffer)
{
    int size = number % 7 == 0 ? sprintf(buffer, "key%04d", number)
                               : sprintf(buffer, "key%04d-with-a-rather-long-common-tail-%d", number, number % 5);

    return slice_of(buffer, (size_t)size);
}

static Slice make_value(uint32_t seed, uint8_t *buffer)
{
    size_t size = hash_u64(seed) % MAX_VALUE;

    for (size_t i = 0; i < size; i++)
        buffer[i] = (uint8_t)(i % 11 == 0 ? hash_u64(seed + i) : 'v');
    return slice_of(buffer, size);
}

static void model_put(int relation, int key, Csn csn, uint32_t value)
{
    Key *at = &model.keys[relation][key];

    if (at->count == at->capacity) {
        Version *grown = (Version *)((char *)model_memory + model.used);

        at->capacity = MAX(4, at->capacity * 2);
        model.used += (size_t)at->capacity * sizeof *at->versions;
        if (model.used > MODEL_BYTES)
            abort();
        if (at->count != 0)
            memcpy(grown, at->versions, (size_t)at->count * sizeof *at->versions);
        at->versions = grown;
    }
    at->versions[at->count++] = (Version){csn, value};
}

/* What a snapshot sees of a key; 0: nothing. */
static uint32_t model_get(int relation, int key, Csn csn)
{
    const Key *at = &model.keys[relation][key];

    for (int i = at->count - 1; i >= 0; i--)
        if (at->versions[i].csn <= csn)
            return at->versions[i].value;
    return 0;
}

/* ---- operations -------------------------------------------------------------------------------------------------------- */

static Engine  *engine;
static Snapshot snapshots[SNAPSHOTS];
static bool     taken[SNAPSHOTS];

/* Own writes of the running transaction: 0 untouched, 1 deleted, else value + 1. */
static uint64_t own[RELATIONS][KEYS];

static void check_get(const ReadView *view, Csn csn, int relation, int key, bool with_own)
{
    char        key_buffer[64];
    uint8_t     value_buffer[MAX_VALUE];
    uint32_t    expected = model_get(relation, key, csn);
    PinnedValue found;
    Fault       fault = {.text = ""};
    Status      status;

    if (with_own && own[relation][key] != 0)
        expected = (uint32_t)(own[relation][key] - 1);
    status = engine_get(engine, view, relation_id(relation), make_key(key, key_buffer), &found, &fault);
    if (expected == 0) {
        if (status != STATUS_NOT_FOUND)
            fail_msg("relation %d key %d at csn %llu: found what should not be there (%s)", relation, key,
                     (unsigned long long)csn, status_name(status));
        return;
    }
    if (status != STATUS_OK)
        fail_msg("relation %d key %d at csn %llu: %s %s", relation, key, (unsigned long long)csn, status_name(status), fault.text);
    if (!slice_equal(found.value, make_value(expected, value_buffer)))
        fail_msg("relation %d key %d at csn %llu: a wrong value", relation, key, (unsigned long long)csn);
    engine_unpin(&found);
}

static void check_scan(const ReadView *view, Csn csn, int relation, bool with_own)
{
    enum { BATCH = 50 };
    IteratorEntry   entries[BATCH];
    char            low_buffer[64], high_buffer[64], key_buffer[64];
    uint8_t         value_buffer[MAX_VALUE];
    int             low = (int)next_random(KEYS), high = low + 1 + (int)next_random((uint64_t)(KEYS - low));
    bool            backward = next_random(2) == 0;
    int             at = backward ? high - 1 : low;
    IteratorOptions options = {.storage_id = relation_id(relation),
                               .lower = next_random(8) == 0 ? slice_of("", 0) : make_key(low, low_buffer),
                               .direction = backward ? SCAN_BACKWARD : SCAN_FORWARD,
                               .scan = next_random(2) == 0};
    Iterator       *iterator;
    Fault           fault = {.text = ""};
    int             count;

    if (options.lower.size == 0)
        low = 0;
    if (!backward)
        at = low;
    if (high < KEYS)
        options.upper = make_key(high, high_buffer);
    assert_ok(iterator_open(engine, view, &options, &iterator, &fault));
    if (next_random(3) == 0) {
        int to = (int)next_random(KEYS);

        assert_ok(iterator_seek(iterator, make_key(to, key_buffer), &fault));
        if (backward)
            at = MIN(at, to);
        else
            at = MAX(at, to);
    }
    do {
        assert_ok(iterator_next(iterator, entries, 1 + (int)next_random(BATCH), &count, &fault));
        for (int i = 0; i < count || (count == 0 && i == 0); i++) {
            uint32_t expected = 0;

            for (; backward ? at >= low : at < high; at += backward ? -1 : 1) {
                expected = with_own && own[relation][at] != 0 ? (uint32_t)(own[relation][at] - 1) : model_get(relation, at, csn);
                if (expected != 0)
                    break;
            }
            if (count == 0) {
                if (expected != 0)
                    fail_msg("relation %d at csn %llu: the scan misses key %d", relation, (unsigned long long)csn, at);
                break;
            }
            if (expected == 0)
                fail_msg("relation %d at csn %llu: the scan gives %.*s beyond its range", relation, (unsigned long long)csn,
                         (int)entries[i].key.size, (const char *)entries[i].key.data);
            if (!slice_equal(entries[i].key, make_key(at, key_buffer)))
                fail_msg("relation %d at csn %llu: the scan gives %.*s instead of key %d", relation, (unsigned long long)csn,
                         (int)entries[i].key.size, (const char *)entries[i].key.data, at);
            if (!slice_equal(entries[i].value, make_value(expected, value_buffer)))
                fail_msg("relation %d at csn %llu: the scan gives a wrong value for key %d", relation, (unsigned long long)csn, at);
            at += backward ? -1 : 1;
        }
    } while (count != 0);
    iterator_close(iterator);
}

static void check_some(void)
{
    int      which = (int)next_random(SNAPSHOTS + 1);
    ReadView view = {.csn = which < SNAPSHOTS && taken[which] ? snapshots[which].csn : CSN_MAX};
    Csn      csn = view.csn == CSN_MAX ? model.last : view.csn;

    for (int i = 0; i < 10; i++)
        check_get(&view, csn, (int)next_random(RELATIONS), (int)next_random(KEYS), false);
    check_scan(&view, csn, (int)next_random(RELATIONS), false);
}

/* Loads an ascending selection of keys past the memory of the write set. */
static void bulk_load(WriteSet *writes)
{
    int         relation = (int)next_random(RELATIONS);
    int         stride = 1 + (int)next_random(60);
    bool        kept = next_random(4) != 0;
    BulkWriter *writer;
    Fault       fault = {.text = ""};

    assert_ok(bulk_writer_open(writes, relation_id(relation), &writer, &fault));
    for (int key = (int)next_random(KEYS); key < KEYS; key += stride) {
        char     key_buffer[64];
        uint8_t  value_buffer[MAX_VALUE];
        uint32_t value = model.next_value++;

        assert_ok(bulk_writer_add(writer, make_key(key, key_buffer), make_value(value, value_buffer), &fault));
        if (kept)
            own[relation][key] = (uint64_t)value + 1;
    }
    if (kept)
        assert_ok(bulk_writer_finish(writer, &fault));
    else
        bulk_writer_abandon(writer);
}

/* A transaction of a few commands with savepoints, rolled back to now and then, read back on the way. */
static void run_transaction(void)
{
    WriteSet     *writes;
    Fault         fault = {.text = ""};
    Snapshot      snapshot;
    int           commands = 1 + (int)next_random(5);
    CommitOptions options = {.sync = next_random(10) == 0 ? COMMIT_SYNC : COMMIT_NO_SYNC};
    Csn           csn;

    engine_snapshot_acquire(engine, &snapshot);
    if (snapshot.csn != model.last)
        fail_msg("a snapshot at %llu instead of %llu", (unsigned long long)snapshot.csn, (unsigned long long)model.last);
    memset(own, 0, sizeof own);
    assert_ok(writeset_new(engine, &writes, &fault));
    for (int command = 0; command < commands; command++) {
        static uint64_t saved[RELATIONS][KEYS];
        LocalSeq        mark = writeset_advance(writes);
        bool            hot = next_random(3) == 0;

        memcpy(saved, own, sizeof own);
        if (next_random(12) == 0)
            bulk_load(writes);
        for (int i = (int)next_random(30); i >= 0; i--) {
            int     relation = (int)next_random(RELATIONS);
            int     key = (int)next_random(hot ? 10 : KEYS);
            char    key_buffer[64];
            uint8_t value_buffer[MAX_VALUE];

            if (next_random(3) == 0) {
                assert_ok(writeset_delete(writes, relation_id(relation), make_key(key, key_buffer), &fault));
                own[relation][key] = 1;
            } else {
                uint32_t value = model.next_value++;

                assert_ok(writeset_put(writes, relation_id(relation), make_key(key, key_buffer), make_value(value, value_buffer), &fault));
                own[relation][key] = (uint64_t)value + 1;
            }
        }
        if (next_random(4) == 0) {
            writeset_rollback_to(writes, mark);
            memcpy(own, saved, sizeof own);
        }
        {
            ReadView view = {snapshot.csn, writes, writeset_advance(writes)};

            for (int i = 0; i < 5; i++)
                check_get(&view, snapshot.csn, (int)next_random(RELATIONS), (int)next_random(KEYS), true);
            if (next_random(4) == 0)
                check_scan(&view, snapshot.csn, (int)next_random(RELATIONS), true);
        }
    }
    engine_snapshot_release(engine, &snapshot);
    if (next_random(8) != 0) {
        assert_ok(engine_commit(engine, writes, &options, &csn, &fault));
        for (int relation = 0; relation < RELATIONS; relation++)
            for (int key = 0; key < KEYS; key++)
                if (own[relation][key] != 0)
                    model_put(relation, key, csn, (uint32_t)(own[relation][key] - 1));
        model.last = csn;
    }
    writeset_free(writes);
}

static void toggle_snapshot(void)
{
    int which = (int)next_random(SNAPSHOTS);

    if (taken[which])
        engine_snapshot_release(engine, &snapshots[which]);
    else
        engine_snapshot_acquire(engine, &snapshots[which]);
    taken[which] = !taken[which];
}

static const EngineOptions small_options = {.memtable_bytes = 96 << 10, .block_cache_bytes = 256 << 10, .write_set_bytes = 20 << 10};

static void step(void)
{
    Fault fault = {.text = ""};

    switch (next_random(40)) {
    case 0:
        assert_ok(engine_flush(engine, &fault));
        break;
    case 1:
        assert_ok(engine_compact(engine, next_random(2) == 0 ? 0 : relation_id((int)next_random(RELATIONS)), &fault));
        break;
    case 2:
    case 3:
        toggle_snapshot();
        break;
    default:
        if (next_random(2) == 0)
            run_transaction();
        else
            check_some();
    }
}

static void report(void *arg, const Fault *finding)
{
    (void)arg;
    fprintf(stderr, "# %s\n", finding->text);
}

static void check_everything(void)
{
    uint64_t findings = 0;
    Fault    fault = {.text = ""};

    assert_ok(engine_check(engine, report, NULL, &findings, &fault));
    if (findings != 0)
        fail_msg("engine_check() has %llu findings", (unsigned long long)findings);
    for (int relation = 0; relation < RELATIONS; relation++)
        for (int key = 0; key < KEYS; key++)
            check_get(&(ReadView){.csn = CSN_MAX}, model.last, relation, key, false);
    for (int i = 0; i < 20; i++)
        check_scan(&(ReadView){.csn = CSN_MAX}, model.last, i % RELATIONS, false);
}

/* One life of the store: opened, used for a while, closed or killed. */
static void live(void)
{
    int steps = 20 + (int)next_random(120);

    engine = open_store(&small_options);
    if (engine_visible_csn(engine) < model.last)
        fail_msg("the visible csn went back");
    model.last = engine_visible_csn(engine); /* the log's own records count, too */
    check_everything();
    for (int i = 0; i < steps; i++)
        step();
    if (next_random(3) != 0)
        kill(getpid(), SIGKILL);
    for (int i = 0; i < SNAPSHOTS; i++)
        if (taken[i])
            engine_snapshot_release(engine, &snapshots[i]);
    close_store(engine);
    _exit(0);
}

static void the_engine_agrees_with_the_model(void **state)
{
    const char *seed_text = getenv("NEXADB_SEED");
    const char *lives_text = getenv("NEXADB_STEPS");
    uint64_t    seed = seed_text != NULL ? strtoull(seed_text, NULL, 10) : 20261122;
    int         lives = lives_text != NULL ? atoi(lives_text) : 12;

    int         survived = 0;

    (void)state;
    print_message("# seed %llu\n", (unsigned long long)seed);
    model_memory = mmap(NULL, MODEL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(model_memory != MAP_FAILED);
    model.random = seed;
    model.next_value = 1;
    model.used = sizeof model;
    for (int i = 0; i < lives; i++) {
        pid_t child = fork();
        int   status;

        if (child == 0)
            live();
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!(WIFEXITED(status) && WEXITSTATUS(status) == 0) && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
            break;
        survived++;
    }
    munmap(model_memory, MODEL_BYTES);
    assert_int_equal(survived, lives);
}

TEST_MAIN(cmocka_unit_test_setup_teardown(the_engine_agrees_with_the_model, make_test_directory, drop_test_directory))
