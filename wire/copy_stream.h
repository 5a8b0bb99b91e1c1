/*
 * copy_stream.h - COPY over the protocol: CopyIn and CopyOut modes.
 *
 * Raises      what COPY raises; 57014 when the client sends CopyFail; 08P01 for messages that do not belong there.
 */
#ifndef WIRE_COPY_STREAM_H
#define WIRE_COPY_STREAM_H

#include "executor/session.h"
#include "parser/ast.h"
#include "wire/connection.h"

/* Runs COPY FROM STDIN or TO STDOUT to its end; session->rows_affected is the number of rows. */
void copy_stream_run(Connection *connection, Session *session, Arena *arena, const CopyStmt *stmt);

#endif
