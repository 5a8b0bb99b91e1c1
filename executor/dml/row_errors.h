/*
 * row_errors.h - errors about one row: what was wrong, and the row itself in the DETAIL.
 */
#ifndef EXECUTOR_DML_ROW_ERRORS_H
#define EXECUTOR_DML_ROW_ERRORS_H

#include "executor/exec/operator.h"

/* "Failing row contains (1, null, abc)." */
void error_failing_row(Error *err, ExecState *state, const RelationDesc *table, Vector *const *columns, int32_t row, Arena *arena);

noreturn void raise_not_null(ExecState *state, const RelationDesc *table, int32_t column, Vector *const *columns, int32_t row, Arena *arena);
noreturn void raise_check(ExecState *state, const RelationDesc *table, const char *name, Vector *const *columns, int32_t row, Arena *arena);

/* The schema's name of a relation, for error_object(). */
const char *relation_schema_name(ExecState *state, const RelationDesc *table, Arena *arena);

/* "(a, b)=(1, x)" of some columns of a row. */
const char *describe_key(ExecState *state, const RelationDesc *table, const int16_t *attributes, int32_t count, Vector *const *values, int32_t row, Arena *arena);

#endif
