/*
 * descriptor.h - the metadata of one object: database, schema, role, relation, type, function-like thing.
 *
 * Descriptors are rows of the catalog relations in the same store, versioned like all rows. In memory they are immutable and
 * shared: a change writes a new descriptor. Storage does not understand SQL: stored expressions (defaults, checks, index
 * expressions, predicates, view queries) are opaque bytes here, bound trees in the executor's serialized form.
 *
 * Ownership   a descriptor obtained from the catalog is reference-counted: desc_ref(), desc_unref() (catalog.h). All it
 *             points to lives in it.
 * Threads     immutable once published.
 * Raises      never
 */
#ifndef STORAGE_CATALOG_DESCRIPTOR_H
#define STORAGE_CATALOG_DESCRIPTOR_H

#include "storage/engine.h"
#include "types/batch.h"

/* Numbers go to disk (docs/formats/catalog.md): never reuse one. */
typedef enum DescKind {
    DESC_DATABASE = 1,
    DESC_SCHEMA = 2,
    DESC_ROLE = 3,
    DESC_RELATION = 4, /* tables, indexes, sequences, views, composite types' relations */
    DESC_TYPE = 5,     /* enums, domains, composite and row types; arrays of these */
    DESC_FUNCTION = 6,
    DESC_EXTENSION = 7,
    DESC_COMMENT = 8,
    DESC_SETTING = 9,  /* ALTER DATABASE/ROLE ... SET */
    DESC_TRIGGER = 10,
    DESC_POLICY = 11,
} DescKind;

/* Well-known oids. Below 16384 an oid is built in; PostgreSQL's where it has one. */
enum {
    OID_ROLE_NEXADB = 10,
    OID_DATABASE_POSTGRES = 5,
    OID_DATABASE_NEXADB = 6,
    OID_SCHEMA_PG_CATALOG = 11,
    OID_SCHEMA_PG_TOAST = 99,
    OID_SCHEMA_PUBLIC = 2200,
    OID_SCHEMA_INFORMATION_SCHEMA = 13000,
    OID_FIRST_USER = 16384,
};

/* What every descriptor starts with. */
typedef struct Desc {
    DescKind       kind;
    Oid            oid;
    Oid            database;  /* 0 for shared objects: databases, roles */
    Oid            parent;    /* schema of a relation, type, function; 0 else */
    const char    *name;
    Oid            owner;
    uint64_t       version;   /* csn at which this version became visible; 0 while it is the transaction's own */
    Slice          acl;       /* executor's form; empty: default privileges */
    _Atomic int32_t references_;
} Desc;

typedef struct DatabaseDesc {
    Desc    head;
    int32_t connection_limit; /* -1: none */
    bool    allow_connections;
    bool    is_template;
} DatabaseDesc;

typedef struct SchemaDesc {
    Desc head;
} SchemaDesc;

typedef struct RoleDesc {
    Desc        head;
    bool        superuser, inherit, create_role, create_db, can_login, replication, bypass_rls;
    int32_t     connection_limit;
    const char *password;     /* SCRAM-SHA-256 verifier as PostgreSQL stores it, or NULL */
    int64_t     valid_until;  /* timestamptz; INT64_MAX: for ever */
    int32_t     member_of_count;
    const Oid  *member_of;
    const bool *admin_option; /* beside member_of */
} RoleDesc;

/* ---- relations --------------------------------------------------------------------------------------------------- */

enum { COLUMN_GROUP_MAIN = 0, COLUMN_MAX = 1600 };

typedef struct ColumnDesc {
    const char *name;
    int16_t     number;      /* attnum, from 1, never reused within a table */
    Oid         type;
    int32_t     typmod;
    Oid         collation;
    PhysType    phys;
    bool        not_null;
    bool        dropped;     /* keeps its number; name is ........pg.dropped.N........ */
    char        identity;    /* 'a' always, 'd' by default, 0 */
    char        generated;   /* 's' stored, 0 */
    int32_t     array_dimensions;
    uint16_t    group;       /* column group that stores it */
    Slice       default_expr;  /* serialized; empty: none */
    const char *default_text;  /* its SQL text for catalogs; NULL: none */
    Slice       missing_value; /* packed value that rows written before ADD COLUMN ... DEFAULT have; empty: NULL */
    Slice       acl;
    int32_t     statistics_target; /* -1 */
} ColumnDesc;

typedef struct ColumnGroupDesc {
    StorageId storage_id;
    uint32_t  fixed_bytes; /* a group of one fixed-width column (vector(n): 4n): dense blocks; 0: variable */
} ColumnGroupDesc;

typedef enum ConstraintKind {
    CONSTRAINT_CHECK = 'c', CONSTRAINT_FOREIGN = 'f', CONSTRAINT_PRIMARY = 'p', CONSTRAINT_UNIQUE = 'u', CONSTRAINT_EXCLUDE = 'x',
} ConstraintKind;

typedef struct ConstraintDesc {
    Oid            oid;
    const char    *name;
    ConstraintKind kind;
    bool           deferrable, deferred, validated, no_inherit;
    int16_t        column_count;
    const int16_t *columns;     /* attribute numbers */
    Oid            index;       /* of primary, unique; the referenced index of foreign */
    Slice          check_expr;  /* serialized */
    const char    *check_text;  /* SQL text */
    Oid            foreign_table;
    const int16_t *foreign_columns; /* column_count of them */
    char           on_update, on_delete; /* 'a' no action, 'r' restrict, 'c' cascade, 'n' set null, 'd' set default */
    char           match;       /* 's' simple, 'f' full */
} ConstraintDesc;

typedef enum IndexMethod { INDEX_ORDERED = 1, INDEX_INVERTED = 2, INDEX_HNSW = 3 } IndexMethod;

typedef enum IndexState {
    INDEX_BUILDING = 1, /* written by everyone, read by nobody */
    INDEX_READY = 2,    /* readable from snapshots >= valid_from */
} IndexState;

typedef struct IndexColumnDesc {
    int16_t     column;      /* attribute number of the table, or 0 for an expression */
    Slice       expr;        /* serialized, when column is 0 */
    const char *expr_text;
    const char *name;        /* attname of the index's column */
    Oid         type;
    int32_t     typmod;
    Oid         collation;
    Oid         opclass;
    bool        descending, nulls_first;
    bool        key_exact;   /* the encoding gives the value back; else the value part holds the exact form */
} IndexColumnDesc;

typedef struct IndexDesc {
    IndexMethod            method;
    IndexState             state;
    Csn                    valid_from;
    Oid                    table;
    bool                   unique, primary, nulls_not_distinct, immediate;
    int16_t                key_count;     /* key columns */
    int16_t                column_count;  /* key + INCLUDE columns */
    const IndexColumnDesc *columns;
    Slice                  predicate;     /* serialized; empty: not partial */
    const char            *predicate_text;
    Oid                    constraint;    /* the constraint that owns it, or 0 */
} IndexDesc;

typedef struct SequenceDesc {
    Oid     type;
    int64_t start, increment, minimum, maximum, cache;
    bool    cycle;
    Oid     owned_by_table; /* 0: none */
    int16_t owned_by_column;
    char    owned_kind;     /* 'a' auto (serial), 'i' identity */
} SequenceDesc;

typedef struct Dependency {
    DescKind kind;
    Oid      oid;
    int32_t  sub;  /* column number, 0: the whole object */
    char     type; /* 'n' normal, 'a' auto, 'i' internal */
} Dependency;

typedef struct RelationDesc {
    Desc        head;
    char        relkind;      /* 'r' table, 'i' index, 'S' sequence, 'v' view, 'm' materialized view, 'c' composite */
    char        persistence;  /* 'p' permanent, 'u' unlogged, 't' temporary */
    bool        is_collection;
    int32_t     collection_dimensions; /* 0: no embedding */
    Oid         row_type;     /* pg_type oid of its rows; array type is row_type_array */
    Oid         row_type_array;
    Oid         of_type;

    int16_t                 column_count; /* dropped ones included; columns[i].number == i + 1 */
    const ColumnDesc       *columns;
    int16_t                 group_count;
    const ColumnGroupDesc  *groups;       /* groups[0] is the main group: its storage id is relfilenode */
    StorageId               chunk_storage; /* out-of-line chunks of values above about 8 kB */

    int16_t                 index_count;
    const Oid              *indexes;      /* relation oids, in order of creation */
    int16_t                 constraint_count;
    const ConstraintDesc   *constraints;
    int16_t                 referenced_by_count;
    const Oid              *referenced_by; /* tables with foreign keys to this one */
    int16_t                 trigger_count;
    const Oid              *triggers;

    IndexDesc              *index;        /* relkind 'i' */
    SequenceDesc           *sequence;     /* relkind 'S' */
    Slice                   view_query;   /* relkind 'v', 'm': serialized */
    const char             *view_text;
    const char             *options;      /* reloptions as "a=b,c=d", or NULL */
    bool                    row_security, force_row_security;
    char                    replica_identity;

    int32_t                 dependency_count; /* what this object depends on */
    const Dependency       *dependencies;
} RelationDesc;

typedef struct EnumLabel {
    Oid         oid;
    float       sort_order;
    const char *label;
} EnumLabel;

typedef struct TypeDesc {
    Desc             head;
    char             typtype;   /* 'e' enum, 'd' domain, 'c' composite, 'b' array of one of these */
    Oid              array;     /* its array type, 0 for arrays */
    Oid              element;   /* of an array type */
    Oid              relation;  /* of a composite or row type */
    Oid              base_type; /* of a domain */
    int32_t          base_typmod;
    bool             not_null;
    Slice            default_expr;
    const char      *default_text;
    int32_t          label_count;
    const EnumLabel *labels;    /* in sort order */
    int16_t          constraint_count;
    const ConstraintDesc *constraints;
    int32_t          dependency_count;
    const Dependency *dependencies;
} TypeDesc;

typedef struct FunctionDesc {
    Desc        head;
    const char *language;
    char        prokind, volatility;
    bool        strict, returns_set, security_definer, leakproof;
    Oid         result;
    int16_t     arg_count;
    const Oid  *args;
    const char *arg_modes;
    const char *const *arg_names;
    const char *arg_defaults;
    const char *body;
    int32_t     dependency_count;
    const Dependency *dependencies;
} FunctionDesc;

typedef struct ExtensionDesc {
    Desc        head;
    const char *version_text;
} ExtensionDesc;

typedef struct CommentDesc {
    Desc        head; /* head.parent: the object commented on */
    DescKind    object_kind;
    int32_t     sub;
    const char *text;
} CommentDesc;

typedef struct SettingDesc {
    Desc        head;
    Oid         for_database, for_role;
    const char *values; /* "name=value" lines separated by \n */
} SettingDesc;

#endif
