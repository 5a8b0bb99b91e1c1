/* expr.c - expressions: one function per kind of raw node. */
#include "executor/analyze/binder.h"

Expr *bind_expr(Scope *scope, const Node *node, Clause clause)
{
    Clause saved = scope->clause;
    Expr  *expr;

    scope->clause = clause;
    expr = bind_expr_inner(scope, node);
    scope->clause = saved;
    return expr;
}

/* ---- constants and parameters --------------------------------------------------------------------------------------------- */

/* A number too large for int4: int8 when it fits, else numeric. */
static Expr *bind_float(Scope *scope, const A_Const *constant)
{
    const char *text = constant->sval;
    bool        negative = *text == '-';
    uint64_t    value = 0;
    uint64_t    limit = negative ? (uint64_t)1 << 63 : ((uint64_t)1 << 63) - 1;

    for (const char *at = text + negative; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || value > (limit - (uint64_t)(*at - '0')) / 10)
            return bind_literal(scope, text, TYPE_NUMERIC, -1, constant->node.location);
        value = value * 10 + (uint64_t)(*at - '0');
    }
    Expr *expr = expr_int8(scope->b->arena, (int64_t)(negative ? -value : value));

    expr->location = constant->node.location;
    return expr;
}

Expr *bind_constant(Scope *scope, const A_Const *constant)
{
    Arena *arena = scope->b->arena;
    Expr  *expr;

    switch (constant->kind) {
    case CONST_INTEGER:
        expr = expr_int4(arena, constant->ival);
        break;
    case CONST_FLOAT:
        return bind_float(scope, constant);
    case CONST_BOOLEAN:
        expr = expr_bool(arena, constant->bval);
        break;
    case CONST_BITSTRING:
        return bind_literal(scope, constant->sval, TYPE_BIT, -1, constant->node.location);
    case CONST_STRING:
        expr = expr_const(arena, TYPE_UNKNOWN, (Datum){.bytes = slice_from_cstring(constant->sval)});
        break;
    default:
        expr = expr_null(arena, TYPE_UNKNOWN, -1);
        break;
    }
    expr->location = constant->node.location;
    return expr;
}

Expr *bind_param(Scope *scope, const ParamRef *ref)
{
    Binder     *b = scope->b;
    ParamTypes *params = b->params;
    Expr       *expr;

    if (params == NULL || ref->number <= 0 || ref->number > 65535 || (!b->infer_params && ref->number > params->count))
        bind_error(SQLSTATE_UNDEFINED_PARAMETER, ref->node.location, "there is no parameter $%d", ref->number);
    if (ref->number > params->count) {
        Oid *types = ARENA_ARRAY_ZEROED(b->arena, (size_t)ref->number, Oid);

        if (params->count > 0)
            memcpy(types, params->types, (size_t)params->count * sizeof *types);
        params->types = types;
        params->count = ref->number;
    }
    if (params->types[ref->number - 1] == 0)
        params->types[ref->number - 1] = TYPE_UNKNOWN;
    expr = expr_new(b->arena, EXPR_PARAM, params->types[ref->number - 1], ref->node.location);
    expr->param.number = ref->number;
    expr->collation = type_collation(b, expr->type);
    return expr;
}

void set_param_type(Scope *scope, Expr *param, Oid type, int32_t location)
{
    Binder *b = scope->b;
    Oid    *known = &b->params->types[param->param.number - 1];

    (void)location;
    if (*known == TYPE_UNKNOWN || *known == 0)
        *known = type;
    else if (*known != type)
        bind_error_detail(SQLSTATE_AMBIGUOUS_PARAMETER, param->location,
                          arena_printf(b->arena, "%s versus %s", type_text(b, *known), type_text(b, type)),
                          "inconsistent types deduced for parameter $%d", param->param.number);
    param->type = type;
    param->collation = type_collation(b, type);
}

/* ---- operators ---------------------------------------------------------------------------------------------------------------- */

static bool is_null_constant(const Node *node)
{
    return node != NULL && node->tag == NODE_A_CONST && ((const A_Const *)node)->kind == CONST_NULL;
}

static bool is_row(const Node *node)
{
    return node != NULL && node->tag == NODE_ROW_EXPR;
}

static bool is_scalar_sublink(const Node *node)
{
    return node != NULL && node->tag == NODE_SUB_LINK && ((const SubLink *)node)->sub_link_type == EXPR_SUBLINK;
}

/* (a, b) op (SELECT x, y): fields of the one row. */
static Expr *bind_row_with_subquery(Scope *scope, const A_Expr *expr)
{
    const SubLink *link = (const SubLink *)expr->rexpr;
    ExprList       lefts = bind_expr_list(scope, ((const RowExpr *)expr->lexpr)->args, scope->clause, false);
    Expr          *row = expr_new(scope->b->arena, EXPR_SUBQUERY, TYPE_RECORD, link->node.location);
    ExprList       rights = {0};
    int32_t        count;
    const RangeColumn *columns;

    scope->has_subqueries = true;
    row->subquery.kind = SUBQUERY_SCALAR;
    row->subquery.query = bind_subquery(scope, link->subselect, NULL, NULL, false);
    columns = query_columns(scope->b, row->subquery.query, &count);
    if (count < lefts.count)
        bind_error(SQLSTATE_SYNTAX_ERROR, link->node.location, "subquery has too few columns");
    if (count > lefts.count)
        bind_error(SQLSTATE_SYNTAX_ERROR, link->node.location, "subquery has too many columns");
    for (int32_t i = 0; i < count; i++) {
        Expr *field = expr_new(scope->b->arena, EXPR_FIELD, columns[i].type, link->node.location);

        field->typmod = columns[i].typmod;
        field->collation = columns[i].collation;
        field->unary.arg = row;
        field->unary.field = i + 1;
        rights = expr_list_append(scope->b->arena, rights, field);
    }
    return bind_row_compare(scope, expr->name, lefts, rights, expr->node.location);
}

static Expr *bind_op(Scope *scope, const A_Expr *expr)
{
    Expr *left = NULL, *right;

    if (is_row(expr->lexpr) && is_scalar_sublink(expr->rexpr))
        return bind_row_with_subquery(scope, expr);
    if (expr->lexpr != NULL)
        left = bind_expr_inner(scope, expr->lexpr);
    right = bind_expr_inner(scope, expr->rexpr);
    if (is_row(expr->lexpr) && is_row(expr->rexpr))
        return bind_row_compare(scope, expr->name, left->list.args, right->list.args, expr->node.location);
    return bind_operator(scope, expr->name, left, right, expr->node.location);
}

static Expr *bind_distinct_from(Scope *scope, const A_Expr *expr)
{
    Expr *left, *right, *result;
    bool  negated = expr->kind == AEXPR_NOT_DISTINCT;

    if (is_null_constant(expr->rexpr))
        return make_null_bool_test(scope, bind_expr_inner(scope, expr->lexpr), !negated, expr->node.location);
    if (is_null_constant(expr->lexpr))
        return make_null_bool_test(scope, bind_expr_inner(scope, expr->rexpr), !negated, expr->node.location);
    left = bind_expr_inner(scope, expr->lexpr);
    right = bind_expr_inner(scope, expr->rexpr);
    if (is_row(expr->lexpr) && is_row(expr->rexpr)) {
        result = bind_row_distinct(scope, expr->name, left, right, expr->node.location);
        return negated ? expr_not(scope->b->arena, result) : result;
    }
    result = bind_operator(scope, expr->name, left, right, expr->node.location);
    if (result->type != TYPE_BOOL)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, expr->node.location, "IS DISTINCT FROM requires = operator to yield boolean");
    result->kind = EXPR_DISTINCT_FROM;
    result->call.negated = negated;
    return result;
}

static Expr *bind_nullif(Scope *scope, const A_Expr *expr)
{
    Expr *left = bind_expr_inner(scope, expr->lexpr);
    Expr *right = bind_expr_inner(scope, expr->rexpr);
    Expr *result = bind_operator(scope, expr->name, left, right, expr->node.location);

    if (result->type != TYPE_BOOL)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, expr->node.location, "NULLIF requires = operator to yield boolean");
    result->kind = EXPR_NULLIF;
    result->type = result->call.args.items[0]->type;
    result->typmod = result->call.args.items[0]->typmod;
    result->collation = result->call.args.items[0]->collation;
    return result;
}

static Node *raw_op(Scope *scope, const char *name, Node *left, Node *right, int32_t location)
{
    A_Expr *expr = NODE_NEW(scope->b->arena, A_Expr, NODE_A_EXPR, location);
    String *string = NODE_NEW(scope->b->arena, String, NODE_STRING, -1);

    string->sval = name;
    expr->kind = AEXPR_OP;
    expr->name = list_append(scope->b->arena, NULL, &string->node);
    expr->lexpr = left;
    expr->rexpr = right;
    return &expr->node;
}

static Node *raw_bool(Scope *scope, BoolExprType op, Node *left, Node *right, int32_t location)
{
    BoolExpr *expr = NODE_NEW(scope->b->arena, BoolExpr, NODE_BOOL_EXPR, location);

    expr->boolop = op;
    expr->args = list_append(scope->b->arena, NULL, left);
    expr->args = list_append(scope->b->arena, expr->args, right);
    return &expr->node;
}

/* As two comparisons; the operand is analyzed for each, as PostgreSQL does. */
static Expr *bind_between(Scope *scope, const A_Expr *expr)
{
    Node   *low = list_at((const NodeList *)expr->rexpr, 0), *high = list_at((const NodeList *)expr->rexpr, 1);
    int32_t at = expr->node.location;
    bool    negated = expr->kind == AEXPR_NOT_BETWEEN || expr->kind == AEXPR_NOT_BETWEEN_SYM;
    bool    symmetric = expr->kind == AEXPR_BETWEEN_SYM || expr->kind == AEXPR_NOT_BETWEEN_SYM;
    const char  *first = negated ? "<" : ">=", *second = negated ? ">" : "<=";
    BoolExprType inner = negated ? OR_EXPR : AND_EXPR, outer = negated ? AND_EXPR : OR_EXPR;
    Node   *test = raw_bool(scope, inner, raw_op(scope, first, expr->lexpr, low, at), raw_op(scope, second, expr->lexpr, high, at), at);

    if (symmetric) {
        Node *other = raw_bool(scope, inner, raw_op(scope, first, expr->lexpr, high, at), raw_op(scope, second, expr->lexpr, low, at), at);

        test = raw_bool(scope, outer, test, other, at);
    }
    return bind_expr_inner(scope, test);
}

static Expr *bind_a_expr(Scope *scope, const A_Expr *expr)
{
    switch (expr->kind) {
    case AEXPR_OP_ANY:
    case AEXPR_OP_ALL: {
        Expr *left = bind_expr_inner(scope, expr->lexpr);
        Expr *right = bind_expr_inner(scope, expr->rexpr);

        return bind_array_operator(scope, expr->name, left, right, expr->kind == AEXPR_OP_ALL, expr->node.location);
    }
    case AEXPR_DISTINCT:
    case AEXPR_NOT_DISTINCT:
        return bind_distinct_from(scope, expr);
    case AEXPR_NULLIF:
        return bind_nullif(scope, expr);
    case AEXPR_IN:
        return bind_in(scope, expr);
    case AEXPR_BETWEEN:
    case AEXPR_NOT_BETWEEN:
    case AEXPR_BETWEEN_SYM:
    case AEXPR_NOT_BETWEEN_SYM:
        return bind_between(scope, expr);
    default:
        return bind_op(scope, expr);
    }
}

/* ---- boolean logic ---------------------------------------------------------------------------------------------------------------- */

static Expr *bind_bool_expr(Scope *scope, const BoolExpr *expr)
{
    static const char *const names[] = {[AND_EXPR] = "AND", [OR_EXPR] = "OR", [NOT_EXPR] = "NOT"};
    static const ExprKind    kinds[] = {[AND_EXPR] = EXPR_AND, [OR_EXPR] = EXPR_OR, [NOT_EXPR] = EXPR_NOT};
    Expr *result = expr_new(scope->b->arena, kinds[expr->boolop], TYPE_BOOL, expr->node.location);

    for (int32_t i = 0; i < list_count(expr->args); i++) {
        Expr *arg = coerce_to_boolean(scope, bind_expr_inner(scope, list_at(expr->args, i)), names[expr->boolop]);

        result->list.args = expr_list_append(scope->b->arena, result->list.args, arg);
    }
    return result;
}

Expr *make_null_bool_test(Scope *scope, Expr *arg, bool negated, int32_t location)
{
    Expr *expr = expr_new(scope->b->arena, EXPR_IS_NULL, TYPE_BOOL, location);

    expr->unary.arg = arg;
    expr->unary.negated = negated;
    expr->unary.row_semantics = arg->type == TYPE_RECORD || type_is_composite(scope->b, arg->type);
    return expr;
}

static Expr *bind_boolean_test(Scope *scope, const BooleanTest *test)
{
    static const struct {
        const char *name;
        int8_t      truth;
        bool        negated;
    } kinds[] = {
        [IS_TRUE] = {"IS TRUE", 1, false},       [IS_NOT_TRUE] = {"IS NOT TRUE", 1, true},
        [IS_FALSE] = {"IS FALSE", 0, false},     [IS_NOT_FALSE] = {"IS NOT FALSE", 0, true},
        [IS_UNKNOWN] = {"IS UNKNOWN", -1, false}, [IS_NOT_UNKNOWN] = {"IS NOT UNKNOWN", -1, true},
    };
    Expr *expr = expr_new(scope->b->arena, EXPR_BOOLEAN_TEST, TYPE_BOOL, test->node.location);

    expr->unary.arg = coerce_to_boolean(scope, bind_expr_inner(scope, test->arg), kinds[test->booltesttype].name);
    expr->unary.truth = kinds[test->booltesttype].truth;
    expr->unary.negated = kinds[test->booltesttype].negated;
    return expr;
}

/* ---- choices ------------------------------------------------------------------------------------------------------------------------ */

static ExprList coerce_list_to_common(Scope *scope, ExprList list, Oid type, const char *context)
{
    for (int32_t i = 0; i < list.count; i++)
        list.items[i] = coerce_to_common(scope, list.items[i], type, context);
    return list;
}

static void refuse_sets_in(Scope *scope, const Expr *last_before, const char *what)
{
    if (scope->last_set_call != last_before && scope->last_set_call != NULL)
        bind_error_hint(SQLSTATE_FEATURE_NOT_SUPPORTED, scope->last_set_call->location,
                        "You might be able to move the set-returning function into a LATERAL FROM item.",
                        "set-returning functions are not allowed in %s", what);
}

static Expr *bind_case(Scope *scope, const CaseExpr *expr)
{
    Arena      *arena = scope->b->arena;
    Expr       *result = expr_new(arena, EXPR_CASE, 0, expr->node.location);
    Expr       *value = NULL;
    const Expr *last_set = scope->last_set_call;
    ExprList    outcomes = {0};

    if (expr->arg != NULL) {
        Expr *arg = bind_expr_inner(scope, expr->arg);

        if (arg->type == TYPE_UNKNOWN)
            arg = coerce_to_common(scope, arg, TYPE_TEXT, "CASE");
        result->cases.value = arg;
        value = expr_new(arena, EXPR_CASE_VALUE, arg->type, -1);
        value->typmod = arg->typmod;
        value->collation = arg->collation;
    }
    outcomes = expr_list_append(arena, outcomes, NULL); /* ELSE's place: it comes first when the type is chosen */
    LIST_FOREACH(CaseWhen, when, expr->args)
    {
        Expr *test = bind_expr_inner(scope, when->expr);

        if (value != NULL)
            test = bind_operator_named(scope, "=", value, test, when->node.location);
        test = coerce_to_boolean(scope, test, "CASE/WHEN");
        result->cases.tests = expr_list_append(arena, result->cases.tests, test);
        outcomes = expr_list_append(arena, outcomes, bind_expr_inner(scope, when->result));
    }
    if (expr->defresult != NULL) {
        outcomes.items[0] = bind_expr_inner(scope, expr->defresult);
    } else {
        outcomes.items[0] = expr_null(arena, TYPE_UNKNOWN, -1);
    }
    result->type = common_type(scope, outcomes, "CASE", NULL);
    outcomes = coerce_list_to_common(scope, outcomes, result->type, "CASE");
    result->typmod = common_typmod(outcomes, result->type);
    result->collation = common_collation(outcomes);
    result->cases.otherwise = outcomes.items[0];
    for (int32_t i = 1; i < outcomes.count; i++)
        result->cases.results = expr_list_append(arena, result->cases.results, outcomes.items[i]);
    refuse_sets_in(scope, last_set, "CASE");
    return result;
}

static Expr *bind_coalesce(Scope *scope, const CoalesceExpr *expr)
{
    const Expr *last_set = scope->last_set_call;
    Expr       *result = expr_new(scope->b->arena, EXPR_COALESCE, 0, expr->node.location);
    ExprList    args = {0};

    for (int32_t i = 0; i < list_count(expr->args); i++)
        args = expr_list_append(scope->b->arena, args, bind_expr_inner(scope, list_at(expr->args, i)));
    result->type = common_type(scope, args, "COALESCE", NULL);
    result->list.args = coerce_list_to_common(scope, args, result->type, "COALESCE");
    result->typmod = common_typmod(args, result->type);
    result->collation = common_collation(args);
    refuse_sets_in(scope, last_set, "COALESCE");
    return result;
}

static Expr *bind_min_max(Scope *scope, const MinMaxExpr *expr)
{
    const char *name = expr->op == IS_GREATEST ? "GREATEST" : "LEAST";
    Expr       *result = expr_new(scope->b->arena, EXPR_MIN_MAX, 0, expr->node.location);
    ExprList    args = {0};

    for (int32_t i = 0; i < list_count(expr->args); i++)
        args = expr_list_append(scope->b->arena, args, bind_expr_inner(scope, list_at(expr->args, i)));
    result->type = common_type(scope, args, name, NULL);
    if (type_compare_operator(scope->b, result->type, "<") == NULL)
        bind_error(SQLSTATE_UNDEFINED_FUNCTION, expr->node.location, "could not identify a comparison function for type %s",
                   type_text(scope->b, result->type));
    result->minmax.args = coerce_list_to_common(scope, args, result->type, name);
    result->minmax.greatest = expr->op == IS_GREATEST;
    result->typmod = common_typmod(args, result->type);
    result->collation = common_collation(args);
    return result;
}

/* ---- the rest ------------------------------------------------------------------------------------------------------------------------- */

static Expr *bind_sql_value(Scope *scope, const SQLValueFunction *function)
{
    static const Oid types[] = {
        [SVFOP_CURRENT_DATE] = TYPE_DATE,           [SVFOP_CURRENT_TIME] = TYPE_TIMETZ,
        [SVFOP_CURRENT_TIME_N] = TYPE_TIMETZ,       [SVFOP_CURRENT_TIMESTAMP] = TYPE_TIMESTAMPTZ,
        [SVFOP_CURRENT_TIMESTAMP_N] = TYPE_TIMESTAMPTZ, [SVFOP_LOCALTIME] = TYPE_TIME,
        [SVFOP_LOCALTIME_N] = TYPE_TIME,            [SVFOP_LOCALTIMESTAMP] = TYPE_TIMESTAMP,
        [SVFOP_LOCALTIMESTAMP_N] = TYPE_TIMESTAMP,  [SVFOP_CURRENT_ROLE] = TYPE_NAME,
        [SVFOP_CURRENT_USER] = TYPE_NAME,           [SVFOP_USER] = TYPE_NAME,
        [SVFOP_SESSION_USER] = TYPE_NAME,           [SVFOP_CURRENT_CATALOG] = TYPE_NAME,
        [SVFOP_CURRENT_SCHEMA] = TYPE_NAME,
    };
    Expr   *expr = expr_new(scope->b->arena, EXPR_SQL_VALUE, types[function->op], function->node.location);
    int32_t digits = function->typmod;

    if (digits > 6) {
        session_notice(scope->b->session, NOTICE_WARNING, SQLSTATE_INVALID_PARAMETER_VALUE, "%s(%d)%s precision reduced to maximum allowed, %d",
                       expr->type == TYPE_TIMETZ || expr->type == TYPE_TIME ? "TIME" : "TIMESTAMP", digits,
                       expr->type == TYPE_TIMETZ || expr->type == TYPE_TIMESTAMPTZ ? " WITH TIME ZONE" : "", 6);
        digits = 6;
    }
    expr->typmod = digits;
    expr->collation = type_collation(scope->b, expr->type);
    expr->sql_value.which = function->op;
    return expr;
}

static Expr *bind_row(Scope *scope, const RowExpr *row)
{
    Expr *expr = expr_new(scope->b->arena, EXPR_ROW, TYPE_RECORD, row->node.location);

    expr->list.args = bind_expr_list(scope, row->args, scope->clause, false);
    if (expr->list.args.count > 1664)
        bind_error(SQLSTATE_TOO_MANY_COLUMNS, row->node.location, "ROW expressions can have at most %d entries", 1664);
    return expr;
}

static Expr *bind_collate(Scope *scope, const CollateClause *clause)
{
    Expr *arg = bind_expr_inner(scope, clause->arg);
    Oid   base = type_base(scope->b, arg->type);
    Expr *expr;

    if (arg->type != TYPE_UNKNOWN && type_collation(scope->b, base) == 0)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, clause->node.location, "collations are not supported by type %s", type_text(scope->b, base));
    if (arg->type == TYPE_UNKNOWN)
        arg = coerce_to_common(scope, arg, TYPE_TEXT, "COLLATE");
    expr = expr_new(scope->b->arena, EXPR_RELABEL, arg->type, clause->node.location);
    expr->typmod = arg->typmod;
    expr->collation = analyze_collation(clause->collname, clause->node.location);
    expr->unary.arg = arg;
    expr->unary.explicit_cast = true;
    return expr;
}

Expr *bind_type_cast(Scope *scope, const TypeCast *cast)
{
    Binder *b = scope->b;
    int32_t typmod, location = cast->node.location;
    Oid     type = binder_type_name(b, cast->type_name, &typmod, false);
    Expr   *arg, *result;

    if (cast->arg->tag == NODE_A_ARRAY_EXPR && type_element(b, type) != 0) {
        int32_t base_typmod = typmod;
        Oid     base = type_base_typmod(b, type, &base_typmod);

        arg = bind_array(scope, (const A_ArrayExpr *)cast->arg, base, type_element(b, base), base_typmod);
    } else {
        arg = bind_expr_inner(scope, cast->arg);
    }
    if (location < 0)
        location = cast->type_name->node.location;
    result = coerce_to_target(scope, arg, type, typmod, CAST_EXPLICIT, false, location);
    if (result == NULL)
        bind_error(SQLSTATE_CANNOT_COERCE, location, "cannot cast type %s to %s", type_text(b, arg->type), type_text(b, type));
    return result;
}

static Expr *bind_multi_assign(Scope *scope, const MultiAssignRef *ref)
{
    Binder *b = scope->b;
    Expr   *source = NULL, *field;
    int32_t count;
    const RangeColumn *columns;

    if (ref->source->tag == NODE_ROW_EXPR) {
        const RowExpr *row = (const RowExpr *)ref->source;

        if (list_count(row->args) != ref->ncolumns)
            bind_error(SQLSTATE_SYNTAX_ERROR, row->node.location, "number of columns does not match number of values");
        if (list_at(row->args, ref->colno - 1)->tag == NODE_SET_TO_DEFAULT)
            return expr_new(b->arena, EXPR_DEFAULT, TYPE_UNKNOWN, list_at(row->args, ref->colno - 1)->location);
        return bind_expr_inner(scope, list_at(row->args, ref->colno - 1));
    }
    if (!is_scalar_sublink(ref->source))
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, node_location(ref->source), "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
    for (int32_t i = 0; i < scope->multi_count && source == NULL; i++) {
        if (scope->multi_nodes[i] == ref->source)
            source = scope->multi_exprs[i];
    }
    if (source == NULL) {
        size_t before = (size_t)scope->multi_count, after = before + 1;

        source = expr_new(b->arena, EXPR_SUBQUERY, TYPE_RECORD, ref->source->location);
        source->subquery.kind = SUBQUERY_SCALAR;
        source->subquery.query = bind_subquery(scope, ((const SubLink *)ref->source)->subselect, NULL, NULL, false);
        scope->has_subqueries = true;
        (void)query_columns(b, source->subquery.query, &count);
        if (count != ref->ncolumns)
            bind_error(SQLSTATE_SYNTAX_ERROR, ref->source->location, "number of columns does not match number of values");
        scope->multi_nodes = arena_grow(b->arena, scope->multi_nodes, before * sizeof(Node *), after * sizeof(Node *));
        scope->multi_exprs = arena_grow(b->arena, scope->multi_exprs, before * sizeof(Expr *), after * sizeof(Expr *));
        scope->multi_nodes[before] = ref->source;
        scope->multi_exprs[before] = source;
        scope->multi_count++;
    }
    columns = query_columns(b, source->subquery.query, &count);
    field = expr_new(b->arena, EXPR_FIELD, columns[ref->colno - 1].type, ref->source->location);
    field->typmod = columns[ref->colno - 1].typmod;
    field->collation = columns[ref->colno - 1].collation;
    field->unary.arg = source;
    field->unary.field = ref->colno;
    return field;
}

static Expr *dispatch(Scope *scope, const Node *node)
{
    switch (node->tag) {
    case NODE_COLUMN_REF:
        return bind_column_ref(scope, (const ColumnRef *)node);
    case NODE_PARAM_REF:
        return bind_param(scope, (const ParamRef *)node);
    case NODE_A_CONST:
        return bind_constant(scope, (const A_Const *)node);
    case NODE_A_INDIRECTION:
        return bind_indirection(scope, (const A_Indirection *)node);
    case NODE_A_ARRAY_EXPR:
        return bind_array(scope, (const A_ArrayExpr *)node, 0, 0, -1);
    case NODE_TYPE_CAST:
        return bind_type_cast(scope, (const TypeCast *)node);
    case NODE_COLLATE_CLAUSE:
        return bind_collate(scope, (const CollateClause *)node);
    case NODE_A_EXPR:
        return bind_a_expr(scope, (const A_Expr *)node);
    case NODE_BOOL_EXPR:
        return bind_bool_expr(scope, (const BoolExpr *)node);
    case NODE_FUNC_CALL:
        return bind_call(scope, (const FuncCall *)node, false);
    case NODE_MULTI_ASSIGN_REF:
        return bind_multi_assign(scope, (const MultiAssignRef *)node);
    case NODE_GROUPING_FUNC:
        return bind_grouping(scope, (const GroupingFunc *)node);
    case NODE_SUB_LINK:
        return bind_sublink(scope, (const SubLink *)node);
    case NODE_CASE_EXPR:
        return bind_case(scope, (const CaseExpr *)node);
    case NODE_ROW_EXPR:
        return bind_row(scope, (const RowExpr *)node);
    case NODE_COALESCE_EXPR:
        return bind_coalesce(scope, (const CoalesceExpr *)node);
    case NODE_MIN_MAX_EXPR:
        return bind_min_max(scope, (const MinMaxExpr *)node);
    case NODE_SQL_VALUE_FUNCTION:
        return bind_sql_value(scope, (const SQLValueFunction *)node);
    case NODE_NULL_TEST: {
        const NullTest *test = (const NullTest *)node;

        return make_null_bool_test(scope, bind_expr_inner(scope, test->arg), test->nulltesttype == IS_NOT_NULL, node->location);
    }
    case NODE_BOOLEAN_TEST:
        return bind_boolean_test(scope, (const BooleanTest *)node);
    case NODE_SET_TO_DEFAULT:
        bind_error(SQLSTATE_SYNTAX_ERROR, node->location, "DEFAULT is not allowed in this context");
    case NODE_CURRENT_OF_EXPR:
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, node->location, "WHERE CURRENT OF is not supported yet");
    default:
        raise_error(SQLSTATE_INTERNAL_ERROR, "unrecognized node type: %s", node_tag_name(node->tag));
    }
}

Expr *bind_expr_inner(Scope *scope, const Node *node)
{
    Expr *expr;

    binder_enter(scope->b);
    expr = dispatch(scope, node);
    binder_leave(scope->b);
    return expr;
}

/* ---- lists and clauses -------------------------------------------------------------------------------------------------------------- */

/* Expressions with t.* and (row).* expanded; DEFAULT becomes EXPR_DEFAULT where it is allowed. */
ExprList bind_expr_list(Scope *scope, const NodeList *list, Clause clause, bool allow_default)
{
    ExprList     result = {0}, more;
    Clause       saved = scope->clause;
    const char **names;

    scope->clause = clause;
    for (int32_t i = 0; i < list_count(list); i++) {
        const Node *node = list_at(list, i);

        more = (ExprList){0};
        if (node->tag == NODE_COLUMN_REF && list_last(((const ColumnRef *)node)->fields)->tag == NODE_A_STAR)
            more = expand_star(scope, (const ColumnRef *)node, &names);
        else if (node->tag == NODE_A_INDIRECTION && list_last(((const A_Indirection *)node)->indirection)->tag == NODE_A_STAR)
            more = expand_row_star(scope, (const A_Indirection *)node, &names);
        else if (allow_default && node->tag == NODE_SET_TO_DEFAULT)
            more = expr_list_append(scope->b->arena, more, expr_new(scope->b->arena, EXPR_DEFAULT, TYPE_UNKNOWN, node->location));
        else
            more = expr_list_append(scope->b->arena, more, bind_expr_inner(scope, node));
        for (int32_t k = 0; k < more.count; k++)
            result = expr_list_append(scope->b->arena, result, more.items[k]);
    }
    scope->clause = saved;
    return result;
}

Expr *bind_where(Scope *scope, const Node *node, Clause clause, const char *construct)
{
    if (node == NULL)
        return NULL;
    return coerce_to_boolean(scope, bind_expr(scope, node, clause), construct);
}

Expr *bind_limit(Scope *scope, const Node *node, Clause clause, const char *construct)
{
    Expr *expr;

    if (node == NULL)
        return NULL;
    expr = bind_expr(scope, node, clause);
    expr = coerce_to_specific(scope, expr, TYPE_INT8, construct);
    if (expr_has_columns(expr, 0))
        bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, expr_location(expr), "argument of %s must not contain variables", construct);
    return expr;
}
