/*
 * object_names.h - names of objects to oids and back: what regclass and its kin read and show, what *_is_visible() answer.
 *
 * Ownership   texts live in the arena given.
 * Raises      by the type, as PostgreSQL does: 42P01, 42704, 42883, 42725, 3F000, 42602.
 */
#ifndef EXECUTOR_CATALOG_OBJECT_NAMES_H
#define EXECUTOR_CATALOG_OBJECT_NAMES_H

#include "executor/session.h"

/* Sets reg_hooks (types/regtype.h). Once, before the first session. */
void object_names_init(void);

/* a.b."C d" taken apart and folded to lower case: 1 .. 3 parts, count of them. Raises 42602. */
int object_name_split(Arena *arena, Slice text, const char *parts[3]);

/* The object that a name of this reg* type means; 0 when there is none and missing_ok. */
Oid object_by_name(Session *session, Arena *arena, Oid reg_type, Slice text, bool missing_ok);

/* Its name as the reg* type shows it, NULL when there is no such object. */
const char *object_name(Session *session, Arena *arena, Oid reg_type, Oid object);

/* Whether the search path finds an object of this schema, the path's first object of its name being it. NULL-like: see exists. */
bool relation_is_visible(Session *session, Arena *arena, Oid relation, bool *exists);
bool type_is_visible(Session *session, Arena *arena, Oid type, bool *exists);

/* Built-in collations: name of an oid, oid of a name; NULL and 0 when there is none. */
const char *collation_name(Oid collation);
Oid         collation_by_name(const char *name);

/* "unknown (OID=n)" for a role that is gone. */
const char *role_name(Session *session, Arena *arena, Oid role);

/* Name of a schema, NULL when it is gone. */
const char *schema_name(Session *session, Arena *arena, Oid schema);

/* What SQL calls an operator class's oid of a type and method is not kept: the name of a type of any kind, unqualified. */
const char *type_plain_name(Session *session, Arena *arena, Oid type);

#endif
