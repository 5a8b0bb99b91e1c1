/*
 * json_parse.h - JSON text: to binary JSON in one pass, or checked and kept as text.
 *
 * What is accepted, and what the errors say, is PostgreSQL 15's. The pass that accepts looks for the ends of strings 16 or 32
 * bytes at a time where the processor can, picked at start-up; when it meets anything wrong, a second, slow pass finds out what
 * PostgreSQL would say (json_error.c).
 *
 * Ownership   results live in the arena given. The text is only borrowed.
 * Raises      22P02 with DETAIL and CONTEXT, 22P05 for \u0000 in jsonb, 22003 for numbers beyond numeric, 22021 for bytes
 *             that are not UTF-8, 54001 for deep nesting; 54000, 53200
 */
#ifndef TYPES_JSON_PARSE_H
#define TYPES_JSON_PARSE_H

#include "base/arena.h"
#include "base/common.h"
#include "types/jsonb_build.h"

/* Reads a JSON text into binary JSON. */
Slice jsonb_parse(Slice text, Arena *arena);

/* The same for many texts: keeps the builder's scratch memory. The builder must be empty. */
Slice jsonb_parse_with(JsonbBuilder *builder, Slice text);

/* Adds the value that a JSON text stands for to a document under construction. The text is borrowed until it is finished. */
void jsonb_add_text(JsonbBuilder *builder, Slice text);

/* Returns when text is what the json type accepts; raises otherwise. */
void json_check(Slice text);

/* True when text is what the json type accepts. Never raises. */
bool json_is_valid(Slice text);

/*
 * The passes by themselves, for tests: false when the text is not accepted, and what was added to the builder is then not to be used.
 */
typedef struct JsonScanner {
    const char *name;
    bool (*build)(JsonbBuilder *builder, Slice text);
    bool (*check)(Slice text);
    bool (*available)(void);
} JsonScanner;

/* Every variant, plain first; ends with a NULL name. */
extern const JsonScanner json_scanners[];

/* Raises what is wrong with a text that a pass refused. for_jsonb: escapes must be readable and numbers must fit. */
noreturn void json_raise_error(Slice text, bool for_jsonb);

/* Decodes the string between two quotes, escapes resolved, into arena; only for strings that a pass accepted. */
Slice json_unescape(Slice quoted, Arena *arena);

#endif
