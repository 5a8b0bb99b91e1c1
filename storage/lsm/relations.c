/*
 * relations.c - see relations.h.
 */
#include "storage/lsm/relations.h"

#include "base/hash.h"

#include <stdlib.h>

void relations_init(Relations *relations)
{
    memset(relations, 0, sizeof *relations);
    pthread_rwlock_init(&relations->lock, NULL);
}

void relations_destroy(Relations *relations)
{
    pthread_rwlock_destroy(&relations->lock);
    free(relations->table);
}

static Relation *find(Relation *table, size_t capacity, StorageId id)
{
    size_t at = hash_u64(id) & (capacity - 1);

    while (table[at].id != 0 && table[at].id != id)
        at = (at + 1) & (capacity - 1);
    return &table[at];
}

static bool grow(Relations *relations, size_t extra)
{
    size_t    capacity = MAX((size_t)64, relations->capacity);
    Relation *table;

    while ((relations->count + extra) * 2 > capacity)
        capacity *= 2;
    if (capacity == relations->capacity)
        return true;
    table = calloc(capacity, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < relations->capacity; i++)
        if (relations->table[i].id != 0)
            *find(table, capacity, relations->table[i].id) = relations->table[i];
    free(relations->table);
    relations->table = table;
    relations->capacity = capacity;
    return true;
}

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the list of relations");
}

Status relations_reserve(Relations *relations, size_t count, Fault *fault)
{
    bool good;

    pthread_rwlock_wrlock(&relations->lock);
    good = grow(relations, count + 64); /* 64: what other commits of the moment may add meanwhile */
    pthread_rwlock_unlock(&relations->lock);
    return good ? STATUS_OK : no_memory(fault);
}

bool relations_get(Relations *relations, StorageId id, Relation *relation_out)
{
    bool found = false;

    pthread_rwlock_rdlock(&relations->lock);
    if (relations->capacity != 0) {
        const Relation *relation = find(relations->table, relations->capacity, id);

        found = relation->id == id && id != 0;
        if (found)
            *relation_out = *relation;
    }
    pthread_rwlock_unlock(&relations->lock);
    if (!found)
        *relation_out = (Relation){.id = id, .options = {.kind = RELATION_CATALOG}};
    return found;
}

/* The entry of id, made when it is not there; NULL without memory. Under the write lock. */
static Relation *find_or_add(Relations *relations, StorageId id)
{
    Relation *relation;

    if (relations->capacity != 0) {
        relation = find(relations->table, relations->capacity, id);
        if (relation->id == id)
            return relation;
    }
    if (!grow(relations, 1))
        return NULL;
    relation = find(relations->table, relations->capacity, id);
    *relation = (Relation){.id = id, .options = {.kind = RELATION_CATALOG}};
    relations->count++;
    return relation;
}

Status relations_create(Relations *relations, StorageId id, const RelationOptions *options, Fault *fault)
{
    Relation *relation;

    pthread_rwlock_wrlock(&relations->lock);
    relation = find_or_add(relations, id);
    if (relation != NULL)
        relation->options = *options;
    pthread_rwlock_unlock(&relations->lock);
    return relation != NULL ? STATUS_OK : no_memory(fault);
}

Status relations_drop(Relations *relations, StorageId id, Csn csn, Fault *fault)
{
    Relation *relation;

    pthread_rwlock_wrlock(&relations->lock);
    relation = find_or_add(relations, id);
    if (relation != NULL && relation->dropped == 0) {
        relation->dropped = csn;
        relation->recorded = false;
        atomic_fetch_add_explicit(&relations->dropped, 1, memory_order_relaxed);
    }
    pthread_rwlock_unlock(&relations->lock);
    return relation != NULL ? STATUS_OK : no_memory(fault);
}

void relations_forget(Relations *relations, StorageId id)
{
    pthread_rwlock_wrlock(&relations->lock);
    if (relations->capacity != 0) {
        size_t mask = relations->capacity - 1;
        size_t hole = (size_t)(find(relations->table, relations->capacity, id) - relations->table);

        if (relations->table[hole].id == id) {
            if (relations->table[hole].dropped != 0)
                atomic_fetch_sub_explicit(&relations->dropped, 1, memory_order_relaxed);
            relations->count--;
            /* closes the hole: entries behind it that could not stand before it move up */
            for (size_t at = (hole + 1) & mask; relations->table[at].id != 0; at = (at + 1) & mask) {
                size_t home = hash_u64(relations->table[at].id) & mask;

                if (((at - home) & mask) >= ((at - hole) & mask)) {
                    relations->table[hole] = relations->table[at];
                    hole = at;
                }
            }
            relations->table[hole] = (Relation){0};
        }
    }
    pthread_rwlock_unlock(&relations->lock);
}

void relations_each(Relations *relations, void (*visit)(void *arg, Relation *relation), void *arg)
{
    pthread_rwlock_wrlock(&relations->lock);
    for (size_t i = 0; i < relations->capacity; i++)
        if (relations->table[i].id != 0)
            visit(arg, &relations->table[i]);
    pthread_rwlock_unlock(&relations->lock);
}
