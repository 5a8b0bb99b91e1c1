/*
 * row_store.h - rows kept in memory as columns: what sorts, hash tables, materialisation and windows hold.
 *
 * Rows are numbered from 0 in the order they were appended and stand in chunks of STORE_CHUNK_ROWS, each a set of column vectors,
 * so that keeping a batch is a copy per column and giving rows back is a gather or the chunk itself.
 *
 * Ownership   a store has an arena of its own below the one given; strings are copied into it. Batches and gathered strings are views.
 * Raises      53200 when memory ends.
 */
#ifndef EXECUTOR_EXEC_ROW_STORE_H
#define EXECUTOR_EXEC_ROW_STORE_H

#include "executor/exec/vector_buffer.h"
#include "base/error.h"
#include "executor/plan/plan.h"

#ifdef NEXA_HOSTILE
enum { STORE_CHUNK_SHIFT = 1 };
#else
enum { STORE_CHUNK_SHIFT = 10 };
#endif
enum { STORE_CHUNK_ROWS = 1 << STORE_CHUNK_SHIFT, STORE_CHUNK_MASK = STORE_CHUNK_ROWS - 1 };
_Static_assert((int)STORE_CHUNK_ROWS <= (int)BATCH_ROWS, "a chunk is a batch");

typedef struct StoreChunk {
    BatchBuffer columns;
    int32_t     count;
} StoreChunk;

typedef struct RowStore {
    Arena       *arena;
    int32_t      column_count;
    Oid         *types;
    PhysType    *phys;
    int64_t      row_count;
    StoreChunk **chunks;
    int64_t      chunk_count, chunk_capacity;
} RowStore;

/* An empty store of columns of these types below parent. */
RowStore *row_store_new(Arena *parent, int32_t column_count, const PlanColumn *columns);
RowStore *row_store_new_types(Arena *parent, int32_t column_count, const Oid *types, const PhysType *phys);
void      row_store_reset(RowStore *store); /* empty again; the memory goes back */
void      row_store_free(RowStore *store);

/* Appends rows of sel of vectors: one per column of the store; they are loaded for these rows here. */
void row_store_append(RowStore *store, Vector *const *columns, const int32_t *sel, int32_t count);
void row_store_append_batch(RowStore *store, const Batch *batch);

/* Chunk number at, as a batch of its rows; NULL beyond the end. */
Batch *row_store_batch(RowStore *store, int64_t at);

static inline const Vector *row_store_vector(const RowStore *store, int32_t column, uint32_t row)
{
    return &store->chunks[row >> STORE_CHUNK_SHIFT]->columns.columns[column].vector;
}

static inline int32_t row_store_row(uint32_t row)
{
    return (int32_t)(row & STORE_CHUNK_MASK);
}

/* Values of a column at given row numbers, densely into out. ROW_NONE gives NULL. */
#define ROW_NONE UINT32_MAX
void row_store_gather(const RowStore *store, int32_t column, const uint32_t *rows, int32_t count, VectorBuffer *out, Arena *arena);

/* false for NULL */
bool row_store_get(const RowStore *store, int32_t column, uint32_t row, Datum *out);

static inline size_t row_store_bytes(const RowStore *store)
{
    return arena_bytes(store->arena);
}

#endif
