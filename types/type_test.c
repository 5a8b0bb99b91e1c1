/*
 * type_test.c - the scalar types: text and wire forms as PostgreSQL's, keys in step with order, floats against strtod.
 */
#include "types/type.h"

#include "base/test.h"
#include "types/float.h"
#include "types/utf8.h"
#include "types/uuid.h"

#include <gmp.h>
#include <stdio.h>

static Arena      *arena;
static TypeContext context;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(NULL, NULL, "test");
    context = (TypeContext){.arena = arena, .extra_float_digits = 1};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* ---- against PostgreSQL ---------------------------------------------------------------------------------------- */

typedef struct Case {
    const char *type;
    const char *modifiers;
    const char *input;
    const char *text; /* NULL: refused */
    const char *wire;
    const char *sqlstate;
    const char *message;
} Case;

static const Case cases[] = {
#define VALUE(type_, modifiers_, input_, text_, wire_) {type_, modifiers_, input_, text_, wire_, NULL, NULL},
#define REFUSED(type_, modifiers_, input_, sqlstate_, message_) {type_, modifiers_, input_, NULL, NULL, sqlstate_, message_},
#include "types/type_values.def"
};

typedef struct Read {
    const TypeInfo *type;
    int32_t         typmod;
    const char     *input;
    Datum           value;
} Read;

static void read_value(void *arg)
{
    Read *read = arg;

    read->type->input(read->type, slice_from_cstring(read->input), -1, &context, &read->value);
    if (read->typmod >= 0)
        read->type->coerce_typmod(read->type, read->typmod, true, &context, &read->value);
}

static int32_t typmod_of(const TypeInfo *type, const char *modifiers)
{
    int32_t arguments[2];
    int     count;

    if (*modifiers == '\0')
        return -1;
    count = sscanf(modifiers, "%d,%d", &arguments[0], &arguments[1]);
    return type->typmod_in(type, arguments, count);
}

static const char *text_of(const TypeInfo *type, const Datum *value)
{
    StrBuf text;

    strbuf_init(&text, arena);
    type->output(type, value, &context, &text);
    return strbuf_cstring(&text);
}

static Slice wire_of(const TypeInfo *type, const Datum *value)
{
    StrBuf wire;

    strbuf_init(&wire, arena);
    type->send(type, value, &context, &wire);
    return strbuf_slice(&wire);
}

static const char *hex_of(Slice bytes)
{
    char *hex = arena_alloc_zeroed(arena, bytes.size * 2 + 1, 1);

    for (size_t i = 0; i < bytes.size; i++)
        sprintf(hex + 2 * i, "%02x", bytes.data[i]);
    return hex;
}

static void check_case(const Case *c)
{
    Read   read = {.type = type_by_name(c->type), .input = c->input};
    Error *err;

    read.typmod = typmod_of(read.type, c->modifiers);
    err = error_catch(read_value, &read);
    if (c->text == NULL) {
        if (err == NULL)
            fail_msg("%s(%s) '%s' was read as %s", c->type, c->modifiers, c->input, text_of(read.type, &read.value));
        if (strcmp(sqlstate_code(err->sqlstate), c->sqlstate) != 0 || strcmp(err->message, c->message) != 0)
            fail_msg("%s(%s) '%s': %s %s", c->type, c->modifiers, c->input, sqlstate_code(err->sqlstate), err->message);
        return;
    }
    if (err != NULL)
        fail_msg("%s(%s) '%s': %s", c->type, c->modifiers, c->input, err->message);
    if (strcmp(text_of(read.type, &read.value), c->text) != 0)
        fail_msg("%s(%s) '%s' shown as %s", c->type, c->modifiers, c->input, text_of(read.type, &read.value));
    if (strcmp(hex_of(wire_of(read.type, &read.value)), c->wire) != 0)
        fail_msg("%s(%s) '%s' sent as %s", c->type, c->modifiers, c->input, hex_of(wire_of(read.type, &read.value)));
}

static void values_are_read_and_shown_as_postgresql_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        check_case(&cases[i]);
}

static void the_wire_form_reads_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Read  read = {.type = type_by_name(cases[i].type), .input = cases[i].input};
        Datum back;

        if (cases[i].text == NULL)
            continue;
        read.typmod = typmod_of(read.type, cases[i].modifiers);
        assert_no_error(read_value, &read);
        read.type->receive(read.type, wire_of(read.type, &read.value), -1, &context, &back);
        if (strcmp(text_of(read.type, &back), text_of(read.type, &read.value)) != 0)
            fail_msg("%s '%s' came back as %s", cases[i].type, cases[i].input, text_of(read.type, &back));
    }
}

/* ---- keys ------------------------------------------------------------------------------------------------------ */

static int sign_of(int value)
{
    return (value > 0) - (value < 0);
}

static Slice key_of(const TypeInfo *type, const Datum *value)
{
    StrBuf key;

    strbuf_init(&key, arena);
    type->encode_key(type, value, &key);
    return strbuf_slice(&key);
}

static void check_pair(const TypeInfo *type, const Datum *a, const Datum *b)
{
    int   order = sign_of(type->compare(type, a, b));
    Slice key_a = key_of(type, a);
    Slice key_b = key_of(type, b);

    if (sign_of(slice_compare(key_a, key_b)) != order)
        fail_msg("%s: %s and %s compare %d, their keys differently", type->name, text_of(type, a), text_of(type, b), order);
    if (order == 0) {
        assert_true(type->hash(type, a) == type->hash(type, b));
    } else {
        assert_false(slice_starts_with(key_a, key_b));
        assert_false(slice_starts_with(key_b, key_a));
    }
}

static void keys_order_as_values_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Read a = {.type = type_by_name(cases[i].type), .input = cases[i].input, .typmod = -1};

        if (cases[i].text == NULL || error_catch(read_value, &a) != NULL || a.type->encode_key == NULL)
            continue;
        for (size_t k = 0; k < ARRAY_LENGTH(cases); k++) {
            Read b = {.type = a.type, .input = cases[k].input, .typmod = -1};

            if (cases[k].text != NULL && type_by_name(cases[k].type) == a.type && error_catch(read_value, &b) == NULL)
                check_pair(a.type, &a.value, &b.value);
        }
    }
}

static void exact_keys_decode(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Read           read = {.type = type_by_name(cases[i].type), .input = cases[i].input, .typmod = -1};
        Slice          key;
        const uint8_t *end;
        Datum          back;

        if (cases[i].text == NULL || error_catch(read_value, &read) != NULL || !read.type->key_exact)
            continue;
        key = key_of(read.type, &read.value);
        end = read.type->decode_key(read.type, key.data, key.data + key.size, arena, &back);
        assert_ptr_equal(end, key.data + key.size);
        assert_string_equal(text_of(read.type, &back), text_of(read.type, &read.value));
        for (size_t size = 0; size < key.size; size++)
            assert_null(read.type->decode_key(read.type, key.data, key.data + size, arena, &back));
    }
}

static void byte_strings_with_zeros_keep_their_order(void **state)
{
    static const char *const texts[] = {"\\x", "\\x00", "\\x0000", "\\x000001", "\\x0001", "\\x00ff", "\\x01", "\\x0100",
                                        "\\xff", "\\xff00", "\\xffff"};
    const TypeInfo          *bytea = type_by_oid(TYPE_BYTEA);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        for (size_t k = 0; k < ARRAY_LENGTH(texts); k++) {
            Datum a;
            Datum b;

            bytea->input(bytea, slice_from_cstring(texts[i]), -1, &context, &a);
            bytea->input(bytea, slice_from_cstring(texts[k]), -1, &context, &b);
            assert_int_equal(sign_of(bytea->compare(bytea, &a, &b)), (i > k) - (i < k));
            check_pair(bytea, &a, &b);
        }
    }
}

/* ---- floats ---------------------------------------------------------------------------------------------------- */

static uint64_t seed = 88172645463325252ull;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Whether a text is nearer to value than to any other double: reading back by a tie does not count (PG15). */
static bool is_inside(const char *text, double value)
{
    long double decimal = strtold(text, NULL);
    double      next = nextafter(value, decimal > value ? (double)INFINITY : -(double)INFINITY);

    if (strtod(text, NULL) != value)
        return false;
    return isinf(next) || fabsl(decimal - value) < fabsl((long double)next - value) / 2;
}

/* The shortest %.*e that reads back, by trying. */
static void check_double(double value)
{
    char   text[FLOAT_TEXT_MAX + 1];
    char   tried[64];
    size_t size = float8_format(value, 1, text);
    size_t digits = 0;
    int    precision = 0;

    text[size] = '\0';
    if (strtod(text, NULL) != value)
        fail_msg("%.17g shown as %s", value, text);
    for (size_t i = 0; i < size && text[i] != 'e'; i++)
        digits += text[i] >= '0' && text[i] <= '9' && (digits > 0 || text[i] != '0');
    do
        snprintf(tried, sizeof tried, "%.*e", precision++, value);
    while (!is_inside(tried, value));
    /* trailing zeros of whole numbers are not significant */
    for (size_t i = strcspn(text, "e."); text[i] == '\0' && digits > 0 && text[size - 1] == '0' && size > 1; size--)
        digits--;
    if (digits > (size_t)precision)
        fail_msg("%.17g shown as %s, %d digits suffice", value, text, precision);
    if (digits == (size_t)precision) {
        char   again[64];
        double shown = strtod(text, NULL);

        snprintf(again, sizeof again, "%.*e", precision - 1, shown);
        assert_true(strtod(again, NULL) == value);
    }
}

static void doubles_are_shown_shortest_and_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random();
        double   value;

        memcpy(&value, &bits, sizeof value);
        if (!isnan(value) && !isinf(value))
            check_double(value);
        check_double((double)(int64_t)(next_random() >> 20) / 100);
    }
    for (int exponent = -1074; exponent < 1024; exponent++)
        check_double(ldexp(1, exponent));
}

static void floats_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < 50000; i++) {
        uint32_t bits = (uint32_t)next_random();
        float    value;
        char     text[FLOAT_TEXT_MAX + 1];

        memcpy(&value, &bits, sizeof value);
        if (isnan(value) || isinf(value))
            continue;
        text[float4_format(value, 1, text)] = '\0';
        if (strtof(text, NULL) != value)
            fail_msg("%.9g shown as %s", (double)value, text);
    }
}

static void fewer_digits_can_be_asked_for(void **state)
{
    char text[FLOAT_TEXT_MAX + 1];

    (void)state;
    text[float8_format(0.1 + 0.2, 0, text)] = '\0';
    assert_string_equal(text, "0.3");
    text[float8_format(123456.0, -12, text)] = '\0';
    assert_string_equal(text, "1.23e+05");
}

static void the_table_of_powers_is_what_gmp_computes(void **state)
{
    static const uint64_t table[][2] = {
#define POW10(high, low) {high, low},
#include "types/float_pow10.def"
#undef POW10
    };
    mpz_t power;
    mpz_t scaled;

    (void)state;
    mpz_inits(power, scaled, NULL);
    for (int k = -292; k <= 324; k++) {
        int      shift = 127 - ((k * 1741647) >> 19);
        uint64_t limbs[2] = {0, 0};

        mpz_ui_pow_ui(power, 10, (unsigned long)abs(k));
        if (k >= 0 && shift >= 0) {
            mpz_mul_2exp(scaled, power, (unsigned long)shift);
        } else if (k >= 0) {
            mpz_cdiv_q_2exp(scaled, power, (unsigned long)-shift);
        } else {
            mpz_set_ui(scaled, 1);
            mpz_mul_2exp(scaled, scaled, (unsigned long)shift);
            mpz_cdiv_q(scaled, scaled, power);
        }
        mpz_export(limbs, NULL, -1, 8, 0, 0, scaled);
        assert_true(limbs[1] == table[k + 292][0] && limbs[0] == table[k + 292][1]);
    }
    mpz_clears(power, scaled, NULL);
}

/* ---- typmods, names -------------------------------------------------------------------------------------------- */

static const char *format_with(Oid oid, int32_t first, int32_t second, int count)
{
    const TypeInfo *type = type_by_oid(oid);
    int32_t         arguments[] = {first, second};

    return type_format(arena, oid, count == 0 ? -1 : type->typmod_in(type, arguments, count));
}

static void types_are_named_as_sql_does(void **state)
{
    (void)state;
    assert_string_equal(format_with(TYPE_INT4, 0, 0, 0), "integer");
    assert_string_equal(format_with(TYPE_NUMERIC, 10, 2, 2), "numeric(10,2)");
    assert_string_equal(format_with(TYPE_NUMERIC, 3, -2, 2), "numeric(3,-2)");
    assert_string_equal(format_with(TYPE_VARCHAR, 5, 0, 1), "character varying(5)");
    assert_string_equal(format_with(TYPE_BPCHAR, 5, 0, 1), "character(5)");
    assert_string_equal(format_with(TYPE_BIT, 5, 0, 1), "bit(5)");
    assert_string_equal(format_with(TYPE_VARBIT, 5, 0, 1), "bit varying(5)");
    assert_string_equal(type_format(arena, TYPE_NUMERIC_ARRAY, 655366), "numeric(10,2)[]");
    assert_string_equal(type_format(arena, TYPE_INT2VECTOR, -1), "int2vector");
    assert_string_equal(type_format(arena, 0, -1), "-");
    assert_string_equal(type_format(arena, 999999, -1), "???");
    assert_string_equal(type_format(arena, TYPE_BPCHAR, -1), "character");
    assert_string_equal(type_format_column(arena, TYPE_BPCHAR, -1), "bpchar");
    assert_string_equal(type_format_column(arena, TYPE_BIT_ARRAY, -1), "\"bit\"[]");
}

static void store_too_long(void *arg)
{
    const TypeInfo *type = type_by_oid(*(Oid *)arg);
    int32_t         limit = 3;
    Datum           value = {.bytes = slice_from_cstring("abcd")};

    type->coerce_typmod(type, type->typmod_in(type, &limit, 1), false, &context, &value);
}

static void too_long_values_are_refused_on_assignment(void **state)
{
    Oid varchar = TYPE_VARCHAR;
    Oid bpchar = TYPE_BPCHAR;

    (void)state;
    assert_raises(SQLSTATE_STRING_DATA_RIGHT_TRUNCATION, store_too_long, &varchar);
    assert_raises(SQLSTATE_STRING_DATA_RIGHT_TRUNCATION, store_too_long, &bpchar);
}

static void bpchar_compares_without_trailing_blanks(void **state)
{
    const TypeInfo *bpchar = type_by_oid(TYPE_BPCHAR);
    Datum           a = {.bytes = slice_from_cstring("ab ")};
    Datum           b = {.bytes = slice_from_cstring("ab")};

    (void)state;
    assert_int_equal(bpchar->compare(bpchar, &a, &b), 0);
    check_pair(bpchar, &a, &b);
}

/* ---- UTF-8, UUIDs ---------------------------------------------------------------------------------------------- */

static void require_utf8(void *arg)
{
    utf8_require(slice_from_cstring(arg));
}

static void bad_utf8_is_refused(void **state)
{
    static const char *const bad[] = {"\xff", "abcdefgh\xe2(\xa1", "\xe2\x82", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\x80"};
    static const char *const shown[] = {"0xff", "0xe2 0x28 0xa1", "0xe2 0x82", "0xc0 0x80", "0xed 0xa0 0x80",
                                        "0xf4 0x90 0x80 0x80", "0x80"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        Error *err = error_catch(require_utf8, (void *)(uintptr_t)bad[i]);

        assert_non_null(err);
        assert_string_equal(sqlstate_code(err->sqlstate), "22021");
        assert_string_equal(strchr(err->message, ':') + 2, shown[i]);
    }
    assert_int_equal(utf8_valid_prefix(slice_from_cstring("é漢字🎉 and ascii")), strlen("é漢字🎉 and ascii"));
    assert_int_equal(utf8_valid_prefix(slice_of("abcdefghijk\0l", 13)), 11);
}

static void characters_are_counted_and_found(void **state)
{
    Slice text = slice_from_cstring("aé漢🎉bcdefghijkü");

    (void)state;
    assert_int_equal(utf8_length(text), 15);
    assert_int_equal(utf8_offset(text, 2), 3);
    assert_int_equal(utf8_offset(text, 99), text.size);
    assert_int_equal(utf8_offset_from_end(text, 1), text.size - 2);
    assert_int_equal(utf8_clip(text, 5), 3);
}

static void case_knows_unicode(void **state)
{
    Slice upper = utf8_change_case(arena, slice_from_cstring("straße é λ abc"), UTF8_UPPER);
    Slice title = utf8_change_case(arena, slice_from_cstring("hello wORLD éA 1ab"), UTF8_INITCAP);

    (void)state;
    assert_true(slice_equal(upper, slice_from_cstring("STRAßE É Λ ABC")));
    assert_true(slice_equal(title, slice_from_cstring("Hello World Éa 1ab")));
}

static void new_uuids_ascend(void **state)
{
    Uuid last = {{0}};

    (void)state;
    for (int i = 0; i < 10000; i++) {
        Uuid uuid;

        uuid_make_v7(&uuid);
        assert_int_equal(uuid.bytes[6] >> 4, 7);
        assert_int_equal(uuid.bytes[8] >> 6, 2);
        assert_true(memcmp(&last, &uuid, sizeof uuid) < 0);
        last = uuid;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
TEST_MAIN(TEST(values_are_read_and_shown_as_postgresql_does), TEST(the_wire_form_reads_back), TEST(keys_order_as_values_do),
          TEST(exact_keys_decode), TEST(byte_strings_with_zeros_keep_their_order),
          TEST(doubles_are_shown_shortest_and_read_back), TEST(floats_read_back), TEST(fewer_digits_can_be_asked_for),
          TEST(the_table_of_powers_is_what_gmp_computes), TEST(types_are_named_as_sql_does),
          TEST(too_long_values_are_refused_on_assignment), TEST(bpchar_compares_without_trailing_blanks),
          TEST(bad_utf8_is_refused), TEST(characters_are_counted_and_found), TEST(case_knows_unicode), TEST(new_uuids_ascend))
