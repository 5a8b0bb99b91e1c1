/*
 * ast_ddl.h - statements that create and change relations: tables, collections, indexes, views, sequences.
 */
#ifndef PARSER_AST_DDL_H
#define PARSER_AST_DDL_H

#include "parser/ast_object.h"

/* ---- columns and constraints -------------------------------------------------------------------------------- */

/* A column of CREATE TABLE, ALTER TABLE ADD, a composite type, or a column definition list of FROM. */
typedef struct ColumnDef {
    Node           node;
    const char    *colname;
    TypeName      *type_name;   /* NULL: OF type tables, where the type gives it */
    const char    *compression; /* COMPRESSION method; NULL: none */
    CollateClause *coll_clause; /* COLLATE; its arg is NULL */
    NodeList      *constraints; /* Constraint, in the order written; attributes as items of their own */
    NodeList      *fdwoptions;  /* DefElem; foreign tables */
} ColumnDef;

typedef enum ConstrType {
    CONSTR_NULL, /* NULL written */
    CONSTR_NOTNULL,
    CONSTR_DEFAULT,   /* raw_expr */
    CONSTR_IDENTITY,  /* generated_when, options */
    CONSTR_GENERATED, /* GENERATED ALWAYS AS (raw_expr) STORED */
    CONSTR_CHECK,     /* raw_expr */
    CONSTR_PRIMARY,
    CONSTR_UNIQUE,
    CONSTR_EXCLUSION,
    CONSTR_FOREIGN,
    CONSTR_ATTR_DEFERRABLE, /* these four follow the column constraint that they change */
    CONSTR_ATTR_NOT_DEFERRABLE,
    CONSTR_ATTR_DEFERRED,
    CONSTR_ATTR_IMMEDIATE,
} ConstrType;

typedef enum IdentityKind {
    IDENTITY_NONE = 0,
    IDENTITY_ALWAYS = 'a',
    IDENTITY_BY_DEFAULT = 'd',
} IdentityKind;

typedef enum FkAction {
    FKCONSTR_ACTION_NOACTION = 'a', /* also when not written */
    FKCONSTR_ACTION_RESTRICT = 'r',
    FKCONSTR_ACTION_CASCADE = 'c',
    FKCONSTR_ACTION_SETNULL = 'n',
    FKCONSTR_ACTION_SETDEFAULT = 'd',
} FkAction;

typedef enum FkMatch {
    FKCONSTR_MATCH_FULL = 'f',
    FKCONSTR_MATCH_PARTIAL = 'p',
    FKCONSTR_MATCH_SIMPLE = 's', /* also when not written */
} FkMatch;

/* A constraint of a column or a table; fields that its kind does not use are zero. */
typedef struct Constraint {
    Node         node;
    ConstrType   contype;
    const char  *conname; /* CONSTRAINT name; NULL: to be chosen */
    bool         deferrable;
    bool         initdeferred;
    bool         is_no_inherit;   /* CHECK ... NO INHERIT */
    bool         skip_validation; /* NOT VALID */
    Node        *raw_expr;        /* DEFAULT, GENERATED, CHECK */
    IdentityKind generated_when;  /* IDENTITY, GENERATED (always IDENTITY_ALWAYS) */
    bool         nulls_not_distinct;
    NodeList    *keys;        /* Strings: PRIMARY KEY and UNIQUE of a table; NULL on a column */
    NodeList    *including;   /* Strings: INCLUDE */
    NodeList    *exclusions;  /* NodeLists of an IndexElem and an operator (NodeList of Strings) */
    NodeList    *options;     /* DefElem: WITH of an index, or IDENTITY's sequence options (CreateSeqStmt) */
    const char  *indexname;   /* USING INDEX; NULL: none */
    const char  *indexspace;  /* USING INDEX TABLESPACE */
    const char  *access_method; /* EXCLUDE USING method; NULL: none written */
    Node        *where_clause;  /* EXCLUDE ... WHERE */
    RangeVar    *pktable;       /* REFERENCES */
    NodeList    *fk_attrs;      /* Strings: FOREIGN KEY (...); NULL on a column */
    NodeList    *pk_attrs;      /* Strings; NULL: the primary key */
    FkMatch      fk_matchtype;
    FkAction     fk_upd_action;
    FkAction     fk_del_action;
    NodeList    *fk_del_set_cols; /* Strings: ON DELETE SET NULL (columns) */
} Constraint;

/* LIKE table INCLUDING ... */
typedef enum TableLikeOption {
    CREATE_TABLE_LIKE_COMMENTS = 1 << 0,
    CREATE_TABLE_LIKE_COMPRESSION = 1 << 1,
    CREATE_TABLE_LIKE_CONSTRAINTS = 1 << 2,
    CREATE_TABLE_LIKE_DEFAULTS = 1 << 3,
    CREATE_TABLE_LIKE_GENERATED = 1 << 4,
    CREATE_TABLE_LIKE_IDENTITY = 1 << 5,
    CREATE_TABLE_LIKE_INDEXES = 1 << 6,
    CREATE_TABLE_LIKE_STATISTICS = 1 << 7,
    CREATE_TABLE_LIKE_STORAGE = 1 << 8,
    CREATE_TABLE_LIKE_ALL = 0x1ff,
} TableLikeOption;

typedef struct TableLikeClause {
    Node      node;
    RangeVar *relation;
    uint32_t  options; /* TableLikeOption bits */
} TableLikeClause;

/* ---- partitions --------------------------------------------------------------------------------------------- */

/* One key of PARTITION BY: a column or an expression. */
typedef struct PartitionElem {
    Node        node;
    const char *name; /* NULL: expr */
    Node       *expr;
    NodeList   *collation; /* Strings */
    NodeList   *opclass;   /* Strings */
} PartitionElem;

typedef struct PartitionSpec {
    Node        node;
    const char *strategy; /* the word: range, list, hash */
    NodeList   *part_params;
} PartitionSpec;

typedef enum PartitionStrategy {
    PARTITION_STRATEGY_DEFAULT = 'd',
    PARTITION_STRATEGY_HASH = 'h',
    PARTITION_STRATEGY_LIST = 'l',
    PARTITION_STRATEGY_RANGE = 'r',
} PartitionStrategy;

/* FOR VALUES ... | DEFAULT */
typedef struct PartitionBoundSpec {
    Node              node;
    PartitionStrategy strategy;
    int32_t           modulus; /* of hash; -1 otherwise */
    int32_t           remainder;
    NodeList         *listdatums;  /* expressions: IN (...) */
    NodeList         *lowerdatums; /* expressions: FROM (...); MINVALUE and MAXVALUE are ColumnRefs of that name */
    NodeList         *upperdatums;
} PartitionBoundSpec;

/* ---- CREATE TABLE, COLLECTION ------------------------------------------------------------------------------- */

typedef struct CreateStmt {
    Node                node;
    RangeVar           *relation;
    NodeList           *table_elts;    /* ColumnDef, Constraint, TableLikeClause; NULL: () */
    NodeList           *inh_relations; /* RangeVar: INHERITS; the parent of PARTITION OF */
    PartitionBoundSpec *partbound;     /* PARTITION OF */
    PartitionSpec      *partspec;      /* PARTITION BY */
    TypeName           *of_typename;   /* OF type */
    NodeList           *options;       /* DefElem: WITH (...) */
    OnCommitAction      oncommit;
    const char         *tablespacename;
    const char         *access_method; /* USING */
    bool                if_not_exists;
} CreateStmt;

/* CREATE TABLE ... AS, CREATE MATERIALIZED VIEW. SELECT INTO stays a SelectStmt with an into_clause. */
typedef struct CreateTableAsStmt {
    Node        node;
    Node       *query; /* SelectStmt or ExecuteStmt */
    IntoClause *into;
    ObjectType  objtype; /* OBJECT_TABLE, OBJECT_MATVIEW */
    bool        if_not_exists;
} CreateTableAsStmt;

typedef struct RefreshMatViewStmt {
    Node      node;
    bool      concurrent;
    bool      skip_data;
    RangeVar *relation;
} RefreshMatViewStmt;

/* CREATE COLLECTION [IF NOT EXISTS] name [WITH (dimensions = n, ...)] (ours) */
typedef struct CreateCollectionStmt {
    Node      node;
    RangeVar *relation;
    NodeList *options; /* DefElem */
    bool      if_not_exists;
} CreateCollectionStmt;

/* ---- indexes ------------------------------------------------------------------------------------------------ */

/* One key of an index, or of ON CONFLICT. */
typedef struct IndexElem {
    Node        node;
    const char *name; /* a column; NULL: expr */
    Node       *expr;
    NodeList   *collation;   /* Strings */
    NodeList   *opclass;     /* Strings */
    NodeList   *opclassopts; /* DefElem */
    SortByDir   ordering;
    SortByNulls nulls_ordering;
} IndexElem;

typedef struct IndexStmt {
    Node        node;
    const char *idxname; /* NULL: to be chosen */
    RangeVar   *relation;
    const char *access_method; /* NULL: not written, btree */
    const char *table_space;
    NodeList   *index_params;           /* IndexElem */
    NodeList   *index_including_params; /* IndexElem */
    NodeList   *options;                /* DefElem of WITH */
    Node       *where_clause;
    bool        unique;
    bool        nulls_not_distinct;
    bool        concurrent;
    bool        if_not_exists;
} IndexStmt;

/* CREATE STATISTICS */
typedef struct CreateStatsStmt {
    Node      node;
    NodeList *defnames;   /* Strings */
    NodeList *stat_types; /* Strings */
    NodeList *exprs;      /* StatsElem */
    NodeList *relations;  /* FROM items */
    bool      if_not_exists;
} CreateStatsStmt;

typedef struct StatsElem {
    Node        node;
    const char *name; /* a column; NULL: expr */
    Node       *expr;
} StatsElem;

/* ALTER STATISTICS name SET STATISTICS n */
typedef struct AlterStatsStmt {
    Node      node;
    NodeList *defnames;
    int32_t   stxstattarget;
    bool      missing_ok;
} AlterStatsStmt;

/* ---- views, sequences --------------------------------------------------------------------------------------- */

typedef enum ViewCheckOption {
    VIEW_NO_CHECK_OPTION,
    VIEW_LOCAL_CHECK_OPTION,
    VIEW_CASCADED_CHECK_OPTION,
} ViewCheckOption;

/* CREATE RECURSIVE VIEW is given as the view over WITH RECURSIVE that it stands for. */
typedef struct ViewStmt {
    Node            node;
    RangeVar       *view;
    NodeList       *aliases; /* Strings; NULL: none */
    Node           *query;   /* SelectStmt */
    bool            replace;
    NodeList       *options; /* DefElem */
    ViewCheckOption with_check_option;
} ViewStmt;

/*
 * options of both: as (TypeName), cache, cycle (Boolean), increment, maxvalue, minvalue (arg NULL: NO ...), owned_by
 * (NodeList of Strings), sequence_name (NodeList), start, restart (arg NULL: none). Numbers: Integer or Float.
 */
typedef struct CreateSeqStmt {
    Node      node;
    RangeVar *sequence;
    NodeList *options; /* DefElem */
    bool      if_not_exists;
} CreateSeqStmt;

typedef struct AlterSeqStmt {
    Node      node;
    RangeVar *sequence;
    NodeList *options; /* DefElem */
    bool      missing_ok;
} AlterSeqStmt;

/* ---- ALTER TABLE -------------------------------------------------------------------------------------------- */

typedef enum AlterTableType {
    AT_ADD_COLUMN,         /* def: ColumnDef; missing_ok: IF NOT EXISTS */
    AT_COLUMN_DEFAULT,     /* name, def: expression; NULL def: DROP DEFAULT */
    AT_DROP_NOT_NULL,      /* name, as in what follows */
    AT_SET_NOT_NULL,
    AT_DROP_EXPRESSION,    /* missing_ok */
    AT_SET_STATISTICS,     /* name or num; def: Integer */
    AT_SET_OPTIONS,        /* name, def: NodeList of DefElem */
    AT_RESET_OPTIONS,
    AT_SET_STORAGE,        /* name, def: String */
    AT_SET_COMPRESSION,    /* name, def: String */
    AT_DROP_COLUMN,        /* name, behavior, missing_ok */
    AT_ADD_CONSTRAINT,     /* def: Constraint */
    AT_ALTER_CONSTRAINT,   /* def: Constraint with conname and deferrability */
    AT_VALIDATE_CONSTRAINT, /* name: of the constraint */
    AT_DROP_CONSTRAINT,    /* name: of the constraint, behavior, missing_ok */
    AT_ALTER_COLUMN_TYPE,  /* name, def: AlterColumnType */
    AT_CHANGE_OWNER,       /* newowner */
    AT_CLUSTER_ON,         /* name: index */
    AT_DROP_CLUSTER,
    AT_SET_LOGGED,
    AT_SET_UNLOGGED,
    AT_SET_ACCESS_METHOD,  /* name */
    AT_SET_TABLE_SPACE,    /* name */
    AT_SET_REL_OPTIONS,    /* def: NodeList of DefElem; NULL for SET WITHOUT OIDS, which does nothing */
    AT_RESET_REL_OPTIONS,
    AT_ENABLE_TRIG,        /* name: of the trigger */
    AT_ENABLE_ALWAYS_TRIG,
    AT_ENABLE_REPLICA_TRIG,
    AT_DISABLE_TRIG,
    AT_ENABLE_TRIG_ALL,
    AT_DISABLE_TRIG_ALL,
    AT_ENABLE_TRIG_USER,
    AT_DISABLE_TRIG_USER,
    AT_ENABLE_RULE,        /* name: of the rule */
    AT_ENABLE_ALWAYS_RULE,
    AT_ENABLE_REPLICA_RULE,
    AT_DISABLE_RULE,
    AT_ADD_INHERIT,        /* def: RangeVar */
    AT_DROP_INHERIT,
    AT_ADD_OF,             /* def: TypeName */
    AT_DROP_OF,
    AT_REPLICA_IDENTITY,   /* def: ReplicaIdentityStmt */
    AT_ENABLE_ROW_SECURITY,
    AT_DISABLE_ROW_SECURITY,
    AT_FORCE_ROW_SECURITY,
    AT_NO_FORCE_ROW_SECURITY,
    AT_GENERIC_OPTIONS,    /* def: NodeList of DefElem: OPTIONS (...) */
    AT_ALTER_COLUMN_GENERIC_OPTIONS,
    AT_ATTACH_PARTITION,   /* def: PartitionCmd */
    AT_DETACH_PARTITION,
    AT_DETACH_PARTITION_FINALIZE,
    AT_ADD_IDENTITY,       /* name, def: Constraint IDENTITY */
    AT_SET_IDENTITY,       /* name, def: NodeList of DefElem: generated (String), restart, sequence options */
    AT_DROP_IDENTITY,      /* name, missing_ok */
} AlterTableType;

/* ALTER COLUMN name TYPE type [COLLATE c] [USING expr]: what AT_ALTER_COLUMN_TYPE's def is. */
typedef struct AlterColumnType {
    Node           node;
    TypeName      *type_name;
    CollateClause *coll_clause;
    Node          *using_expr;
} AlterColumnType;

typedef struct AlterTableCmd {
    Node           node;
    AlterTableType subtype;
    const char    *name;
    int32_t        num; /* ALTER COLUMN n SET STATISTICS; 0: by name */
    RoleSpec      *newowner;
    Node          *def;
    DropBehavior   behavior;
    bool           missing_ok;
} AlterTableCmd;

/* ALTER TABLE, INDEX, SEQUENCE, VIEW, MATERIALIZED VIEW, FOREIGN TABLE, COLLECTION; ALTER TYPE of a composite type. */
typedef struct AlterTableStmt {
    Node       node;
    RangeVar  *relation;
    NodeList  *cmds;    /* AlterTableCmd */
    ObjectType objtype; /* OBJECT_TYPE: ADD, DROP, ALTER ATTRIBUTE as the commands for columns */
    bool       missing_ok;
} AlterTableStmt;

/* ALTER TABLE ALL IN TABLESPACE */
typedef struct AlterTableMoveAllStmt {
    Node        node;
    const char *orig_tablespacename;
    ObjectType  objtype;
    NodeList   *roles; /* RoleSpec: OWNED BY */
    const char *new_tablespacename;
    bool        nowait;
} AlterTableMoveAllStmt;

typedef enum ReplicaIdentityType {
    REPLICA_IDENTITY_DEFAULT = 'd',
    REPLICA_IDENTITY_FULL = 'f',
    REPLICA_IDENTITY_INDEX = 'i',
    REPLICA_IDENTITY_NOTHING = 'n',
} ReplicaIdentityType;

typedef struct ReplicaIdentityStmt {
    Node                node;
    ReplicaIdentityType identity_type;
    const char         *name; /* of the index */
} ReplicaIdentityStmt;

/* The def of ATTACH and DETACH PARTITION. */
typedef struct PartitionCmd {
    Node                node;
    RangeVar           *name;
    PartitionBoundSpec *bound; /* of ATTACH */
    bool                concurrent;
} PartitionCmd;

#endif
