/*
 * counters.c - see counters.h.
 */
#include "storage/lsm/counters.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "storage/lsm/engine_state.h"

#include <stdlib.h>

void counters_init(Counters *counters)
{
    memset(counters, 0, sizeof *counters);
    pthread_mutex_init(&counters->mutex, NULL);
}

void counters_destroy(Counters *counters)
{
    pthread_mutex_destroy(&counters->mutex);
    free(counters->table);
    free(counters->stream);
    free(counters->taken);
}

static Counter *find(Counter *table, size_t capacity, uint64_t id)
{
    size_t at = hash_u64(id) & (capacity - 1);

    while (table[at].used && table[at].id != id)
        at = (at + 1) & (capacity - 1);
    return &table[at];
}

static bool grow(Counters *counters)
{
    size_t   capacity = MAX((size_t)32, counters->capacity * 2);
    Counter *table;

    if (counters->count * 2 < counters->capacity)
        return true;
    table = calloc(capacity, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < counters->capacity; i++)
        if (counters->table[i].used)
            *find(table, capacity, counters->table[i].id) = counters->table[i];
    free(counters->table);
    counters->table = table;
    counters->capacity = capacity;
    return true;
}

/* Room for one more pair in the next record, so that taking it cannot fail. */
static bool reserve_stream(Counters *counters)
{
    size_t   needed = (atomic_load_explicit(&counters->unlogged, memory_order_relaxed) + 1) * 2 * VARINT_MAX_BYTES;
    uint8_t *stream;

    if (needed <= counters->stream_capacity)
        return true;
    stream = realloc(counters->stream, needed * 2);
    if (stream == NULL)
        return false;
    counters->stream = stream;
    counters->stream_capacity = needed * 2;
    return true;
}

/* The mutex is held. NULL without memory. */
static Counter *find_or_make(Counters *counters, uint64_t id)
{
    Counter *counter;

    if (!grow(counters) || !reserve_stream(counters))
        return NULL;
    counter = find(counters->table, counters->capacity, id);
    if (!counter->used) {
        *counter = (Counter){.id = id, .used = true};
        counters->count++;
    }
    return counter;
}

static void raise_value(Counters *counters, Counter *counter, uint64_t value, bool logged)
{
    if (value <= counter->value)
        return;
    counter->value = value;
    if (!logged && !counter->unlogged) {
        counter->unlogged = true;
        atomic_fetch_add_explicit(&counters->unlogged, 1, memory_order_release);
    }
}

Status counters_raise(Counters *counters, uint64_t id, uint64_t value, bool logged, Fault *fault)
{
    Counter *counter;

    pthread_mutex_lock(&counters->mutex);
    counter = find_or_make(counters, id);
    if (counter != NULL)
        raise_value(counters, counter, value, logged);
    pthread_mutex_unlock(&counters->mutex);
    return counter != NULL ? STATUS_OK : FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a counter");
}

Status counters_take(Counters *counters, uint64_t id, uint64_t count, uint64_t ahead, uint64_t *first_out, Fault *fault)
{
    Counter *counter;

    pthread_mutex_lock(&counters->mutex);
    counter = find_or_make(counters, id);
    if (counter != NULL) {
        if (!counter->taking)
            counter->taken = counter->value; /* what an earlier run may have handed out */
        counter->taking = true;
        *first_out = counter->taken + 1;
        counter->taken += count;
        if (counter->taken > counter->value)
            raise_value(counters, counter, counter->taken + ahead, false);
    }
    pthread_mutex_unlock(&counters->mutex);
    return counter != NULL ? STATUS_OK : FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a counter");
}

uint64_t counters_get(Counters *counters, uint64_t id)
{
    uint64_t value = 0;

    pthread_mutex_lock(&counters->mutex);
    if (counters->capacity != 0)
        value = find(counters->table, counters->capacity, id)->value;
    pthread_mutex_unlock(&counters->mutex);
    return value;
}

size_t counters_unlogged_bytes(const Counters *counters)
{
    return atomic_load_explicit(&counters->unlogged, memory_order_acquire) * 2 * VARINT_MAX_BYTES;
}

Slice counters_take_unlogged(Counters *counters, size_t limit_bytes)
{
    uint8_t *at, *stream;
    size_t   capacity, left = 0;

    pthread_mutex_lock(&counters->mutex);
    stream = at = counters->stream;
    limit_bytes = MIN(limit_bytes, counters->stream_capacity);
    for (size_t i = 0; i < counters->capacity; i++) {
        Counter *counter = &counters->table[i];

        if (!counter->unlogged)
            continue;
        if ((size_t)(at - stream) + (size_t)2 * VARINT_MAX_BYTES > limit_bytes) {
            left++; /* came after the caller made room: goes into the next record */
            continue;
        }
        at = put_varint(put_varint(at, counter->id), counter->value);
        counter->unlogged = false;
    }
    atomic_store_explicit(&counters->unlogged, left, memory_order_relaxed);
    capacity = counters->stream_capacity;
    counters->stream = counters->taken;
    counters->stream_capacity = counters->taken_capacity;
    counters->taken = stream;
    counters->taken_capacity = capacity;
    pthread_mutex_unlock(&counters->mutex);
    return slice_of(stream, (size_t)(at - stream));
}

Status counters_apply(Counters *counters, Slice stream, Fault *fault)
{
    const uint8_t *at = stream.data;
    const uint8_t *end = stream.data + stream.size;

    while (at < end) {
        uint64_t id, value;

        at = get_varint(at, end, &id);
        if (at != NULL)
            at = get_varint(at, end, &value);
        if (at == NULL)
            return FAULT(fault, STATUS_CORRUPT, 0, "a record of counters cannot be read");
        TRY(counters_raise(counters, id, value, true, fault));
    }
    return STATUS_OK;
}

Status counters_encode_all(Counters *counters, uint8_t **data_out, size_t *size_out, Fault *fault)
{
    uint8_t *data, *at;

    pthread_mutex_lock(&counters->mutex);
    data = at = malloc(counters->count * 2 * VARINT_MAX_BYTES + 1);
    for (size_t i = 0; i < counters->capacity && data != NULL; i++)
        if (counters->table[i].used)
            at = put_varint(put_varint(at, counters->table[i].id), counters->table[i].value);
    pthread_mutex_unlock(&counters->mutex);
    if (data == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the counters");
    *data_out = data;
    *size_out = (size_t)(at - data);
    return STATUS_OK;
}

/* ---- engine.h ------------------------------------------------------------------------------------------------------ */

Status engine_counter_reserve(Engine *engine, uint64_t counter_id, uint64_t value, Fault *fault)
{
    if (engine->wal == NULL || wal_failed(engine->wal))
        return FAULT(fault, STATUS_READ_ONLY, 0, "the store takes no more writes");
    return counters_raise(&engine->counters, counter_id, value, false, fault);
}

Status engine_counter_take(Engine *engine, uint64_t counter_id, uint64_t count, uint64_t *first_out, Fault *fault)
{
    enum { AHEAD = 1024 };

    if (engine->wal == NULL || wal_failed(engine->wal))
        return FAULT(fault, STATUS_READ_ONLY, 0, "the store takes no more writes");
    return counters_take(&engine->counters, counter_id, count, AHEAD, first_out, fault);
}

uint64_t engine_counter_get(Engine *engine, uint64_t counter_id)
{
    return counters_get(&engine->counters, counter_id);
}

Status engine_new_storage_id(Engine *engine, StorageId *id_out, Fault *fault)
{
    enum { BLOCK = 64 };
    uint64_t id = atomic_fetch_add_explicit(&engine->next_storage_id, 1, memory_order_relaxed);

    if (id > UINT32_MAX)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "all storage ids are used");
    /* the reservation may run ahead of others; it only has to be above every id handed out */
    if (counters_get(&engine->counters, COUNTER_STORAGE_ID) <= id)
        TRY(engine_counter_reserve(engine, COUNTER_STORAGE_ID, id + BLOCK, fault));
    *id_out = (StorageId)id;
    return STATUS_OK;
}
