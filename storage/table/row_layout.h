/*
 * row_layout.h - where the columns of a table stand in the bytes of its rows.
 *
 * One row of the main column group, one value of the group's relation, keyed by the big-endian row id:
 *
 *     offset  size         field
 *          0     1         flags: bits 0-1 log2 of the width of a value end (0, 1, 2); bit 2 the row has NULLs;
 *                          bit 3 it has out-of-line values; the others are 0
 *          1     2         n, how many columns of the main group the row has (fewer than the table after ADD COLUMN)
 *          3     8         xid of the transaction that wrote the row
 *         11     -         with NULLs: bitmap of n bits in whole bytes, bit 1 = NULL
 *          -     -         with out-of-line values: bitmap of v bits in whole bytes over the variable-width columns
 *          -     -         the fixed-width columns, unaligned; a NULL one keeps its place, as zero bytes
 *          -  v << width   ends of the v variable-width values, counted from the first value
 *          -     -         the values of the variable-width columns; an out-of-line one has its pointer here
 *
 * The place of a fixed-width column depends only on the columns before it, that of a variable-width one on n: any
 * column is found without walking over the others. docs/formats/row.md has the encodings and a worked dump.
 * A group other than the main one holds one column of PHYS_BYTES, whose value is the bytes themselves: no row says NULL
 * (or the missing value), and an empty value NULL where the column has a missing value.
 *
 * Ownership   a layout borrows the table descriptor and the memory it was made in.
 * Raises      never
 */
#ifndef STORAGE_TABLE_ROW_LAYOUT_H
#define STORAGE_TABLE_ROW_LAYOUT_H

#include "base/bytes.h"
#include "storage/catalog/descriptor.h"

enum {
    ROW_HEADER_BYTES = 11,
    ROW_END_WIDTH_MASK = 3,
    ROW_HAS_NULLS = 4,
    ROW_HAS_OUT_OF_LINE = 8,
    ROW_FLAGS_KNOWN = 15,

    ROW_INLINE_MAX_BYTES = 8192,  /* longer values of PHYS_BYTES go out of line */
    ROW_CHUNK_BYTES = 64 << 10,   /* raw bytes in one chunk of an out-of-line value */
    ROW_POINTER_MAX_BYTES = 2 * VARINT_MAX_BYTES,
    ROW_KEY_BYTES = 8,
};

/* One column of the main group. */
typedef struct RowColumn {
    PhysType phys;
    uint16_t width;        /* bytes of a fixed-width column, 0 of a variable-width one */
    int16_t  attribute;    /* attribute number */
    uint32_t fixed_offset; /* bytes of the fixed-width columns before this one */
    uint32_t var_index;    /* variable-width columns before this one */
    Slice    missing;      /* packed value (row_value_pack) of rows that end before this column; empty: NULL */
} RowColumn;

typedef struct RowLayout {
    int32_t    count;      /* columns of the main group */
    int32_t    attributes; /* columns of the table */
    RowColumn *columns;    /* count of them, and one more whose fixed_offset and var_index are the totals */
    int16_t   *positions;  /* by attribute number - 1: position in the main group, or -1 */
} RowLayout;

/* Bytes of memory that row_layout_init() needs. */
size_t row_layout_bytes(const RelationDesc *table);

/* Lays the main group out in memory (row_layout_bytes() of it, aligned for pointers). */
void row_layout_init(RowLayout *layout, void *memory, const RelationDesc *table);

/* Bytes that a fixed-width physical type takes in a row; 0 for the variable-width ones. */
static inline uint16_t row_fixed_width(PhysType phys)
{
    static const uint8_t widths[] = {
        [PHYS_BOOL] = 1,    [PHYS_INT16] = 2, [PHYS_INT32] = 4,   [PHYS_INT64] = 8,     [PHYS_FLOAT32] = 4, [PHYS_FLOAT64] = 8,
        [PHYS_BYTES] = 0,   [PHYS_NUMERIC] = 0, [PHYS_INTERVAL] = 16, [PHYS_UUID] = 16, [PHYS_TIMETZ] = 12,
    };

    return widths[phys];
}

/*
 * One value by itself, as missing values are kept in descriptors: the physical type's number, then the value as a row
 * has it. Size in bytes; pack writes as many. Unpack gives a view into packed: STATUS_CORRUPT for anything else.
 */
size_t            row_value_packed_bytes(PhysType phys, const void *element);
void              row_value_pack(PhysType phys, const void *element, uint8_t *packed);
MUST_CHECK Status row_value_unpack(PhysType phys, Slice packed, Datum *out, Fault *fault);

/* The key of a row in the relations of its column groups. */
static ALWAYS_INLINE void row_key_put(uint8_t *key, int64_t row_id)
{
    put_be64(key, (uint64_t)row_id);
}

static ALWAYS_INLINE int64_t row_key_get(const uint8_t *key)
{
    return (int64_t)get_be64(key);
}

#endif
