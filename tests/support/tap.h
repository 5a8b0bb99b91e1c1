/*
 * tap.h - TAP for programs that talk to servers: ok(), is(), a plan at the end.
 */
#ifndef TESTS_SUPPORT_TAP_H
#define TESTS_SUPPORT_TAP_H

#include <stdbool.h>

/* Prints one result; returns it. name: a statement of what holds. */
bool ok(bool passed, const char *name, ...) __attribute__((format(printf, 2, 3)));

/* Compares texts; NULL is a value of its own. Takes got: it is freed. */
bool is(char *got, const char *expected, const char *name, ...) __attribute__((format(printf, 3, 4)));

void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends with the plan; returns the program's exit status. */
int done_testing(void);

/* Ends at once, the whole file skipped. */
void skip_all(const char *reason) __attribute__((noreturn));

#endif
