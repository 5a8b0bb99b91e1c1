/*
 * commit_tables.c - see commit_tables.h.
 */
#include "storage/lsm/commit_tables.h"

#include "storage/lsm/background.h"
#include "storage/lsm/engine_state.h"
#include "storage/lsm/table.h"
#include "storage/lsm/version_set.h"

#include <stdlib.h>

/* Whether a memtable has a key within a table's range. */
static bool memtable_meets(const Memtable *memtable, const FileMeta *meta)
{
    for (int i = 0; i < meta->relation_count; i++) {
        StorageId    id = meta->relations[i].id;
        Slice        low = get_be32(meta->smallest.data) == id ? slice_of(meta->smallest.data + 4, meta->smallest.size - 4)
                                                               : slice_of("", 0);
        SkipPosition at = skip_position(id, low, UINT64_MAX);
        SkipNode    *node = skiplist_seek(&memtable->list, &at);

        if (node != NULL && node->storage_id == id && engine_key_compare(meta->largest, id, skip_key(node)) >= 0)
            return true;
    }
    return false;
}

static bool any_memtable_meets(Engine *engine, const CommitTables *tables)
{
    Sources *sources = sources_acquire(engine);
    bool     meets = false;

    for (int i = 0; i < sources->memtable_count && !meets; i++)
        for (int j = 0; j < tables->count && !meets; j++)
            meets = memtable_meets(sources->memtables[i], tables->metas[j]);
    sources_release(sources);
    return meets;
}

Status commit_tables_make_place(CommitTables *tables, Engine *engine, Fault *fault)
{
    uint64_t  epoch;
    Memtable *active = sources_active(engine);

    for (int tries = 0; active->last_csn != 0 && tries < 2; tries++) { /* twice: the list of memtables may have been full */
        if (tries == 1)
            TRY(background_flush_sealed(engine, fault));
        TRY(sources_seal(engine, fault));
        active = sources_active(engine);
    }
    if (any_memtable_meets(engine, tables))
        TRY(background_flush_sealed(engine, fault));
    else
        background_wake(engine);
    epoch = engine->next_epoch++;
    active->epoch = engine->next_epoch++;
    for (int i = 0; i < tables->count; i++)
        tables->metas[i]->epoch = epoch;
    return STATUS_OK;
}

Status commit_tables_take(CommitTables *tables, const WriteSet *writes, CommitStream *stream, Fault *fault)
{
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_relaxed);
    int               count = 0;

    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next)
        count++;
    tables->metas = calloc((size_t)count, sizeof *tables->metas);
    if (tables->metas == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a commit record");
    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next) {
        const FileMeta *meta = table->meta;
        LoggedTable     logged = {meta->number, meta->identity, meta->size, meta->relations[0].id, meta->checksum};

        if (!table_is_live(table, dead))
            continue;
        tables->metas[tables->count] = file_meta_new(meta);
        if (tables->metas[tables->count] == NULL || !commit_stream_table(stream, &logged))
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a commit record");
        tables->count++;
    }
    /* the files are on disk; now their names, before a record says that they are there */
    return tables->count != 0 ? path_sync_directory(writes->engine->directory, fault) : STATUS_OK;
}

void commit_tables_enter(CommitTables *tables, Engine *engine, Csn csn)
{
    VersionEdit edit = {0};

    if (tables->count == 0)
        return;
    for (int i = 0; i < tables->count; i++) {
        FileMeta *meta = tables->metas[i];

        meta->stamp = meta->min_csn = meta->max_csn = csn;
        file_meta_ref(meta);
        if (version_edit_add(&edit, 0, meta, NULL) != STATUS_OK)
            panic("out of memory for the tables of a committed transaction");
    }
    version_set_ingest(engine, &edit);
    version_edit_free(&edit);
}

void commit_tables_free(CommitTables *tables, WriteSet *writes, bool named)
{
    for (int i = 0; i < tables->count; i++) {
        for (const WriteSetTable *table = writes->tables; table != NULL && named; table = table->next)
            if (table->meta->number == tables->metas[i]->number)
                atomic_store_explicit(&table->meta->obsolete, false, memory_order_relaxed);
        file_meta_unref(tables->metas[i]);
    }
    free(tables->metas);
    *tables = (CommitTables){0};
}
