/*
 * rows.h - reading and writing a table's rows from DDL: rewrites, index builds, CREATE TABLE AS.
 */
#ifndef EXECUTOR_DDL_ROWS_H
#define EXECUTOR_DDL_ROWS_H

#include "executor/ddl/ddl_context.h"
#include "storage/table/table.h"

/* A pass over all rows of a table as the transaction sees them now. Ends with its arena. */
typedef struct RowPass RowPass;

/*
 *   wanted  per attribute number - 1: deliver this column; NULL: all. Batches have a vector per attribute, NULL where
 *           it is not wanted or dropped, and one more at the end: the row id.
 */
RowPass *row_pass_open(Session *session, Arena *arena, const RelationDesc *table, const bool *wanted);
Batch   *row_pass_next(RowPass *pass); /* NULL at the end */
void     row_pass_close(RowPass *pass);

/* Inserts the live rows of a batch with one vector per attribute, under fresh row ids. No constraint is tested. Returns how many. */
int64_t rows_insert(Ddl *ddl, const RelationDesc *table, const Batch *batch);

#endif
