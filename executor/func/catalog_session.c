/*
 * catalog_session.c - functions over the session and the server: who, where, settings, transactions, backends, pg_sleep.
 */
#include "base/version.h"
#include "executor/catalog/object_names.h"
#include "executor/func/session_call.h"
#include "executor/session/backends.h"
#include "executor/session/settings.h"
#include "executor/session/transaction.h"
#include "executor/store/store.h"
#include "parser/keyword.h"
#include "types/array.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* ---- who and where ---------------------------------------------------------------------------------------------------------- */

static void current_database(KernelCall *call, int32_t row)
{
    return_text(call, row, call->session->database_name);
}
ROW_KERNEL(current_database)

static void current_user(KernelCall *call, int32_t row)
{
    return_text(call, row, call->session->current_user_name);
}
ROW_KERNEL(current_user)

static void session_user(KernelCall *call, int32_t row)
{
    return_text(call, row, call->session->session_user_name);
}
ROW_KERNEL(session_user)

/* Whether pg_catalog (and the temporary schema) stand in the path without being named: they come before all. */
static bool is_implicit(const Session *session, Oid schema, int32_t at, int32_t count)
{
    const char *path = session_setting((Session *)session, "search_path");

    if (schema == session->temp_schema && schema != 0)
        return path == NULL || strstr(path, "pg_temp") == NULL;
    return schema == OID_SCHEMA_PG_CATALOG && at <= 1 && at < count && (path == NULL || strstr(path, "pg_catalog") == NULL);
}

static void current_schema(KernelCall *call, int32_t row)
{
    int32_t    count;
    const Oid *path = session_search_path(call->session, &count);

    for (int32_t i = 0; i < count; i++) {
        if (!is_implicit(call->session, path[i], i, count)) {
            return_text(call, row, schema_name(call->session, call->ctx->arena, path[i]));
            return;
        }
    }
    kernel_set_null(call, row);
}
ROW_KERNEL(current_schema)

static void current_schemas(KernelCall *call, int32_t row)
{
    Arena     *arena = call->ctx->arena;
    int32_t    count, kept = 0;
    const Oid *path = session_search_path(call->session, &count);
    Datum     *names = ARENA_ARRAY(arena, (size_t)count + 1, Datum);

    for (int32_t i = 0; i < count; i++) {
        const char *name = schema_name(call->session, arena, path[i]);

        if (name != NULL && (arg_bool(call, 0, row) || !is_implicit(call->session, path[i], i, count)))
            names[kept++].bytes = slice_from_cstring(name);
    }
    VECTOR_DATA(call->result, Slice)[row] = array_build_list(arena, TYPE_NAME, PHYS_BYTES, names, NULL, kept);
}
ROW_KERNEL(current_schemas)

static void backend_pid(KernelCall *call, int32_t row)
{
    return_int4(call, row, call->session->backend_id);
}
ROW_KERNEL(backend_pid)

static void version(KernelCall *call, int32_t row)
{
    return_text(call, row, "PostgreSQL " SERVER_VERSION " on x86_64-pc-linux-gnu, compiled by gcc " __VERSION__ ", 64-bit");
}
ROW_KERNEL(version)

static void always_false(KernelCall *call, int32_t row)
{
    return_bool(call, row, false);
}
ROW_KERNEL(always_false)

static void always_null(KernelCall *call, int32_t row)
{
    kernel_set_null(call, row);
}
ROW_KERNEL(always_null)

static void my_temp_schema(KernelCall *call, int32_t row)
{
    return_oid(call, row, call->session->temp_schema);
}
ROW_KERNEL(my_temp_schema)

static void trigger_depth(KernelCall *call, int32_t row)
{
    return_int4(call, row, 0);
}
ROW_KERNEL(trigger_depth)

static void no_bytes(KernelCall *call, int32_t row)
{
    return_text(call, row, "");
}
ROW_KERNEL(no_bytes)

/* ---- the server's start -------------------------------------------------------------------------------------------------------- */

static int64_t server_start; /* microseconds since 2000-01-01, set before main() and constant */

__attribute__((constructor)) static void note_start(void)
{
    server_start = session_clock();
}

static void postmaster_start(KernelCall *call, int32_t row)
{
    return_int8(call, row, server_start);
}
ROW_KERNEL(postmaster_start)

/* ---- settings -------------------------------------------------------------------------------------------------------------------- */

static void current_setting(KernelCall *call, int32_t row)
{
    const char *name = arg_text(call, 0, row);
    const char *value = settings_show(call->session, call->ctx->arena, name);

    if (value == NULL && (call->arg_count < 2 || !arg_bool(call, 1, row)))
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", name);
    return_text(call, row, value);
}
ROW_KERNEL(current_setting)

/* Not strict: a NULL value is the default, a NULL is_local false. */
static void set_config(KernelCall *call, int32_t row)
{
    const char *name;

    if (arg_is_null(call, 0, row))
        raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
    name = arg_text(call, 0, row);
    settings_set(call->session, name, arg_is_null(call, 1, row) ? NULL : arg_text(call, 1, row),
                 !arg_is_null(call, 2, row) && arg_bool(call, 2, row), SETTING_FROM_CLIENT);
    return_text(call, row, settings_show(call->session, call->ctx->arena, name));
}
ROW_KERNEL(set_config)

/* ---- transactions ---------------------------------------------------------------------------------------------------------------- */

static void current_xid(KernelCall *call, int32_t row)
{
    Fault    fault;
    uint64_t xid = 0;

    store_check(transaction_xid(store_transaction(call->session), &xid, &fault), &fault);
    return_int8(call, row, (int64_t)xid);
}
ROW_KERNEL(current_xid)

static void current_xid_if_assigned(KernelCall *call, int32_t row)
{
    if (call->session->txn != NULL && transaction_has_xid(call->session->txn))
        current_xid(call, row);
    else
        kernel_set_null(call, row);
}
ROW_KERNEL(current_xid_if_assigned)

/* ---- pg_sleep ---------------------------------------------------------------------------------------------------------------------- */

/* In steps of at most 10 ms, so that a cancel request is seen soon. */
static void sleep_until(int64_t end)
{
    for (int64_t left; (left = end - session_clock()) > 0;) {
        int64_t         step = MIN(left, 10000);
        struct timespec pause = {.tv_nsec = (long)step * 1000};

        check_cancel();
        nanosleep(&pause, NULL);
    }
    check_cancel();
}

static void pg_sleep(KernelCall *call, int32_t row)
{
    double seconds = VECTOR_DATA(call->args[0], double)[row];

    if (seconds > 0)
        sleep_until(session_clock() + (int64_t)(fmin(seconds, 1e11) * 1e6));
    return_void(call, row);
}
ROW_KERNEL(pg_sleep)

static void pg_sleep_for(KernelCall *call, int32_t row)
{
    Interval interval = VECTOR_DATA(call->args[0], Interval)[row];

    sleep_until(session_clock() + interval.microseconds + ((int64_t)interval.days + (int64_t)interval.months * 30) * 86400000000);
    return_void(call, row);
}
ROW_KERNEL(pg_sleep_for)

static void pg_sleep_until(KernelCall *call, int32_t row)
{
    sleep_until(arg_int8(call, 0, row));
    return_void(call, row);
}
ROW_KERNEL(pg_sleep_until)

/* ---- backends ---------------------------------------------------------------------------------------------------------------------- */

/* Whose backend it is: its own user's or a superuser's to signal. */
static bool signal_backend(KernelCall *call, int32_t id, CancelReason reason, const char *what)
{
    int      count = 0;
    Backend *list = backend_list(&count);
    Oid      user = 0;
    bool     found = false;

    for (int i = 0; i < count; i++) {
        if (list[i].id == id) {
            user = list[i].user;
            found = true;
        }
    }
    free(list);
    if (!found) {
        session_notice(call->session, NOTICE_WARNING, SQLSTATE_WARNING, "PID %d is not a PostgreSQL server process", id);
        return false;
    }
    if (!call->session->is_superuser && user != call->session->current_user)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "must be a member of the role whose %s or member of pg_signal_backend", what);
    return backend_signal(id, reason);
}

static void cancel_backend(KernelCall *call, int32_t row)
{
    return_bool(call, row, signal_backend(call, arg_int4(call, 0, row), CANCEL_USER_REQUEST, "query is being canceled"));
}
ROW_KERNEL(cancel_backend)

static void terminate_backend(KernelCall *call, int32_t row)
{
    return_bool(call, row, signal_backend(call, arg_int4(call, 0, row), CANCEL_TERMINATE, "process is being terminated"));
}
ROW_KERNEL(terminate_backend)

const KernelEntry catalog_session_kernels[] = {
    {.proc = 861, .run = current_database_run},
    {.proc = 745, .run = current_user_run},
    {.proc = 746, .run = session_user_run},
    {.proc = 1402, .run = current_schema_run},
    {.proc = 1403, .run = current_schemas_run},
    {.proc = 2026, .run = backend_pid_run},
    {.proc = 89, .run = version_run},
    {.proc = 3810, .run = always_false_run},  /* pg_is_in_recovery */
    {.proc = 315, .run = always_false_run},   /* pg_jit_available */
    {.proc = 2855, .run = always_false_run},  /* pg_is_other_temp_schema */
    {.proc = 6121, .run = always_false_run},  /* pg_relation_is_publishable */
    {.proc = 2197, .run = always_null_run},
    {.proc = 2199, .run = always_null_run},
    {.proc = 3424, .run = always_null_run},   /* pg_partition_root */
    {.proc = 2854, .run = my_temp_schema_run},
    {.proc = 3163, .run = trigger_depth_run},
    {.proc = 3778, .run = no_bytes_run},      /* pg_tablespace_location: all in the data directory */
    {.proc = 2560, .run = postmaster_start_run},
    {.proc = 2034, .run = postmaster_start_run}, /* pg_conf_load_time */
    {.proc = 2077, .run = current_setting_run},
    {.proc = 3294, .run = current_setting_run},
    {.proc = 2078, .run = set_config_run},
    {.proc = 2943, .run = current_xid_run},   /* txid_current */
    {.proc = 5059, .run = current_xid_run},
    {.proc = 3348, .run = current_xid_if_assigned_run},
    {.proc = 5060, .run = current_xid_if_assigned_run},
    {.proc = 2626, .run = pg_sleep_run},
    {.proc = 3935, .run = pg_sleep_for_run},
    {.proc = 3936, .run = pg_sleep_until_run},
    {.proc = 2171, .run = cancel_backend_run},
    {.proc = 2096, .run = terminate_backend_run},
    {0},
};

/* ---- pg_get_keywords ---------------------------------------------------------------------------------------------------------------- */

static void keywords_start(SetCall *call)
{
    call->state = ARENA_NEW(call->arena, int);
    *(int *)call->state = 0;
}

static int32_t keywords_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    static const char *const letters[] = {"U", "C", "T", "R"};
    static const char *const meanings[] = {"unreserved", "unreserved (cannot be function or type name)", "reserved (can be function or type name)", "reserved"};
    int    *next = call->state;
    int32_t count = 0;

    (void)batch_arena;
    for (; count < max_rows && *next < keyword_count; count++, (*next)++) {
        const Keyword *keyword = &keywords[*next];

        if (output_count < 5)
            continue;
        VECTOR_DATA(outputs[0], Slice)[count] = slice_from_cstring(keyword->word);
        VECTOR_DATA(outputs[1], Slice)[count] = slice_from_cstring(letters[keyword->category]);
        VECTOR_DATA(outputs[2], uint8_t)[count] = keyword->bare_label;
        VECTOR_DATA(outputs[3], Slice)[count] = slice_from_cstring(meanings[keyword->category]);
        VECTOR_DATA(outputs[4], Slice)[count] = slice_from_cstring(keyword->bare_label ? "can be bare label" : "requires AS");
    }
    return count;
}

/* There are no partitioned tables: no ancestors, no tree. */
static void no_partitions_start(SetCall *call)
{
    call->state = NULL;
}

static int32_t no_partitions_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    (void)call, (void)batch_arena, (void)outputs, (void)output_count, (void)max_rows;
    return 0;
}

const SetEntry catalog_session_sets[] = {
    {.proc = 3425, .start = no_partitions_start, .next = no_partitions_next}, /* pg_partition_ancestors */
    {.proc = 3423, .start = no_partitions_start, .next = no_partitions_next}, /* pg_partition_tree */
    {.proc = 1686, .start = keywords_start, .next = keywords_next},
    {0},
};
