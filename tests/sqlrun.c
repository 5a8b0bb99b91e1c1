/*
 * sqlrun.c - runs SQL scripts against a server and compares what a client sees with the expected output.
 *
 *     sqlrun FILE.sql ...                      starts NexaDB, prints one TAP line per file
 *     sqlrun --write --conninfo C FILE.sql ... writes FILE.out with what the server at C answers
 *     sqlrun --conninfo C FILE.sql ...         compares with what that server answers
 *
 * Each file has a database of its own. A statement ends at a semicolon outside quotes and comments. The output has each statement as it
 * was sent, behind "> "; then for a result its columns (name:type), its rows separated by tabs with \N for NULL, and the command tag; for an
 * error SQLSTATE and message, DETAIL, HINT, CONTEXT, POSITION; notices as NOTICE. Lines that begin with "-- " before a statement say what the
 * case is for. Two directives: "--@ unordered" sorts the rows of the next result; "--@ types off" hides column types of the next one.
 */
#include "tests/support/server.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Text {
    char  *data;
    size_t size, capacity;
} Text;

static void append(Text *text, const char *bytes, size_t size)
{
    if (text->size + size + 1 > text->capacity) {
        text->capacity = (text->size + size + 1) * 2;
        text->data = realloc(text->data, text->capacity);
        if (text->data == NULL)
            abort();
    }
    memcpy(text->data + text->size, bytes, size);
    text->size += size;
    text->data[text->size] = '\0';
}

static void append_text(Text *text, const char *more)
{
    append(text, more, strlen(more));
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    Text  text = {0};
    char  block[65536];
    size_t got;

    if (file == NULL)
        return NULL;
    append(&text, "", 0);
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        append(&text, block, got);
    fclose(file);
    return text.data;
}

/* ---- cutting a script into statements ----------------------------------------------------------------------------------------- */

static const char *skip_quoted(const char *at, char quote, bool escapes)
{
    for (at++; *at != '\0'; at++) {
        if (escapes && *at == '\\' && at[1] != '\0')
            at++;
        else if (*at == quote && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return at;
}

static const char *skip_dollar(const char *at)
{
    const char *end = at + 1;
    size_t      size;

    while (isalnum((unsigned char)*end) || *end == '_')
        end++;
    if (*end != '$' || isdigit((unsigned char)at[1]))
        return at + 1;
    size = (size_t)(end + 1 - at);
    for (const char *p = end + 1; *p != '\0'; p++)
        if (strncmp(p, at, size) == 0)
            return p + size;
    return at + strlen(at);
}

static const char *skip_comment(const char *at)
{
    int depth = 0;

    do {
        if (at[0] == '/' && at[1] == '*') {
            depth++;
            at += 2;
        } else if (at[0] == '*' && at[1] == '/') {
            depth--;
            at += 2;
        } else {
            at++;
        }
    } while (depth > 0 && *at != '\0');
    return at;
}

/* The end of the statement that begins at `at`: behind its semicolon, or the end of the text. */
static const char *statement_end(const char *at)
{
    while (*at != '\0') {
        if (*at == ';')
            return at + 1;
        if (*at == '\'')
            at = skip_quoted(at, '\'', at[-1] == 'E' || at[-1] == 'e');
        else if (*at == '"')
            at = skip_quoted(at, '"', false);
        else if (*at == '$')
            at = skip_dollar(at);
        else if (at[0] == '/' && at[1] == '*')
            at = skip_comment(at);
        else if (at[0] == '-' && at[1] == '-')
            at += strcspn(at, "\n");
        else
            at++;
    }
    return at;
}

/* ---- showing results ----------------------------------------------------------------------------------------------------------- */

static const char *type_name(Oid oid, char *buffer, size_t size)
{
    static const struct {
        Oid         oid;
        const char *name;
    } names[] = {{16, "bool"}, {17, "bytea"}, {18, "char"}, {19, "name"}, {20, "int8"}, {21, "int2"}, {22, "int2vector"}, {23, "int4"},
                 {24, "regproc"}, {25, "text"}, {26, "oid"}, {27, "tid"}, {28, "xid"}, {30, "oidvector"}, {114, "json"}, {700, "float4"},
                 {701, "float8"}, {705, "unknown"}, {1000, "bool[]"}, {1005, "int2[]"}, {1007, "int4[]"}, {1009, "text[]"}, {1015, "varchar[]"},
                 {1016, "int8[]"}, {1021, "float4[]"}, {1022, "float8[]"}, {1231, "numeric[]"}, {1042, "bpchar"}, {1043, "varchar"}, {1082, "date"},
                 {1083, "time"}, {1114, "timestamp"}, {1184, "timestamptz"}, {1186, "interval"}, {1266, "timetz"}, {1560, "bit"},
                 {1562, "varbit"}, {1700, "numeric"}, {2205, "regclass"}, {2206, "regtype"}, {2249, "record"}, {2278, "void"},
                 {2950, "uuid"}, {3220, "pg_lsn"}, {3802, "jsonb"}, {3807, "jsonb[]"}, {4072, "jsonpath"}, {8010, "vector"}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].oid == oid)
            return names[i].name;
    snprintf(buffer, size, "%u", oid);
    return buffer;
}

static void show_value(Text *out, const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '\t')
            append_text(out, "\\t");
        else if (*value == '\n')
            append_text(out, "\\n");
        else if (*value == '\\')
            append_text(out, "\\\\");
        else
            append(out, value, 1);
    }
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void show_rows(Text *out, const PGresult *result, bool unordered)
{
    int    rows = PQntuples(result);
    char **lines = calloc((size_t)rows + 1, sizeof *lines);

    for (int row = 0; row < rows; row++) {
        Text line = {0};

        append(&line, "", 0);
        for (int column = 0; column < PQnfields(result); column++) {
            if (column > 0)
                append_text(&line, "\t");
            if (PQgetisnull(result, row, column))
                append_text(&line, "\\N");
            else
                show_value(&line, PQgetvalue(result, row, column));
        }
        lines[row] = line.data;
    }
    if (unordered)
        qsort(lines, (size_t)rows, sizeof *lines, compare_lines);
    for (int row = 0; row < rows; row++) {
        append_text(out, lines[row]);
        append_text(out, "\n");
        free(lines[row]);
    }
    free(lines);
}

static void show_field(Text *out, const char *label, const char *value)
{
    if (value == NULL)
        return;
    append_text(out, label);
    append_text(out, value);
    append_text(out, "\n");
}

static void show_error(Text *out, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    append_text(out, "ERROR ");
    append_text(out, state != NULL ? state : "?????");
    append_text(out, ": ");
    append_text(out, state != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : PQresultErrorMessage(result));
    append_text(out, "\n");
    show_field(out, "DETAIL: ", PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    show_field(out, "HINT: ", PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
    show_field(out, "CONTEXT: ", PQresultErrorField(result, PG_DIAG_CONTEXT));
    show_field(out, "POSITION: ", PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION));
}

static void show_columns(Text *out, const PGresult *result, bool types)
{
    char buffer[32];

    for (int column = 0; column < PQnfields(result); column++) {
        if (column > 0)
            append_text(out, "\t");
        append_text(out, PQfname(result, column));
        if (types) {
            append_text(out, ":");
            append_text(out, type_name(PQftype(result, column), buffer, sizeof buffer));
        }
    }
    append_text(out, "\n");
}

static void on_notice(void *arg, const PGresult *result)
{
    Text       *out = arg;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY);

    append_text(out, severity != NULL ? severity : "NOTICE");
    append_text(out, " ");
    append_text(out, PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : "");
    append_text(out, ": ");
    append_text(out, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : "");
    append_text(out, "\n");
}

/* COPY FROM STDIN takes the lines that follow the statement up to one with \. alone. */
static const char *copy_in(PGconn *connection, const char *at)
{
    if (*at == '\n')
        at++;
    while (*at != '\0' && !(at[0] == '\\' && at[1] == '.' && (at[2] == '\n' || at[2] == '\0'))) {
        size_t size = strcspn(at, "\n");

        size += at[size] == '\n';
        PQputCopyData(connection, at, (int)size);
        at += size;
    }
    PQputCopyEnd(connection, NULL);
    return *at == '\0' ? at : at + 2;
}

static void copy_out(PGconn *connection, Text *out)
{
    char *row;
    int   size;

    while ((size = PQgetCopyData(connection, &row, 0)) > 0) {
        append(out, row, (size_t)size);
        PQfreemem(row);
    }
}

/* Runs one statement; returns where the script goes on (COPY data is part of it). */
static const char *run_statement(PGconn *connection, const char *sql, const char *after, bool unordered, bool types, Text *out)
{
    PGresult *result;

    if (!PQsendQuery(connection, sql)) {
        append_text(out, PQerrorMessage(connection));
        return after;
    }
    while ((result = PQgetResult(connection)) != NULL) {
        switch (PQresultStatus(result)) {
        case PGRES_TUPLES_OK:
            show_columns(out, result, types);
            show_rows(out, result, unordered);
            append_text(out, PQcmdStatus(result));
            append_text(out, "\n");
            break;
        case PGRES_COMMAND_OK:
            append_text(out, PQcmdStatus(result));
            append_text(out, "\n");
            break;
        case PGRES_COPY_IN:
            after = copy_in(connection, after);
            break;
        case PGRES_COPY_OUT:
            copy_out(connection, out);
            break;
        case PGRES_EMPTY_QUERY:
            append_text(out, "(empty)\n");
            break;
        default:
            show_error(out, result);
        }
        PQclear(result);
        if (PQstatus(connection) == CONNECTION_BAD)
            break;
    }
    return after;
}

/* Skips blanks and comment lines before a statement, noting directives. */
static const char *skip_to_statement(const char *at, bool *unordered, bool *types)
{
    *unordered = false;
    *types = true;
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (strncmp(at, "--", 2) != 0)
            return at;
        if (strncmp(at, "--@ unordered", 13) == 0)
            *unordered = true;
        if (strncmp(at, "--@ types off", 13) == 0)
            *types = false;
        at += strcspn(at, "\n");
    }
}

static void show_statement(Text *out, const char *sql)
{
    for (const char *line = sql; *line != '\0';) {
        size_t size = strcspn(line, "\n");

        append_text(out, "> ");
        append(out, line, size);
        append_text(out, "\n");
        line += size + (line[size] == '\n');
    }
}

static void run_script(PGconn *connection, const char *script, Text *out)
{
    const char *at = script;
    bool        unordered, types;

    PQsetNoticeReceiver(connection, on_notice, out);
    append(out, "", 0);
    while (*(at = skip_to_statement(at, &unordered, &types)) != '\0' && PQstatus(connection) == CONNECTION_OK) {
        const char *end = statement_end(at);
        char       *sql = strndup(at, (size_t)(end - at));

        show_statement(out, sql);
        at = run_statement(connection, sql, end, unordered, types, out);
        append_text(out, "\n");
        free(sql);
    }
    if (PQstatus(connection) != CONNECTION_OK)
        append_text(out, "the connection was lost\n");
}

/* ---- files ----------------------------------------------------------------------------------------------------------------------- */

typedef struct Run {
    const char *conninfo; /* NULL: our own server */
    TestServer  server;
    bool        write;
    int         number, failed;
} Run;

static PGconn *connect_to(const Run *run, const char *database)
{
    char    info[1024];
    PGconn *connection;

    if (run->conninfo == NULL)
        return server_connect(&run->server, database);
    snprintf(info, sizeof info, "%s dbname=%s", run->conninfo, database);
    connection = PQconnectdb(info);
    if (PQstatus(connection) != CONNECTION_OK) {
        printf("Bail out! %s", PQerrorMessage(connection));
        exit(1);
    }
    return connection;
}

static void base_name(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');

    snprintf(name, size, "%s", slash != NULL ? slash + 1 : path);
    name[strcspn(name, ".")] = '\0';
}

static void show_difference(const char *expected, const char *got)
{
    int line = 1;

    while (*expected != '\0' && *expected == *got) {
        line += *expected == '\n';
        expected++;
        got++;
    }
    printf("# first difference in line %d\n# expected: %.*s\n# got:      %.*s\n", line, (int)strcspn(expected, "\n"), expected,
           (int)strcspn(got, "\n"), got);
}

/* A line by line comparison as TAP comments, by diff where it is installed. */
static void show_diff(const char *expected_path, const char *got)
{
    char  path[] = "/tmp/sqlrun_XXXXXX";
    char  command[1200];
    int   fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    FILE *diff;
    char  line[2048];
    int   shown = 0;

    if (file == NULL)
        return;
    fputs(got, file);
    fclose(file);
    snprintf(command, sizeof command, "diff -U2 '%s' '%s'", expected_path, path);
    diff = popen(command, "r");
    while (diff != NULL && fgets(line, sizeof line, diff) != NULL)
        if (shown++ < 200)
            printf("# %s", line);
    if (diff != NULL)
        pclose(diff);
    remove(path);
}

static void run_file(Run *run, const char *path)
{
    char    name[128], database[160], statement[256], expected_path[1024];
    char   *script = read_file(path);
    char   *expected;
    Text    out = {0};
    PGconn *admin, *connection;

    base_name(path, name, sizeof name);
    if (script == NULL) {
        printf("not ok %d - %s\n# cannot read %s\n", ++run->number, name, path);
        run->failed++;
        return;
    }
    snprintf(database, sizeof database, "sqlrun_%s", name);
    admin = connect_to(run, "postgres");
    snprintf(statement, sizeof statement, "DROP DATABASE IF EXISTS %s", database);
    PQclear(PQexec(admin, statement));
    snprintf(statement, sizeof statement, "CREATE DATABASE %s", database);
    server_do(admin, statement);
    connection = connect_to(run, database);
    run_script(connection, script, &out);
    PQfinish(connection);
    snprintf(statement, sizeof statement, "DROP DATABASE IF EXISTS %s", database);
    if (PQstatus(admin) == CONNECTION_OK)
        PQclear(PQexec(admin, statement));
    PQfinish(admin);

    snprintf(expected_path, sizeof expected_path, "%.*s.out", (int)(strlen(path) - 4), path);
    if (run->write) {
        FILE *file = fopen(expected_path, "we");

        if (file == NULL || fputs(out.data, file) < 0 || fclose(file) != 0)
            printf("Bail out! cannot write %s\n", expected_path);
    }
    expected = read_file(expected_path);
    if (expected != NULL && strcmp(expected, out.data) == 0) {
        printf("ok %d - %s\n", ++run->number, name);
    } else {
        printf("not ok %d - %s\n", ++run->number, name);
        run->failed++;
        if (expected != NULL) {
            show_difference(expected, out.data);
            show_diff(expected_path, out.data);
        } else {
            printf("# there is no %s\n", expected_path);
        }
    }
    fflush(stdout);
    free(expected);
    free(out.data);
    free(script);
}

int main(int argc, char **argv)
{
    Run run = {0};
    int first = 1;

    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
        if (strcmp(argv[first], "--write") == 0)
            run.write = true;
        else if (strcmp(argv[first], "--conninfo") == 0 && first + 1 < argc)
            run.conninfo = argv[++first];
    }
    printf("1..%d\n", argc - first);
    if (run.conninfo == NULL) {
        server_prepare(&run.server);
        if (!server_start(&run.server, NULL)) {
            server_show_log(&run.server);
            printf("Bail out! the server does not start\n");
            return 1;
        }
    }
    for (int i = first; i < argc; i++)
        run_file(&run, argv[i]);
    if (run.conninfo == NULL) {
        if (server_stop(&run.server) != 0) {
            printf("# the server did not stop cleanly\n");
            server_show_log(&run.server);
            run.failed++;
        }
    }
    return run.failed != 0;
}
