/*
 * result.h - what a client gets: row descriptions, rows, errors, notices.
 *
 * Raises      as the types' output functions and strbuf.h do; response_error() never.
 */
#ifndef WIRE_RESULT_H
#define WIRE_RESULT_H

#include "executor/plan/plan.h"
#include "executor/session.h"
#include "wire/connection.h"

/* How one result column is sent. */
typedef struct ResultFormat {
    const TypeInfo *type;
    bool            binary;
} ResultFormat;

/*
 * Formats for a result as Bind gives them: none (all text), one for all, or one each; another number raises 08P01, a code other
 * than 0 and 1 raises 22023.
 */
ResultFormat *result_formats(Session *session, Arena *arena, const ResultColumn *columns, int32_t column_count,
                             const int16_t *codes, int32_t code_count);

/* RowDescription; formats NULL: all text, as Describe of a statement says. */
void send_row_description(Connection *connection, Session *session, Arena *arena, const ResultColumn *columns, int32_t column_count,
                          const ResultFormat *formats);

/* Data rows for the live rows of a batch. ctx->arena is used for what output functions need. */
void send_rows(Connection *connection, const Batch *batch, const ResultFormat *formats, int32_t column_count, const TypeContext *ctx);

/* ErrorResponse; text: the statement, for turning a byte position into characters, or NULL. */
void send_error(Connection *connection, const Error *err, const char *text);
void send_notice(Connection *connection, NoticeSeverity severity, const Error *notice);

void send_command_complete(Connection *connection, const char *tag);
void send_empty(Connection *connection, char type); /* a message without payload: '1', '2', '3', 'n', 's', 'I' */
void send_ready(Connection *connection, TransactionState state);
void send_parameter_status(Connection *connection, const char *name, const char *value);

#endif
