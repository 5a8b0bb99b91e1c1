/*
 * make_object.h - builds DROP, ALTER, GRANT, CREATE FUNCTION and the other statements about objects.
 *
 * Raises  53200; what a function says of itself.
 */
#ifndef PARSER_MAKE_OBJECT_H
#define PARSER_MAKE_OBJECT_H

#include "parser/make.h"
#include "parser/make_ddl.h"

/* An object with its kind: what ast_object.h says of ObjectType. */
typedef struct TypedObject {
    Node *object;
    int   type;
} TypedObject;

static inline TypedObject typed_object(int type, void *object)
{
    return (TypedObject){object, type};
}

/* ---- DROP, schemas ------------------------------------------------------------------------------------------ */

Node *make_drop(ParseContext *pc, Token word, ObjectType type, NodeList *objects, DropBehavior behavior,
                bool missing_ok);
Node *make_drop_index_concurrently(ParseContext *pc, Token word, NodeList *names, DropBehavior behavior,
                                   bool missing_ok);
NodeList *one_by_method(ParseContext *pc, Token method, NodeList *name); /* of an operator class or family */
/* Raises 0A000 when there are elements. */
Node *make_schema_if_not_exists(ParseContext *pc, Token word, Token name, RoleSpec *role, NodeList *elements);

/* ---- ALTER -------------------------------------------------------------------------------------------------- */

typedef struct AlterTarget {
    RangeVar  *relation;
    ObjectType type;
    bool       missing_ok;
} AlterTarget;

static inline AlterTarget alter_target(ObjectType type, RangeVar *relation, bool missing_ok)
{
    return (AlterTarget){relation, type, missing_ok};
}

Node *make_alter_table(ParseContext *pc, Token word, AlterTarget target, NodeList *commands);
Node *make_alter_word(ParseContext *pc, Token word, AlterTableType type);
Node *make_alter_name(ParseContext *pc, Token word, AlterTableType type, Token name);
/* Raises 22023 for a number that is no column's. */
Node *make_column_number_statistics(ParseContext *pc, Token word, Token column, int target);
Node *make_alter_constraint(ParseContext *pc, Token word, Token name, ConstraintAttributes attributes);
/* Raises 42601 for an option that an identity column cannot change. */
Node *check_identity_option(ParseContext *pc, Node *option);

Node *make_rename(ParseContext *pc, Token word, AlterTarget target, Token new_name);
Node *make_rename_part(ParseContext *pc, Token word, AlterTarget target, ObjectType part, Token old_name,
                       Token new_name);
Node *make_rename_object(ParseContext *pc, Token word, TypedObject object, Token new_name);
Node *make_set_schema(ParseContext *pc, Token word, AlterTarget target, Token schema);
Node *make_set_schema_object(ParseContext *pc, Token word, TypedObject object, Token schema);
Node *make_set_owner(ParseContext *pc, Token word, TypedObject object, RoleSpec *owner);
/* Raises 42601 after IF EXISTS, which this form does not have. */
Node *make_depends(ParseContext *pc, Token word, AlterTarget target, bool remove, Token depends_word,
                   Token extension);

/* ---- roles and privileges ----------------------------------------------------------------------------------- */

/* SUPERUSER, NOLOGIN and the like; raises 42601 for other words. */
Node *make_role_option(ParseContext *pc, Token word);
Node *raise_unencrypted(ParseContext *pc, Token word); /* 0A000 */
Node *make_alter_group(ParseContext *pc, Token word, RoleSpec *group, bool add, Token user_word, NodeList *members);
/* PERMISSIVE or RESTRICTIVE; raises 42601 otherwise. */
bool is_permissive(ParseContext *pc, Token word);

typedef struct PrivilegeTarget {
    NodeList       *objects;
    GrantTargetType targtype;
    ObjectType      objtype;
} PrivilegeTarget;

static inline PrivilegeTarget privilege_target(ObjectType type, NodeList *objects)
{
    return (PrivilegeTarget){objects, ACL_TARGET_OBJECT, type};
}

static inline PrivilegeTarget privilege_schemas(ObjectType type, NodeList *schemas)
{
    return (PrivilegeTarget){schemas, ACL_TARGET_ALL_IN_SCHEMA, type};
}

/* ---- routines ----------------------------------------------------------------------------------------------- */

ObjectWithArgs *make_routine(ParseContext *pc, NodeList *name, NodeList *parameters);
ObjectWithArgs *make_routine_without_args(ParseContext *pc, NodeList *name);
NodeList       *raise_missing_argument(ParseContext *pc, Token paren, TypeName *one); /* (type) of an operator: 42601 */

static inline FunctionParameter *set_parameter_default(FunctionParameter *parameter, Node *value)
{
    parameter->defexpr = value;
    return parameter;
}

/* The columns of RETURNS TABLE behind the parameters; raises 42601 for OUT and INOUT among these. */
NodeList *merge_table_columns(ParseContext *pc, NodeList *parameters, NodeList *columns, Token word);

typedef struct AggregateArgs {
    NodeList *args;
    int32_t   direct_count; /* -1: no ORDER BY among them */
} AggregateArgs;

static inline AggregateArgs aggregate_args(int32_t direct_count, NodeList *args)
{
    return (AggregateArgs){args, direct_count};
}

/* (direct ORDER BY sorted); raises 0A000 for a VARIADIC that is not repeated. */
AggregateArgs ordered_set_args(ParseContext *pc, NodeList *direct, NodeList *sorted);

typedef struct TransformElements {
    ObjectWithArgs *fromsql;
    ObjectWithArgs *tosql;
} TransformElements;

static inline TransformElements transform_elements(ObjectWithArgs *fromsql, ObjectWithArgs *tosql)
{
    return (TransformElements){fromsql, tosql};
}

Node     *make_define(ParseContext *pc, Token word, ObjectType kind, NodeList *name, NodeList *definition);
Node     *define_if_not_exists(Node *define);
NodeList *list_empty(ParseContext *pc); /* there, with no item */
Node     *make_domain(ParseContext *pc, Token word, NodeList *name, TypeName *type, NodeList *quals);

/* ---- triggers ----------------------------------------------------------------------------------------------- */

typedef struct TriggerEvents {
    NodeList *columns; /* UPDATE OF */
    uint32_t  bits;    /* TriggerEvent */
    Token     word;    /* the event's, for errors */
} TriggerEvents;

TriggerEvents *trigger_event(ParseContext *pc, Token word, TriggerEvent bit, NodeList *columns);

/* Raises 42601 for an event given twice. */
TriggerEvents *add_trigger_event(ParseContext *pc, TriggerEvents *head, const TriggerEvents *added);
/* Raises 0A000 for OR REPLACE and for attributes that it cannot have. */
Node *make_constraint_trigger(ParseContext *pc, CreateTrigStmt *trigger, ConstraintAttributes attributes);
Node *make_integer_string(ParseContext *pc, Token number);

/* ---- views -------------------------------------------------------------------------------------------------- */

typedef struct CheckOption {
    ViewCheckOption option;
    int32_t         location;
} CheckOption;

static inline CheckOption check_option(Token word, ViewCheckOption option)
{
    return (CheckOption){option, word.location};
}

Node *make_view(ParseContext *pc, Token word, bool replace, int persistence, RangeVar *view, NodeList *columns,
                NodeList *options, Node *query, CheckOption check);
/* The view over WITH RECURSIVE name (columns) AS (query) SELECT columns FROM name; raises 0A000 for CHECK OPTION. */
Node *make_recursive_view(ParseContext *pc, Token word, bool replace, int persistence, RangeVar *view,
                          NodeList *columns, NodeList *options, Node *query, CheckOption check);

/* ---- options, publications ---------------------------------------------------------------------------------- */

/* The words of VACUUM and ANALYZE that are there, as options. */
NodeList *word_options(ParseContext *pc, Token full, Token freeze, Token verbose, Token analyze);
NodeList *add_word(ParseContext *pc, NodeList *options, Token word); /* absent: options */

static inline Node *set_def_action(Node *def, DefElemAction action)
{
    ((DefElem *)def)->defaction = action;
    return def;
}

/* Gives items without a kind that of the one before; raises 42601 for what does not fit. */
NodeList *check_pub_objects(ParseContext *pc, NodeList *objects);

#endif
