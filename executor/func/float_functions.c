/*
 * float_functions.c - roots, exponentials, trigonometry of double precision; random numbers.
 *
 * Infinite results of finite arguments and zeros that cannot be are errors, as for the operators.
 */
#include "base/error.h"
#include "base/hash.h"
#include "executor/func/kernels.h"
#include "types/float.h"

#include <openssl/rand.h>

static noreturn void raise_range(const char *text)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "%s", text);
}

static double checked(double result, bool may_be_infinite, bool may_be_zero)
{
    if (UNLIKELY(isinf(result)) && !may_be_infinite)
        raise_range("value out of range: overflow");
    if (UNLIKELY(result == 0) && !may_be_zero)
        raise_range("value out of range: underflow");
    return result;
}

/* ---- roots, exponentials, logarithms ------------------------------------------------------------------------------- */

static double square_root(double x)
{
    if (x < 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "cannot take square root of a negative number");
    return checked(sqrt(x), isinf(x), x == 0);
}

static double cube_root(double x)
{
    return checked(cbrt(x), isinf(x), x == 0);
}

static double exponential(double x)
{
    if (isnan(x) || isinf(x))
        return x < 0 ? 0 : x;
    return checked(exp(x), false, false);
}

static void require_log_domain(double x)
{
    if (x == 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of zero");
    if (x < 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_LOG, "cannot take logarithm of a negative number");
}

static double natural_log(double x)
{
    require_log_domain(x);
    return checked(log(x), isinf(x), x == 1);
}

static double decimal_log(double x)
{
    require_log_domain(x);
    return checked(log10(x), isinf(x), x == 1);
}

static double power(double x, double y)
{
    if (isnan(x))
        return y == 0 ? 1 : x;
    if (isnan(y))
        return x == 1 ? 1 : y;
    if (x == 0 && y < 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_POWER_FUNCTION, "zero raised to a negative power is undefined");
    if (x < 0 && floor(y) != y)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_POWER_FUNCTION,
                    "a negative number raised to a non-integer power yields a complex result");
    if (isinf(x) || isinf(y))
        return pow(x, y);
    return checked(pow(x, y), false, x == 0);
}

/* ---- trigonometry --------------------------------------------------------------------------------------------------- */

static double not_infinite(double x)
{
    if (isinf(x))
        raise_range("input is out of range");
    return x;
}

static double within_one(double x)
{
    if (x < -1 || x > 1)
        raise_range("input is out of range");
    return x;
}

static double cotangent(double x)
{
    return 1.0 / tan(not_infinite(x));
}

static double inverse_cosh(double x)
{
    if (x < 1)
        raise_range("input is out of range");
    return acosh(x);
}

static double inverse_tanh(double x)
{
    within_one(x);
    return x == -1 ? -(double)INFINITY : x == 1 ? (double)INFINITY : atanh(x);
}

#define PI 3.14159265358979323846
#define RADIANS_PER_DEGREE 0.0174532925199432957692

static double to_degrees(double x)
{
    return checked(x / RADIANS_PER_DEGREE, isinf(x), x == 0);
}

static double to_radians(double x)
{
    return checked(x * RADIANS_PER_DEGREE, isinf(x), true);
}

/* ---- in degrees: exact at the multiples of 30, 45 and 60, by scaling with what the library gives there -------------- */

static double sine_below_30(double x)
{
    volatile double at_30 = sin(30.0 * RADIANS_PER_DEGREE);
    volatile double at_x = sin(x * RADIANS_PER_DEGREE);

    return at_x / at_30 / 2.0;
}

static double cosine_below_60(double x)
{
    volatile double one_minus_at_60 = 1.0 - cos(60.0 * RADIANS_PER_DEGREE);
    volatile double one_minus_at_x = 1.0 - cos(x * RADIANS_PER_DEGREE);

    return 1.0 - one_minus_at_x / one_minus_at_60 / 2.0;
}

static double sine_below_90(double x)
{
    return x <= 30 ? sine_below_30(x) : cosine_below_60(90.0 - x);
}

static double cosine_below_90(double x)
{
    return x <= 60 ? cosine_below_60(x) : sine_below_30(90.0 - x);
}

static double sine_degrees(double x)
{
    double sign = 1;

    if (isnan(x))
        return x;
    x = fmod(not_infinite(x), 360.0);
    if (x < 0) {
        x = -x;
        sign = -1;
    }
    if (x > 180) {
        x = 360.0 - x;
        sign = -sign;
    }
    if (x > 90)
        x = 180.0 - x;
    return sign * sine_below_90(x);
}

static double cosine_degrees(double x)
{
    double sign = 1;

    if (isnan(x))
        return x;
    x = fabs(fmod(not_infinite(x), 360.0));
    if (x > 180)
        x = 360.0 - x;
    if (x > 90) {
        x = 180.0 - x;
        sign = -1;
    }
    return sign * cosine_below_90(x);
}

/* ---- kernels --------------------------------------------------------------------------------------------------------- */

#define DEFINE_FUNCTION(kernel, expression)                                                              \
    static void kernel(KernelCall *call)                                                                 \
    {                                                                                                    \
        const double *in = call->args[0]->data;                                                          \
        double       *out = call->result->data;                                                          \
                                                                                                         \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                      \
            double x = in[row];                                                                          \
                                                                                                         \
            out[row] = isnan(x) ? x : (expression);                                                      \
        });                                                                                              \
    }
DEFINE_FUNCTION(sqrt_run, square_root(x))
DEFINE_FUNCTION(cbrt_run, cube_root(x))
DEFINE_FUNCTION(exp_run, exponential(x))
DEFINE_FUNCTION(ln_run, natural_log(x))
DEFINE_FUNCTION(log_run, decimal_log(x))
DEFINE_FUNCTION(sin_run, sin(not_infinite(x)))
DEFINE_FUNCTION(cos_run, cos(not_infinite(x)))
DEFINE_FUNCTION(tan_run, tan(not_infinite(x)))
DEFINE_FUNCTION(cot_run, cotangent(x))
DEFINE_FUNCTION(asin_run, asin(within_one(x)))
DEFINE_FUNCTION(acos_run, acos(within_one(x)))
DEFINE_FUNCTION(atan_run, atan(x))
DEFINE_FUNCTION(sinh_run, sinh(x))
DEFINE_FUNCTION(cosh_run, cosh(x))
DEFINE_FUNCTION(tanh_run, tanh(x))
DEFINE_FUNCTION(asinh_run, asinh(x))
DEFINE_FUNCTION(acosh_run, inverse_cosh(x))
DEFINE_FUNCTION(atanh_run, inverse_tanh(x))
DEFINE_FUNCTION(degrees_run, to_degrees(x))
DEFINE_FUNCTION(radians_run, to_radians(x))
DEFINE_FUNCTION(sind_run, sine_degrees(x))
DEFINE_FUNCTION(cosd_run, cosine_degrees(x))
#undef DEFINE_FUNCTION

static void power_run(KernelCall *call)
{
    const double *base = call->args[0]->data;
    const double *exponent = call->args[1]->data;
    double       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = power(base[row], exponent[row]); });
}

static void atan2_run(KernelCall *call)
{
    const double *y = call->args[0]->data;
    const double *x = call->args[1]->data;
    double       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = atan2(y[row], x[row]); });
}

static void pi_run(KernelCall *call)
{
    double *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = PI; });
}

/* ---- random() -------------------------------------------------------------------------------------------------------- */

/*
 * xoshiro256** (Blackman and Vigna 2018), seeded by OpenSSL for each thread. setseed() reseeds the thread that serves the
 * session.
 */
static _Thread_local uint64_t generator[4];
static _Thread_local bool     generator_ready;

static uint64_t rotate_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t next_random(void)
{
    uint64_t result = rotate_left(generator[1] * 5, 7) * 9;
    uint64_t shifted = generator[1] << 17;

    generator[2] ^= generator[0];
    generator[3] ^= generator[1];
    generator[1] ^= generator[2];
    generator[0] ^= generator[3];
    generator[2] ^= shifted;
    generator[3] = rotate_left(generator[3], 45);
    return result;
}

static void random_run(KernelCall *call)
{
    double *out = call->result->data;

    if (!generator_ready) {
        if (RAND_bytes((unsigned char *)generator, sizeof generator) != 1)
            raise_error(SQLSTATE_INTERNAL_ERROR, "could not generate random values");
        generator_ready = true;
    }
    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (double)(next_random() >> 11) * 0x1p-53; });
}

static void setseed_run(KernelCall *call)
{
    const double *seed = call->args[0]->data;
    Slice        *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        uint64_t bits;

        if (!(seed[row] >= -1 && seed[row] <= 1))
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "setseed parameter %g is out of allowed range [-1,1]", seed[row]);
        memcpy(&bits, &seed[row], sizeof bits);
        for (int i = 0; i < 4; i++)
            generator[i] = hash_u64(bits += 0x9e3779b97f4a7c15ull);
        generator_ready = true;
        out[row] = slice_of("", 0);
    });
}

const KernelEntry float_function_kernels[] = {
    {.proc = 230, .run = sqrt_run},
    {.proc = 1344, .run = sqrt_run},
    {.proc = 231, .run = cbrt_run},
    {.proc = 1345, .run = cbrt_run},
    {.proc = 233, .run = exp_run},
    {.proc = 1347, .run = exp_run},
    {.proc = 234, .run = ln_run},
    {.proc = 1341, .run = ln_run},
    {.proc = 1339, .run = log_run},
    {.proc = 1340, .run = log_run},
    {.proc = 1194, .run = log_run},
    {.proc = 232, .run = power_run},
    {.proc = 1346, .run = power_run},
    {.proc = 1368, .run = power_run},
    {.proc = 1600, .run = asin_run},
    {.proc = 1601, .run = acos_run},
    {.proc = 1602, .run = atan_run},
    {.proc = 1603, .run = atan2_run},
    {.proc = 1604, .run = sin_run},
    {.proc = 1605, .run = cos_run},
    {.proc = 1606, .run = tan_run},
    {.proc = 1607, .run = cot_run},
    {.proc = 1608, .run = degrees_run},
    {.proc = 1609, .run = radians_run},
    {.proc = 1610, .run = pi_run},
    {.proc = 2462, .run = sinh_run},
    {.proc = 2463, .run = cosh_run},
    {.proc = 2464, .run = tanh_run},
    {.proc = 2465, .run = asinh_run},
    {.proc = 2466, .run = acosh_run},
    {.proc = 2467, .run = atanh_run},
    {.proc = 2735, .run = sind_run},
    {.proc = 2736, .run = cosd_run},
    {.proc = 1598, .run = random_run},
    {.proc = 1599, .run = setseed_run},
    {0},
};
