/* from.c - the FROM clause: tables, subqueries, CTE references and joins, and which names each part sees. */
#include "executor/analyze/binder.h"

JoinTree *leaf_of(Binder *b, int32_t range)
{
    JoinTree *leaf = ARENA_NEW(b->arena, JoinTree);

    leaf->range = range;
    return leaf;
}

static void append_name(Binder *b, NameList *list, NameItem *item)
{
    size_t count = (size_t)list->count;

    list->items = arena_grow(b->arena, list->items, count * sizeof(NameItem *), (count + 1) * sizeof(NameItem *));
    list->items[list->count++] = item;
}

static void append_names(Binder *b, NameList *list, NameList more)
{
    for (int32_t i = 0; i < more.count; i++)
        append_name(b, list, more.items[i]);
}

void check_name_conflicts(Scope *scope, NameList a, NameList b, int32_t location)
{
    (void)scope;
    (void)location;
    for (int32_t i = 0; i < a.count; i++) {
        for (int32_t k = 0; k < b.count; k++) {
            const NameItem *x = a.items[i], *y = b.items[k];

            if (!x->relation_visible || !y->relation_visible || x->name == NULL || y->name == NULL || strcmp(x->name, y->name) != 0)
                continue;
            /* two tables of one name from two schemas can be told apart */
            if (x->schema != 0 && y->schema != 0 && x->schema != y->schema)
                continue;
            bind_error(SQLSTATE_DUPLICATE_ALIAS, -1, "table name \"%s\" specified more than once", x->name);
        }
    }
}

static void set_lateral(NameList names, bool lateral_only, bool lateral_ok)
{
    for (int32_t i = 0; i < names.count; i++) {
        names.items[i]->lateral_only = lateral_only;
        names.items[i]->lateral_ok = lateral_ok;
    }
}

/* ---- leaves ------------------------------------------------------------------------------------------------------------------ */

static int32_t add_cte_range(Scope *scope, CommonTable *cte, int32_t levels, const RangeVar *var)
{
    RangeEntry *entry = range_entry_new(scope->b, RANGE_CTE, var->alias != NULL ? var->alias->aliasname : var->relname);

    entry->cte = cte;
    entry->cte_levels_up = levels;
    entry->in_from = true;
    entry->cte_self_reference = cte->plan == -2; /* its query is still being analyzed: see cte.c */
    if (!entry->cte_self_reference) {
        cte->references++;
        if (cte->query->command != QUERY_SELECT && cte->query->returning == NULL)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, var->node.location, "WITH query \"%s\" does not have a RETURNING clause", cte->name);
    }
    entry->column_count = cte->column_count;
    entry->columns = cte->columns;
    apply_column_aliases(scope->b, entry, var->alias, "table");
    return add_range(scope, entry);
}

static void refuse_relkind(const RelationDesc *relation, int32_t location)
{
    const char *what = relation->relkind == 'i' ? "indexes" : relation->relkind == 'c' ? "composite types" : NULL;

    (void)location;
    if (what != NULL)
        bind_error_detail(SQLSTATE_WRONG_OBJECT_TYPE, location, what[0] == 'i' ? "This operation is not supported for indexes." : "This operation is not supported for composite types.",
                          "cannot open relation \"%s\"", relation->head.name);
}

static int32_t add_range_var(Scope *scope, const RangeVar *var, const char **schema_out, Oid *schema_oid_out)
{
    const RelationDesc *relation;

    *schema_out = NULL;
    *schema_oid_out = 0;
    if (var->schemaname == NULL) {
        int32_t      levels;
        CommonTable *cte = find_cte(scope, var->relname, &levels);

        if (cte != NULL)
            return add_cte_range(scope, cte, levels, var);
    }
    relation = open_relation(scope->b, var, true);
    if (relation == NULL) {
        if (var->schemaname == NULL && is_future_cte(scope, var->relname)) {
            Error *err = error_new(SQLSTATE_UNDEFINED_TABLE, "relation \"%s\" does not exist", var->relname);

            error_detail(err, "There is a WITH item named \"%s\", but it cannot be referenced from this part of the query.", var->relname);
            error_hint(err, "Use WITH RECURSIVE, or re-order the WITH items to remove forward references.");
            error_position(err, var->node.location);
            error_raise(err);
        }
        (void)open_relation(scope->b, var, false);
    }
    refuse_relkind(relation, var->node.location);
    if (var->alias == NULL) {
        *schema_oid_out = relation->head.parent;
        *schema_out = var->schemaname != NULL ? var->schemaname
                                              : schema_name_of(scope->b, relation->head.parent);
    }
    return add_table_range(scope, relation, var->alias, true, var->node.location);
}

static JoinTree *bind_leaf(Scope *scope, int32_t range, NameItem *item, NameList *names_out)
{
    append_name(scope->b, names_out, item);
    return leaf_of(scope->b, range);
}

static JoinTree *bind_subselect(Scope *scope, const RangeSubselect *select, NameList *names_out)
{
    bool     saved = scope->lateral_active;
    Clause   clause = scope->clause;
    Query   *query;
    int32_t  range;

    if (select->alias == NULL)
        bind_error_hint(SQLSTATE_SYNTAX_ERROR, select->subquery->location, "For example, FROM (SELECT ...) [AS] foo.", "subquery in FROM must have an alias");
    scope->lateral_active = select->lateral;
    scope->clause = CLAUSE_FROM_SUBSELECT;
    query = bind_subquery(scope, select->subquery, NULL, NULL, false);
    scope->lateral_active = saved;
    scope->clause = clause;
    range = add_subquery_range(scope, query, select->alias, NULL, select->lateral, true);
    return bind_leaf(scope, range, name_item_new(scope->b, select->alias->aliasname, range, scope->query->ranges[range - 1]), names_out);
}

JoinTree *bind_from_item(Scope *scope, const Node *node, NameList *names_out)
{
    JoinTree *tree;
    NameItem *item;
    int32_t   range;

    *names_out = (NameList){0};
    binder_enter(scope->b);
    switch (node->tag) {
    case NODE_RANGE_VAR: {
        const RangeVar *var = (const RangeVar *)node;
        const char     *schema;
        Oid             schema_oid;

        range = add_range_var(scope, var, &schema, &schema_oid);
        item = name_item_new(scope->b, scope->query->ranges[range - 1]->alias, range, scope->query->ranges[range - 1]);
        item->schema = schema_oid;
        item->schema_name = schema;
        tree = bind_leaf(scope, range, item, names_out);
        break;
    }
    case NODE_RANGE_SUBSELECT:
        tree = bind_subselect(scope, (const RangeSubselect *)node, names_out);
        break;
    case NODE_RANGE_FUNCTION:
        range = bind_range_function(scope, (const RangeFunction *)node, &item);
        tree = bind_leaf(scope, range, item, names_out);
        break;
    case NODE_JOIN_EXPR:
        tree = bind_join(scope, (const JoinExpr *)node, names_out);
        break;
    case NODE_RANGE_TABLE_SAMPLE:
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, node->location, "TABLESAMPLE is not supported yet");
    default:
        raise_error(SQLSTATE_INTERNAL_ERROR, "unrecognized node type: %s", node_tag_name(node->tag));
    }
    binder_leave(scope->b);
    return tree;
}

void bind_from(Scope *scope, const NodeList *from)
{
    Query *query = scope->query;

    for (int32_t i = 0; i < list_count(from); i++) {
        NameList  names;
        JoinTree *tree = bind_from_item(scope, list_at(from, i), &names);
        size_t    count = (size_t)query->from_count;

        check_name_conflicts(scope, scope->names, names, -1);
        set_lateral(names, true, true); /* for the items after it, LATERAL ones see it */
        append_names(scope->b, &scope->names, names);
        query->from = arena_grow(scope->b->arena, query->from, count * sizeof(JoinTree *), (count + 1) * sizeof(JoinTree *));
        query->from[query->from_count++] = tree;
    }
    set_lateral(scope->names, false, true);
}

/* ---- joins ------------------------------------------------------------------------------------------------------------------------ */

/* The columns of a join, and what each stands for. */
typedef struct JoinColumns {
    int32_t      count;
    RangeColumn *columns;
    Expr       **exprs;
} JoinColumns;

static void add_join_column(Binder *b, JoinColumns *list, const char *name, Expr *expr)
{
    size_t count = (size_t)list->count;

    if ((count & (count - 1)) == 0) {
        size_t room = MAX(count * 2, 1);

        list->columns = arena_grow(b->arena, list->columns, count * sizeof *list->columns, room * sizeof *list->columns);
        list->exprs = arena_grow(b->arena, list->exprs, count * sizeof *list->exprs, room * sizeof *list->exprs);
    }
    list->columns[count] = (RangeColumn){name, expr->type, expr->typmod, expr->collation, false};
    list->exprs[list->count++] = expr;
}

/* The item whose columns are all those of a side: the first one (a join puts its own there). */
static const NameItem *side_of(NameList names)
{
    return names.items[0];
}

static int32_t find_join_column(const NameItem *item, const char *name, const char *side)
{
    int32_t found = -1;

    for (int32_t i = 0; i < item->column_count; i++) {
        if (item->columns[i].hidden || strcmp(item->columns[i].name, name) != 0)
            continue;
        if (found >= 0)
            bind_error(SQLSTATE_AMBIGUOUS_COLUMN, -1, "common column name \"%s\" appears more than once in %s table", name, side);
        found = i;
    }
    return found;
}

static NodeList *natural_columns(Scope *scope, const NameItem *left, const NameItem *right)
{
    NodeList *names = NULL;

    for (int32_t i = 0; i < left->column_count; i++) {
        for (int32_t k = 0; !left->columns[i].hidden && k < right->column_count; k++) {
            if (!right->columns[k].hidden && strcmp(left->columns[i].name, right->columns[k].name) == 0) {
                String *name = NODE_NEW(scope->b->arena, String, NODE_STRING, -1);

                name->sval = left->columns[i].name;
                names = list_append(scope->b->arena, names, &name->node);
                break;
            }
        }
    }
    return names;
}

static Expr *merged_column(Scope *scope, JoinExprType type, Expr *left, Expr *right)
{
    Expr    *pair[2] = {left, right}, *l, *r, *merged;
    ExprList both = {2, pair};
    Oid      common = common_type(scope, both, "JOIN/USING", NULL);
    int32_t  typmod = common_typmod(both, common);

    l = expr_copy(scope->b->arena, left);
    r = expr_copy(scope->b->arena, right);
    if (l->type != common)
        l = coerce_type(scope, l, common, typmod, CAST_IMPLICIT, true, -1);
    if (r->type != common)
        r = coerce_type(scope, r, common, typmod, CAST_IMPLICIT, true, -1);
    switch (type) {
    case JOIN_EXPR_INNER:
        return l->kind == EXPR_COLUMN || r->kind != EXPR_COLUMN ? l : r;
    case JOIN_EXPR_LEFT:
        return l;
    case JOIN_EXPR_RIGHT:
        return r;
    default:
        merged = expr_new(scope->b->arena, EXPR_COALESCE, common, -1);
        merged->typmod = typmod;
        merged->list.args = expr_list_append(scope->b->arena, merged->list.args, l);
        merged->list.args = expr_list_append(scope->b->arena, merged->list.args, r);
        merged->collation = common_collation(merged->list.args);
        return merged;
    }
}

/* USING: the merged columns first, and the condition that joins them. */
static Expr *merge_columns(Scope *scope, const JoinExpr *join, const NodeList *using, const NameItem *left, const NameItem *right, JoinColumns *columns,
                           bool *left_used, bool *right_used)
{
    Expr *condition = NULL;

    for (int32_t i = 0; i < list_count(using); i++) {
        const char *name = string_at(using, i);
        int32_t     l, r;
        Expr       *test, *le, *re;

        for (int32_t k = 0; k < i; k++) {
            if (strcmp(string_at(using, k), name) == 0)
                bind_error(SQLSTATE_DUPLICATE_COLUMN, -1, "column name \"%s\" appears more than once in USING clause", name);
        }
        l = find_join_column(left, name, "left");
        if (l < 0)
            bind_error(SQLSTATE_UNDEFINED_COLUMN, -1, "column \"%s\" specified in USING clause does not exist in left table", name);
        r = find_join_column(right, name, "right");
        if (r < 0)
            bind_error(SQLSTATE_UNDEFINED_COLUMN, -1, "column \"%s\" specified in USING clause does not exist in right table", name);
        left_used[l] = right_used[r] = true;
        le = column_of_item(scope, left, l + 1, 0, -1);
        re = column_of_item(scope, right, r + 1, 0, -1);
        scope->clause = CLAUSE_JOIN_USING;
        test = bind_operator_named(scope, "=", le, re, -1);
        condition = expr_and(scope->b->arena, condition, coerce_to_boolean(scope, test, "JOIN/USING"));
        add_join_column(scope->b, columns, name, merged_column(scope, join->jointype, le, re));
    }
    return condition;
}

static void add_side_columns(Scope *scope, const NameItem *item, const bool *used, JoinColumns *columns)
{
    for (int32_t i = 0; i < item->column_count; i++) {
        if (!item->columns[i].hidden && !used[i])
            add_join_column(scope->b, columns, item->columns[i].name, column_of_item(scope, item, i + 1, 0, -1));
    }
}

static Expr *bind_on(Scope *scope, const Node *quals, NameList left, NameList right)
{
    NameList saved = scope->names;
    Expr    *condition;

    scope->names = (NameList){0};
    append_names(scope->b, &scope->names, left);
    append_names(scope->b, &scope->names, right);
    set_lateral(scope->names, false, true);
    condition = bind_where(scope, quals, CLAUSE_JOIN_ON, "JOIN/ON");
    scope->names = saved;
    return condition;
}

static NameItem *join_item(Scope *scope, const char *name, int32_t range, const RangeColumn *columns, Expr **exprs, int32_t count)
{
    NameItem *item = name_item_new(scope->b, name, range, NULL);

    item->column_count = count;
    item->columns = columns;
    item->stands_for = exprs;
    item->relation_visible = name != NULL;
    return item;
}

JoinTree *bind_join(Scope *scope, const JoinExpr *join, NameList *names_out)
{
    static const JoinType types[] = {[JOIN_EXPR_INNER] = JOIN_INNER, [JOIN_EXPR_LEFT] = JOIN_LEFT, [JOIN_EXPR_FULL] = JOIN_FULL, [JOIN_EXPR_RIGHT] = JOIN_RIGHT};
    Binder        *b = scope->b;
    JoinTree      *tree = ARENA_NEW(b->arena, JoinTree);
    NameList       left, right, saved = scope->names;
    const NameItem *l, *r;
    JoinColumns    columns = {0};
    int32_t        merged;
    bool          *left_used, *right_used;
    const NodeList *using = join->using_clause;
    RangeEntry    *entry;

    tree->type = types[join->jointype];
    tree->left = bind_from_item(scope, join->larg, &left);
    /* the right side may refer to the left one laterally, if rows of the left one are there for each of its rows */
    set_lateral(left, true, join->jointype == JOIN_EXPR_INNER || join->jointype == JOIN_EXPR_LEFT);
    scope->names = (NameList){0};
    append_names(b, &scope->names, saved);
    append_names(b, &scope->names, left);
    tree->right = bind_from_item(scope, join->rarg, &right);
    scope->names = saved;
    check_name_conflicts(scope, left, right, -1);
    l = side_of(left);
    r = side_of(right);
    left_used = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(l->column_count, 1), bool);
    right_used = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(r->column_count, 1), bool);
    if (join->is_natural)
        using = natural_columns(scope, l, r);
    tree->condition = merge_columns(scope, join, using, l, r, &columns, left_used, right_used);
    merged = columns.count;
    add_side_columns(scope, l, left_used, &columns);
    add_side_columns(scope, r, right_used, &columns);
    if (join->quals != NULL)
        tree->condition = bind_on(scope, join->quals, left, right);

    entry = range_entry_new(b, RANGE_JOIN, join->alias != NULL ? join->alias->aliasname : NULL);
    entry->column_count = columns.count;
    entry->columns = columns.columns;
    entry->join_columns = columns.exprs;
    entry->in_from = true;
    apply_column_aliases(b, entry, join->alias, "join expression");
    if (join->alias != NULL || merged > 0)
        tree->join_range = add_range(scope, entry);
    tree->using_count = merged;
    tree->using_alias = join->join_using_alias != NULL ? join->join_using_alias->aliasname : NULL;

    *names_out = (NameList){0};
    append_name(b, names_out, join_item(scope, join->alias != NULL ? join->alias->aliasname : NULL, tree->join_range, entry->columns, columns.exprs, columns.count));
    if (join->join_using_alias != NULL) {
        NameItem *item = join_item(scope, join->join_using_alias->aliasname, tree->join_range, entry->columns, columns.exprs, merged);

        item->columns_visible = false;
        NameList alone = {1, &item};

        check_name_conflicts(scope, left, alone, -1);
        check_name_conflicts(scope, right, alone, -1);
        append_name(b, names_out, item);
    }
    for (int32_t side = 0; side < 2 && join->alias == NULL; side++) {
        NameList names = side == 0 ? left : right;

        for (int32_t i = 0; i < names.count; i++) {
            names.items[i]->columns_visible = false;
            if (names.items[i]->name != NULL)
                append_name(b, names_out, names.items[i]);
        }
    }
    return tree;
}
