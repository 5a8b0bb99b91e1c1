/*
 * row_layout.c - see row_layout.h.
 */
#include "storage/table/row_layout.h"

#include "types/numeric.h"

size_t row_layout_bytes(const RelationDesc *table)
{
    return ((size_t)table->column_count + 1) * sizeof(RowColumn) + (size_t)table->column_count * sizeof(int16_t);
}

void row_layout_init(RowLayout *layout, void *memory, const RelationDesc *table)
{
    uint32_t fixed_offset = 0;
    uint32_t var_index = 0;
    int32_t  count = 0;

    layout->columns = memory;
    layout->positions = (int16_t *)(layout->columns + table->column_count + 1);
    layout->attributes = table->column_count;
    for (int32_t i = 0; i < table->column_count; i++) {
        const ColumnDesc *from = &table->columns[i];
        RowColumn        *column = &layout->columns[count];

        layout->positions[i] = -1;
        if (from->group != COLUMN_GROUP_MAIN)
            continue;
        layout->positions[i] = (int16_t)count++;
        column->phys = from->phys;
        column->width = row_fixed_width(from->phys);
        column->attribute = from->number;
        column->fixed_offset = fixed_offset;
        column->var_index = var_index;
        column->missing = from->missing_value;
        fixed_offset += column->width;
        var_index += column->width == 0;
    }
    layout->count = count;
    layout->columns[count] = (RowColumn){.fixed_offset = fixed_offset, .var_index = var_index};
}

size_t row_value_packed_bytes(PhysType phys, const void *element)
{
    if (phys == PHYS_BYTES)
        return 1 + ((const Slice *)element)->size;
    if (phys == PHYS_NUMERIC)
        return 1 + numeric_pack_size(element);
    return 1 + (size_t)row_fixed_width(phys);
}

void row_value_pack(PhysType phys, const void *element, uint8_t *packed)
{
    *packed++ = (uint8_t)phys;
    if (phys == PHYS_BYTES) {
        const Slice *bytes = element;

        if (bytes->size != 0)
            memcpy(packed, bytes->data, bytes->size);
    } else if (phys == PHYS_NUMERIC) {
        numeric_pack(element, packed);
    } else {
        memcpy(packed, element, row_fixed_width(phys));
    }
}

Status row_value_unpack(PhysType phys, Slice packed, Datum *out, Fault *fault)
{
    Slice value = slice_of(packed.data + 1, packed.size - 1);
    bool  good;

    if (packed.size == 0 || packed.data[0] != (uint8_t)phys)
        return FAULT(fault, STATUS_CORRUPT, 0, "a stored value is not of its column's physical type %d", (int)phys);
    if (phys == PHYS_BYTES) {
        out->bytes = value;
        good = true;
    } else if (phys == PHYS_NUMERIC) {
        good = numeric_unpack(value, &out->numeric);
    } else {
        good = value.size == row_fixed_width(phys);
        memset(out, 0, sizeof *out);
        if (good)
            memcpy(out, value.data, value.size);
    }
    if (!good)
        return FAULT(fault, STATUS_CORRUPT, 0, "a stored value of physical type %d has %zu bytes", (int)phys, value.size);
    return STATUS_OK;
}
