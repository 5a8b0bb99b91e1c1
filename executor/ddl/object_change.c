/*
 * object_change.c - RENAME, SET SCHEMA, OWNER TO, COMMENT, TRUNCATE.
 */
#include "executor/ddl/drop.h"
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"
#include "executor/ddl/acl.h"

static Desc *copy_desc(Ddl *ddl, const Desc *desc, size_t size)
{
    Desc *copy = arena_alloc(ddl->arena, size);

    ddl_copy(copy, desc, size);
    atomic_store(&copy->references_, 0);
    return copy;
}

/* ---- RENAME ----------------------------------------------------------------------------------------------------------------------- */

/* The row type follows its relation's name and schema. */
static void move_row_type(Ddl *ddl, const RelationDesc *rel)
{
    const Desc *row = rel->row_type == 0 ? NULL : store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, rel->row_type);
    const Desc *array = rel->row_type_array == 0 ? NULL : store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, rel->row_type_array);

    if (row != NULL) {
        Desc *copy = copy_desc(ddl, row, sizeof(TypeDesc));

        copy->name = rel->head.name;
        copy->parent = rel->head.parent;
        copy->owner = rel->head.owner;
        store_desc_put(ddl->session, copy);
    }
    if (array != NULL) {
        Desc *copy = copy_desc(ddl, array, sizeof(TypeDesc));

        copy->name = ddl_make_name(ddl->arena, "", rel->head.name, NULL);
        copy->parent = rel->head.parent;
        copy->owner = rel->head.owner;
        store_desc_put(ddl->session, copy);
    }
}

static const char *rename_tag(ObjectType type)
{
    switch (type) {
    case OBJECT_INDEX:
        return "ALTER INDEX";
    case OBJECT_SEQUENCE:
        return "ALTER SEQUENCE";
    case OBJECT_VIEW:
        return "ALTER VIEW";
    case OBJECT_MATVIEW:
        return "ALTER MATERIALIZED VIEW";
    case OBJECT_COLLECTION:
        return "ALTER COLLECTION";
    case OBJECT_TYPE:
    case OBJECT_ATTRIBUTE:
        return "ALTER TYPE";
    case OBJECT_DOMAIN:
    case OBJECT_DOMCONSTRAINT:
        return "ALTER DOMAIN";
    case OBJECT_SCHEMA:
        return "ALTER SCHEMA";
    case OBJECT_DATABASE:
        return "ALTER DATABASE";
    case OBJECT_ROLE:
        return "ALTER ROLE";
    default:
        return "ALTER TABLE";
    }
}

static const RelationDesc *relation_to_change(Ddl *ddl, const RangeVar *name, bool missing_ok)
{
    const RelationDesc *rel = ddl_relation(ddl, name, missing_ok);

    if (rel == NULL) {
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "relation \"%s\" does not exist, skipping", name->relname);
        return NULL;
    }
    if (rel->head.oid < OID_FIRST_USER)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", rel->head.name);
    ddl_check_owner(ddl, &rel->head, ddl_relkind_name(rel->relkind));
    store_lock_relation(ddl->session, rel->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
    return ddl_relation_by_oid(ddl, rel->head.oid);
}

static void rename_relation(Ddl *ddl, const RenameStmt *stmt)
{
    const RelationDesc *found = relation_to_change(ddl, stmt->relation, stmt->missing_ok);
    RelationDesc       *rel;

    if (found == NULL)
        return;
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, found->head.parent, stmt->newname) != NULL)
        raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", stmt->newname);
    rel = ddl_edit(ddl, found);
    rel->head.name = arena_strdup(ddl->arena, stmt->newname);
    if (rel->relkind == 'i' && rel->index->constraint != 0) { /* PG15: the constraint behind it is renamed too */
        RelationDesc *table = ddl_edit(ddl, ddl_relation_by_oid(ddl, rel->index->table));

        for (int16_t i = 0; i < table->constraint_count; i++) {
            if (table->constraints[i].oid == rel->index->constraint)
                ((ConstraintDesc *)table->constraints)[i].name = rel->head.name;
        }
    }
    ddl_flush(ddl);
    move_row_type(ddl, rel);
}

static void rename_column(Ddl *ddl, const RenameStmt *stmt)
{
    const RelationDesc *found = relation_to_change(ddl, stmt->relation, stmt->missing_ok);
    RelationDesc       *rel;
    ColumnDesc         *column;

    if (found == NULL)
        return;
    rel = ddl_edit(ddl, found);
    column = ddl_find_column(rel, stmt->subname);
    if (column == NULL)
        raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" does not exist", stmt->subname);
    if (ddl_find_column(rel, stmt->newname) != NULL)
        raise_error(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" of relation \"%s\" already exists", stmt->newname, rel->head.name);
    column->name = arena_strdup(ddl->arena, stmt->newname);
    for (int16_t i = 0; i < rel->index_count; i++) { /* PG15: index attributes take the new name */
        const RelationDesc *index = ddl_relation_by_oid(ddl, rel->indexes[i]);

        for (int16_t k = 0; index != NULL && k < index->index->column_count; k++) {
            if (index->index->columns[k].column == column->number) {
                RelationDesc *edited = ddl_edit(ddl, index);

                ((IndexColumnDesc *)edited->index->columns)[k].name = column->name;
                ((ColumnDesc *)edited->columns)[k].name = column->name;
            }
        }
    }
    ddl_flush(ddl);
}

static void rename_constraint(Ddl *ddl, const RenameStmt *stmt)
{
    const RelationDesc *found = relation_to_change(ddl, stmt->relation, stmt->missing_ok);
    RelationDesc       *rel;
    int32_t             at;

    if (found == NULL)
        return;
    rel = ddl_edit(ddl, found);
    at = ddl_find_constraint(rel, stmt->subname);
    if (at < 0)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", stmt->subname, rel->head.name);
    if (ddl_find_constraint(rel, stmt->newname) >= 0)
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", stmt->newname, rel->head.name);
    ((ConstraintDesc *)rel->constraints)[at].name = arena_strdup(ddl->arena, stmt->newname);
    if (rel->constraints[at].kind == CONSTRAINT_PRIMARY || rel->constraints[at].kind == CONSTRAINT_UNIQUE) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, rel->constraints[at].index);

        if (index != NULL)
            ddl_edit(ddl, index)->head.name = rel->constraints[at].name;
    }
    ddl_flush(ddl);
}

static void rename_type(Ddl *ddl, const RenameStmt *stmt)
{
    TypeName   *name = NODE_NEW(ddl->arena, TypeName, NODE_TYPE_NAME, -1);
    const Desc *found;
    Desc       *copy;

    if (stmt->object->tag == NODE_TYPE_NAME)
        name = (TypeName *)stmt->object;
    else
        name->names = (NodeList *)stmt->object;
    found = store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, analyze_type(ddl->session, ddl->arena, name, NULL));
    if (found == NULL)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be owner of type %s", string_at(name->names, list_count(name->names) - 1));
    ddl_check_owner(ddl, found, "type");
    if (((const TypeDesc *)found)->relation != 0) {
        RelationDesc *rel = ddl_edit(ddl, ddl_relation_by_oid(ddl, ((const TypeDesc *)found)->relation));

        rel->head.name = arena_strdup(ddl->arena, stmt->newname);
        ddl_flush(ddl);
        move_row_type(ddl, rel);
        return;
    }
    copy = copy_desc(ddl, found, sizeof(TypeDesc));
    copy->name = stmt->newname;
    store_desc_put(ddl->session, copy);
}

/* Schemas, databases, roles: by their name. */
static void rename_named(Ddl *ddl, const RenameStmt *stmt, DescKind kind, const char *word, size_t size)
{
    const char *name = stmt->object != NULL && stmt->object->tag == NODE_STRING ? ((const String *)stmt->object)->sval : stmt->subname;
    const Desc *found = store_desc_by_name(ddl->session, ddl->arena, kind, 0, name);
    Desc       *copy;

    if (found == NULL)
        raise_error(kind == DESC_SCHEMA ? SQLSTATE_UNDEFINED_SCHEMA : kind == DESC_DATABASE ? SQLSTATE_UNDEFINED_DATABASE : SQLSTATE_UNDEFINED_OBJECT,
                    "%s \"%s\" does not exist", word, name);
    ddl_check_owner(ddl, found, word);
    if (kind == DESC_DATABASE && found->oid == ddl->session->database)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "current database cannot be renamed");
    if (kind == DESC_ROLE && found->oid == ddl->session->session_user)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "session user cannot be renamed");
    copy = copy_desc(ddl, found, size);
    copy->name = stmt->newname;
    store_desc_put(ddl->session, copy);
}

static void rename_domain_constraint(Ddl *ddl, const RenameStmt *stmt)
{
    TypeName   *name = NODE_NEW(ddl->arena, TypeName, NODE_TYPE_NAME, -1);
    const Desc *found;
    TypeDesc   *copy;

    name->names = (NodeList *)stmt->object;
    found = store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, analyze_type(ddl->session, ddl->arena, stmt->object->tag == NODE_TYPE_NAME ? (TypeName *)stmt->object : name, NULL));
    if (found == NULL)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "type is not a domain");
    copy = (TypeDesc *)copy_desc(ddl, found, sizeof(TypeDesc));
    copy->constraints = ddl_copy(ARENA_ARRAY_ZEROED(ddl->arena, (size_t)copy->constraint_count + 1, ConstraintDesc), copy->constraints,
                               sizeof(ConstraintDesc) * (size_t)copy->constraint_count);
    for (int16_t i = 0; i < copy->constraint_count; i++) {
        if (strcmp(copy->constraints[i].name, stmt->subname) == 0) {
            ((ConstraintDesc *)copy->constraints)[i].name = stmt->newname;
            store_desc_put(ddl->session, &copy->head);
            return;
        }
    }
    raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" for domain %s does not exist", stmt->subname, copy->head.name);
}

const char *ddl_rename(Ddl *ddl, const RenameStmt *stmt)
{
    switch (stmt->rename_type) {
    case OBJECT_COLUMN:
    case OBJECT_ATTRIBUTE:
        rename_column(ddl, stmt);
        return rename_tag(stmt->rename_type == OBJECT_ATTRIBUTE ? OBJECT_TYPE : stmt->relation_type);
    case OBJECT_TABCONSTRAINT:
        rename_constraint(ddl, stmt);
        break;
    case OBJECT_DOMCONSTRAINT:
        rename_domain_constraint(ddl, stmt);
        break;
    case OBJECT_TYPE:
    case OBJECT_DOMAIN:
        rename_type(ddl, stmt);
        break;
    case OBJECT_SCHEMA:
        rename_named(ddl, stmt, DESC_SCHEMA, "schema", sizeof(SchemaDesc));
        break;
    case OBJECT_DATABASE:
        rename_named(ddl, stmt, DESC_DATABASE, "database", sizeof(DatabaseDesc));
        break;
    case OBJECT_ROLE:
        rename_named(ddl, stmt, DESC_ROLE, "role", sizeof(RoleDesc));
        break;
    case OBJECT_TABLE:
    case OBJECT_COLLECTION:
    case OBJECT_INDEX:
    case OBJECT_SEQUENCE:
    case OBJECT_VIEW:
    case OBJECT_MATVIEW:
    case OBJECT_FOREIGN_TABLE:
        rename_relation(ddl, stmt);
        break;
    default:
        ddl_not_supported("RENAME of this kind of object");
    }
    return rename_tag(stmt->rename_type);
}

/* ---- SET SCHEMA, OWNER TO ------------------------------------------------------------------------------------------------------------ */

static void move_sequences(Ddl *ddl, const RelationDesc *table, Oid schema, Oid owner)
{
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, table->head.parent, &count);

    for (int i = 0; i < count; i++) {
        const RelationDesc *rel = (const RelationDesc *)list[i];
        RelationDesc       *edited;

        if (rel->relkind != 'S' || rel->sequence->owned_by_table != table->head.oid)
            continue;
        edited = ddl_edit(ddl, rel);
        edited->head.parent = schema;
        edited->head.owner = owner;
    }
}

const char *ddl_set_schema(Ddl *ddl, const AlterObjectSchemaStmt *stmt)
{
    Oid                 schema = ddl_schema(ddl, stmt->newschema, false)->head.oid;
    const RelationDesc *found;
    RelationDesc       *rel;

    if (stmt->relation == NULL) {
        TypeName   *name = NODE_NEW(ddl->arena, TypeName, NODE_TYPE_NAME, -1);
        const Desc *type;
        Desc       *copy;

        if (stmt->object_type != OBJECT_TYPE && stmt->object_type != OBJECT_DOMAIN)
            ddl_not_supported("SET SCHEMA of this kind of object");
        if (stmt->object->tag == NODE_TYPE_NAME)
            name = (TypeName *)stmt->object;
        else
            name->names = (NodeList *)stmt->object;
        type = store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, analyze_type(ddl->session, ddl->arena, name, NULL));
        if (type == NULL)
            raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be owner of type %s", string_at(name->names, list_count(name->names) - 1));
        ddl_check_owner(ddl, type, "type");
        copy = copy_desc(ddl, type, sizeof(TypeDesc));
        copy->parent = schema;
        store_desc_put(ddl->session, copy);
        return rename_tag(stmt->object_type);
    }
    found = relation_to_change(ddl, stmt->relation, stmt->missing_ok);
    if (found == NULL)
        return rename_tag(stmt->object_type);
    if (found->relkind == 'S' && found->sequence->owned_by_table != 0) {
        Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot move an owned sequence into another schema");

        error_detail(err, "Sequence \"%s\" is linked to table \"%s\".", found->head.name, ddl_relation_by_oid(ddl, found->sequence->owned_by_table)->head.name);
        error_raise(err);
    }
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, schema, found->head.name) != NULL)
        raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists in schema \"%s\"", found->head.name, stmt->newschema);
    rel = ddl_edit(ddl, found);
    move_sequences(ddl, rel, schema, rel->head.owner);
    rel->head.parent = schema;
    for (int16_t i = 0; i < rel->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, rel->indexes[i]);

        if (index != NULL)
            ddl_edit(ddl, index)->head.parent = schema;
    }
    ddl_flush(ddl);
    move_row_type(ddl, rel);
    return rename_tag(stmt->object_type);
}

void ddl_change_owner(Ddl *ddl, RelationDesc *rel, Oid owner)
{
    rel->head.owner = owner;
    move_sequences(ddl, rel, rel->head.parent, owner);
    for (int16_t i = 0; i < rel->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, rel->indexes[i]);

        if (index != NULL)
            ddl_edit(ddl, index)->head.owner = owner;
    }
    move_row_type(ddl, rel);
}

const char *ddl_alter_owner(Ddl *ddl, const AlterOwnerStmt *stmt)
{
    Oid         owner = ddl_role_oid(ddl, stmt->newowner);
    DescKind    kind = stmt->object_type == OBJECT_SCHEMA ? DESC_SCHEMA : stmt->object_type == OBJECT_DATABASE ? DESC_DATABASE : DESC_TYPE;
    const char *name;
    const Desc *desc;
    Desc       *copy;

    if (stmt->object_type == OBJECT_TYPE || stmt->object_type == OBJECT_DOMAIN) {
        TypeName *type = NODE_NEW(ddl->arena, TypeName, NODE_TYPE_NAME, -1);

        if (stmt->object->tag == NODE_TYPE_NAME)
            type = (TypeName *)stmt->object;
        else
            type->names = (NodeList *)stmt->object;
        name = string_at(type->names, list_count(type->names) - 1);
        desc = store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, analyze_type(ddl->session, ddl->arena, type, NULL));
    } else if (kind != DESC_TYPE) {
        name = ((const String *)stmt->object)->sval;
        desc = store_desc_by_name(ddl->session, ddl->arena, kind, 0, name);
    } else {
        return "ALTER"; /* functions, operators and the like: built in, owned by the superuser */
    }
    if (desc == NULL)
        raise_error(kind == DESC_SCHEMA ? SQLSTATE_UNDEFINED_SCHEMA : kind == DESC_DATABASE ? SQLSTATE_UNDEFINED_DATABASE : SQLSTATE_UNDEFINED_OBJECT,
                    "%s \"%s\" does not exist", kind == DESC_SCHEMA ? "schema" : kind == DESC_DATABASE ? "database" : "type", name);
    ddl_check_owner(ddl, desc, kind == DESC_SCHEMA ? "schema" : kind == DESC_DATABASE ? "database" : "type");
    copy = copy_desc(ddl, desc, kind == DESC_SCHEMA ? sizeof(SchemaDesc) : kind == DESC_DATABASE ? sizeof(DatabaseDesc) : sizeof(TypeDesc));
    copy->owner = owner;
    store_desc_put(ddl->session, copy);
    return rename_tag(stmt->object_type);
}

/* ---- COMMENT ------------------------------------------------------------------------------------------------------------------------- */

static void put_comment(Ddl *ddl, const Desc *object, int32_t sub, const char *text)
{
    CommentDesc comment = {.head = {.kind = DESC_COMMENT, .parent = object->oid, .owner = ddl->session->current_user}};
    const Desc *old;

    comment.head.database = ddl->session->database;
    comment.head.name = arena_printf(ddl->arena, "%d.%d", (int)object->kind, sub);
    comment.object_kind = object->kind;
    comment.sub = sub;
    comment.text = text;
    old = store_desc_by_name(ddl->session, ddl->arena, DESC_COMMENT, object->oid, comment.head.name);
    if (text == NULL || text[0] == '\0') {
        if (old != NULL)
            store_desc_delete(ddl->session, old);
        return;
    }
    comment.head.oid = old != NULL ? old->oid : store_new_oid(ddl->session);
    store_desc_put(ddl->session, &comment.head);
}

/* The relation of a column, constraint or trigger comment: all words but the last. */
static const RelationDesc *relation_of_part(Ddl *ddl, const NodeList *words)
{
    NodeList *table = NULL;

    for (int32_t i = 0; i < list_count(words) - 1; i++)
        table = list_append(ddl->arena, table, list_at(words, i));
    return ddl_relation_by_words(ddl, table, false);
}

static void comment_on_constraint(Ddl *ddl, const CommentStmt *stmt)
{
    const NodeList     *words = (const NodeList *)stmt->object;
    const RelationDesc *rel = relation_of_part(ddl, words);
    const char         *name = string_at(words, list_count(words) - 1);
    int32_t             at = ddl_find_constraint(rel, name);
    Desc                constraint = {.kind = DESC_COMMENT};

    if (at < 0)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", name, rel->head.name);
    ddl_check_owner(ddl, &rel->head, "table");
    constraint.oid = rel->constraints[at].oid;
    put_comment(ddl, &constraint, 0, stmt->comment);
}

const char *ddl_comment(Ddl *ddl, const CommentStmt *stmt)
{
    const RelationDesc *rel;
    const Desc         *desc = NULL;
    const char         *name = stmt->object != NULL && stmt->object->tag == NODE_STRING ? ((const String *)stmt->object)->sval : NULL;

    switch (stmt->objtype) {
    case OBJECT_TABLE:
    case OBJECT_COLLECTION:
    case OBJECT_INDEX:
    case OBJECT_SEQUENCE:
    case OBJECT_VIEW:
    case OBJECT_MATVIEW:
        rel = ddl_relation_by_words(ddl, (const NodeList *)stmt->object, false);
        ddl_check_owner(ddl, &rel->head, ddl_relkind_name(rel->relkind));
        put_comment(ddl, &rel->head, 0, stmt->comment);
        break;
    case OBJECT_COLUMN:
        rel = relation_of_part(ddl, (const NodeList *)stmt->object);
        ddl_check_owner(ddl, &rel->head, ddl_relkind_name(rel->relkind));
        put_comment(ddl, &rel->head, ddl_need_column(rel, string_at((const NodeList *)stmt->object, list_count((const NodeList *)stmt->object) - 1))->number,
                    stmt->comment);
        break;
    case OBJECT_TABCONSTRAINT:
        comment_on_constraint(ddl, stmt);
        break;
    case OBJECT_SCHEMA:
        desc = &ddl_schema(ddl, name, false)->head;
        break;
    case OBJECT_ROLE:
        desc = &ddl_role(ddl, name, false)->head;
        break;
    case OBJECT_DATABASE:
    case OBJECT_EXTENSION:
        desc = store_desc_by_name(ddl->session, ddl->arena, stmt->objtype == OBJECT_DATABASE ? DESC_DATABASE : DESC_EXTENSION, 0, name);
        if (desc == NULL)
            raise_error(stmt->objtype == OBJECT_DATABASE ? SQLSTATE_UNDEFINED_DATABASE : SQLSTATE_UNDEFINED_OBJECT, "%s \"%s\" does not exist",
                        stmt->objtype == OBJECT_DATABASE ? "database" : "extension", name);
        break;
    case OBJECT_TYPE:
    case OBJECT_DOMAIN:
        desc = store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, analyze_type(ddl->session, ddl->arena, (const TypeName *)stmt->object, NULL));
        break;
    default:
        ddl_not_supported("COMMENT on this kind of object");
    }
    if (desc != NULL)
        put_comment(ddl, desc, 0, stmt->comment);
    return "COMMENT";
}

/* ---- TRUNCATE ------------------------------------------------------------------------------------------------------------------------- */

typedef struct TruncateList {
    int32_t              count, capacity;
    const RelationDesc **tables;
} TruncateList;

static bool add_table(Ddl *ddl, TruncateList *list, const RelationDesc *rel)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (list->tables[i]->head.oid == rel->head.oid)
            return false;
    }
    if (list->count == list->capacity) {
        int32_t wider = list->capacity == 0 ? 8 : list->capacity * 2;

        list->tables = arena_grow(ddl->arena, list->tables, sizeof *list->tables * (size_t)list->capacity, sizeof *list->tables * (size_t)wider);
        list->capacity = wider;
    }
    list->tables[list->count++] = rel;
    return true;
}

static bool listed(const TruncateList *list, Oid oid)
{
    for (int32_t i = 0; i < list->count; i++) {
        if (list->tables[i]->head.oid == oid)
            return true;
    }
    return false;
}

/* Tables that reference one of the list must be in it, or come in with CASCADE. */
static void follow_references(Ddl *ddl, TruncateList *list, DropBehavior behavior)
{
    for (int32_t i = 0; i < list->count; i++) {
        const RelationDesc *rel = list->tables[i];

        for (int16_t k = 0; k < rel->referenced_by_count; k++) {
            const RelationDesc *child = ddl_relation_by_oid(ddl, rel->referenced_by[k]);

            if (child == NULL || listed(list, child->head.oid))
                continue;
            if (behavior == DROP_RESTRICT) {
                Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot truncate a table referenced in a foreign key constraint");

                error_detail(err, "Table \"%s\" references \"%s\".", child->head.name, rel->head.name);
                error_hint(err, "Truncate table \"%s\" at the same time, or use TRUNCATE ... CASCADE.", child->head.name);
                error_raise(err);
            }
            store_lock_relation(ddl->session, child->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
            ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "truncate cascades to table \"%s\"", child->head.name);
            add_table(ddl, list, child);
        }
    }
}

static void restart_sequences(Ddl *ddl, const RelationDesc *table)
{
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, table->head.parent, &count);

    for (int i = 0; i < count; i++) {
        const RelationDesc *rel = (const RelationDesc *)list[i];

        if (rel->relkind == 'S' && rel->sequence->owned_by_table == table->head.oid)
            store_sequence_set(ddl->session, rel, (SequenceState){.last_value = rel->sequence->start, .is_called = false});
    }
}

const char *ddl_truncate(Ddl *ddl, const TruncateStmt *stmt)
{
    TruncateList list = {0};

    LIST_FOREACH(RangeVar, name, stmt->relations) {
        const RelationDesc *rel = ddl_relation(ddl, name, false);

        if (rel->relkind != 'r' || rel->group_count == 0)
            raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a table", rel->head.name);
        if (!acl_allows(ddl->session, ddl->arena, &rel->head, ACL_TRUNCATE))
            raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for table %s", rel->head.name);
        store_lock_relation(ddl->session, rel->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
        rel = ddl_relation_by_oid(ddl, rel->head.oid);
        if (rel != NULL)
            add_table(ddl, &list, rel);
    }
    follow_references(ddl, &list, stmt->behavior);
    for (int32_t i = 0; i < list.count; i++) {
        ddl_truncate_relation(ddl, list.tables[i]);
        if (stmt->restart_seqs)
            restart_sequences(ddl, list.tables[i]);
    }
    ddl_flush(ddl);
    return "TRUNCATE TABLE";
}
