/*
 * index_test.c - ordered indexes: entries, uniqueness under concurrency, ranges, builds, and index and table as one model.
 */
#include "storage/index/index_key.h"
#include "storage/index/index_sort.h"

#include "storage/table/test_table.h"

#include <pthread.h>

static ColumnGroupDesc i_groups[1];
static RelationDesc    i;

static int make_index(void **state)
{
    Transaction *txn;

    if (make_table(state) != 0)
        return -1;
    assert_ok(engine_new_storage_id(engine, &i_groups[0].storage_id, &fault));
    i = (RelationDesc){.head = {.kind = DESC_RELATION, .oid = 16390, .name = "i"}, .relkind = 'i', .persistence = 'p', .group_count = 1,
                       .groups = i_groups};
    txn = begin();
    assert_ok(index_create_storage(txn, &i, &fault));
    commit(txn);
    return 0;
}

/* A key column of type int4 as the executor encodes it. */
static Slice key_of(int32_t value, uint8_t *bytes)
{
    bytes[0] = 1;
    put_be32(bytes + 1, (uint32_t)value ^ 0x80000000);
    return slice_of(bytes, 5);
}

static Status insert(Transaction *txn, int32_t value, RowId row, bool unique, IndexConflict *conflict)
{
    uint8_t bytes[8];

    return index_insert(txn, &i, key_of(value, bytes), row, slice_of("", 0), unique, 0, conflict, &fault);
}

static Status delete(Transaction *txn, int32_t value, RowId row)
{
    uint8_t bytes[8];

    return index_delete(txn, &i, key_of(value, bytes), row, &fault);
}

typedef struct Range {
    int32_t lower, upper; /* upper exclusive */
} Range;

/* "key:row " of every entry in the ranges. */
static char *scan_text_of(const ReadView *view, const Range *ranges, int count, ScanDirection direction, int32_t max, bool keys)
{
    static char out[1 << 16];
    char       *at = out;
    uint8_t     bytes[16][8];
    IndexRange  encoded[8];
    IndexScan  *scan;
    RowId       rows[64];
    Slice       key_views[64];
    int32_t     found;

    for (int r = 0; r < count; r++)
        encoded[r] = (IndexRange){key_of(ranges[r].lower, bytes[2 * r]), key_of(ranges[r].upper, bytes[2 * r + 1])};
    assert_ok(index_scan_open(engine, &i, view, encoded, count, direction, &scan, &fault));
    for (;;) {
        assert_ok(index_scan_next(scan, rows, keys ? key_views : NULL, NULL, max, &found, &fault));
        if (found == 0)
            break;
        assert_true(found <= max);
        for (int32_t r = 0; r < found; r++) {
            if (keys)
                at += sprintf(at, "%d:", (int32_t)(get_be32(key_views[r].data + 1) ^ 0x80000000));
            at += sprintf(at, "%d ", (int)rows[r]);
        }
    }
    *at = '\0';
    index_scan_close(scan);
    return out;
}

static ReadView newest(void)
{
    return (ReadView){.csn = engine_visible_csn(engine)};
}

static void entries_come_in_order_of_key_and_row(void **state)
{
    Transaction       *txn = begin();
    static const Range all = {INT32_MIN, INT32_MAX};
    static const Range some[] = {{-1, 1}, {5, 6}, {100, 200}};
    ReadView           view;

    (void)state;
    assert_ok(insert(txn, 5, 1, false, NULL));
    assert_ok(insert(txn, -7, 2, false, NULL));
    assert_ok(insert(txn, 5, 3, false, NULL));
    assert_ok(insert(txn, 0, 4, false, NULL));
    assert_ok(insert(txn, 150, 5, false, NULL));
    commit(txn);
    view = newest();
    for (int32_t max = 1; max < 10; max += 2) {
        for (int keys = 0; keys < 2; keys++) {
            assert_string_equal(scan_text_of(&view, &all, 1, SCAN_FORWARD, max, keys), keys ? "-7:2 0:4 5:1 5:3 150:5 " : "2 4 1 3 5 ");
            assert_string_equal(scan_text_of(&view, &all, 1, SCAN_BACKWARD, max, keys), keys ? "150:5 5:3 5:1 0:4 -7:2 " : "5 3 1 4 2 ");
            assert_string_equal(scan_text_of(&view, some, 3, SCAN_FORWARD, max, keys), keys ? "0:4 5:1 5:3 150:5 " : "4 1 3 5 ");
            assert_string_equal(scan_text_of(&view, some, 3, SCAN_BACKWARD, max, keys), keys ? "150:5 5:3 5:1 0:4 " : "5 3 1 4 ");
        }
    }
    txn = begin();
    assert_ok(delete(txn, 5, 1));
    assert_string_equal(scan_text_of(&view, &all, 1, SCAN_FORWARD, 10, false), "2 4 1 3 5 ");
    commit(txn);
    view = newest();
    assert_string_equal(scan_text_of(&view, &all, 1, SCAN_FORWARD, 10, false), "2 4 3 5 ");
}

static void a_unique_key_has_one_row(void **state)
{
    Transaction  *txn = begin();
    IndexConflict conflict;
    uint8_t       bytes[8];
    Savepoint     savepoint;

    (void)state;
    assert_ok(insert(txn, 5, 1, true, &conflict));
    assert_int_equal(insert(txn, 5, 2, true, &conflict), STATUS_EXISTS);
    assert_int_equal(conflict.row, 1);
    assert_ok(insert(txn, 5, 1, true, &conflict)); /* its own row again */
    commit(txn);
    txn = begin();
    assert_ok(index_probe_unique(txn, &i, key_of(5, bytes), 0, &conflict, &fault));
    assert_true(conflict.found && conflict.row == 1);
    assert_ok(index_probe_unique(txn, &i, key_of(6, bytes), 0, &conflict, &fault));
    assert_false(conflict.found);
    savepoint = transaction_savepoint(txn);
    assert_ok(delete(txn, 5, 1));
    assert_ok(insert(txn, 5, 3, true, &conflict)); /* the key moves to another row */
    transaction_rollback_to(txn, &savepoint);
    assert_int_equal(insert(txn, 5, 3, true, &conflict), STATUS_EXISTS);
    transaction_rollback(txn);
}

typedef struct Claim {
    pthread_t thread;
    RowId     row;
    int       won;
} Claim;

enum { CLAIMERS = 4, CLAIMS = 40 };

static void *claim(void *arg)
{
    Claim *self = arg;

    for (int32_t key = 0; key < CLAIMS; key++) {
        Transaction  *txn = begin();
        IndexConflict conflict;
        uint8_t       bytes[8];
        Status        status = index_insert(txn, &i, key_of(key, bytes), self->row, slice_of("", 0), true, 0, &conflict, NULL);

        if (status == STATUS_OK && key % 5 == 4) {
            transaction_rollback(txn); /* then another may have it, or nobody */
        } else if (status == STATUS_OK) {
            if (transaction_commit(txn, COMMIT_NO_SYNC, NULL) == STATUS_OK)
                self->won++;
        } else {
            transaction_rollback(txn);
        }
    }
    return NULL;
}

static void of_many_writers_of_a_key_one_wins(void **state)
{
    Claim claims[CLAIMERS] = {0};
    int   won = 0;

    (void)state;
    for (int c = 0; c < CLAIMERS; c++) {
        claims[c].row = c + 1;
        pthread_create(&claims[c].thread, NULL, claim, &claims[c]);
    }
    for (int c = 0; c < CLAIMERS; c++) {
        pthread_join(claims[c].thread, NULL);
        won += claims[c].won;
    }
    assert_int_equal(won, CLAIMS - CLAIMS / 5);
}

static void an_index_is_built_sorted(void **state)
{
    static const Range all = {INT32_MIN, INT32_MAX};
    Transaction       *txn = begin();
    IndexBuilder      *builder;
    RowId              duplicate;
    ReadView           view;
    uint8_t            bytes[8];

    (void)state;
    assert_ok(index_builder_open(txn, &i, true, &builder, &fault));
    for (int32_t k = 0; k < 5; k++)
        assert_ok(index_builder_add(builder, key_of(k * 3 % 5, bytes), false, k + 1, slice_of("v", 1), &fault));
    bytes[0] = 2; /* NULLs */
    assert_ok(index_builder_add(builder, slice_of(bytes, 1), true, 8, slice_of("", 0), &fault));
    assert_ok(index_builder_add(builder, slice_of(bytes, 1), true, 7, slice_of("", 0), &fault));
    assert_ok(index_builder_finish(builder, &duplicate, &fault));
    index_builder_close(builder);
    commit(txn);
    view = newest();
    assert_string_equal(scan_text_of(&view, &all, 1, SCAN_FORWARD, 10, true), "0:1 1:3 2:5 3:2 4:4 ");
    txn = begin();
    assert_ok(index_builder_open(txn, &i, true, &builder, &fault));
    assert_ok(index_builder_add(builder, key_of(1, bytes), false, 20, slice_of("", 0), &fault));
    assert_ok(index_builder_add(builder, key_of(2, bytes), false, 22, slice_of("", 0), &fault));
    assert_ok(index_builder_add(builder, key_of(1, bytes), false, 21, slice_of("", 0), &fault));
    assert_int_equal(index_builder_finish(builder, &duplicate, &fault), STATUS_EXISTS);
    assert_int_equal(duplicate, 21);
    index_builder_close(builder);
    transaction_rollback(txn);
}

/* A budget of few kilobytes makes hundreds of runs, so that they are merged more than once. */
static void sorting_spills_and_merges(void **state)
{
    enum { COUNT = 30000 };
    IndexSort *sort;
    SortEntry  entry;
    bool       found;
    uint64_t   random = 5;
    uint64_t   sum = 0;
    uint8_t    previous[64] = {0};
    size_t     previous_size = 0;
    uint8_t    long_value[3000];
    size_t     used = account_used(&server_account);

    (void)state;
    memset(long_value, 7, sizeof long_value);
    for (int budget = 4000; budget <= 64 << 20; budget *= 64) {
        assert_ok(index_sort_new(test_directory, (size_t)budget, &sort, &fault));
        sum = 0;
        for (int at = 0; at < COUNT; at++) {
            uint8_t key[24];

            random = random * 6364136223846793005u + 1442695040888963407u;
            put_be64(key, random >> 40);
            memset(key + 8, 1, 16);
            entry = (SortEntry){.key = slice_of(key, 8 + random % 16), .flags = (uint8_t)(at & 1),
                                .value = slice_of(long_value, at % 1000 == 0 ? sizeof long_value : (size_t)at % 10)};
            sum += (random >> 40) + entry.value.size + entry.flags;
            assert_ok(index_sort_add(sort, &entry, &fault));
        }
        assert_ok(index_sort_finish(sort, &fault));
        previous_size = 0;
        for (int at = 0; at < COUNT; at++) {
            assert_ok(index_sort_next(sort, &entry, &found, &fault));
            assert_true(found);
            assert_true(slice_compare(slice_of(previous, previous_size), entry.key) <= 0);
            memcpy(previous, entry.key.data, entry.key.size);
            previous_size = entry.key.size;
            sum -= get_be64(entry.key.data) + entry.value.size + entry.flags;
        }
        assert_ok(index_sort_next(sort, &entry, &found, &fault));
        assert_false(found);
        assert_int_equal(sum, 0);
        index_sort_free(sort);
    }
    assert_int_equal(account_used(&server_account), used);
}

/* ---- index and table as one ------------------------------------------------------------------------------------------------ */

enum { ROWS = 200 };

typedef struct Both {
    int32_t k[ROWS];
    RowId   id[ROWS]; /* 0: not there */
} Both;

static uint64_t random_state;

static int random_below(int limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)((random_state >> 24) % (uint64_t)limit);
}

/* Every entry's row has that key, and every row its entry: at the same view. */
static void compare_both(const ReadView *view, const Both *both)
{
    static const Range all = {INT32_MIN, INT32_MAX};
    char               expected[1 << 14];
    char              *at = expected;

    *at = '\0';
    for (int32_t k = 0; k < 50; k++) {
        RowId last = 0;

        for (;;) { /* rows of one key by id */
            RowId next = 0;

            for (int row = 0; row < ROWS; row++) {
                if (both->id[row] > last && both->k[row] == k && (next == 0 || both->id[row] < next))
                    next = both->id[row];
            }
            if (next == 0)
                break;
            at += sprintf(at, "%d:%d ", k, (int)next);
            last = next;
        }
    }
    assert_string_equal(scan_text_of(view, &all, 1, SCAN_FORWARD, 1 + random_below(60), true), expected);
}

static void change_both(Transaction *txn, Both *both, int row)
{
    TestRow values = {.id = both->id[row], .k = random_below(50)};

    if (both->id[row] == 0) {
        insert_rows(txn, &values, 1);
        assert_ok(insert(txn, values.k, values.id, false, NULL));
    } else if (random_below(3) == 0) {
        assert_ok(table_delete(txn, &t, &values.id, NULL, 1, &fault));
        assert_ok(delete(txn, both->k[row], values.id));
        values.id = 0;
    } else {
        update_rows(txn, &values, 1, 1);
        assert_ok(delete(txn, both->k[row], values.id));
        assert_ok(insert(txn, values.k, values.id, false, NULL));
    }
    both->k[row] = values.k;
    both->id[row] = values.id;
}

static void index_and_table_are_one_at_every_view(void **state)
{
    Both     both = {0};
    Both     before;
    Both     saved;
    Snapshot snapshot;
    ReadView view;

    (void)state;
    random_state = 17;
    for (int round = 0; round < 80; round++) {
        Transaction *txn;

        if (round % 25 == 24) {
            close_table_store();
            open_table_store();
        }
        before = both;
        engine_snapshot_acquire(engine, &snapshot);
        txn = begin();
        for (int step = random_below(4); step >= 0; step--) {
            Savepoint savepoint = transaction_savepoint(txn);

            saved = both;
            for (int changes = random_below(20); changes > 0; changes--) {
                transaction_start_statement(txn);
                change_both(txn, &both, random_below(ROWS));
            }
            if (random_below(4) == 0) {
                transaction_rollback_to(txn, &savepoint);
                both = saved;
            }
            transaction_start_statement(txn);
            view = transaction_read_view(txn);
            compare_both(&view, &both);
        }
        if (random_below(4) == 0) {
            transaction_rollback(txn);
            both = before;
        } else {
            commit(txn);
        }
        view = newest();
        compare_both(&view, &both);
        view.csn = snapshot.csn;
        compare_both(&view, &before);
        engine_snapshot_release(engine, &snapshot);
    }
}

/* ENGINE section 3: a statement does not meet its own writes, also through the index it changes. */
static void an_update_through_its_own_index_visits_each_row_once(void **state)
{
    static const Range all = {INT32_MIN, INT32_MAX};
    Transaction       *txn = begin();
    TestRow            rows[100];
    IndexRange         range;
    IndexScan         *scan;
    uint8_t            bytes[2][8];
    RowId              row;
    Slice              key;
    int32_t            found;
    int                visited = 0;
    ReadView           view;

    (void)state;
    memset(rows, 0, sizeof rows);
    for (int32_t k = 0; k < 100; k++)
        rows[k].k = k;
    insert_rows(txn, rows, 100);
    for (int32_t k = 0; k < 100; k++)
        assert_ok(insert(txn, k, rows[k].id, false, NULL));
    transaction_start_statement(txn);
    view = transaction_read_view(txn);
    range = (IndexRange){key_of(all.lower, bytes[0]), key_of(all.upper, bytes[1])};
    assert_ok(index_scan_open(engine, &i, &view, &range, 1, SCAN_FORWARD, &scan, &fault));
    for (;;) {
        int32_t k;

        assert_ok(index_scan_next(scan, &row, &key, NULL, 1, &found, &fault));
        if (found == 0)
            break;
        k = (int32_t)(get_be32(key.data + 1) ^ 0x80000000);
        assert_ok(delete(txn, k, row));
        assert_ok(insert(txn, k + 1, row, false, NULL));
        visited++;
    }
    index_scan_close(scan);
    assert_int_equal(visited, 100);
    commit(txn);
}

static void the_dump_in_the_document_is_true(void **state)
{
    FILE    *file = fopen("docs/formats/index.md", "r");
    char    *document = calloc(1, 1 << 16);
    char     dump[128] = "    ";
    uint8_t  bytes[8];
    IndexKey key;

    (void)state;
    assert_non_null(file);
    assert_true(fread(document, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    assert_ok(index_key_make(&key, key_of(5, bytes), 7, &fault));
    for (size_t at = 0; at < key.bytes.size; at++)
        sprintf(dump + strlen(dump), "%02x%s", key.bytes.data[at], at + 1 < key.bytes.size ? " " : "\n");
    if (strstr(document, dump) == NULL)
        fail_msg("docs/formats/index.md does not have the line %s", dump);
    index_key_free(&key);
    free(document);
}

#define INDEX_TEST(name) cmocka_unit_test_setup_teardown(name, make_index, drop_table)
TEST_MAIN(INDEX_TEST(entries_come_in_order_of_key_and_row), INDEX_TEST(a_unique_key_has_one_row),
          INDEX_TEST(of_many_writers_of_a_key_one_wins), INDEX_TEST(an_index_is_built_sorted), INDEX_TEST(sorting_spills_and_merges),
          INDEX_TEST(index_and_table_are_one_at_every_view), INDEX_TEST(an_update_through_its_own_index_visits_each_row_once),
          cmocka_unit_test(the_dump_in_the_document_is_true))
