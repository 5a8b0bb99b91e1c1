/*
 * table_like.h - LIKE in CREATE TABLE: copying columns and what belongs to them from another table.
 */
#ifndef EXECUTOR_DDL_TABLE_LIKE_H
#define EXECUTOR_DDL_TABLE_LIKE_H

#include "executor/ddl/table_build.h"

typedef struct LikeSource {
    const RelationDesc *rel;
    uint32_t            options;
    int16_t            *map; /* attribute number of the source - 1 -> of the new table; 0: dropped */
} LikeSource;

typedef struct TableLike {
    TableBuild *build;
    int32_t     count;
    LikeSource *sources;
} TableLike;

/* Adds the source's columns, at this place among the columns. */
void like_columns(TableLike *like, const TableLikeClause *clause);
/* Once all columns are there: defaults, checks, indexes, identity. */
void like_finish(TableLike *like);

/* CREATE TABLE without the flush: NULL when it exists already and IF NOT EXISTS was said. */
RelationDesc *build_table(Ddl *ddl, const CreateStmt *stmt);

#endif
