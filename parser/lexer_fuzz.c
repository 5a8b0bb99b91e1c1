/*
 * lexer_fuzz.c - any bytes as a text to cut into tokens: refused with an error, or tokens in order within the text.
 */
#include "parser/keyword.h"
#include "parser/lexer.h"

#include <stdlib.h>

int fuzz_one(const uint8_t *data, size_t size);

typedef struct Input {
    Arena      *arena;
    const char *text;
    size_t      size;
} Input;

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void scan_all(void *arg)
{
    const Input *input = arg;
    int32_t      end = 0;
    Lexer        lexer;
    Token        token;

    utf8_check(input->text, input->size);
    lexer_init(&lexer, input->arena, input->text, input->size);
    while (lexer_scan(&lexer, &token) != 0) {
        check(token.location >= end && lexer.token_end > token.location);
        check((size_t)lexer.token_end <= input->size);
        check(token.str != NULL);
        end = lexer.token_end;
    }
    check((size_t)token.location == input->size);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    Input input = {.arena = arena_new(NULL, NULL, "fuzz"), .size = size};

    input.text = arena_strndup(input.arena, (const char *)data, size);
    error_catch(scan_all, &input);
    arena_free(input.arena);
    return 0;
}
