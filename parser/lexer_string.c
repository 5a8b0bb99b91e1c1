/*
 * lexer_string.c - the text of literals and quoted names: quotes, escapes, continuation, Unicode.
 */
#include "base/strbuf.h"
#include "parser/lexer_internal.h"

/* ---- UTF-8 -------------------------------------------------------------------------------------------------- */

/* How many bytes the character at text has, of those up to end; 0 when it is not UTF-8. A zero byte is not. */
static int utf8_size(const uint8_t *text, const uint8_t *end)
{
    uint8_t first = text[0];
    size_t  room = (size_t)(end - text);
    uint8_t low = 0x80;
    uint8_t high = 0xbf;
    int     size;

    if (first < 0x80)
        return first != 0;
    if (first >= 0xc2 && first <= 0xdf) {
        size = 2;
    } else if ((first & 0xf0) == 0xe0) {
        size = 3;
        if (first == 0xe0)
            low = 0xa0; /* overlong */
        if (first == 0xed)
            high = 0x9f; /* surrogates */
    } else if (first >= 0xf0 && first <= 0xf4) {
        size = 4;
        if (first == 0xf0)
            low = 0x90;
        if (first == 0xf4)
            high = 0x8f; /* above U+10FFFF */
    } else {
        return 0;
    }
    if (room < (size_t)size || text[1] < low || text[1] > high)
        return 0;
    for (int i = 2; i < size; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

/* How many bytes the first one promises: what the message shows. */
static int utf8_promised(uint8_t first)
{
    if ((first & 0xe0) == 0xc0)
        return 2;
    if ((first & 0xf0) == 0xe0)
        return 3;
    if ((first & 0xf8) == 0xf0)
        return 4;
    return 1;
}

static noreturn void raise_bad_utf8(const uint8_t *at, const uint8_t *end)
{
    char bytes[4 * 5 + 1] = "";
    int  count = MIN(utf8_promised(*at), (int)MIN(end - at, 4));

    for (int i = 0; i < count; i++) {
        static const char digits[] = "0123456789abcdef";
        char              shown[] = {' ', '0', 'x', digits[at[i] >> 4], digits[at[i] & 15], '\0'};

        memcpy(bytes + strlen(bytes), i == 0 ? shown + 1 : shown, i == 0 ? 5 : 6);
    }
    raise_error(SQLSTATE_CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\": %s", bytes);
}

void utf8_check(const char *text, size_t size)
{
    const uint8_t *at = (const uint8_t *)text;
    const uint8_t *end = at + size;

    while (at < end) {
        uint64_t eight;
        int      step;

        /* eight at a time while they are ASCII and none is zero */
        while (end - at >= 8) {
            memcpy(&eight, at, 8);
            if (((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u) != 0)
                break;
            at += 8;
        }
        if (at == end)
            return;
        step = utf8_size(at, end);
        if (step == 0)
            raise_bad_utf8(at, end);
        at += step;
    }
}

int utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static bool is_high_surrogate(uint32_t code)
{
    return code >= 0xd800 && code <= 0xdbff;
}

static bool is_low_surrogate(uint32_t code)
{
    return code >= 0xdc00 && code <= 0xdfff;
}

static uint32_t join_surrogates(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
}

static void append_code(StrBuf *buf, uint32_t code)
{
    char bytes[4];

    strbuf_append(buf, bytes, (size_t)utf8_encode(code, bytes));
}

/* ---- quotes ------------------------------------------------------------------------------------------------- */

/*
 * A literal goes on when white space with a newline in it, and then another quote, follow its closing quote:
 * the place behind that quote, else NULL. Comments to the end of the line count as white space.
 */
static const char *continuation(const char *at)
{
    bool newline = false;

    for (;;) {
        if (*at == '\n' || *at == '\r') {
            newline = true;
            at++;
        } else if (char_is(*at, CHAR_SPACE)) {
            at++;
        } else if (at[0] == '-' && at[1] == '-') {
            while (*at != '\n' && *at != '\r' && *at != '\0')
                at++;
            if (*at == '\0')
                return NULL;
        } else {
            return newline && *at == '\'' ? at + 1 : NULL;
        }
    }
}

/* The next quote at or after at; without one, raises. */
static const char *find_quote(Lexer *lexer, const char *at, char quote, const char *unterminated)
{
    const char *found = memchr(at, quote, (size_t)(lexer->end - at));

    if (found == NULL) {
        lexer->at = lexer->end;
        lexer_raise_here(lexer, unterminated);
    }
    return found;
}

const char *scan_plain_string(Lexer *lexer)
{
    static const char unterminated[] = "unterminated quoted string";
    const char       *start = lexer->at;
    const char       *quote = find_quote(lexer, start, '\'', unterminated);
    const char       *next = continuation(quote + 1);
    StrBuf            buf;

    lexer->at = quote + 1;
    if (quote[1] != '\'' && next == NULL)
        return arena_strndup(lexer->arena, start, (size_t)(quote - start));

    strbuf_init(&buf, lexer->arena);
    for (;;) {
        strbuf_append(&buf, start, (size_t)(quote - start));
        if (quote[1] == '\'') {
            strbuf_append_char(&buf, '\'');
            start = quote + 2;
        } else if (next != NULL) {
            start = next;
        } else {
            lexer->at = quote + 1;
            return strbuf_cstring(&buf);
        }
        quote = find_quote(lexer, start, '\'', unterminated);
        next = continuation(quote + 1);
    }
}

/* B'...' and X'...': whether the digits are digits is seen when they are read as a value. */
const char *scan_digits_string(Lexer *lexer, char prefix, const char *unterminated)
{
    const char *start = lexer->at;
    StrBuf      buf;

    strbuf_init(&buf, lexer->arena);
    strbuf_append_char(&buf, prefix);
    while (start != NULL) {
        const char *quote = find_quote(lexer, start, '\'', unterminated);

        strbuf_append(&buf, start, (size_t)(quote - start));
        lexer->at = quote + 1;
        start = continuation(quote + 1);
    }
    return strbuf_cstring(&buf);
}

const char *scan_quoted_identifier(Lexer *lexer, bool cut)
{
    const char *start = lexer->at;
    StrBuf      buf;

    strbuf_init(&buf, lexer->arena);
    for (;;) {
        const char *quote = find_quote(lexer, start, '"', "unterminated quoted identifier");

        strbuf_append(&buf, start, (size_t)(quote - start));
        lexer->at = quote + 1;
        if (quote[1] != '"')
            break;
        strbuf_append_char(&buf, '"');
        start = quote + 2;
    }
    if (buf.size == 0)
        lexer_raise_here(lexer, "zero-length delimited identifier");
    if (cut)
        buf.data[name_cut(buf.data, buf.size)] = '\0';
    return buf.data;
}

const char *scan_dollar_string(Lexer *lexer, size_t tag_size)
{
    const char *start = lexer->at;
    const char *tag = start - tag_size;
    const char *close = memmem(start, (size_t)(lexer->end - start), tag, tag_size);

    if (close == NULL) {
        lexer->at = lexer->end;
        lexer_raise_here(lexer, "unterminated dollar-quoted string");
    }
    lexer->at = close + tag_size;
    return arena_strndup(lexer->arena, start, (size_t)(close - start));
}

/* ---- E'...' ------------------------------------------------------------------------------------------------- */

typedef struct EscapeScan {
    Lexer      *lexer;
    const char *at;   /* behind what has been read */
    StrBuf      buf;
    uint32_t    high; /* a surrogate that waits for its second half; 0: none */
    bool        bytes_made; /* \x or octal escapes made bytes above ASCII, or a zero */
} EscapeScan;

static noreturn void raise_escape(EscapeScan *scan, const char *message, const char *from, const char *to)
{
    scan->lexer->token_end = (int32_t)(to - scan->lexer->text);
    lexer_raise(scan->lexer, message, (int32_t)(from - scan->lexer->text));
}

/* \uXXXX or \UXXXXXXXX; at stands on the backslash. */
static void scan_unicode_escape(EscapeScan *scan)
{
    const char *start = scan->at;
    int         digits = start[1] == 'u' ? 4 : 8;
    const char *at = start + 2;
    uint32_t    code = 0;

    for (int i = 0; i < digits; i++, at++) {
        if (!char_is(*at, CHAR_HEX)) {
            Error *err = error_new(SQLSTATE_INVALID_ESCAPE_SEQUENCE, "invalid Unicode escape");

            error_hint(err, "Unicode escapes must be \\uXXXX or \\UXXXXXXXX.");
            error_position(err, (int)(start - scan->lexer->text));
            error_raise(err);
        }
        code = code << 4 | (uint32_t)hex_value(*at);
    }
    scan->at = at;
    if (scan->high != 0) {
        if (!is_low_surrogate(code))
            raise_escape(scan, "invalid Unicode surrogate pair", start, at);
        code = join_surrogates(scan->high, code);
        scan->high = 0;
    } else if (is_high_surrogate(code)) {
        scan->high = code;
        return;
    } else if (is_low_surrogate(code)) {
        raise_escape(scan, "invalid Unicode surrogate pair", start, at);
    }
    if (code == 0 || code > 0x10ffff)
        raise_escape(scan, "invalid Unicode escape value", start, at);
    append_code(&scan->buf, code);
}

/* A byte given by its value: up to three octal or two hexadecimal digits, of which max are read. */
static void scan_byte_escape(EscapeScan *scan, int base_bits, int max)
{
    int value = 0;

    for (int i = 0; i < max && char_is(*scan->at, CHAR_HEX); i++, scan->at++) {
        int digit = hex_value(*scan->at);

        if (digit >= 1 << base_bits)
            break;
        value = value << base_bits | digit;
    }
    value &= 0xff;
    if (value == 0 || value >= 0x80)
        scan->bytes_made = true;
    strbuf_append_char(&scan->buf, (char)value);
}

/* at stands on a backslash that is not the last byte. */
static void scan_escape(EscapeScan *scan)
{
    char c = scan->at[1];

    if (c == 'u' || c == 'U') {
        scan_unicode_escape(scan);
        return;
    }
    if (scan->high != 0)
        raise_escape(scan, "invalid Unicode surrogate pair", scan->at, scan->at + 1);
    if (c >= '0' && c <= '7') {
        scan->at += 1;
        scan_byte_escape(scan, 3, 3);
        return;
    }
    if (c == 'x' && char_is(scan->at[2], CHAR_HEX)) {
        scan->at += 2;
        scan_byte_escape(scan, 4, 2);
        return;
    }
    scan->at += 2;
    switch (c) {
    case 'b':
        c = '\b';
        break;
    case 'f':
        c = '\f';
        break;
    case 'n':
        c = '\n';
        break;
    case 'r':
        c = '\r';
        break;
    case 't':
        c = '\t';
        break;
    default:
        break;
    }
    strbuf_append_char(&scan->buf, c);
}

const char *scan_escape_string(Lexer *lexer)
{
    EscapeScan scan = {.lexer = lexer, .at = lexer->at};

    strbuf_init(&scan.buf, lexer->arena);
    for (;;) {
        const char *next = scan.at + strcspn(scan.at, "'\\");

        if (scan.high != 0 && *scan.at != '\\')
            raise_escape(&scan, "invalid Unicode surrogate pair", scan.at, scan.at + 1);
        strbuf_append(&scan.buf, scan.at, (size_t)(next - scan.at));
        scan.at = next;
        if (*next == '\0' || (*next == '\\' && next[1] == '\0')) {
            lexer->at = lexer->end;
            lexer_raise_here(lexer, "unterminated quoted string");
        }
        if (*next == '\\') {
            scan_escape(&scan);
        } else if (next[1] == '\'') {
            strbuf_append_char(&scan.buf, '\'');
            scan.at = next + 2;
        } else {
            lexer->at = next + 1;
            scan.at = continuation(next + 1);
            if (scan.at == NULL)
                break;
        }
    }
    if (scan.bytes_made)
        utf8_check(scan.buf.data, scan.buf.size);
    return strbuf_cstring(&scan.buf);
}

/* ---- U&'...' and U&"..." ------------------------------------------------------------------------------------ */

static noreturn void raise_unicode(const Token *raw, const char *at, const char *message, const char *hint)
{
    Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "%s", message);

    if (hint != NULL)
        error_hint(err, "%s", hint);
    /* 3: the U&' before the text */
    error_position(err, raw->location + (int)(at - raw->str) + 3);
    error_raise(err);
}

const char *lexer_unicode_text(Lexer *lexer, const Token *raw, char escape)
{
    const char *at = raw->str;
    uint32_t    high = 0;
    StrBuf      buf;

    strbuf_init(&buf, lexer->arena);
    strbuf_reserve(&buf, strlen(at));
    while (*at != '\0') {
        const char *start = at;
        uint32_t    code = 0;
        int         digits;

        if (*at != escape || at[1] == escape) {
            if (high != 0)
                raise_unicode(raw, at, "invalid Unicode surrogate pair", NULL);
            strbuf_append_char(&buf, *at);
            at += *at == escape ? 2 : 1;
            continue;
        }
        digits = at[1] == '+' ? 6 : 4;
        at += at[1] == '+' ? 2 : 1;
        for (int i = 0; i < digits; i++, at++) {
            if (!char_is(*at, CHAR_HEX))
                raise_unicode(raw, start, "invalid Unicode escape", "Unicode escapes must be \\XXXX or \\+XXXXXX.");
            code = code << 4 | (uint32_t)hex_value(*at);
        }
        if (code == 0 || code > 0x10ffff)
            raise_unicode(raw, start, "invalid Unicode escape value", NULL);
        if ((high != 0) != is_low_surrogate(code))
            raise_unicode(raw, start, "invalid Unicode surrogate pair", NULL);
        if (is_high_surrogate(code)) {
            high = code;
        } else {
            append_code(&buf, high != 0 ? join_surrogates(high, code) : code);
            high = 0;
        }
    }
    if (high != 0)
        raise_unicode(raw, at, "invalid Unicode surrogate pair", NULL);
    return strbuf_cstring(&buf);
}
