/*
 * sequence_values.c - see sequence_values.h. A session uses few sequences: a list does.
 */
#include "executor/session/sequence_values.h"

#include "executor/session/state.h"

typedef struct SequenceValue SequenceValue;
struct SequenceValue {
    SequenceValue *next;
    Oid            sequence;
    bool           valid;
    int64_t        value;
};

static SequenceValue *find(const Session *session, Oid sequence)
{
    const SessionState *state = session->internal;

    for (SequenceValue *entry = state->sequence_values; entry != NULL; entry = entry->next) {
        if (entry->sequence == sequence)
            return entry;
    }
    return NULL;
}

void session_keep_sequence_value(Session *session, Oid sequence, int64_t value)
{
    SessionState  *state = session->internal;
    SequenceValue *entry = find(session, sequence);

    if (entry == NULL) {
        entry = ARENA_NEW(session->arena, SequenceValue);
        entry->sequence = sequence;
        entry->next = state->sequence_values;
        state->sequence_values = entry;
    }
    entry->value = value;
    entry->valid = true;
    if (session->last_sequence == sequence)
        session->last_sequence_value = value;
}

void session_note_sequence(Session *session, Oid sequence, int64_t value)
{
    session->last_sequence = sequence;
    session_keep_sequence_value(session, sequence, value);
}

bool session_sequence_value(const Session *session, Oid sequence, int64_t *value_out)
{
    const SequenceValue *entry = find(session, sequence);

    if (entry == NULL || !entry->valid)
        return false;
    *value_out = entry->value;
    return true;
}

void session_forget_sequences(Session *session)
{
    SessionState *state = session->internal;

    for (SequenceValue *entry = state->sequence_values; entry != NULL; entry = entry->next)
        entry->valid = false;
    session->last_sequence = 0;
}
