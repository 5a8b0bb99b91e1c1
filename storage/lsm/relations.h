/*
 * relations.h - which storages exist, with what options, and which are dropped but not yet freed.
 *
 * A storage that nobody made (the catalog's fixed ones) has the default options: no filter suffix.
 *
 * Threads     any; a reader-writer lock, taken once per relation by whoever walks entries.
 */
#ifndef STORAGE_LSM_RELATIONS_H
#define STORAGE_LSM_RELATIONS_H

#include "storage/engine.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct Relation {
    StorageId       id; /* 0: an empty place */
    RelationOptions options;
    Csn             dropped; /* csn of the commit that dropped it; 0: it lives */
    bool            freed;   /* no snapshot sees it any more: its entries may go wherever they are met */
    bool            recorded; /* the manifest has it in this state */
} Relation;

typedef struct Relations {
    pthread_rwlock_t lock;
    Relation        *table; /* open addressing, a power of two */
    size_t           capacity, count;
    _Atomic int      dropped; /* how many are dropped, freed or not */
} Relations;

void relations_init(Relations *relations);
void relations_destroy(Relations *relations);

/* A copy of what is known; false: nothing, and the defaults. */
bool relations_get(Relations *relations, StorageId id, Relation *relation_out);

MUST_CHECK Status relations_create(Relations *relations, StorageId id, const RelationOptions *options, Fault *fault);
MUST_CHECK Status relations_drop(Relations *relations, StorageId id, Csn csn, Fault *fault);

/* Room for count more, so that that many creates and drops cannot fail. */
MUST_CHECK Status relations_reserve(Relations *relations, size_t count, Fault *fault);

/* Forgets a dropped one: no file holds anything of it. */
void relations_forget(Relations *relations, StorageId id);

/* Calls visit with each under the write lock; visit may change the flags. */
void relations_each(Relations *relations, void (*visit)(void *arg, Relation *relation), void *arg);

#endif
