/*
 * copy.h - COPY FROM and COPY TO: the text, csv and binary codecs, fed with and giving arbitrary chunks of bytes.
 *
 * Ownership   a CopyIn or CopyOut lives in the arena it was made in.
 * Threads     the session's.
 * Raises      everything; errors in data carry CONTEXT "COPY t, line 3, column b: ...".
 */
#ifndef EXECUTOR_COPY_COPY_H
#define EXECUTOR_COPY_COPY_H

#include "executor/session.h"
typedef struct CopyStmt CopyStmt; /* parser/ast_utility.h */

typedef struct CopyIn  CopyIn;
typedef struct CopyOut CopyOut;

/* ---- COPY ... FROM STDIN ---------------------------------------------------------------------------------------------- */

/* Checks the statement, binds it and makes ready for data. */
CopyIn *copy_in_start(Session *session, Arena *arena, const CopyStmt *stmt);
int16_t copy_in_column_count(const CopyIn *copy);
bool    copy_in_is_binary(const CopyIn *copy);
/* Any run of bytes; parses, converts and inserts what is complete. */
void    copy_in_data(CopyIn *copy, Slice bytes);
/* The end of the data: inserts the rest. Returns the number of rows. */
int64_t copy_in_end(CopyIn *copy);

/* ---- COPY ... TO STDOUT ------------------------------------------------------------------------------------------------ */

/* Called with each run of bytes; one call per row at least in the text forms (a CopyData message each). */
typedef void (*CopySink)(void *arg, Slice bytes);

CopyOut *copy_out_start(Session *session, Arena *arena, const CopyStmt *stmt);
int16_t  copy_out_column_count(const CopyOut *copy);
bool     copy_out_is_binary(const CopyOut *copy);
/* Runs to the end; returns the number of rows. */
int64_t  copy_out_run(CopyOut *copy, CopySink sink, void *arg);

/* COPY from or to a server file, superusers only: the whole statement. Returns the number of rows. */
int64_t copy_file(Session *session, Arena *arena, const CopyStmt *stmt);

#endif
