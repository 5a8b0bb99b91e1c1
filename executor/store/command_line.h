/*
 * command_line.h - what the command line asks of storage: opening directories, the first start, checks.
 *
 * Raises      never: there is no session. Status and Fault.
 */
#ifndef EXECUTOR_STORE_COMMAND_LINE_H
#define EXECUTOR_STORE_COMMAND_LINE_H

#include "executor/store/store.h"

/* Opens (or makes) the store of a data directory with the configured settings. */
MUST_CHECK Status store_open_directory(const char *directory, Store *store, Fault *fault);

/* Gives the role nexadb its password when it has none and one is given. */
MUST_CHECK Status store_first_start(Store *store, const char *password, Fault *fault);

/* Whether any role could authenticate by password. */
bool store_has_password(Store *store);

/* nexadb check: every checksum and every index of a stopped store. */
MUST_CHECK Status store_check_directory(const char *directory, CheckReport report, void *report_arg, uint64_t *findings_out, Fault *fault);

#endif
