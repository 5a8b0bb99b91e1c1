/*
 * datetime_field.c - extract(), date_part(), date_trunc().
 */
#include "executor/func/datetime_field.h"

#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/datetime.h"
#include "types/io.h"
#include "types/numeric.h"

#include <math.h>

DateTimeField datetime_field_find(Slice name)
{
    static const struct {
        const char   *name;
        DateTimeField field;
    } names[] = {
        {"microseconds", FIELD_MICROSECONDS}, {"microsecond", FIELD_MICROSECONDS}, {"us", FIELD_MICROSECONDS}, {"usec", FIELD_MICROSECONDS},
        {"usecs", FIELD_MICROSECONDS}, {"milliseconds", FIELD_MILLISECONDS}, {"millisecond", FIELD_MILLISECONDS}, {"ms", FIELD_MILLISECONDS},
        {"msec", FIELD_MILLISECONDS}, {"msecs", FIELD_MILLISECONDS}, {"second", FIELD_SECOND}, {"seconds", FIELD_SECOND}, {"sec", FIELD_SECOND},
        {"secs", FIELD_SECOND}, {"s", FIELD_SECOND}, {"minute", FIELD_MINUTE}, {"minutes", FIELD_MINUTE}, {"min", FIELD_MINUTE},
        {"mins", FIELD_MINUTE}, {"m", FIELD_MINUTE}, {"hour", FIELD_HOUR}, {"hours", FIELD_HOUR}, {"hr", FIELD_HOUR}, {"hrs", FIELD_HOUR},
        {"h", FIELD_HOUR}, {"day", FIELD_DAY}, {"days", FIELD_DAY}, {"d", FIELD_DAY}, {"week", FIELD_WEEK}, {"weeks", FIELD_WEEK},
        {"w", FIELD_WEEK}, {"month", FIELD_MONTH}, {"months", FIELD_MONTH}, {"mon", FIELD_MONTH}, {"mons", FIELD_MONTH},
        {"quarter", FIELD_QUARTER}, {"qtr", FIELD_QUARTER}, {"year", FIELD_YEAR}, {"years", FIELD_YEAR}, {"yr", FIELD_YEAR},
        {"yrs", FIELD_YEAR}, {"y", FIELD_YEAR}, {"decade", FIELD_DECADE}, {"decades", FIELD_DECADE}, {"dec", FIELD_DECADE},
        {"decs", FIELD_DECADE}, {"century", FIELD_CENTURY}, {"centuries", FIELD_CENTURY}, {"cent", FIELD_CENTURY}, {"c", FIELD_CENTURY},
        {"millennium", FIELD_MILLENNIUM}, {"millennia", FIELD_MILLENNIUM}, {"mil", FIELD_MILLENNIUM}, {"mils", FIELD_MILLENNIUM},
        {"dow", FIELD_DOW}, {"isodow", FIELD_ISODOW}, {"doy", FIELD_DOY}, {"isoyear", FIELD_ISOYEAR}, {"epoch", FIELD_EPOCH},
        {"julian", FIELD_JULIAN}, {"jd", FIELD_JULIAN}, {"j", FIELD_JULIAN}, {"timezone", FIELD_TIMEZONE},
        {"timezone_hour", FIELD_TIMEZONE_HOUR}, {"timezone_h", FIELD_TIMEZONE_HOUR}, {"timezone_minute", FIELD_TIMEZONE_MINUTE},
        {"timezone_m", FIELD_TIMEZONE_MINUTE},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (text_equals_ignoring_case(name, names[i].name))
            return names[i].field;
    return FIELD_UNKNOWN;
}

static noreturn void raise_unit(const Vector *value, Slice name, bool known)
{
    const char *type = type_by_oid(value->type)->sql_name;

    if (known)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "unit \"%.*s\" not supported for type %s", (int)name.size, (const char *)name.data, type);
    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unit \"%.*s\" not recognized for type %s", (int)name.size, (const char *)name.data, type);
}

/* ---- ISO weeks ---- */

/* The Monday on which the ISO year that contains a day begins, and that year's number. */
static int32_t iso_year_start(int32_t days, int32_t *year_out)
{
    int32_t year = civil_from_days(days).year + 1;

    for (;; year--) {
        int32_t january_4 = days_from_civil(year, 1, 4); /* always in week 1 */
        int32_t start = january_4 - (weekday_from_days(january_4) + 6) % 7;

        if (days >= start) {
            *year_out = year;
            return start;
        }
    }
}

/* ---- fields as exact decimals ---- */

typedef struct FieldValue {
    int64_t coefficient;
    int     scale;
    bool    is_null;
    bool    supported;
    int     infinity; /* 1, -1: the value is infinite */
} FieldValue;

static FieldValue whole(int64_t value)
{
    return (FieldValue){.coefficient = value, .supported = true};
}

static FieldValue scaled(int64_t coefficient, int scale)
{
    return (FieldValue){.coefficient = coefficient, .scale = scale, .supported = true};
}

static int64_t century_of(int32_t year, int32_t length)
{
    return year > 0 ? (year + length - 1) / length : -((length - 1 - (year - 1)) / length);
}

static FieldValue field_of_time(DateTimeField field, int64_t time)
{
    switch (field) {
    case FIELD_MICROSECONDS:
        return whole(time % USECS_PER_MINUTE);
    case FIELD_MILLISECONDS:
        return scaled(time % USECS_PER_MINUTE, 3);
    case FIELD_SECOND:
        return scaled(time % USECS_PER_MINUTE, 6);
    case FIELD_MINUTE:
        return whole(time / USECS_PER_MINUTE % 60);
    case FIELD_HOUR:
        return whole(time / USECS_PER_HOUR);
    default:
        return (FieldValue){0};
    }
}

static FieldValue field_of_date(DateTimeField field, int32_t days, const CivilDate *date)
{
    int32_t iso_year;

    switch (field) {
    case FIELD_DAY:
        return whole(date->day);
    case FIELD_MONTH:
        return whole(date->month);
    case FIELD_QUARTER:
        return whole((date->month - 1) / 3 + 1);
    case FIELD_WEEK:
        return whole((days - iso_year_start(days, &iso_year)) / 7 + 1);
    case FIELD_ISOYEAR:
        iso_year_start(days, &iso_year);
        return whole(iso_year > 0 ? iso_year : iso_year - 1);
    case FIELD_YEAR:
        return whole(date->year > 0 ? date->year : date->year - 1);
    case FIELD_DECADE:
        return whole(date->year >= 0 ? date->year / 10 : -((8 - (date->year - 1)) / 10));
    case FIELD_CENTURY:
        return whole(century_of(date->year, 100));
    case FIELD_MILLENNIUM:
        return whole(century_of(date->year, 1000));
    case FIELD_DOW:
        return whole(weekday_from_days(days));
    case FIELD_ISODOW:
        return whole((weekday_from_days(days) + 6) % 7 + 1);
    case FIELD_DOY:
        return whole(days - days_from_civil(date->year, 1, 1) + 1);
    default:
        return (FieldValue){0};
    }
}

/* Julian day with its fraction of a day, to ten decimals: PG15 divides exactly, most uses are whole days. */
static FieldValue julian_of(int32_t days, int64_t time)
{
    if (time == 0)
        return whole((int64_t)days + JULIAN_DAY_2000);
    return scaled(((int64_t)days + JULIAN_DAY_2000) * INT64_C(10000000000) + (int64_t)((__int128_t)time * 10000000000 / USECS_PER_DAY), 10);
}

/* Fields that only grow are infinite for an infinite value; the others are NULL. */
static FieldValue field_of_infinite(DateTimeField field, bool negative)
{
    switch (field) {
    case FIELD_YEAR:
    case FIELD_DECADE:
    case FIELD_CENTURY:
    case FIELD_MILLENNIUM:
    case FIELD_ISOYEAR:
    case FIELD_EPOCH:
    case FIELD_JULIAN:
        return (FieldValue){.supported = true, .infinity = negative ? -1 : 1};
    default:
        return (FieldValue){.supported = true, .is_null = true};
    }
}

static FieldValue field_of_zone(DateTimeField field, int32_t east_seconds)
{
    switch (field) {
    case FIELD_TIMEZONE:
        return whole(east_seconds);
    case FIELD_TIMEZONE_HOUR:
        return whole(east_seconds / 3600);
    case FIELD_TIMEZONE_MINUTE:
        return whole(east_seconds / 60 % 60);
    default:
        return (FieldValue){0};
    }
}

static FieldValue field_of_timestamp(DateTimeField field, int64_t timestamp, const TimeZone *zone)
{
    DateTimeFields fields;
    FieldValue     value;
    int64_t        local;
    int64_t        time;

    if (!timestamp_is_finite(timestamp))
        return field_of_infinite(field, timestamp == TIMESTAMP_MINUS_INFINITY);
    if (field == FIELD_EPOCH)
        return scaled(timestamp + SECONDS_1970_TO_2000 * USECS_PER_SECOND, 6);
    timestamp_to_fields(timestamp, zone, &fields);
    local = timestamp + fields.east_seconds * USECS_PER_SECOND;
    time = local - fields.days * USECS_PER_DAY;
    if (field == FIELD_JULIAN)
        return julian_of(fields.days, time);
    value = field_of_time(field, time);
    if (!value.supported)
        value = field_of_date(field, fields.days, &fields.date);
    if (!value.supported && zone != NULL)
        value = field_of_zone(field, fields.east_seconds);
    return value;
}

static FieldValue field_of_day(DateTimeField field, int32_t days)
{
    CivilDate date;

    if (!date_is_finite(days))
        return field_of_infinite(field, days == DATE_MINUS_INFINITY);
    if (field == FIELD_EPOCH)
        return whole(((int64_t)days + DAYS_1970_TO_2000) * 86400);
    if (field == FIELD_JULIAN)
        return julian_of(days, 0);
    date = civil_from_days(days);
    return field_of_date(field, days, &date);
}

static FieldValue field_of_interval(DateTimeField field, const Interval *interval)
{
    int64_t time = interval->microseconds;

    switch (field) {
    case FIELD_MICROSECONDS:
    case FIELD_MILLISECONDS:
    case FIELD_SECOND:
    case FIELD_MINUTE:
    case FIELD_HOUR:
        return field_of_time(field, time);
    case FIELD_DAY:
        return whole(interval->days);
    case FIELD_MONTH:
        return whole(interval->months % 12);
    case FIELD_QUARTER:
        return whole(interval->months % 12 / 3 + 1);
    case FIELD_YEAR:
        return whole(interval->months / 12);
    case FIELD_DECADE:
        return whole(interval->months / 120);
    case FIELD_CENTURY:
        return whole(interval->months / 1200);
    case FIELD_MILLENNIUM:
        return whole(interval->months / 12000);
    case FIELD_EPOCH: /* years of 365.25 days, months of 30 */
        return scaled(((int64_t)(interval->months / 12) * 31557600 + (int64_t)(interval->months % 12) * 30 * 86400 +
                       (int64_t)interval->days * 86400) * USECS_PER_SECOND + time, 6);
    default:
        return (FieldValue){0};
    }
}

static FieldValue field_of_time_type(DateTimeField field, int64_t time)
{
    if (field == FIELD_EPOCH)
        return scaled(time, 6);
    return field_of_time(field, time);
}

static FieldValue field_of_timetz(DateTimeField field, const TimeTz *value)
{
    FieldValue result;

    if (field == FIELD_EPOCH)
        return scaled(value->microseconds + value->zone * USECS_PER_SECOND, 6);
    result = field_of_time(field, value->microseconds);
    return result.supported ? result : field_of_zone(field, -value->zone);
}

static FieldValue field_of_row(const Vector *vector, int32_t row, DateTimeField field, const TypeContext *ctx)
{
    const void *element = vector_element(vector, row);

    switch (vector->type) {
    case TYPE_DATE:
        return field_of_day(field, *(const int32_t *)element);
    case TYPE_TIME:
        return field_of_time_type(field, *(const int64_t *)element);
    case TYPE_TIMETZ:
        return field_of_timetz(field, element);
    case TYPE_INTERVAL:
        return field_of_interval(field, element);
    case TYPE_TIMESTAMPTZ:
        return field_of_timestamp(field, *(const int64_t *)element, ctx->time_zone);
    case TYPE_TIMESTAMP:
    default:
        return field_of_timestamp(field, *(const int64_t *)element, NULL);
    }
}

static const int64_t powers_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000};

static void put_value(KernelCall *call, int32_t row, const FieldValue *value)
{
    if (value->is_null) {
        kernel_set_null(call, row);
    } else if (call->result->phys == PHYS_FLOAT64) {
        VECTOR_DATA(call->result, double)[row] =
            value->infinity != 0 ? value->infinity * INFINITY : (double)value->coefficient / (double)powers_of_ten[value->scale];
    } else if (value->infinity != 0) {
        VECTOR_DATA(call->result, Numeric)[row] =
            (Numeric){.kind = value->infinity > 0 ? NUMERIC_POSITIVE_INFINITY : NUMERIC_NEGATIVE_INFINITY};
    } else {
        VECTOR_DATA(call->result, Numeric)[row] = numeric_from_small(value->coefficient, value->scale);
    }
}

static void extract(KernelCall *call)
{
    const Slice  *names = call->args[0]->data;
    DateTimeField field = FIELD_UNKNOWN;
    Slice         known = {0};

    FOR_EACH_ROW(call->sel, call->count, row, {
        FieldValue value;

        if (known.data == NULL || !slice_equal(known, names[row])) { /* nearly always one name for all rows */
            known = names[row];
            field = datetime_field_find(known);
        }
        if (field == FIELD_UNKNOWN)
            raise_unit(call->args[1], known, false);
        value = field_of_row(call->args[1], row, field, call->ctx);
        if (!value.supported)
            raise_unit(call->args[1], known, true);
        put_value(call, row, &value);
    });
}

/* ---- date_trunc ---- */

static int32_t start_of_years(int32_t year, int32_t length)
{
    return year > 0 ? (year - 1) / length * length + 1 : -((length - 1 - (year - 1)) / length) * length + 1;
}

/* Cuts a local day to the start of its week, month ...; false when the field does not cut dates. */
static bool truncate_day(DateTimeField field, int32_t *days)
{
    CivilDate date = civil_from_days(*days);

    switch (field) {
    case FIELD_DAY:
        return true;
    case FIELD_WEEK:
        *days -= (weekday_from_days(*days) + 6) % 7;
        return true;
    case FIELD_MONTH:
        *days = days_from_civil(date.year, date.month, 1);
        return true;
    case FIELD_QUARTER:
        *days = days_from_civil(date.year, (date.month - 1) / 3 * 3 + 1, 1);
        return true;
    case FIELD_YEAR:
        *days = days_from_civil(date.year, 1, 1);
        return true;
    case FIELD_DECADE:
        *days = days_from_civil(date.year >= 0 ? date.year / 10 * 10 : -((8 - (date.year - 1)) / 10) * 10, 1, 1);
        return true;
    case FIELD_CENTURY:
        *days = days_from_civil(start_of_years(date.year, 100), 1, 1);
        return true;
    case FIELD_MILLENNIUM:
        *days = days_from_civil(start_of_years(date.year, 1000), 1, 1);
        return true;
    default:
        return false;
    }
}

/* Microseconds of the fields below a day; 0: not one of them. */
static int64_t unit_of_field(DateTimeField field)
{
    switch (field) {
    case FIELD_MICROSECONDS:
        return 1;
    case FIELD_MILLISECONDS:
        return 1000;
    case FIELD_SECOND:
        return USECS_PER_SECOND;
    case FIELD_MINUTE:
        return USECS_PER_MINUTE;
    case FIELD_HOUR:
        return USECS_PER_HOUR;
    default:
        return 0;
    }
}

static int64_t round_down(int64_t value, int64_t unit)
{
    int64_t rest = value % unit;

    return value - (rest < 0 ? rest + unit : rest);
}

/* False: the field is not supported. zone: of timestamptz, else NULL. */
static bool truncate_timestamp(DateTimeField field, int64_t timestamp, const TimeZone *zone, int64_t *out, bool *overflow)
{
    int64_t unit = unit_of_field(field);
    int64_t local = timestamp;
    int32_t days;

    *out = timestamp;
    if (!timestamp_is_finite(timestamp))
        return true;
    if (zone != NULL)
        local = timestamp_utc_to_local(timestamp, zone, overflow);
    if (unit != 0) { /* below a day the offset stays what it is */
        *out = timestamp - (local - round_down(local, unit));
        return true;
    }
    days = timestamp_to_date(local);
    if (!truncate_day(field, &days))
        return false;
    *overflow |= !date_to_timestamp(days, out);
    if (zone != NULL && !*overflow)
        *out = timestamp_local_to_utc(*out, zone, overflow);
    return true;
}

static void trunc_timestamps(KernelCall *call)
{
    const Slice   *names = call->args[0]->data;
    const int64_t *in = call->args[1]->data;
    int64_t       *out = call->result->data;
    bool           overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        DateTimeField   field = datetime_field_find(names[row]);
        const TimeZone *zone = call->args[1]->type == TYPE_TIMESTAMPTZ ? call->ctx->time_zone : NULL;

        if (call->arg_count == 3) {
            const Slice *name = &VECTOR_DATA(call->args[2], Slice)[row];
            char         text[128];

            if (name->size >= sizeof text)
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "time zone not recognized");
            memcpy(text, name->data, name->size);
            text[name->size] = '\0';
            zone = timezone_find(text);
            if (zone == NULL)
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "time zone \"%s\" not recognized", text);
        }
        if (field == FIELD_UNKNOWN)
            raise_unit(call->args[1], names[row], false);
        if (!truncate_timestamp(field, in[row], zone, &out[row], &overflow))
            raise_unit(call->args[1], names[row], true);
    });
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
}

static bool truncate_interval(DateTimeField field, const Interval *in, Interval *out)
{
    static const struct {
        DateTimeField field;
        int32_t       months;
    } month_fields[] = {{FIELD_MONTH, 1}, {FIELD_QUARTER, 3}, {FIELD_YEAR, 12}, {FIELD_DECADE, 120}, {FIELD_CENTURY, 1200},
                        {FIELD_MILLENNIUM, 12000}};
    int64_t unit = unit_of_field(field);

    *out = *in;
    if (unit != 0) {
        out->microseconds = in->microseconds / unit * unit;
        return true;
    }
    out->microseconds = 0;
    if (field == FIELD_DAY)
        return true;
    out->days = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(month_fields); i++) {
        if (month_fields[i].field == field) {
            out->months = in->months / month_fields[i].months * month_fields[i].months;
            return true;
        }
    }
    return false;
}

static void trunc_intervals(KernelCall *call)
{
    const Slice    *names = call->args[0]->data;
    const Interval *in = call->args[1]->data;
    Interval       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        DateTimeField field = datetime_field_find(names[row]);

        if (field == FIELD_UNKNOWN)
            raise_unit(call->args[1], names[row], false);
        if (!truncate_interval(field, &in[row], &out[row])) {
            Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "unit \"%.*s\" not supported for type %s", (int)names[row].size,
                                   (const char *)names[row].data, "interval");

            if (field == FIELD_WEEK)
                error_detail(err, "Months usually have fractional weeks.");
            error_raise(err);
        }
    });
}

const KernelEntry datetime_field_kernels[] = {
    {.proc = 6199, .run = extract}, {.proc = 6200, .run = extract}, {.proc = 6201, .run = extract}, {.proc = 6202, .run = extract},
    {.proc = 6203, .run = extract}, {.proc = 6204, .run = extract}, {.proc = 1171, .run = extract}, {.proc = 1172, .run = extract},
    {.proc = 1273, .run = extract}, {.proc = 1384, .run = extract}, {.proc = 1385, .run = extract}, {.proc = 2021, .run = extract},
    {.proc = 2020, .run = trunc_timestamps},
    {.proc = 1217, .run = trunc_timestamps},
    {.proc = 1284, .run = trunc_timestamps},
    {.proc = 1218, .run = trunc_intervals},
    {0},
};
