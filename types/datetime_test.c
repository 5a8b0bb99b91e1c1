/*
 * datetime_test.c - dates, times and intervals against what PostgreSQL 15 makes of the same texts.
 */
#include "types/datetime.h"

#include "base/test.h"

typedef struct Case {
    const char *type, *text, *sqlstate, *output;
} Case;

static const Case cases[] = {
#define CASE(type, text, sqlstate, output) {type, text, sqlstate, output},
#include "types/datetime_cases.def"
#undef CASE
};

typedef struct Call {
    const TypeInfo *type;
    const char     *text;
    TypeContext    *ctx;
    StrBuf          out;
    Datum           value;
} Call;

static const TypeInfo *type_of(const char *sql_name)
{
    int                    count;
    const TypeInfo *const *all = type_all(&count);

    for (int i = 0; i < count; i++)
        if (strcmp(all[i]->sql_name, sql_name) == 0)
            return all[i];
    return NULL;
}

static void read_and_write(void *arg)
{
    Call *call = arg;

    call->type->input(call->type, slice_from_cstring(call->text), -1, call->ctx, &call->value);
    call->type->output(call->type, &call->value, call->ctx, &call->out);
}

static void texts_are_read_and_written_as_postgresql_does(void **state)
{
    Arena      *arena = arena_new(NULL, NULL, "test");
    TypeContext ctx = {.arena = arena, .extra_float_digits = 1, .time_zone = timezone_find("America/New_York")};
    int         wrong = 0;

    (void)state;
    assert_non_null(ctx.time_zone);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Call   call = {type_of(cases[i].type), cases[i].text, &ctx, {0}, {0}};
        Error *err;

        assert_non_null(call.type);
        strbuf_init(&call.out, arena);
        err = error_catch(read_and_write, &call);
        if (strcmp(err == NULL ? "" : sqlstate_code(err->sqlstate), cases[i].sqlstate) == 0 &&
            strcmp(err == NULL ? strbuf_cstring(&call.out) : err->message, cases[i].output) == 0)
            continue;
        print_message("# %s '%s': %s %s, not %s %s\n", cases[i].type, cases[i].text, err == NULL ? "" : sqlstate_code(err->sqlstate),
                      err == NULL ? strbuf_cstring(&call.out) : err->message, cases[i].sqlstate, cases[i].output);
        wrong++;
    }
    arena_free(arena);
    assert_int_equal(wrong, 0);
}

static void days_and_civil_dates_are_each_other_s_inverse(void **state)
{
    (void)state;
    assert_int_equal(days_from_civil(2000, 1, 1), 0);
    assert_int_equal(days_from_civil(1970, 1, 1), -DAYS_1970_TO_2000);
    for (int32_t days = -2500000; days < 2500000; days += 97) {
        CivilDate date = civil_from_days(days);

        assert_int_equal(days_from_civil(date.year, date.month, date.day), days);
    }
}

static void keys_order_as_values_do(void **state)
{
    static const char *const names[] = {"date", "time without time zone", "timestamp without time zone", "interval", "time with time zone"};
    Arena                   *arena = arena_new(NULL, NULL, "test");

    (void)state;
    srand(7);
    for (size_t n = 0; n < ARRAY_LENGTH(names); n++) {
        const TypeInfo *type = type_of(names[n]);

        for (int round = 0; round < 2000; round++) {
            Datum  a = {.interval = {rand() % 100 * USECS_PER_HOUR, rand() % 40 - 20, rand() % 5 - 2}};
            Datum  b = {.interval = {rand() % 100 * USECS_PER_HOUR, rand() % 40 - 20, rand() % 5 - 2}};
            StrBuf key_a, key_b;
            int    order = type->compare(type, &a, &b);
            int    key_order;

            strbuf_init(&key_a, arena);
            strbuf_init(&key_b, arena);
            type->encode_key(type, &a, &key_a);
            type->encode_key(type, &b, &key_b);
            key_order = slice_compare(strbuf_slice(&key_a), strbuf_slice(&key_b));
            assert_int_equal((order > 0) - (order < 0), (key_order > 0) - (key_order < 0));
            if (order == 0)
                assert_true(type->hash(type, &a) == type->hash(type, &b));
        }
        arena_reset(arena);
    }
    arena_free(arena);
}

TEST_MAIN(cmocka_unit_test(texts_are_read_and_written_as_postgresql_does),
          cmocka_unit_test(days_and_civil_dates_are_each_other_s_inverse),
          cmocka_unit_test(keys_order_as_values_do))
