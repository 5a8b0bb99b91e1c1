/*
 * parser.c - the entries: whole texts, single expressions, type names.
 */
#include "parser/parser.h"

#include "parser/parse_context.h"
#include "parser/sql.h"

/* The lexer wants a closing zero, so it gets a copy, which costs less than a bound to test at each byte. */
static void begin(ParseContext *pc, Arena *arena, Slice text)
{
    char *copy;

    utf8_check((const char *)text.data, text.size);
    if (text.size > INT32_MAX / 2)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "query text is too long: %zu bytes", text.size);
    copy = arena_strndup(arena, (const char *)text.data, text.size);
    *pc = (ParseContext){.arena = arena, .ahead_kind = -1};
    lexer_init(&pc->lexer, arena, copy, text.size);
}

NodeList *parse_sql(Arena *arena, Slice text)
{
    ParseContext pc;

    begin(&pc, arena, text);
    run_grammar(&pc, 0);
    return pc.result;
}

Node *parse_expression(Arena *arena, Slice text)
{
    ParseContext pc;

    begin(&pc, arena, text);
    run_grammar(&pc, TK_MODE_EXPRESSION);
    return pc.expression;
}

TypeName *parse_type_name(Arena *arena, Slice text)
{
    ParseContext pc;

    begin(&pc, arena, text);
    run_grammar(&pc, TK_MODE_TYPE_NAME);
    return (TypeName *)pc.expression;
}
