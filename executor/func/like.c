/*
 * like.c - LIKE, ILIKE and their negations.
 *
 * A pattern is cut at its %s into segments of literal bytes and single-character wildcards. The first segment is anchored at
 * the start and the last at the end unless a % stands there; those between are found one after the other, each at its
 * first place, which is right because % is greedy in nothing but what is left over. A segment without _ is found by memmem.
 */
#include "executor/func/like.h"

#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/utf8.h"

typedef struct Segment {
    Slice          bytes;        /* escapes taken out */
    const uint8_t *wild;         /* beside bytes: 1 where bytes has a _ wildcard; NULL: none */
} Segment;

struct LikePattern {
    LikeUnit unit;
    bool     open_start;   /* begins with % */
    bool     open_end;     /* ends with % */
    bool     bad_end;      /* ends with a lone escape: reaching it is an error */
    int32_t  count;
    Segment  segments[];
};

/* ---- compiling -------------------------------------------------------------------------------------------------- */

static void finish_segment(LikePattern *like, uint8_t *bytes, uint8_t *wild, size_t start, size_t end)
{
    bool any_wild = false;

    if (start == end)
        return;
    for (size_t i = start; i < end; i++)
        any_wild |= wild[i] != 0;
    like->segments[like->count++] = (Segment){slice_of(bytes + start, end - start), any_wild ? wild + start : NULL};
}

LikePattern *like_compile(Arena *arena, Slice pattern, LikeUnit unit)
{
    size_t       most = 1;
    LikePattern *like;
    uint8_t     *bytes = arena_alloc(arena, pattern.size);
    uint8_t     *wild = arena_alloc_zeroed(arena, pattern.size + 1, 1);
    size_t       start = 0;
    size_t       size = 0;
    bool         after_percent = false;

    for (size_t i = 0; i < pattern.size; i++)
        most += pattern.data[i] == '%';
    like = arena_alloc_zeroed(arena, 1, sizeof *like + most * sizeof(Segment));
    like->unit = unit;
    like->open_start = pattern.size > 0 && pattern.data[0] == '%';
    for (size_t i = 0; i < pattern.size; i++) {
        uint8_t c = pattern.data[i];

        after_percent = c == '%';
        if (c == '%') {
            finish_segment(like, bytes, wild, start, size);
            start = size;
            continue;
        }
        if (c == '\\') {
            if (++i == pattern.size) {
                like->bad_end = true;
                break;
            }
            c = pattern.data[i];
        } else if (c == '_') {
            wild[size] = 1;
        }
        bytes[size++] = c;
    }
    finish_segment(like, bytes, wild, start, size);
    like->open_end = after_percent || like->bad_end;
    return like;
}

Slice like_prefix(const LikePattern *pattern, bool *exact)
{
    const Segment *first = &pattern->segments[0];
    size_t         size = 0;

    *exact = false;
    if (pattern->bad_end || pattern->open_start)
        return slice_of("", 0);
    if (pattern->count == 0) {
        *exact = true;
        return slice_of("", 0);
    }
    while (size < first->bytes.size && (first->wild == NULL || !first->wild[size]))
        size++;
    *exact = pattern->count == 1 && !pattern->open_end && first->wild == NULL;
    return slice_of(first->bytes.data, size);
}

/* ---- matching --------------------------------------------------------------------------------------------------- */

/* The end of a match of the segment at the start of text, or NULL. */
static const uint8_t *match_here(const Segment *segment, LikeUnit unit, const uint8_t *at, const uint8_t *end)
{
    if (segment->wild == NULL) {
        if ((size_t)(end - at) < segment->bytes.size || memcmp(at, segment->bytes.data, segment->bytes.size) != 0)
            return NULL;
        return at + segment->bytes.size;
    }
    for (size_t i = 0; i < segment->bytes.size; i++) {
        if (at >= end)
            return NULL;
        if (segment->wild[i])
            at += unit == LIKE_CHARACTERS ? utf8_sequence_size(*at) : 1;
        else if (*at++ != segment->bytes.data[i])
            return NULL;
    }
    return at <= end ? at : NULL;
}

/* The end of the first match of the segment in text, or NULL. */
static const uint8_t *find_segment(const Segment *segment, LikeUnit unit, const uint8_t *at, const uint8_t *end)
{
    if (segment->wild == NULL) {
        const uint8_t *found = memmem(at, (size_t)(end - at), segment->bytes.data, segment->bytes.size);

        return found != NULL ? found + segment->bytes.size : NULL;
    }
    while (at <= end) {
        const uint8_t *after = match_here(segment, unit, at, end);

        if (after != NULL)
            return after;
        if (at == end)
            return NULL;
        at += unit == LIKE_CHARACTERS ? utf8_sequence_size(*at) : 1;
    }
    return NULL;
}

/* Whether the segment matches just the end of text, from at on. */
static bool match_at_end(const Segment *segment, LikeUnit unit, const uint8_t *at, const uint8_t *end)
{
    if (segment->wild == NULL) {
        return (size_t)(end - at) >= segment->bytes.size &&
               memcmp(end - segment->bytes.size, segment->bytes.data, segment->bytes.size) == 0;
    }
    for (const uint8_t *from = end;; from--) { /* shortest first; starts inside a character match nothing */
        if (unit == LIKE_BYTES || from == end || !utf8_is_continuation(*from)) {
            if (match_here(segment, unit, from, end) == end)
                return true;
        }
        if (from == at)
            return false;
    }
}

static bool matches_up_to_end(const LikePattern *like, Slice text)
{
    const uint8_t *at = text.data;
    const uint8_t *end = text.data + text.size;
    int32_t        i = 0;
    int32_t        last = like->count - 1;

    if (like->count == 0)
        return like->open_start || text.size == 0;
    if (!like->open_start) {
        at = match_here(&like->segments[i++], like->unit, at, end);
        if (at == NULL)
            return false;
        if (i > last)
            return like->open_end || at == end;
    }
    for (; i < last; i++) {
        at = find_segment(&like->segments[i], like->unit, at, end);
        if (at == NULL)
            return false;
    }
    if (like->open_end)
        return find_segment(&like->segments[last], like->unit, at, end) != NULL;
    return match_at_end(&like->segments[last], like->unit, at, end);
}

bool like_matches(const LikePattern *pattern, Slice text)
{
    if (LIKELY(!pattern->bad_end))
        return matches_up_to_end(pattern, text);
    /* PG15: a lone escape at the end is an error only if matching comes to it with text left; open_end is set */
    if (text.size > 0 && matches_up_to_end(pattern, slice_of(text.data, text.size - 1)))
        raise_error(SQLSTATE_INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
    return false;
}

/* ---- kernels ---------------------------------------------------------------------------------------------------- */

/* One call site: the pattern compiled last, which for a constant is the only one. */
typedef struct LikeState {
    LikePattern *compiled;
    Slice        source;     /* the bytes it was compiled from, in arena */
    bool         is_constant;
    Arena       *arena;      /* of this state, reset for each new pattern */
} LikeState;

typedef struct LikeKind {
    LikeUnit unit;
    bool     ignore_case;
} LikeKind;

static void compile_into(LikeState *state, Slice pattern, LikeKind kind)
{
    state->source = arena_copy(state->arena, pattern);
    if (kind.ignore_case)
        pattern = utf8_change_case(state->arena, state->source, UTF8_LOWER);
    else
        pattern = state->source;
    state->compiled = like_compile(state->arena, pattern, kind.unit);
}

static LikeKind kind_of(const Proc *proc)
{
    LikeKind kind = {LIKE_CHARACTERS, false};

    kind.unit = proc->args[0] == TYPE_BYTEA ? LIKE_BYTES : LIKE_CHARACTERS;
    switch (proc->oid) {
    case 1633: /* texticlike and its kin */
    case 1634:
    case 1635:
    case 1636:
    case 1660:
    case 1661:
        kind.ignore_case = true;
        break;
    default:
        break;
    }
    return kind;
}

static void *like_prepare(const KernelPrepare *prepare)
{
    LikeState *state = ARENA_NEW(prepare->arena, LikeState);

    state->arena = arena_new(prepare->arena, NULL, "LIKE pattern");
    if (prepare->constants[1] != NULL) {
        compile_into(state, prepare->constants[1]->bytes, kind_of(prepare->proc));
        state->is_constant = true;
    }
    return state;
}

static const LikePattern *pattern_for(LikeState *state, Slice pattern, LikeKind kind)
{
    if (!state->is_constant && (state->compiled == NULL || !slice_equal(state->source, pattern))) {
        state->compiled = NULL;
        arena_reset(state->arena);
        compile_into(state, pattern, kind);
    }
    return state->compiled;
}

static void run_like(KernelCall *call, bool negated)
{
    const Slice *text = call->args[0]->data;
    const Slice *pattern = call->args[1]->data;
    uint8_t     *out = call->result->data;
    LikeState   *state = call->state;
    LikeKind     kind = kind_of(call->proc);

    FOR_EACH_ROW(call->sel, call->count, row, {
        const LikePattern *compiled = pattern_for(state, pattern[row], kind);
        Slice              subject = text[row];

        if (kind.ignore_case)
            subject = utf8_change_case(call->ctx->arena, subject, UTF8_LOWER);
        out[row] = like_matches(compiled, subject) != negated;
    });
}

static void like_run(KernelCall *call)
{
    run_like(call, false);
}

static void not_like_run(KernelCall *call)
{
    run_like(call, true);
}

/* ---- like_escape ------------------------------------------------------------------------------------------------- */

/* The pattern with another escape character (or none) rewritten to use the backslash. */
static Slice escape_pattern(Arena *arena, Slice pattern, Slice escape, bool bytes)
{
    StrBuf out;
    size_t escape_size = escape.size == 0 ? 0 : bytes ? 1 : utf8_sequence_size(escape.data[0]);

    if (escape.size != escape_size) {
        Error *err = error_new(SQLSTATE_INVALID_ESCAPE_SEQUENCE, "invalid escape string");

        error_hint(err, "Escape string must be empty or one character.");
        error_raise(err);
    }
    if (escape.size == 1 && escape.data[0] == '\\')
        return pattern;
    strbuf_init(&out, arena);
    for (size_t at = 0; at < pattern.size;) {
        size_t size = bytes ? 1 : MIN(utf8_sequence_size(pattern.data[at]), pattern.size - at);

        if (escape_size > 0 && size == escape_size && memcmp(pattern.data + at, escape.data, size) == 0) {
            strbuf_append_char(&out, '\\');
            at += size;
            if (at == pattern.size)
                break;
            /* what is escaped is taken as it is, the escape character itself included */
            size = bytes ? 1 : MIN(utf8_sequence_size(pattern.data[at]), pattern.size - at);
        } else if (pattern.data[at] == '\\') {
            strbuf_append_char(&out, '\\');
        }
        strbuf_append(&out, pattern.data + at, size);
        at += size;
    }
    return slice_of(strbuf_cstring(&out), out.size);
}

static void like_escape_run(KernelCall *call)
{
    const Slice *pattern = call->args[0]->data;
    const Slice *escape = call->args[1]->data;
    Slice       *out = call->result->data;
    bool         bytes = call->proc->args[0] == TYPE_BYTEA;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = escape_pattern(call->ctx->arena, pattern[row], escape[row], bytes);
    });
}

#define LIKE(oid) {.proc = (oid), .run = like_run, .prepare = like_prepare}
#define NOT_LIKE(oid) {.proc = (oid), .run = not_like_run, .prepare = like_prepare}

const KernelEntry like_kernels[] = {
    LIKE(850),      NOT_LIKE(851),  /* text */
    LIKE(1569),     NOT_LIKE(1570),
    LIKE(858),      NOT_LIKE(859),  /* name */
    LIKE(1571),     NOT_LIKE(1572),
    LIKE(1631),     NOT_LIKE(1632), /* char(n) */
    LIKE(1633),     NOT_LIKE(1634), /* ILIKE: text, name, char(n) */
    LIKE(1635),     NOT_LIKE(1636),
    LIKE(1660),     NOT_LIKE(1661),
    LIKE(2005),     NOT_LIKE(2006), /* bytea */
    LIKE(2007),     NOT_LIKE(2008),
    {.proc = 1637, .run = like_escape_run},
    {.proc = 2009, .run = like_escape_run},
    {0},
};
