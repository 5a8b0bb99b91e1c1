/*
 * make.h - what the grammar's actions are written in: nodes, lists, names, options.
 *
 * Everything allocates in pc's arena. IN STEP WITH: ast tags - TAG_OF_ names come from ast_fields.awk.
 *
 * Raises  53200; what a function says of itself.
 */
#ifndef PARSER_MAKE_H
#define PARSER_MAKE_H

#include "parser/ast_tags.h"
#include "parser/parse_context.h"

/*
 * A node of a type with a location and fields given as initialisers: MAKE(ColumnRef, at, .fields = list). A void *, so
 * that an action can give it to whatever pointer its rule has.
 */
#define MAKE(Type, location_, ...)                                                                                   \
    make_node(pc, &(Type){.node = {TAG_OF_##Type, (location_)}, __VA_ARGS__}, sizeof(Type))

/* Any node or list as a Node *. */
#define NODE(node_) ((Node *)(node_))

void *make_node(ParseContext *pc, const void *filled, size_t size);

/* ---- absent things, pairs ---------------------------------------------------------------------------------- */

static const Token no_token = {.str = NULL, .location = -1};

/* An object with a flag that the words around it set: IF NOT EXISTS, IF EXISTS. */
typedef struct Marked {
    void *object;
    bool  flag;
} Marked;

static inline Marked marked(bool flag, void *object)
{
    return (Marked){object, flag};
}

/* A clause with the place of its first word; expr NULL: none. */
typedef struct LocatedClause {
    Node   *expr;
    int32_t location;
} LocatedClause;

static const LocatedClause no_clause = {NULL, -1};

static inline LocatedClause located_clause(Token word, Node *expr)
{
    return (LocatedClause){expr, word.location};
}

static inline Token rename_token(Token token, const char *str)
{
    token.str = str;
    return token;
}

/* A token whose value is what its words stand for. */
static inline Token token_value(Token token, int32_t value)
{
    token.ival = value;
    return token;
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

NodeList *list_one(ParseContext *pc, void *item);
NodeList *list_two(ParseContext *pc, void *a, void *b);
NodeList *list_three(ParseContext *pc, void *a, void *b, void *c);
NodeList *list_four(ParseContext *pc, void *a, void *b, void *c, void *d);
NodeList *list_add(ParseContext *pc, NodeList *list, void *item);
NodeList *list_with_first(ParseContext *pc, void *item, NodeList *rest);

/* Sets the location of the list itself: that of the clause's first word. */
static inline NodeList *list_at_word(NodeList *list, Token word)
{
    list->node.location = word.location;
    return list;
}

/* The location of the first item. */
int32_t list_location(const NodeList *list);

/* ---- values, names ------------------------------------------------------------------------------------------ */

Node *make_string(ParseContext *pc, Token token);
Node *make_integer(ParseContext *pc, int value);
Node *make_float(ParseContext *pc, Token token);
Node *make_negative_float(ParseContext *pc, Token token);
Node *make_boolean(ParseContext *pc, bool value);

Node *make_def(ParseContext *pc, Token name, Node *arg);
Node *make_def_named(ParseContext *pc, Token at, const char *name, Node *arg);
Node *make_def_string(ParseContext *pc, Token at, const char *name, const char *value);

/* A relation's name with up to two more in front; raises 42601 for more, or for what is no name. */
RangeVar *make_range_var(ParseContext *pc, Token name, NodeList *rest);
/* The same from a list of Strings. */
RangeVar *make_range_var_from_list(ParseContext *pc, NodeList *names);

/* A function's name; raises 42601 for subscripts and stars. */
NodeList *make_func_name(ParseContext *pc, Token name, NodeList *rest);

/* An indirection whose star, if any, is last; raises 42601 otherwise. */
NodeList *check_indirection(ParseContext *pc, NodeList *indirection);

/* a.b as one name. */
Token join_names(ParseContext *pc, Token head, Token name);

/* A role; `public` and `none` are special, and the latter raises 42939. */
RoleSpec *make_role_spec(ParseContext *pc, Token name);
/* The name of a role that is no CURRENT_USER or PUBLIC; raises 42939. */
Token role_id_token(ParseContext *pc, const RoleSpec *role);

/* ---- statements --------------------------------------------------------------------------------------------- */

NodeList *append_statement(ParseContext *pc, NodeList *list, Node *statement);
Node     *make_raw_stmt(ParseContext *pc, int start, Node *stmt); /* NULL for an empty one */

#endif
