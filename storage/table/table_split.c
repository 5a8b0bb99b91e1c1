/*
 * table_split.c - table_split() of table.h.
 */
#include "storage/table/row_layout.h"
#include "storage/table/table.h"

Status table_split(Engine *engine, const RelationDesc *table, int parts, RowId *boundaries, int *count_out, Fault *fault)
{
    Slice  everything = {0};
    Slice *keys;
    int    count;

    TRY(engine_split(engine, table->groups[COLUMN_GROUP_MAIN].storage_id, everything, everything, parts, &keys, &count, fault));
    *count_out = 0;
    for (int i = 0; i < count; i++) {
        if (keys[i].size == ROW_KEY_BYTES) /* a shortened separator bounds no row exactly, and is not needed */
            boundaries[(*count_out)++] = row_key_get(keys[i].data);
    }
    engine_free_boundaries(keys, count);
    return STATUS_OK;
}
