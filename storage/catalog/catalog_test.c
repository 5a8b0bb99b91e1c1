/*
 * catalog_test.c - descriptors in transactions: names, versions, conflicts, savepoints, restarts; sequences.
 */
#include "storage/catalog/catalog.h"

#include "storage/lsm/test_store.h"

#include <pthread.h>
#include <time.h>

enum { DB = OID_DATABASE_NEXADB, PUBLIC = OID_SCHEMA_PUBLIC };

static Fault               fault;
static Engine             *engine;
static TransactionManager *manager;
static Catalog            *catalog;

static void open_all(void)
{
    engine = open_store(NULL);
    assert_ok(txn_manager_open(engine, &manager, &fault));
    assert_ok(catalog_open(engine, &catalog, &fault));
}

static void close_all(void)
{
    catalog_close(catalog);
    txn_manager_close(manager);
    close_store(engine);
}

static int setup(void **state)
{
    if (make_test_directory(state) != 0)
        return -1;
    open_all();
    return 0;
}

static int teardown(void **state)
{
    close_all();
    return drop_test_directory(state);
}

static Transaction *begin(void)
{
    TransactionOptions options = {.isolation = READ_COMMITTED};
    Transaction       *txn;

    assert_ok(transaction_begin(manager, &options, &txn, &fault));
    transaction_start_statement(txn);
    return txn;
}

static void commit(Transaction *txn)
{
    assert_ok(transaction_commit(txn, COMMIT_SYNC, &fault));
}

static RelationDesc make_table(Oid oid, const char *name)
{
    return (RelationDesc){.head = {.kind = DESC_RELATION, .oid = oid, .database = DB, .parent = PUBLIC, .name = name, .owner = 10}, .relkind = 'r'};
}

static Oid new_oid(void)
{
    Oid oid;

    assert_ok(catalog_new_oid(catalog, &oid, &fault));
    return oid;
}

static Oid create(Transaction *txn, const char *name)
{
    RelationDesc table = make_table(new_oid(), name);

    assert_ok(catalog_put(catalog, txn, &table.head, &fault));
    return table.head.oid;
}

/* The oid under a name, 0 when there is none. */
static Oid lookup(const Transaction *txn, const char *name)
{
    const Desc *desc;
    Status      status = catalog_by_name(catalog, txn, DESC_RELATION, DB, PUBLIC, name, &desc, &fault);
    Oid         oid;

    if (status == STATUS_NOT_FOUND)
        return 0;
    assert_ok(status);
    assert_string_equal(desc->name, name);
    oid = desc->oid;
    desc_unref(desc);
    return oid;
}

static const Desc *get(const Transaction *txn, Oid oid)
{
    const Desc *desc;

    assert_ok(catalog_by_oid(catalog, txn, DESC_RELATION, DB, oid, &desc, &fault));
    return desc;
}

static int count_tables(const Transaction *txn)
{
    const Desc **list;
    int          count;

    assert_ok(catalog_list(catalog, txn, DESC_RELATION, DB, PUBLIC, &list, &count, &fault));
    for (int i = 1; i < count; i++)
        assert_true(list[i - 1]->oid < list[i]->oid);
    catalog_list_free(list, count);
    return count;
}

static void an_empty_store_has_the_first_objects(void **state)
{
    const Desc  *desc;
    const Desc **list;
    int          count;

    (void)state;
    for (int restart = 0; restart < 2; restart++) {
        assert_ok(catalog_by_name(catalog, NULL, DESC_DATABASE, 0, 0, "nexadb", &desc, &fault));
        assert_int_equal(desc->oid, DB);
        desc_unref(desc);
        assert_ok(catalog_by_name(catalog, NULL, DESC_ROLE, DB, 0, "nexadb", &desc, &fault));
        assert_true(((const RoleDesc *)desc)->superuser && ((const RoleDesc *)desc)->can_login);
        desc_unref(desc);
        assert_ok(catalog_by_name(catalog, NULL, DESC_SCHEMA, DB, 0, "pg_catalog", &desc, &fault));
        assert_int_equal(desc->oid, OID_SCHEMA_PG_CATALOG);
        desc_unref(desc);
        assert_ok(catalog_by_oid(catalog, NULL, DESC_SCHEMA, OID_DATABASE_POSTGRES, OID_SCHEMA_PUBLIC, &desc, &fault));
        assert_string_equal(desc->name, "public");
        desc_unref(desc);
        assert_ok(catalog_list(catalog, NULL, DESC_SCHEMA, DB, 0, &list, &count, &fault));
        assert_int_equal(count, 4);
        catalog_list_free(list, count);
        close_all();
        open_all();
    }
}

static void ddl_is_seen_by_its_transaction_first(void **state)
{
    Transaction *a = begin();
    Oid          oid = create(a, "t");
    uint64_t     version = catalog_version(catalog);
    const Desc  *desc;

    (void)state;
    assert_int_equal(lookup(a, "t"), oid);
    assert_int_equal(lookup(NULL, "t"), 0);
    assert_int_equal(count_tables(a), 1);
    assert_int_equal(count_tables(NULL), 0);
    desc = get(a, oid);
    assert_int_equal(desc->version, 0);
    desc_unref(desc);
    commit(a);
    assert_int_not_equal(catalog_version(catalog), version);
    assert_int_equal(lookup(NULL, "t"), oid);
    desc = get(NULL, oid);
    assert_true(desc->version != 0);
    desc_unref(desc);
    close_all();
    open_all();
    assert_int_equal(lookup(NULL, "t"), oid);
    assert_true(new_oid() > oid);
}

static void rolled_back_ddl_leaves_nothing(void **state)
{
    Transaction *txn = begin();
    Savepoint    savepoint;
    Oid          kept;
    Oid          gone;

    (void)state;
    create(txn, "t");
    transaction_rollback(txn);
    assert_int_equal(lookup(NULL, "t"), 0);
    txn = begin();
    kept = create(txn, "kept");
    savepoint = transaction_savepoint(txn);
    gone = create(txn, "gone");
    assert_int_equal(lookup(txn, "gone"), gone);
    {
        const Desc  *present = get(txn, kept);
        RelationDesc renamed = *(const RelationDesc *)present;

        renamed.head.name = "renamed";
        assert_ok(catalog_put(catalog, txn, &renamed.head, &fault));
        desc_unref(present);
    }
    assert_int_equal(lookup(txn, "renamed"), kept);
    assert_int_equal(lookup(txn, "kept"), 0);
    transaction_rollback_to(txn, &savepoint);
    assert_int_equal(lookup(txn, "renamed"), 0);
    assert_int_equal(lookup(txn, "gone"), 0);
    assert_int_equal(lookup(txn, "kept"), kept);
    commit(txn);
    assert_int_equal(lookup(NULL, "kept"), kept);
    assert_int_equal(count_tables(NULL), 1);
}

static void names_are_unique_and_can_be_taken_over(void **state)
{
    Transaction *txn = begin();
    Oid          a = create(txn, "a");
    Oid          b = create(txn, "b");
    RelationDesc clash = make_table(new_oid(), "a");
    const Desc  *present;
    RelationDesc changed;

    (void)state;
    assert_int_equal(catalog_put(catalog, txn, &clash.head, &fault), STATUS_EXISTS);
    commit(txn);
    txn = begin();
    assert_int_equal(catalog_put(catalog, txn, &clash.head, &fault), STATUS_EXISTS);
    present = get(txn, a);
    assert_ok(catalog_delete(catalog, txn, present, &fault));
    desc_unref(present);
    assert_int_equal(lookup(txn, "a"), 0);
    assert_int_equal(lookup(NULL, "a"), a);
    present = get(txn, b); /* b takes the name a, and a new table the name b */
    changed = *(const RelationDesc *)present;
    changed.head.name = "a";
    assert_ok(catalog_put(catalog, txn, &changed.head, &fault));
    desc_unref(present);
    clash.head.name = "b";
    assert_ok(catalog_put(catalog, txn, &clash.head, &fault));
    commit(txn);
    assert_int_equal(lookup(NULL, "a"), b);
    assert_int_equal(lookup(NULL, "b"), clash.head.oid);
    assert_int_equal(count_tables(NULL), 2);
}

static void a_change_of_a_changed_object_is_a_conflict(void **state)
{
    Transaction *txn = begin();
    Oid          oid = create(txn, "t");
    const Desc  *old;
    RelationDesc changed;

    (void)state;
    commit(txn);
    old = get(NULL, oid);
    txn = begin();
    changed = *(const RelationDesc *)old;
    changed.relkind = 'v';
    assert_ok(catalog_put(catalog, txn, &changed.head, &fault));
    desc_unref(old);
    old = get(NULL, oid);
    assert_int_equal(((const RelationDesc *)old)->relkind, 'r'); /* the others still see the old one */
    commit(txn);
    txn = begin();
    changed = *(const RelationDesc *)old;
    assert_int_equal(catalog_put(catalog, txn, &changed.head, &fault), STATUS_CONFLICT);
    assert_int_equal(catalog_delete(catalog, txn, old, &fault), STATUS_CONFLICT);
    desc_unref(old);
    old = get(txn, oid);
    assert_int_equal(((const RelationDesc *)old)->relkind, 'v');
    assert_ok(catalog_put(catalog, txn, old, &fault));
    desc_unref(old);
    transaction_rollback(txn);
}

static void *create_same_name(void *arg)
{
    Transaction *txn = begin();
    RelationDesc table = make_table(*(Oid *)arg, "same");
    Status       status = catalog_put(catalog, txn, &table.head, NULL);

    if (status == STATUS_OK)
        status = transaction_commit(txn, COMMIT_SYNC, NULL);
    else
        transaction_rollback(txn);
    return (void *)(uintptr_t)status;
}

static void two_creators_of_one_name_wait_for_each_other(void **state)
{
    Oid          oids[4];
    pthread_t    threads[4];
    int          created = 0;

    (void)state;
    for (int i = 0; i < 4; i++) {
        oids[i] = new_oid();
        pthread_create(&threads[i], NULL, create_same_name, &oids[i]);
    }
    for (int i = 0; i < 4; i++) {
        void *status;

        pthread_join(threads[i], &status);
        created += (Status)(uintptr_t)status == STATUS_OK;
        assert_true((Status)(uintptr_t)status == STATUS_OK || (Status)(uintptr_t)status == STATUS_EXISTS);
    }
    assert_int_equal(created, 1);
    assert_int_equal(count_tables(NULL), 1);
}

static void functions_share_names(void **state)
{
    Transaction *txn = begin();
    FunctionDesc f = {.head = {.kind = DESC_FUNCTION, .oid = 16500, .database = DB, .parent = PUBLIC, .name = "f"}, .language = "sql"};
    FunctionDesc g = f;
    FunctionDesc longer = f;
    const Desc  *desc;

    (void)state;
    g.head.oid = 16501;
    longer.head.oid = 16400;
    longer.head.name = "ff";
    assert_ok(catalog_put(catalog, txn, &f.head, &fault));
    assert_ok(catalog_put(catalog, txn, &g.head, &fault));
    assert_ok(catalog_put(catalog, txn, &longer.head, &fault));
    assert_ok(catalog_delete(catalog, txn, &f.head, &fault));
    commit(txn);
    assert_ok(catalog_by_name(catalog, NULL, DESC_FUNCTION, DB, PUBLIC, "f", &desc, &fault));
    assert_int_equal(desc->oid, 16501);
    desc_unref(desc);
}

static void thousands_of_tables_stay_quick(void **state)
{
    Transaction    *txn = begin();
    struct timespec start;
    struct timespec end;
    char            name[32];
    double          us;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "table_%d", i);
        create(txn, name);
    }
    assert_int_not_equal(lookup(txn, "table_2999"), 0);
    commit(txn);
    assert_int_equal(count_tables(NULL), 3000);
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "table_%d", i);
        assert_int_not_equal(lookup(NULL, name), 0);
    }
    for (int i = 0; i < 3000; i++)
        assert_int_not_equal(lookup(NULL, "table_7"), 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    us = (double)(end.tv_sec - start.tv_sec) * 1e6 + (double)(end.tv_nsec - start.tv_nsec) / 1e3;
    printf("# 6,000 lookups by name: %.1f us each\n", us / 6000);
    assert_true(us / 6000 < 200);
}

/* ---- sequences -------------------------------------------------------------------------------------------------------- */

static int64_t next_of(const RelationDesc *sequence)
{
    int64_t value;

    assert_ok(sequence_next(catalog, sequence, &value, &fault));
    return value;
}

static void sequences_count_within_their_limits(void **state)
{
    SequenceDesc  numbers = {.type = 20, .start = 3, .increment = 2, .minimum = 1, .maximum = 7, .cache = 1};
    RelationDesc  sequence = {.head = {.kind = DESC_RELATION, .oid = 17000, .name = "s"}, .relkind = 'S', .sequence = &numbers};
    SequenceState now;
    int64_t       value;

    (void)state;
    assert_ok(sequence_read(catalog, &sequence, &now, &fault));
    assert_true(now.last_value == 3 && !now.is_called);
    assert_int_equal(next_of(&sequence), 3);
    assert_int_equal(next_of(&sequence), 5);
    assert_int_equal(next_of(&sequence), 7);
    assert_int_equal(sequence_next(catalog, &sequence, &value, &fault), STATUS_NOT_FOUND);
    numbers.cycle = true;
    assert_int_equal(next_of(&sequence), 1);
    assert_ok(sequence_set(catalog, &sequence, (SequenceState){5, false}, &fault));
    assert_int_equal(next_of(&sequence), 5);
    numbers = (SequenceDesc){.start = -1, .increment = -1, .minimum = INT64_MIN, .maximum = -1, .cache = 1};
    sequence.head.oid = 17001;
    assert_int_equal(next_of(&sequence), -1);
    assert_ok(sequence_set(catalog, &sequence, (SequenceState){INT64_MIN + 1, true}, &fault));
    assert_int_equal(next_of(&sequence), INT64_MIN);
    assert_int_equal(sequence_next(catalog, &sequence, &value, &fault), STATUS_NOT_FOUND);
}

static void sequences_survive_restarts(void **state)
{
    SequenceDesc numbers = {.type = 20, .start = 1, .increment = 1, .minimum = 1, .maximum = INT64_MAX, .cache = 1};
    RelationDesc sequence = {.head = {.kind = DESC_RELATION, .oid = 17000, .name = "s"}, .relkind = 'S', .sequence = &numbers};

    (void)state;
    for (int64_t i = 1; i <= 100; i++)
        assert_int_equal(next_of(&sequence), i);
    close_all(); /* clean: no gap */
    open_all();
    assert_int_equal(next_of(&sequence), 101);
}

#define CATALOG_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TEST_MAIN(CATALOG_TEST(an_empty_store_has_the_first_objects), CATALOG_TEST(ddl_is_seen_by_its_transaction_first),
          CATALOG_TEST(rolled_back_ddl_leaves_nothing), CATALOG_TEST(names_are_unique_and_can_be_taken_over),
          CATALOG_TEST(a_change_of_a_changed_object_is_a_conflict), CATALOG_TEST(two_creators_of_one_name_wait_for_each_other),
          CATALOG_TEST(functions_share_names), CATALOG_TEST(thousands_of_tables_stay_quick),
          CATALOG_TEST(sequences_count_within_their_limits), CATALOG_TEST(sequences_survive_restarts))
