/*
 * array.c - the bytes of arrays: building, reading.
 */
#include "types/array.h"

#include "base/error.h"
#include "types/numeric.h"

enum { HEADER_BYTES = 8, MAX_ARRAY_BYTES = 0x3fffffff };

static bool has_offsets(PhysType phys)
{
    return phys == PHYS_BYTES || phys == PHYS_NUMERIC;
}

static uint32_t read_u32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static bool open_elements(Slice array, size_t at, ArrayView *out)
{
    size_t left = array.size - at, count = (size_t)out->count;

    if (array.data[5] != 0) {
        if (left < (count + 7) / 8)
            return false;
        out->nulls = array.data + at;
        at += (count + 7) / 8;
        left = array.size - at;
    }
    out->elements = array.data + at;
    if (!has_offsets(out->phys))
        return left == count * phys_width(out->phys);
    if (left < count * 4)
        return false;
    out->bytes = out->elements + count * 4;
    out->byte_count = left - count * 4;
    for (size_t i = 0; i < count; i++) {
        uint32_t from = i == 0 ? 0 : read_u32(out->elements + 4 * (i - 1)), to = read_u32(out->elements + 4 * i);

        if (from > to || to > out->byte_count)
            return false;
    }
    return true;
}

bool array_open(Slice array, ArrayView *out)
{
    uint64_t count = 1;
    size_t   at = HEADER_BYTES;

    *out = (ArrayView){0};
    if (array.size < HEADER_BYTES || array.data[4] > ARRAY_MAX_DIMENSIONS || array.data[6] < PHYS_BOOL || array.data[6] > PHYS_TIMETZ)
        return false;
    out->element = read_u32(array.data);
    out->dimension_count = array.data[4];
    out->phys = (PhysType)array.data[6];
    if (array.size < HEADER_BYTES + 8u * (size_t)out->dimension_count)
        return false;
    for (int32_t i = 0; i < out->dimension_count; i++, at += 8) {
        out->lengths[i] = (int32_t)read_u32(array.data + at);
        out->lower[i] = (int32_t)read_u32(array.data + at + 4);
        if (out->lengths[i] < 0)
            return false;
        count *= (uint64_t)out->lengths[i];
        if (count > INT32_MAX)
            return false;
    }
    out->count = out->dimension_count == 0 ? 0 : (int32_t)count;
    return open_elements(array, at, out);
}

bool array_get(const ArrayView *array, int32_t at, Datum *out)
{
    memset(out, 0, sizeof *out);
    if (array->nulls != NULL && !((array->nulls[at >> 3] >> (at & 7)) & 1))
        return false;
    if (has_offsets(array->phys)) {
        uint32_t from = at == 0 ? 0 : read_u32(array->elements + 4 * (size_t)(at - 1));
        uint32_t to = read_u32(array->elements + 4 * (size_t)at);
        Slice    bytes = slice_of(array->bytes + from, to - from);

        if (array->phys == PHYS_BYTES) {
            out->bytes = bytes;
            return true;
        }
        return numeric_unpack(bytes, &out->numeric);
    }
    memcpy(out, array->elements + (size_t)at * phys_width(array->phys), phys_width(array->phys));
    return true;
}

static size_t element_bytes(PhysType phys, const Datum *value)
{
    return phys == PHYS_BYTES ? value->bytes.size : numeric_pack_size(&value->numeric);
}

static uint8_t *write_u32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

/* End offsets, then the elements' bytes. */
static void write_outside(uint8_t *at, PhysType phys, const Datum *values, const bool *nulls, int32_t count)
{
    uint8_t *bytes = at + 4 * (size_t)count, *to = bytes;

    for (int32_t i = 0; i < count; i++) {
        if (nulls == NULL || !nulls[i]) {
            if (phys == PHYS_NUMERIC) {
                to = numeric_pack(&values[i].numeric, to);
            } else if (values[i].bytes.size > 0) {
                memcpy(to, values[i].bytes.data, values[i].bytes.size);
                to += values[i].bytes.size;
            }
        }
        at = write_u32(at, (uint32_t)(to - bytes));
    }
}

Slice array_build(Arena *arena, Oid element, PhysType phys, int32_t dimension_count, const int32_t *lengths, const int32_t *lower,
                  const Datum *values, const bool *nulls, int32_t count)
{
    size_t   size = HEADER_BYTES + 8u * (size_t)dimension_count, width = phys_width(phys);
    bool     any_null = false;
    uint8_t *array, *at;

    for (int32_t i = 0; nulls != NULL && i < count; i++)
        any_null = any_null || nulls[i];
    if (any_null)
        size += ((size_t)count + 7) / 8;
    if (has_offsets(phys)) {
        size += 4 * (size_t)count;
        for (int32_t i = 0; i < count; i++)
            if (nulls == NULL || !nulls[i])
                size += element_bytes(phys, &values[i]);
    } else {
        size += (size_t)count * width;
    }
    if (size > MAX_ARRAY_BYTES)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", MAX_ARRAY_BYTES);
    array = at = arena_alloc(arena, size);
    at = write_u32(at, element);
    *at++ = (uint8_t)dimension_count;
    *at++ = any_null;
    *at++ = (uint8_t)phys;
    *at++ = 0;
    for (int32_t i = 0; i < dimension_count; i++) {
        at = write_u32(at, (uint32_t)lengths[i]);
        at = write_u32(at, (uint32_t)lower[i]);
    }
    if (any_null) {
        memset(at, 0, ((size_t)count + 7) / 8);
        for (int32_t i = 0; i < count; i++)
            at[i >> 3] |= (uint8_t)(!nulls[i] << (i & 7));
        at += ((size_t)count + 7) / 8;
    }
    if (has_offsets(phys)) {
        write_outside(at, phys, values, nulls, count);
    } else {
        for (int32_t i = 0; i < count; i++, at += width) {
            if (nulls != NULL && nulls[i])
                memset(at, 0, width);
            else
                memcpy(at, &values[i], width);
        }
    }
    return slice_of(array, size);
}

Slice array_build_list(Arena *arena, Oid element, PhysType phys, const Datum *values, const bool *nulls, int32_t count)
{
    int32_t lower = 1;

    return array_build(arena, element, phys, count > 0 ? 1 : 0, &count, &lower, values, nulls, count);
}
