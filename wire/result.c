/*
 * result.c - see result.h.
 */
#include "wire/result.h"

#include "base/bytes.h"
#include "executor/analyze/analyze.h"

ResultFormat *result_formats(Session *session, Arena *arena, const ResultColumn *columns, int32_t column_count,
                             const int16_t *codes, int32_t code_count)
{
    ResultFormat *formats = ARENA_ARRAY(arena, column_count, ResultFormat);

    if (code_count > 1 && code_count != column_count)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "bind message has %d result formats but query has %d columns", (int)code_count,
                    (int)column_count);
    for (int32_t i = 0; i < column_count; i++) {
        int16_t code = code_count == 0 ? 0 : codes[code_count == 1 ? 0 : i];

        if (code != 0 && code != 1)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unsupported format code: %d", code);
        formats[i].type = type_lookup(session, arena, columns[i].type);
        formats[i].binary = code == 1;
        if (formats[i].type == NULL || (code == 1 ? (void *)formats[i].type->send : (void *)formats[i].type->output) == NULL)
            raise_error(SQLSTATE_UNDEFINED_FUNCTION, "no %s output function available for type %s", code == 1 ? "binary" : "text",
                        type_format(arena, columns[i].type, -1));
    }
    return formats;
}

void send_row_description(Connection *connection, Session *session, Arena *arena, const ResultColumn *columns, int32_t column_count,
                          const ResultFormat *formats)
{
    StrBuf *out = message_begin(connection, 'T');

    message_int16(out, (int16_t)column_count);
    for (int32_t i = 0; i < column_count; i++) {
        const TypeInfo *type = type_lookup(session, arena, columns[i].type);

        message_string(out, columns[i].name != NULL ? columns[i].name : "?column?");
        message_int32(out, (int32_t)columns[i].origin_table);
        message_int16(out, columns[i].origin_column);
        message_int32(out, (int32_t)columns[i].type);
        message_int16(out, type != NULL ? type->length : -1);
        message_int32(out, columns[i].typmod);
        message_int16(out, formats != NULL && formats[i].binary);
    }
    message_end(connection);
}

static void append_value(StrBuf *out, const ResultFormat *format, const void *element, const TypeContext *ctx)
{
    size_t start = out->size;

    message_int32(out, 0);
    if (format->binary)
        format->type->send(format->type, element, ctx, out);
    else
        format->type->output(format->type, element, ctx, out);
    put_be32(out->data + start, (uint32_t)(out->size - start - 4));
}

void send_rows(Connection *connection, const Batch *batch, const ResultFormat *formats, int32_t column_count, const TypeContext *ctx)
{
    for (int32_t column = 0; column < column_count; column++)
        vector_load(batch->columns[column], batch->sel, batch->count);
    for (int32_t i = 0; i < batch->count; i++) {
        int32_t row = sel_row(batch->sel, i);
        StrBuf *out = message_begin(connection, 'D');

        message_int16(out, (int16_t)column_count);
        for (int32_t column = 0; column < column_count; column++) {
            const Vector *vector = batch->columns[column];

            if (vector_is_valid(vector, row))
                append_value(out, &formats[column], vector_element(vector, row), ctx);
            else
                message_int32(out, -1);
        }
        message_end(connection);
        connection_relieve(connection);
    }
}

/* ---- errors ------------------------------------------------------------------------------------------------------------ */

static void append_field(StrBuf *out, char code, const char *text)
{
    if (text == NULL)
        return;
    strbuf_append_char(out, code);
    message_string(out, text);
}

/* Characters of UTF-8 up to a byte offset, counted from 1 as clients want it. */
static int character_position(const char *text, int byte_offset)
{
    int characters = 1;

    for (int i = 0; i < byte_offset && text[i] != '\0'; i++)
        characters += ((unsigned char)text[i + 1] & 0xc0) != 0x80;
    return characters;
}

static void append_error(StrBuf *out, const char *severity, const Error *err, const char *text)
{
    append_field(out, 'S', severity);
    append_field(out, 'V', severity);
    append_field(out, 'C', sqlstate_code(err->sqlstate));
    append_field(out, 'M', err->message);
    append_field(out, 'D', err->detail);
    append_field(out, 'H', err->hint);
    if (err->position >= 0 && text != NULL) {
        char number[16];
        int  position = character_position(text, err->position);
        int  size = 0;

        do /* digits in reverse, then turned: no formatting that could fail */
            number[size++] = (char)('0' + position % 10);
        while ((position /= 10) != 0);
        strbuf_append_char(out, 'P');
        while (size > 0)
            strbuf_append_char(out, number[--size]);
        strbuf_append_char(out, '\0');
    }
    append_field(out, 'W', err->context);
    append_field(out, 's', err->schema_name);
    append_field(out, 't', err->table_name);
    append_field(out, 'c', err->column_name);
    append_field(out, 'd', err->datatype_name);
    append_field(out, 'n', err->constraint_name);
    strbuf_append_char(out, '\0');
}

typedef struct ErrorCall {
    Connection  *connection;
    const Error *err;
    const char  *text;
} ErrorCall;

static void send_error_body(void *arg)
{
    ErrorCall *call = arg;
    StrBuf    *out;

    message_abandon(call->connection);
    out = message_begin(call->connection, 'E');
    append_error(out, call->err->severity == SEVERITY_FATAL ? "FATAL" : "ERROR", call->err, call->text);
    message_end(call->connection);
}

void send_error(Connection *connection, const Error *err, const char *text)
{
    ErrorCall call = {connection, err, text};

    if (error_catch(send_error_body, &call) != NULL)
        message_abandon(connection); /* no memory even for that: the client sees the connection end */
}

void send_notice(Connection *connection, NoticeSeverity severity, const Error *notice)
{
    static const char *const names[] = {
        [NOTICE_DEBUG] = "DEBUG", [NOTICE_LOG] = "LOG", [NOTICE_INFO] = "INFO", [NOTICE_NOTICE] = "NOTICE", [NOTICE_WARNING] = "WARNING"};
    StrBuf *out = message_begin(connection, 'N');

    append_error(out, names[severity], notice, NULL);
    message_end(connection);
}

/* ---- small messages -------------------------------------------------------------------------------------------------------- */

void send_command_complete(Connection *connection, const char *tag)
{
    message_string(message_begin(connection, 'C'), tag);
    message_end(connection);
}

void send_empty(Connection *connection, char type)
{
    message_begin(connection, type);
    message_end(connection);
}

void send_ready(Connection *connection, TransactionState state)
{
    StrBuf *out = message_begin(connection, 'Z');

    strbuf_append_char(out, state == TRANSACTION_IDLE ? 'I' : state == TRANSACTION_BLOCK ? 'T' : 'E');
    message_end(connection);
}

void send_parameter_status(Connection *connection, const char *name, const char *value)
{
    StrBuf *out = message_begin(connection, 'S');

    message_string(out, name);
    message_string(out, value);
    message_end(connection);
}
