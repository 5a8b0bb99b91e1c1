/*
 * make_expr.c - builds constants, operators, subqueries and column references.
 */
#include "parser/make_expr.h"

/* ---- constants ---------------------------------------------------------------------------------------------- */

Node *make_const(ParseContext *pc, ConstKind kind, Token token)
{
    return NODE(MAKE(A_Const, token.location, .kind = kind, .sval = token.str));
}

Node *make_string_const(ParseContext *pc, Token token)
{
    return make_const(pc, CONST_STRING, token);
}

Node *make_integer_const(ParseContext *pc, Token token)
{
    return make_int_const(pc, token.ival, token.location);
}

Node *make_int_const(ParseContext *pc, int value, int32_t location)
{
    return NODE(MAKE(A_Const, location, .kind = CONST_INTEGER, .ival = value));
}

Node *make_bool_const(ParseContext *pc, int32_t location, bool value)
{
    return NODE(MAKE(A_Const, location, .kind = CONST_BOOLEAN, .bval = value));
}

Node *make_number_const(ParseContext *pc, const Node *number)
{
    if (number->tag == NODE_INTEGER)
        return make_int_const(pc, ((const Integer *)number)->ival, number->location);
    return NODE(MAKE(A_Const, number->location, .kind = CONST_FLOAT, .sval = ((const Float *)number)->fval));
}

Node *make_typed_const(ParseContext *pc, TypeName *type, Token text)
{
    return make_type_cast(pc, make_string_const(pc, text), type, -1);
}

Node *make_generic_const(ParseContext *pc, NodeList *name, NodeList *args, NodeList *sort, Token text)
{
    LIST_FOREACH(Node, arg, args)
        if (arg->tag == NODE_NAMED_ARG_EXPR)
            raise_at(SQLSTATE_SYNTAX_ERROR, arg->location, "type modifier cannot have parameter name");
    if (sort != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, sort->node.location, "type modifier cannot have ORDER BY");
    return make_typed_const(pc, with_typmods(make_type_name(pc, name), args), text);
}

/* ---- operators ---------------------------------------------------------------------------------------------- */

OperatorName operator_name(ParseContext *pc, Token op)
{
    return (OperatorName){list_one(pc, make_string(pc, op)), op.location};
}

OperatorName operator_name_of(ParseContext *pc, Token word, const char *op)
{
    return operator_name(pc, rename_token(word, op));
}

Node *make_qualified_operator(ParseContext *pc, OperatorName op, Node *left, Node *right)
{
    return NODE(MAKE(A_Expr, op.location, .kind = AEXPR_OP, .name = op.name, .lexpr = left, .rexpr = right));
}

Node *make_operator(ParseContext *pc, Token op, Node *left, Node *right)
{
    return make_qualified_operator(pc, operator_name(pc, op), left, right);
}

Node *make_minus(ParseContext *pc, Token op, Node *arg)
{
    A_Const *number = (A_Const *)arg;

    if (arg->tag != NODE_A_CONST || (number->kind != CONST_INTEGER && number->kind != CONST_FLOAT))
        return make_operator(pc, op, NULL, arg);
    if (number->kind == CONST_INTEGER)
        number->ival = -number->ival;
    else if (number->sval[0] == '-')
        number->sval++;
    else
        number->sval = arena_printf(pc->arena, "-%s", number->sval);
    arg->location = op.location;
    return arg;
}

/* Chains of one operator are one node, since programs write long ones: a AND b AND c, left to right. */
static Node *make_bool(ParseContext *pc, BoolExprType type, Token op, Node *left, Node *right)
{
    BoolExpr *chain = (BoolExpr *)left;

    if (left->tag == NODE_BOOL_EXPR && chain->boolop == type) {
        chain->args = list_add(pc, chain->args, right);
        return left;
    }
    return NODE(MAKE(BoolExpr, op.location, .boolop = type, .args = list_two(pc, left, right)));
}

Node *make_and(ParseContext *pc, Token op, Node *left, Node *right)
{
    return make_bool(pc, AND_EXPR, op, left, right);
}

Node *make_or(ParseContext *pc, Token op, Node *left, Node *right)
{
    return make_bool(pc, OR_EXPR, op, left, right);
}

Node *make_not(ParseContext *pc, int32_t location, Node *arg)
{
    return NODE(MAKE(BoolExpr, location, .boolop = NOT_EXPR, .args = list_one(pc, arg)));
}

Node *make_match(ParseContext *pc, A_Expr_Kind kind, const char *name, Token word, Node *left, Node *right)
{
    return NODE(MAKE(A_Expr, word.location, .kind = kind, .name = operator_name_of(pc, word, name).name, .lexpr = left,
                     .rexpr = right));
}

Node *make_escape(ParseContext *pc, const char *function, Token word, Node *pattern, Node *escape)
{
    return make_system_call(pc, word.location, function,
                            escape == NULL ? list_one(pc, pattern) : list_two(pc, pattern, escape));
}

Node *make_between(ParseContext *pc, A_Expr_Kind kind, const char *name, Token word, Node *arg, Node *low, Node *high)
{
    return make_match(pc, kind, name, word, arg, NODE(list_two(pc, low, high)));
}

Node *make_overlaps(ParseContext *pc, Token word, Node *left, Node *right)
{
    NodeList *from = ((RowExpr *)left)->args;
    NodeList *to = ((RowExpr *)right)->args;

    if (list_count(from) != 2)
        raise_at(SQLSTATE_SYNTAX_ERROR, left->location,
                 "wrong number of parameters on left side of OVERLAPS expression");
    if (list_count(to) != 2)
        raise_at(SQLSTATE_SYNTAX_ERROR, right->location,
                 "wrong number of parameters on right side of OVERLAPS expression");
    return make_system_call(pc, word.location, "overlaps", list_concat(pc->arena, from, to));
}

/* ---- subqueries, columns, casts ----------------------------------------------------------------------------- */

Node *make_sublink(ParseContext *pc, SubLinkType type, int32_t location, ParenSelect select)
{
    return NODE(MAKE(SubLink, location, .sub_link_type = type, .subselect = select.select));
}

Node *make_in_select(ParseContext *pc, Token word, Node *left, ParenSelect select)
{
    return NODE(MAKE(SubLink, word.location, .sub_link_type = ANY_SUBLINK, .testexpr = left,
                     .subselect = select.select));
}

Node *make_operator_select(ParseContext *pc, OperatorName op, SubLinkType type, Node *left, ParenSelect select)
{
    return NODE(MAKE(SubLink, op.location, .sub_link_type = type, .testexpr = left, .oper_name = op.name,
                     .subselect = select.select));
}

Node *make_operator_array(ParseContext *pc, OperatorName op, SubLinkType type, Node *left, Node *array)
{
    return NODE(MAKE(A_Expr, op.location, .kind = type == ANY_SUBLINK ? AEXPR_OP_ANY : AEXPR_OP_ALL, .name = op.name,
                     .lexpr = left, .rexpr = array));
}

/* The names up to the first subscript are the column's; the rest is an indirection of it. */
Node *make_column_ref(ParseContext *pc, Token name, NodeList *rest)
{
    ColumnRef *column = MAKE(ColumnRef, name.location, .fields = list_one(pc, make_string(pc, name)));
    NodeList  *indirection = NULL;

    check_indirection(pc, rest);
    LIST_FOREACH(Node, item, rest) {
        if (indirection != NULL || item->tag == NODE_A_INDICES)
            indirection = list_add(pc, indirection, item);
        else
            column->fields = list_add(pc, column->fields, item);
    }
    return make_indirection(pc, column, indirection);
}

Node *make_indirection(ParseContext *pc, void *arg, NodeList *indirection)
{
    if (indirection == NULL)
        return arg;
    check_indirection(pc, indirection);
    return NODE(MAKE(A_Indirection, NODE(arg)->location, .arg = arg, .indirection = indirection));
}

Node *make_type_cast(ParseContext *pc, Node *arg, TypeName *type, int32_t location)
{
    return NODE(MAKE(TypeCast, location, .arg = arg, .type_name = type));
}

Node *set_location(Node *node, int32_t location)
{
    node->location = location;
    return node;
}

Node *raise_not_implemented(ParseContext *pc, Token word, const char *message)
{
    (void)pc;
    raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, word.location, "%s", message);
}
