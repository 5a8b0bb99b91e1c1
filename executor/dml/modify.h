/*
 * modify.h - what the parts of the modify operator share: INSERT, UPDATE, DELETE here, ON CONFLICT and MERGE in files of their own.
 */
#ifndef EXECUTOR_DML_MODIFY_H
#define EXECUTOR_DML_MODIFY_H

#include "executor/dml/table_writer.h"
#include "executor/exec/tuple_buffer.h"

typedef struct ModifyOperator {
    ExecOperator    op;
    TableWriter    *writer;
    Evaluator     **returning;
    TupleBuffer    *returned;
    TupleCursor     cursor;
    BatchSlice      slice;
    bool            done;
    bool            counts;       /* its rows are those of the command tag */
    Arena          *arena;        /* of one input batch */
    KeyTable       *touched;      /* row ids changed by this command */
    uint64_t       *changed;      /* a copy that the writer may extend */
    RowStore       *again;        /* UPDATE, DELETE: input rows judged again */
    int32_t         target_range; /* range table index of the table, 0: unknown */
    struct ConflictState *conflict;
    struct MergeState    *merge;
} ModifyOperator;

/* Appends what RETURNING makes of rows. row_columns: by attribute; input: the batch they came from (may be NULL). */
void modify_return(ModifyOperator *modify, Vector *const *row_columns, const Batch *input, int32_t row_count, const int32_t *sel, int32_t count);

/* True the first time a row id is seen in this command. */
bool modify_touch(ModifyOperator *modify, RowId row);

void modify_count(ModifyOperator *modify, int64_t rows);

void conflict_insert(ModifyOperator *modify, Batch *input, Vector **columns); /* on_conflict.c */
void merge_batch(ModifyOperator *modify, Batch *input);                      /* merge.c */

#endif
