/*
 * copy_parse.h - COPY's text and csv forms: where lines end in a stream of chunks, and the fields of a line.
 *
 * Raises      22P04 for malformed lines.
 */
#ifndef EXECUTOR_COPY_COPY_PARSE_H
#define EXECUTOR_COPY_COPY_PARSE_H

#include "executor/copy/copy_options.h"

/* Finds line ends over chunk boundaries: what was looked at stays looked at. */
typedef struct LineScanner {
    const CopyOptions *options;
    size_t             at;        /* bytes of the pending text that were looked at */
    bool               in_quotes; /* csv */
    bool               escaped;   /* the byte at `at` is escaped */
} LineScanner;

/* The length of the first line of text without its newline, or -1 when it does not end yet. Resets the scanner when found. */
int64_t line_scan(LineScanner *scanner, Slice text);

/* One field of a line. */
typedef struct CopyField {
    Slice text;
    bool  is_null;
} CopyField;

typedef struct CopyFields {
    int32_t    count, capacity;
    CopyField *items;
} CopyFields;

/* Splits a line (writable: escapes are undone in place). Fields are views of it. arena: the fields array. */
void copy_split(const CopyOptions *options, uint8_t *line, size_t size, Arena *arena, CopyFields *fields);

#endif
