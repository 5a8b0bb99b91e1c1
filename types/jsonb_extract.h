/*
 * jsonb_extract.h - parts of documents by path, read as a type: one document at a time, or a vector of them.
 *
 * A path is prepared once (key lengths, first bytes) and followed without allocating. The readers answer in three
 * ways, as path vectors do (batch.h): value, NULL, or misfit ("see the document").
 *
 *     read as    value                                             NULL                           misfit
 *     NUMERIC    a number, a string of JSON's number grammar       all else                       a number there is no memory for
 *     FLOAT64    the nearest double of these                       all else, or beyond its range  a string of 512 digits or more
 *     INT64      of these, whole ones within its range, scale 0    no number                      other numbers
 *     BOOL       true, false, the strings "true" and "false"       all else                       -
 *     TEXT       what ->> gives                                    missing, null                  no memory for it
 *     JSONB      what -> gives: a view                             missing                        -
 *
 * Ownership   a JsonbPath keeps the keys it was made of. Results are views into the document, or made in the arena given.
 * Threads     paths are constant once made; any number of threads may use one.
 * Raises      never
 */
#ifndef TYPES_JSONB_EXTRACT_H
#define TYPES_JSONB_EXTRACT_H

#include "base/arena.h"
#include "types/batch.h"
#include "types/jsonb.h"

typedef struct JsonbStep {
    JsonbKey key;
    int64_t  index;    /* negative: from the end */
    bool     by_key;   /* applies to objects */
    bool     by_index; /* applies to arrays */
} JsonbStep;

typedef struct JsonbPath {
    int32_t          count; /* 0: the document itself */
    const JsonbStep *steps;
} JsonbPath;

/* -> 'key' */
static inline JsonbStep jsonb_step_key(Slice key)
{
    return (JsonbStep){.key = jsonb_key(key), .by_key = true};
}

/* -> 3. PG15: of a scalar, -> 0 and -> -1 are the scalar itself. */
static inline JsonbStep jsonb_step_index(int64_t index)
{
    return (JsonbStep){.key = jsonb_key(slice_of(NULL, 0)), .index = index, .by_index = true};
}

/* A step of a text[] path: a key of objects and, when the text is an integer (as strtol reads it), an index of arrays. */
JsonbStep jsonb_step_text(Slice text);

/* Follows the path; data NULL when it leads nowhere. hints, when not NULL, has one entry a step: see jsonb_get_key(). */
Slice jsonb_get_path(Slice root, const JsonbPath *path, uint32_t *hints);

typedef enum JsonbReadAs {
    JSONB_AS_NUMERIC = 1, /* Numeric */
    JSONB_AS_FLOAT64,     /* double */
    JSONB_AS_INT64,       /* int64_t */
    JSONB_AS_BOOL,        /* uint8_t */
    JSONB_AS_TEXT,        /* Slice */
    JSONB_AS_JSONB,       /* Slice */
} JsonbReadAs;

typedef enum JsonbRead { JSONB_READ_NULL = 0, JSONB_READ_VALUE = 1, JSONB_READ_MISFIT = 2 } JsonbRead;

/* The readers take a value as jsonb_get_path() returned it, so data may be NULL. out is set for JSONB_READ_VALUE only. */
JsonbRead jsonb_read_numeric(Slice value, Arena *arena, Numeric *out);
JsonbRead jsonb_read_float64(Slice value, double *out);
JsonbRead jsonb_read_int64(Slice value, int64_t *out);
JsonbRead jsonb_read_bool(Slice value, bool *out);
JsonbRead jsonb_read_text(Slice value, Arena *arena, Slice *out);

/* The number that a text of JSON's number grammar stands for: NULL when it is none. */
JsonbRead json_text_read_numeric(Slice text, Arena *arena, Numeric *out);

/*
 * One path of many documents. For each row of sel (NULL: 0 .. count-1) reads documents[row] and sets data[row] and the row's bit in
 * validity and misfit; bits of other rows keep what they were. Rows of NULL documents must not be in sel.
 *   data    elements as JsonbReadAs says; misfit may be NULL for what cannot misfit
 *   arena   for texts and big numbers that must be made
 */
typedef struct JsonbExtract {
    const Slice     *documents;
    const int32_t   *sel;
    int32_t          count;
    const JsonbPath *path;
    JsonbReadAs      read_as;
    void            *data;
    uint64_t        *validity;
    uint64_t        *misfit;
    Arena           *arena;
} JsonbExtract;

void jsonb_extract_batch(const JsonbExtract *extract);

#endif
