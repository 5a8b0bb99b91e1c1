/*
 * table_source.c - see table_source.h.
 */
#include "storage/lsm/table_source.h"

#include "base/cancel.h"
#include "storage/lsm/engine_state.h"
#include "storage/lsm/filter.h"

#include <stdlib.h>

enum {
    AHEAD_AFTER_BLOCKS = 2,      /* read one behind the other before reading ahead starts */
    AHEAD_BYTES = 256 << 10,
};

/* ---- letting blocks go ----------------------------------------------------------------------------------------------- */

/* Gives up the block; entries of it that are in the caller's batch keep it in place until the iterator's next call. */
static Status drop_block(LevelSource *level, Fault *fault)
{
    CachedBlock *block = level->block;
    Pins        *pins = level->pins;

    level->block = NULL;
    level->count = level->at = 0;
    if (block == NULL)
        return STATUS_OK;
    if (!level->source.emitted) {
        block_cache_release(block);
        return STATUS_OK;
    }
    level->source.emitted = false;
    if (pins->count == pins->capacity) {
        int    capacity = MAX(16, pins->capacity * 2);
        void **blocks = realloc(pins->blocks, (size_t)capacity * sizeof *blocks);

        if (blocks == NULL) {
            level->block = block; /* still held; the call fails */
            level->source.emitted = true;
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for an iterator");
        }
        pins->blocks = blocks;
        pins->capacity = capacity;
    }
    pins->blocks[pins->count++] = block;
    return STATUS_OK;
}

static Status drop_file(LevelSource *level, Fault *fault)
{
    TRY(drop_block(level, fault));
    table_reader_unref(level->reader);
    level->reader = NULL;
    level->ahead_size = 0;
    return STATUS_OK;
}

static void close_level(Source *source)
{
    LevelSource *level = (LevelSource *)source;

    block_cache_release(level->block);
    level->block = NULL;
    table_reader_unref(level->reader);
    level->reader = NULL;
    file_meta_unref(level->own);
    free(level->key_bytes);
    free(level->seek_bytes);
    free(level->ahead);
}

static Status enter_file(LevelSource *level, int file, Fault *fault)
{
    if (level->reader != NULL && level->file == file)
        return STATUS_OK;
    TRY(drop_file(level, fault));
    level->file = file;
    level->in_row = 0;
    level->check_csn = level->files[file]->max_csn > level->csn;
    return table_cache_acquire(level->tables, level->files[file], &level->reader, fault);
}

/* ---- blocks ---------------------------------------------------------------------------------------------------------- */

/* Reads block `number` with those behind it in one go, for a scan that has missed the cache. */
static Status read_ahead(LevelSource *level, uint32_t number, CachedBlock **block_out, Fault *fault)
{
    TableReader *reader = level->reader;
    uint64_t     start = reader->offsets[number];
    uint64_t     end = MIN(start + AHEAD_BYTES, reader->index_end);
    size_t       size;

    end = MAX(end, reader->offsets[number + 1]);
    if (start < level->ahead_offset || reader->offsets[number + 1] > level->ahead_offset + level->ahead_size) {
        size = (size_t)(end - start);
        if (level->ahead_capacity < size) {
            uint8_t *ahead = realloc(level->ahead, size);

            if (ahead == NULL)
                return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for reading ahead");
            level->ahead = ahead;
            level->ahead_capacity = size;
        }
        level->ahead_size = 0;
        TRY(file_read_exactly(reader->file, start, level->ahead, size, fault));
        level->ahead_offset = start;
        level->ahead_size = size;
        file_prefetch(reader->file, end, AHEAD_BYTES);
    }
    return table_reader_block_from(reader, number, level->ahead + (start - level->ahead_offset), block_out, fault);
}

/*
 * Asks the memory for a block that will be read from end to end. Entry headers stand a value apart and each tells where the next one
 * is, so that without this every row of a scan waits for one line: counting documents by a member took 270 ns a row, and takes
 * 120 with it (400-byte documents, two-core Xeon virtual machine, 2026-11).
 */
static void prefetch_block(const CachedBlock *block)
{
    enum { LINE_BYTES = 64, PREFETCH_MAX_BYTES = 32 << 10 };
    size_t size = MIN(block->size, (size_t)PREFETCH_MAX_BYTES);

    for (size_t at = 0; at < size; at += LINE_BYTES)
        __builtin_prefetch(block->data + at, 0, 2);
}

static Status enter_block(LevelSource *level, uint32_t number, Fault *fault)
{
    TableReader *reader = level->reader;

    if (level->block != NULL && level->block_number == number)
        return STATUS_OK;
    level->in_row = number == level->block_number + 1 ? level->in_row + 1 : 0;
    TRY(drop_block(level, fault));
    level->block_number = number;
    if (!level->source.backward && (level->in_row >= AHEAD_AFTER_BLOCKS || level->use == CACHE_SCAN)) {
        level->block = block_cache_find(reader->cache, reader->number, reader->offsets[number], level->use);
        if (level->block == NULL)
            TRY(read_ahead(level, number, &level->block, fault));
    } else {
        TRY(table_reader_block(reader, number, level->use, &level->block, fault));
    }
    if (level->in_row > 0 && !level->source.backward)
        prefetch_block(level->block);
    level->view = block_view(slice_of(level->block->data, level->block->size));
    return STATUS_OK;
}

/* ---- windows --------------------------------------------------------------------------------------------------------- */

static bool reserve_keys(LevelSource *level, size_t size)
{
    size_t   capacity = MAX(level->key_capacity * 2, size);
    uint8_t *bytes;

    if (LIKELY(level->key_capacity >= size))
        return true;
    bytes = realloc(level->key_bytes, MAX(capacity, (size_t)512));
    if (bytes == NULL)
        return false;
    level->key_bytes = bytes;
    level->key_capacity = MAX(capacity, (size_t)512);
    return true;
}

/* Copies mostly a few bytes: both sides have room for sixteen. */
static ALWAYS_INLINE void copy_short(uint8_t *to, const uint8_t *from, size_t size)
{
    if (LIKELY(size <= 16)) {
        uint64_t low = get_le64(from), high = get_le64(from + 8);

        put_le64(to, low);
        put_le64(to + 8, high);
    } else {
        memcpy(to, from, size);
    }
}

/* keyspace_copy() for a key of a window, which has room behind it. */
static ALWAYS_INLINE Slice copy_key(KeySpace *space, Slice key)
{
    uint8_t *to;

    if (UNLIKELY((size_t)(space->end - space->at) < key.size + 32) && !keyspace_grow(space, key.size))
        return slice_of(NULL, 0);
    to = space->at;
    copy_short(to, key.data, key.size);
    space->at += key.size;
    return slice_of(to, key.size);
}

/* Decodes the entries of a restart: for each key of the relation the newest version that is seen. */
static Status decode_window(LevelSource *level, uint32_t restart, Fault *fault)
{
    const uint8_t *at = block_restart(&level->view, restart);
    const uint8_t *end = block_restart_end(&level->view, restart);
    size_t         key_start = 0, key_end = 0; /* of the key before */
    size_t         used = 0;
    StorageId      first_id;
    bool           resolved = false; /* the present key has its entry */
    Csn            csn = level->csn;
    Csn            stamp = level->files[level->file]->stamp;
    bool           check = level->check_csn;
    DeadRanges    *dead = level->writes != NULL ? atomic_load_explicit(&level->writes->dead, memory_order_acquire) : NULL;
    int            count = 0;

    level->restart = restart;
    while (at < end) {
        BlockEntry entry;

        at = block_decode(at, level->view.base, &entry);
        if (entry.older) {
            if (resolved)
                continue;
        } else {
            size_t start = used;

            if (UNLIKELY(!reserve_keys(level, start + entry.shared + entry.unshared + 32)))
                return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for an iterator");
            copy_short(level->key_bytes + start, level->key_bytes + key_start, entry.shared);
            copy_short(level->key_bytes + start + entry.shared, entry.suffix, entry.unshared);
            key_start = start;
            key_end = start + entry.shared + entry.unshared;
            used = key_end;
            resolved = false;
        }
        if (UNLIKELY(dead != NULL) && dead_ranges_contain(dead, version_sequence(entry.csn)))
            continue;
        if (check && (stamp != 0 ? stamp : entry.csn) > csn)
            continue;
        resolved = true;
        level->window[count].key_start = (uint32_t)key_start;
        level->window[count].key_size = (uint32_t)(key_end - key_start);
        level->window[count].kind = entry.kind;
        level->window[count].value = entry.value;
        count++;
    }
    level->at = 0;
    first_id = get_be32(level->key_bytes);
    level->beyond = level->source.backward ? first_id < level->id : get_be32(level->key_bytes + key_start) > level->id;
    if (first_id != level->id || get_be32(level->key_bytes + key_start) != level->id) {
        int kept = 0;

        for (int i = 0; i < count; i++)
            if (get_be32(level->key_bytes + level->window[i].key_start) == level->id)
                level->window[kept++] = level->window[i];
        count = kept;
    }
    level->count = count;
    return STATUS_OK;
}

static inline Slice window_key(const LevelSource *level, int i)
{
    return slice_of(level->key_bytes + level->window[i].key_start + 4, level->window[i].key_size - 4);
}

static inline void set_entry(LevelSource *level)
{
    level->source.valid = true;
    level->source.kind = level->window[level->at].kind;
    level->source.key = window_key(level, level->at);
    level->source.value = level->window[level->at].value;
}

/* Whether a neighbouring file of the level may hold anything of the relation. */
static bool file_may_have(const FileMeta *meta, StorageId id, bool backward)
{
    return backward ? get_be32(meta->largest.data) >= id : get_be32(meta->smallest.data) <= id;
}

/* To the next window, in the direction, that has something; invalid at the end of the relation. */
static Status next_window(LevelSource *level, Fault *fault)
{
    bool backward = level->source.backward;

    for (;;) {
        if (level->beyond) {
            level->source.valid = false;
            return STATUS_OK;
        }
        if (backward ? level->restart > 0 : level->restart + 1 < level->view.restart_count) {
            TRY(decode_window(level, backward ? level->restart - 1 : level->restart + 1, fault));
        } else if (backward ? level->block_number > 0 : level->block_number + 1 < level->reader->block_count) {
            TRY(enter_block(level, backward ? level->block_number - 1 : level->block_number + 1, fault));
            TRY(decode_window(level, backward ? level->view.restart_count - 1 : 0, fault));
        } else {
            int file = backward ? level->file - 1 : level->file + 1;

            if (file < 0 || file >= level->file_count || !file_may_have(level->files[file], level->id, backward)) {
                level->source.valid = false;
                return STATUS_OK;
            }
            TRY(enter_file(level, file, fault));
            TRY(enter_block(level, backward ? level->reader->block_count - 1 : 0, fault));
            TRY(decode_window(level, backward ? level->view.restart_count - 1 : 0, fault));
        }
        if (level->count != 0) {
            level->at = backward ? level->count - 1 : 0;
            set_entry(level);
            return STATUS_OK;
        }
        if (UNLIKELY(cancel_pending()))
            return FAULT(fault, STATUS_CANCELLED, 0, "cancelled");
    }
}

/* ---- the operations of a source --------------------------------------------------------------------------------------- */

/* Index of the first file whose largest key is at or after key. */
static int find_file(const LevelSource *level, Slice engine_key)
{
    int low = 0, high = level->file_count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (slice_compare(level->files[middle]->largest, engine_key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static Status seek_forward(LevelSource *level, Slice engine_key, Fault *fault)
{
    int      file = find_file(level, engine_key);
    uint32_t number;

    level->source.valid = false;
    if (file == level->file_count || !file_may_have(level->files[file], level->id, false))
        return STATUS_OK;
    TRY(enter_file(level, file, fault));
    number = table_reader_find(level->reader, engine_key);
    if (number == level->reader->block_count)
        number--; /* behind all keys: the walk goes on in the next file */
    TRY(enter_block(level, number, fault));
    TRY(decode_window(level, block_find_restart(&level->view, engine_key), fault));
    while (level->at < level->count && slice_compare(window_key(level, level->at), slice_of(engine_key.data + 4, engine_key.size - 4)) < 0)
        level->at++;
    if (level->at == level->count)
        return next_window(level, fault);
    set_entry(level);
    return STATUS_OK;
}

/* To the last entry before the key, or at it when inclusive. */
static Status seek_backward(LevelSource *level, Slice engine_key, bool inclusive, Fault *fault)
{
    int      file = find_file(level, engine_key);
    bool     other_relation = get_be32(engine_key.data) != level->id; /* the end of ours */
    uint32_t number;

    level->source.valid = false;
    if (file == level->file_count || slice_compare(level->files[file]->smallest, engine_key) > 0)
        file--;
    if (file < 0 || !file_may_have(level->files[file], level->id, true))
        return STATUS_OK;
    TRY(enter_file(level, file, fault));
    number = table_reader_find(level->reader, engine_key);
    if (number == level->reader->block_count)
        number--;
    TRY(enter_block(level, number, fault));
    TRY(decode_window(level, block_find_restart(&level->view, engine_key), fault));
    level->at = level->count - 1;
    while (level->at >= 0 && !other_relation &&
           slice_compare(window_key(level, level->at), slice_of(engine_key.data + 4, engine_key.size - 4)) >= inclusive)
        level->at--;
    if (level->at < 0)
        return next_window(level, fault);
    set_entry(level);
    return STATUS_OK;
}

/* The engine key of a seek, in the source's own memory; data NULL without memory. */
static Slice make_engine_key(LevelSource *level, StorageId id, Slice key)
{
    size_t size = key.size + 4;

    if (level->seek_capacity < size) {
        uint8_t *bytes = realloc(level->seek_bytes, size + 64);

        if (bytes == NULL)
            return slice_of(NULL, 0);
        level->seek_bytes = bytes;
        level->seek_capacity = size + 64;
    }
    engine_key_put(level->seek_bytes, id, key);
    return slice_of(level->seek_bytes, size);
}

static Status seek(Source *source, Slice key, bool inclusive, Fault *fault)
{
    LevelSource *level = (LevelSource *)source;
    Slice        engine_key = make_engine_key(level, level->id, key);

    if (engine_key.data == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for an iterator");
    return source->backward ? seek_backward(level, engine_key, inclusive, fault) : seek_forward(level, engine_key, fault);
}

static Status seek_end(Source *source, Fault *fault)
{
    static const uint8_t high[TABLE_KEY_BYTES] = {[0 ... TABLE_KEY_BYTES - 1] = 0xff};
    LevelSource         *level = (LevelSource *)source;
    uint8_t              next[4];

    if (level->id == UINT32_MAX)
        return seek_backward(level, slice_of(high, sizeof high), true, fault);
    put_be32(next, level->id + 1);
    return seek_backward(level, slice_of(next, sizeof next), false, fault);
}

static Status advance(Source *source, Fault *fault)
{
    LevelSource *level = (LevelSource *)source;

    level->at += source->backward ? -1 : 1;
    if (level->at < 0 || level->at >= level->count)
        return next_window(level, fault);
    set_entry(level);
    return STATUS_OK;
}

/* Whether every entry from here to the window's end, in the direction, is to be taken. */
static bool window_is_free(const LevelSource *level, Slice bound)
{
    if (bound.data == NULL)
        return true;
    if (level->source.backward)
        return slice_compare(window_key(level, 0), bound) > 0;
    return slice_compare(window_key(level, level->count - 1), bound) < 0;
}

static Status take(Source *source, Slice bound, EntryBatch *batch, Fault *fault)
{
    LevelSource *level = (LevelSource *)source;
    int          step = source->backward ? -1 : 1;

    while (source->valid && !batch_is_full(batch)) {
        bool is_free = window_is_free(level, bound);
        int  at = level->at;

        for (; at >= 0 && at < level->count && !batch_is_full(batch); at += step) {
            Slice          key = window_key(level, at);
            IteratorEntry *entry = &batch->entries[batch->count];

            if (!is_free) {
                int order = slice_compare(key, bound);

                if (source->backward ? order < !batch->take_bound : order >= 0) {
                    level->at = at;
                    set_entry(level);
                    return STATUS_OK;
                }
            }
            if (level->window[at].kind != ENTRY_PUT)
                continue;
            entry->key = copy_key(batch->keys, key);
            if (UNLIKELY(entry->key.data == NULL))
                return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for an iterator");
            entry->value = level->window[at].value;
            batch->bytes += key.size + entry->value.size;
            batch->count++;
            source->emitted = true;
        }
        level->at = at;
        if (at < 0 || at >= level->count)
            TRY(next_window(level, fault));
        else
            set_entry(level);
    }
    return STATUS_OK;
}

static const SourceOps level_source_ops = {seek, seek_end, advance, take, close_level};

/* ---- opening --------------------------------------------------------------------------------------------------------- */

static bool file_in_range(const FileMeta *meta, const TableRange *range)
{
    const IteratorOptions *options = range->options;

    if (engine_key_compare(meta->largest, range->id, options->lower) < 0)
        return false;
    return options->upper.data == NULL ? get_be32(meta->smallest.data) <= range->id
                                       : engine_key_compare(meta->smallest, range->id, options->upper) < 0;
}

/* The files of a level above 0 that meet the range: [*first_out, result). */
static int level_range(const VersionLevel *level, const TableRange *range, int *first_out)
{
    int low = 0, high = level->count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (engine_key_compare(level->files[middle]->largest, range->id, range->options->lower) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *first_out = low;
    while (low < level->count && file_in_range(level->files[low], range))
        low++;
    return low;
}

int table_sources_needed(const Version *version, const TableRange *range)
{
    int count = 0;

    for (int i = 0; i < version->levels[0].count; i++)
        count += file_in_range(version->levels[0].files[i], range) &&
                 file_meta_relation(version->levels[0].files[i], range->id) != NULL;
    for (int at = 1; at < ENGINE_LEVELS; at++) {
        int first;

        count += level_range(&version->levels[at], range, &first) > first;
    }
    return count;
}

/* Whether a file's filter rules out every key of the range. A filter that cannot be read rules out nothing. */
static bool filtered_out(TableCache *tables, FileMeta *meta, const TableRange *range)
{
    const FileRelation *relation = file_meta_relation(meta, range->id);
    Slice               prefix = range->options->filter_prefix;
    uint8_t             engine_key[TABLE_KEY_BYTES];
    TableReader        *reader;
    bool                may = true;

    if (prefix.data == NULL || relation == NULL || relation->filter_suffix == 0 || prefix.size > ENGINE_MAX_KEY_BYTES)
        return false;
    if (table_cache_acquire(tables, meta, &reader, NULL) != STATUS_OK)
        return false;
    engine_key_put(engine_key, range->id, prefix);
    if (table_reader_may_contain(reader, filter_hash(slice_of(engine_key, prefix.size + 4), 0), &may, NULL) != STATUS_OK)
        may = true;
    table_reader_unref(reader);
    return !may;
}

static void open_source(Engine *engine, LevelSource *level, FileMeta **files, int count, const TableRange *range, Csn csn,
                        Pins *pins)
{
    bool backward = range->options->direction == SCAN_BACKWARD;

    *level = (LevelSource){
        .source = {.ops = &level_source_ops, .backward = backward},
        .tables = engine->tables,
        .files = files,
        .file_count = count,
        .id = range->id,
        .csn = csn,
        .use = range->options->scan ? CACHE_SCAN : CACHE_POINT,
        .pins = pins,
    };
}

int table_sources_open(Engine *engine, Version *version, const TableRange *range, Csn csn, Pins *pins, LevelSource *sources)
{
    int count = 0;

    for (int i = 0; i < version->levels[0].count; i++) {
        FileMeta **file = &version->levels[0].files[i];

        if (file_in_range(*file, range) && file_meta_relation(*file, range->id) != NULL &&
            !filtered_out(engine->tables, *file, range))
            open_source(engine, &sources[count++], file, 1, range, csn, pins);
    }
    for (int at = 1; at < ENGINE_LEVELS; at++) {
        VersionLevel *level = &version->levels[at];
        int           first, end = level_range(level, range, &first);

        if (end == first || (end == first + 1 && filtered_out(engine->tables, level->files[first], range)))
            continue;
        open_source(engine, &sources[count++], level->files + first, end - first, range, csn, pins);
    }
    return count;
}

int write_sources_needed(const WriteSet *const_writes)
{
    WriteSet *writes = (WriteSet *)(uintptr_t)const_writes;
    int       count = 0;

    pthread_mutex_lock(&writes->mutex);
    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next)
        count++;
    pthread_mutex_unlock(&writes->mutex);
    return count;
}

int write_sources_open(Engine *engine, const WriteSet *const_writes, LocalSeq limit, const TableRange *range, Pins *pins,
                       LevelSource *sources, int capacity)
{
    WriteSet         *writes = (WriteSet *)(uintptr_t)const_writes;
    const DeadRanges *dead = atomic_load_explicit(&writes->dead, memory_order_acquire);
    int               count = 0, skipped;

    pthread_mutex_lock(&writes->mutex);
    skipped = -capacity; /* tables attached since they were counted are of later commands */
    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next)
        skipped++;
    for (const WriteSetTable *table = writes->tables; table != NULL; table = table->next) {
        LevelSource *level = &sources[count];

        if (skipped-- > 0 || !file_in_range(table->meta, range) || file_meta_relation(table->meta, range->id) == NULL ||
            (!table->spilled && (table->sequence >= limit || dead_ranges_contain(dead, table->sequence))))
            continue;
        open_source(engine, level, &level->own, 1, range, table->spilled ? version_below(limit) : CSN_MAX, pins);
        level->own = table->meta;
        level->writes = table->spilled ? writes : NULL;
        file_meta_ref(table->meta);
        count++;
    }
    pthread_mutex_unlock(&writes->mutex);
    return count;
}

/* ---- one key ----------------------------------------------------------------------------------------------------------- */

typedef struct KeySearch {
    Slice    engine_key;
    Csn      csn;
    uint64_t hash;
    int      suffix; /* that the hash leaves out; -1: not computed yet */
} KeySearch;

static Status get_from_file(TableCache *tables, FileMeta *meta, KeySearch *search, TableEntry *entry_out, Fault *fault)
{
    const FileRelation *relation = file_meta_relation(meta, get_be32(search->engine_key.data));
    TableReader        *reader;
    CachedBlock        *block = NULL;
    uint32_t            number;
    bool                may;
    Status              status;

    if (relation == NULL || meta->min_csn > search->csn)
        return STATUS_NOT_FOUND;
    if (search->suffix != relation->filter_suffix) {
        search->suffix = relation->filter_suffix;
        search->hash = filter_hash(search->engine_key, relation->filter_suffix);
    }
    TRY(table_cache_acquire(tables, meta, &reader, fault));
    status = table_reader_may_contain(reader, search->hash, &may, fault);
    if (status == STATUS_OK && !may)
        status = STATUS_NOT_FOUND;
    number = status == STATUS_OK ? table_reader_find(reader, search->engine_key) : 0;
    if (status == STATUS_OK && number == reader->block_count)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status = table_reader_block(reader, number, CACHE_POINT, &block, fault);
    if (status == STATUS_OK) {
        BlockView  view = block_view(slice_of(block->data, block->size));
        BlockEntry entry;

        if (block_get(&view, search->engine_key, meta->stamp != 0 ? CSN_MAX : search->csn, &entry)) {
            *entry_out = (TableEntry){entry.kind, meta->stamp != 0 ? meta->stamp : entry.csn, entry.value, block};
        } else {
            block_cache_release(block);
            status = STATUS_NOT_FOUND;
        }
    }
    table_reader_unref(reader);
    return status;
}

Status table_get(Engine *engine, FileMeta *meta, StorageId id, Slice key, uint64_t csn, TableEntry *entry_out, Fault *fault)
{
    uint8_t   bytes[TABLE_KEY_BYTES];
    KeySearch search = {.engine_key = slice_of(bytes, key.size + 4), .csn = csn, .suffix = -1};

    if (key.size > ENGINE_MAX_KEY_BYTES)
        return STATUS_NOT_FOUND;
    engine_key_put(bytes, id, key);
    if (slice_compare(meta->largest, search.engine_key) < 0 || slice_compare(meta->smallest, search.engine_key) > 0)
        return STATUS_NOT_FOUND;
    return get_from_file(engine->tables, meta, &search, entry_out, fault);
}

Status version_get(Engine *engine, Version *version, StorageId id, Slice key, Csn csn, TableEntry *entry_out, Fault *fault)
{
    uint8_t   bytes[TABLE_KEY_BYTES];
    KeySearch search = {.engine_key = slice_of(bytes, key.size + 4), .csn = csn, .suffix = -1};

    if (key.size > ENGINE_MAX_KEY_BYTES)
        return STATUS_NOT_FOUND;
    engine_key_put(bytes, id, key);
    for (int i = 0; i < version->levels[0].count; i++) {
        FileMeta *meta = version->levels[0].files[i];
        Status    status;

        if (slice_compare(meta->largest, search.engine_key) < 0 || slice_compare(meta->smallest, search.engine_key) > 0)
            continue;
        status = get_from_file(engine->tables, meta, &search, entry_out, fault);
        if (status != STATUS_NOT_FOUND)
            return status;
    }
    for (int at = 1; at < ENGINE_LEVELS; at++) {
        VersionLevel *level = &version->levels[at];
        int           file;
        Status        status;

        if (level->count == 0)
            continue;
        file = version_find(level, search.engine_key);
        if (file == level->count || slice_compare(level->files[file]->smallest, search.engine_key) > 0)
            continue;
        status = get_from_file(engine->tables, level->files[file], &search, entry_out, fault);
        if (status != STATUS_NOT_FOUND)
            return status;
    }
    return STATUS_NOT_FOUND;
}
