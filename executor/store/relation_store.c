/*
 * relation_store.c - storage of relations for DDL, its Status values turned into errors.
 */
#include "executor/store/relation_store.h"

#include "storage/index/index.h"
#include "storage/table/table.h"

StorageId store_new_storage_id(Session *session)
{
    StorageId id = 0;
    Fault     fault;

    store_check(engine_new_storage_id(session->engine, &id, &fault), &fault);
    return id;
}

void store_table_create(Session *session, const RelationDesc *table)
{
    Fault fault;

    store_check(table_create_storage(store_transaction(session), table, &fault), &fault);
}

void store_table_drop(Session *session, const RelationDesc *table)
{
    Fault fault;

    store_check(table_drop_storage(store_transaction(session), table, &fault), &fault);
}

void store_index_create(Session *session, const RelationDesc *index)
{
    Fault fault;

    store_check(index_create_storage(store_transaction(session), index, &fault), &fault);
}

void store_index_drop(Session *session, const RelationDesc *index)
{
    Fault fault;

    store_check(index_drop_storage(store_transaction(session), index, &fault), &fault);
}

void store_lock_relation(Session *session, Oid relation, TableLock mode)
{
    Transaction *txn = store_transaction(session);
    int32_t      timeout_ms = session_lock_timeout_ms(session);
    Fault        fault;

    store_check(lock_relation(transaction_locks(txn), session->database, relation, mode, LOCK_WAIT,
                              timeout_ms < 0 ? 0 : (uint32_t)timeout_ms, &fault),
                &fault);
}

void store_sequence_set(Session *session, const RelationDesc *sequence, SequenceState state)
{
    Fault fault;

    store_check(sequence_set(session->catalog, sequence, state, &fault), &fault);
}

SequenceState store_sequence_read(Session *session, const RelationDesc *sequence)
{
    SequenceState state = {0};
    Fault         fault;

    store_check(sequence_read(session->catalog, sequence, &state, &fault), &fault);
    return state;
}
