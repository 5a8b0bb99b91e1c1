/*
 * 010_survives_kill.c - the thin line through every floor: rows that were acknowledged are there after SIGKILL, others are not.
 */
#include "tests/support/server.h"
#include "tests/support/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
    TestServer server;
    PGconn    *connection;
    PGconn    *other;
    PGresult  *result;

    server_prepare(&server);
    if (!ok(server_start(&server, NULL), "the server starts on an empty directory")) {
        server_show_log(&server);
        return done_testing();
    }
    connection = server_connect(&server, "nexadb");
    server_do(connection, "CREATE TABLE t (id int PRIMARY KEY, name text, doc jsonb)");
    server_do(connection, "INSERT INTO t VALUES (1, 'one', '{\"age\": 30}'), (2, 'two', '{\"age\": \"26\"}'), (3, 'three', '{\"age\": 20}')");
    server_do(connection, "BEGIN");
    server_do(connection, "INSERT INTO t VALUES (4, 'four', NULL)");
    is(server_value(connection, "SELECT count(*) FROM t"), "4", "a transaction sees its own row");
    other = server_connect(&server, "nexadb");
    is(server_value(other, "SELECT count(*) FROM t"), "3", "others do not");
    is(server_value(other, "SELECT count(*) FROM t WHERE doc->>'age' > 25"), "2", "->> compared with a number is numeric");
    PQfinish(other);

    server_kill(&server);
    PQfinish(connection);
    if (!ok(server_start(&server, NULL), "the server starts after SIGKILL")) {
        server_show_log(&server);
        return done_testing();
    }
    connection = server_connect(&server, "nexadb");
    is(server_value(connection, "SELECT count(*) FROM t"), "3", "what was committed is there, what was not is gone");
    is(server_value(connection, "SELECT name FROM t WHERE id = 2"), "two", "a row is found by its key");
    is(server_value(connection, "SELECT doc->>'age' FROM t WHERE id = 1"), "30", "documents are as they were");
    result = PQexec(connection, "INSERT INTO t VALUES (2, 'again', NULL)");
    ok(PQresultStatus(result) == PGRES_FATAL_ERROR && PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL, "the primary key still holds");
    PQclear(result);
    server_do(connection, "INSERT INTO t VALUES (4, 'four', '{}')");
    PQfinish(connection);

    ok(server_stop(&server) == 0, "the server stops cleanly at SIGTERM");
    ok(server_start(&server, NULL), "and starts again");
    connection = server_connect(&server, "nexadb");
    is(server_value(connection, "SELECT string_agg(name, ',' ORDER BY id) FROM t"), "one,two,three,four", "with everything there");
    PQfinish(connection);
    return done_testing();
}
