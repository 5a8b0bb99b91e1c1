/*
 * lock.c - see lock.h.
 */
#include "storage/txn/lock_table.h"

#include "base/account.h"
#include "base/bytes.h"
#include "base/hash.h"

#include <stdlib.h>

#define ROW(mode) (1 << ROW_LOCK_##mode)
#define TABLE(mode) (1 << TABLE_LOCK_##mode)

/* PG15: tables 13.2 and 13.3 of the manual. */
const LockModes lock_conflicts[LOCK_CLASSES][16] = {
    [LOCK_CLASS_ROW] =
        {
            [ROW_LOCK_KEY_SHARE] = ROW(UPDATE),
            [ROW_LOCK_SHARE] = ROW(NO_KEY_UPDATE) | ROW(UPDATE),
            [ROW_LOCK_NO_KEY_UPDATE] = ROW(SHARE) | ROW(NO_KEY_UPDATE) | ROW(UPDATE),
            [ROW_LOCK_UPDATE] = ROW(KEY_SHARE) | ROW(SHARE) | ROW(NO_KEY_UPDATE) | ROW(UPDATE),
        },
    [LOCK_CLASS_UNIQUE] = {[1] = 1 << 1},
    [LOCK_CLASS_RELATION] =
        {
            [TABLE_LOCK_ACCESS_SHARE] = TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_ROW_SHARE] = TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_ROW_EXCLUSIVE] = TABLE(SHARE) | TABLE(SHARE_ROW_EXCLUSIVE) | TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_SHARE_UPDATE_EXCLUSIVE] = TABLE(SHARE_UPDATE_EXCLUSIVE) | TABLE(SHARE) | TABLE(SHARE_ROW_EXCLUSIVE) |
                                                  TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_SHARE] = TABLE(ROW_EXCLUSIVE) | TABLE(SHARE_UPDATE_EXCLUSIVE) | TABLE(SHARE_ROW_EXCLUSIVE) |
                                 TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_SHARE_ROW_EXCLUSIVE] = TABLE(ROW_EXCLUSIVE) | TABLE(SHARE_UPDATE_EXCLUSIVE) | TABLE(SHARE) |
                                               TABLE(SHARE_ROW_EXCLUSIVE) | TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_EXCLUSIVE] = TABLE(ROW_SHARE) | TABLE(ROW_EXCLUSIVE) | TABLE(SHARE_UPDATE_EXCLUSIVE) | TABLE(SHARE) |
                                     TABLE(SHARE_ROW_EXCLUSIVE) | TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
            [TABLE_LOCK_ACCESS_EXCLUSIVE] = TABLE(ACCESS_SHARE) | TABLE(ROW_SHARE) | TABLE(ROW_EXCLUSIVE) |
                                            TABLE(SHARE_UPDATE_EXCLUSIVE) | TABLE(SHARE) | TABLE(SHARE_ROW_EXCLUSIVE) |
                                            TABLE(EXCLUSIVE) | TABLE(ACCESS_EXCLUSIVE),
        },
    [LOCK_CLASS_ADVISORY] = {[1] = 1 << 2, [2] = 1 << 1 | 1 << 2}, /* 1 shared, 2 exclusive */
};
#undef ROW
#undef TABLE

/* ---- tables and owners ----------------------------------------------------------------------------------------- */

Status lock_table_open(LockTable **table_out, Fault *fault)
{
    LockTable *table = calloc(1, sizeof *table);

    if (table == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a lock table");
    for (int i = 0; i < LOCK_SHARDS; i++)
        pthread_mutex_init(&table->shards[i].mutex, NULL);
    *table_out = table;
    return STATUS_OK;
}

void lock_table_close(LockTable *table)
{
    if (table == NULL)
        return;
    for (int i = 0; i < LOCK_SHARDS; i++) {
        ASSERT(table->shards[i].count == 0);
        pthread_mutex_destroy(&table->shards[i].mutex);
        free(table->shards[i].buckets);
    }
    free(table);
}

Status lock_owner_new(LockTable *table, LockOwner **owner_out, Fault *fault)
{
    LockOwner         *owner = calloc(1, sizeof *owner);
    pthread_condattr_t monotonic;

    if (owner == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a lock owner");
    owner->table = table;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&owner->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *owner_out = owner;
    return STATUS_OK;
}

void lock_owner_free(LockOwner *owner)
{
    if (owner == NULL)
        return;
    lock_release_all(owner);
    lock_advisory_unlock_all(owner);
    pthread_cond_destroy(&owner->wake);
    free(owner->log);
    free(owner->session_locks);
    free(owner);
}

/* ---- finding locks in a shard; its mutex is held ------------------------------------------------------------------ */

static size_t lock_bytes(uint32_t key_bytes)
{
    return sizeof(Lock) + key_bytes;
}

static Status grow_buckets(LockShard *shard, Fault *fault)
{
    size_t mask = shard->buckets == NULL ? 15 : shard->mask * 2 + 1;
    Lock **grown = calloc(mask + 1, sizeof *grown);

    if (grown == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for the lock table");
    for (size_t i = 0; shard->buckets != NULL && i <= shard->mask; i++) {
        for (Lock *lock = shard->buckets[i], *next; lock != NULL; lock = next) {
            size_t to = lock->hash / LOCK_SHARDS & mask;

            next = lock->next;
            lock->next = grown[to];
            grown[to] = lock;
        }
    }
    free(shard->buckets);
    shard->buckets = grown;
    shard->mask = mask;
    return STATUS_OK;
}

static Lock *find_lock(LockShard *shard, uint64_t hash, LockClass class, uint32_t space, Slice key)
{
    if (shard->buckets == NULL)
        return NULL;
    for (Lock *lock = shard->buckets[hash / LOCK_SHARDS & shard->mask]; lock != NULL; lock = lock->next) {
        if (lock->hash == hash && lock->class == class && lock->space == space &&
            slice_equal(slice_of(lock->key, lock->key_bytes), key))
            return lock;
    }
    return NULL;
}

static Status make_lock(LockShard *shard, uint64_t hash, LockClass class, uint32_t space, Slice key, Lock **lock_out, Fault *fault)
{
    size_t bytes = lock_bytes((uint32_t)key.size);
    Lock  *lock;
    Lock **bucket;

    if (shard->buckets == NULL || shard->count > shard->mask)
        TRY(grow_buckets(shard, fault));
    if (!account_reserve(&server_account, bytes))
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for locks");
    lock = malloc(bytes);
    if (lock == NULL) {
        account_release(&server_account, bytes);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a lock");
    }
    memset(lock, 0, sizeof *lock);
    lock->hash = hash;
    lock->class = (uint8_t)class;
    lock->space = space;
    lock->key_bytes = (uint32_t)key.size;
    memcpy(lock->key, key.data, key.size);
    bucket = &shard->buckets[hash / LOCK_SHARDS & shard->mask];
    lock->next = *bucket;
    *bucket = lock;
    shard->count++;
    *lock_out = lock;
    return STATUS_OK;
}

void lock_drop_if_idle(LockTable *table, Lock *lock)
{
    LockShard *shard = lock_shard(table, lock->hash);

    if (lock->holders != NULL || lock->first != NULL)
        return;
    for (Lock **at = &shard->buckets[lock->hash / LOCK_SHARDS & shard->mask];; at = &(*at)->next) {
        if (*at == lock) {
            *at = lock->next;
            break;
        }
    }
    shard->count--;
    account_release(&server_account, lock_bytes(lock->key_bytes));
    free(lock);
}

/* ---- granting; the lock's shard is latched ------------------------------------------------------------------------ */

LockModes lock_conflicts_of(const Lock *lock, LockModes modes)
{
    LockModes conflicts = 0;

    for (LockModes left = modes; left != 0; left &= (LockModes)(left - 1))
        conflicts |= lock_conflicts[lock->class][__builtin_ctz(left)];
    return conflicts;
}

LockModes lock_modes_of_others(const Lock *lock, const LockOwner *owner)
{
    LockModes modes = 0;

    for (const Hold *hold = lock->holders; hold != NULL; hold = hold->next)
        modes |= hold->owner == owner ? 0 : hold_modes(hold);
    return modes;
}

static Hold *find_hold(Lock *lock, const LockOwner *owner)
{
    Hold *hold = lock->holders;

    while (hold != NULL && hold->owner != owner)
        hold = hold->next;
    return hold;
}

static Hold *make_hold(Lock *lock, LockOwner *owner)
{
    Hold *hold = lock->slot.owner == NULL ? &lock->slot : malloc(sizeof *hold);

    if (hold == NULL)
        return NULL;
    *hold = (Hold){.owner = owner, .next = lock->holders};
    lock->holders = hold;
    return hold;
}

/* Takes a hold without modes off its lock. */
static void drop_hold(Lock *lock, Hold *hold)
{
    Hold **at = &lock->holders;

    if (hold_modes(hold) != 0)
        return;
    while (*at != hold)
        at = &(*at)->next;
    *at = hold->next;
    if (hold == &lock->slot)
        hold->owner = NULL;
    else
        free(hold);
}

/* Room for one more element, so that the grant itself cannot fail. */
static bool make_room(void **array, size_t *capacity, size_t count, size_t element)
{
    size_t larger = MAX(*capacity * 2, 8);
    void  *grown;

    if (count < *capacity)
        return true;
    grown = realloc(*array, larger * element);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = larger;
    return true;
}

static Status reserve_records(LockOwner *owner, Fault *fault)
{
    if (make_room((void **)&owner->log, &owner->log_capacity, owner->log_count, sizeof *owner->log) &&
        make_room((void **)&owner->session_locks, &owner->session_capacity, owner->session_count, sizeof *owner->session_locks))
        return STATUS_OK;
    return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a transaction's locks");
}

Status lock_grant(Lock *lock, LockOwner *owner, LockModes mode, bool session, Fault *fault)
{
    Hold *hold = find_hold(lock, owner);

    if (hold == NULL)
        hold = make_hold(lock, owner);
    if (hold == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a lock's holder");
    if (session) {
        if (hold->session_modes == 0)
            owner->session_locks[owner->session_count++] = lock;
        hold->session_modes |= mode;
        hold->session_counts[mode == 1 << 2]++;
    } else if ((hold->transaction_modes & mode) == 0) {
        hold->transaction_modes |= mode;
        owner->log[owner->log_count++] = (LockRecord){lock, mode};
    }
    return STATUS_OK;
}

void lock_wake(Lock *lock)
{
    LockModes ahead = 0; /* of waiters that stay: nobody overtakes a conflicting one */

    for (Waiter *waiter = lock->first, *next; waiter != NULL; waiter = next) {
        LockOwner *owner = waiter_owner(waiter);
        LockModes  conflicts = lock_conflicts_of(lock, waiter->mode);

        next = waiter->next;
        if ((conflicts & (ahead | lock_modes_of_others(lock, owner))) != 0 ||
            lock_grant(lock, owner, waiter->mode, waiter->session, NULL) != STATUS_OK) {
            ahead |= waiter->mode;
            continue;
        }
        waiter->granted = true;
        *(waiter->previous != NULL ? &waiter->previous->next : &lock->first) = next;
        *(next != NULL ? &next->previous : &lock->last) = waiter->previous;
        pthread_cond_signal(&owner->wake);
    }
}

/* ---- taking -------------------------------------------------------------------------------------------------------- */

typedef struct LockRequest {
    LockClass class;
    uint32_t  space;
    Slice     key;
    LockModes mode; /* one bit */
    bool      session;
    LockWait  wait;
    uint32_t  timeout_ms;
} LockRequest;

/* Some held mode conflicts with all that the wanted one conflicts with: nothing to do. */
static bool covers(LockClass class, LockModes held, LockModes mode)
{
    LockModes wanted = lock_conflicts[class][__builtin_ctz(mode)];

    for (LockModes left = held; left != 0; left &= (LockModes)(left - 1)) {
        if ((lock_conflicts[class][__builtin_ctz(left)] & wanted) == wanted)
            return true;
    }
    return false;
}

/* A repeated request is mostly for something taken lately: answered without the shared table. */
static bool held_lately(const LockOwner *owner, const LockRequest *request)
{
    size_t oldest = owner->log_count > 16 ? owner->log_count - 16 : 0;

    for (size_t i = owner->log_count; i > oldest; i--) {
        const LockRecord *record = &owner->log[i - 1];
        const Lock       *lock = record->lock;

        if (lock->class == request->class && lock->space == request->space && covers(request->class, record->mode, request->mode) &&
            slice_equal(slice_of(lock->key, lock->key_bytes), request->key))
            return true;
    }
    return false;
}

static bool conflicts_with_queue(const Lock *lock, LockModes mode)
{
    LockModes conflicts = lock_conflicts_of(lock, mode);

    for (const Waiter *waiter = lock->first; waiter != NULL; waiter = waiter->next) {
        if ((conflicts & waiter->mode) != 0)
            return true;
    }
    return false;
}

/* The shard is latched. */
static Status take(Lock *lock, LockOwner *owner, const LockRequest *request, bool *waited_out, Fault *fault)
{
    Hold *hold = find_hold(lock, owner);

    if (!request->session && hold != NULL && covers(request->class, hold->transaction_modes, request->mode))
        return STATUS_OK;
    if ((hold != NULL && covers(request->class, hold_modes(hold), request->mode)) ||
        ((lock_conflicts_of(lock, request->mode) & lock_modes_of_others(lock, owner)) == 0 &&
         (hold != NULL || !conflicts_with_queue(lock, request->mode))))
        return lock_grant(lock, owner, request->mode, request->session, fault);
    if (request->wait != LOCK_WAIT)
        return FAULT(fault, STATUS_LOCK_NOT_AVAILABLE, 0, "the lock is held by another transaction");
    *waited_out = true;
    return lock_wait(lock, owner, request->mode, request->session, request->timeout_ms, fault);
}

static Status acquire(LockOwner *owner, const LockRequest *request, bool *waited_out, Fault *fault)
{
    uint64_t   hash;
    LockShard *shard;
    Lock      *lock;
    Status     status = STATUS_OK;

    *waited_out = false;
    if (owner == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a lock owner");
    if (!request->session && held_lately(owner, request))
        return STATUS_OK;
    TRY(reserve_records(owner, fault));
    hash = hash_combine(hash_slice(request->key), (uint64_t)request->space << 8 | request->class);
    shard = lock_shard(owner->table, hash);
    pthread_mutex_lock(&shard->mutex);
    lock = find_lock(shard, hash, request->class, request->space, request->key);
    if (lock == NULL)
        status = make_lock(shard, hash, request->class, request->space, request->key, &lock, fault);
    if (status == STATUS_OK) {
        status = take(lock, owner, request, waited_out, fault);
        if (status != STATUS_OK)
            lock_drop_if_idle(owner->table, lock);
    }
    pthread_mutex_unlock(&shard->mutex);
    return status;
}

Status lock_row(LockOwner *owner, StorageId storage, Slice key, RowLock mode, LockWait wait, uint32_t timeout_ms, bool *waited_out,
                Fault *fault)
{
    LockRequest request = {.class = LOCK_CLASS_ROW, .space = storage, .key = key, .mode = (LockModes)(1 << mode), .wait = wait,
                           .timeout_ms = timeout_ms};

    return acquire(owner, &request, waited_out, fault);
}

Status lock_unique_key(LockOwner *owner, StorageId index_storage, Slice key_prefix, uint32_t timeout_ms, bool *waited_out, Fault *fault)
{
    LockRequest request = {.class = LOCK_CLASS_UNIQUE, .space = index_storage, .key = key_prefix, .mode = 1 << 1,
                           .wait = LOCK_WAIT, .timeout_ms = timeout_ms};

    return acquire(owner, &request, waited_out, fault);
}

Status lock_relation(LockOwner *owner, Oid database, Oid relation, TableLock mode, LockWait wait, uint32_t timeout_ms, Fault *fault)
{
    uint8_t     key[4];
    bool        waited;
    LockRequest request = {.class = LOCK_CLASS_RELATION, .space = database, .key = slice_of(key, sizeof key),
                           .mode = (LockModes)(1 << mode), .wait = wait, .timeout_ms = timeout_ms};

    put_be32(key, relation);
    return acquire(owner, &request, &waited, fault);
}

/* ---- advisory locks -------------------------------------------------------------------------------------------------- */

enum { ADVISORY_KEY_BYTES = 9 };

static LockModes advisory_key(uint8_t *bytes, uint8_t class, uint64_t key, bool shared)
{
    bytes[0] = class;
    put_be64(bytes + 1, key);
    return shared ? 1 << 1 : 1 << 2;
}

Status lock_advisory(LockOwner *owner, Oid database, uint8_t class, uint64_t key, bool shared, AdvisoryScope scope, LockWait wait,
                     uint32_t timeout_ms, Fault *fault)
{
    uint8_t     bytes[ADVISORY_KEY_BYTES];
    bool        waited;
    LockRequest request = {.class = LOCK_CLASS_ADVISORY, .space = database, .key = slice_of(bytes, sizeof bytes),
                           .mode = advisory_key(bytes, class, key, shared), .session = scope == ADVISORY_SESSION, .wait = wait,
                           .timeout_ms = timeout_ms};

    return acquire(owner, &request, &waited, fault);
}

static void forget_session_lock(LockOwner *owner, const Lock *lock)
{
    for (size_t i = 0; i < owner->session_count; i++) {
        if (owner->session_locks[i] == lock) {
            owner->session_locks[i] = owner->session_locks[--owner->session_count];
            return;
        }
    }
}

bool lock_advisory_unlock(LockOwner *owner, Oid database, uint8_t class, uint64_t key, bool shared)
{
    uint8_t    bytes[ADVISORY_KEY_BYTES];
    LockModes  mode = advisory_key(bytes, class, key, shared);
    Slice      name = slice_of(bytes, sizeof bytes);
    uint64_t   hash = hash_combine(hash_slice(name), (uint64_t)database << 8 | LOCK_CLASS_ADVISORY);
    LockShard *shard = lock_shard(owner->table, hash);
    Lock      *lock;
    Hold      *hold = NULL;

    pthread_mutex_lock(&shard->mutex);
    lock = find_lock(shard, hash, LOCK_CLASS_ADVISORY, database, name);
    if (lock != NULL)
        hold = find_hold(lock, owner);
    if (hold == NULL || (hold->session_modes & mode) == 0) {
        pthread_mutex_unlock(&shard->mutex);
        return false;
    }
    if (--hold->session_counts[!shared] == 0) {
        hold->session_modes &= (LockModes)~mode;
        if (hold->session_modes == 0)
            forget_session_lock(owner, lock);
        drop_hold(lock, hold);
        lock_wake(lock);
        lock_drop_if_idle(owner->table, lock);
    }
    pthread_mutex_unlock(&shard->mutex);
    return true;
}

void lock_advisory_unlock_all(LockOwner *owner)
{
    while (owner->session_count > 0) {
        Lock      *lock = owner->session_locks[--owner->session_count];
        LockShard *shard = lock_shard(owner->table, lock->hash);
        Hold      *hold;

        pthread_mutex_lock(&shard->mutex);
        hold = find_hold(lock, owner);
        hold->session_modes = 0;
        hold->session_counts[0] = hold->session_counts[1] = 0;
        drop_hold(lock, hold);
        lock_wake(lock);
        lock_drop_if_idle(owner->table, lock);
        pthread_mutex_unlock(&shard->mutex);
    }
}

/* ---- releasing ------------------------------------------------------------------------------------------------------- */

uint64_t lock_owner_mark(const LockOwner *owner)
{
    return owner->log_count;
}

void lock_release_to(LockOwner *owner, uint64_t mark)
{
    while (owner->log_count > mark) {
        LockRecord record = owner->log[--owner->log_count];
        LockShard *shard = lock_shard(owner->table, record.lock->hash);
        Hold      *hold;

        pthread_mutex_lock(&shard->mutex);
        hold = find_hold(record.lock, owner);
        hold->transaction_modes &= (LockModes)~record.mode;
        drop_hold(record.lock, hold);
        if (record.lock->first != NULL)
            lock_wake(record.lock);
        lock_drop_if_idle(owner->table, record.lock);
        pthread_mutex_unlock(&shard->mutex);
    }
}

void lock_release_all(LockOwner *owner)
{
    lock_release_to(owner, 0);
    if (owner->log_capacity > 4096) { /* a large transaction's log is not kept for the small ones after it */
        free(owner->log);
        owner->log = NULL;
        owner->log_capacity = 0;
    }
}
