/*
 * group_reader.c - see group_reader.h.
 */
#include "storage/table/group_reader.h"

#include "storage/table/row_layout.h"

enum { SWEEP_MIN_ROWS = 8, SWEEP_SPAN = 8 }; /* sweep when at least one row in SWEEP_SPAN of those passed is wanted */

static void unpin_all(GroupReader *reader)
{
    for (int32_t i = 0; i < reader->pin_count; i++)
        engine_unpin(&reader->pins[i]);
    reader->pin_count = 0;
}

void group_reader_next(GroupReader *reader)
{
    unpin_all(reader);
    reader->swept = false;
}

void group_reader_close(GroupReader *reader)
{
    unpin_all(reader);
    iterator_close(reader->iterator);
    reader->iterator = NULL;
}

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a column group");
}

static Status set_value(const GroupReader *reader, Slice value, int32_t row, Vector *vector, Fault *fault)
{
    if (value.size == 0) { /* NULL where the column has a missing value */
        bitmap_clear(vector->validity, row);
        VECTOR_DATA(vector, Slice)[row] = value;
        return STATUS_OK;
    }
    if (reader->fixed_bytes != 0 && value.size != reader->fixed_bytes)
        return FAULT(fault, STATUS_CORRUPT, 0, "a value of %zu bytes in a column group of %u", value.size, reader->fixed_bytes);
    bitmap_set(vector->validity, row);
    VECTOR_DATA(vector, Slice)[row] = value;
    return STATUS_OK;
}

/* The row has no entry. */
static Status set_absent(const GroupReader *reader, int32_t row, Vector *vector, Fault *fault)
{
    Datum missing;

    if (reader->missing.size == 0)
        return set_value(reader, slice_of("", 0), row, vector, fault);
    TRY(row_value_unpack(PHYS_BYTES, reader->missing, &missing, fault));
    return set_value(reader, missing.bytes, row, vector, fault);
}

/* Rows sel[from ..] one by one. */
static Status load_singly(GroupReader *reader, const RowId *ids, const int32_t *sel, int32_t from, int32_t count, Vector *vector,
                          Fault *fault)
{
    int32_t needed = reader->pin_count + count - from;

    if (needed > reader->pin_capacity) {
        int32_t      capacity = MAX(needed, reader->pin_capacity * 2);
        PinnedValue *pins = arena_try_alloc(reader->arena, (size_t)capacity * sizeof *pins);

        if (pins == NULL)
            return no_memory(fault);
        if (reader->pin_count != 0)
            memcpy(pins, reader->pins, (size_t)reader->pin_count * sizeof *pins);
        reader->pins = pins;
        reader->pin_capacity = capacity;
    }
    for (int32_t i = from; i < count; i++) {
        int32_t     row = sel_row(sel, i);
        uint8_t     key[ROW_KEY_BYTES];
        PinnedValue value = {0};
        Status      status;

        row_key_put(key, ids[row]);
        status = engine_get(reader->engine, &reader->view, reader->storage, slice_of(key, sizeof key), &value, fault);
        if (status == STATUS_OK) {
            reader->pins[reader->pin_count++] = value;
            status = set_value(reader, value.value, row, vector, fault);
        } else if (status == STATUS_NOT_FOUND) {
            status = set_absent(reader, row, vector, fault);
        }
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* One call of the iterator over the rows from the first to the last. *done_out: how many rows of sel it settled. */
static Status sweep(GroupReader *reader, const RowId *ids, const int32_t *sel, int32_t count, int32_t rows, Vector *vector,
                    int32_t *done_out, Fault *fault)
{
    IteratorOptions options = {.storage_id = reader->storage, .direction = reader->direction, .scan = true};
    bool            backward = reader->direction == SCAN_BACKWARD;
    uint8_t         key[ROW_KEY_BYTES];
    int32_t         done = 0;
    int             found;

    if (rows > reader->entry_capacity) {
        reader->entries = arena_try_alloc(reader->arena, (size_t)rows * sizeof *reader->entries);
        if (reader->entries == NULL)
            return no_memory(fault);
        reader->entry_capacity = rows;
    }
    if (reader->iterator == NULL)
        TRY(iterator_open(reader->engine, &reader->view, &options, &reader->iterator, fault));
    row_key_put(key, ids[sel_row(sel, 0)]);
    TRY(iterator_seek(reader->iterator, slice_of(key, sizeof key), fault));
    TRY(iterator_next(reader->iterator, reader->entries, rows, &found, fault));
    reader->swept = true;
    for (int at = 0; at < found && done < count; at++) {
        RowId id;

        if (reader->entries[at].key.size != ROW_KEY_BYTES)
            return FAULT(fault, STATUS_CORRUPT, 0, "a row key of %zu bytes", reader->entries[at].key.size);
        id = row_key_get(reader->entries[at].key.data);
        while (done < count && (backward ? ids[sel_row(sel, done)] > id : ids[sel_row(sel, done)] < id))
            TRY(set_absent(reader, sel_row(sel, done++), vector, fault));
        if (done < count && ids[sel_row(sel, done)] == id)
            TRY(set_value(reader, reader->entries[at].value, sel_row(sel, done++), vector, fault));
    }
    *done_out = done;
    return STATUS_OK;
}

Status group_reader_load(GroupReader *reader, const RowId *ids, const int32_t *sel, int32_t count, bool ordered, Vector *vector,
                         uint64_t *validity, Fault *fault)
{
    int32_t done = 0;

    vector->validity = validity;
    if (ordered && !reader->swept && count >= SWEEP_MIN_ROWS) {
        int32_t rows = sel_row(sel, count - 1) - sel_row(sel, 0) + 1; /* row numbers, not ids: ids have gaps that hold nothing */

        if (count >= rows / SWEEP_SPAN)
            TRY(sweep(reader, ids, sel, count, rows, vector, &done, fault));
    }
    return load_singly(reader, ids, sel, done, count, vector, fault);
}
