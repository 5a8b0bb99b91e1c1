/*
 * parser.h - from SQL text to the raw parse tree.
 *
 * The grammar is PostgreSQL 15's (parser/sql.y), with CREATE COLLECTION added; docs/sql.md lists what differs.
 * The parser looks at nothing but the text: no catalog, no settings (strings are read as with
 * standard_conforming_strings on, the only way it can be set here).
 *
 * Ownership   the text is borrowed for the call; the tree, all its strings included, lives in the arena.
 * Threads     any number at once, each with its own arena.
 * Raises      42601 syntax error at or near "...", and what the lexer refuses (lexer.h), with the position in bytes;
 *             54001 when expressions nest too deep; the errors of the other codes that PostgreSQL's grammar
 *             itself raises (0A000, 42P20, ...); 53200 without memory.
 */
#ifndef PARSER_PARSER_H
#define PARSER_PARSER_H

#include "parser/ast.h"

/*
 * All statements of a text, separated by semicolons, as RawStmts; empty ones are skipped. NULL when there is none,
 * which is what the protocol calls an empty query.
 *   text  UTF-8, at most 1 GB; invalid UTF-8 and zero bytes raise 22021
 */
NodeList *parse_sql(Arena *arena, Slice text);

/* One expression and nothing after it: a stored default, check or index expression. */
Node *parse_expression(Arena *arena, Slice text);

/* One type name and nothing after it: the input of regtype, the second argument of to_regtype. */
TypeName *parse_type_name(Arena *arena, Slice text);

#endif
