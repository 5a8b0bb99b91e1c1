/*
 * variable.c - see variable.h.
 */
#include "executor/session/variable.h"

#include "executor/session/settings.h"
#include "executor/session/state.h"
#include "executor/session/transaction.h"

#include <stdio.h>
#include <strings.h>

/* Settings whose value is a list of names: SET a, "B c" becomes a, "B c". */
static bool is_name_list(const char *name)
{
    static const char *const lists[] = {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries",
                                        "shared_preload_libraries", "DateStyle"};

    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
        if (strcasecmp(name, lists[i]) == 0)
            return true;
    return false;
}

static bool needs_quotes(const char *word)
{
    if (!((word[0] >= 'a' && word[0] <= 'z') || word[0] == '_'))
        return true;
    for (const char *at = word; *at != '\0'; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_' || *at == '$'))
            return true;
    return false;
}

static void append_word(StrBuf *out, const char *word, bool as_name)
{
    if (!as_name || !needs_quotes(word)) {
        strbuf_append_cstring(out, word);
        return;
    }
    strbuf_append_char(out, '"');
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '"')
            strbuf_append_char(out, '"');
        strbuf_append_char(out, *at);
    }
    strbuf_append_char(out, '"');
}

/* INTERVAL '-08:00' HOUR TO MINUTE as the POSIX name of the zone: <-08>+08. */
static const char *interval_zone(Arena *arena, const char *text)
{
    bool  west = text[0] == '-';
    int   hours = 0;
    int   minutes = 0;

    if (sscanf(text + (text[0] == '-' || text[0] == '+'), "%d:%d", &hours, &minutes) < 1 || hours > 15 || minutes > 59)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid value for parameter \"%s\": \"%s\"", "TimeZone", text);
    if (minutes != 0)
        return arena_printf(arena, "<%c%02d:%02d>%c%02d:%02d", west ? '-' : '+', hours, minutes, west ? '+' : '-', hours, minutes);
    return arena_printf(arena, "<%c%02d>%c%02d", west ? '-' : '+', hours, west ? '+' : '-', hours);
}

const char *variable_text(Arena *arena, const char *name, const NodeList *args)
{
    StrBuf text;
    bool   as_names = is_name_list(name) && strcasecmp(name, "DateStyle") != 0;

    strbuf_init(&text, arena);
    if (list_count(args) > 1 && !is_name_list(name))
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "SET %s takes only one argument", name);
    for (int32_t i = 0; i < list_count(args); i++) {
        const Node    *arg = args->items[i];
        const A_Const *value = (const A_Const *)(arg->tag == NODE_TYPE_CAST ? ((const TypeCast *)arg)->arg : arg);

        if (i > 0)
            strbuf_append_cstring(&text, ", ");
        if (arg->tag == NODE_TYPE_CAST)
            strbuf_append_cstring(&text, interval_zone(arena, value->sval));
        else if (value->kind == CONST_INTEGER)
            strbuf_printf(&text, "%d", (int)value->ival);
        else if (value->kind == CONST_BOOLEAN)
            strbuf_append_cstring(&text, value->bval ? "on" : "off");
        else
            append_word(&text, value->sval, as_names);
    }
    return strbuf_cstring(&text);
}

static void set_multi(Session *session, const VariableSetStmt *stmt)
{
    if (strcasecmp(stmt->name, "TRANSACTION") == 0) {
        if (!session_in_block(session))
            session_notice(session, NOTICE_WARNING, SQLSTATE_NO_ACTIVE_SQL_TRANSACTION,
                           "SET TRANSACTION can only be used in transaction blocks");
        session_apply_transaction_modes(session, stmt->args);
        return;
    }
    if (strcasecmp(stmt->name, "SESSION CHARACTERISTICS") != 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "SET TRANSACTION SNAPSHOT is not supported");
    for (int32_t i = 0; i < list_count(stmt->args); i++) {
        const DefElem *option = (const DefElem *)stmt->args->items[i];
        const A_Const *value = (const A_Const *)option->arg;
        char           name[64] = "default_";

        strncat(name, option->defname, sizeof name - strlen(name) - 1);
        settings_set(session, name, value->kind == CONST_STRING ? value->sval : value->ival != 0 ? "on" : "off", false,
                     SETTING_FROM_CLIENT);
    }
}

const char *variable_set(Session *session, Arena *arena, const VariableSetStmt *stmt)
{
    if (stmt->is_local && !session_in_block(session))
        session_notice(session, NOTICE_WARNING, SQLSTATE_NO_ACTIVE_SQL_TRANSACTION,
                       "SET LOCAL can only be used in transaction blocks");
    switch (stmt->kind) {
    case VAR_SET_VALUE:
        settings_set(session, stmt->name, variable_text(arena, stmt->name, stmt->args), stmt->is_local, SETTING_FROM_CLIENT);
        return "SET";
    case VAR_SET_DEFAULT:
        settings_set(session, stmt->name, NULL, stmt->is_local, SETTING_FROM_CLIENT);
        return "SET";
    case VAR_SET_CURRENT:
        return "SET";
    case VAR_SET_MULTI:
        set_multi(session, stmt);
        return "SET";
    case VAR_RESET_ALL:
        settings_reset_all(session);
        return "RESET";
    case VAR_RESET:
    default:
        settings_set(session, stmt->name, NULL, false, SETTING_FROM_CLIENT);
        return "RESET";
    }
}
