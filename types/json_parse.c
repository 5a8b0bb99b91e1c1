/*
 * json_parse.c - the pass over JSON text that accepts.
 */
#include "types/json_parse.h"

#include "types/json_number.h"
#include "types/json_utf8.h"
#include "types/numeric.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

/* Bytes that PostgreSQL's lexer takes as part of a word: letters, digits, _ and all beyond ASCII. */
#define ONES_16 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
static const uint8_t word_bytes[256] = {
    ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ['A'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ['_'] = 1,
    ['a'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    [0x80] = ONES_16, ONES_16, ONES_16, ONES_16, ONES_16, ONES_16, ONES_16, ONES_16,
};

#define IS_BLANK(c) ((c) == ' ' || (c) == '\n' || (c) == '\t' || (c) == '\r')
#define SKIP_BLANKS(at, end)                           \
    while ((at) < (end) && *(at) <= ' ' && IS_BLANK(*(at))) \
    (at)++

static ALWAYS_INLINE bool in_text(const uint8_t *at, Slice text)
{
    return (uintptr_t)at - (uintptr_t)text.data < text.size;
}

static NEVER_INLINE bool add_long_number(JsonbBuilder *builder, Slice digits)
{
    Numeric value;

    if (!numeric_parse(digits, builder->arena, &value))
        return false;
    jsonb_add_numeric(builder, &value);
    return true;
}

/* The four hexadecimal digits at `at`, or -1. */
static int hex4(const uint8_t *at, const uint8_t *end)
{
    int value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        uint8_t c = at[i];

        if (json_is_digit(c))
            value = value * 16 + (c - '0');
        else if ((uint8_t)((c | 0x20) - 'a') < 6)
            value = value * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static uint8_t *put_utf8(uint8_t *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (uint8_t)c;
    } else if (c < 0x800) {
        *to++ = (uint8_t)(0xc0 | c >> 6);
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (uint8_t)(0xe0 | c >> 12);
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else {
        *to++ = (uint8_t)(0xf0 | c >> 18);
        *to++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    }
    return to;
}

/* The byte that \b \f \n \r \t \" \\ \/ stand for, 0 for letters that are no escape. */
static const uint8_t escapes[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                     ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};

/*
 * Reads one escape sequence behind its backslash. Returns the byte after it, or NULL when jsonb cannot hold it. A pair of
 * surrogates is one sequence.
 */
static const uint8_t *read_escape(const uint8_t *at, const uint8_t *end, uint8_t **to)
{
    int code, low;

    if (at == end)
        return NULL;
    if (*at != 'u') {
        if (escapes[*at] == 0)
            return NULL;
        *(*to)++ = escapes[*at];
        return at + 1;
    }
    code = hex4(at + 1, end);
    if (code <= 0 || (code >= 0xdc00 && code < 0xe000))
        return NULL;
    at += 5;
    if (code >= 0xd800 && code < 0xdc00) {
        if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
            return NULL;
        low = hex4(at + 2, end);
        if (low < 0xdc00 || low >= 0xe000)
            return NULL;
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    *to = put_utf8(*to, (uint32_t)code);
    return at;
}

/*
 * A string with escapes, whose first backslash is at `at`, opened at start (behind the quote). Returns the byte behind its closing
 * quote, or NULL. With a builder the decoded text is set; the decoded form is never longer than the written one.
 */
static NEVER_INLINE const uint8_t *escaped_string(const uint8_t *start, const uint8_t *at, const uint8_t *end,
                                                  JsonbBuilder *builder, Slice *out)
{
    const uint8_t *close = at;
    uint8_t       *text, *to;

    while (close < end && *close != '"') {
        if (*close < 0x20)
            return NULL;
        if (*close == '\\') {
            if (end - close < 2 || (close[1] != 'u' && escapes[close[1]] == 0))
                return NULL;
            if (close[1] == 'u' && hex4(close + 2, end) < 0)
                return NULL;
            close++;
        }
        close++;
    }
    if (close >= end || !json_utf8_valid(slice_of(start, (size_t)(close - start)), NULL))
        return NULL;
    if (builder == NULL)
        return close + 1;

    text = arena_alloc(builder->arena, (size_t)(close - start));
    memcpy(text, start, (size_t)(at - start));
    to = text + (at - start);
    while (at < close) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at = read_escape(at + 1, close, &to);
        if (at == NULL)
            return NULL;
    }
    *out = slice_of(text, (size_t)(to - text));
    return close + 1;
}

Slice json_unescape(Slice quoted, Arena *arena)
{
    JsonbBuilder   builder;
    const uint8_t *end = quoted.data + quoted.size;
    const uint8_t *at = memchr(quoted.data, '\\', quoted.size);
    Slice          out;

    if (at == NULL)
        return quoted;
    builder.arena = arena;
    if (escaped_string(quoted.data, at, end + 1, &builder, &out) == NULL)
        json_raise_error(slice_of(quoted.data - 1, quoted.size + 2), true);
    return out;
}

/* A string token: *at stands on its opening quote and is moved behind the closing one. */
#define SCAN_STRING_TOKEN(at, end, scan, build, builder, out)                                                     \
    ({                                                                                                            \
        const uint8_t *start_ = *(at) + 1;                                                                        \
        bool           high_ = false;                                                                             \
        const uint8_t *stop_ = scan(start_, (end), &high_);                                                       \
        bool           good_ = true;                                                                              \
        if (LIKELY(stop_ < (end) && *stop_ == '"')) {                                                             \
            *(out) = slice_of(start_, (size_t)(stop_ - start_));                                                  \
            good_ = LIKELY(!high_) || json_utf8_valid(*(out), NULL);                                              \
            *(at) = stop_ + 1;                                                                                    \
        } else if (stop_ < (end) && *stop_ == '\\') {                                                             \
            *(at) = escaped_string(start_, stop_, (end), (build) ? (builder) : NULL, (out));                      \
            good_ = *(at) != NULL;                                                                                \
        } else {                                                                                                  \
            good_ = false;                                                                                        \
        }                                                                                                         \
        good_;                                                                                                    \
    })

/* ---- variants ---------------------------------------------------------------------------------------------------- */

static ALWAYS_INLINE const uint8_t *scan_plain(const uint8_t *at, const uint8_t *end, bool *high)
{
    uint8_t seen = 0;

    while (at < end && *at >= 0x20 && *at != '"' && *at != '\\')
        seen |= *at++;
    *high |= seen >= 0x80;
    return at;
}

#define SCAN_NAME build_plain
#define SCAN_TARGET
#define SCAN_STRING scan_plain
#define SCAN_BUILD 1
#include "types/json_scan.tmpl.h"
#define SCAN_NAME check_plain_with
#define SCAN_TARGET
#define SCAN_STRING scan_plain
#define SCAN_BUILD 0
#include "types/json_scan.tmpl.h"

static bool check_plain(Slice text)
{
    return check_plain_with(NULL, text);
}

static bool always(void)
{
    return true;
}

#if defined(__x86_64__)

static ALWAYS_INLINE const uint8_t *scan_sse2(const uint8_t *at, const uint8_t *end, bool *high)
{
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    for (; end - at >= 16; at += 16) {
        __m128i  bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i  hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        uint32_t mask = (uint32_t)_mm_movemask_epi8(_mm_or_si128(hit, _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes)));
        uint32_t tops = (uint32_t)_mm_movemask_epi8(bytes);

        if (mask != 0) {
            *high |= (tops & (mask ^ (mask - 1))) != 0;
            return at + __builtin_ctz(mask);
        }
        *high |= tops != 0;
    }
    return scan_plain(at, end, high);
}

#define SCAN_NAME build_sse2
#define SCAN_TARGET
#define SCAN_STRING scan_sse2
#define SCAN_BUILD 1
#include "types/json_scan.tmpl.h"
#define SCAN_NAME check_sse2_with
#define SCAN_TARGET
#define SCAN_STRING scan_sse2
#define SCAN_BUILD 0
#include "types/json_scan.tmpl.h"

static bool check_sse2(Slice text)
{
    return check_sse2_with(NULL, text);
}

__attribute__((target("avx2"))) static inline const uint8_t *scan_avx2(const uint8_t *at, const uint8_t *end, bool *high)
{
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    const __m256i control = _mm256_set1_epi8(0x1f);

    for (; end - at >= 32; at += 32) {
        __m256i  bytes = _mm256_loadu_si256((const __m256i *)at);
        __m256i  hit = _mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote), _mm256_cmpeq_epi8(bytes, backslash));
        uint32_t mask =
            (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(hit, _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, control), bytes)));
        uint32_t tops = (uint32_t)_mm256_movemask_epi8(bytes);

        if (mask != 0) {
            *high |= (tops & (mask ^ (mask - 1))) != 0;
            return at + __builtin_ctz(mask);
        }
        *high |= tops != 0;
    }
    return scan_sse2(at, end, high);
}

#define SCAN_NAME build_avx2
#define SCAN_TARGET __attribute__((target("avx2")))
#define SCAN_STRING scan_avx2
#define SCAN_BUILD 1
#include "types/json_scan.tmpl.h"
#define SCAN_NAME check_avx2_with
#define SCAN_TARGET __attribute__((target("avx2")))
#define SCAN_STRING scan_avx2
#define SCAN_BUILD 0
#include "types/json_scan.tmpl.h"

static bool check_avx2(Slice text)
{
    return check_avx2_with(NULL, text);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2");
}

#endif

const JsonScanner json_scanners[] = {
    {"plain", build_plain, check_plain, always},
#if defined(__x86_64__)
    {"sse2", build_sse2, check_sse2, always},
    {"avx2", build_avx2, check_avx2, has_avx2},
#endif
    {NULL, NULL, NULL, NULL},
};

/* Set before main() and constant afterwards: the last variant that this processor has. */
static const JsonScanner *scanner = json_scanners;

__attribute__((constructor)) static void pick_scanner(void)
{
    for (const JsonScanner *each = json_scanners; each->name != NULL; each++)
        if (each->available())
            scanner = each;
}

/* ---- entry ------------------------------------------------------------------------------------------------------- */

Slice jsonb_parse_with(JsonbBuilder *builder, Slice text)
{
    if (UNLIKELY(!scanner->build(builder, text)))
        json_raise_error(text, true);
    return jsonb_finish(builder);
}

Slice jsonb_parse(Slice text, Arena *arena)
{
    JsonbBuilder builder;

    jsonb_builder_init(&builder, arena);
    return jsonb_parse_with(&builder, text);
}

void jsonb_add_text(JsonbBuilder *builder, Slice text)
{
    int depth = builder->depth;

    if (UNLIKELY(!scanner->build(builder, text)))
        json_raise_error(text, true);
    ASSERT(builder->depth == depth);
    (void)depth;
}

void json_check(Slice text)
{
    if (UNLIKELY(!scanner->check(text)))
        json_raise_error(text, false);
}

bool json_is_valid(Slice text)
{
    return scanner->check(text);
}
