/*
 * sort_rows.h - the order of the rows of a RowStore by sort keys.
 *
 * Every row gets a 64-bit prefix of its first key in key order (descending ones complemented), and rows are ordered by prefix, by radix
 * when there are many; only rows with equal prefixes are compared column by column. Equal rows keep the order they came in.
 *
 * Raises      through arena allocation only; comparisons never raise.
 */
#ifndef EXECUTOR_EXEC_SORT_ROWS_H
#define EXECUTOR_EXEC_SORT_ROWS_H

#include "executor/exec/row_store.h"

typedef struct SortItem {
    uint64_t prefix;
    uint32_t row;
    uint32_t unused;
} SortItem;

/* The row numbers of the store in order of the keys: store->row_count of them, in arena. Raises 42883 for a type without an order. */
uint32_t *sort_rows(RowStore *store, const PlanSortKey *keys, int32_t key_count, Arena *arena);

/* Order of two rows by the keys. */
int sort_compare(const RowStore *store, const PlanSortKey *keys, int32_t key_count, uint32_t a, uint32_t b);

/* The same for rows of two batches. */
int sort_compare_vectors(Vector *const *a, int32_t row_a, Vector *const *b, int32_t row_b, const PlanSortKey *keys, int32_t key_count);

/* Prefix of one value in the key's order; *exact_out is cleared when equal prefixes do not mean equal values. scratch is used and rewound. */
uint64_t sort_prefix(const PlanSortKey *key, const Vector *vector, int32_t row, Arena *scratch, bool *exact_out);

void sort_keys_check(const PlanSortKey *keys, int32_t key_count, Arena *arena);

#endif
