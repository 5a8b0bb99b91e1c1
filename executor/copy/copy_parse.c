/*
 * copy_parse.c - lines and fields of COPY's text forms.
 *
 * memchr() finds newlines, delimiters and backslashes: the C library's is vectorised for every machine.
 */
#include "executor/copy/copy_parse.h"

static int64_t found(LineScanner *scanner, size_t at)
{
    scanner->at = 0;
    scanner->in_quotes = scanner->escaped = false;
    return (int64_t)at;
}

/* A newline behind an odd number of backslashes belongs to the data. */
static int64_t scan_text(LineScanner *scanner, Slice text)
{
    while (scanner->at < text.size) {
        const uint8_t *newline = memchr(text.data + scanner->at, '\n', text.size - scanner->at);
        size_t         at, slashes = 0;

        if (newline == NULL)
            break;
        at = (size_t)(newline - text.data);
        while (slashes < at && text.data[at - slashes - 1] == '\\')
            slashes++;
        if (slashes % 2 == 0)
            return found(scanner, at);
        scanner->at = at + 1;
    }
    scanner->at = text.size;
    return -1;
}

static int64_t scan_csv(LineScanner *scanner, Slice text)
{
    uint8_t quote = (uint8_t)scanner->options->quote, escape = (uint8_t)scanner->options->escape;

    for (size_t at = scanner->at; at < text.size; at++) {
        uint8_t c = text.data[at];

        if (scanner->escaped) {
            scanner->escaped = false;
        } else if (c == quote) {
            scanner->in_quotes = !scanner->in_quotes; /* a doubled quote does so twice */
        } else if (c == escape && scanner->in_quotes) {
            scanner->escaped = true;
        } else if (c == '\n' && !scanner->in_quotes) {
            return found(scanner, at);
        }
    }
    scanner->at = text.size;
    return -1;
}

int64_t line_scan(LineScanner *scanner, Slice text)
{
    return scanner->options->format == COPY_CSV ? scan_csv(scanner, text) : scan_text(scanner, text);
}

static void add_field(CopyFields *fields, Arena *arena, const uint8_t *from, const uint8_t *to, bool is_null)
{
    if (fields->count == fields->capacity) {
        int32_t capacity = MAX(16, fields->capacity * 2);

        fields->items = arena_grow(arena, fields->items, (size_t)fields->capacity * sizeof(CopyField), (size_t)capacity * sizeof(CopyField));
        fields->capacity = capacity;
    }
    fields->items[fields->count++] = (CopyField){slice_of(from, (size_t)(to - from)), is_null};
}

static bool is_null_text(const CopyOptions *options, const uint8_t *from, const uint8_t *to)
{
    return (size_t)(to - from) == options->null_text.size && memcmp(from, options->null_text.data, options->null_text.size) == 0;
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Undoes one escape behind a backslash; returns the byte after it. */
static const uint8_t *unescape(const uint8_t *at, const uint8_t *end, uint8_t *out)
{
    uint8_t c = *at++;
    int     value;

    switch (c) {
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
        value = c - '0';
        for (int i = 0; i < 2 && at < end && *at >= '0' && *at <= '7'; i++)
            value = value * 8 + (*at++ - '0');
        *out = (uint8_t)value;
        break;
    case 'x':
        if (at < end && hex_digit(*at) >= 0) {
            value = hex_digit(*at++);
            if (at < end && hex_digit(*at) >= 0)
                value = value * 16 + hex_digit(*at++);
            *out = (uint8_t)value;
        } else {
            *out = c;
        }
        break;
    case 'b':
        *out = '\b';
        break;
    case 'f':
        *out = '\f';
        break;
    case 'n':
        *out = '\n';
        break;
    case 'r':
        *out = '\r';
        break;
    case 't':
        *out = '\t';
        break;
    case 'v':
        *out = '\v';
        break;
    default:
        *out = c;
        break;
    }
    return at;
}

/* The end of a field: the next delimiter that no backslash precedes. */
static uint8_t *field_end(uint8_t *at, uint8_t *end, char delimiter, bool *escapes)
{
    uint8_t *stop = memchr(at, delimiter, (size_t)(end - at));
    uint8_t *slash;

    if (stop == NULL)
        stop = end;
    slash = memchr(at, '\\', (size_t)(stop - at));
    *escapes = slash != NULL;
    if (slash == NULL)
        return stop;
    for (at = slash; at < end && *at != (uint8_t)delimiter; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at;
}

static void split_text(const CopyOptions *options, uint8_t *line, size_t size, Arena *arena, CopyFields *fields)
{
    uint8_t *at = line, *end = line + size;

    for (;;) {
        bool     escapes;
        uint8_t *stop = field_end(at, end, options->delimiter, &escapes), *to = at;
        bool     is_null = is_null_text(options, at, stop);

        if (escapes && !is_null) {
            for (const uint8_t *from = at; from < stop;) {
                if (*from == '\\' && from + 1 < stop)
                    from = unescape(from + 1, stop, to++);
                else
                    *to++ = *from++;
            }
            add_field(fields, arena, at, to, false);
        } else {
            add_field(fields, arena, at, stop, is_null);
        }
        if (stop == end)
            return;
        at = stop + 1;
    }
}

static void split_csv(const CopyOptions *options, uint8_t *line, size_t size, Arena *arena, CopyFields *fields)
{
    uint8_t *at = line, *end = line + size;
    uint8_t  quote = (uint8_t)options->quote, escape = (uint8_t)options->escape, delimiter = (uint8_t)options->delimiter;

    for (;;) {
        uint8_t *from = at, *to = at, *start = at;
        bool     quoted = false, in_quotes = false;

        for (; from < end && (in_quotes || *from != delimiter); from++) {
            if (!in_quotes) {
                if (*from == quote)
                    in_quotes = quoted = true;
                else
                    *to++ = *from;
            } else if (*from == escape && from + 1 < end && (from[1] == escape || from[1] == quote)) {
                *to++ = *++from;
            } else if (*from == quote) {
                in_quotes = false;
            } else {
                *to++ = *from;
            }
        }
        if (in_quotes)
            raise_error(SQLSTATE_BAD_COPY_FILE_FORMAT, "unterminated CSV quoted field");
        add_field(fields, arena, start, to, !quoted && is_null_text(options, start, to));
        if (from == end)
            return;
        at = from + 1;
    }
}

void copy_split(const CopyOptions *options, uint8_t *line, size_t size, Arena *arena, CopyFields *fields)
{
    fields->count = 0;
    if (options->format == COPY_CSV)
        split_csv(options, line, size, arena, fields);
    else
        split_text(options, line, size, arena, fields);
}
