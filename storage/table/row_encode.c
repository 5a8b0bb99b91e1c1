/*
 * row_encode.c - see row_encode.h.
 *
 * Three passes over the columns: sizes, headers, contents. Each is a loop over rows per column, so that what a column's type
 * decides is decided once.
 */
#include "storage/table/row_encode.h"

#include "types/numeric.h"

#include <stdlib.h>

struct RowEncoding {
    size_t   var_bytes; /* first pass: of all variable-width values */
    uint8_t *start;
    uint8_t *fixed;     /* the fixed-width area */
    uint8_t *ends;      /* where the next end goes */
    uint8_t *values;    /* the first variable-width value */
    uint32_t var_at;    /* bytes of values so far */
    uint8_t  flags;
};

size_t row_pointer_put(uint8_t *at, size_t value_bytes)
{
    uint8_t *end = put_varint(at, value_bytes);

    return (size_t)(put_varint(end, ROW_CHUNK_BYTES) - at);
}

static Status reserve(void **memory, size_t *capacity, size_t needed, size_t element, Fault *fault)
{
    size_t count = MAX(needed, *capacity * 2);
    void  *grown;

    if (needed <= *capacity)
        return STATUS_OK;
    grown = realloc(*memory, count * element);
    if (grown == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for %zu bytes of rows", count * element);
    *memory = grown;
    *capacity = count;
    return STATUS_OK;
}

void row_encoder_free(RowEncoder *encoder)
{
    free(encoder->rows);
    free(encoder->out_of_line);
    free(encoder->bytes_);
    free(encoder->encodings_);
    *encoder = (RowEncoder){0};
}

static bool is_out_of_line(const Slice *value)
{
    return value->size > ROW_INLINE_MAX_BYTES;
}

static size_t bytes_in_row(const Slice *value)
{
    uint8_t pointer[ROW_POINTER_MAX_BYTES];

    return is_out_of_line(value) ? row_pointer_put(pointer, value->size) : value->size;
}

/* First pass, one column: adds its sizes and flags to each row's. */
static void measure(const RowColumn *column, const Vector *vector, const int32_t *sel, int32_t count, RowEncoding *rows)
{
    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        if (vector == NULL || !vector_is_valid(vector, row)) {
            rows[i].flags |= ROW_HAS_NULLS;
        } else if (column->phys == PHYS_BYTES) {
            const Slice *value = VECTOR_DATA(vector, Slice) + row;

            rows[i].var_bytes += bytes_in_row(value);
            rows[i].flags |= is_out_of_line(value) ? ROW_HAS_OUT_OF_LINE : 0;
        } else if (column->phys == PHYS_NUMERIC) {
            rows[i].var_bytes += numeric_pack_size(VECTOR_DATA(vector, Numeric) + row);
        }
    }
}

static unsigned end_width_log2(size_t var_bytes)
{
    return var_bytes <= UINT8_MAX ? 0 : var_bytes <= UINT16_MAX ? 1 : 2;
}

/* Bytes before the fixed-width columns. */
static size_t head_bytes(const RowLayout *layout, uint8_t flags)
{
    uint32_t vars = layout->columns[layout->count].var_index;

    return ROW_HEADER_BYTES + (flags & ROW_HAS_NULLS ? ((size_t)layout->count + 7) / 8 : 0) +
           (flags & ROW_HAS_OUT_OF_LINE ? ((size_t)vars + 7) / 8 : 0);
}

/* Second pass: the size of every row, then their headers. */
static Status place_rows(RowEncoder *encoder, const RowLayout *layout, uint64_t xid, Fault *fault)
{
    const RowColumn *totals = &layout->columns[layout->count];
    size_t           total = 0;
    uint8_t         *at;

    for (int32_t i = 0; i < encoder->count; i++) {
        RowEncoding *row = &encoder->encodings_[i];
        size_t       size;

        if (row->var_bytes > ENGINE_MAX_VALUE_BYTES)
            return FAULT(fault, STATUS_TOO_LARGE, 0, "row is too big: size %zu, maximum size %d", row->var_bytes, ENGINE_MAX_VALUE_BYTES);
        row->flags |= (uint8_t)end_width_log2(row->var_bytes);
        size = head_bytes(layout, row->flags) + totals->fixed_offset +
               ((size_t)totals->var_index << (row->flags & ROW_END_WIDTH_MASK)) + row->var_bytes;
        if (size > ENGINE_MAX_VALUE_BYTES)
            return FAULT(fault, STATUS_TOO_LARGE, 0, "row is too big: size %zu, maximum size %d", size, ENGINE_MAX_VALUE_BYTES);
        encoder->rows[i].size = size;
        total += size;
    }
    TRY(reserve((void **)&encoder->bytes_, &encoder->bytes_capacity_, total + 1, 1, fault));
    at = encoder->bytes_;
    for (int32_t i = 0; i < encoder->count; i++) {
        RowEncoding *row = &encoder->encodings_[i];
        size_t       head = head_bytes(layout, row->flags);

        encoder->rows[i].data = at;
        row->start = at;
        row->fixed = at + head;
        row->ends = row->fixed + totals->fixed_offset;
        row->values = row->ends + ((size_t)totals->var_index << (row->flags & ROW_END_WIDTH_MASK));
        at[0] = row->flags;
        put_le16(at + 1, (uint16_t)layout->count);
        put_le64(at + 3, xid);
        memset(at + ROW_HEADER_BYTES, 0, head - ROW_HEADER_BYTES);
        at += encoder->rows[i].size;
    }
    return STATUS_OK;
}

static void mark_null(const RowLayout *layout, RowEncoding *row, int32_t position)
{
    (void)layout;
    row->start[ROW_HEADER_BYTES + position / 8] |= (uint8_t)(1 << (position & 7));
}

#define FILL_FIXED(bytes)                                                                    \
    case (bytes):                                                                            \
        for (int32_t i = 0; i < count; i++) {                                                \
            int32_t  row = sel_row(sel, i);                                                  \
            uint8_t *to = rows[i].fixed + column->fixed_offset;                              \
            if (vector_is_valid(vector, row)) {                                              \
                memcpy(to, (const uint8_t *)vector->data + (size_t)row * stride, (bytes));   \
            } else {                                                                         \
                memset(to, 0, (bytes));                                                      \
                mark_null(layout, &rows[i], position);                                       \
            }                                                                                \
        }                                                                                    \
        break;

/* Third pass, a fixed-width column. */
static void fill_fixed(const RowLayout *layout, int32_t position, const Vector *vector, const int32_t *sel, int32_t count,
                       RowEncoding *rows)
{
    const RowColumn *column = &layout->columns[position];
    size_t           stride;

    if (vector == NULL) {
        for (int32_t i = 0; i < count; i++) {
            memset(rows[i].fixed + column->fixed_offset, 0, column->width);
            mark_null(layout, &rows[i], position);
        }
        return;
    }
    stride = phys_width(column->phys);
    switch (column->width) {
        FILL_FIXED(1)
        FILL_FIXED(2)
        FILL_FIXED(4)
        FILL_FIXED(8)
        FILL_FIXED(12)
        FILL_FIXED(16)
    }
}
#undef FILL_FIXED

static void put_end(RowEncoding *row)
{
    switch (row->flags & ROW_END_WIDTH_MASK) {
    case 0:
        *row->ends = (uint8_t)row->var_at;
        row->ends += 1;
        break;
    case 1:
        put_le16(row->ends, (uint16_t)row->var_at);
        row->ends += 2;
        break;
    default:
        put_le32(row->ends, row->var_at);
        row->ends += 4;
        break;
    }
}

static Status add_out_of_line(RowEncoder *encoder, int32_t at, int16_t attribute, Slice value, Fault *fault)
{
    TRY(reserve((void **)&encoder->out_of_line, &encoder->out_of_line_capacity_, (size_t)encoder->out_of_line_count + 1,
                sizeof *encoder->out_of_line, fault));
    encoder->out_of_line[encoder->out_of_line_count++] = (OutOfLineValue){at, attribute, value};
    return STATUS_OK;
}

static Status fill_bytes(RowEncoder *encoder, const RowLayout *layout, int32_t position, RowEncoding *row, int32_t at,
                         const Slice *value, Fault *fault)
{
    const RowColumn *column = &layout->columns[position];
    uint8_t         *bitmap;

    if (!is_out_of_line(value)) {
        if (value->size != 0)
            memcpy(row->values + row->var_at, value->data, value->size);
        row->var_at += (uint32_t)value->size;
        return STATUS_OK;
    }
    bitmap = row->start + ROW_HEADER_BYTES + (row->flags & ROW_HAS_NULLS ? ((size_t)layout->count + 7) / 8 : 0);
    bitmap[column->var_index / 8] |= (uint8_t)(1 << (column->var_index & 7));
    row->var_at += (uint32_t)row_pointer_put(row->values + row->var_at, value->size);
    return add_out_of_line(encoder, at, column->attribute, *value, fault);
}

/* Third pass, a variable-width column. */
static Status fill_variable(RowEncoder *encoder, const RowLayout *layout, int32_t position, const Vector *vector,
                            const int32_t *sel, Fault *fault)
{
    const RowColumn *column = &layout->columns[position];

    for (int32_t i = 0; i < encoder->count; i++) {
        RowEncoding *row = &encoder->encodings_[i];
        int32_t      from = sel_row(sel, i);

        if (vector == NULL || !vector_is_valid(vector, from))
            mark_null(layout, row, position);
        else if (column->phys == PHYS_BYTES)
            TRY(fill_bytes(encoder, layout, position, row, i, VECTOR_DATA(vector, Slice) + from, fault));
        else
            row->var_at = (uint32_t)(numeric_pack(VECTOR_DATA(vector, Numeric) + from, row->values + row->var_at) - row->values);
        put_end(row);
    }
    return STATUS_OK;
}

Status row_encode(RowEncoder *encoder, const RowLayout *layout, const Batch *batch, uint64_t xid, Fault *fault)
{
    const int32_t *sel = batch->sel;

    encoder->count = batch->count;
    encoder->out_of_line_count = 0;
    if ((size_t)batch->count > encoder->rows_capacity_) {
        size_t capacity = encoder->rows_capacity_;

        TRY(reserve((void **)&encoder->rows, &capacity, (size_t)batch->count, sizeof *encoder->rows, fault));
        TRY(reserve((void **)&encoder->encodings_, &encoder->rows_capacity_, (size_t)batch->count, sizeof *encoder->encodings_,
                    fault));
    }
    memset(encoder->encodings_, 0, (size_t)batch->count * sizeof *encoder->encodings_);
    for (int32_t at = 0; at < layout->count; at++)
        measure(&layout->columns[at], batch->columns[layout->columns[at].attribute - 1], sel, batch->count, encoder->encodings_);
    TRY(place_rows(encoder, layout, xid, fault));
    for (int32_t at = 0; at < layout->count; at++) {
        const Vector *vector = batch->columns[layout->columns[at].attribute - 1];

        if (layout->columns[at].width != 0)
            fill_fixed(layout, at, vector, sel, batch->count, encoder->encodings_);
        else
            TRY(fill_variable(encoder, layout, at, vector, sel, fault));
    }
    return STATUS_OK;
}
