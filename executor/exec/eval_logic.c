/*
 * eval_logic.c - AND, OR, NOT, IS NULL, IS TRUE and their kin: three-valued logic over selections.
 *
 * An argument of AND is computed for the rows that no argument before it made false, as PostgreSQL does; of OR, not true.
 */
#include "executor/exec/eval_internal.h"

/*
 * deciding is the value that ends the row: false for AND, true for OR. Rows still open are in `open`; those that met a
 * NULL stay open and become NULL at the end unless something decides them.
 */
static Vector *logic_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, uint8_t deciding)
{
    Vector        *result = result_begin(node, input);
    uint8_t       *out = result->data;
    int32_t       *open = NULL;
    const int32_t *at = sel;
    int32_t        at_count = count;

    FOR_EACH_ROW(sel, count, row, { out[row] = !deciding; });
    for (int32_t i = 0; i < node->arg_count && at_count > 0; i++) {
        Vector        *vector = node_run(node->args[i], input, at, at_count);
        const uint8_t *values = vector->data;
        int32_t        kept = 0;

        if (open == NULL)
            open = sel_scratch(input, count);
        for (int32_t k = 0; k < at_count; k++) {
            int32_t row = sel_row(at, k);

            if (!vector_is_valid(vector, row)) {
                bitmap_clear(result->validity, row);
                open[kept++] = row;
            } else if (values[row] == deciding) {
                out[row] = deciding;
                bitmap_set(result->validity, row);
            } else {
                open[kept++] = row;
            }
        }
        at = open;
        at_count = kept;
    }
    return result_end(node, input);
}

static Vector *and_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    return logic_run(node, input, sel, count, 0);
}

static Vector *or_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    return logic_run(node, input, sel, count, 1);
}

static int32_t and_filter(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, int32_t *out)
{
    for (int32_t i = 0; i < node->arg_count && count > 0; i++) {
        count = node_filter(node->args[i], input, sel, count, out);
        sel = out;
    }
    return count;
}

/* Merges two ascending selections without common rows. */
static int32_t sel_merge(const int32_t *a, int32_t a_count, const int32_t *b, int32_t b_count, int32_t *out)
{
    int32_t i = 0, k = 0, n = 0;

    while (i < a_count && k < b_count)
        out[n++] = a[i] < b[k] ? a[i++] : b[k++];
    while (i < a_count)
        out[n++] = a[i++];
    while (k < b_count)
        out[n++] = b[k++];
    return n;
}

static int32_t or_filter(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t *kept = sel_scratch(input, count), *fresh = sel_scratch(input, count), *rest = sel_scratch(input, count),
            *merged = sel_scratch(input, count);
    int32_t  kept_count = 0;
    const int32_t *at = sel;

    for (int32_t i = 0; i < node->arg_count && count > 0; i++) {
        int32_t fresh_count = node_filter(node->args[i], input, at, count, fresh), merged_count;

        count = sel_subtract(at, count, fresh, fresh_count, rest);
        at = rest;
        merged_count = sel_merge(kept, kept_count, fresh, fresh_count, merged);
        memcpy(kept, merged, (size_t)merged_count * sizeof *kept);
        kept_count = merged_count;
    }
    memcpy(out, kept, (size_t)kept_count * sizeof *out);
    return kept_count;
}

EvalNode *eval_and_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), and_run);

    eval_node_args(node, &expr->list.args);
    node->filter = and_filter;
    return node;
}

EvalNode *eval_or_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), or_run);

    eval_node_args(node, &expr->list.args);
    node->filter = or_filter;
    return node;
}

static Vector *not_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector        *vector = node_run(node->args[0], input, sel, count);
    const uint8_t *values = vector->data;
    uint8_t       *out;

    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    out = node->result.vector.data;
    FOR_EACH_ROW(sel, count, row, { out[row] = !values[row]; });
    node->result.vector.validity = vector->validity;
    return &node->result.vector;
}

EvalNode *eval_not_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), not_run);

    eval_node_args(node, &expr->list.args);
    return node;
}

static Vector *is_null_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector  *vector = node_run(node->args[0], input, sel, count);
    uint8_t  negated = node->expr->unary.negated;
    uint8_t *out;

    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    out = node->result.vector.data;
    FOR_EACH_ROW(sel, count, row, { out[row] = (uint8_t)!vector_is_valid(vector, row) ^ negated; });
    return &node->result.vector;
}

EvalNode *eval_is_null_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), is_null_run);

    eval_node_args(node, &(ExprList){1, (Expr *[]){expr->unary.arg}});
    return node;
}

static Vector *boolean_test_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector        *vector = node_run(node->args[0], input, sel, count);
    const uint8_t *values = vector->data;
    int8_t         truth = node->expr->unary.truth;
    uint8_t        negated = node->expr->unary.negated;
    uint8_t       *out;

    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    out = node->result.vector.data;
    FOR_EACH_ROW(sel, count, row, {
        bool valid = vector_is_valid(vector, row);

        out[row] = (uint8_t)(truth < 0 ? !valid : valid && values[row] == (uint8_t)truth) ^ negated;
    });
    return &node->result.vector;
}

EvalNode *eval_boolean_test_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), boolean_test_run);

    eval_node_args(node, &(ExprList){1, (Expr *[]){expr->unary.arg}});
    return node;
}
