/*
 * copy_parse_test.c - lines and fields of COPY's text forms, whatever the chunks.
 */
#include "base/test.h"

#include "executor/copy/copy_parse.h"

static const CopyOptions text_options = {.format = COPY_TEXT, .delimiter = '\t', .null_text = {(const uint8_t *)"\\N", 2}};
static const CopyOptions csv_options = {.format = COPY_CSV, .delimiter = ',', .quote = '"', .escape = '"', .null_text = {(const uint8_t *)"", 0}};

typedef struct Case {
    const CopyOptions *options;
    const char        *line;
    int32_t            count;
    const char        *fields[6]; /* NULL: a NULL field */
} Case;

static const Case cases[] = {
    {&text_options, "a\tb\t\\N", 3, {"a", "b", NULL}},
    {&text_options, "", 1, {""}},
    {&text_options, "\\t\\\\\\n\tx\\\ty", 2, {"\t\\\n", "x\ty"}},
    {&text_options, "\\101\\x41\\q\\.", 1, {"AAq."}},
    {&text_options, "\\\\N\t\\Nx", 2, {"\\N", "Nx"}},
    {&text_options, "tail\\", 1, {"tail\\"}},
    {&csv_options, "a,b,", 3, {"a", "b", NULL}},
    {&csv_options, "\"\",\"x\"\"y\",\"p,q\"", 3, {"", "x\"y", "p,q"}},
    {&csv_options, "ab\"cd\"ef,1", 2, {"abcdef", "1"}},
};

static void split_all(void *unused)
{
    Arena *arena = arena_new(NULL, NULL, "test");

    (void)unused;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        CopyFields fields = {0};
        char      *line = arena_strdup(arena, cases[i].line);

        copy_split(cases[i].options, (uint8_t *)line, strlen(line), arena, &fields);
        assert_int_equal(fields.count, cases[i].count);
        for (int32_t f = 0; f < fields.count; f++) {
            assert_int_equal(fields.items[f].is_null, cases[i].fields[f] == NULL);
            if (cases[i].fields[f] != NULL) {
                assert_int_equal(fields.items[f].text.size, strlen(cases[i].fields[f]));
                assert_memory_equal(fields.items[f].text.data, cases[i].fields[f], fields.items[f].text.size);
            }
        }
    }
    arena_free(arena);
}

static void fields_are_split_and_unescaped(void **state)
{
    (void)state;
    assert_no_error(split_all, NULL);
}

static void split_unterminated(void *unused)
{
    Arena     *arena = unused;
    CopyFields fields = {0};
    char      *line = arena_strdup(arena, "a,\"b");

    copy_split(&csv_options, (uint8_t *)line, 4, arena, &fields);
}

static void unterminated_quotes_are_refused(void **state)
{
    Arena *arena = arena_new(NULL, NULL, "test");

    (void)state;
    assert_raises(SQLSTATE_BAD_COPY_FILE_FORMAT, split_unterminated, arena);
    arena_free(arena);
}

/* The same line ends are found however the bytes arrive. */
static void check_ends(const CopyOptions *options, const char *text, const int64_t *ends, int32_t count)
{
    size_t size = strlen(text);

    for (size_t step = 1; step <= size; step++) {
        LineScanner scanner = {.options = options};
        size_t      from = 0, have = 0;
        int32_t     found = 0;

        while (have < size) {
            int64_t length;

            have = MIN(size, have + step);
            while ((length = line_scan(&scanner, slice_of(text + from, have - from))) >= 0) {
                assert_true(found < count);
                assert_int_equal(from + (size_t)length, ends[found++]);
                from += (size_t)length + 1;
            }
        }
        assert_int_equal(found, count);
    }
}

static void lines_end_alike_over_any_chunks(void **state)
{
    (void)state;
    check_ends(&text_options, "one\ntwo\\\nmore\nthree\\\\\n\n", (const int64_t[]){3, 13, 21, 22}, 4);
    check_ends(&csv_options, "a,\"b\nc\"\"\n\",d\ne\n", (const int64_t[]){12, 14}, 2);
}

TEST_MAIN(cmocka_unit_test(fields_are_split_and_unescaped), cmocka_unit_test(unterminated_quotes_are_refused),
          cmocka_unit_test(lines_end_alike_over_any_chunks))
