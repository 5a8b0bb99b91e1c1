/* row_compare.c - comparison of rows, and IN lists. */
#include "executor/analyze/binder.h"

/* '<', 'l' (<=), 'g' (>=), '>', '=', '!' (<>); 0 for any other operator. */
static char comparison_of(const NodeList *name)
{
    const char *text = string_at(name, list_count(name) - 1);

    if (strcmp(text, "=") == 0)
        return '=';
    if (strcmp(text, "<>") == 0)
        return '!';
    if (strcmp(text, "<") == 0)
        return '<';
    if (strcmp(text, "<=") == 0)
        return 'l';
    if (strcmp(text, ">=") == 0)
        return 'g';
    return strcmp(text, ">") == 0 ? '>' : 0;
}

static Expr *compare_pair(Scope *scope, const NodeList *name, Expr *left, Expr *right, int32_t location)
{
    Expr *test = bind_operator(scope, name, left, right, location);

    if (test->type != TYPE_BOOL)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, location, "row comparison operator must yield type boolean, not type %s", type_text(scope->b, test->type));
    if (test->kind == EXPR_SET_CALL)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, location, "row comparison operator must not return a set");
    return test;
}

Expr *bind_row_compare(Scope *scope, const NodeList *name, ExprList lefts, ExprList rights, int32_t location)
{
    Arena           *arena = scope->b->arena;
    char             comparison = comparison_of(name);
    ExprList         tests = {0};
    Expr            *result;
    const Operator **ops;

    if (lefts.count != rights.count)
        bind_error(SQLSTATE_SYNTAX_ERROR, location, "unequal number of entries in row expressions");
    if (lefts.count == 0)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "cannot compare rows of zero length");
    for (int32_t i = 0; i < lefts.count; i++)
        tests = expr_list_append(arena, tests, compare_pair(scope, name, lefts.items[i], rights.items[i], location));
    if (tests.count == 1)
        return tests.items[0];
    if (comparison == '=' || comparison == '!') {
        result = expr_new(arena, comparison == '=' ? EXPR_AND : EXPR_OR, TYPE_BOOL, location);
        result->list.args = tests;
        return result;
    }
    if (comparison == 0)
        bind_error_hint(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "Row comparison operators must be associated with btree operator families.",
                        "could not determine interpretation of row comparison operator %s", string_at(name, list_count(name) - 1));
    result = expr_new(arena, EXPR_ROW_COMPARE, TYPE_BOOL, location);
    ops = ARENA_ARRAY(arena, (size_t)tests.count, const Operator *);
    for (int32_t i = 0; i < tests.count; i++) {
        ops[i] = tests.items[i]->call.op;
        result->any_all.lefts = expr_list_append(arena, result->any_all.lefts, tests.items[i]->call.args.items[0]);
        result->any_all.rights = expr_list_append(arena, result->any_all.rights, tests.items[i]->call.args.items[1]);
    }
    result->any_all.ops = ops;
    result->any_all.comparison = comparison;
    return result;
}

Expr *bind_row_distinct(Scope *scope, const NodeList *name, const Expr *left, const Expr *right, int32_t location)
{
    Expr *result = expr_new(scope->b->arena, EXPR_OR, TYPE_BOOL, location);

    if (left->list.args.count != right->list.args.count)
        bind_error(SQLSTATE_SYNTAX_ERROR, location, "unequal number of entries in row expressions");
    for (int32_t i = 0; i < left->list.args.count; i++) {
        Expr *test = bind_operator(scope, name, left->list.args.items[i], right->list.args.items[i], location);

        test->kind = EXPR_DISTINCT_FROM;
        result->list.args = expr_list_append(scope->b->arena, result->list.args, test);
    }
    if (result->list.args.count == 0)
        return expr_bool(scope->b->arena, false);
    return result->list.args.count == 1 ? result->list.args.items[0] : result;
}

/* doc->>'age' IN (1, 2): what the items' types make of the left side. */
static Expr *read_left_as_items(Scope *scope, Expr *left, ExprList items)
{
    Oid as = 0;

    if (!json_is_extraction(left))
        return left;
    for (int32_t i = 0; i < items.count; i++) {
        Oid this;

        if (items.items[i]->type == TYPE_UNKNOWN)
            continue;
        this = json_reading_type(scope->b, left, items.items[i]->type);
        if (this == 0 || (as != 0 && this != as))
            return left;
        as = this;
    }
    return as != 0 ? json_reading(scope, left, as) : left;
}

/* The items without columns as one array compared by ANY or ALL; NULL when their types do not go together. */
static Expr *compare_with_array(Scope *scope, const A_Expr *expr, Expr *left, ExprList items, bool all)
{
    Arena   *arena = scope->b->arena;
    ExprList with_left = {0};
    Oid      type, array_type;
    Expr    *array;

    left = read_left_as_items(scope, left, items);
    with_left = expr_list_append(arena, with_left, left);
    for (int32_t i = 0; i < items.count; i++)
        with_left = expr_list_append(arena, with_left, items.items[i]);
    type = common_type(scope, with_left, NULL, NULL);
    if (type == 0 || type == TYPE_RECORD)
        return NULL;
    for (int32_t i = 0; i < items.count; i++) {
        if (!can_coerce(scope->b, 1, &items.items[i]->type, &type, CAST_IMPLICIT))
            return NULL;
    }
    array_type = type_array_of(scope->b, type);
    if (array_type == 0)
        return NULL;
    array = expr_new(arena, EXPR_ARRAY, array_type, -1);
    for (int32_t i = 0; i < items.count; i++) {
        Expr *item = coerce_to_common(scope, items.items[i], type, "IN");

        array->list.args = expr_list_append(arena, array->list.args, item);
    }
    array->collation = common_collation(array->list.args);
    return bind_array_operator(scope, expr->name, left, array, all, expr->node.location);
}

Expr *bind_in(Scope *scope, const A_Expr *expr)
{
    Arena          *arena = scope->b->arena;
    const NodeList *items = (const NodeList *)expr->rexpr;
    bool            negated = comparison_of(expr->name) == '!', has_row = expr->lexpr->tag == NODE_ROW_EXPR;
    Expr           *left = bind_expr_inner(scope, expr->lexpr), *result = NULL;
    ExprList        plain = {0}, others = {0};

    for (int32_t i = 0; i < list_count(items); i++) {
        Expr *item = bind_expr_inner(scope, list_at(items, i));

        has_row |= item->kind == EXPR_ROW;
        if (expr_has_columns(item, 0))
            others = expr_list_append(arena, others, item);
        else
            plain = expr_list_append(arena, plain, item);
    }
    if (plain.count > 1 && !has_row)
        result = compare_with_array(scope, expr, left, plain, negated);
    if (result == NULL) {
        /* in the order written */
        others = (ExprList){0};
        for (int32_t i = 0; i < list_count(items); i++)
            others = expr_list_append(arena, others, bind_expr_inner(scope, list_at(items, i)));
    }
    for (int32_t i = 0; i < others.count; i++) {
        Expr *item = others.items[i], *test;

        if (left->kind == EXPR_ROW && item->kind == EXPR_ROW)
            test = bind_row_compare(scope, expr->name, left->list.args, item->list.args, expr->node.location);
        else
            test = bind_operator(scope, expr->name, i == 0 && result == NULL ? left : bind_expr_inner(scope, expr->lexpr), item, expr->node.location);
        test = coerce_to_boolean(scope, test, "IN");
        result = result == NULL ? test : negated ? expr_and(arena, result, test) : expr_or(arena, result, test);
    }
    return result;
}
