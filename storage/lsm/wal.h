/*
 * wal.h - write-ahead log, writing side. A commit is durable when wal_sync() has covered its records, not before.
 *
 * The log is a chain of segment files, wal-<number>.log, preallocated and recycled; log_record.h has the layout of a
 * record. A commit's records stand in one segment. The next segment is prepared ahead by wal_prepare(), because making
 * one (blocks written, directory synced) takes milliseconds and a sync over written blocks half of one over new blocks.
 *
 * Ownership   wal_open() returns a WalWriter owned by the caller, who ends it with wal_close().
 * Threads     wal_make_room(), wal_add(), wal_write(): one thread at a time, under the commit latch.
 *             wal_sync(), wal_prepare(), wal_release() may run beside them and each other.
 * Invariants  1. After a failed write or sync the writer accepts nothing more: the tail on disk is unknown, and
 *                writing past it could revive a commit reported as failed.
 *             2. A segment is synced as a whole before its successor's first record is written.
 *             3. A segment is reused only when everything in it is flushed, and under a higher number.
 */
#ifndef STORAGE_LSM_WAL_H
#define STORAGE_LSM_WAL_H

#include "base/file.h"
#include "storage/lsm/log_record.h"

enum {
    WAL_SEGMENT_BYTES = 16 << 20,
    WAL_FIRST_SEGMENT_BYTES = 1 << 20, /* a new store's: it takes no time to make */
};

typedef struct WalWriter WalWriter;

/* A segment that recovery found and that still holds what is not flushed. */
typedef struct WalOldSegment {
    uint64_t number;
    uint64_t size;
    Lsn      last_lsn;
} WalOldSegment;

typedef struct WalOptions {
    const char          *directory; /* kept */
    uint64_t             store_identity;
    uint64_t             log_id;
    uint64_t             number;          /* of the first segment to write */
    Lsn                  next_lsn;
    uint64_t             previous_log_id; /* see LogSegment */
    Lsn                  previous_end;
    const WalOldSegment *old;             /* ascending; copied */
    int                  old_count;
    const WalOldSegment *spare;           /* files free for reuse */
    int                  spare_count;
} WalOptions;

/* Makes the first segment, durably. */
MUST_CHECK Status wal_open(const WalOptions *options, WalWriter **wal_out, Fault *fault);
void              wal_close(WalWriter *wal); /* NULL is allowed; syncs nothing */

/*
 * Makes sure that records of stream_bytes in all (one stream) can be added: room in a segment, memory for the buffer.
 * STATUS_NO_SPACE, STATUS_IO or STATUS_NO_MEMORY leave the log as it was, unless wal_failed().
 */
MUST_CHECK Status wal_make_room(WalWriter *wal, size_t stream_bytes, Fault *fault);

/* Adds a stream to the buffer, in as many records as it takes; returns the lsn of the last. After wal_make_room(). */
Lsn wal_add(WalWriter *wal, LogKind kind, Slice stream);

/* Hands the buffer to the operating system: then it survives the process, though not the machine. */
MUST_CHECK Status wal_write(WalWriter *wal, Fault *fault);

/* Waits until everything written before the call is on disk. */
MUST_CHECK Status wal_sync(WalWriter *wal, Fault *fault);

Lsn  wal_written_lsn(const WalWriter *wal);
Lsn  wal_durable_lsn(const WalWriter *wal);
Lsn  wal_next_lsn(const WalWriter *wal); /* under the commit latch */
bool wal_failed(const WalWriter *wal);

/* What a failed log makes of later commits: STATUS_READ_ONLY. */
Status wal_refuse(const WalWriter *wal, Fault *fault);

/* Whether wal_prepare() has something to do, and doing it. Failures cost speed only: the fault says why. */
bool              wal_wants_preparation(WalWriter *wal);
MUST_CHECK Status wal_prepare(WalWriter *wal, Fault *fault);

/* The lowest segment that is needed when everything up to csn is flushed. For the manifest, before wal_release(). */
uint64_t wal_first_needed(WalWriter *wal, Csn flushed);
void     wal_release(WalWriter *wal, Csn flushed);

uint64_t wal_bytes(WalWriter *wal); /* in segments that are still needed */
uint64_t wal_bytes_written(const WalWriter *wal);
uint64_t wal_syncs(const WalWriter *wal);

/* "wal-0000000007.log" into name, and back; false: not the name of a segment. */
enum { WAL_NAME_BYTES = 32 };
void wal_segment_name(uint64_t number, char name[WAL_NAME_BYTES]);
bool wal_parse_name(const char *name, uint64_t *number_out);

#endif
