/*
 * row_decode.c - see row_decode.h.
 */
#include "storage/table/row_decode.h"

#include "types/numeric.h"

static uint32_t get_end(const RowView *row, uint32_t index)
{
    switch (row->end_log2) {
    case 0:
        return row->ends[index];
    case 1:
        return get_le16(row->ends + 2 * (size_t)index);
    default:
        return get_le32(row->ends + 4 * (size_t)index);
    }
}

static NEVER_INLINE Status corrupt_row(Fault *fault, const char *what)
{
    return FAULT(fault, STATUS_CORRUPT, 0, "damaged row: %s", what);
}

static ALWAYS_INLINE Status parse_view(const RowLayout *layout, Slice row, RowView *out, Fault *fault)
{
    const RowColumn *totals;
    const uint8_t   *at = row.data + ROW_HEADER_BYTES;
    size_t           needed = ROW_HEADER_BYTES;
    uint8_t          flags;

    if (UNLIKELY(row.size < ROW_HEADER_BYTES))
        return corrupt_row(fault, "shorter than its header");
    flags = row.data[0];
    out->count = get_le16(row.data + 1);
    if (UNLIKELY((flags & ~ROW_FLAGS_KNOWN) != 0 || (flags & ROW_END_WIDTH_MASK) == 3))
        return corrupt_row(fault, "unknown flags");
    if (UNLIKELY(out->count > layout->count))
        return corrupt_row(fault, "more columns than its table");
    totals = &layout->columns[out->count];
    out->xid = get_le64(row.data + 3);
    out->end_log2 = flags & ROW_END_WIDTH_MASK;
    out->nulls = NULL;
    out->out_of_line = NULL;
    if (flags & ROW_HAS_NULLS) {
        out->nulls = at;
        at += ((size_t)out->count + 7) / 8;
        needed += ((size_t)out->count + 7) / 8;
    }
    if (flags & ROW_HAS_OUT_OF_LINE) {
        out->out_of_line = at;
        at += ((size_t)totals->var_index + 7) / 8;
        needed += ((size_t)totals->var_index + 7) / 8;
    }
    out->fixed = at;
    out->ends = at + totals->fixed_offset;
    out->values = out->ends + ((size_t)totals->var_index << out->end_log2);
    needed += totals->fixed_offset + ((size_t)totals->var_index << out->end_log2);
    if (UNLIKELY(row.size < needed))
        return corrupt_row(fault, "shorter than its columns");
    if (UNLIKELY(row.size - needed > UINT32_MAX))
        return corrupt_row(fault, "longer than a row can be");
    out->values_bytes = (uint32_t)(row.size - needed);
    return STATUS_OK;
}

Status row_view_parse(const RowLayout *layout, Slice row, RowView *out, Fault *fault)
{
    return parse_view(layout, row, out, fault);
}

Status row_set_parse(const RowLayout *layout, const IteratorEntry *entries, const int32_t *sel, int32_t count, RowSet *set,
                     Fault *fault)
{
    bool plain = true;

    for (int32_t i = 0; i < count; i++) {
        int32_t  at = sel_row(sel, i);
        RowView *row = &set->rows[at];

        TRY(parse_view(layout, entries[at].value, row, fault));
        plain &= row->nulls == NULL && row->out_of_line == NULL && row->count == layout->count;
    }
    set->plain = plain;
    return STATUS_OK;
}

/* The bytes of a variable-width column; false when its ends are not within the row. */
static ALWAYS_INLINE bool value_bytes(const RowView *row, uint32_t var_index, Slice *out)
{
    uint32_t start = var_index == 0 ? 0 : get_end(row, var_index - 1);
    uint32_t end = get_end(row, var_index);

    *out = slice_of(row->values + start, (size_t)end - start);
    return start <= end && end <= row->values_bytes;
}

static bool is_null(const RowView *row, int32_t position)
{
    return row->nulls != NULL && (row->nulls[position / 8] >> (position & 7) & 1);
}

static bool is_out_of_line(const RowView *row, uint32_t var_index)
{
    return row->out_of_line != NULL && (row->out_of_line[var_index / 8] >> (var_index & 7) & 1);
}

static bool parse_pointer(Slice pointer, size_t *size, size_t *chunk)
{
    const uint8_t *end = pointer.data + pointer.size;
    const uint8_t *at;
    uint64_t       total;
    uint64_t       step = 0;

    at = get_varint(pointer.data, end, &total);
    if (at == NULL || get_varint(at, end, &step) != end)
        return false;
    *size = total;
    *chunk = step;
    return step != 0 && total <= UINT32_MAX;
}

bool row_out_of_line(const RowLayout *layout, const RowView *row, int32_t position, size_t *value_bytes_out, size_t *chunk_bytes)
{
    const RowColumn *column = &layout->columns[position];
    Slice            pointer;

    return position < row->count && column->phys == PHYS_BYTES && is_out_of_line(row, column->var_index) &&
           value_bytes(row, column->var_index, &pointer) && parse_pointer(pointer, value_bytes_out, chunk_bytes);
}

static Status read_out_of_line(const OutOfLineReader *reader, int32_t row, const RowColumn *column, Slice pointer, Slice *out,
                               Fault *fault)
{
    size_t size;
    size_t chunk;

    if (!parse_pointer(pointer, &size, &chunk))
        return corrupt_row(fault, "a pointer to out-of-line chunks cannot be read");
    if (reader == NULL)
        return corrupt_row(fault, "an out-of-line value where none can be");
    return reader->read(reader->arg, row, column->attribute, size, chunk, out, fault);
}

/* The row's own column, or the missing value of a row that ends before it: false when it is NULL. */
typedef struct ColumnSource {
    const RowColumn *column;
    int32_t          position;
    bool             missing_valid;
    Datum            missing;
} ColumnSource;

#define DECODE_FIXED(bytes)                                                                                      \
    case (bytes):                                                                                                \
        FOR_EACH_ROW(sel, count, row, {                                                                          \
            memcpy((uint8_t *)vector->data + (size_t)row * stride, rows[row].fixed + offset, (bytes));           \
        });                                                                                                      \
        break;

static void decode_fixed_plain(const ColumnSource *source, const RowView *rows, const int32_t *sel, int32_t count, Vector *vector)
{
    size_t offset = source->column->fixed_offset;
    size_t stride = phys_width(source->column->phys);

    switch (source->column->width) {
        DECODE_FIXED(1)
        DECODE_FIXED(2)
        DECODE_FIXED(4)
        DECODE_FIXED(8)
        DECODE_FIXED(12)
        DECODE_FIXED(16)
    }
}
#undef DECODE_FIXED

static Status decode_bytes_plain(const ColumnSource *source, const RowView *rows, const int32_t *sel, int32_t count,
                                 Vector *vector, Fault *fault)
{
    uint32_t index = source->column->var_index;
    Slice   *out = vector->data;
    bool     good = true;

    FOR_EACH_ROW(sel, count, row, { good &= value_bytes(&rows[row], index, &out[row]); });
    return LIKELY(good) ? STATUS_OK : corrupt_row(fault, "a value ends outside it");
}

/* Any row, any column. */
static Status decode_row(const ColumnSource *source, const RowView *rows, int32_t row, Vector *vector,
                         const OutOfLineReader *reader, Fault *fault)
{
    const RowColumn *column = source->column;
    const RowView   *view = &rows[row];
    uint8_t         *to = (uint8_t *)vector->data + (size_t)row * phys_width(column->phys);
    Slice            bytes;

    if (source->position >= view->count ? !source->missing_valid : is_null(view, source->position)) {
        bitmap_clear(vector->validity, row);
        memset(to, 0, phys_width(column->phys)); /* may be read, so it is a value: an empty text, zero */
        return STATUS_OK;
    }
    bitmap_set(vector->validity, row);
    if (source->position >= view->count) {
        memcpy(to, &source->missing, phys_width(column->phys));
        return STATUS_OK;
    }
    if (column->width != 0) {
        memcpy(to, view->fixed + column->fixed_offset, column->width);
        return STATUS_OK;
    }
    if (!value_bytes(view, column->var_index, &bytes))
        return corrupt_row(fault, "a value ends outside it");
    if (column->phys == PHYS_NUMERIC)
        return numeric_unpack(bytes, (Numeric *)to) ? STATUS_OK : corrupt_row(fault, "a numeric that is none");
    if (is_out_of_line(view, column->var_index))
        return read_out_of_line(reader, row, column, bytes, (Slice *)to, fault);
    *(Slice *)to = bytes;
    return STATUS_OK;
}

static Status decode_numeric_plain(const ColumnSource *source, const RowView *rows, const int32_t *sel, int32_t count,
                                   Vector *vector, Fault *fault)
{
    uint32_t index = source->column->var_index;
    Numeric *out = vector->data;
    bool     good = true;

    FOR_EACH_ROW(sel, count, row, {
        Slice bytes;

        good = good && value_bytes(&rows[row], index, &bytes) && numeric_unpack(bytes, &out[row]);
    });
    return LIKELY(good) ? STATUS_OK : corrupt_row(fault, "a numeric that is none");
}

/* A bool is 0 or 1 for every kernel: other bytes never came from the encoder. */
static Status check_bools(const int32_t *sel, int32_t count, const Vector *vector, Fault *fault)
{
    const uint8_t *values = vector->data;
    uint8_t        seen = 0;

    FOR_EACH_ROW(sel, count, row, { seen |= values[row]; });
    return LIKELY(seen <= 1) ? STATUS_OK : corrupt_row(fault, "a boolean that is none");
}

Status row_decode(const RowLayout *layout, const RowSet *set, int32_t position, const int32_t *sel, int32_t count,
                  Vector *vector, uint64_t *validity, const OutOfLineReader *reader, Fault *fault)
{
    ColumnSource source = {.column = &layout->columns[position], .position = position};
    Status       status = STATUS_OK;

    if (LIKELY(set->plain)) {
        vector->validity = NULL;
        if (source.column->phys == PHYS_BYTES)
            return decode_bytes_plain(&source, set->rows, sel, count, vector, fault);
        if (source.column->phys == PHYS_NUMERIC)
            return decode_numeric_plain(&source, set->rows, sel, count, vector, fault);
        decode_fixed_plain(&source, set->rows, sel, count, vector);
    } else {
        vector->validity = validity;
        if (source.column->missing.size != 0) {
            TRY(row_value_unpack(source.column->phys, source.column->missing, &source.missing, fault));
            source.missing_valid = true;
        }
        for (int32_t i = 0; i < count && status == STATUS_OK; i++)
            status = decode_row(&source, set->rows, sel_row(sel, i), vector, reader, fault);
    }
    if (status == STATUS_OK && source.column->phys == PHYS_BOOL)
        status = check_bools(sel, count, vector, fault);
    return status;
}
