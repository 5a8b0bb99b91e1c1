/*
 * datetime_parse.c - the text of dates and times, in all the orders and spellings that PostgreSQL takes.
 *
 * A text is cut into words (Jan, PM, Europe/Berlin), numbers with their separators (2001-02-03, 04:05:06.7, 20010203) and signed
 * offsets; each piece then finds its field. Source: PostgreSQL's manual, appendix B.1 "Date/Time Input Interpretation".
 */
#include "types/datetime.h"

#include "types/io.h"

#include <stdlib.h>
#include <strings.h>

enum { PIECE_MAX = 25, PIECE_BYTES = 128 };

typedef enum PieceKind { PIECE_WORD, PIECE_NUMBER, PIECE_DATE, PIECE_TIME, PIECE_OFFSET } PieceKind;

typedef struct Piece {
    PieceKind kind;
    char      text[PIECE_BYTES]; /* words in lower case */
} Piece;

typedef struct Parser {
    const char        *type_name;
    Slice              text;
    const TypeContext *ctx;
    ParsedDateTime    *out;
    Piece              pieces[PIECE_MAX];
    int                piece_count;
    bool               has_year, has_month, has_day, is_bc, two_digit_year, month_from_name, has_special;
    int                meridian;  /* 0 none, 1 AM, 2 PM */
    bool               time_only; /* time or timetz: digits alone are a time */
    bool               julian;
} Parser;

static noreturn void raise_syntax(const Parser *parser)
{
    raise_error(SQLSTATE_INVALID_DATETIME_FORMAT, "invalid input syntax for type %s: \"%.*s\"", parser->type_name,
                (int)parser->text.size, (const char *)parser->text.data);
}

static noreturn void raise_range(const Parser *parser, bool suggest_style)
{
    Error *err = error_new(SQLSTATE_DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"%.*s\"", (int)parser->text.size,
                           (const char *)parser->text.data);

    if (suggest_style)
        error_hint(err, "Perhaps you need a different \"datestyle\" setting.");
    error_raise(err);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* ---- cutting ----------------------------------------------------------------------------------------------------------------- */

static Piece *add_piece(Parser *parser, PieceKind kind, const uint8_t *start, const uint8_t *end)
{
    Piece *piece;
    size_t size = (size_t)(end - start);

    if (parser->piece_count == PIECE_MAX || size >= PIECE_BYTES)
        raise_syntax(parser);
    piece = &parser->pieces[parser->piece_count++];
    piece->kind = kind;
    for (size_t i = 0; i < size; i++)
        piece->text[i] = (char)(start[i] >= 'A' && start[i] <= 'Z' ? start[i] + 32 : start[i]);
    piece->text[size] = '\0';
    return piece;
}

/* A run that begins with a digit: a number, a time with colons, or a date with - / . and perhaps a month's name inside. */
static const uint8_t *cut_number(Parser *parser, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *start = at;

    while (at < end && is_digit(*at))
        at++;
    if (at < end && *at == ':') {
        while (at < end && (is_digit(*at) || *at == ':' || *at == '.'))
            at++;
        add_piece(parser, PIECE_TIME, start, at);
        return at;
    }
    if (at < end && (*at == '-' || *at == '/' || *at == '.')) {
        uint8_t separator = *at;

        /* a single dot is a decimal number: seconds of a run-together time, or a Julian day with a fraction */
        if (separator == '.') {
            const uint8_t *next = at + 1;

            while (next < end && is_digit(*next))
                next++;
            if (next == end || *next != '.') {
                add_piece(parser, PIECE_NUMBER, start, next);
                return next;
            }
        }
        while (at < end && (is_digit(*at) || *at == separator || is_letter(*at))) {
            if (is_letter(*at) && (*at == 'T' || *at == 't') && at + 1 < end && is_digit(at[1]) && is_digit(at[-1]))
                break; /* the T between date and time */
            at++;
        }
        add_piece(parser, PIECE_DATE, start, at);
        return at;
    }
    add_piece(parser, PIECE_NUMBER, start, at);
    return at;
}

static const uint8_t *cut_word(Parser *parser, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *start = at;

    while (at < end && is_letter(*at))
        at++;
    /* zone names: America/New_York, Etc/GMT+3; months as in jan-08-1999 */
    if (at < end && (*at == '/' || *at == '_')) {
        while (at < end && (is_letter(*at) || is_digit(*at) || strchr("/_-+", *at) != NULL))
            at++;
        add_piece(parser, PIECE_WORD, start, at);
        return at;
    }
    if (at + 1 < end && *at == '-' && is_digit(at[1]) && at - start >= 3) {
        while (at < end && (is_digit(*at) || *at == '-'))
            at++;
        add_piece(parser, PIECE_DATE, start, at);
        return at;
    }
    add_piece(parser, PIECE_WORD, start, at);
    if (at < end && *at == '.')
        at++;
    return at;
}

static const uint8_t *cut_offset(Parser *parser, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *start = at++;

    while (at < end && *at == ' ')
        at++;
    if (at == end)
        raise_syntax(parser);
    if (is_letter(*at)) { /* -infinity, +infinity */
        const uint8_t *word = at;

        while (at < end && is_letter(*at))
            at++;
        add_piece(parser, PIECE_OFFSET, word - 1 == start ? start : word, at);
        parser->pieces[parser->piece_count - 1].text[0] = (char)*start;
        return at;
    }
    while (at < end && (is_digit(*at) || *at == ':' || *at == '.' || *at == '-'))
        at++;
    add_piece(parser, PIECE_OFFSET, start, at);
    return at;
}

static void cut(Parser *parser)
{
    const uint8_t *at = parser->text.data;
    const uint8_t *end = at + parser->text.size;

    while (at < end) {
        if (is_space(*at) || *at == ',')
            at++;
        else if (is_digit(*at))
            at = cut_number(parser, at, end);
        else if (is_letter(*at))
            at = cut_word(parser, at, end);
        else if (*at == '+' || *at == '-')
            at = cut_offset(parser, at, end);
        else if (*at == '/' || *at == '.' || *at == ';')
            at++; /* PG15: stray punctuation between fields is passed over */
        else
            raise_syntax(parser);
    }
    if (parser->piece_count == 0)
        raise_syntax(parser);
}

/* ---- fields ------------------------------------------------------------------------------------------------------------------- */

static void set_year(Parser *parser, int value, int digits)
{
    parser->out->fields.date.year = value;
    parser->has_year = true;
    parser->two_digit_year = digits <= 2;
}

static void set_month(Parser *parser, int value)
{
    parser->out->fields.date.month = value;
    parser->has_month = true;
}

static void set_day(Parser *parser, int value)
{
    parser->out->fields.date.day = value;
    parser->has_day = true;
}

static int month_from_word(const char *word)
{
    size_t size = strlen(word);

    for (int i = 0; i < 12; i++) {
        const char *name = datetime_month_names[i];

        if ((size == 3 || size == strlen(name) || (i == 8 && size == 4)) && strncasecmp(name, word, size) == 0)
            return i + 1;
    }
    return 0;
}

static bool is_day_name(const char *word)
{
    size_t size = strlen(word);

    for (int i = 0; i < 7; i++)
        if (size >= 3 && size <= strlen(datetime_day_names[i]) && strncasecmp(datetime_day_names[i], word, size) == 0)
            return true;
    return false;
}

static int parse_digits(const Parser *parser, const char *text, size_t size)
{
    int value = 0;

    for (size_t i = 0; i < size; i++) {
        if (value > 100000000)
            raise_range(parser, false);
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Digits after a point as microseconds, rounded at the seventh. */
static int parse_fraction(const Parser *parser, const char *digits)
{
    int value = 0;
    int count = 0;

    for (; digits[count] >= '0' && digits[count] <= '9' && count < 6; count++)
        value = value * 10 + (digits[count] - '0');
    for (int i = count; i < 6; i++)
        value *= 10;
    /* PG15: the fraction is read as a double and rounded half to even */
    if (count == 6 && (digits[6] > '5' || (digits[6] == '5' && (strspn(digits + 7, "0") != strlen(digits + 7) || value % 2 == 1))) && digits[6] <= '9')
        value++;
    while (digits[count] >= '0' && digits[count] <= '9')
        count++;
    if (digits[count] != '\0')
        raise_syntax(parser);
    return value;
}

static void set_time(Parser *parser, int hour, int minute, int second, int microsecond)
{
    ParsedDateTime *out = parser->out;

    if (out->has_time)
        raise_syntax(parser);
    out->fields.hour = hour;
    out->fields.minute = minute;
    out->fields.second = second;
    out->fields.microsecond = microsecond;
    out->has_time = true;
}

static void take_time(Parser *parser, const char *text)
{
    char *end;
    long  hour = strtol(text, &end, 10);
    long  minute;
    long  second = 0;
    int   microsecond = 0;

    minute = strtol(end + 1, &end, 10);
    if (*end == ':') {
        second = strtol(end + 1, &end, 10);
        if (*end == '.')
            microsecond = parse_fraction(parser, end + 1);
        else if (*end != '\0')
            raise_syntax(parser);
    } else if (*end == '.') { /* PG15: mm:ss.fraction */
        microsecond = parse_fraction(parser, end + 1);
        second = minute;
        minute = hour;
        hour = 0;
    } else if (*end != '\0') {
        raise_syntax(parser);
    }
    if (hour > 1000000 || minute > 1000000 || second > 1000000)
        raise_range(parser, false);
    set_time(parser, (int)hour, (int)minute, (int)second, microsecond);
}

/* A number among day, month and year when nothing says which it is: DateStyle's order decides. */
static void take_date_number(Parser *parser, const char *text, size_t size)
{
    int       value = parse_digits(parser, text, size);
    DateOrder order = parser->ctx->date_order;

    if (size >= 3 && !parser->has_year) {
        set_year(parser, value, (int)size);
        return;
    }
    if (parser->month_from_name) {
        if (!parser->has_day && !(order == DATE_ORDER_YMD && !parser->has_year))
            set_day(parser, value);
        else if (!parser->has_year)
            set_year(parser, value, (int)size);
        else if (!parser->has_day)
            set_day(parser, value);
        else
            raise_syntax(parser);
        return;
    }
    if (parser->has_year && !parser->has_month && !parser->has_day) /* the year came first: month, day */
        set_month(parser, value);
    else if (!parser->has_year && !parser->has_month && !parser->has_day && order == DATE_ORDER_YMD)
        set_year(parser, value, (int)size);
    else if (!parser->has_month && (parser->has_day || order != DATE_ORDER_DMY))
        set_month(parser, value);
    else if (!parser->has_day)
        set_day(parser, value);
    else if (!parser->has_year)
        set_year(parser, value, (int)size);
    else
        raise_syntax(parser);
}

static void take_date(Parser *parser, char *text)
{
    char *at = text;
    int   parts = 0;

    parser->out->has_date = true;
    /* a month's name among the parts first: the numbers are then day and year */
    for (char *word = text; *word != '\0'; word++) {
        if (!is_letter((uint8_t)*word))
            continue;
        char *end = word;
        char  kept;

        while (is_letter((uint8_t)*end))
            end++;
        kept = *end;
        *end = '\0';
        if (month_from_word(word) == 0 || parser->has_month)
            raise_syntax(parser);
        set_month(parser, month_from_word(word));
        parser->month_from_name = true;
        *end = kept;
        word = end - 1;
    }
    while (*at != '\0') {
        size_t size = strspn(at, "0123456789");

        if (size > 0) {
            take_date_number(parser, at, size);
            parts++;
            at += size;
        } else if (is_letter((uint8_t)*at)) {
            while (is_letter((uint8_t)*at))
                at++;
            parts++;
        } else {
            at++;
        }
    }
    if (parts != 3)
        raise_syntax(parser);
}

/* Digits without separators: 20010203, 010203, 040506, 20010203T040506 ... or a single day or year. */
static void take_number(Parser *parser, const char *text)
{
    ParsedDateTime *out = parser->out;
    const char     *dot = strchr(text, '.');
    size_t          size = dot != NULL ? (size_t)(dot - text) : strlen(text);
    bool            has_all = parser->has_year && parser->has_month && parser->has_day;

    if (dot != NULL && size == 4 && strlen(dot + 1) == 3 && !parser->has_year && !parser->time_only) { /* year and day of year */
        out->fields.date = civil_from_days(days_from_civil(parse_digits(parser, text, 4), 1, 1) + parse_digits(parser, dot + 1, 3) - 1);
        parser->has_year = parser->has_month = parser->has_day = out->has_date = true;
        return;
    }
    if (has_all || (parser->time_only && !out->has_time) || (out->has_date && !out->has_time && parser->julian)) {
        int microsecond = dot != NULL ? parse_fraction(parser, dot + 1) : 0;

        if (size == 6)
            set_time(parser, parse_digits(parser, text, 2), parse_digits(parser, text + 2, 2), parse_digits(parser, text + 4, 2), microsecond);
        else if (size == 4 && dot == NULL)
            set_time(parser, parse_digits(parser, text, 2), parse_digits(parser, text + 2, 2), 0, 0);
        else
            raise_syntax(parser);
        return;
    }
    if (dot != NULL)
        raise_syntax(parser);
    out->has_date = true;
    if (size >= 8 && !parser->has_year && !parser->has_month) {
        set_year(parser, parse_digits(parser, text, size - 4), (int)(size - 4));
        set_month(parser, parse_digits(parser, text + size - 4, 2));
        set_day(parser, parse_digits(parser, text + size - 2, 2));
    } else if (size == 6 && !parser->has_year && !parser->has_month) {
        set_year(parser, parse_digits(parser, text, 2), 2);
        set_month(parser, parse_digits(parser, text + 2, 2));
        set_day(parser, parse_digits(parser, text + 4, 2));
    } else {
        take_date_number(parser, text, size);
    }
}

/* +hh, +hhmm, +hh:mm, +hh:mm:ss; the sign is the first character. */
static void take_offset(Parser *parser, const char *text)
{
    ParsedDateTime *out = parser->out;
    size_t          size = strspn(text + 1, "0123456789");
    int             hours, minutes = 0, seconds = 0;
    const char     *rest = text + 1 + size;

    if (strcmp(text + 1, "infinity") == 0) {
        out->kind = text[0] == '-' ? PARSED_MINUS_INFINITY : PARSED_INFINITY;
        parser->has_special = true;
        return;
    }
    if (out->has_zone || size == 0 || (!out->has_time && !out->has_date))
        raise_syntax(parser);
    if (*rest == ':' || size <= 2) {
        hours = parse_digits(parser, text + 1, size);
        if (*rest == ':') {
            minutes = atoi(rest + 1);
            rest += 1 + strspn(rest + 1, "0123456789");
            if (*rest == ':') {
                seconds = atoi(rest + 1);
                rest += 1 + strspn(rest + 1, "0123456789");
            }
        }
    } else if (size <= 4) {
        hours = parse_digits(parser, text + 1, size - 2);
        minutes = parse_digits(parser, text + 1 + size - 2, 2);
    } else if (size <= 6) {
        hours = parse_digits(parser, text + 1, size - 4);
        minutes = parse_digits(parser, text + 1 + size - 4, 2);
        seconds = parse_digits(parser, text + 1 + size - 2, 2);
    } else {
        raise_syntax(parser);
    }
    if (*rest != '\0')
        raise_syntax(parser);
    if (hours > 15 || minutes > 59 || seconds > 59) {
        Error *err = error_new(SQLSTATE_INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range: \"%.*s\"",
                               (int)parser->text.size, (const char *)parser->text.data);

        error_raise(err);
    }
    out->east_seconds = (hours * 3600 + minutes * 60 + seconds) * (text[0] == '-' ? -1 : 1);
    out->has_zone = true;
}

static bool take_abbreviation(Parser *parser, const char *word)
{
    static const struct {
        const char *name;
        int32_t     east_seconds;
        bool        is_dst;
    } abbreviations[] = {
#define ABBREVIATION(name, east_seconds, is_dst) {name, east_seconds, is_dst},
#include "types/timezone_abbreviations.def"
#undef ABBREVIATION
    };

    for (size_t i = 0; i < ARRAY_LENGTH(abbreviations); i++) {
        if (strcmp(abbreviations[i].name, word) != 0)
            continue;
        if (parser->out->has_zone)
            raise_syntax(parser);
        parser->out->east_seconds = abbreviations[i].east_seconds;
        parser->out->has_zone = true;
        return true;
    }
    return false;
}

static bool take_special(Parser *parser, const char *word)
{
    static const struct {
        const char *word;
        int         kind;
    } specials[] = {{"infinity", PARSED_INFINITY}, {"epoch", PARSED_EPOCH}, {"now", PARSED_NOW}, {"today", PARSED_TODAY},
                    {"tomorrow", PARSED_TOMORROW}, {"yesterday", PARSED_YESTERDAY}};

    for (size_t i = 0; i < ARRAY_LENGTH(specials); i++) {
        if (strcmp(specials[i].word, word) != 0)
            continue;
        if (parser->has_special)
            raise_syntax(parser);
        parser->out->kind = specials[i].kind;
        parser->has_special = true;
        return true;
    }
    return false;
}

static void take_julian(Parser *parser, const char *number)
{
    char  *end;
    double day = strtod(number, &end);

    if (*end != '\0' || day > DATE_END_DAYS)
        raise_syntax(parser);
    parser->out->fields.date = civil_from_days((int32_t)((int64_t)day - JULIAN_DAY_2000));
    parser->has_year = parser->has_month = parser->has_day = parser->out->has_date = parser->julian = true;
    parser->two_digit_year = false;
}

static void take_zone_name(Parser *parser, const char *word)
{
    const TimeZone *zone = timezone_find(word);

    if (zone == NULL) {
        if (strchr(word, '/') != NULL)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "time zone \"%s\" not recognized", word);
        raise_syntax(parser);
    }
    if (parser->out->has_zone)
        raise_syntax(parser);
    parser->out->zone = zone;
    parser->out->has_zone = true;
}

/* Words; returns how many further pieces were used. */
static int take_word(Parser *parser, int index)
{
    const char *word = parser->pieces[index].text;
    Piece      *next = index + 1 < parser->piece_count ? &parser->pieces[index + 1] : NULL;

    if (take_special(parser, word))
        return 0;
    if (strcmp(word, "allballs") == 0) {
        set_time(parser, 0, 0, 0, 0);
        parser->out->has_zone = true;
        return 0;
    }
    if (strcmp(word, "am") == 0 || strcmp(word, "pm") == 0) {
        parser->meridian = word[0] == 'a' ? 1 : 2;
        return 0;
    }
    if (strcmp(word, "bc") == 0 || strcmp(word, "ad") == 0) {
        parser->is_bc = word[0] == 'b';
        return 0;
    }
    if (strcmp(word, "t") == 0 || strcmp(word, "at") == 0 || strcmp(word, "on") == 0) /* the T between date and time; noise words */
        return 0;
    if ((strcmp(word, "j") == 0 || strcmp(word, "julian") == 0 || strcmp(word, "jd") == 0) && next != NULL && next->kind == PIECE_NUMBER) {
        take_julian(parser, next->text);
        return 1;
    }
    if (month_from_word(word) != 0) {
        if (parser->has_month && !parser->month_from_name && !parser->has_day) { /* 08 Jan: what was taken for the month is the day */
            set_day(parser, parser->out->fields.date.month);
        } else if (parser->has_month) {
            raise_syntax(parser);
        }
        set_month(parser, month_from_word(word));
        parser->month_from_name = parser->out->has_date = true;
        return 0;
    }
    if (is_day_name(word))
        return 0;
    if (strcmp(word, "z") == 0 || strcmp(word, "zulu") == 0 || strcmp(word, "utc") == 0 || strcmp(word, "gmt") == 0) {
        if (parser->out->has_zone)
            raise_syntax(parser);
        parser->out->has_zone = true;
        return 0;
    }
    if (strcmp(word, "dst") == 0)
        return 0;
    if (!take_abbreviation(parser, word))
        take_zone_name(parser, word);
    return 0;
}

/* ---- the whole --------------------------------------------------------------------------------------------------------------- */

static void finish_date(Parser *parser)
{
    CivilDate *date = &parser->out->fields.date;

    if (!parser->has_year || !parser->has_month || !parser->has_day)
        raise_syntax(parser);
    if (parser->is_bc) {
        if (date->year <= 0)
            raise_range(parser, false);
        date->year = 1 - date->year;
    } else if (parser->two_digit_year) {
        date->year += date->year < 70 ? 2000 : 1900;
    } else if (date->year == 0 && !parser->julian) {
        raise_range(parser, false);
    }
    if (date->month < 1 || date->month > 12)
        raise_range(parser, true);
    if (date->day < 1 || date->day > 31)
        raise_range(parser, true);
    if (date->day > days_in_month(date->year, date->month))
        raise_range(parser, false);
    if (date->year > 5874898 || date->year < -4713)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "%s out of range: \"%.*s\"",
                    strncmp(parser->type_name, "timestamp", 9) == 0 ? "timestamp" : "date", (int)parser->text.size,
                    (const char *)parser->text.data);
}

static void finish_time(Parser *parser)
{
    DateTimeFields *fields = &parser->out->fields;

    if (parser->meridian != 0) {
        if (fields->hour > 12 || fields->hour < 0)
            raise_range(parser, false);
        if (parser->meridian == 1 && fields->hour == 12)
            fields->hour = 0;
        else if (parser->meridian == 2 && fields->hour != 12)
            fields->hour += 12;
    }
    if (fields->microsecond >= 1000000) { /* a fraction that rounded up */
        fields->microsecond -= 1000000;
        fields->second++;
    }
    if (fields->hour > 24 || fields->minute > 59 || fields->second > 60 ||
        (fields->hour == 24 && (fields->minute > 0 || fields->second > 0 || fields->microsecond > 0)))
        raise_range(parser, false);
}

void datetime_parse(Slice text, const char *type_name, const TypeContext *ctx, ParsedDateTime *out)
{
    Parser parser = {.type_name = type_name, .text = text, .ctx = ctx, .out = out};

    *out = (ParsedDateTime){0};
    parser.time_only = strncmp(type_name, "time", 4) == 0 && strncmp(type_name, "timestamp", 9) != 0;
    cut(&parser);
    for (int i = 0; i < parser.piece_count; i++) {
        Piece *piece = &parser.pieces[i];

        switch (piece->kind) {
        case PIECE_WORD:
            i += take_word(&parser, i);
            break;
        case PIECE_NUMBER:
            if (i > 0 && parser.pieces[i - 1].kind == PIECE_WORD && strcmp(parser.pieces[i - 1].text, "j") == 0)
                break;
            take_number(&parser, piece->text);
            break;
        case PIECE_DATE:
            take_date(&parser, piece->text);
            break;
        case PIECE_TIME:
            take_time(&parser, piece->text);
            break;
        case PIECE_OFFSET:
            take_offset(&parser, piece->text);
            break;
        }
    }
    if (parser.has_special) {
        if (out->has_date || (out->has_time && out->kind < PARSED_TODAY))
            raise_syntax(&parser);
    } else if (out->has_date) {
        finish_date(&parser);
    }
    if (out->has_time)
        finish_time(&parser);
}
