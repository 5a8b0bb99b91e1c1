/*
 * cancel.c - see cancel.h.
 */
#include "base/cancel.h"

#include "base/error.h"

/* Kept for the frames of libraries and for the error path itself. */
enum { STACK_RESERVE_BYTES = 192 << 10 };

_Thread_local CancelToken *cancel_current;
_Thread_local const char  *stack_limit;

void cancel_request(CancelToken *token, CancelReason reason)
{
    int seen = atomic_load(&token->reason);

    while (seen < (int)reason && !atomic_compare_exchange_weak(&token->reason, &seen, (int)reason))
        continue;
}

void cancel_attach(CancelToken *token)
{
    cancel_current = token;
}

void cancel_clear(CancelToken *token)
{
    int seen = atomic_load(&token->reason);

    while (seen < CANCEL_TRANSACTION_TIMEOUT && !atomic_compare_exchange_weak(&token->reason, &seen, CANCEL_NONE))
        continue;
}

noreturn void cancel_raise(void)
{
    CancelReason reason = (CancelReason)atomic_load(&cancel_current->reason);
    Error       *err;

    cancel_clear(cancel_current);
    switch (reason) {
    case CANCEL_STATEMENT_TIMEOUT:
        raise_error(SQLSTATE_QUERY_CANCELED, "canceling statement due to statement timeout");
    case CANCEL_TRANSACTION_TIMEOUT:
        err = error_new(SQLSTATE_TRANSACTION_TIMEOUT, "terminating connection due to transaction timeout");
        break;
    case CANCEL_IDLE_IN_TRANSACTION:
        err = error_new(SQLSTATE_IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                        "terminating connection due to idle-in-transaction timeout");
        break;
    case CANCEL_TERMINATE:
        err = error_new(SQLSTATE_ADMIN_SHUTDOWN, "terminating connection due to administrator command");
        break;
    case CANCEL_NONE:
    case CANCEL_USER_REQUEST:
    default:
        raise_error(SQLSTATE_QUERY_CANCELED, "canceling statement due to user request");
    }
    error_fatal(err);
    error_raise(err);
}

void stack_limit_set(size_t size_bytes)
{
    char here;

    if (size_bytes <= (size_t)STACK_RESERVE_BYTES * 2)
        size_bytes = (size_t)STACK_RESERVE_BYTES * 2;
    stack_limit = (const char *)((uintptr_t)&here - (size_bytes - STACK_RESERVE_BYTES));
}

noreturn void stack_depth_raise(void)
{
    Error *err = error_new(SQLSTATE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");

    error_hint(err, "Rewrite the statement with less nesting.");
    error_raise(err);
}
