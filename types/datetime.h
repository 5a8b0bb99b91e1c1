/*
 * datetime.h - date, time, timetz, timestamp, timestamptz, interval: values, fields, limits.
 *
 * Values count from 2000-01-01 as PostgreSQL's do: dates in days, timestamps in microseconds. Both have infinities at the ends of their
 * integer's range. Ranges are PostgreSQL's: 4713 BC to 5874897 AD for dates, to 294276 AD for timestamps.
 *
 * Raises      functions with `ctx` raise 22007, 22008 with PostgreSQL's texts; the rest never.
 */
#ifndef TYPES_DATETIME_H
#define TYPES_DATETIME_H

#include "types/calendar.h"
#include "types/timezone.h"
#include "types/type.h"

#define USECS_PER_SECOND INT64_C(1000000)
#define USECS_PER_MINUTE (60 * USECS_PER_SECOND)
#define USECS_PER_HOUR (3600 * USECS_PER_SECOND)
#define USECS_PER_DAY (86400 * USECS_PER_SECOND)
#define SECONDS_1970_TO_2000 ((int64_t)DAYS_1970_TO_2000 * 86400)

#define DATE_INFINITY INT32_MAX
#define DATE_MINUS_INFINITY INT32_MIN
#define TIMESTAMP_INFINITY INT64_MAX
#define TIMESTAMP_MINUS_INFINITY INT64_MIN

/* First valid values; ends are exclusive. */
enum { DATE_MIN_DAYS = -JULIAN_DAY_2000, DATE_END_DAYS = 2147483494 - JULIAN_DAY_2000 };
#define TIMESTAMP_MIN (-INT64_C(211813488000000000))
#define TIMESTAMP_END INT64_C(9223371331200000000)

static inline bool date_is_finite(int32_t date)
{
    return date != DATE_INFINITY && date != DATE_MINUS_INFINITY;
}

static inline bool timestamp_is_finite(int64_t timestamp)
{
    return timestamp != TIMESTAMP_INFINITY && timestamp != TIMESTAMP_MINUS_INFINITY;
}

static inline bool date_is_in_range(int32_t date)
{
    return date >= DATE_MIN_DAYS && date < DATE_END_DAYS;
}

static inline bool timestamp_is_in_range(int64_t timestamp)
{
    return timestamp >= TIMESTAMP_MIN && timestamp < TIMESTAMP_END;
}

/* A timestamp taken apart. */
typedef struct DateTimeFields {
    CivilDate   date;
    int32_t     hour, minute, second, microsecond;
    int32_t     east_seconds;  /* of timestamptz */
    const char *abbreviation;  /* of timestamptz; NULL otherwise */
    int32_t     days;          /* since 2000-01-01, of the local date */
} DateTimeFields;

/* The timestamp must be finite. zone NULL: it is taken as it stands. */
void    timestamp_to_fields(int64_t timestamp, const TimeZone *zone, DateTimeFields *fields);
/* Local fields in a zone to an instant; the date may have year 0 and below. False when out of range. */
bool    fields_to_timestamp(const DateTimeFields *fields, const TimeZone *zone, int64_t *out);
void    time_to_fields(int64_t time, DateTimeFields *fields);

/* Local timestamp to an instant in a zone, and back. Infinite ones stay. *overflow is set when the result is out of range. */
int64_t timestamp_local_to_utc(int64_t timestamp, const TimeZone *zone, bool *overflow);
int64_t timestamp_utc_to_local(int64_t timestamp, const TimeZone *zone, bool *overflow);

/* Days to a timestamp at midnight; false when out of timestamp's range. */
bool date_to_timestamp(int32_t date, int64_t *out);
/* The day a timestamp falls on. */
int32_t timestamp_to_date(int64_t timestamp);

/* timestamp + interval; false when out of range. zone: local days and months of timestamptz, NULL for timestamp. */
bool timestamp_add_interval(int64_t timestamp, const Interval *interval, const TimeZone *zone, int64_t *out);

/* Orders intervals as months of 30 days of 24 hours. */
int        interval_compare(const Interval *a, const Interval *b);
__int128_t interval_span(const Interval *interval);

/* ---- text ------------------------------------------------------------------------------------------------------------------ */

/* What a text of a date or time was found to hold. */
typedef struct ParsedDateTime {
    bool           has_date, has_time, has_zone;
    DateTimeFields fields;
    const TimeZone *zone;       /* a named zone; NULL: east_seconds is its offset */
    int32_t        east_seconds;
    enum { PARSED_FIELDS, PARSED_INFINITY, PARSED_MINUS_INFINITY, PARSED_EPOCH, PARSED_NOW, PARSED_TODAY, PARSED_TOMORROW, PARSED_YESTERDAY } kind;
} ParsedDateTime;

/* Takes a text apart. Raises 22007 invalid input syntax for type %s, 22008 date/time field value out of range. */
void datetime_parse(Slice text, const char *type_name, const TypeContext *ctx, ParsedDateTime *out);

/* Interval text; fields is the mask of an interval typmod (interval hour to second), 0x7fff for all. Raises 22007, 22015. */
void interval_parse(Slice text, int32_t typmod, const TypeContext *ctx, Interval *out);
void interval_format(const Interval *interval, const TypeContext *ctx, StrBuf *out);

void date_format(int32_t date, const TypeContext *ctx, StrBuf *out);
void time_format(int64_t time, StrBuf *out);
void timestamp_format(int64_t timestamp, const TimeZone *zone, const TypeContext *ctx, StrBuf *out);

/* ISO 8601 with T, as JSON has it. */
void timestamp_format_json(int64_t timestamp, const TimeZone *zone, StrBuf *out);

/* Rounds to a precision of 0 .. 6 digits; -1: as it is. */
int64_t time_round(int64_t microseconds, int32_t precision);

extern const char *const datetime_month_names[12]; /* January ... */
extern const char *const datetime_day_names[7];    /* Sunday ... */

#endif
