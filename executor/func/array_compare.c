/*
 * array_compare.c - arrays beside arrays: = < @> && and the rest; what describes one array: its dimensions, bounds, number of elements.
 */
#include "executor/func/array_func.h"
#include "executor/func/kernels.h"

/* ---- order -------------------------------------------------------------------------------------------------------- */

static void check_same_elements(const ArrayView *a, const ArrayView *b)
{
    if (a->element != b->element)
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "cannot compare arrays of different element types");
}

static bool arrays_equal(const TypeInfo *element, const ArrayView *a, const ArrayView *b)
{
    return a->count == b->count && array_compare_shape(a, b) == 0 && array_compare(element, a, b) == 0;
}

/* statement sees arrays x, y and their element type. lookup: by equality or order, which decides the error. */
#define DEFINE_COMPARISON(kernel, CTYPE, lookup, expression)                                   \
    static void kernel(KernelCall *call)                                                       \
    {                                                                                          \
        CTYPE          *out = VECTOR_DATA(call->result, CTYPE);                                \
        const TypeInfo *element = NULL;                                                        \
                                                                                               \
        FOR_EACH_ROW(call->sel, call->count, row, {                                            \
            ArrayView x = array_view(VECTOR_DATA(call->args[0], Slice)[row]);                  \
            ArrayView y = array_view(VECTOR_DATA(call->args[1], Slice)[row]);                  \
                                                                                               \
            check_same_elements(&x, &y);                                                       \
            if (element == NULL || element->oid != x.element)                                  \
                element = lookup(call->session, call->ctx->arena, x.element);                  \
            out[row] = (CTYPE)(expression);                                                    \
        });                                                                                    \
    }

DEFINE_COMPARISON(eq_run, uint8_t, element_with_equality, arrays_equal(element, &x, &y))
DEFINE_COMPARISON(ne_run, uint8_t, element_with_equality, !arrays_equal(element, &x, &y))
DEFINE_COMPARISON(lt_run, uint8_t, element_with_order, array_compare(element, &x, &y) < 0)
DEFINE_COMPARISON(gt_run, uint8_t, element_with_order, array_compare(element, &x, &y) > 0)
DEFINE_COMPARISON(le_run, uint8_t, element_with_order, array_compare(element, &x, &y) <= 0)
DEFINE_COMPARISON(ge_run, uint8_t, element_with_order, array_compare(element, &x, &y) >= 0)
DEFINE_COMPARISON(compare_run, int32_t, element_with_order, array_compare(element, &x, &y))

/* ---- oidvectors: as the type orders them ------------------------------------------------------------------------------ */

#define DEFINE_OIDVECTOR(kernel, CTYPE, test)                                                                     \
    static void kernel(KernelCall *call)                                                                          \
    {                                                                                                             \
        const TypeInfo *type = type_by_oid(TYPE_OIDVECTOR);                                                       \
        const Slice    *a = VECTOR_DATA(call->args[0], Slice), *b = VECTOR_DATA(call->args[1], Slice);            \
                                                                                                                  \
        FOR_EACH_ROW(call->sel, call->count, row,                                                                 \
                     { VECTOR_DATA(call->result, CTYPE)[row] = (CTYPE)(type->compare(type, &a[row], &b[row]) test); }); \
    }

DEFINE_OIDVECTOR(oidvector_eq_run, uint8_t, == 0)
DEFINE_OIDVECTOR(oidvector_ne_run, uint8_t, != 0)
DEFINE_OIDVECTOR(oidvector_lt_run, uint8_t, < 0)
DEFINE_OIDVECTOR(oidvector_le_run, uint8_t, <= 0)
DEFINE_OIDVECTOR(oidvector_gt_run, uint8_t, > 0)
DEFINE_OIDVECTOR(oidvector_ge_run, uint8_t, >= 0)
DEFINE_OIDVECTOR(oidvector_compare_run, int32_t, +0)

/* ---- the larger, the smaller ---------------------------------------------------------------------------------------------- */

static void larger_or_smaller(KernelCall *call, int sign)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice), *b = VECTOR_DATA(call->args[1], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView x = array_view(a[row]);
        ArrayView y = array_view(b[row]);

        check_same_elements(&x, &y);
        out[row] = array_compare(element_with_order(call->session, call->ctx->arena, x.element), &x, &y) * sign > 0 ? a[row] : b[row];
    });
}

static void larger_run(KernelCall *call)
{
    larger_or_smaller(call, 1);
}

static void smaller_run(KernelCall *call)
{
    larger_or_smaller(call, -1);
}

/* ---- containment: NULLs are equal to nothing; shapes do not count -------------------------------------------------------- */

enum { HASH_FROM = 512 }; /* products of lengths from which a table of hashes is made */

static bool has_element(const TypeInfo *element, const ArrayView *array, const Datum *value)
{
    for (int32_t i = 0; i < array->count; i++) {
        Datum other;

        if (array_get(array, i, &other) && element->compare(element, value, &other) == 0)
            return true;
    }
    return false;
}

/* Open addressing over the elements' numbers + 1. */
typedef struct ElementTable {
    const TypeInfo  *element;
    const ArrayView *array;
    uint32_t         mask;
    int32_t         *slots;
} ElementTable;

static ElementTable table_of(const TypeInfo *element, const ArrayView *array, Arena *arena)
{
    ElementTable table = {.element = element, .array = array};
    uint32_t     size = 16;

    while (size < (uint32_t)array->count * 2)
        size *= 2;
    table.mask = size - 1;
    table.slots = ARENA_ARRAY_ZEROED(arena, size, int32_t);
    for (int32_t i = 0; i < array->count; i++) {
        Datum    value;
        uint32_t at;

        if (!array_get(array, i, &value))
            continue;
        for (at = (uint32_t)element->hash(element, &value) & table.mask; table.slots[at] != 0; at = (at + 1) & table.mask)
            ;
        table.slots[at] = i + 1;
    }
    return table;
}

static bool table_has(const ElementTable *table, const Datum *value)
{
    const TypeInfo *element = table->element;

    for (uint32_t at = (uint32_t)element->hash(element, value) & table->mask; table->slots[at] != 0; at = (at + 1) & table->mask) {
        Datum other;

        if (array_get(table->array, table->slots[at] - 1, &other) && element->compare(element, value, &other) == 0)
            return true;
    }
    return false;
}

/* all: whether every element of small is in large; else whether any is. */
static bool elements_in(const TypeInfo *element, const ArrayView *small, const ArrayView *large, bool all, Arena *arena)
{
    ElementTable table;
    ArenaMark    mark = arena_mark(arena);
    bool         hashed = element->hash != NULL && (int64_t)small->count * large->count >= HASH_FROM && small->count > 2;
    bool         result = all;

    if (hashed)
        table = table_of(element, large, arena);
    for (int32_t i = 0; i < small->count && result == all; i++) {
        Datum value;
        bool  found = array_get(small, i, &value) && (hashed ? table_has(&table, &value) : has_element(element, large, &value));

        if (found != all)
            result = !all;
    }
    arena_rewind(arena, mark);
    return result;
}

DEFINE_COMPARISON(overlap_run, uint8_t, element_with_equality, elements_in(element, &x, &y, false, call->ctx->arena))
DEFINE_COMPARISON(contains_run, uint8_t, element_with_equality, elements_in(element, &y, &x, true, call->ctx->arena))
DEFINE_COMPARISON(contained_run, uint8_t, element_with_equality, elements_in(element, &x, &y, true, call->ctx->arena))

/* ---- shape --------------------------------------------------------------------------------------------------------- */

static void dimensions_text_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView array = array_view(VECTOR_DATA(call->args[0], Slice)[row]);
        StrBuf    text;

        strbuf_init(&text, call->ctx->arena);
        array_format_dimensions(&array, &text);
        VECTOR_DATA(call->result, Slice)[row] = strbuf_slice(&text);
        if (array.count == 0)
            kernel_set_null(call, row);
    });
}

static void dimension_count_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView array = array_view(VECTOR_DATA(call->args[0], Slice)[row]);

        VECTOR_DATA(call->result, int32_t)[row] = array.dimension_count;
        if (array.dimension_count == 0)
            kernel_set_null(call, row);
    });
}

static void cardinality_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row,
                 { VECTOR_DATA(call->result, int32_t)[row] = array_view(VECTOR_DATA(call->args[0], Slice)[row]).count; });
}

/* A number about dimension d (from 0) of an array. */
#define DEFINE_BOUND(kernel, expression)                                                        \
    static void kernel(KernelCall *call)                                                        \
    {                                                                                           \
        FOR_EACH_ROW(call->sel, call->count, row, {                                             \
            ArrayView array = array_view(VECTOR_DATA(call->args[0], Slice)[row]);               \
            int32_t   d = VECTOR_DATA(call->args[1], int32_t)[row];                             \
                                                                                                \
            if (d < 1 || d > array.dimension_count) {                                           \
                kernel_set_null(call, row);                                                     \
                continue;                                                                       \
            }                                                                                   \
            d--;                                                                                \
            VECTOR_DATA(call->result, int32_t)[row] = (expression);                             \
        });                                                                                     \
    }

DEFINE_BOUND(lower_run, array.lower[d])
DEFINE_BOUND(upper_run, array.lower[d] + array.lengths[d] - 1)
DEFINE_BOUND(length_run, array.lengths[d])

const KernelEntry array_compare_kernels[] = {
    {.proc = 744, .run = eq_run},            {.proc = 390, .run = ne_run},
    {.proc = 391, .run = lt_run},            {.proc = 392, .run = gt_run},
    {.proc = 393, .run = le_run},            {.proc = 396, .run = ge_run},
    {.proc = 382, .run = compare_run},       {.proc = 515, .run = larger_run},
    {.proc = 516, .run = smaller_run},       {.proc = 2747, .run = overlap_run},
    {.proc = 2748, .run = contains_run},     {.proc = 2749, .run = contained_run},
    {.proc = 747, .run = dimensions_text_run}, {.proc = 748, .run = dimension_count_run},
    {.proc = 3179, .run = cardinality_run},  {.proc = 2091, .run = lower_run},
    {.proc = 2092, .run = upper_run},        {.proc = 2176, .run = length_run},
    {.proc = 679, .run = oidvector_eq_run},  {.proc = 619, .run = oidvector_ne_run},
    {.proc = 677, .run = oidvector_lt_run},  {.proc = 678, .run = oidvector_le_run},
    {.proc = 681, .run = oidvector_gt_run},  {.proc = 680, .run = oidvector_ge_run},
    {.proc = 404, .run = oidvector_compare_run},
    {0},
};
