/*
 * locks.c - see locks.h.
 */
#include "executor/store/locks.h"

void store_lock_table(Session *session, const RelationDesc *relation, TableLock mode, LockWait wait)
{
    Transaction *txn = store_transaction(session);
    Fault        fault;
    Status       status = lock_relation(transaction_locks(txn), session->database, relation->head.oid, mode, wait,
                                        (uint32_t)session_lock_timeout_ms(session), &fault);

    if (status == STATUS_LOCK_NOT_AVAILABLE && wait != LOCK_WAIT)
        raise_error(SQLSTATE_LOCK_NOT_AVAILABLE, "could not obtain lock on relation \"%s\"", relation->head.name);
    store_check(status, &fault);
}

void store_unlock_all_advisory(Session *session)
{
    if (session->txn != NULL)
        lock_advisory_unlock_all(transaction_locks(session->txn));
}

void store_checkpoint(Session *session)
{
    Fault fault;

    store_check(engine_flush(session->engine, &fault), &fault);
}
