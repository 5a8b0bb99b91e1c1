/*
 * jsonb_extract.c - following paths into documents, reading what is found as a type.
 */
#include "types/jsonb_extract.h"

#include "types/json_number.h"
#include "types/jsonb_text.h"
#include "types/numeric.h"

#include <math.h>
#include <stdlib.h>

JsonbStep jsonb_step_text(Slice text)
{
    JsonbStep      step = jsonb_step_key(text);
    const uint8_t *at = text.data;
    const uint8_t *end = at + text.size;
    int64_t        value = 0;
    bool           negative = false;

    while (at < end && (*at == ' ' || (*at >= '\t' && *at <= '\r')))
        at++;
    if (at < end && (*at == '-' || *at == '+'))
        negative = *at++ == '-';
    if (at == end)
        return step;
    for (; at < end; at++) {
        if (!json_is_digit(*at))
            return step;
        value = value * 10 + (*at - '0');
        if (value > (int64_t)INT32_MAX + 1)
            return step;
    }
    if (!negative && value > INT32_MAX)
        return step;
    step.index = negative ? -value : value;
    step.by_index = true;
    return step;
}

Slice jsonb_get_path(Slice root, const JsonbPath *path, uint32_t *hints)
{
    Slice at = root;

    for (int32_t i = 0; i < path->count; i++) {
        const JsonbStep *step = &path->steps[i];

        if (at.data[0] >= JSONB_TAG_OBJECT)
            at = step->by_key ? jsonb_get_key(at, &step->key, hints != NULL ? hints + i : NULL) : slice_of(NULL, 0);
        else if (LIKELY(step->by_index) && at.data[0] >= JSONB_TAG_ARRAY)
            at = jsonb_get_index(at, step->index);
        else if (step->by_key || !step->by_index || (step->index != 0 && step->index != -1))
            at = slice_of(NULL, 0);
        /* else PG15: -> 0 and -> -1 of a scalar give the scalar, which counts as an array of one; #> '{0}' does not */
        if (at.data == NULL)
            break;
    }
    return at;
}

/* ---- readers ----------------------------------------------------------------------------------------------------- */

JsonbRead json_text_read_numeric(Slice text, Arena *arena, Numeric *out)
{
    const uint8_t *end = text.data + text.size;
    JsonNumber     number;

    if (text.size == 0 || json_scan_number(text.data, end, &number) != end)
        return JSONB_READ_NULL;
    if (number.small) {
        *out = (Numeric){.small = number.coefficient, .scale = (uint16_t)number.scale, .kind = NUMERIC_SMALL};
        return JSONB_READ_VALUE;
    }
    if (arena == NULL)
        return JSONB_READ_MISFIT;
    return numeric_parse(text, arena, out) ? JSONB_READ_VALUE : JSONB_READ_NULL;
}

JsonbRead jsonb_read_numeric(Slice value, Arena *arena, Numeric *out)
{
    switch (jsonb_kind(value)) {
    case JSONB_NUMBER:
        jsonb_number(value, out);
        return JSONB_READ_VALUE;
    case JSONB_STRING:
        return json_text_read_numeric(jsonb_string(value), arena, out);
    default:
        return JSONB_READ_NULL;
    }
}

/* The double nearest to coefficient * 10^-scale. Powers of ten up to 22 and integers below 2^53 are exact, and so is one division. */
static bool decimal_to_double(int64_t coefficient, unsigned scale, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    char                text[JSON_DECIMAL_MAX + 1];

    if (scale == 0) {
        *out = (double)coefficient;
        return true;
    }
    if (scale < ARRAY_LENGTH(powers) && coefficient < (1ll << 53) && coefficient > -(1ll << 53)) {
        *out = (double)coefficient / powers[scale];
        return true;
    }
    if (scale > UINT8_MAX)
        return false;
    *json_put_decimal(text, coefficient, scale) = '\0';
    *out = strtod(text, NULL);
    return true;
}

static JsonbRead number_to_double(const Numeric *number, double *out)
{
    if (number->kind == NUMERIC_SMALL && decimal_to_double(number->small, number->scale, out))
        return JSONB_READ_VALUE;
    *out = numeric_to_double(number);
    return isfinite(*out) ? JSONB_READ_VALUE : JSONB_READ_NULL;
}

/* A number in text too long to be a small decimal: what strtod makes of it is the nearest double, without making a Numeric. */
static JsonbRead long_text_to_double(Slice text, double *out)
{
    char buffer[512];

    if (text.size >= sizeof buffer)
        return JSONB_READ_MISFIT;
    memcpy(buffer, text.data, text.size);
    buffer[text.size] = '\0';
    *out = strtod(buffer, NULL);
    return isfinite(*out) ? JSONB_READ_VALUE : JSONB_READ_NULL;
}

JsonbRead jsonb_read_float64(Slice value, double *out)
{
    switch (jsonb_kind(value)) {
    case JSONB_NUMBER: {
        Numeric number;

        if (jsonb_is_int(value)) {
            *out = (double)jsonb_load_int(value.data + 1, value.size - 1);
            return JSONB_READ_VALUE;
        }
        jsonb_number(value, &number);
        return number_to_double(&number, out);
    }
    case JSONB_STRING: {
        Slice   text = jsonb_string(value);
        Numeric number;

        switch (json_text_read_numeric(text, NULL, &number)) {
        case JSONB_READ_VALUE:
            return number_to_double(&number, out);
        case JSONB_READ_MISFIT:
            return long_text_to_double(text, out);
        default:
            return JSONB_READ_NULL;
        }
    }
    default:
        return JSONB_READ_NULL;
    }
}

JsonbRead jsonb_read_int64(Slice value, int64_t *out)
{
    Numeric number;

    switch (jsonb_kind(value)) {
    case JSONB_NUMBER:
        if (!jsonb_is_int(value))
            return JSONB_READ_MISFIT;
        *out = jsonb_load_int(value.data + 1, value.size - 1);
        return JSONB_READ_VALUE;
    case JSONB_STRING:
        switch (json_text_read_numeric(jsonb_string(value), NULL, &number)) {
        case JSONB_READ_VALUE:
            *out = number.small;
            return number.scale == 0 ? JSONB_READ_VALUE : JSONB_READ_MISFIT;
        case JSONB_READ_MISFIT:
            return JSONB_READ_MISFIT;
        default:
            return JSONB_READ_NULL;
        }
    default:
        return JSONB_READ_NULL;
    }
}

JsonbRead jsonb_read_bool(Slice value, bool *out)
{
    if (jsonb_kind(value) == JSONB_BOOL) {
        *out = jsonb_bool(value);
        return JSONB_READ_VALUE;
    }
    if (jsonb_kind(value) == JSONB_STRING) {
        Slice text = jsonb_string(value);

        *out = text.size == 4;
        if ((text.size == 4 && memcmp(text.data, "true", 4) == 0) || (text.size == 5 && memcmp(text.data, "false", 5) == 0))
            return JSONB_READ_VALUE;
    }
    return JSONB_READ_NULL;
}

/* The text of a number or a container, made in the arena. */
static NEVER_INLINE JsonbRead make_text(Slice value, Arena *arena, Slice *out)
{
    StrBuf text;

    if (arena == NULL)
        return JSONB_READ_MISFIT;
    strbuf_init(&text, arena);
    if (jsonb_kind(value) == JSONB_NUMBER) {
        Numeric number;
        char   *digits;

        jsonb_number(value, &number);
        if (number.kind == NUMERIC_SMALL && number.scale <= UINT8_MAX) {
            digits = arena_try_alloc(arena, 24 + (size_t)number.scale);
            if (digits == NULL)
                return JSONB_READ_MISFIT;
            *out = slice_of(digits, (size_t)(json_put_decimal(digits, number.small, number.scale) - digits));
            return JSONB_READ_VALUE;
        }
    }
    if (!jsonb_text_append(value, &text))
        return JSONB_READ_MISFIT;
    *out = strbuf_slice(&text);
    return JSONB_READ_VALUE;
}

JsonbRead jsonb_read_text(Slice value, Arena *arena, Slice *out)
{
    if (value.data == NULL)
        return JSONB_READ_NULL;
    switch (jsonb_kind(value)) {
    case JSONB_STRING:
        *out = jsonb_string(value);
        return JSONB_READ_VALUE;
    case JSONB_NULL:
        return JSONB_READ_NULL;
    case JSONB_BOOL:
        *out = jsonb_bool(value) ? slice_of("true", 4) : slice_of("false", 5);
        return JSONB_READ_VALUE;
    default:
        return make_text(value, arena, out);
    }
}

/* ---- vectors ----------------------------------------------------------------------------------------------------- */

/* Deeper steps than this are looked up without hints. */
enum { HINTED_STEPS = 8 };

/* Documents ahead that are fetched into the cache while one is read. */
enum { PREFETCH_AHEAD = 4 };

/* One batch loop a type: read(document's value) gives a JsonbRead and fills data[row]. */
#define EXTRACT_LOOP(extract, hints, value, row, read)                                             \
    do {                                                                                           \
        const JsonbExtract *in_ = (extract);                                                       \
        for (int32_t i_ = 0; i_ < in_->count; i_++) {                                              \
            int32_t   row = sel_row(in_->sel, i_);                                                 \
            Slice     value;                                                                       \
            JsonbRead got_;                                                                        \
            if (i_ + PREFETCH_AHEAD < in_->count)                                                  \
                __builtin_prefetch(in_->documents[sel_row(in_->sel, i_ + PREFETCH_AHEAD)].data);   \
            value = jsonb_get_path(in_->documents[row], in_->path, (hints));                       \
            got_ = (read);                                                                         \
            if (got_ == JSONB_READ_VALUE)                                                          \
                bitmap_set(in_->validity, row);                                                    \
            else                                                                                   \
                bitmap_clear(in_->validity, row);                                                  \
            if (in_->misfit != NULL) {                                                             \
                if (got_ == JSONB_READ_MISFIT)                                                     \
                    bitmap_set(in_->misfit, row);                                                  \
                else                                                                               \
                    bitmap_clear(in_->misfit, row);                                                \
            }                                                                                      \
        }                                                                                          \
    } while (0)

static ALWAYS_INLINE JsonbRead read_bool_byte(Slice value, uint8_t *out)
{
    bool      flag = false;
    JsonbRead read = jsonb_read_bool(value, &flag);

    *out = flag;
    return read;
}

void jsonb_extract_batch(const JsonbExtract *extract)
{
    uint32_t  hint_space[HINTED_STEPS] = {0};
    uint32_t *hints = extract->path->count <= HINTED_STEPS ? hint_space : NULL;

    switch (extract->read_as) {
    case JSONB_AS_NUMERIC: {
        Numeric *out = extract->data;

        EXTRACT_LOOP(extract, hints, value, row, jsonb_read_numeric(value, extract->arena, &out[row]));
        break;
    }
    case JSONB_AS_FLOAT64: {
        double *out = extract->data;

        EXTRACT_LOOP(extract, hints, value, row, jsonb_read_float64(value, &out[row]));
        break;
    }
    case JSONB_AS_INT64: {
        int64_t *out = extract->data;

        EXTRACT_LOOP(extract, hints, value, row, jsonb_read_int64(value, &out[row]));
        break;
    }
    case JSONB_AS_BOOL: {
        uint8_t *out = extract->data;

        EXTRACT_LOOP(extract, hints, value, row, read_bool_byte(value, &out[row]));
        break;
    }
    case JSONB_AS_TEXT: {
        Slice *out = extract->data;

        EXTRACT_LOOP(extract, hints, value, row, jsonb_read_text(value, extract->arena, &out[row]));
        break;
    }
    case JSONB_AS_JSONB: {
        Slice *out = extract->data;

        EXTRACT_LOOP(extract, hints, value, row, (out[row] = value, (JsonbRead)(value.data != NULL)));
        break;
    }
    }
}
