/*
 * role_rows.c - pg_authid, pg_roles, pg_user, pg_shadow, pg_auth_members, pg_description.
 */
#include "executor/catalog/producers.h"
#include "executor/store/store.h"

static const char HIDDEN[] = "********";

typedef void (*RoleVisit)(CatalogRows *rows, const RoleDesc *role);

static void each_role(const CatalogScan *scan, CatalogRows *rows, RoleVisit visit)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, scan->arena, DESC_ROLE, 0, &count);

    for (int i = 0; i < count; i++)
        visit(rows, (const RoleDesc *)list[i]);
}

static void set_until(CatalogRows *rows, int attribute, const RoleDesc *role)
{
    if (role->valid_until != INT64_MAX)
        catalog_set_int(rows, attribute, role->valid_until);
}

static void authid_row(CatalogRows *rows, const RoleDesc *role)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, role->head.oid);
    catalog_set_text(rows, 2, role->head.name);
    catalog_set_bool(rows, 3, role->superuser);
    catalog_set_bool(rows, 4, role->inherit);
    catalog_set_bool(rows, 5, role->create_role);
    catalog_set_bool(rows, 6, role->create_db);
    catalog_set_bool(rows, 7, role->can_login);
    catalog_set_bool(rows, 8, role->replication);
    catalog_set_bool(rows, 9, role->bypass_rls);
    catalog_set_int(rows, 10, role->connection_limit);
    catalog_set_text(rows, 11, role->password);
    set_until(rows, 12, role);
}

/* Verifiers are for superusers' eyes. */
static void produce_authids(const CatalogScan *scan, CatalogRows *rows)
{
    if (!scan->session->is_superuser)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for table pg_authid");
    each_role(scan, rows, authid_row);
}

static void role_row(CatalogRows *rows, const RoleDesc *role)
{
    catalog_row(rows);
    catalog_set_text(rows, 1, role->head.name);
    catalog_set_bool(rows, 2, role->superuser);
    catalog_set_bool(rows, 3, role->inherit);
    catalog_set_bool(rows, 4, role->create_role);
    catalog_set_bool(rows, 5, role->create_db);
    catalog_set_bool(rows, 6, role->can_login);
    catalog_set_bool(rows, 7, role->replication);
    catalog_set_int(rows, 8, role->connection_limit);
    catalog_set_text(rows, 9, HIDDEN);
    set_until(rows, 10, role);
    catalog_set_bool(rows, 11, role->bypass_rls);
    catalog_set_oid(rows, 13, role->head.oid);
}

static void produce_roles(const CatalogScan *scan, CatalogRows *rows)
{
    each_role(scan, rows, role_row);
}

static void shadow_row(CatalogRows *rows, const RoleDesc *role)
{
    if (!role->can_login)
        return;
    catalog_row(rows);
    catalog_set_text(rows, 1, role->head.name);
    catalog_set_oid(rows, 2, role->head.oid);
    catalog_set_bool(rows, 3, role->create_db);
    catalog_set_bool(rows, 4, role->superuser);
    catalog_set_bool(rows, 5, role->replication);
    catalog_set_bool(rows, 6, role->bypass_rls);
    catalog_set_text(rows, 7, role->password);
    set_until(rows, 8, role);
}

static void user_row(CatalogRows *rows, const RoleDesc *role)
{
    if (!role->can_login)
        return;
    shadow_row(rows, role);
    catalog_set_text(rows, 7, HIDDEN);
}

static void produce_users(const CatalogScan *scan, CatalogRows *rows)
{
    each_role(scan, rows, user_row);
}

static void produce_shadows(const CatalogScan *scan, CatalogRows *rows)
{
    if (!scan->session->is_superuser)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for view pg_shadow");
    each_role(scan, rows, shadow_row);
}

static void member_rows(CatalogRows *rows, const RoleDesc *role)
{
    for (int32_t i = 0; i < role->member_of_count; i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, role->member_of[i]);
        catalog_set_oid(rows, 2, role->head.oid);
        catalog_set_oid(rows, 3, OID_ROLE_NEXADB);
        catalog_set_bool(rows, 4, role->admin_option[i]);
    }
}

static void produce_members(const CatalogScan *scan, CatalogRows *rows)
{
    each_role(scan, rows, member_rows);
}

/* ---- comments ------------------------------------------------------------------------------------------------------------------ */

static Oid class_of(DescKind kind)
{
    switch (kind) {
    case DESC_RELATION:
        return 1259;
    case DESC_TYPE:
        return 1247;
    case DESC_SCHEMA:
        return 2615;
    case DESC_FUNCTION:
        return 1255;
    case DESC_EXTENSION:
        return 3079;
    case DESC_DATABASE:
        return 1262;
    case DESC_ROLE:
        return 1260;
    default:
        return 2606;
    }
}

static void comment_rows(const CatalogScan *scan, CatalogRows *rows, bool shared)
{
    const Datum       *object = catalog_lookup_value(scan, 1);
    int                count;
    const Desc *const *list = store_desc_list(scan->session, scan->arena, DESC_COMMENT, object != NULL ? object->oid : 0, &count);

    for (int i = 0; i < count; i++) {
        const CommentDesc *comment = (const CommentDesc *)list[i];

        if ((comment->object_kind == DESC_DATABASE || comment->object_kind == DESC_ROLE) != shared)
            continue;
        catalog_row(rows);
        catalog_set_oid(rows, 1, comment->head.parent);
        catalog_set_oid(rows, 2, class_of(comment->object_kind));
        if (!shared)
            catalog_set_int(rows, 3, comment->sub);
        catalog_set_text(rows, shared ? 3 : 4, comment->text);
    }
}

static void produce_descriptions(const CatalogScan *scan, CatalogRows *rows)
{
    comment_rows(scan, rows, false);
}

static void produce_shared_descriptions(const CatalogScan *scan, CatalogRows *rows)
{
    comment_rows(scan, rows, true);
}

const CatalogProducer role_producers[] = {
    {"pg_catalog", "pg_authid", produce_authids},
    {"pg_catalog", "pg_roles", produce_roles},
    {"pg_catalog", "pg_user", produce_users},
    {"pg_catalog", "pg_shadow", produce_shadows},
    {"pg_catalog", "pg_auth_members", produce_members},
    {"pg_catalog", "pg_description", produce_descriptions},
    {"pg_catalog", "pg_shdescription", produce_shared_descriptions},
    {0},
};
