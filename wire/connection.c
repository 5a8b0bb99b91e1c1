/*
 * connection.c - see connection.h.
 */
#include "wire/connection.h"

#include "base/bytes.h"
#include "base/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    INPUT_BYTES = 8192,            /* an idle connection keeps this much */
    OUTPUT_SEND_BYTES = 32 << 10,  /* sent without being asked beyond this */
    OUTPUT_KEEP_BYTES = 128 << 10, /* a larger output buffer is given back after sending */
};

struct Connection {
    int      socket;
    Arena   *arena;
    bool     broken;
    uint8_t *input;
    size_t   input_capacity;
    size_t   input_start, input_end; /* unread bytes */
    Arena   *output_arena;
    StrBuf   output;
    size_t   message_start; /* of the message that is being built */
    bool     in_message;
    char     peer[INET6_ADDRSTRLEN];
    int32_t  peer_port;
};

static void note_peer(Connection *connection)
{
    struct sockaddr_storage address;
    socklen_t               size = sizeof address;
    int                     on = 1;

    if (getpeername(connection->socket, (struct sockaddr *)&address, &size) != 0)
        return;
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)&address;

        inet_ntop(AF_INET, &in->sin_addr, connection->peer, sizeof connection->peer);
        connection->peer_port = ntohs(in->sin_port);
    } else if (address.ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)&address;

        inet_ntop(AF_INET6, &in->sin6_addr, connection->peer, sizeof connection->peer);
        connection->peer_port = ntohs(in->sin6_port);
    }
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(connection->socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

Connection *connection_new(int socket, Arena *arena)
{
    Connection *connection = calloc(1, sizeof *connection);

    if (connection == NULL)
        return NULL;
    connection->socket = socket;
    connection->arena = arena;
    connection->input_capacity = INPUT_BYTES;
    connection->input = malloc(INPUT_BYTES);
    connection->output_arena = arena_try_new(arena, NULL, "output");
    if (connection->input == NULL || connection->output_arena == NULL) {
        free(connection->input);
        arena_free(connection->output_arena);
        free(connection);
        return NULL;
    }
    strbuf_init(&connection->output, connection->output_arena);
    note_peer(connection);
    return connection;
}

void connection_free(Connection *connection)
{
    if (connection == NULL)
        return;
    close(connection->socket);
    free(connection->input);
    arena_free(connection->output_arena);
    free(connection);
}

Arena *connection_arena(Connection *connection)
{
    return connection->arena;
}

const char *connection_peer(const Connection *connection, int32_t *port_out)
{
    *port_out = connection->peer_port;
    return connection->peer;
}

void connection_wake(void *connection)
{
    shutdown(((Connection *)connection)->socket, SHUT_RD);
}

bool connection_is_broken(const Connection *connection)
{
    return connection->broken;
}

/* ---- in ---------------------------------------------------------------------------------------------------------------- */

static size_t unread(const Connection *connection)
{
    return connection->input_end - connection->input_start;
}

/* Room for size unread bytes from input_start on: moves them to the front, grows the buffer. */
static Status make_room(Connection *connection, size_t size, Fault *fault)
{
    uint8_t *grown;

    if (connection->input_capacity - connection->input_start >= size)
        return STATUS_OK;
    memmove(connection->input, connection->input + connection->input_start, unread(connection));
    connection->input_end -= connection->input_start;
    connection->input_start = 0;
    if (connection->input_capacity >= size)
        return STATUS_OK;
    grown = realloc(connection->input, size);
    if (grown == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a message of %zu bytes", size);
    connection->input = grown;
    connection->input_capacity = size;
    return STATUS_OK;
}

/* A large message's buffer is not kept by an idle connection. */
static void shrink_input(Connection *connection)
{
    uint8_t *small;

    if (connection->input_start == connection->input_end)
        connection->input_start = connection->input_end = 0;
    if (connection->input_capacity <= 4 * INPUT_BYTES || connection->input_end != 0)
        return;
    small = realloc(connection->input, INPUT_BYTES);
    if (small != NULL) {
        connection->input = small;
        connection->input_capacity = INPUT_BYTES;
    }
}

static Status wait_readable(Connection *connection, uint32_t timeout_ms, Fault *fault)
{
    struct pollfd poll_for = {.fd = connection->socket, .events = POLLIN};
    int           ready;

    do
        ready = poll(&poll_for, 1, timeout_ms == 0 ? -1 : (int)timeout_ms);
    while (ready < 0 && errno == EINTR);
    if (ready == 0)
        return FAULT(fault, STATUS_LOCK_NOT_AVAILABLE, 0, "no message in time");
    return STATUS_OK;
}

/* Reads until size unread bytes are there. */
static Status fill(Connection *connection, size_t size, uint32_t timeout_ms, Fault *fault)
{
    TRY(make_room(connection, size, fault));
    while (unread(connection) < size) {
        ssize_t got;

        if (timeout_ms != 0)
            TRY(wait_readable(connection, timeout_ms, fault));
        got = recv(connection->socket, connection->input + connection->input_end,
                   connection->input_capacity - connection->input_end, 0);
        if (got > 0) {
            connection->input_end += (size_t)got;
            continue;
        }
        if (got < 0 && errno == EINTR)
            continue;
        connection->broken = true;
        return FAULT(fault, STATUS_CLOSED, got < 0 ? errno : 0, "the client closed the connection");
    }
    return STATUS_OK;
}

Status connection_read_startup(Connection *connection, Slice *payload_out, Fault *fault)
{
    uint32_t size;

    TRY(fill(connection, 4, 0, fault));
    size = get_be32(connection->input + connection->input_start);
    if (size < 8 || size > STARTUP_MAX_BYTES)
        return FAULT(fault, STATUS_FORMAT, 0, "invalid length of startup packet");
    TRY(fill(connection, size, 0, fault));
    *payload_out = slice_of(connection->input + connection->input_start + 4, size - 4);
    connection->input_start += size;
    return STATUS_OK;
}

Status connection_read(Connection *connection, uint32_t timeout_ms, char *type_out, Slice *payload_out, Fault *fault)
{
    uint32_t size;

    shrink_input(connection);
    TRY(fill(connection, 5, timeout_ms, fault));
    size = get_be32(connection->input + connection->input_start + 1);
    if (size < 4 || size > MESSAGE_MAX_BYTES) {
        connection->broken = true;
        return FAULT(fault, STATUS_FORMAT, 0, "invalid message length");
    }
    TRY(fill(connection, (size_t)size + 1, 0, fault));
    *type_out = (char)connection->input[connection->input_start];
    *payload_out = slice_of(connection->input + connection->input_start + 5, size - 4);
    connection->input_start += (size_t)size + 1;
    return STATUS_OK;
}

bool connection_has_message(const Connection *connection)
{
    return unread(connection) >= 5 &&
           unread(connection) >= (size_t)get_be32(connection->input + connection->input_start + 1) + 1;
}

/* ---- out --------------------------------------------------------------------------------------------------------------- */

StrBuf *message_begin(Connection *connection, char type)
{
    connection->message_start = connection->output.size;
    connection->in_message = true;
    strbuf_append_char(&connection->output, type);
    message_int32(&connection->output, 0);
    return &connection->output;
}

void message_end(Connection *connection)
{
    size_t size = connection->output.size - connection->message_start - 1;

    put_be32(connection->output.data + connection->message_start + 1, (uint32_t)size);
    connection->in_message = false;
}

void message_abandon(Connection *connection)
{
    if (connection->in_message)
        connection->output.size = connection->message_start;
    connection->in_message = false;
}

void connection_put_byte(Connection *connection, char byte)
{
    strbuf_append_char(&connection->output, byte);
}

Status connection_flush(Connection *connection, Fault *fault)
{
    size_t sent = 0;

    while (sent < connection->output.size && !connection->broken) {
        ssize_t wrote = send(connection->socket, connection->output.data + sent, connection->output.size - sent, MSG_NOSIGNAL);

        if (wrote > 0)
            sent += (size_t)wrote;
        else if (errno != EINTR)
            connection->broken = true;
    }
    if (connection->output.capacity > OUTPUT_KEEP_BYTES) {
        arena_reset(connection->output_arena);
        strbuf_init(&connection->output, connection->output_arena);
    } else {
        strbuf_clear(&connection->output);
    }
    if (connection->broken)
        return FAULT(fault, STATUS_CLOSED, errno, "the client closed the connection");
    return STATUS_OK;
}

void connection_relieve(Connection *connection)
{
    if (connection->output.size >= OUTPUT_SEND_BYTES && connection_flush(connection, NULL) != STATUS_OK)
        return; /* broken: the reader will see it */
}

/* ---- taking a payload apart ------------------------------------------------------------------------------------------- */

static noreturn void raise_short(void)
{
    raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
}

uint8_t read_byte(MessageReader *reader)
{
    if (reader->end == reader->at)
        raise_short();
    return *reader->at++;
}

int16_t read_int16(MessageReader *reader)
{
    int16_t value;

    if (reader->end - reader->at < 2)
        raise_short();
    value = (int16_t)get_be16(reader->at);
    reader->at += 2;
    return value;
}

int32_t read_int32(MessageReader *reader)
{
    int32_t value;

    if (reader->end - reader->at < 4)
        raise_short();
    value = (int32_t)get_be32(reader->at);
    reader->at += 4;
    return value;
}

const char *read_string(MessageReader *reader)
{
    const char    *text = (const char *)reader->at;
    const uint8_t *zero = reader->at == reader->end ? NULL : memchr(reader->at, 0, (size_t)(reader->end - reader->at));

    if (zero == NULL)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "invalid string in message");
    reader->at = zero + 1;
    return text;
}

Slice read_bytes(MessageReader *reader, size_t size)
{
    Slice bytes = slice_of(reader->at, size);

    if ((size_t)(reader->end - reader->at) < size)
        raise_short();
    reader->at += size;
    return bytes;
}

void read_end(const MessageReader *reader)
{
    if (reader->at != reader->end)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "invalid message format");
}
