/*
 * bind.h - the Bind message: parameter values into a portal.
 *
 * Raises      26000, 08P01, 22P03 and what the types' input functions raise, with CONTEXT naming the parameter.
 */
#ifndef WIRE_BIND_H
#define WIRE_BIND_H

#include "executor/session.h"

/* Makes the portal that the message asks for. Returns the statement's text, for positions in errors that follow. */
const char *bind_message(Session *session, Slice payload);

#endif
