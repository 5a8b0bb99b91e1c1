/*
 * jsonpath_test.c - jsonpath texts are read and printed as PostgreSQL 15 does (jsonpath_texts.def).
 */
#include "types/jsonpath.h"

#include "base/test.h"
#include "types/type.h"

static Arena *arena;

typedef struct Case {
    const char *input, *text, *state, *message;
} Case;

static const Case cases[] = {
#define CASE(...) {__VA_ARGS__},
#include "types/jsonpath_texts.def"
#undef CASE
};

static void read_path(void *arg)
{
    const char **texts = arg;
    TypeContext  context = {.arena = arena};
    Datum        value;

    type_by_oid(TYPE_JSONPATH)->input(type_by_oid(TYPE_JSONPATH), slice_from_cstring(texts[0]), -1, &context, &value);
    texts[1] = arena_strndup(arena, (const char *)value.bytes.data, value.bytes.size);
}

static void texts_are_read_as_in_postgresql(void **state)
{
    int wrong = 0;

    (void)state;
    arena = arena_new(NULL, NULL, "test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const Case *c = &cases[i];
        const char *texts[2] = {c->input, NULL};
        Error      *err = error_catch(read_path, texts);
        const char *got = err != NULL ? sqlstate_code(err->sqlstate) : texts[1];
        bool        good = err != NULL ? c->state != NULL && strcmp(got, c->state) == 0 && strcmp(err->message, c->message) == 0
                                       : c->text != NULL && strcmp(got, c->text) == 0;

        if (!good) {
            print_message("<%s>: %s %s, PostgreSQL: %s %s\n", c->input, got, err != NULL ? err->message : "",
                          c->text != NULL ? c->text : c->state, c->message != NULL ? c->message : "");
            wrong++;
            continue;
        }
        if (err == NULL) { /* the canonical text reads back as itself */
            const char *again[2] = {got, NULL};

            assert_no_error(read_path, again);
            assert_string_equal(again[1], got);
        }
    }
    assert_int_equal(wrong, 0);
    arena_free(arena);
}

TEST_MAIN(cmocka_unit_test(texts_are_read_as_in_postgresql))
