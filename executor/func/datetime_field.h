/*
 * datetime_field.h - the fields that extract(), date_part() and date_trunc() name.
 *
 * Raises  never
 */
#ifndef EXECUTOR_FUNC_DATETIME_FIELD_H
#define EXECUTOR_FUNC_DATETIME_FIELD_H

#include "base/common.h"

typedef enum DateTimeField {
    FIELD_MICROSECONDS, FIELD_MILLISECONDS, FIELD_SECOND, FIELD_MINUTE, FIELD_HOUR, FIELD_DAY, FIELD_WEEK, FIELD_MONTH, FIELD_QUARTER,
    FIELD_YEAR, FIELD_DECADE, FIELD_CENTURY, FIELD_MILLENNIUM, FIELD_DOW, FIELD_ISODOW, FIELD_DOY, FIELD_ISOYEAR, FIELD_EPOCH,
    FIELD_JULIAN, FIELD_TIMEZONE, FIELD_TIMEZONE_HOUR, FIELD_TIMEZONE_MINUTE, FIELD_UNKNOWN,
} DateTimeField;

/* Names in any case, PostgreSQL's spellings and abbreviations. */
DateTimeField datetime_field_find(Slice name);

#endif
