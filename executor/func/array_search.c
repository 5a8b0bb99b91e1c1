/*
 * array_search.c - where in an array a value stands: array_position, array_positions.
 */
#include "executor/func/array_func.h"
#include "executor/func/kernels.h"

/* The searched value of a row, beside the array it is searched in. */
typedef struct Search {
    ArrayView       array;
    const TypeInfo *element;
    Datum           value;
    bool            valid;
} Search;

/* False: the array is NULL. */
static bool search_begin(const KernelCall *call, int32_t row, Search *search)
{
    if (!array_arg(call, 0, row, &search->array))
        return false;
    if (search->array.dimension_count > 1)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "searching for elements in multidimensional arrays is not supported");
    search->valid = vector_datum(call->args[1], row, &search->value);
    if (search->element == NULL || search->element->oid != search->array.element)
        search->element = element_with_equality(call->session, call->ctx->arena, search->array.element);
    return true;
}

/* NULL is found by NULL. */
static bool search_matches(const Search *search, int32_t at)
{
    Datum value;
    bool  valid = array_get(&search->array, at, &value);

    return valid == search->valid && (!valid || search->element->compare(search->element, &value, &search->value) == 0);
}

static void position_run(KernelCall *call)
{
    Search search = {0};

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t from = INT64_MIN;
        int32_t at = 0;

        if (!search_begin(call, row, &search) || search.array.count == 0) {
            kernel_set_null(call, row);
            continue;
        }
        if (call->arg_count > 2) {
            if (!vector_is_valid(call->args[2], row) && (search.valid || search.array.nulls != NULL))
                raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "initial position must not be null");
            from = VECTOR_DATA(call->args[2], int32_t)[row];
        }
        for (at = (int32_t)MIN(MAX(from - search.array.lower[0], 0), search.array.count); at < search.array.count; at++)
            if (search_matches(&search, at))
                break;
        if (at < search.array.count)
            VECTOR_DATA(call->result, int32_t)[row] = search.array.lower[0] + at;
        else
            kernel_set_null(call, row);
    });
}

static void positions_run(KernelCall *call)
{
    Search search = {0};
    Arena *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        ElementList found = {.element = TYPE_INT4, .phys = PHYS_INT32};

        if (!search_begin(call, row, &search)) {
            kernel_set_null(call, row);
            continue;
        }
        for (int32_t i = 0; i < search.array.count; i++)
            if (search_matches(&search, i))
                element_list_add(&found, arena, &(Datum){.int32 = search.array.lower[0] + i}, false);
        VECTOR_DATA(call->result, Slice)[row] = array_build_list(arena, TYPE_INT4, PHYS_INT32, found.values, found.nulls, found.count);
    });
}

const KernelEntry array_search_kernels[] = {
    {.proc = 3277, .run = position_run},
    {.proc = 3278, .run = position_run},
    {.proc = 3279, .run = positions_run},
    {0},
};
