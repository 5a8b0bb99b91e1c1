/*
 * array_func.c - opening arrays, types of elements, lists of elements.
 */
#include "executor/func/array_func.h"

#include "executor/analyze/analyze.h"

ArrayView array_view(Slice array)
{
    ArrayView view;

    if (!array_open(array, &view))
        raise_error(SQLSTATE_DATA_CORRUPTED, "array of damaged bytes");
    return view;
}

bool array_arg(const KernelCall *call, int32_t arg, int32_t row, ArrayView *out)
{
    if (!vector_is_valid(call->args[arg], row))
        return false;
    *out = array_view(VECTOR_DATA(call->args[arg], Slice)[row]);
    return true;
}

const TypeInfo *element_info(Session *session, Arena *arena, Oid element)
{
    const TypeInfo *info = type_by_oid(element);

    if (info == NULL && session != NULL)
        info = type_lookup(session, arena, element);
    if (info == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "cache lookup failed for type %u", element);
    return info;
}

const TypeInfo *element_with_equality(Session *session, Arena *arena, Oid element)
{
    const TypeInfo *info = element_info(session, arena, element);

    if (info->compare == NULL)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "could not identify an equality operator for type %s", info->sql_name);
    return info;
}

const TypeInfo *element_with_order(Session *session, Arena *arena, Oid element)
{
    const TypeInfo *info = element_info(session, arena, element);

    if (info->compare == NULL)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "could not identify a comparison function for type %s", info->sql_name);
    return info;
}

void element_list_reserve(ElementList *list, Arena *arena, int32_t extra)
{
    int64_t wanted = (int64_t)list->count + extra;
    int32_t capacity;

    if (wanted <= list->capacity)
        return;
    if (wanted > ARRAY_MAX_ELEMENTS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", ARRAY_MAX_ELEMENTS);
    capacity = (int32_t)MAX(MAX(wanted, 4), MIN((int64_t)list->capacity * 2, ARRAY_MAX_ELEMENTS));
    list->values = arena_grow(arena, list->values, (size_t)list->capacity * sizeof(Datum), (size_t)capacity * sizeof(Datum));
    list->nulls = arena_grow(arena, list->nulls, (size_t)list->capacity * sizeof(bool), (size_t)capacity * sizeof(bool));
    list->capacity = capacity;
}

void element_list_add(ElementList *list, Arena *arena, const Datum *value, bool is_null)
{
    element_list_reserve(list, arena, 1);
    list->values[list->count] = is_null ? (Datum){.int64 = 0} : *value;
    list->nulls[list->count++] = is_null;
}

void element_list_add_array(ElementList *list, Arena *arena, const ArrayView *array)
{
    element_list_reserve(list, arena, array->count);
    for (int32_t i = 0; i < array->count; i++, list->count++)
        list->nulls[list->count] = !array_get(array, i, &list->values[list->count]);
}

Slice element_list_array(const ElementList *list, Arena *arena, int32_t dimension_count, const int32_t *lengths, const int32_t *lower)
{
    if (list->count == 0)
        return array_build_list(arena, list->element, list->phys, NULL, NULL, 0);
    array_check_shape(dimension_count, lengths, lower);
    return array_build(arena, list->element, list->phys, dimension_count, lengths, lower, list->values, list->nulls, list->count);
}
