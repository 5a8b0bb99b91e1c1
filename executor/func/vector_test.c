/*
 * vector_test.c - functions over vectors give what pgvector's regression tests record (vector_cases.def).
 */
#include "executor/func/func_case_test.h"

static const Case cases[] = {
#define CASE(proc, result, state, message, count, types, args) {proc, result, state, message, count, types, args},
#include "executor/func/vector_cases.def"
#undef CASE
};

static void functions_give_what_pgvector_gives(void **state)
{
    (void)state;
    check_cases(cases, ARRAY_LENGTH(cases));
}

typedef struct Aggregate {
    Oid         proc;
    const char *values[4];
    const char *result, *message;
    const char *got;
} Aggregate;

static void run_aggregate(void *arg)
{
    Aggregate      *test = arg;
    const AggEntry *agg = proc_by_oid(test->proc)->agg;
    const TypeInfo *type = type_by_oid(TYPE_VECTOR);
    void           *states[2] = {arena_alloc_zeroed(arena, 1, agg->state_bytes), arena_alloc_zeroed(arena, 1, agg->state_bytes)};
    Datum           result;
    StrBuf          out;
    AggCall         call = {.proc = proc_by_oid(test->proc), .arg_count = 1, .count = 1, .arena = arena, .ctx = &context};

    for (int i = 0; i < 4 && test->values[i] != NULL; i++) {
        Vector *argument = vector_of(TYPE_VECTOR, strcmp(test->values[i], "-") == 0 ? NULL : test->values[i]);
        int32_t sel = 1;

        call.args = &argument;
        call.sel = &sel;
        call.single = states[i % 2];
        agg->update(&call);
    }
    agg->combine(&call, states[0], states[1]);
    test->got = NULL_RESULT;
    if (!agg->finish(&call, states[0], arena, &result))
        return;
    strbuf_init(&out, arena);
    type->output(type, &result, &context, &out);
    test->got = strbuf_cstring(&out);
}

static void aggregates_give_what_pgvector_gives(void **state)
{
    Aggregate tests[] = {
        {8223, {"[1,2,3]", "[3,5,7]"}, "[2,3.5,5]", NULL, NULL},
        {8223, {"[1,2,3]", "[3,5,7]", "-"}, "[2,3.5,5]", NULL, NULL},
        {8223, {"-"}, NULL_RESULT, NULL, NULL},
        {8223, {"[1,2]", "[3]"}, NULL, "expected 2 dimensions, not 1", NULL},
        {8223, {"[3e38]", "[3e38]"}, "[3e+38]", NULL, NULL},
        {8224, {"[1,2,3]", "[3,5,7]", "-"}, "[4,7,10]", NULL, NULL},
        {8224, {NULL}, NULL_RESULT, NULL, NULL},
        {8224, {"[1,2]", "[3]"}, NULL, "different vector dimensions 2 and 1", NULL},
        {8224, {"[3e38]", "[3e38]"}, NULL, "value out of range: overflow", NULL},
        {8224, {"[1]", "[2]", "[4]", "[8]"}, "[15]", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(tests); i++) {
        Error *err;

        fresh_arena();
        err = error_catch(run_aggregate, &tests[i]);
        if (tests[i].message != NULL) {
            assert_non_null(err);
            assert_string_equal(err->message, tests[i].message);
        } else {
            assert_null(err);
            assert_string_equal(tests[i].got, tests[i].result);
        }
    }
}

TEST_MAIN(cmocka_unit_test(functions_give_what_pgvector_gives), cmocka_unit_test(aggregates_give_what_pgvector_gives))
