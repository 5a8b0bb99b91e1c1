/*
 * numeric_test.c - reading, writing, order, hash, keys and the packed form of decimals.
 */
#include "types/numeric.h"

#include "base/test.h"

#include <stdio.h>

static Arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(NULL, NULL, "test");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static Numeric parse(const char *text)
{
    Numeric value;

    if (!numeric_parse(slice_from_cstring(text), arena, &value))
        fail_msg("cannot read %s", text);
    return value;
}

static const char *format(const Numeric *value)
{
    StrBuf text;

    strbuf_init(&text, arena);
    numeric_format(value, &text);
    return strbuf_cstring(&text);
}

static uint32_t seed = 20240501;

static uint32_t next_random(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

/* A random decimal text whose digits repeat often, so that equal and nearly equal values occur. */
static const char *random_text(void)
{
    static const uint32_t lengths[] = {1, 2, 5, 18, 19, 20, 40, 100};
    StrBuf                text;
    uint32_t              integers = next_random(lengths[next_random(8)] + 1);
    uint32_t              decimals = next_random(4) == 0 ? next_random(lengths[next_random(8)] + 1) : next_random(4);
    char                  digit = (char)('0' + next_random(10));

    strbuf_init(&text, arena);
    if (next_random(2) == 0)
        strbuf_append_char(&text, '-');
    if (integers + decimals == 0)
        integers = 1;
    for (uint32_t i = 0; i < integers; i++)
        strbuf_append_char(&text, next_random(3) == 0 ? (char)('0' + next_random(10)) : digit);
    if (decimals > 0)
        strbuf_append_char(&text, '.');
    for (uint32_t i = 0; i < decimals; i++)
        strbuf_append_char(&text, next_random(3) == 0 ? '0' : digit);
    return strbuf_cstring(&text);
}

static void texts_are_read_and_written_alike(void **state)
{
    static const char *const cases[][2] = {
        {"0", "0"}, {"1.10", "1.10"}, {"-5", "-5"}, {"+5", "5"}, {".5", "0.5"}, {"1.", "1"}, {"-0.00", "0.00"},
        {"1e5", "100000"}, {"1e-5", "0.00001"}, {"1.5e1", "15"}, {"12.345e2", "1234.5"}, {"0e5", "0"}, {"0e-5", "0.00000"},
        {"12345678901234567890", "12345678901234567890"}, {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"}, {"9223372036854775808", "9223372036854775808"},
        {"0.000000000000000000000000001", "0.000000000000000000000000001"}, {"000000000000000000000000000001", "1"},
        {"-123456789012345678901234567890.123456789012345678901234567890",
         "-123456789012345678901234567890.123456789012345678901234567890"},
        {"1E+30", "1000000000000000000000000000000"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Numeric value = parse(cases[i][0]);

        assert_string_equal(format(&value), cases[i][1]);
    }
}

static void bad_texts_and_overflow_are_told_apart(void **state)
{
    static const char *const bad[] = {"", ".", "-", "1e", "1e+", "1.2.3", " 1", "1 ", "NaN", "0x1", "1_0", "e5", "--1"};
    static const char *const wide[] = {"1e131072", "1e-16384", "1e99999999999999999999", "12e131071"};
    Numeric                  value;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(numeric_try_parse(slice_from_cstring(bad[i]), arena, &value), NUMERIC_PARSE_SYNTAX);
    for (size_t i = 0; i < ARRAY_LENGTH(wide); i++)
        assert_int_equal(numeric_try_parse(slice_from_cstring(wide[i]), arena, &value), NUMERIC_PARSE_OVERFLOW);
    value = parse("1e131071");
    assert_int_equal(strlen(format(&value)), 131072);
    value = parse("1e-16383");
    assert_int_equal(strlen(format(&value)), 16385);
    assert_int_equal(numeric_try_parse(slice_from_cstring("1e20"), NULL, &value), NUMERIC_PARSE_NO_MEMORY);
}

static void packing_keeps_value_and_scale(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        const char *text = random_text();
        Numeric     value = parse(text);
        Numeric     back;
        size_t      size = numeric_pack_size(&value);
        uint8_t    *packed = arena_alloc(arena, size + 1);

        packed[size] = 0xa5;
        assert_ptr_equal(numeric_pack(&value, packed), packed + size);
        assert_int_equal(packed[size], 0xa5);
        assert_true(numeric_unpack(slice_of(packed, size), &back));
        assert_string_equal(format(&back), format(&value));
        assert_int_equal(back.kind, value.kind);
        if (size > 1 && numeric_unpack(slice_of(packed, size - 1), &back)) /* cut off: another value at best */
            assert_true(numeric_pack_size(&back) <= size);
    }
}

static void small_numbers_pack_small(void **state)
{
    Numeric zero = parse("0");
    Numeric price = parse("19.99");
    Numeric year = parse("2024");

    (void)state;
    assert_int_equal(numeric_pack_size(&zero), 1);
    assert_int_equal(numeric_pack_size(&price), 3);
    assert_int_equal(numeric_pack_size(&year), 3);
}

/* The rows "| 19.99 | 22 cf 07 |" of docs/formats/numeric.md. */
static void the_documented_dump_is_true(void **state)
{
    FILE *file = fopen("docs/formats/numeric.md", "r");
    char  line[200];
    char  text[64];
    char  hex[96];
    int   checked = 0;

    (void)state;
    assert_non_null(file); /* runs from the root of the tree */
    while (fgets(line, sizeof line, file) != NULL) {
        Numeric value;
        uint8_t packed[40];
        StrBuf  shown;
        size_t  size;

        if (sscanf(line, "| %63[-0-9.] | %95[0-9a-f ] |", text, hex) != 2)
            continue;
        value = parse(text);
        size = (size_t)(numeric_pack(&value, packed) - packed);
        strbuf_init(&shown, arena);
        for (size_t i = 0; i < size; i++)
            strbuf_printf(&shown, "%02x ", packed[i]);
        assert_string_equal(strbuf_cstring(&shown), hex);
        checked++;
    }
    fclose(file);
    assert_int_equal(checked, 6);
}

static void damaged_packed_forms_are_refused(void **state)
{
    static const uint8_t cases[][10] = {{0x09, 0, 0, 0, 0, 0, 0, 0, 0}, {0x0e}, {0x0f}, {0x02, 1}, {0x1b}, {0xf0, 0xff, 0xff},
                                        {0x08, 0, 0, 0, 0, 0, 0, 0, 0x80}, {0x09, 1, 0, 0, 0, 0, 0, 0, 0}};
    static const size_t  sizes[] = {9, 1, 1, 2, 1, 3, 9, 9};
    Numeric              value;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_false(numeric_unpack(slice_of(cases[i], sizes[i]), &value));
    assert_false(numeric_unpack(slice_of("", 0), &value));
}

/* Order by text: pads both to the same number of digits on both sides of the point. */
static int naive_compare(const char *a, const char *b)
{
    bool   negative_a = *a == '-';
    bool   negative_b = *b == '-';
    int    order = 0;
    size_t integers_a;
    size_t integers_b;

    a += negative_a;
    b += negative_b;
    while (*a == '0')
        a++;
    while (*b == '0')
        b++;
    integers_a = strcspn(a, ".");
    integers_b = strcspn(b, ".");
    if (strspn(a, "0.") == strlen(a))
        negative_a = false;
    if (strspn(b, "0.") == strlen(b))
        negative_b = false;
    if (negative_a != negative_b)
        return negative_a ? -1 : 1;
    if (integers_a != integers_b) {
        order = integers_a > integers_b ? 1 : -1;
    } else {
        while (order == 0 && (*a != '\0' || *b != '\0')) {
            char digit_a = *a == '\0' ? '0' : *a++;
            char digit_b = *b == '\0' ? '0' : *b++;

            digit_a = digit_a == '.' ? '0' : digit_a;
            digit_b = digit_b == '.' ? '0' : digit_b;
            order = (digit_a > digit_b) - (digit_a < digit_b);
        }
    }
    return negative_a ? -order : order;
}

static int sign_of(int value)
{
    return (value > 0) - (value < 0);
}

static Slice key_of(const Numeric *value)
{
    StrBuf key;

    strbuf_init(&key, arena);
    numeric_encode_key(value, &key);
    return strbuf_slice(&key);
}

static void order_hash_and_keys_agree_with_texts(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        const char *text_a = random_text();
        const char *text_b = random_text();
        Numeric     a = parse(text_a);
        Numeric     b = parse(text_b);
        int         expected = naive_compare(text_a, text_b);
        Slice       key_a = key_of(&a);
        Slice       key_b = key_of(&b);

        if (numeric_compare(&a, &b) != expected || numeric_compare(&b, &a) != -expected)
            fail_msg("seed 20240501: %s and %s compare %d, not %d", text_a, text_b, numeric_compare(&a, &b), expected);
        if (sign_of(slice_compare(key_a, key_b)) != expected)
            fail_msg("seed 20240501: keys of %s and %s compare %d", text_a, text_b, slice_compare(key_a, key_b));
        if (expected == 0)
            assert_int_equal(numeric_hash(&a), numeric_hash(&b));
        else
            assert_int_not_equal(numeric_hash(&a), numeric_hash(&b));
        if (expected != 0) {
            assert_false(slice_starts_with(key_a, key_b));
            assert_false(slice_starts_with(key_b, key_a));
        }
        if (i % 100 == 0)
            arena_reset(arena);
    }
}

static void special_values_have_their_places(void **state)
{
    Numeric values[] = {{.kind = NUMERIC_NEGATIVE_INFINITY}, parse("-1e131071"), parse("-1e100"), parse("-0.1"),
                        parse("-1e-16383"), parse("0"), parse("1e-16383"), parse("1e-200"), parse("1"),
                        parse("1e131071"), {.kind = NUMERIC_POSITIVE_INFINITY}, {.kind = NUMERIC_NAN}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(values); i++) {
        for (size_t k = 0; k < ARRAY_LENGTH(values); k++) {
            int expected = (i > k) - (i < k);

            assert_int_equal(numeric_compare(&values[i], &values[k]), expected);
            assert_int_equal(sign_of(slice_compare(key_of(&values[i]), key_of(&values[k]))), expected);
        }
    }
}

static void equal_values_of_different_scale_are_one(void **state)
{
    static const char *const pairs[][2] = {{"1.0", "1.00"}, {"100", "1e2"}, {"0", "0.000"}, {"-2.50", "-2.5"},
                                           {"123456789012345678901234567890", "123456789012345678901234567890.00000"}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        Numeric a = parse(pairs[i][0]);
        Numeric b = parse(pairs[i][1]);

        assert_int_equal(numeric_compare(&a, &b), 0);
        assert_int_equal(numeric_hash(&a), numeric_hash(&b));
        assert_true(slice_equal(key_of(&a), key_of(&b)));
    }
}

static void conversion_to_integers_rounds_halves_away(void **state)
{
    static const struct {
        const char *text;
        NumericFit  fit;
        int64_t     value;
    } cases[] = {
        {"2.5", NUMERIC_FITS, 3}, {"-2.5", NUMERIC_FITS, -3}, {"2.4999999999999999999999", NUMERIC_FITS, 2},
        {"0.5", NUMERIC_FITS, 1}, {"0.49", NUMERIC_FITS, 0}, {"0.00000000000000000000000001", NUMERIC_FITS, 0},
        {"9223372036854775807.4", NUMERIC_FITS, INT64_MAX}, {"9223372036854775807.5", NUMERIC_OUT_OF_RANGE, 0},
        {"-9223372036854775808.4", NUMERIC_FITS, INT64_MIN}, {"-9223372036854775808.5", NUMERIC_OUT_OF_RANGE, 0},
        {"18446744073709551615.9", NUMERIC_OUT_OF_RANGE, 0}, {"1e30", NUMERIC_OUT_OF_RANGE, 0},
        {"0.99999999999999999999", NUMERIC_FITS, 1}, {"0.9999999999999999999", NUMERIC_FITS, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Numeric value = parse(cases[i].text);
        int64_t integer = 0;

        assert_int_equal(numeric_to_int64(&value, &integer), cases[i].fit);
        if (cases[i].fit == NUMERIC_FITS && integer != cases[i].value)
            fail_msg("%s became %ld", cases[i].text, (long)integer);
    }
}

static void conversion_to_doubles_is_correctly_rounded(void **state)
{
    (void)state;
    for (int i = 0; i < 5000; i++) {
        const char *text = random_text();
        Numeric     value = parse(text);
        double      expected = strtod(text, NULL);

        if (numeric_to_double(&value) != expected)
            fail_msg("%s became %.17g", text, numeric_to_double(&value));
    }
    for (int exponent = -400; exponent < 400; exponent += 7) {
        char    text[40];
        Numeric value;

        snprintf(text, sizeof text, "12345678901234567.891e%d", exponent);
        value = parse(text);
        assert_true(numeric_to_double(&value) == strtod(text, NULL));
    }
}

static void digits_are_counted(void **state)
{
    static const char *const texts[] = {"1", "9", "10", "999", "1000", "9223372036854775807", "9223372036854775808",
                                        "18446744073709551615", "18446744073709551616", "100000000000000000000",
                                        "99999999999999999999999999999999999999", "100000000000000000000000000000000000000"};
    Numeric                  zero = parse("0.00");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        Numeric value = parse(texts[i]);

        assert_int_equal(numeric_digit_count(&value), strlen(texts[i]));
    }
    assert_int_equal(numeric_digit_count(&zero), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
TEST_MAIN(CASE(texts_are_read_and_written_alike), CASE(bad_texts_and_overflow_are_told_apart),
          CASE(packing_keeps_value_and_scale), CASE(small_numbers_pack_small), CASE(the_documented_dump_is_true),
          CASE(damaged_packed_forms_are_refused),
          CASE(order_hash_and_keys_agree_with_texts), CASE(special_values_have_their_places),
          CASE(equal_values_of_different_scale_are_one), CASE(conversion_to_integers_rounds_halves_away),
          CASE(conversion_to_doubles_is_correctly_rounded), CASE(digits_are_counted))
