/*
 * error.h - errors of SQL-level code: raised with a SQLSTATE, caught where a statement ends.
 *
 * Code in types/, parser/, executor/ and the statement part of wire/ builds an Error and raises it; control
 * goes to the innermost error_catch() of the thread. Memory and other resources are released by the arenas
 * that the catcher resets, so code between the two cleans nothing up.
 *
 *     Error *err = error_new(SQLSTATE_DIVISION_BY_ZERO, "division by zero");
 *     error_position(err, location);
 *     error_raise(err);
 *
 * Ownership   an Error belongs to its thread and is valid until that thread's next error_new(); texts are
 *             copied in. error_copy() keeps one longer. Works without any memory left: texts are then cut.
 * Threads     everything here concerns the calling thread only.
 * Rules       never raise through a library's frames, and never with a mutex held.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/arena.h"
#include "base/common.h"
#include "base/status.h"

typedef enum Sqlstate {
#define SQLSTATE(name, code) SQLSTATE_##name,
#include "base/sqlstate.def"
#undef SQLSTATE
    SQLSTATE_COUNT
} Sqlstate;

/* The five characters, zero-terminated. */
const char *sqlstate_code(Sqlstate state);

typedef enum ErrorSeverity {
    SEVERITY_ERROR, /* the statement ends */
    SEVERITY_FATAL, /* the session ends as well */
} ErrorSeverity;

typedef struct Error {
    Sqlstate      sqlstate;
    ErrorSeverity severity;
    const char   *message;  /* lower case, no full stop */
    const char   *detail;   /* sentences; NULL where there is none, like the rest */
    const char   *hint;
    const char   *context;
    int           position; /* byte offset into the statement's text, -1: none. The wire turns it into characters */
    const char   *schema_name;
    const char   *table_name;
    const char   *column_name;
    const char   *datatype_name;
    const char   *constraint_name;
} Error;

Error *error_new(Sqlstate sqlstate, const char *format, ...) PRINTF_LIKE(2, 3);
void   error_detail(Error *err, const char *format, ...) PRINTF_LIKE(2, 3);
void   error_hint(Error *err, const char *format, ...) PRINTF_LIKE(2, 3);
void   error_context(Error *err, const char *format, ...) PRINTF_LIKE(2, 3);
void   error_position(Error *err, int byte_offset); /* ignored when negative, or when a position is already set */
void   error_fatal(Error *err);

/* The object that a constraint or type error is about; any of them may be NULL. */
void error_object(Error *err, const char *schema, const char *table, const char *column, const char *constraint);
void error_datatype(Error *err, const char *schema, const char *datatype);

noreturn void error_raise(Error *err);

/* error_new() and error_raise() in one, for errors that are only a message. */
noreturn void raise_error(Sqlstate sqlstate, const char *format, ...) PRINTF_LIKE(2, 3);

/*
 * Runs body(arg) and returns NULL, or the error that ended it. The only setjmp of the program.
 * Locals that body shares with the caller travel through arg.
 */
Error *error_catch(void (*body)(void *arg), void *arg);

/* Frees the calling thread's record: called as a thread ends. */
void error_thread_end(void);

/* A copy whose texts live in arena. */
Error *error_copy(Arena *arena, const Error *err);

#endif
