/*
 * join_tree.c - FROM and WHERE taken apart: relations, conditions with what they need, outer joins, equivalence classes.
 *
 * Inner joins leave nothing behind but their conditions, so that any order may be searched. Each other join becomes a SpecialJoin with the
 * least it must have on either side; the rules for these sets, for conditions delayed by outer joins and for legal orders are those
 * of PostgreSQL's planner (its source calls them initsplan and joinrels).
 */
#include "executor/plan/plan_internal.h"

/* ---- which relations an expression speaks of ------------------------------------------------------------------------------------------- */

typedef struct RelsOf {
    const Level *level;
    RelSet       set;
    int32_t      depth;
} RelsOf;

static bool add_rels(Expr *expr, void *context);

static bool add_rels_below(Query *query, void *context)
{
    RelsOf *rels = context;

    rels->depth++;
    query_walk(query, add_rels, rels);
    query_walk_subqueries(query, add_rels_below, rels);
    rels->depth--;
    return false;
}

static bool add_rels(Expr *expr, void *context)
{
    RelsOf *rels = context;

    if (expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) {
        int32_t range = expr->column.relation;

        if (expr->column.levels_up == rels->depth && range > 0 && range <= rels->level->query->range_count && rels->level->rel_of_range[range - 1] >= 0)
            rels->set |= REL_BIT(rels->level->rel_of_range[range - 1]);
        return false;
    }
    if (expr->kind == EXPR_SUBQUERY)
        add_rels_below(expr->subquery.query, rels);
    return expr_walk(expr, add_rels, rels);
}

RelSet level_rels_of(const Level *level, const Expr *expr)
{
    RelsOf rels = {level, 0, 0};

    add_rels((Expr *)expr, &rels);
    return rels.set;
}

/* ---- conditions ----------------------------------------------------------------------------------------------------------------------------- */

static const Operator *equality_of(const Expr *expr)
{
    const Operator *op = expr->kind == EXPR_CALL ? expr->call.op : NULL;

    return op != NULL && op->kind == 'b' && expr->call.args.count == 2 && op->hashes && strcmp(op->name, "=") == 0 ? op : NULL;
}

Qual *qual_new(Level *level, Expr *expr)
{
    Qual           *qual = ARENA_NEW(level->arena, Qual);
    const Operator *op = equality_of(expr);

    qual->expr = expr;
    qual->rels = level_rels_of(level, expr);
    qual->required = qual->rels;
    qual->pushed_down = true;
    qual->join = -1;
    qual->selectivity = -1;
    if (op == NULL || expr_is_volatile(expr))
        return qual;
    qual->op = op;
    qual->left = expr->call.args.items[0];
    qual->right = expr->call.args.items[1];
    qual->left_rels = level_rels_of(level, qual->left);
    qual->right_rels = level_rels_of(level, qual->right);
    qual->is_equality = qual->left_rels != 0 && qual->right_rels != 0 && !rels_overlap(qual->left_rels, qual->right_rels) &&
                        !expr_contains(expr, EXPR_SUBQUERY);
    return qual;
}

/* ---- equivalence classes ----------------------------------------------------------------------------------------------------------------------- */

EquivClass *class_of(Level *level, const Expr *expr)
{
    for (int32_t i = 0; i < level->class_count; i++) {
        EquivClass *class = level->classes[i];

        for (int32_t k = 0; !class->gone && k < class->count; k++) {
            if (class->members[k]->type == expr->type && expr_equal(class->members[k], expr))
                return class;
        }
    }
    return NULL;
}

static EquivClass *class_new(Level *level, const Operator *op)
{
    EquivClass *class = ARENA_NEW(level->arena, EquivClass);

    class->op = op;
    if (level->class_count == level->class_capacity) {
        int32_t wider = level->class_capacity == 0 ? 4 : level->class_capacity * 2;

        level->classes = arena_grow(level->arena, level->classes, sizeof *level->classes * (size_t)level->class_capacity, sizeof *level->classes * (size_t)wider);
        level->class_capacity = wider;
    }
    level->classes[level->class_count++] = class;
    return class;
}

static void class_add(Level *level, EquivClass *class, Expr *member, RelSet rels)
{
    if (class->count == class->capacity) {
        int32_t wider = class->capacity == 0 ? 4 : class->capacity * 2;

        class->members = arena_grow(level->arena, class->members, sizeof *class->members * (size_t)class->capacity, sizeof *class->members * (size_t)wider);
        class->rels = arena_grow(level->arena, class->rels, sizeof *class->rels * (size_t)class->capacity, sizeof *class->rels * (size_t)wider);
        class->capacity = wider;
    }
    class->members[class->count] = member;
    class->rels[class->count++] = rels;
}

static bool is_value(const Level *level, const Expr *expr)
{
    return level_rels_of(level, expr) == 0 && !expr_is_volatile(expr) && !expr_contains(expr, EXPR_SUBQUERY);
}

/* Puts an equality of two sides into a class; false when it must stay a condition of its own. */
static bool class_take(Level *level, Qual *qual)
{
    const Operator *op = qual->op;
    EquivClass     *left;
    EquivClass     *right;
    bool            left_value;
    bool            right_value;

    if (op == NULL || op->left != op->right || qual->left->type != qual->right->type || qual->required != qual->rels || !qual->pushed_down)
        return false;
    left_value = qual->left_rels == 0;
    right_value = qual->right_rels == 0;
    if ((left_value && right_value) || (left_value && !is_value(level, qual->left)) || (right_value && !is_value(level, qual->right)))
        return false;
    if ((!left_value && rels_count(qual->left_rels) != 1) || (!right_value && rels_count(qual->right_rels) != 1) || expr_equal(qual->left, qual->right))
        return false;
    if (expr_contains(qual->expr, EXPR_SUBQUERY))
        return false;
    left = left_value ? NULL : class_of(level, qual->left);
    right = right_value ? NULL : class_of(level, qual->right);
    if ((left != NULL && left->op != op) || (right != NULL && right->op != op))
        return false;
    if (left_value || right_value) {
        EquivClass *class = left_value ? right : left;
        Expr       *member = left_value ? qual->right : qual->left;
        Expr       *value = left_value ? qual->left : qual->right;

        if (class == NULL) {
            class = class_new(level, op);
            class_add(level, class, member, left_value ? qual->right_rels : qual->left_rels);
        }
        if (class->constant != NULL)
            return expr_equal(class->constant, value);
        class->constant = value;
        return true;
    }
    if (left == NULL && right == NULL) {
        left = class_new(level, op);
        class_add(level, left, qual->left, qual->left_rels);
        class_add(level, left, qual->right, qual->right_rels);
    } else if (left == NULL) {
        class_add(level, right, qual->left, qual->left_rels);
    } else if (right == NULL) {
        class_add(level, left, qual->right, qual->right_rels);
    } else if (left != right) {
        if (left->constant != NULL && right->constant != NULL)
            return false;
        for (int32_t i = 0; i < right->count; i++)
            class_add(level, left, right->members[i], right->rels[i]);
        if (left->constant == NULL)
            left->constant = right->constant;
        right->gone = true;
    }
    return true;
}

static Qual *class_equality(Level *level, EquivClass *class, Expr *left, Expr *right)
{
    Qual *qual = qual_new(level, expr_operator(level->arena, class->op, left, right));

    qual->derived_from = class;
    return qual;
}

Qual *class_join_qual(Level *level, EquivClass *class, RelSet left, RelSet right)
{
    Expr *a = NULL;
    Expr *b = NULL;

    if (class->gone || class->constant != NULL)
        return NULL;
    for (int32_t i = 0; i < class->count; i++) {
        if (a == NULL && rels_subset(class->rels[i], left))
            a = class->members[i];
        if (b == NULL && rels_subset(class->rels[i], right))
            b = class->members[i];
    }
    return a == NULL || b == NULL ? NULL : class_equality(level, class, a, b);
}

/* What classes say of single relations: equal to the constant, or members of one relation to each other. */
static void class_restrictions(Level *level)
{
    for (int32_t i = 0; i < level->class_count; i++) {
        EquivClass *class = level->classes[i];

        for (int32_t k = 0; !class->gone && k < class->count; k++) {
            int32_t number = __builtin_ctzll((uint64_t)class->rels[k] != 0 ? (uint64_t)class->rels[k] : (uint64_t)(class->rels[k] >> 64)) +
                             ((uint64_t)class->rels[k] != 0 ? 0 : 64);

            if (class->constant != NULL) {
                quals_push(level->arena, &level->rels[number]->quals, class_equality(level, class, class->members[k], class->constant));
                continue;
            }
            for (int32_t m = k + 1; m < class->count; m++) {
                if (class->rels[m] == class->rels[k]) {
                    quals_push(level->arena, &level->rels[number]->quals, class_equality(level, class, class->members[k], class->members[m]));
                    break;
                }
            }
        }
    }
}

/* The class of a sort key, if it holds above every join: one below an outer join says nothing of its rows of NULLs. */
static EquivClass *class_above(Level *level, const Expr *expr)
{
    EquivClass *class = class_of(level, expr);

    for (int32_t i = 0; class != NULL && i < class->count; i++) {
        if (rels_overlap(class->rels[i], level->nullable))
            return NULL;
    }
    return class;
}

bool same_sort_key(Level *level, const SortKey *a, const SortKey *b)
{
    EquivClass *class;

    if (a->descending != b->descending || a->nulls_first != b->nulls_first)
        return false;
    if (expr_equal(a->expr, b->expr))
        return true;
    class = class_above(level, a->expr);
    return class != NULL && class == class_above(level, b->expr);
}

static bool is_fixed(Level *level, const SortKey *key)
{
    EquivClass *class;

    if (key->expr->kind == EXPR_CONST || key->expr->kind == EXPR_PARAM)
        return true;
    class = class_above(level, key->expr);
    return class != NULL && class->constant != NULL;
}

bool order_contains(Level *level, const SortOrder *order, const SortOrder *wanted)
{
    int32_t at = 0;

    for (int32_t i = 0; i < wanted->count; i++) {
        bool seen = is_fixed(level, &wanted->keys[i]);

        for (int32_t k = 0; !seen && k < i; k++)
            seen = expr_equal(wanted->keys[k].expr, wanted->keys[i].expr);
        if (seen)
            continue;
        while (at < order->count && !same_sort_key(level, &order->keys[at], &wanted->keys[i]) && is_fixed(level, &order->keys[at]))
            at++;
        if (at == order->count || !same_sort_key(level, &order->keys[at], &wanted->keys[i]))
            return false;
        at++;
    }
    return true;
}

/* ---- taking the tree apart ------------------------------------------------------------------------------------------------------------------ */

static int32_t base_new(Level *level, int32_t range)
{
    BaseRel  *rel = ARENA_NEW(level->arena, BaseRel);
    BaseRel **wider = ARENA_ARRAY(level->arena, (size_t)level->rel_count + 1, BaseRel *);

    if (level->rel_count == MAX_RELATIONS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "too many relations in FROM");
    plan_copy(wider, level->rels, sizeof *wider * (size_t)level->rel_count);
    rel->number = level->rel_count;
    rel->range = range;
    rel->entry = level->query->ranges[range - 1];
    rel->self = REL_BIT(rel->number);
    wider[level->rel_count++] = rel;
    level->rels = wider;
    level->rel_of_range[range - 1] = rel->number;
    level->all_rels |= rel->self;
    return rel->number;
}

static void number_leaves(Level *level, JoinTree *tree)
{
    if (tree->range > 0) {
        base_new(level, tree->range);
        return;
    }
    number_leaves(level, tree->left);
    number_leaves(level, tree->right);
}

static RelSet tree_rels(const Level *level, const JoinTree *tree)
{
    if (tree->range > 0)
        return REL_BIT(level->rel_of_range[tree->range - 1]);
    return tree_rels(level, tree->left) | tree_rels(level, tree->right);
}

/*
 * Outer joins whose NULL rows a condition above would throw away are weaker joins: LEFT becomes INNER, FULL becomes LEFT ...
 * strict: relations that must not be a row of NULLs here.
 */
static void reduce_outer_joins(Level *level, JoinTree *tree, RelSet strict)
{
    RelSet left;
    RelSet right;
    RelSet own;
    RelSet to_left = strict;
    RelSet to_right = strict;

    if (tree->range > 0)
        return;
    left = tree_rels(level, tree->left);
    right = tree_rels(level, tree->right);
    if (tree->type == JOIN_FULL) {
        if (rels_overlap(strict, left) && rels_overlap(strict, right))
            tree->type = JOIN_INNER;
        else if (rels_overlap(strict, left))
            tree->type = JOIN_LEFT;
        else if (rels_overlap(strict, right))
            tree->type = JOIN_RIGHT;
    } else if ((tree->type == JOIN_LEFT && rels_overlap(strict, right)) || (tree->type == JOIN_RIGHT && rels_overlap(strict, left))) {
        tree->type = JOIN_INNER;
    }
    if (tree->type == JOIN_RIGHT) { /* from here on there are only left ones */
        JoinTree *swap = tree->left;

        tree->left = tree->right;
        tree->right = swap;
        tree->type = JOIN_LEFT;
    }
    own = prep_nonnullable(level, tree->condition);
    switch (tree->type) {
    case JOIN_INNER:
    case JOIN_SEMI:
        to_left |= own;
        to_right |= own;
        break;
    case JOIN_LEFT:
    case JOIN_ANTI: /* the condition says nothing of rows that the left side keeps anyway */
        to_right = own;
        break;
    default:
        to_left = to_right = 0;
        break;
    }
    reduce_outer_joins(level, tree->left, to_left);
    reduce_outer_joins(level, tree->right, to_right);
}

static void join_new(Level *level, SpecialJoin *join)
{
    if (level->join_count == level->join_capacity) {
        int32_t wider = level->join_capacity == 0 ? 4 : level->join_capacity * 2;

        level->joins = arena_grow(level->arena, level->joins, sizeof *level->joins * (size_t)level->join_capacity, sizeof *level->joins * (size_t)wider);
        level->join_capacity = wider;
    }
    level->joins[level->join_count++] = join;
}

/* A condition over the nullable side of a lower outer join is evaluated above that join. */
static RelSet delayed(const Level *level, RelSet rels)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (int32_t i = 0; i < level->join_count; i++) {
            const SpecialJoin *join = level->joins[i];
            bool               touches = (join->type == JOIN_LEFT && rels_overlap(rels, join->min_right)) ||
                           (join->type == JOIN_FULL && (rels_overlap(rels, join->min_right) || rels_overlap(rels, join->min_left)));

            if (touches && !rels_subset(join->min_left | join->min_right, rels)) {
                rels |= join->min_left | join->min_right;
                changed = true;
            }
        }
    }
    return rels;
}

static void add_qual(Level *level, Qual *qual)
{
    if (class_take(level, qual))
        return;
    if (rels_count(qual->required) == 1) {
        for (int32_t i = 0; i < level->rel_count; i++) {
            if (level->rels[i]->self == qual->required) {
                quals_push(level->arena, &level->rels[i]->quals, qual);
                return;
            }
        }
    }
    quals_push(level->arena, &level->quals, qual);
}

/* Conditions of WHERE and of inner joins. scope: what stands below them, for conditions without columns. */
static void distribute(Level *level, Expr *condition, RelSet scope)
{
    ExprVec parts = {0};

    prep_conjuncts(level->arena, condition, &parts);
    for (int32_t i = 0; i < parts.count; i++) {
        Qual *qual = qual_new(level, parts.items[i]);

        if (qual->rels == 0 && qual->expr->kind == EXPR_CONST) {
            if (scope == level->all_rels && level->join_count == 0) {
                level->never = true;
                continue;
            }
        }
        qual->required = delayed(level, qual->rels);
        if (qual->rels == 0)
            qual->required = expr_is_volatile(qual->expr) || level->join_count > 0 ? scope : 0;
        add_qual(level, qual);
    }
}

/* The least that must be on each side of an outer join: PostgreSQL's make_outerjoininfo(). */
static void set_minimum(Level *level, SpecialJoin *join, Expr *condition, RelSet inner_join_rels)
{
    RelSet clause = condition == NULL ? 0 : level_rels_of(level, condition);
    RelSet strict = prep_nonnullable(level, condition);

    join->lhs_strict = rels_overlap(strict, join->syn_left);
    if (join->type == JOIN_FULL) {
        join->min_left = join->syn_left;
        join->min_right = join->syn_right;
        join->lhs_strict = false;
        return;
    }
    join->min_left = clause & join->syn_left;
    join->min_right = (clause | inner_join_rels) & join->syn_right;
    for (int32_t i = 0; i < level->join_count; i++) {
        const SpecialJoin *other = level->joins[i];

        if (other->type == JOIN_FULL) {
            if (rels_overlap(join->syn_left, other->syn_left | other->syn_right))
                join->min_left |= other->syn_left | other->syn_right;
            if (rels_overlap(join->syn_right, other->syn_left | other->syn_right))
                join->min_right |= other->syn_left | other->syn_right;
            continue;
        }
        if (rels_overlap(join->syn_left, other->syn_right) && rels_overlap(clause, other->syn_right) &&
            (join->type == JOIN_SEMI || join->type == JOIN_ANTI || !rels_overlap(strict, other->min_right)))
            join->min_left |= other->syn_left | other->syn_right;
        if (rels_overlap(join->syn_right, other->syn_right) &&
            (rels_overlap(clause, other->syn_right) || !rels_overlap(clause, other->min_left) || join->type == JOIN_SEMI || join->type == JOIN_ANTI ||
             other->type == JOIN_SEMI || other->type == JOIN_ANTI || !other->lhs_strict))
            join->min_right |= other->syn_left | other->syn_right;
    }
    if (join->min_left == 0)
        join->min_left = join->syn_left;
    if (join->min_right == 0)
        join->min_right = join->syn_right;
}

/* Conditions of an outer join: those on the nullable side alone go down there, the others are tested as it joins. */
static void distribute_outer(Level *level, SpecialJoin *join, int32_t index, Expr *condition)
{
    ExprVec parts = {0};
    RelSet  scope = join->min_left | join->min_right;

    prep_conjuncts(level->arena, condition, &parts);
    for (int32_t i = 0; i < parts.count; i++) {
        Qual *qual = qual_new(level, parts.items[i]);
        bool  right_only = qual->rels != 0 && rels_subset(qual->rels, join->syn_right) && !expr_is_volatile(qual->expr);

        if (right_only && !join->null_aware && join->type != JOIN_FULL) {
            qual->required = delayed(level, qual->rels);
            if (rels_subset(qual->required, join->syn_right)) {
                add_qual(level, qual);
                continue;
            }
        }
        qual->pushed_down = false;
        qual->join = index;
        qual->required = scope | qual->rels;
        quals_push(level->arena, &join->quals, qual);
    }
}

/* Returns the relations below; *inner_out those joined by inner joins alone. */
static RelSet split(Level *level, JoinTree *tree, RelSet *inner_out)
{
    SpecialJoin *join;
    RelSet       left_inner = 0;
    RelSet       right_inner = 0;
    RelSet       left;
    RelSet       right;

    if (tree->range > 0) {
        *inner_out = 0;
        return REL_BIT(level->rel_of_range[tree->range - 1]);
    }
    left = split(level, tree->left, &left_inner);
    right = split(level, tree->right, &right_inner);
    if (tree->type == JOIN_INNER) {
        distribute(level, tree->condition, left | right);
        *inner_out = left | right;
        return left | right;
    }
    join = ARENA_NEW(level->arena, SpecialJoin);
    join->type = tree->type;
    join->syn_left = left;
    join->syn_right = right;
    join->null_aware = tree->join_range == -1;
    set_minimum(level, join, tree->condition, left_inner | right_inner);
    if (join->type == JOIN_LEFT || join->type == JOIN_FULL)
        level->nullable |= join->type == JOIN_FULL ? left | right : right;
    distribute_outer(level, join, level->join_count, tree->condition);
    join_new(level, join);
    *inner_out = left_inner | right_inner;
    return left | right;
}

/* What the source of a relation refers to among its neighbours. */
static bool lateral_below(Query *query, void *context)
{
    RelsOf *rels = context;

    return add_rels_below(query, rels);
}

static void set_lateral(Level *level, BaseRel *rel)
{
    RelsOf      rels = {level, 0, 0};
    RangeEntry *entry = rel->entry;

    if (entry->kind == RANGE_SUBQUERY && entry->subquery != NULL)
        lateral_below(entry->subquery, &rels);
    for (int32_t i = 0; entry->kind == RANGE_FUNCTION && i < entry->function_count; i++)
        rels.set |= level_rels_of(level, entry->functions[i]);
    for (int32_t i = 0; entry->kind == RANGE_VALUES && i < entry->values_count; i++) {
        for (int32_t k = 0; k < entry->values[i].count; k++)
            rels.set |= level_rels_of(level, entry->values[i].items[k]);
    }
    rel->lateral = rels.set & ~rel->self;
}

void join_tree_split(Level *level)
{
    Query *query = level->query;
    RelSet inner = 0;
    RelSet strict;

    level->rel_of_range = ARENA_ARRAY(level->arena, (size_t)query->range_count + 1, int32_t);
    for (int32_t i = 0; i < query->range_count; i++)
        level->rel_of_range[i] = -1;
    for (int32_t i = 0; i < query->from_count; i++)
        number_leaves(level, query->from[i]);
    strict = query->where == NULL ? 0 : prep_nonnullable(level, query->where);
    for (int32_t i = 0; i < query->from_count; i++) {
        reduce_outer_joins(level, query->from[i], strict);
        split(level, query->from[i], &inner);
    }
    distribute(level, query->where, level->all_rels);
    class_restrictions(level);
    for (int32_t i = 0; i < level->rel_count; i++)
        set_lateral(level, level->rels[i]);
}
