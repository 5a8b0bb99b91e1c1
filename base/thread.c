/*
 * thread.c - see thread.h.
 */
#include "base/thread.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_FACTOR = 4 }; /* their frames are larger */
#else
enum { STACK_FACTOR = 1 };
#endif

Status thread_start(pthread_t *thread_out, const char *name, size_t stack_bytes, void *(*body)(void *arg), void *arg,
                    Fault *fault)
{
    char           short_name[16];
    pthread_attr_t attributes;
    sigset_t       all, old;
    int            os_error;

    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack_bytes * STACK_FACTOR);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    os_error = pthread_create(thread_out, &attributes, body, arg);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
    if (os_error != 0)
        return FAULT(fault, STATUS_NO_MEMORY, os_error, "could not start thread \"%s\"", name);
    strncpy(short_name, name, sizeof short_name - 1);
    short_name[sizeof short_name - 1] = '\0';
    pthread_setname_np(*thread_out, short_name);
    return STATUS_OK;
}

void word_wait(_Atomic uint32_t *word, uint32_t expected)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void word_wake(_Atomic uint32_t *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}
