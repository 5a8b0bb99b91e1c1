/*
 * func_case_test.h - runs functions on constants written as text, and compares what they give with what was recorded.
 *
 * A table of cases: CASE(function's oid, result or NULL_RESULT or NULL, SQLSTATE, message, number of arguments, ARGS(types), ARGS(texts)).
 */
#ifndef EXECUTOR_FUNC_FUNC_CASE_TEST_H
#define EXECUTOR_FUNC_FUNC_CASE_TEST_H

#include "base/test.h"
#include "executor/func/registry.h"
#include "types/array.h"
#include "types/timezone.h"
#include "types/type.h"

static const char NULL_RESULT[] = "NULL";

enum { MAX_ARGS = 6 };

typedef struct Case {
    Oid         proc;
    const char *result, *state, *message;
    int         arg_count;
    Oid         types[MAX_ARGS];
    const char *args[MAX_ARGS];
} Case;

#define ARGS(...) {__VA_ARGS__}

static Arena      *arena;
static TypeContext context;

static void fresh_arena(void)
{
    arena_free(arena);
    arena = arena_new(NULL, NULL, "test");
    context = (TypeContext){.arena = arena, .extra_float_digits = 1, .time_zone = timezone_utc()};
    registry_init();
}

/* A text[] literal with simple elements in braces, for as long as arrays have no text form of their own here. */
static Slice text_array_of(const char *text)
{
    Datum   values[32];
    bool    nulls[32];
    int32_t lengths[6] = {0}, lower[6] = {1, 1, 1, 1, 1, 1};
    int32_t count = 0, depth = 0, deepest = 0, parents[6] = {0};

    for (const char *at = text; *at != '\0';) {
        StrBuf item;
        bool   quoted = *at == '"';

        if (*at == '{') {
            if (depth > 0)
                parents[depth - 1]++;
            parents[depth++] = 0;
            deepest = MAX(deepest, depth);
            at++;
            continue;
        }
        if (*at == '}') {
            lengths[depth - 1] = parents[depth - 1];
            depth--;
            at++;
            continue;
        }
        if (*at == ',') {
            at++;
            continue;
        }
        strbuf_init(&item, arena);
        for (at += quoted; *at != '\0' && (quoted ? *at != '"' : strchr("{},", *at) == NULL); at++)
            strbuf_append_char(&item, *at);
        at += quoted;
        nulls[count] = !quoted && strcmp(strbuf_cstring(&item), "NULL") == 0;
        nulls[count] |= !quoted && strcmp(strbuf_cstring(&item), "null") == 0;
        values[count++].bytes = slice_of(strbuf_cstring(&item), item.size);
        parents[depth - 1]++;
    }
    return array_build(arena, TYPE_TEXT, PHYS_BYTES, count == 0 ? 0 : deepest, lengths, lower, values, nulls, count);
}

/* A vector of two rows, of which row 1 is the value and row 0 is not looked at. */
static Vector *vector_of(Oid type, const char *text)
{
    const TypeInfo *info = type_by_oid(type);
    Vector         *vector = ARENA_NEW(arena, Vector);
    Datum           value;

    vector->type = type;
    vector->phys = info->phys;
    vector->capacity = 2;
    vector->data = arena_alloc_zeroed(arena, 2, 16);
    if (text == NULL) {
        vector->validity = ARENA_NEW(arena, uint64_t);
        return vector;
    }
    if (type == TYPE_TEXT_ARRAY)
        value.bytes = text_array_of(text);
    else
        info->input(info, slice_from_cstring(text), -1, &context, &value);
    datum_store(info->phys, vector_element(vector, 1), &value);
    return vector;
}

typedef struct Run {
    const Case *test;
    bool        prepared;
    const char *result;
} Run;

static void run_case(void *arg)
{
    Run            *run = arg;
    const Case     *test = run->test;
    const Proc     *proc = proc_by_oid(test->proc);
    const TypeInfo *type = type_by_oid(proc->result);
    Vector         *args[MAX_ARGS];
    const Datum    *constants[MAX_ARGS];
    uint64_t        validity = 2;
    int32_t         sel = 1;
    Vector          result = {.type = proc->result, .phys = type->phys, .capacity = 2, .validity = &validity};
    KernelCall      call = {proc, test->arg_count, args, &result, &sel, 1, &context, NULL, NULL, -1};

    result.data = arena_alloc_zeroed(arena, 2, 16);
    if (proc->kernel == NULL)
        fail_msg("%s (%u) has no code", proc->name, proc->oid);
    for (int i = 0; i < test->arg_count; i++) {
        args[i] = vector_of(test->types[i], test->args[i]);
        constants[i] = i > 0 && run->prepared && test->args[i] != NULL ? (const Datum *)vector_element(args[i], 1) : NULL;
        if (constants[i] != NULL && args[i]->phys == PHYS_INT32) {
            Datum *copy = ARENA_NEW(arena, Datum);

            copy->int32 = *VECTOR_DATA(args[i], int32_t);
            datum_load(PHYS_INT32, vector_element(args[i], 1), copy);
            constants[i] = copy;
        }
    }
    if (proc->kernel->prepare != NULL)
        call.state =
            proc->kernel->prepare(&(KernelPrepare){proc, test->arg_count, constants, test->types, arena, &context});
    proc->kernel->run(&call);
    if (validity != 2) {
        run->result = NULL_RESULT;
    } else if (proc->result == TYPE_BOOL) {
        run->result = VECTOR_DATA(&result, uint8_t)[1] ? "true" : "false";
    } else {
        StrBuf out;

        strbuf_init(&out, arena);
        type->output(type, vector_element(&result, 1), &context, &out);
        run->result = strbuf_cstring(&out);
    }
}

static const char *arguments_of(const Case *test)
{
    StrBuf out;

    strbuf_init(&out, arena);
    for (int i = 0; i < test->arg_count; i++)
        strbuf_printf(&out, "%s<%s>", i > 0 ? ", " : "", test->args[i] != NULL ? test->args[i] : "NULL");
    return strbuf_cstring(&out);
}

/* Runs every case with constant and with varying arguments; fails after printing each that differs. */
static __attribute__((unused)) void check_cases(const Case *cases, size_t count)
{
    int wrong = 0;

    for (size_t i = 0; i < count; i++) {
        for (int prepared = 0; prepared < 2; prepared++) {
            const Case *test = &cases[i];
            Run         run = {.test = test, .prepared = prepared != 0};
            Error      *err;
            const char *got_state;

            fresh_arena();
            err = error_catch(run_case, &run);
            got_state = err != NULL ? sqlstate_code(err->sqlstate) : NULL;
            if (err != NULL && test->state != NULL && strcmp(got_state, test->state) == 0 &&
                strcmp(err->message, test->message) == 0)
                continue;
            if (err == NULL && test->result != NULL && strcmp(run.result, test->result) == 0)
                continue;
            print_message("%s(%s): %s %s, PostgreSQL: %s %s\n", proc_by_oid(test->proc)->name, arguments_of(test),
                          err != NULL ? got_state : "", err != NULL ? err->message : run.result,
                          test->state != NULL ? test->state : "", test->state != NULL ? test->message : test->result);
            wrong++;
            break;
        }
    }
    assert_int_equal(wrong, 0);
}

#endif
