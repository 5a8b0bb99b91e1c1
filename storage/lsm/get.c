/*
 * get.c - the visible value of one key, without an iterator.
 */
#include "storage/lsm/engine_state.h"
#include "storage/lsm/table_source.h"

/* How a pinned value is let go; PinnedValue.pin_kind_ points to one. */
typedef struct PinKind {
    void (*release)(void *pin);
} PinKind;

static void release_memtable(void *pin)
{
    memtable_unref(pin);
}

static void release_block(void *pin)
{
    block_cache_release(pin);
}

static void release_run(void *pin)
{
    write_run_unref(pin);
}

static PinKind run_pin = {release_run};
static PinKind memtable_pin = {release_memtable};
static PinKind block_pin = {release_block};

void engine_unpin(PinnedValue *pinned)
{
    if (pinned->pin_kind_ != NULL)
        ((PinKind *)pinned->pin_kind_)->release(pinned->pin_);
    *pinned = (PinnedValue){0};
}

/* Asks the memtables, newest first. STATUS_NOT_FOUND: they know of nothing; *deleted_out: they know that it is deleted. */
static Status get_from_memtables(const Sources *sources, StorageId id, Slice key, Csn csn, PinnedValue *out, bool *deleted_out)
{
    for (int i = 0; i < sources->memtable_count; i++) {
        Memtable *memtable = sources->memtables[i];
        SkipNode *node = memtable_find(memtable, id, key, csn);

        if (node == NULL)
            continue;
        if (node->kind == ENTRY_TOMBSTONE) {
            *deleted_out = true;
            out->csn = node->version;
            return STATUS_NOT_FOUND;
        }
        memtable_ref(memtable);
        *out = (PinnedValue){skip_value(node), node->version, memtable, &memtable_pin};
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

/* The newest committed version at or below csn; a tombstone gives STATUS_NOT_FOUND with its csn in out. */
static Status get_committed(Engine *engine, Sources *sources, StorageId id, Slice key, Csn csn, PinnedValue *out, Fault *fault)
{
    bool        deleted = false;
    Status      status = get_from_memtables(sources, id, key, csn, out, &deleted);
    TableEntry  entry;

    if (status == STATUS_OK || deleted)
        return status;
    status = version_get(engine, sources->version, id, key, csn, &entry, fault);
    if (status != STATUS_OK)
        return status;
    if (entry.kind == ENTRY_TOMBSTONE) {
        out->csn = entry.csn;
        block_cache_release(entry.block);
        return STATUS_NOT_FOUND;
    }
    *out = (PinnedValue){entry.value, entry.csn, entry.block, &block_pin};
    return STATUS_OK;
}

Status engine_get(Engine *engine, const ReadView *view, StorageId id, Slice key, PinnedValue *out, Fault *fault)
{
    Sources *sources;
    Csn      csn;
    Status   status;

    *out = (PinnedValue){0};
    if (view->writes != NULL) {
        OwnEntry own;

        status = writeset_find(view->writes, id, key, view->local_limit, &own, fault);
        if (status == STATUS_OK) {
            *out = own.run != NULL ? (PinnedValue){own.value, 0, own.run, &run_pin} : (PinnedValue){own.value, 0, own.block, &block_pin};
            if (own.kind == ENTRY_PUT)
                return STATUS_OK;
            engine_unpin(out);
            return STATUS_NOT_FOUND;
        }
        if (status != STATUS_NOT_FOUND)
            return status;
    }
    sources = sources_acquire(engine);
    /*
     * CSN_MAX is no registered snapshot. The visible csn is loaded after the sources were taken: what a compaction that
     * these sources know of has dropped was covered by a version visible before.
     */
    csn = view->csn == CSN_MAX ? engine_visible_csn(engine) : view->csn;
    status = get_committed(engine, sources, id, key, csn, out, fault);
    sources_release(sources);
    if (status != STATUS_OK)
        *out = (PinnedValue){0};
    return status;
}

Status engine_newest_csn(Engine *engine, StorageId id, Slice key, Csn *csn_out, Fault *fault)
{
    PinnedValue found = {0};
    Sources    *sources = sources_acquire(engine);
    Status      status = get_committed(engine, sources, id, key, UINT64_MAX, &found, fault);

    sources_release(sources);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *csn_out = found.csn;
    if (status == STATUS_OK)
        engine_unpin(&found);
    return STATUS_OK;
}
