/*
 * server.c - see server.h.
 */
#include "wire/server.h"

#include "executor/session/session.h"
#include "executor/session/transaction.h"
#include "wire/protocol.h"
#include "wire/result.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_SOCKETS = 8,
    BACKLOG = 512,
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    STACK_BYTES = 16 << 20,
#else
    STACK_BYTES = 2 << 20, /* address space; only what is touched costs memory */
#endif
};

struct Server {
    Store               *store;
    AuthenticationMethod method;
    int                  max_connections;
    int                  sockets[MAX_SOCKETS];
    int                  socket_count;
    int                  stop_event;
    pthread_mutex_t      mutex;
    pthread_cond_t       one_ended;
    int                  threads;
};

typedef struct Client {
    Server *server;
    int     socket;
} Client;

/* ---- a connection's thread -------------------------------------------------------------------------------------------------- */

static void raise_too_many(void *arg)
{
    Error *err;

    (void)arg;
    err = error_new(SQLSTATE_TOO_MANY_CONNECTIONS, "sorry, too many clients already");
    error_fatal(err);
    error_raise(err);
}

static void serve_connection(Server *server, Connection *connection)
{
    Backend  backend = {.wake = connection_wake, .wake_arg = connection};
    Session *session;
    Error   *err;

    snprintf(backend.client_address, sizeof backend.client_address, "%s", connection_peer(connection, &backend.client_port));
    backend.started_at = session_clock();
    backend_enter(&backend);
    if (backend_count() > server->max_connections) {
        err = error_catch(raise_too_many, NULL);
        send_error(connection, err, NULL);
        if (connection_flush(connection, NULL) != STATUS_OK)
            err = NULL; /* it is gone already */
    } else {
        session = startup_run(connection, server->store, &backend, server->method);
        if (session != NULL) {
            backend.token = &session->cancel;
            protocol_serve(connection, session, &backend);
            backend_detach(&backend);
            session_close(session);
        }
    }
    backend_leave(&backend);
}

static void thread_ended(Server *server)
{
    pthread_mutex_lock(&server->mutex);
    server->threads--;
    pthread_cond_signal(&server->one_ended);
    pthread_mutex_unlock(&server->mutex);
}

static void *run_client(void *arg)
{
    Client     *client = arg;
    Server     *server = client->server;
    Arena      *arena = arena_try_new(NULL, NULL, "connection");
    Connection *connection = arena == NULL ? NULL : connection_new(client->socket, arena);

    stack_limit_set(STACK_BYTES);
    if (connection != NULL) {
        serve_connection(server, connection);
        connection_free(connection);
    } else {
        close(client->socket);
    }
    arena_free(arena);
    free(client);
    error_thread_end();
    thread_ended(server);
    return NULL;
}

static void start_client(Server *server, int socket)
{
    Client        *client = malloc(sizeof *client);
    pthread_attr_t attributes;
    pthread_t      thread;
    bool           started = false;

    if (client != NULL) {
        *client = (Client){server, socket};
        pthread_mutex_lock(&server->mutex);
        server->threads++;
        pthread_mutex_unlock(&server->mutex);
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, STACK_BYTES);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        started = pthread_create(&thread, &attributes, run_client, client) == 0;
        pthread_attr_destroy(&attributes);
        if (!started)
            thread_ended(server);
    }
    if (!started) {
        free(client);
        close(socket);
    }
}

/* ---- listening ------------------------------------------------------------------------------------------------------------- */

static Status listen_on(Server *server, const struct addrinfo *address, const ServerOptions *options, Fault *fault)
{
    int socket_fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;

    if (socket_fd < 0)
        return FAULT(fault, status_from_errno(errno), errno, "cannot make a socket: %s", strerror(errno));
    setsockopt(socket_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(socket_fd, address->ai_addr, address->ai_addrlen) != 0 || listen(socket_fd, BACKLOG) != 0) {
        int error = errno;

        close(socket_fd);
        if (error == EADDRINUSE)
            return FAULT(fault, STATUS_BUSY, error, "port %d on %s is in use: is another server running? Choose another with --port",
                         options->port, options->listen);
        return FAULT(fault, STATUS_IO, error, "cannot listen on %s port %d: %s", options->listen, options->port, strerror(error));
    }
    server->sockets[server->socket_count++] = socket_fd;
    return STATUS_OK;
}

static Status listen_on_all(Server *server, const ServerOptions *options, Fault *fault)
{
    struct addrinfo  hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *addresses;
    char             port[16];
    Status           status = STATUS_OK;
    int              error;

    snprintf(port, sizeof port, "%d", options->port);
    error = getaddrinfo(options->listen, port, &hints, &addresses);
    if (error != 0)
        return FAULT(fault, STATUS_IO, 0, "cannot listen on \"%s\": %s", options->listen, gai_strerror(error));
    for (const struct addrinfo *at = addresses; at != NULL && server->socket_count < MAX_SOCKETS && status == STATUS_OK; at = at->ai_next) {
        if (options->port == 0 && server->socket_count > 0)
            break; /* a second address would get another port */
        status = listen_on(server, at, options, fault);
        if (status == STATUS_IO && server->socket_count > 0)
            status = STATUS_OK; /* a machine without IPv6 resolves it all the same */
    }
    freeaddrinfo(addresses);
    return status;
}

static void close_sockets(Server *server)
{
    while (server->socket_count > 0)
        close(server->sockets[--server->socket_count]);
}

Status server_open(const ServerOptions *options, Store *store, Server **server_out, Fault *fault)
{
    Server       *server = calloc(1, sizeof *server);
    struct rlimit files;
    Status        status;

    if (server == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for the server");
    server->store = store;
    server->method = options->method;
    server->max_connections = options->max_connections;
    pthread_mutex_init(&server->mutex, NULL);
    pthread_cond_init(&server->one_ended, NULL);
    server->stop_event = eventfd(0, EFD_CLOEXEC);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) { /* a descriptor per client, and the store's files */
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    status = listen_on_all(server, options, fault);
    if (status != STATUS_OK) {
        close_sockets(server);
        close(server->stop_event);
        free(server);
        return status;
    }
    *server_out = server;
    return STATUS_OK;
}

int server_port(const Server *server)
{
    struct sockaddr_storage address;
    socklen_t               size = sizeof address;
    char                    port[16] = "0";

    if (getsockname(server->sockets[0], (struct sockaddr *)&address, &size) == 0)
        getnameinfo((struct sockaddr *)&address, size, NULL, 0, port, sizeof port, NI_NUMERICSERV);
    return atoi(port);
}

void server_run(Server *server)
{
    struct pollfd polled[MAX_SOCKETS + 1];

    for (int i = 0; i < server->socket_count; i++)
        polled[i] = (struct pollfd){.fd = server->sockets[i], .events = POLLIN};
    polled[server->socket_count] = (struct pollfd){.fd = server->stop_event, .events = POLLIN};
    for (;;) {
        if (poll(polled, (nfds_t)server->socket_count + 1, -1) < 0 && errno != EINTR)
            return;
        if (polled[server->socket_count].revents != 0)
            return;
        for (int i = 0; i < server->socket_count; i++) {
            int socket_fd;

            if ((polled[i].revents & POLLIN) == 0)
                continue;
            socket_fd = accept4(server->sockets[i], NULL, NULL, SOCK_CLOEXEC);
            if (socket_fd >= 0)
                start_client(server, socket_fd);
            else if (errno == EMFILE || errno == ENFILE)
                usleep(10000); /* out of descriptors: let some clients go first */
        }
    }
}

void server_stop(Server *server)
{
    uint64_t one = 1;
    ssize_t  written = write(server->stop_event, &one, sizeof one);

    (void)written; /* the counter cannot be full */
}

void server_close(Server *server)
{
    close_sockets(server);
    pthread_mutex_lock(&server->mutex);
    while (server->threads > 0) {
        struct timespec until;

        pthread_mutex_unlock(&server->mutex);
        backend_terminate_all();
        pthread_mutex_lock(&server->mutex);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100 * 1000 * 1000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (server->threads > 0)
            pthread_cond_timedwait(&server->one_ended, &server->mutex, &until);
    }
    pthread_mutex_unlock(&server->mutex);
    close(server->stop_event);
    pthread_mutex_destroy(&server->mutex);
    pthread_cond_destroy(&server->one_ended);
    free(server);
}
