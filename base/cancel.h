/*
 * cancel.h - how a running statement learns that it should stop.
 *
 * A session owns a CancelToken; other threads raise it (cancel request, timeouts, shutdown), the statement's
 * thread tests it once per batch and in every long loop. While a thread works for a session its token is
 * the thread's current one; between two messages no thread has it.
 *
 * Threads     cancel_request() from any thread; the rest for the thread that works for the session.
 * Raises      check_cancel() raises 57014 or 57P01; storage and library callbacks use cancel_pending().
 */
#ifndef BASE_CANCEL_H
#define BASE_CANCEL_H

#include "base/common.h"

#include <stdatomic.h>

typedef enum CancelReason {
    CANCEL_NONE = 0,
    CANCEL_USER_REQUEST,        /* 57014 canceling statement due to user request */
    CANCEL_STATEMENT_TIMEOUT,   /* 57014 canceling statement due to statement timeout */
    CANCEL_TRANSACTION_TIMEOUT, /* 25P04, ends the session */
    CANCEL_IDLE_IN_TRANSACTION, /* 25P03, ends the session */
    CANCEL_TERMINATE,           /* 57P01 terminating connection due to administrator command; ends the session */
} CancelReason;

typedef struct CancelToken {
    _Atomic int reason; /* a CancelReason; a higher one replaces a lower one */
} CancelToken;

/* Raises the token; wakes nobody by itself. */
void cancel_request(CancelToken *token, CancelReason reason);

/* Makes token the calling thread's current one; NULL: none, nothing is ever cancelled. */
void cancel_attach(CancelToken *token);

/* Forgets a reason below CANCEL_TRANSACTION_TIMEOUT: what reached the session between two statements. */
void cancel_clear(CancelToken *token);

extern _Thread_local CancelToken *cancel_current;

static ALWAYS_INLINE bool cancel_pending(void)
{
    return cancel_current != NULL &&
           UNLIKELY(atomic_load_explicit(&cancel_current->reason, memory_order_relaxed) != CANCEL_NONE);
}

/* Raises the error that the pending reason stands for; a reason that ends only the statement is cleared. */
noreturn void cancel_raise(void);

static ALWAYS_INLINE void check_cancel(void)
{
    if (UNLIKELY(cancel_pending()))
        cancel_raise();
}

/*
 * The calling thread's stack: size_bytes below the current frame may be used, less a reserve. Called once as a
 * thread starts; check_stack_depth() in every recursion over user data then raises 54001 before the stack ends.
 */
void          stack_limit_set(size_t size_bytes);
noreturn void stack_depth_raise(void);

extern _Thread_local const char *stack_limit; /* lowest allowed frame address; NULL: not checked */

static ALWAYS_INLINE bool stack_is_deep(void)
{
    char here;

    /* the cast keeps the compiler from reasoning about the address of a local */
    return UNLIKELY((uintptr_t)&here < (uintptr_t)stack_limit);
}

static ALWAYS_INLINE void check_stack_depth(void)
{
    if (stack_is_deep())
        stack_depth_raise();
}

#endif
