/*
 * setting_value.h - one setting's value: checking its text, showing it, making it take effect.
 *
 * Raises      setting_value_check() and setting_prepare(): 22023 and what the setting's own rules say.
 */
#ifndef EXECUTOR_SESSION_SETTING_VALUE_H
#define EXECUTOR_SESSION_SETTING_VALUE_H

#include "executor/session/settings.h"

/* Checks a text and returns its canonical form in the setting's unit ("4096" for 4MB, "on" for yes), malloc'd. */
char *setting_value_check(const SettingFact *fact, const char *value);

/* The form that SHOW prints. */
const char *setting_value_show(Arena *arena, const SettingFact *fact, const char *value);

/* Runs before a value is put in place: what must be refused in this session's present state. */
void setting_prepare(Session *session, const char *name, const char *value);

/* Makes a value take effect in the session's parsed state (ctx, search path). Must not raise. */
void setting_apply(Session *session, const char *name, const char *value);

/* RESET ALL leaves these alone: role, session_authorization, transaction_isolation and kin. */
bool setting_survives_reset(const char *name);

/* DateStyle's two parts from a text like "ISO, MDY"; missing parts are left as they are. False: not understood. */
bool setting_parse_date_style(const char *text, DateStyle *style, DateOrder *order);

#endif
