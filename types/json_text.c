/*
 * json_text.c - walking JSON texts.
 */
#include "types/json_text.h"

#include "types/json_parse.h"

static ALWAYS_INLINE const uint8_t *skip_blanks(const uint8_t *at, const uint8_t *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

Slice json_text_trim(Slice text)
{
    const uint8_t *end = text.data + text.size;
    const uint8_t *at = skip_blanks(text.data, end);

    while (end > at && (end[-1] == ' ' || end[-1] == '\n' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    return slice_of(at, (size_t)(end - at));
}

JsonbKind json_text_kind(Slice text)
{
    const uint8_t *at = skip_blanks(text.data, text.data + text.size);

    if (at == text.data + text.size)
        return JSONB_INVALID;
    switch (*at) {
    case '{':
        return JSONB_OBJECT;
    case '[':
        return JSONB_ARRAY;
    case '"':
        return JSONB_STRING;
    case 't':
    case 'f':
        return JSONB_BOOL;
    case 'n':
        return JSONB_NULL;
    default:
        return JSONB_NUMBER;
    }
}

/* at on an opening quote: the closing one, or end. */
static const uint8_t *closing_quote(const uint8_t *at, const uint8_t *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return MIN(at, end);
}

/* The byte behind the value that begins at `at`. Containers are skipped by counting brackets. */
static const uint8_t *skip_value(const uint8_t *at, const uint8_t *end)
{
    int depth = 0;

    for (; at < end; at++) {
        switch (*at) {
        case '"':
            at = closing_quote(at, end);
            if (depth == 0)
                return at < end ? at + 1 : end;
            break;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (depth == 0)
                return at;
            if (--depth == 0)
                return at + 1;
            break;
        case ',':
        case ' ':
        case '\n':
        case '\t':
        case '\r':
            if (depth == 0)
                return at;
            break;
        default:
            break;
        }
    }
    return at;
}

JsonWalk json_walk_open(Slice container)
{
    const uint8_t *end = container.data + container.size;
    const uint8_t *at = skip_blanks(container.data, end);

    return (JsonWalk){at < end ? at + 1 : end, end};
}

/* Moves behind a comma and blanks; false at the closing bracket. */
static bool walk_to_next(JsonWalk *walk)
{
    walk->at = skip_blanks(walk->at, walk->end);
    if (walk->at < walk->end && *walk->at == ',')
        walk->at = skip_blanks(walk->at + 1, walk->end);
    return walk->at < walk->end && *walk->at != '}' && *walk->at != ']';
}

static void take_value(JsonWalk *walk, Slice *value)
{
    const uint8_t *start = walk->at;

    walk->at = skip_value(start, walk->end);
    *value = slice_of(start, (size_t)(walk->at - start));
}

bool json_walk_element(JsonWalk *walk, Slice *value)
{
    if (!walk_to_next(walk))
        return false;
    take_value(walk, value);
    return true;
}

bool json_walk_member(JsonWalk *walk, Slice *key, Slice *value)
{
    const uint8_t *close;

    if (!walk_to_next(walk))
        return false;
    close = closing_quote(walk->at, walk->end);
    *key = slice_of(walk->at + 1, (size_t)(close - walk->at - 1));
    walk->at = skip_blanks(close + 1, walk->end);
    walk->at = skip_blanks(walk->at + 1, walk->end); /* the colon */
    take_value(walk, value);
    return true;
}

Slice json_text_get_key(Slice object, Slice key, Arena *arena)
{
    JsonWalk walk = json_walk_open(object);
    Slice    found = {0};
    Slice    name, value;

    while (json_walk_member(&walk, &name, &value)) {
        if (memchr(name.data, '\\', name.size) != NULL)
            name = json_unescape(name, arena);
        if (slice_equal(name, key))
            found = value;
    }
    return found;
}

Slice json_text_get_index(Slice array, int64_t index)
{
    JsonWalk walk = json_walk_open(array);
    Slice    value;

    if (index < 0)
        index += (int64_t)json_text_count(array);
    if (index < 0)
        return slice_of(NULL, 0);
    for (int64_t i = 0; json_walk_element(&walk, &value); i++)
        if (i == index)
            return value;
    return slice_of(NULL, 0);
}

size_t json_text_count(Slice array)
{
    JsonWalk walk = json_walk_open(array);
    Slice    value;
    size_t   count = 0;

    while (json_walk_element(&walk, &value))
        count++;
    return count;
}

Slice json_text_string(Slice value, Arena *arena)
{
    return json_unescape(slice_of(value.data + 1, value.size - 2), arena);
}
