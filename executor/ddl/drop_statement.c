/*
 * drop_statement.c - DROP of every kind of object: finding what is named.
 */
#include "executor/ddl/drop.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"

static const char *kind_words(ObjectType type)
{
    switch (type) {
    case OBJECT_COLLECTION:
        return "collection";
    case OBJECT_INDEX:
        return "index";
    case OBJECT_SEQUENCE:
        return "sequence";
    case OBJECT_VIEW:
        return "view";
    case OBJECT_MATVIEW:
        return "materialized view";
    case OBJECT_FOREIGN_TABLE:
        return "foreign table";
    default:
        return "table";
    }
}

static const char *tag_words(ObjectType type)
{
    switch (type) {
    case OBJECT_TABLE:
        return "DROP TABLE";
    case OBJECT_COLLECTION:
        return "DROP COLLECTION";
    case OBJECT_INDEX:
        return "DROP INDEX";
    case OBJECT_SEQUENCE:
        return "DROP SEQUENCE";
    case OBJECT_VIEW:
        return "DROP VIEW";
    case OBJECT_MATVIEW:
        return "DROP MATERIALIZED VIEW";
    case OBJECT_FOREIGN_TABLE:
        return "DROP FOREIGN TABLE";
    case OBJECT_SCHEMA:
        return "DROP SCHEMA";
    case OBJECT_TYPE:
        return "DROP TYPE";
    case OBJECT_DOMAIN:
        return "DROP DOMAIN";
    case OBJECT_EXTENSION:
        return "DROP EXTENSION";
    case OBJECT_FUNCTION:
        return "DROP FUNCTION";
    case OBJECT_PROCEDURE:
        return "DROP PROCEDURE";
    case OBJECT_TRIGGER:
        return "DROP TRIGGER";
    default:
        return "DROP";
    }
}

static bool relkind_fits(ObjectType type, const RelationDesc *rel)
{
    switch (type) {
    case OBJECT_TABLE:
        return rel->relkind == 'r';
    case OBJECT_COLLECTION:
        return rel->relkind == 'r' && rel->is_collection;
    case OBJECT_INDEX:
        return rel->relkind == 'i';
    case OBJECT_SEQUENCE:
        return rel->relkind == 'S';
    case OBJECT_VIEW:
        return rel->relkind == 'v';
    case OBJECT_MATVIEW:
        return rel->relkind == 'm';
    default:
        return false;
    }
}

static noreturn void raise_wrong_kind(ObjectType type, const RelationDesc *rel)
{
    const char *wanted = kind_words(type);
    const char *article = wanted[0] == 'i' ? "an" : "a";
    Error      *err = error_new(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not %s %s", rel->head.name, article, wanted);
    const char *hint = rel->relkind == 'r'   ? "Use DROP TABLE to remove a table."
                       : rel->relkind == 'i' ? "Use DROP INDEX to remove an index."
                       : rel->relkind == 'S' ? "Use DROP SEQUENCE to remove a sequence."
                       : rel->relkind == 'v' ? "Use DROP VIEW to remove a view."
                       : rel->relkind == 'm' ? "Use DROP MATERIALIZED VIEW to remove a materialized view."
                                             : "Use DROP TYPE to remove a type.";

    error_hint(err, "%s", hint);
    error_raise(err);
}

/* Parts of another object are dropped with it, not by themselves. */
static void refuse_parts(Ddl *ddl, const RelationDesc *rel)
{
    if (rel->relkind == 'i' && rel->index->constraint != 0) {
        const RelationDesc *table = ddl_relation_by_oid(ddl, rel->index->table);
        DropTarget          constraint = {DESC_RELATION, rel->index->table, 0, rel->index->constraint, false};
        DropTarget          index = {DESC_RELATION, rel->head.oid, 0, 0, false};
        const char         *name = drop_describe(ddl, &constraint);
        Error              *err;

        if (table == NULL)
            return;
        err = error_new(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %s because %s requires it", drop_describe(ddl, &index), name);
        error_hint(err, "You can drop %s instead.", name);
        error_raise(err);
    }
    if (rel->relkind == 'S' && rel->sequence->owned_kind == 'i') {
        DropTarget  column = {DESC_RELATION, rel->sequence->owned_by_table, rel->sequence->owned_by_column, 0, false};
        DropTarget  sequence = {DESC_RELATION, rel->head.oid, 0, 0, false};
        const char *name = drop_describe(ddl, &column);
        Error      *err = error_new(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %s because %s requires it", drop_describe(ddl, &sequence), name);

        error_hint(err, "You can drop %s instead.", name);
        error_raise(err);
    }
}

static const char *shown_name(Ddl *ddl, const RangeVar *name)
{
    return name->schemaname == NULL ? name->relname : arena_printf(ddl->arena, "%s.%s", name->schemaname, name->relname);
}

static bool find_relation(Ddl *ddl, const DropStmt *stmt, const NodeList *words, DropTarget *out)
{
    RangeVar           *name = ddl_range_var(ddl, words);
    const RelationDesc *rel;

    if (stmt->missing_ok && name->schemaname != NULL && ddl_schema(ddl, name->schemaname, true) == NULL) {
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "schema \"%s\" does not exist, skipping", name->schemaname);
        return false;
    }
    rel = ddl_relation(ddl, name, true);
    if (rel == NULL && stmt->missing_ok) {
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", kind_words(stmt->remove_type), shown_name(ddl, name));
        return false;
    }
    if (rel == NULL)
        raise_error(stmt->remove_type == OBJECT_INDEX ? SQLSTATE_UNDEFINED_OBJECT : SQLSTATE_UNDEFINED_TABLE,
                    "%s \"%s\" does not exist", kind_words(stmt->remove_type), shown_name(ddl, name));
    if (rel->head.oid < OID_FIRST_USER)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", rel->head.name);
    if (!relkind_fits(stmt->remove_type, rel))
        raise_wrong_kind(stmt->remove_type, rel);
    ddl_check_owner(ddl, &rel->head, ddl_relkind_name(rel->relkind));
    refuse_parts(ddl, rel);
    *out = (DropTarget){DESC_RELATION, rel->head.oid, 0, 0, false};
    return true;
}

static bool find_type(Ddl *ddl, const DropStmt *stmt, const TypeName *name, DropTarget *out)
{
    Oid             oid = analyze_type_or_none(ddl->session, ddl->arena, name, NULL);
    const TypeDesc *type;
    const char     *shown = list_count(name->names) > 1 ? arena_printf(ddl->arena, "%s.%s", string_at(name->names, 0), string_at(name->names, 1))
                                                        : string_at(name->names, 0);

    if (oid == 0) {
        if (!stmt->missing_ok)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "type \"%s\" does not exist", shown);
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "type \"%s\" does not exist, skipping", shown);
        return false;
    }
    type = (const TypeDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, oid);
    if (type == NULL)
        raise_error(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop type %s because it is required by the database system",
                    deparse_type(ddl->session, ddl->arena, oid, -1));
    if (stmt->remove_type == OBJECT_DOMAIN && type->typtype != 'd')
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a domain", shown);
    if (type->element != 0 || (type->relation != 0 && ddl_relation_by_oid(ddl, type->relation)->relkind != 'c')) {
        bool        array = type->element != 0;
        const char *owner = array ? arena_printf(ddl->arena, "type %s", deparse_type(ddl->session, ddl->arena, type->element, -1))
                                  : drop_describe(ddl, &(DropTarget){DESC_RELATION, type->relation, 0, 0, false});
        Error      *err = error_new(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop type %s because %s requires it",
                                    deparse_type(ddl->session, ddl->arena, oid, -1), owner);

        error_hint(err, "You can drop %s instead.", owner);
        error_raise(err);
    }
    ddl_check_owner(ddl, &type->head, "type");
    *out = type->relation != 0 ? (DropTarget){DESC_RELATION, type->relation, 0, 0, false} : (DropTarget){DESC_TYPE, oid, 0, 0, false};
    return true;
}

static bool find_named(Ddl *ddl, const DropStmt *stmt, const char *name, DescKind kind, DropTarget *out)
{
    const char *word = kind == DESC_SCHEMA ? "schema" : "extension";
    const Desc *desc = store_desc_by_name(ddl->session, ddl->arena, kind, 0, name);

    if (desc == NULL) {
        if (!stmt->missing_ok)
            raise_error(kind == DESC_SCHEMA ? SQLSTATE_UNDEFINED_SCHEMA : SQLSTATE_UNDEFINED_OBJECT, "%s \"%s\" does not exist", word, name);
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", word, name);
        return false;
    }
    if (kind == DESC_SCHEMA && (desc->oid == OID_SCHEMA_PG_CATALOG || desc->oid == OID_SCHEMA_INFORMATION_SCHEMA || desc->oid == OID_SCHEMA_PG_TOAST))
        raise_error(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop schema %s because it is required by the database system", name);
    ddl_check_owner(ddl, desc, word);
    *out = (DropTarget){kind, desc->oid, 0, 0, false};
    return true;
}

/* Kinds that this server does not have: IF EXISTS is satisfied, anything else is not there. */
static bool find_nothing(Ddl *ddl, const DropStmt *stmt, const Node *object)
{
    const char *name = "?";

    if (object->tag == NODE_OBJECT_WITH_ARGS)
        name = string_at(((const ObjectWithArgs *)object)->objname, list_count(((const ObjectWithArgs *)object)->objname) - 1);
    else if (object->tag == NODE_STRING)
        name = ((const String *)object)->sval;
    else if (object->tag == NODE_LIST && list_count((const NodeList *)object) > 0 && list_last((const NodeList *)object)->tag == NODE_STRING)
        name = string_at((const NodeList *)object, list_count((const NodeList *)object) - 1);
    if (!stmt->missing_ok)
        raise_error(stmt->remove_type == OBJECT_FUNCTION || stmt->remove_type == OBJECT_PROCEDURE || stmt->remove_type == OBJECT_ROUTINE ||
                            stmt->remove_type == OBJECT_AGGREGATE
                        ? SQLSTATE_UNDEFINED_FUNCTION
                        : SQLSTATE_UNDEFINED_OBJECT,
                    "object \"%s\" does not exist", name);
    ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "object \"%s\" does not exist, skipping", name);
    return false;
}

static bool find_object(Ddl *ddl, const DropStmt *stmt, const Node *object, DropTarget *out)
{
    switch (stmt->remove_type) {
    case OBJECT_TABLE:
    case OBJECT_COLLECTION:
    case OBJECT_INDEX:
    case OBJECT_SEQUENCE:
    case OBJECT_VIEW:
    case OBJECT_MATVIEW:
    case OBJECT_FOREIGN_TABLE:
        return find_relation(ddl, stmt, (const NodeList *)object, out);
    case OBJECT_TYPE:
    case OBJECT_DOMAIN:
        return find_type(ddl, stmt, (const TypeName *)object, out);
    case OBJECT_SCHEMA:
        return find_named(ddl, stmt, ((const String *)object)->sval, DESC_SCHEMA, out);
    case OBJECT_EXTENSION:
        return find_named(ddl, stmt, ((const String *)object)->sval, DESC_EXTENSION, out);
    default:
        return find_nothing(ddl, stmt, object);
    }
}

const char *ddl_drop(Ddl *ddl, const DropStmt *stmt)
{
    DropTarget *targets = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)list_count(stmt->objects), DropTarget);
    int32_t     count = 0;

    for (int32_t i = 0; i < list_count(stmt->objects); i++) {
        if (find_object(ddl, stmt, list_at(stmt->objects, i), &targets[count]))
            count++;
    }
    if (count > 0)
        drop_objects(ddl, targets, count, stmt->behavior);
    return tag_words(stmt->remove_type);
}
