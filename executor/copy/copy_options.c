/*
 * copy_options.c - reading and checking COPY's options and column lists.
 */
#include "executor/copy/copy_options.h"

#include "executor/analyze/analyze.h"

#include <strings.h>

static noreturn void raise_at(Sqlstate sqlstate, const DefElem *option, const char *format, const char *name)
{
    Error *err = error_new(sqlstate, format, name);

    error_position(err, option->node.location);
    error_raise(err);
}

static const char *text_value(const DefElem *option)
{
    if (option->arg == NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, option, "%s requires a parameter", option->defname);
    switch (option->arg->tag) {
    case NODE_STRING:
        return ((const String *)option->arg)->sval;
    case NODE_BOOLEAN:
        return ((const Boolean *)option->arg)->boolval ? "true" : "false";
    default:
        raise_at(SQLSTATE_SYNTAX_ERROR, option, "%s requires a parameter", option->defname);
    }
}

static CopyHeader header_value(const DefElem *option, bool is_from)
{
    const char *text;

    if (option->arg == NULL)
        return COPY_HEADER_LINE;
    if (option->arg->tag == NODE_INTEGER) {
        int32_t value = ((const Integer *)option->arg)->ival;

        if (value == 0 || value == 1)
            return value == 1 ? COPY_HEADER_LINE : COPY_HEADER_NONE;
    } else {
        text = text_value(option);
        if (strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0)
            return COPY_HEADER_LINE;
        if (strcasecmp(text, "false") == 0 || strcasecmp(text, "off") == 0)
            return COPY_HEADER_NONE;
        if (strcasecmp(text, "match") == 0) {
            if (!is_from)
                raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot use \"%s\" with HEADER in COPY TO", text);
            return COPY_HEADER_MATCH;
        }
    }
    raise_error(SQLSTATE_SYNTAX_ERROR, "%s requires a Boolean value or \"match\"", option->defname);
}

typedef struct Given {
    const char *delimiter, *null_text, *quote, *escape;
    bool        format, header, freeze;
} Given;

static const char *once(const DefElem *option, const char *before)
{
    if (before != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, option, "conflicting or redundant options%s", "");
    return text_value(option);
}

static const NodeList *name_list(const DefElem *option, const NodeList *before)
{
    if (before != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, option, "conflicting or redundant options%s", "");
    if (option->arg == NULL || option->arg->tag != NODE_LIST)
        raise_at(SQLSTATE_INVALID_PARAMETER_VALUE, option, "argument to option \"%s\" must be a list of column names", option->defname);
    return (const NodeList *)option->arg;
}

static void read_format(const DefElem *option, CopyOptions *out, Given *given)
{
    const char *text = once(option, given->format ? "" : NULL);

    given->format = true;
    if (strcmp(text, "text") == 0)
        out->format = COPY_TEXT;
    else if (strcmp(text, "csv") == 0)
        out->format = COPY_CSV;
    else if (strcmp(text, "binary") == 0)
        out->format = COPY_BINARY;
    else
        raise_at(SQLSTATE_INVALID_PARAMETER_VALUE, option, "COPY format \"%s\" not recognized", text);
}

static void read_encoding(const DefElem *option)
{
    const char *text = text_value(option);

    if (strcasecmp(text, "utf8") != 0 && strcasecmp(text, "utf-8") != 0 && strcasecmp(text, "unicode") != 0 && strcasecmp(text, "sql_ascii") != 0)
        raise_at(SQLSTATE_INVALID_PARAMETER_VALUE, option, "argument to option \"%s\" must be a valid encoding name", option->defname);
}

static void read_option(const CopyStmt *stmt, const DefElem *option, CopyOptions *out, Given *given)
{
    const char *name = option->defname;

    if (strcmp(name, "format") == 0) {
        read_format(option, out, given);
    } else if (strcmp(name, "freeze") == 0) {
        given->freeze = true; /* rows are visible when they are committed, and never rewritten: nothing to do */
    } else if (strcmp(name, "delimiter") == 0) {
        given->delimiter = once(option, given->delimiter);
    } else if (strcmp(name, "null") == 0) {
        given->null_text = once(option, given->null_text);
    } else if (strcmp(name, "header") == 0) {
        if (given->header)
            raise_at(SQLSTATE_SYNTAX_ERROR, option, "conflicting or redundant options%s", "");
        given->header = true;
        out->header = header_value(option, stmt->is_from);
    } else if (strcmp(name, "quote") == 0) {
        given->quote = once(option, given->quote);
    } else if (strcmp(name, "escape") == 0) {
        given->escape = once(option, given->escape);
    } else if (strcmp(name, "force_quote") == 0) {
        if (option->arg != NULL && option->arg->tag == NODE_A_STAR)
            out->force_quote_all = true;
        else
            out->force_quote = name_list(option, out->force_quote);
    } else if (strcmp(name, "force_not_null") == 0) {
        out->force_not_null = name_list(option, out->force_not_null);
    } else if (strcmp(name, "force_null") == 0) {
        out->force_null = name_list(option, out->force_null);
    } else if (strcmp(name, "encoding") == 0) {
        read_encoding(option);
    } else {
        raise_at(SQLSTATE_SYNTAX_ERROR, option, "option \"%s\" not recognized", name);
    }
}

static void check_text_rules(const CopyOptions *options, const Given *given)
{
    if (given->delimiter != NULL && strlen(given->delimiter) != 1)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY delimiter must be a single one-byte character");
    if (options->delimiter == '\r' || options->delimiter == '\n')
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "COPY delimiter cannot be newline or carriage return");
    if (memchr(options->null_text.data, '\r', options->null_text.size) != NULL || memchr(options->null_text.data, '\n', options->null_text.size) != NULL)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "COPY null representation cannot use newline or carriage return");
    if (options->format != COPY_CSV && strchr("\\.abcdefghijklmnopqrstuvwxyz0123456789", options->delimiter) != NULL)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "COPY delimiter cannot be \"%c\"", options->delimiter);
}

static void check_csv_rules(const CopyStmt *stmt, const CopyOptions *options, const Given *given)
{
    bool csv = options->format == COPY_CSV;

    if (!csv && given->quote != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY quote available only in CSV mode");
    if (given->quote != NULL && strlen(given->quote) != 1)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY quote must be a single one-byte character");
    if (csv && options->delimiter == options->quote)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
    if (!csv && given->escape != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY escape available only in CSV mode");
    if (given->escape != NULL && strlen(given->escape) != 1)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY escape must be a single one-byte character");
    if (!csv && (options->force_quote != NULL || options->force_quote_all))
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY force quote available only in CSV mode");
    if (stmt->is_from && (options->force_quote != NULL || options->force_quote_all))
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY force quote only available using COPY TO");
    if (!csv && options->force_not_null != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY force not null available only in CSV mode");
    if (!stmt->is_from && options->force_not_null != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY force not null only available using COPY FROM");
    if (!csv && options->force_null != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY force null available only in CSV mode");
    if (!stmt->is_from && options->force_null != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY force null only available using COPY FROM");
    if (memchr(options->null_text.data, options->delimiter, options->null_text.size) != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY delimiter must not appear in the NULL specification");
    if (csv && memchr(options->null_text.data, options->quote, options->null_text.size) != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "CSV quote character must not appear in the NULL specification");
}

void copy_options_parse(const CopyStmt *stmt, CopyOptions *out)
{
    Given given = {0};

    *out = (CopyOptions){0};
    for (int32_t i = 0; i < list_count(stmt->options); i++)
        read_option(stmt, (const DefElem *)stmt->options->items[i], out, &given);
    if (out->format == COPY_BINARY) {
        if (given.delimiter != NULL)
            raise_error(SQLSTATE_SYNTAX_ERROR, "cannot specify DELIMITER in BINARY mode");
        if (given.null_text != NULL)
            raise_error(SQLSTATE_SYNTAX_ERROR, "cannot specify NULL in BINARY mode");
        if (out->header != COPY_HEADER_NONE)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot specify HEADER in BINARY mode");
    }
    out->delimiter = given.delimiter != NULL ? given.delimiter[0] : out->format == COPY_CSV ? ',' : '\t';
    out->null_text = slice_from_cstring(given.null_text != NULL ? given.null_text : out->format == COPY_CSV ? "" : "\\N");
    out->quote = given.quote != NULL ? given.quote[0] : '"';
    out->escape = given.escape != NULL ? given.escape[0] : out->quote;
    check_text_rules(out, &given);
    check_csv_rules(stmt, out, &given);
}

/* ---- columns ----------------------------------------------------------------------------------------------------------------------- */

static const ColumnDesc *find_column(const RelationDesc *table, const char *name)
{
    for (int32_t i = 0; i < table->column_count; i++)
        if (!table->columns[i].dropped && strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, table->head.name);
}

CopyColumn *copy_columns(Session *session, Arena *arena, const RelationDesc *table, const CopyStmt *stmt, const CopyOptions *options, int32_t *count_out)
{
    int32_t     wanted = stmt->attlist != NULL ? stmt->attlist->count : table->column_count, count = 0;
    CopyColumn *columns = ARENA_ARRAY_ZEROED(arena, (size_t)MAX(wanted, 1), CopyColumn);

    for (int32_t i = 0; i < wanted; i++) {
        const ColumnDesc *column = stmt->attlist != NULL ? find_column(table, ((const String *)stmt->attlist->items[i])->sval) : &table->columns[i];

        if (column->dropped || (stmt->attlist == NULL && column->generated != 0))
            continue;
        if (column->generated != 0) {
            Error *err = error_new(SQLSTATE_INVALID_COLUMN_REFERENCE, "column \"%s\" is a generated column", column->name);

            error_detail(err, "Generated columns cannot be used in COPY.");
            error_raise(err);
        }
        for (int32_t k = 0; k < count; k++)
            if (columns[k].attribute == column->number - 1)
                raise_error(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", column->name);
        columns[count++] = (CopyColumn){.name = column->name, .attribute = column->number - 1, .type = type_lookup(session, arena, column->type), .typmod = column->typmod};
    }
    copy_mark_forced(options, columns, count);
    *count_out = count;
    return columns;
}

static CopyColumn *named(CopyColumn *columns, int32_t count, const Node *name, const char *option)
{
    const char *text = ((const String *)name)->sval;

    for (int32_t i = 0; i < count; i++)
        if (strcmp(columns[i].name, text) == 0)
            return &columns[i];
    raise_error(SQLSTATE_INVALID_COLUMN_REFERENCE, "%s column \"%s\" not referenced by COPY", option, text);
}

void copy_mark_forced(const CopyOptions *options, CopyColumn *columns, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        columns[i].force_quote = options->force_quote_all;
    for (int32_t i = 0; i < list_count(options->force_quote); i++)
        named(columns, count, options->force_quote->items[i], "FORCE_QUOTE")->force_quote = true;
    for (int32_t i = 0; i < list_count(options->force_not_null); i++)
        named(columns, count, options->force_not_null->items[i], "FORCE_NOT_NULL")->force_not_null = true;
    for (int32_t i = 0; i < list_count(options->force_null); i++)
        named(columns, count, options->force_null->items[i], "FORCE_NULL")->force_null = true;
}
