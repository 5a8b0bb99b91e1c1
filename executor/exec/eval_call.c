/*
 * eval_call.c - function calls: strictness, preparation, kernels; IS DISTINCT FROM and NULLIF, which wrap an = call.
 */
#include "executor/exec/eval_internal.h"

typedef struct CallNode {
    EvalNode      node;
    const Proc   *proc;
    void         *prepared;
    bool          is_prepared;
    Vector      **vectors;
    CompareFilter compare;     /* column op constant: selection straight from the vector */
    int32_t       column_arg;  /* which argument is the column then */
    Datum         constant;    /* the other one, in the loop's form */
} CallNode;

static void prepare_call(CallNode *call)
{
    EvalContext       *context = call->node.context;
    const KernelEntry *kernel = call->proc->kernel;

    call->is_prepared = true;
    if (kernel->prepare != NULL) {
        const Datum  **constants = ARENA_ARRAY_ZEROED(context->arena, (size_t)call->node.arg_count, const Datum *);
        Oid           *types = ARENA_ARRAY(context->arena, (size_t)call->node.arg_count, Oid);
        TypeContext    ctx = context->state->ctx;
        KernelPrepare  prepare = {call->proc, call->node.arg_count, constants, types, context->arena, &ctx};

        ctx.arena = context->arena;
        for (int32_t i = 0; i < call->node.arg_count; i++) {
            EvalNode *arg = call->node.args[i];

            types[i] = arg->result.vector.type;
            if (arg->is_constant && !arg->is_null)
                constants[i] = &arg->constant;
        }
        call->prepared = kernel->prepare(&prepare);
    }
}

static void run_kernel(CallNode *call, const EvalInput *input, Vector *result, const int32_t *sel, int32_t count)
{
    TypeContext ctx = call->node.context->state->ctx;
    KernelCall  kernel = {
         .proc = call->proc,
         .arg_count = call->node.arg_count,
         .args = call->vectors,
         .result = result,
         .sel = sel,
         .count = count,
         .ctx = &ctx,
         .state = call->prepared,
         .session = call->node.context->state->session,
         .result_typmod = call->node.expr->typmod,
    };

    ctx.arena = input->arena;
    call->proc->kernel->run(&kernel);
}

static Vector *call_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    CallNode      *call = (CallNode *)node;
    Vector        *result;
    const int32_t *live = sel;
    int32_t        live_count = count;

    for (int32_t i = 0; i < node->arg_count; i++)
        call->vectors[i] = node_run(node->args[i], input, sel, count);
    result = result_begin(node, input);
    if (call->proc->strict) {
        live_count = sel_narrow_valid(call->vectors, node->arg_count, input, sel, count, &live);
        for (int32_t i = 0; i < node->arg_count; i++) {
            const uint64_t *valid = call->vectors[i]->validity;

            if (valid != NULL)
                for (size_t word = 0; word < BATCH_WORDS(input->row_count); word++)
                    result->validity[word] &= valid[word];
        }
    }
    if (live_count > 0) {
        if (UNLIKELY(!call->is_prepared)) /* here, not when compiled: a pattern that no row reaches raises nothing */
            prepare_call(call);
        run_kernel(call, input, result, live, live_count);
    }
    return result_end(node, input);
}

static int32_t compare_filter(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, int32_t *out)
{
    CallNode *call = (CallNode *)node;
    Vector   *column = node_run(node->args[call->column_arg], input, sel, count);
    int32_t   kept;

    if (column->validity != NULL) {
        const uint64_t *valid = column->validity;

        kept = 0;
        for (int32_t i = 0; i < count; i++) {
            int32_t row = sel_row(sel, i);

            out[kept] = row;
            kept += bitmap_get(valid, row);
        }
        sel = out;
        count = kept;
    }
    return call->compare(column->data, &call->constant, sel, count, out);
}

/* A call whose comparison with a constant has a loop of its own. */
static void find_compare(CallNode *call)
{
    EvalNode *node = &call->node;

    if (node->arg_count != 2 || node->args[0]->is_constant == node->args[1]->is_constant)
        return;
    call->column_arg = node->args[0]->is_constant ? 1 : 0;
    if (node->args[1 - call->column_arg]->is_null)
        return;
    call->constant = node->args[1 - call->column_arg]->constant;
    call->compare = compare_filter_find(call->proc, node->args[call->column_arg]->result.vector.phys, call->column_arg == 0,
                                        &call->constant);
    if (call->compare != NULL)
        node->filter = compare_filter;
}

EvalNode *eval_proc_node(EvalContext *context, const Expr *expr, const Proc *proc, EvalNode **args, int32_t arg_count)
{
    CallNode *call = (CallNode *)eval_node_new(context, expr, sizeof(CallNode), call_run);

    if (proc->kernel == NULL) {
        if (proc->returns_set)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "set-valued function called in context that cannot accept a set");
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "function %s is not supported", proc->name);
    }
    call->proc = proc;
    call->node.args = args;
    call->node.arg_count = arg_count;
    call->vectors = ARENA_ARRAY(context->arena, (size_t)arg_count, Vector *);
    /* A strict function of a NULL constant is NULL, but its other arguments are still computed for their errors: no shortcut. */
    if (expr->type == TYPE_BOOL)
        find_compare(call);
    return &call->node;
}

EvalNode *eval_call_node(EvalContext *context, const Expr *expr)
{
    EvalNode **args = ARENA_ARRAY(context->arena, (size_t)expr->call.args.count, EvalNode *);

    for (int32_t i = 0; i < expr->call.args.count; i++)
        args[i] = eval_node(context, expr->call.args.items[i]);
    return eval_proc_node(context, expr, expr->call.proc, args, expr->call.args.count);
}

/* ---- IS [NOT] DISTINCT FROM, NULLIF ---------------------------------------------------------------------------------- */

/*
 * Gives equality of two argument vectors for the rows where both are not NULL. The arguments are read through slots, so
 * that they are computed once.
 */
typedef struct WrappedNode {
    EvalNode  node; /* args: the operands */
    CallNode *call;
    Vector   *operands[2];
} WrappedNode;

static EvalNode *wrapped_node(EvalContext *context, const Expr *expr,
                              Vector *(*run)(EvalNode *, const EvalInput *, const int32_t *, int32_t))
{
    WrappedNode *wrapped = (WrappedNode *)eval_node_new(context, expr, sizeof(WrappedNode), run);
    EvalNode   **slots = ARENA_ARRAY(context->arena, 2, EvalNode *);
    Expr        *equal = ARENA_NEW(context->arena, Expr);

    eval_node_args(&wrapped->node, &expr->call.args);
    for (int32_t i = 0; i < 2; i++) {
        slots[i] = eval_slot_node(context, expr->call.args.items[i], &wrapped->operands[i]);
    }
    equal->kind = EXPR_CALL;
    equal->type = TYPE_BOOL;
    equal->typmod = -1;
    wrapped->call = (CallNode *)eval_proc_node(context, equal, expr->call.proc, slots, 2);
    return &wrapped->node;
}

static Vector *run_equal(WrappedNode *wrapped, const EvalInput *input, const int32_t *sel, int32_t count)
{
    for (int32_t i = 0; i < 2; i++)
        wrapped->operands[i] = node_run(wrapped->node.args[i], input, sel, count);
    return call_run(&wrapped->call->node, input, sel, count);
}

static Vector *distinct_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    WrappedNode *wrapped = (WrappedNode *)node;
    Vector      *equal = run_equal(wrapped, input, sel, count);
    Vector      *result;
    uint8_t      negated = node->expr->call.negated;
    uint8_t     *out;

    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    result = &node->result.vector;
    out = result->data;
    FOR_EACH_ROW(sel, count, row, {
        bool    left = vector_is_valid(wrapped->operands[0], row);
        bool    right = vector_is_valid(wrapped->operands[1], row);
        uint8_t distinct = left && right ? !VECTOR_DATA(equal, uint8_t)[row] : left != right;

        out[row] = distinct ^ negated;
    });
    return result;
}

EvalNode *eval_distinct_node(EvalContext *context, const Expr *expr)
{
    return wrapped_node(context, expr, distinct_run);
}

static Vector *nullif_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    WrappedNode *wrapped = (WrappedNode *)node;
    Vector      *equal = run_equal(wrapped, input, sel, count);
    Vector      *result = result_begin(node, input);

    vector_copy_rows(result, wrapped->operands[0], sel, count);
    FOR_EACH_ROW(sel, count, row, {
        if (vector_is_valid(equal, row) && VECTOR_DATA(equal, uint8_t)[row])
            bitmap_clear(result->validity, row);
    });
    return result_end(node, input);
}

EvalNode *eval_nullif_node(EvalContext *context, const Expr *expr)
{
    return wrapped_node(context, expr, nullif_run);
}
