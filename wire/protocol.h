/*
 * protocol.h - the message loop of protocol v3 after start-up: simple and extended queries, COPY.
 *
 * docs/protocol.md gives the states, the messages that each accepts, and what an error does.
 */
#ifndef WIRE_PROTOCOL_H
#define WIRE_PROTOCOL_H

#include "executor/session.h"
#include "executor/session/backends.h"
#include "wire/connection.h"

/* Serves a session until the client says goodbye, the connection breaks or the session is terminated. Raises nothing. */
void protocol_serve(Connection *connection, Session *session, Backend *backend);

#endif
