/*
 * row_store.c - rows in memory as chunks of columns.
 */
#include "executor/exec/row_store.h"

RowStore *row_store_new_types(Arena *parent, int32_t column_count, const Oid *types, const PhysType *phys)
{
    Arena    *arena = arena_new(parent, NULL, "row store");
    RowStore *store = ARENA_NEW(parent, RowStore);

    store->arena = arena;
    store->column_count = column_count;
    store->types = ARENA_ARRAY(parent, (size_t)column_count, Oid);
    store->phys = ARENA_ARRAY(parent, (size_t)column_count, PhysType);
    for (int32_t i = 0; i < column_count; i++) {
        store->types[i] = types[i];
        store->phys[i] = phys[i];
    }
    return store;
}

RowStore *row_store_new(Arena *parent, int32_t column_count, const PlanColumn *columns)
{
    RowStore *store = row_store_new_types(parent, 0, NULL, NULL);

    store->column_count = column_count;
    store->types = ARENA_ARRAY(parent, (size_t)column_count, Oid);
    store->phys = ARENA_ARRAY(parent, (size_t)column_count, PhysType);
    for (int32_t i = 0; i < column_count; i++) {
        store->types[i] = columns[i].type;
        store->phys[i] = columns[i].phys;
    }
    return store;
}

void row_store_reset(RowStore *store)
{
    arena_reset(store->arena);
    store->row_count = 0;
    store->chunks = NULL;
    store->chunk_count = store->chunk_capacity = 0;
}

void row_store_free(RowStore *store)
{
    arena_free(store->arena);
    store->arena = NULL;
}

static StoreChunk *add_chunk(RowStore *store)
{
    StoreChunk *chunk = ARENA_NEW(store->arena, StoreChunk);

    if (store->row_count >= (int64_t)UINT32_MAX - STORE_CHUNK_ROWS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "too many rows in memory");
    if (store->chunk_count == store->chunk_capacity) {
        int64_t capacity = MAX(8, store->chunk_capacity * 2);

        store->chunks = arena_grow(store->arena, store->chunks, (size_t)store->chunk_capacity * sizeof *store->chunks,
                                   (size_t)capacity * sizeof *store->chunks);
        store->chunk_capacity = capacity;
    }
    batch_buffer_init(&chunk->columns, store->arena, store->column_count);
    for (int32_t i = 0; i < store->column_count; i++)
        vector_buffer_init(&chunk->columns.columns[i], store->types[i], store->phys[i]);
    store->chunks[store->chunk_count++] = chunk;
    return chunk;
}

/* Copies the bytes that elements first .. first+count-1 point to into the store's arena, in one piece. */
static void own_bytes(RowStore *store, Vector *vector, int32_t first, int32_t count)
{
    if (vector->phys == PHYS_BYTES) {
        Slice   *slices = (Slice *)vector->data + first;
        size_t   total = 0;
        uint8_t *to;

        for (int32_t i = 0; i < count; i++) {
            if (!vector_is_valid(vector, first + i))
                slices[i] = (Slice){NULL, 0};
            total += slices[i].size;
        }
        to = arena_alloc(store->arena, total);
        for (int32_t i = 0; i < count; i++) {
            if (slices[i].size > 0)
                memcpy(to, slices[i].data, slices[i].size);
            slices[i].data = to;
            to += slices[i].size;
        }
    } else if (vector->phys == PHYS_NUMERIC) {
        Numeric *numbers = (Numeric *)vector->data + first;

        for (int32_t i = 0; i < count; i++) {
            bool big = numbers[i].kind == NUMERIC_BIG_POSITIVE || numbers[i].kind == NUMERIC_BIG_NEGATIVE;

            if (!vector_is_valid(vector, first + i))
                numbers[i] = (Numeric){0};
            else if (big)
                numbers[i].big = arena_copy(store->arena, slice_of(numbers[i].big, numbers[i].size)).data;
        }
    }
}

/* Copies count rows, starting at the from-th of sel, behind the chunk's rows. */
static void append_column(RowStore *store, StoreChunk *chunk, VectorBuffer *to, const Vector *source, const int32_t *sel,
                          int32_t from, int32_t count)
{
    int32_t         first = chunk->count;
    const uint64_t *old_validity = to->vector.validity;
    size_t          width = phys_width(source->phys);
    char           *at;

    vector_buffer_reserve(to, store->arena, first + count);
    if (old_validity != NULL) {
        to->vector.validity = to->bitmap;
    } else if (source->validity != NULL) {
        vector_buffer_set_validity(to, first + count, true);
    }
    at = (char *)to->vector.data + (size_t)first * width;
    if (sel == NULL) {
        memcpy(at, (const char *)source->data + (size_t)from * width, (size_t)count * width);
    } else {
        const char *data = source->data;

        switch (width) {
        case 4:
            for (int32_t i = 0; i < count; i++)
                ((uint32_t *)at)[i] = ((const uint32_t *)data)[sel[from + i]];
            break;
        case 8:
            for (int32_t i = 0; i < count; i++)
                ((uint64_t *)at)[i] = ((const uint64_t *)data)[sel[from + i]];
            break;
        default:
            for (int32_t i = 0; i < count; i++)
                memcpy(at + (size_t)i * width, data + (size_t)sel[from + i] * width, width);
            break;
        }
    }
    if (to->vector.validity != NULL) {
        for (int32_t i = 0; i < count; i++) {
            if (vector_is_valid(source, sel_row(sel, from + i)))
                bitmap_set(to->bitmap, first + i);
            else
                bitmap_clear(to->bitmap, first + i);
        }
    }
    own_bytes(store, &to->vector, first, count);
}

void row_store_append(RowStore *store, Vector *const *columns, const int32_t *sel, int32_t count)
{
    int32_t done = 0;

    for (int32_t i = 0; i < store->column_count; i++)
        vector_load(columns[i], sel, count);
    while (done < count) {
        StoreChunk *chunk = store->chunk_count > 0 ? store->chunks[store->chunk_count - 1] : NULL;
        int32_t     part;

        if (chunk == NULL || chunk->count == STORE_CHUNK_ROWS)
            chunk = add_chunk(store);
        part = MIN(count - done, STORE_CHUNK_ROWS - chunk->count);
        for (int32_t i = 0; i < store->column_count; i++)
            append_column(store, chunk, &chunk->columns.columns[i], columns[i], sel, done, part);
        chunk->count += part;
        store->row_count += part;
        done += part;
    }
}

void row_store_append_batch(RowStore *store, const Batch *batch)
{
    row_store_append(store, batch->columns, batch->sel, batch->count);
}

Batch *row_store_batch(RowStore *store, int64_t at)
{
    StoreChunk *chunk;

    if (at >= store->chunk_count)
        return NULL;
    chunk = store->chunks[at];
    chunk->columns.batch.row_count = chunk->columns.batch.count = chunk->count;
    return &chunk->columns.batch;
}

bool row_store_get(const RowStore *store, int32_t column, uint32_t row, Datum *out)
{
    return vector_get(row_store_vector(store, column, row), row_store_row(row), out);
}

#define GATHER(ctype)                                                                                            \
    do {                                                                                                         \
        ctype *to = out->vector.data;                                                                            \
        for (int32_t i = 0; i < count; i++)                                                                      \
            if (rows[i] != ROW_NONE)                                                                             \
                to[i] = VECTOR_DATA(row_store_vector(store, column, rows[i]), ctype)[row_store_row(rows[i])];    \
            else                                                                                                 \
                memset(&to[i], 0, sizeof to[i]);                                                                 \
    } while (0)

typedef struct Wide {
    uint64_t a, b;
} Wide;

void row_store_gather(const RowStore *store, int32_t column, const uint32_t *rows, int32_t count, VectorBuffer *out, Arena *arena)
{
    bool any_null = false;

    vector_buffer_reserve(out, arena, count);
    switch (phys_width(store->phys[column])) {
    case 1:
        GATHER(uint8_t);
        break;
    case 2:
        GATHER(uint16_t);
        break;
    case 4:
        GATHER(uint32_t);
        break;
    case 8:
        GATHER(uint64_t);
        break;
    default:
        GATHER(Wide);
        break;
    }
    for (int32_t i = 0; i < count; i++) {
        bool valid = rows[i] != ROW_NONE && vector_is_valid(row_store_vector(store, column, rows[i]), row_store_row(rows[i]));

        if (!valid) {
            if (!any_null)
                vector_buffer_set_validity(out, count, true);
            any_null = true;
            bitmap_clear(out->bitmap, i);
        }
    }
}
