/*
 * datetime_format.c - dates, times and timestamps as text, in the four date styles.
 */
#include "types/datetime.h"

static void append_digits(StrBuf *out, uint32_t value, int width)
{
    char  digits[12];
    int   size = 0;
    char *to;

    do
        digits[size++] = (char)('0' + value % 10);
    while ((value /= 10) != 0 || size < width);
    to = strbuf_reserve(out, (size_t)size);
    for (int i = 0; i < size; i++)
        to[i] = digits[size - 1 - i];
    out->size += (size_t)size;
    out->data[out->size] = '\0';
}

/* Years before 1 AD are shown counted back, with BC behind the whole. */
static uint32_t shown_year(int32_t year)
{
    return (uint32_t)(year > 0 ? year : 1 - year);
}

static void append_fraction(StrBuf *out, int32_t microsecond)
{
    int width = 6;

    if (microsecond == 0)
        return;
    while (microsecond % 10 == 0) {
        microsecond /= 10;
        width--;
    }
    strbuf_append_char(out, '.');
    append_digits(out, (uint32_t)microsecond, width);
}

static void append_time(StrBuf *out, const DateTimeFields *fields)
{
    append_digits(out, (uint32_t)fields->hour, 2);
    strbuf_append_char(out, ':');
    append_digits(out, (uint32_t)fields->minute, 2);
    strbuf_append_char(out, ':');
    append_digits(out, (uint32_t)fields->second, 2);
    append_fraction(out, fields->microsecond);
}

/* +hh, +hh:mm or +hh:mm:ss, as short as it can be. */
static void append_offset(StrBuf *out, int32_t east_seconds)
{
    uint32_t seconds = (uint32_t)(east_seconds < 0 ? -east_seconds : east_seconds);

    strbuf_append_char(out, east_seconds < 0 ? '-' : '+');
    append_digits(out, seconds / 3600, 2);
    if (seconds % 3600 != 0) {
        strbuf_append_char(out, ':');
        append_digits(out, seconds / 60 % 60, 2);
    }
    if (seconds % 60 != 0) {
        strbuf_append_char(out, ':');
        append_digits(out, seconds % 60, 2);
    }
}

static void append_iso_date(StrBuf *out, const CivilDate *date)
{
    append_digits(out, shown_year(date->year), 4);
    strbuf_append_char(out, '-');
    append_digits(out, (uint32_t)date->month, 2);
    strbuf_append_char(out, '-');
    append_digits(out, (uint32_t)date->day, 2);
}

/* Two numbers and the year with a separator, in DateStyle's order. */
static void append_numeric_date(StrBuf *out, const CivilDate *date, bool day_first, char separator)
{
    append_digits(out, (uint32_t)(day_first ? date->day : date->month), 2);
    strbuf_append_char(out, separator);
    append_digits(out, (uint32_t)(day_first ? date->month : date->day), 2);
    strbuf_append_char(out, separator);
    append_digits(out, shown_year(date->year), 4);
}

void date_format(int32_t days, const TypeContext *ctx, StrBuf *out)
{
    CivilDate date;
    bool      day_first = ctx->date_order == DATE_ORDER_DMY;

    if (!date_is_finite(days)) {
        strbuf_append_cstring(out, days == DATE_INFINITY ? "infinity" : "-infinity");
        return;
    }
    date = civil_from_days(days);
    switch (ctx->date_style) {
    case DATE_STYLE_SQL:
        append_numeric_date(out, &date, day_first, '/');
        break;
    case DATE_STYLE_GERMAN:
        append_numeric_date(out, &date, true, '.');
        break;
    case DATE_STYLE_POSTGRES:
        append_numeric_date(out, &date, day_first, '-');
        break;
    case DATE_STYLE_ISO:
    default:
        append_iso_date(out, &date);
    }
    if (date.year <= 0)
        strbuf_append_cstring(out, " BC");
}

void time_format(int64_t time, StrBuf *out)
{
    DateTimeFields fields;

    time_to_fields(time, &fields);
    append_time(out, &fields);
}

/* Wed Dec 17 07:37:16 1997 PST */
static void append_postgres_style(StrBuf *out, const DateTimeFields *fields, bool day_first)
{
    strbuf_append(out, datetime_day_names[weekday_from_days(fields->days)], 3);
    strbuf_append_char(out, ' ');
    if (day_first) {
        append_digits(out, (uint32_t)fields->date.day, 2);
        strbuf_append_char(out, ' ');
    }
    strbuf_append(out, datetime_month_names[fields->date.month - 1], 3);
    strbuf_append_char(out, ' ');
    if (!day_first) {
        append_digits(out, (uint32_t)fields->date.day, 2);
        strbuf_append_char(out, ' ');
    }
    append_time(out, fields);
    strbuf_append_char(out, ' ');
    append_digits(out, shown_year(fields->date.year), 4);
}

void timestamp_format(int64_t timestamp, const TimeZone *zone, const TypeContext *ctx, StrBuf *out)
{
    DateTimeFields fields;
    bool           day_first = ctx->date_order == DATE_ORDER_DMY;

    if (!timestamp_is_finite(timestamp)) {
        strbuf_append_cstring(out, timestamp == TIMESTAMP_INFINITY ? "infinity" : "-infinity");
        return;
    }
    timestamp_to_fields(timestamp, zone, &fields);
    switch (ctx->date_style) {
    case DATE_STYLE_POSTGRES:
        append_postgres_style(out, &fields, day_first);
        break;
    case DATE_STYLE_SQL:
    case DATE_STYLE_GERMAN:
        append_numeric_date(out, &fields.date, day_first || ctx->date_style == DATE_STYLE_GERMAN,
                            ctx->date_style == DATE_STYLE_SQL ? '/' : '.');
        strbuf_append_char(out, ' ');
        append_time(out, &fields);
        break;
    case DATE_STYLE_ISO:
    default:
        append_iso_date(out, &fields.date);
        strbuf_append_char(out, ' ');
        append_time(out, &fields);
    }
    if (zone != NULL && ctx->date_style != DATE_STYLE_ISO && fields.abbreviation != NULL) {
        bool is_name = (fields.abbreviation[0] | 32) >= 'a' && (fields.abbreviation[0] | 32) <= 'z';

        strbuf_append_char(out, ' ');
        if (is_name)
            strbuf_append_cstring(out, fields.abbreviation);
        else
            append_offset(out, fields.east_seconds);
    } else if (zone != NULL) {
        append_offset(out, fields.east_seconds);
    }
    if (fields.date.year <= 0)
        strbuf_append_cstring(out, " BC");
}

void timestamp_format_json(int64_t timestamp, const TimeZone *zone, StrBuf *out)
{
    DateTimeFields fields;

    if (!timestamp_is_finite(timestamp)) {
        strbuf_append_cstring(out, timestamp == TIMESTAMP_INFINITY ? "infinity" : "-infinity");
        return;
    }
    timestamp_to_fields(timestamp, zone, &fields);
    append_iso_date(out, &fields.date);
    strbuf_append_char(out, 'T');
    append_time(out, &fields);
    if (zone != NULL) {
        uint32_t seconds = (uint32_t)(fields.east_seconds < 0 ? -fields.east_seconds : fields.east_seconds);

        strbuf_append_char(out, fields.east_seconds < 0 ? '-' : '+');
        append_digits(out, seconds / 3600, 2);
        strbuf_append_char(out, ':');
        append_digits(out, seconds / 60 % 60, 2);
        if (seconds % 60 != 0) {
            strbuf_append_char(out, ':');
            append_digits(out, seconds % 60, 2);
        }
    }
    if (fields.date.year <= 0)
        strbuf_append_cstring(out, " BC");
}
