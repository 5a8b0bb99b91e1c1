/*
 * spill.c - temporary files of batches, merging of sorted runs.
 */
#include "executor/exec/spill.h"

#include "base/file.h"
#include "executor/exec/sort_rows.h"
#include "executor/store/store.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static const char *spill_directory = ".";

void spill_set_directory(const char *directory)
{
    spill_directory = directory;
}

enum { WRITE_BUFFER = 1 << 18 };

typedef struct BlockHeader {
    uint32_t rows;
    uint32_t bytes; /* after the header */
} BlockHeader;

struct SpillFile {
    ExecState       *state;
    Arena           *arena;
    File            *file;
    ArenaDefer       on_free;
    int32_t          column_count;
    const Oid       *types;
    const PhysType  *phys;
    int64_t          rows;
    uint64_t         size;    /* written to the file */
    uint8_t         *buffer;  /* not yet written */
    size_t           buffered, capacity;
};

static void close_file(void *object)
{
    file_close(((SpillFile *)object)->file);
}

static void check(Status status, const Fault *fault)
{
    if (status != STATUS_OK)
        store_check(status, fault);
}

static void open_file(SpillFile *spill)
{
    static _Atomic uint64_t number;
    Fault                   fault;
    char *path = arena_printf(spill->arena, "%s/spill-%d-%llu.tmp", spill_directory, (int)getpid(), (unsigned long long)atomic_fetch_add(&number, 1));

    check(file_open(path, FILE_WRITE | FILE_CREATE | FILE_EXCLUSIVE, &spill->file, &fault), &fault);
    arena_defer(spill->arena, &spill->on_free, close_file, spill);
    check(path_unlink(path, &fault), &fault);
}

SpillFile *spill_new(ExecState *state, int32_t column_count, const PlanColumn *columns)
{
    Arena     *arena = arena_new(state->arena, NULL, "spill");
    SpillFile *spill = ARENA_NEW(arena, SpillFile);
    Oid       *types = ARENA_ARRAY(arena, (size_t)column_count, Oid);
    PhysType  *phys = ARENA_ARRAY(arena, (size_t)column_count, PhysType);

    spill->state = state;
    spill->arena = arena;
    spill->column_count = column_count;
    for (int32_t i = 0; i < column_count; i++) {
        types[i] = columns[i].type;
        phys[i] = columns[i].phys;
    }
    spill->types = types;
    spill->phys = phys;
    return spill;
}

void spill_free(SpillFile *file)
{
    if (file != NULL)
        arena_free(file->arena);
}

int64_t spill_rows(const SpillFile *file)
{
    return file->rows;
}

size_t spill_bytes(const SpillFile *file)
{
    return (size_t)file->size + file->buffered;
}

static void flush(SpillFile *spill)
{
    Fault fault;

    if (spill->buffered == 0)
        return;
    if (spill->file == NULL)
        open_file(spill);
    check(file_write(spill->file, spill->size, spill->buffer, spill->buffered, &fault), &fault);
    spill->size += spill->buffered;
    spill->buffered = 0;
}

static uint8_t *reserve(SpillFile *spill, size_t bytes)
{
    if (spill->buffered + bytes > spill->capacity) {
        flush(spill);
        if (bytes > spill->capacity) {
            size_t capacity = MAX(bytes, WRITE_BUFFER);

            spill->buffer = arena_alloc(spill->arena, capacity);
            spill->capacity = capacity;
        }
    }
    return spill->buffer + spill->buffered;
}

static size_t rounded(size_t bytes)
{
    return (bytes + 15) & ~(size_t)15;
}

static bool is_big(const Numeric *number)
{
    return number->kind == NUMERIC_BIG_POSITIVE || number->kind == NUMERIC_BIG_NEGATIVE;
}

/* Bytes that the elements of a column point to. */
static size_t outside_bytes(const Vector *vector, const int32_t *sel, int32_t count)
{
    size_t total = 0;

    if (vector->phys == PHYS_BYTES) {
        for (int32_t i = 0; i < count; i++)
            if (vector_is_valid(vector, sel_row(sel, i)))
                total += VECTOR_DATA(vector, Slice)[sel_row(sel, i)].size;
    } else if (vector->phys == PHYS_NUMERIC) {
        for (int32_t i = 0; i < count; i++) {
            const Numeric *number = &VECTOR_DATA(vector, Numeric)[sel_row(sel, i)];

            if (vector_is_valid(vector, sel_row(sel, i)) && is_big(number))
                total += number->size;
        }
    }
    return total;
}

/* Elements go out with their pointers replaced by offsets into the outside bytes that follow. */
static uint8_t *write_column(uint8_t *at, const Vector *vector, const int32_t *sel, int32_t count)
{
    uint64_t *bits = (uint64_t *)at;
    size_t    width = phys_width(vector->phys);
    uint8_t  *elements = at + rounded(BATCH_WORDS(count) * 8);
    uint8_t  *outside = elements + rounded((size_t)count * width);
    uint8_t  *end = outside;

    memset(bits, 0, BATCH_WORDS(count) * 8);
    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);
        bool    valid = vector_is_valid(vector, row);
        Datum   value = {0};

        if (valid) {
            bitmap_set(bits, i);
            memcpy(&value, vector_element(vector, row), width);
        }
        if (vector->phys == PHYS_BYTES) {
            if (value.bytes.size > 0)
                memcpy(end, value.bytes.data, value.bytes.size);
            value.bytes.data = (const uint8_t *)(uintptr_t)(end - outside);
            end += value.bytes.size;
        } else if (vector->phys == PHYS_NUMERIC && valid && is_big(&value.numeric)) {
            memcpy(end, value.numeric.big, value.numeric.size);
            value.numeric.big = (const uint8_t *)(uintptr_t)(end - outside);
            end += value.numeric.size;
        }
        memcpy(elements + (size_t)i * width, &value, width);
    }
    return outside + rounded((size_t)(end - outside));
}

static size_t block_bytes(const SpillFile *spill, Vector *const *columns, const int32_t *sel, int32_t count)
{
    size_t bytes = 0;

    for (int32_t c = 0; c < spill->column_count; c++)
        bytes += rounded(BATCH_WORDS(count) * 8) + rounded((size_t)count * phys_width(spill->phys[c])) +
                 rounded(outside_bytes(columns[c], sel, count));
    return bytes;
}

void spill_write(SpillFile *file, Vector *const *columns, const int32_t *sel, int32_t count)
{
    size_t      bytes;
    uint8_t    *at;
    BlockHeader header;

    if (count == 0)
        return;
    for (int32_t c = 0; c < file->column_count; c++)
        vector_load(columns[c], sel, count);
    bytes = block_bytes(file, columns, sel, count);
    if (bytes > UINT32_MAX) { /* huge values: fewer rows to a block */
        int32_t *rows = ARENA_ARRAY(file->arena, (size_t)count, int32_t);

        if (count == 1)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "row is too large for a temporary file");
        for (int32_t i = 0; i < count; i++)
            rows[i] = sel_row(sel, i);
        spill_write(file, columns, rows, count / 2);
        spill_write(file, columns, rows + count / 2, count - count / 2);
        return;
    }
    at = reserve(file, 16 + bytes);
    header = (BlockHeader){(uint32_t)count, (uint32_t)bytes};
    memset(at, 0, 16);
    memcpy(at, &header, sizeof header);
    at += 16;
    for (int32_t c = 0; c < file->column_count; c++)
        at = write_column(at, columns[c], sel, count);
    file->buffered += 16 + bytes;
    file->rows += count;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

struct SpillReader {
    SpillFile  *file;
    Arena      *arena;
    uint64_t    offset;
    uint8_t    *block;
    size_t      capacity;
    Batch       batch;
    Vector     *vectors;
};

SpillReader *spill_read(SpillFile *file)
{
    Arena       *arena;
    SpillReader *reader;

    if (file->size > 0)
        flush(file); /* a small file was never opened: it is read from the buffer */
    arena = arena_new(file->arena, NULL, "spill reader");
    reader = ARENA_NEW(arena, SpillReader);
    reader->file = file;
    reader->arena = arena;
    reader->vectors = ARENA_ARRAY_ZEROED(arena, (size_t)file->column_count, Vector);
    reader->batch.column_count = file->column_count;
    reader->batch.columns = ARENA_ARRAY(arena, (size_t)file->column_count, Vector *);
    for (int32_t c = 0; c < file->column_count; c++) {
        reader->vectors[c] = (Vector){.type = file->types[c], .phys = file->phys[c]};
        reader->batch.columns[c] = &reader->vectors[c];
    }
    return reader;
}

void spill_read_end(SpillReader *reader)
{
    arena_free(reader->arena);
}

static void fetch(SpillReader *reader, void *to, size_t bytes)
{
    SpillFile *file = reader->file;
    Fault      fault;

    if (file->size == 0)
        memcpy(to, file->buffer + reader->offset, bytes);
    else
        check(file_read_exactly(file->file, reader->offset, to, bytes, &fault), &fault);
    reader->offset += bytes;
}

static uint8_t *attach_column(Vector *vector, uint8_t *at, int32_t count)
{
    size_t   width = phys_width(vector->phys);
    uint8_t *outside = at + rounded(BATCH_WORDS(count) * 8) + rounded((size_t)count * width);
    size_t   used = 0;

    vector->validity = (uint64_t *)at;
    vector->data = at + rounded(BATCH_WORDS(count) * 8);
    vector->capacity = count;
    if (vector->phys == PHYS_BYTES) {
        Slice *slices = vector->data;

        for (int32_t i = 0; i < count; i++) {
            slices[i].data = outside + (uintptr_t)slices[i].data;
            used += slices[i].size;
        }
    } else if (vector->phys == PHYS_NUMERIC) {
        Numeric *numbers = vector->data;

        for (int32_t i = 0; i < count; i++)
            if (bitmap_get(vector->validity, i) && is_big(&numbers[i])) {
                numbers[i].big = outside + (uintptr_t)numbers[i].big;
                used += numbers[i].size;
            }
    }
    return outside + rounded(used);
}

Batch *spill_read_next(SpillReader *reader)
{
    SpillFile  *file = reader->file;
    uint8_t     head[16];
    BlockHeader header;
    uint8_t    *at;

    if (reader->offset >= file->size + (file->size == 0 ? file->buffered : 0))
        return NULL;
    fetch(reader, head, sizeof head);
    memcpy(&header, head, sizeof header);
    if (header.bytes > reader->capacity) {
        reader->capacity = header.bytes * 5ull / 4;
        reader->block = arena_alloc(reader->arena, reader->capacity);
    }
    fetch(reader, reader->block, header.bytes);
    at = reader->block;
    for (int32_t c = 0; c < file->column_count; c++)
        at = attach_column(&reader->vectors[c], at, (int32_t)header.rows);
    reader->batch.row_count = reader->batch.count = (int32_t)header.rows;
    return &reader->batch;
}

/* ---- merging --------------------------------------------------------------------------------------------------------------- */

typedef struct Run {
    SpillFile   *file;
    SpillReader *reader;
    Batch       *batch;
    int32_t      at;
} Run;

struct SpillMerge {
    ExecState         *state;
    Arena             *arena;
    int32_t            column_count;
    const PlanColumn  *columns;
    const PlanSortKey *keys;
    int32_t            key_count;
    int32_t            run_count, run_capacity;
    Run               *runs;
    int32_t           *heap;   /* run numbers, the first row on top */
    int32_t            heap_count;
    RowStore          *out;
    BatchBuffer        part;
};

enum { MERGE_WIDTH = 64, RUN_ROWS = 256 };

SpillMerge *spill_merge_new(ExecState *state, int32_t column_count, const PlanColumn *columns, const PlanSortKey *keys, int32_t key_count)
{
    Arena      *arena = arena_new(state->arena, NULL, "merge");
    SpillMerge *merge = ARENA_NEW(arena, SpillMerge);

    merge->state = state;
    merge->arena = arena;
    merge->column_count = column_count;
    merge->columns = columns;
    merge->keys = keys;
    merge->key_count = key_count;
    merge->out = row_store_new(arena, column_count, columns);
    batch_buffer_init(&merge->part, arena, column_count);
    for (int32_t c = 0; c < column_count; c++)
        vector_buffer_init(&merge->part.columns[c], columns[c].type, columns[c].phys);
    return merge;
}

void spill_merge_free(SpillMerge *merge)
{
    for (int32_t i = 0; i < merge->run_count; i++)
        spill_free(merge->runs[i].file);
    arena_free(merge->arena);
}

size_t spill_merge_bytes(const SpillMerge *merge)
{
    size_t bytes = 0;

    for (int32_t i = 0; i < merge->run_count; i++)
        bytes += spill_bytes(merge->runs[i].file);
    return bytes;
}

static SpillFile *add_file(SpillMerge *merge)
{
    if (merge->run_count == merge->run_capacity) {
        int32_t capacity = MAX(8, merge->run_capacity * 2);

        merge->runs = arena_grow(merge->arena, merge->runs, (size_t)merge->run_capacity * sizeof(Run), (size_t)capacity * sizeof(Run));
        merge->run_capacity = capacity;
    }
    merge->runs[merge->run_count] = (Run){.file = spill_new(merge->state, merge->column_count, merge->columns)};
    return merge->runs[merge->run_count++].file;
}

/* Merges all runs into one when there are too many to read side by side. */
static void merge_down(SpillMerge *merge)
{
    SpillMerge *all = spill_merge_new(merge->state, merge->column_count, merge->columns, merge->keys, merge->key_count);
    SpillFile  *to;
    Batch      *batch;

    all->runs = merge->runs;
    all->run_count = merge->run_count;
    merge->runs = NULL;
    merge->run_count = merge->run_capacity = 0;
    to = add_file(merge);
    spill_merge_start(all);
    while ((batch = spill_merge_next(all, BATCH_ROWS)) != NULL)
        spill_write(to, batch->columns, batch->sel, batch->count);
    flush(to);
    spill_merge_free(all);
}

void spill_merge_add_run(SpillMerge *merge, RowStore *store, const uint32_t *order)
{
    SpillFile *file;

    if (merge->run_count >= MERGE_WIDTH)
        merge_down(merge);
    file = add_file(merge);
    for (int64_t from = 0; from < store->row_count; from += RUN_ROWS) {
        int32_t count = (int32_t)MIN(store->row_count - from, RUN_ROWS);

        for (int32_t c = 0; c < merge->column_count; c++)
            row_store_gather(store, c, order + from, count, &merge->part.columns[c], merge->arena);
        spill_write(file, merge->part.batch.columns, NULL, count);
    }
    flush(file);
}

/* Equal rows come in order of runs, which is the order they arrived in. */
static bool run_before(const SpillMerge *merge, int32_t a, int32_t b)
{
    const Run *x = &merge->runs[a], *y = &merge->runs[b];
    int        order = sort_compare_vectors(x->batch->columns, x->at, y->batch->columns, y->at, merge->keys, merge->key_count);

    return order != 0 ? order < 0 : a < b;
}

static void sift_down(SpillMerge *merge, int32_t at)
{
    for (;;) {
        int32_t child = 2 * at + 1, best;

        if (child >= merge->heap_count)
            return;
        if (child + 1 < merge->heap_count && run_before(merge, merge->heap[child + 1], merge->heap[child]))
            child++;
        if (!run_before(merge, merge->heap[child], merge->heap[at]))
            return;
        best = merge->heap[child];
        merge->heap[child] = merge->heap[at];
        merge->heap[at] = best;
        at = child;
    }
}

void spill_merge_start(SpillMerge *merge)
{
    merge->heap = ARENA_ARRAY(merge->arena, (size_t)MAX(merge->run_count, 1), int32_t);
    merge->heap_count = 0;
    for (int32_t i = 0; i < merge->run_count; i++) {
        Run *run = &merge->runs[i];

        run->reader = spill_read(run->file);
        run->batch = spill_read_next(run->reader);
        run->at = 0;
        if (run->batch != NULL)
            merge->heap[merge->heap_count++] = i;
    }
    for (int32_t at = merge->heap_count / 2 - 1; at >= 0; at--)
        sift_down(merge, at);
}

Batch *spill_merge_next(SpillMerge *merge, int32_t max_rows)
{
    int32_t count = 0;

    row_store_reset(merge->out);
    max_rows = MIN(max_rows, STORE_CHUNK_ROWS);
    while (count < max_rows && merge->heap_count > 0) {
        Run *run = &merge->runs[merge->heap[0]];

        row_store_append(merge->out, run->batch->columns, &run->at, 1);
        count++;
        if (++run->at == run->batch->count) {
            run->batch = spill_read_next(run->reader);
            run->at = 0;
            if (run->batch == NULL)
                merge->heap[0] = merge->heap[--merge->heap_count];
        }
        sift_down(merge, 0);
    }
    return count > 0 ? row_store_batch(merge->out, 0) : NULL;
}
