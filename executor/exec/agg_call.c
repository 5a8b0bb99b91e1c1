/*
 * agg_call.c - evaluating the arguments of aggregates and feeding their states.
 */
#include "executor/exec/agg_call.h"

static size_t aligned(size_t bytes)
{
    return (bytes + 15) & ~(size_t)15;
}

/* Group number first, then the explicit order, then, for DISTINCT, the arguments that the order does not name. */
static void plan_collection(ExecState *state, AggState *call, Arena *arena)
{
    const PlanAggregate *plan = call->plan;
    int32_t              direct = plan->direct_args.count;
    int32_t              n = 0;
    static const PlanSortKey by_group = {.column = 0};

    call->kept_columns = 1 + call->arg_count + call->order_arg_count;
    call->kept_types = ARENA_ARRAY(arena, (size_t)call->kept_columns, Oid);
    call->kept_phys = ARENA_ARRAY(arena, (size_t)call->kept_columns, PhysType);
    call->kept_types[0] = TYPE_INT8;
    call->kept_phys[0] = PHYS_INT64;
    for (int32_t i = 0; i < call->arg_count + call->order_arg_count; i++) {
        call->kept_types[1 + i] = i < call->arg_count ? call->arg_types[i] : plan->order_args.items[i - call->arg_count]->type;
        call->kept_phys[1 + i] = exec_phys(state, call->kept_types[1 + i]);
    }
    call->sort_keys = ARENA_ARRAY(arena, (size_t)(1 + plan->order_count + call->arg_count), PlanSortKey);
    call->sort_keys[n] = by_group;
    call->sort_keys[n++].type = type_by_oid(TYPE_INT8);
    for (int32_t i = 0; i < plan->order_count; i++) {
        call->sort_keys[n] = plan->order[i];
        call->sort_keys[n++].column = plan->order[i].column + 1 + direct;
    }
    call->distinct_from = 1 + direct;
    call->distinct_to = 1 + call->arg_count;
    if (plan->distinct) {
        for (int32_t i = direct; i < call->arg_count; i++) {
            bool named = false;

            for (int32_t k = 1; k < n; k++)
                named = named || call->sort_keys[k].column == 1 + i;
            if (!named)
                call->sort_keys[n++] = (PlanSortKey){.column = 1 + i, .type = exec_type(state, call->arg_types[i])};
        }
    }
    call->sort_count = n;
}

AggCalls *agg_calls_new(ExecState *state, Arena *arena, int32_t count, const PlanAggregate *plans)
{
    AggCalls *calls = ARENA_NEW(arena, AggCalls);

    calls->state = state;
    calls->count = count;
    calls->calls = ARENA_ARRAY_ZEROED(arena, (size_t)count, AggState);
    for (int32_t i = 0; i < count; i++) {
        AggState            *call = &calls->calls[i];
        const PlanAggregate *plan = &plans[i];
        int32_t              direct = plan->direct_args.count;

        call->plan = plan;
        call->entry = plan->proc->agg;
        if (call->entry == NULL)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "aggregate function %s is not supported", plan->proc->name);
        call->offset = calls->state_bytes;
        calls->state_bytes += aligned(MAX(call->entry->state_bytes, 1));
        call->arg_count = direct + plan->args.count;
        call->args = ARENA_ARRAY(arena, (size_t)call->arg_count, Evaluator *);
        call->arg_types = ARENA_ARRAY(arena, (size_t)call->arg_count, Oid);
        for (int32_t k = 0; k < call->arg_count; k++) {
            const Expr *expr = k < direct ? plan->direct_args.items[k] : plan->args.items[k - direct];

            call->args[k] = eval_compile(state, arena, expr);
            call->arg_types[k] = expr->type;
        }
        if (plan->filter != NULL)
            call->filter = eval_compile(state, arena, plan->filter);
        call->order_arg_count = plan->order_args.count;
        call->order_args = eval_compile_list(state, arena, &plan->order_args);
        call->collects = plan->distinct || plan->order_count > 0;
        call->vectors = ARENA_ARRAY(arena, (size_t)(call->arg_count + call->order_arg_count) + 1, Vector *);
        if (call->collects)
            plan_collection(state, call, arena);
    }
    if (calls->state_bytes == 0)
        calls->state_bytes = 16;
    return calls;
}

static AggCall call_of(AggCalls *calls, AggState *call, TypeContext *ctx, Arena *state_arena)
{
    *ctx = calls->state->ctx;
    ctx->arena = state_arena;
    return (AggCall){
        .proc = call->plan->proc,
        .arg_count = call->arg_count,
        .args = call->vectors + 1,
        .arena = state_arena,
        .ctx = ctx,
        .arg_types = call->arg_types,
        .result_type = call->plan->result_type,
        .session = calls->state->session,
        .order_count = call->plan->order_count,
        .order = call->plan->order,
    };
}

void agg_calls_init(AggCalls *calls, char *group, Arena *arena)
{
    memset(group, 0, calls->state_bytes);
    for (int32_t i = 0; i < calls->count; i++) {
        AggState *call = &calls->calls[i];

        if (call->entry->init != NULL) {
            TypeContext ctx;
            AggCall     agg = call_of(calls, call, &ctx, arena);

            call->entry->init(&agg, group + call->offset);
        }
    }
}

static void collect(AggCalls *calls, AggState *call, RowStore *kept, const AggInput *input, const int32_t *sel, int32_t count,
                    const uint32_t *number_by_row)
{
    Vector  numbers = {.type = TYPE_INT8, .phys = PHYS_INT64, .capacity = input->row_count};
    int64_t *values = ARENA_ARRAY(input->batch_arena, (size_t)input->row_count, int64_t);

    (void)calls;
    numbers.data = values;
    FOR_EACH_ROW(sel, count, row, { values[row] = number_by_row == NULL ? 0 : number_by_row[row]; });
    call->vectors[0] = &numbers;
    row_store_append(kept, call->vectors, sel, count);
}

void agg_calls_update(AggCalls *calls, const AggInput *input)
{
    uint32_t *number_by_row = NULL;
    void    **states = NULL;

    for (int32_t c = 0; c < calls->count; c++) {
        AggState      *call = &calls->calls[c];
        const int32_t *sel = input->sel;
        int32_t        count = input->count;

        if (call->filter != NULL) {
            int32_t *passed = ARENA_ARRAY(input->batch_arena, (size_t)count, int32_t);

            count = eval_filter(call->filter, input->columns, input->row_count, sel, count, passed, input->batch_arena);
            sel = passed;
            if (count == 0)
                continue;
        }
        for (int32_t i = 0; i < call->arg_count; i++)
            call->vectors[1 + i] = eval_run(call->args[i], input->columns, input->row_count, sel, count, input->batch_arena);
        if (call->collects) {
            for (int32_t i = 0; i < call->order_arg_count; i++)
                call->vectors[1 + call->arg_count + i] =
                    eval_run(call->order_args[i], input->columns, input->row_count, sel, count, input->batch_arena);
            if (number_by_row == NULL && input->numbers != NULL) {
                number_by_row = ARENA_ARRAY(input->batch_arena, (size_t)input->row_count, uint32_t);
                for (int32_t i = 0; i < input->count; i++)
                    number_by_row[sel_row(input->sel, i)] = input->numbers[i];
            }
            collect(calls, call, input->kept[c], input, sel, count, number_by_row);
        } else {
            TypeContext ctx;
            AggCall     agg = call_of(calls, call, &ctx, input->state_arena);

            agg.sel = sel;
            agg.count = count;
            if (input->single != NULL) {
                agg.single = input->single + call->offset;
            } else {
                if (states == NULL)
                    states = ARENA_ARRAY(input->batch_arena, (size_t)input->row_count, void *);
                for (int32_t i = 0; i < input->count; i++)
                    states[sel_row(input->sel, i)] = input->groups[i] + call->offset;
                agg.states = states;
            }
            call->entry->update(&agg);
        }
    }
}

RowStore **agg_calls_stores(AggCalls *calls, Arena *arena)
{
    RowStore **stores = ARENA_ARRAY_ZEROED(arena, (size_t)calls->count, RowStore *);

    for (int32_t i = 0; i < calls->count; i++)
        if (calls->calls[i].collects)
            stores[i] = row_store_new_types(arena, calls->calls[i].kept_columns, calls->calls[i].kept_types, calls->calls[i].kept_phys);
    return stores;
}

static bool same_distinct(const ExecState *state, const AggState *call, const RowStore *kept, uint32_t a, uint32_t b)
{
    if (!element_equal(type_by_oid(TYPE_INT8), row_store_vector(kept, 0, a), row_store_row(a), row_store_vector(kept, 0, b), row_store_row(b)))
        return false;
    for (int32_t c = call->distinct_from; c < call->distinct_to; c++)
        if (!element_equal(exec_type(state, call->kept_types[c]), row_store_vector(kept, c, a), row_store_row(a),
                           row_store_vector(kept, c, b), row_store_row(b)))
            return false;
    return true;
}

static void feed_call(AggCalls *calls, AggState *call, RowStore *kept, char *(*group_of)(void *, uint32_t), void *arg, Arena *state_arena)
{
    Arena       *scratch = arena_new(state_arena, NULL, "aggregate order");
    uint32_t    *order = sort_rows(kept, call->sort_keys, call->sort_count, scratch);
    int64_t      count = kept->row_count, at = 0;
    BatchBuffer  part;
    void       **states = ARENA_ARRAY(scratch, BATCH_ROWS, void *);
    uint32_t    *rows = ARENA_ARRAY(scratch, BATCH_ROWS, uint32_t);
    uint32_t     previous = ROW_NONE;

    batch_buffer_init(&part, scratch, call->kept_columns);
    for (int32_t c = 0; c < call->kept_columns; c++)
        vector_buffer_init(&part.columns[c], call->kept_types[c], call->kept_phys[c]);
    while (at < count) {
        int32_t     n = 0;
        TypeContext ctx;
        AggCall     agg;

        check_cancel();
        for (; at < count && n < BATCH_ROWS; at++) {
            if (call->plan->distinct && previous != ROW_NONE && same_distinct(calls->state, call, kept, previous, order[at]))
                continue;
            previous = order[at];
            rows[n++] = previous;
        }
        for (int32_t c = 0; c < 1 + call->arg_count; c++) {
            row_store_gather(kept, c, rows, n, &part.columns[c], scratch);
            call->vectors[c] = &part.columns[c].vector;
        }
        for (int32_t i = 0; i < n; i++)
            states[i] = group_of(arg, (uint32_t)VECTOR_DATA(call->vectors[0], int64_t)[i]) + call->offset;
        agg = call_of(calls, call, &ctx, state_arena);
        agg.count = n;
        agg.states = states;
        if (n > 0)
            call->entry->update(&agg);
    }
    arena_free(scratch);
    row_store_reset(kept);
}

void agg_calls_feed(AggCalls *calls, RowStore **kept, char *(*group_of)(void *arg, uint32_t number), void *arg, Arena *state_arena)
{
    for (int32_t i = 0; i < calls->count; i++)
        if (kept[i] != NULL && kept[i]->row_count > 0)
            feed_call(calls, &calls->calls[i], kept[i], group_of, arg, state_arena);
}

bool agg_call_finish(AggCalls *calls, int32_t call, char *group, Arena *state_arena, Arena *arena, Datum *out)
{
    AggState   *state = &calls->calls[call];
    TypeContext ctx;
    AggCall     agg = call_of(calls, state, &ctx, state_arena);

    memset(out, 0, sizeof *out);
    return state->entry->finish(&agg, group + state->offset, arena, out);
}
