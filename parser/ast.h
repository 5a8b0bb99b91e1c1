/*
 * ast.h - the raw parse tree: what a SQL text says, before any name in it has been looked up.
 *
 * Node names and fields are those that PostgreSQL 15 gives its raw parse trees, in this tree's spelling, so that
 * its documentation and habits carry over; where ours differ, a comment says so. Read in this order:
 *
 *     ast_node.h         what all nodes share: tag, location, lists, values
 *     ast_expr.h         expressions, type names, ordering, windows
 *     ast_query.h        SELECT, INSERT, UPDATE, DELETE, MERGE, RawStmt
 *     ast_object.h       how statements name objects, options and roles
 *     ast_ddl.h          tables, collections, indexes, views, sequences, ALTER TABLE
 *     ast_object_stmt.h  every other object: databases, roles, privileges, types, functions, ...
 *     ast_utility.h      transactions, settings, COPY, EXPLAIN, PREPARE, cursors, maintenance
 *
 * What the tree leaves to the analysis: names, types, the number of columns, whether clauses make sense together
 * beyond what the grammar says. What the parser already refuses (as PostgreSQL's does): contradicting constraint
 * attributes, frames that cannot be, an OVERLAPS of the wrong length, several ORDER BYs, and the like.
 *
 * Ownership   everything lives in the arena given to parse_sql().
 * Threads     a finished tree is not changed, so any number may read it.
 */
#ifndef PARSER_AST_H
#define PARSER_AST_H

#include "parser/ast_utility.h"

/*
 * The tree as text: (SelectStmt :target_list ((ResTarget :val (A_Const :kind CONST_INTEGER :ival 1)))). Strings are
 * in quotes; fields that are NULL, false or the number zero are left out, locations too unless asked for. For tests
 * and debugging. Raises 54001 for a tree too deep for the stack.
 */
typedef enum AstPrint {
    AST_PRINT_PLAIN,
    AST_PRINT_LOCATIONS, /* with @offset after each node's name */
} AstPrint;

const char *ast_print(Arena *arena, const Node *node, AstPrint how);

/*
 * Calls visit(child, context) for each direct child of node in the order of its fields, items of lists one by
 * one; stops with true as soon as a call returns true. A visitor that wants the whole tree calls ast_walk() on the
 * child. node may be NULL. Nothing here recurses by itself, and lists are seen through.
 */
bool ast_walk(const Node *node, bool (*visit)(const Node *child, void *context), void *context);

/*
 * Where an expression begins: the smallest location in it, which is what errors about the whole of it point at.
 * (A node's own location may be that of its operator.) -1 when no part of it has one.
 */
int32_t node_start(const Node *node);

#endif
