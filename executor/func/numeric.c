/*
 * numeric.c - kernels of numeric arithmetic and of numeric's functions.
 */
#include "types/numeric.h"

#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/numeric_math.h"

/* ---- of two numerics ------------------------------------------------------------------------------------------- */

#define DEFINE_BINARY(kernel, function)                                                                   \
    static void kernel(KernelCall *call)                                                                  \
    {                                                                                                     \
        const Numeric *left = call->args[0]->data;                                                        \
        const Numeric *right = call->args[1]->data;                                                       \
        Numeric       *out = call->result->data;                                                          \
        Arena         *arena = call->ctx->arena;                                                          \
                                                                                                          \
        FOR_EACH_ROW(call->sel, call->count, row, { function(arena, &left[row], &right[row], &out[row]); }); \
    }
DEFINE_BINARY(add, numeric_add)
DEFINE_BINARY(subtract, numeric_subtract)
DEFINE_BINARY(multiply, numeric_multiply)
DEFINE_BINARY(divide, numeric_divide)
DEFINE_BINARY(modulo, numeric_modulo)
DEFINE_BINARY(divide_whole, numeric_divide_whole)
DEFINE_BINARY(gcd, numeric_gcd)
DEFINE_BINARY(lcm, numeric_lcm)
DEFINE_BINARY(power, numeric_power)
DEFINE_BINARY(log_of_base, numeric_log)
#undef DEFINE_BINARY

static void larger(KernelCall *call)
{
    const Numeric *left = call->args[0]->data;
    const Numeric *right = call->args[1]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = numeric_compare(&left[row], &right[row]) > 0 ? left[row] : right[row];
    });
}

static void smaller(KernelCall *call)
{
    const Numeric *left = call->args[0]->data;
    const Numeric *right = call->args[1]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = numeric_compare(&left[row], &right[row]) < 0 ? left[row] : right[row];
    });
}

/* ---- of one ---------------------------------------------------------------------------------------------------- */

#define DEFINE_UNARY(kernel, RESULT, statement)                          \
    static void kernel(KernelCall *call)                                 \
    {                                                                    \
        const Numeric *in = call->args[0]->data;                         \
        RESULT        *out = call->result->data;                         \
        Arena         *arena = call->ctx->arena;                         \
                                                                         \
        (void)arena;                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, { statement; });       \
    }
DEFINE_UNARY(negate, Numeric, numeric_negate(&in[row], &out[row]))
DEFINE_UNARY(absolute, Numeric, numeric_absolute(&in[row], &out[row]))
DEFINE_UNARY(plus, Numeric, out[row] = in[row])
DEFINE_UNARY(round_whole, Numeric, numeric_round(arena, &in[row], 0, &out[row]))
DEFINE_UNARY(truncate_whole, Numeric, numeric_truncate(arena, &in[row], 0, &out[row]))
DEFINE_UNARY(ceil_of, Numeric, numeric_ceil(arena, &in[row], &out[row]))
DEFINE_UNARY(floor_of, Numeric, numeric_floor(arena, &in[row], &out[row]))
DEFINE_UNARY(trim_scale, Numeric, numeric_trim_scale(arena, &in[row], &out[row]))
DEFINE_UNARY(sqrt_of, Numeric, numeric_sqrt(arena, &in[row], &out[row]))
DEFINE_UNARY(exp_of, Numeric, numeric_exp(arena, &in[row], &out[row]))
DEFINE_UNARY(ln_of, Numeric, numeric_ln(arena, &in[row], &out[row]))
#undef DEFINE_UNARY

static void sign_of(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row].kind == NUMERIC_NAN ? in[row] : numeric_from_small(numeric_sign(&in[row]), 0);
    });
}

static void increment(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    Numeric       *out = call->result->data;
    Numeric        one = numeric_from_small(1, 0);

    FOR_EACH_ROW(call->sel, call->count, row, { numeric_add(call->ctx->arena, &in[row], &one, &out[row]); });
}

static void log10_of(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    Numeric       *out = call->result->data;
    Numeric        ten = numeric_from_small(10, 0);

    FOR_EACH_ROW(call->sel, call->count, row, { numeric_log(call->ctx->arena, &ten, &in[row], &out[row]); });
}

/* NULL for NaN and the infinities, which have no scale. */
static void scale_of(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    int32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row].scale;
        if (!numeric_is_finite(&in[row]))
            kernel_set_null(call, row);
    });
}

static void min_scale_of(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    int32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = numeric_min_scale(call->ctx->arena, &in[row]);
        if (!numeric_is_finite(&in[row]))
            kernel_set_null(call, row);
    });
}

/* ---- with integers --------------------------------------------------------------------------------------------- */

static void round_to(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    const int32_t *digits = call->args[1]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        /* PG15: at most 2000 digits either way */
        numeric_round(call->ctx->arena, &in[row], MAX(MIN(digits[row], 2000), -2000), &out[row]);
    });
}

static void truncate_to(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    const int32_t *digits = call->args[1]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        numeric_truncate(call->ctx->arena, &in[row], MAX(MIN(digits[row], 2000), -2000), &out[row]);
    });
}

static void apply_typmod(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    const int32_t *typmods = call->args[1]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row];
        numeric_apply_typmod(call->ctx->arena, typmods[row], &out[row]);
    });
}

static void factorial(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { numeric_factorial(call->ctx->arena, in[row], &out[row]); });
}

static noreturn void raise_bucket(const char *text)
{
    raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION, "%s", text);
}

/* floor((operand - low) * count / (high - low)) + 1, exactly. */
static int32_t bucket_of(Arena *arena, const Numeric *operand, const Numeric *low, const Numeric *high, int32_t count)
{
    int     order = numeric_compare(low, high);
    Numeric count_numeric = numeric_from_small(count, 0);
    Numeric offset;
    Numeric width;
    Numeric scaled;
    int64_t bucket;

    if (count <= 0)
        raise_bucket("count must be greater than zero");
    if (operand->kind == NUMERIC_NAN || low->kind == NUMERIC_NAN || high->kind == NUMERIC_NAN)
        raise_bucket("operand, lower bound, and upper bound cannot be NaN");
    if (!numeric_is_finite(low) || !numeric_is_finite(high))
        raise_bucket("lower and upper bounds must be finite");
    if (order == 0)
        raise_bucket("lower bound cannot equal upper bound");
    if (order < 0 ? numeric_compare(operand, low) < 0 : numeric_compare(operand, low) > 0)
        return 0;
    if (order < 0 ? numeric_compare(operand, high) >= 0 : numeric_compare(operand, high) <= 0) {
        if (__builtin_add_overflow(count, 1, &count))
            raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
        return count;
    }
    numeric_subtract(arena, operand, low, &offset);
    numeric_subtract(arena, high, low, &width);
    numeric_multiply(arena, &offset, &count_numeric, &scaled);
    numeric_divide_whole(arena, &scaled, &width, &scaled);
    if (numeric_to_int64(&scaled, &bucket) != NUMERIC_FITS)
        bucket = count - 1;
    return (int32_t)bucket + 1;
}

static void width_bucket(KernelCall *call)
{
    const Numeric *operand = call->args[0]->data;
    const Numeric *low = call->args[1]->data;
    const Numeric *high = call->args[2]->data;
    const int32_t *count = call->args[3]->data;
    int32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = bucket_of(call->ctx->arena, &operand[row], &low[row], &high[row], count[row]);
    });
}

const KernelEntry numeric_kernels[] = {
    {.proc = 1724, .run = add},
    {.proc = 1725, .run = subtract},
    {.proc = 1726, .run = multiply},
    {.proc = 1727, .run = divide},
    {.proc = 1728, .run = modulo},
    {.proc = 1729, .run = modulo},
    {.proc = 1973, .run = divide_whole},
    {.proc = 1980, .run = divide_whole},
    {.proc = 5048, .run = gcd},
    {.proc = 5049, .run = lcm},
    {.proc = 1738, .run = power},
    {.proc = 1739, .run = power},
    {.proc = 2169, .run = power},
    {.proc = 1736, .run = log_of_base},
    {.proc = 1737, .run = log_of_base},
    {.proc = 1766, .run = smaller},
    {.proc = 1767, .run = larger},
    {.proc = 1771, .run = negate},
    {.proc = 1704, .run = absolute},
    {.proc = 1705, .run = absolute},
    {.proc = 1915, .run = plus},
    {.proc = 1706, .run = sign_of},
    {.proc = 1764, .run = increment},
    {.proc = 1708, .run = round_whole},
    {.proc = 1710, .run = truncate_whole},
    {.proc = 1711, .run = ceil_of},
    {.proc = 2167, .run = ceil_of},
    {.proc = 1712, .run = floor_of},
    {.proc = 5043, .run = trim_scale},
    {.proc = 1730, .run = sqrt_of},
    {.proc = 1731, .run = sqrt_of},
    {.proc = 1732, .run = exp_of},
    {.proc = 1733, .run = exp_of},
    {.proc = 1734, .run = ln_of},
    {.proc = 1735, .run = ln_of},
    {.proc = 1741, .run = log10_of},
    {.proc = 1481, .run = log10_of},
    {.proc = 3281, .run = scale_of},
    {.proc = 5042, .run = min_scale_of},
    {.proc = 1707, .run = round_to},
    {.proc = 1709, .run = truncate_to},
    {.proc = 1703, .run = apply_typmod},
    {.proc = 1376, .run = factorial},
    {.proc = 2170, .run = width_bucket},
    {0},
};
