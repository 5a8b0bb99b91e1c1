/*
 * foreign_key.h - referential integrity: rows written are remembered during the statement and checked, or acted upon, at its end.
 *
 * Raises      23503 with PostgreSQL's texts.
 */
#ifndef EXECUTOR_DML_FOREIGN_KEY_H
#define EXECUTOR_DML_FOREIGN_KEY_H

#include "executor/dml/table_writer.h"

/* NULL when the table neither refers nor is referred to. */
ForeignKeys *foreign_keys_new(TableWriter *writer);

/* Rows inserted, or updated in columns of changed (NULL: all). */
void foreign_keys_added(ForeignKeys *keys, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, const uint64_t *changed);

/* Rows deleted (columns NULL), or updated from old to columns. */
void foreign_keys_removed(ForeignKeys *keys, Vector *const *old, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count,
                          const uint64_t *changed);

void foreign_keys_finish(ForeignKeys *keys);

/* Other tables refer to a column of changed. */
bool foreign_keys_referenced(const ForeignKeys *keys, const uint64_t *changed);
bool foreign_keys_any_referenced(const ForeignKeys *keys);

#endif
