/*
 * startup.h - the first packets of a connection: encryption requests, cancel requests, the start-up message, authentication.
 */
#ifndef WIRE_STARTUP_H
#define WIRE_STARTUP_H

#include "executor/session/backends.h"
#include "executor/store/store.h"
#include "wire/connection.h"

typedef enum AuthenticationMethod { AUTHENTICATION_TRUST, AUTHENTICATION_SCRAM } AuthenticationMethod;

/*
 * Answers the packets up to the authenticated session. NULL: there is none to serve - a cancel request was carried out, the client went
 * away, or an error was sent. Raises nothing.
 */
Session *startup_run(Connection *connection, Store *store, Backend *backend, AuthenticationMethod method);

#endif
