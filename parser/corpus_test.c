/*
 * corpus_test.c - texts that PostgreSQL 15 was asked about: the parser accepts and refuses the same ones, with the
 * same SQLSTATE, message and position.
 *
 * tests/parser/NAME.sql has the texts, separated by blank lines; NAME.out a line for each: `ok`, or SQLSTATE, position
 * in characters and message. tests/parser/regenerate.sh makes them; nexa_*.out are written by hand.
 */
#include "base/test.h"

#include "parser/parser.h"

#include <stdio.h>

enum { FILE_MAX_BYTES = 1 << 20 };

typedef struct Case {
    Arena *arena;
    char  *text;
} Case;

static char *read_file(const char *name, const char *suffix)
{
    char   path[256];
    char  *content = test_calloc(1, FILE_MAX_BYTES);
    FILE  *file;
    size_t size;

    snprintf(path, sizeof path, "tests/parser/%s%s", name, suffix);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s cannot be read; tests run in the repository's root", path);
    size = fread(content, 1, FILE_MAX_BYTES - 1, file);
    assert_true(size < FILE_MAX_BYTES - 1);
    fclose(file);
    return content;
}

static void parse_case(void *arg)
{
    Case *one = arg;

    parse_sql(one->arena, slice_from_cstring(one->text));
}

/* From a byte offset to a position as PostgreSQL counts: characters, from 1; 0: none. */
static int character_position(const char *text, int offset)
{
    int position = offset >= 0;

    for (int i = 0; i < offset; i++)
        position += ((uint8_t)text[i] & 0xc0) != 0x80;
    return position;
}

static const char *verdict(Case *one)
{
    Error *err = error_catch(parse_case, one);

    if (err == NULL)
        return "ok";
    return arena_printf(one->arena, "%s %d %s", sqlstate_code(err->sqlstate),
                        character_position(one->text, err->position), err->message);
}

/* The next part of a text up to a separator, which is overwritten; NULL at the end. */
static char *next_part(char **rest, const char *separator)
{
    char *start = *rest;
    char *end;

    if (*start == '\0')
        return NULL;
    end = strstr(start, separator);
    if (end == NULL) {
        *rest = start + strlen(start);
        return start;
    }
    *end = '\0';
    *rest = end + strlen(separator);
    return start;
}

static void check_corpus(const char *name)
{
    char *texts = read_file(name, ".sql");
    char *expectations = read_file(name, ".out");
    char *texts_left = texts;
    char *expectations_left = expectations;
    Case  one = {.arena = arena_new(NULL, NULL, "corpus")};
    int   wrong = 0;
    int   count = 0;

    while ((one.text = next_part(&texts_left, "\n\n")) != NULL) {
        const char *expected = next_part(&expectations_left, "\n");
        size_t      size = strlen(one.text);
        const char *actual;

        assert_non_null(expected);
        if (size > 0 && one.text[size - 1] == '\n')
            one.text[size - 1] = '\0';
        actual = verdict(&one);
        count++;
        if (strcmp(actual, expected) != 0) {
            wrong++;
            print_message("# %s: %s\n#   expected %s\n#   actual   %s\n", name, one.text, expected, actual);
        }
        arena_reset(one.arena);
    }
    assert_true(count > 0);
    assert_null(next_part(&expectations_left, "\n"));
    assert_int_equal(wrong, 0);
    arena_free(one.arena);
    test_free(texts);
    test_free(expectations);
}

#define CORPUS(name)                                             \
    static void corpus_##name(void **state)                      \
    {                                                            \
        (void)state;                                             \
        check_corpus(#name);                                     \
    }

CORPUS(alter)
CORPUS(dml)
CORPUS(expression)
CORPUS(lexical)
CORPUS(names)
CORPUS(nexa_lexical)
CORPUS(nexa_statements)
CORPUS(object)
CORPUS(role)
CORPUS(routine)
CORPUS(select)
CORPUS(table)
CORPUS(utility)

TEST_MAIN(cmocka_unit_test(corpus_alter), cmocka_unit_test(corpus_dml), cmocka_unit_test(corpus_expression),
          cmocka_unit_test(corpus_lexical), cmocka_unit_test(corpus_names), cmocka_unit_test(corpus_nexa_lexical),
          cmocka_unit_test(corpus_nexa_statements),           cmocka_unit_test(corpus_object), cmocka_unit_test(corpus_role), cmocka_unit_test(corpus_routine),
          cmocka_unit_test(corpus_select), cmocka_unit_test(corpus_table), cmocka_unit_test(corpus_utility))
