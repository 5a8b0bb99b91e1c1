/*
 * eval_cast.c - casts without a function: through the text form, to a type modifier.
 */
#include "base/strbuf.h"
#include "executor/exec/eval_internal.h"

typedef struct CastNode {
    EvalNode        node;
    const TypeInfo *from, *to;
} CastNode;

static const TypeInfo *known_type(EvalContext *context, Oid oid)
{
    const TypeInfo *type = exec_type(context->state, oid);

    if (type == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "type %s is not supported here", type_format(context->arena, oid, -1));
    return type;
}

static bool is_text_form(const TypeInfo *type)
{
    return type->oid == TYPE_TEXT || type->oid == TYPE_VARCHAR || type->oid == TYPE_UNKNOWN || type->oid == TYPE_CSTRING;
}

static Vector *coerce_io_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    CastNode   *cast = (CastNode *)node;
    Vector     *source = node_run(node->args[0], input, sel, count);
    Vector     *result = result_begin(node, input);
    TypeContext ctx = node->context->state->ctx;
    bool        from_text = is_text_form(cast->from), to_text = is_text_form(cast->to);

    ctx.arena = input->arena;
    FOR_EACH_ROW(sel, count, row, {
        Slice text;
        Datum value;

        if (!vector_is_valid(source, row)) {
            bitmap_clear(result->validity, row);
            continue;
        }
        if (from_text) {
            text = VECTOR_DATA(source, Slice)[row];
        } else {
            StrBuf buf;

            strbuf_init(&buf, input->arena);
            cast->from->output(cast->from, vector_element(source, row), &ctx, &buf);
            text = slice_of(strbuf_cstring(&buf), buf.size);
        }
        if (to_text) {
            VECTOR_DATA(result, Slice)[row] = text;
            continue;
        }
        memset(&value, 0, sizeof value);
        cast->to->input(cast->to, text, -1, &ctx, &value);
        memcpy(vector_element(result, row), &value, phys_width(result->phys));
    });
    return result_end(node, input);
}

EvalNode *eval_coerce_io_node(EvalContext *context, const Expr *expr)
{
    CastNode *cast = (CastNode *)eval_node_new(context, expr, sizeof(CastNode), coerce_io_run);

    cast->from = known_type(context, expr->unary.arg->type);
    cast->to = known_type(context, expr->type);
    if (cast->from->output == NULL || cast->to->input == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cast from %s to %s is not supported", cast->from->sql_name, cast->to->sql_name);
    eval_node_args(&cast->node, &(ExprList){1, (Expr *[]){expr->unary.arg}});
    return &cast->node;
}

static Vector *coerce_typmod_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    CastNode   *cast = (CastNode *)node;
    Vector     *source = node_run(node->args[0], input, sel, count);
    Vector     *result = result_begin(node, input);
    TypeContext ctx = node->context->state->ctx;
    size_t      width = phys_width(result->phys);

    ctx.arena = input->arena;
    FOR_EACH_ROW(sel, count, row, {
        if (vector_is_valid(source, row)) {
            Datum value;

            memcpy(&value, vector_element(source, row), width);
            cast->to->coerce_typmod(cast->to, node->expr->typmod, node->expr->unary.explicit_cast, &ctx, &value);
            memcpy(vector_element(result, row), &value, width);
        } else {
            bitmap_clear(result->validity, row);
        }
    });
    return result_end(node, input);
}

EvalNode *eval_coerce_typmod_node(EvalContext *context, const Expr *expr)
{
    const TypeInfo *type = known_type(context, expr->type);
    CastNode       *cast;

    if (expr->typmod < 0 || type->coerce_typmod == NULL)
        return eval_node(context, expr->unary.arg);
    cast = (CastNode *)eval_node_new(context, expr, sizeof(CastNode), coerce_typmod_run);
    cast->to = type;
    eval_node_args(&cast->node, &(ExprList){1, (Expr *[]){expr->unary.arg}});
    return &cast->node;
}
