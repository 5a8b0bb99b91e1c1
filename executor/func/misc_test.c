/*
 * misc_test.c - functions of floats and bytea, quoting and format against PostgreSQL 15's results; series.
 */
#include "executor/func/kernel_test.h"

static const KernelCase cases[] = {
#include "executor/func/misc_calls.def"
};

static void results_are_postgresqls(void **state)
{
    (void)state;
    assert_calls(cases, ARRAY_LENGTH(cases));
}

typedef struct Series {
    Oid         oid;
    const char *from, *to, *step; /* step NULL: two arguments */
    const char *expected;
} Series;

static Arena *series_arena; /* outlives an error in run_series() */

static void run_series(void *arg)
{
    const Series   *series = arg;
    Arena          *arena = series_arena;
    const Proc     *proc = proc_by_oid(series->oid);
    const TypeInfo *type = type_by_oid(proc->result);
    TypeContext     ctx = {.arena = arena};
    Datum           args[3];
    bool            nulls[3] = {false};
    SetCall         call = {.proc = proc, .arg_count = series->step != NULL ? 3 : 2, .args = args, .arg_nulls = nulls, .ctx = &ctx,
                            .arg_types = proc->args, .arena = arena};
    Datum           rows[2];
    Vector          vector = {.data = rows, .type = proc->result, .phys = type->phys, .capacity = 2};
    Vector         *outputs[] = {&vector};
    StrBuf          text;

    type->input(type, slice_from_cstring(series->from), -1, &ctx, &args[0]);
    type->input(type, slice_from_cstring(series->to), -1, &ctx, &args[1]);
    if (series->step != NULL)
        type->input(type, slice_from_cstring(series->step), -1, &ctx, &args[2]);
    strbuf_init(&text, arena);
    proc->set->start(&call);
    for (int32_t count; (count = proc->set->next(&call, arena, outputs, 1, 2)) > 0;) {
        for (int32_t i = 0; i < count; i++) {
            if (text.size > 0)
                strbuf_append_char(&text, ' ');
            type->output(type, vector_element(&vector, i), &ctx, &text);
        }
    }
    assert_string_equal(strbuf_cstring(&text), series->expected);
}

static void series_run_to_their_end(void **state)
{
    static Series series[] = {
        {1067, "1", "5", NULL, "1 2 3 4 5"},
        {1067, "3", "1", NULL, ""},
        {1066, "5", "1", "-2", "5 3 1"},
        {1066, "2147483645", "2147483647", "1", "2147483645 2147483646 2147483647"},
        {1068, "9223372036854775805", "9223372036854775807", "2", "9223372036854775805 9223372036854775807"},
        {3259, "0", "1", "0.25", "0 0.25 0.50 0.75 1.00"},
        {3260, "1.5", "3", NULL, "1.5 2.5"},
    };
    static Series endless = {1066, "1", "2", "0", ""};

    (void)state;
    series_arena = arena_new(NULL, NULL, "test");
    registry_init();
    for (size_t i = 0; i < ARRAY_LENGTH(series); i++)
        assert_no_error(run_series, &series[i]);
    assert_raises(SQLSTATE_INVALID_PARAMETER_VALUE, run_series, &endless);
    arena_free(series_arena);
}

static void random_numbers_are_in_range(void **state)
{
    KernelTest  first;
    const char *seed = "0.5";

    (void)state;
    assert_null(kernel_test_call(&first, 1599, 1, &seed));
    arena_free(first.arena);
    for (int i = 0; i < 100; i++) {
        Proc        proc = *proc_by_oid(1598);
        double      value[4] = {-1, -1, -1, -1};
        Vector      result = {.data = value, .type = TYPE_FLOAT8, .phys = PHYS_FLOAT64, .capacity = 4};
        KernelCall  call = {.proc = &proc, .result = &result, .count = 4};

        proc.kernel->run(&call);
        for (int k = 0; k < 4; k++)
            assert_true(value[k] >= 0 && value[k] < 1);
    }
}

TEST_MAIN(cmocka_unit_test(results_are_postgresqls), cmocka_unit_test(series_run_to_their_end),
          cmocka_unit_test(random_numbers_are_in_range))
