/* operator.c - operators by name and operand types, and the calls they become. */
#include "executor/analyze/binder.h"

static const char *operator_name(const NodeList *name)
{
    return string_at(name, list_count(name) - 1);
}

/* "integer + text", as messages show it. */
static const char *signature(Binder *b, const NodeList *name, Oid left, Oid right)
{
    const char *text = name_list_text(b->arena, name);

    if (left == 0)
        return arena_printf(b->arena, "%s %s", text, type_text(b, right));
    return arena_printf(b->arena, "%s %s %s", type_text(b, left), text, type_text(b, right));
}

static const Operator *exact_operator(const char *name, Oid left, Oid right)
{
    int                    count;
    const Operator *const *all = operator_by_name(name, &count);

    for (int i = 0; i < count; i++) {
        if (all[i]->left == left && all[i]->right == right)
            return all[i];
    }
    return NULL;
}

/* An exact match, untyped literals taken to be of the other side's type. */
static const Operator *exact_binary(Binder *b, const char *name, Oid left, Oid right)
{
    const Operator *op;
    bool            was_unknown = false;

    if (left == TYPE_UNKNOWN && right != 0) {
        left = right;
        was_unknown = true;
    } else if (right == TYPE_UNKNOWN && left != 0) {
        right = left;
        was_unknown = true;
    }
    op = exact_operator(name, left, right);
    if (op == NULL && was_unknown) {
        Oid base = type_base(b, left);

        if (base != left)
            op = exact_operator(name, base, base);
    }
    return op;
}

static const Operator *select_operator(Binder *b, const char *name, Oid left, Oid right, bool *ambiguous)
{
    int                    count;
    const Operator *const *all = operator_by_name(name, &count);
    Candidate            **candidates = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), Candidate *);
    int32_t                arg_count = left != 0 ? 2 : 1;
    int32_t                candidate_count = 0;
    Oid                    inputs[2] = {left != 0 ? left : right, right};
    Candidate             *chosen;

    *ambiguous = false;
    for (int i = 0; i < count; i++) {
        Candidate *candidate;

        if ((all[i]->kind == 'l') != (left == 0))
            continue;
        candidate = ARENA_NEW(b->arena, Candidate);
        candidate->op = all[i];
        candidate->args = ARENA_ARRAY(b->arena, 2, Oid);
        candidate->args[0] = left != 0 ? all[i]->left : all[i]->right;
        candidate->args[1] = all[i]->right;
        candidates[candidate_count++] = candidate;
    }
    candidate_count = match_candidates(b, arg_count, inputs, candidate_count, candidates);
    if (candidate_count == 0)
        return NULL;
    if (candidate_count == 1)
        return candidates[0]->op;
    chosen = select_candidate(b, arg_count, inputs, candidate_count, candidates);
    *ambiguous = chosen == NULL;
    return chosen != NULL ? chosen->op : NULL;
}


const Operator *resolve_operator(Scope *scope, const NodeList *name, Oid left, Oid right, bool missing_ok, int32_t location)
{
    Binder         *b = scope->b;
    const Operator *op = left != 0 ? exact_binary(b, operator_name(name), left, right) : exact_operator(operator_name(name), 0, right);
    bool            ambiguous = false;

    if (op == NULL)
        op = select_operator(b, operator_name(name), left, right, &ambiguous);
    if (op != NULL || missing_ok)
        return op;
    if (ambiguous)
        bind_error_hint(SQLSTATE_AMBIGUOUS_FUNCTION, location, "Could not choose a best candidate operator. You might need to add explicit type casts.",
                        "operator is not unique: %s", signature(b, name, left, right));
    bind_error_hint(SQLSTATE_UNDEFINED_FUNCTION, location,
                    left != 0 ? "No operator matches the given name and argument types. You might need to add explicit type casts."
                              : "No operator matches the given name and argument type. You might need to add an explicit type cast.",
                    "operator does not exist: %s", signature(b, name, left, right));
}

void require_code(const Proc *proc, int32_t location)
{
    bool has;

    if (proc->kind == PROC_AGGREGATE)
        has = proc->agg != NULL;
    else if (proc->kind == PROC_WINDOW)
        has = proc->window != NULL;
    else
        has = proc->returns_set ? proc->set != NULL : proc->kernel != NULL;
    if (!has && !analyze_without_code)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "function %s is not supported yet", proc->name);
}

/* The arguments as what the function declares; the declared types have been made real. */
static void coerce_args(Scope *scope, ExprList *args, const Oid *declared)
{
    for (int32_t i = 0; i < args->count; i++) {
        if (args->items[i]->type != declared[i])
            args->items[i] = coerce_type(scope, args->items[i], declared[i], -1, CAST_IMPLICIT, true, -1);
    }
}

Expr *bind_operator(Scope *scope, const NodeList *name, Expr *left, Expr *right, int32_t location)
{
    Binder         *b = scope->b;
    const Operator *op;
    const Proc     *proc;
    ExprList        args = {0};
    Oid             actual[2], declared[2];
    Expr           *expr;
    int32_t         at = 0;

    if (left != NULL)
        read_json_as_other_side(scope, name, &left, &right, false);
    op = resolve_operator(scope, name, left != NULL ? left->type : 0, right->type, false, location);
    proc = proc_by_oid(op->function);
    if (proc == NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "operator %s is not supported yet", op->name);
    if (left != NULL) {
        actual[at] = left->type;
        declared[at++] = op->left;
        args = expr_list_append(b->arena, args, left);
    }
    actual[at] = right->type;
    declared[at] = op->right;
    args = expr_list_append(b->arena, args, right);
    expr = expr_new(b->arena, proc->returns_set ? EXPR_SET_CALL : EXPR_CALL, 0, location);
    expr->type = polymorphic_resolve(b, actual, declared, args.count, op->result, false);
    coerce_args(scope, &args, declared);
    expr->call.proc = proc;
    expr->call.op = op;
    expr->call.args = args;
    if (type_collation(b, expr->type) != 0)
        expr->collation = MAX(common_collation(args), type_collation(b, expr->type));
    require_code(proc, location);
    if (proc->returns_set)
        check_set_call_place(scope, expr, location);
    return expr;
}

static NodeList *one_name(Binder *b, const char *name)
{
    String *string = NODE_NEW(b->arena, String, NODE_STRING, -1);

    string->sval = name;
    return list_append(b->arena, NULL, &string->node);
}

Expr *bind_operator_named(Scope *scope, const char *name, Expr *left, Expr *right, int32_t location)
{
    return bind_operator(scope, one_name(scope->b, name), left, right, location);
}

Expr *bind_array_operator(Scope *scope, const NodeList *name, Expr *left, Expr *right, bool all, int32_t location)
{
    Binder         *b = scope->b;
    const Operator *op;
    const Proc     *proc;
    Oid             element, actual[2], declared[2], result;
    Expr           *expr;

    read_json_as_other_side(scope, name, &left, &right, true);
    if (right->type == TYPE_UNKNOWN) {
        element = TYPE_UNKNOWN;
    } else {
        element = type_element(b, right->type);
        if (element == 0)
            bind_error(SQLSTATE_WRONG_OBJECT_TYPE, location, "op ANY/ALL (array) requires array on right side");
    }
    op = resolve_operator(scope, name, left->type, element, false, location);
    proc = proc_by_oid(op->function);
    actual[0] = left->type;
    actual[1] = element;
    declared[0] = op->left;
    declared[1] = op->right;
    result = polymorphic_resolve(b, actual, declared, 2, op->result, false);
    if (result != TYPE_BOOL)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, location, "op ANY/ALL (array) requires operator to yield boolean");
    if (proc->returns_set)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, location, "op ANY/ALL (array) requires operator not to return a set");
    if (!type_is_polymorphic(declared[1])) {
        Oid array = type_array_of(b, declared[1]);

        if (array == 0)
            bind_error(SQLSTATE_UNDEFINED_OBJECT, location, "could not find array type for data type %s", type_text(b, declared[1]));
        if (right->type != array)
            right = coerce_type(scope, right, array, -1, CAST_IMPLICIT, true, -1);
    }
    if (left->type != declared[0])
        left = coerce_type(scope, left, declared[0], -1, CAST_IMPLICIT, true, -1);
    expr = expr_new(b->arena, EXPR_ANY_ALL, TYPE_BOOL, location);
    expr->any_all.op = op;
    expr->any_all.proc = proc;
    expr->any_all.left = left;
    expr->any_all.right = right;
    expr->any_all.all = all;
    require_code(proc, location);
    return expr;
}
