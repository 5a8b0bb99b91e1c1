/*
 * counters.h - durable counters outside MVCC: row ids, sequences, oids, xids.
 *
 * A reservation changes memory at once and waits for the next group of commits, whose first record it becomes: so it
 * precedes any commit that uses what it reserved. What was logged goes to the manifest before its log segment goes.
 *
 * Threads     any; one mutex.
 */
#ifndef STORAGE_LSM_COUNTERS_H
#define STORAGE_LSM_COUNTERS_H

#include "storage/engine.h"

#include <pthread.h>
#include <stdatomic.h>

/* The engine's own: below them the ids belong to the caller. */
#define COUNTER_STORAGE_ID (UINT64_MAX - 1)

typedef struct Counter {
    uint64_t id;
    uint64_t value;
    uint64_t taken; /* the last number that counters_take() handed out */
    bool     taking;
    bool     used;
    bool     unlogged; /* reserved since the last log record */
} Counter;

typedef struct Counters {
    pthread_mutex_t mutex;
    Counter        *table; /* open addressing, a power of two */
    size_t          capacity, count;
    _Atomic size_t  unlogged;
    uint8_t        *stream; /* room for a record of all that is unlogged */
    size_t          stream_capacity;
    uint8_t        *taken; /* the record that was taken last: the taker's until the next */
    size_t          taken_capacity;
} Counters;

void counters_init(Counters *counters);
void counters_destroy(Counters *counters);

/* Raises a counter to value; logged says that the log or the manifest has it already. */
MUST_CHECK Status counters_raise(Counters *counters, uint64_t id, uint64_t value, bool logged, Fault *fault);
uint64_t          counters_get(Counters *counters, uint64_t id);

/* The next count numbers, the first of a counter being 1. Reserves ahead more when those reserved are used up. */
MUST_CHECK Status counters_take(Counters *counters, uint64_t id, uint64_t count, uint64_t ahead, uint64_t *first_out, Fault *fault);

/* No record that counters_take_unlogged() may give now is longer; 0: there is none to take. */
size_t counters_unlogged_bytes(const Counters *counters);

/* One taker at a time. The stream of a record with every unlogged reservation that limit_bytes hold, valid until the next call. */
Slice counters_take_unlogged(Counters *counters, size_t limit_bytes);

/* What a record says, at recovery and from the manifest. */
MUST_CHECK Status counters_apply(Counters *counters, Slice stream, Fault *fault);

/* All counters in the same form, from malloc. */
MUST_CHECK Status counters_encode_all(Counters *counters, uint8_t **data_out, size_t *size_out, Fault *fault);

#endif
