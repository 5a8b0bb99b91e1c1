/*
 * flush.h - sealed memtables become tables of level 0.
 */
#ifndef STORAGE_LSM_FLUSH_H
#define STORAGE_LSM_FLUSH_H

#include "storage/engine.h"

/*
 * Flushes every sealed memtable, the oldest first, into one run. One thread at a time. *flushed_out: there was one.
 * After a failure all is as before and it can be tried again.
 */
MUST_CHECK Status flush_sealed(Engine *engine, bool *flushed_out, Fault *fault);

#endif
