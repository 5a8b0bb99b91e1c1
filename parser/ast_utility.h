/*
 * ast_utility.h - statements that run the session: transactions, settings, COPY, EXPLAIN, cursors, maintenance.
 */
#ifndef PARSER_AST_UTILITY_H
#define PARSER_AST_UTILITY_H

#include "parser/ast_object_stmt.h"

/* ---- transactions ----------------------------------------------------------------------------------------------- */

typedef enum TransactionStmtKind {
    TRANS_STMT_BEGIN,
    TRANS_STMT_START, /* as BEGIN */
    TRANS_STMT_COMMIT,
    TRANS_STMT_ROLLBACK,
    TRANS_STMT_SAVEPOINT,
    TRANS_STMT_RELEASE,
    TRANS_STMT_ROLLBACK_TO,
    TRANS_STMT_PREPARE,
    TRANS_STMT_COMMIT_PREPARED,
    TRANS_STMT_ROLLBACK_PREPARED,
} TransactionStmtKind;

/*
 * options of BEGIN, START, SET TRANSACTION: transaction_isolation (A_Const string: `serializable`, `repeatable read`,
 * `read committed`, `read uncommitted`), transaction_read_only, transaction_deferrable (A_Const integer 0 or 1).
 */
typedef struct TransactionStmt {
    Node                node;
    TransactionStmtKind kind;
    NodeList           *options;        /* DefElem */
    const char         *savepoint_name; /* SAVEPOINT, RELEASE, ROLLBACK TO */
    const char         *gid;            /* the PREPARED ones */
    bool                chain;          /* AND CHAIN */
} TransactionStmt;

/* ---- settings --------------------------------------------------------------------------------------------------- */

typedef enum VariableSetKind {
    VAR_SET_VALUE,   /* SET name TO args */
    VAR_SET_DEFAULT, /* SET name TO DEFAULT */
    VAR_SET_CURRENT, /* SET name FROM CURRENT */
    VAR_SET_MULTI,   /* name is TRANSACTION, SESSION CHARACTERISTICS (args: DefElem) or TRANSACTION SNAPSHOT */
    VAR_RESET,       /* RESET name */
    VAR_RESET_ALL,
} VariableSetKind;

/*
 * Special spellings have become the setting they stand for: timezone (args NULL with VAR_SET_DEFAULT for LOCAL and
 * DEFAULT), search_path (SET SCHEMA), client_encoding (SET NAMES), role, session_authorization,
 * xmloption; names are in lower case and joined by dots.
 */
struct VariableSetStmt {
    Node            node;
    VariableSetKind kind;
    const char     *name;
    NodeList       *args; /* A_Const (words as strings), TypeCast to interval for TIME ZONE INTERVAL */
    bool            is_local; /* SET LOCAL */
};

/* SHOW name; `all` for SHOW ALL. */
typedef struct VariableShowStmt {
    Node        node;
    const char *name;
} VariableShowStmt;

typedef struct AlterSystemStmt {
    Node             node;
    VariableSetStmt *setstmt;
} AlterSystemStmt;

typedef enum DiscardMode {
    DISCARD_ALL,
    DISCARD_PLANS,
    DISCARD_SEQUENCES,
    DISCARD_TEMP,
} DiscardMode;

typedef struct DiscardStmt {
    Node        node;
    DiscardMode target;
} DiscardStmt;

/* ---- EXPLAIN, COPY, PREPARE, cursors ---------------------------------------------------------------------------- */

/* options: analyze, verbose, costs, buffers, format, ...; arg NULL for the word alone. */
typedef struct ExplainStmt {
    Node      node;
    Node     *query;
    NodeList *options; /* DefElem */
} ExplainStmt;

/*
 * options, old spellings translated: format (String), freeze, delimiter, null, header, quote, escape, force_quote
 * (NodeList of Strings or A_Star), force_not_null, force_null, encoding.
 */
typedef struct CopyStmt {
    Node        node;
    RangeVar   *relation; /* NULL: query */
    Node       *query;    /* SelectStmt, InsertStmt, UpdateStmt, DeleteStmt */
    NodeList   *attlist;  /* Strings; NULL: all columns */
    bool        is_from;
    bool        is_program;
    const char *filename; /* NULL: STDIN or STDOUT */
    NodeList   *options;  /* DefElem */
    Node       *where_clause;
} CopyStmt;

typedef struct PrepareStmt {
    Node        node;
    const char *name;
    NodeList   *argtypes; /* TypeName */
    Node       *query;
} PrepareStmt;

typedef struct ExecuteStmt {
    Node        node;
    const char *name;
    NodeList   *params; /* expressions */
} ExecuteStmt;

typedef struct DeallocateStmt {
    Node        node;
    const char *name; /* NULL: ALL */
} DeallocateStmt;

typedef enum CursorOption {
    CURSOR_OPT_BINARY = 0x0001,
    CURSOR_OPT_SCROLL = 0x0002,
    CURSOR_OPT_NO_SCROLL = 0x0004,
    CURSOR_OPT_INSENSITIVE = 0x0008,
    CURSOR_OPT_ASENSITIVE = 0x0010,
    CURSOR_OPT_HOLD = 0x0020,
} CursorOption;

typedef struct DeclareCursorStmt {
    Node        node;
    const char *portalname;
    uint32_t    options; /* CursorOption bits */
    Node       *query;   /* SelectStmt */
} DeclareCursorStmt;

typedef enum FetchDirection {
    FETCH_FORWARD,  /* how_many rows, negative counts as written */
    FETCH_BACKWARD,
    FETCH_ABSOLUTE, /* row how_many */
    FETCH_RELATIVE,
} FetchDirection;

#define FETCH_ALL INT64_MAX

typedef struct FetchStmt {
    Node           node;
    FetchDirection direction;
    int64_t        how_many; /* FETCH_ALL: all */
    const char    *portalname;
    bool           ismove; /* MOVE */
} FetchStmt;

typedef struct ClosePortalStmt {
    Node        node;
    const char *portalname; /* NULL: ALL */
} ClosePortalStmt;

/* ---- notifications, locks --------------------------------------------------------------------------------------- */

typedef struct ListenStmt {
    Node        node;
    const char *conditionname;
} ListenStmt;

typedef struct UnlistenStmt {
    Node        node;
    const char *conditionname; /* NULL: * */
} UnlistenStmt;

typedef struct NotifyStmt {
    Node        node;
    const char *conditionname;
    const char *payload; /* NULL: none */
} NotifyStmt;

/* Table lock modes, weakest first, with PostgreSQL's numbers. */
typedef enum LockMode {
    ACCESS_SHARE_LOCK = 1,
    ROW_SHARE_LOCK,
    ROW_EXCLUSIVE_LOCK,
    SHARE_UPDATE_EXCLUSIVE_LOCK,
    SHARE_LOCK,
    SHARE_ROW_EXCLUSIVE_LOCK,
    EXCLUSIVE_LOCK,
    ACCESS_EXCLUSIVE_LOCK,
} LockMode;

typedef struct LockStmt {
    Node      node;
    NodeList *relations; /* RangeVar */
    LockMode  mode;
    bool      nowait;
} LockStmt;

typedef struct ConstraintsSetStmt {
    Node      node;
    NodeList *constraints; /* RangeVar; NULL: ALL */
    bool      deferred;
} ConstraintsSetStmt;

/* ---- maintenance ------------------------------------------------------------------------------------------------ */

typedef struct TruncateStmt {
    Node         node;
    NodeList    *relations; /* RangeVar */
    bool         restart_seqs; /* RESTART IDENTITY */
    DropBehavior behavior;
} TruncateStmt;

/* VACUUM and ANALYZE. options: analyze, verbose, freeze, full, ... */
typedef struct VacuumStmt {
    Node      node;
    NodeList *options;
    NodeList *rels; /* VacuumRelation; NULL: all */
    bool      is_vacuumcmd;
} VacuumStmt;

typedef struct VacuumRelation {
    Node      node;
    RangeVar *relation;
    NodeList *va_cols; /* Strings */
} VacuumRelation;

typedef enum ReindexObjectType {
    REINDEX_OBJECT_INDEX,
    REINDEX_OBJECT_TABLE,
    REINDEX_OBJECT_SCHEMA,
    REINDEX_OBJECT_SYSTEM,
    REINDEX_OBJECT_DATABASE,
} ReindexObjectType;

typedef struct ReindexStmt {
    Node              node;
    ReindexObjectType kind;
    RangeVar         *relation; /* of INDEX and TABLE */
    const char       *name;     /* of the others */
    NodeList         *params;   /* DefElem: concurrently, tablespace, verbose */
} ReindexStmt;

typedef struct ClusterStmt {
    Node        node;
    RangeVar   *relation; /* NULL: all */
    const char *indexname;
    NodeList   *params; /* DefElem: verbose */
} ClusterStmt;

typedef struct CheckPointStmt {
    Node node;
} CheckPointStmt;

typedef struct LoadStmt {
    Node        node;
    const char *filename;
} LoadStmt;

#endif
