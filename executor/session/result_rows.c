/*
 * result_rows.c - see result_rows.h.
 */
#include "executor/session/result_rows.h"

#include "types/type.h"

/* Rows stand row by row, in pieces whose sizes double: appending never moves what is there. */
enum { FIRST_PIECE_ROWS = 16, PIECE_MAX = 40 };

struct ResultRows {
    Arena    *arena;
    int32_t   column_count;
    PhysType *types;
    int64_t   count;
    Datum    *values[PIECE_MAX]; /* piece p holds FIRST_PIECE_ROWS << p rows */
    bool     *nulls[PIECE_MAX];
    Batch     batch;             /* what result_rows_read() hands out */
    int32_t   batch_capacity;
};

ResultRows *result_rows_new(Arena *arena, int32_t column_count, const PhysType *types)
{
    ResultRows *store = ARENA_NEW(arena, ResultRows);

    store->arena = arena;
    store->column_count = column_count;
    store->types = ARENA_ARRAY(arena, column_count, PhysType);
    if (column_count > 0)
        memcpy(store->types, types, (size_t)column_count * sizeof *types);
    return store;
}

int64_t result_rows_count(const ResultRows *store)
{
    return store->count;
}

/* Row n stands in piece p at offset (n + first) - (first << p), where p is the position of its highest bit. */
static int piece_of(int64_t row, int64_t *at)
{
    int64_t shifted = row + FIRST_PIECE_ROWS;
    int     piece = 63 - __builtin_clzll((uint64_t)shifted) - __builtin_ctz(FIRST_PIECE_ROWS);

    *at = shifted - ((int64_t)FIRST_PIECE_ROWS << piece);
    return piece;
}

static Datum *add_row(ResultRows *store, bool **nulls)
{
    int64_t at;
    int     piece = piece_of(store->count, &at);
    size_t  width = (size_t)MAX(store->column_count, 1);

    if (store->values[piece] == NULL) {
        size_t rows = (size_t)FIRST_PIECE_ROWS << piece;

        store->values[piece] = ARENA_ARRAY(store->arena, rows * width, Datum);
        store->nulls[piece] = ARENA_ARRAY(store->arena, rows * width, bool);
    }
    store->count++;
    *nulls = store->nulls[piece] + (size_t)at * width;
    return store->values[piece] + (size_t)at * width;
}

void result_rows_append_row(ResultRows *store, const Datum *values, const bool *nulls)
{
    bool  *null_to;
    Datum *to = add_row(store, &null_to);

    for (int32_t i = 0; i < store->column_count; i++) {
        null_to[i] = nulls != NULL && nulls[i];
        if (!null_to[i])
            datum_copy(store->types[i], store->arena, &values[i], &to[i]);
    }
}

void result_rows_append(ResultRows *store, const Batch *batch)
{
    for (int32_t i = 0; i < store->column_count; i++)
        vector_load(batch->columns[i], batch->sel, batch->count);
    for (int32_t i = 0; i < batch->count; i++) {
        int32_t row = sel_row(batch->sel, i);
        bool   *null_to;
        Datum  *to = add_row(store, &null_to);

        for (int32_t column = 0; column < store->column_count; column++) {
            const Vector *vector = batch->columns[column];

            null_to[column] = !vector_is_valid(vector, row);
            if (!null_to[column])
                datum_copy(vector->phys, store->arena, vector_element(vector, row), &to[column]);
        }
    }
}

static void make_room(ResultRows *store, int32_t rows)
{
    if (store->batch.columns == NULL) {
        store->batch.column_count = store->column_count;
        store->batch.columns = ARENA_ARRAY(store->arena, store->column_count, Vector *);
        for (int32_t i = 0; i < store->column_count; i++) {
            store->batch.columns[i] = ARENA_NEW(store->arena, Vector);
            store->batch.columns[i]->phys = store->types[i];
        }
    }
    if (rows <= store->batch_capacity)
        return;
    for (int32_t i = 0; i < store->column_count; i++) {
        store->batch.columns[i]->data = ARENA_ARRAY_ZEROED(store->arena, (size_t)rows * phys_width(store->types[i]), char);
        store->batch.columns[i]->validity = ARENA_ARRAY(store->arena, BATCH_WORDS(rows), uint64_t);
        store->batch.columns[i]->capacity = rows;
    }
    store->batch_capacity = rows;
}

Batch *result_rows_read(ResultRows *store, int64_t first, int32_t step, int32_t max_rows)
{
    int64_t available = step > 0 ? store->count - first : first + 1;
    int32_t rows = (int32_t)MAX(0, MIN((int64_t)MIN(max_rows, BATCH_ROWS), available));

    make_room(store, rows);
    store->batch.row_count = store->batch.count = rows;
    for (int32_t row = 0; row < rows; row++) {
        int64_t at;
        int     piece = piece_of(first + (int64_t)row * step, &at);
        size_t  from = (size_t)at * (size_t)MAX(store->column_count, 1);

        for (int32_t column = 0; column < store->column_count; column++) {
            Vector *vector = store->batch.columns[column];

            if (store->nulls[piece][from + (size_t)column]) {
                bitmap_clear(vector->validity, row);
                continue;
            }
            bitmap_set(vector->validity, row);
            datum_store(vector->phys, vector_element(vector, row), &store->values[piece][from + (size_t)column]);
        }
    }
    return &store->batch;
}
