/*
 * session.c - see session.h.
 */
#include "executor/session/session.h"

#include "executor/ddl/temp_schema.h"
#include "executor/session/portal.h"
#include "executor/session/prepared.h"
#include "executor/session/settings.h"
#include "executor/session/state.h"
#include "executor/session/transaction.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- opening --------------------------------------------------------------------------------------------------------------- */

typedef struct OpenCall {
    Store                *store;
    const SessionOptions *options;
    Session              *session;
} OpenCall;

const RoleDesc *session_find_role(Store *store, Arena *arena, const char *name)
{
    Session lookup = {.store = store, .catalog = store->catalog, .engine = store->engine};

    return (const RoleDesc *)store_desc_by_name(&lookup, arena, DESC_ROLE, 0, name);
}

static void find_user(Session *session, const char *name)
{
    const RoleDesc *role = session_find_role(session->store, session->arena, name);
    Error          *err;

    if (role == NULL) {
        err = error_new(SQLSTATE_INVALID_AUTHORIZATION_SPECIFICATION, "role \"%s\" does not exist", name);
        error_fatal(err);
        error_raise(err);
    }
    if (!role->can_login) {
        err = error_new(SQLSTATE_INVALID_AUTHORIZATION_SPECIFICATION, "role \"%s\" is not permitted to log in", name);
        error_fatal(err);
        error_raise(err);
    }
    session->session_user = session->current_user = role->head.oid;
    session->login_user_name = session->session_user_name = session->current_user_name = arena_strdup(session->arena, name);
    session->is_superuser = role->superuser;
}

static void find_database(Session *session, const char *name)
{
    const DatabaseDesc *database = (const DatabaseDesc *)store_desc_by_name(session, session->arena, DESC_DATABASE, 0, name);
    Error              *err;

    if (database == NULL) {
        err = error_new(SQLSTATE_UNDEFINED_DATABASE, "database \"%s\" does not exist", name);
        error_fatal(err);
        error_raise(err);
    }
    if (!database->allow_connections) {
        err = error_new(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "database \"%s\" is not currently accepting connections", name);
        error_fatal(err);
        error_raise(err);
    }
    session->database = database->head.oid;
    session->database_name = arena_strdup(session->arena, name);
}

static void open_body(void *arg)
{
    OpenCall             *call = arg;
    const SessionOptions *options = call->options;
    Session              *session = call->session;

    session->arena = arena_new(NULL, &session->account, "session");
    session->txn_arena = arena_new(session->arena, NULL, "transaction");
    session->internal = ARENA_NEW(session->arena, SessionState);
    find_user(session, options->user);
    find_database(session, options->database != NULL ? options->database : options->user);
    session->ctx.session = session;
    settings_open(session);
    settings_force(session, "session_authorization", session->session_user_name);
    settings_force(session, "is_superuser", session->is_superuser ? "on" : "off");
    for (int32_t i = 0; i < options->setting_count; i++)
        settings_set(session, options->setting_names[i], options->setting_values[i], false, SETTING_FROM_STARTUP);
}

Session *session_open(Store *store, const SessionOptions *options)
{
    Session *session = calloc(1, sizeof *session);
    OpenCall call = {store, options, session};
    Error   *err;

    if (session == NULL)
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    session->store = store;
    session->catalog = store->catalog;
    session->engine = store->engine;
    session->backend_id = options->backend_id;
    session->cancel_key = options->cancel_key;
    account_init(&session->account, &server_account, "session", 0);
    err = error_catch(open_body, &call);
    if (err != NULL) {
        settings_close(session->settings);
        arena_free(session->arena);
        free(session);
        error_raise(err);
    }
    return session;
}

static void drop_temporary(void *arg)
{
    Session *session = arg;

    session_start_statement(session);
    temp_drop_all(session, session->txn_arena);
    session_finish(session);
}

void session_close(Session *session)
{
    portal_close_all(session);
    session_rollback(session);
    /* a store that takes no more writes keeps them until the next backend of this number needs its schema */
    if (session->temp != NULL && error_catch(drop_temporary, session) != NULL)
        session_rollback(session);
    prepared_drop_all(session);
    settings_close(session->settings);
    arena_free(session->arena);
    free(session);
}

void session_trim(Session *session)
{
    if (session->txn == NULL)
        arena_reset(session->txn_arena);
}

/* ---- notices ---------------------------------------------------------------------------------------------------------------- */

/* client_min_messages in the order of its levels; a notice goes out at its level or above. */
static bool wants_notice(Session *session, NoticeSeverity severity)
{
    static const struct {
        const char    *name;
        NoticeSeverity lowest;
    } levels[] = {{"log", NOTICE_LOG}, {"notice", NOTICE_NOTICE}, {"warning", NOTICE_WARNING}};
    const char *setting = session_setting(session, "client_min_messages");

    if (severity == NOTICE_INFO)
        return true;
    if (strcmp(setting, "error") == 0)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(levels); i++)
        if (strcmp(setting, levels[i].name) == 0)
            return severity >= levels[i].lowest;
    return true;
}

void session_notice(Session *session, NoticeSeverity severity, Sqlstate sqlstate, const char *format, ...)
{
    Error   notice = {.sqlstate = sqlstate, .position = -1};
    va_list args;
    StrBuf  text;

    if (session->send_notice == NULL || !wants_notice(session, severity))
        return;
    strbuf_init(&text, session->txn_arena);
    va_start(args, format);
    strbuf_vprintf(&text, format, args);
    va_end(args);
    notice.message = strbuf_cstring(&text);
    session->send_notice(session->send_notice_arg, severity, &notice);
}

/* ---- the search path ----------------------------------------------------------------------------------------------------------- */

/* Takes the next name off a list like: "$user", public, "My Schema". False at the end. */
static bool next_path_name(const char **at, StrBuf *name)
{
    const char *p = *at;

    strbuf_clear(name);
    while (*p == ' ' || *p == ',' || *p == '\t' || *p == '\n')
        p++;
    if (*p == '\0')
        return false;
    if (*p == '"') {
        for (p++; *p != '\0' && !(p[0] == '"' && p[1] != '"'); p++) {
            if (p[0] == '"')
                p++;
            strbuf_append_char(name, *p);
        }
        p += *p == '"';
    } else {
        for (; *p != '\0' && *p != ',' && *p != ' '; p++)
            strbuf_append_char(name, *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p);
    }
    *at = p;
    return true;
}

static void add_schema(Session *session, Oid schema)
{
    for (int32_t i = 0; i < session->search_path_count; i++)
        if (session->search_path[i] == schema)
            return;
    session->search_path[session->search_path_count++] = schema;
}

/* The oids of the schemas that exist, in order; pg_catalog comes first unless the path names it. */
const Oid *session_search_path(Session *session, int32_t *count_out)
{
    const char *setting = session_setting(session, "search_path");
    const char *at = setting;
    bool        names_catalog = false;
    Arena      *scratch;
    StrBuf      name;
    size_t      capacity = 3;

    if (session->search_path_valid && session->search_path_version == catalog_version(session->catalog)) {
        *count_out = session->search_path_count;
        return session->search_path;
    }
    for (const char *comma = setting; *comma != '\0'; comma++)
        capacity += *comma == ',';
    if (session->search_path_capacity < capacity) {
        session->search_path = ARENA_ARRAY(session->arena, capacity * 2, Oid);
        session->search_path_capacity = capacity * 2;
    }
    scratch = arena_new(session->arena, NULL, "search path");
    strbuf_init(&name, scratch);
    session->search_path_count = 0;
    if (session->temp_schema != 0)
        add_schema(session, session->temp_schema);
    while (next_path_name(&at, &name))
        names_catalog |= strcmp(strbuf_cstring(&name), "pg_catalog") == 0;
    if (!names_catalog)
        add_schema(session, OID_SCHEMA_PG_CATALOG);
    at = setting;
    while (next_path_name(&at, &name)) {
        const char *schema_name = strcmp(strbuf_cstring(&name), "$user") == 0 ? session->current_user_name : strbuf_cstring(&name);
        const Desc *schema = store_desc_by_name(session, scratch, DESC_SCHEMA, 0, schema_name);

        if (schema != NULL)
            add_schema(session, schema->oid);
    }
    arena_free(scratch);
    session->search_path_valid = true;
    session->search_path_version = catalog_version(session->catalog);
    *count_out = session->search_path_count;
    return session->search_path;
}

/* ---- roles -------------------------------------------------------------------------------------------------------------------- */

static const RoleDesc *get_role(Session *session, Arena *arena, const char *name)
{
    const RoleDesc *role = (const RoleDesc *)store_desc_by_name(session, arena, DESC_ROLE, 0, name);

    if (role == NULL)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "role \"%s\" does not exist", name);
    return role;
}

static bool is_member(Session *session, Arena *arena, Oid member, Oid of, int depth)
{
    const RoleDesc *role;

    if (member == of)
        return true;
    role = depth > 64 ? NULL : (const RoleDesc *)store_desc_by_oid(session, arena, DESC_ROLE, member);
    for (int32_t i = 0; role != NULL && i < role->member_of_count; i++)
        if (is_member(session, arena, role->member_of[i], of, depth + 1))
            return true;
    return false;
}

static void become(Session *session, const RoleDesc *role)
{
    session->current_user = role->head.oid;
    session->current_user_name = arena_strdup(session->arena, role->head.name);
    session->is_superuser = role->superuser;
    session->search_path_valid = false;
}

void session_set_role(Session *session, const char *name)
{
    Arena          *scratch = arena_new(session->txn_arena, NULL, "role");
    bool            none = strcmp(name, "none") == 0;
    const RoleDesc *role = get_role(session, scratch, none ? session->session_user_name : name);
    const RoleDesc *self = get_role(session, scratch, session->session_user_name);

    if (!self->superuser && !is_member(session, scratch, self->head.oid, role->head.oid, 0))
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied to set role \"%s\"", name);
    become(session, role);
    settings_force(session, "is_superuser", role->superuser ? "on" : "off");
    arena_free(scratch);
}

void session_set_authorization(Session *session, const char *name)
{
    Arena          *scratch = arena_new(session->txn_arena, NULL, "role");
    const RoleDesc *role = get_role(session, scratch, name);
    const RoleDesc *login = get_role(session, scratch, session->login_user_name);

    if (!login->superuser && strcmp(name, session->login_user_name) != 0)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied to set session authorization");
    session->session_user = role->head.oid;
    session->session_user_name = arena_strdup(session->arena, name);
    become(session, role);
    settings_force(session, "is_superuser", role->superuser ? "on" : "off");
    arena_free(scratch);
}

/* ---- deferred checks ------------------------------------------------------------------------------------------------------------- */

void session_run_deferred_checks(Session *session)
{
    SessionState *state = session->internal;

    for (DeferredCheck *check = state->deferred_checks; check != NULL; check = check->next)
        check->run(session, check->arg);
    state->deferred_checks = NULL;
}
