/*
 * serial.c - see serial.h.
 */
#include "storage/txn/serial.h"

#include "base/arena.h"

#include <stdlib.h>
#include <time.h>

/* A key within the bytes of its commit. */
typedef struct WrittenKey {
    StorageId storage;
    bool      whole; /* the relation, not a key */
    uint32_t  size;
    size_t    offset;
} WrittenKey;

enum { PENDING = 0, NEVER = 1 }; /* csns of list entries: not yet known, refused after all (csn 1 is before every snapshot) */

struct SerialWrites {
    SerialWrites *newer;
    uint64_t      number; /* position in the list, ascending */
    Csn           csn;
    size_t        key_count;
    size_t        key_capacity;
    WrittenKey   *keys;
    uint8_t      *bytes;
    size_t        size;
    size_t        capacity;
    bool          failed; /* without memory */
};

typedef struct ReadRange {
    Slice lower;
    Slice upper; /* data NULL: to the end */
} ReadRange;

/* The ranges of one relation. */
typedef struct RelationReads {
    StorageId  storage;
    bool       whole;
    bool       sorted; /* ascending and disjoint */
    size_t     count;
    size_t     capacity;
    ReadRange *ranges;
} RelationReads;

struct SerialReads {
    SerialTable   *table;
    SerialReads   *next;
    SerialReads  **link;
    Arena         *arena;    /* bounds of ranges; NULL until the first */
    Csn            snapshot; /* 0: none yet, which holds every commit in the list */
    size_t         count;
    size_t         capacity;
    RelationReads *relations; /* few: a statement reads few relations */
};

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a serializable transaction");
}

/* ---- the table ----------------------------------------------------------------------------------------------------------- */

void serial_table_init(SerialTable *table)
{
    *table = (SerialTable){0};
    pthread_mutex_init(&table->mutex, NULL);
}

static void writes_free(SerialWrites *writes)
{
    if (writes == NULL)
        return;
    free(writes->keys);
    free(writes->bytes);
    free(writes);
}

static size_t writes_bytes(const SerialWrites *writes)
{
    return sizeof *writes + writes->key_capacity * sizeof *writes->keys + writes->capacity;
}

/* Takes the oldest off the list. */
static void drop_oldest(SerialTable *table)
{
    SerialWrites *writes = table->oldest;

    table->oldest = writes->newer;
    if (table->oldest == NULL)
        table->newest = NULL;
    table->bytes -= writes_bytes(writes);
    writes_free(writes);
}

void serial_table_destroy(SerialTable *table)
{
    while (table->oldest != NULL)
        drop_oldest(table);
    pthread_mutex_destroy(&table->mutex);
}

/* The mutex is held. Commits that every active snapshot sees are of no use any more. */
static void trim(SerialTable *table)
{
    Csn seen_by_all = CSN_MAX;

    for (const SerialReads *reads = table->readers; reads != NULL; reads = reads->next)
        seen_by_all = MIN(seen_by_all, reads->snapshot);
    while (table->oldest != NULL && table->oldest->csn != PENDING && table->oldest->csn <= seen_by_all)
        drop_oldest(table);
    while (table->bytes > SERIAL_LIST_BYTES && table->oldest->csn != PENDING) {
        table->lost = MAX(table->lost, table->oldest->csn);
        drop_oldest(table);
    }
}

/* ---- reading transactions ---------------------------------------------------------------------------------------------------- */

SerialReads *serial_begin(SerialTable *table)
{
    struct timespec pause = {.tv_nsec = 20000};
    SerialReads    *reads = calloc(1, sizeof *reads);

    if (reads == NULL)
        return NULL;
    reads->table = table;
    pthread_mutex_lock(&table->mutex);
    reads->next = table->readers;
    reads->link = &table->readers;
    if (reads->next != NULL)
        reads->next->link = &reads->next;
    table->readers = reads;
    pthread_mutex_unlock(&table->mutex);
    atomic_fetch_add(&table->active, 1);
    /* a commit that saw nobody active may become visible after our snapshot, and we would never learn of it */
    while (atomic_load(&table->unrecorded) != 0)
        nanosleep(&pause, NULL);
    return reads;
}

void serial_set_snapshot(SerialReads *reads, Csn csn)
{
    pthread_mutex_lock(&reads->table->mutex);
    reads->snapshot = csn;
    pthread_mutex_unlock(&reads->table->mutex);
}

void serial_end(SerialReads *reads)
{
    SerialTable *table;

    if (reads == NULL)
        return;
    table = reads->table;
    pthread_mutex_lock(&table->mutex);
    *reads->link = reads->next;
    if (reads->next != NULL)
        reads->next->link = reads->link;
    trim(table);
    pthread_mutex_unlock(&table->mutex);
    atomic_fetch_sub(&table->active, 1);
    for (size_t i = 0; i < reads->count; i++)
        free(reads->relations[i].ranges);
    free(reads->relations);
    arena_free(reads->arena);
    free(reads);
}

static RelationReads *find_relation(const SerialReads *reads, StorageId storage)
{
    for (size_t i = 0; i < reads->count; i++) {
        if (reads->relations[i].storage == storage)
            return &reads->relations[i];
    }
    return NULL;
}

static RelationReads *add_relation(SerialReads *reads, StorageId storage)
{
    if (reads->count == reads->capacity) {
        size_t         capacity = MAX(reads->capacity * 2, 8);
        RelationReads *grown = realloc(reads->relations, capacity * sizeof *grown);

        if (grown == NULL)
            return NULL;
        reads->relations = grown;
        reads->capacity = capacity;
    }
    reads->relations[reads->count] = (RelationReads){.storage = storage};
    return &reads->relations[reads->count++];
}

static bool copy_bound(SerialReads *reads, Slice bound, Slice *out)
{
    uint8_t *copy;

    *out = bound;
    if (bound.size == 0)
        return true;
    if (reads->arena == NULL)
        reads->arena = arena_try_new(NULL, NULL, "serializable reads");
    copy = reads->arena == NULL ? NULL : arena_try_alloc(reads->arena, bound.size);
    if (copy == NULL)
        return false;
    *out = slice_of(memcpy(copy, bound.data, bound.size), bound.size);
    return true;
}

static Status add_range(SerialReads *reads, RelationReads *relation, Slice lower, Slice upper, Fault *fault)
{
    ReadRange *range;

    if (relation->count == relation->capacity) {
        size_t     capacity = MAX(relation->capacity * 2, 8);
        ReadRange *grown = realloc(relation->ranges, capacity * sizeof *grown);

        if (grown == NULL)
            return no_memory(fault);
        relation->ranges = grown;
        relation->capacity = capacity;
    }
    range = &relation->ranges[relation->count];
    if (!copy_bound(reads, lower, &range->lower) || !copy_bound(reads, upper, &range->upper))
        return no_memory(fault);
    relation->count++;
    relation->sorted = false;
    return STATUS_OK;
}

Status serial_record(SerialReads *reads, StorageId storage, Slice lower, Slice upper, Fault *fault)
{
    RelationReads *relation = find_relation(reads, storage);

    if (relation == NULL)
        relation = add_relation(reads, storage);
    if (relation == NULL)
        return no_memory(fault);
    if (relation->whole)
        return STATUS_OK;
    if ((lower.size == 0 && upper.data == NULL) || relation->count >= SERIAL_READ_RANGES) {
        relation->count = 0;
        relation->whole = true;
        return STATUS_OK;
    }
    return add_range(reads, relation, lower, upper, fault);
}

/* ---- checking ------------------------------------------------------------------------------------------------------------------ */

static int compare_ranges(const void *a, const void *b)
{
    return slice_compare(((const ReadRange *)a)->lower, ((const ReadRange *)b)->lower);
}

static bool reaches(const ReadRange *range, Slice key)
{
    return range->upper.data == NULL || slice_compare(range->upper, key) >= 0;
}

/* Makes the ranges ascending and disjoint, so that a key is looked up by halving. */
static void sort_ranges(RelationReads *relation)
{
    size_t kept = 0;

    if (relation->sorted || relation->whole || relation->count == 0)
        return;
    qsort(relation->ranges, relation->count, sizeof *relation->ranges, compare_ranges);
    for (size_t i = 1; i < relation->count; i++) {
        ReadRange *last = &relation->ranges[kept];
        ReadRange *next = &relation->ranges[i];

        if (!reaches(last, next->lower))
            relation->ranges[++kept] = *next;
        else if (last->upper.data != NULL && (next->upper.data == NULL || slice_compare(next->upper, last->upper) > 0))
            last->upper = next->upper;
    }
    relation->count = kept + 1;
    relation->sorted = true;
}

static bool was_read(const RelationReads *relation, Slice key)
{
    size_t low = 0;
    size_t high = relation->count;

    if (relation->whole)
        return true;
    while (low < high) { /* the first range that begins behind the key */
        size_t middle = low + (high - low) / 2;

        if (slice_compare(relation->ranges[middle].lower, key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && (relation->ranges[low - 1].upper.data == NULL || slice_compare(key, relation->ranges[low - 1].upper) < 0);
}

static bool conflicts(const SerialReads *reads, const SerialWrites *writes)
{
    const RelationReads *relation = NULL;

    if (writes->csn != PENDING && writes->csn <= reads->snapshot)
        return false;
    for (size_t i = 0; i < writes->key_count; i++) {
        const WrittenKey *key = &writes->keys[i];

        if (key->storage == 0) { /* any relation: what a large commit wrote is not gathered key by key */
            if (reads->count > 0)
                return true;
            continue;
        }
        if (relation == NULL || relation->storage != key->storage)
            relation = find_relation(reads, key->storage);
        if (relation != NULL && (key->whole || was_read(relation, slice_of(writes->bytes + key->offset, key->size))))
            return true;
    }
    return false;
}

static Status conflict(Fault *fault)
{
    return FAULT(fault, STATUS_CONFLICT, 0, "could not serialize access due to read/write dependencies among transactions");
}

/* The mutex is held. Checks what is in the list behind the entry of this number. */
static Status check_newer(SerialCommit *commit, uint64_t number, Fault *fault)
{
    SerialTable *table = commit->table;

    if (table->lost > commit->reads->snapshot)
        return conflict(fault);
    if (table->newest == NULL || table->newest->number <= number)
        return STATUS_OK;
    for (const SerialWrites *writes = table->oldest; writes != NULL; writes = writes->newer) {
        if (writes->number > number && conflicts(commit->reads, writes))
            return conflict(fault);
    }
    return STATUS_OK;
}

/* ---- commits -------------------------------------------------------------------------------------------------------------------- */

static bool make_room(void **array, size_t *capacity, size_t needed, size_t element)
{
    size_t larger = MAX(*capacity * 2, needed);
    void  *grown;

    if (needed <= *capacity)
        return true;
    grown = realloc(*array, larger * element);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = larger;
    return true;
}

static void add_key(void *arg, StorageId storage, Slice key)
{
    SerialWrites *writes = arg;
    bool          whole = key.data == NULL || writes->key_count >= SERIAL_COMMIT_KEYS;
    WrittenKey   *last = writes->key_count > 0 ? &writes->keys[writes->key_count - 1] : NULL;

    if (writes->failed || (whole && last != NULL && last->whole && last->storage == storage))
        return;
    if (!make_room((void **)&writes->keys, &writes->key_capacity, writes->key_count + 1, sizeof *writes->keys) ||
        (!whole && !make_room((void **)&writes->bytes, &writes->capacity, writes->size + key.size, 1))) {
        writes->failed = true;
        return;
    }
    writes->keys[writes->key_count++] = (WrittenKey){.storage = storage, .whole = whole, .size = whole ? 0 : (uint32_t)key.size,
                                                     .offset = writes->size};
    if (!whole) {
        memcpy(writes->bytes + writes->size, key.data, key.size);
        writes->size += key.size;
    }
}

Status serial_commit_begin(SerialCommit *commit, SerialTable *table, SerialReads *reads, const WriteSet *writes, Fault *fault)
{
    Status status = STATUS_OK;

    *commit = (SerialCommit){.table = table, .reads = reads, .counted = true};
    atomic_fetch_add(&table->unrecorded, 1); /* in this order: see serial_begin() */
    if (atomic_load(&table->active) == 0)
        return STATUS_OK;
    atomic_fetch_sub(&table->unrecorded, 1);
    commit->counted = false;
    commit->writes = calloc(1, sizeof *commit->writes);
    if (commit->writes == NULL)
        return no_memory(fault);
    writeset_visit_keys(writes, add_key, commit->writes);
    if (commit->writes->failed)
        return no_memory(fault);
    if (reads == NULL)
        return STATUS_OK;
    for (size_t i = 0; i < reads->count; i++)
        sort_ranges(&reads->relations[i]);
    pthread_mutex_lock(&table->mutex);
    status = check_newer(commit, 0, fault);
    if (status == STATUS_OK && table->newest != NULL)
        commit->checked = table->newest->number;
    pthread_mutex_unlock(&table->mutex);
    return status;
}

Status serial_commit_validate(void *arg, Fault *fault)
{
    SerialCommit *commit = arg;
    SerialTable  *table = commit->table;
    Status        status = STATUS_OK;

    if (commit->writes == NULL)
        return STATUS_OK;
    pthread_mutex_lock(&table->mutex);
    if (commit->reads != NULL)
        status = check_newer(commit, commit->checked, fault);
    if (status == STATUS_OK) {
        SerialWrites *writes = commit->writes;

        writes->number = ++table->last_number;
        *(table->newest != NULL ? &table->newest->newer : &table->oldest) = writes;
        table->newest = writes;
        table->bytes += writes_bytes(writes);
        commit->listed = true;
    }
    pthread_mutex_unlock(&table->mutex);
    return status;
}

void serial_commit_end(SerialCommit *commit, Csn csn)
{
    SerialTable *table = commit->table;

    if (commit->listed) {
        pthread_mutex_lock(&table->mutex);
        commit->writes->csn = csn != 0 ? csn : NEVER;
        trim(table);
        pthread_mutex_unlock(&table->mutex);
    } else {
        writes_free(commit->writes);
    }
    commit->writes = NULL;
    if (commit->counted)
        atomic_fetch_sub(&table->unrecorded, 1);
    commit->counted = false;
}
