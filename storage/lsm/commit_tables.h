/*
 * commit_tables.h - the tables that enter with a commit: bulk loads and large write sets.
 *
 * The commit record names them and is the only commit point; the manifest follows and can be redone from the log.
 * They enter at level 0 under an epoch of their own, every entry stamped with the commit's csn.
 */
#ifndef STORAGE_LSM_COMMIT_TABLES_H
#define STORAGE_LSM_COMMIT_TABLES_H

#include "storage/lsm/log_record.h"
#include "storage/lsm/version.h"
#include "storage/lsm/write_set.h"

typedef struct CommitTables {
    FileMeta **metas; /* copies of the write set's descriptions, one reference each */
    int        count;
} CommitTables;

/* Copies the live tables' descriptions, appends their items to the stream, and makes their names durable. */
MUST_CHECK Status commit_tables_take(CommitTables *tables, const WriteSet *writes, CommitStream *stream, Fault *fault);

/*
 * Under the latch, alone in the group, before the csn is assigned: the tables will stand in level 0, behind every memtable.
 * So none may hold an older version of one of their keys (else waits for a flush), and what is committed later must go
 * into a memtable of a later epoch.
 */
MUST_CHECK Status commit_tables_make_place(CommitTables *tables, Engine *engine, Fault *fault);

/* Once the record is in the log: makes them visible to readers at csn. Cannot fail. */
void commit_tables_enter(CommitTables *tables, Engine *engine, Csn csn);

/* Gives the copies up. named: the log has the record, or may have it, and the write set's files stay. */
void commit_tables_free(CommitTables *tables, WriteSet *writes, bool named);

#endif
