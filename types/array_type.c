/*
 * array_type.c - the operations of array types: binary form, order, hash, keys. The text form is in array_text.c.
 */
#include "types/array_type.h"

#include "base/hash.h"
#include "types/array_text.h"
#include "types/io.h"
#include "types/key.h"

int32_t array_check_shape(int32_t dimension_count, const int32_t *lengths, const int32_t *lower)
{
    int64_t count = dimension_count > 0 ? 1 : 0;

    for (int32_t i = 0; i < dimension_count; i++) {
        if (lengths[i] < 0)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", ARRAY_MAX_ELEMENTS);
        count *= lengths[i];
        if (count > INT32_MAX)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", ARRAY_MAX_ELEMENTS);
    }
    if (count > ARRAY_MAX_ELEMENTS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", ARRAY_MAX_ELEMENTS);
    for (int32_t i = 0; i < dimension_count; i++) {
        int32_t end;

        if (__builtin_add_overflow(lower[i], lengths[i], &end))
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array lower bound is too large: %d", lower[i]);
    }
    return (int32_t)count;
}

const TypeInfo *array_element_type(const TypeInfo *type, Oid element)
{
    if (type->element_type != NULL)
        return type->element_type;
    return type_by_oid(element != 0 ? element : type->element);
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

int array_compare_shape(const ArrayView *a, const ArrayView *b)
{
    if (a->dimension_count != b->dimension_count)
        return a->dimension_count < b->dimension_count ? -1 : 1;
    for (int32_t i = 0; i < a->dimension_count; i++)
        if (a->lengths[i] != b->lengths[i])
            return a->lengths[i] < b->lengths[i] ? -1 : 1;
    for (int32_t i = 0; i < a->dimension_count; i++)
        if (a->lower[i] != b->lower[i])
            return a->lower[i] < b->lower[i] ? -1 : 1;
    return 0;
}

int array_compare(const TypeInfo *element, const ArrayView *a, const ArrayView *b)
{
    int32_t common = MIN(a->count, b->count);

    for (int32_t i = 0; i < common; i++) {
        Datum x, y;
        bool  has_x = array_get(a, i, &x), has_y = array_get(b, i, &y);
        int   order;

        if (has_x != has_y)
            return has_x ? -1 : 1; /* NULLs last */
        if (!has_x)
            continue;
        order = element->compare(element, &x, &y);
        if (order != 0)
            return order;
    }
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    return array_compare_shape(a, b);
}

/* Bytes that are no array count as the empty one, since an order cannot raise. */
static ArrayView view_of(const void *element)
{
    ArrayView view;

    if (!array_open(*(const Slice *)element, &view))
        view = (ArrayView){0};
    return view;
}

static int any_compare(const TypeInfo *type, const void *a, const void *b)
{
    ArrayView       x = view_of(a), y = view_of(b);
    const TypeInfo *element = array_element_type(type, x.element);

    if (x.element != y.element)
        return x.element < y.element ? -1 : 1;
    if (element == NULL || element->compare == NULL)
        return slice_compare(*(const Slice *)a, *(const Slice *)b);
    return array_compare(element, &x, &y);
}

uint64_t array_hash(const TypeInfo *element, const ArrayView *array)
{
    uint64_t hash = 1;

    for (int32_t i = 0; i < array->count; i++) {
        Datum value;

        hash = hash_combine(hash, array_get(array, i, &value) ? element->hash(element, &value) : 0);
    }
    return hash;
}

static uint64_t any_hash(const TypeInfo *type, const void *value)
{
    ArrayView       view = view_of(value);
    const TypeInfo *element = array_element_type(type, view.element);

    if (element == NULL || element->hash == NULL)
        return hash_slice(*(const Slice *)value);
    return array_hash(element, &view);
}

/* ---- keys: 1 and the element's key, 2 for NULL, 0 at the end; then what array_compare_shape() looks at ----------------- */

static void any_key(const TypeInfo *type, const void *value, StrBuf *out)
{
    ArrayView       view = view_of(value);
    const TypeInfo *element = array_element_type(type, view.element);

    for (int32_t i = 0; i < view.count; i++) {
        Datum item;

        if (array_get(&view, i, &item)) {
            key_put_u8(out, 1);
            if (element != NULL && element->encode_key != NULL)
                element->encode_key(element, &item, out);
        } else {
            key_put_u8(out, 2);
        }
    }
    key_put_u8(out, 0);
    key_put_u8(out, (uint8_t)view.dimension_count);
    for (int32_t i = 0; i < view.dimension_count; i++)
        key_put_i32(out, view.lengths[i]);
    for (int32_t i = 0; i < view.dimension_count; i++)
        key_put_i32(out, view.lower[i]);
}

/* ---- binary form -------------------------------------------------------------------------------------------------- */

static noreturn void raise_short(void)
{
    raise_error(SQLSTATE_PROTOCOL_VIOLATION, "insufficient data left in message");
}

static uint32_t take_u32(Slice *wire)
{
    uint32_t value;

    if (wire->size < 4)
        raise_short();
    value = get_be32(wire->data);
    *wire = slice_of(wire->data + 4, wire->size - 4);
    return value;
}

static void check_element(Oid found, Oid expected, Arena *arena)
{
    if (found != expected)
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "binary data has array element type %u (%s) instead of expected %u (%s)", found,
                    type_format(arena, found, -1), expected, type_format(arena, expected, -1));
}

static void receive_elements(const TypeInfo *element, Slice *wire, int32_t typmod, const TypeContext *ctx, Datum *values, bool *nulls,
                             int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        int32_t size = (int32_t)take_u32(wire);

        nulls[i] = size == -1;
        if (nulls[i])
            continue;
        if (size < -1 || (size_t)size > wire->size)
            raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "insufficient data left in message");
        element->receive(element, slice_of(wire->data, (size_t)size), typmod, ctx, &values[i]);
        *wire = slice_of(wire->data + size, wire->size - (size_t)size);
    }
}

static void any_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    const TypeInfo *element;
    int32_t         lengths[ARRAY_MAX_DIMENSIONS], lower[ARRAY_MAX_DIMENSIONS];
    int32_t         dimensions = (int32_t)take_u32(&wire), count;
    uint32_t        flags;
    Oid             oid;
    Datum          *values;
    bool           *nulls;

    if (dimensions < 0)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "invalid number of dimensions: %d", dimensions);
    if (dimensions > ARRAY_MAX_DIMENSIONS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)", dimensions,
                    ARRAY_MAX_DIMENSIONS);
    flags = take_u32(&wire);
    if (flags > 1)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "invalid array flags");
    oid = take_u32(&wire);
    element = array_element_type(type, type->element);
    if (element == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot accept a value of type %s", type->name);
    check_element(oid, element->oid, ctx->arena);
    for (int32_t i = 0; i < dimensions; i++) {
        lengths[i] = (int32_t)take_u32(&wire);
        lower[i] = (int32_t)take_u32(&wire);
    }
    count = array_check_shape(dimensions, lengths, lower);
    if ((size_t)count > wire.size / 4) /* before memory is taken: each element has at least its length */
        raise_short();
    values = ARENA_ARRAY_ZEROED(ctx->arena, (size_t)count, Datum);
    nulls = ARENA_ARRAY_ZEROED(ctx->arena, (size_t)count, bool);
    receive_elements(element, &wire, typmod, ctx, values, nulls, count);
    if (wire.size > 0)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "incorrect binary data format");
    out->bytes = array_build(ctx->arena, element->oid, element->phys, count > 0 ? dimensions : 0, lengths, lower, values, nulls, count);
}

static void any_send(const TypeInfo *type, const void *value, const TypeContext *ctx, StrBuf *out)
{
    ArrayView       view = view_of(value);
    const TypeInfo *element = array_element_type(type, view.element);

    send_u32(out, (uint32_t)view.dimension_count);
    send_u32(out, view.nulls != NULL);
    send_u32(out, view.element);
    for (int32_t i = 0; i < view.dimension_count; i++) {
        send_u32(out, (uint32_t)view.lengths[i]);
        send_u32(out, (uint32_t)view.lower[i]);
    }
    for (int32_t i = 0; i < view.count; i++) {
        size_t at = out->size;
        Datum  item;

        send_u32(out, UINT32_MAX);
        if (!array_get(&view, i, &item))
            continue;
        element->send(element, &item, ctx, out);
        put_be32((uint8_t *)out->data + at, (uint32_t)(out->size - at - 4));
    }
}

/* ---- int2vector, oidvector: one dimension from 0, elements apart by blanks --------------------------------------------- */

static void vector_input(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    const TypeInfo *element = type_by_oid(type->element);
    Datum          *values = ARENA_ARRAY_ZEROED(ctx->arena, text.size / 2 + 1, Datum);
    int32_t         count = 0, lower = 0;

    for (size_t at = 0;;) {
        size_t end;

        while (at < text.size && is_space(text.data[at]))
            at++;
        if (at == text.size)
            break;
        for (end = at; end < text.size && !is_space(text.data[end]); end++)
            ;
        element->input(element, slice_of(text.data + at, end - at), typmod, ctx, &values[count++]);
        at = end;
    }
    out->bytes = array_build(ctx->arena, element->oid, element->phys, 1, &count, &lower, values, NULL, count);
}

static void vector_output(const TypeInfo *type, const void *value, const TypeContext *ctx, StrBuf *out)
{
    const TypeInfo *element = type_by_oid(type->element);
    ArrayView       view = view_of(value);

    for (int32_t i = 0; i < view.count; i++) {
        Datum item;

        if (i > 0)
            strbuf_append_char(out, ' ');
        if (array_get(&view, i, &item))
            element->output(element, &item, ctx, out);
    }
}

static void vector_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    ArrayView view;

    any_receive(type, wire, typmod, ctx, out);
    view = view_of(out);
    if (view.count == 0)
        return;
    if (view.dimension_count != 1 || view.nulls != NULL || view.lower[0] != 0)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "invalid %s data", type->name);
}

/* PG15: oidvectors order by their length first. */
static int oidvector_compare(const TypeInfo *type, const void *a, const void *b)
{
    ArrayView x = view_of(a), y = view_of(b);

    if (x.count != y.count)
        return x.count < y.count ? -1 : 1;
    return array_compare(type_by_oid(type->element), &x, &y);
}

static void oidvector_key(const TypeInfo *type, const void *value, StrBuf *out)
{
    ArrayView view = view_of(value);

    (void)type;
    key_put_i32(out, view.count);
    for (int32_t i = 0; i < view.count; i++) {
        Datum item;

        key_put_u32(out, array_get(&view, i, &item) ? item.oid : 0);
    }
}

const TypeInfo array_types[] = {
    {.oid = TYPE_ANYARRAY, .input = array_text_input, .output = array_text_output, .receive = any_receive, .send = any_send,
     .compare = any_compare, .hash = any_hash, .encode_key = any_key},
    {.oid = TYPE_INT2VECTOR, .input = vector_input, .output = vector_output, .receive = vector_receive, .send = any_send,
     .compare = any_compare, .hash = any_hash, .encode_key = any_key},
    {.oid = TYPE_OIDVECTOR, .input = vector_input, .output = vector_output, .receive = vector_receive, .send = any_send,
     .compare = oidvector_compare, .hash = any_hash, .encode_key = oidvector_key},
    {0},
};
