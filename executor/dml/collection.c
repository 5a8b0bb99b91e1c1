/*
 * collection.c - the _id member of documents.
 */
#include "executor/dml/collection.h"

#include "base/error.h"
#include "types/jsonb.h"
#include "types/jsonb_build.h"
#include "types/jsonb_text.h"

static Slice text_of(Slice value, Arena *arena)
{
    StrBuf text;

    if (jsonb_kind(value) == JSONB_STRING)
        return jsonb_string(value);
    strbuf_init(&text, arena);
    if (!jsonb_text_append(value, &text))
        jsonb_raise_too_deep();
    return strbuf_slice(&text);
}

/* The document without one member. */
static Slice without(const JsonbObject *object, size_t count, int64_t member, Arena *arena)
{
    JsonbBuilder builder;

    jsonb_builder_init(&builder, arena);
    jsonb_begin_object(&builder);
    for (size_t i = 0; i < count; i++) {
        if ((int64_t)i == member)
            continue;
        jsonb_add_key(&builder, jsonb_object_key(object, i));
        jsonb_add_node(&builder, jsonb_object_value(object, i));
    }
    jsonb_end_object(&builder);
    return jsonb_finish(&builder);
}

static void replace(Vector **column, VectorBuffer *buffer, Arena *arena, int32_t row_count, const int32_t *sel, int32_t count)
{
    vector_buffer_init(buffer, (*column)->type, PHYS_BYTES);
    vector_buffer_reserve(buffer, arena, row_count);
    vector_buffer_set_validity(buffer, row_count, true);
    vector_copy_rows(&buffer->vector, *column, sel, count);
    *column = &buffer->vector;
}

void collection_take_ids(Vector **id, Vector **doc, VectorBuffer *id_buffer, VectorBuffer *doc_buffer, Arena *batch, int32_t row_count,
                         const int32_t *sel, int32_t count)
{
    JsonbKey key = jsonb_key(slice_from_cstring("_id"));
    bool     replaced = false;

    vector_load(*doc, sel, count);
    vector_load(*id, sel, count);
    for (int32_t i = 0; i < count; i++) {
        int32_t     row = sel_row(sel, i);
        JsonbObject object;
        int64_t     member;
        Slice       value;

        if (!vector_is_valid(*doc, row))
            continue;
        value = VECTOR_DATA(*doc, Slice)[row];
        if (jsonb_kind(value) != JSONB_OBJECT)
            continue;
        object = jsonb_object_open(value);
        member = jsonb_object_find(&object, &key);
        if (member < 0)
            continue;
        if (!replaced) {
            replace(id, id_buffer, batch, row_count, sel, count);
            replace(doc, doc_buffer, batch, row_count, sel, count);
            replaced = true;
        }
        if (jsonb_kind(jsonb_object_value(&object, (size_t)member)) != JSONB_NULL) {
            VECTOR_DATA(*id, Slice)[row] = text_of(jsonb_object_value(&object, (size_t)member), batch);
            bitmap_set(id_buffer->bitmap, row);
        }
        VECTOR_DATA(*doc, Slice)[row] = without(&object, jsonb_count(value), member, batch);
    }
}
