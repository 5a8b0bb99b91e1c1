/*
 * eval_case.c - CASE, COALESCE, GREATEST and LEAST, row comparison: expressions that pick among their arguments.
 */
#include "executor/exec/eval_internal.h"
#include "executor/expr_tree.h"

/* ---- CASE ------------------------------------------------------------------------------------------------------------ */

typedef struct CaseNode {
    EvalNode   node; /* args: the results, then ELSE */
    EvalNode  *value;
    Vector    *value_vector;
    EvalNode **tests;
    int32_t    test_count;
} CaseNode;

static Vector *case_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    CaseNode      *cases = (CaseNode *)node;
    Vector        *result = result_begin(node, input);
    int32_t       *chosen = sel_scratch(input, count);
    int32_t       *rest = sel_scratch(input, count);
    const int32_t *open = sel;

    if (cases->value != NULL)
        cases->value_vector = node_run(cases->value, input, sel, count);
    for (int32_t i = 0; i < cases->test_count && count > 0; i++) {
        int32_t chosen_count = node_filter(cases->tests[i], input, open, count, chosen);

        if (chosen_count == 0)
            continue;
        vector_copy_rows(result, node_run(node->args[i], input, chosen, chosen_count), chosen, chosen_count);
        count = sel_subtract(open, count, chosen, chosen_count, rest);
        open = rest;
    }
    if (count > 0)
        vector_copy_rows(result, node_run(node->args[cases->test_count], input, open, count), open, count);
    return result_end(node, input);
}

EvalNode *eval_case_node(EvalContext *context, const Expr *expr)
{
    CaseNode *cases = (CaseNode *)eval_node_new(context, expr, sizeof(CaseNode), case_run);
    Vector  **outer = context->case_value;
    int32_t   count = expr->cases.tests.count;

    if (expr->cases.value != NULL) {
        cases->value = eval_node(context, expr->cases.value);
        context->case_value = &cases->value_vector;
    }
    cases->test_count = count;
    cases->tests = ARENA_ARRAY(context->arena, (size_t)count, EvalNode *);
    for (int32_t i = 0; i < count; i++)
        cases->tests[i] = eval_node(context, expr->cases.tests.items[i]);
    cases->node.arg_count = count + 1;
    cases->node.args = ARENA_ARRAY(context->arena, (size_t)count + 1, EvalNode *);
    context->case_value = outer; /* the results belong to the CASE around this one */
    for (int32_t i = 0; i < count; i++)
        cases->node.args[i] = eval_node(context, expr->cases.results.items[i]);
    cases->node.args[count] = eval_node(context, expr->cases.otherwise);
    return &cases->node;
}

/* ---- COALESCE ---------------------------------------------------------------------------------------------------------- */

static Vector *coalesce_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector        *result = result_begin(node, input);
    int32_t       *rest = sel_scratch(input, count);
    const int32_t *open = sel;

    for (int32_t i = 0; i < node->arg_count && count > 0; i++) {
        Vector *vector = node_run(node->args[i], input, open, count);
        int32_t kept = 0;

        vector_copy_rows(result, vector, open, count);
        if (vector->validity == NULL)
            break;
        for (int32_t k = 0; k < count; k++) {
            int32_t row = sel_row(open, k);

            if (!bitmap_get(vector->validity, row))
                rest[kept++] = row;
        }
        open = rest;
        count = kept;
    }
    return result_end(node, input);
}

EvalNode *eval_coalesce_node(EvalContext *context, const Expr *expr)
{
    EvalNode *node = eval_node_new(context, expr, sizeof(EvalNode), coalesce_run);

    eval_node_args(node, &expr->list.args);
    return node;
}

/* ---- GREATEST, LEAST ----------------------------------------------------------------------------------------------------- */

typedef struct MinMaxNode {
    EvalNode        node;
    const TypeInfo *type;
} MinMaxNode;

static Vector *min_max_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    const TypeInfo *type = ((MinMaxNode *)node)->type;
    bool            greatest = node->expr->minmax.greatest;
    size_t          width = phys_width(type->phys);
    Vector         *result;

    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    vector_buffer_set_validity(&node->result, input->row_count, false);
    result = &node->result.vector;
    for (int32_t i = 0; i < node->arg_count; i++) {
        Vector *vector = node_run(node->args[i], input, sel, count);

        FOR_EACH_ROW(sel, count, row, {
            if (vector_is_valid(vector, row)) {
                const void *value = vector_element(vector, row);
                void       *best = vector_element(result, row);

                if (!bitmap_get(result->validity, row) ||
                    (greatest ? type->compare(type, value, best) > 0 : type->compare(type, value, best) < 0)) {
                    memcpy(best, value, width);
                    bitmap_set(result->validity, row);
                }
            }
        });
    }
    vector_buffer_trim_validity(&node->result, input->row_count);
    return result;
}

EvalNode *eval_min_max_node(EvalContext *context, const Expr *expr)
{
    MinMaxNode *node = (MinMaxNode *)eval_node_new(context, expr, sizeof(MinMaxNode), min_max_run);

    node->type = exec_type(context->state, expr->type);
    if (node->type == NULL || node->type->compare == NULL)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "could not identify a comparison function for type %s",
                    type_format(context->arena, expr->type, -1));
    eval_node_args(&node->node, &expr->minmax.args);
    return &node->node;
}

/* ---- (a, b) < (c, d) -------------------------------------------------------------------------------------------------------- */

static const Operator *same_types_operator(const Operator *like, const char *name)
{
    int                    count;
    const Operator *const *all = operator_by_name(name, &count);

    for (int i = 0; i < count; i++)
        if (all[i]->kind == 'b' && all[i]->left == like->left && all[i]->right == like->right)
            return all[i];
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "could not determine interpretation of row comparison operator %s", like->name);
}

/*
 * a < c OR (a = c AND (b < d)): the same value as comparing column by column, NULLs included, since a NULL before the deciding
 * column makes every later term NULL or false.
 */
static Expr *row_compare_from(Arena *arena, const Expr *expr, int32_t column)
{
    const Operator *op = expr->any_all.ops[column];
    Expr           *left = expr->any_all.lefts.items[column];
    Expr           *right = expr->any_all.rights.items[column];
    char            strict[2] = {op->name[0], '\0'};

    if (column == expr->any_all.lefts.count - 1)
        return expr_operator(arena, op, left, right);
    return expr_or(arena, expr_operator(arena, same_types_operator(op, strict), left, right),
                   expr_and(arena, expr_operator(arena, same_types_operator(op, "="), left, right),
                            row_compare_from(arena, expr, column + 1)));
}

EvalNode *eval_row_compare_node(EvalContext *context, const Expr *expr)
{
    return eval_node(context, row_compare_from(context->arena, expr, 0));
}
