/*
 * ast_object.h - how statements name the objects they are about: kinds, names, options, roles.
 */
#ifndef PARSER_AST_OBJECT_H
#define PARSER_AST_OBJECT_H

#include "parser/ast_query.h"

/* What DROP, ALTER, COMMENT, GRANT and others can be about. */
typedef enum ObjectType {
    OBJECT_ACCESS_METHOD,
    OBJECT_AGGREGATE,
    OBJECT_ATTRIBUTE, /* of a composite type */
    OBJECT_CAST,
    OBJECT_COLLATION,
    OBJECT_COLLECTION, /* ours */
    OBJECT_COLUMN,
    OBJECT_CONVERSION,
    OBJECT_DATABASE,
    OBJECT_DEFACL,
    OBJECT_DOMAIN,
    OBJECT_DOMCONSTRAINT,
    OBJECT_EVENT_TRIGGER,
    OBJECT_EXTENSION,
    OBJECT_FDW,
    OBJECT_FOREIGN_SERVER,
    OBJECT_FOREIGN_TABLE,
    OBJECT_FUNCTION,
    OBJECT_INDEX,
    OBJECT_LANGUAGE,
    OBJECT_LARGEOBJECT,
    OBJECT_MATVIEW,
    OBJECT_OPCLASS,
    OBJECT_OPERATOR,
    OBJECT_OPFAMILY,
    OBJECT_PARAMETER_ACL,
    OBJECT_POLICY,
    OBJECT_PROCEDURE,
    OBJECT_PUBLICATION,
    OBJECT_ROLE,
    OBJECT_ROUTINE,
    OBJECT_RULE,
    OBJECT_SCHEMA,
    OBJECT_SEQUENCE,
    OBJECT_STATISTIC_EXT,
    OBJECT_SUBSCRIPTION,
    OBJECT_TABCONSTRAINT,
    OBJECT_TABLE,
    OBJECT_TABLESPACE,
    OBJECT_TRANSFORM,
    OBJECT_TRIGGER,
    OBJECT_TSCONFIGURATION,
    OBJECT_TSDICTIONARY,
    OBJECT_TSPARSER,
    OBJECT_TSTEMPLATE,
    OBJECT_TYPE,
    OBJECT_USER_MAPPING,
    OBJECT_VIEW,
} ObjectType;

/*
 * How an object of each kind stands in a Node * or an item of a list:
 *     relations (table, collection, view, sequence, index, column's and rule's parent)   NodeList of Strings in
 *         DropStmt and CommentStmt, a RangeVar where a statement has a `relation`
 *     function, procedure, routine, aggregate, operator    ObjectWithArgs
 *     type, domain                                         TypeName
 *     cast                                                 NodeList of two TypeNames
 *     column, trigger, rule, policy, table constraint      NodeList of Strings: the table's name, then its own
 *     domain constraint                                    NodeList: TypeName, String
 *     operator class and family                            NodeList of Strings: access method, then the name
 *     transform                                            NodeList: TypeName, String (the language)
 *     large object                                         Integer or Float
 *     collation, conversion, statistics, text search       NodeList of Strings
 *     the rest (schema, role, database, extension ...)     String
 */

typedef enum DropBehavior {
    DROP_RESTRICT, /* also when neither is written */
    DROP_CASCADE,
} DropBehavior;

typedef enum DefElemAction {
    DEFELEM_UNSPEC,
    DEFELEM_SET,
    DEFELEM_ADD,
    DEFELEM_DROP,
} DefElemAction;

/*
 * One option: WITH (name = arg), a word of CREATE ROLE, ... Which names a statement has is said at its list.
 * arg: String, Integer, Float, Boolean, TypeName (a word that is not quoted: its one name), A_Star, NodeList, ...
 */
typedef struct DefElem {
    Node          node;
    const char   *defnamespace; /* toast.autovacuum_enabled: `toast`; NULL: none */
    const char   *defname;
    Node         *arg;       /* NULL: the name alone */
    DefElemAction defaction; /* of ALTER ... OPTIONS (SET name value) */
} DefElem;

typedef enum RoleSpecType {
    ROLESPEC_CSTRING,
    ROLESPEC_CURRENT_ROLE,
    ROLESPEC_CURRENT_USER,
    ROLESPEC_SESSION_USER,
    ROLESPEC_PUBLIC,
} RoleSpecType;

typedef struct RoleSpec {
    Node         node;
    RoleSpecType roletype;
    const char  *rolename; /* of ROLESPEC_CSTRING */
} RoleSpec;

/* name(argument types): a function, procedure, aggregate or operator. */
typedef struct ObjectWithArgs {
    Node      node;
    NodeList *objname;          /* Strings */
    NodeList *objargs;          /* TypeName; NULL items: NONE of an operator. Input arguments only */
    NodeList *objfuncargs;      /* FunctionParameter as written; NULL for operators */
    bool      args_unspecified; /* no parentheses */
} ObjectWithArgs;

typedef enum FunctionParameterMode {
    FUNC_PARAM_DEFAULT = 'd', /* not written: IN */
    FUNC_PARAM_IN = 'i',
    FUNC_PARAM_OUT = 'o',
    FUNC_PARAM_INOUT = 'b',
    FUNC_PARAM_VARIADIC = 'v',
    FUNC_PARAM_TABLE = 't', /* a column of RETURNS TABLE */
} FunctionParameterMode;

typedef struct FunctionParameter {
    Node                  node;
    const char           *name; /* NULL: none */
    TypeName             *arg_type;
    FunctionParameterMode mode;
    Node                 *defexpr; /* NULL: none */
} FunctionParameter;

#endif
