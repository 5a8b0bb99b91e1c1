/*
 * eval_record.c - ROW(...) and (composite).field.
 */
#include "executor/exec/eval_internal.h"

EvalNode *eval_row_node(EvalContext *context, const Expr *expr)
{
    (void)context;
    (void)expr;
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "row values are not supported here");
}

EvalNode *eval_field_node(EvalContext *context, const Expr *expr)
{
    if (expr->unary.arg->kind == EXPR_SUBQUERY && expr->unary.arg->subquery.kind == SUBQUERY_SCALAR && expr->unary.arg->type == TYPE_RECORD)
        return eval_subquery_field_node(context, expr);
    if (expr->unary.arg->kind == EXPR_ROW && expr->unary.field <= expr->unary.arg->list.args.count)
        return eval_node(context, expr->unary.arg->list.args.items[expr->unary.field - 1]);
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "fields of composite values are not supported here");
}
