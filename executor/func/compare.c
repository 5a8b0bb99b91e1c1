/*
 * compare.c - comparison kernels of the scalar types.
 */
#include "executor/func/kernels.h"
#include "types/bit.h"
#include "types/numeric.h"
#include "types/text.h"

#include <math.h>

#define PLAIN_EQUAL(a, b) ((a) == (b))
#define PLAIN_LESS(a, b) ((a) < (b))

#define NAME boolean
#define LEFT uint8_t
#define RIGHT uint8_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int22
#define LEFT int16_t
#define RIGHT int16_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int24
#define LEFT int16_t
#define RIGHT int32_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int28
#define LEFT int16_t
#define RIGHT int64_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int42
#define LEFT int32_t
#define RIGHT int16_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int44
#define LEFT int32_t
#define RIGHT int32_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int48
#define LEFT int32_t
#define RIGHT int64_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int82
#define LEFT int64_t
#define RIGHT int16_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int84
#define LEFT int64_t
#define RIGHT int32_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME int88
#define LEFT int64_t
#define RIGHT int64_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME oid
#define LEFT uint32_t
#define RIGHT uint32_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

#define NAME u64
#define LEFT uint64_t
#define RIGHT uint64_t
#define EQUAL PLAIN_EQUAL
#define LESS PLAIN_LESS
#include "executor/func/compare.tmpl.h"

/* NaN equals itself and is above all others. */
#define FLOAT_EQUAL(a, b) ((a) == (b) || (isnan(a) && isnan(b)))
#define FLOAT_LESS(a, b) (!((a) >= (b)) && !isnan(a))

#define NAME float44
#define LEFT float
#define RIGHT float
#define EQUAL FLOAT_EQUAL
#define LESS FLOAT_LESS
#include "executor/func/compare.tmpl.h"

#define NAME float48
#define LEFT float
#define RIGHT double
#define EQUAL FLOAT_EQUAL
#define LESS FLOAT_LESS
#include "executor/func/compare.tmpl.h"

#define NAME float84
#define LEFT double
#define RIGHT float
#define EQUAL FLOAT_EQUAL
#define LESS FLOAT_LESS
#include "executor/func/compare.tmpl.h"

#define NAME float88
#define LEFT double
#define RIGHT double
#define EQUAL FLOAT_EQUAL
#define LESS FLOAT_LESS
#include "executor/func/compare.tmpl.h"

#define NAME numeric
#define LEFT Numeric
#define RIGHT Numeric
#define EQUAL(a, b) (numeric_compare(&(a), &(b)) == 0)
#define LESS(a, b) (numeric_compare(&(a), &(b)) < 0)
#include "executor/func/compare.tmpl.h"

#define NAME bytes
#define LEFT Slice
#define RIGHT Slice
#define EQUAL(a, b) slice_equal(a, b)
#define LESS(a, b) (slice_compare(a, b) < 0)
#include "executor/func/compare.tmpl.h"

#define NAME bpchar
#define LEFT Slice
#define RIGHT Slice
#define EQUAL(a, b) slice_equal(bpchar_trim(a), bpchar_trim(b))
#define LESS(a, b) (slice_compare(bpchar_trim(a), bpchar_trim(b)) < 0)
#include "executor/func/compare.tmpl.h"

#define NAME bits
#define LEFT Slice
#define RIGHT Slice
#define EQUAL(a, b) slice_equal(a, b)
#define LESS(a, b) (bit_compare(a, b) < 0)
#include "executor/func/compare.tmpl.h"

#define NAME uuid
#define LEFT Uuid
#define RIGHT Uuid
#define EQUAL(a, b) (memcmp(&(a), &(b), sizeof(Uuid)) == 0)
#define LESS(a, b) (memcmp(&(a), &(b), sizeof(Uuid)) < 0)
#include "executor/func/compare.tmpl.h"

/* One row of the table: the functions of = <> < <= > >= and the three-way one. */
#define ALL(name, eq, ne, lt, le, gt, ge, cmp)                                                           \
    {.proc = (eq), .run = name##_eq}, {.proc = (ne), .run = name##_ne}, {.proc = (lt), .run = name##_lt}, \
        {.proc = (le), .run = name##_le}, {.proc = (gt), .run = name##_gt}, {.proc = (ge), .run = name##_ge}, \
        {.proc = (cmp), .run = name##_cmp}

const KernelEntry compare_kernels[] = {
    ALL(boolean, 60, 84, 56, 1691, 57, 1692, 1693),
    ALL(int22, 63, 145, 64, 148, 146, 151, 350),
    ALL(int24, 158, 164, 160, 166, 162, 168, 2190),
    ALL(int28, 1850, 1851, 1852, 1854, 1853, 1855, 2192),
    ALL(int42, 159, 165, 161, 167, 163, 169, 2191),
    ALL(int44, 65, 144, 66, 149, 147, 150, 351),
    ALL(int48, 852, 853, 854, 856, 855, 857, 2188),
    ALL(int82, 1856, 1857, 1858, 1860, 1859, 1861, 2193),
    ALL(int84, 474, 475, 476, 478, 477, 479, 2189),
    ALL(int88, 467, 468, 469, 471, 470, 472, 842),
    ALL(oid, 184, 185, 716, 717, 1638, 1639, 356),
    ALL(float44, 287, 288, 289, 290, 291, 292, 354),
    ALL(float48, 299, 300, 301, 302, 303, 304, 2194),
    ALL(float84, 305, 306, 307, 308, 309, 310, 2195),
    ALL(float88, 293, 294, 295, 296, 297, 298, 355),
    ALL(numeric, 1718, 1719, 1722, 1723, 1720, 1721, 1769),
    ALL(bytes, 67, 157, 740, 741, 742, 743, 360),      /* text */
    ALL(bytes, 62, 659, 655, 656, 657, 658, 359),      /* name */
    ALL(bytes, 240, 245, 241, 242, 244, 243, 246),     /* name and text */
    ALL(bytes, 247, 252, 248, 249, 251, 250, 253),     /* text and name */
    ALL(bytes, 61, 70, 1246, 72, 73, 74, 358),         /* "char" */
    ALL(bytes, 1948, 1953, 1949, 1950, 1951, 1952, 1954), /* bytea */
    ALL(bytes, 1292, 1265, 2791, 2793, 2790, 2792, 2794), /* tid */
    ALL(bpchar, 1048, 1053, 1049, 1050, 1051, 1052, 1078),
    ALL(bits, 1581, 1582, 1595, 1594, 1593, 1592, 1596),
    ALL(bits, 1666, 1667, 1671, 1670, 1669, 1668, 1672),
    ALL(uuid, 2956, 2959, 2954, 2955, 2958, 2957, 2960),
    ALL(u64, 5084, 5085, 5034, 5036, 5035, 5037, 5096), /* xid8 */
    ALL(u64, 3233, 3236, 3231, 3232, 3235, 3234, 3251), /* pg_lsn */
    {.proc = 68, .run = oid_eq},                        /* xid = xid */
    {.proc = 3308, .run = oid_ne},
    {.proc = 1319, .run = oid_eq},                      /* xid = integer: the same four bytes */
    {.proc = 3309, .run = oid_ne},
    {.proc = 69, .run = oid_eq},                        /* cid */
    {.proc = 2160, .run = bytes_lt},                    /* text_pattern_lt: as text, which compares bytes */
    {.proc = 2161, .run = bytes_le},
    {.proc = 2163, .run = bytes_ge},
    {.proc = 2164, .run = bytes_gt},
    {.proc = 2166, .run = bytes_cmp},
    {.proc = 2174, .run = bpchar_lt},
    {.proc = 2175, .run = bpchar_le},
    {.proc = 2177, .run = bpchar_ge},
    {.proc = 2178, .run = bpchar_gt},
    {.proc = 2180, .run = bpchar_cmp},
    {0},
};
