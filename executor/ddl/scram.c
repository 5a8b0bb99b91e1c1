/*
 * scram.c - making SCRAM-SHA-256 verifiers.
 */
#include "executor/ddl/scram.h"

#include "base/error.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>

enum { SALT_BYTES = 16, ITERATIONS = 4096 };

static const char *base64(Arena *arena, const uint8_t *bytes, int size)
{
    char *text = arena_alloc(arena, (size_t)(size + 2) / 3 * 4 + 1);

    EVP_EncodeBlock((unsigned char *)text, bytes, size);
    return text;
}

const char *scram_verifier(Arena *arena, const char *password)
{
    uint8_t      salt[SALT_BYTES];
    uint8_t      salted[SHA256_DIGEST_LENGTH];
    uint8_t      client[SHA256_DIGEST_LENGTH];
    uint8_t      stored[SHA256_DIGEST_LENGTH];
    uint8_t      server[SHA256_DIGEST_LENGTH];
    unsigned int size = 0;

    if (RAND_bytes(salt, sizeof salt) != 1 ||
        PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt, sizeof salt, ITERATIONS, EVP_sha256(), sizeof salted, salted) != 1 ||
        HMAC(EVP_sha256(), salted, sizeof salted, (const uint8_t *)"Client Key", 10, client, &size) == NULL ||
        HMAC(EVP_sha256(), salted, sizeof salted, (const uint8_t *)"Server Key", 10, server, &size) == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "could not compute SCRAM verifier");
    SHA256(client, sizeof client, stored);
    return arena_printf(arena, "SCRAM-SHA-256$%d:%s$%s:%s", ITERATIONS, base64(arena, salt, sizeof salt), base64(arena, stored, sizeof stored),
                        base64(arena, server, sizeof server));
}

/* The length of a run of base64 at text. */
static size_t base64_run(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
}

bool scram_is_verifier(const char *text)
{
    static const char prefix[] = "SCRAM-SHA-256$";
    char             *at;

    if (strncmp(text, prefix, sizeof prefix - 1) != 0 || strtol(text + sizeof prefix - 1, &at, 10) <= 0 || *at != ':')
        return false;
    at++;
    at += base64_run(at);
    if (*at++ != '$' || base64_run(at) != 44)
        return false;
    at += 44;
    return *at == ':' && base64_run(at + 1) == 44 && at[45] == '\0';
}
