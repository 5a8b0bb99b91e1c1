/*
 * transaction.c - see transaction.h.
 */
#include "executor/session/transaction.h"

#include "executor/ddl/temp_schema.h"
#include "executor/session/portal.h"
#include "executor/session/settings.h"
#include "executor/session/state.h"
#include "executor/store/store.h"

#include <time.h>

/* One SAVEPOINT of the block, newest first. */
typedef struct NamedSavepoint NamedSavepoint;
struct NamedSavepoint {
    NamedSavepoint *older;
    const char     *name;
    Savepoint       mark;
    bool            started; /* the storage transaction had begun when it was set: mark is valid */
    int32_t         settings_mark;
    uint64_t        portal_mark;
};

int64_t session_clock(void)
{
    enum { SECONDS_1970_TO_2000 = 946684800 };
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return ((int64_t)now.tv_sec - SECONDS_1970_TO_2000) * 1000000 + now.tv_nsec / 1000;
}

bool session_in_block(const Session *session)
{
    return session->state != TRANSACTION_IDLE;
}

/* The options of the next transaction: the defaults, until SET TRANSACTION changes them. */
static void reset_options(Session *session)
{
    SessionState *state = session->internal;
    const char   *isolation = session_setting(session, "default_transaction_isolation");
    const char   *read_only = session_setting(session, "default_transaction_read_only");
    const char   *deferrable = session_setting(session, "default_transaction_deferrable");

    state->in_reset = true;
    settings_force(session, "transaction_isolation", isolation);
    settings_force(session, "transaction_read_only", read_only);
    settings_force(session, "transaction_deferrable", deferrable);
    state->in_reset = false;
    state->options = (TransactionOptions){
        .isolation = strcmp(isolation, "serializable") == 0      ? SERIALIZABLE
                     : strcmp(isolation, "repeatable read") == 0 ? REPEATABLE_READ
                                                                 : READ_COMMITTED,
        .read_only = strcmp(read_only, "on") == 0,
        .deferrable = strcmp(deferrable, "on") == 0,
    };
}

static void start_transaction_time(Session *session)
{
    SessionState *state = session->internal;

    if (state->transaction_started)
        return;
    state->transaction_started = true;
    session->transaction_start = session->statement_start;
    session->ctx.transaction_time = session->transaction_start;
    reset_options(session);
}

void session_begin(Session *session)
{
    SessionState *state = session->internal;
    Fault         fault;

    if (session->txn != NULL)
        return;
    start_transaction_time(session);
    store_check(transaction_begin(session->store->transactions, &state->options, &session->txn, &fault), &fault);
    transaction_start_statement(session->txn);
}

void session_start_statement(Session *session)
{
    session->statement_start = session_clock();
    session->ctx.statement_time = session->statement_start;
    start_transaction_time(session);
    if (session->txn != NULL)
        transaction_start_statement(session->txn);
}

/* What every end of a transaction has in common. */
static void forget_transaction(Session *session, bool committed)
{
    SessionState *state = session->internal;

    session->txn = NULL;
    session->state = TRANSACTION_IDLE;
    state->transaction_started = false;
    state->savepoints = NULL;
    state->in_reset = true;
    settings_end_transaction(session, committed);
    state->in_reset = false;
    arena_reset(session->txn_arena);
    if (!committed) {
        session->search_path_valid = false;
        session->catalog_changes++;
    }
}

static void commit(Session *session)
{
    bool         synchronous = strcmp(session_setting(session, "synchronous_commit"), "off") != 0;
    Transaction *txn;
    Fault        fault;
    Status       status;

    session_run_deferred_checks(session);
    temp_before_commit(session, session->txn_arena);
    portals_end_transaction(session, true);
    txn = session->txn;
    if (txn == NULL) {
        forget_transaction(session, true);
        return;
    }
    session->txn = NULL; /* the commit frees it whatever comes of it */
    status = transaction_commit(txn, synchronous ? COMMIT_SYNC : COMMIT_NO_SYNC, &fault);
    forget_transaction(session, status == STATUS_OK);
    store_check(status, &fault);
}

void session_rollback(Session *session)
{
    portals_end_transaction(session, false);
    if (session->txn != NULL)
        transaction_rollback(session->txn);
    forget_transaction(session, false);
}

void session_finish(Session *session)
{
    if (session->state == TRANSACTION_IDLE && ((SessionState *)session->internal)->transaction_started)
        commit(session);
}

void session_abort(Session *session)
{
    if (session->state == TRANSACTION_IDLE)
        session_rollback(session);
    else
        session->state = TRANSACTION_FAILED;
}

bool session_is_transaction_exit(const Node *stmt)
{
    const TransactionStmt *transaction = (const TransactionStmt *)stmt;

    if (stmt->tag != NODE_TRANSACTION_STMT)
        return false;
    switch (transaction->kind) {
    case TRANS_STMT_COMMIT:
    case TRANS_STMT_ROLLBACK:
    case TRANS_STMT_ROLLBACK_TO:
    case TRANS_STMT_PREPARE:
        return true;
    default:
        return false;
    }
}

void session_set_implicit_block(Session *session, bool implicit)
{
    ((SessionState *)session->internal)->implicit_block = implicit;
}

void session_prevent_in_block(Session *session, const char *what)
{
    SessionState *state = session->internal;

    if (session->state != TRANSACTION_IDLE || state->implicit_block)
        raise_error(SQLSTATE_ACTIVE_SQL_TRANSACTION, "%s cannot run inside a transaction block", what);
}

/* ---- options ----------------------------------------------------------------------------------------------------------- */

static void pass_options_on(Session *session)
{
    SessionState *state = session->internal;

    if (session->txn != NULL)
        transaction_set_options(session->txn, &state->options);
}

void session_set_isolation(Session *session, Isolation isolation)
{
    SessionState *state = session->internal;

    if (state == NULL || state->in_reset)
        return;
    state->options.isolation = isolation;
    pass_options_on(session);
}

void session_set_read_only(Session *session, bool read_only)
{
    SessionState *state = session->internal;

    if (state == NULL || state->in_reset)
        return;
    state->options.read_only = read_only;
    pass_options_on(session);
}

void session_set_deferrable(Session *session, bool deferrable)
{
    SessionState *state = session->internal;

    if (state == NULL || state->in_reset)
        return;
    state->options.deferrable = deferrable;
    pass_options_on(session);
}

void session_check_isolation_change(Session *session)
{
    SessionState *state = session->internal;

    if (session->txn != NULL && transaction_has_snapshot(session->txn))
        raise_error(SQLSTATE_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must be called before any query");
    if (state->savepoints != NULL)
        raise_error(SQLSTATE_ACTIVE_SQL_TRANSACTION, "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
}

void session_check_read_write_change(Session *session)
{
    SessionState *state = session->internal;

    if (!state->options.read_only)
        return;
    if (state->savepoints != NULL)
        raise_error(SQLSTATE_ACTIVE_SQL_TRANSACTION, "cannot set transaction read-write mode inside a read-only transaction");
    if (session->txn != NULL && transaction_has_snapshot(session->txn))
        raise_error(SQLSTATE_ACTIVE_SQL_TRANSACTION, "transaction read-write mode must be set before any query");
}

void session_require_writable(Session *session, const char *command)
{
    SessionState *state = session->internal;

    if (state->transaction_started && state->options.read_only)
        raise_error(SQLSTATE_READ_ONLY_SQL_TRANSACTION, "cannot execute %s in a read-only transaction", command);
}

/* Options of BEGIN and SET TRANSACTION are settings of the transaction; going through them checks and shows them alike. */
void session_apply_transaction_modes(Session *session, const NodeList *options)
{
    for (int32_t i = 0; options != NULL && i < options->count; i++) {
        const DefElem *option = (const DefElem *)options->items[i];
        const A_Const *value = (const A_Const *)option->arg;

        if (strcmp(option->defname, "transaction_isolation") == 0)
            settings_set(session, "transaction_isolation", value->sval, true, SETTING_FROM_CLIENT);
        else
            settings_set(session, option->defname, value->ival != 0 ? "on" : "off", true, SETTING_FROM_CLIENT);
    }
}

/* ---- savepoints ---------------------------------------------------------------------------------------------------------- */

static void require_block(Session *session, const char *command)
{
    if (session->state == TRANSACTION_IDLE)
        raise_error(SQLSTATE_NO_ACTIVE_SQL_TRANSACTION, "%s can only be used in transaction blocks", command);
}

static void set_savepoint(Session *session, const char *name)
{
    SessionState   *state = session->internal;
    NamedSavepoint *savepoint = ARENA_NEW(session->txn_arena, NamedSavepoint);

    savepoint->name = arena_strdup(session->txn_arena, name);
    savepoint->started = session->txn != NULL;
    if (savepoint->started)
        savepoint->mark = transaction_savepoint(session->txn);
    savepoint->settings_mark = settings_mark(session->settings);
    savepoint->portal_mark = portals_mark(session);
    savepoint->older = state->savepoints;
    state->savepoints = savepoint;
}

static NamedSavepoint *find_savepoint(Session *session, const char *name)
{
    SessionState *state = session->internal;

    for (NamedSavepoint *at = state->savepoints; at != NULL; at = at->older)
        if (strcmp(at->name, name) == 0)
            return at;
    raise_error(SQLSTATE_S_E_INVALID_SPECIFICATION, "savepoint \"%s\" does not exist", name);
}

static void rollback_to(Session *session, const char *name)
{
    SessionState   *state = session->internal;
    NamedSavepoint *savepoint = find_savepoint(session, name);

    portals_rollback_to(session, savepoint->portal_mark);
    if (savepoint->started) {
        transaction_rollback_to(session->txn, &savepoint->mark);
    } else if (session->txn != NULL) {
        transaction_rollback(session->txn);
        session->txn = NULL;
    }
    settings_rollback_to(session, savepoint->settings_mark);
    session->search_path_valid = false;
    session->catalog_changes++;
    state->savepoints = savepoint;
    session->state = TRANSACTION_BLOCK;
}

/* ---- the statements -------------------------------------------------------------------------------------------------------- */

static const char *begin_block(Session *session, const TransactionStmt *stmt)
{
    SessionState *state = session->internal;

    if (session->state != TRANSACTION_IDLE)
        session_notice(session, NOTICE_WARNING, SQLSTATE_ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress");
    session->state = TRANSACTION_BLOCK;
    state->implicit_block = false;
    session_apply_transaction_modes(session, stmt->options);
    return stmt->kind == TRANS_STMT_START ? "START TRANSACTION" : "BEGIN";
}

/* AND CHAIN: the next block begins with the options of the one that ended. */
static void chain(Session *session, const TransactionOptions *options)
{
    static const char *const names[] = {"read committed", "repeatable read", "serializable"};

    session_start_statement(session);
    session->state = TRANSACTION_BLOCK;
    settings_set(session, "transaction_isolation", names[options->isolation], true, SETTING_FROM_CLIENT);
    settings_set(session, "transaction_read_only", options->read_only ? "on" : "off", true, SETTING_FROM_CLIENT);
    settings_set(session, "transaction_deferrable", options->deferrable ? "on" : "off", true, SETTING_FROM_CLIENT);
}

static const char *end_block(Session *session, const TransactionStmt *stmt)
{
    SessionState      *state = session->internal;
    TransactionOptions options = state->options;
    bool               wants_commit = stmt->kind == TRANS_STMT_COMMIT;
    bool               commits = wants_commit && session->state != TRANSACTION_FAILED;

    if (session->state == TRANSACTION_IDLE) {
        if (stmt->chain)
            raise_error(SQLSTATE_NO_ACTIVE_SQL_TRANSACTION, "%s AND CHAIN can only be used in transaction blocks",
                        wants_commit ? "COMMIT" : "ROLLBACK");
        session_notice(session, NOTICE_WARNING, SQLSTATE_NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress");
    }
    if (commits)
        commit(session);
    else
        session_rollback(session);
    if (stmt->chain)
        chain(session, &options);
    return commits ? "COMMIT" : "ROLLBACK";
}

const char *session_transaction_command(Session *session, const TransactionStmt *stmt)
{
    switch (stmt->kind) {
    case TRANS_STMT_BEGIN:
    case TRANS_STMT_START:
        return begin_block(session, stmt);
    case TRANS_STMT_COMMIT:
    case TRANS_STMT_ROLLBACK:
        return end_block(session, stmt);
    case TRANS_STMT_SAVEPOINT:
        require_block(session, "SAVEPOINT");
        set_savepoint(session, stmt->savepoint_name);
        return "SAVEPOINT";
    case TRANS_STMT_RELEASE:
        require_block(session, "RELEASE SAVEPOINT");
        ((SessionState *)session->internal)->savepoints = find_savepoint(session, stmt->savepoint_name)->older;
        return "RELEASE";
    case TRANS_STMT_ROLLBACK_TO:
        require_block(session, "ROLLBACK TO SAVEPOINT");
        rollback_to(session, stmt->savepoint_name);
        return "ROLLBACK";
    case TRANS_STMT_PREPARE:
    case TRANS_STMT_COMMIT_PREPARED:
    case TRANS_STMT_ROLLBACK_PREPARED:
    default:
        break;
    }
    /* PG15: what a server with max_prepared_transactions = 0 says */
    Error *err = error_new(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "prepared transactions are disabled");

    error_hint(err, "Set max_prepared_transactions to a nonzero value.");
    error_raise(err);
}
