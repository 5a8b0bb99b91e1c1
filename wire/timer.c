/*
 * timer.c - see timer.h.
 */
#include "wire/timer.h"

#include <pthread.h>
#include <time.h>

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t  changed;
    StatementTimer *first;
    bool            has_thread;
} timers = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void unlink_timer(StatementTimer *timer)
{
    if (timer->previous != NULL)
        timer->previous->next = timer->next;
    else
        timers.first = timer->next;
    if (timer->next != NULL)
        timer->next->previous = timer->previous;
    timer->running = false;
}

static void *run_timers(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&timers.mutex);
    for (;;) {
        struct timespec until;

        if (timers.first == NULL) {
            pthread_cond_wait(&timers.changed, &timers.mutex);
            continue;
        }
        if (timers.first->deadline_us <= now_us()) {
            cancel_request(timers.first->token, CANCEL_STATEMENT_TIMEOUT);
            unlink_timer(timers.first);
            continue;
        }
        until.tv_sec = timers.first->deadline_us / 1000000;
        until.tv_nsec = timers.first->deadline_us % 1000000 * 1000;
        pthread_cond_timedwait(&timers.changed, &timers.mutex, &until);
    }
    return NULL;
}

/* The thread starts with the first timeout and stays: it owns nothing that would have to be given back. */
static bool ensure_thread(void)
{
    pthread_condattr_t attributes;
    pthread_attr_t     small;
    pthread_t          thread;

    if (timers.has_thread)
        return true;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&timers.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 << 10);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    timers.has_thread = pthread_create(&thread, &small, run_timers, NULL) == 0;
    pthread_attr_destroy(&small);
    return timers.has_thread;
}

static void link_timer(StatementTimer *timer)
{
    StatementTimer *before = NULL;
    StatementTimer *after = timers.first;

    while (after != NULL && after->deadline_us <= timer->deadline_us) {
        before = after;
        after = after->next;
    }
    timer->previous = before;
    timer->next = after;
    if (before != NULL)
        before->next = timer;
    else
        timers.first = timer;
    if (after != NULL)
        after->previous = timer;
    timer->running = true;
}

void timer_start(StatementTimer *timer, CancelToken *token, int64_t timeout_ms)
{
    timer_stop(timer);
    if (timeout_ms <= 0)
        return;
    timer->token = token;
    timer->deadline_us = now_us() + timeout_ms * 1000;
    pthread_mutex_lock(&timers.mutex);
    if (ensure_thread()) {
        link_timer(timer);
        pthread_cond_signal(&timers.changed);
    }
    pthread_mutex_unlock(&timers.mutex);
}

void timer_stop(StatementTimer *timer)
{
    if (timer->token == NULL)
        return; /* never started: no lock to take */
    pthread_mutex_lock(&timers.mutex);
    if (timer->running)
        unlink_timer(timer);
    pthread_mutex_unlock(&timers.mutex);
    timer->token = NULL;
}
