/*
 * ddl.c - which function executes which statement.
 */
#include "executor/ddl/ddl.h"

#include "executor/ddl/ddl_context.h"
#include "executor/ddl/table_build.h"
#include "executor/session/transaction.h"

bool ddl_handles(NodeTag tag)
{
    switch (tag) {
    case NODE_CREATE_STMT:
    case NODE_CREATE_TABLE_AS_STMT:
    case NODE_REFRESH_MAT_VIEW_STMT:
    case NODE_CREATE_COLLECTION_STMT:
    case NODE_INDEX_STMT:
    case NODE_REINDEX_STMT:
    case NODE_VIEW_STMT:
    case NODE_CREATE_SEQ_STMT:
    case NODE_ALTER_SEQ_STMT:
    case NODE_ALTER_TABLE_STMT:
    case NODE_DROP_STMT:
    case NODE_RENAME_STMT:
    case NODE_ALTER_OBJECT_SCHEMA_STMT:
    case NODE_ALTER_OWNER_STMT:
    case NODE_COMMENT_STMT:
    case NODE_CREATE_SCHEMA_STMT:
    case NODE_CREATEDB_STMT:
    case NODE_ALTER_DATABASE_STMT:
    case NODE_ALTER_DATABASE_SET_STMT:
    case NODE_DROPDB_STMT:
    case NODE_CREATE_EXTENSION_STMT:
    case NODE_ALTER_EXTENSION_STMT:
    case NODE_CREATE_ROLE_STMT:
    case NODE_ALTER_ROLE_STMT:
    case NODE_ALTER_ROLE_SET_STMT:
    case NODE_DROP_ROLE_STMT:
    case NODE_REASSIGN_OWNED_STMT:
    case NODE_DROP_OWNED_STMT:
    case NODE_GRANT_STMT:
    case NODE_GRANT_ROLE_STMT:
    case NODE_COMPOSITE_TYPE_STMT:
    case NODE_CREATE_ENUM_STMT:
    case NODE_ALTER_ENUM_STMT:
    case NODE_CREATE_DOMAIN_STMT:
    case NODE_ALTER_DOMAIN_STMT:
    case NODE_TRUNCATE_STMT:
        return true;
    default:
        return false;
    }
}

static void reindex_table(Ddl *ddl, const RelationDesc *table)
{
    store_lock_relation(ddl->session, table->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
    for (int16_t i = 0; i < table->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, table->indexes[i]);
        RelationDesc       *edited = index == NULL ? NULL : ddl_edit(ddl, index);

        if (edited == NULL)
            continue;
        renew_storage(ddl, edited);
        fill_index(ddl, table, edited);
    }
}

const char *ddl_reindex(Ddl *ddl, const ReindexStmt *stmt)
{
    const RelationDesc *rel;
    RelationDesc       *index;
    int                 count;
    const Desc *const  *list;
    Oid                 schema = 0;

    switch (stmt->kind) {
    case REINDEX_OBJECT_INDEX:
        rel = ddl_relation(ddl, stmt->relation, false);
        if (rel->relkind != 'i')
            raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not an index", rel->head.name);
        ddl_check_owner(ddl, &rel->head, "index");
        store_lock_relation(ddl->session, rel->index->table, TABLE_LOCK_ACCESS_EXCLUSIVE);
        index = ddl_edit(ddl, rel);
        renew_storage(ddl, index);
        fill_index(ddl, ddl_relation_by_oid(ddl, index->index->table), index);
        break;
    case REINDEX_OBJECT_TABLE:
        rel = ddl_relation(ddl, stmt->relation, false);
        if (rel->relkind != 'r' && rel->relkind != 'm')
            raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a table or materialized view", rel->head.name);
        ddl_check_owner(ddl, &rel->head, "table");
        reindex_table(ddl, rel);
        break;
    case REINDEX_OBJECT_SCHEMA:
        schema = ddl_schema(ddl, stmt->name, false)->head.oid;
        /* fall through */
    case REINDEX_OBJECT_DATABASE:
        list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, schema, &count);
        for (int i = 0; i < count; i++) {
            rel = (const RelationDesc *)list[i];
            if ((rel->relkind == 'r' || rel->relkind == 'm') && ddl_is_owner(ddl, rel->head.owner))
                reindex_table(ddl, rel);
        }
        break;
    case REINDEX_OBJECT_SYSTEM:
    default:
        break; /* the catalog's own order is kept by storage */
    }
    return "REINDEX";
}

static const char *run(Ddl *ddl, Node *stmt)
{
    switch (stmt->tag) {
    case NODE_CREATE_STMT:
        return ddl_create_table(ddl, (const CreateStmt *)stmt);
    case NODE_CREATE_TABLE_AS_STMT:
        return ddl_create_table_as(ddl, (const CreateTableAsStmt *)stmt);
    case NODE_REFRESH_MAT_VIEW_STMT:
        return ddl_refresh_view(ddl, (const RefreshMatViewStmt *)stmt);
    case NODE_CREATE_COLLECTION_STMT:
        return ddl_create_collection(ddl, (const CreateCollectionStmt *)stmt);
    case NODE_INDEX_STMT:
        return ddl_create_index(ddl, (const IndexStmt *)stmt);
    case NODE_REINDEX_STMT:
        return ddl_reindex(ddl, (const ReindexStmt *)stmt);
    case NODE_VIEW_STMT:
        return ddl_create_view(ddl, (const ViewStmt *)stmt);
    case NODE_CREATE_SEQ_STMT:
        return ddl_create_sequence(ddl, (const CreateSeqStmt *)stmt);
    case NODE_ALTER_SEQ_STMT:
        return ddl_alter_sequence(ddl, (const AlterSeqStmt *)stmt);
    case NODE_ALTER_TABLE_STMT:
        return ddl_alter_table(ddl, (const AlterTableStmt *)stmt);
    case NODE_DROP_STMT:
        return ddl_drop(ddl, (const DropStmt *)stmt);
    case NODE_RENAME_STMT:
        return ddl_rename(ddl, (const RenameStmt *)stmt);
    case NODE_ALTER_OBJECT_SCHEMA_STMT:
        return ddl_set_schema(ddl, (const AlterObjectSchemaStmt *)stmt);
    case NODE_ALTER_OWNER_STMT:
        return ddl_alter_owner(ddl, (const AlterOwnerStmt *)stmt);
    case NODE_COMMENT_STMT:
        return ddl_comment(ddl, (const CommentStmt *)stmt);
    case NODE_CREATE_SCHEMA_STMT:
        return ddl_create_schema(ddl, (const CreateSchemaStmt *)stmt);
    case NODE_CREATEDB_STMT:
        return ddl_create_database(ddl, (const CreatedbStmt *)stmt);
    case NODE_ALTER_DATABASE_STMT:
        return ddl_alter_database(ddl, (const AlterDatabaseStmt *)stmt);
    case NODE_ALTER_DATABASE_SET_STMT:
        return ddl_alter_setting(ddl, ((const AlterDatabaseSetStmt *)stmt)->dbname, NULL, false, ((const AlterDatabaseSetStmt *)stmt)->setstmt);
    case NODE_DROPDB_STMT:
        return ddl_drop_database(ddl, (const DropdbStmt *)stmt);
    case NODE_CREATE_EXTENSION_STMT:
        return ddl_create_extension(ddl, (const CreateExtensionStmt *)stmt);
    case NODE_ALTER_EXTENSION_STMT:
        return "ALTER EXTENSION"; /* there is one version of each, and it is there */
    case NODE_CREATE_ROLE_STMT:
        return ddl_create_role(ddl, (const CreateRoleStmt *)stmt);
    case NODE_ALTER_ROLE_STMT:
        return ddl_alter_role(ddl, (const AlterRoleStmt *)stmt);
    case NODE_ALTER_ROLE_SET_STMT:
        return ddl_alter_setting(ddl, ((const AlterRoleSetStmt *)stmt)->database, ((const AlterRoleSetStmt *)stmt)->role, true,
                                 ((const AlterRoleSetStmt *)stmt)->setstmt);
    case NODE_DROP_ROLE_STMT:
        return ddl_drop_role(ddl, (const DropRoleStmt *)stmt);
    case NODE_REASSIGN_OWNED_STMT:
        return ddl_reassign_owned(ddl, (const ReassignOwnedStmt *)stmt);
    case NODE_DROP_OWNED_STMT:
        return ddl_drop_owned(ddl, (const DropOwnedStmt *)stmt);
    case NODE_GRANT_STMT:
        return ddl_grant(ddl, (const GrantStmt *)stmt);
    case NODE_GRANT_ROLE_STMT:
        return ddl_grant_role(ddl, (const GrantRoleStmt *)stmt);
    case NODE_COMPOSITE_TYPE_STMT:
        return ddl_create_composite(ddl, (const CompositeTypeStmt *)stmt);
    case NODE_CREATE_ENUM_STMT:
        return ddl_create_enum(ddl, (const CreateEnumStmt *)stmt);
    case NODE_ALTER_ENUM_STMT:
        return ddl_alter_enum(ddl, (const AlterEnumStmt *)stmt);
    case NODE_CREATE_DOMAIN_STMT:
        return ddl_create_domain(ddl, (const CreateDomainStmt *)stmt);
    case NODE_ALTER_DOMAIN_STMT:
        return ddl_alter_domain(ddl, (const AlterDomainStmt *)stmt);
    case NODE_TRUNCATE_STMT:
        return ddl_truncate(ddl, (const TruncateStmt *)stmt);
    default:
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "%s is not supported", node_tag_name(stmt->tag));
    }
}

void ddl_execute(Session *session, Arena *arena, Node *stmt, const char **command_tag)
{
    Ddl ddl = {.session = session, .arena = arena};

    store_transaction(session);
    *command_tag = run(&ddl, stmt);
    ddl_flush(&ddl);
}
