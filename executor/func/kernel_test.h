/*
 * kernel_test.h - runs functions on constants given as text, for tests of kernels.
 *
 *     assert_call("3", 177, "1", "2");            // int4pl: text in, text out, by the function's own types
 *     assert_call_null(3281, "NaN");
 *     assert_call_error("22003", "integer out of range", 177, "2147483647", "1");
 *
 * Arguments are read by the input function of the declared argument type, NULL is SQL NULL; a polymorphic or variadic "any"
 * argument is text unless kernel_arg_types says otherwise. Each call runs twice: on row 0 alone, and on rows 1 and 3 of four
 * through a selection vector with the arguments repeated; both must agree.
 */
#ifndef EXECUTOR_FUNC_KERNEL_TEST_H
#define EXECUTOR_FUNC_KERNEL_TEST_H

#include "base/test.h"
#include "executor/func/registry.h"

#include <stdio.h>

enum { KERNEL_TEST_ROWS = 4, KERNEL_TEST_ARGS = 10 };

typedef struct KernelTest {
    Arena      *arena;
    TypeContext ctx;
    const Proc *proc;
    int         arg_count;
    const char *texts[KERNEL_TEST_ARGS];
    Oid         arg_types[KERNEL_TEST_ARGS];
    Oid         result_type;
    bool        is_null;
    const char *text;
} KernelTest;

/* Types for "any" and polymorphic arguments and the result of the next calls; 0 ends. Reset to NULL when done. */
static const Oid *kernel_arg_types __attribute__((unused));
static Oid        kernel_result_type __attribute__((unused));

static inline void *kernel_test_column(KernelTest *test, Vector *vector, Oid type, const char *text)
{
    const TypeInfo *info = type_by_oid(type);
    size_t          width = phys_width(info->phys);
    Datum           value = {.int64 = 0};

    *vector = (Vector){.type = type, .phys = info->phys, .capacity = KERNEL_TEST_ROWS};
    vector->data = arena_alloc_zeroed(test->arena, KERNEL_TEST_ROWS, width);
    vector->validity = arena_alloc(test->arena, sizeof(uint64_t));
    bitmap_fill(vector->validity, KERNEL_TEST_ROWS, text != NULL);
    if (text == NULL)
        return vector;
    info->input(info, slice_from_cstring(arena_strdup(test->arena, text)), -1, &test->ctx, &value);
    for (int row = 0; row < KERNEL_TEST_ROWS; row++)
        datum_store(info->phys, (char *)vector->data + (size_t)row * width, &value);
    return vector;
}

static inline void kernel_test_run(KernelTest *test, const int32_t *sel, int32_t count, int32_t row, bool constants)
{
    Vector        vectors[KERNEL_TEST_ARGS];
    Vector       *args[KERNEL_TEST_ARGS];
    Datum         values[KERNEL_TEST_ARGS];
    const Datum  *constant[KERNEL_TEST_ARGS];
    Vector        result;
    KernelCall    call = {.proc = test->proc, .arg_count = test->arg_count, .args = args, .result = &result, .sel = sel,
                          .count = count, .ctx = &test->ctx, .result_typmod = -1};
    KernelPrepare prepare = {.proc = test->proc, .arg_count = test->arg_count, .constants = constant,
                             .arg_types = test->arg_types, .arena = test->arena, .ctx = &test->ctx};
    const TypeInfo *info = type_by_oid(test->result_type);
    StrBuf          out;

    for (int i = 0; i < test->arg_count; i++) {
        args[i] = kernel_test_column(test, &vectors[i], test->arg_types[i], test->texts[i]);
        constant[i] = NULL;
        if (test->texts[i] == NULL) {
            test->is_null |= test->proc->strict;
        } else if (constants) {
            datum_load(vectors[i].phys, vectors[i].data, &values[i]);
            constant[i] = &values[i];
        }
    }
    if (test->is_null)
        return;
    kernel_test_column(test, &result, test->result_type, NULL);
    bitmap_fill(result.validity, KERNEL_TEST_ROWS, true);
    if (test->proc->kernel->prepare != NULL)
        call.state = test->proc->kernel->prepare(&prepare);
    test->proc->kernel->run(&call);
    test->is_null = !vector_is_valid(&result, row);
    if (test->is_null)
        return;
    strbuf_init(&out, test->arena);
    info->output(info, vector_element(&result, row), &test->ctx, &out);
    test->text = strbuf_cstring(&out);
}

static inline void kernel_test_body(void *arg)
{
    static const int32_t sel[] = {1, 3};
    KernelTest          *test = arg;
    const char          *first;
    bool                 first_null;

    kernel_test_run(test, NULL, 1, 0, true);
    first = test->text;
    first_null = test->is_null;
    test->is_null = false;
    kernel_test_run(test, sel, 2, 3, false);
    if (first_null != test->is_null || (!first_null && strcmp(first, test->text) != 0))
        fail_msg("function %u: with constants and as columns differ: %s, %s", test->proc->oid, first_null ? "NULL" : first,
                 test->is_null ? "NULL" : test->text);
}

static inline Error *kernel_test_call(KernelTest *test, Oid oid, int arg_count, const char *const *texts)
{
    registry_init();
    *test = (KernelTest){.arena = arena_new(NULL, NULL, "kernel test"), .proc = proc_by_oid(oid), .arg_count = arg_count};
    test->ctx = (TypeContext){.arena = test->arena, .extra_float_digits = 1};
    if (test->proc == NULL || test->proc->kernel == NULL)
        fail_msg("function %u has no kernel", oid);
    for (int i = 0; i < arg_count; i++) {
        Oid declared = test->proc->args[MIN(i, test->proc->arg_count - 1)];

        test->texts[i] = texts[i];
        test->arg_types[i] = declared;
        if (type_by_oid(declared)->kind == 'p' && declared != TYPE_CSTRING)
            test->arg_types[i] = kernel_arg_types != NULL ? kernel_arg_types[i] : TYPE_TEXT;
    }
    test->result_type = kernel_result_type != 0 ? kernel_result_type : test->proc->result;
    return error_catch(kernel_test_body, test);
}

/* expected NULL: the result must be NULL. */
static inline __attribute__((unused)) void kernel_test_expect(const char *file, int line, const char *expected, Oid oid,
                                                              int arg_count, const char *const *texts)
{
    KernelTest test;
    Error     *err = kernel_test_call(&test, oid, arg_count, texts);

    if (err != NULL)
        fail_msg("%s:%d: function %u raised %s: %s", file, line, oid, sqlstate_code(err->sqlstate), err->message);
    if (test.is_null != (expected == NULL) || (expected != NULL && test.text != NULL && strcmp(test.text, expected) != 0))
        fail_msg("%s:%d: function %u %s gave %s, expected %s", file, line, oid, test.proc->name, test.is_null ? "NULL" : test.text,
                 expected == NULL ? "NULL" : expected);
    arena_free(test.arena);
}

static inline __attribute__((unused)) void kernel_test_expect_error(const char *file, int line, const char *sqlstate,
                                                                    const char *message, Oid oid, int arg_count,
                                                                    const char *const *texts)
{
    KernelTest test;
    Error     *err = kernel_test_call(&test, oid, arg_count, texts);

    if (err == NULL)
        fail_msg("%s:%d: function %u gave %s, expected an error", file, line, oid, test.is_null ? "NULL" : test.text);
    if (strcmp(sqlstate_code(err->sqlstate), sqlstate) != 0 || strcmp(err->message, message) != 0)
        fail_msg("%s:%d: function %u raised %s: %s", file, line, oid, sqlstate_code(err->sqlstate), err->message);
    arena_free(test.arena);
}

/*
 * Many calls as a table: include a file of CALL(oid, expected, arguments...) and REFUSED(oid, sqlstate, message, arguments...)
 * between the braces of an array of KernelCase. All are run; the test fails with the first ten differences printed.
 */
typedef struct KernelCase {
    Oid         oid;
    const char *expected; /* NULL: NULL */
    const char *sqlstate; /* of the error that is expected, else NULL */
    const char *message;
    int         arg_count;
    const char *args[KERNEL_TEST_ARGS];
} KernelCase;

#define CALL(oid_, expected_, ...)                                                                                        \
    {.oid = (oid_), .expected = (expected_), .arg_count = (int)ARRAY_LENGTH(KERNEL_TEST_TEXTS(__VA_ARGS__)) - 1,          \
     .args = {__VA_ARGS__}},
#define REFUSED(oid_, sqlstate_, message_, ...)                                                                           \
    {.oid = (oid_), .sqlstate = (sqlstate_), .message = (message_),                                                       \
     .arg_count = (int)ARRAY_LENGTH(KERNEL_TEST_TEXTS(__VA_ARGS__)) - 1, .args = {__VA_ARGS__}},

static inline bool kernel_case_differs(const KernelCase *c, const KernelTest *test, const Error *err)
{
    if (c->sqlstate != NULL)
        return err == NULL || strcmp(sqlstate_code(err->sqlstate), c->sqlstate) != 0 || strcmp(err->message, c->message) != 0;
    return err != NULL || test->is_null != (c->expected == NULL) || (c->expected != NULL && strcmp(test->text, c->expected) != 0);
}

static inline __attribute__((unused)) void assert_calls(const KernelCase *cases, size_t count)
{
    int failures = 0;

    for (size_t i = 0; i < count; i++) {
        const KernelCase *c = &cases[i];
        KernelTest        test;
        Error            *err = kernel_test_call(&test, c->oid, c->arg_count, c->args);

        if (kernel_case_differs(c, &test, err) && failures++ < 10) {
            print_message("# %u %s(", c->oid, test.proc->name);
            for (int k = 0; k < c->arg_count; k++)
                print_message("%s%s", k > 0 ? ", " : "", c->args[k] == NULL ? "NULL" : c->args[k]);
            print_message(") gave %s, expected %s\n",
                          err != NULL ? err->message : test.is_null ? "NULL" : test.text,
                          c->sqlstate != NULL ? c->message : c->expected == NULL ? "NULL" : c->expected);
        }
        arena_free(test.arena);
    }
    if (failures > 0)
        fail_msg("%d calls differ", failures);
}

#define KERNEL_TEST_TEXTS(...) ((const char *const[]){NULL, ##__VA_ARGS__})
#define assert_call(expected, oid, ...)                                                                                   \
    kernel_test_expect(__FILE__, __LINE__, expected, oid, (int)ARRAY_LENGTH(KERNEL_TEST_TEXTS(__VA_ARGS__)) - 1,          \
                       KERNEL_TEST_TEXTS(__VA_ARGS__) + 1)
#define assert_call_null(oid, ...) assert_call(NULL, oid, ##__VA_ARGS__)
#define assert_call_error(sqlstate, message, oid, ...)                                                                    \
    kernel_test_expect_error(__FILE__, __LINE__, sqlstate, message, oid,                                                  \
                             (int)ARRAY_LENGTH(KERNEL_TEST_TEXTS(__VA_ARGS__)) - 1, KERNEL_TEST_TEXTS(__VA_ARGS__) + 1)

#endif
