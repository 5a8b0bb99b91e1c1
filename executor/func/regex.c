/*
 * regex.c - compiling and matching: see regex.h.
 *
 * PCRE2 finds the leftmost match quickly but takes the first alternative that fits, where PostgreSQL takes the longest (or
 * shortest) match. For patterns where that can differ, the extent is found by PCRE2's other matcher (pcre2_dfa_match, which
 * tries all ways at once), and the groups by a match that must end just there. Patterns with back references cannot go
 * through that one and keep PCRE2's choice.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "executor/func/regex.h"

#include "base/error.h"

#include <pcre2.h>

enum { DFA_WORKSPACE = 4096, DFA_SPANS = 1 };

struct Regex {
    ArenaDefer        defer;
    pcre2_code       *code;
    pcre2_match_data *match;
    pcre2_match_data *extent;     /* of the dfa matcher; NULL: not needed */
    int              *workspace;
    RegexSpan        *spans;
    int               group_count;
    bool              shortest;
};

static void release(void *object)
{
    Regex *regex = object;

    pcre2_match_data_free(regex->match);
    pcre2_match_data_free(regex->extent);
    pcre2_code_free(regex->code);
}

static noreturn void raise_compile_error(int code)
{
    PCRE2_UCHAR text[160];

    switch (code) {
    case PCRE2_ERROR_QUANTIFIER_INVALID:
        raise_bad_regex("quantifier operand invalid");
    case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS:
    case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS:
        raise_bad_regex("parentheses () not balanced");
    case PCRE2_ERROR_MISSING_SQUARE_BRACKET:
        raise_bad_regex("brackets [] not balanced");
    case PCRE2_ERROR_CLASS_RANGE_ORDER:
    case PCRE2_ERROR_CLASS_INVALID_RANGE:
        raise_bad_regex("invalid character range");
    case PCRE2_ERROR_PATTERN_TOO_LARGE:
    case PCRE2_ERROR_PATTERN_TOO_COMPLICATED:
    case PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP:
        raise_bad_regex("regular expression is too complex");
    case PCRE2_ERROR_HEAP_FAILED:
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    default:
        pcre2_get_error_message(code, text, sizeof text);
        raise_bad_regex((const char *)text);
    }
}

static noreturn void raise_match_error(int code)
{
    if (code == PCRE2_ERROR_NOMEMORY)
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    raise_error(SQLSTATE_INVALID_REGULAR_EXPRESSION, "regular expression failed: %s", "regular expression is too complex");
}

Regex *regex_compile(Arena *arena, Slice pattern, RegexFlags flags)
{
    Regex           *regex = ARENA_NEW(arena, Regex);
    RegexTranslation translation;
    uint32_t         options = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    int              error;
    PCRE2_SIZE       offset;

    regex_translate(arena, pattern, flags, &translation);
    options |= translation.flags.ignore_case ? PCRE2_CASELESS : 0;
    options |= translation.flags.newline_stops ? 0 : PCRE2_DOTALL;
    options |= translation.flags.newline_anchors ? PCRE2_MULTILINE : 0;
    regex->code = pcre2_compile((PCRE2_SPTR)strbuf_cstring(&translation.text), translation.text.size, options, &error, &offset,
                                NULL);
    if (regex->code == NULL)
        raise_compile_error(error);
    arena_defer(arena, &regex->defer, release, regex);
    regex->group_count = translation.group_count;
    regex->spans = ARENA_ARRAY_ZEROED(arena, (size_t)regex->group_count + 1, RegexSpan);
    regex->shortest = translation.preference == REGEX_LAZY;
    regex->match = pcre2_match_data_create_from_pattern(regex->code, NULL);
    if (translation.needs_extent && !translation.has_backreference) {
        regex->extent = pcre2_match_data_create(DFA_SPANS, NULL);
        regex->workspace = ARENA_ARRAY(arena, DFA_WORKSPACE, int);
    }
    if (regex->match == NULL || (translation.needs_extent && !translation.has_backreference && regex->extent == NULL))
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE); /* without it matching is slower, no more */
    return regex;
}

int regex_group_count(const Regex *regex)
{
    return regex->group_count;
}

/* Returns whether there is a match, with its spans in regex->match. */
static bool match(Regex *regex, Slice text, size_t from, uint32_t options)
{
    static const uint8_t nothing[1];
    PCRE2_SPTR           subject = text.data != NULL ? text.data : nothing;
    int rc = pcre2_match(regex->code, subject, text.size, from, options | PCRE2_NO_UTF_CHECK, regex->match, NULL);

    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(regex->code, subject, text.size, from, options | PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, regex->match, NULL);
    if (rc == PCRE2_ERROR_NOMATCH)
        return false;
    if (rc < 0)
        raise_match_error(rc);
    return true;
}

bool regex_matches(Regex *regex, Slice text)
{
    return match(regex, text, 0, 0);
}

/* Makes the match in regex->match the longest or shortest of those with its start. */
static void settle_extent(Regex *regex, Slice text)
{
    PCRE2_SIZE *spans = pcre2_get_ovector_pointer(regex->match);
    size_t      start = spans[0];
    size_t      end = spans[1];
    int         rc;

    rc = pcre2_dfa_match(regex->code, text.data, text.size, start,
                         PCRE2_NO_UTF_CHECK | PCRE2_ANCHORED | (regex->shortest ? PCRE2_DFA_SHORTEST : 0), regex->extent, NULL,
                         regex->workspace, DFA_WORKSPACE);
    if (rc < 0) /* too complex for it: PCRE2's own choice stands */
        return;
    if (pcre2_get_ovector_pointer(regex->extent)[1] == end)
        return;
    end = pcre2_get_ovector_pointer(regex->extent)[1];
    if (!match(regex, slice_of(text.data, end), start, PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NO_JIT))
        (void)match(regex, text, start, PCRE2_ANCHORED); /* looked ahead beyond its end: the first choice again */
}

bool regex_find(Regex *regex, Slice text, size_t from, const RegexSpan **spans_out)
{
    PCRE2_SIZE *spans;

    if (!match(regex, text, from, 0))
        return false;
    if (regex->extent != NULL && text.size > 0)
        settle_extent(regex, text);
    spans = pcre2_get_ovector_pointer(regex->match);
    for (int i = 0; i <= regex->group_count; i++) {
        regex->spans[i].start = spans[2 * i] == PCRE2_UNSET ? REGEX_NO_SPAN : spans[2 * i];
        regex->spans[i].end = spans[2 * i + 1] == PCRE2_UNSET ? REGEX_NO_SPAN : spans[2 * i + 1];
    }
    *spans_out = regex->spans;
    return true;
}
