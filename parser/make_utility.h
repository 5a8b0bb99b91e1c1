/*
 * make_utility.h - builds SET, COPY, EXPLAIN and cursor statements for the grammar.
 *
 * Raises  53200; what a function says of itself.
 */
#ifndef PARSER_MAKE_UTILITY_H
#define PARSER_MAKE_UTILITY_H

#include "parser/make.h"

/* ---- SET ---------------------------------------------------------------------------------------------------- */

/* SET name TO 'value'; DEFAULT when value is absent. */
VariableSetStmt *make_set_string(ParseContext *pc, const char *name, Token value);
VariableSetStmt *make_set_time_zone(ParseContext *pc, Node *zone); /* NULL: DEFAULT or LOCAL */
/* Raises 42601 unless the fields are HOUR or HOUR TO MINUTE. */
Node            *make_zone_interval(ParseContext *pc, TypeName *type, Token text, NodeList *fields);
VariableSetStmt *raise_set_catalog(ParseContext *pc, Token name); /* 0A000 */

static inline VariableSetStmt *finish_set_stmt(VariableSetStmt *set, Token word)
{
    set->node.location = word.location;
    return set;
}

static inline Node *finish_set(VariableSetStmt *set, Token word, bool local)
{
    set->is_local = local;
    return NODE(finish_set_stmt(set, word));
}

/* ---- COPY, EXPLAIN, FETCH ----------------------------------------------------------------------------------- */

/* binary and delimiter are options written before the file's name, or NULL. Raises 42601 for what cannot go together. */
Node *make_copy(ParseContext *pc, CopyStmt *copy, Node *binary, Node *delimiter, LocatedClause where);

NodeList *analyze_options(ParseContext *pc, Token word, Token verbose);

FetchStmt *make_fetch(ParseContext *pc, FetchDirection direction, int64_t how_many, Token portal);

static inline Node *finish_fetch(FetchStmt *fetch, Token word, bool move)
{
    fetch->node.location = word.location;
    fetch->ismove = move;
    return NODE(fetch);
}

#endif
