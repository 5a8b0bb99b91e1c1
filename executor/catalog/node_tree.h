/*
 * node_tree.h - what the catalogs show as pg_node_tree: a stored expression, or a list of them, in hexadecimal.
 *
 * Lists have a comma between their expressions.
 *
 * Raises      XX000 for text that no catalog gave; deparse.h's
 */
#ifndef EXECUTOR_CATALOG_NODE_TREE_H
#define EXECUTOR_CATALOG_NODE_TREE_H

#include "executor/deparse/deparse.h"

void node_tree_append(StrBuf *out, Slice stored);

/* The SQL of it; relation may be NULL. */
const char *node_tree_text(Session *session, Arena *arena, Slice tree, const RelationDesc *relation, DeparseStyle style);

#endif
