/*
 * stats.h - what is known of the data: sizes of tables, distinct values of columns.
 *
 * The one place the planner asks. Sizes come from storage; distributions are PostgreSQL's defaults until statistics are gathered.
 *
 * Raises      never
 */
#ifndef EXECUTOR_PLAN_STATS_H
#define EXECUTOR_PLAN_STATS_H

#include "executor/session.h"
#include "storage/table/table.h"

typedef struct TableStats {
    double rows;
    double pages; /* of 8 kB, of the main group */
} TableStats;

TableStats stats_table(Session *session, const RelationDesc *table);

/* Distinct values of a column (attribute number) among rows; 0: not known. */
double stats_distinct(Session *session, const RelationDesc *table, int16_t column, double rows);

/* PostgreSQL's default selectivities. */
#define STATS_DEFAULT_DISTINCT 200.0
#define STATS_INEQUALITY 0.3333333333333333
#define STATS_RANGE 0.005
#define STATS_MATCH 0.005
#define STATS_NULL 0.005
#define STATS_UNKNOWN 0.5

#endif
