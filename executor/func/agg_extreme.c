/*
 * agg_extreme.c - max and min; bool_and, bool_or; bit_and, bit_or, bit_xor.
 *
 * Dates and times are integers here, whose order is theirs.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/bit.h"
#include "types/float.h"
#include "types/numeric.h"
#include "types/text.h"

/* ---- of elements that stand by themselves -------------------------------------------------------------------------- */

/* A state of one element: OP(old, new) gives what to keep. */
#define DEFINE_STATE(name, ctype)                                                                \
    typedef struct name {                                                                        \
        ctype value;                                                                             \
        bool  any;                                                                               \
    } name;
DEFINE_STATE(BoolState, uint8_t)
DEFINE_STATE(Int16State, int16_t)
DEFINE_STATE(Int32State, int32_t)
DEFINE_STATE(Int64State, int64_t)
DEFINE_STATE(OidState, uint32_t)
DEFINE_STATE(UInt64State, uint64_t)
DEFINE_STATE(FloatState, float)
DEFINE_STATE(DoubleState, double)
#undef DEFINE_STATE

#define LARGER(old, new) ((old) > (new) ? (old) : (new))
#define SMALLER(old, new) ((old) < (new) ? (old) : (new))
#define FLOAT_LARGER(old, new) (float8_compare(old, new) > 0 ? (old) : (new))
#define FLOAT_SMALLER(old, new) (float8_compare(old, new) < 0 ? (old) : (new))
#define BOTH(old, new) ((old) & (new))
#define EITHER(old, new) ((old) | (new))
#define DIFFERENT(old, new) ((old) ^ (new))

/* Combine is one more update, with the other state's value. */
#define DEFINE_COMBINE(name, State, OP)                                                          \
    static void name##_combine(AggCall *call, void *into, const void *from)                      \
    {                                                                                            \
        const State *other = from;                                                               \
        State       *state = into;                                                               \
                                                                                                 \
        (void)call;                                                                              \
        if (other->any) {                                                                        \
            state->value = state->any ? OP(state->value, other->value) : other->value;           \
            state->any = true;                                                                   \
        }                                                                                        \
    }
#define KEEP(OP, state, value_) ((state)->value = (state)->any ? OP((state)->value, value_) : (value_), (state)->any = true)

#define DEFINE_FINISH(name, State, member, ctype)                                                \
    static bool name(AggCall *call, void *state, Arena *arena, Datum *out)                       \
    {                                                                                            \
        const State *kept = state;                                                               \
                                                                                                 \
        (void)call, (void)arena;                                                                 \
        out->member = (ctype)kept->value;                                                        \
        return kept->any;                                                                        \
    }
DEFINE_FINISH(bool_finish, BoolState, boolean, uint8_t)
DEFINE_FINISH(int16_finish, Int16State, int16, int16_t)
DEFINE_FINISH(int32_finish, Int32State, int32, int32_t)
DEFINE_FINISH(int64_finish, Int64State, int64, int64_t)
DEFINE_FINISH(oid_finish, OidState, oid, uint32_t)
DEFINE_FINISH(uint64_finish, UInt64State, int64, int64_t)
DEFINE_FINISH(float_finish, FloatState, float32, float)
DEFINE_FINISH(double_finish, DoubleState, float64, double)
#undef DEFINE_FINISH

#define UPDATE int16_max_update
#define STATE Int16State
#define ELEMENT int16_t
#define ADD(call, state, value) KEEP(LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int16_max, Int16State, LARGER)

#define UPDATE int16_min_update
#define STATE Int16State
#define ELEMENT int16_t
#define ADD(call, state, value) KEEP(SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int16_min, Int16State, SMALLER)

#define UPDATE int16_and_update
#define STATE Int16State
#define ELEMENT int16_t
#define ADD(call, state, value) KEEP(BOTH, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int16_and, Int16State, BOTH)

#define UPDATE int16_or_update
#define STATE Int16State
#define ELEMENT int16_t
#define ADD(call, state, value) KEEP(EITHER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int16_or, Int16State, EITHER)

#define UPDATE int16_xor_update
#define STATE Int16State
#define ELEMENT int16_t
#define ADD(call, state, value) KEEP(DIFFERENT, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int16_xor, Int16State, DIFFERENT)

#define UPDATE int32_max_update
#define STATE Int32State
#define ELEMENT int32_t
#define ADD(call, state, value) KEEP(LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int32_max, Int32State, LARGER)

#define UPDATE int32_min_update
#define STATE Int32State
#define ELEMENT int32_t
#define ADD(call, state, value) KEEP(SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int32_min, Int32State, SMALLER)

#define UPDATE int32_and_update
#define STATE Int32State
#define ELEMENT int32_t
#define ADD(call, state, value) KEEP(BOTH, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int32_and, Int32State, BOTH)

#define UPDATE int32_or_update
#define STATE Int32State
#define ELEMENT int32_t
#define ADD(call, state, value) KEEP(EITHER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int32_or, Int32State, EITHER)

#define UPDATE int32_xor_update
#define STATE Int32State
#define ELEMENT int32_t
#define ADD(call, state, value) KEEP(DIFFERENT, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int32_xor, Int32State, DIFFERENT)

#define UPDATE int64_max_update
#define STATE Int64State
#define ELEMENT int64_t
#define ADD(call, state, value) KEEP(LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int64_max, Int64State, LARGER)

#define UPDATE int64_min_update
#define STATE Int64State
#define ELEMENT int64_t
#define ADD(call, state, value) KEEP(SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int64_min, Int64State, SMALLER)

#define UPDATE int64_and_update
#define STATE Int64State
#define ELEMENT int64_t
#define ADD(call, state, value) KEEP(BOTH, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int64_and, Int64State, BOTH)

#define UPDATE int64_or_update
#define STATE Int64State
#define ELEMENT int64_t
#define ADD(call, state, value) KEEP(EITHER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int64_or, Int64State, EITHER)

#define UPDATE int64_xor_update
#define STATE Int64State
#define ELEMENT int64_t
#define ADD(call, state, value) KEEP(DIFFERENT, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(int64_xor, Int64State, DIFFERENT)

#define UPDATE oid_max_update
#define STATE OidState
#define ELEMENT uint32_t
#define ADD(call, state, value) KEEP(LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(oid_max, OidState, LARGER)

#define UPDATE oid_min_update
#define STATE OidState
#define ELEMENT uint32_t
#define ADD(call, state, value) KEEP(SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(oid_min, OidState, SMALLER)

#define UPDATE uint64_max_update
#define STATE UInt64State
#define ELEMENT uint64_t
#define ADD(call, state, value) KEEP(LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(uint64_max, UInt64State, LARGER)

#define UPDATE uint64_min_update
#define STATE UInt64State
#define ELEMENT uint64_t
#define ADD(call, state, value) KEEP(SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(uint64_min, UInt64State, SMALLER)

#define UPDATE float_max_update
#define STATE FloatState
#define ELEMENT float
#define ADD(call, state, value) KEEP(FLOAT_LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(float_max, FloatState, FLOAT_LARGER)

#define UPDATE float_min_update
#define STATE FloatState
#define ELEMENT float
#define ADD(call, state, value) KEEP(FLOAT_SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(float_min, FloatState, FLOAT_SMALLER)

#define UPDATE double_max_update
#define STATE DoubleState
#define ELEMENT double
#define ADD(call, state, value) KEEP(FLOAT_LARGER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(double_max, DoubleState, FLOAT_LARGER)

#define UPDATE double_min_update
#define STATE DoubleState
#define ELEMENT double
#define ADD(call, state, value) KEEP(FLOAT_SMALLER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(double_min, DoubleState, FLOAT_SMALLER)

#define UPDATE bool_and_update
#define STATE BoolState
#define ELEMENT uint8_t
#define ADD(call, state, value) KEEP(BOTH, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(bool_and, BoolState, BOTH)

#define UPDATE bool_or_update
#define STATE BoolState
#define ELEMENT uint8_t
#define ADD(call, state, value) KEEP(EITHER, state, value)
#include "executor/func/agg_update.tmpl.h"
DEFINE_COMBINE(bool_or, BoolState, EITHER)

/* ---- of bytes ------------------------------------------------------------------------------------------------------ */

/* The bytes are a copy in the aggregate's arena, in a buffer that is used again as long as it is large enough. */
typedef struct BytesState {
    uint8_t *bytes;
    size_t   size;
    size_t   capacity;
    bool     any;
} BytesState;

static void keep_bytes(Arena *arena, BytesState *state, Slice value)
{
    if (value.size > state->capacity) {
        state->capacity = MAX(value.size, 2 * state->capacity);
        state->bytes = arena_alloc(arena, state->capacity);
    }
    if (value.size > 0)
        memcpy(state->bytes, value.data, value.size);
    state->size = value.size;
    state->any = true;
}

static inline Slice kept_bytes(const BytesState *state)
{
    return slice_of(state->bytes, state->size);
}

/* PG15: of equal char(n) the first is kept. */
static int compare_padded(Slice a, Slice b)
{
    return slice_compare(bpchar_trim(a), bpchar_trim(b));
}

#define DEFINE_BYTES(name, test)                                                                 \
    static ALWAYS_INLINE void name##_add(AggCall *call, BytesState *state, Slice value)          \
    {                                                                                            \
        if (!state->any || (test))                                                               \
            keep_bytes(call->arena, state, value);                                               \
    }                                                                                            \
    static void name##_combine(AggCall *call, void *into, const void *from)                      \
    {                                                                                            \
        if (((const BytesState *)from)->any)                                                     \
            name##_add(call, into, kept_bytes(from));                                            \
    }
DEFINE_BYTES(bytes_max, slice_compare(value, kept_bytes(state)) > 0)
DEFINE_BYTES(bytes_min, slice_compare(value, kept_bytes(state)) < 0)
DEFINE_BYTES(bpchar_max, compare_padded(value, kept_bytes(state)) > 0)
DEFINE_BYTES(bpchar_min, compare_padded(value, kept_bytes(state)) < 0)
#undef DEFINE_BYTES

static bool bytes_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const BytesState *kept = state;

    (void)call;
    if (kept->any)
        out->bytes = arena_copy(arena, kept_bytes(kept));
    return kept->any;
}

/* bit_and and its kin of bit strings, which must be of one length. */
static void combine_bits(AggCall *call, BytesState *state, Slice value, char op)
{
    if (!state->any) {
        keep_bytes(call->arena, state, value);
        return;
    }
    if (bit_length(kept_bytes(state)) != bit_length(value))
        raise_error(SQLSTATE_STRING_DATA_LENGTH_MISMATCH, "cannot %s bit strings of different sizes",
                    op == '&' ? "AND" : op == '|' ? "OR" : "XOR");
    for (size_t i = 1; i < value.size; i++) {
        uint8_t byte = value.data[i];

        state->bytes[i] = (uint8_t)(op == '&' ? state->bytes[i] & byte : op == '|' ? state->bytes[i] | byte : state->bytes[i] ^ byte);
    }
}

#define DEFINE_BITS(name, op)                                                                    \
    static ALWAYS_INLINE void name##_add(AggCall *call, BytesState *state, Slice value)          \
    {                                                                                            \
        combine_bits(call, state, value, op);                                                    \
    }                                                                                            \
    static void name##_combine(AggCall *call, void *into, const void *from)                      \
    {                                                                                            \
        if (((const BytesState *)from)->any)                                                     \
            combine_bits(call, into, kept_bytes(from), op);                                      \
    }
DEFINE_BITS(bit_and, '&')
DEFINE_BITS(bit_or, '|')
DEFINE_BITS(bit_xor, '^')
#undef DEFINE_BITS

#define UPDATE bytes_max_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bytes_max_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE bytes_min_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bytes_min_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE bpchar_max_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bpchar_max_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE bpchar_min_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bpchar_min_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE bit_and_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bit_and_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE bit_or_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bit_or_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE bit_xor_update
#define STATE BytesState
#define ELEMENT Slice
#define ADD bit_xor_add
#include "executor/func/agg_update.tmpl.h"

/* ---- of numeric ---------------------------------------------------------------------------------------------------- */

typedef struct NumericState {
    Numeric  value; /* its limbs, if it has any, are in limbs */
    uint8_t *limbs;
    size_t   capacity;
    bool     any;
} NumericState;

static void keep_numeric(Arena *arena, NumericState *state, const Numeric *value)
{
    state->value = *value;
    state->any = true;
    if (value->size == 0)
        return;
    if (value->size > state->capacity) {
        state->capacity = MAX((size_t)value->size, 2 * state->capacity);
        state->limbs = arena_alloc(arena, state->capacity);
    }
    memcpy(state->limbs, value->big, value->size);
    state->value.big = state->limbs;
}

/* PG15: of equal values the last is kept, with its scale. */
#define DEFINE_NUMERIC(name, test)                                                               \
    static ALWAYS_INLINE void name##_add(AggCall *call, NumericState *state, Numeric value)      \
    {                                                                                            \
        if (!state->any || numeric_compare(&value, &state->value) test)                          \
            keep_numeric(call->arena, state, &value);                                            \
    }                                                                                            \
    static void name##_combine(AggCall *call, void *into, const void *from)                      \
    {                                                                                            \
        if (((const NumericState *)from)->any)                                                   \
            name##_add(call, into, ((const NumericState *)from)->value);                         \
    }
DEFINE_NUMERIC(numeric_max, >= 0)
DEFINE_NUMERIC(numeric_min, <= 0)
#undef DEFINE_NUMERIC

static bool numeric_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const NumericState *kept = state;

    (void)call;
    if (kept->any)
        datum_copy(PHYS_NUMERIC, arena, &kept->value, out);
    return kept->any;
}

#define UPDATE numeric_max_update
#define STATE NumericState
#define ELEMENT Numeric
#define ADD numeric_max_add
#include "executor/func/agg_update.tmpl.h"

#define UPDATE numeric_min_update
#define STATE NumericState
#define ELEMENT Numeric
#define ADD numeric_min_add
#include "executor/func/agg_update.tmpl.h"

const AggEntry extreme_aggregates[] = {
    {.proc = 2117, .state_bytes = sizeof(Int16State), .update = int16_max_update, .combine = int16_max_combine, .finish = int16_finish},
    {.proc = 2133, .state_bytes = sizeof(Int16State), .update = int16_min_update, .combine = int16_min_combine, .finish = int16_finish},
    {.proc = 2236, .state_bytes = sizeof(Int16State), .update = int16_and_update, .combine = int16_and_combine, .finish = int16_finish},
    {.proc = 2237, .state_bytes = sizeof(Int16State), .update = int16_or_update, .combine = int16_or_combine, .finish = int16_finish},
    {.proc = 6164, .state_bytes = sizeof(Int16State), .update = int16_xor_update, .combine = int16_xor_combine, .finish = int16_finish},
    {.proc = 2116, .state_bytes = sizeof(Int32State), .update = int32_max_update, .combine = int32_max_combine, .finish = int32_finish},
    {.proc = 2122, .state_bytes = sizeof(Int32State), .update = int32_max_update, .combine = int32_max_combine, .finish = int32_finish},
    {.proc = 2132, .state_bytes = sizeof(Int32State), .update = int32_min_update, .combine = int32_min_combine, .finish = int32_finish},
    {.proc = 2138, .state_bytes = sizeof(Int32State), .update = int32_min_update, .combine = int32_min_combine, .finish = int32_finish},
    {.proc = 2238, .state_bytes = sizeof(Int32State), .update = int32_and_update, .combine = int32_and_combine, .finish = int32_finish},
    {.proc = 2239, .state_bytes = sizeof(Int32State), .update = int32_or_update, .combine = int32_or_combine, .finish = int32_finish},
    {.proc = 6165, .state_bytes = sizeof(Int32State), .update = int32_xor_update, .combine = int32_xor_combine, .finish = int32_finish},
    {.proc = 2115, .state_bytes = sizeof(Int64State), .update = int64_max_update, .combine = int64_max_combine, .finish = int64_finish},
    {.proc = 2123, .state_bytes = sizeof(Int64State), .update = int64_max_update, .combine = int64_max_combine, .finish = int64_finish},
    {.proc = 2126, .state_bytes = sizeof(Int64State), .update = int64_max_update, .combine = int64_max_combine, .finish = int64_finish},
    {.proc = 2127, .state_bytes = sizeof(Int64State), .update = int64_max_update, .combine = int64_max_combine, .finish = int64_finish},
    {.proc = 2131, .state_bytes = sizeof(Int64State), .update = int64_min_update, .combine = int64_min_combine, .finish = int64_finish},
    {.proc = 2139, .state_bytes = sizeof(Int64State), .update = int64_min_update, .combine = int64_min_combine, .finish = int64_finish},
    {.proc = 2142, .state_bytes = sizeof(Int64State), .update = int64_min_update, .combine = int64_min_combine, .finish = int64_finish},
    {.proc = 2143, .state_bytes = sizeof(Int64State), .update = int64_min_update, .combine = int64_min_combine, .finish = int64_finish},
    {.proc = 2240, .state_bytes = sizeof(Int64State), .update = int64_and_update, .combine = int64_and_combine, .finish = int64_finish},
    {.proc = 2241, .state_bytes = sizeof(Int64State), .update = int64_or_update, .combine = int64_or_combine, .finish = int64_finish},
    {.proc = 6166, .state_bytes = sizeof(Int64State), .update = int64_xor_update, .combine = int64_xor_combine, .finish = int64_finish},
    {.proc = 2118, .state_bytes = sizeof(OidState), .update = oid_max_update, .combine = oid_max_combine, .finish = oid_finish},
    {.proc = 2134, .state_bytes = sizeof(OidState), .update = oid_min_update, .combine = oid_min_combine, .finish = oid_finish},
    {.proc = 5099, .state_bytes = sizeof(UInt64State), .update = uint64_max_update, .combine = uint64_max_combine, .finish = uint64_finish},
    {.proc = 5100, .state_bytes = sizeof(UInt64State), .update = uint64_min_update, .combine = uint64_min_combine, .finish = uint64_finish},
    {.proc = 2119, .state_bytes = sizeof(FloatState), .update = float_max_update, .combine = float_max_combine, .finish = float_finish},
    {.proc = 2135, .state_bytes = sizeof(FloatState), .update = float_min_update, .combine = float_min_combine, .finish = float_finish},
    {.proc = 2120, .state_bytes = sizeof(DoubleState), .update = double_max_update, .combine = double_max_combine, .finish = double_finish},
    {.proc = 2136, .state_bytes = sizeof(DoubleState), .update = double_min_update, .combine = double_min_combine, .finish = double_finish},
    {.proc = 2517, .state_bytes = sizeof(BoolState), .update = bool_and_update, .combine = bool_and_combine, .finish = bool_finish},
    {.proc = 2519, .state_bytes = sizeof(BoolState), .update = bool_and_update, .combine = bool_and_combine, .finish = bool_finish},
    {.proc = 2518, .state_bytes = sizeof(BoolState), .update = bool_or_update, .combine = bool_or_combine, .finish = bool_finish},
    {.proc = 2129, .state_bytes = sizeof(BytesState), .update = bytes_max_update, .combine = bytes_max_combine, .finish = bytes_finish},
    {.proc = 2797, .state_bytes = sizeof(BytesState), .update = bytes_max_update, .combine = bytes_max_combine, .finish = bytes_finish},
    {.proc = 2145, .state_bytes = sizeof(BytesState), .update = bytes_min_update, .combine = bytes_min_combine, .finish = bytes_finish},
    {.proc = 2798, .state_bytes = sizeof(BytesState), .update = bytes_min_update, .combine = bytes_min_combine, .finish = bytes_finish},
    {.proc = 2244, .state_bytes = sizeof(BytesState), .update = bpchar_max_update, .combine = bpchar_max_combine, .finish = bytes_finish},
    {.proc = 2245, .state_bytes = sizeof(BytesState), .update = bpchar_min_update, .combine = bpchar_min_combine, .finish = bytes_finish},
    {.proc = 2242, .state_bytes = sizeof(BytesState), .update = bit_and_update, .combine = bit_and_combine, .finish = bytes_finish},
    {.proc = 2243, .state_bytes = sizeof(BytesState), .update = bit_or_update, .combine = bit_or_combine, .finish = bytes_finish},
    {.proc = 6167, .state_bytes = sizeof(BytesState), .update = bit_xor_update, .combine = bit_xor_combine, .finish = bytes_finish},
    {.proc = 2130, .state_bytes = sizeof(NumericState), .update = numeric_max_update, .combine = numeric_max_combine, .finish = numeric_finish},
    {.proc = 2146, .state_bytes = sizeof(NumericState), .update = numeric_min_update, .combine = numeric_min_combine, .finish = numeric_finish},
    {0},
};
