/*
 * wal_reader.h - write-ahead log, reading side: recovery replays what was committed and finds where the log ends.
 *
 * Rule        A bad record at P is STATUS_CORRUPT if a later valid record of the same log id states a durable position
 *             at or above the lsn expected at P; otherwise it is a torn tail and ends the log, even with valid records
 *             behind it. Where a later log of the store states how far its predecessor counted, the predecessor must be
 *             whole up to there and is not read further.
 * Raises      never
 */
#ifndef STORAGE_LSM_WAL_READER_H
#define STORAGE_LSM_WAL_READER_H

#include "storage/lsm/wal.h"

typedef struct LogReplay {
    const char *directory;
    uint64_t    store_identity;
    Csn         flushed;      /* commits up to here are in tables: not replayed */
    uint64_t    first_needed; /* the lowest segment that must be there; 0: none must */
    bool        skip_all;     /* nothing of the log counts: every file is a spare, only names and sizes are looked at */
    bool        read_only;    /* write nothing; else the tail that counts is synced */

    /* Called in lsn order. The slices are valid during the call. Anything but STATUS_OK ends the replay. */
    Status (*commit)(void *arg, Slice stream, Csn csn, Fault *fault);
    Status (*counters)(void *arg, Slice stream, Fault *fault);
    void *arg;

    /* results */
    Lsn            last_lsn; /* of the last record that counts; 0: the log is empty */
    uint64_t       log_id;   /* of the log that it belongs to; 0: no log */
    uint64_t       highest_number; /* of any segment file */
    WalOldSegment *old;      /* segments replayed, ascending; owned by the caller, freed with free() */
    int            old_count;
    WalOldSegment *spare;    /* files that hold nothing that counts; likewise */
    int            spare_count;
    uint64_t       bytes;    /* of records read */
} LogReplay;

/* The results are valid, and to be freed, whatever it returns. */
MUST_CHECK Status wal_replay(LogReplay *replay, Fault *fault);

#endif
