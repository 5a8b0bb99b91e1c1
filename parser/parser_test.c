/*
 * parser_test.c - the trees that texts become, statements' bounds, the other entries, depth.
 *
 * tests/parser/trees.sql has texts of one line, separated by blank lines; trees.out the tree of each with locations,
 * reviewed by hand. What is accepted at all is corpus_test.c's.
 */
#include "base/test.h"

#include "base/cancel.h"
#include "base/strbuf.h"
#include "parser/parser.h"

#include <stdio.h>

static Arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(NULL, NULL, "parser test");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

typedef struct Run {
    Slice     text;
    NodeList *statements;
    Node     *node;
} Run;

static void run_sql(void *arg)
{
    Run *run = arg;

    run->statements = parse_sql(arena, run->text);
}

static void run_expression(void *arg)
{
    Run *run = arg;

    run->node = parse_expression(arena, run->text);
}

static void run_type_name(void *arg)
{
    Run *run = arg;

    run->node = (Node *)parse_type_name(arena, run->text);
}

static NodeList *parsed(const char *text)
{
    Run run = {.text = slice_from_cstring(text)};

    assert_no_error(run_sql, &run);
    return run.statements;
}

static void trees_are_as_reviewed(void **state)
{
    FILE *texts = fopen("tests/parser/trees.sql", "r");
    FILE *trees = fopen("tests/parser/trees.out", "r");
    char *text = test_malloc(1 << 16);
    char *tree = test_malloc(1 << 16);
    int   wrong = 0;
    int   count = 0;

    (void)state;
    assert_non_null(texts);
    assert_non_null(trees);
    while (fgets(text, 1 << 16, texts) != NULL) {
        const char *actual;

        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '\0')
            continue;
        assert_non_null(fgets(tree, 1 << 16, trees));
        tree[strcspn(tree, "\n")] = '\0';
        actual = ast_print(arena, list_first(parsed(text)), AST_PRINT_LOCATIONS);
        if (strcmp(actual, tree) != 0) {
            print_message("# %s\n#   expected %s\n#   actual   %s\n", text, tree, actual);
            wrong++;
        }
        count++;
        arena_reset(arena);
    }
    fclose(texts);
    fclose(trees);
    test_free(text);
    test_free(tree);
    assert_true(count > 40);
    assert_int_equal(wrong, 0);
}

static void statements_know_their_bounds(void **state)
{
    static const char text[] = "  select 1 ;; /* x */ begin  ; -- y\nselect 'a' /* z */ ; ";
    NodeList         *list = parsed(text);

    (void)state;
    assert_int_equal(list_count(list), 3);
    LIST_FOREACH(RawStmt, raw, list) {
        static const char *const expected[] = {"select 1", "begin", "select 'a'"};

        assert_int_equal(raw->length, strlen(expected[raw_index]));
        assert_memory_equal(text + raw->node.location, expected[raw_index], (size_t)raw->length);
    }
}

static void empty_texts_give_no_statement(void **state)
{
    (void)state;
    assert_null(parsed(""));
    assert_null(parsed("  ;; -- nothing\n ; /* here */"));
}

static void expressions_and_type_names_are_entries_of_their_own(void **state)
{
    Run run = {.text = slice_from_cstring("a + 1 > 2")};

    (void)state;
    assert_no_error(run_expression, &run);
    assert_int_equal(run.node->tag, NODE_A_EXPR);
    assert_int_equal(node_start(run.node), 0);
    run.text = slice_from_cstring("numeric(5, 2)[]");
    assert_no_error(run_type_name, &run);
    assert_string_equal(ast_print(arena, run.node, AST_PRINT_PLAIN),
                        "(TypeName :names (\"pg_catalog\" \"numeric\") :typmods ((A_Const :kind CONST_INTEGER :ival 5) "
                        "(A_Const :kind CONST_INTEGER :ival 2)) :array_bounds ((Integer :ival -1)))");
    run.text = slice_from_cstring("a, b");
    assert_raises(SQLSTATE_SYNTAX_ERROR, run_expression, &run);
    run.text = slice_from_cstring("int; select 1");
    assert_raises(SQLSTATE_SYNTAX_ERROR, run_type_name, &run);
    run.text = slice_from_cstring("");
    assert_raises(SQLSTATE_SYNTAX_ERROR, run_type_name, &run);
}

static Slice repeated(const char *before, const char *part, int count, const char *after)
{
    StrBuf buf;

    strbuf_init(&buf, arena);
    strbuf_append_cstring(&buf, before);
    for (int i = 0; i < count; i++)
        strbuf_append_cstring(&buf, part);
    strbuf_append_cstring(&buf, after);
    return strbuf_slice(&buf);
}

static void nesting_is_limited_and_length_is_not(void **state)
{
    Run run = {.text = repeated("select ", "(", 100000, "1")};

    (void)state;
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, run_sql, &run);
    run.text = repeated("select ", "f(", 100000, "1");
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, run_sql, &run);
    run.text = repeated("select ", "- ", 100000, "a");
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, run_sql, &run);
    run.text = repeated("", "select * from (", 100000, "");
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, run_sql, &run);
    run.text = repeated("select ", "a + ", 100000, "1");
    assert_no_error(run_sql, &run);
    run.text = repeated("select ", "a and ", 100000, "b");
    assert_no_error(run_sql, &run);
    run.text = repeated("select 1 where a in (1", ", 2", 100000, ")");
    assert_no_error(run_sql, &run);
    run.text = repeated("values (1)", ", (2)", 100000, "");
    assert_no_error(run_sql, &run);
    run.text = repeated("select 1", " union all select 2", 50000, "");
    assert_no_error(run_sql, &run);
    run.text = repeated("", "select 1;", 50000, "");
    assert_no_error(run_sql, &run);
    assert_int_equal(list_count(run.statements), 50000);
}

static void print_node(void *arg)
{
    ast_print(arena, ((const Run *)arg)->node, AST_PRINT_PLAIN);
}

static void start_of_a_long_chain_is_found_without_recursion(void **state)
{
    Run run = {.text = repeated("select ", "a + ", 200000, "1")};

    (void)state;
    assert_no_error(run_sql, &run);
    run.node = ((const RawStmt *)list_first(run.statements))->stmt;
    run.node = ((const ResTarget *)list_first(((const SelectStmt *)run.node)->target_list))->val;
    assert_int_equal(node_start(run.node), 7);
    stack_limit_set(1 << 20);
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, print_node, &run);
}

static bool count_column_refs(const Node *node, void *context)
{
    if (node->tag == NODE_COLUMN_REF)
        ++*(int *)context;
    return ast_walk(node, count_column_refs, context);
}

static bool find_param(const Node *node, void *context)
{
    return node->tag == NODE_PARAM_REF || ast_walk(node, find_param, context);
}

static void walking_reaches_every_child_and_stops_when_told(void **state)
{
    NodeList *list = parsed("select a, f(b, array[c, d]) over (order by e) from t join u on g = h where (i, j) in "
                            "(select k from v group by rollup (l)) order by m limit $1");
    int       count = 0;

    (void)state;
    assert_false(ast_walk((Node *)list, count_column_refs, &count));
    assert_int_equal(count, 12);
    assert_true(ast_walk((Node *)list, find_param, NULL));
    assert_false(ast_walk((Node *)parsed("select 1"), find_param, NULL));
    assert_false(ast_walk(NULL, find_param, NULL));
}

static void lists_loop_break_and_continue(void **state)
{
    NodeList *list = NULL;
    int       seen = 0;

    (void)state;
    LIST_FOREACH(Node, item, list)
        seen += item != NULL;
    assert_int_equal(seen, 0);
    for (int i = 0; i < 10; i++)
        list = list_append(arena, list, node_new(arena, NODE_INTEGER, i, sizeof(Integer)));
    list = list_prepend(arena, list, node_new(arena, NODE_INTEGER, 99, sizeof(Integer)));
    LIST_FOREACH(Node, item, list) {
        if (item_index == 0)
            continue;
        if (item->location == 5)
            break;
        assert_int_equal(item->location, item_index - 1);
        seen++;
    }
    assert_int_equal(seen, 5);
    assert_int_equal(list_last(list)->location, 9);
    assert_int_equal(list_first(list)->location, 99);
}

TEST_MAIN(cmocka_unit_test_setup_teardown(trees_are_as_reviewed, setup, teardown),
          cmocka_unit_test_setup_teardown(statements_know_their_bounds, setup, teardown),
          cmocka_unit_test_setup_teardown(empty_texts_give_no_statement, setup, teardown),
          cmocka_unit_test_setup_teardown(expressions_and_type_names_are_entries_of_their_own, setup, teardown),
          cmocka_unit_test_setup_teardown(nesting_is_limited_and_length_is_not, setup, teardown),
          cmocka_unit_test_setup_teardown(start_of_a_long_chain_is_found_without_recursion, setup, teardown),
          cmocka_unit_test_setup_teardown(walking_reaches_every_child_and_stops_when_told, setup, teardown),
          cmocka_unit_test_setup_teardown(lists_loop_break_and_continue, setup, teardown))
