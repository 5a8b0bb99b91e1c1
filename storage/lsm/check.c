/*
 * check.c - verifies an open store: every block of every table against what its index, filter and the manifest say, and
 * the order of csns between sources.
 */
#include "storage/lsm/engine_state.h"
#include "storage/lsm/filter.h"
#include "storage/lsm/merge.h"

#include <stdlib.h>

typedef struct Check {
    Engine     *engine;
    CheckReport report;
    void       *report_arg;
    uint64_t    findings;
} Check;

static void finding(Check *check, const Fault *fault)
{
    check->findings++;
    if (check->report != NULL)
        check->report(check->report_arg, fault);
}

/* ---- one table --------------------------------------------------------------------------------------------------------- */

typedef struct TableCheck {
    Check          *check;
    const FileMeta *meta;
    TableReader    *reader;
    uint8_t        *last; /* the key before, TABLE_KEY_BYTES; carries on from block to block */
    size_t          last_size;
    uint64_t        entries, tombstones;
    Csn             min_csn, max_csn;
    bool            damaged;
} TableCheck;

static void table_finding(TableCheck *table, uint64_t offset, const char *what)
{
    Fault fault;

    (void)FAULT(&fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: %s", file_path(table->reader->file), (unsigned long long)offset,
                what);
    finding(table->check, &fault);
    table->damaged = true;
}

static void check_filter(TableCheck *table, Slice key, uint64_t offset)
{
    const FileRelation *relation = file_meta_relation(table->meta, get_be32(key.data));
    bool                may = true;
    Fault               fault;

    if (relation == NULL) {
        table_finding(table, offset, "the block has a relation that the manifest does not name for its file");
        return;
    }
    if (table_reader_may_contain(table->reader, filter_hash(key, relation->filter_suffix), &may, &fault) != STATUS_OK) {
        finding(table->check, &fault);
        table->damaged = true;
    } else if (!may) {
        table_finding(table, offset, "the filter denies a key that the block has");
    }
}

/* The entries of a verified payload against their surroundings. */
static void check_entries(TableCheck *table, uint32_t number, Slice payload)
{
    BlockView      view = block_view(payload);
    const uint8_t *at = view.data;
    uint64_t       offset = table->reader->offsets[number];
    bool           first = true;
    uint8_t        key[TABLE_KEY_BYTES];
    size_t         key_size = 0;

    while (at < view.entries_end && !table->damaged) {
        BlockEntry entry;

        at = block_decode(at, view.base, &entry);
        memcpy(key + entry.shared, entry.suffix, entry.unshared);
        key_size = entry.shared + entry.unshared;
        if (first && table->entries != 0 && slice_compare(slice_of(table->last, table->last_size), slice_of(key, key_size)) >= 0)
            table_finding(table, offset, "the block's first key is not behind the block before");
        first = false;
        if (!entry.older)
            check_filter(table, slice_of(key, key_size), offset);
        table->entries++;
        table->tombstones += entry.kind == ENTRY_TOMBSTONE;
        table->min_csn = MIN(table->min_csn, entry.csn);
        table->max_csn = MAX(table->max_csn, entry.csn);
    }
    if (slice_compare(slice_of(key, key_size), table_reader_separator(table->reader, number)) > 0)
        table_finding(table, offset, "the block has keys behind its place in the index");
    memcpy(table->last, key, key_size);
    table->last_size = key_size;
}

static Status check_blocks(TableCheck *table, Fault *fault)
{
    TableReader *reader = table->reader;
    uint8_t     *framed = NULL, *payload = NULL;
    size_t       framed_capacity = 0, payload_capacity = 0;
    Status       status = STATUS_OK;

    for (uint32_t i = 0; i < reader->block_count && status == STATUS_OK; i++) {
        size_t size = table_reader_block_size(reader, i);
        Slice  entries;
        Fault  damage;

        if (size > framed_capacity) {
            free(framed);
            framed_capacity = size * 2;
            framed = malloc(framed_capacity);
            if (framed == NULL) {
                status = FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for checking a table");
                break;
            }
        }
        status = file_read_exactly(reader->file, reader->offsets[i], framed, size, &damage);
        if (status == STATUS_OK)
            status = table_reader_decode(reader, i, framed, size, &payload, &payload_capacity, &entries, &damage);
        if (status == STATUS_OK) {
            check_entries(table, i, entries);
        } else if (status == STATUS_CORRUPT || status == STATUS_IO) {
            finding(table->check, &damage);
            table->damaged = true;
            table->entries = 0; /* the next block has nothing to be compared with */
            status = STATUS_OK;
        } else if (fault != NULL) {
            *fault = damage;
        }
    }
    free(framed);
    free(payload);
    return status;
}

static Status check_table(Check *check, FileMeta *meta, Fault *fault)
{
    TableCheck table = {.check = check, .meta = meta, .min_csn = CSN_MAX};
    Fault      damage;
    Status     status = table_cache_acquire(check->engine->tables, meta, &table.reader, &damage);

    if (status == STATUS_CORRUPT || status == STATUS_IO || status == STATUS_FORMAT) {
        finding(check, &damage);
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        if (fault != NULL)
            *fault = damage;
        return status;
    }
    table.last = malloc(TABLE_KEY_BYTES);
    status = table.last == NULL ? FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for checking a table")
                                : check_blocks(&table, fault);
    if (status == STATUS_OK && !table.damaged) {
        if (table.entries != meta->entries || table.tombstones != meta->tombstones)
            table_finding(&table, 0, "the table does not have as many entries as the manifest states");
        if (meta->stamp == 0 && (table.min_csn != meta->min_csn || table.max_csn != meta->max_csn))
            table_finding(&table, 0, "the table's csns are not those that the manifest states");
        if (!slice_equal(slice_of(table.last, table.last_size), meta->largest))
            table_finding(&table, 0, "the table's last key is not the one that the manifest states");
    }
    free(table.last);
    table_reader_unref(table.reader);
    return status;
}

/* ---- between sources ------------------------------------------------------------------------------------------------------ */

static bool input_before(const MergeInput *a, const MergeInput *b)
{
    if (a->id != b->id)
        return a->id < b->id;
    return slice_compare(a->key, b->key) < 0;
}

/* Passes over all versions of a key in all sources, newest first: their csns must descend. */
static Status check_key(Check *check, MergeInput **inputs, int count, StorageId id, Slice key, Fault *fault)
{
    Csn above = CSN_MAX;

    for (int i = 0; i < count; i++) {
        while (inputs[i]->valid && inputs[i]->id == id && slice_equal(inputs[i]->key, key)) {
            if (inputs[i]->csn >= above) {
                Fault disorder;

                (void)FAULT(&disorder, STATUS_CORRUPT, 0,
                            "storage %u: csn %llu of a key stands in an older source than csn %llu", id,
                            (unsigned long long)above, (unsigned long long)inputs[i]->csn);
                finding(check, &disorder);
            }
            above = inputs[i]->csn;
            TRY(inputs[i]->next(inputs[i], fault));
        }
    }
    return STATUS_OK;
}

/* Walks all sources together. inputs: newest first. */
static Status check_order(Check *check, MergeInput **inputs, int count, Fault *fault)
{
    uint8_t key[ENGINE_MAX_KEY_BYTES];

    for (int i = 0; i < count; i++)
        TRY(inputs[i]->next(inputs[i], fault));
    for (;;) {
        const MergeInput *least = NULL;
        Slice             copy;

        for (int i = 0; i < count; i++)
            if (inputs[i]->valid && (least == NULL || input_before(inputs[i], least)))
                least = inputs[i];
        if (least == NULL)
            return STATUS_OK;
        memcpy(key, least->key.data, least->key.size);
        copy = slice_of(key, least->key.size);
        TRY(check_key(check, inputs, count, least->id, copy, fault));
    }
}

/* The sources newest first, as inputs. *count_out may be less than there are, on a failure. */
static Status open_inputs(Engine *engine, Sources *sources, MergeInput **inputs, int *count_out, Fault *fault)
{
    int count = 0;

    for (int i = 0; i < sources->memtable_count; i++)
        inputs[count++] = merge_input_memtable(sources->memtables[i]);
    for (int i = 0; i < sources->version->levels[0].count; i++)
        inputs[count++] = merge_input_tables(engine->tables, &sources->version->levels[0].files[i], 1);
    for (int level = 1; level < ENGINE_LEVELS; level++)
        if (sources->version->levels[level].count != 0)
            inputs[count++] = merge_input_tables(engine->tables, sources->version->levels[level].files,
                                                 sources->version->levels[level].count);
    *count_out = count;
    for (int i = 0; i < count; i++)
        if (inputs[i] == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for checking the store");
    return STATUS_OK;
}

static Status check_sources(Check *check, Sources *sources, Fault *fault)
{
    size_t       limit = (size_t)sources->memtable_count + (size_t)sources->version->levels[0].count + ENGINE_LEVELS;
    MergeInput **inputs = calloc(limit, sizeof *inputs);
    int          count = 0;
    Status       status;

    if (inputs == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for checking the store");
    status = open_inputs(check->engine, sources, inputs, &count, fault);
    if (status == STATUS_OK)
        status = check_order(check, inputs, count, fault);
    for (int i = 0; i < count; i++)
        if (inputs[i] != NULL)
            inputs[i]->close(inputs[i]);
    free(inputs);
    return status;
}

Status engine_check(Engine *engine, CheckReport report, void *report_arg, uint64_t *findings_out, Fault *fault)
{
    Check    check = {.engine = engine, .report = report, .report_arg = report_arg};
    Sources *sources = sources_acquire(engine);
    Status   status = STATUS_OK;

    for (int level = 0; level < ENGINE_LEVELS && status == STATUS_OK; level++)
        for (int i = 0; i < sources->version->levels[level].count && status == STATUS_OK; i++)
            status = check_table(&check, sources->version->levels[level].files[i], fault);
    /* damaged tables cannot be walked: the order between sources is looked at when each is whole */
    if (status == STATUS_OK && check.findings == 0)
        status = check_sources(&check, sources, fault);
    sources_release(sources);
    *findings_out = check.findings;
    return status;
}
