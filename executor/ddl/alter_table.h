/*
 * alter_table.h - the state of one ALTER TABLE: what its commands change, and the rewrite they may call for.
 *
 * Commands run in PostgreSQL's passes (drops, type changes, additions, constraints, the rest), each editing the descriptor. What needs
 * the rows waits to the end: one rewrite for all new values, index builds, tests of new constraints.
 */
#ifndef EXECUTOR_DDL_ALTER_TABLE_H
#define EXECUTOR_DDL_ALTER_TABLE_H

#include "executor/ddl/table_build.h"

typedef struct Alter {
    Ddl                *ddl;
    RelationDesc       *rel;      /* the edit */
    const RelationDesc *old;      /* as it was when the statement began: what the stored rows look like */
    TableBuild          build;
    Expr              **values;   /* by new attribute number - 1: over the old row; NULL: the column as it was */
    int32_t             value_capacity;
    bool                rewrite;
    bool                reindex;  /* a changed type: every index is built anew */
    int32_t             not_null_count;
    const char        **not_nulls; /* columns that rows must be tested for */
} Alter;

/* The value of a column in the rewrite. */
void alter_set_value(Alter *alter, int16_t number, Expr *value);
void alter_test_not_null(Alter *alter, const char *column);

/* ADD COLUMN and ALTER COLUMN TYPE (alter_column.c). */
void alter_add_column(Alter *alter, const ColumnDef *def, bool missing_ok);
void alter_column_type(Alter *alter, const char *name, const AlterColumnType *change);

/* Rewrites the table's rows and builds its indexes anew, where the commands asked for it (alter_rewrite.c). */
void alter_rewrite(Alter *alter);

#endif
