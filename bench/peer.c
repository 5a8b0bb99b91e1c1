/*
 * peer.c - see peer.h.
 */
#include "bench/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POSTGRESQL_BIN "/usr/lib/postgresql/15/bin/"

enum { MAX_PEERS = 4, MAX_ARGUMENTS = 32 };

const char *const peer_names[PEER_COUNT] = {"NexaDB", "PostgreSQL 15"};

static Peer *peers[MAX_PEERS];
static int   peer_count;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- processes ----------------------------------------------------------------------------------------------------------------- */

static void become_postgres(void)
{
    struct passwd *user;

    if (getuid() != 0)
        return;
    user = getpwnam("postgres");
    if (user == NULL || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
        _exit(126);
}

/* Starts a program with its output in DIR/log. */
static pid_t start(const Peer *peer, const char *const *arguments)
{
    char  log[300];
    pid_t pid;
    int   fd;

    snprintf(log, sizeof log, "%s/log", peer->directory);
    fflush(NULL);
    pid = fork();
    if (pid < 0)
        die("fork", strerror(errno));
    if (pid > 0)
        return pid;
    fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd >= 0) {
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
    }
    if (peer->kind == PEER_POSTGRESQL) {
        become_postgres();
        if (chdir(peer->directory) != 0)
            _exit(126);
    }
    execv(arguments[0], (char *const *)arguments);
    _exit(127);
}

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int remove_entry(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info, (void)flag, (void)walk;
    remove(path);
    return 0;
}

static void stop(Peer *peer)
{
    if (peer->pid == 0)
        return;
    kill(peer->pid, peer->kind == PEER_POSTGRESQL ? SIGINT : SIGTERM);
    wait_for(peer->pid);
    peer->pid = 0;
}

static void clean_up(void)
{
    for (int i = 0; i < peer_count; i++) {
        stop(peers[i]);
        nftw(peers[i]->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    }
    peer_count = 0;
}

static void on_signal(int number)
{
    (void)number;
    exit(1);
}

/* ---- starting ------------------------------------------------------------------------------------------------------------------- */

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        die("no free port", strerror(errno));
    close(fd);
    return ntohs(address.sin_port);
}

static PGconn *try_connect(const Peer *peer)
{
    char info[128];

    snprintf(info, sizeof info, "host=127.0.0.1 port=%d user=nexadb dbname=postgres connect_timeout=10", peer->port);
    return PQconnectdb(info);
}

static void init_postgresql(const Peer *peer)
{
    char        data[300];
    const char *arguments[] = {POSTGRESQL_BIN "initdb", "-D", data, "-U", "nexadb", "-A", "trust", "-E", "UTF8",
                               "--lc-collate=C", "--lc-ctype=C.UTF-8", NULL};

    snprintf(data, sizeof data, "%s/data", peer->directory);
    if (wait_for(start(peer, arguments)) != 0)
        die("initdb failed", peer->directory);
}

static void run(Peer *peer)
{
    const char *build = getenv("NEXADB_BUILD");
    char        program[300], data[300], port[16], port_setting[32], sockets[320];
    const char *nexadb[] = {program, "serve", "--data", data, "--listen", "127.0.0.1", "--port", port,
                            "--set", "shared_buffers=4GB", NULL};
    /* the documented advice for a machine of this size: memory for the data, checkpoints that do not interfere */
    const char *postgresql[] = {POSTGRESQL_BIN "postgres", "-D", data, "-c", port_setting, "-c", sockets, "-c", "listen_addresses=127.0.0.1",
                                "-c", "shared_buffers=4GB", "-c", "max_wal_size=8GB", "-c", "checkpoint_timeout=30min",
                                "-c", "work_mem=64MB", "-c", "effective_cache_size=12GB", "-c", "random_page_cost=1.1", NULL};

    snprintf(program, sizeof program, "%s/nexadb", build != NULL ? build : "build");
    snprintf(data, sizeof data, "%s/data", peer->directory);
    snprintf(port, sizeof port, "%d", peer->port);
    snprintf(port_setting, sizeof port_setting, "port=%d", peer->port);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", peer->directory);
    peer->pid = start(peer, peer->kind == PEER_NEXADB ? nexadb : postgresql);
    for (int i = 0; i < 6000; i++) {
        PGconn *connection = try_connect(peer);
        bool    good = PQstatus(connection) == CONNECTION_OK;

        if (good)
            good = PQresultStatus(PQexec(connection, "SELECT 1")) == PGRES_TUPLES_OK;
        PQfinish(connection);
        if (good)
            return;
        if (waitpid(peer->pid, NULL, WNOHANG) == peer->pid) {
            peer->pid = 0;
            break;
        }
        usleep(2000);
    }
    die("does not start", peer_names[peer->kind]);
}

void peer_start(Peer *peer, PeerKind kind)
{
    const char *base = getenv("BENCH_DIR");

    *peer = (Peer){.kind = kind, .port = free_port()};
    snprintf(peer->directory, sizeof peer->directory, "%s/nexadb_bench_XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(peer->directory) == NULL || chmod(peer->directory, 0777) != 0)
        die(peer->directory, strerror(errno));
    if (peer_count == 0) {
        atexit(clean_up);
        signal(SIGINT, on_signal);
        signal(SIGTERM, on_signal);
        signal(SIGPIPE, SIG_IGN);
    }
    peers[peer_count++] = peer;
    if (kind == PEER_POSTGRESQL)
        init_postgresql(peer);
    run(peer);
}

double peer_restart(Peer *peer)
{
    double begun;

    stop(peer);
    begun = seconds_now();
    run(peer);
    return seconds_now() - begun;
}

/* ---- talking ---------------------------------------------------------------------------------------------------------------------- */

PGconn *peer_connect(const Peer *peer)
{
    PGconn *connection = try_connect(peer);

    if (PQstatus(connection) != CONNECTION_OK)
        die(peer_names[peer->kind], PQerrorMessage(connection));
    return connection;
}

void peer_do(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);

    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        die(sql, PQerrorMessage(connection));
    PQclear(result);
}

char *peer_text(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    char     *text = NULL;
    size_t    size = 0;
    FILE     *out = open_memstream(&text, &size);

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        die(sql, PQerrorMessage(connection));
    for (int row = 0; row < PQntuples(result); row++)
        for (int column = 0; column < PQnfields(result); column++)
            fprintf(out, "%s%s", PQgetisnull(result, row, column) ? "\\N" : PQgetvalue(result, row, column),
                    column + 1 < PQnfields(result) ? "|" : "\n");
    fclose(out);
    PQclear(result);
    return text;
}

static long process_memory(pid_t pid, const char *field)
{
    char  path[64], line[256];
    long  bytes = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        long kilobytes;

        if (strncmp(line, field, strlen(field)) == 0 && sscanf(line + strlen(field), ": %ld", &kilobytes) == 1)
            bytes += kilobytes * 1024;
    }
    if (file != NULL)
        fclose(file);
    return bytes;
}

long peer_memory(const Peer *peer)
{
    char  path[64];
    int   child;
    long  bytes = process_memory(peer->pid, peer->kind == PEER_NEXADB ? "Rss" : "Pss");
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", peer->pid, peer->pid);
    file = fopen(path, "re");
    while (file != NULL && fscanf(file, "%d", &child) == 1)
        bytes += process_memory(child, "Pss");
    if (file != NULL)
        fclose(file);
    return bytes;
}
