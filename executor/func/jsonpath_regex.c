/*
 * jsonpath_regex.c - like_regex by PCRE2.
 *
 * A compiled pattern hangs on the arena of the path's tree and is freed with it.
 */
#include "executor/func/jsonpath_regex.h"

#include "base/error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* PostgreSQL gives up on nothing; a pattern that backtracks this often is reported instead of holding the session. */
enum { MATCH_LIMIT = 10000000 };

typedef struct Compiled {
    pcre2_code          *code;
    pcre2_match_data    *match;
    pcre2_match_context *context;
    ArenaDefer           release;
} Compiled;

static void free_compiled(void *object)
{
    Compiled *compiled = object;

    pcre2_match_context_free(compiled->context);
    pcre2_match_data_free(compiled->match);
    pcre2_code_free(compiled->code);
}

static uint32_t options_of(int32_t flags)
{
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY;

    if (flags & PATH_FLAG_ICASE)
        options |= PCRE2_CASELESS;
    if (flags & PATH_FLAG_QUOTE)
        return (options | PCRE2_LITERAL) & ~(uint32_t)PCRE2_DOLLAR_ENDONLY;
    if (flags & PATH_FLAG_DOTALL)
        options |= PCRE2_DOTALL;
    if (flags & PATH_FLAG_MLINE)
        options |= PCRE2_MULTILINE;
    return options;
}

static Compiled *compile(const JsonPathNode *node, Arena *arena)
{
    Compiled  *compiled = ARENA_NEW(arena, Compiled);
    int        code;
    PCRE2_SIZE offset;

    compiled->code = pcre2_compile(node->text.data, node->text.size, options_of(node->flags), &code, &offset, NULL);
    if (compiled->code == NULL) {
        PCRE2_UCHAR message[128];

        pcre2_get_error_message(code, message, sizeof message);
        raise_error(SQLSTATE_INVALID_REGULAR_EXPRESSION, "invalid regular expression: %s", (const char *)message);
    }
    compiled->match = pcre2_match_data_create_from_pattern(compiled->code, NULL);
    compiled->context = pcre2_match_context_create(NULL);
    arena_defer(arena, &compiled->release, free_compiled, compiled);
    if (compiled->match == NULL || compiled->context == NULL)
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    pcre2_set_match_limit(compiled->context, MATCH_LIMIT);
    pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE); /* where it fails the interpreter matches */
    return compiled;
}

bool jsonpath_regex_matches(const JsonPathNode *node, Slice text, Arena *arena)
{
    Compiled *compiled = *node->compiled;
    int       found;

    if (compiled == NULL)
        *node->compiled = compiled = compile(node, arena);
    found = pcre2_match(compiled->code, text.data, text.size, 0, PCRE2_NO_UTF_CHECK, compiled->match, compiled->context);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH)
        raise_error(SQLSTATE_INVALID_REGULAR_EXPRESSION, "regular expression failed: error %d", found);
    return found >= 0;
}
