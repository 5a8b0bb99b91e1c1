/*
 * regex.h - PostgreSQL's regular expressions (advanced ones, of chapter 9.7.3), run by PCRE2.
 *
 * The pattern is translated to PCRE2's syntax (regex_translate.c). Which match is taken follows PostgreSQL: the leftmost, and of
 * those the longest or shortest as the expression's preference says, which PCRE2 by itself does not do.
 *
 * Ownership   a Regex lives in the arena it was compiled in, which releases PCRE2's memory.
 * Threads     a Regex serves one thread.
 * Raises      2201B "invalid regular expression: ..."; 53200
 */
#ifndef EXECUTOR_FUNC_REGEX_H
#define EXECUTOR_FUNC_REGEX_H

#include "base/strbuf.h"

typedef struct RegexFlags {
    bool ignore_case;
    bool expanded;       /* blanks and comments in the pattern do not count */
    bool newline_stops;  /* . and [^...] do not match a newline */
    bool newline_anchors; /* ^ and $ match at lines */
    bool literal;        /* no operators at all */
    bool global;         /* g: all matches; for the function, not the pattern */
} RegexFlags;

/* Reads the flags argument of the regexp functions. Raises 22023. */
RegexFlags regex_parse_flags(Slice text);

typedef struct RegexSpan {
    size_t start; /* byte offsets; REGEX_NO_SPAN: the group took no part */
    size_t end;
} RegexSpan;

#define REGEX_NO_SPAN SIZE_MAX

typedef struct Regex Regex;

Regex *regex_compile(Arena *arena, Slice pattern, RegexFlags flags);

/* How many capturing groups there are. */
int regex_group_count(const Regex *regex);

/* Whether it matches anywhere. */
bool regex_matches(Regex *regex, Slice text);

/* The first match from byte from on: spans[0] is the whole, then the groups. False: none. spans live in regex. */
bool regex_find(Regex *regex, Slice text, size_t from, const RegexSpan **spans_out);

/* ---- translation: regex_translate.c --------------------------------------------------------------------------------- */

typedef enum RegexPreference { REGEX_ANY, REGEX_GREEDY, REGEX_LAZY } RegexPreference;

typedef struct RegexTranslation {
    StrBuf          text;       /* PCRE2's pattern */
    RegexFlags      flags;      /* with the options embedded in the pattern */
    int             group_count;
    int             quantifier_count;
    RegexPreference preference; /* of the whole */
    bool            needs_extent; /* PCRE2's first match may not be the longest or shortest */
    bool            has_backreference;
} RegexTranslation;

void regex_translate(Arena *arena, Slice pattern, RegexFlags flags, RegexTranslation *out);

noreturn void raise_bad_regex(const char *what);

#endif
