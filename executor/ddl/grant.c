/*
 * grant.c - GRANT and REVOKE of privileges, REASSIGN OWNED, DROP OWNED.
 */
#include "executor/ddl/acl.h"
#include "executor/ddl/drop.h"

/* A copy of any descriptor in the arena, to be changed and written. */
static Desc *copy_desc(Ddl *ddl, const Desc *desc)
{
    static const size_t sizes[] = {
        [DESC_DATABASE] = sizeof(DatabaseDesc), [DESC_SCHEMA] = sizeof(SchemaDesc),   [DESC_ROLE] = sizeof(RoleDesc),
        [DESC_RELATION] = sizeof(RelationDesc), [DESC_TYPE] = sizeof(TypeDesc),       [DESC_FUNCTION] = sizeof(FunctionDesc),
        [DESC_EXTENSION] = sizeof(ExtensionDesc),
    };
    Desc *copy;

    if (desc->kind == DESC_RELATION)
        return &ddl_edit(ddl, (const RelationDesc *)desc)->head;
    copy = arena_alloc(ddl->arena, sizes[desc->kind]);
    ddl_copy(copy, desc, sizes[desc->kind]);
    atomic_store(&copy->references_, 0);
    return copy;
}

static void write_desc(Ddl *ddl, const Desc *desc)
{
    if (desc->kind == DESC_RELATION)
        ddl_flush(ddl);
    else
        store_desc_put(ddl->session, desc);
}

static const char *kind_word(const Desc *desc)
{
    switch (desc->kind) {
    case DESC_SCHEMA:
        return "schema";
    case DESC_DATABASE:
        return "database";
    case DESC_TYPE:
        return "type";
    case DESC_FUNCTION:
        return "function";
    default:
        return ddl_relkind_name(((const RelationDesc *)desc)->relkind);
    }
}

/* The list with one grantee's bits changed. */
static Slice change_acl(Ddl *ddl, const Desc *desc, Slice old, Oid grantee, Oid grantor, uint32_t bits, bool grant, bool option)
{
    int32_t  count;
    int32_t  kept = 0;
    AclItem *now = old.size == 0 ? acl_default(ddl->arena, desc, &count) : acl_decode(ddl->arena, old, &count);
    AclItem *items = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)count + 1, AclItem);
    bool     found = false;

    for (int32_t i = 0; i < count; i++) {
        AclItem item = now[i];

        if (item.grantee == grantee && item.grantor == grantor) {
            found = true;
            if (grant) {
                item.privileges |= bits;
                if (option)
                    item.grant_options |= bits;
            } else {
                if (!option)
                    item.privileges &= ~bits;
                item.grant_options &= ~bits;
            }
        }
        if (item.privileges != 0)
            items[kept++] = item;
    }
    if (grant && !found && bits != 0)
        items[kept++] = (AclItem){grantee, grantor, bits, option ? bits : 0};
    return kept == 0 ? acl_encode(ddl->arena, (AclItem[]){{0}}, 1) : acl_encode(ddl->arena, items, kept);
}

static uint32_t wanted_bits(const GrantStmt *stmt, const Desc *desc)
{
    uint32_t all = acl_all_of(desc);
    uint32_t bits = 0;

    if (stmt->privileges == NULL)
        return all;
    LIST_FOREACH(AccessPriv, priv, stmt->privileges) {
        uint32_t bit;

        if (priv->cols != NULL)
            continue;
        bit = priv->priv_name == NULL ? all : acl_privilege(priv->priv_name);
        if (bit == 0)
            raise_error(SQLSTATE_SYNTAX_ERROR, "unrecognized privilege type \"%s\"", priv->priv_name);
        if ((bit & ~all) != 0 && desc->kind == DESC_RELATION && ((const RelationDesc *)desc)->relkind == 'S')
            bit &= all; /* PG15: GRANT on tables may name sequences; what they cannot have is left out */
        else if ((bit & ~all) != 0) {
            char   word[NAME_MAX_BYTES + 1];
            size_t size = 0;

            for (const char *at = priv->priv_name; *at != '\0' && size < sizeof word - 1; at++)
                word[size++] = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
            word[size] = '\0';
            raise_error(SQLSTATE_INVALID_GRANT_OPERATION, "invalid privilege type %s for %s", word, kind_word(desc));
        }
        bits |= bit;
    }
    return bits;
}

static void grant_columns(Ddl *ddl, const GrantStmt *stmt, RelationDesc *rel, Oid grantee, Oid grantor)
{
    LIST_FOREACH(AccessPriv, priv, stmt->privileges) {
        uint32_t bits = priv->priv_name == NULL ? ACL_ALL_COLUMN : acl_privilege(priv->priv_name);

        if ((bits & ~(uint32_t)ACL_ALL_COLUMN) != 0 && priv->cols != NULL)
            raise_error(SQLSTATE_INVALID_GRANT_OPERATION, "invalid privilege type %s for column", priv->priv_name);
        for (int32_t i = 0; i < list_count(priv->cols); i++) {
            ColumnDesc *column = ddl_need_column(rel, string_at(priv->cols, i));
            Desc        none = {.kind = DESC_COMMENT, .owner = grantor}; /* columns have no default privileges */
            Slice       old = column->acl.size == 0 ? acl_encode(ddl->arena, (AclItem[]){{0}}, 1) : column->acl;

            column->acl = change_acl(ddl, &none, old, grantee, grantor, bits, stmt->is_grant, stmt->grant_option);
        }
    }
}

static void grant_object(Ddl *ddl, const GrantStmt *stmt, const Desc *desc)
{
    Desc    *edited;
    Oid      grantor = desc->owner;
    uint32_t bits = wanted_bits(stmt, desc);

    if (!ddl_is_owner(ddl, desc->owner)) {
        int32_t  count;
        AclItem *items = acl_decode(ddl->arena, desc->acl, &count);
        uint32_t options = 0;

        for (int32_t i = 0; i < count; i++) {
            if (acl_is_member(ddl->session, ddl->arena, ddl->session->current_user, items[i].grantee))
                options |= items[i].grant_options;
        }
        if ((options & bits) == 0)
            raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for %s %s", kind_word(desc), desc->name);
        bits &= options;
        grantor = ddl->session->current_user;
    }
    edited = copy_desc(ddl, desc);
    LIST_FOREACH(RoleSpec, spec, stmt->grantees) {
        Oid grantee = ddl_role_oid(ddl, spec);

        if (stmt->is_grant && stmt->grant_option && grantee == 0)
            raise_error(SQLSTATE_INVALID_GRANT_OPERATION, "grant options can only be granted to roles");
        if (bits != 0)
            edited->acl = change_acl(ddl, desc, edited->acl, grantee, grantor, bits, stmt->is_grant, stmt->grant_option);
        if (desc->kind == DESC_RELATION)
            grant_columns(ddl, stmt, (RelationDesc *)edited, grantee, grantor);
    }
    write_desc(ddl, edited);
}

static const Desc *find_object(Ddl *ddl, const GrantStmt *stmt, Node *object)
{
    const Desc *desc = NULL;

    switch (stmt->objtype) {
    case OBJECT_TABLE:
    case OBJECT_SEQUENCE:
    case OBJECT_VIEW:
        desc = &ddl_relation(ddl, (const RangeVar *)object, false)->head;
        if (((const RelationDesc *)desc)->relkind == 'i')
            raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is an index", desc->name);
        return desc;
    case OBJECT_SCHEMA:
        return &ddl_schema(ddl, ((const String *)object)->sval, false)->head;
    case OBJECT_DATABASE:
        desc = store_desc_by_name(ddl->session, ddl->arena, DESC_DATABASE, 0, ((const String *)object)->sval);
        if (desc == NULL)
            raise_error(SQLSTATE_UNDEFINED_DATABASE, "database \"%s\" does not exist", ((const String *)object)->sval);
        return desc;
    default:
        return NULL; /* functions, languages, types and the like: everyone may use them here */
    }
}

static void grant_in_schema(Ddl *ddl, const GrantStmt *stmt, const char *schema)
{
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, ddl_schema(ddl, schema, false)->head.oid, &count);

    for (int i = 0; i < count; i++) {
        char relkind = ((const RelationDesc *)list[i])->relkind;
        bool wanted = stmt->objtype == OBJECT_SEQUENCE ? relkind == 'S' : relkind == 'r' || relkind == 'v' || relkind == 'm';

        if (wanted && (stmt->objtype == OBJECT_TABLE || stmt->objtype == OBJECT_SEQUENCE))
            grant_object(ddl, stmt, list[i]);
    }
}

const char *ddl_grant(Ddl *ddl, const GrantStmt *stmt)
{
    for (int32_t i = 0; i < list_count(stmt->objects); i++) {
        const Desc *desc;

        if (stmt->targtype == ACL_TARGET_ALL_IN_SCHEMA) {
            grant_in_schema(ddl, stmt, ((const String *)list_at(stmt->objects, i))->sval);
            continue;
        }
        desc = find_object(ddl, stmt, list_at(stmt->objects, i));
        if (desc != NULL)
            grant_object(ddl, stmt, desc);
    }
    return stmt->is_grant ? "GRANT" : "REVOKE";
}

/* ---- what a role owns --------------------------------------------------------------------------------------------------------- */

static const DescKind owned_kinds[] = {DESC_RELATION, DESC_TYPE, DESC_FUNCTION, DESC_SCHEMA};

static bool is_one_of(Ddl *ddl, const NodeList *roles, Oid owner)
{
    LIST_FOREACH(RoleSpec, spec, roles) {
        if (ddl_role_oid(ddl, spec) == owner)
            return true;
    }
    return false;
}

const char *ddl_reassign_owned(Ddl *ddl, const ReassignOwnedStmt *stmt)
{
    Oid owner = ddl_role_oid(ddl, stmt->newrole);

    for (size_t k = 0; k < ARRAY_LENGTH(owned_kinds); k++) {
        int                count;
        const Desc *const *list = store_desc_list(ddl->session, ddl->arena, owned_kinds[k], 0, &count);

        for (int i = 0; i < count; i++) {
            Desc *copy;

            if (!is_one_of(ddl, stmt->roles, list[i]->owner))
                continue;
            copy = copy_desc(ddl, list[i]);
            copy->owner = owner;
            write_desc(ddl, copy);
        }
    }
    return "REASSIGN OWNED";
}

const char *ddl_drop_owned(Ddl *ddl, const DropOwnedStmt *stmt)
{
    for (size_t k = 0; k < ARRAY_LENGTH(owned_kinds); k++) {
        int                count;
        const Desc *const *list = store_desc_list(ddl->session, ddl->arena, owned_kinds[k], 0, &count);
        DropTarget        *targets = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)count + 1, DropTarget);
        int32_t            doomed = 0;

        for (int i = 0; i < count; i++) {
            bool part = (owned_kinds[k] == DESC_RELATION && (((const RelationDesc *)list[i])->relkind == 'i')) ||
                        (owned_kinds[k] == DESC_TYPE && (((const TypeDesc *)list[i])->typtype == 'b' || ((const TypeDesc *)list[i])->relation != 0));

            if (!part && is_one_of(ddl, stmt->roles, list[i]->owner) && store_desc_by_oid(ddl->session, ddl->arena, owned_kinds[k], list[i]->oid) != NULL)
                targets[doomed++] = (DropTarget){owned_kinds[k], list[i]->oid, 0, 0, false};
        }
        if (doomed > 0)
            drop_objects(ddl, targets, doomed, stmt->behavior);
    }
    return "DROP OWNED";
}
