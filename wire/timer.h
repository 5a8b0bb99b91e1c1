/*
 * timer.h - statement timeouts: one thread that raises cancel tokens when their time has come.
 *
 * Ownership   a StatementTimer is embedded in its user, who stops it before it goes away.
 * Threads     any.
 * Raises      never
 */
#ifndef WIRE_TIMER_H
#define WIRE_TIMER_H

#include "base/cancel.h"

typedef struct StatementTimer StatementTimer;
struct StatementTimer {
    StatementTimer *next, *previous; /* in order of deadline */
    CancelToken    *token;
    int64_t         deadline_us;     /* CLOCK_MONOTONIC */
    bool            running;
};

/* Raises CANCEL_STATEMENT_TIMEOUT after timeout_ms; 0: never. A timer that runs already is set anew. */
void timer_start(StatementTimer *timer, CancelToken *token, int64_t timeout_ms);
void timer_stop(StatementTimer *timer);

#endif
