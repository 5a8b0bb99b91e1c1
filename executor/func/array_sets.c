/*
 * array_sets.c - arrays as rows: unnest, generate_subscripts.
 */
#include "executor/func/array_func.h"
#include "executor/func/kernels.h"

/* ---- unnest --------------------------------------------------------------------------------------------------------- */

typedef struct Unnest {
    ArrayView array;
    int32_t   at;
} Unnest;

static void unnest_start(SetCall *call)
{
    Unnest *unnest = ARENA_NEW(call->arena, Unnest);

    unnest->array = array_view(call->args[0].bytes);
    call->state = unnest;
}

static int32_t unnest_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    Unnest *unnest = call->state;
    Vector *out = outputs[0];
    int32_t count = MIN(max_rows, unnest->array.count - unnest->at);

    (void)batch_arena;
    (void)output_count;
    for (int32_t i = 0; i < count; i++) {
        Datum value;

        if (array_get(&unnest->array, unnest->at + i, &value))
            datum_store(out->phys, vector_element(out, i), &value);
        else
            bitmap_clear(out->validity, i);
    }
    unnest->at += count;
    return count;
}

/* ---- generate_subscripts ---------------------------------------------------------------------------------------------- */

typedef struct Subscripts {
    int32_t next, left, step;
} Subscripts;

static void subscripts_start(SetCall *call)
{
    Subscripts *subscripts = ARENA_NEW(call->arena, Subscripts);
    ArrayView   array = array_view(call->args[0].bytes);
    int32_t     d = call->args[1].int32 - 1;
    bool        backwards = call->arg_count > 2 && call->args[2].boolean;

    call->state = subscripts;
    if (d < 0 || d >= array.dimension_count)
        return;
    subscripts->left = array.lengths[d];
    subscripts->step = backwards ? -1 : 1;
    subscripts->next = backwards ? array.lower[d] + array.lengths[d] - 1 : array.lower[d];
}

static int32_t subscripts_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    Subscripts *subscripts = call->state;
    int32_t     count = MIN(max_rows, subscripts->left);

    (void)batch_arena;
    (void)output_count;
    for (int32_t i = 0; i < count; i++)
        VECTOR_DATA(outputs[0], int32_t)[i] = subscripts->next + i * subscripts->step;
    subscripts->next += count * subscripts->step;
    subscripts->left -= count;
    return count;
}

const SetEntry array_sets[] = {
    {2331, unnest_start, unnest_next},
    {1191, subscripts_start, subscripts_next},
    {1192, subscripts_start, subscripts_next},
    {0},
};
