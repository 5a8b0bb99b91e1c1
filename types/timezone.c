/*
 * timezone.c - the cache of zones and what applies at an instant. The files' format is read in timezone_file.c.
 */
#include "types/timezone.h"

#include "types/calendar.h"
#include "types/timezone_file.h"

#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

static struct {
    pthread_mutex_t mutex;
    TimeZone       *first;
} cache = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static const TimeZone utc = {
    .name = "UTC",
    .type_count = 1,
    .types = (ZoneType[]){{.east_seconds = 0, .is_dst = false, .abbreviation = "UTC"}},
};

const TimeZone *timezone_utc(void)
{
    return &utc;
}

const char *timezone_name(const TimeZone *zone)
{
    return zone->name;
}

static ZoneOffset offset_of(const ZoneType *type)
{
    return (ZoneOffset){type->east_seconds, type->is_dst, type->abbreviation};
}

/* ---- rules for times beyond the table --------------------------------------------------------------------------------- */

enum { DAY = 86400 };

static int64_t days_to_year(int64_t year)
{
    return (int64_t)days_from_civil((int32_t)year, 1, 1) + DAYS_1970_TO_2000;
}

static int64_t year_of(int64_t seconds)
{
    int64_t days = seconds >= 0 ? seconds / DAY : -((-seconds + DAY - 1) / DAY);

    return civil_from_days((int32_t)(days - DAYS_1970_TO_2000)).year;
}

/* Seconds from the start of the year, local time before the change, at which a rule's change happens. */
static int64_t change_in_year(const ZoneChange *change, int64_t year)
{
    int64_t day;
    int64_t first_weekday;

    switch (change->kind) {
    case CHANGE_JULIAN: /* 1 .. 365, February 29 is never counted */
        day = change->day - 1 + (year_is_leap((int32_t)year) && change->day >= 60);
        break;
    case CHANGE_DAY: /* 0 .. 365 */
        day = change->day;
        break;
    case CHANGE_MONTH: /* week 5: the last one */
    default:
        day = 0;
        for (int month = 0; month < change->month - 1; month++)
            day += days_in_month((int32_t)year, month + 1);
        first_weekday = ((days_to_year(year) + day) % 7 + 7 + 4) % 7; /* 1970-01-01 was a Thursday */
        int64_t in_month = (change->day - first_weekday + 7) % 7 + (change->week - 1) * 7;
        int64_t length = days_in_month((int32_t)year, change->month);

        while (in_month >= length)
            in_month -= 7;
        day += in_month;
        break;
    }
    return day * DAY + change->seconds;
}

/* Whether daylight time is in force; seconds are local standard time's when local, else UTC. */
static bool rule_is_dst(const ZoneRule *rule, int64_t seconds, bool local)
{
    int64_t year = year_of(seconds + (local ? 0 : rule->standard.east_seconds));
    int64_t start = days_to_year(year) * DAY + change_in_year(&rule->to_dst, year);
    int64_t end = days_to_year(year) * DAY + change_in_year(&rule->to_standard, year);

    if (!local) {
        start -= rule->standard.east_seconds;
        end -= rule->dst.east_seconds;
    } else {
        /* a gap counts as still before the change, an overlap as after it */
        start += rule->dst.east_seconds - rule->standard.east_seconds;
        end -= rule->dst.east_seconds - rule->standard.east_seconds;
    }
    if (start < end)
        return seconds >= start && seconds < end;
    return seconds >= start || seconds < end;
}

static ZoneOffset rule_at(const ZoneRule *rule, int64_t seconds, bool local)
{
    if (rule->has_dst && rule_is_dst(rule, seconds, local))
        return offset_of(&rule->dst);
    return offset_of(&rule->standard);
}

/* ---- what applies ------------------------------------------------------------------------------------------------------- */

/* The type in force before the first transition: the first standard one. */
static const ZoneType *first_type(const TimeZone *zone)
{
    for (int i = 0; i < zone->type_count; i++)
        if (!zone->types[i].is_dst)
            return &zone->types[i];
    return &zone->types[0];
}

/* The number of transitions at or before an instant. */
static int transitions_until(const TimeZone *zone, int64_t seconds)
{
    int low = 0;
    int high = zone->transition_count;

    while (low < high) {
        int middle = (low + high) / 2;

        if (zone->transitions[middle].at <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

ZoneOffset timezone_at(const TimeZone *zone, int64_t unix_seconds)
{
    int passed = transitions_until(zone, unix_seconds);

    if (passed == zone->transition_count && zone->has_rule)
        return rule_at(&zone->rule, unix_seconds, false);
    return offset_of(passed == 0 ? first_type(zone) : &zone->types[zone->transitions[passed - 1].type]);
}

ZoneOffset timezone_at_local(const TimeZone *zone, int64_t local_seconds)
{
    int passed = transitions_until(zone, local_seconds - DAY);

    if (passed == zone->transition_count && zone->has_rule)
        return rule_at(&zone->rule, local_seconds, true);
    /*
     * Around a transition from offset b to a: local times up to at + min(a, b) are before it for sure; in an overlap (a < b) the later
     * reading counts, in a gap (a > b) the offset before it.
     */
    const ZoneType *type = passed == 0 ? first_type(zone) : &zone->types[zone->transitions[passed - 1].type];

    for (; passed < zone->transition_count; passed++) {
        const ZoneType *after = &zone->types[zone->transitions[passed].type];

        /* the clock that shows the new time shows at + a at the change: what is before it has the old offset */
        if (local_seconds < zone->transitions[passed].at + after->east_seconds)
            return offset_of(type);
        type = after;
    }
    return zone->has_rule ? rule_at(&zone->rule, local_seconds, true) : offset_of(type);
}

/* ---- finding zones --------------------------------------------------------------------------------------------------------- */

static TimeZone *find_cached(const char *name)
{
    for (TimeZone *at = cache.first; at != NULL; at = at->next)
        if (strcasecmp(at->name, name) == 0)
            return at;
    return NULL;
}

const TimeZone *timezone_find(const char *name)
{
    TimeZone *zone;

    if (strcasecmp(name, "UTC") == 0)
        return &utc;
    pthread_mutex_lock(&cache.mutex);
    zone = find_cached(name);
    if (zone == NULL) {
        zone = timezone_load(name);
        if (zone != NULL && find_cached(zone->name) != NULL) { /* two spellings of one fixed offset */
            TimeZone *known = find_cached(zone->name);

            timezone_discard(zone);
            zone = known;
        } else if (zone != NULL) {
            zone->next = cache.first;
            cache.first = zone;
        }
    }
    pthread_mutex_unlock(&cache.mutex);
    return zone;
}

typedef struct Visit {
    void (*visit)(void *arg, const TimeZone *zone);
    void *arg;
} Visit;

static void visit_name(void *arg, const char *name)
{
    Visit          *visit = arg;
    const TimeZone *zone = timezone_find(name);

    if (zone != NULL)
        visit->visit(visit->arg, zone);
}

void timezone_each(void (*visit)(void *arg, const TimeZone *zone), void *arg)
{
    Visit call = {visit, arg};

    timezone_each_name(visit_name, &call);
}
