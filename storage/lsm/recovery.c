/*
 * recovery.c - from the manifest and the log to a running engine; from an empty directory to a store.
 */
#include "storage/lsm/engine_state.h"
#include "storage/lsm/flush.h"
#include "storage/lsm/table.h"
#include "storage/lsm/version_set.h"
#include "storage/lsm/wal_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* What the manifest says, edit by edit. */
typedef struct Recovered {
    Engine  *engine;
    Version *version;
    Csn      flushed;
    uint64_t first_log;
    Lsn      clean_lsn; /* 0: the last stop was not clean */
    uint64_t next_file;
} Recovered;

uint64_t engine_random(void)
{
    uint64_t value = 0;

    while (value == 0) {
        if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
            value = hash_u64((uint64_t)monotonic_us() ^ (uintptr_t)&value);
    }
    return value;
}

static Status apply_edit(void *arg, Slice record, Fault *fault)
{
    Recovered  *recovered = arg;
    Engine     *engine = recovered->engine;
    VersionEdit edit;
    Version    *next = NULL;
    Status      status;

    TRY(version_edit_decode(record, engine->tables, &edit, fault));
    status = version_apply(recovered->version, &edit, &next, fault);
    for (int i = 0; i < edit.relation_count && status == STATUS_OK; i++) {
        const EditRelation *relation = &edit.relations[i];

        status = relations_create(&engine->relations, relation->id, &relation->options, fault);
        if (status == STATUS_OK && relation->dropped != 0)
            status = relations_drop(&engine->relations, relation->id, relation->dropped, fault);
    }
    for (int i = 0; i < edit.forgotten_count && status == STATUS_OK; i++)
        relations_forget(&engine->relations, edit.forgotten[i]);
    if (status == STATUS_OK && edit.counters != NULL)
        status = counters_apply(&engine->counters, slice_of(edit.counters, edit.counters_size), fault);
    if (status == STATUS_OK) {
        recovered->flushed = MAX(recovered->flushed, edit.flushed);
        recovered->first_log = MAX(recovered->first_log, edit.first_log);
        recovered->next_file = MAX(recovered->next_file, edit.next_file);
        recovered->clean_lsn = edit.clean_lsn != 0 ? edit.clean_lsn : edit.running ? 0 : recovered->clean_lsn;
        version_unref(recovered->version);
        recovered->version = next;
        next = NULL;
    }
    version_unref(next);
    version_edit_free(&edit);
    return status;
}

static bool version_has(const Version *version, uint64_t number)
{
    for (int level = 0; level < ENGINE_LEVELS; level++)
        for (int i = 0; i < version->levels[level].count; i++)
            if (version->levels[level].files[i]->number == number)
                return true;
    return false;
}

/* ---- replay ---------------------------------------------------------------------------------------------------------- */

static Status insert_item(Engine *engine, const CommitItem *item, Csn csn, SkipSplice *splice, uint64_t *random, Fault *fault)
{
    Memtable *memtable = sources_active(engine);
    int       height = skip_random_height(random);
    void     *space;

    if (memtable->last_csn != 0 && memtable->last_csn != csn && memtable_bytes(memtable) >= engine->options.memtable_bytes / 2) {
        TRY(sources_seal(engine, fault)); /* the background flushes it once the store is open */
        memtable = sources_active(engine);
        splice->height = 0;
    }
    space = memtable_reserve(memtable, skip_node_size(height, item->key.size, item->value.size));
    if (space == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while replaying the log");
    skiplist_insert(&memtable->list,
                    skip_node_init(space, height, item->storage_id, item->key, csn, item->entry_kind, item->value), splice);
    if (memtable->first_csn == 0)
        memtable->first_csn = csn;
    memtable->last_csn = csn;
    return STATUS_OK;
}

static bool sources_have_table(Engine *engine, uint64_t number)
{
    Version *version = version_set_current(engine);
    bool     has = version_has(version, number);

    version_unref(version);
    return has;
}

/* Everything replayed so far goes to tables, which stand behind the one that enters now. */
static Status flush_replayed(Engine *engine, Csn csn, Fault *fault)
{
    bool flushed;

    if (sources_active(engine)->last_csn != 0)
        TRY(sources_seal(engine, fault));
    snapshots_publish(&engine->snapshots, csn - 1);
    return flush_sealed(engine, &flushed, fault);
}

/* A table that a commit named: entered now unless the manifest has it already. */
static Status replay_table(Engine *engine, const LoggedTable *table, Csn csn, Fault *fault)
{
    FileMeta    expected = {.number = table->file_number, .identity = table->identity, .size = table->size, .stamp = csn};
    VersionEdit edit = {0};
    FileMeta   *meta;
    Status      status;

    if (sources_have_table(engine, table->file_number))
        return STATUS_OK;
    if (!engine->options.read_only)
        TRY(flush_replayed(engine, csn, fault));
    TRY(table_describe(engine->directory, &expected, engine->blocks, engine->account, &meta, fault));
    meta->cache = engine->tables;
    meta->epoch = engine->next_epoch++;
    sources_active(engine)->epoch = engine->next_epoch++;
    TRY(version_edit_add(&edit, 0, meta, fault));
    if (!engine->options.read_only) {
        edit.next_file = table->file_number + 1;
        atomic_store_explicit(&engine->next_file,
                              MAX(atomic_load_explicit(&engine->next_file, memory_order_relaxed), edit.next_file),
                              memory_order_relaxed);
        status = version_set_apply(engine, &edit, 0, fault);
    } else {
        Version *base = version_set_current(engine);
        Version *next = NULL;

        status = version_apply(base, &edit, &next, fault);
        if (status == STATUS_OK)
            status = sources_install(engine, next, 0, fault);
        version_unref(base);
        version_unref(next);
    }
    version_edit_free(&edit);
    return status;
}

static Status replay_commit(void *arg, Slice stream, Csn csn, Fault *fault)
{
    Engine      *engine = arg;
    SkipSplice   splice = {.height = 0};
    uint64_t     random = hash_u64(csn) | 1;
    CommitReader reader;
    CommitItem   item;
    Status       status;

    TRY(commit_reader_open(&reader, stream, csn, fault));
    while ((status = commit_reader_next(&reader, &item, fault)) == STATUS_OK) {
        switch (item.kind) {
        case ITEM_ENTRY:
            status = insert_item(engine, &item, csn, &splice, &random, fault);
            break;
        case ITEM_CREATE:
            status = relations_create(&engine->relations, item.storage_id, &item.options, fault);
            break;
        case ITEM_DROP:
            status = relations_drop(&engine->relations, item.storage_id, csn, fault);
            break;
        case ITEM_TABLE:
            status = replay_table(engine, &item.table, csn, fault);
            break;
        }
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static Status replay_counters(void *arg, Slice stream, Fault *fault)
{
    return counters_apply(&((Engine *)arg)->counters, stream, fault);
}

/* ---- a new store ------------------------------------------------------------------------------------------------------ */

/* ---- cleaning ----------------------------------------------------------------------------------------------------------- */

typedef struct Cleaning {
    Engine        *engine;
    const Version *version;
} Cleaning;

/* Removes what a crash left behind: tables that no version names, a manifest half written anew. */
static void clean_file(void *arg, const char *name)
{
    const Cleaning *cleaning = arg;
    uint64_t        number;
    char           *path;

    if (table_parse_name(name, &number)) {
        Engine *engine = cleaning->engine;

        /* numbers of files that never entered are not used again either: the block cache knows files by number */
        if (number >= atomic_load_explicit(&engine->next_file, memory_order_relaxed))
            atomic_store_explicit(&engine->next_file, number + 1, memory_order_relaxed);
        if (version_has(cleaning->version, number))
            return;
    } else if (strcmp(name, "manifest.new") != 0) {
        return;
    }
    path = path_join(cleaning->engine->directory, name);
    if (path != NULL)
        (void)path_unlink(path, NULL);
    free(path);
}

static void note_foreign(void *arg, const char *name)
{
    uint64_t number;

    if (wal_parse_name(name, &number) || strstr(name, ".sst") != NULL)
        *(bool *)arg = true;
}

static Status make_store(Engine *engine, Fault *fault)
{
    VersionEdit edit = {.next_file = 1};
    bool        remains = false;
    uint8_t    *data;
    size_t      size;
    Status      status;

    if (engine->options.read_only)
        return FAULT(fault, STATUS_FORMAT, 0, "\"%s\" is not a NexaDB store: it has no manifest", engine->directory);
    TRY(path_list(engine->directory, note_foreign, &remains, fault));
    if (remains)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" has logs or tables, but its manifest is missing", engine->directory);
    TRY(version_edit_encode(&edit, &data, &size, fault));
    status = manifest_create(engine->directory, engine_random(), slice_of(data, size), &engine->manifest, fault);
    free(data);
    return status;
}

/* ---- putting it together ---------------------------------------------------------------------------------------------- */

/* Starts the log that this run writes, and says so in the manifest. */
static Status start_log(Engine *engine, const Recovered *recovered, const LogReplay *replay, Fault *fault)
{
    Lsn        last = MAX(MAX(replay->last_lsn, recovered->flushed), recovered->clean_lsn);
    WalOptions options = {
        .directory = engine->directory,
        .store_identity = engine->identity,
        .log_id = engine_random(),
        .number = replay->highest_number + 1,
        .next_lsn = last + 1,
        .previous_log_id = replay->log_id,
        .previous_end = replay->last_lsn,
        .old = replay->old,
        .old_count = replay->old_count,
        .spare = replay->spare,
        .spare_count = replay->spare_count,
    };
    VersionEdit edit = {.running = true};
    uint8_t    *data;
    size_t      size;
    Status      status;

    TRY(wal_open(&options, &engine->wal, fault));
    edit.first_log = wal_first_needed(engine->wal, recovered->flushed);
    engine->first_log = edit.first_log;
    TRY(version_edit_encode(&edit, &data, &size, fault));
    status = manifest_append(engine->manifest, slice_of(data, size), fault);
    free(data);
    if (status == STATUS_OK)
        wal_release(engine->wal, recovered->flushed);
    return status;
}

static Status recover_log(Engine *engine, const Recovered *recovered, LogReplay *replay, Fault *fault)
{
    Csn last;

    TRY(wal_replay(replay, fault));
    last = MAX(MAX(replay->last_lsn, recovered->flushed), recovered->clean_lsn);
    atomic_store_explicit(&engine->flushed, MAX(recovered->flushed, atomic_load_explicit(&engine->flushed, memory_order_relaxed)),
                          memory_order_relaxed);
    snapshots_publish(&engine->snapshots, last);
    if (engine->options.read_only)
        return STATUS_OK;
    return start_log(engine, recovered, replay, fault);
}

static Status recover_from(Engine *engine, Recovered *recovered, Fault *fault)
{
    LogReplay replay;
    Status    status = manifest_open(engine->directory, engine->options.read_only, apply_edit, recovered, &engine->manifest, fault);

    if (status == STATUS_NOT_FOUND)
        status = make_store(engine, fault);
    if (status != STATUS_OK)
        return status;
    engine->identity = manifest_identity(engine->manifest);
    atomic_store_explicit(&engine->next_file, MAX(recovered->next_file, (uint64_t)1), memory_order_relaxed);
    for (int level = 0; level < ENGINE_LEVELS; level++)
        for (int i = 0; i < recovered->version->levels[level].count; i++)
            engine->next_epoch = MAX(engine->next_epoch, recovered->version->levels[level].files[i]->epoch + 1);
    TRY(sources_seal(engine, fault));
    TRY(sources_install(engine, recovered->version, 0, fault));
    replay = (LogReplay){
        .directory = engine->directory,
        .store_identity = engine->identity,
        .flushed = recovered->flushed,
        .first_needed = recovered->first_log,
        .skip_all = recovered->clean_lsn != 0,
        .read_only = engine->options.read_only,
        .commit = replay_commit,
        .counters = replay_counters,
        .arg = engine,
    };
    status = recover_log(engine, recovered, &replay, fault);
    if (status == STATUS_OK && !engine->options.read_only) {
        Version *version = version_set_current(engine);

        status = path_list(engine->directory, clean_file, &(Cleaning){engine, version}, fault);
        version_unref(version);
    }
    free(replay.old);
    free(replay.spare);
    if (status == STATUS_OK)
        atomic_store_explicit(&engine->next_storage_id,
                              MAX(counters_get(&engine->counters, COUNTER_STORAGE_ID), (uint64_t)ENGINE_FIRST_STORAGE_ID),
                              memory_order_relaxed);
    return status;
}

Status engine_recover(Engine *engine, Fault *fault)
{
    Recovered recovered = {.engine = engine, .version = version_new()};
    Status    status;

    if (recovered.version == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while opening the store");
    status = recover_from(engine, &recovered, fault);
    version_unref(recovered.version);
    return status;
}
