/*
 * datum.h - how one SQL value looks in memory.
 *
 * Every type has a physical type (PhysType) that says how its values stand in a column vector. A Datum is one
 * such value by itself; the address of a Datum is also the address of a vector element, so functions that
 * take `const void *element` serve both.
 *
 * Ownership   bytes that a Datum points to are borrowed; whoever keeps a Datum copies them (datum_copy() in type.h).
 * Raises      never
 */
#ifndef TYPES_DATUM_H
#define TYPES_DATUM_H

#include "base/common.h"

/* IN STEP WITH: phys types (phys_width in batch.h, the row format in docs/formats/row.md). */
typedef enum PhysType {
    PHYS_BOOL = 1,  /* uint8_t, 0 or 1 */
    PHYS_INT16,     /* int16_t: int2 */
    PHYS_INT32,     /* int32_t: int4, date (days since 2000-01-01); uint32_t: oid and its family, xid */
    PHYS_INT64,     /* int64_t: int8, time, timestamp, timestamptz (microseconds since 2000-01-01), pg_lsn, row ids */
    PHYS_FLOAT32,   /* float */
    PHYS_FLOAT64,   /* double */
    PHYS_BYTES,     /* Slice: text, varchar, char(n), name, "char", bytea, json, jsonb (binary), arrays, vector, records, bit */
    PHYS_NUMERIC,   /* Numeric */
    PHYS_INTERVAL,  /* Interval */
    PHYS_UUID,      /* Uuid */
    PHYS_TIMETZ,    /* TimeTz */
} PhysType;

/*
 * An exact decimal: value = coefficient * 10^-scale. Small ones (|coefficient| < 2^63) stand in place; larger
 * ones point to their magnitude. scale is the display scale, kept: 1.10 is coefficient 110, scale 2.
 */
typedef enum NumericKind {
    NUMERIC_SMALL = 0,        /* coefficient in small */
    NUMERIC_BIG_POSITIVE = 1, /* magnitude in big: size bytes, little-endian, a multiple of 8, no zero limb on top */
    NUMERIC_BIG_NEGATIVE = 2,
    NUMERIC_NAN = 3,
    NUMERIC_POSITIVE_INFINITY = 4,
    NUMERIC_NEGATIVE_INFINITY = 5,
} NumericKind;

enum { NUMERIC_MAX_SCALE = 16383, NUMERIC_MAX_INTEGER_DIGITS = 131072 };

typedef struct Numeric {
    union {
        int64_t        small;
        const uint8_t *big; /* any alignment */
    };
    uint32_t size;  /* bytes of big, else 0 */
    uint16_t scale; /* 0 .. NUMERIC_MAX_SCALE */
    uint8_t  kind;  /* a NumericKind */
    uint8_t  unused;
} Numeric;

typedef struct Interval {
    int64_t microseconds;
    int32_t days;
    int32_t months;
} Interval;

typedef struct Uuid {
    uint8_t bytes[16];
} Uuid;

typedef struct TimeTz {
    int64_t microseconds; /* local time of day */
    int32_t zone;         /* seconds west of UTC, PostgreSQL's sign */
    int32_t unused;
} TimeTz;

typedef union Datum {
    uint8_t  boolean;
    int16_t  int16;
    int32_t  int32;
    uint32_t oid;
    int64_t  int64;
    float    float32;
    double   float64;
    Slice    bytes;
    Numeric  numeric;
    Interval interval;
    Uuid     uuid;
    TimeTz   timetz;
} Datum;

_Static_assert(sizeof(Datum) == 16, "a datum is two words");

#endif
