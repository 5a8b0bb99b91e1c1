/*
 * make_query.h - builds SELECT, its clauses, FROM items, INSERT, UPDATE and MERGE for the grammar.
 *
 * Raises  53200; what a function says of itself.
 */
#ifndef PARSER_MAKE_QUERY_H
#define PARSER_MAKE_QUERY_H

#include "parser/make.h"
#include "parser/make_expr.h"

/* ---- SELECT ------------------------------------------------------------------------------------------------- */

/* A list with DISTINCT before it or not. */
typedef struct MarkedList {
    NodeList *items;
    bool      distinct;
} MarkedList;

static inline MarkedList marked_list(bool distinct, NodeList *items)
{
    return (MarkedList){items, distinct};
}

typedef struct SelectLimit {
    Node       *offset;
    Node       *count;
    LimitOption option;
} SelectLimit;

SelectLimit *make_limit(ParseContext *pc, Node *count, LimitOption option);
SelectLimit *make_offset(ParseContext *pc, Node *offset);
SelectLimit *raise_limit_comma(ParseContext *pc, Token word); /* LIMIT 1, 2: 42601 */

static inline SelectLimit *limit_with_offset(SelectLimit *limit, Node *offset)
{
    limit->offset = offset;
    return limit;
}

/*
 * Adds what follows a SELECT; NULL: nothing. Raises 42601 when the SELECT, in parentheses, has the same clause, and for
 * WITH TIES without ORDER BY or with SKIP LOCKED.
 */
Node *add_select_clauses(ParseContext *pc, Node *select, NodeList *sort, NodeList *locking, const SelectLimit *limit,
                         WithClause *with);
Node *make_table_select(ParseContext *pc, Token word, RangeVar *rel);
Node *make_set_operation(ParseContext *pc, SetOperation op, Token word, bool all, Node *left, Node *right);
Node *add_values_row(ParseContext *pc, Node *values, NodeList *row);
Node *make_star_target(ParseContext *pc, Token star);

/* ---- FROM --------------------------------------------------------------------------------------------------- */

typedef struct FuncAlias {
    Alias    *alias;
    NodeList *coldeflist;
} FuncAlias;

static inline FuncAlias func_alias(Alias *alias, NodeList *coldeflist)
{
    return (FuncAlias){alias, coldeflist};
}

/* ON or USING. */
typedef struct JoinQual {
    Node     *on;
    NodeList *using_columns;
    Alias    *using_alias;
} JoinQual;

const JoinQual *join_on(ParseContext *pc, Node *on);
const JoinQual *join_using(ParseContext *pc, NodeList *columns, Alias *alias);

JoinExpr *make_join(ParseContext *pc, JoinExprType type, Node *left, Node *right, const JoinQual *qual);
Node *make_aliased_join(JoinExpr *join, Alias *alias);
Node *make_aliased_relation(RangeVar *rel, Alias *alias);
Node *make_aliased_function(RangeFunction *function, bool lateral, FuncAlias alias);
/* Raises 42601 without an alias. */
Node *make_range_subselect(ParseContext *pc, bool lateral, ParenSelect select, Alias *alias);
RangeFunction *make_range_function(ParseContext *pc, Node *function, bool ordinality);
RangeVar      *alias_relation(ParseContext *pc, RangeVar *rel, Token name);

static inline RangeVar *only_relation(RangeVar *rel)
{
    rel->inh = false;
    return rel;
}

static inline RangeVar *set_persistence(RangeVar *rel, int persistence)
{
    rel->relpersistence = (RelPersistence)persistence;
    return rel;
}

/* ---- INSERT, UPDATE, MERGE ---------------------------------------------------------------------------------- */

Node *finish_insert(InsertStmt *insert, Token word, WithClause *with, RangeVar *rel, OnConflictClause *conflict,
                    NodeList *returning);
Node     *set_target_value(Node *target, Node *value);
NodeList *set_targets_from(ParseContext *pc, NodeList *targets, Node *source); /* (a, b) = source */
MergeWhenClause *finish_merge_when(MergeWhenClause *clause, Token word, bool matched, Node *condition);

#endif
