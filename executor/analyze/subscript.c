/* subscript.c - what follows an expression: [i], [i:j], .field; and ARRAY[...]. */
#include "executor/analyze/binder.h"

/* ---- subscripts ------------------------------------------------------------------------------------------------------------- */

static Expr *bind_array_index(Scope *scope, const Node *node)
{
    Expr *index = bind_expr_inner(scope, node), *coerced;

    coerced = coerce_to_target(scope, index, TYPE_INT4, -1, CAST_ASSIGNMENT, true, -1);
    if (coerced == NULL)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, expr_location(index), "array subscript must have type integer");
    return coerced;
}

/* A jsonb subscript is an integer or a text. */
static Expr *bind_jsonb_index(Scope *scope, const Node *node)
{
    Expr *index = bind_expr_inner(scope, node);
    Oid   integer = TYPE_INT4, text = TYPE_TEXT, target;

    if (index->type == TYPE_UNKNOWN) {
        target = TYPE_TEXT;
    } else {
        bool as_integer = can_coerce(scope->b, 1, &index->type, &integer, CAST_IMPLICIT);
        bool as_text = can_coerce(scope->b, 1, &index->type, &text, CAST_IMPLICIT);

        if (as_integer == as_text)
            bind_error_hint(SQLSTATE_DATATYPE_MISMATCH, expr_location(index),
                            as_integer ? "jsonb subscript must be coercible to only one type, integer or text."
                                       : "jsonb subscript must be coercible to either integer or text.",
                            "subscript type %s is not supported", type_text(scope->b, index->type));
        target = as_integer ? TYPE_INT4 : TYPE_TEXT;
    }
    return coerce_to_specific(scope, index, target, "subscript");
}

static Expr *bind_jsonb_subscripts(Scope *scope, Expr *expr, const NodeList *indirection, int32_t first, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        const A_Indices *indices = (const A_Indices *)list_at(indirection, first + i);

        if (indices->is_slice)
            bind_error(SQLSTATE_DATATYPE_MISMATCH, node_location(indices->uidx != NULL ? indices->uidx : indices->lidx), "jsonb subscript does not support slices");
        expr->subscript.upper = expr_list_append(scope->b->arena, expr->subscript.upper, bind_jsonb_index(scope, indices->uidx));
    }
    expr->type = TYPE_JSONB;
    return expr;
}

Expr *bind_subscripts(Scope *scope, Expr *container, const NodeList *indirection, int32_t first, int32_t count)
{
    Binder *b = scope->b;
    int32_t typmod = container->typmod, location = expr_location(container);
    Oid     base = type_base_typmod(b, container->type, &typmod), element;
    Expr   *expr = expr_new(b->arena, EXPR_SUBSCRIPT, 0, location);

    if (base != container->type && container->type != TYPE_UNKNOWN)
        container = coerce_type(scope, container, base, typmod, CAST_IMPLICIT, true, -1);
    expr->subscript.container = container;
    if (base == TYPE_JSONB)
        return bind_jsonb_subscripts(scope, expr, indirection, first, count);
    element = base == TYPE_INT2VECTOR || base == TYPE_OIDVECTOR || base == TYPE_NAME ? type_by_oid(base)->element : type_element(b, base);
    if (element == 0)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, location, "cannot subscript type %s because it does not support subscripting", type_text(b, container->type));
    if (count > 6)
        bind_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, -1, "number of array dimensions (%d) exceeds the maximum allowed (%d)", count, 6);
    for (int32_t i = 0; i < count; i++)
        expr->subscript.slice |= ((const A_Indices *)list_at(indirection, first + i))->is_slice;
    for (int32_t i = 0; i < count; i++) {
        const A_Indices *indices = (const A_Indices *)list_at(indirection, first + i);
        Expr            *lower = NULL;

        if (expr->subscript.slice) {
            if (indices->lidx != NULL)
                lower = bind_array_index(scope, indices->lidx);
            else if (!indices->is_slice)
                lower = expr_int4(b->arena, 1); /* a[1:2][3] means a[1:2][1:3] */
            expr->subscript.lower = expr_list_append(b->arena, expr->subscript.lower, lower);
        }
        expr->subscript.upper = expr_list_append(b->arena, expr->subscript.upper, indices->uidx != NULL ? bind_array_index(scope, indices->uidx) : NULL);
    }
    expr->type = expr->subscript.slice ? base : element;
    expr->typmod = typmod;
    expr->collation = container->collation;
    return expr;
}

/* ---- fields -------------------------------------------------------------------------------------------------------------------- */

/* The columns of a value of type record, as far as the expression tells. NULL when unknown. */
const RangeColumn *row_columns(Scope *scope, const Expr *row, int32_t *count_out)
{
    Binder             *b = scope->b;
    const RelationDesc *relation = type_relation(b, row->type);
    RangeColumn        *columns;

    *count_out = 0;
    if (relation != NULL) {
        columns = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(relation->column_count, 1), RangeColumn);
        for (int16_t i = 0; i < relation->column_count; i++) {
            const ColumnDesc *column = &relation->columns[i];

            columns[i] = (RangeColumn){column->name, column->type, column->typmod, column->collation, column->dropped};
        }
        *count_out = relation->column_count;
        return columns;
    }
    switch (row->kind) {
    case EXPR_ROW:
        columns = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(row->list.args.count, 1), RangeColumn);
        for (int32_t i = 0; i < row->list.args.count; i++) {
            const Expr *field = row->list.args.items[i];

            columns[i] = (RangeColumn){arena_printf(b->arena, "f%d", i + 1), field->type, field->typmod, field->collation, false};
        }
        *count_out = row->list.args.count;
        return columns;
    case EXPR_WHOLE_ROW: {
        Scope *level = scope;

        for (int32_t up = row->column.levels_up; up > 0; up--)
            level = level->parent;
        *count_out = level->query->ranges[row->column.relation - 1]->column_count;
        return level->query->ranges[row->column.relation - 1]->columns;
    }
    case EXPR_SUBQUERY:
        if (row->subquery.query->target_count > 0 && !row->subquery.query->targets[0].junk &&
            row->subquery.query->targets[0].expr->kind == EXPR_ROW)
            return row_columns(scope, row->subquery.query->targets[0].expr, count_out);
        return NULL;
    case EXPR_CALL:
    case EXPR_SET_CALL: {
        const Proc *proc = row->call.proc;
        int32_t     count = 0;

        if (proc->all_arg_count == 0)
            return NULL;
        columns = ARENA_ARRAY_ZEROED(b->arena, (size_t)proc->all_arg_count, RangeColumn);
        for (int16_t i = 0; i < proc->all_arg_count; i++) {
            if (proc->arg_modes[i] != 'o' && proc->arg_modes[i] != 'b' && proc->arg_modes[i] != 't')
                continue;
            columns[count] = (RangeColumn){proc->arg_names[i] != NULL ? proc->arg_names[i] : arena_printf(b->arena, "column%d", count + 1),
                                           proc->all_args[i], -1, type_collation(b, proc->all_args[i]), false};
            count++;
        }
        *count_out = count;
        return columns;
    }
    default:
        return NULL;
    }
}

/* NULL when the row has no such column. */
Expr *field_select(Scope *scope, Expr *row, const char *name, int32_t location)
{
    int32_t            count;
    const RangeColumn *columns = row_columns(scope, row, &count);

    for (int32_t i = 0; i < count; i++) {
        Expr *field;

        if (columns[i].hidden || strcmp(columns[i].name, name) != 0)
            continue;
        if (row->kind == EXPR_WHOLE_ROW) {
            field = expr_new(scope->b->arena, EXPR_COLUMN, 0, location);
            field->column = row->column;
            field->column.column = i + 1;
        } else {
            field = expr_new(scope->b->arena, EXPR_FIELD, 0, location);
            field->unary.arg = row;
            field->unary.field = i + 1;
        }
        field->type = columns[i].type;
        field->typmod = columns[i].typmod;
        field->collation = columns[i].collation;
        return field;
    }
    return NULL;
}

static noreturn void raise_no_field(Scope *scope, const Expr *row, const char *name, int32_t location)
{
    if (row->kind == EXPR_WHOLE_ROW) {
        const Scope *level = scope;

        for (int32_t up = row->column.levels_up; up > 0; up--)
            level = level->parent;
        bind_error(SQLSTATE_UNDEFINED_COLUMN, location, "column %s.%s does not exist", level->query->ranges[row->column.relation - 1]->alias, name);
    }
    if (row->type == TYPE_RECORD)
        bind_error(SQLSTATE_UNDEFINED_COLUMN, location, "could not identify column \"%s\" in record data type", name);
    if (type_is_composite(scope->b, row->type))
        bind_error(SQLSTATE_UNDEFINED_COLUMN, location, "column \"%s\" not found in data type %s", name, type_text(scope->b, row->type));
    bind_error(SQLSTATE_WRONG_OBJECT_TYPE, location, "column notation .%s applied to type %s, which is not a composite type", name,
               type_text(scope->b, row->type));
}

static Expr *select_field_or_call(Scope *scope, Expr *row, const char *name, const Node *name_node, int32_t location)
{
    Expr     *field = field_select(scope, row, name, location);
    CallSite  site = {.location = location, .column_notation = true};
    NodeList *names;

    if (field != NULL)
        return field;
    names = list_append(scope->b->arena, NULL, (Node *)name_node);
    site.name = names;
    site.args = expr_list_append(scope->b->arena, site.args, row);
    field = bind_function(scope, &site);
    if (field == NULL)
        raise_no_field(scope, row, name, location);
    return field;
}

Expr *bind_indirection(Scope *scope, const A_Indirection *indirection)
{
    Expr   *expr = bind_expr_inner(scope, indirection->arg);
    int32_t location = expr_location(expr), count = list_count(indirection->indirection);
    int32_t subscripts = 0;

    for (int32_t i = 0; i <= count; i++) {
        const Node *step = i < count ? list_at(indirection->indirection, i) : NULL;

        if (step != NULL && step->tag == NODE_A_INDICES) {
            subscripts++;
            continue;
        }
        if (subscripts > 0) {
            expr = bind_subscripts(scope, expr, indirection->indirection, i - subscripts, subscripts);
            subscripts = 0;
        }
        if (step == NULL)
            break;
        if (step->tag == NODE_A_STAR)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "row expansion via \"*\" is not supported here");
        expr = select_field_or_call(scope, expr, ((const String *)step)->sval, step, location);
    }
    return expr;
}

/* ---- ARRAY[...] ------------------------------------------------------------------------------------------------------------------ */

Expr *bind_array(Scope *scope, const A_ArrayExpr *array, Oid array_type, Oid element_type, int32_t typmod)
{
    Binder  *b = scope->b;
    Expr    *expr = expr_new(b->arena, EXPR_ARRAY, 0, array->node.location);
    ExprList items = {0};
    bool     hard = array_type != 0; /* a cast says the type: elements are cast to it one by one */
    Oid      coerce_to_type, result_element;

    for (int32_t i = 0; i < list_count(array->elements); i++) {
        const Node *element = list_at(array->elements, i);
        Expr       *item;

        if (element->tag == NODE_A_ARRAY_EXPR) {
            item = bind_array(scope, (const A_ArrayExpr *)element, array_type, element_type, typmod);
            expr->list.multidimensional = true;
        } else {
            item = bind_expr_inner(scope, element);
            /* an element that is an array itself makes the result one of more dimensions */
            expr->list.multidimensional |= item->type != TYPE_UNKNOWN && type_element(b, item->type) != 0 && !hard;
            if (hard && item->type != TYPE_UNKNOWN && type_element(b, item->type) != 0 && type_element(b, element_type) == 0)
                expr->list.multidimensional = true;
        }
        items = expr_list_append(b->arena, items, item);
    }
    if (hard) {
        coerce_to_type = expr->list.multidimensional ? array_type : element_type;
        result_element = element_type;
    } else {
        if (items.count == 0)
            bind_error_hint(SQLSTATE_INDETERMINATE_DATATYPE, array->node.location,
                            "Explicitly cast to the desired type, for example ARRAY[]::integer[].", "cannot determine type of empty array");
        coerce_to_type = common_type(scope, items, "ARRAY", NULL);
        if (expr->list.multidimensional) {
            array_type = coerce_to_type;
            result_element = type_element(b, array_type);
            if (result_element == 0)
                bind_error(SQLSTATE_UNDEFINED_OBJECT, array->node.location, "could not find element type for data type %s", type_text(b, array_type));
        } else {
            result_element = coerce_to_type;
            array_type = type_array_of(b, result_element);
            if (array_type == 0)
                bind_error(SQLSTATE_UNDEFINED_OBJECT, array->node.location, "could not find array type for data type %s", type_text(b, result_element));
        }
    }
    for (int32_t i = 0; i < items.count; i++) {
        Expr *item;

        if (hard) {
            item = coerce_to_target(scope, items.items[i], coerce_to_type, typmod, CAST_EXPLICIT, false, -1);
            if (item == NULL)
                bind_error(SQLSTATE_CANNOT_COERCE, expr_location(items.items[i]), "cannot cast type %s to %s",
                           type_text(b, items.items[i]->type), type_text(b, coerce_to_type));
        } else {
            item = coerce_to_common(scope, items.items[i], coerce_to_type, "ARRAY");
        }
        expr->list.args = expr_list_append(b->arena, expr->list.args, item);
    }
    expr->type = array_type;
    expr->typmod = hard ? typmod : common_typmod(expr->list.args, coerce_to_type);
    expr->collation = common_collation(expr->list.args);
    return expr;
}
