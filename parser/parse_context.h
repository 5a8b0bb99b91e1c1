/*
 * parse_context.h - one run of the grammar: its tokens, what it has made, how it fails.
 */
#ifndef PARSER_PARSE_CONTEXT_H
#define PARSER_PARSE_CONTEXT_H

#include "parser/ast.h"
#include "parser/lexer.h"

typedef struct ParseContext {
    Arena    *arena;
    Lexer     lexer;
    int32_t   token_location; /* of the token the grammar is looking at */
    int32_t   token_end;      /* behind its last byte */
    int32_t   previous_end;   /* behind the token before it */
    int       ahead_kind;     /* a token read too early; -1: none */
    Token     ahead;
    int32_t   ahead_end;
    NodeList *result;         /* RawStmts */
    Node     *expression;     /* of the entries for expressions and type names */
} ParseContext;

/*
 * The next token as the grammar wants it: NOT before BETWEEN, IN, LIKE, ILIKE and SIMILAR is NOT_LA, NULLS before FIRST
 * and LAST is NULLS_LA, WITH before TIME and ORDINALITY is WITH_LA, since one token ahead is all the grammar sees; U&
 * literals and UESCAPE become one plain token.
 */
int next_token(ParseContext *pc, Token *token);

/* Raises 42601 `message at or near "..."` for the token that the grammar is looking at. */
noreturn void raise_at_token(ParseContext *pc, const char *message);
noreturn void raise_syntax_error(ParseContext *pc);
/* The same for a keyword that has been read. */
noreturn void raise_at_word(ParseContext *pc, const char *message, Token word);
noreturn void raise_parse_too_deep(void);

/* An error of the grammar's own, at a position. */
noreturn void raise_at(Sqlstate state, int32_t location, const char *format, ...) PRINTF_LIKE(3, 4);

/* The driver, in sql.y: feeds all tokens to the grammar, after mode_token when that is not 0. */
void run_grammar(ParseContext *pc, int mode_token);

#endif
