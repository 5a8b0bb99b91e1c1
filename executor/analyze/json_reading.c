/*
 * json_reading.c - `->>` and `#>>` compared with a number, a boolean or a timestamp (DESIGN section 3, ENGINE section 10).
 *
 * doc->>'age' > 25 becomes jsonb_number(doc, 'age') > 25: the JSON value itself is compared, and what is not of that type gives NULL.
 * It happens when one operand is such an extraction, as written, and the other side's type is known and of one of these kinds.
 */
#include "executor/analyze/binder.h"

bool json_is_extraction(const Expr *expr)
{
    return expr->kind == EXPR_CALL && expr->call.op != NULL && expr->type == TYPE_TEXT &&
           (strcmp(expr->call.op->name, "->>") == 0 || strcmp(expr->call.op->name, "#>>") == 0) &&
           (expr->call.op->left == TYPE_JSONB || expr->call.op->left == TYPE_JSON);
}

Oid json_reading_type(Binder *b, const Expr *extraction, Oid other)
{
    if (!json_is_extraction(extraction))
        return 0;
    switch (type_base(b, other)) {
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_NUMERIC:
        return TYPE_NUMERIC;
    case TYPE_BOOL:
        return TYPE_BOOL;
    case TYPE_TIMESTAMPTZ:
        return TYPE_TIMESTAMPTZ;
    case TYPE_TIMESTAMP:
        return TYPE_TIMESTAMP;
    case TYPE_DATE:
        return TYPE_DATE;
    default:
        return 0;
    }
}

static const Proc *find_reading(const char *name, Oid document, Oid path)
{
    int                count;
    const Proc *const *all = proc_by_name(name, &count);

    for (int i = 0; i < count; i++) {
        if (all[i]->arg_count == 2 && all[i]->args[0] == document && all[i]->args[1] == path)
            return all[i];
    }
    return NULL;
}

Expr *json_reading(Scope *scope, Expr *extraction, Oid as)
{
    Binder     *b = scope->b;
    Oid         document = extraction->call.op->left, path = extraction->call.op->right;
    const char *kind = as == TYPE_NUMERIC ? "number" : as == TYPE_BOOL ? "boolean" : as == TYPE_TIMESTAMPTZ ? "timestamptz" :
                       as == TYPE_TIMESTAMP ? "timestamp" : "date";
    const Proc *proc = find_reading(arena_printf(b->arena, "%s_%s", document == TYPE_JSON ? "json" : "jsonb", kind), document, path);
    Expr       *expr;

    if (proc == NULL)
        proc = find_reading(arena_printf(b->arena, "jsonb_%s", kind), document, path);
    if (proc == NULL)
        return extraction;
    expr = expr_new(b->arena, EXPR_CALL, proc->result, extraction->location);
    expr->call.proc = proc;
    expr->call.args = extraction->call.args;
    require_code(proc, extraction->location);
    return expr;
}

static bool is_comparison(const NodeList *name)
{
    const char *text = string_at(name, list_count(name) - 1);

    return strcmp(text, "=") == 0 || strcmp(text, "<>") == 0 || strcmp(text, "<") == 0 || strcmp(text, "<=") == 0 ||
           strcmp(text, ">") == 0 || strcmp(text, ">=") == 0;
}

/* jsonb_number(...) = 1.5::float8: PostgreSQL would compare as float8; the exact number is compared instead. */
static Expr *as_read(Scope *scope, Expr *other, Oid as)
{
    Oid base = type_base(scope->b, other->type);

    if (as == TYPE_NUMERIC && (base == TYPE_FLOAT4 || base == TYPE_FLOAT8))
        return coerce_type(scope, other, TYPE_NUMERIC, -1, CAST_ASSIGNMENT, true, -1);
    return other;
}

void read_json_as_other_side(Scope *scope, const NodeList *name, Expr **left, Expr **right, bool right_is_array)
{
    Oid as, other;

    if (!json_is_extraction(*left) && !json_is_extraction(*right))
        return;
    if (!is_comparison(name))
        return;
    other = right_is_array && (*right)->type != TYPE_UNKNOWN ? type_element(scope->b, (*right)->type) : (*right)->type;
    as = json_reading_type(scope->b, *left, other);
    if (as != 0) {
        *left = json_reading(scope, *left, as);
        if (!right_is_array && (*left)->type == as)
            *right = as_read(scope, *right, as);
        return;
    }
    if (right_is_array)
        return;
    as = json_reading_type(scope->b, *right, (*left)->type);
    if (as != 0) {
        *right = json_reading(scope, *right, as);
        if ((*right)->type == as)
            *left = as_read(scope, *left, as);
    }
}
