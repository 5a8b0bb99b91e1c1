/*
 * parser_fuzz.c - any bytes as SQL: refused with an error whose position lies in the text, or a tree whose statements
 * lie in it, which prints and walks.
 */
#include "base/cancel.h"
#include "base/error.h"
#include "parser/parser.h"

#include <stdlib.h>

int fuzz_one(const uint8_t *data, size_t size);

enum { STACK_BYTES = 4 << 20 };

typedef struct Input {
    Arena *arena;
    Slice  text;
} Input;

static void check(bool condition)
{
    if (!condition)
        abort();
}

static bool visit(const Node *node, void *context)
{
    const Input *input = context;

    check_stack_depth();
    check(node->tag > NODE_INVALID && node->tag < NODE_TAG_COUNT);
    check(node->location >= -1 && node->location <= (int64_t)input->text.size);
    check(node_start(node) <= (int64_t)input->text.size);
    return ast_walk(node, visit, context);
}

static void parse(void *arg)
{
    Input    *input = arg;
    NodeList *statements = parse_sql(input->arena, input->text);

    LIST_FOREACH(RawStmt, raw, statements) {
        check(raw->node.tag == NODE_RAW_STMT && raw->stmt != NULL && raw->length > 0);
        check(raw->node.location + (int64_t)raw->length <= (int64_t)input->text.size);
        ast_print(input->arena, raw->stmt, AST_PRINT_LOCATIONS);
        visit(raw->stmt, input);
    }
}

static void parse_other(void *arg)
{
    Input *input = arg;

    parse_expression(input->arena, input->text);
}

static void parse_type(void *arg)
{
    Input *input = arg;

    parse_type_name(input->arena, input->text);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    static void (*const entries[])(void *) = {parse, parse_other, parse_type};

    Input input = {.arena = arena_new(NULL, NULL, "fuzz"), .text = slice_of(data, size)};

    if (stack_limit == NULL)
        stack_limit_set(STACK_BYTES);
    for (size_t i = 0; i < ARRAY_LENGTH(entries); i++) {
        const Error *err = error_catch(entries[i], &input);

        check(err == NULL || (err->position >= -1 && err->position <= (int64_t)size + 3));
        arena_reset(input.arena);
    }
    arena_free(input.arena);
    return 0;
}
