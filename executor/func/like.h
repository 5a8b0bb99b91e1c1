/*
 * like.h - LIKE patterns, compiled once and matched often.
 *
 * Ownership   a LikePattern borrows the pattern's bytes and lives in the arena it was compiled in.
 * Raises      22025 "LIKE pattern must not end with escape character", when matching comes to it; 53200
 */
#ifndef EXECUTOR_FUNC_LIKE_H
#define EXECUTOR_FUNC_LIKE_H

#include "base/arena.h"

typedef struct LikePattern LikePattern;

typedef enum LikeUnit {
    LIKE_CHARACTERS, /* _ is one character of UTF-8 */
    LIKE_BYTES,      /* _ is one byte: bytea */
} LikeUnit;

/* The escape character is the backslash, as like_escape() makes it. */
LikePattern *like_compile(Arena *arena, Slice pattern, LikeUnit unit);

bool like_matches(const LikePattern *pattern, Slice text);

/*
 * The literal bytes that every match starts with, for index ranges: *exact says that the pattern has no wildcards, so that
 * only this text matches.
 */
Slice like_prefix(const LikePattern *pattern, bool *exact);

#endif
