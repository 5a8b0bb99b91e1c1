/*
 * copy_options.h - the options of COPY, checked together as PostgreSQL does.
 */
#ifndef EXECUTOR_COPY_COPY_OPTIONS_H
#define EXECUTOR_COPY_COPY_OPTIONS_H

#include "executor/copy/copy.h"
#include "parser/ast.h"

typedef enum CopyFormat { COPY_TEXT, COPY_CSV, COPY_BINARY } CopyFormat;
typedef enum CopyHeader { COPY_HEADER_NONE, COPY_HEADER_LINE, COPY_HEADER_MATCH } CopyHeader;

typedef struct CopyOptions {
    CopyFormat      format;
    CopyHeader      header;
    char            delimiter, quote, escape;
    Slice           null_text;
    bool            force_quote_all;
    const NodeList *force_quote, *force_not_null, *force_null; /* column names */
} CopyOptions;

void copy_options_parse(const CopyStmt *stmt, CopyOptions *out);

/* One column that takes part, in the order of the column list. */
typedef struct CopyColumn {
    const char     *name;
    int32_t         attribute; /* number - 1; -1: a query's column */
    const TypeInfo *type;
    int32_t         typmod;
    bool            force_quote, force_not_null, force_null;
} CopyColumn;

/* The columns of a relation that the statement names, or all that can take part. */
CopyColumn *copy_columns(Session *session, Arena *arena, const RelationDesc *table, const CopyStmt *stmt, const CopyOptions *options, int32_t *count_out);

/* Marks the columns named by FORCE_QUOTE and its kin. */
void copy_mark_forced(const CopyOptions *options, CopyColumn *columns, int32_t count);

#endif
