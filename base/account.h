/*
 * account.h - the memory ledger: a tree of accounts (server > session > statement > operator).
 *
 * Every arena and storage pool charges one account; a charge counts in all its ancestors. An account with a
 * limit refuses what would exceed it, so the server stays within its budget whatever a query does.
 * Operators reserve before they grow and spill when refused; what can neither spill nor grow gets 53200.
 *
 * Ownership   an Account is embedded in its owner; it must outlive its children.
 * Threads     charges and releases are atomic; init and the limits belong to the owner.
 * Raises      never
 */
#ifndef BASE_ACCOUNT_H
#define BASE_ACCOUNT_H

#include "base/common.h"

#include <stdatomic.h>

typedef struct Account Account;
struct Account {
    Account       *parent;      /* NULL for the server's */
    const char    *name;        /* for reports; a literal */
    size_t         limit_bytes; /* 0: no limit of its own */
    _Atomic size_t used_bytes;
};

/* The process's root account. Its limit is the server's memory budget, set once at start-up. */
extern Account server_account;

void account_init(Account *account, Account *parent, const char *name, size_t limit_bytes);

/* Charges bytes here and in every ancestor, or charges nothing and returns false. */
MUST_CHECK bool account_reserve(Account *account, size_t bytes);
void            account_release(Account *account, size_t bytes);
size_t          account_used(const Account *account);

#endif
