/*
 * array_change.c - arrays made from arrays: append, prepend, concatenate, remove, replace, fill, trim.
 */
#include "executor/func/array_func.h"
#include "executor/func/kernels.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- one element more ---------------------------------------------------------------------------------------------- */

/* The array of a row as a list, with one dimension at most; an empty list of the element's type for NULL. Returns its lower bound. */
static int32_t open_list(const KernelCall *call, int32_t array_arg_at, int32_t element_arg, int32_t row, ElementList *list)
{
    const Vector *element = call->args[element_arg];
    ArrayView     array;

    *list = (ElementList){.element = element->type, .phys = element->phys};
    if (!array_arg(call, array_arg_at, row, &array))
        return 1;
    if (array.dimension_count > 1)
        raise_error(SQLSTATE_DATA_EXCEPTION, "argument must be empty or one-dimensional array");
    list->element = array.element;
    list->phys = array.phys;
    element_list_reserve(list, call->ctx->arena, array.count + 1);
    return array.dimension_count == 0 ? 1 : array.lower[0];
}

static void append_run(KernelCall *call)
{
    Arena *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        ElementList list;
        ArrayView   array;
        Datum       value;
        int32_t     lower = open_list(call, 0, 1, row, &list);
        bool        valid = vector_datum(call->args[1], row, &value);

        if (array_arg(call, 0, row, &array))
            element_list_add_array(&list, arena, &array);
        element_list_add(&list, arena, &value, !valid);
        VECTOR_DATA(call->result, Slice)[row] = element_list_array(&list, arena, 1, &list.count, &lower);
    });
}

static void prepend_run(KernelCall *call)
{
    Arena *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        ElementList list;
        ArrayView   array;
        Datum       value;
        int32_t     lower = open_list(call, 1, 0, row, &list);
        bool        valid = vector_datum(call->args[0], row, &value);

        if (lower == INT32_MIN)
            raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
        element_list_add(&list, arena, &value, !valid);
        if (array_arg(call, 1, row, &array))
            element_list_add_array(&list, arena, &array);
        VECTOR_DATA(call->result, Slice)[row] = element_list_array(&list, arena, 1, &list.count, &lower);
    });
}

/* ---- concatenation --------------------------------------------------------------------------------------------------- */

static noreturn void PRINTF_LIKE(1, 2) raise_incompatible(const char *format, ...)
{
    Error  *err = error_new(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "cannot concatenate incompatible arrays");
    char    detail[160];
    va_list args;

    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    error_detail(err, "%s", detail);
    error_raise(err);
}

/* Whether part, seen as one more element of whole, has the shape of whole's elements. */
static void check_part(const ArrayView *whole, const ArrayView *part)
{
    for (int32_t i = 0; i < part->dimension_count; i++)
        if (whole->lengths[i + 1] != part->lengths[i] || whole->lower[i + 1] != part->lower[i])
            raise_incompatible("Arrays with differing dimensions are not compatible for concatenation.");
}

static Slice concatenate(const ArrayView *a, const ArrayView *b, Arena *arena)
{
    ElementList      list = {.element = a->element, .phys = a->phys};
    const ArrayView *shape = a->dimension_count >= b->dimension_count ? a : b;
    int32_t          lengths[ARRAY_MAX_DIMENSIONS];

    memcpy(lengths, shape->lengths, sizeof lengths);
    if (abs(a->dimension_count - b->dimension_count) > 1)
        raise_incompatible("Arrays of %d and %d dimensions are not compatible for concatenation.", a->dimension_count, b->dimension_count);
    if (a->dimension_count == b->dimension_count) {
        for (int32_t i = 1; i < a->dimension_count; i++)
            if (a->lengths[i] != b->lengths[i] || a->lower[i] != b->lower[i])
                raise_incompatible("Arrays with differing element dimensions are not compatible for concatenation.");
        lengths[0] = (int32_t)MIN((int64_t)a->lengths[0] + b->lengths[0], INT32_MAX);
    } else {
        check_part(shape, shape == a ? b : a);
        lengths[0]++;
    }
    element_list_add_array(&list, arena, a);
    element_list_add_array(&list, arena, b);
    return element_list_array(&list, arena, shape->dimension_count, lengths, shape->lower);
}

static void concatenate_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);
    Arena *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView a, b;
        bool      has_a = array_arg(call, 0, row, &a), has_b = array_arg(call, 1, row, &b);

        if (!has_a && !has_b) {
            kernel_set_null(call, row);
            continue;
        }
        if (has_a && has_b && a.element != b.element)
            raise_incompatible("Arrays with element types %s and %s are not compatible for concatenation.",
                               type_format(arena, a.element, -1), type_format(arena, b.element, -1));
        if (!has_b || (has_a && b.dimension_count == 0))
            out[row] = VECTOR_DATA(call->args[0], Slice)[row];
        else if (!has_a || a.dimension_count == 0)
            out[row] = VECTOR_DATA(call->args[1], Slice)[row];
        else
            out[row] = concatenate(&a, &b, arena);
    });
}

/* ---- remove, replace --------------------------------------------------------------------------------------------------- */

static void remove_or_replace(KernelCall *call, bool removes)
{
    Slice          *out = VECTOR_DATA(call->result, Slice);
    Arena          *arena = call->ctx->arena;
    const TypeInfo *element = NULL;

    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView   array;
        ElementList list = {0};
        Datum       search, other = {.int64 = 0};
        bool        has_search, has_other = false;

        if (!array_arg(call, 0, row, &array)) {
            kernel_set_null(call, row);
            continue;
        }
        if (element == NULL || element->oid != array.element)
            element = element_with_equality(call->session, arena, array.element);
        if (removes && array.dimension_count > 1)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "removing elements from multidimensional arrays is not supported");
        has_search = vector_datum(call->args[1], row, &search);
        if (!removes)
            has_other = vector_datum(call->args[2], row, &other);
        list.element = array.element;
        list.phys = array.phys;
        element_list_reserve(&list, arena, array.count);
        for (int32_t i = 0; i < array.count; i++) {
            Datum value;
            bool  valid = array_get(&array, i, &value);
            bool  found = valid == has_search && (!valid || element->compare(element, &value, &search) == 0);

            if (!found)
                element_list_add(&list, arena, &value, !valid);
            else if (!removes)
                element_list_add(&list, arena, &other, !has_other);
        }
        out[row] = element_list_array(&list, arena, array.dimension_count, removes ? &list.count : array.lengths, array.lower);
    });
}

static void remove_run(KernelCall *call)
{
    remove_or_replace(call, true);
}

static void replace_run(KernelCall *call)
{
    remove_or_replace(call, false);
}

/* ---- fill, trim ---------------------------------------------------------------------------------------------------------- */

static noreturn void raise_wrong_subscripts(const char *detail)
{
    Error *err = error_new(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "wrong number of array subscripts");

    error_detail(err, "%s", detail);
    error_raise(err);
}

/* The numbers of an int[] of one dimension; numbers has room for ARRAY_MAX_DIMENSIONS, which more than that raise. */
static int32_t read_subscripts(const ArrayView *array, int32_t *numbers)
{
    if (array->dimension_count > 1)
        raise_wrong_subscripts("Dimension array must be one dimensional.");
    if (array->nulls != NULL)
        raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "dimension values cannot be null");
    for (int32_t i = 0; i < MIN(array->count, ARRAY_MAX_DIMENSIONS); i++) {
        Datum value;

        numbers[i] = array_get(array, i, &value) ? value.int32 : 0;
    }
    return array->count;
}

static Slice filled(const Vector *element, const Datum *value, bool is_null, int32_t dimension_count, const int32_t *lengths,
                    const int32_t *lower, Arena *arena)
{
    ElementList list = {.element = element->type, .phys = element->phys};
    int32_t     count = array_check_shape(dimension_count, lengths, lower);

    element_list_reserve(&list, arena, count);
    for (int32_t i = 0; i < count; i++)
        element_list_add(&list, arena, value, is_null);
    return element_list_array(&list, arena, dimension_count, lengths, lower);
}

static void fill_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t   lengths[ARRAY_MAX_DIMENSIONS], lower[ARRAY_MAX_DIMENSIONS] = {1, 1, 1, 1, 1, 1}, count;
        ArrayView array, bounds;
        Datum     value;
        bool      valid = vector_datum(call->args[0], row, &value);

        if (!array_arg(call, 1, row, &array) || (call->arg_count > 2 && !array_arg(call, 2, row, &bounds)))
            raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "dimension array or low bound array cannot be null");
        count = read_subscripts(&array, lengths);
        if (count > ARRAY_MAX_DIMENSIONS)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)", count,
                        ARRAY_MAX_DIMENSIONS);
        if (call->arg_count > 2 && read_subscripts(&bounds, lower) != count)
            raise_wrong_subscripts("Low bound array has different size than dimensions array.");
        VECTOR_DATA(call->result, Slice)[row] = filled(call->args[0], &value, !valid, count, lengths, lower, call->ctx->arena);
    });
}

static void trim_run(KernelCall *call)
{
    Arena *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView   array = array_view(VECTOR_DATA(call->args[0], Slice)[row]);
        int32_t     cut = VECTOR_DATA(call->args[1], int32_t)[row];
        int32_t     length = array.dimension_count > 0 ? array.lengths[0] : 0;
        int32_t     ones[ARRAY_MAX_DIMENSIONS] = {1, 1, 1, 1, 1, 1};
        ElementList list = {.element = array.element, .phys = array.phys};

        if (cut < 0 || cut > length)
            raise_error(SQLSTATE_ARRAY_ELEMENT_ERROR, "number of elements to trim must be between 0 and %d", length);
        if (length > 0) {
            element_list_add_array(&list, arena, &array);
            list.count -= array.count / length * cut;
            array.lengths[0] -= cut;
        }
        VECTOR_DATA(call->result, Slice)[row] = element_list_array(&list, arena, array.dimension_count, array.lengths, ones);
    });
}

const KernelEntry array_change_kernels[] = {
    {.proc = 378, .run = append_run},   {.proc = 379, .run = prepend_run},  {.proc = 383, .run = concatenate_run},
    {.proc = 3167, .run = remove_run},  {.proc = 3168, .run = replace_run}, {.proc = 1193, .run = fill_run},
    {.proc = 1286, .run = fill_run},    {.proc = 6172, .run = trim_run},    {0},
};
