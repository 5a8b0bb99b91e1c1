/*
 * wal_reader.c - see wal_reader.h.
 */
#include "storage/lsm/wal_reader.h"

#include <stdlib.h>

enum { READ_STEP_BYTES = 256 << 10 };

typedef struct SegmentFile {
    uint64_t   number;
    uint64_t   size;
    bool       valid;     /* its first record is a segment record that names this number */
    LogSegment header;
    uint64_t   log_id;
    Lsn        first_lsn;
    Lsn        stated_durable;
    Lsn        last_lsn;  /* set as it is read */
    bool       counts;
} SegmentFile;

typedef struct Replay {
    LogReplay   *out;
    SegmentFile *files;
    int          count, capacity;
    bool         no_memory;
    uint8_t     *buffer; /* one segment, as far as it has been read */
    size_t       have, buffer_capacity;
    uint8_t     *stream; /* the records of a commit so far */
    size_t       stream_size, stream_capacity;
    Lsn          expected;
    uint64_t     log_id;
} Replay;

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory while reading the log");
}

static void note_file(void *arg, const char *name)
{
    Replay  *replay = arg;
    uint64_t number;

    if (!wal_parse_name(name, &number))
        return;
    if (replay->count == replay->capacity) {
        int          capacity = MAX(8, replay->capacity * 2);
        SegmentFile *files = realloc(replay->files, (size_t)capacity * sizeof *files);

        if (files == NULL) {
            replay->no_memory = true;
            return;
        }
        replay->files = files;
        replay->capacity = capacity;
    }
    replay->files[replay->count++] = (SegmentFile){.number = number};
    replay->out->highest_number = MAX(replay->out->highest_number, number);
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = ((const SegmentFile *)a)->number;
    uint64_t right = ((const SegmentFile *)b)->number;

    return (left > right) - (left < right);
}

static Status open_segment(const Replay *replay, uint64_t number, unsigned flags, File **file_out, Fault *fault)
{
    char   name[WAL_NAME_BYTES];
    char  *path;
    Status status;

    wal_segment_name(number, name);
    path = path_join(replay->out->directory, name);
    if (path == NULL)
        return no_memory(fault);
    status = file_open(path, flags, file_out, fault);
    free(path);
    return status;
}

/* Reads a segment's first record; what is not one makes the file a spare. */
static Status read_header(Replay *replay, SegmentFile *segment, Fault *fault)
{
    uint8_t   start[256];
    size_t    got = 0, size;
    LogRecord record;
    File     *file;
    Status    status;

    TRY(open_segment(replay, segment->number, 0, &file, fault));
    status = file_size(file, &segment->size, fault);
    if (status == STATUS_OK && !replay->out->skip_all)
        status = file_read(file, 0, start, sizeof start, &got, fault);
    if (status == STATUS_OK && !replay->out->skip_all && segment->number >= replay->out->first_needed &&
        log_record_decode(start, got, &record, &size) && record.kind == LOG_SEGMENT) {
        status = log_segment_decode(record.stream, &segment->header, file_path(file), fault);
        if (status == STATUS_OK && segment->header.number == segment->number) {
            if (segment->header.store_identity != replay->out->store_identity)
                status = FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" belongs to another store", file_path(file));
            segment->valid = true;
            segment->log_id = record.log_id;
            segment->first_lsn = record.lsn;
            segment->stated_durable = record.durable;
        }
    }
    file_close(file);
    return status;
}

/* Makes sure that bytes [0, size) of the segment are in the buffer, as far as the file has them. */
static Status fill_buffer(Replay *replay, File *file, size_t size, Fault *fault)
{
    while (replay->have < size) {
        size_t got;

        if (replay->have + READ_STEP_BYTES > replay->buffer_capacity) {
            size_t   capacity = MAX(replay->buffer_capacity * 2, replay->have + READ_STEP_BYTES);
            uint8_t *buffer = realloc(replay->buffer, capacity);

            if (buffer == NULL)
                return no_memory(fault);
            replay->buffer = buffer;
            replay->buffer_capacity = capacity;
        }
        TRY(file_read(file, replay->have, replay->buffer + replay->have, READ_STEP_BYTES, &got, fault));
        replay->have += got;
        if (got < READ_STEP_BYTES)
            break;
    }
    return STATUS_OK;
}

/* How far the log with this id counts by what its successor says; UINT64_MAX: nothing says it. */
static Lsn stated_end(const Replay *replay, uint64_t log_id)
{
    for (int i = 0; i < replay->count; i++) {
        const SegmentFile *file = &replay->files[i];

        if (file->valid && file->log_id != log_id && file->header.previous_log_id == log_id)
            return file->header.previous_end;
    }
    return UINT64_MAX;
}

static Status append_stream(Replay *replay, Slice bytes, Fault *fault)
{
    size_t needed = replay->stream_size + bytes.size;

    if (needed > replay->stream_capacity) {
        size_t   capacity = MAX(needed, replay->stream_capacity * 2);
        uint8_t *stream = realloc(replay->stream, capacity);

        if (stream == NULL)
            return no_memory(fault);
        replay->stream = stream;
        replay->stream_capacity = capacity;
    }
    if (bytes.size != 0)
        memcpy(replay->stream + replay->stream_size, bytes.data, bytes.size);
    replay->stream_size = needed;
    return STATUS_OK;
}

static Status apply_record(Replay *replay, const LogRecord *record, File *file, size_t offset, Fault *fault)
{
    LogReplay *out = replay->out;
    Slice      stream = record->stream;

    if (record->kind == LOG_SEGMENT) {
        replay->stream_size = 0; /* a commit does not span segments: what is unfinished never will be */
        return STATUS_OK;
    }
    if (record->kind == LOG_COUNTERS)
        return out->counters(out->arg, stream, fault);
    if (record->kind != LOG_COMMIT)
        return FAULT(fault, STATUS_FORMAT, 0, "\"%s\" offset %zu: record kind %u is not known to this program",
                     file_path(file), offset, record->kind);
    if ((record->flags & LOG_CONTINUED) != 0)
        return append_stream(replay, stream, fault);
    if (replay->stream_size != 0) {
        TRY(append_stream(replay, stream, fault));
        stream = slice_of(replay->stream, replay->stream_size);
        replay->stream_size = 0;
    }
    if (record->lsn <= out->flushed)
        return STATUS_OK;
    return out->commit(out->arg, stream, record->lsn, fault);
}

/* Looks behind a bad record at `offset` for one that proves it had been durable. */
static Status check_tail(Replay *replay, int index, File *file, size_t offset, Fault *fault)
{
    TRY(fill_buffer(replay, file, replay->files[index].size, fault));
    for (size_t at = offset + LOG_ALIGNMENT; at + LOG_HEADER_BYTES <= replay->have; at += LOG_ALIGNMENT) {
        LogRecord record;
        size_t    size;

        if (get_le64(replay->buffer + at + 16) != replay->log_id ||
            !log_record_decode(replay->buffer + at, replay->have - at, &record, &size))
            continue;
        if (record.lsn > replay->expected && record.durable >= replay->expected)
            return FAULT(fault, STATUS_CORRUPT, 0,
                         "\"%s\" offset %zu: record %llu is damaged, and the record at offset %zu says that it was durable",
                         file_path(file), offset, (unsigned long long)replay->expected, at);
    }
    for (int i = index + 1; i < replay->count; i++) {
        const SegmentFile *later = &replay->files[i];

        if (later->valid && later->log_id == replay->log_id && later->first_lsn > replay->expected &&
            later->stated_durable >= replay->expected)
            return FAULT(fault, STATUS_CORRUPT, 0,
                         "\"%s\" offset %zu: record %llu is damaged, and segment %llu says that it was durable",
                         file_path(file), offset, (unsigned long long)replay->expected, (unsigned long long)later->number);
    }
    return STATUS_OK;
}

static bool successor_follows(const Replay *replay, int index)
{
    for (int i = index + 1; i < replay->count; i++)
        if (replay->files[i].valid)
            return replay->files[i].log_id == replay->log_id && replay->files[i].first_lsn == replay->expected;
    return false;
}

static Status read_records(Replay *replay, int index, File *file, Fault *fault)
{
    SegmentFile *segment = &replay->files[index];
    Lsn          end = stated_end(replay, replay->log_id);
    size_t       offset = 0;

    replay->have = 0;
    segment->counts = true;
    while (replay->expected <= end) {
        LogRecord record = {0};
        size_t    size = 0;
        bool      good;

        TRY(fill_buffer(replay, file, offset + LOG_HEADER_BYTES, fault));
        if (replay->have >= offset + LOG_HEADER_BYTES) {
            size_t payload = get_le32(replay->buffer + offset + 4);

            if (payload <= LOG_MAX_PAYLOAD)
                TRY(fill_buffer(replay, file, offset + LOG_FRAME_BYTES + payload, fault));
        }
        good = replay->have > offset && log_record_decode(replay->buffer + offset, replay->have - offset, &record, &size) &&
               record.log_id == replay->log_id && record.lsn == replay->expected;
        if (!good) {
            if (successor_follows(replay, index))
                return STATUS_OK;
            TRY(check_tail(replay, index, file, offset, fault));
            if (end != UINT64_MAX)
                return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %zu: record %llu, which was replayed before, is damaged",
                             file_path(file), offset, (unsigned long long)replay->expected);
            return STATUS_OK;
        }
        TRY(apply_record(replay, &record, file, offset, fault));
        segment->last_lsn = replay->expected++;
        offset += size;
        replay->out->bytes += size;
    }
    return STATUS_OK;
}

/* Whether the segment continues the log, or starts the next one; faults where something in between is missing. */
static Status enter_segment(Replay *replay, const SegmentFile *segment, Fault *fault)
{
    unsigned long long number = segment->number;

    if (replay->log_id == 0) {
        if (segment->first_lsn > replay->out->flushed + 1 && segment->header.previous_end > replay->out->flushed)
            return FAULT(fault, STATUS_CORRUPT, 0, "the log starts with record %llu in segment %llu, but the tables end at %llu",
                         (unsigned long long)segment->first_lsn, number, (unsigned long long)replay->out->flushed);
    } else if (segment->log_id == replay->log_id) {
        if (segment->first_lsn != replay->expected)
            return FAULT(fault, STATUS_CORRUPT, 0, "the log's records %llu to %llu before segment %llu are missing",
                         (unsigned long long)replay->expected, (unsigned long long)segment->first_lsn - 1, number);
    } else if (segment->header.previous_log_id != replay->log_id || segment->header.previous_end != replay->expected - 1) {
        return FAULT(fault, STATUS_CORRUPT, 0, "log segment %llu does not follow on record %llu", number,
                     (unsigned long long)replay->expected - 1);
    }
    replay->log_id = segment->log_id;
    replay->expected = segment->first_lsn;
    return STATUS_OK;
}

static Status read_segments(Replay *replay, Fault *fault)
{
    for (int i = 0; i < replay->count; i++) {
        SegmentFile *segment = &replay->files[i];
        File        *file;
        Status       status;

        if (!segment->valid)
            continue;
        TRY(enter_segment(replay, segment, fault));
        TRY(open_segment(replay, segment->number, (replay->out->read_only ? 0 : FILE_WRITE) | FILE_SEQUENTIAL, &file, fault));
        status = read_records(replay, i, file, fault);
        /* what counts from now on must not vanish at a power cut: the next log will state it as durable */
        if (status == STATUS_OK && !replay->out->read_only)
            status = file_sync(file, fault);
        file_close(file);
        TRY(status);
    }
    replay->out->log_id = replay->log_id;
    replay->out->last_lsn = replay->log_id != 0 ? replay->expected - 1 : 0;
    return STATUS_OK;
}

static Status hand_over_lists(Replay *replay, Fault *fault)
{
    LogReplay *out = replay->out;

    out->old = calloc((size_t)replay->count + 1, sizeof *out->old);
    out->spare = calloc((size_t)replay->count + 1, sizeof *out->spare);
    if (out->old == NULL || out->spare == NULL)
        return no_memory(fault);
    for (int i = 0; i < replay->count; i++) {
        const SegmentFile *file = &replay->files[i];
        WalOldSegment      entry = {file->number, file->size, file->last_lsn};

        if (file->counts)
            out->old[out->old_count++] = entry;
        else
            out->spare[out->spare_count++] = entry;
    }
    return STATUS_OK;
}

static Status replay_all(Replay *replay, Fault *fault)
{
    TRY(path_list(replay->out->directory, note_file, replay, fault));
    if (replay->no_memory)
        return no_memory(fault);
    if (replay->count > 1)
        qsort(replay->files, (size_t)replay->count, sizeof *replay->files, by_number);
    for (int i = 0; i < replay->count; i++)
        TRY(read_header(replay, &replay->files[i], fault));
    if (replay->out->first_needed != 0 && !replay->out->skip_all) {
        bool found = false;

        for (int i = 0; i < replay->count; i++)
            found |= replay->files[i].valid && replay->files[i].number == replay->out->first_needed;
        if (!found)
            return FAULT(fault, STATUS_CORRUPT, 0, "log segment %llu in \"%s\" is missing or its start is damaged",
                         (unsigned long long)replay->out->first_needed, replay->out->directory);
    }
    TRY(read_segments(replay, fault));
    return hand_over_lists(replay, fault);
}

Status wal_replay(LogReplay *out, Fault *fault)
{
    Replay replay = {.out = out};
    Status status = replay_all(&replay, fault);

    free(replay.files);
    free(replay.buffer);
    free(replay.stream);
    return status;
}
