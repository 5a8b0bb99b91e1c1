/*
 * array_test.c - arrays: built and read back, hostile bytes.
 */
#include "base/test.h"

#include "types/array.h"
#include "types/type.h"

static void array_gives_back_its_elements(void **state)
{
    Arena    *arena = arena_new(NULL, NULL, "test");
    Datum     values[3] = {{.int32 = 7}, {.int32 = 0}, {.int32 = -9}}, got;
    bool      nulls[3] = {false, true, false};
    ArrayView view;

    (void)state;
    assert_true(array_open(array_build_list(arena, TYPE_INT4, PHYS_INT32, values, nulls, 3), &view));
    assert_int_equal(view.count, 3);
    assert_int_equal(view.lower[0], 1);
    assert_true(array_get(&view, 0, &got));
    assert_int_equal(got.int32, 7);
    assert_false(array_get(&view, 1, &got));
    assert_true(array_get(&view, 2, &got));
    assert_int_equal(got.int32, -9);
    arena_free(arena);
}

static void array_keeps_strings_and_numerics(void **state)
{
    Arena    *arena = arena_new(NULL, NULL, "test");
    Datum     texts[2] = {{.bytes = slice_from_cstring("abc")}, {.bytes = slice_from_cstring("")}}, got;
    Datum     numbers[2] = {{.numeric = {.small = 110, .scale = 2}}, {.numeric = {.small = -5}}};
    ArrayView view;

    (void)state;
    assert_true(array_open(array_build_list(arena, TYPE_TEXT, PHYS_BYTES, texts, NULL, 2), &view));
    assert_true(array_get(&view, 0, &got));
    assert_true(slice_equal(got.bytes, texts[0].bytes));
    assert_true(array_get(&view, 1, &got));
    assert_int_equal(got.bytes.size, 0);
    assert_true(array_open(array_build_list(arena, TYPE_NUMERIC, PHYS_NUMERIC, numbers, NULL, 2), &view));
    assert_true(array_get(&view, 0, &got));
    assert_int_equal(got.numeric.small, 110);
    assert_int_equal(got.numeric.scale, 2);
    assert_true(array_open(array_build_list(arena, TYPE_TEXT, PHYS_BYTES, NULL, NULL, 0), &view));
    assert_int_equal(view.count, 0);
    arena_free(arena);
}

/* Every cut and every changed byte is either refused or read within bounds (the sanitizer build watches). */
static void array_open_survives_hostile_bytes(void **state)
{
    Arena    *arena = arena_new(NULL, NULL, "test");
    Datum     texts[3] = {{.bytes = slice_from_cstring("abc")}, {0}, {.bytes = slice_from_cstring("defgh")}}, got;
    bool      nulls[3] = {false, true, false};
    Slice     array = array_build_list(arena, TYPE_TEXT, PHYS_BYTES, texts, nulls, 3);
    ArrayView view;

    (void)state;
    for (size_t size = 0; size < array.size; size++) {
        uint8_t *cut = malloc(size + 1);

        memcpy(cut, array.data, size);
        if (array_open(slice_of(cut, size), &view))
            for (int32_t i = 0; i < view.count; i++)
                array_get(&view, i, &got);
        free(cut);
    }
    for (size_t at = 0; at < array.size; at++)
        for (int bit = 0; bit < 8; bit++) {
            uint8_t *changed = malloc(array.size);

            memcpy(changed, array.data, array.size);
            changed[at] ^= (uint8_t)(1 << bit);
            if (array_open(slice_of(changed, array.size), &view) && view.count < 100)
                for (int32_t i = 0; i < view.count; i++)
                    array_get(&view, i, &got);
            free(changed);
        }
    arena_free(arena);
}

TEST_MAIN(cmocka_unit_test(array_gives_back_its_elements), cmocka_unit_test(array_keeps_strings_and_numerics),
          cmocka_unit_test(array_open_survives_hostile_bytes))
