/*
 * common.h - the few words every file of NexaDB uses: attributes, assertions, slices, checked sizes.
 *
 * Raises  never
 */
#ifndef BASE_COMMON_H
#define BASE_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define NEVER_INLINE __attribute__((noinline))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* What PostgreSQL calls NAMEDATALEN: names are cut to NAME_MAX_BYTES bytes. */
#define NAME_MAX_BYTES 63

/*
 * ASSERT states what a programmer promised, never what a client or a disk sent. It exists in the sanitizer
 * builds only (NEXA_DEBUG) and its condition has no side effects.
 */
#ifdef NEXA_DEBUG
#define ASSERT(condition) ((condition) ? (void)0 : assert_failed(#condition, __FILE__, __LINE__))
#else
#define ASSERT(condition) ((void)sizeof(!(condition)))
#endif

noreturn void assert_failed(const char *condition, const char *file, int line);

/*
 * Ends the process at once, with a message. Only where going on would harm durable data: everything
 * committed is in the log, and the next start recovers it.
 */
noreturn void panic(const char *format, ...) PRINTF_LIKE(1, 2);

/* A borrowed run of bytes. Says nothing about who owns them; not terminated by a zero. */
typedef struct Slice {
    const uint8_t *data;
    size_t         size;
} Slice;

static inline Slice slice_of(const void *data, size_t size)
{
    return (Slice){(const uint8_t *)data, size};
}

static inline Slice slice_from_cstring(const char *text)
{
    return (Slice){(const uint8_t *)text, strlen(text)};
}

static inline bool slice_equal(Slice a, Slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Byte order, the shorter first when one is a prefix of the other: the order of keys and of text. */
static inline int slice_compare(Slice a, Slice b)
{
    size_t shared = MIN(a.size, b.size);
    int    order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);

    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

static inline bool slice_starts_with(Slice whole, Slice prefix)
{
    return whole.size >= prefix.size && memcmp(whole.data, prefix.data, prefix.size) == 0;
}

/* Products and sums of sizes that come from outside: false means overflow, and *out is not to be used. */
static inline bool size_multiply(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

static inline bool size_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

#endif
