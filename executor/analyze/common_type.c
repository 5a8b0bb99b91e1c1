/* common_type.c - the one type that CASE, UNION, VALUES, ARRAY and their kin give several expressions. */
#include "executor/analyze/binder.h"

Oid common_type(Scope *scope, ExprList exprs, const char *context, Expr **which_out)
{
    Binder         *b = scope->b;
    Expr           *chosen = exprs.items[0];
    Oid             type = chosen->type;
    const TypeInfo *info;
    bool            alike = type != TYPE_UNKNOWN;

    /* the quick case: one type, no domains looked through */
    for (int32_t i = 1; alike && i < exprs.count; i++)
        alike = exprs.items[i]->type == type;
    if (alike) {
        if (which_out != NULL)
            *which_out = chosen;
        return type;
    }
    type = type_base(b, type);
    info = binder_type(b, type);
    for (int32_t i = 1; i < exprs.count; i++) {
        Expr           *next = exprs.items[i];
        Oid             next_type = type_base(b, next->type);
        const TypeInfo *next_info;

        if (next_type == TYPE_UNKNOWN || next_type == type)
            continue;
        next_info = binder_type(b, next_type);
        if (type == TYPE_UNKNOWN) {
            chosen = next;
            type = next_type;
            info = next_info;
        } else if (next_info->category != info->category) {
            if (context == NULL)
                return 0;
            bind_error(SQLSTATE_DATATYPE_MISMATCH, expr_location(next), "%s types %s and %s cannot be matched", context,
                       type_text(b, type), type_text(b, next_type));
        } else if (!info->preferred && can_coerce(b, 1, &type, &next_type, CAST_IMPLICIT) &&
                   !can_coerce(b, 1, &next_type, &type, CAST_IMPLICIT)) {
            chosen = next;
            type = next_type;
            info = next_info;
        }
    }
    if (type == TYPE_UNKNOWN)
        type = TYPE_TEXT; /* only untyped literals */
    if (which_out != NULL)
        *which_out = chosen;
    return type;
}

int32_t common_typmod(ExprList exprs, Oid type)
{
    int32_t typmod = -1;

    for (int32_t i = 0; i < exprs.count; i++) {
        if (exprs.items[i]->type != type || (i > 0 && exprs.items[i]->typmod != typmod))
            return -1;
        typmod = exprs.items[i]->typmod;
    }
    return typmod;
}

Oid common_collation(ExprList exprs)
{
    Oid collation = 0;

    for (int32_t i = 0; i < exprs.count; i++) {
        Oid next = exprs.items[i]->collation;

        if (next != 0 && (collation == 0 || collation == 100))
            collation = next;
    }
    return collation;
}

Expr *coerce_to_common(Scope *scope, Expr *expr, Oid type, const char *context)
{
    if (expr->type == type)
        return expr;
    if (!can_coerce(scope->b, 1, &expr->type, &type, CAST_IMPLICIT))
        bind_error(SQLSTATE_CANNOT_COERCE, expr_location(expr), "%s could not convert type %s to %s", context,
                   type_text(scope->b, expr->type), type_text(scope->b, type));
    return coerce_type(scope, expr, type, -1, CAST_IMPLICIT, true, -1);
}
