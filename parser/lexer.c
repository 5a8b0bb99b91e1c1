/*
 * lexer.c - tokens: white space and comments, words, numbers, operators; literals are in lexer_string.c.
 */
#include "parser/lexer.h"

#include "parser/keyword.h"
#include "parser/lexer_internal.h"

/* Longest operator, as PostgreSQL has it: a name's length. */
enum { OPERATOR_MAX_BYTES = NAME_MAX_BYTES };

#define LETTER (CHAR_IDENT_START | CHAR_IDENT)
#define BOTH (CHAR_OPERATOR | CHAR_SELF)

const uint8_t char_class[256] = {
    [' '] = CHAR_SPACE,
    ['\t'] = CHAR_SPACE,
    ['\n'] = CHAR_SPACE,
    ['\r'] = CHAR_SPACE,
    ['\f'] = CHAR_SPACE,
    ['a' ... 'f'] = LETTER | CHAR_HEX,
    ['g' ... 'z'] = LETTER,
    ['A' ... 'F'] = LETTER | CHAR_HEX | CHAR_UPPER,
    ['G' ... 'Z'] = LETTER | CHAR_UPPER,
    ['_'] = LETTER,
    [0x80 ... 0xff] = LETTER,
    ['0' ... '9'] = CHAR_DIGIT | CHAR_HEX | CHAR_IDENT,
    ['$'] = CHAR_IDENT,
    ['~'] = CHAR_OPERATOR,
    ['!'] = CHAR_OPERATOR,
    ['@'] = CHAR_OPERATOR,
    ['#'] = CHAR_OPERATOR,
    ['&'] = CHAR_OPERATOR,
    ['|'] = CHAR_OPERATOR,
    ['`'] = CHAR_OPERATOR,
    ['?'] = CHAR_OPERATOR,
    ['+'] = BOTH,
    ['-'] = BOTH,
    ['*'] = BOTH,
    ['/'] = BOTH,
    ['%'] = BOTH,
    ['^'] = BOTH,
    ['<'] = BOTH,
    ['>'] = BOTH,
    ['='] = BOTH,
    [','] = CHAR_SELF,
    ['('] = CHAR_SELF,
    [')'] = CHAR_SELF,
    ['['] = CHAR_SELF,
    [']'] = CHAR_SELF,
    ['.'] = CHAR_SELF,
    [';'] = CHAR_SELF,
    [':'] = CHAR_SELF,
};

/* Tokens of one character, with their texts. */
static const struct {
    int16_t kind;
    char    text[2];
} self_tokens[128] = {
    ['+'] = {TK_PLUS, "+"},      ['-'] = {TK_MINUS, "-"},     ['*'] = {TK_STAR, "*"},     ['/'] = {TK_SLASH, "/"},
    ['%'] = {TK_PERCENT, "%"},   ['^'] = {TK_CARET, "^"},     ['<'] = {TK_LESS, "<"},     ['>'] = {TK_GREATER, ">"},
    ['='] = {TK_EQUAL, "="},     [','] = {TK_COMMA, ","},     ['('] = {TK_LPAREN, "("},   [')'] = {TK_RPAREN, ")"},
    ['['] = {TK_LBRACKET, "["},  [']'] = {TK_RBRACKET, "]"},  ['.'] = {TK_DOT, "."},      [';'] = {TK_SEMI, ";"},
    [':'] = {TK_COLON, ":"},
};

void lexer_init(Lexer *lexer, Arena *arena, const char *text, size_t size)
{
    *lexer = (Lexer){.arena = arena, .text = text, .at = text, .end = text + size};
}

noreturn void lexer_raise(const Lexer *lexer, const char *message, int32_t start)
{
    Error *err;

    if (lexer->text + start >= lexer->end)
        err = error_new(SQLSTATE_SYNTAX_ERROR, "%s at end of input", message);
    else
        err = error_new(SQLSTATE_SYNTAX_ERROR, "%s at or near \"%.*s\"", message, (int)(lexer->token_end - start),
                        lexer->text + start);
    error_position(err, start);
    error_raise(err);
}

noreturn void lexer_raise_here(Lexer *lexer, const char *message)
{
    lexer->token_end = (int32_t)(lexer->at - lexer->text);
    lexer_raise(lexer, message, lexer->token_start);
}

/* Behind a comment that may hold others; at stands on its slash and star. */
static void skip_block_comment(Lexer *lexer)
{
    const char *at = lexer->at + 2;
    int64_t     depth = 1;

    while (depth > 0) {
        if (at[0] == '\0') {
            lexer->token_start = (int32_t)(lexer->at - lexer->text);
            lexer->at = at;
            lexer_raise_here(lexer, "unterminated /* comment");
        }
        if (at[0] == '/' && at[1] == '*') {
            depth++;
            at += 2;
        } else if (at[0] == '*' && at[1] == '/') {
            depth--;
            at += 2;
        } else {
            at++;
        }
    }
    lexer->at = at;
}

static void skip_space(Lexer *lexer)
{
    for (;;) {
        while (char_is(*lexer->at, CHAR_SPACE))
            lexer->at++;
        if (lexer->at[0] == '-' && lexer->at[1] == '-') {
            while (*lexer->at != '\n' && *lexer->at != '\r' && *lexer->at != '\0')
                lexer->at++;
        } else if (lexer->at[0] == '/' && lexer->at[1] == '*') {
            skip_block_comment(lexer);
        } else {
            return;
        }
    }
}

/* ---- words -------------------------------------------------------------------------------------------------- */

size_t name_cut(const char *name, size_t size)
{
    if (size <= NAME_MAX_BYTES)
        return size;
    size = NAME_MAX_BYTES;
    while (size > 0 && ((uint8_t)name[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static int scan_word(Lexer *lexer, Token *token)
{
    const char    *start = lexer->at;
    const char    *at = start;
    const Keyword *keyword;
    uint8_t        seen = 0;
    size_t         size;
    char          *name;

    do
        seen |= char_class[(uint8_t)*at++];
    while (char_is(*at, CHAR_IDENT));
    lexer->at = at;
    size = (size_t)(at - start);

    keyword = keyword_find(start, size);
    if (keyword != NULL) {
        token->str = keyword->word;
        return keyword->token;
    }
    size = name_cut(start, size);
    name = arena_strndup(lexer->arena, start, size);
    if (seen & CHAR_UPPER) {
        for (size_t i = 0; i < size; i++)
            if (char_is(name[i], CHAR_UPPER))
                name[i] |= 0x20;
    }
    token->str = name;
    return TK_IDENT;
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

/* A name begins right behind a number: all of it is quoted. */
static noreturn void raise_junk(Lexer *lexer, const char *at, const char *message)
{
    while (char_is(*at, CHAR_IDENT))
        at++;
    lexer->at = at;
    lexer_raise_here(lexer, message);
}

static const char *skip_digits(const char *at)
{
    while (char_is(*at, CHAR_DIGIT))
        at++;
    return at;
}

/* The value of decimal digits, or -1 when it does not fit 31 bits. */
static int32_t small_integer(const char *at, const char *end)
{
    int64_t value = 0;

    for (; at < end; at++) {
        value = value * 10 + (*at - '0');
        if (value > INT32_MAX)
            return -1;
    }
    return (int32_t)value;
}

/* at stands on a digit, or on a point with a digit behind it. */
static int scan_number(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    const char *at = skip_digits(start);
    bool        integer = true;
    int         junk = CHAR_IDENT_START; /* what must not follow */

    /* 1..2 is a range: the points are not the number's */
    if (*at == '.' && at[1] != '.') {
        integer = false;
        at = skip_digits(at + 1);
    }
    if (*at == 'e' || *at == 'E') {
        const char *exponent = at + 1;

        if (*exponent == '+' || *exponent == '-')
            exponent++;
        if (char_is(*exponent, CHAR_DIGIT)) {
            /* PG15: 1e5$ is 1 and the name e5$, which is longer than the number 1e5 (corpus_lexical) */
            if (exponent == at + 1)
                junk = CHAR_IDENT;
            integer = false;
            at = skip_digits(exponent);
        } else if (exponent > at + 1) {
            lexer->at = exponent;
            lexer_raise_here(lexer, "trailing junk after numeric literal");
        }
    }
    if (char_is(*at, junk))
        raise_junk(lexer, at, "trailing junk after numeric literal");
    lexer->at = at;
    if (integer) {
        token->ival = small_integer(start, at);
        if (token->ival >= 0) {
            token->str = "";
            return TK_ICONST;
        }
    }
    token->str = arena_strndup(lexer->arena, start, (size_t)(at - start));
    return TK_FCONST;
}

/* $1, $tag$...$tag$, or a $ that is nothing. */
static int scan_dollar(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    const char *at = start + 1;

    if (char_is(*at, CHAR_DIGIT)) {
        at = skip_digits(at);
        if (char_is(*at, CHAR_IDENT_START))
            raise_junk(lexer, at, "trailing junk after parameter");
        lexer->at = at;
        token->ival = small_integer(start + 1, at);
        if (token->ival < 0)
            lexer_raise_here(lexer, "parameter number too large");
        token->str = "";
        return TK_PARAM;
    }
    if (char_is(*at, CHAR_IDENT_START))
        while (char_is(*at, CHAR_IDENT) && *at != '$')
            at++;
    if (*at == '$') {
        lexer->at = at + 1;
        token->str = scan_dollar_string(lexer, (size_t)(at + 1 - start));
        return TK_SCONST;
    }
    lexer->at = start + 1;
    token->str = "$";
    return TK_STRAY;
}

/* ---- operators ---------------------------------------------------------------------------------------------- */

/*
 * How many of the operator characters at start make one operator. It ends where a comment begins; and so that
 * 1*-1 means what it should, a last + or - is left off unless one of the characters that SQL's own operators lack
 * is in it.
 */
static size_t operator_size(const char *start)
{
    size_t size = 0;
    bool   unusual = false;

    while (char_is(start[size], CHAR_OPERATOR)) {
        if ((start[size] == '/' && start[size + 1] == '*') || (start[size] == '-' && start[size + 1] == '-'))
            break;
        size++;
    }
    if (size > 1 && (start[size - 1] == '+' || start[size - 1] == '-')) {
        for (size_t i = 0; i + 1 < size && !unusual; i++)
            unusual = strchr("~!@#^&|`?%", start[i]) != NULL;
        if (!unusual) {
            do
                size--;
            while (size > 1 && (start[size - 1] == '+' || start[size - 1] == '-'));
        }
    }
    return size;
}

static int self_token(char c, Token *token)
{
    token->str = self_tokens[(uint8_t)c].text;
    return self_tokens[(uint8_t)c].kind;
}

static int scan_operator(Lexer *lexer, Token *token)
{
    const char *start = lexer->at;
    size_t      size = operator_size(start);

    lexer->at = start + size;
    if (size == 1 && char_is(*start, CHAR_SELF))
        return self_token(*start, token);
    if (size == 2) {
        switch (start[0] << 8 | start[1]) {
        case '=' << 8 | '>':
            token->str = "=>";
            return TK_EQUALS_GREATER;
        case '>' << 8 | '=':
            token->str = ">=";
            return TK_GREATER_EQUALS;
        case '<' << 8 | '=':
            token->str = "<=";
            return TK_LESS_EQUALS;
        case '<' << 8 | '>':
        case '!' << 8 | '=':
            token->str = "<>";
            return TK_NOT_EQUALS;
        default:
            break;
        }
    }
    if (size > OPERATOR_MAX_BYTES)
        lexer_raise_here(lexer, "operator too long");
    token->str = arena_strndup(lexer->arena, start, size);
    return TK_OP;
}

/* , ( ) [ ] . ; : and what begins with them: .. :: := */
static int scan_punctuation(Lexer *lexer, Token *token)
{
    const char *at = lexer->at;

    if (at[0] == '.' && at[1] == '.') {
        lexer->at += 2;
        token->str = "..";
        return TK_DOT_DOT;
    }
    if (at[0] == ':' && at[1] == ':') {
        lexer->at += 2;
        token->str = "::";
        return TK_TYPECAST;
    }
    if (at[0] == ':' && at[1] == '=') {
        lexer->at += 2;
        token->str = ":=";
        return TK_COLON_EQUALS;
    }
    lexer->at++;
    return self_token(*at, token);
}

/* ---- the token ---------------------------------------------------------------------------------------------- */

/* A letter and a quote behind it: the literals with a prefix. Else 0, and nothing has been read. */
static int scan_prefixed(Lexer *lexer, Token *token)
{
    const char *at = lexer->at;

    switch (*at | 0x20) {
    case 'e':
        if (at[1] != '\'')
            return 0;
        lexer->at += 2;
        token->str = scan_escape_string(lexer);
        return TK_SCONST;
    case 'b':
        if (at[1] != '\'')
            return 0;
        lexer->at += 2;
        token->str = scan_digits_string(lexer, 'b', "unterminated bit string literal");
        return TK_BCONST;
    case 'x':
        if (at[1] != '\'')
            return 0;
        lexer->at += 2;
        token->str = scan_digits_string(lexer, 'x', "unterminated hexadecimal string literal");
        return TK_XCONST;
    case 'n': /* N'...' is NCHAR '...' */
        if (at[1] != '\'')
            return 0;
        lexer->at += 1;
        token->str = "nchar";
        return TK_NCHAR;
    case 'u':
        if (at[1] != '&' || (at[2] != '\'' && at[2] != '"'))
            return 0;
        lexer->at += 3;
        token->str = at[2] == '"' ? scan_quoted_identifier(lexer, false) : scan_plain_string(lexer);
        return at[2] == '"' ? TK_UIDENT : TK_USCONST;
    default:
        return 0;
    }
}

static int scan_token(Lexer *lexer, Token *token)
{
    char    c = *lexer->at;
    uint8_t class = char_class[(uint8_t)c];

    if (class & CHAR_IDENT_START) {
        /* the quote test is cheap, and few words are one letter and a quote */
        if (lexer->at[1] == '\'' || lexer->at[1] == '&') {
            int kind = scan_prefixed(lexer, token);

            if (kind != 0)
                return kind;
        }
        return scan_word(lexer, token);
    }
    if (class & CHAR_DIGIT)
        return scan_number(lexer, token);
    if (class & CHAR_OPERATOR)
        return scan_operator(lexer, token);
    switch (c) {
    case '\0':
        token->str = "";
        return 0;
    case '\'':
        lexer->at++;
        token->str = scan_plain_string(lexer);
        return TK_SCONST;
    case '"':
        lexer->at++;
        token->str = scan_quoted_identifier(lexer, true);
        return TK_IDENT;
    case '$':
        return scan_dollar(lexer, token);
    case '.':
        if (char_is(lexer->at[1], CHAR_DIGIT))
            return scan_number(lexer, token);
        return scan_punctuation(lexer, token);
    default:
        if (class & CHAR_SELF)
            return scan_punctuation(lexer, token);
        lexer->at++; /* \ { } and control characters begin nothing */
        token->str = "";
        return TK_STRAY;
    }
}

int lexer_scan(Lexer *lexer, Token *token)
{
    int kind;

    skip_space(lexer);
    lexer->token_start = (int32_t)(lexer->at - lexer->text);
    kind = scan_token(lexer, token);
    lexer->token_end = (int32_t)(lexer->at - lexer->text);
    token->location = lexer->token_start;
    return kind;
}
