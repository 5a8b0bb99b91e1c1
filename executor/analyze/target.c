/* target.c - target lists: expressions with their names, and what * stands for. */
#include "executor/analyze/binder.h"

/* ---- names ------------------------------------------------------------------------------------------------------------------ */

static const char *last_string(const NodeList *list)
{
    for (int32_t i = list_count(list) - 1; i >= 0; i--) {
        if (list_at(list, i)->tag == NODE_STRING)
            return string_at(list, i);
    }
    return NULL;
}

static const char *sql_value_name(SQLValueFunctionOp op)
{
    static const char *const names[] = {
        [SVFOP_CURRENT_DATE] = "current_date",           [SVFOP_CURRENT_TIME] = "current_time",
        [SVFOP_CURRENT_TIME_N] = "current_time",         [SVFOP_CURRENT_TIMESTAMP] = "current_timestamp",
        [SVFOP_CURRENT_TIMESTAMP_N] = "current_timestamp", [SVFOP_LOCALTIME] = "localtime",
        [SVFOP_LOCALTIME_N] = "localtime",               [SVFOP_LOCALTIMESTAMP] = "localtimestamp",
        [SVFOP_LOCALTIMESTAMP_N] = "localtimestamp",     [SVFOP_CURRENT_ROLE] = "current_role",
        [SVFOP_CURRENT_USER] = "current_user",           [SVFOP_USER] = "user",
        [SVFOP_SESSION_USER] = "session_user",           [SVFOP_CURRENT_CATALOG] = "current_catalog",
        [SVFOP_CURRENT_SCHEMA] = "current_schema",
    };

    return names[op];
}

/* 0: no idea; 1: a name for want of a better one; 2: a good one. */
static int figure_name(const Node *node, const char **name)
{
    const char *found;
    int         strength;

    if (node == NULL)
        return 0;
    switch (node->tag) {
    case NODE_COLUMN_REF:
        found = last_string(((const ColumnRef *)node)->fields);
        if (found == NULL)
            return 0;
        *name = found;
        return 2;
    case NODE_A_INDIRECTION:
        found = last_string(((const A_Indirection *)node)->indirection);
        if (found == NULL)
            return figure_name(((const A_Indirection *)node)->arg, name);
        *name = found;
        return 2;
    case NODE_FUNC_CALL:
        *name = last_string(((const FuncCall *)node)->funcname);
        return 2;
    case NODE_A_EXPR:
        if (((const A_Expr *)node)->kind != AEXPR_NULLIF)
            return 0;
        *name = "nullif";
        return 2;
    case NODE_TYPE_CAST:
        strength = figure_name(((const TypeCast *)node)->arg, name);
        if (strength <= 1) {
            *name = last_string(((const TypeCast *)node)->type_name->names);
            return 1;
        }
        return strength;
    case NODE_COLLATE_CLAUSE:
        return figure_name(((const CollateClause *)node)->arg, name);
    case NODE_GROUPING_FUNC:
        *name = "grouping";
        return 2;
    case NODE_SUB_LINK: {
        const SubLink *link = (const SubLink *)node;

        if (link->sub_link_type == EXISTS_SUBLINK || link->sub_link_type == ARRAY_SUBLINK) {
            *name = link->sub_link_type == EXISTS_SUBLINK ? "exists" : "array";
            return 2;
        }
        if (link->sub_link_type == EXPR_SUBLINK && link->subselect->tag == NODE_SELECT_STMT) {
            const SelectStmt *select = (const SelectStmt *)link->subselect;
            const ResTarget  *target;

            while (select->op != SETOP_NONE)
                select = select->larg;
            if (select->values_lists != NULL) {
                *name = "column1";
                return 2;
            }
            target = (const ResTarget *)list_first(select->target_list);
            if (target == NULL)
                return 0;
            if (target->name != NULL) {
                *name = target->name;
                return 2;
            }
            return figure_name(target->val, name);
        }
        return 0;
    }
    case NODE_CASE_EXPR:
        strength = figure_name(((const CaseExpr *)node)->defresult, name);
        if (strength <= 1) {
            *name = "case";
            return 1;
        }
        return strength;
    case NODE_A_ARRAY_EXPR:
        *name = "array";
        return 2;
    case NODE_ROW_EXPR:
        *name = "row";
        return 2;
    case NODE_COALESCE_EXPR:
        *name = "coalesce";
        return 2;
    case NODE_MIN_MAX_EXPR:
        *name = ((const MinMaxExpr *)node)->op == IS_GREATEST ? "greatest" : "least";
        return 2;
    case NODE_SQL_VALUE_FUNCTION:
        *name = sql_value_name(((const SQLValueFunction *)node)->op);
        return 2;
    default:
        return 0;
    }
}

const char *column_name_of(const Node *node)
{
    const char *name = NULL;

    figure_name(node, &name);
    return name != NULL ? name : "?column?";
}

/* ---- stars -------------------------------------------------------------------------------------------------------------------- */

static ExprList append_named(Binder *b, ExprList list, Expr *expr, const char *name, const char ***names)
{
    size_t count = (size_t)list.count;

    if ((count & (count - 1)) == 0)
        *names = arena_grow(b->arena, count == 0 ? NULL : *names, count * sizeof(char *), MAX(count * 2, 1) * sizeof(char *));
    (*names)[count] = name;
    return expr_list_append(b->arena, list, expr);
}

static ExprList append_item(Scope *scope, ExprList list, NameItem *item, int32_t levels_up, int32_t location, const char ***names)
{
    for (int32_t i = 0; i < item->column_count; i++) {
        if (!item->columns[i].hidden)
            list = append_named(scope->b, list, column_of_item(scope, item, i + 1, levels_up, location), item->columns[i].name, names);
    }
    return list;
}

ExprList columns_of_item(Scope *scope, NameItem *item, int32_t levels_up, int32_t location, const char ***names_out)
{
    return append_item(scope, (ExprList){0}, item, levels_up, location, names_out);
}

ExprList expand_star(Scope *scope, const ColumnRef *ref, const char ***names_out)
{
    ExprList  list = {0};
    int32_t   count = list_count(ref->fields), location = ref->node.location, levels;
    NameItem *item;
    bool      found = false;

    if (count > 1) {
        if (count > 4)
            bind_error(SQLSTATE_SYNTAX_ERROR, location, "improper qualified name (too many dotted names): %s", name_list_text(scope->b->arena, ref->fields));
        item = find_name_item(scope, count > 2 ? string_at(ref->fields, count - 3) : NULL, string_at(ref->fields, count - 2), location, &levels);
        if (item == NULL)
            raise_missing_range(scope, NULL, string_at(ref->fields, count - 2), location);
        return append_item(scope, list, item, levels, location, names_out);
    }
    for (int32_t i = 0; i < scope->names.count; i++) {
        item = scope->names.items[i];
        if (!item->columns_visible)
            continue;
        found = true;
        list = append_item(scope, list, item, 0, location, names_out);
    }
    if (!found)
        bind_error(SQLSTATE_SYNTAX_ERROR, location, "SELECT * with no tables specified is not valid");
    return list;
}

/* (expression).*: a field select for each column. */
ExprList expand_row_star(Scope *scope, const A_Indirection *indirection, const char ***names_out)
{
    A_Indirection      without = *indirection;
    NodeList           steps = *indirection->indirection;
    Expr              *row;
    int32_t            count;
    const RangeColumn *columns;
    ExprList           list = {0};

    steps.count--;
    without.indirection = &steps;
    row = steps.count > 0 ? bind_expr_inner(scope, &without.node) : bind_expr_inner(scope, indirection->arg);
    columns = row_columns(scope, row, &count);
    if (columns == NULL && row->type == TYPE_RECORD)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, expr_location(row), "record type has not been registered");
    if (columns == NULL)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, expr_location(row), "type %s is not composite", type_text(scope->b, row->type));
    for (int32_t i = 0; i < count; i++) {
        if (!columns[i].hidden)
            list = append_named(scope->b, list, field_select(scope, row, columns[i].name, expr_location(row)), columns[i].name, names_out);
    }
    return list;
}

/* ---- lists ------------------------------------------------------------------------------------------------------------------------ */

int32_t add_target(Binder *b, TargetList *list, Expr *expr, const char *name, bool junk)
{
    size_t count = (size_t)list->count;

    if ((count & (count - 1)) == 0)
        list->items = arena_grow(b->arena, list->items, count * sizeof(Target), MAX(count * 2, 1) * sizeof(Target));
    list->items[count] = (Target){.expr = expr, .name = name, .junk = junk};
    return list->count++;
}

TargetList bind_target_list(Scope *scope, const NodeList *nodes, Clause clause)
{
    TargetList   list = {0};
    Clause       saved = scope->clause;
    const char **names = NULL;

    scope->clause = clause;
    LIST_FOREACH(ResTarget, target, nodes)
    {
        const Node *val = target->val;
        ExprList    several = {0};
        bool        star = true;

        if (val->tag == NODE_COLUMN_REF && list_last(((const ColumnRef *)val)->fields)->tag == NODE_A_STAR)
            several = expand_star(scope, (const ColumnRef *)val, &names);
        else if (val->tag == NODE_A_INDIRECTION && list_last(((const A_Indirection *)val)->indirection)->tag == NODE_A_STAR)
            several = expand_row_star(scope, (const A_Indirection *)val, &names);
        else
            star = false;
        if (!star)
            add_target(scope->b, &list, bind_expr_inner(scope, val), target->name != NULL ? target->name : column_name_of(val), false);
        for (int32_t i = 0; i < several.count; i++)
            add_target(scope->b, &list, several.items[i], names[i], false);
    }
    scope->clause = saved;
    if (list.count > 1664)
        raise_error(SQLSTATE_TOO_MANY_COLUMNS, "target lists can have at most %d entries", 1664);
    return list;
}

void resolve_unknown_targets(Scope *scope, TargetList *list)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (list->items[i].expr->type == TYPE_UNKNOWN)
            list->items[i].expr = coerce_type(scope, list->items[i].expr, TYPE_TEXT, -1, CAST_IMPLICIT, true, -1);
    }
}

/* Where a column comes straight from, for RowDescription. */
static void mark_origin(const Query *query, Target *target)
{
    const Expr       *expr = target->expr;
    const RangeEntry *entry;

    if (expr->kind != EXPR_COLUMN || expr->column.levels_up != 0 || expr->column.column <= 0)
        return;
    entry = query->ranges[expr->column.relation - 1];
    if (entry->table != NULL) {
        target->origin_table = entry->table->head.oid;
        target->origin_column = (int16_t)expr->column.column;
    } else if (entry->kind == RANGE_SUBQUERY || (entry->kind == RANGE_CTE && entry->cte->query != NULL && !entry->cte_self_reference)) {
        const Query  *inner = entry->kind == RANGE_SUBQUERY ? entry->subquery : entry->cte->query;
        const Target *targets = inner->command == QUERY_SELECT ? inner->targets : inner->returning;
        int32_t       count = inner->command == QUERY_SELECT ? inner->target_count : inner->returning_count, at = 0;

        for (int32_t i = 0; i < count; i++) {
            if (targets[i].junk || ++at != expr->column.column)
                continue;
            target->origin_table = targets[i].origin_table;
            target->origin_column = targets[i].origin_column;
        }
    }
}

void mark_origins(Query *query, TargetList list)
{
    for (int32_t i = 0; i < list.count; i++)
        mark_origin(query, &list.items[i]);
}

void bind_returning(Scope *scope, const NodeList *nodes)
{
    TargetList list;

    if (nodes == NULL)
        return;
    list = bind_target_list(scope, nodes, CLAUSE_RETURNING);
    if (list.count == 0)
        bind_error(SQLSTATE_SYNTAX_ERROR, node_list_location(nodes), "RETURNING must have at least one column");
    resolve_unknown_targets(scope, &list);
    mark_origins(scope->query, list);
    scope->query->returning = list.items;
    scope->query->returning_count = list.count;
}
