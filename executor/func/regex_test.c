/*
 * regex_test.c - regular expressions against PostgreSQL 15's results: operators, functions, errors; arrays and sets of matches.
 */
#include "executor/func/kernel_test.h"
#include "executor/func/regex.h"
#include "types/array.h"

static const KernelCase cases[] = {
#include "executor/func/regex_calls.def"
};

static void results_are_postgresqls(void **state)
{
    (void)state;
    assert_calls(cases, ARRAY_LENGTH(cases));
}

typedef struct SetTest {
    Oid         oid;
    const char *text;
    const char *pattern;
    const char *flags;  /* NULL: two arguments */
    const char *expected; /* rows joined by |, groups of an array by comma */
} SetTest;

static void append_row(StrBuf *out, bool arrays, Slice value)
{
    ArrayView view;

    if (!arrays) {
        strbuf_append_slice(out, value);
        return;
    }
    assert_true(array_open(value, &view));
    for (int32_t i = 0; i < view.count; i++) {
        Datum element;

        if (i > 0)
            strbuf_append_char(out, ',');
        if (array_get(&view, i, &element))
            strbuf_append_slice(out, element.bytes);
        else
            strbuf_append_cstring(out, "NULL");
    }
}

static void run_set(void *arg)
{
    SetTest    *test = arg;
    Arena      *arena = arena_new(NULL, NULL, "test");
    const Proc *proc = proc_by_oid(test->oid);
    TypeContext ctx = {.arena = arena};
    Datum       args[3] = {{.bytes = slice_from_cstring(test->text)}, {.bytes = slice_from_cstring(test->pattern)}};
    bool        nulls[3] = {false};
    SetCall     call = {.proc = proc, .arg_count = 2, .args = args, .arg_nulls = nulls, .arg_types = proc->args, .ctx = &ctx,
                        .arena = arena};
    Slice       rows[2];
    Vector      vector = {.data = rows, .type = proc->result, .phys = PHYS_BYTES, .capacity = 2};
    Vector     *outputs[] = {&vector};
    StrBuf      out;
    int32_t     count;

    if (test->flags != NULL)
        args[call.arg_count++].bytes = slice_from_cstring(test->flags);
    strbuf_init(&out, arena);
    proc->set->start(&call);
    while ((count = proc->set->next(&call, arena, outputs, 1, 2)) > 0) {
        for (int32_t i = 0; i < count; i++) {
            if (out.size > 0 || out.data != NULL)
                strbuf_append_char(&out, '|');
            append_row(&out, proc->result == TYPE_TEXT_ARRAY, rows[i]);
            strbuf_append(&out, "", 0);
        }
    }
    assert_string_equal(strbuf_cstring(&out), test->expected);
    arena_free(arena);
}

static void sets_of_matches_are_postgresqls(void **state)
{
    static SetTest tests[] = {
        {2763, "foobarbequebaz", "(bar)(beque)", NULL, "bar,beque"},
        {2763, "foobarbequebaz", "ba.", NULL, "bar"},
        {2764, "foobarbequebazilbarfbonk", "(b[^b]+)(b[^b]+)", "g", "bar,beque|bazil,barf"},
        {2763, "abc", "(x)?b", NULL, "NULL"},
        {2763, "abc", "x", NULL, ""},
        {2765, "the quick brown fox", "\\s+", NULL, "the|quick|brown|fox"},
        {2765, "abc", "", NULL, "a|b|c"},
        {2765, "a,b,,c", ",", NULL, "a|b||c"},
        {2765, "abc", "x", NULL, "abc"},
        {2765, "xaXbx", "X", NULL, "xa|bx"},
        {2766, "xaXbx", "X", "i", "|a|b|"},
        {2765, "hello", "l*", NULL, "h|e|o"},
    };

    (void)state;
    registry_init();
    for (size_t i = 0; i < ARRAY_LENGTH(tests); i++)
        assert_no_error(run_set, &tests[i]);
}

TEST_MAIN(cmocka_unit_test(results_are_postgresqls), cmocka_unit_test(sets_of_matches_are_postgresqls))
