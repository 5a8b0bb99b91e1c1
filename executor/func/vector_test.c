/*
 * vector_test.c - functions over vectors give what pgvector's regression tests record (vector_cases.def).
 */
#include "executor/func/func_case_test.h"

#include <math.h>
#include <stdio.h>

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

typedef struct CastTask {
    Oid     element;
    float   values[4];
    int     count;
    int32_t typmod;
    bool    null;
    int32_t dimensions;
    const char *got;
} CastTask;

static void cast_array(void *arg)
{
    CastTask       *task = arg;
    const TypeInfo *type = type_by_oid(task->element);
    const TypeInfo *vector = type_by_oid(TYPE_VECTOR);
    Oid             proc = task->element == TYPE_INT4 ? 8226 : task->element == TYPE_FLOAT4 ? 8227 : task->element == TYPE_FLOAT8 ? 8228 : 8229;
    Datum           items[4];
    bool            nulls[4] = {task->null};
    int32_t         lengths[2] = {task->count, 1}, lower[2] = {1, 1};
    Slice           array, out;
    uint8_t         no = 0;
    StrBuf          text;

    for (int i = 0; i < task->count; i++) {
        char digits[32];

        snprintf(digits, sizeof digits, "%g", (double)task->values[i]);
        type->input(type, slice_from_cstring(digits), -1, &context, &items[i]);
    }
    array = array_build(arena, task->element, type->phys, task->count == 0 ? 0 : task->dimensions, lengths, lower, items, nulls, task->count);
    Vector     a = {.data = &array}, t = {.data = &task->typmod}, e = {.data = &no}, r = {.data = &out};
    Vector    *args[3] = {&a, &t, &e};
    KernelCall call = {.proc = proc_by_oid(proc), .arg_count = 3, .args = args, .result = &r, .count = 1, .ctx = &context};

    call.proc->kernel->run(&call);
    strbuf_init(&text, arena);
    vector->output(vector, &out, &context, &text);
    task->got = strbuf_cstring(&text);

    /* and back, as float4[] */
    ArrayView view;
    Slice     back;
    Vector    v = {.data = &out}, b = {.data = &back};

    args[0] = &v;
    call.result = &b;
    call.proc = proc_by_oid(8230);
    call.proc->kernel->run(&call);
    assert_true(array_open(back, &view));
    assert_int_equal(view.count, task->count);
    for (int i = 0; i < task->count; i++) {
        Datum item;

        assert_true(array_get(&view, i, &item));
        assert_true(item.float32 == task->values[i]);
    }
}

static void arrays_and_vectors_are_cast(void **state)
{
    static const Oid elements[] = {TYPE_INT4, TYPE_FLOAT4, TYPE_FLOAT8, TYPE_NUMERIC};
    CastTask         bad[] = {
                {TYPE_INT4, {1, 2}, 2, 3, false, 1, NULL},  {TYPE_INT4, {1, 2}, 2, -1, true, 1, NULL},
                {TYPE_INT4, {0}, 0, -1, false, 0, NULL},    {TYPE_INT4, {1, 2}, 2, -1, false, 2, NULL},
                {TYPE_FLOAT8, {NAN, 2}, 2, -1, false, 1, NULL},
    };
    static const char *const messages[] = {"expected 3 dimensions, not 2", "array must not contain nulls",
                                           "vector must have at least 1 dimension", "array must be 1-D",
                                           "NaN not allowed in vector"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(elements); i++) {
        CastTask task = {elements[i], {1, -2, 300}, 3, 3, false, 1, NULL};

        fresh_arena();
        assert_no_error(cast_array, &task);
        assert_string_equal(task.got, "[1,-2,300]");
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        Error *err;

        fresh_arena();
        err = error_catch(cast_array, &bad[i]);
        assert_non_null(err);
        assert_string_equal(err->message, messages[i]);
    }
}

TEST_MAIN(cmocka_unit_test(arrays_and_vectors_are_cast), cmocka_unit_test(functions_give_what_pgvector_gives), cmocka_unit_test(aggregates_give_what_pgvector_gives))
