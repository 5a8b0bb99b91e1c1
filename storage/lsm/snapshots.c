/*
 * snapshots.c - see snapshots.h.
 */
#include "storage/lsm/snapshots.h"

#include "storage/lsm/engine_state.h"

#include <stdlib.h>
#include <time.h>

void snapshots_init(Snapshots *snapshots, Csn visible)
{
    pthread_mutex_init(&snapshots->mutex, NULL);
    snapshots->oldest = snapshots->newest = NULL;
    atomic_init(&snapshots->visible, visible);
}

void snapshots_destroy(Snapshots *snapshots)
{
    pthread_mutex_destroy(&snapshots->mutex);
}

void snapshots_publish(Snapshots *snapshots, Csn visible)
{
    atomic_store_explicit(&snapshots->visible, visible, memory_order_release);
}

/* Links snapshot behind `older` (NULL: as the oldest). Under the mutex. */
static void link_snapshot(Snapshots *snapshots, Snapshot *snapshot, Snapshot *older)
{
    Snapshot *newer = older != NULL ? older->newer : snapshots->oldest;

    snapshot->older = older;
    snapshot->newer = newer;
    *(older != NULL ? &older->newer : &snapshots->oldest) = snapshot;
    *(newer != NULL ? &newer->older : &snapshots->newest) = snapshot;
}

void engine_snapshot_acquire(Engine *engine, Snapshot *snapshot)
{
    Snapshots *snapshots = &engine->snapshots;

    snapshot->taken_at_us = monotonic_us();
    pthread_mutex_lock(&snapshots->mutex);
    /* loaded inside: whoever lists the snapshots sees this one, or a visible csn that is not above it */
    snapshot->csn = snapshots_visible(snapshots);
    link_snapshot(snapshots, snapshot, snapshots->newest);
    pthread_mutex_unlock(&snapshots->mutex);
}

void engine_snapshot_copy(Engine *engine, Snapshot *snapshot, const Snapshot *from)
{
    Snapshots *snapshots = &engine->snapshots;

    pthread_mutex_lock(&snapshots->mutex);
    snapshot->csn = from->csn;
    snapshot->taken_at_us = from->taken_at_us;
    link_snapshot(snapshots, snapshot, (Snapshot *)(uintptr_t)from);
    pthread_mutex_unlock(&snapshots->mutex);
}

void engine_snapshot_release(Engine *engine, Snapshot *snapshot)
{
    Snapshots *snapshots = &engine->snapshots;
    bool       was_oldest;

    pthread_mutex_lock(&snapshots->mutex);
    was_oldest = snapshots->oldest == snapshot;
    *(snapshot->older != NULL ? &snapshot->older->newer : &snapshots->oldest) = snapshot->newer;
    *(snapshot->newer != NULL ? &snapshot->newer->older : &snapshots->newest) = snapshot->older;
    pthread_mutex_unlock(&snapshots->mutex);
    if (was_oldest)
        engine_snapshot_moved(engine);
}

Csn engine_visible_csn(Engine *engine)
{
    return snapshots_visible(&engine->snapshots);
}

Status snapshots_list(Snapshots *snapshots, SnapshotList *list_out, Fault *fault)
{
    int  count = 1;
    Csn *csns;

    pthread_mutex_lock(&snapshots->mutex);
    for (Snapshot *at = snapshots->oldest; at != NULL; at = at->newer)
        count++;
    csns = malloc((size_t)count * sizeof *csns);
    count = 0;
    for (Snapshot *at = snapshots->oldest; at != NULL && csns != NULL; at = at->newer) {
        if (count == 0 || csns[count - 1] != at->csn)
            csns[count++] = at->csn;
    }
    if (csns != NULL) {
        Csn visible = snapshots_visible(snapshots);

        if (count == 0 || csns[count - 1] != visible)
            csns[count++] = visible;
    }
    pthread_mutex_unlock(&snapshots->mutex);
    if (csns == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the list of snapshots");
    *list_out = (SnapshotList){csns, count};
    return STATUS_OK;
}

Csn snapshots_oldest(Snapshots *snapshots)
{
    Csn oldest;

    pthread_mutex_lock(&snapshots->mutex);
    oldest = snapshots->oldest != NULL ? snapshots->oldest->csn : snapshots_visible(snapshots);
    pthread_mutex_unlock(&snapshots->mutex);
    return oldest;
}

int64_t snapshots_oldest_age_us(Snapshots *snapshots)
{
    int64_t age = 0;

    pthread_mutex_lock(&snapshots->mutex);
    if (snapshots->oldest != NULL)
        age = MAX(monotonic_us() - snapshots->oldest->taken_at_us, (int64_t)1);
    pthread_mutex_unlock(&snapshots->mutex);
    return age;
}
