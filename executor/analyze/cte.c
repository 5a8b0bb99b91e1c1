/* cte.c - WITH: common table expressions, recursive ones in the order of their references. */
#include "executor/analyze/binder.h"

/* ---- references in the raw tree ------------------------------------------------------------------------------------------------- */

typedef struct ReferenceSearch {
    const char *name;
    int32_t     count;
    int32_t     location; /* of the last one */
} ReferenceSearch;

static bool hides_name(const WithClause *with, const char *name)
{
    if (with == NULL)
        return false;
    LIST_FOREACH(CommonTableExpr, cte, with->ctes)
    {
        if (strcmp(cte->ctename, name) == 0)
            return true;
    }
    return false;
}

static bool count_references(const Node *node, void *context)
{
    ReferenceSearch *search = context;

    if (node->tag == NODE_RANGE_VAR) {
        const RangeVar *var = (const RangeVar *)node;

        if (var->schemaname == NULL && strcmp(var->relname, search->name) == 0) {
            search->count++;
            search->location = node->location;
        }
        return false;
    }
    if (node->tag == NODE_SELECT_STMT && hides_name(((const SelectStmt *)node)->with_clause, search->name))
        return false;
    return ast_walk(node, count_references, context);
}

static int32_t references_in(const Node *node, const char *name)
{
    ReferenceSearch search = {.name = name};

    if (node != NULL)
        count_references(node, &search);
    return search.count;
}

/* ---- recursion: what PostgreSQL refuses --------------------------------------------------------------------------------------------- */

typedef struct PlaceSearch {
    const char *name;
    const char *place; /* how the refusal ends; NULL: allowed here */
} PlaceSearch;

static noreturn void raise_place(const char *name, const char *place, int32_t location)
{
    bind_error(SQLSTATE_INVALID_RECURSION, location, "recursive reference to query \"%s\" must not appear within %s", name, place);
}

static bool check_places(const Node *node, void *context)
{
    PlaceSearch *search = context, inner = *search;

    switch (node->tag) {
    case NODE_RANGE_VAR: {
        const RangeVar *var = (const RangeVar *)node;

        if (search->place != NULL && var->schemaname == NULL && strcmp(var->relname, search->name) == 0)
            raise_place(search->name, search->place, node->location);
        return false;
    }
    case NODE_SUB_LINK:
        inner.place = "a subquery";
        return ast_walk(node, check_places, &inner);
    case NODE_JOIN_EXPR: {
        const JoinExpr *join = (const JoinExpr *)node;
        bool left_nullable = join->jointype == JOIN_EXPR_RIGHT || join->jointype == JOIN_EXPR_FULL;
        bool right_nullable = join->jointype == JOIN_EXPR_LEFT || join->jointype == JOIN_EXPR_FULL;

        inner.place = left_nullable ? "an outer join" : search->place;
        check_places(join->larg, &inner);
        inner.place = right_nullable ? "an outer join" : search->place;
        check_places(join->rarg, &inner);
        if (join->quals != NULL)
            check_places(join->quals, search);
        return false;
    }
    case NODE_SELECT_STMT: {
        const SelectStmt *select = (const SelectStmt *)node;

        if (hides_name(select->with_clause, search->name))
            return false;
        if (select->op == SETOP_INTERSECT || select->op == SETOP_EXCEPT) {
            inner.place = select->op == SETOP_INTERSECT ? "INTERSECT" : "EXCEPT";
            if (select->op == SETOP_INTERSECT && !select->all)
                inner.place = search->place;
            check_places(&select->rarg->node, &inner);
            return check_places(&select->larg->node, search);
        }
        return ast_walk(node, check_places, context);
    }
    default:
        return ast_walk(node, check_places, context);
    }
}

static void check_recursion(const CommonTableExpr *cte)
{
    const char       *name = cte->ctename;
    const SelectStmt *select = (const SelectStmt *)cte->ctequery;
    PlaceSearch       search = {.name = name};
    ReferenceSearch   references = {.name = name};

    if (cte->ctequery->tag != NODE_SELECT_STMT)
        bind_error(SQLSTATE_INVALID_RECURSION, cte->node.location, "recursive query \"%s\" must not contain data-modifying statements", name);
    if (select->op != SETOP_UNION)
        bind_error(SQLSTATE_INVALID_RECURSION, cte->node.location, "recursive query \"%s\" does not have the form non-recursive-term UNION [ALL] recursive-term", name);
    if (references_in(&select->larg->node, name) > 0) {
        search.place = "its non-recursive term";
        check_places(&select->larg->node, &search);
        search.place = NULL;
    }
    if (select->sort_clause != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, node_list_location(select->sort_clause), "ORDER BY in a recursive query is not implemented");
    if (select->limit_offset != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, node_location(select->limit_offset), "OFFSET in a recursive query is not implemented");
    if (select->limit_count != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, node_location(select->limit_count), "LIMIT in a recursive query is not implemented");
    if (select->locking_clause != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, list_first(select->locking_clause)->location, "FOR UPDATE/SHARE in a recursive query is not implemented");
    check_places(&select->rarg->node, &search);
    count_references(&select->rarg->node, &references);
    if (references.count > 1)
        bind_error(SQLSTATE_INVALID_RECURSION, references.location, "recursive reference to query \"%s\" must not appear more than once", name);
}

/* ---- one common table expression ---------------------------------------------------------------------------------------------------- */

static void name_columns(Binder *b, CommonTable *cte, const NodeList *aliases, int32_t location)
{
    const RangeColumn *columns;
    RangeColumn       *own;
    int32_t            count;

    if (cte->query->command != QUERY_SELECT && cte->query->returning == NULL) {
        cte->column_count = 0;
        return;
    }
    columns = query_columns(b, cte->query, &count);
    if (list_count(aliases) > count)
        bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, location, "WITH query \"%s\" has %d columns available but %d columns specified", cte->name, count, list_count(aliases));
    own = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), RangeColumn);
    memcpy(own, columns, (size_t)count * sizeof *own);
    for (int32_t i = 0; i < list_count(aliases); i++)
        own[i].name = string_at(aliases, i);
    cte->columns = own;
    cte->column_count = count;
}

static CommonTable *cte_new(Binder *b, const CommonTableExpr *expr)
{
    CommonTable *cte = ARENA_NEW(b->arena, CommonTable);
    RangeColumn *columns = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(list_count(expr->aliascolnames), 1), RangeColumn);

    if (expr->search_clause != NULL || expr->cycle_clause != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, expr->node.location, "SEARCH and CYCLE clauses of WITH RECURSIVE are not supported yet");
    cte->name = expr->ctename;
    cte->materialized = expr->ctematerialized == CTE_MATERIALIZE_ALWAYS ? 1 : expr->ctematerialized == CTE_MATERIALIZE_NEVER ? 0 : -1;
    cte->plan = -1;
    /* for the recursive reference, until the columns are known */
    for (int32_t i = 0; i < list_count(expr->aliascolnames); i++)
        columns[i].name = string_at(expr->aliascolnames, i);
    cte->columns = columns;
    cte->column_count = list_count(expr->aliascolnames);
    return cte;
}

static void add_cte(Scope *scope, CommonTable *cte)
{
    size_t count = (size_t)scope->cte_count;

    scope->ctes = arena_grow(scope->b->arena, scope->ctes, count * sizeof(CommonTable *), (count + 1) * sizeof(CommonTable *));
    scope->ctes[scope->cte_count++] = cte;
    scope->query->ctes = scope->ctes;
    scope->query->cte_count = scope->cte_count;
}

static void bind_cte(Scope *scope, const CommonTableExpr *expr, bool recursive_with)
{
    CommonTable *cte = cte_new(scope->b, expr);

    cte->recursive = recursive_with && references_in(expr->ctequery, expr->ctename) > 0;
    if (cte->recursive) {
        check_recursion(expr);
        add_cte(scope, cte);
    }
    if (expr->ctequery->tag != NODE_SELECT_STMT) {
        if (scope->parent != NULL)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, expr->node.location, "WITH clause containing a data-modifying statement must be at the top level");
        scope->query->modifies_in_cte = true;
    }
    cte->query = bind_subquery(scope, expr->ctequery, cte, NULL, false);
    cte->plan = -1;
    name_columns(scope->b, cte, expr->aliascolnames, expr->node.location);
    scope->query->has_recursive |= cte->recursive;
    if (!cte->recursive)
        add_cte(scope, cte);
}

/* ---- the clause -------------------------------------------------------------------------------------------------------------------------- */

/* The next one, in order as written, that refers to none which is still to come. */
static int32_t next_independent(const NodeList *ctes, const bool *done)
{
    int32_t count = list_count(ctes);

    for (int32_t i = 0; i < count; i++) {
        const CommonTableExpr *expr = (const CommonTableExpr *)list_at(ctes, i);
        bool                   ready = !done[i];

        for (int32_t k = 0; ready && k < count; k++) {
            if (k != i && !done[k])
                ready = references_in(expr->ctequery, ((const CommonTableExpr *)list_at(ctes, k))->ctename) == 0;
        }
        if (ready)
            return i;
    }
    return -1;
}

void bind_with(Scope *scope, const WithClause *with)
{
    int32_t  count = list_count(with->ctes);
    bool    *done = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)count, bool);
    NodeList future = *with->ctes;

    LIST_FOREACH(CommonTableExpr, expr, with->ctes)
    {
        for (int32_t i = 0; i < expr_index; i++) {
            if (strcmp(((const CommonTableExpr *)list_at(with->ctes, i))->ctename, expr->ctename) == 0)
                bind_error(SQLSTATE_DUPLICATE_ALIAS, expr->node.location, "WITH query name \"%s\" specified more than once", expr->ctename);
        }
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t next = i;

        if (with->recursive) {
            next = next_independent(with->ctes, done);
            if (next < 0)
                bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, with->ctes->items[0]->location, "mutual recursion between WITH items is not implemented");
        } else {
            future.items = with->ctes->items + i;
            future.count = count - i;
            scope->future_ctes = &future;
        }
        done[next] = true;
        bind_cte(scope, (const CommonTableExpr *)list_at(with->ctes, next), with->recursive);
    }
    scope->future_ctes = NULL;
}
