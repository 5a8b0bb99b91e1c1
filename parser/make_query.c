/*
 * make_query.c - builds SELECT, its clauses, FROM items, INSERT, UPDATE and MERGE.
 */
#include "parser/make_query.h"

/* ---- SELECT ------------------------------------------------------------------------------------------------- */

SelectLimit *make_limit(ParseContext *pc, Node *count, LimitOption option)
{
    SelectLimit *limit = ARENA_NEW(pc->arena, SelectLimit);

    limit->count = count;
    limit->option = option;
    return limit;
}

SelectLimit *make_offset(ParseContext *pc, Node *offset)
{
    return limit_with_offset(make_limit(pc, NULL, LIMIT_OPTION_COUNT), offset);
}

SelectLimit *raise_limit_comma(ParseContext *pc, Token word)
{
    Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "LIMIT #,# syntax is not supported");

    (void)pc;
    error_hint(err, "Use separate LIMIT and OFFSET clauses.");
    error_position(err, word.location);
    error_raise(err);
}

static noreturn void raise_twice(const Node *second, const char *clause)
{
    raise_at(SQLSTATE_SYNTAX_ERROR, node_start(second), "multiple %s clauses not allowed", clause);
}

static void add_limit(SelectStmt *select, const SelectLimit *limit)
{
    if (limit->offset != NULL) {
        if (select->limit_offset != NULL)
            raise_twice(limit->offset, "OFFSET");
        select->limit_offset = limit->offset;
    }
    if (limit->count != NULL) {
        if (select->limit_count != NULL)
            raise_twice(limit->count, "LIMIT");
        select->limit_count = limit->count;
    }
    if (limit->option == LIMIT_OPTION_COUNT)
        return;
    if (select->sort_clause == NULL)
        raise_error(SQLSTATE_SYNTAX_ERROR, "WITH TIES cannot be specified without ORDER BY clause");
    LIST_FOREACH(LockingClause, lock, select->locking_clause)
        if (lock->wait_policy == LOCK_WAIT_SKIP)
            raise_error(SQLSTATE_SYNTAX_ERROR, "%s and %s options cannot be used together", "SKIP LOCKED",
                        "WITH TIES");
    select->limit_option = limit->option;
}

Node *add_select_clauses(ParseContext *pc, Node *select_node, NodeList *sort, NodeList *locking,
                         const SelectLimit *limit, WithClause *with)
{
    SelectStmt *select = (SelectStmt *)select_node;

    if (sort != NULL) {
        if (select->sort_clause != NULL)
            raise_twice(NODE(sort), "ORDER BY");
        select->sort_clause = sort;
    }
    select->locking_clause = list_concat(pc->arena, select->locking_clause, locking);
    if (limit != NULL)
        add_limit(select, limit);
    if (with != NULL) {
        if (select->with_clause != NULL)
            raise_twice(NODE(with), "WITH");
        select->with_clause = with;
    }
    return select_node;
}

Node *make_table_select(ParseContext *pc, Token word, RangeVar *rel)
{
    return NODE(MAKE(SelectStmt, word.location, .target_list = list_one(pc, make_star_target(pc, rename_token(word, "*"))),
                     .from_clause = list_one(pc, rel)));
}

Node *make_set_operation(ParseContext *pc, SetOperation op, Token word, bool all, Node *left, Node *right)
{
    return NODE(MAKE(SelectStmt, word.location, .op = op, .all = all, .larg = (SelectStmt *)left,
                     .rarg = (SelectStmt *)right));
}

Node *add_values_row(ParseContext *pc, Node *values, NodeList *row)
{
    SelectStmt *select = (SelectStmt *)values;

    select->values_lists = list_add(pc, select->values_lists, row);
    return values;
}

Node *make_star_target(ParseContext *pc, Token star)
{
    NodeList *fields = list_one(pc, MAKE(A_Star, star.location));

    return NODE(MAKE(ResTarget, star.location, .val = NODE(MAKE(ColumnRef, star.location, .fields = fields))));
}

/* ---- FROM --------------------------------------------------------------------------------------------------- */

static const JoinQual *make_join_qual(ParseContext *pc, JoinQual qual)
{
    JoinQual *copy = arena_alloc(pc->arena, sizeof *copy);

    *copy = qual;
    return copy;
}

const JoinQual *join_on(ParseContext *pc, Node *on)
{
    return make_join_qual(pc, (JoinQual){.on = on});
}

const JoinQual *join_using(ParseContext *pc, NodeList *columns, Alias *alias)
{
    return make_join_qual(pc, (JoinQual){.using_columns = columns, .using_alias = alias});
}

JoinExpr *make_join(ParseContext *pc, JoinExprType type, Node *left, Node *right, const JoinQual *qual)
{
    return MAKE(JoinExpr, -1, .jointype = type, .larg = left, .rarg = right, .using_clause = qual->using_columns,
                     .join_using_alias = qual->using_alias, .quals = qual->on);
}

Node *make_aliased_join(JoinExpr *join, Alias *alias)
{
    join->alias = alias;
    return NODE(join);
}

Node *make_aliased_relation(RangeVar *rel, Alias *alias)
{
    rel->alias = alias;
    return NODE(rel);
}

Node *make_aliased_function(RangeFunction *function, bool lateral, FuncAlias alias)
{
    function->lateral = lateral;
    function->alias = alias.alias;
    function->coldeflist = alias.coldeflist;
    return NODE(function);
}

Node *make_range_subselect(ParseContext *pc, bool lateral, ParenSelect select, Alias *alias)
{
    if (alias == NULL) {
        bool   values = ((const SelectStmt *)select.select)->values_lists != NULL;
        Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "%s in FROM must have an alias", values ? "VALUES" : "subquery");

        error_hint(err, "For example, FROM (%s ...) [AS] foo.", values ? "VALUES" : "SELECT");
        error_position(err, select.location);
        error_raise(err);
    }
    return NODE(MAKE(RangeSubselect, select.location, .lateral = lateral, .subquery = select.select, .alias = alias));
}

RangeFunction *make_range_function(ParseContext *pc, Node *function, bool ordinality)
{
    RangeFunctionItem *item = MAKE(RangeFunctionItem, function->location, .func = function);

    return MAKE(RangeFunction, function->location, .functions = list_one(pc, item), .ordinality = ordinality);
}

RangeVar *alias_relation(ParseContext *pc, RangeVar *rel, Token name)
{
    rel->alias = MAKE(Alias, name.location, .aliasname = name.str);
    return rel;
}

/* ---- INSERT, UPDATE, MERGE ---------------------------------------------------------------------------------- */

Node *finish_insert(InsertStmt *insert, Token word, WithClause *with, RangeVar *rel, OnConflictClause *conflict,
                    NodeList *returning)
{
    insert->node.location = word.location;
    insert->with_clause = with;
    insert->relation = rel;
    insert->on_conflict_clause = conflict;
    insert->returning_list = returning;
    return NODE(insert);
}

Node *set_target_value(Node *target, Node *value)
{
    ((ResTarget *)target)->val = value;
    return target;
}

NodeList *set_targets_from(ParseContext *pc, NodeList *targets, Node *source)
{
    LIST_FOREACH(ResTarget, target, targets)
        target->val = NODE(MAKE(MultiAssignRef, -1, .source = source, .colno = target_index + 1,
                                .ncolumns = list_count(targets)));
    return targets;
}

MergeWhenClause *finish_merge_when(MergeWhenClause *clause, Token word, bool matched, Node *condition)
{
    clause->node.location = word.location;
    clause->matched = matched;
    clause->condition = condition;
    return clause;
}
