/*
 * agg_test.c - aggregates over scalar types against PostgreSQL 15's results: over one group, over groups through a selection,
 * and in two halves combined.
 */
#include "base/test.h"
#include "executor/func/registry.h"

#include <math.h>
#include <stdio.h>

enum { MAX_ROWS = 8 };

typedef struct AggCase {
    Oid         oid;
    const char *expected; /* NULL: NULL */
    const char *sqlstate; /* of an expected error */
    const char *message;
    int         row_count;
    int         arg_count;
    const char *values[2 * MAX_ROWS]; /* row by row; NULL: NULL */
} AggCase;

static const AggCase cases[] = {
#define AGGREGATE(oid_, expected_, arg_count_, row_count_, ...) \
    {.oid = (oid_), .expected = (expected_), .arg_count = (arg_count_), .row_count = (row_count_), .values = {__VA_ARGS__}},
#define AGGREGATE_REFUSED(oid_, sqlstate_, message_, arg_count_, row_count_, ...)                                   \
    {.oid = (oid_), .sqlstate = (sqlstate_), .message = (message_), .arg_count = (arg_count_), .row_count = (row_count_), \
     .values = {__VA_ARGS__}},
#include "executor/func/agg_calls.def"
};

typedef enum Way { ONE_GROUP, GROUPED, COMBINED, WAY_COUNT } Way;

typedef struct Run {
    const AggCase *c;
    Way            way;
    Arena         *arena;
    const char    *text; /* result; NULL: NULL */
} Run;

static void make_column(Run *run, Vector *vector, Oid type, int arg, const TypeContext *ctx)
{
    const TypeInfo *info = type_by_oid(type);

    *vector = (Vector){.type = type, .phys = info->phys, .capacity = MAX_ROWS};
    vector->data = arena_alloc_zeroed(run->arena, MAX_ROWS, phys_width(info->phys));
    for (int row = 0; row < run->c->row_count; row++) {
        const char *text = run->c->values[row * run->c->arg_count + arg];
        Datum       value;

        if (text == NULL) {
            if (vector->validity == NULL) {
                vector->validity = arena_alloc(run->arena, sizeof(uint64_t));
                bitmap_fill(vector->validity, MAX_ROWS, true);
            }
            bitmap_clear(vector->validity, row);
            continue;
        }
        info->input(info, slice_from_cstring(text), -1, ctx, &value);
        datum_store(info->phys, vector_element(vector, row), &value);
    }
}

static void *new_state(AggCall *call)
{
    void *state = arena_alloc_zeroed(call->arena, 1, call->proc->agg->state_bytes + 1);

    if (call->proc->agg->init != NULL)
        call->proc->agg->init(call, state);
    return state;
}

/* Updates in the way of the run; returns the state. Odd rows go to another group first where there are groups. */
static void *update(Run *run, AggCall *call)
{
    void   *state = new_state(call);
    void   *other = new_state(call);
    void   *states[MAX_ROWS];
    int32_t sel[MAX_ROWS];
    int32_t half = run->c->row_count / 2;

    for (int32_t row = 0; row < MAX_ROWS; row++) {
        states[row] = state;
        sel[row] = row;
    }
    if (run->way == ONE_GROUP) {
        call->single = state;
        call->count = run->c->row_count;
        call->proc->agg->update(call);
        return state;
    }
    call->states = states;
    call->sel = sel;
    if (run->way == GROUPED) {
        call->count = run->c->row_count;
        call->proc->agg->update(call);
        return state;
    }
    call->count = half;
    call->proc->agg->update(call);
    for (int32_t row = half; row < MAX_ROWS; row++)
        states[row] = other;
    call->sel = sel + half;
    call->count = run->c->row_count - half;
    call->proc->agg->update(call);
    call->proc->agg->combine(call, state, other);
    return state;
}

static void run_body(void *arg)
{
    Run            *run = arg;
    const Proc     *proc = proc_by_oid(run->c->oid);
    const TypeInfo *info = type_by_oid(proc->result);
    TypeContext     ctx = {.arena = run->arena, .extra_float_digits = 1};
    Vector          vectors[2];
    Vector         *args[2] = {&vectors[0], &vectors[1]};
    Oid             arg_types[2];
    AggCall         call = {.proc = proc, .arg_count = run->c->arg_count, .args = args, .arena = run->arena, .ctx = &ctx,
                            .arg_types = arg_types, .result_type = proc->result};
    Datum           result;
    StrBuf          text;

    for (int arg_at = 0; arg_at < run->c->arg_count; arg_at++) {
        arg_types[arg_at] = proc->args[arg_at] == TYPE_ANY ? TYPE_TEXT : proc->args[arg_at];
        make_column(run, &vectors[arg_at], arg_types[arg_at], arg_at, &ctx);
    }
    if (!proc->agg->finish(&call, update(run, &call), run->arena, &result))
        return;
    strbuf_init(&text, run->arena);
    info->output(info, &result, &ctx, &text);
    run->text = strbuf_cstring(&text);
}

static bool differs(const Run *run, const Error *err)
{
    const AggCase *c = run->c;

    if (c->sqlstate != NULL)
        return err == NULL || strcmp(sqlstate_code(err->sqlstate), c->sqlstate) != 0 || strcmp(err->message, c->message) != 0;
    if (err != NULL || (run->text == NULL) != (c->expected == NULL))
        return true;
    if (c->expected == NULL || strcmp(run->text, c->expected) == 0)
        return false;
    /* floats added in another order differ in the last digits */
    return run->way != COMBINED || proc_by_oid(c->oid)->result != TYPE_FLOAT8 ||
           fabs(strtod(run->text, NULL) - strtod(c->expected, NULL)) > 1e-9 * fabs(strtod(c->expected, NULL)) + 1e-9;
}

static void results_are_postgresqls(void **state)
{
    int failures = 0;

    (void)state;
    registry_init();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const Proc *proc = proc_by_oid(cases[i].oid);

        if (proc->agg == NULL)
            fail_msg("aggregate %u has no code", proc->oid);
        for (Way way = 0; way < WAY_COUNT; way++) {
            Run    run = {.c = &cases[i], .way = way, .arena = arena_new(NULL, NULL, "test")};
            Error *err = way == COMBINED && proc->agg->combine == NULL ? NULL : error_catch(run_body, &run);

            if (way == COMBINED && proc->agg->combine == NULL)
                run.text = cases[i].expected;
            if (differs(&run, err) && (way != COMBINED || cases[i].sqlstate == NULL) && failures++ < 10)
                print_message("# case %zu: %s of %s, way %d, gave %s, expected %s\n", i, proc->name,
                              proc->arg_count > 0 ? type_by_oid(proc->args[0])->name : "rows", (int)way,
                              err != NULL ? err->message : run.text == NULL ? "NULL" : run.text,
                              cases[i].expected == NULL ? "NULL" : cases[i].expected);
            arena_free(run.arena);
        }
    }
    if (failures > 0)
        fail_msg("%d differ", failures);
}

TEST_MAIN(cmocka_unit_test(results_are_postgresqls))
