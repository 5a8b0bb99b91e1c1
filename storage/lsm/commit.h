/*
 * commit.h - how write sets become durable and visible: groups formed by the committing threads themselves.
 *
 * The first committer to find no group forming leads it. When it holds the commit latch it closes the group and, for
 * each member in order, validates, reserves memtable space and assigns the csn as the record goes into the log buffer;
 * then it writes and syncs once for all, hands the latch on to the next group's leader, and the entries are inserted:
 * by the leader while they are few, by each member where they are many. Groups become visible in the order of the log;
 * whoever completes the oldest one publishes it, with one wake-up call for all its members.
 *
 * Threads     any; see engine_state.h for the locking order.
 */
#ifndef STORAGE_LSM_COMMIT_H
#define STORAGE_LSM_COMMIT_H

#include "storage/engine.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct CommitGroup CommitGroup;

typedef struct CommitQueue {
    pthread_mutex_t mutex;
    CommitGroup    *forming;     /* NULL: the next committer starts one */
    bool            latch_taken; /* by the group whose leader is at work, or on its way to be */
    CommitGroup    *free;
    pthread_mutex_t publish_mutex;
    CommitGroup    *publish_first; /* written to the log, not yet visible, in the order of the log */
    CommitGroup   **publish_last;
} CommitQueue;

void commit_queue_init(CommitQueue *queue);
void commit_queue_destroy(CommitQueue *queue);

/*
 * Runs work(arg) under the commit latch: no csn is assigned meanwhile, and every earlier one is in the log. What it
 * returns comes back. Not to be called from inside such work.
 */
MUST_CHECK Status commit_under_latch(Engine *engine, Status (*work)(void *arg, Fault *fault), void *arg, Fault *fault);

#endif
