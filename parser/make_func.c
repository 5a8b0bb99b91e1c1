/*
 * make_func.c - builds calls, window frames and type names.
 */
#include "parser/make_expr.h"

static NodeList *system_name(ParseContext *pc, const char *name, int32_t location)
{
    Token schema = {.str = "pg_catalog", .location = location};

    return list_two(pc, make_string(pc, schema), make_string(pc, rename_token(schema, name)));
}

/* ---- calls -------------------------------------------------------------------------------------------------- */

Node *make_system_call(ParseContext *pc, int32_t location, const char *name, NodeList *args)
{
    return NODE(MAKE(FuncCall, location, .funcname = system_name(pc, name, location), .args = args,
                     .funcformat = COERCE_SQL_SYNTAX));
}

Node *make_plain_call(ParseContext *pc, Token name, NodeList *args)
{
    return NODE(MAKE(FuncCall, name.location, .funcname = list_one(pc, make_string(pc, name)), .args = args));
}

/* TREAT(x AS t) is the function t(x), as PostgreSQL has it. */
Node *make_treat(ParseContext *pc, Token word, Node *arg, TypeName *type)
{
    return NODE(MAKE(FuncCall, word.location,
                     .funcname = system_name(pc, string_at(type->names, list_count(type->names) - 1), word.location),
                     .args = list_one(pc, arg)));
}

/* substring(x FOR n) starts at 1; n is cast because the function for integers is meant. */
NodeList *make_substring_for(ParseContext *pc, Node *arg, Node *count)
{
    TypeName *type = make_type_name(pc, system_name(pc, "int4", -1));

    return list_three(pc, arg, make_int_const(pc, 1, -1), make_type_cast(pc, count, type, -1));
}

Node *make_value_function(ParseContext *pc, SQLValueFunctionOp op, Token word)
{
    return NODE(MAKE(SQLValueFunction, word.location, .op = op, .typmod = -1));
}

Node *make_value_function_n(ParseContext *pc, SQLValueFunctionOp op, Token word, Token digits)
{
    return NODE(MAKE(SQLValueFunction, word.location, .op = op, .typmod = digits.ival));
}

Node *add_call_clauses(ParseContext *pc, Node *call_node, WithinGroup within, Node *filter, WindowDef *over)
{
    FuncCall *call = (FuncCall *)call_node;

    (void)pc;
    if (within.order != NULL) {
        if (call->agg_order != NULL)
            raise_at(SQLSTATE_SYNTAX_ERROR, within.location,
                     "cannot use multiple ORDER BY clauses with WITHIN GROUP");
        if (call->agg_distinct)
            raise_at(SQLSTATE_SYNTAX_ERROR, within.location, "cannot use DISTINCT with WITHIN GROUP");
        if (call->func_variadic)
            raise_at(SQLSTATE_SYNTAX_ERROR, within.location, "cannot use VARIADIC with WITHIN GROUP");
        call->agg_order = within.order;
        call->agg_within_group = true;
    }
    call->agg_filter = filter;
    call->over = over;
    return call_node;
}

/* ---- windows ------------------------------------------------------------------------------------------------ */

Frame *make_frame(ParseContext *pc, uint32_t options)
{
    Frame *frame = ARENA_NEW(pc->arena, Frame);

    frame->options = options;
    return frame;
}

Frame *make_bound(ParseContext *pc, uint32_t option, int32_t location, Node *offset)
{
    Frame *bound = make_frame(pc, option);

    bound->location = location;
    bound->start_offset = offset;
    return bound;
}

static noreturn void raise_frame(const Frame *bound, const char *message)
{
    raise_at(SQLSTATE_WINDOWING_ERROR, bound->location, "%s", message);
}

Frame *make_frame_from(ParseContext *pc, Frame *start)
{
    (void)pc;
    if (start->options & FRAMEOPTION_START_UNBOUNDED_FOLLOWING)
        raise_frame(start, "frame start cannot be UNBOUNDED FOLLOWING");
    if (start->options & FRAMEOPTION_START_OFFSET_FOLLOWING)
        raise_frame(start, "frame starting from following row cannot end with current row");
    start->options |= FRAMEOPTION_END_CURRENT_ROW;
    return start;
}

Frame *make_frame_between(ParseContext *pc, Frame *start, const Frame *end)
{
    /* both are given as starts; the bit for an end is the next one */
    uint32_t options = start->options | end->options << 1 | FRAMEOPTION_BETWEEN;

    (void)pc;
    if (options & FRAMEOPTION_START_UNBOUNDED_FOLLOWING)
        raise_frame(start, "frame start cannot be UNBOUNDED FOLLOWING");
    if (options & FRAMEOPTION_END_UNBOUNDED_PRECEDING)
        raise_frame(end, "frame end cannot be UNBOUNDED PRECEDING");
    if ((options & FRAMEOPTION_START_CURRENT_ROW) && (options & FRAMEOPTION_END_OFFSET_PRECEDING))
        raise_frame(end, "frame starting from current row cannot have preceding rows");
    if ((options & FRAMEOPTION_START_OFFSET_FOLLOWING) &&
        (options & (FRAMEOPTION_END_OFFSET_PRECEDING | FRAMEOPTION_END_CURRENT_ROW)))
        raise_frame(end, "frame starting from following row cannot have preceding rows");
    start->options = options;
    start->end_offset = end->start_offset;
    return start;
}

/* ---- types -------------------------------------------------------------------------------------------------- */

TypeName *make_type_name(ParseContext *pc, NodeList *names)
{
    return MAKE(TypeName, list_location(names), .names = names);
}

TypeName *make_system_type(ParseContext *pc, const char *name, Token word, NodeList *typmods)
{
    return MAKE(TypeName, word.location, .names = system_name(pc, name, word.location), .typmods = typmods);
}

TypeName *make_column_type(ParseContext *pc, NodeList *names, bool setof)
{
    return MAKE(TypeName, list_location(names), .names = names, .pct_type = true, .setof = setof);
}

TypeName *make_float_type(ParseContext *pc, Token word, Token bits)
{
    if (bits.ival < 1)
        raise_at(SQLSTATE_INVALID_PARAMETER_VALUE, bits.location, "precision for type float must be at least 1 bit");
    if (bits.ival > 53)
        raise_at(SQLSTATE_INVALID_PARAMETER_VALUE, bits.location, "precision for type float must be less than 54 bits");
    return make_system_type(pc, bits.ival <= 24 ? "float4" : "float8", word, NULL);
}

TypeName *make_time_type(ParseContext *pc, const char *name, bool zone, Token word, NodeList *typmods)
{
    return make_system_type(pc, zone ? arena_printf(pc->arena, "%stz", name) : name, word, typmods);
}

TypeName *make_character_type(ParseContext *pc, Token name, DefaultLength length)
{
    bool one = length == DEFAULT_LENGTH_ONE && strcmp(name.str, "bpchar") == 0;

    return make_system_type(pc, name.str, name, one ? list_one(pc, make_int_const(pc, 1, -1)) : NULL);
}

NodeList *interval_fields(ParseContext *pc, Token word, int fields)
{
    return list_one(pc, make_int_const(pc, fields, word.location));
}

NodeList *interval_seconds(ParseContext *pc, Token word, Token digits)
{
    return list_add(pc, interval_fields(pc, word, INTERVAL_SECOND), make_integer_const(pc, digits));
}

NodeList *interval_precision(ParseContext *pc, Token digits)
{
    return list_two(pc, make_int_const(pc, INTERVAL_FULL_RANGE, -1), make_integer_const(pc, digits));
}

NodeList *widen_interval(NodeList *typmods, Token word, int fields)
{
    A_Const *mask = (A_Const *)list_first(typmods);

    mask->ival |= fields;
    mask->node.location = word.location;
    return typmods;
}
