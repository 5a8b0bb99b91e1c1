/*
 * json_texts.h - text[] arguments of the JSON functions: paths and lists of keys.
 *
 * Raises  53200
 */
#ifndef EXECUTOR_FUNC_JSON_TEXTS_H
#define EXECUTOR_FUNC_JSON_TEXTS_H

#include "executor/func/registry.h"
#include "types/jsonb_extract.h"

/* The elements of a text[], in the order they are stored; views into the array. */
typedef struct TextList {
    int32_t count;
    int32_t dimensions; /* of the array, 0 when it is empty */
    int32_t columns;    /* length of its second dimension, if it has one */
    Slice  *items;      /* data NULL: an SQL NULL */
    bool    has_null;
} TextList;

TextList text_list_of(Slice array, Arena *arena);

/* A path of steps as #> takes it; false when an element is NULL, which makes the result NULL. */
bool json_path_of(Slice array, Arena *arena, JsonbPath *out);

/* KernelEntry.prepare of (document, text[]), and what is found there; data NULL when the path leads nowhere. */
void *json_path_prepare(const KernelPrepare *prepare);
Slice jsonb_at_path(const KernelCall *call, int32_t row);
Slice json_at_path(const KernelCall *call, int32_t row);

#endif
