/*
 * row_encode.h - column vectors to rows: the main column group of a batch, encoded column by column.
 *
 * Ownership   an encoder's buffers are reused by the next call and freed by row_encoder_free(). Zero-initialised is empty.
 * Threads     one at a time.
 * Raises      never
 */
#ifndef STORAGE_TABLE_ROW_ENCODE_H
#define STORAGE_TABLE_ROW_ENCODE_H

#include "base/status.h"
#include "storage/table/row_layout.h"
#include "types/batch.h"

/* A value that does not stand in its row: the caller writes its chunks. */
typedef struct OutOfLineValue {
    int32_t at;        /* which of the encoded rows: index into rows */
    int16_t attribute;
    Slice   value;     /* the caller's bytes */
} OutOfLineValue;

typedef struct RowEncoding RowEncoding; /* per row, while it is made */

typedef struct RowEncoder {
    Slice          *rows; /* count of them, in the order of the selection */
    int32_t         count;
    OutOfLineValue *out_of_line;
    int32_t         out_of_line_count;
    uint8_t        *bytes_;
    RowEncoding    *encodings_;
    size_t          bytes_capacity_;
    size_t          rows_capacity_;
    size_t          out_of_line_capacity_;
} RowEncoder;

/*
 * Encodes the live rows of a batch, whose columns stand by attribute number - 1 (NULL pointer: a dropped column, stored as NULL).
 * The vectors are loaded. STATUS_NO_MEMORY, STATUS_TOO_LARGE.
 */
MUST_CHECK Status row_encode(RowEncoder *encoder, const RowLayout *layout, const Batch *batch, uint64_t xid, Fault *fault);
void              row_encoder_free(RowEncoder *encoder);

/* The pointer that stands in a row for an out-of-line value. Returns its size, at most ROW_POINTER_MAX_BYTES. */
size_t row_pointer_put(uint8_t *at, size_t value_bytes);

#endif
