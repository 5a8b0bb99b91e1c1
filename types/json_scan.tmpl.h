/*
 * json_scan.tmpl.h - one pass over a JSON text, instantiated per instruction set and use.
 * Define SCAN_NAME (function name), SCAN_TARGET (function attributes), SCAN_STRING(at, end, high), which returns the first byte that
 * is a quote, a backslash or below 0x20 and sets *high when bytes before it are not ASCII, and SCAN_BUILD: 1 adds the
 * values to the builder, 0 only looks.
 */
SCAN_TARGET static bool SCAN_NAME(JsonbBuilder *builder, Slice text)
{
    const uint8_t *at = text.data;
    const uint8_t *end = at + text.size;
    uint8_t        inside[JSONB_MAX_DEPTH + 1]; /* '{' or '[' of every open container */
    int            depth = 0;
    Slice          string;

    (void)builder;

value:
    SKIP_BLANKS(at, end);
    if (UNLIKELY(at == end))
        return false;
    switch (*at) {
    case '"':
        if (!SCAN_STRING_TOKEN(&at, end, SCAN_STRING, SCAN_BUILD, builder, &string))
            return false;
        if (SCAN_BUILD)
            jsonb_add_string(builder, string);
        goto after_value;
    case '{':
        if (UNLIKELY(depth == JSONB_MAX_DEPTH))
            return false;
        inside[depth++] = '{';
        if (SCAN_BUILD)
            jsonb_begin_object(builder);
        at++;
        SKIP_BLANKS(at, end);
        if (at < end && *at == '}')
            goto close;
        goto member;
    case '[':
        if (UNLIKELY(depth == JSONB_MAX_DEPTH))
            return false;
        inside[depth++] = '[';
        if (SCAN_BUILD)
            jsonb_begin_array(builder);
        at++;
        SKIP_BLANKS(at, end);
        if (at < end && *at == ']')
            goto close;
        goto value;
    case 't':
        if (end - at < 4 || memcmp(at, "true", 4) != 0)
            return false;
        at += 4;
        if (SCAN_BUILD)
            jsonb_add_bool(builder, true);
        goto after_word;
    case 'f':
        if (end - at < 5 || memcmp(at, "false", 5) != 0)
            return false;
        at += 5;
        if (SCAN_BUILD)
            jsonb_add_bool(builder, false);
        goto after_word;
    case 'n':
        if (end - at < 4 || memcmp(at, "null", 4) != 0)
            return false;
        at += 4;
        if (SCAN_BUILD)
            jsonb_add_null(builder);
        goto after_word;
    default: {
        JsonNumber     number;
        const uint8_t *start = at;

        at = json_scan_number(at, end, &number);
        if (UNLIKELY(at == NULL))
            return false;
        if (SCAN_BUILD) {
            if (LIKELY(number.small))
                jsonb_add_decimal(builder, number.coefficient, number.scale);
            else if (!add_long_number(builder, slice_of(start, (size_t)(at - start))))
                return false;
        }
        goto after_word;
    }
    }

member:
    SKIP_BLANKS(at, end);
    if (UNLIKELY(at == end || *at != '"'))
        return false;
    if (!SCAN_STRING_TOKEN(&at, end, SCAN_STRING, SCAN_BUILD, builder, &string))
        return false;
    if (SCAN_BUILD)
        jsonb_set_key(builder, string.data, string.size,
                      jsonb_key_order(string.data, string.size, in_text(string.data, text) ? end : string.data + string.size));
    SKIP_BLANKS(at, end);
    if (UNLIKELY(at == end || *at != ':'))
        return false;
    at++;
    goto value;

after_word:
    /* PG15: what follows a number or word at once must not be part of a word: 1a, truely, 1_000 */
    if (UNLIKELY(at < end && word_bytes[*at]))
        return false;
after_value:
    SKIP_BLANKS(at, end);
    if (depth == 0)
        return at == end;
    if (UNLIKELY(at == end))
        return false;
    if (*at == ',') {
        at++;
        if (inside[depth - 1] == '{')
            goto member;
        goto value;
    }
    if (*at != inside[depth - 1] + 2) /* '{' + 2 is '}', '[' + 2 is ']' */
        return false;
close:
    at++;
    if (SCAN_BUILD) {
        if (inside[depth - 1] == '{')
            jsonb_end_object(builder);
        else
            jsonb_end_array(builder);
    }
    depth--;
    goto after_value;
}
#undef SCAN_NAME
#undef SCAN_TARGET
#undef SCAN_STRING
#undef SCAN_BUILD
