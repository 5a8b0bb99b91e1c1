/*
 * jsonpath.c - functions and operators over jsonpath: @?, @@, jsonb_path_exists, _match, _query, _query_array, _query_first.
 */
#include "base/error.h"
#include "executor/func/jsonpath_run.h"
#include "executor/func/kernels.h"
#include "types/jsonb_build.h"

/* ---- arguments --------------------------------------------------------------------------------------------------- */

/* A constant path is parsed once per call site. */
static void *path_prepare(const KernelPrepare *prepare)
{
    JsonPathTree *tree;

    if (prepare->constants[1] == NULL)
        return NULL;
    tree = ARENA_NEW(prepare->arena, JsonPathTree);
    jsonpath_parse(arena_copy(prepare->arena, prepare->constants[1]->bytes), prepare->arena, tree);
    return tree;
}

/* The run of a row. The operators have two arguments only, and are silent. */
static PathRun run_of_row(const KernelCall *call, int32_t row, JsonPathTree *space)
{
    PathRun run = {.tree = call->state, .document = VECTOR_DATA(call->args[0], Slice)[row], .silent = true, .ctx = call->ctx};

    if (run.tree == NULL) {
        jsonpath_parse(VECTOR_DATA(call->args[1], Slice)[row], call->ctx->arena, space);
        run.tree = space;
    }
    if (call->arg_count > 2) {
        run.variables = VECTOR_DATA(call->args[2], Slice)[row];
        run.silent = VECTOR_DATA(call->args[3], uint8_t)[row];
    }
    return run;
}

/* ---- kernels ----------------------------------------------------------------------------------------------------- */

static void exists_run(KernelCall *call)
{
    uint8_t *out = VECTOR_DATA(call->result, uint8_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        JsonPathTree space;
        PathRun      run = run_of_row(call, row, &space);
        PathResult   result = jsonpath_run(&run, NULL);

        if (result == PATH_RESULT_ERROR)
            kernel_set_null(call, row);
        else
            out[row] = result == PATH_RESULT_OK;
    });
}

static void match_run(KernelCall *call)
{
    uint8_t *out = VECTOR_DATA(call->result, uint8_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        JsonPathTree space;
        PathRun      run = run_of_row(call, row, &space);
        PathItems    found = {0};
        JsonbKind    kind;

        jsonpath_run(&run, &found); /* PG15: what was found before an error counts */
        kind = found.count == 1 ? jsonb_kind(found.items[0]) : JSONB_INVALID;

        if (kind == JSONB_BOOL) {
            out[row] = jsonb_bool(found.items[0]);
            continue;
        }
        if (kind != JSONB_NULL && !run.silent)
            raise_error(SQLSTATE_SINGLETON_SQL_JSON_ITEM_REQUIRED, "single boolean result is expected");
        kernel_set_null(call, row);
    });
}

static void query_first_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        JsonPathTree space;
        PathRun      run = run_of_row(call, row, &space);
        PathItems    found = {0};

        jsonpath_run(&run, &found);
        if (found.count > 0)
            out[row] = found.items[0];
        else
            kernel_set_null(call, row);
    });
}

static void query_array_run(KernelCall *call)
{
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        JsonPathTree space;
        PathRun      run = run_of_row(call, row, &space);
        PathItems    found = {0};

        jsonpath_run(&run, &found);
        jsonb_begin_array(&builder);
        for (size_t i = 0; i < found.count; i++)
            jsonb_add_node(&builder, found.items[i]);
        jsonb_end_array(&builder);
        out[row] = jsonb_finish(&builder);
    });
}

/* ---- the set ----------------------------------------------------------------------------------------------------- */

typedef struct QuerySet {
    PathItems found;
    size_t    at;
} QuerySet;

static void query_start(SetCall *call)
{
    QuerySet    *set = ARENA_NEW(call->arena, QuerySet);
    TypeContext  ctx = *call->ctx;
    JsonPathTree tree;
    PathRun      run = {.tree = &tree, .document = call->args[0].bytes, .ctx = &ctx};

    ctx.arena = call->arena;
    jsonpath_parse(call->args[1].bytes, call->arena, &tree);
    run.variables = call->args[2].bytes;
    run.silent = call->args[3].boolean;
    jsonpath_run(&run, &set->found);
    call->state = set;
}

static int32_t query_next(SetCall *call, Arena *arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    QuerySet *set = call->state;
    int32_t   rows = 0;

    (void)arena;
    (void)output_count;
    while (rows < max_rows && set->at < set->found.count)
        VECTOR_DATA(outputs[0], Slice)[rows++] = set->found.items[set->at++];
    return rows;
}

const KernelEntry jsonpath_kernels[] = {
    {4005, exists_run, path_prepare},
    {4007, query_array_run, path_prepare},
    {4008, query_first_run, path_prepare},
    {4009, match_run, path_prepare},
    {4010, exists_run, path_prepare}, /* @? */
    {4011, match_run, path_prepare},  /* @@ */
    {1177, exists_run, path_prepare}, /* the _tz forms differ in .datetime() only */
    {1180, query_array_run, path_prepare},
    {2023, query_first_run, path_prepare},
    {2030, match_run, path_prepare},
    {0, NULL, NULL},
};

const SetEntry jsonpath_sets[] = {
    {4006, query_start, query_next},
    {1179, query_start, query_next},
    {0},
};
