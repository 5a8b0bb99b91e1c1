/*
 * lock_wait.c - waiting for a lock: the queue, time limits, cancellation, deadlocks.
 *
 * A waiter sleeps in slices and between them tests its cancel flag (which wakes nobody) and, after a while, looks for a
 * cycle of waits through itself. The search holds every shard, so it sees one consistent graph; who finds a cycle leaves
 * its queue before the shards are let go, so a cycle has one victim.
 */
#include "storage/txn/lock_table.h"

#include "base/cancel.h"

#include <time.h>

enum {
    WAIT_SLICE_MS = 20,
    DEADLOCK_FIRST_MS = 20,  /* most waits end before: the search costs every shard's latch */
    DEADLOCK_AGAIN_MS = 400, /* a cycle can also close by a grant to someone else */
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the queue; the shard is latched -------------------------------------------------------------------------------- */

/*
 * At the end, except that who already holds the lock goes before the first waiter that waits for it: behind that one it
 * would deadlock at once.
 */
static void enqueue(Lock *lock, LockOwner *owner)
{
    Waiter   *waiter = &owner->waiting;
    Waiter   *before = NULL;
    LockModes held = 0;

    for (const Hold *hold = lock->holders; hold != NULL; hold = hold->next)
        held |= hold->owner == owner ? hold_modes(hold) : 0;
    if (held != 0) {
        before = lock->first;
        while (before != NULL && (lock_conflicts_of(lock, before->mode) & held) == 0)
            before = before->next;
    }
    waiter->next = before;
    waiter->previous = before != NULL ? before->previous : lock->last;
    *(waiter->previous != NULL ? &waiter->previous->next : &lock->first) = waiter;
    *(before != NULL ? &before->previous : &lock->last) = waiter;
}

static void dequeue(Lock *lock, Waiter *waiter)
{
    *(waiter->previous != NULL ? &waiter->previous->next : &lock->first) = waiter->next;
    *(waiter->next != NULL ? &waiter->next->previous : &lock->last) = waiter->previous;
}

/* ---- deadlocks; all shards are latched --------------------------------------------------------------------------------- */

typedef struct Search {
    uint64_t   visit;
    LockOwner *goal;
    LockOwner *first; /* reached, not yet looked at */
    bool       found;
} Search;

static void reach(Search *search, LockOwner *owner)
{
    search->found |= owner == search->goal;
    if (owner->visit == search->visit)
        return;
    owner->visit = search->visit;
    if (owner->waiting.lock == NULL || owner->waiting.granted)
        return; /* runs: it will let go */
    owner->visit_next = search->first;
    search->first = owner;
}

/* Everyone for whom owner waits: conflicting holders, and conflicting waiters before it. */
static void reach_blockers(Search *search, LockOwner *owner)
{
    const Waiter *waiter = &owner->waiting;
    Lock         *lock = waiter->lock;
    LockModes     conflicts = lock_conflicts_of(lock, waiter->mode);

    for (Hold *hold = lock->holders; hold != NULL; hold = hold->next) {
        if (hold->owner != owner && (hold_modes(hold) & conflicts) != 0)
            reach(search, hold->owner);
    }
    for (Waiter *ahead = waiter->previous; ahead != NULL; ahead = ahead->previous) {
        if ((ahead->mode & conflicts) != 0)
            reach(search, waiter_owner(ahead));
    }
}

static bool in_cycle(LockTable *table, LockOwner *owner)
{
    Search search = {.visit = ++table->visit, .goal = owner};

    reach_blockers(&search, owner);
    while (search.first != NULL && !search.found) {
        LockOwner *next = search.first;

        search.first = next->visit_next;
        reach_blockers(&search, next);
    }
    return search.found;
}

/* Exchanges the latched shard for all of them, searches, and leaves the queue when in a cycle. Returns whether it did. */
static bool leave_if_deadlocked(Lock *lock, LockOwner *owner)
{
    LockTable *table = owner->table;
    LockShard *shard = lock_shard(table, lock->hash);
    bool       victim;

    pthread_mutex_unlock(&shard->mutex);
    for (int i = 0; i < LOCK_SHARDS; i++)
        pthread_mutex_lock(&table->shards[i].mutex);
    victim = !owner->waiting.granted && in_cycle(table, owner);
    if (victim)
        dequeue(lock, &owner->waiting);
    for (int i = 0; i < LOCK_SHARDS; i++) {
        if (&table->shards[i] != shard)
            pthread_mutex_unlock(&table->shards[i].mutex);
    }
    return victim;
}

/* ---- waiting ------------------------------------------------------------------------------------------------------------ */

static void sleep_until(LockOwner *owner, LockShard *shard, int64_t until_ms)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

    pthread_cond_timedwait(&owner->wake, &shard->mutex, &until);
}

Status lock_wait(Lock *lock, LockOwner *owner, LockModes mode, bool session, uint32_t timeout_ms, Fault *fault)
{
    LockShard *shard = lock_shard(owner->table, lock->hash);
    Waiter    *waiter = &owner->waiting;
    int64_t    start = now_ms();
    int64_t    deadline = timeout_ms == 0 ? INT64_MAX : start + timeout_ms;
    int64_t    search_at = start + DEADLOCK_FIRST_MS;
    int64_t    now = start;
    bool       queued = true;
    Status     status = STATUS_OK;

    *waiter = (Waiter){.lock = lock, .mode = mode, .session = session};
    enqueue(lock, owner);
    while (!waiter->granted && status == STATUS_OK) {
        sleep_until(owner, shard, MIN(now + WAIT_SLICE_MS, deadline));
        if (waiter->granted)
            break;
        if (lock->first == waiter)
            lock_wake(lock); /* a grant that lacked memory is tried again */
        if (waiter->granted)
            break;
        now = now_ms();
        if (cancel_pending()) {
            status = FAULT(fault, STATUS_CANCELLED, 0, "cancelled while waiting for a lock");
        } else if (now >= deadline) {
            status = FAULT(fault, STATUS_LOCK_NOT_AVAILABLE, 0, "canceling statement due to lock timeout");
        } else if (now >= search_at) {
            search_at = now + DEADLOCK_AGAIN_MS;
            if (leave_if_deadlocked(lock, owner)) {
                queued = false;
                status = FAULT(fault, STATUS_DEADLOCK, 0, "deadlock detected");
            }
        }
    }
    if (status != STATUS_OK) {
        if (queued)
            dequeue(lock, waiter);
        lock_wake(lock); /* those behind may have waited for this one only */
    }
    waiter->lock = NULL;
    return status;
}
