/*
 * boolean.h - reading bool's text form.
 *
 * Raises  never
 */
#ifndef TYPES_BOOLEAN_H
#define TYPES_BOOLEAN_H

#include "base/common.h"

/* true, false, yes, no, on, off, 1, 0, unique prefixes of them, any case, blanks around. */
MUST_CHECK bool boolean_parse(Slice text, bool *out);

#endif
