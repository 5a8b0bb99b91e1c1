/*
 * timezone.h - time zones from the system's zoneinfo files, POSIX rules and fixed offsets.
 *
 * A TimeZone is read once (TZif version 2 or later, RFC 8536, with its footer rule for times beyond the table), then shared and kept
 * for the life of the process.
 *
 * Threads     any; the cache has its own lock. Zones are immutable.
 * Raises      never
 */
#ifndef TYPES_TIMEZONE_H
#define TYPES_TIMEZONE_H

#include "base/common.h"

typedef struct TimeZone TimeZone;

/*
 * The zone of a name as PostgreSQL takes it for TimeZone: "Europe/Berlin" in any case, "UTC", a POSIX specification "EST5EDT,M3.2.0,M11.1.0",
 * a fixed offset "-5", "5.5", "+05:30", "<+05>-05", "INTERVAL '...' " forms are the setting's affair. NULL: there is none.
 */
const TimeZone *timezone_find(const char *name);

/* UTC. */
const TimeZone *timezone_utc(void);

/* The name to show: canonical case of the zoneinfo file. */
const char *timezone_name(const TimeZone *zone);

typedef struct ZoneOffset {
    int32_t     east_seconds; /* local time = UTC + east_seconds */
    bool        is_dst;
    const char *abbreviation; /* "CET"; lives as long as the zone */
} ZoneOffset;

/* What applies at an instant: seconds since 1970-01-01 UTC. */
ZoneOffset timezone_at(const TimeZone *zone, int64_t unix_seconds);

/*
 * What applies at a local time (seconds since 1970-01-01 as if the clock showed UTC). In a gap or an overlap PostgreSQL's choice:
 * the offset in force before the transition for a gap, the standard time's (later) for an overlap.
 */
ZoneOffset timezone_at_local(const TimeZone *zone, int64_t local_seconds);

/* Names and abbreviations for pg_timezone_names: calls visit for every zone file, in no order. */
void timezone_each(void (*visit)(void *arg, const TimeZone *zone), void *arg);

#endif
