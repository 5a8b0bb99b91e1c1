/*
 * eval_subquery.c - subqueries in expressions: scalar, EXISTS, ANY, ALL, ARRAY(...).
 *
 * An uncorrelated subquery runs once; a correlated one for each row, its parameters computed for the whole batch before. ANY and ALL
 * compare every row of an uncorrelated subquery with all outer rows still undecided at once; a hashed one looks them up.
 */
#include "base/hash.h"
#include "executor/exec/eval_internal.h"
#include "executor/exec/hash_rows.h"
#include "executor/exec/subplan.h"
#include "types/array.h"

SubplanState *subplan_new(ExecState *state, int32_t index)
{
    SubplanState *subplan = ARENA_NEW(state->arena, SubplanState);

    if (state->planned == NULL || index < 0 || index >= state->planned->subplan_count)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot use subquery in this expression");
    subplan->subplan = &state->planned->subplans[index];
    return subplan;
}

static ExecOperator *subplan_op(SubplanState *subplan, ExecState *state)
{
    if (subplan->op == NULL)
        subplan->op = operator_open(state, subplan->subplan->plan);
    else if (subplan->used)
        operator_rescan(subplan->op);
    subplan->used = true;
    return subplan->op;
}

static RowStore *load_rows(SubplanState *subplan, ExecState *state)
{
    if (!subplan->loaded) {
        ExecOperator *op = subplan_op(subplan, state);
        Batch        *batch;

        if (subplan->rows == NULL)
            subplan->rows = row_store_new(state->arena, subplan->subplan->plan->column_count, subplan->subplan->plan->columns);
        else
            row_store_reset(subplan->rows);
        while ((batch = operator_next(op, BATCH_ROWS)) != NULL) {
            check_cancel();
            row_store_append_batch(subplan->rows, batch);
        }
        subplan->loaded = true;
    }
    return subplan->rows;
}

typedef struct SubqueryNode {
    EvalNode        node;   /* args: lefts */
    SubplanState   *subplan;
    int32_t         column; /* of a scalar one: which column is the value */
    EvalNode      **params;
    Vector        **param_vectors;
    /* uncorrelated scalar and EXISTS: the answer */
    bool            answered;
    bool            is_null;
    Datum           answer;
    /* ANY, ALL */
    EvalNode       *test;
    ExecParam      *test_params;
    KeyTable       *table;
    bool            table_has_null, table_empty;
    const TypeInfo **types;
    Vector        **left_vectors;
} SubqueryNode;

static ExecState *state_of(const SubqueryNode *sub)
{
    return sub->node.context->state;
}

static bool is_correlated(const SubqueryNode *sub)
{
    return sub->subplan->subplan->param_count > 0;
}

static void compute_params(SubqueryNode *sub, const EvalInput *input, const int32_t *sel, int32_t count)
{
    for (int32_t i = 0; i < sub->subplan->subplan->param_count; i++)
        sub->param_vectors[i] = node_run(sub->params[i], input, sel, count);
}

static void set_params(SubqueryNode *sub, int32_t row)
{
    for (int32_t i = 0; i < sub->subplan->subplan->param_count; i++) {
        Datum value = {0};
        bool  valid = vector_get(sub->param_vectors[i], row, &value);

        exec_param_set(state_of(sub), sub->subplan->subplan->params[i], &value, !valid);
    }
}

/* ---- scalar, EXISTS, ARRAY: one value per run ----------------------------------------------------------------------------------- */

static bool run_scalar(SubqueryNode *sub, Arena *arena, Datum *out)
{
    ExecOperator *op = subplan_op(sub->subplan, state_of(sub));
    Batch        *batch = operator_next(op, 2);
    PhysType      phys = sub->node.result.vector.phys;
    Vector       *column;
    int32_t       row;

    if (batch == NULL)
        return false;
    column = batch->columns[sub->column];
    if (batch->count > 1)
        raise_error(SQLSTATE_CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression");
    row = sel_row(batch->sel, 0);
    vector_load(column, batch->sel, batch->count);
    if (!vector_is_valid(column, row)) {
        *out = (Datum){0};
        if (operator_next(op, 1) != NULL)
            raise_error(SQLSTATE_CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression");
        return false;
    }
    datum_copy(phys, arena, vector_element(column, row), out);
    if (operator_next(op, 1) != NULL)
        raise_error(SQLSTATE_CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression");
    return true;
}

static bool run_exists(SubqueryNode *sub, Arena *arena, Datum *out)
{
    (void)arena;
    *out = (Datum){0};
    out->boolean = operator_next(subplan_op(sub->subplan, state_of(sub)), 1) != NULL;
    return true;
}

static bool run_array(SubqueryNode *sub, Arena *arena, Datum *out)
{
    ExecOperator *op = subplan_op(sub->subplan, state_of(sub));
    RowStore     *rows = row_store_new(arena, 1, sub->subplan->subplan->plan->columns);
    Datum        *values;
    bool         *nulls;
    Batch        *batch;

    while ((batch = operator_next(op, BATCH_ROWS)) != NULL)
        row_store_append(rows, batch->columns, batch->sel, batch->count);
    values = ARENA_ARRAY_ZEROED(arena, (size_t)rows->row_count + 1, Datum);
    nulls = ARENA_ARRAY(arena, (size_t)rows->row_count + 1, bool);
    for (int64_t i = 0; i < rows->row_count; i++)
        nulls[i] = !row_store_get(rows, 0, (uint32_t)i, &values[i]);
    out->bytes = array_build_list(arena, rows->types[0], rows->phys[0], values, nulls, (int32_t)rows->row_count);
    row_store_free(rows);
    return true;
}

static bool run_once(SubqueryNode *sub, Arena *arena, Datum *out)
{
    switch (sub->node.expr->subquery.kind) {
    case SUBQUERY_EXISTS:
        return run_exists(sub, arena, out);
    case SUBQUERY_ARRAY:
        return run_array(sub, arena, out);
    default:
        return run_scalar(sub, arena, out);
    }
}

static Vector *value_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    SubqueryNode *sub = (SubqueryNode *)node;
    Vector       *result;

    if (!is_correlated(sub)) {
        if (!sub->answered) {
            sub->is_null = !run_once(sub, state_of(sub)->arena, &sub->answer);
            sub->answered = true;
        }
        vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
        if (sub->is_null) {
            memset(node->result.vector.data, 0, (size_t)input->row_count * phys_width(node->result.vector.phys));
            vector_buffer_set_validity(&node->result, input->row_count, false);
        } else {
            vector_splat(&node->result.vector, &sub->answer, 0, input->row_count);
        }
        return &node->result.vector;
    }
    compute_params(sub, input, sel, count);
    result = result_begin(node, input);
    FOR_EACH_ROW(sel, count, row, {
        Datum value = {0};
        bool  valid;

        set_params(sub, row);
        valid = run_once(sub, input->arena, &value);
        vector_set(result, row, &value, !valid);
    });
    return result_end(node, input);
}

/* ---- ANY, ALL --------------------------------------------------------------------------------------------------------------------- */

/* Sets the test's parameters to one row of the subquery and folds the comparison into the rows still open. */
static int32_t fold_row(SubqueryNode *sub, const EvalInput *input, Vector *result, int32_t *open, int32_t open_count, Vector *const *columns, int32_t row)
{
    uint8_t        deciding = sub->node.expr->subquery.kind == SUBQUERY_ANY;
    Vector        *compared;
    const uint8_t *values;
    int32_t        kept = 0;

    for (int32_t c = 0; c < sub->subplan->subplan->plan->column_count; c++) {
        Datum value = {0};

        sub->test_params[c].is_null = !vector_get(columns[c], row, &value);
        sub->test_params[c].value = value;
        sub->test_params[c].version++;
    }
    compared = node_run(sub->test, input, open, open_count);
    values = compared->data;
    for (int32_t i = 0; i < open_count; i++) {
        int32_t at = open[i];

        if (!vector_is_valid(compared, at)) {
            bitmap_clear(result->validity, at);
            open[kept++] = at;
        } else if (values[at] == deciding) {
            VECTOR_DATA(result, uint8_t)[at] = deciding;
            bitmap_set(result->validity, at);
        } else {
            open[kept++] = at;
        }
    }
    return kept;
}

static void fold_rows(SubqueryNode *sub, const EvalInput *input, Vector *result, int32_t *open, int32_t open_count)
{
    RowStore *rows = load_rows(sub->subplan, state_of(sub));
    Batch    *chunk;

    for (int64_t c = 0; open_count > 0 && (chunk = row_store_batch(rows, c)) != NULL; c++)
        for (int32_t row = 0; row < chunk->count && open_count > 0; row++) {
            if ((row & 63) == 0)
                check_cancel();
            open_count = fold_row(sub, input, result, open, open_count, chunk->columns, row);
        }
}

static void build_table(SubqueryNode *sub)
{
    RowStore  *rows = load_rows(sub->subplan, state_of(sub));
    Batch     *chunk;
    int32_t    columns = rows->column_count;

    sub->types = ARENA_ARRAY(state_of(sub)->arena, (size_t)columns, const TypeInfo *);
    for (int32_t c = 0; c < columns; c++)
        sub->types[c] = exec_type(state_of(sub), rows->types[c]);
    sub->table = key_table_new(state_of(sub)->arena, columns, rows->types, rows->phys, sub->types);
    sub->table_empty = rows->row_count == 0;
    sub->table_has_null = false;
    for (int64_t c = 0; (chunk = row_store_batch(rows, c)) != NULL; c++) {
        uint64_t hashes[STORE_CHUNK_ROWS];
        uint32_t numbers[STORE_CHUNK_ROWS];

        hash_rows(chunk->columns, sub->types, columns, NULL, chunk->count, hashes);
        key_table_lookup(sub->table, chunk->columns, hashes, NULL, chunk->count, true, numbers, NULL);
        for (int32_t k = 0; k < columns; k++)
            if (chunk->columns[k]->validity != NULL)
                sub->table_has_null = true;
    }
}

/* Rows found without any NULL on the left are true; what is left is false, unless a NULL on either side makes it unknown. */
static void fold_hashed(SubqueryNode *sub, const EvalInput *input, Vector *result, const int32_t *sel, int32_t count)
{
    int32_t   left_count = sub->node.arg_count;
    uint64_t *hashes = ARENA_ARRAY(input->arena, (size_t)count, uint64_t);
    uint32_t *numbers = ARENA_ARRAY(input->arena, (size_t)count, uint32_t);
    int32_t  *unsure = sel_scratch(input, count), unsure_count = 0;

    if (sub->table == NULL)
        build_table(sub);
    if (sub->table_empty)
        return;
    for (int32_t i = 0; i < left_count; i++)
        sub->left_vectors[i] = node_run(sub->node.args[i], input, sel, count);
    hash_rows(sub->left_vectors, sub->types, left_count, sel, count, hashes);
    key_table_lookup(sub->table, sub->left_vectors, hashes, sel, count, false, numbers, NULL);
    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);
        bool    left_null = false;

        for (int32_t k = 0; k < left_count; k++)
            left_null = left_null || !vector_is_valid(sub->left_vectors[k], row);
        if (numbers[i] != KEY_NONE && !left_null)
            VECTOR_DATA(result, uint8_t)[row] = 1;
        else if (left_null || sub->table_has_null)
            unsure[unsure_count++] = row;
    }
    if (unsure_count == 0)
        return;
    if (left_count == 1) {
        for (int32_t i = 0; i < unsure_count; i++)
            bitmap_clear(result->validity, unsure[i]);
    } else {
        fold_rows(sub, input, result, unsure, unsure_count); /* (1, NULL) may still differ in its first column */
    }
}

static Vector *any_all_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    SubqueryNode  *sub = (SubqueryNode *)node;
    uint8_t        start = node->expr->subquery.kind == SUBQUERY_ALL;
    Vector        *result;
    int32_t       *open = sel_scratch(input, count);
    ExecState     *state = state_of(sub);

    if (is_correlated(sub))
        compute_params(sub, input, sel, count);
    result = result_begin(node, input);
    FOR_EACH_ROW(sel, count, row, { VECTOR_DATA(result, uint8_t)[row] = start; });
    if (!is_correlated(sub)) {
        if (sub->subplan->subplan->hashed) {
            fold_hashed(sub, input, result, sel, count);
        } else {
            for (int32_t i = 0; i < count; i++)
                open[i] = sel_row(sel, i);
            fold_rows(sub, input, result, open, count);
        }
        return result_end(node, input);
    }
    FOR_EACH_ROW(sel, count, row, {
        ExecOperator *op;
        Batch        *batch;
        int32_t       open_count = 1;

        set_params(sub, row);
        op = subplan_op(sub->subplan, state);
        open[0] = row;
        while (open_count > 0 && (batch = operator_next(op, BATCH_ROWS)) != NULL) {
            for (int32_t c = 0; c < batch->column_count; c++)
                vector_load(batch->columns[c], batch->sel, batch->count);
            for (int32_t i = 0; i < batch->count && open_count > 0; i++)
                open_count = fold_row(sub, input, result, open, open_count, batch->columns, sel_row(batch->sel, i));
        }
    });
    return result_end(node, input);
}

/* ---- making ---------------------------------------------------------------------------------------------------------------------------- */

static SubqueryNode *subquery_new(EvalContext *context, const Expr *expr, const Expr *subquery,
                                  Vector *(*run)(EvalNode *, const EvalInput *, const int32_t *, int32_t))
{
    SubqueryNode  *sub = (SubqueryNode *)eval_node_new(context, expr, sizeof(SubqueryNode), run);
    const Subplan *subplan;

    sub->subplan = subplan_new(context->state, subquery->subquery.plan);
    subplan = sub->subplan->subplan;
    sub->params = ARENA_ARRAY(context->arena, (size_t)subplan->param_count, EvalNode *);
    sub->param_vectors = ARENA_ARRAY(context->arena, (size_t)subplan->param_count, Vector *);
    for (int32_t i = 0; i < subplan->param_count; i++)
        sub->params[i] = eval_node(context, subplan->param_values.items[i]);
    return sub;
}

EvalNode *eval_subquery_node(EvalContext *context, const Expr *expr)
{
    bool          any_all = expr->subquery.kind == SUBQUERY_ANY || expr->subquery.kind == SUBQUERY_ALL;
    SubqueryNode *sub = subquery_new(context, expr, expr, any_all ? any_all_run : value_run);
    ExecParam    *outer_params = context->test_params;
    int32_t       outer_count = context->test_param_count, columns = sub->subplan->subplan->plan->column_count;

    if (!any_all) {
        if (expr->subquery.kind == SUBQUERY_SCALAR)
            sub->node.result.vector.phys = sub->subplan->subplan->plan->columns[0].phys;
        return &sub->node;
    }
    eval_node_args(&sub->node, &expr->subquery.lefts);
    sub->left_vectors = ARENA_ARRAY(context->arena, (size_t)sub->node.arg_count + 1, Vector *);
    sub->test_params = ARENA_ARRAY_ZEROED(context->arena, (size_t)columns, ExecParam);
    context->test_params = sub->test_params;
    context->test_param_count = expr->subquery.lefts.count;
    sub->test = eval_node(context, expr->subquery.test);
    context->test_params = outer_params;
    context->test_param_count = outer_count;
    return &sub->node;
}

/* (SELECT a, b ...).f2: SET (x, y) = (SELECT ...) is bound so. */
EvalNode *eval_subquery_field_node(EvalContext *context, const Expr *expr)
{
    SubqueryNode *sub = subquery_new(context, expr, expr->unary.arg, value_run);
    Expr         *scalar = ARENA_NEW(context->arena, Expr);

    *scalar = *expr->unary.arg;
    scalar->type = expr->type;
    sub->node.expr = scalar;
    sub->column = expr->unary.field - 1;
    sub->node.result.vector.phys = sub->subplan->subplan->plan->columns[sub->column].phys;
    return &sub->node;
}
