/*
 * json_func_test.c - the functions over json and jsonb give what PostgreSQL 15 gives (json_func_cases.def); sets and aggregates.
 */
#include "executor/func/func_case_test.h"
#include "types/jsonb_type.h"

static const Case cases[] = {
#define CASE(proc, result, state, message, count, types, args) {proc, result, state, message, count, types, args},
#include "executor/func/json_func_cases.def"
#include "executor/func/json_path_cases.def"
#include "executor/func/jsonpath_cases.def"
#undef CASE
};

static void functions_give_what_postgresql_gives(void **state)
{
    (void)state;
    check_cases(cases, ARRAY_LENGTH(cases));
}

/* ---- our readings ---------------------------------------------------------------------------------------------------- */

static void typed_readings_give_values_or_null_but_never_errors(void **state)
{
    static const Case ours[] = {
        {8100, "36", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": 36}", "age"}},
        {8100, "1.50", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"1.50\"}", "age"}},
        {8100, "-1200", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"-1.2e3\"}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"36 \"}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"NaN\"}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"+1\"}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"\"}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": true}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": [1]}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": null}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"age\": \"1e999999\"}", "age"}},
        {8100, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"[1]", "age"}},
        {8101, "7", NULL, NULL, 2, {TYPE_JSONB, TYPE_INT4}, {"[1, 7]", "-1"}},
        {8103, "1.50", NULL, NULL, 2, {TYPE_JSON, TYPE_TEXT}, {"{\"a\": \"1.50\", \"b\": 2}", "a"}},
        {8104, NULL_RESULT, NULL, NULL, 2, {TYPE_JSON, TYPE_INT4}, {"[1, {\"a\": 1}]", "1"}},
        {8106, "true", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"true\"}", "a"}},
        {8106, "false", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": false}", "a"}},
        {8106, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"yes\"}", "a"}},
        {8112, "2024-05-01 12:34:56.789+00", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"2024-05-01T12:34:56.789Z\"}", "a"}},
        {8112, "2024-05-01 10:00:00+00", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"2024-05-01 12:00:00+02\"}", "a"}},
        {8112, "2024-05-01 12:00:00+00", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"2024-05-01 12:00\"}", "a"}},
        {8112, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"now\"}", "a"}},
        {8112, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": \"2024-13-01\"}", "a"}},
        {8112, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT}, {"{\"a\": 2024}", "a"}},
        {8120, "2024-05-01 12:00:00", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT_ARRAY}, {"{\"a\": [\"2024-05-01 12:00\"]}", "{a,0}"}},
        {8129, "2024-05-01", NULL, NULL, 2, {TYPE_JSON, TYPE_TEXT_ARRAY}, {"{\"a\": [\"2024-05-01\"]}", "{a,0}"}},
        {8128, NULL_RESULT, NULL, NULL, 2, {TYPE_JSON, TYPE_INT4}, {"[\"x\"]", "0"}},
        {8102, "7", NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT_ARRAY}, {"{\"a\": [\"7\"]}", "{a,0}"}},
        {8102, NULL_RESULT, NULL, NULL, 2, {TYPE_JSONB, TYPE_TEXT_ARRAY}, {"{\"a\": [\"7\"]}", "{a,NULL}"}},
        {8111, "false", NULL, NULL, 2, {TYPE_JSON, TYPE_TEXT_ARRAY}, {"{\"a\": [false]}", "{a,-1}"}},
        {3176, "\"2020-01-01T10:00:00\"", NULL, NULL, 1, {TYPE_TIMESTAMP}, {"2020-01-01 10:00"}},
        {3176, "\"2020-01-01T08:00:00+00:00\"", NULL, NULL, 1, {TYPE_TIMESTAMPTZ}, {"2020-01-01 10:00+02"}},
        {3176, "\"2020-01-01\"", NULL, NULL, 1, {TYPE_DATE}, {"2020-01-01"}},
        {3176, "\"infinity\"", NULL, NULL, 1, {TYPE_TIMESTAMP}, {"infinity"}},
        {3176, "\"0044-03-15T00:00:00 BC\"", NULL, NULL, 1, {TYPE_TIMESTAMP}, {"0044-03-15 BC"}},
        {3787, "\"1 day\"", NULL, NULL, 1, {TYPE_INTERVAL}, {"1 day"}},
        {8109, "true", NULL, NULL, 2, {TYPE_JSON, TYPE_TEXT}, {"{\"a\": true}", "a"}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(ours); i++) {
        Run run = {.test = &ours[i], .prepared = i % 2};

        fresh_arena();
        assert_no_error(run_case, &run);
        assert_string_equal(run.result, ours[i].result);
    }
}

/* ---- sets ------------------------------------------------------------------------------------------------------------ */

typedef struct SetCase {
    Oid         proc;
    Oid         type;
    const char *argument;
    const char *rows; /* "value;value;" or "key=value;" */
    const char *message;
} SetCase;

/* Every value as text, NULL as \N; two rows a call, so that sets continue. */
static void run_set(void *arg)
{
    void          **pair = arg;
    const SetCase  *test = pair[0];
    const Proc     *proc = proc_by_oid(test->proc);
    const TypeInfo *type = type_by_oid(test->type);
    Datum           value;
    bool            is_null = false;
    SetCall         call = {proc, 1, &value, &is_null, &test->type, &context, NULL, arena, NULL};
    uint64_t        validity[2];
    Vector          vectors[2] = {{.capacity = 2, .validity = &validity[0]}, {.capacity = 2, .validity = &validity[1]}};
    Vector         *outputs[2] = {&vectors[0], &vectors[1]};
    int             columns = 0;
    StrBuf          out;
    int32_t         rows;

    type->input(type, slice_from_cstring(test->argument), -1, &context, &value);
    for (int i = 0; i < proc->all_arg_count; i++)
        if (proc->arg_modes[i] == 'o')
            vectors[columns++].type = proc->all_args[i];
    if (columns == 0)
        vectors[columns++].type = proc->result;
    for (int i = 0; i < columns; i++) {
        vectors[i].phys = PHYS_BYTES;
        vectors[i].data = ARENA_ARRAY_ZEROED(arena, 2, Slice);
    }
    strbuf_init(&out, arena);
    proc->set->start(&call);
    for (;;) {
        validity[0] = validity[1] = 3;
        rows = proc->set->next(&call, arena, outputs, columns, 2);
        if (rows == 0)
            break;
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < columns; i++) {
                const TypeInfo *column = type_by_oid(vectors[i].type);

                if (i > 0)
                    strbuf_append_char(&out, '=');
                if (vector_is_valid(&vectors[i], row))
                    column->output(column, vector_element(&vectors[i], row), &context, &out);
                else
                    strbuf_append_cstring(&out, "\\N");
            }
            strbuf_append_char(&out, ';');
        }
    }
    pair[1] = (void *)(uintptr_t)strbuf_cstring(&out);
}

static void sets_give_what_postgresql_gives(void **state)
{
    static const SetCase sets[] = {
        {3219, TYPE_JSONB, "[1, null, \"a\", {\"b\": 1}, [2]]", "1;null;\"a\";{\"b\": 1};[2];", NULL},
        {3465, TYPE_JSONB, "[1, null, \"a\", {\"b\": 1}]", "1;\\N;a;{\"b\": 1};", NULL},
        {3219, TYPE_JSONB, "[]", "", NULL},
        {3219, TYPE_JSONB, "{}", NULL, "cannot extract elements from an object"},
        {3465, TYPE_JSONB, "1", NULL, "cannot extract elements from a scalar"},
        {3208, TYPE_JSONB, "{\"b\": [1], \"aa\": null, \"a\": \"x\"}", "a=\"x\";b=[1];aa=null;", NULL},
        {3932, TYPE_JSONB, "{\"b\": [1], \"aa\": null, \"a\": \"x\"}", "a=x;b=[1];aa=\\N;", NULL},
        {3208, TYPE_JSONB, "[1]", NULL, "cannot call jsonb_each on a non-object"},
        {3932, TYPE_JSONB, "1", NULL, "cannot call jsonb_each_text on a non-object"},
        {3931, TYPE_JSONB, "{\"b\": 1, \"aa\": 2, \"a\": 3}", "a;b;aa;", NULL},
        {3931, TYPE_JSONB, "[1]", NULL, "cannot call jsonb_object_keys on an array"},
        {3931, TYPE_JSONB, "1", NULL, "cannot call jsonb_object_keys on a scalar"},
        {3955, TYPE_JSON, " [1, {\"a\" : 1},null , \"x\\ty\"]", "1;{\"a\" : 1};null;\"x\\ty\";", NULL},
        {3969, TYPE_JSON, "[1, {\"a\" : 1},null,\"x\\u00e9\"]", "1;{\"a\" : 1};\\N;x\303\251;", NULL},
        {3955, TYPE_JSON, "{}", NULL, "cannot call json_array_elements on a non-array"},
        {3955, TYPE_JSON, "1", NULL, "cannot call json_array_elements on a scalar"},
        {3958, TYPE_JSON, "{\"a\": 1, \"b\" : [1, 2] ,\"a\":\"x\\ny\"}", "a=1;b=[1, 2];a=\"x\\ny\";", NULL},
        {3959, TYPE_JSON, "{\"a\": 1, \"\\u0062\" : [1, 2] ,\"a\":\"x\\ny\", \"n\":null}", "a=1;b=[1, 2];a=x\ny;n=\\N;", NULL},
        {3958, TYPE_JSON, "[1]", NULL, "cannot deconstruct an array as an object"},
        {3959, TYPE_JSON, "1", NULL, "cannot deconstruct a scalar"},
        {3957, TYPE_JSON, "{\"b\": {\"c\": 1}, \"aa\": [2, 3], \"b\": 3}", "b;aa;b;", NULL},
        {3957, TYPE_JSON, "1", NULL, "cannot call json_object_keys on a scalar"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(sets); i++) {
        void  *pair[2] = {(void *)(uintptr_t)&sets[i], NULL};
        Error *err;

        fresh_arena();
        err = error_catch(run_set, pair);
        if (sets[i].message != NULL) {
            assert_non_null(err);
            assert_string_equal(err->message, sets[i].message);
            assert_string_equal(sqlstate_code(err->sqlstate), "22023");
        } else {
            assert_null(err);
            assert_string_equal((const char *)pair[1], sets[i].rows);
        }
    }
}

/* ---- aggregates ------------------------------------------------------------------------------------------------------ */

typedef struct AggCase {
    Oid         proc;
    const char *keys; /* comma-separated: text; NULL: one argument only */
    const char *values; /* comma-separated: int4, "-" is NULL */
    const char *result;
} AggCase;

static Vector *list_vector(Oid type, const char *list, int *count)
{
    const TypeInfo *info = type_by_oid(type);
    Vector         *vector = ARENA_NEW(arena, Vector);
    char           *copy = arena_strdup(arena, list);
    char           *save = NULL;

    vector->type = type;
    vector->phys = info->phys;
    vector->data = arena_alloc_zeroed(arena, 16, 16);
    vector->validity = ARENA_NEW(arena, uint64_t);
    *count = 0;
    for (char *item = strtok_r(copy, ",", &save); item != NULL; item = strtok_r(NULL, ",", &save), (*count)++) {
        Datum value;

        if (strcmp(item, "-") == 0)
            continue;
        bitmap_set(vector->validity, *count);
        info->input(info, slice_from_cstring(item), -1, &context, &value);
        datum_store(info->phys, vector_element(vector, *count), &value);
    }
    return vector;
}

/* Half of the rows go to a second state, which is then combined. */
static void run_aggregate(void *arg)
{
    void          **pair = arg;
    const AggCase  *test = pair[0];
    const AggEntry *agg = proc_by_oid(test->proc)->agg;
    const TypeInfo *type = type_by_oid(proc_by_oid(test->proc)->result);
    Vector         *args[2];
    int             count;
    void           *first = arena_alloc_zeroed(arena, 1, agg->state_bytes);
    void           *second = arena_alloc_zeroed(arena, 1, agg->state_bytes);
    int32_t         sel[16];
    void           *states[16];
    Datum           result;
    StrBuf          out;

    args[test->keys != NULL] = list_vector(TYPE_INT4, test->values, &count);
    if (test->keys != NULL)
        args[0] = list_vector(TYPE_TEXT, test->keys, &count);
    for (int i = 0; i < count; i++) {
        sel[i] = i;
        states[i] = i < count / 2 ? first : second;
    }
    AggCall call = {.proc = proc_by_oid(test->proc), .arg_count = 1 + (test->keys != NULL), .args = args, .sel = sel, .count = count, .states = states, .arena = arena, .ctx = &context};

    agg->update(&call);
    agg->combine(&call, first, second);
    if (!agg->finish(&call, first, arena, &result)) {
        pair[1] = (void *)(uintptr_t)NULL_RESULT;
        return;
    }
    strbuf_init(&out, arena);
    type->output(type, &result, &context, &out);
    pair[1] = (void *)(uintptr_t)strbuf_cstring(&out);
}

static void aggregates_give_what_postgresql_gives(void **state)
{
    static const AggCase aggregates[] = {
        {3175, NULL, "1,-,3", "[1, null, 3]"},
        {3267, NULL, "1,-,3", "[1, null, 3]"},
        {3197, "a,b,a", "1,-,3", "{ \"a\" : 1, \"b\" : null, \"a\" : 3 }"},
        {3270, "a,b,a", "1,-,3", "{\"a\": 3, \"b\": null}"},
        {3175, NULL, "", NULL_RESULT},
        {3267, NULL, "", NULL_RESULT},
        {3197, "", "", NULL_RESULT},
        {3270, "", "", NULL_RESULT},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(aggregates); i++) {
        void *pair[2] = {(void *)(uintptr_t)&aggregates[i], NULL};

        fresh_arena();
        assert_no_error(run_aggregate, pair);
        assert_string_equal((const char *)pair[1], aggregates[i].result);
    }
}

TEST_MAIN(cmocka_unit_test(functions_give_what_postgresql_gives),
          cmocka_unit_test(typed_readings_give_values_or_null_but_never_errors), cmocka_unit_test(sets_give_what_postgresql_gives),
          cmocka_unit_test(aggregates_give_what_postgresql_gives))
