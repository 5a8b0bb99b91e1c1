/*
 * table_builder.c - see table_builder.h.
 */
#include "storage/lsm/table_builder.h"

#include "base/file.h"
#include "base/hash.h"
#include "storage/lsm/engine_state.h"
#include "storage/lsm/filter.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    WRITE_BYTES = 256 << 10, /* of one direct write */
    DEFAULT_BLOCK_BYTES = 8 << 10,
};

typedef struct Section {
    BlockKind kind;
    uint64_t  offset;
    uint32_t  size;
} Section;

struct TableBuilder {
    TableBuilderOptions options;
    char               *path;
    File               *file;
    uint64_t            identity;
    uint8_t            *buffer; /* what is not yet written, aligned */
    size_t              buffered;
    uint64_t            written; /* bytes in the file, a multiple of the alignment */
    uint64_t            offset;  /* written + buffered */
    BlockBuilder        block, index;
    FilterBuilder       filter;
    uint8_t            *frame; /* a framed block */
    size_t              frame_capacity;
    uint8_t            *key;   /* the engine key of the entry being added */
    uint8_t            *last;  /* of the one before */
    size_t              last_size;
    uint8_t            *first;
    size_t              first_size;
    FileRelation       *relations;
    int                 relation_count, relation_capacity;
    Csn                 min_csn, max_csn;
    uint64_t            entries, tombstones, older;
    Section             sections[4];
    int                 section_count;
    uint32_t            footer_checksum;
};

void table_name(uint64_t number, char name[TABLE_NAME_BYTES])
{
    snprintf(name, TABLE_NAME_BYTES, "%010llu.sst", (unsigned long long)number);
}

bool table_parse_name(const char *name, uint64_t *number_out)
{
    unsigned long long number;
    int                end = 0;

    if (sscanf(name, "%10llu.sst%n", &number, &end) != 1 || end == 0 || name[end] != '\0')
        return false;
    *number_out = number;
    return true;
}

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while writing a table");
}

static void builder_free(TableBuilder *builder)
{
    file_close(builder->file);
    block_builder_free(&builder->block);
    block_builder_free(&builder->index);
    filter_builder_free(&builder->filter);
    free(builder->path);
    free(builder->buffer);
    free(builder->frame);
    free(builder->key);
    free(builder->last);
    free(builder->first);
    free(builder->relations);
    free(builder);
}

Status table_builder_open(const TableBuilderOptions *options, TableBuilder **builder_out, Fault *fault)
{
    TableBuilder *builder = calloc(1, sizeof *builder);
    char          name[TABLE_NAME_BYTES];
    Status        status;

    if (builder == NULL)
        return no_memory(fault);
    builder->options = *options;
    if (builder->options.block_bytes == 0)
        builder->options.block_bytes = DEFAULT_BLOCK_BYTES;
    table_name(options->number, name);
    builder->identity = options->identity != 0 ? options->identity : engine_random();
    builder->min_csn = CSN_MAX;
    builder->path = path_join(options->directory, name);
    builder->buffer = aligned_alloc(FILE_DIRECT_ALIGNMENT, WRITE_BYTES);
    builder->key = malloc(TABLE_KEY_BYTES);
    builder->last = malloc(TABLE_KEY_BYTES);
    builder->first = malloc(TABLE_KEY_BYTES);
    if (builder->path == NULL || builder->buffer == NULL || builder->key == NULL || builder->last == NULL ||
        builder->first == NULL || !block_builder_init(&builder->block) || !block_builder_init(&builder->index)) {
        builder_free(builder);
        return no_memory(fault);
    }
    status = file_open(builder->path, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE | FILE_DIRECT, &builder->file, fault);
    if (status != STATUS_OK) {
        builder_free(builder);
        return status;
    }
    *builder_out = builder;
    return STATUS_OK;
}

void table_builder_abandon(TableBuilder *builder)
{
    if (builder == NULL)
        return;
    (void)path_unlink(builder->path, NULL); /* what stays behind is cleaned at the next start */
    builder_free(builder);
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

static Status append(TableBuilder *builder, const uint8_t *bytes, size_t size, Fault *fault)
{
    builder->offset += size;
    while (size != 0) {
        size_t part = MIN(size, (size_t)WRITE_BYTES - builder->buffered);

        memcpy(builder->buffer + builder->buffered, bytes, part);
        builder->buffered += part;
        bytes += part;
        size -= part;
        if (builder->buffered == WRITE_BYTES) {
            TRY(file_write(builder->file, builder->written, builder->buffer, WRITE_BYTES, fault));
            builder->written += WRITE_BYTES;
            builder->buffered = 0;
        }
    }
    return STATUS_OK;
}

/* Direct writes are whole multiples of the alignment: the last one is padded and the file cut to size. */
static Status flush_rest(TableBuilder *builder, Fault *fault)
{
    size_t padded = (builder->buffered + FILE_DIRECT_ALIGNMENT - 1) & ~(size_t)(FILE_DIRECT_ALIGNMENT - 1);

    memset(builder->buffer + builder->buffered, 0, padded - builder->buffered);
    TRY(file_write(builder->file, builder->written, builder->buffer, padded, fault));
    if (padded != builder->buffered)
        TRY(file_truncate(builder->file, builder->offset, fault));
    return STATUS_OK;
}

/* Frames, compresses and appends a payload. */
static Status append_block(TableBuilder *builder, BlockKind kind, Slice payload, BlockCompression compression,
                           uint32_t *size_out, Fault *fault)
{
    size_t     capacity = MAX(block_compress_bound(compression, payload.size), payload.size);
    BlockFrame frame = {.size = (uint32_t)payload.size, .kind = kind, .compression = compression};
    size_t     stored;

    if (payload.size > BLOCK_MAX_BYTES)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "a block of %zu bytes is too large", payload.size);
    if (builder->frame_capacity < capacity + BLOCK_FRAME_BYTES) {
        free(builder->frame);
        builder->frame_capacity = 0;
        builder->frame = malloc(capacity + BLOCK_FRAME_BYTES);
        if (builder->frame == NULL)
            return no_memory(fault);
        builder->frame_capacity = capacity + BLOCK_FRAME_BYTES;
    }
    stored = block_compress(compression, payload, builder->frame + BLOCK_FRAME_BYTES, capacity);
    if (stored == 0) {
        memcpy(builder->frame + BLOCK_FRAME_BYTES, payload.data, payload.size);
        stored = payload.size;
        frame.compression = COMPRESSION_NONE;
    }
    frame.stored = (uint32_t)stored;
    block_frame_seal(builder->frame, &frame, builder->identity, builder->offset);
    *size_out = (uint32_t)(BLOCK_FRAME_BYTES + stored);
    return append(builder, builder->frame, *size_out, fault);
}

static Status append_section(TableBuilder *builder, BlockKind kind, Slice payload, BlockCompression compression, Fault *fault)
{
    Section *section = &builder->sections[builder->section_count++];

    section->kind = kind;
    section->offset = builder->offset;
    return append_block(builder, kind, payload, compression, &section->size, fault);
}

/* A key at or after `before` and before `after`, as short as it can be: what the index keeps. */
static size_t separator_size(const uint8_t *before, size_t before_size, Slice after)
{
    size_t limit = MIN(before_size, after.size);
    size_t shared = 0;

    while (shared < limit && before[shared] == after.data[shared])
        shared++;
    return shared; /* after[0 .. shared] sorts behind `before` and is a prefix of, or equal to, `after` */
}

/*
 * Ends the block being built. next: the key that follows, empty at the end. The index key must be at or after every key of
 * this block and before the next block's first: a prefix of the next key that is not all of it, or else the last key.
 */
static Status end_block(TableBuilder *builder, Slice next, Fault *fault)
{
    Slice    payload = block_builder_finish(&builder->block);
    uint8_t  body[VARINT_MAX_BYTES];
    uint32_t size;
    Slice    separator = slice_of(builder->last, builder->last_size);

    if (payload.data == NULL)
        return no_memory(fault);
    TRY(append_block(builder, BLOCK_ENTRIES, payload, builder->options.compression, &size, fault));
    if (next.size != 0) {
        size_t shared = separator_size(builder->last, builder->last_size, next);

        if (shared + 1 < next.size && shared + 1 >= 4 && shared + 1 < builder->last_size)
            separator = slice_of(next.data, shared + 1);
    }
    if (!block_builder_add(&builder->index, separator, 0, ENTRY_PUT, slice_of(body, (size_t)(put_varint(body, size) - body))))
        return no_memory(fault);
    block_builder_reset(&builder->block);
    return STATUS_OK;
}

static FileRelation *relation_for(TableBuilder *builder, StorageId id, uint8_t suffix)
{
    if (builder->relation_count != 0 && builder->relations[builder->relation_count - 1].id == id)
        return &builder->relations[builder->relation_count - 1];
    if (builder->relation_count == builder->relation_capacity) {
        int           capacity = MAX(4, builder->relation_capacity * 2);
        FileRelation *relations = realloc(builder->relations, (size_t)capacity * sizeof *relations);

        if (relations == NULL)
            return NULL;
        builder->relations = relations;
        builder->relation_capacity = capacity;
    }
    builder->relations[builder->relation_count] = (FileRelation){.id = id, .filter_suffix = suffix};
    return &builder->relations[builder->relation_count++];
}

Status table_builder_add(TableBuilder *builder, StorageId id, Slice key, Csn csn, EntryKind kind, Slice value,
                         uint8_t suffix, Fault *fault)
{
    FileRelation *relation = relation_for(builder, id, suffix);
    Slice         engine_key = slice_of(builder->key, key.size + 4);
    bool          older;

    if (relation == NULL)
        return no_memory(fault);
    engine_key_put(builder->key, id, key);
    older = builder->entries != 0 && slice_equal(engine_key, slice_of(builder->last, builder->last_size));
    if (!older) {
        if (builder->entries == 0) {
            memcpy(builder->first, engine_key.data, engine_key.size);
            builder->first_size = engine_key.size;
        } else if (block_builder_size(&builder->block) >= builder->options.block_bytes) {
            TRY(end_block(builder, engine_key, fault));
        }
        if (!filter_builder_add(&builder->filter, filter_hash(engine_key, suffix)))
            return no_memory(fault);
    }
    if (!block_builder_add(&builder->block, engine_key, csn, kind, value))
        return no_memory(fault);
    if (!older) {
        uint8_t *swap = builder->last;

        builder->last = builder->key;
        builder->last_size = engine_key.size;
        builder->key = swap;
    }
    relation->entries++;
    relation->bytes += key.size + value.size;
    builder->entries++;
    builder->older += older;
    builder->tombstones += kind == ENTRY_TOMBSTONE;
    builder->min_csn = MIN(builder->min_csn, csn);
    builder->max_csn = MAX(builder->max_csn, csn);
    return STATUS_OK;
}

uint64_t table_builder_bytes(const TableBuilder *builder)
{
    return builder->offset + builder->block.size / 2;
}

uint64_t table_builder_entries(const TableBuilder *builder)
{
    return builder->entries;
}

/* ---- finishing ------------------------------------------------------------------------------------------------------- */

static uint8_t *put_property(uint8_t *at, uint64_t tag, const uint8_t *body, size_t size)
{
    at = put_varint(put_varint(at, tag), size);
    if (size != 0)
        memcpy(at, body, size);
    return at + size;
}

static Status append_properties(TableBuilder *builder, Fault *fault)
{
    size_t   relations_bound = (size_t)builder->relation_count * (3 * VARINT_MAX_BYTES + 1);
    uint8_t *data = malloc(relations_bound * 2 + builder->first_size + builder->last_size + 256);
    uint8_t *scratch = malloc(relations_bound + 64);
    uint8_t *at = data, *end;
    Status   status;

    if (data == NULL || scratch == NULL) {
        free(data);
        free(scratch);
        return no_memory(fault);
    }
    end = put_varint(put_varint(scratch, builder->min_csn), builder->max_csn);
    at = put_property(at, PROPERTY_CSNS, scratch, (size_t)(end - scratch));
    end = put_varint(put_varint(put_varint(scratch, builder->entries), builder->tombstones), builder->older);
    at = put_property(at, PROPERTY_COUNTS, scratch, (size_t)(end - scratch));
    at = put_property(at, PROPERTY_SMALLEST, builder->first, builder->first_size);
    at = put_property(at, PROPERTY_LARGEST, builder->last, builder->last_size);
    end = scratch;
    for (int i = 0; i < builder->relation_count; i++) {
        const FileRelation *relation = &builder->relations[i];

        end = put_varint(put_varint(put_varint(end, relation->id), relation->entries), relation->bytes);
        *end++ = relation->filter_suffix;
    }
    at = put_property(at, PROPERTY_RELATIONS, scratch, (size_t)(end - scratch));
    status = append_section(builder, BLOCK_PROPERTIES, slice_of(data, (size_t)(at - data)), COMPRESSION_NONE, fault);
    free(data);
    free(scratch);
    return status;
}

static Status append_filter(TableBuilder *builder, Fault *fault)
{
    size_t   size = filter_builder_bytes(&builder->filter);
    uint8_t *payload = malloc(size);
    Status   status;

    if (payload == NULL)
        return no_memory(fault);
    filter_builder_write(&builder->filter, payload);
    status = append_section(builder, BLOCK_FILTER, slice_of(payload, size), COMPRESSION_NONE, fault);
    free(payload);
    return status;
}

static Status append_footer(TableBuilder *builder, Fault *fault)
{
    uint8_t  list[4 * 3 * VARINT_MAX_BYTES];
    uint8_t  footer[TABLE_FOOTER_BYTES];
    uint8_t *at = list;
    uint64_t offset = builder->offset;
    uint32_t size;

    for (int i = 0; i < builder->section_count; i++) {
        const Section *section = &builder->sections[i];

        at = put_varint(put_varint(put_varint(at, (uint64_t)section->kind), section->offset), section->size);
    }
    TRY(append_block(builder, BLOCK_SECTIONS, slice_of(list, (size_t)(at - list)), COMPRESSION_NONE, &size, fault));
    memcpy(footer, TABLE_MAGIC, 8);
    put_le32(footer + 8, TABLE_FORMAT);
    put_le64(footer + 16, builder->identity);
    put_le64(footer + 24, offset);
    put_le32(footer + 32, size);
    put_le32(footer + 36, 0);
    put_le64(footer + 40, builder->offset + TABLE_FOOTER_BYTES);
    builder->footer_checksum = checksum32(footer + 16, TABLE_FOOTER_BYTES - 16) + TABLE_FORMAT;
    put_le32(footer + 12, builder->footer_checksum);
    return append(builder, footer, sizeof footer, fault);
}

static Status write_rest(TableBuilder *builder, Fault *fault)
{
    Slice index;

    TRY(end_block(builder, slice_of(NULL, 0), fault));
    index = block_builder_finish(&builder->index);
    if (index.data == NULL)
        return no_memory(fault);
    TRY(append_section(builder, BLOCK_INDEX, index, COMPRESSION_LZ4, fault));
    TRY(append_filter(builder, fault));
    TRY(append_properties(builder, fault));
    TRY(append_footer(builder, fault));
    TRY(flush_rest(builder, fault));
    return file_sync(builder->file, fault);
}

Status table_builder_finish(TableBuilder *builder, FileMeta **meta_out, Fault *fault)
{
    Status   status = write_rest(builder, fault);
    FileMeta meta = {
        .number = builder->options.number,
        .identity = builder->identity,
        .checksum = builder->footer_checksum,
        .size = builder->offset,
        .epoch = builder->options.epoch,
        .min_csn = builder->min_csn,
        .max_csn = builder->max_csn,
        .entries = builder->entries,
        .tombstones = builder->tombstones,
        .smallest = slice_of(builder->first, builder->first_size),
        .largest = slice_of(builder->last, builder->last_size),
        .relation_count = builder->relation_count,
        .relations = builder->relations,
    };

    if (status == STATUS_OK) {
        *meta_out = file_meta_new(&meta);
        if (*meta_out == NULL)
            status = no_memory(fault);
    }
    if (status != STATUS_OK)
        table_builder_abandon(builder);
    else
        builder_free(builder);
    return status;
}
