/*
 * vector_buffer.c - vectors that operators own.
 */
#include "executor/exec/vector_buffer.h"

PhysType type_phys(Oid type)
{
    const TypeInfo *info = type_by_oid(type);

    return info != NULL ? info->phys : PHYS_BYTES;
}

void vector_buffer_init(VectorBuffer *buffer, Oid type, PhysType phys)
{
    *buffer = (VectorBuffer){.vector = {.type = type, .phys = phys}};
}

void vector_buffer_reserve(VectorBuffer *buffer, Arena *arena, int32_t rows)
{
    Vector *vector = &buffer->vector;

    vector->validity = NULL;
    if (UNLIKELY(rows > vector->capacity)) {
        int32_t capacity = MAX(vector->capacity, 4);
        size_t  width = phys_width(vector->phys);

        while (capacity < rows)
            capacity *= 2;
        vector->data = arena_grow(arena, vector->data, (size_t)vector->capacity * width, (size_t)capacity * width);
        buffer->bitmap = arena_grow(arena, buffer->bitmap, BATCH_WORDS(vector->capacity) * sizeof(uint64_t),
                                    BATCH_WORDS(capacity) * sizeof(uint64_t));
        vector->capacity = capacity;
    }
}

void vector_buffer_set_validity(VectorBuffer *buffer, int32_t rows, bool value)
{
    buffer->vector.validity = buffer->bitmap;
    bitmap_fill(buffer->bitmap, rows, value);
}

void vector_buffer_trim_validity(VectorBuffer *buffer, int32_t rows)
{
    const uint64_t *bits = buffer->vector.validity;
    int32_t         words = rows >> 6;

    if (bits == NULL)
        return;
    for (int32_t word = 0; word < words; word++)
        if (bits[word] != ~0ull)
            return;
    if ((rows & 63) != 0 && (~bits[words] & ((1ull << (rows & 63)) - 1)) != 0)
        return;
    buffer->vector.validity = NULL;
}

#define GATHER(ctype)                                        \
    do {                                                     \
        const ctype *from = source->data;                    \
        ctype       *to = buffer->vector.data;               \
        for (int32_t i = 0; i < count; i++)                  \
            to[i] = from[rows[i]];                           \
    } while (0)

typedef struct Wide {
    uint64_t a, b;
} Wide;

void vector_buffer_gather(VectorBuffer *buffer, Arena *arena, const Vector *source, const int32_t *rows, int32_t count)
{
    vector_buffer_reserve(buffer, arena, count);
    switch (phys_width(source->phys)) {
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
    if (source->validity != NULL) {
        uint64_t *bits = buffer->bitmap;

        memset(bits, 0, BATCH_WORDS(count) * sizeof *bits);
        for (int32_t i = 0; i < count; i++)
            bits[i >> 6] |= (uint64_t)bitmap_get(source->validity, rows[i]) << (i & 63);
        buffer->vector.validity = bits;
        vector_buffer_trim_validity(buffer, count);
    }
}

#define COPY_ROWS(ctype)                                          \
    do {                                                          \
        const ctype *from = source->data;                         \
        ctype       *to = target->data;                           \
        FOR_EACH_ROW(sel, count, row, { to[row] = from[row]; });  \
    } while (0)

void vector_copy_rows(Vector *target, const Vector *source, const int32_t *sel, int32_t count)
{
    switch (phys_width(source->phys)) {
    case 1:
        COPY_ROWS(uint8_t);
        break;
    case 2:
        COPY_ROWS(uint16_t);
        break;
    case 4:
        COPY_ROWS(uint32_t);
        break;
    case 8:
        COPY_ROWS(uint64_t);
        break;
    default:
        COPY_ROWS(Wide);
        break;
    }
    if (source->validity == NULL) {
        FOR_EACH_ROW(sel, count, row, { bitmap_set(target->validity, row); });
    } else {
        FOR_EACH_ROW(sel, count, row, {
            if (bitmap_get(source->validity, row))
                bitmap_set(target->validity, row);
            else
                bitmap_clear(target->validity, row);
        });
    }
}

void vector_set(Vector *target, int32_t row, const Datum *value, bool is_null)
{
    if (target->validity != NULL) {
        if (is_null)
            bitmap_clear(target->validity, row);
        else
            bitmap_set(target->validity, row);
    }
    if (!is_null)
        memcpy(vector_element(target, row), value, phys_width(target->phys));
    else
        memset(vector_element(target, row), 0, phys_width(target->phys));
}

void vector_splat(Vector *target, const Datum *value, int32_t from, int32_t rows)
{
    size_t width = phys_width(target->phys);
    char  *at = (char *)target->data + (size_t)from * width;

    for (int32_t row = from; row < rows; row++, at += width)
        memcpy(at, value, width);
}

void batch_buffer_init(BatchBuffer *buffer, Arena *arena, int32_t column_count)
{
    *buffer = (BatchBuffer){.batch = {.column_count = column_count}};
    buffer->batch.columns = ARENA_ARRAY_ZEROED(arena, (size_t)column_count, Vector *);
    buffer->columns = ARENA_ARRAY_ZEROED(arena, (size_t)column_count, VectorBuffer);
    for (int32_t i = 0; i < column_count; i++)
        buffer->batch.columns[i] = &buffer->columns[i].vector;
}
