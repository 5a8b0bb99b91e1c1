/*
 * version_set.h - how the store goes from one version to the next: manifest first, then the readers' sources.
 *
 * Threads     any; version_mutex serializes.
 */
#ifndef STORAGE_LSM_VERSION_SET_H
#define STORAGE_LSM_VERSION_SET_H

#include "storage/lsm/version.h"

/*
 * Makes an edit durable and current. Files that it deletes and does not add again go with their last reader.
 *   flushed  how many of the oldest memtables the edit's tables replace
 * After a failure nothing has changed for readers; whether it has on disk is unknown when the manifest has failed for
 * good (STATUS_READ_ONLY next time): then the files that it names must stay.
 */
MUST_CHECK Status version_set_apply(Engine *engine, VersionEdit *edit, int flushed, Fault *fault);

/*
 * Enters tables of a commit that the log holds already, into level 0. Readers have them afterwards whatever happens to the
 * manifest: a failure to write it is made good by writing it anew next time, or by recovery from the log.
 */
void version_set_ingest(Engine *engine, VersionEdit *edit);

/* Fills an edit with what the manifest should know besides tables: counters, relations as of csn, file numbers. */
MUST_CHECK Status version_set_describe(Engine *engine, VersionEdit *edit, Csn csn, Fault *fault);

/* Dropped relations that no snapshot sees: deletes the tables that hold nothing else, forgets those of which nothing is left. */
MUST_CHECK Status version_set_reap(Engine *engine, bool *changed_out, Fault *fault);

/* The current version, with one reference. */
Version *version_set_current(Engine *engine);

#endif
