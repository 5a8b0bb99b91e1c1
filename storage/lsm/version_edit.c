/*
 * version_edit.c - the bytes of a version edit in the manifest.
 *
 * A payload is a run of items: a tag as varint, the length of the body as varint, the body. Tags that a reader does not
 * know and that are marked optional (64 and above) are passed over; others make the store one of a newer version.
 */
#include "storage/lsm/version.h"

#include "base/bytes.h"

#include <stdlib.h>

/* Numbers are on disk: never reused. */
enum {
    TAG_FLUSHED = 1,   /* varint csn */
    TAG_FIRST_LOG = 2, /* varint segment number */
    TAG_CLEAN = 3,     /* varint lsn */
    TAG_RUNNING = 4,   /* empty */
    TAG_NEXT_FILE = 5, /* varint */
    TAG_ADD = 6,       /* see put_file() */
    TAG_DELETE = 7,    /* varint level, varint file number */
    TAG_RELATION = 8,  /* varint storage id, byte kind, byte filter suffix, varint csn of its drop */
    TAG_FORGOTTEN = 9, /* varint storage id */
    TAG_COUNTERS = 10, /* pairs of varints: id, value */
    TAG_OPTIONAL = 64,
};

typedef struct Buffer {
    uint8_t *data;
    size_t   size, capacity;
    bool     failed;
} Buffer;

static void put_bytes(Buffer *buffer, const void *bytes, size_t size)
{
    if (buffer->size + size > buffer->capacity) {
        size_t   capacity = MAX(buffer->capacity * 2, buffer->size + size + 256);
        uint8_t *data = realloc(buffer->data, capacity);

        if (data == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->data = data;
        buffer->capacity = capacity;
    }
    if (size != 0)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
}

static void put_number(Buffer *buffer, uint64_t value)
{
    uint8_t bytes[VARINT_MAX_BYTES];

    put_bytes(buffer, bytes, (size_t)(put_varint(bytes, value) - bytes));
}

static void put_slice(Buffer *buffer, Slice bytes)
{
    put_number(buffer, bytes.size);
    put_bytes(buffer, bytes.data, bytes.size);
}

static void put_file(Buffer *buffer, int level, const FileMeta *meta)
{
    put_number(buffer, (uint64_t)level);
    put_number(buffer, meta->number);
    put_bytes(buffer, &meta->identity, 8);
    put_number(buffer, meta->size);
    put_number(buffer, meta->epoch);
    put_number(buffer, meta->min_csn);
    put_number(buffer, meta->max_csn);
    put_number(buffer, meta->stamp);
    put_number(buffer, meta->entries);
    put_number(buffer, meta->tombstones);
    put_slice(buffer, meta->smallest);
    put_slice(buffer, meta->largest);
    put_number(buffer, (uint64_t)meta->relation_count);
    for (int i = 0; i < meta->relation_count; i++) {
        put_number(buffer, meta->relations[i].id);
        put_number(buffer, meta->relations[i].entries);
        put_number(buffer, meta->relations[i].bytes);
        put_bytes(buffer, &meta->relations[i].filter_suffix, 1);
    }
}

/* Puts an item whose body the scratch buffer holds, and empties that. */
static void put_item(Buffer *buffer, uint64_t tag, Buffer *body)
{
    put_number(buffer, tag);
    put_slice(buffer, slice_of(body->data, body->size));
    buffer->failed |= body->failed;
    body->size = 0;
}

static void put_number_item(Buffer *buffer, uint64_t tag, uint64_t value, Buffer *body)
{
    put_number(body, value);
    put_item(buffer, tag, body);
}

Status version_edit_encode(const VersionEdit *edit, uint8_t **data_out, size_t *size_out, Fault *fault)
{
    Buffer buffer = {0}, body = {0};

    if (edit->flushed != 0)
        put_number_item(&buffer, TAG_FLUSHED, edit->flushed, &body);
    if (edit->first_log != 0)
        put_number_item(&buffer, TAG_FIRST_LOG, edit->first_log, &body);
    if (edit->clean_lsn != 0)
        put_number_item(&buffer, TAG_CLEAN, edit->clean_lsn, &body);
    if (edit->running)
        put_item(&buffer, TAG_RUNNING, &body);
    if (edit->next_file != 0)
        put_number_item(&buffer, TAG_NEXT_FILE, edit->next_file, &body);
    for (int i = 0; i < edit->deleted_count; i++) {
        put_number(&body, (uint64_t)edit->deleted[i].level);
        put_number_item(&buffer, TAG_DELETE, edit->deleted[i].meta->number, &body);
    }
    for (int i = 0; i < edit->added_count; i++) {
        put_file(&body, edit->added[i].level, edit->added[i].meta);
        put_item(&buffer, TAG_ADD, &body);
    }
    for (int i = 0; i < edit->relation_count; i++) {
        const EditRelation *relation = &edit->relations[i];
        uint8_t             bytes[2] = {(uint8_t)relation->options.kind, relation->options.filter_suffix_bytes};

        put_number(&body, relation->id);
        put_bytes(&body, bytes, sizeof bytes);
        put_number_item(&buffer, TAG_RELATION, relation->dropped, &body);
    }
    for (int i = 0; i < edit->forgotten_count; i++)
        put_number_item(&buffer, TAG_FORGOTTEN, edit->forgotten[i], &body);
    if (edit->counters != NULL) {
        put_bytes(&body, edit->counters, edit->counters_size);
        put_item(&buffer, TAG_COUNTERS, &body);
    }
    free(body.data);
    if (buffer.failed) {
        free(buffer.data);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a record of the manifest");
    }
    *data_out = buffer.data;
    *size_out = buffer.size;
    return STATUS_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

typedef struct Reader {
    const uint8_t *at, *end; /* at NULL: something was cut off */
} Reader;

static uint64_t take_number(Reader *reader)
{
    uint64_t value = 0;

    if (reader->at != NULL)
        reader->at = get_varint(reader->at, reader->end, &value);
    return reader->at != NULL ? value : 0;
}

static const uint8_t *take_bytes(Reader *reader, uint64_t size)
{
    const uint8_t *bytes = reader->at;

    if (bytes == NULL || size > (size_t)(reader->end - bytes)) {
        reader->at = NULL;
        return NULL;
    }
    reader->at += size;
    return bytes;
}

static Slice take_slice(Reader *reader)
{
    uint64_t       size = take_number(reader);
    const uint8_t *bytes = take_bytes(reader, size);

    return slice_of(bytes, bytes != NULL ? size : 0);
}

static Status bad_edit(Fault *fault)
{
    return FAULT(fault, STATUS_CORRUPT, 0, "a record of the manifest cannot be read");
}

static bool key_is_sane(Slice key)
{
    return key.size >= 4 && key.size <= ENGINE_MAX_KEY_BYTES + 4;
}

static Status take_file(Reader *reader, TableCache *cache, VersionEdit *edit, Fault *fault)
{
    FileMeta       meta = {.cache = cache};
    uint64_t       level = take_number(reader);
    const uint8_t *identity;
    FileRelation  *relations;
    FileMeta      *made;
    uint64_t       count;

    meta.number = take_number(reader);
    identity = take_bytes(reader, 8);
    meta.identity = identity != NULL ? get_le64(identity) : 0;
    meta.size = take_number(reader);
    meta.epoch = take_number(reader);
    meta.min_csn = take_number(reader);
    meta.max_csn = take_number(reader);
    meta.stamp = take_number(reader);
    meta.entries = take_number(reader);
    meta.tombstones = take_number(reader);
    meta.smallest = take_slice(reader);
    meta.largest = take_slice(reader);
    count = take_number(reader);
    if (reader->at == NULL || level >= ENGINE_LEVELS || !key_is_sane(meta.smallest) || !key_is_sane(meta.largest) ||
        slice_compare(meta.smallest, meta.largest) > 0 || count == 0 || count > (size_t)(reader->end - reader->at))
        return bad_edit(fault);
    relations = calloc(count, sizeof *relations);
    if (relations == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the list of tables");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t       id = take_number(reader);
        const uint8_t *suffix;

        relations[i].id = (StorageId)id;
        relations[i].entries = take_number(reader);
        relations[i].bytes = take_number(reader);
        suffix = take_bytes(reader, 1);
        relations[i].filter_suffix = suffix != NULL ? *suffix : 0;
        if (id > UINT32_MAX || (i > 0 && relations[i].id <= relations[i - 1].id))
            reader->at = NULL;
    }
    meta.relations = relations;
    meta.relation_count = (int)count;
    made = reader->at != NULL ? file_meta_new(&meta) : NULL;
    free(relations);
    if (reader->at == NULL)
        return bad_edit(fault);
    if (made == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the list of tables");
    return version_edit_add(edit, (int)level, made, fault);
}

static Status take_deletion(Reader *reader, VersionEdit *edit, Fault *fault)
{
    FileMeta  meta = {.number = 0};
    uint64_t  level = take_number(reader);
    FileMeta *made;
    Status    status;

    meta.number = take_number(reader);
    if (reader->at == NULL || level >= ENGINE_LEVELS)
        return bad_edit(fault);
    meta.smallest = meta.largest = slice_of("", 0);
    made = file_meta_new(&meta);
    if (made == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the list of tables");
    status = version_edit_delete(edit, (int)level, made, fault);
    file_meta_unref(made);
    return status;
}

static Status take_relation(Reader *reader, VersionEdit *edit, Fault *fault)
{
    EditRelation   relation = {0};
    uint64_t       id = take_number(reader);
    const uint8_t *bytes = take_bytes(reader, 2);

    relation.dropped = take_number(reader);
    if (reader->at == NULL || id == 0 || id > UINT32_MAX)
        return bad_edit(fault);
    relation.id = (StorageId)id;
    relation.options.kind = (RelationKind)bytes[0];
    relation.options.filter_suffix_bytes = bytes[1];
    return version_edit_relation(edit, &relation, fault);
}

static Status take_item(uint64_t tag, Slice body, TableCache *cache, VersionEdit *edit, Fault *fault)
{
    Reader reader = {body.data, body.data + body.size};
    Status status = STATUS_OK;

    switch (tag) {
    case TAG_FLUSHED:
        edit->flushed = take_number(&reader);
        break;
    case TAG_FIRST_LOG:
        edit->first_log = take_number(&reader);
        break;
    case TAG_CLEAN:
        edit->clean_lsn = take_number(&reader);
        break;
    case TAG_RUNNING:
        edit->running = true;
        break;
    case TAG_NEXT_FILE:
        edit->next_file = take_number(&reader);
        break;
    case TAG_ADD:
        status = take_file(&reader, cache, edit, fault);
        break;
    case TAG_DELETE:
        status = take_deletion(&reader, edit, fault);
        break;
    case TAG_RELATION:
        status = take_relation(&reader, edit, fault);
        break;
    case TAG_FORGOTTEN:
        status = version_edit_forget(edit, (StorageId)take_number(&reader), fault);
        break;
    case TAG_COUNTERS:
        free(edit->counters);
        edit->counters = malloc(body.size + 1);
        if (edit->counters == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the counters");
        memcpy(edit->counters, body.data, body.size);
        edit->counters_size = body.size;
        reader.at = reader.end;
        break;
    default:
        if (tag < TAG_OPTIONAL)
            return FAULT(fault, STATUS_FORMAT, 0, "the manifest was written by a newer version (item %llu)",
                         (unsigned long long)tag);
        reader.at = reader.end;
    }
    if (status == STATUS_OK && reader.at != reader.end)
        status = bad_edit(fault);
    return status;
}

Status version_edit_decode(Slice data, TableCache *cache, VersionEdit *edit_out, Fault *fault)
{
    Reader reader = {data.data, data.data + data.size};

    *edit_out = (VersionEdit){0};
    while (reader.at < reader.end) {
        uint64_t tag = take_number(&reader);
        Slice    body = take_slice(&reader);
        Status   status = reader.at == NULL ? bad_edit(fault) : take_item(tag, body, cache, edit_out, fault);

        if (status != STATUS_OK) {
            version_edit_free(edit_out);
            return status;
        }
    }
    return STATUS_OK;
}
