/*
 * vector.c - functions and operators over vectors: distances, arithmetic, parts, comparison, casts between modifiers.
 *
 * A distance to a constant, which is what searches compute, prepares the constant once for all rows of a batch.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/bit.h"
#include "types/vector_type.h"

#include <math.h>

/* ---- distances --------------------------------------------------------------------------------------------------- */

static void distance_run(KernelCall *call, VectorMetric metric)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    const Slice *b = VECTOR_DATA(call->args[1], Slice);
    double      *out = VECTOR_DATA(call->result, double);
    Slice        known = {0};
    VectorQuery  query = {0};

    FOR_EACH_ROW(call->sel, call->count, row, {
        vector_check_same(a[row], b[row]);
        if (b[row].data != known.data || known.data == NULL) { /* a constant stands at the same place in every row */
            known = b[row];
            query = vector_query(metric, known.data, (size_t)vector_dimensions(known));
        }
        out[row] = vector_distance(&query, a[row].data);
    });
}

static void l2_run(KernelCall *call)
{
    distance_run(call, VECTOR_L2);
}

static void l2_squared_run(KernelCall *call)
{
    distance_run(call, VECTOR_L2_SQUARED);
}

static void negative_inner_run(KernelCall *call)
{
    distance_run(call, VECTOR_NEGATIVE_INNER);
}

static void cosine_run(KernelCall *call)
{
    distance_run(call, VECTOR_COSINE);
}

static void l1_run(KernelCall *call)
{
    distance_run(call, VECTOR_L1);
}

static void inner_product_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    const Slice *b = VECTOR_DATA(call->args[1], Slice);
    double      *out = VECTOR_DATA(call->result, double);

    FOR_EACH_ROW(call->sel, call->count, row, {
        vector_check_same(a[row], b[row]);
        out[row] = (double)vector_kernels->inner_product(a[row].data, b[row].data, (size_t)vector_dimensions(a[row]));
    });
}

/* The angle between unit vectors, as a part of a half turn. */
static void spherical_run(KernelCall *call)
{
    double *out = VECTOR_DATA(call->result, double);

    inner_product_run(call);
    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = acos(out[row] > 1 ? 1 : out[row] < -1 ? -1 : out[row]) / M_PI; });
}

/* ---- one vector -------------------------------------------------------------------------------------------------- */

static void dims_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    int32_t     *out = VECTOR_DATA(call->result, int32_t);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = vector_dimensions(a[row]); });
}

static double norm_of(Slice vector)
{
    double sum = 0;

    for (size_t i = 0; i < (size_t)vector_dimensions(vector); i++) {
        double value = (double)vector_at(vector, i);

        sum += value * value;
    }
    return sqrt(sum);
}

static void norm_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    double      *out = VECTOR_DATA(call->result, double);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = norm_of(a[row]); });
}

static noreturn void raise_overflow(void)
{
    raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
}

static void normalize_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t dimensions = vector_dimensions(a[row]);
        double  norm = norm_of(a[row]);
        float  *to = vector_new(call->ctx->arena, dimensions, &out[row]);

        for (int32_t i = 0; i < dimensions; i++) {
            to[i] = norm > 0 ? (float)((double)vector_at(a[row], (size_t)i) / norm) : 0; /* a zero vector stays one */
            if (isinf(to[i]))
                raise_overflow();
        }
    });
}

static void binary_quantize_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        size_t   dimensions = (size_t)vector_dimensions(a[row]);
        uint8_t *bits;

        out[row] = bit_new(call->ctx->arena, dimensions, &bits);
        for (size_t i = 0; i < dimensions; i++)
            if (vector_at(a[row], i) > 0)
                bits[i / 8] |= (uint8_t)(0x80 >> (i % 8));
    });
}

/* Counted from 1; what lies outside is cut off, as substring() cuts. */
static Slice subvector(Slice vector, int64_t start, int64_t count)
{
    int64_t end;

    if (count < 1)
        raise_error(SQLSTATE_DATA_EXCEPTION, "vector must have at least 1 dimension");
    end = MIN(start + count, (int64_t)vector_dimensions(vector) + 1);
    start = MAX(start, 1);
    if (start >= end)
        raise_error(SQLSTATE_DATA_EXCEPTION, "vector must have at least 1 dimension");
    return slice_of(vector.data + 4 * (start - 1), 4 * (size_t)(end - start));
}

static void subvector_run(KernelCall *call)
{
    const Slice   *a = VECTOR_DATA(call->args[0], Slice);
    const int32_t *starts = VECTOR_DATA(call->args[1], int32_t);
    const int32_t *counts = VECTOR_DATA(call->args[2], int32_t);
    Slice         *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = subvector(a[row], starts[row], counts[row]); });
}

/* vector(vector, typmod, explicit): only checks. */
static void vector_to_vector_run(KernelCall *call)
{
    const Slice   *a = VECTOR_DATA(call->args[0], Slice);
    const int32_t *typmods = VECTOR_DATA(call->args[1], int32_t);
    Slice         *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        vector_check_expected(typmods[row], vector_dimensions(a[row]));
        out[row] = a[row];
    });
}

/* ---- arithmetic -------------------------------------------------------------------------------------------------- */

#define ELEMENTWISE(name, operation, underflows)                                                                        \
    static void name(KernelCall *call)                                                                                  \
    {                                                                                                                   \
        const Slice *a = VECTOR_DATA(call->args[0], Slice);                                                             \
        const Slice *b = VECTOR_DATA(call->args[1], Slice);                                                             \
        Slice       *out = VECTOR_DATA(call->result, Slice);                                                            \
                                                                                                                        \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                                     \
            int32_t dimensions = vector_dimensions(a[row]);                                                             \
            float  *to;                                                                                                 \
            bool    overflow = false, underflow = false;                                                                \
                                                                                                                        \
            vector_check_same(a[row], b[row]);                                                                          \
            to = vector_new(call->ctx->arena, dimensions, &out[row]);                                                   \
            for (int32_t i = 0; i < dimensions; i++) {                                                                  \
                float x = vector_at(a[row], (size_t)i), y = vector_at(b[row], (size_t)i);                               \
                                                                                                                        \
                to[i] = x operation y;                                                                                  \
                overflow |= isinf(to[i]) != 0;                                                                          \
                underflow |= (underflows) && to[i] == 0 && x != 0 && y != 0;                                            \
            }                                                                                                           \
            if (overflow)                                                                                               \
                raise_overflow();                                                                                       \
            if (underflow)                                                                                              \
                raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");                      \
        });                                                                                                             \
    }
ELEMENTWISE(add_run, +, false)
ELEMENTWISE(subtract_run, -, false)
ELEMENTWISE(multiply_run, *, true)

static void concat_run(KernelCall *call)
{
    const Slice *a = VECTOR_DATA(call->args[0], Slice);
    const Slice *b = VECTOR_DATA(call->args[1], Slice);
    Slice       *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t dimensions = (int64_t)vector_dimensions(a[row]) + vector_dimensions(b[row]);
        char   *to = (char *)vector_new(call->ctx->arena, dimensions, &out[row]);

        memcpy(to, a[row].data, a[row].size);
        memcpy(to + a[row].size, b[row].data, b[row].size);
    });
}

/* ---- comparison -------------------------------------------------------------------------------------------------- */

#define COMPARE_KERNEL(name, ctype, test)                                                            \
    static void name(KernelCall *call)                                                               \
    {                                                                                                \
        const Slice *a = VECTOR_DATA(call->args[0], Slice);                                          \
        const Slice *b = VECTOR_DATA(call->args[1], Slice);                                          \
        ctype       *out = VECTOR_DATA(call->result, ctype);                                         \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                  \
            int order = vector_compare(a[row], b[row]);                                              \
                                                                                                     \
            out[row] = (test);                                                                       \
        });                                                                                          \
    }
COMPARE_KERNEL(lt_run, uint8_t, order < 0)
COMPARE_KERNEL(le_run, uint8_t, order <= 0)
COMPARE_KERNEL(eq_run, uint8_t, order == 0)
COMPARE_KERNEL(ne_run, uint8_t, order != 0)
COMPARE_KERNEL(ge_run, uint8_t, order >= 0)
COMPARE_KERNEL(gt_run, uint8_t, order > 0)
COMPARE_KERNEL(cmp_run, int32_t, order)

/* ---- sum, avg ---------------------------------------------------------------------------------------------------- */

/* avg sums doubles; sum floats, as + does. */
typedef struct VectorSum {
    int64_t count;
    int32_t dimensions;
    void   *sums;
} VectorSum;

/* Room for the sums, made with the first vector; later ones must have its dimensions. */
static bool sum_starts(AggCall *call, VectorSum *state, int32_t dimensions, size_t element_size)
{
    if (state->count > 0)
        return false;
    state->dimensions = dimensions;
    state->sums = arena_alloc_zeroed(call->arena, (size_t)dimensions, element_size);
    return true;
}

static void sum_add(AggCall *call, VectorSum *state, Slice vector)
{
    float *sums;

    if (!sum_starts(call, state, vector_dimensions(vector), sizeof(float)))
        vector_check_same(slice_of(state->sums, 4 * (size_t)state->dimensions), vector);
    sums = state->sums;
    for (int32_t i = 0; i < state->dimensions; i++) {
        sums[i] += vector_at(vector, (size_t)i);
        if (UNLIKELY(isinf(sums[i])))
            raise_overflow();
    }
    state->count++;
}

static void avg_add(AggCall *call, VectorSum *state, Slice vector)
{
    double *sums;

    if (!sum_starts(call, state, vector_dimensions(vector), sizeof(double)))
        vector_check_expected(state->dimensions, vector_dimensions(vector));
    sums = state->sums;
    for (int32_t i = 0; i < state->dimensions; i++)
        sums[i] += (double)vector_at(vector, (size_t)i);
    state->count++;
}

#define SUM_UPDATE(name, add)                                                                        \
    static void name(AggCall *call)                                                                  \
    {                                                                                                \
        const Vector *values = call->args[0];                                                        \
                                                                                                     \
        FOR_EACH_ROW(call->sel, call->count, row, {                                                  \
            if (vector_is_valid(values, row))                                                        \
                add(call, agg_state(call, row), VECTOR_DATA(values, Slice)[row]);                    \
        });                                                                                          \
    }
SUM_UPDATE(sum_update, sum_add)
SUM_UPDATE(avg_update, avg_add)

static void sum_combine(AggCall *call, void *into, const void *from)
{
    const VectorSum *more = from;
    VectorSum       *state = into;
    int64_t          count = state->count + more->count;

    if (more->count == 0)
        return;
    sum_add(call, state, slice_of(more->sums, 4 * (size_t)more->dimensions));
    state->count = count;
}

static void avg_combine(AggCall *call, void *into, const void *from)
{
    const VectorSum *more = from;
    VectorSum       *state = into;
    double          *sums;

    if (more->count == 0)
        return;
    if (!sum_starts(call, state, more->dimensions, sizeof(double)))
        vector_check_expected(state->dimensions, more->dimensions);
    sums = state->sums;
    for (int32_t i = 0; i < state->dimensions; i++)
        sums[i] += ((const double *)more->sums)[i];
    state->count += more->count;
}

static bool sum_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const VectorSum *sum = state;

    (void)call;
    if (sum->count == 0)
        return false;
    out->bytes = arena_copy(arena, slice_of(sum->sums, 4 * (size_t)sum->dimensions));
    return true;
}

static bool avg_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const VectorSum *sum = state;
    float           *to;

    (void)call;
    if (sum->count == 0)
        return false;
    to = vector_new(arena, sum->dimensions, &out->bytes);
    for (int32_t i = 0; i < sum->dimensions; i++)
        to[i] = (float)(((const double *)sum->sums)[i] / (double)sum->count);
    vector_check_elements(out->bytes);
    return true;
}

const KernelEntry vector_func_kernels[] = {
    {8200, l2_run, NULL},        {8201, inner_product_run, NULL}, {8202, cosine_run, NULL},
    {8203, l1_run, NULL},        {8204, dims_run, NULL},          {8205, norm_run, NULL},
    {8206, normalize_run, NULL}, {8207, binary_quantize_run, NULL}, {8208, subvector_run, NULL},
    {8209, add_run, NULL},       {8210, subtract_run, NULL},      {8211, multiply_run, NULL},
    {8212, concat_run, NULL},    {8213, lt_run, NULL},            {8214, le_run, NULL},
    {8215, eq_run, NULL},        {8216, ne_run, NULL},            {8217, ge_run, NULL},
    {8218, gt_run, NULL},        {8219, cmp_run, NULL},           {8220, l2_squared_run, NULL},
    {8221, negative_inner_run, NULL}, {8222, spherical_run, NULL}, {8225, vector_to_vector_run, NULL},
    {0, NULL, NULL},
};

const AggEntry vector_aggregates[] = {
    {8223, sizeof(VectorSum), NULL, avg_update, avg_combine, avg_finish},
    {8224, sizeof(VectorSum), NULL, sum_update, sum_combine, sum_finish},
    {0},
};
