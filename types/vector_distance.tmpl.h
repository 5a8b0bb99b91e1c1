/*
 * vector_distance.tmpl.h - the kernels, instantiated per instruction set.
 * Define VARIANT(name), which makes a function's name, TARGET (function attributes) and LANES (floats in a register). Four sums run
 * side by side, because an addition takes four cycles and one can start in each.
 */
typedef float   VARIANT(Lanes) __attribute__((vector_size(4 * LANES)));
typedef float   VARIANT(Loose) __attribute__((vector_size(4 * LANES), aligned(1), may_alias));
typedef int32_t VARIANT(Bits) __attribute__((vector_size(4 * LANES)));

#define LOAD(at, i) (*(const VARIANT(Loose) *)((const char *)(at) + 4 * (i)))
#define EACH_BLOCK(dimensions, step, rest)                                     \
    size_t i = 0;                                                              \
    for (; i + 4 * LANES <= (dimensions); i += 4 * LANES) {                    \
        step(0, i);                                                            \
        step(1, i + LANES);                                                    \
        step(2, i + 2 * LANES);                                                \
        step(3, i + 3 * LANES);                                                \
    }                                                                          \
    for (; i + LANES <= (dimensions); i += LANES)                              \
        step(0, i);                                                            \
    for (; i < (dimensions); i++) {                                            \
        float x = get_float(a, i), y = get_float(b, i);                        \
        rest;                                                                  \
    }
#define SUM_OF(sums, total)                                                    \
    do {                                                                       \
        VARIANT(Lanes) all_ = (sums[0] + sums[1]) + (sums[2] + sums[3]);       \
        for (int lane_ = 0; lane_ < LANES; lane_++)                            \
            total += all_[lane_];                                              \
    } while (0)

TARGET static float VARIANT(l2_squared)(const void *a, const void *b, size_t dimensions)
{
    VARIANT(Lanes) sums[4] = {{0}, {0}, {0}, {0}};
    float total = 0;

#define STEP(which, at)                                          \
    do {                                                         \
        VARIANT(Lanes) d_ = LOAD(a, at) - LOAD(b, at);           \
        sums[which] += d_ * d_;                                  \
    } while (0)
    EACH_BLOCK(dimensions, STEP, total += (x - y) * (x - y))
#undef STEP
    SUM_OF(sums, total);
    return total;
}

TARGET static float VARIANT(inner_product)(const void *a, const void *b, size_t dimensions)
{
    VARIANT(Lanes) sums[4] = {{0}, {0}, {0}, {0}};
    float total = 0;

#define STEP(which, at) sums[which] += LOAD(a, at) * LOAD(b, at)
    EACH_BLOCK(dimensions, STEP, total += x * y)
#undef STEP
    SUM_OF(sums, total);
    return total;
}

TARGET static float VARIANT(l1)(const void *a, const void *b, size_t dimensions)
{
    VARIANT(Lanes) sums[4] = {{0}, {0}, {0}, {0}};
    float total = 0;

#define STEP(which, at)                                                                            \
    do {                                                                                           \
        VARIANT(Lanes) d_ = LOAD(a, at) - LOAD(b, at);                                             \
        sums[which] += (VARIANT(Lanes))((VARIANT(Bits))d_ & 0x7fffffff); /* without its sign */    \
    } while (0)
    EACH_BLOCK(dimensions, STEP, total += x > y ? x - y : y - x)
#undef STEP
    SUM_OF(sums, total);
    return total;
}

TARGET static float VARIANT(inner_and_norm)(const void *a, const void *b, size_t dimensions, float *norm_squared)
{
    VARIANT(Lanes) sums[4] = {{0}, {0}, {0}, {0}};
    VARIANT(Lanes) norms[4] = {{0}, {0}, {0}, {0}};
    float total = 0, norm = 0;

#define STEP(which, at)                                          \
    do {                                                         \
        VARIANT(Lanes) b_ = LOAD(b, at);                         \
        sums[which] += LOAD(a, at) * b_;                         \
        norms[which] += b_ * b_;                                 \
    } while (0)
    EACH_BLOCK(dimensions, STEP, total += x * y; norm += y * y)
#undef STEP
    SUM_OF(sums, total);
    SUM_OF(norms, norm);
    *norm_squared = norm;
    return total;
}

#undef LOAD
#undef EACH_BLOCK
#undef SUM_OF
#undef VARIANT
#undef TARGET
#undef LANES
