/*
 * index_scan.c - index_scan_*() of index.h: entries of ranges of keys, in order.
 *
 * Each range has an iterator of its own, so that its bounds reach the engine: a range of one key is answered by filters.
 */
#include "storage/index/index_key.h"

#include "base/cancel.h"
#include "storage/txn/txn_parts.h"

struct IndexScan {
    Engine        *engine;
    ReadView       view;
    StorageId      storage;
    ScanDirection  direction;
    IndexRange    *ranges; /* bounds and all in one allocation */
    int32_t        range_count;
    int32_t        next_range; /* how many were opened */
    Iterator      *iterator;   /* NULL: the next range is to be opened */
    IteratorEntry *entries;
    int32_t        capacity;
};

/* A copy of the ranges; NULL without memory. */
static IndexRange *copy_ranges(const IndexRange *ranges, int32_t count)
{
    size_t      size = (size_t)count * sizeof *ranges + 1;
    IndexRange *copy;
    uint8_t    *at;

    for (int32_t i = 0; i < count; i++)
        size += ranges[i].lower.size + ranges[i].upper.size;
    copy = malloc(size);
    if (copy == NULL)
        return NULL;
    at = (uint8_t *)(copy + count);
    for (int32_t i = 0; i < count; i++) {
        copy[i].lower = slice_of(at, ranges[i].lower.size);
        if (ranges[i].lower.size != 0)
            memcpy(at, ranges[i].lower.data, ranges[i].lower.size);
        at += ranges[i].lower.size;
        copy[i].upper = slice_of(ranges[i].upper.data == NULL ? NULL : at, ranges[i].upper.size);
        if (ranges[i].upper.size != 0)
            memcpy(at, ranges[i].upper.data, ranges[i].upper.size);
        at += ranges[i].upper.size;
    }
    return copy;
}

Status index_scan_open(Engine *engine, const RelationDesc *index, const ReadView *view, const IndexRange *ranges, int32_t range_count,
                       ScanDirection direction, IndexScan **scan_out, Fault *fault)
{
    IndexScan *scan = calloc(1, sizeof *scan);
    Status     status;

    if (scan == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index scan");
    scan->engine = engine;
    scan->view = *view;
    scan->storage = index->groups[0].storage_id;
    scan->direction = direction;
    status = index_scan_restart(scan, ranges, range_count, fault);
    if (status != STATUS_OK) {
        index_scan_close(scan);
        return status;
    }
    *scan_out = scan;
    return STATUS_OK;
}

Status index_scan_restart(IndexScan *scan, const IndexRange *ranges, int32_t range_count, Fault *fault)
{
    IndexRange *copy = copy_ranges(ranges, range_count);

    if (copy == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index scan");
    iterator_close(scan->iterator);
    scan->iterator = NULL;
    free(scan->ranges);
    scan->ranges = copy;
    scan->range_count = range_count;
    scan->next_range = 0;
    return STATUS_OK;
}

void index_scan_close(IndexScan *scan)
{
    if (scan == NULL)
        return;
    iterator_close(scan->iterator);
    free(scan->ranges);
    free(scan->entries);
    free(scan);
}

static Status open_next_range(IndexScan *scan, Fault *fault)
{
    int32_t           at = scan->direction == SCAN_FORWARD ? scan->next_range : scan->range_count - 1 - scan->next_range;
    const IndexRange *range = &scan->ranges[at];
    IteratorOptions   options = {.storage_id = scan->storage, .lower = range->lower, .upper = range->upper, .direction = scan->direction};

    scan->next_range++;
    TRY(read_view_record(&scan->view, scan->storage, range->lower, range->upper, fault));
    return iterator_open(scan->engine, &scan->view, &options, &scan->iterator, fault);
}

static Status reserve(IndexScan *scan, int32_t max, Fault *fault)
{
    IteratorEntry *entries;

    if (max <= scan->capacity)
        return STATUS_OK;
    entries = realloc(scan->entries, (size_t)max * sizeof *entries);
    if (entries == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index scan");
    scan->entries = entries;
    scan->capacity = max;
    return STATUS_OK;
}

/* Entries of the open range into rows[from ..]. */
static Status take(IndexScan *scan, RowId *rows, Slice *keys, Slice *values, int32_t from, int32_t max, int *found, Fault *fault)
{
    TRY(iterator_next(scan->iterator, scan->entries, max - from, found, fault));
    for (int i = 0; i < *found; i++) {
        const IteratorEntry *entry = &scan->entries[i];

        TRY(index_entry_row(entry, &rows[from + i], fault));
        if (keys != NULL)
            keys[from + i] = slice_of(entry->key.data, entry->key.size - INDEX_ROW_ID_BYTES);
        if (values != NULL)
            values[from + i] = entry->value;
    }
    return STATUS_OK;
}

Status index_scan_next(IndexScan *scan, RowId *rows, Slice *keys, Slice *values, int32_t max, int32_t *count_out, Fault *fault)
{
    bool    views = keys != NULL || values != NULL; /* pinned by the iterator they come from: one range a call */
    int32_t count = 0;
    int     found;

    *count_out = 0;
    TRY(reserve(scan, max, fault));
    while (count < max) {
        if (cancel_pending())
            return FAULT(fault, STATUS_CANCELLED, 0, "cancelled while reading an index");
        if (scan->iterator == NULL) {
            if (scan->next_range == scan->range_count)
                break;
            TRY(open_next_range(scan, fault));
        }
        TRY(take(scan, rows, keys, values, count, max, &found, fault));
        count += found;
        if (views && count > 0)
            break;
        if (found == 0) {
            iterator_close(scan->iterator);
            scan->iterator = NULL;
        }
    }
    *count_out = count;
    return STATUS_OK;
}
