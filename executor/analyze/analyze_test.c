/* analyze_test.c - statements against a catalog in memory: what PostgreSQL 15 answers, and what NexaDB reads otherwise. */
#include "base/test.h"

#include "executor/analyze/binder.h"
#include "executor/analyze/fake_catalog.h"
#include "executor/deparse/deparse.h"
#include "executor/serialize/serialize.h"
#include "parser/parser.h"

#include <stdio.h>

typedef struct Run {
    Arena      *arena;
    Session     session;
    const char *sql;
    Query      *query;
    ParamTypes  params;
} Run;

static void analyze(void *arg)
{
    Run *run = arg;

    run->query = analyze_statement(&run->session, run->arena, list_first(parse_sql(run->arena, slice_from_cstring(run->sql))), &run->params);
}

static void run_start(Run *run, const char *sql)
{
    *run = (Run){.arena = arena_new(NULL, NULL, "test"), .sql = sql};
    run->session.database_name = "analyze_test";
    run->session.ctx.arena = run->arena;
    run->session.ctx.extra_float_digits = 1;
}

/* The columns of the result, or the error, in the form of analyze_cases.def. */
static const char *answer(Run *run)
{
    Error             *err = error_catch(analyze, run);
    Binder             b = {.session = &run->session, .arena = run->arena};
    const RangeColumn *columns;
    int32_t            count;
    StrBuf             text;

    strbuf_init(&text, run->arena);
    if (err != NULL) {
        strbuf_printf(&text, "%s: %s", sqlstate_code(err->sqlstate), err->message);
        if (err->detail != NULL)
            strbuf_printf(&text, " D:%s", err->detail);
        if (err->hint != NULL)
            strbuf_printf(&text, " H:%s", err->hint);
        strbuf_printf(&text, " @%d", err->position < 0 ? 0 : err->position + 1);
        return strbuf_cstring(&text);
    }
    columns = query_columns(&b, run->query, &count);
    for (int32_t i = 0; i < count; i++)
        strbuf_printf(&text, "%s%s|%s", i > 0 ? "," : "", columns[i].name, deparse_type(&run->session, run->arena, columns[i].type, columns[i].typmod));
    return strbuf_cstring(&text);
}

static int compare(const char *sql, const char *expected)
{
    Run         run;
    const char *actual;
    int         differs;

    run_start(&run, sql);
    actual = answer(&run);
    differs = strcmp(actual, expected) != 0;
    if (differs)
        print_message("# %s\n# expected %s\n# actual   %s\n", sql, expected, actual);
    arena_free(run.arena);
    return differs;
}

static void answers_are_those_of_postgresql(void **state)
{
    int different = 0;

    (void)state;
#define ANSWER(sql, answer) different += compare(sql, answer);
#include "executor/analyze/analyze_cases.def"
#undef ANSWER
    assert_int_equal(different, 0);
}

/* ---- the texts of views, and of what was stored and read back ---------------------------------------------------------------------- */

typedef struct Text {
    Run         run;
    const char *pretty, *plain, *again;
} Text;

static void make_text(void *arg)
{
    Text *text = arg;
    Run  *run = &text->run;
    Slice stored;

    analyze(run);
    text->pretty = deparse_query(&run->session, run->arena, run->query, DEPARSE_PRETTY);
    text->plain = deparse_query(&run->session, run->arena, run->query, DEPARSE_PLAIN);
    stored = serialize_query(run->arena, run->query);
    text->again = deparse_query(&run->session, run->arena, deserialize_query(&run->session, run->arena, stored), DEPARSE_PRETTY);
}

static int compare_text(const char *sql, const char *pretty, const char *plain)
{
    Text   text = {0};
    Error *err;
    int    differs;

    run_start(&text.run, sql);
    err = error_catch(make_text, &text);
    if (err != NULL) {
        print_message("# %s\n# %s\n", sql, err->message);
        arena_free(text.run.arena);
        return 1;
    }
    differs = strcmp(text.pretty, pretty) != 0 || strcmp(text.plain, plain) != 0 || strcmp(text.again, pretty) != 0;
    if (differs)
        print_message("# %s\n# expected\n%s\n%s\n# actual\n%s\n%s\n# read back\n%s\n", sql, pretty, plain, text.pretty, text.plain, text.again);
    arena_free(text.run.arena);
    return differs;
}

static void views_read_as_postgresql_shows_them(void **state)
{
    int different = 0;

    (void)state;
#define TEXT(sql, pretty, plain) different += compare_text(sql, pretty, plain);
#include "executor/deparse/deparse_cases.def"
#undef TEXT
    assert_int_equal(different, 0);
}

/* Each prefix of a stored query is refused as damaged, or read as something, but never crashes. */
static void read_prefixes(void *arg)
{
    Run  *run = arg;
    Slice stored;

    analyze(run);
    stored = serialize_query(run->arena, run->query);
    assert_true(stored.size > 100);
}

typedef struct Read {
    Run  *run;
    Slice bytes;
} Read;

static void read_bytes(void *arg)
{
    Read *read = arg;

    deserialize_query(&read->run->session, read->run->arena, read->bytes);
}

static void cut_stored_queries_are_refused(void **state)
{
    Run   run;
    Slice stored;

    (void)state;
    run_start(&run, "with a as (select id, name from people where age > 1) select a.id, count(*) from a join orders using (id) group by 1 order by 2");
    assert_no_error(read_prefixes, &run);
    stored = serialize_query(run.arena, run.query);
    for (size_t size = 1; size < stored.size; size++) {
        Read read = {&run, {stored.data, size}};

        assert_raises(SQLSTATE_DATA_CORRUPTED, read_bytes, &read);
    }
    arena_free(run.arena);
}

/* ---- ours -------------------------------------------------------------------------------------------------------------------------- */

static void json_compared_with_numbers_is_numeric(void **state)
{
    static const char *const cases[][2] = {
        {"select id from people where doc->>'age' > 25", "jsonb_number(doc, 'age'::text) > 25::numeric"},
        {"select id from people where 25 < doc->>'age'", "25::numeric < jsonb_number(doc, 'age'::text)"},
        {"select id from people where doc->>'age' between 1 and 2.5", "jsonb_number(doc, 'age'::text) >= 1::numeric"},
        {"select id from people where doc->>'age' in (1, 2)", "jsonb_number(doc, 'age'::text) = ANY (ARRAY[1::numeric, 2::numeric])"},
        {"select id from people where doc#>>array['a','b'] = height", "jsonb_number(doc, ARRAY['a'::text, 'b'::text]) = height::numeric"},
        {"select id from people where doc->>'on' = true", "jsonb_boolean(doc, 'on'::text) = true"},
        {"select id from people where doc->>'age' = '25'", "(doc ->> 'age'::text) = '25'::text"},
        {"select id from people where doc->>'age' = $1", "(doc ->> 'age'::text) = $1"},
        {"select max(id) from people having max(doc->>'a') = 'x'", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Run         run;
        const char *text;

        run_start(&run, cases[i][0]);
        assert_no_error(analyze, &run);
        text = run.query->where != NULL ? deparse_expression(&run.session, run.arena, run.query->where, &people, DEPARSE_PRETTY) : "";
        if (cases[i][1] != NULL && strstr(text, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], text);
        arena_free(run.arena);
    }
}

static void parameters_take_the_type_of_their_place(void **state)
{
    Run run;

    (void)state;
    run_start(&run, "select id from people where id = $1 and name = $2 and pay > $3 and $4 = any(tags) limit $5");
    assert_no_error(analyze, &run);
    assert_int_equal(run.query->param_count, 5);
    assert_int_equal(run.query->param_types[0], TYPE_INT4);
    assert_int_equal(run.query->param_types[1], TYPE_TEXT);
    assert_int_equal(run.query->param_types[2], TYPE_NUMERIC);
    assert_int_equal(run.query->param_types[3], TYPE_TEXT);
    assert_int_equal(run.query->param_types[4], TYPE_INT8);
    assert_int_equal(run.query->dependency_count, 1);
    arena_free(run.arena);
    run_start(&run, "select $1 is null");
    assert_raises(SQLSTATE_INDETERMINATE_DATATYPE, analyze, &run);
    arena_free(run.arena);
}

static void deep_expressions_are_refused(void **state)
{
    Run    run;
    StrBuf sql;

    (void)state;
    run_start(&run, NULL);
    strbuf_init(&sql, run.arena);
    strbuf_append_cstring(&sql, "select ");
    for (int i = 0; i < 100000; i++)
        strbuf_append_cstring(&sql, "1 + ");
    strbuf_append_cstring(&sql, "1");
    run.sql = strbuf_cstring(&sql);
    assert_raises(SQLSTATE_STATEMENT_TOO_COMPLEX, analyze, &run);
    arena_free(run.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_postgresql),
        cmocka_unit_test(views_read_as_postgresql_shows_them),
        cmocka_unit_test(cut_stored_queries_are_refused),
        cmocka_unit_test(json_compared_with_numbers_is_numeric),
        cmocka_unit_test(parameters_take_the_type_of_their_place),
        cmocka_unit_test(deep_expressions_are_refused),
    };

    registry_init();
    analyze_without_code = true;
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
