/*
 * table_reader.c - see table_reader.h.
 */
#include "storage/lsm/table_reader.h"

#include "base/hash.h"
#include "storage/lsm/filter.h"

#include <stdlib.h>

enum { TAIL_BYTES = 4096 };

static Status corrupt(const TableReader *reader, uint64_t offset, const char *what, Fault *fault)
{
    return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %llu: %s", file_path(reader->file), (unsigned long long)offset, what);
}

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while reading a table");
}

void table_reader_unref(TableReader *reader)
{
    if (reader == NULL || atomic_fetch_sub_explicit(&reader->references, 1, memory_order_acq_rel) != 1)
        return;
    block_cache_release(atomic_load_explicit(&reader->filter, memory_order_relaxed));
    file_close(reader->file);
    account_release(reader->account, reader->charge);
    free(reader->offsets);
    free(reader->prefixes);
    free(reader->key_ends);
    free(reader->keys);
    free(reader);
}

/* Reads a framed block at offset into memory of its own, from malloc. */
static Status read_frame(TableReader *reader, uint64_t offset, uint32_t size, uint8_t **framed_out, Fault *fault)
{
    uint8_t *framed = malloc((size_t)size + 1);
    Status   status;

    if (framed == NULL)
        return no_memory(fault);
    status = file_read_exactly(reader->file, offset, framed, size, fault);
    if (status != STATUS_OK) {
        free(framed);
        return status;
    }
    *framed_out = framed;
    return STATUS_OK;
}

/* A framed block checked and decompressed into a block of the cache that is in no list yet. */
static Status unpack(TableReader *reader, const uint8_t *framed, size_t available, BlockKind kind, uint64_t offset,
                     CachedBlock **block_out, Fault *fault)
{
    BlockFrame   frame;
    CachedBlock *block;
    Status       status;

    TRY(block_frame_open(framed, available, kind, reader->identity, offset, file_path(reader->file), &frame, fault));
    block = block_cache_allocate(reader->cache, frame.size);
    if (block == NULL)
        return no_memory(fault);
    status = block_decompress(&frame, framed + BLOCK_FRAME_BYTES, block->data, file_path(reader->file), offset, fault);
    if (status == STATUS_OK && kind <= BLOCK_INDEX && !block_verify(slice_of(block->data, block->size)))
        status = corrupt(reader, offset, "a block's entries are out of order", fault);
    if (status != STATUS_OK) {
        block_cache_release(block);
        return status;
    }
    *block_out = block;
    return STATUS_OK;
}

/* ---- opening --------------------------------------------------------------------------------------------------------- */

typedef struct IndexPlace {
    uint64_t offset;
    uint32_t size;
} IndexPlace;

static Status read_sections(TableReader *reader, Slice list, IndexPlace *index, Fault *fault)
{
    const uint8_t *at = list.data;
    const uint8_t *end = list.data + list.size;

    while (at < end) {
        uint64_t kind, offset = 0, size = 0;

        at = get_varint(at, end, &kind);
        if (at != NULL)
            at = get_varint(at, end, &offset);
        if (at != NULL)
            at = get_varint(at, end, &size);
        if (at == NULL || offset > reader->size || size > reader->size - offset || size > UINT32_MAX)
            return corrupt(reader, reader->size, "the list of sections is wrong", fault);
        if (kind == BLOCK_INDEX)
            *index = (IndexPlace){offset, (uint32_t)size};
        if (kind == BLOCK_FILTER) {
            reader->filter_offset = offset;
            reader->filter_size = (uint32_t)size;
        }
        if (kind == BLOCK_PROPERTIES) {
            reader->properties_offset = offset;
            reader->properties_size = (uint32_t)size;
        }
    }
    if (index->size == 0)
        return corrupt(reader, reader->size, "the table has no index", fault);
    return STATUS_OK;
}

static Status read_footer(TableReader *reader, const FileMeta *meta, IndexPlace *index, Fault *fault)
{
    uint8_t        tail[TAIL_BYTES];
    size_t         tail_size = (size_t)MIN(reader->size, (uint64_t)TAIL_BYTES);
    uint64_t       tail_offset = reader->size - tail_size, offset;
    const uint8_t *footer = tail + tail_size - TABLE_FOOTER_BYTES;
    uint32_t       size;
    BlockFrame     frame;
    uint8_t       *framed = NULL;
    Status         status;

    if (reader->size < TABLE_FOOTER_BYTES)
        return corrupt(reader, 0, "the file is too short for a table", fault);
    TRY(file_read_exactly(reader->file, tail_offset, tail, tail_size, fault));
    if (memcmp(footer, TABLE_MAGIC, 8) != 0)
        return corrupt(reader, reader->size - TABLE_FOOTER_BYTES, "this is not the end of a table", fault);
    if (get_le32(footer + 8) != TABLE_FORMAT)
        return FAULT(fault, STATUS_FORMAT, 0, "\"%s\" has table format %u, this program reads %d", file_path(reader->file),
                     get_le32(footer + 8), TABLE_FORMAT);
    if (get_le32(footer + 12) != checksum32(footer + 16, TABLE_FOOTER_BYTES - 16) + TABLE_FORMAT)
        return corrupt(reader, reader->size - TABLE_FOOTER_BYTES, "the footer's checksum is wrong", fault);
    reader->identity = get_le64(footer + 16);
    offset = get_le64(footer + 24);
    size = get_le32(footer + 32);
    if (reader->identity != meta->identity || get_le64(footer + 40) != meta->size)
        return corrupt(reader, reader->size - TABLE_FOOTER_BYTES, "this is not the table that the manifest names", fault);
    if (size > reader->size - TABLE_FOOTER_BYTES || offset != reader->size - TABLE_FOOTER_BYTES - size)
        return corrupt(reader, reader->size - TABLE_FOOTER_BYTES, "the place of the sections is wrong", fault);
    if (offset < tail_offset)
        TRY(read_frame(reader, offset, size, &framed, fault));
    status = block_frame_open(framed != NULL ? framed : tail + (offset - tail_offset), size, BLOCK_SECTIONS,
                              reader->identity, offset, file_path(reader->file), &frame, fault);
    if (status == STATUS_OK && frame.compression != COMPRESSION_NONE)
        status = corrupt(reader, offset, "the list of sections is compressed", fault);
    if (status == STATUS_OK)
        status = read_sections(reader, slice_of((framed != NULL ? framed : tail + (offset - tail_offset)) + BLOCK_FRAME_BYTES,
                                                frame.size),
                               index, fault);
    free(framed);
    return status;
}

/* The bytes behind the common ones as a number, zeros behind a shorter key. */
static uint64_t prefix_behind(Slice key, uint32_t common)
{
    return key.size <= common ? 0 : skip_prefix(slice_of(key.data + common, key.size - common));
}

static Status allocate_index(TableReader *reader, uint32_t count, size_t key_bytes, Fault *fault)
{
    size_t charge = sizeof *reader + (size_t)(count + 1) * (2 * sizeof(uint64_t) + sizeof(uint32_t)) + key_bytes;

    if (!account_reserve(reader->account, charge))
        return no_memory(fault);
    reader->charge = charge;
    reader->block_count = count;
    reader->offsets = malloc((count + 1) * sizeof *reader->offsets);
    reader->prefixes = malloc((count + 1) * sizeof *reader->prefixes);
    reader->key_ends = malloc((count + 1) * sizeof *reader->key_ends);
    reader->keys = malloc(key_bytes + 8);
    if (reader->offsets == NULL || reader->prefixes == NULL || reader->key_ends == NULL || reader->keys == NULL)
        return no_memory(fault);
    return STATUS_OK;
}

/* Walks the index block; fills the arrays when they are there, else counts. */
static bool walk_index(TableReader *reader, const BlockView *view, bool fill, uint32_t *count_out, size_t *key_bytes_out)
{
    const uint8_t *at = view->data;
    uint8_t        key[TABLE_KEY_BYTES];
    uint64_t       offset = 0;
    uint32_t       count = 0;
    size_t         key_bytes = 0;

    while (at < view->entries_end) {
        BlockEntry entry;
        uint64_t   size;
        size_t     key_size;

        at = block_decode(at, view->base, &entry);
        memcpy(key + entry.shared, entry.suffix, entry.unshared);
        key_size = entry.shared + entry.unshared;
        if (entry.kind != ENTRY_PUT || entry.older ||
            get_varint(entry.value.data, entry.value.data + entry.value.size, &size) == NULL ||
            size < BLOCK_FRAME_BYTES || size > UINT32_MAX || size > reader->size - offset)
            return false;
        if (fill) {
            reader->offsets[count] = offset;
            memcpy(reader->keys + key_bytes, key, key_size);
            reader->key_ends[count] = (uint32_t)(key_bytes + key_size);
        }
        offset += size;
        key_bytes += key_size;
        count++;
    }
    if (fill)
        reader->offsets[count] = offset;
    reader->index_end = offset;
    *count_out = count;
    *key_bytes_out = key_bytes;
    return key_bytes <= UINT32_MAX;
}

static Status read_index(TableReader *reader, const IndexPlace *place, Fault *fault)
{
    uint8_t     *framed;
    CachedBlock *block = NULL;
    BlockView    view;
    uint32_t     count;
    size_t       key_bytes;
    Status       status;

    TRY(read_frame(reader, place->offset, place->size, &framed, fault));
    status = unpack(reader, framed, place->size, BLOCK_INDEX, place->offset, &block, fault);
    free(framed);
    if (status != STATUS_OK)
        return status;
    view = block_view(slice_of(block->data, block->size));
    if (!walk_index(reader, &view, false, &count, &key_bytes))
        status = corrupt(reader, place->offset, "the index is wrong", fault);
    if (status == STATUS_OK)
        status = allocate_index(reader, count, key_bytes, fault);
    if (status == STATUS_OK) {
        Slice first, last;

        (void)walk_index(reader, &view, true, &count, &key_bytes);
        first = table_reader_separator(reader, 0);
        last = table_reader_separator(reader, count - 1);
        while (reader->common < MIN(first.size, last.size) && first.data[reader->common] == last.data[reader->common])
            reader->common++;
        for (uint32_t i = 0; i < count; i++)
            reader->prefixes[i] = prefix_behind(table_reader_separator(reader, i), reader->common);
    }
    block_cache_release(block);
    return status;
}

Status table_reader_open(const char *directory, const FileMeta *meta, BlockCache *cache, Account *account,
                         TableReader **reader_out, Fault *fault)
{
    TableReader *reader = calloc(1, sizeof *reader);
    IndexPlace   index = {0};
    char         name[TABLE_NAME_BYTES];
    char        *path;
    Status       status;

    table_name(meta->number, name);
    path = path_join(directory, name);
    if (reader == NULL || path == NULL) {
        free(reader);
        free(path);
        return no_memory(fault);
    }
    atomic_init(&reader->references, 1);
    reader->account = account;
    reader->cache = cache;
    reader->number = meta->number;
    reader->stamp = meta->stamp;
    status = file_open(path, 0, &reader->file, fault);
    if (status == STATUS_NOT_FOUND)
        status = FAULT(fault, STATUS_CORRUPT, 0, "table \"%s\" is missing", path);
    free(path);
    if (status == STATUS_OK)
        status = file_size(reader->file, &reader->size, fault);
    if (status == STATUS_OK && reader->size != meta->size)
        status = corrupt(reader, reader->size, "the file does not have the size that the manifest states", fault);
    if (status == STATUS_OK)
        status = read_footer(reader, meta, &index, fault);
    if (status == STATUS_OK)
        status = read_index(reader, &index, fault);
    if (status != STATUS_OK) {
        table_reader_unref(reader);
        return status;
    }
    *reader_out = reader;
    return STATUS_OK;
}

/* ---- blocks ---------------------------------------------------------------------------------------------------------- */

uint32_t table_reader_find(const TableReader *reader, Slice engine_key)
{
    uint32_t low = 0, high = reader->block_count;
    size_t   shared = MIN((size_t)reader->common, engine_key.size);
    int      order = shared == 0 ? 0 : memcmp(engine_key.data, reader->keys, shared);
    uint64_t prefix;

    if (order != 0 || engine_key.size < reader->common)
        return order > 0 ? reader->block_count : 0;
    prefix = prefix_behind(engine_key, reader->common);
    while (low < high) { /* the first separator whose prefix is not below ours */
        uint32_t middle = low + (high - low) / 2;

        if (reader->prefixes[middle] < prefix)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == reader->block_count || reader->prefixes[low] != prefix)
        return low;
    /* Equal prefixes are told apart by the whole key. Mostly one or two are; an index of long equal prefixes has many. */
    high = reader->block_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (reader->prefixes[middle] == prefix && slice_compare(table_reader_separator(reader, middle), engine_key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Status table_reader_block_from(TableReader *reader, uint32_t i, const uint8_t *bytes, CachedBlock **block_out, Fault *fault)
{
    CachedBlock *block;

    TRY(unpack(reader, bytes, table_reader_block_size(reader, i), BLOCK_ENTRIES, reader->offsets[i], &block, fault));
    *block_out = block_cache_insert(reader->cache, block, reader->number, reader->offsets[i], CACHE_SCAN);
    return STATUS_OK;
}

Status table_reader_block(TableReader *reader, uint32_t i, CacheUse use, CachedBlock **block_out, Fault *fault)
{
    uint64_t     offset = reader->offsets[i];
    uint32_t     size = table_reader_block_size(reader, i);
    CachedBlock *block = block_cache_find(reader->cache, reader->number, offset, use);
    uint8_t      small[16 << 10];
    uint8_t     *framed = small;
    Status       status;

    if (block != NULL) {
        *block_out = block;
        return STATUS_OK;
    }
    if (size > sizeof small)
        TRY(read_frame(reader, offset, size, &framed, fault));
    else
        TRY(file_read_exactly(reader->file, offset, small, size, fault));
    status = unpack(reader, framed, size, BLOCK_ENTRIES, offset, &block, fault);
    if (framed != small)
        free(framed);
    if (status == STATUS_OK)
        *block_out = block_cache_insert(reader->cache, block, reader->number, offset, use);
    return status;
}

Status table_reader_decode(TableReader *reader, uint32_t i, const uint8_t *framed, size_t available, uint8_t **buffer,
                           size_t *capacity, Slice *payload_out, Fault *fault)
{
    uint64_t   offset = reader->offsets[i];
    BlockFrame frame;

    TRY(block_frame_open(framed, MIN(available, (size_t)table_reader_block_size(reader, i)), BLOCK_ENTRIES, reader->identity,
                         offset, file_path(reader->file), &frame, fault));
    if (*capacity < (size_t)frame.size + BLOCK_SLACK_BYTES) {
        uint8_t *grown = realloc(*buffer, (size_t)frame.size * 2 + BLOCK_SLACK_BYTES);

        if (grown == NULL)
            return no_memory(fault);
        *buffer = grown;
        *capacity = (size_t)frame.size * 2 + BLOCK_SLACK_BYTES;
    }
    TRY(block_decompress(&frame, framed + BLOCK_FRAME_BYTES, *buffer, file_path(reader->file), offset, fault));
    *payload_out = slice_of(*buffer, frame.size);
    if (!block_verify(*payload_out))
        return corrupt(reader, offset, "a block's entries are out of order", fault);
    return STATUS_OK;
}

/* ---- filter ---------------------------------------------------------------------------------------------------------- */

static Status read_filter(TableReader *reader, CachedBlock **filter_out, Fault *fault)
{
    CachedBlock *filter = NULL, *expected = NULL;
    uint8_t     *framed;
    Status       status;

    TRY(read_frame(reader, reader->filter_offset, reader->filter_size, &framed, fault));
    status = unpack(reader, framed, reader->filter_size, BLOCK_FILTER, reader->filter_offset, &filter, fault);
    free(framed);
    if (status != STATUS_OK)
        return status;
    if (!filter_verify(slice_of(filter->data, filter->size))) {
        block_cache_release(filter);
        return corrupt(reader, reader->filter_offset, "the filter is wrong", fault);
    }
    if (!atomic_compare_exchange_strong_explicit(&reader->filter, &expected, filter, memory_order_acq_rel, memory_order_acquire)) {
        block_cache_release(filter); /* another reader was faster */
        filter = expected;
    }
    *filter_out = filter;
    return STATUS_OK;
}

Status table_reader_may_contain(TableReader *reader, uint64_t hash, bool *may_out, Fault *fault)
{
    CachedBlock *filter = atomic_load_explicit(&reader->filter, memory_order_acquire);

    *may_out = true;
    if (filter == NULL) {
        if (reader->filter_size == 0)
            return STATUS_OK;
        TRY(read_filter(reader, &filter, fault));
    }
    *may_out = filter_may_contain(slice_of(filter->data, filter->size), hash);
    return STATUS_OK;
}

/* ---- properties -------------------------------------------------------------------------------------------------------- */

typedef struct PropertyReader {
    const uint8_t *at, *end; /* at NULL: cut off */
} PropertyReader;

static uint64_t take_number(PropertyReader *reader)
{
    uint64_t value = 0;

    if (reader->at != NULL)
        reader->at = get_varint(reader->at, reader->end, &value);
    return reader->at != NULL ? value : 0;
}

/* The relations' list into memory from malloc. */
static bool take_relations(PropertyReader *reader, FileMeta *meta)
{
    int capacity = 0;

    while (reader->at != NULL && reader->at < reader->end) {
        FileRelation relation = {.id = (StorageId)take_number(reader)};

        if (meta->relation_count == capacity) {
            FileRelation *grown = realloc(meta->relations, (size_t)MAX(4, capacity * 2) * sizeof *grown);

            if (grown == NULL)
                return false;
            meta->relations = grown;
            capacity = MAX(4, capacity * 2);
        }
        relation.entries = take_number(reader);
        relation.bytes = take_number(reader);
        if (reader->at == NULL || reader->at == reader->end)
            return false;
        relation.filter_suffix = *reader->at++;
        meta->relations[meta->relation_count++] = relation;
    }
    return reader->at != NULL;
}

static bool read_properties(Slice payload, FileMeta *meta)
{
    PropertyReader reader = {payload.data, payload.data + payload.size};

    while (reader.at != NULL && reader.at < reader.end) {
        uint64_t       tag = take_number(&reader);
        uint64_t       size = take_number(&reader);
        PropertyReader body;

        if (reader.at == NULL || size > (size_t)(reader.end - reader.at))
            return false;
        body = (PropertyReader){reader.at, reader.at + size};
        reader.at += size;
        if (tag == PROPERTY_COUNTS) {
            meta->entries = take_number(&body);
            meta->tombstones = take_number(&body);
        } else if (tag == PROPERTY_SMALLEST) {
            meta->smallest = slice_of(body.at, size);
        } else if (tag == PROPERTY_LARGEST) {
            meta->largest = slice_of(body.at, size);
        } else if (tag == PROPERTY_RELATIONS && !take_relations(&body, meta)) {
            return false;
        }
        if (body.at == NULL)
            return false;
    }
    return meta->relation_count != 0 && meta->smallest.size >= 4 && meta->largest.size >= 4;
}

Status table_describe(const char *directory, const FileMeta *expected, BlockCache *cache, Account *account,
                      FileMeta **meta_out, Fault *fault)
{
    FileMeta     meta = {.number = expected->number, .identity = expected->identity, .size = expected->size,
                         .stamp = expected->stamp, .min_csn = expected->stamp, .max_csn = expected->stamp};
    TableReader *reader;
    uint8_t     *framed = NULL;
    BlockFrame   frame;
    Status       status;

    TRY(table_reader_open(directory, expected, cache, account, &reader, fault));
    status = read_frame(reader, reader->properties_offset, reader->properties_size, &framed, fault);
    if (status == STATUS_OK)
        status = block_frame_open(framed, reader->properties_size, BLOCK_PROPERTIES, reader->identity,
                                  reader->properties_offset, file_path(reader->file), &frame, fault);
    if (status == STATUS_OK && (frame.compression != COMPRESSION_NONE ||
                                !read_properties(slice_of(framed + BLOCK_FRAME_BYTES, frame.size), &meta)))
        status = corrupt(reader, reader->properties_offset, "the properties are wrong", fault);
    if (status == STATUS_OK) {
        *meta_out = file_meta_new(&meta);
        if (*meta_out == NULL)
            status = no_memory(fault);
    }
    free(meta.relations);
    free(framed);
    table_reader_unref(reader);
    return status;
}
