/*
 * sort.c - ORDER BY: everything in a row store and sorted, or with a limit only the best rows kept.
 *
 * Top-N keeps candidates in a store; when they are many more than wanted it sorts them, keeps the first N and from then on drops rows
 * whose key prefix lies behind the N-th one before any other column of theirs is loaded.
 */
#include "executor/exec/operator_internal.h"
#include "executor/exec/spill.h"

typedef struct SortOperator {
    ExecOperator op;
    RowStore    *store;
    uint32_t    *order;
    int64_t      row_count, next;
    int64_t      limit; /* -1: all */
    bool         sorted;
    bool         has_threshold;
    uint64_t     threshold;
    Arena       *arena;  /* order */
    BatchBuffer  out;
    SpillMerge  *merge;  /* runs on disk; NULL: all in memory */
} SortOperator;

enum { TOP_N_SLACK = 2048, TOP_N_MAX = 1 << 20 };

/* Keeps the first `limit` rows and learns where the last of them stands. */
static void keep_best(SortOperator *sort)
{
    const Plan        *plan = sort->op.plan;
    const PlanSortKey *key = &plan->sort.keys[0];
    RowStore          *best = row_store_new(sort->op.state->arena, plan->column_count, plan->columns);
    uint32_t          *order;
    BatchBuffer        part;
    bool               exact;
    uint32_t           last;

    arena_reset(sort->arena);
    order = sort_rows(sort->store, plan->sort.keys, plan->sort.key_count, sort->arena);
    batch_buffer_init(&part, sort->arena, plan->column_count);
    for (int32_t c = 0; c < plan->column_count; c++)
        vector_buffer_init(&part.columns[c], plan->columns[c].type, plan->columns[c].phys);
    for (int64_t from = 0; from < sort->limit; from += BATCH_ROWS) {
        int32_t count = (int32_t)MIN(sort->limit - from, BATCH_ROWS);

        for (int32_t c = 0; c < plan->column_count; c++)
            row_store_gather(sort->store, c, order + from, count, &part.columns[c], sort->arena);
        row_store_append(best, part.batch.columns, NULL, count);
    }
    last = (uint32_t)(sort->limit - 1);
    sort->threshold = sort_prefix(key, row_store_vector(best, key->column, last), row_store_row(last), sort->arena, &exact);
    sort->has_threshold = true;
    row_store_free(sort->store);
    sort->store = best;
    arena_reset(sort->arena);
}

static void add_candidates(SortOperator *sort, const Batch *input)
{
    const PlanSortKey *key = &sort->op.plan->sort.keys[0];
    int32_t            kept = 0;
    int32_t           *sel;

    if (!sort->has_threshold) {
        row_store_append_batch(sort->store, input);
    } else {
        bool exact = true;

        arena_reset(sort->arena);
        sel = ARENA_ARRAY(sort->arena, (size_t)input->count, int32_t);
        vector_load(input->columns[key->column], input->sel, input->count);
        for (int32_t i = 0; i < input->count; i++) {
            int32_t row = sel_row(input->sel, i);

            sel[kept] = row;
            kept += sort_prefix(key, input->columns[key->column], row, sort->arena, &exact) <= sort->threshold;
        }
        if (kept > 0)
            row_store_append(sort->store, input->columns, sel, kept);
    }
    if (sort->store->row_count >= sort->limit * 2 + TOP_N_SLACK)
        keep_best(sort);
}

static void write_run(SortOperator *sort)
{
    const Plan *plan = sort->op.plan;
    uint32_t   *order;

    arena_reset(sort->arena);
    order = sort_rows(sort->store, plan->sort.keys, plan->sort.key_count, sort->arena);
    if (sort->merge == NULL)
        sort->merge = spill_merge_new(sort->op.state, plan->column_count, plan->columns, plan->sort.keys, plan->sort.key_count);
    spill_merge_add_run(sort->merge, sort->store, order);
    operator_count_memory(&sort->op, row_store_bytes(sort->store), spill_merge_bytes(sort->merge));
    row_store_reset(sort->store);
    arena_reset(sort->arena);
}

static void sort_all(SortOperator *sort)
{
    const Plan *plan = sort->op.plan;
    ExecState  *state = sort->op.state;
    Batch      *input;

    sort->limit = -1;
    if (plan->sort.limit != NULL) {
        Datum value;

        if (eval_scalar_expr(state, state->arena, plan->sort.limit, &value) && value.int64 >= 0 && value.int64 <= TOP_N_MAX)
            sort->limit = value.int64;
    }
    sort_keys_check(plan->sort.keys, plan->sort.key_count, state->arena);
    if (sort->store == NULL) {
        sort->store = row_store_new(state->arena, plan->column_count, plan->columns);
        sort->arena = arena_new(state->arena, NULL, "sort");
        batch_buffer_init(&sort->out, state->arena, plan->column_count);
        for (int32_t c = 0; c < plan->column_count; c++)
            vector_buffer_init(&sort->out.columns[c], plan->columns[c].type, plan->columns[c].phys);
    }
    while (sort->limit != 0 && (input = operator_next(sort->op.left, BATCH_ROWS)) != NULL) {
        check_cancel();
        if (sort->limit > 0 && plan->sort.key_count > 0)
            add_candidates(sort, input);
        else
            row_store_append_batch(sort->store, input);
        if (sort->limit < 0 && row_store_bytes(sort->store) > state->work_mem && sort->store->row_count > 1)
            write_run(sort);
    }
    if (sort->merge != NULL) {
        if (sort->store->row_count > 0)
            write_run(sort);
        spill_merge_start(sort->merge);
    } else {
        arena_reset(sort->arena);
        operator_count_memory(&sort->op, row_store_bytes(sort->store), 0);
        sort->order = sort_rows(sort->store, plan->sort.keys, plan->sort.key_count, sort->arena);
        sort->row_count = sort->store->row_count;
        if (sort->limit >= 0)
            sort->row_count = MIN(sort->row_count, sort->limit);
    }
    sort->next = 0;
    sort->sorted = true;
}

static Batch *sort_next(ExecOperator *op, int32_t max_rows)
{
    SortOperator *sort = (SortOperator *)op;
    int32_t       count;

    if (!sort->sorted)
        sort_all(sort);
    check_cancel();
    if (sort->merge != NULL)
        return spill_merge_next(sort->merge, max_rows);
    count = (int32_t)MIN(sort->row_count - sort->next, max_rows);
    if (count == 0)
        return NULL;
    for (int32_t c = 0; c < op->plan->column_count; c++)
        row_store_gather(sort->store, c, sort->order + sort->next, count, &sort->out.columns[c], op->state->arena);
    sort->next += count;
    sort->out.batch.row_count = sort->out.batch.count = count;
    return &sort->out.batch;
}

static void sort_rescan(ExecOperator *op)
{
    SortOperator *sort = (SortOperator *)op;

    if (sort->store != NULL)
        row_store_reset(sort->store);
    if (sort->merge != NULL)
        spill_merge_free(sort->merge);
    sort->merge = NULL;
    sort->sorted = sort->has_threshold = false;
    operator_rescan(op->left);
}

ExecOperator *sort_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {sort_next, sort_rescan};
    SortOperator              *sort = operator_new(state, plan, sizeof(SortOperator), &class);

    sort->op.left = operator_open(state, plan->left);
    return &sort->op;
}
