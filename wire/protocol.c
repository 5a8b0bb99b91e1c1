/*
 * protocol.c - see protocol.h.
 */
#include "wire/protocol.h"

#include "executor/session/portal.h"
#include "executor/session/prepared.h"
#include "executor/session/settings.h"
#include "executor/session/transaction.h"
#include "executor/session/utility.h"
#include "parser/parser.h"
#include "wire/bind.h"
#include "wire/copy_stream.h"
#include "wire/result.h"
#include "wire/timer.h"

typedef struct Protocol {
    Connection   *connection;
    Session      *session;
    Backend      *backend;
    Arena        *arena;      /* of one message: reset after it */
    Arena        *row_arena;  /* what output functions need for one batch */
    TypeContext   row_ctx;
    ResultFormat *formats;    /* of the rows being sent */
    int32_t       format_count;
    bool          skip_to_sync;
    bool          ended;
    const char   *text;       /* of the statement that runs: for positions in errors */
    char          type;       /* of the message being served */
    Slice         payload;
    StatementTimer timer;
} Protocol;

/* ---- rows -------------------------------------------------------------------------------------------------------------- */

static void sink_rows(void *arg, const Batch *batch)
{
    Protocol *protocol = arg;

    send_rows(protocol->connection, batch, protocol->formats, protocol->format_count, &protocol->row_ctx);
    arena_reset(protocol->row_arena);
    if (connection_is_broken(protocol->connection))
        raise_error(SQLSTATE_CONNECTION_FAILURE, "the client closed the connection");
}

static RowSink row_sink(Protocol *protocol, ResultFormat *formats, int32_t count)
{
    protocol->formats = formats;
    protocol->format_count = count;
    protocol->row_ctx = protocol->session->ctx;
    protocol->row_ctx.arena = protocol->row_arena;
    return (RowSink){sink_rows, protocol};
}

/* ---- what a statement goes through --------------------------------------------------------------------------------------- */

static void start_statement(Protocol *protocol, const Node *stmt, const char *text)
{
    Session *session = protocol->session;

    protocol->text = text;
    session_start_statement(session);
    if (stmt != NULL && session->state == TRANSACTION_FAILED && !session_is_transaction_exit(stmt))
        raise_error(SQLSTATE_IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
    backend_report(protocol->backend, BACKEND_ACTIVE, session->transaction_start, text, session->statement_start);
    timer_start(&protocol->timer, &session->cancel, settings_integer(session, "statement_timeout"));
}

/* ---- simple query ---------------------------------------------------------------------------------------------------------- */

static void run_copy_statement(Protocol *protocol, const CopyStmt *copy)
{
    if (copy->is_from)
        session_require_writable(protocol->session, "COPY FROM");
    session_begin(protocol->session);
    copy_stream_run(protocol->connection, protocol->session, protocol->arena, copy);
}

static const char *run_portal(Protocol *protocol, Portal *portal)
{
    Session      *session = protocol->session;
    const Portal *cursor = portal->stmt != NULL && portal->stmt->tag == NODE_FETCH_STMT
                               ? portal_find(session, ((const FetchStmt *)portal->stmt)->portalname) : NULL;
    static const int16_t binary = 1;
    ResultFormat *formats = result_formats(session, portal->arena, portal->results, portal->result_count, &binary,
                                           cursor != NULL && cursor->binary);
    RowSink       sink = row_sink(protocol, formats, portal->result_count);
    const char   *tag;

    if (portal->result_count > 0 || (portal->plan != NULL && portal->plan->planned->returns_rows))
        send_row_description(protocol->connection, session, portal->arena, portal->results, portal->result_count, formats);
    portal_run(session, portal, 0, &sink);
    tag = portal->tag != NULL ? arena_strdup(protocol->arena, portal->tag) : "";
    portal_close(session, portal);
    return tag;
}

static Portal *open_simple_portal(Protocol *protocol, const char *text, const Node *stmt)
{
    Session    *session = protocol->session;
    Arena      *arena;
    Portal     *portal;
    CachedPlan *plan;
    ParamTypes  none = {0};

    if (analyze_is_query(stmt)) {
        plan = plan_once(session, NULL, stmt, &none);
        return portal_open_plan(session, "", portal_arena_new(session), text, stmt, plan, (ParamValues){0});
    }
    arena = portal_arena_new(session);
    portal = portal_open_utility(session, "", arena, text, stmt);
    return portal;
}

/* One statement of a simple query; the last one commits before its completion is told. */
static void run_simple_statement(Protocol *protocol, const char *text, const Node *stmt, bool last)
{
    Session        *session = protocol->session;
    const CopyStmt *copy = utility_copy(stmt);
    const char     *tag;

    start_statement(protocol, stmt, text);
    if (copy != NULL) {
        run_copy_statement(protocol, copy);
        tag = arena_printf(protocol->arena, "COPY %lld", (long long)session->rows_affected);
    } else {
        tag = run_portal(protocol, open_simple_portal(protocol, text, stmt));
    }
    timer_stop(&protocol->timer);
    if (last)
        session_finish(session);
    send_command_complete(protocol->connection, tag);
}

static void serve_query(Protocol *protocol)
{
    MessageReader reader = message_reader(protocol->payload);
    const char   *text = read_string(&reader);
    Arena        *tree_arena = arena_new(protocol->arena, NULL, "parse tree");
    NodeList     *statements;
    int32_t       count;

    read_end(&reader);
    protocol->text = text;
    statements = parse_sql(tree_arena, slice_from_cstring(text));
    count = list_count(statements);
    if (count == 0)
        send_empty(protocol->connection, 'I');
    session_set_implicit_block(protocol->session, count > 1);
    for (int32_t i = 0; i < count; i++)
        run_simple_statement(protocol, text, utility_translate(tree_arena, ((const RawStmt *)statements->items[i])->stmt), i == count - 1);
    session_set_implicit_block(protocol->session, false);
    session_finish(protocol->session);
}

/* ---- extended query -------------------------------------------------------------------------------------------------------- */

static void serve_parse(Protocol *protocol)
{
    MessageReader reader = message_reader(protocol->payload);
    const char   *name = read_string(&reader);
    const char   *text = read_string(&reader);
    int16_t       count = read_int16(&reader);
    Oid          *types = ARENA_ARRAY(protocol->arena, count < 0 ? 0 : count, Oid);

    for (int16_t i = 0; i < count; i++)
        types[i] = (Oid)read_int32(&reader);
    read_end(&reader);
    protocol->text = text;
    session_start_statement(protocol->session);
    prepared_parse(protocol->session, name, text, types, MAX(count, 0));
    send_empty(protocol->connection, '1');
}

static void serve_bind(Protocol *protocol)
{
    Session *session = protocol->session;

    session_start_statement(session);
    protocol->text = bind_message(session, protocol->payload);
    send_empty(protocol->connection, '2');
}

static void describe_statement(Protocol *protocol, const char *name)
{
    PreparedStatement *statement = prepared_get(protocol->session, name);
    StrBuf            *out = message_begin(protocol->connection, 't');

    message_int16(out, (int16_t)statement->params.count);
    for (int32_t i = 0; i < statement->params.count; i++)
        message_int32(out, (int32_t)statement->params.types[i]);
    message_end(protocol->connection);
    if (statement->result_count == 0 && (statement->plan == NULL || !statement->plan->planned->returns_rows))
        send_empty(protocol->connection, 'n');
    else
        send_row_description(protocol->connection, protocol->session, protocol->arena, statement->results, statement->result_count, NULL);
}

static void describe_portal(Protocol *protocol, const char *name)
{
    Portal       *portal = portal_get(protocol->session, name);
    ResultFormat *formats;

    if (portal->result_count == 0 && (portal->plan == NULL || !portal->plan->planned->returns_rows)) {
        send_empty(protocol->connection, 'n');
        return;
    }
    formats = result_formats(protocol->session, protocol->arena, portal->results, portal->result_count, portal->formats, portal->format_count);
    send_row_description(protocol->connection, protocol->session, protocol->arena, portal->results, portal->result_count, formats);
}

static void serve_describe(Protocol *protocol)
{
    MessageReader reader = message_reader(protocol->payload);
    char          kind = (char)read_byte(&reader);
    const char   *name = read_string(&reader);

    read_end(&reader);
    if (kind == 'S')
        describe_statement(protocol, name);
    else if (kind == 'P')
        describe_portal(protocol, name);
    else
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "invalid DESCRIBE message subtype %d", kind);
}

static void execute_portal(Protocol *protocol, Portal *portal, int32_t max_rows)
{
    Session      *session = protocol->session;
    ResultFormat *formats = result_formats(session, portal->arena, portal->results, portal->result_count, portal->formats, portal->format_count);
    RowSink       sink = row_sink(protocol, formats, portal->result_count);
    bool          complete = portal_run(session, portal, max_rows, &sink);

    timer_stop(&protocol->timer);
    if (!complete) {
        send_empty(protocol->connection, 's');
        return;
    }
    send_command_complete(protocol->connection, portal->tag != NULL ? portal->tag : "");
    if (portal->stmt != NULL && portal->stmt->tag == NODE_TRANSACTION_STMT)
        portal_close(session, portal); /* its transaction is over */
}

static void serve_execute(Protocol *protocol)
{
    MessageReader   reader = message_reader(protocol->payload);
    const char     *name = read_string(&reader);
    int32_t         max_rows = read_int32(&reader);
    Portal         *portal;
    const CopyStmt *copy;

    read_end(&reader);
    portal = portal_get(protocol->session, name);
    start_statement(protocol, portal->stmt, portal->text);
    copy = utility_copy(portal->stmt);
    if (portal->stmt == NULL) {
        send_empty(protocol->connection, 'I');
    } else if (copy != NULL) {
        run_copy_statement(protocol, copy);
        send_command_complete(protocol->connection,
                              arena_printf(protocol->arena, "COPY %lld", (long long)protocol->session->rows_affected));
    } else {
        execute_portal(protocol, portal, max_rows);
    }
    timer_stop(&protocol->timer);
}

static void serve_close(Protocol *protocol)
{
    MessageReader reader = message_reader(protocol->payload);
    char          kind = (char)read_byte(&reader);
    const char   *name = read_string(&reader);

    read_end(&reader);
    if (kind == 'S') {
        PreparedStatement *statement = prepared_find(protocol->session, name);

        if (statement != NULL)
            prepared_drop(protocol->session, statement);
    } else if (kind == 'P') {
        Portal *portal = portal_find(protocol->session, name);

        if (portal != NULL)
            portal_close(protocol->session, portal);
    } else {
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "invalid CLOSE message subtype %d", kind);
    }
    send_empty(protocol->connection, '3');
}

/* ---- the loop -------------------------------------------------------------------------------------------------------------- */

static void serve_message(void *arg)
{
    Protocol *protocol = arg;

    switch (protocol->type) {
    case 'Q':
        serve_query(protocol);
        return;
    case 'P':
        serve_parse(protocol);
        return;
    case 'B':
        serve_bind(protocol);
        return;
    case 'D':
        serve_describe(protocol);
        return;
    case 'E':
        serve_execute(protocol);
        return;
    case 'C':
        serve_close(protocol);
        return;
    case 'S':
        session_finish(protocol->session);
        return;
    case 'F':
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "fastpath function calls are not supported");
    case 'H': /* everything buffered goes out after each message that ends a burst */
    case 'd': /* the rest of a COPY that failed */
    case 'c':
    case 'f':
        return;
    default: {
        Error *err = error_new(SQLSTATE_PROTOCOL_VIOLATION, "invalid frontend message type %d", protocol->type);

        error_fatal(err);
        error_raise(err);
    }
    }
}

/* After an error: extended messages are skipped up to the next Sync; a simple query is over. */
static void recover(Protocol *protocol, const Error *err)
{
    bool extended = strchr("PBDEC", protocol->type) != NULL;

    timer_stop(&protocol->timer);
    send_error(protocol->connection, err, protocol->text);
    if (err->severity == SEVERITY_FATAL || connection_is_broken(protocol->connection)) {
        protocol->ended = true;
        return;
    }
    session_set_implicit_block(protocol->session, false);
    session_abort(protocol->session);
    protocol->skip_to_sync = extended;
}

static bool ends_burst(char type)
{
    return type == 'Q' || type == 'S' || type == 'F';
}

static void serve_one(Protocol *protocol)
{
    Error *err;

    if (protocol->skip_to_sync && protocol->type != 'S' && protocol->type != 'X')
        return;
    protocol->skip_to_sync = false;
    protocol->text = NULL;
    err = error_catch(serve_message, protocol);
    if (err != NULL)
        recover(protocol, err);
    arena_reset(protocol->arena);
    arena_reset(protocol->row_arena);
}

static BackendState idle_state(const Session *session)
{
    switch (session->state) {
    case TRANSACTION_BLOCK:
        return BACKEND_IDLE_IN_TRANSACTION;
    case TRANSACTION_FAILED:
        return BACKEND_IDLE_IN_FAILED;
    case TRANSACTION_IDLE:
    default:
        return BACKEND_IDLE;
    }
}

static void go_idle(Protocol *protocol)
{
    Session *session = protocol->session;

    send_ready(protocol->connection, session->state);
    backend_report(protocol->backend, idle_state(session), session->state == TRANSACTION_IDLE ? 0 : session->transaction_start, NULL,
                   session_clock());
}

static void go_idle_body(void *arg)
{
    go_idle(arg);
}

static Status read_message(Protocol *protocol, Fault *fault)
{
    uint32_t timeout = 0;

    if (protocol->session->state != TRANSACTION_IDLE)
        timeout = (uint32_t)settings_integer(protocol->session, "idle_in_transaction_session_timeout");
    return connection_read(protocol->connection, timeout, &protocol->type, &protocol->payload, fault);
}

static void raise_cancelled(void *arg)
{
    (void)arg;
    check_cancel();
}

/* A termination that reached the session while it was idle. */
static bool is_terminated(Protocol *protocol)
{
    Error *err;

    if (atomic_load(&protocol->session->cancel.reason) < CANCEL_TRANSACTION_TIMEOUT)
        return false;
    err = error_catch(raise_cancelled, NULL);
    if (err != NULL)
        send_error(protocol->connection, err, NULL);
    return true;
}

static void serve_messages(Protocol *protocol)
{
    Fault fault;

    if (error_catch(go_idle_body, protocol) != NULL)
        return;
    while (!protocol->ended && !connection_is_broken(protocol->connection)) {
        Status status;

        if (!connection_has_message(protocol->connection) && connection_flush(protocol->connection, &fault) != STATUS_OK)
            break;
        status = read_message(protocol, &fault);
        if (status == STATUS_LOCK_NOT_AVAILABLE)
            cancel_request(&protocol->session->cancel, CANCEL_IDLE_IN_TRANSACTION);
        if (is_terminated(protocol))
            break;
        if (status != STATUS_OK || protocol->type == 'X')
            break;
        cancel_clear(&protocol->session->cancel); /* a cancel request that came too late is nobody's */
        serve_one(protocol);
        if (ends_burst(protocol->type) && !protocol->ended && error_catch(go_idle_body, protocol) != NULL)
            break;
        if (protocol->type == 'H' && connection_flush(protocol->connection, &fault) != STATUS_OK)
            break;
    }
    if (connection_flush(protocol->connection, &fault) != STATUS_OK)
        return; /* nobody is there to read it */
}

static void on_notice(void *arg, NoticeSeverity severity, const Error *notice)
{
    send_notice(((Protocol *)arg)->connection, severity, notice);
}

static void on_setting(void *arg, const char *name, const char *value)
{
    Protocol *protocol = arg;

    send_parameter_status(protocol->connection, name, value);
    if (strcmp(name, "application_name") == 0)
        backend_set_application_name(protocol->backend, value);
}

static void open_protocol(void *arg)
{
    Protocol *protocol = arg;

    protocol->arena = arena_new(connection_arena(protocol->connection), &protocol->session->account, "message");
    protocol->row_arena = arena_new(connection_arena(protocol->connection), &protocol->session->account, "rows");
    settings_report_all(protocol->session);
}

void protocol_serve(Connection *connection, Session *session, Backend *backend)
{
    Protocol protocol = {.connection = connection, .session = session, .backend = backend};
    Error   *err;

    session->send_notice = on_notice;
    session->send_notice_arg = &protocol;
    session->report_setting = on_setting;
    session->report_setting_arg = &protocol;
    cancel_attach(&session->cancel);
    err = error_catch(open_protocol, &protocol);
    if (err == NULL) {
        StrBuf *out = message_begin(connection, 'K');

        message_int32(out, backend->id);
        message_int32(out, (int32_t)backend->key);
        message_end(connection);
        serve_messages(&protocol);
    } else {
        send_error(connection, err, NULL);
    }
    cancel_attach(NULL);
    session->send_notice = NULL;
    session->report_setting = NULL;
    arena_free(protocol.arena);
    arena_free(protocol.row_arena);
}
