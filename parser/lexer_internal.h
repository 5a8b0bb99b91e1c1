/*
 * lexer_internal.h - what the lexer's files share.
 */
#ifndef PARSER_LEXER_INTERNAL_H
#define PARSER_LEXER_INTERNAL_H

#include "parser/lexer.h"

#include "parser/sql.h"

enum CharClass {
    CHAR_SPACE = 1 << 0,
    CHAR_IDENT_START = 1 << 1, /* letters, _, and every byte of a multi-byte character */
    CHAR_IDENT = 1 << 2,       /* those, digits and $ */
    CHAR_DIGIT = 1 << 3,
    CHAR_HEX = 1 << 4,
    CHAR_OPERATOR = 1 << 5, /* what an operator may consist of */
    CHAR_SELF = 1 << 6,     /* what is a token alone */
    CHAR_UPPER = 1 << 7,    /* A - Z */
};

extern const uint8_t char_class[256];

static ALWAYS_INLINE bool char_is(char c, int classes)
{
    return (char_class[(uint8_t)c] & classes) != 0;
}

static inline int hex_value(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Raises with the token ending where the lexer stands now. */
noreturn void lexer_raise_here(Lexer *lexer, const char *message);

/* Each is called with at behind the opening quote, and leaves it behind the closing one. */
const char *scan_plain_string(Lexer *lexer);
const char *scan_escape_string(Lexer *lexer);
const char *scan_digits_string(Lexer *lexer, char prefix, const char *unterminated);
const char *scan_quoted_identifier(Lexer *lexer, bool cut);

/* Called with at behind the opening $tag$, which was tag_size bytes long. */
const char *scan_dollar_string(Lexer *lexer, size_t tag_size);

/* Writes a code point as UTF-8; returns how many bytes. */
int utf8_encode(uint32_t code, char out[4]);

#endif
