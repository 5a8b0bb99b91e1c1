/*
 * jsonb_type.h - the types json and jsonb as the rest of the program sees them: text and wire forms, order-preserving keys.
 *
 * Their TypeInfo operations are attached through type_ops.def. json keeps its text; jsonb is binary (jsonb.h).
 *
 * Raises  what json_parse.h says; 53200 and 54000 where texts are made
 */
#ifndef TYPES_JSONB_TYPE_H
#define TYPES_JSONB_TYPE_H

#include "types/jsonb.h"
#include "types/type.h"

/* The raising forms of jsonb_text.h. */
void  jsonb_append(Slice value, StrBuf *out);
void  jsonb_append_pretty(Slice value, StrBuf *out);
void  json_append_string(Slice text, StrBuf *out);
Slice jsonb_to_text(Slice value, Arena *arena);

/*
 * Appends the order-preserving key: memcmp order is jsonb_compare() order, equal values have equal keys, no key is a prefix of
 * another. A byte for the kind, then: a string's bytes and a zero; numeric's key; 0 or 1 for a boolean; for arrays and
 * objects the count (how many bytes it takes, then the bytes, high first) and the members in turn, keys as strings.
 */
void jsonb_encode_key(Slice value, StrBuf *out);

#endif
