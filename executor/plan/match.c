/*
 * match.c - reading conditions as bounds on an expression.
 */
#include "executor/plan/match.h"

static const Expr *bare(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->unary.arg;
    return expr;
}

/* How an operator's name compares: the index's key on the left. */
typedef enum KeyUse { KEY_NONE, KEY_EQUAL, KEY_LESS, KEY_LESS_EQUAL, KEY_GREATER, KEY_GREATER_EQUAL } KeyUse;

static KeyUse use_of(const char *name)
{
    if (strcmp(name, "=") == 0)
        return KEY_EQUAL;
    if (strcmp(name, "<") == 0)
        return KEY_LESS;
    if (strcmp(name, "<=") == 0)
        return KEY_LESS_EQUAL;
    if (strcmp(name, ">") == 0)
        return KEY_GREATER;
    if (strcmp(name, ">=") == 0)
        return KEY_GREATER_EQUAL;
    return KEY_NONE;
}

static KeyUse turned(KeyUse use)
{
    switch (use) {
    case KEY_LESS:
        return KEY_GREATER;
    case KEY_LESS_EQUAL:
        return KEY_GREATER_EQUAL;
    case KEY_GREATER:
        return KEY_LESS;
    case KEY_GREATER_EQUAL:
        return KEY_LESS_EQUAL;
    default:
        return use;
    }
}

static bool is_integer(Oid type)
{
    return type == TYPE_INT2 || type == TYPE_INT4 || type == TYPE_INT8;
}

/*
 * The value as the key's type, so that comparing encodings compares as the operator does; NULL when that cannot be. Integers may be
 * of another width: widened always, narrowed when they are constants that fit.
 */
static Expr *value_for_key(Level *level, const Operator *op, Expr *value, Oid operand, Oid key_type)
{
    const TypeInfo *key = plan_type(level->planner, key_type);
    const Operator *native = type_operator(key_type, op->name);

    if (key == NULL)
        return NULL;
    if (native != NULL && native->oid == op->oid)
        return value;
    if (op->left == op->right && op->left == operand && native == NULL && key->kind != 'b')
        return value;
    if (is_integer(key_type) && is_integer(value->type) && is_integer(op->left) && is_integer(op->right)) {
        static const int64_t low[] = {INT16_MIN, INT32_MIN};
        static const int64_t high[] = {INT16_MAX, INT32_MAX};
        int64_t              number;
        Datum                narrow = {0};
        const Cast          *cast;
        Expr                *call;

        if (phys_width(plan_phys(level->planner, value->type)) > phys_width(key->phys)) {
            if (value->kind != EXPR_CONST || value->constant.is_null)
                return NULL;
            number = value->type == TYPE_INT8 ? value->constant.value.int64 : value->constant.value.int32;
            if (number < low[key_type == TYPE_INT4] || number > high[key_type == TYPE_INT4])
                return NULL;
            if (key_type == TYPE_INT4)
                narrow.int32 = (int32_t)number;
            else
                narrow.int16 = (int16_t)number;
            return expr_const(level->arena, key_type, narrow);
        }
        cast = cast_find(value->type, key_type);
        if (cast == NULL || cast->function == 0)
            return NULL;
        call = expr_new(level->arena, EXPR_CALL, key_type, -1);
        call->call.proc = proc_by_oid(cast->function);
        call->call.args = expr_list_append(level->arena, (ExprList){0}, value);
        call->call.cast_form = call->call.implicit = true;
        return prep_simplify(level->planner, call);
    }
    return NULL;
}

/* A value that a scan can be given: it does not speak of the relation, nor run anything. */
bool match_usable_value(Level *level, const BaseRel *rel, const Expr *value, RelSet outer)
{
    return rels_subset(level_rels_of(level, value), outer) && !rels_overlap(level_rels_of(level, value), rel->self) && !expr_is_volatile(value) &&
           !expr_contains(value, EXPR_SUBQUERY) && !expr_contains(value, EXPR_AGG);
}

bool match_key(Level *level, const BaseRel *rel, const Expr *key_expr, Oid key_type, Expr *qual, RelSet outer, PlanIndexKey *key)
{
    const Expr *left;
    Expr       *value;
    KeyUse      use;

    if (qual->kind == EXPR_IS_NULL && !qual->unary.row_semantics && expr_equal(bare(qual->unary.arg), bare(key_expr))) {
        if (qual->unary.negated) {
            if (key->equal != NULL || key->is_null)
                return false;
            key->not_null = true;
        } else {
            if (key->equal != NULL || key->in_array != NULL || key->lower != NULL || key->upper != NULL)
                return false;
            key->is_null = true;
        }
        return true;
    }
    if (key_type == TYPE_BOOL && expr_equal(qual, key_expr)) {
        key->equal = expr_bool(level->arena, true);
        return true;
    }
    if (key_type == TYPE_BOOL && qual->kind == EXPR_NOT && expr_equal(qual->list.args.items[0], key_expr)) {
        key->equal = expr_bool(level->arena, false);
        return true;
    }
    if (qual->kind == EXPR_ANY_ALL && !qual->any_all.all && qual->any_all.op != NULL && strcmp(qual->any_all.op->name, "=") == 0 &&
        expr_equal(bare(qual->any_all.left), bare(key_expr)) && match_usable_value(level, rel, qual->any_all.right, outer)) {
        const Operator *native = type_operator(key_type, "=");

        if (key->equal != NULL || key->in_array != NULL || native == NULL || native->oid != qual->any_all.op->oid)
            return false;
        key->in_array = qual->any_all.right;
        return true;
    }
    if (qual->kind != EXPR_CALL || qual->call.op == NULL || qual->call.op->kind != 'b' || qual->call.args.count != 2)
        return false;
    use = use_of(qual->call.op->name);
    if (use == KEY_NONE)
        return false;
    left = bare(qual->call.args.items[0]);
    value = qual->call.args.items[1];
    if (!expr_equal(left, bare(key_expr))) {
        const Operator *commutator = qual->call.op->commutator == 0 ? NULL : operator_by_oid(qual->call.op->commutator);

        if (!expr_equal(bare(value), bare(key_expr)) || commutator == NULL)
            return false;
        value = qual->call.args.items[0];
        use = turned(use);
        if (!match_usable_value(level, rel, value, outer))
            return false;
        value = value_for_key(level, commutator, value, commutator->left, key_type);
    } else {
        if (!match_usable_value(level, rel, value, outer))
            return false;
        value = value_for_key(level, qual->call.op, value, qual->call.op->left, key_type);
    }
    if (value == NULL || (key->equal != NULL && use == KEY_EQUAL) || key->is_null)
        return false;
    switch (use) {
    case KEY_EQUAL:
        key->equal = value;
        break;
    case KEY_LESS:
    case KEY_LESS_EQUAL:
        if (key->upper != NULL)
            return false;
        key->upper = value;
        key->upper_inclusive = use == KEY_LESS_EQUAL;
        break;
    default:
        if (key->lower != NULL)
            return false;
        key->lower = value;
        key->lower_inclusive = use == KEY_GREATER_EQUAL;
        break;
    }
    return true;
}

bool match_not_equal(Level *level, const BaseRel *rel, const Expr *key_expr, Expr *qual, PlanIndexKey *key)
{
    for (int side = 0; side < 2; side++) {
        Expr           *value = qual->call.args.items[1 - side];
        const Operator *op = side == 0 ? qual->call.op : qual->call.op->commutator == 0 ? NULL : operator_by_oid(qual->call.op->commutator);

        if (op == NULL || !expr_equal(bare(qual->call.args.items[side]), bare(key_expr)) || !match_usable_value(level, rel, value, 0))
            continue;
        key->equal = value_for_key(level, op, value, op->left, key_expr->type);
        return key->equal != NULL;
    }
    return false;
}

/* LIKE 'abc%' on text: from 'abc' up to 'abd'. */
bool match_like(Level *level, const Expr *key_expr, Oid key_type, const Expr *qual, PlanIndexKey *key)
{
    const Expr *pattern;
    uint8_t    *prefix;
    size_t      size = 0;
    Datum       low = {0};
    Datum       high = {0};

    if ((key_type != TYPE_TEXT && key_type != TYPE_VARCHAR) || qual->kind != EXPR_CALL || qual->call.op == NULL || strcmp(qual->call.op->name, "~~") != 0 ||
        !expr_equal(bare(qual->call.args.items[0]), bare(key_expr)) || key->equal != NULL || key->lower != NULL || key->upper != NULL)
        return false;
    pattern = qual->call.args.items[1];
    if (pattern->kind != EXPR_CONST || pattern->constant.is_null)
        return false;
    prefix = arena_alloc(level->arena, pattern->constant.value.bytes.size + 1);
    for (size_t i = 0; i < pattern->constant.value.bytes.size; i++) {
        uint8_t c = pattern->constant.value.bytes.data[i];

        if (c == '%' || c == '_')
            break;
        if (c == '\\' && ++i < pattern->constant.value.bytes.size)
            c = pattern->constant.value.bytes.data[i];
        prefix[size++] = c;
    }
    if (size == 0)
        return false;
    low.bytes = arena_copy(level->arena, slice_of(prefix, size));
    key->lower = expr_const(level->arena, key_type, low);
    key->lower_inclusive = true;
    while (size > 0 && prefix[size - 1] == 0xff)
        size--;
    if (size > 0) {
        prefix[size - 1]++;
        high.bytes = slice_of(prefix, size);
        key->upper = expr_const(level->arena, key_type, high);
        key->upper_inclusive = false;
    }
    return true;
}
