/*
 * tap.c - see tap.h.
 */
#include "tests/support/tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int number, failed;

static void report(bool passed, const char *name, va_list args)
{
    printf("%sok %d - ", passed ? "" : "not ", ++number);
    vprintf(name, args);
    putchar('\n');
    fflush(stdout);
    failed += !passed;
}

bool ok(bool passed, const char *name, ...)
{
    va_list args;

    va_start(args, name);
    report(passed, name, args);
    va_end(args);
    return passed;
}

bool is(char *got, const char *expected, const char *name, ...)
{
    bool    same = got == NULL || expected == NULL ? got == NULL && expected == NULL : strcmp(got, expected) == 0;
    va_list args;

    va_start(args, name);
    report(same, name, args);
    va_end(args);
    if (!same)
        note("got \"%s\", expected \"%s\"", got != NULL ? got : "NULL", expected != NULL ? expected : "NULL");
    free(got);
    return same;
}

void note(const char *format, ...)
{
    va_list args;

    printf("# ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

int done_testing(void)
{
    printf("1..%d\n", number);
    return failed != 0;
}

void skip_all(const char *reason)
{
    printf("1..0 # SKIP %s\n", reason);
    exit(0);
}
