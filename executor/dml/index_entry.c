/*
 * index_entry.c - the entries that rows have in one index.
 */
#include "executor/dml/index_entry.h"

#include "executor/exec/vector_buffer.h"

struct IndexKeys {
    ExecState          *state;
    const RelationDesc *index;
    IndexEncoder       *encoder;
    const bool         *reads;
    int32_t             table_columns;
};

IndexKeys *index_keys_new(ExecState *state, const RelationDesc *table, const RelationDesc *index)
{
    IndexKeys *keys = ARENA_NEW(state->arena, IndexKeys);

    keys->state = state;
    keys->index = index;
    keys->encoder = index_encoder_new(state->session, state->arena, table, index);
    keys->reads = index_encoder_columns(keys->encoder);
    keys->table_columns = table->column_count;
    return keys;
}

bool index_keys_touched(const IndexKeys *keys, const uint64_t *changed)
{
    for (int32_t i = 0; i < keys->table_columns; i++)
        if (keys->reads[i] && bitmap_get(changed, i))
            return true;
    return false;
}

void index_key_successor(StrBuf *key)
{
    while (key->size > 0 && (uint8_t)key->data[key->size - 1] == 0xff)
        key->size--;
    if (key->size > 0)
        key->data[key->size - 1]++;
}

static noreturn void raise_too_long(const IndexKeys *keys, size_t size)
{
    Error *err = error_new(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "index row size %zu exceeds btree version 4 maximum %d for index \"%s\"", size,
                           INDEX_KEY_MAX_BYTES, keys->index->head.name);

    error_hint(err, "Values larger than 1/3 of a buffer page cannot be indexed.\nConsider a function index of an MD5 hash of the value, or use "
                    "full text indexing.");
    error_raise(err);
}

int32_t index_keys_encode(IndexKeys *keys, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, Arena *arena,
                          IndexEntry *out)
{
    Batch    batch = {.column_count = keys->table_columns, .row_count = row_count, .count = count, .sel = sel,
                      .columns = (Vector **)(uintptr_t)columns};
    int32_t *rows = ARENA_ARRAY(arena, (size_t)MAX(count, 1), int32_t);
    StrBuf   bytes, values;

    count = index_encoder_start(keys->encoder, &batch, arena, rows);
    strbuf_init(&bytes, arena);
    strbuf_init(&values, arena);
    for (int32_t i = 0; i < count; i++) {
        strbuf_clear(&bytes);
        strbuf_clear(&values);
        out[i].row = rows[i];
        out[i].has_null = index_encoder_entry(keys->encoder, rows[i], &bytes, &values);
        if (bytes.size > INDEX_KEY_MAX_BYTES)
            raise_too_long(keys, bytes.size);
        out[i].key = arena_copy(arena, strbuf_slice(&bytes));
        out[i].value = values.size > 0 ? arena_copy(arena, strbuf_slice(&values)) : (Slice){(const uint8_t *)"", 0};
    }
    return count;
}

const char *index_keys_describe(IndexKeys *keys, Vector *const *columns, int32_t row_count, int32_t row, Arena *arena)
{
    const IndexDesc *desc = keys->index->index;
    Batch            batch = {.column_count = keys->table_columns, .row_count = row_count, .count = 1, .sel = &row,
                              .columns = (Vector **)(uintptr_t)columns};
    TypeContext      ctx = keys->state->ctx;
    int32_t          rows[1];
    StrBuf           text;

    ctx.arena = arena;
    strbuf_init(&text, arena);
    index_encoder_start(keys->encoder, &batch, arena, rows);
    strbuf_append_cstring(&text, "(");
    for (int16_t i = 0; i < desc->key_count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? ", " : "", desc->columns[i].column == 0 && desc->columns[i].expr_text != NULL ? desc->columns[i].expr_text : desc->columns[i].name);
    strbuf_append_cstring(&text, ")=(");
    for (int16_t i = 0; i < desc->key_count; i++) {
        const Vector   *vector = index_encoder_vector(keys->encoder, i);
        const TypeInfo *type = exec_type(keys->state, desc->columns[i].type);

        if (i > 0)
            strbuf_append_cstring(&text, ", ");
        if (!vector_is_valid(vector, row))
            strbuf_append_cstring(&text, "null");
        else if (type != NULL && type->output != NULL)
            type->output(type, vector_element(vector, row), &ctx, &text);
    }
    strbuf_append_cstring(&text, ")");
    return strbuf_cstring(&text);
}
