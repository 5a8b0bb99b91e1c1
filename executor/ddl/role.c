/*
 * role.c - CREATE, ALTER, DROP ROLE, membership, ALTER ROLE and DATABASE ... SET.
 */
#include "executor/ddl/ddl_context.h"

#include "executor/ddl/acl.h"
#include "executor/ddl/scram.h"
#include "types/type.h"

static RoleDesc *copy_role(Ddl *ddl, const RoleDesc *role)
{
    RoleDesc *copy = ARENA_NEW(ddl->arena, RoleDesc);

    ddl_copy(copy, role, sizeof *copy);
    atomic_store(&copy->head.references_, 0);
    return copy;
}

static void check_may_create(Ddl *ddl)
{
    const Desc *me = store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, ddl->session->current_user);

    if (!ddl->session->is_superuser && (me == NULL || !((const RoleDesc *)me)->create_role))
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied to create role");
}

static void refuse_reserved(const char *name)
{
    if (strncmp(name, "pg_", 3) == 0) {
        Error *err = error_new(SQLSTATE_RESERVED_NAME, "role name \"%s\" is reserved", name);

        error_detail(err, "Role names starting with \"pg_\" are reserved.");
        error_raise(err);
    }
    if (strcmp(name, "public") == 0 || strcmp(name, "none") == 0)
        raise_error(SQLSTATE_RESERVED_NAME, "role name \"%s\" is reserved", name);
}

static int64_t read_time(Ddl *ddl, const char *text)
{
    TypeContext ctx = ddl->session->ctx;
    Datum       value;

    ctx.arena = ddl->arena;
    type_by_oid(TYPE_TIMESTAMPTZ)->input(type_by_oid(TYPE_TIMESTAMPTZ), slice_from_cstring(text), -1, &ctx, &value);
    return value.int64;
}

static void set_password(Ddl *ddl, RoleDesc *role, const DefElem *option)
{
    const char *text = option->arg == NULL ? NULL : ((const String *)option->arg)->sval;

    if (text == NULL) {
        role->password = NULL;
        return;
    }
    if (text[0] == '\0') {
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "empty string is not a valid password, clearing password");
        role->password = NULL;
        return;
    }
    role->password = scram_is_verifier(text) ? arena_strdup(ddl->arena, text) : scram_verifier(ddl->arena, text);
}

static bool superuser_option(const char *name)
{
    return strcmp(name, "superuser") == 0 || strcmp(name, "isreplication") == 0 || strcmp(name, "bypassrls") == 0;
}

/* The attributes; lists of roles are left to the caller. */
static void apply_attributes(Ddl *ddl, RoleDesc *role, const NodeList *options)
{
    LIST_FOREACH(DefElem, option, options) {
        const char *name = option->defname;

        if (superuser_option(name) && !ddl->session->is_superuser)
            raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be superuser to %s",
                        strcmp(name, "superuser") == 0       ? "alter superuser roles or change superuser attribute"
                        : strcmp(name, "isreplication") == 0 ? "alter replication roles or change replication attribute"
                                                             : "change bypassrls attribute");
        if (strcmp(name, "password") == 0)
            set_password(ddl, role, option);
        else if (strcmp(name, "superuser") == 0)
            role->superuser = ddl_option_bool(option);
        else if (strcmp(name, "inherit") == 0)
            role->inherit = ddl_option_bool(option);
        else if (strcmp(name, "createrole") == 0)
            role->create_role = ddl_option_bool(option);
        else if (strcmp(name, "createdb") == 0)
            role->create_db = ddl_option_bool(option);
        else if (strcmp(name, "canlogin") == 0)
            role->can_login = ddl_option_bool(option);
        else if (strcmp(name, "isreplication") == 0)
            role->replication = ddl_option_bool(option);
        else if (strcmp(name, "bypassrls") == 0)
            role->bypass_rls = ddl_option_bool(option);
        else if (strcmp(name, "connectionlimit") == 0) {
            role->connection_limit = (int32_t)ddl_option_int(option);
            if (role->connection_limit < -1)
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid connection limit: %d", role->connection_limit);
        } else if (strcmp(name, "validUntil") == 0)
            role->valid_until = read_time(ddl, ((const String *)option->arg)->sval);
        else if (strcmp(name, "sysid") == 0)
            ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "SYSID can no longer be specified");
    }
}

/* Makes member belong to role (or no more). Returns false when nothing changed. */
static bool set_member(Ddl *ddl, Oid role, Oid member, bool belongs, bool admin, bool keep_membership)
{
    const RoleDesc *old = (const RoleDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, member);
    RoleDesc       *edited = copy_role(ddl, old);
    Oid            *roles = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)old->member_of_count + 1, Oid);
    bool           *admins = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)old->member_of_count + 1, bool);
    int32_t         count = 0;
    bool            had = false;
    bool            had_admin = false;

    if (belongs && acl_is_member(ddl->session, ddl->arena, role, member) && !((const RoleDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, role))->superuser)
        raise_error(SQLSTATE_INVALID_GRANT_OPERATION, "role \"%s\" is a member of role \"%s\"", ddl_role_name(ddl, role), ddl_role_name(ddl, member));
    for (int32_t i = 0; i < old->member_of_count; i++) {
        if (old->member_of[i] == role) {
            had = true;
            had_admin = old->admin_option[i];
            continue;
        }
        roles[count] = old->member_of[i];
        admins[count++] = old->admin_option[i];
    }
    if (belongs ? had && (had_admin || !admin) : !had)
        return false;
    if (belongs || keep_membership) {
        roles[count] = role;
        admins[count++] = belongs && (admin || had_admin);
    }
    edited->member_of = roles;
    edited->admin_option = admins;
    edited->member_of_count = count;
    store_desc_put(ddl->session, &edited->head);
    return true;
}

const char *ddl_create_role(Ddl *ddl, const CreateRoleStmt *stmt)
{
    RoleDesc role = {.head = {.kind = DESC_ROLE, .name = stmt->role}, .inherit = true, .connection_limit = -1, .valid_until = INT64_MAX};

    check_may_create(ddl);
    refuse_reserved(stmt->role);
    role.can_login = stmt->stmt_type == ROLESTMT_USER;
    if (ddl_role(ddl, stmt->role, true) != NULL)
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "role \"%s\" already exists", stmt->role);
    apply_attributes(ddl, &role, stmt->options);
    role.head.oid = store_new_oid(ddl->session);
    role.head.owner = ddl->session->current_user;
    store_desc_put(ddl->session, &role.head);
    LIST_FOREACH(DefElem, option, stmt->options) {
        bool into = strcmp(option->defname, "addroleto") == 0;
        bool admin = strcmp(option->defname, "adminmembers") == 0;

        if (!into && !admin && strcmp(option->defname, "rolemembers") != 0)
            continue;
        LIST_FOREACH(RoleSpec, other, (const NodeList *)option->arg) {
            if (into)
                set_member(ddl, ddl_role_oid(ddl, other), role.head.oid, true, false, false);
            else
                set_member(ddl, role.head.oid, ddl_role_oid(ddl, other), true, admin, false);
        }
    }
    return "CREATE ROLE";
}

const char *ddl_alter_role(Ddl *ddl, const AlterRoleStmt *stmt)
{
    Oid             oid = ddl_role_oid(ddl, stmt->role);
    const RoleDesc *old = (const RoleDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, oid);
    RoleDesc       *role = copy_role(ddl, old);
    bool            only_password = list_count(stmt->options) == 1 && strcmp(((DefElem *)list_first(stmt->options))->defname, "password") == 0;

    if (!ddl->session->is_superuser) {
        const RoleDesc *me = (const RoleDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, ddl->session->current_user);

        if (old->superuser)
            raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be superuser to alter superuser roles or change superuser attribute");
        if (!me->create_role && !(only_password && oid == ddl->session->current_user))
            raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied");
    }
    LIST_FOREACH(DefElem, option, stmt->options) {
        if (strcmp(option->defname, "rolemembers") != 0)
            continue;
        LIST_FOREACH(RoleSpec, member, (const NodeList *)option->arg) {
            set_member(ddl, oid, ddl_role_oid(ddl, member), stmt->action > 0, false, false);
        }
        return "ALTER ROLE";
    }
    apply_attributes(ddl, role, stmt->options);
    store_desc_put(ddl->session, &role->head);
    return "ALTER ROLE";
}

/* What still belongs to a role, or NULL. */
static const char *dependents_of_role(Ddl *ddl, Oid role)
{
    static const DescKind kinds[] = {DESC_DATABASE, DESC_SCHEMA, DESC_RELATION, DESC_TYPE, DESC_FUNCTION};
    static const char *const names[] = {"database", "schema", "table", "type", "function"};
    StrBuf                   text;

    strbuf_init(&text, ddl->arena);
    for (size_t k = 0; k < ARRAY_LENGTH(kinds); k++) {
        int                count;
        const Desc *const *list = store_desc_list(ddl->session, ddl->arena, kinds[k], 0, &count);

        for (int i = 0; i < count; i++) {
            const char *kind = names[k];
            int32_t     items;
            AclItem    *acl;
            bool        granted = false;

            if (kinds[k] == DESC_RELATION) {
                if (((const RelationDesc *)list[i])->relkind == 'i')
                    continue;
                kind = ddl_relkind_name(((const RelationDesc *)list[i])->relkind);
            }
            if (kinds[k] == DESC_TYPE && (((const TypeDesc *)list[i])->typtype == 'c' || ((const TypeDesc *)list[i])->typtype == 'b'))
                continue;
            acl = acl_decode(ddl->arena, list[i]->acl, &items);
            for (int32_t a = 0; a < items; a++)
                granted |= acl[a].grantee == role;
            if (list[i]->owner == role)
                strbuf_printf(&text, "%sowner of %s %s", text.size > 0 ? "\n" : "", kind, list[i]->name);
            else if (granted)
                strbuf_printf(&text, "%sprivileges for %s %s", text.size > 0 ? "\n" : "", kind, list[i]->name);
        }
    }
    return text.size == 0 ? NULL : strbuf_cstring(&text);
}

const char *ddl_drop_role(Ddl *ddl, const DropRoleStmt *stmt)
{
    check_may_create(ddl);
    LIST_FOREACH(RoleSpec, spec, stmt->roles) {
        const RoleDesc    *role;
        const char        *dependents;
        const Desc *const *all;
        int                count;

        if (spec->roletype != ROLESPEC_CSTRING)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "cannot use special role specifier in DROP ROLE");
        role = ddl_role(ddl, spec->rolename, true);
        if (role == NULL) {
            if (!stmt->missing_ok)
                raise_error(SQLSTATE_UNDEFINED_OBJECT, "role \"%s\" does not exist", spec->rolename);
            ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "role \"%s\" does not exist, skipping", spec->rolename);
            continue;
        }
        if (role->head.oid == ddl->session->current_user)
            raise_error(SQLSTATE_OBJECT_IN_USE, "current user cannot be dropped");
        if (role->head.oid == ddl->session->session_user)
            raise_error(SQLSTATE_OBJECT_IN_USE, "session user cannot be dropped");
        dependents = role->head.oid == OID_ROLE_NEXADB ? "it is required by the database system" : dependents_of_role(ddl, role->head.oid);
        if (dependents != NULL) {
            Error *err = error_new(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "role \"%s\" cannot be dropped because some objects depend on it", spec->rolename);

            error_detail(err, "%s", dependents);
            error_raise(err);
        }
        all = store_desc_list(ddl->session, ddl->arena, DESC_ROLE, 0, &count);
        for (int i = 0; i < count; i++)
            set_member(ddl, role->head.oid, all[i]->oid, false, false, false);
        store_desc_delete(ddl->session, &role->head);
    }
    return "DROP ROLE";
}

const char *ddl_grant_role(Ddl *ddl, const GrantRoleStmt *stmt)
{
    LIST_FOREACH(AccessPriv, granted, stmt->granted_roles) {
        const RoleDesc *role = ddl_role(ddl, granted->priv_name, false);

        if (!ddl->session->is_superuser) {
            const RoleDesc *me = (const RoleDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_ROLE, ddl->session->current_user);
            bool            admin = me->create_role && !role->superuser;

            for (int32_t i = 0; i < me->member_of_count; i++)
                admin |= me->member_of[i] == role->head.oid && me->admin_option[i];
            if (!admin)
                raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must have admin option on role \"%s\"", role->head.name);
        }
        LIST_FOREACH(RoleSpec, spec, stmt->grantee_roles) {
            Oid member = ddl_role_oid(ddl, spec);

            if (set_member(ddl, role->head.oid, member, stmt->is_grant, stmt->admin_opt, !stmt->is_grant && stmt->admin_opt))
                continue;
            if (stmt->is_grant)
                ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "role \"%s\" is already a member of role \"%s\"", ddl_role_name(ddl, member), role->head.name);
            else
                session_notice(ddl->session, NOTICE_WARNING, SQLSTATE_WARNING, "role \"%s\" is not a member of role \"%s\"", ddl_role_name(ddl, member), role->head.name);
        }
    }
    return stmt->is_grant ? "GRANT ROLE" : "REVOKE ROLE";
}

/* ---- ALTER ROLE | DATABASE ... SET ------------------------------------------------------------------------------------------- */

/* SET's arguments as one text: a list is joined by ", ". */
static const char *text_of_args(Ddl *ddl, const NodeList *args)
{
    StrBuf text;

    strbuf_init(&text, ddl->arena);
    LIST_FOREACH(Node, arg, args) {
        const A_Const *constant = (const A_Const *)(arg->tag == NODE_TYPE_CAST ? ((TypeCast *)arg)->arg : arg);

        if (arg_index > 0)
            strbuf_append_cstring(&text, ", ");
        if (constant->kind == CONST_INTEGER)
            strbuf_printf(&text, "%d", constant->ival);
        else
            strbuf_append_cstring(&text, constant->sval != NULL ? constant->sval : "");
    }
    return strbuf_cstring(&text);
}

const char *ddl_alter_setting(Ddl *ddl, const char *database, const RoleSpec *role, bool has_role, const VariableSetStmt *set)
{
    const Desc *db = database == NULL ? NULL : store_desc_by_name(ddl->session, ddl->arena, DESC_DATABASE, 0, database);
    Oid         role_oid = role == NULL ? 0 : ddl_role_oid(ddl, role);
    SettingDesc desc = {.head = {.kind = DESC_SETTING, .owner = OID_ROLE_NEXADB}};
    const char *name;
    const Desc *old;
    StrBuf      lines;

    if (database != NULL && db == NULL)
        raise_error(SQLSTATE_UNDEFINED_DATABASE, "database \"%s\" does not exist", database);
    desc.for_database = db == NULL ? 0 : db->oid;
    desc.for_role = role_oid;
    name = arena_printf(ddl->arena, "%u.%u", desc.for_database, desc.for_role);
    old = store_desc_by_name(ddl->session, ddl->arena, DESC_SETTING, 0, name);
    desc.head.name = name;
    desc.head.oid = old != NULL ? old->oid : store_new_oid(ddl->session);
    strbuf_init(&lines, ddl->arena);
    if (old != NULL && set->kind != VAR_RESET_ALL) { /* all lines but the one for this setting */
        const char *at = ((const SettingDesc *)old)->values;

        while (at != NULL && *at != '\0') {
            const char *end = strchr(at, '\n');
            size_t      size = end != NULL ? (size_t)(end - at) : strlen(at);

            if (!(strncmp(at, set->name, strlen(set->name)) == 0 && at[strlen(set->name)] == '='))
                strbuf_printf(&lines, "%.*s\n", (int)size, at);
            at = end != NULL ? end + 1 : NULL;
        }
    }
    if (set->kind == VAR_SET_VALUE)
        strbuf_printf(&lines, "%s=%s\n", set->name, text_of_args(ddl, set->args));
    else if (set->kind == VAR_SET_CURRENT)
        strbuf_printf(&lines, "%s=%s\n", set->name, session_setting(ddl->session, set->name));
    desc.values = strbuf_cstring(&lines);
    if (lines.size > 0)
        store_desc_put(ddl->session, &desc.head);
    else if (old != NULL)
        store_desc_delete(ddl->session, old);
    return has_role ? "ALTER ROLE" : "ALTER DATABASE";
}
