/*
 * cast.c - kernels of casts among numbers, booleans and character types.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "types/float.h"
#include "types/numeric_math.h"
#include "types/regtype.h"
#include "types/text.h"
#include "types/utf8.h"

static noreturn void raise_range(const char *type_name)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "%s out of range", type_name);
}

/* ---- that cannot fail ------------------------------------------------------------------------------------------- */

#define DEFINE_WIDENING(kernel, from, to)                                                            \
    static void kernel(KernelCall *call)                                                             \
    {                                                                                                \
        const from *restrict in = call->args[0]->data;                                               \
        to *restrict out = call->result->data;                                                       \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (to)in[row]; });                      \
    }
DEFINE_WIDENING(int2_to_int4, int16_t, int32_t)
DEFINE_WIDENING(int2_to_int8, int16_t, int64_t)
DEFINE_WIDENING(int4_to_int8, int32_t, int64_t)
DEFINE_WIDENING(int2_to_float4, int16_t, float)
DEFINE_WIDENING(int4_to_float4, int32_t, float)
DEFINE_WIDENING(int8_to_float4, int64_t, float)
DEFINE_WIDENING(int2_to_float8, int16_t, double)
DEFINE_WIDENING(int4_to_float8, int32_t, double)
DEFINE_WIDENING(int8_to_float8, int64_t, double)
DEFINE_WIDENING(float4_to_float8, float, double)
DEFINE_WIDENING(oid_to_int8, uint32_t, int64_t)
DEFINE_WIDENING(xid8_to_xid, uint64_t, uint32_t)
DEFINE_WIDENING(bool_to_int4, uint8_t, int32_t)
#undef DEFINE_WIDENING

static void int4_to_bool(KernelCall *call)
{
    const int32_t *restrict in = call->args[0]->data;
    uint8_t *restrict out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = in[row] != 0; });
}

/* ---- that may not fit ------------------------------------------------------------------------------------------- */

#define DEFINE_NARROWING(kernel, from, to, type_name)                                                \
    static void kernel(KernelCall *call)                                                             \
    {                                                                                                \
        const from *restrict in = call->args[0]->data;                                               \
        to *restrict out = call->result->data;                                                       \
        bool overflow = false;                                                                       \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                  \
            out[row] = (to)in[row];                                                                  \
            overflow |= (from)out[row] != in[row];                                                   \
        });                                                                                          \
        if (UNLIKELY(overflow))                                                                      \
            raise_range(type_name);                                                                  \
    }
DEFINE_NARROWING(int4_to_int2, int32_t, int16_t, "smallint")
DEFINE_NARROWING(int8_to_int2, int64_t, int16_t, "smallint")
DEFINE_NARROWING(int8_to_int4, int64_t, int32_t, "integer")
DEFINE_NARROWING(int8_to_oid, int64_t, uint32_t, "OID")
#undef DEFINE_NARROWING

/* Rounded to even, as rint() does. Both limits are powers of two, exact in every float type; NaN fails the tests. */
#define DEFINE_ROUNDING(kernel, from, to, round, least, above, type_name)                            \
    static void kernel(KernelCall *call)                                                             \
    {                                                                                                \
        const from *restrict in = call->args[0]->data;                                               \
        to *restrict out = call->result->data;                                                       \
        bool overflow = false;                                                                       \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                  \
            from value = round(in[row]);                                                             \
            bool fits = value >= (least) && value < (above);                                         \
                                                                                                     \
            overflow |= !fits;                                                                       \
            out[row] = fits ? (to)value : 0;                                                         \
        });                                                                                          \
        if (UNLIKELY(overflow))                                                                      \
            raise_range(type_name);                                                                  \
    }
DEFINE_ROUNDING(float4_to_int2, float, int16_t, rintf, -0x1p15f, 0x1p15f, "smallint")
DEFINE_ROUNDING(float4_to_int4, float, int32_t, rintf, -0x1p31f, 0x1p31f, "integer")
DEFINE_ROUNDING(float4_to_int8, float, int64_t, rintf, -0x1p63f, 0x1p63f, "bigint")
DEFINE_ROUNDING(float8_to_int2, double, int16_t, rint, -0x1p15, 0x1p15, "smallint")
DEFINE_ROUNDING(float8_to_int4, double, int32_t, rint, -0x1p31, 0x1p31, "integer")
DEFINE_ROUNDING(float8_to_int8, double, int64_t, rint, -0x1p63, 0x1p63, "bigint")
#undef DEFINE_ROUNDING

static void float8_to_float4(KernelCall *call)
{
    const double *restrict in = call->args[0]->data;
    float *restrict out = call->result->data;
    bool overflow = false;
    bool underflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = (float)in[row];
        overflow |= isinf(out[row]) && !isinf(in[row]);
        underflow |= out[row] == 0 && in[row] != 0;
    });
    if (UNLIKELY(overflow))
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    if (UNLIKELY(underflow))
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
}

/* ---- numeric ---------------------------------------------------------------------------------------------------- */

static void int2_to_numeric(KernelCall *call)
{
    const int16_t *in = call->args[0]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = numeric_from_small(in[row], 0); });
}

static void int4_to_numeric(KernelCall *call)
{
    const int32_t *in = call->args[0]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = numeric_from_small(in[row], 0); });
}

static void int8_to_numeric(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    Numeric       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = numeric_from_int64(in[row]); });
}

static void float4_to_numeric(KernelCall *call)
{
    const float *in = call->args[0]->data;
    Numeric     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { numeric_from_float(call->ctx->arena, in[row], &out[row]); });
}

static void float8_to_numeric(KernelCall *call)
{
    const double *in = call->args[0]->data;
    Numeric      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { numeric_from_double(call->ctx->arena, in[row], &out[row]); });
}

static noreturn void raise_unfit(NumericFit fit, const char *type_name)
{
    if (fit == NUMERIC_IS_NAN)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot convert NaN to %s", type_name);
    if (fit == NUMERIC_IS_INFINITE)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot convert infinity to %s", type_name);
    raise_range(type_name);
}

#define DEFINE_FROM_NUMERIC(kernel, to, type_name)                                                   \
    static void kernel(KernelCall *call)                                                             \
    {                                                                                                \
        const Numeric *in = call->args[0]->data;                                                     \
        to            *out = call->result->data;                                                     \
        NumericFit     worst = NUMERIC_FITS;                                                         \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                  \
            int64_t    value = 0;                                                                    \
            NumericFit fit = numeric_to_int64(&in[row], &value);                                     \
                                                                                                     \
            out[row] = (to)value;                                                                    \
            if (fit == NUMERIC_FITS && out[row] != value)                                            \
                fit = NUMERIC_OUT_OF_RANGE;                                                          \
            if (UNLIKELY(fit != NUMERIC_FITS))                                                       \
                worst = fit;                                                                         \
        });                                                                                          \
        if (UNLIKELY(worst != NUMERIC_FITS))                                                         \
            raise_unfit(worst, type_name);                                                           \
    }
DEFINE_FROM_NUMERIC(numeric_to_int2, int16_t, "smallint")
DEFINE_FROM_NUMERIC(numeric_to_int4, int32_t, "integer")
DEFINE_FROM_NUMERIC(numeric_to_int8, int64_t, "bigint")
#undef DEFINE_FROM_NUMERIC

static noreturn void raise_float_range(Arena *arena, const Numeric *value, const char *type_name)
{
    StrBuf text;

    strbuf_init(&text, arena);
    numeric_format(value, &text);
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "\"%s\" is out of range for type %s", strbuf_cstring(&text), type_name);
}

static void numeric_to_float8(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    double        *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = numeric_to_double(&in[row]);
        if (UNLIKELY((isinf(out[row]) && numeric_is_finite(&in[row])) || (out[row] == 0 && numeric_sign(&in[row]) != 0)))
            raise_float_range(call->ctx->arena, &in[row], "double precision");
    });
}

/* Rounding to float by way of double would round twice, so all but exact doubles go through the text. */
static void numeric_to_float4(KernelCall *call)
{
    const Numeric *in = call->args[0]->data;
    float         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (in[row].kind == NUMERIC_SMALL && in[row].scale == 0) {
            out[row] = (float)in[row].small;
        } else if (!numeric_is_finite(&in[row])) {
            out[row] = (float)numeric_to_double(&in[row]);
        } else {
            StrBuf text;

            strbuf_init(&text, call->ctx->arena);
            numeric_format(&in[row], &text);
            if (float4_parse(strbuf_slice(&text), &out[row]) != FLOAT_PARSE_OK)
                raise_float_range(call->ctx->arena, &in[row], "real");
        }
    });
}

/* ---- character types -------------------------------------------------------------------------------------------- */

#define DEFINE_TEXT(kernel, expression)                                                              \
    static void kernel(KernelCall *call)                                                             \
    {                                                                                                \
        const Slice *in = call->args[0]->data;                                                       \
        Slice       *out = call->result->data;                                                       \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (expression); });                     \
    }
DEFINE_TEXT(same_bytes, in[row])
DEFINE_TEXT(trim_padding, bpchar_trim(in[row]))
DEFINE_TEXT(text_to_name, name_clip(in[row]))
DEFINE_TEXT(bpchar_to_name, bpchar_trim(name_clip(in[row])))
DEFINE_TEXT(text_to_char, slice_of(in[row].data, MIN(in[row].size, 1)))
#undef DEFINE_TEXT

static void bool_to_text(KernelCall *call)
{
    const uint8_t *in = call->args[0]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row] ? slice_of("true", 4) : slice_of("false", 5);
    });
}

/* Bytes beyond ASCII are no text by themselves and become \ooo. */
static void char_to_text(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row];
        if (in[row].size > 0 && in[row].data[0] >= 0x80) {
            StrBuf text;

            strbuf_init(&text, call->ctx->arena);
            char_internal_format(in[row], &text);
            out[row] = strbuf_slice(&text);
        }
    });
}

static void char_to_int4(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    int32_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = in[row].size > 0 ? (int8_t)in[row].data[0] : 0; });
}

static void int4_to_char(KernelCall *call)
{
    const int32_t *in = call->args[0]->data;
    Slice         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        uint8_t *byte = arena_alloc(call->ctx->arena, 1);

        if (in[row] < INT8_MIN || in[row] > INT8_MAX)
            raise_range("\"char\"");
        *byte = (uint8_t)in[row];
        out[row] = slice_of(byte, *byte != 0);
    });
}

/* varchar(value, typmod, explicit) and its kin: the length coercions as functions. */
static void coerce_length(KernelCall *call)
{
    const TypeInfo *type = type_by_oid(call->proc->result);
    const Slice    *in = call->args[0]->data;
    const int32_t  *typmods = call->args[1]->data;
    const uint8_t  *is_explicit = call->args[2]->data;
    Slice          *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Datum value = {.bytes = in[row]};

        type->coerce_typmod(type, typmods[row], is_explicit[row], call->ctx, &value);
        out[row] = value.bytes;
    });
}

/* text to regclass: through the type's input. */
static void text_to_reg(KernelCall *call)
{
    const TypeInfo *type = type_by_oid(call->proc->result);
    const Slice    *in = call->args[0]->data;
    uint32_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Datum value;

        type->input(type, in[row], -1, call->ctx, &value);
        out[row] = value.oid;
    });
}

const KernelEntry cast_kernels[] = {
    {.proc = 313, .run = int2_to_int4},
    {.proc = 754, .run = int2_to_int8},
    {.proc = 481, .run = int4_to_int8},
    {.proc = 236, .run = int2_to_float4},
    {.proc = 318, .run = int4_to_float4},
    {.proc = 652, .run = int8_to_float4},
    {.proc = 235, .run = int2_to_float8},
    {.proc = 316, .run = int4_to_float8},
    {.proc = 482, .run = int8_to_float8},
    {.proc = 311, .run = float4_to_float8},
    {.proc = 1288, .run = oid_to_int8},
    {.proc = 5071, .run = xid8_to_xid},
    {.proc = 2558, .run = bool_to_int4},
    {.proc = 2557, .run = int4_to_bool},
    {.proc = 314, .run = int4_to_int2},
    {.proc = 714, .run = int8_to_int2},
    {.proc = 480, .run = int8_to_int4},
    {.proc = 1287, .run = int8_to_oid},
    {.proc = 238, .run = float4_to_int2},
    {.proc = 319, .run = float4_to_int4},
    {.proc = 653, .run = float4_to_int8},
    {.proc = 237, .run = float8_to_int2},
    {.proc = 317, .run = float8_to_int4},
    {.proc = 483, .run = float8_to_int8},
    {.proc = 312, .run = float8_to_float4},
    {.proc = 1782, .run = int2_to_numeric},
    {.proc = 1740, .run = int4_to_numeric},
    {.proc = 1781, .run = int8_to_numeric},
    {.proc = 1742, .run = float4_to_numeric},
    {.proc = 1743, .run = float8_to_numeric},
    {.proc = 1783, .run = numeric_to_int2},
    {.proc = 1744, .run = numeric_to_int4},
    {.proc = 1779, .run = numeric_to_int8},
    {.proc = 1745, .run = numeric_to_float4},
    {.proc = 1746, .run = numeric_to_float8},
    {.proc = 401, .run = trim_padding},    /* text(char(n)) */
    {.proc = 406, .run = same_bytes},      /* text(name) */
    {.proc = 408, .run = same_bytes},      /* bpchar(name) */
    {.proc = 1401, .run = same_bytes},     /* varchar(name) */
    {.proc = 407, .run = text_to_name},
    {.proc = 1400, .run = text_to_name},   /* name(varchar) */
    {.proc = 409, .run = bpchar_to_name},
    {.proc = 944, .run = text_to_char},
    {.proc = 946, .run = char_to_text},
    {.proc = 860, .run = char_to_text},    /* bpchar("char") */
    {.proc = 77, .run = char_to_int4},
    {.proc = 78, .run = int4_to_char},
    {.proc = 2971, .run = bool_to_text},
    {.proc = 668, .run = coerce_length},   /* bpchar */
    {.proc = 669, .run = coerce_length},   /* varchar */
    {.proc = 1685, .run = coerce_length},  /* bit */
    {.proc = 1687, .run = coerce_length},  /* varbit */
    {.proc = 1079, .run = text_to_reg},    /* regclass(text) */
    {0},
};
