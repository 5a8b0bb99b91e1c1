/*
 * sequence_values.h - what nextval() and setval() gave this session: for currval() and lastval().
 *
 * Ownership   entries live in the session's arena.
 * Raises      53200 only
 */
#ifndef EXECUTOR_SESSION_SEQUENCE_VALUES_H
#define EXECUTOR_SESSION_SEQUENCE_VALUES_H

#include "executor/session.h"

/* nextval(): the sequence is also the one that lastval() means. */
void session_note_sequence(Session *session, Oid sequence, int64_t value);
/* setval(): only the value. */
void session_keep_sequence_value(Session *session, Oid sequence, int64_t value);
/* False while there is none. */
bool session_sequence_value(const Session *session, Oid sequence, int64_t *value_out);
/* DISCARD SEQUENCES. */
void session_forget_sequences(Session *session);

#endif
