/*
 * datetime_make.c - age(), justify_*(), make_*(), AT TIME ZONE, isfinite(), OVERLAPS, to_timestamp(double), typmod casts, series.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/datetime.h"
#include "types/interval_typmod.h"

#include <math.h>

/* ---- age ---- */

/* The difference in years, months, days and time, as people count ages. Both finite. */
static Interval age_between(int64_t later, int64_t earlier)
{
    bool           negative = later < earlier;
    int64_t        high = negative ? earlier : later;
    int64_t        low = negative ? later : earlier;
    DateTimeFields a, b;
    int32_t        years, months, days;
    int64_t        time;
    Interval       result;

    timestamp_to_fields(high, NULL, &a);
    timestamp_to_fields(low, NULL, &b);
    years = a.date.year - b.date.year;
    months = a.date.month - b.date.month;
    days = a.date.day - b.date.day;
    time = (high - a.days * USECS_PER_DAY) - (low - b.days * USECS_PER_DAY);
    if (time < 0) {
        time += USECS_PER_DAY;
        days--;
    }
    while (days < 0) { /* borrowed from the month of the earlier date, or of the later one when the sign is turned */
        days += negative ? days_in_month(a.date.year, a.date.month) : days_in_month(b.date.year, b.date.month);
        months--;
    }
    while (months < 0) {
        months += 12;
        years--;
    }
    result = (Interval){time, days, years * 12 + months};
    if (negative)
        result = (Interval){-result.microseconds, -result.days, -result.months};
    return result;
}

static void age(KernelCall *call)
{
    const Vector *first = call->args[0];
    Interval     *out = call->result->data;
    bool          has_zone = first->type == TYPE_TIMESTAMPTZ;
    bool          overflow = false;
    bool          infinite = false;
    int64_t       today;

    today = timestamp_utc_to_local(call->ctx->transaction_time, call->ctx->time_zone, &overflow);
    today = timestamp_to_date(today) * USECS_PER_DAY;
    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t a = call->arg_count == 1 ? today : VECTOR_DATA(first, int64_t)[row];
        int64_t b = VECTOR_DATA(call->args[call->arg_count - 1], int64_t)[row];

        infinite |= !timestamp_is_finite(a) || !timestamp_is_finite(b);
        if (has_zone && call->arg_count == 2)
            a = timestamp_utc_to_local(a, call->ctx->time_zone, &overflow);
        if (has_zone)
            b = timestamp_utc_to_local(b, call->ctx->time_zone, &overflow);
        if (!infinite)
            out[row] = age_between(a, b);
    });
    if (infinite || overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}

/* ---- justify ---- */

/* Moves whole units of low into high and makes their signs agree. */
static bool carry(int64_t *low, int64_t unit, int32_t *high)
{
    int64_t whole = *low / unit;
    bool    overflow = __builtin_add_overflow(*high, whole, high);

    *low -= whole * unit;
    if (*high > 0 && *low < 0) {
        *low += unit;
        (*high)--;
    } else if (*high < 0 && *low > 0) {
        *low -= unit;
        (*high)++;
    }
    return overflow;
}

static bool justify(Interval *interval, bool hours, bool days)
{
    bool    overflow = false;
    int64_t day_count;

    if (hours && !days)
        return carry(&interval->microseconds, USECS_PER_DAY, &interval->days);
    if (hours) {
        int64_t whole = interval->microseconds / USECS_PER_DAY;

        overflow |= __builtin_add_overflow(interval->days, whole, &interval->days);
        interval->microseconds -= whole * USECS_PER_DAY;
    }
    day_count = interval->days;
    if (!hours) {
        overflow |= carry(&day_count, 30, &interval->months);
        interval->days = (int32_t)day_count;
        return overflow;
    }
    overflow |= __builtin_add_overflow(interval->months, day_count / 30, &interval->months);
    interval->days = (int32_t)(day_count % 30);
    if (interval->months > 0 && (interval->days < 0 || (interval->days == 0 && interval->microseconds < 0))) {
        interval->days += 30;
        interval->months--;
    } else if (interval->months < 0 && (interval->days > 0 || (interval->days == 0 && interval->microseconds > 0))) {
        interval->days -= 30;
        interval->months++;
    }
    if (interval->days > 0 && interval->microseconds < 0) {
        interval->microseconds += USECS_PER_DAY;
        interval->days--;
    } else if (interval->days < 0 && interval->microseconds > 0) {
        interval->microseconds -= USECS_PER_DAY;
        interval->days++;
    }
    return overflow;
}

static ALWAYS_INLINE void justify_all(KernelCall *call, bool hours, bool days)
{
    const Interval *in = call->args[0]->data;
    Interval       *out = call->result->data;
    bool            overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row];
        overflow |= justify(&out[row], hours, days);
    });
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "interval out of range");
}

static void justify_hours(KernelCall *call)
{
    justify_all(call, true, false);
}

static void justify_days(KernelCall *call)
{
    justify_all(call, false, true);
}

static void justify_interval(KernelCall *call)
{
    justify_all(call, true, true);
}

/* ---- make ---- */

static int32_t int_arg(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], int32_t)[row];
}

/* A date from year (negative: BC), month and day. */
static int32_t make_day(int32_t year, int32_t month, int32_t day)
{
    int32_t civil_year = year < 0 ? year + 1 : year;

    if (year == 0 || month < 1 || month > 12 || day < 1 || year > 5874897 || year < -4713 || day > days_in_month(civil_year, month))
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "date field value out of range: %d-%02d-%02d", (int)year, (int)month, (int)day);
    return days_from_civil(civil_year, month, day);
}

static int64_t make_clock(int32_t hour, int32_t minute, double second)
{
    if (hour < 0 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60) || hour > 24 ||
        (hour == 24 && (minute > 0 || second > 0)))
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "time field value out of range: %d:%02d:%02g", (int)hour, (int)minute, second);
    return hour * USECS_PER_HOUR + minute * USECS_PER_MINUTE + (int64_t)rint(second * 1e6);
}

static void make_date(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row,
                 { VECTOR_DATA(call->result, int32_t)[row] = make_day(int_arg(call, 0, row), int_arg(call, 1, row), int_arg(call, 2, row)); });
}

static void make_time(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        VECTOR_DATA(call->result, int64_t)[row] =
            make_clock(int_arg(call, 0, row), int_arg(call, 1, row), VECTOR_DATA(call->args[2], double)[row]);
    });
}

/* A zone by its name, or the offset of an interval. */
static const TimeZone *zone_by_name(Slice name)
{
    char            text[128];
    const TimeZone *zone = NULL;

    if (name.size < sizeof text) {
        memcpy(text, name.data, name.size);
        text[name.size] = '\0';
        zone = timezone_find(text);
    }
    if (zone == NULL)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "time zone \"%.*s\" not recognized", (int)name.size, (const char *)name.data);
    return zone;
}

static void make_timestamp(KernelCall *call)
{
    int64_t *out = call->result->data;
    bool     overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t         day = make_day(int_arg(call, 0, row), int_arg(call, 1, row), int_arg(call, 2, row));
        int64_t         time = make_clock(int_arg(call, 3, row), int_arg(call, 4, row), VECTOR_DATA(call->args[5], double)[row]);
        const TimeZone *zone = call->arg_count == 7 ? zone_by_name(VECTOR_DATA(call->args[6], Slice)[row]) : call->ctx->time_zone;

        overflow |= !date_to_timestamp(day, &out[row]) || __builtin_add_overflow(out[row], time, &out[row]);
        if (call->result->type == TYPE_TIMESTAMPTZ && !overflow)
            out[row] = timestamp_local_to_utc(out[row], zone, &overflow);
    });
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}

/* make_interval(years, months, weeks, days, hours, mins, secs) */
static void make_interval(KernelCall *call)
{
    Interval *out = call->result->data;
    bool      overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int64_t months = (int64_t)int_arg(call, 0, row) * 12 + int_arg(call, 1, row);
        int64_t days = (int64_t)int_arg(call, 2, row) * 7 + int_arg(call, 3, row);
        double  seconds = VECTOR_DATA(call->args[6], double)[row];
        double  time = (double)int_arg(call, 4, row) * (double)USECS_PER_HOUR + (double)int_arg(call, 5, row) * (double)USECS_PER_MINUTE +
                      rint(seconds * 1e6);

        overflow |= months != (int32_t)months || days != (int32_t)days || !isfinite(time) || fabs(time) > 9.2e18;
        out[row] = (Interval){overflow ? 0 : (int64_t)time, (int32_t)days, (int32_t)months};
    });
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "interval out of range");
}

static void to_timestamp(KernelCall *call)
{
    const double *in = call->args[0]->data;
    int64_t      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        double seconds = in[row] - (double)SECONDS_1970_TO_2000;

        if (isnan(in[row]))
            raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN");
        if (isinf(in[row])) {
            out[row] = in[row] > 0 ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
        } else {
            if (seconds * 1e6 >= (double)TIMESTAMP_END || seconds * 1e6 < (double)TIMESTAMP_MIN)
                raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"%g\"", in[row]);
            out[row] = (int64_t)rint(seconds * 1e6);
        }
    });
}

/* ---- AT TIME ZONE ---- */

static int64_t interval_east(const Interval *interval)
{
    if (interval->months != 0 || interval->days != 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "interval time zone must not include months or days");
    return interval->microseconds;
}

/* zone, timestamp -> timestamptz; zone, timestamptz -> timestamp. */
static void at_zone(KernelCall *call)
{
    const int64_t *in = call->args[1]->data;
    int64_t       *out = call->result->data;
    bool           to_utc = call->result->type == TYPE_TIMESTAMPTZ;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!timestamp_is_finite(in[row])) {
            out[row] = in[row];
        } else if (call->args[0]->phys == PHYS_INTERVAL) {
            int64_t east = interval_east(&VECTOR_DATA(call->args[0], Interval)[row]);

            out[row] = to_utc ? in[row] - east : in[row] + east;
            overflow |= !timestamp_is_in_range(out[row]);
        } else {
            const TimeZone *zone = zone_by_name(VECTOR_DATA(call->args[0], Slice)[row]);

            out[row] = to_utc ? timestamp_local_to_utc(in[row], zone, &overflow) : timestamp_utc_to_local(in[row], zone, &overflow);
        }
    });
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}

static void timetz_at_zone(KernelCall *call)
{
    const TimeTz *in = call->args[1]->data;
    TimeTz       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t east;
        int64_t time;

        if (call->args[0]->phys == PHYS_INTERVAL)
            east = (int32_t)(interval_east(&VECTOR_DATA(call->args[0], Interval)[row]) / USECS_PER_SECOND);
        else
            east = timezone_at(zone_by_name(VECTOR_DATA(call->args[0], Slice)[row]),
                               call->ctx->transaction_time / USECS_PER_SECOND + SECONDS_1970_TO_2000).east_seconds;
        time = (in[row].microseconds + (in[row].zone + east) * USECS_PER_SECOND) % USECS_PER_DAY;
        out[row] = (TimeTz){time < 0 ? time + USECS_PER_DAY : time, -east, 0};
    });
}

/* ---- small ones ---- */

static void date_is_finite_kernel(KernelCall *call)
{
    const int32_t *in = call->args[0]->data;

    FOR_EACH_ROW(call->sel, call->count, row, { VECTOR_DATA(call->result, uint8_t)[row] = date_is_finite(in[row]); });
}

static void timestamp_is_finite_kernel(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;

    FOR_EACH_ROW(call->sel, call->count, row, { VECTOR_DATA(call->result, uint8_t)[row] = timestamp_is_finite(in[row]); });
}

static void always_true(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, { VECTOR_DATA(call->result, uint8_t)[row] = 1; });
}

/* timestamp(p), time(p), timestamptz(p): length coercion called as a function. */
static void round_instants(KernelCall *call)
{
    const int64_t *in = call->args[0]->data;
    const int32_t *typmods = call->args[1]->data;
    int64_t       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = timestamp_is_finite(in[row]) ? time_round(in[row], typmods[row]) : in[row]; });
}

static void round_timetz(KernelCall *call)
{
    const TimeTz  *in = call->args[0]->data;
    const int32_t *typmods = call->args[1]->data;
    TimeTz        *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (TimeTz){time_round(in[row].microseconds, typmods[row]), in[row].zone, 0}; });
}

static void round_intervals(KernelCall *call)
{
    const Interval *in = call->args[0]->data;
    const int32_t  *typmods = call->args[1]->data;
    Interval       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = in[row];
        interval_apply_typmod(&out[row], typmods[row]);
    });
}

/* ---- OVERLAPS over int64 instants; the second of a pair may be a length. NULLs as the standard wants them. ---- */

typedef struct Period {
    int64_t start, end;
    bool    has_start, has_end;
} Period;

static Period period_of(const KernelCall *call, int arg, int32_t row)
{
    const Vector *first = call->args[arg];
    const Vector *second = call->args[arg + 1];
    Period        period = {.has_start = vector_is_valid(first, row), .has_end = vector_is_valid(second, row)};

    if (period.has_start)
        period.start = VECTOR_DATA(first, int64_t)[row];
    if (period.has_end && second->phys == PHYS_INTERVAL) {
        const TimeZone *zone = first->type == TYPE_TIMESTAMPTZ ? call->ctx->time_zone : NULL;

        period.has_end = period.has_start;
        if (period.has_end && !timestamp_add_interval(period.start, &VECTOR_DATA(second, Interval)[row], zone, &period.end))
            raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    } else if (period.has_end) {
        period.end = VECTOR_DATA(second, int64_t)[row];
    }
    if (!period.has_start || (period.has_end && period.start > period.end)) {
        Period turned = {period.end, period.start, period.has_end, period.has_start};

        period = turned;
    }
    return period;
}

static void overlaps(KernelCall *call)
{
    uint8_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Period a = period_of(call, 0, row);
        Period b = period_of(call, 2, row);

        if (!a.has_start || !b.has_start) {
            kernel_set_null(call, row);
        } else if (a.start == b.start) {
            if (a.has_end && b.has_end)
                out[row] = 1;
            else
                kernel_set_null(call, row);
        } else {
            Period *early = a.start < b.start ? &a : &b;
            Period *late = a.start < b.start ? &b : &a;

            if (early->has_end && late->start < early->end)
                out[row] = 1;
            else if (!early->has_end || (!late->has_end && late->start < early->end))
                kernel_set_null(call, row);
            else
                out[row] = 0;
        }
    });
}

const KernelEntry datetime_make_kernels[] = {
    {.proc = 1199, .run = age}, {.proc = 1386, .run = age}, {.proc = 2058, .run = age}, {.proc = 2059, .run = age},
    {.proc = 1175, .run = justify_hours},
    {.proc = 1295, .run = justify_days},
    {.proc = 2711, .run = justify_interval},
    {.proc = 3846, .run = make_date},
    {.proc = 3847, .run = make_time},
    {.proc = 3461, .run = make_timestamp}, {.proc = 3462, .run = make_timestamp}, {.proc = 3463, .run = make_timestamp},
    {.proc = 3464, .run = make_interval},
    {.proc = 1158, .run = to_timestamp},
    {.proc = 2069, .run = at_zone}, {.proc = 2070, .run = at_zone}, {.proc = 1159, .run = at_zone}, {.proc = 1026, .run = at_zone},
    {.proc = 2037, .run = timetz_at_zone}, {.proc = 2038, .run = timetz_at_zone},
    {.proc = 1373, .run = date_is_finite_kernel},
    {.proc = 1389, .run = timestamp_is_finite_kernel}, {.proc = 2048, .run = timestamp_is_finite_kernel},
    {.proc = 1390, .run = always_true},
    {.proc = 1961, .run = round_instants}, {.proc = 1967, .run = round_instants}, {.proc = 1968, .run = round_instants},
    {.proc = 1969, .run = round_timetz},
    {.proc = 1200, .run = round_intervals},
    {.proc = 1304, .run = overlaps}, {.proc = 1305, .run = overlaps}, {.proc = 1306, .run = overlaps}, {.proc = 1307, .run = overlaps},
    {.proc = 2041, .run = overlaps}, {.proc = 2042, .run = overlaps}, {.proc = 2043, .run = overlaps}, {.proc = 2044, .run = overlaps},
    {.proc = 1308, .run = overlaps},
    {0},
};

/* ---- generate_series(start, stop, step) ---- */

typedef struct Series {
    int64_t         next, stop;
    Interval        step;
    const TimeZone *zone;
    bool            ended, downwards;
} Series;

static void series_start(SetCall *call)
{
    Series *series = ARENA_NEW(call->arena, Series);

    series->next = call->args[0].int64;
    series->stop = call->args[1].int64;
    series->step = call->args[2].interval;
    series->zone = call->arg_types[0] == TYPE_TIMESTAMPTZ ? call->ctx->time_zone : NULL;
    series->downwards = interval_span(&series->step) < 0;
    if (interval_span(&series->step) == 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "step size cannot equal zero");
    call->state = series;
}

static int32_t series_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    Series *series = call->state;
    int32_t count = 0;

    (void)batch_arena, (void)output_count;
    while (count < max_rows && !series->ended) {
        if (series->downwards ? series->next < series->stop : series->next > series->stop)
            break;
        VECTOR_DATA(outputs[0], int64_t)[count++] = series->next;
        if (!timestamp_is_finite(series->next)) {
            series->ended = true;
        } else if (!timestamp_add_interval(series->next, &series->step, series->zone, &series->next)) {
            raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
        }
    }
    return count;
}

const SetEntry datetime_sets[] = {
    {.proc = 938, .start = series_start, .next = series_next},
    {.proc = 939, .start = series_start, .next = series_next},
    {0},
};
