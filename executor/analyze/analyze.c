/* analyze.c - the ways into the analysis. */
#include "executor/analyze/binder.h"
#include "executor/store/store.h"

bool analyze_without_code;

/* ---- statements ----------------------------------------------------------------------------------------------------------------- */

static Query *bind_in_scope(Scope *scope, const Node *stmt)
{
    Query *query;

    binder_enter(scope->b);
    switch (stmt->tag) {
    case NODE_SELECT_STMT:
        query = bind_select(scope, (const SelectStmt *)stmt);
        break;
    case NODE_INSERT_STMT:
        query = bind_insert(scope, (const InsertStmt *)stmt);
        break;
    case NODE_UPDATE_STMT:
        query = bind_update(scope, (const UpdateStmt *)stmt);
        break;
    case NODE_DELETE_STMT:
        query = bind_delete(scope, (const DeleteStmt *)stmt);
        break;
    case NODE_MERGE_STMT:
        query = bind_merge(scope, (const MergeStmt *)stmt);
        break;
    default:
        raise_error(SQLSTATE_INTERNAL_ERROR, "unrecognized node type: %s", node_tag_name(stmt->tag));
    }
    binder_leave(scope->b);
    return query;
}

static QueryCommand command_of(const Node *stmt)
{
    switch (stmt->tag) {
    case NODE_INSERT_STMT:
        return QUERY_INSERT;
    case NODE_UPDATE_STMT:
        return QUERY_UPDATE;
    case NODE_DELETE_STMT:
        return QUERY_DELETE;
    case NODE_MERGE_STMT:
        return QUERY_MERGE;
    default:
        return QUERY_SELECT;
    }
}

Query *bind_subquery(Scope *parent, const Node *stmt, CommonTable *cte, const LockingClause *locking, bool keep_unknown)
{
    Scope *scope = ARENA_NEW(parent->b->arena, Scope);

    scope_open(scope, parent->b, parent, command_of(stmt));
    scope->building_cte = cte;
    scope->locking_all = locking;
    scope->keep_unknown = keep_unknown;
    return bind_in_scope(scope, stmt);
}

Query *bind_statement(Binder *b, Scope *parent, const Node *stmt, CommonTable *cte)
{
    Scope *scope = ARENA_NEW(b->arena, Scope);

    scope_open(scope, b, parent, command_of(stmt));
    scope->building_cte = cte;
    return bind_in_scope(scope, stmt);
}

bool analyze_is_query(const Node *stmt)
{
    if (stmt->tag == NODE_RAW_STMT)
        stmt = ((const RawStmt *)stmt)->stmt;
    return stmt->tag == NODE_SELECT_STMT || stmt->tag == NODE_INSERT_STMT || stmt->tag == NODE_UPDATE_STMT || stmt->tag == NODE_DELETE_STMT ||
           stmt->tag == NODE_MERGE_STMT;
}

/* ---- parameters that got no type --------------------------------------------------------------------------------------------------- */

static bool check_param(Expr *expr, void *context);

static bool check_params_of(Query *query, void *context)
{
    query_walk(query, check_param, context);
    return query_walk_subqueries(query, check_params_of, context);
}

static bool check_param(Expr *expr, void *context)
{
    const Binder *b = context;

    if (expr->kind == EXPR_PARAM && !expr->param.internal) {
        Oid type = b->params->types[expr->param.number - 1];

        if (type == TYPE_UNKNOWN || type == 0)
            bind_error(SQLSTATE_INDETERMINATE_DATATYPE, expr->location, "could not determine data type of parameter $%d", expr->param.number);
        if (expr->type != type)
            bind_error(SQLSTATE_AMBIGUOUS_PARAMETER, expr->location, "could not determine data type of parameter $%d", expr->param.number);
    }
    if (expr->kind == EXPR_SUBQUERY)
        check_params_of(expr->subquery.query, context);
    return expr_walk(expr, check_param, context);
}

Query *analyze_statement(Session *session, Arena *arena, const Node *stmt, ParamTypes *params)
{
    Binder b = {.session = session, .arena = arena, .params = params, .infer_params = params != NULL};
    Query *query;

    if (stmt->tag == NODE_RAW_STMT)
        stmt = ((const RawStmt *)stmt)->stmt;
    query = bind_statement(&b, NULL, stmt, NULL);
    if (params != NULL && params->count > 0) {
        check_params_of(query, &b);
        query->param_count = params->count;
        query->param_types = ARENA_ARRAY(arena, (size_t)params->count, Oid);
        memcpy(query->param_types, params->types, (size_t)params->count * sizeof(Oid));
        for (int32_t i = 0; i < params->count; i++) {
            if (query->param_types[i] == TYPE_UNKNOWN)
                query->param_types[i] = 0;
        }
    }
    query->dependency_count = b.dependency_count;
    query->dependencies = b.dependencies;
    return query;
}

/* ---- expressions ---------------------------------------------------------------------------------------------------------------------- */

static Clause clause_of(ExpressionUse use)
{
    static const Clause clauses[] = {
        [EXPRESSION_DEFAULT] = CLAUSE_DEFAULT,
        [EXPRESSION_GENERATED] = CLAUSE_GENERATED,
        [EXPRESSION_CHECK] = CLAUSE_CHECK,
        [EXPRESSION_DOMAIN_CHECK] = CLAUSE_DOMAIN_CHECK,
        [EXPRESSION_INDEX] = CLAUSE_INDEX_EXPRESSION,
        [EXPRESSION_INDEX_PREDICATE] = CLAUSE_INDEX_PREDICATE,
        [EXPRESSION_ALTER_TYPE] = CLAUSE_ALTER_TYPE,
        [EXPRESSION_POLICY] = CLAUSE_POLICY,
        [EXPRESSION_COPY_WHERE] = CLAUSE_COPY_WHERE,
        [EXPRESSION_EXECUTE] = CLAUSE_EXECUTE,
        [EXPRESSION_CALL] = CLAUSE_CALL,
        [EXPRESSION_PARTITION_BOUND] = CLAUSE_PARTITION_BOUND,
    };

    return clauses[use];
}

/* What each use demands of the finished expression. */
static Expr *finish_expression(Scope *scope, Expr *expr, const ExpressionContext *context)
{
    Binder *b = scope->b;
    Expr   *coerced;

    switch (context->use) {
    case EXPRESSION_CHECK:
    case EXPRESSION_DOMAIN_CHECK:
        return coerce_to_boolean(scope, expr, "CHECK");
    case EXPRESSION_POLICY:
        return coerce_to_boolean(scope, expr, "POLICY");
    case EXPRESSION_COPY_WHERE:
        return coerce_to_boolean(scope, expr, "WHERE");
    case EXPRESSION_INDEX_PREDICATE:
        expr = coerce_to_boolean(scope, expr, "WHERE");
        if (!expr_is_immutable(expr))
            raise_error(SQLSTATE_INVALID_OBJECT_DEFINITION, "functions in index predicate must be marked IMMUTABLE");
        return expr;
    case EXPRESSION_INDEX:
        if (expr->type == TYPE_UNKNOWN)
            expr = coerce_type(scope, expr, TYPE_TEXT, -1, CAST_IMPLICIT, true, -1);
        if (!expr_is_immutable(expr))
            raise_error(SQLSTATE_INVALID_OBJECT_DEFINITION, "functions in index expression must be marked IMMUTABLE");
        return expr;
    case EXPRESSION_GENERATED:
        if (!expr_is_immutable(expr))
            raise_error(SQLSTATE_INVALID_OBJECT_DEFINITION, "generation expression is not immutable");
        break;
    default:
        break;
    }
    if (context->type == 0)
        return expr;
    coerced = coerce_to_target(scope, expr, context->type, context->typmod, CAST_ASSIGNMENT, true, -1);
    if (coerced != NULL)
        return coerced;
    if (context->use == EXPRESSION_ALTER_TYPE)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, -1, "result of USING clause for column \"%s\" cannot be cast automatically to type %s", context->column,
                   type_text(b, context->type));
    if (context->use == EXPRESSION_EXECUTE)
        return NULL; /* EXECUTE words its own error, with the parameter's number */
    bind_error_hint(SQLSTATE_DATATYPE_MISMATCH, -1, "You will need to rewrite or cast the expression.", "column \"%s\" is of type %s but %s expression is of type %s",
                    context->column != NULL ? context->column : "?", type_text(b, context->type),
                    context->use == EXPRESSION_GENERATED ? "generation" : "default", type_text(b, expr->type));
}

Expr *analyze_expression(Session *session, Arena *arena, const Node *node, const ExpressionContext *context)
{
    Binder    b = {.session = session, .arena = arena, .params = context->params, .infer_params = context->params != NULL};
    Scope     scope;
    Expr     *expr;

    scope_open(&scope, &b, NULL, QUERY_SELECT);
    if (context->relation != NULL) {
        int32_t   range = add_table_range(&scope, context->relation, NULL, true, -1);
        NameItem *item = name_item_new(&b, context->relation->head.name, range, scope.query->ranges[range - 1]);

        item->schema = context->relation->head.parent;
        item->schema_name = schema_name_of(&b, context->relation->head.parent);
        add_name_item(&scope, item);
    }
    if (context->use == EXPRESSION_DOMAIN_CHECK) {
        scope.domain_value = expr_new(arena, EXPR_CASE_VALUE, context->type, -1);
        scope.domain_value->typmod = context->typmod;
        scope.domain_value->collation = type_collation(&b, context->type);
    }
    expr = bind_expr(&scope, node, clause_of(context->use));
    return finish_expression(&scope, expr, context);
}

/* ---- small questions --------------------------------------------------------------------------------------------------------------------- */

Expr *analyze_column_default(Session *session, Arena *arena, const RelationDesc *relation, int16_t column)
{
    Binder b = {.session = session, .arena = arena};

    return column_default(&b, relation, column);
}

Oid analyze_unique_index(Session *session, Arena *arena, const RelationDesc *relation, const int16_t *columns, int16_t count)
{
    for (int16_t i = 0; i < relation->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(session, arena, relation->indexes[i]);
        bool                matches;

        if (index == NULL || index->index == NULL || !index->index->unique || index->index->predicate.size > 0 || index->index->key_count != count)
            continue;
        matches = true;
        for (int16_t k = 0; matches && k < count; k++) {
            bool there = false;

            for (int16_t m = 0; m < count; m++)
                there |= index->index->columns[m].column == columns[k];
            matches = there;
        }
        if (matches)
            return index->head.oid;
    }
    return 0;
}
