/*
 * join_order.c - in which order and how the relations of a FROM are joined.
 *
 * Dynamic programming over sets of relations up to DP_RELATIONS of them, else greedily the cheapest join next. Which joins are legal
 * beside outer, semi and anti joins is decided as PostgreSQL's join_is_legal() does.
 */
#include "executor/plan/plan_internal.h"

#include <math.h>

enum { DP_RELATIONS = 10 };

typedef struct Search {
    Level    *level;
    int32_t   count, capacity;
    JoinRel **rels;
    int32_t   slots; /* hash table by set, a power of two */
    JoinRel **table;
} Search;

static uint64_t hash_set(RelSet set)
{
    uint64_t h = (uint64_t)set * 0x9e3779b97f4a7c15ull ^ (uint64_t)(set >> 64) * 0xc2b2ae3d27d4eb4full;

    return h ^ (h >> 29);
}

static JoinRel *find_rel(const Search *search, RelSet set)
{
    for (uint64_t at = hash_set(set);; at++) {
        JoinRel *rel = search->table[at & (uint64_t)(search->slots - 1)];

        if (rel == NULL || rel->set == set)
            return rel;
    }
}

static void put_in_table(Search *search, JoinRel *rel)
{
    uint64_t at = hash_set(rel->set);

    while (search->table[at & (uint64_t)(search->slots - 1)] != NULL)
        at++;
    search->table[at & (uint64_t)(search->slots - 1)] = rel;
}

static JoinRel *new_rel(Search *search, RelSet set)
{
    JoinRel *rel = ARENA_NEW(search->level->arena, JoinRel);

    rel->set = set;
    if (search->count == search->capacity) {
        int32_t wider = search->capacity == 0 ? 32 : search->capacity * 2;

        search->rels = arena_grow(search->level->arena, search->rels, sizeof *search->rels * (size_t)search->capacity, sizeof *search->rels * (size_t)wider);
        search->capacity = wider;
        search->slots = wider * 4;
        search->table = ARENA_ARRAY_ZEROED(search->level->arena, (size_t)search->slots, JoinRel *);
        for (int32_t i = 0; i < search->count; i++)
            put_in_table(search, search->rels[i]);
    }
    search->rels[search->count++] = rel;
    put_in_table(search, rel);
    return rel;
}

/* ---- what may be joined -------------------------------------------------------------------------------------------------------------------------- */

static RelSet lateral_of(const Level *level, RelSet set)
{
    RelSet needed = 0;

    for (int32_t i = 0; i < level->rel_count; i++) {
        if (rels_overlap(set, level->rels[i]->self))
            needed |= level->rels[i]->lateral;
    }
    return needed & ~set;
}

/* Lateral references: the relation that makes them is joined alone, as the inner side, to something that has all it needs. */
static bool lateral_allows(const Level *level, RelSet outer, RelSet inner)
{
    RelSet inner_needs = lateral_of(level, inner);

    if (lateral_of(level, outer) != 0)
        return false;
    return inner_needs == 0 || (rels_count(inner) == 1 && rels_subset(inner_needs, outer));
}

/* Whether rel1 and rel2 may be joined now; *join_out the outer, semi or anti join that this is, *turned_out its right side is rel1. */
static bool is_legal(const Level *level, RelSet rel1, RelSet rel2, SpecialJoin **join_out, bool *turned_out)
{
    RelSet       both = rel1 | rel2;
    SpecialJoin *match = NULL;
    bool         turned = false;
    bool         must_be_left = false;

    for (int32_t i = 0; i < level->join_count; i++) {
        SpecialJoin *join = level->joins[i];

        if (!rels_overlap(join->min_right, both) || rels_subset(both, join->min_right))
            continue;
        if ((rels_subset(join->min_left, rel1) && rels_subset(join->min_right, rel1)) || (rels_subset(join->min_left, rel2) && rels_subset(join->min_right, rel2)))
            continue;
        if (rels_subset(join->min_left, rel1) && rels_subset(join->min_right, rel2)) {
            if (match != NULL)
                return false;
            match = join;
            turned = false;
        } else if (rels_subset(join->min_left, rel2) && rels_subset(join->min_right, rel1)) {
            if (match != NULL)
                return false;
            match = join;
            turned = true;
        } else {
            if (rels_overlap(rel1, join->min_right) && rels_overlap(rel2, join->min_right))
                continue;
            if (join->type != JOIN_LEFT || rels_overlap(both, join->min_left))
                return false;
            must_be_left = true;
        }
    }
    if (must_be_left && (match == NULL || match->type != JOIN_LEFT || !match->lhs_strict))
        return false;
    /* a semi or anti join takes its right side whole: nothing of it may be joined to others before */
    for (int32_t i = 0; i < level->join_count; i++) {
        SpecialJoin *join = level->joins[i];

        if ((join->type == JOIN_SEMI || join->type == JOIN_ANTI) && join == match) {
            RelSet right = turned ? rel1 : rel2;

            if (right != join->syn_right)
                return false;
        }
    }
    *join_out = match;
    *turned_out = turned;
    return true;
}

static bool is_connected(Level *level, RelSet rel1, RelSet rel2)
{
    RelSet both = rel1 | rel2;

    for (int32_t i = 0; i < level->quals.count; i++) {
        const Qual *qual = level->quals.items[i];

        if (rels_overlap(qual->rels, rel1) && rels_overlap(qual->rels, rel2))
            return true;
    }
    for (int32_t i = 0; i < level->join_count; i++) {
        const SpecialJoin *join = level->joins[i];

        if (rels_subset(join->min_left | join->min_right, both) && rels_overlap(join->min_left | join->min_right, rel1) &&
            rels_overlap(join->min_left | join->min_right, rel2))
            return true;
    }
    for (int32_t i = 0; i < level->class_count; i++) {
        const EquivClass *class = level->classes[i];
        bool              left = false;
        bool              right = false;

        for (int32_t k = 0; !class->gone && class->constant == NULL && k < class->count; k++) {
            left |= rels_subset(class->rels[k], rel1);
            right |= rels_subset(class->rels[k], rel2);
        }
        if (left && right)
            return true;
    }
    return rels_overlap(lateral_of(level, rel1), rel2) || rels_overlap(lateral_of(level, rel2), rel1);
}

/* ---- conditions of one join ------------------------------------------------------------------------------------------------------------------------ */

typedef struct JoinQuals {
    QualList conditions; /* of the join itself */
    QualList filters;    /* after it: conditions from above an outer join */
    QualList keys;       /* equalities among the conditions that can be hashed */
} JoinQuals;

static bool splits(const Qual *qual, RelSet outer, RelSet inner)
{
    return qual->is_equality && ((rels_subset(qual->left_rels, outer) && rels_subset(qual->right_rels, inner)) ||
                                 (rels_subset(qual->left_rels, inner) && rels_subset(qual->right_rels, outer)));
}

/* Both sides must be of one type that has a hash; integers of different widths are widened when the plan is made. */
static bool can_hash(Level *level, const Qual *qual)
{
    const TypeInfo *left = plan_type(level->planner, qual->left->type);
    const TypeInfo *right = plan_type(level->planner, qual->right->type);

    if (left == NULL || right == NULL || left->hash == NULL || right->hash == NULL)
        return false;
    if (qual->op->left == qual->op->right)
        return left->phys == right->phys;
    return left->category == 'N' && right->category == 'N' && (left->phys == PHYS_INT16 || left->phys == PHYS_INT32 || left->phys == PHYS_INT64) &&
           (right->phys == PHYS_INT16 || right->phys == PHYS_INT32 || right->phys == PHYS_INT64);
}

static void collect(Level *level, RelSet outer, RelSet inner, SpecialJoin *join, JoinQuals *out)
{
    RelSet both = outer | inner;

    *out = (JoinQuals){0};
    for (int32_t i = 0; join != NULL && i < join->quals.count; i++)
        quals_push(level->arena, &out->conditions, join->quals.items[i]);
    for (int32_t i = 0; i < level->quals.count; i++) {
        Qual *qual = level->quals.items[i];

        if (!rels_subset(qual->required, both) || (qual->required != 0 && (rels_subset(qual->required, outer) || rels_subset(qual->required, inner))))
            continue;
        if (qual->required == 0 && both != level->all_rels)
            continue; /* without columns: tested once, at the top */
        quals_push(level->arena, join != NULL && join->type != JOIN_SEMI ? &out->filters : &out->conditions, qual);
    }
    for (int32_t i = 0; (join == NULL || join->type == JOIN_SEMI) && i < level->class_count; i++) {
        Qual *qual = class_join_qual(level, level->classes[i], outer, inner);

        if (qual != NULL)
            quals_push(level->arena, &out->conditions, qual);
    }
    for (int32_t i = 0; i < out->conditions.count; i++) {
        if (splits(out->conditions.items[i], outer, inner) && can_hash(level, out->conditions.items[i]))
            quals_push(level->arena, &out->keys, out->conditions.items[i]);
    }
}

static double join_rows(Level *level, const JoinRel *outer, const JoinRel *inner, JoinType type, const JoinQuals *quals)
{
    double selectivity = quals_selectivity(level, &quals->conditions);
    double filter = quals->filters.count > 0 ? quals_selectivity(level, &quals->filters) : 1;
    double rows = outer->rows * inner->rows * selectivity;

    switch (type) {
    case JOIN_LEFT:
        rows = MAX(rows, outer->rows);
        break;
    case JOIN_FULL:
        rows = MAX(MAX(rows, outer->rows), inner->rows);
        break;
    case JOIN_SEMI:
        rows = MIN(outer->rows, MAX(rows, 1));
        if (quals->keys.count > 0)
            rows = outer->rows * MIN(1, MAX(inner->rows * selectivity, 0.1));
        break;
    case JOIN_ANTI:
        rows = outer->rows * MAX(1 - MIN(1, inner->rows * selectivity), 0.1);
        break;
    default:
        break;
    }
    return clamp_rows(rows * filter);
}

/* ---- paths of one join -------------------------------------------------------------------------------------------------------------------------------- */

static double list_cost(const QualList *quals)
{
    double cost = 0;

    for (int32_t i = 0; i < quals->count; i++)
        cost += expr_cost(quals->items[i]->expr);
    return cost;
}

static Path *new_path(Level *level, PathKind kind, JoinRel *rel, JoinType type, SpecialJoin *join, Path *outer, Path *inner, const JoinQuals *quals)
{
    Path *path = ARENA_NEW(level->arena, Path);

    path->kind = kind;
    path->rels = rel->set;
    path->rows = rel->rows;
    path->width = rel->width;
    path->type = type;
    path->join = join;
    path->outer = outer;
    path->inner = inner;
    path->conditions = quals->conditions;
    path->filters = quals->filters;
    return path;
}

static void add_hash(Level *level, JoinRel *rel, JoinType type, SpecialJoin *join, Path *outer, Path *inner, const JoinQuals *quals)
{
    Path *path;
    double build;

    if (quals->keys.count == 0)
        return;
    path = new_path(level, PATH_JOIN_HASH, rel, type, join, outer, inner, quals);
    path->hash_quals = quals->keys;
    build = inner->rows * (COST_OPERATOR * quals->keys.count + COST_ROW) + inner->rows * inner->width * 1e-5;
    path->startup = inner->total + build + outer->startup;
    path->total = inner->total + build + outer->total + outer->rows * COST_OPERATOR * quals->keys.count * 1.5 + rel->rows * (COST_ROW + list_cost(&quals->filters)) +
                  rel->rows * list_cost(&quals->conditions) * 0.5;
    add_path(level, rel, path);
}

static void add_nested(Level *level, JoinRel *rel, JoinType type, SpecialJoin *join, Path *outer, Path *inner, const JoinQuals *quals, bool lateral)
{
    Path  *path = new_path(level, PATH_JOIN_NESTED, rel, type, join, outer, inner, quals);
    double rescans = MAX(outer->rows - 1, 0);
    double again = inner->total;
    bool   given = inner->params != 0 || lateral;

    if (!given && (inner->kind != PATH_BASE || inner->base->entry->kind == RANGE_TABLE || inner->base->source != NULL)) {
        path->materialize_inner = true;
        again = inner->rows * COST_OPERATOR * 0.5;
    }
    path->startup = outer->startup + inner->startup;
    path->total = outer->total + inner->total + rescans * again + (path->materialize_inner ? inner->rows * COST_OPERATOR : 0);
    path->total += outer->rows * inner->rows * (COST_ROW + list_cost(&quals->conditions) * (given ? 0.5 : 1));
    if (type == JOIN_SEMI || type == JOIN_ANTI)
        path->total *= 0.75; /* stops at the first match */
    path->total += rel->rows * list_cost(&quals->filters);
    path->order = outer->order;
    add_path(level, rel, path);
}

static BaseRel *single(Level *level, RelSet set)
{
    for (int32_t i = 0; i < level->rel_count; i++) {
        if (level->rels[i]->self == set)
            return level->rels[i];
    }
    return NULL;
}

/* Every way to join outer and inner in this direction. */
static void join_paths(Level *level, JoinRel *rel, JoinType type, SpecialJoin *join, JoinRel *outer, JoinRel *inner)
{
    JoinQuals quals;
    BaseRel  *base = single(level, inner->set);
    bool      lateral = base != NULL && base->lateral != 0;

    collect(level, outer->set, inner->set, join, &quals);
    if (rel->path_count == 0) {
        rel->rows = join_rows(level, outer, inner, type, &quals);
        if (base != NULL && type == JOIN_INNER && base_unique_for(level, base, &quals.keys))
            rel->rows = MIN(rel->rows, clamp_rows(outer->rows));
        rel->width = outer->width + (type == JOIN_SEMI || type == JOIN_ANTI ? 0 : inner->width);
    }
    if (!lateral)
        add_hash(level, rel, type, join, outer->cheapest, inner->cheapest, &quals);
    if (type == JOIN_FULL && quals.keys.count > 0)
        return;
    for (int32_t i = 0; i < outer->path_count; i++) {
        Path *from = outer->paths[i];

        if (from != outer->cheapest && from->order.count == 0 && level->fraction == 0)
            continue;
        if (join == NULL || !join->null_aware || quals.keys.count == 0)
            add_nested(level, rel, type, join, from, inner->cheapest, &quals, lateral);
        if (base != NULL && !lateral && type != JOIN_FULL && base->entry->kind == RANGE_TABLE && !(join != NULL && join->null_aware)) {
            Path *given = base_parameterised_path(level, base, outer->set, &quals.conditions);

            if (given != NULL)
                add_nested(level, rel, type, join, from, given, &quals, false);
        }
    }
}

static JoinRel *make_join(Search *search, JoinRel *rel1, JoinRel *rel2)
{
    Level       *level = search->level;
    SpecialJoin *join;
    bool         turned;
    JoinRel     *rel;
    RelSet       both = rel1->set | rel2->set;

    if (!is_legal(level, rel1->set, rel2->set, &join, &turned))
        return NULL;
    if (turned) {
        JoinRel *swap = rel1;

        rel1 = rel2;
        rel2 = swap;
    }
    if (!lateral_allows(level, rel1->set, rel2->set) && (join != NULL || !lateral_allows(level, rel2->set, rel1->set)))
        return NULL;
    rel = search->count == 0 ? NULL : find_rel(search, both);
    if (rel == NULL)
        rel = new_rel(search, both);
    if (join == NULL) {
        if (lateral_allows(level, rel1->set, rel2->set))
            join_paths(level, rel, JOIN_INNER, NULL, rel1, rel2);
        if (lateral_allows(level, rel2->set, rel1->set))
            join_paths(level, rel, JOIN_INNER, NULL, rel2, rel1);
        return rel;
    }
    join_paths(level, rel, join->type, join, rel1, rel2);
    return rel;
}

/* ---- searching ----------------------------------------------------------------------------------------------------------------------------------------------- */

static JoinRel *search_all(Search *search)
{
    Level   *level = search->level;
    int32_t *starts = ARENA_ARRAY_ZEROED(level->arena, (size_t)level->rel_count + 3, int32_t);

    starts[1] = 0;
    starts[2] = search->count;
    for (int32_t size = 2; size <= level->rel_count; size++) {
        for (int pass = 0; pass < 2; pass++) { /* the second one takes cartesian products, when nothing else was found */
            for (int32_t small = 1; small * 2 <= size; small++) {
                int32_t large = size - small;

                for (int32_t i = starts[small]; i < starts[small + 1]; i++) {
                    for (int32_t k = starts[large]; k < starts[large + 1]; k++) {
                        JoinRel *a = search->rels[k];
                        JoinRel *b = search->rels[i];

                        if ((small == large && k <= i) || rels_overlap(a->set, b->set))
                            continue;
                        if (pass == 1 || is_connected(level, a->set, b->set))
                            make_join(search, a, b);
                    }
                }
            }
            if (search->count > starts[size])
                break;
        }
        starts[size + 1] = search->count;
    }
    return find_rel(search, level->all_rels);
}

static JoinRel *search_greedily(Search *search)
{
    Level    *level = search->level;
    JoinRel **parts = ARENA_ARRAY(level->arena, (size_t)level->rel_count, JoinRel *);
    int32_t   count = level->rel_count;

    plan_copy(parts, search->rels, sizeof *parts * (size_t)count);
    while (count > 1) {
        JoinRel *best = NULL;
        int32_t  best_a = 0;
        int32_t  best_b = 0;

        for (int pass = 0; pass < 2 && best == NULL; pass++) {
            for (int32_t i = 0; i < count; i++) {
                for (int32_t k = i + 1; k < count; k++) {
                    JoinRel *joined;

                    if (pass == 0 && !is_connected(level, parts[i]->set, parts[k]->set))
                        continue;
                    joined = find_rel(search, parts[i]->set | parts[k]->set);
                    if (joined == NULL)
                        joined = make_join(search, parts[i], parts[k]);
                    if (joined == NULL || joined->cheapest == NULL)
                        continue;
                    if (best == NULL || joined->rows < best->rows || (joined->rows == best->rows && joined->cheapest->total < best->cheapest->total)) {
                        best = joined;
                        best_a = i;
                        best_b = k;
                    }
                }
            }
        }
        if (best == NULL)
            return NULL;
        parts[best_a] = best;
        parts[best_b] = parts[--count];
    }
    return parts[0];
}

JoinRel *join_search(Level *level)
{
    Search   search = {.level = level};
    JoinRel *result;

    for (int32_t i = 0; i < level->rel_count; i++) {
        JoinRel *rel = new_rel(&search, level->rels[i]->self);

        rel->rows = level->rels[i]->rows;
        rel->width = level->rels[i]->width;
        base_paths(level, level->rels[i], rel);
    }
    if (level->rel_count == 1)
        return search.rels[0];
    result = level->rel_count <= DP_RELATIONS ? search_all(&search) : search_greedily(&search);
    if ((result == NULL || result->cheapest == NULL) && level->rel_count <= DP_RELATIONS)
        result = search_greedily(&search);
    if (result == NULL || result->cheapest == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "failed to build any %d-way joins", level->rel_count);
    return result;
}
