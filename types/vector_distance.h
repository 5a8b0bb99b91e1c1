/*
 * vector_distance.h - distances between embedding vectors: SIMD kernels picked at start-up.
 *
 * A vector's bytes are its elements, little-endian floats, at any alignment. Sums are kept in floats, as pgvector keeps them, in as many
 * lanes as the processor has; so the last digits depend on the variant, never on how the call was made (one pair or many).
 *
 * Threads     constant once main() runs.
 * Raises      never
 */
#ifndef TYPES_VECTOR_DISTANCE_H
#define TYPES_VECTOR_DISTANCE_H

#include "base/common.h"

enum { VECTOR_MAX_DIMENSIONS = 16000 };

/* Smaller is nearer. */
typedef enum VectorMetric {
    VECTOR_L2 = 1,          /* <->  Euclidean */
    VECTOR_L2_SQUARED,      /* the same order without the root: for searches */
    VECTOR_NEGATIVE_INNER,  /* <#>  minus the inner product */
    VECTOR_COSINE,          /* <=>  1 - cosine similarity; NaN when a vector is zero */
    VECTOR_L1,              /* <+>  taxicab */
} VectorMetric;

typedef struct VectorKernels {
    const char *name;
    bool (*available)(void);
    float (*l2_squared)(const void *a, const void *b, size_t dimensions);
    float (*inner_product)(const void *a, const void *b, size_t dimensions);
    float (*l1)(const void *a, const void *b, size_t dimensions);
    /* The inner product of a and b, and b's with itself: cosine distance to a query whose norm is known. */
    float (*inner_and_norm)(const void *a, const void *b, size_t dimensions, float *norm_squared);
} VectorKernels;

/* Every variant, plain first; ends with a NULL name. For tests. */
extern const VectorKernels vector_kernel_variants[];

/* The fastest this processor has. */
extern const VectorKernels *vector_kernels;

/* A query prepared for many distances. The vector is borrowed as long as the query is used. */
typedef struct VectorQuery {
    VectorMetric metric;
    size_t       dimensions;
    const void  *vector;
    float        norm_squared; /* VECTOR_COSINE only */
} VectorQuery;

VectorQuery vector_query(VectorMetric metric, const void *vector, size_t dimensions);

double vector_distance(const VectorQuery *query, const void *vector);

/* Distances to many vectors, the next ones being fetched while one is computed: out[i] is that to vectors[i]. */
void vector_distances(const VectorQuery *query, const void *const *vectors, size_t count, double *out);

#endif
