/*
 * index_sort.c - see index_sort.h.
 */
#include "storage/index/index_sort.h"

#include "base/account.h"
#include "base/bytes.h"
#include "base/cancel.h"
#include "base/file.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    DEFAULT_BUDGET = 32 << 20,
    MERGE_RUNS = 64,       /* more are merged into one first */
    IO_BYTES = 128 << 10,  /* read and written at a time, per run */
    BLOCK_BYTES = 1 << 20, /* of entries in memory */
};

typedef struct SortBlock SortBlock;
struct SortBlock {
    SortBlock *next;
    size_t     size;
    size_t     used;
    uint8_t    bytes[];
};

/* One entry in memory: key, then value. */
typedef struct SortItem {
    uint64_t       head; /* the key's first bytes as a big-endian number: decides most comparisons */
    const uint8_t *data;
    uint32_t       key_bytes;
    uint32_t       value_bytes;
    uint8_t        flags;
} SortItem;

/* A sorted file, being written or read. */
typedef struct Run {
    File     *file;
    uint64_t  size;
    uint64_t  offset; /* of the next byte to read into the buffer */
    uint8_t  *buffer;
    size_t    capacity;
    size_t    start;  /* of what is in the buffer and not used */
    size_t    end;
    SortEntry entry;  /* the current one: in the buffer */
} Run;

struct IndexSort {
    const char *directory;
    size_t      budget;
    size_t      charged;
    uint64_t    bytes;
    SortBlock  *blocks;
    SortItem   *items;
    size_t      item_count;
    size_t      item_capacity;
    size_t      next_item;
    Run        *runs[MERGE_RUNS];
    int         run_count;
    Run        *heap[MERGE_RUNS];
    int         heap_count;
    Run        *given; /* its entry was handed out: moves on at the next call */
};

Status index_sort_new(const char *directory, size_t budget_bytes, IndexSort **sort_out, Fault *fault)
{
    IndexSort *sort = calloc(1, sizeof *sort);

    if (sort == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory to sort an index");
    sort->directory = directory;
    sort->budget = budget_bytes != 0 ? budget_bytes : (size_t)DEFAULT_BUDGET;
    *sort_out = sort;
    return STATUS_OK;
}

uint64_t index_sort_bytes(const IndexSort *sort)
{
    return sort->bytes;
}

static void free_blocks(IndexSort *sort)
{
    for (SortBlock *block = sort->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    sort->blocks = NULL;
    free(sort->items);
    sort->items = NULL;
    sort->item_count = sort->item_capacity = 0;
    account_release(&server_account, sort->charged);
    sort->charged = 0;
}

static void run_free(Run *run)
{
    if (run == NULL)
        return;
    file_close(run->file);
    free(run->buffer);
    free(run);
}

void index_sort_free(IndexSort *sort)
{
    if (sort == NULL)
        return;
    free_blocks(sort);
    for (int i = 0; i < sort->run_count; i++)
        run_free(sort->runs[i]);
    free(sort);
}

/* ---- runs on disk ------------------------------------------------------------------------------------------------------ */

static Status run_new(const IndexSort *sort, Run **run_out, Fault *fault)
{
    static _Atomic uint32_t number; /* file names only */
    Run                    *run = calloc(1, sizeof *run);
    char                    name[64];
    char                   *path;
    Status                  status = STATUS_NO_MEMORY;

    snprintf(name, sizeof name, "sort-%d-%u.tmp", (int)getpid(), atomic_fetch_add(&number, 1));
    path = path_join(sort->directory, name);
    if (run != NULL && path != NULL) {
        run->buffer = malloc(IO_BYTES);
        run->capacity = IO_BYTES;
        status = run->buffer == NULL ? STATUS_NO_MEMORY
                                     : file_open(path, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE | FILE_SEQUENTIAL, &run->file, fault);
        if (status == STATUS_OK)
            status = path_unlink(path, fault);
    }
    free(path);
    if (status != STATUS_OK) {
        run_free(run);
        return status == STATUS_NO_MEMORY ? FAULT(fault, status, 0, "no memory to sort an index") : status;
    }
    *run_out = run;
    return STATUS_OK;
}

static Status run_flush(Run *run, Fault *fault)
{
    TRY(file_write(run->file, run->size, run->buffer, run->end, fault));
    run->size += run->end;
    run->end = 0;
    return STATUS_OK;
}

static Status run_write(Run *run, const void *bytes, size_t size, Fault *fault)
{
    const uint8_t *from = bytes;

    while (size > 0) {
        size_t part = MIN(size, run->capacity - run->end);

        memcpy(run->buffer + run->end, from, part);
        run->end += part;
        from += part;
        size -= part;
        if (run->end == run->capacity)
            TRY(run_flush(run, fault));
    }
    return STATUS_OK;
}

static Status run_add(Run *run, const SortEntry *entry, Fault *fault)
{
    uint8_t  head[2 * VARINT_MAX_BYTES + 1];
    uint8_t *end = put_varint(put_varint(head, entry->key.size), entry->value.size);

    *end++ = entry->flags;
    TRY(run_write(run, head, (size_t)(end - head), fault));
    TRY(run_write(run, entry->key.data, entry->key.size, fault));
    return run_write(run, entry->value.data, entry->value.size, fault);
}

/* Makes sure that needed bytes, or all that are left, stand in the buffer from start on. */
static Status run_fill(Run *run, size_t needed, Fault *fault)
{
    size_t part;

    if (run->end - run->start >= needed)
        return STATUS_OK;
    memmove(run->buffer, run->buffer + run->start, run->end - run->start);
    run->end -= run->start;
    run->start = 0;
    if (needed > run->capacity) {
        uint8_t *larger = realloc(run->buffer, needed);

        if (larger == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory to sort an index");
        run->buffer = larger;
        run->capacity = needed;
    }
    part = (size_t)MIN((uint64_t)(run->capacity - run->end), run->size - run->offset);
    TRY(file_read_exactly(run->file, run->offset, run->buffer + run->end, part, fault));
    run->offset += part;
    run->end += part;
    return STATUS_OK;
}

/* The next entry of a run; *found_out false at its end. */
static Status run_next(Run *run, bool *found_out, Fault *fault)
{
    enum { HEAD = 2 * VARINT_MAX_BYTES + 1 };
    const uint8_t *at;
    const uint8_t *end;
    uint64_t       key_bytes;
    uint64_t       value_bytes;
    size_t         head;

    TRY(run_fill(run, HEAD, fault));
    *found_out = run->end > run->start;
    if (!*found_out)
        return STATUS_OK;
    end = run->buffer + run->end;
    at = get_varint(run->buffer + run->start, end, &key_bytes);
    at = at == NULL ? NULL : get_varint(at, end, &value_bytes);
    if (at == NULL || at == end)
        return FAULT(fault, STATUS_CORRUPT, 0, "a sort run of an index cannot be read back");
    run->entry.flags = *at++;
    head = (size_t)(at - run->buffer) - run->start;
    if (key_bytes > UINT32_MAX || value_bytes > UINT32_MAX)
        return FAULT(fault, STATUS_CORRUPT, 0, "a sort run of an index cannot be read back");
    TRY(run_fill(run, head + key_bytes + value_bytes, fault));
    if (run->end - run->start < head + key_bytes + value_bytes)
        return FAULT(fault, STATUS_CORRUPT, 0, "a sort run of an index ends early");
    at = run->buffer + run->start + head;
    run->entry.key = slice_of(at, key_bytes);
    run->entry.value = slice_of(at + key_bytes, value_bytes);
    run->start += head + key_bytes + value_bytes;
    return STATUS_OK;
}

/* ---- merging ---------------------------------------------------------------------------------------------------------------- */

static void sift_down(IndexSort *sort, int at)
{
    Run *moved = sort->heap[at];

    for (;;) {
        int child = 2 * at + 1;

        if (child >= sort->heap_count)
            break;
        if (child + 1 < sort->heap_count && slice_compare(sort->heap[child + 1]->entry.key, sort->heap[child]->entry.key) < 0)
            child++;
        if (slice_compare(sort->heap[child]->entry.key, moved->entry.key) >= 0)
            break;
        sort->heap[at] = sort->heap[child];
        at = child;
    }
    sort->heap[at] = moved;
}

static Status start_merge(IndexSort *sort, Fault *fault)
{
    bool found;

    sort->heap_count = 0;
    sort->given = NULL;
    for (int i = 0; i < sort->run_count; i++) {
        Run *run = sort->runs[i];

        run->offset = 0;
        run->start = run->end = 0;
        TRY(run_next(run, &found, fault));
        if (found)
            sort->heap[sort->heap_count++] = run;
    }
    for (int i = sort->heap_count / 2 - 1; i >= 0; i--)
        sift_down(sort, i);
    return STATUS_OK;
}

static Status merge_next(IndexSort *sort, SortEntry *entry_out, bool *found_out, Fault *fault)
{
    bool found;

    if (sort->given != NULL) {
        TRY(run_next(sort->given, &found, fault));
        if (!found)
            sort->heap[0] = sort->heap[--sort->heap_count];
        if (sort->heap_count > 0)
            sift_down(sort, 0);
    }
    *found_out = sort->heap_count > 0;
    sort->given = *found_out ? sort->heap[0] : NULL;
    if (*found_out)
        *entry_out = sort->given->entry;
    return STATUS_OK;
}

static Status merge_into(IndexSort *sort, Run *into, Fault *fault)
{
    SortEntry entry;
    bool      found = true;

    TRY(start_merge(sort, fault));
    while (found) {
        if (cancel_pending())
            return FAULT(fault, STATUS_CANCELLED, 0, "cancelled while sorting an index");
        TRY(merge_next(sort, &entry, &found, fault));
        if (found)
            TRY(run_add(into, &entry, fault));
    }
    return run_flush(into, fault);
}

/* All runs become one. */
static Status merge_runs(IndexSort *sort, Fault *fault)
{
    Run   *merged;
    Status status;

    TRY(run_new(sort, &merged, fault));
    status = merge_into(sort, merged, fault);
    if (status != STATUS_OK) {
        run_free(merged);
        return status;
    }
    for (int i = 0; i < sort->run_count; i++)
        run_free(sort->runs[i]);
    sort->runs[0] = merged;
    sort->run_count = 1;
    return STATUS_OK;
}

/* ---- in memory ---------------------------------------------------------------------------------------------------------------- */

static uint64_t key_head(Slice key)
{
    uint8_t bytes[8] = {0};

    if (key.size != 0)
        memcpy(bytes, key.data, MIN(key.size, sizeof bytes));
    return get_be64(bytes);
}

static int compare_items(const void *a, const void *b)
{
    const SortItem *x = a;
    const SortItem *y = b;

    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    return slice_compare(slice_of(x->data, x->key_bytes), slice_of(y->data, y->key_bytes));
}

static SortEntry entry_of(const SortItem *item)
{
    return (SortEntry){.key = slice_of(item->data, item->key_bytes), .value = slice_of(item->data + item->key_bytes, item->value_bytes),
                       .flags = item->flags};
}

static void sort_items(IndexSort *sort)
{
    if (sort->item_count > 1)
        qsort(sort->items, sort->item_count, sizeof *sort->items, compare_items);
}

static Status write_items(const IndexSort *sort, Run *run, Fault *fault)
{
    for (size_t i = 0; i < sort->item_count; i++) {
        SortEntry entry = entry_of(&sort->items[i]);

        TRY(run_add(run, &entry, fault));
    }
    return run_flush(run, fault);
}

/* What is in memory becomes a run. */
static Status spill(IndexSort *sort, Fault *fault)
{
    Run   *run;
    Status status;

    if (sort->run_count == MERGE_RUNS)
        TRY(merge_runs(sort, fault));
    sort_items(sort);
    TRY(run_new(sort, &run, fault));
    status = write_items(sort, run, fault);
    if (status != STATUS_OK) {
        run_free(run);
        return status;
    }
    sort->runs[sort->run_count++] = run;
    free_blocks(sort);
    return STATUS_OK;
}

/* False: there is no memory, or the budget is used. */
static bool charge(IndexSort *sort, size_t bytes)
{
    if ((sort->item_count > 0 && sort->charged + bytes > sort->budget) || !account_reserve(&server_account, bytes))
        return false;
    sort->charged += bytes;
    return true;
}

static bool room_for_item(IndexSort *sort)
{
    size_t    capacity = MAX(sort->item_capacity * 2, (size_t)1024);
    SortItem *grown;

    if (sort->item_count < sort->item_capacity)
        return true;
    if (!charge(sort, (capacity - sort->item_capacity) * sizeof *grown))
        return false;
    grown = realloc(sort->items, capacity * sizeof *grown);
    if (grown == NULL)
        return false; /* the charge is released with the rest */
    sort->items = grown;
    sort->item_capacity = capacity;
    return true;
}

static uint8_t *room_for_bytes(IndexSort *sort, size_t size)
{
    SortBlock *block = sort->blocks;

    if (block == NULL || block->size - block->used < size) {
        size_t room = MAX(size, MIN((size_t)BLOCK_BYTES, sort->budget / 4));

        if (!charge(sort, sizeof *block + room))
            return NULL;
        block = malloc(sizeof *block + room);
        if (block == NULL)
            return NULL;
        *block = (SortBlock){.next = sort->blocks, .size = room};
        sort->blocks = block;
    }
    block->used += size;
    return block->bytes + block->used - size;
}

/* False: memory is used up. */
static bool keep(IndexSort *sort, const SortEntry *entry)
{
    uint8_t *data = room_for_item(sort) ? room_for_bytes(sort, entry->key.size + entry->value.size) : NULL;

    if (data == NULL)
        return false;
    if (entry->key.size != 0)
        memcpy(data, entry->key.data, entry->key.size);
    if (entry->value.size != 0)
        memcpy(data + entry->key.size, entry->value.data, entry->value.size);
    sort->items[sort->item_count++] = (SortItem){.head = key_head(entry->key), .data = data, .key_bytes = (uint32_t)entry->key.size,
                                                 .value_bytes = (uint32_t)entry->value.size, .flags = entry->flags};
    return true;
}

/* ---- the interface ---------------------------------------------------------------------------------------------------------------- */

Status index_sort_add(IndexSort *sort, const SortEntry *entry, Fault *fault)
{
    sort->bytes += entry->key.size + entry->value.size;
    if (keep(sort, entry))
        return STATUS_OK;
    if (sort->item_count > 0) {
        TRY(spill(sort, fault));
        if (keep(sort, entry))
            return STATUS_OK;
    }
    return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory to sort an index");
}

Status index_sort_finish(IndexSort *sort, Fault *fault)
{
    if (sort->run_count == 0) {
        sort_items(sort);
        return STATUS_OK;
    }
    if (sort->item_count > 0)
        TRY(spill(sort, fault));
    return start_merge(sort, fault);
}

Status index_sort_next(IndexSort *sort, SortEntry *entry_out, bool *found_out, Fault *fault)
{
    if (sort->run_count > 0)
        return merge_next(sort, entry_out, found_out, fault);
    *found_out = sort->next_item < sort->item_count;
    if (*found_out)
        *entry_out = entry_of(&sort->items[sort->next_item++]);
    return STATUS_OK;
}
