/*
 * ast_node.h - what all nodes of the raw parse tree share: the tag, the location, lists, values.
 *
 * Every node is a struct whose first member is `Node node`, so that a Node * can be cast to what its tag says:
 *
 *     switch (node->tag) {
 *     case NODE_COLUMN_REF:
 *         return bind_column(b, (const ColumnRef *)node);
 *
 * The tag of a struct is its name in capitals: ColumnRef has NODE_COLUMN_REF, A_Expr has NODE_A_EXPR.
 * parser/ast_fields.awk reads these headers and makes the tables that ast_print() and ast_walk() run on, so a
 * node is declared as here: one field a line, each with its type, enums as `typedef enum`.
 *
 * Ownership   nodes, lists and strings live in the arena given to parse_sql(); nobody frees them singly.
 *             A tree is not changed after parsing, so several analyses may share one.
 * Raises      list_append() and node_new() as arena_alloc() does. The rest never.
 */
#ifndef PARSER_AST_NODE_H
#define PARSER_AST_NODE_H

#include "base/arena.h"
#include "base/common.h"

typedef enum NodeTag {
    NODE_INVALID,

    /* ast_node.h: lists and values */
    NODE_LIST,
    NODE_STRING,
    NODE_INTEGER,
    NODE_FLOAT,
    NODE_BOOLEAN,
    NODE_BIT_STRING,

    /* ast_expr.h */
    NODE_COLUMN_REF,
    NODE_A_STAR,
    NODE_PARAM_REF,
    NODE_A_INDIRECTION,
    NODE_A_INDICES,
    NODE_A_CONST,
    NODE_A_EXPR,
    NODE_BOOL_EXPR,
    NODE_NULL_TEST,
    NODE_BOOLEAN_TEST,
    NODE_SUB_LINK,
    NODE_CASE_EXPR,
    NODE_CASE_WHEN,
    NODE_COALESCE_EXPR,
    NODE_MIN_MAX_EXPR,
    NODE_ROW_EXPR,
    NODE_A_ARRAY_EXPR,
    NODE_FUNC_CALL,
    NODE_NAMED_ARG_EXPR,
    NODE_SQL_VALUE_FUNCTION,
    NODE_GROUPING_FUNC,
    NODE_SET_TO_DEFAULT,
    NODE_CURRENT_OF_EXPR,
    NODE_TYPE_NAME,
    NODE_TYPE_CAST,
    NODE_COLLATE_CLAUSE,
    NODE_SORT_BY,
    NODE_WINDOW_DEF,

    /* ast_query.h */
    NODE_ALIAS,
    NODE_RANGE_VAR,
    NODE_RANGE_SUBSELECT,
    NODE_RANGE_FUNCTION_ITEM,
    NODE_RANGE_FUNCTION,
    NODE_RANGE_TABLE_SAMPLE,
    NODE_JOIN_EXPR,
    NODE_RES_TARGET,
    NODE_MULTI_ASSIGN_REF,
    NODE_SELECT_STMT,
    NODE_GROUPING_SET,
    NODE_LOCKING_CLAUSE,
    NODE_INTO_CLAUSE,
    NODE_WITH_CLAUSE,
    NODE_COMMON_TABLE_EXPR,
    NODE_CTE_SEARCH_CLAUSE,
    NODE_CTE_CYCLE_CLAUSE,
    NODE_INFER_CLAUSE,
    NODE_ON_CONFLICT_CLAUSE,
    NODE_INSERT_STMT,
    NODE_UPDATE_STMT,
    NODE_DELETE_STMT,
    NODE_MERGE_STMT,
    NODE_MERGE_WHEN_CLAUSE,
    NODE_RAW_STMT,

    /* ast_object.h */
    NODE_DEF_ELEM,
    NODE_ROLE_SPEC,
    NODE_OBJECT_WITH_ARGS,
    NODE_FUNCTION_PARAMETER,

    /* ast_ddl.h */
    NODE_COLUMN_DEF,
    NODE_CONSTRAINT,
    NODE_TABLE_LIKE_CLAUSE,
    NODE_PARTITION_ELEM,
    NODE_PARTITION_SPEC,
    NODE_PARTITION_BOUND_SPEC,
    NODE_CREATE_STMT,
    NODE_CREATE_TABLE_AS_STMT,
    NODE_REFRESH_MAT_VIEW_STMT,
    NODE_CREATE_COLLECTION_STMT,
    NODE_INDEX_ELEM,
    NODE_INDEX_STMT,
    NODE_CREATE_STATS_STMT,
    NODE_STATS_ELEM,
    NODE_ALTER_STATS_STMT,
    NODE_VIEW_STMT,
    NODE_CREATE_SEQ_STMT,
    NODE_ALTER_SEQ_STMT,
    NODE_ALTER_COLUMN_TYPE,
    NODE_ALTER_TABLE_CMD,
    NODE_ALTER_TABLE_STMT,
    NODE_ALTER_TABLE_MOVE_ALL_STMT,
    NODE_REPLICA_IDENTITY_STMT,
    NODE_PARTITION_CMD,

    /* ast_object_stmt.h */
    NODE_DROP_STMT,
    NODE_RENAME_STMT,
    NODE_ALTER_OBJECT_SCHEMA_STMT,
    NODE_ALTER_OWNER_STMT,
    NODE_ALTER_OBJECT_DEPENDS_STMT,
    NODE_COMMENT_STMT,
    NODE_SEC_LABEL_STMT,
    NODE_DEFINE_STMT,
    NODE_CREATE_SCHEMA_STMT,
    NODE_CREATEDB_STMT,
    NODE_ALTER_DATABASE_STMT,
    NODE_ALTER_DATABASE_REFRESH_COLL_STMT,
    NODE_ALTER_DATABASE_SET_STMT,
    NODE_DROPDB_STMT,
    NODE_CREATE_EXTENSION_STMT,
    NODE_ALTER_EXTENSION_STMT,
    NODE_ALTER_EXTENSION_CONTENTS_STMT,
    NODE_CREATE_TABLE_SPACE_STMT,
    NODE_DROP_TABLE_SPACE_STMT,
    NODE_ALTER_TABLE_SPACE_OPTIONS_STMT,
    NODE_CREATE_ROLE_STMT,
    NODE_ALTER_ROLE_STMT,
    NODE_ALTER_ROLE_SET_STMT,
    NODE_DROP_ROLE_STMT,
    NODE_REASSIGN_OWNED_STMT,
    NODE_DROP_OWNED_STMT,
    NODE_GRANT_STMT,
    NODE_ACCESS_PRIV,
    NODE_GRANT_ROLE_STMT,
    NODE_ALTER_DEFAULT_PRIVILEGES_STMT,
    NODE_CREATE_POLICY_STMT,
    NODE_ALTER_POLICY_STMT,
    NODE_COMPOSITE_TYPE_STMT,
    NODE_CREATE_ENUM_STMT,
    NODE_CREATE_RANGE_STMT,
    NODE_ALTER_ENUM_STMT,
    NODE_ALTER_TYPE_STMT,
    NODE_ALTER_OPERATOR_STMT,
    NODE_ALTER_COLLATION_STMT,
    NODE_CREATE_DOMAIN_STMT,
    NODE_ALTER_DOMAIN_STMT,
    NODE_CREATE_FUNCTION_STMT,
    NODE_RETURN_STMT,
    NODE_ALTER_FUNCTION_STMT,
    NODE_DO_STMT,
    NODE_CALL_STMT,
    NODE_CREATE_TRIG_STMT,
    NODE_TRIGGER_TRANSITION,
    NODE_CREATE_EVENT_TRIG_STMT,
    NODE_ALTER_EVENT_TRIG_STMT,
    NODE_RULE_STMT,
    NODE_CREATE_CAST_STMT,
    NODE_CREATE_CONVERSION_STMT,
    NODE_CREATE_P_LANG_STMT,
    NODE_CREATE_TRANSFORM_STMT,
    NODE_CREATE_AM_STMT,
    NODE_CREATE_OP_CLASS_STMT,
    NODE_CREATE_OP_CLASS_ITEM,
    NODE_CREATE_OP_FAMILY_STMT,
    NODE_ALTER_OP_FAMILY_STMT,
    NODE_ALTER_TS_DICTIONARY_STMT,
    NODE_ALTER_TS_CONFIGURATION_STMT,
    NODE_CREATE_FDW_STMT,
    NODE_ALTER_FDW_STMT,
    NODE_CREATE_FOREIGN_SERVER_STMT,
    NODE_ALTER_FOREIGN_SERVER_STMT,
    NODE_CREATE_FOREIGN_TABLE_STMT,
    NODE_CREATE_USER_MAPPING_STMT,
    NODE_ALTER_USER_MAPPING_STMT,
    NODE_DROP_USER_MAPPING_STMT,
    NODE_IMPORT_FOREIGN_SCHEMA_STMT,
    NODE_PUBLICATION_OBJ_SPEC,
    NODE_CREATE_PUBLICATION_STMT,
    NODE_ALTER_PUBLICATION_STMT,
    NODE_CREATE_SUBSCRIPTION_STMT,
    NODE_ALTER_SUBSCRIPTION_STMT,
    NODE_DROP_SUBSCRIPTION_STMT,

    /* ast_utility.h */
    NODE_TRANSACTION_STMT,
    NODE_VARIABLE_SET_STMT,
    NODE_VARIABLE_SHOW_STMT,
    NODE_ALTER_SYSTEM_STMT,
    NODE_DISCARD_STMT,
    NODE_EXPLAIN_STMT,
    NODE_COPY_STMT,
    NODE_PREPARE_STMT,
    NODE_EXECUTE_STMT,
    NODE_DEALLOCATE_STMT,
    NODE_DECLARE_CURSOR_STMT,
    NODE_FETCH_STMT,
    NODE_CLOSE_PORTAL_STMT,
    NODE_LISTEN_STMT,
    NODE_UNLISTEN_STMT,
    NODE_NOTIFY_STMT,
    NODE_LOCK_STMT,
    NODE_CONSTRAINTS_SET_STMT,
    NODE_TRUNCATE_STMT,
    NODE_VACUUM_STMT,
    NODE_VACUUM_RELATION,
    NODE_REINDEX_STMT,
    NODE_CLUSTER_STMT,
    NODE_CHECK_POINT_STMT,
    NODE_LOAD_STMT,
    NODE_TAG_COUNT
} NodeTag;

/* The name of the struct that a tag stands for: "ColumnRef". */
const char *node_tag_name(NodeTag tag);

typedef struct Node {
    NodeTag tag;
    int32_t location; /* byte offset into the text that was parsed, for error positions; -1 when there is none */
} Node;

/*
 * A list of nodes. NULL is the empty list, and what the parser gives for a clause that is absent; a list that is
 * there has at least one item unless its field says otherwise. It is a node itself, so that lists nest.
 */
typedef struct NodeList {
    Node    node;
    int32_t count;
    int32_t capacity;
    Node  **items;
} NodeList;

static inline int32_t list_count(const NodeList *list)
{
    return list == NULL ? 0 : list->count;
}

/* The item at an index that is in range; NULL stands for a missing element in the few lists that say so. */
static inline Node *list_at(const NodeList *list, int32_t index)
{
    ASSERT(list != NULL && index >= 0 && index < list->count);
    return list->items[index];
}

static inline Node *list_first(const NodeList *list)
{
    return list_count(list) == 0 ? NULL : list->items[0];
}

static inline Node *list_last(const NodeList *list)
{
    return list_count(list) == 0 ? NULL : list->items[list->count - 1];
}

/* Adds an item at the end; list may be NULL. Returns the list, which is a new one only when list was NULL. */
MUST_CHECK NodeList *list_append(Arena *arena, NodeList *list, Node *item);

/* Adds the items of tail at the end of list; either may be NULL. */
MUST_CHECK NodeList *list_concat(Arena *arena, NodeList *list, const NodeList *tail);

/* Puts an item before the first one. Linear: for the front of short lists. */
MUST_CHECK NodeList *list_prepend(Arena *arena, NodeList *list, Node *item);

/*
 * A loop over a list, which may be NULL: LIST_FOREACH(ColumnDef, column, stmt->table_elts) { use(column); }
 * break and continue work; column_index is the item's index.
 */
#define LIST_FOREACH(Type, item, list)                                                                               \
    for (int32_t item##_index = 0, item##_go = 1; item##_go && item##_index < list_count(list); item##_index++)      \
        for (Type *item = (item##_go = 0, (Type *)(list)->items[item##_index]); !item##_go; item##_go = 1)

/* A cleared node of size bytes with its tag and location set. */
Node *node_new(Arena *arena, NodeTag tag, int32_t location, size_t size) __attribute__((returns_nonnull));

#define NODE_NEW(arena, Type, tag, location) ((Type *)node_new((arena), (tag), (location), sizeof(Type)))

/* A name, or the text of a string literal where no expression is meant. */
typedef struct String {
    Node        node;
    const char *sval; /* zero-terminated UTF-8 without zero bytes inside */
} String;

/* An integer literal that fits 32 bits, where no expression is meant. */
typedef struct Integer {
    Node    node;
    int32_t ival;
} Integer;

/* Any other number, as it was written (perhaps with a sign put before it). */
typedef struct Float {
    Node        node;
    const char *fval;
} Float;

typedef struct Boolean {
    Node node;
    bool boolval;
} Boolean;

/* B'01' or X'1F': the digits with a `b` or `x` before them. */
typedef struct BitString {
    Node        node;
    const char *bsval;
} BitString;

/* The text of an item that is a String. */
static inline const char *string_at(const NodeList *list, int32_t index)
{
    ASSERT(list_at(list, index)->tag == NODE_STRING);
    return ((const String *)list_at(list, index))->sval;
}

#endif
