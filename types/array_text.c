/*
 * array_text.c - reading and showing arrays as text.
 *
 * The whole text is taken apart before any element is read: PostgreSQL reports faults of the structure first.
 */
#include "types/array_text.h"

#include "base/error.h"
#include "types/array_type.h"
#include "types/io.h"

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef enum ParseState {
    AT_START,        /* before the first brace */
    AFTER_OPEN,
    AFTER_ITEM,
    AFTER_COMMA,     /* behind an item */
    AFTER_CLOSE,
    AFTER_CLOSE_COMMA,
} ParseState;

typedef struct Item {
    Slice   text;
    bool    is_null;
    uint8_t depth;
} Item;

typedef struct Parse {
    Slice      text;
    size_t     at;
    char       delimiter;
    Arena     *arena;
    ParseState state;
    int32_t    depth;
    int32_t    deepest;
    int32_t    children[ARRAY_MAX_DIMENSIONS]; /* of the open level of each depth, so far */
    int32_t    lengths[ARRAY_MAX_DIMENSIONS];  /* of closed levels, -1 before the first */
    Item      *items;
    int32_t    count, capacity;
} Parse;

static noreturn void raise_malformed(const Parse *parse, const char *detail)
{
    Error *err = error_new(SQLSTATE_INVALID_TEXT_REPRESENTATION, "malformed array literal: \"%.*s\"", (int)parse->text.size,
                           (const char *)parse->text.data);

    if (detail != NULL)
        error_detail(err, "%s", detail);
    error_raise(err);
}

static noreturn void raise_unexpected(const Parse *parse, char c)
{
    char detail[] = "Unexpected \"?\" character.";

    detail[12] = c;
    raise_malformed(parse, detail);
}

static noreturn void raise_dimensions(int32_t count)
{
    raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)", count,
                ARRAY_MAX_DIMENSIONS);
}

static char peek(const Parse *parse)
{
    return parse->at < parse->text.size ? (char)parse->text.data[parse->at] : '\0';
}

static void skip_spaces(Parse *parse)
{
    while (parse->at < parse->text.size && is_space(parse->text.data[parse->at]))
        parse->at++;
}

static void add_item(Parse *parse, Slice text, bool is_null)
{
    if (parse->count == parse->capacity) {
        int32_t capacity = MAX(parse->capacity * 2, 16);

        parse->items = arena_grow(parse->arena, parse->items, (size_t)parse->capacity * sizeof(Item), (size_t)capacity * sizeof(Item));
        parse->capacity = capacity;
    }
    parse->items[parse->count++] = (Item){text, is_null, (uint8_t)parse->depth};
    parse->children[parse->depth - 1]++;
}

/* Text without its backslashes. */
static Slice unescaped(Arena *arena, Slice raw)
{
    uint8_t *to = arena_alloc(arena, raw.size);
    size_t   size = 0;

    for (size_t i = 0; i < raw.size; i++) {
        if (raw.data[i] == '\\' && i + 1 < raw.size)
            i++;
        to[size++] = raw.data[i];
    }
    return slice_of(to, size);
}

/* Steps over one character, or a backslash with the one behind it. */
static void step(Parse *parse, bool *escapes)
{
    if (peek(parse) == '\\') {
        *escapes = true;
        parse->at++;
    }
    if (parse->at >= parse->text.size)
        raise_malformed(parse, "Unexpected end of input.");
    parse->at++;
}

static void read_quoted(Parse *parse)
{
    size_t start = ++parse->at;
    bool   escapes = false;
    Slice  raw;

    while (peek(parse) != '"')
        step(parse, &escapes);
    raw = slice_of(parse->text.data + start, parse->at - start);
    parse->at++;
    add_item(parse, escapes ? unescaped(parse->arena, raw) : raw, false);
}

static void read_plain(Parse *parse)
{
    size_t start = parse->at, end = start; /* end: behind the last character that is not a bare blank */
    bool   escapes = false;
    Slice  raw;

    for (;;) {
        char c = peek(parse);
        bool bare_space = is_space((uint8_t)c);

        if (c == parse->delimiter || c == '}')
            break;
        if (c == '"')
            raise_malformed(parse, "Unexpected array element.");
        if (c == '{')
            raise_unexpected(parse, '{');
        step(parse, &escapes);
        if (!bare_space)
            end = parse->at;
    }
    raw = slice_of(parse->text.data + start, end - start);
    if (escapes)
        add_item(parse, unescaped(parse->arena, raw), false);
    else
        add_item(parse, raw, text_equals_ignoring_case(raw, "null"));
}

static void open_level(Parse *parse)
{
    if (parse->state != AT_START && parse->state != AFTER_OPEN && parse->state != AFTER_CLOSE_COMMA)
        raise_unexpected(parse, '{');
    if (parse->depth >= ARRAY_MAX_DIMENSIONS)
        raise_dimensions(parse->depth + 1);
    parse->children[parse->depth++] = 0;
    parse->deepest = MAX(parse->deepest, parse->depth);
    parse->state = AFTER_OPEN;
    parse->at++;
}

static void close_level(Parse *parse)
{
    int32_t level = parse->depth - 1;

    if (parse->state != AFTER_ITEM && parse->state != AFTER_CLOSE && !(level == 0 && parse->state == AFTER_OPEN))
        raise_unexpected(parse, '}');
    if (parse->lengths[level] >= 0 && parse->lengths[level] != parse->children[level])
        raise_malformed(parse, "Multidimensional arrays must have sub-arrays with matching dimensions.");
    parse->lengths[level] = parse->children[level];
    parse->depth--;
    if (level > 0)
        parse->children[level - 1]++;
    parse->state = AFTER_CLOSE;
    parse->at++;
}

static void read_item(Parse *parse, char c)
{
    if (parse->state != AFTER_OPEN && parse->state != AFTER_COMMA) {
        if (c == '\\')
            raise_unexpected(parse, '\\');
        raise_malformed(parse, "Unexpected array element.");
    }
    if (c == '"')
        read_quoted(parse);
    else
        read_plain(parse);
    parse->state = AFTER_ITEM;
}

/* From the first brace to the end of the text. */
static void read_levels(Parse *parse)
{
    do {
        char c;

        skip_spaces(parse);
        if (parse->at >= parse->text.size)
            raise_malformed(parse, "Unexpected end of input.");
        c = peek(parse);
        if (c == '{') {
            open_level(parse);
        } else if (c == '}') {
            close_level(parse);
        } else if (c == parse->delimiter) {
            if (parse->state != AFTER_ITEM && parse->state != AFTER_CLOSE)
                raise_unexpected(parse, c);
            parse->state = parse->state == AFTER_ITEM ? AFTER_COMMA : AFTER_CLOSE_COMMA;
            parse->at++;
        } else {
            read_item(parse, c);
        }
    } while (parse->depth > 0);
    skip_spaces(parse);
    if (parse->at < parse->text.size)
        raise_malformed(parse, "Junk after closing right brace.");
}

/* As C's atoi() on a 64-bit machine cuts it. False: no sign and no digit stand here. */
static bool read_bound(Parse *parse, int32_t *out)
{
    size_t   start = parse->at, at = start;
    bool     negative = false;
    uint64_t value = 0;

    while (parse->at < parse->text.size && (strchr("+-", peek(parse)) != NULL || (peek(parse) >= '0' && peek(parse) <= '9')))
        parse->at++;
    if (parse->at == start)
        return false;
    if (parse->text.data[at] == '-' || parse->text.data[at] == '+')
        negative = parse->text.data[at++] == '-';
    for (; at < parse->at && parse->text.data[at] >= '0' && parse->text.data[at] <= '9'; at++)
        value = value >= INT64_MAX / 10 ? INT64_MAX : value * 10 + (uint64_t)(parse->text.data[at] - '0');
    *out = (int32_t)(uint32_t)(negative ? -value : value);
    return true;
}

/* [1:2][3] before the equals sign; returns how many dimensions. */
static int32_t read_dimensions(Parse *parse, int32_t *lengths, int32_t *lower)
{
    int32_t count = 0;

    for (;; count++) {
        int32_t upper;

        skip_spaces(parse);
        if (peek(parse) != '[')
            return count;
        parse->at++;
        if (count >= ARRAY_MAX_DIMENSIONS)
            raise_dimensions(count + 1);
        if (!read_bound(parse, &upper))
            raise_malformed(parse, "\"[\" must introduce explicitly-specified array dimensions.");
        lower[count] = 1;
        if (peek(parse) == ':') {
            parse->at++;
            lower[count] = upper;
            if (!read_bound(parse, &upper))
                raise_malformed(parse, "Missing array dimension value.");
        }
        if (peek(parse) != ']')
            raise_malformed(parse, "Missing \"]\" after array dimensions.");
        parse->at++;
        if (upper < lower[count])
            raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "upper bound cannot be less than lower bound");
        lengths[count] = (int32_t)((uint32_t)upper - (uint32_t)lower[count] + 1);
    }
}

static void check_against_given(const Parse *parse, int32_t given, const int32_t *lengths)
{
    bool fits = (parse->count > 0 ? parse->deepest : 0) == given;

    for (int32_t i = 0; fits && i < given; i++)
        fits = parse->lengths[i] == lengths[i];
    if (!fits)
        raise_malformed(parse, "Specified array dimensions do not match array contents.");
}

static Slice array_of_items(const Parse *parse, const TypeInfo *element, int32_t typmod, const TypeContext *ctx, const int32_t *lower)
{
    Datum *values = ARENA_ARRAY_ZEROED(ctx->arena, (size_t)parse->count, Datum);
    bool  *nulls = ARENA_ARRAY(ctx->arena, (size_t)parse->count, bool);

    for (int32_t i = 0; i < parse->count; i++) {
        if (parse->items[i].depth != parse->deepest)
            raise_malformed(parse, NULL);
        nulls[i] = parse->items[i].is_null;
        if (!nulls[i])
            element->input(element, parse->items[i].text, typmod, ctx, &values[i]);
    }
    return array_build(ctx->arena, element->oid, element->phys, parse->deepest, parse->lengths, lower, values, nulls, parse->count);
}

void array_text_input(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    const TypeInfo *element = array_element_type(type, type->element);
    Parse           parse = {.text = text, .delimiter = type->delimiter, .arena = ctx->arena};
    int32_t         lengths[ARRAY_MAX_DIMENSIONS], lower[ARRAY_MAX_DIMENSIONS] = {1, 1, 1, 1, 1, 1}, given;

    if (element == NULL || element->input == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot accept a value of type %s", type->name);
    memset(parse.lengths, 0xff, sizeof parse.lengths);
    given = read_dimensions(&parse, lengths, lower);
    if (given == 0) {
        if (peek(&parse) != '{')
            raise_malformed(&parse, "Array value must start with \"{\" or dimension information.");
    } else {
        if (peek(&parse) != '=')
            raise_malformed(&parse, "Missing \"=\" after array dimensions.");
        parse.at++;
        skip_spaces(&parse);
        if (peek(&parse) != '{')
            raise_malformed(&parse, "Array contents must start with \"{\".");
    }
    read_levels(&parse);
    if (given > 0)
        check_against_given(&parse, given, lengths);
    if (parse.count == 0) {
        out->bytes = array_build_list(ctx->arena, element->oid, element->phys, NULL, NULL, 0);
        return;
    }
    /* Where levels are unlike each other, the count of the deepest may say nothing about the items: found below. */
    array_check_shape(parse.deepest, parse.lengths, lower);
    out->bytes = array_of_items(&parse, element, typmod, ctx, lower);
}

/* ---- showing ----------------------------------------------------------------------------------------------------- */

void array_format_dimensions(const ArrayView *array, StrBuf *out)
{
    for (int32_t i = 0; i < array->dimension_count; i++)
        strbuf_printf(out, "[%d:%d]", array->lower[i], array->lower[i] + array->lengths[i] - 1);
}

static bool needs_quotes(Slice text, char delimiter)
{
    if (text.size == 0 || text_equals_ignoring_case(text, "null"))
        return true;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];

        if (c == '"' || c == '\\' || c == '{' || c == '}' || c == (uint8_t)delimiter || is_space(c))
            return true;
    }
    return false;
}

/* What was appended from start on, put in quotes when it must be. */
static void quote_appended(StrBuf *out, size_t start, char delimiter)
{
    Slice  raw = slice_of(out->data + start, out->size - start);
    size_t extra = 2, to;

    if (out->size > start && !needs_quotes(raw, delimiter))
        return;
    for (size_t i = 0; i < raw.size; i++)
        extra += raw.data[i] == '"' || raw.data[i] == '\\';
    strbuf_reserve(out, extra);
    to = out->size + extra;
    out->data[to] = '\0';
    out->data[--to] = '"';
    for (size_t i = out->size; i-- > start;) {
        char c = out->data[i];

        out->data[--to] = c;
        if (c == '"' || c == '\\')
            out->data[--to] = '\\';
    }
    out->data[--to] = '"';
    out->size += extra;
}

static void show_level(const ArrayView *array, const TypeInfo *element, char delimiter, int32_t level, int32_t *next, const TypeContext *ctx,
                       StrBuf *out)
{
    strbuf_append_char(out, '{');
    for (int32_t i = 0; i < array->lengths[level]; i++) {
        Datum  value;
        size_t start;

        if (i > 0)
            strbuf_append_char(out, delimiter);
        if (level + 1 < array->dimension_count) {
            show_level(array, element, delimiter, level + 1, next, ctx, out);
            continue;
        }
        if (!array_get(array, (*next)++, &value)) {
            strbuf_append_cstring(out, "NULL");
            continue;
        }
        start = out->size;
        element->output(element, &value, ctx, out);
        quote_appended(out, start, delimiter);
    }
    strbuf_append_char(out, '}');
}

void array_text_output(const TypeInfo *type, const void *value, const TypeContext *ctx, StrBuf *out)
{
    ArrayView       view;
    const TypeInfo *element;
    bool            usual = true;
    int32_t         next = 0;

    if (!array_open(*(const Slice *)value, &view))
        raise_error(SQLSTATE_DATA_CORRUPTED, "array of damaged bytes");
    if (view.count == 0) {
        strbuf_append_cstring(out, "{}");
        return;
    }
    element = array_element_type(type, view.element);
    if (element == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot display a value of type %s", type->name);
    for (int32_t i = 0; i < view.dimension_count; i++)
        usual = usual && view.lower[i] == 1;
    if (!usual) {
        array_format_dimensions(&view, out);
        strbuf_append_char(out, '=');
    }
    show_level(&view, element, element->delimiter != '\0' ? element->delimiter : ',', 0, &next, ctx, out);
}
