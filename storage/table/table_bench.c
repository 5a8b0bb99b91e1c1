/*
 * table_bench.c - what tables cost: ns per scanned row, us per fetched and inserted row. Prints name, value, unit.
 */
#include "storage/index/index_key.h"
#include "storage/table/test_table.h"

#include <time.h>

enum { DOCS = 200000, BATCHES = 64, POINTS = 100000 };

static double clock_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Of this thread: what else runs on the machine does not count. */
static double now_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static void report(const char *name, double value, const char *unit)
{
    printf("%-44s %10.1f %s\n", name, value, unit);
}

/* About 400 bytes with fifteen members. */
static Slice make_document(Arena *arena, int number)
{
    char source[1024];

    snprintf(source, sizeof source,
             "{\"id\": %d, \"name\": \"customer number %d\", \"age\": %d, \"email\": \"someone%d@example.com\", \"city\": \"Springfield\", "
             "\"street\": \"742 Evergreen Terrace\", \"zip\": \"%05d\", \"active\": true, \"balance\": %d.%02d, \"tags\": [\"a\", \"b\", \"c\"], "
             "\"score\": %d, \"note\": \"lorem ipsum dolor sit amet consectetur\", \"country\": \"US\", \"visits\": %d, \"level\": %d}",
             number, number, number % 90, number, number % 99999, number % 5000, number % 100, number % 1000, number % 77, number % 9);
    return jsonb_parse(slice_from_cstring(source), arena);
}

static void fill(void)
{
    TestRow *rows = calloc(BATCH_ROWS, sizeof *rows);
    Arena   *arena = arena_new(NULL, NULL, "bench");
    double   spent = 0;

    for (int from = 0; from < DOCS; from += BATCH_ROWS) {
        int32_t      count = MIN(BATCH_ROWS, DOCS - from);
        Transaction *txn;
        double       start;

        arena_reset(arena);
        for (int32_t i = 0; i < count; i++)
            rows[i] = (TestRow){.k = from + i, .name = text("name"), .doc = make_document(arena, from + i), .price = {.small = 150, .scale = 2}};
        start = now_ns();
        txn = begin();
        insert_rows(txn, rows, count);
        commit(txn);
        spent += now_ns() - start;
    }
    report("insert, batches of 1,024, no sync", spent / DOCS / 1000, "us/row");
    arena_free(arena);
    free(rows);
}

static void scan_with(const char *name, const ScanColumn *columns, int32_t column_count, ScanPredicate *predicates, int32_t predicate_count)
{
    TableScanOptions options = {.column_count = column_count, .columns = columns, .predicate_count = predicate_count, .predicates = predicates};
    ReadView         view = {.csn = engine_visible_csn(engine)};
    double           best = 1e18;
    int64_t          rows = 0;

    for (int round = 0; round < 5; round++) {
        TableScan *scan;
        Batch     *batch;
        double     start = now_ns();

        rows = 0;
        assert_ok(table_scan_open(engine, &t, &view, &options, &scan, &fault));
        do {
            assert_ok(table_scan_next(scan, BATCH_ROWS, &batch, &fault));
            rows += batch->count;
        } while (batch->count > 0);
        table_scan_close(scan);
        best = MIN(best, now_ns() - start);
    }
    report(name, best / DOCS, "ns/row");
    if (rows == 0)
        printf("    nothing passed\n");
}

static void bench_scans(const char *where)
{
    static const PathStep age[] = {{.key = {(const uint8_t *)"age", 3}}};
    static const PathStep score[] = {{.key = {(const uint8_t *)"score", 5}}};
    ScanColumn    k = {.kind = SCAN_COLUMN, .column = T_K};
    ScanColumn    doc = {.kind = SCAN_COLUMN, .column = T_DOC};
    ScanColumn    path = {.kind = SCAN_PATH, .column = T_DOC, .steps = age, .step_count = 1, .read_as = PATH_NUMERIC};
    ScanColumn    two[] = {path, {.kind = SCAN_PATH, .column = T_DOC, .steps = score, .step_count = 1, .read_as = PATH_NUMERIC, .lazy = true}};
    Datum         limit = {.int32 = DOCS / 2};
    Datum         old = {.numeric = {.small = 60}};
    ScanPredicate k_above = {.output = 0, .compare = SCAN_GT, .values = &limit, .value_count = 1};
    ScanPredicate age_above = {.output = 0, .compare = SCAN_GT, .values = &old, .value_count = 1};
    char          name[64];

    snprintf(name, sizeof name, "scan, no column (%s)", where);
    scan_with(name, NULL, 0, NULL, 0);
    snprintf(name, sizeof name, "scan, int4 (%s)", where);
    scan_with(name, &k, 1, NULL, 0);
    snprintf(name, sizeof name, "scan, int4 > c (%s)", where);
    scan_with(name, &k, 1, &k_above, 1);
    snprintf(name, sizeof name, "scan, jsonb (%s)", where);
    scan_with(name, &doc, 1, NULL, 0);
    snprintf(name, sizeof name, "scan, doc->>'age' numeric (%s)", where);
    scan_with(name, &path, 1, NULL, 0);
    snprintf(name, sizeof name, "scan, doc->>'age' > 60 (%s)", where);
    scan_with(name, &path, 1, &age_above, 1);
    snprintf(name, sizeof name, "scan, the same and a lazy path (%s)", where);
    scan_with(name, two, 2, &age_above, 1);
}

static void bench_points(const char *where)
{
    ScanColumn       columns[] = {{.kind = SCAN_COLUMN, .column = T_K}, {.kind = SCAN_COLUMN, .column = T_DOC, .lazy = true}};
    TableScanOptions options = {.column_count = 2, .columns = columns};
    ReadView         view = {.csn = engine_visible_csn(engine)};
    uint64_t         random = 1;
    double           start = now_ns();
    TableFetch      *fetch;
    char             name[64];

    assert_ok(table_fetch_open(engine, &t, &view, &options, &fetch, &fault));
    for (int i = 0; i < POINTS; i++) {
        RowId  id;
        Batch *batch;

        random = random * 6364136223846793005u + 1442695040888963407u;
        id = 1 + (RowId)((random >> 33) % DOCS);
        assert_ok(table_fetch(fetch, &id, 1, &batch, &fault));
    }
    table_fetch_close(fetch);
    snprintf(name, sizeof name, "fetch one of %d rows (%s)", DOCS, where);
    report(name, (now_ns() - start) / POINTS / 1000, "us");
    start = now_ns();
    for (int i = 0; i < POINTS / 10; i++) {
        RowId  id;
        Batch *batch;

        random = random * 6364136223846793005u + 1442695040888963407u;
        id = 1 + (RowId)((random >> 33) % DOCS);
        assert_ok(table_fetch_open(engine, &t, &view, &options, &fetch, &fault));
        assert_ok(table_fetch(fetch, &id, 1, &batch, &fault));
        table_fetch_close(fetch);
    }
    snprintf(name, sizeof name, "the same, opened each time (%s)", where);
    report(name, (now_ns() - start) / (POINTS / 10) / 1000, "us");
}

static void bench_transactions(CommitSync sync, int count, const char *name)
{
    TestRow    row = {.k = 1, .name = text("name"), .doc = json("{\"a\": 1}")};
    TestBatch *batch = batch_of(&row, 1);
    double     start = clock_ns(CLOCK_MONOTONIC);

    for (int i = 0; i < count; i++) {
        Transaction *txn = begin();

        assert_ok(table_new_row_ids(engine, &t, 1, &batch->ids[0], &fault));
        assert_ok(table_insert(txn, &t, &batch->batch, batch->ids, &fault));
        assert_ok(transaction_commit(txn, sync, &fault));
    }
    report(name, (clock_ns(CLOCK_MONOTONIC) - start) / count / 1000, "us");
    free(batch);
}

int main(void)
{
    assert_int_equal(make_table(NULL), 0);
    fill();
    bench_scans("memory");
    bench_points("memory");
    bench_transactions(COMMIT_NO_SYNC, 20000, "insert and commit one row, no sync");
    bench_transactions(COMMIT_SYNC, 500, "insert and commit one row, synced");
    assert_ok(engine_flush(engine, &fault));
    bench_scans("flushed");
    bench_points("flushed");
    drop_table(NULL);
    return 0;
}
