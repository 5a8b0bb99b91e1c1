/*
 * array_agg.c - array_agg of values and of arrays; min and max of arrays.
 */
#include "executor/func/array_func.h"
#include "executor/func/kernels.h"

/* ---- array_agg(anynonarray): NULLs are elements --------------------------------------------------------------------------- */

static void keep_value(ElementList *list, Arena *arena, const Datum *value, bool is_null)
{
    Datum copy = {.int64 = 0};

    if (!is_null)
        datum_copy(list->phys, arena, value, &copy);
    element_list_add(list, arena, &copy, is_null);
}

static void values_update(AggCall *call)
{
    const Vector *values = call->args[0];

    FOR_EACH_ROW(call->sel, call->count, row, {
        ElementList *list = agg_state(call, row);
        Datum        value;
        bool         valid = vector_datum(values, row, &value);

        list->element = call->arg_types != NULL ? call->arg_types[0] : values->type;
        list->phys = values->phys;
        keep_value(list, call->arena, &value, !valid);
    });
}

static void values_combine(AggCall *call, void *into, const void *from)
{
    ElementList       *list = into;
    const ElementList *more = from;

    if (more->count == 0)
        return;
    list->element = more->element;
    list->phys = more->phys;
    for (int32_t i = 0; i < more->count; i++)
        keep_value(list, call->arena, &more->values[i], more->nulls[i]);
}

static bool values_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const ElementList *list = state;

    (void)call;
    if (list->count == 0)
        return false;
    out->bytes = array_build_list(arena, list->element, list->phys, list->values, list->nulls, list->count);
    return true;
}

/* ---- array_agg(anyarray): one dimension more --------------------------------------------------------------------------- */

typedef struct Stack {
    ElementList list;
    int32_t     arrays; /* taken so far */
    int32_t     dimension_count; /* of each */
    int32_t     lengths[ARRAY_MAX_DIMENSIONS];
    int32_t     lower[ARRAY_MAX_DIMENSIONS];
} Stack;

static void check_stackable(const Stack *stack, const ArrayView *array)
{
    bool same = stack->dimension_count == array->dimension_count;

    if (stack->arrays == 0) {
        if (array->count == 0)
            raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "cannot accumulate empty arrays");
        if (array->dimension_count == ARRAY_MAX_DIMENSIONS)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                        array->dimension_count + 1, ARRAY_MAX_DIMENSIONS);
        return;
    }
    for (int32_t i = 0; same && i < stack->dimension_count; i++)
        same = stack->lengths[i] == array->lengths[i] && stack->lower[i] == array->lower[i];
    if (!same)
        raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "cannot accumulate arrays of different dimensionality");
}

static void stack_array(Stack *stack, Arena *arena, Slice bytes)
{
    ArrayView array = array_view(bytes);
    ElementList *list = &stack->list;

    check_stackable(stack, &array);
    if (stack->arrays == 0) {
        list->element = array.element;
        list->phys = array.phys;
        stack->dimension_count = array.dimension_count;
        memcpy(stack->lengths, array.lengths, sizeof stack->lengths);
        memcpy(stack->lower, array.lower, sizeof stack->lower);
    }
    for (int32_t i = 0; i < array.count; i++) {
        Datum value;
        bool  valid = array_get(&array, i, &value);

        keep_value(list, arena, &value, !valid);
    }
    stack->arrays++;
}

static void arrays_update(AggCall *call)
{
    const Vector *arrays = call->args[0];

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!vector_is_valid(arrays, row))
            raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "cannot accumulate null arrays");
        stack_array(agg_state(call, row), call->arena, VECTOR_DATA(arrays, Slice)[row]);
    });
}

static Slice stack_as_array(const Stack *stack, Arena *arena)
{
    int32_t lengths[ARRAY_MAX_DIMENSIONS + 1] = {stack->arrays}, lower[ARRAY_MAX_DIMENSIONS + 1] = {1};

    memcpy(lengths + 1, stack->lengths, sizeof stack->lengths);
    memcpy(lower + 1, stack->lower, sizeof stack->lower);
    return element_list_array(&stack->list, arena, stack->dimension_count + 1, lengths, lower);
}

static void arrays_combine(AggCall *call, void *into, const void *from)
{
    Stack       *stack = into;
    const Stack *more = from;

    if (more->arrays == 0)
        return;
    if (stack->arrays == 0) {
        *stack = *more;
        stack->list = (ElementList){.element = more->list.element, .phys = more->list.phys};
        stack->arrays = 0;
    } else {
        ArrayView shape = {.dimension_count = more->dimension_count, .count = 1};

        memcpy(shape.lengths, more->lengths, sizeof shape.lengths);
        memcpy(shape.lower, more->lower, sizeof shape.lower);
        check_stackable(stack, &shape);
    }
    for (int32_t i = 0; i < more->list.count; i++)
        keep_value(&stack->list, call->arena, &more->list.values[i], more->list.nulls[i]);
    stack->arrays += more->arrays;
}

static bool arrays_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const Stack *stack = state;

    (void)call;
    if (stack->arrays == 0)
        return false;
    out->bytes = stack_as_array(stack, arena);
    return true;
}

/* ---- min, max ------------------------------------------------------------------------------------------------------------ */

typedef struct Extreme {
    bool  any;
    Slice array;
} Extreme;

static void extreme_take(AggCall *call, Extreme *extreme, Slice array, int sign)
{
    if (extreme->any) {
        ArrayView a = array_view(array), b = array_view(extreme->array);

        if (array_compare(element_with_order(call->session, call->arena, a.element), &a, &b) * sign <= 0)
            return;
    }
    extreme->any = true;
    extreme->array = arena_copy(call->arena, array);
}

#define DEFINE_EXTREME(name, sign)                                                                            \
    static void name##_update(AggCall *call)                                                                  \
    {                                                                                                         \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                           \
            if (vector_is_valid(call->args[0], row))                                                          \
                extreme_take(call, agg_state(call, row), VECTOR_DATA(call->args[0], Slice)[row], sign);       \
        });                                                                                                   \
    }                                                                                                         \
    static void name##_combine(AggCall *call, void *into, const void *from)                                   \
    {                                                                                                         \
        const Extreme *more = from;                                                                           \
                                                                                                              \
        if (more->any)                                                                                        \
            extreme_take(call, into, more->array, sign);                                                      \
    }

DEFINE_EXTREME(max, 1)
DEFINE_EXTREME(min, -1)

static bool extreme_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const Extreme *extreme = state;

    (void)call;
    if (extreme->any)
        out->bytes = arena_copy(arena, extreme->array);
    return extreme->any;
}

const AggEntry array_aggregates[] = {
    {2335, sizeof(ElementList), NULL, values_update, values_combine, values_finish},
    {4053, sizeof(Stack), NULL, arrays_update, arrays_combine, arrays_finish},
    {2050, sizeof(Extreme), NULL, max_update, max_combine, extreme_finish},
    {2051, sizeof(Extreme), NULL, min_update, min_combine, extreme_finish},
    {0},
};
