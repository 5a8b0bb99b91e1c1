/*
 * ast_object_stmt.h - statements about objects that are not relations, and those that fit objects of every kind.
 */
#ifndef PARSER_AST_OBJECT_STMT_H
#define PARSER_AST_OBJECT_STMT_H

#include "parser/ast_ddl.h"

/* ---- every kind of object ------------------------------------------------------------------------------------ */

typedef struct DropStmt {
    Node         node;
    NodeList    *objects; /* as ast_object.h says for remove_type */
    ObjectType   remove_type;
    DropBehavior behavior;
    bool         missing_ok; /* IF EXISTS */
    bool         concurrent; /* DROP INDEX CONCURRENTLY */
} DropStmt;

typedef struct RenameStmt {
    Node         node;
    ObjectType   rename_type;
    ObjectType   relation_type; /* of OBJECT_COLUMN: what it is a column of */
    RangeVar    *relation;      /* of relations and what belongs to one; else NULL */
    Node        *object;        /* of the others */
    const char  *subname;       /* column, attribute, constraint, trigger, rule, policy */
    const char  *newname;
    DropBehavior behavior;      /* of RENAME ATTRIBUTE */
    bool         missing_ok;
} RenameStmt;

typedef struct AlterObjectSchemaStmt {
    Node        node;
    ObjectType  object_type;
    RangeVar   *relation;
    Node       *object;
    const char *newschema;
    bool        missing_ok;
} AlterObjectSchemaStmt;

/* OWNER TO of what is not a relation; a relation's is an AlterTableStmt. */
typedef struct AlterOwnerStmt {
    Node       node;
    ObjectType object_type;
    Node      *object;
    RoleSpec  *newowner;
} AlterOwnerStmt;

/* ALTER ... [NO] DEPENDS ON EXTENSION */
typedef struct AlterObjectDependsStmt {
    Node        node;
    ObjectType  object_type;
    RangeVar   *relation;
    Node       *object;
    const char *extname;
    bool        remove;
} AlterObjectDependsStmt;

typedef struct CommentStmt {
    Node        node;
    ObjectType  objtype;
    Node       *object;
    const char *comment; /* NULL: IS NULL, take it away */
} CommentStmt;

typedef struct SecLabelStmt {
    Node        node;
    ObjectType  objtype;
    Node       *object;
    const char *provider;
    const char *label;
} SecLabelStmt;

/* CREATE AGGREGATE, OPERATOR, TYPE (base), TEXT SEARCH, COLLATION. */
typedef struct DefineStmt {
    Node       node;
    ObjectType kind;
    bool       oldstyle;   /* an aggregate without argument list */
    NodeList  *defnames;   /* Strings */
    NodeList  *args;       /* of an aggregate: FunctionParameter; NULL: (*) */
    int32_t    direct_arg_count; /* ordered-set aggregates: arguments before ORDER BY; -1: not one */
    NodeList  *definition; /* DefElem; `from` (NodeList of Strings) for CREATE COLLATION FROM */
    bool       if_not_exists;
    bool       replace;
} DefineStmt;

/* ---- databases, schemas, extensions, tablespaces --------------------------------------------------------------- */

typedef struct CreateSchemaStmt {
    Node        node;
    const char *schemaname; /* NULL: the role's name */
    RoleSpec   *authrole;   /* NULL: none */
    NodeList   *schema_elts; /* CREATE and GRANT statements inside */
    bool        if_not_exists;
} CreateSchemaStmt;

typedef struct CreatedbStmt {
    Node        node;
    const char *dbname;
    NodeList   *options; /* DefElem: owner, template, encoding, lc_collate, connection_limit, ... arg NULL: DEFAULT */
} CreatedbStmt;

typedef struct AlterDatabaseStmt {
    Node        node;
    const char *dbname;
    NodeList   *options; /* DefElem; `tablespace` for SET TABLESPACE */
} AlterDatabaseStmt;

typedef struct AlterDatabaseRefreshCollStmt {
    Node        node;
    const char *dbname;
} AlterDatabaseRefreshCollStmt;

typedef struct VariableSetStmt VariableSetStmt;

typedef struct AlterDatabaseSetStmt {
    Node             node;
    const char      *dbname;
    VariableSetStmt *setstmt;
} AlterDatabaseSetStmt;

typedef struct DropdbStmt {
    Node        node;
    const char *dbname;
    bool        missing_ok;
    NodeList   *options; /* DefElem: force */
} DropdbStmt;

typedef struct CreateExtensionStmt {
    Node        node;
    const char *extname;
    bool        if_not_exists;
    NodeList   *options; /* DefElem: schema, new_version (String), cascade */
} CreateExtensionStmt;

typedef struct AlterExtensionStmt {
    Node        node;
    const char *extname;
    NodeList   *options; /* DefElem: new_version */
} AlterExtensionStmt;

/* ALTER EXTENSION ... ADD | DROP object */
typedef struct AlterExtensionContentsStmt {
    Node        node;
    const char *extname;
    bool        add;
    ObjectType  objtype;
    Node       *object;
} AlterExtensionContentsStmt;

typedef struct CreateTableSpaceStmt {
    Node        node;
    const char *tablespacename;
    RoleSpec   *owner;
    const char *location;
    NodeList   *options;
} CreateTableSpaceStmt;

typedef struct DropTableSpaceStmt {
    Node        node;
    const char *tablespacename;
    bool        missing_ok;
} DropTableSpaceStmt;

typedef struct AlterTableSpaceOptionsStmt {
    Node        node;
    const char *tablespacename;
    NodeList   *options;
    bool        is_reset;
} AlterTableSpaceOptionsStmt;

/* ---- roles and privileges -------------------------------------------------------------------------------------- */

typedef enum RoleStmtType {
    ROLESTMT_ROLE,
    ROLESTMT_USER,
    ROLESTMT_GROUP,
} RoleStmtType;

/*
 * options: password (String, arg NULL for PASSWORD NULL), superuser, inherit, createrole, createdb, canlogin,
 * isreplication, bypassrls (Boolean), connectionlimit (Integer), validUntil (String), rolemembers, adminmembers,
 * addroleto (NodeList of RoleSpec), sysid.
 */
typedef struct CreateRoleStmt {
    Node         node;
    RoleStmtType stmt_type;
    const char  *role;
    NodeList    *options; /* DefElem */
} CreateRoleStmt;

typedef struct AlterRoleStmt {
    Node      node;
    RoleSpec *role;
    NodeList *options; /* DefElem; rolemembers of ALTER GROUP */
    int32_t   action;  /* ALTER GROUP: +1 ADD USER, -1 DROP USER; else +1 */
} AlterRoleStmt;

typedef struct AlterRoleSetStmt {
    Node             node;
    RoleSpec        *role;     /* NULL: ALL */
    const char      *database; /* IN DATABASE; NULL: everywhere */
    VariableSetStmt *setstmt;
} AlterRoleSetStmt;

typedef struct DropRoleStmt {
    Node      node;
    NodeList *roles; /* RoleSpec */
    bool      missing_ok;
} DropRoleStmt;

typedef struct ReassignOwnedStmt {
    Node      node;
    NodeList *roles;
    RoleSpec *newrole;
} ReassignOwnedStmt;

typedef struct DropOwnedStmt {
    Node         node;
    NodeList    *roles;
    DropBehavior behavior;
} DropOwnedStmt;

typedef enum GrantTargetType {
    ACL_TARGET_OBJECT,
    ACL_TARGET_ALL_IN_SCHEMA, /* objects: Strings, the schemas */
    ACL_TARGET_DEFAULTS,      /* the action of ALTER DEFAULT PRIVILEGES; objects NULL */
} GrantTargetType;

/* GRANT and REVOKE of privileges. */
typedef struct GrantStmt {
    Node            node;
    bool            is_grant;
    GrantTargetType targtype;
    ObjectType      objtype;
    NodeList       *objects;    /* RangeVar, ObjectWithArgs, String, ... */
    NodeList       *privileges; /* AccessPriv; NULL: ALL */
    NodeList       *grantees;   /* RoleSpec */
    bool            grant_option;
    RoleSpec       *grantor; /* GRANTED BY */
    DropBehavior    behavior;
} GrantStmt;

/* A privilege with its columns, or a role in GRANT role TO role. */
typedef struct AccessPriv {
    Node        node;
    const char *priv_name; /* NULL: ALL (columns) */
    NodeList   *cols;      /* Strings */
} AccessPriv;

/* GRANT and REVOKE of roles. */
typedef struct GrantRoleStmt {
    Node         node;
    NodeList    *granted_roles; /* AccessPriv */
    NodeList    *grantee_roles; /* RoleSpec */
    bool         is_grant;
    bool         admin_opt;
    RoleSpec    *grantor;
    DropBehavior behavior;
} GrantRoleStmt;

typedef struct AlterDefaultPrivilegesStmt {
    Node       node;
    NodeList  *options; /* DefElem: schemas, roles */
    GrantStmt *action;
} AlterDefaultPrivilegesStmt;

typedef struct CreatePolicyStmt {
    Node        node;
    const char *policy_name;
    RangeVar   *table;
    const char *cmd_name; /* all, select, insert, update, delete */
    bool        permissive;
    NodeList   *roles;
    Node       *qual;
    Node       *with_check;
} CreatePolicyStmt;

typedef struct AlterPolicyStmt {
    Node        node;
    const char *policy_name;
    RangeVar   *table;
    NodeList   *roles;
    Node       *qual;
    Node       *with_check;
} AlterPolicyStmt;

/* ---- types ------------------------------------------------------------------------------------------------------ */

typedef struct CompositeTypeStmt {
    Node      node;
    RangeVar *typevar;
    NodeList *coldeflist; /* ColumnDef; NULL: () */
} CompositeTypeStmt;

typedef struct CreateEnumStmt {
    Node      node;
    NodeList *type_name; /* Strings */
    NodeList *vals;      /* Strings; NULL: () */
} CreateEnumStmt;

typedef struct CreateRangeStmt {
    Node      node;
    NodeList *type_name;
    NodeList *params; /* DefElem */
} CreateRangeStmt;

/* ALTER TYPE ... ADD VALUE | RENAME VALUE */
typedef struct AlterEnumStmt {
    Node        node;
    NodeList   *type_name;
    const char *old_val; /* RENAME VALUE; NULL: ADD */
    const char *new_val;
    const char *new_val_neighbor; /* BEFORE, AFTER; NULL: at the end */
    bool        new_val_is_after;
    bool        skip_if_new_val_exists; /* IF NOT EXISTS */
} AlterEnumStmt;

/* ALTER TYPE ... SET (...), ALTER OPERATOR ... SET (...) */
typedef struct AlterTypeStmt {
    Node      node;
    NodeList *type_name;
    NodeList *options;
} AlterTypeStmt;

typedef struct AlterOperatorStmt {
    Node            node;
    ObjectWithArgs *opername;
    NodeList       *options;
} AlterOperatorStmt;

/* ALTER COLLATION ... REFRESH VERSION */
typedef struct AlterCollationStmt {
    Node      node;
    NodeList *collname;
} AlterCollationStmt;

typedef struct CreateDomainStmt {
    Node           node;
    NodeList      *domainname; /* Strings */
    TypeName      *type_name;
    CollateClause *coll_clause;
    NodeList      *constraints; /* Constraint */
} CreateDomainStmt;

typedef enum AlterDomainKind {
    ALTER_DOMAIN_DEFAULT = 'T', /* def: expression; NULL: DROP DEFAULT */
    ALTER_DOMAIN_DROP_NOT_NULL = 'N',
    ALTER_DOMAIN_SET_NOT_NULL = 'O',
    ALTER_DOMAIN_ADD_CONSTRAINT = 'C', /* def: Constraint */
    ALTER_DOMAIN_DROP_CONSTRAINT = 'X', /* name */
    ALTER_DOMAIN_VALIDATE = 'V',        /* name */
} AlterDomainKind;

typedef struct AlterDomainStmt {
    Node            node;
    AlterDomainKind subtype;
    NodeList       *type_name;
    const char     *name;
    Node           *def;
    DropBehavior    behavior;
    bool            missing_ok;
} AlterDomainStmt;

/* ---- functions, triggers, rules, casts -------------------------------------------------------------------------- */

/*
 * options: as (NodeList of one or two Strings), language, volatility, strict, security, leakproof, cost, rows,
 * support, window, parallel, set (VariableSetStmt), transform.
 */
typedef struct CreateFunctionStmt {
    Node      node;
    bool      is_procedure;
    bool      replace;
    NodeList *funcname;
    NodeList *parameters; /* FunctionParameter */
    TypeName *return_type; /* NULL: none written, or RETURNS TABLE (parameters of FUNC_PARAM_TABLE) */
    NodeList *options;     /* DefElem */
    Node     *sql_body;    /* RETURN expr: ReturnStmt. BEGIN ATOMIC: NodeList of statements (may be empty). NULL: none */
} CreateFunctionStmt;

typedef struct ReturnStmt {
    Node  node;
    Node *returnval;
} ReturnStmt;

typedef struct AlterFunctionStmt {
    Node            node;
    ObjectType      objtype;
    ObjectWithArgs *func;
    NodeList       *actions; /* DefElem */
} AlterFunctionStmt;

/* DO: args are DefElem as (String) and language. */
typedef struct DoStmt {
    Node      node;
    NodeList *args;
} DoStmt;

typedef struct CallStmt {
    Node      node;
    FuncCall *funccall;
} CallStmt;

typedef enum TriggerTiming {
    TRIGGER_TYPE_AFTER = 0, /* the bits of pg_trigger.tgtype */
    TRIGGER_TYPE_BEFORE = 1 << 1,
    TRIGGER_TYPE_INSTEAD = 1 << 6,
} TriggerTiming;

typedef enum TriggerEvent {
    TRIGGER_TYPE_INSERT = 1 << 2,
    TRIGGER_TYPE_DELETE = 1 << 3,
    TRIGGER_TYPE_UPDATE = 1 << 4,
    TRIGGER_TYPE_TRUNCATE = 1 << 5,
} TriggerEvent;

typedef struct CreateTrigStmt {
    Node          node;
    bool          replace;
    bool          isconstraint;
    const char   *trigname;
    RangeVar     *relation;
    NodeList     *funcname;
    NodeList     *args; /* Strings */
    bool          row;  /* FOR EACH ROW */
    TriggerTiming timing;
    uint32_t      events;  /* TriggerEvent bits */
    NodeList     *columns; /* Strings: UPDATE OF */
    Node         *when_clause;
    NodeList     *transition_rels; /* TriggerTransition */
    bool          deferrable;
    bool          initdeferred;
    RangeVar     *constrrel;
} CreateTrigStmt;

typedef struct TriggerTransition {
    Node        node;
    const char *name;
    bool        is_new;
    bool        is_table;
} TriggerTransition;

typedef struct CreateEventTrigStmt {
    Node        node;
    const char *trigname;
    const char *eventname;
    NodeList   *whenclause; /* DefElem with NodeLists of Strings */
    NodeList   *funcname;
} CreateEventTrigStmt;

typedef struct AlterEventTrigStmt {
    Node        node;
    const char *trigname;
    char        tgenabled; /* O: ENABLE, R: REPLICA, A: ALWAYS, D: DISABLE */
} AlterEventTrigStmt;

typedef enum CmdType {
    CMD_SELECT,
    CMD_UPDATE,
    CMD_INSERT,
    CMD_DELETE,
} CmdType;

typedef struct RuleStmt {
    Node        node;
    RangeVar   *relation;
    const char *rulename;
    Node       *where_clause;
    CmdType     event;
    bool        instead;
    NodeList   *actions; /* NULL: NOTHING */
    bool        replace;
} RuleStmt;

typedef enum CoercionContext {
    COERCION_IMPLICIT,
    COERCION_ASSIGNMENT,
    COERCION_EXPLICIT,
} CoercionContext;

typedef struct CreateCastStmt {
    Node            node;
    TypeName       *sourcetype;
    TypeName       *targettype;
    ObjectWithArgs *func; /* NULL: WITHOUT FUNCTION or WITH INOUT */
    CoercionContext context;
    bool            inout;
} CreateCastStmt;

typedef struct CreateConversionStmt {
    Node        node;
    NodeList   *conversion_name;
    const char *for_encoding_name;
    const char *to_encoding_name;
    NodeList   *func_name;
    bool        def;
} CreateConversionStmt;

typedef struct CreatePLangStmt {
    Node        node;
    bool        replace;
    const char *plname;
    NodeList   *plhandler;
    NodeList   *plinline;
    NodeList   *plvalidator;
    bool        pltrusted;
} CreatePLangStmt;

typedef struct CreateTransformStmt {
    Node            node;
    bool            replace;
    TypeName       *type_name;
    const char     *lang;
    ObjectWithArgs *fromsql;
    ObjectWithArgs *tosql;
} CreateTransformStmt;

typedef struct CreateAmStmt {
    Node        node;
    const char *amname;
    NodeList   *handler_name;
    char        amtype; /* i: INDEX, t: TABLE */
} CreateAmStmt;

typedef struct CreateOpClassStmt {
    Node        node;
    NodeList   *opclassname;
    NodeList   *opfamilyname;
    const char *amname;
    TypeName   *datatype;
    NodeList   *items; /* CreateOpClassItem */
    bool        is_default;
} CreateOpClassStmt;

typedef enum OpClassItemType {
    OPCLASS_ITEM_OPERATOR = 1,
    OPCLASS_ITEM_FUNCTION = 2,
    OPCLASS_ITEM_STORAGETYPE = 3,
} OpClassItemType;

typedef struct CreateOpClassItem {
    Node            node;
    OpClassItemType itemtype;
    ObjectWithArgs *name;
    int32_t         number;
    NodeList       *order_family;
    NodeList       *class_args; /* TypeName */
    TypeName       *storedtype;
} CreateOpClassItem;

typedef struct CreateOpFamilyStmt {
    Node        node;
    NodeList   *opfamilyname;
    const char *amname;
} CreateOpFamilyStmt;

typedef struct AlterOpFamilyStmt {
    Node        node;
    NodeList   *opfamilyname;
    const char *amname;
    bool        is_drop;
    NodeList   *items;
} AlterOpFamilyStmt;

/* ---- text search ------------------------------------------------------------------------------------------------ */

typedef struct AlterTSDictionaryStmt {
    Node      node;
    NodeList *dictname;
    NodeList *options;
} AlterTSDictionaryStmt;

typedef enum AlterTSConfigType {
    ALTER_TSCONFIG_ADD_MAPPING,
    ALTER_TSCONFIG_ALTER_MAPPING_FOR_TOKEN,
    ALTER_TSCONFIG_REPLACE_DICT,
    ALTER_TSCONFIG_REPLACE_DICT_FOR_TOKEN,
    ALTER_TSCONFIG_DROP_MAPPING,
} AlterTSConfigType;

typedef struct AlterTSConfigurationStmt {
    Node              node;
    AlterTSConfigType kind;
    NodeList         *cfgname;
    NodeList         *tokentype; /* Strings */
    NodeList         *dicts;     /* NodeLists of Strings */
    bool              override;
    bool              replace;
    bool              missing_ok;
} AlterTSConfigurationStmt;

/* ---- foreign data ----------------------------------------------------------------------------------------------- */

typedef struct CreateFdwStmt {
    Node        node;
    const char *fdwname;
    NodeList   *func_options; /* DefElem: handler, validator (arg NULL: NO ...) */
    NodeList   *options;
} CreateFdwStmt;

typedef struct AlterFdwStmt {
    Node        node;
    const char *fdwname;
    NodeList   *func_options;
    NodeList   *options;
} AlterFdwStmt;

typedef struct CreateForeignServerStmt {
    Node        node;
    const char *servername;
    const char *servertype;
    const char *version;
    const char *fdwname;
    bool        if_not_exists;
    NodeList   *options;
} CreateForeignServerStmt;

typedef struct AlterForeignServerStmt {
    Node        node;
    const char *servername;
    const char *version;
    NodeList   *options;
    bool        has_version;
} AlterForeignServerStmt;

typedef struct CreateForeignTableStmt {
    Node        node;
    CreateStmt *base;
    const char *servername;
    NodeList   *options;
} CreateForeignTableStmt;

typedef struct CreateUserMappingStmt {
    Node        node;
    RoleSpec   *user;
    const char *servername;
    bool        if_not_exists;
    NodeList   *options;
} CreateUserMappingStmt;

typedef struct AlterUserMappingStmt {
    Node        node;
    RoleSpec   *user;
    const char *servername;
    NodeList   *options;
} AlterUserMappingStmt;

typedef struct DropUserMappingStmt {
    Node        node;
    RoleSpec   *user;
    const char *servername;
    bool        missing_ok;
} DropUserMappingStmt;

typedef enum ImportForeignSchemaType {
    FDW_IMPORT_SCHEMA_ALL,
    FDW_IMPORT_SCHEMA_LIMIT_TO,
    FDW_IMPORT_SCHEMA_EXCEPT,
} ImportForeignSchemaType;

typedef struct ImportForeignSchemaStmt {
    Node                    node;
    const char             *server_name;
    const char             *remote_schema;
    const char             *local_schema;
    ImportForeignSchemaType list_type;
    NodeList               *table_list; /* RangeVar */
    NodeList               *options;
} ImportForeignSchemaStmt;

/* ---- logical replication ---------------------------------------------------------------------------------------- */

typedef enum PublicationObjSpecType {
    PUBLICATIONOBJ_TABLE,
    PUBLICATIONOBJ_TABLES_IN_SCHEMA,
    PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA,
    PUBLICATIONOBJ_CONTINUATION, /* inside the parser only */
} PublicationObjSpecType;

typedef struct PublicationObjSpec {
    Node                   node;
    PublicationObjSpecType pubobjtype;
    const char            *name;    /* of a schema */
    RangeVar              *relation; /* of a table */
    Node                  *where_clause;
    NodeList              *columns;
} PublicationObjSpec;

typedef struct CreatePublicationStmt {
    Node        node;
    const char *pubname;
    NodeList   *options;
    NodeList   *pubobjects;
    bool        for_all_tables;
} CreatePublicationStmt;

typedef struct AlterPublicationStmt {
    Node          node;
    const char   *pubname;
    NodeList     *options;
    NodeList     *pubobjects;
    DefElemAction action;
} AlterPublicationStmt;

typedef struct CreateSubscriptionStmt {
    Node        node;
    const char *subname;
    const char *conninfo;
    NodeList   *publication; /* Strings */
    NodeList   *options;
} CreateSubscriptionStmt;

typedef enum AlterSubscriptionType {
    ALTER_SUBSCRIPTION_OPTIONS,
    ALTER_SUBSCRIPTION_CONNECTION,
    ALTER_SUBSCRIPTION_SET_PUBLICATION,
    ALTER_SUBSCRIPTION_ADD_PUBLICATION,
    ALTER_SUBSCRIPTION_DROP_PUBLICATION,
    ALTER_SUBSCRIPTION_REFRESH,
    ALTER_SUBSCRIPTION_ENABLED,
    ALTER_SUBSCRIPTION_SKIP,
} AlterSubscriptionType;

typedef struct AlterSubscriptionStmt {
    Node                  node;
    AlterSubscriptionType kind;
    const char           *subname;
    const char           *conninfo;
    NodeList             *publication;
    NodeList             *options;
} AlterSubscriptionStmt;

typedef struct DropSubscriptionStmt {
    Node         node;
    const char  *subname;
    bool         missing_ok;
    DropBehavior behavior;
} DropSubscriptionStmt;

#endif
