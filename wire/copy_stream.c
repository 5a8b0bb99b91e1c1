/*
 * copy_stream.c - see copy_stream.h.
 */
#include "wire/copy_stream.h"

#include "executor/copy/copy.h"

static void send_copy_response(Connection *connection, char type, int16_t columns, bool binary)
{
    StrBuf *out = message_begin(connection, type);

    strbuf_append_char(out, binary);
    message_int16(out, columns);
    for (int16_t i = 0; i < columns; i++)
        message_int16(out, binary);
    message_end(connection);
}

static noreturn void raise_lost_client(void)
{
    Error *err = error_new(SQLSTATE_CONNECTION_FAILURE, "unexpected EOF on client connection with an open transaction");

    error_fatal(err);
    error_raise(err);
}

/* The next message of the data stream that means something; Flush and Sync are ignored in it. */
static char next_message(Connection *connection, Slice *payload)
{
    char  type;
    Fault fault;

    do {
        if (connection_read(connection, 0, &type, payload, &fault) != STATUS_OK)
            raise_lost_client();
        check_cancel();
    } while (type == 'H' || type == 'S');
    return type;
}

static void copy_from(Connection *connection, Session *session, Arena *arena, const CopyStmt *stmt)
{
    CopyIn *copy = copy_in_start(session, arena, stmt);
    Slice   payload;
    char    type;
    Fault   fault;

    send_copy_response(connection, 'G', copy_in_column_count(copy), copy_in_is_binary(copy));
    if (connection_flush(connection, &fault) != STATUS_OK)
        raise_lost_client();
    while ((type = next_message(connection, &payload)) == 'd')
        copy_in_data(copy, payload);
    if (type == 'f') {
        MessageReader reader = message_reader(payload);

        raise_error(SQLSTATE_QUERY_CANCELED, "COPY from stdin failed: %s", read_string(&reader));
    }
    if (type != 'c')
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "unexpected message type 0x%02X during COPY from stdin", (unsigned char)type);
    session->rows_affected = copy_in_end(copy);
}

static void send_copy_data(void *arg, Slice bytes)
{
    Connection *connection = arg;

    strbuf_append_slice(message_begin(connection, 'd'), bytes);
    message_end(connection);
    connection_relieve(connection);
    if (connection_is_broken(connection))
        raise_lost_client();
}

static void copy_to(Connection *connection, Session *session, Arena *arena, const CopyStmt *stmt)
{
    CopyOut *copy = copy_out_start(session, arena, stmt);

    send_copy_response(connection, 'H', copy_out_column_count(copy), copy_out_is_binary(copy));
    session->rows_affected = copy_out_run(copy, send_copy_data, connection);
    message_begin(connection, 'c');
    message_end(connection);
}

void copy_stream_run(Connection *connection, Session *session, Arena *arena, const CopyStmt *stmt)
{
    if (stmt->is_from)
        copy_from(connection, session, arena, stmt);
    else
        copy_to(connection, session, arena, stmt);
}
