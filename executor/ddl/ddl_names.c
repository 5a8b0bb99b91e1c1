/*
 * ddl_names.c - schemas, roles and options that statements name, and the names that new objects get.
 */
#include "executor/ddl/ddl_context.h"

#include "executor/ddl/acl.h"
#include "executor/ddl/temp_schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- schemas ----------------------------------------------------------------------------------------------------------- */

const SchemaDesc *ddl_schema(Ddl *ddl, const char *name, bool missing_ok)
{
    const Desc *desc = store_desc_by_name(ddl->session, ddl->arena, DESC_SCHEMA, 0, name);

    if (desc == NULL && !missing_ok)
        raise_error(SQLSTATE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name);
    return (const SchemaDesc *)desc;
}

const char *ddl_schema_name(Ddl *ddl, Oid schema)
{
    const Desc *desc = store_desc_by_oid(ddl->session, ddl->arena, DESC_SCHEMA, schema);

    return desc == NULL ? "???" : desc->name;
}

static Oid check_creation(Ddl *ddl, Oid schema, const char *name)
{
    const Desc *desc;

    if (schema == OID_SCHEMA_PG_CATALOG || schema == OID_SCHEMA_INFORMATION_SCHEMA) {
        Error *err = error_new(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied to create \"%s.%s\"", ddl_schema_name(ddl, schema), name);

        error_detail(err, "System catalog modifications are currently disallowed.");
        error_raise(err);
    }
    desc = store_desc_by_oid(ddl->session, ddl->arena, DESC_SCHEMA, schema);
    if (desc != NULL && !acl_allows(ddl->session, ddl->arena, desc, ACL_CREATE))
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for schema %s", desc->name);
    return schema;
}

static Oid default_schema(Ddl *ddl)
{
    int32_t    count;
    const Oid *path = session_search_path(ddl->session, &count);

    for (int32_t i = 0; i < count; i++) {
        if (path[i] != OID_SCHEMA_PG_CATALOG && path[i] != OID_SCHEMA_INFORMATION_SCHEMA && path[i] != temp_schema(ddl->session))
            return path[i];
    }
    raise_error(SQLSTATE_UNDEFINED_SCHEMA, "no schema has been selected to create in");
}

Oid ddl_creation_schema(Ddl *ddl, const RangeVar *name)
{
    bool temporary = name->relpersistence == RELPERSISTENCE_TEMP;

    if (name->catalogname != NULL && strcmp(name->catalogname, ddl->session->database_name) != 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: \"%s.%s.%s\"",
                    name->catalogname, name->schemaname, name->relname);
    if (name->schemaname != NULL && strcmp(name->schemaname, "pg_temp") == 0)
        temporary = true;
    else if (temporary && name->schemaname != NULL)
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "cannot create temporary relation in non-temporary schema");
    if (temporary)
        return temp_schema_make(ddl->session, ddl->arena);
    if (name->schemaname != NULL)
        return check_creation(ddl, ddl_schema(ddl, name->schemaname, false)->head.oid, name->relname);
    return check_creation(ddl, default_schema(ddl), name->relname);
}

Oid ddl_creation_schema_by_words(Ddl *ddl, const NodeList *words, const char **name_out)
{
    RangeVar *name = ddl_range_var(ddl, words);

    *name_out = name->relname;
    return ddl_creation_schema(ddl, name);
}

const char *ddl_quote(Arena *arena, const char *name)
{
    bool   plain = (name[0] >= 'a' && name[0] <= 'z') || name[0] == '_';
    StrBuf quoted;

    for (const char *at = name; *at != '\0' && plain; at++)
        plain = (*at >= 'a' && *at <= 'z') || *at == '_' || (*at >= '0' && *at <= '9');
    if (plain)
        return name;
    strbuf_init(&quoted, arena);
    strbuf_append_char(&quoted, '"');
    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '"')
            strbuf_append_char(&quoted, '"');
        strbuf_append_char(&quoted, *at);
    }
    strbuf_append_char(&quoted, '"');
    return strbuf_cstring(&quoted);
}

const char *ddl_display_name(Ddl *ddl, const Desc *desc)
{
    int32_t    count;
    const Oid *path = session_search_path(ddl->session, &count);

    for (int32_t i = 0; i < count; i++) {
        const Desc *found;

        if (path[i] == desc->parent)
            return ddl_quote(ddl->arena, desc->name);
        found = store_desc_by_name(ddl->session, ddl->arena, desc->kind, path[i], desc->name);
        if (found != NULL && found->oid != desc->oid)
            break;
    }
    return arena_printf(ddl->arena, "%s.%s", ddl_quote(ddl->arena, ddl_schema_name(ddl, desc->parent)),
                        ddl_quote(ddl->arena, desc->name));
}

/* ---- names for new objects --------------------------------------------------------------------------------------------- */

/* Bytes of name that fit size without cutting a UTF-8 character. */
static size_t clip(const char *name, size_t size)
{
    size_t length = strlen(name);

    if (length <= size)
        return length;
    while (size > 0 && ((uint8_t)name[size] & 0xc0) == 0x80)
        size--;
    return size;
}

const char *ddl_make_name(Arena *arena, const char *name1, const char *name2, const char *label)
{
    size_t overhead = (name2 != NULL ? 1 : 0) + (label != NULL ? strlen(label) + 1 : 0);
    size_t available = NAME_MAX_BYTES - overhead;
    size_t size1 = strlen(name1);
    size_t size2 = name2 != NULL ? strlen(name2) : 0;

    while (size1 + size2 > available) { /* PG15: the longer part gives way, byte by byte */
        if (size1 > size2)
            size1--;
        else
            size2--;
    }
    size1 = clip(name1, size1);
    size2 = name2 != NULL ? clip(name2, size2) : 0;
    return arena_printf(arena, "%.*s%s%.*s%s%s", (int)size1, name1, name2 != NULL ? "_" : "", (int)size2,
                        name2 != NULL ? name2 : "", label != NULL ? "_" : "", label != NULL ? label : "");
}

static bool relation_name_taken(Ddl *ddl, const char *name, Oid schema)
{
    for (int32_t i = 0; i < ddl->edit_count; i++) {
        const RelationDesc *rel = ddl->edits[i].rel;

        if (!ddl->edits[i].dropped && rel->head.parent == schema && strcmp(rel->head.name, name) == 0)
            return true;
    }
    return store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, schema, name) != NULL;
}

const char *ddl_choose_relation_name(Ddl *ddl, const char *name1, const char *name2, const char *label, Oid schema)
{
    const char *name = ddl_make_name(ddl->arena, name1, name2, label);

    for (int pass = 1; relation_name_taken(ddl, name, schema); pass++)
        name = ddl_make_name(ddl->arena, name1, name2, arena_printf(ddl->arena, "%s%d", label, pass));
    return name;
}

const char *ddl_choose_constraint_name(Ddl *ddl, const RelationDesc *rel, const char *name1, const char *name2, const char *label)
{
    const char *name = ddl_make_name(ddl->arena, name1, name2, label);

    for (int pass = 1; ddl_find_constraint(rel, name) >= 0; pass++)
        name = ddl_make_name(ddl->arena, name1, name2, arena_printf(ddl->arena, "%s%d", label, pass));
    return name;
}

/* ---- roles ------------------------------------------------------------------------------------------------------------- */

const RoleDesc *ddl_role(Ddl *ddl, const char *name, bool missing_ok)
{
    const Desc *desc = store_desc_by_name(ddl->session, ddl->arena, DESC_ROLE, 0, name);

    if (desc == NULL && !missing_ok)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "role \"%s\" does not exist", name);
    return (const RoleDesc *)desc;
}

Oid ddl_role_oid(Ddl *ddl, const RoleSpec *spec)
{
    switch (spec->roletype) {
    case ROLESPEC_CURRENT_ROLE:
    case ROLESPEC_CURRENT_USER:
        return ddl->session->current_user;
    case ROLESPEC_SESSION_USER:
        return ddl->session->session_user;
    case ROLESPEC_PUBLIC:
        return 0;
    case ROLESPEC_CSTRING:
    default:
        return ddl_role(ddl, spec->rolename, false)->head.oid;
    }
}

const char *ddl_role_name(Ddl *ddl, Oid role)
{
    const Desc *desc = store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, role);

    return desc == NULL ? arena_printf(ddl->arena, "%u", role) : desc->name;
}

bool ddl_is_owner(Ddl *ddl, Oid owner)
{
    return ddl->session->is_superuser || acl_is_member(ddl->session, ddl->arena, ddl->session->current_user, owner);
}

void ddl_check_owner(Ddl *ddl, const Desc *desc, const char *what)
{
    if (!ddl_is_owner(ddl, desc->owner))
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be owner of %s %s", what, desc->name);
}

/* ---- options ----------------------------------------------------------------------------------------------------------- */

bool ddl_option_bool(const DefElem *option)
{
    const char *text = NULL;

    if (option->arg == NULL)
        return true;
    switch (option->arg->tag) {
    case NODE_BOOLEAN:
        return ((const Boolean *)option->arg)->boolval;
    case NODE_INTEGER:
        if (((const Integer *)option->arg)->ival == 0)
            return false;
        if (((const Integer *)option->arg)->ival == 1)
            return true;
        break;
    case NODE_STRING:
        text = ((const String *)option->arg)->sval;
        break;
    case NODE_TYPE_NAME:
        text = string_at(((const TypeName *)option->arg)->names, list_count(((const TypeName *)option->arg)->names) - 1);
        break;
    default:
        break;
    }
    if (text != NULL && (strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0 || strcasecmp(text, "yes") == 0))
        return true;
    if (text != NULL && (strcasecmp(text, "false") == 0 || strcasecmp(text, "off") == 0 || strcasecmp(text, "no") == 0))
        return false;
    raise_error(SQLSTATE_SYNTAX_ERROR, "%s requires a Boolean value", option->defname);
}

int64_t ddl_option_int(const DefElem *option)
{
    const char *text = NULL;
    char       *end;
    long long   value;

    if (option->arg != NULL && option->arg->tag == NODE_INTEGER)
        return ((const Integer *)option->arg)->ival;
    if (option->arg != NULL && option->arg->tag == NODE_FLOAT)
        text = ((const Float *)option->arg)->fval;
    else if (option->arg != NULL && option->arg->tag == NODE_STRING)
        text = ((const String *)option->arg)->sval;
    if (text == NULL)
        raise_error(SQLSTATE_SYNTAX_ERROR, "%s requires a numeric value", option->defname);
    errno = 0;
    value = strtoll(text, &end, 10);
    if (*end != '\0' || end == text)
        raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s: \"%s\"", "bigint", text);
    if (errno == ERANGE)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value \"%s\" is out of range for type %s", text, "bigint");
    return value;
}

const char *ddl_option_text(Ddl *ddl, const DefElem *option)
{
    const NodeList *names;
    StrBuf          text;

    if (option->arg == NULL)
        return "true";
    switch (option->arg->tag) {
    case NODE_STRING:
        return ((const String *)option->arg)->sval;
    case NODE_INTEGER:
        return arena_printf(ddl->arena, "%d", ((const Integer *)option->arg)->ival);
    case NODE_FLOAT:
        return ((const Float *)option->arg)->fval;
    case NODE_BOOLEAN:
        return ((const Boolean *)option->arg)->boolval ? "true" : "false";
    case NODE_TYPE_NAME:
    case NODE_LIST:
        names = option->arg->tag == NODE_LIST ? (const NodeList *)option->arg : ((const TypeName *)option->arg)->names;
        strbuf_init(&text, ddl->arena);
        for (int32_t i = 0; i < list_count(names); i++)
            strbuf_printf(&text, "%s%s", i > 0 ? "." : "", string_at(names, i));
        return strbuf_cstring(&text);
    default:
        raise_error(SQLSTATE_SYNTAX_ERROR, "%s requires a parameter", option->defname);
    }
}

const char *ddl_options_text(Ddl *ddl, const NodeList *options)
{
    StrBuf text;

    if (list_count(options) == 0)
        return NULL;
    strbuf_init(&text, ddl->arena);
    LIST_FOREACH(DefElem, option, options) {
        strbuf_printf(&text, "%s%s%s%s=%s", option_index > 0 ? "," : "", option->defnamespace != NULL ? option->defnamespace : "",
                      option->defnamespace != NULL ? "." : "", option->defname, ddl_option_text(ddl, option));
    }
    return strbuf_cstring(&text);
}
