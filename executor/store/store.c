/*
 * store.c - status values into errors; opening and closing the store; the session's transaction.
 */
#include "executor/store/store.h"

#include "base/cancel.h"
#include "executor/exec/spill.h"
#include "executor/session/transaction.h"

Sqlstate store_sqlstate(Status status)
{
    switch (status) {
    case STATUS_CONFLICT:
        return SQLSTATE_T_R_SERIALIZATION_FAILURE;
    case STATUS_CORRUPT:
        return SQLSTATE_DATA_CORRUPTED;
    case STATUS_NO_SPACE:
        return SQLSTATE_DISK_FULL;
    case STATUS_NO_MEMORY:
        return SQLSTATE_OUT_OF_MEMORY;
    case STATUS_READ_ONLY:
        return SQLSTATE_SYSTEM_ERROR;
    case STATUS_DEADLOCK:
        return SQLSTATE_T_R_DEADLOCK_DETECTED;
    case STATUS_LOCK_NOT_AVAILABLE:
        return SQLSTATE_LOCK_NOT_AVAILABLE;
    case STATUS_CANCELLED:
        return SQLSTATE_QUERY_CANCELED;
    case STATUS_TOO_LARGE:
        return SQLSTATE_PROGRAM_LIMIT_EXCEEDED;
    case STATUS_IO:
    case STATUS_FORMAT:
        return SQLSTATE_IO_ERROR;
    case STATUS_CLOSED:
        return SQLSTATE_ADMIN_SHUTDOWN;
    case STATUS_OK:
    case STATUS_NOT_FOUND:
    case STATUS_EXISTS:
    case STATUS_BUSY:
    default:
        return SQLSTATE_INTERNAL_ERROR;
    }
}

/* The message that PostgreSQL's users know, where there is one; storage's own words become the detail. */
static const char *status_message(Status status)
{
    switch (status) {
    case STATUS_CONFLICT:
        return "could not serialize access due to concurrent update";
    case STATUS_DEADLOCK:
        return "deadlock detected";
    case STATUS_LOCK_NOT_AVAILABLE:
        return "canceling statement due to lock timeout";
    case STATUS_NO_MEMORY:
        return "out of memory";
    default:
        return NULL;
    }
}

void store_check(Status status, const Fault *fault)
{
    const char *known;
    const char *text;
    Error      *err;

    if (LIKELY(status == STATUS_OK))
        return;
    if (status == STATUS_CANCELLED)
        check_cancel(); /* raises with the reason that is pending */
    text = fault != NULL && fault->status == status && fault->text[0] != '\0' ? fault->text : status_name(status);
    known = status_message(status);
    if (known == NULL)
        raise_error(store_sqlstate(status), "%s", text);
    err = error_new(store_sqlstate(status), "%s", status == STATUS_LOCK_NOT_AVAILABLE && fault != NULL && fault->text[0] != '\0'
                                                      ? fault->text : known);
    if (status == STATUS_DEADLOCK) {
        error_detail(err, "%s", text);
        error_hint(err, "See server log for query details.");
    } else if (status == STATUS_NO_MEMORY) {
        error_detail(err, "%s", text);
    }
    error_raise(err);
}

Status store_open(const EngineOptions *options, Store *store, Fault *fault)
{
    Status status;

    *store = (Store){0};
    TRY(engine_open(options, &store->engine, fault));
    status = txn_manager_open(store->engine, &store->transactions, fault);
    if (status == STATUS_OK)
        status = catalog_open(store->engine, &store->catalog, fault);
    if (status != STATUS_OK) {
        if (store->transactions != NULL)
            txn_manager_close(store->transactions);
        engine_close(store->engine, NULL);
        *store = (Store){0};
        return status;
    }
    spill_set_directory(engine_directory(store->engine));
    return STATUS_OK;
}

Status store_close(Store *store, Fault *fault)
{
    Status status;

    catalog_close(store->catalog);
    txn_manager_close(store->transactions);
    status = engine_close(store->engine, fault);
    *store = (Store){0};
    return status;
}

Transaction *store_transaction(Session *session)
{
    if (session->txn == NULL)
        session_begin(session);
    return session->txn;
}
