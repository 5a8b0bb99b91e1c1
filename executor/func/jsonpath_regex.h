/*
 * jsonpath_regex.h - like_regex: a string against the pattern of a path.
 *
 * Raises  2201B for a pattern that is no regular expression
 */
#ifndef EXECUTOR_FUNC_JSONPATH_REGEX_H
#define EXECUTOR_FUNC_JSONPATH_REGEX_H

#include "types/jsonpath.h"

/* Whether the pattern of a PATH_LIKE_REGEX node is found in text. arena: the one of the path's tree. */
bool jsonpath_regex_matches(const JsonPathNode *node, Slice text, Arena *arena);

#endif
