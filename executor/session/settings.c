/*
 * settings.c - values of the settings, their undo log.
 */
#include "executor/session/settings.h"

#include "base/version.h"
#include "executor/session/setting_value.h"

#include <stdlib.h>
#include <strings.h>

static const SettingFact facts[] = {
#define SETTING(name, type, default_value, unit, context, minimum, maximum, choices, category, reported) \
    {name, SETTING_##type, default_value, unit, context, minimum, maximum, choices, category, reported},
#include "executor/session/settings.def"
#undef SETTING
};

enum { FACT_COUNT = ARRAY_LENGTH(facts) };

/* Values from the command line and the configuration file, instead of a fact's default. Written before any session. */
static char *configured[FACT_COUNT];

/* One change to undo. value is what stood before, owned; NULL: the session's default. */
typedef struct Undo {
    int32_t index;
    bool    is_local;
    char   *value;
} Undo;

typedef struct CustomSetting {
    SettingFact fact;
    char       *name;
} CustomSetting;

struct Settings {
    char         **values;   /* by index: malloc'd, NULL: the session's default */
    char         **startup;  /* by index: what the client asked for at start-up, NULL: none. RESET returns to it */
    int32_t        count;    /* FACT_COUNT plus custom ones */
    CustomSetting *customs;
    Undo          *undo;
    int32_t        undo_count, undo_capacity;
};

static void *checked(void *memory)
{
    if (memory == NULL)
        raise_error(SQLSTATE_OUT_OF_MEMORY, "out of memory");
    return memory;
}

/* Facts are in order of lower-case name: found by bisection. -1: not there. */
static int find_fact(const char *name)
{
    int low = 0;
    int high = FACT_COUNT - 1;

    if (strcasecmp(name, "time zone") == 0)
        name = "TimeZone";
    while (low <= high) {
        int middle = (low + high) / 2;
        int order = strcasecmp(name, facts[middle].name);

        if (order == 0)
            return middle;
        if (order < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return -1;
}

static int find(const Settings *settings, const char *name)
{
    int index = find_fact(name);

    for (int i = FACT_COUNT; index < 0 && i < settings->count; i++)
        if (strcasecmp(settings->customs[i - FACT_COUNT].name, name) == 0)
            return i;
    return index;
}

static const SettingFact *fact_of(const Settings *settings, int index)
{
    return index < FACT_COUNT ? &facts[index] : &settings->customs[index - FACT_COUNT].fact;
}

static const char *default_of(const Settings *settings, int index)
{
    if (settings->startup[index] != NULL)
        return settings->startup[index];
    if (index < FACT_COUNT && configured[index] != NULL)
        return configured[index];
    return fact_of(settings, index)->default_value;
}

static const char *value_of(const Settings *settings, int index)
{
    return settings->values[index] != NULL ? settings->values[index] : default_of(settings, index);
}

static noreturn void raise_unknown(const char *name)
{
    raise_error(SQLSTATE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", name);
}

static bool is_custom_name(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot != NULL && dot != name && dot[1] != '\0';
}

static int add_custom(Settings *settings, const char *name)
{
    int32_t custom = settings->count - FACT_COUNT;
    size_t  count = (size_t)settings->count + 1;

    if (!is_custom_name(name))
        raise_unknown(name);
    settings->customs = checked(realloc(settings->customs, (size_t)(custom + 1) * sizeof *settings->customs));
    settings->values = checked(realloc(settings->values, count * sizeof *settings->values));
    settings->startup = checked(realloc(settings->startup, count * sizeof *settings->startup));
    settings->customs[custom].name = checked(strdup(name));
    settings->customs[custom].fact = (SettingFact){
        .name = settings->customs[custom].name, .type = SETTING_STRING, .default_value = "", .unit = "", .context = "user",
        .minimum = "", .maximum = "", .choices = "", .category = "Customized Options"};
    settings->values[count - 1] = NULL;
    settings->startup[count - 1] = NULL;
    return settings->count++;
}

void settings_configure(const char *name, const char *value)
{
    int index = find_fact(name);

    if (index < 0)
        raise_unknown(name);
    if (strcmp(facts[index].context, "internal") == 0)
        raise_error(SQLSTATE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed", facts[index].name);
    free(configured[index]);
    configured[index] = setting_value_check(&facts[index], value);
}

Settings *settings_open(Session *session)
{
    Settings *settings = checked(calloc(1, sizeof *settings));

    settings->count = FACT_COUNT;
    settings->values = calloc(FACT_COUNT, sizeof *settings->values);
    settings->startup = calloc(FACT_COUNT, sizeof *settings->startup);
    if (settings->values == NULL || settings->startup == NULL) {
        settings_close(settings);
        checked(NULL);
    }
    session->settings = settings;
    for (int i = 0; i < FACT_COUNT; i++)
        setting_apply(session, facts[i].name, value_of(settings, i));
    return settings;
}

void settings_close(Settings *settings)
{
    if (settings == NULL)
        return;
    for (int32_t i = 0; i < settings->undo_count; i++)
        free(settings->undo[i].value);
    for (int32_t i = 0; i < settings->count; i++) {
        if (settings->values != NULL)
            free(settings->values[i]);
        if (settings->startup != NULL)
            free(settings->startup[i]);
        if (i >= FACT_COUNT)
            free(settings->customs[i - FACT_COUNT].name);
    }
    free(settings->values);
    free(settings->startup);
    free(settings->customs);
    free(settings->undo);
    free(settings);
}

static void check_may_change(const Session *session, const SettingFact *fact, SettingSource source)
{
    Error *err;

    if (source == SETTING_FROM_CONFIGURATION)
        return;
    if (strcmp(fact->context, "internal") == 0)
        raise_error(SQLSTATE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed", fact->name);
    if (strcmp(fact->context, "postmaster") == 0)
        raise_error(SQLSTATE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed without restarting the server",
                    fact->name);
    if (strcmp(fact->context, "sighup") == 0)
        raise_error(SQLSTATE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be changed now", fact->name);
    if (strcmp(fact->context, "superuser") == 0 && !session->is_superuser)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied to set parameter \"%s\"", fact->name);
    if (strcmp(fact->context, "backend") == 0 && source != SETTING_FROM_STARTUP) {
        err = error_new(SQLSTATE_CANT_CHANGE_RUNTIME_PARAM, "parameter \"%s\" cannot be set after connection start", fact->name);
        error_raise(err);
    }
}

static void report(Session *session, int index)
{
    const SettingFact *fact = fact_of(session->settings, index);

    if (fact->reported && session->report_setting != NULL)
        session->report_setting(session->report_setting_arg, fact->name, value_of(session->settings, index));
}

/* Puts a value (owned; NULL: the default) in place and tells everyone concerned. */
static void replace(Session *session, int index, char *value)
{
    Settings *settings = session->settings;

    settings->values[index] = value;
    setting_apply(session, fact_of(settings, index)->name, value_of(settings, index));
    report(session, index);
}

static void remember(Settings *settings, int index, bool is_local)
{
    if (settings->undo_count == settings->undo_capacity) {
        int32_t capacity = MAX(16, settings->undo_capacity * 2);

        settings->undo = checked(realloc(settings->undo, (size_t)capacity * sizeof *settings->undo));
        settings->undo_capacity = capacity;
    }
    settings->undo[settings->undo_count++] = (Undo){index, is_local, settings->values[index]};
    settings->values[index] = NULL;
}

void settings_set(Session *session, const char *name, const char *value, bool is_local, SettingSource source)
{
    Settings *settings = session->settings;
    int       index = find(settings, name);
    char     *checked_value = NULL;

    if (index < 0)
        index = add_custom(settings, name);
    check_may_change(session, fact_of(settings, index), source);
    if (value != NULL)
        checked_value = setting_value_check(fact_of(settings, index), value);
    if (source == SETTING_FROM_STARTUP) {
        free(settings->startup[index]);
        settings->startup[index] = checked_value;
        setting_apply(session, fact_of(settings, index)->name, value_of(settings, index));
        return;
    }
    setting_prepare(session, fact_of(settings, index)->name, checked_value != NULL ? checked_value : default_of(settings, index));
    remember(settings, index, is_local);
    replace(session, index, checked_value);
}

void settings_reset_all(Session *session)
{
    for (int i = 0; i < session->settings->count; i++) {
        const SettingFact *fact = fact_of(session->settings, i);

        if (session->settings->values[i] == NULL || strcmp(fact->context, "internal") == 0 || setting_survives_reset(fact->name))
            continue;
        remember(session->settings, i, false);
        replace(session, i, NULL);
    }
}

void settings_force(Session *session, const char *name, const char *value)
{
    int   index = find(session->settings, name);
    char *copy = checked(strdup(value));

    ASSERT(index >= 0);
    free(session->settings->values[index]);
    session->settings->values[index] = copy;
    report(session, index);
}

const char *settings_show(Session *session, Arena *arena, const char *name)
{
    int index = find(session->settings, name);

    if (index < 0)
        return NULL;
    return setting_value_show(arena, fact_of(session->settings, index), value_of(session->settings, index));
}

const char *settings_canonical_name(Session *session, const char *name)
{
    int index = find(session->settings, name);

    return index < 0 ? NULL : fact_of(session->settings, index)->name;
}

const char *session_setting(Session *session, const char *name)
{
    int index = find(session->settings, name);

    return index < 0 ? NULL : value_of(session->settings, index);
}

int64_t settings_integer(Session *session, const char *name)
{
    return strtoll(session_setting(session, name), NULL, 10);
}

bool settings_bool(Session *session, const char *name)
{
    return strcmp(session_setting(session, name), "on") == 0;
}

int64_t session_work_mem_bytes(Session *session)
{
    return settings_integer(session, "work_mem") << 10;
}

int32_t session_lock_timeout_ms(Session *session)
{
    return (int32_t)settings_integer(session, "lock_timeout");
}

int32_t settings_mark(const Settings *settings)
{
    return settings->undo_count;
}

void settings_rollback_to(Session *session, int32_t mark)
{
    Settings *settings = session->settings;

    while (settings->undo_count > mark) {
        Undo *undo = &settings->undo[--settings->undo_count];

        free(settings->values[undo->index]);
        replace(session, undo->index, undo->value);
    }
}

/*
 * At a commit SET stays and SET LOCAL goes: the value then is the last one that SET gave, or the one from before
 * the transaction. Undo entries hold what stood before their change, so the newest change of a setting decides.
 */
void settings_end_transaction(Session *session, bool committed)
{
    Settings *settings = session->settings;

    if (!committed) {
        settings_rollback_to(session, 0);
        return;
    }
    while (settings->undo_count > 0) {
        Undo undo = settings->undo[--settings->undo_count];

        if (undo.is_local) {
            free(settings->values[undo.index]);
            replace(session, undo.index, undo.value);
            continue;
        }
        free(undo.value);
        /* the SET that made the present value stays: what came before it has no say any more */
        for (int32_t i = 0; i < settings->undo_count;) {
            if (settings->undo[i].index != undo.index) {
                i++;
                continue;
            }
            free(settings->undo[i].value);
            memmove(&settings->undo[i], &settings->undo[i + 1], (size_t)(settings->undo_count - i - 1) * sizeof(Undo));
            settings->undo_count--;
        }
    }
}

void settings_report_all(Session *session)
{
    for (int i = 0; i < FACT_COUNT; i++)
        report(session, i);
}

const SettingFact *settings_fact(Session *session, int index)
{
    return index < session->settings->count ? fact_of(session->settings, index) : NULL;
}

const char *settings_raw(Session *session, int index)
{
    return value_of(session->settings, index);
}

const char *settings_raw_reset(Session *session, int index)
{
    return default_of(session->settings, index);
}
