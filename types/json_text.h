/*
 * json_text.h - walking values of the json type, which are kept as text.
 *
 * Parts are found by scanning over what stands before them; nothing is decoded that is not asked for. The texts must have
 * passed json_check(): what is not JSON is not recognised again.
 *
 * Ownership   parts are views into the text.
 * Raises      never, except json_text_string(), which raises what json_parse.h says of escapes jsonb cannot hold
 */
#ifndef TYPES_JSON_TEXT_H
#define TYPES_JSON_TEXT_H

#include "base/arena.h"
#include "types/jsonb.h"

/* What kind of value the text holds: by its first byte. */
JsonbKind json_text_kind(Slice text);

/* The text without blanks around it. */
Slice json_text_trim(Slice text);

/* A walk over the members of an object or the elements of an array. */
typedef struct JsonWalk {
    const uint8_t *at;  /* before the next member */
    const uint8_t *end;
} JsonWalk;

/* container: the text of an object or array. */
JsonWalk json_walk_open(Slice container);

/* The next element; false at the end. */
bool json_walk_element(JsonWalk *walk, Slice *value);

/* The next member: its key as it stands between its quotes, and its value. */
bool json_walk_member(JsonWalk *walk, Slice *key, Slice *value);

/* The value under a key (the last of equal ones, as PostgreSQL takes it); data NULL when there is none. whole: for errors. */
Slice json_text_get_key(Slice object, Slice key, Arena *arena);
/* The element at an index, counted from the end when negative. */
Slice json_text_get_index(Slice array, int64_t index);
size_t json_text_count(Slice array);

/* The text of a string value (with its quotes), escapes resolved. */
Slice json_text_string(Slice value, Arena *arena);

#endif
