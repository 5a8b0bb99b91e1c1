/* coerce.c - casts: which are possible in a context, and the expressions that perform them. */
#include "executor/analyze/binder.h"

/* ---- which casts there are ------------------------------------------------------------------------------------------------ */

static bool context_allows(CastContext context, char declared)
{
    switch (declared) {
    case 'i':
        return true;
    case 'a':
        return context >= CAST_ASSIGNMENT;
    default:
        return context >= CAST_EXPLICIT;
    }
}

/* An array to the casts' eyes: int2vector and oidvector are not. */
static Oid cast_element(Binder *b, Oid type)
{
    return type_element(b, type);
}

CoercionPath find_coercion(Binder *b, Oid target, Oid source, CastContext context, const Proc **proc_out)
{
    const Cast *cast;

    *proc_out = NULL;
    source = type_base(b, source);
    target = type_base(b, target);
    if (source == target)
        return PATH_RELABEL;
    cast = cast_find(source, target);
    if (cast == NULL && type_is_enum(b, source))
        cast = cast_find(TYPE_ANYENUM, target);
    if (cast != NULL) {
        if (!context_allows(context, cast->context))
            return PATH_NONE;
        switch (cast->method) {
        case 'f':
            *proc_out = proc_by_oid(cast->function);
            return PATH_FUNCTION;
        case 'i':
            return PATH_IO;
        default:
            return PATH_RELABEL;
        }
    }
    if (target != TYPE_OIDVECTOR && target != TYPE_INT2VECTOR) {
        Oid target_element = cast_element(b, target), source_element = cast_element(b, source);

        if (target_element != 0 && source_element != 0) {
            CoercionPath path = find_coercion(b, target_element, source_element, context, proc_out);

            if (path == PATH_NONE || path == PATH_RELABEL)
                return path;
            *proc_out = NULL;
            return PATH_ARRAY;
        }
    }
    /* through the text form: to a string type by assignment, from one when asked for */
    if (context >= CAST_ASSIGNMENT && binder_type(b, target)->category == 'S')
        return PATH_IO;
    if (context >= CAST_EXPLICIT && binder_type(b, source)->category == 'S')
        return PATH_IO;
    return PATH_NONE;
}

bool is_binary_coercible(Binder *b, Oid source, Oid target)
{
    const Cast *cast;

    if (source == target || target == TYPE_ANY || target == TYPE_ANYELEMENT || target == TYPE_ANYCOMPATIBLE)
        return true;
    source = type_base(b, source);
    if (source == target)
        return true;
    if ((target == TYPE_ANYARRAY || target == TYPE_ANYCOMPATIBLEARRAY) && type_element(b, source) != 0)
        return true;
    if ((target == TYPE_ANYNONARRAY || target == TYPE_ANYCOMPATIBLENONARRAY) && type_element(b, source) == 0)
        return true;
    if (target == TYPE_ANYENUM && type_is_enum(b, source))
        return true;
    if (target == TYPE_RECORD && type_is_composite(b, source))
        return true;
    cast = cast_find(source, target);
    return cast != NULL && cast->method == 'b' && cast->context == 'i';
}

bool can_coerce(Binder *b, int32_t count, const Oid *inputs, const Oid *targets, CastContext context)
{
    bool        polymorphic = false;
    const Proc *proc;

    for (int32_t i = 0; i < count; i++) {
        Oid input = inputs[i], target = targets[i];

        if (input == target || target == TYPE_ANY)
            continue;
        if (type_is_polymorphic(target)) {
            polymorphic = true;
            continue;
        }
        if (input == TYPE_UNKNOWN)
            continue;
        if (find_coercion(b, target, input, context, &proc) != PATH_NONE)
            continue;
        if (input == TYPE_RECORD && type_is_composite(b, target))
            continue;
        if (target == TYPE_RECORD && type_is_composite(b, input))
            continue;
        if (target == TYPE_RECORD_ARRAY && type_element(b, input) != 0 && type_is_composite(b, type_element(b, input)))
            continue;
        return false;
    }
    return !polymorphic || polymorphic_consistent(b, inputs, targets, count);
}

/* ---- literals --------------------------------------------------------------------------------------------------------------- */

typedef struct InputCall {
    const TypeInfo    *type;
    Slice              text;
    int32_t            typmod;
    const TypeContext *ctx;
    Datum              value;
} InputCall;

static void call_input(void *arg)
{
    InputCall *call = arg;

    call->type->input(call->type, call->text, call->typmod, call->ctx, &call->value);
}

/* Text to a value of a base type; errors get the literal's position. */
static Datum read_literal(Scope *scope, const TypeInfo *type, Slice text, int32_t typmod, int32_t location)
{
    TypeContext ctx = binder_type_context(scope->b);
    InputCall   call = {.type = type, .text = text, .typmod = typmod, .ctx = &ctx};
    Error      *err;

    Oid         named;

    if (resolve_reg_literal(scope->b, type->oid, text, location, &named))
        return (Datum){.oid = named};
    if (type->input == NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "values of type %s are not supported yet", type->sql_name);
    err = error_catch(call_input, &call);
    if (err != NULL) {
        error_position(err, location);
        error_raise(err);
    }
    return call.value;
}

Expr *bind_literal(Scope *scope, const char *text, Oid type, int32_t typmod, int32_t location)
{
    const TypeInfo *info = binder_type(scope->b, type);
    Expr           *expr = expr_new(scope->b->arena, EXPR_CONST, type, location);

    expr->collation = info->collation;
    expr->constant.value = read_literal(scope, info, slice_from_cstring(text), typmod, location);
    return expr;
}

static Expr *wrap_domain(Scope *scope, Expr *expr, Oid target, bool implicit, int32_t location)
{
    Expr *wrapped;

    if (expr->type == target || type_base(scope->b, target) == target)
        return expr;
    wrapped = expr_new(scope->b->arena, EXPR_RELABEL, target, location);
    wrapped->collation = type_collation(scope->b, target);
    wrapped->unary.arg = expr;
    wrapped->unary.implicit = implicit;
    wrapped->unary.explicit_cast = !implicit;
    return wrapped;
}

static Expr *coerce_unknown_literal(Scope *scope, const Expr *literal, Oid target, int32_t typmod, CastContext context, bool implicit)
{
    int32_t         base_typmod = typmod;
    Oid             base = type_base_typmod(scope->b, target, &base_typmod);
    const TypeInfo *info = binder_type(scope->b, base);
    Expr           *expr = expr_new(scope->b->arena, EXPR_CONST, base, literal->location);
    bool            is_domain = base != target;

    /* PG15: the length is applied by a cast over the literal, as its rules for explicit casts differ from input's; but
     * interval's typmod changes how the text is read. */
    int32_t input_typmod = base == TYPE_INTERVAL ? base_typmod : -1;

    expr->typmod = input_typmod;
    expr->collation = info->collation;
    expr->constant.is_null = literal->constant.is_null;
    if (!literal->constant.is_null)
        expr->constant.value = read_literal(scope, info, literal->constant.value.bytes, input_typmod, literal->location);
    if (is_domain) {
        if (base_typmod >= 0)
            expr = coerce_typmod(scope, expr, base, base_typmod, context == CAST_EXPLICIT, implicit, literal->location);
        expr = wrap_domain(scope, expr, target, implicit, literal->location);
    }
    return expr;
}

/* ---- performing casts --------------------------------------------------------------------------------------------------------- */

static Expr *unary_cast(Scope *scope, ExprKind kind, Expr *arg, Oid target, bool implicit, CastContext context, int32_t location)
{
    Expr *expr = expr_new(scope->b->arena, kind, target, location);

    expr->collation = type_collation(scope->b, target);
    if (expr->collation != 0 && arg->collation != 0)
        expr->collation = arg->collation;
    expr->unary.arg = arg;
    expr->unary.implicit = implicit;
    expr->unary.explicit_cast = context == CAST_EXPLICIT;
    return expr;
}

static Expr *array_cast(Scope *scope, Expr *arg, Oid target, int32_t typmod, CastContext context, bool implicit, int32_t location)
{
    Expr *expr = unary_cast(scope, EXPR_COERCE_ARRAY, arg, target, implicit, context, location);
    Oid   source_element = type_element(scope->b, arg->type);
    Expr *value = expr_new(scope->b->arena, EXPR_CASE_VALUE, source_element, -1);

    value->collation = arg->collation;
    expr->typmod = typmod;
    expr->unary.element = coerce_to_target(scope, value, type_element(scope->b, target), typmod, context, implicit, location);
    return expr;
}

static Expr *function_cast(Scope *scope, const Proc *proc, Expr *arg, Oid target, int32_t typmod, CastContext context, bool implicit,
                           int32_t location)
{
    Expr *expr = expr_new(scope->b->arena, EXPR_CALL, target, location);

    expr->collation = type_collation(scope->b, target);
    expr->typmod = proc->arg_count > 1 ? typmod : -1;
    expr->call.proc = proc;
    expr->call.cast_form = true;
    expr->call.implicit = implicit;
    expr->call.args = expr_list_append(scope->b->arena, expr->call.args, arg);
    if (proc->arg_count > 1)
        expr->call.args = expr_list_append(scope->b->arena, expr->call.args, expr_int4(scope->b->arena, typmod));
    if (proc->arg_count > 2)
        expr->call.args = expr_list_append(scope->b->arena, expr->call.args, expr_bool(scope->b->arena, context == CAST_EXPLICIT));
    require_code(proc, location);
    return expr;
}

Expr *coerce_typmod(Scope *scope, Expr *expr, Oid type, int32_t typmod, bool explicit_cast, bool implicit, int32_t location)
{
    Oid             element = type_element(scope->b, type);
    const TypeInfo *info = binder_type(scope->b, element != 0 ? element : type);
    Expr           *coerced;

    if (typmod < 0 || typmod == expr->typmod || info->modin_proc == 0)
        return expr;
    if (element != 0)
        return array_cast(scope, expr, type, typmod, explicit_cast ? CAST_EXPLICIT : CAST_ASSIGNMENT, implicit, location);
    coerced = unary_cast(scope, EXPR_COERCE_TYPMOD, expr, type, implicit, explicit_cast ? CAST_EXPLICIT : CAST_ASSIGNMENT, location);
    coerced->typmod = typmod;
    return coerced;
}

/* ROW(...) or a record column to a composite type: field by field. */
static Expr *coerce_record(Scope *scope, Expr *expr, Oid target, CastContext context, bool implicit, int32_t location)
{
    Arena              *arena = scope->b->arena;
    const RelationDesc *relation = type_relation(scope->b, target);
    Expr               *row;
    int32_t             used = 0;

    if (expr->kind != EXPR_ROW || relation == NULL) {
        if (relation == NULL || expr->kind == EXPR_CONST)
            bind_error(SQLSTATE_CANNOT_COERCE, location, "cannot cast type %s to %s", type_text(scope->b, expr->type), type_text(scope->b, target));
        return unary_cast(scope, EXPR_RELABEL, expr, target, implicit, context, location);
    }
    row = expr_new(arena, EXPR_ROW, type_base(scope->b, target), location);
    for (int16_t i = 0; i < relation->column_count; i++) {
        const ColumnDesc *column = &relation->columns[i];
        Expr             *field;

        if (column->dropped) {
            row->list.args = expr_list_append(arena, row->list.args, expr_null(arena, TYPE_INT4, -1));
            continue;
        }
        if (used >= expr->list.args.count)
            bind_error_detail(SQLSTATE_CANNOT_COERCE, location, "Input has too few columns.", "cannot cast type %s to %s",
                              type_text(scope->b, TYPE_RECORD), type_text(scope->b, target));
        field = coerce_to_target(scope, expr->list.args.items[used], column->type, column->typmod, context, true, location);
        if (field == NULL)
            bind_error_detail(SQLSTATE_CANNOT_COERCE, location,
                              arena_printf(arena, "Cannot cast type %s to %s in column %d.",
                                           type_text(scope->b, expr->list.args.items[used]->type), type_text(scope->b, column->type), used + 1),
                              "cannot cast type %s to %s", type_text(scope->b, TYPE_RECORD), type_text(scope->b, target));
        row->list.args = expr_list_append(arena, row->list.args, field);
        used++;
    }
    if (used != expr->list.args.count)
        bind_error_detail(SQLSTATE_CANNOT_COERCE, location, "Input has too many columns.", "cannot cast type %s to %s",
                          type_text(scope->b, TYPE_RECORD), type_text(scope->b, target));
    return wrap_domain(scope, row, target, implicit, location);
}

Expr *coerce_type(Scope *scope, Expr *expr, Oid target, int32_t typmod, CastContext context, bool implicit, int32_t location)
{
    Binder      *b = scope->b;
    const Proc  *proc;
    CoercionPath path;
    int32_t      base_typmod = typmod;
    Oid          base;

    if (target == expr->type || target == TYPE_ANY || target == TYPE_ANYELEMENT || target == TYPE_ANYNONARRAY ||
        target == TYPE_ANYCOMPATIBLE || target == TYPE_ANYCOMPATIBLENONARRAY)
        return expr;
    if (type_is_polymorphic(target)) {
        /* anyarray and kin: a domain over an array is taken as the array */
        if (expr->type != TYPE_UNKNOWN && type_base(b, expr->type) != expr->type)
            return unary_cast(scope, EXPR_RELABEL, expr, type_base(b, expr->type), true, CAST_IMPLICIT, location);
        return expr;
    }
    if (expr->type == TYPE_UNKNOWN && expr->kind == EXPR_CONST)
        return coerce_unknown_literal(scope, expr, target, typmod, context, implicit);
    if (expr->type == TYPE_UNKNOWN && expr->kind == EXPR_PARAM) {
        set_param_type(scope, expr, type_base(b, target), location);
        if (expr->type != target)
            return coerce_type(scope, expr, target, typmod, context, implicit, location);
        return expr;
    }
    path = find_coercion(b, target, expr->type, context, &proc);
    base = type_base_typmod(b, target, &base_typmod);
    if (path == PATH_RELABEL) {
        Expr *result = expr;

        if (base != expr->type) {
            result = unary_cast(scope, EXPR_RELABEL, expr, base, implicit, context, location);
            if (base == type_base(b, expr->type))
                result->typmod = expr->typmod;
        }
        if (base != target) {
            result = coerce_typmod(scope, result, base, base_typmod, context == CAST_EXPLICIT, implicit, location);
            result = wrap_domain(scope, result, target, implicit, location);
        }
        return result;
    }
    if (path != PATH_NONE) {
        Expr *result;

        if (path == PATH_FUNCTION)
            result = function_cast(scope, proc, expr, base, base_typmod, context, implicit, location);
        else if (path == PATH_IO)
            result = unary_cast(scope, EXPR_COERCE_IO, expr, base, implicit, context, location);
        else
            result = array_cast(scope, expr, base, base_typmod, context, implicit, location);
        if (base != target) {
            result = coerce_typmod(scope, result, base, base_typmod, context == CAST_EXPLICIT, implicit, location);
            result = wrap_domain(scope, result, target, implicit, location);
        }
        return result;
    }
    if (expr->type == TYPE_RECORD && type_is_composite(b, target))
        return coerce_record(scope, expr, target, context, implicit, location);
    if (target == TYPE_RECORD || target == TYPE_RECORD_ARRAY)
        return expr;
    raise_error(SQLSTATE_INTERNAL_ERROR, "failed to find conversion function from %s to %s", type_text(b, expr->type), type_text(b, target));
}

/* Is this a length coercion applied on top of what coerce_type made? Then the cast under it is not to be shown. */
static void hide_cast(Expr *expr)
{
    switch (expr->kind) {
    case EXPR_CALL:
        expr->call.implicit = true;
        break;
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_ARRAY:
        expr->unary.implicit = true;
        break;
    default:
        break;
    }
}

Expr *coerce_to_target(Scope *scope, Expr *expr, Oid target, int32_t typmod, CastContext context, bool implicit, int32_t location)
{
    Expr *result, *whole;

    if (!can_coerce(scope->b, 1, &expr->type, &target, context))
        return NULL;
    result = coerce_type(scope, expr, target, typmod, context, implicit, location);
    if (type_base(scope->b, target) != target)
        return result;
    whole = coerce_typmod(scope, result, target, typmod, context == CAST_EXPLICIT, implicit, location);
    if (whole != result && result != expr)
        hide_cast(result);
    return whole;
}

/* ---- demands --------------------------------------------------------------------------------------------------------------------- */

static void refuse_set(const Expr *expr, const char *construct)
{
    if (expr->kind == EXPR_SET_CALL)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, expr_location(expr), "argument of %s must not return a set", construct);
}

Expr *coerce_to_boolean(Scope *scope, Expr *expr, const char *construct)
{
    if (expr->type != TYPE_BOOL) {
        Expr *coerced = coerce_to_target(scope, expr, TYPE_BOOL, -1, CAST_ASSIGNMENT, true, -1);

        /* translator's note of PostgreSQL: the construct is a keyword such as WHERE */
        if (coerced == NULL)
            bind_error(SQLSTATE_DATATYPE_MISMATCH, expr_location(expr), "argument of %s must be type %s, not type %s", construct, "boolean",
                       type_text(scope->b, expr->type));
        expr = coerced;
    }
    refuse_set(expr, construct);
    return expr;
}

Expr *coerce_to_specific(Scope *scope, Expr *expr, Oid type, const char *construct)
{
    if (expr->type != type) {
        Expr *coerced = coerce_to_target(scope, expr, type, -1, CAST_ASSIGNMENT, true, -1);

        if (coerced == NULL)
            bind_error(SQLSTATE_DATATYPE_MISMATCH, expr_location(expr), "argument of %s must be type %s, not type %s", construct,
                       type_text(scope->b, type), type_text(scope->b, expr->type));
        expr = coerced;
    }
    refuse_set(expr, construct);
    return expr;
}

/* ---- entry points ------------------------------------------------------------------------------------------------------------------ */

static Expr *coerce_outside(Session *session, Arena *arena, Expr *expr, Oid type, int32_t typmod, CastContext context)
{
    Binder b = {.session = session, .arena = arena};
    Scope  scope;

    scope_open(&scope, &b, NULL, QUERY_SELECT);
    return coerce_to_target(&scope, expr, type, typmod, context, context != CAST_EXPLICIT, -1);
}

Expr *coerce_to(Session *session, Arena *arena, Expr *expr, Oid type, int32_t typmod)
{
    return coerce_outside(session, arena, expr, type, typmod, CAST_ASSIGNMENT);
}

Expr *coerce_to_explicit(Session *session, Arena *arena, Expr *expr, Oid type, int32_t typmod)
{
    return coerce_outside(session, arena, expr, type, typmod, CAST_EXPLICIT);
}
