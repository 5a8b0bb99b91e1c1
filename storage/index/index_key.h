/*
 * index_key.h - keys of index entries: the encoded columns, then the big-endian row id.
 *
 * Row ids are below 2^47, so their first byte is 0: the entries of a key are those from the key itself up to the key with a
 * byte 1 behind it.
 *
 * Ownership   an IndexKey holds its bytes, in place when they are few; index_key_free() ends it.
 * Raises      never
 */
#ifndef STORAGE_INDEX_INDEX_KEY_H
#define STORAGE_INDEX_INDEX_KEY_H

#include "base/bytes.h"
#include "storage/index/index.h"

#include <stdlib.h>

enum { INDEX_ROW_ID_BYTES = 8 };

typedef struct IndexKey {
    Slice    bytes;
    uint8_t *allocated; /* NULL: in place */
    uint8_t  in_place[120];
} IndexKey;

/* Room for size bytes; NULL without memory. */
static inline uint8_t *index_key_reserve(IndexKey *key, size_t size)
{
    uint8_t *bytes;

    key->allocated = size > sizeof key->in_place ? malloc(size) : NULL;
    bytes = size > sizeof key->in_place ? key->allocated : key->in_place;
    key->bytes = slice_of(bytes, size);
    return bytes;
}

static inline void index_key_free(IndexKey *key)
{
    free(key->allocated);
}

/* columns + row id. */
MUST_CHECK static inline Status index_key_make(IndexKey *key, Slice columns, RowId row, Fault *fault)
{
    uint8_t *bytes = index_key_reserve(key, columns.size + INDEX_ROW_ID_BYTES);

    if (bytes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index key");
    if (columns.size != 0)
        memcpy(bytes, columns.data, columns.size);
    put_be64(bytes + columns.size, (uint64_t)row);
    return STATUS_OK;
}

/* The exclusive end of the entries of a key. */
MUST_CHECK static inline Status index_key_end(IndexKey *key, Slice columns, Fault *fault)
{
    uint8_t *bytes = index_key_reserve(key, columns.size + 1);

    if (bytes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for an index key");
    if (columns.size != 0)
        memcpy(bytes, columns.data, columns.size);
    bytes[columns.size] = 1;
    return STATUS_OK;
}

/* The row id of an entry. */
MUST_CHECK static inline Status index_entry_row(const IteratorEntry *entry, RowId *row_out, Fault *fault)
{
    if (entry->key.size < INDEX_ROW_ID_BYTES)
        return FAULT(fault, STATUS_CORRUPT, 0, "an index entry with a key of %zu bytes", entry->key.size);
    *row_out = (RowId)get_be64(entry->key.data + entry->key.size - INDEX_ROW_ID_BYTES);
    return STATUS_OK;
}

#endif
