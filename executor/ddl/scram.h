/*
 * scram.h - SCRAM-SHA-256 verifiers in the form PostgreSQL keeps them: SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>, base64 inside (RFC 5802, RFC 7677).
 */
#ifndef EXECUTOR_DDL_SCRAM_H
#define EXECUTOR_DDL_SCRAM_H

#include "base/arena.h"

/* A verifier for a password with a fresh random salt. Raises XX000 when OpenSSL fails. */
const char *scram_verifier(Arena *arena, const char *password);
/* Whether a text is such a verifier already, so that dumps restore it as it is. */
bool scram_is_verifier(const char *text);

#endif
