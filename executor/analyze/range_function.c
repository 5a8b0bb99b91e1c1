/* range_function.c - functions in FROM: ROWS FROM, WITH ORDINALITY, column definitions. */
#include "executor/analyze/binder.h"

const RangeColumn *columns_of_definitions(Scope *scope, const NodeList *coldeflist, int32_t *count_out)
{
    RangeColumn *columns = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)MAX(list_count(coldeflist), 1), RangeColumn);

    *count_out = 0;
    LIST_FOREACH(ColumnDef, definition, coldeflist)
    {
        RangeColumn *column = &columns[(*count_out)++];

        column->name = definition->colname;
        column->type = binder_type_name(scope->b, definition->type_name, &column->typmod, false);
        column->collation = type_collation(scope->b, column->type);
        if (definition->coll_clause != NULL)
            column->collation = analyze_collation(definition->coll_clause->collname, definition->coll_clause->node.location);
        if (definition->type_name->setof)
            bind_error(SQLSTATE_INVALID_TABLE_DEFINITION, definition->node.location, "column \"%s\" cannot be declared SETOF", definition->colname);
        if (column->type == TYPE_UNKNOWN || column->type == TYPE_RECORD)
            bind_error(SQLSTATE_INVALID_TABLE_DEFINITION, definition->node.location, "column \"%s\" has pseudo-type %s", definition->colname, type_text(scope->b, column->type));
        for (int32_t i = 0; i + 1 < *count_out; i++) {
            if (strcmp(columns[i].name, column->name) == 0)
                bind_error(SQLSTATE_DUPLICATE_COLUMN, definition->node.location, "column name \"%s\" specified more than once", column->name);
        }
    }
    return columns;
}

/* What is being gathered for one entry. */
typedef struct Functions {
    Scope       *scope;
    int32_t      count;
    Expr       **exprs;
    const char **names;
    const NodeList **definitions;
} Functions;

static void add_function(Functions *functions, Expr *expr, const char *name, const NodeList *definitions)
{
    Arena *arena = functions->scope->b->arena;
    size_t count = (size_t)functions->count, next = count + 1;

    functions->exprs = arena_grow(arena, functions->exprs, count * sizeof(Expr *), next * sizeof(Expr *));
    functions->names = arena_grow(arena, functions->names, count * sizeof(char *), next * sizeof(char *));
    functions->definitions = arena_grow(arena, functions->definitions, count * sizeof(NodeList *), next * sizeof(NodeList *));
    functions->exprs[count] = expr;
    functions->names[count] = name;
    functions->definitions[count] = definitions;
    functions->count++;
}

/* unnest(a, b) in FROM is ROWS FROM (unnest(a), unnest(b)). */
static bool is_multi_unnest(const FuncCall *call)
{
    return strcmp(string_at(call->funcname, list_count(call->funcname) - 1), "unnest") == 0 && list_count(call->args) > 1 && call->agg_order == NULL &&
           call->agg_filter == NULL && call->over == NULL && !call->agg_star && !call->agg_distinct && !call->func_variadic &&
           list_count(call->funcname) == 1;
}

static void bind_item(Functions *functions, const RangeFunctionItem *item)
{
    Scope      *scope = functions->scope;
    const Expr *last_set;
    Expr       *expr;

    if (item->func->tag == NODE_FUNC_CALL && is_multi_unnest((const FuncCall *)item->func) && item->coldeflist == NULL) {
        const FuncCall *call = (const FuncCall *)item->func;

        for (int32_t i = 0; i < list_count(call->args); i++) {
            FuncCall *one = NODE_NEW(scope->b->arena, FuncCall, NODE_FUNC_CALL, call->node.location);

            one->funcname = call->funcname;
            one->args = list_append(scope->b->arena, NULL, list_at(call->args, i));
            add_function(functions, bind_call(scope, one, true), "unnest", NULL);
        }
        return;
    }
    last_set = scope->last_set_call;
    expr = item->func->tag == NODE_FUNC_CALL ? bind_call(scope, (const FuncCall *)item->func, true) : bind_expr_inner(scope, item->func);
    if (scope->last_set_call != last_set && scope->last_set_call != expr)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, scope->last_set_call->location, "set-returning functions must appear at top level of FROM");
    add_function(functions, expr, column_name_of(item->func), item->coldeflist);
}

/* The columns that one function gives. */
static const RangeColumn *function_columns(Functions *functions, int32_t index, const Alias *alias, int32_t *count_out)
{
    Scope             *scope = functions->scope;
    const Expr        *expr = functions->exprs[index];
    const NodeList    *definitions = functions->definitions[index];
    bool               is_call = expr->kind == EXPR_CALL || expr->kind == EXPR_SET_CALL;
    const Proc        *proc = is_call ? expr->call.proc : NULL;
    RangeColumn       *column;
    const RangeColumn *columns = NULL;

    *count_out = 0;
    if (expr->type == TYPE_RECORD || type_is_composite(scope->b, expr->type))
        columns = row_columns(scope, expr, count_out);
    if (definitions != NULL) {
        if (columns != NULL && expr->type == TYPE_RECORD)
            bind_error(SQLSTATE_SYNTAX_ERROR, node_list_location(definitions), "a column definition list is redundant for a function with OUT parameters");
        if (columns != NULL)
            bind_error(SQLSTATE_SYNTAX_ERROR, node_list_location(definitions), "a column definition list is redundant for a function returning a named composite type");
        if (expr->type != TYPE_RECORD)
            bind_error(SQLSTATE_SYNTAX_ERROR, node_list_location(definitions), "a column definition list is only allowed for functions returning \"record\"");
        return columns_of_definitions(scope, definitions, count_out);
    }
    if (columns != NULL)
        return columns;
    if (expr->type == TYPE_RECORD)
        bind_error(SQLSTATE_SYNTAX_ERROR, expr_location(expr), "a column definition list is required for functions returning \"record\"");
    column = ARENA_NEW(scope->b->arena, RangeColumn);
    *column = (RangeColumn){NULL, expr->type, expr->typmod, expr->collation, false};
    for (int16_t i = 0; proc != NULL && i < proc->all_arg_count; i++) {
        if ((proc->arg_modes[i] == 'o' || proc->arg_modes[i] == 'b' || proc->arg_modes[i] == 't') && proc->arg_names[i] != NULL)
            column->name = proc->arg_names[i];
    }
    if (column->name == NULL)
        column->name = functions->count == 1 && alias != NULL ? alias->aliasname : functions->names[index];
    *count_out = 1;
    return column;
}

int32_t bind_range_function(Scope *scope, const RangeFunction *function, NameItem **item_out)
{
    Binder     *b = scope->b;
    Functions   functions = {.scope = scope};
    Clause      clause = scope->clause;
    bool        lateral_active = scope->lateral_active, lateral = function->lateral;
    RangeEntry *entry;
    RangeColumn *columns = NULL;
    int32_t    *counts, total = 0, range;

    /* PG15: functions in FROM are LATERAL without saying so */
    scope->lateral_active = true;
    scope->clause = CLAUSE_FROM_FUNCTION;
    LIST_FOREACH(RangeFunctionItem, item, function->functions)
    {
        bind_item(&functions, item);
    }
    scope->lateral_active = lateral_active;
    scope->clause = clause;
    if (function->coldeflist != NULL) {
        if (functions.count != 1)
            bind_error_hint(SQLSTATE_SYNTAX_ERROR, node_list_location(function->coldeflist), "Put a separate column definition list for each function inside ROWS FROM().",
                            "ROWS FROM() with multiple functions cannot have a column definition list");
        if (function->ordinality)
            bind_error_hint(SQLSTATE_SYNTAX_ERROR, node_list_location(function->coldeflist), "Put the column definition list inside ROWS FROM().",
                            "WITH ORDINALITY cannot be used with a column definition list");
        functions.definitions[0] = function->coldeflist;
    }
    for (int32_t i = 0; i < functions.count && !lateral; i++)
        lateral = expr_has_columns(functions.exprs[i], 0);
    entry = range_entry_new(b, RANGE_FUNCTION, function->alias != NULL ? function->alias->aliasname : functions.names[0]);
    counts = ARENA_ARRAY(b->arena, (size_t)functions.count, int32_t);
    for (int32_t i = 0; i < functions.count; i++) {
        const RangeColumn *more = function_columns(&functions, i, function->alias, &counts[i]);
        size_t             width = sizeof(RangeColumn);

        columns = arena_grow(b->arena, columns, (size_t)total * width, (size_t)(total + counts[i] + 1) * width);
        memcpy(columns + total, more, (size_t)counts[i] * width);
        total += counts[i];
    }
    if (function->ordinality)
        columns[total++] = (RangeColumn){"ordinality", TYPE_INT8, -1, 0, false};
    entry->columns = columns;
    entry->column_count = total;
    entry->function_count = functions.count;
    entry->functions = functions.exprs;
    entry->function_columns = counts;
    entry->ordinality = function->ordinality;
    entry->lateral = lateral;
    entry->in_from = true;
    apply_column_aliases(b, entry, function->alias, "table");
    range = add_range(scope, entry);
    *item_out = name_item_new(b, entry->alias, range, entry);
    return range;
}
