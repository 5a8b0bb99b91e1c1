/*
 * json_error.c - what is wrong with a JSON text, in PostgreSQL 15's words.
 *
 * Runs only for texts that json_parse.c refused. It reads them as PostgreSQL's recursive descent parser does, token by
 * token, because messages name the token and what was expected in its place. Written for exactness, not speed.
 */
#include "types/json_number.h"
#include "types/json_parse.h"
#include "types/json_utf8.h"
#include "types/numeric.h"

#include <stdio.h>

typedef enum Token {
    TOKEN_NONE, /* before the first one */
    TOKEN_END,
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_WORD, /* true, false, null */
    TOKEN_OBJECT_START,
    TOKEN_OBJECT_END,
    TOKEN_ARRAY_START,
    TOKEN_ARRAY_END,
    TOKEN_COMMA,
    TOKEN_COLON,
} Token;

typedef struct Reader {
    const uint8_t *input, *end;
    const uint8_t *token_start;      /* NULL at the end of the input */
    const uint8_t *token_terminator; /* behind the token, or how far reading came */
    const uint8_t *line_start;
    int            line;
    Token          token;
    bool           for_jsonb;
} Reader;

/* ---- reports ----------------------------------------------------------------------------------------------------- */

/* CONTEXT: up to 50 bytes of the line before the place where reading stopped. */
static void add_context(Error *err, const Reader *reader)
{
    const uint8_t *start = reader->line_start;
    const uint8_t *stop = reader->token_terminator;
    bool           cut_behind;

    while (stop - start >= 50)
        start += *start >= 0x80 ? MAX(json_utf8_length(start, reader->end), 1) : 1;
    if (start - reader->line_start <= 3)
        start = reader->line_start;
    cut_behind = reader->token != TOKEN_END && stop < reader->end && *stop != '\n' && *stop != '\r';
    error_context(err, "JSON data, line %d: %s%.*s%s", reader->line, start > reader->line_start ? "..." : "",
                  (int)(stop - start), (const char *)start, cut_behind ? "..." : "");
}

static noreturn void raise_syntax(const Reader *reader, const char *detail)
{
    Error *err = error_new(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s", "json");

    error_detail(err, "%s", detail);
    add_context(err, reader);
    error_raise(err);
}

/* format has one %.*s for the token. */
static noreturn void raise_token(const Reader *reader, const char *before, const char *behind)
{
    Error *err = error_new(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s", "json");

    error_detail(err, "%s%.*s%s", before, (int)(reader->token_terminator - reader->token_start),
                 (const char *)reader->token_start, behind);
    add_context(err, reader);
    error_raise(err);
}

static noreturn void raise_invalid_token(const Reader *reader)
{
    raise_token(reader, "Token \"", "\" is invalid.");
}

/* The token is not what the grammar wants here. */
static noreturn void raise_expected(const Reader *reader, const char *expected)
{
    char before[80];

    if (reader->token_start == NULL || reader->token == TOKEN_END)
        raise_syntax(reader, "The input string ended unexpectedly.");
    snprintf(before, sizeof before, "Expected %s, but found \"", expected);
    raise_token(reader, before, "\".");
}

/* ---- lexer ------------------------------------------------------------------------------------------------------- */

static bool is_word_byte(uint8_t c)
{
    return json_is_digit(c) || (uint8_t)((c | 0x20) - 'a') < 26 || c == '_' || c >= 0x80;
}

static const uint8_t *behind_character(const Reader *reader, const uint8_t *at)
{
    return at + MAX(json_utf8_length(at, reader->end), 1);
}

/* A detail about the character at `at`: the context then ends behind it. */
static noreturn void raise_at_character(Reader *reader, const uint8_t *at, const char *detail)
{
    reader->token_terminator = behind_character(reader, at);
    raise_syntax(reader, detail);
}

static noreturn void raise_cut_off(Reader *reader)
{
    reader->token_terminator = reader->end;
    raise_invalid_token(reader);
}

static noreturn void raise_zero(Reader *reader, const uint8_t *at)
{
    Error *err = error_new(SQLSTATE_UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence");

    reader->token_terminator = behind_character(reader, at);
    error_detail(err, "\\u0000 cannot be converted to text.");
    add_context(err, reader);
    error_raise(err);
}

#define LOW_SURROGATE_MISSING "Unicode low surrogate must follow a high surrogate."

/* `at` on the u of \uXXXX; returns its last digit. high: the high surrogate before it, or -1; set when this is one. */
static const uint8_t *lex_unicode(Reader *reader, const uint8_t *at, int *high)
{
    int code = 0;

    for (int i = 0; i < 4; i++) {
        at++;
        if (at >= reader->end)
            raise_cut_off(reader);
        if (json_is_digit(*at))
            code = code * 16 + (*at - '0');
        else if ((uint8_t)((*at | 0x20) - 'a') < 6)
            code = code * 16 + ((*at | 0x20) - 'a' + 10);
        else
            raise_at_character(reader, at, "\"\\u\" must be followed by four hexadecimal digits.");
    }
    if (!reader->for_jsonb)
        return at;
    if (code >= 0xd800 && code < 0xdc00) {
        if (*high != -1)
            raise_at_character(reader, at, "Unicode high surrogate must not follow a high surrogate.");
        *high = code;
        return at;
    }
    if ((code >= 0xdc00 && code < 0xe000) != (*high != -1))
        raise_at_character(reader, at, LOW_SURROGATE_MISSING);
    *high = -1;
    if (code == 0)
        raise_zero(reader, at);
    return at;
}

static void lex_string(Reader *reader)
{
    const uint8_t *at = reader->token_start;
    int            high = -1;

    for (;;) {
        at++;
        if (at >= reader->end)
            raise_cut_off(reader);
        if (*at == '"')
            break;
        if (*at < 0x20) {
            char detail[64];

            reader->token_terminator = at;
            snprintf(detail, sizeof detail, "Character with value 0x%02x must be escaped.", *at);
            raise_syntax(reader, detail);
        }
        if (*at != '\\') {
            if (high != -1)
                raise_at_character(reader, at, LOW_SURROGATE_MISSING);
            continue;
        }
        at++;
        if (at >= reader->end)
            raise_cut_off(reader);
        if (*at == 'u') {
            at = lex_unicode(reader, at, &high);
            continue;
        }
        if (high != -1)
            raise_at_character(reader, at, LOW_SURROGATE_MISSING);
        if (strchr("\"\\/bfnrt", *at) == NULL) {
            reader->token_start = at;
            reader->token_terminator = behind_character(reader, at);
            raise_token(reader, "Escape sequence \"\\", "\" is invalid.");
        }
    }
    if (high != -1)
        raise_at_character(reader, at, LOW_SURROGATE_MISSING);
    reader->token_terminator = at + 1;
}

static const uint8_t *skip_digits(const Reader *reader, const uint8_t *at)
{
    while (at < reader->end && json_is_digit(*at))
        at++;
    return at;
}

static void lex_number(Reader *reader)
{
    const uint8_t *at = reader->token_start + (*reader->token_start == '-');
    const uint8_t *digits;
    bool           bad = false;

    if (at < reader->end && *at == '0')
        at++;
    else if (at < reader->end && json_is_digit(*at))
        at = skip_digits(reader, at);
    else
        bad = true;
    if (at < reader->end && *at == '.') {
        digits = ++at;
        at = skip_digits(reader, at);
        bad |= at == digits;
    }
    if (at < reader->end && (*at | 0x20) == 'e') {
        at++;
        if (at < reader->end && (*at == '+' || *at == '-'))
            at++;
        digits = at;
        at = skip_digits(reader, at);
        bad |= at == digits;
    }
    for (; at < reader->end && is_word_byte(*at); at++)
        bad = true;
    reader->token_terminator = at;
    if (bad)
        raise_invalid_token(reader);
}

static void lex_word(Reader *reader)
{
    const uint8_t *at = reader->token_start;
    size_t         size;

    while (at < reader->end && is_word_byte(*at))
        at++;
    size = (size_t)(at - reader->token_start);
    reader->token_terminator = size == 0 ? reader->token_start + 1 : at;
    if (!(size == 4 && memcmp(reader->token_start, "true", 4) == 0) &&
        !(size == 4 && memcmp(reader->token_start, "null", 4) == 0) &&
        !(size == 5 && memcmp(reader->token_start, "false", 5) == 0))
        raise_invalid_token(reader);
}

static void next_token(Reader *reader)
{
    const uint8_t *at = reader->token_terminator;

    for (; at < reader->end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'); at++) {
        if (*at == '\n') {
            reader->line++;
            reader->line_start = at + 1;
        }
    }
    reader->token_start = at;
    if (at >= reader->end) {
        reader->token_start = NULL;
        reader->token_terminator = at;
        reader->token = TOKEN_END;
        return;
    }
    if (*at == '"') {
        lex_string(reader);
        reader->token = TOKEN_STRING;
    } else if (*at == '-' || json_is_digit(*at)) {
        lex_number(reader);
        reader->token = TOKEN_NUMBER;
    } else {
        static const char  punctuation[] = "{}[],:";
        static const Token tokens[] = {TOKEN_OBJECT_START, TOKEN_OBJECT_END, TOKEN_ARRAY_START,
                                       TOKEN_ARRAY_END,    TOKEN_COMMA,      TOKEN_COLON};
        const char        *found = *at != 0 ? strchr(punctuation, *at) : NULL;

        if (found != NULL) {
            reader->token_terminator = at + 1;
            reader->token = tokens[found - punctuation];
        } else {
            lex_word(reader);
            reader->token = TOKEN_WORD;
        }
    }
}

/* ---- grammar ----------------------------------------------------------------------------------------------------- */

static void check_number(const Reader *reader)
{
    Slice   digits = slice_of(reader->token_start, (size_t)(reader->token_terminator - reader->token_start));
    Arena  *arena = arena_new(NULL, NULL, "json number");
    Numeric value;
    bool    good = numeric_parse(digits, arena, &value);

    arena_free(arena);
    if (!good)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
}

static void scalar(Reader *reader)
{
    switch (reader->token) {
    case TOKEN_NUMBER:
        if (reader->for_jsonb)
            check_number(reader);
        break;
    case TOKEN_STRING:
    case TOKEN_WORD:
        break;
    default:
        raise_expected(reader, "JSON value");
    }
    next_token(reader);
}

static void value(Reader *reader, int depth);

static void member(Reader *reader, int depth)
{
    if (reader->token != TOKEN_STRING)
        raise_expected(reader, "string");
    next_token(reader);
    if (reader->token != TOKEN_COLON)
        raise_expected(reader, "\":\"");
    next_token(reader);
    value(reader, depth);
}

static void object(Reader *reader, int depth)
{
    next_token(reader);
    if (reader->token == TOKEN_STRING) {
        member(reader, depth);
        while (reader->token == TOKEN_COMMA) {
            next_token(reader);
            member(reader, depth);
        }
    } else if (reader->token != TOKEN_OBJECT_END) {
        raise_expected(reader, "string or \"}\"");
    }
    if (reader->token != TOKEN_OBJECT_END)
        raise_expected(reader, "\",\" or \"}\"");
    next_token(reader);
}

static void array(Reader *reader, int depth)
{
    next_token(reader);
    if (reader->token != TOKEN_ARRAY_END) {
        value(reader, depth);
        while (reader->token == TOKEN_COMMA) {
            next_token(reader);
            value(reader, depth);
        }
    }
    if (reader->token != TOKEN_ARRAY_END)
        raise_expected(reader, "\",\" or \"]\"");
    next_token(reader);
}

static void value(Reader *reader, int depth)
{
    if (depth == JSONB_MAX_DEPTH && (reader->token == TOKEN_OBJECT_START || reader->token == TOKEN_ARRAY_START))
        jsonb_raise_too_deep();
    if (reader->token == TOKEN_OBJECT_START)
        object(reader, depth + 1);
    else if (reader->token == TOKEN_ARRAY_START)
        array(reader, depth + 1);
    else
        scalar(reader);
}

/* 22021, naming the bytes of the bad sequence as PostgreSQL does. */
static noreturn void raise_bad_utf8(const uint8_t *at, const uint8_t *end)
{
    static const uint8_t lengths[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};
    char                 bytes[32];
    char                *to = bytes;

    for (int i = 0; i < lengths[*at >> 4] && at + i < end; i++)
        to += snprintf(to, (size_t)(bytes + sizeof bytes - to), i == 0 ? "0x%02x" : " 0x%02x", at[i]);
    raise_error(SQLSTATE_CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"%s\": %s", "UTF8", bytes);
}

void json_raise_error(Slice text, bool for_jsonb)
{
    static const uint8_t nothing = 0;
    const uint8_t       *start = text.data != NULL ? text.data : &nothing;
    const uint8_t       *bad;
    Reader               reader = {
                      .input = start,
                      .end = start + text.size,
                      .token_terminator = start,
                      .line_start = start,
                      .line = 1,
                      .for_jsonb = for_jsonb,
    };

    if (!json_utf8_valid(slice_of(start, text.size), &bad))
        raise_bad_utf8(bad, reader.end);
    next_token(&reader);
    value(&reader, 0);
    if (reader.token != TOKEN_END)
        raise_expected(&reader, "end of input");
    raise_error(SQLSTATE_INTERNAL_ERROR, "JSON text was refused without a reason");
}
