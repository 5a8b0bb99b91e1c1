/*
 * datetime_arith.c - arithmetic of dates, times and intervals, and the casts between them.
 */
#include "base/error.h"
#include "executor/func/interval_scale.h"
#include "executor/func/kernels.h"
#include "types/datetime.h"

#include <math.h>

/* ---- errors, gathered in loops and raised after them ---- */

static void check_range(bool overflow, const char *what)
{
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "%s out of range", what);
}

static void check_interval(bool overflow)
{
    check_range(overflow, "interval");
}

/* ---- dates ---- */

static void date_minus_date(KernelCall *call)
{
    const int32_t *a = call->args[0]->data;
    const int32_t *b = call->args[1]->data;
    int32_t       *out = call->result->data;
    bool           infinite = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        infinite |= !date_is_finite(a[row]) || !date_is_finite(b[row]);
        out[row] = (int32_t)((int64_t)a[row] - b[row]);
    });
    if (infinite)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
}

static inline int32_t shift_date(int32_t date, int64_t days, bool *overflow)
{
    int64_t result;

    if (!date_is_finite(date))
        return date;
    result = date + days;
    *overflow |= result < DATE_MIN_DAYS || result >= DATE_END_DAYS;
    return (int32_t)result;
}

static ALWAYS_INLINE void shift_dates(KernelCall *call, int date_arg, int days_arg, int sign)
{
    const int32_t *dates = call->args[date_arg]->data;
    const int32_t *days = call->args[days_arg]->data;
    int32_t       *out = call->result->data;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = shift_date(dates[row], sign * (int64_t)days[row], &overflow); });
    check_range(overflow, "date");
}

static void date_plus_days(KernelCall *call)
{
    shift_dates(call, 0, 1, 1);
}

static void date_minus_days(KernelCall *call)
{
    shift_dates(call, 0, 1, -1);
}

static void days_plus_date(KernelCall *call)
{
    shift_dates(call, 1, 0, 1);
}

/* ---- timestamps and intervals ---- */

static Interval negated(Interval interval, bool *overflow)
{
    Interval result;

    *overflow |= __builtin_sub_overflow((int64_t)0, interval.microseconds, &result.microseconds);
    *overflow |= __builtin_sub_overflow(0, interval.days, &result.days);
    *overflow |= __builtin_sub_overflow(0, interval.months, &result.months);
    return result;
}

/* Any of date, timestamp, timestamptz as a timestamp of its own kind. */
static int64_t as_timestamp(const Vector *vector, int32_t row, bool *overflow)
{
    int64_t timestamp;

    if (vector->phys != PHYS_INT32)
        return VECTOR_DATA(vector, int64_t)[row];
    if (!date_to_timestamp(VECTOR_DATA(vector, int32_t)[row], &timestamp)) {
        *overflow = true;
        return 0;
    }
    return timestamp;
}

static ALWAYS_INLINE void add_intervals(KernelCall *call, int timestamp_arg, int interval_arg, bool subtract)
{
    const Vector   *timestamps = call->args[timestamp_arg];
    const Interval *intervals = call->args[interval_arg]->data;
    const TimeZone *zone = timestamps->type == TYPE_TIMESTAMPTZ ? call->ctx->time_zone : NULL;
    int64_t        *out = call->result->data;
    bool            overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Interval interval = subtract ? negated(intervals[row], &overflow) : intervals[row];

        overflow |= !timestamp_add_interval(as_timestamp(timestamps, row, &overflow), &interval, zone, &out[row]);
    });
    check_range(overflow, "timestamp");
}

static void timestamp_plus_interval(KernelCall *call)
{
    add_intervals(call, 0, 1, false);
}

static void timestamp_minus_interval(KernelCall *call)
{
    add_intervals(call, 0, 1, true);
}

static void interval_plus_timestamp(KernelCall *call)
{
    add_intervals(call, 1, 0, false);
}

/* The difference of timestamps: days and time, hours of a day justified. */
static void timestamp_minus_timestamp(KernelCall *call)
{
    const int64_t *a = call->args[0]->data;
    const int64_t *b = call->args[1]->data;
    Interval      *out = call->result->data;
    bool           infinite = false;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t difference = 0;

        infinite |= !timestamp_is_finite(a[row]) || !timestamp_is_finite(b[row]);
        overflow |= __builtin_sub_overflow(a[row], b[row], &difference);
        out[row] = (Interval){difference % USECS_PER_DAY, (int32_t)(difference / USECS_PER_DAY), 0};
    });
    if (infinite)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
    check_interval(overflow);
}

/* ---- intervals ---- */

static void interval_plus(KernelCall *call)
{
    const Interval *a = call->args[0]->data;
    const Interval *b = call->args[1]->data;
    Interval       *out = call->result->data;
    bool            overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        overflow |= __builtin_add_overflow(a[row].months, b[row].months, &out[row].months);
        overflow |= __builtin_add_overflow(a[row].days, b[row].days, &out[row].days);
        overflow |= __builtin_add_overflow(a[row].microseconds, b[row].microseconds, &out[row].microseconds);
    });
    check_interval(overflow);
}

static void interval_minus(KernelCall *call)
{
    const Interval *a = call->args[0]->data;
    const Interval *b = call->args[1]->data;
    Interval       *out = call->result->data;
    bool            overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        overflow |= __builtin_sub_overflow(a[row].months, b[row].months, &out[row].months);
        overflow |= __builtin_sub_overflow(a[row].days, b[row].days, &out[row].days);
        overflow |= __builtin_sub_overflow(a[row].microseconds, b[row].microseconds, &out[row].microseconds);
    });
    check_interval(overflow);
}

static void interval_negate(KernelCall *call)
{
    const Interval *in = call->args[0]->data;
    Interval       *out = call->result->data;
    bool            overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = negated(in[row], &overflow); });
    check_interval(overflow);
}

/* Rounded to microseconds, so that sums of fractions do not drift: PostgreSQL's TSROUND. */
static double round_time(double value)
{
    return rint(value * 1e6) / 1e6;
}

/* months * factor with its fraction spilling into days, days * factor into time; PostgreSQL's interval_mul. */
Interval scale_interval(const Interval *interval, double factor, bool divide, bool *overflow)
{
    double   months = divide ? interval->months / factor : interval->months * factor;
    double   days = divide ? interval->days / factor : interval->days * factor;
    double   time = divide ? (double)interval->microseconds / factor : (double)interval->microseconds * factor;
    double   month_days;
    double   seconds;
    Interval result = {0};

    if (isnan(months) || fabs(months) > INT32_MAX || isnan(days) || fabs(days) > INT32_MAX) {
        *overflow = true;
        return result;
    }
    result.months = (int32_t)months;
    result.days = (int32_t)days;
    month_days = round_time((months - result.months) * 30);
    seconds = (days - result.days + month_days - (int32_t)month_days) * 86400;
    seconds = round_time(seconds);
    if (fabs(seconds) >= 86400) { /* rounding made a whole day of it */
        *overflow |= __builtin_add_overflow(result.days, (int32_t)(seconds / 86400), &result.days);
        seconds -= (double)(int32_t)(seconds / 86400) * 86400;
    }
    *overflow |= __builtin_add_overflow(result.days, (int32_t)month_days, &result.days);
    time = rint(time + seconds * 1e6);
    if (isnan(time) || fabs(time) >= 9223372036854775807.0)
        *overflow = true;
    else
        result.microseconds = (int64_t)time;
    return result;
}

static ALWAYS_INLINE void scale_intervals(KernelCall *call, int interval_arg, int factor_arg, bool divide)
{
    const Interval *intervals = call->args[interval_arg]->data;
    const double   *factors = call->args[factor_arg]->data;
    Interval       *out = call->result->data;
    bool            overflow = false;
    bool            by_zero = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        by_zero |= divide && factors[row] == 0;
        if (!divide || factors[row] != 0)
            out[row] = scale_interval(&intervals[row], factors[row], divide, &overflow);
    });
    if (by_zero)
        raise_error(SQLSTATE_DIVISION_BY_ZERO, "division by zero");
    check_interval(overflow);
}

static void interval_times_number(KernelCall *call)
{
    scale_intervals(call, 0, 1, false);
}

static void number_times_interval(KernelCall *call)
{
    scale_intervals(call, 1, 0, false);
}

static void interval_by_number(KernelCall *call)
{
    scale_intervals(call, 0, 1, true);
}

/* ---- times of day ---- */

static int64_t within_day(int64_t time)
{
    int64_t rest = time % USECS_PER_DAY;

    return rest < 0 ? rest + USECS_PER_DAY : rest;
}

static void time_minus_time(KernelCall *call)
{
    const int64_t *a = call->args[0]->data;
    const int64_t *b = call->args[1]->data;
    Interval      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (Interval){a[row] - b[row], 0, 0}; });
}

static ALWAYS_INLINE void shift_times(KernelCall *call, int time_arg, int interval_arg, int sign)
{
    const int64_t  *times = call->args[time_arg]->data;
    const Interval *intervals = call->args[interval_arg]->data;
    int64_t        *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = within_day(times[row] + sign * (intervals[row].microseconds % USECS_PER_DAY)); });
}

static void time_plus_interval(KernelCall *call)
{
    shift_times(call, 0, 1, 1);
}

static void time_minus_interval(KernelCall *call)
{
    shift_times(call, 0, 1, -1);
}

static void interval_plus_time(KernelCall *call)
{
    shift_times(call, 1, 0, 1);
}

static ALWAYS_INLINE void shift_timetz(KernelCall *call, int time_arg, int interval_arg, int sign)
{
    const TimeTz   *times = call->args[time_arg]->data;
    const Interval *intervals = call->args[interval_arg]->data;
    TimeTz         *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = (TimeTz){within_day(times[row].microseconds + sign * (intervals[row].microseconds % USECS_PER_DAY)), times[row].zone, 0};
    });
}

static void timetz_plus_interval(KernelCall *call)
{
    shift_timetz(call, 0, 1, 1);
}

static void timetz_minus_interval(KernelCall *call)
{
    shift_timetz(call, 0, 1, -1);
}

static void interval_plus_timetz(KernelCall *call)
{
    shift_timetz(call, 1, 0, 1);
}

/* date + time, either way round, as a timestamp; with a timestamptz result the local time is read in the session's zone. */
static ALWAYS_INLINE void join_date_time(KernelCall *call, int date_arg, int time_arg)
{
    const int64_t *times = call->args[time_arg]->data;
    int64_t       *out = call->result->data;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t timestamp = as_timestamp(call->args[date_arg], row, &overflow);

        if (timestamp_is_finite(timestamp))
            overflow |= __builtin_add_overflow(timestamp, times[row], &timestamp) || !timestamp_is_in_range(timestamp);
        out[row] = call->result->type == TYPE_TIMESTAMPTZ && !overflow ? timestamp_local_to_utc(timestamp, call->ctx->time_zone, &overflow)
                                                                       : timestamp;
    });
    check_range(overflow, "timestamp");
}

static void date_plus_time(KernelCall *call)
{
    join_date_time(call, 0, 1);
}

static void time_plus_date(KernelCall *call)
{
    join_date_time(call, 1, 0);
}

static ALWAYS_INLINE void join_date_timetz(KernelCall *call, int date_arg, int time_arg)
{
    const TimeTz *times = call->args[time_arg]->data;
    int64_t      *out = call->result->data;
    bool          overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t timestamp = as_timestamp(call->args[date_arg], row, &overflow);

        if (timestamp_is_finite(timestamp))
            overflow |= __builtin_add_overflow(timestamp, times[row].microseconds + times[row].zone * USECS_PER_SECOND, &timestamp) ||
                        !timestamp_is_in_range(timestamp);
        out[row] = timestamp;
    });
    check_range(overflow, "timestamp");
}

static void date_plus_timetz(KernelCall *call)
{
    join_date_timetz(call, 0, 1);
}

static void timetz_plus_date(KernelCall *call)
{
    join_date_timetz(call, 1, 0);
}

/* ---- casts ---- */

static void date_to_timestamps(KernelCall *call)
{
    int64_t *out = call->result->data;
    bool     overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = as_timestamp(call->args[0], row, &overflow);
        if (call->result->type == TYPE_TIMESTAMPTZ && !overflow)
            out[row] = timestamp_local_to_utc(out[row], call->ctx->time_zone, &overflow);
    });
    check_range(overflow, "date");
}

static void local_to_utc(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    int64_t       *out = call->result->data;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = timestamp_local_to_utc(in[row], call->ctx->time_zone, &overflow); });
    check_range(overflow, "timestamp");
}

static void utc_to_local(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    int64_t       *out = call->result->data;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = timestamp_utc_to_local(in[row], call->ctx->time_zone, &overflow); });
    check_range(overflow, "timestamp");
}

/* The local reading of a timestamp or timestamptz. */
static int64_t local_of(const KernelCall *call, int32_t row, bool *overflow)
{
    int64_t timestamp = VECTOR_DATA(call->args[0], int64_t)[row];

    return call->args[0]->type == TYPE_TIMESTAMPTZ ? timestamp_utc_to_local(timestamp, call->ctx->time_zone, overflow) : timestamp;
}

static void timestamps_to_date(KernelCall *call)
{
    int32_t *out = call->result->data;
    bool     overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = timestamp_to_date(local_of(call, row, &overflow)); });
    check_range(overflow, "timestamp");
}

/* The time of an infinite timestamp is NULL. */
static void timestamps_to_time(KernelCall *call)
{
    int64_t *out = call->result->data;
    bool     overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t local = local_of(call, row, &overflow);

        if (timestamp_is_finite(local))
            out[row] = within_day(local);
        else
            kernel_set_null(call, row);
    });
    check_range(overflow, "timestamp");
}

static void timestamptz_to_timetz(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    TimeTz        *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (timestamp_is_finite(in[row])) {
            DateTimeFields fields;

            timestamp_to_fields(in[row], call->ctx->time_zone, &fields);
            out[row] = (TimeTz){within_day(in[row] + fields.east_seconds * USECS_PER_SECOND), -fields.east_seconds, 0};
        } else {
            kernel_set_null(call, row);
        }
    });
}

static void time_to_interval(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    Interval      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (Interval){in[row], 0, 0}; });
}

static void interval_to_time(KernelCall *call)
{
    const Interval *in = call->args[0]->data;
    int64_t        *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = within_day(in[row].microseconds); });
}

static void timetz_to_time(KernelCall *call)
{
    const TimeTz *in = call->args[0]->data;
    int64_t      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = in[row].microseconds; });
}

static void time_to_timetz(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    TimeTz        *out = call->result->data;
    DateTimeFields fields;

    timestamp_to_fields(call->ctx->transaction_time, call->ctx->time_zone, &fields);
    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (TimeTz){in[row], -fields.east_seconds, 0}; });
}

const KernelEntry datetime_arith_kernels[] = {
    {.proc = 1140, .run = date_minus_date},
    {.proc = 1141, .run = date_plus_days},
    {.proc = 1142, .run = date_minus_days},
    {.proc = 2550, .run = days_plus_date},
    {.proc = 2071, .run = timestamp_plus_interval},  /* date + interval */
    {.proc = 2072, .run = timestamp_minus_interval},
    {.proc = 2546, .run = interval_plus_timestamp},
    {.proc = 2032, .run = timestamp_plus_interval},
    {.proc = 2033, .run = timestamp_minus_interval},
    {.proc = 2548, .run = interval_plus_timestamp},
    {.proc = 1189, .run = timestamp_plus_interval},  /* timestamptz + interval */
    {.proc = 1190, .run = timestamp_minus_interval},
    {.proc = 2549, .run = interval_plus_timestamp},
    {.proc = 2031, .run = timestamp_minus_timestamp},
    {.proc = 1188, .run = timestamp_minus_timestamp},
    {.proc = 1169, .run = interval_plus},
    {.proc = 1170, .run = interval_minus},
    {.proc = 1168, .run = interval_negate},
    {.proc = 1618, .run = interval_times_number},
    {.proc = 1624, .run = number_times_interval},
    {.proc = 1326, .run = interval_by_number},
    {.proc = 1690, .run = time_minus_time},
    {.proc = 1747, .run = time_plus_interval},
    {.proc = 1748, .run = time_minus_interval},
    {.proc = 1848, .run = interval_plus_time},
    {.proc = 1749, .run = timetz_plus_interval},
    {.proc = 1750, .run = timetz_minus_interval},
    {.proc = 2547, .run = interval_plus_timetz},
    {.proc = 1272, .run = date_plus_time},
    {.proc = 1296, .run = time_plus_date},
    {.proc = 2025, .run = date_plus_time},           /* timestamp(date, time) */
    {.proc = 1176, .run = date_plus_time},           /* timestamptz(date, time) */
    {.proc = 1297, .run = date_plus_timetz},
    {.proc = 1298, .run = timetz_plus_date},
    {.proc = 1359, .run = date_plus_timetz},
    {.proc = 2024, .run = date_to_timestamps},
    {.proc = 1174, .run = date_to_timestamps},
    {.proc = 2028, .run = local_to_utc},
    {.proc = 2027, .run = utc_to_local},
    {.proc = 2029, .run = timestamps_to_date},
    {.proc = 1178, .run = timestamps_to_date},
    {.proc = 1316, .run = timestamps_to_time},
    {.proc = 2019, .run = timestamps_to_time},
    {.proc = 1388, .run = timestamptz_to_timetz},
    {.proc = 1370, .run = time_to_interval},
    {.proc = 1419, .run = interval_to_time},
    {.proc = 2046, .run = timetz_to_time},
    {.proc = 2047, .run = time_to_timetz},
    {0},
};
