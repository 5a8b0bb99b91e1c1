/*
 * make_expr.h - builds expressions, function calls, windows and type names for the grammar.
 *
 * Raises  53200; what a function says of itself.
 */
#ifndef PARSER_MAKE_EXPR_H
#define PARSER_MAKE_EXPR_H

#include "parser/make.h"

/* ---- constants ---------------------------------------------------------------------------------------------- */

Node *make_const(ParseContext *pc, ConstKind kind, Token token);
Node *make_string_const(ParseContext *pc, Token token);
Node *make_integer_const(ParseContext *pc, Token token);
Node *make_int_const(ParseContext *pc, int value, int32_t location);
Node *make_bool_const(ParseContext *pc, int32_t location, bool value);
Node *make_number_const(ParseContext *pc, const Node *number); /* from an Integer or Float */

/* type 'text' */
Node *make_typed_const(ParseContext *pc, TypeName *type, Token text);
/* name(args) 'text': args become typmods. Raises 42601 for what only a call could have: named arguments, ORDER BY. */
Node *make_generic_const(ParseContext *pc, NodeList *name, NodeList *args, NodeList *sort, Token text);

/* ---- operators ---------------------------------------------------------------------------------------------- */

typedef struct OperatorName {
    NodeList *name;
    int32_t   location;
} OperatorName;

OperatorName operator_name(ParseContext *pc, Token op);
OperatorName operator_name_of(ParseContext *pc, Token word, const char *op); /* the operator that a word stands for */

static inline OperatorName qualified_operator_name(Token word, NodeList *name)
{
    return (OperatorName){name, word.location};
}

Node *make_operator(ParseContext *pc, Token op, Node *left, Node *right);
Node *make_qualified_operator(ParseContext *pc, OperatorName op, Node *left, Node *right);
Node *make_minus(ParseContext *pc, Token op, Node *arg); /* folded into a number */
Node *make_and(ParseContext *pc, Token op, Node *left, Node *right);
Node *make_or(ParseContext *pc, Token op, Node *left, Node *right);
Node *make_not(ParseContext *pc, int32_t location, Node *arg);

/* The A_Exprs that words make: LIKE, IN, IS DISTINCT FROM, NULLIF. */
Node *make_match(ParseContext *pc, A_Expr_Kind kind, const char *name, Token word, Node *left, Node *right);
Node *make_escape(ParseContext *pc, const char *function, Token word, Node *pattern, Node *escape);
Node *make_between(ParseContext *pc, A_Expr_Kind kind, const char *name, Token word, Node *arg, Node *low, Node *high);
/* Raises 42601 unless both rows have two items. */
Node *make_overlaps(ParseContext *pc, Token word, Node *left, Node *right);

/* ---- subqueries, columns, casts ----------------------------------------------------------------------------- */

/* A SELECT in parentheses, with the place of the outermost one. */
typedef struct ParenSelect {
    Node   *select;
    int32_t location;
} ParenSelect;

static inline ParenSelect paren_select(Token paren, Node *select)
{
    return (ParenSelect){select, paren.location};
}

Node *make_sublink(ParseContext *pc, SubLinkType type, int32_t location, ParenSelect select);
Node *make_in_select(ParseContext *pc, Token word, Node *left, ParenSelect select);
Node *make_operator_select(ParseContext *pc, OperatorName op, SubLinkType type, Node *left, ParenSelect select);
Node *make_operator_array(ParseContext *pc, OperatorName op, SubLinkType type, Node *left, Node *array);
Node *make_column_ref(ParseContext *pc, Token name, NodeList *rest);
Node *make_indirection(ParseContext *pc, void *arg, NodeList *indirection); /* arg itself when there is none */
Node *make_type_cast(ParseContext *pc, Node *arg, TypeName *type, int32_t location);
Node *set_location(Node *node, int32_t location);
Node *raise_not_implemented(ParseContext *pc, Token word, const char *message);

/* ---- calls -------------------------------------------------------------------------------------------------- */

/* pg_catalog.name(args) behind special syntax. */
Node *make_system_call(ParseContext *pc, int32_t location, const char *name, NodeList *args);
Node *make_plain_call(ParseContext *pc, Token name, NodeList *args);
Node *make_treat(ParseContext *pc, Token word, Node *arg, TypeName *type);
NodeList *make_substring_for(ParseContext *pc, Node *arg, Node *count);
Node *make_value_function(ParseContext *pc, SQLValueFunctionOp op, Token word);
Node *make_value_function_n(ParseContext *pc, SQLValueFunctionOp op, Token word, Token digits);

typedef struct WithinGroup {
    NodeList *order;
    int32_t   location;
} WithinGroup;

static inline WithinGroup within_group(int32_t location, NodeList *order)
{
    return (WithinGroup){order, location};
}

/* Raises 42601 for WITHIN GROUP beside ORDER BY, DISTINCT or VARIADIC. */
Node *add_call_clauses(ParseContext *pc, Node *call, WithinGroup within, Node *filter, WindowDef *over);

/* ---- windows ------------------------------------------------------------------------------------------------ */

typedef struct Frame {
    uint32_t options; /* FrameOption bits */
    int32_t  location;
    Node    *start_offset;
    Node    *end_offset;
} Frame;

Frame *make_frame(ParseContext *pc, uint32_t options);
Frame *make_bound(ParseContext *pc, uint32_t option, int32_t location, Node *offset);
/* These raise 42P20 for frames that cannot be. */
Frame *make_frame_from(ParseContext *pc, Frame *start);
Frame *make_frame_between(ParseContext *pc, Frame *start, const Frame *end);

static inline Frame *finish_frame(Frame *frame, uint32_t options)
{
    frame->options |= options;
    return frame;
}

static inline WindowDef *name_window(WindowDef *window, Token name)
{
    window->name = name.str;
    return window;
}

/* ---- types -------------------------------------------------------------------------------------------------- */

TypeName *make_type_name(ParseContext *pc, NodeList *names);
TypeName *make_system_type(ParseContext *pc, const char *name, Token word, NodeList *typmods);
TypeName *make_column_type(ParseContext *pc, NodeList *names, bool setof); /* table.column%TYPE */
TypeName *make_float_type(ParseContext *pc, Token word, Token bits);       /* raises 22023 outside 1 .. 53 */
TypeName *make_time_type(ParseContext *pc, const char *name, bool zone, Token word, NodeList *typmods);

/* CHAR without a length: CHAR(1) as a type, of any length before a literal. */
typedef enum DefaultLength {
    DEFAULT_LENGTH_NONE,
    DEFAULT_LENGTH_ONE,
} DefaultLength;

TypeName *make_character_type(ParseContext *pc, Token name, DefaultLength length);

static inline TypeName *with_typmods(TypeName *type, NodeList *typmods)
{
    type->typmods = typmods;
    return type;
}

static inline TypeName *finish_type(TypeName *type, bool setof, NodeList *array_bounds)
{
    type->setof = setof;
    type->array_bounds = array_bounds;
    return type;
}

NodeList *interval_fields(ParseContext *pc, Token word, int fields);
NodeList *interval_seconds(ParseContext *pc, Token word, Token digits); /* SECOND(digits) */
NodeList *interval_precision(ParseContext *pc, Token digits);           /* INTERVAL(digits) */
NodeList *widen_interval(NodeList *typmods, Token word, int fields);    /* ... TO SECOND */

#endif
