/*
 * parse_context.c - tokens with one look ahead, and the errors of the grammar.
 */
#include "parser/parse_context.h"

#include "base/cancel.h"
#include "parser/sql.h"

#include <stdarg.h>
#include <stdio.h>

static int scan(ParseContext *pc, Token *token)
{
    int kind;

    if (pc->ahead_kind >= 0) {
        kind = pc->ahead_kind;
        *token = pc->ahead;
        pc->token_end = pc->ahead_end;
        pc->ahead_kind = -1;
    } else {
        kind = lexer_scan(&pc->lexer, token);
        pc->token_end = pc->lexer.token_end;
    }
    pc->token_location = token->location;
    return kind;
}

/* Reads the token behind the present one, to be given out next. */
static int look_ahead(ParseContext *pc)
{
    pc->ahead_kind = lexer_scan(&pc->lexer, &pc->ahead);
    pc->ahead_end = pc->lexer.token_end;
    return pc->ahead_kind;
}

static bool may_escape(const char *text)
{
    return strlen(text) == 1 && strchr("+'\" \t\n\r\f", text[0]) == NULL && strchr("0123456789abcdefABCDEF", text[0]) == NULL;
}

/* U&'...' or U&"...", perhaps with UESCAPE 'c' behind it: decodes the text. */
static void finish_unicode(ParseContext *pc, Token *token)
{
    char escape = '\\';

    if (look_ahead(pc) == TK_UESCAPE) {
        Token   letter;

        pc->ahead_kind = -1;
        if (lexer_scan(&pc->lexer, &letter) != TK_SCONST)
            lexer_raise(&pc->lexer, "UESCAPE must be followed by a simple string literal", letter.location);
        if (!may_escape(letter.str))
            lexer_raise(&pc->lexer, "invalid Unicode escape character", letter.location);
        escape = letter.str[0];
        pc->token_end = pc->lexer.token_end;
    }
    token->str = lexer_unicode_text(&pc->lexer, token, escape);
}

int next_token(ParseContext *pc, Token *token)
{
    int kind = scan(pc, token);

    switch (kind) {
    case TK_NOT:
        switch (look_ahead(pc)) {
        case TK_BETWEEN:
        case TK_IN:
        case TK_LIKE:
        case TK_ILIKE:
        case TK_SIMILAR:
            return TK_NOT_LA;
        default:
            return TK_NOT;
        }
    case TK_NULLS:
        switch (look_ahead(pc)) {
        case TK_FIRST:
        case TK_LAST:
            return TK_NULLS_LA;
        default:
            return TK_NULLS;
        }
    case TK_WITH:
        switch (look_ahead(pc)) {
        case TK_TIME:
        case TK_ORDINALITY:
            return TK_WITH_LA;
        default:
            return TK_WITH;
        }
    case TK_USCONST:
        finish_unicode(pc, token);
        return TK_SCONST;
    case TK_UIDENT: {
        size_t size;

        finish_unicode(pc, token);
        size = name_cut(token->str, strlen(token->str));
        token->str = arena_strndup(pc->arena, token->str, size);
        return TK_IDENT;
    }
    default:
        return kind;
    }
}

noreturn void raise_at_token(ParseContext *pc, const char *message)
{
    pc->lexer.token_end = pc->token_end;
    lexer_raise(&pc->lexer, message, pc->token_location);
}

noreturn void raise_at_word(ParseContext *pc, const char *message, Token word)
{
    pc->lexer.token_end = word.location + (int32_t)strlen(word.str);
    lexer_raise(&pc->lexer, message, word.location);
}

noreturn void raise_syntax_error(ParseContext *pc)
{
    raise_at_token(pc, "syntax error");
}

noreturn void raise_parse_too_deep(void)
{
    stack_depth_raise();
}

noreturn void raise_at(Sqlstate state, int32_t location, const char *format, ...)
{
    char    message[256];
    va_list args;
    Error  *err;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    err = error_new(state, "%s", message);
    error_position(err, location);
    error_raise(err);
}
