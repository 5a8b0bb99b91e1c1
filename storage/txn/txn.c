/*
 * txn.c - see txn.h.
 *
 * Transaction structures are reused with what is warm in them (write set, lock owner, row buffers): a one-row statement in its own
 * transaction allocates nothing here.
 */
#include "storage/txn/serial.h"
#include "storage/txn/txn_parts.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    COUNTER_XID = 1,
    XID_FIRST = 3,
    XID_RESERVE = 4096, /* one reservation in the log for so many */
    IDLE_MAX = 32,      /* structures kept for reuse */
};

struct TransactionManager {
    Engine         *engine;
    LockTable      *locks;
    pthread_mutex_t mutex;
    uint64_t        next_xid;
    uint64_t        reserved_xid; /* xids below it are reserved */
    Transaction    *idle;
    int             idle_count;
    SerialTable     serial;
};

struct Transaction {
    TransactionManager *manager;
    Engine             *engine;
    TransactionOptions  options;
    Snapshot            snapshot;
    bool                has_snapshot;
    bool                writes_used;  /* transaction_writes() was asked for */
    bool                in_statement; /* transaction_start_statement() ran */
    LocalSeq            limit;        /* the running statement sees own writes below it */
    WriteSet           *writes;
    LockOwner          *locks;     /* in use, or NULL */
    LockOwner          *own_locks; /* kept for transactions without a session's */
    uint64_t            xid;       /* 0: none yet */
    SerialReads        *reads;     /* SERIALIZABLE and not read only; else NULL */
    bool                reads_lost; /* it should have reads, but there was no memory */
    SerialCommit        commit;
    TransactionHook    *hooks;     /* newest first */
    TransactionPart     parts[TXN_PARTS];
    Transaction        *next_idle;
};

/* ---- the manager ------------------------------------------------------------------------------------------------------ */

Status txn_manager_open(Engine *engine, TransactionManager **manager_out, Fault *fault)
{
    TransactionManager *manager = calloc(1, sizeof *manager);
    Status              status;

    if (manager == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for the transaction manager");
    status = lock_table_open(&manager->locks, fault);
    if (status != STATUS_OK) {
        free(manager);
        return status;
    }
    manager->engine = engine;
    serial_table_init(&manager->serial);
    pthread_mutex_init(&manager->mutex, NULL);
    manager->next_xid = MAX(engine_counter_get(engine, COUNTER_XID), (uint64_t)XID_FIRST);
    manager->reserved_xid = manager->next_xid;
    *manager_out = manager;
    return STATUS_OK;
}

static void transaction_destroy(Transaction *txn)
{
    for (int i = 0; i < TXN_PARTS; i++) {
        if (txn->parts[i].data != NULL)
            txn->parts[i].free(txn->parts[i].data);
    }
    if (txn->writes != NULL)
        writeset_free(txn->writes);
    lock_owner_free(txn->own_locks);
    free(txn);
}

void txn_manager_close(TransactionManager *manager)
{
    if (manager == NULL)
        return;
    for (Transaction *txn = manager->idle, *next; txn != NULL; txn = next) {
        next = txn->next_idle;
        transaction_destroy(txn);
    }
    lock_table_close(manager->locks);
    serial_table_destroy(&manager->serial);
    pthread_mutex_destroy(&manager->mutex);
    free(manager);
}

LockTable *txn_manager_locks(TransactionManager *manager)
{
    return manager->locks;
}

/* Low 32 bits 0 to 2 mean other things in xmin. */
static uint64_t next_usable_xid(uint64_t xid)
{
    return (uint32_t)xid < XID_FIRST ? (xid & ~(uint64_t)UINT32_MAX) + XID_FIRST : xid;
}

static Status new_xid(TransactionManager *manager, uint64_t *xid_out, Fault *fault)
{
    Status   status = STATUS_OK;
    uint64_t xid;

    pthread_mutex_lock(&manager->mutex);
    xid = next_usable_xid(manager->next_xid);
    if (xid >= manager->reserved_xid) {
        status = engine_counter_reserve(manager->engine, COUNTER_XID, xid + XID_RESERVE, fault);
        if (status == STATUS_OK)
            manager->reserved_xid = xid + XID_RESERVE;
    }
    if (status == STATUS_OK) {
        manager->next_xid = xid + 1;
        *xid_out = xid;
    }
    pthread_mutex_unlock(&manager->mutex);
    return status;
}

/* ---- begin and end ------------------------------------------------------------------------------------------------------ */

Status transaction_begin(TransactionManager *manager, const TransactionOptions *options, Transaction **txn_out, Fault *fault)
{
    Transaction *txn;

    pthread_mutex_lock(&manager->mutex);
    txn = manager->idle;
    if (txn != NULL) {
        manager->idle = txn->next_idle;
        manager->idle_count--;
    }
    pthread_mutex_unlock(&manager->mutex);
    if (txn == NULL) {
        txn = calloc(1, sizeof *txn);
        if (txn == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a transaction");
        txn->manager = manager;
        txn->engine = manager->engine;
    }
    txn->options = *options;
    txn->locks = options->locks;
    *txn_out = txn;
    return STATUS_OK;
}

static void drop_snapshot(Transaction *txn)
{
    if (txn->has_snapshot)
        engine_snapshot_release(txn->engine, &txn->snapshot);
    txn->has_snapshot = false;
}

/* After the write set is out of the way: everything else goes, the structure is kept or freed. */
static void finish(Transaction *txn)
{
    TransactionManager *manager = txn->manager;
    bool                keep;

    drop_snapshot(txn);
    if (txn->reads != NULL && txn->writes != NULL)
        writeset_set_owner(txn->writes, NULL);
    serial_end(txn->reads);
    txn->reads = NULL;
    txn->reads_lost = false;
    if (txn->locks != NULL)
        lock_release_all(txn->locks);
    for (int i = 0; i < TXN_PARTS; i++) {
        TransactionPart *part = &txn->parts[i];

        if (part->data != NULL && !part->end(part->data)) {
            part->free(part->data);
            *part = (TransactionPart){0};
        }
    }
    txn->locks = NULL;
    txn->hooks = NULL;
    txn->xid = 0;
    txn->limit = 0;
    txn->writes_used = false;
    txn->in_statement = false;
    pthread_mutex_lock(&manager->mutex);
    keep = manager->idle_count < IDLE_MAX;
    if (keep) {
        txn->next_idle = manager->idle;
        manager->idle = txn;
        manager->idle_count++;
    }
    pthread_mutex_unlock(&manager->mutex);
    if (!keep)
        transaction_destroy(txn);
}

static void run_hooks(Transaction *txn, bool committed, Csn csn)
{
    while (txn->hooks != NULL) {
        TransactionHook *hook = txn->hooks;

        txn->hooks = hook->next_; /* the hook may free what it is part of */
        hook->run(hook->arg, committed, csn);
    }
}

/* The writes are visible: caches learn of it first, then waiters for the locks look at them. */
static void published(void *arg, Csn csn)
{
    Transaction *txn = arg;

    serial_commit_end(&txn->commit, csn);
    run_hooks(txn, true, csn);
    if (txn->locks != NULL)
        lock_release_all(txn->locks);
}

static Status commit_writes(Transaction *txn, CommitSync sync, Fault *fault)
{
    CommitOptions options = {.xid = txn->xid, .sync = sync, .validate = serial_commit_validate, .validate_arg = &txn->commit,
                             .published = published, .published_arg = txn};
    Csn           csn;
    Status        status;

    if (txn->reads_lost) /* what was not recorded cannot be checked */
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a serializable transaction");
    status = serial_commit_begin(&txn->commit, &txn->manager->serial, txn->reads, txn->writes, fault);
    if (status == STATUS_OK)
        status = engine_commit(txn->engine, txn->writes, &options, &csn, fault);
    if (status != STATUS_OK)
        serial_commit_end(&txn->commit, 0);
    return status;
}

Status transaction_commit(Transaction *txn, CommitSync sync, Fault *fault)
{
    Status status;

    if (!txn->writes_used || writeset_is_empty(txn->writes)) {
        run_hooks(txn, true, engine_visible_csn(txn->engine));
        finish(txn);
        return STATUS_OK;
    }
    status = commit_writes(txn, sync, fault);
    if (status != STATUS_OK) {
        transaction_rollback(txn);
        return status;
    }
    finish(txn);
    return STATUS_OK;
}

void transaction_rollback(Transaction *txn)
{
    if (txn->writes_used) {
        writeset_free(txn->writes);
        txn->writes = NULL;
    }
    run_hooks(txn, false, 0);
    finish(txn);
}

/* ---- statements, views, writes --------------------------------------------------------------------------------------------- */

static void take_snapshot(Transaction *txn)
{
    if (txn->options.isolation == SERIALIZABLE && !txn->options.read_only) {
        txn->reads = serial_begin(&txn->manager->serial);
        txn->reads_lost = txn->reads == NULL || transaction_writes(txn) == NULL;
        if (!txn->reads_lost)
            writeset_set_owner(txn->writes, txn); /* its views carry it to read_view_record() */
    }
    engine_snapshot_acquire(txn->engine, &txn->snapshot);
    txn->has_snapshot = true;
    if (txn->reads != NULL)
        serial_set_snapshot(txn->reads, txn->snapshot.csn);
}

void transaction_start_statement(Transaction *txn)
{
    if (txn->options.isolation == READ_COMMITTED)
        drop_snapshot(txn);
    if (!txn->has_snapshot)
        take_snapshot(txn);
    if (txn->writes_used)
        txn->limit = writeset_advance(txn->writes);
    txn->in_statement = true;
}

ReadView transaction_read_view(Transaction *txn)
{
    if (!txn->has_snapshot)
        transaction_start_statement(txn);
    return (ReadView){.csn = txn->snapshot.csn, .writes = txn->writes_used ? txn->writes : NULL, .local_limit = txn->limit};
}

ReadView transaction_newest_view(const Transaction *txn)
{
    bool writes = txn != NULL && txn->writes_used;

    return (ReadView){.csn = CSN_MAX, .writes = writes ? txn->writes : NULL,
                      .local_limit = writes ? writeset_sequence(txn->writes) + 1 : 0};
}

Status transaction_record_read(Transaction *txn, StorageId storage, Slice lower, Slice upper, Fault *fault)
{
    return serial_record(txn->reads, storage, lower, upper, fault);
}

void read_view_keep(Transaction *txn, ReadViewKeep *keep)
{
    keep->txn = txn;
    engine_snapshot_copy(txn->engine, &keep->snapshot, &txn->snapshot);
}

void read_view_release(ReadViewKeep *keep)
{
    engine_snapshot_release(keep->txn->engine, &keep->snapshot);
    keep->txn = NULL;
}

Status transaction_xid(Transaction *txn, uint64_t *xid_out, Fault *fault)
{
    if (txn->xid == 0)
        TRY(new_xid(txn->manager, &txn->xid, fault));
    *xid_out = txn->xid;
    return STATUS_OK;
}

bool transaction_has_xid(const Transaction *txn)
{
    return txn->xid != 0;
}

WriteSet *transaction_writes(Transaction *txn)
{
    if (LIKELY(txn->writes_used))
        return txn->writes;
    if (txn->writes == NULL && writeset_new(txn->engine, &txn->writes, NULL) != STATUS_OK)
        return NULL;
    txn->writes_used = true;
    txn->limit = writeset_advance(txn->writes); /* the running statement sees none of what it writes from here on */
    return txn->writes;
}

bool transaction_has_writes(const Transaction *txn)
{
    return txn->writes_used && !writeset_is_empty(txn->writes);
}

Isolation transaction_isolation(const Transaction *txn)
{
    return txn->options.isolation;
}

bool transaction_is_read_only(const Transaction *txn)
{
    return txn->options.read_only;
}

void transaction_set_options(Transaction *txn, const TransactionOptions *options)
{
    LockOwner *locks = txn->options.locks;

    txn->options = *options;
    txn->options.locks = locks; /* who holds the locks does not change under way */
}

bool transaction_has_snapshot(const Transaction *txn)
{
    return txn->has_snapshot;
}

Engine *transaction_engine(Transaction *txn)
{
    return txn->engine;
}

LockOwner *transaction_locks(Transaction *txn)
{
    if (txn->locks == NULL) {
        if (txn->own_locks == NULL && lock_owner_new(txn->manager->locks, &txn->own_locks, NULL) != STATUS_OK)
            return NULL;
        txn->locks = txn->own_locks;
    }
    return txn->locks;
}

TransactionPart *transaction_part(const Transaction *txn, TransactionPartKind kind)
{
    return &((Transaction *)(uintptr_t)txn)->parts[kind];
}

/* ---- savepoints and hooks ------------------------------------------------------------------------------------------------------- */

Savepoint transaction_savepoint(Transaction *txn)
{
    Savepoint savepoint = {.lock_mark = txn->locks != NULL ? lock_owner_mark(txn->locks) : 0};

    /* what was written so far has lower sequences than what comes; without writes so far, everything that comes dies */
    savepoint.mark = txn->writes_used ? writeset_advance(txn->writes) : 0;
    return savepoint;
}

void transaction_rollback_to(Transaction *txn, const Savepoint *savepoint)
{
    if (txn->writes_used)
        writeset_rollback_to(txn->writes, savepoint->mark);
    if (txn->locks != NULL)
        lock_release_to(txn->locks, savepoint->lock_mark);
    for (int i = 0; i < TXN_PARTS; i++) {
        if (txn->parts[i].data != NULL && txn->parts[i].rolled_back != NULL)
            txn->parts[i].rolled_back(txn->parts[i].data);
    }
}

void transaction_at_end(Transaction *txn, TransactionHook *hook)
{
    hook->next_ = txn->hooks;
    txn->hooks = hook;
}
