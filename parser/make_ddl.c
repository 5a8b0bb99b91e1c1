/*
 * make_ddl.c - builds columns, constraints, partitions and indexes.
 */
#include "parser/make_ddl.h"

#include "parser/make_query.h"

/* ---- columns ------------------------------------------------------------------------------------------------ */

CollateClause *split_collate(ParseContext *pc, NodeList *quals, NodeList **constraints_out)
{
    CollateClause *collate = NULL;
    NodeList      *constraints = NULL;

    LIST_FOREACH(Node, qual, quals) {
        if (qual->tag != NODE_COLLATE_CLAUSE) {
            constraints = list_add(pc, constraints, qual);
            continue;
        }
        if (collate != NULL)
            raise_at(SQLSTATE_SYNTAX_ERROR, qual->location, "multiple COLLATE clauses not allowed");
        collate = (CollateClause *)qual;
    }
    *constraints_out = constraints;
    return collate;
}

Node *make_column(ParseContext *pc, Token name, TypeName *type, NodeList *quals)
{
    ColumnDef *column = MAKE(ColumnDef, name.location, .colname = name.str, .type_name = type);

    column->coll_clause = split_collate(pc, quals, &column->constraints);
    return NODE(column);
}

Node *finish_column(Node *node, const char *compression, NodeList *fdwoptions)
{
    ColumnDef *column = (ColumnDef *)node;

    column->compression = compression;
    column->fdwoptions = fdwoptions;
    return node;
}

Constraint *make_generated(ParseContext *pc, Token word, Token when, Node *expr)
{
    if (when.ival != IDENTITY_ALWAYS)
        raise_at(SQLSTATE_SYNTAX_ERROR, when.location,
                 "for a generated column, GENERATED ALWAYS must be specified");
    return MAKE(Constraint, word.location, .contype = CONSTR_GENERATED, .generated_when = IDENTITY_ALWAYS,
                .raw_expr = expr);
}

/* ---- attributes at the end of a constraint ------------------------------------------------------------------ */

static bool has_all(int bits, int wanted)
{
    return (bits & wanted) == wanted;
}

ConstraintAttributes add_attribute(ParseContext *pc, ConstraintAttributes head, ConstraintAttributes added)
{
    int bits = head.bits | added.bits;

    (void)pc;
    if (has_all(bits, ATTRIBUTE_NOT_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED))
        raise_at(SQLSTATE_SYNTAX_ERROR, added.location, "constraint declared INITIALLY DEFERRED must be DEFERRABLE");
    if (has_all(bits, ATTRIBUTE_NOT_DEFERRABLE | ATTRIBUTE_DEFERRABLE) ||
        has_all(bits, ATTRIBUTE_INITIALLY_IMMEDIATE | ATTRIBUTE_INITIALLY_DEFERRED))
        raise_at(SQLSTATE_SYNTAX_ERROR, added.location, "conflicting constraint properties");
    /* PG15: the location is that of the empty list before the first attribute, which has none (corpus_table) */
    return (ConstraintAttributes){bits, head.location};
}

/* What messages call the kinds, and the attributes they may have. */
static const struct {
    const char *name;
    int         allowed;
} constraint_kinds[] = {
    [CONSTR_CHECK] = {"CHECK", ATTRIBUTE_NOT_VALID | ATTRIBUTE_NO_INHERIT},
    [CONSTR_UNIQUE] = {"UNIQUE", ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED},
    [CONSTR_PRIMARY] = {"PRIMARY KEY", ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED},
    [CONSTR_EXCLUSION] = {"EXCLUDE", ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED},
    [CONSTR_FOREIGN] = {"FOREIGN KEY", ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED | ATTRIBUTE_NOT_VALID},
};

void set_attributes(Constraint *constraint, ConstraintAttributes attributes, int allowed, const char *name)
{
    int refused = attributes.bits & ~allowed;

    if (refused & (ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED))
        raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, attributes.location, "%s constraints cannot be marked DEFERRABLE",
                 name);
    if (refused & ATTRIBUTE_NOT_VALID)
        raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, attributes.location, "%s constraints cannot be marked NOT VALID",
                 name);
    if (refused & ATTRIBUTE_NO_INHERIT)
        raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, attributes.location, "%s constraints cannot be marked NO INHERIT",
                 name);
    /* INITIALLY DEFERRED alone makes it deferrable too */
    constraint->deferrable = (attributes.bits & (ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED)) != 0;
    constraint->initdeferred = (attributes.bits & ATTRIBUTE_INITIALLY_DEFERRED) != 0;
    constraint->skip_validation = (attributes.bits & ATTRIBUTE_NOT_VALID) != 0;
    constraint->is_no_inherit = (attributes.bits & ATTRIBUTE_NO_INHERIT) != 0;
}

Constraint *apply_attributes(ParseContext *pc, Constraint *constraint, ConstraintAttributes attributes)
{
    (void)pc;
    set_attributes(constraint, attributes, constraint_kinds[constraint->contype].allowed,
                   constraint_kinds[constraint->contype].name);
    return constraint;
}

/* ---- foreign keys ------------------------------------------------------------------------------------------- */

KeyActions key_actions(const KeyAction *update, const KeyAction *delete)
{
    KeyActions actions = {.update = FKCONSTR_ACTION_NOACTION, .delete = FKCONSTR_ACTION_NOACTION};

    if (update != NULL)
        actions.update = update->action;
    if (delete != NULL) {
        actions.delete = delete->action;
        actions.delete_columns = delete->columns;
    }
    return actions;
}

KeyAction check_update_action(ParseContext *pc, Token word, KeyAction action)
{
    (void)pc;
    if (action.columns != NULL)
        raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, word.location,
                 "a column list with %s is only supported for ON DELETE actions",
                 action.action == FKCONSTR_ACTION_SETNULL ? "SET NULL" : "SET DEFAULT");
    return action;
}

noreturn void raise_match_partial(Token word)
{
    raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, word.location, "MATCH PARTIAL not yet implemented");
}

/* ---- partitions, indexes ------------------------------------------------------------------------------------ */

static void set_hash_number(const DefElem *option, int32_t *number)
{
    if (*number >= 0)
        raise_at(SQLSTATE_DUPLICATE_OBJECT, option->node.location, "%s for hash partition provided more than once",
                 option->defname);
    *number = ((const Integer *)option->arg)->ival;
}

PartitionBoundSpec *make_hash_bound(ParseContext *pc, Token word, NodeList *options)
{
    PartitionBoundSpec *bound = MAKE(PartitionBoundSpec, word.location, .strategy = PARTITION_STRATEGY_HASH,
                                     .modulus = -1, .remainder = -1);

    LIST_FOREACH(DefElem, option, options) {
        if (strcmp(option->defname, "modulus") == 0)
            set_hash_number(option, &bound->modulus);
        else if (strcmp(option->defname, "remainder") == 0)
            set_hash_number(option, &bound->remainder);
        else
            raise_at(SQLSTATE_SYNTAX_ERROR, option->node.location,
                     "unrecognized hash partition bound specification \"%s\"", option->defname);
    }
    if (bound->modulus < 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "modulus for hash partition must be specified");
    if (bound->remainder < 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "remainder for hash partition must be specified");
    return bound;
}

PartitionSpec *make_partition_spec(ParseContext *pc, Token word, Token strategy, NodeList *params)
{
    return MAKE(PartitionSpec, word.location, .strategy = strategy.str, .part_params = params);
}

Node *make_create_as(ParseContext *pc, Token word, int persistence, Marked into, Node *query, bool with_data,
                     ObjectType type)
{
    IntoClause *clause = into.object;

    set_persistence(clause->rel, persistence);
    clause->skip_data = !with_data;
    return NODE(MAKE(CreateTableAsStmt, word.location, .query = query, .into = clause, .objtype = type,
                     .if_not_exists = into.flag));
}
