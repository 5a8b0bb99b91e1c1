/*
 * calendar.h - the proleptic Gregorian calendar: days since 2000-01-01 and year, month, day.
 *
 * Years are astronomical: 0 is 1 BC. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
 *
 * Raises  never
 */
#ifndef TYPES_CALENDAR_H
#define TYPES_CALENDAR_H

#include "base/common.h"

enum { DAYS_1970_TO_2000 = 10957, JULIAN_DAY_2000 = 2451545 };

typedef struct CivilDate {
    int32_t year;
    int32_t month; /* 1 .. 12 */
    int32_t day;   /* 1 .. 31 */
} CivilDate;

/* Days since 2000-01-01. The date must be valid. */
static inline int32_t days_from_civil(int32_t year, int32_t month, int32_t day)
{
    int64_t  y = (int64_t)year - (month <= 2);
    int64_t  era = (y >= 0 ? y : y - 399) / 400;
    uint32_t year_of_era = (uint32_t)(y - era * 400);
    uint32_t day_of_year = (153u * (uint32_t)(month + (month > 2 ? -3 : 9)) + 2) / 5 + (uint32_t)day - 1;
    uint32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * 146097 + (int64_t)day_of_era - 719468 - DAYS_1970_TO_2000);
}

static inline CivilDate civil_from_days(int32_t days)
{
    int64_t   z = (int64_t)days + 719468 + DAYS_1970_TO_2000;
    int64_t   era = (z >= 0 ? z : z - 146096) / 146097;
    uint32_t  day_of_era = (uint32_t)(z - era * 146097);
    uint32_t  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t  shifted = (5 * day_of_year + 2) / 153;
    CivilDate civil;

    civil.day = (int32_t)(day_of_year - (153 * shifted + 2) / 5 + 1);
    civil.month = (int32_t)(shifted < 10 ? shifted + 3 : shifted - 9);
    civil.year = (int32_t)((int64_t)year_of_era + era * 400 + (civil.month <= 2));
    return civil;
}

static inline bool year_is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static inline int32_t days_in_month(int32_t year, int32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && year_is_leap(year));
}

/* 0 Sunday .. 6 Saturday. */
static inline int32_t weekday_from_days(int32_t days)
{
    int32_t weekday = (int32_t)(((int64_t)days + 6) % 7); /* 2000-01-01 was a Saturday */

    return weekday < 0 ? weekday + 7 : weekday;
}

#endif
