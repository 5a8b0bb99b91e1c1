/*
 * 020_protocol.c - the extended protocol through libpq: parameters in both formats, Describe, pipelines, errors, cancel, COPY, SCRAM.
 */
#include "tests/support/server.h"
#include "tests/support/tap.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *state_of(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return state != NULL ? state : "";
}

static void parameters(PGconn *connection)
{
    const char *values[2] = {"41", "text"};
    uint32_t    binary_value = htonl(7);
    const char *binary_values[1] = {(const char *)&binary_value};
    int         lengths[1] = {4};
    int         formats[1] = {1};
    Oid         types[1] = {23};
    PGresult   *result = PQexecParams(connection, "SELECT $1::int + 1, $2::text, NULL", 2, NULL, values, NULL, NULL, 0);
    uint32_t    got;

    is(strdup(PQgetvalue(result, 0, 0)), "42", "a text parameter is read as its type");
    ok(PQgetisnull(result, 0, 2) == 1, "NULL is NULL");
    PQclear(result);
    result = PQexecParams(connection, "SELECT $1 * 6", 1, types, binary_values, lengths, formats, 1);
    ok(PQresultStatus(result) == PGRES_TUPLES_OK && PQgetlength(result, 0, 0) == 4, "a binary parameter gives a binary result");
    if (PQgetlength(result, 0, 0) == 4) {
        memcpy(&got, PQgetvalue(result, 0, 0), 4);
        ok(ntohl(got) == 42, "with the right bytes");
    }
    PQclear(result);
    values[0] = "x";
    result = PQexecParams(connection, "SELECT $1::int", 1, NULL, values, NULL, NULL, 0);
    ok(strcmp(state_of(result), "22P02") == 0, "a bad parameter is 22P02");
    PQclear(result);
    result = PQexecParams(connection, "SELECT $1", 0, NULL, NULL, NULL, NULL, 0);
    ok(strcmp(state_of(result), "08P01") == 0, "a missing parameter is 08P01");
    PQclear(result);
}

static void prepared(PGconn *connection)
{
    const char *values[1] = {"2"};
    PGresult   *result;

    server_do(connection, "CREATE TABLE pt (id int PRIMARY KEY, name text)");
    server_do(connection, "INSERT INTO pt VALUES (1, 'one'), (2, 'two')");
    PQclear(PQprepare(connection, "p", "SELECT id, name FROM pt WHERE id = $1", 0, NULL));
    result = PQdescribePrepared(connection, "p");
    ok(PQnparams(result) == 1 && PQparamtype(result, 0) == 23, "the parameter's type is inferred");
    ok(PQnfields(result) == 2 && PQftype(result, 1) == 25 && strcmp(PQfname(result, 1), "name") == 0, "columns are described");
    ok(PQftable(result, 0) != 0 && PQftablecol(result, 1) == 2, "with their table and column number");
    PQclear(result);
    for (int i = 0; i < 3; i++) {
        result = PQexecPrepared(connection, "p", 1, values, NULL, NULL, 0);
        is(strdup(PQntuples(result) == 1 ? PQgetvalue(result, 0, 1) : "no row"), "two", "a prepared statement runs again (%d)", i);
        PQclear(result);
    }
    server_do(connection, "ALTER TABLE pt ADD COLUMN extra int");
    result = PQexecPrepared(connection, "p", 1, values, NULL, NULL, 0);
    ok(PQntuples(result) == 1, "and after its table changed");
    PQclear(result);
    result = PQprepare(connection, "p", "SELECT 1", 0, NULL);
    ok(strcmp(state_of(result), "42P05") == 0, "a name that is taken is 42P05");
    PQclear(result);
    result = PQexecPrepared(connection, "nowhere", 0, NULL, NULL, NULL, 0);
    ok(strcmp(state_of(result), "26000") == 0, "an unknown statement is 26000");
    PQclear(result);
}

static void pipeline(PGconn *connection)
{
    PGresult *result;
    int       rows = 0, errors = 0, aborted = 0, syncs = 0;

    ok(PQenterPipelineMode(connection) == 1, "pipeline mode");
    PQsendQueryParams(connection, "INSERT INTO pt VALUES (10, 'ten')", 0, NULL, NULL, NULL, NULL, 0);
    PQsendQueryParams(connection, "SELECT 1/0", 0, NULL, NULL, NULL, NULL, 0);
    PQsendQueryParams(connection, "SELECT 3", 0, NULL, NULL, NULL, NULL, 0);
    PQpipelineSync(connection);
    PQsendQueryParams(connection, "SELECT count(*) FROM pt", 0, NULL, NULL, NULL, NULL, 0);
    PQpipelineSync(connection);
    while (syncs < 2) {
        result = PQgetResult(connection);
        if (result == NULL)
            continue;
        switch (PQresultStatus(result)) {
        case PGRES_FATAL_ERROR:
            errors++;
            break;
        case PGRES_PIPELINE_ABORTED:
            aborted++;
            break;
        case PGRES_PIPELINE_SYNC:
            syncs++;
            break;
        case PGRES_TUPLES_OK:
            rows = atoi(PQgetvalue(result, 0, 0));
            break;
        default:
            break;
        }
        PQclear(result);
        if (PQstatus(connection) != CONNECTION_OK)
            break;
    }
    PQexitPipelineMode(connection);
    ok(errors == 1 && aborted == 1, "an error skips to the next Sync");
    ok(rows == 2, "and undoes what came before it in the pipeline");
}

static void cancel(const TestServer *server, PGconn *connection)
{
    PGcancel *handle = PQgetCancel(connection);
    char      error[256];
    PGresult *result;

    (void)server;
    PQsendQuery(connection, "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 1000) b");
    usleep(200000);
    ok(PQcancel(handle, error, sizeof error) == 1, "a cancel request is taken");
    result = PQgetResult(connection);
    ok(strcmp(state_of(result), "57014") == 0, "and ends the statement with 57014");
    PQclear(result);
    while ((result = PQgetResult(connection)) != NULL)
        PQclear(result);
    PQfreeCancel(handle);
    server_do(connection, "SET statement_timeout = '200ms'");
    result = PQexec(connection, "SELECT count(*) FROM generate_series(1, 100000000) a, generate_series(1, 1000) b");
    ok(strcmp(state_of(result), "57014") == 0, "statement_timeout does the same");
    PQclear(result);
    server_do(connection, "RESET statement_timeout");
    is(server_value(connection, "SELECT 1"), "1", "the session goes on");
}

static void copy(PGconn *connection)
{
    PGresult *result = PQexec(connection, "COPY pt (id, name) FROM STDIN");
    char     *row;

    ok(PQresultStatus(result) == PGRES_COPY_IN, "COPY FROM STDIN asks for data");
    PQclear(result);
    PQputCopyData(connection, "100\thun", 7);
    PQputCopyData(connection, "dred\n101\t\\N\n", 12);
    PQputCopyEnd(connection, NULL);
    result = PQgetResult(connection);
    is(strdup(PQcmdStatus(result)), "COPY 2", "rows may be cut anywhere");
    PQclear(result);
    PQclear(PQgetResult(connection));
    result = PQexec(connection, "COPY pt (id, name) FROM STDIN");
    PQclear(result);
    PQputCopyEnd(connection, "changed my mind");
    result = PQgetResult(connection);
    ok(strcmp(state_of(result), "57014") == 0, "a client's failure is 57014");
    PQclear(result);
    PQclear(PQgetResult(connection));
    PQclear(PQexec(connection, "COPY (SELECT name FROM pt WHERE id = 100) TO STDOUT"));
    ok(PQgetCopyData(connection, &row, 0) == 8 && strncmp(row, "hundred\n", 8) == 0, "COPY TO STDOUT sends rows");
    PQfreemem(row);
    while (PQgetCopyData(connection, &row, 0) > 0)
        PQfreemem(row);
    while ((result = PQgetResult(connection)) != NULL)
        PQclear(result);
}

static void passwords(TestServer *server)
{
    static const char *const scram[] = {"--auth", "scram-sha-256", NULL};
    PGconn                  *connection;

    connection = server_connect(server, "nexadb");
    server_do(connection, "CREATE ROLE alice LOGIN PASSWORD 'sesame'");
    server_do(connection, "CREATE ROLE nologin");
    PQfinish(connection);
    connection = server_connect_as(server, "nexadb", "nobody", NULL);
    ok(PQstatus(connection) != CONNECTION_OK && strstr(PQerrorMessage(connection), "role \"nobody\" does not exist") != NULL,
       "an unknown role is refused under trust too");
    PQfinish(connection);
    connection = server_connect_as(server, "nowhere", "nexadb", NULL);
    ok(strstr(PQerrorMessage(connection), "database \"nowhere\" does not exist") != NULL, "and an unknown database");
    PQfinish(connection);
    ok(server_stop(server) == 0 && server_start(server, scram), "the server starts with scram-sha-256");
    connection = server_connect_as(server, "nexadb", "alice", "sesame");
    ok(PQstatus(connection) == CONNECTION_OK, "the right password is taken");
    PQfinish(connection);
    connection = server_connect_as(server, "nexadb", "alice", "wrong");
    ok(strstr(PQerrorMessage(connection), "password authentication failed for user \"alice\"") != NULL, "a wrong one is not");
    PQfinish(connection);
    connection = server_connect_as(server, "nexadb", "nobody", "sesame");
    ok(strstr(PQerrorMessage(connection), "password authentication failed for user \"nobody\"") != NULL, "an unknown role sounds the same");
    PQfinish(connection);
}

int main(void)
{
    TestServer server;
    PGconn    *connection;

    server_prepare(&server);
    if (!server_start(&server, NULL)) {
        server_show_log(&server);
        return 1;
    }
    connection = server_connect(&server, "nexadb");
    is(strdup(PQparameterStatus(connection, "server_version")), "15.20 (NexaDB 0.1)", "server_version is reported");
    is(strdup(PQparameterStatus(connection, "client_encoding")), "UTF8", "client_encoding, too");
    parameters(connection);
    prepared(connection);
    pipeline(connection);
    cancel(&server, connection);
    copy(connection);
    PQfinish(connection);
    passwords(&server);
    return done_testing();
}
