/*
 * jsonb_test.c - binary JSON: parsing against PostgreSQL's answers, look-ups against a naive model, order, keys, hostile bytes.
 */
#include "types/jsonb.h"

#include "base/test.h"
#include "types/json_number.h"
#include "types/json_parse.h"
#include "types/jsonb_build.h"
#include "types/jsonb_extract.h"
#include "types/jsonb_type.h"
#include "types/numeric.h"

#include <stdio.h>

static Arena *arena;

static void make_arena(void)
{
    arena_free(arena);
    arena = arena_new(NULL, NULL, "test");
}

static uint64_t seed = 20260101;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((seed >> 33) % limit);
}

static Slice doc(const char *text)
{
    return jsonb_parse(slice_from_cstring(text), arena);
}

static const char *text_of(Slice value)
{
    Slice text = jsonb_to_text(value, arena);

    return arena_strndup(arena, (const char *)text.data, text.size);
}

/* ---- parsing ------------------------------------------------------------------------------------------------------- */

typedef struct Case {
    const char *input, *jsonb, *jsonb_state, *jsonb_message, *jsonb_detail, *jsonb_context;
    const char *json_state, *json_message, *json_detail, *json_context;
} Case;

static const Case cases[] = {
#define CASE(...) {__VA_ARGS__},
#include "types/json_cases.def"
#undef CASE
};

static void parse_case(void *arg)
{
    Slice *slices = arg;

    slices[1] = jsonb_parse(slices[0], arena);
}

static void check_case(void *arg)
{
    json_check(*(Slice *)arg);
}

static void same(const char *input, const char *what, const char *got, const char *expected)
{
    if ((got == NULL) != (expected == NULL) || (got != NULL && strcmp(got, expected) != 0))
        fail_msg("%s: %s is <%s>, PostgreSQL says <%s>", input, what, got ? got : "NULL", expected ? expected : "NULL");
}

static void texts_parse_as_in_postgresql(void **state)
{
    (void)state;
    make_arena();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const Case *c = &cases[i];
        Slice       slices[2] = {slice_from_cstring(c->input)};
        Error      *err = error_catch(parse_case, slices);

        same(c->input, "state", err ? sqlstate_code(err->sqlstate) : NULL, c->jsonb_state);
        if (err == NULL) {
            assert_true(jsonb_validate(slices[1]));
            same(c->input, "text", text_of(slices[1]), c->jsonb);
        } else {
            same(c->input, "message", err->message, c->jsonb_message);
            same(c->input, "detail", err->detail, c->jsonb_detail);
            same(c->input, "context", err->context, c->jsonb_context);
        }
        err = error_catch(check_case, slices);
        same(c->input, "json state", err ? sqlstate_code(err->sqlstate) : NULL, c->json_state);
        if (err != NULL) {
            same(c->input, "json message", err->message, c->json_message);
            same(c->input, "json detail", err->detail, c->json_detail);
            same(c->input, "json context", err->context, c->json_context);
        }
    }
}

/* Every scanner on every case, and on the cases within longer texts, so that 16 and 32 byte steps begin everywhere. */
static void scanners_agree(void **state)
{
    (void)state;
    make_arena();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        for (int padding = 0; padding < 40; padding += 3) {
            char *text = arena_printf(arena, "{\"%.*s\":%s,\"z\":\"%.*s\"}", padding, "0123456789012345678901234567890123456789",
                                      cases[i].input, padding, "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJ");
            Slice slice = slice_from_cstring(padding == 0 ? cases[i].input : text);
            bool  expected = json_scanners[0].check(slice);
            Slice plain = {0};

            for (const JsonScanner *scanner = json_scanners; scanner->name != NULL; scanner++) {
                JsonbBuilder builder;

                if (!scanner->available())
                    continue;
                jsonb_builder_init(&builder, arena);
                assert_int_equal(scanner->check(slice), expected);
                if (scanner->build(&builder, slice)) {
                    Slice built = jsonb_finish(&builder);

                    if (plain.data == NULL)
                        plain = built;
                    assert_true(slice_equal(built, plain));
                } else {
                    assert_null(plain.data);
                }
            }
        }
        make_arena();
    }
}

static void parse_deep(void *arg)
{
    int   depth = *(int *)arg;
    char *text = arena_alloc(arena, 2 * (size_t)depth + 1);

    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    text[2 * depth] = '\0';
    json_check(slice_of(text, 2 * (size_t)depth));
    assert_int_equal(jsonb_depth(doc(text)), depth);
    assert_true(jsonb_validate(doc(text)));
    assert_string_equal(text_of(doc(text)), text);
}

static void nesting_is_limited(void **state)
{
    int depth = JSONB_MAX_DEPTH;

    (void)state;
    make_arena();
    assert_no_error(parse_deep, &depth);
    depth++;
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, parse_deep, &depth);
}

static void parse_bytes(void *arg)
{
    jsonb_parse(*(Slice *)arg, arena);
}

static void bytes_that_are_not_utf8_are_refused(void **state)
{
    static const char *const bad[] = {"\"\x80\"", "\"\xc3\"", "\"\xe2\x82\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc0\xaf\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xff\""};

    (void)state;
    make_arena();
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        Slice text = slice_from_cstring(bad[i]);

        assert_raises(SQLSTATE_CHARACTER_NOT_IN_REPERTOIRE, parse_bytes, &text);
    }
    assert_raises(SQLSTATE_CHARACTER_NOT_IN_REPERTOIRE, parse_bytes, &(Slice){(const uint8_t *)"\"a\0b\"", 5});
}

/* ---- random documents ---------------------------------------------------------------------------------------------- */

static void random_value(StrBuf *out, int depth)
{
    static const char *const numbers[] = {"0", "1", "1.0", "1.00", "-7", "1e2", "100", "3.14", "-0.001", "123456789012345678901", "9223372036854775807", "0.10", "0.1"};
    static const char *const strings[] = {"\"\"", "\"a\"", "\"b\"", "\"\xc3\xa9\"", "\"a long string, longer than one register\"", "\"x\\ny\""};

    switch (random_below(depth > 3 ? 5 : 8)) {
    case 0:
        strbuf_append_cstring(out, "null");
        break;
    case 1:
        strbuf_append_cstring(out, random_below(2) ? "true" : "false");
        break;
    case 2:
    case 3:
        strbuf_append_cstring(out, numbers[random_below(ARRAY_LENGTH(numbers))]);
        break;
    case 4:
        strbuf_append_cstring(out, strings[random_below(ARRAY_LENGTH(strings))]);
        break;
    case 5: {
        uint32_t count = random_below(4);

        strbuf_append_char(out, '[');
        for (uint32_t i = 0; i < count; i++) {
            if (i > 0)
                strbuf_append_char(out, ',');
            random_value(out, depth + 1);
        }
        strbuf_append_char(out, ']');
        break;
    }
    default: {
        uint32_t count = random_below(6);

        strbuf_append_char(out, '{');
        for (uint32_t i = 0; i < count; i++) {
            strbuf_printf(out, "%s\"%.*s\":", i > 0 ? "," : "", (int)random_below(11), "abcdefghijk" + random_below(2));
            random_value(out, depth + 1);
        }
        strbuf_append_char(out, '}');
    }
    }
}

static Slice random_doc(void)
{
    StrBuf text;

    strbuf_init(&text, arena);
    random_value(&text, 0);
    return jsonb_parse(strbuf_slice(&text), arena);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void keys_sort_as_values_compare(void **state)
{
    enum { COUNT = 300 };
    Slice *docs;
    Slice *keys;

    (void)state;
    make_arena();
    docs = ARENA_ARRAY(arena, COUNT, Slice);
    keys = ARENA_ARRAY(arena, COUNT, Slice);
    for (int i = 0; i < COUNT; i++) {
        StrBuf key;

        docs[i] = random_doc();
        strbuf_init(&key, arena);
        jsonb_encode_key(docs[i], &key);
        keys[i] = strbuf_slice(&key);
        assert_true(jsonb_validate(docs[i]));
        assert_true(jsonb_equal(docs[i], doc(text_of(docs[i]))));
    }
    for (int i = 0; i < COUNT; i++) {
        for (int j = 0; j < COUNT; j++) {
            int order = sign(jsonb_compare(docs[i], docs[j]));

            if (order != sign(slice_compare(keys[i], keys[j])))
                fail_msg("%s and %s: keys disagree", text_of(docs[i]), text_of(docs[j]));
            assert_int_equal(order, -sign(jsonb_compare(docs[j], docs[i])));
            if (order == 0)
                assert_int_equal(jsonb_hash(docs[i]), jsonb_hash(docs[j]));
            else
                assert_false(slice_starts_with(keys[i], keys[j]));
        }
    }
}

static void values_sort_as_in_postgresql(void **state)
{
    static const char *const values[] = {
#define VALUE(text) text,
#include "types/jsonb_order.def"
#undef VALUE
    };

    (void)state;
    make_arena();
    for (size_t i = 0; i < ARRAY_LENGTH(values); i++)
        for (size_t j = 0; j < ARRAY_LENGTH(values); j++)
            if (sign(jsonb_compare(doc(values[i]), doc(values[j]))) != (i > j) - (i < j))
                fail_msg("%s and %s", values[i], values[j]);
    assert_int_equal(jsonb_compare(doc("[1.0, {\"a\": 2}]"), doc("[1.00, {\"a\": 2.000}]")), 0);
}

static void every_key_is_found_at_any_size(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 31, 32, 33, 100, 255, 256, 300, 5000};

    (void)state;
    for (size_t s = 0; s < ARRAY_LENGTH(sizes); s++) {
        for (int style = 0; style < 3; style++) {
            JsonbBuilder builder;
            JsonbObject  object;
            Slice        built;

            make_arena();
            jsonb_builder_init(&builder, arena);
            jsonb_begin_object(&builder);
            for (size_t i = 0; i < sizes[s]; i++) {
                char *key = style == 0   ? arena_printf(arena, "%zu", i)
                            : style == 1 ? arena_printf(arena, "%.*s", (int)(i % 97) + 1, "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk")
                                         : arena_printf(arena, "field%05zu", i);

                jsonb_add_key(&builder, slice_from_cstring(key));
                jsonb_add_int64(&builder, (int64_t)i);
            }
            jsonb_end_object(&builder);
            built = jsonb_finish(&builder);
            assert_true(jsonb_validate(built));
            object = jsonb_object_open(built);
            for (size_t i = 0; i < object.count; i++) {
                Slice    bytes = jsonb_object_key(&object, i);
                JsonbKey key = jsonb_key(bytes);
                JsonbKey longer = jsonb_key(slice_of(arena_printf(arena, "%.*s!", (int)bytes.size, (const char *)bytes.data), bytes.size + 1));

                assert_int_equal(jsonb_object_find(&object, &key), i);
                assert_int_equal(jsonb_object_find_plain(&object, &key), i);
                assert_int_equal(jsonb_object_find(&object, &longer), -1);
                assert_int_equal(jsonb_object_find_plain(&object, &longer), -1);
            }
        }
    }
}

static void damaged_bytes_are_refused_or_harmless(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        Slice    whole;
        uint8_t *bytes;
        size_t   size;

        make_arena();
        whole = random_doc();
        size = random_below(8) == 0 ? random_below((uint32_t)whole.size + 1) : whole.size;
        bytes = malloc(size + (size == 0)); /* of its own size, so that a sanitizer sees every step beyond it */
        memcpy(bytes, whole.data, size);
        for (uint32_t hits = random_below(4); hits > 0 && size > 0; hits--)
            bytes[random_below((uint32_t)size)] = (uint8_t)random_below(256);
        if (jsonb_validate(slice_of(bytes, size))) {
            Slice value = slice_of(bytes, size);

            assert_true(jsonb_equal(doc(text_of(value)), value));
            jsonb_hash(value);
            jsonb_contains(value, whole);
        }
        free(bytes);
    }
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static void paths_lead_where_postgresql_goes(void **state)
{
    static const struct {
        const char *path[4];
        const char *found;
    } expected[] = {
        {{"a"}, "{\"b\": [10, 20, {\"c\": null}]}"}, {{"a", "b", "1"}, "20"}, {{"a", "b", "-1", "c"}, "null"},
        {{"a", "b", "3"}, NULL}, {{"a", "b", "-4"}, NULL}, {{"a", "b", "x"}, NULL}, {{"a", "b", " 1"}, "20"}, {{"a", "b", "+1"}, "20"},
        {{"a", "b", "1 "}, NULL}, {{"0"}, "\"zero\""}, {{"x", "y"}, NULL}, {{"a", "b", "99999999999"}, NULL}, {{""}, NULL}, {{"a", "b", ""}, NULL},
    };
    Slice root;

    (void)state;
    make_arena();
    root = doc("{\"a\":{\"b\":[10,20,{\"c\":null}]},\"0\":\"zero\",\"x\":1}");
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        JsonbStep steps[4];
        JsonbPath path = {.steps = steps};
        uint32_t  hints[4] = {9, 9, 9, 9};
        Slice     found;

        for (; path.count < 4 && expected[i].path[path.count] != NULL; path.count++)
            steps[path.count] = jsonb_step_text(slice_from_cstring(expected[i].path[path.count]));
        found = jsonb_get_path(root, &path, NULL);
        same(expected[i].path[0], "found", found.data ? text_of(found) : NULL, expected[i].found);
        assert_ptr_equal(jsonb_get_path(root, &path, hints).data, found.data);
        assert_ptr_equal(jsonb_get_path(root, &path, hints).data, found.data);
        assert_true(found.data == NULL || jsonb_validate(found)); /* a part is a document itself */
    }
}

static void batches_read_each_type(void **state)
{
    static const char *const values[] = {"5", "\"7\"", "1.50", "\"2.5\"", "null", "\"x\"", "true", "\"false\"", "[1]", "1e300", "123456789012345678901234", "\"-1e2\"", "-3"};
    enum { COUNT = ARRAY_LENGTH(values) };
    Slice     documents[COUNT];
    JsonbStep step = jsonb_step_key(slice_from_cstring("v"));
    JsonbPath path = {1, &step};
    Numeric   numerics[COUNT];
    double    doubles[COUNT];
    int64_t   ints[COUNT];
    uint8_t   bools[COUNT];
    Slice     texts[COUNT];
    uint64_t  validity = 0, misfit = 0;

    (void)state;
    make_arena();
    for (int i = 0; i < COUNT; i++)
        documents[i] = doc(arena_printf(arena, i % 2 ? "{\"v\":%s,\"a\":1}" : "{\"v\":%s}", values[i]));
    JsonbExtract extract = {documents, NULL, COUNT, &path, JSONB_AS_NUMERIC, numerics, &validity, &misfit, arena};

    jsonb_extract_batch(&extract);
    assert_int_equal(validity, 0x1e0f);
    assert_int_equal(misfit, 0);
    assert_int_equal(numerics[2].small, 150);
    extract.read_as = JSONB_AS_FLOAT64;
    extract.data = doubles;
    jsonb_extract_batch(&extract);
    assert_int_equal(validity, 0x1e0f);
    assert_true(doubles[3] == 2.5 && doubles[9] == 1e300 && doubles[10] == 123456789012345678901234.0 && doubles[11] == -100);
    extract.read_as = JSONB_AS_INT64;
    extract.data = ints;
    jsonb_extract_batch(&extract);
    assert_int_equal(validity, 0x1003);
    assert_int_equal(misfit, 0x0e0c);
    assert_int_equal(ints[1], 7);
    extract.read_as = JSONB_AS_BOOL;
    extract.data = bools;
    jsonb_extract_batch(&extract);
    assert_int_equal(validity, 0xc0);
    assert_true(bools[6] == 1 && bools[7] == 0);
    extract.read_as = JSONB_AS_TEXT;
    extract.data = texts;
    jsonb_extract_batch(&extract);
    assert_int_equal(validity, 0x1fef);
    assert_true(slice_equal(texts[2], slice_from_cstring("1.50")) && slice_equal(texts[8], slice_from_cstring("[1]")));
}

static void decimals_print_as_numeric(void **state)
{
    char text[JSON_DECIMAL_MAX];

    (void)state;
    make_arena();
    for (int round = 0; round < 2000; round++) {
        int64_t  coefficient = (int64_t)((uint64_t)random_below(1u << 31) << random_below(33)) / (int64_t)(1 + random_below(1000));
        unsigned scale = random_below(4) == 0 ? random_below(256) : random_below(6);
        Numeric  value = numeric_from_small(random_below(2) ? coefficient : -coefficient, (int)scale);
        StrBuf   expected;

        strbuf_init(&expected, arena);
        numeric_format(&value, &expected);
        *json_put_decimal(text, value.small, scale) = '\0';
        assert_string_equal(text, strbuf_cstring(&expected));
    }
}

/* ---- the format's document ------------------------------------------------------------------------------------------- */

static void the_worked_dump_is_true(void **state)
{
    Slice    bytes;
    char     line[100], expected[2000] = "", *to = expected;
    bool     inside = false;
    char     document[2000] = "";
    FILE    *file = fopen("docs/formats/jsonb.md", "r");

    (void)state;
    make_arena();
    assert_non_null(file);
    bytes = doc("{\"name\": \"Ada\", \"age\": 36, \"tags\": [1.10, true], \"id\": -300}");
    for (size_t i = 0; i < bytes.size; i += 16) {
        to += sprintf(to, "%04zx ", i);
        for (size_t j = i; j < MIN(i + 16, bytes.size); j++)
            to += sprintf(to, " %02x", bytes.data[j]);
        to += sprintf(to, "\n");
    }
    while (fgets(line, sizeof line, file) != NULL) {
        if (strcmp(line, "```dump\n") == 0)
            inside = true;
        else if (strcmp(line, "```\n") == 0)
            inside = false;
        else if (inside)
            strcat(document, line);
    }
    fclose(file);
    assert_string_equal(document, expected);
}

TEST_MAIN(cmocka_unit_test(texts_parse_as_in_postgresql), cmocka_unit_test(scanners_agree), cmocka_unit_test(nesting_is_limited),
          cmocka_unit_test(bytes_that_are_not_utf8_are_refused), cmocka_unit_test(keys_sort_as_values_compare),
          cmocka_unit_test(values_sort_as_in_postgresql), cmocka_unit_test(every_key_is_found_at_any_size),
          cmocka_unit_test(damaged_bytes_are_refused_or_harmless), cmocka_unit_test(paths_lead_where_postgresql_goes),
          cmocka_unit_test(batches_read_each_type), cmocka_unit_test(decimals_print_as_numeric),
          cmocka_unit_test(the_worked_dump_is_true))
