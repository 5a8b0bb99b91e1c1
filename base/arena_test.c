/*
 * arena_test.c - arenas, accounts and raised errors together.
 */
#include "base/arena.h"

#include "base/test.h"

static void arena_hands_out_aligned_memory(void **state)
{
    Arena *arena = arena_new(NULL, NULL, "test");

    (void)state;
    for (size_t size = 0; size < 5000; size += 7) {
        char *at = arena_alloc(arena, size);

        assert_int_equal((uintptr_t)at % 16, 0);
        memset(at, 1, size);
    }
    arena_free(arena);
}

typedef struct Note {
    ArenaDefer node;
    char     **to;
    char       letter;
} Note;

static void write_letter(void *object)
{
    Note *note = object;

    *(*note->to)++ = note->letter;
}

static void deferred_releases_run_newest_first_and_once(void **state)
{
    Arena *arena = arena_new(NULL, NULL, "test");
    char   written[8] = "";
    char  *to = written;
    Note   notes[3] = {{.to = &to, .letter = 'a'}, {.to = &to, .letter = 'b'}, {.to = &to, .letter = 'c'}};

    (void)state;
    for (int i = 0; i < 3; i++)
        arena_defer(arena, &notes[i].node, write_letter, &notes[i]);
    arena_undefer(arena, &notes[1].node);
    arena_reset(arena);
    assert_string_equal(written, "ca");
    arena_free(arena);
    assert_string_equal(written, "ca");
}

static void freeing_an_arena_frees_its_children_and_its_charges(void **state)
{
    Account account;
    Arena  *parent;

    (void)state;
    account_init(&account, NULL, "test", 0);
    parent = arena_new(NULL, &account, "parent");
    for (int i = 0; i < 10; i++)
        arena_alloc(arena_new(parent, NULL, "child"), 100000);
    assert_true(account_used(&account) >= 1000000);
    arena_free(parent);
    assert_int_equal(account_used(&account), 0);
}

static void allocate_too_much(void *arg)
{
    for (;;)
        arena_alloc(arg, 1000);
}

static void an_account_s_limit_raises_out_of_memory(void **state)
{
    Account server;
    Account statement;
    Arena  *arena;

    (void)state;
    account_init(&server, NULL, "server", 100000);
    account_init(&statement, &server, "statement", 0);
    arena = arena_new(NULL, &statement, "test");
    assert_raises(SQLSTATE_OUT_OF_MEMORY, allocate_too_much, arena);
    assert_true(account_used(&server) <= 100000);
    arena_free(arena);
    assert_int_equal(account_used(&server), 0);
}

static void the_last_allocation_grows_in_place(void **state)
{
    Arena *arena = arena_new(NULL, NULL, "test");
    char  *first = arena_alloc(arena, 10);
    char  *grown;

    (void)state;
    memcpy(first, "0123456789", 10);
    grown = arena_grow(arena, first, 10, 100);
    assert_ptr_equal(first, grown);
    arena_alloc(arena, 1);
    grown = arena_grow(arena, grown, 100, 100000);
    assert_ptr_not_equal(first, grown);
    assert_memory_equal(grown, "0123456789", 10);
    arena_free(arena);
}

static void rewinding_takes_back_what_came_after_the_mark(void **state)
{
    Arena    *arena = arena_new(NULL, NULL, "test");
    char     *kept = arena_strdup(arena, "kept");
    ArenaMark mark = arena_mark(arena);
    char     *after = arena_alloc(arena, 16);

    (void)state;
    for (int i = 0; i < 1000; i++)
        arena_alloc(arena, 1000);
    arena_rewind(arena, mark);
    assert_string_equal(kept, "kept");
    assert_ptr_equal(arena_alloc(arena, 16), after);
    arena_free(arena);
}

static void raise_with_detail(void *arg)
{
    Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "syntax error at or near \"%s\"", (const char *)arg);

    error_detail(err, "a detail");
    error_position(err, 7);
    error_position(err, 9);
    error_raise(err);
}

static void an_error_carries_its_texts_and_first_position(void **state)
{
    Error *err = error_catch(raise_with_detail, "from");

    (void)state;
    assert_non_null(err);
    assert_string_equal(sqlstate_code(err->sqlstate), "42601");
    assert_string_equal(err->message, "syntax error at or near \"from\"");
    assert_string_equal(err->detail, "a detail");
    assert_int_equal(err->position, 7);
}

static void catch_then_raise(void *arg)
{
    Error *err = error_catch(raise_with_detail, arg);

    raise_error(SQLSTATE_INTERNAL_ERROR, "outer: %s", err->message);
}

static void catchers_nest_and_old_texts_may_be_arguments(void **state)
{
    Error *err = error_catch(catch_then_raise, "x");

    (void)state;
    assert_string_equal(err->message, "outer: syntax error at or near \"x\"");
}

TEST_MAIN(cmocka_unit_test(arena_hands_out_aligned_memory),
          cmocka_unit_test(deferred_releases_run_newest_first_and_once),
          cmocka_unit_test(freeing_an_arena_frees_its_children_and_its_charges),
          cmocka_unit_test(an_account_s_limit_raises_out_of_memory),
          cmocka_unit_test(the_last_allocation_grows_in_place),
          cmocka_unit_test(rewinding_takes_back_what_came_after_the_mark),
          cmocka_unit_test(an_error_carries_its_texts_and_first_position),
          cmocka_unit_test(catchers_nest_and_old_texts_may_be_arguments))
