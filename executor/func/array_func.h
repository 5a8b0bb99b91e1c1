/*
 * array_func.h - what the functions over arrays share: opening arguments, types of elements, lists of elements being put together.
 *
 * Raises  42883 where elements have no equality or order, XX001 for damaged arrays, 53200, 54000
 */
#ifndef EXECUTOR_FUNC_ARRAY_FUNC_H
#define EXECUTOR_FUNC_ARRAY_FUNC_H

#include "base/error.h"
#include "executor/func/registry.h"
#include "types/array_type.h"

/* The view of an array; raises XX001. */
ArrayView array_view(Slice array);

/* The array in a row of argument arg; false when it is NULL. */
bool array_arg(const KernelCall *call, int32_t arg, int32_t row, ArrayView *out);

/* Any type, the catalog's included; raises XX000 when there is none. */
const TypeInfo *element_info(Session *session, Arena *arena, Oid element);

/* Those whose values can be told apart, put in order: 42883 for others. */
const TypeInfo *element_with_equality(Session *session, Arena *arena, Oid element);
const TypeInfo *element_with_order(Session *session, Arena *arena, Oid element);

/* Elements on their way to or from an array: as many values as NULL flags. */
typedef struct ElementList {
    Oid      element;
    PhysType phys;
    int32_t  count;
    int32_t  capacity;
    Datum   *values;
    bool    *nulls;
} ElementList;

/* Room for extra more; what is there stays. */
void element_list_reserve(ElementList *list, Arena *arena, int32_t extra);
void element_list_add(ElementList *list, Arena *arena, const Datum *value, bool is_null);

/* All elements of an array at the end of the list; views into the array. */
void element_list_add_array(ElementList *list, Arena *arena, const ArrayView *array);

/* An array of the list's elements; the empty one when there are none. */
Slice element_list_array(const ElementList *list, Arena *arena, int32_t dimension_count, const int32_t *lengths, const int32_t *lower);

/* The value of a row, whether NULL or not. */
static inline bool vector_datum(const Vector *vector, int32_t row, Datum *out)
{
    memset(out, 0, sizeof *out);
    if (!vector_is_valid(vector, row))
        return false;
    datum_load(vector->phys, vector_element(vector, row), out);
    return true;
}

#endif
