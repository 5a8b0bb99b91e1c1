/*
 * index_entry.h - the entries that rows have in one index: a batch at a time, for writers.
 *
 * Ownership   an IndexKeys lives in the arena of the execution state; entries in the arena given to each call.
 * Raises      what index expressions raise; 54000 for keys beyond INDEX_KEY_MAX_BYTES
 */
#ifndef EXECUTOR_DML_INDEX_ENTRY_H
#define EXECUTOR_DML_INDEX_ENTRY_H

#include "executor/exec/operator.h"
#include "executor/store/index_key.h"

enum { INDEX_KEY_MAX_BYTES = 10816 };

typedef struct IndexEntry {
    Slice   key;
    Slice   value;
    int32_t row;      /* of the batch */
    bool    has_null; /* in a key column */
} IndexEntry;

typedef struct IndexKeys IndexKeys;

IndexKeys *index_keys_new(ExecState *state, const RelationDesc *table, const RelationDesc *index);

/*
 * Entries for the rows of sel of a batch whose columns stand by attribute number (columns[number - 1]): one each, except rows that a
 * partial index leaves out. Returns how many; out has room for count.
 */
int32_t index_keys_encode(IndexKeys *keys, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, Arena *arena,
                          IndexEntry *out);

/* The key columns of one row, for messages: "(a, b)=(1, 2)". */
const char *index_keys_describe(IndexKeys *keys, Vector *const *columns, int32_t row_count, int32_t row, Arena *arena);

/* Whether keys, includes or the predicate read one of these attributes (bit number - 1). */
bool index_keys_touched(const IndexKeys *keys, const uint64_t *changed);

/* Turns the end of a prefix range around: the least key above every key that starts with these bytes; empty when there is none. */
void index_key_successor(StrBuf *key);

#endif
