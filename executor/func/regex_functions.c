/*
 * regex_functions.c - kernels of ~ and of the regexp functions, SIMILAR TO.
 *
 * Positions and counts of the functions are in characters, spans of matches in bytes.
 */
#include "base/cancel.h"
#include "base/error.h"
#include "executor/func/kernels.h"
#include "executor/func/regex.h"
#include "executor/func/text.h"
#include "types/array.h"
#include "types/utf8.h"

/* ---- the compiled pattern of a call site -------------------------------------------------------------------------- */

typedef struct RegexState {
    Regex     *regex;
    RegexFlags flags;
    Slice      pattern; /* what regex was compiled from, in arena */
    Slice      flag_text;
    Arena     *arena;
} RegexState;

static void *regex_prepare(const KernelPrepare *prepare)
{
    RegexState *state = ARENA_NEW(prepare->arena, RegexState);

    state->arena = arena_new(prepare->arena, NULL, "regular expression");
    return state;
}

/* The regex of these two, compiled unless it is the one of the row before. */
static Regex *regex_for(RegexState *state, Slice pattern, Slice flag_text, bool ignore_case)
{
    if (state->regex != NULL && slice_equal(state->pattern, pattern) && slice_equal(state->flag_text, flag_text))
        return state->regex;
    state->regex = NULL;
    arena_reset(state->arena);
    state->pattern = arena_copy(state->arena, pattern);
    state->flag_text = arena_copy(state->arena, flag_text);
    state->flags = regex_parse_flags(state->flag_text);
    state->flags.ignore_case |= ignore_case;
    state->regex = regex_compile(state->arena, state->pattern, state->flags);
    return state->regex;
}

static Slice no_flags(void)
{
    return slice_of("", 0);
}

/* ---- operators ---------------------------------------------------------------------------------------------------- */

static void run_operator(KernelCall *call, bool ignore_case, bool negated)
{
    const Slice *text = call->args[0]->data;
    const Slice *pattern = call->args[1]->data;
    uint8_t     *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = regex_matches(regex_for(call->state, pattern[row], no_flags(), ignore_case), text[row]) != negated;
    });
}

static void match_run(KernelCall *call)
{
    run_operator(call, false, false);
}

static void not_match_run(KernelCall *call)
{
    run_operator(call, false, true);
}

static void match_ignoring_case_run(KernelCall *call)
{
    run_operator(call, true, false);
}

static void not_match_ignoring_case_run(KernelCall *call)
{
    run_operator(call, true, true);
}

/* ---- arguments of the functions ----------------------------------------------------------------------------------- */

static Slice text_arg(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], const Slice)[row];
}

static int32_t int_arg(const KernelCall *call, int arg, int32_t row, int32_t otherwise)
{
    return arg < call->arg_count ? VECTOR_DATA(call->args[arg], const int32_t)[row] : otherwise;
}

static Slice flags_arg(const KernelCall *call, int arg, int32_t row)
{
    return arg < call->arg_count ? text_arg(call, arg, row) : no_flags();
}

static noreturn void raise_parameter(const char *name, int32_t value)
{
    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": %d", name, value);
}

static int32_t positive(const char *name, int32_t value)
{
    if (value <= 0)
        raise_parameter(name, value);
    return value;
}

/* g is for functions that return or replace all matches; the others refuse it. */
static void refuse_global(const RegexState *state, const char *function)
{
    if (state->flags.global)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option", function);
}

/* ---- walking over all matches -------------------------------------------------------------------------------------- */

typedef struct Walk {
    Regex           *regex;
    Slice            text;
    size_t           from;
    const RegexSpan *spans;
    bool             done;
} Walk;

/* The next match; after an empty one the search goes on a character further. */
static bool next_match(Walk *walk)
{
    check_cancel();
    if (walk->done || walk->from > walk->text.size || !regex_find(walk->regex, walk->text, walk->from, &walk->spans)) {
        walk->done = true;
        return false;
    }
    walk->from = walk->spans[0].end;
    if (walk->spans[0].end == walk->spans[0].start) {
        if (walk->from == walk->text.size)
            walk->done = true;
        else
            walk->from += utf8_sequence_size(walk->text.data[walk->from]);
    }
    return true;
}

/* A walk that starts at a character position (from 1). */
static Walk walk_from(Regex *regex, Slice text, int32_t start)
{
    size_t length = start > 1 ? utf8_length(text) : 0;

    if (start > 1 && (size_t)start - 1 > length)
        return (Walk){.regex = regex, .text = text, .done = true};
    return (Walk){.regex = regex, .text = text, .from = utf8_offset(text, (size_t)start - 1)};
}

static Slice span_of(Slice text, RegexSpan span)
{
    return slice_of(text.data + span.start, span.end - span.start);
}

/* ---- like, count, instr, substr ----------------------------------------------------------------------------------- */

static void regexp_like_run(KernelCall *call)
{
    uint8_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Regex *regex = regex_for(call->state, text_arg(call, 1, row), flags_arg(call, 2, row), false);

        refuse_global(call->state, "regexp_like()");
        out[row] = regex_matches(regex, text_arg(call, 0, row));
    });
}

static void regexp_count_run(KernelCall *call)
{
    int32_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t start = positive("start", int_arg(call, 2, row, 1));
        Regex  *regex = regex_for(call->state, text_arg(call, 1, row), flags_arg(call, 3, row), false);
        Walk    walk = walk_from(regex, text_arg(call, 0, row), start);

        refuse_global(call->state, "regexp_count()");
        out[row] = 0;
        while (next_match(&walk))
            out[row]++;
    });
}

/* Goes to match number n; false when there are fewer. */
static bool nth_match(Walk *walk, int32_t n)
{
    while (n-- > 0) {
        if (!next_match(walk))
            return false;
    }
    return true;
}

static void regexp_instr_run(KernelCall *call)
{
    int32_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice   text = text_arg(call, 0, row);
        int32_t start = positive("start", int_arg(call, 2, row, 1));
        int32_t n = positive("n", int_arg(call, 3, row, 1));
        int32_t end_option = int_arg(call, 4, row, 0);
        int32_t group = int_arg(call, 6, row, 0);
        Regex  *regex;
        Walk    walk;

        if (end_option != 0 && end_option != 1)
            raise_parameter("endoption", end_option);
        if (group < 0)
            raise_parameter("subexpr", group);
        regex = regex_for(call->state, text_arg(call, 1, row), flags_arg(call, 5, row), false);
        refuse_global(call->state, "regexp_instr()");
        walk = walk_from(regex, text, start);
        out[row] = 0;
        if (nth_match(&walk, n) && group <= regex_group_count(regex) && walk.spans[group].start != REGEX_NO_SPAN) {
            size_t offset = end_option == 1 ? walk.spans[group].end : walk.spans[group].start;

            out[row] = (int32_t)utf8_length(slice_of(text.data, offset)) + 1;
        }
    });
}

static void regexp_substr_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice   text = text_arg(call, 0, row);
        int32_t start = positive("start", int_arg(call, 2, row, 1));
        int32_t n = positive("n", int_arg(call, 3, row, 1));
        int32_t group = int_arg(call, 5, row, 0);
        Regex  *regex;
        Walk    walk;

        if (group < 0)
            raise_parameter("subexpr", group);
        regex = regex_for(call->state, text_arg(call, 1, row), flags_arg(call, 4, row), false);
        refuse_global(call->state, "regexp_substr()");
        walk = walk_from(regex, text, start);
        if (nth_match(&walk, n) && group <= regex_group_count(regex) && walk.spans[group].start != REGEX_NO_SPAN)
            out[row] = span_of(text, walk.spans[group]);
        else
            kernel_set_null(call, row);
    });
}

/* substring(text from pattern): the first group, or the whole match when there is none. */
static void substring_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice            text = text_arg(call, 0, row);
        Regex           *regex = regex_for(call->state, text_arg(call, 1, row), no_flags(), false);
        const RegexSpan *spans;
        int              group = regex_group_count(regex) > 0;

        if (regex_find(regex, text, 0, &spans) && spans[group].start != REGEX_NO_SPAN)
            out[row] = span_of(text, spans[group]);
        else
            kernel_set_null(call, row);
    });
}

/* ---- replace ------------------------------------------------------------------------------------------------------ */

/* Appends the replacement: \1 .. \9 are groups, \& the match, \\ a backslash, any other backslash itself. */
static void append_replacement(StrBuf *out, Slice replacement, const Walk *walk)
{
    int group_count = regex_group_count(walk->regex);

    for (size_t i = 0; i < replacement.size; i++) {
        uint8_t c = replacement.data[i];
        uint8_t next = i + 1 < replacement.size ? replacement.data[i + 1] : 0;
        int     group = -1;

        if (c != '\\') {
            strbuf_append_char(out, (char)c);
            continue;
        }
        if (next == '&')
            group = 0;
        else if (next >= '1' && next <= '9')
            group = next - '0';
        if (group < 0) {
            strbuf_append_char(out, '\\');
            i += next == '\\';
            continue;
        }
        i++;
        if (group <= group_count && walk->spans[group].start != REGEX_NO_SPAN)
            strbuf_append_slice(out, span_of(walk->text, walk->spans[group]));
    }
}

/* Replaces match number n from start on; n 0: all. */
static Slice replace_matches(Arena *arena, Regex *regex, Slice text, Slice replacement, int32_t start, int32_t n)
{
    Walk   walk = walk_from(regex, text, start);
    StrBuf out;
    size_t copied = 0;

    strbuf_init(&out, arena);
    for (int32_t found = 1; next_match(&walk); found++) {
        RegexSpan span = walk.spans[0];

        if (n != 0 && found < n)
            continue;
        strbuf_append(&out, text.data + copied, span.start - copied);
        append_replacement(&out, replacement, &walk);
        copied = span.end;
        if (n != 0)
            break;
    }
    if (out.data == NULL)
        return text;
    strbuf_append(&out, text.data + copied, text.size - copied);
    return strbuf_slice(&out);
}

/* (text, pattern, replacement [, flags]) */
static void regexp_replace_run(KernelCall *call)
{
    RegexState *state = call->state;
    Slice      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice  flags = flags_arg(call, 3, row);
        Regex *regex;

        if (flags.size > 0 && flags.data[0] >= '0' && flags.data[0] <= '9') {
            Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid regular expression option: \"%c\"", flags.data[0]);

            error_hint(err, "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer "
                            "explicitly.");
            error_raise(err);
        }
        regex = regex_for(state, text_arg(call, 1, row), flags, false);
        out[row] = replace_matches(call->ctx->arena, regex, text_arg(call, 0, row), text_arg(call, 2, row), 1,
                                   state->flags.global ? 0 : 1);
    });
}

/* (text, pattern, replacement, start [, n [, flags]]) */
static void regexp_replace_from_run(KernelCall *call)
{
    RegexState *state = call->state;
    Slice      *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        int32_t start = positive("start", int_arg(call, 3, row, 1));
        int32_t n = int_arg(call, 4, row, 1);
        Regex  *regex;

        if (n < 0)
            raise_parameter("n", n);
        regex = regex_for(state, text_arg(call, 1, row), flags_arg(call, 5, row), false);
        if (call->arg_count == 4 && state->flags.global)
            n = 0;
        out[row] = replace_matches(call->ctx->arena, regex, text_arg(call, 0, row), text_arg(call, 2, row), start, n);
    });
}

/* ---- match, matches, split ---------------------------------------------------------------------------------------- */

/* The groups of a match as text[], or the whole match when there are none. */
static Slice groups_array(Arena *arena, const Walk *walk)
{
    int    group_count = regex_group_count(walk->regex);
    int    first = group_count > 0;
    int    count = MAX(group_count, 1);
    Datum *values = ARENA_ARRAY(arena, (size_t)count, Datum);
    bool  *nulls = ARENA_ARRAY(arena, (size_t)count, bool);

    for (int i = 0; i < count; i++) {
        RegexSpan span = walk->spans[first + i];

        nulls[i] = span.start == REGEX_NO_SPAN;
        values[i].bytes = nulls[i] ? slice_of("", 0) : span_of(walk->text, span);
    }
    return array_build_list(arena, TYPE_TEXT, PHYS_BYTES, values, nulls, count);
}

static void regexp_match_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Regex *regex = regex_for(call->state, text_arg(call, 1, row), flags_arg(call, 2, row), false);
        Walk   walk = walk_from(regex, text_arg(call, 0, row), 1);

        if (((RegexState *)call->state)->flags.global) {
            Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option", "regexp_match()");

            error_hint(err, "Use the regexp_matches function instead.");
            error_raise(err);
        }
        if (next_match(&walk))
            out[row] = groups_array(call->ctx->arena, &walk);
        else
            kernel_set_null(call, row);
    });
}

/* The piece of text up to the next separator. Empty matches at the ends and right behind another match do not separate. */
typedef struct Split {
    Walk   walk;
    size_t piece_start;
    bool   done;
} Split;

static bool next_piece(Split *split, Slice *piece)
{
    Slice text = split->walk.text;

    if (split->done)
        return false;
    while (next_match(&split->walk)) {
        RegexSpan span = split->walk.spans[0];

        if (span.start >= text.size && span.end == span.start)
            break;
        if (span.end <= split->piece_start) /* empty, at the start of a piece */
            continue;
        *piece = slice_of(text.data + split->piece_start, span.start - split->piece_start);
        split->piece_start = span.end;
        return true;
    }
    *piece = slice_of(text.data + split->piece_start, text.size - split->piece_start);
    split->done = true;
    return true;
}

static void regexp_split_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Regex *regex = regex_for(call->state, text_arg(call, 1, row), flags_arg(call, 2, row), false);
        Split  split = {.walk = walk_from(regex, text_arg(call, 0, row), 1)};
        Datum *pieces = NULL;
        size_t count = 0;
        size_t capacity = 0;
        Slice  piece;

        refuse_global(call->state, "regexp_split_to_array()");
        while (next_piece(&split, &piece)) {
            if (count == capacity) {
                size_t more = MAX(2 * capacity, 8);

                pieces = arena_grow(call->ctx->arena, pieces, capacity * sizeof *pieces, more * sizeof *pieces);
                capacity = more;
            }
            pieces[count++].bytes = piece;
        }
        out[row] = array_build_list(call->ctx->arena, TYPE_TEXT, PHYS_BYTES, pieces, NULL, (int32_t)count);
    });
}

/* ---- sets --------------------------------------------------------------------------------------------------------- */

typedef struct MatchSet {
    Split split;
    bool  global;
    bool  any;
} MatchSet;

static void set_start(SetCall *call)
{
    MatchSet  *set = ARENA_NEW(call->arena, MatchSet);
    RegexFlags flags = {0};
    bool       split = call->proc->result == TYPE_TEXT;
    Regex     *regex;

    if (call->arg_count > 2)
        flags = regex_parse_flags(call->args[2].bytes);
    if (split && flags.global)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s does not support the \"global\" option", "regexp_split_to_table()");
    regex = regex_compile(call->arena, call->args[1].bytes, flags);
    set->split.walk = walk_from(regex, call->args[0].bytes, 1);
    set->global = flags.global;
    call->state = set;
}

static int32_t matches_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    MatchSet *set = call->state;
    Slice    *out = outputs[0]->data;
    int32_t   count = 0;

    (void)output_count;
    while (count < max_rows && (set->global || !set->any) && next_match(&set->split.walk)) {
        set->any = true;
        out[count++] = groups_array(batch_arena, &set->split.walk);
    }
    return count;
}

static int32_t split_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    MatchSet *set = call->state;
    Slice    *out = outputs[0]->data;
    int32_t   count = 0;

    (void)batch_arena, (void)output_count;
    while (count < max_rows && next_piece(&set->split, &out[count]))
        count++;
    return count;
}

/* ---- SIMILAR TO --------------------------------------------------------------------------------------------------- */

static noreturn void raise_bad_escape(void)
{
    Error *err = error_new(SQLSTATE_INVALID_ESCAPE_SEQUENCE, "invalid escape string");

    error_hint(err, "Escape string must be empty or one character.");
    error_raise(err);
}

/* An SQL regular expression as an advanced one. Parts between escape-double-quotes become the group of substring(). */
static Slice similar_to_regex(Arena *arena, Slice pattern, Slice escape)
{
    StrBuf out;
    bool   escaped = false;
    bool   in_brackets = false;
    int    quotes = 0;

    if (escape.size > 0 && utf8_sequence_size(escape.data[0]) != escape.size)
        raise_bad_escape();
    strbuf_init(&out, arena);
    strbuf_append_cstring(&out, "^(?:");
    for (size_t at = 0; at < pattern.size;) {
        size_t  size = MIN(utf8_sequence_size(pattern.data[at]), pattern.size - at);
        uint8_t c = pattern.data[at];

        if (escaped) {
            if (c == '"' && !in_brackets) {
                if (quotes > 1)
                    raise_error(SQLSTATE_INVALID_USE_OF_ESCAPE_CHARACTER,
                                "SQL regular expression may not contain more than two escape-double-quote separators");
                strbuf_append_cstring(&out, quotes++ == 0 ? "){1,1}?(" : "){1,1}(?:");
            } else {
                strbuf_append_char(&out, '\\');
                strbuf_append(&out, pattern.data + at, size);
            }
            escaped = false;
        } else if (escape.size == size && memcmp(escape.data, pattern.data + at, size) == 0) {
            escaped = true;
        } else if (in_brackets) {
            if (c == '\\')
                strbuf_append_char(&out, '\\');
            strbuf_append(&out, pattern.data + at, size);
            in_brackets = c != ']';
        } else if (c == '[') {
            strbuf_append_char(&out, '[');
            in_brackets = true;
        } else if (c == '%') {
            strbuf_append_cstring(&out, ".*");
        } else if (c == '_') {
            strbuf_append_char(&out, '.');
        } else if (c == '(') {
            strbuf_append_cstring(&out, "(?:");
        } else {
            if (c == '\\' || c == '.' || c == '^' || c == '$')
                strbuf_append_char(&out, '\\');
            strbuf_append(&out, pattern.data + at, size);
        }
        at += size;
    }
    strbuf_append_cstring(&out, ")$");
    return strbuf_slice(&out);
}

static Slice default_escape(void)
{
    return slice_of("\\", 1);
}

static void similar_to_escape_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = similar_to_regex(call->ctx->arena, text_arg(call, 0, row),
                                    call->arg_count > 1 ? text_arg(call, 1, row) : default_escape());
    });
}

/* similar_escape(): not strict, a NULL escape means the backslash. */
static void similar_escape_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (!vector_is_valid(call->args[0], row))
            kernel_set_null(call, row);
        else
            out[row] = similar_to_regex(call->ctx->arena, text_arg(call, 0, row),
                                        vector_is_valid(call->args[1], row) ? text_arg(call, 1, row) : default_escape());
    });
}

/* substring(text similar pattern escape e) */
static void substring_similar_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Slice            text = text_arg(call, 0, row);
        Slice            pattern = similar_to_regex(call->ctx->arena, text_arg(call, 1, row), text_arg(call, 2, row));
        Regex           *regex = regex_for(call->state, pattern, no_flags(), false);
        const RegexSpan *spans;
        int              group = regex_group_count(regex) > 0;

        if (regex_find(regex, text, 0, &spans) && spans[group].start != REGEX_NO_SPAN)
            out[row] = span_of(text, spans[group]);
        else
            kernel_set_null(call, row);
    });
}

#define REGEX(oid, function) {.proc = (oid), .run = (function), .prepare = regex_prepare}

const KernelEntry regex_kernels[] = {
    REGEX(1254, match_run), /* text */
    REGEX(1256, not_match_run),
    REGEX(1238, match_ignoring_case_run),
    REGEX(1239, not_match_ignoring_case_run),
    REGEX(79, match_run), /* name */
    REGEX(1252, not_match_run),
    REGEX(1240, match_ignoring_case_run),
    REGEX(1241, not_match_ignoring_case_run),
    REGEX(1658, match_run), /* char(n) */
    REGEX(1659, not_match_run),
    REGEX(1656, match_ignoring_case_run),
    REGEX(1657, not_match_ignoring_case_run),
    REGEX(6263, regexp_like_run),
    REGEX(6264, regexp_like_run),
    REGEX(6254, regexp_count_run),
    REGEX(6255, regexp_count_run),
    REGEX(6256, regexp_count_run),
    REGEX(6257, regexp_instr_run),
    REGEX(6258, regexp_instr_run),
    REGEX(6259, regexp_instr_run),
    REGEX(6260, regexp_instr_run),
    REGEX(6261, regexp_instr_run),
    REGEX(6262, regexp_instr_run),
    REGEX(6265, regexp_substr_run),
    REGEX(6266, regexp_substr_run),
    REGEX(6267, regexp_substr_run),
    REGEX(6268, regexp_substr_run),
    REGEX(6269, regexp_substr_run),
    REGEX(2073, substring_run),
    REGEX(2074, substring_similar_run),
    REGEX(2284, regexp_replace_run),
    REGEX(2285, regexp_replace_run),
    REGEX(6253, regexp_replace_from_run),
    REGEX(6252, regexp_replace_from_run),
    REGEX(6251, regexp_replace_from_run),
    REGEX(3396, regexp_match_run),
    REGEX(3397, regexp_match_run),
    REGEX(2767, regexp_split_run),
    REGEX(2768, regexp_split_run),
    {.proc = 1986, .run = similar_to_escape_run},
    {.proc = 1987, .run = similar_to_escape_run},
    {.proc = 1623, .run = similar_escape_run},
    {0},
};

const SetEntry regex_sets[] = {
    {.proc = 2763, .start = set_start, .next = matches_next},
    {.proc = 2764, .start = set_start, .next = matches_next},
    {.proc = 2765, .start = set_start, .next = split_next},
    {.proc = 2766, .start = set_start, .next = split_next},
    {0},
};
