/*
 * vector_distance.c - distances between embedding vectors.
 */
#include "types/vector_distance.h"

#include <math.h>

static ALWAYS_INLINE float get_float(const void *vector, size_t at)
{
    float value;

    memcpy(&value, (const char *)vector + 4 * at, sizeof value);
    return value;
}

static bool always(void)
{
    return true;
}

#define VARIANT(name) plain_##name
#define TARGET
#define LANES 4
#include "types/vector_distance.tmpl.h"

#if defined(__x86_64__)
#define VARIANT(name) avx2_##name
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#include "types/vector_distance.tmpl.h"

#define VARIANT(name) avx512_##name
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,fma,prefer-vector-width=512")))
#define LANES 16
#include "types/vector_distance.tmpl.h"

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

const VectorKernels vector_kernel_variants[] = {
    {"plain", always, plain_l2_squared, plain_inner_product, plain_l1, plain_inner_and_norm},
#if defined(__x86_64__)
    {"avx2", has_avx2, avx2_l2_squared, avx2_inner_product, avx2_l1, avx2_inner_and_norm},
    {"avx512", has_avx512, avx512_l2_squared, avx512_inner_product, avx512_l1, avx512_inner_and_norm},
#endif
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const VectorKernels *vector_kernels = vector_kernel_variants;

__attribute__((constructor)) static void pick_kernels(void)
{
    for (const VectorKernels *each = vector_kernel_variants; each->name != NULL; each++)
        if (each->available())
            vector_kernels = each;
}

VectorQuery vector_query(VectorMetric metric, const void *vector, size_t dimensions)
{
    VectorQuery query = {.metric = metric, .dimensions = dimensions, .vector = vector};

    if (metric == VECTOR_COSINE)
        vector_kernels->inner_and_norm(vector, vector, dimensions, &query.norm_squared);
    return query;
}

static ALWAYS_INLINE double distance_to(const VectorQuery *query, const void *vector)
{
    switch (query->metric) {
    case VECTOR_L2:
        return sqrt((double)vector_kernels->l2_squared(query->vector, vector, query->dimensions));
    case VECTOR_L2_SQUARED:
        return (double)vector_kernels->l2_squared(query->vector, vector, query->dimensions);
    case VECTOR_NEGATIVE_INNER:
        return -(double)vector_kernels->inner_product(query->vector, vector, query->dimensions);
    case VECTOR_L1:
        return (double)vector_kernels->l1(query->vector, vector, query->dimensions);
    default: {
        float  norm;
        double inner = (double)vector_kernels->inner_and_norm(query->vector, vector, query->dimensions, &norm);
        double similarity = inner / sqrt((double)query->norm_squared * (double)norm);

        /* rounding must not lead out of the range; NaN stays */
        if (similarity > 1)
            similarity = 1;
        else if (similarity < -1)
            similarity = -1;
        return 1 - similarity;
    }
    }
}

double vector_distance(const VectorQuery *query, const void *vector)
{
    return distance_to(query, vector);
}

/* The first lines of a vector; the hardware follows the rest. */
static ALWAYS_INLINE void fetch(const void *vector, size_t bytes)
{
    for (size_t at = 0; at < bytes && at < 512; at += 64)
        __builtin_prefetch((const char *)vector + at);
}

void vector_distances(const VectorQuery *query, const void *const *vectors, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count)
            fetch(vectors[i + 1], 4 * query->dimensions);
        out[i] = distance_to(query, vectors[i]);
    }
}
