/*
 * lock_table.h - inside the lock table: what lock.c (grants, releases) and lock_wait.c (queues, deadlocks) share.
 *
 * A Lock is one named resource that somebody holds or waits for. Locks stand in shards by hash, each under its mutex.
 * Latch order: one shard, or all of them in ascending order (deadlock detection); never a shard while holding a later one.
 *
 * Invariants  1. a Lock has a holder or a waiter; the last to leave frees it.
 *             2. a waiter stands in the queue of exactly the lock that its owner's waiting.lock names.
 *             3. key, class and space of a Lock never change, so an owner may read them of locks it holds without a latch.
 * Raises      never
 */
#ifndef STORAGE_TXN_LOCK_TABLE_H
#define STORAGE_TXN_LOCK_TABLE_H

#include "storage/txn/lock.h"

#include <pthread.h>

enum { LOCK_SHARDS = 32 };

typedef enum LockClass { LOCK_CLASS_ROW, LOCK_CLASS_UNIQUE, LOCK_CLASS_RELATION, LOCK_CLASS_ADVISORY, LOCK_CLASSES } LockClass;

/* A set of modes: bit m is mode m of the lock's class. */
typedef uint16_t LockModes;

typedef struct Lock   Lock;
typedef struct Hold   Hold;
typedef struct Waiter Waiter;

/* One owner's grip on one lock. */
struct Hold {
    Hold      *next;
    LockOwner *owner;             /* NULL: the slot within the lock is free */
    LockModes  transaction_modes;
    LockModes  session_modes;     /* advisory only */
    uint32_t   session_counts[2]; /* of shared and exclusive */
};

struct Waiter {
    Waiter   *next;
    Waiter   *previous;
    Lock     *lock; /* NULL: not waiting */
    LockModes mode; /* one bit */
    bool      granted;
    bool      session; /* for the session, not the transaction */
};

struct Lock {
    Lock     *next; /* in its bucket */
    uint64_t  hash;
    Hold     *holders;
    Waiter   *first;
    Waiter   *last;
    Hold      slot; /* of the first holder: most locks have one */
    uint8_t   class;
    uint32_t  space; /* storage id, or database oid */
    uint32_t  key_bytes;
    uint8_t   key[];
};

typedef struct LockShard {
    pthread_mutex_t mutex;
    Lock          **buckets; /* mask + 1 of them */
    size_t          mask;
    size_t          count;
} LockShard;

struct LockTable {
    LockShard shards[LOCK_SHARDS];
    uint64_t  visit; /* generation of the deadlock search; under all shards */
};

typedef struct LockRecord {
    Lock     *lock;
    LockModes mode;
} LockRecord;

struct LockOwner {
    LockTable     *table;
    LockRecord    *log; /* what the transaction took, in order: savepoints are positions in it */
    size_t         log_count;
    size_t         log_capacity;
    Lock         **session_locks; /* locks with session modes */
    size_t         session_count;
    size_t         session_capacity;
    pthread_cond_t wake; /* with the mutex of the awaited lock's shard */
    Waiter         waiting;
    uint64_t       visit;
    LockOwner     *visit_next;
};

extern const LockModes lock_conflicts[LOCK_CLASSES][16];

static inline LockShard *lock_shard(LockTable *table, uint64_t hash)
{
    return &table->shards[hash % LOCK_SHARDS];
}

static inline LockOwner *waiter_owner(Waiter *waiter)
{
    return CONTAINER_OF(waiter, LockOwner, waiting);
}

static inline LockModes hold_modes(const Hold *hold)
{
    return hold->transaction_modes | hold->session_modes;
}

/* The modes that others than owner hold. */
LockModes lock_modes_of_others(const Lock *lock, const LockOwner *owner);
/* All modes that a set of modes conflicts with. */
LockModes lock_conflicts_of(const Lock *lock, LockModes modes);

/* Gives the mode to the owner: its hold, made when needed, and the transaction's log or the session's counts. */
Status lock_grant(Lock *lock, LockOwner *owner, LockModes mode, bool session, Fault *fault);

/* Grants what can be granted in the queue, in its order. */
void lock_wake(Lock *lock);

/* Queues and sleeps until granted. The shard is latched before and after; *lock may be gone after a failure. */
Status lock_wait(Lock *lock, LockOwner *owner, LockModes mode, bool session, uint32_t timeout_ms, Fault *fault);

/* Frees the lock when nobody holds it or waits. */
void lock_drop_if_idle(LockTable *table, Lock *lock);

#endif
