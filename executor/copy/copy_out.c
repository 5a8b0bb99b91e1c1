/*
 * copy_out.c - COPY TO: rows of a query to the text, csv or binary form; COPY with server files.
 */
#include "base/file.h"
#include "executor/analyze/analyze.h"
#include "executor/copy/copy_options.h"
#include "executor/exec/execute.h"
#include "executor/plan/planner.h"
#include "executor/store/store.h"
#include "parser/parser.h"

struct CopyOut {
    Session          *session;
    Arena            *arena;
    Arena            *row_arena;
    CopyOptions       options;
    CopyColumn       *columns;
    int32_t           column_count;
    Execution        *execution;
};

static void append_identifier(StrBuf *out, const char *name)
{
    strbuf_append_char(out, '"');
    for (; *name != '\0'; name++) {
        if (*name == '"')
            strbuf_append_char(out, '"');
        strbuf_append_char(out, *name);
    }
    strbuf_append_char(out, '"');
}

/* COPY t TO is COPY (SELECT columns FROM ONLY t) TO. */
static const Node *select_from(Session *session, Arena *arena, const RelationDesc *table, const CopyColumn *columns, int32_t count)
{
    const Desc *schema = store_desc_by_oid(session, arena, DESC_SCHEMA, table->head.parent);
    StrBuf      sql;

    strbuf_init(&sql, arena);
    strbuf_append_cstring(&sql, "SELECT ");
    for (int32_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_append_cstring(&sql, ", ");
        append_identifier(&sql, columns[i].name);
    }
    strbuf_append_cstring(&sql, " FROM ONLY ");
    if (schema != NULL) {
        append_identifier(&sql, schema->name);
        strbuf_append_char(&sql, '.');
    }
    append_identifier(&sql, table->head.name);
    return list_at(parse_sql(arena, strbuf_slice(&sql)), 0);
}

static void check_table(const RelationDesc *table)
{
    const char *what = table->relkind == 'v' ? "view" : table->relkind == 'm' ? "materialized view" : table->relkind == 'S' ? "sequence" : NULL;

    if (what != NULL) {
        Error *err = error_new(SQLSTATE_WRONG_OBJECT_TYPE, "cannot copy from %s \"%s\"", what, table->head.name);

        if (table->relkind != 'S')
            error_hint(err, "Try the COPY (SELECT ...) TO variant.");
        error_raise(err);
    }
}

CopyOut *copy_out_start(Session *session, Arena *arena, const CopyStmt *stmt)
{
    CopyOut                *copy = ARENA_NEW(arena, CopyOut);
    const Node             *query = stmt->query;
    const PlannedStatement *planned;
    ParamTypes              none = {0};

    copy->session = session;
    copy->arena = arena;
    copy->row_arena = arena_new(arena, NULL, "copy row");
    copy_options_parse(stmt, &copy->options);
    if (stmt->relation != NULL) {
        const RelationDesc *table = analyze_relation(session, arena, stmt->relation, false);

        check_table(table);
        copy->columns = copy_columns(session, arena, table, stmt, &copy->options, &copy->column_count);
        query = select_from(session, arena, table, copy->columns, copy->column_count);
    }
    planned = plan_query(session, arena, analyze_statement(session, arena, query, &none));
    if (stmt->relation == NULL) {
        if (!planned->returns_rows)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
        copy->column_count = planned->result_count;
        copy->columns = ARENA_ARRAY_ZEROED(arena, (size_t)copy->column_count + 1, CopyColumn);
        for (int32_t i = 0; i < copy->column_count; i++)
            copy->columns[i] = (CopyColumn){.name = planned->results[i].name, .attribute = -1, .type = type_lookup(session, arena, planned->results[i].type)};
        copy_mark_forced(&copy->options, copy->columns, copy->column_count);
    }
    copy->execution = execution_start(session, arena, planned, NULL);
    return copy;
}

int16_t copy_out_column_count(const CopyOut *copy)
{
    return (int16_t)copy->column_count;
}

bool copy_out_is_binary(const CopyOut *copy)
{
    return copy->options.format == COPY_BINARY;
}

/* ---- forms --------------------------------------------------------------------------------------------------------------------------- */

static void append_text(StrBuf *out, Slice text, char delimiter)
{
    size_t from = 0;

    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        char    escape = 0;

        if (c >= 0x20 && c != '\\' && c != (uint8_t)delimiter)
            continue;
        switch (c) {
        case '\b':
            escape = 'b';
            break;
        case '\f':
            escape = 'f';
            break;
        case '\n':
            escape = 'n';
            break;
        case '\r':
            escape = 'r';
            break;
        case '\t':
            escape = 't';
            break;
        case '\v':
            escape = 'v';
            break;
        default:
            if (c != '\\' && c != (uint8_t)delimiter)
                continue;
            escape = (char)c;
            break;
        }
        strbuf_append(out, text.data + from, i - from);
        strbuf_append_char(out, '\\');
        strbuf_append_char(out, escape);
        from = i + 1;
    }
    strbuf_append(out, text.data + from, text.size - from);
}

static void append_csv(StrBuf *out, Slice text, const CopyOptions *options, bool force, bool only_column)
{
    bool quoted = force || slice_equal(text, options->null_text) || (only_column && text.size == 2 && memcmp(text.data, "\\.", 2) == 0);

    for (size_t i = 0; i < text.size && !quoted; i++)
        quoted = text.data[i] == (uint8_t)options->delimiter || text.data[i] == (uint8_t)options->quote || text.data[i] == '\n' || text.data[i] == '\r';
    if (!quoted) {
        strbuf_append_slice(out, text);
        return;
    }
    strbuf_append_char(out, options->quote);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == (uint8_t)options->quote || text.data[i] == (uint8_t)options->escape)
            strbuf_append_char(out, options->escape);
        strbuf_append_char(out, (char)text.data[i]);
    }
    strbuf_append_char(out, options->quote);
}

static void append_field(CopyOut *copy, StrBuf *out, StrBuf *value, const CopyColumn *column, const void *element, const TypeContext *ctx)
{
    strbuf_clear(value);
    column->type->output(column->type, element, ctx, value);
    if (copy->options.format == COPY_CSV)
        append_csv(out, slice_of(strbuf_cstring(value), value->size), &copy->options, column->force_quote, copy->column_count == 1);
    else
        append_text(out, slice_of(strbuf_cstring(value), value->size), copy->options.delimiter);
}

static void append_be(StrBuf *out, uint32_t value, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        strbuf_append_char(out, (char)(value >> shift));
}

static void text_row(CopyOut *copy, const Batch *batch, int32_t row, StrBuf *out, StrBuf *value, const TypeContext *ctx)
{
    for (int32_t i = 0; i < copy->column_count; i++) {
        if (i > 0)
            strbuf_append_char(out, copy->options.delimiter);
        if (!vector_is_valid(batch->columns[i], row))
            strbuf_append_slice(out, copy->options.null_text);
        else
            append_field(copy, out, value, &copy->columns[i], vector_element(batch->columns[i], row), ctx);
    }
    strbuf_append_char(out, '\n');
}

static void binary_row(CopyOut *copy, const Batch *batch, int32_t row, StrBuf *out, StrBuf *value, const TypeContext *ctx)
{
    append_be(out, (uint32_t)copy->column_count, 2);
    for (int32_t i = 0; i < copy->column_count; i++) {
        const TypeInfo *type = copy->columns[i].type;

        if (!vector_is_valid(batch->columns[i], row)) {
            append_be(out, UINT32_MAX, 4);
            continue;
        }
        strbuf_clear(value);
        type->send(type, vector_element(batch->columns[i], row), ctx, value);
        append_be(out, (uint32_t)value->size, 4);
        strbuf_append_slice(out, strbuf_slice(value));
    }
}

static void send_header(CopyOut *copy, CopySink sink, void *arg)
{
    StrBuf out;

    strbuf_init(&out, copy->arena);
    if (copy->options.format == COPY_BINARY) {
        strbuf_append(&out, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    } else if (copy->options.header != COPY_HEADER_NONE) {
        for (int32_t i = 0; i < copy->column_count; i++) {
            Slice name = slice_from_cstring(copy->columns[i].name);

            if (i > 0)
                strbuf_append_char(&out, copy->options.delimiter);
            if (copy->options.format == COPY_CSV)
                append_csv(&out, name, &copy->options, false, copy->column_count == 1);
            else
                append_text(&out, name, copy->options.delimiter);
        }
        strbuf_append_char(&out, '\n');
    } else {
        return;
    }
    sink(arg, strbuf_slice(&out));
}

int64_t copy_out_run(CopyOut *copy, CopySink sink, void *arg)
{
    TypeContext ctx = copy->session->ctx;
    Batch      *batch;
    int64_t     rows = 0;

    ctx.arena = copy->row_arena;
    for (int32_t i = 0; i < copy->column_count; i++)
        if (copy->columns[i].type == NULL || copy->columns[i].type->output == NULL)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "column \"%s\" cannot be copied", copy->columns[i].name);
    send_header(copy, sink, arg);
    while ((batch = execution_next(copy->execution, BATCH_ROWS)) != NULL) {
        StrBuf out, value;

        check_cancel();
        arena_reset(copy->row_arena);
        strbuf_init(&out, copy->row_arena);
        strbuf_init(&value, copy->row_arena);
        for (int32_t i = 0; i < batch->count; i++) {
            strbuf_clear(&out);
            if (copy->options.format == COPY_BINARY)
                binary_row(copy, batch, sel_row(batch->sel, i), &out, &value, &ctx);
            else
                text_row(copy, batch, sel_row(batch->sel, i), &out, &value, &ctx);
            sink(arg, strbuf_slice(&out));
        }
        rows += batch->count;
    }
    if (copy->options.format == COPY_BINARY)
        sink(arg, slice_of("\377\377", 2));
    execution_end(copy->execution);
    copy->execution = NULL;
    return rows;
}

/* ---- server files ----------------------------------------------------------------------------------------------------------------------- */

enum { FILE_CHUNK = 1 << 18 };

typedef struct FileEnd {
    File      *file;
    ArenaDefer on_end;
    uint64_t   offset;
    StrBuf     buffer;
} FileEnd;

static void close_file(void *object)
{
    file_close(((FileEnd *)object)->file);
}

static void check_file(Status status, const CopyStmt *stmt, const char *doing)
{
    Error *err;

    if (status == STATUS_OK)
        return;
    err = error_new(status == STATUS_NOT_FOUND ? SQLSTATE_UNDEFINED_FILE : store_sqlstate(status), "could not open file \"%s\" for %s: %s", stmt->filename, doing,
                    status == STATUS_NOT_FOUND ? "No such file or directory" : status_name(status));
    error_hint(err, "COPY %s instructs the PostgreSQL server process to %s a file. You may want a client-side facility such as psql's \\copy.",
               stmt->is_from ? "FROM" : "TO", stmt->is_from ? "read" : "write");
    error_raise(err);
}

static void flush(FileEnd *end)
{
    Fault  fault;
    Status status = file_write(end->file, end->offset, end->buffer.data, end->buffer.size, &fault);

    store_check(status, &fault);
    end->offset += end->buffer.size;
    strbuf_clear(&end->buffer);
}

static void to_file(void *arg, Slice bytes)
{
    FileEnd *end = arg;

    strbuf_append_slice(&end->buffer, bytes);
    if (end->buffer.size >= FILE_CHUNK)
        flush(end);
}

static int64_t copy_from_file(Session *session, Arena *arena, const CopyStmt *stmt, FileEnd *end)
{
    CopyIn  *copy = copy_in_start(session, arena, stmt);
    uint8_t *chunk = arena_alloc(arena, FILE_CHUNK);
    Fault    fault;

    check_file(file_open(stmt->filename, FILE_SEQUENTIAL, &end->file, &fault), stmt, "reading");
    arena_defer(arena, &end->on_end, close_file, end);
    for (;;) {
        size_t got;
        Status status = file_read(end->file, end->offset, chunk, FILE_CHUNK, &got, &fault);

        store_check(status, &fault);
        check_cancel();
        if (got == 0)
            return copy_in_end(copy);
        end->offset += got;
        copy_in_data(copy, slice_of(chunk, got));
    }
}

int64_t copy_file(Session *session, Arena *arena, const CopyStmt *stmt)
{
    FileEnd *end = ARENA_NEW(arena, FileEnd);
    CopyOut *copy;
    int64_t  rows;
    Fault    fault;

    if (stmt->is_program)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "COPY with PROGRAM is not supported");
    if (!session->is_superuser) {
        Error *err = error_new(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be superuser or have privileges of the %s role to COPY %s a file",
                               stmt->is_from ? "pg_read_server_files" : "pg_write_server_files", stmt->is_from ? "from" : "to");

        error_hint(err, "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.");
        error_raise(err);
    }
    if (stmt->is_from)
        return copy_from_file(session, arena, stmt, end);
    if (stmt->filename[0] != '/')
        raise_error(SQLSTATE_INVALID_NAME, "relative path not allowed for COPY to file");
    copy = copy_out_start(session, arena, stmt);
    check_file(file_open(stmt->filename, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE, &end->file, &fault), stmt, "writing");
    arena_defer(arena, &end->on_end, close_file, end);
    strbuf_init(&end->buffer, arena);
    rows = copy_out_run(copy, to_file, end);
    flush(end);
    return rows;
}
