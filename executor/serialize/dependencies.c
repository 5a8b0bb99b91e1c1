/* dependencies.c - which objects a bound tree rests on. */
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

typedef struct Level Level;
struct Level {
    const Level *outer;
    const Query *query; /* NULL: outside any query, where range entry 1 is the relation itself */
};

typedef struct Gather {
    Arena       *arena;
    const Level *level;
    Oid          self;
    int32_t      count;
    Dependency  *items;
} Gather;

static void add(Gather *gather, DescKind kind, Oid oid, int32_t sub)
{
    size_t count = (size_t)gather->count;

    if (oid < OID_FIRST_USER)
        return;
    for (size_t i = 0; i < count; i++) {
        if (gather->items[i].kind == kind && gather->items[i].oid == oid && gather->items[i].sub == sub)
            return;
    }
    if ((count & (count - 1)) == 0)
        gather->items = arena_grow(gather->arena, gather->items, count * sizeof(Dependency), MAX(count * 2, 1) * sizeof(Dependency));
    gather->items[gather->count++] = (Dependency){.kind = kind, .oid = oid, .sub = sub, .type = 'n'};
}

static void add_column(Gather *gather, const Expr *column)
{
    const Level      *level = gather->level;
    const RangeEntry *entry;

    for (int32_t up = column->column.levels_up; up > 0 && level != NULL; up--)
        level = level->outer;
    if (level == NULL || level->query == NULL) {
        if (gather->self != 0)
            add(gather, DESC_RELATION, gather->self, MAX(column->column.column, 0));
        return;
    }
    entry = level->query->ranges[column->column.relation - 1];
    if (entry->table != NULL)
        add(gather, DESC_RELATION, entry->table->head.oid, MAX(column->column.column, 0));
}

static bool gather_query(Query *query, void *context);

static bool gather_expr(Expr *expr, void *context)
{
    Gather *gather = context;

    switch (expr->kind) {
    case EXPR_COLUMN:
    case EXPR_WHOLE_ROW:
        add_column(gather, expr);
        break;
    case EXPR_CALL:
    case EXPR_SET_CALL:
        add(gather, DESC_FUNCTION, expr->call.proc->oid, 0);
        break;
    case EXPR_CONST:
        /* 'sequence'::regclass names a relation by its oid */
        if (expr->type == TYPE_REGCLASS && !expr->constant.is_null)
            add(gather, DESC_RELATION, expr->constant.value.oid, 0);
        break;
    case EXPR_NEXTVAL:
        add(gather, DESC_RELATION, expr->nextval.sequence, 0);
        break;
    case EXPR_SUBQUERY:
        gather_query(expr->subquery.query, gather);
        break;
    default:
        break;
    }
    add(gather, DESC_TYPE, expr->type, 0);
    return expr_walk(expr, gather_expr, context);
}

static bool gather_query(Query *query, void *context)
{
    Gather *gather = context;
    Level   level = {.outer = gather->level, .query = query};

    gather->level = &level;
    for (int32_t i = 0; i < query->range_count; i++) {
        const RangeEntry *entry = query->ranges[i];

        if (entry->table != NULL)
            add(gather, DESC_RELATION, entry->table->head.oid, 0);
        if (entry->kind == RANGE_SUBQUERY && !entry->from_view)
            gather_query(entry->subquery, gather); /* of a view only itself: what it rests on is its own affair */
    }
    for (int32_t i = 0; i < query->cte_count; i++)
        gather_query(query->ctes[i]->query, gather);
    query_walk(query, gather_expr, gather);
    gather->level = level.outer;
    return false;
}

const Dependency *serialize_dependencies_of_expr(Arena *arena, const Expr *expr, Oid self, int32_t *count_out)
{
    Level  outside = {0};
    Gather gather = {.arena = arena, .self = self, .level = &outside};

    if (expr != NULL)
        gather_expr((Expr *)expr, &gather);
    *count_out = gather.count;
    return gather.items;
}

const Dependency *serialize_dependencies_of_query(Arena *arena, const Query *query, int32_t *count_out)
{
    Gather gather = {.arena = arena};

    gather_query((Query *)query, &gather);
    *count_out = gather.count;
    return gather.items;
}
