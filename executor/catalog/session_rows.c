/*
 * session_rows.c - pg_settings, pg_stat_activity, pg_prepared_statements, pg_cursors: what sessions are and have.
 */
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/producers.h"
#include "executor/session/backends.h"
#include "executor/session/portal.h"
#include "executor/session/settings.h"
#include "types/array.h"

#include <stdlib.h>

/* ---- pg_settings ---------------------------------------------------------------------------------------------------------------- */

/* "a,b,c" as text[]. */
static void set_choices(CatalogRows *rows, const char *choices)
{
    if (*choices == ',')
        choices++;
    catalog_set_options(rows, 12, choices);
}

static void setting_row(const CatalogScan *scan, CatalogRows *rows, const SettingFact *fact, int index)
{
    static const char *const types[] = {"bool", "integer", "real", "string", "enum"};
    const char *value = settings_raw(scan->session, index), *reset = settings_raw_reset(scan->session, index);
    bool        changed = value != NULL && strcmp(value, fact->default_value) != 0;

    catalog_row(rows);
    catalog_set_text(rows, 1, fact->name);
    catalog_set_text(rows, 2, value);
    catalog_set_text(rows, 3, *fact->unit != '\0' ? fact->unit : NULL);
    catalog_set_text(rows, 4, fact->category);
    catalog_set_text(rows, 5, "");
    catalog_set_text(rows, 7, fact->context);
    catalog_set_text(rows, 8, types[fact->type]);
    catalog_set_text(rows, 9, !changed ? "default" : reset != NULL && strcmp(value, reset) == 0 ? "configuration file" : "session");
    catalog_set_text(rows, 10, *fact->minimum != '\0' ? fact->minimum : NULL);
    catalog_set_text(rows, 11, *fact->maximum != '\0' ? fact->maximum : NULL);
    if (fact->type == SETTING_ENUM)
        set_choices(rows, fact->choices);
    catalog_set_text(rows, 13, fact->default_value);
    catalog_set_text(rows, 14, reset);
    catalog_set_bool(rows, 17, false);
}

static void produce_settings(const CatalogScan *scan, CatalogRows *rows)
{
    const SettingFact *fact;

    for (int i = 0; (fact = settings_fact(scan->session, i)) != NULL; i++)
        setting_row(scan, rows, fact, i);
}

/* ---- pg_stat_activity ------------------------------------------------------------------------------------------------------------ */

static void set_time(CatalogRows *rows, int attribute, int64_t time)
{
    if (time != 0)
        catalog_set_int(rows, attribute, time);
}

/* What other users do is shown to superusers only. */
static void activity_row(const CatalogScan *scan, CatalogRows *rows, const Backend *backend)
{
    static const char *const states[] = {[BACKEND_IDLE] = "idle", [BACKEND_ACTIVE] = "active", [BACKEND_IDLE_IN_TRANSACTION] = "idle in transaction",
                                         [BACKEND_IDLE_IN_FAILED] = "idle in transaction (aborted)", [BACKEND_STARTING] = NULL};
    bool allowed = scan->session->is_superuser || backend->user == scan->session->current_user;

    catalog_row(rows);
    if (backend->database != 0) {
        catalog_set_oid(rows, 1, backend->database);
        catalog_set_text(rows, 2, backend->database_name);
    }
    catalog_set_int(rows, 3, backend->id);
    if (backend->user != 0) {
        catalog_set_oid(rows, 5, backend->user);
        catalog_set_text(rows, 6, backend->user_name);
    }
    catalog_set_text(rows, 7, backend->application_name);
    if (!allowed) {
        catalog_set_text(rows, 21, "<insufficient privilege>");
        return;
    }
    catalog_set_text(rows, 8, backend->client_address[0] != '\0' ? backend->client_address : NULL);
    catalog_set_int(rows, 10, backend->client_port);
    set_time(rows, 11, backend->started_at);
    set_time(rows, 12, backend->transaction_start);
    set_time(rows, 13, backend->query_start);
    set_time(rows, 14, backend->state_change);
    if (backend->state == BACKEND_IDLE || backend->state == BACKEND_IDLE_IN_TRANSACTION || backend->state == BACKEND_IDLE_IN_FAILED) {
        catalog_set_text(rows, 15, "Client");
        catalog_set_text(rows, 16, "ClientRead");
    }
    catalog_set_text(rows, 17, states[backend->state]);
    catalog_set_text(rows, 21, backend->query);
    catalog_set_text(rows, 22, "client backend");
}

/* Entries are copied to the scan's arena first: their malloc'd list must be freed before anything can raise. */
static void produce_activity(const CatalogScan *scan, CatalogRows *rows)
{
    int      count = 0;
    Backend *list = backend_list(&count);
    Backend *copy = list != NULL ? arena_try_alloc(scan->arena, (size_t)count * sizeof *copy + 1) : NULL;

    if (copy != NULL)
        memcpy(copy, list, (size_t)count * sizeof *copy);
    free(list);
    if (copy == NULL && count > 0)
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    for (int i = 0; i < count; i++)
        activity_row(scan, rows, &copy[i]);
}

/* ---- pg_prepared_statements, pg_cursors -------------------------------------------------------------------------------------------- */

static void produce_prepared(const CatalogScan *scan, CatalogRows *rows)
{
    for (const PreparedStatement *statement = scan->session->prepared; statement != NULL; statement = statement->next) {
        Datum *types;

        if (*statement->name == '\0')
            continue;
        types = ARENA_ARRAY(scan->arena, (size_t)statement->params.count + 1, Datum);
        for (int32_t i = 0; i < statement->params.count; i++)
            types[i] = (Datum){.oid = statement->params.types[i]};
        catalog_row(rows);
        catalog_set_text(rows, 1, statement->name);
        catalog_set_text(rows, 2, statement->text);
        catalog_set_int(rows, 3, statement->prepared_at);
        catalog_set_datum(rows, 4, (Datum){.bytes = array_build_list(scan->arena, TYPE_REGTYPE, PHYS_INT32, types, NULL, statement->params.count)});
        catalog_set_bool(rows, 5, statement->from_sql);
        catalog_set_int(rows, 6, 0);
        catalog_set_int(rows, 7, 0);
    }
}

static void produce_cursors(const CatalogScan *scan, CatalogRows *rows)
{
    for (const Portal *portal = scan->session->portals; portal != NULL; portal = portal->next) {
        if (!portal->is_cursor)
            continue;
        catalog_row(rows);
        catalog_set_text(rows, 1, portal->name);
        catalog_set_text(rows, 2, portal->text);
        catalog_set_bool(rows, 3, portal->hold);
        catalog_set_bool(rows, 4, portal->binary);
        catalog_set_bool(rows, 5, portal->scroll);
        catalog_set_int(rows, 6, portal->opened_at);
    }
}

const CatalogProducer session_producers[] = {
    {"pg_catalog", "pg_settings", produce_settings},
    {"pg_catalog", "pg_stat_activity", produce_activity},
    {"pg_catalog", "pg_prepared_statements", produce_prepared},
    {"pg_catalog", "pg_cursors", produce_cursors},
    {0},
};
