/*
 * make.c - nodes, lists, names and options for the grammar's actions.
 */
#include "parser/make.h"

#include "base/strbuf.h"

void *make_node(ParseContext *pc, const void *filled, size_t size)
{
    void *node = arena_alloc(pc->arena, size);

    memcpy(node, filled, size);
    return node;
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

NodeList *list_one(ParseContext *pc, void *item)
{
    return list_append(pc->arena, NULL, item);
}

NodeList *list_two(ParseContext *pc, void *a, void *b)
{
    return list_append(pc->arena, list_one(pc, a), b);
}

NodeList *list_three(ParseContext *pc, void *a, void *b, void *c)
{
    return list_append(pc->arena, list_two(pc, a, b), c);
}

NodeList *list_four(ParseContext *pc, void *a, void *b, void *c, void *d)
{
    return list_append(pc->arena, list_three(pc, a, b, c), d);
}

NodeList *list_add(ParseContext *pc, NodeList *list, void *item)
{
    return list_append(pc->arena, list, item);
}

NodeList *list_with_first(ParseContext *pc, void *item, NodeList *rest)
{
    return list_prepend(pc->arena, rest, item);
}

int32_t list_location(const NodeList *list)
{
    return list_count(list) == 0 ? -1 : list_first(list)->location;
}

/* ---- values, names ------------------------------------------------------------------------------------------ */

Node *make_string(ParseContext *pc, Token token)
{
    return NODE(MAKE(String, token.location, .sval = token.str));
}

Node *make_integer(ParseContext *pc, int value)
{
    return NODE(MAKE(Integer, -1, .ival = value));
}

Node *make_float(ParseContext *pc, Token token)
{
    return NODE(MAKE(Float, token.location, .fval = token.str));
}

Node *make_negative_float(ParseContext *pc, Token token)
{
    return NODE(MAKE(Float, token.location, .fval = arena_printf(pc->arena, "-%s", token.str)));
}

Node *make_boolean(ParseContext *pc, bool value)
{
    return NODE(MAKE(Boolean, -1, .boolval = value));
}

Node *make_def(ParseContext *pc, Token name, Node *arg)
{
    return make_def_named(pc, name, name.str, arg);
}

Node *make_def_named(ParseContext *pc, Token at, const char *name, Node *arg)
{
    return NODE(MAKE(DefElem, at.location, .defname = name, .arg = arg));
}

Node *make_def_string(ParseContext *pc, Token at, const char *name, const char *value)
{
    return make_def_named(pc, at, name, make_string(pc, rename_token(at, value)));
}

/* a.b.c for a message. */
static const char *dotted(ParseContext *pc, const NodeList *names)
{
    StrBuf buf;

    strbuf_init(&buf, pc->arena);
    for (int32_t i = 0; i < list_count(names); i++)
        strbuf_printf(&buf, "%s%s", i == 0 ? "" : ".", string_at(names, i));
    return strbuf_cstring(&buf);
}

RangeVar *make_range_var_from_list(ParseContext *pc, NodeList *names)
{
    int32_t   count = list_count(names);
    RangeVar *rel = MAKE(RangeVar, list_location(names), .inh = true, .relpersistence = RELPERSISTENCE_PERMANENT);

    if (count > 3)
        raise_at(SQLSTATE_SYNTAX_ERROR, rel->node.location, "improper qualified name (too many dotted names): %s",
                 dotted(pc, names));
    rel->relname = string_at(names, count - 1);
    if (count >= 2)
        rel->schemaname = string_at(names, count - 2);
    if (count == 3)
        rel->catalogname = string_at(names, 0);
    return rel;
}

RangeVar *make_range_var(ParseContext *pc, Token name, NodeList *rest)
{
    if (rest == NULL)
        return MAKE(RangeVar, name.location, .relname = name.str, .inh = true,
                    .relpersistence = RELPERSISTENCE_PERMANENT);
    LIST_FOREACH(Node, item, rest)
        if (item->tag != NODE_STRING)
            raise_syntax_error(pc);
    return make_range_var_from_list(pc, list_with_first(pc, make_string(pc, name), rest));
}

NodeList *make_func_name(ParseContext *pc, Token name, NodeList *rest)
{
    LIST_FOREACH(Node, item, rest)
        if (item->tag != NODE_STRING)
            raise_syntax_error(pc);
    return list_with_first(pc, make_string(pc, name), rest);
}

NodeList *check_indirection(ParseContext *pc, NodeList *indirection)
{
    for (int32_t i = 0; i + 1 < list_count(indirection); i++)
        if (list_at(indirection, i)->tag == NODE_A_STAR)
            raise_at_token(pc, "improper use of \"*\"");
    return indirection;
}

Token join_names(ParseContext *pc, Token head, Token name)
{
    head.str = arena_printf(pc->arena, "%s.%s", head.str, name.str);
    return head;
}

RoleSpec *make_role_spec(ParseContext *pc, Token name)
{
    if (strcmp(name.str, "public") == 0)
        return MAKE(RoleSpec, name.location, .roletype = ROLESPEC_PUBLIC);
    if (strcmp(name.str, "none") == 0)
        raise_at(SQLSTATE_RESERVED_NAME, name.location, "role name \"%s\" is reserved", "none");
    return MAKE(RoleSpec, name.location, .roletype = ROLESPEC_CSTRING, .rolename = name.str);
}

Token role_id_token(ParseContext *pc, const RoleSpec *role)
{
    static const char *const words[] = {
        [ROLESPEC_CURRENT_ROLE] = "CURRENT_ROLE",
        [ROLESPEC_CURRENT_USER] = "CURRENT_USER",
        [ROLESPEC_SESSION_USER] = "SESSION_USER",
    };

    (void)pc;
    if (role->roletype == ROLESPEC_PUBLIC)
        raise_at(SQLSTATE_RESERVED_NAME, role->node.location, "role name \"%s\" is reserved", "public");
    if (role->roletype != ROLESPEC_CSTRING)
        raise_at(SQLSTATE_RESERVED_NAME, role->node.location, "%s cannot be used as a role name here",
                 words[role->roletype]);
    return (Token){.str = role->rolename, .location = role->node.location};
}

/* ---- statements --------------------------------------------------------------------------------------------- */

NodeList *append_statement(ParseContext *pc, NodeList *list, Node *statement)
{
    return statement == NULL ? list : list_add(pc, list, statement);
}

Node *make_raw_stmt(ParseContext *pc, int start, Node *stmt)
{
    return stmt == NULL ? NULL : NODE(MAKE(RawStmt, start, .stmt = stmt, .length = pc->previous_end - start));
}
