/*
 * window.c - window functions: one partition at a time, kept whole.
 *
 * Per partition: peers by the order keys, the frame of each row, then every call over flat vectors of all its rows. Aggregates whose frame starts at the
 * partition's first row run on one growing state; other frames are computed anew whenever they differ from the row before.
 */
#include "executor/exec/agg_call.h"
#include "executor/expr_tree.h"
#include "executor/window.h"

typedef struct CallState {
    const PlanWindowCall *plan;
    Evaluator           **args;
    Evaluator            *filter;
    VectorBuffer         *flat;    /* arguments of the whole partition */
    Vector              **vectors;
    VectorBuffer          result;
    Oid                  *arg_types;
    bool                 *passes;  /* by row: FILTER */
} CallState;

typedef struct WindowOperator {
    ExecOperator op;
    CallState   *calls;
    RowStore    *rows;        /* the partition */
    Batch       *input;       /* not wholly taken: the next partition begins at input_at */
    int32_t      input_at;
    bool         input_done;
    int64_t      chunk;
    Arena       *arena;       /* of one partition */
    Arena       *out_arena;
    int32_t     *peer_start, *peer_end, *frame_start, *frame_end;
    int32_t     *group, *group_first, group_count; /* of peers: by row; first rows by group, and the end */
    Batch        out;
    VectorBuffer *result_parts;
    BatchSlice   slice;
    Datum        start_offset, end_offset;
} WindowOperator;

static noreturn void raise_offset(const char *which, const char *what)
{
    raise_error(what[0] == 'n' && what[1] == 'u' ? SQLSTATE_NULL_VALUE_NOT_ALLOWED : SQLSTATE_INVALID_PRECEDING_OR_FOLLOWING_SIZE,
                "frame %s offset must not be %s", which, what);
}

static void window_start(WindowOperator *window)
{
    const Plan *plan = window->op.plan;
    ExecState  *state = window->op.state;
    Arena      *arena = state->arena;
    int32_t     inputs = plan->left->column_count;

    window->rows = row_store_new(arena, inputs, plan->left->columns);
    window->arena = arena_new(arena, NULL, "window partition");
    window->out_arena = arena_new(arena, NULL, "window output");
    window->calls = ARENA_ARRAY_ZEROED(arena, (size_t)plan->window.call_count, CallState);
    window->result_parts = ARENA_ARRAY_ZEROED(arena, (size_t)plan->window.call_count, VectorBuffer);
    for (int32_t i = 0; i < plan->window.call_count; i++) {
        CallState *call = &window->calls[i];

        call->plan = &plan->window.calls[i];
        call->args = eval_compile_list(state, arena, &call->plan->args);
        if (call->plan->filter != NULL)
            call->filter = eval_compile(state, arena, call->plan->filter);
        call->flat = ARENA_ARRAY_ZEROED(arena, (size_t)call->plan->args.count + 1, VectorBuffer);
        call->vectors = ARENA_ARRAY(arena, (size_t)call->plan->args.count + 1, Vector *);
        call->arg_types = ARENA_ARRAY(arena, (size_t)call->plan->args.count + 1, Oid);
        for (int32_t a = 0; a < call->plan->args.count; a++) {
            call->arg_types[a] = call->plan->args.items[a]->type;
            call->vectors[a] = &call->flat[a].vector;
        }
        if (call->plan->proc->window == NULL && call->plan->proc->agg == NULL)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "window function %s is not supported", call->plan->proc->name);
        vector_buffer_init(&window->result_parts[i], plan->columns[inputs + i].type, plan->columns[inputs + i].phys);
    }
    window->out.column_count = plan->column_count;
    window->out.columns = ARENA_ARRAY(arena, (size_t)plan->column_count, Vector *);
    if (plan->window.start_offset != NULL && !eval_scalar_expr(state, arena, plan->window.start_offset, &window->start_offset))
        raise_offset("starting", "null");
    if (plan->window.end_offset != NULL && !eval_scalar_expr(state, arena, plan->window.end_offset, &window->end_offset))
        raise_offset("ending", "null");
    if (plan->window.mode != FRAME_RANGE) {
        if (plan->window.start_offset != NULL && window->start_offset.int64 < 0)
            raise_offset("starting", "negative");
        if (plan->window.end_offset != NULL && window->end_offset.int64 < 0)
            raise_offset("ending", "negative");
    }
}

/* ---- partitions -------------------------------------------------------------------------------------------------------------------- */

static bool same_keys(const RowStore *store, const PlanSortKey *keys, int32_t count, uint32_t a, Vector *const *columns, int32_t row)
{
    for (int32_t i = 0; i < count; i++)
        if (!element_equal(keys[i].type, row_store_vector(store, keys[i].column, a), row_store_row(a), columns[keys[i].column], row))
            return false;
    return true;
}

/* Reads one partition into rows; false when there is none left. */
static bool load_partition(WindowOperator *window)
{
    const Plan *plan = window->op.plan;

    row_store_reset(window->rows);
    arena_reset(window->arena);
    for (;;) {
        Batch   *input = window->input;
        int32_t *run, count = 0;

        if (input == NULL || window->input_at >= input->count) {
            window->input = input = window->input_done ? NULL : operator_next(window->op.left, BATCH_ROWS);
            window->input_at = 0;
            if (input == NULL) {
                window->input_done = true;
                return window->rows->row_count > 0;
            }
            check_cancel();
            batch_load(input, input->column_count);
        }
        run = ARENA_ARRAY(window->arena, (size_t)input->count, int32_t);
        if (window->rows->row_count == 0) {
            run[0] = sel_row(input->sel, window->input_at++);
            row_store_append(window->rows, input->columns, run, 1);
        }
        while (window->input_at < input->count) {
            int32_t row = sel_row(input->sel, window->input_at);

            if (!same_keys(window->rows, plan->window.partition, plan->window.partition_count, 0, input->columns, row))
                break;
            run[count++] = row;
            window->input_at++;
        }
        row_store_append(window->rows, input->columns, run, count);
        if (window->input_at < input->count)
            return true;
    }
}

/* ---- peers and frames --------------------------------------------------------------------------------------------------------------- */

static void find_peers(WindowOperator *window, int32_t count)
{
    const Plan *plan = window->op.plan;
    int32_t     start = 0, group = 0;

    window->peer_start = ARENA_ARRAY(window->arena, (size_t)count, int32_t);
    window->peer_end = ARENA_ARRAY(window->arena, (size_t)count, int32_t);
    window->group = ARENA_ARRAY(window->arena, (size_t)count, int32_t);
    window->group_first = ARENA_ARRAY(window->arena, (size_t)count + 1, int32_t);
    for (int32_t row = 0; row < count; row++) {
        if (row > 0) {
            const StoreChunk *chunk = window->rows->chunks[row >> STORE_CHUNK_SHIFT];

            if (!same_keys(window->rows, plan->window.order, plan->window.order_count, (uint32_t)row - 1, chunk->columns.batch.columns,
                           row_store_row((uint32_t)row))) {
                for (int32_t i = start; i < row; i++)
                    window->peer_end[i] = row;
                start = row;
                window->group_first[++group] = row;
            }
        } else {
            window->group_first[0] = 0;
        }
        window->peer_start[row] = start;
        window->group[row] = group;
    }
    for (int32_t i = start; i < count; i++)
        window->peer_end[i] = count;
    window->group_count = group + 1;
    window->group_first[window->group_count] = count;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* The order key moved by the offset: key - offset towards the start of the order, key + offset towards its end. */
static Vector *moved_keys(WindowOperator *window, const Expr *offset, const Datum *value, bool preceding, Vector *keys, int32_t count)
{
    const Plan            *plan = window->op.plan;
    const PlanSortKey     *key = &plan->window.order[0];
    bool                   minus = preceding != key->descending;
    int                    found;
    const Operator *const *all = operator_by_name(minus ? "-" : "+", &found);
    Arena                 *arena = window->arena;
    Expr                  *call = expr_new(arena, EXPR_CALL, keys->type, -1), *input = expr_new(arena, EXPR_INPUT, keys->type, -1);
    Expr                  *constant = expr_const(arena, offset->type, *value);
    const Operator        *op = NULL;

    for (int i = 0; i < found; i++)
        if (all[i]->kind == 'b' && all[i]->left == keys->type && all[i]->right == offset->type)
            op = all[i];
    if (op == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s",
                    type_format(arena, keys->type, -1), type_format(arena, offset->type, -1));
    call->type = op->result;
    call->call.proc = proc_by_oid(op->function);
    call->call.args = expr_list_append(arena, expr_list_append(arena, (ExprList){0}, input), constant);
    return eval_run(eval_compile(window->op.state, arena, call), &keys, count, NULL, count, arena);
}

/* First row whose key is not before (after_equal: is behind) a bound, among the rows whose key is not NULL. */
static int32_t search_key(const PlanSortKey *key, const Vector *keys, int32_t low, int32_t high, const Vector *bound, int32_t at, const TypeInfo *bound_type, bool after_equal)
{
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        int     order = bound_type->compare(bound_type, vector_element(keys, middle), vector_element(bound, at));

        if (key->descending)
            order = -order;
        if (order < 0 || (after_equal && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void range_offset_frame(WindowOperator *window, int32_t count)
{
    const Plan        *plan = window->op.plan;
    const PlanSortKey *key = &plan->window.order[0];
    VectorBuffer       flat;
    Vector            *keys = &flat.vector, *starts = NULL, *ends = NULL;
    uint32_t          *rows = ARENA_ARRAY(window->arena, (size_t)count, uint32_t);
    int32_t            first = 0, last = count; /* rows with keys that are not NULL */

    for (int32_t i = 0; i < count; i++)
        rows[i] = (uint32_t)i;
    vector_buffer_init(&flat, window->rows->types[key->column], window->rows->phys[key->column]);
    row_store_gather(window->rows, key->column, rows, count, &flat, window->arena);
    while (first < count && !vector_is_valid(keys, first))
        first++;
    while (last > first && !vector_is_valid(keys, last - 1))
        last--;
    if (plan->window.start_offset != NULL)
        starts = moved_keys(window, plan->window.start_offset, &window->start_offset, plan->window.start == FRAME_OFFSET_PRECEDING, keys, count);
    if (plan->window.end_offset != NULL)
        ends = moved_keys(window, plan->window.end_offset, &window->end_offset, plan->window.end == FRAME_OFFSET_PRECEDING, keys, count);
    for (int32_t row = 0; row < count; row++) {
        bool null = !vector_is_valid(keys, row);

        if (starts != NULL)
            window->frame_start[row] = null ? window->peer_start[row] : search_key(key, keys, first, last, starts, row, key->type, false);
        if (ends != NULL)
            window->frame_end[row] = null ? window->peer_end[row] : search_key(key, keys, first, last, ends, row, key->type, true);
    }
}

static int32_t bound_row(WindowOperator *window, FrameBound bound, const Datum *offset, int32_t row, int32_t count, bool is_end)
{
    FrameMode mode = window->op.plan->window.mode;
    int64_t   by = bound == FRAME_OFFSET_PRECEDING ? -offset->int64 : bound == FRAME_OFFSET_FOLLOWING ? offset->int64 : 0;

    switch (bound) {
    case FRAME_UNBOUNDED_PRECEDING:
        return 0;
    case FRAME_UNBOUNDED_FOLLOWING:
        return count;
    case FRAME_CURRENT_ROW:
        if (mode == FRAME_ROWS)
            return row + is_end;
        return is_end ? window->peer_end[row] : window->peer_start[row];
    default:
        break;
    }
    if (mode == FRAME_ROWS) {
        int64_t at;

        if (__builtin_add_overflow((int64_t)row + is_end, by, &at))
            at = by < 0 ? 0 : count;
        return (int32_t)clamp(at, 0, count);
    }
    if (mode == FRAME_GROUPS) {
        int64_t group;

        if (__builtin_add_overflow((int64_t)window->group[row], by, &group))
            group = by < 0 ? -1 : window->group_count;
        if (group < 0)
            return 0;
        if (group >= window->group_count)
            return count;
        return window->group_first[group + is_end];
    }
    return 0; /* RANGE with an offset: range_offset_frame() */
}

static void find_frames(WindowOperator *window, int32_t count)
{
    const Plan *plan = window->op.plan;

    window->frame_start = ARENA_ARRAY(window->arena, (size_t)count, int32_t);
    window->frame_end = ARENA_ARRAY(window->arena, (size_t)count, int32_t);
    for (int32_t row = 0; row < count; row++) {
        window->frame_start[row] = bound_row(window, plan->window.start, &window->start_offset, row, count, false);
        window->frame_end[row] = bound_row(window, plan->window.end, &window->end_offset, row, count, true);
    }
    if (plan->window.mode == FRAME_RANGE && (plan->window.start_offset != NULL || plan->window.end_offset != NULL))
        range_offset_frame(window, count);
}

/* ---- calls ----------------------------------------------------------------------------------------------------------------------------- */

/* Arguments of all rows in flat vectors, chunk by chunk. */
static void flatten_args(WindowOperator *window, CallState *call, int32_t count)
{
    for (int32_t a = 0; a < call->plan->args.count; a++) {
        vector_buffer_init(&call->flat[a], call->arg_types[a], exec_phys(window->op.state, call->arg_types[a]));
        vector_buffer_reserve(&call->flat[a], window->arena, count);
        vector_buffer_set_validity(&call->flat[a], count, true);
    }
    call->passes = NULL;
    if (call->filter != NULL)
        call->passes = ARENA_ARRAY_ZEROED(window->arena, (size_t)count, bool);
    for (int64_t c = 0; c < window->rows->chunk_count; c++) {
        Batch  *chunk = row_store_batch(window->rows, c);
        int32_t from = (int32_t)(c << STORE_CHUNK_SHIFT);

        check_cancel();
        for (int32_t a = 0; a < call->plan->args.count; a++) {
            Vector *values = eval_run(call->args[a], chunk->columns, chunk->row_count, NULL, chunk->count, window->arena);
            size_t  width = phys_width(values->phys);

            memcpy((char *)call->flat[a].vector.data + (size_t)from * width, values->data, (size_t)chunk->count * width);
            for (int32_t i = 0; i < chunk->count && values->validity != NULL; i++)
                if (!bitmap_get(values->validity, i))
                    bitmap_clear(call->flat[a].bitmap, from + i);
        }
        if (call->filter != NULL) {
            int32_t *sel = ARENA_ARRAY(window->arena, (size_t)chunk->count, int32_t);
            int32_t  kept = eval_filter(call->filter, chunk->columns, chunk->row_count, NULL, chunk->count, sel, window->arena);

            for (int32_t i = 0; i < kept; i++)
                call->passes[from + sel[i]] = true;
        }
    }
    for (int32_t a = 0; a < call->plan->args.count; a++)
        vector_buffer_trim_validity(&call->flat[a], count);
}

static WindowCall window_call(WindowOperator *window, CallState *call, TypeContext *ctx, int32_t count)
{
    *ctx = window->op.state->ctx;
    ctx->arena = window->arena;
    return (WindowCall){
        .proc = call->plan->proc,
        .arg_count = call->plan->args.count,
        .args = call->vectors,
        .result = &call->result.vector,
        .row_count = count,
        .peer_start = window->peer_start,
        .peer_end = window->peer_end,
        .frame_start = window->frame_start,
        .frame_end = window->frame_end,
        .exclude = window->op.plan->window.exclude,
        .arena = window->arena,
        .ctx = ctx,
        .session = window->op.state->session,
    };
}

/* Feeds rows from .. to-1 of the frame of `current` to a state. */
static void feed(const WindowCall *call, const CallState *state, AggCall *agg, int32_t current, int32_t from, int32_t to, int32_t *sel)
{
    int32_t n = 0;

    for (int32_t row = from; row < to; row++)
        if ((state->passes == NULL || state->passes[row]) && (call->exclude == EXCLUDE_NO_OTHERS || !window_excluded(call, current, row)))
            sel[n++] = row;
    agg->sel = sel;
    agg->count = n;
    if (n > 0)
        state->plan->proc->agg->update(agg);
}

static void run_aggregate(WindowOperator *window, CallState *state, const WindowCall *call)
{
    const AggEntry *entry = state->plan->proc->agg;
    Arena          *arena = window->arena;
    int32_t        *sel = ARENA_ARRAY(arena, (size_t)call->row_count, int32_t);
    size_t          bytes = MAX(entry->state_bytes, 1);
    char           *running = arena_alloc_zeroed(arena, 1, bytes), *finished = arena_alloc(arena, bytes);
    AggCall         agg = {.proc = state->plan->proc, .arg_count = call->arg_count, .args = state->vectors, .single = running, .arena = arena,
                           .ctx = call->ctx, .arg_types = state->arg_types, .result_type = state->plan->result_type, .session = call->session};
    int32_t         fed = 0, start = 0;
    bool            exclude = call->exclude != EXCLUDE_NO_OTHERS;
    Datum           value = {0};
    bool            valid = false;

    for (int32_t row = 0; row < call->row_count; row++) {
        int32_t from = call->frame_start[row], to = MAX(call->frame_end[row], from);

        if ((row & 255) == 0)
            check_cancel();
        if (row > 0 && !exclude && from == start && to == fed) {
            vector_set(call->result, row, &value, !valid); /* the same frame as the row before */
            continue;
        }
        if (row == 0 || exclude || from != start || to < fed) {
            memset(running, 0, bytes);
            if (entry->init != NULL)
                entry->init(&agg, running);
            start = from;
            fed = from;
        }
        feed(call, state, &agg, row, fed, to, sel);
        fed = to;
        /* a state may be finished once only: a copy is, and the original goes on growing */
        memcpy(finished, running, bytes);
        memset(&value, 0, sizeof value);
        valid = entry->finish(&agg, finished, arena, &value);
        vector_set(call->result, row, &value, !valid);
    }
}

static void run_calls(WindowOperator *window)
{
    const Plan *plan = window->op.plan;
    int32_t     inputs = plan->left->column_count, count = (int32_t)window->rows->row_count;

    find_peers(window, count);
    find_frames(window, count);
    for (int32_t i = 0; i < plan->window.call_count; i++) {
        CallState  *state = &window->calls[i];
        TypeContext ctx;
        WindowCall  call;

        flatten_args(window, state, count);
        vector_buffer_init(&state->result, plan->columns[inputs + i].type, plan->columns[inputs + i].phys);
        vector_buffer_reserve(&state->result, window->arena, count);
        vector_buffer_set_validity(&state->result, count, true);
        call = window_call(window, state, &ctx, count);
        if (state->plan->proc->window != NULL)
            state->plan->proc->window->run(&call);
        else
            run_aggregate(window, state, &call);
    }
    window->chunk = 0;
    operator_count_memory(&window->op, row_store_bytes(window->rows) + arena_bytes(window->arena), 0);
}

/* ---- output ------------------------------------------------------------------------------------------------------------------------------ */

static Batch *next_chunk(WindowOperator *window)
{
    const Plan *plan = window->op.plan;
    int32_t     inputs = plan->left->column_count, from = (int32_t)(window->chunk << STORE_CHUNK_SHIFT);
    Batch      *chunk = row_store_batch(window->rows, window->chunk);
    int32_t    *rows;

    if (chunk == NULL)
        return NULL;
    window->chunk++;
    arena_reset(window->out_arena);
    rows = ARENA_ARRAY(window->out_arena, (size_t)chunk->count, int32_t);
    for (int32_t i = 0; i < chunk->count; i++)
        rows[i] = from + i;
    for (int32_t i = 0; i < inputs; i++)
        window->out.columns[i] = chunk->columns[i];
    for (int32_t i = 0; i < plan->window.call_count; i++) {
        vector_buffer_gather(&window->result_parts[i], window->op.state->arena, &window->calls[i].result.vector, rows, chunk->count);
        window->out.columns[inputs + i] = &window->result_parts[i].vector;
    }
    window->out.row_count = window->out.count = chunk->count;
    return &window->out;
}

static Batch *window_next(ExecOperator *op, int32_t max_rows)
{
    WindowOperator *window = (WindowOperator *)op;
    Batch          *out = batch_slice_take(&window->slice, op->state->arena, max_rows);

    if (out != NULL)
        return out;
    if (window->calls == NULL)
        window_start(window);
    out = window->chunk > 0 ? next_chunk(window) : NULL;
    if (out == NULL) {
        window->chunk = 0;
        if (!load_partition(window))
            return NULL;
        run_calls(window);
        out = next_chunk(window);
    }
    batch_slice_set(&window->slice, out, NULL, out->count);
    return batch_slice_take(&window->slice, op->state->arena, max_rows);
}

static void window_rescan(ExecOperator *op)
{
    WindowOperator *window = (WindowOperator *)op;

    window->input = NULL;
    window->input_done = false;
    window->chunk = 0;
    window->slice.count = 0;
    operator_rescan(op->left);
}

ExecOperator *window_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {window_next, window_rescan};
    WindowOperator            *window = operator_new(state, plan, sizeof(WindowOperator), &class);

    window->op.left = operator_open(state, plan->left);
    return &window->op;
}
