/*
 * sequence.c - sequences: numbers handed out outside transactions. catalog.h is the contract.
 *
 * The catalog relation has, per sequence, the state that a restart begins with: some numbers ahead of what was handed out, so that one
 * unsynced commit serves many calls. Such a commit precedes in the log every commit that uses its numbers, so after a crash no
 * number that anybody committed comes again. A clean stop writes the exact state.
 *
 *     value    last_value (8 bytes, little-endian), is_called (1)
 */
#include "storage/catalog/catalog_state.h"

#include "base/bytes.h"
#include "base/hash.h"

#include <stdlib.h>

enum { SEQUENCE_KEY_BYTES = 8, SEQUENCE_VALUE_BYTES = 9, SEQUENCE_AHEAD = 32 };

struct Sequence {
    Sequence       *next;
    Oid             oid;
    StorageId       storage_id;
    pthread_mutex_t mutex;
    bool            loaded;
    SequenceState   state;
    SequenceState   stored; /* in the catalog relation */
    int64_t         ahead;  /* numbers that may still be handed out before it must be stored again */
};

Slice sequence_key_bytes(const RelationDesc *sequence, uint8_t *bytes)
{
    put_be32(bytes, sequence->head.oid);
    put_be32(bytes + 4, sequence->group_count > 0 ? sequence->groups[0].storage_id : 0);
    return slice_of(bytes, SEQUENCE_KEY_BYTES);
}

/* ---- the table of sequences in memory ------------------------------------------------------------------------------------ */

static bool grow(Catalog *catalog)
{
    size_t     mask = catalog->sequences == NULL ? 15 : catalog->sequence_mask * 2 + 1;
    Sequence **grown;

    if (catalog->sequences != NULL && catalog->sequence_count <= catalog->sequence_mask)
        return true;
    grown = calloc(mask + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    for (size_t i = 0; catalog->sequences != NULL && i <= catalog->sequence_mask; i++) {
        for (Sequence *sequence = catalog->sequences[i], *next; sequence != NULL; sequence = next) {
            size_t to = hash_u64(sequence->oid) & mask;

            next = sequence->next;
            sequence->next = grown[to];
            grown[to] = sequence;
        }
    }
    free(catalog->sequences);
    catalog->sequences = grown;
    catalog->sequence_mask = mask;
    return true;
}

/* Sequences stay in memory until the catalog closes: a pointer found is good. */
static Status find_sequence(Catalog *catalog, const RelationDesc *desc, Sequence **out, Fault *fault)
{
    StorageId storage_id = desc->group_count > 0 ? desc->groups[0].storage_id : 0;
    Sequence *sequence = NULL;
    Status    status = STATUS_OK;

    pthread_mutex_lock(&catalog->mutex);
    if (!grow(catalog))
        status = FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a sequence");
    else
        sequence = catalog->sequences[hash_u64(desc->head.oid) & catalog->sequence_mask];
    while (sequence != NULL && (sequence->oid != desc->head.oid || sequence->storage_id != storage_id))
        sequence = sequence->next;
    if (status == STATUS_OK && sequence == NULL) {
        sequence = calloc(1, sizeof *sequence);
        if (sequence == NULL) {
            status = FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a sequence");
        } else {
            Sequence **bucket = &catalog->sequences[hash_u64(desc->head.oid) & catalog->sequence_mask];

            *sequence = (Sequence){.next = *bucket, .oid = desc->head.oid, .storage_id = storage_id};
            pthread_mutex_init(&sequence->mutex, NULL);
            *bucket = sequence;
            catalog->sequence_count++;
        }
    }
    pthread_mutex_unlock(&catalog->mutex);
    *out = sequence;
    return status;
}

/* ---- stored states; the sequence's mutex is held ---------------------------------------------------------------------------- */

static Status load(Catalog *catalog, Sequence *sequence, const RelationDesc *desc, Fault *fault)
{
    ReadView    view = {.csn = CSN_MAX};
    uint8_t     key[SEQUENCE_KEY_BYTES];
    PinnedValue pinned = {0};
    Status      status;

    if (sequence->loaded)
        return STATUS_OK;
    sequence->state = (SequenceState){.last_value = desc->sequence->start};
    status = engine_get(catalog->engine, &view, CATALOG_SEQUENCES, sequence_key_bytes(desc, key), &pinned, fault);
    if (status == STATUS_OK) {
        if (pinned.value.size == SEQUENCE_VALUE_BYTES)
            sequence->state = (SequenceState){(int64_t)get_le64(pinned.value.data), pinned.value.data[8] != 0};
        else
            status = FAULT(fault, STATUS_CORRUPT, 0, "the state of sequence %u has %zu bytes", sequence->oid, pinned.value.size);
        engine_unpin(&pinned);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    sequence->stored = sequence->state;
    sequence->ahead = 0;
    sequence->loaded = true;
    return STATUS_OK;
}

static Status store(Catalog *catalog, Sequence *sequence, SequenceState state, Fault *fault)
{
    CommitOptions options = {.sync = COMMIT_NO_SYNC};
    uint8_t       key[SEQUENCE_KEY_BYTES];
    uint8_t       value[SEQUENCE_VALUE_BYTES];
    WriteSet     *writes;
    Csn           csn;
    Status        status;

    put_be32(key, sequence->oid);
    put_be32(key + 4, sequence->storage_id);
    put_le64(value, (uint64_t)state.last_value);
    value[8] = state.is_called;
    TRY(writeset_new(catalog->engine, &writes, fault));
    status = writeset_put(writes, CATALOG_SEQUENCES, slice_of(key, sizeof key), slice_of(value, sizeof value), fault);
    if (status == STATUS_OK)
        status = engine_commit(catalog->engine, writes, &options, &csn, fault);
    writeset_free(writes);
    if (status == STATUS_OK)
        sequence->stored = state;
    return status;
}

void sequences_close(Catalog *catalog)
{
    for (size_t i = 0; catalog->sequences != NULL && i <= catalog->sequence_mask; i++) {
        for (Sequence *sequence = catalog->sequences[i], *next; sequence != NULL; sequence = next) {
            next = sequence->next;
            /* a failure leaves the state ahead: a gap, no harm */
            if (sequence->loaded && (sequence->state.last_value != sequence->stored.last_value ||
                                     sequence->state.is_called != sequence->stored.is_called))
                (void)!store(catalog, sequence, sequence->state, NULL);
            pthread_mutex_destroy(&sequence->mutex);
            free(sequence);
        }
    }
    free(catalog->sequences);
    catalog->sequences = NULL;
}

/* ---- handing out ---------------------------------------------------------------------------------------------------------------- */

/* The number after the state's; false when the limit is reached and the sequence does not cycle. */
static bool advance(const SequenceDesc *desc, SequenceState state, int64_t *value_out)
{
    int64_t next = state.last_value;

    if (!state.is_called) {
        *value_out = next;
        return true;
    }
    if (__builtin_add_overflow(next, desc->increment, &next) || next > desc->maximum || next < desc->minimum) {
        if (!desc->cycle)
            return false;
        next = desc->increment > 0 ? desc->minimum : desc->maximum;
    }
    *value_out = next;
    return true;
}

/* The state after as many numbers as one stored state covers, or at the limit. */
static SequenceState look_ahead(const SequenceDesc *desc, SequenceState state, int64_t *count_out)
{
    int64_t wanted = SEQUENCE_AHEAD + MIN(MAX(desc->cache, 1), 1 << 20);
    int64_t value;

    for (*count_out = 0; *count_out < wanted && advance(desc, state, &value); ++*count_out)
        state = (SequenceState){value, true};
    return state;
}

Status sequence_next(Catalog *catalog, const RelationDesc *desc, int64_t *value_out, Fault *fault)
{
    Sequence *sequence;
    Status    status;

    TRY(find_sequence(catalog, desc, &sequence, fault));
    pthread_mutex_lock(&sequence->mutex);
    status = load(catalog, sequence, desc, fault);
    if (status == STATUS_OK && !advance(desc->sequence, sequence->state, value_out))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK && sequence->ahead == 0) {
        int64_t       count;
        SequenceState ahead = look_ahead(desc->sequence, sequence->state, &count);

        status = store(catalog, sequence, ahead, fault);
        if (status == STATUS_OK)
            sequence->ahead = count;
    }
    if (status == STATUS_OK) {
        sequence->ahead--;
        sequence->state = (SequenceState){*value_out, true};
    }
    pthread_mutex_unlock(&sequence->mutex);
    return status;
}

Status sequence_set(Catalog *catalog, const RelationDesc *desc, SequenceState state, Fault *fault)
{
    Sequence *sequence;
    Status    status;

    TRY(find_sequence(catalog, desc, &sequence, fault));
    pthread_mutex_lock(&sequence->mutex);
    status = store(catalog, sequence, state, fault);
    if (status == STATUS_OK) {
        sequence->state = state;
        sequence->ahead = 0;
        sequence->loaded = true;
    }
    pthread_mutex_unlock(&sequence->mutex);
    return status;
}

Status sequence_read(Catalog *catalog, const RelationDesc *desc, SequenceState *state_out, Fault *fault)
{
    Sequence *sequence;
    Status    status;

    TRY(find_sequence(catalog, desc, &sequence, fault));
    pthread_mutex_lock(&sequence->mutex);
    status = load(catalog, sequence, desc, fault);
    if (status == STATUS_OK)
        *state_out = sequence->state;
    pthread_mutex_unlock(&sequence->mutex);
    return status;
}
