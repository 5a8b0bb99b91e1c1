/*
 * 030_concurrent.c - writers and readers at once, and SIGKILL in the middle: sums stay, acknowledged rows stay.
 */
#include "tests/support/server.h"
#include "tests/support/tap.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ACCOUNTS = 50, START_BALANCE = 1000, WRITERS = 6, READERS = 2, ROUNDS = 3, RUN_MS = 1200 };

static TestServer   server;
static _Atomic bool stop;
static _Atomic int  wrong_sums, reads, transfers;

typedef struct Writer {
    int      number;
    unsigned seed;
    long     next;      /* key of its next log row */
    long     acked;     /* log rows whose commit was acknowledged, from its first on */
} Writer;

static bool run(PGconn *connection, const char *sql)
{
    PGresult      *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Moves money and writes a log row in one transaction, until told to stop or the server goes. */
static void *write_transfers(void *arg)
{
    Writer *writer = arg;
    PGconn *connection = server_connect(&server, "nexadb");
    char    sql[200];

    while (!atomic_load(&stop) && PQstatus(connection) == CONNECTION_OK) {
        int  from = rand_r(&writer->seed) % ACCOUNTS;
        int  to = rand_r(&writer->seed) % ACCOUNTS;
        int  amount = rand_r(&writer->seed) % 10;
        bool good;

        good = run(connection, rand_r(&writer->seed) % 2 ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ");
        snprintf(sql, sizeof sql, "UPDATE accounts SET balance = balance - %d WHERE id = %d", amount, from);
        good = good && run(connection, sql);
        snprintf(sql, sizeof sql, "UPDATE accounts SET balance = balance + %d WHERE id = %d", amount, to);
        good = good && run(connection, sql);
        snprintf(sql, sizeof sql, "INSERT INTO log VALUES (%d, %ld)", writer->number, writer->next);
        good = good && run(connection, sql);
        if (good && rand_r(&writer->seed) % 8 != 0) {
            if (run(connection, "COMMIT")) {
                writer->acked = ++writer->next;
                atomic_fetch_add(&transfers, 1);
            }
        } else {
            run(connection, "ROLLBACK");
        }
    }
    PQfinish(connection);
    return NULL;
}

static void *read_sums(void *arg)
{
    PGconn *connection = server_connect(&server, "nexadb");
    char    expected[32];

    (void)arg;
    snprintf(expected, sizeof expected, "%d", ACCOUNTS * START_BALANCE);
    while (!atomic_load(&stop) && PQstatus(connection) == CONNECTION_OK) {
        PGresult *result = PQexec(connection, "SELECT sum(balance) FROM accounts");

        if (PQresultStatus(result) == PGRES_TUPLES_OK) {
            atomic_fetch_add(&reads, 1);
            if (strcmp(PQgetvalue(result, 0, 0), expected) != 0)
                atomic_fetch_add(&wrong_sums, 1);
        }
        PQclear(result);
    }
    PQfinish(connection);
    return NULL;
}

static void check_store(Writer *writers)
{
    PGconn *connection = server_connect(&server, "nexadb");
    char    expected[32], sql[200];

    snprintf(expected, sizeof expected, "%d", ACCOUNTS * START_BALANCE);
    is(server_value(connection, "SELECT sum(balance) FROM accounts"), expected, "no money came or went");
    is(server_value(connection, "SELECT count(*) FROM accounts"), "50", "every account is there once");
    for (int i = 0; i < WRITERS; i++) {
        char *count;

        /* rows 0 .. acked-1 must be there; one more may be, when its commit was on the way */
        snprintf(sql, sizeof sql, "SELECT count(*) FROM log WHERE writer = %d AND n < %ld", writers[i].number, writers[i].acked);
        count = server_value(connection, sql);
        ok(count != NULL && atol(count) == writers[i].acked, "writer %d: every acknowledged row is there (%ld)", i, writers[i].acked);
        free(count);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM log WHERE writer = %d", writers[i].number);
        count = server_value(connection, sql);
        ok(count != NULL && atol(count) <= writers[i].acked + 1, "and none that was not written");
        writers[i].next = writers[i].acked = atol(count != NULL ? count : "0");
        free(count);
    }
    is(server_value(connection, "SELECT count(*) FROM log WHERE n IN (SELECT n FROM log GROUP BY writer, n HAVING count(*) > 1)"), "0",
       "no row is there twice");
    PQfinish(connection);
}

int main(void)
{
    Writer    writers[WRITERS] = {{0}};
    pthread_t threads[WRITERS + READERS];
    PGconn   *connection;

    server_prepare(&server);
    if (!server_start(&server, NULL)) {
        server_show_log(&server);
        return 1;
    }
    connection = server_connect(&server, "nexadb");
    server_do(connection, "CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)");
    server_do(connection, "CREATE TABLE log (writer int, n bigint, PRIMARY KEY (writer, n))");
    server_do(connection, "INSERT INTO accounts SELECT g, 1000 FROM generate_series(0, 49) g");
    PQfinish(connection);
    for (int i = 0; i < WRITERS; i++)
        writers[i] = (Writer){.number = i, .seed = (unsigned)i + 17};
    for (int round = 0; round < ROUNDS; round++) {
        int before = atomic_load(&transfers);

        atomic_store(&stop, false);
        for (int i = 0; i < WRITERS; i++)
            pthread_create(&threads[i], NULL, write_transfers, &writers[i]);
        for (int i = 0; i < READERS; i++)
            pthread_create(&threads[WRITERS + i], NULL, read_sums, NULL);
        usleep(RUN_MS * 1000);
        server_kill(&server); /* while they write */
        atomic_store(&stop, true);
        for (int i = 0; i < WRITERS + READERS; i++)
            pthread_join(threads[i], NULL);
        ok(atomic_load(&transfers) > before, "round %d: %d transfers were under way", round, atomic_load(&transfers) - before);
        if (!ok(server_start(&server, NULL), "the server starts after SIGKILL")) {
            server_show_log(&server);
            return done_testing();
        }
        check_store(writers);
    }
    ok(atomic_load(&wrong_sums) == 0 && atomic_load(&reads) > 0, "no reader saw half a transfer (%d reads)", atomic_load(&reads));
    ok(server_stop(&server) == 0, "a clean stop");
    return done_testing();
}
