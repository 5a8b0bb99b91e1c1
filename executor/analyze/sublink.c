/* sublink.c - subqueries in expressions. */
#include "executor/analyze/binder.h"

static const char *refusal(Clause clause)
{
    switch (clause) {
    case CLAUSE_CHECK:
    case CLAUSE_DOMAIN_CHECK:
        return "cannot use subquery in check constraint";
    case CLAUSE_DEFAULT:
        return "cannot use subquery in DEFAULT expression";
    case CLAUSE_INDEX_EXPRESSION:
        return "cannot use subquery in index expression";
    case CLAUSE_INDEX_PREDICATE:
        return "cannot use subquery in index predicate";
    case CLAUSE_ALTER_TYPE:
        return "cannot use subquery in transform expression";
    case CLAUSE_EXECUTE:
        return "cannot use subquery in EXECUTE parameter";
    case CLAUSE_PARTITION_BOUND:
        return "cannot use subquery in partition bound";
    case CLAUSE_CALL:
        return "cannot use subquery in CALL argument";
    case CLAUSE_COPY_WHERE:
        return "cannot use subquery in COPY FROM WHERE condition";
    case CLAUSE_GENERATED:
        return "cannot use subquery in column generation expression";
    default:
        return NULL;
    }
}

static void check_place(Scope *scope, int32_t location)
{
    const char *text = refusal(scope->clause);

    if (text != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "%s", text);
}

/* The column of a subquery that must have one. */
static const RangeColumn *only_column(Scope *scope, const Query *query, int32_t location)
{
    int32_t            count;
    const RangeColumn *columns = query_columns(scope->b, query, &count);

    if (count != 1)
        bind_error(SQLSTATE_SYNTAX_ERROR, location, "subquery must return only one column");
    return columns;
}

/* left op ANY (SELECT ...), (a, b) IN (SELECT ...) and kin: the test compares with the subquery's columns as parameters. */
static void bind_any_all(Scope *scope, const SubLink *link, Expr *expr)
{
    Arena             *arena = scope->b->arena;
    const NodeList    *name = link->oper_name;
    Expr              *left = bind_expr_inner(scope, link->testexpr);
    ExprList           rights = {0};
    int32_t            count;
    const RangeColumn *columns = query_columns(scope->b, expr->subquery.query, &count);

    if (left->kind == EXPR_ROW && link->testexpr->tag == NODE_ROW_EXPR)
        expr->subquery.lefts = left->list.args;
    else
        expr->subquery.lefts = expr_list_append(arena, expr->subquery.lefts, left);
    if (expr->subquery.lefts.count < count)
        bind_error(SQLSTATE_SYNTAX_ERROR, link->node.location, "subquery has too many columns");
    if (expr->subquery.lefts.count > count)
        bind_error(SQLSTATE_SYNTAX_ERROR, link->node.location, "subquery has too few columns");
    for (int32_t i = 0; i < count; i++) {
        Expr *param = expr_new(arena, EXPR_PARAM, columns[i].type, -1);

        param->typmod = columns[i].typmod;
        param->collation = columns[i].collation;
        param->param.number = i + 1;
        param->param.internal = true;
        rights = expr_list_append(arena, rights, param);
    }
    if (name == NULL) {
        String *equals = NODE_NEW(arena, String, NODE_STRING, -1);

        equals->sval = "=";
        name = list_append(arena, NULL, &equals->node);
    }
    expr->subquery.test = bind_row_compare(scope, name, expr->subquery.lefts, rights, link->node.location);
}

Expr *bind_sublink(Scope *scope, const SubLink *link)
{
    Binder *b = scope->b;
    Expr   *expr = expr_new(b->arena, EXPR_SUBQUERY, TYPE_BOOL, link->node.location);
    const RangeColumn *column;

    check_place(scope, link->node.location);
    scope->has_subqueries = true;
    expr->subquery.query = bind_subquery(scope, link->subselect, NULL, NULL, false);
    expr->subquery.plan = -1;
    switch (link->sub_link_type) {
    case EXISTS_SUBLINK:
        expr->subquery.kind = SUBQUERY_EXISTS;
        break;
    case EXPR_SUBLINK:
    case ARRAY_SUBLINK:
        column = only_column(scope, expr->subquery.query, link->node.location);
        expr->type = column->type;
        expr->typmod = column->typmod;
        expr->collation = column->collation;
        expr->subquery.kind = SUBQUERY_SCALAR;
        if (link->sub_link_type == ARRAY_SUBLINK) {
            expr->subquery.kind = SUBQUERY_ARRAY;
            /* PG15: of arrays it makes an array of one more dimension, of the same type */
            expr->type = type_element(b, column->type) != 0 ? column->type : type_array_of(b, column->type);
            if (expr->type == 0)
                bind_error(SQLSTATE_UNDEFINED_OBJECT, link->node.location, "could not find array type for data type %s", type_text(b, column->type));
        }
        break;
    case ANY_SUBLINK:
    case ALL_SUBLINK:
        expr->subquery.kind = link->sub_link_type == ANY_SUBLINK ? SUBQUERY_ANY : SUBQUERY_ALL;
        bind_any_all(scope, link, expr);
        break;
    }
    return expr;
}
