/*
 * make_utility.c - builds SET, COPY, EXPLAIN and cursor statements.
 */
#include "parser/make_utility.h"

#include "parser/make_expr.h"

/* ---- SET ---------------------------------------------------------------------------------------------------- */

VariableSetStmt *make_set_string(ParseContext *pc, const char *name, Token value)
{
    if (value.str == NULL)
        return MAKE(VariableSetStmt, -1, .kind = VAR_SET_DEFAULT, .name = name);
    return MAKE(VariableSetStmt, -1, .kind = VAR_SET_VALUE, .name = name,
                .args = list_one(pc, make_string_const(pc, value)));
}

VariableSetStmt *make_set_time_zone(ParseContext *pc, Node *zone)
{
    if (zone == NULL)
        return MAKE(VariableSetStmt, -1, .kind = VAR_SET_DEFAULT, .name = "timezone");
    return MAKE(VariableSetStmt, -1, .kind = VAR_SET_VALUE, .name = "timezone", .args = list_one(pc, zone));
}

Node *make_zone_interval(ParseContext *pc, TypeName *type, Token text, NodeList *fields)
{
    const A_Const *mask = (const A_Const *)list_first(fields);

    if (mask != NULL && (mask->ival & ~(INTERVAL_HOUR | INTERVAL_MINUTE)) != 0)
        raise_at(SQLSTATE_SYNTAX_ERROR, mask->node.location, "time zone interval must be HOUR or HOUR TO MINUTE");
    return make_typed_const(pc, with_typmods(type, fields), text);
}

VariableSetStmt *raise_set_catalog(ParseContext *pc, Token name)
{
    (void)pc;
    raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, name.location, "current database cannot be changed");
}

/* ---- COPY, EXPLAIN, FETCH ----------------------------------------------------------------------------------- */

Node *make_copy(ParseContext *pc, CopyStmt *copy, Node *binary, Node *delimiter, LocatedClause where)
{
    if (copy->is_program && copy->filename == NULL)
        raise_error(SQLSTATE_SYNTAX_ERROR, "STDIN/STDOUT not allowed with PROGRAM");
    if (!copy->is_from && where.expr != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, where.location, "WHERE clause not allowed with COPY TO");
    if (delimiter != NULL)
        copy->options = list_with_first(pc, delimiter, copy->options);
    if (binary != NULL)
        copy->options = list_with_first(pc, binary, copy->options);
    return NODE(copy);
}

NodeList *analyze_options(ParseContext *pc, Token word, Token verbose)
{
    NodeList *options = list_one(pc, make_def_named(pc, word, "analyze", NULL));

    return verbose.str == NULL ? options : list_add(pc, options, make_def(pc, verbose, NULL));
}

FetchStmt *make_fetch(ParseContext *pc, FetchDirection direction, int64_t how_many, Token portal)
{
    return MAKE(FetchStmt, -1, .direction = direction, .how_many = how_many, .portalname = portal.str);
}
