/*
 * jsonpath_lex.c - tokens of jsonpath expressions.
 */
#include "types/jsonpath_lex.h"

#include "base/error.h"
#include "types/json_number.h"
#include "types/json_utf8.h"

static noreturn void raise_near(const PathLexer *lexer, const char *message, const uint8_t *from, const uint8_t *to)
{
    if (from >= lexer->end)
        raise_error(SQLSTATE_SYNTAX_ERROR, "%s at end of jsonpath input", message);
    raise_error(SQLSTATE_SYNTAX_ERROR, "%s at or near \"%.*s\" of jsonpath input", message, (int)(to - from), (const char *)from);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

void path_syntax_error(const PathLexer *lexer)
{
    if (lexer->token == TOKEN_WORD) {
        /* PG15: the lexer stands behind the word when the parser complains: at a blank, or, as it believes, at the end */
        if (lexer->at < lexer->end && is_blank(*lexer->at))
            raise_near(lexer, "syntax error", lexer->at, lexer->at + 1);
        raise_near(lexer, "syntax error", lexer->end, lexer->end);
    }
    raise_near(lexer, "syntax error", lexer->start, lexer->at);
}

/* What can stand in an identifier. */
static bool is_word(uint8_t c)
{
    return c != 0 && !is_blank(c) && strchr("?%$.[]{}()|&!=<>@#,*:-+/\\\"", c) == NULL;
}

static const struct {
    const char *name;
    PathKeyword keyword;
    bool        exact; /* only in lower case */
} keywords[] = {
    {"is", KEYWORD_IS, false},           {"to", KEYWORD_TO, false},           {"abs", KEYWORD_ABS, false},
    {"lax", KEYWORD_LAX, false},         {"flag", KEYWORD_FLAG, false},       {"last", KEYWORD_LAST, false},
    {"null", KEYWORD_NULL, true},        {"size", KEYWORD_SIZE, false},       {"true", KEYWORD_TRUE, true},
    {"type", KEYWORD_TYPE, false},       {"with", KEYWORD_WITH, false},       {"false", KEYWORD_FALSE, true},
    {"floor", KEYWORD_FLOOR, false},     {"double", KEYWORD_DOUBLE, false},   {"exists", KEYWORD_EXISTS, false},
    {"starts", KEYWORD_STARTS, false},   {"strict", KEYWORD_STRICT, false},   {"ceiling", KEYWORD_CEILING, false},
    {"unknown", KEYWORD_UNKNOWN, false}, {"datetime", KEYWORD_DATETIME, false}, {"keyvalue", KEYWORD_KEYVALUE, false},
    {"like_regex", KEYWORD_LIKE_REGEX, false},
};

static PathKeyword keyword_of(Slice word)
{
    for (size_t i = 0; i < ARRAY_LENGTH(keywords); i++)
        if (strlen(keywords[i].name) == word.size &&
            (keywords[i].exact ? memcmp(keywords[i].name, word.data, word.size)
                               : strncasecmp(keywords[i].name, (const char *)word.data, word.size)) == 0)
            return keywords[i].keyword;
    return KEYWORD_NONE;
}

/* ---- escapes ------------------------------------------------------------------------------------------------------- */

static int hex_digit(uint8_t c)
{
    if (json_is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void append_code_point(StrBuf *out, uint32_t c)
{
    char bytes[4];
    int  size = 0;

    if (c < 0x80) {
        bytes[size++] = (char)c;
    } else if (c < 0x800) {
        bytes[size++] = (char)(0xc0 | c >> 6);
        bytes[size++] = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        bytes[size++] = (char)(0xe0 | c >> 12);
        bytes[size++] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[size++] = (char)(0x80 | (c & 0x3f));
    } else {
        bytes[size++] = (char)(0xf0 | c >> 18);
        bytes[size++] = (char)(0x80 | (c >> 12 & 0x3f));
        bytes[size++] = (char)(0x80 | (c >> 6 & 0x3f));
        bytes[size++] = (char)(0x80 | (c & 0x3f));
    }
    strbuf_append(out, bytes, (size_t)size);
}

/* \uXXXX or \u{X...}, `at` behind the u. Returns the byte behind, NULL when it is none. */
static const uint8_t *read_unicode(const uint8_t *at, const uint8_t *end, uint32_t *code)
{
    bool braces = at < end && *at == '{';
    int  digits = 0;

    *code = 0;
    at += braces;
    for (; at < end && digits < (braces ? 6 : 4) && hex_digit(*at) >= 0; at++, digits++)
        *code = *code * 16 + (uint32_t)hex_digit(*at);
    if (braces ? digits == 0 || at == end || *at != '}' : digits != 4)
        return NULL;
    return at + braces;
}

static noreturn void raise_surrogate(const char *detail)
{
    Error *err = error_new(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s", "jsonpath");

    error_detail(err, "%s", detail);
    error_raise(err);
}

static noreturn void raise_zero(void)
{
    Error *err = error_new(SQLSTATE_UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence");

    error_detail(err, "\\u0000 cannot be converted to text.");
    error_raise(err);
}

/* `at` behind \u: the character, with the second half of a surrogate pair. */
static const uint8_t *unicode_escape(const PathLexer *lexer, const uint8_t *at, StrBuf *out)
{
    uint32_t       code, low;
    const uint8_t *behind = read_unicode(at, lexer->end, &code);

    if (behind == NULL) {
        const uint8_t *digits_end = at;

        while (digits_end < lexer->end && digits_end - at < 3 && hex_digit(*digits_end) >= 0)
            digits_end++;
        raise_near(lexer, "invalid unicode sequence", at - 2, digits_end);
    }
    if (code == 0)
        raise_zero();
    if (code >= 0xd800 && code < 0xdc00) {
        const uint8_t *second = lexer->end - behind >= 2 && behind[0] == '\\' && behind[1] == 'u'
                                    ? read_unicode(behind + 2, lexer->end, &low)
                                    : NULL;

        if (second != NULL && low >= 0xd800 && low < 0xdc00)
            raise_surrogate("Unicode high surrogate must not follow a high surrogate.");
        if (second == NULL || low < 0xdc00 || low >= 0xe000)
            raise_surrogate("Unicode low surrogate must follow a high surrogate.");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        behind = second;
    } else if (code >= 0xdc00 && code < 0xe000) {
        raise_surrogate("Unicode low surrogate must follow a high surrogate.");
    }
    if (code > 0x10ffff)
        raise_near(lexer, "invalid unicode sequence", at - 2, behind);
    append_code_point(out, code);
    return behind;
}

/* `at` on a backslash; returns the byte behind the sequence. */
static const uint8_t *escape(const PathLexer *lexer, const uint8_t *at, StrBuf *out)
{
    static const char letters[] = "bfnrtv";
    static const char meanings[] = "\b\f\n\r\t\v";
    const char       *found;

    at++;
    if (at == lexer->end)
        raise_near(lexer, "unexpected end after backslash", at - 1, at);
    if (*at == 'u')
        return unicode_escape(lexer, at + 1, out);
    if (*at == 'x') {
        int high = at + 1 < lexer->end ? hex_digit(at[1]) : -1;
        int low = at + 2 < lexer->end ? hex_digit(at[2]) : -1;

        if (high < 0 || low < 0)
            raise_near(lexer, "invalid hex character sequence", at - 1, at + 1 + (high >= 0));
        if (high * 16 + low == 0)
            raise_zero();
        append_code_point(out, (uint32_t)(high * 16 + low));
        return at + 3;
    }
    found = strchr(letters, *at);
    strbuf_append_char(out, found != NULL ? meanings[found - letters] : (char)*at);
    return at + 1;
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

/* at behind the opening quote. */
static const uint8_t *quoted(PathLexer *lexer, const uint8_t *at)
{
    StrBuf out;

    strbuf_init(&out, lexer->arena);
    for (;;) {
        const uint8_t *plain = at;

        while (at < lexer->end && *at != '"' && *at != '\\')
            at++;
        strbuf_append(&out, plain, (size_t)(at - plain));
        if (at == lexer->end)
            raise_near(lexer, "unexpected end of quoted string", at, at);
        if (*at == '"')
            break;
        at = escape(lexer, at, &out);
    }
    lexer->text = slice_of(strbuf_cstring(&out), out.size);
    return at + 1;
}

static const uint8_t *word(PathLexer *lexer, const uint8_t *at)
{
    StrBuf out;

    strbuf_init(&out, lexer->arena);
    while (at < lexer->end && (is_word(*at) || *at == '\\')) {
        if (*at == '\\')
            at = escape(lexer, at, &out);
        else
            strbuf_append_char(&out, (char)*at++);
    }
    lexer->text = slice_of(strbuf_cstring(&out), out.size);
    return at;
}

static const uint8_t *digits(const PathLexer *lexer, const uint8_t *at)
{
    while (at < lexer->end && json_is_digit(*at))
        at++;
    return at;
}

static const uint8_t *number(PathLexer *lexer, const uint8_t *at)
{
    const uint8_t *start = at;

    lexer->token = TOKEN_INTEGER;
    if (at < lexer->end && *at == '0')
        at++;
    else
        at = digits(lexer, at);
    if (at < lexer->end && *at == '.') {
        lexer->token = TOKEN_NUMBER;
        at = digits(lexer, at + 1);
    }
    if (at < lexer->end && (*at | 0x20) == 'e') {
        const uint8_t *power = at + 1;

        if (power < lexer->end && (*power == '+' || *power == '-'))
            power++;
        if (power < lexer->end && json_is_digit(*power)) {
            lexer->token = TOKEN_NUMBER;
            at = digits(lexer, power);
        } else if (power > at + 1) {
            raise_near(lexer, "invalid numeric literal", start, power);
        }
    }
    if (at < lexer->end && is_word(*at))
        raise_near(lexer, "trailing junk after numeric literal", start, at + MAX(json_utf8_length(at, lexer->end), 1));
    lexer->text = slice_of(start, (size_t)(at - start));
    return at;
}

static const uint8_t *skip_blanks(const PathLexer *lexer, const uint8_t *at)
{
    for (;;) {
        while (at < lexer->end && is_blank(*at))
            at++;
        if (lexer->end - at < 2 || at[0] != '/' || at[1] != '*')
            return at;
        at = memmem(at + 2, (size_t)(lexer->end - at - 2), "*/", 2);
        if (at == NULL)
            raise_near(lexer, "unexpected end of comment", lexer->end, lexer->end);
        at += 2;
    }
}

/* Operators of two characters, and the one that is written in two ways. */
static int operator_token(const uint8_t *at, const uint8_t *end, int *length)
{
    uint8_t second = end - at > 1 ? at[1] : 0;

    *length = 2;
    switch (*at) {
    case '&':
        if (second == '&')
            return TOKEN_AND;
        break;
    case '|':
        if (second == '|')
            return TOKEN_OR;
        break;
    case '*':
        if (second == '*')
            return TOKEN_ANY;
        break;
    case '<':
        if (second == '=')
            return TOKEN_LESS_EQUAL;
        if (second == '>')
            return TOKEN_NOT_EQUAL;
        break;
    case '>':
        if (second == '=')
            return TOKEN_GREATER_EQUAL;
        break;
    case '=':
        if (second == '=')
            return TOKEN_EQUAL;
        break;
    case '!':
        if (second == '=')
            return TOKEN_NOT_EQUAL;
        break;
    default:
        break;
    }
    *length = 1;
    return *at;
}

void path_lexer_init(PathLexer *lexer, Slice text, Arena *arena)
{
    *lexer = (PathLexer){.at = text.data, .end = text.data + text.size, .arena = arena};
    path_lexer_next(lexer);
}

void path_lexer_next(PathLexer *lexer)
{
    const uint8_t *at = skip_blanks(lexer, lexer->at);
    int            length;

    lexer->start = at;
    lexer->keyword = KEYWORD_NONE;
    if (at == lexer->end) {
        lexer->token = TOKEN_END;
        lexer->at = at;
        return;
    }
    if (*at == '"') {
        lexer->at = quoted(lexer, at + 1);
        lexer->token = TOKEN_STRING;
    } else if (*at == '$' && lexer->end - at > 1 && (at[1] == '"' || is_word(at[1]))) {
        lexer->at = at[1] == '"' ? quoted(lexer, at + 2) : word(lexer, at + 1);
        lexer->token = TOKEN_VARIABLE;
    } else if (json_is_digit(*at) || (*at == '.' && lexer->end - at > 1 && json_is_digit(at[1]))) {
        lexer->at = number(lexer, at);
    } else if (is_word(*at) || *at == '\\') {
        lexer->at = word(lexer, at);
        lexer->token = TOKEN_WORD;
        lexer->keyword = keyword_of(lexer->text);
    } else {
        lexer->token = operator_token(at, lexer->end, &length);
        lexer->at = at + length;
    }
}
