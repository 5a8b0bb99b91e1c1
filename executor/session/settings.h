/*
 * settings.h - run-time settings of a session: what SET, SHOW and RESET work on.
 *
 * Names, types, bounds and contexts stand in settings.def. A value set inside a transaction that rolls back returns to what it was;
 * SET LOCAL ends with the transaction. Names with a dot that are not known are accepted, as PostgreSQL does.
 *
 * Ownership   settings_open() makes them for a session; settings_close() frees them.
 * Threads     those of the session.
 * Raises      42704 unknown name, 22023 bad value, 55P02 cannot be changed now, 42501 needs a superuser.
 */
#ifndef EXECUTOR_SESSION_SETTINGS_H
#define EXECUTOR_SESSION_SETTINGS_H

#include "executor/session.h"

typedef enum SettingType { SETTING_BOOL, SETTING_INTEGER, SETTING_REAL, SETTING_STRING, SETTING_ENUM } SettingType;

typedef struct SettingFact {
    const char *name;
    SettingType type;
    const char *default_value;
    const char *unit;     /* "", "kB", "8kB", "MB", "B", "ms", "s", "min" */
    const char *context;  /* internal, postmaster, sighup, superuser-backend, backend, superuser, user */
    const char *minimum, *maximum;
    const char *choices;  /* enum: separated by commas */
    const char *category;
    bool        reported; /* ParameterStatus */
} SettingFact;

/* Who sets a value, which decides whether it may. */
typedef enum SettingSource { SETTING_FROM_CLIENT, SETTING_FROM_STARTUP, SETTING_FROM_CONFIGURATION } SettingSource;

/* Process-wide values from the command line and the configuration file; sessions start from them. Raises. Before any session. */
void settings_configure(const char *name, const char *value);

Settings *settings_open(Session *session);
void      settings_close(Settings *settings);

/* value NULL: the session's default (RESET). is_local: until the end of the transaction. */
void settings_set(Session *session, const char *name, const char *value, bool is_local, SettingSource source);
void settings_reset_all(Session *session);

/* Sets what must follow from something else (session_authorization, transaction_isolation), past all checks and undo. */
void settings_force(Session *session, const char *name, const char *value);

/* What SHOW prints: with units, "4MB". NULL: unknown. The text lives in arena or longer. */
const char *settings_show(Session *session, Arena *arena, const char *name);
/* The canonical spelling of a setting's name ("TimeZone"), or NULL. */
const char *settings_canonical_name(Session *session, const char *name);

/* Numbers in the setting's own unit, already parsed. The setting must exist. */
int64_t settings_integer(Session *session, const char *name);
bool    settings_bool(Session *session, const char *name);

/* Undo: a mark per savepoint, the end of the transaction. */
int32_t settings_mark(const Settings *settings);
void    settings_rollback_to(Session *session, int32_t mark);
void    settings_end_transaction(Session *session, bool committed);

/* Tells the client all reported settings: at start-up. */
void settings_report_all(Session *session);

/* For pg_settings and SHOW ALL: facts by index from 0; NULL beyond the last. */
const SettingFact *settings_fact(Session *session, int index);
/* The value in the setting's own unit, as pg_settings.setting; reset_value likewise. */
const char *settings_raw(Session *session, int index);
const char *settings_raw_reset(Session *session, int index);

#endif
