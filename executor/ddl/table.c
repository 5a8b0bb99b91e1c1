/*
 * table.c - CREATE TABLE and CREATE COLLECTION.
 */
#include "executor/ddl/table_build.h"
#include "executor/ddl/table_like.h"
#include "executor/ddl/temp_schema.h"
#include "parser/parser.h"

#include <inttypes.h>

static bool skip_existing(Ddl *ddl, const RelationDesc *rel, bool if_not_exists)
{
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, rel->head.parent, rel->head.name) == NULL)
        return false;
    if (!if_not_exists)
        raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", rel->head.name);
    ddl_notice(ddl, SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping", rel->head.name);
    return true;
}

static void check_supported(const CreateStmt *stmt)
{
    if (stmt->partspec != NULL || stmt->partbound != NULL)
        ddl_not_supported("table partitioning");
    if (stmt->inh_relations != NULL)
        ddl_not_supported("table inheritance");
    if (stmt->of_typename != NULL)
        ddl_not_supported("CREATE TABLE OF");
    if (stmt->access_method != NULL && strcmp(stmt->access_method, "heap") != 0)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "access method \"%s\" does not exist", stmt->access_method);
    if (stmt->oncommit != ONCOMMIT_NOOP && stmt->relation->relpersistence != RELPERSISTENCE_TEMP)
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "ON COMMIT can only be used on temporary tables");
}

static void check_options(const NodeList *options)
{
    static const char *const known[] = {
        "fillfactor", "toast_tuple_target", "parallel_workers", "user_catalog_table", "vacuum_truncate", "vacuum_index_cleanup", "oids",
    };

    LIST_FOREACH(DefElem, option, options) {
        bool found = strncmp(option->defname, "autovacuum_", 11) == 0 || strncmp(option->defname, "log_autovacuum", 14) == 0;

        for (size_t i = 0; i < ARRAY_LENGTH(known) && !found; i++)
            found = strcmp(option->defname, known[i]) == 0;
        if (!found)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%s\"", option->defname);
        if (strcmp(option->defname, "oids") == 0 && ddl_option_bool(option))
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "tables declared WITH OIDS are not supported");
    }
}

/* The main group, its storage, and the storage of long values. */
static void set_storage(Ddl *ddl, RelationDesc *rel)
{
    ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, 1, ColumnGroupDesc);

    groups[0].storage_id = store_new_storage_id(ddl->session);
    rel->groups = groups;
    rel->group_count = 1;
    rel->chunk_storage = store_new_storage_id(ddl->session);
}

RelationDesc *build_table(Ddl *ddl, const CreateStmt *stmt)
{
    RelationDesc *rel = build_relation(ddl, stmt->relation, 'r');
    TableBuild    build = {.ddl = ddl, .rel = rel};
    TableLike     like = {.build = &build};

    if (skip_existing(ddl, rel, stmt->if_not_exists))
        return NULL;
    check_supported(stmt);
    check_options(stmt->options);
    rel->options = ddl_options_text(ddl, stmt->options);
    build_row_type(ddl, rel);
    set_storage(ddl, rel);
    ddl_new_relation(ddl, rel);
    for (int32_t i = 0; i < list_count(stmt->table_elts); i++) {
        const Node *element = list_at(stmt->table_elts, i);

        if (element->tag == NODE_COLUMN_DEF)
            build_column(&build, (const ColumnDef *)element);
        else if (element->tag == NODE_CONSTRAINT)
            build_constraint(&build, (const Constraint *)element);
        else
            like_columns(&like, (const TableLikeClause *)element);
    }
    build_finish(&build);
    like_finish(&like);
    store_table_create(ddl->session, rel);
    if (stmt->oncommit == ONCOMMIT_DROP || stmt->oncommit == ONCOMMIT_DELETE_ROWS)
        temp_on_commit(ddl->session, rel->head.oid, stmt->oncommit == ONCOMMIT_DROP);
    return rel;
}

const char *ddl_create_table(Ddl *ddl, const CreateStmt *stmt)
{
    build_table(ddl, stmt);
    ddl_flush(ddl);
    return "CREATE TABLE";
}

/* ---- CREATE COLLECTION ------------------------------------------------------------------------------------------------------ */

enum { MAX_DIMENSIONS = 16000 };

static int64_t dimensions_of(const NodeList *options)
{
    int64_t dimensions = 0;

    LIST_FOREACH(DefElem, option, options) {
        if (strcmp(option->defname, "dimensions") != 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unrecognized parameter \"%s\"", option->defname);
        dimensions = ddl_option_int(option);
        if (dimensions < 1)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "dimensions for type vector must be at least 1");
        if (dimensions > MAX_DIMENSIONS)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "dimensions for type vector cannot exceed %d", MAX_DIMENSIONS);
    }
    return dimensions;
}

/* A collection is a table with these columns: their definition is SQL text, parsed like any other. */
const char *ddl_create_collection(Ddl *ddl, const CreateCollectionStmt *stmt)
{
    int64_t     dimensions = dimensions_of(stmt->options);
    const char *embedding = dimensions > 0 ? arena_printf(ddl->arena, ", embedding vector(%" PRId64 ")", dimensions) : "";
    const char *text = arena_printf(ddl->arena,
                                    "CREATE TABLE c (_id text PRIMARY KEY DEFAULT uuidv7()::text, doc jsonb NOT NULL,"
                                    " _created_at timestamptz NOT NULL DEFAULT now(), _updated_at timestamptz NOT NULL DEFAULT now()%s)",
                                    embedding);
    NodeList     *parsed = parse_sql(ddl->arena, slice_from_cstring(text));
    CreateStmt    create = *(CreateStmt *)((RawStmt *)list_at(parsed, 0))->stmt;
    RelationDesc *rel;

    create.relation = stmt->relation;
    create.if_not_exists = stmt->if_not_exists;
    rel = build_table(ddl, &create);
    if (rel != NULL) {
        rel->is_collection = true;
        rel->collection_dimensions = (int32_t)dimensions;
    }
    ddl_flush(ddl);
    return "CREATE COLLECTION";
}
