/*
 * jsonb_text.c - binary JSON to text.
 */
#include "types/jsonb_text.h"

#include "base/error.h"
#include "types/json_number.h"
#include "types/numeric.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Makes room for extra bytes and a closing zero without raising. */
static NEVER_INLINE bool grow(StrBuf *out, size_t extra)
{
    size_t needed = out->size + extra + 1;
    size_t capacity = MAX(out->capacity * 2, (size_t)256);
    char  *data;

    if (extra > STRBUF_MAX_BYTES || needed > STRBUF_MAX_BYTES)
        return false;
    capacity = MAX(capacity, needed);
    data = arena_try_alloc(out->arena, capacity);
    if (data == NULL)
        return false;
    if (out->size > 0)
        memcpy(data, out->data, out->size);
    data[out->size] = '\0';
    out->data = data;
    out->capacity = capacity;
    return true;
}

static ALWAYS_INLINE bool room(StrBuf *out, size_t extra)
{
    return LIKELY(out->size + extra < out->capacity) || grow(out, extra);
}

static ALWAYS_INLINE void put(StrBuf *out, const void *bytes, size_t size)
{
    if (size > 0)
        memcpy(out->data + out->size, bytes, size);
    out->size += size;
}

static bool put_literal(StrBuf *out, const char *text, size_t size)
{
    if (!room(out, size))
        return false;
    put(out, text, size);
    return true;
}

/* The first byte of [at, end) that JSON wants escaped. */
static const uint8_t *find_escaped(const uint8_t *at, const uint8_t *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    for (; end - at >= 16; at += 16) {
        __m128i  bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i  hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(hit, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes)));

        if (mask != 0)
            return at + __builtin_ctz(mask);
    }
#endif
    while (at < end && *at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return at;
}

static void put_escape(StrBuf *out, uint8_t c)
{
    static const char letters[32] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    static const char hex[] = "0123456789abcdef";

    if (c >= 0x20) {
        put(out, (char[]){'\\', (char)c}, 2);
    } else if (letters[c] != 0) {
        put(out, (char[]){'\\', letters[c]}, 2);
    } else {
        put(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
    }
}

bool json_string_append(Slice text, StrBuf *out)
{
    const uint8_t *at = text.data;
    const uint8_t *end = at + text.size;

    if (!room(out, text.size + 2))
        return false;
    out->data[out->size++] = '"';
    for (;;) {
        const uint8_t *stop = find_escaped(at, end);

        put(out, at, (size_t)(stop - at));
        at = stop;
        if (at == end)
            break;
        if (!room(out, (size_t)(end - at) + 8))
            return false;
        put_escape(out, *at++);
    }
    out->data[out->size++] = '"';
    out->data[out->size] = '\0';
    return true;
}

typedef struct FormatTask {
    const Numeric *value;
    StrBuf        *out;
} FormatTask;

static void format_big(void *arg)
{
    FormatTask *task = arg;

    numeric_format(task->value, task->out);
}

bool jsonb_number_append(Slice number, StrBuf *out)
{
    Numeric value;

    jsonb_number(number, &value);
    if (value.kind == NUMERIC_SMALL && value.scale <= UINT8_MAX) {
        char *start;

        if (!room(out, JSON_DECIMAL_MAX))
            return false;
        start = out->data + out->size;
        out->size += (size_t)(json_put_decimal(start, value.small, value.scale) - start);
        out->data[out->size] = '\0';
        return true;
    }
    /* numeric_format() can raise for want of memory; numbers this long are rare enough to catch that here */
    return error_catch(format_big, &(FormatTask){&value, out}) == NULL;
}

static bool scalar_append(Slice value, StrBuf *out)
{
    switch (jsonb_kind(value)) {
    case JSONB_STRING:
        return json_string_append(jsonb_string(value), out);
    case JSONB_NUMBER:
        return jsonb_number_append(value, out);
    case JSONB_BOOL:
        return jsonb_bool(value) ? put_literal(out, "true", 4) : put_literal(out, "false", 5);
    default:
        return put_literal(out, "null", 4);
    }
}

/* indent below 0: all on one line. */
static bool value_append(Slice value, StrBuf *out, int indent);

/* What stands before each member or closing bracket: a line break and the indent, or for the compact form nothing. */
static bool put_line(StrBuf *out, int indent)
{
    if (indent < 0)
        return true;
    if (!room(out, 1 + 4 * (size_t)indent))
        return false;
    out->data[out->size++] = '\n';
    memset(out->data + out->size, ' ', 4 * (size_t)indent);
    out->size += 4 * (size_t)indent;
    return true;
}

static bool put_comma(StrBuf *out, int indent)
{
    return indent < 0 ? put_literal(out, ", ", 2) : put_literal(out, ",", 1);
}

static bool array_append(Slice value, StrBuf *out, int indent)
{
    JsonbArray array = jsonb_array_open(value);
    int        inner = indent < 0 ? -1 : indent + 1;

    if (!put_literal(out, "[", 1))
        return false;
    for (size_t i = 0; i < array.count; i++)
        if ((i > 0 && !put_comma(out, indent)) || !put_line(out, inner) ||
            !value_append(jsonb_array_at(&array, i), out, inner))
            return false;
    return put_line(out, indent) && put_literal(out, "]", 1);
}

static bool object_append(Slice value, StrBuf *out, int indent)
{
    JsonbObject object = jsonb_object_open(value);
    int         inner = indent < 0 ? -1 : indent + 1;

    if (!put_literal(out, "{", 1))
        return false;
    for (size_t i = 0; i < object.count; i++)
        if ((i > 0 && !put_comma(out, indent)) || !put_line(out, inner) ||
            !json_string_append(jsonb_object_key(&object, i), out) || !put_literal(out, ": ", 2) ||
            !value_append(jsonb_object_value(&object, i), out, inner))
            return false;
    return put_line(out, indent) && put_literal(out, "}", 1);
}

static bool value_append(Slice value, StrBuf *out, int indent)
{
    switch (jsonb_kind(value)) {
    case JSONB_ARRAY:
        return array_append(value, out, indent);
    case JSONB_OBJECT:
        return object_append(value, out, indent);
    default:
        return scalar_append(value, out);
    }
}

static bool append(Slice value, StrBuf *out, int indent)
{
    if (!value_append(value, out, indent) || !room(out, 0))
        return false;
    out->data[out->size] = '\0';
    return true;
}

bool jsonb_text_append(Slice value, StrBuf *out)
{
    return append(value, out, -1);
}

bool jsonb_text_append_pretty(Slice value, StrBuf *out)
{
    return append(value, out, 0);
}
