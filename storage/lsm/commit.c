/*
 * commit.c - see commit.h.
 */
#include "storage/lsm/commit.h"

#include "base/thread.h"
#include "storage/lsm/background.h"
#include "storage/lsm/commit_tables.h"
#include "storage/lsm/engine_state.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/time.h>

/* Up to this much the leader inserts for everybody: waking a member costs more than inserting its few rows. */
enum { LEADER_INSERTS_BYTES = 64 << 10 };

/* What a group of members waits on. */
enum { GROUP_FORMING, GROUP_WRITTEN, GROUP_PUBLISHED };

typedef struct Commit Commit;
struct Commit {
    Commit              *next;
    WriteSet            *writes;  /* NULL: only work */
    const CommitOptions *options; /* NULL likewise */
    Status (*work)(void *arg, Fault *fault);
    void     *work_arg;
    Slice     stream;
    size_t    memtable_bytes;
    Memtable *memtable; /* where the entries go, referenced */
    uint8_t  *space;
    Csn       csn; /* 0: refused, nothing was written */
    Status    status;
    Fault     fault;
    CommitTables tables;
    bool      unknown; /* failed after its record may have reached the disk */
};

struct CommitGroup {
    CommitGroup     *next; /* in the list of free or unpublished groups */
    Commit          *first, **last;
    int              count;
    size_t           bytes;
    bool             wants_sync;
    bool             exclusive;  /* one member, with tables: it may have to wait for a flush under the latch */
    bool             inserted;
    Csn              last_csn;   /* 0: nothing to publish */
    _Atomic uint32_t state;
    _Atomic uint32_t latch_given; /* the leader's wait for the latch */
    _Atomic int      to_insert;
    _Atomic int      present; /* members that still look at the group */
};

void commit_queue_init(CommitQueue *queue)
{
    memset(queue, 0, sizeof *queue);
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_mutex_init(&queue->publish_mutex, NULL);
    queue->publish_last = &queue->publish_first;
}

void commit_queue_destroy(CommitQueue *queue)
{
    while (queue->free != NULL) {
        CommitGroup *group = queue->free;

        queue->free = group->next;
        free(group);
    }
    pthread_mutex_destroy(&queue->mutex);
    pthread_mutex_destroy(&queue->publish_mutex);
}

/* ---- one write set ------------------------------------------------------------------------------------------------- */

/* The commit record's stream and the memory that its entries will need. */
static Status encode(WriteSet *writes, const CommitOptions *options, Commit *commit, Fault *fault)
{
    CommitStream      stream = {.data = writes->body, .capacity = writes->body_capacity};
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_relaxed);
    struct timeval    now;
    Status            status = STATUS_OK;
    bool              good;

    gettimeofday(&now, NULL);
    good = commit_stream_begin(&stream, options->xid, (int64_t)now.tv_sec * 1000000 + now.tv_usec);
    for (const StorageChange *change = writes->changes; change != NULL && good; change = change->next) {
        if (dead_ranges_contain(dead, change->sequence) || change->options.temporary)
            continue;
        good = change->kind == STORAGE_CREATED ? commit_stream_create(&stream, change->id, &change->options)
                                               : commit_stream_drop(&stream, change->id);
    }
    for (SkipNode *node = writeset_next_live(writes, NULL); node != NULL && good; node = writeset_next_live(writes, node)) {
        good = commit_stream_entry(&stream, node->storage_id, (EntryKind)node->kind, skip_key(node), skip_value(node));
        commit->memtable_bytes += skip_node_size(node->height, node->key_size, node->value_size);
    }
    if (!good)
        status = FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a commit record");
    else if (writes->tables != NULL)
        status = commit_tables_take(&commit->tables, writes, &stream, fault);
    writes->body = stream.data;
    writes->body_capacity = stream.capacity;
    commit->stream = slice_of(stream.data, stream.size);
    return status;
}

static void apply_changes(Engine *engine, const Commit *commit)
{
    const DeadRanges *dead = atomic_load_explicit(&commit->writes->dead, memory_order_relaxed);

    for (const StorageChange *change = commit->writes->changes; change != NULL; change = change->next) {
        Status status;

        if (dead_ranges_contain(dead, change->sequence))
            continue;
        if (change->kind == STORAGE_CREATED)
            status = relations_create(&engine->relations, change->id, &change->options, NULL);
        else
            status = relations_drop(&engine->relations, change->id, commit->csn, NULL);
        if (status != STATUS_OK)
            panic("a committed change of storage %u could not be noted: %s", change->id, status_name(status));
    }
}

static void insert_entries(Engine *engine, Commit *commit)
{
    SkipSplice splice = {.height = 0};
    uint8_t   *at = commit->space;

    if (commit->csn == 0 || commit->writes == NULL)
        return;
    apply_changes(engine, commit);
    commit_tables_enter(&commit->tables, engine, commit->csn);
    for (SkipNode *node = writeset_next_live(commit->writes, NULL); node != NULL;
         node = writeset_next_live(commit->writes, node)) {
        SkipNode *entry = skip_node_init(at, node->height, node->storage_id, skip_key(node), commit->csn,
                                         (EntryKind)node->kind, skip_value(node));

        at += skip_node_size(node->height, node->key_size, node->value_size);
        skiplist_insert(&commit->memtable->list, entry, &splice);
    }
}

/* ---- under the latch ----------------------------------------------------------------------------------------------- */

/* Reserves what the commit needs and puts its record into the log buffer. On a failure nothing has happened. */
static Status enter_log(Engine *engine, Commit *commit)
{
    const CommitOptions *options = commit->options;
    Fault               *fault = &commit->fault;
    Memtable            *memtable;

    if (commit->work != NULL)
        return commit->work(commit->work_arg, fault);
    if (options->validate != NULL)
        TRY(options->validate(options->validate_arg, fault));
    if (commit->tables.count != 0)
        TRY(commit_tables_make_place(&commit->tables, engine, fault));
    memtable = sources_active(engine);
    if (memtable->last_csn != 0 && background_memtable_is_full(engine, memtable)) {
        TRY(sources_seal(engine, fault));
        memtable = sources_active(engine);
        background_wake(engine);
    }
    TRY(wal_make_room(engine->wal, commit->stream.size, fault));
    commit->space = memtable_reserve(memtable, commit->memtable_bytes);
    if (commit->space == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the writes of a commit");
    commit->csn = wal_add(engine->wal, LOG_COMMIT, commit->stream);
    memtable_ref(memtable);
    commit->memtable = memtable;
    if (memtable->first_csn == 0)
        memtable->first_csn = commit->csn;
    memtable->last_csn = commit->csn;
    return STATUS_OK;
}

/* Reservations of counters go in front of the commits that may rest on them. */
static Status log_counters(Engine *engine, Fault *fault)
{
    size_t bytes = counters_unlogged_bytes(&engine->counters);

    if (bytes == 0)
        return STATUS_OK;
    TRY(wal_make_room(engine->wal, bytes, fault));
    wal_add(engine->wal, LOG_COUNTERS, counters_take_unlogged(&engine->counters, bytes));
    return STATUS_OK;
}

/* The members of a closed group, one after the other, then one write and one sync. */
static void write_group(Engine *engine, CommitGroup *group)
{
    Fault  fault;
    Status status = group->bytes != 0 ? log_counters(engine, &fault) : STATUS_OK;

    for (Commit *commit = group->first; commit != NULL; commit = commit->next) {
        if (status != STATUS_OK) {
            commit->status = status;
            commit->fault = fault;
            continue;
        }
        commit->status = enter_log(engine, commit);
        if (commit->csn != 0)
            group->last_csn = commit->csn;
    }
    if (group->last_csn == 0)
        return;
    status = wal_write(engine->wal, &fault);
    if (status == STATUS_OK && group->wants_sync)
        status = wal_sync(engine->wal, &fault);
    if (status == STATUS_OK)
        return;
    for (Commit *commit = group->first; commit != NULL; commit = commit->next) {
        if (commit->csn == 0)
            continue;
        commit->status = STATUS_READ_ONLY;
        commit->fault = fault;
        commit->unknown = true;
        commit->csn = 0;
    }
    group->last_csn = 0;
}

/* ---- groups -------------------------------------------------------------------------------------------------------- */

/* Joins the forming group; *leads_out: as its first. NULL without memory. */
static CommitGroup *join_group(CommitQueue *queue, Commit *commit, bool *leads_out, bool *has_latch_out)
{
    CommitGroup *group;

    pthread_mutex_lock(&queue->mutex);
    while (queue->forming != NULL && (queue->forming->exclusive || commit->tables.count != 0)) {
        struct timespec pause = {.tv_nsec = 50000};

        pthread_mutex_unlock(&queue->mutex); /* rare: a commit with tables stays alone */
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&queue->mutex);
    }
    group = queue->forming;
    *leads_out = group == NULL;
    if (group == NULL) {
        group = queue->free;
        if (group != NULL)
            queue->free = group->next;
        else
            group = malloc(sizeof *group);
        if (group == NULL) {
            pthread_mutex_unlock(&queue->mutex);
            return NULL;
        }
        memset(group, 0, sizeof *group);
        group->last = &group->first;
        group->exclusive = commit->tables.count != 0;
        queue->forming = group;
        *has_latch_out = !queue->latch_taken;
        queue->latch_taken = true;
    }
    *group->last = commit;
    group->last = &commit->next;
    group->count++;
    group->bytes += commit->stream.size;
    group->wants_sync |= commit->options != NULL && commit->options->sync == COMMIT_SYNC;
    atomic_fetch_add_explicit(&group->present, 1, memory_order_relaxed);
    pthread_mutex_unlock(&queue->mutex);
    return group;
}

static void leave_group(CommitQueue *queue, CommitGroup *group)
{
    if (atomic_fetch_sub_explicit(&group->present, 1, memory_order_acq_rel) != 1)
        return;
    pthread_mutex_lock(&queue->mutex);
    group->next = queue->free;
    queue->free = group;
    pthread_mutex_unlock(&queue->mutex);
}

/* The group is entered for publication and the latch goes to the next group's leader, if there is one. */
static void pass_latch(CommitQueue *queue, CommitGroup *group)
{
    CommitGroup *heir;

    if (group->last_csn != 0) {
        pthread_mutex_lock(&queue->publish_mutex);
        group->next = NULL;
        *queue->publish_last = group;
        queue->publish_last = &group->next;
        pthread_mutex_unlock(&queue->publish_mutex);
    }
    pthread_mutex_lock(&queue->mutex);
    heir = queue->forming;
    if (heir == NULL)
        queue->latch_taken = false;
    else
        atomic_store_explicit(&heir->latch_given, 1, memory_order_release);
    pthread_mutex_unlock(&queue->mutex);
    if (heir != NULL)
        word_wake(&heir->latch_given, 1); /* groups stay in memory: a late wake-up finds at worst another wait */
}

/* All of the group is inserted: whoever is next in the order of the log becomes visible. */
static void publish(Engine *engine, CommitGroup *completed)
{
    CommitQueue *queue = &engine->commits;
    CommitGroup *first, *group;
    CommitGroup *visible = NULL;
    CommitGroup **visible_end = &visible;

    pthread_mutex_lock(&queue->publish_mutex);
    completed->inserted = true;
    for (first = queue->publish_first; first != NULL && first->inserted; first = queue->publish_first) {
        queue->publish_first = first->next;
        if (first->next == NULL)
            queue->publish_last = &queue->publish_first;
        snapshots_publish(&engine->snapshots, first->last_csn);
        first->next = NULL;
        *visible_end = first;
        visible_end = &first->next;
    }
    pthread_mutex_unlock(&queue->publish_mutex);
    while ((group = visible) != NULL) {
        int  count = group->count;
        bool others = count > 1 || group != completed;

        visible = group->next;
        atomic_store_explicit(&group->state, GROUP_PUBLISHED, memory_order_release);
        if (others)
            word_wake(&group->state, INT_MAX);
    }
}

static void insert_own(Engine *engine, CommitGroup *group, Commit *commit)
{
    insert_entries(engine, commit);
    if (atomic_fetch_sub_explicit(&group->to_insert, 1, memory_order_acq_rel) == 1)
        publish(engine, group);
}

static void wait_for_group(Engine *engine, CommitGroup *group, Commit *commit, bool inserted)
{
    for (;;) {
        uint32_t state = atomic_load_explicit(&group->state, memory_order_acquire);

        if (state == GROUP_PUBLISHED)
            return;
        if (state == GROUP_WRITTEN && !inserted) {
            insert_own(engine, group, commit);
            inserted = true;
            continue;
        }
        word_wait(&group->state, state);
    }
}

static void lead_group(Engine *engine, CommitGroup *group, Commit *own, bool has_latch)
{
    CommitQueue *queue = &engine->commits;

    while (!has_latch && atomic_load_explicit(&group->latch_given, memory_order_acquire) == 0)
        word_wait(&group->latch_given, 0);
    pthread_mutex_lock(&queue->mutex);
    queue->forming = NULL; /* closed: whoever comes now starts the next one */
    pthread_mutex_unlock(&queue->mutex);
    write_group(engine, group);
    /* from here on others may publish and leave: what is needed later is read before */
    if (group->last_csn == 0) {
        pass_latch(queue, group);
        atomic_store_explicit(&group->state, GROUP_PUBLISHED, memory_order_release);
        if (group->count > 1)
            word_wake(&group->state, INT_MAX);
        return;
    }
    atomic_store_explicit(&group->to_insert, group->count, memory_order_relaxed);
    pass_latch(queue, group);
    if (group->count == 1 || group->bytes <= LEADER_INSERTS_BYTES) {
        for (Commit *commit = group->first; commit != NULL; commit = commit->next)
            insert_entries(engine, commit);
        publish(engine, group);
        wait_for_group(engine, group, own, true);
        return;
    }
    atomic_store_explicit(&group->state, GROUP_WRITTEN, memory_order_release);
    word_wake(&group->state, INT_MAX);
    wait_for_group(engine, group, own, false);
}

/* Takes a commit through a group. false without memory. */
static bool run_in_group(Engine *engine, Commit *commit)
{
    CommitQueue *queue = &engine->commits;
    bool         leads, has_latch = false;
    CommitGroup *group = join_group(queue, commit, &leads, &has_latch);

    if (group == NULL)
        return false;
    if (leads)
        lead_group(engine, group, commit, has_latch);
    else
        wait_for_group(engine, group, commit, false);
    leave_group(queue, group);
    memtable_unref(commit->memtable);
    return true;
}

/* ---- interface ----------------------------------------------------------------------------------------------------- */

Status commit_under_latch(Engine *engine, Status (*work)(void *arg, Fault *fault), void *arg, Fault *fault)
{
    Commit commit = {.work = work, .work_arg = arg};

    if (!run_in_group(engine, &commit))
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a commit");
    if (commit.status != STATUS_OK && fault != NULL)
        *fault = commit.fault;
    return commit.status;
}

static Status refuse_doomed(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "a rollback to a savepoint ran out of memory: the transaction cannot commit");
}

static size_t count_changes(const WriteSet *writes)
{
    size_t count = 0;

    for (const StorageChange *change = writes->changes; change != NULL; change = change->next)
        count++;
    return count;
}

/* A transaction without writes takes no csn and no place in the log; it still validates and publishes. */
static Status commit_nothing(Engine *engine, WriteSet *writes, const CommitOptions *options, Csn *csn_out, Fault *fault)
{
    Csn csn;

    if (options->validate != NULL)
        TRY(commit_under_latch(engine, options->validate, options->validate_arg, fault));
    csn = engine_visible_csn(engine);
    if (options->published != NULL)
        options->published(options->published_arg, csn);
    writeset_clear(writes);
    if (csn_out != NULL)
        *csn_out = csn;
    return STATUS_OK;
}

Status engine_commit(Engine *engine, WriteSet *writes, const CommitOptions *options, Csn *csn_out, Fault *fault)
{
    Commit commit = {.writes = writes, .options = options};
    Status status;

    if (engine->wal == NULL)
        return FAULT(fault, STATUS_READ_ONLY, 0, "the store is open for reading only");
    if (writes->doomed)
        return refuse_doomed(fault);
    if (writeset_is_empty(writes))
        return commit_nothing(engine, writes, options, csn_out, fault);
    TRY(background_throttle(engine, writes->bytes, fault));
    TRY(writeset_settle_tables(writes, fault));
    if (writes->changes != NULL)
        TRY(relations_reserve(&engine->relations, count_changes(writes), fault));
    status = encode(writes, options, &commit, fault);
    if (status == STATUS_OK && writes->tables != NULL)
        status = engine_flush(engine, fault); /* shortens what has to wait under the latch */
    if (status == STATUS_OK && !run_in_group(engine, &commit))
        status = FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a commit");
    if (status == STATUS_OK && commit.status != STATUS_OK) {
        status = commit.status;
        if (fault != NULL)
            *fault = commit.fault;
        if (commit.unknown)
            status = FAULT(fault, STATUS_READ_ONLY, commit.fault.os_error,
                           "the log failed, and whether the transaction is committed is decided by the next start: %.300s",
                           commit.fault.text);
    }
    commit_tables_free(&commit.tables, writes, status == STATUS_OK || commit.unknown);
    if (status != STATUS_OK)
        return status;
    if (options->published != NULL)
        options->published(options->published_arg, commit.csn);
    atomic_fetch_add_explicit(&engine->commit_count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&engine->user_bytes, commit.stream.size, memory_order_relaxed);
    background_after_commit(engine);
    writeset_clear(writes);
    if (csn_out != NULL)
        *csn_out = commit.csn;
    return STATUS_OK;
}

Status engine_sync(Engine *engine, Fault *fault)
{
    return engine->wal != NULL ? wal_sync(engine->wal, fault) : STATUS_OK;
}
