/*
 * log_record.h - what stands in the write-ahead log: the frame of a record, the kinds, the stream of a commit.
 *
 * On disk     every record starts at a multiple of 8 and is padded with zeros to the next, little-endian:
 *                 offset  size  field
 *                      0     4  low half of XXH3-64 of bytes 4 .. 32+length-1
 *                      4     4  length of the payload in bytes, 2 .. LOG_MAX_PAYLOAD
 *                      8     8  lsn, one more than the record before it
 *                     16     8  log id: this log's random identity, so that a recycled file's old records do not count
 *                     24     8  lsn known to be durable when this record was written
 *                     32     1  kind (LogKind)
 *                     33     1  flags (LOG_CONTINUED)
 *                     34     -  stream bytes
 *             The streams of a commit's records, all but the last marked LOG_CONTINUED, make one stream; the lsn of the
 *             last is the commit's csn. docs/formats/wal.md has the streams' layouts and a worked dump.
 * Raises      never
 */
#ifndef STORAGE_LSM_LOG_RECORD_H
#define STORAGE_LSM_LOG_RECORD_H

#include "base/bytes.h"
#include "base/common.h"
#include "base/status.h"
#include "storage/engine.h"
#include "storage/lsm/skiplist.h"

typedef uint64_t Lsn;

enum {
    LOG_HEADER_BYTES = 34,          /* the frame, kind and flags included */
    LOG_FRAME_BYTES = 32,           /* the frame without kind and flags, which count as payload */
    LOG_MAX_PAYLOAD = 1 << 20,
    LOG_MAX_STREAM = LOG_MAX_PAYLOAD - 2, /* stream bytes in one record */
    LOG_ALIGNMENT = 8,
    LOG_FORMAT = 1,
};

/* Numbers are on disk: never reused. 4 to 7 are set aside for truncate, prepare, notify and checkpoint. */
typedef enum LogKind {
    LOG_SEGMENT = 1,  /* first in every file: LogSegment */
    LOG_COMMIT = 2,   /* a transaction's writes: see commit_stream_*() */
    LOG_COUNTERS = 3, /* reservations of durable counters */
} LogKind;

enum { LOG_CONTINUED = 1 }; /* flags: the stream goes on in the next record */

typedef struct LogRecord {
    Lsn      lsn;
    uint64_t log_id;
    Lsn      durable;
    uint8_t  kind;
    uint8_t  flags;
    Slice    stream;
} LogRecord;

/* What the first record of a segment says; it ties the files of a store together. */
typedef struct LogSegment {
    uint64_t store_identity;
    uint64_t number;          /* as in the file's name */
    uint64_t previous_log_id; /* the log that recovery found before this one; 0: none */
    Lsn      previous_end;    /* the last lsn of that log that counts; 0: none */
} LogSegment;

/* Bytes of a record on disk, padding included. */
static inline size_t log_record_size(size_t stream_size)
{
    return (LOG_HEADER_BYTES + stream_size + LOG_ALIGNMENT - 1) & ~(size_t)(LOG_ALIGNMENT - 1);
}

/* Bytes of all the records that carry a stream of this size. */
size_t log_stream_size(size_t stream_size);

/* Writes frame, stream and padding to log_record_size() bytes at `at`. */
void log_record_encode(uint8_t *at, const LogRecord *record);

/* Reads a record from up to size bytes. false: what stands there is not one; *size_out: bytes with padding. */
bool log_record_decode(const uint8_t *at, size_t size, LogRecord *record_out, size_t *size_out);

enum { LOG_SEGMENT_BYTES = 40 };
void   log_segment_encode(uint8_t *at, const LogSegment *segment);
Status log_segment_decode(Slice stream, LogSegment *segment_out, const char *path, Fault *fault);

/* ---- the stream of a commit ------------------------------------------------------------------------------------ */

/* A buffer that grows by malloc; owned by whoever embeds it. */
typedef struct CommitStream {
    uint8_t *data;
    size_t   size, capacity;
    uint32_t storage_id; /* of the last entry; 0: none yet */
} CommitStream;

/* Each appends one item; false without memory. */
MUST_CHECK bool commit_stream_begin(CommitStream *stream, uint64_t xid, int64_t time_us);
MUST_CHECK bool commit_stream_entry(CommitStream *stream, uint32_t storage_id, EntryKind kind, Slice key, Slice value);
MUST_CHECK bool commit_stream_create(CommitStream *stream, uint32_t storage_id, const RelationOptions *options);
MUST_CHECK bool commit_stream_drop(CommitStream *stream, uint32_t storage_id);

/* A sorted table that enters with the commit: everything in it gets the commit's csn. */
typedef struct LoggedTable {
    uint64_t file_number;
    uint64_t identity;
    uint64_t size;
    uint32_t storage_id;
    uint32_t checksum; /* of the table's footer, which covers its index, which covers its blocks */
} LoggedTable;
MUST_CHECK bool commit_stream_table(CommitStream *stream, const LoggedTable *table);

typedef struct CommitItem {
    enum { ITEM_ENTRY, ITEM_CREATE, ITEM_DROP, ITEM_TABLE } kind;
    EntryKind       entry_kind;
    uint32_t        storage_id;
    Slice           key, value; /* in the stream */
    RelationOptions options;    /* ITEM_CREATE */
    LoggedTable     table;      /* ITEM_TABLE */
} CommitItem;

typedef struct CommitReader {
    const uint8_t *at, *end;
    uint64_t       xid;
    int64_t        time_us;
    uint32_t       storage_id;
    Csn            csn; /* for the fault's text */
} CommitReader;

MUST_CHECK Status commit_reader_open(CommitReader *reader, Slice stream, Csn csn, Fault *fault);
/* STATUS_NOT_FOUND at the end. */
MUST_CHECK Status commit_reader_next(CommitReader *reader, CommitItem *item_out, Fault *fault);

#endif
