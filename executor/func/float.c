/*
 * float.c - arithmetic kernels of float4 and float8, and their functions.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/float.h"

static noreturn void raise_overflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

static noreturn void raise_underflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
}

static noreturn void raise_division_by_zero(void)
{
    raise_error(SQLSTATE_DIVISION_BY_ZERO, "division by zero");
}

/* ---- + - * / --------------------------------------------------------------------------------------------------- */

/*
 * One operation. An infinite result of finite arguments is an overflow; a zero that UNDERFLOWS(a, b) says cannot be is an
 * underflow. Both are gathered and raised after the loop.
 */
#define DEFINE_OPERATION(kernel, LEFT, RIGHT, RESULT, OP, UNDERFLOWS)                                      \
    static void kernel(KernelCall *call)                                                                   \
    {                                                                                                      \
        const LEFT *restrict left = call->args[0]->data;                                                   \
        const RIGHT *restrict right = call->args[1]->data;                                                 \
        RESULT *restrict out = call->result->data;                                                         \
        bool overflow = false;                                                                             \
        bool underflow = false;                                                                            \
                                                                                                           \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                        \
            RESULT a = (RESULT)left[row];                                                                  \
            RESULT b = (RESULT)right[row];                                                                 \
            RESULT value = OP(a, b);                                                                       \
                                                                                                           \
            overflow |= isinf(value) && !isinf(a) && !isinf(b);                                            \
            underflow |= value == 0 && UNDERFLOWS(a, b);                                                   \
            out[row] = value;                                                                              \
        });                                                                                                \
        if (UNLIKELY(overflow))                                                                            \
            raise_overflow();                                                                              \
        if (UNLIKELY(underflow))                                                                           \
            raise_underflow();                                                                             \
    }

/* Division besides refuses a zero divisor, unless the dividend is NaN. */
#define DEFINE_DIVISION(kernel, LEFT, RIGHT, RESULT)                                                       \
    static void kernel(KernelCall *call)                                                                   \
    {                                                                                                      \
        const LEFT *restrict left = call->args[0]->data;                                                   \
        const RIGHT *restrict right = call->args[1]->data;                                                 \
        RESULT *restrict out = call->result->data;                                                         \
        bool zero = false;                                                                                 \
        bool overflow = false;                                                                             \
        bool underflow = false;                                                                            \
                                                                                                           \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                        \
            RESULT a = (RESULT)left[row];                                                                  \
            RESULT b = (RESULT)right[row];                                                                 \
            RESULT value = a / b;                                                                          \
                                                                                                           \
            zero |= b == 0 && !isnan(a);                                                                   \
            overflow |= isinf(value) && !isinf(a);                                                         \
            underflow |= value == 0 && a != 0 && !isinf(b);                                                \
            out[row] = value;                                                                              \
        });                                                                                                \
        if (UNLIKELY(zero))                                                                                \
            raise_division_by_zero();                                                                      \
        if (UNLIKELY(overflow))                                                                            \
            raise_overflow();                                                                              \
        if (UNLIKELY(underflow))                                                                           \
            raise_underflow();                                                                             \
    }

#define ADD(a, b) ((a) + (b))
#define SUBTRACT(a, b) ((a) - (b))
#define MULTIPLY(a, b) ((a) * (b))
#define NEVER(a, b) false
#define NEITHER_ZERO(a, b) ((a) != 0 && (b) != 0)

#define DEFINE_FOUR(prefix, LEFT, RIGHT, RESULT)                                    \
    DEFINE_OPERATION(prefix##_add, LEFT, RIGHT, RESULT, ADD, NEVER)                 \
    DEFINE_OPERATION(prefix##_subtract, LEFT, RIGHT, RESULT, SUBTRACT, NEVER)       \
    DEFINE_OPERATION(prefix##_multiply, LEFT, RIGHT, RESULT, MULTIPLY, NEITHER_ZERO) \
    DEFINE_DIVISION(prefix##_divide, LEFT, RIGHT, RESULT)
DEFINE_FOUR(float44, float, float, float)
DEFINE_FOUR(float48, float, double, double)
DEFINE_FOUR(float84, double, float, double)
DEFINE_FOUR(float88, double, double, double)

/* ---- sign, rounding, larger and smaller ------------------------------------------------------------------------- */

#define KERNEL float4_negate
#define ARGUMENT float
#define RESULT float
#define OP(a) -(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float4_absolute
#define ARGUMENT float
#define RESULT float
#define OP(a) fabsf(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float4_plus
#define ARGUMENT float
#define RESULT float
#define OP(a) a
#include "executor/func/unary.tmpl.h"

#define KERNEL float4_larger
#define LEFT float
#define RIGHT float
#define RESULT float
#define OP(a, b) float8_compare(a, b) > 0 ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL float4_smaller
#define LEFT float
#define RIGHT float
#define RESULT float
#define OP(a, b) float8_compare(a, b) < 0 ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL float8_negate
#define ARGUMENT double
#define RESULT double
#define OP(a) -(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_absolute
#define ARGUMENT double
#define RESULT double
#define OP(a) fabs(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_plus
#define ARGUMENT double
#define RESULT double
#define OP(a) a
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_larger
#define LEFT double
#define RIGHT double
#define RESULT double
#define OP(a, b) float8_compare(a, b) > 0 ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL float8_smaller
#define LEFT double
#define RIGHT double
#define RESULT double
#define OP(a, b) float8_compare(a, b) < 0 ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL float8_round
#define ARGUMENT double
#define RESULT double
#define OP(a) rint(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_truncate
#define ARGUMENT double
#define RESULT double
#define OP(a) trunc(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_ceil
#define ARGUMENT double
#define RESULT double
#define OP(a) ceil(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_floor
#define ARGUMENT double
#define RESULT double
#define OP(a) floor(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL float8_sign
#define ARGUMENT double
#define RESULT double
#define OP(a) (a) > 0 ? 1 : (a) < 0 ? -1 : 0
#include "executor/func/unary.tmpl.h"

const KernelEntry float_kernels[] = {
    {.proc = 204, .run = float44_add},
    {.proc = 205, .run = float44_subtract},
    {.proc = 202, .run = float44_multiply},
    {.proc = 203, .run = float44_divide},
    {.proc = 281, .run = float48_add},
    {.proc = 282, .run = float48_subtract},
    {.proc = 279, .run = float48_multiply},
    {.proc = 280, .run = float48_divide},
    {.proc = 285, .run = float84_add},
    {.proc = 286, .run = float84_subtract},
    {.proc = 283, .run = float84_multiply},
    {.proc = 284, .run = float84_divide},
    {.proc = 218, .run = float88_add},
    {.proc = 219, .run = float88_subtract},
    {.proc = 216, .run = float88_multiply},
    {.proc = 217, .run = float88_divide},
    {.proc = 206, .run = float4_negate},
    {.proc = 207, .run = float4_absolute},
    {.proc = 1394, .run = float4_absolute},
    {.proc = 1913, .run = float4_plus},
    {.proc = 209, .run = float4_larger},
    {.proc = 211, .run = float4_smaller},
    {.proc = 220, .run = float8_negate},
    {.proc = 221, .run = float8_absolute},
    {.proc = 1395, .run = float8_absolute},
    {.proc = 1914, .run = float8_plus},
    {.proc = 223, .run = float8_larger},
    {.proc = 224, .run = float8_smaller},
    {.proc = 228, .run = float8_round},
    {.proc = 1342, .run = float8_round},
    {.proc = 229, .run = float8_truncate},
    {.proc = 1343, .run = float8_truncate},
    {.proc = 2308, .run = float8_ceil},
    {.proc = 2320, .run = float8_ceil},
    {.proc = 2309, .run = float8_floor},
    {.proc = 2310, .run = float8_sign},
    {0},
};
