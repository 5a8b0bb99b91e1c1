/*
 * error.c - the thread's error record and the stack of its catchers.
 */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Texts live in a buffer of the record that grows by malloc; when that fails they go, cut, to the part of
 * the record that was set aside with the thread.
 */
enum {
    TEXT_COUNT_MAX = 12,
    SPARE_SIZE = 1024,
};

typedef struct ErrorRecord {
    Error  error;
    char  *texts[TEXT_COUNT_MAX]; /* malloc'd, freed when the record is used again */
    int    text_count;
    size_t spare_used;
    char   spare[SPARE_SIZE];
} ErrorRecord;

typedef struct Catcher Catcher;
struct Catcher {
    Catcher *outer;
    jmp_buf  where;
    Error   *error;
};

static _Thread_local ErrorRecord record;
static _Thread_local Catcher    *innermost;

static const char sqlstate_codes[SQLSTATE_COUNT][6] = {
#define SQLSTATE(name, code) [SQLSTATE_##name] = code,
#include "base/sqlstate.def"
#undef SQLSTATE
};

const char *sqlstate_code(Sqlstate state)
{
    ASSERT(state < SQLSTATE_COUNT);
    return sqlstate_codes[state];
}

static const char *format_into_spare(const char *format, va_list args)
{
    size_t room = SPARE_SIZE - record.spare_used;
    char  *text = record.spare + record.spare_used;
    int    written;

    if (room < 2)
        return "";
    written = vsnprintf(text, room, format, args);
    if (written < 0)
        return "";
    record.spare_used += MIN((size_t)written + 1, room);
    return text;
}

static const char *format_text(const char *format, va_list args)
{
    va_list     again;
    char       *text = NULL;
    const char *result;
    int         size;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, args);
    if (size >= 0 && record.text_count < TEXT_COUNT_MAX)
        text = malloc((size_t)size + 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)size + 1, format, again);
        record.texts[record.text_count++] = text;
        result = text;
    } else {
        result = format_into_spare(format, again);
    }
    va_end(again);
    return result;
}

static const char *keep_text(const char *format, ...) PRINTF_LIKE(1, 2);
static const char *keep_text(const char *format, ...)
{
    va_list     args;
    const char *text;

    va_start(args, format);
    text = format_text(format, args);
    va_end(args);
    return text;
}

static Error *start_record(Sqlstate sqlstate)
{
    error_thread_end();
    record.spare_used = 0;
    record.error = (Error){.sqlstate = sqlstate, .severity = SEVERITY_ERROR, .position = -1};
    return &record.error;
}

/*
 * Arguments of a new error may point into the texts of the one before it, so the message is formatted
 * before the old texts are freed.
 */
static Error *new_error(Sqlstate sqlstate, const char *format, va_list args)
{
    char   *message = NULL;
    va_list again;
    int     size;
    Error  *err;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size >= 0)
        message = malloc((size_t)size + 1);
    if (message == NULL) {
        err = start_record(sqlstate);
        err->message = format_into_spare(format, args);
        return err;
    }
    vsnprintf(message, (size_t)size + 1, format, args);
    err = start_record(sqlstate);
    record.texts[record.text_count++] = message;
    err->message = message;
    return err;
}

Error *error_new(Sqlstate sqlstate, const char *format, ...)
{
    va_list args;
    Error  *err;

    va_start(args, format);
    err = new_error(sqlstate, format, args);
    va_end(args);
    return err;
}

#define DEFINE_ERROR_TEXT(function, member)                \
    void function(Error *err, const char *format, ...)     \
    {                                                      \
        va_list args;                                      \
        va_start(args, format);                            \
        err->member = format_text(format, args);           \
        va_end(args);                                      \
    }
DEFINE_ERROR_TEXT(error_detail, detail)
DEFINE_ERROR_TEXT(error_hint, hint)
DEFINE_ERROR_TEXT(error_context, context)
#undef DEFINE_ERROR_TEXT

void error_position(Error *err, int byte_offset)
{
    if (byte_offset >= 0 && err->position < 0)
        err->position = byte_offset;
}

void error_fatal(Error *err)
{
    err->severity = SEVERITY_FATAL;
}

static const char *keep_name(const char *name)
{
    return name == NULL ? NULL : keep_text("%s", name);
}

void error_object(Error *err, const char *schema, const char *table, const char *column, const char *constraint)
{
    err->schema_name = keep_name(schema);
    err->table_name = keep_name(table);
    err->column_name = keep_name(column);
    err->constraint_name = keep_name(constraint);
}

void error_datatype(Error *err, const char *schema, const char *datatype)
{
    err->schema_name = keep_name(schema);
    err->datatype_name = keep_name(datatype);
}

noreturn void error_raise(Error *err)
{
    if (innermost == NULL)
        panic("error outside any statement: %s", err->message);
    innermost->error = err;
    longjmp(innermost->where, 1);
}

noreturn void raise_error(Sqlstate sqlstate, const char *format, ...)
{
    va_list args;
    Error  *err;

    va_start(args, format);
    err = new_error(sqlstate, format, args);
    va_end(args);
    error_raise(err);
}

Error *error_catch(void (*body)(void *arg), void *arg)
{
    Catcher catcher = {.outer = innermost};

    innermost = &catcher;
    if (_setjmp(catcher.where) == 0)
        body(arg);
    innermost = catcher.outer;
    return catcher.error;
}

void error_thread_end(void)
{
    while (record.text_count > 0)
        free(record.texts[--record.text_count]);
}

static const char *copy_text(Arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strdup(arena, text);
}

Error *error_copy(Arena *arena, const Error *err)
{
    Error *copy = ARENA_NEW(arena, Error);

    *copy = *err;
    copy->message = copy_text(arena, err->message);
    copy->detail = copy_text(arena, err->detail);
    copy->hint = copy_text(arena, err->hint);
    copy->context = copy_text(arena, err->context);
    copy->schema_name = copy_text(arena, err->schema_name);
    copy->table_name = copy_text(arena, err->table_name);
    copy->column_name = copy_text(arena, err->column_name);
    copy->datatype_name = copy_text(arena, err->datatype_name);
    copy->constraint_name = copy_text(arena, err->constraint_name);
    return copy;
}
