/*
 * uuid.h - UUIDs: their text form, and new ones.
 *
 * Raises  never
 */
#ifndef TYPES_UUID_H
#define TYPES_UUID_H

#include "types/datum.h"

enum { UUID_TEXT_SIZE = 36 };

/* 32 hexadecimal digits, a hyphen allowed after each four, braces allowed around. */
MUST_CHECK bool uuid_parse(Slice text, Uuid *out);

/* Writes 8-4-4-4-12 lower-case digits; not terminated. */
void uuid_format(const Uuid *uuid, char out[UUID_TEXT_SIZE]);

/*
 * RFC 9562 version 7: 48 bits of milliseconds, then 12 bits of the millisecond's fraction, then random bits. Ordered by time;
 * those made by one thread ascend strictly.
 */
void uuid_make_v7(Uuid *out);

/* RFC 9562 version 4: random. */
void uuid_make_v4(Uuid *out);

#endif
