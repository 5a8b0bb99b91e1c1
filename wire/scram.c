/*
 * scram.c - see scram.h.
 */
#include "wire/scram.h"

#include "base/error.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>

enum {
    KEY_BYTES = SHA256_DIGEST_LENGTH,
    NONCE_BYTES = 18, /* 24 characters in base64 */
    MOCK_SALT_BYTES = 16,
    MOCK_ITERATIONS = 4096,
    AUTHENTICATION_SASL = 10,
    AUTHENTICATION_SASL_CONTINUE = 11,
    AUTHENTICATION_SASL_FINAL = 12,
};

typedef struct Verifier {
    int         iterations;
    const char *salt; /* base64 */
    uint8_t     stored_key[KEY_BYTES];
    uint8_t     server_key[KEY_BYTES];
    bool        mock;
} Verifier;

static noreturn void raise_fatal(Sqlstate state, const char *message, const char *detail)
{
    Error *err = error_new(state, "%s", message);

    if (detail != NULL)
        error_detail(err, "%s", detail);
    error_fatal(err);
    error_raise(err);
}

static noreturn void raise_malformed(const char *detail)
{
    raise_fatal(SQLSTATE_PROTOCOL_VIOLATION, "malformed SCRAM message", detail);
}

static char *base64(Arena *arena, const uint8_t *bytes, size_t size)
{
    char *text = arena_alloc(arena, (size + 2) / 3 * 4 + 1);

    EVP_EncodeBlock((unsigned char *)text, bytes, (int)size);
    return text;
}

/* Decodes into out when it gives exactly size bytes. */
static bool decode_base64(Arena *arena, Slice text, uint8_t *out, size_t size)
{
    uint8_t *bytes;
    int      padding = 0;

    if (text.size % 4 != 0 || text.size / 4 * 3 < size || text.size > 1024)
        return false;
    bytes = arena_alloc(arena, text.size / 4 * 3 + 1);
    while (padding < 2 && padding < (int)text.size && text.data[text.size - 1 - (size_t)padding] == '=')
        padding++;
    if (EVP_DecodeBlock(bytes, text.data, (int)text.size) - padding != (int)size)
        return false;
    memcpy(out, bytes, size);
    return true;
}

static bool parse_verifier(Arena *arena, const char *text, Verifier *verifier)
{
    const char *salt, *stored, *server;
    char       *end;

    if (text == NULL || strncmp(text, "SCRAM-SHA-256$", 14) != 0)
        return false;
    verifier->iterations = (int)strtol(text + 14, &end, 10);
    if (*end != ':' || verifier->iterations <= 0)
        return false;
    salt = end + 1;
    stored = strchr(salt, '$');
    server = stored == NULL ? NULL : strchr(stored, ':');
    if (server == NULL)
        return false;
    verifier->salt = arena_strndup(arena, salt, (size_t)(stored - salt));
    return decode_base64(arena, slice_of(stored + 1, (size_t)(server - stored - 1)), verifier->stored_key, KEY_BYTES) &&
           decode_base64(arena, slice_from_cstring(server + 1), verifier->server_key, KEY_BYTES);
}

/* A verifier that no password fits; its salt depends on the user alone, so that asking twice gives the same. */
static void mock_verifier(Arena *arena, const char *user, Verifier *verifier)
{
    static uint8_t secret[KEY_BYTES];
    static bool    has_secret;
    uint8_t        digest[KEY_BYTES];
    unsigned       size;

    if (!has_secret) {
        if (RAND_bytes(secret, sizeof secret) != 1)
            raise_fatal(SQLSTATE_INTERNAL_ERROR, "could not generate random salt", NULL);
        has_secret = true;
    }
    HMAC(EVP_sha256(), secret, sizeof secret, (const unsigned char *)user, strlen(user), digest, &size);
    verifier->iterations = MOCK_ITERATIONS;
    verifier->salt = base64(arena, digest, MOCK_SALT_BYTES);
    verifier->mock = true;
    memset(verifier->stored_key, 0, KEY_BYTES);
    memset(verifier->server_key, 0, KEY_BYTES);
}

static void send_authentication(Connection *connection, int32_t code, const char *data, bool terminated_list)
{
    StrBuf *out = message_begin(connection, 'R');

    message_int32(out, code);
    strbuf_append_cstring(out, data);
    if (terminated_list)
        strbuf_append(out, "\0", 2);
    message_end(connection);
    if (connection_flush(connection, NULL) != STATUS_OK)
        raise_fatal(SQLSTATE_CONNECTION_FAILURE, "the client closed the connection", NULL);
}

static Slice read_password_message(Connection *connection)
{
    char  type;
    Slice payload;
    Fault fault;

    if (connection_read(connection, 0, &type, &payload, &fault) != STATUS_OK)
        raise_fatal(SQLSTATE_CONNECTION_FAILURE, "the client closed the connection", NULL);
    if (type != 'p')
        raise_fatal(SQLSTATE_PROTOCOL_VIOLATION, "expected SASL response", NULL);
    return payload;
}

/* Takes "x=value" up to the next comma off a message. */
static const char *take_attribute(Arena *arena, const char **at, char name)
{
    const char *start = *at + 2;
    size_t      size;

    if ((*at)[0] != name || (*at)[1] != '=')
        raise_malformed("An attribute is missing or out of order.");
    size = strcspn(start, ",");
    *at = start + size + (start[size] == ',');
    return arena_strndup(arena, start, size);
}

static bool proof_is_right(const Verifier *verifier, const char *auth_message, const uint8_t *proof)
{
    uint8_t  signature[KEY_BYTES], key[KEY_BYTES], hashed[KEY_BYTES];
    unsigned size;

    HMAC(EVP_sha256(), verifier->stored_key, KEY_BYTES, (const unsigned char *)auth_message, strlen(auth_message), signature, &size);
    for (int i = 0; i < KEY_BYTES; i++)
        key[i] = proof[i] ^ signature[i];
    SHA256(key, KEY_BYTES, hashed);
    return CRYPTO_memcmp(hashed, verifier->stored_key, KEY_BYTES) == 0 && !verifier->mock;
}

static const char *server_signature(Arena *arena, const Verifier *verifier, const char *auth_message)
{
    uint8_t  signature[KEY_BYTES];
    unsigned size;

    HMAC(EVP_sha256(), verifier->server_key, KEY_BYTES, (const unsigned char *)auth_message, strlen(auth_message), signature, &size);
    return base64(arena, signature, KEY_BYTES);
}

/* The client's first message, after the mechanism's name. */
static const char *read_client_first(Connection *connection, Arena *arena)
{
    MessageReader reader = message_reader(read_password_message(connection));
    const char   *mechanism = read_string(&reader);
    int32_t       size = read_int32(&reader);
    Slice         data;

    if (strcmp(mechanism, "SCRAM-SHA-256") != 0)
        raise_fatal(SQLSTATE_PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism", NULL);
    if (size < 0)
        raise_malformed("The message is empty.");
    data = read_bytes(&reader, (size_t)size);
    if (memchr(data.data, 0, data.size) != NULL)
        raise_malformed("Message length does not match input length.");
    return arena_strndup(arena, (const char *)data.data, data.size);
}

void scram_authenticate(Connection *connection, Arena *arena, const char *user, const char *verifier_text)
{
    Verifier    verifier = {0};
    uint8_t     random[NONCE_BYTES], proof[KEY_BYTES];
    const char *first, *first_bare, *client_nonce, *nonce, *server_first;
    const char *last, *at, *without_proof, *auth_message;
    Slice       payload;

    if (!parse_verifier(arena, verifier_text, &verifier))
        mock_verifier(arena, user, &verifier);
    send_authentication(connection, AUTHENTICATION_SASL, "SCRAM-SHA-256", true);

    first = read_client_first(connection, arena);
    if (first[0] != 'n' && first[0] != 'y')
        raise_malformed("The client requires SCRAM channel binding, but this server does not offer it.");
    first_bare = strchr(first, ',') == NULL ? NULL : strchr(strchr(first, ',') + 1, ',');
    if (first_bare == NULL)
        raise_malformed("The GS2 header is incomplete.");
    at = ++first_bare;
    take_attribute(arena, &at, 'n');
    client_nonce = take_attribute(arena, &at, 'r');

    if (RAND_bytes(random, sizeof random) != 1)
        raise_fatal(SQLSTATE_INTERNAL_ERROR, "could not generate random nonce", NULL);
    nonce = arena_printf(arena, "%s%s", client_nonce, base64(arena, random, sizeof random));
    server_first = arena_printf(arena, "r=%s,s=%s,i=%d", nonce, verifier.salt, verifier.iterations);
    send_authentication(connection, AUTHENTICATION_SASL_CONTINUE, server_first, false);

    payload = read_password_message(connection);
    last = arena_strndup(arena, (const char *)payload.data, payload.size);
    without_proof = strstr(last, ",p=");
    if (without_proof == NULL)
        raise_malformed("The proof is missing.");
    at = last;
    take_attribute(arena, &at, 'c');
    if (strcmp(take_attribute(arena, &at, 'r'), nonce) != 0)
        raise_malformed("Nonce does not match.");
    if (!decode_base64(arena, slice_from_cstring(without_proof + 3), proof, KEY_BYTES))
        raise_malformed("Malformed proof in client-final-message.");
    auth_message = arena_printf(arena, "%s,%s,%.*s", first_bare, server_first, (int)(without_proof - last), last);
    if (!proof_is_right(&verifier, auth_message, proof)) {
        Error *err = error_new(SQLSTATE_INVALID_PASSWORD, "password authentication failed for user \"%s\"", user);

        error_fatal(err);
        error_raise(err);
    }
    send_authentication(connection, AUTHENTICATION_SASL_FINAL,
                        arena_printf(arena, "v=%s", server_signature(arena, &verifier, auth_message)), false);
}
