/*
 * make_routine.c - builds functions, aggregates, triggers, types and domains.
 */
#include "parser/make_object.h"

/* ---- routines ----------------------------------------------------------------------------------------------- */

ObjectWithArgs *make_routine(ParseContext *pc, NodeList *name, NodeList *parameters)
{
    NodeList *types = NULL;

    LIST_FOREACH(FunctionParameter, parameter, parameters)
        if (parameter->mode != FUNC_PARAM_OUT && parameter->mode != FUNC_PARAM_TABLE)
            types = list_add(pc, types, parameter->arg_type);
    return MAKE(ObjectWithArgs, list_location(name), .objname = name, .objargs = types, .objfuncargs = parameters);
}

ObjectWithArgs *make_routine_without_args(ParseContext *pc, NodeList *name)
{
    return MAKE(ObjectWithArgs, list_location(name), .objname = name, .args_unspecified = true);
}

NodeList *raise_missing_argument(ParseContext *pc, Token paren, TypeName *one)
{
    Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "missing argument");

    (void)pc;
    (void)one;
    error_hint(err, "Use NONE to denote the missing argument of a unary operator.");
    error_position(err, paren.location);
    error_raise(err);
}

NodeList *merge_table_columns(ParseContext *pc, NodeList *parameters, NodeList *columns, Token word)
{
    (void)word;
    LIST_FOREACH(FunctionParameter, parameter, parameters)
        if (parameter->mode == FUNC_PARAM_OUT || parameter->mode == FUNC_PARAM_INOUT)
            raise_error(SQLSTATE_SYNTAX_ERROR, "OUT and INOUT arguments aren't allowed in TABLE functions");
    return list_concat(pc->arena, parameters, columns);
}

AggregateArgs ordered_set_args(ParseContext *pc, NodeList *direct, NodeList *sorted)
{
    const FunctionParameter *last = (const FunctionParameter *)list_last(direct);
    int32_t                  direct_count = list_count(direct);

    if (last->mode == FUNC_PARAM_VARIADIC) {
        /* the arguments that are sorted must be the same VARIADIC, which then stands once in the list */
        bool same = list_count(sorted) == 1 && strcmp(ast_print(pc->arena, NODE(last), AST_PRINT_PLAIN),
                                                      ast_print(pc->arena, list_first(sorted), AST_PRINT_PLAIN)) == 0;

        if (!same)
            raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, list_location(sorted),
                     "an ordered-set aggregate with a VARIADIC direct argument must have one VARIADIC aggregated "
                     "argument of the same data type");
        return aggregate_args(direct_count, direct);
    }
    return aggregate_args(direct_count, list_concat(pc->arena, direct, sorted));
}

Node *make_define(ParseContext *pc, Token word, ObjectType kind, NodeList *name, NodeList *definition)
{
    return NODE(MAKE(DefineStmt, word.location, .kind = kind, .defnames = name, .direct_arg_count = -1,
                     .definition = definition));
}

Node *define_if_not_exists(Node *define)
{
    ((DefineStmt *)define)->if_not_exists = true;
    return define;
}

NodeList *list_empty(ParseContext *pc)
{
    NodeList *list = list_one(pc, NULL);

    list->count = 0;
    return list;
}

Node *make_domain(ParseContext *pc, Token word, NodeList *name, TypeName *type, NodeList *quals)
{
    CreateDomainStmt *domain = MAKE(CreateDomainStmt, word.location, .domainname = name, .type_name = type);

    domain->coll_clause = split_collate(pc, quals, &domain->constraints);
    return NODE(domain);
}

/* ---- triggers ----------------------------------------------------------------------------------------------- */

TriggerEvents *trigger_event(ParseContext *pc, Token word, TriggerEvent bit, NodeList *columns)
{
    TriggerEvents *events = arena_alloc(pc->arena, sizeof *events);

    *events = (TriggerEvents){columns, bit, word};
    return events;
}

TriggerEvents *add_trigger_event(ParseContext *pc, TriggerEvents *head, const TriggerEvents *added)
{
    /* PG15: the token read last is named, which behind UPDATE is the next one, since OF may follow (corpus_routine) */
    if ((head->bits & added->bits) == TRIGGER_TYPE_UPDATE)
        raise_at_token(pc, "duplicate trigger events specified");
    if (head->bits & added->bits)
        raise_at_word(pc, "duplicate trigger events specified", added->word);
    head->columns = list_concat(pc->arena, head->columns, added->columns);
    head->bits |= added->bits;
    return head;
}

Node *make_constraint_trigger(ParseContext *pc, CreateTrigStmt *trigger, ConstraintAttributes attributes)
{
    static const int allowed = ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED;
    Constraint       constraint = {.contype = CONSTR_FOREIGN};

    (void)pc;
    if (trigger->replace)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported");
    set_attributes(&constraint, attributes, allowed, "TRIGGER");
    trigger->deferrable = constraint.deferrable;
    trigger->initdeferred = constraint.initdeferred;
    return NODE(trigger);
}

Node *make_integer_string(ParseContext *pc, Token number)
{
    return make_string(pc, rename_token(number, arena_printf(pc->arena, "%d", number.ival)));
}
