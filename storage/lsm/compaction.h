/*
 * compaction.h - leveled compaction: keeps level 0 short and each level below its share, about a tenth of the next.
 *
 * Targets follow the largest level: its bytes divided by ten, level by level, down to the base level, which takes what
 * leaves level 0; levels between level 0 and the base level stay empty. So space amplification stays near 1.1 and a
 * small store has one level.
 *
 * Threads     one compaction at a time: the caller holds Background's compaction mutex.
 */
#ifndef STORAGE_LSM_COMPACTION_H
#define STORAGE_LSM_COMPACTION_H

#include "storage/lsm/engine_state.h"

enum {
    LEVEL0_TRIGGER = 4,   /* runs in level 0 that start a compaction */
    LEVEL0_SLOWDOWN = 20, /* that slow writers down */
    LEVEL0_STOP = 36,     /* that stop them */
    TABLE_TARGET_BYTES = 32 << 20,
};

/* Whether compaction_run() would find something to do. */
bool compaction_is_wanted(Engine *engine);

/* Runs the most urgent compaction; *ran_out: there was one. STATUS_CLOSED when *stopping became true. */
MUST_CHECK Status compaction_run(Engine *engine, _Atomic bool *stopping, bool *ran_out, Fault *fault);

/* Merges everything of a relation (0: of all) into one level. */
MUST_CHECK Status compaction_full(Engine *engine, StorageId id, _Atomic bool *stopping, Fault *fault);

#endif
