/*
 * text.h - what kernels of text and bytes share.
 *
 * Raises  what the names say, and 53200
 */
#ifndef EXECUTOR_FUNC_TEXT_H
#define EXECUTOR_FUNC_TEXT_H

#include "base/arena.h"

/* length characters from start (from 1, may lie before the text); length below 0: to the end. A view. */
Slice text_part(Slice text, int64_t start, int64_t length);

/* Where needle first occurs, or NULL. An empty one occurs at the start. */
const uint8_t *find_bytes(Slice text, Slice needle);

Slice join_bytes(Arena *arena, Slice a, Slice b);

noreturn void raise_negative_substring(void); /* 22011 */
noreturn void raise_too_large(void);          /* 54000 requested length too large */

#endif
