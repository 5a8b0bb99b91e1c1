/*
 * server.h - a NexaDB server of a test's own: a temporary directory, a free port, an end in every case.
 *
 * The program is $NEXADB_BUILD/nexadb (build/nexadb when unset). What the server prints goes to DIR/log, which is shown when a test fails.
 * Everything is removed at exit, unless TEST_KEEP is set.
 */
#ifndef TESTS_SUPPORT_SERVER_H
#define TESTS_SUPPORT_SERVER_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct TestServer {
    char  directory[256]; /* of everything; the store is DIR/data */
    char  data[300];
    int   port;
    pid_t pid; /* 0: not running */
} TestServer;

/* Makes the directory; does not start the server. Ends the program when it cannot. */
void server_prepare(TestServer *server);

/* Starts it and waits until it accepts connections. extra: further arguments, ended by NULL; or NULL. False when it ended instead. */
bool server_start(TestServer *server, const char *const *extra);

/* SIGKILL, and SIGTERM with a wait; the exit status is returned (128 + signal when killed). */
void server_kill(TestServer *server);
int  server_stop(TestServer *server);

/* A connection as nexadb to a database; ends the program when it fails. */
PGconn *server_connect(const TestServer *server, const char *database);
PGconn *server_connect_as(const TestServer *server, const char *database, const char *user, const char *password);

/* Runs a statement that must succeed; ends the program with its message otherwise. Returns the first value of the first row, or NULL. malloc'd. */
char *server_value(PGconn *connection, const char *sql);
void  server_do(PGconn *connection, const char *sql);

/* Prints the server's log as TAP comments. */
void server_show_log(const TestServer *server);

#endif
