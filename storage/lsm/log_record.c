/*
 * log_record.c - see log_record.h.
 */
#include "storage/lsm/log_record.h"

#include "base/hash.h"

#include <stdlib.h>

size_t log_stream_size(size_t stream_size)
{
    size_t whole = stream_size / LOG_MAX_STREAM;
    size_t rest = stream_size % LOG_MAX_STREAM;

    return whole * log_record_size(LOG_MAX_STREAM) + (rest != 0 || whole == 0 ? log_record_size(rest) : 0);
}

void log_record_encode(uint8_t *at, const LogRecord *record)
{
    size_t size = log_record_size(record->stream.size);
    size_t used = LOG_HEADER_BYTES + record->stream.size;

    put_le32(at + 4, (uint32_t)(record->stream.size + LOG_HEADER_BYTES - LOG_FRAME_BYTES));
    put_le64(at + 8, record->lsn);
    put_le64(at + 16, record->log_id);
    put_le64(at + 24, record->durable);
    at[32] = record->kind;
    at[33] = record->flags;
    if (record->stream.size != 0)
        memcpy(at + LOG_HEADER_BYTES, record->stream.data, record->stream.size);
    memset(at + used, 0, size - used);
    put_le32(at, checksum32(at + 4, used - 4));
}

bool log_record_decode(const uint8_t *at, size_t size, LogRecord *record_out, size_t *size_out)
{
    size_t payload;

    if (size < LOG_HEADER_BYTES)
        return false;
    payload = get_le32(at + 4);
    if (payload < LOG_HEADER_BYTES - LOG_FRAME_BYTES || payload > LOG_MAX_PAYLOAD || payload > size - LOG_FRAME_BYTES)
        return false;
    if (get_le32(at) != checksum32(at + 4, LOG_FRAME_BYTES - 4 + payload))
        return false;
    *record_out = (LogRecord){
        .lsn = get_le64(at + 8),
        .log_id = get_le64(at + 16),
        .durable = get_le64(at + 24),
        .kind = at[32],
        .flags = at[33],
        .stream = slice_of(at + LOG_HEADER_BYTES, payload - (LOG_HEADER_BYTES - LOG_FRAME_BYTES)),
    };
    *size_out = log_record_size(record_out->stream.size);
    return true;
}

void log_segment_encode(uint8_t *at, const LogSegment *segment)
{
    put_le64(at, LOG_FORMAT);
    put_le64(at + 8, segment->store_identity);
    put_le64(at + 16, segment->number);
    put_le64(at + 24, segment->previous_log_id);
    put_le64(at + 32, segment->previous_end);
}

Status log_segment_decode(Slice stream, LogSegment *segment_out, const char *path, Fault *fault)
{
    if (stream.size < 8)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\": the first record is cut off", path);
    if (get_le64(stream.data) != LOG_FORMAT)
        return FAULT(fault, STATUS_FORMAT, 0, "\"%s\" has log format %llu, this program reads %d", path,
                     (unsigned long long)get_le64(stream.data), LOG_FORMAT);
    if (stream.size != LOG_SEGMENT_BYTES)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\": the first record has %zu bytes", path, stream.size);
    segment_out->store_identity = get_le64(stream.data + 8);
    segment_out->number = get_le64(stream.data + 16);
    segment_out->previous_log_id = get_le64(stream.data + 24);
    segment_out->previous_end = get_le64(stream.data + 32);
    return STATUS_OK;
}

/* ---- the stream of a commit ------------------------------------------------------------------------------------ */

/* Numbers are on disk: never reused. */
enum {
    TAG_PUT = 1,       /* varint key size, varint value size, key, value */
    TAG_TOMBSTONE = 2, /* varint key size, key */
    TAG_STORAGE = 3,   /* varint storage id of the entries that follow */
    TAG_CREATE = 4,    /* varint storage id, byte kind, byte filter suffix */
    TAG_DROP = 5,      /* varint storage id */
    TAG_TABLE = 6,     /* varint storage id, varint file number, 8 bytes identity, varint size, 4 bytes checksum */
};

/* Room for extra more bytes behind the stream, or NULL. */
static uint8_t *stream_reserve(CommitStream *stream, size_t extra)
{
    if (UNLIKELY(stream->capacity - stream->size < extra)) {
        size_t   capacity = MAX(stream->capacity * 2, stream->size + extra);
        uint8_t *data = realloc(stream->data, MAX(capacity, (size_t)1024));

        if (data == NULL)
            return NULL;
        stream->data = data;
        stream->capacity = MAX(capacity, (size_t)1024);
    }
    return stream->data + stream->size;
}

bool commit_stream_begin(CommitStream *stream, uint64_t xid, int64_t time_us)
{
    uint8_t *at;

    stream->size = 0;
    stream->storage_id = 0;
    at = stream_reserve(stream, 2 * VARINT_MAX_BYTES);
    if (at == NULL)
        return false;
    at = put_varint(at, xid);
    at = put_varint(at, zigzag_encode(time_us));
    stream->size = (size_t)(at - stream->data);
    return true;
}

bool commit_stream_entry(CommitStream *stream, uint32_t storage_id, EntryKind kind, Slice key, Slice value)
{
    uint8_t *at = stream_reserve(stream, 2 + 3 * VARINT_MAX_BYTES + key.size + value.size);

    if (at == NULL)
        return false;
    if (storage_id != stream->storage_id) {
        *at++ = TAG_STORAGE;
        at = put_varint(at, storage_id);
        stream->storage_id = storage_id;
    }
    *at++ = kind == ENTRY_PUT ? TAG_PUT : TAG_TOMBSTONE;
    at = put_varint(at, key.size);
    if (kind == ENTRY_PUT)
        at = put_varint(at, value.size);
    if (key.size != 0)
        memcpy(at, key.data, key.size);
    at += key.size;
    if (kind == ENTRY_PUT && value.size != 0) {
        memcpy(at, value.data, value.size);
        at += value.size;
    }
    stream->size = (size_t)(at - stream->data);
    return true;
}

bool commit_stream_create(CommitStream *stream, uint32_t storage_id, const RelationOptions *options)
{
    uint8_t *at = stream_reserve(stream, 3 + VARINT_MAX_BYTES);

    if (at == NULL)
        return false;
    *at++ = TAG_CREATE;
    at = put_varint(at, storage_id);
    *at++ = (uint8_t)options->kind;
    *at++ = options->filter_suffix_bytes;
    stream->size = (size_t)(at - stream->data);
    return true;
}

bool commit_stream_drop(CommitStream *stream, uint32_t storage_id)
{
    uint8_t *at = stream_reserve(stream, 1 + VARINT_MAX_BYTES);

    if (at == NULL)
        return false;
    *at++ = TAG_DROP;
    at = put_varint(at, storage_id);
    stream->size = (size_t)(at - stream->data);
    return true;
}

bool commit_stream_table(CommitStream *stream, const LoggedTable *table)
{
    uint8_t *at = stream_reserve(stream, 13 + 3 * VARINT_MAX_BYTES);

    if (at == NULL)
        return false;
    *at++ = TAG_TABLE;
    at = put_varint(at, table->storage_id);
    at = put_varint(at, table->file_number);
    put_le64(at, table->identity);
    at = put_varint(at + 8, table->size);
    put_le32(at, table->checksum);
    stream->size = (size_t)(at + 4 - stream->data);
    return true;
}

static Status bad_stream(const CommitReader *reader, Fault *fault)
{
    return FAULT(fault, STATUS_CORRUPT, 0, "the log's commit record %llu cannot be read", (unsigned long long)reader->csn);
}

Status commit_reader_open(CommitReader *reader, Slice stream, Csn csn, Fault *fault)
{
    uint64_t time_us = 0;

    *reader = (CommitReader){.at = stream.data, .end = stream.data + stream.size, .csn = csn};
    reader->at = get_varint(reader->at, reader->end, &reader->xid);
    if (reader->at != NULL)
        reader->at = get_varint(reader->at, reader->end, &time_us);
    if (reader->at == NULL)
        return bad_stream(reader, fault);
    reader->time_us = zigzag_decode(time_us);
    return STATUS_OK;
}

static bool read_storage_id(CommitReader *reader, uint32_t *id_out)
{
    uint64_t id;

    reader->at = get_varint(reader->at, reader->end, &id);
    if (reader->at == NULL || id == 0 || id > UINT32_MAX)
        return false;
    *id_out = (uint32_t)id;
    return true;
}

static bool read_entry(CommitReader *reader, EntryKind kind, CommitItem *item)
{
    uint64_t key_size = 0, value_size = 0;

    reader->at = get_varint(reader->at, reader->end, &key_size);
    if (reader->at != NULL && kind == ENTRY_PUT)
        reader->at = get_varint(reader->at, reader->end, &value_size);
    if (reader->at == NULL || reader->storage_id == 0 || key_size > ENGINE_MAX_KEY_BYTES ||
        value_size > ENGINE_MAX_VALUE_BYTES || key_size + value_size > (size_t)(reader->end - reader->at))
        return false;
    item->kind = ITEM_ENTRY;
    item->entry_kind = kind;
    item->storage_id = reader->storage_id;
    item->key = slice_of(reader->at, key_size);
    item->value = slice_of(reader->at + key_size, value_size);
    reader->at += key_size + value_size;
    return true;
}

static bool read_create(CommitReader *reader, CommitItem *item)
{
    item->kind = ITEM_CREATE;
    if (!read_storage_id(reader, &item->storage_id) || reader->end - reader->at < 2)
        return false;
    item->options = (RelationOptions){.kind = (RelationKind)reader->at[0], .filter_suffix_bytes = reader->at[1]};
    reader->at += 2;
    return true;
}

static bool read_table(CommitReader *reader, CommitItem *item)
{
    item->kind = ITEM_TABLE;
    if (!read_storage_id(reader, &item->table.storage_id))
        return false;
    item->storage_id = item->table.storage_id;
    reader->at = get_varint(reader->at, reader->end, &item->table.file_number);
    if (reader->at == NULL || reader->end - reader->at < 8)
        return false;
    item->table.identity = get_le64(reader->at);
    reader->at = get_varint(reader->at + 8, reader->end, &item->table.size);
    if (reader->at == NULL || reader->end - reader->at < 4)
        return false;
    item->table.checksum = get_le32(reader->at);
    reader->at += 4;
    return true;
}

Status commit_reader_next(CommitReader *reader, CommitItem *item_out, Fault *fault)
{
    bool good = false;

    while (reader->at < reader->end && *reader->at == TAG_STORAGE) {
        reader->at++;
        if (!read_storage_id(reader, &reader->storage_id))
            return bad_stream(reader, fault);
    }
    if (reader->at == reader->end)
        return STATUS_NOT_FOUND;
    switch (*reader->at++) {
    case TAG_PUT:
        good = read_entry(reader, ENTRY_PUT, item_out);
        break;
    case TAG_TOMBSTONE:
        good = read_entry(reader, ENTRY_TOMBSTONE, item_out);
        break;
    case TAG_CREATE:
        good = read_create(reader, item_out);
        break;
    case TAG_DROP:
        item_out->kind = ITEM_DROP;
        good = read_storage_id(reader, &item_out->storage_id);
        break;
    case TAG_TABLE:
        good = read_table(reader, item_out);
        break;
    }
    return good ? STATUS_OK : bad_stream(reader, fault);
}
