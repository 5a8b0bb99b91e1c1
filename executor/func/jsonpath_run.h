/*
 * jsonpath_run.h - following a jsonpath through a document: which items it selects, or whether there are any.
 *
 * Lax and strict mode, unwrapping, errors and their suppression are PostgreSQL 15's. PG15: .keyvalue() numbers objects by where they
 * stand in the document; for objects below the top the numbers are other ones here.
 *
 * Ownership   items found are views into the document or made in the arena.
 * Raises      the SQL/JSON errors (class 22), unless the run is silent; 54001, 53200
 */
#ifndef EXECUTOR_FUNC_JSONPATH_RUN_H
#define EXECUTOR_FUNC_JSONPATH_RUN_H

#include "types/jsonb.h"
#include "types/jsonpath.h"
#include "types/type.h"

/* Items in order. */
typedef struct PathItems {
    Slice  *items;
    size_t  count, capacity;
} PathItems;

typedef enum PathResult { PATH_RESULT_OK, PATH_RESULT_NOT_FOUND, PATH_RESULT_ERROR } PathResult;

typedef struct PathRun {
    const JsonPathTree *tree;
    Slice               document;
    Slice               variables; /* an object; data NULL: none */
    bool                silent;    /* errors give PATH_RESULT_ERROR instead of being raised */
    const TypeContext  *ctx;
} PathRun;

/* Runs the path. found NULL: only whether there is an item. */
PathResult jsonpath_run(const PathRun *run, PathItems *found);

#endif
