/* assign.c - values for columns: coercion, subscripts and fields of the left side, defaults, generated columns. */
#include "executor/analyze/binder.h"
#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

int16_t find_table_column(const RelationDesc *table, const char *name)
{
    for (int16_t i = 0; i < table->column_count; i++) {
        if (!table->columns[i].dropped && strcmp(table->columns[i].name, name) == 0)
            return table->columns[i].number;
    }
    return 0;
}

/* ---- left sides with subscripts and fields ----------------------------------------------------------------------------------------- */

typedef struct Assignment {
    Scope          *scope;
    const NodeList *steps;
    Expr           *value;
    const char     *column;
    int32_t         location;
} Assignment;

static Expr *coerce_value(const Assignment *assign, Oid type, int32_t typmod, const char *name, bool subscript)
{
    Binder *b = assign->scope->b;
    Oid     source = assign->value->type;
    Expr   *value = coerce_to_target(assign->scope, assign->value, type, typmod, CAST_ASSIGNMENT, true, -1);

    if (value != NULL)
        return value;
    if (subscript)
        bind_error_hint(SQLSTATE_DATATYPE_MISMATCH, assign->location, "You will need to rewrite or cast the expression.",
                        "subscripted assignment to \"%s\" requires type %s but expression is of type %s", name, type_text(b, type), type_text(b, source));
    bind_error_hint(SQLSTATE_DATATYPE_MISMATCH, assign->location, "You will need to rewrite or cast the expression.",
                    "subfield \"%s\" is of type %s but expression is of type %s", name, type_text(b, type), type_text(b, source));
}

/* container with what the steps from `at` on name replaced by the value. */
static Expr *assign_into(const Assignment *assign, Expr *container, int32_t at, const char *name)
{
    Scope      *scope = assign->scope;
    int32_t     count = list_count(assign->steps), run = 0;
    const Node *step = list_at(assign->steps, at);
    Expr       *part, *value;

    if (step->tag == NODE_STRING) {
        const char *field = ((const String *)step)->sval;

        if (!type_is_composite(scope->b, container->type))
            bind_error(SQLSTATE_DATATYPE_MISMATCH, assign->location, "cannot assign to field \"%s\" of column \"%s\" because its type %s is not a composite type",
                       field, assign->column, type_text(scope->b, container->type));
        part = field_select(scope, container, field, assign->location);
        if (part == NULL)
            bind_error(SQLSTATE_UNDEFINED_COLUMN, assign->location, "cannot assign to field \"%s\" of column \"%s\" because there is no such column in data type %s",
                       field, assign->column, type_text(scope->b, container->type));
        if (at + 1 < count)
            value = assign_into(assign, part, at + 1, field);
        else
            value = coerce_value(assign, part->type, part->typmod, field, false);
        part = expr_shallow_copy(scope->b->arena, part);
        part->unary.element = value;
        part->type = container->type;
        part->typmod = container->typmod;
        return part;
    }
    if (step->tag == NODE_A_STAR)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, assign->location, "row expansion via \"*\" is not supported here");
    while (at + run < count && list_at(assign->steps, at + run)->tag == NODE_A_INDICES)
        run++;
    part = bind_subscripts(scope, container, assign->steps, at, run);
    if (at + run < count)
        value = assign_into(assign, part, at + run, name);
    else
        value = coerce_value(assign, part->type, part->typmod, name, true);
    part = expr_shallow_copy(scope->b->arena, part);
    part->subscript.assigned = value;
    part->type = container->type;
    part->typmod = container->typmod;
    return part;
}

Expr *bind_assignment(Scope *scope, Expr *value, const RelationDesc *table, int16_t number, const NodeList *indirection, Clause clause, int32_t location)
{
    const ColumnDesc *column = &table->columns[number - 1];
    Binder           *b = scope->b;
    Clause            saved = scope->clause;
    Expr             *result;

    if (value->kind == EXPR_DEFAULT) {
        if (indirection != NULL)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, list_first(indirection)->tag == NODE_A_INDICES ? "cannot set an array element to DEFAULT"
                                                                                                           : "cannot set a subfield to DEFAULT");
        value->type = column->type;
        value->typmod = column->typmod;
        return value;
    }
    if (indirection != NULL) {
        Assignment assign = {.scope = scope, .steps = indirection, .value = value, .column = column->name, .location = location};
        Expr      *container;

        if (clause == CLAUSE_INSERT_TARGET || scope->target_range == 0) {
            container = expr_null(b->arena, column->type, column->typmod);
        } else {
            container = expr_column(b->arena, scope->query, scope->target_range, number);
        }
        scope->clause = clause;
        result = assign_into(&assign, container, 0, column->name);
        scope->clause = saved;
        return result;
    }
    result = coerce_to_target(scope, value, column->type, column->typmod, CAST_ASSIGNMENT, true, -1);
    if (result == NULL)
        bind_error_hint(SQLSTATE_DATATYPE_MISMATCH, expr_location(value) >= 0 ? expr_location(value) : location, "You will need to rewrite or cast the expression.",
                        "column \"%s\" is of type %s but expression is of type %s", column->name, type_text(b, column->type), type_text(b, value->type));
    return result;
}

/* ---- defaults ------------------------------------------------------------------------------------------------------------------------ */

/* nextval of the sequence behind an identity column, where the descriptor does not hold it as the default. */
static Expr *identity_default(Binder *b, const RelationDesc *table, const ColumnDesc *column)
{
    int                count;
    const Desc *const *all = store_desc_list(b->session, b->arena, DESC_RELATION, table->head.parent, &count);
    Expr              *expr;

    for (int i = 0; i < count; i++) {
        const RelationDesc *relation = (const RelationDesc *)all[i];

        if (relation->relkind != 'S' || relation->sequence == NULL || relation->sequence->owned_by_table != table->head.oid ||
            relation->sequence->owned_by_column != column->number || relation->sequence->owned_kind != 'i')
            continue;
        expr = expr_new(b->arena, EXPR_NEXTVAL, TYPE_INT8, -1);
        expr->nextval.sequence = relation->head.oid;
        return expr;
    }
    return NULL;
}

Expr *column_default(Binder *b, const RelationDesc *table, int16_t number)
{
    const ColumnDesc *column = &table->columns[number - 1];
    Expr             *expr = NULL, *coerced;
    Scope             scope;
    Oid               type = column->type;

    scope_open(&scope, b, NULL, QUERY_SELECT);
    if (column->generated == 0 && column->default_expr.size > 0)
        expr = deserialize_expr(b->session, b->arena, column->default_expr);
    else if (column->identity != 0)
        expr = identity_default(b, table, column);
    while (expr == NULL && column->generated == 0 && type >= OID_FIRST_USER) {
        const TypeDesc *desc = (const TypeDesc *)store_desc_by_oid(b->session, b->arena, DESC_TYPE, type);

        if (desc == NULL || desc->typtype != 'd')
            break;
        if (desc->default_expr.size > 0)
            expr = deserialize_expr(b->session, b->arena, desc->default_expr);
        type = desc->base_type;
    }
    if (expr == NULL) {
        /* a domain gets its NULL through the domain, which may refuse it */
        Oid base = type_base(b, column->type);

        expr = expr_null(b->arena, base, column->typmod);
        if (base == column->type)
            return expr;
    }
    coerced = coerce_to_target(&scope, expr, column->type, column->typmod, CAST_ASSIGNMENT, true, -1);
    return coerced != NULL ? coerced : expr;
}

/* ---- generated columns ------------------------------------------------------------------------------------------------------------------ */

Expr *generated_value(Scope *scope, const RelationDesc *table, int16_t number, int32_t range)
{
    const ColumnDesc *column = &table->columns[number - 1];
    Expr             *expr = deserialize_expr(scope->b->session, scope->b->arena, column->default_expr), *coerced;

    expr_shift_ranges(expr, range - 1, 0);
    coerced = coerce_to_target(scope, expr, column->type, column->typmod, CAST_ASSIGNMENT, true, -1);
    return coerced != NULL ? coerced : expr;
}

typedef struct UseSearch {
    const TargetList *targets;
    int32_t           range;
} UseSearch;

static bool uses_assigned(Expr *expr, void *context)
{
    const UseSearch *search = context;

    if (expr->kind == EXPR_COLUMN && expr->column.relation == search->range) {
        for (int32_t i = 0; i < search->targets->count; i++) {
            if (search->targets->items[i].attribute == expr->column.column)
                return true;
        }
    }
    return expr->kind == EXPR_WHOLE_ROW || expr_walk(expr, uses_assigned, context);
}

/* Adds the generated columns; when updating, those whose inputs change. */
void add_generated_columns(Scope *scope, const RelationDesc *table, TargetList *list, bool updating)
{
    TargetList assigned = *list;
    UseSearch  search = {.targets = &assigned, .range = scope->target_range};

    for (int16_t i = 1; i <= table->column_count; i++) {
        const ColumnDesc *column = &table->columns[i - 1];
        Expr             *value;

        if (column->dropped || column->generated == 0)
            continue;
        value = generated_value(scope, table, i, scope->target_range);
        if (updating && !uses_assigned(value, &search))
            continue;
        add_target(scope->b, list, value, column->name, false);
        list->items[list->count - 1].attribute = i;
        list->items[list->count - 1].generated = true;
    }
}

/* ---- SET ----------------------------------------------------------------------------------------------------------------------------------- */

static void refuse_update_of(const ColumnDesc *column, const Expr *value)
{
    const char *why = NULL;

    if (value->kind == EXPR_DEFAULT)
        return;
    if (column->identity == 'a')
        why = "is an identity column defined as GENERATED ALWAYS.";
    else if (column->generated != 0)
        why = "is a generated column.";
    if (why != NULL) {
        Error *err = error_new(SQLSTATE_GENERATED_ALWAYS, "column \"%s\" can only be updated to DEFAULT", column->name);

        error_detail(err, "Column \"%s\" %s", column->name, why);
        error_raise(err);
    }
}

typedef struct Replacement {
    Arena      *arena;
    int32_t     range, column;
    Expr       *by;
} Replacement;

static Expr *replace_column(Expr *expr, void *context)
{
    Replacement *replacement = context;

    if (expr->kind == EXPR_COLUMN && expr->column.relation == replacement->range && expr->column.column == replacement->column && expr->column.levels_up == 0)
        return replacement->by;
    return expr_mutate(replacement->arena, expr, replace_column, context);
}

/* SET a[1] = x, a[2] = y: the second is applied to what the first made. */
static Expr *stack_assignments(Scope *scope, Expr *first, Expr *second, int16_t column)
{
    Replacement replacement = {scope->b->arena, scope->target_range, column, first};
    Expr       *result = expr_shallow_copy(scope->b->arena, second);

    if (second->kind == EXPR_SUBSCRIPT)
        result->subscript.container = replace_column(second->subscript.container, &replacement);
    else
        result->unary.arg = replace_column(second->unary.arg, &replacement);
    return result;
}

static bool is_partial(const Expr *expr)
{
    return (expr->kind == EXPR_SUBSCRIPT && expr->subscript.assigned != NULL) || (expr->kind == EXPR_FIELD && expr->unary.element != NULL);
}

TargetList bind_update_targets(Scope *scope, const NodeList *nodes, const RelationDesc *table, int32_t range, Clause clause)
{
    TargetList list = {0};
    Clause     saved = scope->clause;

    (void)range;
    scope->clause = clause;
    LIST_FOREACH(ResTarget, target, nodes)
    {
        Expr             *value;
        int16_t           number;
        const ColumnDesc *column;
        int32_t           known = -1;

        value = target->val->tag == NODE_SET_TO_DEFAULT ? expr_new(scope->b->arena, EXPR_DEFAULT, TYPE_UNKNOWN, target->val->location)
                                                        : bind_expr_inner(scope, target->val);
        number = find_table_column(table, target->name);
        if (number == 0)
            bind_error(SQLSTATE_UNDEFINED_COLUMN, target->node.location, "column \"%s\" of relation \"%s\" does not exist", target->name, table->head.name);
        column = &table->columns[number - 1];
        value = bind_assignment(scope, value, table, number, target->indirection, CLAUSE_UPDATE_TARGET, target->node.location);
        refuse_update_of(column, value);
        for (int32_t i = 0; i < list.count; i++) {
            if (list.items[i].attribute == number)
                known = i;
        }
        if (value->kind == EXPR_DEFAULT) {
            if (column->generated != 0)
                continue; /* it is computed anyway */
            value = column_default(scope->b, table, number);
        }
        if (known >= 0) {
            if (!is_partial(value) || !is_partial(list.items[known].expr))
                bind_error(SQLSTATE_SYNTAX_ERROR, -1, "multiple assignments to same column \"%s\"", target->name);
            list.items[known].expr = stack_assignments(scope, list.items[known].expr, value, number);
            continue;
        }
        add_target(scope->b, &list, value, column->name, false);
        list.items[list.count - 1].attribute = number;
    }
    scope->clause = saved;
    add_generated_columns(scope, table, &list, true);
    return list;
}
