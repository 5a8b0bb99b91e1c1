/*
 * lexer_test.c - tokens and their bounds, folding and cutting of names, keywords, UTF-8.
 *
 * What is accepted and refused, and with which message, is corpus_test.c's; here is what the tokens hold.
 */
#include "base/test.h"

#include "parser/keyword.h"
#include "parser/lexer.h"
#include "parser/sql.h"

#include <stdio.h>

static Arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(NULL, NULL, "lexer test");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

typedef struct Scan {
    const char *text;
    size_t      size;
    Lexer       lexer;
    Token       tokens[64];
    int         kinds[64];
    int32_t     ends[64];
    int         count;
} Scan;

static void scan_all(void *arg)
{
    Scan *scan = arg;

    utf8_check(scan->text, scan->size);
    lexer_init(&scan->lexer, arena, scan->text, scan->size);
    for (scan->count = 0; scan->count < 64; scan->count++) {
        scan->kinds[scan->count] = lexer_scan(&scan->lexer, &scan->tokens[scan->count]);
        scan->ends[scan->count] = scan->lexer.token_end;
        if (scan->kinds[scan->count] == 0)
            break;
    }
}

static Scan scanned(const char *text)
{
    Scan scan = {.text = text, .size = strlen(text)};

    assert_no_error(scan_all, &scan);
    return scan;
}

static const char *only_text(const char *text)
{
    Scan scan = scanned(text);

    assert_int_equal(scan.count, 1);
    return scan.tokens[0].str;
}

static void tokens_have_kind_text_and_bounds(void **state)
{
    static const struct {
        int         kind;
        const char *text;
        int32_t     start;
        int32_t     end;
    } expected[] = {
        {TK_SELECT, "select", 0, 6}, {TK_IDENT, "abc", 7, 10},   {TK_DOT, ".", 10, 11},    {TK_IDENT, "De", 11, 15},
        {TK_TYPECAST, "::", 15, 17}, {TK_INT, "int", 17, 20},    {TK_OP, "->>", 21, 24},   {TK_SCONST, "k", 25, 28},
        {TK_NOT_EQUALS, "<>", 28, 30}, {TK_FCONST, "1.5", 30, 33}, {TK_SEMI, ";", 33, 34},
    };
    Scan scan = scanned("SELECT aBC.\"De\"::int ->> 'k'!=1.5; -- end");

    (void)state;
    assert_int_equal(scan.count, ARRAY_LENGTH(expected));
    for (int i = 0; i < scan.count; i++) {
        assert_int_equal(scan.kinds[i], expected[i].kind);
        assert_string_equal(scan.tokens[i].str, expected[i].text);
        assert_int_equal(scan.tokens[i].location, expected[i].start);
        assert_int_equal(scan.ends[i], expected[i].end);
    }
}

static void strings_hold_their_decoded_text(void **state)
{
    (void)state;
    assert_string_equal(only_text("'it''s'"), "it's");
    assert_string_equal(only_text("'a' -- more\n 'b'\n'c'"), "abc");
    assert_string_equal(only_text("'a\\n'"), "a\\n");
    assert_string_equal(only_text("E'\\t\\x41\\101\\u00e9\\U0001F600\\q\\\\\\''"), "\tAA\xc3\xa9\xf0\x9f\x98\x80q\\'");
    assert_string_equal(only_text("E'\\ud83d\\ude00'"), "\xf0\x9f\x98\x80");
    assert_string_equal(only_text("E'\\303\\251'"), "\xc3\xa9");
    assert_string_equal(only_text("$$a'b$c$$"), "a'b$c");
    assert_string_equal(only_text("$q$ $$ $r$ $q$"), " $$ $r$ ");
    assert_string_equal(only_text("b'01'\n'1'"), "b011");
    assert_string_equal(only_text("X'1f'"), "x1f");
}

static void numbers_are_integers_while_they_fit_31_bits(void **state)
{
    Scan scan = scanned("0 2147483647 2147483648 1. .5 1e5 1.5E-3 $17");

    (void)state;
    assert_int_equal(scan.kinds[0], TK_ICONST);
    assert_int_equal(scan.tokens[1].ival, INT32_MAX);
    assert_int_equal(scan.kinds[2], TK_FCONST);
    assert_string_equal(scan.tokens[2].str, "2147483648");
    assert_string_equal(scan.tokens[3].str, "1.");
    assert_string_equal(scan.tokens[4].str, ".5");
    assert_string_equal(scan.tokens[5].str, "1e5");
    assert_string_equal(scan.tokens[6].str, "1.5E-3");
    assert_int_equal(scan.kinds[7], TK_PARAM);
    assert_int_equal(scan.tokens[7].ival, 17);
}

static void operators_end_before_signs_and_comments(void **state)
{
    Scan scan = scanned("a*-b @- <-> =-- c\n>=/*x*/||");

    (void)state;
    assert_int_equal(scan.count, 9);
    assert_int_equal(scan.kinds[1], TK_STAR);
    assert_int_equal(scan.kinds[2], TK_MINUS);
    assert_string_equal(scan.tokens[4].str, "@-");
    assert_string_equal(scan.tokens[5].str, "<->");
    assert_int_equal(scan.kinds[6], TK_EQUAL);
    assert_int_equal(scan.kinds[7], TK_GREATER_EQUALS);
    assert_string_equal(scan.tokens[8].str, "||");
}

static void names_are_folded_in_ascii_only_and_cut_between_characters(void **state)
{
    char name[80];

    (void)state;
    assert_string_equal(only_text("\xc3\x84" "Bc"), "\xc3\x84" "bc");
    assert_string_equal(only_text("\"A\"\"b\""), "A\"b");
    memset(name, 'a', sizeof name);
    name[79] = '\0';
    assert_int_equal(strlen(only_text(name)), 63);
    memcpy(name + 62, "\xe6\x97\xa5", 3); /* a character that byte 63 would split */
    assert_int_equal(strlen(only_text(name)), 62);
    assert_int_equal(name_cut(name, 62), 62);
}

static void raises_invalid_utf8(const char *bytes, size_t size, const char *shown)
{
    Scan   scan = {.text = bytes, .size = size};
    Error *err = error_catch(scan_all, &scan);

    assert_non_null(err);
    assert_string_equal(sqlstate_code(err->sqlstate), "22021");
    assert_string_equal(strstr(err->message, "0x"), shown);
}

static void invalid_utf8_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    raises_invalid_utf8("select '\xff'", 9, "0xff");
    raises_invalid_utf8("select 1 -- eight bytes \xc3(", 26, "0xc3 0x28");
    raises_invalid_utf8("\xed\xa0\x80", 3, "0xed 0xa0 0x80");
    raises_invalid_utf8("\xf4\x90\x80\x80", 4, "0xf4 0x90 0x80 0x80");
    raises_invalid_utf8("\xc0\x80", 2, "0xc0 0x80");
    raises_invalid_utf8("ab\xe6\x97", 4, "0xe6 0x97");
    raises_invalid_utf8("a\0b", 3, "0x00");
}

/* keywords.out is what pg_get_keywords() says on PostgreSQL 15; COLLECTION is ours. */
static void keywords_are_those_of_postgresql(void **state)
{
    static const char letters[] = {'U', 'C', 'T', 'R'};
    FILE             *file = fopen("tests/parser/keywords.out", "r");
    char              word[64];
    char              category;
    char              bare;
    int               count = 0;

    (void)state;
    assert_non_null(file);
    while (fscanf(file, "%63s %c %c", word, &category, &bare) == 3) {
        const Keyword *keyword = keyword_find(word, strlen(word));

        if (keyword == NULL)
            fail_msg("%s is not a keyword", word);
        assert_string_equal(keyword->word, word);
        assert_int_equal(letters[keyword->category], category);
        assert_int_equal(keyword->bare_label, bare == 't');
        count++;
    }
    fclose(file);
    assert_int_equal(count, keyword_count - 1);
    assert_non_null(keyword_find("Collection", 10));
    assert_null(keyword_find("selec", 5));
    assert_null(keyword_find("selects", 7));
    assert_null(keyword_find("a", 1));
    assert_null(keyword_find("_select", 7));
}

TEST_MAIN(cmocka_unit_test_setup_teardown(tokens_have_kind_text_and_bounds, setup, teardown),
          cmocka_unit_test_setup_teardown(strings_hold_their_decoded_text, setup, teardown),
          cmocka_unit_test_setup_teardown(numbers_are_integers_while_they_fit_31_bits, setup, teardown),
          cmocka_unit_test_setup_teardown(operators_end_before_signs_and_comments, setup, teardown),
          cmocka_unit_test_setup_teardown(names_are_folded_in_ascii_only_and_cut_between_characters, setup, teardown),
          cmocka_unit_test_setup_teardown(invalid_utf8_is_refused_wherever_it_stands, setup, teardown),
          cmocka_unit_test_setup_teardown(keywords_are_those_of_postgresql, setup, teardown))
