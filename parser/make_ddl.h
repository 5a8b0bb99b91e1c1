/*
 * make_ddl.h - builds columns, constraints, partitions and indexes for the grammar.
 *
 * Raises  53200; what a function says of itself.
 */
#ifndef PARSER_MAKE_DDL_H
#define PARSER_MAKE_DDL_H

#include "parser/make.h"

/* ---- columns ------------------------------------------------------------------------------------------------ */

/* type NULL: a typed table's column. Raises 42601 for two COLLATEs among quals. */
Node *make_column(ParseContext *pc, Token name, TypeName *type, NodeList *quals);
Node *finish_column(Node *column, const char *compression, NodeList *fdwoptions);
/* Takes the COLLATE out of a list of constraints; raises 42601 for a second one. */
CollateClause *split_collate(ParseContext *pc, NodeList *quals, NodeList **constraints_out);

/* GENERATED ... AS (expr) STORED: raises 42601 unless ALWAYS. */
Constraint *make_generated(ParseContext *pc, Token word, Token when, Node *expr);

static inline Node *name_constraint(Constraint *constraint, Token name, Token word)
{
    constraint->conname = name.str;
    constraint->node.location = word.location;
    return NODE(constraint);
}

/* ---- attributes at the end of a constraint ------------------------------------------------------------------ */

typedef enum ConstraintAttribute {
    ATTRIBUTE_NOT_DEFERRABLE = 1 << 0,
    ATTRIBUTE_DEFERRABLE = 1 << 1,
    ATTRIBUTE_INITIALLY_IMMEDIATE = 1 << 2,
    ATTRIBUTE_INITIALLY_DEFERRED = 1 << 3,
    ATTRIBUTE_NOT_VALID = 1 << 4,
    ATTRIBUTE_NO_INHERIT = 1 << 5,
} ConstraintAttribute;

typedef struct ConstraintAttributes {
    int     bits; /* ConstraintAttribute */
    int32_t location;
} ConstraintAttributes;

static const ConstraintAttributes no_attributes = {0, -1};

static inline ConstraintAttributes attribute(Token word, ConstraintAttribute bit)
{
    return (ConstraintAttributes){bit, word.location};
}

/* Raises 42601 for contradictions. */
ConstraintAttributes add_attribute(ParseContext *pc, ConstraintAttributes head, ConstraintAttributes added);

/* Raises 0A000 for an attribute that this kind of constraint cannot have; name is what the message calls it. */
void        set_attributes(Constraint *constraint, ConstraintAttributes attributes, int allowed, const char *name);
Constraint *apply_attributes(ParseContext *pc, Constraint *constraint, ConstraintAttributes attributes);

/* ---- foreign keys ------------------------------------------------------------------------------------------- */

typedef struct KeyAction {
    FkAction  action;
    NodeList *columns; /* of SET NULL and SET DEFAULT */
} KeyAction;

typedef struct KeyActions {
    FkAction  update;
    FkAction  delete;
    NodeList *delete_columns;
} KeyActions;

static inline KeyAction key_action(FkAction action, NodeList *columns)
{
    return (KeyAction){action, columns};
}

/* NULL: NO ACTION. */
KeyActions key_actions(const KeyAction *update, const KeyAction *delete);
/* Raises 0A000 for a column list. */
KeyAction check_update_action(ParseContext *pc, Token word, KeyAction action);
noreturn void raise_match_partial(Token word);

static inline int match_partial(ParseContext *pc, Token word)
{
    (void)pc;
    raise_match_partial(word);
}

/* ---- partitions, indexes ------------------------------------------------------------------------------------ */

/* MODULUS and REMAINDER, once each: raises 42601, 42710 otherwise. */
PartitionBoundSpec *make_hash_bound(ParseContext *pc, Token word, NodeList *options);
PartitionSpec      *make_partition_spec(ParseContext *pc, Token word, Token strategy, NodeList *params);

static inline IndexElem *finish_index_elem(IndexElem *elem, int32_t location, const char *name, Node *expr)
{
    elem->node.location = location;
    elem->name = name;
    elem->expr = expr;
    return elem;
}

/* into.object is an IntoClause, into.flag IF NOT EXISTS. */
Node *make_create_as(ParseContext *pc, Token word, int persistence, Marked into, Node *query, bool with_data,
                     ObjectType type);

#endif
