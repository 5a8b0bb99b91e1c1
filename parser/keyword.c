/*
 * keyword.c - finds keywords in a table made from keywords.def, ordered by first letter and length.
 */
#include "parser/keyword.h"

#include "parser/sql.h"

/* keyword_table.h, made by keyword_table.awk: keywords[] in order, and where each letter and length begins. */
#include "parser/keyword_table.h"

const int keyword_count = ARRAY_LENGTH(keywords);

const Keyword *keyword_find(const char *word, size_t size)
{
    char    lower[KEYWORD_MAX_BYTES];
    uint8_t letter = (uint8_t)((word[0] | 0x20) - 'a');
    int     slot;

    if (size < 2 || size > KEYWORD_MAX_BYTES || letter >= 26)
        return NULL;
    slot = letter * (KEYWORD_MAX_BYTES + 1) + (int)size;
    if (keyword_start[slot] == keyword_start[slot + 1])
        return NULL;
    for (size_t i = 0; i < size; i++) {
        char c = word[i];

        lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    for (int i = keyword_start[slot]; i < keyword_start[slot + 1]; i++)
        if (memcmp(keywords[i].word, lower, size) == 0)
            return &keywords[i];
    return NULL;
}
