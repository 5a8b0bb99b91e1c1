/*
 * format_datetime.c - to_char of timestamps and intervals.
 *
 * A template is read as it is followed: keywords of one to six letters, in capitals or in small letters, with FM and TM before and
 * TH behind; what is none is shown as it stands.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "types/datetime.h"

#include <stdlib.h>

typedef enum FieldKind {
    FIELD_AD, FIELD_AD_DOTS, FIELD_AM, FIELD_AM_DOTS, FIELD_CC, FIELD_D, FIELD_DAY, FIELD_DD, FIELD_DDD, FIELD_DY,
    FIELD_FF1, FIELD_FF2, FIELD_FF3, FIELD_FF4, FIELD_FF5, FIELD_FF6, FIELD_FX, FIELD_HH12, FIELD_HH24,
    FIELD_I, FIELD_ID, FIELD_IDDD, FIELD_IW, FIELD_IY, FIELD_IYY, FIELD_IYYY, FIELD_J, FIELD_MI, FIELD_MM, FIELD_MON, FIELD_MONTH,
    FIELD_MS, FIELD_OF, FIELD_Q, FIELD_RM, FIELD_SS, FIELD_SSSS, FIELD_TZ, FIELD_TZH, FIELD_TZM, FIELD_US, FIELD_W, FIELD_WW,
    FIELD_Y, FIELD_YY, FIELD_YYY, FIELD_YYYY, FIELD_Y_YYY,
} FieldKind;

static const struct {
    const char *name;
    FieldKind   kind;
} keywords[] = {
    {"A.D.", FIELD_AD_DOTS}, {"B.C.", FIELD_AD_DOTS}, {"AD", FIELD_AD}, {"BC", FIELD_AD}, {"A.M.", FIELD_AM_DOTS}, {"P.M.", FIELD_AM_DOTS},
    {"AM", FIELD_AM}, {"PM", FIELD_AM}, {"CC", FIELD_CC}, {"D", FIELD_D}, {"DAY", FIELD_DAY}, {"DD", FIELD_DD}, {"DDD", FIELD_DDD},
    {"DY", FIELD_DY}, {"FF1", FIELD_FF1}, {"FF2", FIELD_FF2}, {"FF3", FIELD_FF3}, {"FF4", FIELD_FF4}, {"FF5", FIELD_FF5},
    {"FF6", FIELD_FF6}, {"FX", FIELD_FX}, {"HH", FIELD_HH12}, {"HH12", FIELD_HH12}, {"HH24", FIELD_HH24}, {"I", FIELD_I},
    {"ID", FIELD_ID}, {"IDDD", FIELD_IDDD}, {"IW", FIELD_IW}, {"IY", FIELD_IY}, {"IYY", FIELD_IYY}, {"IYYY", FIELD_IYYY}, {"J", FIELD_J},
    {"MI", FIELD_MI}, {"MM", FIELD_MM}, {"MON", FIELD_MON}, {"MONTH", FIELD_MONTH}, {"MS", FIELD_MS}, {"OF", FIELD_OF}, {"Q", FIELD_Q},
    {"RM", FIELD_RM}, {"SS", FIELD_SS}, {"SSSS", FIELD_SSSS}, {"SSSSS", FIELD_SSSS}, {"TZ", FIELD_TZ}, {"TZH", FIELD_TZH},
    {"TZM", FIELD_TZM}, {"US", FIELD_US}, {"W", FIELD_W}, {"WW", FIELD_WW}, {"Y", FIELD_Y}, {"YY", FIELD_YY}, {"YYY", FIELD_YYY},
    {"YYYY", FIELD_YYYY}, {"Y,YYY", FIELD_Y_YYY},
};

typedef enum LetterCase { CAPITALS, SMALL, CAPITALISED } LetterCase;

typedef struct Field {
    FieldKind  kind;
    LetterCase letters;
    bool       fill;        /* no FM: padded */
    bool       translated;  /* TM */
    char       ordinal;     /* 'T': TH, 't': th, 0 */
} Field;

/* A point in time, or an interval, taken apart; C's habits are not used: months from 1, years astronomical. */
typedef struct Moment {
    bool        is_interval;
    int32_t     year, month, day, day_of_year, weekday; /* weekday from 0, Sunday */
    int32_t     days; /* since 2000-01-01 */
    int64_t     hour;
    int32_t     minute, second, microsecond;
    bool        has_zone;
    int32_t     east_seconds;
    const char *abbreviation;
} Moment;

/* ---- reading the template ------------------------------------------------------------------------------------------- */

static bool starts_with_letters(Slice text, const char *name, LetterCase letters)
{
    size_t i;

    for (i = 0; name[i] != '\0'; i++) {
        char c = name[i];

        if (c >= 'A' && c <= 'Z' && (letters == SMALL || (letters == CAPITALISED && i > 0)))
            c = (char)(c + 32);
        if (i >= text.size || (char)text.data[i] != c)
            return false;
    }
    return true;
}

/* The longest keyword that starts here; returns its length, 0 for none. */
static size_t find_keyword(Slice text, Field *field)
{
    size_t best = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(keywords); i++) {
        size_t    size = strlen(keywords[i].name);
        FieldKind kind = keywords[i].kind;
        bool      named = kind == FIELD_MON || kind == FIELD_MONTH || kind == FIELD_DAY || kind == FIELD_DY;

        if (size <= best)
            continue;
        for (LetterCase letters = CAPITALS; letters <= (named ? CAPITALISED : SMALL); letters++) {
            if (starts_with_letters(text, keywords[i].name, letters)) {
                best = size;
                field->kind = kind;
                field->letters = letters;
                break;
            }
        }
    }
    return best;
}

static bool either_case(Slice text, const char *name)
{
    return starts_with_letters(text, name, CAPITALS) || starts_with_letters(text, name, SMALL);
}

static size_t read_field(Slice text, Field *field)
{
    size_t at = 0, size;

    *field = (Field){.fill = true};
    for (;; at += 2) {
        Slice rest = slice_of(text.data + at, text.size - at);

        if (either_case(rest, "FM"))
            field->fill = false;
        else if (either_case(rest, "TM"))
            field->translated = true;
        else
            break;
    }
    size = find_keyword(slice_of(text.data + at, text.size - at), field);
    if (size == 0) {
        field->kind = FIELD_FX; /* PG15: FM and TM before anything else vanish */
        return at;
    }
    at += size;
    for (;; at += 2) {
        Slice rest = slice_of(text.data + at, text.size - at);

        if (starts_with_letters(rest, "TH", CAPITALS))
            field->ordinal = 'T';
        else if (starts_with_letters(rest, "TH", SMALL))
            field->ordinal = 't';
        else if (!either_case(rest, "SP"))
            return at;
    }
}

/* ---- showing -------------------------------------------------------------------------------------------------------- */

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const day_names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const roman_months[] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

static noreturn void raise_not_for_intervals(void)
{
    Error *err = error_new(SQLSTATE_INVALID_DATETIME_FORMAT, "invalid format specification for an interval value");

    error_hint(err, "Intervals are not tied to specific calendar dates.");
    error_raise(err);
}

static void append_letters(StrBuf *out, const char *text, size_t size, LetterCase letters, int pad_to)
{
    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        if (letters == CAPITALS && c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if ((letters == SMALL || (letters == CAPITALISED && i > 0)) && c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        strbuf_append_char(out, c);
    }
    for (int i = (int)size; i < pad_to; i++)
        strbuf_append_char(out, ' ');
}

/* The ending of the number that was just appended. */
static void append_ordinal(StrBuf *out, char ordinal)
{
    static const char endings[4][3] = {"th", "st", "nd", "rd"};
    char   last = out->data[out->size - 1], before = out->size > 1 ? out->data[out->size - 2] : '\0';
    int    which = before == '1' || last < '1' || last > '3' ? 0 : last - '0';

    append_letters(out, endings[which], 2, ordinal == 'T' ? CAPITALS : SMALL, 0);
}

/* A sign takes a place of its own beside the width. */
static void append_number(StrBuf *out, const Field *field, int64_t value, int width)
{
    if (!field->fill)
        width = 0;
    strbuf_printf(out, "%0*ld", width > 0 && value < 0 ? width + 1 : width, (long)value);
    if (field->ordinal != 0)
        append_ordinal(out, field->ordinal);
}

static int32_t shown_year(const Moment *moment, int32_t year)
{
    return moment->is_interval || year > 0 ? year : 1 - year;
}

/* ISO 8601: weeks begin on Monday, the first has the year's first Thursday. */
static void iso_week(const Moment *moment, int32_t *year, int32_t *week, int32_t *day)
{
    int32_t weekday = moment->weekday == 0 ? 7 : moment->weekday;
    int32_t thursday = moment->days - weekday + 4;
    int32_t first;

    *year = civil_from_days(thursday).year;
    first = days_from_civil(*year, 1, 1);
    *week = (thursday - first) / 7 + 1;
    *day = (*week - 1) * 7 + weekday;
}

static void append_zone_field(StrBuf *out, const Moment *moment, const Field *field)
{
    int32_t offset = abs(moment->east_seconds);
    char    sign = moment->east_seconds < 0 ? '-' : '+';

    if (moment->is_interval)
        raise_not_for_intervals();
    switch (field->kind) {
    case FIELD_TZ:
        if (moment->abbreviation != NULL)
            append_letters(out, moment->abbreviation, strlen(moment->abbreviation), field->letters, 0);
        break;
    case FIELD_TZH:
        strbuf_printf(out, "%c%02d", sign, offset / 3600);
        break;
    case FIELD_TZM:
        strbuf_printf(out, "%02d", offset % 3600 / 60);
        break;
    default:
        strbuf_printf(out, "%c%0*d", sign, field->fill ? 2 : 0, offset / 3600);
        if (offset % 3600 != 0)
            strbuf_printf(out, ":%02d", offset % 3600 / 60);
        if (offset % 60 != 0)
            strbuf_printf(out, ":%02d", offset % 60);
        break;
    }
}

static void append_name_field(StrBuf *out, const Moment *moment, const Field *field)
{
    bool        of_day = field->kind == FIELD_DAY || field->kind == FIELD_DY;
    bool        is_short = field->kind == FIELD_MON || field->kind == FIELD_DY;
    const char *name;

    if (moment->is_interval)
        raise_not_for_intervals();
    name = of_day ? day_names[moment->weekday] : month_names[moment->month - 1];
    append_letters(out, name, is_short ? 3 : strlen(name), field->letters, field->fill && !field->translated && !is_short ? 9 : 0);
}

static void append_roman(StrBuf *out, const Moment *moment, const Field *field)
{
    int32_t     month = moment->month;
    const char *name;

    if (month == 0 && moment->year == 0)
        return;
    if (month == 0)
        month = 12; /* PG15: of an interval of whole years */
    name = roman_months[month < 0 ? 12 + month : month - 1];
    append_letters(out, name, strlen(name), field->letters, field->fill ? 4 : 0);
}

static void append_time_field(StrBuf *out, const Moment *moment, const Field *field)
{
    static const int32_t powers[] = {100000, 10000, 1000, 100, 10, 1};
    Field                plain = *field;
    int64_t              hour = moment->hour;

    switch (field->kind) {
    case FIELD_AM:
        append_letters(out, hour % 24 >= 12 ? "PM" : "AM", 2, field->letters, 0);
        break;
    case FIELD_AM_DOTS:
        append_letters(out, hour % 24 >= 12 ? "P.M." : "A.M.", 4, field->letters, 0);
        break;
    case FIELD_HH12:
        append_number(out, field, hour % 12 == 0 ? 12 : hour % 12, 2);
        break;
    case FIELD_HH24:
        append_number(out, field, hour, 2);
        break;
    case FIELD_MI:
        append_number(out, field, moment->minute, 2);
        break;
    case FIELD_SS:
        append_number(out, field, moment->second, 2);
        break;
    case FIELD_MS:
        plain.fill = true;
        append_number(out, &plain, moment->microsecond / 1000, 3);
        break;
    case FIELD_US:
        plain.fill = true;
        append_number(out, &plain, moment->microsecond, 6);
        break;
    case FIELD_SSSS:
        append_number(out, field, hour * 3600 + moment->minute * 60 + moment->second, 0);
        break;
    default:
        plain.fill = true;
        append_number(out, &plain, moment->microsecond / powers[field->kind - FIELD_FF1], (int)(field->kind - FIELD_FF1) + 1);
        break;
    }
}

static void append_year_field(StrBuf *out, const Moment *moment, const Field *field)
{
    int32_t year = moment->year, week, day;

    if (field->kind == FIELD_IYYY || field->kind == FIELD_IYY || field->kind == FIELD_IY || field->kind == FIELD_I)
        iso_week(moment, &year, &week, &day);
    year = shown_year(moment, year);
    switch (field->kind) {
    case FIELD_Y_YYY:
        strbuf_printf(out, "%d,%03d", year / 1000, year % 1000);
        if (field->ordinal != 0)
            append_ordinal(out, field->ordinal);
        break;
    case FIELD_YYYY:
    case FIELD_IYYY:
        append_number(out, field, year, 4);
        break;
    case FIELD_YYY:
    case FIELD_IYY:
        append_number(out, field, year % 1000, 3);
        break;
    case FIELD_YY:
    case FIELD_IY:
        append_number(out, field, year % 100, 2);
        break;
    default:
        append_number(out, field, year % 10, 1);
        break;
    }
}

static void append_date_field(StrBuf *out, const Moment *moment, const Field *field)
{
    int32_t iso_year = 0, week = 0, iso_day = 0, value;

    switch (field->kind) {
    case FIELD_AD:
    case FIELD_AD_DOTS:
        if (moment->is_interval)
            raise_not_for_intervals();
        if (field->kind == FIELD_AD)
            append_letters(out, moment->year <= 0 ? "BC" : "AD", 2, field->letters, 0);
        else
            append_letters(out, moment->year <= 0 ? "B.C." : "A.D.", 4, field->letters, 0);
        break;
    case FIELD_MM:
        append_number(out, field, moment->month, 2);
        break;
    case FIELD_DD:
        append_number(out, field, moment->day, 2);
        break;
    case FIELD_DDD:
        append_number(out, field, moment->day_of_year, 3);
        break;
    case FIELD_IDDD:
        iso_week(moment, &iso_year, &week, &iso_day);
        append_number(out, field, iso_day, 3);
        break;
    case FIELD_D:
    case FIELD_ID:
        if (moment->is_interval)
            raise_not_for_intervals();
        value = field->kind == FIELD_D ? moment->weekday + 1 : moment->weekday == 0 ? 7 : moment->weekday;
        append_number(out, field, value, 0);
        break;
    case FIELD_WW:
        append_number(out, field, (moment->day_of_year - 1) / 7 + 1, 2);
        break;
    case FIELD_IW:
        iso_week(moment, &iso_year, &week, &iso_day);
        append_number(out, field, week, 2);
        break;
    case FIELD_W:
        append_number(out, field, (moment->day - 1) / 7 + 1, 0);
        break;
    case FIELD_Q:
        if (moment->month != 0)
            append_number(out, field, (moment->month - 1) / 3 + 1, 0);
        break;
    case FIELD_CC:
        value = moment->is_interval ? moment->year / 100 : moment->year > 0 ? (moment->year - 1) / 100 + 1 : moment->year / 100 - 1;
        append_number(out, field, value, value <= 99 && value >= -99 ? 2 : 0);
        break;
    default: /* J */
        append_number(out, field, (int64_t)moment->days + JULIAN_DAY_2000, 0);
        break;
    }
}

static void append_field(StrBuf *out, const Moment *moment, const Field *field)
{
    switch (field->kind) {
    case FIELD_FX:
        break;
    case FIELD_AM: case FIELD_AM_DOTS: case FIELD_HH12: case FIELD_HH24: case FIELD_MI: case FIELD_SS: case FIELD_MS: case FIELD_US:
    case FIELD_SSSS: case FIELD_FF1: case FIELD_FF2: case FIELD_FF3: case FIELD_FF4: case FIELD_FF5: case FIELD_FF6:
        append_time_field(out, moment, field);
        break;
    case FIELD_TZ: case FIELD_TZH: case FIELD_TZM: case FIELD_OF:
        append_zone_field(out, moment, field);
        break;
    case FIELD_MONTH: case FIELD_MON: case FIELD_DAY: case FIELD_DY:
        append_name_field(out, moment, field);
        break;
    case FIELD_RM:
        append_roman(out, moment, field);
        break;
    case FIELD_Y: case FIELD_YY: case FIELD_YYY: case FIELD_YYYY: case FIELD_Y_YYY:
    case FIELD_I: case FIELD_IY: case FIELD_IYY: case FIELD_IYYY:
        append_year_field(out, moment, field);
        break;
    default:
        append_date_field(out, moment, field);
        break;
    }
}

/* A text in quotes from at on; returns where it ends. */
static size_t append_quoted(StrBuf *out, Slice format, size_t at)
{
    for (at++; at < format.size && format.data[at] != '"'; at++) {
        if (format.data[at] == '\\' && at + 1 < format.size)
            at++;
        strbuf_append_char(out, (char)format.data[at]);
    }
    return at < format.size ? at + 1 : at;
}

static Slice show(const Moment *moment, Slice format, Arena *arena)
{
    StrBuf out;

    strbuf_init(&out, arena);
    strbuf_reserve(&out, format.size + 16);
    for (size_t at = 0; at < format.size;) {
        Field  field;
        size_t size = read_field(slice_of(format.data + at, format.size - at), &field);

        if (size > 0) {
            append_field(&out, moment, &field);
            at += size;
        } else if (format.data[at] == '"') {
            at = append_quoted(&out, format, at);
        } else {
            if (format.data[at] == '\\' && at + 1 < format.size && format.data[at + 1] == '"')
                at++;
            strbuf_append_char(&out, (char)format.data[at++]);
        }
    }
    return strbuf_slice(&out);
}

/* ---- kernels -------------------------------------------------------------------------------------------------------- */

static Moment moment_of_timestamp(int64_t timestamp, const TimeZone *zone)
{
    DateTimeFields fields;
    Moment         moment = {0};

    timestamp_to_fields(timestamp, zone, &fields);
    moment.year = fields.date.year;
    moment.month = fields.date.month;
    moment.day = fields.date.day;
    moment.days = fields.days;
    moment.day_of_year = fields.days - days_from_civil(fields.date.year, 1, 1) + 1;
    moment.weekday = (int32_t)((((int64_t)fields.days + 6) % 7 + 7) % 7); /* 2000-01-01 was a Saturday */
    moment.hour = fields.hour;
    moment.minute = fields.minute;
    moment.second = fields.second;
    moment.microsecond = fields.microsecond;
    if (zone != NULL) {
        moment.has_zone = true;
        moment.east_seconds = fields.east_seconds;
        moment.abbreviation = fields.abbreviation;
    }
    return moment;
}

static Moment moment_of_interval(const Interval *interval)
{
    Moment  moment = {.is_interval = true};
    int64_t rest = interval->microseconds;

    moment.year = interval->months / 12;
    moment.month = interval->months % 12;
    moment.day = interval->days;
    moment.day_of_year = interval->months * 30 + interval->days;
    moment.hour = rest / USECS_PER_HOUR;
    rest %= USECS_PER_HOUR;
    moment.minute = (int32_t)(rest / USECS_PER_MINUTE);
    rest %= USECS_PER_MINUTE;
    moment.second = (int32_t)(rest / USECS_PER_SECOND);
    moment.microsecond = (int32_t)(rest % USECS_PER_SECOND);
    return moment;
}

static void timestamps_to_char(KernelCall *call, const TimeZone *zone)
{
    const int64_t *timestamps = VECTOR_DATA(call->args[0], int64_t);
    const Slice   *formats = VECTOR_DATA(call->args[1], Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        Moment moment;

        if (formats[row].size == 0 || !timestamp_is_finite(timestamps[row])) {
            kernel_set_null(call, row);
            continue;
        }
        moment = moment_of_timestamp(timestamps[row], zone);
        VECTOR_DATA(call->result, Slice)[row] = show(&moment, formats[row], call->ctx->arena);
    });
}

static void timestamp_to_char_run(KernelCall *call)
{
    timestamps_to_char(call, NULL);
}

static void timestamptz_to_char_run(KernelCall *call)
{
    timestamps_to_char(call, call->ctx->time_zone != NULL ? call->ctx->time_zone : timezone_utc());
}

static void interval_to_char_run(KernelCall *call)
{
    const Slice *formats = VECTOR_DATA(call->args[1], Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        Moment moment = moment_of_interval(&VECTOR_DATA(call->args[0], Interval)[row]);

        if (formats[row].size == 0)
            kernel_set_null(call, row);
        else
            VECTOR_DATA(call->result, Slice)[row] = show(&moment, formats[row], call->ctx->arena);
    });
}

const KernelEntry format_datetime_kernels[] = {
    {.proc = 2049, .run = timestamp_to_char_run},
    {.proc = 1770, .run = timestamptz_to_char_run},
    {.proc = 1768, .run = interval_to_char_run},
    {0},
};
