/*
 * setting_value.c - see setting_value.h.
 */
#include "executor/session/setting_value.h"

#include "executor/session/session.h"
#include "executor/session/transaction.h"
#include "types/timezone.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---- checking -------------------------------------------------------------------------------------------------------- */

static noreturn void raise_invalid(const SettingFact *fact, const char *value, const char *hint)
{
    Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": \"%s\"", fact->name, value);

    if (hint != NULL)
        error_hint(err, "%s", hint);
    error_raise(err);
}

static char *keep(const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL)
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    return copy;
}

/* PostgreSQL's boolean words: unique prefixes of true, false, yes, no; on, off, 1, 0. -1: none of them. */
static int parse_bool(const char *value)
{
    static const struct {
        const char *word;
        size_t      shortest;
        int         truth;
    } words[] = {{"true", 1, 1}, {"false", 1, 0}, {"yes", 1, 1}, {"no", 1, 0}, {"on", 2, 1}, {"off", 2, 0}, {"1", 1, 1}, {"0", 1, 0}};
    size_t size = strlen(value);

    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (size >= words[i].shortest && size <= strlen(words[i].word) && strncasecmp(value, words[i].word, size) == 0)
            return words[i].truth;
    return -1;
}

typedef struct Unit {
    const char *name;
    double      factor; /* of the family's smallest unit */
    bool        time;
} Unit;

static const Unit units[] = {
    {"B", 1, false},        {"kB", 1024, false},          {"8kB", 8192, false},         {"MB", 1048576, false},
    {"16MB", 16777216, false}, {"GB", 1073741824, false}, {"TB", 1099511627776, false}, {"us", 1, true},
    {"ms", 1e3, true},      {"s", 1e6, true},             {"min", 6e7, true},           {"h", 3.6e9, true},
    {"d", 8.64e10, true},
};

static const Unit *find_unit(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

static const char *unit_hint(const SettingFact *fact)
{
    const Unit *own = find_unit(fact->unit);

    if (own == NULL)
        return NULL;
    return own->time ? "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\"."
                     : "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".";
}

/* A number with an optional unit, converted to the setting's own unit. */
static double parse_number(const SettingFact *fact, const char *value)
{
    const Unit *own = find_unit(fact->unit);
    const Unit *given;
    char       *end;
    char        word[8];
    size_t      size;
    double      number;

    errno = 0;
    number = strtod(value, &end);
    if (end == value || !isfinite(number))
        raise_invalid(fact, value, NULL);
    while (isspace((unsigned char)*end))
        end++;
    size = strcspn(end, " \t\n");
    if (size == 0)
        return number;
    if (end[size + strspn(end + size, " \t\n")] != '\0' || size >= sizeof word || own == NULL)
        raise_invalid(fact, value, unit_hint(fact));
    memcpy(word, end, size);
    word[size] = '\0';
    given = find_unit(word);
    if (given == NULL || given->time != own->time)
        raise_invalid(fact, value, unit_hint(fact));
    return number * given->factor / own->factor;
}

static char *check_number(const SettingFact *fact, const char *value)
{
    double number = parse_number(fact, value);
    double low = strtod(fact->minimum, NULL);
    double high = strtod(fact->maximum, NULL);
    char   text[64];

    if (fact->type == SETTING_INTEGER)
        number = rint(number);
    if (fact->minimum[0] != '\0' && (number < low || number > high))
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%.15g%s%s is outside the valid range for parameter \"%s\" (%s .. %s)",
                    number, fact->unit[0] != '\0' ? " " : "", fact->unit, fact->name, fact->minimum, fact->maximum);
    snprintf(text, sizeof text, fact->type == SETTING_INTEGER ? "%.0f" : "%.15g", number);
    return keep(text);
}

static char *check_choice(const SettingFact *fact, const char *value)
{
    size_t size = strlen(value);
    Error *err;

    for (const char *at = fact->choices; *at != '\0';) {
        size_t length = strcspn(at, ",");

        if (length == size && strncasecmp(at, value, size) == 0) {
            char *copy = strndup(at, length);

            if (copy == NULL)
                raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
            return copy;
        }
        at += length + (at[length] == ',');
    }
    /* on and off stand in the lists; their other spellings do too */
    if (strstr(fact->choices, "on") != NULL && parse_bool(value) >= 0)
        return keep(parse_bool(value) ? "on" : "off");
    err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": \"%s\"", fact->name, value);
    error_hint(err, "Available values: %s.", fact->choices);
    error_raise(err);
}

bool setting_parse_date_style(const char *text, DateStyle *style, DateOrder *order)
{
    static const struct {
        const char *word;
        int         style, order;
    } words[] = {{"iso", DATE_STYLE_ISO, -1}, {"sql", DATE_STYLE_SQL, -1}, {"postgres", DATE_STYLE_POSTGRES, -1},
                 {"german", DATE_STYLE_GERMAN, -1}, {"ymd", -1, DATE_ORDER_YMD}, {"dmy", -1, DATE_ORDER_DMY},
                 {"euro", -1, DATE_ORDER_DMY}, {"european", -1, DATE_ORDER_DMY}, {"mdy", -1, DATE_ORDER_MDY},
                 {"us", -1, DATE_ORDER_MDY}, {"noneuropean", -1, DATE_ORDER_MDY}, {"noneuro", -1, DATE_ORDER_MDY},
                 {"default", DATE_STYLE_ISO, DATE_ORDER_MDY}};

    for (const char *at = text; *at != '\0';) {
        size_t size = strcspn(at, ", ");
        bool   known = size == 0;

        for (size_t i = 0; i < ARRAY_LENGTH(words) && !known; i++) {
            if (strlen(words[i].word) != size || strncasecmp(words[i].word, at, size) != 0)
                continue;
            known = true;
            if (words[i].style >= 0)
                *style = (DateStyle)words[i].style;
            if (words[i].order >= 0)
                *order = (DateOrder)words[i].order;
        }
        if (!known)
            return false;
        at += size;
        at += strspn(at, ", ");
    }
    return true;
}

static char *check_string(const SettingFact *fact, const char *value)
{
    DateStyle style = DATE_STYLE_ISO;
    DateOrder order = DATE_ORDER_MDY;

    if (strcmp(fact->name, "client_encoding") == 0) {
        if (strcasecmp(value, "utf8") != 0 && strcasecmp(value, "utf-8") != 0 && strcasecmp(value, "unicode") != 0 &&
            strcasecmp(value, "auto") != 0)
            raise_invalid(fact, value, "NexaDB stores and sends UTF8.");
        return keep("UTF8");
    }
    if (strcmp(fact->name, "DateStyle") == 0 && !setting_parse_date_style(value, &style, &order))
        raise_invalid(fact, value, NULL);
    if (strcmp(fact->name, "TimeZone") == 0 && timezone_find(value) == NULL)
        raise_invalid(fact, value, NULL);
    return keep(value);
}

char *setting_value_check(const SettingFact *fact, const char *value)
{
    int truth;

    switch (fact->type) {
    case SETTING_BOOL:
        truth = parse_bool(value);
        if (truth < 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "parameter \"%s\" requires a Boolean value", fact->name);
        return keep(truth ? "on" : "off");
    case SETTING_INTEGER:
    case SETTING_REAL:
        return check_number(fact, value);
    case SETTING_ENUM:
        return check_choice(fact, value);
    case SETTING_STRING:
    default:
        return check_string(fact, value);
    }
}

/* ---- showing --------------------------------------------------------------------------------------------------------- */

const char *setting_value_show(Arena *arena, const SettingFact *fact, const char *value)
{
    const Unit *own = find_unit(fact->unit);
    double      number;
    const Unit *best = NULL;

    if (own == NULL || fact->type == SETTING_STRING || fact->type == SETTING_ENUM)
        return value;
    number = strtod(value, NULL);
    if (number <= 0)
        return value;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        double in_unit = number * own->factor / units[i].factor;

        if (units[i].time == own->time && !isdigit((unsigned char)units[i].name[0]) && in_unit == floor(in_unit) && in_unit >= 1)
            best = &units[i];
    }
    if (best == NULL)
        return value;
    return arena_printf(arena, "%.15g%s", number * own->factor / best->factor, best->name);
}

/* ---- taking effect --------------------------------------------------------------------------------------------------- */

void setting_prepare(Session *session, const char *name, const char *value)
{
    if (strcmp(name, "transaction_isolation") == 0)
        session_check_isolation_change(session);
    if (strcmp(name, "transaction_read_only") == 0 && strcmp(value, "off") == 0)
        session_check_read_write_change(session);
    if (strcmp(name, "session_authorization") == 0)
        session_set_authorization(session, value);
    if (strcmp(name, "role") == 0)
        session_set_role(session, value);
}

static Isolation isolation_of(const char *value)
{
    if (strcmp(value, "serializable") == 0)
        return SERIALIZABLE;
    return strcmp(value, "repeatable read") == 0 ? REPEATABLE_READ : READ_COMMITTED;
}

static IntervalStyle interval_style_of(const char *value)
{
    if (strcmp(value, "postgres_verbose") == 0)
        return INTERVAL_STYLE_POSTGRES_VERBOSE;
    if (strcmp(value, "sql_standard") == 0)
        return INTERVAL_STYLE_SQL_STANDARD;
    return strcmp(value, "iso_8601") == 0 ? INTERVAL_STYLE_ISO_8601 : INTERVAL_STYLE_POSTGRES;
}

void setting_apply(Session *session, const char *name, const char *value)
{
    if (strcmp(name, "TimeZone") == 0)
        session->ctx.time_zone = timezone_find(value);
    else if (strcmp(name, "DateStyle") == 0)
        setting_parse_date_style(value, &session->ctx.date_style, &session->ctx.date_order);
    else if (strcmp(name, "IntervalStyle") == 0)
        session->ctx.interval_style = interval_style_of(value);
    else if (strcmp(name, "extra_float_digits") == 0)
        session->ctx.extra_float_digits = atoi(value);
    else if (strcmp(name, "bytea_output") == 0)
        session->ctx.bytea_escape = strcmp(value, "escape") == 0;
    else if (strcmp(name, "search_path") == 0)
        session->search_path_valid = false;
    else if (strcmp(name, "transaction_isolation") == 0)
        session_set_isolation(session, isolation_of(value));
    else if (strcmp(name, "transaction_read_only") == 0)
        session_set_read_only(session, strcmp(value, "on") == 0);
}

bool setting_survives_reset(const char *name)
{
    return strcmp(name, "role") == 0 || strcmp(name, "session_authorization") == 0 || strncmp(name, "transaction_", 12) == 0 ||
           strcmp(name, "seed") == 0;
}
