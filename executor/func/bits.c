/*
 * bits.c - kernels of bit strings: logic, shifts, parts, counting, casts from and to integers.
 */
#include "types/bit.h"

#include "base/error.h"
#include "executor/func/kernels.h"
#include "executor/func/text.h"

static uint8_t *writable(Slice value)
{
    return (uint8_t *)(uintptr_t)value.data + 1;
}

/* ---- logic -------------------------------------------------------------------------------------------------------- */

static void require_one_length(Slice a, Slice b, const char *verb)
{
    if (bit_length(a) != bit_length(b))
        raise_error(SQLSTATE_STRING_DATA_LENGTH_MISMATCH, "cannot %s bit strings of different sizes", verb);
}

#define DEFINE_LOGIC(kernel, verb, operator)                                                     \
    static void kernel(KernelCall *call)                                                         \
    {                                                                                            \
        const Slice *a = call->args[0]->data;                                                    \
        const Slice *b = call->args[1]->data;                                                    \
        Slice       *out = call->result->data;                                                   \
                                                                                                 \
        FOR_EACH_ROW(call->sel, call->count, row, {                                              \
            require_one_length(a[row], b[row], verb);                                            \
            out[row] = arena_copy(call->ctx->arena, a[row]);                                     \
            for (size_t i = 1; i < a[row].size; i++)                                             \
                writable(out[row])[i - 1] = a[row].data[i] operator b[row].data[i];              \
        });                                                                                      \
    }
DEFINE_LOGIC(and_run, "AND", &)
DEFINE_LOGIC(or_run, "OR", |)
DEFINE_LOGIC(xor_run, "XOR", ^)
#undef DEFINE_LOGIC

static void not_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = arena_copy(call->ctx->arena, in[row]);
        for (size_t i = 1; i < in[row].size; i++)
            writable(out[row])[i - 1] = (uint8_t)~in[row].data[i];
        bit_clear_unused(out[row]);
    });
}

/* ---- parts and shifts --------------------------------------------------------------------------------------------- */

static Slice join_bits(Arena *arena, Slice a, Slice b)
{
    size_t   length_a = bit_length(a);
    size_t   length_b = bit_length(b);
    uint8_t *bytes;
    Slice    joined = bit_new(arena, length_a + length_b, &bytes);
    size_t   shift = length_a % 8;

    memcpy(bytes, a.data + 1, a.size - 1);
    for (size_t i = 0; i + 1 < b.size; i++) {
        size_t at = length_a / 8 + i;

        bytes[at] |= (uint8_t)(b.data[1 + i] >> shift);
        if (shift > 0 && at + 2 < joined.size)
            bytes[at + 1] |= (uint8_t)(b.data[1 + i] << (8 - shift));
    }
    return joined;
}

/* length bits from start (from 1, may lie outside); length below 0: to the end */
static Slice part_of(Arena *arena, Slice value, int64_t start, int64_t length)
{
    int64_t end = length < 0 ? INT64_MAX : start + length;

    start = MAX(start, 1);
    end = MIN(end, (int64_t)bit_length(value) + 1);
    if (end <= start)
        return bit_part(arena, value, 0, 0);
    return bit_part(arena, value, (size_t)start - 1, (size_t)(end - start));
}

static Slice zeros(Arena *arena, size_t length)
{
    uint8_t *bytes;

    return bit_new(arena, length, &bytes);
}

/* by below 0 shifts the other way */
static Slice shift_left_by(Arena *arena, Slice value, int64_t by)
{
    size_t length = bit_length(value);
    size_t distance = (size_t)(by < 0 ? -by : by);

    if (distance >= length)
        return zeros(arena, length);
    if (by >= 0)
        return join_bits(arena, part_of(arena, value, by + 1, -1), zeros(arena, distance));
    return join_bits(arena, zeros(arena, distance), part_of(arena, value, 1, (int64_t)(length - distance)));
}

static void shift_left_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *by = call->args[1]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = shift_left_by(call->ctx->arena, in[row], by[row]); });
}

static void shift_right_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *by = call->args[1]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = shift_left_by(call->ctx->arena, in[row], -(int64_t)by[row]); });
}

static void cat_run(KernelCall *call)
{
    const Slice *a = call->args[0]->data;
    const Slice *b = call->args[1]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = join_bits(call->ctx->arena, a[row], b[row]); });
}

static void substring_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *start = call->args[1]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t length = call->arg_count > 2 ? VECTOR_DATA(call->args[2], const int32_t)[row] : -1;

        if (call->arg_count > 2 && length < 0)
            raise_negative_substring();
        out[row] = part_of(call->ctx->arena, in[row], start[row], length);
    });
}

/* (bits, with, start [, length]) */
static void overlay_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const Slice   *with = call->args[1]->data;
    const int32_t *start = call->args[2]->data;
    Slice         *out = call->result->data;
    Arena         *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t length = call->arg_count > 3 ? VECTOR_DATA(call->args[3], const int32_t)[row] : (int64_t)bit_length(with[row]);
        Slice   head;

        if (start[row] <= 0)
            raise_negative_substring();
        if (start[row] + length > INT32_MAX || start[row] + length < INT32_MIN)
            raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
        head = join_bits(arena, part_of(arena, in[row], 1, start[row] - 1), with[row]);
        out[row] = join_bits(arena, head, part_of(arena, in[row], start[row] + length, -1));
    });
}

/* ---- questions ---------------------------------------------------------------------------------------------------- */

static void length_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int32_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (int32_t)bit_length(in[row]); });
}

static void octet_length_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int32_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (int32_t)in[row].size - 1; });
}

static void count_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int64_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = 0;
        for (size_t i = 1; i < in[row].size; i++)
            out[row] += __builtin_popcount(in[row].data[i]);
    });
}

static int32_t position_of(Arena *arena, Slice needle, Slice value)
{
    size_t length = bit_length(value);
    size_t wanted = bit_length(needle);

    if (wanted == 0)
        return length > 0;
    for (size_t start = 0; start + wanted <= length; start++) {
        ArenaMark mark = arena_mark(arena);
        bool      found = slice_equal(bit_part(arena, value, start, wanted), needle);

        arena_rewind(arena, mark);
        if (found)
            return (int32_t)start + 1;
    }
    return 0;
}

/* position(value, needle), as the grammar calls it */
static void position_run(KernelCall *call)
{
    const Slice *value = call->args[0]->data;
    const Slice *needle = call->args[1]->data;
    int32_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = position_of(call->ctx->arena, needle[row], value[row]); });
}

static void require_index(int32_t index, size_t length)
{
    if (index < 0 || (size_t)index >= length)
        raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "bit index %d out of valid range (0..%ld)", index, (long)length - 1);
}

static void get_bit_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *index = call->args[1]->data;
    int32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        require_index(index[row], bit_length(in[row]));
        out[row] = bit_at(in[row], (size_t)index[row]);
    });
}

static void set_bit_run(KernelCall *call)
{
    const Slice   *in = call->args[0]->data;
    const int32_t *index = call->args[1]->data;
    const int32_t *value = call->args[2]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        uint8_t mask = (uint8_t)(0x80u >> (index[row] & 7));
        uint8_t *byte;

        require_index(index[row], bit_length(in[row]));
        if (value[row] != 0 && value[row] != 1)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
        out[row] = arena_copy(call->ctx->arena, in[row]);
        byte = writable(out[row]) + index[row] / 8;
        *byte = value[row] ? *byte | mask : *byte & (uint8_t)~mask;
    });
}

/* ---- casts -------------------------------------------------------------------------------------------------------- */

/* The lowest length bits of a number of so many bits, the sign extended to the left. */
static Slice bits_of(Arena *arena, int64_t value, int32_t length)
{
    uint8_t *bytes;
    Slice    bits;

    if (length <= 0 || length > 83886080)
        length = 1;
    bits = bit_new(arena, (size_t)length, &bytes);
    for (int32_t i = 0; i < length; i++) {
        int32_t from_right = length - 1 - i;
        bool    bit = from_right >= 64 ? value < 0 : (value >> from_right & 1) != 0;

        bytes[i / 8] |= (uint8_t)(bit << (7 - i % 8));
    }
    return bits;
}

static void int4_to_bit_run(KernelCall *call)
{
    const int32_t *in = call->args[0]->data;
    const int32_t *length = call->args[1]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = bits_of(call->ctx->arena, in[row], length[row]); });
}

static void int8_to_bit_run(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    const int32_t *length = call->args[1]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = bits_of(call->ctx->arena, in[row], length[row]); });
}

static uint64_t number_of(Slice bits, size_t most, const char *type_name)
{
    uint64_t value = 0;

    if (bit_length(bits) > most)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type_name);
    for (size_t i = 0; i < bit_length(bits); i++)
        value = value << 1 | bit_at(bits, i);
    return value;
}

static void bit_to_int4_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int32_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (int32_t)number_of(in[row], 32, "integer"); });
}

static void bit_to_int8_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int64_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (int64_t)number_of(in[row], 64, "bigint"); });
}

const KernelEntry bit_kernels[] = {
    {.proc = 1673, .run = and_run},
    {.proc = 1674, .run = or_run},
    {.proc = 1675, .run = xor_run},
    {.proc = 1676, .run = not_run},
    {.proc = 1677, .run = shift_left_run},
    {.proc = 1678, .run = shift_right_run},
    {.proc = 1679, .run = cat_run},
    {.proc = 1680, .run = substring_run},
    {.proc = 1699, .run = substring_run},
    {.proc = 3030, .run = overlay_run},
    {.proc = 3031, .run = overlay_run},
    {.proc = 1681, .run = length_run},
    {.proc = 1812, .run = length_run},
    {.proc = 1682, .run = octet_length_run},
    {.proc = 6162, .run = count_run},
    {.proc = 1698, .run = position_run},
    {.proc = 3032, .run = get_bit_run},
    {.proc = 3033, .run = set_bit_run},
    {.proc = 1683, .run = int4_to_bit_run},
    {.proc = 2075, .run = int8_to_bit_run},
    {.proc = 1684, .run = bit_to_int4_run},
    {.proc = 2076, .run = bit_to_int8_run},
    {0},
};
