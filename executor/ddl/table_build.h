/*
 * table_build.h - columns and constraints as CREATE TABLE and ALTER TABLE ADD make them.
 *
 * Columns come first (build_column()), so that expressions may speak of all of them; build_finish() then makes defaults, checks,
 * indexes, sequences and foreign keys in the order PostgreSQL does. Nothing is written before ddl_flush().
 */
#ifndef EXECUTOR_DDL_TABLE_BUILD_H
#define EXECUTOR_DDL_TABLE_BUILD_H

#include "executor/ddl/ddl_context.h"
#include "executor/expr.h"

typedef struct PendingConstraint {
    const Constraint *constraint;
    const char       *column; /* of a column constraint; NULL: of the table */
} PendingConstraint;

typedef struct TableBuild {
    Ddl               *ddl;
    RelationDesc      *rel;       /* being made or edited */
    bool               altering;  /* ALTER TABLE: storage exists */
    int32_t            pending_count, pending_capacity;
    PendingConstraint *pending;
    int32_t            index_count, index_capacity;
    RelationDesc     **indexes;   /* made: to be built when altering */
    int32_t            sequence_count, sequence_capacity;
    RelationDesc     **sequences;
    int32_t            check_count, check_capacity;
    const char       **checks;    /* names of CHECK and FOREIGN KEY constraints that existing rows must be tested against */
} TableBuild;

/* Adds a column with its type, collation, NOT NULL and storage group; queues its constraints. Returns it. */
ColumnDesc *build_column(TableBuild *build, const ColumnDef *def);
/* Queues a table constraint. */
void build_constraint(TableBuild *build, const Constraint *constraint);
/* Makes what was queued. */
void build_finish(TableBuild *build);

/* A descriptor for a new relation: oid, name, schema, owner, persistence. Not entered yet. */
RelationDesc *build_relation(Ddl *ddl, const RangeVar *name, char relkind);
/* The row type and its array type of a new relation: sets rel->row_type and row_type_array, and writes both types. */
void build_row_type(Ddl *ddl, RelationDesc *rel);
/* A collation for a column: the one written, the type's, or 0. Raises 42804 for a type without. */
Oid build_collation(Ddl *ddl, const CollateClause *clause, Oid type);

/* What an index is to be like; see index.c. */
typedef struct IndexSpec {
    const char     *name;        /* NULL: chosen */
    const char     *method;      /* NULL: btree */
    const NodeList *params;      /* IndexElem */
    const NodeList *including;   /* IndexElem */
    const Node     *where;
    const NodeList *options;
    bool            unique, primary, nulls_not_distinct, constraint;
    bool            if_not_exists;
} IndexSpec;

/* Makes an index's descriptor and storage, and enters it with its table. NULL: it exists, and IF NOT EXISTS was said. */
RelationDesc *build_index(Ddl *ddl, RelationDesc *table, const IndexSpec *spec);
/* Fills an index from the table's rows. Flushes the edits first. Raises 23505. */
void fill_index(Ddl *ddl, const RelationDesc *table, const RelationDesc *index);

/* A sequence owned by a column: options are CREATE SEQUENCE's. owned_kind 'a' or 'i'. */
RelationDesc *build_owned_sequence(Ddl *ddl, RelationDesc *table, const char *column, Oid type, const NodeList *options, char owned_kind);
/* Stores a bound expression over table's columns: its bytes, its text, and what it depends on (table aside) added to rel. */
Slice store_expression_of(Ddl *ddl, RelationDesc *rel, const RelationDesc *table, const Expr *expr, const char **text_out);
#define store_expression(ddl, rel, expr, text_out) store_expression_of((ddl), (rel), (rel), (expr), (text_out))

/* Tests rows that exist against a NOT NULL, CHECK or FOREIGN KEY constraint (23502, 23514, 23503). Flushes first. */
void verify_not_null(Ddl *ddl, const RelationDesc *rel, const ColumnDesc *column);
void verify_constraint(Ddl *ddl, const RelationDesc *rel, const ConstraintDesc *constraint);

/* Hands a relation, its indexes, owned sequences and row type to another role. */
void ddl_change_owner(Ddl *ddl, RelationDesc *rel, Oid owner);

/* Gives a table or index new storage and drops the old one: TRUNCATE and rewrites. */
void renew_storage(Ddl *ddl, RelationDesc *rel);
void ddl_truncate_relation(Ddl *ddl, const RelationDesc *rel);

#endif
