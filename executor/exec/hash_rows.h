/*
 * hash_rows.h - hashing and equality of rows by key columns: for hash tables of aggregates, joins and set operations.
 *
 * Equality is that of the type's = (1.0 equals 1.00); NULL equals NULL here: joins leave rows with NULL keys out before.
 *
 * Raises      never, except through arena allocation.
 */
#ifndef EXECUTOR_EXEC_HASH_ROWS_H
#define EXECUTOR_EXEC_HASH_ROWS_H

#include "executor/exec/row_store.h"

/* hashes[i] for the i-th row of sel: of all key vectors together. */
void hash_rows(Vector *const *keys, const TypeInfo *const *types, int32_t key_count, const int32_t *sel, int32_t count, uint64_t *hashes);

/* Are row a of one vector and row b of another equal? Two NULLs are. */
bool element_equal(const TypeInfo *type, const Vector *a, int32_t row_a, const Vector *b, int32_t row_b);

/*
 * A table from key values to numbers 0, 1, 2 ... in order of first appearance. The keys stand in a RowStore of their own: row n holds
 * the key of number n.
 */
typedef struct KeyTable {
    RowStore               *keys;
    const TypeInfo *const  *types;
    int32_t                 key_count;
    uint64_t               *hashes;    /* by number */
    int64_t                 hash_capacity;
    uint32_t               *slots;     /* number + 1, 0 empty; linear probing */
    uint32_t                mask;
    Arena                  *arena;     /* slots and hashes; below the one given */
} KeyTable;

/* types[i]->hash and compare must exist: raises 42883 otherwise. */
KeyTable *key_table_new(Arena *parent, int32_t key_count, const Oid *oids, const PhysType *phys, const TypeInfo *const *types);
void      key_table_reset(KeyTable *table);

/*
 * Finds the number of each row of sel, adding rows with new keys when add is set (KEY_NONE otherwise). numbers[i] for the i-th row of sel;
 * with is_new not NULL, is_new[i] tells whether it was added here. hashes as from hash_rows().
 */
#define KEY_NONE UINT32_MAX
void key_table_lookup(KeyTable *table, Vector *const *keys, const uint64_t *hashes, const int32_t *sel, int32_t count, bool add,
                      uint32_t *numbers, bool *is_new);

static inline uint32_t key_table_count(const KeyTable *table)
{
    return (uint32_t)table->keys->row_count;
}

static inline size_t key_table_bytes(const KeyTable *table)
{
    return arena_bytes(table->arena) + row_store_bytes(table->keys);
}

#endif
