/*
 * agg_sum.c - count, sum and avg of numbers.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/float.h"
#include "types/numeric_math.h"
#include "types/numeric_sum.h"

static noreturn void raise_overflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

/* ---- count ------------------------------------------------------------------------------------------------------ */

static void count_star_update(AggCall *call)
{
    if (call->single != NULL)
        *(int64_t *)call->single += call->count;
    else
        FOR_EACH_ROW(call->sel, call->count, row, { ++*(int64_t *)call->states[row]; });
}

static void count_update(AggCall *call)
{
    const uint64_t *validity = call->args[0]->validity;
    int64_t         count = 0;

    if (validity == NULL) {
        count_star_update(call);
    } else if (call->single != NULL) {
        FOR_EACH_ROW(call->sel, call->count, row, { count += bitmap_get(validity, row); });
        *(int64_t *)call->single += count;
    } else {
        FOR_EACH_ROW(call->sel, call->count, row, { *(int64_t *)call->states[row] += bitmap_get(validity, row); });
    }
}

static void count_combine(AggCall *call, void *into, const void *from)
{
    (void)call;
    *(int64_t *)into += *(const int64_t *)from;
}

static bool count_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call, (void)arena;
    out->int64 = *(int64_t *)state;
    return true;
}

/* ---- sum and avg of int2 and int4 --------------------------------------------------------------------------------- */

/* 2^32 values of 32 bits fit: more rows than a statement can see. */
typedef struct SmallSum {
    int64_t sum;
    int64_t count;
} SmallSum;

#define ADD_INTEGER(call, state, value) ((state)->sum += (value), (state)->count++)

#define UPDATE int2_sum_update
#define STATE SmallSum
#define ELEMENT int16_t
#define ADD ADD_INTEGER
#include "executor/func/agg_update.tmpl.h"

#define UPDATE int4_sum_update
#define STATE SmallSum
#define ELEMENT int32_t
#define ADD ADD_INTEGER
#include "executor/func/agg_update.tmpl.h"

static void small_sum_combine(AggCall *call, void *into, const void *from)
{
    const SmallSum *other = from;
    SmallSum       *state = into;

    (void)call;
    state->sum += other->sum;
    state->count += other->count;
}

static bool small_sum_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const SmallSum *sum = state;

    (void)call, (void)arena;
    out->int64 = sum->sum;
    return sum->count > 0;
}

static bool small_avg_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const SmallSum *sum = state;
    Numeric         total = numeric_from_int64(sum->sum);
    Numeric         count = numeric_from_int64(sum->count);

    (void)call;
    if (sum->count > 0)
        numeric_divide(arena, &total, &count, &out->numeric);
    return sum->count > 0;
}

/* ---- of int8 ----------------------------------------------------------------------------------------------------- */

typedef struct WideSum {
    Int128  sum;
    int64_t count;
} WideSum;

#define UPDATE int8_sum_update
#define STATE WideSum
#define ELEMENT int64_t
#define ADD ADD_INTEGER
#include "executor/func/agg_update.tmpl.h"

static void wide_sum_combine(AggCall *call, void *into, const void *from)
{
    const WideSum *other = from;
    WideSum       *state = into;

    (void)call;
    state->sum += other->sum;
    state->count += other->count;
}

static bool wide_sum_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const WideSum *sum = state;

    (void)call;
    if (sum->count > 0)
        numeric_from_int128(arena, sum->sum, 0, &out->numeric);
    return sum->count > 0;
}

static bool wide_avg_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const WideSum *sum = state;
    Numeric        total;
    Numeric        count = numeric_from_int64(sum->count);

    (void)call;
    if (sum->count == 0)
        return false;
    numeric_from_int128(arena, sum->sum, 0, &total);
    numeric_divide(arena, &total, &count, &out->numeric);
    return true;
}

/* ---- of numeric -------------------------------------------------------------------------------------------------- */

typedef struct DecimalSum {
    NumericSum sum;
    int64_t    count;
} DecimalSum;

#define UPDATE numeric_sum_update
#define STATE DecimalSum
#define ELEMENT Numeric
#define ADD(call, state, value) (numeric_sum_add(&(state)->sum, (call)->arena, &(value)), (state)->count++)
#include "executor/func/agg_update.tmpl.h"

static void decimal_sum_combine(AggCall *call, void *into, const void *from)
{
    const DecimalSum *other = from;
    DecimalSum       *state = into;

    numeric_sum_merge(&state->sum, call->arena, &other->sum);
    state->count += other->count;
}

static bool decimal_sum_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const DecimalSum *sum = state;

    (void)call;
    if (sum->count > 0)
        numeric_sum_result(&sum->sum, arena, &out->numeric);
    return sum->count > 0;
}

static bool decimal_avg_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const DecimalSum *sum = state;
    Numeric           total;
    Numeric           count = numeric_from_int64(sum->count);

    (void)call;
    if (sum->count == 0)
        return false;
    numeric_sum_result(&sum->sum, arena, &total);
    numeric_divide(arena, &total, &count, &out->numeric);
    return true;
}

/* ---- sum of floats ------------------------------------------------------------------------------------------------ */

/*
 * Added one after the other in the type itself, as PostgreSQL does, so that results agree to the last digit. Overflow is a
 * finite sum and a finite value that give infinity.
 */
#define DEFINE_FLOAT_SUM(name, State, ctype, member)                                                    \
    typedef struct State {                                                                 \
        ctype   sum;                                                                             \
        int64_t count;                                                                           \
    } State;                                                                               \
                                                                                                 \
    static ALWAYS_INLINE void name##_add(State *state, ctype value)                        \
    {                                                                                            \
        ctype sum = state->count == 0 ? value : state->sum + value;                              \
                                                                                                 \
        if (UNLIKELY(isinf(sum)) && !isinf(state->sum) && !isinf(value))                         \
            raise_overflow();                                                                    \
        state->sum = sum;                                                                        \
        state->count++;                                                                          \
    }                                                                                            \
                                                                                                 \
    static void name##_combine(AggCall *call, void *into, const void *from)                      \
    {                                                                                            \
        const State *other = from;                                                         \
        State       *state = into;                                                         \
                                                                                                 \
        (void)call;                                                                              \
        if (other->count == 0)                                                                   \
            return;                                                                              \
        name##_add(state, other->sum);                                                           \
        state->count += other->count - 1;                                                        \
    }                                                                                            \
                                                                                                 \
    static bool name##_finish(AggCall *call, void *state, Arena *arena, Datum *out)              \
    {                                                                                            \
        const State *sum = state;                                                          \
                                                                                                 \
        (void)call, (void)arena;                                                                 \
        out->member = sum->sum;                                                                  \
        return sum->count > 0;                                                                   \
    }
DEFINE_FLOAT_SUM(float4_sum, Float4Sum, float, float32)
DEFINE_FLOAT_SUM(float8_sum, Float8Sum, double, float64)
#undef DEFINE_FLOAT_SUM

#define UPDATE float4_sum_update
#define STATE Float4Sum
#define ELEMENT float
#define ADD(call, state, value) float4_sum_add(state, value)
#include "executor/func/agg_update.tmpl.h"

#define UPDATE float8_sum_update
#define STATE Float8Sum
#define ELEMENT double
#define ADD(call, state, value) float8_sum_add(state, value)
#include "executor/func/agg_update.tmpl.h"

const AggEntry sum_aggregates[] = {
    {.proc = 2803, .state_bytes = 8, .update = count_star_update, .combine = count_combine, .finish = count_finish},
    {.proc = 2147, .state_bytes = 8, .update = count_update, .combine = count_combine, .finish = count_finish},
    {.proc = 2109, .state_bytes = sizeof(SmallSum), .update = int2_sum_update, .combine = small_sum_combine, .finish = small_sum_finish},
    {.proc = 2108, .state_bytes = sizeof(SmallSum), .update = int4_sum_update, .combine = small_sum_combine, .finish = small_sum_finish},
    {.proc = 2107, .state_bytes = sizeof(WideSum), .update = int8_sum_update, .combine = wide_sum_combine, .finish = wide_sum_finish},
    {.proc = 2114, .state_bytes = sizeof(DecimalSum), .update = numeric_sum_update, .combine = decimal_sum_combine, .finish = decimal_sum_finish},
    {.proc = 2110, .state_bytes = sizeof(Float4Sum), .update = float4_sum_update, .combine = float4_sum_combine, .finish = float4_sum_finish},
    {.proc = 2111, .state_bytes = sizeof(Float8Sum), .update = float8_sum_update, .combine = float8_sum_combine, .finish = float8_sum_finish},
    {.proc = 2102, .state_bytes = sizeof(SmallSum), .update = int2_sum_update, .combine = small_sum_combine, .finish = small_avg_finish},
    {.proc = 2101, .state_bytes = sizeof(SmallSum), .update = int4_sum_update, .combine = small_sum_combine, .finish = small_avg_finish},
    {.proc = 2100, .state_bytes = sizeof(WideSum), .update = int8_sum_update, .combine = wide_sum_combine, .finish = wide_avg_finish},
    {.proc = 2103, .state_bytes = sizeof(DecimalSum), .update = numeric_sum_update, .combine = decimal_sum_combine, .finish = decimal_avg_finish},
    {0},
};
