/*
 * thread.h - starting threads with a stack of known size, and waiting on a word of memory.
 *
 * Ownership   a started thread is joined with pthread_join().
 * Raises      never
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include "base/common.h"
#include "base/status.h"

#include <pthread.h>
#include <stdatomic.h>

/*
 * Starts body(arg) with stack_bytes of reserved address space (more under sanitizers), all signals blocked.
 *   name  shown by ps and debuggers, cut at 15 bytes
 */
MUST_CHECK Status thread_start(pthread_t *thread_out, const char *name, size_t stack_bytes, void *(*body)(void *arg),
                               void *arg, Fault *fault);

/* Sleeps while *word is expected; may return for no reason. Linux futex: a wait without a mutex to take again. */
void word_wait(_Atomic uint32_t *word, uint32_t expected);

/* Wakes up to count sleepers of word. One system call however many sleep. */
void word_wake(_Atomic uint32_t *word, int count);

#endif
