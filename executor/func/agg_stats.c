/*
 * agg_stats.c - variance and standard deviation, regression, avg of floats; string_agg.
 *
 * Floats follow Youngs and Cramer 1971 step by step as PostgreSQL does, so that results agree to the last digit; integers and
 * numerics are summed exactly.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "types/numeric_math.h"
#include "types/numeric_sum.h"

#include <math.h>

static noreturn void raise_overflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

/* ---- floats: N, sum, sum of squared differences ------------------------------------------------------------------- */

typedef struct FloatMoments {
    double n;
    double sum;
    double squares;
} FloatMoments;

static ALWAYS_INLINE void add_float(FloatMoments *state, double value)
{
    double before = state->n;
    double sum_before = state->sum;

    state->n += 1.0;
    state->sum += value;
    if (before > 0.0) {
        double difference = value * state->n - state->sum;

        state->squares += difference * difference / (state->n * before);
        if (UNLIKELY(isinf(state->sum) || isinf(state->squares))) {
            if (!isinf(sum_before) && !isinf(value))
                raise_overflow();
            state->squares = (double)NAN;
        }
    } else if (UNLIKELY(isnan(value) || isinf(value))) {
        state->squares = (double)NAN;
    }
}

#define UPDATE float4_moments_update
#define STATE FloatMoments
#define ELEMENT float
#define ADD(call, state, value) add_float(state, (double)(value))
#include "executor/func/agg_update.tmpl.h"

#define UPDATE float8_moments_update
#define STATE FloatMoments
#define ELEMENT double
#define ADD(call, state, value) add_float(state, value)
#include "executor/func/agg_update.tmpl.h"

static void float_moments_combine(AggCall *call, void *into, const void *from)
{
    const FloatMoments *other = from;
    FloatMoments       *state = into;
    FloatMoments        both;
    double              difference;

    (void)call;
    if (other->n == 0)
        return;
    if (state->n == 0) {
        *state = *other;
        return;
    }
    difference = state->sum / state->n - other->sum / other->n;
    both.n = state->n + other->n;
    both.sum = state->sum + other->sum;
    both.squares = state->squares + other->squares + state->n * other->n * difference * difference / both.n;
    if ((isinf(both.sum) && !isinf(state->sum) && !isinf(other->sum)) ||
        (isinf(both.squares) && !isinf(state->squares) && !isinf(other->squares)))
        raise_overflow();
    *state = both;
}

/* A finish function: NULL below so many rows, else the expression. */
#define DEFINE_FLOAT_FINISH(name, State, least, expression)                                      \
    static bool name(AggCall *call, void *arg, Arena *arena, Datum *out)                         \
    {                                                                                            \
        const State *state = arg;                                                                \
                                                                                                 \
        (void)call, (void)arena;                                                                 \
        if (state->n < (least))                                                                  \
            return false;                                                                        \
        out->float64 = (expression);                                                             \
        return true;                                                                             \
    }
DEFINE_FLOAT_FINISH(float_avg_finish, FloatMoments, 1, state->sum / state->n)
DEFINE_FLOAT_FINISH(float_var_pop_finish, FloatMoments, 1, state->squares / state->n)
DEFINE_FLOAT_FINISH(float_var_samp_finish, FloatMoments, 2, state->squares / (state->n - 1.0))
DEFINE_FLOAT_FINISH(float_stddev_pop_finish, FloatMoments, 1, sqrt(state->squares / state->n))
DEFINE_FLOAT_FINISH(float_stddev_samp_finish, FloatMoments, 2, sqrt(state->squares / (state->n - 1.0)))

/* ---- floats: two variables ----------------------------------------------------------------------------------------- */

typedef struct FloatPairs {
    double n;
    double sum_x;
    double squares_x;
    double sum_y;
    double squares_y;
    double products;
} FloatPairs;

static void refuse_pair_overflow(const FloatPairs *before, const FloatPairs *after, double x, double y)
{
    bool finite_x = !isinf(before->sum_x) && !isinf(x);
    bool finite_y = !isinf(before->sum_y) && !isinf(y);

    if (((isinf(after->sum_x) || isinf(after->squares_x)) && finite_x) ||
        ((isinf(after->sum_y) || isinf(after->squares_y)) && finite_y) || (isinf(after->products) && finite_x && finite_y))
        raise_overflow();
}

static void add_pair(FloatPairs *state, double y, double x)
{
    FloatPairs before = *state;

    state->n += 1.0;
    state->sum_x += x;
    state->sum_y += y;
    if (before.n > 0.0) {
        double difference_x = x * state->n - state->sum_x;
        double difference_y = y * state->n - state->sum_y;
        double scale = 1.0 / (state->n * before.n);

        state->squares_x += difference_x * difference_x * scale;
        state->squares_y += difference_y * difference_y * scale;
        state->products += difference_x * difference_y * scale;
        if (isinf(state->sum_x) || isinf(state->squares_x) || isinf(state->sum_y) || isinf(state->squares_y) ||
            isinf(state->products)) {
            refuse_pair_overflow(&before, state, x, y);
            state->squares_x = isinf(state->squares_x) ? (double)NAN : state->squares_x;
            state->squares_y = isinf(state->squares_y) ? (double)NAN : state->squares_y;
            state->products = isinf(state->products) ? (double)NAN : state->products;
        }
    } else {
        if (isnan(x) || isinf(x))
            state->squares_x = state->products = (double)NAN;
        if (isnan(y) || isinf(y))
            state->squares_y = state->products = (double)NAN;
    }
}

static void pairs_update(AggCall *call)
{
    const double *y = call->args[0]->data;
    const double *x = call->args[1]->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (vector_is_valid(call->args[0], row) && vector_is_valid(call->args[1], row))
            add_pair(agg_state(call, row), y[row], x[row]);
    });
}

static void pairs_combine(AggCall *call, void *into, const void *from)
{
    const FloatPairs *b = from;
    FloatPairs       *state = into;
    FloatPairs        a = *state;
    double            difference_x;
    double            difference_y;

    (void)call;
    if (b->n == 0)
        return;
    if (a.n == 0) {
        *state = *b;
        return;
    }
    difference_x = a.sum_x / a.n - b->sum_x / b->n;
    difference_y = a.sum_y / a.n - b->sum_y / b->n;
    state->n = a.n + b->n;
    state->sum_x = a.sum_x + b->sum_x;
    state->sum_y = a.sum_y + b->sum_y;
    state->squares_x = a.squares_x + b->squares_x + a.n * b->n * difference_x * difference_x / state->n;
    state->squares_y = a.squares_y + b->squares_y + a.n * b->n * difference_y * difference_y / state->n;
    state->products = a.products + b->products + a.n * b->n * difference_x * difference_y / state->n;
    if ((isinf(state->squares_x) && !isinf(a.squares_x) && !isinf(b->squares_x)) ||
        (isinf(state->squares_y) && !isinf(a.squares_y) && !isinf(b->squares_y)) ||
        (isinf(state->products) && !isinf(a.products) && !isinf(b->products)))
        raise_overflow();
}

static bool pairs_count_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call, (void)arena;
    out->int64 = (int64_t)((const FloatPairs *)state)->n;
    return true;
}

DEFINE_FLOAT_FINISH(sxx_finish, FloatPairs, 1, state->squares_x)
DEFINE_FLOAT_FINISH(syy_finish, FloatPairs, 1, state->squares_y)
DEFINE_FLOAT_FINISH(sxy_finish, FloatPairs, 1, state->products)
DEFINE_FLOAT_FINISH(avgx_finish, FloatPairs, 1, state->sum_x / state->n)
DEFINE_FLOAT_FINISH(avgy_finish, FloatPairs, 1, state->sum_y / state->n)
DEFINE_FLOAT_FINISH(covar_pop_finish, FloatPairs, 1, state->products / state->n)
DEFINE_FLOAT_FINISH(covar_samp_finish, FloatPairs, 2, state->products / (state->n - 1.0))

static bool corr_finish(AggCall *call, void *arg, Arena *arena, Datum *out)
{
    const FloatPairs *state = arg;

    (void)call, (void)arena;
    if (state->n < 1 || state->squares_x == 0 || state->squares_y == 0)
        return false;
    out->float64 = state->products / sqrt(state->squares_x * state->squares_y);
    return true;
}

static bool r2_finish(AggCall *call, void *arg, Arena *arena, Datum *out)
{
    const FloatPairs *state = arg;

    (void)call, (void)arena;
    if (state->n < 1 || state->squares_x == 0)
        return false;
    out->float64 = state->squares_y == 0 ? 1.0 : (state->products * state->products) / (state->squares_x * state->squares_y);
    return true;
}

static bool slope_finish(AggCall *call, void *arg, Arena *arena, Datum *out)
{
    const FloatPairs *state = arg;

    (void)call, (void)arena;
    if (state->n < 1 || state->squares_x == 0)
        return false;
    out->float64 = state->products / state->squares_x;
    return true;
}

static bool intercept_finish(AggCall *call, void *arg, Arena *arena, Datum *out)
{
    const FloatPairs *state = arg;

    (void)call, (void)arena;
    if (state->n < 1 || state->squares_x == 0)
        return false;
    out->float64 = (state->sum_y - state->sum_x * state->products / state->squares_x) / state->n;
    return true;
}

/* ---- exact numbers ------------------------------------------------------------------------------------------------- */

typedef struct ExactMoments {
    NumericSum sum;
    NumericSum squares;
    int64_t    count;
} ExactMoments;

static ALWAYS_INLINE void add_integer(AggCall *call, ExactMoments *state, int64_t value)
{
    numeric_sum_add_int128(&state->sum, call->arena, value, 0);
    numeric_sum_add_int128(&state->squares, call->arena, (__int128)value * value, 0);
    state->count++;
}

static ALWAYS_INLINE void add_numeric(AggCall *call, ExactMoments *state, Numeric value)
{
    numeric_sum_add(&state->sum, call->arena, &value);
    if (numeric_is_finite(&value))
        numeric_sum_add_square(&state->squares, call->arena, &value);
    state->count++;
}

#define UPDATE int2_moments_update
#define STATE ExactMoments
#define ELEMENT int16_t
#define ADD add_integer
#include "executor/func/agg_update.tmpl.h"

#define UPDATE int4_moments_update
#define STATE ExactMoments
#define ELEMENT int32_t
#define ADD add_integer
#include "executor/func/agg_update.tmpl.h"

#define UPDATE int8_moments_update
#define STATE ExactMoments
#define ELEMENT int64_t
#define ADD add_integer
#include "executor/func/agg_update.tmpl.h"

#define UPDATE numeric_moments_update
#define STATE ExactMoments
#define ELEMENT Numeric
#define ADD add_numeric
#include "executor/func/agg_update.tmpl.h"

static void exact_moments_combine(AggCall *call, void *into, const void *from)
{
    const ExactMoments *other = from;
    ExactMoments       *state = into;

    numeric_sum_merge(&state->sum, call->arena, &other->sum);
    numeric_sum_merge(&state->squares, call->arena, &other->squares);
    state->count += other->count;
}

/* (n * sum of squares - sum^2) / (n * (n - sample)), and its root where the deviation is asked for. */
static bool finish_exact(const ExactMoments *state, bool sample, bool deviation, Arena *arena, Datum *out)
{
    Numeric n = numeric_from_int64(state->count);
    Numeric divisor_factor = numeric_from_int64(state->count - sample);
    Numeric sum;
    Numeric squares;
    Numeric divisor;
    int     scale;

    if (state->count <= sample)
        return false;
    if (state->sum.nan_count + state->sum.infinity_count + state->sum.negative_infinity_count > 0) {
        out->numeric = (Numeric){.kind = NUMERIC_NAN};
        return true;
    }
    numeric_sum_result(&state->sum, arena, &sum);
    numeric_sum_result(&state->squares, arena, &squares);
    numeric_multiply(arena, &sum, &sum, &sum);
    numeric_multiply(arena, &n, &squares, &squares);
    numeric_subtract(arena, &squares, &sum, &squares);
    if (numeric_sign(&squares) <= 0) {
        out->numeric = numeric_from_small(0, 0);
        return true;
    }
    numeric_multiply(arena, &n, &divisor_factor, &divisor);
    scale = numeric_divide_scale(arena, &squares, &divisor);
    numeric_divide_at(arena, &squares, &divisor, scale, &out->numeric);
    if (deviation) {
        Numeric variance = out->numeric;

        numeric_sqrt_at(arena, &variance, scale, &out->numeric);
    }
    return true;
}

static bool exact_var_pop_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return finish_exact(state, false, false, arena, out);
}

static bool exact_var_samp_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return finish_exact(state, true, false, arena, out);
}

static bool exact_stddev_pop_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return finish_exact(state, false, true, arena, out);
}

static bool exact_stddev_samp_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return finish_exact(state, true, true, arena, out);
}

/* ---- string_agg ---------------------------------------------------------------------------------------------------- */

typedef struct StringState {
    StrBuf text; /* arena NULL: nothing yet */
} StringState;

static void string_agg_update(AggCall *call)
{
    const Slice *value = call->args[0]->data;
    const Slice *delimiter = call->args[1]->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StringState *state;

        if (!vector_is_valid(call->args[0], row))
            continue;
        state = agg_state(call, row);
        if (state->text.arena == NULL)
            strbuf_init(&state->text, call->arena);
        else if (vector_is_valid(call->args[1], row))
            strbuf_append_slice(&state->text, delimiter[row]);
        strbuf_append_slice(&state->text, value[row]);
    });
}

static bool string_agg_finish(AggCall *call, void *arg, Arena *arena, Datum *out)
{
    const StringState *state = arg;

    (void)call;
    if (state->text.arena == NULL)
        return false;
    out->bytes = arena_copy(arena, strbuf_slice(&state->text));
    return true;
}

/* ---- the aggregates ------------------------------------------------------------------------------------------------ */

#define FLOAT(oid, type, finish_)                                                                                   \
    {.proc = (oid), .state_bytes = sizeof(FloatMoments), .update = type##_moments_update, .combine = float_moments_combine, \
     .finish = float_##finish_##_finish}
#define EXACT(oid, type, finish_)                                                                                   \
    {.proc = (oid), .state_bytes = sizeof(ExactMoments), .update = type##_moments_update, .combine = exact_moments_combine, \
     .finish = exact_##finish_##_finish}
#define PAIRS(oid, finish_)                                                                                         \
    {.proc = (oid), .state_bytes = sizeof(FloatPairs), .update = pairs_update, .combine = pairs_combine, .finish = (finish_)}

const AggEntry stats_aggregates[] = {
    FLOAT(2104, float4, avg),
    FLOAT(2105, float8, avg),
    FLOAT(2151, float4, var_samp), /* variance */
    FLOAT(2152, float8, var_samp),
    FLOAT(2644, float4, var_samp),
    FLOAT(2645, float8, var_samp),
    FLOAT(2721, float4, var_pop),
    FLOAT(2722, float8, var_pop),
    FLOAT(2157, float4, stddev_samp), /* stddev */
    FLOAT(2158, float8, stddev_samp),
    FLOAT(2715, float4, stddev_samp),
    FLOAT(2716, float8, stddev_samp),
    FLOAT(2727, float4, stddev_pop),
    FLOAT(2728, float8, stddev_pop),
    EXACT(2148, int8, var_samp), /* variance */
    EXACT(2149, int4, var_samp),
    EXACT(2150, int2, var_samp),
    EXACT(2153, numeric, var_samp),
    EXACT(2641, int8, var_samp),
    EXACT(2642, int4, var_samp),
    EXACT(2643, int2, var_samp),
    EXACT(2646, numeric, var_samp),
    EXACT(2718, int8, var_pop),
    EXACT(2719, int4, var_pop),
    EXACT(2720, int2, var_pop),
    EXACT(2723, numeric, var_pop),
    EXACT(2154, int8, stddev_samp), /* stddev */
    EXACT(2155, int4, stddev_samp),
    EXACT(2156, int2, stddev_samp),
    EXACT(2159, numeric, stddev_samp),
    EXACT(2712, int8, stddev_samp),
    EXACT(2713, int4, stddev_samp),
    EXACT(2714, int2, stddev_samp),
    EXACT(2717, numeric, stddev_samp),
    EXACT(2724, int8, stddev_pop),
    EXACT(2725, int4, stddev_pop),
    EXACT(2726, int2, stddev_pop),
    EXACT(2729, numeric, stddev_pop),
    PAIRS(2818, pairs_count_finish),
    PAIRS(2819, sxx_finish),
    PAIRS(2820, syy_finish),
    PAIRS(2821, sxy_finish),
    PAIRS(2822, avgx_finish),
    PAIRS(2823, avgy_finish),
    PAIRS(2824, r2_finish),
    PAIRS(2825, slope_finish),
    PAIRS(2826, intercept_finish),
    PAIRS(2827, covar_pop_finish),
    PAIRS(2828, covar_samp_finish),
    PAIRS(2829, corr_finish),
    {.proc = 3538, .state_bytes = sizeof(StringState), .update = string_agg_update, .finish = string_agg_finish},
    {.proc = 3545, .state_bytes = sizeof(StringState), .update = string_agg_update, .finish = string_agg_finish},
    {0},
};
