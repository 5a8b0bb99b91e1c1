/*
 * interval_typmod.h - interval hour to second(3): which fields and how many digits, as PostgreSQL packs them.
 *
 * The typmod has the precision in its low 16 bits (0xffff: not said) and a mask of fields above (0x7fff: all).
 */
#ifndef TYPES_INTERVAL_TYPMOD_H
#define TYPES_INTERVAL_TYPMOD_H

#include "types/datum.h"

/* Bits of the mask: 1 << PostgreSQL's field numbers. */
enum {
    INTERVAL_MONTH = 1 << 1,
    INTERVAL_YEAR = 1 << 2,
    INTERVAL_DAY = 1 << 3,
    INTERVAL_HOUR = 1 << 10,
    INTERVAL_MINUTE = 1 << 11,
    INTERVAL_SECOND = 1 << 12,
    INTERVAL_ALL_FIELDS = 0x7fff,
};

static inline uint32_t interval_typmod_fields(int32_t typmod)
{
    return typmod < 0 ? INTERVAL_ALL_FIELDS : (uint32_t)typmod >> 16 & 0x7fff;
}

static inline int32_t interval_typmod_precision(int32_t typmod)
{
    return typmod < 0 || (typmod & 0xffff) == 0xffff ? 6 : typmod & 0xffff;
}

void interval_apply_typmod(Interval *interval, int32_t typmod);

#endif
