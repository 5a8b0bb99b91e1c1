/*
 * index_key.h - entries of ordered indexes: from rows of a table to key and value bytes, and back.
 *
 * Key      per key column a marker byte, then the type's encode_key bytes, complemented for a descending column:
 *              NULLS FIRST   00 NULL, 01 value          NULLS LAST   01 value, 02 NULL
 *          A NULL has no bytes after its marker. Markers are never complemented. Storage appends the row id.
 * Value    for every key column whose encoding is lossy, then for every INCLUDE column: the length of its packed form
 *          (u32, little-endian; 0: NULL), then that form (row_value_pack()).
 *
 * Ownership   an IndexEncoder lives in the arena it was made in.
 * Raises      what expressions raise; 53200.
 */
#ifndef EXECUTOR_STORE_INDEX_KEY_H
#define EXECUTOR_STORE_INDEX_KEY_H

#include "base/strbuf.h"
#include "executor/session.h"
#include "storage/index/index.h"
#include "types/batch.h"

/* ---- single columns: bounds of scans, index-only reads ----------------------------------------------------------------- */

/* Appends one key column; element NULL: the SQL NULL. */
void index_key_put(StrBuf *key, const TypeInfo *type, bool descending, bool nulls_first, const void *element);
/* Appends only the marker of a NULL or of a value: bounds of IS NULL and IS NOT NULL. */
void index_key_put_marker(StrBuf *key, bool nulls_first, bool is_null);

/*
 * Reads one key column back; the type is exact (type->decode_key not NULL). Returns the byte after it, NULL for damaged bytes.
 * *is_null_out tells NULL; else *out has the value, its bytes in arena or in the key.
 */
const uint8_t *index_key_get(const uint8_t *at, const uint8_t *end, const TypeInfo *type, bool descending, bool nulls_first,
                             Arena *arena, Datum *out, bool *is_null_out);

/*
 * The value part's column number `which` (from 0; see index_value_place()). False: damaged. Bytes are views of value.
 */
bool index_value_get(Slice value, int32_t which, PhysType phys, Datum *out, bool *is_null_out);
/* Where index column `column` (from 0) stands in the value part; -1: it is read from the key. */
int32_t index_value_place(const IndexDesc *index, int16_t column);

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

typedef struct IndexEncoder IndexEncoder;

IndexEncoder *index_encoder_new(Session *session, Arena *arena, const RelationDesc *table, const RelationDesc *index);

/* The table's columns that the entries depend on: by attribute number - 1, table->column_count of them. */
const bool *index_encoder_columns(const IndexEncoder *encoder);

/*
 * Takes a batch whose columns stand by attribute number - 1 (only those of index_encoder_columns() need be there) and computes the
 * index's expressions. Writes the rows that the index's predicate admits to out (room for batch->count); returns how many.
 */
int32_t index_encoder_start(IndexEncoder *encoder, const Batch *batch, Arena *batch_arena, int32_t *out);

/* Appends the entry of one of these rows. value may be NULL. Returns whether a key column is NULL. */
bool index_encoder_entry(IndexEncoder *encoder, int32_t row, StrBuf *key, StrBuf *value);

/* The vector that holds index column `column` for the batch started: for messages about keys. */
const Vector *index_encoder_vector(const IndexEncoder *encoder, int16_t column);

#endif
