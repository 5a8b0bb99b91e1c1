/*
 * jsonpath_lex.h - tokens of jsonpath expressions, for jsonpath_parse.c.
 *
 * Raises  what jsonpath.h says
 */
#ifndef TYPES_JSONPATH_LEX_H
#define TYPES_JSONPATH_LEX_H

#include "base/strbuf.h"
#include "types/datum.h"

typedef enum PathToken {
    TOKEN_END = 256, /* below: single characters */
    TOKEN_WORD,      /* an identifier; keyword says which, when it is one */
    TOKEN_STRING,
    TOKEN_VARIABLE,
    TOKEN_NUMBER,
    TOKEN_INTEGER,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_LESS_EQUAL,
    TOKEN_GREATER_EQUAL,
    TOKEN_ANY,       /* ** */
} PathToken;

typedef enum PathKeyword {
    KEYWORD_NONE,
    KEYWORD_IS,
    KEYWORD_TO,
    KEYWORD_ABS,
    KEYWORD_LAX,
    KEYWORD_FLAG,
    KEYWORD_LAST,
    KEYWORD_NULL,
    KEYWORD_SIZE,
    KEYWORD_TRUE,
    KEYWORD_TYPE,
    KEYWORD_WITH,
    KEYWORD_FALSE,
    KEYWORD_FLOOR,
    KEYWORD_DOUBLE,
    KEYWORD_EXISTS,
    KEYWORD_STARTS,
    KEYWORD_STRICT,
    KEYWORD_CEILING,
    KEYWORD_UNKNOWN,
    KEYWORD_DATETIME,
    KEYWORD_KEYVALUE,
    KEYWORD_LIKE_REGEX,
} PathKeyword;

typedef struct PathLexer {
    const uint8_t *at, *end; /* behind the current token */
    Arena         *arena;
    int            token;    /* a PathToken or a character */
    PathKeyword    keyword;
    Slice          text;     /* of words, strings, variables: decoded; of numbers: as written */
    const uint8_t *start;    /* of the token as written */
} PathLexer;

void path_lexer_init(PathLexer *lexer, Slice text, Arena *arena);
void path_lexer_next(PathLexer *lexer);

/* 42601 "syntax error at or near ..." the current token. */
noreturn void path_syntax_error(const PathLexer *lexer);

#endif
