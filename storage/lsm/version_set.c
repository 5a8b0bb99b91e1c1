/*
 * version_set.c - see version_set.h.
 */
#include "storage/lsm/version_set.h"

#include "storage/lsm/engine_state.h"

#include <stdio.h>
#include <stdlib.h>

Version *version_set_current(Engine *engine)
{
    Version *version;

    pthread_mutex_lock(&engine->sources_mutex);
    version = engine->sources->version;
    version_ref(version);
    pthread_mutex_unlock(&engine->sources_mutex);
    return version;
}

/* ---- what the manifest should know ----------------------------------------------------------------------------------- */

typedef struct Describe {
    VersionEdit *edit;
    Csn          csn;
    bool         all;
    Status       status;
    Fault       *fault;
} Describe;

static void describe_relation(void *arg, Relation *relation)
{
    Describe    *describe = arg;
    EditRelation entry = {relation->id, relation->options, relation->dropped};

    if (entry.dropped > describe->csn)
        entry.dropped = 0; /* the drop is in a part of the log that stays */
    if (relation->recorded && !describe->all)
        return;
    if (describe->status == STATUS_OK)
        describe->status = version_edit_relation(describe->edit, &entry, describe->fault);
    if (describe->status == STATUS_OK && !describe->all)
        relation->recorded = entry.dropped == relation->dropped;
}

static Status describe(Engine *engine, VersionEdit *edit, Csn csn, bool all, Fault *fault)
{
    Describe describe = {.edit = edit, .csn = csn, .all = all, .fault = fault};

    relations_each(&engine->relations, describe_relation, &describe);
    if (describe.status != STATUS_OK)
        return describe.status;
    TRY(counters_encode_all(&engine->counters, &edit->counters, &edit->counters_size, fault));
    edit->next_file = atomic_load_explicit(&engine->next_file, memory_order_relaxed);
    return STATUS_OK;
}

Status version_set_describe(Engine *engine, VersionEdit *edit, Csn csn, Fault *fault)
{
    return describe(engine, edit, csn, false, fault);
}

/* ---- applying -------------------------------------------------------------------------------------------------------- */

typedef enum RewriteWhen { REWRITE_IF_LONG, REWRITE_NOW } RewriteWhen;

/* The whole state as one edit instead of all the records so far. Under the version mutex. */
static Status rewrite_manifest(Engine *engine, Version *version, RewriteWhen when, Fault *fault)
{
    VersionEdit edit = {
        .flushed = atomic_load_explicit(&engine->flushed, memory_order_relaxed),
        .first_log = engine->first_log,
        .running = true,
    };
    uint8_t *data;
    size_t   size;
    Status   status = describe(engine, &edit, edit.flushed, true, fault);

    for (int level = 0; level < ENGINE_LEVELS && status == STATUS_OK; level++) {
        for (int i = 0; i < version->levels[level].count && status == STATUS_OK; i++) {
            file_meta_ref(version->levels[level].files[i]);
            status = version_edit_add(&edit, level, version->levels[level].files[i], fault);
        }
    }
    if (status == STATUS_OK)
        status = version_edit_encode(&edit, &data, &size, fault);
    if (status == STATUS_OK) {
        if (when == REWRITE_NOW || manifest_wants_rewrite(engine->manifest, size))
            status = manifest_rewrite(engine->manifest, slice_of(data, size), fault);
        free(data);
    }
    version_edit_free(&edit);
    return status;
}

static bool adds_again(const VersionEdit *edit, uint64_t number)
{
    for (int i = 0; i < edit->added_count; i++)
        if (edit->added[i].meta->number == number)
            return true;
    return false;
}

static Status apply_locked(Engine *engine, VersionEdit *edit, int flushed, Fault *fault)
{
    Version *base = version_set_current(engine);
    Version *next = NULL;
    uint8_t *data = NULL;
    size_t   size;
    Status   status = version_apply(base, edit, &next, fault);

    version_unref(base);
    if (status == STATUS_OK)
        status = version_edit_encode(edit, &data, &size, fault);
    if (status == STATUS_OK && engine->manifest_behind) {
        Version *current = version_set_current(engine);

        status = rewrite_manifest(engine, current, REWRITE_NOW, fault); /* first what an ingestion could not write */
        engine->manifest_behind = status != STATUS_OK;
        version_unref(current);
    }
    if (status == STATUS_OK)
        status = manifest_append(engine->manifest, slice_of(data, size), fault);
    free(data);
    if (status == STATUS_OK) {
        if (edit->flushed != 0)
            atomic_store_explicit(&engine->flushed, edit->flushed, memory_order_release);
        if (edit->first_log != 0)
            engine->first_log = edit->first_log;
        status = sources_install(engine, next, flushed, fault);
    }
    if (status == STATUS_OK) {
        for (int i = 0; i < edit->deleted_count; i++)
            if (!adds_again(edit, edit->deleted[i].meta->number))
                atomic_store_explicit(&edit->deleted[i].meta->obsolete, true, memory_order_release);
        if (manifest_wants_rewrite(engine->manifest, 0))
            (void)rewrite_manifest(engine, next, REWRITE_IF_LONG, NULL); /* the long one goes on, or refuses the next record */
    }
    version_unref(next);
    return status;
}

Status version_set_apply(Engine *engine, VersionEdit *edit, int flushed, Fault *fault)
{
    Status status;

    pthread_mutex_lock(&engine->version_mutex);
    status = apply_locked(engine, edit, flushed, fault);
    pthread_mutex_unlock(&engine->version_mutex);
    return status;
}

void version_set_ingest(Engine *engine, VersionEdit *edit)
{
    Fault fault;

    edit->next_file = atomic_load_explicit(&engine->next_file, memory_order_relaxed);
    pthread_mutex_lock(&engine->version_mutex);
    if (apply_locked(engine, edit, 0, &fault) != STATUS_OK) {
        Version *base = version_set_current(engine);
        Version *next;

        fprintf(stderr, "nexadb: the manifest does not have the tables of a commit yet: %s\n", fault.text);
        if (version_apply(base, edit, &next, &fault) != STATUS_OK || sources_install(engine, next, 0, &fault) != STATUS_OK)
            panic("the tables of a committed transaction could not be entered: %s", fault.text);
        engine->manifest_behind = true;
        version_unref(base);
        version_unref(next);
    }
    pthread_mutex_unlock(&engine->version_mutex);
}

/* ---- dropped relations ----------------------------------------------------------------------------------------------- */

typedef struct Dropped {
    StorageId id;
    Csn       csn;
} Dropped;

typedef struct DroppedList {
    Dropped *items;
    int      count, capacity;
} DroppedList;

static void note_dropped(void *arg, Relation *relation)
{
    DroppedList *list = arg;

    if (relation->dropped == 0)
        return;
    if (list->count == list->capacity) {
        int      capacity = MAX(16, list->capacity * 2);
        Dropped *items = realloc(list->items, (size_t)capacity * sizeof *items);

        if (items == NULL)
            return; /* next time */
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = (Dropped){relation->id, relation->dropped};
}

static bool is_gone(const DroppedList *list, StorageId id, Csn limit)
{
    for (int i = 0; i < list->count; i++)
        if (list->items[i].id == id)
            return list->items[i].csn <= limit;
    return false;
}

/* What an edit should do about the dropped: delete tables that hold only them, forget those without a table. */
static Status plan_reaping(Engine *engine, const Version *version, const DroppedList *list, Csn limit, VersionEdit *edit,
                           Fault *fault)
{
    Csn flushed = atomic_load_explicit(&engine->flushed, memory_order_relaxed);

    for (int level = 0; level < ENGINE_LEVELS; level++) {
        for (int i = 0; i < version->levels[level].count; i++) {
            FileMeta *meta = version->levels[level].files[i];
            bool      gone = true;

            for (int j = 0; j < meta->relation_count && gone; j++)
                gone = is_gone(list, meta->relations[j].id, limit);
            if (gone && !meta->compacting)
                TRY(version_edit_delete(edit, level, meta, fault));
        }
    }
    for (int i = 0; i < list->count; i++) {
        StorageId id = list->items[i].id;
        bool      found = list->items[i].csn > limit || list->items[i].csn > flushed;

        for (int level = 0; level < ENGINE_LEVELS && !found; level++)
            for (int j = 0; j < version->levels[level].count && !found; j++)
                found = file_meta_relation(version->levels[level].files[j], id) != NULL;
        if (!found)
            TRY(version_edit_forget(edit, id, fault));
    }
    return STATUS_OK;
}

Status version_set_reap(Engine *engine, bool *changed_out, Fault *fault)
{
    DroppedList list = {0};
    VersionEdit edit = {0};
    Version    *version;
    Csn         limit;
    Status      status;

    *changed_out = false;
    if (atomic_load_explicit(&engine->relations.dropped, memory_order_relaxed) == 0)
        return STATUS_OK;
    limit = MIN(snapshots_oldest(&engine->snapshots), wal_durable_lsn(engine->wal));
    relations_each(&engine->relations, note_dropped, &list);
    pthread_mutex_lock(&engine->version_mutex);
    version = version_set_current(engine);
    status = plan_reaping(engine, version, &list, limit, &edit, fault);
    if (status == STATUS_OK && (edit.deleted_count != 0 || edit.forgotten_count != 0)) {
        /* the drops themselves go along: files are gone for good, whatever part of the log is replayed */
        for (int i = 0; i < list.count && status == STATUS_OK; i++) {
            Relation relation;

            if (list.items[i].csn <= limit && relations_get(&engine->relations, list.items[i].id, &relation))
                status = version_edit_relation(&edit, &(EditRelation){relation.id, relation.options, relation.dropped}, fault);
        }
        if (status == STATUS_OK)
            status = apply_locked(engine, &edit, 0, fault);
        if (status == STATUS_OK) {
            for (int i = 0; i < edit.forgotten_count; i++)
                relations_forget(&engine->relations, edit.forgotten[i]);
            *changed_out = true;
        }
    }
    pthread_mutex_unlock(&engine->version_mutex);
    version_unref(version);
    version_edit_free(&edit);
    free(list.items);
    return status;
}
