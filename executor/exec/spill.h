/*
 * spill.h - rows in temporary files: what operators put aside beyond work_mem.
 *
 * A SpillFile is a sequence of batches, appended and then read front to back any number of times. The file has no name: it goes with
 * the process whatever happens. A SpillMerge holds sorted runs and merges them.
 *
 * Ownership   files hang on the arena of the execution state; the functions that free them may be called earlier.
 * On disk     each batch: row count and byte count (4 bytes each), then per column validity words, elements, outside bytes. Never
 *             read by another process, so the machine's own representation is used.
 * Raises      58030, 53100 when the disk fails.
 */
#ifndef EXECUTOR_EXEC_SPILL_H
#define EXECUTOR_EXEC_SPILL_H

#include "executor/exec/operator.h"
#include "executor/exec/row_store.h"

/* Where temporary files go. Set once at start-up; "." by default. The text is kept. */
void spill_set_directory(const char *directory);

typedef struct SpillFile SpillFile;

SpillFile *spill_new(ExecState *state, int32_t column_count, const PlanColumn *columns);
void       spill_free(SpillFile *file); /* NULL is allowed */
void       spill_write(SpillFile *file, Vector *const *columns, const int32_t *sel, int32_t count);
int64_t    spill_rows(const SpillFile *file);
size_t     spill_bytes(const SpillFile *file);

/* One reader of a finished file; several may read at once. A batch is valid until the next call. */
typedef struct SpillReader SpillReader;
SpillReader *spill_read(SpillFile *file);
Batch       *spill_read_next(SpillReader *reader); /* NULL at the end */
void         spill_read_end(SpillReader *reader);

typedef struct SpillMerge SpillMerge;
SpillMerge *spill_merge_new(ExecState *state, int32_t column_count, const PlanColumn *columns, const PlanSortKey *keys, int32_t key_count);
void        spill_merge_free(SpillMerge *merge);
void        spill_merge_add_run(SpillMerge *merge, RowStore *store, const uint32_t *order);
void        spill_merge_start(SpillMerge *merge);
Batch      *spill_merge_next(SpillMerge *merge, int32_t max_rows);
size_t      spill_merge_bytes(const SpillMerge *merge);

#endif
