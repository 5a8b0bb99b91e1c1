/*
 * arena.c - arenas over chunks, and the process's pool of warm chunks.
 */
#include "base/arena.h"

#include "base/error.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

/*
 * Chunks double from the first size to the largest pooled one, so a small arena costs little and a large one
 * few mallocs. Larger requests get a chunk of their own that goes back to malloc.
 */
enum {
    ALIGNMENT = 16,
    CLASS_COUNT = 8,          /* 2 KiB, 4 KiB ... 256 KiB */
    CLASS_FIRST_BYTES = 2048,
    POOL_MAX_BYTES = 64 << 20, /* what the pool keeps warm at most */
};

typedef struct Chunk Chunk;
struct Chunk {
    Chunk *next;     /* in an arena: the chunk filled before it; in the pool: the next free one */
    size_t size;     /* with this header */
    size_t used;     /* with this header */
    size_t reserved; /* keeps the header a multiple of ALIGNMENT */
};
_Static_assert(sizeof(Chunk) % ALIGNMENT == 0, "allocations are aligned to 16");

struct Arena {
    Arena      *parent;
    Arena      *first_child;
    Arena      *next_sibling;
    Arena      *previous_sibling;
    Account    *account;
    Chunk      *chunk; /* the one being filled; NULL before the first allocation */
    ArenaDefer *newest;
    const char *name;
    size_t      bytes;
};

static struct {
    pthread_mutex_t mutex;
    Chunk          *free[CLASS_COUNT];
    size_t          bytes;
} pool = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* The class whose chunks have exactly this size, or CLASS_COUNT when none has. */
static int class_of_size(size_t size)
{
    int class = 0;

    if (size < CLASS_FIRST_BYTES || (size & (size - 1)) != 0)
        return CLASS_COUNT;
    while ((size_t)CLASS_FIRST_BYTES << class < size)
        class++;
    return MIN(class, (int)CLASS_COUNT);
}

static Chunk *chunk_take(size_t size)
{
    int    class = class_of_size(size);
    Chunk *chunk = NULL;

    if (class < CLASS_COUNT) {
        pthread_mutex_lock(&pool.mutex);
        chunk = pool.free[class];
        if (chunk != NULL) {
            pool.free[class] = chunk->next;
            pool.bytes -= size;
        }
        pthread_mutex_unlock(&pool.mutex);
    }
    if (chunk == NULL)
        chunk = malloc(size);
    else
        ASAN_UNPOISON_MEMORY_REGION(chunk, size);
    if (chunk == NULL)
        return NULL;
    chunk->size = size;
    chunk->used = sizeof(Chunk);
    chunk->next = NULL;
    return chunk;
}

static void chunk_give(Chunk *chunk)
{
    size_t size = chunk->size;
    int    class = class_of_size(size);
    bool   kept = false;

    if (class < CLASS_COUNT) {
        pthread_mutex_lock(&pool.mutex);
        if (pool.bytes + size <= POOL_MAX_BYTES) {
            chunk->next = pool.free[class];
            pool.free[class] = chunk;
            pool.bytes += size;
            kept = true;
            ASAN_POISON_MEMORY_REGION(chunk + 1, size - sizeof(Chunk));
        }
        pthread_mutex_unlock(&pool.mutex);
    }
    if (!kept) {
        ASAN_UNPOISON_MEMORY_REGION(chunk, size);
        free(chunk);
    }
}

void arena_pool_trim(void)
{
    pthread_mutex_lock(&pool.mutex);
    for (int class = 0; class < CLASS_COUNT; class++) {
        while (pool.free[class] != NULL) {
            Chunk *chunk = pool.free[class];

            pool.free[class] = chunk->next;
            ASAN_UNPOISON_MEMORY_REGION(chunk, chunk->size);
            free(chunk);
        }
    }
    pool.bytes = 0;
    pthread_mutex_unlock(&pool.mutex);
}

Arena *arena_try_new(Arena *parent, Account *account, const char *name)
{
    Arena *arena = calloc(1, sizeof *arena);

    if (arena == NULL)
        return NULL;
    arena->parent = parent;
    arena->name = name;
    arena->account = account != NULL ? account : parent != NULL ? parent->account : &server_account;
    if (parent != NULL) {
        arena->next_sibling = parent->first_child;
        if (parent->first_child != NULL)
            parent->first_child->previous_sibling = arena;
        parent->first_child = arena;
    }
    return arena;
}

static noreturn void raise_out_of_memory(const Arena *arena, size_t size)
{
    Error *err = error_new(SQLSTATE_OUT_OF_MEMORY, "out of memory");

    error_detail(err, "Failed on request of size %zu in memory context \"%s\".", size,
                 arena != NULL ? arena->name : "root");
    error_raise(err);
}

Arena *arena_new(Arena *parent, Account *account, const char *name)
{
    Arena *arena = arena_try_new(parent, account, name);

    if (arena == NULL)
        raise_out_of_memory(parent, sizeof *arena);
    return arena;
}

static void drop_chunk(Arena *arena, Chunk *chunk)
{
    account_release(arena->account, chunk->size);
    arena->bytes -= chunk->size;
    chunk_give(chunk);
}

static void release_contents(Arena *arena)
{
    while (arena->newest != NULL) {
        ArenaDefer *node = arena->newest;

        arena->newest = node->older;
        node->release(node->object);
    }
    while (arena->first_child != NULL)
        arena_free(arena->first_child);
}

void arena_reset(Arena *arena)
{
    Chunk *warm = arena->chunk;

    release_contents(arena);
    if (warm == NULL)
        return;
    while (warm->next != NULL) {
        Chunk *older = warm->next;

        warm->next = older->next;
        drop_chunk(arena, older);
    }
    if (class_of_size(warm->size) == CLASS_COUNT) {
        drop_chunk(arena, warm);
        arena->chunk = NULL;
        return;
    }
    warm->used = sizeof(Chunk);
    ASAN_POISON_MEMORY_REGION(warm + 1, warm->size - sizeof(Chunk));
}

void arena_free(Arena *arena)
{
    if (arena == NULL)
        return;
    release_contents(arena);
    while (arena->chunk != NULL) {
        Chunk *chunk = arena->chunk;

        arena->chunk = chunk->next;
        drop_chunk(arena, chunk);
    }
    if (arena->next_sibling != NULL)
        arena->next_sibling->previous_sibling = arena->previous_sibling;
    if (arena->previous_sibling != NULL)
        arena->previous_sibling->next_sibling = arena->next_sibling;
    else if (arena->parent != NULL)
        arena->parent->first_child = arena->next_sibling;
    free(arena);
}

/* The size of the chunk that comes next: twice the last, no smaller than what is wanted. 0: not representable. */
static size_t next_chunk_size(const Arena *arena, size_t wanted)
{
    size_t size = arena->chunk == NULL ? CLASS_FIRST_BYTES : arena->chunk->size * 2;
    size_t largest = (size_t)CLASS_FIRST_BYTES << (CLASS_COUNT - 1);
    size_t needed;

    if (!size_add(wanted, sizeof(Chunk), &needed))
        return 0;
    size = MIN(size, largest);
    while (size < needed && size < largest)
        size *= 2;
    return MAX(size, needed);
}

static NEVER_INLINE void *alloc_in_new_chunk(Arena *arena, size_t rounded)
{
    size_t size = next_chunk_size(arena, rounded);
    Chunk *chunk;

    if (size == 0 || !account_reserve(arena->account, size))
        return NULL;
    chunk = chunk_take(size);
    if (chunk == NULL) {
        account_release(arena->account, size);
        return NULL;
    }
    ASAN_POISON_MEMORY_REGION(chunk + 1, size - sizeof(Chunk));
    arena->bytes += size;
    chunk->next = arena->chunk;
    arena->chunk = chunk;
    chunk->used += rounded;
    return chunk + 1;
}

void *arena_try_alloc(Arena *arena, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    Chunk *chunk = arena->chunk;
    void  *result;

    if (UNLIKELY(rounded < size))
        return NULL;
    if (LIKELY(chunk != NULL && chunk->size - chunk->used >= rounded)) {
        result = (char *)chunk + chunk->used;
        chunk->used += rounded;
    } else {
        result = alloc_in_new_chunk(arena, rounded);
        if (result == NULL)
            return NULL;
    }
    ASAN_UNPOISON_MEMORY_REGION(result, size);
#ifdef NEXA_DEBUG
    memset(result, 0xa5, size);
#endif
    return result;
}

void *arena_alloc(Arena *arena, size_t size)
{
    void *result = arena_try_alloc(arena, size);

    if (UNLIKELY(result == NULL))
        raise_out_of_memory(arena, size);
    return result;
}

void *arena_alloc_array(Arena *arena, size_t count, size_t size)
{
    size_t total;

    if (!size_multiply(count, size, &total))
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "invalid memory alloc request size");
    return arena_alloc(arena, total);
}

void *arena_alloc_zeroed(Arena *arena, size_t count, size_t size)
{
    void *result = arena_alloc_array(arena, count, size);

    memset(result, 0, count * size);
    return result;
}

void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size)
{
    size_t old_rounded = (old_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    Chunk *chunk = arena->chunk;
    void  *result;

    ASSERT(new_size >= old_size);
    if (old != NULL && chunk != NULL && (char *)old + old_rounded == (char *)chunk + chunk->used) {
        size_t start = (size_t)((char *)old - (char *)chunk);
        size_t new_rounded = (new_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

        if (new_rounded >= new_size && chunk->size - start >= new_rounded) {
            chunk->used = start + new_rounded;
            ASAN_UNPOISON_MEMORY_REGION(old, new_size);
            return old;
        }
    }
    result = arena_alloc(arena, new_size);
    if (old_size != 0)
        memcpy(result, old, old_size);
    return result;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_strndup(Arena *arena, const char *text, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);

    if (size != 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

Slice arena_copy(Arena *arena, Slice bytes)
{
    uint8_t *copy = arena_alloc(arena, bytes.size);

    if (bytes.size != 0)
        memcpy(copy, bytes.data, bytes.size);
    return slice_of(copy, bytes.size);
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    char   *text;
    int     size;

    va_start(args, format);
    size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ASSERT(size >= 0);
    text = arena_alloc(arena, (size_t)size + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    return text;
}

void arena_defer(Arena *arena, ArenaDefer *node, void (*release)(void *object), void *object)
{
    node->release = release;
    node->object = object;
    node->older = arena->newest;
    arena->newest = node;
}

void arena_undefer(Arena *arena, ArenaDefer *node)
{
    for (ArenaDefer **at = &arena->newest; *at != NULL; at = &(*at)->older) {
        if (*at == node) {
            *at = node->older;
            return;
        }
    }
    ASSERT(!"the node is not on this arena");
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){arena->chunk, arena->chunk != NULL ? arena->chunk->used : 0};
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    while (arena->chunk != mark.chunk) {
        Chunk *chunk = arena->chunk;

        if (mark.chunk == NULL && chunk->next == NULL && class_of_size(chunk->size) < CLASS_COUNT) {
            mark.used = sizeof(Chunk); /* the first chunk stays warm */
            break;
        }
        arena->chunk = chunk->next;
        drop_chunk(arena, chunk);
    }
    if (arena->chunk == NULL)
        return;
    arena->chunk->used = mark.used;
    ASAN_POISON_MEMORY_REGION((char *)arena->chunk + mark.used, arena->chunk->size - mark.used);
}

size_t arena_bytes(const Arena *arena)
{
    return arena->bytes;
}
