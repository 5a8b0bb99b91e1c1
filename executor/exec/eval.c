/*
 * eval.c - compiling expressions: dispatch by kind, constants, parameters, inputs.
 */
#include "executor/exec/eval_internal.h"

/* ---- selections ------------------------------------------------------------------------------------------------- */

int32_t sel_subtract(const int32_t *sel, int32_t count, const int32_t *part, int32_t part_count, int32_t *out)
{
    int32_t kept = 0, at = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        if (at < part_count && part[at] == row)
            at++;
        else
            out[kept++] = row;
    }
    return kept;
}

int32_t sel_narrow_valid(Vector *const *vectors, int32_t vector_count, const EvalInput *input, const int32_t *sel, int32_t count,
                         const int32_t **out_sel)
{
    int32_t *out = NULL;

    for (int32_t v = 0; v < vector_count; v++) {
        const uint64_t *valid = vectors[v]->validity;
        int32_t         kept = 0;

        if (valid == NULL)
            continue;
        if (out == NULL)
            out = sel_scratch(input, count);
        for (int32_t i = 0; i < count; i++) {
            int32_t row = sel_row(sel, i);

            out[kept] = row;
            kept += bitmap_get(valid, row);
        }
        sel = out;
        count = kept;
    }
    *out_sel = sel;
    return count;
}

/* ---- constants, parameters, inputs -------------------------------------------------------------------------------- */

EvalNode *eval_node_new(EvalContext *context, const Expr *expr, size_t size,
                        Vector *(*run)(EvalNode *, const EvalInput *, const int32_t *, int32_t))
{
    EvalNode *node = arena_alloc_zeroed(context->arena, 1, size);

    node->run = run;
    node->context = context;
    node->expr = expr;
    vector_buffer_init(&node->result, expr->type, exec_phys(context->state, expr->type));
    return node;
}

void eval_node_args(EvalNode *node, const ExprList *args)
{
    node->arg_count = args->count;
    node->args = ARENA_ARRAY(node->context->arena, (size_t)args->count, EvalNode *);
    for (int32_t i = 0; i < args->count; i++)
        node->args[i] = eval_node(node->context, args->items[i]);
}

bool eval_args_constant(const EvalNode *node)
{
    for (int32_t i = 0; i < node->arg_count; i++)
        if (!node->args[i]->is_constant)
            return false;
    return true;
}

/* The value stands in the first `filled` elements; all of them the same, so that every row number below is served. */
typedef struct ConstantNode {
    EvalNode node;
    int32_t  filled;
    uint64_t version; /* internal parameters: of the value spread */
    const ExecParam *param;
} ConstantNode;

static Vector *spread(ConstantNode *constant, int32_t rows)
{
    EvalNode *node = &constant->node;

    if (UNLIKELY(rows > constant->filled)) {
        vector_buffer_reserve(&node->result, node->context->arena, rows);
        if (node->is_null)
            memset(node->result.vector.data, 0, (size_t)rows * phys_width(node->result.vector.phys));
        else
            vector_splat(&node->result.vector, &node->constant, constant->filled, rows);
        if (node->is_null)
            vector_buffer_set_validity(&node->result, node->result.vector.capacity, false);
        constant->filled = rows;
    }
    return &node->result.vector;
}

static Vector *constant_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    (void)sel;
    (void)count;
    return spread((ConstantNode *)node, input->row_count);
}

EvalNode *eval_constant_node(EvalContext *context, const Expr *expr, Oid type, const Datum *value, bool is_null)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(ConstantNode), constant_run);

    vector_buffer_init(&node->result, type, exec_phys(context->state, type));
    node->is_constant = true;
    node->is_null = is_null;
    if (!is_null)
        node->constant = *value;
    return node;
}

static Vector *internal_param_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    ConstantNode    *constant = (ConstantNode *)node;
    const ExecParam *param = constant->param;

    (void)sel;
    (void)count;
    if (constant->version != param->version) {
        constant->version = param->version;
        constant->filled = 0;
        node->is_null = param->is_null;
        node->constant = param->value;
    }
    return spread(constant, input->row_count);
}

static EvalNode *param_node(EvalContext *context, const Expr *expr)
{
    const ParamValues *params = context->state->params;
    int32_t            number = expr->param.number;

    if (expr->param.internal) {
        ConstantNode *constant = (ConstantNode *)eval_node_new(context, expr, sizeof(ConstantNode), internal_param_run);

        if (number >= 1 && number <= context->test_param_count)
            constant->param = &context->test_params[number - 1];
        else if (number >= 1 && number <= context->state->internal_count)
            constant->param = &context->state->internal[number - 1];
        else
            raise_error(SQLSTATE_INTERNAL_ERROR, "internal parameter %d does not exist", (int)number);
        constant->version = UINT64_MAX;
        return &constant->node;
    }
    if (params == NULL || number < 1 || number > params->count)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "no value found for parameter %d", (int)number);
    return eval_constant_node(context, expr, expr->type, &params->values[number - 1], params->nulls != NULL && params->nulls[number - 1]);
}

static Vector *input_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector *vector = input->columns[node->expr->input.index];

    vector_load(vector, sel, count);
    return vector;
}

static Vector *column_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector *vector = input->columns[node->expr->column.column - 1];

    vector_load(vector, sel, count);
    return vector;
}

static EvalNode *column_node(EvalContext *context, const Expr *expr)
{
    if (expr->column.column < 1 || expr->column.levels_up != 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "system columns are not available in this expression");
    return eval_node_new(context, expr, sizeof(EvalNode), column_run);
}

/* A value that is computed elsewhere: the operand of CASE, the element of an array, the operands of IS DISTINCT FROM. */
typedef struct SlotNode {
    EvalNode node;
    Vector **from;
} SlotNode;

static Vector *slot_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    (void)input;
    (void)sel;
    (void)count;
    return *((SlotNode *)node)->from;
}

EvalNode *eval_slot_node(EvalContext *context, const Expr *expr, Vector **from)
{
    SlotNode *slot = (SlotNode *)eval_node_new(context, expr, sizeof(SlotNode), slot_run);

    slot->from = from;
    return &slot->node;
}

static EvalNode *case_value_node(EvalContext *context, const Expr *expr)
{
    if (context->case_value == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "CASE value outside of its expression");
    return eval_slot_node(context, expr, context->case_value);
}

/* Same bytes under another type: the argument's vector with its type changed. */
static Vector *relabel_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector *vector = node_run(node->args[0], input, sel, count);

    node->result.vector = *vector;
    node->result.vector.type = node->expr->type;
    return &node->result.vector;
}

static EvalNode *relabel_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), relabel_run);

    eval_node_args(node, &(ExprList){1, (Expr *[]){expr->unary.arg}});
    if (node->args[0]->is_constant)
        return eval_constant_node(context, expr, expr->type, &node->args[0]->constant, node->args[0]->is_null);
    return node;
}

/* ---- dispatch ------------------------------------------------------------------------------------------------------ */

EvalNode *eval_node(EvalContext *context, const Expr *expr)
{
    check_stack_depth();
    switch (expr->kind) {
    case EXPR_CONST:
        return eval_constant_node(context, expr, expr->type, &expr->constant.value, expr->constant.is_null);
    case EXPR_PARAM:
        return param_node(context, expr);
    case EXPR_INPUT:
        return eval_node_new(context, expr, sizeof(EvalNode), input_run);
    case EXPR_COLUMN:
        return column_node(context, expr);
    case EXPR_CALL:
        return eval_call_node(context, expr);
    case EXPR_AND:
        return eval_and_node(context, expr);
    case EXPR_OR:
        return eval_or_node(context, expr);
    case EXPR_NOT:
        return eval_not_node(context, expr);
    case EXPR_IS_NULL:
        return eval_is_null_node(context, expr);
    case EXPR_BOOLEAN_TEST:
        return eval_boolean_test_node(context, expr);
    case EXPR_DISTINCT_FROM:
        return eval_distinct_node(context, expr);
    case EXPR_NULLIF:
        return eval_nullif_node(context, expr);
    case EXPR_CASE:
        return eval_case_node(context, expr);
    case EXPR_COALESCE:
        return eval_coalesce_node(context, expr);
    case EXPR_MIN_MAX:
        return eval_min_max_node(context, expr);
    case EXPR_ANY_ALL:
        return eval_any_all_node(context, expr);
    case EXPR_ARRAY:
        return eval_array_node(context, expr);
    case EXPR_ROW:
        return eval_row_node(context, expr);
    case EXPR_ROW_COMPARE:
        return eval_row_compare_node(context, expr);
    case EXPR_SUBSCRIPT:
        return eval_subscript_node(context, expr);
    case EXPR_FIELD:
        return eval_field_node(context, expr);
    case EXPR_RELABEL:
        return relabel_node(context, expr);
    case EXPR_COERCE_IO:
        return eval_coerce_io_node(context, expr);
    case EXPR_COERCE_ARRAY:
        return eval_coerce_array_node(context, expr);
    case EXPR_COERCE_TYPMOD:
        return eval_coerce_typmod_node(context, expr);
    case EXPR_CASE_VALUE:
        return case_value_node(context, expr);
    case EXPR_SQL_VALUE:
        return eval_sql_value_node(context, expr);
    case EXPR_SUBQUERY:
        return eval_subquery_node(context, expr);
    case EXPR_NEXTVAL:
        return eval_nextval_node(context, expr);
    case EXPR_SET_CALL:
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "set-valued function called in context that cannot accept a set");
    case EXPR_AGG:
    case EXPR_GROUPING:
    case EXPR_WINDOW:
    case EXPR_DEFAULT:
    case EXPR_WHOLE_ROW:
        break;
    }
    raise_error(SQLSTATE_INTERNAL_ERROR, "expression of kind %d cannot be evaluated here", (int)expr->kind);
}

int32_t node_filter(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, int32_t *out)
{
    Vector        *vector;
    const uint8_t *values;
    int32_t        kept = 0;

    if (node->filter != NULL)
        return node->filter(node, input, sel, count, out);
    vector = node_run(node, input, sel, count);
    values = vector->data;
    if (vector->validity == NULL) {
        for (int32_t i = 0; i < count; i++) {
            int32_t row = sel_row(sel, i);

            out[kept] = row;
            kept += values[row];
        }
        return kept;
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        out[kept] = row;
        kept += bitmap_get(vector->validity, row) && values[row];
    }
    return kept;
}

/* ---- entry ----------------------------------------------------------------------------------------------------------- */

Evaluator *eval_compile(ExecState *state, Arena *arena, const Expr *expr)
{
    Evaluator *evaluator = ARENA_NEW(arena, Evaluator);

    evaluator->context.state = state;
    evaluator->context.arena = arena;
    evaluator->root = eval_node(&evaluator->context, expr);
    return evaluator;
}

Vector *eval_run(Evaluator *evaluator, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, Arena *arena)
{
    EvalInput input = {columns, row_count, arena};

    return node_run(evaluator->root, &input, sel, count);
}

int32_t eval_filter(Evaluator *evaluator, Vector *const *columns, int32_t row_count, const int32_t *sel, int32_t count, int32_t *out,
                    Arena *arena)
{
    EvalInput input = {columns, row_count, arena};

    if (count == 0)
        return 0;
    return node_filter(evaluator->root, &input, sel, count, out);
}

bool eval_scalar(Evaluator *evaluator, Arena *arena, Datum *out)
{
    EvalInput input = {NULL, 1, arena};
    Vector   *vector;

    if (evaluator->root->is_constant) {
        *out = evaluator->root->constant;
        return !evaluator->root->is_null;
    }
    vector = node_run(evaluator->root, &input, NULL, 1);
    memset(out, 0, sizeof *out);
    return vector_get(vector, 0, out);
}

bool eval_scalar_expr(ExecState *state, Arena *arena, const Expr *expr, Datum *out)
{
    if (expr->kind == EXPR_CONST) {
        *out = expr->constant.value;
        return !expr->constant.is_null;
    }
    return eval_scalar(eval_compile(state, arena, expr), arena, out);
}
