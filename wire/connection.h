/*
 * connection.h - one client's socket: buffered messages in, buffered messages out.
 *
 * Messages of protocol v3 are framed here: a type byte, a length, a payload. After the first failed read or write the connection is
 * broken; later calls do nothing and say so.
 *
 * Ownership   connection_new() takes the socket; connection_free() closes it. A payload is valid until the next read.
 * Threads     one; connection_wake() from any.
 * Raises      the writers raise 53200 and 54000 like strbuf.h; the readers return a Status.
 */
#ifndef WIRE_CONNECTION_H
#define WIRE_CONNECTION_H

#include "base/status.h"
#include "base/strbuf.h"

typedef struct Connection Connection;

/* Nothing larger is accepted from a client before and after it is authenticated. */
enum { MESSAGE_MAX_BYTES = 0x3fffffff, STARTUP_MAX_BYTES = 10000 };

Connection *connection_new(int socket, Arena *arena); /* NULL: no memory; the socket is then still the caller's */
void        connection_free(Connection *connection);
Arena      *connection_arena(Connection *connection);

/* The peer as text; "" for a Unix socket. */
const char *connection_peer(const Connection *connection, int32_t *port_out);

/* Makes a blocked read return STATUS_CLOSED. */
void connection_wake(void *connection);

bool connection_is_broken(const Connection *connection);

/* ---- in ---------------------------------------------------------------------------------------------------------------- */

/* The first packet of a connection: no type byte. STATUS_CLOSED at once when the peer says nothing and goes. */
MUST_CHECK Status connection_read_startup(Connection *connection, Slice *payload_out, Fault *fault);

/*
 * The next message. timeout_ms 0: waits for ever; STATUS_LOCK_NOT_AVAILABLE when it passes. STATUS_FORMAT: a length that cannot
 * be; the connection is then out of step and must end.
 */
MUST_CHECK Status connection_read(Connection *connection, uint32_t timeout_ms, char *type_out, Slice *payload_out, Fault *fault);

/* Whether a whole message is there already: pipelining clients are answered in fewer writes. */
bool connection_has_message(const Connection *connection);

/* ---- out --------------------------------------------------------------------------------------------------------------- */

/* Starts a message; what is appended to the buffer until message_end() is its payload. */
StrBuf *message_begin(Connection *connection, char type);
void    message_end(Connection *connection);
/* Takes back a message that was begun and not ended, after an error; harmless when there is none. */
void    message_abandon(Connection *connection);

/* Sends what is buffered. */
MUST_CHECK Status connection_flush(Connection *connection, Fault *fault);
/* Sends when the buffer is large; failures show later, in connection_is_broken(). */
void connection_relieve(Connection *connection);
/* Raw bytes outside messages: the answer to SSLRequest. */
void connection_put_byte(Connection *connection, char byte);

static inline void message_int16(StrBuf *out, int16_t value)
{
    uint16_t wire = __builtin_bswap16((uint16_t)value);

    strbuf_append(out, &wire, sizeof wire);
}

static inline void message_int32(StrBuf *out, int32_t value)
{
    uint32_t wire = __builtin_bswap32((uint32_t)value);

    strbuf_append(out, &wire, sizeof wire);
}

static inline void message_string(StrBuf *out, const char *text)
{
    strbuf_append(out, text, strlen(text) + 1);
}

/* ---- taking a payload apart ------------------------------------------------------------------------------------------- */

/* A reader over a payload; going past its end raises 08P01 "invalid message format" or kin. */
typedef struct MessageReader {
    const uint8_t *at, *end;
} MessageReader;

static inline MessageReader message_reader(Slice payload)
{
    return (MessageReader){payload.data, payload.data + payload.size};
}

int16_t     read_int16(MessageReader *reader);
int32_t     read_int32(MessageReader *reader);
uint8_t     read_byte(MessageReader *reader);
const char *read_string(MessageReader *reader); /* a view into the payload */
Slice       read_bytes(MessageReader *reader, size_t size);
void        read_end(const MessageReader *reader);

#endif
