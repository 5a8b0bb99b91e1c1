/*
 * number_test.c - kernels of scalar types: comparisons, arithmetic, functions, casts, against PostgreSQL 15's results.
 */
#include "executor/func/kernel_test.h"

static const KernelCase cases[] = {
#include "executor/func/number_calls.def"
};

static void results_are_postgresqls(void **state)
{
    (void)state;
    assert_calls(cases, ARRAY_LENGTH(cases));
}

static void null_arguments_of_strict_functions_give_null(void **state)
{
    (void)state;
    assert_call_null(177, "1", NULL);
    assert_call_null(1724, NULL, "1");
}

TEST_MAIN(cmocka_unit_test(results_are_postgresqls), cmocka_unit_test(null_arguments_of_strict_functions_give_null))
