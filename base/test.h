/*
 * test.h - what every unit test includes: cmocka, and a main() that prints TAP.
 *
 *     static void arena_grows_in_place(void **state) { ... }
 *     TEST_MAIN(cmocka_unit_test(arena_grows_in_place), ...)
 *
 * One group per program; tests are named as statements. raises() runs code that is expected to raise.
 */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/error.h"

#define TEST_MAIN(...)                                            \
    int main(void)                                                \
    {                                                             \
        const struct CMUnitTest tests[] = {__VA_ARGS__};          \
        cmocka_set_message_output(CM_OUTPUT_TAP);                 \
        return cmocka_run_group_tests(tests, NULL, NULL);         \
    }

/* Runs body(arg) and checks that it raised this SQLSTATE. */
static inline __attribute__((unused)) void assert_raises(Sqlstate expected, void (*body)(void *arg), void *arg)
{
    Error *err = error_catch(body, arg);

    assert_non_null(err);
    assert_string_equal(sqlstate_code(err->sqlstate), sqlstate_code(expected));
}

/* Runs body(arg) and fails with the message if it raised. Code that may raise must run in one of these. */
static inline __attribute__((unused)) void assert_no_error(void (*body)(void *arg), void *arg)
{
    Error *err = error_catch(body, arg);

    if (err != NULL)
        fail_msg("%s: %s", sqlstate_code(err->sqlstate), err->message);
}

#endif
