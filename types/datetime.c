/*
 * datetime.c - arithmetic of dates, times and intervals.
 */
#include "types/datetime.h"

const char *const datetime_month_names[12] = {"January", "February", "March",     "April",   "May",      "June",
                                              "July",    "August",   "September", "October", "November", "December"};
const char *const datetime_day_names[7] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/* Division that rounds down, with the remainder from 0 on. */
static int64_t divide_down(int64_t value, int64_t by, int64_t *remainder)
{
    int64_t quotient = value / by;

    *remainder = value % by;
    if (*remainder < 0) {
        *remainder += by;
        quotient--;
    }
    return quotient;
}

void time_to_fields(int64_t time, DateTimeFields *fields)
{
    fields->hour = (int32_t)(time / USECS_PER_HOUR);
    fields->minute = (int32_t)(time / USECS_PER_MINUTE % 60);
    fields->second = (int32_t)(time / USECS_PER_SECOND % 60);
    fields->microsecond = (int32_t)(time % USECS_PER_SECOND);
}

static ZoneOffset offset_at(int64_t timestamp, const TimeZone *zone)
{
    int64_t rest;

    return timezone_at(zone, divide_down(timestamp, USECS_PER_SECOND, &rest) + SECONDS_1970_TO_2000);
}

void timestamp_to_fields(int64_t timestamp, const TimeZone *zone, DateTimeFields *fields)
{
    int64_t    time;
    ZoneOffset offset = {0};

    if (zone != NULL)
        offset = offset_at(timestamp, zone);
    fields->east_seconds = offset.east_seconds;
    fields->abbreviation = offset.abbreviation;
    fields->days = (int32_t)divide_down(timestamp + offset.east_seconds * USECS_PER_SECOND, USECS_PER_DAY, &time);
    fields->date = civil_from_days(fields->days);
    time_to_fields(time, fields);
}

int64_t timestamp_local_to_utc(int64_t timestamp, const TimeZone *zone, bool *overflow)
{
    int64_t    rest;
    ZoneOffset offset;
    int64_t    result;

    if (!timestamp_is_finite(timestamp))
        return timestamp;
    offset = timezone_at_local(zone, divide_down(timestamp, USECS_PER_SECOND, &rest) + SECONDS_1970_TO_2000);
    if (__builtin_sub_overflow(timestamp, offset.east_seconds * USECS_PER_SECOND, &result) || !timestamp_is_in_range(result))
        *overflow = true;
    return result;
}

int64_t timestamp_utc_to_local(int64_t timestamp, const TimeZone *zone, bool *overflow)
{
    int64_t result;

    if (!timestamp_is_finite(timestamp))
        return timestamp;
    if (__builtin_add_overflow(timestamp, offset_at(timestamp, zone).east_seconds * USECS_PER_SECOND, &result) ||
        !timestamp_is_in_range(result))
        *overflow = true;
    return result;
}

bool date_to_timestamp(int32_t date, int64_t *out)
{
    if (!date_is_finite(date)) {
        *out = date == DATE_INFINITY ? TIMESTAMP_INFINITY : TIMESTAMP_MINUS_INFINITY;
        return true;
    }
    return !__builtin_mul_overflow((int64_t)date, USECS_PER_DAY, out) && timestamp_is_in_range(*out);
}

int32_t timestamp_to_date(int64_t timestamp)
{
    int64_t rest;

    if (!timestamp_is_finite(timestamp))
        return timestamp == TIMESTAMP_INFINITY ? DATE_INFINITY : DATE_MINUS_INFINITY;
    return (int32_t)divide_down(timestamp, USECS_PER_DAY, &rest);
}

bool fields_to_timestamp(const DateTimeFields *fields, const TimeZone *zone, int64_t *out)
{
    int64_t days = days_from_civil(fields->date.year, fields->date.month, fields->date.day);
    int64_t time = fields->hour * USECS_PER_HOUR + fields->minute * USECS_PER_MINUTE + fields->second * USECS_PER_SECOND +
                   fields->microsecond;
    bool    overflow = false;

    if (__builtin_mul_overflow(days, USECS_PER_DAY, out) || __builtin_add_overflow(*out, time, out))
        return false;
    if (zone != NULL)
        *out = timestamp_local_to_utc(*out, zone, &overflow);
    return !overflow && timestamp_is_in_range(*out);
}

/* Adds months to a date, keeping the day or the last one of the month. */
static bool add_months(CivilDate *date, int32_t months)
{
    int64_t rest;
    int64_t year = date->year + divide_down((int64_t)date->month - 1 + months, 12, &rest);

    if (year < -4800 || year > 5900000)
        return false;
    date->year = (int32_t)year;
    date->month = (int32_t)rest + 1;
    date->day = MIN(date->day, days_in_month(date->year, date->month));
    return true;
}

bool timestamp_add_interval(int64_t timestamp, const Interval *interval, const TimeZone *zone, int64_t *out)
{
    DateTimeFields fields;
    int64_t        days;

    *out = timestamp;
    if (!timestamp_is_finite(timestamp))
        return true;
    if (interval->months != 0 || interval->days != 0) {
        timestamp_to_fields(timestamp, zone, &fields);
        if (interval->months != 0 && !add_months(&fields.date, interval->months))
            return false;
        days = (int64_t)days_from_civil(fields.date.year, fields.date.month, fields.date.day) + interval->days;
        if (days < DATE_MIN_DAYS || days >= DATE_END_DAYS)
            return false;
        fields.date = civil_from_days((int32_t)days);
        if (!fields_to_timestamp(&fields, zone, out))
            return false;
    }
    return !__builtin_add_overflow(*out, interval->microseconds, out) && timestamp_is_in_range(*out);
}

__int128_t interval_span(const Interval *interval)
{
    return ((__int128_t)interval->months * 30 + interval->days) * USECS_PER_DAY + interval->microseconds;
}

int interval_compare(const Interval *a, const Interval *b)
{
    __int128_t span_a = interval_span(a);
    __int128_t span_b = interval_span(b);

    return (span_a > span_b) - (span_a < span_b);
}

int64_t time_round(int64_t microseconds, int32_t precision)
{
    static const int64_t units[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};
    int64_t              unit;

    if (precision < 0 || precision >= 6)
        return microseconds;
    unit = units[precision];
    if (microseconds >= 0)
        return (microseconds + unit / 2) / unit * unit;
    return -((-microseconds + unit / 2) / unit * unit);
}
