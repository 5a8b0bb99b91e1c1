/*
 * wal.c - see wal.h.
 */
#include "storage/lsm/wal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SPARES_KEPT = 2,
    ZERO_CHUNK_BYTES = 256 << 10,
    BUFFER_FIRST_BYTES = 16 << 10,
    BUFFER_LARGEST_BYTES = LOG_MAX_PAYLOAD + 4096,
};

typedef struct Segment Segment;
struct Segment {
    Segment *next; /* towards newer ones */
    File    *file; /* NULL: not open */
    uint64_t number;
    uint64_t size;
    bool     blocks_written; /* its blocks hold data already, so that a sync writes no metadata */
    Lsn      last_lsn;
};

struct WalWriter {
    const char *directory;
    uint64_t    store_identity;
    uint64_t    log_id;
    uint64_t    previous_log_id;
    Lsn         previous_end;

    /* under the commit latch */
    Lsn      next_lsn;
    uint8_t *buffer;
    size_t   buffered, buffer_capacity;

    _Atomic Lsn      written, durable;
    _Atomic bool     failed;
    _Atomic uint64_t offset; /* in the current segment, of what is written */
    _Atomic uint64_t bytes_written, syncs;

    pthread_mutex_t sync_mutex; /* held over a sync; taken before mutex */
    pthread_mutex_t mutex;      /* the lists */
    Segment        *retained;   /* oldest first, up to the one before the current */
    Segment        *current;    /* replaced under the latch and the mutex */
    Segment        *ready;      /* the prepared successor, named and durable */
    Segment        *spares;
    uint64_t        next_number;
};

void wal_segment_name(uint64_t number, char name[WAL_NAME_BYTES])
{
    snprintf(name, WAL_NAME_BYTES, "wal-%010llu.log", (unsigned long long)number);
}

bool wal_parse_name(const char *name, uint64_t *number_out)
{
    unsigned long long number;
    int                end = 0;

    if (sscanf(name, "wal-%10llu.log%n", &number, &end) != 1 || end == 0 || name[end] != '\0')
        return false;
    *number_out = number;
    return true;
}

static char *segment_path(const WalWriter *wal, uint64_t number)
{
    char name[WAL_NAME_BYTES];

    wal_segment_name(number, name);
    return path_join(wal->directory, name);
}

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the log");
}

static void segment_free(Segment *segment)
{
    if (segment != NULL)
        file_close(segment->file);
    free(segment);
}

static Status write_zeros(File *file, uint64_t size, Fault *fault)
{
    uint8_t *zeros = calloc(1, ZERO_CHUNK_BYTES);
    Status   status = zeros == NULL ? no_memory(fault) : STATUS_OK;

    for (uint64_t at = 0; status == STATUS_OK && at < size; at += ZERO_CHUNK_BYTES)
        status = file_write(file, at, zeros, MIN(size - at, (uint64_t)ZERO_CHUNK_BYTES), fault);
    free(zeros);
    return status;
}

/* Takes the largest spare of at least size bytes off the list. */
static Segment *take_spare(WalWriter *wal, uint64_t size)
{
    Segment *spare = NULL;

    pthread_mutex_lock(&wal->mutex);
    for (Segment **at = &wal->spares; *at != NULL; at = &(*at)->next) {
        if ((*at)->size >= size) {
            spare = *at;
            *at = spare->next;
            break;
        }
    }
    pthread_mutex_unlock(&wal->mutex);
    return spare;
}

/* Gives a spare its new name. Its records are of lower numbers than any that will follow, so they do not count. */
static Status rename_spare(WalWriter *wal, Segment *segment, uint64_t number, const char *path, Fault *fault)
{
    char  *old_path = segment_path(wal, segment->number);
    Status status;

    if (old_path == NULL)
        return no_memory(fault);
    file_close(segment->file);
    segment->file = NULL;
    status = path_rename(old_path, path, fault);
    free(old_path);
    if (status == STATUS_OK)
        status = file_open(path, FILE_WRITE, &segment->file, fault);
    segment->number = number;
    segment->blocks_written = true;
    return status;
}

typedef enum MakeHow { MAKE_QUICKLY, MAKE_WRITTEN } MakeHow;

/* A segment file of at least size bytes under this number, durable with its name. */
static Status make_segment(WalWriter *wal, uint64_t number, uint64_t size, MakeHow how, Segment **segment_out, Fault *fault)
{
    Segment *segment = take_spare(wal, size);
    char    *path = segment_path(wal, number);
    bool     reused = segment != NULL;
    Status   status = STATUS_OK;

    if (segment == NULL)
        segment = calloc(1, sizeof *segment);
    if (segment == NULL || path == NULL) {
        free(path);
        segment_free(segment);
        return no_memory(fault);
    }
    if (reused) {
        status = rename_spare(wal, segment, number, path, fault);
    } else {
        segment->number = number;
        segment->size = size;
        segment->blocks_written = how == MAKE_WRITTEN;
        status = file_open(path, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE, &segment->file, fault);
        if (status == STATUS_OK)
            status = file_preallocate(segment->file, size, fault);
        if (status == STATUS_OK && how == MAKE_WRITTEN)
            status = write_zeros(segment->file, size, fault);
        if (status == STATUS_OK)
            status = file_sync(segment->file, fault);
    }
    if (status == STATUS_OK)
        status = path_sync_directory(wal->directory, fault);
    if (status != STATUS_OK && segment->file != NULL && !reused)
        (void)path_unlink(path, NULL);
    free(path);
    if (status != STATUS_OK) {
        segment_free(segment);
        return status;
    }
    segment->next = NULL;
    segment->last_lsn = 0;
    *segment_out = segment;
    return STATUS_OK;
}

/* ---- appending --------------------------------------------------------------------------------------------------- */

bool wal_failed(const WalWriter *wal)
{
    return atomic_load_explicit(&wal->failed, memory_order_acquire);
}

Status wal_refuse(const WalWriter *wal, Fault *fault)
{
    return FAULT(fault, STATUS_READ_ONLY, 0, "the log in \"%s\" takes no more writes after an earlier failure",
                 wal->directory);
}

static Status fail(WalWriter *wal, Status status)
{
    atomic_store_explicit(&wal->failed, true, memory_order_release); /* invariant 1 */
    return status;
}

static bool grow_buffer(WalWriter *wal, size_t record_bytes)
{
    size_t   wanted = MAX(wal->buffered + record_bytes, (size_t)BUFFER_FIRST_BYTES);
    size_t   capacity = MIN(MAX(wanted, wal->buffer_capacity * 2), (size_t)BUFFER_LARGEST_BYTES);
    uint8_t *buffer;

    if (wal->buffer_capacity >= MIN(wanted, (size_t)BUFFER_LARGEST_BYTES))
        return true;
    buffer = realloc(wal->buffer, capacity);
    if (buffer == NULL)
        return wal->buffer_capacity >= record_bytes; /* the buffer is written out earlier then */
    wal->buffer = buffer;
    wal->buffer_capacity = capacity;
    return true;
}

Status wal_write(WalWriter *wal, Fault *fault)
{
    uint64_t offset = atomic_load_explicit(&wal->offset, memory_order_relaxed);

    if (wal_failed(wal))
        return wal_refuse(wal, fault);
    if (wal->buffered != 0) {
        Status status = file_write(wal->current->file, offset, wal->buffer, wal->buffered, fault);

        if (status != STATUS_OK)
            return fail(wal, status);
        atomic_store_explicit(&wal->offset, offset + wal->buffered, memory_order_release);
        atomic_fetch_add_explicit(&wal->bytes_written, wal->buffered, memory_order_relaxed);
        wal->buffered = 0;
    }
    atomic_store_explicit(&wal->written, wal->next_lsn - 1, memory_order_release);
    return STATUS_OK;
}

static void add_record(WalWriter *wal, LogKind kind, uint8_t flags, Slice stream)
{
    LogRecord record = {
        .lsn = wal->next_lsn++,
        .log_id = wal->log_id,
        .durable = atomic_load_explicit(&wal->durable, memory_order_relaxed),
        .kind = (uint8_t)kind,
        .flags = flags,
        .stream = stream,
    };
    size_t size = log_record_size(stream.size);

    /* a failure to write is remembered and met by the caller's wal_write() */
    if (wal->buffered + size > wal->buffer_capacity) {
        if (wal_write(wal, NULL) != STATUS_OK)
            wal->buffered = 0;
    }
    log_record_encode(wal->buffer + wal->buffered, &record);
    wal->buffered += size;
}

Lsn wal_add(WalWriter *wal, LogKind kind, Slice stream)
{
    while (stream.size > LOG_MAX_STREAM) {
        add_record(wal, kind, LOG_CONTINUED, slice_of(stream.data, LOG_MAX_STREAM));
        stream = slice_of(stream.data + LOG_MAX_STREAM, stream.size - LOG_MAX_STREAM);
    }
    add_record(wal, kind, 0, stream);
    return wal->next_lsn - 1;
}

/* Makes segment the current one and writes its first record into the buffer. */
static void start_segment(WalWriter *wal, Segment *segment)
{
    uint8_t    stream[LOG_SEGMENT_BYTES];
    LogSegment header = {wal->store_identity, segment->number, wal->previous_log_id, wal->previous_end};

    pthread_mutex_lock(&wal->mutex);
    if (wal->current != NULL) {
        Segment **end = &wal->retained;

        while (*end != NULL)
            end = &(*end)->next;
        wal->current->last_lsn = wal->next_lsn - 1;
        *end = wal->current;
    }
    wal->current = segment;
    atomic_store_explicit(&wal->offset, 0, memory_order_release);
    pthread_mutex_unlock(&wal->mutex);
    log_segment_encode(stream, &header);
    add_record(wal, LOG_SEGMENT, 0, slice_of(stream, sizeof stream));
}

static Status switch_segment(WalWriter *wal, size_t bytes, Fault *fault)
{
    uint64_t size = MAX((uint64_t)WAL_SEGMENT_BYTES, bytes + 4096);
    Segment *segment = NULL;

    if (wal->current->size < WAL_SEGMENT_BYTES)
        size = MAX(MIN(wal->current->size * 2, (uint64_t)WAL_SEGMENT_BYTES), bytes + 4096);
    pthread_mutex_lock(&wal->mutex);
    if (wal->ready != NULL && wal->ready->size >= bytes + 4096) {
        segment = wal->ready;
        wal->ready = NULL;
    } else if (wal->ready != NULL) { /* too small for this commit: its number must not come after ours */
        wal->ready->next = wal->spares;
        wal->spares = wal->ready;
        wal->ready = NULL;
    }
    pthread_mutex_unlock(&wal->mutex);
    if (segment == NULL)
        TRY(make_segment(wal, __atomic_fetch_add(&wal->next_number, 1, __ATOMIC_RELAXED), size, MAKE_QUICKLY, &segment, fault));
    if (wal_write(wal, fault) != STATUS_OK || wal_sync(wal, fault) != STATUS_OK) { /* invariant 2 */
        segment_free(segment);
        return STATUS_READ_ONLY;
    }
    start_segment(wal, segment);
    return STATUS_OK;
}

Status wal_make_room(WalWriter *wal, size_t stream_bytes, Fault *fault)
{
    size_t   bytes = log_stream_size(stream_bytes);
    uint64_t used = atomic_load_explicit(&wal->offset, memory_order_relaxed) + wal->buffered;
    bool     better_ready;

    if (wal_failed(wal))
        return wal_refuse(wal, fault);
    if (!grow_buffer(wal, log_record_size(MIN(stream_bytes, (size_t)LOG_MAX_STREAM)) + log_record_size(LOG_SEGMENT_BYTES)))
        return no_memory(fault);
    pthread_mutex_lock(&wal->mutex);
    better_ready = !wal->current->blocks_written && wal->ready != NULL;
    pthread_mutex_unlock(&wal->mutex);
    if (better_ready || used + bytes > wal->current->size)
        return switch_segment(wal, bytes, fault);
    return STATUS_OK;
}

Status wal_sync(WalWriter *wal, Fault *fault)
{
    Lsn    target;
    File  *file;
    Status status;

    pthread_mutex_lock(&wal->sync_mutex);
    if (wal_failed(wal)) {
        pthread_mutex_unlock(&wal->sync_mutex);
        return wal_refuse(wal, fault);
    }
    pthread_mutex_lock(&wal->mutex);
    target = wal_written_lsn(wal); /* everything up to it is in this segment or in synced ones (invariant 2) */
    file = wal->current->file;
    pthread_mutex_unlock(&wal->mutex);
    if (target <= wal_durable_lsn(wal)) {
        pthread_mutex_unlock(&wal->sync_mutex);
        return STATUS_OK;
    }
    status = file_sync(file, fault);
    if (status == STATUS_OK) {
        atomic_store_explicit(&wal->durable, target, memory_order_release);
        atomic_fetch_add_explicit(&wal->syncs, 1, memory_order_relaxed);
    } else {
        fail(wal, status);
    }
    pthread_mutex_unlock(&wal->sync_mutex);
    return status;
}

Lsn wal_written_lsn(const WalWriter *wal)
{
    return atomic_load_explicit(&wal->written, memory_order_acquire);
}

Lsn wal_durable_lsn(const WalWriter *wal)
{
    return atomic_load_explicit(&wal->durable, memory_order_acquire);
}

Lsn wal_next_lsn(const WalWriter *wal)
{
    return wal->next_lsn;
}

/* ---- segments ------------------------------------------------------------------------------------------------------ */

bool wal_wants_preparation(WalWriter *wal)
{
    bool wants;

    pthread_mutex_lock(&wal->mutex);
    wants = wal->ready == NULL && !wal_failed(wal) &&
            (!wal->current->blocks_written ||
             atomic_load_explicit(&wal->offset, memory_order_relaxed) > wal->current->size / 2);
    pthread_mutex_unlock(&wal->mutex);
    return wants;
}

Status wal_prepare(WalWriter *wal, Fault *fault)
{
    Segment *segment;
    uint64_t number, size;

    pthread_mutex_lock(&wal->mutex);
    number = __atomic_fetch_add(&wal->next_number, 1, __ATOMIC_RELAXED);
    size = MIN(wal->current->size * 2, (uint64_t)WAL_SEGMENT_BYTES);
    pthread_mutex_unlock(&wal->mutex);
    TRY(make_segment(wal, number, size, MAKE_WRITTEN, &segment, fault));
    pthread_mutex_lock(&wal->mutex);
    if (wal->ready == NULL && number > wal->current->number) {
        wal->ready = segment;
    } else { /* a commit was faster and made its own: numbers must ascend along the chain */
        segment->next = wal->spares;
        wal->spares = segment;
    }
    pthread_mutex_unlock(&wal->mutex);
    return STATUS_OK;
}

uint64_t wal_first_needed(WalWriter *wal, Csn flushed)
{
    Segment *segment;
    uint64_t number;

    pthread_mutex_lock(&wal->mutex);
    for (segment = wal->retained; segment != NULL && segment->last_lsn <= flushed; segment = segment->next)
        continue;
    number = segment != NULL ? segment->number : wal->current->number;
    pthread_mutex_unlock(&wal->mutex);
    return number;
}

/* Keeps a segment for reuse, or takes it off the list of files. Under the mutex. */
static Segment *retire(WalWriter *wal, Segment *segment)
{
    int spares = 0;

    for (Segment *spare = wal->spares; spare != NULL; spare = spare->next)
        spares++;
    if (spares >= SPARES_KEPT || segment->size < WAL_SEGMENT_BYTES || segment->size > 2 * (uint64_t)WAL_SEGMENT_BYTES)
        return segment;
    file_close(segment->file);
    segment->file = NULL;
    segment->next = wal->spares;
    wal->spares = segment;
    return NULL;
}

void wal_release(WalWriter *wal, Csn flushed)
{
    pthread_mutex_lock(&wal->sync_mutex); /* nobody is syncing a file that goes */
    for (;;) {
        Segment *segment, *doomed = NULL;

        pthread_mutex_lock(&wal->mutex);
        segment = wal->retained;
        if (segment != NULL && segment->last_lsn <= flushed) {
            wal->retained = segment->next;
            doomed = retire(wal, segment);
        } else {
            segment = NULL;
        }
        pthread_mutex_unlock(&wal->mutex);
        if (segment == NULL)
            break;
        if (doomed != NULL) {
            char *path = segment_path(wal, doomed->number);

            if (path != NULL)
                (void)path_unlink(path, NULL); /* what stays behind is cleaned at the next start */
            free(path);
            segment_free(doomed);
        }
    }
    pthread_mutex_unlock(&wal->sync_mutex);
}

uint64_t wal_bytes(WalWriter *wal)
{
    uint64_t bytes;

    pthread_mutex_lock(&wal->mutex);
    bytes = atomic_load_explicit(&wal->offset, memory_order_relaxed);
    for (Segment *segment = wal->retained; segment != NULL; segment = segment->next)
        bytes += segment->size;
    pthread_mutex_unlock(&wal->mutex);
    return bytes;
}

uint64_t wal_bytes_written(const WalWriter *wal)
{
    return atomic_load_explicit(&wal->bytes_written, memory_order_relaxed);
}

uint64_t wal_syncs(const WalWriter *wal)
{
    return atomic_load_explicit(&wal->syncs, memory_order_relaxed);
}

/* ---- opening ------------------------------------------------------------------------------------------------------- */

static Status add_old_segments(const WalOldSegment *old, int count, Segment **list, Fault *fault)
{
    for (int i = 0; i < count; i++) {
        Segment *segment = calloc(1, sizeof *segment);

        if (segment == NULL)
            return no_memory(fault);
        segment->number = old[i].number;
        segment->size = old[i].size;
        segment->last_lsn = old[i].last_lsn;
        segment->blocks_written = true;
        *list = segment;
        list = &segment->next;
    }
    return STATUS_OK;
}

Status wal_open(const WalOptions *options, WalWriter **wal_out, Fault *fault)
{
    WalWriter *wal = calloc(1, sizeof *wal);
    Segment   *first;
    Status     status;

    if (wal == NULL)
        return no_memory(fault);
    wal->directory = options->directory;
    wal->store_identity = options->store_identity;
    wal->log_id = options->log_id;
    wal->previous_log_id = options->previous_log_id;
    wal->previous_end = options->previous_end;
    wal->next_lsn = options->next_lsn;
    wal->next_number = options->number + 1;
    atomic_init(&wal->written, options->next_lsn - 1);
    atomic_init(&wal->durable, options->next_lsn - 1);
    pthread_mutex_init(&wal->sync_mutex, NULL);
    pthread_mutex_init(&wal->mutex, NULL);
    status = add_old_segments(options->old, options->old_count, &wal->retained, fault);
    if (status == STATUS_OK)
        status = add_old_segments(options->spare, options->spare_count, &wal->spares, fault);
    if (status == STATUS_OK && !grow_buffer(wal, 1))
        status = no_memory(fault);
    if (status == STATUS_OK)
        status = make_segment(wal, options->number, WAL_FIRST_SEGMENT_BYTES, MAKE_QUICKLY, &first, fault);
    if (status == STATUS_OK) {
        start_segment(wal, first);
        status = wal_write(wal, fault);
    }
    if (status == STATUS_OK)
        status = wal_sync(wal, fault);
    if (status != STATUS_OK) {
        wal_close(wal);
        return status;
    }
    *wal_out = wal;
    return STATUS_OK;
}

static void free_list(Segment *segment)
{
    while (segment != NULL) {
        Segment *next = segment->next;

        segment_free(segment);
        segment = next;
    }
}

void wal_close(WalWriter *wal)
{
    if (wal == NULL)
        return;
    free_list(wal->retained);
    free_list(wal->spares);
    segment_free(wal->current);
    segment_free(wal->ready);
    pthread_mutex_destroy(&wal->mutex);
    pthread_mutex_destroy(&wal->sync_mutex);
    free(wal->buffer);
    free(wal);
}
