/*
 * common.c - how the process ends when it must: failed assertions, panics.
 */
#include "base/common.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

noreturn void assert_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "nexadb: assertion failed: %s (%s:%d)\n", condition, file, line);
    abort();
}

noreturn void panic(const char *format, ...)
{
    va_list args;

    fputs("nexadb: PANIC: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}
