/*
 * nested_loop.c - joins that run the right side again for every left row, with values of that row as internal parameters.
 *
 * Pairs of the current left row with a batch of right rows are tested together; the output of several left rows is gathered into one
 * batch, so that index lookups that find one row each still give full batches upwards.
 */
#include "executor/exec/operator_internal.h"

typedef struct NestedLoop {
    ExecOperator op;
    JoinType     type;
    int32_t      left_count, right_count;
    Evaluator   *residual;
    Evaluator  **params;
    Vector     **param_vectors;
    Batch       *outer;
    int32_t      outer_at;    /* index into the outer selection */
    bool         inner_open;  /* the right side runs for outer_at */
    bool         inner_used;  /* it has run before: rescan first */
    bool         outer_matched;
    Arena       *outer_arena; /* of one outer batch */
    Arena       *pair_arena;
    BatchBuffer  pair;        /* one left row beside the right rows being tested */
    RowStore    *out;
    int64_t      out_at;      /* its next chunk to give */
    BatchSlice   slice;
    BatchBuffer  nulls;       /* right columns of an unmatched left row */
    /* RIGHT and FULL: the right side is kept whole, without parameters */
    RowStore    *inner_rows;
    uint64_t    *inner_matched;
    int64_t      inner_at;
    bool         outer_done;
} NestedLoop;

static void start(NestedLoop *join)
{
    const Plan *plan = join->op.plan;
    ExecState  *state = join->op.state;
    PlanColumn *columns;

    join->type = plan->join.type;
    join->left_count = plan->left->column_count;
    join->right_count = plan->right->column_count;
    if (plan->join.residual != NULL)
        join->residual = eval_compile(state, state->arena, plan->join.residual);
    join->params = eval_compile_list(state, state->arena, &plan->join.param_values);
    join->param_vectors = ARENA_ARRAY(state->arena, (size_t)plan->join.param_count, Vector *);
    join->outer_arena = arena_new(state->arena, NULL, "nested loop");
    join->pair_arena = arena_new(state->arena, NULL, "nested loop pairs");
    batch_buffer_init(&join->pair, state->arena, join->left_count + join->right_count);
    columns = ARENA_ARRAY(state->arena, (size_t)(join->left_count + join->right_count), PlanColumn);
    for (int32_t i = 0; i < join->left_count; i++)
        columns[i] = plan->left->columns[i];
    for (int32_t i = 0; i < join->right_count; i++)
        columns[join->left_count + i] = plan->right->columns[i];
    batch_buffer_init(&join->nulls, state->arena, join->left_count + join->right_count);
    for (int32_t i = 0; i < join->left_count + join->right_count; i++) {
        vector_buffer_init(&join->pair.columns[i], columns[i].type, columns[i].phys);
        vector_buffer_init(&join->nulls.columns[i], columns[i].type, columns[i].phys);
        vector_buffer_reserve(&join->nulls.columns[i], state->arena, 1);
        memset(join->nulls.columns[i].vector.data, 0, phys_width(columns[i].phys));
        vector_buffer_set_validity(&join->nulls.columns[i], 1, false);
    }
    join->out = row_store_new(state->arena, join->type == JOIN_SEMI || join->type == JOIN_ANTI ? join->left_count : join->left_count + join->right_count, columns);
    if (join->type == JOIN_RIGHT || join->type == JOIN_FULL) {
        Batch *batch;

        join->inner_rows = row_store_new(state->arena, join->right_count, plan->right->columns);
        while ((batch = operator_next(join->op.right, BATCH_ROWS)) != NULL)
            row_store_append_batch(join->inner_rows, batch);
        join->inner_matched = ARENA_ARRAY_ZEROED(state->arena, BATCH_WORDS(join->inner_rows->row_count) + 1, uint64_t);
    }
}

static bool next_outer(NestedLoop *join, int32_t ask)
{
    const Plan *plan = join->op.plan;

    join->outer = operator_next(join->op.left, ask);
    join->outer_at = 0;
    join->inner_open = false;
    if (join->outer == NULL)
        return false;
    arena_reset(join->outer_arena);
    batch_load(join->outer, join->left_count);
    for (int32_t i = 0; i < plan->join.param_count; i++)
        join->param_vectors[i] =
            eval_run(join->params[i], join->outer->columns, join->outer->row_count, join->outer->sel, join->outer->count, join->outer_arena);
    return true;
}

static void open_inner(NestedLoop *join)
{
    const Plan *plan = join->op.plan;
    int32_t     row = sel_row(join->outer->sel, join->outer_at);

    for (int32_t i = 0; i < plan->join.param_count; i++) {
        Datum value = {0};
        bool  valid = vector_get(join->param_vectors[i], row, &value);

        exec_param_set(join->op.state, plan->join.params[i], &value, !valid);
    }
    if (join->inner_rows == NULL && join->inner_used)
        operator_rescan(join->op.right);
    join->inner_used = true;
    join->inner_open = true;
    join->inner_at = 0;
    join->outer_matched = false;
}

static Batch *next_inner(NestedLoop *join, int32_t ask)
{
    if (join->inner_rows != NULL)
        return row_store_batch(join->inner_rows, join->inner_at++);
    return operator_next(join->op.right, ask);
}

/* The current left row beside each row of inner: left columns are spread, right ones passed. */
static Vector **pair_columns(NestedLoop *join, const Batch *inner)
{
    int32_t  row = sel_row(join->outer->sel, join->outer_at);
    Vector **columns = ARENA_ARRAY(join->pair_arena, (size_t)(join->left_count + join->right_count), Vector *);

    for (int32_t c = 0; c < join->left_count; c++) {
        VectorBuffer *spread = &join->pair.columns[c];
        Datum         value = {0};
        bool          valid = vector_get(join->outer->columns[c], row, &value);

        vector_buffer_reserve(spread, join->op.state->arena, inner->row_count);
        vector_splat(&spread->vector, &value, 0, inner->row_count);
        if (!valid)
            vector_buffer_set_validity(spread, inner->row_count, false);
        columns[c] = &spread->vector;
    }
    for (int32_t c = 0; c < join->right_count; c++)
        columns[join->left_count + c] = inner->columns[c];
    return columns;
}

/* Tests one batch of right rows; true when the left row needs no more of them. */
static bool join_batch(NestedLoop *join, const Batch *inner)
{
    Vector       **columns;
    const int32_t *sel = inner->sel;
    int32_t        count = inner->count;

    check_cancel();
    arena_reset(join->pair_arena);
    columns = pair_columns(join, inner);
    if (join->residual != NULL) {
        int32_t *passed = ARENA_ARRAY(join->pair_arena, (size_t)count, int32_t);

        count = eval_filter(join->residual, columns, inner->row_count, sel, count, passed, join->pair_arena);
        sel = passed;
    }
    if (count == 0)
        return false;
    join->outer_matched = true;
    if (join->type == JOIN_SEMI || join->type == JOIN_ANTI)
        return true;
    if (join->inner_matched != NULL)
        for (int32_t i = 0; i < count; i++)
            bitmap_set(join->inner_matched, (int32_t)((join->inner_at - 1) * STORE_CHUNK_ROWS) + sel_row(sel, i));
    row_store_append(join->out, columns, sel, count);
    return join->op.plan->join.unique_inner && join->inner_matched == NULL;
}

/* The left row by itself: with NULLs on the right, or alone for SEMI and ANTI. */
static void give_left(NestedLoop *join)
{
    Batch    null_row = {.row_count = 1, .count = 1};
    Vector **columns;

    arena_reset(join->pair_arena);
    null_row.columns = join->nulls.batch.columns + join->left_count;
    columns = pair_columns(join, &null_row);
    row_store_append(join->out, columns, NULL, 1);
}

static void end_inner(NestedLoop *join)
{
    bool wanted = (join->type == JOIN_SEMI && join->outer_matched) || (join->type == JOIN_ANTI && !join->outer_matched) ||
                  ((join->type == JOIN_LEFT || join->type == JOIN_FULL) && !join->outer_matched);

    if (wanted)
        give_left(join);
    join->inner_open = false;
    join->outer_at++;
}

static void give_unmatched_right(NestedLoop *join)
{
    for (int64_t c = 0; c < join->inner_rows->chunk_count; c++) {
        Batch   *chunk = row_store_batch(join->inner_rows, c);
        Vector **columns;
        int32_t *sel, n = 0;

        arena_reset(join->pair_arena);
        sel = ARENA_ARRAY(join->pair_arena, (size_t)chunk->count, int32_t);
        columns = ARENA_ARRAY(join->pair_arena, (size_t)(join->left_count + join->right_count), Vector *);
        for (int32_t i = 0; i < chunk->count; i++)
            if (!bitmap_get(join->inner_matched, (int32_t)(c * STORE_CHUNK_ROWS) + i))
                sel[n++] = i;
        for (int32_t i = 0; i < join->left_count; i++) {
            vector_buffer_reserve(&join->pair.columns[i], join->op.state->arena, chunk->count);
            memset(join->pair.columns[i].vector.data, 0, (size_t)chunk->count * phys_width(join->pair.columns[i].vector.phys));
            vector_buffer_set_validity(&join->pair.columns[i], chunk->count, false);
            columns[i] = &join->pair.columns[i].vector;
        }
        for (int32_t i = 0; i < join->right_count; i++)
            columns[join->left_count + i] = chunk->columns[i];
        if (n > 0)
            row_store_append(join->out, columns, sel, n);
    }
}

/* Joins until at least max_rows rows, or a batch's worth, stand in out; fewer at the end. */
static void fill(NestedLoop *join, int32_t max_rows)
{
    row_store_reset(join->out);
    while (join->out->row_count < MIN(max_rows, STORE_CHUNK_ROWS) && !join->outer_done) {
        Batch *inner;

        if ((join->outer == NULL || join->outer_at >= join->outer->count) && !next_outer(join, max_rows)) {
            join->outer_done = true;
            if (join->inner_matched != NULL)
                give_unmatched_right(join);
            return;
        }
        if (!join->inner_open)
            open_inner(join);
        inner = next_inner(join, join->residual == NULL && (join->type == JOIN_SEMI || join->type == JOIN_ANTI) ? 1 : max_rows);
        if (inner == NULL || join_batch(join, inner))
            end_inner(join);
    }
}

static Batch *nested_loop_next(ExecOperator *op, int32_t max_rows)
{
    NestedLoop *join = (NestedLoop *)op;
    Batch      *out = batch_slice_take(&join->slice, op->state->arena, max_rows);

    if (out != NULL)
        return out;
    if (join->out == NULL)
        start(join);
    /* out may hold more than a chunk: its chunks are given one after the other before it is filled again */
    out = row_store_batch(join->out, join->out_at++);
    if (out == NULL) {
        fill(join, max_rows);
        out = row_store_batch(join->out, 0);
        join->out_at = 1;
    }
    if (out == NULL)
        return NULL;
    batch_slice_set(&join->slice, out, NULL, out->count);
    return batch_slice_take(&join->slice, op->state->arena, max_rows);
}

static void nested_loop_rescan(ExecOperator *op)
{
    NestedLoop *join = (NestedLoop *)op;

    join->slice.count = 0;
    if (join->out == NULL) {
        operator_rescan(op->left);
        return;
    }
    row_store_reset(join->out);
    join->out_at = 0;
    join->outer = NULL;
    join->inner_open = join->outer_done = false;
    join->inner_at = 0;
    operator_rescan(op->left);
    if (join->inner_rows != NULL) {
        Batch *batch;

        operator_rescan(op->right);
        row_store_reset(join->inner_rows);
        while ((batch = operator_next(op->right, BATCH_ROWS)) != NULL)
            row_store_append_batch(join->inner_rows, batch);
        join->inner_matched = ARENA_ARRAY_ZEROED(op->state->arena, BATCH_WORDS(join->inner_rows->row_count) + 1, uint64_t);
    }
}

ExecOperator *nested_loop_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {nested_loop_next, nested_loop_rescan};
    NestedLoop                *join = operator_new(state, plan, sizeof(NestedLoop), &class);

    join->op.left = operator_open(state, plan->left);
    join->op.right = operator_open(state, plan->right);
    return &join->op;
}
