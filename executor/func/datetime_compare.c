/*
 * datetime_compare.c - comparison kernels of dates, times and intervals, across types too.
 */
#include "executor/func/kernels.h"
#include "types/datetime.h"

/* ---- one type with itself: date is int32_t, time, timestamp and timestamptz are int64_t ---- */

#define PLAIN_EQUAL(a, b) ((a) == (b))
#define PLAIN_LESS(a, b) ((a) < (b))

#define NAME date
#define LEFT int32_t
#define RIGHT int32_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME instant
#define LEFT int64_t
#define RIGHT int64_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

static inline int compare_timetz(TimeTz a, TimeTz b)
{
    int64_t x = a.microseconds + a.zone * USECS_PER_SECOND;
    int64_t y = b.microseconds + b.zone * USECS_PER_SECOND;

    if (x != y)
        return x < y ? -1 : 1;
    return (a.zone > b.zone) - (a.zone < b.zone);
}

#define TIMETZ_EQUAL(a, b) (compare_timetz(a, b) == 0)
#define TIMETZ_LESS(a, b) (compare_timetz(a, b) < 0)
#define NAME timetz
#define LEFT TimeTz
#define RIGHT TimeTz
#define EQUAL TIMETZ_EQUAL
#define LESS TIMETZ_LESS
#include "executor/func/compare.tmpl.h"

#define INTERVAL_EQUAL(a, b) (interval_compare(&(a), &(b)) == 0)
#define INTERVAL_LESS(a, b) (interval_compare(&(a), &(b)) < 0)
#define NAME interval
#define LEFT Interval
#define RIGHT Interval
#define EQUAL INTERVAL_EQUAL
#define LESS INTERVAL_LESS
#include "executor/func/compare.tmpl.h"

/* ---- across types: both sides become comparable instants first ---- */

/* A date as a timestamp; dates beyond timestamp's range are beyond every timestamp but infinity. */
static int64_t date_as_timestamp(int32_t date)
{
    int64_t timestamp;

    if (date_to_timestamp(date, &timestamp))
        return timestamp;
    return date < 0 ? TIMESTAMP_MIN - 1 : TIMESTAMP_END;
}

static int64_t as_utc(int64_t timestamp, const TimeZone *zone)
{
    bool    overflow = false;
    int64_t utc = timestamp_local_to_utc(timestamp, zone, &overflow);

    if (!overflow)
        return utc;
    return timestamp < 0 ? TIMESTAMP_MIN - 1 : TIMESTAMP_END;
}

typedef enum Comparison { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE, COMPARE_THREE_WAY } Comparison;

static int32_t outcome(Comparison comparison, int64_t a, int64_t b)
{
    switch (comparison) {
    case COMPARE_EQ:
        return a == b;
    case COMPARE_NE:
        return a != b;
    case COMPARE_LT:
        return a < b;
    case COMPARE_LE:
        return a <= b;
    case COMPARE_GT:
        return a > b;
    case COMPARE_GE:
        return a >= b;
    case COMPARE_THREE_WAY:
    default:
        return (a > b) - (a < b);
    }
}

static int64_t instant_of(const Vector *vector, int32_t row, bool to_utc, const TimeZone *zone)
{
    int64_t value = vector->phys == PHYS_INT32 ? date_as_timestamp(VECTOR_DATA(vector, int32_t)[row]) : VECTOR_DATA(vector, int64_t)[row];

    return to_utc && vector->type != TYPE_TIMESTAMPTZ ? as_utc(value, zone) : value;
}

/* Always inlined with a constant comparison, so that each kernel is one loop. */
static ALWAYS_INLINE void compare_mixed(KernelCall *call, Comparison comparison)
{
    const Vector *left = call->args[0];
    const Vector *right = call->args[1];
    bool          to_utc = left->type == TYPE_TIMESTAMPTZ || right->type == TYPE_TIMESTAMPTZ;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t result = outcome(comparison, instant_of(left, row, to_utc, call->ctx->time_zone),
                                 instant_of(right, row, to_utc, call->ctx->time_zone));

        if (comparison == COMPARE_THREE_WAY)
            VECTOR_DATA(call->result, int32_t)[row] = result;
        else
            VECTOR_DATA(call->result, uint8_t)[row] = (uint8_t)result;
    });
}

#define MIXED(name, comparison)                \
    static void name(KernelCall *call)         \
    {                                          \
        compare_mixed(call, comparison);       \
    }
MIXED(mixed_eq, COMPARE_EQ)
MIXED(mixed_ne, COMPARE_NE)
MIXED(mixed_lt, COMPARE_LT)
MIXED(mixed_le, COMPARE_LE)
MIXED(mixed_gt, COMPARE_GT)
MIXED(mixed_ge, COMPARE_GE)
MIXED(mixed_cmp, COMPARE_THREE_WAY)
#undef MIXED

/* ---- the greater and the smaller ---- */

#define PICK(name, type, LESS_THAN)                                                       \
    static void name(KernelCall *call)                                                    \
    {                                                                                     \
        const type *a = call->args[0]->data;                                              \
        const type *b = call->args[1]->data;                                              \
        type       *out = call->result->data;                                             \
                                                                                          \
        FOR_EACH_ROW(call->sel, call->count, row, { out[row] = LESS_THAN(a[row], b[row]) ? b[row] : a[row]; }); \
    }
#define PLAIN_GREATER(a, b) ((a) > (b))
#define TIMETZ_GREATER(a, b) (compare_timetz(a, b) > 0)
#define INTERVAL_GREATER(a, b) (interval_compare(&(a), &(b)) > 0)
PICK(date_larger, int32_t, PLAIN_LESS)
PICK(date_smaller, int32_t, PLAIN_GREATER)
PICK(instant_larger, int64_t, PLAIN_LESS)
PICK(instant_smaller, int64_t, PLAIN_GREATER)
PICK(timetz_larger, TimeTz, TIMETZ_LESS)
PICK(timetz_smaller, TimeTz, TIMETZ_GREATER)
PICK(interval_larger, Interval, INTERVAL_LESS)
PICK(interval_smaller, Interval, INTERVAL_GREATER)
#undef PICK

/* Procs in the order =, <>, <, <=, >, >=, three-way. */
#define ALL(name, eq, ne, lt, le, gt, ge, cmp)                                                                     \
    {.proc = eq, .run = name##_eq}, {.proc = ne, .run = name##_ne}, {.proc = lt, .run = name##_lt},                 \
    {.proc = le, .run = name##_le}, {.proc = gt, .run = name##_gt}, {.proc = ge, .run = name##_ge}, {.proc = cmp, .run = name##_cmp}

const KernelEntry datetime_compare_kernels[] = {
    ALL(date, 1086, 1091, 1087, 1088, 1089, 1090, 1092),
    ALL(instant, 1145, 1106, 1102, 1103, 1104, 1105, 1107),    /* time */
    ALL(instant, 2052, 2053, 2054, 2055, 2057, 2056, 2045),    /* timestamp */
    ALL(instant, 1152, 1153, 1154, 1155, 1157, 1156, 1314),    /* timestamptz */
    ALL(timetz, 1352, 1353, 1354, 1355, 1357, 1356, 1358),
    ALL(interval, 1162, 1163, 1164, 1165, 1167, 1166, 1315),
    ALL(mixed, 2340, 2343, 2338, 2339, 2341, 2342, 2344),      /* date and timestamp */
    ALL(mixed, 2353, 2356, 2351, 2352, 2354, 2355, 2357),      /* date and timestamptz */
    ALL(mixed, 2366, 2369, 2364, 2365, 2367, 2368, 2370),      /* timestamp and date */
    ALL(mixed, 2379, 2382, 2377, 2378, 2380, 2381, 2383),      /* timestamptz and date */
    ALL(mixed, 2522, 2525, 2520, 2521, 2523, 2524, 2526),      /* timestamp and timestamptz */
    ALL(mixed, 2529, 2532, 2527, 2528, 2530, 2531, 2533),      /* timestamptz and timestamp */
    {.proc = 1138, .run = date_larger},     {.proc = 1139, .run = date_smaller},     {.proc = 1377, .run = instant_larger},
    {.proc = 1378, .run = instant_smaller}, {.proc = 2036, .run = instant_larger},   {.proc = 2035, .run = instant_smaller},
    {.proc = 1196, .run = instant_larger},  {.proc = 1195, .run = instant_smaller},  {.proc = 1379, .run = timetz_larger},
    {.proc = 1380, .run = timetz_smaller},  {.proc = 1198, .run = interval_larger},  {.proc = 1197, .run = interval_smaller},
    {0},
};
