/*
 * interval.c - intervals as text: PostgreSQL's own forms, the SQL standard's, ISO 8601.
 */
#include "types/datetime.h"

#include "types/interval_typmod.h"
#include "types/io.h"

#include <math.h>
#include <stdlib.h>

/* ---- reading --------------------------------------------------------------------------------------------------------------- */

typedef enum IntervalUnit {
    UNIT_MICROSECOND, UNIT_MILLISECOND, UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_YEAR,
    UNIT_DECADE, UNIT_CENTURY, UNIT_MILLENNIUM, UNIT_NONE,
} IntervalUnit;

typedef struct IntervalParser {
    Slice          text;
    const uint8_t *at, *end;
    double         months, days;     /* whole numbers gathered as doubles; ranges are checked at the end */
    __int128_t     microseconds;
    bool           any, ago;
    bool           has_time;
    uint32_t       seen;             /* units that were given, a bit each */
    IntervalUnit   fallback;         /* the unit of a bare number: the last field of the typmod */
    bool           sql_standard;
} IntervalParser;

static noreturn void raise_syntax(const IntervalParser *parser)
{
    raise_error(SQLSTATE_INVALID_DATETIME_FORMAT, "invalid input syntax for type %s: \"%.*s\"", "interval", (int)parser->text.size,
                (const char *)parser->text.data);
}

static noreturn void raise_range(const IntervalParser *parser)
{
    raise_error(SQLSTATE_INTERVAL_FIELD_OVERFLOW, "interval field value out of range: \"%.*s\"", (int)parser->text.size,
                (const char *)parser->text.data);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static void add_microseconds(IntervalParser *parser, double value, int64_t unit)
{
    double whole = trunc(value);

    if (fabs(value) > 1e18)
        raise_range(parser);
    parser->microseconds += (__int128_t)(int64_t)whole * unit + (int64_t)rint((value - whole) * (double)unit);
}

static void add_days(IntervalParser *parser, double value)
{
    double whole = trunc(value);

    parser->days += whole;
    add_microseconds(parser, value - whole, USECS_PER_DAY);
}

/* Fractions of a month spill into days of 30 to the month, as PostgreSQL's do; of a year into months, rounded. */
static void add_months(IntervalParser *parser, double value)
{
    double whole = trunc(value);

    parser->months += whole;
    add_days(parser, (value - whole) * 30);
}

static void add_years(IntervalParser *parser, double value, double months)
{
    double whole = trunc(value);

    parser->months += whole * months + rint((value - whole) * months);
}

static void add_unit(IntervalParser *parser, double value, IntervalUnit unit)
{
    if (unit != UNIT_NONE && unit > UNIT_MILLISECOND && (parser->seen & 1u << unit) != 0)
        raise_syntax(parser);
    parser->seen |= 1u << unit;
    parser->any = true;
    switch (unit) {
    case UNIT_MICROSECOND:
        add_microseconds(parser, value, 1);
        return;
    case UNIT_MILLISECOND:
        add_microseconds(parser, value, 1000);
        return;
    case UNIT_NONE:
    case UNIT_SECOND:
        add_microseconds(parser, value, USECS_PER_SECOND);
        return;
    case UNIT_MINUTE:
        add_microseconds(parser, value, USECS_PER_MINUTE);
        return;
    case UNIT_HOUR:
        add_microseconds(parser, value, USECS_PER_HOUR);
        return;
    case UNIT_DAY:
        add_days(parser, value);
        return;
    case UNIT_WEEK:
        add_days(parser, trunc(value) * 7);
        add_days(parser, (value - trunc(value)) * 7);
        return;
    case UNIT_MONTH:
        add_months(parser, value);
        return;
    case UNIT_YEAR:
        add_years(parser, value, 12);
        return;
    case UNIT_DECADE:
        add_years(parser, value, 120);
        return;
    case UNIT_CENTURY:
        add_years(parser, value, 1200);
        return;
    case UNIT_MILLENNIUM:
        add_years(parser, value, 12000);
        return;
    }
}

static const struct {
    const char  *word;
    IntervalUnit unit;
} unit_words[] = {
    {"us", UNIT_MICROSECOND}, {"usec", UNIT_MICROSECOND}, {"usecs", UNIT_MICROSECOND}, {"usecond", UNIT_MICROSECOND},
    {"useconds", UNIT_MICROSECOND}, {"microsecond", UNIT_MICROSECOND}, {"microseconds", UNIT_MICROSECOND}, {"microsecon", UNIT_MICROSECOND},
    {"ms", UNIT_MILLISECOND}, {"msec", UNIT_MILLISECOND}, {"msecs", UNIT_MILLISECOND}, {"mseconds", UNIT_MILLISECOND},
    {"millisecond", UNIT_MILLISECOND}, {"milliseconds", UNIT_MILLISECOND}, {"s", UNIT_SECOND}, {"sec", UNIT_SECOND},
    {"secs", UNIT_SECOND}, {"second", UNIT_SECOND}, {"seconds", UNIT_SECOND}, {"m", UNIT_MINUTE}, {"min", UNIT_MINUTE},
    {"mins", UNIT_MINUTE}, {"minute", UNIT_MINUTE}, {"minutes", UNIT_MINUTE}, {"h", UNIT_HOUR}, {"hr", UNIT_HOUR},
    {"hrs", UNIT_HOUR}, {"hour", UNIT_HOUR}, {"hours", UNIT_HOUR}, {"d", UNIT_DAY}, {"day", UNIT_DAY}, {"days", UNIT_DAY},
    {"w", UNIT_WEEK}, {"week", UNIT_WEEK}, {"weeks", UNIT_WEEK}, {"mon", UNIT_MONTH}, {"mons", UNIT_MONTH}, {"month", UNIT_MONTH},
    {"months", UNIT_MONTH}, {"y", UNIT_YEAR}, {"yr", UNIT_YEAR}, {"yrs", UNIT_YEAR}, {"year", UNIT_YEAR}, {"years", UNIT_YEAR},
    {"dec", UNIT_DECADE}, {"decs", UNIT_DECADE}, {"decade", UNIT_DECADE}, {"decades", UNIT_DECADE}, {"c", UNIT_CENTURY},
    {"cent", UNIT_CENTURY}, {"century", UNIT_CENTURY}, {"centuries", UNIT_CENTURY}, {"mil", UNIT_MILLENNIUM},
    {"mils", UNIT_MILLENNIUM}, {"millennia", UNIT_MILLENNIUM}, {"millennium", UNIT_MILLENNIUM},
};

static Slice take_letters(IntervalParser *parser)
{
    const uint8_t *start = parser->at;

    while (parser->at < parser->end && ((*parser->at | 32) >= 'a' && (*parser->at | 32) <= 'z'))
        parser->at++;
    return slice_of(start, (size_t)(parser->at - start));
}

static IntervalUnit unit_of(const IntervalParser *parser, Slice word)
{
    for (size_t i = 0; i < ARRAY_LENGTH(unit_words); i++)
        if (text_equals_ignoring_case(word, unit_words[i].word))
            return unit_words[i].unit;
    raise_syntax(parser);
}

static void skip_blanks(IntervalParser *parser)
{
    while (parser->at < parser->end && (is_space(*parser->at) || *parser->at == ','))
        parser->at++;
}

/* Digits with an optional point, as a double. */
static double take_number(IntervalParser *parser)
{
    char           copy[64];
    const uint8_t *start = parser->at;
    size_t         size;

    while (parser->at < parser->end && (is_digit(*parser->at) || *parser->at == '.'))
        parser->at++;
    size = (size_t)(parser->at - start);
    if (size == 0 || size >= sizeof copy)
        raise_syntax(parser);
    memcpy(copy, start, size);
    copy[size] = '\0';
    if (strchr(copy, '.') != strrchr(copy, '.'))
        raise_syntax(parser);
    return strtod(copy, NULL);
}

/* hh:mm[:ss[.fff]], the hours taken already; mm:ss.fff when that is all there is and the fields say minute to second. */
static void take_clock(IntervalParser *parser, double hours, bool negative)
{
    double     minutes;
    double     seconds = 0;
    __int128_t total;

    if (parser->has_time)
        raise_syntax(parser);
    parser->at++;
    minutes = take_number(parser);
    if (parser->at < parser->end && *parser->at == ':') {
        parser->at++;
        seconds = take_number(parser);
    } else if (minutes != trunc(minutes) || parser->fallback == UNIT_SECOND) {
        if (minutes != trunc(minutes) || parser->sql_standard) {
            seconds = minutes;
            minutes = hours;
            hours = 0;
        }
    }
    if (minutes > 59 + (hours == 0) * 1e9 || seconds >= 61 || hours > 2e9)
        raise_range(parser);
    total = (__int128_t)(int64_t)hours * USECS_PER_HOUR + (int64_t)minutes * USECS_PER_MINUTE + (int64_t)rint(seconds * 1e6);
    parser->microseconds += negative ? -total : total;
    parser->has_time = parser->any = true;
}

/* A number and what follows it: a unit, a clock time, the months of years-months, or the end. */
static void take_quantity(IntervalParser *parser)
{
    bool   negative = false;
    double value;
    Slice  word;

    if (*parser->at == '-' || *parser->at == '+') {
        negative = *parser->at++ == '-';
        while (parser->at < parser->end && is_space(*parser->at))
            parser->at++;
    }
    value = take_number(parser);
    if (parser->at < parser->end && *parser->at == ':') {
        take_clock(parser, value, negative);
        return;
    }
    if (parser->at + 1 < parser->end && *parser->at == '-' && is_digit(parser->at[1])) {
        double months;

        parser->at++;
        months = take_number(parser);
        if (months > 11)
            raise_range(parser);
        add_unit(parser, negative ? -value : value, UNIT_YEAR);
        add_unit(parser, negative ? -months : months, UNIT_MONTH);
        return;
    }
    value = negative ? -value : value;
    skip_blanks(parser);
    word = take_letters(parser);
    if (word.size == 0) {
        bool clock_follows = false;

        for (const uint8_t *p = parser->at; p < parser->end && (is_digit(*p) || *p == ':' || *p == '-' || *p == '+'); p++)
            clock_follows |= *p == ':';
        add_unit(parser, value, clock_follows ? UNIT_DAY : parser->fallback);
    } else if (text_equals_ignoring_case(word, "ago")) {
        add_unit(parser, value, parser->fallback);
        parser->ago = true;
    } else {
        add_unit(parser, value, unit_of(parser, word));
    }
}

/* ISO 8601: P1Y2M3DT4H5M6S, P2W, and the alternative form P0001-02-03T04:05:06. */
static void take_iso(IntervalParser *parser)
{
    bool in_time = false;

    parser->at++;
    if (parser->at == parser->end)
        raise_syntax(parser);
    while (parser->at < parser->end) {
        bool   negative = false;
        double value;
        char   unit;

        if (*parser->at == 'T' && !in_time) {
            in_time = true;
            parser->at++;
            continue;
        }
        if (*parser->at == '-' || *parser->at == '+')
            negative = *parser->at++ == '-';
        value = take_number(parser);
        if (parser->at == parser->end)
            raise_syntax(parser);
        value = negative ? -value : value;
        unit = (char)*parser->at++;
        parser->seen = 0;
        if (unit == 'Y' && !in_time)
            add_unit(parser, value, UNIT_YEAR);
        else if (unit == 'M')
            add_unit(parser, value, in_time ? UNIT_MINUTE : UNIT_MONTH);
        else if (unit == 'W' && !in_time)
            add_unit(parser, value, UNIT_WEEK);
        else if (unit == 'D' && !in_time)
            add_unit(parser, value, UNIT_DAY);
        else if (unit == 'H' && in_time)
            add_unit(parser, value, UNIT_HOUR);
        else if (unit == 'S' && in_time)
            add_unit(parser, value, UNIT_SECOND);
        else if ((unit == '-' || unit == ':') && parser->at < parser->end) {
            parser->at--; /* the alternative form is read as PostgreSQL's own fields */
            double second = 0, third = 0;

            parser->at++;
            second = take_number(parser);
            if (parser->at < parser->end && *parser->at == (uint8_t)unit) {
                parser->at++;
                third = take_number(parser);
            }
            add_unit(parser, value, unit == '-' ? UNIT_YEAR : UNIT_HOUR);
            add_unit(parser, second, unit == '-' ? UNIT_MONTH : UNIT_MINUTE);
            add_unit(parser, third, unit == '-' ? UNIT_DAY : UNIT_SECOND);
        } else {
            raise_syntax(parser);
        }
    }
}

static IntervalUnit fallback_unit(int32_t typmod)
{
    uint32_t fields = interval_typmod_fields(typmod);

    if ((fields & INTERVAL_SECOND) != 0)
        return UNIT_SECOND;
    if ((fields & INTERVAL_MINUTE) != 0)
        return UNIT_MINUTE;
    if ((fields & INTERVAL_HOUR) != 0)
        return UNIT_HOUR;
    if ((fields & INTERVAL_DAY) != 0)
        return UNIT_DAY;
    if ((fields & INTERVAL_MONTH) != 0)
        return UNIT_MONTH;
    return UNIT_YEAR;
}

/* The SQL standard's form with one sign in front: it holds for all fields. */
static bool leading_sign_rules(const IntervalParser *parser)
{
    if (!parser->sql_standard || parser->text.size == 0 || parser->text.data[0] != '-')
        return false;
    for (size_t i = 1; i < parser->text.size; i++)
        if (parser->text.data[i] == '+' || (parser->text.data[i] == '-' && !is_digit(parser->text.data[i - 1])) ||
            (parser->text.data[i] | 32) >= 'a')
            return false;
    return true;
}

void interval_parse(Slice text, int32_t typmod, const TypeContext *ctx, Interval *out)
{
    IntervalParser parser = {.text = trim_spaces(text), .fallback = fallback_unit(typmod),
                             .sql_standard = ctx->interval_style == INTERVAL_STYLE_SQL_STANDARD};
    bool           negate;

    parser.at = parser.text.data;
    parser.end = parser.at + parser.text.size;
    negate = leading_sign_rules(&parser);
    if (negate)
        parser.at++;
    skip_blanks(&parser);
    if (parser.at < parser.end && *parser.at == '@')
        parser.at++;
    skip_blanks(&parser);
    if (parser.at < parser.end && *parser.at == 'P')
        take_iso(&parser);
    while (skip_blanks(&parser), parser.at < parser.end) {
        if (is_digit(*parser.at) || *parser.at == '-' || *parser.at == '+' || *parser.at == '.') {
            take_quantity(&parser);
        } else {
            Slice word = take_letters(&parser);

            if (!text_equals_ignoring_case(word, "ago") || !parser.any || parser.ago)
                raise_syntax(&parser);
            parser.ago = true;
        }
    }
    if (!parser.any)
        raise_syntax(&parser);
    if (parser.ago || negate) {
        parser.months = -parser.months;
        parser.days = -parser.days;
        parser.microseconds = -parser.microseconds;
    }
    if (fabs(parser.months) > INT32_MAX || fabs(parser.days) > INT32_MAX || parser.microseconds > INT64_MAX || parser.microseconds < INT64_MIN)
        raise_range(&parser);
    *out = (Interval){(int64_t)parser.microseconds, (int32_t)parser.days, (int32_t)parser.months};
    interval_apply_typmod(out, typmod);
}

/* ---- typmods ------------------------------------------------------------------------------------------------------------------ */

void interval_apply_typmod(Interval *interval, int32_t typmod)
{
    uint32_t fields = interval_typmod_fields(typmod);
    int32_t  precision = interval_typmod_precision(typmod);

    if (typmod < 0)
        return;
    if (fields != INTERVAL_ALL_FIELDS) {
        /* what is below the last field is cut off */
        if ((fields & (INTERVAL_HOUR | INTERVAL_MINUTE | INTERVAL_SECOND)) == 0)
            interval->microseconds = 0;
        if ((fields & ~(uint32_t)(INTERVAL_YEAR | INTERVAL_MONTH)) == 0)
            interval->days = 0;
        if (fields == INTERVAL_YEAR)
            interval->months = interval->months / 12 * 12;
        if ((fields & INTERVAL_SECOND) == 0 && (fields & INTERVAL_MINUTE) != 0)
            interval->microseconds = interval->microseconds / USECS_PER_MINUTE * USECS_PER_MINUTE;
        else if ((fields & (INTERVAL_SECOND | INTERVAL_MINUTE)) == 0 && (fields & INTERVAL_HOUR) != 0)
            interval->microseconds = interval->microseconds / USECS_PER_HOUR * USECS_PER_HOUR;
    }
    if (precision < 6)
        interval->microseconds = time_round(interval->microseconds, precision);
}

/* ---- writing ------------------------------------------------------------------------------------------------------------------ */

typedef struct IntervalParts {
    int32_t years, months, days;
    int64_t hours;
    int32_t minutes, seconds, microseconds; /* all with the sign of the time part */
} IntervalParts;

static IntervalParts take_apart(const Interval *interval)
{
    int64_t time = interval->microseconds;

    return (IntervalParts){
        .years = interval->months / 12,
        .months = interval->months % 12,
        .days = interval->days,
        .hours = time / USECS_PER_HOUR,
        .minutes = (int32_t)(time / USECS_PER_MINUTE % 60),
        .seconds = (int32_t)(time / USECS_PER_SECOND % 60),
        .microseconds = (int32_t)(time % USECS_PER_SECOND),
    };
}

static void append_seconds(StrBuf *out, int32_t seconds, int32_t microseconds, bool padded)
{
    uint32_t fraction = (uint32_t)abs(microseconds);
    int      width = 6;

    strbuf_printf(out, padded ? "%02d" : "%d", abs(seconds));
    if (fraction == 0)
        return;
    while (fraction % 10 == 0) {
        fraction /= 10;
        width--;
    }
    strbuf_printf(out, ".%0*u", width, fraction);
}

static void append_unit(StrBuf *out, int64_t value, const char *unit, bool *before_negative, bool *is_first)
{
    if (value == 0)
        return;
    strbuf_printf(out, "%s%s%lld %s%s", *is_first ? "" : " ", *before_negative && value > 0 ? "+" : "", (long long)value, unit,
                  value == 1 ? "" : "s");
    *before_negative = value < 0;
    *is_first = false;
}

/* 1 year 2 mons -3 days +04:05:06 */
static void format_postgres(const IntervalParts *parts, StrBuf *out)
{
    bool negative = false;
    bool first = true;
    bool time_negative = parts->hours < 0 || parts->minutes < 0 || parts->seconds < 0 || parts->microseconds < 0;

    append_unit(out, parts->years, "year", &negative, &first);
    append_unit(out, parts->months, "mon", &negative, &first);
    append_unit(out, parts->days, "day", &negative, &first);
    if (!first && parts->hours == 0 && parts->minutes == 0 && parts->seconds == 0 && parts->microseconds == 0)
        return;
    strbuf_printf(out, "%s%s%02lld:%02d:", first ? "" : " ", time_negative ? "-" : negative ? "+" : "",
                  (long long)llabs(parts->hours), abs(parts->minutes));
    append_seconds(out, parts->seconds, parts->microseconds, true);
}

static void append_verbose_unit(StrBuf *out, int64_t value, const char *unit, bool *is_zero, bool *is_before)
{
    if (value == 0)
        return;
    if (*is_zero) {
        *is_before = value < 0;
        value = llabs(value);
    } else if (*is_before) {
        value = -value;
    }
    strbuf_printf(out, " %lld %s%s", (long long)value, unit, value == 1 ? "" : "s");
    *is_zero = false;
}

/* @ 1 year 2 mons -3 days 4 hours 5 mins 6 secs ago */
static void format_verbose(const IntervalParts *parts, StrBuf *out)
{
    bool zero = true;
    bool before = false;

    strbuf_append_char(out, '@');
    append_verbose_unit(out, parts->years, "year", &zero, &before);
    append_verbose_unit(out, parts->months, "mon", &zero, &before);
    append_verbose_unit(out, parts->days, "day", &zero, &before);
    append_verbose_unit(out, parts->hours, "hour", &zero, &before);
    append_verbose_unit(out, parts->minutes, "min", &zero, &before);
    if (parts->seconds != 0 || parts->microseconds != 0) {
        bool negative = parts->seconds < 0 || parts->microseconds < 0;

        strbuf_append_char(out, ' ');
        if (zero)
            before = negative;
        else if (negative != before)
            strbuf_append_char(out, '-');
        append_seconds(out, parts->seconds, parts->microseconds, false);
        strbuf_printf(out, " sec%s", abs(parts->seconds) != 1 || parts->microseconds != 0 ? "s" : "");
        zero = false;
    }
    if (zero)
        strbuf_append_cstring(out, " 0");
    if (before)
        strbuf_append_cstring(out, " ago");
}

/* P1Y2M-3DT4H5M6S */
static void format_iso(const IntervalParts *parts, StrBuf *out)
{
    bool has_time = parts->hours != 0 || parts->minutes != 0 || parts->seconds != 0 || parts->microseconds != 0;

    if (!has_time && parts->years == 0 && parts->months == 0 && parts->days == 0) {
        strbuf_append_cstring(out, "PT0S");
        return;
    }
    strbuf_append_char(out, 'P');
    if (parts->years != 0)
        strbuf_printf(out, "%dY", parts->years);
    if (parts->months != 0)
        strbuf_printf(out, "%dM", parts->months);
    if (parts->days != 0)
        strbuf_printf(out, "%dD", parts->days);
    if (has_time)
        strbuf_append_char(out, 'T');
    if (parts->hours != 0)
        strbuf_printf(out, "%lldH", (long long)parts->hours);
    if (parts->minutes != 0)
        strbuf_printf(out, "%dM", parts->minutes);
    if (parts->seconds != 0 || parts->microseconds != 0) {
        if (parts->seconds < 0 || parts->microseconds < 0)
            strbuf_append_char(out, '-');
        append_seconds(out, parts->seconds, parts->microseconds, false);
        strbuf_append_char(out, 'S');
    }
}

/* 1-2 3 4:05:06, or with every field signed when the signs differ. */
static void format_sql(IntervalParts parts, StrBuf *out)
{
    bool has_negative = parts.years < 0 || parts.months < 0 || parts.days < 0 || parts.hours < 0 || parts.minutes < 0 ||
                        parts.seconds < 0 || parts.microseconds < 0;
    bool has_positive = parts.years > 0 || parts.months > 0 || parts.days > 0 || parts.hours > 0 || parts.minutes > 0 ||
                        parts.seconds > 0 || parts.microseconds > 0;
    bool has_months = parts.years != 0 || parts.months != 0;
    bool has_days = parts.days != 0;
    bool has_time = parts.hours != 0 || parts.minutes != 0 || parts.seconds != 0 || parts.microseconds != 0;
    bool standard = !(has_negative && has_positive) && !(has_months && (has_days || has_time));

    if (!has_negative && !has_positive) {
        strbuf_append_cstring(out, "0");
        return;
    }
    if (!standard) {
        strbuf_printf(out, "%c%d-%d %c%lld %c%lld:%02d:", parts.years < 0 || parts.months < 0 ? '-' : '+', abs(parts.years),
                      abs(parts.months), parts.days < 0 ? '-' : '+', (long long)llabs(parts.days),
                      parts.hours < 0 || parts.minutes < 0 || parts.seconds < 0 || parts.microseconds < 0 ? '-' : '+',
                      (long long)llabs(parts.hours), abs(parts.minutes));
        append_seconds(out, parts.seconds, parts.microseconds, true);
        return;
    }
    if (has_negative)
        strbuf_append_char(out, '-');
    if (has_months) {
        strbuf_printf(out, "%d-%d", abs(parts.years), abs(parts.months));
        return;
    }
    if (has_days)
        strbuf_printf(out, "%d ", abs(parts.days));
    strbuf_printf(out, "%lld:%02d:", (long long)llabs(parts.hours), abs(parts.minutes));
    append_seconds(out, parts.seconds, parts.microseconds, true);
}

void interval_format(const Interval *interval, const TypeContext *ctx, StrBuf *out)
{
    IntervalParts parts = take_apart(interval);

    switch (ctx->interval_style) {
    case INTERVAL_STYLE_POSTGRES_VERBOSE:
        format_verbose(&parts, out);
        return;
    case INTERVAL_STYLE_SQL_STANDARD:
        format_sql(parts, out);
        return;
    case INTERVAL_STYLE_ISO_8601:
        format_iso(&parts, out);
        return;
    case INTERVAL_STYLE_POSTGRES:
    default:
        format_postgres(&parts, out);
    }
}
