/*
 * integer.c - arithmetic and bit kernels of int2, int4, int8, and the integers' functions.
 */
#include "base/error.h"
#include "executor/func/kernels.h"

static noreturn void raise_integer_overflow(const char *type_name)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type_name);
}

static noreturn void raise_division_by_zero(void)
{
    raise_error(SQLSTATE_DIVISION_BY_ZERO, "division by zero");
}

/* ---- + - * / % ------------------------------------------------------------------------------------------------- */

#define KERNEL int22_add
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "smallint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int22_subtract
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "smallint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int22_multiply
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "smallint"
#include "executor/func/checked.tmpl.h"

#define NAME int22
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define TYPE_NAME "smallint"
#define REMAINDER
#include "executor/func/quotient.tmpl.h"

#define KERNEL int44_add
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define KERNEL int44_subtract
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define KERNEL int44_multiply
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define NAME int44
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define TYPE_NAME "integer"
#define REMAINDER
#include "executor/func/quotient.tmpl.h"

#define KERNEL int24_add
#define LEFT int16_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define KERNEL int24_subtract
#define LEFT int16_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define KERNEL int24_multiply
#define LEFT int16_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define NAME int24
#define LEFT int16_t
#define RIGHT int32_t
#define RESULT int32_t
#define TYPE_NAME "integer"
#include "executor/func/quotient.tmpl.h"

#define KERNEL int42_add
#define LEFT int32_t
#define RIGHT int16_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define KERNEL int42_subtract
#define LEFT int32_t
#define RIGHT int16_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define KERNEL int42_multiply
#define LEFT int32_t
#define RIGHT int16_t
#define RESULT int32_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "integer"
#include "executor/func/checked.tmpl.h"

#define NAME int42
#define LEFT int32_t
#define RIGHT int16_t
#define RESULT int32_t
#define TYPE_NAME "integer"
#include "executor/func/quotient.tmpl.h"

#define KERNEL int88_add
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int88_subtract
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int88_multiply
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define NAME int88
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define TYPE_NAME "bigint"
#define REMAINDER
#include "executor/func/quotient.tmpl.h"

#define KERNEL int84_add
#define LEFT int64_t
#define RIGHT int32_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int84_subtract
#define LEFT int64_t
#define RIGHT int32_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int84_multiply
#define LEFT int64_t
#define RIGHT int32_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define NAME int84
#define LEFT int64_t
#define RIGHT int32_t
#define RESULT int64_t
#define TYPE_NAME "bigint"
#include "executor/func/quotient.tmpl.h"

#define KERNEL int48_add
#define LEFT int32_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int48_subtract
#define LEFT int32_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int48_multiply
#define LEFT int32_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define NAME int48
#define LEFT int32_t
#define RIGHT int64_t
#define RESULT int64_t
#define TYPE_NAME "bigint"
#include "executor/func/quotient.tmpl.h"

#define KERNEL int82_add
#define LEFT int64_t
#define RIGHT int16_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int82_subtract
#define LEFT int64_t
#define RIGHT int16_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int82_multiply
#define LEFT int64_t
#define RIGHT int16_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define NAME int82
#define LEFT int64_t
#define RIGHT int16_t
#define RESULT int64_t
#define TYPE_NAME "bigint"
#include "executor/func/quotient.tmpl.h"

#define KERNEL int28_add
#define LEFT int16_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_add_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int28_subtract
#define LEFT int16_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_sub_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define KERNEL int28_multiply
#define LEFT int16_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b, out) __builtin_mul_overflow(a, b, out)
#define TYPE_NAME "bigint"
#include "executor/func/checked.tmpl.h"

#define NAME int28
#define LEFT int16_t
#define RIGHT int64_t
#define RESULT int64_t
#define TYPE_NAME "bigint"
#include "executor/func/quotient.tmpl.h"

/* ---- sign ------------------------------------------------------------------------------------------------------ */

/* A kernel of one argument whose result may not fit: OVERFLOWS(in, out). */
#define DEFINE_SIGN(kernel, ctype, type_name, overflows)                                            \
    static void kernel(KernelCall *call)                                                            \
    {                                                                                               \
        const ctype *restrict in = call->args[0]->data;                                             \
        ctype *restrict out = call->result->data;                                                   \
        bool overflow = false;                                                                      \
                                                                                                    \
        FOR_EACH_ROW(call->sel, call->count, row, { overflow |= overflows(in[row], &out[row]); });  \
        if (UNLIKELY(overflow))                                                                     \
            raise_integer_overflow(type_name);                                                      \
    }
#define NEGATE(in, out) __builtin_sub_overflow(0, in, out)
#define ABSOLUTE(in, out) ((in) < 0 ? NEGATE(in, out) : (*(out) = (in), false))
DEFINE_SIGN(int2_negate, int16_t, "smallint", NEGATE)
DEFINE_SIGN(int4_negate, int32_t, "integer", NEGATE)
DEFINE_SIGN(int8_negate, int64_t, "bigint", NEGATE)
DEFINE_SIGN(int2_absolute, int16_t, "smallint", ABSOLUTE)
DEFINE_SIGN(int4_absolute, int32_t, "integer", ABSOLUTE)
DEFINE_SIGN(int8_absolute, int64_t, "bigint", ABSOLUTE)
#undef DEFINE_SIGN

/* ---- bits, larger and smaller ---------------------------------------------------------------------------------- */

#define KERNEL int2_and
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b) (a) & (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int2_or
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b) (a) | (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int2_xor
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b) (a) ^ (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int2_not
#define ARGUMENT int16_t
#define RESULT int16_t
#define OP(a) ~(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL int2_shift_left
#define LEFT int16_t
#define RIGHT int32_t
#define RESULT int16_t
#define OP(a, b) (uint32_t)(a) << ((b) & 31)
#include "executor/func/binary.tmpl.h"

#define KERNEL int2_shift_right
#define LEFT int16_t
#define RIGHT int32_t
#define RESULT int16_t
#define OP(a, b) (a) >> ((b) & 31)
#include "executor/func/binary.tmpl.h"

#define KERNEL int2_plus
#define ARGUMENT int16_t
#define RESULT int16_t
#define OP(a) a
#include "executor/func/unary.tmpl.h"

#define KERNEL int2_larger
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b) (a) > (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int2_smaller
#define LEFT int16_t
#define RIGHT int16_t
#define RESULT int16_t
#define OP(a, b) (a) < (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_and
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (a) & (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_or
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (a) | (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_xor
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (a) ^ (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_not
#define ARGUMENT int32_t
#define RESULT int32_t
#define OP(a) ~(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL int4_shift_left
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (uint32_t)(a) << ((b) & 31)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_shift_right
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (a) >> ((b) & 31)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_plus
#define ARGUMENT int32_t
#define RESULT int32_t
#define OP(a) a
#include "executor/func/unary.tmpl.h"

#define KERNEL int4_larger
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (a) > (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int4_smaller
#define LEFT int32_t
#define RIGHT int32_t
#define RESULT int32_t
#define OP(a, b) (a) < (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_and
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b) (a) & (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_or
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b) (a) | (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_xor
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b) (a) ^ (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_not
#define ARGUMENT int64_t
#define RESULT int64_t
#define OP(a) ~(a)
#include "executor/func/unary.tmpl.h"

#define KERNEL int8_shift_left
#define LEFT int64_t
#define RIGHT int32_t
#define RESULT int64_t
#define OP(a, b) (uint64_t)(a) << ((b) & 63)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_shift_right
#define LEFT int64_t
#define RIGHT int32_t
#define RESULT int64_t
#define OP(a, b) (a) >> ((b) & 63)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_plus
#define ARGUMENT int64_t
#define RESULT int64_t
#define OP(a) a
#include "executor/func/unary.tmpl.h"

#define KERNEL int8_larger
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b) (a) > (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL int8_smaller
#define LEFT int64_t
#define RIGHT int64_t
#define RESULT int64_t
#define OP(a, b) (a) < (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL oid_larger
#define LEFT uint32_t
#define RIGHT uint32_t
#define RESULT uint32_t
#define OP(a, b) (a) > (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

#define KERNEL oid_smaller
#define LEFT uint32_t
#define RIGHT uint32_t
#define RESULT uint32_t
#define OP(a, b) (a) < (b) ? (a) : (b)
#include "executor/func/binary.tmpl.h"

/* ---- greatest common divisor, least common multiple -------------------------------------------------------------- */

static uint64_t gcd_of(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static inline uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* Both return true when the result is above most. */
static bool gcd_overflows(int64_t a, int64_t b, uint64_t most, uint64_t *out)
{
    *out = gcd_of(magnitude(a), magnitude(b));
    return *out > most;
}

static bool lcm_overflows(int64_t a, int64_t b, uint64_t most, uint64_t *out)
{
    *out = 0;
    if (a == 0 || b == 0)
        return false;
    return __builtin_mul_overflow(magnitude(a) / gcd_of(magnitude(a), magnitude(b)), magnitude(b), out) || *out > most;
}

#define DEFINE_DIVISOR(kernel, ctype, most, type_name, overflows)                                          \
    static void kernel(KernelCall *call)                                                                   \
    {                                                                                                      \
        const ctype *restrict left = call->args[0]->data;                                                  \
        const ctype *restrict right = call->args[1]->data;                                                 \
        ctype *restrict out = call->result->data;                                                          \
        bool overflow = false;                                                                             \
                                                                                                           \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                        \
            uint64_t value;                                                                                \
                                                                                                           \
            overflow |= overflows(left[row], right[row], most, &value);                                    \
            out[row] = (ctype)value;                                                                       \
        });                                                                                                \
        if (overflow)                                                                                      \
            raise_integer_overflow(type_name);                                                             \
    }
DEFINE_DIVISOR(int4_gcd, int32_t, INT32_MAX, "integer", gcd_overflows)
DEFINE_DIVISOR(int8_gcd, int64_t, INT64_MAX, "bigint", gcd_overflows)
DEFINE_DIVISOR(int4_lcm, int32_t, INT32_MAX, "integer", lcm_overflows)
DEFINE_DIVISOR(int8_lcm, int64_t, INT64_MAX, "bigint", lcm_overflows)
#undef DEFINE_DIVISOR

const KernelEntry integer_kernels[] = {
    {.proc = 176, .run = int22_add},
    {.proc = 180, .run = int22_subtract},
    {.proc = 152, .run = int22_multiply},
    {.proc = 153, .run = int22_div},
    {.proc = 155, .run = int22_mod},
    {.proc = 940, .run = int22_mod},
    {.proc = 177, .run = int44_add},
    {.proc = 181, .run = int44_subtract},
    {.proc = 141, .run = int44_multiply},
    {.proc = 154, .run = int44_div},
    {.proc = 156, .run = int44_mod},
    {.proc = 941, .run = int44_mod},
    {.proc = 178, .run = int24_add},
    {.proc = 182, .run = int24_subtract},
    {.proc = 170, .run = int24_multiply},
    {.proc = 172, .run = int24_div},
    {.proc = 179, .run = int42_add},
    {.proc = 183, .run = int42_subtract},
    {.proc = 171, .run = int42_multiply},
    {.proc = 173, .run = int42_div},
    {.proc = 463, .run = int88_add},
    {.proc = 464, .run = int88_subtract},
    {.proc = 465, .run = int88_multiply},
    {.proc = 466, .run = int88_div},
    {.proc = 945, .run = int88_mod},
    {.proc = 947, .run = int88_mod},
    {.proc = 1274, .run = int84_add},
    {.proc = 1275, .run = int84_subtract},
    {.proc = 1276, .run = int84_multiply},
    {.proc = 1277, .run = int84_div},
    {.proc = 1278, .run = int48_add},
    {.proc = 1279, .run = int48_subtract},
    {.proc = 1280, .run = int48_multiply},
    {.proc = 1281, .run = int48_div},
    {.proc = 837, .run = int82_add},
    {.proc = 838, .run = int82_subtract},
    {.proc = 839, .run = int82_multiply},
    {.proc = 840, .run = int82_div},
    {.proc = 841, .run = int28_add},
    {.proc = 942, .run = int28_subtract},
    {.proc = 943, .run = int28_multiply},
    {.proc = 948, .run = int28_div},
    {.proc = 213, .run = int2_negate},
    {.proc = 1253, .run = int2_absolute},
    {.proc = 1398, .run = int2_absolute},
    {.proc = 212, .run = int4_negate},
    {.proc = 1251, .run = int4_absolute},
    {.proc = 1397, .run = int4_absolute},
    {.proc = 462, .run = int8_negate},
    {.proc = 1230, .run = int8_absolute},
    {.proc = 1396, .run = int8_absolute},
    {.proc = 1892, .run = int2_and},
    {.proc = 1893, .run = int2_or},
    {.proc = 1894, .run = int2_xor},
    {.proc = 1895, .run = int2_not},
    {.proc = 1896, .run = int2_shift_left},
    {.proc = 1897, .run = int2_shift_right},
    {.proc = 1911, .run = int2_plus},
    {.proc = 770, .run = int2_larger},
    {.proc = 771, .run = int2_smaller},
    {.proc = 1898, .run = int4_and},
    {.proc = 1899, .run = int4_or},
    {.proc = 1900, .run = int4_xor},
    {.proc = 1901, .run = int4_not},
    {.proc = 1902, .run = int4_shift_left},
    {.proc = 1903, .run = int4_shift_right},
    {.proc = 1912, .run = int4_plus},
    {.proc = 768, .run = int4_larger},
    {.proc = 769, .run = int4_smaller},
    {.proc = 1904, .run = int8_and},
    {.proc = 1905, .run = int8_or},
    {.proc = 1906, .run = int8_xor},
    {.proc = 1907, .run = int8_not},
    {.proc = 1908, .run = int8_shift_left},
    {.proc = 1909, .run = int8_shift_right},
    {.proc = 1910, .run = int8_plus},
    {.proc = 1236, .run = int8_larger},
    {.proc = 1237, .run = int8_smaller},
    {.proc = 1965, .run = oid_larger},
    {.proc = 1966, .run = oid_smaller},
    {.proc = 5044, .run = int4_gcd},
    {.proc = 5045, .run = int8_gcd},
    {.proc = 5046, .run = int4_lcm},
    {.proc = 5047, .run = int8_lcm},
    {0},
};
