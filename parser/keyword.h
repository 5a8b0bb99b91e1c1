/*
 * keyword.h - the words of the grammar: finding one, and the list for pg_get_keywords().
 *
 * Raises  never
 */
#ifndef PARSER_KEYWORD_H
#define PARSER_KEYWORD_H

#include "base/common.h"

/* Where a word may be a name; pg_get_keywords() shows their letters U, C, T, R. */
typedef enum KeywordCategory {
    KEYWORD_UNRESERVED,
    KEYWORD_COL_NAME,
    KEYWORD_TYPE_FUNC_NAME,
    KEYWORD_RESERVED,
} KeywordCategory;

typedef struct Keyword {
    const char     *word;
    int16_t         token; /* TK_ number */
    KeywordCategory category;
    bool            bare_label; /* may name an output column without AS */
} Keyword;

/* The keyword that a word is, upper and lower case alike, or NULL. word need not be terminated. */
const Keyword *keyword_find(const char *word, size_t size);

/* All of them, by first letter, then length, then byte order. */
extern const Keyword keywords[];
extern const int     keyword_count;

#endif
