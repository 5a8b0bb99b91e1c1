/* type_name.c - types: from names to oids, and what is known about the types of the catalog. */
#include "executor/analyze/binder.h"
#include "executor/analyze/user_type.h"
#include "executor/deparse/deparse.h"
#include "executor/store/store.h"

#include <stdlib.h>

/* ---- looking types up ------------------------------------------------------------------------------------------------- */

static const TypeDesc *type_desc(Session *session, Arena *arena, Oid type)
{
    return (const TypeDesc *)store_desc_by_oid(session, arena, DESC_TYPE, type);
}

const TypeInfo *type_lookup(Session *session, Arena *arena, Oid type)
{
    const TypeInfo *info = type_by_oid(type);
    const TypeDesc *desc;

    if (info != NULL || type < OID_FIRST_USER)
        return info;
    desc = type_desc(session, arena, type);
    return desc != NULL ? user_type_info(session, arena, desc) : NULL;
}

const TypeInfo *binder_type(Binder *b, Oid type)
{
    const TypeInfo *info = type_lookup(b->session, b->arena, type);

    if (info == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "cache lookup failed for type %u", type);
    return info;
}

Oid type_base_typmod(Binder *b, Oid type, int32_t *typmod)
{
    while (type >= OID_FIRST_USER) {
        const TypeDesc *desc = type_desc(b->session, b->arena, type);

        if (desc == NULL || desc->typtype != 'd')
            break;
        binder_depend(b, &desc->head);
        if (desc->base_typmod >= 0)
            *typmod = desc->base_typmod;
        type = desc->base_type;
    }
    return type;
}

Oid type_base(Binder *b, Oid type)
{
    int32_t ignored = -1;

    return type_base_typmod(b, type, &ignored);
}

Oid type_element(Binder *b, Oid type)
{
    const TypeInfo *info;

    type = type_base(b, type);
    info = type_lookup(b->session, b->arena, type);
    /* int2vector, oidvector and name have elements, but are no true arrays */
    if (info == NULL || info->category != 'A' || info->length != -1)
        return 0;
    return info->element;
}

Oid type_array_of(Binder *b, Oid type)
{
    const TypeInfo *info = type_lookup(b->session, b->arena, type);

    return info != NULL ? info->array : 0;
}

bool type_is_polymorphic(Oid type)
{
    switch (type) {
    case TYPE_ANYELEMENT:
    case TYPE_ANYARRAY:
    case TYPE_ANYNONARRAY:
    case TYPE_ANYENUM:
    case TYPE_ANYRANGE:
    case TYPE_ANYMULTIRANGE:
    case TYPE_ANYCOMPATIBLE:
    case TYPE_ANYCOMPATIBLEARRAY:
    case TYPE_ANYCOMPATIBLENONARRAY:
    case TYPE_ANYCOMPATIBLERANGE:
    case TYPE_ANYCOMPATIBLEMULTIRANGE:
        return true;
    default:
        return false;
    }
}

bool type_is_composite(Binder *b, Oid type)
{
    const TypeInfo *info = type >= OID_FIRST_USER ? type_lookup(b->session, b->arena, type_base(b, type)) : NULL;

    return info != NULL && info->kind == 'c';
}

bool type_is_enum(Binder *b, Oid type)
{
    const TypeInfo *info = type >= OID_FIRST_USER ? type_lookup(b->session, b->arena, type) : NULL;

    return info != NULL && info->kind == 'e';
}

Oid type_collation(Binder *b, Oid type)
{
    const TypeInfo *info = type_lookup(b->session, b->arena, type);

    return info != NULL ? info->collation : 0;
}

const RelationDesc *type_relation(Binder *b, Oid type)
{
    const TypeDesc     *desc;
    const RelationDesc *relation;

    type = type_base(b, type);
    if (type < OID_FIRST_USER || (desc = type_desc(b->session, b->arena, type)) == NULL || desc->typtype != 'c')
        return NULL;
    relation = (const RelationDesc *)store_desc_by_oid(b->session, b->arena, DESC_RELATION, desc->relation);
    if (relation != NULL)
        binder_depend(b, &relation->head);
    return relation;
}

const Operator *type_compare_operator(Binder *b, Oid type, const char *name)
{
    const TypeInfo *info;

    type = type_base(b, type);
    if (type_by_oid(type) != NULL)
        return type_operator(type, name);
    info = type_lookup(b->session, b->arena, type);
    if (info == NULL)
        return NULL;
    switch (info->kind) {
    case 'e':
        return type_operator(TYPE_ANYENUM, name);
    case 'c':
        return type_operator(TYPE_RECORD, name);
    default:
        return info->category == 'A' ? type_operator(TYPE_INT4_ARRAY, name) : NULL;
    }
}

/* ---- names -------------------------------------------------------------------------------------------------------------- */

static Oid type_in_schema(Binder *b, Oid schema, const char *name)
{
    const TypeInfo *info;
    const Desc     *desc;

    if (schema == OID_SCHEMA_PG_CATALOG) {
        info = type_by_name(name);
        return info != NULL ? info->oid : 0;
    }
    desc = store_desc_by_name(b->session, b->arena, DESC_TYPE, schema, name);
    if (desc == NULL)
        return 0;
    binder_depend(b, desc);
    return desc->oid;
}

static Oid schema_by_name(Binder *b, const char *name, bool missing_ok, int32_t location)
{
    const Desc *schema;

    if (strcmp(name, "pg_catalog") == 0)
        return OID_SCHEMA_PG_CATALOG;
    schema = store_desc_by_name(b->session, b->arena, DESC_SCHEMA, 0, name);
    if (schema == NULL && !missing_ok)
        bind_error(SQLSTATE_INVALID_SCHEMA_NAME, location, "schema \"%s\" does not exist", name);
    return schema != NULL ? schema->oid : 0;
}

static Oid find_type(Binder *b, const TypeName *name, bool missing_ok)
{
    int32_t     parts = list_count(name->names);
    const char *last = string_at(name->names, parts - 1);
    Oid         type = 0;

    if (parts > 3)
        bind_error(SQLSTATE_SYNTAX_ERROR, name->node.location, "improper qualified name (too many dotted names): %s",
                   name_list_text(b->arena, name->names));
    if (parts == 3 && strcmp(string_at(name->names, 0), b->session->database_name) != 0)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, name->node.location, "cross-database references are not implemented: %s",
                   name_list_text(b->arena, name->names));
    if (parts > 1) {
        Oid schema = schema_by_name(b, string_at(name->names, parts - 2), missing_ok, name->node.location);

        return schema != 0 ? type_in_schema(b, schema, last) : 0;
    } else {
        int32_t    count;
        const Oid *path = session_search_path(b->session, &count);

        for (int32_t i = 0; i < count && type == 0; i++)
            type = type_in_schema(b, path[i], last);
    }
    return type;
}

/* table.column%TYPE */
static Oid type_of_column(Binder *b, const TypeName *name, int32_t *typmod_out)
{
    int32_t             parts = list_count(name->names);
    const RelationDesc *relation;
    int16_t             column;

    if (parts < 2 || parts > 4)
        bind_error(SQLSTATE_SYNTAX_ERROR, name->node.location, "improper %%TYPE reference (too few dotted names): %s",
                   name_list_text(b->arena, name->names));
    RangeVar var = {.node = {NODE_RANGE_VAR, name->node.location},
                    .relname = string_at(name->names, parts - 2),
                    .schemaname = parts > 2 ? string_at(name->names, parts - 3) : NULL};

    relation = open_relation(b, &var, false);
    column = find_table_column(relation, string_at(name->names, parts - 1));
    if (column == 0)
        bind_error(SQLSTATE_UNDEFINED_COLUMN, name->node.location, "column \"%s\" of relation \"%s\" does not exist",
                   string_at(name->names, parts - 1), relation->head.name);
    *typmod_out = relation->columns[column - 1].typmod;
    return relation->columns[column - 1].type;
}

static noreturn void raise_undefined_type(Binder *b, const TypeName *name)
{
    const char *text = name_list_text(b->arena, name->names);

    bind_error(SQLSTATE_UNDEFINED_OBJECT, name->node.location, "type \"%s%s\" does not exist", text,
               name->array_bounds != NULL ? "[]" : "");
}

static int32_t read_typmod(Binder *b, const TypeName *name, const TypeInfo *info)
{
    int32_t         count = list_count(name->typmods);
    int32_t        *values;
    const TypeInfo *base = info->category == 'A' && info->length == -1 && info->element != 0 ? binder_type(b, info->element) : info;

    if (count == 0)
        return -1;
    if (base->modin_proc == 0)
        bind_error(SQLSTATE_SYNTAX_ERROR, name->node.location, "type modifier is not allowed for type \"%s\"",
                   name_list_text(b->arena, name->names));
    if (base->typmod_in == NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, name->node.location, "type modifiers of %s are not supported yet", base->sql_name);
    values = ARENA_ARRAY(b->arena, (size_t)count, int32_t);
    for (int32_t i = 0; i < count; i++) {
        const A_Const *item = (const A_Const *)list_at(name->typmods, i);

        if (item->node.tag != NODE_A_CONST || (item->kind != CONST_INTEGER && item->kind != CONST_STRING))
            bind_error(SQLSTATE_SYNTAX_ERROR, name->node.location, "type modifiers must be simple constants or identifiers");
        values[i] = item->kind == CONST_INTEGER ? item->ival : (int32_t)strtol(item->sval, NULL, 10);
    }
    return base->typmod_in(base, values, count);
}

Oid binder_type_name(Binder *b, const TypeName *name, int32_t *typmod_out, bool missing_ok)
{
    int32_t         typmod = -1;
    Oid             type;
    const TypeInfo *info;

    if (name->pct_type)
        type = type_of_column(b, name, &typmod);
    else
        type = find_type(b, name, missing_ok);
    if (type == 0) {
        if (missing_ok)
            return 0;
        raise_undefined_type(b, name);
    }
    info = binder_type(b, type);
    if (name->array_bounds != NULL && !(info->category == 'A' && info->length == -1 && info->storage != 'p')) {
        if (info->array == 0) {
            if (missing_ok)
                return 0;
            raise_undefined_type(b, name);
        }
        type = info->array;
        info = binder_type(b, type);
    }
    if (typmod < 0)
        typmod = read_typmod(b, name, info);
    if (typmod_out != NULL)
        *typmod_out = typmod;
    return type;
}

/* ---- entry points --------------------------------------------------------------------------------------------------------- */

Oid analyze_type(Session *session, Arena *arena, const TypeName *name, int32_t *typmod_out)
{
    Binder b = {.session = session, .arena = arena};

    return binder_type_name(&b, name, typmod_out, false);
}

Oid analyze_type_or_none(Session *session, Arena *arena, const TypeName *name, int32_t *typmod_out)
{
    Binder b = {.session = session, .arena = arena};

    return binder_type_name(&b, name, typmod_out, true);
}

Oid analyze_collation(const NodeList *names, int32_t location)
{
    const char *name = string_at(names, list_count(names) - 1);

    if (strcmp(name, "default") == 0)
        return 100;
    if (strcmp(name, "C") == 0)
        return 950;
    if (strcmp(name, "POSIX") == 0)
        return 951;
    if (strcmp(name, "ucs_basic") == 0 || strcmp(name, "C.UTF-8") == 0 || strcmp(name, "C.utf8") == 0)
        return 950;
    if (strchr(name, '_') != NULL || strstr(name, "-x-icu") != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "collation \"%s\" is not supported: text sorts by bytes", name);
    bind_error(SQLSTATE_UNDEFINED_OBJECT, location, "collation \"%s\" for encoding \"UTF8\" does not exist", name);
}

const char *type_text(Binder *b, Oid type)
{
    return deparse_type(b->session, b->arena, type, -1);
}
