/*
 * prep_expr.c - making expressions simpler: constants folded, boolean structure flattened, NOT pushed down.
 */
#include "executor/plan/plan_internal.h"

#include "executor/exec/eval.h"

static Expr *simplify(Expr *expr, void *context);

static bool is_constant(const Expr *expr)
{
    return expr->kind == EXPR_CONST;
}

static bool is_true(const Expr *expr)
{
    return is_constant(expr) && !expr->constant.is_null && expr->constant.value.boolean;
}

static bool is_false(const Expr *expr)
{
    return is_constant(expr) && !expr->constant.is_null && !expr->constant.value.boolean;
}

static Expr *constant_of(Planner *planner, const Expr *expr, Datum value, bool is_null)
{
    Expr *constant = expr_new(planner->arena, EXPR_CONST, expr->type, expr->location);

    constant->typmod = expr->typmod;
    constant->collation = expr->collation;
    constant->constant.value = value;
    constant->constant.is_null = is_null;
    return constant;
}

/* Children of expr are simple already. Folds it when all of them are constants and its function is immutable. */
static bool is_constant_child(Expr *expr, void *context)
{
    (void)context;
    return expr->kind != EXPR_CONST; /* true ends the walk: not constant */
}

static Expr *fold(Planner *planner, Expr *expr)
{
    Datum value = {0};
    bool  is_null = false;

    if (expr_walk(expr, is_constant_child, NULL))
        return expr;
    if (!eval_constant(planner->session, planner->arena, expr, &value, &is_null))
        return expr;
    return constant_of(planner, expr, value, is_null);
}

static Expr *fold_call(Planner *planner, Expr *expr)
{
    if (expr->call.proc->volatility != IMMUTABLE || expr->call.proc->returns_set || expr->call.proc->kernel == NULL)
        return expr;
    if (expr->call.proc->strict) {
        for (int32_t i = 0; i < expr->call.args.count; i++) {
            if (is_constant(expr->call.args.items[i]) && expr->call.args.items[i]->constant.is_null)
                return constant_of(planner, expr, (Datum){0}, true);
        }
    }
    return fold(planner, expr);
}

/* AND and OR: nested ones flattened; the neutral constant dropped, the deciding one decides. NULL stays. */
static Expr *simplify_bool(Planner *planner, Expr *expr)
{
    bool    is_and = expr->kind == EXPR_AND;
    ExprVec args = {0};
    bool    has_null = false;
    Expr   *result;

    for (int32_t i = 0; i < expr->list.args.count; i++) {
        Expr *arg = simplify(expr->list.args.items[i], planner);
        int32_t inner = arg->kind == expr->kind ? arg->list.args.count : 1;

        for (int32_t k = 0; k < inner; k++) {
            Expr *part = arg->kind == expr->kind ? arg->list.args.items[k] : arg;

            if (is_and ? is_false(part) : is_true(part))
                return part;
            if (is_and ? is_true(part) : is_false(part))
                continue;
            if (is_constant(part)) { /* NULL: said once */
                if (has_null)
                    continue;
                has_null = true;
            }
            exprs_push(planner->arena, &args, part);
        }
    }
    if (args.count == 0)
        return expr_bool(planner->arena, is_and);
    if (args.count == 1)
        return args.items[0];
    result = expr_new(planner->arena, expr->kind, TYPE_BOOL, expr->location);
    result->list.args = (ExprList){args.count, args.items};
    return result;
}

static Expr *negate(Planner *planner, Expr *arg)
{
    Expr *copy;

    switch (arg->kind) {
    case EXPR_CONST:
        return arg->constant.is_null ? arg : expr_bool(planner->arena, !arg->constant.value.boolean);
    case EXPR_NOT:
        return arg->list.args.items[0];
    case EXPR_AND:
    case EXPR_OR: { /* De Morgan */
        Expr *other = expr_new(planner->arena, arg->kind == EXPR_AND ? EXPR_OR : EXPR_AND, TYPE_BOOL, arg->location);

        other->list.args = expr_list(planner->arena, arg->list.args.count);
        for (int32_t i = 0; i < arg->list.args.count; i++)
            other->list.args.items[i] = negate(planner, arg->list.args.items[i]);
        return simplify_bool(planner, other);
    }
    case EXPR_CALL:
        if (arg->call.op != NULL && arg->call.op->negator != 0) {
            const Operator *op = operator_by_oid(arg->call.op->negator);
            const Proc     *proc = op == NULL ? NULL : proc_by_oid(op->function);

            if (proc != NULL && proc->kernel != NULL) {
                copy = ARENA_NEW(planner->arena, Expr);
                *copy = *arg;
                copy->call.op = op;
                copy->call.proc = proc;
                return copy;
            }
        }
        break;
    case EXPR_ANY_ALL:
        if (arg->any_all.op != NULL && arg->any_all.op->negator != 0) {
            const Operator *op = operator_by_oid(arg->any_all.op->negator);
            const Proc     *proc = op == NULL ? NULL : proc_by_oid(op->function);

            if (proc != NULL && proc->kernel != NULL) {
                copy = ARENA_NEW(planner->arena, Expr);
                *copy = *arg;
                copy->any_all.op = op;
                copy->any_all.proc = proc;
                copy->any_all.all = !arg->any_all.all;
                return copy;
            }
        }
        break;
    case EXPR_IS_NULL:
        if (arg->unary.row_semantics)
            break;
        /* fall through */
    case EXPR_BOOLEAN_TEST:
        copy = ARENA_NEW(planner->arena, Expr);
        *copy = *arg;
        copy->unary.negated = !arg->unary.negated;
        return copy;
    case EXPR_DISTINCT_FROM:
        copy = ARENA_NEW(planner->arena, Expr);
        *copy = *arg;
        copy->call.negated = !arg->call.negated;
        return copy;
    default:
        break;
    }
    return expr_not(planner->arena, arg);
}

/* CASE without a value: branches that cannot be reached are not even folded, so that their errors stay silent. */
static Expr *simplify_case(Planner *planner, Expr *expr)
{
    Expr *result;
    ExprVec tests = {0};
    ExprVec results = {0};
    Expr *otherwise = expr->cases.otherwise;

    if (expr->cases.value != NULL)
        return expr_mutate(planner->arena, expr, simplify, planner);
    for (int32_t i = 0; i < expr->cases.tests.count; i++) {
        Expr *test = simplify(expr->cases.tests.items[i], planner);

        if (is_constant(test) && !is_true(test))
            continue;
        if (is_true(test)) {
            otherwise = expr->cases.results.items[i];
            break;
        }
        exprs_push(planner->arena, &tests, test);
        exprs_push(planner->arena, &results, simplify(expr->cases.results.items[i], planner));
    }
    otherwise = simplify(otherwise, planner);
    if (tests.count == 0)
        return otherwise;
    result = ARENA_NEW(planner->arena, Expr);
    *result = *expr;
    result->cases.tests = (ExprList){tests.count, tests.items};
    result->cases.results = (ExprList){results.count, results.items};
    result->cases.otherwise = otherwise;
    return result;
}

static Expr *simplify_coalesce(Planner *planner, Expr *expr)
{
    ExprVec args = {0};
    Expr   *result;

    for (int32_t i = 0; i < expr->list.args.count; i++) {
        Expr *arg = simplify(expr->list.args.items[i], planner);

        if (is_constant(arg) && arg->constant.is_null)
            continue;
        exprs_push(planner->arena, &args, arg);
        if (is_constant(arg))
            break;
    }
    if (args.count == 0)
        return constant_of(planner, expr, (Datum){0}, true);
    if (args.count == 1 || is_constant(args.items[0]))
        return args.items[0];
    result = ARENA_NEW(planner->arena, Expr);
    *result = *expr;
    result->list.args = (ExprList){args.count, args.items};
    return result;
}

static Expr *simplify(Expr *expr, void *context)
{
    Planner *planner = context;

    check_stack_depth();
    switch (expr->kind) {
    case EXPR_CONST:
    case EXPR_COLUMN:
    case EXPR_PARAM:
        return expr;
    case EXPR_AND:
    case EXPR_OR:
        return simplify_bool(planner, expr);
    case EXPR_NOT:
        return negate(planner, simplify(expr->list.args.items[0], planner));
    case EXPR_CASE:
        return simplify_case(planner, expr);
    case EXPR_COALESCE:
        return simplify_coalesce(planner, expr);
    case EXPR_AGG:
    case EXPR_WINDOW:
    case EXPR_SUBQUERY:
    case EXPR_SET_CALL:
        return expr_mutate(planner->arena, expr, simplify, planner);
    case EXPR_CALL:
        return fold_call(planner, expr_mutate(planner->arena, expr, simplify, planner));
    case EXPR_ANY_ALL:
        expr = expr_mutate(planner->arena, expr, simplify, planner);
        return expr->any_all.proc != NULL && expr->any_all.proc->volatility == IMMUTABLE ? fold(planner, expr) : expr;
    case EXPR_IS_NULL:
        expr = expr_mutate(planner->arena, expr, simplify, planner);
        if (is_constant(expr->unary.arg) && !expr->unary.row_semantics)
            return expr_bool(planner->arena, expr->unary.arg->constant.is_null != expr->unary.negated);
        return expr;
    case EXPR_BOOLEAN_TEST:
    case EXPR_ARRAY:
    case EXPR_MIN_MAX:
    case EXPR_RELABEL:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
    case EXPR_NULLIF:
    case EXPR_DISTINCT_FROM:
    case EXPR_SUBSCRIPT:
        return fold(planner, expr_mutate(planner->arena, expr, simplify, planner));
    default:
        return expr_mutate(planner->arena, expr, simplify, planner);
    }
}

Expr *prep_simplify(Planner *planner, Expr *expr)
{
    return expr == NULL ? NULL : simplify(expr, planner);
}

void prep_query(Planner *planner, Query *query)
{
    query_mutate(query, simplify, planner);
}

void prep_conjuncts(Arena *arena, Expr *expr, ExprVec *out)
{
    if (expr == NULL || is_true(expr))
        return;
    if (expr->kind != EXPR_AND) {
        exprs_push(arena, out, expr);
        return;
    }
    for (int32_t i = 0; i < expr->list.args.count; i++)
        prep_conjuncts(arena, expr->list.args.items[i], out);
}

/* ---- strictness ----------------------------------------------------------------------------------------------------------------------- */

static RelSet nonnullable(Level *level, Expr *expr, bool top);

static RelSet nonnullable_list(Level *level, ExprList list, bool all_needed, bool top)
{
    RelSet set = 0;

    for (int32_t i = 0; i < list.count; i++) {
        RelSet one = nonnullable(level, list.items[i], top);

        set = i == 0 ? one : all_needed ? set & one : set | one;
    }
    return set;
}

/* Relations such that a row of NULLs from them makes expr NULL (top: not true). */
static RelSet nonnullable(Level *level, Expr *expr, bool top)
{
    switch (expr->kind) {
    case EXPR_COLUMN:
        return expr->column.levels_up == 0 ? level_rels_of(level, expr) : 0;
    case EXPR_CALL:
        return expr->call.proc->strict && !expr->call.proc->returns_set ? nonnullable_list(level, expr->call.args, false, false) : 0;
    case EXPR_AND:
        return nonnullable_list(level, expr->list.args, !top, top);
    case EXPR_OR:
        return nonnullable_list(level, expr->list.args, true, top);
    case EXPR_NOT:
        return nonnullable(level, expr->list.args.items[0], false);
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
        return nonnullable(level, expr->unary.arg, top);
    case EXPR_IS_NULL:
        return top && expr->unary.negated && !expr->unary.row_semantics ? nonnullable(level, expr->unary.arg, false) : 0;
    case EXPR_BOOLEAN_TEST:
        return top && expr->unary.truth >= 0 && !expr->unary.negated ? nonnullable(level, expr->unary.arg, false) : 0;
    case EXPR_ANY_ALL:
        if (expr->any_all.proc != NULL && expr->any_all.proc->strict && !expr->any_all.all)
            return nonnullable(level, expr->any_all.left, false);
        return 0;
    default:
        return 0;
    }
}

RelSet prep_nonnullable(Level *level, Expr *expr)
{
    return expr == NULL ? 0 : nonnullable(level, expr, true);
}
