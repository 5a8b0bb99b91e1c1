/* group.c - GROUP BY: grouped targets, and grouping sets multiplied out. */
#include "executor/analyze/binder.h"

typedef struct Sets { /* sets of positions in the group clause */
    int32_t   count;
    int32_t  *sizes;
    int32_t **sets;
} Sets;

typedef struct Grouping {
    Scope          *scope;
    TargetList     *targets;
    const SortList *order;
    SortList        list;
    bool            has_sets;
} Grouping;

enum { MAX_GROUPING_SETS = 4096 };

static void add_set(Binder *b, Sets *sets, const int32_t *items, int32_t size)
{
    size_t   count = (size_t)sets->count;
    int32_t *own = ARENA_ARRAY(b->arena, (size_t)MAX(size, 1), int32_t);

    if (sets->count >= MAX_GROUPING_SETS)
        raise_error(SQLSTATE_STATEMENT_TOO_COMPLEX, "too many grouping sets present (maximum %d)", MAX_GROUPING_SETS);
    if (size > 0)
        memcpy(own, items, (size_t)size * sizeof *own);
    sets->sizes = arena_grow(b->arena, sets->sizes, count * sizeof(int32_t), (count + 1) * sizeof(int32_t));
    sets->sets = arena_grow(b->arena, sets->sets, count * sizeof(int32_t *), (count + 1) * sizeof(int32_t *));
    sets->sizes[count] = size;
    sets->sets[count] = own;
    sets->count++;
}

/* One set that holds what both hold. */
static void add_union(Binder *b, Sets *sets, const int32_t *x, int32_t x_size, const int32_t *y, int32_t y_size)
{
    int32_t *both = ARENA_ARRAY(b->arena, (size_t)(x_size + y_size + 1), int32_t), size = 0;

    for (int32_t i = 0; i < x_size + y_size; i++) {
        int32_t item = i < x_size ? x[i] : y[i - x_size];
        bool    there = false;

        for (int32_t k = 0; k < size; k++)
            there |= both[k] == item;
        if (!there)
            both[size++] = item;
    }
    add_set(b, sets, both, size);
}

/* The position in the group clause of an expression. */
static int32_t position_of(Grouping *grouping, const Node *node)
{
    Scope   *scope = grouping->scope;
    int32_t  target = find_target_sql92(scope, node, grouping->targets, CLAUSE_GROUP_BY);
    int32_t  before = grouping->list.count;

    for (int32_t i = 0; i < grouping->list.count; i++) {
        if (grouping->list.items[i].target == target)
            return i;
    }
    grouping->list = add_group_clause(scope, target, grouping->targets, grouping->list, node_location(node));
    /* take ORDER BY's direction, so that one sort can serve both */
    for (int32_t i = 0; i < grouping->order->count; i++) {
        if (grouping->order->items[i].target == target)
            grouping->list.items[before] = grouping->order->items[i];
    }
    return before;
}

/* An expression, or (a, b) as one element. */
static int32_t *positions_of(Grouping *grouping, const Node *node, int32_t *size_out)
{
    int32_t *positions;

    if (node->tag == NODE_ROW_EXPR && ((const RowExpr *)node)->row_format == COERCE_IMPLICIT_CAST) {
        const NodeList *args = ((const RowExpr *)node)->args;

        positions = ARENA_ARRAY(grouping->scope->b->arena, (size_t)MAX(list_count(args), 1), int32_t);
        for (int32_t i = 0; i < list_count(args); i++)
            positions[i] = position_of(grouping, list_at(args, i));
        *size_out = list_count(args);
        return positions;
    }
    positions = ARENA_ARRAY(grouping->scope->b->arena, 1, int32_t);
    positions[0] = position_of(grouping, node);
    *size_out = 1;
    return positions;
}

static Sets sets_of(Grouping *grouping, const Node *node);

static Sets rollup_or_cube(Grouping *grouping, const GroupingSet *set)
{
    Binder   *b = grouping->scope->b;
    int32_t   count = list_count(set->content);
    Sets      sets = {0};
    int32_t **items = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), int32_t *), *sizes = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), int32_t);

    for (int32_t i = 0; i < count; i++)
        items[i] = positions_of(grouping, list_at(set->content, i), &sizes[i]);
    if (set->kind == GROUPING_SET_CUBE && count > 12)
        bind_error(SQLSTATE_TOO_MANY_COLUMNS, set->node.location, "CUBE is limited to 12 elements");
    if (set->kind == GROUPING_SET_ROLLUP) {
        for (int32_t keep = count; keep >= 0; keep--) {
            Sets one = {0};

            add_set(b, &one, NULL, 0);
            for (int32_t i = 0; i < keep; i++) {
                Sets next = {0};

                add_union(b, &next, one.sets[0], one.sizes[0], items[i], sizes[i]);
                one = next;
            }
            add_set(b, &sets, one.sets[0], one.sizes[0]);
        }
        return sets;
    }
    for (int32_t mask = (1 << count) - 1; mask >= 0; mask--) {
        Sets one = {0};

        add_set(b, &one, NULL, 0);
        for (int32_t i = 0; i < count; i++) {
            Sets next = {0};

            if (!(mask & (1 << (count - 1 - i))))
                continue;
            add_union(b, &next, one.sets[0], one.sizes[0], items[i], sizes[i]);
            one = next;
        }
        add_set(b, &sets, one.sets[0], one.sizes[0]);
    }
    return sets;
}

static Sets sets_of(Grouping *grouping, const Node *node)
{
    Binder  *b = grouping->scope->b;
    Sets     sets = {0};
    int32_t  size;
    int32_t *positions;

    if (node->tag != NODE_GROUPING_SET) {
        positions = positions_of(grouping, node, &size);
        add_set(b, &sets, positions, size);
        return sets;
    }
    const GroupingSet *set = (const GroupingSet *)node;

    switch (set->kind) {
    case GROUPING_SET_EMPTY:
        add_set(b, &sets, NULL, 0);
        return sets;
    case GROUPING_SET_SETS:
        for (int32_t i = 0; i < list_count(set->content); i++) {
            Sets inner = sets_of(grouping, list_at(set->content, i));

            for (int32_t k = 0; k < inner.count; k++)
                add_set(b, &sets, inner.sets[k], inner.sizes[k]);
        }
        return sets;
    default:
        return rollup_or_cube(grouping, set);
    }
}

static bool same_set(const Sets *sets, int32_t x, int32_t y)
{
    if (sets->sizes[x] != sets->sizes[y])
        return false;
    for (int32_t i = 0; i < sets->sizes[x]; i++) {
        bool there = false;

        for (int32_t k = 0; k < sets->sizes[y]; k++)
            there |= sets->sets[x][i] == sets->sets[y][k];
        if (!there)
            return false;
    }
    return true;
}

void bind_group(Scope *scope, const NodeList *group, TargetList *targets, const SortList *order)
{
    Grouping grouping = {.scope = scope, .targets = targets, .order = order};
    Query   *query = scope->query;
    Sets     all = {0};

    if (group == NULL)
        return;
    add_set(scope->b, &all, NULL, 0);
    for (int32_t i = 0; i < list_count(group); i++) {
        Sets next = sets_of(&grouping, list_at(group, i)), product = {0};

        grouping.has_sets |= list_at(group, i)->tag == NODE_GROUPING_SET;
        for (int32_t x = 0; x < all.count; x++) {
            for (int32_t y = 0; y < next.count; y++)
                add_union(scope->b, &product, all.sets[x], all.sizes[x], next.sets[y], next.sizes[y]);
        }
        all = product;
    }
    query->group = grouping.list.items;
    query->group_count = grouping.list.count;
    if (!grouping.has_sets)
        return;
    if (query->group_distinct) {
        Sets distinct = {0};

        for (int32_t i = 0; i < all.count; i++) {
            bool seen = false;

            for (int32_t k = 0; k < i; k++)
                seen |= same_set(&all, i, k);
            if (!seen)
                add_set(scope->b, &distinct, all.sets[i], all.sizes[i]);
        }
        all = distinct;
    }
    query->grouping_sets = (GroupingSetList){all.count, all.sizes, all.sets};
}
