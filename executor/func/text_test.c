/*
 * text_test.c - kernels of text against PostgreSQL 15's results.
 */
#include "executor/func/kernel_test.h"
#include "executor/func/like.h"

static const KernelCase cases[] = {
#include "executor/func/text_calls.def"
};

static void results_are_postgresqls(void **state)
{
    (void)state;
    assert_calls(cases, ARRAY_LENGTH(cases));
}

static void like_patterns_know_their_prefix(void **state)
{
    static const struct {
        const char *pattern;
        const char *prefix;
        bool        exact;
    } patterns[] = {{"abc%", "abc", false}, {"abc", "abc", true}, {"a\\%b_c", "a%b", false}, {"%x", "", false},
                    {"", "", true},         {"ab%cd", "ab", false}, {"_a", "", false}};
    Arena *arena = arena_new(NULL, NULL, "test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
        bool         exact;
        LikePattern *like = like_compile(arena, slice_from_cstring(patterns[i].pattern), LIKE_CHARACTERS);
        Slice        prefix = like_prefix(like, &exact);

        assert_true(slice_equal(prefix, slice_from_cstring(patterns[i].prefix)));
        assert_int_equal(exact, patterns[i].exact);
    }
    arena_free(arena);
}

TEST_MAIN(cmocka_unit_test(results_are_postgresqls), cmocka_unit_test(like_patterns_know_their_prefix))
