/*
 * manifest.h - the durable list of what the store consists of: a log of version edits.
 *
 * On disk     one file "manifest": a header, then records, little-endian, format 1; dump in docs/formats/manifest.md:
 *                 offset  size  field                       header, 32 bytes
 *                      0     8  "NexaDBmf"
 *                      8     4  format
 *                     12     4  low half of XXH3-64 of bytes 16 .. 31, plus the format
 *                     16     8  store identity
 *                     24     8  rewrite number: one more each time the file is written anew
 *                 offset  size  field                       record, 16 bytes and a payload
 *                      0     4  low half of XXH3-64 of bytes 4 .. 16+length-1
 *                      4     4  length of the payload
 *                      8     8  number of the record in this file, from 1
 *                     16     -  payload: one version edit
 * Invariants  An edit counts when its record is whole. A bad record at the end was never acknowledged and is cut off;
 *             a bad record with a whole one behind it is STATUS_CORRUPT.
 * Ownership   manifest_open() and manifest_create() return a Manifest owned by the caller.
 * Threads     one thread at a time: the engine's version mutex.
 */
#ifndef STORAGE_LSM_MANIFEST_H
#define STORAGE_LSM_MANIFEST_H

#include "base/common.h"
#include "base/status.h"

typedef struct Manifest Manifest;

enum { MANIFEST_FORMAT = 1 };

/* Makes the manifest of a new store, durably, with its first record. */
MUST_CHECK Status manifest_create(const char *directory, uint64_t identity, Slice first_record, Manifest **manifest_out,
                                  Fault *fault);

/*
 * Opens it and calls visit with each record in order. STATUS_NOT_FOUND when there is none: no store here yet.
 * read_only: nothing is cut off, nothing can be appended.
 */
MUST_CHECK Status manifest_open(const char *directory, bool read_only,
                                Status (*visit)(void *arg, Slice record, Fault *fault), void *arg,
                                Manifest **manifest_out, Fault *fault);
void              manifest_close(Manifest *manifest); /* NULL is allowed */
uint64_t          manifest_identity(const Manifest *manifest);

/* Appends one record and waits until it is on disk. After a failure the manifest takes no more: STATUS_READ_ONLY. */
MUST_CHECK Status manifest_append(Manifest *manifest, Slice record, Fault *fault);

/* Whether the file has grown so far beyond a snapshot of `live_bytes` that writing it anew pays. */
bool manifest_wants_rewrite(const Manifest *manifest, size_t live_bytes);

/* Replaces the file by one with this single record, in one rename. */
MUST_CHECK Status manifest_rewrite(Manifest *manifest, Slice record, Fault *fault);

#endif
