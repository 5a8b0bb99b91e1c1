/*
 * table_writer.h - rows into a table: constraints, column groups, indexes and foreign keys kept together, a batch at a time.
 *
 * INSERT, UPDATE, DELETE, MERGE, COPY and the actions of foreign keys all write through this. Batches have one column per attribute
 * number - 1 (dropped ones are ignored); the rows of sel are written.
 *
 * Ownership   a writer lives in the arena of its execution state. Batches are borrowed for the call.
 * Raises      23502, 23503, 23505, 23514 with PostgreSQL's texts; what storage reports
 */
#ifndef EXECUTOR_DML_TABLE_WRITER_H
#define EXECUTOR_DML_TABLE_WRITER_H

#include "executor/dml/index_entry.h"
#include "executor/exec/operator_internal.h"
#include "executor/store/store.h"
#include "storage/table/table.h"

typedef struct ForeignKeys ForeignKeys; /* foreign_key.h */

typedef struct WriterIndex {
    const RelationDesc *desc;
    IndexKeys          *keys;
} WriterIndex;

typedef struct TableWriter {
    ExecState          *state;
    const RelationDesc *table;
    int32_t             column_count;
    int32_t             index_count;
    WriterIndex        *indexes;
    int32_t             check_count;
    Evaluator         **checks;
    const char        **check_names;
    ForeignKeys        *foreign;       /* NULL: none in either direction */
    int32_t             id_column, doc_column, updated_column; /* collections: attribute number - 1, else -1 */
    Arena              *arena;         /* of one call */
    VectorBuffer        id_buffer, doc_buffer, now_buffer;
    TableFetch         *old_fetch;
    ReadView            old_view;
    ScanColumn         *old_columns;
    ArenaDefer          on_end;
    int32_t             held;
    int32_t             error_row;     /* the row that an error is about, for COPY's context; -1 */
    bool                own_rows_fetch; /* old_fetch reads the newest state */
} TableWriter;

/* checks: the table's CHECK constraints compiled from a plan; NULL: from the descriptor. */
TableWriter *table_writer_new(ExecState *state, const RelationDesc *table, Expr *const *checks, const char *const *check_names, int32_t check_count);

/*
 * Collections: takes _id members of the documents inserted out into the column. columns (writable, by attribute) may have
 * entries replaced, valid until the writer's next call.
 */
void table_writer_prepare_insert(TableWriter *writer, Vector **columns, int32_t row_count, const int32_t *sel, int32_t count);

/* Inserts rows; ids[row] is set for the rows of sel. */
void table_writer_insert(TableWriter *writer, Vector **columns, int32_t row_count, const int32_t *sel, int32_t count, RowId *ids);

/*
 * Replaces rows whose locks are held. old: the rows as they were, same row numbers (NULL: fetched here). changed is extended for
 * _updated_at of collections. newest: rows were changed since the statement's view.
 */
void table_writer_update(TableWriter *writer, Vector **columns, Vector **old, int32_t row_count, const int32_t *sel, int32_t count,
                         const RowId *ids, uint64_t *changed, bool newest);

void table_writer_delete(TableWriter *writer, Vector **old, int32_t row_count, const int32_t *sel, int32_t count, const RowId *ids, bool newest);

/* While held, what calls made in the writer's scratch memory stays: columns it replaced may still be read. Released: the memory goes. */
void table_writer_hold(TableWriter *writer, bool hold);

/* Old rows at the caller's row numbers, by attribute: valid while held. */
Vector **table_writer_old_rows(TableWriter *writer, const RowId *ids, int32_t row_count, const int32_t *sel, int32_t count, bool newest);

/* End of the statement: foreign keys. */
void table_writer_finish(TableWriter *writer);

/* True when update or delete needs the old rows: indexes or foreign keys. */
bool table_writer_needs_old(const TableWriter *writer);

/* Rows by id as they are: at the statement's view, or the newest with the transaction's own. Batch row i is ids[i]; columns by attribute. */
Batch *table_writer_fetch(TableWriter *writer, const RowId *ids, int32_t count, bool newest);

/* A view of the newest committed state and everything the transaction wrote, this statement included. */
ReadView newest_view(ExecState *state);

/* Locks a row for the statement; raises 40001 and kin. */
RowLockResult lock_table_row(ExecState *state, const RelationDesc *table, RowId row, RowLock mode, LockWait wait);

/* Which row lock an update of these columns takes: FOR UPDATE when a key that others may refer to changes. */
RowLock table_writer_update_lock(const TableWriter *writer, const uint64_t *changed);

/* Index number at: the unique key that some row breaks. */
noreturn void raise_unique_violation(TableWriter *writer, WriterIndex *index, Vector *const *columns, int32_t row_count, int32_t row);

bool index_is_unique_for(const WriterIndex *index, const IndexEntry *entry);

#endif
