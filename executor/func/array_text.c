/*
 * array_text.c - texts and arrays: array_to_string, string_to_array, string_to_table.
 */
#include "executor/func/array_func.h"
#include "executor/func/kernels.h"
#include "executor/func/text.h"
#include "types/utf8.h"

/* ---- joining --------------------------------------------------------------------------------------------------------- */

static Slice join(const KernelCall *call, const ArrayView *array, Slice separator, const Slice *null_text)
{
    const TypeInfo *element = array->count > 0 ? element_info(call->session, call->ctx->arena, array->element) : NULL;
    bool            first = true;
    StrBuf          out;

    strbuf_init(&out, call->ctx->arena);
    strbuf_reserve(&out, 1);
    for (int32_t i = 0; i < array->count; i++) {
        Datum value;
        bool  valid = array_get(array, i, &value);

        if (!valid && null_text == NULL)
            continue;
        if (!first)
            strbuf_append_slice(&out, separator);
        first = false;
        if (valid)
            element->output(element, &value, call->ctx, &out);
        else
            strbuf_append_slice(&out, *null_text);
    }
    return strbuf_slice(&out);
}

static void join_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        ArrayView    array;
        const Slice *null_text = NULL;

        if (!array_arg(call, 0, row, &array) || !vector_is_valid(call->args[1], row)) {
            kernel_set_null(call, row);
            continue;
        }
        if (call->arg_count > 2 && vector_is_valid(call->args[2], row))
            null_text = &VECTOR_DATA(call->args[2], Slice)[row];
        VECTOR_DATA(call->result, Slice)[row] = join(call, &array, VECTOR_DATA(call->args[1], Slice)[row], null_text);
    });
}

/* ---- splitting -------------------------------------------------------------------------------------------------------- */

/* separator NULL: into characters; null_text NULL: nothing becomes NULL. The parts are views of the text. */
static void split(Slice text, const Slice *separator, const Slice *null_text, ElementList *parts, Arena *arena)
{
    while (text.size > 0) {
        const uint8_t *found = NULL;
        Slice          part = text;

        if (separator == NULL)
            part.size = MIN(utf8_sequence_size(text.data[0]), text.size);
        else if (separator->size > 0 && (found = find_bytes(text, *separator)) != NULL)
            part.size = (size_t)(found - text.data);
        element_list_add(parts, arena, &(Datum){.bytes = part}, null_text != NULL && slice_equal(part, *null_text));
        if (separator != NULL && found == NULL)
            return;
        part.size += separator != NULL ? separator->size : 0;
        text = slice_of(text.data + part.size, text.size - part.size);
        if (text.size == 0 && separator != NULL) {
            text.size = 0;
            element_list_add(parts, arena, &(Datum){.bytes = text}, null_text != NULL && null_text->size == 0);
        }
    }
}

static void split_run(KernelCall *call)
{
    Arena *arena = call->ctx->arena;

    FOR_EACH_ROW(call->sel, call->count, row, {
        const Slice *texts[3] = {NULL, NULL, NULL};
        ElementList  parts = {.element = TYPE_TEXT, .phys = PHYS_BYTES};

        for (int32_t i = 0; i < call->arg_count; i++)
            if (vector_is_valid(call->args[i], row))
                texts[i] = &VECTOR_DATA(call->args[i], Slice)[row];
        if (texts[0] == NULL) {
            kernel_set_null(call, row);
            continue;
        }
        split(*texts[0], texts[1], texts[2], &parts, arena);
        VECTOR_DATA(call->result, Slice)[row] =
            array_build_list(arena, TYPE_TEXT, PHYS_BYTES, parts.values, parts.nulls, parts.count);
    });
}

/* ---- string_to_table ----------------------------------------------------------------------------------------------------- */

typedef struct Parts {
    ElementList list;
    int32_t     at;
} Parts;

static void table_start(SetCall *call)
{
    Parts       *parts = ARENA_NEW(call->arena, Parts);
    const Slice *texts[3] = {NULL, NULL, NULL};

    for (int32_t i = 0; i < call->arg_count; i++)
        if (!call->arg_nulls[i])
            texts[i] = &call->args[i].bytes;
    call->state = parts;
    if (texts[0] != NULL)
        split(*texts[0], texts[1], texts[2], &parts->list, call->arena);
}

static int32_t table_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    Parts  *parts = call->state;
    int32_t count = MIN(max_rows, parts->list.count - parts->at);

    (void)batch_arena;
    (void)output_count;
    for (int32_t i = 0; i < count; i++, parts->at++) {
        VECTOR_DATA(outputs[0], Slice)[i] = parts->list.values[parts->at].bytes;
        if (parts->list.nulls[parts->at])
            bitmap_clear(outputs[0]->validity, i);
    }
    return count;
}

const KernelEntry array_text_kernels[] = {
    {.proc = 395, .run = join_run},
    {.proc = 384, .run = join_run},
    {.proc = 394, .run = split_run},
    {.proc = 376, .run = split_run},
    {0},
};

const SetEntry array_text_sets[] = {
    {6160, table_start, table_next},
    {6161, table_start, table_next},
    {0},
};
