/* expr_equal.c - equality and hashing of bound expressions, locations and spelling aside. */
#include "executor/expr_slots.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

bool expr_list_equal(ExprList a, ExprList b)
{
    if (a.count != b.count)
        return false;
    for (int32_t i = 0; i < a.count; i++) {
        if (!expr_equal(a.items[i], b.items[i]))
            return false;
    }
    return true;
}

static bool const_equal(const Expr *a, const Expr *b)
{
    const Datum    *x = &a->constant.value, *y = &b->constant.value;
    const TypeInfo *info = type_by_oid(a->type);

    if (a->constant.is_null || b->constant.is_null)
        return a->constant.is_null == b->constant.is_null;
    switch (info != NULL ? info->phys : PHYS_BYTES) {
    case PHYS_BYTES:
        /* types of the catalog: enums are 32-bit numbers, for which a slice's size is 0; records have a size */
        if (info == NULL)
            return memcmp(x, y, sizeof *x) == 0 || (x->bytes.size != 0 && slice_equal(x->bytes, y->bytes));
        return slice_equal(x->bytes, y->bytes);
    case PHYS_NUMERIC:
        if (x->numeric.kind != y->numeric.kind || x->numeric.scale != y->numeric.scale || x->numeric.size != y->numeric.size)
            return false;
        return x->numeric.size == 0 ? x->numeric.small == y->numeric.small
                                    : memcmp(x->numeric.big, y->numeric.big, x->numeric.size) == 0;
    default:
        return memcmp(x, y, phys_width(info->phys)) == 0;
    }
}

static bool unary_equal(const Expr *a, const Expr *b)
{
    return a->unary.negated == b->unary.negated && a->unary.row_semantics == b->unary.row_semantics &&
           a->unary.truth == b->unary.truth && a->unary.field == b->unary.field && expr_equal(a->unary.arg, b->unary.arg) &&
           expr_equal(a->unary.element, b->unary.element);
}

static bool sort_clauses_equal(const SortClause *a, const SortClause *b, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        if (a[i].target != b[i].target || a[i].equal_op != b[i].equal_op || a[i].order_op != b[i].order_op ||
            a[i].nulls_first != b[i].nulls_first)
            return false;
    }
    return true;
}

static bool agg_equal(const Expr *a, const Expr *b)
{
    return a->agg.proc == b->agg.proc && a->agg.distinct == b->agg.distinct && a->agg.star == b->agg.star &&
           a->agg.levels_up == b->agg.levels_up && a->agg.order_count == b->agg.order_count &&
           sort_clauses_equal(a->agg.order, b->agg.order, a->agg.order_count) && expr_list_equal(a->agg.args, b->agg.args) &&
           expr_list_equal(a->agg.direct_args, b->agg.direct_args) && expr_equal(a->agg.filter, b->agg.filter);
}

static bool any_all_equal(const Expr *a, const Expr *b)
{
    if (a->any_all.op != b->any_all.op || a->any_all.all != b->any_all.all || a->any_all.comparison != b->any_all.comparison ||
        !expr_equal(a->any_all.left, b->any_all.left) || !expr_equal(a->any_all.right, b->any_all.right) ||
        !expr_list_equal(a->any_all.lefts, b->any_all.lefts) || !expr_list_equal(a->any_all.rights, b->any_all.rights))
        return false;
    for (int32_t i = 0; a->any_all.ops != NULL && i < a->any_all.lefts.count; i++) {
        if (a->any_all.ops[i] != b->any_all.ops[i])
            return false;
    }
    return true;
}

/* Queries are compared by their serialized form, which leaves out locations: rare, and exact. */
static bool subquery_equal(const Expr *a, const Expr *b)
{
    Arena *arena;
    bool   equal;

    if (a->subquery.kind != b->subquery.kind || !expr_list_equal(a->subquery.lefts, b->subquery.lefts) ||
        !expr_equal(a->subquery.test, b->subquery.test))
        return false;
    if (a->subquery.query == b->subquery.query)
        return true;
    arena = arena_new(NULL, NULL, "query comparison");
    equal = slice_equal(serialize_query(arena, a->subquery.query), serialize_query(arena, b->subquery.query));
    arena_free(arena);
    return equal;
}

bool expr_equal(const Expr *a, const Expr *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->kind != b->kind || a->type != b->type || a->typmod != b->typmod || a->collation != b->collation)
        return false;
    switch (a->kind) {
    case EXPR_CONST:
        return const_equal(a, b);
    case EXPR_COLUMN:
    case EXPR_WHOLE_ROW:
        return a->column.relation == b->column.relation && a->column.column == b->column.column &&
               a->column.levels_up == b->column.levels_up;
    case EXPR_PARAM:
        return a->param.number == b->param.number && a->param.internal == b->param.internal;
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_SET_CALL:
        return a->call.proc == b->call.proc && a->call.negated == b->call.negated && expr_list_equal(a->call.args, b->call.args);
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_COALESCE:
    case EXPR_ARRAY:
    case EXPR_ROW:
        return a->list.multidimensional == b->list.multidimensional && expr_list_equal(a->list.args, b->list.args);
    case EXPR_IS_NULL:
    case EXPR_BOOLEAN_TEST:
    case EXPR_FIELD:
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
        return unary_equal(a, b);
    case EXPR_CASE:
        return expr_equal(a->cases.value, b->cases.value) && expr_list_equal(a->cases.tests, b->cases.tests) &&
               expr_list_equal(a->cases.results, b->cases.results) && expr_equal(a->cases.otherwise, b->cases.otherwise);
    case EXPR_MIN_MAX:
        return a->minmax.greatest == b->minmax.greatest && expr_list_equal(a->minmax.args, b->minmax.args);
    case EXPR_ANY_ALL:
    case EXPR_ROW_COMPARE:
        return any_all_equal(a, b);
    case EXPR_SUBSCRIPT:
        return a->subscript.slice == b->subscript.slice && expr_equal(a->subscript.container, b->subscript.container) &&
               expr_list_equal(a->subscript.upper, b->subscript.upper) && expr_list_equal(a->subscript.lower, b->subscript.lower) &&
               expr_equal(a->subscript.assigned, b->subscript.assigned);
    case EXPR_CASE_VALUE:
    case EXPR_DEFAULT:
        return true;
    case EXPR_SQL_VALUE:
        return a->sql_value.which == b->sql_value.which;
    case EXPR_AGG:
        return agg_equal(a, b);
    case EXPR_GROUPING:
        return expr_list_equal(a->grouping.args, b->grouping.args);
    case EXPR_WINDOW:
        return a->window.proc == b->window.proc && a->window.window == b->window.window && a->window.star == b->window.star &&
               expr_list_equal(a->window.args, b->window.args) && expr_equal(a->window.filter, b->window.filter);
    case EXPR_SUBQUERY:
        return subquery_equal(a, b);
    case EXPR_NEXTVAL:
        return a->nextval.sequence == b->nextval.sequence;
    case EXPR_INPUT:
        return a->input.index == b->input.index;
    }
    return false;
}

static bool hash_child(Expr **slot, void *context)
{
    uint64_t *hash = context;

    *hash = *hash * 0x9e3779b97f4a7c15ull + expr_hash(*slot);
    return false;
}

uint64_t expr_hash(const Expr *expr)
{
    uint64_t hash;

    if (expr == NULL)
        return 0;
    hash = ((uint64_t)expr->kind << 32 | expr->type) * 0xff51afd7ed558ccdull;
    switch (expr->kind) {
    case EXPR_COLUMN:
    case EXPR_WHOLE_ROW:
        hash += (uint64_t)(uint32_t)expr->column.relation * 31 + (uint64_t)(uint32_t)expr->column.column * 1009;
        break;
    case EXPR_PARAM:
        hash += (uint64_t)(uint32_t)expr->param.number;
        break;
    case EXPR_CALL:
    case EXPR_SET_CALL:
        hash += expr->call.proc->oid;
        break;
    case EXPR_CONST: {
        const TypeInfo *info = type_by_oid(expr->type);

        if (expr->constant.is_null || info == NULL)
            break;
        if (info->phys == PHYS_BYTES) {
            for (size_t i = 0; i < expr->constant.value.bytes.size; i++)
                hash = (hash ^ expr->constant.value.bytes.data[i]) * 0x100000001b3ull;
        } else if (info->phys == PHYS_INT32 || info->phys == PHYS_INT64) {
            hash += info->phys == PHYS_INT32 ? (uint64_t)(uint32_t)expr->constant.value.int32 : (uint64_t)expr->constant.value.int64;
        }
        break;
    }
    default:
        break;
    }
    expr_each_slot((Expr *)expr, hash_child, &hash);
    return hash ^ hash >> 29;
}
