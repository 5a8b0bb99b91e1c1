/*
 * server.c - see server.h.
 */
#include "tests/support/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_SERVERS = 16, MAX_ARGUMENTS = 64, START_ATTEMPTS = 1500, START_WAIT_US = 20000 };

static TestServer *servers[MAX_SERVERS];
static int         server_count;

static void bail_out(const char *what, const char *why)
{
    printf("Bail out! %s: %s\n", what, why);
    exit(1);
}

static int remove_entry(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    remove(path);
    return 0;
}

static void clean_up(void)
{
    for (int i = 0; i < server_count; i++) {
        server_kill(servers[i]);
        if (getenv("TEST_KEEP") == NULL)
            nftw(servers[i]->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    }
    server_count = 0;
}

static void on_signal(int number)
{
    (void)number;
    exit(1); /* runs clean_up() */
}

/* A port that was free a moment ago. */
static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        bail_out("no free port", strerror(errno));
    close(fd);
    return ntohs(address.sin_port);
}

void server_prepare(TestServer *server)
{
    const char *base = getenv("TMPDIR");

    memset(server, 0, sizeof *server);
    snprintf(server->directory, sizeof server->directory, "%s/nexadb_test_XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(server->directory) == NULL)
        bail_out(server->directory, strerror(errno));
    snprintf(server->data, sizeof server->data, "%s/data", server->directory);
    if (server_count == 0) {
        atexit(clean_up);
        signal(SIGINT, on_signal);
        signal(SIGTERM, on_signal);
    }
    if (server_count == MAX_SERVERS)
        bail_out("too many servers", "raise MAX_SERVERS");
    servers[server_count++] = server;
}

static void run_server(const TestServer *server, const char *const *extra)
{
    const char *build = getenv("NEXADB_BUILD");
    char        program[512];
    char        port[16];
    char        log[400];
    const char *arguments[MAX_ARGUMENTS] = {program, "serve", "--data", server->data, "--listen", "127.0.0.1", "--port", port};
    int         count = 8;
    int         fd;

    snprintf(program, sizeof program, "%s/nexadb", build != NULL ? build : "build");
    snprintf(port, sizeof port, "%d", server->port);
    snprintf(log, sizeof log, "%s/log", server->directory);
    for (; extra != NULL && *extra != NULL && count < MAX_ARGUMENTS - 1; extra++)
        arguments[count++] = *extra;
    arguments[count] = NULL;
    fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd >= 0) {
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        close(fd);
    }
    execv(program, (char *const *)arguments);
    _exit(127);
}

static bool accepts(const TestServer *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool               connected = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    if (fd >= 0)
        close(fd);
    return connected;
}

bool server_start(TestServer *server, const char *const *extra)
{
    server->port = free_port();
    fflush(NULL);
    server->pid = fork();
    if (server->pid < 0)
        bail_out("fork", strerror(errno));
    if (server->pid == 0)
        run_server(server, extra);
    for (int i = 0; i < START_ATTEMPTS; i++) {
        int status;

        if (accepts(server))
            return true;
        if (waitpid(server->pid, &status, WNOHANG) == server->pid) {
            server->pid = 0;
            return false;
        }
        usleep(START_WAIT_US);
    }
    server_kill(server);
    return false;
}

static int wait_for(TestServer *server)
{
    int status = 0;

    while (waitpid(server->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    server->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void server_kill(TestServer *server)
{
    if (server->pid == 0)
        return;
    kill(server->pid, SIGKILL);
    wait_for(server);
}

int server_stop(TestServer *server)
{
    if (server->pid == 0)
        return -1;
    kill(server->pid, SIGTERM);
    return wait_for(server);
}

PGconn *server_connect_as(const TestServer *server, const char *database, const char *user, const char *password)
{
    char        port[16];
    const char *names[] = {"host", "port", "dbname", "user", "password", "connect_timeout", NULL};
    const char *values[] = {"127.0.0.1", port, database, user, password, "30", NULL};
    PGconn     *connection;

    snprintf(port, sizeof port, "%d", server->port);
    connection = PQconnectdbParams(names, values, 0);
    return connection;
}

PGconn *server_connect(const TestServer *server, const char *database)
{
    PGconn *connection = server_connect_as(server, database, "nexadb", NULL);

    if (PQstatus(connection) != CONNECTION_OK) {
        server_show_log(server);
        bail_out("cannot connect", PQerrorMessage(connection));
    }
    return connection;
}

char *server_value(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    char     *value = NULL;

    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        bail_out(sql, PQerrorMessage(connection));
    if (PQntuples(result) > 0 && PQnfields(result) > 0 && !PQgetisnull(result, 0, 0))
        value = strdup(PQgetvalue(result, 0, 0));
    PQclear(result);
    return value;
}

void server_do(PGconn *connection, const char *sql)
{
    free(server_value(connection, sql));
}

void server_show_log(const TestServer *server)
{
    char  path[400];
    char  line[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/log", server->directory);
    file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        printf("# %s", line);
    if (file != NULL)
        fclose(file);
}
