/*
 * backends.c - see backends.h.
 */
#include "executor/session/backends.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

static struct {
    pthread_mutex_t mutex;
    Backend        *first;
    int             count;
    int32_t         last_id;
} backends = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static Backend *find(int32_t id)
{
    for (Backend *at = backends.first; at != NULL; at = at->next)
        if (at->id == id)
            return at;
    return NULL;
}

void backend_enter(Backend *backend)
{
    if (getrandom(&backend->key, sizeof backend->key, 0) != (ssize_t)sizeof backend->key)
        panic("no random numbers");
    pthread_mutex_lock(&backends.mutex);
    do
        backends.last_id = backends.last_id == INT32_MAX ? 1 : backends.last_id + 1;
    while (find(backends.last_id) != NULL);
    backend->id = backends.last_id;
    backend->state = BACKEND_STARTING;
    backend->previous = NULL;
    backend->next = backends.first;
    if (backends.first != NULL)
        backends.first->previous = backend;
    backends.first = backend;
    backends.count++;
    pthread_mutex_unlock(&backends.mutex);
}

void backend_leave(Backend *backend)
{
    pthread_mutex_lock(&backends.mutex);
    if (backend->previous != NULL)
        backend->previous->next = backend->next;
    else
        backends.first = backend->next;
    if (backend->next != NULL)
        backend->next->previous = backend->previous;
    backends.count--;
    pthread_mutex_unlock(&backends.mutex);
}

void backend_detach(Backend *backend)
{
    pthread_mutex_lock(&backends.mutex);
    backend->token = NULL;
    pthread_mutex_unlock(&backends.mutex);
}

/* Copies as much as fits, cut between characters of UTF-8. */
static void copy_cut(char *to, size_t room, const char *from)
{
    size_t size = strnlen(from, room);

    if (size == room) {
        size = room - 1;
        while (size > 0 && ((unsigned char)from[size] & 0xc0) == 0x80)
            size--;
    }
    memcpy(to, from, size);
    to[size] = '\0';
}

void backend_report(Backend *backend, BackendState state, int64_t transaction_start, const char *query, int64_t now)
{
    pthread_mutex_lock(&backends.mutex);
    backend->state = state;
    backend->transaction_start = transaction_start;
    backend->state_change = now;
    if (query != NULL) {
        backend->query_start = now;
        copy_cut(backend->query, sizeof backend->query, query);
    }
    pthread_mutex_unlock(&backends.mutex);
}

void backend_set_application_name(Backend *backend, const char *name)
{
    pthread_mutex_lock(&backends.mutex);
    copy_cut(backend->application_name, sizeof backend->application_name, name);
    pthread_mutex_unlock(&backends.mutex);
}

bool backend_cancel(int32_t id, uint32_t key)
{
    Backend *backend;
    bool     found;

    pthread_mutex_lock(&backends.mutex);
    backend = find(id);
    found = backend != NULL && backend->key == key && backend->token != NULL;
    if (found && backend->state == BACKEND_ACTIVE)
        cancel_request(backend->token, CANCEL_USER_REQUEST);
    pthread_mutex_unlock(&backends.mutex);
    return found;
}

bool backend_signal(int32_t id, CancelReason reason)
{
    Backend *backend;

    pthread_mutex_lock(&backends.mutex);
    backend = find(id);
    if (backend != NULL && backend->token != NULL && (reason == CANCEL_TERMINATE || backend->state == BACKEND_ACTIVE))
        cancel_request(backend->token, reason);
    if (backend != NULL && reason == CANCEL_TERMINATE && backend->wake != NULL)
        backend->wake(backend->wake_arg);
    pthread_mutex_unlock(&backends.mutex);
    return backend != NULL;
}

int backend_count(void)
{
    int count;

    pthread_mutex_lock(&backends.mutex);
    count = backends.count;
    pthread_mutex_unlock(&backends.mutex);
    return count;
}

void backend_terminate_all(void)
{
    pthread_mutex_lock(&backends.mutex);
    for (Backend *at = backends.first; at != NULL; at = at->next) {
        if (at->token != NULL)
            cancel_request(at->token, CANCEL_TERMINATE);
        if (at->wake != NULL)
            at->wake(at->wake_arg);
    }
    pthread_mutex_unlock(&backends.mutex);
}

Backend *backend_list(int *count_out)
{
    Backend *list;
    int      count = 0;

    pthread_mutex_lock(&backends.mutex);
    list = malloc((size_t)MAX(backends.count, 1) * sizeof *list);
    for (Backend *at = backends.first; at != NULL && list != NULL; at = at->next)
        list[count++] = *at;
    pthread_mutex_unlock(&backends.mutex);
    *count_out = count;
    return list;
}
