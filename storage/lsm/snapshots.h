/*
 * snapshots.h - which csns somebody still reads at: versions that one of them sees are kept.
 *
 * Threads     any; one short mutex. Taking a snapshot never waits for writers.
 */
#ifndef STORAGE_LSM_SNAPSHOTS_H
#define STORAGE_LSM_SNAPSHOTS_H

#include "storage/engine.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct Snapshots {
    pthread_mutex_t mutex;
    Snapshot       *oldest, *newest; /* ascending by csn from oldest to newest */
    _Atomic Csn     visible;         /* everything up to it is committed and inserted */
} Snapshots;

void snapshots_init(Snapshots *snapshots, Csn visible);
void snapshots_destroy(Snapshots *snapshots);

/* Only ever rises. */
void snapshots_publish(Snapshots *snapshots, Csn visible);

static inline Csn snapshots_visible(const Snapshots *snapshots)
{
    return atomic_load_explicit(&snapshots->visible, memory_order_acquire);
}

/*
 * The csns that readers have now or may take from now on, ascending and distinct; the last is the visible csn. A version
 * is needed if it is the newest at or below one of them, or newer than the last.
 */
typedef struct SnapshotList {
    Csn *csns; /* from malloc */
    int  count;
} SnapshotList;
MUST_CHECK Status snapshots_list(Snapshots *snapshots, SnapshotList *list_out, Fault *fault);

/* The lowest csn that anybody reads at: the visible one when nobody holds a snapshot. */
Csn snapshots_oldest(Snapshots *snapshots);

/* Age in microseconds of the oldest one, 0: none. */
int64_t snapshots_oldest_age_us(Snapshots *snapshots);

#endif
