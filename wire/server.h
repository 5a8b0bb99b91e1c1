/*
 * server.h - the listening server: sockets, a thread per connection, clean stop.
 *
 * Raises      never; start-up reports by Status.
 */
#ifndef WIRE_SERVER_H
#define WIRE_SERVER_H

#include "executor/store/store.h"
#include "wire/startup.h"

typedef struct ServerOptions {
    const char          *listen; /* address or host name */
    int                  port;
    AuthenticationMethod method;
    int                  max_connections;
    const char          *unix_directory; /* for a socket .s.PGSQL.port; NULL: none */
} ServerOptions;

typedef struct Server Server;

/* STATUS_BUSY: the port is in use. */
MUST_CHECK Status server_open(const ServerOptions *options, Store *store, Server **server_out, Fault *fault);
int               server_port(const Server *server); /* the real one when 0 was asked for */

/* Accepts connections until server_stop(). */
void server_run(Server *server);
/* May be called from a signal handler. */
void server_stop(Server *server);
/* After server_run(): ends all sessions, waits for their threads, closes the sockets. */
void server_close(Server *server);

#endif
