/*
 * json_make.h - SQL values as JSON: what to_json, the build functions and the aggregates share.
 *
 * Booleans and finite numbers are JSON's own, json and jsonb stand as they are, dates and timestamps take ISO 8601's form with a T,
 * all else is its text form in quotes. Arrays and records go member by member.
 *
 * Raises  what the type's output raises; 53200, 54000
 */
#ifndef EXECUTOR_FUNC_JSON_MAKE_H
#define EXECUTOR_FUNC_JSON_MAKE_H

#include "executor/func/registry.h"
#include "types/jsonb_build.h"

/* Which form a type's values take. */
typedef enum JsonForm {
    JSON_FORM_BOOL = 1,
    JSON_FORM_NUMBER,
    JSON_FORM_TIME, /* date, timestamp, timestamptz */
    JSON_FORM_JSON,
    JSON_FORM_JSONB,
    JSON_FORM_ARRAY,
    JSON_FORM_RECORD,
    JSON_FORM_TEXT,
} JsonForm;

JsonForm json_form_of(Oid type);

/* Appends a value that is not NULL as JSON text. */
void json_append_value(Oid type, const void *element, const TypeContext *ctx, StrBuf *out);

/* Adds a value that is not NULL to a document. Its bytes are borrowed until the document is finished; texts made live in ctx->arena. */
void jsonb_add_value(JsonbBuilder *builder, Oid type, const void *element, const TypeContext *ctx);

/* The text of a value that serves as a key. Raises 22023 for json, arrays and records. */
Slice json_key_text(Oid type, const void *element, const TypeContext *ctx);

#endif
