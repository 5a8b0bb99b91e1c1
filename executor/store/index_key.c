/*
 * index_key.c - entries of ordered indexes.
 */
#include "executor/store/index_key.h"

#include "base/bytes.h"
#include "executor/analyze/analyze.h"
#include "executor/exec/eval.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"
#include "storage/table/row_layout.h"

enum { NULL_FIRST = 0, VALUE = 1, NULL_LAST = 2 };

void index_key_put_marker(StrBuf *key, bool nulls_first, bool is_null)
{
    strbuf_append_char(key, (char)(!is_null ? VALUE : nulls_first ? NULL_FIRST : NULL_LAST));
}

void index_key_put(StrBuf *key, const TypeInfo *type, bool descending, bool nulls_first, const void *element)
{
    size_t from;

    index_key_put_marker(key, nulls_first, element == NULL);
    if (element == NULL)
        return;
    from = key->size;
    type->encode_key(type, element, key);
    for (size_t i = from; descending && i < key->size; i++)
        key->data[i] = (char)~key->data[i];
}

const uint8_t *index_key_get(const uint8_t *at, const uint8_t *end, const TypeInfo *type, bool descending, bool nulls_first,
                             Arena *arena, Datum *out, bool *is_null_out)
{
    uint8_t       *plain;
    const uint8_t *after;

    if (at >= end || *at > NULL_LAST)
        return NULL;
    *is_null_out = *at != VALUE;
    if (*is_null_out)
        return *at == (nulls_first ? NULL_FIRST : NULL_LAST) ? at + 1 : NULL;
    at++;
    if (!descending)
        return type->decode_key(type, at, end, arena, out);
    plain = arena_alloc(arena, (size_t)(end - at) + 1);
    for (size_t i = 0; i < (size_t)(end - at); i++)
        plain[i] = (uint8_t)~at[i];
    after = type->decode_key(type, plain, plain + (end - at), arena, out);
    return after == NULL ? NULL : at + (after - plain);
}

int32_t index_value_place(const IndexDesc *index, int16_t column)
{
    int32_t place = 0;

    if (column < index->key_count && index->columns[column].key_exact)
        return -1;
    for (int16_t i = 0; i < column; i++)
        place += i >= index->key_count || !index->columns[i].key_exact;
    return place;
}

bool index_value_get(Slice value, int32_t which, PhysType phys, Datum *out, bool *is_null_out)
{
    const uint8_t *at = value.data;
    const uint8_t *end = at + value.size;
    Fault          fault;

    for (;; which--) {
        uint32_t size;

        if (end - at < 4)
            return false;
        size = get_le32(at);
        at += 4;
        if ((size_t)(end - at) < size)
            return false;
        if (which == 0) {
            *is_null_out = size == 0;
            return size == 0 || row_value_unpack(phys, slice_of(at, size), out, &fault) == STATUS_OK;
        }
        at += size;
    }
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------ */

typedef struct EncodedColumn {
    const TypeInfo *type;
    int16_t         attribute; /* 0: expression */
    int32_t         expr;      /* index into the evaluator's expressions */
    bool            is_key, in_value, descending, nulls_first;
    const Vector   *vector;    /* of the batch started */
} EncodedColumn;

struct IndexEncoder {
    int16_t        count;
    EncodedColumn *columns;
    bool          *wanted;
    RowEvaluator  *evaluator; /* NULL: no expression and no predicate */
    int32_t        predicate; /* its number, -1: none */
};

static bool note_column(Expr *expr, void *context)
{
    bool *wanted = context;

    if (expr->kind == EXPR_COLUMN && expr->column.column > 0)
        wanted[expr->column.column - 1] = true;
    return expr_walk(expr, note_column, context);
}

static Expr *stored_expression(Session *session, Arena *arena, Slice bytes, bool *wanted)
{
    Expr *expr = deserialize_expr(session, arena, bytes);

    note_column(expr, wanted);
    return expr;
}

IndexEncoder *index_encoder_new(Session *session, Arena *arena, const RelationDesc *table, const RelationDesc *index)
{
    const IndexDesc *desc = index->index;
    IndexEncoder    *encoder = ARENA_NEW(arena, IndexEncoder);
    Expr           **exprs = ARENA_ARRAY(arena, (size_t)desc->column_count + 1, Expr *);
    int32_t          expr_count = 0;

    encoder->count = desc->column_count;
    encoder->columns = ARENA_ARRAY_ZEROED(arena, (size_t)desc->column_count, EncodedColumn);
    encoder->wanted = ARENA_ARRAY_ZEROED(arena, (size_t)table->column_count + 1, bool);
    encoder->predicate = -1;
    for (int16_t i = 0; i < desc->column_count; i++) {
        const IndexColumnDesc *from = &desc->columns[i];
        EncodedColumn         *to = &encoder->columns[i];

        to->type = type_lookup(session, arena, from->type);
        to->attribute = from->column;
        to->is_key = i < desc->key_count;
        to->in_value = !to->is_key || !from->key_exact;
        to->descending = from->descending;
        to->nulls_first = from->nulls_first;
        if (from->column > 0) {
            encoder->wanted[from->column - 1] = true;
        } else {
            to->expr = expr_count;
            exprs[expr_count++] = stored_expression(session, arena, from->expr, encoder->wanted);
        }
    }
    if (desc->predicate.size > 0) {
        encoder->predicate = expr_count;
        exprs[expr_count++] = stored_expression(session, arena, desc->predicate, encoder->wanted);
    }
    if (expr_count > 0)
        encoder->evaluator = row_evaluator_new(session, arena, exprs, expr_count);
    return encoder;
}

const bool *index_encoder_columns(const IndexEncoder *encoder)
{
    return encoder->wanted;
}

int32_t index_encoder_start(IndexEncoder *encoder, const Batch *batch, Arena *batch_arena, int32_t *out)
{
    Batch   admitted = *batch;
    int32_t count = batch->count;

    if (encoder->predicate >= 0) {
        count = row_evaluator_filter(encoder->evaluator, encoder->predicate, batch, out, batch_arena);
    } else {
        for (int32_t i = 0; i < count; i++)
            out[i] = sel_row(batch->sel, i);
    }
    admitted.sel = out;
    admitted.count = count;
    for (int16_t i = 0; i < encoder->count && count > 0; i++) {
        EncodedColumn *column = &encoder->columns[i];

        if (column->attribute > 0) {
            vector_load(batch->columns[column->attribute - 1], out, count);
            column->vector = batch->columns[column->attribute - 1];
        } else {
            column->vector = row_evaluator_run(encoder->evaluator, column->expr, &admitted, batch_arena);
        }
    }
    return count;
}

static void put_value(StrBuf *value, const EncodedColumn *column, const void *element)
{
    size_t size = element == NULL ? 0 : row_value_packed_bytes(column->type->phys, element);
    char  *at = strbuf_reserve(value, 4 + size);

    put_le32((uint8_t *)at, (uint32_t)size);
    if (size > 0)
        row_value_pack(column->type->phys, element, (uint8_t *)at + 4);
    value->size += 4 + size;
}

bool index_encoder_entry(IndexEncoder *encoder, int32_t row, StrBuf *key, StrBuf *value)
{
    bool has_null = false;

    for (int16_t i = 0; i < encoder->count; i++) {
        const EncodedColumn *column = &encoder->columns[i];
        const void          *element = vector_is_valid(column->vector, row) ? vector_element(column->vector, row) : NULL;

        if (column->is_key) {
            index_key_put(key, column->type, column->descending, column->nulls_first, element);
            has_null |= element == NULL;
        }
        if (column->in_value && value != NULL)
            put_value(value, column, element);
    }
    return has_null;
}

const Vector *index_encoder_vector(const IndexEncoder *encoder, int16_t column)
{
    return encoder->columns[column].vector;
}
