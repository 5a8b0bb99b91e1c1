/*
 * copy_in.c - COPY FROM: chunks of bytes to rows of batches, batches to the table writer.
 *
 * Bytes are cut into lines (text, csv) or tuples (binary); each is copied into the batch's arena, split and converted column by column into
 * the batch under construction, which is written when it is full. Errors get the line and column they arose at as context.
 */
#include "executor/analyze/analyze.h"
#include "executor/copy/copy_options.h"
#include "executor/copy/copy_parse.h"
#include "executor/dml/table_writer.h"
#include "executor/serialize/serialize.h"

enum { LINE_SHOWN_BYTES = 100, BATCH_INPUT_BYTES = 1 << 20 };

struct CopyIn {
    ExecState           state;
    Session            *session;
    const RelationDesc *table;
    CopyOptions         options;
    CopyColumn         *columns;
    int32_t             column_count;
    TableWriter        *writer;
    RowEvaluator       *defaults;      /* by default_attributes */
    int32_t             default_count;
    int32_t            *default_attributes;
    RowEvaluator       *generated;
    int32_t             generated_count;
    int32_t            *generated_attributes;
    RowEvaluator       *where;

    StrBuf              pending;       /* bytes not yet cut into lines */
    Arena              *pending_arena;
    LineScanner         scanner;
    bool                crlf, eol_known, ended, header_done;
    bool                binary_started;

    BatchBuffer         batch;         /* by attribute */
    int32_t             row_count;
    size_t              batch_bytes;
    Arena              *arena;         /* of the batch */
    CopyFields          fields;
    Arena              *fields_arena;
    int64_t             rows;

    int64_t             line;          /* of the line being converted, from 1 */
    int64_t            *lines;         /* by row of the batch */
    Slice               text;          /* the line being converted */
    const CopyColumn   *column;        /* the column being converted */
    CopyField           field;
    bool                converting;
};

/* ---- context of errors --------------------------------------------------------------------------------------------------------------- */

static int shown(Slice text, const char **dots)
{
    size_t size = MIN(text.size, LINE_SHOWN_BYTES);

    while (size < text.size && size > 0 && (text.data[size] & 0xc0) == 0x80)
        size--;
    *dots = size < text.size ? "..." : "";
    return (int)size;
}

static void add_context(const CopyIn *copy, Error *err)
{
    const char *dots = "";
    const char *table = copy->table->head.name;

    if (copy->options.format == COPY_BINARY) {
        if (copy->column != NULL)
            error_context(err, "COPY %s, line %lld, column %s", table, (long long)copy->line, copy->column->name);
        else
            error_context(err, "COPY %s, line %lld", table, (long long)copy->line);
    } else if (copy->column != NULL && copy->field.is_null) {
        error_context(err, "COPY %s, line %lld, column %s: null input", table, (long long)copy->line, copy->column->name);
    } else if (copy->column != NULL) {
        int size = shown(copy->field.text, &dots);

        error_context(err, "COPY %s, line %lld, column %s: \"%.*s%s\"", table, (long long)copy->line, copy->column->name, size, (const char *)copy->field.text.data, dots);
    } else if (copy->converting) {
        int size = shown(copy->text, &dots);

        error_context(err, "COPY %s, line %lld: \"%.*s%s\"", table, (long long)copy->line, size, (const char *)copy->text.data, dots);
    } else {
        int64_t line = copy->line;

        if (copy->writer->error_row >= 0 && copy->writer->error_row < copy->row_count)
            line = copy->lines[copy->writer->error_row];
        error_context(err, "COPY %s, line %lld", table, (long long)line);
    }
}

/* ---- starting -------------------------------------------------------------------------------------------------------------------------- */

static void check_table(const RelationDesc *table)
{
    const char *what = table->relkind == 'v' ? "view" : table->relkind == 'm' ? "materialized view" : table->relkind == 'S' ? "sequence" : NULL;

    if (what != NULL)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "cannot copy to %s \"%s\"", what, table->head.name);
    if (table->relkind != 'r' || table->group_count == 0)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "cannot copy to non-table relation \"%s\"", table->head.name);
}

static void open_defaults(CopyIn *copy)
{
    Arena  *arena = copy->state.arena;
    int32_t count = copy->table->column_count;
    Expr  **defaults = ARENA_ARRAY(arena, (size_t)count, Expr *), **generated = ARENA_ARRAY(arena, (size_t)count, Expr *);

    copy->default_attributes = ARENA_ARRAY(arena, (size_t)count, int32_t);
    copy->generated_attributes = ARENA_ARRAY(arena, (size_t)count, int32_t);
    for (int32_t i = 0; i < count; i++) {
        const ColumnDesc *column = &copy->table->columns[i];
        bool              listed = false;

        for (int32_t k = 0; k < copy->column_count; k++)
            listed = listed || copy->columns[k].attribute == i;
        if (listed || column->dropped)
            continue;
        if (column->generated != 0) {
            copy->generated_attributes[copy->generated_count] = i;
            generated[copy->generated_count++] = deserialize_expr(copy->session, arena, column->default_expr);
        } else {
            copy->default_attributes[copy->default_count] = i;
            defaults[copy->default_count++] = analyze_column_default(copy->session, arena, copy->table, column->number);
        }
    }
    copy->defaults = row_evaluator_new(copy->session, arena, defaults, copy->default_count);
    copy->generated = row_evaluator_new(copy->session, arena, generated, copy->generated_count);
}

CopyIn *copy_in_start(Session *session, Arena *arena, const CopyStmt *stmt)
{
    CopyIn *copy = ARENA_NEW(arena, CopyIn);
    Fault   fault;
    Status  status;

    exec_state_init(&copy->state, session, arena);
    copy->session = session;
    copy_options_parse(stmt, &copy->options);
    copy->table = analyze_relation(session, arena, stmt->relation, false);
    check_table(copy->table);
    copy->state.txn = store_transaction(session);
    copy->state.ctx = session->ctx;
    copy->state.work_mem = (size_t)session_work_mem_bytes(session);
    status = lock_relation(transaction_locks(copy->state.txn), session->database, copy->table->head.oid, TABLE_LOCK_ROW_EXCLUSIVE, LOCK_WAIT,
                           (uint32_t)session_lock_timeout_ms(session), &fault);
    store_check(status, &fault);
    copy->state.view = transaction_read_view(copy->state.txn);
    copy->columns = copy_columns(session, arena, copy->table, stmt, &copy->options, &copy->column_count);
    for (int32_t i = 0; i < copy->column_count; i++)
        if (copy->columns[i].type == NULL || copy->columns[i].type->input == NULL || copy->columns[i].type->receive == NULL)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "column \"%s\" cannot be copied", copy->columns[i].name);
    copy->writer = table_writer_new(&copy->state, copy->table, NULL, NULL, 0);
    open_defaults(copy);
    if (stmt->where_clause != NULL) {
        Expr *where = analyze_expression(session, arena, stmt->where_clause, &(ExpressionContext){.use = EXPRESSION_COPY_WHERE, .relation = copy->table, .type = TYPE_BOOL, .typmod = -1});

        copy->where = row_evaluator_new(session, arena, &where, 1);
    }
    copy->arena = arena_new(arena, NULL, "copy batch");
    copy->pending_arena = arena_new(arena, NULL, "copy input");
    copy->fields_arena = arena_new(arena, NULL, "copy fields");
    strbuf_init(&copy->pending, copy->pending_arena);
    copy->scanner.options = &copy->options;
    copy->lines = ARENA_ARRAY(arena, BATCH_ROWS, int64_t);
    batch_buffer_init(&copy->batch, arena, copy->table->column_count);
    for (int32_t i = 0; i < copy->table->column_count; i++)
        vector_buffer_init(&copy->batch.columns[i], copy->table->columns[i].type, copy->table->columns[i].phys);
    return copy;
}

int16_t copy_in_column_count(const CopyIn *copy)
{
    return (int16_t)copy->column_count;
}

bool copy_in_is_binary(const CopyIn *copy)
{
    return copy->options.format == COPY_BINARY;
}

/* ---- batches ------------------------------------------------------------------------------------------------------------------------------ */

static void begin_row(CopyIn *copy)
{
    if (copy->row_count == 0)
        for (int32_t i = 0; i < copy->column_count; i++) {
            VectorBuffer *column = &copy->batch.columns[copy->columns[i].attribute];

            vector_buffer_reserve(column, copy->state.arena, BATCH_ROWS);
            vector_buffer_set_validity(column, BATCH_ROWS, true);
        }
}

static void write_batch(CopyIn *copy)
{
    int32_t  count = copy->table->column_count, rows = copy->row_count, kept = rows;
    Vector **columns;
    int32_t *sel = NULL;
    Batch    view;
    RowId   *ids;

    if (rows == 0)
        return;
    check_cancel();
    copy->column = NULL;
    copy->converting = false;
    columns = ARENA_ARRAY_ZEROED(copy->arena, (size_t)count, Vector *);
    for (int32_t i = 0; i < copy->column_count; i++) {
        VectorBuffer *column = &copy->batch.columns[copy->columns[i].attribute];

        vector_buffer_trim_validity(column, rows);
        columns[copy->columns[i].attribute] = &column->vector;
    }
    view = (Batch){.column_count = count, .row_count = rows, .count = rows, .columns = columns};
    for (int32_t i = 0; i < copy->default_count; i++)
        columns[copy->default_attributes[i]] = row_evaluator_run(copy->defaults, i, &view, copy->arena);
    for (int32_t i = 0; i < copy->generated_count; i++)
        columns[copy->generated_attributes[i]] = row_evaluator_run(copy->generated, i, &view, copy->arena);
    if (copy->where != NULL) {
        sel = ARENA_ARRAY(copy->arena, (size_t)rows, int32_t);
        kept = row_evaluator_filter(copy->where, 0, &view, sel, copy->arena);
    }
    if (kept > 0) {
        ids = ARENA_ARRAY(copy->arena, (size_t)rows, RowId);
        table_writer_hold(copy->writer, true);
        table_writer_prepare_insert(copy->writer, columns, rows, sel, kept);
        table_writer_insert(copy->writer, columns, rows, sel, kept, ids);
        table_writer_hold(copy->writer, false);
    }
    copy->rows += kept;
    copy->row_count = 0;
    copy->batch_bytes = 0;
    arena_reset(copy->arena);
}

static void end_row(CopyIn *copy, size_t bytes)
{
    copy->lines[copy->row_count++] = copy->line;
    copy->batch_bytes += bytes;
    copy->column = NULL;
    if (copy->row_count == BATCH_ROWS || copy->batch_bytes > BATCH_INPUT_BYTES)
        write_batch(copy);
}

/* ---- text and csv -------------------------------------------------------------------------------------------------------------------------- */

static void convert_field(CopyIn *copy, const CopyColumn *column, const CopyField *field, const TypeContext *ctx)
{
    Vector *vector = &copy->batch.columns[column->attribute].vector;
    Datum   value = {0};
    bool    is_null = field->is_null;

    copy->column = column;
    copy->field = *field;
    if (copy->options.format == COPY_CSV) {
        if (is_null && column->force_not_null)
            is_null = false;
        else if (!is_null && column->force_null && slice_equal(field->text, copy->options.null_text))
            is_null = true;
    }
    if (!is_null)
        column->type->input(column->type, field->text, column->typmod, ctx, &value);
    vector_set(vector, copy->row_count, &value, is_null);
}

static void match_header(CopyIn *copy)
{
    if (copy->fields.count != copy->column_count)
        raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "wrong number of fields in header line: field count is %d, expected %d", (int)copy->fields.count,
                    (int)copy->column_count);
    for (int32_t i = 0; i < copy->column_count; i++) {
        const CopyField *field = &copy->fields.items[i];

        if (field->is_null)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "column name mismatch in header line field %d: got null value (\"%.*s\"), expected \"%s\"", (int)i + 1,
                        (int)copy->options.null_text.size, (const char *)copy->options.null_text.data, copy->columns[i].name);
        if (!slice_equal(field->text, slice_from_cstring(copy->columns[i].name)))
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "column name mismatch in header line field %d: got \"%.*s\", expected \"%s\"", (int)i + 1,
                        (int)field->text.size, (const char *)field->text.data, copy->columns[i].name);
    }
}

static void take_line(CopyIn *copy, Slice text)
{
    TypeContext ctx = copy->state.ctx;
    uint8_t    *line;

    copy->line++;
    if (!copy->eol_known) {
        copy->eol_known = true;
        copy->crlf = text.size > 0 && text.data[text.size - 1] == '\r';
    }
    if (copy->crlf && text.size > 0 && text.data[text.size - 1] == '\r')
        text.size--;
    if (text.size == 2 && text.data[0] == '\\' && text.data[1] == '.') {
        copy->ended = true;
        return;
    }
    begin_row(copy);
    copy->text = arena_copy(copy->arena, text);
    copy->converting = true;
    copy->column = NULL;
    line = (uint8_t *)arena_copy(copy->arena, text).data;
    if (!copy->header_done && copy->options.header != COPY_HEADER_NONE) {
        copy->header_done = true;
        if (copy->options.header == COPY_HEADER_MATCH) {
            copy_split(&copy->options, line, text.size, copy->fields_arena, &copy->fields);
            match_header(copy);
        }
        return;
    }
    if (copy->column_count == 0) {
        if (text.size > 0)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "extra data after last expected column");
    } else {
        copy_split(&copy->options, line, text.size, copy->fields_arena, &copy->fields);
        if (copy->fields.count > copy->column_count)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "extra data after last expected column");
        ctx.arena = copy->arena;
        for (int32_t i = 0; i < copy->column_count; i++) {
            if (i >= copy->fields.count) {
                copy->column = NULL;
                raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "missing data for column \"%s\"", copy->columns[i].name);
            }
            convert_field(copy, &copy->columns[i], &copy->fields.items[i], &ctx);
        }
    }
    end_row(copy, text.size);
}

/* Lines that end within text; returns how many bytes they took. */
static size_t take_lines(CopyIn *copy, Slice text)
{
    size_t used = 0;

    while (!copy->ended) {
        int64_t size = line_scan(&copy->scanner, slice_of(text.data + used, text.size - used));

        if (size < 0)
            break;
        take_line(copy, slice_of(text.data + used, (size_t)size));
        used += (size_t)size + 1;
    }
    return copy->ended ? text.size : used;
}

/* ---- binary ---------------------------------------------------------------------------------------------------------------------------------- */

static const uint8_t signature[11] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n', 0};

static uint32_t big_endian32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The header when it is whole: its size, 0 when bytes are missing. */
static size_t binary_header(Slice bytes)
{
    uint32_t flags, extension;

    if (bytes.size < 19)
        return 0;
    if (memcmp(bytes.data, signature, sizeof signature) != 0)
        raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "COPY file signature not recognized");
    flags = big_endian32(bytes.data + 11);
    if ((flags & 0xffff0000u & ~0x00010000u) != 0 || (flags & 0x00010000u) != 0)
        raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "unrecognized critical flags in COPY file header");
    extension = big_endian32(bytes.data + 15);
    if ((int32_t)extension < 0)
        raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "invalid COPY file header (missing length)");
    return bytes.size - 19 < extension ? 0 : 19 + (size_t)extension;
}

/* The size of the tuple that bytes begin with, 0 when it is not whole yet. */
static size_t binary_tuple_size(const CopyIn *copy, Slice bytes)
{
    size_t at = 2;

    for (int32_t i = 0; i < copy->column_count; i++) {
        int32_t size;

        if (bytes.size - at < 4 || bytes.size < at)
            return 0;
        size = (int32_t)big_endian32(bytes.data + at);
        if (size < -1)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "invalid field size");
        at += 4;
        if (size > 0) {
            if (bytes.size - at < (size_t)size)
                return 0;
            at += (size_t)size;
        }
    }
    return at;
}

static void take_tuple(CopyIn *copy, Slice bytes)
{
    TypeContext ctx = copy->state.ctx;
    size_t      at = 2;

    ctx.arena = copy->arena;
    begin_row(copy);
    copy->text = arena_copy(copy->arena, bytes);
    for (int32_t i = 0; i < copy->column_count; i++) {
        int32_t size = (int32_t)big_endian32(copy->text.data + at);
        Datum   value = {0};

        at += 4;
        copy->column = &copy->columns[i];
        if (size >= 0) {
            copy->column->type->receive(copy->column->type, slice_of(copy->text.data + at, (size_t)size), copy->column->typmod, &ctx, &value);
            at += (size_t)size;
        }
        vector_set(&copy->batch.columns[copy->columns[i].attribute].vector, copy->row_count, &value, size < 0);
    }
    end_row(copy, bytes.size);
}

static size_t take_tuples(CopyIn *copy, Slice bytes)
{
    size_t used = 0;

    if (!copy->binary_started) {
        used = binary_header(bytes);
        if (used == 0)
            return 0;
        copy->binary_started = true;
    }
    while (!copy->ended && bytes.size - used >= 2) {
        int16_t fields = (int16_t)(bytes.data[used] << 8 | bytes.data[used + 1]);
        size_t  size;

        if (fields == -1) {
            copy->ended = true;
            return bytes.size;
        }
        copy->line++;
        copy->column = NULL;
        if (fields != copy->column_count)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "row field count is %d, expected %d", (int)fields, (int)copy->column_count);
        size = binary_tuple_size(copy, slice_of(bytes.data + used, bytes.size - used));
        if (size == 0) {
            copy->line--;
            break;
        }
        take_tuple(copy, slice_of(bytes.data + used, size));
        used += size;
    }
    return used;
}

/* ---- the stream -------------------------------------------------------------------------------------------------------------------------------- */

typedef struct Step {
    CopyIn *copy;
    Slice   bytes;
    bool    end;
} Step;

static size_t take(CopyIn *copy, Slice bytes)
{
    if (copy->ended)
        return bytes.size;
    return copy->options.format == COPY_BINARY ? take_tuples(copy, bytes) : take_lines(copy, bytes);
}

/* Keeps what is left of text for the next chunk. */
static void keep_rest(CopyIn *copy, Slice rest)
{
    strbuf_append_slice(&copy->pending, rest);
}

static void take_chunk(CopyIn *copy, Slice bytes)
{
    size_t used;

    if (copy->pending.size == 0) {
        used = take(copy, bytes); /* most chunks are whole lines: parsed where they stand */
        keep_rest(copy, slice_of(bytes.data + used, bytes.size - used));
        return;
    }
    strbuf_append_slice(&copy->pending, bytes);
    used = take(copy, strbuf_slice(&copy->pending));
    if (used > 0) {
        size_t rest = copy->pending.size - used;

        memmove(copy->pending.data, copy->pending.data + used, rest);
        copy->pending.size = rest;
    }
}

static void finish(CopyIn *copy)
{
    if (!copy->ended && copy->options.format == COPY_BINARY) {
        copy->column = NULL;
        if (!copy->binary_started)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "COPY file signature not recognized");
        if (copy->pending.size > 0)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "unexpected EOF in COPY data");
    } else if (!copy->ended && copy->pending.size > 0) {
        Slice text = strbuf_slice(&copy->pending);

        if (copy->scanner.in_quotes) {
            copy->line++;
            copy->text = text;
            copy->converting = true;
            copy->column = NULL;
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
        }
        take_line(copy, text);
    }
    write_batch(copy);
    table_writer_finish(copy->writer);
}

static void run_step(void *arg)
{
    Step *step = arg;

    if (step->end)
        finish(step->copy);
    else
        take_chunk(step->copy, step->bytes);
}

static void run(Step *step)
{
    Error *err;

    step->copy->writer->error_row = -1;
    err = error_catch(run_step, step);
    if (err != NULL) {
        if (err->context == NULL || strstr(err->context, "COPY ") == NULL)
            add_context(step->copy, err);
        error_raise(err);
    }
}

void copy_in_data(CopyIn *copy, Slice bytes)
{
    run(&(Step){.copy = copy, .bytes = bytes});
}

int64_t copy_in_end(CopyIn *copy)
{
    run(&(Step){.copy = copy, .end = true});
    return copy->rows;
}
