/*
 * exec_test.c - operators over hand-made plans, compared with plain loops; spills forced by a tiny work_mem.
 */
#include "base/test.h"

#include "executor/exec/eval.h"
#include "executor/exec/operator_internal.h"
#include "executor/expr_tree.h"

#include <stdio.h>

static Arena           *arena;
static ExecState        state;
static PlannedStatement planned;

static void start(size_t work_mem)
{
    registry_init();
    arena = arena_new(NULL, NULL, "test");
    exec_state_init(&state, NULL, arena);
    planned = (PlannedStatement){.node_count = 64};
    state.planned = &planned;
    state.work_mem = work_mem;
    state.work_tables = ARENA_ARRAY_ZEROED(arena, 65, struct WorkTable *);
    state.internal = ARENA_ARRAY_ZEROED(arena, 8, ExecParam);
    state.internal_count = 8;
}

static void stop(void)
{
    arena_free(arena);
}

static PlanColumn column_of(Oid type)
{
    return (PlanColumn){.type = type, .typmod = -1, .phys = type_phys(type)};
}

static Plan *plan_new(PlanKind kind, int32_t column_count, const Oid *types)
{
    static int32_t id;
    Plan          *plan = ARENA_NEW(arena, Plan);

    plan->kind = kind;
    plan->id = id++ % 60;
    plan->column_count = column_count;
    plan->columns = ARENA_ARRAY(arena, (size_t)column_count, PlanColumn);
    for (int32_t i = 0; i < column_count; i++)
        plan->columns[i] = column_of(types[i]);
    return plan;
}

static Expr *input_of(int32_t index, Oid type)
{
    Expr *expr = expr_new(arena, EXPR_INPUT, type, -1);

    expr->input.index = index;
    return expr;
}

static Expr *call_of(Oid proc, Expr *left, Expr *right)
{
    Expr *expr = expr_new(arena, EXPR_CALL, proc_by_oid(proc)->result, -1);

    expr->call.proc = proc_by_oid(proc);
    expr->call.args = expr_list_append(arena, expr_list_append(arena, (ExprList){0}, left), right);
    return expr;
}

enum { INT4EQ = 65, INT4LT = 66, INT4PL = 177, INT4DIV = 154, COUNT_STAR = 2803, COUNT_ANY = 2147, SUM_INT4 = 2108 };

/* A row of test data; -1 stands for NULL in key. */
typedef struct Row {
    int32_t key;
    int32_t number;
} Row;

static uint32_t seed = 12345;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static Row *random_rows(int32_t count, int32_t keys)
{
    Row *rows = ARENA_ARRAY(arena, (size_t)count, Row);

    for (int32_t i = 0; i < count; i++)
        rows[i] = (Row){(int32_t)(next_random() % (uint32_t)(keys + 1)) - 1, i};
    return rows;
}

/* (key int4 or NULL, number int4, text of both) */
static Plan *values_of(const Row *rows, int32_t count)
{
    Plan *plan = plan_new(PLAN_VALUES, 3, (Oid[]){TYPE_INT4, TYPE_INT4, TYPE_TEXT});

    plan->values.row_count = count;
    plan->values.rows = ARENA_ARRAY_ZEROED(arena, (size_t)count, ExprList);
    for (int32_t i = 0; i < count; i++) {
        ExprList *row = &plan->values.rows[i];

        *row = expr_list_append(arena, *row, rows[i].key < 0 ? expr_null(arena, TYPE_INT4, -1) : expr_int4(arena, rows[i].key));
        *row = expr_list_append(arena, *row, expr_int4(arena, rows[i].number));
        *row = expr_list_append(arena, *row, expr_text(arena, arena_printf(arena, "row %d of key %d", rows[i].number, rows[i].key)));
    }
    return plan;
}

static int32_t int_at(const Batch *batch, int32_t column, int32_t i)
{
    int32_t row = sel_row(batch->sel, i);

    vector_load(batch->columns[column], batch->sel, batch->count);
    return vector_is_valid(batch->columns[column], row) ? VECTOR_DATA(batch->columns[column], int32_t)[row] : -1;
}

static int64_t long_at(const Batch *batch, int32_t column, int32_t i)
{
    return VECTOR_DATA(batch->columns[column], int64_t)[sel_row(batch->sel, i)];
}

/* ---- expressions ---------------------------------------------------------------------------------------------------------------- */

static void filter_and_projection(void *unused)
{
    Row          *rows;
    Plan         *filter, *project;
    ExecOperator *op;
    Batch        *batch;
    int32_t       at = 0;

    (void)unused;
    start(1 << 20);
    rows = random_rows(3000, 100);
    filter = plan_new(PLAN_FILTER, 3, (Oid[]){TYPE_INT4, TYPE_INT4, TYPE_TEXT});
    filter->left = values_of(rows, 3000);
    /* key < 50 AND 100 / key < 20: NULL and zero keys must not reach a division that raises */
    filter->filter.test = expr_and(arena, call_of(INT4LT, input_of(0, TYPE_INT4), expr_int4(arena, 50)),
                                   expr_and(arena, call_of(INT4LT, expr_int4(arena, 0), input_of(0, TYPE_INT4)),
                                            call_of(INT4LT, call_of(INT4DIV, expr_int4(arena, 100), input_of(0, TYPE_INT4)), expr_int4(arena, 20))));
    project = plan_new(PLAN_PROJECT, 2, (Oid[]){TYPE_INT4, TYPE_INT4});
    project->left = filter;
    project->project.exprs = expr_list_append(arena, expr_list_append(arena, (ExprList){0}, input_of(1, TYPE_INT4)),
                                              call_of(INT4PL, input_of(0, TYPE_INT4), expr_int4(arena, 1000)));
    op = operator_open(&state, project);
    while ((batch = operator_next(op, 77)) != NULL) {
        assert_in_range(batch->count, 1, 77);
        for (int32_t i = 0; i < batch->count; i++, at++) {
            while (!(rows[at].key > 0 && rows[at].key < 50 && 100 / rows[at].key < 20))
                at++;
            assert_int_equal(int_at(batch, 0, i), rows[at].number);
            assert_int_equal(int_at(batch, 1, i), rows[at].key + 1000);
        }
    }
    for (; at < 3000; at++)
        assert_false(rows[at].key > 0 && rows[at].key < 50 && 100 / rows[at].key < 20);
    stop();
}

static void division_raises(void *unused)
{
    Datum value;

    (void)unused;
    start(1 << 20);
    eval_scalar_expr(&state, arena, call_of(INT4DIV, expr_int4(arena, 1), expr_int4(arena, 0)), &value);
}

static void case_and_coalesce(void *unused)
{
    Expr *cases, *coalesce;
    Datum value;

    (void)unused;
    start(1 << 20);
    /* CASE WHEN false THEN 1/0 ELSE coalesce(NULL, 7, 1/0) END */
    coalesce = expr_new(arena, EXPR_COALESCE, TYPE_INT4, -1);
    coalesce->list.args = expr_list_append(arena, (ExprList){0}, expr_null(arena, TYPE_INT4, -1));
    coalesce->list.args = expr_list_append(arena, coalesce->list.args, expr_int4(arena, 7));
    coalesce->list.args = expr_list_append(arena, coalesce->list.args, call_of(INT4DIV, expr_int4(arena, 1), expr_int4(arena, 0)));
    cases = expr_new(arena, EXPR_CASE, TYPE_INT4, -1);
    cases->cases.tests = expr_list_append(arena, (ExprList){0}, expr_bool(arena, false));
    cases->cases.results = expr_list_append(arena, (ExprList){0}, call_of(INT4DIV, expr_int4(arena, 1), expr_int4(arena, 0)));
    cases->cases.otherwise = coalesce;
    assert_true(eval_scalar_expr(&state, arena, cases, &value));
    assert_int_equal(value.int32, 7);
    stop();
}

/* ---- sort --------------------------------------------------------------------------------------------------------------------------- */

static PlanSortKey sort_key(int32_t column, Oid type, bool descending, bool nulls_first)
{
    return (PlanSortKey){.column = column, .type = type_by_oid(type), .descending = descending, .nulls_first = nulls_first};
}

static void check_sort(size_t work_mem, int32_t count, int64_t limit)
{
    Row          *rows;
    Plan         *sort;
    ExecOperator *op;
    Batch        *batch;
    int32_t       last_key = 1 << 30, last_number = -1;
    int64_t       seen = 0;
    bool          nulls_over = false;

    start(work_mem);
    rows = random_rows(count, 300);
    sort = plan_new(PLAN_SORT, 3, (Oid[]){TYPE_INT4, TYPE_INT4, TYPE_TEXT});
    sort->left = values_of(rows, count);
    sort->sort.key_count = 2;
    sort->sort.keys = ARENA_ARRAY(arena, 2, PlanSortKey);
    sort->sort.keys[0] = sort_key(0, TYPE_INT4, true, true);
    sort->sort.keys[1] = sort_key(1, TYPE_INT4, false, false);
    if (limit >= 0)
        sort->sort.limit = expr_int8(arena, limit);
    op = operator_open(&state, sort);
    while ((batch = operator_next(op, 100)) != NULL)
        for (int32_t i = 0; i < batch->count; i++, seen++) {
            int32_t key = int_at(batch, 0, i), number = int_at(batch, 1, i);
            Slice   text = VECTOR_DATA(batch->columns[2], Slice)[sel_row(batch->sel, i)];
            char    expected[64];

            assert_int_equal(rows[number].key, key);
            snprintf(expected, sizeof expected, "row %d of key %d", number, key);
            assert_int_equal(text.size, strlen(expected));
            assert_memory_equal(text.data, expected, text.size);
            if (key >= 0 && !nulls_over) {
                nulls_over = true;
                last_number = -1;
            } else {
                assert_true(nulls_over ? key >= 0 && (key < last_key || (key == last_key && number > last_number)) : number > last_number);
            }
            last_key = key < 0 ? 1 << 30 : key;
            last_number = number;
        }
    assert_int_equal(seen, limit >= 0 ? (limit < count ? limit : count) : count);
    stop();
}

static void sorts(void *unused)
{
    (void)unused;
    check_sort(1 << 24, 5000, -1);
    check_sort(1 << 24, 20, -1);
    check_sort(1 << 24, 1, -1);
    check_sort(1 << 12, 8000, -1);
    check_sort(1 << 24, 9000, 10);
    check_sort(1 << 24, 9000, 0);
    check_sort(1 << 24, 5, 10);
}

/* ---- aggregation ----------------------------------------------------------------------------------------------------------------------- */

static void check_aggregate(size_t work_mem, int32_t count, int32_t keys, bool distinct)
{
    Row          *rows;
    Plan         *plan;
    ExecOperator *op;
    Batch        *batch;
    int64_t      *counts, *sums;
    bool         *seen;
    int32_t       groups = 0, expected_groups = 0;

    start(work_mem);
    rows = random_rows(count, keys);
    counts = ARENA_ARRAY_ZEROED(arena, (size_t)keys + 1, int64_t);
    sums = ARENA_ARRAY_ZEROED(arena, (size_t)keys + 1, int64_t);
    seen = ARENA_ARRAY_ZEROED(arena, (size_t)keys + 1, bool);
    for (int32_t i = 0; i < count; i++) {
        counts[rows[i].key + 1]++;
        sums[rows[i].key + 1] += rows[i].number;
    }
    for (int32_t k = 0; k <= keys; k++)
        expected_groups += counts[k] > 0;
    plan = plan_new(PLAN_AGGREGATE, 4, (Oid[]){TYPE_INT4, TYPE_INT8, TYPE_INT8, TYPE_INT8});
    plan->left = values_of(rows, count);
    plan->aggregate.strategy = AGGREGATE_HASHED;
    plan->aggregate.group_count = 1;
    plan->aggregate.groups = expr_list_append(arena, (ExprList){0}, input_of(0, TYPE_INT4));
    plan->aggregate.group_types = ARENA_ARRAY(arena, 1, const TypeInfo *);
    plan->aggregate.group_types[0] = type_by_oid(TYPE_INT4);
    plan->aggregate.call_count = 3;
    plan->aggregate.calls = ARENA_ARRAY_ZEROED(arena, 3, PlanAggregate);
    plan->aggregate.calls[0] = (PlanAggregate){.proc = proc_by_oid(COUNT_STAR), .result_type = TYPE_INT8};
    plan->aggregate.calls[1] = (PlanAggregate){.proc = proc_by_oid(SUM_INT4), .result_type = TYPE_INT8};
    plan->aggregate.calls[1].args = expr_list_append(arena, (ExprList){0}, input_of(1, TYPE_INT4));
    plan->aggregate.calls[2] = (PlanAggregate){.proc = proc_by_oid(COUNT_ANY), .result_type = TYPE_INT8, .distinct = distinct};
    plan->aggregate.calls[2].args = expr_list_append(arena, (ExprList){0}, input_of(0, TYPE_INT4));
    op = operator_open(&state, plan);
    while ((batch = operator_next(op, BATCH_ROWS)) != NULL)
        for (int32_t i = 0; i < batch->count; i++, groups++) {
            int32_t key = int_at(batch, 0, i);

            assert_false(seen[key + 1]);
            seen[key + 1] = true;
            assert_int_equal(long_at(batch, 1, i), counts[key + 1]);
            assert_int_equal(long_at(batch, 2, i), sums[key + 1]);
            assert_int_equal(long_at(batch, 3, i), key < 0 ? 0 : distinct ? 1 : counts[key + 1]);
        }
    assert_int_equal(groups, expected_groups);
    stop();
}

static void aggregates(void *unused)
{
    (void)unused;
    check_aggregate(1 << 24, 5000, 37, false);
    check_aggregate(1 << 24, 5000, 37, true);
    check_aggregate(1 << 24, 3000, 5000, false);
    check_aggregate(1 << 14, 6000, 4000, false);
}

/* ---- joins ------------------------------------------------------------------------------------------------------------------------------ */

static Plan *join_of(PlanKind kind, JoinType type, Plan *left, Plan *right, bool residual)
{
    bool  left_only = type == JOIN_SEMI || type == JOIN_ANTI;
    Plan *plan = plan_new(kind, left_only ? 3 : 6, (Oid[]){TYPE_INT4, TYPE_INT4, TYPE_TEXT, TYPE_INT4, TYPE_INT4, TYPE_TEXT});
    Expr *test = residual ? call_of(INT4LT, input_of(1, TYPE_INT4), input_of(4, TYPE_INT4)) : NULL;

    plan->left = left;
    plan->right = right;
    plan->join.type = type;
    if (kind == PLAN_HASH_JOIN) {
        plan->join.key_count = 1;
        plan->join.left_keys = expr_list_append(arena, (ExprList){0}, input_of(0, TYPE_INT4));
        plan->join.right_keys = expr_list_append(arena, (ExprList){0}, input_of(0, TYPE_INT4));
        plan->join.key_types = ARENA_ARRAY(arena, 1, const TypeInfo *);
        plan->join.key_types[0] = type_by_oid(TYPE_INT4);
        plan->join.residual = test;
    } else {
        plan->join.residual = expr_and(arena, call_of(INT4EQ, input_of(0, TYPE_INT4), input_of(3, TYPE_INT4)), test);
    }
    return plan;
}

/* An order-free fingerprint of rows: sum of products of what they hold. */
static uint64_t row_print(int64_t left, int64_t right)
{
    uint64_t x = (uint64_t)(left + 2) * 0x9e3779b97f4a7c15ull ^ ((uint64_t)(right + 7) * 0xc2b2ae3d27d4eb4full);

    return x ^ (x >> 29);
}

static void check_join(PlanKind kind, JoinType type, bool residual, size_t work_mem, int32_t left_count, int32_t right_count, int32_t keys)
{
    Row          *left, *right;
    bool         *right_met;
    uint64_t      expected = 0, got = 0;
    int64_t       expected_count = 0, got_count = 0;
    ExecOperator *op;
    Batch        *batch;

    start(work_mem);
    left = random_rows(left_count, keys);
    right = random_rows(right_count, keys);
    right_met = ARENA_ARRAY_ZEROED(arena, (size_t)right_count + 1, bool);
    for (int32_t i = 0; i < left_count; i++) {
        bool met = false;

        for (int32_t k = 0; k < right_count; k++)
            if (left[i].key >= 0 && left[i].key == right[k].key && (!residual || left[i].number < right[k].number)) {
                met = right_met[k] = true;
                if (type != JOIN_SEMI && type != JOIN_ANTI) {
                    expected += row_print(i, k);
                    expected_count++;
                }
            }
        if ((type == JOIN_SEMI && met) || (type == JOIN_ANTI && !met) || ((type == JOIN_LEFT || type == JOIN_FULL) && !met)) {
            expected += row_print(i, -1);
            expected_count++;
        }
    }
    for (int32_t k = 0; (type == JOIN_RIGHT || type == JOIN_FULL) && k < right_count; k++)
        if (!right_met[k]) {
            expected += row_print(-1, k);
            expected_count++;
        }
    op = operator_open(&state, join_of(kind, type, values_of(left, left_count), values_of(right, right_count), residual));
    while ((batch = operator_next(op, BATCH_ROWS)) != NULL)
        for (int32_t i = 0; i < batch->count; i++, got_count++)
            got += row_print(int_at(batch, 1, i), type == JOIN_SEMI || type == JOIN_ANTI ? -1 : int_at(batch, 4, i));
    assert_int_equal(got_count, expected_count);
    assert_true(got == expected);
    stop();
}

static void joins(void *unused)
{
    static const JoinType types[] = {JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL, JOIN_SEMI, JOIN_ANTI};

    (void)unused;
    for (size_t t = 0; t < ARRAY_LENGTH(types); t++)
        for (int residual = 0; residual < 2; residual++) {
            check_join(PLAN_HASH_JOIN, types[t], residual, 1 << 24, 700, 500, 100);
            check_join(PLAN_HASH_JOIN, types[t], residual, 1 << 24, 30, 0, 10);
            check_join(PLAN_HASH_JOIN, types[t], residual, 1 << 24, 0, 30, 10);
            check_join(PLAN_HASH_JOIN, types[t], residual, 1 << 14, 900, 1500, 700);
            check_join(PLAN_NESTED_LOOP, types[t], residual, 1 << 24, 60, 70, 20);
        }
    check_join(PLAN_HASH_JOIN, JOIN_INNER, false, 1 << 24, 300, 300, 2);
}

static void runs(void **unused, void (*body)(void *))
{
    (void)unused;
    assert_no_error(body, NULL);
}

static void filters_keep_errors_to_the_rows_they_reach(void **unused)
{
    runs(unused, filter_and_projection);
}

static void division_by_zero_raises(void **unused)
{
    (void)unused;
    assert_raises(SQLSTATE_DIVISION_BY_ZERO, division_raises, NULL);
    stop();
}

static void case_and_coalesce_run_only_what_is_chosen(void **unused)
{
    runs(unused, case_and_coalesce);
}

static void sorts_order_rows_in_memory_on_disk_and_with_limits(void **unused)
{
    runs(unused, sorts);
}

static void aggregates_count_as_a_loop_does(void **unused)
{
    runs(unused, aggregates);
}

static void joins_pair_rows_as_two_loops_do(void **unused)
{
    runs(unused, joins);
}

TEST_MAIN(cmocka_unit_test(filters_keep_errors_to_the_rows_they_reach), cmocka_unit_test(division_by_zero_raises),
          cmocka_unit_test(case_and_coalesce_run_only_what_is_chosen), cmocka_unit_test(sorts_order_rows_in_memory_on_disk_and_with_limits),
          cmocka_unit_test(aggregates_count_as_a_loop_does), cmocka_unit_test(joins_pair_rows_as_two_loops_do))
