/* expr_tree.c - making, walking and changing bound expressions: the one place that knows the children of each kind. */
#include "executor/expr_tree.h"

#include "executor/expr_slots.h"

/* ---- making nodes ----------------------------------------------------------------------------------------------------- */

Expr *expr_new(Arena *arena, ExprKind kind, Oid type, int32_t location)
{
    Expr *expr = ARENA_NEW(arena, Expr);

    expr->kind = kind;
    expr->type = type;
    expr->typmod = -1;
    expr->location = location;
    return expr;
}

Expr *expr_const(Arena *arena, Oid type, Datum value)
{
    Expr           *expr = expr_new(arena, EXPR_CONST, type, -1);
    const TypeInfo *info = type_by_oid(type);

    expr->constant.value = value;
    expr->collation = info != NULL ? info->collation : 0;
    return expr;
}

Expr *expr_null(Arena *arena, Oid type, int32_t typmod)
{
    Expr *expr = expr_const(arena, type, (Datum){.int64 = 0});

    expr->constant.is_null = true;
    expr->typmod = typmod;
    return expr;
}

Expr *expr_bool(Arena *arena, bool value)
{
    return expr_const(arena, TYPE_BOOL, (Datum){.boolean = value});
}

Expr *expr_int4(Arena *arena, int32_t value)
{
    return expr_const(arena, TYPE_INT4, (Datum){.int32 = value});
}

Expr *expr_int8(Arena *arena, int64_t value)
{
    return expr_const(arena, TYPE_INT8, (Datum){.int64 = value});
}

Expr *expr_text(Arena *arena, const char *value)
{
    return expr_const(arena, TYPE_TEXT, (Datum){.bytes = slice_from_cstring(arena_strdup(arena, value))});
}

/* Type of a system column. */
static Oid system_column_type(int32_t column)
{
    switch (column) {
    case COLUMN_CTID:
        return TYPE_TID;
    case COLUMN_XMIN:
    case COLUMN_XMAX:
        return TYPE_XID;
    case COLUMN_CMIN:
    case COLUMN_CMAX:
        return TYPE_CID;
    case COLUMN_TABLEOID:
        return TYPE_OID;
    default:
        return TYPE_INT8; /* COLUMN_ROW_ID */
    }
}

Expr *expr_column(Arena *arena, const Query *query, int32_t range, int32_t column)
{
    const RangeEntry *entry = query->ranges[range - 1];
    Expr             *expr = expr_new(arena, EXPR_COLUMN, 0, -1);

    expr->column.relation = range;
    expr->column.column = column;
    if (column > 0) {
        const RangeColumn *info = &entry->columns[column - 1];

        expr->type = info->type;
        expr->typmod = info->typmod;
        expr->collation = info->collation;
    } else if (column == 0) {
        expr->kind = EXPR_WHOLE_ROW;
        expr->type = entry->kind == RANGE_TABLE && entry->table->row_type != 0 ? entry->table->row_type : TYPE_RECORD;
    } else {
        expr->type = system_column_type(column);
    }
    return expr;
}

Expr *expr_operator(Arena *arena, const Operator *op, Expr *left, Expr *right)
{
    Expr *expr = expr_new(arena, EXPR_CALL, op->result, -1);

    expr->call.op = op;
    expr->call.proc = proc_by_oid(op->function);
    if (left != NULL)
        expr->call.args = expr_list_append(arena, expr->call.args, left);
    expr->call.args = expr_list_append(arena, expr->call.args, right);
    return expr;
}

ExprList expr_list(Arena *arena, int32_t count)
{
    size_t room = 1;

    while (room < (size_t)count)
        room *= 2; /* what expr_list_append() expects */
    return (ExprList){count, ARENA_ARRAY_ZEROED(arena, room, Expr *)};
}

ExprList expr_list_append(Arena *arena, ExprList list, Expr *item)
{
    size_t count = (size_t)list.count;

    /* room doubles: it is there when the count is not a power of two */
    if ((count & (count - 1)) == 0)
        list.items = arena_grow(arena, list.items, count * sizeof(Expr *), MAX(count * 2, 1) * sizeof(Expr *));
    list.items[list.count++] = item;
    return list;
}

static Expr *make_bool(Arena *arena, ExprKind kind, Expr *left, Expr *right)
{
    Expr *expr;

    if (left == NULL || right == NULL)
        return left != NULL ? left : right;
    expr = expr_new(arena, kind, TYPE_BOOL, left->location);
    for (int side = 0; side < 2; side++) {
        Expr *part = side == 0 ? left : right;

        if (part->kind != kind) {
            expr->list.args = expr_list_append(arena, expr->list.args, part);
            continue;
        }
        for (int32_t i = 0; i < part->list.args.count; i++)
            expr->list.args = expr_list_append(arena, expr->list.args, part->list.args.items[i]);
    }
    return expr;
}

Expr *expr_and(Arena *arena, Expr *left, Expr *right)
{
    return make_bool(arena, EXPR_AND, left, right);
}

Expr *expr_or(Arena *arena, Expr *left, Expr *right)
{
    return make_bool(arena, EXPR_OR, left, right);
}

Expr *expr_not(Arena *arena, Expr *arg)
{
    Expr *expr = expr_new(arena, EXPR_NOT, TYPE_BOOL, arg->location);

    expr->list.args = expr_list_append(arena, expr->list.args, arg);
    return expr;
}

/* ---- children --------------------------------------------------------------------------------------------------------- */

static bool each_in_list(ExprList *list, ExprSlotVisit visit, void *context)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (list->items[i] != NULL && visit(&list->items[i], context))
            return true;
    }
    return false;
}

static bool one(Expr **slot, ExprSlotVisit visit, void *context)
{
    return *slot != NULL && visit(slot, context);
}

bool expr_each_slot(Expr *expr, ExprSlotVisit visit, void *context)
{
    switch (expr->kind) {
    case EXPR_CONST:
    case EXPR_COLUMN:
    case EXPR_PARAM:
    case EXPR_CASE_VALUE:
    case EXPR_SQL_VALUE:
    case EXPR_DEFAULT:
    case EXPR_WHOLE_ROW:
    case EXPR_NEXTVAL:
    case EXPR_INPUT:
        return false;
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_SET_CALL:
        return each_in_list(&expr->call.args, visit, context);
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_COALESCE:
    case EXPR_ARRAY:
    case EXPR_ROW:
        return each_in_list(&expr->list.args, visit, context);
    case EXPR_IS_NULL:
    case EXPR_BOOLEAN_TEST:
    case EXPR_FIELD:
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
        return one(&expr->unary.arg, visit, context) || one(&expr->unary.element, visit, context);
    case EXPR_CASE:
        return one(&expr->cases.value, visit, context) || each_in_list(&expr->cases.tests, visit, context) ||
               each_in_list(&expr->cases.results, visit, context) || one(&expr->cases.otherwise, visit, context);
    case EXPR_MIN_MAX:
        return each_in_list(&expr->minmax.args, visit, context);
    case EXPR_ANY_ALL:
    case EXPR_ROW_COMPARE:
        return one(&expr->any_all.left, visit, context) || one(&expr->any_all.right, visit, context) ||
               each_in_list(&expr->any_all.lefts, visit, context) || each_in_list(&expr->any_all.rights, visit, context);
    case EXPR_SUBSCRIPT:
        return one(&expr->subscript.container, visit, context) || each_in_list(&expr->subscript.upper, visit, context) ||
               each_in_list(&expr->subscript.lower, visit, context) || one(&expr->subscript.assigned, visit, context);
    case EXPR_AGG:
        return each_in_list(&expr->agg.direct_args, visit, context) || each_in_list(&expr->agg.args, visit, context) ||
               one(&expr->agg.filter, visit, context);
    case EXPR_GROUPING:
        return each_in_list(&expr->grouping.args, visit, context);
    case EXPR_WINDOW:
        return each_in_list(&expr->window.args, visit, context) || one(&expr->window.filter, visit, context);
    case EXPR_SUBQUERY:
        return each_in_list(&expr->subquery.lefts, visit, context) || one(&expr->subquery.test, visit, context);
    }
    return false;
}

typedef struct Walk {
    ExprVisit visit;
    void     *context;
} Walk;

static bool visit_slot(Expr **slot, void *context)
{
    const Walk *walk = context;

    return walk->visit(*slot, walk->context);
}

bool expr_walk(const Expr *expr, ExprVisit visit, void *context)
{
    Walk walk = {visit, context};

    return expr_each_slot((Expr *)expr, visit_slot, &walk);
}

static void own_list(Arena *arena, ExprList *list)
{
    ExprList own;

    if (list->count == 0)
        return;
    own = expr_list(arena, list->count);
    memcpy(own.items, list->items, (size_t)list->count * sizeof *own.items);
    *list = own;
}

Expr *expr_shallow_copy(Arena *arena, const Expr *expr)
{
    Expr *copy = arena_alloc(arena, sizeof *copy);

    *copy = *expr;
    switch (expr->kind) {
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_SET_CALL:
        own_list(arena, &copy->call.args);
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_COALESCE:
    case EXPR_ARRAY:
    case EXPR_ROW:
        own_list(arena, &copy->list.args);
        break;
    case EXPR_CASE:
        own_list(arena, &copy->cases.tests);
        own_list(arena, &copy->cases.results);
        break;
    case EXPR_MIN_MAX:
        own_list(arena, &copy->minmax.args);
        break;
    case EXPR_ANY_ALL:
    case EXPR_ROW_COMPARE:
        own_list(arena, &copy->any_all.lefts);
        own_list(arena, &copy->any_all.rights);
        break;
    case EXPR_SUBSCRIPT:
        own_list(arena, &copy->subscript.upper);
        own_list(arena, &copy->subscript.lower);
        break;
    case EXPR_AGG:
        own_list(arena, &copy->agg.args);
        own_list(arena, &copy->agg.direct_args);
        break;
    case EXPR_GROUPING:
        own_list(arena, &copy->grouping.args);
        break;
    case EXPR_WINDOW:
        own_list(arena, &copy->window.args);
        break;
    case EXPR_SUBQUERY:
        own_list(arena, &copy->subquery.lefts);
        break;
    default:
        break;
    }
    return copy;
}

typedef struct Mutation {
    ExprChange change;
    void      *context;
    bool       changed;
} Mutation;

static bool change_slot(Expr **slot, void *context)
{
    Mutation *mutation = context;
    Expr     *changed = mutation->change(*slot, mutation->context);

    mutation->changed |= changed != *slot;
    *slot = changed;
    return false;
}

static bool has_child(Expr **slot, void *context)
{
    (void)slot;
    (void)context;
    return true;
}

Expr *expr_mutate(Arena *arena, Expr *expr, ExprChange change, void *context)
{
    Mutation mutation = {.change = change, .context = context};
    Expr    *copy;

    if (!expr_each_slot(expr, has_child, NULL))
        return expr;
    copy = expr_shallow_copy(arena, expr);
    expr_each_slot(copy, change_slot, &mutation);
    return mutation.changed ? copy : expr;
}

static bool copy_slot(Expr **slot, void *context)
{
    *slot = expr_copy(context, *slot);
    return false;
}

Expr *expr_copy(Arena *arena, const Expr *expr)
{
    Expr *copy;

    if (expr == NULL)
        return NULL;
    copy = expr_shallow_copy(arena, expr);
    expr_each_slot(copy, copy_slot, arena);
    if (copy->kind == EXPR_SUBQUERY)
        copy->subquery.query = query_copy(arena, copy->subquery.query);
    return copy;
}

/* ---- questions ---------------------------------------------------------------------------------------------------------- */

typedef struct KindSearch {
    ExprKind kind;
} KindSearch;

static bool is_kind(Expr *expr, void *context)
{
    const KindSearch *search = context;

    return expr->kind == search->kind || expr_walk(expr, is_kind, context);
}

bool expr_contains(const Expr *expr, ExprKind kind)
{
    KindSearch search = {kind};

    return expr != NULL && is_kind((Expr *)expr, &search);
}

/* Is anything at least this volatile? Works through subqueries. */
static bool volatile_expr(Expr *expr, void *context);

static bool volatile_query(Query *query, void *context)
{
    return query->command != QUERY_SELECT || query_walk(query, volatile_expr, context) ||
           query_walk_subqueries(query, volatile_query, context);
}

static bool proc_is_volatile(const Proc *proc, const void *context)
{
    const Volatility *limit = context;

    if (proc == NULL)
        return false;
    return proc->volatility == VOLATILE || (*limit == STABLE && proc->volatility == STABLE);
}

static bool volatile_expr(Expr *expr, void *context)
{
    const Volatility *limit = context;

    switch (expr->kind) {
    case EXPR_NEXTVAL:
        return true;
    case EXPR_SQL_VALUE:
        if (*limit == STABLE)
            return true;
        break;
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_SET_CALL:
        if (proc_is_volatile(expr->call.proc, limit))
            return true;
        break;
    case EXPR_ANY_ALL:
        if (proc_is_volatile(expr->any_all.proc, limit))
            return true;
        break;
    case EXPR_AGG:
        if (proc_is_volatile(expr->agg.proc, limit))
            return true;
        break;
    case EXPR_WINDOW:
        if (proc_is_volatile(expr->window.proc, limit))
            return true;
        break;
    case EXPR_COERCE_IO: {
        const TypeInfo *to = type_by_oid(expr->type);
        const TypeInfo *from = type_by_oid(expr->unary.arg->type);

        /* the text form of a date or a regclass depends on settings and the catalog: its functions say so */
        if (*limit == STABLE && ((to != NULL && proc_is_volatile(proc_by_oid(to->input_proc), limit)) ||
                                 (from != NULL && proc_is_volatile(proc_by_oid(from->output_proc), limit))))
            return true;
        break;
    }
    case EXPR_SUBQUERY:
        if (volatile_query(expr->subquery.query, context))
            return true;
        break;
    default:
        break;
    }
    return expr_walk(expr, volatile_expr, context);
}

bool expr_is_volatile(const Expr *expr)
{
    Volatility limit = VOLATILE;

    return expr != NULL && volatile_expr((Expr *)expr, &limit);
}

bool expr_is_stable_or_immutable(const Expr *expr)
{
    return !expr_is_volatile(expr);
}

bool expr_is_immutable(const Expr *expr)
{
    Volatility limit = STABLE;

    return expr == NULL || !volatile_expr((Expr *)expr, &limit);
}

static bool has_column_at(Expr *expr, void *context);

static bool query_has_column_at(Query *query, void *context)
{
    int32_t deeper = *(const int32_t *)context + 1;

    return query_walk(query, has_column_at, &deeper) || query_walk_subqueries(query, query_has_column_at, &deeper);
}

static bool has_column_at(Expr *expr, void *context)
{
    if (expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW)
        return expr->column.levels_up == *(const int32_t *)context;
    if (expr->kind == EXPR_SUBQUERY && query_has_column_at(expr->subquery.query, context))
        return true;
    return expr_walk(expr, has_column_at, context);
}

bool expr_has_columns(const Expr *expr, int32_t levels_up)
{
    return expr != NULL && has_column_at((Expr *)expr, &levels_up);
}
