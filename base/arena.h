/*
 * arena.h - memory that is freed all at once: every allocation has an arena, and every arena a parent.
 *
 * An arena hands out memory from chunks by moving a pointer. Nothing is freed singly; arena_reset() takes
 * everything back (keeping one warm chunk), arena_free() ends the arena and all its children. What is not
 * memory (iterators, files, locks) hangs on the arena by arena_defer() and is released newest first.
 * Chunks come from a process-wide pool of warm ones, because the first touch of a fresh page is what costs.
 *
 * Ownership   arena_new() returns an arena owned by its parent; a root (parent NULL) by the caller.
 * Threads     one thread at a time for an arena and its children; different roots are independent.
 * Raises      arena_alloc() and all that is built on it raise 53200 and never return NULL;
 *             arena_try_alloc() returns NULL instead, for storage. Everything else: never.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/account.h"
#include "base/common.h"

typedef struct Arena Arena;

/*
 * A new arena below parent, charging account (NULL: the parent's, or the server's for a root). The first chunk
 * is taken at the first allocation. Raises 53200 when there is a parent and no memory for the header.
 *   name  for reports; a literal
 */
Arena *arena_new(Arena *parent, Account *account, const char *name);

/* The same without raising: NULL when there is no memory. */
MUST_CHECK Arena *arena_try_new(Arena *parent, Account *account, const char *name);

/* Runs the deferred releases newest first, frees the children, takes all memory back. The arena stays usable. */
void arena_reset(Arena *arena);

/* arena_reset() and the end of the arena itself. NULL is allowed. */
void arena_free(Arena *arena);

/* size bytes aligned to 16, not cleared. Size 0 gives a valid pointer to nothing. */
void            *arena_alloc(Arena *arena, size_t size) __attribute__((malloc, alloc_size(2), returns_nonnull));
MUST_CHECK void *arena_try_alloc(Arena *arena, size_t size) __attribute__((malloc, alloc_size(2)));

/* Cleared memory for count elements of size bytes each; the product is checked and raises 54000. */
void *arena_alloc_zeroed(Arena *arena, size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/* count elements, not cleared, the product checked. */
void *arena_alloc_array(Arena *arena, size_t count, size_t size) __attribute__((malloc, returns_nonnull));

/*
 * A block grown from old_size to new_size, in place when it was the last allocation, else moved.
 * old may be NULL with old_size 0.
 */
void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size) __attribute__((returns_nonnull));

#define ARENA_NEW(arena, type) ((type *)arena_alloc_zeroed((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
#define ARENA_ARRAY_ZEROED(arena, count, type) ((type *)arena_alloc_zeroed((arena), (count), sizeof(type)))

char *arena_strdup(Arena *arena, const char *text);
char *arena_strndup(Arena *arena, const char *text, size_t size); /* copies size bytes and terminates them */
Slice arena_copy(Arena *arena, Slice bytes);
char *arena_printf(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Something to release when the arena is reset or freed. The node is part of the thing itself. */
typedef struct ArenaDefer ArenaDefer;
struct ArenaDefer {
    ArenaDefer *older;
    void (*release)(void *object);
    void *object;
};

/* Cannot fail. release(object) runs once, at reset or free, newest first; it must not raise. */
void arena_defer(Arena *arena, ArenaDefer *node, void (*release)(void *object), void *object);

/* Takes a node off again without running it; it must be on this arena. */
void arena_undefer(Arena *arena, ArenaDefer *node);

/*
 * A mark to which the arena can be rewound: everything allocated after it is taken back. Deferred nodes and
 * child arenas made after the mark must be gone by then.
 */
typedef struct ArenaMark {
    void  *chunk;
    size_t used;
} ArenaMark;

ArenaMark arena_mark(const Arena *arena);
void      arena_rewind(Arena *arena, ArenaMark mark);

/* Bytes of chunks that the arena itself holds, children not counted. */
size_t arena_bytes(const Arena *arena);

/* Gives the pool's warm chunks back to the allocator: for tests and for idle servers. */
void arena_pool_trim(void);

#endif
