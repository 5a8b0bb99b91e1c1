/*
 * schema.c - schemas, databases, extensions.
 */
#include "executor/ddl/ddl_context.h"

#include "executor/ddl/acl.h"
#include "executor/ddl/ddl.h"
#include "executor/session/transaction.h"

const char *ddl_create_schema(Ddl *ddl, const CreateSchemaStmt *stmt)
{
    SchemaDesc  schema = {.head = {.kind = DESC_SCHEMA, .database = ddl->session->database}};
    const char *tag;
    const Desc *db = store_desc_by_oid(ddl->session, ddl->arena, DESC_DATABASE, ddl->session->database);

    schema.head.owner = stmt->authrole == NULL ? ddl->session->current_user : ddl_role_oid(ddl, stmt->authrole);
    schema.head.name = stmt->schemaname != NULL ? stmt->schemaname : ddl_role_name(ddl, schema.head.owner);
    if (db != NULL && !acl_allows(ddl->session, ddl->arena, db, ACL_CREATE))
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for database %s", db->name);
    if (strncmp(schema.head.name, "pg_", 3) == 0) {
        Error *err = error_new(SQLSTATE_RESERVED_NAME, "unacceptable schema name \"%s\"", schema.head.name);

        error_detail(err, "The prefix \"pg_\" is reserved for system schemas.");
        error_raise(err);
    }
    if (ddl_schema(ddl, schema.head.name, true) != NULL) {
        if (!stmt->if_not_exists)
            raise_error(SQLSTATE_DUPLICATE_SCHEMA, "schema \"%s\" already exists", schema.head.name);
        ddl_notice(ddl, SQLSTATE_DUPLICATE_SCHEMA, "schema \"%s\" already exists, skipping", schema.head.name);
        return "CREATE SCHEMA";
    }
    schema.head.oid = store_new_oid(ddl->session);
    store_desc_put(ddl->session, &schema.head);
    for (int32_t i = 0; i < list_count(stmt->schema_elts); i++) {
        Node      *element = list_at(stmt->schema_elts, i);
        RangeVar **name = element->tag == NODE_CREATE_STMT       ? &((CreateStmt *)element)->relation
                          : element->tag == NODE_VIEW_STMT       ? &((ViewStmt *)element)->view
                          : element->tag == NODE_CREATE_SEQ_STMT ? &((CreateSeqStmt *)element)->sequence
                          : element->tag == NODE_INDEX_STMT      ? &((IndexStmt *)element)->relation
                                                                 : NULL;
        RangeVar  *old = name == NULL ? NULL : *name;

        if (old != NULL && old->schemaname == NULL) { /* the tree is not changed for good: it may be run again */
            RangeVar *qualified = NODE_NEW(ddl->arena, RangeVar, NODE_RANGE_VAR, old->node.location);

            *qualified = *old;
            qualified->schemaname = schema.head.name;
            *name = qualified;
        } else if (old != NULL && strcmp(old->schemaname, schema.head.name) != 0) {
            raise_error(SQLSTATE_INVALID_SCHEMA_DEFINITION, "CREATE specifies a schema (%s) different from the one being created (%s)",
                        old->schemaname, schema.head.name);
        }
        ddl_execute(ddl->session, ddl->arena, element, &tag);
        if (old != NULL)
            *name = old;
    }
    return "CREATE SCHEMA";
}

/* ---- databases ------------------------------------------------------------------------------------------------------------------- */

static void check_encoding(const DefElem *option)
{
    const char *text = option->arg != NULL && option->arg->tag == NODE_STRING ? ((const String *)option->arg)->sval : NULL;

    if (text != NULL && strcasecmp(text, "utf8") != 0 && strcasecmp(text, "utf-8") != 0 && strcasecmp(text, "unicode") != 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "encoding \"%s\" is not supported: databases are UTF8", text);
}

const char *ddl_create_database(Ddl *ddl, const CreatedbStmt *stmt)
{
    DatabaseDesc    db = {.head = {.kind = DESC_DATABASE, .name = stmt->dbname, .owner = ddl->session->current_user},
                          .connection_limit = -1, .allow_connections = true};
    const RoleDesc *me = (const RoleDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, ddl->session->current_user);
    SchemaDesc      schema = {.head = {.kind = DESC_SCHEMA, .oid = OID_SCHEMA_PUBLIC, .name = "public", .owner = OID_ROLE_NEXADB}};

    session_prevent_in_block(ddl->session, "CREATE DATABASE");
    if (!ddl->session->is_superuser && (me == NULL || !me->create_db))
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied to create database");
    LIST_FOREACH(DefElem, option, stmt->options) {
        const char *name = option->defname;

        if (option->arg == NULL)
            continue;
        if (strcmp(name, "owner") == 0)
            db.head.owner = ddl_role(ddl, ddl_option_text(ddl, option), false)->head.oid;
        else if (strcmp(name, "encoding") == 0)
            check_encoding(option);
        else if (strcmp(name, "connection_limit") == 0)
            db.connection_limit = (int32_t)ddl_option_int(option);
        else if (strcmp(name, "is_template") == 0)
            db.is_template = ddl_option_bool(option);
        else if (strcmp(name, "allow_connections") == 0)
            db.allow_connections = ddl_option_bool(option);
        else if (strcmp(name, "template") == 0) {
            const char *template = ddl_option_text(ddl, option);

            if (strcmp(template, "template0") != 0 && strcmp(template, "template1") != 0) {
                if (store_desc_by_name(ddl->session, ddl->arena, DESC_DATABASE, 0, template) == NULL)
                    raise_error(SQLSTATE_UNDEFINED_DATABASE, "template database \"%s\" does not exist", template);
                ddl_not_supported("copying a database by CREATE DATABASE ... TEMPLATE");
            }
        }
    }
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_DATABASE, 0, stmt->dbname) != NULL)
        raise_error(SQLSTATE_DUPLICATE_DATABASE, "database \"%s\" already exists", stmt->dbname);
    db.head.oid = store_new_oid(ddl->session);
    store_desc_put(ddl->session, &db.head);
    schema.head.database = db.head.oid;
    store_desc_put(ddl->session, &schema.head);
    return "CREATE DATABASE";
}

static const DatabaseDesc *find_database(Ddl *ddl, const char *name)
{
    const Desc *desc = store_desc_by_name(ddl->session, ddl->arena, DESC_DATABASE, 0, name);

    if (desc == NULL)
        raise_error(SQLSTATE_UNDEFINED_DATABASE, "database \"%s\" does not exist", name);
    return (const DatabaseDesc *)desc;
}

const char *ddl_alter_database(Ddl *ddl, const AlterDatabaseStmt *stmt)
{
    DatabaseDesc *db = ARENA_NEW(ddl->arena, DatabaseDesc);

    ddl_copy(db, find_database(ddl, stmt->dbname), sizeof *db);
    atomic_store(&db->head.references_, 0);
    ddl_check_owner(ddl, &db->head, "database");
    LIST_FOREACH(DefElem, option, stmt->options) {
        if (strcmp(option->defname, "connection_limit") == 0)
            db->connection_limit = (int32_t)ddl_option_int(option);
        else if (strcmp(option->defname, "is_template") == 0)
            db->is_template = ddl_option_bool(option);
        else if (strcmp(option->defname, "allow_connections") == 0)
            db->allow_connections = ddl_option_bool(option);
        else
            raise_error(SQLSTATE_SYNTAX_ERROR, "option \"%s\" not recognized", option->defname);
    }
    store_desc_put(ddl->session, &db->head);
    return "ALTER DATABASE";
}

/* Everything in another database: its descriptors are reached by looking from there. */
static void drop_contents(Ddl *ddl, Oid database)
{
    static const DescKind kinds[] = {DESC_RELATION, DESC_TYPE, DESC_FUNCTION, DESC_EXTENSION, DESC_COMMENT, DESC_TRIGGER, DESC_POLICY, DESC_SCHEMA};
    Oid                   here = ddl->session->database;

    ddl->session->database = database;
    for (size_t k = 0; k < ARRAY_LENGTH(kinds); k++) {
        int                count;
        const Desc *const *list = store_desc_list(ddl->session, ddl->arena, kinds[k], 0, &count);

        for (int i = 0; i < count; i++) {
            const RelationDesc *rel = kinds[k] == DESC_RELATION ? (const RelationDesc *)list[i] : NULL;

            if (list[i]->database != database || (kinds[k] == DESC_SCHEMA && list[i]->oid < OID_FIRST_USER && list[i]->oid != OID_SCHEMA_PUBLIC))
                continue;
            if (rel != NULL && rel->relkind == 'i')
                store_index_drop(ddl->session, rel);
            else if (rel != NULL && rel->group_count > 0)
                store_table_drop(ddl->session, rel);
            store_desc_delete(ddl->session, list[i]);
        }
    }
    ddl->session->database = here;
}

/* In one place that is undone whatever happens: the session's database is switched only within. */
typedef struct DropContents {
    Ddl *ddl;
    Oid  database;
} DropContents;

static void drop_contents_body(void *arg)
{
    DropContents *drop = arg;

    drop_contents(drop->ddl, drop->database);
}

const char *ddl_drop_database(Ddl *ddl, const DropdbStmt *stmt)
{
    const Desc  *desc = store_desc_by_name(ddl->session, ddl->arena, DESC_DATABASE, 0, stmt->dbname);
    Oid          here = ddl->session->database;
    DropContents drop = {ddl, desc == NULL ? 0 : desc->oid};
    Error       *err;

    session_prevent_in_block(ddl->session, "DROP DATABASE");
    if (desc == NULL) {
        if (!stmt->missing_ok)
            raise_error(SQLSTATE_UNDEFINED_DATABASE, "database \"%s\" does not exist", stmt->dbname);
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "database \"%s\" does not exist, skipping", stmt->dbname);
        return "DROP DATABASE";
    }
    ddl_check_owner(ddl, desc, "database");
    if (((const DatabaseDesc *)desc)->is_template)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "cannot drop a template database");
    if (desc->oid == here)
        raise_error(SQLSTATE_OBJECT_IN_USE, "cannot drop the currently open database");
    err = error_catch(drop_contents_body, &drop);
    ddl->session->database = here;
    if (err != NULL)
        error_raise(err);
    store_desc_delete(ddl->session, desc);
    return "DROP DATABASE";
}

/* ---- extensions -------------------------------------------------------------------------------------------------------------------- */

const char *ddl_create_extension(Ddl *ddl, const CreateExtensionStmt *stmt)
{
    /* what these extensions bring is built in: creating one records that it was asked for */
    static const struct {
        const char *name, *version;
    } known[] = {{"vector", "0.7.0"}, {"plpgsql", "1.0"}};
    ExtensionDesc extension = {.head = {.kind = DESC_EXTENSION, .database = ddl->session->database, .name = stmt->extname}};

    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        if (strcmp(known[i].name, stmt->extname) == 0)
            extension.version_text = known[i].version;
    }
    if (extension.version_text == NULL) {
        Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "extension \"%s\" is not available", stmt->extname);

        error_hint(err, "The extension must first be installed on the system where PostgreSQL is running.");
        error_raise(err);
    }
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_EXTENSION, 0, stmt->extname) != NULL || strcmp(stmt->extname, "plpgsql") == 0) {
        if (!stmt->if_not_exists)
            raise_error(SQLSTATE_DUPLICATE_OBJECT, "extension \"%s\" already exists", stmt->extname);
        ddl_notice(ddl, SQLSTATE_DUPLICATE_OBJECT, "extension \"%s\" already exists, skipping", stmt->extname);
        return "CREATE EXTENSION";
    }
    extension.head.owner = ddl->session->current_user;
    extension.head.oid = store_new_oid(ddl->session);
    store_desc_put(ddl->session, &extension.head);
    return "CREATE EXTENSION";
}
