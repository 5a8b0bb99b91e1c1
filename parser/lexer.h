/*
 * lexer.h - from SQL text to tokens, by PostgreSQL 15's lexical rules (its manual, section 4.1).
 *
 * Words are folded to lower case (ASCII letters only) and names cut to NAME_MAX_BYTES at a character boundary.
 * Comments and white space are skipped. lexer_scan() gives single tokens; what needs a look ahead (NOT LIKE, WITH
 * TIME, UESCAPE, ...) is next_token()'s in parse_context.h.
 *
 * Ownership   a Lexer borrows its text, which must be valid UTF-8 followed by a zero byte; texts of tokens that are not
 *             fixed words are allocated in the arena.
 * Raises      42601 (unterminated literals, junk after numbers, operators or identifiers that cannot be), 22025 (bad
 *             escapes in E''), 22021 (bytes of a literal that are not UTF-8), with the position in bytes; 53200.
 */
#ifndef PARSER_LEXER_H
#define PARSER_LEXER_H

#include "base/arena.h"
#include "base/error.h"

typedef struct Token {
    const char *str;      /* the word, name, operator or text of a literal; NULL stands for an absent token */
    int32_t     location; /* byte offset of its first byte */
    int32_t     ival;     /* value of ICONST and PARAM */
} Token;

typedef struct Lexer {
    Arena      *arena;
    const char *text; /* zero-terminated */
    const char *at;   /* what is read next */
    const char *end;  /* the closing zero */
    int32_t     token_start;
    int32_t     token_end; /* after the last byte of the last token */
} Lexer;

/* text[size] must be zero, and text valid UTF-8 without zero bytes: see utf8_check(). */
void lexer_init(Lexer *lexer, Arena *arena, const char *text, size_t size);

/* The next token's TK_ number (parser/sql.h), 0 at the end of the text. */
int lexer_scan(Lexer *lexer, Token *token);

/* Raises 42601: message at or near "...", or at end of input; the text quoted is that from start to token_end. */
noreturn void lexer_raise(const Lexer *lexer, const char *message, int32_t start);

/* The text of a U&'' or U&"" literal with its escapes decoded; raises 42601. raw is what lexer_scan() gave. */
const char *lexer_unicode_text(Lexer *lexer, const Token *raw, char escape);

/* Raises 22021 at the first byte that is not UTF-8, as PostgreSQL does for a whole query; zero bytes count. */
void utf8_check(const char *text, size_t size);

/* Cuts a name to NAME_MAX_BYTES bytes, not inside a character: the size that remains. */
size_t name_cut(const char *name, size_t size);

#endif
