/*
 * timezone_file.h - a zone as read from its file: transitions, types, the rule for what comes after.
 *
 * Raises  never
 */
#ifndef TYPES_TIMEZONE_FILE_H
#define TYPES_TIMEZONE_FILE_H

#include "types/timezone.h"

enum { ABBREVIATION_SIZE = 16 };

typedef struct ZoneType {
    int32_t east_seconds;
    bool    is_dst;
    char    abbreviation[ABBREVIATION_SIZE];
} ZoneType;

typedef struct ZoneTransition {
    int64_t at; /* seconds since 1970-01-01 UTC */
    int     type;
} ZoneTransition;

/* A change of a POSIX rule: Jn, n, or Mm.w.d, each with /time. */
typedef struct ZoneChange {
    enum { CHANGE_JULIAN, CHANGE_DAY, CHANGE_MONTH } kind;
    int     day, week, month; /* CHANGE_MONTH: day is the weekday, 0 Sunday */
    int32_t seconds;          /* local time of the change; 7200 when not said */
} ZoneChange;

typedef struct ZoneRule {
    ZoneType   standard, dst;
    bool       has_dst;
    ZoneChange to_dst, to_standard;
} ZoneRule;

struct TimeZone {
    TimeZone       *next;
    const char     *name;
    int             type_count, transition_count;
    ZoneType       *types;
    ZoneTransition *transitions;
    bool            has_rule;
    ZoneRule        rule;
};

/* Reads a zone file, a POSIX specification or a fixed offset. NULL: there is none. malloc'd. */
TimeZone *timezone_load(const char *name);
void      timezone_discard(TimeZone *zone);

/* A POSIX TZ rule, "CET-1CEST,M3.5.0,M10.5.0/3"; false when it is not one. */
bool timezone_parse_rule(const char *text, ZoneRule *rule);

/* The names of all zone files. */
void timezone_each_name(void (*visit)(void *arg, const char *name), void *arg);

#endif
