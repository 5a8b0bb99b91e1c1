/*
 * json_get.h - what the kernels that reach into documents share.
 *
 * Raises  53200; texts of the json type
 *         whose escapes jsonb cannot hold raise 22P05 or 22P02 where they are decoded
 */
#ifndef EXECUTOR_FUNC_JSON_GET_H
#define EXECUTOR_FUNC_JSON_GET_H

#include "executor/func/registry.h"
#include "types/jsonb_extract.h"

/* KernelEntry.prepare of (document, key or index): a JsonbPath of one step, NULL when the step is not constant. */
void *json_step_prepare(const KernelPrepare *prepare);

/* What ->> gives for a value found; false: NULL. */
bool json_read_text(Slice value, Arena *arena, Slice *out);

/*
 * The part of args[0] at the step that args[1] gives, or call->state when it is constant (json_step_prepare()); data NULL when
 * there is none. hints: see jsonb_get_path().
 */
Slice jsonb_part(const KernelCall *call, int32_t row, uint32_t *hints);
Slice json_part(const KernelCall *call, int32_t row);

/* A scalar of the json type as binary; data NULL for containers and for none. */
Slice json_scalar_of_text(Slice text, Arena *arena);

/* A binary value (data NULL: none) read as numeric or bool; false: NULL. */
bool json_read_typed(Slice value, Oid type, const TypeContext *ctx, Datum *out);

/* One step into a value of the json type; data NULL when it leads nowhere. */
Slice json_text_get_step(Slice document, const JsonbStep *step, Arena *arena);

/* What ->> gives for a part of a json text; false: NULL. */
bool json_text_as_text(Slice value, Arena *arena, Slice *out);

/* The ? operator: a key of an object, a string in an array, or the string itself. Never raises. */
bool jsonb_exists(Slice value, Slice wanted);

#endif
