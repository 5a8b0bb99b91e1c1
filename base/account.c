/*
 * account.c - see account.h.
 */
#include "base/account.h"

Account server_account = {.name = "server"};

void account_init(Account *account, Account *parent, const char *name, size_t limit_bytes)
{
    account->parent = parent;
    account->name = name;
    account->limit_bytes = limit_bytes;
    atomic_init(&account->used_bytes, 0);
}

bool account_reserve(Account *account, size_t bytes)
{
    for (Account *at = account; at != NULL; at = at->parent) {
        size_t used = atomic_fetch_add_explicit(&at->used_bytes, bytes, memory_order_relaxed) + bytes;

        if (at->limit_bytes == 0 || used <= at->limit_bytes)
            continue;
        for (Account *undo = account;; undo = undo->parent) {
            atomic_fetch_sub_explicit(&undo->used_bytes, bytes, memory_order_relaxed);
            if (undo == at)
                return false;
        }
    }
    return true;
}

void account_release(Account *account, size_t bytes)
{
    for (Account *at = account; at != NULL; at = at->parent) {
        size_t before = atomic_fetch_sub_explicit(&at->used_bytes, bytes, memory_order_relaxed);

        ASSERT(before >= bytes);
        (void)before;
    }
}

size_t account_used(const Account *account)
{
    return atomic_load_explicit(&account->used_bytes, memory_order_relaxed);
}
