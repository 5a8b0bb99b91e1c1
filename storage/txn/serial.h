/*
 * serial.h - what makes SERIALIZABLE transactions serializable: ranges read, checked at commit against keys written meanwhile.
 *
 * Backward validation (Kung and Robinson 1981): a serializable transaction that writes commits only if no commit after its snapshot
 * wrote a key in a range that it read; else STATUS_CONFLICT. Then the order of commits is a serial order. One that only reads
 * stands at its snapshot in that order and never fails.
 *
 * While a serializable transaction is active every commit, of whatever isolation level, puts its keys into a list under the engine's
 * commit latch. Most of the check runs before the latch, only what was added since runs under it.
 *
 * Bounds      a commit of more than SERIAL_COMMIT_KEYS keys counts as writing its relations whole; a transaction of more than
 *             SERIAL_READ_RANGES ranges in one relation as having read it whole; a list above SERIAL_LIST_BYTES loses its oldest
 *             commits, and transactions older than these get STATUS_CONFLICT. A commit with spilled or bulk-written
 *             tables counts as writing every relation.
 * Threads     the table from any thread; a SerialReads, a SerialCommit from its transaction's. Latch order: the engine's commit
 *             latch, then the table's mutex.
 * Raises      never
 */
#ifndef STORAGE_TXN_SERIAL_H
#define STORAGE_TXN_SERIAL_H

#include "storage/engine.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SERIAL_COMMIT_KEYS = 4096, SERIAL_READ_RANGES = 10000, SERIAL_LIST_BYTES = 32 << 20 };

typedef struct SerialWrites SerialWrites; /* the keys of one commit */
typedef struct SerialReads  SerialReads;  /* what one transaction read */

typedef struct SerialTable {
    _Atomic int      active;     /* serializable transactions */
    _Atomic int      unrecorded; /* commits under way that began while there was none and put their keys nowhere */
    pthread_mutex_t  mutex;
    SerialReads     *readers;    /* with a snapshot */
    SerialWrites    *oldest;     /* in the order of validation, which is the order of csns */
    SerialWrites    *newest;
    uint64_t         last_number;
    size_t           bytes;
    Csn              lost;       /* commits up to this csn may have left the list before their time */
} SerialTable;

void serial_table_init(SerialTable *table);
void serial_table_destroy(SerialTable *table);

/*
 * Before the transaction's snapshot is taken: from here on commits are recorded. Waits for those under way that are not, which takes
 * as long as a sync. NULL without memory.
 */
SerialReads *serial_begin(SerialTable *table);
void         serial_set_snapshot(SerialReads *reads, Csn csn);
void         serial_end(SerialReads *reads); /* NULL is allowed */

/* Keys of [lower, upper) were looked at, found or not; upper.data NULL: to the last. STATUS_NO_MEMORY. */
MUST_CHECK Status serial_record(SerialReads *reads, StorageId storage, Slice lower, Slice upper, Fault *fault);

/* One commit on its way. */
typedef struct SerialCommit {
    SerialTable  *table;
    SerialReads  *reads;      /* NULL: not serializable, its keys only matter to others */
    SerialWrites *writes;     /* in the list once validated */
    uint64_t      checked;    /* number of the newest that was checked before the latch */
    bool          counted;    /* in table->unrecorded */
    bool          listed;
} SerialCommit;

/* Before the latch: gathers the keys if anybody may need them, and checks what the list has. STATUS_CONFLICT, STATUS_NO_MEMORY. */
MUST_CHECK Status serial_commit_begin(SerialCommit *commit, SerialTable *table, SerialReads *reads, const WriteSet *writes, Fault *fault);
/* Under the latch: CommitOptions.validate. */
Status serial_commit_validate(void *commit, Fault *fault);
/* How it ended; csn 0: not at all. Once for every begun commit. */
void serial_commit_end(SerialCommit *commit, Csn csn);

#endif
