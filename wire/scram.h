/*
 * scram.h - SCRAM-SHA-256, the server's side (RFC 5802, RFC 7677; PostgreSQL's manual, "SASL Authentication").
 *
 * An unknown role, or one without a password, goes through the same exchange with a made-up verifier, so that the answer does not tell
 * which roles exist. Channel binding is not offered. How a verifier is made: executor/ddl/scram.h.
 *
 * Raises      28P01 wrong password, 08P01 malformed messages; FATAL all of them.
 */
#ifndef WIRE_SCRAM_H
#define WIRE_SCRAM_H

#include "wire/connection.h"

/* Runs the whole exchange. verifier: "SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey", or NULL. */
void scram_authenticate(Connection *connection, Arena *arena, const char *user, const char *verifier);

#endif
